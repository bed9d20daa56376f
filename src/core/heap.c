/*
 * heap.c
 *		Heaps of people, the one with the largest key on top.
 *
 * Pairing heaps.  Merges are iterative, for a heap may be as deep as it is
 * large.
 */
#include "heap.h"

/* Merge two heaps, either of which may be empty. */
static int32_t
merge(Heaps *heaps, int32_t one, int32_t other)
{
	int32_t		worse = one;
	int32_t		better = other;

	if (one == HEAP_EMPTY)
		return other;
	if (other == HEAP_EMPTY)
		return one;
	if (heaps->key[one] < heaps->key[other])
	{
		worse = other;
		better = one;
	}
	heaps->sibling[better] = heaps->child[worse];
	heaps->child[worse] = better;
	return worse;
}

/*
 * Merge the heaps of a list of siblings: by pairs from the left, then the
 * pairs from the right, which is what keeps the amortised cost logarithmic.
 */
static int32_t
merge_siblings(Heaps *heaps, int32_t first)
{
	int32_t		pairs = HEAP_EMPTY;
	int32_t		top = HEAP_EMPTY;

	while (first != HEAP_EMPTY)
	{
		int32_t		second = heaps->sibling[first];
		int32_t		next = HEAP_EMPTY;
		int32_t		pair;

		if (second != HEAP_EMPTY)
			next = heaps->sibling[second];
		pair = merge(heaps, first, second);
		heaps->sibling[pair] = pairs;
		pairs = pair;
		first = next;
	}
	while (pairs != HEAP_EMPTY)
	{
		int32_t		next = heaps->sibling[pairs];

		top = merge(heaps, top, pairs);
		pairs = next;
	}
	return top;
}

int32_t
heap_push(Heaps *heaps, int32_t top, int32_t person, uint64_t key)
{
	heaps->key[person] = key;
	heaps->child[person] = HEAP_EMPTY;
	heaps->sibling[person] = HEAP_EMPTY;
	return merge(heaps, top, person);
}

int32_t
heap_pop(Heaps *heaps, int32_t top)
{
	return merge_siblings(heaps, heaps->child[top]);
}
