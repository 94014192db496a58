/*
 * options.c
 *		The options: how each is written, what it sets, which commands take it, and what --help says of it.
 */
#include "client.h"

#include <limits.h>

#include "getopt_long.h"

#define MAX_OPTIONS 64

Options options = {.encoding = "auto", .shape = "auto"};

/* ---------- values ---------- */

static void
read_flag(const Option *option, const char *value)
{
	*(bool *) option->field = true;
}

static void
read_never(const Option *option, const char *value)
{
	*(int *) option->field = -1;
}

static void
read_always(const Option *option, const char *value)
{
	*(int *) option->field = 1;
}

static void
check_choice(const Option *option, const char *value)
{
	if (*value == '\0' || !has_word(option->choices, value))
		fail_usage("invalid value \"%s\" for --%s: one of %s", value, option->name,
				   option->choices);
}

static void
read_text(const Option *option, const char *value)
{
	if (option->choices != NULL)
		check_choice(option, value);
	*(const char **) option->field = value;
}

static void
read_date_style(const Option *option, const char *value)
{
	check_choice(option, value);
	*(DateStyle *) option->field = *value == 'd'   ? DATE_BRITISH
								   : *value == 'm' ? DATE_AMERICAN
												   : DATE_ISO;
}

static void
read_week(const Option *option, const char *value)
{
	check_choice(option, value);
	*(int *) option->field = *value - '0';
}

static void
read_urn(const Option *option, const char *value)
{
	int64_t urn;

	if (!parse_integer(text_of(value), 100000, 999999, &urn))
		fail_usage("invalid value \"%s\" for --%s", value, option->name);
	*(int *) option->field = (int) urn;
}

static void
read_number(const Option *option, const char *value)
{
	int64_t number;

	if (!parse_integer(text_of(value), 1, INT64_MAX, &number))
		fail_usage("invalid value \"%s\" for --%s", value, option->name);
	*(const char **) option->field = value;
}

static void
read_delimiter(const Option *option, const char *value)
{
	if (strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0)
		value = "\t";
	if (strlen(value) != 1 || strchr(",;\t|", value[0]) == NULL)
		fail_usage("invalid delimiter \"%s\": one of , ; | tab", value);
	*(char *) option->field = value[0];
}

/* Always as ISO 8601 has it. */
static void
read_day(const Option *option, const char *value)
{
	int64_t year, month, day;

	if (strlen(value) != 10 || strspn(value, "0123456789-") != 10 || value[4] != '-' ||
		value[7] != '-' || !parse_integer((Text){value, 4}, 1, 9999, &year) ||
		!parse_integer((Text){value + 5, 2}, 1, 12, &month) ||
		!parse_integer((Text){value + 8, 2}, 1, 31, &day) ||
		day_of((int) year, (int) month, (int) day) == NO_DAY)
		fail_usage("invalid day \"%s\" for --%s: YYYY-MM-DD is expected", value, option->name);
	*(const char **) option->field = value;
}

/* ---------- the table, in the order of --help ---------- */

#define LOAD_TABLES \
	(LOAD_SCHOOLS | LOAD_PUPILS | LOAD_CONTACTS | LOAD_CALENDAR | LOAD_CHARACTERISTICS)
#define LOAD (LOAD_MARKS | LOAD_TABLES | LOAD_BENCHMARKS)
#define LOAD_DATED (LOAD_SCHOOLS | LOAD_PUPILS | LOAD_CONTACTS)
#define LOAD_SIGNED (LOAD_MARKS | LOAD_PUPILS | LOAD_CONTACTS)
#define LOAD_OF_SCHOOL ((LOAD_MARKS | LOAD_TABLES) & ~LOAD_SCHOOLS)
#define EXPORT_FILE (EXPORT_PUPIL | EXPORT_LEGAL_FILE)
#define EXPORT \
	(EXPORT_MARKS | EXPORT_EES | EXPORT_CENSUS | EXPORT_CTF | EXPORT_RETURN | EXPORT_BACKUP | \
	 EXPORT_FILE)

