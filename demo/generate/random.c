/*
 * random.c
 *		Pseudo-random numbers that are the same on every machine.
 *
 * xoshiro256**, seeded by splitmix64 (both by Blackman and Vigna, in the
 * public domain).  The C library's rand() differs between platforms.
 */
#include "generate.h"

static uint64_t state[4];

static uint64_t
rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

static uint64_t
random_next(void)
{
	uint64_t result = rotate(state[1] * 5, 7) * 9;
	uint64_t t = state[1] << 17;

	state[2] ^= state[0];
	state[3] ^= state[1];
	state[1] ^= state[2];
	state[0] ^= state[3];
	state[2] ^= t;
	state[3] = rotate(state[3], 45);
	return result;
}

void
random_seed(uint64_t seed)
{
	int i;

	for (i = 0; i < 4; i++)
	{
		uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

		z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
		z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
		state[i] = z ^ (z >> 31);
	}
}

/* 0 .. n - 1; the bias of 2^-32 * n does not matter here */
int
random_below(int n)
{
	return (int) (((random_next() >> 32) * (uint64_t) n) >> 32);
}

/*
 * 0 .. n - 1 without drawing: the same for the same pupil or school and the
 * same question, whatever else is made.
 */
int
pick(int who, int what, int n)
{
	uint64_t z = (uint64_t) who * UINT64_C(0x9e3779b97f4a7c15) +
				 (uint64_t) what * UINT64_C(0xd1b54a32d192ed03);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (int) ((((z ^ (z >> 31)) >> 32) * (uint64_t) n) >> 32);
}

bool
random_chance(int percent)
{
	return random_below(100) < percent;
}

int
random_between(int low, int high)
{
	return low + random_below(high - low + 1);
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
