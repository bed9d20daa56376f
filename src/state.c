/*
 * state.c
 *		States of aggregates: input and output, addition, results.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/eb_beta.h"
#include "core/eb_normal.h"
#include "core/gain.h"
#include "core/inequality.h"
#include "core/perturbation.h"
#include "core/proportion.h"
#include "core/ratio.h"
#include "core/smr.h"
#include "core/state_text.h"
#include "core/waiting.h"
#include "core/xprod.h"
#include "state.h"

/* Room of a new map: most groups are small. */
#define FIRST_ROWS 16

static const StateKind *const kinds_by_code[] = {
	[STATE_GAIN] = &gain_kind,
	[STATE_GAIN_FLOAT] = &gain_float_kind,
	[STATE_PROPORTION] = &proportion_kind,
	[STATE_WAITING] = &waiting_kind,
	[STATE_XPROD] = &xprod_kind,
	[STATE_DIST] = &dist_kind,
	[STATE_RATIO] = &ratio_kind,
	[STATE_RATIO_FLOAT] = &ratio_float_kind,
	[STATE_CONC] = &conc_kind,
	[STATE_EBN] = &ebn_kind,
	[STATE_EBB] = &ebb_kind,
	[STATE_SMR] = &smr_kind,
	[STATE_CKM] = &keyed_count_kind,
};

/*
 * Host and errors
 */

static void
host_interrupt(void *opaque)
{
	CHECK_FOR_INTERRUPTS();
}

const Host	state_host = {.interrupt = host_interrupt};

void
refuse_measure(const Problem *problem)
{
	report_problem(ERRCODE_INCLUSION_BAD_MEASURE, problem);
}

void
refuse_sum(const Problem *problem)
{
	report_problem(ERRCODE_INCLUSION_BAD_SUM, problem);
}

void
refuse_overflow(const StateKind *kind)
{
	ereport(ERROR,
			(errcode(ERRCODE_INCLUSION_BAD_SUM),
			 errmsg("the sums of aggregate \"%s\" have become too large", kind->name),
			 errhint("Measure in a larger unit, or look for values that are none.")));
}

double
level_argument(FunctionCallInfo fcinfo, int n)
{
	double		level = PG_GETARG_FLOAT8(n);
	Problem		problem;

	if (!measure_level(level, &problem))
		refuse_measure(&problem);
	return level;
}

const double *
numbers_argument(FunctionCallInfo fcinfo, int n, const char *what, int *count)
{
	ArrayType  *array = PG_GETARG_ARRAYTYPE_P(n);
	const double *numbers = (const double *) ARR_DATA_PTR(array);
	Problem		problem;

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
				 ARR_NDIM(array) > 1 ?
				 errmsg("the array of %s has %d dimensions", what, ARR_NDIM(array)) :
				 errmsg("the array of %s contains a null element", what),
				 errhint("Give a one-dimensional array of numbers.")));
	*count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	for (int i = 0; i < *count; i++)
	{
		if (!measure_finite(numbers[i], "an element of the array", &problem))
			refuse_measure(&problem);
	}
	return numbers;
}

int
word_argument(FunctionCallInfo fcinfo, int n, const char *const *words, int count, const char *what)
{
	char	   *word = text_to_cstring(PG_GETARG_TEXT_PP(n));
	StringInfoData known;

	for (int i = 0; i < count; i++)
	{
		if (strcmp(words[i], word) == 0)
			return i;
	}
	initStringInfo(&known);
	for (int i = 0; i < count; i++)
		appendStringInfo(&known, "%s%s", i > 0 ? ", " : "", words[i]);
	ereport(ERROR,
			(errcode(ERRCODE_INCLUSION_BAD_MEASURE),
			 errmsg("unknown %s \"%s\"", what, word),
			 errhint("Known are: %s.", known.data)));
}

/*
 * Values
 */

StateHead *
state_make(const StateKind *kind, uint32 rows)
{
	Size		size = state_size(kind, rows);
	StateHead  *state = palloc(size);

	SET_VARSIZE(state, size);
	state_clear(state, kind);
	return state;
}

