/*
 * allocation.c
 *		Who gets which place: beneficiary-proposing deferred acceptance.
 *
 * Every offer keeps the people it holds in a pairing heap with the worst one
 * on top, since only the worst can be asked to leave; an offer that reserves
 * places keeps one heap per type, since then it is the worst of some types.
 */
#include "allocation.h"

#include "heap.h"

/* Value of heaps.sibling[] for a person that no offer holds. */
#define NOT_HELD	(-2)

/* Smaller keys are those of people who held their place before. */
#define LOCK_KEY	((uint64_t) ALLOCATION_CLASS_FIRST << 32)

#define NO_SLOT		INT64_C(-1)

/* Values of rival[] beside the type of somebody. */
#define NO_RIVAL		(-1)
#define RIVAL_UNKNOWN	(-2)

struct Allocation
{
	const AllocationProblem *problem;
	const Host *host;
	int32_t    *position;		/* by person; the caller's */
	Heaps		heaps;			/* by key at the offer that holds the person */
	int64_t    *first_slot;		/* by offer, see allocation_number_slots() */
	int32_t    *worst;			/* by slot: top of its heap, or nobody */
	int32_t    *count;			/* by slot: people in its heap */
	int16_t    *rival;			/* by slot of a full offer, see refuses_at_once() */
	int32_t    *held;			/* by offer */
	uint32_t	proposals;
};

/* A slot costs less here than to the check, which comes after the run. */
#define SLOT_BYTES	((int64_t) (4 * sizeof(int64_t)))

int64_t
allocation_run_bytes(int64_t people, int64_t offers, int64_t slots)
{
	return people * (HEAP_PERSON_BYTES + (int64_t) sizeof(int32_t)) +
		offers * (int64_t) (sizeof(int64_t) + sizeof(int32_t)) +
		slots * SLOT_BYTES;
}

static bool
is_split_by_type(const Allocation *run, int32_t offer)
{
	return run->first_slot[offer + 1] - run->first_slot[offer] > 1;
}

static void
hold(Allocation *run, int32_t offer, int32_t person, uint64_t key)
{
	int64_t		slot = run->first_slot[offer];

	if (is_split_by_type(run, offer))
		slot += allocation_type_at(run->problem, offer, person);
	run->worst[slot] = heap_push(&run->heaps, run->worst[slot], person, key);
	run->count[slot]++;
	run->held[offer]++;
}

static int32_t
let_worst_go(Allocation *run, int32_t offer, int64_t slot)
{
	int32_t		leaver = run->worst[slot];

	run->worst[slot] = heap_pop(&run->heaps, leaver);
	run->count[slot]--;
	run->held[offer]--;
	run->heaps.sibling[leaver] = NOT_HELD;
	return leaver;
}

static void
forget_rivals(Allocation *run, int32_t offer)
{
	for (int64_t slot = run->first_slot[offer]; slot < run->first_slot[offer + 1]; slot++)
		run->rival[slot] = RIVAL_UNKNOWN;
}

/* Where the worst person stands among the types made of these categories. */
static int64_t
worst_slot(const Allocation *run, int32_t offer, uint32_t categories)
{
	int64_t		found = NO_SLOT;

	for (int64_t slot = run->first_slot[offer]; slot < run->first_slot[offer + 1]; slot++)
	{
		uint32_t	type = (uint32_t) (slot - run->first_slot[offer]);

		if ((type & ~categories) != 0 || run->count[slot] == 0)
			continue;
		if (found == NO_SLOT || run->heaps.key[run->worst[slot]] > run->heaps.key[run->worst[found]])
			found = slot;
	}
	return found;
}

/* The worst person leaves, among types made of these categories or of all. */
static int64_t
slot_that_loses(const Allocation *run, int32_t offer, uint32_t filled)
{
	int64_t		slot = worst_slot(run, offer, filled);

	if (slot == NO_SLOT || run->heaps.key[run->worst[slot]] < LOCK_KEY)
		slot = worst_slot(run, offer, UINT32_MAX);
	return slot;
}

/*
 * Who leaves an offer that reserves places and holds one too many: the worst
 * among those whom no reserve needs; among everybody if all of those hold their
 * place from before, since the lock goes before the reserve.
 *
 * If that is the newcomer, a later one of its type meets the same people, of
 * whom the rival is worth remembering, until somebody else leaves.
 */
