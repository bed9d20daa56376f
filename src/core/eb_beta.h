/*
 * eb_beta.h
 *		Empirical Bayes for rates: the beta distribution that the true rates of
 *		the offers seem drawn from, and each offer's rate in its light.
 */
#ifndef INCLUSION_CORE_EB_BETA_H
#define INCLUSION_CORE_EB_BETA_H

#include "host.h"
#include "measure.h"
#include "state.h"

extern const StateKind ebb_kind;

extern bool ebb_row(int64_t x, int64_t n, StateCell *row, Problem *problem);

/* How the prior was found, in the order of ebb_statuses. */
typedef enum EbbStatus
{
	EBB_MLE,
	EBB_ANOVA,					/* Kleinman 1973 */
	EBB_MOMENTS,				/* unweighted, as in textbooks */
	EBB_POOLED,					/* no difference between offers is seen */
	EBB_STATUSES
} EbbStatus;

extern const char *const ebb_statuses[EBB_STATUSES];

/*
 * Pooled, alpha and beta are the totals of successes and failures: one rate
 * for all, as sure as all facts together make it.
 */
typedef struct EbbPrior
{
	double		alpha;
	double		beta;
	double		loglik;
	EbbStatus	status;
} EbbPrior;

/* By this method, or by the next one that works. */
extern void ebb_estimate(const StateHead *state, EbbStatus method, const Host *host, EbbPrior *prior);

typedef struct EbbRate
{
	double		rate;
	Limits	interval;
} EbbRate;

extern EbbRate ebb_rate(const EbbPrior *prior, int64_t x, int64_t n, double level);

/* Is the offer's true rate above this one? */
extern double ebb_probability_above(const EbbPrior *prior, int64_t x, int64_t n, double reference);

#endif							/* INCLUSION_CORE_EB_BETA_H */
