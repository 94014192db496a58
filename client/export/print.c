/*
 * print.c
 *		Results for people and programs: a table, CSV, or JSON.
 */
#include "export/export.h"
#include "read/read.h"

/* Characters, not bytes. */
static int
width_of(const char *text)
{
	int width = 0;

	for (; *text != '\0'; text++)
		width += ((unsigned char) *text & 0xc0) != 0x80;
	return width;
}

static bool
is_number(Oid type)
{
	return type == 20 || type == 21 || type == 23 || type == 1700 || type == 700 || type == 701;
}

static void
put_padded(Buffer *line, const char *text, int width, bool right)
{
	int blanks = width - width_of(text);

	put_format(line, "%*s%s%*s", right ? blanks : 0, "", text, right ? 0 : blanks, "");
}

static void
write_line(Buffer *line)
{
	while (line->len > 0 && line->data[line->len - 1] == ' ')
		line->len--;
	put_string(line, "\n");
	write_output(line->data, line->len);
	empty_buffer(line);
}

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

/* The cells of a table, and its heading, which is row -1. */
static char *
shown_cell(const PGresult *result, int row, int column)
{
	if (row < 0)
		return pg_strdup(PQfname(result, column));
	if (is_number(PQftype(result, column)))
		return shown_number(PQgetvalue(result, row, column));
	return pg_strdup(PQgetvalue(result, row, column));
}

/* For people at a terminal; CSV and JSON have numbers as they are. */
static void
print_table(const PGresult *result)
{
	int columns = PQnfields(result);
	int *widths = pg_malloc(columns * sizeof(int));
	Buffer line = {0};

	for (int c = 0; c < columns; c++)
	{
		widths[c] = 0;
		for (int r = -1; r < PQntuples(result); r++)
		{
			char *cell = shown_cell(result, r, c);
			int width = width_of(cell);

			widths[c] = width > widths[c] ? width : widths[c];
			free(cell);
		}
	}
	for (int r = -1; r < PQntuples(result); r++)
	{
		for (int c = 0; c < columns; c++)
		{
			char *cell = shown_cell(result, r, c);

			put_string(&line, c == 0 ? " " : " | ");
			put_padded(&line, cell, widths[c], r >= 0 && is_number(PQftype(result, c)));
			free(cell);
		}
		write_line(&line);
		for (int c = 0; r < 0 && c < columns; c++)
		{
			put_string(&line, c == 0 ? "-" : "-+-");
			for (int i = 0; i < widths[c]; i++)
				put_string(&line, "-");
		}
		if (r < 0)
			put_string(&line, "-"), write_line(&line);
	}
	put_format(&line, "(%d row%s)", PQntuples(result), PQntuples(result) == 1 ? "" : "s");
	write_line(&line);
	termPQExpBuffer(&line);
	free(widths);
}

#define DATERANGE_TYPE 3912

static bool
is_text(Oid type)
{
	return type == 25 || type == 1043 || type == 1042 || type == 19; /* text, varchar, char, name */
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
		if (PQftype(result, c) != DATERANGE_TYPE && row < 0)
			put_csv(line, text_of(PQfname(result, c)));
		else if (PQftype(result, c) != DATERANGE_TYPE)
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

/* For people, who open it in a spreadsheet: no formulas, and two days for a range. */
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

/* One row of many columns: a line a column. */
static void
print_record(const PGresult *result)
{
	Buffer line = {0};
	int width = 0;

	for (int c = 0; c < PQnfields(result); c++)
		width = width_of(PQfname(result, c)) > width ? width_of(PQfname(result, c)) : width;
	for (int c = 0; c < PQnfields(result); c++)
	{
		char *cell = shown_cell(result, 0, c);

		put_string(&line, " ");
		put_padded(&line, PQfname(result, c), width, false);
		put_format(&line, " | %s", cell);
		write_line(&line);
		free(cell);
	}
	termPQExpBuffer(&line);
}

static void
put_json_value(Buffer *line, const PGresult *result, int row, int column)
{
	Oid type = PQftype(result, column);
	const char *value = PQgetvalue(result, row, column);

	put_json(line, text_of(PQfname(result, column)));
	put_string(line, ": ");
	if (PQgetisnull(result, row, column))
		put_string(line, "null");
	else if (type == 16)
		put_string(line, *value == 't' ? "true" : "false");
	else if (is_number(type) && strspn(value, "+-.0123456789eE") == strlen(value))
		put_string(line, value);
	else
		put_json(line, text_of(value));
}

static void
print_json(const PGresult *result)
{
	Buffer line = {0};

	put_string(&line, "[");
	for (int r = 0; r < PQntuples(result); r++)
	{
		put_string(&line, r == 0 ? "{" : " {");
		for (int c = 0; c < PQnfields(result); c++)
		{
			put_string(&line, c == 0 ? "" : ", ");
			put_json_value(&line, result, r, c);
		}
		put_string(&line, r + 1 < PQntuples(result) ? "}," : "}");
		if (r + 1 < PQntuples(result))
			write_line(&line);
	}
	put_string(&line, "]");
	write_line(&line);
	termPQExpBuffer(&line);
}

void
print_result(const PGresult *result)
{
	const char *format = options.format != NULL ? options.format : json_messages ? "json" : "table";

	if (strcmp(format, "csv") == 0)
		print_csv(result);
	else if (strcmp(format, "json") == 0)
		print_json(result);
	else if (PQntuples(result) == 1 && PQnfields(result) > MANY_COLUMNS)
		print_record(result);
	else
		print_table(result);
}
