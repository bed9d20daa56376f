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
#include "allocation_seats.h"
#include "claims.h"
#include "instances.h"

#define INSTANCES		20000

/* --- instances as the core wants them ------------------------------------- */

/* An Instance flattened as the core wants it. */
typedef struct Flat
{
	int64_t		start[PEOPLE_MAX + 1];
	int32_t		offer[PEOPLE_MAX * OFFERS_MAX];
	uint8_t		class[PEOPLE_MAX * OFFERS_MAX];
	AllocationProblem problem;
} Flat;

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
		.capacity = instance->capacity, .categories = instance->categories,
		.type = instance->type, .reserve = instance->reserve[0]
	};
}

/* --- other oracles -------------------------------------------------------- */

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

/*
 * Some people first, with their own ranks; then all of them, those who were
 * there from where they stood, on a stored run or in the same one.
 */
static void
run_with_arrivals(const Instance *instance, int32_t *position)
{
	Instance	early = *instance;
	Flat		flat;
	Problem		trouble;
	Allocation *run;

	early.people = 1 + draw(instance->people);
	for (int p = 0; p < early.people; p++)
	{
		early.rank[p] = 0;
		for (int q = 0; q < early.people; q++)
			early.rank[p] += instance->rank[q] < instance->rank[p];
	}
	flatten(&early, 1 + draw(OFFERS_MAX), &flat);
	run_whole(&flat.problem, position);
	for (int p = early.people; p < instance->people; p++)
		position[p] = 0;
	flatten(instance, OFFERS_MAX, &flat);
	run = allocation_open(&flat.problem, &host, position, &trouble);
	expect(allocation_propose(run, NULL, 0, &trouble), "arrivals propose");
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
	run_with_arrivals(instance, found);
	expect(same_positions(instance, expected, found), "is the same with people and entries that come later");
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

/*
 * Reserved places are told to as many people as can fill them, to those who
 * come first, each of the right public.
 */
static void
test_seats(const Instance *instance, const Flat *flat, const int32_t *position)
{
	Problem		trouble;
	int8_t		category[PEOPLE_MAX];

	expect(allocation_assign_seats(&flat->problem, &host, position, category, &trouble),
		   "reserved places are told");
	for (int o = 0; o < instance->offers; o++)
	{
		bool		holding[PEOPLE_MAX] = {false};
		bool		seated[PEOPLE_MAX] = {false};
		int			count[ALLOCATION_CATEGORIES_MAX] = {0};
		int			sitting = 0;

		for (int p = 0; p < instance->people; p++)
		{
			holding[p] = position[p] < instance->length[p] && instance->list[p][position[p]] == o;
			seated[p] = holding[p] && category[p] != ALLOCATION_NO_RESERVE;
			if (!seated[p])
				continue;
			sitting++;
			count[category[p]]++;
			expect((instance->type[p] >> category[p] & 1) != 0, "a reserved place goes to its public");
		}
		for (int c = 0; c < instance->categories; c++)
			expect(count[c] <= instance->reserve[o][c], "no more reserved places than there are");
		expect(sitting == seats_filled(instance, o, holding), "as many reserved places as can be filled");
		for (int p = 0; p < instance->people; p++)
		{
			bool		before[PEOPLE_MAX] = {false};
			int			places;

			if (!holding[p] || seated[p])
				continue;
			for (int q = 0; q < instance->people; q++)
				before[q] = seated[q] && comes_before(instance, o, q, p);
			places = seats_filled(instance, o, before);
			before[p] = true;
			expect(seats_filled(instance, o, before) == places, "reserved places go to those who come first");
		}
	}
	for (int p = 0; p < instance->people; p++)
		expect(position[p] < instance->length[p] || category[p] == ALLOCATION_NO_RESERVE,
			   "nobody sits without a place");
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
	static const int publics[] = {0, 1, 2, 3, 4, ALLOCATION_CATEGORIES_MAX};

	for (instance_number = 1; instance_number <= count; instance_number++)
	{
		Instance	instance;
		Flat		flat;
		int32_t		position[PEOPLE_MAX];
		int32_t		serial[PEOPLE_MAX];

		lcg_state = (uint64_t) instance_number;
		draw_instance(&instance, PEOPLE_MAX, OFFERS_MAX, 3, draw(3), publics[draw(6)]);
		flatten(&instance, OFFERS_MAX, &flat);
		test_against_naive(&instance, &flat);
		run_whole(&flat.problem, position);
		test_locks(&instance, position);
		test_reasons(&instance, &flat, position);
		test_seats(&instance, &flat, position);
		test_check_on_noise(&instance, &flat, position);
		test_comparative_statics(&instance, position);

		draw_instance(&instance, 4, 3, 2, draw(3), draw(3));
		flatten(&instance, OFFERS_MAX, &flat);
		run_whole(&flat.problem, position);
		test_best_stable(&instance, position);

		draw_instance(&instance, PEOPLE_MAX, OFFERS_MAX, 1, 0, 0);
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
	AllocationProblem problem = {CROWD, 2, start, offer, class, NULL, rank, capacity, 0, NULL, NULL};
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

/* What few people cost when each may belong to any of the publics. */
static void
test_many_publics(void)
{
	enum
	{
		PEOPLE = 40, PLACES = 16, PUBLICS = ALLOCATION_CATEGORIES_MAX
	};
	int64_t		start[PEOPLE + 1];
	int32_t		offer[PEOPLE] = {0};
	uint8_t		class[PEOPLE];
	uint32_t	rank[PEOPLE];
	uint8_t		type[PEOPLE];
	int32_t		capacity[] = {PLACES};
	int32_t		reserve[] = {2, 2, 2, 2, 2, 2, 2, 2};
	int32_t		position[PEOPLE] = {0};
	int8_t		category[PEOPLE];
	AllocationProblem problem = {PEOPLE, 1, start, offer, class, NULL, rank, capacity, PUBLICS, type, reserve};
	Problem		trouble;
	Allocation *run;

	for (int p = 0; p <= PEOPLE; p++)
		start[p] = p;
	for (int p = 0; p < PEOPLE; p++)
	{
		class[p] = ALLOCATION_CLASS_FIRST;
		rank[p] = (uint32_t) p;
		type[p] = (uint8_t) (p * 37);
	}
	run = allocation_open(&problem, &host, position, &trouble);
	expect(allocation_propose(run, NULL, 0, &trouble), "many publics propose");
	allocation_close(run);
	interruptions = 0;
	expect(count_violations(&problem, position) == 0, "many publics pass the check");
	expect(interruptions >= PEOPLE - PLACES, "the check can be interrupted between two publics");
	interruptions = 0;
	expect(allocation_assign_seats(&problem, &host, position, category, &trouble) &&
		   interruptions >= PLACES, "seating can be interrupted between two people");
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
	AllocationProblem problem = {1, 1, start, offer, class, NULL, rank, capacity, 0, NULL, NULL};
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

int
main(int argc, char **argv)
{
	test_random_instances(argc > 1 ? atol(argv[1]) : INSTANCES);
	test_one_crowd();
	test_many_publics();
	test_propose_refusals();
	expect(lent == 0, "nothing stays lent");
	return print_claims();
}
