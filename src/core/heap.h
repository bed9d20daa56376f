/*
 * heap.h
 *		Heaps of people, the one with the largest key on top.
 *
 * A person is in one heap at most: all heaps share three arrays indexed by
 * person, and nothing is allocated while people come and go.
 */
#ifndef INCLUSION_CORE_HEAP_H
#define INCLUSION_CORE_HEAP_H

#include <stdint.h>

#define HEAP_EMPTY	(-1)

typedef struct Heaps
{
	uint64_t   *key;			/* by person */
	int32_t    *child;			/* by person: first child in its heap */
	int32_t    *sibling;		/* by person: next child of the same parent */
} Heaps;

#define HEAP_PERSON_BYTES	((int64_t) (sizeof(uint64_t) + 2 * sizeof(int32_t)))

/* Both take the top of a heap and return its new top. */
extern int32_t heap_push(Heaps *heaps, int32_t top, int32_t person, uint64_t key);
extern int32_t heap_pop(Heaps *heaps, int32_t top);

#endif							/* INCLUSION_CORE_HEAP_H */
