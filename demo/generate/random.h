/*
 * random.h
 *		Pseudo-random numbers that are the same on every machine.
 */
#ifndef RANDOM_H
#define RANDOM_H

#include <stdbool.h>

extern int random_below(int n);
extern int random_between(int low, int high);
extern bool random_chance(int percent);
extern int random_normal(int deviation);
extern int random_weighted(const int *weights, int n);
extern void random_shares(const int *weights, int n, int total, int *shares);

#endif /* RANDOM_H */