/* clang-format off */
const Option option_table[] = {
	{"school", 0, "URN", read_urn, &options.school, NULL,
	 LOAD_OF_SCHOOL | (EXPORT & ~EXPORT_FILE) | REPORT,
	 "one school; of load: that of rows whose file names none"},
	{"schools", 0, "URN,...", read_text, &options.schools, NULL,
	 EXPORT_MARKS | EXPORT_EES | EXPORT_RETURN | REPORT, "some schools"},
	{"shape", 0, "SHAPE", read_text, &options.shape, "auto csv ctf json",
	 LOAD_MARKS, "csv, ctf or json (default: as the file looks)"},
	{"delimiter", 0, "CHAR", read_delimiter, &options.delimiter, NULL,
	 LOAD, ", ; | or tab (default: as the header has it)"},
	{"date-style", 0, "STYLE", read_date_style, &options.date_style, "dmy mdy iso",
	 LOAD_MARKS | LOAD_TABLES, "dmy (default), mdy or iso, for days such as 08/09/2025"},
	{"encoding", 0, "NAME", read_text, &options.encoding, "auto utf-8 windows-1252",
	 LOAD, "utf-8, windows-1252 or auto (default)"},
	{"ctf-week", 0, "DAYS", read_week, &options.ctf_week, "5 7",
	 LOAD_MARKS, "7 or 5 days a week in strings of marks (default: found out)"},
	{"reject", 0, "FILE", read_text, &options.reject, NULL,
	 LOAD, "set bad rows aside in FILE and load the others"},
	{"ignore", 0, "NAME,...", read_text, &options.ignore, NULL,
	 LOAD, "columns that are meant to be left out, or *"},
	{"take-over", 0, NULL, read_flag, &options.take_over, NULL,
	 LOAD_MARKS | LOAD_PUPILS, "take the days of the files over: breaches of rules are recorded"},
	{"entered-by", 0, "NAME", read_text, &options.entered_by, NULL,
	 LOAD_SIGNED | EXPORT_FILE, "who changes what the register has otherwise, takes over, or reads"},
	{"title", 0, "TITLE", read_text, &options.title, NULL,
	 LOAD_SIGNED | EXPORT_FILE, "their title"},
	{"reason", 0, "TEXT", read_text, &options.reason, NULL,
	 LOAD_SIGNED | EXPORT_FILE, "why they do"},
	{"holds-from", 0, "DAY", read_day, &options.holds_from, NULL,
	 LOAD_DATED, "the day from which on changes hold (YYYY-MM-DD; default: today)"},
	{"name", 0, "TEXT", read_text, &options.name, NULL,
	 LOAD_BENCHMARKS, "title of benchmarks"},
	{"days", 0, "DATERANGE", read_text, &options.days, NULL,
	 LOAD_BENCHMARKS, "days of benchmarks"},
	{"from", 0, "DAY", read_day, &options.from, NULL,
	 EXPORT_MARKS | EXPORT_CENSUS | EXPORT_BACKUP, "first day (YYYY-MM-DD)"},
	{"to", 0, "DAY", read_day, &options.to, NULL,
	 EXPORT_MARKS | EXPORT_CENSUS | EXPORT_BACKUP, "last day"},
	{"half-term-from", 0, "DAY", read_day, &options.second_from, NULL,
	 EXPORT_CENSUS, "first day of the second half of the summer term (autumn census)"},
	{"half-term-to", 0, "DAY", read_day, &options.second_to, NULL,
	 EXPORT_CENSUS, "its last day"},
	{"period", 0, "PERIOD", read_text, &options.period, NULL,
	 EXPORT_EES | EXPORT_CTF | REPORT, "such as 2025/26"},
	{"population", 0, "NAME", read_text, &options.population, NULL,
	 REPORT, "statutory (default), current roll or all"},
	{"series", 0, "NAME", read_text, &options.series, "census daily",
	 EXPORT_EES | LOAD_BENCHMARKS, "census (default) or daily"},
	{"level", 0, "LEVEL", read_text, &options.level, NULL,
	 EXPORT_EES, "such as \"Local authority\""},
	{"no-suppress", 0, NULL, read_flag, &options.no_suppress, NULL,
	 EXPORT_EES, "small numbers are shown; not for publication"},
	{"list", 0, NULL, read_flag, &options.list, NULL,
	 REPORT, "lists the reports and pages that there are"},
	{"overdue", 0, NULL, read_flag, &options.overdue, NULL,
	 EXPORT_RETURN, "only returns that are overdue"},
	{"pupil", 0, "UPN", read_text, &options.pupil, NULL,
	 EXPORT_CTF | EXPORT_PUPIL, "a pupil, by UPN or pupil_id"},
	{"notice", 0, "NUMBER", read_number, &options.notice, NULL,
	 EXPORT_LEGAL_FILE | REPORT, "a penalty notice, by notice_id"},
	{"location", 0, "TEXT", read_text, &options.location, NULL,
	 EXPORT_BACKUP, "where the copy is kept (default: its file)"},
	{"format", 0, "FORMAT", read_text, &options.format, "table csv json",
	 REPORT, "table (default), csv or json"},
	{"digest-file", 0, "FILE", read_text, &options.digest_file, NULL,
	 VERIFY, "digests that were kept outside the database"},
	{"keep", 0, NULL, read_flag, &options.keep_digest, NULL,
	 VERIFY, "verify, then write the digests of today to FILE"},
	{"legal-file", 0, "FILE", read_text, &options.legal_file, NULL,
	 VERIFY, "verify the digests of a legal file instead, without a database"},
	{"compare", 0, NULL, read_flag, &options.compare, NULL,
	 VERIFY, "and compare them with those of the register"},
	{"dry-run", 'n', NULL, read_flag, &options.dry_run, NULL,
	 LOAD | EXPORT_BACKUP, "do everything, then roll it back"},
	{"output", 'o', "FILE", read_text, &options.output, NULL,
	 EXPORT | REPORT, "write there instead of to standard output"},
	{"register", 0, "NAME", read_text, &options.register_name, NULL,
	 GENERAL, "schema of the register, if there are several"},
	{"quiet", 'q', NULL, read_flag, &options.quiet, NULL,
	 GENERAL, "print nothing but errors"},
	{"json", 0, NULL, read_flag, &json_messages, NULL,
	 GENERAL, "print results and errors as JSON"},
	{"version", 'V', NULL, read_flag, &options.version, NULL,
	 GENERAL, "output version information, then exit"},
	{"help", '?', NULL, read_flag, &options.help, NULL,
	 GENERAL, "show help, of a command if one is named, then exit"},
	{"host", 'h', "HOSTNAME", read_text, &options.host, NULL,
	 CONNECTION, "database server host or socket directory"},
	{"port", 'p', "PORT", read_text, &options.port, NULL,
	 CONNECTION, "database server port"},
	{"username", 'U', "NAME", read_text, &options.user, NULL,
	 CONNECTION, "database user name"},
	{"dbname", 'd', "DBNAME", read_text, &options.database, NULL,
	 CONNECTION, "database, or a connection string"},
	{"no-password", 'w', NULL, read_never, &options.password, NULL,
	 CONNECTION, "never prompt for password"},
	{"password", 'W', NULL, read_always, &options.password, NULL,
	 CONNECTION, "force password prompt"},
};
/* clang-format on */

