/*
 * block_match.c
 *		Offers held in memory for many needs: the best for one of them, or all
 *		that come before one.
 */
#include <math.h>
#include <string.h>

#include "block_store.h"

/* More than an offer can save. */
#define NEVER_ENOUGH UINT16_MAX

/* Conditions on the planes of a block: one of the facts of each must hold. */
#define CONDITIONS_MAX (VOCABULARY_CODES_MAX + 10)
#define FACTS_MAX (8 * VOCABULARY_CODES_MAX)

/* What an offer must save, its audience aside, to be among the best so far. */
typedef struct Savings
{
	double		worst_cost;		/* of the best so far, when this was found */
	uint16_t	for_all;		/* of one that names no audience */
	uint16_t	sharing[VOCABULARY_CODES_MAX + 1];	/* by how many it shares */
} Savings;

typedef struct Search
{
	BlockStore *store;
	const PreparedNeed *prepared;
	const LaneKernel *kernel;

	uint16_t	facts[FACTS_MAX];
	int			condition_end[CONDITIONS_MAX];
	int			condition_count;
	int			remote_conditions;	/* the first of them, all that a remote offer meets */

	LaneScale	scale;
	uint16_t	wanted[COMPETENCE_SLOTS];	/* facts, as prepared */
	uint16_t	audiences[VOCABULARY_CODES_MAX];	/* facts, so many as prepared */
	Savings		remote;
	Savings		on_site;

	uint32_t	frontier_count;
	BlockMatch *matches;		/* heap, the worst first */
	int			match_count;
	int			match_room;

	BlockFound	found;			/* told of all before the limit, and no heap kept */
	void	   *opaque;
	BlockMatch	limit;
} Search;

/*
 * The need as conditions
 */

static int
condition_start(const Search *search, int condition)
{
	return condition == 0 ? 0 : search->condition_end[condition - 1];
}

static int
put_codes(uint16_t *facts, int first, uint32_t mask)
{
	int			count = 0;

	for (; mask != 0; mask &= mask - 1)
		facts[count++] = (uint16_t) (first + __builtin_ctz(mask));
	return count;
}

/* One of these codes, or this other fact. */
static void
require_code(Search *search, int first, uint32_t mask, int or_else)
{
	int			end = condition_start(search, search->condition_count);

	end += put_codes(search->facts + end, first, mask);
	if (or_else >= 0)
		search->facts[end++] = (uint16_t) or_else;
	search->condition_end[search->condition_count++] = end;
}

static void
require_fact(Search *search, int fact)
{
	require_code(search, 0, 0, fact);
}

static void
require_each(Search *search, int first, uint32_t mask)
{
	for (; mask != 0; mask &= mask - 1)
		require_fact(search, first + __builtin_ctz(mask));
}

/* One of the competences wanted, from a level that the person has. */
static void
require_gain(Search *search)
{
	int			end = condition_start(search, search->condition_count);

	for (int i = 0; i < search->prepared->wanted_count; i++)
	{
		const FitWanted *wanted = &search->prepared->wanted[i];

		search->wanted[i] = (uint16_t) plane_taught(wanted->slot, wanted->reach / COMPETENCE_POINTS_PER_LEVEL);
		search->facts[end++] = search->wanted[i];
	}
	search->condition_end[search->condition_count++] = end;
}

/* The rules of fit_eligible, but where the offer is and whether it leads further. */
static void
set_conditions(Search *search)
{
	const PreparedNeed *prepared = search->prepared;
	const Need *need = &prepared->need;

	require_fact(search, PLANE_FAMILY + need->family);
	require_fact(search, PLANE_VALID);
	if (prepared->learn)
	{
		require_fact(search, PLANE_FRAMEWORK + need->framework);
		require_gain(search);
	}
	if (need->languages != 0)
		require_code(search, PLANE_LANGUAGE, need->languages,
					 PLANE_ACCOMMODATION + __builtin_ctz(prepared->interpreter));
	if (need->slots != 0)
		require_code(search, PLANE_SLOT, need->slots, PLANE_ANY_SLOT);
	for (int kind = 0; kind < FIT_MODE_KINDS; kind++)
	{
		if (prepared->modes[kind] != 0)
			require_code(search, PLANE_MODE, prepared->modes[kind], PLANE_ANY_MODE + kind);
	}
	require_code(search, PLANE_ONLY_FOR, need->audiences, PLANE_UNRESTRICTED);
	require_each(search, PLANE_ACCOMMODATION, prepared->personal);
	search->remote_conditions = search->condition_count;
	require_each(search, PLANE_ACCOMMODATION, need->accommodations & ~prepared->personal);
}

