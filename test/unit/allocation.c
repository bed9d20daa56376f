/*
 * allocation.c
 *		The allocation's core against oracles written from its definition.
 *
 * Random instances, 20 000 or as many as the argument says, come from a fixed
 * generator: a failure is reported with the number of its first instance, the
 * same on every machine.
 */
#include "allocation.h"
#include "allocation_check.h"
#include "allocation_input.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEOPLE_MAX		15
#define OFFERS_MAX		5
#define INSTANCES		20000

/* --- counting ------------------------------------------------------------ */

#define CLAIMS_MAX	100

/* Something the tests claim, and how often it held. */
typedef struct Claim
{
	const char *what;
	long		held;
	long		failed;
	long		first_failure;	/* its instance, 0 outside the random ones */
} Claim;

static Claim claims[CLAIMS_MAX];
static int	claim_count;
static long instance_number;

static Claim *
find_claim(const char *what)
{
	int			i = 0;

	while (i < claim_count && claims[i].what != what && strcmp(claims[i].what, what) != 0)
		i++;
	if (i == CLAIMS_MAX)
		abort();
	if (i == claim_count)
		claims[claim_count++].what = what;
	return &claims[i];
}

static void
expect(bool condition, const char *what)
{
	Claim	   *claim = find_claim(what);

	if (condition)
		claim->held++;
	else if (claim->failed++ == 0)
		claim->first_failure = instance_number;
}

/* One line per claim; returns the exit code. */
static int
print_claims(void)
{
	int			code = 0;

	for (int i = 0; i < claim_count; i++)
	{
		const Claim *claim = &claims[i];

		if (claim->failed == 0)
		{
			printf("ok %d - %s (%ld times)\n", i + 1, claim->what, claim->held);
			continue;
		}
		printf("not ok %d - %s (%ld times of %ld, first at instance %ld)\n", i + 1, claim->what,
			   claim->failed, claim->failed + claim->held, claim->first_failure);
		code = 1;
	}
	printf("1..%d\n", claim_count);
	return code;
}

/* --- a host that can fail, and knows what it lent ------------------------ */

static long lent;
static long lends_left = -1;	/* -1: without limit */
static long interruptions;

static void *
test_reallocate(void *opaque, void *pointer, size_t size)
{
	(void) opaque;
	if (lends_left == 0)
		return NULL;
	if (lends_left > 0)
		lends_left--;
	if (pointer == NULL)
		lent++;
	return realloc(pointer, size);
}

static void
test_release(void *opaque, void *pointer)
{
	(void) opaque;
	if (pointer != NULL)
		lent--;
	free(pointer);
}

static void
test_interrupt(void *opaque)
{
	(void) opaque;
	interruptions++;
}

static const Host host = {test_reallocate, test_release, test_interrupt, NULL};

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
	bool		holders_fit;	/* no offer has fewer places than holders */
} Instance;

/* An Instance flattened as the core wants it. */
typedef struct Flat
{
	int64_t		start[PEOPLE_MAX + 1];
	int32_t		offer[PEOPLE_MAX * OFFERS_MAX];
	uint8_t		class[PEOPLE_MAX * OFFERS_MAX];
	AllocationProblem problem;
} Flat;

static uint64_t lcg_state;

/* Uniform enough below a small bound; the high bits of the LCG are the good ones. */
static int
draw(int below)
{
	lcg_state = lcg_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int) ((lcg_state >> 33) % (uint64_t) below);
}

static void
shuffle(int32_t *values, int count)
{
	for (int i = count - 1; i > 0; i--)
	{
		int			j = draw(i + 1);
		int32_t		kept = values[i];

		values[i] = values[j];
		values[j] = kept;
	}
}

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

static void
draw_instance(Instance *instance, int people_max, int offers_max, int classes, int holders)
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
}

