/*
 * smr.c
 *		Observed and expected: their difference and their ratio.
 */
#include "smr.h"

#include "distribution.h"

static const StateField smr_fields[] = {
	{"n", CELL_COUNT},
	{"observed", CELL_NUMBER},
	{"observed_low", CELL_NUMBER},
	{"expected", CELL_NUMBER},
	{"expected_low", CELL_NUMBER},
	MOMENTS_FIELDS("difference"),
};

static bool
smr_valid(const StateHead *state, Problem *problem)
{
	const Smr  *smr = (const Smr *) state;

	if (smr->n < 1 || moments_m2(&smr->difference, (double) smr->n) < 0)
		return problem_set(problem, "a state of aggregate \"smr\" has %" PRId64 " rows and %g squares",
						   smr->n, smr->difference.squares.high);
	return true;
}

static void
smr_settle(StateHead *state)
{
	Smr		   *smr = (Smr *) state;
	double		n = (double) smr->n;

	moments_move(&smr->difference, n, moments_settled_origin(&smr->difference, n));
}

static bool
smr_merge(StateHead *into, const StateHead *from, Problem *problem)
{
	Smr		   *a = (Smr *) into;
	Smr			b = *(const Smr *) from;

	moments_move(&b.difference, (double) b.n, a->difference.origin);
	moments_merge(&a->difference, &b.difference);
	a->observed = twofold_add(a->observed, b.observed);
	a->expected = twofold_add(a->expected, b.expected);
	if (__builtin_add_overflow(a->n, b.n, &a->n))
		return problem_set(problem, "the counts of aggregate \"smr\" have become too large");
	return true;
}

const StateKind smr_kind = {
	.code = STATE_SMR,
	.name = "smr",
	.nfields = sizeof(smr_fields) / sizeof(smr_fields[0]),
	.fields = smr_fields,
	.valid = smr_valid,
	.merge = smr_merge,
	.settle = smr_settle,
};

void
smr_add(Smr *smr, double observed, double expected)
{
	smr->n++;
	smr->observed = twofold_add(smr->observed, (Twofold) {observed, 0});
	smr->expected = twofold_add(smr->expected, (Twofold) {expected, 0});
	moments_add(&smr->difference, smr->n, observed - expected);
}

/* The cube of a normal: close to Poisson from the smallest counts on. */
static double
byar(double count, double z)
{
	double		root = 1 - 1 / (9 * count) + z / (3 * sqrt(count));

	return count * root * root * root;
}

void
smr_ratio(double observed, double expected, double level, SmrRatio *ratio)
{
	double		z = normal_quantile(0.5 * (1 + level));
	double		tail = 0.5 * (1 - level);
	const Limits none = {NAN, NAN};

	*ratio = (SmrRatio) {NAN, none, none, none};
	if (!(expected > 0) || observed < 0)
		return;
	ratio->ratio = observed / expected;
	/* half a chi-squared with 2 a degrees of freedom is a gamma of a */
	ratio->exact.low = observed > 0 ? gamma_quantile(tail, observed) / expected : 0;
	ratio->exact.high = gamma_quantile(1 - tail, observed + 1) / expected;
	ratio->byar.low = observed > 0 ? fmax(0, byar(observed, -z) / expected) : 0;
	ratio->byar.high = byar(observed + 1, z) / expected;
	if (observed > 0)
		ratio->log_normal = (Limits) {ratio->ratio * exp(-z / sqrt(observed)),
		ratio->ratio * exp(z / sqrt(observed))};
}

void
smr_difference(const Smr *smr, double sigma, SmrDifference *difference)
{
	double		n = (double) smr->n;

	if (isnan(sigma))
		sigma = sqrt(moments_m2(&smr->difference, n) / (n - 1));
	difference->mean = moments_mean(&smr->difference, n);
	difference->se = sigma / sqrt(n);
	difference->z = difference->mean / difference->se;
}
