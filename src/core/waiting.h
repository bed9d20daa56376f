/*
 * waiting.h
 *		Waiting times: how many still wait after so many days (Kaplan and Meier
 *		1958), and what ended the waits of the others (Aalen and Johansen 1978).
 *
 * Somebody whose wait was not seen to end is censored; somebody who left for
 * another reason than the event is not: that is a competing cause.
 */
#ifndef INCLUSION_CORE_WAITING_H
#define INCLUSION_CORE_WAITING_H

#include "measure.h"
#include "state.h"

/* Outcomes of a wait: 0 censored, 1 the event, 2 and above competing causes. */
#define WAITING_CENSORED 0
#define WAITING_EVENT 1
#define WAITING_OUTCOME_MAX 32767

extern const StateKind waiting_kind;

/* The row that one wait adds. */
extern bool waiting_row(int64_t days, int64_t outcome, StateCell *row, Problem *problem);

/* Every wait of a settled state is so many days longer. */
extern bool waiting_lengthen(StateHead *state, int64_t days, Problem *problem);

/*
 * One day on which some wait ended, by any cause; everything is counted from
 * the first day on.
 */
typedef struct WaitingStep
{
	int64_t		day;
	int64_t		at_risk;		/* who waited until that day */
	int64_t		ended;
	int64_t		ended_by;		/* by the cause that is followed */
	double		before;			/* share still waiting before that day */
	double		after;
	double		greenwood;		/* variance of ln after; infinite when it is 0 */
	double		incidence;		/* share ended by the cause followed */
	double		incidence_variance;
} WaitingStep;

/*
 * The variance of an incidence F is a sum over the steps j of
 * (F - F_j)^2 a_j - 2 (F - F_j) c_j + b_j: these are its sums, by powers of F_j.
 */
typedef struct IncidenceSums
{
	double		a;
	double		a_f;
	double		a_ff;
	double		b;
	double		c;
	double		c_f;
} IncidenceSums;

/* A walk over the steps, following one cause. */
typedef struct WaitingWalk
{
	const StateHead *state;
	int64_t		cause;
	uint32_t	next;			/* row of the state */
	int64_t		at_risk;
	IncidenceSums sums;
	WaitingStep step;
} WaitingWalk;

extern void waiting_begin(WaitingWalk *walk, const StateHead *state, int64_t cause);
extern bool waiting_next(WaitingWalk *walk);

typedef enum WaitingForm
{
	WAITING_LOG_LOG,
	WAITING_PLAIN
} WaitingForm;

extern double waiting_se(const WaitingStep *step);
extern Limits waiting_interval(const WaitingStep *step, double z, WaitingForm form);

/* The first days on which the curve and its limits are down to 1 - p. */
typedef struct WaitingQuantile
{
	double		day;
	double		low;
	double		high;
} WaitingQuantile;

extern WaitingQuantile waiting_quantile(const StateHead *state, double p, double level);

/* Mean days waited before day tau. */
typedef struct WaitingMean
{
	double		mean;
	double		se;
} WaitingMean;

extern WaitingMean waiting_mean(const StateHead *state, double tau);

/* Do two groups wait alike?  The log-rank test, all causes. */
typedef struct WaitingTest
{
	int64_t		observed;		/* ends in the first group */
	double		expected;
	double		chisq;
	double		p;
} WaitingTest;

extern WaitingTest waiting_test(const StateHead *first, const StateHead *second);

#endif							/* INCLUSION_CORE_WAITING_H */
