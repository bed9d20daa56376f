/*
 * face.h
 *		What every file of the PostgreSQL face shares: turning the core's
 *		problems into errors, and arrays of codes into masks.
 *
 * Include it after postgres.h; it also smooths the differences between the
 * server versions that the code compiles on.
 */
#ifndef INCLUSION_FACE_H
#define INCLUSION_FACE_H

#include "fmgr.h"
#include "utils/array.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

#include "core/problem.h"
#include "core/vocabulary.h"

/* Version 18 replaced pg_attribute_noreturn() by this prefix. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn __attribute__((noreturn))
#endif

/* Version 16 brought errors that do not stop a caller who asks. */
#if PG_VERSION_NUM < 160000
#define ereturn(context, value, ...) ereport(ERROR, __VA_ARGS__)
#endif

/* Raise the problem, with its hint, under this SQLSTATE. */
pg_noreturn extern void report_problem(int sqlstate, const Problem *problem);

/*
 * End an input function with the problem of its literal, softly where version
 * 16 or later asks for it: return refuse_literal(fcinfo, &problem).
 */
extern Datum refuse_literal(FunctionCallInfo fcinfo, const Problem *problem);

/* Raise that a stored value is none that this version could have written. */
pg_noreturn extern void report_damage(const char *type, const Problem *problem);

/* The bit of a code; errors name the argument, and the code that is unknown. */
extern int	code_to_bit(text *code, Vocabulary vocabulary, const char *argument);

/*
 * The set of codes held by a text[], as a mask.  Errors name the argument, and
 * the code that is unknown; a repeated code counts once.
 */
extern uint32 codes_to_mask(ArrayType *array, Vocabulary vocabulary, const char *argument);

#endif							/* INCLUSION_FACE_H */
