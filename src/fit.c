/*
 * fit.c
 *		Operators between a supply and a need, and their explanations.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/selfuncs.h"

#include "fit.h"
#include "need.h"
#include "supply.h"

PreparedNeed *
fit_prepared(FmgrInfo *function, Datum datum)
{
	struct varlena *image = PG_DETOAST_DATUM_PACKED(datum);
	PreparedNeed *prepared = function->fn_extra;
	Need		need;

	if (prepared != NULL && VARSIZE_ANY_EXHDR(image) == sizeof(Need) &&
		memcmp((const char *) &prepared->need, VARDATA_ANY(image), sizeof(Need)) == 0)
		return prepared;

	need_read(PointerGetDatum(image), &need);
	if (prepared == NULL)
		prepared = MemoryContextAlloc(function->fn_mcxt, sizeof(PreparedNeed));
	fit_prepare(&need, prepared);
	function->fn_extra = prepared;
	return prepared;
}

/* Both operators exist in both directions. */

static bool
eligible(FunctionCallInfo fcinfo, int supply_argument, int need_argument)
{
	Supply		supply;

	supply_read(PG_GETARG_DATUM(supply_argument), &supply);
	return fit_eligible(fit_prepared(fcinfo->flinfo, PG_GETARG_DATUM(need_argument)), &supply);
}

static double
cost(FunctionCallInfo fcinfo, int supply_argument, int need_argument)
{
	Supply		supply;

	supply_read(PG_GETARG_DATUM(supply_argument), &supply);
	return fit_cost(fit_prepared(fcinfo->flinfo, PG_GETARG_DATUM(need_argument)), &supply);
}

PG_FUNCTION_INFO_V1(supply_need_eligible);
Datum
supply_need_eligible(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(eligible(fcinfo, 0, 1));
}

PG_FUNCTION_INFO_V1(need_supply_eligible);
Datum
need_supply_eligible(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(eligible(fcinfo, 1, 0));
}

/*
 * The share of the offers that are eligible: for a need known when planning, of
 * the sample that ANALYZE keeps.  Never so few that reading and sorting them
 * all would seem as good as taking the best from the index: an index also reads
 * what it refuses, which the planner's costs leave out.
 */
#define USUAL_SHARE 0.01
#define LEAST_SHARE 0.005

PG_FUNCTION_INFO_V1(supply_need_eligible_share);
Datum
supply_need_eligible_share(PG_FUNCTION_ARGS)
{
	double		share = generic_restriction_selectivity((PlannerInfo *) PG_GETARG_POINTER(0), PG_GETARG_OID(1),
														PG_GET_COLLATION(), (List *) PG_GETARG_POINTER(2),
														PG_GETARG_INT32(3), USUAL_SHARE);

	PG_RETURN_FLOAT8(Max(share, LEAST_SHARE));
}

PG_FUNCTION_INFO_V1(supply_need_cost);
Datum
supply_need_cost(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(cost(fcinfo, 0, 1));
}

PG_FUNCTION_INFO_V1(need_supply_cost);
Datum
need_supply_cost(PG_FUNCTION_ARGS)
{
	PG_RETURN_FLOAT8(cost(fcinfo, 1, 0));
}

PG_FUNCTION_INFO_V1(supply_need_distance);
Datum
supply_need_distance(PG_FUNCTION_ARGS)
{
	Supply		supply;
	Need		need;
	double		distance;

	supply_read(PG_GETARG_DATUM(0), &supply);
	need_read(PG_GETARG_DATUM(1), &need);
	if (!fit_distance(&need, &supply, &distance))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(distance);
}

/*
 * Explanations
 */

