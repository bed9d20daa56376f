/*
 * allocation_seats.c
 *		Who sits on the reserved places of one offer.
 *
 * A maximum matching by augmenting paths.  People of one type are alike, so
 * the paths run over categories, of which there are few, and not over people.
 */
#include "allocation_seats.h"

#include <stdlib.h>

/* Somebody admitted by an offer that reserves places. */
typedef struct Admitted
{
	int32_t		offer;
	uint8_t		class;
	uint32_t	rank;
	int32_t		person;
} Admitted;

static bool
belongs(uint32_t type, int category)
{
	return (type >> category & 1) != 0;
}

void
allocation_seats_open(AllocationSeats *seats, int categories, const int32_t *reserve)
{
	seats->categories = categories;
	seats->reserve = reserve;
	for (int category = 0; category < categories; category++)
		seats->taken[category] = 0;
	for (uint32_t type = 0; type < (uint32_t) 1 << categories; type++)
	{
		for (int category = 0; category < categories; category++)
			seats->seated[type][category] = 0;
	}
}

/*
 * Move people along a path: from each category to the one it was reached
 * from, back to a category of the newcomer's own.
 */
static void
move_along(AllocationSeats *seats, uint8_t type, int category,
		   const int *reached_from, const uint32_t *mover)
{
	seats->taken[category]++;
	while (reached_from[category] >= 0)
	{
		seats->seated[mover[category]][category]++;
		seats->seated[mover[category]][reached_from[category]]--;
		category = reached_from[category];
	}
	seats->seated[type][category]++;
}

bool
allocation_seats_take(AllocationSeats *seats, uint8_t type)
{
	int			queue[ALLOCATION_CATEGORIES_MAX];
	int			reached_from[ALLOCATION_CATEGORIES_MAX];
	uint32_t	mover[ALLOCATION_CATEGORIES_MAX];
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
			move_along(seats, type, full, reached_from, mover);
			return true;
		}
		/* Who sits there may make room by moving to another of its categories. */
		for (uint32_t other = 0; other < (uint32_t) 1 << seats->categories; other++)
		{
			if (seats->seated[other][full] == 0)
				continue;
			for (int category = 0; category < seats->categories; category++)
			{
				if (!belongs(other, category) || belongs(seen, category))
					continue;
				seen |= (uint32_t) 1 << category;
				reached_from[category] = full;
				mover[category] = other;
				queue[length++] = category;
			}
		}
	}
	return false;
}

static int
compare_admitted(const void *one, const void *other)
{
	const Admitted *a = one;
	const Admitted *b = other;

	if (a->offer != b->offer)
		return a->offer < b->offer ? -1 : 1;
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* People held where places are reserved, by offer, those who come first first. */
static int32_t
list_admitted(const AllocationProblem *problem, const int32_t *position, Admitted *admitted)
{
	int32_t		count = 0;

	for (int32_t person = 0; person < problem->people; person++)
	{
		int64_t		edge = problem->list_start[person] + position[person];

		if (edge == problem->list_start[person + 1] ||
			!allocation_has_reserves(problem, problem->list_offer[edge]))
			continue;
		admitted[count++] = (Admitted) {
			problem->list_offer[edge], problem->list_class[edge],
			problem->rank[person], person
		};
	}
	qsort(admitted, (size_t) count, sizeof(Admitted), compare_admitted);
	return count;
}

/* The first of the reserves where people of this type sit; one of them less. */
static int8_t
next_seat(AllocationSeats *seats, uint8_t type)
{
	int8_t		category = 0;

	while (seats->seated[type][category] == 0)
		category++;
	seats->seated[type][category]--;
	return category;
}

/* Seat the people of one offer, then tell each one where. */
static void
seat_offer(const AllocationProblem *problem, const Host *host, AllocationSeats *seats,
		   const Admitted *admitted, int32_t count, int8_t *category)
{
	allocation_seats_open(seats, problem->categories,
						  allocation_reserves(problem, admitted->offer));
	for (int32_t i = 0; i < count; i++)
	{
		bool		sits = allocation_seats_take(seats, problem->type[admitted[i].person]);

		category[admitted[i].person] = sits ? 0 : ALLOCATION_NO_RESERVE;
		host->interrupt(host->opaque);
	}
	for (int32_t i = 0; i < count; i++)
	{
		int32_t		person = admitted[i].person;

		if (category[person] != ALLOCATION_NO_RESERVE)
			category[person] = next_seat(seats, problem->type[person]);
	}
}

bool
allocation_assign_seats(const AllocationProblem *problem, const Host *host,
						const int32_t *position, int8_t *category,
						Problem *trouble)
{
	/* One element more, so that no request is for zero bytes. */
	Admitted   *admitted = host->reallocate(host->opaque, NULL,
											((size_t) problem->people + 1) * sizeof(Admitted));
	AllocationSeats seats;
	int32_t		total;
	int32_t		end;

	if (admitted == NULL)
		return problem_set(trouble, "not enough memory to tell reserved places");
	for (int32_t person = 0; person < problem->people; person++)
		category[person] = ALLOCATION_NO_RESERVE;
	total = list_admitted(problem, position, admitted);
	for (int32_t start = 0; start < total; start = end)
	{
		end = start + 1;
		while (end < total && admitted[end].offer == admitted[start].offer)
			end++;
		seat_offer(problem, host, &seats, admitted + start, end - start, category);
	}
	host->release(host->opaque, admitted);
	return true;
}
