/*
 * reliability.h
 *		Is a change larger than the instrument's error?  Jacobson and Truax 1991.
 *
 * Spread and reliability are those of the instrument's norm, never those of
 * the cohort that is judged.
 */
#ifndef INCLUSION_CORE_RELIABILITY_H
#define INCLUSION_CORE_RELIABILITY_H

#include "measure.h"

/* Two-sided, 95 %. */
#define RELIABLE_CHANGE 1.9599639845400542

typedef struct ReliableChange
{
	double		index;			/* change over its standard error */
	double		s_diff;			/* standard error of a difference */
	double		se_measurement;
	double		smallest;		/* smallest reliable change */
} ReliableChange;

extern bool reliable_change(double pre, double post, double sd, double reliability,
							ReliableChange *change, Problem *problem);

/* Nearer the norm than the population in difficulty. */
extern double clinical_cutoff(double norm_mean, double norm_sd, double mean, double sd);

#endif							/* INCLUSION_CORE_RELIABILITY_H */
