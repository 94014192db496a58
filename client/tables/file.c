/*
 * file.c
 *		CSV files of pupils, contacts, calendars and characteristics: their columns are found by name,
 *		and the values of their rows are read.
 */
#include "tables/tables.h"

/* ---------- files ---------- */

static void
read_first_record(TableFile *file)
{
	do
	{
		if (!read_record(&file->csv))
			fail(EXIT_DATA, "%s: the file is empty", input_name(file->input));
	} while (record_is_empty(&file->csv));
	if (file->csv.problem != NULL)
		fail(EXIT_DATA, "%s, line %lld: %s", input_name(file->input), (long long) file->csv.line,
			 file->csv.problem);
}

static void
map_column(TableFile *file, int number)
{
	Text name = csv_field(&file->csv, number);
	int column = find_column(file->load, name);

	if (file->set_aside && number < REJECT_COLUMNS)
		return; /* what --reject has put before the row */
	if (column < 0)
	{
		watch_column(&file->unused, number, name);
		return;
	}
	if (file->place[column] >= 0)
		fail(EXIT_DATA, "%s, line %lld: two columns say the %s", input_name(file->input),
			 (long long) file->csv.line, file->load->columns[column]->name);
	file->place[column] = number;
}

static void
map_header(TableFile *file)
{
	read_first_record(file);
	file->fields = file->csv.count;
	file->set_aside = is_reject_header(&file->csv);
	for (int i = 0; i < MAX_COLUMNS; i++)
		file->place[i] = -1;
	for (int i = 0; i < file->csv.count; i++)
		map_column(file, i);
	if (file->unused.count == file->csv.count)
		fail_unknown(file);
	check_required(file);
}

/* ---------- records ---------- */

static void
put_cell(Buffer *line, Text text)
{
	static Buffer converted;

	put_string(line, ",");
	put_csv(line, as_utf8(text, &converted));
}

/* As the file has it, or --school. */
static Text
shown_value(const TableFile *file, int column)
{
	Text text = column < 0 ? text_of("") : csv_field(&file->csv, file->place[column]);

	if (column >= 0 && text.length == 0 && file->values[column].len > 0)
		return (Text){file->values[column].data, file->values[column].len};
	return text;
}

static void
write_table_reject(TableFile *file, int column, const char *problem)
{
	TableLoad *load = file->load;
	Buffer line = {0};

	put_csv(&line, text_of(input_name(file->input)));
	put_format(&line, ",line %lld", (long long) file->csv.line);
	put_cell(&line, text_of(column < 0 ? "" : load->columns[column]->name));
	put_cell(&line, shown_value(file, column));
	put_cell(&line, text_of(problem));
	for (int i = 0; i < load->count; i++)
		put_cell(&line, csv_field(&file->csv, file->place[i]));
	put_string(&line, "\r\n");
	write_file(&load->rejects, line.data, line.len);
	termPQExpBuffer(&line);
}

/* Without --reject, the first is the last.  No column: -1. */
void
refuse_table_row(TableFile *file, int column, const char *problem)
{
	Place place = {file->input, "line", file->csv.line};

	if (options.reject != NULL)
	{
		write_table_reject(file, column, problem);
		return;
	}
	end_at(&place, column < 0 ? NULL : file->load->columns[column]->name, shown_value(file, column),
		   problem, file->load->detail, file->load->hint);
}

/* One that is not staged. */
static void
refuse_record(TableFile *file, int column, const char *problem)
{
	if (file->again)
		return;
	refuse_table_row(file, column, problem);
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

static const char *
record_problem_of(const TableFile *file)
{
	const Csv *csv = &file->csv;

	if (csv->problem != NULL)
		return csv->problem;
	if (csv->count < file->fields)
		return "the line has fewer fields than the header; is the file cut off?";
	for (int i = file->fields; i < csv->count; i++)
	{
		if (trim(csv_field(csv, i)).length > 0)
			return "the line has more fields than the header";
	}
	if (file->set_aside && says_nothing(file))
		return "the row was set aside and has too little to load: complete or delete it";
	return NULL;
}

/* Values as the register writes them; false if the record is refused. */
static bool
read_values(TableFile *file)
{
	static Buffer problem;
	const TableLoad *load = file->load;

	for (int i = 0; i < load->count; i++)
	{
		Text text = csv_field(&file->csv, file->place[i]);

		if (!read_table_value(load->columns[i], text, &file->values[i], &problem))
		{
			refuse_record(file, i, problem.data);
			return false;
		}
		if (file->values[i].len == 0 && options.school != 0 &&
			strcmp(load->columns[i]->name, "school_urn") == 0)
			put_format(&file->values[i], "%d", options.school);
	}
	if (load->closure >= 0 && !settle_closure(file))
	{
		refuse_record(file, load->closure, "morning and afternoon are both held beside a closure");
		return false;
	}
	return true;
}

/* The next record that is neither blank nor refused; false at the end. */
bool
next_record(TableFile *file)
{
	while (read_record(&file->csv))
	{
		const char *problem;

		if (record_is_empty(&file->csv))
			continue;
		if (!file->again)
		{
			watch_record(&file->unused, &file->csv);
			check_whole(file);
		}
		problem = record_problem_of(file);
		if (problem != NULL)
			refuse_record(file, -1, problem);
		else if (read_values(file))
			return true;
	}
	return false;
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
	if (!file->again)
		name_unused(&file->unused, file->input);
	free_unused(&file->unused);
	for (int i = 0; i < MAX_COLUMNS; i++)
		termPQExpBuffer(&file->values[i]);
	end_csv(&file->csv);
}
