/*
 * order.h
 *		Indexes of numbers in increasing order.
 */
#ifndef INCLUSION_CORE_ORDER_H
#define INCLUSION_CORE_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "host.h"

/* Equal numbers by index; false when memory runs out. */
extern bool order_indexes(const Host *host, const int64_t *values, int32_t count,
						  int32_t *order);

#endif							/* INCLUSION_CORE_ORDER_H */
