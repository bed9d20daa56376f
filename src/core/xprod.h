/*
 * xprod.h
 *		Means and centred cross products of several variables: what a linear
 *		model is fitted from, added up part by part.
 *
 * Centred, because raw sums of products lose most digits as soon as a mean is
 * large before its spread.
 */
#ifndef INCLUSION_CORE_XPROD_H
#define INCLUSION_CORE_XPROD_H

#include "measure.h"
#include "state.h"

#define XPROD_COVARIATES_MAX 32
#define XPROD_VARIABLES_MAX (XPROD_COVARIATES_MAX + 1)

typedef struct Xprod
{
	StateHead	head;
	int64_t		n;
	int64_t		variables;		/* the outcome, then the covariates */
	/* the means, then row after row the lower triangle of the products */
	double		cells[];
} Xprod;

extern const StateKind xprod_kind;

/* Means and products of so many variables. */
static inline uint32_t
xprod_rows(int64_t variables)
{
	return (uint32_t) (variables * (variables + 3) / 2);
}

static inline double
xprod_product(const Xprod *xprod, int i, int j)
{
	int			row = i > j ? i : j;
	int			column = i > j ? j : i;

	return xprod->cells[xprod->variables + row * (row + 1) / 2 + column];
}

extern void xprod_begin(Xprod *xprod, int variables);
extern void xprod_add(Xprod *xprod, const double *values);

/* Internal consistency of the items of a questionnaire (Cronbach 1951). */
extern double xprod_alpha(const Xprod *xprod);

#endif							/* INCLUSION_CORE_XPROD_H */
