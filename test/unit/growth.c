/*
 * growth.c
 *		Lists that begin short and grow, and offers that share their places,
 *		against the definition: everybody asks anew, on the lists of each round.
 *
 * Random instances, 20 000 or as many as the argument says.
 */
#include "allocation_growth.h"

#include "allocation_check.h"
#include "claims.h"
#include "instances.h"

#define INSTANCES	20000
#define FACTOR		3

/* How far each list counts. */
typedef struct Lengths
{
	int			asked[PEOPLE_MAX];
	int			most[PEOPLE_MAX];
	int			known[PEOPLE_MAX];
	int			times[PEOPLE_MAX];
} Lengths;

/* --- instances ------------------------------------------------------------- */

static void
add_offers(AllocationInput *input, const Instance *instance)
{
	Problem		trouble;

	for (int o = 0; o < instance->offers; o++)
	{
		int64_t		reserves[ALLOCATION_CATEGORIES_MAX];
		AllocationOffer offer = {o, instance->capacity[o], instance->categories, reserves, NULL};

		for (int c = 0; c < instance->categories; c++)
			reserves[c] = instance->reserve[o][c];
		expect(allocation_input_add_offer(input, &offer, &trouble), "offers are added");
	}
}

static void
add_people(AllocationInput *input, const Instance *instance, const Lengths *lengths)
{
	Problem		trouble;

	for (int p = 0; p < instance->people; p++)
	{
		int64_t		offers[OFFERS_MAX];
		int64_t		held = instance->held[p];
		AllocationApplicant applicant = {
			.id = p, .rank = instance->rank[p], .categories = instance->type[p],
			.length = instance->length[p], .offers = offers,
			.held = held < 0 ? NULL : &held,
			.asked = lengths->asked[p], .most = lengths->most[p], .known = lengths->known[p]
		};

		for (int i = 0; i < instance->length[p]; i++)
			offers[i] = instance->list[p][i];
		expect(allocation_input_add_applicant(input, &applicant, &trouble), "people are added");
	}
}

/* The place held ends the list: what is liked less is left out. */
static void
end_with_held(Instance *instance)
{
	for (int p = 0; p < instance->people; p++)
	{
		if (instance->held[p] >= 0)
			instance->length[p] = list_place(instance, p, instance->held[p]) + 1;
	}
}

static void
draw_lengths(const Instance *instance, bool all_known, Lengths *lengths)
{
	memset(lengths, 0, sizeof *lengths);
	for (int p = 0; p < instance->people; p++)
	{
		lengths->asked[p] = 1 + draw(2);
		lengths->most[p] = lengths->asked[p] + draw(OFFERS_MAX);
		lengths->known[p] = OFFERS_MAX + 1;
	}
	if (all_known)
		return;
	for (int p = 0; p < instance->people; p++)
		lengths->known[p] = lengths->asked[p] + draw(3);
}

/* --- the oracle -------------------------------------------------------------- */

static int
preferred_to_held(const Instance *instance, int p)
{
	return instance->length[p] - (instance->held[p] >= 0);
}

/* Each list as far as it counts, then the place held. */
static void
show(const Instance *whole, const Lengths *lengths, Instance *shown)
{
	*shown = *whole;
	for (int p = 0; p < whole->people; p++)
	{
		int			count = preferred_to_held(whole, p);

		if (count > lengths->asked[p])
			count = lengths->asked[p];
		if (whole->held[p] >= 0)
		{
			int			last = whole->length[p] - 1;

			shown->list[p][count] = whole->list[p][last];
			shown->class[p][count] = whole->class[p][last];
			count++;
		}
		shown->length[p] = count;
	}
}

/* Has it nothing, or nothing but the place held? */
static bool
found_nothing(const Instance *shown, const int32_t *position, int p)
{
	return position[p] == shown->length[p] || (shown->held[p] >= 0 && position[p] == shown->length[p] - 1);
}

static int
obtained(const Instance *shown, const int32_t *position, int p)
{
	return position[p] == shown->length[p] ? -1 : shown->list[p][position[p]];
}

/* Could an offer beyond its list take it: room, a later rank, a reserve, or an exchange? */
static bool
has_hope(const Instance *shown, const int32_t *position, int p)
{
	int			received[OFFERS_MAX] = {0};
	bool		hope = shown->held[p] >= 0 && position[p] == shown->length[p] - 1;

	for (int q = 0; q < shown->people; q++)
	{
		if (position[q] == shown->length[q])
			continue;
		received[shown->list[q][position[q]]]++;
		hope |= shown->rank[q] > shown->rank[p];
	}
	for (int o = 0; o < shown->offers; o++)
	{
		hope |= received[o] < shown->capacity[o];
		for (int c = 0; c < shown->categories; c++)
			hope |= shown->reserve[o][c] > 0 && shown->type[p] != 0;
	}
	return hope;
}

