/*
 * generate.c
 *		Write a year of registers that add up to published figures.
 *
 * Usage: generate DIRECTORY
 *
 * The schools, pupils and registers are made up.  Their sums are the figures
 * which the Department for Education published for Bradford in 2025/26.  Each
 * phase begins with a roll of lines, all present, which are marked step by step
 * until every published figure is used up; the program recounts and fails if
 * one figure is off.  All arithmetic is on integers, so that the files are the
 * same everywhere.
 */
#include <err.h>
#include <stdlib.h>

#include "steps.h"

static void
mark_roll(Roll *roll)
{
	place_codes(roll, CLASS_OUTSIDE);
	move_pupils(roll);
	plan_absence(roll);
	place_codes(roll, CLASSES_OF_ABSENCE);
	fill_absence(roll);
	place_codes(roll, CLASS_APPROVED);
	place_lates(roll);
}

int
main(int argc, char **argv)
{
	static School schools[SCHOOLS];
	static Roll roll;
	bool equal = true;
	int pupils = 0;
	int phase;

	if (argc != 2)
		errx(EXIT_FAILURE, "usage: generate DIRECTORY");
	make_schools(schools);
	write_schools(argv[1], schools);
	for (phase = 0; phase < PHASES; phase++)
	{
		make_roll(&roll, (Phase) phase, schools, pupils + 1);
		pupils += roll.nlines;
		mark_roll(&roll);
		equal &= check_figures(&roll);
		write_roll(argv[1], &roll);
	}
	return equal ? EXIT_SUCCESS : EXIT_FAILURE;
}
