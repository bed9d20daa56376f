/*
 * match_offers.c
 *		inclusion.match_offers(): the best offers for a need, out of memory;
 *		inclusion.best_offers(): the same but for some, with their costs alone;
 *		inclusion.offers_ahead(): those that come before one.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "errors.h"
#include "fit.h"
#include "need.h"
#include "offer_store.h"

/* The columns of match_list, in their order. */
enum
{
	LIST_OFFERS,
	LIST_COSTS,
	LIST_COVERAGES,
	LIST_FITS,
	LIST_DISTANCES,
	LIST_COLUMNS
};

static void
check_length(int k)
{
	if (k < 1 || k > BLOCK_MATCHES_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_OUT_OF_BOUNDS),
				 errmsg("k must be between 1 and %d, not %d", BLOCK_MATCHES_MAX, k),
				 errhint("Ask for the ten best with k => 10.")));
}

static Datum
make_array(Datum *values, bool *nulls, int length, Oid type)
{
	int			start = 1;

	if (length == 0)
		return PointerGetDatum(construct_empty_array(type));
	return PointerGetDatum(construct_md_array(values, nulls, 1, &length, &start, type,
											  sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* The measures that belong to need and offer together; the others are the offer's own. */
static Datum
make_list(FunctionCallInfo fcinfo, const PreparedNeed *prepared, const BlockMatch *matches, int length)
{
	Datum		elements[LIST_COLUMNS][BLOCK_MATCHES_MAX];
	bool		nowhere[BLOCK_MATCHES_MAX];
	Datum		values[LIST_COLUMNS];
	bool		nulls[LIST_COLUMNS] = {false};
	TupleDesc	columns;

	for (int i = 0; i < length; i++)
	{
		const Supply *supply = matches[i].supply;
		FitMeasures measures;
		double		distance = 0;

		fit_measure(prepared, supply, &measures);
		nowhere[i] = !fit_distance(&prepared->need, supply, &distance);
		elements[LIST_OFFERS][i] = Int64GetDatum(matches[i].id);
		elements[LIST_COSTS][i] = Float8GetDatum(matches[i].cost);
		elements[LIST_COVERAGES][i] = Float8GetDatum(measures.coverage);
		elements[LIST_FITS][i] = Float8GetDatum(measures.fit);
		elements[LIST_DISTANCES][i] = Float8GetDatum(distance);
	}
	for (int i = 0; i < LIST_COLUMNS; i++)
		values[i] = make_array(elements[i], i == LIST_DISTANCES ? nowhere : NULL, length,
							   i == LIST_OFFERS ? INT8OID : FLOAT8OID);

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "match_offers does not return a row");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls));
}

/* The k best for the need that is the first argument, which it prepares. */
static int
find_best(FunctionCallInfo fcinfo, const char *query, int k, PreparedNeed *prepared, BlockMatch *matches)
{
	BlockStore *store;
	Need		need;

	need_read(PG_GETARG_DATUM(0), &need);
	fit_prepare(&need, prepared);
	store = offer_store(fcinfo->flinfo, query, PG_GETARG_BOOL(2));
	return block_match(store, prepared, &LANE_FASTEST, k, matches);
}

static Datum
match(FunctionCallInfo fcinfo, const char *query)
{
	int			k = PG_GETARG_INT32(1);
	BlockMatch	matches[BLOCK_MATCHES_MAX];
	PreparedNeed prepared;
	int			length;

	check_length(k);
	length = find_best(fcinfo, query, k, &prepared, matches);
	return make_list(fcinfo, &prepared, matches, length);
}

PG_FUNCTION_INFO_V1(match_offers);
Datum
match_offers(PG_FUNCTION_ARGS)
{
	return match(fcinfo, OFFERS_OF_REGISTRY);
}

PG_FUNCTION_INFO_V1(match_offers_of);
Datum
match_offers_of(PG_FUNCTION_ARGS)
{
	return match(fcinfo, text_to_cstring(PG_GETARG_TEXT_PP(3)));
}

/* Offers found, as many as there are; what an array cannot hold is an error. */
typedef struct Ahead
{
	Datum	   *ids;
	int			count;
	int			room;
} Ahead;

