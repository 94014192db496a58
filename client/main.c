/*
 * main.c
 *		pg_attendance: data into and out of registers of attendance.
 */
#include "commands.h"

#include <locale.h>

static const struct
{
	const char *name;
	int (*run)(void);
} commands[] = {
	{"load", command_load},
	{"export", command_export},
	{"verify", command_verify},
	{"report", command_report},
};

static int
run_command_line(void)
{
	if (options.version)
		puts(PROGRAM " (attendance) " ATTENDANCE_VERSION);
	else if (options.help)
		print_help();
	if (options.version || options.help)
		return EXIT_DONE;
	check_command_options();
	if (options.name_count == 0)
		fail_usage("no command is given");
	for (size_t i = 0; i < lengthof(commands); i++)
	{
		if (strcmp(options.names[0], commands[i].name) == 0)
			return commands[i].run();
	}
	fail_usage("unknown command \"%s\"", options.names[0]);
}

int
main(int argc, char **argv)
{
	int status;

	pg_logging_init(argv[0]);
	pg_logging_set_pre_callback(end_progress);
	setlocale(LC_CTYPE, "");
	catch_signals();
	read_options(argc, argv);
	if (options.quiet)
		pg_logging_set_level(PG_LOG_ERROR);
	status = run_command_line();
	PQfinish(conn);
	flush_standard_output();
	return status;
}
