/*
 * print_csv.c
 *		Results as CSV for people, who open it in a spreadsheet: no formulas, and two days for a range.
 *		psql's CSV is for programs.
 */
#include "export/export.h"

#include "catalog/pg_type_d.h"
#include "read/read.h"

static bool
is_text(Oid type)
{
	return type == TEXTOID || type == VARCHAROID || type == BPCHAROID || type == NAMEOID;
}

/* What a spreadsheet would take for a formula; the mark - and a number below zero are none. */
static bool
is_formula(const char *value)
{
	const char *digits = value + 1;

	if (*value == '\0' || strchr("=+-@\t\r", *value) == NULL)
		return false;
	digits += strspn(digits, "0123456789");
	digits += *digits == '.';
	return *value != '-' || digits[strspn(digits, "0123456789")] != '\0';
}

/* The first day of a range, or its last. */
static void
put_day(Buffer *line, const char *range, bool last)
{
	const char *comma = strchr(range, ',');
	char text[11] = "";
	int day;

	if (comma == NULL)
		return;
	day = last ? parse_day((Text){comma + 1, strcspn(comma + 1, ")]")})
			   : parse_day((Text){range + 1, comma - range - 1});
	if (day != NO_DAY)
		format_day(day - (last && strchr(comma, ']') == NULL), text);
	put_string(line, text);
}

/* With an apostrophe before it, a formula is text. */
static void
put_cell(Buffer *line, const PGresult *result, int row, int column)
{
	Buffer text = {0};

	put_string(
		&text,
		is_text(PQftype(result, column)) && is_formula(PQgetvalue(result, row, column)) ? "'" : "");
	put_string(&text, PQgetvalue(result, row, column));
	put_csv(line, text_of(text.data));
	termPQExpBuffer(&text);
}

static void
put_csv_line(Buffer *line, const PGresult *result, int row)
{
	for (int c = 0; c < PQnfields(result); c++)
	{
		put_string(line, c == 0 ? "" : ",");
		if (PQftype(result, c) != DATERANGEOID && row < 0)
			put_csv(line, text_of(PQfname(result, c)));
		else if (PQftype(result, c) != DATERANGEOID)
			put_cell(line, result, row, c);
		else if (row < 0)
			put_format(line, "%s_from,%s_to", PQfname(result, c), PQfname(result, c));
		else
		{
			put_day(line, PQgetvalue(result, row, c), false);
			put_string(line, ",");
			put_day(line, PQgetvalue(result, row, c), true);
		}
	}
}

void
print_csv(const PGresult *result)
{
	Buffer line = {0};

	for (int r = -1; r < PQntuples(result); r++)
	{
		put_csv_line(&line, result, r);
		write_line(&line);
	}
	termPQExpBuffer(&line);
}
