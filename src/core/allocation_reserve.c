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

uint32_t
allocation_filled(int categories, const int32_t *reserve, const int32_t *count)
{
	uint32_t	sets = (uint32_t) 1 << categories;
	int64_t		within[ALLOCATION_TYPES_MAX];	/* people of types inside S */
	int64_t		reserved[ALLOCATION_TYPES_MAX]; /* places reserved for S */
	int64_t		least = 0;
	uint32_t	filled = 0;

	within[0] = 0;
	reserved[0] = 0;
	for (uint32_t set = 1; set < sets; set++)
	{
		int			first = 0;

		while ((set >> first & 1) == 0)
			first++;
		within[set] = count[set];
		reserved[set] = reserved[set & (set - 1)] + reserve[first];
	}
	for (int category = 0; category < categories; category++)
	{
		for (uint32_t set = 0; set < sets; set++)
		{
			if (set >> category & 1)
				within[set] += within[set ^ (uint32_t) 1 << category];
		}
	}

	/* f is reserved - within, but for a constant; its minimisers intersect in one */
	for (uint32_t set = 1; set < sets; set++)
	{
		int64_t		value = reserved[set] - within[set];

		if (value < least)
		{
			least = value;
			filled = set;
		}
		else if (value == least)
			filled &= set;
	}
	return filled;
}