/*
 * The best so far
 */

static inline bool
is_full(const Search *search)
{
	return search->match_count == search->match_room;
}

static inline double
worst_cost(const Search *search)
{
	if (search->found != NULL)
		return search->limit.cost;
	return is_full(search) ? search->matches[0].cost : INFINITY;
}

static inline bool
is_better(const BlockMatch *a, const BlockMatch *b)
{
	return a->cost < b->cost || (a->cost == b->cost && a->id < b->id);
}

/* Let a match fall from the top of a heap of so many to where it belongs. */
static void
sift_match(BlockMatch *heap, int count, BlockMatch match)
{
	int			at = 0;

	for (int child = 1; child < count; child = 2 * at + 1)
	{
		if (child + 1 < count && is_better(&heap[child], &heap[child + 1]))
			child++;
		if (!is_better(&match, &heap[child]))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = match;
}

static void
push_match(Search *search, BlockMatch match)
{
	BlockMatch *heap = search->matches;
	int			at = search->match_count++;

	for (; at > 0 && is_better(&heap[(at - 1) / 2], &match); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = match;
}

/* Keep it if it is among the best; false: neither it nor a worse one is. */
static bool
offer_match(Search *search, const BlockMatch *match)
{
	if (search->found != NULL)
	{
		if (!is_better(match, &search->limit))
			return false;
		search->found(search->opaque, match->id);
	}
	else if (!is_full(search))
		push_match(search, *match);
	else if (is_better(match, &search->matches[0]))
		sift_match(search->matches, search->match_count, *match);
	else
		return false;
	return true;
}

/* Cheapest first: the worst leaves the heap for its end. */
static void
sort_matches(BlockMatch *heap, int count)
{
	while (count > 1)
	{
		BlockMatch	worst = heap[0];

		count--;
		sift_match(heap, count, heap[count]);
		heap[count] = worst;
	}
}

/*
 * One block
 */

/* Which offers are valid on the day, kept until another day is asked for. */
static void
know_day(Block *block, int32_t day)
{
	Plane	   *valid = &block->planes[PLANE_VALID];

	if (block->knows_day && block->day == day)
		return;
	memset(valid, 0, sizeof(*valid));
	for (int lane = 0; lane < block->lanes; lane++)
	{
		uint64_t	is_valid = block->valid_from[lane] <= day && day < block->valid_until[lane];

		valid->words[lane / PLANE_WORD_LANES] |= is_valid << lane % PLANE_WORD_LANES;
	}
	block->day = day;
	block->knows_day = true;
}

static bool
is_empty(const Plane *mask)
{
	uint64_t	any = 0;

	for (int word = 0; word < PLANE_WORDS; word++)
		any |= mask->words[word];
	return any == 0;
}

/* Leave those that meet the conditions. */
static void
filter(const Search *search, const Block *block, Plane *mask)
{
	int			count = block->bound.flags & BOUND_REMOTE ? search->remote_conditions : search->condition_count;

	*mask = block->planes[PLANE_PRESENT];
	for (int i = 0; i < count; i++)
	{
		int			start = condition_start(search, i);

		search->kernel->keep_any(mask, block->planes, search->facts + start, search->condition_end[i] - start);
	}
}

static uint16_t
savings_needed(const Search *search, bool on_site, double fit)
{
	const Need *need = &search->prepared->need;
	double		possible = search->scale.most + (on_site ? need->w_distance : 0);
	double		needed = floor((possible - worst_cost(search) - need->w_audience * fit) * LANE_UNIT) - LANE_SLACK;

	if (needed > (possible - need->w_audience) * LANE_UNIT)
		return NEVER_ENOUGH;
	return needed > 0 ? (uint16_t) needed : 0;
}

/* The savings needed now, found anew when the best so far are better. */
static const Savings *
know_savings(Search *search, bool on_site)
{
	Savings    *savings = on_site ? &search->on_site : &search->remote;
	int			audiences = search->prepared->audience_count;

	if (savings->worst_cost == worst_cost(search))
		return savings;
	savings->worst_cost = worst_cost(search);
	savings->for_all = savings_needed(search, on_site, audiences == 0 ? 1 : FIT_AUDIENCE_NONE);
	for (int shared = 0; shared <= audiences && audiences > 0; shared++)
		savings->sharing[shared] = savings_needed(search, on_site, fit_audience_share(search->prepared, shared));
	return savings;
}

/* at_least[n]: those that share n audiences or more; returns how far it goes. */
static int
count_audiences(const Search *search, const Block *block, int word, uint64_t lanes, uint64_t *at_least)
{
	int			most = 0;

	at_least[0] = lanes;
	for (int i = 0; i < search->prepared->audience_count; i++)
	{
		uint64_t	sharing = block->planes[search->audiences[i]].words[word];

		at_least[most + 1] = 0;
		for (int n = most; n >= 0; n--)
			at_least[n + 1] |= at_least[n] & sharing;
		most += at_least[most + 1] != 0;
	}
	at_least[most + 1] = 0;
	return most;
}

static uint32_t
slots_taught(const Search *search, const Block *block, int word, uint64_t lanes)
{
	uint32_t	slots = 0;

	if (!search->prepared->learn)
		return 0;
	for (int i = 0; i < search->prepared->wanted_count; i++)
	{
		if (block->planes[search->wanted[i]].words[word] & lanes)
			slots |= UINT32_C(1) << search->prepared->wanted[i].slot;
	}
	return slots;
}

/* Those of one word's lanes that may save enough. */
static uint64_t
promising(Search *search, const Block *block, int word, uint64_t lanes)
{
	bool		on_site = (block->bound.flags & BOUND_ON_SITE) != 0;
	const Savings *needed = know_savings(search, on_site);
	uint64_t	for_all = lanes;
	uint64_t	left = 0;
	uint64_t	at_least[VOCABULARY_CODES_MAX + 2];
	uint16_t	savings[LANE_COUNT];
	int			most = -1;

	if (search->prepared->audience_count > 0)
	{
		for_all &= block->planes[PLANE_FOR_ALL].words[word];
		most = count_audiences(search, block, word, lanes & ~for_all, at_least);
	}
	if (needed->for_all == NEVER_ENOUGH)
		lanes &= ~for_all;
	for (int shared = 0; shared <= most && needed->sharing[shared] == NEVER_ENOUGH; shared++)
		lanes &= ~(at_least[shared] & ~at_least[shared + 1]);
	if (lanes == 0)
		return 0;

	search->kernel->save(&search->scale, &block->words[word], slots_taught(search, block, word, lanes), savings);
	if (on_site)
		lanes &= search->kernel->approach(&search->scale, &block->words[word], savings);
	if (lanes & for_all)
		left |= lanes & for_all & search->kernel->at_least(savings, needed->for_all);
	for (int shared = 0; shared <= most; shared++)
	{
		uint64_t	here = lanes & at_least[shared] & ~at_least[shared + 1];

		if (here != 0)
			left |= here & search->kernel->at_least(savings, needed->sharing[shared]);
	}
	return left;
}

/* Judge a supply as a scan does, and offer it under each of its numbers. */
static void
judge(Search *search, uint32_t lane)
{
	const BlockStore *store = search->store;
	BlockMatch	match = {.supply = &store->supplies[lane]};

	match.cost = fit_cost(search->prepared, match.supply);
	if (match.cost > worst_cost(search) || !fit_eligible(search->prepared, match.supply))
		return;
	for (uint32_t at = store->lane_start[lane]; at < store->lane_start[lane + 1]; at++)
	{
		match.id = store->ids[at];
		if (!offer_match(search, &match))
			return;
	}
}

static void
enter_block(Search *search, Block *block)
{
	Plane		mask;

	know_day(block, search->prepared->need.day);
	filter(search, block, &mask);
	if (is_empty(&mask))
		return;
	for (int word = 0; word < PLANE_WORDS; word++)
	{
		uint64_t	lanes = mask.words[word];

		if (lanes != 0)
			lanes = promising(search, block, word, lanes);
		for (; lanes != 0; lanes &= lanes - 1)
			judge(search, block->first_lane + (uint32_t) (word * PLANE_WORD_LANES + __builtin_ctzll(lanes)));
	}
}

/*
 * Where to look next
 */

static void
push_place(Search *search, const Bound *bound, uint32_t place)
{
	Frontier   *heap = search->store->frontier;
	uint32_t	at;
	double		cost;

	search->store->host.interrupt(search->store->host.opaque);
	if (!bound_eligible(bound, search->prepared))
		return;
	cost = bound_cost(bound, search->prepared);
	if (cost > worst_cost(search))
		return;
	for (at = search->frontier_count++; at > 0 && heap[(at - 1) / 2].bound > cost; at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = (Frontier) {cost, place};
}

static Frontier
pop_place(Search *search)
{
	Frontier   *heap = search->store->frontier;
	Frontier	top = heap[0];
	Frontier	last = heap[--search->frontier_count];
	uint32_t	at = 0;

	for (uint32_t child = 1; child < search->frontier_count; child = 2 * at + 1)
	{
		if (child + 1 < search->frontier_count && heap[child + 1].bound < heap[child].bound)
			child++;
		if (heap[child].bound >= last.bound)
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = last;
	return top;
}

static void
open_group(Search *search, const BlockGroup *group)
{
	for (int32_t i = 0; i < group->blocks; i++)
		push_place(search, &search->store->blocks[group->first_block + (uint32_t) i].bound,
				   group->first_block + (uint32_t) i);
}

/* A place at the very bound may hold an equal cost and a lesser number. */
static void
look_everywhere(Search *search)
{
	BlockStore *store = search->store;

	for (uint32_t i = 0; i < store->group_count; i++)
		push_place(search, &store->groups[i].bound, store->block_count + i);
	while (search->frontier_count > 0)
	{
		Frontier	next = pop_place(search);

		store->host.interrupt(store->host.opaque);
		if (next.bound > worst_cost(search))
			return;
		if (next.place >= store->block_count)
			open_group(search, &store->groups[next.place - store->block_count]);
		else
			enter_block(search, &store->blocks[next.place]);
	}
}

static void
run_search(Search *search)
{
	search->remote.worst_cost = search->on_site.worst_cost = NAN;
	set_conditions(search);
	lane_scale(&search->scale, search->prepared);
	put_codes(search->audiences, PLANE_AUDIENCE, search->prepared->need.audiences);
	look_everywhere(search);
}

int
block_match(BlockStore *store, const PreparedNeed *prepared, const LaneKernel *kernel,
			int k, BlockMatch *matches)
{
	Search		search = {
		.store = store,.prepared = prepared,.kernel = kernel,
		.matches = matches,.match_room = k
	};

	run_search(&search);
	sort_matches(matches, search.match_count);
	return search.match_count;
}

void
block_ahead(BlockStore *store, const PreparedNeed *prepared, const LaneKernel *kernel,
			double cost, int64_t id, BlockFound found, void *opaque)
{
	Search		search = {
		.store = store,.prepared = prepared,.kernel = kernel,
		.found = found,.opaque = opaque,.limit = {.cost = cost,.id = id}
	};

	run_search(&search);
}
