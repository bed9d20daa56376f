/*
 * geo.c
 *		The distance between two positions, for those who hold neither a need
 *		nor a supply: imports and maps.
 */
#include "postgres.h"

#include "fmgr.h"

#include "core/geo.h"
#include "face.h"

static Position
position_argument(FunctionCallInfo fcinfo, int longitude)
{
	Position	position;
	Problem		problem;

	if (!geo_position(PG_GETARG_FLOAT8(longitude), PG_GETARG_FLOAT8(longitude + 1), &position, &problem))
		report_problem(ERRCODE_INVALID_PARAMETER_VALUE, &problem);
	return position;
}

PG_FUNCTION_INFO_V1(metres_between);
Datum
metres_between(PG_FUNCTION_ARGS)
{
	Position	from = position_argument(fcinfo, 0);
	Position	to = position_argument(fcinfo, 2);

	PG_RETURN_FLOAT8(geo_distance(&from, &to));
}
