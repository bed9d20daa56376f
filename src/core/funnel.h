/*
 * funnel.h
 *		How far chance alone takes a small group from the common rate: control
 *		limits of a funnel plot, and overdispersion (Spiegelhalter 2005).
 */
#ifndef INCLUSION_CORE_FUNNEL_H
#define INCLUSION_CORE_FUNNEL_H

#include "measure.h"

/* Interpolated exact limits; NAN for n or expected 0. */
extern double funnel_proportion(double theta, double n, double p);
extern double funnel_ratio(double expected, double p);

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
