/*
 * load_table.c
 *		pg_attendance load pupils, contacts, calendar, characteristics.
 *
 * The files are copied as text into a temporary table; its rows go into the register by one
 * statement for each table.  Rows that the register has already are left out, if they are the same.
 */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

/* ---------- rows that are refused ---------- */

/* The column whose value the message quotes. */
static int
quoted_column(const TableFile *file, const char *problem)
{
	for (int i = 0; i < file->load->count; i++)
	{
		Text value = trim(csv_field(&file->csv, file->place[i]));
		Buffer quoted = {0};
		bool found;

		put_format(&quoted, "\"%.*s\"", (int) (value.length < 200 ? value.length : 200),
				   value.data);
		found = value.length > 0 && strstr(problem, quoted.data) != NULL;
		free(quoted.data);
		if (found)
			return i;
	}
	return -1;
}

static const char *
type_of(const TableLoad *load, const char *name)
{
	for (int t = 0; load->set->tables[t] != NULL; t++)
	{
		for (const TableColumn *column = load->set->tables[t]->columns; column->name; column++)
		{
			if (strcmp(column->name, name) == 0)
				return column->type;
		}
	}
	return strcmp(name, "upn") == 0 ? "upn" : "text";
}

/* The one column with a value of the domain that the message names. */
static int
domain_column(const TableFile *file, const char *problem)
{
	int found = -1;

	for (int i = 0; i < file->load->count; i++)
	{
		Buffer domain = {0};
		bool meant;

		put_format(&domain, "domain %s ", type_of(file->load, file->load->names[i]));
		meant = strstr(problem, domain.data) != NULL &&
				trim(csv_field(&file->csv, file->place[i])).length > 0;
		free(domain.data);
		if (meant && found >= 0)
			return -1;
		found = meant ? i : found;
	}
	return found;
}

static void
report_row(TableLoad *load, TableFile *file, const char *problem)
{
	Load place = {.input = file->input};
	Row row;
	int column = quoted_column(file, problem);

	if (column < 0)
		column = domain_column(file, problem);
	begin_row(&row);
	row.number = file->csv.line;
	report_problem(&place, &row, column < 0 ? NULL : load->names[column],
				   column < 0 ? text_of("") : csv_field(&file->csv, file->place[column]), problem);
}

/* Reads the files again, and says or writes where the refused rows stand. */
static void
show_refused(TableLoad *load)
{
	PGresult *refused =
		run("SELECT place, min(problem) FROM pg_temp.attendance_refused GROUP BY 1 ORDER BY 1", 0,
			NULL);
	int64_t row = 0;
	int next = 0;

	load->rejected += PQntuples(refused);
	for (int i = 0; load->inputs[i] != NULL && next < PQntuples(refused); i++)
	{
		TableFile file = {.again = true};

		rewind_input(load->inputs[i]);
		start_file(load, &file, load->inputs[i]);
		while (next < PQntuples(refused) && next_record(&file))
		{
			if (++row != atoll(PQgetvalue(refused, next, 0)))
				continue;
			if (options.reject == NULL)
				report_row(load, &file, PQgetvalue(refused, next, 1));
			write_table_reject(load, &file, PQgetvalue(refused, next++, 1));
		}
		end_file(&file);
	}
	PQclear(refused);
}

/* Without --reject, the first is the last. */
static void
refuse_row(void *context, int64_t place, const char *problem)
{
	TableLoad *load = context;
	char number[32];
	const char *values[2] = {number, problem};

	snprintf(number, sizeof(number), "%lld", (long long) place);
	PQclear(run("INSERT INTO pg_temp.attendance_refused VALUES ($1, $2)", 2, values));
	PQclear(run("DELETE FROM pg_temp.attendance_stage WHERE place = $1", 1, values));
	if (options.reject == NULL)
		show_refused(load);
}

/* A query's rows: place and problem. */
static void
refuse_found(TableLoad *load, const char *sql)
{
	Buffer insert = {0};

	put_format(&insert, "INSERT INTO pg_temp.attendance_refused %s", sql);
	run_range(insert.data, 1, load->rows + 1, refuse_row, load);
	run_command("DELETE FROM pg_temp.attendance_stage s USING pg_temp.attendance_refused r"
				" WHERE r.place = s.place");
	if (options.reject == NULL)
		show_refused(load);
	free(insert.data);
}

/* ---------- into the register ---------- */

