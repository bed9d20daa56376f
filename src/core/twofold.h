/*
 * twofold.h
 *		Doubles with twice their digits, as the sum of two (Dekker 1971).
 *
 * What is left of a difference after most digits cancel is still right to 1e-9
 * in any order of additions: sums of squares around large means, and products
 * that nearly cancel.
 */
#ifndef INCLUSION_CORE_TWOFOLD_H
#define INCLUSION_CORE_TWOFOLD_H

typedef struct Twofold
{
	double		high;
	double		low;
} Twofold;

/* a + b exactly (Knuth). */
static inline Twofold
twofold_sum(double a, double b)
{
	double		sum = a + b;
	double		back = sum - a;

	return (Twofold) {sum, (a - (sum - back)) + (b - back)};
}

/* The same, where a is the larger. */
static inline Twofold
twofold_normal(double a, double b)
{
	double		sum = a + b;

	return (Twofold) {sum, b - (sum - a)};
}

static inline Twofold
twofold_add(Twofold a, Twofold b)
{
	Twofold		sum = twofold_sum(a.high, b.high);

	return twofold_normal(sum.high, sum.low + (a.low + b.low));
}

/* a * b exactly, of halves whose products round nowhere. */
static inline Twofold
twofold_product(double a, double b)
{
	const double splitter = 134217729;	/* 2^27 + 1 */
	double		product = a * b;
	double		a_high = splitter * a - (splitter * a - a);
	double		b_high = splitter * b - (splitter * b - b);
	double		a_low = a - a_high;
	double		b_low = b - b_high;

	return (Twofold) {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

static inline Twofold
twofold_times(Twofold a, Twofold b)
{
	Twofold		product = twofold_product(a.high, b.high);

	return twofold_normal(product.high, product.low + (a.high * b.low + a.low * b.high));
}

static inline Twofold
twofold_scale(Twofold a, double factor)
{
	return twofold_times(a, (Twofold) {factor, 0});
}

static inline Twofold
twofold_minus(Twofold a)
{
	return (Twofold) {-a.high, -a.low};
}

static inline Twofold
twofold_divide(Twofold a, double divisor)
{
	double		first = a.high / divisor;
	Twofold		rest = twofold_add(a, twofold_minus(twofold_product(first, divisor)));

	return twofold_normal(first, rest.high / divisor);
}

#endif							/* INCLUSION_CORE_TWOFOLD_H */
