/*
 * absence.c
 *		The reasons for absence, each in its own kind of spell.
 *
 * Every reason has a recipe: which pupils, and where it goes in their year.
 * Recipes run until the published number of sessions is used up; illness and
 * absence without a reason fill the rest of each pupil's budget.
 */
#include <stdlib.h>

#include "generate.h"

typedef struct Recipe
{
	Mark mark;
	int least; /* sessions of absence the pupil must have left */
	bool (*suits)(const Roll *roll, const Line *line);
	void (*place)(Roll *roll, Line *line, Mark mark);
	bool (*lawful)(const Line *line, int day); /* wherever else it goes */
} Recipe;

/* Absent on more than so many in a thousand sessions */
static bool
absent_above(const Line *line, int per_thousand)
{
	return line->budget * 1000 > line->possible * per_thousand;
}

static bool
suits_all(const Roll *roll, const Line *line)
{
	(void) roll;
	(void) line;
	return true;
}

/* Study leave is for a public examination; few sit one before Year 11 */
static bool
suits_candidates(const Roll *roll, const Line *line)
{
	if (roll->phase == PRIMARY)
		return line->year == 6 && line->school % 40 == 7;
	return line->year == 11 && (roll->phase == SPECIAL || line->school % 3 == 0);
}

static bool
suits_leavers(const Roll *roll, const Line *line)
{
	(void) roll;
	return line->year == 6 || line->year == 11;
}

static bool
suits_observers(const Roll *roll, const Line *line)
{
	return line->trait % 100 < roll->schools[line->school].observance;
}

static bool
suits_excluded(const Roll *roll, const Line *line)
{
	return line->trait < (roll->phase == SECONDARY ? 220 : 60) && absent_above(line, 60);
}

static bool
suits_performers(const Roll *roll, const Line *line)
{
	(void) roll;
	return line->trait > 980 && line->trait <= 990;
}

/* Year 11 would be over compulsory school age before the end */
static bool
suits_travellers(const Roll *roll, const Line *line)
{
	(void) roll;
	return line->trait > 990 && line->year > 0 && line->year < 11;
}

static bool
suits_part_time(const Roll *roll, const Line *line)
{
	int widest = roll->phase == SPECIAL ? 1000 : 900;

	return line->year > 0 && !line->reduced && line->trait > 650 && line->trait < widest &&
		   absent_above(line, 100);
}

/* Those with a course of treatment: most appointments are theirs */
static bool
suits_patients(const Roll *roll, const Line *line)
{
	return roll->phase == SPECIAL || line->trait / 7 % 10 < 3;
}

static bool
suits_late(const Roll *roll, const Line *line)
{
	(void) roll;
	return random_below(1000) < line->lateness;
}

static bool
lawful_always(const Line *line, int day)
{
	(void) line;
	(void) day;
	return true;
}

/* The oldest of Reception come of it in the year; none counts here */
static bool
lawful_at_school_age(const Line *line, int day)
{
	return line->year > 0 && (line->year < 11 || day <= LAST_DAY_IN_JUNE);
}

static bool
lawful_before_examination(const Line *line, int day)
{
	return line->year == 11 && day <= LAST_EXAMINATION;
}

static bool
lawful_while_open(const Line *line, int day)
{
	(void) line;
	return day >= FIRST_OPEN_DAY;
}

/* After the first exams, some days each until the last of them */
static void
place_study_leave(Roll *roll, Line *line, Mark mark)
{
	int day = random_between(WEEKDAY(38, 0), WEEKDAY(40, 4));
	int days = random_between(2, roll->phase == PRIMARY ? 3 : 8);

	for (; days-- > 0 && day <= LAST_EXAMINATION; day++)
		if (line->marks[AM(day)] == MARK_PRESENT)
			place_absence(roll, line, AM(day), 2, mark);
}

