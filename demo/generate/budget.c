/*
 * budget.c
 *		How often each pupil is absent.
 *
 * Rates come from the published bands, as many above 10% as published; pupils
 * get them in the order of an inclination which the school and the year share.
 * The rates below 10% are scaled until the sum is the published absence.
 */
#include <stdlib.h>

#include "generate.h"

typedef struct Inclination
{
	int value;
	int line;
} Inclination;

static int
compare_inclinations(const void *a, const void *b)
{
	const Inclination *x = a;
	const Inclination *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->line < y->line ? -1 : 1;
}

static int
compare_rates(const void *a, const void *b)
{
	int x = *(const int *) a;
	int y = *(const int *) b;

	return (x > y) - (x < y);
}

/* Lines from the most to the least regular pupil */
static Inclination *
order_lines(const Roll *roll)
{
	static const int by_year[COHORTS] = {150, 60, 0, -30, -40, -30, 0, -250, -60, 60, 130, 150};
	Inclination *order = allocate((size_t) roll->nlines, sizeof(Inclination));
	int i;

	for (i = 0; i < roll->nlines; i++)
	{
		const Line *line = &roll->lines[i];
		bool moved = line->first > 0 || line->last < DAYS - 1;

		order[i].line = i;
		order[i].value = random_normal(1000) + by_year[line->year] +
						 roll->schools[line->school].effect + (moved ? 250 : 0);
	}
	qsort(order, (size_t) roll->nlines, sizeof(Inclination), compare_inclinations);
	return order;
}

/* A rate per million within a band, more often near its lower end */
static int
rate_in_band(int band)
{
	int64_t low = band * 50000;
	int64_t u = random_below(1000000);
	int64_t width = band == BANDS - 1 ? 450000 : 50000;

	if (band == 0)
		return (int) (u / 20);
	if (band > 1)
		u = (u + u * u / 1000000) / 2;
	return (int) (low + u * width / 1000000);
}

static int *
draw_rates(const Roll *roll)
{
	const int *bands = band_enrolments[roll->phase];
	int persistent =
		(int) (((int64_t) published_persistent[roll->phase] * roll->nlines + 500000) / 1000000);
	int *rates = allocate((size_t) roll->nlines, sizeof(int));
	int counts[BANDS];
	int n = 0;
	int band;

	random_shares(bands, 2, roll->nlines - persistent, counts);
	random_shares(bands + 2, BANDS - 2, persistent, counts + 2);
	for (band = 0; band < BANDS; band++)
		while (counts[band]-- > 0)
			rates[n++] = rate_in_band(band);
	qsort(rates, (size_t) n, sizeof(int), compare_rates);
	return rates;
}

/* The least and most sessions that keep a line on its side of 10% and 50% */
static void
limits(const Line *line, int rate, int *low, int *high)
{
	int tenth = (line->possible + 9) / 10;
	int half = (line->possible + 1) / 2;

	*low = rate < 100000 ? 0 : rate < 500000 ? tenth : half;
	*high = rate < 100000 ? tenth - 1 : rate < 500000 ? half - 1 : line->possible * 97 / 100;
}

static long
set_budgets(Roll *roll, const Inclination *order, const int *rates, int scale)
{
	long sum = 0;
	int i;

	for (i = 0; i < roll->nlines; i++)
	{
		Line *line = &roll->lines[order[i].line];
		int64_t rate = rates[i];
		int low;
		int high;

		limits(line, rates[i], &low, &high);
		if (rate < 100000)
			rate = rate * scale / 1000;
		line->budget = (int) ((rate * line->possible + 500000) / 1000000);
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
adjust_budgets(Roll *roll, const Inclination *order, const int *rates, long more)
{
	long tries = 1000L * roll->nlines;

	while (more != 0 && tries-- > 0)
	{
		int i = random_below(roll->nlines);
		Line *line = &roll->lines[order[i].line];
		int step = more > 0 ? 1 : -1;
		int low;
		int high;

		limits(line, rates[i], &low, &high);
		if (line->budget + step < low || line->budget + step > high)
			continue;
		line->budget += step;
		more -= step;
	}
	if (more != 0)
		fail("%s: the bands of absence cannot reach the published absence",
			 phase_names[roll->phase]);
}

/* A few pupils are late again and again; those absent more, also late more */
static void
draw_lateness(Roll *roll)
{
	int i;

	for (i = 0; i < roll->nlines; i++)
	{
		Line *line = &roll->lines[i];
		int64_t u = random_below(1000);

		line->lateness = 8 + (int) (u * u * u * u / INT64_C(1000000000));
		if (line->budget * 10 < line->possible)
			line->lateness = line->lateness * 2 / 3;
	}
}

static void
count_possible(Roll *roll)
{
	int i;
	int p;

	for (i = 0; i < roll->nlines; i++)
		for (p = 0; p < POSITIONS; p++)
			roll->lines[i].possible += roll->lines[i].marks[p] == MARK_PRESENT;
}

void
plan_absence(Roll *roll)
{
	long target = published_totals[TOTAL_ABSENCE][roll->phase];
	Inclination *order;
	int *rates;
	int low = 0;
	int high = 4000;
	int i;

	count_possible(roll);
	order = order_lines(roll);
	rates = draw_rates(roll);
	while (high - low > 1)
	{
		int middle = (low + high) / 2;

		if (set_budgets(roll, order, rates, middle) <= target)
			low = middle;
		else
			high = middle;
	}
	adjust_budgets(roll, order, rates, target - set_budgets(roll, order, rates, low));
	for (i = 0; i < roll->nlines; i++)
		roll->lines[i].left = roll->lines[i].budget;
	draw_lateness(roll);
	free(order);
	free(rates);
}
