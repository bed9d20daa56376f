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

/*
 * One more of a long column: what rounding takes from the high part goes to the
 * low one, which the next twofold_add brings back under it.
 */
static inline void
twofold_gather(Twofold *sum, double high, double low)
{
	Twofold		whole = twofold_sum(sum->high, high);

	sum->high = whole.high;
	sum->low += whole.low + low;
}

/* Two doubles side by side: what is done to one is done to the other at once. */
typedef double TwoLanes __attribute__((vector_size(16)));

/* Their first 26 digits, rounded (Veltkamp): no product of such halves rounds. */
static inline TwoLanes
lanes_high(TwoLanes values)
{
	TwoLanes	scaled = 134217729.0 * values;	/* 2^27 + 1 */

	return scaled - (scaled - values);
}

/* a * b exactly: in this order, no partial sum rounds. */
static inline Twofold
twofold_product(double a, double b)
{
	TwoLanes	values = {a, b};
	TwoLanes	high = lanes_high(values);
	TwoLanes	low = values - high;
	double		product = a * b;

	return (Twofold) {product, ((high[0] * high[1] - product) + high[0] * low[1] + low[0] * high[1]) + low[0] * low[1]};
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
