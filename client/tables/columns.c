/*
 * columns.c
 *		The columns that are staged of a set of tables, how they are found by name, and by which of them
 *		a row of a file is one of the register.
 */
#include "tables/tables.h"

static const TableColumn upn_column = {"upn", "upn", NULL, false};
static const TableColumn id_column = {"pupil_id", "bigint", NULL, false};

static void
collect_column(TableLoad *load, const TableColumn *column)
{
	if (find_name(load, column->name) < 0 && load->count < MAX_COLUMNS)
		load->columns[load->count++] = column;
}

/* Every column of the set once, and those by which pupils are found. */
void
collect_columns(TableLoad *load)
{
	const TableSet *set = load->set;

	for (int t = 0; set->tables[t] != NULL; t++)
	{
		if (set->tables[t]->of_pupils)
		{
			collect_column(load, &upn_column);
			collect_column(load, &id_column);
		}
	}
	for (int t = 0; set->tables[t] != NULL; t++)
	{
		for (const TableColumn *column = set->tables[t]->columns; column->name != NULL; column++)
			collect_column(load, column);
	}
	for (const TableColumn *column = set->also; column != NULL && column->name != NULL; column++)
		collect_column(load, column);
	load->closure = find_name(load, "closure");
}

int
find_name(const TableLoad *load, const char *name)
{
	for (int i = 0; i < load->count; i++)
	{
		if (strcmp(load->columns[i]->name, name) == 0)
			return i;
	}
	return -1;
}

/* The staged column of a column of the file, or -1. */
int
find_column(const TableLoad *load, Text name)
{
	char normal[64], own[64];

	normal_name(name, normal, sizeof(normal));
	for (int i = 0; i < load->count; i++)
	{
		normal_name(text_of(load->columns[i]->name), own, sizeof(own));
		if (strcmp(normal, own) == 0)
			return i;
	}
	for (int i = 0; i < load->count; i++)
	{
		if (is_alias(normal, load->columns[i]->name))
			return i;
	}
	return -1;
}

bool
is_pupil(const Table *table)
{
	return strcmp(table->name, "pupil") == 0;
}

/* Whether a row of the table is that of a staged row. */
void
put_key(Buffer *sql, const Table *table)
{
	bool first = true;

	if (is_pupil(table))
	{
		put_string(sql, "x.pupil_id = s.pupil_id::bigint");
		return;
	}
	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		if (!column->key)
			continue;
		put_format(sql, "%sx.%s = s.%s::%s", first ? "" : " AND ", column->name, column->name,
				   column->type);
		first = false;
	}
}
