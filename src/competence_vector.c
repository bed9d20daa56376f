/*
 * competence_vector.c
 *		Type competence_vector: input and output, order and hash, comparison of
 *		what is mastered, access to the levels, exchange with jsonb.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"

#include "competence_vector.h"
#include "core/word.h"
#include "face.h"

/*
 * Helpers
 */

static CompetenceVector *
new_vector(int framework)
{
	CompetenceVector *vector = palloc(sizeof(CompetenceVector));

	competence_clear(vector, framework);
	return vector;
}

/* What the user's literal or argument says about a framework, or an error. */
static int
framework_from_name(const char *name, size_t length)
{
	int			framework = framework_by_name(name, length);

	if (framework == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown competence framework \"%s\"", pnstrdup(name, length)),
				 errhint("The frameworks are pix and digcomp.")));
	return framework;
}

static int
slot_from_code(int framework, const char *code, size_t length)
{
	int			slot = competence_slot(framework, code, length);

	if (slot < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("framework %s has no competence \"%s\"",
						framework_name(framework), pnstrdup(code, length)),
				 errhint("Its competences go from %s to %s.",
						 competence_code(framework, 0),
						 competence_code(framework, framework_size(framework) - 1))));
	return slot;
}

/* The points of the competence that the second argument names. */
static int
points_of_argument(FunctionCallInfo fcinfo)
{
	CompetenceVector *vector = PG_GETARG_COMPETENCE_VECTOR_P(0);
	text	   *code = PG_GETARG_TEXT_PP(1);

	return vector->points[slot_from_code(vector->framework, VARDATA_ANY(code),
										 VARSIZE_ANY_EXHDR(code))];
}

/* Through the decimal text, so that the numeric is exact. */
static Datum
level_numeric(int points)
{
	char		text[COMPETENCE_LEVEL_TEXT_MAX];

	competence_print_level(points, text);
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text),
							   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/*
 * Input and output
 */

PG_FUNCTION_INFO_V1(competence_vector_in);
Datum
competence_vector_in(PG_FUNCTION_ARGS)
{
	CompetenceVector *vector = palloc(sizeof(CompetenceVector));
	Problem		problem;

	if (!competence_parse(PG_GETARG_CSTRING(0), vector, &problem))
		return refuse_literal(fcinfo, &problem);
	PG_RETURN_COMPETENCE_VECTOR_P(vector);
}

/*
 * The bytes are checked here, and here alone after they were stored: a vector
 * written by a later version of the library, or damaged, must stop a dump
 * rather than spoil it.
 */
PG_FUNCTION_INFO_V1(competence_vector_out);
Datum
competence_vector_out(PG_FUNCTION_ARGS)
{
	CompetenceVector *vector = PG_GETARG_COMPETENCE_VECTOR_P(0);
	char	   *text = palloc(COMPETENCE_TEXT_MAX);
	Problem		problem;

	if (!competence_valid(vector, &problem))
		report_damage("competence_vector", &problem);
	competence_print(vector, text);
	PG_RETURN_CSTRING(text);
}

PG_FUNCTION_INFO_V1(competence_vector_recv);
Datum
competence_vector_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	CompetenceVector *vector = palloc(sizeof(CompetenceVector));
	int			length = message->len - message->cursor;
	Problem		problem;

	if (length != sizeof(CompetenceVector))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("competence vector of %d bytes, expected %d",
						length, (int) sizeof(CompetenceVector))));
	pq_copymsgbytes(message, (char *) vector, sizeof(CompetenceVector));
	if (!competence_valid(vector, &problem))
		report_problem(ERRCODE_INVALID_BINARY_REPRESENTATION, &problem);
	PG_RETURN_COMPETENCE_VECTOR_P(vector);
}

