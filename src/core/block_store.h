/*
 * block_store.h
 *		How the offers of block.h are laid out: for the two files that fill and
 *		search them.
 */
#ifndef INCLUSION_CORE_BLOCK_STORE_H
#define INCLUSION_CORE_BLOCK_STORE_H

#include "block.h"
#include "bound.h"
#include "lane.h"
#include "radix.h"

#define GROUP_BLOCKS 16

/* An offer as it was added. */
typedef struct StoredOffer
{
	int64_t		id;
	Supply		supply;
} StoredOffer;

typedef struct Block
{
	Bound		bound;
	uint32_t	first_lane;		/* of the store's; a lane is one distinct supply */
	int32_t		lanes;
	int32_t		day;			/* that PLANE_VALID answers for, if it answers */
	bool		knows_day;
	int32_t		valid_from[PLANE_LANES];
	int32_t		valid_until[PLANE_LANES];
	Plane		planes[PLANE_COUNT];
	Lanes		words[PLANE_WORDS];
} Block;

/* Blocks that follow each other, all remote or all on site. */
typedef struct BlockGroup
{
	Bound		bound;
	uint32_t	first_block;
	int32_t		blocks;
} BlockGroup;

/* Where to look next; numbers of groups come after those of blocks. */
typedef struct Frontier
{
	double		bound;
	uint32_t	place;
} Frontier;

struct BlockStore
{
	Host		host;
	int64_t		memory;
	int64_t		memory_limit;

	StoredOffer *offers;		/* until it is finished */
	uint32_t	offer_count;
	uint32_t	offer_room;

	Supply	   *supplies;		/* by lane, all different */
	uint32_t   *lane_start;		/* by lane, and one for the end: index into ids */
	uint32_t	lane_count;
	int64_t    *ids;			/* of the offers, by lane, then ascending */
	Block	   *blocks;
	uint32_t	block_count;
	BlockGroup *groups;
	uint32_t	group_count;
	Frontier   *frontier;		/* room for every block and group */
};

#endif							/* INCLUSION_CORE_BLOCK_STORE_H */
