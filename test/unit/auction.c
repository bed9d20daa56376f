/*
 * auction.c
 *		The auction against exact optima found in other ways.
 *
 * Random instances, 20 000 or as many as the argument says, come from a fixed
 * generator: a failure is reported with the number of its first instance, the
 * same on every machine.
 */
#include "auction.h"
#include "chance.h"
#include "claims.h"

#define INSTANCES	20000
#define PEOPLE_MAX	24
#define OFFERS_MAX	8
#define SLOTS_MAX	(PEOPLE_MAX * 2)

/* --- random instances ------------------------------------------------------ */

typedef struct Instance
{
	int64_t		start[PEOPLE_MAX + 1];
	int32_t		offer[PEOPLE_MAX * OFFERS_MAX];
	uint8_t		class[PEOPLE_MAX * OFFERS_MAX];
	int32_t		score[PEOPLE_MAX * OFFERS_MAX];
	uint32_t	rank[PEOPLE_MAX];
	int32_t		capacity[OFFERS_MAX];
	AllocationProblem problem;
} Instance;

typedef struct Answer
{
	int32_t		position[PEOPLE_MAX];
	int64_t		price[OFFERS_MAX];
	Auction		auction;
} Answer;

static void
draw_list(Instance *instance, int person, int offers, int score_max)
{
	int32_t		order[OFFERS_MAX];
	int			length = draw(offers + 1);
	int64_t		start = instance->start[person];

	for (int o = 0; o < offers; o++)
		order[o] = o;
	shuffle(order, offers);
	for (int i = 0; i < length; i++)
	{
		instance->offer[start + i] = order[i];
		instance->class[start + i] = ALLOCATION_CLASS_FIRST;
		instance->score[start + i] = draw(score_max + 1);
	}
	instance->start[person + 1] = start + length;
}

static void
draw_instance(Instance *instance, int people_max, int offers_max, int score_max, bool holders)
{
	int			people = 1 + draw(people_max);
	int			offers = 1 + draw(offers_max);
	int32_t		order[PEOPLE_MAX];

	memset(instance, 0, sizeof *instance);
	for (int o = 0; o < offers; o++)
		instance->capacity[o] = draw(4);
	for (int p = 0; p < people; p++)
		order[p] = p;
	shuffle(order, people);
	for (int p = 0; p < people; p++)
	{
		instance->rank[p] = (uint32_t) order[p];
		draw_list(instance, p, offers, score_max);
		if (holders && draw(3) == 0 && instance->start[p + 1] > instance->start[p])
			instance->class[instance->start[p] + draw((int) (instance->start[p + 1] - instance->start[p]))] =
				ALLOCATION_CLASS_HELD;
	}
	instance->problem = (AllocationProblem) {
		.people = people, .offers = offers, .list_start = instance->start,
		.list_offer = instance->offer, .list_class = instance->class,
		.list_score = instance->score, .rank = instance->rank,
		.capacity = instance->capacity
	};
}

static void
run(const Instance *instance, Answer *answer)
{
	Problem		trouble;

	memset(answer, 0, sizeof *answer);
	answer->auction = (Auction) {.position = answer->position, .price = answer->price};
	expect(auction_run(&instance->problem, &host, &answer->auction, &trouble), "an auction runs");
}

/* --- oracles --------------------------------------------------------------- */

static int32_t
length_of(const Instance *instance, int person)
{
	return (int32_t) (instance->start[person + 1] - instance->start[person]);
}

/* Every assignment of the people from here on. */
static int64_t
best_by_enumeration(const Instance *instance, int person, int32_t *left)
{
	int64_t		best;

	if (person == instance->problem.people)
		return 0;
	best = best_by_enumeration(instance, person + 1, left);
	for (int64_t e = instance->start[person]; e < instance->start[person + 1]; e++)
	{
		int64_t		total;

		if (left[instance->offer[e]] == 0)
			continue;
		left[instance->offer[e]]--;
		total = instance->score[e] + best_by_enumeration(instance, person + 1, left);
		left[instance->offer[e]]++;
		if (total > best)
			best = total;
	}
	return best;
}

/*
 * The Hungarian method on a square of people by places, with potentials and
 * shortest augmenting paths: an absent edge and a place for nobody score 0.
 */
