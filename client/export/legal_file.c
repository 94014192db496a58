/*
 * legal_file.c
 *		pg_attendance export legal-file, and verify --legal-file: what a court is shown of a penalty
 *		notice, in lines of JSON, and the digests in it, for which no database is needed.
 *
 * The register makes the lines (legal_file_line()).  A line with a digest is that of all lines above
 * it, with their line feeds: one after what was entered by the issue, and one at the end.
 */
#include "export/export.h"
#include "read/read.h"

#define FIRST_LINE "{\"legal_file\" : 1, \"notice\" : "
#define AT_ISSUE "{\"digest\" : \"at issue\", \"sha256\" : \""
#define WHOLE "{\"digest\" : \"whole\", \"sha256\" : \""
#define END "\"}"

int
export_legal_file(void)
{
	Buffer sql = {0};
	long long lines;

	if (options.notice == NULL)
		fail_usage("export legal-file needs --notice, a notice_id");
	record_reading_of_notice(options.notice);
	/* with bytes that JSON text does not have as separator and quote, COPY writes it as it is */
	put_format(&sql,
			   "COPY (SELECT l.line FROM legal_file_line(%s) AS l (line)) TO STDOUT"
			   " (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02', ENCODING 'UTF8')",
			   options.notice);
	open_output(options.output);
	lines = copy_out(sql.data);
	close_output();
	say_written("lines", lines);
	termPQExpBuffer(&sql);
	return EXIT_DONE;
}

typedef struct LegalFile
{
	char *notice, *at_issue, *whole;
} LegalFile;

static bool
begins_with(const char *line, size_t length, const char *words)
{
	return length >= strlen(words) && memcmp(line, words, strlen(words)) == 0;
}

/* The digest that a line states, if it is that of the bytes above it. */
static char *
check_digest(const char *content, const char *line, size_t length, const char *words)
{
	char *digest = digest_of(content, line - content);
	Buffer wanted = {0};

	put_format(&wanted, "%s%s" END, words, digest);
	if (wanted.len != length || memcmp(wanted.data, line, length) != 0)
		fail_detail(EXIT_DATA,
					"the file was altered: a digest in it is not that of the lines above it",
					wanted.data);
	termPQExpBuffer(&wanted);
	return digest;
}

static LegalFile
read_legal_file(const char *name)
{
	Input *input = open_input(name);
	Buffer content = {0};
	LegalFile file = {0};
	const char *line, *end;

	read_whole(input, &content);
	if (!begins_with(content.data, content.len, FIRST_LINE))
		fail(EXIT_DATA, "\"%s\" is not a legal file", name);
	file.notice = copy_text((Text){content.data + strlen(FIRST_LINE),
								   strspn(content.data + strlen(FIRST_LINE), "0123456789")});
	for (line = content.data; line < content.data + content.len && file.whole == NULL;
		 line = end + 1)
	{
		size_t left = content.data + content.len - line;

		end = memchr(line, '\n', left);
		if (end == NULL)
			break;
		if (begins_with(line, left, AT_ISSUE) && file.at_issue == NULL)
			file.at_issue = check_digest(content.data, line, end - line, AT_ISSUE);
		else if (begins_with(line, left, WHOLE))
			file.whole = check_digest(content.data, line, end - line, WHOLE);
	}
	if (file.at_issue == NULL || file.whole == NULL || line != content.data + content.len)
		fail(EXIT_DATA, "the file was altered: it does not end with its digests");
	close_input(input);
	termPQExpBuffer(&content);
	return file;
}

/* Which says more later on, but not another thing of what was entered by the issue. */
static void
compare_digests(const LegalFile *file)
{
	PGresult *result;

	connect_register();
	result = run("SELECT at_issue, whole FROM legal_file_digest($1)", 1,
				 (const char *const[]){file->notice});
	if (strcmp(PQgetvalue(result, 0, 0), file->at_issue) != 0)
		fail_detail(EXIT_DATA, "the register says something else of what was entered by the issue",
					PQgetvalue(result, 0, 0));
	if (strcmp(PQgetvalue(result, 0, 1), file->whole) != 0)
		say_warning("something was entered since the file was written");
	PQclear(result);
}

static void
say_verified(const LegalFile *file)
{
	if (json_messages)
		printf(
			"{\"status\": \"verified\", \"notice\": %s, \"at_issue\": \"%s\", \"whole\": \"%s\"%s}\n",
			file->notice, file->at_issue, file->whole, json_warnings());
	else if (!options.quiet)
		printf(
			"the legal file of notice %s is as it was written\nSHA-256 at issue %s\nSHA-256 whole    %s\n",
			file->notice, file->at_issue, file->whole);
}

int
verify_legal_file(void)
{
	LegalFile file;

	if (options.digest_file != NULL || options.keep_digest)
		fail_usage("--legal-file does not go with --digest-file and --keep");
	file = read_legal_file(options.legal_file);
	if (options.compare)
		compare_digests(&file);
	say_verified(&file);
	return EXIT_DONE;
}
