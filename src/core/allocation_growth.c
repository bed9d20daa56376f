/*
 * allocation_growth.c
 *		An allocation on lists that begin short and grow for those who could gain.
 *
 * Whoever found nothing goes on from where the list ended.  Whoever held a place
 * before, which ended the list, and would now look past where it stood, makes
 * everybody begin again: that place was refused to others on its account.
 */
#include "allocation_growth.h"

#include <string.h>

typedef struct Growing
{
	AllocationInput *input;
	const AllocationProblem *problem;
	int32_t    *shown;			/* by person: the problem's list_shown */
	int32_t    *position;		/* by person */
	int32_t    *queue;			/* of those lengthened, then of those who look further */
	int32_t    *received;		/* by offer */
} Growing;

/* What an offer beyond the end of a list could have for somebody. */
typedef struct Hope
{
	bool		room;			/* a free place somewhere */
	bool		reserves;		/* places kept for some public somewhere */
	uint32_t	last_rank;		/* the latest of those placed */
} Hope;

/*
 * Showing
 */

/* Where the place held stands in a list, and how many edges it is: at most two. */
static int32_t
find_held(const uint8_t *class, int32_t length, int32_t *at)
{
	int32_t		edges = 0;

	for (*at = 0; *at < length && class[*at] != ALLOCATION_CLASS_HELD;)
		(*at)++;
	while (*at + edges < length && class[*at + edges] == ALLOCATION_CLASS_HELD)
		edges++;
	return edges;
}

/* How many edges the first entries of a list are. */
static int32_t
count_edges(const AllocationInput *input, const int32_t *offer, int32_t entries)
{
	int32_t		edges = 0;

	if (!input->offers.open_first)
		return entries;
	for (; entries > 0; entries--)
		edges += allocation_offers_parts(&input->offers, offer[edges]);
	return edges;
}

/*
 * As many entries as were asked for, then the place held, then what may come
 * later; returns whether a place is held.
 */
static bool
show(Growing *growing, int32_t person)
{
	AllocationInput *input = growing->input;
	const AllocationGrowth *growth = &input->growth[person];
	int32_t    *offer = input->list_offer + input->list_start[person];
	uint8_t    *class = input->list_class + input->list_start[person];
	int32_t		length = (int32_t) (input->list_start[person + 1] - input->list_start[person]);
	int32_t		held_at;
	int32_t		held = find_held(class, length, &held_at);
	int32_t		held_offer = held == 0 ? ALLOCATION_NOBODY : offer[held_at];
	int32_t		edges;

	if (growth->most == 0)
	{
		growing->shown[person] = length;
		return held > 0;
	}
	length -= held;
	memmove(offer + held_at, offer + held_at + held, (size_t) (length - held_at) * sizeof(int32_t));
	memmove(class + held_at, class + held_at + held, (size_t) (length - held_at));
	edges = count_edges(input, offer, growth->asked < growth->found ? growth->asked : growth->found);
	memmove(offer + edges + held, offer + edges, (size_t) (length - edges) * sizeof(int32_t));
	memmove(class + edges + held, class + edges, (size_t) (length - edges));
	for (int32_t part = 0; part < held; part++)
	{
		offer[edges + part] = held_offer + part;
		class[edges + part] = ALLOCATION_CLASS_HELD;
	}
	growing->shown[person] = edges + held;
	return held > 0;
}

/*
 * Who could gain
 */

static Hope
find_hope(const Growing *growing)
{
	const AllocationProblem *problem = growing->problem;
	Hope		hope = {.reserves = problem->categories > 0};

	memset(growing->received, 0, (size_t) problem->offers * sizeof(int32_t));
	for (int32_t person = 0; person < problem->people; person++)
	{
		int32_t		position = growing->position[person];

		if (position == allocation_list_length(problem, person))
			continue;
		growing->received[problem->list_offer[problem->list_start[person] + position]]++;
		if (problem->rank[person] > hope.last_rank)
			hope.last_rank = problem->rank[person];
	}
	for (int32_t offer = 0; offer < problem->offers && !hope.room; offer++)
		hope.room = growing->received[offer] < problem->capacity[offer];
	return hope;
}

static bool
has_place(const Growing *growing, int32_t person)
{
	return growing->position[person] < growing->shown[person];
}

/* Has it the place held before? */
static bool
keeps_place(const Growing *growing, int32_t person)
{
	return has_place(growing, person) &&
		growing->problem->list_class[growing->problem->list_start[person] + growing->position[person]] == ALLOCATION_CLASS_HELD;
}

