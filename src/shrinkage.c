/*
 * shrinkage.c
 *		Aggregates eb_normal and eb_beta: empirical Bayes for means and rates.
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "core/distribution.h"
#include "core/eb_beta.h"
#include "core/eb_normal.h"
#include "state.h"

static const StateKind *const ebn_kinds[] = {&ebn_kind};
static const StateType ebn_type = {"ebn_state", lengthof(ebn_kinds), ebn_kinds};

static const StateKind *const ebb_kinds[] = {&ebb_kind};
static const StateType ebb_type = {"ebb_state", lengthof(ebb_kinds), ebb_kinds};

PG_FUNCTION_INFO_V1(ebn_state_in);
Datum
ebn_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &ebn_type);
}

PG_FUNCTION_INFO_V1(ebn_state_recv);
Datum
ebn_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &ebn_type);
}

PG_FUNCTION_INFO_V1(ebb_state_in);
Datum
ebb_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &ebb_type);
}

PG_FUNCTION_INFO_V1(ebb_state_recv);
Datum
ebb_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &ebb_type);
}

/*
 * Means
 */

PG_FUNCTION_INFO_V1(eb_normal_accum);
Datum
eb_normal_accum(PG_FUNCTION_ARGS)
{
	StateCell	row[STATE_CELLS_MAX];
	Problem		problem;

	STATE_SKIP_IF_NULL(1, 2);
	if (!ebn_row(PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2), row, &problem))
		refuse_measure(&problem);
	return state_accumulate(fcinfo, &ebn_kind, row);
}

static void
estimate_means(FunctionCallInfo fcinfo, EbnPrior *prior)
{
	EbnMethod	method = word_argument(fcinfo, 1, ebn_methods, EBN_METHODS, "method");

	ebn_estimate(STATE_ARGUMENT(0, &ebn_type), method, &state_host, prior);
}

PG_FUNCTION_INFO_V1(ebn_state_prior);
Datum
ebn_state_prior(PG_FUNCTION_ARGS)
{
	EbnPrior	prior;
	ResultRow	row = {0};

	estimate_means(fcinfo, &prior);
	put_number(&row, prior.mu);
	put_number(&row, prior.se_mu);
	put_number(&row, prior.tau2);
	put_number(&row, prior.q);
	put_count(&row, prior.k);
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(ebn_state_i2);
Datum
ebn_state_i2(PG_FUNCTION_ARGS)
{
	EbnPrior	prior;

	estimate_means(fcinfo, &prior);
	RETURN_NUMBER(prior.i2);
}

/* (mu, se_mu, tau2, estimate, variance) */
static EbnShrunken
shrink_arguments(FunctionCallInfo fcinfo)
{
	StateCell	row[STATE_CELLS_MAX];
	Problem		problem;

	if (!ebn_row(PG_GETARG_FLOAT8(3), PG_GETARG_FLOAT8(4), row, &problem))
		refuse_measure(&problem);
	return ebn_shrink(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2),
					  PG_GETARG_FLOAT8(3), PG_GETARG_FLOAT8(4));
}

PG_FUNCTION_INFO_V1(ebn_prior_shrink);
Datum
ebn_prior_shrink(PG_FUNCTION_ARGS)
{
	EbnShrunken shrunken = shrink_arguments(fcinfo);
	ResultRow	row = {0};

	put_number(&row, shrunken.estimate);
	put_number(&row, shrunken.se);
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(ebn_prior_above);
Datum
ebn_prior_above(PG_FUNCTION_ARGS)
{
	EbnShrunken shrunken = shrink_arguments(fcinfo);

	RETURN_NUMBER(normal_tails((shrunken.estimate - PG_GETARG_FLOAT8(5)) / shrunken.se).lower);
}

PG_FUNCTION_INFO_V1(eb_james_stein);
Datum
eb_james_stein(PG_FUNCTION_ARGS)
{
	int			count;
	const double *rates = numbers_argument(fcinfo, 0, "rates", &count);
	int64		trials = PG_GETARG_INT64(1);
	JamesStein	result;
	ResultRow	row = {0};
	Problem		problem;

	for (int i = 0; i < count; i++)
	{
		if (!measure_share(rates[i], "a rate", &problem))
			refuse_measure(&problem);
	}
	if (!measure_count(0, trials, &problem))
		refuse_measure(&problem);
	result = james_stein(rates, count, (double) trials);
	put_number(&row, count > 0 ? result.mean : NAN);
	put_number(&row, result.factor);
	return result_row(fcinfo, &row);
}

/*
 * Rates
 */

PG_FUNCTION_INFO_V1(eb_beta_accum);
Datum
eb_beta_accum(PG_FUNCTION_ARGS)
{
	StateCell	row[STATE_CELLS_MAX];
	Problem		problem;

	STATE_SKIP_IF_NULL(1, 2);
	if (!ebb_row(PG_GETARG_INT64(1), PG_GETARG_INT64(2), row, &problem))
		refuse_measure(&problem);
	return state_accumulate(fcinfo, &ebb_kind, row);
}

PG_FUNCTION_INFO_V1(ebb_state_prior);
Datum
ebb_state_prior(PG_FUNCTION_ARGS)
{
	/* pooled is an outcome, no method */
	EbbStatus	method = word_argument(fcinfo, 1, ebb_statuses, EBB_POOLED, "method");
	EbbPrior	prior;
	ResultRow	row = {0};

	ebb_estimate(STATE_ARGUMENT(0, &ebb_type), method, &state_host, &prior);
	put_number(&row, prior.alpha);
	put_number(&row, prior.beta);
	put_number(&row, prior.loglik);
	put_word(&row, ebb_statuses[prior.status]);
	return result_row(fcinfo, &row);
}

/* (alpha, beta, status, x, n) */
static EbbPrior
prior_arguments(FunctionCallInfo fcinfo)
{
	EbbPrior	prior = {
		.alpha = PG_GETARG_FLOAT8(0),
		.beta = PG_GETARG_FLOAT8(1),
		.status = word_argument(fcinfo, 2, ebb_statuses, EBB_STATUSES, "status of a prior"),
	};
	Problem		problem;

	if (!measure_count(PG_GETARG_INT64(3), PG_GETARG_INT64(4), &problem))
		refuse_measure(&problem);
	if (!(prior.alpha >= 0 && prior.beta >= 0 && prior.alpha + prior.beta > 0 &&
		  isfinite(prior.alpha + prior.beta)))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("invalid prior of rates: %g and %g", prior.alpha, prior.beta),
				 errhint("Take one from inclusion.eb_prior().")));
	return prior;
}

PG_FUNCTION_INFO_V1(ebb_prior_rate);
Datum
ebb_prior_rate(PG_FUNCTION_ARGS)
{
	EbbPrior	prior = prior_arguments(fcinfo);
	EbbRate		rate = ebb_rate(&prior, PG_GETARG_INT64(3), PG_GETARG_INT64(4), level_argument(fcinfo, 5));
	ResultRow	row = {0};

	put_number(&row, rate.rate);
	put_interval(&row, rate.interval);
	row.values[row.count++] = BoolGetDatum(PG_GETARG_INT64(4) == 0);
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(ebb_prior_above);
Datum
ebb_prior_above(PG_FUNCTION_ARGS)
{
	EbbPrior	prior = prior_arguments(fcinfo);
	double		reference = PG_GETARG_FLOAT8(5);
	Problem		problem;

	if (!measure_share(reference, "the reference", &problem))
		refuse_measure(&problem);
	RETURN_NUMBER(ebb_probability_above(&prior, PG_GETARG_INT64(3), PG_GETARG_INT64(4), reference));
}
