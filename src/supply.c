/*
 * supply.c
 *		Type supply: input and output, constructor, the few facts read back.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/date.h"
#include "utils/rangetypes.h"

#include "competence_vector.h"
#include "core/day.h"
#include "core/literal.h"
#include "face.h"
#include "supply.h"

/*
 * Input and output
 */

PG_FUNCTION_INFO_V1(supply_in);
Datum
supply_in(PG_FUNCTION_ARGS)
{
	char	   *text = pstrdup(PG_GETARG_CSTRING(0));
	Supply		supply;
	Problem		problem;

	if (!supply_parse(text, &supply, &problem))
		return refuse_literal(fcinfo, &problem);
	PG_RETURN_SUPPLY(&supply);
}

/*
 * Checked here as a competence_vector is: an image that was damaged, or written
 * by a later version, must stop a dump rather than spoil it.
 */
PG_FUNCTION_INFO_V1(supply_out);
Datum
supply_out(PG_FUNCTION_ARGS)
{
	char		text[LITERAL_TEXT_MAX];
	Supply		supply;
	Problem		problem;

	supply_read(PG_GETARG_DATUM(0), &supply);
	if (!supply_valid(&supply, &problem))
		report_damage("supply", &problem);
	supply_print(&supply, text);
	PG_RETURN_CSTRING(pstrdup(text));
}

PG_FUNCTION_INFO_V1(supply_recv);
Datum
supply_recv(PG_FUNCTION_ARGS)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length = message->len - message->cursor;
	uint8		wire[SUPPLY_WIRE_SIZE];
	Supply		supply;
	Problem		problem;

	if (length != SUPPLY_WIRE_SIZE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("supply of %d bytes, expected %d", length, SUPPLY_WIRE_SIZE)));
	pq_copymsgbytes(message, (char *) wire, SUPPLY_WIRE_SIZE);
	if (!supply_unpack(wire, &supply, &problem))
		report_problem(ERRCODE_INVALID_BINARY_REPRESENTATION, &problem);
	PG_RETURN_SUPPLY(&supply);
}

PG_FUNCTION_INFO_V1(supply_send);
Datum
supply_send(PG_FUNCTION_ARGS)
{
	StringInfoData message;
	uint8		wire[SUPPLY_WIRE_SIZE];
	Supply		supply;

	supply_read(PG_GETARG_DATUM(0), &supply);
	supply_pack(&supply, wire);
	pq_begintypsend(&message);
	pq_sendbytes(&message, (char *) wire, SUPPLY_WIRE_SIZE);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*
 * Construction
 */

/* The first four may be NULL: what that means is a rule of the core. */
static void
refuse_nulls(FunctionCallInfo fcinfo)
{
	for (int i = SUPPLY_ARG_REMOTE; i < SUPPLY_ARG_COUNT; i++)
	{
		if (PG_ARGISNULL(i))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("argument \"%s\" of supply must not be null", supply_arguments[i]),
					 errhint("Leave it out to take its default.")));
	}
}

static uint32
codes_argument(FunctionCallInfo fcinfo, SupplyArgument argument, Vocabulary vocabulary)
{
	return codes_to_mask(PG_GETARG_ARRAYTYPE_P(argument), vocabulary, supply_arguments[argument]);
}

/* An infinite date bounds nothing, and no day lies beyond it. */
static void
read_period(FunctionCallInfo fcinfo, SupplyInput *input)
{
	RangeType  *range = PG_GETARG_RANGE_P(SUPPLY_ARG_VALID);
	TypeCacheEntry *type = range_get_typcache(fcinfo, RangeTypeGetOid(range));
	RangeBound	lower;
	RangeBound	upper;
	bool		empty;

	StaticAssertStmt(DATEVAL_NOBEGIN == DAY_BEFORE_ALL && DATEVAL_NOEND == DAY_AFTER_ALL,
					 "infinite dates are not what the core calls unbounded");
	range_deserialize(type, range, &lower, &upper, &empty);
	input->valid_from = lower.infinite ? DAY_BEFORE_ALL : DatumGetDateADT(lower.val);
	input->valid_until = upper.infinite ? DAY_AFTER_ALL : DatumGetDateADT(upper.val);
	if (empty || input->valid_from == DAY_AFTER_ALL || input->valid_until == DAY_BEFORE_ALL)
		input->valid_from = input->valid_until = 0;
}

