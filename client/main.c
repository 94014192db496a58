/*
 * main.c
 *		pg_attendance: data into and out of registers of attendance.
 */
#include "client.h"

#include <locale.h>
#include <string.h>

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

int
main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "");
	catch_signals();
	read_options(argc, argv);
	if (options.name_count == 0)
		fail_usage("no command is given");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
	{
		if (strcmp(options.names[0], commands[i].name) == 0)
		{
			int status = commands[i].run();

			PQfinish(conn);
			flush_standard_output();
			return status;
		}
	}
	fail_usage("unknown command \"%s\"", options.names[0]);
}