static Datum
reasons_array(uint32 refusals)
{
	Datum		reasons[FIT_REASON_COUNT];
	int			count = 0;

	for (int reason = 0; reason < FIT_REASON_COUNT; reason++)
	{
		if (refusals >> reason & 1)
			reasons[count++] = CStringGetTextDatum(fit_reasons[reason]);
	}
	return PointerGetDatum(construct_array(reasons, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The columns of match_terms(), in their order. */
enum
{
	TERMS_ELIGIBLE,
	TERMS_REASONS,
	TERMS_COVERAGE,
	TERMS_FIT,
	TERMS_PROXIMITY,
	TERMS_DISTANCE,
	TERMS_TERM_COVERAGE,
	TERMS_TERM_AUDIENCE,
	TERMS_TERM_QUALITY,
	TERMS_TERM_DISTANCE,
	TERMS_TERM_PRICE,
	TERMS_COST,
	TERMS_COLUMNS
};

PG_FUNCTION_INFO_V1(match_terms);
Datum
match_terms(PG_FUNCTION_ARGS)
{
	PreparedNeed *prepared = fit_prepared(fcinfo->flinfo, PG_GETARG_DATUM(1));
	Datum		values[TERMS_COLUMNS];
	bool		nulls[TERMS_COLUMNS] = {false};
	TupleDesc	columns;
	Supply		supply;
	FitMeasures measures;
	FitTerms	terms;
	double		distance = 0;

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "match_terms does not return a row");
	supply_read(PG_GETARG_DATUM(0), &supply);
	fit_measure(prepared, &supply, &measures);
	fit_weigh(&prepared->need, &measures, &terms);
	nulls[TERMS_DISTANCE] = !fit_distance(&prepared->need, &supply, &distance);

	values[TERMS_ELIGIBLE] = BoolGetDatum(fit_eligible(prepared, &supply));
	values[TERMS_REASONS] = reasons_array(fit_refusals(prepared, &supply));
	values[TERMS_COVERAGE] = Float8GetDatum(measures.coverage);
	values[TERMS_FIT] = Float8GetDatum(measures.fit);
	values[TERMS_PROXIMITY] = Float8GetDatum(measures.proximity);
	values[TERMS_DISTANCE] = Float8GetDatum(distance);
	values[TERMS_TERM_COVERAGE] = Float8GetDatum(terms.coverage);
	values[TERMS_TERM_AUDIENCE] = Float8GetDatum(terms.audience);
	values[TERMS_TERM_QUALITY] = Float8GetDatum(terms.quality);
	values[TERMS_TERM_DISTANCE] = Float8GetDatum(terms.distance);
	values[TERMS_TERM_PRICE] = Float8GetDatum(terms.price);
	values[TERMS_COST] = Float8GetDatum(terms.cost);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls)));
}

/* The columns of match_gains(), in their order. */
enum
{
	GAINS_CODE,
	GAINS_CURRENT,
	GAINS_TARGET,
	GAINS_REQUIRES,
	GAINS_TEACHES,
	GAINS_WEIGHT,
	GAINS_GAIN,
	GAINS_COLUMNS
};

static void
put_gain(ReturnSetInfo *result, const Need *need, const FitGain *gain)
{
	int			slot = gain->wanted->slot;
	Datum		values[GAINS_COLUMNS];
	bool		nulls[GAINS_COLUMNS] = {false};

	values[GAINS_CODE] = CStringGetTextDatum(competence_code(need->framework, slot));
	values[GAINS_CURRENT] = Int32GetDatum(need->current[slot]);
	nulls[GAINS_CURRENT] = need->current[slot] == COMPETENCE_NOT_ASSESSED;
	values[GAINS_TARGET] = Int32GetDatum(gain->wanted->target);
	values[GAINS_REQUIRES] = Int32GetDatum(gain->requires);
	values[GAINS_TEACHES] = Int32GetDatum(gain->teaches);
	nulls[GAINS_REQUIRES] = nulls[GAINS_TEACHES] = !gain->taught;
	values[GAINS_WEIGHT] = Int32GetDatum(gain->wanted->weight);
	values[GAINS_GAIN] = Int32GetDatum(gain->gain);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(match_gains);
Datum
match_gains(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	PreparedNeed *prepared = fit_prepared(fcinfo->flinfo, PG_GETARG_DATUM(1));
	Supply		supply;
	FitGain		gain;

	InitMaterializedSRF(fcinfo, 0);
	supply_read(PG_GETARG_DATUM(0), &supply);
	for (int i = 0; i < prepared->wanted_count; i++)
	{
		fit_gain(prepared, &supply, &prepared->wanted[i], &gain);
		put_gain(result, &prepared->need, &gain);
	}
	return (Datum) 0;
}