/* Eid al-Fitr was on Friday 20 March; Eid al-Adha falls into the holidays */
static void
place_observance(Roll *roll, Line *line, Mark mark)
{
	int day = WEEKDAY(27, 4);

	if (random_chance(8))
		day--;
	else if (random_chance(4))
		day = random_below(WEEKDAY(12, 0));
	place_absence(roll, line, AM(day), 2, mark);
}

static void
place_suspension(Roll *roll, Line *line, Mark mark)
{
	static const int lengths[] = {30, 22, 15, 8, 20};
	int days = random_weighted(lengths, 5) + 1;

	place_absence(roll, line, AM(random_day(line)), 2 * days, mark);
}

static void
place_travelling(Roll *roll, Line *line, Mark mark)
{
	int day = random_day(line);

	place_absence(roll, line, AM(day), 2 * random_between(3, 15), mark);
}

/* Holidays touch the school's holidays more often than not */
static void
place_holiday(Roll *roll, Line *line, Mark mark)
{
	static const int lengths[] = {4, 6, 8, 5, 30, 8, 6, 6, 4, 18};
	int days = random_weighted(lengths, 10) + 1;
	int half_term = random_below(HALF_TERMS);
	int day = random_day(line);

	if (random_chance(40) && half_term > 0)
		day = half_term_edge(half_term, false);
	else if (random_chance(60))
		day = half_term_edge(half_term, true) - days + 1;
	if (line->left < 2 * days)
		days = line->left / 2;
	place_absence(roll, line, AM(day), 2 * days, mark);
}

/* Every afternoon for some weeks, or the end of each week */
static void
place_reduced_timetable(Roll *roll, Line *line, Mark mark)
{
	int week = random_below(WEEKS - 8);
	int weeks = random_between(5, 12);
	bool afternoons = roll->phase == PRIMARY && random_chance(50);
	int from = random_between(2, 4);
	int day;

	line->reduced = true;
	if (roll->phase == SECONDARY)
		afternoons = random_chance(25);
	for (; weeks-- > 0 && week < WEEKS; week++)
		for (day = WEEKDAY(week, afternoons ? 0 : from);
			 day <= WEEKDAY(week, 4) && lawful_at_school_age(line, day); day++)
		{
			if (afternoons)
			{
				if (line->marks[PM(day)] == MARK_PRESENT)
					place_absence(roll, line, PM(day), 1, mark);
			}
			else if (line->marks[AM(day)] == MARK_PRESENT)
				place_absence(roll, line, AM(day), 2, mark);
		}
}

/* A dentist is seen in a morning or an afternoon, mornings a little more */
static void
place_appointment(Roll *roll, Line *line, Mark mark)
{
	int position = AM(random_day(line));

	if (random_chance(42))
		position++;
	if (line->marks[position] == MARK_PRESENT)
		place_absence(roll, line, position, 1, mark);
}

static void
place_some_days(Roll *roll, Line *line, Mark mark)
{
	static const int lengths[] = {65, 18, 9, 4, 4};
	int days = random_weighted(lengths, 5) + 1;

	place_absence(roll, line, AM(season_day(line, days)), 2 * days, mark);
}

/* So late that the register had closed: the morning is lost */
static void
place_too_late(Roll *roll, Line *line, Mark mark)
{
	int day = random_day(line);

	if (line->marks[AM(day)] == MARK_PRESENT)
		place_absence(roll, line, AM(day), 1, mark);
}

/* No reason yet: after five school days there would have to be another code */
static void
place_open(Roll *roll, Line *line, Mark mark)
{
	int day = random_between(FIRST_OPEN_DAY, DAYS - 1);

	place_absence(roll, line, AM(day), random_between(1, 4), mark);
}

