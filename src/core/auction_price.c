/*
 * auction_price.c
 *		From what people bid to what one more place is worth.
 *
 * Bids say what a place is worth to whoever has it: too much, where nobody else
 * is waiting.  The least price of an offer is what keeps others away: all of
 * what somebody without a place would gain there; or, for somebody placed, the
 * gain over its own offer at its own least price, but for epsilon.  Seen from
 * the bids, how far prices can go down is a distance between offers, never
 * negative, shortest paths of which Dijkstra's method finds in one pass.
 */
#include "auction_price.h"

#define NOBODY	ALLOCATION_NOBODY

typedef struct Descent
{
	const AuctionEnd *end;
	const Host *host;
	int64_t    *below;			/* by offer: how far its price goes under the bid */
	int32_t    *first_at;		/* by offer: somebody placed there by the auction */
	int32_t    *next_at;		/* by person: somebody else placed there */
	int32_t    *heap;			/* offers not settled, the least below first */
	int32_t    *heap_place;		/* by offer: its place in the heap */
	int32_t		heap_size;
} Descent;

int64_t
auction_price_bytes(int64_t people, int64_t offers)
{
	return people * (int64_t) sizeof(int32_t) +
		offers * (int64_t) (sizeof(int64_t) + 3 * sizeof(int32_t));
}

/* --- a binary heap of offers ----------------------------------------------- */

static void
put(Descent *descent, int32_t place, int32_t offer)
{
	descent->heap[place] = offer;
	descent->heap_place[offer] = place;
}

static void
rise(Descent *descent, int32_t offer)
{
	int32_t		place = descent->heap_place[offer];

	while (place > 0 && descent->below[descent->heap[(place - 1) / 2]] > descent->below[offer])
	{
		put(descent, place, descent->heap[(place - 1) / 2]);
		place = (place - 1) / 2;
	}
	put(descent, place, offer);
}

static void
sink(Descent *descent, int32_t offer)
{
	int32_t		place = descent->heap_place[offer];

	for (;;)
	{
		int64_t		child = 2 * (int64_t) place + 1;

		if (child + 1 < descent->heap_size &&
			descent->below[descent->heap[child + 1]] < descent->below[descent->heap[child]])
			child++;
		if (child >= descent->heap_size ||
			descent->below[descent->heap[child]] >= descent->below[offer])
			break;
		put(descent, place, descent->heap[child]);
		place = (int32_t) child;
	}
	put(descent, place, offer);
}

static int32_t
take_first(Descent *descent)
{
	int32_t		first = descent->heap[0];
	int32_t		last = descent->heap[--descent->heap_size];

	if (descent->heap_size > 0)
	{
		put(descent, 0, last);
		sink(descent, last);
	}
	descent->heap_place[first] = -1;
	return first;
}

/* --- descending ------------------------------------------------------------ */

/* What a place of the list costs beyond what it scores. */
static int64_t
excess(const AuctionEnd *end, int64_t edge)
{
	return end->bid[end->problem->list_offer[edge]] - end->problem->list_score[edge] * end->scale;
}

/* Prices go down to 0, or to where somebody without a place would come. */
static void
start_descent(Descent *descent)
{
	const AuctionEnd *end = descent->end;
	const AllocationProblem *problem = end->problem;

	for (int32_t offer = 0; offer < problem->offers; offer++)
	{
		descent->below[offer] = end->bid[offer];
		descent->first_at[offer] = NOBODY;
	}
	for (int32_t person = 0; person < problem->people; person++)
	{
		int64_t		start = problem->list_start[person];

		if (end->fixed[person] != AUCTION_NOT_FIXED)
			continue;
		if (end->place[person] < allocation_list_length(problem, person))
		{
			int32_t		offer = problem->list_offer[start + end->place[person]];

			descent->next_at[person] = descent->first_at[offer];
			descent->first_at[offer] = person;
			continue;
		}
		for (int64_t edge = start; edge < problem->list_start[person + 1]; edge++)
		{
			int32_t		offer = problem->list_offer[edge];

			if (end->places[offer] > 0 && excess(end, edge) < descent->below[offer])
				descent->below[offer] = excess(end, edge);
		}
	}
	descent->heap_size = problem->offers;
	for (int32_t offer = 0; offer < problem->offers; offer++)
		put(descent, offer, offer);
	for (int32_t place = problem->offers / 2 - 1; place >= 0; place--)
		sink(descent, descent->heap[place]);
}

