/*
 * gain.c
 *		Paired gain: states and summaries (Student 1908).
 */
#include "gain.h"

#include <string.h>

#include "distribution.h"
#include "special.h"

#define TALLY_FIELDS \
	{"n", CELL_COUNT}, \
	{"n_pre_only", CELL_COUNT}, \
	{"n_post_only", CELL_COUNT}, \
	{"n_up", CELL_COUNT}, \
	{"n_down", CELL_COUNT}

static const StateField gain_fields[] = {
	TALLY_FIELDS,
	{"sum_pre", CELL_INTEGER},
	{"sum_post", CELL_INTEGER},
	{"sum_pre_only", CELL_INTEGER},
	{"squares_pre", CELL_WIDE},
	{"squares_post", CELL_WIDE},
	{"products", CELL_WIDE},
};

static const StateField gain_float_fields[] = {
	TALLY_FIELDS,
	MOMENTS_FIELDS("pre"),
	MOMENTS_FIELDS("post"),
	{"products", CELL_NUMBER},
	{"products_low", CELL_NUMBER},
	{"sum_pre_only", CELL_NUMBER},
	{"sum_pre_only_low", CELL_NUMBER},
};

/*
 * What both kinds come down to
 */

typedef struct Pairs
{
	const GainTally *tally;
	double		mean;			/* of the differences */
	double		m2;
	double		m2_pre;
	double		m2_post;
	double		product;		/* of pre and post, centred */
	double		mean_pre;
	double		mean_pre_only;
} Pairs;

static void
read_exact(const Gain *gain, Pairs *pairs)
{
	int64_t		n = gain->tally.n;
	Wide		sum = (Wide) gain->sum_post - gain->sum_pre;

	pairs->tally = &gain->tally;
	pairs->mean = (double) sum / n;
	pairs->m2 = wide_centred(n, sum, gain->squares_pre + gain->squares_post - 2 * gain->products);
	pairs->m2_pre = wide_centred(n, gain->sum_pre, gain->squares_pre);
	pairs->m2_post = wide_centred(n, gain->sum_post, gain->squares_post);
	pairs->product = wide_centred_products(n, gain->sum_pre, gain->sum_post, gain->products);
	pairs->mean_pre = (double) gain->sum_pre / n;
	pairs->mean_pre_only = (double) gain->sum_pre_only / gain->tally.n_pre_only;
}

/* The sum of products of the gains, from those of both measures. */
static double
gain_m2(const GainFloat *gain, double n)
{
	Twofold		twice = twofold_add(gain->products, gain->products);
	Twofold		squares = twofold_add(twofold_add(gain->pre.squares, gain->post.squares), twofold_minus(twice));
	Twofold		sum = twofold_add(gain->post.sum, twofold_minus(gain->pre.sum));

	return fmax(0, products_centred(squares, sum, sum, n));
}

static void
read_float(const GainFloat *gain, Pairs *pairs)
{
	double		n = (double) gain->tally.n;
	Twofold		sum = twofold_add(gain->post.sum, twofold_minus(gain->pre.sum));

	pairs->tally = &gain->tally;
	pairs->mean = twofold_add(twofold_sum(gain->post.origin, -gain->pre.origin), twofold_divide(sum, n)).high;
	pairs->m2 = gain_m2(gain, n);
	pairs->m2_pre = moments_m2(&gain->pre, n);
	pairs->m2_post = moments_m2(&gain->post, n);
	pairs->product = products_centred(gain->products, gain->pre.sum, gain->post.sum, n);
	pairs->mean_pre = moments_mean(&gain->pre, n);
	pairs->mean_pre_only = gain->sum_pre_only.high / gain->tally.n_pre_only;
}

static void
read_pairs(const StateHead *state, Pairs *pairs)
{
	if (state->code == STATE_GAIN)
		read_exact((const Gain *) state, pairs);
	else
		read_float((const GainFloat *) state, pairs);
}

/*
 * Validity and addition
 */

static bool
valid_tally(const GainTally *tally, Problem *problem)
{
	if (tally->n_up <= tally->n && tally->n_down <= tally->n - tally->n_up)
		return true;
	return problem_set(problem, "a state of aggregate \"gain\" has %" PRId64 " gains and %" PRId64 " losses in %" PRId64 " pairs",
					   tally->n_up, tally->n_down, tally->n);
}

