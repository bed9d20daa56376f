/*
 * perturbation.c
 *		Aggregate ckm: counts that any filter may ask for.
 */
#include "postgres.h"

#include "core/perturbation.h"
#include "state.h"

static const StateKind *const kinds[] = {&keyed_count_kind};
static const StateType ckm_type = {"ckm_state", lengthof(kinds), kinds};

PG_FUNCTION_INFO_V1(ckm_state_in);
Datum
ckm_state_in(PG_FUNCTION_ARGS)
{
	return state_read_text(fcinfo, &ckm_type);
}

PG_FUNCTION_INFO_V1(ckm_state_recv);
Datum
ckm_state_recv(PG_FUNCTION_ARGS)
{
	return state_read_bytes(fcinfo, &ckm_type);
}

PG_FUNCTION_INFO_V1(ckm_accum);
Datum
ckm_accum(PG_FUNCTION_ARGS)
{
	KeyedCount *count;
	Problem		problem;

	STATE_SKIP_IF_NULL(1, 1);
	count = (KeyedCount *) state_transition(fcinfo, &keyed_count_kind);
	if (!keyed_count_add(count, PG_GETARG_INT64(1), &problem))
		refuse_measure(&problem);
	return PointerGetDatum(count);
}

PG_FUNCTION_INFO_V1(ckm_state_perturbed);
Datum
ckm_state_perturbed(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(keyed_count_perturbed((const KeyedCount *) STATE_ARGUMENT(0, &ckm_type)));
}
