/*
 * waiting.c
 *		Aggregate waiting: curves of waiting times, and what is read on them.
 */
#include "postgres.h"

#include <math.h>

#include "core/distribution.h"
#include "core/waiting.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "state.h"

static const StateKind *const kinds[] = {&waiting_kind};
static const StateType waiting_type = {"waiting_state", lengthof(kinds), kinds};

static const char *const forms[] = {
	[WAITING_LOG_LOG] = "log-log",
	[WAITING_PLAIN] = "plain",
};

PG_FUNCTION_INFO_V1(waiting_state_in);
Datum
waiting_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &waiting_type);
}

PG_FUNCTION_INFO_V1(waiting_state_recv);
Datum
waiting_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &waiting_type);
}

static Datum
accumulate(FunctionCallInfo fcinfo, int32 days, int32 outcome)
{
	StateCell	row[STATE_CELLS_MAX];
	Problem		problem;

	if (!waiting_row(days, outcome, row, &problem))
		refuse_measure(&problem);
	return state_accumulate(fcinfo, &waiting_kind, row);
}

PG_FUNCTION_INFO_V1(waiting_accum_int2);
Datum
waiting_accum_int2(PG_FUNCTION_ARGS)
{
	STATE_SKIP_IF_NULL(1, 2);
	return accumulate(fcinfo, PG_GETARG_INT32(1), PG_GETARG_INT16(2));
}

PG_FUNCTION_INFO_V1(waiting_accum_int4);
Datum
waiting_accum_int4(PG_FUNCTION_ARGS)
{
	STATE_SKIP_IF_NULL(1, 2);
	return accumulate(fcinfo, PG_GETARG_INT32(1), PG_GETARG_INT32(2));
}

PG_FUNCTION_INFO_V1(waiting_state_lengthen);
Datum
waiting_state_lengthen(PG_FUNCTION_ARGS)
{
	StateHead  *state = (StateHead *) PG_DETOAST_DATUM_COPY(PointerGetDatum(STATE_ARGUMENT(0, &waiting_type)));
	Problem		problem;

	if (!waiting_lengthen(state, PG_GETARG_INT32(1), &problem))
		refuse_measure(&problem);
	PG_RETURN_POINTER(state);
}

/*
 * Curves
 */

static void
put_row(ReturnSetInfo *result, ResultRow *row)
{
	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(result->setResult, result->setDesc, row->values, row->nulls);
}

PG_FUNCTION_INFO_V1(waiting_state_km);
Datum
waiting_state_km(PG_FUNCTION_ARGS)
{
	double		z = normal_quantile(0.5 * (1 + level_argument(fcinfo, 1)));
	WaitingForm form = word_argument(fcinfo, 2, forms, lengthof(forms), "form of interval");
	WaitingWalk walk;

	InitMaterializedSRF(fcinfo, 0);
	waiting_begin(&walk, STATE_ARGUMENT(0, &waiting_type), WAITING_EVENT);
	while (waiting_next(&walk))
	{
		ResultRow	row = {0};

		put_count(&row, walk.step.day);
		put_count(&row, walk.step.at_risk);
		put_count(&row, walk.step.ended);
		put_number(&row, walk.step.after);
		put_number(&row, waiting_se(&walk.step));
		put_interval(&row, waiting_interval(&walk.step, z, form));
		put_row((ReturnSetInfo *) fcinfo->resultinfo, &row);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(waiting_state_cuminc);
Datum
waiting_state_cuminc(PG_FUNCTION_ARGS)
{
	int32		cause = PG_GETARG_INT32(1);
	WaitingWalk walk;

	if (cause < WAITING_EVENT || cause > WAITING_OUTCOME_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("unknown cause: %d", cause),
				 errhint("Causes are 1 (the event), 2 and above (competing causes).")));
	InitMaterializedSRF(fcinfo, 0);
	waiting_begin(&walk, STATE_ARGUMENT(0, &waiting_type), cause);
	while (waiting_next(&walk))
	{
		ResultRow	row = {0};

		put_count(&row, walk.step.day);
		put_count(&row, walk.step.at_risk);
		put_count(&row, walk.step.ended_by);
		put_number(&row, walk.step.incidence);
		put_number(&row, sqrt(walk.step.incidence_variance));
		put_row((ReturnSetInfo *) fcinfo->resultinfo, &row);
	}
	return (Datum) 0;
}

/*
 * What is read on them
 */

/* A day read on a curve, which may never come. */
static void
put_day(ResultRow *row, double day)
{
	put_count(row, isnan(day) ? 0 : (int64) day);
	row->nulls[row->count - 1] = isnan(day);
}

PG_FUNCTION_INFO_V1(waiting_state_quantile);
Datum
waiting_state_quantile(PG_FUNCTION_ARGS)
{
	double		p = PG_GETARG_FLOAT8(1);
	WaitingQuantile quantile;
	ResultRow	row = {0};
	Problem		problem;

	if (!measure_share(p, "the quantile", &problem))
		refuse_measure(&problem);
	quantile = waiting_quantile(STATE_ARGUMENT(0, &waiting_type), p, level_argument(fcinfo, 2));
	put_day(&row, quantile.day);
	put_day(&row, quantile.low);
	put_day(&row, quantile.high);
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(waiting_state_rmst);
Datum
waiting_state_rmst(PG_FUNCTION_ARGS)
{
	double		tau = PG_GETARG_FLOAT8(1);
	WaitingMean mean;
	ResultRow	row = {0};

	if (!(tau > 0 && isfinite(tau)))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("invalid horizon of a wait: %g days", tau),
				 errhint("Give the day until which waits are looked at, such as 90.")));
	mean = waiting_mean(STATE_ARGUMENT(0, &waiting_type), tau);
	put_number(&row, mean.mean);
	put_number(&row, mean.se);
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(waiting_state_logrank);
Datum
waiting_state_logrank(PG_FUNCTION_ARGS)
{
	WaitingTest test = waiting_test(STATE_ARGUMENT(0, &waiting_type), STATE_ARGUMENT(1, &waiting_type));
	ResultRow	row = {0};

	put_number(&row, test.chisq);
	put_number(&row, test.p);
	put_count(&row, test.observed);
	put_number(&row, test.expected);
	return result_row(fcinfo, &row);
}
