/*
 * school.h
 *		Schools and the days that they hold in 2025/26.
 */
#ifndef SCHOOL_H
#define SCHOOL_H

#include "published.h"

/* Weekdays only: day d is weekday d % 5 of week d / 5, week 0 = 8 September 2025 */
#define WEEKS 44
#define DAYS (WEEKS * 5)
#define HALF_TERMS 6
#define WEEKDAY(week, weekday) (5 * (week) + (weekday))

#define DATE_TEXT 16

typedef struct HalfTerm
{
	const char *term;
	int half;
	int first; /* day */
	int last;
} HalfTerm;

typedef struct School
{
	Phase phase;
	int urn;
	int trust;         /* 0 = maintained by the authority */
	int size;          /* enrolments */
	int effect;        /* on absence, about -900 to 900 */
	bool june_leavers; /* takes Year 11 off roll on the school leaving date */
	bool held[DAYS];
} School;

extern const HalfTerm half_terms[HALF_TERMS];

extern void make_schools(School *schools);
extern int held_day(const School *school, int day, int step);
extern void format_day(int day, char *text);
extern const char *closure(int day);

#endif /* SCHOOL_H */