static void
put_value(Buffer *sql, const TableColumn *column, const char *alias)
{
	if (column->otherwise != NULL)
		put_format(sql, "coalesce(%s.%s::%s, %s)", alias, column->name, column->type,
				   column->otherwise);
	else
		put_format(sql, "%s.%s::%s", alias, column->name, column->type);
}

/* Whether a row of the table is that of a staged row. */
static void
put_key(Buffer *sql, const Table *table)
{
	bool first = true;

	if (strcmp(table->name, "pupil") == 0)
	{
		put_string(sql, "(x.upn::text = s.upn OR x.pupil_id = s.pupil_id::bigint)");
		return;
	}
	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		if (!column->key)
			continue;
		put_format(sql, "%sx.%s = s.%s::%s", first ? "" : " AND ", column->name, column->name,
				   column->type);
		first = false;
	}
}

/* A row stands for all staged rows with its key. */
static void
put_first_of_key(Buffer *sql, const Table *table)
{
	put_string(sql,
			   " AND NOT EXISTS (SELECT FROM pg_temp.attendance_stage b WHERE b.place < s.place");
	if (strcmp(table->name, "pupil") == 0)
		put_string(sql, " AND coalesce(b.upn, b.pupil_id) = coalesce(s.upn, s.pupil_id)");
	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		if (column->key)
			put_format(sql, " AND b.%s = s.%s", column->name, column->name);
	}
	put_string(sql, ")");
}

static bool
is_staged(const Table *table, const TableColumn *column)
{
	bool staged;
	char *count;

	/* numbers of pupils are the register's own unless the file gives them */
	if (strcmp(table->name, "pupil") != 0 || strcmp(column->name, "pupil_id") != 0)
		return true;
	count = query_value("SELECT count(pupil_id) FROM pg_temp.attendance_stage", 0, NULL);
	staged = strcmp(count, "0") != 0;
	free(count);
	return staged;
}

static void
insert_rows(TableLoad *load, const Table *table)
{
	Buffer columns = {0}, values = {0}, sql = {0};

	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		if (!is_staged(table, column))
			continue;
		put_format(&columns, "%s%s", columns.length > 0 ? ", " : "", column->name);
		put_string(&values, values.length > 0 ? ", " : "");
		put_value(&values, column, "s");
	}
	put_format(&sql,
			   "INSERT INTO %s (%s) SELECT %s FROM pg_temp.attendance_stage s"
			   " WHERE s.place >= $1 AND s.place < $2 AND NOT EXISTS (SELECT FROM %s x WHERE ",
			   table->name, columns.data, values.data, table->name);
	put_key(&sql, table);
	put_string(&sql, ")");
	put_first_of_key(&sql, table);
	put_string(&sql, " ORDER BY s.place");
	run_range(sql.data, 1, load->rows + 1, refuse_row, load);
	free(columns.data);
	free(values.data);
	free(sql.data);
}

/* The register's own numbers go on after those that the file gave. */
static void
move_sequence(const Table *table)
{
	if (strcmp(table->name, "pupil") == 0 && is_staged(table, table->columns))
		run_command("SELECT setval(pg_get_serial_sequence('pupil', 'pupil_id'), m.id) FROM"
					" (SELECT max(pupil_id) AS id FROM pupil) AS m"
					" WHERE m.id > (SELECT coalesce(s.last_value, 0) FROM pg_catalog.pg_sequences s"
					"  WHERE pg_catalog.format('%I.%I', s.schemaname, s.sequencename)"
					"   = pg_get_serial_sequence('pupil', 'pupil_id'))");
}

/* What the register has otherwise is not changed here, as a change is signed. */
static void
refuse_different(TableLoad *load, const Table *table)
{
	Buffer sql = {0};

	put_string(&sql,
			   "SELECT place, 'the register has another ' || what || ': change it by UPDATE, with"
			   " entered_by, title and reason' FROM (SELECT s.place, CASE");
	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		if (column->key || strcmp(column->name, "pupil_id") == 0)
			continue;
		put_format(
			&sql, " WHEN s.%s IS NOT NULL AND x.%s::text IS DISTINCT FROM s.%s::%s::text THEN '%s'",
			column->name, column->name, column->name, column->type, column->name);
	}
	put_format(&sql, " END AS what FROM pg_temp.attendance_stage s JOIN %s x ON ", table->name);
	put_key(&sql, table);
	put_string(&sql, " WHERE s.place >= $1 AND s.place < $2) AS d WHERE what IS NOT NULL");
	refuse_found(load, sql.data);
	free(sql.data);
}

