/*
 * xprod.c
 *		Means and cross products of several variables.
 */
#include "xprod.h"

#include <string.h>

static const StateField xprod_fields[] = {
	{"n", CELL_COUNT},
	{"variables", CELL_COUNT},
};

static const StateField xprod_columns[] = {
	{"cell", CELL_NUMBER},
};

static bool
xprod_valid(const StateHead *state, Problem *problem)
{
	const Xprod *xprod = (const Xprod *) state;

	if (xprod->n < 1 || xprod->variables < 2 || xprod->variables > XPROD_VARIABLES_MAX ||
		state->used != xprod_rows(xprod->variables))
		return problem_set(problem, "a state of aggregate \"xprod\" of %" PRId64 " rows has %" PRIu32 " cells for %" PRId64 " variables",
						   xprod->n, state->used, xprod->variables);
	for (int i = 0; i < xprod->variables; i++)
	{
		if (xprod_product(xprod, i, i) < -1e-20 * xprod_products(xprod)[i * (i + 3) / 2].high)
			return problem_set(problem, "a variance of a state of aggregate \"xprod\" is negative: %g",
							   xprod_product(xprod, i, i));
	}
	return true;
}

/* All variables, from other origins. */
static void
xprod_move(Xprod *xprod, const double *origins)
{
	double		n = (double) xprod->n;
	Twofold		back[XPROD_VARIABLES_MAX];
	Twofold    *sums = xprod_sums(xprod);
	Twofold    *product = xprod_products(xprod);

	for (int i = 0; i < xprod->variables; i++)
		back[i] = twofold_sum(xprod->cells[i], -origins[i]);
	for (int i = 0; i < xprod->variables; i++)
	{
		for (int j = 0; j <= i; j++, product++)
			*product = products_moved(*product, sums[i], back[i], sums[j], back[j], n);
	}
	for (int i = 0; i < xprod->variables; i++)
	{
		sums[i] = moments_moved(sums[i], back[i], n);
		xprod->cells[i] = origins[i];
	}
}

static void
xprod_settle(StateHead *state)
{
	Xprod	   *xprod = (Xprod *) state;
	double		origins[XPROD_VARIABLES_MAX];

	for (int i = 0; i < xprod->variables; i++)
		origins[i] = settled_origin(xprod_mean(xprod, i));
	xprod_move(xprod, origins);
}

static bool
xprod_merge(StateHead *into, const StateHead *from, Problem *problem)
{
	Xprod	   *a = (Xprod *) into;
	const Xprod *b = (const Xprod *) from;
	double		n = (double) b->n;
	Twofold		back[XPROD_VARIABLES_MAX];
	const Twofold *other_sums = xprod_sums(b);
	const Twofold *other = xprod_products(b);
	Twofold    *product = xprod_products(a);

	if (a->variables != b->variables)
	{
		problem_set(problem, "states of aggregate \"xprod\" with %" PRId64 " and %" PRId64 " covariates",
					a->variables - 1, b->variables - 1);
		return problem_hint(problem, "Add up states made from the same covariates, in the same order.");
	}
	for (int i = 0; i < a->variables; i++)
		back[i] = twofold_sum(b->cells[i], -a->cells[i]);
	for (int i = 0; i < a->variables; i++)
	{
		for (int j = 0; j <= i; j++, product++)
			*product = twofold_add(*product, products_moved(*other++, other_sums[i], back[i], other_sums[j], back[j], n));
		xprod_sums(a)[i] = twofold_add(xprod_sums(a)[i], moments_moved(other_sums[i], back[i], n));
	}
	if (__builtin_add_overflow(a->n, b->n, &a->n))
		return problem_set(problem, "the counts of aggregate \"xprod\" have become too large");
	return true;
}

const StateKind xprod_kind = {
	.code = STATE_XPROD,
	.name = "xprod",
	.nfields = sizeof(xprod_fields) / sizeof(xprod_fields[0]),
	.fields = xprod_fields,
	.ncolumns = 1,
	.columns = xprod_columns,
	.valid = xprod_valid,
	.merge = xprod_merge,
	.settle = xprod_settle,
};

void
xprod_begin(Xprod *xprod, int variables)
{
	state_clear(&xprod->head, &xprod_kind);
	xprod->variables = variables;
	xprod->head.used = xprod->head.sorted = xprod_rows(variables);
	for (uint32_t i = 0; i < xprod->head.used; i++)
		xprod->cells[i] = 0;
}

void
xprod_add(Xprod *xprod, const double *values)
{
	Twofold		distances[XPROD_VARIABLES_MAX];
	Twofold    *sums = xprod_sums(xprod);
	Twofold    *product = xprod_products(xprod);

	if (xprod->n++ == 0)
		memcpy(xprod->cells, values, xprod->variables * sizeof(double));
	for (int i = 0; i < xprod->variables; i++)
	{
		distances[i] = twofold_sum(values[i], -xprod->cells[i]);
		sums[i] = twofold_add(sums[i], distances[i]);
		for (int j = 0; j <= i; j++, product++)
			*product = twofold_add(*product, twofold_times(distances[i], distances[j]));
	}
}

double
xprod_alpha(const Xprod *xprod)
{
	double		items = (double) xprod->variables;
	double		variances = 0;
	double		total = 0;

	for (int i = 0; i < xprod->variables; i++)
	{
		variances += xprod_product(xprod, i, i);
		for (int j = 0; j < xprod->variables; j++)
			total += xprod_product(xprod, i, j);
	}
	return items / (items - 1) * (1 - variances / total);
}
