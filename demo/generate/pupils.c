/*
 * pupils.c
 *		Who the pupils are.
 */
#include <string.h>

#include "generate.h"

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
allocate_upn(const Roll *roll, Line *line)
{
	static int serials[SCHOOLS][COHORTS];
	int school = line->school;

	if (roll->phase == SECONDARY)
		school = random_below(published_schools[PRIMARY]);
	line->primary = school;
	if (++serials[school][line->year] > 999)
		fail("establishment %d runs out of UPNs", roll->schools[school].estab);
	make_upn(roll->schools[school].estab, SEPTEMBER - line->year, serials[school][line->year],
			 line->upn);
}

/* Of the age of the year group on 31 August */
static void
write_pupil(Output *out, const Roll *roll, Line *line)
{
	/* One random number per statement: argument order is up to the compiler */
	bool female = random_chance(49);
	const char *first = forename(female, random_below(forename_count(female)));

	line->surname = random_below(surname_count());
	line->pupil = ++out->pupil_count;
	allocate_upn(roll, line);
	format_date(SEPTEMBER - 5 - line->year, random_below(365), line->birth);
	fprintf(out->pupils, "%d,%s,%s,%s,%c,%s\n", line->pupil, line->upn, surname(line->surname),
			first, female ? 'F' : 'M', line->birth);
	write_family(out, line);
}

/* A pupil who moved is one pupil with two enrolments */
void
write_pupils(Output *out, Roll *roll, Recount *recount)
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
			const Line *earlier = &roll->lines[line->moved_from];

			line->pupil = earlier->pupil;
			line->surname = earlier->surname;
			memcpy(line->birth, earlier->birth, sizeof(line->birth));
			memcpy(line->upn, earlier->upn, sizeof(line->upn));
		}
		write_enrolment(out, roll, line, recount);
	}
}
