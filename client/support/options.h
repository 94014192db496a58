/*
 * options.h
 *		The options of the command line, and what they have set.
 */
#ifndef ATTENDANCE_OPTIONS_H
#define ATTENDANCE_OPTIONS_H

/* By order, those of --date-style. */
typedef enum DateStyle
{
	DATE_BRITISH,
	DATE_AMERICAN,
	DATE_ISO
} DateStyle;

typedef struct Options
{
	const char *host, *port, *user, *database;
	int password; /* -1 never ask, 1 ask at once, 0 if the server wants one */
	const char *register_name;
	bool quiet, dry_run, help, version;

	/* files that come in */
	char delimiter; /* 0: as the header has it */
	DateStyle date_style;
	const char *encoding;
	const char *shape;
	const char *reject;
	const char *ignore; /* columns that are meant to be left out */
	int ctf_week;       /* days in a week of a mark string; 0: found out */

	/* what files do not say themselves */
	int school;
	const char *entered_by, *title, *reason, *holds_from;
	bool take_over;
	const char *name, *series, *days; /* of benchmarks */

	/* what goes out */
	const char *output, *format, *population, *period, *from, *to, *second_from, *second_to;
	const char *level, *schools, *location, *pupil, *notice;
	bool overdue, no_suppress, list;

	/* verify */
	const char *digest_file, *legal_file;
	bool keep_digest, compare;

	char **names; /* what follows the options */
	int name_count;
} Options;

extern Options options;

/* The commands, of which an option has a set. */
enum
{
	LOAD_MARKS = 1 << 0,
	LOAD_SCHOOLS = 1 << 1,
	LOAD_PUPILS = 1 << 2,
	LOAD_CONTACTS = 1 << 3,
	LOAD_CALENDAR = 1 << 4,
	LOAD_CHARACTERISTICS = 1 << 5,
	LOAD_BENCHMARKS = 1 << 6,
	EXPORT_MARKS = 1 << 7,
	EXPORT_EES = 1 << 8,
	EXPORT_CENSUS = 1 << 9,
	EXPORT_CTF = 1 << 10,
	EXPORT_RETURN = 1 << 11,
	EXPORT_BACKUP = 1 << 12,
	EXPORT_PUPIL = 1 << 13,
	VERIFY = 1 << 14,
	REPORT = 1 << 15,
	EXPORT_LEGAL_FILE = 1 << 16,
	/* of every command, under a title of its own */
	GENERAL = 1 << 17,
	CONNECTION = 1 << 18
};

typedef struct Option Option;

struct Option
{
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* as --help calls it; NULL: none */
	void (*read)(const Option *option, const char *value);
	void *field;
	const char *choices; /* with blanks between them; NULL: any value */
	int commands;
	const char *help;
};

extern const Option option_table[];
extern const int option_count;
extern void read_options(int argc, char **argv);
extern void check_options(int command, const char *name);

#endif
