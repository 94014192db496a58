/*
 * table_file.c
 *		CSV files of pupils, contacts, calendars and characteristics: their columns are found by name,
 *		and their rows copied as text into a temporary table.
 */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

/* Every column of the set once, and those by which pupils are found. */
void
collect_columns(TableLoad *load)
{
	load->names[load->count++] = "upn";
	load->names[load->count++] = "pupil_id";
	for (int t = 0; load->set->tables[t] != NULL; t++)
	{
		for (const TableColumn *column = load->set->tables[t]->columns; column->name; column++)
		{
			bool found = false;

			for (int i = 0; i < load->count; i++)
				found |= strcmp(load->names[i], column->name) == 0;
			if (!found && load->count < MAX_COLUMNS)
				load->names[load->count++] = column->name;
		}
	}
}

static int
find_name(const TableLoad *load, const char *name)
{
	for (int i = 0; i < load->count; i++)
	{
		if (strcmp(load->names[i], name) == 0)
			return i;
	}
	return -1;
}

/* The staged column of a column of the file, or -1. */
static int
find_column(const TableLoad *load, Text name)
{
	char normal[64], own[64];
	const char *alias;

	normal_name(name, normal, sizeof(normal));
	for (int i = 0; i < load->count; i++)
	{
		normal_name(text_of(load->names[i]), own, sizeof(own));
		if (strcmp(normal, own) == 0)
			return i;
	}
	alias = column_alias(normal);
	return alias == NULL ? -1 : find_name(load, alias);
}

/* ---------- files ---------- */

static void
need_column(const TableFile *file, const char *name, const char *other)
{
	int column = find_name(file->load, name);
	int second = other == NULL ? -1 : find_name(file->load, other);

	if (file->place[column] < 0 && (second < 0 || file->place[second] < 0))
		fail(EXIT_DATA, "%s, line 1: no column %s%s%s", input_name(file->input), name,
			 other == NULL ? "" : " or ", other == NULL ? "" : other);
}

/* Without them the register would refuse every row. */
static void
check_required(const TableFile *file)
{
	const Table *const *tables = file->load->set->tables;

	need_column(file, tables[0]->needed, tables[1] == NULL ? NULL : tables[1]->needed);
	for (int t = 0; tables[t] != NULL; t++)
	{
		const Table *table = tables[t];

		if (file->place[find_name(file->load, table->needed)] < 0)
			continue;
		if (table->of_pupils)
			need_column(file, "upn", "pupil_id");
		for (const TableColumn *column = table->columns; column->name != NULL; column++)
		{
			if (has_word(table->required, column->name))
				need_column(file, column->name, NULL);
		}
	}
}

static void
map_header(TableFile *file)
{
	int known = 0;

	do
	{
		if (!read_record(&file->csv))
			fail(EXIT_DATA, "%s: the file is empty", input_name(file->input));
	} while (record_is_empty(&file->csv));
	if (file->csv.problem != NULL)
		fail(EXIT_DATA, "%s, line %lld: %s", input_name(file->input), (long long) file->csv.line,
			 file->csv.problem);
	file->fields = file->csv.count;
	file->set_aside = is_reject_header(&file->csv);
	for (int i = 0; i < MAX_COLUMNS; i++)
		file->place[i] = -1;
	for (int i = 0; i < file->csv.count; i++)
	{
		int column = find_column(file->load, csv_field(&file->csv, i));

		if (column < 0)
			continue;
		if (file->place[column] >= 0)
			fail(EXIT_DATA, "%s, line %lld: two columns say the %s", input_name(file->input),
				 (long long) file->csv.line, file->load->names[column]);
		file->place[column] = i;
		known++;
	}
	if (known == 0)
		fail(EXIT_DATA, "%s, line 1: no column of %s is known", input_name(file->input),
			 file->load->set->what);
	check_required(file);
}

/* ---------- records ---------- */

void
write_table_reject(TableLoad *load, TableFile *file, const char *problem)
{
	Buffer line = {0}, converted = {0};

	put_csv(&line, text_of(input_name(file->input)));
	put_format(&line, ",line %lld,", (long long) file->csv.line);
	put_csv(&line, text_of(problem));
	for (int i = 0; i < load->count; i++)
	{
		put_string(&line, ",");
		put_csv(&line, as_utf8(csv_field(&file->csv, file->place[i]), &converted));
	}
	free(converted.data);
	put_string(&line, "\r\n");
	write_file(&load->rejects, line.data, line.length);
	free(line.data);
}

