/*
 * unused.c
 *		Columns of a file, or members of its JSON, that nothing is done with: those that have a value are
 *		named at the end, and the load is then no success, unless --ignore names them.
 */
#include "read/read.h"

#define MAX_MEMBERS 100

static bool found = false;

/* Whether --ignore names a column, as normal_name() makes names; * is every one. */
bool
is_to_be_ignored(const char *name)
{
	const char *list = options.ignore;
	char wanted[64], normal[64];

	normal_name(text_of(name), wanted, sizeof(wanted));
	while (list != NULL && *list != '\0')
	{
		Text one = {list, strcspn(list, ",")};

		normal_name(one, normal, sizeof(normal));
		if (text_is(trim(one), "*") || strcmp(normal, wanted) == 0)
			return true;
		list += one.length + (list[one.length] == ',');
	}
	return false;
}

/* What is left out is no success. */
void
say_left_out(const char *format, ...)
{
	Buffer message = {0};
	va_list arguments;

	va_start(arguments, format);
	put_arguments(&message, format, arguments);
	va_end(arguments);
	found = true;
	say_warning("%s", message.data);
	termPQExpBuffer(&message);
}

static UnusedColumn *
new_column(Unused *unused, int number, char *name)
{
	UnusedColumn *column;

	unused->columns = pg_realloc(unused->columns, (unused->count + 1) * sizeof(unused->columns[0]));
	column = &unused->columns[unused->count++];
	column->number = number;
	column->name = name;
	column->named = !is_to_be_ignored(name);
	column->filled = !column->named;
	return column;
}

/* A column of the header is looked at from now on. */
void
watch_column(Unused *unused, int number, Text name)
{
	char nameless[32];

	snprintf(nameless, sizeof(nameless), "column %d", number + 1);
	name = trim(name);
	new_column(unused, number, name.length == 0 ? pg_strdup(nameless) : printable(name));
	unused->waiting += !unused->columns[unused->count - 1].filled;
}

/* A member with a value; of very many, the first ones will do. */
void
add_unused(Unused *unused, Text name)
{
	char *shown = printable(name);
	bool known = unused->count == MAX_MEMBERS;

	for (int i = 0; i < unused->count && !known; i++)
		known = strcmp(unused->columns[i].name, shown) == 0;
	if (known || is_to_be_ignored(shown))
		free(shown);
	else
		new_column(unused, -1, shown)->filled = true;
}

/* Of the record that was read. */
void
watch_record(Unused *unused, const Csv *csv)
{
	for (int i = 0; i < unused->count && unused->waiting > 0; i++)
	{
		UnusedColumn *column = &unused->columns[i];

		if (column->filled || trim(csv_field(csv, column->number)).length == 0)
			continue;
		column->filled = true;
		unused->waiting--;
	}
}

/* Of a file that was read for the first time. */
void
name_unused(const Unused *unused, const Input *input)
{
	Buffer names = {0};

	for (int i = 0; i < unused->count; i++)
	{
		if (unused->columns[i].named && unused->columns[i].filled)
			put_format(&names, "%s\"%s\"", names.len > 0 ? ", " : "", unused->columns[i].name);
	}
	if (names.len > 0)
		say_left_out("%s: not used: %s; --ignore names columns that are meant to be left out",
					 input_name(input), names.data);
	termPQExpBuffer(&names);
}

void
free_unused(Unused *unused)
{
	for (int i = 0; i < unused->count; i++)
		free(unused->columns[i].name);
	free(unused->columns);
}

/* In any file. */
bool
left_columns_out(void)
{
	return found;
}
