/*
 * waiting.c
 *		Waiting times: the state, its curves, and what is read on them.
 */
#include "waiting.h"

#include "distribution.h"

/* A curve is down to a level when it is but for rounding. */
#define LEVEL_TOLERANCE 1e-12

enum
{
	ROW_DAY,
	ROW_OUTCOME,
	ROW_COUNT,
	ROW_COLUMNS
};

static const StateField waiting_columns[] = {
	[ROW_DAY] = {"day", CELL_COUNT},
	[ROW_OUTCOME] = {"outcome", CELL_COUNT},
	[ROW_COUNT] = {"count", CELL_COUNT},
};

static const StateCell *waiting_rows(const StateHead *state, uint32_t row);

static bool
waiting_valid(const StateHead *state, Problem *problem)
{
	int64_t		total = 0;

	for (uint32_t i = 0; i < state->used; i++)
	{
		const StateCell *row = waiting_rows(state, i);

		if (row[ROW_OUTCOME].integer > WAITING_OUTCOME_MAX || row[ROW_DAY].integer > INT32_MAX)
			return problem_set(problem, "a state of aggregate \"waiting\" has day %" PRId64 ", outcome %" PRId64,
							   row[ROW_DAY].integer, row[ROW_OUTCOME].integer);
		if (row[ROW_COUNT].integer == 0 || __builtin_add_overflow(total, row[ROW_COUNT].integer, &total))
			return problem_set(problem, "a state of aggregate \"waiting\" counts %" PRId64 " waits on day %" PRId64,
							   row[ROW_COUNT].integer, row[ROW_DAY].integer);
	}
	return true;
}

const StateKind waiting_kind = {
	.code = STATE_WAITING,
	.name = "waiting",
	.ncolumns = ROW_COLUMNS,
	.nkeys = 2,
	.columns = waiting_columns,
	.compare = compare_integer_pairs,
	.valid = waiting_valid,
};

static const StateCell *
waiting_rows(const StateHead *state, uint32_t row)
{
	return state_row(state, &waiting_kind, row);
}

bool
waiting_row(int64_t days, int64_t outcome, StateCell *row, Problem *problem)
{
	if (days < 0)
	{
		problem_set(problem, "a wait of %" PRId64 " days", days);
		return problem_hint(problem, "A wait is counted from its beginning: look for dates in the wrong order.");
	}
	if (outcome < 0 || outcome > WAITING_OUTCOME_MAX)
	{
		problem_set(problem, "unknown outcome of a wait: %" PRId64, outcome);
		return problem_hint(problem, "Outcomes are 0 (not seen to end), 1 (the event), 2 and above (competing causes).");
	}
	row[ROW_DAY].integer = days;
	row[ROW_OUTCOME].integer = outcome;
	row[ROW_COUNT].integer = 1;
	return true;
}

/* The order of the rows is that of their days, and stays. */
bool
waiting_lengthen(StateHead *state, int64_t days, Problem *problem)
{
	for (uint32_t i = 0; i < state->used; i++)
	{
		StateCell  *row = state_row(state, &waiting_kind, i);
		int64_t		day = row[ROW_DAY].integer + days;

		if (day < 0 || day > INT32_MAX)
		{
			problem_set(problem, "a wait of %" PRId64 " days", day);
			return problem_hint(problem, "Waits can be seen no earlier than they began: give a later day.");
		}
		row[ROW_DAY].integer = day;
	}
	return true;
}

/*
 * The walk
 */

void
waiting_begin(WaitingWalk *walk, const StateHead *state, int64_t cause)
{
	*walk = (WaitingWalk) {.state = state, .cause = cause};
	walk->step.after = 1;
	for (uint32_t i = 0; i < state->used; i++)
		walk->at_risk += waiting_rows(state, i)[ROW_COUNT].integer;
}

/* The ends and censorings of one day; censorings come after the ends. */
static int64_t
read_day(WaitingWalk *walk, WaitingStep *step)
{
	int64_t		censored = 0;

	step->day = waiting_rows(walk->state, walk->next)[ROW_DAY].integer;
	step->at_risk = walk->at_risk;
	step->ended = step->ended_by = 0;
	for (; walk->next < walk->state->used; walk->next++)
	{
		const StateCell *row = waiting_rows(walk->state, walk->next);

		if (row[ROW_DAY].integer != step->day)
			break;
		if (row[ROW_OUTCOME].integer == WAITING_CENSORED)
			censored += row[ROW_COUNT].integer;
		else
			step->ended += row[ROW_COUNT].integer;
		if (row[ROW_OUTCOME].integer == walk->cause)
			step->ended_by += row[ROW_COUNT].integer;
	}
	return censored;
}

static void
add_incidence(IncidenceSums *sums, WaitingStep *step)
{
	double		n = (double) step->at_risk;
	double		ended_by = (double) step->ended_by;
	double		left = n - step->ended;
	double		f = step->incidence + step->before * ended_by / n;
	double		a = left > 0 ? step->ended / (n * left) : 0;
	double		c = step->before * ended_by / (n * n);

	sums->a += a;
	sums->a_f += a * f;
	sums->a_ff += a * f * f;
	sums->b += step->before * step->before * ended_by * (n - ended_by) / (n * n * n);
	sums->c += c;
	sums->c_f += c * f;
	step->incidence = f;
	step->incidence_variance = fmax(0, f * f * sums->a - 2 * f * sums->a_f + sums->a_ff + sums->b -
									2 * f * sums->c + 2 * sums->c_f);
}

