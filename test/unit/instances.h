/*
 * instances.h
 *		Random allocations, and the naive one: everybody asks at once, each offer
 *		chooses by the definition, the others look further.
 */
#ifndef INCLUSION_INSTANCES_H
#define INCLUSION_INSTANCES_H

#include "allocation.h"
#include "chance.h"

#include <string.h>

#define PEOPLE_MAX		15
#define OFFERS_MAX		5

/* --- random instances ---------------------------------------------------- */

typedef struct Instance
{
	int			people;
	int			offers;
	int			length[PEOPLE_MAX];
	int32_t		list[PEOPLE_MAX][OFFERS_MAX];
	uint8_t		class[PEOPLE_MAX][OFFERS_MAX];
	int			held[PEOPLE_MAX];	/* offer, -1 none */
	uint32_t	rank[PEOPLE_MAX];
	int32_t		capacity[OFFERS_MAX];
	int			categories;
	uint8_t		type[PEOPLE_MAX];
	int32_t		reserve[OFFERS_MAX][ALLOCATION_CATEGORIES_MAX];
	bool		holders_fit;	/* no offer has fewer places than holders */
	bool		open_first;		/* the order of its places */
} Instance;

/* Let some people hold an offer of their list, as many as there are places. */
static void
draw_holders(Instance *instance, bool overbook)
{
	int			places[OFFERS_MAX];

	for (int o = 0; o < instance->offers; o++)
		places[o] = instance->capacity[o];
	instance->holders_fit = true;
	for (int p = 0; p < instance->people; p++)
	{
		int			place;
		int			offer;

		instance->held[p] = -1;
		if (instance->length[p] == 0 || draw(3) != 0)
			continue;
		place = draw(instance->length[p]);
		offer = instance->list[p][place];
		if (places[offer] == 0 && !overbook)
			continue;
		if (places[offer] == 0)
			instance->holders_fit = false;
		else
			places[offer]--;
		instance->held[p] = offer;
		instance->class[p][place] = ALLOCATION_CLASS_HELD;
	}
}

/* Reserves for publics that overlap, never more than the places. */
static void
draw_reserves(Instance *instance, int categories)
{
	instance->categories = categories;
	if (categories == 0)
		return;
	for (int p = 0; p < instance->people; p++)
		instance->type[p] = (uint8_t) draw(1 << categories);
	for (int o = 0; o < instance->offers; o++)
	{
		int			left = draw(3) == 0 ? 0 : instance->capacity[o];

		for (int c = 0; c < categories; c++)
		{
			instance->reserve[o][c] = draw(left + 1);
			left -= instance->reserve[o][c];
		}
	}
}

static void
draw_instance(Instance *instance, int people_max, int offers_max, int classes,
			  int holders, int categories)
{
	int32_t		order[PEOPLE_MAX];

	memset(instance, 0, sizeof *instance);
	instance->people = 1 + draw(people_max);
	instance->offers = 1 + draw(offers_max);
	for (int o = 0; o < instance->offers; o++)
		instance->capacity[o] = draw(5);
	for (int p = 0; p < instance->people; p++)
		order[p] = p;
	shuffle(order, instance->people);
	for (int p = 0; p < instance->people; p++)
	{
		instance->rank[p] = (uint32_t) order[p];
		for (int o = 0; o < instance->offers; o++)
			instance->list[p][o] = o;
		shuffle(instance->list[p], instance->offers);
		instance->length[p] = draw(instance->offers + 1);
		for (int i = 0; i < instance->length[p]; i++)
			instance->class[p][i] = (uint8_t) (1 + draw(classes));
		instance->held[p] = -1;
	}
	instance->holders_fit = true;
	if (holders > 0)
		draw_holders(instance, holders > 1);
	draw_reserves(instance, categories);
}

static int
list_place(const Instance *instance, int person, int offer)
{
	for (int i = 0; i < instance->length[person]; i++)
	{
		if (instance->list[person][i] == offer)
			return i;
	}
	return -1;
}

/* --- the oracle ---------------------------------------------------------- */

/* Does one person come before another at an offer: its holders, class, rank. */
static bool
comes_before(const Instance *instance, int offer, int one, int other)
{
	bool		one_holds = instance->held[one] == offer;
	bool		other_holds = instance->held[other] == offer;
	int			one_class = instance->class[one][list_place(instance, one, offer)];
	int			other_class = instance->class[other][list_place(instance, other, offer)];

	if (one_holds != other_holds)
		return one_holds;
	if (one_class != other_class)
		return one_class < other_class;
	return instance->rank[one] < instance->rank[other];
}