/* Lists no longer than keep. */
static void
flatten(const Instance *instance, int keep, Flat *flat)
{
	int64_t		edge = 0;

	for (int p = 0; p < instance->people; p++)
	{
		flat->start[p] = edge;
		for (int i = 0; i < instance->length[p] && i < keep; i++, edge++)
		{
			flat->offer[edge] = instance->list[p][i];
			flat->class[edge] = instance->class[p][i];
		}
	}
	flat->start[instance->people] = edge;
	flat->problem = (AllocationProblem) {
		.people = instance->people, .offers = instance->offers,
		.list_start = flat->start, .list_offer = flat->offer,
		.list_class = flat->class, .rank = instance->rank,
		.capacity = instance->capacity
	};
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

/*
 * Whom an offer chooses among candidates: one place after the other, each to
 * whoever comes first among those left.
 */
static void
choose(const Instance *instance, int offer, const bool *candidate, bool *chosen)
{
	memset(chosen, 0, PEOPLE_MAX * sizeof(bool));
	for (int place = 0; place < instance->capacity[offer]; place++)
	{
		int			first = -1;

		for (int p = 0; p < instance->people; p++)
		{
			if (!candidate[p] || chosen[p])
				continue;
			if (first < 0 || comes_before(instance, offer, p, first))
				first = p;
		}
		if (first < 0)
			return;
		chosen[first] = true;
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

/* Each person in rank order takes the best offer that still has a place. */
static void
serial_dictatorship(const Instance *instance, int32_t *position)
{
	int			left[OFFERS_MAX];

	memcpy(left, instance->capacity, sizeof left);
	for (uint32_t rank = 0; rank < (uint32_t) instance->people; rank++)
	{
		int			person = 0;

		while (instance->rank[person] != rank)
			person++;
		position[person] = 0;
		while (position[person] < instance->length[person] &&
			   left[instance->list[person][position[person]]] == 0)
			position[person]++;
		if (position[person] < instance->length[person])
			left[instance->list[person][position[person]]]--;
	}
}

/*
 * Violations by definition: an offer over capacity; a person whom a better
 * offer of its list would choose if it joined those held there.
 */
static int
naive_violations(const Instance *instance, const int32_t *position)
{
	int			violations = 0;

	for (int o = 0; o < instance->offers; o++)
	{
		bool		holding[PEOPLE_MAX] = {false};
		int			count = 0;

		for (int p = 0; p < instance->people; p++)
		{
			holding[p] = position[p] < instance->length[p] &&
				instance->list[p][position[p]] == o;
			count += holding[p];
		}
		violations += count > instance->capacity[o];
		for (int p = 0; p < instance->people; p++)
		{
			int			place = list_place(instance, p, o);
			bool		chosen[PEOPLE_MAX];

			if (place < 0 || place >= position[p])
				continue;
			holding[p] = true;
			choose(instance, o, holding, chosen);
			holding[p] = false;
			violations += chosen[p];
		}
	}
	return violations;
}

/* --- the core, run in several ways --------------------------------------- */

static void
run_whole(const AllocationProblem *problem, int32_t *position)
{
	Problem		trouble;
	Allocation *run;

	memset(position, 0, PEOPLE_MAX * sizeof *position);
	run = allocation_open(problem, &host, position, &trouble);
	expect(run != NULL, "a run opens");
	expect(allocation_propose(run, NULL, 0, &trouble), "everybody proposes");
	allocation_close(run);
}

/* Random order, random batches; between two, the run may be stored and resumed. */
static void
run_in_batches(const AllocationProblem *problem, bool resume, int32_t *position)
{
	Problem		trouble;
	Allocation *run;
	int32_t		queue[PEOPLE_MAX];
	int32_t		done = 0;

	memset(position, 0, PEOPLE_MAX * sizeof *position);
	for (int p = 0; p < problem->people; p++)
		queue[p] = p;
	shuffle(queue, problem->people);
	run = allocation_open(problem, &host, position, &trouble);
	while (done < problem->people)
	{
		int32_t		batch = 1 + draw(problem->people - done);

		if (resume)
		{
			allocation_close(run);
			run = allocation_open(problem, &host, position, &trouble);
			expect(allocation_propose(run, queue, done, &trouble), "those before propose again");
		}
		expect(allocation_propose(run, queue + done, batch, &trouble), "a batch proposes");
		done += batch;
	}
	allocation_close(run);
}

/* Short lists first; then whole lists, only the exhausted proposing. */
static void
run_with_extension(const Instance *instance, int32_t *position)
{
	Flat		flat;
	Problem		trouble;
	Allocation *run;
	int32_t		exhausted[PEOPLE_MAX];
	int32_t		count = 0;

	flatten(instance, 1 + draw(2), &flat);
	memset(position, 0, PEOPLE_MAX * sizeof *position);
	run = allocation_open(&flat.problem, &host, position, &trouble);
	expect(allocation_propose(run, NULL, 0, &trouble), "short lists propose");
	for (int p = 0; p < instance->people; p++)
	{
		if (position[p] == allocation_list_length(&flat.problem, p))
			exhausted[count++] = p;
	}
	flatten(instance, OFFERS_MAX, &flat);
	expect(allocation_propose(run, exhausted, count, &trouble), "the exhausted propose again");
	allocation_close(run);
}

static bool
same_positions(const Instance *instance, const int32_t *one, const int32_t *other)
{
	return memcmp(one, other, (size_t) instance->people * sizeof *one) == 0;
}

static void
ignore_violation(void *opaque, const AllocationViolation *violation)
{
	(void) opaque;
	(void) violation;
}

static int64_t
count_violations(const AllocationProblem *problem, const int32_t *position)
{
	Problem		trouble;
	int64_t		violations = -1;

	expect(allocation_check(problem, &host, position, ignore_violation, NULL,
							&violations, &trouble), "the check has memory");
	return violations;
}

/* --- properties ---------------------------------------------------------- */

static void
test_against_naive(const Instance *instance, const Flat *flat)
{
	int32_t		expected[PEOPLE_MAX];
	int32_t		found[PEOPLE_MAX];

	naive_allocation(instance, expected);
	run_whole(&flat->problem, found);
	expect(same_positions(instance, expected, found), "equals the naive allocation");
	expect(naive_violations(instance, found) == 0, "has no blocking pair by definition");
	expect(count_violations(&flat->problem, found) == 0, "passes the check");
	run_in_batches(&flat->problem, false, found);
	expect(same_positions(instance, expected, found), "does not depend on order or batches");
	run_in_batches(&flat->problem, true, found);
	expect(same_positions(instance, expected, found), "is the same when stored and resumed");
	run_with_extension(instance, found);
	expect(same_positions(instance, expected, found), "is the same with lists lengthened later");
}

static void
test_locks(const Instance *instance, const int32_t *position)
{
	if (!instance->holders_fit)
		return;
	for (int p = 0; p < instance->people; p++)
	{
		if (instance->held[p] >= 0)
			expect(position[p] <= list_place(instance, p, instance->held[p]),
				   "a holder is never worse off");
	}
}

static void
test_reasons(const Instance *instance, const Flat *flat, const int32_t *position)
{
	for (int p = 0; p < instance->people; p++)
	{
		int			held_place = instance->held[p] < 0 ? -1 : list_place(instance, p, instance->held[p]);
		AllocationReason expected = ALLOCATION_PLACED;

		if (instance->length[p] == 0)
			expected = ALLOCATION_EMPTY_LIST;
		else if (position[p] == instance->length[p])
			expected = ALLOCATION_LIST_EXHAUSTED;
		else if (position[p] == held_place)
			expected = ALLOCATION_KEPT;
		else if (position[p] < held_place)
			expected = ALLOCATION_IMPROVED;
		expect(allocation_reason(&flat->problem, p, position[p]) == expected,
			   "gives the right reason");
	}
}

/* Any positions at all: the check counts what the definition counts. */
static void
test_check_on_noise(const Instance *instance, const Flat *flat, const int32_t *position)
{
	int32_t		noise[PEOPLE_MAX];
	int			person = draw(instance->people);
	bool		outside;

	for (int p = 0; p < instance->people; p++)
		noise[p] = draw(instance->length[p] + 1);
	expect((count_violations(&flat->problem, noise) > 0) == (naive_violations(instance, noise) > 0),
		   "the check agrees with the definition on random positions");

	memcpy(noise, position, sizeof noise);
	noise[person] = draw(instance->length[person] + 3) - 1;
	outside = noise[person] < 0 || noise[person] > instance->length[person];
	if (outside)
		expect(count_violations(&flat->problem, noise) > 0, "the check finds a position outside a list");
	else
		expect((count_violations(&flat->problem, noise) > 0) == (naive_violations(instance, noise) > 0),
			   "the check agrees with the definition on a tampered result");
	if (!outside && noise[person] > position[person])
		expect(count_violations(&flat->problem, noise) > 0, "the check finds a person put lower");
}

/* What more places, a better rank, a departure may and may not do. */
static void
test_comparative_statics(const Instance *instance, const int32_t *before)
{
	Instance	changed = *instance;
	Flat		flat;
	int32_t		after[PEOPLE_MAX];
	int			offer = draw(instance->offers);
	int			person = draw(instance->people);
	int			other = draw(instance->people);

	changed.capacity[offer]++;
	flatten(&changed, OFFERS_MAX, &flat);
	run_whole(&flat.problem, after);
	for (int p = 0; p < instance->people; p++)
		expect(after[p] <= before[p], "one more place worsens nobody");

	changed = *instance;
	changed.length[person] = 0;
	flatten(&changed, OFFERS_MAX, &flat);
	run_whole(&flat.problem, after);
	for (int p = 0; p < instance->people; p++)
		expect(p == person || after[p] <= before[p], "a departure worsens nobody else");

	changed = *instance;
	if (changed.rank[other] < changed.rank[person])
	{
		for (int p = 0; p < instance->people; p++)
		{
			if (instance->rank[p] >= instance->rank[other] && instance->rank[p] < instance->rank[person])
				changed.rank[p]++;
		}
		changed.rank[person] = instance->rank[other];
		flatten(&changed, OFFERS_MAX, &flat);
		run_whole(&flat.problem, after);
		expect(after[person] <= before[person], "a better rank never worsens its owner");
	}
}

/* Among all stable outcomes, enumerated, the best one for every person at once. */
static void
test_best_stable(const Instance *instance, const int32_t *position)
{
	int32_t		other[PEOPLE_MAX] = {0};

	for (;;)
	{
		int			p = 0;

		if (naive_violations(instance, other) == 0)
		{
			for (int q = 0; q < instance->people; q++)
				expect(position[q] <= other[q], "no stable outcome is better for anybody");
		}
		while (p < instance->people && other[p] == instance->length[p])
			other[p++] = 0;
		if (p == instance->people)
			return;
		other[p]++;
	}
}

static void
test_random_instances(long count)
{
	for (instance_number = 1; instance_number <= count; instance_number++)
	{
		Instance	instance;
		Flat		flat;
		int32_t		position[PEOPLE_MAX];
		int32_t		serial[PEOPLE_MAX];

		lcg_state = (uint64_t) instance_number;
		draw_instance(&instance, PEOPLE_MAX, OFFERS_MAX, 3, draw(3));
		flatten(&instance, OFFERS_MAX, &flat);
		test_against_naive(&instance, &flat);
		run_whole(&flat.problem, position);
		test_locks(&instance, position);
		test_reasons(&instance, &flat, position);
		test_check_on_noise(&instance, &flat, position);
		test_comparative_statics(&instance, position);

		draw_instance(&instance, 4, 3, 2, draw(3));
		flatten(&instance, OFFERS_MAX, &flat);
		run_whole(&flat.problem, position);
		test_best_stable(&instance, position);

		draw_instance(&instance, PEOPLE_MAX, OFFERS_MAX, 1, 0);
		flatten(&instance, OFFERS_MAX, &flat);
		run_whole(&flat.problem, position);
		serial_dictatorship(&instance, serial);
		expect(same_positions(&instance, serial, position), "without classes, equals serial dictatorship");
	}
	instance_number = 0;
}

/* --- large heaps, interruptions, memory ---------------------------------- */

/* Everybody wants the same offers: deep heaps, many evictions. */
static void
test_one_crowd(void)
{
	enum
	{
		CROWD = 50000, PLACES = 20000
	};
	int64_t    *start = malloc((CROWD + 1) * sizeof *start);
	int32_t    *offer = malloc(2 * CROWD * sizeof *offer);
	uint8_t    *class = malloc(2 * CROWD);
	uint32_t   *rank = malloc(CROWD * sizeof *rank);
	int32_t    *position = calloc(CROWD, sizeof *position);
	int32_t		capacity[2] = {PLACES, PLACES};
	AllocationProblem problem = {CROWD, 2, start, offer, class, rank, capacity};
	Problem		trouble;
	Allocation *run;
	bool		by_rank = true;

	/* The last ranks propose first, so that each later person evicts one. */
	for (int p = 0; p < CROWD; p++)
	{
		start[p] = 2 * p;
		offer[2 * p] = 0;
		offer[2 * p + 1] = 1;
		class[2 * p] = class[2 * p + 1] = 1;
		rank[p] = (uint32_t) (CROWD - 1 - p);
	}
	start[CROWD] = 2 * CROWD;
	interruptions = 0;
	run = allocation_open(&problem, &host, position, &trouble);
	expect(allocation_propose(run, NULL, 0, &trouble), "a crowd proposes");
	allocation_close(run);
	for (int p = 0; p < CROWD; p++)
		by_rank &= position[p] == (int32_t) (rank[p] / PLACES);
	expect(by_rank, "a crowd is served by rank");
	expect(interruptions >= CROWD / ALLOCATION_INTERRUPT_EVERY, "a long run can be interrupted");
	expect(count_violations(&problem, position) == 0, "the crowd passes the check");
	free(start);
	free(offer);
	free(class);
	free(rank);
	free(position);
}

static void
test_propose_refusals(void)
{
	int64_t		start[] = {0, 1};
	int32_t		offer[] = {0};
	uint8_t		class[] = {1};
	uint32_t	rank[] = {0};
	int32_t		capacity[] = {1};
	int32_t		position[] = {0};
	int32_t		nobody[] = {1};
	AllocationProblem problem = {1, 1, start, offer, class, rank, capacity};
	Problem		trouble;
	Allocation *run = allocation_open(&problem, &host, position, &trouble);

	expect(!allocation_propose(run, nobody, 1, &trouble) &&
		   strcmp(trouble.message, "person 1 is not part of the allocation") == 0,
		   "a stranger cannot propose");
	position[0] = 2;
	expect(!allocation_propose(run, NULL, 0, &trouble) &&
		   strcmp(trouble.message, "position 2 of person 0 is outside its list") == 0,
		   "a position outside the list is refused");
	position[0] = 0;
	expect(allocation_propose(run, NULL, 0, &trouble), "one person proposes");
	expect(!allocation_propose(run, NULL, 0, &trouble) &&
		   strcmp(trouble.message, "person 0 already holds a place") == 0,
		   "a person held cannot propose again");
	allocation_close(run);
}

/* --- input --------------------------------------------------------------- */

static bool
add(AllocationInput *input, int64_t id, int64_t rank, int32_t length,
	const int64_t *offers, const int64_t *classes, const int64_t *held, Problem *trouble)
{
	AllocationApplicant applicant = {id, rank, length, offers, classes, held};

	return allocation_input_add_applicant(input, &applicant, trouble);
}

/* Two offers and one person are there; what comes next is refused. */
static void
open_small_input(AllocationInput *input)
{
	static const int64_t offers[] = {20, 10};
	Problem		trouble;

	allocation_input_open(input, &host, 1 << 20);
	expect(allocation_input_add_offer(input, 10, 1, &trouble), "an offer is added");
	expect(allocation_input_add_offer(input, 20, 0, &trouble), "an offer without places is added");
	expect(add(input, 7, 3, 2, offers, NULL, NULL, &trouble), "a person is added");
}

static void
expect_refusal(AllocationInput *input, bool accepted, const Problem *trouble, const char *message)
{
	expect(!accepted && strcmp(trouble->message, message) == 0, message);
	expect(!input->too_large, "the refusal is not about memory");
	allocation_input_close(input);
}

static void
test_input_refusals(void)
{
	static const int64_t good[] = {10, 20};
	static const int64_t unknown[] = {10, 30};
	static const int64_t twice[] = {10, 10};
	static const int64_t class_zero[] = {1, 0};
	static const int64_t class_large[] = {256, 1};
	static const int64_t elsewhere[] = {30};
	AllocationInput input;
	AllocationProblem problem;
	Problem		trouble;

	open_small_input(&input);
	expect_refusal(&input, allocation_input_add_offer(&input, 20, 1, &trouble), &trouble,
				   "offer 20 appears twice");
	open_small_input(&input);
	expect_refusal(&input, allocation_input_add_offer(&input, 30, -1, &trouble), &trouble,
				   "offer 30 has capacity -1");
	open_small_input(&input);
	expect_refusal(&input, allocation_input_add_offer(&input, 30, INT64_C(1) << 31, &trouble), &trouble,
				   "offer 30 has capacity 2147483648");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, unknown, NULL, NULL, &trouble), &trouble,
				   "applicant 8 lists offer 30, which is not among the offers");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, twice, NULL, NULL, &trouble), &trouble,
				   "applicant 8 lists offer 10 twice");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, good, class_zero, NULL, &trouble), &trouble,
				   "applicant 8 has class 0 at offer 20");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, good, class_large, NULL, &trouble), &trouble,
				   "applicant 8 has class 256 at offer 10");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 8, 4, 2, good, NULL, elsewhere, &trouble), &trouble,
				   "applicant 8 holds offer 30, which is not in its list");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 7, 4, 2, good, NULL, NULL, &trouble) &&
				   allocation_input_finish(&input, &problem, &trouble), &trouble,
				   "applicant 7 appears twice");
	open_small_input(&input);
	expect_refusal(&input, add(&input, 5, 3, 2, good, NULL, NULL, &trouble) &&
				   allocation_input_finish(&input, &problem, &trouble), &trouble,
				   "applicants 5 and 7 have the same rank 3");
}

