/*
 * allocation_reserve.c
 *		Which reserves of an offer are filled, and so who may be asked to leave.
 *
 * People fill reserved places, each one place of a category it belongs to.
 * For a set S of categories, let f(S) be the places reserved for S plus the
 * people who belong to some category outside S: by min-cut duality the least
 * f is the number of reserved places that can be filled at once.  The smallest
 * S that reaches it is the answer: whoever belongs to S alone, or to nothing,
 * can leave without emptying a reserved place, and nobody else can.
 *
 * Looking at categories one after the other would be wrong as soon as somebody
 * belongs to two of them.
 */
#include "allocation_reserve.h"

#include <string.h>

uint32_t
allocation_filled(int categories, const int32_t *reserve, const int32_t *count)
{
	uint32_t	sets = (uint32_t) 1 << categories;
	int32_t		spare[ALLOCATION_TYPES_MAX];	/* people of types inside S, less
												 * the places reserved for S */
	int32_t		most = 0;
	uint32_t	filled = 0;

	memcpy(spare, count, sets * sizeof(int32_t));
	spare[0] = 0;
	for (int category = 0; category < categories; category++)
		spare[(uint32_t) 1 << category] -= reserve[category];
	/* Sums over all subsets, one category after the other */
	for (int category = 0; category < categories; category++)
	{
		uint32_t	bit = (uint32_t) 1 << category;

		for (uint32_t block = bit; block < sets; block += 2 * bit)
		{
			for (uint32_t set = block; set < block + bit; set++)
				spare[set] += spare[set - bit];
		}
	}

	/* f is a constant less spare; its minimisers intersect in one */
	for (uint32_t set = 1; set < sets; set++)
	{
		if (spare[set] > most)
		{
			most = spare[set];
			filled = set;
		}
		else if (spare[set] == most)
			filled &= set;
	}
	return filled;
}
