/*
 * allocation.c
 *		inclusion.allocate(): places for people, out of two queries;
 *		inclusion.allocate_growing(): the same on lists that begin short; and
 *		inclusion.allocate_prices(): what one more place would bring.
 *
 * Nothing is returned that the independent check has not accepted.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "allocation_reader.h"
#include "core/allocation_check.h"
#include "core/allocation_growth.h"
#include "core/allocation_seats.h"
#include "core/auction.h"
#include "errors.h"
#include "face.h"
#include "host.h"

enum ResultColumn
{
	RESULT_APPLICANT,
	RESULT_OFFER,
	RESULT_LIST_POSITION,
	RESULT_RESERVED_FOR,
	RESULT_REASON,
	RESULT_COLUMNS
};

enum GrownColumn
{
	GROWN_APPLICANT,
	GROWN_LIST_POSITION,
	GROWN_RESERVED_FOR,
	GROWN_ASKED,
	GROWN_LENGTHENED,
	GROWN_COLUMNS
};

enum PriceColumn
{
	PRICE_OFFER,
	PRICE_PRICE,
	PRICE_PLACED,
	PRICE_TOTAL_SCORE,
	PRICE_SCORE_BOUND,
	PRICE_COLUMNS
};

/*
 * Running
 */

/* What each person gets, by index of the person. */
typedef struct Outcome
{
	int32	   *position;		/* in its list; the length of the list: nothing */
	int8	   *category;		/* of the reserved place it takes, if any */
} Outcome;

/* Everybody at the head of the list, on no reserved place. */
static Outcome
new_outcome(MemoryContext context, int32 people)
{
	Size		elements = (Size) people + 1;
	Outcome		outcome = {
		.position = MemoryContextAllocExtended(context, elements * sizeof(int32),
											   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO),
		.category = MemoryContextAllocHuge(context, elements * sizeof(int8)),
	};

	memset(outcome.category, ALLOCATION_NO_RESERVE, elements * sizeof(int8));
	return outcome;
}

/* A violation is an error of ours, never of the caller's. */
static void
refuse_violation(void *opaque, const AllocationViolation *violation)
{
	const AllocationInput *input = opaque;

	if (violation->person == ALLOCATION_NOBODY)
		elog(ERROR, "allocation failed its own check: %s at offer " INT64_FORMAT,
			 allocation_fault_code(violation->fault), input->offers.id[violation->offer]);
	elog(ERROR, "allocation failed its own check: %s for applicant " INT64_FORMAT,
		 allocation_fault_code(violation->fault), input->applicant_id[violation->person]);
}

static void
propose_to_all(const AllocationProblem *problem, const Host *host, int32_t *position)
{
	Problem		trouble;
	Allocation *run = allocation_open(problem, host, position, &trouble);

	if (run == NULL || !allocation_propose(run, NULL, 0, &trouble))
		report_problem(ERRCODE_INTERNAL_ERROR, &trouble);
	allocation_close(run);
}

/* Check it, and tell who sits on which reserved place. */
static void
accept_allocation(const AllocationProblem *problem, AllocationInput *input, Outcome *outcome)
{
	const Host *host = input->host;
	Problem		trouble;
	int64		violations;

	if (!allocation_check(problem, host, outcome->position, refuse_violation, input,
						  &violations, &trouble) ||
		!allocation_assign_seats(problem, host, outcome->position, outcome->category, &trouble))
		report_problem(ERRCODE_INTERNAL_ERROR, &trouble);
}

/* The auction certifies what it finds. */
static Auction
run_auction(const AllocationProblem *problem, const Host *host, int32 *position)
{
	Auction		auction = {.position = position};
	Problem		trouble;

	auction.price = MemoryContextAllocHuge(host->opaque, ((Size) problem->offers + 1) * sizeof(int64));
	if (!auction_run(problem, host, &auction, &trouble))
		report_problem(ERRCODE_INTERNAL_ERROR, &trouble);
	return auction;
}

/*
 * Returning
 */

/* A row to return, made where the person stands in memory. */
typedef struct OutcomeRow
{
	int64		applicant;
	int64		offer;
	int32		list_position;	/* from 1; 0: nothing */
	int8		reserved_for;	/* from 1; 0: no reserved place */
	int8		reason;
} OutcomeRow;