/* One round; whether any list grew, and whether one should have gone further than is known. */
static bool
grow(const Instance *whole, const Instance *shown, const int32_t *position, Lengths *lengths, bool *unknown)
{
	bool		hopeful[PEOPLE_MAX] = {false};
	bool		any = false;

	for (int p = 0; p < whole->people; p++)
	{
		bool		far = position[p] < shown->length[p] && 2 * position[p] >= lengths->asked[p];

		hopeful[p] = lengths->asked[p] < lengths->most[p] && preferred_to_held(whole, p) >= lengths->asked[p] &&
			has_hope(shown, position, p) && (found_nothing(shown, position, p) || far);
		any |= hopeful[p] && found_nothing(shown, position, p);
	}
	for (int p = 0; p < whole->people && any; p++)
	{
		if (!hopeful[p])
			continue;
		lengths->asked[p] = FACTOR * lengths->asked[p] < lengths->most[p] ? FACTOR * lengths->asked[p] : lengths->most[p];
		lengths->times[p]++;
		*unknown |= lengths->asked[p] > lengths->known[p] && preferred_to_held(whole, p) >= lengths->known[p];
	}
	return any;
}

/* --- claims ------------------------------------------------------------------ */

static void
test_instance(Instance *instance, bool all_known)
{
	AllocationInput input;
	AllocationProblem problem;
	Problem		trouble;
	Instance	shown;
	Instance	whole;
	Lengths		lengths;
	Lengths		asked;
	int32_t		expected[PEOPLE_MAX];
	int32_t		longest[PEOPLE_MAX];
	int32_t		position[PEOPLE_MAX];
	bool		unknown = false;

	end_with_held(instance);
	draw_lengths(instance, all_known, &lengths);
	asked = lengths;
	allocation_input_open(&input, &host, instance->open_first ? ALLOCATION_OPEN_FIRST : ALLOCATION_RESERVE_FIRST, 1 << 20);
	input.grows = true;
	add_offers(&input, instance);
	add_people(&input, instance, &asked);
	expect(allocation_input_finish(&input, &problem, &trouble), "the problem is ready");
	expect(allocation_grow(&input, &problem, position, &trouble), "lists grow");

	do
	{
		show(instance, &lengths, &shown);
		naive_allocation(&shown, expected);
	} while (!unknown && grow(instance, &shown, expected, &lengths, &unknown));

	for (int p = 0; p < instance->people; p++)
	{
		expect(input.growth[p].asked == lengths.asked[p], "each list grows as far as it should");
		expect(input.growth[p].times == lengths.times[p], "and as often");
		expect(allocation_wants_more(&input.growth[p]) ==
			   (lengths.asked[p] > lengths.known[p] && preferred_to_held(instance, p) >= lengths.known[p]),
			   "who should be looked for further is told");
		expect(allocation_input_list_place(&input, p, position[p]) == expected[p], "equals the naive allocation on these lists");
	}
	if (!unknown && instance->holders_fit)
	{
		memcpy(lengths.asked, lengths.most, sizeof lengths.asked);
		show(instance, &lengths, &whole);
		naive_allocation(&whole, longest);
		for (int p = 0; p < instance->people; p++)
			expect(obtained(&shown, expected, p) == obtained(&whole, longest, p), "who gets what is what the longest lists give");
	}
	allocation_input_close(&input);
}

/* --- places in common --------------------------------------------------------- */