static int32_t
let_go_by_type(Allocation *run, int32_t offer, int32_t newcomer)
{
	const AllocationProblem *problem = run->problem;
	int64_t		slot = run->first_slot[offer];
	uint8_t		type = allocation_type_at(problem, offer, newcomer);
	int32_t		reserve[ALLOCATION_CATEGORIES_MAX];
	int			categories = allocation_pack_reserves(problem, offer, reserve);
	uint32_t	filled = allocation_filled(categories, reserve, run->count + slot);
	int32_t		leaver = let_worst_go(run, offer, slot_that_loses(run, offer, filled));
	int64_t		rival;

	if (leaver != newcomer)
		forget_rivals(run, offer);
	else if ((type & ~filled) == 0)
	{
		rival = worst_slot(run, offer, filled);
		run->rival[slot + type] = rival == NO_SLOT ? NO_RIVAL : (int16_t) (rival - slot);
	}
	return leaver;
}

/*
 * Would a newcomer to a full offer be the one to leave?  False also where that
 * takes a look at everybody's reserve.
 */
static bool
refuses_at_once(const Allocation *run, int32_t offer, int32_t newcomer, uint64_t key)
{
	int64_t		slot = run->first_slot[offer];
	int16_t		rival = 0;

	if (run->problem->capacity[offer] == 0)
		return true;
	if (is_split_by_type(run, offer))
	{
		rival = run->rival[slot + allocation_type_at(run->problem, offer, newcomer)];
		if (rival == RIVAL_UNKNOWN || key < LOCK_KEY)
			return false;
		if (rival == NO_RIVAL)
			return true;
	}
	return key > run->heaps.key[run->worst[slot + rival]];
}

/*
 * A person proposes to the offer at its position; returns who has to look
 * further down its list: the person itself, someone it displaced, or nobody.
 */
static int32_t
propose(Allocation *run, int32_t person)
{
	const AllocationProblem *problem = run->problem;
	int64_t		edge = problem->list_start[person] + run->position[person];
	int32_t		offer = problem->list_offer[edge];
	uint64_t	key = (uint64_t) problem->list_class[edge] << 32 | problem->rank[person];

	if (run->held[offer] == problem->capacity[offer] &&
		refuses_at_once(run, offer, person, key))
		return person;
	hold(run, offer, person, key);
	if (run->held[offer] <= problem->capacity[offer])
		return ALLOCATION_NOBODY;
	if (is_split_by_type(run, offer))
		return let_go_by_type(run, offer, person);
	return let_worst_go(run, offer, run->first_slot[offer]);
}

/* Follow the chain that a person starts until somebody finds a free place. */
static void
settle(Allocation *run, int32_t person)
{
	while (person != ALLOCATION_NOBODY &&
		   run->position[person] < allocation_list_length(run->problem, person))
	{
		if (++run->proposals % ALLOCATION_INTERRUPT_EVERY == 0)
			run->host->interrupt(run->host->opaque);
		person = propose(run, person);
		if (person != ALLOCATION_NOBODY)
			run->position[person]++;
	}
}

static bool
allocate_arrays(Allocation *run)
{
	const Host *host = run->host;
	size_t		people = (size_t) run->problem->people;
	size_t		offers = (size_t) run->problem->offers;
	size_t		slots;

	/* One element more, so that no request is for zero bytes. */
	run->first_slot = host->reallocate(host->opaque, NULL, (offers + 1) * sizeof(int64_t));
	if (run->first_slot == NULL)
		return false;
	allocation_number_slots(run->problem, run->first_slot);
	slots = (size_t) run->first_slot[offers];
	run->heaps.key = host->reallocate(host->opaque, NULL, (people + 1) * sizeof(uint64_t));
	run->heaps.child = host->reallocate(host->opaque, NULL, (people + 1) * sizeof(int32_t));
	run->heaps.sibling = host->reallocate(host->opaque, NULL, (people + 1) * sizeof(int32_t));
	run->worst = host->reallocate(host->opaque, NULL, (slots + 1) * sizeof(int32_t));
	run->count = host->reallocate(host->opaque, NULL, (slots + 1) * sizeof(int32_t));
	run->rival = host->reallocate(host->opaque, NULL, (slots + 1) * sizeof(int16_t));
	run->held = host->reallocate(host->opaque, NULL, (offers + 1) * sizeof(int32_t));
	return run->heaps.key != NULL && run->heaps.child != NULL && run->heaps.sibling != NULL &&
		run->worst != NULL && run->count != NULL && run->rival != NULL && run->held != NULL;
}

