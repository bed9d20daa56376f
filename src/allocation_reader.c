/*
 * allocation_reader.c
 *		From two queries to a problem for the core.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "utils/builtins.h"

#include "allocation_reader.h"
#include "errors.h"
#include "face.h"
#include "inclusion.h"
#include "query_reader.h"

enum OfferColumn
{
	OFFER_ID,
	OFFER_CAPACITY,
	OFFER_RESERVES,
	OFFER_SHARES_WITH,			/* where lists grow */
	OFFER_COLUMNS
};

enum ApplicantColumn
{
	APPLICANT_ID,
	APPLICANT_RANK,
	APPLICANT_CATEGORIES,
	APPLICANT_OFFERS,
	APPLICANT_CLASSES,
	APPLICANT_SCORES,
	APPLICANT_HELD,
	APPLICANT_ASKED,			/* and those after it: where lists grow */
	APPLICANT_MOST,
	APPLICANT_KNOWN,
	APPLICANT_COLUMNS
};

static const QueryShape offer_shape = {
	.argument = "offers",
	.sqlstate = ERRCODE_INCLUSION_BAD_ALLOCATION,
	.ncolumns = OFFER_SHARES_WITH,
	.columns = {
		[OFFER_ID] = {"offer", .is_required = true, .not_null = true},
		[OFFER_CAPACITY] = {"capacity", .is_required = true, .not_null = true},
		[OFFER_RESERVES] = {"reserves", .is_array = true},
		[OFFER_SHARES_WITH] = {"shares_with"},
	},
};

static const QueryShape applicant_shape = {
	.argument = "applicants",
	.sqlstate = ERRCODE_INCLUSION_BAD_ALLOCATION,
	.ncolumns = APPLICANT_ASKED,
	.columns = {
		[APPLICANT_ID] = {"applicant", .is_required = true, .not_null = true},
		[APPLICANT_RANK] = {"rank", .is_required = true, .not_null = true},
		[APPLICANT_CATEGORIES] = {"categories"},
		[APPLICANT_OFFERS] = {"offers", .is_array = true, .is_required = true},
		[APPLICANT_CLASSES] = {"classes", .is_array = true},
		[APPLICANT_SCORES] = {"scores", .is_array = true},
		[APPLICANT_HELD] = {"held"},
		[APPLICANT_ASKED] = {"asked", .is_required = true},
		[APPLICANT_MOST] = {"most", .is_required = true},
		[APPLICANT_KNOWN] = {"known", .is_required = true},
	},
};

/*
 * Reading
 */

static void
report_input_problem(const AllocationInput *input, Problem *trouble)
{
	if (!input->too_large)
		report_problem(ERRCODE_INCLUSION_BAD_ALLOCATION, trouble);
	problem_hint(trouble, "Raise inclusion.allocation_mem, or allocate each territory apart.");
	report_problem(ERRCODE_OUT_OF_MEMORY, trouble);
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

	if (input->grows && !values[OFFER_SHARES_WITH].is_null)
		offer.shares_with = &values[OFFER_SHARES_WITH].integer;

	if (!allocation_input_add_offer(input, &offer, &trouble))
		report_input_problem(input, &trouble);
}

/* An array that is not there has no length to be wrong, unless it is needed. */
static void
require_parallel(const AllocationApplicant *applicant, const char *name,
				 const QueryValue *array, bool is_needed)
{
	if (array->length == applicant->length || (array->is_null && !is_needed))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INCLUSION_BAD_ALLOCATION),
			 errmsg("applicant " INT64_FORMAT " has %d offers but %d %s",
					applicant->id, applicant->length, array->length, name),
			 errhint("Give one element of \"%s\" per offer, in the same order.", name)));
}

static void
read_applicant(const QueryValue *values, void *opaque)
{
	AllocationInput *input = opaque;
	const QueryValue *offers = &values[APPLICANT_OFFERS];
	const QueryValue *classes = &values[APPLICANT_CLASSES];
	const QueryValue *scores = &values[APPLICANT_SCORES];
	const QueryValue *held = &values[APPLICANT_HELD];
	Problem		trouble;
	AllocationApplicant applicant = {
		.id = values[APPLICANT_ID].integer,
		.rank = values[APPLICANT_RANK].integer,
		.categories = values[APPLICANT_CATEGORIES].integer,
		.length = offers->length,
		.offers = offers->elements,
		.classes = classes->is_null ? NULL : classes->elements,
		.scores = scores->elements,
		.held = held->is_null ? NULL : &held->integer,
	};

	if (input->grows)
	{
		applicant.asked = values[APPLICANT_ASKED].integer;
		applicant.most = values[APPLICANT_MOST].integer;
		applicant.known = values[APPLICANT_KNOWN].integer;
	}
	require_parallel(&applicant, "classes", classes, false);
	require_parallel(&applicant, "scores", scores, input->scored);
	if (!allocation_input_add_applicant(input, &applicant, &trouble))
		report_input_problem(input, &trouble);
}

/*
 * The two queries
 */

char *
allocation_argument(FunctionCallInfo fcinfo, int number, const char *name)
{
	if (PG_ARGISNULL(number))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_ALLOCATION),
				 errmsg("argument \"%s\" is null", name),
				 errhint("A query has no default; an option can be left out.")));
	return text_to_cstring(PG_GETARG_TEXT_PP(number));
}

void
read_allocation(const char *applicants, const char *offers, AllocationKind kind,
				bool grows, const Host *host, AllocationInput *input, AllocationProblem *problem)
{
	QueryShape	shape = applicant_shape;
	QueryShape	places = offer_shape;
	Problem		trouble;

	shape.columns[APPLICANT_SCORES].is_required = kind == ALLOCATION_MAX_SCORE;
	if (grows)
	{
		shape.ncolumns = APPLICANT_COLUMNS;
		places.ncolumns = OFFER_COLUMNS;
	}
	allocation_input_open(input, host, kind, inclusion_allocation_mem * INT64CONST(1024));
	input->grows = grows;
	SPI_connect();
	read_query(offers, &places, read_offer, input);
	read_query(applicants, &shape, read_applicant, input);
	SPI_finish();
	if (!allocation_input_finish(input, problem, &trouble))
		report_input_problem(input, &trouble);
}