/* Offers 0 and 1 share places in one input; in the other, lists name 0 for both, once. */
static void
test_shared(const Instance *instance)
{
	AllocationInput apart;
	AllocationInput shared;
	AllocationProblem problems[2];
	Problem		trouble;
	int32_t		positions[2][PEOPLE_MAX] = {{0}};
	int64_t		owner = 0;
	AllocationOffer offer = {1, 7, 0, NULL, &owner};

	allocation_input_open(&apart, &host, ALLOCATION_RESERVE_FIRST, 1 << 20);
	allocation_input_open(&shared, &host, ALLOCATION_RESERVE_FIRST, 1 << 20);
	for (int o = 0; o < instance->offers; o++)
	{
		AllocationOffer own = {o, instance->capacity[o], 0, NULL, NULL};

		expect(allocation_input_add_offer(&apart, &own, &trouble), "an offer is added");
		expect(allocation_input_add_offer(&shared, o == 1 ? &offer : &own, &trouble), "one that shares its places is");
	}
	for (int p = 0; p < instance->people; p++)
	{
		int64_t		named[OFFERS_MAX];
		int64_t		once[OFFERS_MAX];
		int32_t		count = 0;
		bool		met = false;

		for (int i = 0; i < instance->length[p]; i++)
		{
			named[i] = instance->list[p][i];
			if (named[i] <= 1 && met)
				continue;
			met |= named[i] <= 1;
			once[count++] = named[i] <= 1 ? 0 : named[i];
		}
		expect(allocation_input_add_applicant(&shared, &(AllocationApplicant) {
			.id = p, .rank = instance->rank[p], .length = instance->length[p], .offers = named
		}, &trouble) && allocation_input_add_applicant(&apart, &(AllocationApplicant) {
			.id = p, .rank = instance->rank[p], .length = count, .offers = once
		}, &trouble), "both are listed");
	}
	expect(allocation_input_finish(&apart, &problems[0], &trouble) &&
		   allocation_input_finish(&shared, &problems[1], &trouble), "the problem is ready");
	for (int i = 0; i < 2; i++)
	{
		Allocation *run = allocation_open(&problems[i], &host, positions[i], &trouble);

		expect(allocation_propose(run, NULL, 0, &trouble), "everybody proposes");
		allocation_close(run);
	}
	for (int p = 0; p < instance->people; p++)
	{
		int32_t		one = positions[0][p] == allocation_list_length(&problems[0], p) ? -1 :
			apart.list_offer[apart.list_start[p] + positions[0][p]];
		int32_t		other = positions[1][p] == allocation_list_length(&problems[1], p) ? -1 :
			shared.list_offer[shared.list_start[p] + positions[1][p]];

		expect((one < 0) == (other < 0) && (one < 0 || apart.offers.id[one] == shared.offers.id[other]),
			   "places in common are given as those of one offer");
	}
	allocation_input_close(&apart);
	allocation_input_close(&shared);
}

/* --- what is refused ----------------------------------------------------------- */

static void
test_refusals(void)
{
	static const int64_t offers[] = {10, 20};
	static const int64_t held = 10;
	static const int64_t nobody = 30;
	static const int64_t reserves[] = {1};
	AllocationInput input;
	Problem		trouble;
	AllocationOffer owner = {10, 1, 1, reserves, NULL};
	AllocationOffer plain = {20, 1, 0, NULL, NULL};
	AllocationOffer orphan = {40, 1, 0, NULL, &nobody};
	AllocationOffer guest = {40, 1, 0, NULL, &held};
	AllocationApplicant applicant = {.id = 1, .rank = 1, .length = 2, .offers = offers, .asked = 2, .most = 1, .known = 2};

	allocation_input_open(&input, &host, ALLOCATION_RESERVE_FIRST, 1 << 20);
	input.grows = true;
	expect(allocation_input_add_offer(&input, &owner, &trouble) && allocation_input_add_offer(&input, &plain, &trouble), "an offer is added");
	expect(!allocation_input_add_offer(&input, &orphan, &trouble) &&
		   strcmp(trouble.message, "offer 40 shares the places of offer 30, which does not stand before it") == 0,
		   "places of an offer that is not there are refused");
	expect(!allocation_input_add_offer(&input, &guest, &trouble) &&
		   strcmp(trouble.message, "offer 40 shares the places of offer 10, which reserves some") == 0,
		   "and those of an offer that reserves some");
	expect(!allocation_input_add_applicant(&input, &applicant, &trouble) &&
		   strcmp(trouble.message, "applicant 1 is shown 2 of 2 offers looked for, 1 at most") == 0, "a list shown beyond its most is refused");
	allocation_input_close(&input);

	allocation_input_open(&input, &host, ALLOCATION_RESERVE_FIRST, 1 << 20);
	input.grows = true;
	applicant.most = 2;
	applicant.held = &held;
	expect(allocation_input_add_offer(&input, &owner, &trouble) && allocation_input_add_offer(&input, &plain, &trouble), "an offer is added");
	expect(!allocation_input_add_applicant(&input, &applicant, &trouble) &&
		   strcmp(trouble.message, "applicant 1 holds offer 10, which does not end its list") == 0, "and one that goes on after the place held");
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
		draw_instance(&instance, PEOPLE_MAX, OFFERS_MAX, 1, draw(3), publics[draw(6)]);
		instance.open_first = draw(2) == 0;
		test_instance(&instance, draw(2) == 0);
		draw_instance(&instance, PEOPLE_MAX, OFFERS_MAX, 1, 0, 0);
		test_shared(&instance);
	}
	instance_number = 0;
	test_refusals();
	expect(lent == 0, "nothing stays lent");
	return print_claims();
}
