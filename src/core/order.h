/*
 * order.h
 *		Indexes of numbers in increasing order.
 */
#ifndef INCLUSION_CORE_ORDER_H
#define INCLUSION_CORE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "radix.h"

/* What it takes for each number, beside the caller's arrays. */
#define ORDER_BYTES	((int64_t) (2 * sizeof(RadixItem)))

/* Equal numbers by index; false when memory runs out. */
extern bool order_indexes(const Host *host, const int64_t *values, int32_t count,
						  int32_t *order);

#endif							/* INCLUSION_CORE_ORDER_H */
