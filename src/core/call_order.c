/*
 * call_order.c
 *		In which order to call people when refusals are expected.
 *
 * The rule that Parcoursup publishes: a share is due when calling one more
 * person of no public would leave the calls short of it and somebody of that
 * public remains.  The next is the first, by rank, of all the publics that are
 * due; where nobody is of both, the first category goes first.
 */
#include "call_order.h"

#define TYPES	(1 << CALL_RATES_MAX)

typedef struct Calls
{
	int32_t		people;
	const uint8_t *type;
	int32_t		head[TYPES];	/* the first not called of each type */
	int32_t		called[CALL_RATES_MAX];
} Calls;

static void
find_head(Calls *calls, int type)
{
	while (calls->head[type] < calls->people && calls->type[calls->head[type]] != type)
		calls->head[type]++;
}

/* The type of the first who belongs to all of these categories, -1 for none. */
static int
first_of(const Calls *calls, int categories)
{
	int			first = -1;

	for (int type = 0; type < TYPES; type++)
	{
		if ((type & categories) == categories && calls->head[type] < calls->people &&
			(first < 0 || calls->head[type] < calls->head[first]))
			first = type;
	}
	return first;
}

/* The categories that are due when so many people have been called. */
static int
categories_due(const Calls *calls, const int32_t *rate, int32_t called)
{
	int			due = 0;

	for (int category = 0; category < CALL_RATES_MAX; category++)
	{
		if (INT64_C(100) * calls->called[category] < (int64_t) rate[category] * (called + INT64_C(1)) &&
			first_of(calls, 1 << category) >= 0)
			due |= 1 << category;
	}
	return due;
}

void
call_order(int32_t people, const uint8_t *type, const int32_t *rate, int32_t *order)
{
	Calls		calls = {.people = people, .type = type};

	for (int t = 0; t < TYPES; t++)
		find_head(&calls, t);
	for (int32_t called = 0; called < people; called++)
	{
		int			next = first_of(&calls, categories_due(&calls, rate, called));

		if (next < 0)
			next = first_of(&calls, 1);
		order[called] = calls.head[next]++;
		find_head(&calls, next);
		for (int category = 0; category < CALL_RATES_MAX; category++)
			calls.called[category] += next >> category & 1;
	}
}
