/*
 * calendar.c
 *		Days are counted from 2000-01-01, as PostgreSQL does.
 */
#include "client.h"

static bool
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* NO_DAY if there is none, or not from 1900 to 2999. */
int
day_of(int year, int month, int day)
{
	static const int lengths[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int days = day - 1, before;

	if (year < 1900 || year > 2999 || month < 1 || month > 12 || day < 1 ||
		day > lengths[month] + (month == 2 && is_leap(year)))
		return NO_DAY;
	for (int i = 1; i < month; i++)
		days += lengths[i] + (i == 2 && is_leap(year));
	before = year - 1;
	days += before * 365 + before / 4 - before / 100 + before / 400;
	return days - 730119; /* 2000-01-01 */
}

/* 0 is Monday. */
int
weekday_of(int day)
{
	return ((day + 5) % 7 + 7) % 7; /* 2000-01-01 was a Saturday */
}

int
year_of(int day)
{
	int year = 1900;

	while (year < 2999 && day_of(year + 1, 1, 1) <= day)
		year++;
	return year;
}

/* For at least 11 bytes. */
void
format_day(int day, char *text)
{
	int year = year_of(day), month = 1;

	while (month < 12 && day_of(year, month + 1, 1) <= day)
		month++;
	snprintf(text, 11, "%04u-%02u-%02u", (unsigned) year % 10000, (unsigned) month % 100,
			 (unsigned) (day - day_of(year, month, 1) + 1) % 100);
}
