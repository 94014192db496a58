/*
 * help.c
 *		The commands, and what --help says of them.
 */
#include "commands.h"

#define HELP_COLUMN 25 /* where the words on an option begin */

static const struct
{
	const char *name;
	int command;
	const char *operands, *about;
} commands[] = {
	{"load marks", LOAD_MARKS, "[FILE]...", "Loads marks, all files as one feed."},
	{"load schools", LOAD_SCHOOLS, "[FILE]...", "Loads schools."},
	{"load pupils", LOAD_PUPILS, "[FILE]...", "Loads pupils and their enrolments."},
	{"load contacts", LOAD_CONTACTS, "[FILE]...", "Loads the contacts of pupils."},
	{"load calendar", LOAD_CALENDAR, "[FILE]...",
	 "Loads the days of schools, or their half terms."},
	{"load characteristics", LOAD_CHARACTERISTICS, "[FILE]...",
	 "Loads the characteristics of pupils."},
	{"load benchmarks", LOAD_BENCHMARKS, "FILE...", "Loads published figures."},
	{"export marks", EXPORT_MARKS, "", "Writes marks as long CSV."},
	{"export ees", EXPORT_EES, "",
	 "Writes a series as Explore education statistics has it, and its meta file."},
	{"export census", EXPORT_CENSUS, "", "Writes the attendance of the school census."},
	{"export ctf", EXPORT_CTF, "", "Writes a Common Transfer File with attendance."},
	{"export return", EXPORT_RETURN, "attendance|sickness|new-pupil|deletion",
	 "Writes the returns to the authority that are due."},
	{"export backup", EXPORT_BACKUP, "",
	 "Writes all tables, and records the copy with its digest."},
	{"export pupil", EXPORT_PUPIL, "", "Writes all that the register has about a pupil."},
	{"export legal-file", EXPORT_LEGAL_FILE, "",
	 "Writes what a court is shown of a penalty notice, with its digests."},
	{"verify", VERIFY, "", "Verifies the journal, or a legal file."},
	{"report", REPORT, "[NAME [ARGUMENT=VALUE]...]",
	 "Runs a report, writes a page, or lists those that there are."},
};

/* "load" names all commands that begin with it, "load marks" one. */
static bool
is_named(size_t command)
{
	const char *name = commands[command].name;

	for (int i = 0; i < 2 && i < options.name_count && *name != '\0'; i++)
	{
		size_t length = strcspn(name, " ");

		if (strlen(options.names[i]) != length || memcmp(name, options.names[i], length) != 0)
			return false;
		name += length + strspn(name + length, " ");
	}
	return true;
}

/* Of a command that is named as a whole: "load" alone is none. */
void
check_command_options(void)
{
	for (size_t c = 0; c < lengthof(commands); c++)
	{
		bool whole = options.name_count > (strchr(commands[c].name, ' ') != NULL);

		if (whole && is_named(c))
			check_options(commands[c].command, commands[c].name);
	}
}

static void
print_usage(void)
{
	int count = 0;
	const char *about = NULL;

	for (size_t c = 0; c < lengthof(commands); c++)
	{
		count += is_named(c);
		about = is_named(c) ? commands[c].about : about;
	}
	puts(count == 1 ? about
					: PROGRAM " gets attendance data into and out of a register in PostgreSQL.");
	puts("\nUsage:");
	for (size_t c = 0; c < lengthof(commands); c++)
	{
		if (is_named(c))
			printf("  " PROGRAM " %s [OPTION]...%s%s\n", commands[c].name,
				   *commands[c].operands == '\0' ? "" : " ", commands[c].operands);
	}
}

static void
print_option(const Option *option)
{
	char left[64];
	const char *argument = option->argument;

	if (option->letter != 0)
		snprintf(left, sizeof(left), "  -%c, --%s", option->letter, option->name);
	else
		snprintf(left, sizeof(left), "      --%s", option->name);
	if (argument != NULL)
		snprintf(left + strlen(left), sizeof(left) - strlen(left), "=%s", argument);
	if (strlen(left) < HELP_COLUMN)
		printf("%-*s%s\n", HELP_COLUMN, left, option->help);
	else
		printf("%s\n%*s%s\n", left, HELP_COLUMN, "", option->help);
}

static void
print_options(const char *title, int taken_by)
{
	printf("\n%s:\n", title);
	for (int i = 0; i < option_count; i++)
	{
		if ((option_table[i].commands & taken_by) != 0)
			print_option(&option_table[i]);
	}
}

static void
print_column(const char *name, bool first)
{
	printf("%s%s", first ? "" : "; ", name);
	if (words_for(name) != NULL)
		printf(" (%s)", words_for(name));
	if (strcmp(name, "school_urn") == 0)
		fputs(", or --school", stdout);
}

/* Of load, if one thing to load is named: the columns that a file must have. */
static void
print_required(const TableSet *set)
{
	puts("\nColumns that a file must have:");
	for (int t = 0; set->tables[t] != NULL; t++)
	{
		const Table *table = set->tables[t];

		printf("  %s: ", table->name);
		print_column(table->needed, true);
		for (const TableColumn *column = table->columns; column->name != NULL; column++)
		{
			if (has_word(table->required, column->name))
				print_column(column->name, false);
		}
		puts(table->of_pupils ? "; and upn or pupil_id (or the names and the date of birth)" : "");
	}
	if (set->tables[1] != NULL)
		puts("A file may be of one of these tables alone, without columns of the other.");
}

/* Of the commands that are named, or of all. */
void
print_help(void)
{
	int named = 0;

	for (size_t c = 0; c < lengthof(commands); c++)
		named |= is_named(c) ? commands[c].command : 0;
	if (named == 0)
		fail_usage("unknown command \"%s%s%s\"", options.names[0],
				   options.name_count > 1 ? " " : "",
				   options.name_count > 1 ? options.names[1] : "");
	print_usage();
	for (const TableSet *set = table_sets; set->what != NULL; set++)
	{
		if (options.name_count > 1 && strcmp(options.names[0], "load") == 0 &&
			strcmp(options.names[1], set->what) == 0)
			print_required(set);
	}
	print_options("Options", named);
	print_options("General options", GENERAL);
	print_options("Connection options", CONNECTION);
	puts(
		"\nExit status: 0 done, 1 usage, files or rights, 2 no connection, 3 the data are at fault and\n"
		"nothing was changed, 4 done, but rows were set aside, or something was left out.");
}
