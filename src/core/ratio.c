/*
 * ratio.c
 *		A ratio of totals: state, standard error, Fieller's limits.
 */
#include "ratio.h"

#include "distribution.h"

static const StateField ratio_fields[] = {
	{"n", CELL_COUNT},
	{"sum_num", CELL_INTEGER},
	{"sum_den", CELL_INTEGER},
	{"squares_num", CELL_WIDE},
	{"squares_den", CELL_WIDE},
	{"products", CELL_WIDE},
};

static const StateField ratio_float_fields[] = {
	{"n", CELL_COUNT},
	{"mean_num", CELL_NUMBER},
	{"m2_num", CELL_NUMBER},
	{"mean_den", CELL_NUMBER},
	{"m2_den", CELL_NUMBER},
	{"product", CELL_NUMBER},
};

/* What both kinds come down to. */
static void
read_ratio(const StateHead *state, RatioFloat *result)
{
	const Ratio *ratio = (const Ratio *) state;

	if (state->code == STATE_RATIO_FLOAT)
	{
		*result = *(const RatioFloat *) state;
		return;
	}
	result->n = ratio->n;
	result->num.mean = (double) ratio->sum_num / ratio->n;
	result->den.mean = (double) ratio->sum_den / ratio->n;
	result->num.m2 = wide_centred(ratio->n, ratio->sum_num, ratio->squares_num);
	result->den.m2 = wide_centred(ratio->n, ratio->sum_den, ratio->squares_den);
	result->product = wide_centred_products(ratio->n, ratio->sum_num, ratio->sum_den, ratio->products);
}

static bool
ratio_valid(const StateHead *state, Problem *problem)
{
	const Ratio *ratio = (const Ratio *) state;
	RatioFloat	sums;

	if (state->code == STATE_RATIO &&
		(ratio->squares_num < 0 || ratio->squares_num > WIDE_SQUARES_MAX ||
		 ratio->squares_den < 0 || ratio->squares_den > WIDE_SQUARES_MAX ||
		 ratio->products < -WIDE_SQUARES_MAX || ratio->products > WIDE_SQUARES_MAX))
		return problem_set(problem, "the sums of a state of aggregate \"ratio\" are out of range");
	read_ratio(state, &sums);
	if (sums.n == 0 || sums.num.m2 < 0 || sums.den.m2 < 0)
		return problem_set(problem, "the sums of a state of aggregate \"ratio\" contradict each other");
	return true;
}

static bool
ratio_float_merge(StateHead *into, const StateHead *from, Problem *problem)
{
	RatioFloat *a = (RatioFloat *) into;
	const RatioFloat *b = (const RatioFloat *) from;
	double		n_into = (double) a->n;
	double		n_from = (double) b->n;

	a->product += b->product + (b->num.mean - a->num.mean) * (b->den.mean - a->den.mean) *
		(n_into * n_from / (n_into + n_from));
	moments_merge(&a->num, n_into, &b->num, n_from);
	moments_merge(&a->den, n_into, &b->den, n_from);
	if (__builtin_add_overflow(a->n, b->n, &a->n))
		return problem_set(problem, "the counts of aggregate \"ratio\" have become too large");
	return true;
}

const StateKind ratio_kind = {
	.code = STATE_RATIO,
	.name = "ratio",
	.nfields = sizeof(ratio_fields) / sizeof(ratio_fields[0]),
	.fields = ratio_fields,
	.valid = ratio_valid,
};

const StateKind ratio_float_kind = {
	.code = STATE_RATIO_FLOAT,
	.name = "ratio_float",
	.nfields = sizeof(ratio_float_fields) / sizeof(ratio_float_fields[0]),
	.fields = ratio_float_fields,
	.valid = ratio_valid,
	.merge = ratio_float_merge,
};

bool
ratio_add(Ratio *ratio, int64_t num, int64_t den)
{
	ratio->n++;
	ratio->squares_num += (Wide) num * num;
	ratio->squares_den += (Wide) den * den;
	ratio->products += (Wide) num * den;
	return !__builtin_add_overflow(ratio->sum_num, num, &ratio->sum_num) &&
		!__builtin_add_overflow(ratio->sum_den, den, &ratio->sum_den) &&
		ratio->squares_num <= WIDE_SQUARES_MAX && ratio->squares_den <= WIDE_SQUARES_MAX;
}

void
ratio_float_add(RatioFloat *ratio, double num, double den)
{
	double		from_old_mean = num - ratio->num.mean;

	ratio->n++;
	moments_add(&ratio->num, ratio->n, num);
	moments_add(&ratio->den, ratio->n, den);
	ratio->product += from_old_mean * (den - ratio->den.mean);
}

static Limits
fieller_limits(const RatioFloat *sums, double level)
{
	double		n = (double) sums->n;
	double		t = student_quantile(0.5 * (1 + level), n - 1);
	double		scale = t * t / (n * (n - 1));
	double		x = sums->den.mean;
	double		y = sums->num.mean;
	double		a = x * x - scale * sums->den.m2;
	double		b = x * y - scale * sums->product;
	double		c = y * y - scale * sums->num.m2;
	double		root = sqrt(fmax(0, b * b - a * c));

	if (!(a > 0))
		return (Limits) {NAN, NAN};
	return (Limits) {(b - root) / a, (b + root) / a};
}

void
ratio_summarise(const StateHead *state, double level, RatioSummary *summary)
{
	RatioFloat	sums;
	double		n;
	double		r;
	double		residual;

	read_ratio(state, &sums);
	n = (double) sums.n;
	r = sums.num.mean / sums.den.mean;
	/* the squares of y - r x, whose mean is 0 */
	residual = sums.num.m2 - 2 * r * sums.product + r * r * sums.den.m2;
	summary->r = r;
	summary->se = sqrt(fmax(0, residual) / (n * (n - 1))) / fabs(sums.den.mean);
	summary->fieller = fieller_limits(&sums, level);
	if (n < 2)
		summary->se = NAN;
}
