/*
 * auction_check.c
 *		What an assignment scores, and how much better any other could be.
 *
 * Written apart from the auction, from positions and prices alone.
 */
#include "auction.h"

/* The most that a person could gain at these prices. */
static int64_t
gain_at(const AllocationProblem *problem, int32_t person, const int64_t *price)
{
	int64_t		gain = 0;

	for (int64_t edge = problem->list_start[person]; edge < problem->list_start[person + 1]; edge++)
	{
		int64_t		value = problem->list_score[edge] - price[problem->list_offer[edge]];

		if (value > gain)
			gain = value;
	}
	return gain;
}

/*
 * Those who sit where they sat before count by their score, and take their
 * place away; the others by what they could gain.
 */
static bool
sum_people(const AllocationProblem *problem, const Host *host, Auction *auction,
		   int32_t *left, Problem *trouble)
{
	for (int32_t person = 0; person < problem->people; person++)
	{
		int32_t		place = auction->position[person];
		int64_t		edge = problem->list_start[person] + place;
		bool		placed;

		if (place < 0 || place > allocation_list_length(problem, person))
			return problem_set(trouble, "position %d of person %d is outside its list", place, person);
		placed = place < allocation_list_length(problem, person);
		if (placed)
		{
			if (left[problem->list_offer[edge]]-- == 0)
				return problem_set(trouble, "more people than places at offer %d", problem->list_offer[edge]);
			auction->score += problem->list_score[edge];
		}
		if (placed && problem->list_class[edge] == ALLOCATION_CLASS_HELD)
			auction->bound += problem->list_score[edge] - auction->price[problem->list_offer[edge]];
		else
			auction->bound += gain_at(problem, person, auction->price);
		if (person % ALLOCATION_INTERRUPT_EVERY == 0)
			host->interrupt(host->opaque);
	}
	return true;
}

bool
auction_certify(const AllocationProblem *problem, const Host *host,
				Auction *auction, Problem *trouble)
{
	int32_t    *left = host->reallocate(host->opaque, NULL,
										((size_t) problem->offers + 1) * sizeof(int32_t));
	bool		valid;

	if (left == NULL)
		return problem_set(trouble, "not enough memory to check the auction");
	auction->score = auction->bound = 0;
	for (int32_t offer = 0; offer < problem->offers; offer++)
	{
		left[offer] = problem->capacity[offer];
		auction->bound += problem->capacity[offer] * auction->price[offer];
	}
	valid = sum_people(problem, host, auction, left, trouble);
	host->release(host->opaque, left);
	return valid;
}
