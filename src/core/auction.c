/*
 * auction.c
 *		Which assignment has the greatest total of scores, and what one more
 *		place at each offer would add to it.
 *
 * Bertsekas' forward auction, for offers of several like places, each of which
 * and each of whom may remain without: all prices are 0 at first; a person
 * without a place bids for the offer that brings it most at its price, up to
 * where the second best would bring as much, plus epsilon; an offer holds its
 * highest bids, and once full its price is the lowest of them.  The total ends
 * within epsilon per person of the greatest.
 *
 * A small epsilon makes long price wars, a large one a poor total.  So there
 * are several rounds, each from zero prices, since a place left empty must end
 * at price 0, with an epsilon that shrinks until the total is proved best or
 * the bids run out.  The first round always ends: a bid raises what a held
 * place is worth by epsilon at least, thus a person bids a hundred times or so
 * at most.
 *
 * Scores are multiplied by people + 2: an epsilon of 1 then means the greatest
 * total.
 */
#include "auction.h"

#include <string.h>

#include "auction_price.h"
#include "heap.h"

/* Epsilon: a share of the largest score at first, then divided each time. */
#define FIRST_SHARE		100
#define SHRINK			8

/* Bids that later rounds may take in all: per person, and at least. */
#define BIDS_PER_PERSON	16
#define BIDS_LEAST		(INT64_C(1) << 21)

/* Scaled totals stay below this. */
#define TOTAL_MAX		(INT64_C(1) << 61)

typedef struct Bidding
{
	const AllocationProblem *problem;
	const Host *host;
	int64_t		scale;			/* of scores */
	int64_t		largest;		/* score */
	int64_t		bids;
	int32_t    *place;			/* by person: where it stands in its list */
	int32_t    *fixed;			/* by person: place kept from before, or nobody */
	int32_t    *by_rank;		/* people, first come first */
	int32_t    *queue;			/* ring of those without a place who still bid */
	int64_t		queued;			/* ever */
	int64_t		served;			/* ever */
	Heaps		heaps;			/* by lowest bid */
	int32_t    *places;			/* by offer: those not kept from before */
	int32_t    *held;			/* by offer: of those */
	int32_t    *lowest;			/* by offer: top of its heap */
	int64_t    *price;			/* by offer, scaled */
	int64_t    *least;			/* by offer: prices in the unit of scores */
} Bidding;

int64_t
auction_bytes(int64_t people, int64_t offers)
{
	return people * (HEAP_PERSON_BYTES + 5 * (int64_t) sizeof(int32_t)) +
		offers * (3 * (int64_t) sizeof(int32_t) + 4 * (int64_t) sizeof(int64_t)) +
		auction_price_bytes(people, offers);
}

/* --- one round ------------------------------------------------------------- */

static void
queue_person(Bidding *bidding, int32_t person)
{
	bidding->place[person] = allocation_list_length(bidding->problem, person);
	bidding->queue[bidding->queued++ % bidding->problem->people] = person;
}

/* The largest key is the lowest bid. */
static uint64_t
key_of_bid(int64_t bid)
{
	return UINT64_MAX - (uint64_t) bid;
}

static int64_t
lowest_bid(const Bidding *bidding, int32_t offer)
{
	return (int64_t) (UINT64_MAX - bidding->heaps.key[bidding->lowest[offer]]);
}

/* Take a bid; whoever it displaces queues again. */
static void
take_bid(Bidding *bidding, int32_t offer, int32_t person, int64_t bid)
{
	bidding->lowest[offer] = heap_push(&bidding->heaps, bidding->lowest[offer], person, key_of_bid(bid));
	if (bidding->held[offer] == bidding->places[offer])
	{
		int32_t		displaced = bidding->lowest[offer];

		bidding->lowest[offer] = heap_pop(&bidding->heaps, displaced);
		queue_person(bidding, displaced);
	}
	else
		bidding->held[offer]++;
	if (bidding->held[offer] == bidding->places[offer])
		bidding->price[offer] = lowest_bid(bidding, offer);
}

/*
 * A person bids, or leaves for good if nothing is worth its price, for prices
 * only rise.
 */
