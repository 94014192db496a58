/*
 * check.c
 *		The recount against the published row, figure by figure.
 */
#include <stdio.h>

#include "steps.h"

/* Whether a figure is right; says so if it is not */
static bool
is_right(Phase phase, const char *what, int placed, int published)
{
	if (placed != published)
		fprintf(stderr, "%s: %s: %d placed, but %d published\n", phase_names[phase], what, placed,
				published);
	return placed == published;
}

static int
count_total(const int *counts, int classes)
{
	int sum = 0;
	int mark;

	for (mark = 0; mark < MARKS; mark++)
		if (codes[mark].class & classes)
			sum += counts[mark];
	return sum;
}

bool
check_figures(const Roll *roll)
{
	Phase phase = roll->phase;
	int counts[MARKS];
	int figures = 0;
	int right = 0;
	int i;

	for (i = 0; i < MARKS; i++)
		counts[i] = count_marks(roll, (Mark) i, 0) + count_marks(roll, (Mark) i, 1);
	for (i = 0; i < 2; i++, figures++)
		right += is_right(phase, i == 0 ? "/" : "\\", count_marks(roll, MARK_PRESENT, i),
						  published_present[phase][i]);
	for (i = MARK_L; codes[i].class & POSSIBLE; i++, figures++)
		right += is_right(phase, codes[i].text, counts[i], codes[i].sessions[phase]);
	for (i = 0; i < TOTALS; i++, figures++)
		right += is_right(phase, published_totals[i].name,
						  count_total(counts, published_totals[i].classes),
						  published_totals[i].sessions[phase]);
	fprintf(stderr, "%s: %d schools, %d enrolments, %d possible sessions, %d of %d figures equal\n",
			phase_names[phase], published_schools[phase], roll->nlines,
			count_total(counts, POSSIBLE), right, figures);
	return right == figures &&
		   is_right(phase, "enrolments", roll->nlines, published_enrolments[phase]);
}
