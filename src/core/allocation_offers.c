/*
 * allocation_offers.c
 *		Offers by identifier, as an AllocationProblem wants them.
 *
 * A hash table finds them.
 */
#include "allocation_offers.h"

#include <inttypes.h>

#include "order.h"

#define FIRST_ROOM			1024
#define FIRST_BUCKET_BITS	11

bool
allocation_offers_order(const AllocationOffers *offers, int32_t *order)
{
	return order_indexes(offers->host, offers->id, offers->count, order);
}

/* --- room ------------------------------------------------------------------ */

static void *
resized(const Host *host, void *array, int64_t elements, size_t width)
{
	return host->reallocate(host->opaque, array, (size_t) elements * width);
}

/* A table twice as large as the room for offers is never more than half full. */
static bool
rebuild_buckets(AllocationOffers *offers)
{
	int			bits = offers->bucket_bits == 0 ? FIRST_BUCKET_BITS : offers->bucket_bits + 1;
	int64_t		buckets = (int64_t) 1 << bits;
	int32_t    *bucket = resized(offers->host, offers->bucket, buckets, sizeof(int32_t));

	if (bucket == NULL)
		return false;
	offers->bucket = bucket;
	offers->bucket_bits = bits;
	for (int64_t i = 0; i < buckets; i++)
		bucket[i] = -1;
	for (int32_t name = 0; name < offers->names; name++)
		*allocation_offers_bucket(offers, offers->name[name].id) = name;
	return true;
}

static bool
make_room_for_name(AllocationOffers *offers)
{
	int64_t		room = offers->names_room == 0 ? FIRST_ROOM : (int64_t) offers->names_room * 2;
	void	   *moved;

	if (offers->names < offers->names_room)
		return true;
	if (room > INT32_MAX || (moved = resized(offers->host, offers->name, room, sizeof(AllocationName))) == NULL)
		return false;
	offers->name = moved;
	offers->names_room = (int32_t) room;
	return rebuild_buckets(offers);
}

static bool
make_room(AllocationOffers *offers)
{
	int64_t		room = offers->room == 0 ? FIRST_ROOM : (int64_t) offers->room * 2;
	void	   *moved;

	if (!make_room_for_name(offers))
		return false;
	if (offers->count < offers->room - 1)
		return true;
	if (room > INT32_MAX)
		return false;
	if ((moved = resized(offers->host, offers->id, room, sizeof(int64_t))) == NULL)
		return false;
	offers->id = moved;
	if ((moved = resized(offers->host, offers->capacity, room, sizeof(int32_t))) == NULL)
		return false;
	offers->capacity = moved;
	if ((moved = resized(offers->host, offers->reserve, room, ALLOCATION_CATEGORIES_MAX * sizeof(int32_t))) == NULL)
		return false;
	offers->reserve = moved;
	offers->room = (int32_t) room;
	return true;
}

void
allocation_offers_close(AllocationOffers *offers)
{
	const Host *host = offers->host;

	host->release(host->opaque, offers->id);
	host->release(host->opaque, offers->capacity);
	host->release(host->opaque, offers->reserve);
	host->release(host->opaque, offers->name);
	host->release(host->opaque, offers->bucket);
}

/* --- adding ---------------------------------------------------------------- */

static bool
check_reserves(const AllocationOffer *offer, Problem *trouble)
{
	int64_t		left = offer->capacity;

	for (int32_t category = 0; category < offer->length; category++)
	{
		int64_t		places = offer->reserves[category];

		if (category >= ALLOCATION_CATEGORIES_MAX)
		{
			problem_set(trouble, "offer %" PRId64 " reserves places for %" PRId32 " categories",
						offer->id, offer->length);
			return problem_hint(trouble, "There are %d categories at most.", ALLOCATION_CATEGORIES_MAX);
		}
		if (places < 0)
		{
			problem_set(trouble, "offer %" PRId64 " reserves %" PRId64 " places", offer->id, places);
			return problem_hint(trouble, "A reserve goes from 0 to the capacity.");
		}
		if (places > left)
		{
			problem_set(trouble, "offer %" PRId64 " reserves more than its %" PRId64 " places",
						offer->id, offer->capacity);
			return problem_hint(trouble, "The reserves of an offer add up to its capacity at most.");
		}
		left -= places;
	}
	return true;
}

