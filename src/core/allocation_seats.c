/*
 * allocation_seats.c
 *		Who sits on the reserved places of one offer.
 *
 * A maximum matching by augmenting paths.  People of one type are alike, so
 * the paths run over categories, of which there are few, and not over people;
 * and what a path needs to know of two categories is a number.
 */
#include "allocation_seats.h"

#include <string.h>

#include "radix.h"

static bool
belongs(uint32_t type, int category)
{
	return (type >> category & 1) != 0;
}

void
allocation_seats_open(AllocationSeats *seats, const AllocationProblem *problem, int32_t offer)
{
	memset(seats, 0, sizeof *seats);
	seats->categories = allocation_pack_reserves(problem, offer, seats->reserve);
}

/* People of a type more, or less, on the places of a category. */
static void
seat(AllocationSeats *seats, uint32_t type, int category, int32_t people)
{
	seats->seated[type][category] += people;
	for (int other = 0; other < seats->categories; other++)
	{
		if (belongs(type, other))
			seats->movable[category][other] += people;
	}
}

/* The first type of which somebody sits on one category and can go to another. */
static uint32_t
mover(const AllocationSeats *seats, int from, int to)
{
	uint32_t	type = 0;

	while (seats->seated[type][from] == 0 || !belongs(type, to))
		type++;
	return type;
}

/*
 * Move people along a path: from each category that it was reached from to the
 * next one, back to a category of the newcomer's own.
 */
static void
move_along(AllocationSeats *seats, uint8_t type, int category, const int *reached_from)
{
	seats->taken[category]++;
	while (reached_from[category] >= 0)
	{
		int			from = reached_from[category];
		uint32_t	moved = mover(seats, from, category);

		seat(seats, moved, from, -1);
		seat(seats, moved, category, 1);
		category = from;
	}
	seat(seats, type, category, 1);
}

bool
allocation_seats_take(AllocationSeats *seats, uint8_t type)
{
	int			queue[ALLOCATION_CATEGORIES_MAX];
	int			reached_from[ALLOCATION_CATEGORIES_MAX];
	uint32_t	seen = type;
	int			length = 0;

	for (int category = 0; category < seats->categories; category++)
	{
		if (belongs(type, category))
		{
			reached_from[category] = -1;
			queue[length++] = category;
		}
	}
	for (int i = 0; i < length; i++)
	{
		int			full = queue[i];

		if (seats->taken[full] < seats->reserve[full])
		{
			move_along(seats, type, full, reached_from);
			return true;
		}
		/* Who sits there may make room by moving to another of its categories. */
		for (int category = 0; category < seats->categories; category++)
		{
			if (seats->movable[full][category] == 0 || belongs(seen, category))
				continue;
			seen |= (uint32_t) 1 << category;
			reached_from[category] = full;
			queue[length++] = category;
		}
	}
	seats->standing[type]++;
	return false;
}

uint32_t
allocation_seats_refilled(const AllocationSeats *seats)
{
	uint32_t	refilled = 0;
	uint32_t	before;

	for (uint32_t type = 0; type < (uint32_t) 1 << seats->categories; type++)
	{
		if (seats->standing[type] > 0)
			refilled |= type;
	}
	do
	{
		before = refilled;
		for (int from = 0; from < seats->categories; from++)
		{
			for (int to = 0; to < seats->categories && belongs(refilled, from); to++)
			{
				if (seats->movable[from][to] > 0)
					refilled |= (uint32_t) 1 << to;
			}
		}
	} while (refilled != before);
	return refilled;
}

/*
 * People held where places are reserved, each with its offer, by offer, those
 * who come first first.
 */
static int32_t
list_admitted(const AllocationProblem *problem, const Host *host, const int32_t *position,
			  RadixItem *admitted, RadixItem *scratch)
{
	int32_t		packed[ALLOCATION_CATEGORIES_MAX];
	int32_t		count = 0;

	for (int32_t person = 0; person < problem->people; person++)
	{
		int64_t		edge = problem->list_start[person] + position[person];

		allocation_poll(host, person);
		if (position[person] == allocation_list_length(problem, person) ||
			allocation_pack_reserves(problem, problem->list_offer[edge], packed) == 0)
			continue;
		admitted[count++] = (RadixItem) {
			(uint64_t) problem->list_class[edge] << 32 | problem->rank[person], (uint32_t) person
		};
	}
	radix_sort(admitted, scratch, (uint32_t) count, host);
	for (int32_t i = 0; i < count; i++)
	{
		int64_t		edge = problem->list_start[admitted[i].value] + position[admitted[i].value];

		allocation_poll(host, i);
		admitted[i].key = (uint64_t) problem->list_offer[edge];
	}
	radix_sort(admitted, scratch, (uint32_t) count, host);
	return count;
}

/* The first of the reserves where people of this type sit; one of them less. */
static int
next_seat(AllocationSeats *seats, uint8_t type)
{
	int			category = 0;

	while (seats->seated[type][category] == 0)
		category++;
	seats->seated[type][category]--;
	return category;
}

/* Which category of the problem is this one of the offer's reserves. */
static int8_t
unpack_category(const AllocationProblem *problem, int32_t offer, int packed)
{
	int8_t		category = 0;

	while (allocation_reserves(problem, offer)[category] == 0 || packed-- > 0)
		category++;
	return category;
}

/* Seat the people of one offer, then tell each one where. */
static void
seat_offer(const AllocationProblem *problem, const Host *host, AllocationSeats *seats,
		   const RadixItem *admitted, int32_t count, int8_t *category)
{
	int32_t		offer = (int32_t) admitted->key;

	allocation_seats_open(seats, problem, offer);
	for (int32_t i = 0; i < count; i++)
	{
		int32_t		person = (int32_t) admitted[i].value;
		uint8_t		type = allocation_type_at(problem, offer, person);

		category[person] = allocation_seats_take(seats, type) ? 0 : ALLOCATION_NO_RESERVE;
		host->interrupt(host->opaque);
	}
	for (int32_t i = 0; i < count; i++)
	{
		int32_t		person = (int32_t) admitted[i].value;
		uint8_t		type = allocation_type_at(problem, offer, person);

		if (category[person] != ALLOCATION_NO_RESERVE)
			category[person] = unpack_category(problem, offer, next_seat(seats, type));
	}
}

bool
allocation_assign_seats(const AllocationProblem *problem, const Host *host,
						const int32_t *position, int8_t *category,
						Problem *trouble)
{
	/* One element more, so that no request is for zero bytes. */
	size_t		room = (size_t) problem->people + 1;
	RadixItem  *admitted = host->reallocate(host->opaque, NULL, 2 * room * sizeof(RadixItem));
	AllocationSeats seats;
	int32_t		total;
	int32_t		end;

	if (admitted == NULL)
		return problem_set(trouble, "not enough memory to tell reserved places");
	for (int32_t person = 0; person < problem->people; person++)
		category[person] = ALLOCATION_NO_RESERVE;
	total = list_admitted(problem, host, position, admitted, admitted + room);
	for (int32_t start = 0; start < total; start = end)
	{
		end = start + 1;
		while (end < total && admitted[end].key == admitted[start].key)
			end++;
		seat_offer(problem, host, &seats, admitted + start, end - start, category);
	}
	host->release(host->opaque, admitted);
	return true;
}
