/*
 * budget.c
 *		How often each pupil is absent.
 *
 * Rates come from the published bands, as many above 10% as published; pupils
 * get them in the order of an inclination which the school and the year share.
 * The rates below 10% are scaled until the sum is the published absence.
 */
#include <err.h>
#include <stdlib.h>

#include "random.h"
#include "steps.h"

#define MILLION 1000000

/* A pupil's share of the absence, in pupils from the most to the least regular */
typedef struct Share
{
	Line *line;
	int rate; /* per million */
} Share;

static Share shares[MAX_ENROLMENTS];

static int
compare_inclinations(const void *a, const void *b)
{
	const Line *x = ((const Share *) a)->line;
	const Line *y = ((const Share *) b)->line;

	if (x->inclination != y->inclination)
		return x->inclination < y->inclination ? -1 : 1;
	return x < y ? -1 : 1;
}

static int
compare_rates(const void *a, const void *b)
{
	int x = *(const int *) a;
	int y = *(const int *) b;

	return (x > y) - (x < y);
}

static void
order_lines(Roll *roll)
{
	static const int by_year[] = {150, 60, 0, -30, -40, -30, 0, -250, -60, 60, 130, 150};
	int i;

	for (i = 0; i < roll->nlines; i++)
	{
		Line *line = &roll->lines[i];
		bool moved = line->first > 0 || line->last < DAYS - 1;

		line->inclination =
			random_normal(1000) + by_year[line->year] + line->school->effect + (moved ? 250 : 0);
		shares[i].line = line;
	}
	qsort(shares, (size_t) roll->nlines, sizeof(Share), compare_inclinations);
}

/* A rate within a band, more often near its lower end */
static int
rate_in_band(int band)
{
	int low = band * 50000;
	int width = band == BANDS - 1 ? 450000 : 50000;
	int64_t u = random_below(MILLION);

	if (band > 1)
		u = (u + u * u / MILLION) / 2;
	return low + (int) (u * width / MILLION);
}

static void
draw_rates(const Roll *roll)
{
	static int rates[MAX_ENROLMENTS];
	const int *bands = band_enrolments[roll->phase];
	int persistent =
		(int) (((int64_t) published_persistent[roll->phase] * roll->nlines + 500000) / MILLION);
	int counts[BANDS];
	int n = 0;
	int i;

	random_shares(bands, 2, roll->nlines - persistent, counts);
	random_shares(bands + 2, BANDS - 2, persistent, counts + 2);
	for (i = 0; i < BANDS; i++)
		while (counts[i]-- > 0)
			rates[n++] = rate_in_band(i);
	qsort(rates, (size_t) n, sizeof(int), compare_rates);
	for (i = 0; i < n; i++)
		shares[i].rate = rates[i];
}

/* The least and most sessions that keep a line on its side of 10% and 50% */
static void
limits(const Share *share, int *low, int *high)
{
	int possible = share->line->possible;
	int tenth = (possible + 9) / 10;
	int half = (possible + 1) / 2;

	*low = share->rate < 100000 ? 0 : share->rate < 500000 ? tenth : half;
	*high = share->rate < 100000   ? tenth - 1
			: share->rate < 500000 ? half - 1
								   : possible * 97 / 100;
}

/* With rates below 10% multiplied by so many thousandths; the sum of all budgets */
static int
set_budgets(const Roll *roll, int scale)
{
	int sum = 0;
	int i;

	for (i = 0; i < roll->nlines; i++)
	{
		Line *line = shares[i].line;
		int64_t rate = shares[i].rate;
		int low;
		int high;

		limits(&shares[i], &low, &high);
		if (rate < 100000)
			rate = rate * scale / 1000;
		line->budget = (int) ((rate * line->possible + 500000) / MILLION);
		if (line->budget < low)
			line->budget = low;
		if (line->budget > high)
			line->budget = high;
		sum += line->budget;
	}
	return sum;
}

/* Single sessions, up or down, to the exact sum */
static void
adjust_budgets(const Roll *roll, int more)
{
	int64_t tries = 1000 * (int64_t) roll->nlines;

	while (more != 0)
	{
		const Share *share = &shares[random_below(roll->nlines)];
		int step = more > 0 ? 1 : -1;
		int low;
		int high;

		limits(share, &low, &high);
		if (share->line->budget + step >= low && share->line->budget + step <= high)
		{
			share->line->budget += step;
			more -= step;
		}
		else if (tries-- == 0)
			errx(EXIT_FAILURE, "%s: the bands of absence cannot reach the published absence",
				 phase_names[roll->phase]);
	}
}

static void
count_possible(Roll *roll)
{
	int i;
	int position;

	for (i = 0; i < roll->nlines; i++)
		for (position = 0; position < POSITIONS; position++)
			roll->lines[i].possible += roll->lines[i].marks[position] == MARK_PRESENT;
}

void
plan_absence(Roll *roll)
{
	int target = published_sessions(roll->phase, CLASSES_OF_ABSENCE);
	int low = 0;
	int high = 4000;
	int i;

	count_possible(roll);
	order_lines(roll);
	draw_rates(roll);
	while (high - low > 1)
	{
		int middle = (low + high) / 2;

		if (set_budgets(roll, middle) <= target)
			low = middle;
		else
			high = middle;
	}
	adjust_budgets(roll, target - set_budgets(roll, low));
	for (i = 0; i < roll->nlines; i++)
		roll->lines[i].left = roll->lines[i].budget;
}