/* Extreme identifiers and ranks, in no order, become indexes. */
static void
test_input_indexes(void)
{
	static const int64_t list[] = {INT64_MAX, INT64_MIN};
	static const int64_t classes[] = {255, 1};
	static const int64_t held = INT64_MIN;
	AllocationInput input;
	AllocationProblem problem;
	Problem		trouble;

	allocation_input_open(&input, &host, 1 << 20);
	expect(allocation_input_add_offer(&input, INT64_MIN, INT32_MAX, &trouble), "the smallest offer");
	expect(allocation_input_add_offer(&input, INT64_MAX, 0, &trouble), "the largest offer");
	expect(add(&input, INT64_MAX, INT64_MIN, 2, list, classes, &held, &trouble), "the largest person");
	expect(add(&input, INT64_MIN, INT64_MAX, 0, NULL, NULL, NULL, &trouble), "the smallest person");
	expect(allocation_input_finish(&input, &problem, &trouble), "the problem is ready");
	expect(problem.people == 2 && problem.offers == 2, "sizes");
	expect(input.order[0] == 1 && input.order[1] == 0, "people by identifier");
	expect(problem.rank[0] == 0 && problem.rank[1] == 1, "ranks without gaps");
	expect(problem.list_offer[0] == 1 && problem.list_offer[1] == 0, "offers by index");
	expect(problem.list_class[0] == 255 && problem.list_class[1] == ALLOCATION_CLASS_HELD, "classes");
	expect(allocation_list_length(&problem, 0) == 2 && allocation_list_length(&problem, 1) == 0, "lists");
	allocation_input_close(&input);

	allocation_input_open(&input, &host, 0);
	expect(allocation_input_finish(&input, &problem, &trouble) && problem.people == 0 &&
		   problem.offers == 0, "nobody and nothing is a problem too");
	allocation_input_close(&input);
}

