/*
 * allocation_check.c
 *		Is this allocation the one that was promised?
 *
 * One pass finds who is held where, and the last of them, by class then rank;
 * a second looks at every offer each person would have preferred.  Where
 * places are reserved, people are seated anew, once per offer and type of
 * newcomer: somebody can leave who stands, or whose place would be taken again.
 */
#include "allocation_check.h"

#include "allocation_seats.h"

/* Not yet looked for. */
#define UNKNOWN		(-2)

/* Somebody at an offer, as far as its order there is concerned. */
typedef struct Standing
{
	int32_t		person;			/* nobody: comes before everybody */
	uint8_t		class;
} Standing;

/* The people of one type at an offer that reserves places; of all elsewhere. */
typedef struct Group
{
	int32_t		admitted;
	Standing	last;

	/* When one more person of this type comes to the full offer: */
	int32_t		rival;			/* the last unlocked that can leave */
	uint8_t		rival_class;
	bool		newcomer_can_leave; /* no reserve needs a newcomer either */
} Group;

typedef struct Check
{
	const AllocationProblem *problem;
	const Host *host;
	const int32_t *position;
	int64_t    *first_slot;		/* by offer, see allocation_number_slots() */
	Group	   *group;			/* by slot */
	int32_t    *admitted;		/* by offer: how many people it holds */
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

/* Does one come after the other at the offer where both stand? */
static bool
comes_after(const Check *check, Standing one, Standing other)
{
	if (one.person == ALLOCATION_NOBODY)
		return false;
	if (other.person == ALLOCATION_NOBODY)
		return true;
	if (one.class != other.class)
		return one.class > other.class;
	return check->problem->rank[one.person] > check->problem->rank[other.person];
}

static bool
reserves_places(const Check *check, int32_t offer)
{
	return check->first_slot[offer + 1] - check->first_slot[offer] > 1;
}

static Group *
group_of(const Check *check, int32_t offer, int32_t person)
{
	Group	   *group = check->group + check->first_slot[offer];

	return reserves_places(check, offer) ?
		group + allocation_type_at(check->problem, offer, person) : group;
}

static void
admit(Check *check, int32_t person)
{
	const AllocationProblem *problem = check->problem;
	int32_t		length = allocation_list_length(problem, person);
	int64_t		edge = problem->list_start[person] + check->position[person];
	Standing	standing = {person, 0};
	Group	   *group;

	if (check->position[person] < 0 || check->position[person] > length)
	{
		report(check, ALLOCATION_OUTSIDE_LIST, person, -1, ALLOCATION_NOBODY);
		return;
	}
	if (check->position[person] == length)
		return;
	standing.class = problem->list_class[edge];
	check->admitted[problem->list_offer[edge]]++;
	group = group_of(check, problem->list_offer[edge], person);
	group->admitted++;
	if (comes_after(check, standing, group->last))
		group->last = standing;
}

/* The last of everybody at an offer that reserves places. */
static Standing
last_at(const Check *check, int32_t offer)
{
	Standing	last = {ALLOCATION_NOBODY, 0};

	for (int64_t slot = check->first_slot[offer]; slot < check->first_slot[offer + 1]; slot++)
	{
		if (comes_after(check, check->group[slot].last, last))
			last = check->group[slot].last;
	}
	return last;
}

/* The people of an offer on its reserved places, with one more of a type. */
static void
seat_everybody(const Check *check, int32_t offer, uint32_t newcomer, AllocationSeats *seats)
{
	allocation_seats_open(seats, check->problem, offer);
	for (uint32_t type = 0; type < (uint32_t) 1 << seats->categories; type++)
	{
		int32_t		people = check->group[check->first_slot[offer] + type].admitted +
			(type == newcomer);

		while (people-- > 0)
		{
			if (allocation_seats_take(seats, (uint8_t) type))
				continue;
			/* Nor would the others of this type. */
			seats->standing[type] += people;
			break;
		}
	}
}

/* Does somebody of this type leave every reserved place filled by leaving? */
static bool
can_leave(const AllocationSeats *seats, uint32_t type, uint32_t refilled)
{
	if (seats->standing[type] > 0)
		return true;
	for (int category = 0; category < seats->categories; category++)
	{
		if (seats->seated[type][category] > 0 && (refilled >> category & 1) != 0)
			return true;
	}
	return false;
}

/* What happens when one more person of a type comes to a full offer. */
static void
find_rival(const Check *check, int32_t offer, uint32_t newcomer)
{
	Group	   *groups = check->group + check->first_slot[offer];
	AllocationSeats seats;
	uint32_t	refilled;
	Standing	rival = {ALLOCATION_NOBODY, 0};

	check->host->interrupt(check->host->opaque);
	seat_everybody(check, offer, newcomer, &seats);
	refilled = allocation_seats_refilled(&seats);
	groups[newcomer].newcomer_can_leave = can_leave(&seats, newcomer, refilled);
	for (uint32_t type = 0; type < (uint32_t) 1 << seats.categories; type++)
	{
		if (groups[type].admitted > 0 &&
			groups[type].last.class != ALLOCATION_CLASS_HELD &&
			comes_after(check, groups[type].last, rival) &&
			can_leave(&seats, type, refilled))
			rival = groups[type].last;
	}
	groups[newcomer].rival = rival.person;
	groups[newcomer].rival_class = rival.class;
}

/* The person standing there, if it comes after the newcomer, or nobody. */
static int32_t
if_after(const Check *check, Standing standing, Standing newcomer)
{
	return comes_after(check, standing, newcomer) ? standing.person : ALLOCATION_NOBODY;
}

/*
 * Whom a full offer would let go to take a person, or nobody.  Those who held
 * their place before are let go last of all; if nobody else can leave without
 * emptying a reserved place, the last of everybody does.
 */
static int32_t
rival_of(const Check *check, int32_t offer, Standing newcomer)
{
	Group	   *group = group_of(check, offer, newcomer.person);
	Standing	rival;

	if (!reserves_places(check, offer))
		return if_after(check, group->last, newcomer);
	if (group->rival == UNKNOWN)
		find_rival(check, offer, allocation_type_at(check->problem, offer, newcomer.person));
	rival = (Standing) {group->rival, group->rival_class};
	if (group->newcomer_can_leave && newcomer.class != ALLOCATION_CLASS_HELD)
		return if_after(check, rival, newcomer);
	if (rival.person != ALLOCATION_NOBODY)
		return rival.person;
	return if_after(check, last_at(check, offer), newcomer);
}

/* No offer the person preferred may have a free place, or take the person. */
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
		Standing	newcomer = {person, problem->list_class[start + place]};
		int32_t		rival;

		if (check->admitted[offer] < problem->capacity[offer])
		{
			report(check, ALLOCATION_WASTE, person, offer, ALLOCATION_NOBODY);
			continue;
		}
		rival = rival_of(check, offer, newcomer);
		if (rival != ALLOCATION_NOBODY)
			report(check, ALLOCATION_ENVY, person, offer, rival);
	}
}

