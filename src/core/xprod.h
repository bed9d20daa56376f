/*
 * xprod.h
 *		Means and centred cross products of several variables: what a linear
 *		model is fitted from, added up part by part.
 *
 * From distances, because raw sums of products lose most digits as soon as a
 * mean is large before its spread.
 */
#ifndef INCLUSION_CORE_XPROD_H
#define INCLUSION_CORE_XPROD_H

#include "measure.h"
#include "moments.h"
#include "state.h"

#define XPROD_COVARIATES_MAX 32
#define XPROD_VARIABLES_MAX (XPROD_COVARIATES_MAX + 1)

typedef struct Xprod
{
	StateHead	head;
	int64_t		n;
	int64_t		variables;		/* the outcome, then the covariates */
	/*
	 * Origins, one a variable; sums of the distances to them; row after row the
	 * lower triangle of the products of these.  Sums and products are twofold.
	 */
	double		cells[];
} Xprod;

extern const StateKind xprod_kind;

/* Cells of so many variables. */
static inline uint32_t
xprod_rows(int64_t variables)
{
	return (uint32_t) (variables * (variables + 4));
}

static inline Twofold *
xprod_sums(const Xprod *xprod)
{
	return (Twofold *) (xprod->cells + xprod->variables);
}

static inline Twofold *
xprod_products(const Xprod *xprod)
{
	return xprod_sums(xprod) + xprod->variables;
}

static inline double
xprod_mean(const Xprod *xprod, int i)
{
	Twofold		mean = twofold_divide(xprod_sums(xprod)[i], (double) xprod->n);

	return twofold_add((Twofold) {xprod->cells[i], 0}, mean).high;
}

/* Centred. */
static inline double
xprod_product(const Xprod *xprod, int i, int j)
{
	const Twofold *sums = xprod_sums(xprod);
	int			row = i > j ? i : j;
	int			column = i > j ? j : i;

	return products_centred(xprod_products(xprod)[row * (row + 1) / 2 + column], sums[i], sums[j], (double) xprod->n);
}

extern void xprod_begin(Xprod *xprod, int variables);
extern void xprod_add(Xprod *xprod, const double *values);

/* Internal consistency of the items of a questionnaire (Cronbach 1951). */
extern double xprod_alpha(const Xprod *xprod);

#endif							/* INCLUSION_CORE_XPROD_H */
