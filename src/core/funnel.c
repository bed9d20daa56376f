/*
 * funnel.c
 *		Control limits of a funnel plot, and overdispersion.
 */
#include "funnel.h"

#include <stdlib.h>

#include "distribution.h"
#include "special.h"

/* Share of the z-scores that is drawn in at each end. */
#define WINSORISED 0.1

/* A distribution of counts: binomial when n is given, else Poisson. */
typedef struct Counts
{
	double		n;				/* NAN: Poisson */
	double		parameter;
} Counts;

static double
at_most(const Counts *counts, double x)
{
	return isnan(counts->n) ? poisson_lower(x, counts->parameter) :
		binomial_lower(x, counts->n, counts->parameter);
}

static double
term(const Counts *counts, double x)
{
	return isnan(counts->n) ? poisson_term(x, counts->parameter) :
		binomial_term(x, counts->n, counts->parameter, 1 - counts->parameter);
}

/* The smallest count that is reached with probability p, made continuous. */
static double
interpolated_quantile(const Counts *counts, double p)
{
	double		below = -1;
	double		reached = isnan(counts->n) ? ceil(counts->parameter) : counts->n;

	while (isnan(counts->n) && at_most(counts, reached) < p)
		reached *= 2;
	while (reached - below > 1)
	{
		double		middle = floor(0.5 * (below + reached));

		/* doubles beyond 2^53 are more than one apart */
		if (middle <= below || middle >= reached)
			break;
		if (at_most(counts, middle) >= p)
			reached = middle;
		else
			below = middle;
	}
	return reached - (at_most(counts, reached) - p) / term(counts, reached);
}

/* A limit of chance alone, moved out by what groups differ beyond it. */
static double
widened(double limit, double centre, double variance, double p, double tau2)
{
	double		wide;

	if (tau2 == 0)
		return limit;
	wide = centre + normal_quantile(p) * sqrt(variance + tau2);
	return p < 0.5 ? fmax(0, fmin(limit, wide)) : fmax(limit, wide);
}

double
funnel_proportion(double theta, double n, double p, double tau2)
{
	Counts		counts = {n, theta};

	if (!(n > 0))
		return NAN;
	return fmin(1, widened(fmax(0, interpolated_quantile(&counts, p)) / n, theta, theta * (1 - theta) / n, p, tau2));
}

double
funnel_ratio(double expected, double p, double tau2)
{
	Counts		counts = {NAN, expected};

	if (!(expected > 0))
		return NAN;
	return widened(fmax(0, interpolated_quantile(&counts, p)) / expected, 1, 1 / expected, p, tau2);
}

static int
compare_doubles(const void *a, const void *b)
{
	double		left = *(const double *) a;
	double		right = *(const double *) b;

	return (left > right) - (left < right);
}

/* Of sorted values, by linear interpolation (type 7). */
static double
sample_quantile(const double *sorted, int count, double p)
{
	double		at = (count - 1) * p;
	int			below = (int) at;

	if (below + 1 >= count)
		return sorted[count - 1];
	return sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
}

Overdispersion
funnel_overdispersion(double *z, const double *variances, int count)
{
	Overdispersion result = {NAN, NAN};
	double		weights = 0;
	double		squares = 0;
	double		low;
	double		high;
	double		sum = 0;

	if (count == 0)
		return result;
	qsort(z, count, sizeof(double), compare_doubles);
	low = sample_quantile(z, count, WINSORISED);
	high = sample_quantile(z, count, 1 - WINSORISED);
	for (int i = 0; i < count; i++)
	{
		double		drawn_in = fmin(high, fmax(low, z[i]));
		double		weight = variances == NULL ? 1 : 1 / variances[i];

		sum += drawn_in * drawn_in;
		weights += weight;
		squares += weight * weight;
	}
	result.phi = sum / count;
	result.tau2 = result.phi > 1 && count > 1 ?
		fmax(0, (count * result.phi - (count - 1)) / (weights - squares / weights)) : 0;
	return result;
}