static void
bid(Bidding *bidding, int32_t person, int64_t epsilon)
{
	const AllocationProblem *problem = bidding->problem;
	int64_t		start = problem->list_start[person];
	int64_t		best = -1;
	int64_t		second = 0;
	int64_t		chosen = -1;

	for (int64_t edge = start; edge < problem->list_start[person + 1]; edge++)
	{
		int32_t		offer = problem->list_offer[edge];
		int64_t		value;

		if (bidding->places[offer] == 0)
			continue;
		value = problem->list_score[edge] * bidding->scale - bidding->price[offer];
		if (value > best)
		{
			if (best > second)
				second = best;
			best = value;
			chosen = edge;
		}
		else if (value > second)
			second = value;
	}
	if (chosen < 0)
		return;
	bidding->place[person] = (int32_t) (chosen - start);
	take_bid(bidding, problem->list_offer[chosen], person,
			 bidding->price[problem->list_offer[chosen]] + best - second + epsilon);
}

static void
open_round(Bidding *bidding)
{
	const AllocationProblem *problem = bidding->problem;

	for (int32_t offer = 0; offer < problem->offers; offer++)
	{
		bidding->held[offer] = 0;
		bidding->lowest[offer] = HEAP_EMPTY;
		bidding->price[offer] = 0;
	}
	bidding->queued = bidding->served = 0;
	for (int32_t i = 0; i < problem->people; i++)
	{
		int32_t		person = bidding->by_rank[i];

		if (bidding->fixed[person] == AUCTION_NOT_FIXED)
			queue_person(bidding, person);
		else
			bidding->place[person] = bidding->fixed[person];
	}
}

/* False if it takes more bids than that in all. */
static bool
run_round(Bidding *bidding, int64_t epsilon, int64_t bids_max)
{
	open_round(bidding);
	while (bidding->served < bidding->queued)
	{
		if (++bidding->bids > bids_max)
			return false;
		if (bidding->bids % ALLOCATION_INTERRUPT_EVERY == 0)
			bidding->host->interrupt(bidding->host->opaque);
		bid(bidding, bidding->queue[bidding->served++ % bidding->problem->people], epsilon);
	}
	return true;
}

/* --- the rounds ------------------------------------------------------------ */

/* Where the place that a person held before stands in its list. */
static int32_t
held_place(const AllocationProblem *problem, int32_t person)
{
	for (int64_t edge = problem->list_start[person]; edge < problem->list_start[person + 1]; edge++)
	{
		if (problem->list_class[edge] == ALLOCATION_CLASS_HELD)
			return (int32_t) (edge - problem->list_start[person]);
	}
	return AUCTION_NOT_FIXED;
}

/* Those who come first keep the places they hold, while there are any. */
static void
fix_holders(Bidding *bidding)
{
	const AllocationProblem *problem = bidding->problem;

	for (int32_t offer = 0; offer < problem->offers; offer++)
		bidding->places[offer] = problem->capacity[offer];
	for (int32_t person = 0; person < problem->people; person++)
		bidding->by_rank[problem->rank[person]] = person;
	for (int32_t i = 0; i < problem->people; i++)
	{
		int32_t		person = bidding->by_rank[i];
		int32_t		place = held_place(problem, person);

		bidding->fixed[person] = AUCTION_NOT_FIXED;
		if (place == AUCTION_NOT_FIXED)
			continue;
		if (bidding->places[problem->list_offer[problem->list_start[person] + place]] == 0)
			continue;
		bidding->places[problem->list_offer[problem->list_start[person] + place]]--;
		bidding->fixed[person] = place;
	}
}

/* People + 2, or as much as totals of scaled scores have room for. */
static void
choose_scale(Bidding *bidding)
{
	const AllocationProblem *problem = bidding->problem;
	int64_t		people = (int64_t) problem->people + 2;
	int64_t		scale_max;

	bidding->largest = 1;
	for (int64_t edge = 0; edge < problem->list_start[problem->people]; edge++)
	{
		if (problem->list_score[edge] > bidding->largest)
			bidding->largest = problem->list_score[edge];
	}
	scale_max = TOTAL_MAX / people / bidding->largest;
	bidding->scale = people < scale_max ? people : scale_max > 0 ? scale_max : 1;
}

static bool
appraise_round(const Bidding *bidding, int64_t epsilon, Auction *found, Problem *trouble)
{
	AuctionEnd	end = {
		.problem = bidding->problem, .scale = bidding->scale, .epsilon = epsilon,
		.place = bidding->place, .fixed = bidding->fixed, .places = bidding->places,
		.bid = bidding->price
	};

	*found = (Auction) {.position = bidding->place, .price = bidding->least};
	return auction_least_prices(&end, bidding->host, bidding->least, trouble) &&
		auction_certify(bidding->problem, bidding->host, found, trouble);
}

