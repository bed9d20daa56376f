/*
 * eb_normal.h
 *		Empirical Bayes for means: how much the true values of the offers differ,
 *		and what each offer's estimate becomes once its chance is taken out.
 */
#ifndef INCLUSION_CORE_EB_NORMAL_H
#define INCLUSION_CORE_EB_NORMAL_H

#include "host.h"
#include "measure.h"
#include "state.h"

extern const StateKind ebn_kind;

extern bool ebn_row(double estimate, double variance, StateCell *row, Problem *problem);

/* How the variance between offers is estimated. */
typedef enum EbnMethod
{
	EBN_DL,						/* DerSimonian and Laird 1986 */
	EBN_HE,						/* Hedges 1983: unweighted */
	EBN_PM,						/* Paule and Mandel 1982 */
	EBN_REML,
	EBN_METHODS
} EbnMethod;

extern const char *const ebn_methods[EBN_METHODS];

typedef struct EbnPrior
{
	double		mu;
	double		se_mu;
	double		tau2;
	double		q;
	int64_t		k;
	double		i2;				/* share of the spread that is not chance, per cent */
} EbnPrior;

extern void ebn_estimate(const StateHead *state, EbnMethod method, const Host *host, EbnPrior *prior);

typedef struct EbnShrunken
{
	double		estimate;
	double		se;
} EbnShrunken;

extern EbnShrunken ebn_shrink(double mu, double se_mu, double tau2, double estimate, double variance);

/* Rates of as many trials each: what is kept of their distance to the mean. */
typedef struct JamesStein
{
	double		mean;
	double		factor;
} JamesStein;

extern JamesStein james_stein(const double *rates, int count, double trials);

#endif							/* INCLUSION_CORE_EB_NORMAL_H */
