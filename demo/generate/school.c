/*
 * school.c
 *		Schools, as many as published, of differing size, and the days that
 *		they hold.
 *
 * The register begins on 8 September 2025, where DfE's series begins: schools
 * start on different days of the week before.  It ends on 10 July 2026, where
 * the published figures end.
 */
#include <string.h>
#include <time.h>

#include "random.h"
#include "school.h"

/*
 * URNs lie where no real school has one.  UPNs are built from them, so that no
 * UPN here can be that of a child.
 */
#define FIRST_URN 900001
#define FIRST_TRUST 90001
#define TRUSTS 15

#define MAY_DAY WEEKDAY(34, 0) /* 4 May 2026 */

/* In between: 27 October, 22 December, 16 February, 30 March, 25 May */
const HalfTerm half_terms[HALF_TERMS] = {
	{"Autumn", 1, WEEKDAY(0, 0), WEEKDAY(6, 4)},   {"Autumn", 2, WEEKDAY(8, 0), WEEKDAY(14, 4)},
	{"Spring", 1, WEEKDAY(17, 0), WEEKDAY(22, 4)}, {"Spring", 2, WEEKDAY(24, 0), WEEKDAY(28, 4)},
	{"Summer", 1, WEEKDAY(31, 0), WEEKDAY(36, 4)}, {"Summer", 2, WEEKDAY(38, 0), WEEKDAY(43, 4)},
};

/* Days on which schools like to train their staff; none is a day of Eid */
static const int inset_days[] = {WEEKDAY(6, 4),  WEEKDAY(8, 0),  WEEKDAY(11, 4), WEEKDAY(17, 0),
								 WEEKDAY(22, 4), WEEKDAY(24, 0), WEEKDAY(26, 4), WEEKDAY(31, 0),
								 WEEKDAY(36, 4), WEEKDAY(38, 0), WEEKDAY(42, 4)};

#define INSET_DAYS ((int) (sizeof(inset_days) / sizeof(inset_days[0])))

/* "2025-09-08" and so on; at noon no time zone makes it another day */
void
format_day(int day, char *text)
{
	struct tm date = {
		.tm_year = 125, .tm_mon = 8, .tm_mday = 8 + day / 5 * 7 + day % 5, .tm_hour = 12};

	date.tm_isdst = -1;
	mktime(&date);
	strftime(text, DATE_TEXT, "%Y-%m-%d", &date);
}

/* The first held day from a day on, or, with step -1, back; the year's last days are held */
int
held_day(const School *school, int day, int step)
{
	while (!school->held[day])
		day += step;
	return day;
}

/* Why a weekday of a half term is not held */
const char *
closure(int day)
{
	return day == MAY_DAY ? "bank holiday" : "INSET";
}

/* One or two days of training in the half terms; the others fall before */
static void
make_calendar(School *school)
{
	int count = random_between(1, 2);
	int h;
	int day;

	for (h = 0; h < HALF_TERMS; h++)
		for (day = half_terms[h].first; day <= half_terms[h].last; day++)
			school->held[day] = day != MAY_DAY;
	while (count-- > 0)
		school->held[inset_days[random_below(INSET_DAYS)]] = false;
}

/* Primaries have one form of entry, one and a half, two or three */
static int
size_weight(Phase phase)
{
	static const int forms[] = {30, 18, 37, 15};
	static const int places[] = {210, 315, 420, 630};

	if (phase == PRIMARY)
	{
		int form = random_weighted(forms, 4);

		return places[form] * random_between(78, 100);
	}
	return phase == SECONDARY ? random_between(550, 1450) : random_between(80, 250);
}

static void
size_schools(School *schools, Phase phase)
{
	int n = published_schools[phase];
	int weights[SCHOOLS] = {0};
	int sizes[SCHOOLS];
	int i;

	for (i = 0; i < n; i++)
		weights[i] = size_weight(phase);
	random_shares(weights, n, published_enrolments[phase], sizes);
	for (i = 0; i < n; i++)
		schools[i].size = sizes[i];
}

static void
make_school(School *school, Phase phase, int urn)
{
	static const int academies[PHASES] = {55, 80, 50};

	school->phase = phase;
	school->urn = urn;
	if (random_chance(academies[phase]))
		school->trust = FIRST_TRUST + random_below(TRUSTS);
	school->effect = random_normal(220);
	school->june_leavers = random_chance(40);
	make_calendar(school);
}

void
make_schools(School *schools)
{
	int phase;
	int n = 0;
	int i;

	for (phase = 0; phase < PHASES; phase++)
	{
		size_schools(schools + n, (Phase) phase);
		for (i = 0; i < published_schools[phase]; i++, n++)
			make_school(&schools[n], (Phase) phase, FIRST_URN + n);
	}
}
