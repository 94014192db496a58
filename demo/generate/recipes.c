/*
 * recipes.c
 *		Where the marks go.
 *
 * Every code has a recipe: whose it is, when its spells begin, how long they
 * are.  A recipe is followed until the published number of sessions is used
 * up; illness and absence without leave fill the rest of each pupil's budget,
 * and lateness the rest of what was present.
 */
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "steps.h"

#define LENGTHS 10

typedef enum Start
{
	ON_ANY_DAY,
	IN_SEASON,  /* more in winter, and at the ends of weeks */
	AT_HOLIDAYS /* at the edges of half terms more often than not */
} Start;

/* What is not said of a recipe is 0: it does not matter */
typedef struct Recipe
{
	Mark mark;

	/* Whose */
	int years;      /* a bit each, and the last of the school */
	int trait_from; /* those whose trait is from this ... */
	int trait_to;   /* ... to before this */
	int above;      /* absent on at least so many in a thousand sessions */
	int least;      /* sessions of absence the pupil must have left */
	bool late;      /* those who are late */
	bool once;      /* who have none yet */
	int crowd;      /* so many of the class at the same time */

	/* When */
	Start start;
	int from;  /* the first day on which it may begin ... */
	int until; /* and the first after these */

	/* How long */
	int days[LENGTHS]; /* weights of 1, 2, ... days */
	bool half_day;
	int afternoons; /* percent of half days */
	int weeks;      /* again each week, so many times at most */
} Recipe;

#define YEAR(n) (1 << (n))
#define YEARS(first, last) ((1 << ((last) + 1)) - (1 << (first)))
#define LAST_YEAR (1 << 12)
#define CLASS 30

/* The last five days, whose absences may still be without a reason */
#define FIRST_OPEN_DAY (DAYS - 5)

/* Eid al-Fitr; Eid al-Adha falls into the holidays */
#define EID WEEKDAY(27, 4)

static const Recipe recipes[] = {
	/* Outside possible sessions */
	{MARK_X, .years = YEAR(0), .crowd = CLASS, .until = WEEKDAY(0, 1), .days = {[4] = 1}},
	{MARK_D, .from = WEEKDAY(3, 0), .until = WEEKDAY(31, 0), .days = {[4] = 1}, .weeks = 8,
	 .once = true},
	{MARK_Y1, .days = {1}},
	{MARK_Y4, .crowd = CLASS, .from = WEEKDAY(18, 2), .until = WEEKDAY(19, 0), .days = {1}},
	{MARK_Y5, .from = WEEKDAY(3, 0), .until = WEEKDAY(31, 0), .days = {[9] = 1}},
	{MARK_Y7, .days = {1}},
	{MARK_MISSING, .crowd = CLASS, .half_day = true, .afternoons = 100},

	/* Absence with a reason.  Study leave is for a public examination; T and C2 are for pupils of
	 * compulsory school age, which Year 11 leaves in June */
	{MARK_S, .years = LAST_YEAR, .least = 4, .from = WEEKDAY(38, 0), .until = WEEKDAY(40, 0),
	 .days = {0, 1, 1, 1, 1, 1, 1, 1}},
	{MARK_R, .least = 2, .from = EID, .until = EID + 1, .days = {1}},
	{MARK_E, .trait_to = 150, .above = 60, .least = 2, .days = {30, 22, 15, 8, 20}},
	{MARK_T, .trait_from = 990, .trait_to = 1000, .years = YEARS(1, 10), .least = 6,
	 .days = {0, 0, 1, 1, 1, 1, 1, 1, 1, 1}},
	{MARK_G, .least = 8, .start = AT_HOLIDAYS, .days = {4, 6, 8, 5, 30, 8, 6, 6, 4, 18}},
	{MARK_C2, .trait_from = 450, .trait_to = 980, .years = YEARS(1, 10), .above = 100, .least = 30,
	 .days = {40, 35, 25}, .weeks = 12, .once = true},
	{MARK_C, .least = 2, .start = IN_SEASON, .days = {65, 18, 9, 4, 4}},
	{MARK_C1, .trait_from = 980, .trait_to = 990, .least = 2, .days = {65, 18, 9, 4, 4}},
	{MARK_J1, .years = LAST_YEAR, .least = 2, .half_day = true, .afternoons = 42},
	{MARK_U, .late = true, .least = 1, .half_day = true},
	{MARK_M, .trait_from = 300, .trait_to = 600, .least = 1, .half_day = true, .afternoons = 42},
	{MARK_N, .least = 1, .from = FIRST_OPEN_DAY, .until = DAYS, .days = {1, 1}},

	/* Approved activities */
	{MARK_V, .crowd = CLASS, .days = {90, 0, 10}},
	{MARK_W, .years = YEAR(10), .crowd = CLASS, .from = WEEKDAY(40, 0), .until = WEEKDAY(40, 1),
	 .days = {[4] = 1}},
	{MARK_K, .days = {[4] = 1}, .weeks = 12},
	{MARK_B, .days = {1}, .weeks = 30},
	{MARK_P, .crowd = 9, .half_day = true, .afternoons = 100},
};

