/*
 * backup.c
 *		The monthly back-up of registers with its record, and the complete file of a pupil.
 *
 * A line of a back-up is a JSON object: the name of a table, and one of its rows.
 */
#include "export/export.h"

/* Tables of the register with a column of the name, and what it is. */
static PGresult *
tables_with(const char *column)
{
	const char *values[2] = {options.register_name, column};

	return run("SELECT c.relname, pg_catalog.quote_ident(c.relname) FROM pg_catalog.pg_class c"
			   " WHERE c.relnamespace = pg_catalog.quote_ident($1)::pg_catalog.regnamespace"
			   " AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
			   " AND ($2::text IS NULL OR EXISTS (SELECT FROM pg_catalog.pg_attribute a"
			   "  WHERE a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped))"
			   " ORDER BY c.relname COLLATE \"C\"",
			   2, values);
}

/* Tables without the column that hang on one with it: that one, and how a row x of it is found. */
static PGresult *
tables_below(const char *column)
{
	const char *values[2] = {options.register_name, column};

	return run(
		"SELECT c.relname, pg_catalog.quote_ident(c.relname), pg_catalog.quote_ident(p.relname),"
		" (SELECT pg_catalog.string_agg(pg_catalog.format('x.%I = t.%I', b.attname, a.attname), ' AND ')"
		"  FROM ROWS FROM (pg_catalog.unnest(f.conkey), pg_catalog.unnest(f.confkey)) AS k (child, parent)"
		"  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.child"
		"  JOIN pg_catalog.pg_attribute b ON b.attrelid = p.oid AND b.attnum = k.parent)"
		" FROM pg_catalog.pg_constraint f JOIN pg_catalog.pg_class c ON c.oid = f.conrelid"
		" JOIN pg_catalog.pg_class p ON p.oid = f.confrelid"
		" WHERE f.contype = 'f' AND c.relnamespace = pg_catalog.quote_ident($1)::pg_catalog.regnamespace"
		" AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
		" AND EXISTS (SELECT FROM pg_catalog.pg_attribute a"
		"  WHERE a.attrelid = p.oid AND a.attname = $2 AND NOT a.attisdropped)"
		" AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a"
		"  WHERE a.attrelid = c.oid AND a.attname = $2 AND NOT a.attisdropped)"
		" ORDER BY c.relname COLLATE \"C\", f.conname COLLATE \"C\"",
		2, values);
}

static int
find_table(const PGresult *tables, const char *name)
{
	int i = 0;

	while (i < PQntuples(tables) && strcmp(PQgetvalue(tables, i, 0), name) != 0)
		i++;
	return i < PQntuples(tables) ? i : -1;
}

typedef struct Tables
{
	PGresult *of_schools, *below_schools, *of_pupils;
} Tables;

/* Of one school: its own rows, and those of pupils who are or were on its roll. */
static void
put_backup_condition(Buffer *sql, const char *name, const Tables *tables)
{
	int below = find_table(tables->below_schools, name);

	if (options.school == 0)
		return;
	if (strcmp(name, "school") == 0)
		put_format(sql, " WHERE t.urn = %d", options.school);
	else if (find_table(tables->of_schools, name) >= 0)
		put_format(sql, " WHERE t.school_urn = %d", options.school);
	else if (below >= 0)
		put_format(sql, " WHERE EXISTS (SELECT FROM %s x WHERE %s AND x.school_urn = %d)",
				   PQgetvalue(tables->below_schools, below, 2),
				   PQgetvalue(tables->below_schools, below, 3), options.school);
	else if (find_table(tables->of_pupils, name) >= 0)
		put_format(
			sql,
			" WHERE t.pupil_id IN (SELECT e.pupil_id FROM enrolment e WHERE e.school_urn = %d)",
			options.school);
}

/* With bytes that JSON text does not have as separator and quote, COPY writes it as it is. */
static long long
back_up_tables(void)
{
	PGresult *tables = tables_with(NULL);
	Tables by = {tables_with("school_urn"), tables_below("school_urn"), tables_with("pupil_id")};
	long long rows = 0;

	for (int i = 0; i < PQntuples(tables); i++)
	{
		Buffer sql = {0};

		put_string(&sql, "COPY (SELECT json_build_object('table', ");
		put_literal(&sql, PQgetvalue(tables, i, 0));
		put_format(&sql, ", 'row', to_json(t)) FROM %s t", PQgetvalue(tables, i, 1));
		put_backup_condition(&sql, PQgetvalue(tables, i, 0), &by);
		put_string(&sql, ") TO STDOUT (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')");
		rows += copy_out(sql.data);
		termPQExpBuffer(&sql);
	}
	PQclear(tables);
	PQclear(by.of_schools);
	PQclear(by.below_schools);
	PQclear(by.of_pupils);
	return rows;
}

static const char *const record_sql =
	"INSERT INTO backup_record (school_urn, made_at, covers_from, covers_to, medium, location, digest)"
	" SELECT $1::integer, now(), coalesce($2::date, (SELECT min(first_day(l.marks)) FROM register_line l"
	"  WHERE $1::integer IS NULL OR l.school_urn = $1::integer), today),"
	" coalesce($3::date, today), 'electronic', $4, decode($5, 'hex')"
	" FROM (SELECT (now() AT TIME ZONE 'Europe/London')::date AS today) AS t"
	" RETURNING backup_id, covers_from, covers_to, retain_until";

/* Wherever the program was started; a pipe has none. */
static char *
absolute_path(const char *name)
{
	char *path = realpath(name, NULL);

	return path != NULL ? path : pg_strdup(name);
}

