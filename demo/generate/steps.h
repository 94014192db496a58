/*
 * steps.h
 *		The steps in which the roll of a phase is marked until every published
 *		figure is used up, in their order.
 */
#ifndef STEPS_H
#define STEPS_H

#include "roll.h"

/* recipes.c: the codes of some classes, each in its own kind of spell */
extern void place_codes(Roll *roll, int classes);

/* moves.c: who joins, leaves or moves: down to the published possible sessions */
extern void move_pupils(Roll *roll);

/* budget.c: how often each pupil is absent: the published absence in all */
extern void plan_absence(Roll *roll);

/* recipes.c: illness and absence without leave, as much as is planned for each */
extern void fill_absence(Roll *roll);

/* recipes.c: what is present beyond the published present marks is late */
extern void place_lates(Roll *roll);

/* check.c: whether every figure is the one that was published; says so */
extern bool check_figures(const Roll *roll);

/* output.c */
extern void write_schools(const char *directory, const School *schools);
extern void write_roll(const char *directory, const Roll *roll);

#endif /* STEPS_H */
