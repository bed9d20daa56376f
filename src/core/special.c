/*
 * special.c
 *		The gamma function's family, as the estimators need it.
 */
#include "special.h"

#include <math.h>

#define PI 3.14159265358979323846
#define LOG_SQRT_2PI 0.91893853320467274178

/* Above this, three terms of an asymptotic series give all the digits. */
#define ASYMPTOTIC 15.0

/* More terms than any series here takes. */
#define SERIES_MAX 1000

/*
 * lgamma() of the C library writes a global variable, the sign, that nobody
 * here reads: our arguments are positive.
 */
static double
log_gamma(double x)
{
	return lgamma(x);
}

/* Upwards by the recurrence, then Stirling's series. */
double
digamma(double x)
{
	double		shift = 0;
	double		inverse;

	while (x < ASYMPTOTIC)
	{
		shift -= 1 / x;
		x += 1;
	}
	inverse = 1 / (x * x);
	return shift + log(x) - 0.5 / x -
		inverse * (1.0 / 12 - inverse * (1.0 / 120 - inverse * (1.0 / 252 - inverse *
																(1.0 / 240 - inverse / 132))));
}

double
trigamma(double x)
{
	double		shift = 0;
	double		inverse;

	while (x < ASYMPTOTIC)
	{
		shift += 1 / (x * x);
		x += 1;
	}
	inverse = 1 / (x * x);
	return shift + 1 / x + 0.5 * inverse +
		inverse / x * (1.0 / 6 - inverse * (1.0 / 30 - inverse * (1.0 / 42 - inverse *
																  (1.0 / 30 - inverse * 5 / 66))));
}

/* What Stirling's formula for the factorial of x leaves out. */
static double
stirling_error(double x)
{
	double		inverse;

	if (x == 0)
		return INFINITY;
	if (x <= ASYMPTOTIC)
		return log_gamma(x + 1) - (x + 0.5) * log(x) + x - LOG_SQRT_2PI;
	inverse = 1 / (x * x);
	return (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse *
														 (1.0 / 1680 - inverse *
														  (1.0 / 1188 - inverse * 691 / 360360))))) / x;
}

/* x ln(x / mean) + mean - x, without cancellation where x is near the mean. */
static double
deviance(double x, double mean)
{
	double		difference = x - mean;
	double		ratio = difference / (x + mean);
	double		sum = difference * ratio;
	double		power = 2 * x * ratio;

	if (fabs(difference) >= 0.1 * (x + mean))
		return x * log(x / mean) + mean - x;
	for (int i = 3; i < SERIES_MAX; i += 2)
	{
		double		next;

		power *= ratio * ratio;
		next = sum + power / i;
		if (next == sum)
			break;
		sum = next;
	}
	return sum;
}

double
poisson_term(double x, double mean)
{
	if (mean == 0)
		return x == 0 ? 1 : 0;
	if (x == 0)
		return exp(-mean);
	return exp(-stirling_error(x) - deviance(x, mean)) / sqrt(2 * PI * x);
}

double
binomial_term(double x, double n, double p, double q)
{
	double		rest = n - x;

	if (p == 0 || q == 0)
		return (p == 0 ? x : rest) == 0 ? 1 : 0;
	if (n == 0)
		return 1;
	if (x == 0)
		return exp(p < 0.1 ? n * log1p(-p) : n * log(q));
	if (rest == 0)
		return exp(q < 0.1 ? n * log1p(-q) : n * log(p));
	return exp(stirling_error(n) - stirling_error(x) - stirling_error(rest) -
			   deviance(x, n * p) - deviance(rest, n * q)) *
		sqrt(n / (2 * PI * x * rest));
}

/* By Stirling's errors where they are large, as the terms above. */
double
log_beta(double a, double b)
{
	double		small = fmin(a, b);
	double		large = fmax(a, b);
	double		total = a + b;
	double		share = log1p(-small / total);	/* of the large one, its logarithm */

	if (large < ASYMPTOTIC)
		return log_gamma(a) + log_gamma(b) - log_gamma(total);
	if (small < ASYMPTOTIC)
		return log_gamma(small) + stirling_error(large) - stirling_error(total) +
			(large - 0.5) * share + small - small * log(total);
	return LOG_SQRT_2PI + stirling_error(small) + stirling_error(large) - stirling_error(total) +
		(small - 0.5) * log(small / total) + large * share - 0.5 * log(large);
}

double
log_choose(double n, double k)
{
	return -log_beta(k + 1, n - k + 1) - log1p(n);
}
