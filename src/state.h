/*
 * state.h
 *		States of aggregates, as the server passes them: variable-length values
 *		whose content is a state of the core, length word included.
 *
 * A transition function works on its state in place when an aggregate calls
 * it, and on a copy otherwise; what leaves an aggregate is settled.
 */
#ifndef INCLUSION_STATE_H
#define INCLUSION_STATE_H

#include "fmgr.h"
#include "nodes/nodes.h"

#include "core/host.h"
#include "core/measure.h"
#include "core/state.h"
#include "errors.h"
#include "face.h"

/* A SQL type, and the kinds of state it holds: over integers, over doubles. */
typedef struct StateType
{
	const char *name;
	int			count;
	const StateKind *const *kinds;
} StateType;

/* Polls for interruptions; the estimators ask for nothing else. */
extern const Host state_host;

/* What the input functions of each type do. */
extern Datum state_read_text(FunctionCallInfo fcinfo, const StateType *type);
extern Datum state_read_bytes(FunctionCallInfo fcinfo, const StateType *type);

/* The state of this argument, to be read; and an element of an array. */
extern const StateHead *state_from_datum(Datum datum, const StateType *type);
#define STATE_ARGUMENT(n, type) state_from_datum(PG_GETARG_DATUM(n), type)

/* The state that a transition function is to change: argument 0, or a new one. */
extern StateHead *state_first_transition(FunctionCallInfo fcinfo, const StateKind *kind);

/* Row after row it is the aggregate's own, which is seen without a call. */
static inline StateHead *
state_transition(FunctionCallInfo fcinfo, const StateKind *kind)
{
	StateHead  *state = (StateHead *) DatumGetPointer(PG_GETARG_DATUM(0));

	if (!PG_ARGISNULL(0) && fcinfo->context && IsA(fcinfo->context, AggState) &&
		VARATT_IS_4B_U(state) && state->code == kind->code)
		return state;
	return state_first_transition(fcinfo, kind);
}

/* A row where one of two arguments is missing leaves the state as it is. */
#define STATE_SKIP_IF_NULL(a, b) \
	do { \
		if (!PG_ARGISNULL(a) && !PG_ARGISNULL(b)) \
			break; \
		if (PG_ARGISNULL(0)) \
			PG_RETURN_NULL(); \
		PG_RETURN_DATUM(PG_GETARG_DATUM(0)); \
	} while (0)

/* A new state with room for these rows. */
extern StateHead *state_make(const StateKind *kind, uint32 rows);

/* One row more: the whole of a transition function over rows. */
extern Datum state_accumulate(FunctionCallInfo fcinfo, const StateKind *kind, const StateCell *row);

/* What leaves an aggregate: a copy, sorted, without room behind it. */
extern Datum state_settled(Datum datum);

/* Raise what is wrong with a measure, or with sums. */
pg_noreturn extern void refuse_measure(const Problem *problem);
pg_noreturn extern void refuse_sum(const Problem *problem);
/* Sums of integers have overflowed. */
pg_noreturn extern void refuse_overflow(const StateKind *kind);

/* A confidence level among the arguments. */
extern double level_argument(FunctionCallInfo fcinfo, int n);

/* The numbers of an array, which has one dimension and no NULL. */
extern const double *numbers_argument(FunctionCallInfo fcinfo, int n, const char *what, int *count);

/* Which of these words does a text argument say? */
extern int	word_argument(FunctionCallInfo fcinfo, int n, const char *const *words, int count,
						  const char *what);

/*
 * Results: estimates that do not exist are NULL.
 */

typedef struct ResultRow
{
	Datum		values[STATE_CELLS_MAX];
	bool		nulls[STATE_CELLS_MAX];
	int			count;
} ResultRow;

extern void put_number(ResultRow *row, double value);
extern void put_count(ResultRow *row, int64 value);
extern void put_word(ResultRow *row, const char *value);
extern void put_interval(ResultRow *row, Limits interval);
extern Datum result_row(FunctionCallInfo fcinfo, ResultRow *row);

#define RETURN_NUMBER(value) \
	do { \
		double		number_ = (value); \
		if (!isfinite(number_)) \
			PG_RETURN_NULL(); \
		PG_RETURN_FLOAT8(number_); \
	} while (0)

#endif							/* INCLUSION_STATE_H */
