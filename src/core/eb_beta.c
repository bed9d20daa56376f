/*
 * eb_beta.c
 *		Empirical Bayes for rates (beta-binomial).
 */
#include "eb_beta.h"

#include "distribution.h"
#include "proportion.h"
#include "special.h"

/* Newton's method on (ln alpha, ln beta). */
#define STEPS_MAX 200
#define HALVINGS_MAX 40
#define SCORE_MAX 1e-10

/* A prior this strong leaves the offers no difference that can be seen. */
#define STRENGTH_MAX 1e9

/* And one this weak leaves each offer its own rate: all or nothing everywhere. */
#define STRENGTH_MIN 1e-3

enum
{
	ROW_X,
	ROW_N,
	ROW_COUNT,
	ROW_COLUMNS
};

static const StateField ebb_columns[] = {
	[ROW_X] = {"x", CELL_COUNT},
	[ROW_N] = {"n", CELL_COUNT},
	[ROW_COUNT] = {"count", CELL_COUNT},
};

const char *const ebb_statuses[EBB_STATUSES] = {"mle", "anova", "moments", "pooled"};

static bool
ebb_valid(const StateHead *state, Problem *problem)
{
	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &ebb_kind, i);

		if (!measure_count(row[ROW_X].integer, row[ROW_N].integer, problem))
			return false;
		if (row[ROW_COUNT].integer == 0)
			return problem_set(problem, "a row of a state of aggregate \"ebb\" counts nothing");
	}
	return true;
}

const StateKind ebb_kind = {
	.code = STATE_EBB,
	.name = "ebb",
	.ncolumns = ROW_COLUMNS,
	.nkeys = 2,
	.columns = ebb_columns,
	.compare = compare_integer_pairs,
	.valid = ebb_valid,
};

bool
ebb_row(int64_t x, int64_t n, StateCell *row, Problem *problem)
{
	row[ROW_X].integer = x;
	row[ROW_N].integer = n;
	row[ROW_COUNT].integer = 1;
	return measure_count(x, n, problem);
}

/*
 * Sums over the offers that have trials
 */

typedef struct Offer
{
	double		x;
	double		n;
	double		count;
} Offer;

static bool
next_offer(const StateHead *state, uint32_t *at, Offer *offer)
{
	while (*at < state->used)
	{
		const StateCell *row = state_row(state, &ebb_kind, (*at)++);

		*offer = (Offer) {row[ROW_X].integer, row[ROW_N].integer, row[ROW_COUNT].integer};
		if (offer->n > 0)
			return true;
	}
	return false;
}

typedef struct Totals
{
	double		k;
	double		x;
	double		n;
	double		n2;
	double		rates;
	double		between;		/* sum of n (x/n - p)^2 */
	double		within;			/* sum of x (1 - x/n) */
	double		rate_m2;		/* of the raw rates, unweighted */
} Totals;

static Totals
sum_up(const StateHead *state)
{
	Totals		totals = {0};
	Offer		offer;

	for (uint32_t at = 0; next_offer(state, &at, &offer);)
	{
		totals.k += offer.count;
		totals.x += offer.count * offer.x;
		totals.n += offer.count * offer.n;
		totals.n2 += offer.count * offer.n * offer.n;
		totals.rates += offer.count * offer.x / offer.n;
	}
	for (uint32_t at = 0; next_offer(state, &at, &offer);)
	{
		double		rate = offer.x / offer.n;
		double		from_pool = rate - totals.x / totals.n;
		double		from_mean = rate - totals.rates / totals.k;

		totals.between += offer.count * offer.n * from_pool * from_pool;
		totals.within += offer.count * offer.x * (1 - rate);
		totals.rate_m2 += offer.count * from_mean * from_mean;
	}
	return totals;
}

/*
 * Likelihood
 */

static double
log_likelihood(const StateHead *state, double a, double b)
{
	double		sum = 0;
	Offer		offer;

	for (uint32_t at = 0; next_offer(state, &at, &offer);)
		sum += offer.count * (log_choose(offer.n, offer.x) +
							  log_beta(a + offer.x, b + offer.n - offer.x) - log_beta(a, b));
	return sum;
}

static double
pooled_likelihood(const StateHead *state, double p)
{
	double		sum = 0;
	Offer		offer;

	for (uint32_t at = 0; next_offer(state, &at, &offer);)
		sum += offer.count * (log_choose(offer.n, offer.x) + (offer.x > 0 ? offer.x * log(p) : 0) +
							  (offer.x < offer.n ? (offer.n - offer.x) * log1p(-p) : 0));
	return sum;
}

/* First and second derivatives of the likelihood, in a and b. */
typedef struct Slopes
{
	double		a;
	double		b;
	double		aa;
	double		ab;
	double		bb;
} Slopes;

static Slopes
slopes_at(const StateHead *state, double a, double b)
{
	Slopes		slopes = {0};
	Offer		offer;

	for (uint32_t at = 0; next_offer(state, &at, &offer);)
	{
		double		total = digamma(a + b) - digamma(a + b + offer.n);
		double		total2 = trigamma(a + b) - trigamma(a + b + offer.n);

		slopes.a += offer.count * (digamma(a + offer.x) - digamma(a) + total);
		slopes.b += offer.count * (digamma(b + offer.n - offer.x) - digamma(b) + total);
		slopes.aa += offer.count * (trigamma(a + offer.x) - trigamma(a) + total2);
		slopes.bb += offer.count * (trigamma(b + offer.n - offer.x) - trigamma(b) + total2);
		slopes.ab += offer.count * total2;
	}
	return slopes;
}

