/*
 * cppcheck.h
 *		What cppcheck must know of PostgreSQL's macros.
 *
 * cppcheck reads our sources without PostgreSQL's headers.  It gives up a file
 * at a macro it cannot parse, and takes ereport(ERROR, …) for a call that
 * returns: these stand-ins have the same shape and the same control flow.
 */
#define PG_VERSION_NUM 150000
#define FLEXIBLE_ARRAY_MEMBER
#define PGDLLEXPORT
#define PGDLLIMPORT
#define PG_MODULE_MAGIC extern int module_magic
#define PG_FUNCTION_ARGS void *fcinfo
#define PG_FUNCTION_INFO_V1(f) extern Datum f(PG_FUNCTION_ARGS)
#define StaticAssertDecl(condition, message) extern void static_assertion(void)
#define StaticAssertStmt(condition, message)
#define Assert(condition)
#define pg_attribute_noreturn() __attribute__((noreturn))
#define pg_noreturn __attribute__((noreturn))
#define pg_unreachable() abort()

#define DEBUG1 14
#define NOTICE 18
#define WARNING 19
#define ERROR 21
#define FATAL 22
#define ereport(level, ...) do { (void) (__VA_ARGS__); if ((level) >= ERROR) abort(); } while (0)
#define elog(level, ...) do { report(__VA_ARGS__); if ((level) >= ERROR) abort(); } while (0)
#define ereturn(context, value, ...) do { (void) (__VA_ARGS__); return value; } while (0)

#define PG_RETURN_NULL() return make_null(fcinfo)
#define PG_RETURN_VOID() return (Datum) 0
#define PG_RETURN_DATUM(x) return (x)
#define PG_RETURN_BOOL(x) return (Datum) (x)
#define PG_RETURN_INT32(x) return (Datum) (x)
#define PG_RETURN_INT64(x) return (Datum) (x)
#define PG_RETURN_UINT64(x) return (Datum) (x)
#define PG_RETURN_FLOAT8(x) return make_float8(x)
#define PG_RETURN_POINTER(x) return (Datum) (x)
#define PG_RETURN_TEXT_P(x) return (Datum) (x)
#define PG_RETURN_BYTEA_P(x) return (Datum) (x)
#define PG_RETURN_CSTRING(x) return (Datum) (x)
#define PG_RETURN_ARRAYTYPE_P(x) return (Datum) (x)
#define SRF_RETURN_NEXT(context, result) return (result)
#define SRF_RETURN_DONE(context) return make_null(fcinfo)

#define foreach(cell, list) for (cell = list_head(list); cell != NULL; cell = lnext(list, cell))
#define PG_TRY() if (begin_try()) {
#define PG_CATCH() } else {
#define PG_FINALLY() } {
#define PG_END_TRY() }
