/*
 * radix.h
 *		Sorting numbers that each carry another, in linear time.
 */
#ifndef INCLUSION_CORE_RADIX_H
#define INCLUSION_CORE_RADIX_H

#include <stdint.h>

#include "host.h"

typedef struct RadixItem
{
	uint64_t	key;
	uint32_t	value;
} RadixItem;

/*
 * By ascending key; equal keys keep their order, so that sorting by a lesser
 * key first sorts by two.  scratch has room for as many items.
 */
extern void radix_sort(RadixItem *items, RadixItem *scratch, uint32_t count, const Host *host);

#endif							/* INCLUSION_CORE_RADIX_H */
