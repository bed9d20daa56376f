/*
 * allocation_reserve.h
 *		Which reserves of an offer are filled, and so who may be asked to leave.
 */
#ifndef INCLUSION_CORE_ALLOCATION_RESERVE_H
#define INCLUSION_CORE_ALLOCATION_RESERVE_H

#include <stdint.h>

/* Publics that places can be reserved for; a person's type is a mask of them. */
#define ALLOCATION_CATEGORIES_MAX	8
#define ALLOCATION_TYPES_MAX		(1 << ALLOCATION_CATEGORIES_MAX)

/*
 * The categories whose reserves people fill with some to spare, as a mask.
 * count is by type, 1 << categories elements; reserve is by category.
 */
extern uint32_t allocation_filled(int categories, const int32_t *reserve,
								  const int32_t *count);

#endif							/* INCLUSION_CORE_ALLOCATION_RESERVE_H */
