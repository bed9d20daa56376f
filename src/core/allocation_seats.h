/*
 * allocation_seats.h
 *		Who sits on the reserved places of one offer.
 *
 * People take a reserved place one after the other; those already seated may
 * have to move to the reserve of another of their categories, never to stand.
 * Categories and types here are those of the offer's own reserves: see
 * allocation_pack_reserves() and allocation_type_at().
 */
#ifndef INCLUSION_CORE_ALLOCATION_SEATS_H
#define INCLUSION_CORE_ALLOCATION_SEATS_H

#include "allocation.h"

#define ALLOCATION_NO_RESERVE	(-1)

typedef struct AllocationSeats
{
	int			categories;
	int32_t		reserve[ALLOCATION_CATEGORIES_MAX];
	int32_t		taken[ALLOCATION_CATEGORIES_MAX];
	int32_t		seated[ALLOCATION_TYPES_MAX][ALLOCATION_CATEGORIES_MAX];
	/* by category, and another: those who sit on one and belong to the other */
	int32_t		movable[ALLOCATION_CATEGORIES_MAX][ALLOCATION_CATEGORIES_MAX];
	int32_t		standing[ALLOCATION_TYPES_MAX];
} AllocationSeats;

/* Empty, with the reserves of an offer. */
extern void allocation_seats_open(AllocationSeats *seats, const AllocationProblem *problem,
								  int32_t offer);
/* Does somebody of this type fill one more reserved place?  Otherwise it stands. */
extern bool allocation_seats_take(AllocationSeats *seats, uint8_t type);
/*
 * The categories where a freed place would be taken again, by somebody standing
 * or by somebody whose own place would be.
 */
extern uint32_t allocation_seats_refilled(const AllocationSeats *seats);

/*
 * For each person, the category of the reserved place it takes at the offer
 * that holds it, or ALLOCATION_NO_RESERVE.  Reserved places go first, to those
 * of their public who come first.
 */
extern bool allocation_assign_seats(const AllocationProblem *problem,
									const Host *host, const int32_t *position,
									int8_t *category, Problem *trouble);

#endif							/* INCLUSION_CORE_ALLOCATION_SEATS_H */
