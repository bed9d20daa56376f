/*
 * fca.c
 *		How much a place counts at a given travel time.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/fca.h"
#include "state.h"

/* The kernel as it was read last: a query asks for one, row after row. */
typedef struct KnownKernel
{
	FcaKernel	kernel;
	Size		length;
	char		text[FLEXIBLE_ARRAY_MEMBER];
} KnownKernel;

static const FcaKernel *
kernel_argument(FunctionCallInfo fcinfo, int n)
{
	text	   *argument = PG_GETARG_TEXT_PP(n);
	Size		length = VARSIZE_ANY_EXHDR(argument);
	KnownKernel *known = fcinfo->flinfo->fn_extra;
	Problem		problem;

	if (known != NULL && known->length == length && memcmp(known->text, VARDATA_ANY(argument), length) == 0)
		return &known->kernel;
	if (known != NULL)
		pfree(known);
	fcinfo->flinfo->fn_extra = NULL;
	known = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, offsetof(KnownKernel, text) + length);
	known->length = length;
	memcpy(known->text, VARDATA_ANY(argument), length);
	if (!fca_parse(text_to_cstring(argument), &known->kernel, &problem))
		refuse_measure(&problem);
	fcinfo->flinfo->fn_extra = known;
	return &known->kernel;
}

PG_FUNCTION_INFO_V1(fca_kernel_weight);
Datum
fca_kernel_weight(PG_FUNCTION_ARGS)
{
	double		weight;
	Problem		problem;

	if (!fca_weight(kernel_argument(fcinfo, 1), PG_GETARG_FLOAT8(0), &weight, &problem))
		refuse_measure(&problem);
	PG_RETURN_FLOAT8(weight);
}
