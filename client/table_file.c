/*
 * table_file.c
 *		CSV files of pupils, contacts, calendars and characteristics: their columns are found by name,
 *		and their rows copied as text into a temporary table.
 */
#include "client.h"

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
map_header(TableFile *file)
{
	int known = 0;

	if (!read_record(&file->csv) || file->csv.problem != NULL)
		fail(EXIT_DATA, "%s, line 1: %s", input_name(file->input),
			 file->csv.problem != NULL ? file->csv.problem : "the file is empty");
	file->fields = file->csv.count;
	for (int i = 0; i < MAX_COLUMNS; i++)
		file->place[i] = -1;
	for (int i = 0; i < file->csv.count; i++)
	{
		int column = find_column(file->load, csv_field(&file->csv, i));

		if (column < 0)
			continue;
		if (file->place[column] >= 0)
			fail(EXIT_DATA, "%s, line 1: two columns say the %s", input_name(file->input),
				 file->load->names[column]);
		file->place[column] = i;
		known++;
	}
	if (known == 0)
		fail(EXIT_DATA, "%s, line 1: no column of %s is known", input_name(file->input),
			 file->load->set->what);
}

/* The next record that is not blank; false at the end. */
bool
next_record(TableFile *file)
{
	do
	{
		if (!read_record(&file->csv))
			return false;
	} while (record_is_empty(&file->csv));
	if (file->csv.problem == NULL && file->csv.count < file->fields)
		file->csv.problem = "the line has fewer fields than the header; is the file cut off?";
	if (file->csv.problem != NULL)
		fail(EXIT_DATA, "%s, line %lld: %s", input_name(file->input), (long long) file->csv.line,
			 file->csv.problem);
	return true;
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
send_record(TableFile *file)
{
	static Buffer converted;
	TableLoad *load = file->load;
	Buffer *buffer = &load->buffer;

	put_network(buffer, load->count + 1, 2);
	put_network(buffer, 8, 4);
	put_network(buffer, ++load->rows, 8);
	for (int i = 0; i < load->count; i++)
	{
		Text value = trim(csv_field(&file->csv, file->place[i]));

		value = as_utf8(value, &converted);
		put_network(buffer, value.length == 0 ? UINT32_MAX : value.length, 4);
		put_bytes(buffer, value.data, value.length);
	}
	if (buffer->length < 60000)
		return;
	PQputCopyData(conn, buffer->data, (int) buffer->length);
	buffer->length = 0;
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

	put_string(&sql, "CREATE TEMPORARY TABLE attendance_stage (place bigint");
	for (int i = 0; i < load->count; i++)
		put_format(&sql, ", %s text", load->names[i]);
	put_string(&sql, ") ON COMMIT DROP");
	run_command(sql.data);
	result = PQexec(conn, "COPY pg_temp.attendance_stage FROM STDIN (FORMAT binary)");
	PQclear(result);
	put_bytes(&load->buffer, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0", 19);
	for (int i = 0; load->inputs[i] != NULL; i++)
	{
		TableFile file = {0};

		start_file(load, &file, load->inputs[i]);
		while (next_record(&file))
			send_record(&file);
		end_file(&file);
	}
	put_network(&load->buffer, UINT16_MAX, 2);
	PQputCopyData(conn, load->buffer.data, (int) load->buffer.length);
	PQputCopyEnd(conn, NULL);
	result = PQgetResult(conn);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_query(conn, result);
	PQclear(result);
	PQclear(PQgetResult(conn));
	free(sql.data);
}