Allocation *
allocation_open(const AllocationProblem *problem, const Host *host,
				int32_t *position, Problem *trouble)
{
	Allocation *run = host->reallocate(host->opaque, NULL, sizeof(Allocation));

	if (run == NULL)
	{
		problem_set(trouble, "not enough memory to allocate places");
		return NULL;
	}
	*run = (Allocation) {
		.problem = problem, .host = host, .position = position
	};
	if (!allocate_arrays(run))
	{
		allocation_close(run);
		problem_set(trouble, "not enough memory to allocate places");
		return NULL;
	}
	for (int32_t person = 0; person < problem->people; person++)
		run->heaps.sibling[person] = NOT_HELD;
	for (int64_t slot = 0; slot < run->first_slot[problem->offers]; slot++)
	{
		run->worst[slot] = ALLOCATION_NOBODY;
		run->count[slot] = 0;
		run->rival[slot] = RIVAL_UNKNOWN;
	}
	for (int32_t offer = 0; offer < problem->offers; offer++)
		run->held[offer] = 0;
	return run;
}

bool
allocation_propose(Allocation *run, const int32_t *queue, int32_t length,
				   Problem *trouble)
{
	if (queue == NULL)
		length = run->problem->people;
	for (int32_t i = 0; i < length; i++)
	{
		int32_t		person = queue == NULL ? i : queue[i];

		if (person < 0 || person >= run->problem->people)
			return problem_set(trouble, "person %d is not part of the allocation", person);
		if (run->heaps.sibling[person] != NOT_HELD)
			return problem_set(trouble, "person %d already holds a place", person);
		if (run->position[person] < 0 ||
			run->position[person] > allocation_list_length(run->problem, person))
			return problem_set(trouble, "position %d of person %d is outside its list",
							   run->position[person], person);
		settle(run, person);
	}
	return true;
}

void
allocation_close(Allocation *run)
{
	const Host *host = run->host;

	host->release(host->opaque, run->heaps.key);
	host->release(host->opaque, run->heaps.child);
	host->release(host->opaque, run->heaps.sibling);
	host->release(host->opaque, run->first_slot);
	host->release(host->opaque, run->worst);
	host->release(host->opaque, run->count);
	host->release(host->opaque, run->rival);
	host->release(host->opaque, run->held);
	host->release(host->opaque, run);
}

/* The place the person held before the run lies further down its list. */
static bool
held_lower(const AllocationProblem *problem, int32_t person, int32_t position)
{
	const uint8_t *class = problem->list_class + problem->list_start[person];

	for (int32_t place = position + 1; place < allocation_list_length(problem, person); place++)
	{
		if (class[place] == ALLOCATION_CLASS_HELD)
			return true;
	}
	return false;
}

AllocationReason
allocation_reason(const AllocationProblem *problem, int32_t person, int32_t position)
{
	int32_t		length = allocation_list_length(problem, person);

	if (length == 0)
		return ALLOCATION_EMPTY_LIST;
	if (position == length)
		return ALLOCATION_LIST_EXHAUSTED;
	if (problem->list_class[problem->list_start[person] + position] == ALLOCATION_CLASS_HELD)
		return ALLOCATION_KEPT;
	if (held_lower(problem, person, position))
		return ALLOCATION_IMPROVED;
	return ALLOCATION_PLACED;
}

const char *
allocation_reason_code(AllocationReason reason)
{
	static const char *const codes[ALLOCATION_REASON_COUNT] = {
		[ALLOCATION_PLACED] = "placed",
		[ALLOCATION_KEPT] = "kept",
		[ALLOCATION_IMPROVED] = "improved",
		[ALLOCATION_LIST_EXHAUSTED] = "list_exhausted",
		[ALLOCATION_EMPTY_LIST] = "empty_list",
	};

	return codes[reason];
}
