/*
 * call_order.c
 *		inclusion.order_calls(): whom to call first, out of a query.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "allocation_reader.h"
#include "core/call_order.h"
#include "core/order.h"
#include "errors.h"
#include "host.h"
#include "query_reader.h"

enum CallColumn
{
	CALL_APPLICANT,
	CALL_RANK,
	CALL_CATEGORIES,
	CALL_COLUMNS
};

static const QueryShape call_shape = {
	.argument = "applicants",
	.sqlstate = ERRCODE_INCLUSION_BAD_ALLOCATION,
	.ncolumns = CALL_COLUMNS,
	.columns = {
		[CALL_APPLICANT] = {"applicant", .is_required = true, .not_null = true},
		[CALL_RANK] = {"rank", .is_required = true, .not_null = true},
		[CALL_CATEGORIES] = {"categories"},
	},
};

typedef struct CallList
{
	MemoryContext context;
	int32		people;
	int32		room;
	int64	   *id;
	int64	   *rank;
	uint8	   *type;
} CallList;

static void
read_row(const QueryValue *values, void *opaque)
{
	CallList   *list = opaque;
	int64		categories = values[CALL_CATEGORIES].integer;

	if (categories < 0 || categories >= 1 << CALL_RATES_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_ALLOCATION),
				 errmsg("applicant " INT64_FORMAT " has categories " INT64_FORMAT,
						values[CALL_APPLICANT].integer, categories),
				 errhint("Categories are a mask: 1 for the first, 2 for the second, 3 for both.")));
	if (list->people == list->room)
	{
		if (list->room > INT32_MAX / 2)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("query \"applicants\" gives more than %d rows", list->room)));
		list->room *= 2;
		list->id = repalloc_huge(list->id, list->room * sizeof(int64));
		list->rank = repalloc_huge(list->rank, list->room * sizeof(int64));
		list->type = repalloc_huge(list->type, list->room * sizeof(uint8));
	}
	list->id[list->people] = values[CALL_APPLICANT].integer;
	list->rank[list->people] = values[CALL_RANK].integer;
	list->type[list->people] = (uint8) categories;
	list->people++;
}

static void
read_rates(FunctionCallInfo fcinfo, int32 *rates)
{
	ArrayType  *array = PG_ARGISNULL(1) ? construct_empty_array(INT4OID) : PG_GETARG_ARRAYTYPE_P(1);
	int			count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (PG_ARGISNULL(1) || ARR_NDIM(array) > 1 || count > CALL_RATES_MAX || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_ALLOCATION),
				 errmsg("argument \"rates\" is not a list of %d rates at most", CALL_RATES_MAX),
				 errhint("Give the share of the first category, then of the second, in per cent of the calls.")));
	for (int i = 0; i < count; i++)
	{
		rates[i] = ((int32 *) ARR_DATA_PTR(array))[i];
		if (rates[i] < 0 || rates[i] > 100)
			ereport(ERROR,
					(errcode(ERRCODE_INCLUSION_BAD_ALLOCATION),
					 errmsg("rate %d is outside 0 to 100", rates[i]),
					 errhint("A rate is in per cent of the calls.")));
	}
}

/* Nobody twice; no two of the same rank. */
static void
refuse_repeated(const CallList *list, const int32 *order, const int64 *values, const char *what)
{
	for (int32 i = 1; i < list->people; i++)
	{
		if (values[order[i]] == values[order[i - 1]])
			ereport(ERROR,
					(errcode(ERRCODE_INCLUSION_BAD_ALLOCATION),
					 errmsg("applicants " INT64_FORMAT " and " INT64_FORMAT " have the same %s " INT64_FORMAT,
							list->id[order[i - 1]], list->id[order[i]], what, values[order[i]]),
					 errhint("Give one row per applicant, and distinct ranks.")));
	}
}

static void
return_calls(ReturnSetInfo *result, const CallList *list, const int32 *by_rank, const int32 *calls)
{
	for (int32 i = 0; i < list->people; i++)
	{
		Datum		values[] = {Int32GetDatum(i + 1), Int64GetDatum(list->id[by_rank[calls[i]]])};
		bool		nulls[] = {false, false};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
		if (i % ALLOCATION_INTERRUPT_EVERY == 0)
			CHECK_FOR_INTERRUPTS();
	}
}

static void *
new_array(const CallList *list, Size width)
{
	return MemoryContextAllocHuge(list->context, ((Size) list->people + 1) * width);
}

PG_FUNCTION_INFO_V1(inclusion_order_calls);
Datum
inclusion_order_calls(PG_FUNCTION_ARGS)
{
	char	   *applicants = allocation_argument(fcinfo, 0, "applicants");
	int32		rates[CALL_RATES_MAX] = {0};
	CallList	list = {.room = 1024};
	Host		host;
	int32	   *order;
	int32	   *calls;
	uint8	   *type;

	read_rates(fcinfo, rates);
	InitMaterializedSRF(fcinfo, 0);
	list.context = AllocSetContextCreate(CurrentMemoryContext, "inclusion calls",
										 ALLOCSET_DEFAULT_SIZES);
	list.id = MemoryContextAlloc(list.context, list.room * sizeof(int64));
	list.rank = MemoryContextAlloc(list.context, list.room * sizeof(int64));
	list.type = MemoryContextAlloc(list.context, list.room * sizeof(uint8));
	SPI_connect();
	read_query(applicants, &call_shape, read_row, &list);
	SPI_finish();

	host = host_of(list.context);
	order = new_array(&list, sizeof(int32));
	calls = new_array(&list, sizeof(int32));
	type = new_array(&list, sizeof(uint8));
	order_indexes(&host, list.id, list.people, order);
	refuse_repeated(&list, order, list.id, "identifier");
	order_indexes(&host, list.rank, list.people, order);
	refuse_repeated(&list, order, list.rank, "rank");
	for (int32 i = 0; i < list.people; i++)
		type[i] = list.type[order[i]];
	call_order(list.people, type, rates, calls);
	return_calls((ReturnSetInfo *) fcinfo->resultinfo, &list, order, calls);
	MemoryContextDelete(list.context);
	return (Datum) 0;
}
