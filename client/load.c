/*
 * load.c
 *		pg_attendance load: what is loaded; benchmarks, which the register reads itself.
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

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

	read_whole(input, &content);
	put_bytes(&content, "", 0);
	values[0] = content.data;
	values[1] = options.name != NULL ? options.name : title;
	values[2] = options.series;
	values[3] = options.days;
	lengths[0] = (int) content.length;
	result = PQexecParams(conn, "SELECT import_benchmark($1::bytea, $2, $3, $4::daterange)", 4,
						  types, values, lengths, formats, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail(EXIT_DATA, "%s: %s", input_name(input),
			 message_field(result, PG_DIAG_MESSAGE_PRIMARY));
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
		printf(options.json ? "{\"status\": \"%s\", \"files\": %d}\n" : "%s %d files\n",
			   options.dry_run ? "would load" : "loaded", options.name_count - 2);
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
	fail_usage("load what? One of marks pupils contacts calendar characteristics benchmarks");
}