static void
check_everything(Check *check)
{
	const AllocationProblem *problem = check->problem;
	const Host *host = check->host;

	for (int64_t slot = 0; slot < check->first_slot[problem->offers]; slot++)
		check->group[slot] = (Group) {
			.last = {ALLOCATION_NOBODY, 0}, .rival = UNKNOWN
		};
	for (int32_t offer = 0; offer < problem->offers; offer++)
		check->admitted[offer] = 0;
	for (int32_t person = 0; person < problem->people; person++)
	{
		allocation_poll(host, person);
		admit(check, person);
	}
	for (int32_t offer = 0; offer < problem->offers; offer++)
	{
		if (check->admitted[offer] > problem->capacity[offer])
			report(check, ALLOCATION_OVER_CAPACITY, ALLOCATION_NOBODY, offer,
				   ALLOCATION_NOBODY);
	}
	for (int32_t person = 0; person < problem->people; person++)
	{
		allocation_poll(host, person);
		look_at_preferred(check, person);
	}
}

static bool
allocate_arrays(Check *check)
{
	const Host *host = check->host;
	size_t		offers = (size_t) check->problem->offers;

	/* One element more, so that no request is for zero bytes. */
	check->first_slot = host->reallocate(host->opaque, NULL, (offers + 1) * sizeof(int64_t));
	if (check->first_slot == NULL)
		return false;
	allocation_number_slots(check->problem, check->first_slot);
	check->group = host->reallocate(host->opaque, NULL,
									((size_t) check->first_slot[offers] + 1) * sizeof(Group));
	check->admitted = host->reallocate(host->opaque, NULL, (offers + 1) * sizeof(int32_t));
	return check->group != NULL && check->admitted != NULL;
}

bool
allocation_check(const AllocationProblem *problem, const Host *host,
				 const int32_t *position, AllocationReport report_violation,
				 void *opaque, int64_t *violations, Problem *trouble)
{
	Check		check = {
		.problem = problem,
		.host = host,
		.position = position,
		.report = report_violation,
		.opaque = opaque,
	};
	bool		enough = allocate_arrays(&check);

	if (enough)
		check_everything(&check);
	*violations = check.violations;
	host->release(host->opaque, check.first_slot);
	host->release(host->opaque, check.group);
	host->release(host->opaque, check.admitted);
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
