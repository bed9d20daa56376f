/*
 * smr.h
 *		Observed and expected: their difference, person by person, and their
 *		ratio, for counts (indirect standardisation).
 */
#ifndef INCLUSION_CORE_SMR_H
#define INCLUSION_CORE_SMR_H

#include "measure.h"
#include "moments.h"
#include "state.h"

typedef struct Smr
{
	StateHead	head;
	int64_t		n;
	Twofold		observed;
	Twofold		expected;
	Moments		difference;		/* observed - expected */
} Smr;

extern const StateKind smr_kind;

extern void smr_add(Smr *smr, double observed, double expected);

typedef struct SmrRatio
{
	double		ratio;			/* NAN when nothing was expected */
	Limits	exact;			/* Poisson */
	Limits	byar;
	Limits	log_normal;
} SmrRatio;

extern void smr_ratio(double observed, double expected, double level, SmrRatio *ratio);

typedef struct SmrDifference
{
	double		mean;
	double		se;
	double		z;
} SmrDifference;

/* sigma is the model's; NAN: that of these differences. */
extern void smr_difference(const Smr *smr, double sigma, SmrDifference *difference);

#endif							/* INCLUSION_CORE_SMR_H */