/* The kind of a state that comes from outside this call. */
static const StateKind *
kind_of(const StateHead *state)
{
	Size		size = VARSIZE(state);

	if (size >= sizeof(StateHead) && state->code < lengthof(kinds_by_code))
	{
		const StateKind *kind = kinds_by_code[state->code];

		if (kind != NULL && state_matches(state, size, kind))
			return kind;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INCLUSION_UNREADABLE_STATE),
			 errmsg("invalid stored state of %zu bytes", size),
			 size < sizeof(StateHead) ? 0 :
			 errdetail("It is of version %d and aggregate number %d.", state->version, state->code),
			 errhint("It was damaged, or written by a later version of inclusion.")));
}

const StateHead *
state_from_datum(Datum datum, const StateType *type)
{
	const StateHead *state = (const StateHead *) PG_DETOAST_DATUM(datum);
	const StateKind *kind = kind_of(state);

	for (int i = 0; i < type->count; i++)
	{
		if (type->kinds[i] == kind)
			return state;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INCLUSION_UNREADABLE_STATE),
			 errmsg("a state of aggregate \"%s\" is stored as type %s", kind->name, type->name)));
}

static StateHead *
state_copy(const StateHead *state, Size size)
{
	StateHead  *copy = palloc(size);

	memcpy(copy, state, Min(size, VARSIZE(state)));
	SET_VARSIZE(copy, size);
	return copy;
}

/*
 * Argument 0, to be changed: in place when an aggregate owns it.  The first
 * input of a strict aggregate becomes its state as it was stored, perhaps
 * packed.
 */
static StateHead *
writable_argument(FunctionCallInfo fcinfo)
{
	struct varlena *value = (struct varlena *) DatumGetPointer(PG_GETARG_DATUM(0));
	StateHead  *state;

	if (VARATT_IS_4B_U(value) && AggCheckCallContext(fcinfo, NULL))
		return (StateHead *) value;
	state = (StateHead *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	return (struct varlena *) state == value ? state_copy(state, VARSIZE(state)) : state;
}

StateHead *
state_first_transition(FunctionCallInfo fcinfo, const StateKind *kind)
{
	StateHead  *state;
	bool		own;

	if (PG_ARGISNULL(0))
		return state_make(kind, kind->nkeys > 0 ? FIRST_ROWS : 0);
	state = writable_argument(fcinfo);
	own = (Pointer) state == DatumGetPointer(PG_GETARG_DATUM(0));
	/* what the aggregate made itself is whole: looked at row after row, it is its kind that could differ */
	if (state->code != kind->code || (!own && !state_matches(state, VARSIZE(state), kind)))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_UNREADABLE_STATE),
				 errmsg("aggregate \"%s\" goes on from a state of another", kind->name)));
	return state;
}

/* The state, or a larger copy, with room for these rows behind its own. */
static StateHead *
state_with_room(StateHead *state, const StateKind *kind, uint32 rows)
{
	uint32		capacity = state_capacity(kind, VARSIZE(state));
	Problem		problem;

	if (capacity - state->used >= rows)
		return state;
	if (!state_sort(state, kind, &problem))
		refuse_sum(&problem);
	/* waiting rows would soon fill what is nearly full */
	if (capacity - state->used >= Max(rows, capacity / 4))
		return state;
	if (state->used > STATE_ROWS_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_SUM),
				 errmsg("aggregate \"%s\" meets more than %d distinct values", kind->name, STATE_ROWS_MAX),
				 errhint("Round the values, or aggregate smaller groups.")));
	return state_copy(state, state_size(kind, state->used + state->used / 2 + rows + FIRST_ROWS));
}

Datum
state_accumulate(FunctionCallInfo fcinfo, const StateKind *kind, const StateCell *row)
{
	StateHead  *state = state_with_room(state_transition(fcinfo, kind), kind, 1);
	Problem		problem;

	if (!state_add_row(state, kind, row, &problem))
		refuse_sum(&problem);
	return PointerGetDatum(state);
}

