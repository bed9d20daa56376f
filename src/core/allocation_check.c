/*
 * allocation_check.c
 *		Is this allocation the one that was promised?
 *
 * One pass finds who is held where, and the last of them by class then rank;
 * a second looks at every offer each person would have preferred.
 */
#include "allocation_check.h"

typedef struct Check
{
	const AllocationProblem *problem;
	const int32_t *position;
	int32_t    *admitted;		/* by offer: how many people it holds */
	int32_t    *last;			/* by offer: who comes last among them */
	int32_t    *last_class;		/* by offer: the class of that person */
	AllocationReport report;
	void	   *opaque;
	int64_t		violations;
} Check;

static void
report(Check *check, AllocationFault fault, int32_t person, int32_t offer,
	   int32_t rival)
{
	AllocationViolation violation = {fault, person, offer, rival};

	check->violations++;
	check->report(check->opaque, &violation);
}

/* Does a person of this class come after the last one known at the offer? */
static bool
comes_after_last(const Check *check, int32_t offer, int32_t class, int32_t person)
{
	if (check->last[offer] == ALLOCATION_NOBODY)
		return true;
	if (class != check->last_class[offer])
		return class > check->last_class[offer];
	return check->problem->rank[person] > check->problem->rank[check->last[offer]];
}

static void
admit(Check *check, int32_t person)
{
	const AllocationProblem *problem = check->problem;
	int32_t		length = allocation_list_length(problem, person);
	int64_t		edge = problem->list_start[person] + check->position[person];
	int32_t		offer;

	if (check->position[person] < 0 || check->position[person] > length)
	{
		report(check, ALLOCATION_OUTSIDE_LIST, person, -1, ALLOCATION_NOBODY);
		return;
	}
	if (check->position[person] == length)
		return;
	offer = problem->list_offer[edge];
	check->admitted[offer]++;
	if (comes_after_last(check, offer, problem->list_class[edge], person))
	{
		check->last[offer] = person;
		check->last_class[offer] = problem->list_class[edge];
	}
}

/* Every offer the person preferred must be full of people who come before. */
static void
look_at_preferred(Check *check, int32_t person)
{
	const AllocationProblem *problem = check->problem;
	int64_t		start = problem->list_start[person];

	if (check->position[person] > allocation_list_length(problem, person))
		return;
	for (int32_t place = 0; place < check->position[person]; place++)
	{
		int32_t		offer = problem->list_offer[start + place];

		if (check->admitted[offer] < problem->capacity[offer])
			report(check, ALLOCATION_WASTE, person, offer, ALLOCATION_NOBODY);
		else if (check->admitted[offer] > 0 &&
				 !comes_after_last(check, offer, problem->list_class[start + place], person))
			report(check, ALLOCATION_ENVY, person, offer, check->last[offer]);
	}
}

static void
check_everything(Check *check, const Host *host)
{
	const AllocationProblem *problem = check->problem;

	for (int32_t offer = 0; offer < problem->offers; offer++)
	{
		check->admitted[offer] = 0;
		check->last[offer] = ALLOCATION_NOBODY;
	}
	for (int32_t person = 0; person < problem->people; person++)
		admit(check, person);
	for (int32_t offer = 0; offer < problem->offers; offer++)
	{
		if (check->admitted[offer] > problem->capacity[offer])
			report(check, ALLOCATION_OVER_CAPACITY, ALLOCATION_NOBODY, offer,
				   ALLOCATION_NOBODY);
	}
	for (int32_t person = 0; person < problem->people; person++)
	{
		if (person % ALLOCATION_INTERRUPT_EVERY == 0)
			host->interrupt(host->opaque);
		look_at_preferred(check, person);
	}
}

bool
allocation_check(const AllocationProblem *problem, const Host *host,
				 const int32_t *position, AllocationReport report_violation,
				 void *opaque, int64_t *violations, Problem *trouble)
{
	/* One element more, so that no request is for zero bytes. */
	size_t		size = ((size_t) problem->offers + 1) * sizeof(int32_t);
	Check		check = {
		.problem = problem,
		.position = position,
		.admitted = host->reallocate(host->opaque, NULL, size),
		.last = host->reallocate(host->opaque, NULL, size),
		.last_class = host->reallocate(host->opaque, NULL, size),
		.report = report_violation,
		.opaque = opaque,
	};
	bool		enough = check.admitted != NULL && check.last != NULL &&
		check.last_class != NULL;

	if (enough)
		check_everything(&check, host);
	*violations = check.violations;
	host->release(host->opaque, check.admitted);
	host->release(host->opaque, check.last);
	host->release(host->opaque, check.last_class);
	return enough || problem_set(trouble, "not enough memory to check the allocation");
}

const char *
allocation_fault_code(AllocationFault fault)
{
	static const char *const codes[ALLOCATION_FAULT_COUNT] = {
		[ALLOCATION_OUTSIDE_LIST] = "outside_list",
		[ALLOCATION_OVER_CAPACITY] = "over_capacity",
		[ALLOCATION_WASTE] = "waste",
		[ALLOCATION_ENVY] = "envy",
	};

	return codes[fault];
}
