/*
 * moves.c
 *		Pupils who join, leave or move in the year: as many as bring the sessions
 *		down to the published possible ones.
 */
#include <err.h>
#include <stdlib.h>

#include "random.h"
#include "steps.h"

/* A mover is away from one school as long as at the other: about a year */
#define SESSIONS_OF_A_YEAR 370

#define LAST_DAY_IN_JUNE WEEKDAY(41, 4) /* 26 June, the school leaving date */

/* Off roll from one day to before another: the sessions that this frees */
static int
take_off(Line *line, int from, int to)
{
	int freed = 0;
	int position;

	for (position = AM(from); position < AM(to); position++)
	{
		freed += line->marks[position] == MARK_PRESENT;
		line->marks[position] = MARK_BLANK;
	}
	line->settled = true;
	return freed;
}

static int
leave(Line *line, int last)
{
	line->last = last;
	return take_off(line, last + 1, DAYS);
}

static int
join(Line *line, int day)
{
	line->first = held_day(line->school, day, 1);
	return take_off(line, 0, line->first);
}

static Line *
unsettled_line(Roll *roll)
{
	Line *line = random_line(roll);

	while (line->settled)
		line = random_line(roll);
	return line;
}

/*
 * Before compulsory school age, and after it, names are deleted on other
 * grounds: Reception stays, and so does Year 11 until the school leaving date.
 */
static Line *
leaver(Roll *roll)
{
	Line *line = unsettled_line(roll);

	while (line->year == 0 || line->year == 11)
		line = unsettled_line(roll);
	return line;
}

/* Children often leave at the end of a half term, and else on a Friday */
static int
leaving_day(const Line *line)
{
	int day = half_terms[random_below(HALF_TERMS - 1)].last;

	if (random_chance(60))
		day = WEEKDAY(random_between(3, WEEKS - 5), 4);
	return held_day(line->school, day, -1);
}

/* Look for a place in the same year of another school */
static Line *
new_place(Roll *roll, const Line *old)
{
	int tries;

	for (tries = 0; tries < 1000; tries++)
	{
		Line *line = unsettled_line(roll);

		if (line->year == old->year && line->school != old->school)
			return line;
	}
	return NULL;
}

/* A pupil who moves is one pupil with two lines */
static int
move(Roll *roll)
{
	Line *old = leaver(roll);
	Line *new = new_place(roll, old);
	int last = leaving_day(old);

	if (new == NULL)
		return 0;
	new->pupil = old->pupil;
	return leave(old, last) + join(new, last + 1);
}

static int
join_or_leave(Roll *roll)
{
	bool leaves = random_chance(45);
	Line *line = leaves ? leaver(roll) : unsettled_line(roll);
	int last = leaving_day(line);

	return leaves ? leave(line, last) : join(line, last + 1);
}

/* The last leavers leave on the day that makes the total right */
static void
leave_exactly(Line *line, int sessions)
{
	int last = DAYS - 1;

	for (; sessions > 0; last--)
		sessions -= line->school->held[last] ? 2 : 0;
	leave(line, held_day(line->school, last, -1));
}

/* Some schools take Year 11 off roll on the school leaving date */
static int
june_leavers(Roll *roll, int sessions)
{
	int freed = 0;
	int i;

	for (i = 0; i < roll->nlines && freed < sessions / 2; i++)
	{
		Line *line = &roll->lines[i];

		if (line->year == 11 && !line->settled && line->school->june_leavers)
			freed += leave(line, LAST_DAY_IN_JUNE);
	}
	return freed;
}

void
move_pupils(Roll *roll)
{
	int rest = count_marks(roll, MARK_PRESENT, 0) + count_marks(roll, MARK_PRESENT, 1) -
			   published_sessions(roll->phase, POSSIBLE);

	if (rest < 0 || rest % 2 != 0)
		errx(EXIT_FAILURE, "%s: %d sessions above the published possible ones, not an even number",
			 phase_names[roll->phase], rest);
	rest -= june_leavers(roll, rest);
	while (rest > SESSIONS_OF_A_YEAR)
		rest -= random_chance(40) ? move(roll) : join_or_leave(roll);
	for (; rest > 0; rest -= rest > 200 ? 200 : rest)
		leave_exactly(leaver(roll), rest > 200 ? 200 : rest);
}
