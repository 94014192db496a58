/*
 * load.c
 *		pg_attendance load pupils, contacts, calendar, characteristics.
 *
 * The files are copied as text into a temporary table; its rows go into the register by one
 * statement for each table.  Rows that the register has already are left out, if they are the same.
 */
#include "tables/tables.h"

#include <stdlib.h>
#include <string.h>

enum
{
	REFUSED_PLACE,
	REFUSED_PROBLEM,
	REFUSED_COLUMN,
	REFUSED_DOMAIN
};

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

/* The one column with a value of the domain. */
static int
domain_column(const TableFile *file, const char *domain)
{
	int found = -1;

	for (int i = 0; i < file->load->count; i++)
	{
		if (strcmp(file->load->columns[i]->type, domain) != 0 || file->values[i].length == 0)
			continue;
		if (found >= 0)
			return -1;
		found = i;
	}
	return found;
}

/* Of several columns, the last that has a value. */
static int
named_column(const TableFile *file, const char *names)
{
	int found = -1;

	for (int i = 0; i < file->load->count; i++)
	{
		if (!has_word(names, file->load->columns[i]->name))
			continue;
		if (found < 0 || file->values[i].length > 0)
			found = i;
	}
	return found;
}

/* That the register names, or else the one that the problem is found in. */
static int
refused_column(const TableFile *file, const PGresult *refused, int row)
{
	int column = named_column(file, PQgetvalue(refused, row, REFUSED_COLUMN));

	if (column < 0 && !PQgetisnull(refused, row, REFUSED_DOMAIN))
		column = domain_column(file, PQgetvalue(refused, row, REFUSED_DOMAIN));
	return column >= 0 ? column : quoted_column(file, PQgetvalue(refused, row, REFUSED_PROBLEM));
}

/* Reads the files again, and says or writes where the refused rows stand. */
static void
show_refused(TableLoad *load)
{
	PGresult *refused = run(
		"SELECT DISTINCT ON (place) place, problem, \"column\", domain FROM pg_temp.attendance_refused"
		" ORDER BY place, problem",
		0, NULL);
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
			if (++row != atoll(PQgetvalue(refused, next, REFUSED_PLACE)))
				continue;
			refuse_table_row(&file, refused_column(&file, refused, next),
							 PQgetvalue(refused, next, REFUSED_PROBLEM));
			next++;
		}
		end_file(&file);
	}
	PQclear(refused);
}

/* Without --reject, the first is the last. */
void
refuse_staged_row(void *context, int64_t place, const Refusal *refusal)
{
	TableLoad *load = context;
	char number[32];
	const char *values[4] = {number, refusal->problem.data, refusal->column, refusal->domain};

	snprintf(number, sizeof(number), "%lld", (long long) place);
	PQclear(run("INSERT INTO pg_temp.attendance_refused VALUES ($1, $2, $3, $4)", 4, values));
	PQclear(run("DELETE FROM pg_temp.attendance_stage WHERE place = $1", 1, values));
	load->detail = refusal->detail;
	load->hint = refusal->hint;
	if (options.reject == NULL)
		show_refused(load);
}

/* A query's rows: place, problem and column. */
void
refuse_found(TableLoad *load, const char *sql)
{
	Buffer insert = {0};

	put_format(&insert, "INSERT INTO pg_temp.attendance_refused (place, problem, \"column\") %s",
			   sql);
	if (run_range(insert.data, 1, load->rows + 1, refuse_staged_row, load) > 0)
	{
		run_command("DELETE FROM pg_temp.attendance_stage s USING pg_temp.attendance_refused r"
					" WHERE r.place = s.place");
		if (options.reject == NULL)
			show_refused(load);
	}
	free(insert.data);
}

/* ---------- the files ---------- */

static void
open_table_rejects(TableLoad *load)
{
	Buffer head = {0};

	if (options.reject == NULL)
		return;
	open_file(&load->rejects, options.reject);
	put_string(&head, "file,place,column,value,problem");
	for (int i = 0; i < load->count; i++)
		put_format(&head, ",%s", load->columns[i]->name);
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
		"CREATE TEMPORARY TABLE attendance_refused (place bigint, problem text, \"column\" text,"
		" domain text) ON COMMIT DROP");
	run_command("CREATE INDEX ON pg_temp.attendance_stage (place)");
	if (find_name(load, "pupil_id") >= 0)
	{
		run_command("CREATE INDEX ON pg_temp.attendance_stage (upn)");
		run_command("CREATE INDEX ON pg_temp.attendance_stage (coalesce(pupil_id, person))");
		run_command("ANALYZE pg_temp.attendance_stage");
		find_pupils(load);
	}
	run_command("ANALYZE pg_temp.attendance_stage");
	for (int i = 0; load->set->tables[i] != NULL; i++)
		fill_table(load, load->set->tables[i]);
	if (options.reject != NULL)
		show_refused(load);
}

/* What is new of each table. */
static void
put_added(const TableLoad *load, Buffer *line)
{
	for (int t = 0; load->set->tables[t] != NULL; t++)
	{
		if (options.json)
			put_format(line, "%s\"%s\": %lld", t > 0 ? ", " : "", load->set->tables[t]->name,
					   (long long) load->added[t]);
		else
			put_format(line, "%s%lld %s", t > 0 ? ", " : "", (long long) load->added[t],
					   load->set->tables[t]->name);
	}
}

static void
say_loaded(const TableLoad *load)
{
	long long read = load->rows + load->malformed;
	Buffer added = {0};

	end_progress();
	put_added(load, &added);
	if (load->nothing > 0)
		say_warning(
			"%lld rows say that a pupil does not have a characteristic: no row is needed for that",
			(long long) load->nothing);
	if (options.json)
		printf("{\"status\": \"%s\", \"rows\": %lld, \"rejected\": %lld, \"new\": {%s}%s}\n",
			   options.dry_run ? "dry run" : "loaded", read, (long long) load->rejected, added.data,
			   json_warnings());
	else if (!options.quiet)
		printf("%s %lld rows, %lld set aside; new: %s\n", options.dry_run ? "would load" : "loaded",
			   read - (long long) load->rejected, (long long) load->rejected, added.data);
	free(added.data);
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
	load_lookup();
	load_choices();
	check_school();
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
	return load.rejected > 0 || left_columns_out() ? EXIT_REJECTS : EXIT_DONE;
}
