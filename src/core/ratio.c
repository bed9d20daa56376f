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
	MOMENTS_FIELDS("num"),
	MOMENTS_FIELDS("den"),
	{"products", CELL_NUMBER},
	{"products_low", CELL_NUMBER},
};

/* What both kinds come down to. */
typedef struct Totals
{
	int64_t		n;
	double		mean_num;
	double		mean_den;
	double		m2_num;
	double		m2_den;
	double		product;		/* centred */
} Totals;

static Totals
read_exact(const Ratio *ratio)
{
	return (Totals) {ratio->n, (double) ratio->sum_num / ratio->n, (double) ratio->sum_den / ratio->n,
		wide_centred(ratio->n, ratio->sum_num, ratio->squares_num),
		wide_centred(ratio->n, ratio->sum_den, ratio->squares_den),
		wide_centred_products(ratio->n, ratio->sum_num, ratio->sum_den, ratio->products)};
}

static Totals
read_float(const RatioFloat *ratio)
{
	double		n = (double) ratio->n;

	return (Totals) {ratio->n, moments_mean(&ratio->num, n), moments_mean(&ratio->den, n),
		moments_m2(&ratio->num, n), moments_m2(&ratio->den, n),
		products_centred(ratio->products, ratio->num.sum, ratio->den.sum, n)};
}

static Totals
read_ratio(const StateHead *state)
{
	return state->code == STATE_RATIO ? read_exact((const Ratio *) state) : read_float((const RatioFloat *) state);
}

static bool
ratio_valid(const StateHead *state, Problem *problem)
{
	const Ratio *ratio = (const Ratio *) state;
	Totals		sums;

	if (state->code == STATE_RATIO &&
		(ratio->squares_num < 0 || ratio->squares_num > WIDE_SQUARES_MAX ||
		 ratio->squares_den < 0 || ratio->squares_den > WIDE_SQUARES_MAX ||
		 ratio->products < -WIDE_SQUARES_MAX || ratio->products > WIDE_SQUARES_MAX))
		return problem_set(problem, "the sums of a state of aggregate \"ratio\" are out of range");
	sums = read_ratio(state);
	if (sums.n == 0 || sums.m2_num < 0 || sums.m2_den < 0)
		return problem_set(problem, "the sums of a state of aggregate \"ratio\" contradict each other");
	return true;
}

/* Both terms, from other origins. */
static void
ratio_float_move(RatioFloat *ratio, double num, double den)
{
	double		n = (double) ratio->n;

	ratio->products = products_moved(ratio->products, ratio->num.sum, moments_back(&ratio->num, num),
									 ratio->den.sum, moments_back(&ratio->den, den), n);
	moments_move(&ratio->num, n, num);
	moments_move(&ratio->den, n, den);
}

static void
ratio_float_settle(StateHead *state)
{
	RatioFloat *ratio = (RatioFloat *) state;
	double		n = (double) ratio->n;

	ratio_float_move(ratio, moments_settled_origin(&ratio->num, n), moments_settled_origin(&ratio->den, n));
}

static bool
ratio_float_merge(StateHead *into, const StateHead *from, Problem *problem)
{
	RatioFloat *a = (RatioFloat *) into;
	RatioFloat	b = *(const RatioFloat *) from;

	ratio_float_move(&b, a->num.origin, a->den.origin);
	moments_merge(&a->num, &b.num);
	moments_merge(&a->den, &b.den);
	a->products = twofold_add(a->products, b.products);
	if (__builtin_add_overflow(a->n, b.n, &a->n))
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
	.settle = ratio_float_settle,
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
	ratio->n++;
	moments_add_pair(&ratio->num, &ratio->den, &ratio->products, ratio->n, num, den);
}

static Limits
fieller_limits(const Totals *sums, double level)
{
	double		n = (double) sums->n;
	double		t = student_quantile(0.5 * (1 + level), n - 1);
	double		scale = t * t / (n * (n - 1));
	double		x = sums->mean_den;
	double		y = sums->mean_num;
	double		a = x * x - scale * sums->m2_den;
	double		b = x * y - scale * sums->product;
	double		c = y * y - scale * sums->m2_num;
	double		root = sqrt(fmax(0, b * b - a * c));

	if (!(a > 0))
		return (Limits) {NAN, NAN};
	return (Limits) {(b - root) / a, (b + root) / a};
}

void
ratio_summarise(const StateHead *state, double level, RatioSummary *summary)
{
	Totals		sums = read_ratio(state);
	double		n = (double) sums.n;
	double		r = sums.mean_num / sums.mean_den;
	double		residual;

	/* the squares of y - r x, whose mean is 0 */
	residual = sums.m2_num - 2 * r * sums.product + r * r * sums.m2_den;
	summary->r = r;
	summary->se = sqrt(fmax(0, residual) / (n * (n - 1))) / fabs(sums.mean_den);
	summary->fieller = fieller_limits(&sums, level);
	if (n < 2)
		summary->se = NAN;
}
