/*
 * proportion.c
 *		Aggregate proportion, intervals of a proportion, paired proportions.
 */
#include "postgres.h"

#include "core/proportion.h"
#include "state.h"

static const StateKind *const kinds[] = {&proportion_kind};
static const StateType proportion_type = {"proportion_state", lengthof(kinds), kinds};

PG_FUNCTION_INFO_V1(proportion_state_in);
Datum
proportion_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &proportion_type);
}

PG_FUNCTION_INFO_V1(proportion_state_recv);
Datum
proportion_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &proportion_type);
}

PG_FUNCTION_INFO_V1(proportion_accum);
Datum
proportion_accum(PG_FUNCTION_ARGS)
{
	Proportion *proportion = (Proportion *) state_transition(fcinfo, &proportion_kind);

	if (PG_ARGISNULL(1))
		proportion->n_missing++;
	else
	{
		proportion->n++;
		proportion->x += PG_GETARG_BOOL(1);
	}
	return PointerGetDatum(proportion);
}

PG_FUNCTION_INFO_V1(proportion_state_summary);
Datum
proportion_state_summary(PG_FUNCTION_ARGS)
{
	const Proportion *proportion = (const Proportion *) STATE_ARGUMENT(0, &proportion_type);
	double		level = level_argument(fcinfo, 1);
	ResultRow	row = {0};

	put_count(&row, proportion->n);
	put_count(&row, proportion->x);
	put_count(&row, proportion->n_missing);
	put_number(&row, (double) proportion->x / proportion->n);
	put_interval(&row, interval_wilson(proportion->x, proportion->n, level));
	return result_row(fcinfo, &row);
}

typedef Limits (*Interval) (int64_t x, int64_t n, double level);

/* Each interval of (x, n, level). */
static Datum
interval_of(FunctionCallInfo fcinfo, Interval interval, bool by_beta)
{
	int64		x = PG_GETARG_INT64(0);
	int64		n = PG_GETARG_INT64(1);
	double		level = level_argument(fcinfo, 2);
	ResultRow	row = {0};
	Problem		problem;

	if (!measure_count(x, n, &problem) || (by_beta && !measure_beta_count(n, &problem)))
		refuse_measure(&problem);
	if (n == 0)
		PG_RETURN_NULL();
	put_interval(&row, interval(x, n, level));
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(proportion_wilson);
Datum
proportion_wilson(PG_FUNCTION_ARGS)
{
	return interval_of(fcinfo, interval_wilson, false);
}

PG_FUNCTION_INFO_V1(proportion_wilson_corrected);
Datum
proportion_wilson_corrected(PG_FUNCTION_ARGS)
{
	return interval_of(fcinfo, interval_wilson_corrected, false);
}

PG_FUNCTION_INFO_V1(proportion_jeffreys);
Datum
proportion_jeffreys(PG_FUNCTION_ARGS)
{
	return interval_of(fcinfo, interval_jeffreys, true);
}

PG_FUNCTION_INFO_V1(proportion_clopper_pearson);
Datum
proportion_clopper_pearson(PG_FUNCTION_ARGS)
{
	return interval_of(fcinfo, interval_clopper_pearson, true);
}

PG_FUNCTION_INFO_V1(proportion_mcnemar);
Datum
proportion_mcnemar(PG_FUNCTION_ARGS)
{
	PairedProportion paired;
	ResultRow	row = {0};
	Problem		problem;

	if (!mcnemar(PG_GETARG_INT64(0), PG_GETARG_INT64(1), PG_GETARG_INT64(2), &paired, &problem))
		refuse_measure(&problem);
	put_number(&row, paired.difference);
	put_number(&row, paired.chisq);
	put_number(&row, paired.p_chisq);
	put_number(&row, paired.p_exact);
	put_number(&row, paired.p);
	return result_row(fcinfo, &row);
}
