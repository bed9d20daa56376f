/*
 * reliability.c
 *		Is a change larger than the instrument's error?
 */
#include "postgres.h"

#include "core/reliability.h"
#include "state.h"

PG_FUNCTION_INFO_V1(reliability_change);
Datum
reliability_change(PG_FUNCTION_ARGS)
{
	ReliableChange change;
	ResultRow	row = {0};
	Problem		problem;

	if (!reliable_change(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2),
						 PG_GETARG_FLOAT8(3), &change, &problem))
		refuse_measure(&problem);
	put_number(&row, change.index);
	put_number(&row, change.s_diff);
	put_number(&row, change.se_measurement);
	put_number(&row, change.smallest);
	return result_row(fcinfo, &row);
}

PG_FUNCTION_INFO_V1(reliability_cutoff);
Datum
reliability_cutoff(PG_FUNCTION_ARGS)
{
	RETURN_NUMBER(clinical_cutoff(PG_GETARG_FLOAT8(0), PG_GETARG_FLOAT8(1),
								  PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3)));
}
