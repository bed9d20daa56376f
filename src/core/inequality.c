/*
 * inequality.c
 *		How unequally something is shared: indices over a sorted map of values.
 */
#include "inequality.h"

enum
{
	DIST_VALUE,
	DIST_WEIGHT,
	DIST_COLUMNS
};

static const StateField dist_columns[] = {
	[DIST_VALUE] = {"value", CELL_NUMBER},
	[DIST_WEIGHT] = {"weight", CELL_NUMBER},
};

/* Units of the same rank form a block. */
enum
{
	CONC_RANK,
	CONC_WEIGHT,
	CONC_OUTCOME,				/* weighted sum */
	CONC_COLUMNS
};

static const StateField conc_columns[] = {
	[CONC_RANK] = {"rank", CELL_NUMBER},
	[CONC_WEIGHT] = {"weight", CELL_NUMBER},
	[CONC_OUTCOME] = {"outcome", CELL_NUMBER},
};

static bool
valid_weight(double weight, Problem *problem)
{
	if (weight > 0 && isfinite(weight))
		return true;
	problem_set(problem, "invalid weight: %g", weight);
	return problem_hint(problem, "Weights are above 0; leave out what weighs nothing.");
}

static bool
valid_value(double value, Problem *problem)
{
	if (!measure_finite(value, "the value that is shared", problem))
		return false;
	if (value >= 0)
		return true;
	problem_set(problem, "the value that is shared is negative: %g", value);
	return problem_hint(problem, "Indices of inequality are defined for values from 0 up.");
}

static bool
dist_valid(const StateHead *state, Problem *problem)
{
	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &dist_kind, i);

		if (!valid_value(row[DIST_VALUE].number, problem) || !valid_weight(row[DIST_WEIGHT].number, problem))
			return false;
	}
	return true;
}

static bool
conc_valid(const StateHead *state, Problem *problem)
{
	for (uint32_t i = 0; i < state->used; i++)
	{
		if (!valid_weight(state_row(state, &conc_kind, i)[CONC_WEIGHT].number, problem))
			return false;
	}
	return true;
}

const StateKind dist_kind = {
	.code = STATE_DIST,
	.name = "dist",
	.ncolumns = DIST_COLUMNS,
	.nkeys = 1,
	.columns = dist_columns,
	.compare = compare_numbers,
	.valid = dist_valid,
};

const StateKind conc_kind = {
	.code = STATE_CONC,
	.name = "conc",
	.ncolumns = CONC_COLUMNS,
	.nkeys = 1,
	.columns = conc_columns,
	.compare = compare_numbers,
	.valid = conc_valid,
};

/* Adding 0 makes 0 of -0: keys that are equal must be equal bytes. */
bool
dist_row(double value, double weight, StateCell *row, Problem *problem)
{
	row[DIST_VALUE].number = value + 0.0;
	row[DIST_WEIGHT].number = weight;
	return valid_value(value, problem) && valid_weight(weight, problem);
}

bool
conc_row(double value, double rank_key, double weight, StateCell *row, Problem *problem)
{
	row[CONC_RANK].number = rank_key + 0.0;
	row[CONC_WEIGHT].number = weight;
	row[CONC_OUTCOME].number = weight * value;
	return measure_finite(value, "the outcome", problem) &&
		measure_finite(rank_key, "the rank", problem) && valid_weight(weight, problem);
}

/*
 * Distributions
 */

DistTotals
dist_totals(const StateHead *state)
{
	DistTotals	totals = {0, 0};

	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &dist_kind, i);

		totals.weight += row[DIST_WEIGHT].number;
		totals.sum += row[DIST_WEIGHT].number * row[DIST_VALUE].number;
	}
	return totals;
}

/* The weighted mean of f(value / mean). */
static double
mean_of(const StateHead *state, double (*f) (double ratio, double parameter), double parameter)
{
	DistTotals	totals = dist_totals(state);
	double		mean = totals.sum / totals.weight;
	double		sum = 0;

	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &dist_kind, i);

		sum += row[DIST_WEIGHT].number * f(row[DIST_VALUE].number / mean, parameter);
	}
	return totals.sum > 0 ? sum / totals.weight : NAN;
}