static void
find_pupils(TableLoad *load)
{
	run_command("UPDATE pg_temp.attendance_stage s SET pupil_id = p.pupil_id::text FROM pupil p"
				" WHERE s.pupil_id IS NULL AND p.upn::text = s.upn");
	refuse_found(
		load,
		"SELECT s.place, 'the register has no such pupil \"' || coalesce(s.upn, s.pupil_id, '') || '\"'"
		" FROM pg_temp.attendance_stage s WHERE NOT EXISTS (SELECT FROM pupil p"
		" WHERE p.pupil_id::text = s.pupil_id) AND s.place >= $1 AND s.place < $2");
}

static void
fill_table(TableLoad *load, const Table *table)
{
	Buffer sql = {0};
	char *given;

	put_format(&sql, "SELECT count(%s) FROM pg_temp.attendance_stage", table->needed);
	given = query_value(sql.data, 0, NULL);
	if (strcmp(given, "0") != 0)
	{
		if (table->of_pupils)
			find_pupils(load);
		insert_rows(load, table);
		move_sequence(table);
		refuse_different(load, table);
	}
	free(given);
	free(sql.data);
}

static void
open_table_rejects(TableLoad *load)
{
	Buffer head = {0};

	if (options.reject == NULL)
		return;
	open_file(&load->rejects, options.reject);
	put_string(&head, "file,place,problem");
	for (int i = 0; i < load->count; i++)
		put_format(&head, ",%s", load->names[i]);
	put_string(&head, "\r\n");
	write_file(&load->rejects, head.data, head.length);
	free(head.data);
}

/* Returns their bytes, or -1 if that is not known. */
static int64_t
open_files(TableLoad *load)
{
	static char *standard_input[] = {"-", NULL};
	char **files = options.name_count > 2 ? options.names + 2 : standard_input;
	int count = 0;
	int64_t size = 0;

	while (files[count] != NULL)
		count++;
	load->inputs = allocate((count + 1) * sizeof(Input *));
	load->bare = allocate(count * sizeof(bool));
	for (int i = 0; i < count; i++)
	{
		load->inputs[i] = open_input(files[i]);
		if (size >= 0)
			size = input_size(load->inputs[i]) < 0 ? -1 : size + input_size(load->inputs[i]);
	}
	load->inputs[count] = NULL;
	return size;
}

static void
fill_tables(TableLoad *load)
{
	run_command(
		"CREATE TEMPORARY TABLE attendance_refused (place bigint, problem text) ON COMMIT DROP");
	run_command("CREATE INDEX ON pg_temp.attendance_stage (place)");
	run_command("CREATE INDEX ON pg_temp.attendance_stage (upn)");
	run_command("CREATE INDEX ON pg_temp.attendance_stage (pupil_id)");
	run_command("ANALYZE pg_temp.attendance_stage");
	for (int i = 0; load->set->tables[i] != NULL; i++)
		fill_table(load, load->set->tables[i]);
	if (options.reject != NULL)
		show_refused(load);
}

static void
say_loaded(const TableLoad *load)
{
	end_progress();
	if (options.json)
		printf("{\"status\": \"%s\", \"rows\": %lld, \"rejected\": %lld%s}\n",
			   options.dry_run ? "dry run" : "loaded", (long long) (load->rows + load->malformed),
			   (long long) load->rejected, json_warnings());
	else if (!options.quiet)
		printf("%s %lld rows, %lld set aside\n", options.dry_run ? "would load" : "loaded",
			   (long long) (load->rows + load->malformed - load->rejected),
			   (long long) load->rejected);
}

int
load_tables(const TableSet *set)
{
	TableLoad load = {.set = set};
	int64_t size;

	collect_columns(&load);
	check_reject_file(options.reject);
	size = open_files(&load);
	connect_register();
	run_command("BEGIN");
	run_command(options.date_style == DATE_AMERICAN ? "SET LOCAL datestyle = 'ISO, MDY'"
													: "SET LOCAL datestyle = 'ISO, DMY'");
	open_table_rejects(&load);
	start_progress(set->what, size);
	stage_files(&load);
	fill_tables(&load);
	if (options.reject != NULL)
		sync_file(&load.rejects);
	finish_transaction();
	if (options.reject != NULL)
		keep_file(&load.rejects);
	say_loaded(&load);
	return load.rejected > 0 ? EXIT_REJECTS : EXIT_DONE;
}
