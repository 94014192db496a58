/*
 * header.c
 *		Whether a file of pupils, contacts, calendars or characteristics has the columns without which
 *		its rows cannot be loaded, or what it says would be lost.
 */
#include "tables/tables.h"

static bool
is_given(const TableFile *file, const char *name)
{
	int column = name == NULL ? -1 : find_name(file->load, name);

	if (column < 0)
		return false;
	return file->place[column] >= 0 || (options.school != 0 && strcmp(name, "school_urn") == 0);
}

static void fail_columns(const TableFile *file, const char *problem, const char *hint)
	__attribute__((noreturn));

static void
fail_columns(const TableFile *file, const char *problem, const char *hint)
{
	Buffer message = {0}, detail = {0};

	put_format(&message, "%s, line %lld: %s", input_name(file->input), (long long) file->csv.line,
			   problem);
	put_headings(&detail, &file->csv, file->set_aside ? REJECT_COLUMNS : 0);
	fail_hint(EXIT_DATA, message.data, detail.data, hint);
}

void
fail_unknown(const TableFile *file)
{
	Buffer problem = {0};

	put_format(&problem, "no column of %s is known", file->load->set->what);
	fail_columns(file, problem.data, "");
}

static void
put_column(Buffer *problem, const char *name)
{
	put_string(problem, name);
	if (words_for(name) != NULL)
		put_format(problem, " (%s)", words_for(name));
}

static void
need_column(const TableFile *file, const char *name, const char *other)
{
	Buffer problem = {0};

	if (is_given(file, name) || is_given(file, other))
		return;
	put_string(&problem, "no column ");
	if (other == NULL)
		put_column(&problem, name);
	else
		put_format(&problem, "%s or %s", name, other);
	if (strcmp(name, "school_urn") == 0)
		put_string(&problem, ", and no --school");
	fail_columns(file, problem.data, "");
}

/* By their numbers, or by what makes a person: name and date of birth. */
static void
need_pupil(const TableFile *file)
{
	if (!is_given(file, "surname") || !is_given(file, "forename") ||
		!is_given(file, "date_of_birth"))
		need_column(file, "upn", "pupil_id");
}

/* What a file says of a second table would be lost without the column that makes its rows. */
static void
check_without(const TableFile *file, const Table *table)
{
	const TableSet *set = file->load->set;
	Buffer problem = {0};

	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		int staged = find_name(file->load, column->name);
		char *heading;

		if (!is_own_column(set, table, column->name) || !is_given(file, column->name))
			continue;
		heading = file->place[staged] < 0
					  ? pg_strdup("--school")
					  : printable(trim(csv_field(&file->csv, file->place[staged])));
		put_string(&problem, "no column ");
		put_column(&problem, table->needed);
		put_format(&problem, ": %s is of the table %s, which needs it", heading, table->name);
		fail_columns(file, problem.data,
					 table->of_pupils ? "A file of pupils alone has no such column and no --school."
									  : "");
	}
}

/* Without them the register would refuse every row. */
void
check_required(const TableFile *file)
{
	const Table *const *tables = file->load->set->tables;

	need_column(file, tables[0]->needed, tables[1] == NULL ? NULL : tables[1]->needed);
	for (int t = 0; tables[t] != NULL; t++)
	{
		const Table *table = tables[t];

		if (!is_given(file, table->needed))
		{
			if (t > 0)
				check_without(file, table);
			continue;
		}
		if (table->of_pupils)
			need_pupil(file);
		for (const TableColumn *column = table->columns; column->name != NULL; column++)
		{
			if (has_word(table->required, column->name))
				need_column(file, column->name, NULL);
		}
	}
	if (file->load->closure >= 0)
		check_closed_column(file);
}