PG_FUNCTION_INFO_V1(competence_vector_send);
Datum
competence_vector_send(PG_FUNCTION_ARGS)
{
	StringInfoData message;

	pq_begintypsend(&message);
	pq_sendbytes(&message, (char *) PG_GETARG_COMPETENCE_VECTOR_P(0), sizeof(CompetenceVector));
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*
 * Order and hash
 */

static int
compare_arguments(FunctionCallInfo fcinfo)
{
	return competence_compare(PG_GETARG_COMPETENCE_VECTOR_P(0),
							  PG_GETARG_COMPETENCE_VECTOR_P(1));
}

PG_FUNCTION_INFO_V1(competence_vector_eq);
Datum
competence_vector_eq(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) == 0);
}

PG_FUNCTION_INFO_V1(competence_vector_ne);
Datum
competence_vector_ne(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) != 0);
}

PG_FUNCTION_INFO_V1(competence_vector_lt);
Datum
competence_vector_lt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) < 0);
}

PG_FUNCTION_INFO_V1(competence_vector_le);
Datum
competence_vector_le(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) <= 0);
}

PG_FUNCTION_INFO_V1(competence_vector_ge);
Datum
competence_vector_ge(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) >= 0);
}

PG_FUNCTION_INFO_V1(competence_vector_gt);
Datum
competence_vector_gt(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(compare_arguments(fcinfo) > 0);
}

PG_FUNCTION_INFO_V1(competence_vector_cmp);
Datum
competence_vector_cmp(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(compare_arguments(fcinfo));
}

/* Equal vectors are equal bytes: all of them may be hashed. */
PG_FUNCTION_INFO_V1(competence_vector_hash);
Datum
competence_vector_hash(PG_FUNCTION_ARGS)
{
	return hash_any((unsigned char *) PG_GETARG_COMPETENCE_VECTOR_P(0),
					sizeof(CompetenceVector));
}

PG_FUNCTION_INFO_V1(competence_vector_hash_extended);
Datum
competence_vector_hash_extended(PG_FUNCTION_ARGS)
{
	return hash_any_extended((unsigned char *) PG_GETARG_COMPETENCE_VECTOR_P(0),
							 sizeof(CompetenceVector), PG_GETARG_INT64(1));
}

/*
 * Comparison of what is mastered
 */

PG_FUNCTION_INFO_V1(competence_vector_reaches);
Datum
competence_vector_reaches(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(competence_reaches(PG_GETARG_COMPETENCE_VECTOR_P(0),
									  PG_GETARG_COMPETENCE_VECTOR_P(1)));
}

PG_FUNCTION_INFO_V1(competence_vector_reached_by);
Datum
competence_vector_reached_by(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(competence_reaches(PG_GETARG_COMPETENCE_VECTOR_P(1),
									  PG_GETARG_COMPETENCE_VECTOR_P(0)));
}

void
require_one_framework(const CompetenceVector *one, const CompetenceVector *other)
{
	if (one->framework == other->framework)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("competence vectors of two frameworks, %s and %s",
					framework_name(one->framework), framework_name(other->framework)),
			 errhint("Convert both to the same framework first.")));
}

/* Not strict: nothing known on one side leaves what the other side knows. */
PG_FUNCTION_INFO_V1(competence_vector_latest);
Datum
competence_vector_latest(PG_FUNCTION_ARGS)
{
	CompetenceVector *stale;
	CompetenceVector *fresh;
	CompetenceVector *latest;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	if (PG_ARGISNULL(0))
		PG_RETURN_DATUM(PG_GETARG_DATUM(1));
	if (PG_ARGISNULL(1))
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));

	stale = PG_GETARG_COMPETENCE_VECTOR_P(0);
	fresh = PG_GETARG_COMPETENCE_VECTOR_P(1);
	require_one_framework(stale, fresh);
	latest = palloc(sizeof(CompetenceVector));
	*latest = competence_latest(stale, fresh);
	PG_RETURN_COMPETENCE_VECTOR_P(latest);
}

/*
 * Access to the levels
 */

PG_FUNCTION_INFO_V1(competence_vector_framework);
Datum
competence_vector_framework(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(framework_name(PG_GETARG_COMPETENCE_VECTOR_P(0)->framework)));
}