/* Enough offers and people for every array to grow, all found again. */
static void
test_input_growth(void)
{
	enum
	{
		MANY = 20000
	};
	AllocationInput input;
	AllocationProblem problem;
	Problem		trouble;
	bool		right = true;

	allocation_input_open(&input, &host, INT64_C(1) << 30);
	for (int64_t i = 0; i < MANY; i++)
		right &= allocation_input_add_offer(&input, i * 1000003, i, &trouble);
	for (int64_t i = 0; i < MANY; i++)
	{
		int64_t		list[] = {i * 1000003, (MANY - 1 - i) * 1000003};

		right &= add(&input, -i, i, list[0] == list[1] ? 1 : 2, list, NULL, NULL, &trouble);
	}
	right &= allocation_input_finish(&input, &problem, &trouble);
	for (int32_t i = 0; i < MANY && right; i++)
	{
		right &= problem.list_offer[problem.list_start[i]] == i;
		right &= problem.capacity[i] == i;
		right &= input.order[i] == MANY - 1 - i;
	}
	expect(right, "many rows are all found again");
	allocation_input_close(&input);
}

/* The limit refuses; its refusal says that it is about memory. */
static void
test_input_limit(void)
{
	AllocationInput input;
	Problem		trouble;
	int64_t		offers[1000];
	bool		accepted = true;
	int64_t		people = 0;

	allocation_input_open(&input, &host, 1 << 20);
	for (int64_t i = 0; i < 1000; i++)
	{
		offers[i] = i;
		expect(allocation_input_add_offer(&input, i, 1, &trouble), "an offer fits");
	}
	while (accepted && people < 1000)
	{
		accepted = add(&input, people, people, 1000, offers, NULL, NULL, &trouble);
		people += accepted;
	}
	expect(!accepted && input.too_large &&
		   strcmp(trouble.message, "this allocation needs more than 1024 kB of memory") == 0,
		   "a problem too large is refused");
	expect(people * 5000 < 1 << 20 && people * 5000 > 900000, "the estimate is about the lists");
	allocation_input_close(&input);
}

