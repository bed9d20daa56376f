/*
 * inclusion.c
 *		The library's entry: magic, settings, version.
 */
#include "postgres.h"

#include <limits.h>

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"

#include "inclusion.h"

#ifdef PG_MODULE_MAGIC_EXT
PG_MODULE_MAGIC_EXT(.name = "inclusion",.version = INCLUSION_VERSION);
#else
PG_MODULE_MAGIC;
#endif

/* PostgreSQL 15 does not declare it, and -Wmissing-prototypes is on */
PGDLLEXPORT void _PG_init(void);

int			inclusion_allocation_mem = 512 * 1024;
int			inclusion_match_mem = 1024 * 1024;

/* Read by the SQL of the night, as a setting. */
static int	night_lock_timeout = 600000;

void
_PG_init(void)
{
	DefineCustomIntVariable("inclusion.night_lock_timeout",
							"How long a night waits for another night of the same perimeter.",
							"Zero waits without limit.",
							&night_lock_timeout,
							600000, 0, INT_MAX,
							PGC_USERSET, GUC_UNIT_MS,
							NULL, NULL, NULL);
	DefineCustomIntVariable("inclusion.allocation_mem",
							"Memory that one allocation may use.",
							"An allocation that needs more is refused before it starts.",
							&inclusion_allocation_mem,
							512 * 1024, 1024, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	DefineCustomIntVariable("inclusion.match_mem",
							"Memory that one process may use to hold offers to match.",
							"Offers that need more are refused.",
							&inclusion_match_mem,
							1024 * 1024, 64, MAX_KILOBYTES,
							PGC_USERSET, GUC_UNIT_KB,
							NULL, NULL, NULL);
	MarkGUCPrefixReserved("inclusion");
}

/* The version compiled in, to be compared with the registry's */
PG_FUNCTION_INFO_V1(inclusion_version);
Datum
inclusion_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(INCLUSION_VERSION));
}
