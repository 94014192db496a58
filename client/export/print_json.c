/*
 * print_json.c
 *		Results as JSON, a row an object: numbers as they are.  psql has no such format.
 */
#include "export/export.h"

#include "catalog/pg_type_d.h"
#include "fe_utils/print.h"

static void
put_json_value(Buffer *line, const PGresult *result, int row, int column)
{
	Oid type = PQftype(result, column);
	const char *value = PQgetvalue(result, row, column);

	put_json(line, text_of(PQfname(result, column)));
	put_string(line, ": ");
	if (PQgetisnull(result, row, column))
		put_string(line, "null");
	else if (type == BOOLOID)
		put_string(line, *value == 't' ? "true" : "false");
	else if (column_type_alignment(type) == 'r' &&
			 strspn(value, "+-.0123456789eE") == strlen(value))
		put_string(line, value);
	else
		put_json(line, text_of(value));
}

void
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