/* What a round found, unless those before did better. */
static void
keep_best(const AllocationProblem *problem, const Auction *found, Auction *best)
{
	if (found->score >= best->score)
	{
		best->score = found->score;
		memcpy(best->position, found->position, (size_t) problem->people * sizeof(int32_t));
	}
	if (found->bound <= best->bound)
	{
		best->bound = found->bound;
		memcpy(best->price, found->price, (size_t) problem->offers * sizeof(int64_t));
	}
}

/* How many bids the rounds after the first may take it to. */
static int64_t
last_bid(const Bidding *bidding)
{
	int64_t		bids = BIDS_PER_PERSON * (int64_t) bidding->problem->people;

	return bidding->bids + (bids > BIDS_LEAST ? bids : BIDS_LEAST);
}

/* False on trouble; running out of bids is none. */
static bool
run_rounds(Bidding *bidding, Auction *best, Problem *trouble)
{
	int64_t		epsilon = bidding->largest * bidding->scale / FIRST_SHARE;
	int64_t		bids_max = INT64_MAX;
	int64_t		bids_before = 0;
	Auction		found;

	best->score = -1;
	best->bound = INT64_MAX;
	for (;; epsilon /= SHRINK)
	{
		if (epsilon == 0)
			epsilon = 1;
		if (!run_round(bidding, epsilon, bids_max))
			return true;
		if (!appraise_round(bidding, epsilon, &found, trouble))
			return false;
		keep_best(bidding->problem, &found, best);
		if (found.score == found.bound || epsilon == 1)
			return true;
		if (bids_max == INT64_MAX)
			bids_max = last_bid(bidding);
		/* The next round takes more than this one did. */
		if (bidding->bids - bids_before > bids_max - bidding->bids)
			return true;
		bids_before = bidding->bids;
	}
}

static void *
lend(const Bidding *bidding, int32_t elements, size_t width)
{
	/* One element more, so that no request is for zero bytes. */
	return bidding->host->reallocate(bidding->host->opaque, NULL, ((size_t) elements + 1) * width);
}

static bool
allocate_arrays(Bidding *bidding)
{
	int32_t		people = bidding->problem->people;
	int32_t		offers = bidding->problem->offers;

	return (bidding->place = lend(bidding, people, sizeof(int32_t))) != NULL &&
		(bidding->fixed = lend(bidding, people, sizeof(int32_t))) != NULL &&
		(bidding->by_rank = lend(bidding, people, sizeof(int32_t))) != NULL &&
		(bidding->queue = lend(bidding, people, sizeof(int32_t))) != NULL &&
		(bidding->heaps.key = lend(bidding, people, sizeof(uint64_t))) != NULL &&
		(bidding->heaps.child = lend(bidding, people, sizeof(int32_t))) != NULL &&
		(bidding->heaps.sibling = lend(bidding, people, sizeof(int32_t))) != NULL &&
		(bidding->places = lend(bidding, offers, sizeof(int32_t))) != NULL &&
		(bidding->held = lend(bidding, offers, sizeof(int32_t))) != NULL &&
		(bidding->lowest = lend(bidding, offers, sizeof(int32_t))) != NULL &&
		(bidding->price = lend(bidding, offers, sizeof(int64_t))) != NULL &&
		(bidding->least = lend(bidding, offers, sizeof(int64_t))) != NULL;
}

static void
release_arrays(Bidding *bidding)
{
	const Host *host = bidding->host;

	host->release(host->opaque, bidding->place);
	host->release(host->opaque, bidding->fixed);
	host->release(host->opaque, bidding->by_rank);
	host->release(host->opaque, bidding->queue);
	host->release(host->opaque, bidding->heaps.key);
	host->release(host->opaque, bidding->heaps.child);
	host->release(host->opaque, bidding->heaps.sibling);
	host->release(host->opaque, bidding->places);
	host->release(host->opaque, bidding->held);
	host->release(host->opaque, bidding->lowest);
	host->release(host->opaque, bidding->price);
	host->release(host->opaque, bidding->least);
}

bool
auction_run(const AllocationProblem *problem, const Host *host,
			Auction *auction, Problem *trouble)
{
	Bidding		bidding = {.problem = problem, .host = host};
	bool		done;

	if (!allocate_arrays(&bidding))
	{
		release_arrays(&bidding);
		return problem_set(trouble, "not enough memory for the auction");
	}
	fix_holders(&bidding);
	choose_scale(&bidding);
	done = run_rounds(&bidding, auction, trouble);
	release_arrays(&bidding);
	return done;
}
