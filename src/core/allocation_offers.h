/*
 * allocation_offers.h
 *		Offers by identifier, as an AllocationProblem wants them.
 *
 * Where open places go first, an offer that reserves some of its places stands
 * twice, one index after the other: its open places, then its reserved ones.
 * A list that names it names both, so that people try the open places first:
 * that is the whole of this order.
 */
#ifndef INCLUSION_CORE_ALLOCATION_OFFERS_H
#define INCLUSION_CORE_ALLOCATION_OFFERS_H

#include "allocation.h"

typedef struct AllocationOffer
{
	int64_t		id;
	int64_t		capacity;
	int32_t		length;			/* of the array */
	const int64_t *reserves;	/* places reserved, by category */
	const int64_t *shares_with; /* whose places these are; NULL: its own */
} AllocationOffer;

/* What a list calls an offer: those that share their places have one index. */
typedef struct AllocationName
{
	int64_t		id;
	int32_t		offer;
	int32_t		last_listed;	/* the last person to list it, for the input */
} AllocationName;

typedef struct AllocationOffers
{
	const Host *host;
	bool		open_first;
	int32_t		count;
	int32_t		room;
	int64_t    *id;
	int32_t    *capacity;
	int32_t    *reserve;		/* ALLOCATION_CATEGORIES_MAX per offer */
	int			categories;		/* that some offer reserves places for */
	int64_t		slots;			/* see allocation_number_slots() */
	int32_t		names;
	int32_t		names_room;
	AllocationName *name;
	int32_t    *bucket;			/* hash table of names, -1 where empty */
	int			bucket_bits;
} AllocationOffers;

/* Bytes that each takes. */
#define ALLOCATION_OFFER_BYTES \
	((int64_t) (sizeof(int64_t) + (5 + ALLOCATION_CATEGORIES_MAX) * sizeof(int32_t) + sizeof(AllocationName)))

/* Is this row right, and new? */
extern bool allocation_offers_accept(const AllocationOffers *offers,
									 const AllocationOffer *offer, Problem *trouble);
/* Add a row accepted; false when memory runs out. */
extern bool allocation_offers_add(AllocationOffers *offers, const AllocationOffer *offer);
extern void allocation_offers_close(AllocationOffers *offers);

/* Where the identifier stands, or should stand, in the hash table. */
static inline int32_t *
allocation_offers_bucket(const AllocationOffers *offers, int64_t id)
{
	uint64_t	mask = ((uint64_t) 1 << offers->bucket_bits) - 1;
	uint64_t	place = (uint64_t) id * UINT64_C(0x9E3779B97F4A7C15) >> (64 - offers->bucket_bits);

	while (offers->bucket[place] >= 0 && offers->name[offers->bucket[place]].id != id)
		place = (place + 1) & mask;
	return &offers->bucket[place];
}

/*
 * The name of an offer, whose index is the first of two; NULL when there is
 * none.  Here, since each of the many entries of the lists is looked up.
 */
static inline AllocationName *
allocation_offers_find(const AllocationOffers *offers, int64_t id)
{
	int32_t		found = offers->names == 0 ? -1 : *allocation_offers_bucket(offers, id);

	return found < 0 ? NULL : &offers->name[found];
}

/* One, or two where the reserved places of the offer follow its open ones. */
static inline int
allocation_offers_parts(const AllocationOffers *offers, int32_t offer)
{
	if (!offers->open_first)
		return 1;
	return offer + 1 < offers->count && offers->id[offer + 1] == offers->id[offer] ? 2 : 1;
}

/* Indexes by identifier, room for each; false when memory runs out. */
extern bool allocation_offers_order(const AllocationOffers *offers, int32_t *order);

#endif							/* INCLUSION_CORE_ALLOCATION_OFFERS_H */