static bool
contradiction(Problem *problem)
{
	return problem_set(problem, "the sums of a state of aggregate \"gain\" contradict each other");
}

static bool
in_range(Wide squares)
{
	return squares >= 0 && squares <= WIDE_SQUARES_MAX;
}

static bool
gain_valid(const StateHead *state, Problem *problem)
{
	const Gain *gain = (const Gain *) state;
	Pairs		pairs;

	if (!valid_tally(&gain->tally, problem))
		return false;
	if (!in_range(gain->squares_pre) || !in_range(gain->squares_post) ||
		gain->products < -WIDE_SQUARES_MAX || gain->products > WIDE_SQUARES_MAX)
		return contradiction(problem);
	if (gain->tally.n == 0 && (gain->sum_pre != 0 || gain->sum_post != 0 || gain->products != 0 ||
							   gain->squares_pre != 0 || gain->squares_post != 0))
		return contradiction(problem);
	if (gain->tally.n_pre_only == 0 && gain->sum_pre_only != 0)
		return contradiction(problem);
	read_exact(gain, &pairs);
	return (pairs.m2 >= 0 && pairs.m2_pre >= 0 && pairs.m2_post >= 0) || contradiction(problem);
}

static bool
twofold_is_zero(Twofold sum)
{
	return sum.high == 0 && sum.low == 0;
}

static bool
moments_are_zero(const Moments *moments)
{
	return moments->origin == 0 && twofold_is_zero(moments->sum) && twofold_is_zero(moments->squares);
}

static bool
gain_float_valid(const StateHead *state, Problem *problem)
{
	const GainFloat *gain = (const GainFloat *) state;
	Pairs		pairs;

	if (!valid_tally(&gain->tally, problem))
		return false;
	if (gain->tally.n_pre_only == 0 && gain->sum_pre_only.high != 0)
		return contradiction(problem);
	if (gain->tally.n == 0)
		return (moments_are_zero(&gain->pre) && moments_are_zero(&gain->post) && twofold_is_zero(gain->products)) || contradiction(problem);
	read_float(gain, &pairs);
	return (pairs.m2_pre >= 0 && pairs.m2_post >= 0) || contradiction(problem);
}

/* Both measures, from other origins. */
static void
gain_float_move(GainFloat *gain, double pre, double post)
{
	double		n = (double) gain->tally.n;

	gain->products = products_moved(gain->products, gain->pre.sum, moments_back(&gain->pre, pre),
									gain->post.sum, moments_back(&gain->post, post), n);
	moments_move(&gain->pre, n, pre);
	moments_move(&gain->post, n, post);
}

static void
gain_float_settle(StateHead *state)
{
	GainFloat  *gain = (GainFloat *) state;
	double		n = (double) gain->tally.n;

	if (n > 0)
		gain_float_move(gain, moments_settled_origin(&gain->pre, n), moments_settled_origin(&gain->post, n));
}

static bool
gain_float_merge(StateHead *into, const StateHead *from, Problem *problem)
{
	GainFloat  *a = (GainFloat *) into;
	GainFloat	moved = *(const GainFloat *) from;
	const GainFloat *b = &moved;

	if (a->tally.n == 0)
	{
		a->pre.origin = b->pre.origin;
		a->post.origin = b->post.origin;
	}
	if (b->tally.n > 0)
	{
		gain_float_move(&moved, a->pre.origin, a->post.origin);
		moments_merge(&a->pre, &b->pre);
		moments_merge(&a->post, &b->post);
		a->products = twofold_add(a->products, b->products);
	}
	a->sum_pre_only = twofold_add(a->sum_pre_only, b->sum_pre_only);
	if (__builtin_add_overflow(a->tally.n, b->tally.n, &a->tally.n) ||
		__builtin_add_overflow(a->tally.n_pre_only, b->tally.n_pre_only, &a->tally.n_pre_only) ||
		__builtin_add_overflow(a->tally.n_post_only, b->tally.n_post_only, &a->tally.n_post_only))
		return problem_set(problem, "the counts of aggregate \"gain\" have become too large");
	/* never more than the pairs */
	a->tally.n_up += b->tally.n_up;
	a->tally.n_down += b->tally.n_down;
	return true;
}

