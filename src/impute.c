/*
 * impute.c
 *		What is supposed of competences nobody assessed, and how much it weighs.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"

#include "competence_vector.h"
#include "core/need.h"

static uint8_t
points_argument(int points)
{
	if (points < 0 || points > COMPETENCE_POINTS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid points: %d", points),
				 errhint("Points are eighths of a level, from 0 to %d.", COMPETENCE_POINTS_MAX)));
	return points;
}

PG_FUNCTION_INFO_V1(competence_vector_mean_points);
Datum
competence_vector_mean_points(PG_FUNCTION_ARGS)
{
	int			mean = competence_mean_points(PG_GETARG_COMPETENCE_VECTOR_P(0));

	if (mean < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(mean);
}

/* Nothing found: nothing to tell levels from.  Nothing wanted: as found. */
PG_FUNCTION_INFO_V1(competence_vector_impute);
Datum
competence_vector_impute(PG_FUNCTION_ARGS)
{
	CompetenceVector *found;
	CompetenceVector *wanted;
	CompetenceVector *imputed;
	uint8_t		otherwise = PG_ARGISNULL(2) ? COMPETENCE_NOT_ASSESSED : points_argument(PG_GETARG_INT32(2));

	if (PG_ARGISNULL(1))
	{
		if (PG_ARGISNULL(0))
			PG_RETURN_NULL();
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	}
	wanted = PG_GETARG_COMPETENCE_VECTOR_P(1);
	imputed = palloc(sizeof(CompetenceVector));
	if (PG_ARGISNULL(0))
	{
		competence_clear(imputed, wanted->framework);
		PG_RETURN_COMPETENCE_VECTOR_P(imputed);
	}
	found = PG_GETARG_COMPETENCE_VECTOR_P(0);
	require_one_framework(found, wanted);
	*imputed = competence_impute(found, wanted, otherwise);
	PG_RETURN_COMPETENCE_VECTOR_P(imputed);
}

/* Weights as need() takes them: one a competence, NULL for the usual ones. */
static void
read_weights(FunctionCallInfo fcinfo, int argument, int32 *weights)
{
	ArrayType  *array;

	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
		weights[slot] = NEED_WEIGHT_DEFAULT;
	if (PG_ARGISNULL(argument))
		return;
	array = PG_GETARG_ARRAYTYPE_P(argument);
	if (ARR_NDIM(array) != 1 || ARR_HASNULL(array) || ARR_DIMS(array)[0] > COMPETENCE_SLOTS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid weights of competences"),
				 errhint("Give a one-dimensional array of a weight a competence, without NULL.")));
	memcpy(weights, ARR_DATA_PTR(array), ARR_DIMS(array)[0] * sizeof(int32));
}

/* Not strict: without weights, or with nothing found, they are the usual ones. */
PG_FUNCTION_INFO_V1(competence_vector_lower_weights);
Datum
competence_vector_lower_weights(PG_FUNCTION_ARGS)
{
	CompetenceVector *found;
	CompetenceVector *wanted;
	int32		weights[COMPETENCE_SLOTS];
	Datum		elements[COMPETENCE_SLOTS];
	int			size;

	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(3))
	{
		found = PG_GETARG_COMPETENCE_VECTOR_P(0);
		wanted = PG_GETARG_COMPETENCE_VECTOR_P(1);
		require_one_framework(found, wanted);
		read_weights(fcinfo, 2, weights);
		if (competence_lower_weights(found, wanted, weights, PG_GETARG_INT32(3)))
		{
			size = framework_size(found->framework);
			for (int slot = 0; slot < size; slot++)
				elements[slot] = Int32GetDatum(weights[slot]);
			PG_RETURN_ARRAYTYPE_P(construct_array(elements, size, INT4OID, sizeof(int32), true, TYPALIGN_INT));
		}
	}
	if (PG_ARGISNULL(2))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(2));
}
