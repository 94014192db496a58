/*
 * random.c
 *		Pseudo-random numbers that are the same on every machine.
 *
 * splitmix64, by Vigna, in the public domain.  The C library's rand() differs
 * between platforms.
 */
#include <stdint.h>

#include "random.h"

/* 0 .. n - 1; the bias of 2^-32 * n does not matter here */
int
random_below(int n)
{
	static uint64_t state = 380;
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	z ^= z >> 31;
	return (int) (((z >> 32) * (uint64_t) n) >> 32);
}

int
random_between(int low, int high)
{
	return low + random_below(high - low + 1);
}

bool
random_chance(int percent)
{
	return random_below(100) < percent;
}

/* The sum of twelve uniform numbers is normal enough, and exact everywhere */
int
random_normal(int deviation)
{
	int sum = 0;
	int i;

	for (i = 0; i < 12; i++)
		sum += random_below(2001) - 1000;
	return (int) ((int64_t) sum * deviation / 2000);
}

/* An index, as often as its weight says */
int
random_weighted(const int *weights, int n)
{
	int sum = 0;
	int pick;
	int i;

	for (i = 0; i < n; i++)
		sum += weights[i];
	pick = random_below(sum);
	for (i = 0; pick >= weights[i]; i++)
		pick -= weights[i];
	return i;
}

/* Split a total by weights, without remainder */
void
random_shares(const int *weights, int n, int total, int *shares)
{
	int64_t sum = 0;
	int rest = total;
	int i;

	for (i = 0; i < n; i++)
		sum += weights[i];
	for (i = 0; i < n; i++)
	{
		shares[i] = (int) ((int64_t) total * weights[i] / sum);
		rest -= shares[i];
	}
	while (rest-- > 0)
		shares[random_below(n)]++;
}
