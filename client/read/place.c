/*
 * place.c
 *		Where in a file something is wrong: it is said, and the program ends.
 */
#include "read/read.h"

static void
print_place(const Place *place, const char *column, Text value, const char *problem,
			const char *detail, const char *hint)
{
	Buffer json = {0};

	put_format(&json, "{\"status\": \"refused\", \"file\": ");
	put_json(&json, text_of(input_name(place->input)));
	put_format(&json, ", \"%s\": %lld, \"column\": ", place->unit, (long long) place->number);
	if (column == NULL)
		put_string(&json, "null");
	else
		put_json(&json, text_of(column));
	put_string(&json, ", \"value\": ");
	put_json(&json, value);
	put_string(&json, ", \"reason\": ");
	put_json(&json, text_of(problem));
	put_json_member(&json, "detail", detail);
	put_json_member(&json, "hint", hint);
	put_string(&json, "}\n");
	fputs(json.data, stdout);
	termPQExpBuffer(&json);
}

/* Detail and hint are what the server adds to the problem, or NULL; so is the column of a whole row. */
void
end_at(const Place *place, const char *column, Text value, const char *problem, const char *detail,
	   const char *hint)
{
	const char *file = input_name(place->input);
	char *shown = printable(value);

	if (column == NULL)
		pg_log_error("%s, %s %lld: %s", file, place->unit, (long long) place->number, problem);
	else
		pg_log_error("%s, %s %lld, column \"%s\", value \"%s\": %s", file, place->unit,
					 (long long) place->number, column, shown, problem);
	say_detail(detail);
	pg_log_error_detail("Nothing was loaded.");
	say_hint(hint);
	if (json_messages)
		print_place(place, column, value, problem, detail, hint);
	exit(EXIT_DATA);
}
