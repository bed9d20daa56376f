/*
 * chance.h
 *		A fixed generator, so that a failure can be replayed on any machine.
 */
#ifndef INCLUSION_CHANCE_H
#define INCLUSION_CHANCE_H

#include <stdint.h>

static uint64_t lcg_state;

/* Uniform enough below a small bound; the high bits of the LCG are the good ones. */
static inline int
draw(int below)
{
	lcg_state = lcg_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int) ((lcg_state >> 33) % (uint64_t) below);
}

static inline void
shuffle(int32_t *values, int count)
{
	for (int i = count - 1; i > 0; i--)
	{
		int			j = draw(i + 1);
		int32_t		kept = values[i];

		values[i] = values[j];
		values[j] = kept;
	}
}

#endif							/* INCLUSION_CHANCE_H */
