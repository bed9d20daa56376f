/*
 * auction_price.h
 *		From what people bid to what one more place is worth.
 */
#ifndef INCLUSION_CORE_AUCTION_PRICE_H
#define INCLUSION_CORE_AUCTION_PRICE_H

#include "allocation.h"

/* In place of a position: of a person who does not keep a place from before. */
#define AUCTION_NOT_FIXED	(-1)

/* How an auction ended; arrays by person, then by offer. */
typedef struct AuctionEnd
{
	const AllocationProblem *problem;
	int64_t		scale;			/* of bids, over scores */
	int64_t		epsilon;
	const int32_t *place;		/* in the person's list, its length: none */
	const int32_t *fixed;		/* place kept from before, or AUCTION_NOT_FIXED */
	const int32_t *places;		/* that were for sale */
	const int64_t *bid;			/* what a place costs, scaled: 0 where one is left */
} AuctionEnd;

/*
 * The least prices, in whole units of score, at which people would stay where
 * they are.  Where they prove the total best, each is exactly what one more
 * place would add to it.
 */
extern bool auction_least_prices(const AuctionEnd *end, const Host *host, int64_t *price,
								 Problem *trouble);

extern int64_t auction_price_bytes(int64_t people, int64_t offers);

#endif							/* INCLUSION_CORE_AUCTION_PRICE_H */