static OutcomeRow *
make_rows(const AllocationInput *input, const AllocationProblem *problem, const Outcome *outcome)
{
	OutcomeRow *rows = MemoryContextAllocHuge(input->host->opaque,
											  ((Size) problem->people + 1) * sizeof(OutcomeRow));

	for (int32_t person = 0; person < problem->people; person++)
	{
		int32		position = outcome->position[person];
		OutcomeRow *row = &rows[person];

		*row = (OutcomeRow) {
			.applicant = input->applicant_id[person],
			.reserved_for = outcome->category[person] + 1,
			.reason = allocation_reason(problem, person, position),
		};
		if (position < allocation_list_length(problem, person))
		{
			row->offer = input->offers.id[problem->list_offer[problem->list_start[person] + position]];
			row->list_position = allocation_input_list_place(input, person, position) + 1;
		}
		if (person % ALLOCATION_INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return rows;
}

/* How many rows ahead memory is asked for one. */
#define ROWS_AHEAD 16

/* In the order of applicants: that of memory may be any other. */
static void
return_outcome(ReturnSetInfo *result, const AllocationInput *input,
			   const AllocationProblem *problem, const Outcome *outcome)
{
	const OutcomeRow *rows = make_rows(input, problem, outcome);
	Datum		reasons[ALLOCATION_REASON_COUNT];

	for (int reason = 0; reason < ALLOCATION_REASON_COUNT; reason++)
		reasons[reason] = CStringGetTextDatum(allocation_reason_code(reason));
	for (int32_t i = 0; i < problem->people; i++)
	{
		const OutcomeRow *row = &rows[input->order[i]];
		const OutcomeRow *ahead = &rows[input->order[Min(i + ROWS_AHEAD, problem->people - 1)]];
		Datum		values[RESULT_COLUMNS] = {
			[RESULT_APPLICANT] = Int64GetDatum(row->applicant),
			[RESULT_OFFER] = Int64GetDatum(row->offer),
			[RESULT_LIST_POSITION] = Int32GetDatum(row->list_position),
			[RESULT_RESERVED_FOR] = Int32GetDatum(row->reserved_for),
			[RESULT_REASON] = reasons[row->reason],
		};
		bool		nulls[RESULT_COLUMNS] = {
			[RESULT_OFFER] = row->list_position == 0,
			[RESULT_LIST_POSITION] = row->list_position == 0,
			[RESULT_RESERVED_FOR] = row->reserved_for == 0,
		};

		__builtin_prefetch(ahead);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		if (i % ALLOCATION_INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

/* The same of lists that grew: how far each did, instead of why. */
static void
return_grown(ReturnSetInfo *result, const AllocationInput *input,
			 const AllocationProblem *problem, const Outcome *outcome)
{
	for (int32_t i = 0; i < problem->people; i++)
	{
		int32_t		person = input->order[i];
		int32_t		position = outcome->position[person];
		bool		placed = position < allocation_list_length(problem, person);
		int8		category = outcome->category[person];
		Datum		values[GROWN_COLUMNS] = {
			[GROWN_APPLICANT] = Int64GetDatum(input->applicant_id[person]),
			[GROWN_LIST_POSITION] = Int32GetDatum(placed ? allocation_input_list_place(input, person, position) + 1 : 0),
			[GROWN_RESERVED_FOR] = Int32GetDatum(category + 1),
			[GROWN_ASKED] = Int32GetDatum(input->growth[person].asked),
			[GROWN_LENGTHENED] = Int32GetDatum(input->growth[person].times),
		};
		bool		nulls[GROWN_COLUMNS] = {
			[GROWN_LIST_POSITION] = !placed,
			[GROWN_RESERVED_FOR] = category == ALLOCATION_NO_RESERVE,
		};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		if (i % ALLOCATION_INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

/* By offer: its price, and how many people it takes; the totals on each row. */
static void
return_prices(ReturnSetInfo *result, const AllocationInput *input,
			  const AllocationProblem *problem, const Auction *auction)
{
	const Host *host = input->host;
	Size		offers = (Size) problem->offers + 1;
	int32	   *order = MemoryContextAllocHuge(host->opaque, offers * sizeof(int32));
	int32	   *placed = MemoryContextAllocExtended(host->opaque, offers * sizeof(int32),
													MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	if (!allocation_offers_order(&input->offers, order))
		elog(ERROR, "out of memory");
	for (int32 person = 0; person < problem->people; person++)
	{
		if (auction->position[person] < allocation_list_length(problem, person))
			placed[problem->list_offer[problem->list_start[person] + auction->position[person]]]++;
	}
	for (int32 i = 0; i < problem->offers; i++)
	{
		Datum		values[PRICE_COLUMNS] = {
			[PRICE_OFFER] = Int64GetDatum(input->offers.id[order[i]]),
			[PRICE_PRICE] = Int64GetDatum(auction->price[order[i]]),
			[PRICE_PLACED] = Int32GetDatum(placed[order[i]]),
			[PRICE_TOTAL_SCORE] = Int64GetDatum(auction->score),
			[PRICE_SCORE_BOUND] = Int64GetDatum(auction->bound),
		};
		bool		nulls[PRICE_COLUMNS] = {0};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		if (i % ALLOCATION_INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

/*
 * The functions
 */

/* Which of two words an option is: whether the second. */
static bool
is_second_choice(FunctionCallInfo fcinfo, int number, const char *name,
				 const char *first, const char *second)
{
	char	   *value = allocation_argument(fcinfo, number, name);

	if (strcmp(value, first) != 0 && strcmp(value, second) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_ALLOCATION),
				 errmsg("%s \"%s\" is unknown", name, value),
				 errhint("Use %s, the default, or %s.", first, second)));
	return strcmp(value, second) == 0;
}

static AllocationKind
kind_in_order(FunctionCallInfo fcinfo, int number)
{
	return is_second_choice(fcinfo, number, "reserve_order", "reserve_first", "open_first") ?
		ALLOCATION_OPEN_FIRST : ALLOCATION_RESERVE_FIRST;
}

static AllocationKind
kind_of_allocation(FunctionCallInfo fcinfo)
{
	bool		max_score = is_second_choice(fcinfo, 2, "method", "priority", "max_score");
	AllocationKind in_order = kind_in_order(fcinfo, 3);

	return max_score ? ALLOCATION_MAX_SCORE : in_order;
}

PG_FUNCTION_INFO_V1(inclusion_allocate);
Datum
inclusion_allocate(PG_FUNCTION_ARGS)
{
	char	   *applicants = allocation_argument(fcinfo, 0, "applicants");
	char	   *offers = allocation_argument(fcinfo, 1, "offers");
	AllocationKind kind = kind_of_allocation(fcinfo);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "inclusion allocation",
												  ALLOCSET_DEFAULT_SIZES);
	Host		host = host_of(context);
	AllocationInput input;
	AllocationProblem problem;
	Outcome		outcome;

	InitMaterializedSRF(fcinfo, 0);
	read_allocation(applicants, offers, kind, false, &host, &input, &problem);
	outcome = new_outcome(context, problem.people);
	if (kind == ALLOCATION_MAX_SCORE)
		run_auction(&problem, &host, outcome.position);
	else
	{
		propose_to_all(&problem, &host, outcome.position);
		accept_allocation(&problem, &input, &outcome);
	}
	return_outcome((ReturnSetInfo *) fcinfo->resultinfo, &input, &problem, &outcome);
	MemoryContextDelete(context);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(inclusion_allocate_growing);
Datum
inclusion_allocate_growing(PG_FUNCTION_ARGS)
{
	char	   *applicants = allocation_argument(fcinfo, 0, "applicants");
	char	   *offers = allocation_argument(fcinfo, 1, "offers");
	AllocationKind kind = kind_in_order(fcinfo, 2);
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "inclusion allocation",
												  ALLOCSET_DEFAULT_SIZES);
	Host		host = host_of(context);
	AllocationInput input;
	AllocationProblem problem;
	Outcome		outcome;
	Problem		trouble;

	InitMaterializedSRF(fcinfo, 0);
	read_allocation(applicants, offers, kind, true, &host, &input, &problem);
	outcome = new_outcome(context, problem.people);
	if (!allocation_grow(&input, &problem, outcome.position, &trouble))
		report_problem(ERRCODE_INTERNAL_ERROR, &trouble);
	accept_allocation(&problem, &input, &outcome);
	return_grown((ReturnSetInfo *) fcinfo->resultinfo, &input, &problem, &outcome);
	MemoryContextDelete(context);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(inclusion_allocate_prices);
Datum
inclusion_allocate_prices(PG_FUNCTION_ARGS)
{
	char	   *applicants = allocation_argument(fcinfo, 0, "applicants");
	char	   *offers = allocation_argument(fcinfo, 1, "offers");
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "inclusion auction",
												  ALLOCSET_DEFAULT_SIZES);
	Host		host = host_of(context);
	AllocationInput input;
	AllocationProblem problem;
	Auction		auction;

	InitMaterializedSRF(fcinfo, 0);
	read_allocation(applicants, offers, ALLOCATION_MAX_SCORE, false, &host, &input, &problem);
	auction = run_auction(&problem, &host, new_outcome(context, problem.people).position);
	return_prices((ReturnSetInfo *) fcinfo->resultinfo, &input, &problem, &auction);
	MemoryContextDelete(context);
	return (Datum) 0;
}