/* Settle in place, and give up the room behind. */
static Datum
settled(StateHead *state, const StateKind *kind)
{
	Problem		problem;

	if (!state_settle(state, kind, &problem))
		refuse_sum(&problem);
	SET_VARSIZE(state, state_size(kind, state->used));
	return PointerGetDatum(state);
}

/*
 * Aggregates
 */

/* A copy: a moving window goes on from the state itself. */
Datum
state_settled(Datum datum)
{
	const StateHead *state = (const StateHead *) PG_DETOAST_DATUM(datum);
	const StateKind *kind = kind_of(state);

	return settled(state_copy(state, state_size(kind, state->used)), kind);
}

PG_FUNCTION_INFO_V1(state_final);
Datum
state_final(PG_FUNCTION_ARGS)
{
	return state_settled(PG_GETARG_DATUM(0));
}

/* Adds two states: combines parts of an aggregate, merges, and is operator +. */
PG_FUNCTION_INFO_V1(state_combine);
Datum
state_combine(PG_FUNCTION_ARGS)
{
	StateHead  *into = writable_argument(fcinfo);
	const StateHead *from = (const StateHead *) PG_DETOAST_DATUM(PG_GETARG_DATUM(1));
	const StateKind *kind = kind_of(into);
	const StateKind *other = kind_of(from);
	Problem		problem;

	if (kind != other)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_SUM),
				 errmsg("states of aggregates \"%s\" and \"%s\" do not add up", kind->name, other->name),
				 errhint("Measure both in integers, or both in floating point.")));
	if (kind->nkeys > 0)
		into = state_with_room(into, kind, from->used);
	if (!state_merge(into, from, kind, &problem))
		refuse_sum(&problem);
	if (AggCheckCallContext(fcinfo, NULL))
		return PointerGetDatum(into);
	return settled(into, kind);
}

/*
 * Adds a state, or takes it away.  What comes and what goes come in any order:
 * a sum under way may hold less than nothing, and stays within the aggregate.
 */
PG_FUNCTION_INFO_V1(state_balance_accum);
Datum
state_balance_accum(PG_FUNCTION_ARGS)
{
	const StateHead *from;
	const StateKind *kind;
	StateHead  *into;
	Problem		problem;

	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "function is a step of aggregate \"balance\", not to be called apart");
	STATE_SKIP_IF_NULL(1, 2);
	from = (const StateHead *) PG_DETOAST_DATUM(PG_GETARG_DATUM(1));
	kind = kind_of(from);
	if (!state_exact(kind))
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_SUM),
				 errmsg("a state of aggregate \"%s\" cannot be taken from another", kind->name),
				 errdetail("Sums in floating point round, and do not come back."),
				 errhint("Measure in integers.")));
	into = state_transition(fcinfo, kind);
	if (!PG_GETARG_BOOL(2))
	{
		StateHead  *taken = state_copy(from, VARSIZE(from));

		if (!state_negate(taken, kind, &problem))
			refuse_sum(&problem);
		from = taken;
	}
	if (kind->nkeys > 0)
		into = state_with_room(into, kind, from->used);
	if (!state_merge(into, from, kind, &problem))
		refuse_sum(&problem);
	return PointerGetDatum(into);
}