static int64_t
best_by_hungarian(const Instance *instance)
{
	static int64_t cost[PEOPLE_MAX + 1][SLOTS_MAX + 1];
	int			people = instance->problem.people;
	int			slots = 0;
	int64_t		u[PEOPLE_MAX + 1] = {0};
	int64_t		v[SLOTS_MAX + 1] = {0};
	int			owner[SLOTS_MAX + 1] = {0};
	int64_t		total = 0;

	memset(cost, 0, sizeof cost);
	for (int o = 0; o < instance->problem.offers; o++)
	{
		for (int i = 0; i < instance->capacity[o]; i++)
		{
			slots++;
			for (int p = 0; p < people; p++)
			{
				for (int64_t e = instance->start[p]; e < instance->start[p + 1]; e++)
				{
					if (instance->offer[e] == o)
						cost[p + 1][slots] = -instance->score[e];
				}
			}
		}
	}
	slots += people;			/* a place of one's own, worth nothing */
	for (int p = 1; p <= people; p++)
	{
		int64_t		least[SLOTS_MAX + 1];
		int			before[SLOTS_MAX + 1];
		bool		used[SLOTS_MAX + 1] = {false};
		int			slot = 0;

		owner[0] = p;
		for (int s = 0; s <= slots; s++)
			least[s] = INT64_MAX;
		do
		{
			int			next = 0;
			int64_t		delta = INT64_MAX;

			used[slot] = true;
			for (int s = 1; s <= slots; s++)
			{
				int64_t		slack = cost[owner[slot]][s] - u[owner[slot]] - v[s];

				if (used[s])
					continue;
				if (slack < least[s])
				{
					least[s] = slack;
					before[s] = slot;
				}
				if (least[s] < delta)
				{
					delta = least[s];
					next = s;
				}
			}
			for (int s = 0; s <= slots; s++)
			{
				if (used[s])
				{
					u[owner[s]] += delta;
					v[s] -= delta;
				}
				else
					least[s] -= delta;
			}
			slot = next;
		} while (owner[slot] != 0);
		while (slot != 0)
		{
			owner[slot] = owner[before[slot]];
			slot = before[slot];
		}
	}
	for (int s = 1; s <= slots; s++)
		total -= owner[s] == 0 ? 0 : cost[owner[s]][s];
	return total;
}

/* The same with each kept place given to its holder, and taken away. */
static int64_t
best_around_holders(Instance *instance, Answer *answer)
{
	Instance	rest = *instance;
	int64_t		kept = 0;

	for (uint32_t rank = 0; rank < (uint32_t) instance->problem.people; rank++)
	{
		int			p = 0;

		while (instance->rank[p] != rank)
			p++;
		for (int64_t e = instance->start[p]; e < instance->start[p + 1]; e++)
		{
			if (instance->class[e] != ALLOCATION_CLASS_HELD || rest.capacity[instance->offer[e]] == 0)
				continue;
			rest.capacity[instance->offer[e]]--;
			kept += instance->score[e];
			expect(answer->position[p] == e - instance->start[p], "a place held is kept");
			/* nothing is left to want */
			for (int64_t f = instance->start[p]; f < instance->start[p + 1]; f++)
				rest.score[f] = 0;
		}
	}
	return kept + best_by_hungarian(&rest);
}

/* --- properties ------------------------------------------------------------ */

static int64_t
total_of(const Instance *instance, const Answer *answer)
{
	int32_t		taken[OFFERS_MAX] = {0};
	int64_t		total = 0;

	for (int p = 0; p < instance->problem.people; p++)
	{
		int64_t		edge = instance->start[p] + answer->position[p];

		expect(answer->position[p] >= 0 && answer->position[p] <= length_of(instance, p),
			   "a position is in the list or just after it");
		if (answer->position[p] == length_of(instance, p))
			continue;
		total += instance->score[edge];
		taken[instance->offer[edge]]++;
	}
	for (int o = 0; o < instance->problem.offers; o++)
	{
		expect(taken[o] <= instance->capacity[o], "no more people than places");
	}
	return total;
}

/* At the final prices nobody would rather be elsewhere, and what is left is free. */
static void
test_equilibrium(const Instance *instance, const Answer *answer)
{
	int32_t		left[OFFERS_MAX];

	memcpy(left, instance->capacity, sizeof left);
	for (int p = 0; p < instance->problem.people; p++)
	{
		int64_t		start = instance->start[p];
		int64_t		gain = 0;

		if (answer->position[p] < length_of(instance, p))
		{
			int32_t		offer = instance->offer[start + answer->position[p]];

			gain = instance->score[start + answer->position[p]] - answer->price[offer];
			left[offer]--;
		}
		expect(gain >= 0, "nobody pays more than the score");
		for (int i = 0; i < length_of(instance, p); i++)
			expect(instance->score[start + i] - answer->price[instance->offer[start + i]] <= gain,
				   "nobody would rather be elsewhere at the prices");
	}
	for (int o = 0; o < instance->problem.offers; o++)
		expect(answer->price[o] == 0 || (answer->price[o] > 0 && left[o] == 0),
			   "a price is positive where all is taken, else none");
}

