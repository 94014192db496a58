/*
 * options.c
 *		The command line.
 */
#include "client.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

Options options = {.date_style = DATE_BRITISH, .encoding = "auto", .shape = "auto"};

enum
{
	OPTION_HELP = 256,
	OPTION_REGISTER,
	OPTION_QUIET,
	OPTION_JSON,
	OPTION_DRY_RUN,
	OPTION_DELIMITER,
	OPTION_DATE_STYLE,
	OPTION_ENCODING,
	OPTION_SHAPE,
	OPTION_REJECT,
	OPTION_CTF_WEEK,
	OPTION_SCHOOL,
	OPTION_ENTERED_BY,
	OPTION_TITLE,
	OPTION_REASON,
	OPTION_NAME,
	OPTION_SERIES,
	OPTION_DAYS,
	OPTION_FORMAT,
	OPTION_POPULATION,
	OPTION_PERIOD,
	OPTION_FROM,
	OPTION_TO,
	OPTION_SECOND_FROM,
	OPTION_SECOND_TO,
	OPTION_LEVEL,
	OPTION_SCHOOLS,
	OPTION_LOCATION,
	OPTION_PUPIL,
	OPTION_OVERDUE,
	OPTION_LIST,
	OPTION_NO_SUPPRESS,
	OPTION_DIGEST_FILE,
	OPTION_KEEP,
	OPTION_IGNORE
};

static const struct option long_options[] = {
	{"help", no_argument, NULL, OPTION_HELP},
	{"version", no_argument, NULL, 'V'},
	{"host", required_argument, NULL, 'h'},
	{"port", required_argument, NULL, 'p'},
	{"username", required_argument, NULL, 'U'},
	{"dbname", required_argument, NULL, 'd'},
	{"no-password", no_argument, NULL, 'w'},
	{"password", no_argument, NULL, 'W'},
	{"register", required_argument, NULL, OPTION_REGISTER},
	{"quiet", no_argument, NULL, 'q'},
	{"json", no_argument, NULL, OPTION_JSON},
	{"dry-run", no_argument, NULL, 'n'},
	{"delimiter", required_argument, NULL, OPTION_DELIMITER},
	{"date-style", required_argument, NULL, OPTION_DATE_STYLE},
	{"encoding", required_argument, NULL, OPTION_ENCODING},
	{"shape", required_argument, NULL, OPTION_SHAPE},
	{"reject", required_argument, NULL, OPTION_REJECT},
	{"ctf-week", required_argument, NULL, OPTION_CTF_WEEK},
	{"school", required_argument, NULL, OPTION_SCHOOL},
	{"entered-by", required_argument, NULL, OPTION_ENTERED_BY},
	{"title", required_argument, NULL, OPTION_TITLE},
	{"reason", required_argument, NULL, OPTION_REASON},
	{"name", required_argument, NULL, OPTION_NAME},
	{"series", required_argument, NULL, OPTION_SERIES},
	{"days", required_argument, NULL, OPTION_DAYS},
	{"output", required_argument, NULL, 'o'},
	{"format", required_argument, NULL, OPTION_FORMAT},
	{"population", required_argument, NULL, OPTION_POPULATION},
	{"period", required_argument, NULL, OPTION_PERIOD},
	{"from", required_argument, NULL, OPTION_FROM},
	{"to", required_argument, NULL, OPTION_TO},
	{"half-term-from", required_argument, NULL, OPTION_SECOND_FROM},
	{"half-term-to", required_argument, NULL, OPTION_SECOND_TO},
	{"level", required_argument, NULL, OPTION_LEVEL},
	{"schools", required_argument, NULL, OPTION_SCHOOLS},
	{"location", required_argument, NULL, OPTION_LOCATION},
	{"pupil", required_argument, NULL, OPTION_PUPIL},
	{"overdue", no_argument, NULL, OPTION_OVERDUE},
	{"list", no_argument, NULL, OPTION_LIST},
	{"no-suppress", no_argument, NULL, OPTION_NO_SUPPRESS},
	{"digest-file", required_argument, NULL, OPTION_DIGEST_FILE},
	{"keep", no_argument, NULL, OPTION_KEEP},
	{"ignore", required_argument, NULL, OPTION_IGNORE},
	{NULL, 0, NULL, 0}};

static const char *
one_of(const char *option, const char *words, const char *value)
{
	if (strlen(value) == 0 || !has_word(words, value))
		fail_usage("invalid value \"%s\" for --%s: one of %s", value, option, words);
	return value;
}

static char
read_delimiter(const char *value)
{
	if (strcmp(value, "tab") == 0 || strcmp(value, "\\t") == 0)
		return '\t';
	if (strlen(value) != 1 || strchr(",;\t|", value[0]) == NULL)
		fail_usage("invalid delimiter \"%s\": one of , ; | tab", value);
	return value[0];
}

static void
read_number(const char *option, const char *value, int64_t low, int64_t high, int *number)
{
	int64_t wide;

	if (!parse_integer(text_of(value), low, high, &wide))
		fail_usage("invalid value \"%s\" for --%s", value, option);
	*number = (int) wide;
}

