/*
 * roll.c
 *		The roll of a phase: schools, cohorts, classes, and one line each, all
 *		present on all days that the school holds.
 */
#include <string.h>

#include "random.h"
#include "roll.h"

#define COHORTS 12

static const int first_cohort[PHASES] = {0, 7, 0};
static const int last_cohort[PHASES] = {6, 11, 11};
static const int class_size[PHASES] = {30, 30, 10};

int
last_year(Phase phase)
{
	return last_cohort[phase];
}

/* A few pupils are late again and again */
static int
draw_lateness(void)
{
	int64_t u = random_below(1000);

	return 8 + (int) (u * u * u * u / INT64_C(1000000000));
}

static void
start_line(Line *line, const School *school, int year, int group)
{
	int day;

	line->school = school;
	line->year = year;
	line->group = group;
	line->last = DAYS - 1;
	line->trait = random_below(1000);
	line->lateness = draw_lateness();
	for (day = 0; day < DAYS; day++)
		if (school->held[day])
			memset(line->marks + AM(day), MARK_PRESENT, 2);
}

/* In classes of equal size, no larger than usual */
static void
start_cohort(Roll *roll, const School *school, int year, int pupils)
{
	int usual = class_size[roll->phase];
	int groups = (pupils + usual - 1) / usual;
	int i;

	for (i = 0; i < pupils; i++)
		start_line(&roll->lines[roll->nlines++], school, year, i * groups / pupils);
}

static void
start_school(Roll *roll, const School *school)
{
	int first = first_cohort[roll->phase];
	int n = last_cohort[roll->phase] - first + 1;
	int weights[COHORTS] = {0};
	int sizes[COHORTS];
	int i;

	for (i = 0; i < n; i++)
		weights[i] = random_between(88, 112);
	random_shares(weights, n, school->size, sizes);
	for (i = 0; i < n; i++)
		start_cohort(roll, school, first + i, sizes[i]);
}

void
make_roll(Roll *roll, Phase phase, const School *schools, int first_pupil)
{
	int i;

	memset(roll, 0, sizeof(*roll));
	roll->phase = phase;
	for (i = 0; i < MARKS; i++)
		roll->left[i] = codes[i].sessions[phase];
	for (i = 0; i < SCHOOLS; i++)
		if (schools[i].phase == phase)
			start_school(roll, &schools[i]);
	for (i = 0; i < roll->nlines; i++)
		roll->lines[i].pupil = first_pupil + i;
}

Line *
random_line(Roll *roll)
{
	return &roll->lines[random_below(roll->nlines)];
}

bool
same_class(const Line *a, const Line *b)
{
	return a->school == b->school && a->year == b->year && a->group == b->group;
}

/* Of one half of the days */
int
count_marks(const Roll *roll, Mark mark, int half)
{
	int count = 0;
	int i;
	int position;

	for (i = 0; i < roll->nlines; i++)
		for (position = half; position < POSITIONS; position += 2)
			count += roll->lines[i].marks[position] == mark;
	return count;
}