/* A record that cannot be told into columns. */
static void
refuse_record(TableFile *file)
{
	Load place = {.input = file->input};
	Row row;

	begin_row(&row);
	row.number = file->csv.line;
	if (options.reject == NULL)
		report_problem(&place, &row, NULL, (Text){"", 0}, file->csv.problem);
	if (file->again)
		return;
	write_table_reject(file->load, file, file->csv.problem);
	file->load->malformed++;
	file->load->rejected++;
}

/* What was cut off and set aside would be left out without a word when it is loaded again. */
static bool
says_nothing(const TableFile *file)
{
	const TableLoad *load = file->load;

	for (int t = 0; load->set->tables[t] != NULL; t++)
	{
		int column = find_name(load, load->set->tables[t]->needed);

		if (trim(csv_field(&file->csv, file->place[column])).length > 0)
			return false;
	}
	return true;
}

/* The next record that is neither blank nor malformed; false at the end. */
bool
next_record(TableFile *file)
{
	while (read_record(&file->csv))
	{
		if (record_is_empty(&file->csv))
			continue;
		if (file->csv.problem == NULL && file->csv.count < file->fields)
			file->csv.problem = "the line has fewer fields than the header; is the file cut off?";
		for (int i = file->fields; file->csv.problem == NULL && i < file->csv.count; i++)
		{
			if (trim(csv_field(&file->csv, i)).length > 0)
				file->csv.problem = "the line has more fields than the header";
		}
		if (file->csv.problem == NULL && file->set_aside && says_nothing(file))
			file->csv.problem =
				"the row was set aside and has too little to load: complete or delete it";
		if (file->csv.problem == NULL)
			return true;
		refuse_record(file);
	}
	return false;
}

static void
put_network(Buffer *buffer, uint64_t value, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
	{
		unsigned char byte = value >> (8 * i);

		put_bytes(buffer, &byte, 1);
	}
}

static void
send_staged(TableLoad *load)
{
	if (PQputCopyData(conn, load->buffer.data, (int) load->buffer.length) != 1)
		fail(EXIT_CONNECTION, "the connection to the server was lost");
	load->buffer.length = 0;
}

static void
send_record(TableFile *file)
{
	TableLoad *load = file->load;
	Buffer *buffer = &load->buffer;

	put_network(buffer, load->count + 1, 2);
	put_network(buffer, 8, 4);
	put_network(buffer, ++load->rows, 8);
	for (int i = 0; i < load->count; i++)
	{
		Text value = trim(csv_field(&file->csv, file->place[i]));

		put_network(buffer, value.length == 0 ? UINT32_MAX : value.length, 4);
		put_bytes(buffer, value.data, value.length);
	}
	if (buffer->length < 60000)
		return;
	send_staged(load);
	show_progress(input_offset(file->input), load->rows);
}

void
start_file(TableLoad *load, TableFile *file, Input *input)
{
	file->load = load;
	file->input = input;
	start_csv(&file->csv, file->input, options.delimiter);
	map_header(file);
}

void
end_file(TableFile *file)
{
	end_csv(&file->csv);
}

void
stage_files(TableLoad *load)
{
	Buffer sql = {0};
	PGresult *result;
	int64_t before = 0;

	put_string(&sql, "CREATE TEMPORARY TABLE attendance_stage (place bigint");
	for (int i = 0; i < load->count; i++)
		put_format(&sql, ", %s text", load->names[i]);
	put_string(&sql, ") ON COMMIT DROP");
	run_command(sql.data);
	result = PQexec(conn, "COPY pg_temp.attendance_stage FROM STDIN (FORMAT binary)");
	if (PQresultStatus(result) != PGRES_COPY_IN)
		fail_query(conn, result);
	PQclear(result);
	put_bytes(&load->buffer, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0", 19);
	for (int i = 0; load->inputs[i] != NULL; i++)
	{
		TableFile file = {0};
		int64_t so_far = load->rows + load->malformed;

		set_progress_base(before);
		start_file(load, &file, load->inputs[i]);
		while (next_record(&file))
			send_record(&file);
		load->bare[i] = load->rows + load->malformed == so_far;
		end_file(&file);
		before += input_offset(load->inputs[i]);
	}
	put_network(&load->buffer, UINT16_MAX, 2);
	send_staged(load);
	PQputCopyEnd(conn, NULL);
	result = PQgetResult(conn);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_query(conn, result);
	PQclear(result);
	PQclear(PQgetResult(conn));
	for (int i = 0; load->inputs[i] != NULL; i++)
	{
		if (load->bare[i])
			warn_no_rows(load->inputs[i]);
	}
	free(sql.data);
}
