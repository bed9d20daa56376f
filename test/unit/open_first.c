/*
 * open_first.c
 *		Open places before reserved ones, from rows to an allocation, against
 *		the definition of what an offer chooses.
 *
 * Random instances, 20 000 or as many as the argument says.
 */
#include "allocation_check.h"
#include "allocation_input.h"
#include "allocation_seats.h"
#include "claims.h"
#include "instances.h"

#define INSTANCES	20000

static void
add_offers(AllocationInput *input, const Instance *instance)
{
	Problem		trouble;

	for (int o = 0; o < instance->offers; o++)
	{
		int64_t		reserves[ALLOCATION_CATEGORIES_MAX];
		AllocationOffer offer = {o, instance->capacity[o], instance->categories, reserves};

		for (int c = 0; c < instance->categories; c++)
			reserves[c] = instance->reserve[o][c];
		expect(allocation_input_add_offer(input, &offer, &trouble), "offers are added");
	}
}

static void
add_people(AllocationInput *input, const Instance *instance)
{
	Problem		trouble;

	for (int p = 0; p < instance->people; p++)
	{
		int64_t		offers[OFFERS_MAX];
		int64_t		classes[OFFERS_MAX];
		int64_t		held = instance->held[p];
		AllocationApplicant applicant = {
			.id = p, .rank = instance->rank[p], .categories = instance->type[p],
			.length = instance->length[p], .offers = offers, .classes = classes,
			.held = held < 0 ? NULL : &held
		};

		for (int i = 0; i < instance->length[p]; i++)
		{
			offers[i] = instance->list[p][i];
			/* of the place held too, where it does not count */
			classes[i] = instance->class[p][i] == ALLOCATION_CLASS_HELD ? 3 : instance->class[p][i];
		}
		expect(allocation_input_add_applicant(input, &applicant, &trouble), "people are added");
	}
}

static void
count_violation(void *opaque, const AllocationViolation *violation)
{
	(void) violation;
	(*(int *) opaque)++;
}

/* No reserved place is told to whoever has an open one, nor to another public. */
static void
test_seats(const Instance *instance, const int32_t *position, const int8_t *category)
{
	for (int o = 0; o < instance->offers; o++)
	{
		bool		holding[PEOPLE_MAX] = {false};
		int			order[PEOPLE_MAX];
		int			count;

		for (int p = 0; p < instance->people; p++)
			holding[p] = position[p] < instance->length[p] && instance->list[p][position[p]] == o;
		count = line_up(instance, o, holding, order);
		for (int i = 0; i < count; i++)
		{
			int8_t		sits = category[order[i]];

			expect(sits == ALLOCATION_NO_RESERVE || (instance->type[order[i]] >> sits & 1) != 0,
				   "a reserved place goes to its public");
			expect(sits == ALLOCATION_NO_RESERVE || i >= open_places(instance, o),
				   "whoever comes first has an open place");
		}
	}
}

static void
test_instance(const Instance *instance)
{
	AllocationInput input;
	AllocationProblem problem;
	Problem		trouble;
	Allocation *run;
	int32_t		expected[PEOPLE_MAX];
	int32_t		position[PEOPLE_MAX] = {0};
	int8_t		category[PEOPLE_MAX];
	int64_t		violations;
	int			reported = 0;

	allocation_input_open(&input, &host, ALLOCATION_OPEN_FIRST, 1 << 20);
	add_offers(&input, instance);
	add_people(&input, instance);
	expect(allocation_input_finish(&input, &problem, &trouble), "the problem is ready");
	run = allocation_open(&problem, &host, position, &trouble);
	expect(allocation_propose(run, NULL, 0, &trouble), "everybody proposes");
	allocation_close(run);
	expect(allocation_check(&problem, &host, position, count_violation, &reported, &violations, &trouble) &&
		   violations == 0 && reported == 0, "passes the check");
	expect(allocation_assign_seats(&problem, &host, position, category, &trouble), "reserved places are told");

	naive_allocation(instance, expected);
	for (int p = 0; p < instance->people; p++)
	{
		AllocationReason reason = allocation_reason(&problem, p, position[p]);

		position[p] = allocation_input_list_place(&input, p, position[p]);
		expect(position[p] == expected[p], "equals the naive allocation");
		if (instance->held[p] < 0)
			continue;
		if (instance->holders_fit)
			expect(position[p] <= list_place(instance, p, instance->held[p]), "a holder is never worse off");
		if (position[p] <= list_place(instance, p, instance->held[p]))
			expect(reason == (position[p] == list_place(instance, p, instance->held[p]) ?
							  ALLOCATION_KEPT : ALLOCATION_IMPROVED), "gives the right reason");
	}
	test_seats(instance, position, category);
	allocation_input_close(&input);
}

int
main(int argc, char **argv)
{
	long		count = argc > 1 ? atol(argv[1]) : INSTANCES;
	static const int publics[] = {0, 1, 2, 3, 4, ALLOCATION_CATEGORIES_MAX};

	for (instance_number = 1; instance_number <= count; instance_number++)
	{
		Instance	instance;

		lcg_state = (uint64_t) instance_number;
		draw_instance(&instance, PEOPLE_MAX, OFFERS_MAX, 3, draw(3), publics[draw(6)]);
		instance.open_first = true;
		test_instance(&instance);
	}
	instance_number = 0;
	expect(lent == 0, "nothing stays lent");
	return print_claims();
}
