/*
 * block.c
 *		Offers held in memory for many needs: loading them.
 */
#include "block.h"

#include <inttypes.h>
#include <string.h>

#include "block_store.h"

#define FIRST_ROOM 1024
#define OFFERS_MAX (UINT32_C(1) << 31)

/*
 * Memory
 */

static int64_t
kilobytes(int64_t bytes)
{
	return (bytes + 1023) / 1024;
}

/* Like realloc, accounted: for a moment both the old and the new are held. */
static void *
resize(BlockStore *store, void *pointer, int64_t old_size, int64_t new_size, Problem *problem)
{
	void	   *resized = NULL;

	if (store->memory + new_size <= store->memory_limit)
		resized = store->host.reallocate(store->host.opaque, pointer, (size_t) new_size);
	if (resized != NULL)
	{
		store->memory += new_size - old_size;
		return resized;
	}
	problem_set(problem, "matching %" PRIu32 " offers takes %" PRId64 " kB of memory or more, of the %" PRId64 " kB allowed",
				store->offer_count, kilobytes(store->memory + new_size), kilobytes(store->memory_limit));
	return NULL;
}

/* An array of zeros. */
static void *
make_array(BlockStore *store, int64_t count, size_t size, Problem *problem)
{
	int64_t		bytes = (count > 0 ? count : 1) * (int64_t) size;
	void	   *array = resize(store, NULL, 0, bytes, problem);

	if (array != NULL)
		memset(array, 0, (size_t) bytes);
	return array;
}

static void
drop_array(BlockStore *store, void *array, int64_t count, size_t size)
{
	store->host.release(store->host.opaque, array);
	if (array != NULL)
		store->memory -= (count > 0 ? count : 1) * (int64_t) size;
}

static inline void
poll(BlockStore *store, uint32_t done)
{
	if (done % BLOCK_INTERRUPT_EVERY == 0)
		store->host.interrupt(store->host.opaque);
}

BlockStore *
block_open(const Host *host, int64_t memory_limit, Problem *problem)
{
	BlockStore *store = host->reallocate(host->opaque, NULL, sizeof(BlockStore));

	if (store == NULL)
	{
		problem_set(problem, "no memory is left");
		return NULL;
	}
	memset(store, 0, sizeof(*store));
	store->host = *host;
	store->memory = sizeof(BlockStore);
	store->memory_limit = memory_limit;
	return store;
}

void
block_close(BlockStore *store)
{
	const Host	host = store->host;

	host.release(host.opaque, store->offers);
	host.release(host.opaque, store->supplies);
	host.release(host.opaque, store->lane_start);
	host.release(host.opaque, store->ids);
	host.release(host.opaque, store->blocks);
	host.release(host.opaque, store->groups);
	host.release(host.opaque, store->frontier);
	host.release(host.opaque, store);
}

int64_t
block_memory(const BlockStore *store)
{
	return store->memory;
}

/*
 * Offers
 */

static bool
make_room(BlockStore *store, Problem *problem)
{
	uint32_t	room = store->offer_room == 0 ? FIRST_ROOM : store->offer_room * 2;
	StoredOffer *offers;

	if (store->offer_room == OFFERS_MAX)
		return problem_set(problem, "more than %" PRIu32 " offers cannot be matched at once", OFFERS_MAX);
	offers = resize(store, store->offers, (int64_t) store->offer_room * (int64_t) sizeof(StoredOffer),
					(int64_t) room * (int64_t) sizeof(StoredOffer), problem);
	if (offers == NULL)
		return false;
	store->offers = offers;
	store->offer_room = room;
	return true;
}

bool
block_add(BlockStore *store, int64_t id, const Supply *supply, Problem *problem)
{
	StoredOffer *offer;

	poll(store, store->offer_count);
	if (store->offer_count == store->offer_room && !make_room(store, problem))
		return false;
	offer = &store->offers[store->offer_count++];
	offer->id = id;
	offer->supply = *supply;
	return true;
}

/*
 * Order
 */

/* Signed numbers in the order of unsigned ones. */
static uint64_t
key_of_id(const StoredOffer *offer)
{
	return (uint64_t) offer->id ^ UINT64_C(1) << 63;
}

