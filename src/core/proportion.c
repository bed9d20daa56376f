/*
 * proportion.c
 *		Proportions: the state, intervals, and paired proportions (McNemar).
 *
 * Intervals end exactly at 0 when nobody succeeds and at 1 when everybody does
 * (Brown, Cai and DasGupta 2001).
 */
#include "proportion.h"

#include "distribution.h"

/* Fewer discordant pairs than this: the exact test. */
#define EXACT_BELOW 25

static const StateField proportion_fields[] = {
	{"n", CELL_COUNT},
	{"x", CELL_COUNT},
	{"n_missing", CELL_COUNT},
};

static bool
proportion_valid(const StateHead *state, Problem *problem)
{
	const Proportion *proportion = (const Proportion *) state;

	return measure_count(proportion->x, proportion->n, problem);
}

const StateKind proportion_kind = {
	.code = STATE_PROPORTION,
	.name = "proportion",
	.nfields = sizeof(proportion_fields) / sizeof(proportion_fields[0]),
	.fields = proportion_fields,
	.valid = proportion_valid,
};

/*
 * Intervals
 */

static Limits
end_exactly(Limits interval, int64_t x, int64_t n)
{
	if (n == 0)
		return (Limits) {NAN, NAN};
	if (x == 0)
		interval.low = 0;
	if (x == n)
		interval.high = 1;
	return interval;
}

Limits
interval_wilson(int64_t x, int64_t n, double level)
{
	double		z = normal_quantile(0.5 * (1 + level));
	double		p = (double) x / n;
	double		share = z * z / n;
	double		middle = p + 0.5 * share;
	double		half = z * sqrt(p * (1 - p) / n + 0.25 * share / n);

	return end_exactly((Limits) {(middle - half) / (1 + share), (middle + half) / (1 + share)}, x, n);
}

/* With continuity correction (Newcombe 1998). */
Limits
interval_wilson_corrected(int64_t x, int64_t n, double level)
{
	double		z = normal_quantile(0.5 * (1 + level));
	double		p = (double) x / n;
	double		q = 1 - p;
	double		middle = 2 * n * p + z * z;
	double		below = z * sqrt(z * z - 2 - 1.0 / n + 4 * p * (n * q + 1));
	double		above = z * sqrt(z * z + 2 - 1.0 / n + 4 * p * (n * q - 1));
	double		divisor = 2 * (n + z * z);

	return end_exactly((Limits) {fmax(0, (middle - 1 - below) / divisor),
								   fmin(1, (middle + 1 + above) / divisor)}, x, n);
}

Limits
interval_jeffreys(int64_t x, int64_t n, double level)
{
	double		a = x + 0.5;
	double		b = n - x + 0.5;

	return end_exactly((Limits) {beta_quantile(0.5 * (1 - level), a, b).x,
								   beta_quantile(0.5 * (1 + level), a, b).x}, x, n);
}

/* The quantiles that the ends replace are those of no distribution: NAN. */
Limits
interval_clopper_pearson(int64_t x, int64_t n, double level)
{
	return end_exactly((Limits) {beta_quantile(0.5 * (1 - level), x, n - x + 1.0).x,
								   beta_quantile(0.5 * (1 + level), x + 1.0, n - x).x}, x, n);
}

/*
 * Paired proportions
 */

bool
mcnemar(int64_t gained, int64_t lost, int64_t n, PairedProportion *result, Problem *problem)
{
	double		discordant = (double) gained + lost;
	double		excess = (double) gained - lost;

	if (gained < 0 || lost < 0 || gained > n || lost > n - gained)
	{
		problem_set(problem, "%" PRId64 " and %" PRId64 " discordant pairs among %" PRId64, gained, lost, n);
		return problem_hint(problem, "Discordant pairs are counted from 0, and are among the pairs.");
	}
	result->difference = excess / n;
	result->chisq = excess * excess / discordant;
	result->p_chisq = discordant > 0 ? 2 * normal_tails(sqrt(result->chisq)).upper : 1;
	result->p_exact = discordant > 0 ? fmin(1, 2 * binomial_lower(fmin(gained, lost), discordant, 0.5)) : 1;
	result->p = discordant < EXACT_BELOW ? result->p_exact : result->p_chisq;
	return true;
}
