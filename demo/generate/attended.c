/*
 * attended.c
 *		Where pupils were present in another way: approved activities, lates.
 */
#include <stdlib.h>

#include "generate.h"

/* Mark present sessions with a code that has some left */
static void
place_attended(Roll *roll, Line *line, int position, int sessions, Mark mark)
{
	if (sessions > roll->left[mark])
		sessions = (int) roll->left[mark];
	if (line->marks[position] == MARK_PRESENT)
		roll->left[mark] -= place_run(line, position, sessions, mark);
}

/* A class goes on a trip for a day */
static void
place_trips(Roll *roll)
{
	while (roll->left[MARK_V] > 0)
	{
		const Class *class = &roll->classes[random_below(roll->nclasses)];
		int day = random_below(DAYS);
		int sessions = random_chance(90) ? 2 : 6;
		int i;

		for (i = class->from; i < class->to; i++)
			place_attended(roll, &roll->lines[i], AM(day), sessions, MARK_V);
	}
}

/* A team of a class plays somewhere else, mostly in an afternoon */
static void
place_sports(Roll *roll)
{
	while (roll->left[MARK_P] > 0)
	{
		const Class *class = &roll->classes[random_below(roll->nclasses)];
		int day = random_below(DAYS);
		bool all_day = random_chance(30);
		int i;

		for (i = class->from; i < class->to && i < class->from + 9; i++)
			place_attended(roll, &roll->lines[i], all_day ? AM(day) : PM(day), all_day ? 2 : 1,
						   MARK_P);
	}
}

/* Year 10 of a few schools works for a week, in one of two of the summer */
static void
place_work_experience(Roll *roll)
{
	int c = random_below(roll->nclasses);

	for (; roll->left[MARK_W] > 0; c = (c + 1) % roll->nclasses)
	{
		const Class *class = &roll->classes[c];
		int week = 40 + roll->lines[class->from].school % 2;
		int i;

		if (roll->lines[class->from].year != 10)
			continue;
		for (i = class->from; i < class->to; i++)
			place_attended(roll, &roll->lines[i], AM(WEEKDAY(week, 0)), 10, MARK_W);
	}
}

/* A day of each week elsewhere, from a week on */
static void
place_weekly(Roll *roll, Line *line, int week, int weekday, Mark mark)
{
	for (; week < WEEKS; week++)
		place_attended(roll, line, AM(WEEKDAY(week, weekday)), 2, mark);
}

/* Few pupils are taught elsewhere, for weeks on end, older ones above all */
static void
place_elsewhere(Roll *roll, Mark mark, int weekly)
{
	while (roll->left[mark] > 0)
	{
		Line *line = random_line(roll);
		int day = random_day(line);

		if (roll->phase == SECONDARY && line->year < 10 && !random_chance(15))
			continue;
		if (random_chance(weekly))
			place_weekly(roll, line, day / 5, day % 5, mark);
		else
			place_attended(roll, line, AM(day), random_between(20, 120), mark);
	}
}

void
place_approved(Roll *roll)
{
	place_trips(roll);
	place_work_experience(roll);
	place_elsewhere(roll, MARK_K, 0);
	place_elsewhere(roll, MARK_B, 30);
	place_elsewhere(roll, MARK_J, 100);
	place_sports(roll);
}

static long
count_half(const Roll *roll, int half)
{
	size_t n = (size_t) roll->nlines * POSITIONS;
	long count = 0;
	size_t i;

	for (i = (size_t) half; i < n; i += 2)
		count += roll->marks[i] == MARK_PRESENT;
	return count;
}

/*
 * Half-day absences of this half change places with the presence in the other
 * one, if this half has less presence than published.  Few seeds need it.
 */
static void
balance_halves(Roll *roll, long wanted, int half)
{
	int i;
	int day;

	for (i = 0; i < roll->nlines && wanted > 0; i++)
		for (day = 0; day < DAYS && wanted > 0; day++)
		{
			uint8_t *a = &roll->lines[i].marks[day * 2 + half];
			uint8_t *b = &roll->lines[i].marks[day * 2 + 1 - half];

			if (*b == MARK_PRESENT && (*a == MARK_M || *a == MARK_C2))
			{
				*b = *a;
				*a = MARK_PRESENT;
				wanted--;
			}
		}
}

/* Weights added up, so that a number points to a line */
static int64_t *
sum_lateness(const Roll *roll)
{
	int64_t *sums = allocate((size_t) roll->nlines, sizeof(int64_t));
	int64_t sum = 0;
	int i;

	for (i = 0; i < roll->nlines; i++)
		sums[i] = sum += roll->lines[i].lateness;
	return sums;
}

static Line *
late_line(Roll *roll, const int64_t *sums)
{
	int64_t pick = (int64_t) random_below(1 << 30) * sums[roll->nlines - 1] / (1 << 30);
	int low = 0;
	int high = roll->nlines - 1;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (sums[middle] > pick)
			high = middle;
		else
			low = middle + 1;
	}
	return &roll->lines[low];
}

/*
 * What is present beyond the published present marks must be late: this many
 * in the mornings, and this many in the afternoons.
 */
static void
place_half(Roll *roll, const int64_t *sums, int half, long lates)
{
	while (lates > 0)
	{
		Line *line = late_line(roll, sums);
		int day = random_between(line->first, line->last);

		if (line->marks[day * 2 + half] == MARK_PRESENT)
		{
			line->marks[day * 2 + half] = MARK_L;
			lates--;
		}
	}
}

void
place_lates(Roll *roll)
{
	int64_t *sums = sum_lateness(roll);
	long least = roll->left[MARK_L] / 40;
	long extra[2];
	int half;

	for (half = 0; half < 2; half++)
	{
		extra[half] = count_half(roll, half) - published_present[half][roll->phase];
		balance_halves(roll, least - extra[half], half);
	}
	for (half = 0; half < 2; half++)
	{
		extra[half] = count_half(roll, half) - published_present[half][roll->phase];
		if (extra[half] < 0)
			fail("%s: %ld present marks too few in one half of the day", phase_names[roll->phase],
				 -extra[half]);
		place_half(roll, sums, half, extra[half]);
	}
	free(sums);
}
