/*
 * special.h
 *		The gamma function's family, as the estimators need it.
 *
 * Terms of the binomial and of the Poisson distribution are computed by the
 * saddle point (Loader 2000): a difference of three logarithms of the gamma
 * function would lose the digits that large counts make large.
 */
#ifndef INCLUSION_CORE_SPECIAL_H
#define INCLUSION_CORE_SPECIAL_H

extern double digamma(double x);
extern double trigamma(double x);
extern double log_beta(double a, double b);
extern double log_choose(double n, double k);

/* x may be any real >= 0, and n any real >= x; q is 1 - p, given exactly. */
extern double binomial_term(double x, double n, double p, double q);
extern double poisson_term(double x, double mean);

#endif							/* INCLUSION_CORE_SPECIAL_H */
