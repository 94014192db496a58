/*
 * verify.c
 *		pg_attendance verify: the journal, against the digests that were kept outside the database.
 */
#include "export/export.h"
#include "read/read.h"

/* A digest a line, as an array; what is no digest would say nothing about the journal. */
static char *
read_digests(const char *name)
{
	Input *input = open_input(name);
	Buffer content = {0}, array = {0};
	int count = 0;

	read_whole(input, &content);
	put_string(&array, "{");
	for (char *line = content.data == NULL ? NULL : strtok(content.data, "\r\n"); line != NULL;
		 line = strtok(NULL, "\r\n"))
	{
		if (*line == '#')
			continue;
		if (strspn(line, "0123456789abcdef:") != strlen(line))
			fail(EXIT_DATA, "%s: \"%.80s\" is not a digest of a journal", name, line);
		put_format(&array, "%s%s", count++ > 0 ? "," : "", line);
	}
	put_string(&array, "}");
	if (count == 0 || strlen(array.data) != array.len)
		fail(EXIT_DATA, "%s: there are no digests in the file", name);
	close_input(input);
	termPQExpBuffer(&content);
	return array.data;
}

static void
keep_digests(const char *name)
{
	open_output(name);
	copy_out("COPY (SELECT digest FROM journal_digest()) TO STDOUT");
	close_output();
}

static int
report_faults(const PGresult *result)
{
	int faults = PQntuples(result);

	if (json_messages)
		print_result(result);
	for (int i = 0; i < faults && !json_messages; i++)
		pg_log_error("school %s, entry %s: %s", PQgetvalue(result, i, 0), PQgetvalue(result, i, 1),
					 PQgetvalue(result, i, 2));
	if (faults == 0 && !options.quiet && !json_messages)
		printf("the journal is whole\n");
	return faults == 0 ? EXIT_DONE : EXIT_DATA;
}

int
command_verify(void)
{
	const char *values[1] = {"{}"};
	PGresult *result;
	int status;

	if (options.name_count > 1)
		fail_usage("unexpected argument \"%s\"", options.names[1]);
	if (options.legal_file != NULL)
		return verify_legal_file();
	if (options.compare)
		fail_usage("--compare needs --legal-file");
	if (options.keep_digest && options.digest_file == NULL)
		fail_usage("--keep needs --digest-file");
	if (options.digest_file != NULL && !options.keep_digest)
		values[0] = read_digests(options.digest_file);
	connect_register();
	open_output(NULL);
	result = run("SELECT school_urn, entry_id, problem FROM verify_journal($1)", 1, values);
	status = report_faults(result);
	PQclear(result);
	if (options.keep_digest && status == EXIT_DONE)
		keep_digests(options.digest_file);
	return status;
}