/* Other offers stay dear enough for a person whose own price is settled. */
static void
hold_person(Descent *descent, int32_t person)
{
	const AuctionEnd *end = descent->end;
	const AllocationProblem *problem = end->problem;
	int64_t		start = problem->list_start[person];
	int64_t		own = start + end->place[person];
	int64_t		margin = descent->below[problem->list_offer[own]] - excess(end, own) + end->epsilon;

	for (int64_t edge = start; edge < problem->list_start[person + 1]; edge++)
	{
		int32_t		offer = problem->list_offer[edge];

		if (end->places[offer] == 0 || descent->heap_place[offer] < 0 ||
			margin + excess(end, edge) >= descent->below[offer])
			continue;
		descent->below[offer] = margin + excess(end, edge);
		rise(descent, offer);
	}
}

static void
descend(Descent *descent)
{
	start_descent(descent);
	while (descent->heap_size > 0)
	{
		int32_t		offer = take_first(descent);

		descent->host->interrupt(descent->host->opaque);
		for (int32_t person = descent->first_at[offer]; person != NOBODY;
			 person = descent->next_at[person])
			hold_person(descent, person);
	}
}

/* --- prices ---------------------------------------------------------------- */

/*
 * An offer that had no place to sell is worth what somebody would gain there,
 * beyond what can be had elsewhere.
 */
static void
price_full_offers(const AuctionEnd *end, const Host *host, int64_t *price)
{
	const AllocationProblem *problem = end->problem;

	for (int32_t person = 0; person < problem->people; person++)
	{
		int64_t		gain = 0;

		if (person % ALLOCATION_INTERRUPT_EVERY == 0)
			host->interrupt(host->opaque);
		if (end->fixed[person] != AUCTION_NOT_FIXED)
			continue;
		for (int64_t edge = problem->list_start[person]; edge < problem->list_start[person + 1]; edge++)
		{
			int64_t		value = problem->list_score[edge] - price[problem->list_offer[edge]];

			if (end->places[problem->list_offer[edge]] > 0 && value > gain)
				gain = value;
		}
		for (int64_t edge = problem->list_start[person]; edge < problem->list_start[person + 1]; edge++)
		{
			int32_t		offer = problem->list_offer[edge];

			if (end->places[offer] == 0 && problem->list_score[edge] - gain > price[offer])
				price[offer] = problem->list_score[edge] - gain;
		}
	}
}

bool
auction_least_prices(const AuctionEnd *end, const Host *host, int64_t *price, Problem *trouble)
{
	/* One element more, so that no request is for zero bytes. */
	size_t		people = (size_t) end->problem->people + 1;
	size_t		offers = (size_t) end->problem->offers + 1;
	Descent		descent = {.end = end, .host = host};
	bool		enough;

	descent.below = host->reallocate(host->opaque, NULL, offers * sizeof(int64_t));
	descent.first_at = host->reallocate(host->opaque, NULL, offers * sizeof(int32_t));
	descent.next_at = host->reallocate(host->opaque, NULL, people * sizeof(int32_t));
	descent.heap = host->reallocate(host->opaque, NULL, offers * sizeof(int32_t));
	descent.heap_place = host->reallocate(host->opaque, NULL, offers * sizeof(int32_t));
	enough = descent.below != NULL && descent.first_at != NULL && descent.next_at != NULL &&
		descent.heap != NULL && descent.heap_place != NULL;
	if (enough)
	{
		descend(&descent);
		/* Rounded up: what epsilon took off is less than a unit at the end. */
		for (int32_t offer = 0; offer < end->problem->offers; offer++)
			price[offer] = (end->bid[offer] - descent.below[offer] + end->scale - 1) / end->scale;
		price_full_offers(end, host, price);
	}
	host->release(host->opaque, descent.below);
	host->release(host->opaque, descent.first_at);
	host->release(host->opaque, descent.next_at);
	host->release(host->opaque, descent.heap);
	host->release(host->opaque, descent.heap_place);
	return enough || problem_set(trouble, "not enough memory for prices");
}
