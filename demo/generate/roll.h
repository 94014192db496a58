/*
 * roll.h
 *		The roll of a phase: a line for each enrolment, with a mark for each
 *		session of the year.
 */
#ifndef ROLL_H
#define ROLL_H

#include <stdint.h>

#include "school.h"

#define POSITIONS (DAYS * 2)
#define AM(day) (2 * (day))
#define PM(day) (2 * (day) + 1)

typedef struct Line
{
	uint8_t marks[POSITIONS]; /* one Mark per session */
	const School *school;
	int pupil;
	int year;  /* Reception = 0, then Year 1 to Year 11 */
	int group; /* 0 = A */
	int first; /* first day on roll, 0 = since before */
	int last;  /* last day on roll, DAYS - 1 = until after */
	int possible;
	int budget;      /* sessions of absence planned */
	int left;        /* of which not yet placed */
	int inclination; /* to absence */
	int lateness;    /* in a thousand */
	int trait;       /* 0-999, who does what */
	bool settled;    /* must not join or leave in the year */
} Line;

typedef struct Roll
{
	Phase phase;
	int nlines;
	Line lines[MAX_ENROLMENTS];
	int left[MARKS]; /* sessions still to place, per code */
} Roll;

extern int last_year(Phase phase);
extern void make_roll(Roll *roll, Phase phase, const School *schools, int first_pupil);
extern Line *random_line(Roll *roll);
extern bool same_class(const Line *a, const Line *b);
extern int count_marks(const Roll *roll, Mark mark, int half);

#endif /* ROLL_H */
