/*
 * allocation_seats.h
 *		Who sits on the reserved places of one offer.
 *
 * People take a reserved place one after the other; those already seated may
 * have to move to the reserve of another of their categories, never to stand.
 */
#ifndef INCLUSION_CORE_ALLOCATION_SEATS_H
#define INCLUSION_CORE_ALLOCATION_SEATS_H

#include "allocation.h"

#define ALLOCATION_NO_RESERVE	(-1)

typedef struct AllocationSeats
{
	int			categories;
	const int32_t *reserve;		/* by category */
	int32_t		taken[ALLOCATION_CATEGORIES_MAX];
	int32_t		seated[ALLOCATION_TYPES_MAX][ALLOCATION_CATEGORIES_MAX];
} AllocationSeats;

extern void allocation_seats_open(AllocationSeats *seats, int categories,
								  const int32_t *reserve);
/* Does somebody of this type fill one more reserved place? */
extern bool allocation_seats_take(AllocationSeats *seats, uint8_t type);

/*
 * For each person, the category of the reserved place it takes at the offer
 * that holds it, or ALLOCATION_NO_RESERVE.  Reserved places go first, to those
 * of their public who come first.
 */
extern bool allocation_assign_seats(const AllocationProblem *problem,
									const Host *host, const int32_t *position,
									int8_t *category, Problem *trouble);

#endif							/* INCLUSION_CORE_ALLOCATION_SEATS_H */
