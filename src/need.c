/*
 * need.c
 *		Type need: input and output, constructor.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "libpq/pqformat.h"
#include "utils/date.h"

#include "competence_vector.h"
#include "core/literal.h"
#include "face.h"
#include "need.h"

/*
 * Input and output
 */

PG_FUNCTION_INFO_V1(need_in);
Datum
need_in(PG_FUNCTION_ARGS)
{
	char	   *text = pstrdup(PG_GETARG_CSTRING(0));
	Need		need;
	Problem		problem;

	if (!need_parse(text, &need, &problem))
		return refuse_literal(fcinfo, &problem);
	PG_RETURN_NEED(&need);
}

/*
 * Checked here as a competence_vector is: an image that was damaged, or written
 * by a later version, must stop a dump rather than spoil it.
 */
PG_FUNCTION_INFO_V1(need_out);
Datum
need_out(PG_FUNCTION_ARGS)
{
	char		text[LITERAL_TEXT_MAX];
	Need		need;
	Problem		problem;

	need_read(PG_GETARG_DATUM(0), &need);
	if (!need_valid(&need, &problem))
		report_damage("need", &problem);
	need_print(&need, text);
	PG_RETURN_CSTRING(pstrdup(text));
}

PG_FUNCTION_INFO_V1(need_recv);
Datum
need_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length = message->len - message->cursor;
	uint8		wire[NEED_WIRE_SIZE];
	Need		need;
	Problem		problem;

	if (length != NEED_WIRE_SIZE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("need of %d bytes, expected %d", length, NEED_WIRE_SIZE)));
	pq_copymsgbytes(message, (char *) wire, NEED_WIRE_SIZE);
	if (!need_unpack(wire, &need, &problem))
		report_problem(ERRCODE_INVALID_BINARY_REPRESENTATION, &problem);
	PG_RETURN_NEED(&need);
}

PG_FUNCTION_INFO_V1(need_send);
Datum
need_send(PG_FUNCTION_ARGS)
{
	StringInfoData message;
	uint8		wire[NEED_WIRE_SIZE];
	Need		need;

	need_read(PG_GETARG_DATUM(0), &need);
	need_pack(&need, wire);
	pq_begintypsend(&message);
	pq_sendbytes(&message, (char *) wire, NEED_WIRE_SIZE);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*
 * Construction
 */

/* What a NULL means in these is a rule of the core. */
static bool
may_be_null(NeedArgument argument)
{
	return argument <= NEED_ARG_MAX_DISTANCE || argument == NEED_ARG_WEIGHTS;
}

static void
refuse_nulls(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < NEED_ARG_COUNT; i++)
	{
		if (PG_ARGISNULL(i) && !may_be_null(i))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"%s\" of need must not be null", need_arguments[i]),
					 i == NEED_ARG_DAY ? errhint("Give the day of the search, such as the current date.") :
					 errhint("Leave it out to take its default.")));
	}
}

static uint32
codes_argument(FunctionCallInfo fcinfo, NeedArgument argument, Vocabulary vocabulary)
{
	return codes_to_mask(PG_GETARG_ARRAYTYPE_P(argument), vocabulary, need_arguments[argument]);
}

/* Keep as many weights as there may be competences; the core checks the count. */
static void
read_weights(FunctionCallInfo fcinfo, int32 *weights, NeedInput *input)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(NEED_ARG_WEIGHTS);
	Datum	   *elements;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"weights\" has %d dimensions", ARR_NDIM(array)),
				 errhint("Give a one-dimensional array of weights.")));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"weights\" contains a null element"),
				 errhint("Give a weight between 0 and %d to each competence.", NEED_WEIGHT_MAX)));
	deconstruct_array(array, INT4OID, sizeof(int32), true, TYPALIGN_INT,
					  &elements, NULL, &input->weight_count);
	for (int i = 0; i < Min(input->weight_count, COMPETENCE_SLOTS); i++)
		weights[i] = DatumGetInt32(elements[i]);
	input->weights = weights;
}

PG_FUNCTION_INFO_V1(need_make);
Datum
need_make(PG_FUNCTION_ARGS)
{
	double		longitude = PG_ARGISNULL(NEED_ARG_LONGITUDE) ? 0 :
		PG_GETARG_FLOAT8(NEED_ARG_LONGITUDE);
	double		latitude = PG_ARGISNULL(NEED_ARG_LATITUDE) ? 0 :
		PG_GETARG_FLOAT8(NEED_ARG_LATITUDE);
	double		max_distance = PG_ARGISNULL(NEED_ARG_MAX_DISTANCE) ? 0 :
		PG_GETARG_FLOAT8(NEED_ARG_MAX_DISTANCE);
	int32		weights[COMPETENCE_SLOTS];
	NeedInput	input = {0};
	Need		need;
	Problem		problem;

	refuse_nulls(fcinfo);
	input.current = PG_ARGISNULL(NEED_ARG_CURRENT) ? NULL :
		PG_GETARG_COMPETENCE_VECTOR_P(NEED_ARG_CURRENT);
	input.target = PG_ARGISNULL(NEED_ARG_TARGET) ? NULL :
		PG_GETARG_COMPETENCE_VECTOR_P(NEED_ARG_TARGET);
	input.longitude = PG_ARGISNULL(NEED_ARG_LONGITUDE) ? NULL : &longitude;
	input.latitude = PG_ARGISNULL(NEED_ARG_LATITUDE) ? NULL : &latitude;
	input.max_distance = PG_ARGISNULL(NEED_ARG_MAX_DISTANCE) ? NULL : &max_distance;
	input.day = PG_GETARG_DATEADT(NEED_ARG_DAY);
	input.family = code_to_bit(PG_GETARG_TEXT_PP(NEED_ARG_FAMILY), VOCABULARY_FAMILY, "family");
	if (!PG_ARGISNULL(NEED_ARG_WEIGHTS))
		read_weights(fcinfo, weights, &input);
	input.modes = codes_argument(fcinfo, NEED_ARG_MODES, VOCABULARY_MODE);
	input.audiences = codes_argument(fcinfo, NEED_ARG_AUDIENCES, VOCABULARY_AUDIENCE);
	input.accommodations = codes_argument(fcinfo, NEED_ARG_ACCOMMODATIONS, VOCABULARY_ACCOMMODATION);
	input.languages = codes_argument(fcinfo, NEED_ARG_LANGUAGES, VOCABULARY_LANGUAGE);
	input.slots = codes_argument(fcinfo, NEED_ARG_SLOTS, VOCABULARY_SLOT);
	input.accept_remote = PG_GETARG_BOOL(NEED_ARG_ACCEPT_REMOTE);
	input.accept_on_site = PG_GETARG_BOOL(NEED_ARG_ACCEPT_ON_SITE);
	input.w_coverage = PG_GETARG_FLOAT8(NEED_ARG_W_COVERAGE);
	input.w_audience = PG_GETARG_FLOAT8(NEED_ARG_W_AUDIENCE);
	input.w_quality = PG_GETARG_FLOAT8(NEED_ARG_W_QUALITY);
	input.w_distance = PG_GETARG_FLOAT8(NEED_ARG_W_DISTANCE);
	input.w_price = PG_GETARG_FLOAT8(NEED_ARG_W_PRICE);

	if (!need_build(&input, &need, &problem))
		report_problem(ERRCODE_INVALID_PARAMETER_VALUE, &problem);
	PG_RETURN_NEED(&need);
}
