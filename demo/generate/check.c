/*
 * check.c
 *		The recount against the published row, figure by figure.
 */
#include "generate.h"

/* 15331545 as 15,331,545; good for eight calls in one printf */
const char *
with_commas(long n)
{
	static char buffers[8][32];
	static int next;
	char digits[32];
	char *out = buffers[next = (next + 1) % 8];
	int length = snprintf(digits, sizeof(digits), "%ld", n < 0 ? -n : n);
	char *start = out;
	int i;

	if (n < 0)
		*out++ = '-';
	for (i = 0; i < length; i++)
	{
		if (i > 0 && (length - i) % 3 == 0)
			*out++ = ',';
		*out++ = digits[i];
	}
	*out = '\0';
	return start;
}

static bool
check_figure(Phase phase, const char *what, long placed, long published)
{
	if (placed != published)
		fprintf(stderr, "%s: %s: %s placed, but %s published\n", phase_names[phase], what,
				with_commas(placed), with_commas(published));
	return placed == published;
}

static long
count_code(const Recount *recount, int mark)
{
	return recount->sessions[mark][0] + recount->sessions[mark][1];
}

static long
count_class(const Recount *recount, MarkClass class)
{
	long sum = 0;
	int mark;

	for (mark = 0; mark < MARKS; mark++)
		if (mark_names[mark].class == class)
			sum += count_code(recount, mark);
	return sum;
}

static void
add_totals(const Recount *recount, long *totals)
{
	totals[TOTAL_REASON_PRESENT] = count_code(recount, MARK_PRESENT);
	totals[TOTAL_PRESENT] = count_class(recount, CLASS_PRESENT);
	totals[TOTAL_APPROVED] = count_class(recount, CLASS_APPROVED);
	totals[TOTAL_ATTENDANCE] = totals[TOTAL_PRESENT] + totals[TOTAL_APPROVED];
	totals[TOTAL_AUTHORISED] = count_class(recount, CLASS_AUTHORISED);
	totals[TOTAL_UNAUTHORISED] = count_class(recount, CLASS_UNAUTHORISED);
	totals[TOTAL_ABSENCE] = totals[TOTAL_AUTHORISED] + totals[TOTAL_UNAUTHORISED];
	totals[TOTAL_LATE] = count_code(recount, MARK_L) + count_code(recount, MARK_U);
	totals[TOTAL_POSSIBLE] = totals[TOTAL_ATTENDANCE] + totals[TOTAL_ABSENCE];
}

static bool
check_needs(Phase phase, const char *what, const char *need, long lawful, long placed)
{
	if (lawful != placed)
		fprintf(stderr, "%s: %s: %s placed, but %s of them with %s\n", phase_names[phase], what,
				with_commas(placed), with_commas(lawful), need);
	return lawful == placed;
}

/* Whether every mark has beside it what the Regulations ask for, and nothing else has */
static bool
check_lawful(Phase phase, const Recount *recount)
{
	static const char *const needs[MARKS] = {
		[MARK_C] = "a leave",
		[MARK_C1] = "a licensed leave",
		[MARK_J1] = "a leave",
		[MARK_M] = "a leave",
		[MARK_S] = "an agreed study leave",
		[MARK_C2] = "a part-time timetable",
		[MARK_T] = "a pupil of compulsory school age",
		[MARK_B] = "the nature",
		[MARK_K] = "the nature",
		[MARK_Y7] = "the nature",
		[MARK_D] = "another school",
		[MARK_N] = "days left to establish the reason",
		[MARK_X] = "a pupil not of compulsory school age",
	};
	bool lawful = true;
	int mark;

	for (mark = 0; mark < MARKS; mark++)
		if (needs[mark] != NULL)
			lawful &= check_needs(phase, mark_names[mark].text, needs[mark], recount->lawful[mark],
								  count_code(recount, mark));
	lawful &= check_needs(phase, "names taken off the roll", "a ground", recount->deletions,
						  recount->leavers);
	lawful &= check_figure(phase, "sessions of leave with another mark", recount->stray, 0);
	if (lawful)
		fprintf(stderr, "%s: %s leaves; every mark has what the Regulations ask for\n",
				phase_names[phase], with_commas(recount->leaves));
	return lawful;
}

/* Say which figure is off, or that none is */
bool
check_figures(Phase phase, const Recount *recount)
{
	long totals[TOTALS];
	bool equal = true;
	int figures = 2;
	int i;

	equal &=
		check_figure(phase, "/", recount->sessions[MARK_PRESENT][0], published_present[0][phase]);
	equal &=
		check_figure(phase, "\\", recount->sessions[MARK_PRESENT][1], published_present[1][phase]);
	for (i = MARK_L; i < MARK_X; i++, figures++)
		equal &= check_figure(phase, mark_names[i].text, count_code(recount, i),
							  published_sessions[i][phase]);
	add_totals(recount, totals);
	for (i = 0; i < TOTALS; i++, figures++)
		equal &= check_figure(phase, total_names[i], totals[i], published_totals[i][phase]);
	equal &= check_figure(phase, "enrolments", recount->lines, published_enrolments[phase]);
	if (equal)
		fprintf(stderr,
				"%s: %d schools, %s enrolments, %s possible sessions, "
				"all %d figures equal\n",
				phase_names[phase], published_schools[phase], with_commas(recount->lines),
				with_commas(totals[TOTAL_POSSIBLE]), figures);
	return check_lawful(phase, recount) && equal;
}

/* As counted, codes outside possible sessions included */
void
write_expected(FILE *file, Phase phase, const Recount *recount)
{
	int mark;

	for (mark = MARK_PRESENT; mark < MARKS; mark++)
	{
		const char *name = mark_names[mark].text;

		if (mark == MARK_PRESENT)
			fprintf(file, "%s,%c,%ld\n%s,%c,%ld\n", phase_names[phase], name[0],
					recount->sessions[mark][0], phase_names[phase], name[1],
					recount->sessions[mark][1]);
		else
			fprintf(file, "%s,%s,%ld\n", phase_names[phase], name, count_code(recount, mark));
	}
}
