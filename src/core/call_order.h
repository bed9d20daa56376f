/*
 * call_order.h
 *		In which order to call people when refusals are expected.
 *
 * More people are called than there are places, so that every beginning of the
 * order has to hold its share of two publics, and not only the whole.
 */
#ifndef INCLUSION_CORE_CALL_ORDER_H
#define INCLUSION_CORE_CALL_ORDER_H

#include <stdint.h>

#define CALL_RATES_MAX	2

/*
 * type is by person, those of best rank first: a mask of two categories; rate
 * is the least share of each, in per cent of the calls.  Writes the people, as
 * indexes of type, in the order of the calls.
 */
extern void call_order(int32_t people, const uint8_t *type, const int32_t *rate,
					   int32_t *order);

#endif							/* INCLUSION_CORE_CALL_ORDER_H */
