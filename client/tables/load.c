/*
 * load.c
 *		pg_attendance load pupils, contacts, calendar, characteristics.
 *
 * The files are copied as text into a temporary table; its rows go into the register by one
 * statement for each table.  Rows that the register has already are left out, if they are the same.
 */
#include "tables/tables.h"

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
	write_file(&load->rejects, head.data, head.len);
	termPQExpBuffer(&head);
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
	if (options.take_over)
		begin_take_over("SELECT school_urn::integer, start_date::date AS first_day,"
						" greatest(start_date, end_date)::date AS last_day"
						" FROM pg_temp.attendance_stage WHERE start_date IS NOT NULL");
	for (int i = 0; load->set->tables[i] != NULL; i++)
		fill_table(load, load->set->tables[i]);
	end_take_over();
	if (options.reject != NULL)
		show_refused(load);
}

/* What is new of each table, and what is changed of the one whose facts have dates. */
static void
put_added(const TableLoad *load, Buffer *line)
{
	if (json_messages)
		put_string(line, "\"new\": {");
	else
		put_string(line, "new: ");
	for (int t = 0; load->set->tables[t] != NULL; t++)
	{
		if (json_messages)
			put_format(line, "%s\"%s\": %lld", t > 0 ? ", " : "", load->set->tables[t]->name,
					   (long long) load->added[t]);
		else
			put_format(line, "%s%lld %s", t > 0 ? ", " : "", (long long) load->added[t],
					   load->set->tables[t]->name);
	}
	if (json_messages)
		put_string(line, "}");
	for (int t = 0; load->set->tables[t] != NULL; t++)
	{
		if (load->set->tables[t]->facts == NULL)
			continue;
		if (json_messages)
			put_format(line, ", \"changed\": {\"%s\": %lld}", load->set->tables[t]->name,
					   (long long) load->changed);
		else if (load->changed > 0)
			put_format(line, "; changed: %lld %s", (long long) load->changed,
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
	if (json_messages)
		printf("{\"status\": \"%s\", \"rows\": %lld, \"rejected\": %lld, %s%s}\n",
			   options.dry_run ? "dry run" : "loaded", read, (long long) load->rejected, added.data,
			   json_warnings());
	else if (!options.quiet)
		printf("%s %lld rows, %lld set aside; %s\n", options.dry_run ? "would load" : "loaded",
			   read - (long long) load->rejected, (long long) load->rejected, added.data);
	termPQExpBuffer(&added);
}

int
load_tables(const TableSet *set)
{
	TableLoad load = {.set = set};
	int64_t size;

	check_signature();
	collect_columns(&load);
	check_reject_file(options.reject);
	load.inputs = open_inputs(&size);
	connect_register();
	load_lookup();
	load_choices();
	check_school();
	run_command("BEGIN");
	run_command(options.date_style == DATE_AMERICAN ? "SET LOCAL datestyle = 'ISO, MDY'"
													: "SET LOCAL datestyle = 'ISO, DMY'");
	open_table_rejects(&load);
	if (!options.quiet)
		start_progress(set->what, size);
	stage_files(&load);
	fill_tables(&load);
	if (options.reject != NULL)
		sync_file(&load.rejects);
	finish_transaction();
	if (options.reject != NULL)
		keep_file(&load.rejects);
	say_loaded(&load);
	close_inputs(load.inputs);
	return load.rejected > 0 || left_columns_out() ? EXIT_REJECTS : EXIT_DONE;
}
