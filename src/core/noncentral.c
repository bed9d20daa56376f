/*
 * noncentral.c
 *		The noncentral t: a Poisson mixture of incomplete betas (Lenth 1989,
 *		AS 243), summed around its largest terms.
 *
 * AS 243 begins its sums at zero, where the Poisson weight vanishes once the
 * noncentrality passes 37: pairs of a thousand people do that.
 */
#include "distribution.h"

#include <math.h>

#include "special.h"

/* Beyond this the sums would be long, and simpler forms are close enough. */
#define NONCENTRALITY_MAX 1000.0
#define FREEDOM_NORMAL 1000.0

/* Weights further than this many standard deviations are below 1e-30. */
#define SPREAD 12.0

#define STEPS_MAX 200

/*
 * Large t: either the freedom is large, and T nearly normal (Abramowitz and
 * Stegun 26.7.10), or the chi in its denominator decides alone.
 */
static double
large_noncentral(double t, double freedom, double noncentrality)
{
	double		ratio = noncentrality / t;

	if (freedom > FREEDOM_NORMAL)
		return normal_tails((t * (1 - 1 / (4 * freedom)) - noncentrality) /
							sqrt(1 + t * t / (2 * freedom))).lower;
	return ratio > 0 ? gamma_tails(0.5 * freedom * ratio * ratio, 0.5 * freedom).upper : 1;
}

static double
large_pivot(double t, double freedom, double p)
{
	double		tail = t > 0 ? 1 - p : p;

	if (freedom > FREEDOM_NORMAL)
		return t * (1 - 1 / (4 * freedom)) - normal_quantile(p) * sqrt(1 + t * t / (2 * freedom));
	return t * sqrt(2 * gamma_quantile(tail, 0.5 * freedom) / freedom);
}

/*
 * Sum over j of weight(j + shift) I_at(j + shift + 1/2, b), where weight is
 * the Poisson term of j (shift 0) or its companion at half integers (shift
 * 1/2).  The betas grow towards small j: each comes from the next by adding,
 * which loses nothing.
 */
static double
mixture(Share at, double b, double mean, double shift)
{
	double		reach = SPREAD * sqrt(mean) + 2 * SPREAD;
	double		first = fmax(0, floor(mean - reach));
	double		a = ceil(mean + reach) + shift;
	double		beta = beta_tails(at, a + 0.5, b).lower;
	double		weight = poisson_term(a, mean);
	double		sum = weight * beta;

	while (a >= first + shift + 1)
	{
		/* x^k rest^b / (k B(k, b)), from I(k + 1) to I(k) */
		beta += binomial_term(a - 0.5, a - 0.5 + b, at.x, at.rest) * b / (a - 0.5 + b);
		weight *= a / mean;
		a--;
		sum += weight * beta;
	}
	return sum;
}

double
noncentral_t(double t, double freedom, double noncentrality)
{
	double		mean = 0.5 * noncentrality * noncentrality;
	double		square = t * t;
	Share		at = {square / (freedom + square), freedom / (freedom + square)};
	double		sum;

	if (t < 0)
		return 1 - noncentral_t(-t, freedom, -noncentrality);
	if (fabs(noncentrality) > NONCENTRALITY_MAX)
		return large_noncentral(t, freedom, noncentrality);
	if (mean == 0)
		return 0.5 + 0.5 * beta_tails(at, 0.5, 0.5 * freedom).lower;
	sum = normal_tails(-noncentrality).lower;
	if (t == 0)
		return sum;
	sum += 0.5 * mixture(at, 0.5 * freedom, mean, 0);
	sum += (noncentrality > 0 ? 0.5 : -0.5) * mixture(at, 0.5 * freedom, mean, 0.5);
	return fmin(1, fmax(0, sum));
}

/* P(T <= t) falls as the noncentrality grows: a bracket, then the Illinois rule. */
double
noncentral_t_pivot(double t, double freedom, double p)
{
	double		spread = sqrt(1 + t * t / (2 * freedom));
	double		low = t - spread;
	double		high = t + spread;
	double		above;
	double		below;

	if (!(p > 0 && p < 1) || !isfinite(t))
		return NAN;
	if (fabs(t) > NONCENTRALITY_MAX)
		return large_pivot(t, freedom, p);
	for (double step = spread; (above = noncentral_t(t, freedom, low) - p) < 0; step *= 2)
		low -= step;
	for (double step = spread; (below = noncentral_t(t, freedom, high) - p) > 0; step *= 2)
		high += step;
	for (int i = 0; i < STEPS_MAX && high - low > 1e-12 * fmax(1, fabs(high)); i++)
	{
		double		next = (low * below - high * above) / (below - above);
		double		excess = noncentral_t(t, freedom, next) - p;

		if (excess == 0)
			return next;
		if (excess > 0)
		{
			low = next;
			above = excess;
			below *= 0.5;
		}
		else
		{
			high = next;
			below = excess;
			above *= 0.5;
		}
	}
	return 0.5 * (low + high);
}