/* Whichever request fails, the answer is a problem and nothing stays lent. */
static void
test_memory_failures(void)
{
	static const int64_t list[] = {1, 2};
	bool		done = false;

	for (long allowed = 0; !done && allowed < 100; allowed++)
	{
		AllocationInput input;
		AllocationProblem problem;
		Problem		trouble;
		int32_t		position[2] = {0};
		int64_t		violations;
		Allocation *run = NULL;

		lends_left = allowed;
		allocation_input_open(&input, &host, 1 << 20);
		done = allocation_input_add_offer(&input, 1, 1, &trouble) &&
			allocation_input_add_offer(&input, 2, 1, &trouble) &&
			add(&input, 1, 1, 2, list, NULL, NULL, &trouble) &&
			allocation_input_finish(&input, &problem, &trouble) &&
			(run = allocation_open(&problem, &host, position, &trouble)) != NULL &&
			allocation_propose(run, NULL, 0, &trouble) &&
			allocation_check(&problem, &host, position, ignore_violation, NULL, &violations, &trouble);
		if (run != NULL)
			allocation_close(run);
		allocation_input_close(&input);
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
	test_one_crowd();
	test_propose_refusals();
	test_input_refusals();
	test_input_indexes();
	test_input_growth();
	test_input_limit();
	test_memory_failures();
	expect(lent == 0, "nothing stays lent");
	return print_claims();
}
