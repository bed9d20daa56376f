/*
 * auction.h
 *		Which assignment has the greatest total of scores, and what one more
 *		place at each offer would add to it.
 *
 * It knows neither ranks, nor classes, nor reserves: it is the yardstick that
 * a fair allocation is measured by.  People bid for places; prices end where
 * whoever has a place would not rather have another at its price.  Prices then
 * prove how good the assignment is (weak duality): whatever they are, no
 * assignment of the same people to the same places scores more than
 *
 *		sum over people of max(0, best score of its list minus price)
 *		+ sum over offers of places times price.
 *
 * A place held before stays its holder's, and counts apart; where an offer has
 * fewer places than holders, those who come first keep them.
 */
#ifndef INCLUSION_CORE_AUCTION_H
#define INCLUSION_CORE_AUCTION_H

#include "allocation.h"

typedef struct Auction
{
	int32_t    *position;		/* by person, in its list; the caller's */
	int64_t    *price;			/* by offer, in the unit of scores; the caller's */
	int64_t		score;			/* total of the assignment */
	int64_t		bound;			/* no assignment scores more; equal: proved best */
} Auction;

extern bool auction_run(const AllocationProblem *problem, const Host *host,
						Auction *auction, Problem *trouble);

/*
 * What positions score, and what prices prove; false if the positions are
 * those of no assignment.  Written apart from the auction.
 */
extern bool auction_certify(const AllocationProblem *problem, const Host *host,
							Auction *auction, Problem *trouble);

/* Bytes that an auction needs, positions and prices included. */
extern int64_t auction_bytes(int64_t people, int64_t offers);

#endif							/* INCLUSION_CORE_AUCTION_H */
