/*
 * load.c
 *		pg_attendance load: what is loaded; benchmarks, which the register reads itself.
 */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

static long long figures = 0;

/* The register says what is wrong; that a file is there already is no fault. */
static void
check_import(const char *file, const PGresult *result)
{
	const char *problems = PQgetvalue(result, 0, 1);
	size_t length = strcspn(problems, "\n");
	Buffer message = {0};

	if (!PQgetisnull(result, 0, 0))
	{
		figures += atoll(PQgetvalue(result, 0, 2));
		return;
	}
	if (strncmp(problems, "the file is imported already", 28) == 0)
		return;
	if (*problems == '\0')
		fail(EXIT_DATA, "%s: there are no figures in the file", file);
	put_format(&message, "%s, %.*s", file, (int) length, problems);
	fail_detail(EXIT_DATA, message.data, "Nothing was loaded.");
}

/* As the register reads it: UTF-8 with commas, each record in the line that it has in the file. */
static void
read_published(Input *input, Buffer *text)
{
	int64_t line = 1;
	Csv csv;

	start_csv(&csv, input, options.delimiter);
	for (; read_record(&csv); line = csv.lines)
	{
		if (csv.problem != NULL)
			fail(EXIT_DATA, "%s, line %lld: %s", input_name(input), (long long) csv.line,
				 csv.problem);
		for (; line < csv.line; line++)
			put_string(text, "\n");
		for (int i = 0; i < csv.count && !record_is_empty(&csv); i++)
		{
			put_string(text, i > 0 ? "," : "");
			put_csv(text, trim(csv_field(&csv, i)));
		}
		put_string(text, "\n");
		if (text->length > MAX_WHOLE)
			fail(EXIT_DATA, "%s: the file is too large, more than 250 MB", input_name(input));
	}
	end_csv(&csv);
}

static void
load_benchmark(const char *name)
{
	const Oid types[4] = {17, 25, 25, 0}; /* bytea, text, text */
	const int formats[4] = {1, 0, 0, 0};
	Input *input = open_input(name);
	Buffer content = {0};
	const char *title = strrchr(name, '/') == NULL ? name : strrchr(name, '/') + 1;
	const char *values[4];
	int lengths[4] = {0};
	PGresult *result;

	read_published(input, &content);
	put_bytes(&content, "", 0);
	values[0] = content.data;
	values[1] = options.name != NULL ? options.name : title;
	values[2] = options.series;
	values[3] = options.days;
	lengths[0] = (int) content.length;
	result = PQexecParams(conn,
						  "SELECT file_id, array_to_string(problems, E'\\n'), figures"
						  " FROM import_benchmark($1::bytea, $2, $3, $4::daterange)",
						  4, types, values, lengths, formats, 0);
	if (is_lost(conn, result) || message_field(result, PG_DIAG_SQLSTATE)[0] == '4')
		fail_query(conn, result);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail(EXIT_DATA, "%s: %s", input_name(input),
			 message_field(result, PG_DIAG_MESSAGE_PRIMARY));
	check_import(input_name(input), result);
	PQclear(result);
	close_input(input);
	free(content.data);
}

static int
load_benchmarks(void)
{
	if (options.name_count < 3)
		fail_usage("load benchmarks needs a file");
	connect_register();
	run_command("BEGIN");
	for (int i = 2; i < options.name_count; i++)
		load_benchmark(options.names[i]);
	finish_transaction();
	if (!options.quiet)
		printf(options.json ? "{\"status\": \"%s\", \"files\": %d, \"figures\": %lld}\n"
							: "%s %d files, %lld new figures\n",
			   options.dry_run ? "would load" : "loaded", options.name_count - 2, figures);
	return EXIT_DONE;
}

int
command_load(void)
{
	const char *what = options.name_count > 1 ? options.names[1] : "";

	if (strcmp(what, "marks") == 0)
		return load_marks();
	if (strcmp(what, "benchmarks") == 0)
		return load_benchmarks();
	for (int i = 0; table_sets[i].what != NULL; i++)
	{
		if (strcmp(what, table_sets[i].what) == 0)
			return load_tables(&table_sets[i]);
	}
	fail_usage(
		"load what? One of marks schools pupils contacts calendar characteristics benchmarks");
}
