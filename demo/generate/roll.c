/*
 * roll.c
 *		The roll of a phase: schools, cohorts, classes, and one line each.
 */
#include <stdlib.h>
#include <string.h>

#include "generate.h"

static const int first_cohort[PHASES] = {0, 7, 0};
static const int last_cohort[PHASES] = {6, 11, 11};
static const int class_size[PHASES] = {30, 30, 10};

static void
start_line(Roll *roll, int school, int year, int group)
{
	Line *line = &roll->lines[roll->nlines];
	const School *s = &roll->schools[school];
	int day;

	line->marks = roll->marks + (size_t) roll->nlines * POSITIONS;
	line->school = school;
	line->year = year;
	line->group = group;
	line->last = DAYS - 1;
	line->moved_from = -1;
	line->moved_to = -1;
	line->trait = random_below(1000);
	for (day = 0; day < DAYS; day++)
		if (s->held[day])
			memset(line->marks + AM(day), MARK_PRESENT, 2);
	roll->nlines++;
}

/* Classes of equal size, no larger than usual */
static void
start_cohort(Roll *roll, int school, int year, int pupils)
{
	int usual = class_size[roll->phase];
	int groups = (pupils + usual - 1) / usual;
	int g;
	int i;

	for (g = 0; g < groups; g++)
	{
		Class *class = &roll->classes[roll->nclasses++];

		class->from = roll->nlines;
		for (i = pupils * g / groups; i < pupils * (g + 1) / groups; i++)
			start_line(roll, school, year, g);
		class->to = roll->nlines;
	}
}

static void
start_school(Roll *roll, int school)
{
	int first = first_cohort[roll->phase];
	int n = last_cohort[roll->phase] - first + 1;
	int weights[COHORTS] = {0};
	int sizes[COHORTS];
	int i;

	for (i = 0; i < n; i++)
		weights[i] = random_between(88, 112);
	random_shares(weights, n, roll->schools[school].size, sizes);
	for (i = 0; i < n; i++)
		start_cohort(roll, school, first + i, sizes[i]);
}

void
make_roll(Roll *roll, Phase phase, School *schools)
{
	size_t n = (size_t) published_enrolments[phase];
	int code;
	int i;

	memset(roll, 0, sizeof(*roll));
	roll->phase = phase;
	roll->schools = schools;
	roll->lines = allocate(n, sizeof(Line));
	roll->classes = allocate(n, sizeof(Class));
	roll->marks = allocate(n, POSITIONS);
	for (code = 0; code < MARKS; code++)
		roll->left[code] = published_sessions[code][phase];
	for (i = 0; i < SCHOOLS; i++)
		if (schools[i].phase == phase)
			start_school(roll, i);
}

void
free_roll(Roll *roll)
{
	free(roll->lines);
	free(roll->classes);
	free(roll->marks);
}
