/*
 * funnel.h
 *		How far chance alone takes a small group from the common rate: control
 *		limits of a funnel plot, and overdispersion (Spiegelhalter 2005).
 */
#ifndef INCLUSION_CORE_FUNNEL_H
#define INCLUSION_CORE_FUNNEL_H

#include "measure.h"

/*
 * Interpolated exact limits; NAN for n or expected 0.  Where groups differ
 * beyond chance by tau2, those of both variances together, and never nearer
 * than chance alone would have them.
 */
extern double funnel_proportion(double theta, double n, double p, double tau2);
extern double funnel_ratio(double expected, double p, double tau2);

typedef struct Overdispersion
{
	double		phi;			/* 1: chance explains the spread */
	double		tau2;			/* variance to add to each group's */
} Overdispersion;

/*
 * From z-scores, which are put in order, and the variances they were divided
 * by, in the same order as given; NULL: variances of 1.
 */
extern Overdispersion funnel_overdispersion(double *z, const double *variances, int count);

#endif							/* INCLUSION_CORE_FUNNEL_H */
