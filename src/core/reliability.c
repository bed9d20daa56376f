/*
 * reliability.c
 *		Is a change larger than the instrument's error?
 */
#include "reliability.h"

bool
reliable_change(double pre, double post, double sd, double reliability,
				ReliableChange *change, Problem *problem)
{
	if (!measure_finite(pre, "the first measure", problem) ||
		!measure_finite(post, "the last measure", problem) ||
		!measure_share(reliability, "the reliability", problem))
		return false;
	if (!(sd > 0 && isfinite(sd)))
	{
		problem_set(problem, "invalid standard deviation of the norm: %g", sd);
		return problem_hint(problem, "Give that of the instrument's norm sample.");
	}
	change->se_measurement = sd * sqrt(1 - reliability);
	change->s_diff = sd * sqrt(2 * (1 - reliability));
	change->index = (post - pre) / change->s_diff;
	change->smallest = RELIABLE_CHANGE * change->s_diff;
	return true;
}

double
clinical_cutoff(double norm_mean, double norm_sd, double mean, double sd)
{
	return (norm_sd * mean + sd * norm_mean) / (norm_sd + sd);
}
