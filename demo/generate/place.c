/*
 * place.c
 *		Putting marks over present sessions of a line.
 */
#include "generate.h"

Line *
random_line(Roll *roll)
{
	return &roll->lines[random_below(roll->nlines)];
}

/*
 * Mark sessions from a position on.  A run goes on over holidays and weekends
 * and ends at another mark.  The number of sessions marked.
 */
int
place_run(Line *line, int position, int sessions, Mark mark)
{
	int placed = 0;

	for (; position < POSITIONS && placed < sessions; position++)
	{
		if (line->marks[position] == MARK_PRESENT)
		{
			line->marks[position] = (uint8_t) mark;
			placed++;
		}
		else if (line->marks[position] != MARK_BLANK)
			break;
	}
	return placed;
}

/* The same, within what the line and the code have left */
int
place_absence(Roll *roll, Line *line, int position, int sessions, Mark mark)
{
	if (sessions > line->left)
		sessions = line->left;
	if (sessions > roll->left[mark])
		sessions = (int) roll->left[mark];
	sessions = place_run(line, position, sessions, mark);
	line->left -= sessions;
	roll->left[mark] -= sessions;
	return sessions;
}

/* A day with a present session, if one is found soon */
int
random_day(const Line *line)
{
	int day = line->first;
	int tries;

	for (tries = 0; tries < 12; tries++)
	{
		day = random_between(line->first, line->last);
		if (line->marks[AM(day)] == MARK_PRESENT)
			break;
	}
	return day;
}

/*
 * The first day of a spell.  There are more of them in winter, and spells
 * often end with the week: Fridays are worse than Wednesdays.
 */
int
season_day(const Line *line, int days)
{
	static const int by_weekday[5] = {85, 70, 60, 75, 100};
	static const int by_week[WEEKS] = {55, 60, 65, 70, 70, 70, 75, 0,  80, 85, 90, 95, 100, 100, 95,
									   0,  0,  90, 90, 90, 90, 90, 85, 0,  85, 85, 80, 80,  75,  0,
									   0,  70, 65, 65, 65, 65, 65, 0,  65, 65, 65, 65, 70,  75};
	int day = random_day(line);
	int tries;

	for (tries = 0; tries < 4; tries++)
	{
		int chance = by_week[day / 5] * by_weekday[(day + days - 1) % 5];

		if (random_below(10000) < chance)
			break;
		day = random_day(line);
	}
	return day;
}

/*
 * What is left of a code goes wherever a line has absence left.  Placing by
 * plan comes first; this is for the last few that found no fitting line.  Where the mark
 * would be unlawful, it does not go.
 */
void
scatter(Roll *roll, Mark mark, bool (*lawful)(const Line *line, int day))
{
	int start = random_below(roll->nlines);
	int i;
	int position;

	for (i = 0; i < roll->nlines && roll->left[mark] > 0; i++)
	{
		Line *line = &roll->lines[(start + i) % roll->nlines];

		for (position = 0; position < POSITIONS; position++)
			if (line->left > 0 && roll->left[mark] > 0 && line->marks[position] == MARK_PRESENT &&
				lawful(line, position / 2))
				place_absence(roll, line, position, 1, mark);
	}
}
