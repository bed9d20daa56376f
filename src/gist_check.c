/*
 * gist_check.c
 *		Proof that an index on supplies can be believed: every key covers what
 *		is below it.
 *
 * A search only looks where a key says that something may be.  A key that says
 * too little makes answers silently short, which no query would show.
 */
#include "postgres.h"

#include "access/gist_private.h"
#include "access/genam.h"
#include "access/relation.h"
#include "access/xlog.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "storage/bufmgr.h"
#include "utils/rel.h"

#include "core/supply_key.h"
#include "face.h"
#include "gist_supply.h"

/* A page to look at, and what the key above promises. */
typedef struct PendingPage
{
	BlockNumber block;
	bool		bounded;		/* not the root, nor below a key of NULLs */
	Bound		bound;
} PendingPage;

typedef struct IndexCheck
{
	Relation	index;
	BufferAccessStrategy strategy;
	List	   *pending;		/* of PendingPage */
	PGAlignedBlock page;		/* a copy of the one looked at */
	int64		pages;
	int64		offers;
	int			fullest;		/* most items in a page */
} IndexCheck;

pg_noreturn static void
refuse(const IndexCheck *check, BlockNumber block, int offset, const char *what)
{
	ereport(ERROR,
			(errcode(ERRCODE_INDEX_CORRUPTED),
			 errmsg("index \"%s\" is damaged", RelationGetRelationName(check->index)),
			 errdetail("Block %u, item %d: %s.", block, offset, what),
			 errhint("REINDEX it.")));
}

static void
add_pending(IndexCheck *check, BlockNumber block, const Bound *bound)
{
	PendingPage *page = palloc(sizeof(PendingPage));

	page->block = block;
	page->bounded = bound != NULL;
	if (bound != NULL)
		page->bound = *bound;
	check->pending = lappend(check->pending, page);
}

static Page
read_page(IndexCheck *check, BlockNumber block)
{
	Buffer		buffer = ReadBufferExtended(check->index, MAIN_FORKNUM, block, RBM_NORMAL, check->strategy);

	LockBuffer(buffer, GIST_SHARE);
	gistcheckpage(check->index, buffer);
	memcpy(check->page.data, BufferGetPage(buffer), BLCKSZ);
	UnlockReleaseBuffer(buffer);
	return (Page) check->page.data;
}

static void
check_item(IndexCheck *check, const PendingPage *above, Page page, OffsetNumber offset)
{
	IndexTuple	tuple = (IndexTuple) PageGetItem(page, PageGetItemId(page, offset));
	bool		isnull;
	Datum		datum = index_getattr(tuple, 1, RelationGetDescr(check->index), &isnull);
	struct varlena *key = (struct varlena *) DatumGetPointer(datum);
	Bound		bound;

	if (!isnull)
	{
		if (!supply_key_valid((uint8 *) VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)))
			refuse(check, above->block, offset, "this is no key");
		if (supply_key_is_leaf((uint8 *) VARDATA_ANY(key)) != GistPageIsLeaf(page))
			refuse(check, above->block, offset, "the key is of another level");
		supply_key_read(datum, &bound);
		if (above->bounded && !bound_covers(&above->bound, &bound))
			refuse(check, above->block, offset, "the key above does not cover it");
	}
	if (!GistPageIsLeaf(page))
		add_pending(check, ItemPointerGetBlockNumber(&tuple->t_tid), isnull ? NULL : &bound);
	else if (!ItemIdIsDead(PageGetItemId(page, offset)))
		check->offers++;
}

static void
check_page(IndexCheck *check, const PendingPage *above)
{
	Page		page = read_page(check, above->block);
	OffsetNumber last = PageGetMaxOffsetNumber(page);

	if (GistPageIsDeleted(page))
		refuse(check, above->block, 0, "the page was deleted, and a key still leads there");
	check->pages++;
	check->fullest = Max(check->fullest, last);
	for (OffsetNumber offset = FirstOffsetNumber; offset <= last; offset++)
		check_item(check, above, page, offset);

	/* A crash came between a split and its key: the same key leads to both. */
	if (GistFollowRight(page))
		add_pending(check, GistPageGetOpaque(page)->rightlink, above->bounded ? &above->bound : NULL);
}

/* Refuse any other relation; against writers, whose splits take several steps. */
static Relation
open_index(Oid oid)
{
	LOCKMODE	lock = RecoveryInProgress() ? AccessShareLock : ShareLock;
	Relation	index = relation_open(oid, lock);

	if (index->rd_rel->relkind != RELKIND_INDEX || index->rd_rel->relam != GIST_AM_OID ||
		index_getprocinfo(index, 1, GIST_CONSISTENT_PROC)->fn_addr != supply_gist_consistent)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not an index on supplies", RelationGetRelationName(index)),
				 errhint("Give an index made by CREATE INDEX … USING gist on a column of type inclusion.supply.")));
	return index;
}

PG_FUNCTION_INFO_V1(check_supply_index);
Datum
check_supply_index(PG_FUNCTION_ARGS)
{
	IndexCheck	check = {.strategy = GetAccessStrategy(BAS_BULKREAD)};
	TupleDesc	row;
	Datum		values[3];
	bool		nulls[3] = {false, false, false};

	check.index = open_index(PG_GETARG_OID(0));
	add_pending(&check, GIST_ROOT_BLKNO, NULL);
	while (check.pending != NIL)
	{
		PendingPage *page = llast(check.pending);

		CHECK_FOR_INTERRUPTS();
		check.pending = list_delete_last(check.pending);
		check_page(&check, page);
		pfree(page);
	}
	relation_close(check.index, NoLock);

	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = Int64GetDatum(check.pages);
	values[1] = Int64GetDatum(check.offers);
	values[2] = Int32GetDatum(check.fullest);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(row, values, nulls)));
}
