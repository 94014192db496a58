/*
 * whole.c
 *		Records for which a file of a table is refused as a whole, also with --reject: the others would
 *		be loaded wrongly, though each looks right.
 */
#include "tables/tables.h"

static void
refuse_whole(TableFile *file, const char *column, Text value, const char *problem)
{
	Place place = {file->input, "line", file->csv.line};

	end_at(&place, column, value, problem, NULL, NULL);
}

/* A name, or another text, may be a word that is a heading, too. */
static bool
has_words(const TableColumn *column)
{
	return strcmp(column->type, "text") == 0 || strcmp(column->type, "text[]") == 0;
}

/* Whether at least two cells are headings, and one of them stands where no right value is a word. */
static bool
repeats_table_header(const TableFile *file)
{
	int found = 0;
	bool certain = false;

	for (int i = 0; i < file->load->count; i++)
	{
		Text cell = csv_field(&file->csv, file->place[i]);

		if (!may_be_heading(cell) || find_column(file->load, cell) < 0)
			continue;
		found++;
		certain |= !has_words(file->load->columns[i]);
	}
	return found > 1 && certain;
}

/* Of the record that was read. */
void
check_whole(TableFile *file)
{
	if (repeats_table_header(file))
		refuse_whole(file, NULL, text_of(""), HEADER_REPEATED);
	for (int i = 0; i < file->load->count; i++)
	{
		const TableColumn *column = file->load->columns[i];
		Text cell = csv_field(&file->csv, file->place[i]);

		if ((strcmp(column->type, "date") == 0 || strcmp(column->type, "timestamptz") == 0) &&
			exchanged_day(cell) != NULL)
			refuse_whole(file, column->name, cell, exchanged_day(cell));
	}
}
