/*
 * smr.c
 *		Aggregates o_minus_e and smr: observed and expected, and how far chance
 *		alone may take them apart.
 */
#include "postgres.h"

#include <math.h>

#include "core/funnel.h"
#include "core/smr.h"
#include "state.h"

static const StateKind *const kinds[] = {&smr_kind};
static const StateType smr_type = {"smr_state", lengthof(kinds), kinds};

PG_FUNCTION_INFO_V1(smr_state_in);
Datum
smr_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &smr_type);
}

PG_FUNCTION_INFO_V1(smr_state_recv);
Datum
smr_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &smr_type);
}

static Datum
accumulate(FunctionCallInfo fcinfo, double observed, double expected)
{
	Smr		   *smr;
	Problem		problem;

	if (!measure_finite(observed, "what was observed", &problem) ||
		!measure_finite(expected, "what was expected", &problem))
		refuse_measure(&problem);
	smr = (Smr *) state_transition(fcinfo, &smr_kind);
	smr_add(smr, observed, expected);
	return PointerGetDatum(smr);
}

PG_FUNCTION_INFO_V1(o_minus_e_accum);
Datum
o_minus_e_accum(PG_FUNCTION_ARGS)
{
	STATE_SKIP_IF_NULL(1, 2);
	return accumulate(fcinfo, PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2));
}

PG_FUNCTION_INFO_V1(smr_accum);
Datum
smr_accum(PG_FUNCTION_ARGS)
{
	int64		observed;
	double		expected;

	STATE_SKIP_IF_NULL(1, 2);
	observed = PG_GETARG_INT64(1);
	expected = PG_GETARG_FLOAT8(2);
	if (observed < 0 || expected < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("%lld observed for %g expected", (long long) observed, expected),
				 errhint("Both are counts: from 0 up.")));
	return accumulate(fcinfo, (double) observed, expected);
}

PG_FUNCTION_INFO_V1(smr_state_summary);
Datum
smr_state_summary(PG_FUNCTION_ARGS)
{
	const Smr  *smr = (const Smr *) STATE_ARGUMENT(0, &smr_type);
	SmrRatio	ratio;
	ResultRow	row = {0};

	smr_ratio(smr->observed.high, smr->expected.high, level_argument(fcinfo, 1), &ratio);
	put_count(&row, smr->n);
	put_number(&row, smr->observed.high);
	put_number(&row, smr->expected.high);
	put_number(&row, ratio.ratio);
	put_interval(&row, ratio.exact);
	put_interval(&row, ratio.byar);
	put_interval(&row, ratio.log_normal);
	return result_row(fcinfo, &row);
}

/* Not strict: without the model's sigma, that of the differences is taken. */
PG_FUNCTION_INFO_V1(smr_state_difference);
Datum
smr_state_difference(PG_FUNCTION_ARGS)
{
	const Smr  *smr;
	SmrDifference difference;
	ResultRow	row = {0};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	smr = (const Smr *) STATE_ARGUMENT(0, &smr_type);
	smr_difference(smr, PG_ARGISNULL(1) ? NAN : PG_GETARG_FLOAT8(1), &difference);
	put_count(&row, smr->n);
	put_number(&row, smr->observed.high);
	put_number(&row, smr->expected.high);
	put_number(&row, difference.mean);
	put_number(&row, difference.se);
	put_number(&row, difference.z);
	return result_row(fcinfo, &row);
}

/*
 * Funnel limits
 */

static double
share_argument(FunctionCallInfo fcinfo, int n, const char *what)
{
	double		share = PG_GETARG_FLOAT8(n);
	Problem		problem;

	if (!measure_share(share, what, &problem))
		refuse_measure(&problem);
	return share;
}

static double
spread_argument(FunctionCallInfo fcinfo, int n)
{
	double		tau2 = PG_GETARG_FLOAT8(n);

	if (!(tau2 >= 0 && isfinite(tau2)))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("a variance between groups of %g", tau2),
				 errhint("Give what funnel_od() found, 0 if chance explains the spread.")));
	return tau2;
}

PG_FUNCTION_INFO_V1(funnel_limit_proportion);
Datum
funnel_limit_proportion(PG_FUNCTION_ARGS)
{
	double		theta = share_argument(fcinfo, 0, "the common rate");
	int64		n = PG_GETARG_INT64(1);
	double		p = level_argument(fcinfo, 2);
	Problem		problem;

	if (!measure_count(0, n, &problem))
		refuse_measure(&problem);
	RETURN_NUMBER(funnel_proportion(theta, (double) n, p, spread_argument(fcinfo, 3)));
}

PG_FUNCTION_INFO_V1(funnel_limit_ratio);
Datum
funnel_limit_ratio(PG_FUNCTION_ARGS)
{
	double		expected = PG_GETARG_FLOAT8(0);
	double		p = level_argument(fcinfo, 1);

	if (!(expected >= 0 && isfinite(expected)))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("%g expected", expected),
				 errhint("What is expected is counted from 0 up.")));
	RETURN_NUMBER(funnel_ratio(expected, p, spread_argument(fcinfo, 2)));
}

/* Not strict: without variances, each is 1. */
PG_FUNCTION_INFO_V1(funnel_overdispersion_of);
Datum
funnel_overdispersion_of(PG_FUNCTION_ARGS)
{
	const double *z;
	const double *variances = NULL;
	double	   *sorted;
	int			count;
	int			given;
	Overdispersion overdispersion;
	ResultRow	row = {0};

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	z = numbers_argument(fcinfo, 0, "z-scores", &count);
	given = count;
	if (!PG_ARGISNULL(1))
		variances = numbers_argument(fcinfo, 1, "variances", &given);
	for (int i = 0; variances != NULL && i < given; i++)
	{
		if (given != count || variances[i] <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
					 errmsg("%d variances for %d z-scores, one of %g", given, count, variances[i]),
					 errhint("Give a variance above 0 to each z-score.")));
	}
	sorted = palloc(Max(count, 1) * sizeof(double));
	memcpy(sorted, z, count * sizeof(double));
	overdispersion = funnel_overdispersion(sorted, variances, count);
	put_number(&row, overdispersion.phi);
	put_number(&row, overdispersion.tau2);
	return result_row(fcinfo, &row);
}