/* A day, always as ISO 8601 has it. */
static const char *
read_day(const char *option, const char *value)
{
	Text text = text_of(value);

	if (text.length != 10 || value[4] != '-' || take_day(&text) == NO_DAY || text.length > 0)
		fail_usage("invalid day \"%s\" for --%s: YYYY-MM-DD is expected", value, option);
	return value;
}

static void
set_input_option(int option)
{
	if (option == OPTION_DELIMITER)
		options.delimiter = read_delimiter(optarg);
	else if (option == OPTION_DATE_STYLE)
	{
		one_of("date-style", "dmy mdy iso", optarg);
		options.date_style = optarg[0] == 'd'   ? DATE_BRITISH
							 : optarg[0] == 'm' ? DATE_AMERICAN
												: DATE_ISO;
	}
	else if (option == OPTION_ENCODING)
		options.encoding = one_of("encoding", "auto utf-8 windows-1252", optarg);
	else if (option == OPTION_SHAPE)
		options.shape = one_of("shape", "auto csv ctf json", optarg);
	else if (option == OPTION_CTF_WEEK)
		read_number("ctf-week", one_of("ctf-week", "5 7", optarg), 5, 7, &options.ctf_week);
	else if (option == OPTION_SCHOOL)
		read_number("school", optarg, 100000, 999999, &options.school);
}

static const char **
text_option(int option)
{
	switch (option)
	{
		case OPTION_REGISTER:
			return &options.register_name;
		case OPTION_IGNORE:
			return &options.ignore;
		case OPTION_REJECT:
			return &options.reject;
		case OPTION_ENTERED_BY:
			return &options.entered_by;
		case OPTION_TITLE:
			return &options.title;
		case OPTION_REASON:
			return &options.reason;
		case OPTION_NAME:
			return &options.name;
		case OPTION_DAYS:
			return &options.days;
		case OPTION_POPULATION:
			return &options.population;
		case OPTION_PERIOD:
			return &options.period;
		case OPTION_LEVEL:
			return &options.level;
		case OPTION_SCHOOLS:
			return &options.schools;
		case OPTION_LOCATION:
			return &options.location;
		case OPTION_PUPIL:
			return &options.pupil;
		case OPTION_DIGEST_FILE:
			return &options.digest_file;
		case 'o':
			return &options.output;
		case 'h':
			return &options.host;
		case 'p':
			return &options.port;
		case 'U':
			return &options.user;
		case 'd':
			return &options.database;
		default:
			return NULL;
	}
}

static void
set_output_option(int option)
{
	if (option == OPTION_FORMAT)
		options.format = one_of("format", "table csv json", optarg);
	else if (option == OPTION_SERIES)
		options.series = one_of("series", "census daily", optarg);
	else if (option == OPTION_FROM)
		options.from = read_day("from", optarg);
	else if (option == OPTION_TO)
		options.to = read_day("to", optarg);
	else if (option == OPTION_SECOND_FROM)
		options.second_from = read_day("half-term-from", optarg);
	else if (option == OPTION_SECOND_TO)
		options.second_to = read_day("half-term-to", optarg);
	else if (option == OPTION_OVERDUE)
		options.overdue = true;
	else if (option == OPTION_NO_SUPPRESS)
		options.no_suppress = true;
	else if (option == OPTION_LIST)
		options.list = true;
	else if (option == OPTION_KEEP)
		options.keep_digest = true;
}

static void
set_option(int option)
{
	const char **text = text_option(option);

	if (text != NULL)
		*text = optarg;
	else if (option == 'V')
	{
		puts(PROGRAM " (attendance) " ATTENDANCE_VERSION);
		flush_standard_output();
		exit(EXIT_DONE);
	}
	else if (option == 'q')
		options.quiet = true;
	else if (option == 'n')
		options.dry_run = true;
	else if (option == OPTION_JSON)
		options.json = true;
	else if (option == 'w')
		options.password = -1;
	else if (option == 'W')
		options.password = 1;
	else if (option >= OPTION_DELIMITER && option <= OPTION_SCHOOL)
		set_input_option(option);
	else
		set_output_option(option);
}

/* ---------- the line as a whole ---------- */

static const char *
long_name(int option)
{
	int i = 0;

	while (long_options[i].val != option)
		i++;
	return long_options[i].name;
}

/* -x is named as it stands, even among others in a word. */
static void
fail_option(int option, const char *word)
{
	const char *problem = option == ':' ? "needs a value" : "is not known";

	if (optopt > 0 && optopt < 256 && strncmp(word, "--", 2) != 0)
		fail_usage("option \"-%c\" %s", optopt, problem);
	fail_usage("option \"%s\" %s", word, problem);
}

void
read_options(int argc, char **argv)
{
	const char *given[64];
	int option, count = 0;
	bool help = false;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":h:p:U:d:wWqnVo:", long_options, NULL)) != -1)
	{
		if (option == OPTION_HELP || (option == '?' && strcmp(argv[optind - 1], "-?") == 0))
			help = true;
		else if (option == ':' || option == '?')
			fail_option(option, argv[optind - 1]);
		else
		{
			if (count < 64)
				given[count++] = long_name(option);
			set_option(option);
		}
	}
	options.names = argv + optind;
	options.name_count = argc - optind;
	if (help)
	{
		print_help();
		flush_standard_output();
		exit(EXIT_DONE);
	}
	check_options(given, count);
}
