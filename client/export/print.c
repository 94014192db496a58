/*
 * print.c
 *		Results for people and programs: a table as psql prints it, CSV, or JSON.
 */
#include "export/export.h"

#include "fe_utils/print.h"

#define SHOWN_DECIMALS 2
#define MANY_COLUMNS 8

/* Adds one to the last digit of a number; there is room for one digit more before it. */
static void
add_one(char *number, size_t length)
{
	size_t i = length;

	while (i > 0 && number[i - 1] != '-')
	{
		char *digit = &number[--i];

		if (*digit == '.')
			continue;
		if ((*digit)++ != '9')
			return;
		*digit = '0';
	}
	memmove(&number[i + 1], &number[i], length - i + 1);
	number[i] = '1';
}

/* A number as people read it, rounded half away from zero as round() of PostgreSQL does. */
static char *
shown_number(const char *value)
{
	size_t whole = strcspn(value, ".");
	size_t length = whole + 1 + SHOWN_DECIMALS;
	char *shown;

	if (strspn(value, "-.0123456789") != strlen(value) || strlen(value) <= length)
		return pg_strdup(value);
	shown = pg_malloc(length + 2);
	memcpy(shown, value, length);
	shown[length] = '\0';
	if (value[length] >= '5')
		add_one(shown, length);
	if (strspn(shown, "-.0") == strlen(shown) && *shown == '-')
		memmove(shown, shown + 1, length); /* no zero has a sign */
	return shown;
}

static char *
shown_cell(const PGresult *result, int row, int column)
{
	if (column_type_alignment(PQftype(result, column)) == 'r')
		return shown_number(PQgetvalue(result, row, column));
	return pg_strdup(PQgetvalue(result, row, column));
}

/* For people at a terminal; CSV and JSON have numbers as they are. */
static void
print_table(const PGresult *result)
{
	bool record = PQntuples(result) == 1 && PQnfields(result) > MANY_COLUMNS;
	printTableOpt shape = {.format = PRINT_ALIGNED,
						   .border = 1,
						   .expanded = record, /* a line a column */
						   .tuples_only = record,
						   .start_table = true,
						   .stop_table = true,
						   .default_footer = true,
						   .encoding = PQclientEncoding(conn)};
	printTableContent table;

	printTableInit(&table, &shape, NULL, PQnfields(result), PQntuples(result));
	for (int c = 0; c < PQnfields(result); c++)
		printTableAddHeader(&table, PQfname(result, c), false,
							column_type_alignment(PQftype(result, c)));
	for (int r = 0; r < PQntuples(result); r++)
	{
		for (int c = 0; c < PQnfields(result); c++)
			printTableAddCell(&table, shown_cell(result, r, c), false, true);
	}
	printTable(&table, output_stream(), false, NULL);
	printTableCleanup(&table);
}

void
print_result(const PGresult *result)
{
	const char *format = options.format != NULL ? options.format : json_messages ? "json" : "table";

	if (strcmp(format, "csv") == 0)
		print_csv(result);
	else if (strcmp(format, "json") == 0)
		print_json(result);
	else
		print_table(result);
}
