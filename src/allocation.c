/*
 * allocation.c
 *		inclusion.allocate(): places for people, out of two queries.
 *
 * It knows nothing of the registry: any tables will do.  Nothing is returned
 * that the independent check has not accepted.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/allocation.h"
#include "core/allocation_check.h"
#include "core/allocation_input.h"
#include "core/allocation_seats.h"
#include "errors.h"
#include "face.h"
#include "inclusion.h"
#include "query_reader.h"

enum OfferColumn
{
	OFFER_ID,
	OFFER_CAPACITY,
	OFFER_RESERVES,
	OFFER_COLUMNS
};

enum ApplicantColumn
{
	APPLICANT_ID,
	APPLICANT_RANK,
	APPLICANT_CATEGORIES,
	APPLICANT_OFFERS,
	APPLICANT_CLASSES,
	APPLICANT_HELD,
	APPLICANT_COLUMNS
};

enum ResultColumn
{
	RESULT_APPLICANT,
	RESULT_OFFER,
	RESULT_LIST_POSITION,
	RESULT_RESERVED_FOR,
	RESULT_REASON,
	RESULT_COLUMNS
};

static const QueryShape offer_shape = {
	.argument = "offers",
	.sqlstate = ERRCODE_INCLUSION_BAD_ALLOCATION,
	.ncolumns = OFFER_COLUMNS,
	.columns = {
		[OFFER_ID] = {"offer", .is_required = true, .not_null = true},
		[OFFER_CAPACITY] = {"capacity", .is_required = true, .not_null = true},
		[OFFER_RESERVES] = {"reserves", .is_array = true},
	},
};

static const QueryShape applicant_shape = {
	.argument = "applicants",
	.sqlstate = ERRCODE_INCLUSION_BAD_ALLOCATION,
	.ncolumns = APPLICANT_COLUMNS,
	.columns = {
		[APPLICANT_ID] = {"applicant", .is_required = true, .not_null = true},
		[APPLICANT_RANK] = {"rank", .is_required = true, .not_null = true},
		[APPLICANT_CATEGORIES] = {"categories"},
		[APPLICANT_OFFERS] = {"offers", .is_array = true, .is_required = true},
		[APPLICANT_CLASSES] = {"classes", .is_array = true},
		[APPLICANT_HELD] = {"held"},
	},
};

/*
 * The core's host
 */

/* One context holds everything: an error leaves nothing behind. */
static void *
host_reallocate(void *opaque, void *pointer, size_t size)
{
	if (pointer == NULL)
		return MemoryContextAllocHuge(opaque, size);
	return repalloc_huge(pointer, size);
}

static void
host_release(void *opaque, void *pointer)
{
	if (pointer != NULL)
		pfree(pointer);
}

static void
host_interrupt(void *opaque)
{
	CHECK_FOR_INTERRUPTS();
}

/*
 * Reading
 */

static void
report_input_problem(const AllocationInput *input, Problem *trouble)
{
	if (!input->too_large)
		report_problem(ERRCODE_INCLUSION_BAD_ALLOCATION, trouble);
	problem_hint(trouble, "Raise inclusion.allocation_mem, or allocate each territory apart.");
	report_problem(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, trouble);
}

static void
read_offer(const QueryValue *values, void *opaque)
{
	AllocationInput *input = opaque;
	Problem		trouble;
	AllocationOffer offer = {
		.id = values[OFFER_ID].integer,
		.capacity = values[OFFER_CAPACITY].integer,
		.length = values[OFFER_RESERVES].length,
		.reserves = values[OFFER_RESERVES].elements,
	};

	if (!allocation_input_add_offer(input, &offer, &trouble))
		report_input_problem(input, &trouble);
}

static void
read_applicant(const QueryValue *values, void *opaque)
{
	AllocationInput *input = opaque;
	const QueryValue *offers = &values[APPLICANT_OFFERS];
	const QueryValue *classes = &values[APPLICANT_CLASSES];
	const QueryValue *held = &values[APPLICANT_HELD];
	Problem		trouble;
	AllocationApplicant applicant = {
		.id = values[APPLICANT_ID].integer,
		.rank = values[APPLICANT_RANK].integer,
		.categories = values[APPLICANT_CATEGORIES].integer,
		.length = offers->length,
		.offers = offers->elements,
		.classes = classes->is_null ? NULL : classes->elements,
		.held = held->is_null ? NULL : &held->integer,
	};

	if (!classes->is_null && classes->length != offers->length)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_ALLOCATION),
				 errmsg("applicant " INT64_FORMAT " has %d offers but %d classes",
						applicant.id, offers->length, classes->length),
				 errhint("Give one class per offer, in the same order, or none at all.")));
	if (!allocation_input_add_applicant(input, &applicant, &trouble))
		report_input_problem(input, &trouble);
}

/*
 * Running
 */

/* What each person gets, by index of the person. */
typedef struct Outcome
{
	int32	   *position;		/* in its list; the length of the list: nothing */
	int8	   *category;		/* of the reserved place it takes, if any */
} Outcome;

