/*
 * casemix.h
 *		What somebody's gain would be expected to be, from what was known at
 *		entry: a linear model fitted by ordinary least squares.
 */
#ifndef INCLUSION_CORE_CASEMIX_H
#define INCLUSION_CORE_CASEMIX_H

#include "xprod.h"

/* A covariate that the others explain but for this share is dropped. */
#define CASEMIX_PIVOT_MIN 1e-10

typedef struct CasemixModel
{
	int			covariates;
	double		intercept;
	double		coefficients[XPROD_COVARIATES_MAX]; /* 0 where dropped */
	bool		dropped[XPROD_COVARIATES_MAX];
	bool		any_dropped;
	double		sigma;			/* NAN without degrees of freedom */
	double		r2;
} CasemixModel;

extern void casemix_fit(const Xprod *xprod, CasemixModel *model);
extern double casemix_expected(double intercept, const double *coefficients, const double *x, int covariates);

#endif							/* INCLUSION_CORE_CASEMIX_H */