#define RECIPES (sizeof(recipes) / sizeof(recipes[0]))

/* Absent on at least so many in a thousand sessions */
static bool
absent_above(const Line *line, int per_thousand)
{
	return line->budget * 1000 >= line->possible * per_thousand;
}

static bool
is_late(const Line *line)
{
	return random_below(1000) < line->lateness;
}

static bool
suits(const Roll *roll, const Recipe *recipe, const Line *line)
{
	int years = YEAR(line->year) | (line->year == last_year(roll->phase) ? LAST_YEAR : 0);

	return (recipe->years == 0 || (recipe->years & years) != 0) &&
		   line->trait >= recipe->trait_from &&
		   (recipe->trait_to == 0 || line->trait < recipe->trait_to) &&
		   absent_above(line, recipe->above) && line->left >= recipe->least &&
		   (!recipe->once || memchr(line->marks, recipe->mark, POSITIONS) == NULL) &&
		   (!recipe->late || is_late(line));
}

/* There are more spells in winter, and they often end with the week */
static bool
in_season(int day, int days)
{
	static const int by_weekday[5] = {85, 70, 60, 75, 100};
	static const int by_week[WEEKS] = {55, 60, 65, 70, 70, 70, 75, 0,  80, 85, 90, 95, 100, 100, 95,
									   0,  0,  90, 90, 90, 90, 90, 85, 0,  85, 85, 80, 80,  75,  0,
									   0,  70, 65, 65, 65, 65, 65, 0,  65, 65, 65, 65, 70,  75};

	return random_below(10000) < by_week[day / 5] * by_weekday[(day + days - 1) % 5];
}

/* The day on which a spell of a pupil begins; it may turn out not to be free */
static int
first_day(const Recipe *recipe, const Line *line, int days)
{
	int low = recipe->until == 0 ? line->first : recipe->from;
	int high = recipe->until == 0 ? line->last : recipe->until - 1;
	int day = random_between(low, high);
	int tries;

	if (recipe->start == IN_SEASON)
		for (tries = 0; tries < 5 && !in_season(day, days); tries++)
			day = random_between(low, high);
	if (recipe->start == AT_HOLIDAYS && random_chance(75))
	{
		const HalfTerm *half = &half_terms[random_below(HALF_TERMS)];

		day = random_chance(50) && half->first > 0 ? half->first : half->last - days + 1;
	}
	return day;
}

/*
 * Mark present sessions from a position on, within what the code and, for
 * absence, the pupil have left.  A spell goes on over holidays and weekends and
 * ends at another mark.  The number of sessions marked.
 */
static int
place(Roll *roll, Line *line, int position, int sessions, Mark mark)
{
	bool absent = (codes[mark].class & CLASSES_OF_ABSENCE) != 0;
	int placed = 0;

	if (absent && sessions > line->left)
		sessions = line->left;
	if (sessions > roll->left[mark])
		sessions = roll->left[mark];
	if (line->marks[position] != MARK_PRESENT)
		return 0;
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
	roll->left[mark] -= placed;
	line->left -= absent ? placed : 0;
	line->settled |= codes[mark].class == CLASS_OUTSIDE;
	return placed;
}