/* A violation is an error of ours, never of the caller's. */
static void
refuse_violation(void *opaque, const AllocationViolation *violation)
{
	const AllocationInput *input = opaque;

	if (violation->person == ALLOCATION_NOBODY)
		elog(ERROR, "allocation failed its own check: %s at offer " INT64_FORMAT,
			 allocation_fault_code(violation->fault), input->offer_id[violation->offer]);
	elog(ERROR, "allocation failed its own check: %s for applicant " INT64_FORMAT,
		 allocation_fault_code(violation->fault), input->applicant_id[violation->person]);
}

static void
run_allocation(const AllocationProblem *problem, AllocationInput *input, Outcome *outcome)
{
	const Host *host = input->host;
	Size		people = (Size) problem->people + 1;
	Allocation *run;
	Problem		trouble;
	int64		violations;

	outcome->position = MemoryContextAllocExtended(host->opaque, people * sizeof(int32),
												   MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	outcome->category = MemoryContextAllocHuge(host->opaque, people * sizeof(int8));
	run = allocation_open(problem, host, outcome->position, &trouble);
	if (run == NULL || !allocation_propose(run, NULL, 0, &trouble))
		report_problem(ERRCODE_INTERNAL_ERROR, &trouble);
	allocation_close(run);
	if (!allocation_check(problem, host, outcome->position, refuse_violation, input,
						  &violations, &trouble) ||
		!allocation_assign_seats(problem, host, outcome->position, outcome->category, &trouble))
		report_problem(ERRCODE_INTERNAL_ERROR, &trouble);
}

/*
 * Returning
 */

static void
return_outcome(ReturnSetInfo *result, const AllocationInput *input,
			   const AllocationProblem *problem, const Outcome *outcome)
{
	Datum		reasons[ALLOCATION_REASON_COUNT];

	for (int reason = 0; reason < ALLOCATION_REASON_COUNT; reason++)
		reasons[reason] = CStringGetTextDatum(allocation_reason_code(reason));
	for (int32 i = 0; i < problem->people; i++)
	{
		int32		person = input->order[i];
		int32		position = outcome->position[person];
		int8		category = outcome->category[person];
		bool		placed = position < allocation_list_length(problem, person);
		Datum		values[RESULT_COLUMNS] = {0};
		bool		nulls[RESULT_COLUMNS] = {0};

		values[RESULT_APPLICANT] = Int64GetDatum(input->applicant_id[person]);
		if (placed)
			values[RESULT_OFFER] =
				Int64GetDatum(input->offer_id[problem->list_offer[problem->list_start[person] + position]]);
		/* From 1 in SQL: element of the list, element of the reserves */
		values[RESULT_LIST_POSITION] = Int32GetDatum(position + 1);
		values[RESULT_RESERVED_FOR] = Int32GetDatum(category + 1);
		values[RESULT_REASON] = reasons[allocation_reason(problem, person, position)];
		nulls[RESULT_OFFER] = nulls[RESULT_LIST_POSITION] = !placed;
		nulls[RESULT_RESERVED_FOR] = category == ALLOCATION_NO_RESERVE;
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		if (i % ALLOCATION_INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

/*
 * The function
 */

static char *
text_argument(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is null", name),
				 errhint("The two queries have no default; method and reserve_order can be left out.")));
	return text_to_cstring(PG_GETARG_TEXT_PP(number));
}

/* The only value of an option for now. */
static void
require_option(FunctionCallInfo fcinfo, int number, const char *name, const char *only)
{
	char	   *value = text_argument(fcinfo, number, name);

	if (strcmp(value, only) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("%s \"%s\" is not supported", name, value),
				 errhint("Use %s, the default.", only)));
}

PG_FUNCTION_INFO_V1(inclusion_allocate);
Datum
inclusion_allocate(PG_FUNCTION_ARGS)
{
	char	   *applicants = text_argument(fcinfo, 0, "applicants");
	char	   *offers = text_argument(fcinfo, 1, "offers");
	Host		host = {host_reallocate, host_release, host_interrupt, NULL};
	AllocationInput input;
	AllocationProblem problem;
	Outcome		outcome;
	Problem		trouble;

	require_option(fcinfo, 2, "method", "priority");
	require_option(fcinfo, 3, "reserve_order", "reserve_first");
	InitMaterializedSRF(fcinfo, 0);
	host.opaque = AllocSetContextCreate(CurrentMemoryContext, "inclusion allocation",
										ALLOCSET_DEFAULT_SIZES);
	allocation_input_open(&input, &host, inclusion_allocation_mem * INT64CONST(1024));

	SPI_connect();
	read_query(offers, &offer_shape, read_offer, &input);
	read_query(applicants, &applicant_shape, read_applicant, &input);
	SPI_finish();
	if (!allocation_input_finish(&input, &problem, &trouble))
		report_input_problem(&input, &trouble);
	run_allocation(&problem, &input, &outcome);
	return_outcome((ReturnSetInfo *) fcinfo->resultinfo, &input, &problem, &outcome);
	MemoryContextDelete(host.opaque);
	return (Datum) 0;
}
