/*
 * gain.c
 *		Aggregate gain: paired measures of the same persons.
 */
#include "postgres.h"

#include "core/gain.h"
#include "state.h"

static const StateKind *const kinds[] = {&gain_kind, &gain_float_kind};
static const StateType gain_type = {"gain_state", lengthof(kinds), kinds};

PG_FUNCTION_INFO_V1(gain_state_in);
Datum
gain_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &gain_type);
}

PG_FUNCTION_INFO_V1(gain_state_recv);
Datum
gain_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &gain_type);
}

/* Both measures, one of them, or none: each is counted apart. */
static inline Datum
accumulate(FunctionCallInfo fcinfo, int64 pre, int64 post)
{
	Gain	   *gain = (Gain *) state_transition(fcinfo, &gain_kind);
	bool		fits = true;

	if (PG_ARGISNULL(1))
		gain->tally.n_post_only += !PG_ARGISNULL(2);
	else if (PG_ARGISNULL(2))
		fits = gain_add_pre_only(gain, pre);
	else
		fits = gain_add(gain, pre, post);
	if (!fits)
		refuse_overflow(&gain_kind);
	return PointerGetDatum(gain);
}

PG_FUNCTION_INFO_V1(gain_accum_int2);
Datum
gain_accum_int2(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, PG_GETARG_INT16(1), PG_GETARG_INT16(2));
}

PG_FUNCTION_INFO_V1(gain_accum_int4);
Datum
gain_accum_int4(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, PG_GETARG_INT32(1), PG_GETARG_INT32(2));
}

PG_FUNCTION_INFO_V1(gain_accum_int8);
Datum
gain_accum_int8(PG_FUNCTION_ARGS)
{
	return accumulate(fcinfo, PG_ARGISNULL(1) ? 0 : PG_GETARG_INT64(1),
					  PG_ARGISNULL(2) ? 0 : PG_GETARG_INT64(2));
}

static double
measure_argument(FunctionCallInfo fcinfo, int n)
{
	double		value = PG_GETARG_FLOAT8(n);
	Problem		problem;

	if (!measure_finite(value, n == 1 ? "the first measure" : "the last measure", &problem))
		refuse_measure(&problem);
	return value;
}

PG_FUNCTION_INFO_V1(gain_accum_float8);
Datum
gain_accum_float8(PG_FUNCTION_ARGS)
{
	GainFloat  *gain = (GainFloat *) state_transition(fcinfo, &gain_float_kind);
	double		pre = PG_ARGISNULL(1) ? 0 : measure_argument(fcinfo, 1);
	double		post = PG_ARGISNULL(2) ? 0 : measure_argument(fcinfo, 2);

	if (PG_ARGISNULL(1))
		gain->tally.n_post_only += !PG_ARGISNULL(2);
	else if (PG_ARGISNULL(2))
		gain_float_add_pre_only(gain, pre);
	else
		gain_float_add(gain, pre, post);
	return PointerGetDatum(gain);
}

/*
 * Results
 */

PG_FUNCTION_INFO_V1(gain_state_summary);
Datum
gain_state_summary(PG_FUNCTION_ARGS)
{
	GainSummary summary;
	ResultRow	row = {0};

	gain_summarise(STATE_ARGUMENT(0, &gain_type), level_argument(fcinfo, 1), &summary);
	put_count(&row, summary.tally.n);
	put_count(&row, summary.tally.n_pre_only);
	put_count(&row, summary.tally.n_post_only);
	put_number(&row, summary.mean);
	put_number(&row, summary.sd);
	put_number(&row, summary.se);
	put_interval(&row, summary.ci);
	put_number(&row, summary.dz);
	put_number(&row, summary.gz);
	put_number(&row, summary.dav);
	put_number(&row, summary.r);
	put_count(&row, summary.tally.n_up);
	put_count(&row, summary.n_same);
	put_count(&row, summary.tally.n_down);
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(gain_state_effect);
Datum
gain_state_effect(PG_FUNCTION_ARGS)
{
	GainEffect	effect;
	ResultRow	row = {0};

	gain_effect(STATE_ARGUMENT(0, &gain_type), level_argument(fcinfo, 1), &effect);
	put_number(&row, effect.t);
	put_number(&row, effect.p);
	put_number(&row, effect.dz);
	put_interval(&row, effect.dz_ci);
	put_number(&row, effect.gz);
	put_interval(&row, effect.gz_ci);
	put_number(&row, effect.correction);
	put_number(&row, effect.by_entry_sd);
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(gain_state_coverage);
Datum
gain_state_coverage(PG_FUNCTION_ARGS)
{
	GainCoverage coverage;
	ResultRow	row = {0};

	gain_coverage(STATE_ARGUMENT(0, &gain_type), &coverage);
	put_count(&row, coverage.pairs);
	put_count(&row, coverage.entered);
	put_number(&row, coverage.share);
	put_number(&row, coverage.entry_of_stayers);
	put_number(&row, coverage.entry_of_leavers);
	put_number(&row, coverage.entry_of_leavers - coverage.entry_of_stayers);
	return result_row(fcinfo, &row);
}