/* Equal supplies stand together: 32 bits that tell most others apart. */
static uint64_t
key_of_bytes(const StoredOffer *offer)
{
	uint64_t	words[sizeof(Supply) / sizeof(uint64_t)];
	uint64_t	hash = 0;

	memcpy(words, &offer->supply, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
	{
		hash = (hash ^ words[i]) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	return (uint32_t) hash;
}

static uint64_t
key_of_place(const StoredOffer *offer)
{
	return bound_sort_key(&offer->supply);
}

static void
sort_by(BlockStore *store, RadixItem *items, RadixItem *scratch, uint64_t (*key_of) (const StoredOffer *))
{
	for (uint32_t i = 0; i < store->offer_count; i++)
	{
		poll(store, i);
		items[i].key = key_of(&store->offers[items[i].value]);
	}
	radix_sort(items, scratch, store->offer_count, &store->host);
}

/* Neighbours resemble each other, equal supplies are neighbours, by number. */
static void
order_offers(BlockStore *store, RadixItem *items, RadixItem *scratch)
{
	for (uint32_t i = 0; i < store->offer_count; i++)
		items[i].value = i;
	sort_by(store, items, scratch, key_of_id);
	sort_by(store, items, scratch, key_of_bytes);
	sort_by(store, items, scratch, key_of_place);
}

/*
 * Lanes, blocks and groups
 */

/* Equal supplies are equal bytes: they leave no hole. */
static bool
is_new(const BlockStore *store, const Supply *supply)
{
	return store->lane_count == 0 ||
		memcmp((const char *) &store->supplies[store->lane_count - 1], (const char *) supply, sizeof(Supply)) != 0;
}

static void
fill_lanes(BlockStore *store, const RadixItem *items)
{
	for (uint32_t i = 0; i < store->offer_count; i++)
	{
		const StoredOffer *offer = &store->offers[items[i].value];

		poll(store, i);
		store->ids[i] = offer->id;
		if (!is_new(store, &offer->supply))
			continue;
		store->supplies[store->lane_count] = offer->supply;
		store->lane_start[store->lane_count++] = i;
	}
	store->lane_start[store->lane_count] = store->offer_count;
}

static bool
make_lanes(BlockStore *store, Problem *problem)
{
	int64_t		count = store->offer_count;
	RadixItem  *items = make_array(store, count, sizeof(RadixItem), problem);
	RadixItem  *scratch = items == NULL ? NULL : make_array(store, count, sizeof(RadixItem), problem);
	bool		made = false;

	if (scratch != NULL)
	{
		order_offers(store, items, scratch);
		made = (store->supplies = make_array(store, count, sizeof(Supply), problem)) != NULL &&
			(store->lane_start = make_array(store, count + 1, sizeof(uint32_t), problem)) != NULL &&
			(store->ids = make_array(store, count, sizeof(int64_t), problem)) != NULL;
	}
	if (made)
		fill_lanes(store, items);
	drop_array(store, items, count, sizeof(RadixItem));
	drop_array(store, scratch, count, sizeof(RadixItem));
	drop_array(store, store->offers, store->offer_room, sizeof(StoredOffer));
	store->offers = NULL;
	return made;
}

static bool
is_remote(const BlockStore *store, uint32_t lane)
{
	return (store->supplies[lane].flags & SUPPLY_REMOTE) != 0;
}

/* The lane that ends a block, at most full, begun by this one. */
static uint32_t
end_of_block(const BlockStore *store, uint32_t first)
{
	uint32_t	end = first + 1;

	while (end < store->lane_count && end - first < PLANE_LANES &&
		   is_remote(store, end) == is_remote(store, first))
		end++;
	return end;
}

static void
fill_block(BlockStore *store, Block *block, uint32_t first, uint32_t end)
{
	block->first_lane = first;
	block->lanes = (int32_t) (end - first);
	bound_clear(&block->bound);
	for (int32_t lane = 0; lane < block->lanes; lane++)
	{
		const Supply *supply = &store->supplies[first + (uint32_t) lane];
		Bound		one;

		bound_of(&one, supply);
		bound_extend(&block->bound, &one);
		plane_note(block->planes, lane, supply);
		lane_note(&block->words[lane / LANE_COUNT], lane % LANE_COUNT, supply);
		block->valid_from[lane] = supply->valid_from;
		block->valid_until[lane] = supply->valid_until;
	}
}

static bool
fill_blocks(BlockStore *store, Problem *problem)
{
	for (uint32_t lane = 0; lane < store->lane_count; lane = end_of_block(store, lane))
	{
		store->host.interrupt(store->host.opaque);
		store->block_count++;
	}
	store->blocks = make_array(store, store->block_count, sizeof(Block), problem);
	if (store->blocks == NULL)
		return false;
	for (uint32_t block = 0, lane = 0; block < store->block_count; block++)
	{
		uint32_t	end = end_of_block(store, lane);

		store->host.interrupt(store->host.opaque);
		fill_block(store, &store->blocks[block], lane, end);
		lane = end;
	}
	return true;
}

static bool
continues_group(const BlockGroup *group, const Block *block)
{
	return group->blocks < GROUP_BLOCKS &&
		(group->bound.flags & BOUND_REMOTE) == (block->bound.flags & BOUND_REMOTE);
}

static bool
fill_groups(BlockStore *store, Problem *problem)
{
	/* One more than full ones may be short on each side of the first remote block. */
	uint32_t	most = store->block_count / GROUP_BLOCKS + 2;

	store->groups = make_array(store, most, sizeof(BlockGroup), problem);
	store->frontier = store->groups == NULL ? NULL :
		make_array(store, (int64_t) most + store->block_count, sizeof(Frontier), problem);
	if (store->frontier == NULL)
		return false;
	for (uint32_t i = 0; i < store->block_count; i++)
	{
		BlockGroup *group = &store->groups[store->group_count];

		if (store->group_count == 0 || !continues_group(group - 1, &store->blocks[i]))
		{
			bound_clear(&group->bound);
			group->first_block = i;
			store->group_count++;
		}
		else
			group--;
		bound_extend(&group->bound, &store->blocks[i].bound);
		group->blocks++;
	}
	return true;
}

bool
block_finish(BlockStore *store, Problem *problem)
{
	return make_lanes(store, problem) && fill_blocks(store, problem) && fill_groups(store, problem);
}
