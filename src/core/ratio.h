/*
 * ratio.h
 *		A ratio of totals, such as a cost per person: state, and limits by
 *		Fieller's theorem (1954).
 */
#ifndef INCLUSION_CORE_RATIO_H
#define INCLUSION_CORE_RATIO_H

#include "measure.h"
#include "moments.h"
#include "state.h"
#include "wide.h"

typedef struct Ratio
{
	StateHead	head;
	int64_t		n;
	int64_t		sum_num;
	int64_t		sum_den;
	Wide		squares_num;
	Wide		squares_den;
	Wide		products;
} Ratio;

typedef struct RatioFloat
{
	StateHead	head;
	int64_t		n;
	Moments		num;
	Moments		den;
	Twofold		products;		/* of the distances of both */
} RatioFloat;

extern const StateKind ratio_kind;
extern const StateKind ratio_float_kind;

/* One row; false when the sums overflow. */
extern bool ratio_add(Ratio *ratio, int64_t num, int64_t den);
extern void ratio_float_add(RatioFloat *ratio, double num, double den);

typedef struct RatioSummary
{
	double		r;
	double		se;
	Limits	fieller;		/* NAN where the denominator may be 0 */
} RatioSummary;

extern void ratio_summarise(const StateHead *state, double level, RatioSummary *summary);

#endif							/* INCLUSION_CORE_RATIO_H */