const StateKind gain_kind = {
	.code = STATE_GAIN,
	.name = "gain",
	.may_be_zero = true,
	.nfields = sizeof(gain_fields) / sizeof(gain_fields[0]),
	.fields = gain_fields,
	.valid = gain_valid,
};

const StateKind gain_float_kind = {
	.code = STATE_GAIN_FLOAT,
	.name = "gain_float",
	.may_be_zero = true,
	.nfields = sizeof(gain_float_fields) / sizeof(gain_float_fields[0]),
	.fields = gain_float_fields,
	.valid = gain_float_valid,
	.merge = gain_float_merge,
	.settle = gain_float_settle,
};

/*
 * Summaries
 */

/* J: what makes the standardised gain of a small sample unbiased (Hedges). */
static double
small_sample_correction(double freedom)
{
	if (freedom < 2)
		return NAN;
	/* gamma(m/2) / (sqrt(m/2) gamma((m-1)/2)), through a beta of one half */
	return sqrt(2 * 3.14159265358979323846 / freedom) * exp(-log_beta(0.5 * (freedom - 1), 0.5));
}

void
gain_summarise(const StateHead *state, double level, GainSummary *summary)
{
	Pairs		pairs;
	double		n;

	read_pairs(state, &pairs);
	n = (double) pairs.tally->n;
	summary->tally = *pairs.tally;
	summary->n_same = pairs.tally->n - pairs.tally->n_up - pairs.tally->n_down;
	summary->mean = n > 0 ? pairs.mean : NAN;
	summary->sd = n > 1 ? sqrt(pairs.m2 / (n - 1)) : NAN;
	summary->se = summary->sd / sqrt(n);
	summary->ci.high = summary->se * student_quantile(0.5 * (1 + level), n - 1);
	summary->ci.low = summary->mean - summary->ci.high;
	summary->ci.high += summary->mean;
	summary->dz = summary->mean / summary->sd;
	summary->gz = summary->dz * small_sample_correction(n - 1);
	summary->dav = summary->mean / sqrt(0.5 * (pairs.m2_pre + pairs.m2_post) / (n - 1));
	summary->r = n > 1 ? pairs.product / sqrt(pairs.m2_pre) / sqrt(pairs.m2_post) : NAN;
	summary->r = summary->r > 1 ? 1 : summary->r < -1 ? -1 : summary->r;
}

void
gain_effect(const StateHead *state, double level, GainEffect *effect)
{
	GainSummary summary;
	Pairs		pairs;
	double		n;
	double		freedom;

	gain_summarise(state, level, &summary);
	read_pairs(state, &pairs);
	n = (double) summary.tally.n;
	freedom = n - 1;
	effect->t = summary.mean / summary.se;
	effect->p = isfinite(effect->t) ? student_magnitude_tails(effect->t, freedom).upper : NAN;
	effect->dz = summary.dz;
	effect->gz = summary.gz;
	effect->correction = small_sample_correction(freedom);
	effect->dz_ci.low = noncentral_t_pivot(effect->t, freedom, 0.5 * (1 + level)) / sqrt(n);
	effect->dz_ci.high = noncentral_t_pivot(effect->t, freedom, 0.5 * (1 - level)) / sqrt(n);
	effect->gz_ci.low = effect->correction * effect->dz_ci.low;
	effect->gz_ci.high = effect->correction * effect->dz_ci.high;
	effect->by_entry_sd = summary.mean / sqrt(pairs.m2_pre / freedom);
}

void
gain_coverage(const StateHead *state, GainCoverage *coverage)
{
	Pairs		pairs;

	read_pairs(state, &pairs);
	coverage->pairs = pairs.tally->n;
	coverage->entered = pairs.tally->n + pairs.tally->n_pre_only;
	coverage->share = (double) coverage->pairs / coverage->entered;
	coverage->entry_of_stayers = pairs.tally->n > 0 ? pairs.mean_pre : NAN;
	coverage->entry_of_leavers = pairs.tally->n_pre_only > 0 ? pairs.mean_pre_only : NAN;
}
