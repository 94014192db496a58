/*
 * load.c
 *		pg_attendance load marks: the files are one feed, in one transaction.
 */
#include "marks/marks.h"

#include <time.h>

static double
seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void
say_loaded(const Load *load, double elapsed)
{
	Fed fed = fed_marks();
	long long marks = load->marks - load->refused, same = marks - fed.entered - fed.amended;

	end_progress();
	if (json_messages)
		printf(
			"{\"status\": \"%s\", \"rows\": %lld, \"marks\": %lld, \"new\": %lld, \"amended\": %lld, \"same\": %lld,"
			" \"rejected\": %lld, \"seconds\": %.1f%s}\n",
			options.dry_run ? "dry run" : "loaded", (long long) load->rows, marks, fed.entered,
			fed.amended, same, (long long) load->rejected, elapsed, json_warnings());
	else if (!options.quiet)
		printf(
			"%s %lld marks of %lld rows, %lld set aside; new: %lld, amended: %lld, the same: %lld,"
			" in %.1f s\n",
			options.dry_run ? "would load" : "loaded", marks, (long long) load->rows,
			(long long) load->rejected, fed.entered, fed.amended, same, elapsed);
}

int
load_marks(void)
{
	Load load = {.refuse = options.reject == NULL ? NULL : write_reject};
	bool staged = options.reject != NULL || options.take_over;
	double started = seconds();
	int64_t size;

	check_signature();
	check_reject_file(options.reject);
	load.inputs = open_inputs(&size);
	connect_register();
	load_lookup();
	check_school();
	run_command("BEGIN");
	listen_to_feed();
	if (staged)
		make_stage();
	if (options.reject != NULL)
		open_rejects(options.reject);
	if (!options.quiet)
		start_progress("marks", size);
	start_feed(&load, staged);
	read_files(&load);
	if (load.more != NULL)
		say_warning(
			"%s: its pagination says that another page follows; is the file one of several?",
			load.more);
	finish_feed(&load);
	if (staged)
		load_staged(&load);
	if (options.reject != NULL)
		finish_rejects();
	else
		finish_transaction();
	say_loaded(&load, seconds() - started);
	close_inputs(load.inputs);
	return load.rejected > 0 || left_columns_out() ? EXIT_REJECTS : EXIT_DONE;
}