/* What one more place adds is its price, and nothing where one is left. */
static void
test_shadow_price(const Instance *instance, const Answer *answer)
{
	Instance	more = *instance;
	int			offer = draw(instance->problem.offers);
	int64_t		gain;

	more.capacity[offer]++;
	gain = best_by_hungarian(&more) - answer->auction.score;
	expect(gain == answer->price[offer], "one more place adds its price, exactly");
}

/* Whatever the prices, the bound is one; whatever the assignment, it scores. */
static void
test_certificate(const Instance *instance, int64_t best)
{
	Answer		answer = {0};
	Problem		trouble;

	answer.auction = (Auction) {.position = answer.position, .price = answer.price};
	for (int p = 0; p < instance->problem.people; p++)
		answer.position[p] = length_of(instance, p);
	for (int o = 0; o < instance->problem.offers; o++)
		answer.price[o] = draw(12);
	expect(auction_certify(&instance->problem, &host, &answer.auction, &trouble),
		   "nobody placed is an assignment");
	expect(answer.auction.score == 0 && answer.auction.bound >= best, "weak duality");

	for (int p = 0; p < instance->problem.people; p++)
		answer.position[p] = draw(length_of(instance, p) + 1);
	answer.position[0] = length_of(instance, 0) + 1;
	expect(!auction_certify(&instance->problem, &host, &answer.auction, &trouble),
		   "a position outside the list is no assignment");
	answer.position[0] = length_of(instance, 0);
	if (auction_certify(&instance->problem, &host, &answer.auction, &trouble))
		expect(answer.auction.score == total_of(instance, &answer), "the certificate adds up");
	else
		expect(strstr(trouble.message, "more people than places") != NULL,
			   "the certificate refuses too many people");
}

/* Rows in another order: the same people get the same offers. */
static void
test_row_order(const Instance *instance, const Answer *answer)
{
	Instance	turned = *instance;
	Answer		again;
	int			people = instance->problem.people;

	turned.problem.list_start = turned.start;
	turned.problem.list_offer = turned.offer;
	turned.problem.list_class = turned.class;
	turned.problem.list_score = turned.score;
	turned.problem.rank = turned.rank;
	for (int p = 0; p < people; p++)
	{
		int			q = people - 1 - p;
		int64_t		start = turned.start[p];

		turned.rank[p] = instance->rank[q];
		turned.start[p + 1] = start + length_of(instance, q);
		for (int i = 0; i < length_of(instance, q); i++)
		{
			turned.offer[start + i] = instance->offer[instance->start[q] + i];
			turned.class[start + i] = instance->class[instance->start[q] + i];
			turned.score[start + i] = instance->score[instance->start[q] + i];
		}
	}
	run(&turned, &again);
	for (int p = 0; p < people; p++)
		expect(again.position[p] == answer->position[people - 1 - p], "the order of rows does not matter");
	expect(memcmp(again.price, answer->price, sizeof again.price) == 0, "nor to the prices");
}

static void
test_random_instances(long count)
{
	for (instance_number = 1; instance_number <= count; instance_number++)
	{
		static const int scores[] = {1, 3, 10, 100, 10000};
		Instance	instance;
		Answer		answer;
		int64_t		best;
		int32_t		left[OFFERS_MAX];

		lcg_state = (uint64_t) instance_number;
		draw_instance(&instance, 6, 4, scores[draw(5)], false);
		run(&instance, &answer);
		memcpy(left, instance.capacity, sizeof left);
		best = best_by_enumeration(&instance, 0, left);
		expect(best_by_hungarian(&instance) == best, "the two oracles agree");
		expect(total_of(&instance, &answer) == best, "the total is the greatest");
		expect(answer.auction.score == best && answer.auction.bound == best, "and proved so");
		test_equilibrium(&instance, &answer);
		test_shadow_price(&instance, &answer);
		test_certificate(&instance, best);
		test_row_order(&instance, &answer);

		draw_instance(&instance, PEOPLE_MAX, OFFERS_MAX, scores[draw(5)], false);
		run(&instance, &answer);
		best = best_by_hungarian(&instance);
		expect(total_of(&instance, &answer) == answer.auction.score, "the total is what is said");
		expect(answer.auction.score == best && answer.auction.bound == best, "larger ones are proved best too");

		draw_instance(&instance, 12, 5, scores[draw(5)], true);
		run(&instance, &answer);
		best = best_around_holders(&instance, &answer);
		expect(answer.auction.score == best && answer.auction.bound == best, "the rest is best around kept places");
	}
	instance_number = 0;
}

