/*
 * load_benchmarks.c
 *		pg_attendance load benchmarks: published files, which the register reads itself.
 */
#include "commands.h"

static long long figures = 0, rejected = 0;
static OutFile rejects;

static const char *const import_sql =
	"SELECT file_id, array_to_string(problems, E'\\n'), figures, left_out,"
	" array_to_string(unknown_columns, E'\\n'), array_to_string(unknown_codes, ', '), set_aside_rows"
	" FROM import_benchmark($1::bytea, $2, $3, $4::daterange, $5::boolean)";

enum
{
	IMPORT_FILE,
	IMPORT_PROBLEMS,
	IMPORT_FIGURES,
	IMPORT_LEFT_OUT,
	IMPORT_COLUMNS,
	IMPORT_CODES,
	IMPORT_SET_ASIDE
};

/* Each with its problem and the fields of its row; the header is that of the file. */
static const char *const rejects_sql =
	"SELECT csv_line(ARRAY[$4, 'line ' || c.line, NULL, NULL, r.problem] || c.fields)"
	" FROM benchmark_read(file_text($1::bytea), $2, $3::daterange) r"
	" JOIN csv_rows(file_text($1::bytea)) c ON c.line = r.line WHERE r.problem IS NOT NULL ORDER BY c.line";

/* Columns that the register does not know, but for those that are meant to be left out. */
static void
name_unknown_columns(const char *file, const char *columns)
{
	static const char set_aside[] = "file\nplace\ncolumn\nvalue\nproblem";
	Buffer names = {0};

	/* what --reject has put before the row */
	if (strncmp(columns, set_aside, sizeof(set_aside) - 1) == 0)
		columns += sizeof(set_aside) - 1;
	columns += *columns == '\n';
	while (*columns != '\0')
	{
		Text name = {columns, strcspn(columns, "\n")};
		char *copy = copy_text(name);

		if (!is_to_be_ignored(copy))
			put_format(&names, "%s\"%s\"", names.len > 0 ? ", " : "", printable(name));
		free(copy);
		columns += name.length + (columns[name.length] == '\n');
	}
	if (names.len > 0)
		say_left_out("%s: not used: %s; --ignore names columns that are meant to be left out", file,
					 names.data);
	termPQExpBuffer(&names);
}

static void
name_left_out(const char *file, const PGresult *result)
{
	name_unknown_columns(file, PQgetvalue(result, 0, IMPORT_COLUMNS));
	if (atoll(PQgetvalue(result, 0, IMPORT_LEFT_OUT)) > 0)
		say_left_out("%s: %s rows are left out, as their phase or level is not kept", file,
					 PQgetvalue(result, 0, IMPORT_LEFT_OUT));
	if (*PQgetvalue(result, 0, IMPORT_CODES) != '\0')
		say_left_out("%s: the register does not know: %s", file,
					 PQgetvalue(result, 0, IMPORT_CODES));
}

/* The register says what is wrong; that a file is there already is no fault. */
static void
check_import(const char *file, const PGresult *result)
{
	const char *problems = PQgetvalue(result, 0, IMPORT_PROBLEMS);
	size_t length = strcspn(problems, "\n");
	Buffer message = {0};

	if (!PQgetisnull(result, 0, IMPORT_FILE))
	{
		figures += atoll(PQgetvalue(result, 0, IMPORT_FIGURES));
		name_left_out(file, result);
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
		if (text->len > MAX_WHOLE)
			fail(EXIT_DATA, "%s: the file is too large, more than 250 MB", input_name(input));
	}
	end_csv(&csv);
}

/* The rows that were set aside, below the header that they had. */
static void
write_benchmark_rejects(const Buffer *content, const char *file)
{
	const Oid types[4] = {17, 25, 0, 25};
	const int formats[4] = {1, 0, 0, 0}, lengths[4] = {(int) content->len, 0, 0, 0};
	const char *values[4] = {content->data, options.series, options.days, file};
	PGresult *result = PQexecParams(conn, rejects_sql, 4, types, values, lengths, formats, 0);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_query(conn, result);
	if (rejected == 0)
	{
		write_file(&rejects, "file,place,column,value,problem,", 32);
		write_file(&rejects, content->data, strcspn(content->data, "\n"));
		write_file(&rejects, "\r\n", 2);
	}
	for (int i = 0; i < PQntuples(result); i++, rejected++)
	{
		write_file(&rejects, PQgetvalue(result, i, 0), PQgetlength(result, i, 0));
		write_file(&rejects, "\r\n", 2);
	}
	PQclear(result);
}

static void
load_benchmark(const char *name)
{
	const Oid types[5] = {17, 25, 25, 0, 0}; /* bytea, text, text */
	const int formats[5] = {1, 0, 0, 0, 0};
	Input *input = open_input(name);
	Buffer content = {0};
	const char *title = strrchr(name, '/') == NULL ? name : strrchr(name, '/') + 1;
	const char *values[5];
	int lengths[5] = {0};
	PGresult *result;

	read_published(input, &content);
	put_bytes(&content, "", 0);
	values[0] = content.data;
	values[1] = options.name != NULL ? options.name : title;
	values[2] = options.series;
	values[3] = options.days;
	values[4] = options.reject == NULL ? "false" : "true";
	lengths[0] = (int) content.len;
	result = PQexecParams(conn, import_sql, 5, types, values, lengths, formats, 0);
	if (is_lost(conn, result) || message_field(result, PG_DIAG_SQLSTATE)[0] == '4')
		fail_query(conn, result);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail(EXIT_DATA, "%s: %s", input_name(input),
			 message_field(result, PG_DIAG_MESSAGE_PRIMARY));
	check_import(input_name(input), result);
	if (options.reject != NULL && atoll(PQgetvalue(result, 0, IMPORT_SET_ASIDE)) > 0)
		write_benchmark_rejects(&content, input_name(input));
	PQclear(result);
	close_input(input);
	termPQExpBuffer(&content);
}

static void
say_imported(void)
{
	int files = options.name_count - 2;

	if (json_messages)
		printf("{\"status\": \"%s\", \"files\": %d, \"figures\": %lld, \"rejected\": %lld%s}\n",
			   options.dry_run ? "dry run" : "loaded", files, figures, rejected, json_warnings());
	else if (!options.quiet)
	{
		printf("%s %d files, %lld new figures", options.dry_run ? "would load" : "loaded", files,
			   figures);
		if (rejected > 0)
			printf(", %lld rows set aside", rejected);
		putchar('\n');
	}
}

int
load_benchmarks(void)
{
	if (options.name_count < 3)
		fail_usage("load benchmarks needs a file");
	if (options.reject != NULL && options.name_count > 3)
		fail_usage("--reject goes with one file of benchmarks");
	check_reject_file(options.reject);
	connect_register();
	run_command("BEGIN");
	if (options.reject != NULL)
		open_file(&rejects, options.reject);
	for (int i = 2; i < options.name_count; i++)
		load_benchmark(options.names[i]);
	if (options.reject != NULL)
		sync_file(&rejects);
	finish_transaction();
	if (options.reject != NULL)
		keep_file(&rejects);
	say_imported();
	return rejected > 0 || left_columns_out() ? EXIT_REJECTS : EXIT_DONE;
}
