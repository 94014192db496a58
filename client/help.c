/*
 * help.c
 *		The commands, the options that each takes, and what --help says of them.
 */
#include "tables/tables.h"

#include <string.h>

static const struct
{
	const char *name, *operands, *about, *options;
} commands[] = {
	{"load marks", "[FILE]...", "Loads marks, all files as one feed.",
	 "dry-run school shape delimiter date-style encoding ctf-week ignore reject entered-by title reason"},
	{"load schools", "[FILE]...", "Loads schools.",
	 "dry-run delimiter date-style encoding ignore reject"},
	{"load pupils", "[FILE]...", "Loads pupils and their enrolments.",
	 "dry-run school delimiter date-style encoding ignore reject"},
	{"load contacts", "[FILE]...", "Loads the contacts of pupils.",
	 "dry-run school delimiter date-style encoding ignore reject"},
	{"load calendar", "[FILE]...", "Loads the days of schools, or their half terms.",
	 "dry-run school delimiter date-style encoding ignore reject"},
	{"load characteristics", "[FILE]...", "Loads the characteristics of pupils.",
	 "dry-run school delimiter date-style encoding ignore reject"},
	{"load benchmarks", "FILE...", "Loads published figures.",
	 "dry-run delimiter encoding ignore reject name series days"},
	{"export marks", "", "Writes marks as long CSV.", "output school schools from to"},
	{"export ees", "", "Writes a series as Explore education statistics has it, and its meta file.",
	 "output period series level school schools no-suppress"},
	{"export census", "", "Writes the attendance of the school census.",
	 "output school from to half-term-from half-term-to"},
	{"export ctf", "", "Writes a Common Transfer File with attendance.",
	 "output school period pupil"},
	{"export return", "attendance|sickness|new-pupil|deletion",
	 "Writes the returns to the authority that are due.", "output school schools overdue"},
	{"export backup", "", "Writes all tables, and records the copy with its digest.",
	 "dry-run output school from to location"},
	{"export pupil", "", "Writes all that the register has about a pupil.", "output pupil"},
	{"verify", "", "Verifies the journal.", "digest-file keep"},
	{"report", "[NAME [ARGUMENT=VALUE]...]",
	 "Runs a report, writes a page, or lists those that there are.",
	 "list output period population school schools format"},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* What every command takes. */
static const char general[] = "register quiet json version help";
static const char connection[] = "host port username dbname no-password password";

static const struct
{
	const char *name, *text;
} texts[] = {
	{"school", "      --school=URN       one school; of load: that of rows whose file names none"},
	{"schools", "      --schools=URN,...  some schools"},
	{"shape", "      --shape=SHAPE      csv, ctf or json (default: as the file looks)"},
	{"delimiter", "      --delimiter=CHAR   , ; | or tab (default: as the header has it)"},
	{"date-style",
	 "      --date-style=STYLE dmy (default), mdy or iso, for days such as 08/09/2025"},
	{"encoding", "      --encoding=NAME    utf-8, windows-1252 or auto (default)"},
	{"ctf-week",
	 "      --ctf-week=DAYS    7 or 5 days a week in strings of marks (default: found out)"},
	{"reject", "      --reject=FILE      set bad rows aside in FILE and load the others"},
	{"ignore", "      --ignore=NAME,...  columns that are meant to be left out, or *"},
	{"entered-by", "      --entered-by=NAME  who amends marks that the register has otherwise"},
	{"title", "      --title=TITLE      their title"},
	{"reason", "      --reason=TEXT      why they amend them"},
	{"name", "      --name=TEXT        title of benchmarks"},
	{"days", "      --days=DATERANGE   days of benchmarks"},
	{"from", "      --from=DAY         first day (YYYY-MM-DD)"},
	{"to", "      --to=DAY           last day"},
	{"half-term-from",
	 "      --half-term-from=DAY\n"
	 "                         first day of the second half of the summer term (autumn census)"},
	{"half-term-to", "      --half-term-to=DAY its last day"},
	{"period", "      --period=PERIOD    such as 2025/26"},
	{"population", "      --population=NAME  statutory (default), current roll or all"},
	{"series", "      --series=NAME      census (default) or daily"},
	{"level", "      --level=LEVEL      such as \"Local authority\""},
	{"no-suppress", "      --no-suppress      small numbers are shown; not for publication"},
	{"list", "      --list             lists the reports and pages that there are"},
	{"overdue", "      --overdue          only returns that are overdue"},
	{"pupil", "      --pupil=UPN        a pupil, by UPN or pupil_id"},
	{"location", "      --location=TEXT    where the copy is kept (default: its file)"},
	{"format", "      --format=FORMAT    table (default), csv or json"},
	{"digest-file", "      --digest-file=FILE digests that were kept outside the database"},
	{"keep", "      --keep             verify, then write the digests of today to FILE"},
	{"dry-run", "  -n, --dry-run          do everything, then roll it back"},
	{"output", "  -o, --output=FILE      write there instead of to standard output"},
	{"register", "      --register=NAME    schema of the register, if there are several"},
	{"quiet", "  -q, --quiet            print nothing but errors"},
	{"json", "      --json             print results and errors as JSON"},
	{"version", "  -V, --version          output version information, then exit"},
	{"help", "  -?, --help             show help, of a command if one is named, then exit"},
	{"host", "  -h, --host=HOSTNAME    database server host or socket directory"},
	{"port", "  -p, --port=PORT        database server port"},
	{"username", "  -U, --username=NAME    database user name"},
	{"dbname", "  -d, --dbname=DBNAME    database, or a connection string"},
	{"no-password", "  -w, --no-password      never prompt for password"},
	{"password", "  -W, --password         force password prompt"},
};

#define TEXTS (sizeof(texts) / sizeof(texts[0]))

/* Whether a word is among others, which are separated by blanks. */
bool
has_word(const char *words, const char *wanted)
{
	size_t length = strlen(wanted);

	for (const char *word = words; *word != '\0'; word += strcspn(word, " "))
	{
		word += strspn(word, " ");
		if (strcspn(word, " ") == length && memcmp(word, wanted, length) == 0)
			return true;
	}
	return false;
}

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

/* What an option would do is not left out in silence: it may be a filter. */
void
check_options(const char *const *given, int count)
{
	for (size_t c = 0; c < COMMANDS; c++)
	{
		bool whole = options.name_count > (strchr(commands[c].name, ' ') != NULL);

		if (!whole || !is_named(c))
			continue;
		for (int i = 0; i < count; i++)
		{
			if (!has_word(general, given[i]) && !has_word(connection, given[i]) &&
				!has_word(commands[c].options, given[i]))
				fail_usage("option --%s does not go with \"%s\"", given[i], commands[c].name);
		}
	}
}

static bool
is_option_of_named(const char *option)
{
	for (size_t c = 0; c < COMMANDS; c++)
	{
		if (is_named(c) && has_word(commands[c].options, option))
			return true;
	}
	return false;
}

static void
print_usage(void)
{
	int count = 0;
	const char *about = NULL;

	for (size_t c = 0; c < COMMANDS; c++)
	{
		count += is_named(c);
		about = is_named(c) ? commands[c].about : about;
	}
	puts(count == 1 ? about
					: PROGRAM " gets attendance data into and out of a register in PostgreSQL.");
	puts("\nUsage:");
	for (size_t c = 0; c < COMMANDS; c++)
	{
		if (is_named(c))
			printf("  " PROGRAM " %s [OPTION]...%s%s\n", commands[c].name,
				   *commands[c].operands == '\0' ? "" : " ", commands[c].operands);
	}
}

static void
print_options(const char *title, const char *words)
{
	printf("\n%s:\n", title);
	for (size_t i = 0; i < TEXTS; i++)
	{
		if (words == NULL ? is_option_of_named(texts[i].name) : has_word(words, texts[i].name))
			puts(texts[i].text);
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
	bool any = false;

	for (size_t c = 0; c < COMMANDS; c++)
		any |= is_named(c);
	if (!any)
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
	print_options("Options", NULL);
	print_options("General options", general);
	print_options("Connection options", connection);
	puts(
		"\nExit status: 0 done, 1 usage, files or rights, 2 no connection, 3 the data are at fault and\n"
		"nothing was changed, 4 done, but rows were set aside, or something was left out.");
}
