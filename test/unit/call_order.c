/*
 * call_order.c
 *		The order of calls, against the rule as it is published.
 */
#include "call_order.h"

#include "chance.h"
#include "claims.h"

#define INSTANCES	20000
#define PEOPLE_MAX	30

static uint8_t type[PEOPLE_MAX];
static int32_t rate[CALL_RATES_MAX];
static int	people;

/* How many of the first calls are of a category. */
static int
count_called(const int32_t *order, int calls, int category)
{
	int			count = 0;

	for (int i = 0; i < calls; i++)
		count += type[order[i]] >> category & 1;
	return count;
}

static int
count_all(int category)
{
	int			count = 0;

	for (int p = 0; p < people; p++)
		count += type[p] >> category & 1;
	return count;
}

/* The first who is left and belongs to all of these, -1 for none. */
static int
first_left(const bool *called, int categories)
{
	for (int p = 0; p < people; p++)
	{
		if (!called[p] && (type[p] & categories) == categories)
			return p;
	}
	return -1;
}

/* Each call looks at everybody again. */
static void
naive_order(int32_t *order)
{
	bool		called[PEOPLE_MAX] = {false};

	for (int k = 0; k < people; k++)
	{
		int			active = 0;
		int			next;

		for (int c = 0; c < CALL_RATES_MAX; c++)
		{
			if (first_left(called, 1 << c) >= 0 &&
				100 * count_called(order, k, c) < rate[c] * (k + 1))
				active |= 1 << c;
		}
		next = first_left(called, active);
		order[k] = next >= 0 ? next : first_left(called, 1);
		called[order[k]] = true;
	}
}

static void
test_promises(const int32_t *order)
{
	for (int k = 1; k <= people; k++)
	{
		int			due = (rate[0] * k + 99) / 100;
		int			all = count_all(0);

		expect(count_called(order, k, 0) >= (due < all ? due : all),
			   "every beginning has the share of the first category");
	}
	if (rate[1] > 0)
		return;
	for (int i = 0; i < people; i++)
	{
		for (int j = i + 1; j < people; j++)
			expect(order[i] < order[j] || ((type[order[i]] & 1) != 0 && (type[order[j]] & 1) == 0),
				   "only the category overtakes, and only others");
	}
}

int
main(int argc, char **argv)
{
	long		count = argc > 1 ? atol(argv[1]) : INSTANCES;

	for (instance_number = 1; instance_number <= count; instance_number++)
	{
		int32_t		expected[PEOPLE_MAX];
		int32_t		found[PEOPLE_MAX];

		lcg_state = (uint64_t) instance_number;
		people = draw(PEOPLE_MAX + 1);
		rate[0] = draw(101);
		rate[1] = draw(2) * draw(101);
		for (int p = 0; p < people; p++)
			type[p] = (uint8_t) (draw(2) + 2 * (rate[1] > 0 ? draw(2) : 0));
		naive_order(expected);
		call_order(people, type, rate, found);
		expect(memcmp(expected, found, (size_t) people * sizeof *found) == 0, "the order is that of the rule");
		test_promises(found);
	}
	instance_number = 0;
	return print_claims();
}