PG_FUNCTION_INFO_V1(competence_vector_assessed);
Datum
competence_vector_assessed(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(competence_assessed(PG_GETARG_COMPETENCE_VECTOR_P(0)));
}

PG_FUNCTION_INFO_V1(competence_vector_points);
Datum
competence_vector_points(PG_FUNCTION_ARGS)
{
	int			points = points_of_argument(fcinfo);

	if (points == COMPETENCE_NOT_ASSESSED)
		PG_RETURN_NULL();
	PG_RETURN_INT32(points);
}

PG_FUNCTION_INFO_V1(competence_vector_level);
Datum
competence_vector_level(PG_FUNCTION_ARGS)
{
	int			points = points_of_argument(fcinfo);

	if (points == COMPETENCE_NOT_ASSESSED)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(level_numeric(points));
}

PG_FUNCTION_INFO_V1(competence_vector_slots);
Datum
competence_vector_slots(PG_FUNCTION_ARGS)
{
	CompetenceVector *vector = PG_GETARG_COMPETENCE_VECTOR_P(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	bool		nulls[3] = {false, false, false};

	InitMaterializedSRF(fcinfo, 0);
	for (int slot = 0; slot < framework_size(vector->framework); slot++)
	{
		int			points = vector->points[slot];
		Datum		values[3];

		if (points == COMPETENCE_NOT_ASSESSED)
			continue;
		values[0] = CStringGetTextDatum(competence_code(vector->framework, slot));
		values[1] = Int32GetDatum(points);
		values[2] = level_numeric(points);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/*
 * Construction
 */

static void
check_points_array(ArrayType *array, int framework)
{
	int			dimensions = ARR_NDIM(array);
	int			elements = ArrayGetNItems(dimensions, ARR_DIMS(array));
	int			size = framework_size(framework);

	if (dimensions <= 1 && elements == size)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 dimensions > 1 ?
			 errmsg("argument \"points\" has %d dimensions", dimensions) :
			 errmsg("argument \"points\" has %d elements", elements),
			 errhint("Framework %s takes a one-dimensional array of %d elements, null for a competence that is not assessed.",
					 framework_name(framework), size)));
}

static void
set_points(CompetenceVector *vector, int slot, int points)
{
	if (points < 0 || points > COMPETENCE_POINTS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid points of competence %s: %d",
						competence_code(vector->framework, slot), points),
				 errhint("Points are eighths of a level, from 0 to %d.", COMPETENCE_POINTS_MAX)));
	vector->points[slot] = points;
}

PG_FUNCTION_INFO_V1(competence_vector_from_points);
Datum
competence_vector_from_points(PG_FUNCTION_ARGS)
{
	text	   *name = PG_GETARG_TEXT_PP(0);
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(1);
	int			framework = framework_from_name(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));
	CompetenceVector *vector = new_vector(framework);
	Datum	   *points;
	bool	   *nulls;
	int			count;

	check_points_array(array, framework);
	deconstruct_array(array, INT4OID, sizeof(int32), true, TYPALIGN_INT,
					  &points, &nulls, &count);
	for (int slot = 0; slot < count; slot++)
	{
		if (!nulls[slot])
			set_points(vector, slot, DatumGetInt32(points[slot]));
	}
	PG_RETURN_COMPETENCE_VECTOR_P(vector);
}

/*
 * Exchange with jsonb: {"framework": "pix", "levels": {"1.1": 3}}
 */

#define JSON_HINT "Write the object as in {\"framework\": \"pix\", \"levels\": {\"1.1\": 3, \"4.3\": 2.5}}."

static void
push_string(JsonbParseState **state, JsonbIteratorToken token, const char *string)
{
	JsonbValue	value;

	value.type = jbvString;
	value.val.string.val = unconstify(char *, string);
	value.val.string.len = strlen(string);
	pushJsonbValue(state, token, &value);
}

