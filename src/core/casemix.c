/*
 * casemix.c
 *		Ordinary least squares from cross products.
 *
 * Scaled to correlations, then factored by Cholesky's method, the largest
 * pivot first: the normal equations keep their digits, and covariates that
 * repeat others come last and are left out.
 */
#include "casemix.h"

#include <float.h>

#define SIZE XPROD_COVARIATES_MAX

typedef struct Factor
{
	int			rank;
	int			order[SIZE];	/* covariates, as they were taken */
	double		l[SIZE][SIZE];	/* rows in that order */
} Factor;

/* Between covariates i and j; 0 when one of them does not vary. */
static double
correlation(const Xprod *xprod, int i, int j)
{
	double		spread = sqrt(xprod_product(xprod, i, i)) * sqrt(xprod_product(xprod, j, j));

	return spread > 0 ? xprod_product(xprod, i, j) / spread : 0;
}

/* Is its spread more than the rounding of its values? */
static bool
varies(const Xprod *xprod, int i)
{
	double		rounding = DBL_EPSILON * fabs(xprod_mean(xprod, i));

	return xprod_product(xprod, i, i) > xprod->n * rounding * rounding;
}

static void
swap_rows(Factor *factor, double *pivots, int a, int b)
{
	int			covariate = factor->order[a];
	double		pivot = pivots[a];

	factor->order[a] = factor->order[b];
	factor->order[b] = covariate;
	pivots[a] = pivots[b];
	pivots[b] = pivot;
	for (int k = 0; k < a; k++)
	{
		double		cell = factor->l[a][k];

		factor->l[a][k] = factor->l[b][k];
		factor->l[b][k] = cell;
	}
}

static void
factor_correlations(const Xprod *xprod, int covariates, Factor *factor)
{
	double		pivots[SIZE];

	for (int i = 0; i < covariates; i++)
	{
		factor->order[i] = i;
		pivots[i] = varies(xprod, i + 1) ? 1 : 0;
	}
	for (factor->rank = 0; factor->rank < covariates; factor->rank++)
	{
		int			at = factor->rank;
		int			largest = at;

		for (int i = at + 1; i < covariates; i++)
		{
			if (pivots[i] > pivots[largest])
				largest = i;
		}
		if (pivots[largest] < CASEMIX_PIVOT_MIN)
			return;
		swap_rows(factor, pivots, at, largest);
		factor->l[at][at] = sqrt(pivots[at]);
		for (int i = at + 1; i < covariates; i++)
		{
			double		sum = correlation(xprod, factor->order[i] + 1, factor->order[at] + 1);

			for (int k = 0; k < at; k++)
				sum -= factor->l[i][k] * factor->l[at][k];
			factor->l[i][at] = sum / factor->l[at][at];
			pivots[i] -= factor->l[i][at] * factor->l[i][at];
		}
	}
}

/* Forwards, then backwards; what remains unexplained of the outcome. */
static double
solve_factored(const Xprod *xprod, const Factor *factor, double *standardised)
{
	double		unexplained = 1;

	for (int i = 0; i < factor->rank; i++)
	{
		double		sum = correlation(xprod, factor->order[i] + 1, 0);

		for (int k = 0; k < i; k++)
			sum -= factor->l[i][k] * standardised[k];
		standardised[i] = sum / factor->l[i][i];
		unexplained -= standardised[i] * standardised[i];
	}
	for (int i = factor->rank - 1; i >= 0; i--)
	{
		for (int k = i + 1; k < factor->rank; k++)
			standardised[i] -= factor->l[k][i] * standardised[k];
		standardised[i] /= factor->l[i][i];
	}
	return fmax(0, unexplained);
}

void
casemix_fit(const Xprod *xprod, CasemixModel *model)
{
	double		standardised[SIZE];
	double		freedom;
	double		unexplained;
	Factor		factor = {0};

	*model = (CasemixModel) {.covariates = (int) xprod->variables - 1, .intercept = xprod_mean(xprod, 0)};
	factor_correlations(xprod, model->covariates, &factor);
	unexplained = solve_factored(xprod, &factor, standardised);
	for (int i = 0; i < factor.rank; i++)
	{
		int			covariate = factor.order[i];
		double		slope = standardised[i] *
			sqrt(xprod_product(xprod, 0, 0) / xprod_product(xprod, covariate + 1, covariate + 1));

		model->coefficients[covariate] = slope;
		model->intercept -= slope * xprod_mean(xprod, covariate + 1);
	}
	for (int i = factor.rank; i < model->covariates; i++)
		model->dropped[factor.order[i]] = model->any_dropped = true;

	freedom = (double) (xprod->n - 1 - factor.rank);
	model->sigma = freedom > 0 ? sqrt(unexplained * xprod_product(xprod, 0, 0) / freedom) : NAN;
	model->r2 = xprod_product(xprod, 0, 0) > 0 ? 1 - unexplained : NAN;
}

double
casemix_expected(double intercept, const double *coefficients, const double *x, int covariates)
{
	double		expected = intercept;

	for (int i = 0; i < covariates; i++)
		expected += coefficients[i] * x[i];
	return expected;
}
