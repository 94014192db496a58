/*
 * moves.c
 *		What lies outside possible sessions: codes that are no possible
 *		attendance, and pupils who join, leave or move in the year.
 *
 * The published possible sessions decide how much of it there is.
 */
#include <string.h>

#include "generate.h"

/* A mover is away from one school as long as at the other: about a year */
#define SESSIONS_OF_A_YEAR 370

static Class *
random_class(Roll *roll)
{
	return &roll->classes[random_below(roll->nclasses)];
}

/* One code for some pupils of a class, on some sessions from a position on */
static void
mark_class(Roll *roll, const Class *class, int step, int position, int stride, int sessions,
		   Mark mark)
{
	int i;
	int s;

	for (i = class->from; i < class->to; i += step)
	{
		Line *line = &roll->lines[i];

		line->settled = true;
		for (s = 0; s < sessions; s++)
			if (line->marks[position + s * stride] == MARK_PRESENT)
				line->marks[position + s * stride] = (uint8_t) mark;
	}
}

/* Reception starts part-time: afternoons off, or half of the class each */
static void
part_time_starters(Roll *roll)
{
	int c;

	for (c = 0; c < roll->nclasses; c++)
	{
		Class class = roll->classes[c];
		const Line *line = &roll->lines[class.from];
		int days = line->school % 3 == 0 ? 5 : 10;

		if (line->year > 0 || line->school % 5 > 1)
			continue;
		if (line->school % 2 == 0)
		{
			mark_class(roll, &class, 1, PM(0), 2, days, MARK_X);
			continue;
		}
		mark_class(roll, &class, 2, PM(0), 2, days, MARK_X);
		class.from++;
		mark_class(roll, &class, 2, AM(0), 2, days, MARK_X);
	}
}

/* A run of one code for each of some pupils */
static void
mark_pupils(Roll *roll, int pupils, int sessions, Mark mark)
{
	while (pupils-- > 0)
	{
		Line *line = random_line(roll);
		int week = random_between(3, WEEKS - 9);

		line->settled = true;
		place_run(line, AM(WEEKDAY(week, random_below(5))), sessions, mark);
	}
}

/* The register of a class was not taken one afternoon */
static void
missing_registers(Roll *roll, int registers)
{
	while (registers-- > 0)
	{
		const Class *class = random_class(roll);
		const Line *line = &roll->lines[class->from];
		int day = next_held(&roll->schools[line->school], random_between(20, DAYS - 20));

		mark_class(roll, class, 1, PM(day), 1, 1, MARK_MISSING);
	}
}

/* No heating on a day in January: one school closed */
static void
closed_school(Roll *roll)
{
	int school = random_line(roll)->school;
	int day = next_held(&roll->schools[school], WEEKDAY(18, 2));
	int c;

	for (c = 0; c < roll->nclasses; c++)
		if (roll->lines[roll->classes[c].from].school == school)
			mark_class(roll, &roll->classes[c], 1, AM(day), 1, 2, MARK_Y4);
}

void
place_outside(Roll *roll)
{
	static const int dual[PHASES] = {18, 45, 4};
	static const int custody[PHASES] = {0, 6, 0};
	static const int unavoidable[PHASES] = {40, 60, 4};
	static const int transport[PHASES] = {0, 25, 40};
	static const int missed[PHASES] = {12, 16, 4};

	if (roll->phase == PRIMARY)
		part_time_starters(roll);
	if (roll->phase != SPECIAL)
		closed_school(roll);
	mark_pupils(roll, dual[roll->phase], 60, MARK_D);
	mark_pupils(roll, custody[roll->phase], 20, MARK_Y5);
	mark_pupils(roll, unavoidable[roll->phase], 2, MARK_Y7);
	mark_pupils(roll, transport[roll->phase], 2, MARK_Y1);
	missing_registers(roll, missed[roll->phase]);
}

static long
count_present(const Roll *roll)
{
	size_t n = (size_t) roll->nlines * POSITIONS;
	long count = 0;
	size_t i;

	for (i = 0; i < n; i++)
		count += roll->marks[i] == MARK_PRESENT;
	return count;
}