static void
add_ahead(void *opaque, int64_t id)
{
	Ahead	   *ahead = opaque;

	if (ahead->count == ahead->room)
	{
		ahead->room *= 2;
		ahead->ids = repalloc(ahead->ids, ahead->room * sizeof(Datum));
	}
	ahead->ids[ahead->count++] = Int64GetDatum(id);
}

PG_FUNCTION_INFO_V1(offers_ahead);
Datum
offers_ahead(PG_FUNCTION_ARGS)
{
	double		cost = PG_GETARG_FLOAT8(1);
	BlockStore *store;
	PreparedNeed prepared;
	Need		need;
	Ahead		ahead = {.room = 64};

	if (isnan(cost))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a cost is a number"),
				 errhint("Give that of the offer to come before, or infinity for every eligible offer.")));
	need_read(PG_GETARG_DATUM(0), &need);
	fit_prepare(&need, &prepared);
	store = offer_store(fcinfo->flinfo, text_to_cstring(PG_GETARG_TEXT_PP(3)), false);
	ahead.ids = palloc(ahead.room * sizeof(Datum));
	block_ahead(store, &prepared, &LANE_FASTEST, cost, PG_GETARG_INT64(2), add_ahead, &ahead);
	return make_array(ahead.ids, NULL, ahead.count, INT8OID);
}

/* Keep those that are not struck, k at most; returns how many. */
static int
leave_out(const int64 *struck, int struck_count, int k, BlockMatch *matches, int length)
{
	int			kept = 0;

	for (int i = 0; i < length && kept < k; i++)
	{
		bool		is_struck = false;

		for (int j = 0; j < struck_count && !is_struck; j++)
			is_struck = struck[j] == matches[i].id;
		if (!is_struck)
			matches[kept++] = matches[i];
	}
	return kept;
}

PG_FUNCTION_INFO_V1(best_offers);
Datum
best_offers(PG_FUNCTION_ARGS)
{
	int			k = PG_GETARG_INT32(1);
	ArrayType  *struck = PG_GETARG_ARRAYTYPE_P(4);
	int			struck_count = ArrayGetNItems(ARR_NDIM(struck), ARR_DIMS(struck));
	BlockMatch	matches[BLOCK_MATCHES_MAX];
	PreparedNeed prepared;
	Datum		elements[2][BLOCK_MATCHES_MAX];
	Datum		values[2];
	bool		nulls[2] = {false, false};
	TupleDesc	columns;
	int			length;

	check_length(k);
	if (ARR_NDIM(struck) > 1 || array_contains_nulls(struck))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("offers struck off are one list, without NULL")));
	length = find_best(fcinfo, text_to_cstring(PG_GETARG_TEXT_PP(3)),
					   Min((int64) k + struck_count, BLOCK_MATCHES_MAX), &prepared, matches);
	length = leave_out((const int64 *) ARR_DATA_PTR(struck), struck_count, k, matches, length);
	for (int i = 0; i < length; i++)
	{
		elements[0][i] = Int64GetDatum(matches[i].id);
		elements[1][i] = Float8GetDatum(matches[i].cost);
	}
	values[0] = make_array(elements[0], NULL, length, INT8OID);
	values[1] = make_array(elements[1], NULL, length, FLOAT8OID);
	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "best_offers does not return a row");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls));
}

PG_FUNCTION_INFO_V1(match_scores);
Datum
match_scores(PG_FUNCTION_ARGS)
{
	ArrayType  *costs = PG_GETARG_ARRAYTYPE_P(0);
	int			length = ArrayGetNItems(ARR_NDIM(costs), ARR_DIMS(costs));
	const double *cost = (const double *) ARR_DATA_PTR(costs);
	Datum	   *scores = palloc(length * sizeof(Datum));

	if (ARR_NDIM(costs) > 1 || array_contains_nulls(costs))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("costs are one list, without NULL")));
	for (int i = 0; i < length; i++)
		scores[i] = Int32GetDatum(fit_score(cost[i]));
	PG_RETURN_ARRAYTYPE_P(construct_array(scores, length, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}
