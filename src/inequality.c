/*
 * inequality.c
 *		Aggregates dist and conc: how unequally something is shared.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"

#include "core/inequality.h"
#include "state.h"

static const StateKind *const dist_kinds[] = {&dist_kind};
static const StateType dist_type = {"dist_state", lengthof(dist_kinds), dist_kinds};

static const StateKind *const conc_kinds[] = {&conc_kind};
static const StateType conc_type = {"conc_state", lengthof(conc_kinds), conc_kinds};

PG_FUNCTION_INFO_V1(dist_state_in);
Datum
dist_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &dist_type);
}

PG_FUNCTION_INFO_V1(dist_state_recv);
Datum
dist_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &dist_type);
}

PG_FUNCTION_INFO_V1(conc_state_in);
Datum
conc_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &conc_type);
}

PG_FUNCTION_INFO_V1(conc_state_recv);
Datum
conc_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &conc_type);
}

/*
 * Distributions
 */

static Datum
dist_accumulate(FunctionCallInfo fcinfo, double value, double weight)
{
	StateCell	row[STATE_CELLS_MAX];
	Problem		problem;

	if (!dist_row(value, weight, row, &problem))
		refuse_measure(&problem);
	return state_accumulate(fcinfo, &dist_kind, row);
}

PG_FUNCTION_INFO_V1(dist_accum);
Datum
dist_accum(PG_FUNCTION_ARGS)
{
	STATE_SKIP_IF_NULL(1, 1);
	return dist_accumulate(fcinfo, PG_GETARG_FLOAT8(1), 1);
}

PG_FUNCTION_INFO_V1(dist_accum_weighted);
Datum
dist_accum_weighted(PG_FUNCTION_ARGS)
{
	STATE_SKIP_IF_NULL(1, 2);
	return dist_accumulate(fcinfo, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));
}

PG_FUNCTION_INFO_V1(dist_state_gini);
Datum
dist_state_gini(PG_FUNCTION_ARGS)
{
	RETURN_NUMBER(dist_gini(STATE_ARGUMENT(0, &dist_type), PG_GETARG_BOOL(1)));
}

PG_FUNCTION_INFO_V1(dist_state_theil_t);
Datum
dist_state_theil_t(PG_FUNCTION_ARGS)
{
	RETURN_NUMBER(dist_theil_t(STATE_ARGUMENT(0, &dist_type)));
}

PG_FUNCTION_INFO_V1(dist_state_theil_l);
Datum
dist_state_theil_l(PG_FUNCTION_ARGS)
{
	RETURN_NUMBER(dist_theil_l(STATE_ARGUMENT(0, &dist_type)));
}

PG_FUNCTION_INFO_V1(dist_state_atkinson);
Datum
dist_state_atkinson(PG_FUNCTION_ARGS)
{
	double		aversion = PG_GETARG_FLOAT8(1);

	if (!(aversion >= 0 && isfinite(aversion)))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("invalid aversion to inequality: %g", aversion),
				 errhint("Give a number from 0 up, such as 0.5.")));
	RETURN_NUMBER(dist_atkinson(STATE_ARGUMENT(0, &dist_type), aversion));
}

PG_FUNCTION_INFO_V1(dist_state_hoover);
Datum
dist_state_hoover(PG_FUNCTION_ARGS)
{
	RETURN_NUMBER(dist_hoover(STATE_ARGUMENT(0, &dist_type)));
}

PG_FUNCTION_INFO_V1(dist_state_zero_share);
Datum
dist_state_zero_share(PG_FUNCTION_ARGS)
{
	RETURN_NUMBER(dist_zero_share(STATE_ARGUMENT(0, &dist_type)));
}

/* The groups of an array of states; those that are NULL hold nobody. */
PG_FUNCTION_INFO_V1(dist_state_theil_parts);
Datum
dist_state_theil_parts(PG_FUNCTION_ARGS)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(0);
	DistTotals	whole = {0, 0};
	TheilParts	parts = {0, 0};
	ResultRow	row = {0};
	Datum	   *groups;
	bool	   *nulls;
	int			count;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &groups, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		DistTotals	totals = {0, 0};

		if (!nulls[i])
			totals = dist_totals(state_from_datum(groups[i], &dist_type));
		whole.weight += totals.weight;
		whole.sum += totals.sum;
	}
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i])
			theil_add_group(&parts, state_from_datum(groups[i], &dist_type), &whole);
	}
	put_number(&row, whole.sum > 0 ? parts.within : NAN);
	put_number(&row, whole.sum > 0 ? parts.between : NAN);
	put_number(&row, whole.sum > 0 ? parts.within + parts.between : NAN);
	return result_row(fcinfo, &row);
}

/*
 * Concentration
 */

static Datum
conc_accumulate(FunctionCallInfo fcinfo, double value, double rank_key, double weight)
{
	StateCell	row[STATE_CELLS_MAX];
	Problem		problem;

	if (!conc_row(value, rank_key, weight, row, &problem))
		refuse_measure(&problem);
	return state_accumulate(fcinfo, &conc_kind, row);
}

PG_FUNCTION_INFO_V1(conc_accum);
Datum
conc_accum(PG_FUNCTION_ARGS)
{
	STATE_SKIP_IF_NULL(1, 2);
	return conc_accumulate(fcinfo, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), 1);
}

PG_FUNCTION_INFO_V1(conc_accum_weighted);
Datum
conc_accum_weighted(PG_FUNCTION_ARGS)
{
	STATE_SKIP_IF_NULL(1, 2);
	STATE_SKIP_IF_NULL(3, 3);
	return conc_accumulate(fcinfo, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3));
}

PG_FUNCTION_INFO_V1(conc_state_index);
Datum
conc_state_index(PG_FUNCTION_ARGS)
{
	RETURN_NUMBER(conc_measure(STATE_ARGUMENT(0, &conc_type)).index);
}

/* The same of a state that an aggregate is still making. */
PG_FUNCTION_INFO_V1(conc_index_final);
Datum
conc_index_final(PG_FUNCTION_ARGS)
{
	RETURN_NUMBER(conc_measure(state_from_datum(state_settled(PG_GETARG_DATUM(0)), &conc_type)).index);
}

/* An index for an outcome within bounds, which hold its mean. */
static Datum
bounded_index(FunctionCallInfo fcinfo,
			  double (*index) (const Concentration *concentration, double low, double high))
{
	Concentration concentration = conc_measure(STATE_ARGUMENT(0, &conc_type));
	double		low = PG_GETARG_FLOAT8(1);
	double		high = PG_GETARG_FLOAT8(2);

	if (!(low < high && concentration.mean >= low && concentration.mean <= high))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("bounds %g and %g of an outcome of mean %g", low, high, concentration.mean),
				 errhint("Give the least and the largest value the outcome can take.")));
	RETURN_NUMBER(index(&concentration, low, high));
}

PG_FUNCTION_INFO_V1(conc_state_erreygers);
Datum
conc_state_erreygers(PG_FUNCTION_ARGS)
{
	return bounded_index(fcinfo, conc_erreygers);
}

PG_FUNCTION_INFO_V1(conc_state_wagstaff);
Datum
conc_state_wagstaff(PG_FUNCTION_ARGS)
{
	return bounded_index(fcinfo, conc_wagstaff);
}