/* Has it come to the end of its list, or to the place held there? */
static bool
is_exhausted(const Growing *growing, int32_t person)
{
	return !has_place(growing, person) || keeps_place(growing, person);
}

static bool
could_gain(const Growing *growing, int32_t person, const Hope *hope)
{
	const AllocationProblem *problem = growing->problem;
	const AllocationGrowth *growth = &growing->input->growth[person];

	if (growth->asked >= growth->most || growth->found < growth->asked)
		return false;
	if (!hope->room && problem->rank[person] >= hope->last_rank &&
		!(hope->reserves && problem->type[person] != 0) && !keeps_place(growing, person))
		return false;
	return is_exhausted(growing, person) ||
		2 * allocation_input_list_place(growing->input, person, growing->position[person]) >= growth->asked;
}

/* Those who could gain, in order; none unless somebody's list is exhausted. */
static int32_t
list_hopeful(const Growing *growing)
{
	Hope		hope = find_hope(growing);
	bool		any_exhausted = false;
	int32_t		count = 0;

	for (int32_t person = 0; person < growing->problem->people; person++)
	{
		allocation_poll(growing->input->host, person);
		if (!could_gain(growing, person, &hope))
			continue;
		any_exhausted |= is_exhausted(growing, person);
		growing->queue[count++] = person;
	}
	return any_exhausted ? count : 0;
}

/*
 * Growing
 */

/*
 * Lengthen these lists; returns how many of these people, who now begin the
 * queue, look further.
 */
static int32_t
lengthen(Growing *growing, int32_t count, bool *begin_again, bool *wants_more)
{
	int32_t		looking = 0;

	for (int32_t i = 0; i < count; i++)
	{
		int32_t		person = growing->queue[i];
		AllocationGrowth *growth = &growing->input->growth[person];
		bool		exhausted = is_exhausted(growing, person);
		bool		holds;

		growth->asked = growth->asked * ALLOCATION_GROWTH_FACTOR < growth->most ?
			growth->asked * ALLOCATION_GROWTH_FACTOR : growth->most;
		growth->times++;
		*wants_more |= allocation_wants_more(growth);
		holds = show(growing, person);
		if (!exhausted)
			continue;
		*begin_again |= holds;
		growing->queue[looking++] = person;
	}
	return looking;
}

static Allocation *
begin(Growing *growing, Problem *trouble)
{
	Allocation *run;

	memset(growing->position, 0, (size_t) growing->problem->people * sizeof(int32_t));
	run = allocation_open(growing->problem, growing->input->host, growing->position, trouble);
	if (run == NULL || allocation_propose(run, NULL, 0, trouble))
		return run;
	allocation_close(run);
	return NULL;
}

/* One round after the other, until nobody could gain or somebody wants more than is known. */
static bool
run_rounds(Growing *growing, Problem *trouble)
{
	Allocation *run = begin(growing, trouble);
	bool		wants_more = false;
	int32_t		count;

	while (run != NULL && !wants_more && (count = list_hopeful(growing)) > 0)
	{
		bool		begin_again = false;
		int32_t		looking = lengthen(growing, count, &begin_again, &wants_more);
		bool		done = begin_again || allocation_propose(run, growing->queue, looking, trouble);

		if (done && !begin_again)
			continue;
		allocation_close(run);
		run = done ? begin(growing, trouble) : NULL;
	}
	if (run == NULL)
		return false;
	allocation_close(run);
	return true;
}

static int32_t *
new_array(const Host *host, int32_t elements)
{
	/* one more, so that no request is for zero bytes */
	return host->reallocate(host->opaque, NULL, ((size_t) elements + 1) * sizeof(int32_t));
}

bool
allocation_grow(AllocationInput *input, AllocationProblem *problem, int32_t *position, Problem *trouble)
{
	const Host *host = input->host;
	Growing		growing = {
		.input = input, .problem = problem, .position = position,
		.shown = new_array(host, problem->people),
		.queue = new_array(host, problem->people),
		.received = new_array(host, problem->offers),
	};
	bool		done = false;

	input->shown = growing.shown;
	if (growing.shown == NULL || growing.queue == NULL || growing.received == NULL)
		problem_set(trouble, "not enough memory to lengthen lists");
	else
	{
		problem->list_shown = growing.shown;
		for (int32_t person = 0; person < problem->people; person++)
			show(&growing, person);
		done = run_rounds(&growing, trouble);
	}
	host->release(host->opaque, growing.queue);
	host->release(host->opaque, growing.received);
	return done;
}