/* --- limits ---------------------------------------------------------------- */

/* The largest scores there are: totals and prices still fit. */
static void
test_largest_scores(void)
{
	Instance	instance = {.capacity = {1, 1}};
	Answer		answer;

	for (int p = 0; p < 3; p++)
	{
		instance.rank[p] = (uint32_t) p;
		instance.start[p + 1] = 2 * (p + 1);
		instance.offer[2 * p + 1] = 1;
		instance.class[2 * p] = instance.class[2 * p + 1] = ALLOCATION_CLASS_FIRST;
		instance.score[2 * p] = INT32_MAX - p;
		instance.score[2 * p + 1] = INT32_MAX - 2 * p;
	}
	instance.problem = (AllocationProblem) {
		.people = 3, .offers = 2, .list_start = instance.start, .list_offer = instance.offer,
		.list_class = instance.class, .list_score = instance.score, .rank = instance.rank,
		.capacity = instance.capacity
	};
	run(&instance, &answer);
	expect(answer.auction.score <= INT64_C(2) * INT32_MAX - 1 &&
		   answer.auction.bound >= INT64_C(2) * INT32_MAX - 1 &&
		   answer.auction.bound - answer.auction.score < INT32_MAX / 100000,
		   "the largest scores neither overflow nor fight for ever");
}

/* Many people want two offers equally: a war of prices, stopped in time. */
static void
test_price_war(void)
{
	enum
	{
		CROWD = 6000, PLACES = 1000
	};
	int64_t    *start = malloc((CROWD + 1) * sizeof *start);
	int32_t    *offer = malloc(2 * CROWD * sizeof *offer);
	int32_t    *score = malloc(2 * CROWD * sizeof *score);
	uint8_t    *class = malloc(2 * CROWD);
	uint32_t   *rank = malloc(CROWD * sizeof *rank);
	int32_t    *position = malloc(CROWD * sizeof *position);
	int32_t		capacity[2] = {PLACES, PLACES};
	int64_t		price[2];
	AllocationProblem problem = {
		.people = CROWD, .offers = 2, .list_start = start, .list_offer = offer,
		.list_class = class, .list_score = score, .rank = rank, .capacity = capacity
	};
	Auction		auction = {.position = position, .price = price};
	Problem		trouble;

	for (int p = 0; p <= CROWD; p++)
		start[p] = 2 * p;
	for (int p = 0; p < CROWD; p++)
	{
		rank[p] = (uint32_t) p;
		for (int i = 0; i < 2; i++)
		{
			offer[2 * p + i] = i;
			class[2 * p + i] = ALLOCATION_CLASS_FIRST;
			score[2 * p + i] = 1000000 + p;
		}
	}
	interruptions = 0;
	expect(auction_run(&problem, &host, &auction, &trouble), "a war of prices ends");
	expect(interruptions > 100, "an auction can be interrupted");
	expect(auction.score <= auction.bound && auction.bound - auction.score <= auction.bound / 100,
		   "the gap is at most the first epsilon");
	free(start);
	free(offer);
	free(score);
	free(class);
	free(rank);
	free(position);
}

static void
test_memory_failures(void)
{
	bool		done = false;

	for (long allowed = 0; !done && allowed < 100; allowed++)
	{
		Instance	instance;
		Answer		answer = {0};
		Problem		trouble;

		lcg_state = 1;
		draw_instance(&instance, 6, 4, 10, false);
		answer.auction = (Auction) {.position = answer.position, .price = answer.price};
		lends_left = allowed;
		done = auction_run(&instance.problem, &host, &answer.auction, &trouble);
		expect(done || strncmp(trouble.message, "not enough memory", 17) == 0,
			   "a failed request is reported");
		expect(lent == 0, "a failed request leaves nothing lent");
	}
	lends_left = -1;
	expect(done, "with enough memory all goes well");
}

int
main(int argc, char **argv)
{
	test_random_instances(argc > 1 ? atol(argv[1]) : INSTANCES);
	test_largest_scores();
	test_price_war();
	test_memory_failures();
	expect(lent == 0, "nothing stays lent");
	return print_claims();
}
