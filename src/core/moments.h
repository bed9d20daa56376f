/*
 * moments.h
 *		Sums and sums of squares of doubles, kept as distances to one of them.
 *
 * Distances to a value of about that size are exact, and their sums have twice
 * the digits of a double, so that neither large means nor the order of rows
 * cost any digit that matters.  Settled, a value is the mean in few digits: the
 * same rows in another order or another cut then give the same numbers.
 *
 * The count stands apart: several moments of the same rows share it.
 */
#ifndef INCLUSION_CORE_MOMENTS_H
#define INCLUSION_CORE_MOMENTS_H

#include <math.h>
#include <stdint.h>

#include "state.h"
#include "twofold.h"

typedef struct Moments
{
	double		origin;			/* what distances are taken from */
	Twofold		sum;
	Twofold		squares;
} Moments;

#define MOMENTS_FIELDS(name) \
	{"origin_" name, CELL_NUMBER}, \
	{"sum_" name, CELL_NUMBER}, \
	{"sum_" name "_low", CELL_NUMBER}, \
	{"squares_" name, CELL_NUMBER}, \
	{"squares_" name "_low", CELL_NUMBER}

/* n counts the value that is added.  Its distance to the origin, the first of all. */
static inline Twofold
moments_distance(Moments *moments, int64_t n, double value)
{
	if (n == 1)
		moments->origin = value;
	return twofold_sum(value, -moments->origin);
}

static inline void
moments_add(Moments *moments, int64_t n, double value)
{
	Twofold		distance = moments_distance(moments, n, value);
	Twofold		square = twofold_times(distance, distance);

	twofold_gather(&moments->sum, distance.high, distance.low);
	twofold_gather(&moments->squares, square.high, square.low);
}

/*
 * Two measures of one row, and their product.  Row after row, this is most of
 * what an aggregate of pairs costs: both squares are taken side by side.
 */
static inline void
moments_add_pair(Moments *a, Moments *b, Twofold *products, int64_t n, double value_a, double value_b)
{
	Twofold		to_a = moments_distance(a, n, value_a);
	Twofold		to_b = moments_distance(b, n, value_b);
	Twofold		product = twofold_product(to_a.high, to_b.high);
	TwoLanes	values = {to_a.high, to_b.high};
	TwoLanes	high = lanes_high(values);
	TwoLanes	low = values - high;
	TwoLanes	squares = values * values;
	TwoLanes	lost = ((high * high - squares) + 2 * (high * low)) + low * low;

	twofold_gather(&a->sum, to_a.high, to_a.low);
	twofold_gather(&b->sum, to_b.high, to_b.low);
	twofold_gather(&a->squares, squares[0], lost[0] + 2 * (to_a.high * to_a.low));
	twofold_gather(&b->squares, squares[1], lost[1] + 2 * (to_b.high * to_b.low));
	twofold_gather(products, product.high, product.low + (to_a.high * to_b.low + to_a.low * to_b.high));
}

/* A sum of n distances after the origin has moved back by this much. */
static inline Twofold
moments_moved(Twofold sum, Twofold back, double n)
{
	return twofold_add(sum, twofold_scale(back, n));
}

/*
 * The same for the sum of their products with those of another variable, by
 * the sums before the move.
 */
static inline Twofold
products_moved(Twofold products, Twofold sum_a, Twofold back_a, Twofold sum_b, Twofold back_b, double n)
{
	Twofold		moved = twofold_times(back_a, moments_moved(sum_b, back_b, n));

	return twofold_add(products, twofold_add(moved, twofold_times(back_b, sum_a)));
}

/* From where another origin is, seen from this one. */
static inline Twofold
moments_back(const Moments *moments, double origin)
{
	return twofold_sum(moments->origin, -origin);
}

static inline void
moments_move(Moments *moments, double n, double origin)
{
	Twofold		back = moments_back(moments, origin);

	moments->squares = products_moved(moments->squares, moments->sum, back, moments->sum, back, n);
	moments->sum = moments_moved(moments->sum, back, n);
	moments->origin = origin;
}

/* Both of the same origin. */
static inline void
moments_merge(Moments *into, const Moments *from)
{
	into->sum = twofold_add(into->sum, from->sum);
	into->squares = twofold_add(into->squares, from->squares);
}

static inline double
moments_mean(const Moments *moments, double n)
{
	Twofold		mean = twofold_add((Twofold) {moments->origin, 0}, twofold_divide(moments->sum, n));

	return mean.high;
}

/* A mean in 20 bits: what settled distances are taken from. */
static inline double
settled_origin(double mean)
{
	int			exponent;
	double		fraction = frexp(mean, &exponent);

	return ldexp(round(ldexp(fraction, 20)), exponent - 20);
}

static inline double
moments_settled_origin(const Moments *moments, double n)
{
	return settled_origin(moments_mean(moments, n));
}

/* Sum of products around the means. */
static inline double
products_centred(Twofold products, Twofold sum_a, Twofold sum_b, double n)
{
	return twofold_add(products, twofold_minus(twofold_divide(twofold_times(sum_a, sum_b), n))).high;
}

/* Sum of squares around the mean; what rounding leaves below 0 is 0. */
static inline double
moments_m2(const Moments *moments, double n)
{
	double		m2 = products_centred(moments->squares, moments->sum, moments->sum, n);

	return m2 < 0 && m2 > -1e-20 * moments->squares.high ? 0 : m2;
}

#endif							/* INCLUSION_CORE_MOMENTS_H */
