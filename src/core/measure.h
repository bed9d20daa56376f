/*
 * measure.h
 *		What every estimator checks of its arguments.
 *
 * An estimate that does not exist is NAN, which the face shows as NULL.
 */
#ifndef INCLUSION_CORE_MEASURE_H
#define INCLUSION_CORE_MEASURE_H

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>

#include "problem.h"

/* Limits of an estimate; NAN where there is none. */
typedef struct Limits
{
	double		low;
	double		high;
} Limits;

static inline bool
measure_finite(double value, const char *what, Problem *problem)
{
	if (isfinite(value))
		return true;
	problem_set(problem, "%s is no finite number: %g", what, value);
	return problem_hint(problem, "Leave out what was not measured: give NULL.");
}

static inline bool
measure_level(double level, Problem *problem)
{
	if (level > 0 && level < 1)
		return true;
	problem_set(problem, "invalid confidence level: %g", level);
	return problem_hint(problem, "Give a level between 0 and 1, such as 0.95.");
}

static inline bool
measure_share(double share, const char *what, Problem *problem)
{
	if (share >= 0 && share <= 1)
		return true;
	problem_set(problem, "%s is no share: %g", what, share);
	return problem_hint(problem, "Give a number from 0 to 1.");
}

/* x successes among n. */
static inline bool
measure_count(int64_t x, int64_t n, Problem *problem)
{
	if (x >= 0 && x <= n)
		return true;
	problem_set(problem, "%" PRId64 " successes among %" PRId64, x, n);
	return problem_hint(problem, "Successes are counted from 0 to the number of trials.");
}

/*
 * Counts that a beta distribution tells apart: beyond, n + 1/2 is no double.
 */
static inline bool
measure_beta_count(int64_t n, Problem *problem)
{
	if (n <= INT64_C(1) << 52)
		return true;
	problem_set(problem, "%" PRId64 " trials are too many for an exact interval", n);
	return problem_hint(problem, "Use wilson(), which any count suits.");
}

#endif							/* INCLUSION_CORE_MEASURE_H */