/* A step in (ln a, ln b): Newton's where the surface is concave, else uphill. */
static void
uphill_step(const Slopes *slopes, double a, double b, double *step_a, double *step_b)
{
	double		score_a = slopes->a * a;
	double		score_b = slopes->b * b;
	double		aa = slopes->aa * a * a + score_a;
	double		bb = slopes->bb * b * b + score_b;
	double		ab = slopes->ab * a * b;
	double		determinant = aa * bb - ab * ab;

	if (aa < 0 && determinant > 0)
	{
		*step_a = -(bb * score_a - ab * score_b) / determinant;
		*step_b = -(aa * score_b - ab * score_a) / determinant;
	}
	else
	{
		double		norm = hypot(score_a, score_b);

		*step_a = score_a / norm;
		*step_b = score_b / norm;
	}
}

/* From the prior given; false when it runs away. */
static bool
maximise(const StateHead *state, const Host *host, EbbPrior *prior)
{
	double		a = prior->alpha;
	double		b = prior->beta;
	double		height = log_likelihood(state, a, b);

	for (int i = 0; i < STEPS_MAX; i++)
	{
		Slopes		slopes = slopes_at(state, a, b);
		double		step_a;
		double		step_b;
		double		next = 0;
		int			halvings;

		host->interrupt(host->opaque);
		if (hypot(slopes.a, slopes.b) < SCORE_MAX)
			break;
		uphill_step(&slopes, a, b, &step_a, &step_b);
		for (halvings = 0; halvings < HALVINGS_MAX; halvings++)
		{
			next = log_likelihood(state, a * exp(step_a), b * exp(step_b));
			if (next >= height)
				break;
			step_a *= 0.5;
			step_b *= 0.5;
		}
		if (halvings == HALVINGS_MAX)
			break;				/* as high as doubles can tell */
		a *= exp(step_a);
		b *= exp(step_b);
		height = next;
		if (!(a + b > STRENGTH_MIN && a + b < STRENGTH_MAX))
			return false;
	}
	prior->alpha = a;
	prior->beta = b;
	return true;
}

/*
 * Priors
 */

/* Intraclass correlation by analysis of variance; 0 or less: none is seen. */
static double
intraclass_correlation(const Totals *totals)
{
	double		n0 = (totals->n - totals->n2 / totals->n) / (totals->k - 1);
	double		between = totals->between / (totals->k - 1);
	double		within = totals->within / (totals->n - totals->k);

	/* one trial each: chance and difference cannot be told apart */
	if (totals->n <= totals->k)
		return 0;
	return (between - within) / (between + (n0 - 1) * within);
}

static void
set_strength(EbbPrior *prior, double mean, double strength, EbbStatus status)
{
	strength = fmax(strength, STRENGTH_MIN);
	prior->alpha = mean * strength;
	prior->beta = (1 - mean) * strength;
	prior->status = status;
}

static void
pool(const StateHead *state, const Totals *totals, EbbPrior *prior)
{
	prior->alpha = totals->n > 0 ? totals->x : NAN;
	prior->beta = totals->n > 0 ? totals->n - totals->x : NAN;
	prior->status = EBB_POOLED;
	prior->loglik = totals->n > 0 ? pooled_likelihood(state, totals->x / totals->n) : NAN;
}

/* All or nothing everywhere leaves no rate to spread around. */
static bool
usable(const EbbPrior *prior)
{
	return prior->alpha > 0 && prior->beta > 0 && prior->alpha + prior->beta < STRENGTH_MAX;
}

void
ebb_estimate(const StateHead *state, EbbStatus method, const Host *host, EbbPrior *prior)
{
	Totals		totals = sum_up(state);
	double		correlation = totals.k > 1 ? intraclass_correlation(&totals) : 0;

	if (!(correlation > 0))
	{
		pool(state, &totals, prior);
		return;
	}
	if (method == EBB_MOMENTS)
	{
		double		mean = totals.rates / totals.k;

		set_strength(prior, mean, mean * (1 - mean) * (totals.k - 1) / totals.rate_m2 - 1, EBB_MOMENTS);
	}
	else
		set_strength(prior, totals.x / totals.n, (1 - correlation) / correlation, EBB_ANOVA);
	if (!usable(prior))
	{
		pool(state, &totals, prior);
		return;
	}
	if (method == EBB_MLE && maximise(state, host, prior))
		prior->status = EBB_MLE;
	prior->loglik = log_likelihood(state, prior->alpha, prior->beta);
}

EbbRate
ebb_rate(const EbbPrior *prior, int64_t x, int64_t n, double level)
{
	double		a = prior->alpha + x;
	double		b = prior->beta + n - x;

	if (prior->status == EBB_POOLED)
		return (EbbRate) {prior->alpha / (prior->alpha + prior->beta),
		interval_jeffreys((int64_t) prior->alpha, (int64_t) (prior->alpha + prior->beta), level)};
	return (EbbRate) {a / (a + b),
		{beta_quantile(0.5 * (1 - level), a, b).x, beta_quantile(0.5 * (1 + level), a, b).x}};
}

double
ebb_probability_above(const EbbPrior *prior, int64_t x, int64_t n, double reference)
{
	double		a = prior->status == EBB_POOLED ? prior->alpha + 0.5 : prior->alpha + x;
	double		b = prior->status == EBB_POOLED ? prior->beta + 0.5 : prior->beta + n - x;

	return beta_tails((Share) {reference, 1 - reference}, a, b).upper;
}
