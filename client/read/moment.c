/*
 * moment.c
 *		Days with what systems write after them: a time, a time zone, a session.
 *
 * A day of the register is a day in London.  An instant with a time zone is the day that begins then in
 * London, by the server's rules for Europe/London; without one, it is London's time already.  A day
 * begins at midnight: any other time is not a day, and refused.
 */
#include "read/read.h"

#define DAY_SECONDS 86400

typedef struct Parts
{
	int day;
	int session; /* -1: none */
	bool timed;  /* with a time */
	int seconds; /* since midnight */
	int micros;
	bool zoned; /* with a time zone, */
	int offset; /* so many seconds east of Greenwich */
} Parts;

/* ---------- London ---------- */

/* How many seconds London's midnight comes before that of Greenwich, for each day of a year. */
static const int *
london_year(int year)
{
	static int *years[1100];
	int **found = &years[year - 1900];
	char number[12];
	const char *values[1] = {number};
	PGresult *result;

	if (*found != NULL)
		return *found;
	snprintf(number, sizeof(number), "%d", year);
	result = PQexecParams(
		clock_connection(),
		"SELECT extract(epoch FROM d - timezone('UTC', timezone('Europe/London', d)))::integer"
		" FROM generate_series(make_date($1::integer, 1, 1)::timestamp, make_date($1::integer, 12, 31),"
		" interval '1 day') AS d ORDER BY d",
		1, NULL, values, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_query(clock_connection(), result);
	*found = pg_malloc(366 * sizeof(int));
	for (int i = 0; i < PQntuples(result) && i < 366; i++)
		(*found)[i] = atoi(PQgetvalue(result, i, 0));
	PQclear(result);
	return *found;
}

static int64_t
london_midnight(int day)
{
	int year = year_of(day);

	return (int64_t) day * DAY_SECONDS - london_year(year)[day - day_of(year, 1, 1)];
}

/* The day in London that begins at the instant, or NO_DAY. */
static int
day_that_begins(const Parts *parts)
{
	int64_t instant = (int64_t) parts->day * DAY_SECONDS + parts->seconds - parts->offset;
	int first = day_of(1900, 1, 1), last = day_of(2999, 12, 31);

	for (int day = parts->day - 1; day <= parts->day + 2; day++)
	{
		if (day >= first && day <= last && london_midnight(day) == instant && parts->micros == 0)
			return day;
	}
	return NO_DAY;
}

/* ---------- what is written ---------- */

static bool
skip_blanks(Text *text)
{
	bool any = false;
	size_t length;

	while ((length = blank_length(text->data, text->length)) > 0)
	{
		text->data += length, text->length -= length;
		any = true;
	}
	return any;
}

static bool
take_word(Text *text, const char *word)
{
	size_t length = strlen(word);

	if (text->length < length || pg_strncasecmp(text->data, word, length) != 0)
		return false;
	text->data += length, text->length -= length;
	return true;
}

/* Two digits, below a limit. */
static bool
take_two(Text *text, int limit, int *value)
{
	if (text->length < 2 || text->data[0] < '0' || text->data[0] > '9' || text->data[1] < '0' ||
		text->data[1] > '9')
		return false;
	*value = (text->data[0] - '0') * 10 + (text->data[1] - '0');
	text->data += 2, text->length -= 2;
	return *value < limit;
}

/* Of which microseconds are kept; anything below them is no zero. */
static bool
take_fraction(Text *text, Parts *parts)
{
	int digits = 0;

	if (!take_word(text, ".") && !take_word(text, ","))
		return true;
	parts->micros = 0;
	for (; text->length > 0 && text->data[0] >= '0' && text->data[0] <= '9'; digits++)
	{
		if (digits < 6)
			parts->micros = parts->micros * 10 + (text->data[0] - '0');
		else if (text->data[0] != '0' && parts->micros == 0)
			parts->micros = 1;
		text->data++, text->length--;
	}
	for (int i = digits; i < 6; i++)
		parts->micros *= 10;
	return digits > 0;
}

/* 23:00, 23:00:00.000, 2300, 230000, 11:00 PM; 24:00 is none. */
static bool
take_clock(Text *text, Parts *parts)
{
	int hour = 0, minute = 0, second = 0;
	bool colons, afternoon;

	if (text->length > 1 && text->data[1] == ':')
	{
		if (text->data[0] < '0' || text->data[0] > '9')
			return false;
		hour = text->data[0] - '0';
		text->data++, text->length--;
	}
	else if (!take_two(text, 24, &hour))
		return false;
	colons = take_word(text, ":");
	if (!take_two(text, 60, &minute))
		return false;
	if (colons ? take_word(text, ":")
			   : text->length > 0 && text->data[0] >= '0' && text->data[0] <= '9')
	{
		if (!take_two(text, 60, &second) || !take_fraction(text, parts))
			return false;
	}
	skip_blanks(text);
	afternoon = take_word(text, "PM");
	if (afternoon || take_word(text, "AM"))
	{
		if (hour > 12)
			return false;
		hour = hour % 12 + (afternoon ? 12 : 0);
	}
	parts->timed = true;
	parts->seconds = hour * 3600 + minute * 60 + second;
	return true;
}

/* Z, +01:00, +0100, +01, UTC, GMT, BST, GMT+0100, Europe/London. */
static bool
take_zone(Text *text, Parts *parts)
{
	int hours, minutes = 0, sign;

	if (take_word(text, "Europe/London"))
		return true; /* as without one */
	parts->zoned = true;
	if (take_word(text, "BST"))
	{
		parts->offset = 3600;
		return true;
	}
	if (take_word(text, "Z"))
		return true;
	if ((take_word(text, "UTC") || take_word(text, "GMT")) && text->length == 0)
		return true;
	sign = take_word(text, "+")                                      ? 1
		   : take_word(text, "-") || take_word(text, "\xe2\x88\x92") ? -1
																	 : 0;
	if (sign == 0 || !take_two(text, 16, &hours))
		return false;
	if ((take_word(text, ":") || text->length > 0) && !take_two(text, 60, &minutes))
		return false;
	parts->offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

static bool
take_session_word(Text *text, Parts *parts)
{
	Text word = *text;

	while (word.length > 0 && strchr("-_/", word.data[0]) != NULL && word.data[0] != '\0')
		word.data++, word.length--;
	if (word.length < 2 || (word.data[0] | 0x20) < 'a' || (word.data[0] | 0x20) > 'z')
		return false;
	parts->session = parse_session(word);
	if (parts->session < 0)
		return false;
	text->length = 0;
	return true;
}

/* False, and perhaps why, if it is no day with what may follow one. */
static bool
take_parts(Text text, Parts *parts, const char **problem)
{
	bool separated;

	memset(parts, 0, sizeof(Parts));
	parts->session = -1;
	*problem = NULL;
	text = trim(text);
	parts->day = take_day(&text);
	if (parts->day == NO_DAY)
		return false;
	separated = skip_blanks(&text);
	if (text.length == 0 || take_session_word(&text, parts))
		return true;
	separated |= take_word(&text, "T");
	if (separated && text.length > 0 && text.data[0] >= '0' && text.data[0] <= '9')
	{
		*problem = "there is no such time as that after the day";
		if (!take_clock(&text, parts))
			return false;
		skip_blanks(&text);
	}
	else if (separated && text.length == 0)
		return false;
	*problem = parts->timed ? "what follows the time is no time zone that is known here" : NULL;
	return text.length == 0 || (take_zone(&text, parts) && text.length == 0);
}

/* ---------- days and times ---------- */

static Moment
read_moment_anew(Text text)
{
	Moment moment = {NO_DAY, -1, NULL};
	Parts parts;

	if (!take_parts(text, &parts, &moment.problem))
		return moment;
	moment.session = parts.session;
	moment.problem = NULL;
	if (parts.zoned)
		moment.day = day_that_begins(&parts);
	else if (parts.seconds == 0 && parts.micros == 0)
		moment.day = parts.day;
	if (moment.day == NO_DAY)
		moment.problem = "a day begins at midnight in London, and this is another time";
	return moment;
}

/* Files have the same day many times in a row. */
Moment
read_moment(Text text)
{
	static char last[48];
	static size_t last_length = 0;
	static Moment moment;

	if (text.length > 0 && text.length == last_length && memcmp(text.data, last, last_length) == 0)
		return moment;
	moment = read_moment_anew(text);
	last_length = text.length <= sizeof(last) ? text.length : 0;
	if (last_length > 0)
		memcpy(last, text.data, last_length);
	return moment;
}

/* A day that names no session, or NO_DAY. */
int
parse_day(Text text)
{
	Moment moment = read_moment(text);

	return moment.session < 0 ? moment.day : NO_DAY;
}

/* As the server reads it, for TIME_LENGTH bytes; NULL, or what is wrong. */
const char *
read_time(Text text, char *time)
{
	Parts parts;
	const char *problem;
	char day[11], zone[16] = " Europe/London";

	if (!take_parts(text, &parts, &problem) || parts.session >= 0)
		return problem == NULL ? "not a day with its time" : problem;
	format_day(parts.day, day);
	if (parts.zoned)
		snprintf(zone, sizeof(zone), "%c%02d:%02d", parts.offset < 0 ? '-' : '+',
				 abs(parts.offset) / 3600 % 100, abs(parts.offset) / 60 % 60);
	snprintf(time, TIME_LENGTH, "%s %02d:%02d:%02d.%06d%s", day, parts.seconds / 3600 % 24,
			 parts.seconds / 60 % 60, parts.seconds % 60, parts.micros % 1000000, zone);
	return NULL;
}