const int option_count = lengthof(option_table);

/* ---------- the line as a whole ---------- */

static const Option *given[MAX_OPTIONS];
static int given_count;

/* For getopt_long(), which tells one by its letter, or by its place beyond all letters. */
static void
describe_options(struct option *names, char *letters)
{
	*letters++ = ':';
	for (int i = 0; i < option_count; i++)
	{
		const Option *option = &option_table[i];
		bool valued = option->argument != NULL;

		names[i] = (struct option){option->name, valued ? required_argument : no_argument, NULL,
								   UCHAR_MAX + 1 + i};
		if (option->letter == 0 || option->letter == '?')
			continue; /* "-?" is what getopt_long() says of any that is not known */
		*letters++ = option->letter;
		if (valued)
			*letters++ = ':';
	}
	*letters = '\0';
	names[option_count] = (struct option){NULL, 0, NULL, 0};
}

static const Option *
find_option(int found)
{
	if (found > UCHAR_MAX)
		return &option_table[found - UCHAR_MAX - 1];
	for (int i = 0; i < option_count; i++)
	{
		if (option_table[i].letter == found)
			return &option_table[i];
	}
	return NULL;
}

/* -x is named as it stands, even among others in a word. */
static void
fail_option(int found, const char *word)
{
	const char *problem = found == ':' ? "needs a value" : "is not known";

	if (optopt > 0 && optopt <= UCHAR_MAX && strncmp(word, "--", 2) != 0)
		fail_usage("option \"-%c\" %s", optopt, problem);
	fail_usage("option \"%s\" %s", word, problem);
}

void
read_options(int argc, char **argv)
{
	struct option names[lengthof(option_table) + 1];
	char letters[2 * lengthof(option_table) + 2];
	int found;

	describe_options(names, letters);
	opterr = 0;
	while (!options.version && (found = getopt_long(argc, argv, letters, names, NULL)) != -1)
	{
		const Option *option = find_option(found);

		if (found == ':' || (found == '?' && strcmp(argv[optind - 1], "-?") != 0))
			fail_option(found, argv[optind - 1]);
		option->read(option, optarg);
		if (given_count < MAX_OPTIONS)
			given[given_count++] = option;
	}
	options.names = argv + optind;
	options.name_count = argc - optind;
}

/* What an option would do is not left out in silence: it may be a filter. */
void
check_options(int command, const char *name)
{
	for (int i = 0; i < given_count; i++)
	{
		if ((given[i]->commands & (GENERAL | CONNECTION | command)) == 0)
			fail_usage("option --%s does not go with \"%s\"", given[i]->name, name);
	}
}