static int
held_sessions(const Roll *roll, const Line *line, int from, int to)
{
	const School *school = &roll->schools[line->school];
	int sessions = 0;

	for (; from <= to; from++)
		sessions += school->held[from] ? 2 : 0;
	return sessions;
}

/* Take a line off roll after a day: the sessions that this frees */
static int
leave(const Roll *roll, Line *line, int last)
{
	int sessions = held_sessions(roll, line, last + 1, DAYS - 1);

	line->settled = true;
	line->last = last;
	memset(line->marks + AM(last + 1), MARK_BLANK, POSITIONS - AM(last + 1));
	return sessions;
}

static int
join(const Roll *roll, Line *line, int first)
{
	int sessions = held_sessions(roll, line, 0, first - 1);

	line->settled = true;
	line->first = first;
	memset(line->marks, MARK_BLANK, AM(first));
	return sessions;
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
leaver(Roll *roll, int oldest)
{
	Line *line = unsettled_line(roll);

	while (line->year == 0 || line->year > oldest)
		line = unsettled_line(roll);
	return line;
}

/* Children often leave at the end of a half term, and else on a Friday */
static int
leaving_day(const Roll *roll, const Line *line)
{
	int day = half_term_edge(random_below(HALF_TERMS - 1), true);

	if (random_chance(60))
		day = WEEKDAY(random_between(3, WEEKS - 5), 4);
	while (!roll->schools[line->school].held[day])
		day--;
	return day;
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

static int
move(Roll *roll)
{
	Line *old = leaver(roll, 11);
	Line *new = new_place(roll, old);
	int last = leaving_day(roll, old);

	if (new == NULL)
		return 0;
	new->moved_from = (int) (old - roll->lines);
	old->moved_to = (int) (new - roll->lines);
	return leave(roll, old, last) +
		   join(roll, new, next_held(&roll->schools[new->school], last + 1));
}

static int
join_or_leave(Roll *roll)
{
	Line *line = unsettled_line(roll);
	int last = leaving_day(roll, line);

	if (line->year > 0 && random_chance(45))
		return leave(roll, line, last);
	return join(roll, line, next_held(&roll->schools[line->school], last + 1));
}

/* The last leaver leaves on the day that makes the total right */
static void
leave_exactly(Roll *roll, long sessions)
{
	Line *line = leaver(roll, 10);
	int last = DAYS - 1;

	while (held_sessions(roll, line, last + 1, DAYS - 1) < sessions ||
		   !roll->schools[line->school].held[last])
		last--;
	leave(roll, line, last);
}

/* Some schools take Year 11 off roll on the school leaving date */
static long
june_leavers(Roll *roll, long sessions)
{
	long rest = sessions;
	int i;

	for (i = 0; i < roll->nlines; i++)
	{
		Line *line = &roll->lines[i];

		if (line->year == 11 && !line->settled && rest > sessions / 2 &&
			roll->schools[line->school].june_leavers)
			rest -= leave(roll, line, LAST_DAY_IN_JUNE);
	}
	return rest;
}

/* Everything that remains above the published possible sessions */
void
move_pupils(Roll *roll)
{
	long rest = count_present(roll) - published_totals[TOTAL_POSSIBLE][roll->phase];

	if (rest < 0)
		fail("%s: %ld sessions too few to reach the published possible sessions",
			 phase_names[roll->phase], -rest);
	if (rest % 2 != 0)
	{
		Line *line = unsettled_line(roll);
		int day = next_held(&roll->schools[line->school], WEEKDAY(12, 1));

		line->marks[PM(day)] = MARK_MISSING;
		line->settled = true;
		rest--;
	}
	rest = june_leavers(roll, rest);
	while (rest > SESSIONS_OF_A_YEAR)
		rest -= random_chance(40) ? move(roll) : join_or_leave(roll);
	for (; rest > 0; rest -= rest > 200 ? 200 : rest)
		leave_exactly(roll, rest > 200 ? 200 : rest);
}
