/*
 * load.c
 *		pg_attendance load: what is loaded.
 */
#include "commands.h"

int
command_load(void)
{
	const char *what = options.name_count > 1 ? options.names[1] : "";

	if (strcmp(what, "marks") == 0)
		return load_marks();
	if (strcmp(what, "benchmarks") == 0)
		return load_benchmarks();
	for (int i = 0; table_sets[i].what != NULL; i++)
	{
		if (strcmp(what, table_sets[i].what) == 0)
			return load_tables(&table_sets[i]);
	}
	fail_usage(
		"load what? One of marks schools pupils contacts calendar characteristics benchmarks");
}
