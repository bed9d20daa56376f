/*
 * allocation_input.h
 *		From rows of identifiers to an AllocationProblem.
 *
 * Offers come first, people after, each in any order.  A wrong row is an
 * error that names it, never repaired in silence.
 */
#ifndef INCLUSION_CORE_ALLOCATION_INPUT_H
#define INCLUSION_CORE_ALLOCATION_INPUT_H

#include "allocation_offers.h"

typedef struct AllocationApplicant
{
	int64_t		id;
	int64_t		rank;			/* any distinct integers, smallest first */
	int64_t		categories;		/* mask of the publics it belongs to */
	int32_t		length;			/* of the three arrays */
	const int64_t *offers;		/* best first */
	const int64_t *classes;		/* NULL: the first class everywhere */
	const int64_t *scores;		/* for auctions only */
	const int64_t *held;		/* NULL: holds nothing */
	int64_t		asked;			/* where lists grow: see AllocationGrowth */
	int64_t		most;
	int64_t		known;
} AllocationApplicant;

typedef enum AllocationKind
{
	ALLOCATION_RESERVE_FIRST,	/* by priority, reserved places first */
	ALLOCATION_OPEN_FIRST,		/* by priority, open places first */
	ALLOCATION_MAX_SCORE		/* for an auction */
} AllocationKind;

/*
 * How far a list counts, where lists grow: of the offers it was looked for, the
 * first `asked`, which may become `most`; `known` were looked for, so that a
 * list with fewer is whole.  The place held is in none of these numbers: it
 * ends the list.
 */
#define ALLOCATION_GROWTH_FACTOR 3

typedef struct AllocationGrowth
{
	int32_t		asked;
	int32_t		most;
	int32_t		known;
	int32_t		found;			/* entries of the list, the place held aside */
	int32_t		times;			/* that it was lengthened */
} AllocationGrowth;

typedef struct AllocationInput
{
	const Host *host;
	int64_t		bytes_max;		/* refuse a problem that needs more */
	bool		scored;			/* scores are kept */
	bool		grows;			/* lists do */
	bool		too_large;		/* the last refusal was for memory */

	AllocationOffers offers;

	int32_t		people;
	int32_t		people_room;
	int64_t    *applicant_id;
	int64_t    *rank_given;		/* until finished */
	uint8_t    *type;
	AllocationGrowth *growth;	/* if lists grow */
	int32_t    *shown;			/* if lists grow, once they are shown */
	int64_t    *list_start;		/* people + 1 */
	uint32_t   *rank;			/* 0 ... people - 1, once finished */
	int32_t    *order;			/* people by identifier, once finished */

	int64_t		edges_room;
	int32_t    *list_offer;
	uint8_t    *list_class;
	int32_t    *list_score;		/* if scored */
} AllocationInput;

extern void allocation_input_open(AllocationInput *input, const Host *host,
								  AllocationKind kind, int64_t bytes_max);
extern bool allocation_input_add_offer(AllocationInput *input,
									   const AllocationOffer *offer,
									   Problem *trouble);
extern bool allocation_input_add_applicant(AllocationInput *input,
										   const AllocationApplicant *applicant,
										   Problem *trouble);
/* The problem points into the input: keep the input as long as it is used. */
extern bool allocation_input_finish(AllocationInput *input,
									AllocationProblem *problem,
									Problem *trouble);
/* Where a position stands in the list as it was given, from 0. */
extern int32_t allocation_input_list_place(const AllocationInput *input, int32_t person,
										   int32_t position);
extern void allocation_input_close(AllocationInput *input);

#endif							/* INCLUSION_CORE_ALLOCATION_INPUT_H */
