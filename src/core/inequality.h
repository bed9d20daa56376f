/*
 * inequality.h
 *		How unequally something is shared: a distribution as a sorted map of
 *		values, and its indices; concentration along a rank.
 */
#ifndef INCLUSION_CORE_INEQUALITY_H
#define INCLUSION_CORE_INEQUALITY_H

#include "measure.h"
#include "state.h"

extern const StateKind dist_kind;
extern const StateKind conc_kind;

extern bool dist_row(double value, double weight, StateCell *row, Problem *problem);
extern bool conc_row(double value, double rank_key, double weight, StateCell *row, Problem *problem);

/* NAN when nothing is shared. */
extern double dist_gini(const StateHead *state, bool unbiased);
extern double dist_theil_t(const StateHead *state);
extern double dist_theil_l(const StateHead *state);	/* NAN with a zero */
extern double dist_atkinson(const StateHead *state, double aversion);
extern double dist_hoover(const StateHead *state);
extern double dist_zero_share(const StateHead *state);

/* Total weight and weighted sum. */
typedef struct DistTotals
{
	double		weight;
	double		sum;
} DistTotals;

extern DistTotals dist_totals(const StateHead *state);

/* What Theil's T of a whole owes to the groups inside, and to their means. */
typedef struct TheilParts
{
	double		within;
	double		between;
} TheilParts;

/* One more group, of that total; the whole's totals are known beforehand. */
extern void theil_add_group(TheilParts *parts, const StateHead *group, const DistTotals *whole);

typedef struct Concentration
{
	double		mean;
	double		index;
} Concentration;

extern Concentration conc_measure(const StateHead *state);

/* For an outcome bounded by low and high. */
extern double conc_erreygers(const Concentration *concentration, double low, double high);
extern double conc_wagstaff(const Concentration *concentration, double low, double high);

#endif							/* INCLUSION_CORE_INEQUALITY_H */
