/*
 * block.h
 *		Offers held in memory for many needs: the k best for each, exactly.
 *
 * Offers stand in blocks of 256 that resemble each other, remote and on-site
 * ones apart, and blocks in groups of 16; both carry a bound (bound.h).  For a
 * need, blocks are entered by ascending bound until no other can hold a better
 * offer.  In a block, bit planes (plane.h) leave the few offers that pass every
 * filter and bring enough, and fit.h alone judges these: costs equal those of
 * a scan to the last bit.
 *
 * Equal supplies share one place, however many offers they are.
 */
#ifndef INCLUSION_CORE_BLOCK_H
#define INCLUSION_CORE_BLOCK_H

#include "fit.h"
#include "host.h"
#include "lane.h"
#include "problem.h"

#define BLOCK_MATCHES_MAX 1000

/* How often loops over offers let themselves be interrupted, at least. */
#define BLOCK_INTERRUPT_EVERY 4096

typedef struct BlockStore BlockStore;

typedef struct BlockMatch
{
	double		cost;
	int64_t		id;
	const Supply *supply;		/* lives as long as the store */
} BlockMatch;

/*
 * Loading: open a store, add offers in any order, each once, and finish it.
 * What fails because of the limit, in bytes, says what was needed.
 */
extern BlockStore *block_open(const Host *host, int64_t memory_limit, Problem *problem);
extern bool block_add(BlockStore *store, int64_t id, const Supply *supply, Problem *problem);
extern bool block_finish(BlockStore *store, Problem *problem);
extern void block_close(BlockStore *store);

/* Bytes held by a finished store. */
extern int64_t block_memory(const BlockStore *store);

/*
 * The k eligible offers of least cost, equal costs by number, cheapest first;
 * returns how many there are.  k is at most BLOCK_MATCHES_MAX.
 */
extern int block_match(BlockStore *store, const PreparedNeed *prepared, const LaneKernel *kernel,
					   int k, BlockMatch *matches);

/*
 * Every eligible offer that comes before this cost and number in the list of a
 * need, in no order, however many they are; an infinite cost: all of them.
 */
typedef void (*BlockFound) (void *opaque, int64_t id);

extern void block_ahead(BlockStore *store, const PreparedNeed *prepared, const LaneKernel *kernel,
						double cost, int64_t id, BlockFound found, void *opaque);

#endif							/* INCLUSION_CORE_BLOCK_H */
