/*
 * eb_normal.c
 *		Empirical Bayes for means (normal-normal).
 */
#include "eb_normal.h"

#include <float.h>

enum
{
	ROW_ESTIMATE,
	ROW_VARIANCE,
	ROW_COUNT,
	ROW_COLUMNS
};

static const StateField ebn_columns[] = {
	[ROW_ESTIMATE] = {"estimate", CELL_NUMBER},
	[ROW_VARIANCE] = {"variance", CELL_NUMBER},
	[ROW_COUNT] = {"count", CELL_COUNT},
};

const char *const ebn_methods[EBN_METHODS] = {"dl", "he", "pm", "reml"};

static bool
valid_variance(double variance, Problem *problem)
{
	if (variance > 0 && isfinite(variance))
		return true;
	problem_set(problem, "invalid sampling variance: %g", variance);
	return problem_hint(problem, "Give the pooled variance divided by the number of persons: an offer's own may be 0 by chance.");
}

static bool
ebn_valid(const StateHead *state, Problem *problem)
{
	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &ebn_kind, i);

		if (!valid_variance(row[ROW_VARIANCE].number, problem))
			return false;
		if (row[ROW_COUNT].integer == 0)
			return problem_set(problem, "a row of a state of aggregate \"ebn\" counts nothing");
	}
	return true;
}

const StateKind ebn_kind = {
	.code = STATE_EBN,
	.name = "ebn",
	.ncolumns = ROW_COLUMNS,
	.nkeys = 2,
	.columns = ebn_columns,
	.compare = compare_number_pairs,
	.valid = ebn_valid,
};

bool
ebn_row(double estimate, double variance, StateCell *row, Problem *problem)
{
	row[ROW_ESTIMATE].number = estimate + 0.0;
	row[ROW_VARIANCE].number = variance;
	row[ROW_COUNT].integer = 1;
	return measure_finite(estimate, "the estimate", problem) && valid_variance(variance, problem);
}

/* Sums over the offers, each weighing 1 / (its variance + tau2). */
typedef struct Sums
{
	double		k;
	double		weights;
	double		weights2;
	double		mean;
	double		q;				/* weighted squares around the mean */
	double		q2;				/* the same, weights squared */
} Sums;

static Sums
sum_up(const StateHead *state, double tau2)
{
	Sums		sums = {0};

	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &ebn_kind, i);
		double		count = (double) row[ROW_COUNT].integer;
		double		weight = 1 / (row[ROW_VARIANCE].number + tau2);

		sums.k += count;
		sums.weights += count * weight;
		sums.weights2 += count * weight * weight;
		sums.mean += count * weight * (row[ROW_ESTIMATE].number - sums.mean) / sums.weights;
	}
	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &ebn_kind, i);
		double		weight = 1 / (row[ROW_VARIANCE].number + tau2);
		double		difference = row[ROW_ESTIMATE].number - sums.mean;
		double		square = row[ROW_COUNT].integer * weight * difference * difference;

		sums.q += square;
		sums.q2 += weight * square;
	}
	return sums;
}

/* What is 0 at the root of Paule and Mandel, and falls as tau2 grows. */
static double
pm_excess(const StateHead *state, double tau2)
{
	Sums		sums = sum_up(state, tau2);

	return sums.q - (sums.k - 1);
}

/* Twice the slope of the restricted likelihood. */
static double
reml_excess(const StateHead *state, double tau2)
{
	Sums		sums = sum_up(state, tau2);

	return sums.q2 - sums.weights + sums.weights2 / sums.weights;
}

static double
falling_root(const StateHead *state, double (*excess) (const StateHead *state, double tau2),
			 double scale, const Host *host)
{
	double		low = 0;
	double		high = scale;

	if (!(excess(state, 0) > 0))
		return 0;
	while (excess(state, high) > 0)
	{
		low = high;
		high *= 2;
	}
	while (high - low > 2 * DBL_EPSILON * high)
	{
		double		middle = 0.5 * (low + high);

		host->interrupt(host->opaque);
		if (middle <= low || middle >= high)
			break;
		if (excess(state, middle) > 0)
			low = middle;
		else
			high = middle;
	}
	return 0.5 * (low + high);
}

static double
unweighted_tau2(const StateHead *state, double k)
{
	double		mean = 0;
	double		squares = 0;
	double		variances = 0;

	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &ebn_kind, i);

		mean += row[ROW_COUNT].integer * row[ROW_ESTIMATE].number / k;
		variances += row[ROW_COUNT].integer * row[ROW_VARIANCE].number / k;
	}
	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &ebn_kind, i);
		double		difference = row[ROW_ESTIMATE].number - mean;

		squares += row[ROW_COUNT].integer * difference * difference;
	}
	return fmax(0, squares / (k - 1) - variances);
}

static double
estimate_tau2(const StateHead *state, EbnMethod method, const Sums *fixed, const Host *host)
{
	double		free = fixed->k - 1;

	if (fixed->k < 2)
		return 0;
	switch (method)
	{
		case EBN_HE:
			return unweighted_tau2(state, fixed->k);
		case EBN_PM:
			return falling_root(state, pm_excess, fixed->k / fixed->weights, host);
		case EBN_REML:
			return falling_root(state, reml_excess, fixed->k / fixed->weights, host);
		default:
			return fmax(0, (fixed->q - free) / (fixed->weights - fixed->weights2 / fixed->weights));
	}
}

void
ebn_estimate(const StateHead *state, EbnMethod method, const Host *host, EbnPrior *prior)
{
	Sums		fixed = sum_up(state, 0);
	Sums		sums;
	double		typical = (fixed.k - 1) * fixed.weights /
		(fixed.weights * fixed.weights - fixed.weights2);

	prior->k = (int64_t) fixed.k;
	prior->q = fixed.q;
	prior->tau2 = estimate_tau2(state, method, &fixed, host);
	sums = sum_up(state, prior->tau2);
	prior->mu = sums.mean;
	prior->se_mu = 1 / sqrt(sums.weights);
	prior->i2 = fixed.k > 1 ? 100 * prior->tau2 / (prior->tau2 + typical) : NAN;
}

EbnShrunken
ebn_shrink(double mu, double se_mu, double tau2, double estimate, double variance)
{
	double		kept = tau2 / (tau2 + variance);

	return (EbnShrunken) {mu + kept * (estimate - mu),
		sqrt(kept * variance + (1 - kept) * (1 - kept) * se_mu * se_mu)};
}

JamesStein
james_stein(const double *rates, int count, double trials)
{
	double		mean = 0;
	double		squares = 0;

	for (int i = 0; i < count; i++)
		mean += rates[i] / count;
	for (int i = 0; i < count; i++)
		squares += (rates[i] - mean) * (rates[i] - mean);
	return (JamesStein) {mean, count > 3 ? fmax(0, 1 - (count - 3) * mean * (1 - mean) / trials / squares) : NAN};
}