static const Recipe recipes[] = {
	{MARK_S, 4, suits_candidates, place_study_leave, lawful_before_examination},
	{MARK_R, 2, suits_observers, place_observance, lawful_always},
	{MARK_E, 2, suits_excluded, place_suspension, lawful_always},
	{MARK_T, 6, suits_travellers, place_travelling, lawful_at_school_age},
	{MARK_H, 2, suits_all, place_holiday, lawful_always},
	{MARK_G, 8, suits_all, place_holiday, lawful_always},
	{MARK_C2, 30, suits_part_time, place_reduced_timetable, lawful_at_school_age},
	{MARK_C, 2, suits_all, place_some_days, lawful_always},
	{MARK_C1, 2, suits_performers, place_some_days, lawful_always},
	{MARK_J1, 2, suits_leavers, place_appointment, lawful_always},
	{MARK_U, 1, suits_late, place_too_late, lawful_always},
	{MARK_M, 1, suits_patients, place_appointment, lawful_always},
	{MARK_N, 1, suits_all, place_open, lawful_while_open},
};

static void
follow_recipe(Roll *roll, const Recipe *recipe)
{
	int misses = 0;

	while (roll->left[recipe->mark] > 0 && misses < 200000)
	{
		Line *line = random_line(roll);

		misses++;
		if (line->left < recipe->least || !recipe->suits(roll, line))
			continue;
		recipe->place(roll, line, recipe->mark);
		misses = 0;
	}
	scatter(roll, recipe->mark, recipe->lawful);
}

void
place_reasons(Roll *roll)
{
	size_t i;

	for (i = 0; i < sizeof(recipes) / sizeof(recipes[0]); i++)
		follow_recipe(roll, &recipes[i]);
}

/*
 * Illness, or absence without leave: the more absent a pupil, the more likely
 * the latter.  Drawing on what both have left lets them run out together.
 */
static Mark
choose_reason(const Roll *roll, const Line *line)
{
	int weight = absent_above(line, 500)   ? 60
				 : absent_above(line, 200) ? 30
				 : absent_above(line, 100) ? 16
				 : absent_above(line, 50)  ? 8
										   : 4;
	int64_t unauthorised = weight * roll->left[MARK_O];
	int64_t ill = 10 * roll->left[MARK_I];

	if (ill + unauthorised == 0)
		return MARK_I;
	return (int64_t) random_below(1000000) * (ill + unauthorised) < unauthorised * 1000000 ? MARK_O
																						   : MARK_I;
}

/* Sessions of a spell: one to five days as a rule, longer if much is missed */
static int
spell_length(const Line *line)
{
	static const int days[] = {42, 25, 13, 7, 8, 2, 1, 1, 0, 1};
	int length = 2 * (random_weighted(days, 10) + 1);

	if (line->left % 2 != 0)
		return 1;
	if (line->left > 60)
		length *= random_between(1, 2);
	return length;
}

static bool
place_spell(Roll *roll, Line *line)
{
	int length = spell_length(line);
	int day = season_day(line, (length + 1) / 2);
	int position = AM(day);
	Mark mark = choose_reason(roll, line);

	if (length == 1 && random_chance(60))
		position = PM(day);
	if (line->marks[position] != MARK_PRESENT)
		return false;
	return place_absence(roll, line, position, length, mark) > 0;
}

/* A year with hardly a free day left: take whatever session is free */
static void
fill_up(Roll *roll, Line *line)
{
	int p;

	for (p = 0; p < POSITIONS && line->left > 0; p++)
		if (line->marks[p] == MARK_PRESENT)
			place_absence(roll, line, p, 1, roll->left[MARK_O] > 0 ? MARK_O : MARK_I);
}

/* In random order, so that the last lines are not all of one school */
void
place_illness(Roll *roll)
{
	int n = roll->nlines;
	int *order = allocate((size_t) n, sizeof(int));
	int i;

	for (i = 0; i < n; i++)
	{
		int j = random_below(i + 1);

		order[i] = order[j];
		order[j] = i;
	}
	for (i = 0; i < n; i++)
	{
		Line *line = &roll->lines[order[i]];
		int misses = 0;

		while (line->left > 0 && misses < 100)
			misses += place_spell(roll, line) ? 0 : 1;
		fill_up(roll, line);
	}
	free(order);
}
