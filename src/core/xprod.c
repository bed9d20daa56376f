/*
 * xprod.c
 *		Means and centred cross products of several variables.
 */
#include "xprod.h"

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
		if (xprod_product(xprod, i, i) < 0)
			return problem_set(problem, "a variance of a state of aggregate \"xprod\" is negative: %g",
							   xprod_product(xprod, i, i));
	}
	return true;
}

static bool
xprod_merge(StateHead *into, const StateHead *from, Problem *problem)
{
	Xprod	   *a = (Xprod *) into;
	const Xprod *b = (const Xprod *) from;
	double		n_into = (double) a->n;
	double		n_from = (double) b->n;
	double	   *product = a->cells + a->variables;
	const double *other = b->cells + b->variables;

	if (a->variables != b->variables)
	{
		problem_set(problem, "states of aggregate \"xprod\" with %" PRId64 " and %" PRId64 " covariates",
					a->variables - 1, b->variables - 1);
		return problem_hint(problem, "Add up states made from the same covariates, in the same order.");
	}
	for (int i = 0; i < a->variables; i++)
	{
		for (int j = 0; j <= i; j++)
			*product++ += *other++ + (b->cells[i] - a->cells[i]) * (b->cells[j] - a->cells[j]) *
				(n_into * n_from / (n_into + n_from));
	}
	for (int i = 0; i < a->variables; i++)
		a->cells[i] += (b->cells[i] - a->cells[i]) * (n_from / (n_into + n_from));
	a->n += b->n;
	return a->n > 0 || problem_set(problem, "the counts of aggregate \"xprod\" have become too large");
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
	double		n = (double) ++xprod->n;
	double		differences[XPROD_VARIABLES_MAX];
	double	   *product = xprod->cells + xprod->variables;

	for (int i = 0; i < xprod->variables; i++)
	{
		differences[i] = values[i] - xprod->cells[i];
		xprod->cells[i] += differences[i] / n;
	}
	for (int i = 0; i < xprod->variables; i++)
	{
		for (int j = 0; j <= i; j++)
			*product++ += differences[i] * differences[j] * ((n - 1) / n);
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
