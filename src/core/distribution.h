/*
 * distribution.h
 *		Distribution functions and quantiles: normal, beta, gamma, Student,
 *		noncentral Student.
 *
 * Both tails are computed, so that neither is one minus the other.  Outside
 * their domain quantiles are NAN, which the face shows as NULL.
 */
#ifndef INCLUSION_CORE_DISTRIBUTION_H
#define INCLUSION_CORE_DISTRIBUTION_H

typedef struct Tails
{
	double		lower;
	double		upper;
} Tails;

/* A point of [0, 1] and its complement, each with all its digits. */
typedef struct Share
{
	double		x;
	double		rest;
} Share;

extern Tails normal_tails(double x);
extern double normal_quantile(double p);

/* I_x(a, b), for a and b > 0. */
extern Tails beta_tails(Share at, double a, double b);
extern Share beta_quantile(double p, double a, double b);

/* P(a, x), for a > 0; half a chi-squared with 2a degrees of freedom. */
extern Tails gamma_tails(double x, double a);
extern double gamma_quantile(double p, double a);

/* The tails of |t|: upper is the two-sided p-value. */
extern Tails student_magnitude_tails(double t, double freedom);
extern double student_quantile(double p, double freedom);

/* P(T <= t) for the noncentral t of this noncentrality. */
extern double noncentral_t(double t, double freedom, double noncentrality);

/* The noncentrality for which P(T <= t) is p. */
extern double noncentral_t_pivot(double t, double freedom, double p);

/* P(X <= x) for a binomial and a Poisson count x. */
extern double binomial_lower(double x, double n, double p);
extern double poisson_lower(double x, double mean);

#endif							/* INCLUSION_CORE_DISTRIBUTION_H */
