/*
 * generate_pupils.c
 *		Who the pupils are, and where and when they are enrolled.
 */
#include <string.h>

#include "generate.h"

#define SEPTEMBER 2025 /* the academic year begins */

/*
 * A permanent UPN: check letter, authority, establishment and year of
 * allocation, serial number.
 */
static void
make_upn(int estab, int year, int serial, char *upn)
{
	static const char letters[] = "ABCDEFGHJKLMNPQRTUVWXYZ";
	int sum = 0;
	int i;

	sprintf(upn, "?380%04u%02u%03u", (unsigned) estab % 10000, (unsigned) year % 100,
			(unsigned) serial % 1000);
	for (i = 1; i < 13; i++)
		sum += (upn[i] - '0') * (i + 1);
	upn[0] = letters[sum % 23];
}

/*
 * Numbers are given on entry to Reception: pupils of secondary schools bring
 * theirs from a primary school.
 */
static void
allocate_upn(const Roll *roll, const Line *line, char *upn)
{
	static int serials[SCHOOLS][COHORTS];
	int school = line->school;

	if (roll->phase == SECONDARY)
		school = random_below(published_schools[PRIMARY]);
	if (++serials[school][line->year] > 999)
		fail("establishment %d runs out of UPNs", roll->schools[school].estab);
	make_upn(roll->schools[school].estab, SEPTEMBER - line->year, serials[school][line->year], upn);
}

/* Of the age of the year group on 31 August */
static void
write_pupil(Output *out, const Roll *roll, Line *line)
{
	/* One random number per statement: argument order is up to the compiler */
	bool female = random_chance(49);
	const char *first = forename(female, random_below(forename_count(female)));
	const char *last = surname(random_below(surname_count()));
	char birth[16];

	line->pupil = ++out->pupil_count;
	allocate_upn(roll, line, line->upn);
	format_date(SEPTEMBER - 5 - line->year, random_below(365), birth);
	fprintf(out->pupils, "%d,%s,%s,%s,%c,%s\n", line->pupil, line->upn, last, first,
			female ? 'F' : 'M', birth);
}

/* Years since the pupil joined the school: most came with their cohort */
static int
years_here(const Roll *roll, const Line *line)
{
	int all = line->year - (roll->phase == SECONDARY ? 7 : 0);

	if (all > 0 && random_chance(roll->phase == SPECIAL ? 70 : 15))
		return random_below(all + 1);
	return all;
}

static void
write_enrolment(Output *out, const Roll *roll, const Line *line)
{
	char start[16];
	char end[16] = "";

	if (line->first > 0)
		format_day(line->first, start);
	else
		format_date(SEPTEMBER - years_here(roll, line), 0, start);
	if (line->last < DAYS - 1)
		format_day(line->last, end);
	fprintf(out->enrolments, "%d,%d,%s,%s,", roll->schools[line->school].urn, line->pupil, start,
			end);
	if (line->year == 0)
		fprintf(out->enrolments, "R,R%c\n", 'A' + line->group);
	else
		fprintf(out->enrolments, "%d,%d%c\n", line->year, line->year, 'A' + line->group);
}

/* A pupil who moved is one pupil with two enrolments */
void
write_pupils(Output *out, Roll *roll)
{
	int i;

	for (i = 0; i < roll->nlines; i++)
		if (roll->lines[i].moved_from < 0)
			write_pupil(out, roll, &roll->lines[i]);
	for (i = 0; i < roll->nlines; i++)
	{
		Line *line = &roll->lines[i];

		if (line->moved_from >= 0)
		{
			line->pupil = roll->lines[line->moved_from].pupil;
			strcpy(line->upn, roll->lines[line->moved_from].upn);
		}
		write_enrolment(out, roll, line);
	}
}