PG_FUNCTION_INFO_V1(supply_make);
Datum
supply_make(PG_FUNCTION_ARGS)
{
	double		longitude = PG_ARGISNULL(SUPPLY_ARG_LONGITUDE) ? 0 :
		PG_GETARG_FLOAT8(SUPPLY_ARG_LONGITUDE);
	double		latitude = PG_ARGISNULL(SUPPLY_ARG_LATITUDE) ? 0 :
		PG_GETARG_FLOAT8(SUPPLY_ARG_LATITUDE);
	SupplyInput input;
	Supply		supply;
	Problem		problem;

	refuse_nulls(fcinfo);
	input.requires = PG_ARGISNULL(SUPPLY_ARG_REQUIRES) ? NULL :
		PG_GETARG_COMPETENCE_VECTOR_P(SUPPLY_ARG_REQUIRES);
	input.teaches = PG_ARGISNULL(SUPPLY_ARG_TEACHES) ? NULL :
		PG_GETARG_COMPETENCE_VECTOR_P(SUPPLY_ARG_TEACHES);
	input.longitude = PG_ARGISNULL(SUPPLY_ARG_LONGITUDE) ? NULL : &longitude;
	input.latitude = PG_ARGISNULL(SUPPLY_ARG_LATITUDE) ? NULL : &latitude;
	input.remote = PG_GETARG_BOOL(SUPPLY_ARG_REMOTE);
	input.families = codes_argument(fcinfo, SUPPLY_ARG_FAMILIES, VOCABULARY_FAMILY);
	input.modes = codes_argument(fcinfo, SUPPLY_ARG_MODES, VOCABULARY_MODE);
	input.audiences = codes_argument(fcinfo, SUPPLY_ARG_AUDIENCES, VOCABULARY_AUDIENCE);
	input.only_for = codes_argument(fcinfo, SUPPLY_ARG_ONLY_FOR, VOCABULARY_AUDIENCE);
	input.accommodations = codes_argument(fcinfo, SUPPLY_ARG_ACCOMMODATIONS, VOCABULARY_ACCOMMODATION);
	input.languages = codes_argument(fcinfo, SUPPLY_ARG_LANGUAGES, VOCABULARY_LANGUAGE);
	input.slots = codes_argument(fcinfo, SUPPLY_ARG_SLOTS, VOCABULARY_SLOT);
	input.travels_within = PG_GETARG_FLOAT8(SUPPLY_ARG_TRAVELS_WITHIN);
	input.quality = PG_GETARG_FLOAT8(SUPPLY_ARG_QUALITY);
	input.price = PG_GETARG_FLOAT8(SUPPLY_ARG_PRICE);
	read_period(fcinfo, &input);
	input.open = PG_GETARG_BOOL(SUPPLY_ARG_OPEN);

	switch (supply_build(&input, &supply, &problem))
	{
		case SUPPLY_REFUSED:
			report_problem(ERRCODE_INVALID_PARAMETER_VALUE, &problem);
			break;
		case SUPPLY_DRAFT:
			PG_RETURN_NULL();
		case SUPPLY_BUILT:
			break;
	}
	PG_RETURN_SUPPLY(&supply);
}

/*
 * Facts read back
 */

PG_FUNCTION_INFO_V1(supply_set_open);
Datum
supply_set_open(PG_FUNCTION_ARGS)
{
	Supply		supply;

	supply_read(PG_GETARG_DATUM(0), &supply);
	if (PG_GETARG_BOOL(1))
		supply.flags |= SUPPLY_OPEN;
	else
		supply.flags &= ~SUPPLY_OPEN;
	PG_RETURN_SUPPLY(&supply);
}

PG_FUNCTION_INFO_V1(supply_get_requires);
Datum
supply_get_requires(PG_FUNCTION_ARGS)
{
	CompetenceVector *requires = palloc(sizeof(CompetenceVector));
	CompetenceVector teaches;
	Supply		supply;

	supply_read(PG_GETARG_DATUM(0), &supply);
	if (supply.framework == 0)
		PG_RETURN_NULL();
	supply_vectors(&supply, requires, &teaches);
	PG_RETURN_COMPETENCE_VECTOR_P(requires);
}

PG_FUNCTION_INFO_V1(supply_get_teaches);
Datum
supply_get_teaches(PG_FUNCTION_ARGS)
{
	CompetenceVector *teaches = palloc(sizeof(CompetenceVector));
	CompetenceVector requires;
	Supply		supply;

	supply_read(PG_GETARG_DATUM(0), &supply);
	if (supply.framework == 0)
		PG_RETURN_NULL();
	supply_vectors(&supply, &requires, teaches);
	PG_RETURN_COMPETENCE_VECTOR_P(teaches);
}

PG_FUNCTION_INFO_V1(supply_is_remote);
Datum
supply_is_remote(PG_FUNCTION_ARGS)
{
	Supply		supply;

	supply_read(PG_GETARG_DATUM(0), &supply);
	PG_RETURN_BOOL((supply.flags & SUPPLY_REMOTE) != 0);
}
