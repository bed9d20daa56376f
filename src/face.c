/*
 * face.c
 *		What every file of the PostgreSQL face shares: turning the core's
 *		problems into errors, and arrays of codes into masks.
 */
#include "postgres.h"

#include "catalog/pg_type.h"

#include "core/argument.h"
#include "face.h"

static int
optional_hint(const Problem *problem)
{
	return problem->hint[0] != '\0' ? errhint("%s", problem->hint) : 0;
}

void
report_problem(int sqlstate, const Problem *problem)
{
	ereport(ERROR,
			(errcode(sqlstate),
			 errmsg("%s", problem->message),
			 optional_hint(problem)));
}

Datum
refuse_literal(FunctionCallInfo fcinfo, const Problem *problem)
{
	ereturn(fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("%s", problem->message),
			 optional_hint(problem)));
}

void
report_damage(const char *type, const Problem *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("invalid stored value of type %s", type),
			 errdetail("It would be refused today: %s.", problem->message),
			 errhint("It was damaged, or written by a later version of inclusion.")));
}

int
code_to_bit(text *code, Vocabulary vocabulary, const char *argument)
{
	int			bit = 0;
	Problem		problem;

	if (!argument_find_code(vocabulary, VARDATA_ANY(code), VARSIZE_ANY_EXHDR(code),
							argument, &bit, &problem))
		report_problem(ERRCODE_INVALID_PARAMETER_VALUE, &problem);
	return bit;
}

uint32
codes_to_mask(ArrayType *array, Vocabulary vocabulary, const char *argument)
{
	Datum	   *codes;
	int			count;
	uint32		mask = 0;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" has %d dimensions", argument, ARR_NDIM(array)),
				 errhint("Give a one-dimensional array of codes.")));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" contains a null element", argument),
				 errhint("Leave out what is unknown: an absent code states nothing.")));

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &codes, NULL, &count);
	for (int i = 0; i < count; i++)
		mask |= (uint32) 1 << code_to_bit(DatumGetTextPP(codes[i]), vocabulary, argument);
	return mask;
}