/* The pupil alone, or as many of the class, from its first on */
static int
place_crowd(Roll *roll, const Recipe *recipe, Line *line, int position, int sessions)
{
	Line *one = line;
	int placed = 0;
	int n;

	if (recipe->crowd == 0)
		return place(roll, line, position, sessions, recipe->mark);
	while (one > roll->lines && same_class(one - 1, line))
		one--;
	for (n = 0; n < recipe->crowd && one < roll->lines + roll->nlines; n++, one++)
		if (same_class(one, line))
			placed += place(roll, one, position, sessions, recipe->mark);
	return placed;
}

/* A spell, or one each week; the number of sessions marked */
static int
place_spell(Roll *roll, const Recipe *recipe, Line *line)
{
	int days = recipe->half_day ? 1 : random_weighted(recipe->days, LENGTHS) + 1;
	int weeks = recipe->weeks == 0 ? 1 : random_between(recipe->weeks / 2, recipe->weeks);
	int position = AM(first_day(recipe, line, days));
	int placed = 0;

	if (recipe->half_day && random_chance(recipe->afternoons))
		position++;
	for (; weeks-- > 0 && position < POSITIONS; position += AM(5))
		placed += place_crowd(roll, recipe, line, position, recipe->half_day ? 1 : 2 * days);
	return placed;
}

static void
follow(Roll *roll, const Recipe *recipe)
{
	int misses = 0;

	while (roll->left[recipe->mark] > 0)
	{
		Line *line = random_line(roll);

		if (suits(roll, recipe, line) && place_spell(roll, recipe, line) > 0)
			misses = 0;
		else if (misses++ > 1000000)
			errx(EXIT_FAILURE, "%s: %d sessions of %s find no place", phase_names[roll->phase],
				 roll->left[recipe->mark], codes[recipe->mark].text);
	}
}

void
place_codes(Roll *roll, int classes)
{
	size_t i;

	for (i = 0; i < RECIPES; i++)
		if (codes[recipes[i].mark].class & classes)
			follow(roll, &recipes[i]);
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
	int64_t unauthorised = (int64_t) weight * roll->left[MARK_O];
	int64_t all = unauthorised + 10 * (int64_t) roll->left[MARK_I];

	return random_below(1000000) * all < unauthorised * 1000000 ? MARK_O : MARK_I;
}

/* One to five days as a rule; in a year with hardly a free day, whatever sessions are free */
static void
fill_line(Roll *roll, Line *line)
{
	Recipe whole = {MARK_I, .start = IN_SEASON, .days = {42, 25, 13, 7, 8, 2, 1, 1, 0, 1}};
	Recipe half = {MARK_I, .start = IN_SEASON, .half_day = true, .afternoons = 60};
	int misses = 0;
	int i;

	while (line->left > 0 && misses < 100)
	{
		Recipe *recipe = line->left % 2 ? &half : &whole;

		recipe->mark = choose_reason(roll, line);
		misses += place_spell(roll, recipe, line) == 0;
	}
	for (i = 0; i < POSITIONS && line->left > 0; i++)
		place(roll, line, i * 101 % POSITIONS, 1, roll->left[MARK_O] > 0 ? MARK_O : MARK_I);
}

/* In mixed order, so that the last lines, which take what is left, are not all of one school */
void
fill_absence(Roll *roll)
{
	int64_t i;

	for (i = 0; i < roll->nlines; i++)
		fill_line(roll, &roll->lines[i * 7919 % roll->nlines]);
}

static void
place_lates_of_half(Roll *roll, int half, int lates)
{
	if (lates < 0)
		errx(EXIT_FAILURE, "%s: %d present marks too few in one half of the days",
			 phase_names[roll->phase], -lates);
	while (lates > 0)
	{
		Line *line = random_line(roll);

		if (is_late(line))
			lates -=
				place(roll, line, 2 * random_between(line->first, line->last) + half, 1, MARK_L);
	}
}

void
place_lates(Roll *roll)
{
	int half;

	for (half = 0; half < 2; half++)
		place_lates_of_half(roll, half,
							count_marks(roll, MARK_PRESENT, half) -
								published_present[roll->phase][half]);
}
