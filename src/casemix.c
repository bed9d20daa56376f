/*
 * casemix.c
 *		Aggregate xprod, and the linear model of what is expected at entry.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/casemix.h"
#include "state.h"

static const StateKind *const kinds[] = {&xprod_kind};
static const StateType xprod_type = {"xprod_state", lengthof(kinds), kinds};

PG_FUNCTION_INFO_V1(xprod_state_in);
Datum
xprod_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &xprod_type);
}

PG_FUNCTION_INFO_V1(xprod_state_recv);
Datum
xprod_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &xprod_type);
}

/* The outcome, then the covariates; returns how many. */
static int
read_variables(FunctionCallInfo fcinfo, double *values)
{
	int			covariates;
	const double *x = numbers_argument(fcinfo, 2, "covariates", &covariates);
	Problem		problem;

	if (covariates < 1 || covariates > XPROD_COVARIATES_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("%d covariates", covariates),
				 errhint("Give from 1 to %d covariates.", XPROD_COVARIATES_MAX)));
	values[0] = PG_GETARG_FLOAT8(1);
	if (!measure_finite(values[0], "the outcome", &problem))
		refuse_measure(&problem);
	memcpy(values + 1, x, covariates * sizeof(double));
	return covariates + 1;
}

/* As in the aggregates of the server, a row with anything missing is left out. */
PG_FUNCTION_INFO_V1(xprod_accum);
Datum
xprod_accum(PG_FUNCTION_ARGS)
{
	double		values[XPROD_VARIABLES_MAX];
	int			variables;
	Xprod	   *xprod;

	STATE_SKIP_IF_NULL(1, 2);
	if (array_contains_nulls(PG_GETARG_ARRAYTYPE_P(2)))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	variables = read_variables(fcinfo, values);
	if (PG_ARGISNULL(0))
	{
		xprod = (Xprod *) state_make(&xprod_kind, xprod_rows(variables));
		xprod_begin(xprod, variables);
	}
	else
		xprod = (Xprod *) state_transition(fcinfo, &xprod_kind);
	if (xprod->variables != variables)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_SUM),
				 errmsg("%d covariates after rows with %d", variables - 1, (int) xprod->variables - 1),
				 errhint("Give the same covariates in every row, in the same order.")));
	xprod_add(xprod, values);
	return PointerGetDatum(xprod);
}

static Datum
coefficients_array(const CasemixModel *model)
{
	Datum		elements[XPROD_COVARIATES_MAX];

	for (int i = 0; i < model->covariates; i++)
		elements[i] = Float8GetDatum(model->coefficients[i]);
	return PointerGetDatum(construct_array(elements, model->covariates, FLOAT8OID,
										   sizeof(double), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/* Numbers of the covariates that are left out, from 1. */
static Datum
dropped_array(const CasemixModel *model)
{
	Datum		elements[XPROD_COVARIATES_MAX];
	int			count = 0;

	for (int i = 0; i < model->covariates; i++)
	{
		if (model->dropped[i])
			elements[count++] = Int32GetDatum(i + 1);
	}
	return PointerGetDatum(construct_array(elements, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}

PG_FUNCTION_INFO_V1(xprod_state_ols);
Datum
xprod_state_ols(PG_FUNCTION_ARGS)
{
	const Xprod *xprod = (const Xprod *) STATE_ARGUMENT(0, &xprod_type);
	CasemixModel model;
	ResultRow	row = {0};

	casemix_fit(xprod, &model);
	put_count(&row, xprod->n);
	put_number(&row, model.intercept);
	row.values[row.count++] = coefficients_array(&model);
	put_number(&row, model.sigma);
	put_number(&row, model.r2);
	row.values[row.count++] = dropped_array(&model);
	put_word(&row, model.any_dropped ? "reduced" : "full");
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(casemix_model_expected);
Datum
casemix_model_expected(PG_FUNCTION_ARGS)
{
	int			covariates;
	int			given;
	const double *coefficients = numbers_argument(fcinfo, 1, "coefficients", &covariates);
	const double *x = numbers_argument(fcinfo, 2, "covariates", &given);

	if (given != covariates)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 errmsg("%d covariates for a model of %d", given, covariates),
				 errhint("Give the covariates the model was fitted on, in the same order.")));
	RETURN_NUMBER(casemix_expected(PG_GETARG_FLOAT8(0), coefficients, x, covariates));
}

PG_FUNCTION_INFO_V1(xprod_state_alpha);
Datum
xprod_state_alpha(PG_FUNCTION_ARGS)
{
	RETURN_NUMBER(xprod_alpha((const Xprod *) STATE_ARGUMENT(0, &xprod_type)));
}