static JsonbValue *
push_levels(JsonbParseState **state, CompetenceVector *vector)
{
	pushJsonbValue(state, WJB_BEGIN_OBJECT, NULL);
	for (int slot = 0; slot < framework_size(vector->framework); slot++)
	{
		JsonbValue	level;

		if (vector->points[slot] == COMPETENCE_NOT_ASSESSED)
			continue;
		level.type = jbvNumeric;
		level.val.numeric = DatumGetNumeric(level_numeric(vector->points[slot]));
		push_string(state, WJB_KEY, competence_code(vector->framework, slot));
		pushJsonbValue(state, WJB_VALUE, &level);
	}
	return pushJsonbValue(state, WJB_END_OBJECT, NULL);
}

PG_FUNCTION_INFO_V1(competence_vector_to_jsonb);
Datum
competence_vector_to_jsonb(PG_FUNCTION_ARGS)
{
	CompetenceVector *vector = PG_GETARG_COMPETENCE_VECTOR_P(0);
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	push_string(&state, WJB_KEY, "framework");
	push_string(&state, WJB_VALUE, framework_name(vector->framework));
	push_string(&state, WJB_KEY, "levels");
	push_levels(&state, vector);
	PG_RETURN_JSONB_P(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)));
}

/* The two members of the object; any other key is refused. */
static void
check_json_keys(Jsonb *json)
{
	JsonbIterator *iterator = JsonbIteratorInit(&json->root);
	JsonbIteratorToken token;
	JsonbValue	key;

	while ((token = JsonbIteratorNext(&iterator, &key, true)) != WJB_DONE)
	{
		if (token != WJB_KEY ||
			word_equals("framework", key.val.string.val, key.val.string.len) ||
			word_equals("levels", key.val.string.val, key.val.string.len))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown key \"%s\" in the json of a competence vector",
						pnstrdup(key.val.string.val, key.val.string.len)),
				 errhint(JSON_HINT)));
	}
}

static int
framework_from_json(Jsonb *json)
{
	JsonbValue *name = getKeyJsonValueFromContainer(&json->root, "framework",
													strlen("framework"), NULL);

	if (name == NULL || name->type != jbvString)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the json of a competence vector has no string \"framework\""),
				 errhint(JSON_HINT)));
	return framework_from_name(name->val.string.val, name->val.string.len);
}

static JsonbContainer *
levels_of_json(Jsonb *json)
{
	JsonbValue *levels = getKeyJsonValueFromContainer(&json->root, "levels",
													  strlen("levels"), NULL);

	if (levels == NULL || levels->type != jbvBinary ||
		!JsonContainerIsObject(levels->val.binary.data))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the json of a competence vector has no object \"levels\""),
				 errhint(JSON_HINT)));
	return levels->val.binary.data;
}

/* Through the decimal text of the numeric, so that nothing is rounded. */
static int
points_from_json(const JsonbValue *level, const char *code)
{
	const char *text;
	int			points;

	if (level->type != jbvNumeric)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the level of competence %s is not a json number", code),
				 errhint(JSON_HINT)));
	text = DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(level->val.numeric)));
	if (!competence_parse_level(text, strlen(text), &points))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid level of competence %s: \"%s\"", code, text),
				 errhint(COMPETENCE_LEVEL_HINT)));
	return points;
}

PG_FUNCTION_INFO_V1(competence_vector_from_jsonb);
Datum
competence_vector_from_jsonb(PG_FUNCTION_ARGS)
{
	Jsonb	   *json = PG_GETARG_JSONB_P(0);
	CompetenceVector *vector;
	JsonbIterator *iterator;
	JsonbIteratorToken token;
	JsonbValue	value;
	int			slot = -1;

	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the json of a competence vector is not an object"),
				 errhint(JSON_HINT)));
	check_json_keys(json);
	vector = new_vector(framework_from_json(json));

	iterator = JsonbIteratorInit(levels_of_json(json));
	while ((token = JsonbIteratorNext(&iterator, &value, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			slot = slot_from_code(vector->framework, value.val.string.val, value.val.string.len);
		else if (token == WJB_VALUE)
			vector->points[slot] = points_from_json(&value, competence_code(vector->framework, slot));
	}
	PG_RETURN_COMPETENCE_VECTOR_P(vector);
}
