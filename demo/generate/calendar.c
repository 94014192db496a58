/*
 * calendar.c
 *		The school year 2025/26 in Bradford, as far as DfE counts it.
 *
 * The register begins on 8 September 2025, where DfE's series begins: schools
 * start on different days of the week before.  It ends on 10 July 2026, where
 * the published figures end.
 */
#include <string.h>

#include "generate.h"

typedef struct HalfTerm
{
	const char *term;
	int half;
	int first_week;
	int weeks;
} HalfTerm;

/* In between: 27 October, 22 December, 16 February, 30 March, 25 May */
static const HalfTerm half_terms[HALF_TERMS] = {
	{"Autumn", 1, 0, 7},  {"Autumn", 2, 8, 7},  {"Spring", 1, 17, 6},
	{"Spring", 2, 24, 5}, {"Summer", 1, 31, 6}, {"Summer", 2, 38, 6},
};

#define MAY_DAY WEEKDAY(34, 0) /* 4 May 2026 */

/* Days on which schools like to train their staff; none is a day of Eid */
static const int inset_days[] = {WEEKDAY(6, 4),  WEEKDAY(8, 0),  WEEKDAY(11, 4), WEEKDAY(17, 0),
								 WEEKDAY(22, 4), WEEKDAY(24, 0), WEEKDAY(26, 4), WEEKDAY(31, 0),
								 WEEKDAY(36, 4), WEEKDAY(38, 0), WEEKDAY(42, 4)};

#define INSET_DAYS ((int) (sizeof(inset_days) / sizeof(inset_days[0])))

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* "YYYY-MM-DD" of the nth day (0 = the 1st) after 1 September of a year */
void
format_date(int year, int day_of_september_year, char *text)
{
	static const int lengths[12] = {30, 31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31};
	int day = day_of_september_year;
	int month = 0;

	for (;;)
	{
		int length = lengths[month % 12];

		if (month % 12 == 5 && is_leap(year + month / 12 + 1))
			length++;
		if (day < length)
			break;
		day -= length;
		month++;
	}
	year += (month + 8) / 12;
	month = (month + 8) % 12 + 1;
	sprintf(text, "%04u-%02u-%02u", (unsigned) year % 10000, (unsigned) month % 100,
			(unsigned) (day + 1) % 100);
}

void
format_day(int day, char *text)
{
	format_earlier(day, 0, text);
}

/* Some weekdays before a day, or after it; not before September 2024 */
void
format_earlier(int day, int weekdays, char *text)
{
	int past = day - weekdays + 5 * 52;
	int since = 7 + past / 5 * 7 + past % 5;

	format_date(2024, since + 365 - 7 * 52, text);
}

/* The day of a date in text form, or -1 */
int
day_of_text(const char *text)
{
	static char dates[DAYS][16];
	static int found; /* dates are asked for in order, mostly */
	int i;

	if (dates[0][0] == '\0')
		for (i = 0; i < DAYS; i++)
			format_day(i, dates[i]);
	for (i = 0; i < DAYS; i++, found = (found + 1) % DAYS)
		if (strncmp(text, dates[found], 10) == 0)
			return found;
	return -1;
}

/* First or last day of a half term */
int
half_term_edge(int half_term, bool last)
{
	const HalfTerm *h = &half_terms[half_term];

	if (last)
		return WEEKDAY(h->first_week + h->weeks - 1, 4);
	return WEEKDAY(h->first_week, 0);
}

/* One or two days of training in the half terms; the others fall before */
void
make_calendar(School *school)
{
	int count = random_between(1, 2);
	int h;
	int day;

	for (h = 0; h < HALF_TERMS; h++)
		for (day = half_term_edge(h, false); day <= half_term_edge(h, true); day++)
			school->held[day] = true;
	school->held[MAY_DAY] = false;
	while (count-- > 0)
	{
		day = inset_days[random_below(INSET_DAYS)];
		school->held[day] = false;
		school->inset[day] = true;
	}
}

/* The first held day from a day on, or DAYS */
int
next_held(const School *school, int day)
{
	while (day < DAYS && !school->held[day])
		day++;
	return day;
}

static void
write_half_term(FILE *terms, FILE *days, const School *school, int h)
{
	char first[16];
	char last[16];
	int day;

	format_day(half_term_edge(h, false), first);
	format_day(half_term_edge(h, true), last);
	fprintf(terms, "%d,2025,%s,%d,%s,%s\n", school->urn, half_terms[h].term, half_terms[h].half,
			first, last);
	for (day = half_term_edge(h, false); day <= half_term_edge(h, true); day++)
	{
		format_day(day, first);
		if (school->held[day])
			fprintf(days, "%d,%s,true,true,\n", school->urn, first);
		else
			fprintf(days, "%d,%s,false,false,%s\n", school->urn, first,
					school->inset[day] ? "INSET" : "bank holiday");
	}
}

void
write_calendar(const char *directory, const School *schools)
{
	FILE *terms = open_file(directory, "term_dates.csv",
							"school_urn,academic_year,term,half,first_day,last_day");
	FILE *days =
		open_file(directory, "school_days.csv", "school_urn,day,morning,afternoon,closure");
	int i;
	int h;

	for (i = 0; i < SCHOOLS; i++)
		for (h = 0; h < HALF_TERMS; h++)
			write_half_term(terms, days, &schools[i], h);
	close_file(terms);
	close_file(days);
}