/* One minus twice the area under Lorenz's curve. */
double
dist_gini(const StateHead *state, bool unbiased)
{
	DistTotals	totals = dist_totals(state);
	double		reached = 0;
	double		area = 0;
	double		gini;

	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &dist_kind, i);
		double		sum = row[DIST_WEIGHT].number * row[DIST_VALUE].number;

		area += (2 * reached + sum) * row[DIST_WEIGHT].number;
		reached += sum;
	}
	if (!(totals.sum > 0))
		return NAN;
	gini = state->used == 1 ? 0 : fmax(0, 1 - area / (totals.weight * totals.sum));
	return unbiased && totals.weight > 1 ? gini * totals.weight / (totals.weight - 1) : gini;
}

static double
theil_t_term(double ratio, double parameter)
{
	(void) parameter;
	return ratio > 0 ? ratio * log(ratio) : 0;
}

static double
theil_l_term(double ratio, double parameter)
{
	(void) parameter;
	return -log(ratio);
}

static double
power_term(double ratio, double exponent)
{
	return pow(ratio, exponent);
}

static double
distance_term(double ratio, double parameter)
{
	(void) parameter;
	return 0.5 * fabs(ratio - 1);
}

double
dist_theil_t(const StateHead *state)
{
	return mean_of(state, theil_t_term, 0);
}

double
dist_theil_l(const StateHead *state)
{
	return mean_of(state, theil_l_term, 0);
}

double
dist_atkinson(const StateHead *state, double aversion)
{
	if (aversion == 1)
		return 1 - exp(-dist_theil_l(state));
	return 1 - pow(mean_of(state, power_term, 1 - aversion), 1 / (1 - aversion));
}

double
dist_hoover(const StateHead *state)
{
	return mean_of(state, distance_term, 0);
}

double
dist_zero_share(const StateHead *state)
{
	const StateCell *first = state_row(state, &dist_kind, 0);

	if (state->used == 0)
		return NAN;
	return first[DIST_VALUE].number == 0 ? first[DIST_WEIGHT].number / dist_totals(state).weight : 0;
}

void
theil_add_group(TheilParts *parts, const StateHead *group, const DistTotals *whole)
{
	DistTotals	totals = dist_totals(group);
	double		share = totals.sum / whole->sum;

	if (!(totals.sum > 0))
		return;
	parts->within += share * dist_theil_t(group);
	parts->between += share * log((totals.sum / totals.weight) / (whole->sum / whole->weight));
}

/*
 * Concentration
 */

/* Twice the covariance of the outcome and the relative rank, over the mean. */
Concentration
conc_measure(const StateHead *state)
{
	double		weights = 0;
	double		outcomes = 0;
	double		before = 0;
	double		covariance = 0;
	double		mean;

	for (uint32_t i = 0; i < state->used; i++)
	{
		weights += state_row(state, &conc_kind, i)[CONC_WEIGHT].number;
		outcomes += state_row(state, &conc_kind, i)[CONC_OUTCOME].number;
	}
	mean = outcomes / weights;
	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = state_row(state, &conc_kind, i);
		double		weight = row[CONC_WEIGHT].number;
		double		rank = (before + 0.5 * weight) / weights;

		covariance += (row[CONC_OUTCOME].number - mean * weight) * (rank - 0.5);
		before += weight;
	}
	covariance /= weights;
	return (Concentration) {mean, mean != 0 ? 2 * covariance / mean : NAN};
}

double
conc_erreygers(const Concentration *concentration, double low, double high)
{
	return 4 * concentration->mean / (high - low) * concentration->index;
}

double
conc_wagstaff(const Concentration *concentration, double low, double high)
{
	return concentration->index * concentration->mean * (high - low) /
		((high - concentration->mean) * (concentration->mean - low));
}
