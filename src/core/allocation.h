/*
 * allocation.h
 *		Who gets which place: beneficiary-proposing deferred acceptance.
 *
 * Each person has a list of offers, best first.  Each offer orders people by
 * class, then by rank; all comparisons are on integers.  It chooses
 *	1. those who already hold a place there, class 0: they keep it or move up
 *	   their own list, and only an offer with fewer places than holders lets
 *	   one of them go, the last by rank;
 *	2. whoever fills one more of the places it reserves for some publics,
 *	   those who come first first;
 *	3. for the places left, whoever comes first.
 * A reserve is a minimum, never a cap: without candidate of its public, a
 * reserved place is everybody's.
 *
 * The outcome does not depend on the order in which people propose, nor on
 * how they are split in batches.
 */
#ifndef INCLUSION_CORE_ALLOCATION_H
#define INCLUSION_CORE_ALLOCATION_H

#include <stdbool.h>
#include <stdint.h>

#include "allocation_reserve.h"
#include "host.h"
#include "problem.h"

#define ALLOCATION_CLASS_HELD	0
#define ALLOCATION_CLASS_FIRST	1
#define ALLOCATION_CLASS_LAST	255

#define ALLOCATION_NOBODY		(-1)

/* How often long loops let themselves be interrupted. */
#define ALLOCATION_INTERRUPT_EVERY	4096

static inline void
allocation_poll(const Host *host, int32_t done)
{
	if (done % ALLOCATION_INTERRUPT_EVERY == 0)
		host->interrupt(host->opaque);
}

typedef struct AllocationProblem
{
	int32_t		people;
	int32_t		offers;
	const int64_t *list_start;	/* people + 1 offsets into the next two */
	const int32_t *list_offer;	/* best first, no offer twice in a list */
	const uint8_t *list_class;	/* of the person at that offer */
	const int32_t *list_score;	/* of the person at that offer; for auctions only */
	const uint32_t *rank;		/* by person, all distinct, 0 goes first */
	const int32_t *capacity;	/* by offer */
	int			categories;		/* publics that offers may reserve places for */
	const uint8_t *type;		/* by person: mask of its categories */
	const int32_t *reserve;		/* by offer, ALLOCATION_CATEGORIES_MAX each */
	const int32_t *list_shown;	/* by person: how much of its list counts; NULL: all */
} AllocationProblem;

typedef enum AllocationReason
{
	ALLOCATION_PLACED,
	ALLOCATION_KEPT,			/* the place held before */
	ALLOCATION_IMPROVED,		/* better than the place held before */
	ALLOCATION_LIST_EXHAUSTED,	/* every offer of the list is full */
	ALLOCATION_EMPTY_LIST,
	ALLOCATION_REASON_COUNT
} AllocationReason;

typedef struct Allocation Allocation;

static inline int32_t
allocation_list_length(const AllocationProblem *problem, int32_t person)
{
	if (problem->list_shown != NULL)
		return problem->list_shown[person];
	return (int32_t) (problem->list_start[person + 1] - problem->list_start[person]);
}

static inline const int32_t *
allocation_reserves(const AllocationProblem *problem, int32_t offer)
{
	return problem->reserve + (int64_t) offer * ALLOCATION_CATEGORIES_MAX;
}

/* The places an offer reserves, category by category; returns of how many. */
static inline int
allocation_pack_reserves(const AllocationProblem *problem, int32_t offer, int32_t *packed)
{
	int			count = 0;

	for (int category = 0; category < problem->categories; category++)
	{
		if (allocation_reserves(problem, offer)[category] > 0)
			packed[count++] = allocation_reserves(problem, offer)[category];
	}
	return count;
}

/* A person's type as far as those reserves go: what else it is does not count. */
static inline uint8_t
allocation_type_at(const AllocationProblem *problem, int32_t offer, int32_t person)
{
	uint32_t	type = 0;
	int			count = 0;

	for (int category = 0; category < problem->categories; category++)
	{
		if (allocation_reserves(problem, offer)[category] > 0)
			type |= (uint32_t) (problem->type[person] >> category & 1) << count++;
	}
	return (uint8_t) type;
}

/*
 * Where people are told apart by type at the offers that reserve places, each
 * offer has a slot per type, the others one slot for everybody.  first_slot is
 * by offer, plus one element for the end.
 */
static inline void
allocation_number_slots(const AllocationProblem *problem, int64_t *first_slot)
{
	int32_t		packed[ALLOCATION_CATEGORIES_MAX];

	first_slot[0] = 0;
	for (int32_t offer = 0; offer < problem->offers; offer++)
		first_slot[offer + 1] = first_slot[offer] +
			((int64_t) 1 << allocation_pack_reserves(problem, offer, packed));
}

/*
 * A run: open it, let people propose in one or several batches, close it.
 *
 * position is the caller's, one element per person: where the person stands
 * in its own list, 0 at first, the length of the list when exhausted.  To
 * resume a stored run, open it with the stored positions and let everybody
 * propose again.  To lengthen lists, show more of them or replace the arrays
 * of the problem between two batches (each new list begins with the old one)
 * and let only the exhausted people propose.
 */
extern Allocation *allocation_open(const AllocationProblem *problem,
								   const Host *host, int32_t *position,
								   Problem *trouble);
/* queue NULL: everybody, in order. */
extern bool allocation_propose(Allocation *run, const int32_t *queue,
							   int32_t length, Problem *trouble);
extern void allocation_close(Allocation *run);

/* Bytes that a run and then its check need, positions included, lists not. */
extern int64_t allocation_run_bytes(int64_t people, int64_t offers, int64_t slots);

extern AllocationReason allocation_reason(const AllocationProblem *problem,
										  int32_t person, int32_t position);
extern const char *allocation_reason_code(AllocationReason reason);

#endif							/* INCLUSION_CORE_ALLOCATION_H */
