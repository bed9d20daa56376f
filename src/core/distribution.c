/*
 * distribution.c
 *		Distribution functions and quantiles: normal, beta, gamma, Student.
 *
 * Incomplete beta and gamma functions by their continued fractions, whose
 * prefix is a binomial or Poisson term.  Quantiles by Newton's method on the
 * logarithms, where a tail is nearly a straight line, kept inside a bracket.
 */
#include "distribution.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "special.h"

#define SQRT_2 1.41421356237309504880
#define SQRT_2PI 2.50662827463100050242

/* Steps grow as the square root of the parameters: enough for counts of 10^9. */
#define FRACTION_MAX 1000000
#define NEWTON_MAX 300

/*
 * Normal
 */

Tails
normal_tails(double x)
{
	return (Tails) {0.5 * erfc(-x / SQRT_2), 0.5 * erfc(x / SQRT_2)};
}

static double
normal_density(double x)
{
	return exp(-0.5 * x * x) / SQRT_2PI;
}

/* Abramowitz and Stegun 26.2.23, good to 5e-4: where Halley's method begins. */
static double
normal_guess(double tail)
{
	double		t = sqrt(-2 * log(tail));

	return t - (2.515517 + t * (0.802853 + t * 0.010328)) /
		(1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}

double
normal_quantile(double p)
{
	double		tail = fmin(p, 1 - p);
	double		x;

	if (!(p > 0 && p < 1))
		return NAN;
	if (p == 0.5)
		return 0;
	x = normal_guess(tail);
	for (int i = 0; i < 4; i++)
	{
		/* Near the middle the tail has lost digits that the other side keeps */
		double		excess = tail > 0.25 ? (0.5 - tail) - 0.5 * erf(x / SQRT_2) :
			0.5 * erfc(x / SQRT_2) - tail;
		double		step = excess / normal_density(x);

		x += step / (1 - 0.5 * x * step);
	}
	return p < 0.5 ? -x : x;
}

/*
 * Quantiles of positive variables
 */

typedef struct Curve
{
	Tails		(*tails) (double x, const struct Curve *curve);
	/* The density times x: what the tail gains along ln x. */
	double		(*slope) (double x, const struct Curve *curve);
	double		a;
	double		b;
} Curve;

/*
 * The x whose tail is the wanted one, on the side where that tail is the
 * smaller: solved along ln x, so that x may be as small as a double can.
 */
static double
solve(const Curve *curve, double wanted, bool lower, double log_low, double log_high, double start)
{
	double		at = start > log_low && start < log_high ? start : 0.5 * (log_low + log_high);

	for (int i = 0; i < NEWTON_MAX; i++)
	{
		double		x = exp(at);
		Tails		tails = curve->tails(x, curve);
		double		tail = lower ? tails.lower : tails.upper;
		double		excess = log(tail / wanted);
		double		next;

		if (excess == 0)
			break;
		if ((excess > 0) == lower)
			log_high = at;
		else
			log_low = at;
		next = at - (lower ? 1 : -1) * excess * tail / curve->slope(x, curve);
		if (!(next > log_low && next < log_high))
			next = 0.5 * (log_low + log_high);
		if (fabs(next - at) <= DBL_EPSILON * fmax(fabs(at), 1) * 0.25 || next == at)
		{
			at = next;
			break;
		}
		at = next;
	}
	return exp(at);
}

/*
 * Beta
 */

/*
 * I_x(a, b) over its prefix, by the continued fraction of DiDonato and Morris
 * (1992), by Lentz's method.  What is small when a is huge and x near 1 enters
 * as the distance to the mean, taken from the end that is nearer: the classic
 * fraction subtracts two numbers close to 1 there, and loses as many digits as
 * a has.
 */
static double
beta_fraction(Share at, double a, double b)
{
	const double tiny = 1e-300;
	double		distance = at.rest < at.x ? (a + b) * at.rest - b : a - (a + b) * at.x;
	double		result = a / (a + 1) * (distance + 1);
	double		c;
	double		d = 0;

	result = fabs(result) < tiny ? tiny : result;
	c = result;
	for (int n = 1; n <= FRACTION_MAX; n++)
	{
		double		step = n * (b - n) * at.x;
		double		numerator = (a + n - 1) / (a + 2 * n - 1) * ((a + b + n - 1) / (a + 2 * n - 1)) * step * at.x;
		double		partial = n + step / (a + 2 * n - 1) + (a + n) / (a + 2 * n + 1) * (distance + 1 + n * (1 + at.rest));
		double		change;

		d = partial + numerator * d;
		c = partial + numerator / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		change = d * c;
		result *= change;
		if (fabs(change - 1) < DBL_EPSILON)
			break;
	}
	return 1 / result;
}

/* x^a rest^b / (a B(a, b)). */
static double
beta_prefix(Share at, double a, double b)
{
	return binomial_term(a, a + b, at.x, at.rest) * b / (a + b);
}

Tails
beta_tails(Share at, double a, double b)
{
	const Share mirrored = {at.rest, at.x};
	double		tail;

	if (at.x <= 0)
		return (Tails) {0, 1};
	if (at.rest <= 0)
		return (Tails) {1, 0};
	if (at.x <= (a + 1) / (a + b + 2))
	{
		tail = a * beta_prefix(at, a, b) * beta_fraction(at, a, b);
		return (Tails) {tail, 1 - tail};
	}
	tail = b * beta_prefix(mirrored, b, a) * beta_fraction(mirrored, b, a);
	return (Tails) {1 - tail, tail};
}

static Tails
beta_curve_tails(double x, const Curve *curve)
{
	return beta_tails((Share) {x, 1 - x}, curve->a, curve->b);
}

static double
beta_curve_slope(double x, const Curve *curve)
{
	return curve->a * beta_prefix((Share) {x, 1 - x}, curve->a, curve->b) / (1 - x);
}

/* Solved from the end that is nearer, where x has all its digits. */
Share
beta_quantile(double p, double a, double b)
{
	const Share half = {0.5, 0.5};
	bool		mirrored;
	Curve		curve = {beta_curve_tails, beta_curve_slope};
	double		x;

	if (!(p >= 0 && p <= 1 && a > 0 && b > 0))
		return (Share) {NAN, NAN};
	if (p == 0 || p == 1)
		return (Share) {p, 1 - p};
	mirrored = beta_tails(half, a, b).lower < p;
	curve.a = mirrored ? b : a;
	curve.b = mirrored ? a : b;
	x = solve(&curve, p <= 0.5 ? p : 1 - p, (p <= 0.5) != mirrored, log(DBL_MIN), log(0.5) + DBL_EPSILON,
			  (log(mirrored ? 1 - p : p) + log(curve.a) + log_beta(a, b)) / curve.a);
	return mirrored ? (Share) {1 - x, x} : (Share) {x, 1 - x};
}

/*
 * Gamma
 */

static double
gamma_series(double x, double a)
{
	double		term = 1;
	double		sum = 1;

	for (int i = 1; i <= FRACTION_MAX && term > sum * DBL_EPSILON * 0.1; i++)
	{
		term *= x / (a + i);
		sum += term;
	}
	return sum;
}

static double
gamma_fraction(double x, double a)
{
	const double tiny = 1e-300;
	double		b = x + 1 - a;
	double		c = 1 / tiny;
	double		d = 1 / b;
	double		result = d;

	for (int i = 1; i <= FRACTION_MAX; i++)
	{
		double		numerator = -i * (i - a);
		double		change;

		b += 2;
		d = numerator * d + b;
		c = b + numerator / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		change = d * c;
		result *= change;
		if (fabs(change - 1) < DBL_EPSILON)
			break;
	}
	return result;
}

Tails
gamma_tails(double x, double a)
{
	double		tail;

	if (x <= 0)
		return (Tails) {0, 1};
	if (x < a + 1)
	{
		tail = poisson_term(a, x) * gamma_series(x, a);
		return (Tails) {tail, 1 - tail};
	}
	tail = a * poisson_term(a, x) * gamma_fraction(x, a);
	return (Tails) {1 - tail, tail};
}

static Tails
gamma_curve_tails(double x, const Curve *curve)
{
	return gamma_tails(x, curve->a);
}

static double
gamma_curve_slope(double x, const Curve *curve)
{
	return curve->a * poisson_term(curve->a, x);
}

/* Begins from the cube of a normal (Wilson and Hilferty). */
double
gamma_quantile(double p, double a)
{
	Curve		curve = {gamma_curve_tails, gamma_curve_slope, a};
	double		root;
	double		start;

	if (!(p >= 0 && p < 1 && a > 0))
		return NAN;
	if (p == 0)
		return 0;
	root = 1 - 1 / (9 * a) + normal_quantile(p) / (3 * sqrt(a));
	start = root > 0.2 ? log(a) + 3 * log(root) : (log(p) + lgamma(a + 1)) / a;
	return solve(&curve, p <= 0.5 ? p : 1 - p, p <= 0.5, log(DBL_MIN), log(DBL_MAX) / 2, start);
}

/*
 * Student
 */

Tails
student_magnitude_tails(double t, double freedom)
{
	double		square = t * t;
	Share		at = {freedom / (freedom + square), square / (freedom + square)};
	Tails		tails = beta_tails(at, 0.5 * freedom, 0.5);

	return (Tails) {tails.upper, tails.lower};
}

double
student_quantile(double p, double freedom)
{
	Share		at;
	double		t;

	if (!(p > 0 && p < 1 && freedom > 0))
		return NAN;
	if (p == 0.5)
		return 0;
	at = beta_quantile(2 * fmin(p, 1 - p), 0.5 * freedom, 0.5);
	t = sqrt(freedom * at.rest / at.x);
	return p < 0.5 ? -t : t;
}

/*
 * Counts
 */

double
binomial_lower(double x, double n, double p)
{
	if (x < 0)
		return 0;
	if (x >= n)
		return 1;
	return beta_tails((Share) {p, 1 - p}, x + 1, n - x).upper;
}

double
poisson_lower(double x, double mean)
{
	return x < 0 ? 0 : gamma_tails(mean, x + 1).upper;
}
