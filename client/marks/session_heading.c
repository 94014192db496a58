/*
 * session_heading.c
 *		The heading of a column that has the marks of one session: "2025-09-08 AM",
 *		"Mon 08/09/2025 PM", "AM 2025-09-08".
 *
 * One that is nearly such a heading is not passed over, as its marks would be lost: what is wrong
 * with it is kept, and said if the file has a column for each session.
 */
#include "marks/marks.h"

#include <ctype.h>

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
									   "Friday", "Saturday", "Sunday"};

/* Takes the word that a text begins or ends with, if it is a session. */
static int
take_session(Text *name)
{
	Text text = trim(*name);
	size_t length = text.length;
	int session = -1;

	if (length < 4)
		return -1;
	if (strchr(" _-/", text.data[length - 3]) != NULL ||
		isdigit((unsigned char) text.data[length - 3]))
		session = parse_session((Text){text.data + length - 2, 2});
	if (session >= 0)
		text.length -= 2;
	else if (strchr(" _-/", text.data[2]) != NULL &&
			 (session = parse_session((Text){text.data, 2})) >= 0)
		text.data += 3, text.length -= 3;
	while (text.length > 0 && strchr(" _-", text.data[text.length - 1]) != NULL)
		text.length--;
	*name = text;
	return session;
}

/* The day of the week that a text begins with, from 0 for Monday, or -1. */
static int
named_weekday(Text text)
{
	size_t length = 0;

	while (length < text.length && isalpha((unsigned char) text.data[length]))
		length++;
	if (length == 4 && pg_strncasecmp(text.data, "weds", 4) == 0)
		return 2;
	for (int i = 0; i < 7 && length >= 3; i++)
	{
		if (length <= strlen(weekdays[i]) && pg_strncasecmp(text.data, weekdays[i], length) == 0)
			return i;
	}
	return -1;
}

static Text
skip_weekday(Text text)
{
	size_t length = 0;

	while (length < text.length && !isdigit((unsigned char) text.data[length]))
		length++;
	if (length < 3 || length > 11 || strchr(" ,", text.data[length - 1]) == NULL)
		return text;
	return (Text){text.data + length, text.length - length};
}

/* Whether the last word is a session, after something with digits. */
static bool
ends_in_session(Text name)
{
	size_t start = name.length;
	bool digits = false;

	while (start > 0 && isalpha((unsigned char) name.data[start - 1]))
		start--;
	for (size_t i = 0; i < start; i++)
		digits |= isdigit((unsigned char) name.data[i]) != 0;
	return digits && name.length - start > 1 &&
		   parse_session((Text){name.data + start, name.length - start}) >= 0;
}

static char *
find_problem(Text name, const Column *column, const char *why_no_day)
{
	Buffer problem = {0};
	bool short_year;
	bool dated = has_day(name, &short_year);
	Text day = name;
	int weekday;

	take_session(&day);
	weekday = named_weekday(day);
	day = skip_weekday(day);
	if (!dated && column->day == NO_DAY && !ends_in_session(name))
		return NULL;
	if (short_year)
		put_string(&problem, "the year has two digits: four are expected");
	else if (column->session < 0)
		put_string(&problem, "not a session: AM or PM is expected beside the day");
	else if (why_no_day != NULL)
		put_string(&problem, why_no_day);
	else if (column->day == NO_DAY && exchanged_day(day) != NULL)
		put_string(&problem, exchanged_day(day));
	else if (column->day == NO_DAY)
		put_format(&problem, "not a day (%s) with AM or PM", expected_days());
	else if (weekday >= 0 && weekday != weekday_of(column->day))
		put_format(&problem, "the day is a %s: are day and month exchanged? See --date-style",
				   weekdays[weekday_of(column->day)]);
	return problem.data;
}

/* Of a column whose name means nothing else. */
void
read_session_heading(Column *column)
{
	Text name = text_of(column->name), day = name;
	Moment moment;

	column->session = take_session(&day);
	moment = read_moment(skip_weekday(day));
	column->day = moment.session < 0 ? moment.day : NO_DAY;
	column->problem = find_problem(name, column, moment.problem);
	if (column->session >= 0 && column->day != NO_DAY && column->problem == NULL)
		column->kind = COLUMN_WIDE;
}