/* Kuhn's search: can this person sit, moving others to other categories? */
static bool
can_sit(const Instance *instance, int offer, int person, int sitting[OFFERS_MAX * 5][2],
		int seats, bool *tried)
{
	for (int s = 0; s < seats; s++)
	{
		if (tried[s] || (instance->type[person] >> sitting[s][0] & 1) == 0)
			continue;
		tried[s] = true;
		if (sitting[s][1] < 0 ||
			can_sit(instance, offer, sitting[s][1], sitting, seats, tried))
		{
			sitting[s][1] = person;
			return true;
		}
	}
	return false;
}

/* How many reserved places of an offer these people can fill at once. */
static int
seats_filled(const Instance *instance, int offer, const bool *people)
{
	int			sitting[OFFERS_MAX * 5][2]; /* category, person */
	int			seats = 0;
	int			filled = 0;

	for (int c = 0; c < instance->categories; c++)
	{
		for (int i = 0; i < instance->reserve[offer][c]; i++, seats++)
		{
			sitting[seats][0] = c;
			sitting[seats][1] = -1;
		}
	}
	for (int p = 0; p < instance->people; p++)
	{
		bool		tried[OFFERS_MAX * 5] = {false};

		if (people[p])
			filled += can_sit(instance, offer, p, sitting, seats, tried);
	}
	return filled;
}

typedef enum Step
{
	HOLDERS, SITTERS, OTHERS, STEPS
} Step;

/* filling: those chosen who count for the reserves. */
static bool
suits(const Instance *instance, int offer, int person, Step step, bool *filling)
{
	int			before = seats_filled(instance, offer, filling);
	bool		sits;

	if (step == HOLDERS)
		return instance->held[person] == offer;
	if (step == OTHERS)
		return true;
	filling[person] = true;
	sits = seats_filled(instance, offer, filling) > before;
	filling[person] = false;
	return sits;
}

/* Candidates in the order in which they come at an offer; returns how many. */
static int
line_up(const Instance *instance, int offer, const bool *candidate, int *order)
{
	int			count = 0;

	for (int p = 0; p < instance->people; p++)
	{
		int			place = count;

		if (!candidate[p])
			continue;
		for (; place > 0 && comes_before(instance, offer, p, order[place - 1]); place--)
			order[place] = order[place - 1];
		order[place] = p;
		count++;
	}
	return count;
}

/* Places that no public is kept for, where those are the first to go. */
static int
open_places(const Instance *instance, int offer)
{
	int			places = instance->capacity[offer];

	if (!instance->open_first)
		return 0;
	for (int c = 0; c < instance->categories; c++)
		places -= instance->reserve[offer][c];
	return places;
}

/*
 * Whom an offer chooses among candidates: where open places go first, as many
 * of those who come first; then those who hold a place there, then whoever
 * fills one more reserved place, then anybody; at each step those who come
 * first first, while places remain.  Whoever has an open place fills no reserve.
 */
static void
choose(const Instance *instance, int offer, const bool *candidate, bool *chosen)
{
	int			order[PEOPLE_MAX];
	int			count = line_up(instance, offer, candidate, order);
	int			open = open_places(instance, offer);
	int			left = instance->capacity[offer];
	bool		filling[PEOPLE_MAX] = {false};

	memset(chosen, 0, PEOPLE_MAX * sizeof(bool));
	for (int i = 0; i < count && i < open; i++, left--)
		chosen[order[i]] = true;
	for (Step step = HOLDERS; step < STEPS; step++)
	{
		for (int i = 0; i < count && left > 0; i++)
		{
			if (chosen[order[i]] || !suits(instance, offer, order[i], step, filling))
				continue;
			chosen[order[i]] = filling[order[i]] = true;
			left--;
		}
	}
}

/* Everybody asks at once, each offer chooses, the others look further. */
static void
naive_allocation(const Instance *instance, int32_t *position)
{
	bool		moved = true;

	for (int p = 0; p < instance->people; p++)
		position[p] = 0;
	while (moved)
	{
		moved = false;
		for (int o = 0; o < instance->offers; o++)
		{
			bool		candidate[PEOPLE_MAX];
			bool		chosen[PEOPLE_MAX];

			for (int p = 0; p < instance->people; p++)
				candidate[p] = position[p] < instance->length[p] &&
					instance->list[p][position[p]] == o;
			choose(instance, o, candidate, chosen);
			for (int p = 0; p < instance->people; p++)
			{
				if (candidate[p] && !chosen[p])
				{
					position[p]++;
					moved = true;
				}
			}
		}
	}
}

#endif							/* INCLUSION_INSTANCES_H */