/* What is left; NULL when nothing is, as of no rows. */
PG_FUNCTION_INFO_V1(state_balance_final);
Datum
state_balance_final(PG_FUNCTION_ARGS)
{
	const StateHead *sum = (const StateHead *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	const StateKind *kind = kind_of(sum);
	StateHead  *left = state_copy(sum, state_size(kind, sum->used));
	bool		nothing;
	Problem		problem;

	if (!state_balance(left, kind, &nothing, &problem))
		refuse_sum(&problem);
	if (nothing)
		PG_RETURN_NULL();
	return settled(left, kind);
}

/*
 * Input and output
 */

/* What to do about a state that cannot be read, where the core does not say. */
static void
advise_reader(Problem *problem)
{
	if (problem->hint[0] == '\0')
		problem_hint(problem, "A state is read whole, as its aggregate wrote it: compute it again from the facts.");
}

Datum
state_read_text(FunctionCallInfo fcinfo, const StateType *type)
{
	char	   *text = pstrdup(PG_GETARG_CSTRING(0));
	const StateKind *kind = state_text_kind(text, type->kinds, type->count);
	uint32		rows = 0;
	StateHead  *state;
	Problem		problem;

	if (kind == NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INCLUSION_UNREADABLE_STATE),
				 errmsg("invalid input for type %s: \"%s\"", type->name, pnstrdup(text, pg_mbcliplen(text, strlen(text), 60))),
				 errhint("Its text begins as %s{.", type->kinds[0]->name)));
	if (kind->ncolumns > 0)
		rows = state_text_rows(text);
	if (rows > STATE_ROWS_MAX)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INCLUSION_UNREADABLE_STATE),
				 errmsg("invalid input for type %s: more than %d rows", type->name, STATE_ROWS_MAX),
				 errhint("Round the values, or aggregate smaller groups.")));
	state = state_make(kind, rows);
	if (!state_parse(text, state, kind, &problem))
	{
		advise_reader(&problem);
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INCLUSION_UNREADABLE_STATE),
				 errmsg("invalid input for type %s: %s", type->name, problem.message),
				 errhint("%s", problem.hint)));
	}
	SET_VARSIZE(state, state_size(kind, state->used));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(state_out);
Datum
state_out(PG_FUNCTION_ARGS)
{
	const StateHead *state = (const StateHead *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	const StateKind *kind = kind_of(state);
	char	   *text = palloc(state_text_size(state, kind));

	state_print(state, kind, text);
	PG_RETURN_CSTRING(text);
}

Datum
state_read_bytes(FunctionCallInfo fcinfo, const StateType *type)
{
	StringInfo	message = (StringInfo) PG_GETARG_POINTER(0);
	int			length = message->len - message->cursor;
	const uint8 *wire = (const uint8 *) pq_getmsgbytes(message, length);
	uint32		rows = 0;
	Problem		problem;
	const StateKind *kind = state_wire_kind(wire, length, type->kinds, type->count, &rows, &problem);
	StateHead  *state;

	state = kind == NULL ? NULL : state_make(kind, rows);
	if (state == NULL || !state_unpack(wire, rows, state, kind, &problem))
	{
		advise_reader(&problem);
		report_problem(ERRCODE_INCLUSION_UNREADABLE_STATE, &problem);
	}
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(state_send);
Datum
state_send(PG_FUNCTION_ARGS)
{
	const StateHead *state = (const StateHead *) PG_DETOAST_DATUM(PG_GETARG_DATUM(0));
	const StateKind *kind = kind_of(state);
	Size		size = state_wire_size(state, kind);
	uint8	   *wire = palloc(size);
	StringInfoData message;

	state_pack(state, kind, wire);
	pq_begintypsend(&message);
	pq_sendbytes(&message, (char *) wire, size);
	PG_RETURN_BYTEA_P(pq_endtypsend(&message));
}

/*
 * Results
 */

void
put_number(ResultRow *row, double value)
{
	row->nulls[row->count] = !isfinite(value);
	row->values[row->count++] = Float8GetDatum(value);
}

void
put_count(ResultRow *row, int64 value)
{
	row->nulls[row->count] = false;
	row->values[row->count++] = Int64GetDatum(value);
}

void
put_word(ResultRow *row, const char *value)
{
	row->nulls[row->count] = false;
	row->values[row->count++] = CStringGetTextDatum(value);
}

void
put_interval(ResultRow *row, Limits interval)
{
	put_number(row, interval.low);
	put_number(row, interval.high);
}

Datum
result_row(FunctionCallInfo fcinfo, ResultRow *row)
{
	TupleDesc	columns;

	if (get_call_result_type(fcinfo, NULL, &columns) != TYPEFUNC_COMPOSITE || columns->natts != row->count)
		elog(ERROR, "function does not return a row of %d columns", row->count);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), row->values, row->nulls));
}
