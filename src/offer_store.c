/*
 * offer_store.c
 *		The offers of a query, loaded for the length of a statement.
 *
 * The server runs the query: privileges, snapshot and visibility are its own
 * affair.  Where row-level security would hide some of the offers it raises an
 * error, since lists of the best must not depend on who asks.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "errors.h"
#include "face.h"
#include "host.h"
#include "inclusion.h"
#include "offer_store.h"
#include "query_reader.h"
#include "supply.h"

/* Version 17 moved it. */
#if PG_VERSION_NUM < 170000
#define current_lxid() (MyProc->lxid)
#else
#define current_lxid() (MyProc->vxid.lxid)
#endif

/*
 * What the answer of a query depends on.  Between the same two ends of a
 * snapshot transactions only leave, so that counting those that run tells
 * whether any did.  A snapshot alone does not tell: after a rollback the same
 * one no longer shows the rows of what was rolled back.
 */
typedef struct Moment
{
	Oid			user;
	LocalTransactionId transaction;
	SubTransactionId subtransaction;
	CommandId	command;
	TransactionId xmin;
	TransactionId xmax;
	uint32		running;
	int32		running_below;	/* subtransactions; on a standby, all */
} Moment;

typedef struct Cache
{
	MemoryContext context;		/* of all below, and of the store */
	char	   *query;
	bool		ignore_open;
	Moment		moment;
	BlockStore *store;			/* NULL while it is being loaded */
} Cache;

/* Where the rows of the query go. */
typedef struct Receiver
{
	DestReceiver receiver;
	BlockStore *store;
	bool		ignore_open;
	int			id;				/* numbers of columns */
	int			supply;
	Oid			id_type;
} Receiver;

/*
 * Moments
 */

static void
read_moment(Snapshot snapshot, Moment *moment)
{
	memset(moment, 0, sizeof(*moment));
	moment->user = GetUserId();
	moment->transaction = current_lxid();
	moment->subtransaction = GetCurrentSubTransactionId();
	moment->command = snapshot->curcid;
	moment->xmin = snapshot->xmin;
	moment->xmax = snapshot->xmax;
	moment->running = snapshot->xcnt;
	moment->running_below = snapshot->subxcnt;
}

static bool
still_holds(const Moment *moment, Snapshot snapshot)
{
	Moment		now;

	read_moment(snapshot, &now);
	return memcmp(&now, moment, sizeof(now)) == 0;
}

/*
 * Rows
 */

static Oid
supply_type(void)
{
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("supply"),
						   ObjectIdGetDatum(get_namespace_oid("inclusion", false)));
}

static int
find_column(TupleDesc columns, const char *name)
{
	int			number = SPI_fnumber(columns, name);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MATCHING),
				 errmsg("query \"offers\" gives no column \"%s\"", name),
				 errhint("It returns offers by their id, with their supply.")));
	return number;
}

static void
refuse_type(TupleDesc columns, int number, const char *expected)
{
	ereport(ERROR,
			(errcode(ERRCODE_INCLUSION_BAD_MATCHING),
			 errmsg("column \"%s\" of query \"offers\" is of type %s",
					NameStr(TupleDescAttr(columns, number - 1)->attname),
					format_type_be(SPI_gettypeid(columns, number))),
			 errhint("Cast it to %s.", expected)));
}

static void
start_rows(DestReceiver *self, int operation, TupleDesc columns)
{
	Receiver   *receiver = (Receiver *) self;

	receiver->id = find_column(columns, "id");
	receiver->supply = find_column(columns, "supply");
	receiver->id_type = SPI_gettypeid(columns, receiver->id);
	if (receiver->id_type != INT8OID && receiver->id_type != INT4OID)
		refuse_type(columns, receiver->id, "bigint");
	if (SPI_gettypeid(columns, receiver->supply) != supply_type())
		refuse_type(columns, receiver->supply, "inclusion.supply");
}

static void
report_load_problem(Problem *problem)
{
	problem_hint(problem, "Raise inclusion.match_mem, or match each territory apart.");
	report_problem(ERRCODE_INCLUSION_BAD_MATCHING, problem);
}

/* A draft has no supply: it is never matched. */
static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	Receiver   *receiver = (Receiver *) self;
	bool		is_null;
	Datum		id = slot_getattr(slot, receiver->id, &is_null);
	Datum		image;
	Supply		supply;
	Problem		problem;

	if (is_null)
		ereport(ERROR,
				(errcode(ERRCODE_INCLUSION_BAD_MATCHING),
				 errmsg("query \"offers\" returns an offer without number"),
				 errhint("Leave the row out of the query, or give it an id.")));
	image = slot_getattr(slot, receiver->supply, &is_null);
	if (is_null)
		return true;
	supply_read(image, &supply);
	if (receiver->ignore_open)
		supply.flags |= SUPPLY_OPEN;
	if ((supply.flags & SUPPLY_OPEN) &&
		!block_add(receiver->store,
				   receiver->id_type == INT4OID ? DatumGetInt32(id) : DatumGetInt64(id),
				   &supply, &problem))
		report_load_problem(&problem);
	return true;
}

static void
end_rows(DestReceiver *self)
{
}

static void
run_query(const char *query, Receiver *receiver)
{
	SPIExecuteOptions options = {.read_only = true, .dest = &receiver->receiver};
	int			settings = NewGUCNestLevel();

	(void) set_config_option("row_security", "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	SPI_connect();
	SPI_execute_plan_extended(prepare_select(query, "offers", ERRCODE_INCLUSION_BAD_MATCHING), &options);
	SPI_finish();
	AtEOXact_GUC(true, settings);
}

/*
 * Stores
 */

static BlockStore *
load(Cache *cache)
{
	Receiver	receiver = {
		.receiver = {
			.receiveSlot = receive_row, .rStartup = start_rows,
			.rShutdown = end_rows, .rDestroy = end_rows, .mydest = DestNone
		},
		.ignore_open = cache->ignore_open,
	};
	Host		host = host_of(cache->context);
	Problem		problem;

	receiver.store = block_open(&host, inclusion_match_mem * INT64CONST(1024), &problem);
	run_query(cache->query, &receiver);
	if (!block_finish(receiver.store, &problem))
		report_load_problem(&problem);
	return receiver.store;
}

/* An empty cache, in the place of whatever the function keeps. */
static Cache *
renew_cache(FmgrInfo *function)
{
	Cache	   *cache = function->fn_extra;

	if (cache == NULL)
		function->fn_extra = cache = MemoryContextAllocZero(function->fn_mcxt, sizeof(Cache));
	if (cache->context != NULL)
		MemoryContextDelete(cache->context);
	memset(cache, 0, sizeof(*cache));
	cache->context = AllocSetContextCreate(function->fn_mcxt, "inclusion offers", ALLOCSET_DEFAULT_SIZES);
	return cache;
}

BlockStore *
offer_store(FmgrInfo *function, const char *query, bool ignore_open)
{
	Snapshot	snapshot = GetActiveSnapshot();
	Cache	   *cache = function->fn_extra;

	if (cache != NULL && cache->store != NULL && cache->ignore_open == ignore_open &&
		still_holds(&cache->moment, snapshot) && strcmp(cache->query, query) == 0)
		return cache->store;

	cache = renew_cache(function);
	cache->query = MemoryContextStrdup(cache->context, query);
	cache->ignore_open = ignore_open;
	read_moment(snapshot, &cache->moment);
	cache->store = load(cache);
	return cache->store;
}