static void
record_backup(long long rows)
{
	char urn[16];
	const char *values[5] = {options.school == 0 ? NULL : urn, options.from, options.to,
							 options.location, output_digest()};
	PGresult *result;
	Buffer line = {0};

	if (options.location == NULL)
		values[3] = absolute_path(options.output);
	snprintf(urn, sizeof(urn), "%d", options.school);
	result = run(record_sql, 5, values);
	if (json_messages)
	{
		put_string(&line, "{\"status\": \"written\", \"file\": ");
		put_json(&line, text_of(options.output));
		put_format(&line,
				   ", \"rows\": %lld, \"sha256\": \"%s\", \"backup_id\": %s,"
				   " \"retain_until\": \"%s\"}\n",
				   rows, output_digest(), PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 3));
		fputs(line.data, stdout);
		termPQExpBuffer(&line);
	}
	else if (!options.quiet)
		printf(
			"wrote %lld rows to \"%s\"\nSHA-256 %s\nback-up %s covers %s to %s and is kept until %s\n",
			rows, options.output, output_digest(), PQgetvalue(result, 0, 0),
			PQgetvalue(result, 0, 1), PQgetvalue(result, 0, 2), PQgetvalue(result, 0, 3));
	PQclear(result);
}

/* The file is there before its record is: a record without a copy would be a false one. */
int
export_backup(void)
{
	long long rows;

	if (is_standard_output(options.output))
		fail_usage("export backup needs --output, a file whose digest is recorded");
	run_command("BEGIN ISOLATION LEVEL REPEATABLE READ");
	open_output(options.output);
	rows = back_up_tables();
	close_output();
	if (!options.dry_run)
		record_backup(rows);
	finish_transaction();
	return EXIT_DONE;
}

/* ---------- a pupil's complete file ---------- */

static char *
find_pupil(void)
{
	char *id;

	if (options.pupil == NULL)
		fail_usage("export pupil needs --pupil, a UPN or a pupil_id");
	id = query_value("SELECT pupil_id FROM pupil WHERE upn::text = upper($1) OR pupil_id::text = $1"
					 " ORDER BY upn::text = upper($1) DESC NULLS LAST LIMIT 1",
					 1, &options.pupil);
	if (id == NULL)
		fail(EXIT_WRONG, "the register has no pupil \"%s\"", options.pupil);
	return id;
}

/* Rows t of a table or view, for which the condition holds; $1 is the pupil. */
static void
write_pupil_rows(const char *name, const char *quoted, const char *condition, const char *id)
{
	Buffer sql = {0};
	char *rows;

	put_format(&sql, "SELECT coalesce(json_agg(to_json(t)), '[]')::text FROM %s t WHERE %s", quoted,
			   condition);
	rows = query_value(sql.data, 1, (const char *const[]){id});
	empty_buffer(&sql);
	put_string(&sql, ",\n");
	put_json(&sql, text_of(name));
	put_string(&sql, ": ");
	write_output(sql.data, sql.len);
	write_string(rows);
	free(rows);
	termPQExpBuffer(&sql);
}

static int
write_pupil_tables(const char *id)
{
	PGresult *tables = tables_with("pupil_id"), *below = tables_below("pupil_id");
	int count = PQntuples(tables) + PQntuples(below);

	for (int i = 0; i < PQntuples(tables); i++)
		write_pupil_rows(PQgetvalue(tables, i, 0), PQgetvalue(tables, i, 1),
						 "t.pupil_id = $1::bigint", id);
	for (int i = 0; i < PQntuples(below); i++)
	{
		Buffer condition = {0};

		put_format(&condition, "EXISTS (SELECT FROM %s x WHERE %s AND x.pupil_id = $1::bigint)",
				   PQgetvalue(below, i, 2), PQgetvalue(below, i, 3));
		write_pupil_rows(PQgetvalue(below, i, 0), PQgetvalue(below, i, 1), condition.data, id);
		termPQExpBuffer(&condition);
	}
	PQclear(tables);
	PQclear(below);
	return count;
}

/* By their schools as well, as the journal is kept by school: else every school's would be read. */
static void
write_pupil_entries(const char *id)
{
	Buffer condition = {0};
	char *schools = query_value("SELECT coalesce(array_agg(DISTINCT e.school_urn::integer), '{}')"
								" FROM enrolment e WHERE e.pupil_id = $1::bigint",
								1, (const char *const[]){id});

	put_format(&condition, "t.school_urn = ANY ('%s'::integer[]) AND t.pupil_id = $1::bigint",
			   schools);
	write_pupil_rows("amendment", "amendment", condition.data, id);
	write_pupil_rows("breach", "breach", condition.data, id);
	write_pupil_rows("record_change", "record_change",
					 "coalesce(t.amended, t.original) ->> 'pupil_id' = $1", id);
	free(schools);
	termPQExpBuffer(&condition);
}

int
export_pupil(void)
{
	char *id = find_pupil();
	int count;

	record_reading_of_pupil(id);
	run_command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	open_output(options.output);
	write_string("{\"pupil_id\": ");
	write_string(id);
	count = write_pupil_tables(id);
	write_pupil_rows("admission_register", "admission_register", "t.pupil_id = $1::bigint", id);
	write_pupil_rows("mark", "mark", "t.pupil_id = $1::bigint", id);
	write_pupil_entries(id);
	write_string("\n}\n");
	close_output();
	run_command("COMMIT");
	say_written("tables and views", count + 5);
	free(id);
	return EXIT_DONE;
}
