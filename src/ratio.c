/*
 * ratio.c
 *		Aggregate ratio: a ratio of totals.
 */
#include "postgres.h"

#include "core/ratio.h"
#include "state.h"

static const StateKind *const kinds[] = {&ratio_kind, &ratio_float_kind};
static const StateType ratio_type = {"ratio_state", lengthof(kinds), kinds};

PG_FUNCTION_INFO_V1(ratio_state_in);
Datum
ratio_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &ratio_type);
}

PG_FUNCTION_INFO_V1(ratio_state_recv);
Datum
ratio_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &ratio_type);
}

static Datum
accumulate(FunctionCallInfo fcinfo, int64 num, int64 den)
{
	Ratio	   *ratio = (Ratio *) state_transition(fcinfo, &ratio_kind);

	if (!ratio_add(ratio, num, den))
		refuse_overflow(&ratio_kind);
	return PointerGetDatum(ratio);
}

PG_FUNCTION_INFO_V1(ratio_accum_int4);
Datum
ratio_accum_int4(PG_FUNCTION_ARGS)
{
	STATE_SKIP_IF_NULL(1, 2);
	return accumulate(fcinfo, PG_GETARG_INT32(1), PG_GETARG_INT32(2));
}

PG_FUNCTION_INFO_V1(ratio_accum_int8);
Datum
ratio_accum_int8(PG_FUNCTION_ARGS)
{
	STATE_SKIP_IF_NULL(1, 2);
	return accumulate(fcinfo, PG_GETARG_INT64(1), PG_GETARG_INT64(2));
}

PG_FUNCTION_INFO_V1(ratio_accum_float8);
Datum
ratio_accum_float8(PG_FUNCTION_ARGS)
{
	RatioFloat *ratio;
	Problem		problem;

	STATE_SKIP_IF_NULL(1, 2);
	if (!measure_finite(PG_GETARG_FLOAT8(1), "the numerator", &problem) ||
		!measure_finite(PG_GETARG_FLOAT8(2), "the denominator", &problem))
		refuse_measure(&problem);
	ratio = (RatioFloat *) state_transition(fcinfo, &ratio_float_kind);
	ratio_float_add(ratio, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));
	return PointerGetDatum(ratio);
}

PG_FUNCTION_INFO_V1(ratio_state_summary);
Datum
ratio_state_summary(PG_FUNCTION_ARGS)
{
	RatioSummary summary;
	ResultRow	row = {0};

	ratio_summarise(STATE_ARGUMENT(0, &ratio_type), level_argument(fcinfo, 1), &summary);
	put_number(&row, summary.r);
	put_number(&row, summary.se);
	put_interval(&row, summary.fieller);
	return result_row(fcinfo, &row);
}
