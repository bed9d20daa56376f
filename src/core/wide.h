/*
 * wide.h
 *		Integers of 128 bits, for sums of squares that never round.
 *
 * Aligned as a double, so that they may stand anywhere in a state.
 */
#ifndef INCLUSION_CORE_WIDE_H
#define INCLUSION_CORE_WIDE_H

#include <stdbool.h>
#include <stdint.h>

typedef __int128 Wide __attribute__((aligned(8)));

/* Sums of squares stop here, so that a few of them can still be added. */
#define WIDE_SQUARES_MAX ((Wide) 1 << 122)

/* Room for the sign, 39 digits and the end. */
#define WIDE_TEXT_MAX 48

extern void wide_print(Wide value, char *text);
/* The whole of text must be an integer that fits. */
extern bool wide_parse(const char *text, Wide *result);

/*
 * The sum of squares around the mean: squares - sum^2 / n, rounded once.  The
 * whole part of the mean is taken out first, in integers: what remains to be
 * divided is below n, and nothing can overflow that was not out of range.
 */
extern double wide_centred(int64_t n, Wide sum, Wide squares);
/* The same for products of two variables. */
extern double wide_centred_products(int64_t n, Wide sum_a, Wide sum_b, Wide products);

#endif							/* INCLUSION_CORE_WIDE_H */
