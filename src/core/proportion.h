/*
 * proportion.h
 *		Proportions: the state, intervals, and paired proportions (McNemar).
 */
#ifndef INCLUSION_CORE_PROPORTION_H
#define INCLUSION_CORE_PROPORTION_H

#include "measure.h"
#include "state.h"

typedef struct Proportion
{
	StateHead	head;
	int64_t		n;
	int64_t		x;
	int64_t		n_missing;
} Proportion;

extern const StateKind proportion_kind;

/* 0 <= x <= n, and a level in (0, 1); no limits when n is 0. */
extern Limits interval_wilson(int64_t x, int64_t n, double level);
extern Limits interval_wilson_corrected(int64_t x, int64_t n, double level);
extern Limits interval_jeffreys(int64_t x, int64_t n, double level);
extern Limits interval_clopper_pearson(int64_t x, int64_t n, double level);

typedef struct PairedProportion
{
	double		difference;		/* (gained - lost) / n */
	double		chisq;			/* NAN without discordant pair */
	double		p_chisq;
	double		p_exact;
	double		p;				/* exact under 25 discordant pairs */
} PairedProportion;

/* Among n pairs: those who became a case, those who no longer are one. */
extern bool mcnemar(int64_t gained, int64_t lost, int64_t n, PairedProportion *result, Problem *problem);

#endif							/* INCLUSION_CORE_PROPORTION_H */
