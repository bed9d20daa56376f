/*
 * among.c
 *		Is a value among many?  The condition of policies that list what a role
 *		may see.
 *
 * The server compares a column with each element of an array in turn, unless
 * the array is a constant, which what a policy asks for never is: to join two
 * tables of the same thousand people would cost a million comparisons.  Here
 * numbers are in order, and halved.
 *
 * And the planner takes such an array for ten values, each as common as any
 * other: for perimeters, often half of the table or all of it, which no index
 * would be used for.  Here it is told that an agent sees little.
 */
#include "postgres.h"

#include "access/stratnum.h"
#include "catalog/pg_opfamily.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/array.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/*
 * What of a table an agent sees, as far as the planner knows: little enough to
 * be found by an index, which never is a bad way to find all of it.
 */
#define SHARE_IN_SIGHT	0.001

static int
count_elements(const ArrayType *array)
{
	return ARR_HASNULL(array) || ARR_NDIM(array) != 1 ? 0 : ARR_DIMS(array)[0];
}

/*
 * among(value, sorted) is total, since policies must not tell anything by an
 * error: an array that is not in order, has a NULL or a second dimension, holds
 * at most less than it seems to.
 */
PG_FUNCTION_INFO_V1(number_among);
Datum
number_among(PG_FUNCTION_ARGS)
{
	int64		value = PG_GETARG_INT64(0);
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	const int64 *sorted = (const int64 *) ARR_DATA_PTR(array);
	int			low = 0;
	int			high = count_elements(array);

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (sorted[middle] == value)
			PG_RETURN_BOOL(true);
		if (sorted[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	PG_RETURN_BOOL(false);
}

/* Codes are few, and equal when their bytes are */
PG_FUNCTION_INFO_V1(code_among);
Datum
code_among(PG_FUNCTION_ARGS)
{
	text	   *value = PG_GETARG_TEXT_PP(0);
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	const char *element = ARR_DATA_PTR(array);
	int			count = count_elements(array);

	for (int i = 0; i < count; i++)
	{
		if (VARSIZE_ANY_EXHDR(element) == VARSIZE_ANY_EXHDR(value) &&
			memcmp(VARDATA_ANY(element), VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)) == 0)
			PG_RETURN_BOOL(true);
		element = att_addlength_pointer(element, -1, element);
		element = (const char *) att_align_nominal(element, TYPALIGN_INT);
	}
	PG_RETURN_BOOL(false);
}

/* column = ANY (sorted), as an index on the column takes it */
static Expr *
any_of(SupportRequestIndexCondition *request, List *args, Oid type)
{
	ScalarArrayOpExpr *any = makeNode(ScalarArrayOpExpr);

	any->opno = get_opfamily_member(request->opfamily, type, type, BTEqualStrategyNumber);
	any->opfuncid = get_opcode(any->opno);
	any->useOr = true;
	any->inputcollid = request->indexcollation;
	any->args = args;
	any->location = -1;
	return (Expr *) any;
}

/* column >= or <= sorted[subscript] */
static Expr *
compare_end(SupportRequestIndexCondition *request, List *args, Oid type, int strategy, Expr *subscript)
{
	SubscriptingRef *end = makeNode(SubscriptingRef);
	Oid			operator = get_opfamily_member(request->opfamily, type, type, strategy);

	end->refcontainertype = get_array_type(type);
	end->refelemtype = type;
	end->refrestype = type;
	end->reftypmod = -1;
	end->refcollid = request->indexcollation;
	end->refupperindexpr = list_make1(subscript);
	end->refexpr = lsecond(args);
	return make_opclause(operator, BOOLOID, false, linitial(args), (Expr *) end, InvalidOid, request->indexcollation);
}

/*
 * The condition that a btree index on the column tests for among(column,
 * sorted).  That it is between the first of the array and the last is true of
 * any that is in it, and tells the planner how few they are: of a range whose
 * ends it does not know it expects little.
 */
static List *
condition_on(SupportRequestIndexCondition *request, List *args, Oid type)
{
	Expr	   *one = (Expr *) makeConst(INT4OID, -1, InvalidOid, sizeof(int32), Int32GetDatum(1), false, true);
	Expr	   *last = (Expr *) makeFuncExpr(F_ARRAY_UPPER, INT4OID, list_make2(lsecond(args), one), InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);
	Expr	   *first = (Expr *) makeFuncExpr(F_ARRAY_LOWER, INT4OID, list_make2(lsecond(args), one), InvalidOid, InvalidOid, COERCE_EXPLICIT_CALL);

	return list_make3(any_of(request, args, type),
					  compare_end(request, args, type, BTGreaterEqualStrategyNumber, first),
					  compare_end(request, args, type, BTLessEqualStrategyNumber, last));
}

static List *
index_condition(SupportRequestIndexCondition *request)
{
	List	   *args;

	if (!is_funcclause(request->node) || request->indexarg != 0)
		return NIL;
	args = ((FuncExpr *) request->node)->args;
	if (!is_pseudo_constant_for_index(request->root, lsecond(args), request->index))
		return NIL;
	request->lossy = false;
	if (request->opfamily == INTEGER_BTREE_FAM_OID)
		return condition_on(request, args, INT8OID);
	if (request->opfamily == TEXT_BTREE_FAM_OID)
		return condition_on(request, args, TEXTOID);
	return NIL;
}

PG_FUNCTION_INFO_V1(among_support);
Datum
among_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);

	if (IsA(request, SupportRequestSelectivity))
	{
		((SupportRequestSelectivity *) request)->selectivity = SHARE_IN_SIGHT;
		PG_RETURN_POINTER(request);
	}
	if (IsA(request, SupportRequestIndexCondition))
		PG_RETURN_POINTER(index_condition((SupportRequestIndexCondition *) request));
	PG_RETURN_POINTER(NULL);
}
