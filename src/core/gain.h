/*
 * gain.h
 *		Paired gain: what changed between a first and a last measure of the same
 *		persons, with those who have one measure only beside it.
 *
 * Over integers every sum is exact, hence the same in any order; over doubles
 * sums have twice their digits.
 */
#ifndef INCLUSION_CORE_GAIN_H
#define INCLUSION_CORE_GAIN_H

#include "measure.h"
#include "moments.h"
#include "state.h"
#include "wide.h"

typedef struct GainTally
{
	int64_t		n;				/* pairs */
	int64_t		n_pre_only;
	int64_t		n_post_only;
	int64_t		n_up;
	int64_t		n_down;
} GainTally;

typedef struct Gain
{
	StateHead	head;
	GainTally	tally;
	int64_t		sum_pre;
	int64_t		sum_post;
	int64_t		sum_pre_only;
	Wide		squares_pre;
	Wide		squares_post;
	Wide		products;
} Gain;

typedef struct GainFloat
{
	StateHead	head;
	GainTally	tally;
	Moments		pre;
	Moments		post;
	Twofold		products;		/* of the distances of both */
	Twofold		sum_pre_only;
} GainFloat;

extern const StateKind gain_kind;
extern const StateKind gain_float_kind;

/* One pair; false when the sums overflow. */
static inline bool
gain_add(Gain *gain, int64_t pre, int64_t post)
{
	gain->tally.n++;
	gain->tally.n_up += post > pre;
	gain->tally.n_down += post < pre;
	gain->squares_pre += (Wide) pre * pre;
	gain->squares_post += (Wide) post * post;
	gain->products += (Wide) pre * post;
	return !__builtin_add_overflow(gain->sum_pre, pre, &gain->sum_pre) &&
		!__builtin_add_overflow(gain->sum_post, post, &gain->sum_post) &&
		gain->squares_pre <= WIDE_SQUARES_MAX && gain->squares_post <= WIDE_SQUARES_MAX;
}

static inline bool
gain_add_pre_only(Gain *gain, int64_t pre)
{
	gain->tally.n_pre_only++;
	return !__builtin_add_overflow(gain->sum_pre_only, pre, &gain->sum_pre_only);
}

static inline void
gain_float_add(GainFloat *gain, double pre, double post)
{
	gain->tally.n++;
	gain->tally.n_up += post > pre;
	gain->tally.n_down += post < pre;
	moments_add_pair(&gain->pre, &gain->post, &gain->products, gain->tally.n, pre, post);
}

static inline void
gain_float_add_pre_only(GainFloat *gain, double pre)
{
	gain->tally.n_pre_only++;
	gain->sum_pre_only = twofold_add(gain->sum_pre_only, (Twofold) {pre, 0});
}

typedef struct GainSummary
{
	GainTally	tally;
	int64_t		n_same;
	double		mean;
	double		sd;
	double		se;
	Limits	ci;
	double		dz;
	double		gz;
	double		dav;
	double		r;
} GainSummary;

/* Of a state of either kind. */
extern void gain_summarise(const StateHead *state, double level, GainSummary *summary);

/* What comparing standardised gains takes besides. */
typedef struct GainEffect
{
	double		t;
	double		p;				/* two-sided */
	double		dz;
	Limits	dz_ci;
	double		gz;
	Limits	gz_ci;
	double		correction;		/* J, from dz to gz */
	double		by_entry_sd;	/* mean / sd of the first measure */
} GainEffect;

extern void gain_effect(const StateHead *state, double level, GainEffect *effect);

/* Attrition: always shown beside the gain. */
typedef struct GainCoverage
{
	int64_t		pairs;
	int64_t		entered;		/* everybody with a first measure */
	double		share;
	double		entry_of_stayers;	/* mean first measure */
	double		entry_of_leavers;
} GainCoverage;

extern void gain_coverage(const StateHead *state, GainCoverage *coverage);

#endif							/* INCLUSION_CORE_GAIN_H */