/* Places are shared with an offer that is there, and all its places are alike. */
static bool
check_shared(const AllocationOffers *offers, const AllocationOffer *offer, Problem *trouble)
{
	const AllocationName *owner = allocation_offers_find(offers, *offer->shares_with);

	if (owner == NULL)
	{
		problem_set(trouble, "offer %" PRId64 " shares the places of offer %" PRId64 ", which does not stand before it",
					offer->id, *offer->shares_with);
		return problem_hint(trouble, "Give the offer that has the places first.");
	}
	for (int category = 0; category < ALLOCATION_CATEGORIES_MAX; category++)
	{
		if (allocation_offers_parts(offers, owner->offer) == 1 &&
			offers->reserve[(int64_t) owner->offer * ALLOCATION_CATEGORIES_MAX + category] == 0)
			continue;
		problem_set(trouble, "offer %" PRId64 " shares the places of offer %" PRId64 ", which reserves some",
					offer->id, *offer->shares_with);
		return problem_hint(trouble, "Reserved places are of one offer.");
	}
	return true;
}

bool
allocation_offers_accept(const AllocationOffers *offers, const AllocationOffer *offer,
						 Problem *trouble)
{
	if (offer->capacity < 0 || offer->capacity > INT32_MAX)
	{
		problem_set(trouble, "offer %" PRId64 " has capacity %" PRId64, offer->id, offer->capacity);
		return problem_hint(trouble, "A capacity goes from 0 to %" PRId32 ".", INT32_MAX);
	}
	if (allocation_offers_find(offers, offer->id) != NULL)
	{
		problem_set(trouble, "offer %" PRId64 " appears twice", offer->id);
		return problem_hint(trouble, "Give one row per offer.");
	}
	if (offer->shares_with != NULL)
		return check_shared(offers, offer, trouble);
	return check_reserves(offer, trouble);
}

static void
add_name(AllocationOffers *offers, int64_t id, int32_t offer)
{
	*allocation_offers_bucket(offers, id) = offers->names;
	offers->name[offers->names++] = (AllocationName) {id, offer, ALLOCATION_NOBODY};
}

/* Categories that no offer reserves anything for are as good as absent. */
static void
append(AllocationOffers *offers, int64_t id, int32_t capacity, int32_t length,
	   const int64_t *reserves)
{
	int32_t    *reserve = offers->reserve + (int64_t) offers->count * ALLOCATION_CATEGORIES_MAX;
	int64_t		types = 1;

	for (int category = 0; category < ALLOCATION_CATEGORIES_MAX; category++)
	{
		reserve[category] = category < length ? (int32_t) reserves[category] : 0;
		if (reserve[category] == 0)
			continue;
		types *= 2;
		if (category >= offers->categories)
			offers->categories = category + 1;
	}
	offers->slots += types;
	offers->id[offers->count] = id;
	offers->capacity[offers->count] = capacity;
	offers->count++;
}

bool
allocation_offers_add(AllocationOffers *offers, const AllocationOffer *offer)
{
	int64_t		reserved = 0;

	if (!make_room(offers))
		return false;
	if (offer->shares_with != NULL)
	{
		add_name(offers, offer->id, allocation_offers_find(offers, *offer->shares_with)->offer);
		return true;
	}
	for (int32_t category = 0; category < offer->length; category++)
		reserved += offer->reserves[category];
	add_name(offers, offer->id, offers->count);
	if (offers->open_first && reserved > 0 && reserved < offer->capacity)
	{
		append(offers, offer->id, (int32_t) (offer->capacity - reserved), 0, offer->reserves);
		append(offers, offer->id, (int32_t) reserved, offer->length, offer->reserves);
	}
	else
		append(offers, offer->id, (int32_t) offer->capacity, offer->length, offer->reserves);
	return true;
}