bool
waiting_next(WaitingWalk *walk)
{
	WaitingStep *step = &walk->step;

	while (walk->next < walk->state->used)
	{
		int64_t		censored = read_day(walk, step);
		double		n = (double) step->at_risk;
		double		left = n - step->ended;

		walk->at_risk -= censored + step->ended;
		if (step->ended == 0)
			continue;
		step->before = step->after;
		step->after *= left / n;
		step->greenwood += step->ended / (n * left);
		add_incidence(&walk->sums, step);
		return true;
	}
	return false;
}

/*
 * Reading a curve
 */

double
waiting_se(const WaitingStep *step)
{
	return step->after > 0 ? step->after * sqrt(step->greenwood) : NAN;
}

Limits
waiting_interval(const WaitingStep *step, double z, WaitingForm form)
{
	double		se = waiting_se(step);
	double		log_after = log(step->after);
	double		spread = z * sqrt(step->greenwood) / -log_after;

	if (!isfinite(se))
		return (Limits) {NAN, NAN};
	if (form == WAITING_PLAIN)
		return (Limits) {fmax(0, step->after - z * se), fmin(1, step->after + z * se)};
	return (Limits) {exp(log_after * exp(spread)), exp(log_after * exp(-spread))};
}

WaitingQuantile
waiting_quantile(const StateHead *state, double p, double level)
{
	WaitingQuantile quantile = {NAN, NAN, NAN};
	double		z = normal_quantile(0.5 * (1 + level));
	double		down_to = 1 - p + LEVEL_TOLERANCE;
	WaitingWalk walk;

	waiting_begin(&walk, state, WAITING_EVENT);
	while (waiting_next(&walk))
	{
		Limits	limits = waiting_interval(&walk.step, z, WAITING_LOG_LOG);

		if (isnan(quantile.day) && walk.step.after <= down_to)
			quantile.day = (double) walk.step.day;
		if (isnan(quantile.low) && limits.low <= down_to)
			quantile.low = (double) walk.step.day;
		if (isnan(quantile.high) && limits.high <= down_to)
			quantile.high = (double) walk.step.day;
	}
	return quantile;
}

/* The area under the curve before tau; with a variance, given the whole area. */
static double
area_before(const StateHead *state, double tau, double whole, double *variance)
{
	WaitingWalk walk;
	double		area = 0;
	double		day = 0;
	double		height = 1;

	waiting_begin(&walk, state, WAITING_EVENT);
	while (waiting_next(&walk) && walk.step.day < tau)
	{
		double		n = (double) walk.step.at_risk;
		double		left = n - walk.step.ended;

		area += height * (walk.step.day - day);
		day = (double) walk.step.day;
		height = walk.step.after;
		if (left > 0)
			*variance += (whole - area) * (whole - area) * walk.step.ended / (n * left);
	}
	return area + height * (tau - day);
}

WaitingMean
waiting_mean(const StateHead *state, double tau)
{
	double		variance = 0;
	double		mean;

	if (state->used == 0)
		return (WaitingMean) {NAN, NAN};
	mean = area_before(state, tau, 0, &variance);
	variance = 0;
	area_before(state, tau, mean, &variance);
	return (WaitingMean) {mean, sqrt(variance)};
}

/*
 * Two groups
 */

/* Who still waits on that day; the days asked for must grow. */
static double
at_risk_on(WaitingWalk *cursor, int64_t day)
{
	for (; cursor->next < cursor->state->used; cursor->next++)
	{
		const StateCell *row = waiting_rows(cursor->state, cursor->next);

		if (row[ROW_DAY].integer >= day)
			break;
		cursor->at_risk -= row[ROW_COUNT].integer;
	}
	return (double) cursor->at_risk;
}

WaitingTest
waiting_test(const StateHead *first, const StateHead *second)
{
	WaitingTest test = {0};
	WaitingWalk a;
	WaitingWalk b;
	WaitingWalk in_first;
	WaitingWalk in_second;
	bool		a_goes_on;
	bool		b_goes_on;
	double		variance = 0;

	waiting_begin(&a, first, WAITING_EVENT);
	waiting_begin(&b, second, WAITING_EVENT);
	waiting_begin(&in_first, first, WAITING_EVENT);
	waiting_begin(&in_second, second, WAITING_EVENT);
	a_goes_on = waiting_next(&a);
	b_goes_on = waiting_next(&b);
	while (a_goes_on || b_goes_on)
	{
		int64_t		day = !b_goes_on || (a_goes_on && a.step.day < b.step.day) ? a.step.day : b.step.day;
		bool		in_a = a_goes_on && a.step.day == day;
		bool		in_b = b_goes_on && b.step.day == day;
		double		ended = (double) (in_a ? a.step.ended : 0) + (in_b ? b.step.ended : 0);
		double		n_a = at_risk_on(&in_first, day);
		double		n = n_a + at_risk_on(&in_second, day);

		test.observed += in_a ? a.step.ended : 0;
		test.expected += ended * n_a / n;
		if (n > 1)
			variance += ended * (n_a / n) * (1 - n_a / n) * (n - ended) / (n - 1);
		a_goes_on = in_a ? waiting_next(&a) : a_goes_on;
		b_goes_on = in_b ? waiting_next(&b) : b_goes_on;
	}
	test.chisq = (test.observed - test.expected) * (test.observed - test.expected) / variance;
	test.p = isfinite(test.chisq) ? 2 * normal_tails(sqrt(test.chisq)).upper : NAN;
	return test;
}
