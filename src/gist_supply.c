/*
 * gist_supply.c
 *		The index on supplies: which offers are eligible for a need, the least
 *		cost first, without reading the others.
 *
 * A leaf key answers exactly, so nothing is rechecked; any other key answers
 * for the best of what is below it.
 */
#include "postgres.h"

#include "access/gist.h"
#include "access/itup.h"
#include "access/stratnum.h"
#include "miscadmin.h"
#include "utils/sortsupport.h"

#include "core/bound_split.h"
#include "core/supply_key.h"
#include "fit.h"
#include "gist_supply.h"
#include "supply.h"

/* What an index page holds, and what a key takes there beside its bytes. */
#define PAGE_BYTES ((int) (BLCKSZ - SizeOfPageHeaderData - MAXALIGN(sizeof(GISTPageOpaqueData))))
#define STORED_SIZE(key) \
	((int) (MAXALIGN(sizeof(IndexTupleData) + VARSIZE_ANY_EXHDR(key) + VARHDRSZ_SHORT) + sizeof(ItemIdData)))

/*
 * Keys
 */

static const uint8 *
key_bytes(Datum datum)
{
	return (const uint8 *) VARDATA_ANY(DatumGetPointer(datum));
}

void
supply_key_read(Datum datum, Bound *bound)
{
	supply_key_to_bound(key_bytes(datum), bound);
}

static Datum
make_bound_key(const Bound *bound)
{
	uint8		bytes[SUPPLY_KEY_MAX];

	return image_make(bytes, supply_key_of_bound(bound, bytes));
}

/* The keys of an index have no form outside it. */
PG_FUNCTION_INFO_V1(supply_key_in);
Datum
supply_key_in(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot accept a value of type %s", "inclusion.supply_key")));
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(supply_key_out);
Datum
supply_key_out(PG_FUNCTION_ARGS)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("cannot display a value of type %s", "inclusion.supply_key")));
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(supply_gist_compress);
Datum
supply_gist_compress(PG_FUNCTION_ARGS)
{
	GISTENTRY  *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	GISTENTRY  *compressed;
	uint8		bytes[SUPPLY_KEY_MAX];
	Supply		supply;

	if (!entry->leafkey)
		PG_RETURN_POINTER(entry);
	supply_read(entry->key, &supply);
	compressed = palloc(sizeof(GISTENTRY));
	gistentryinit(*compressed, image_make(bytes, supply_key_of_supply(&supply, bytes)),
				  entry->rel, entry->page, entry->offset, false);
	PG_RETURN_POINTER(compressed);
}

/*
 * Search
 */

PG_FUNCTION_INFO_V1(supply_gist_consistent);
Datum
supply_gist_consistent(PG_FUNCTION_ARGS)
{
	const GISTENTRY *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	StrategyNumber strategy = (StrategyNumber) PG_GETARG_UINT16(2);
	bool	   *recheck = (bool *) PG_GETARG_POINTER(4);
	const PreparedNeed *prepared = fit_prepared(fcinfo->flinfo, PG_GETARG_DATUM(1));
	const uint8 *key = key_bytes(entry->key);
	Supply		supply;
	Bound		bound;

	if (strategy != SUPPLY_ELIGIBLE_STRATEGY)
		elog(ERROR, "unrecognized search strategy number: %d", strategy);
	*recheck = false;
	if (supply_key_is_leaf(key))
	{
		const uint8 *rest = supply_key_read_terms(key, &supply);

		if (!fit_admits(prepared, &supply))
			PG_RETURN_BOOL(false);
		supply_key_read_rest(rest, &supply);
		PG_RETURN_BOOL(fit_serves(prepared, &supply));
	}
	supply_key_to_bound(key, &bound);
	PG_RETURN_BOOL(bound_eligible(&bound, prepared));
}

PG_FUNCTION_INFO_V1(supply_gist_distance);
Datum
supply_gist_distance(PG_FUNCTION_ARGS)
{
	const GISTENTRY *entry = (GISTENTRY *) PG_GETARG_POINTER(0);
	StrategyNumber strategy = (StrategyNumber) PG_GETARG_UINT16(2);
	bool	   *recheck = (bool *) PG_GETARG_POINTER(4);
	const PreparedNeed *prepared = fit_prepared(fcinfo->flinfo, PG_GETARG_DATUM(1));
	const uint8 *key = key_bytes(entry->key);
	Supply		supply;
	Bound		bound;

	if (strategy != SUPPLY_COST_STRATEGY)
		elog(ERROR, "unrecognized distance strategy number: %d", strategy);
	*recheck = false;
	if (supply_key_is_leaf(key))
	{
		supply_key_to_supply(key, &supply);
		PG_RETURN_FLOAT8(fit_cost(prepared, &supply));
	}
	supply_key_to_bound(key, &bound);
	PG_RETURN_FLOAT8(bound_cost(&bound, prepared));
}

/*
 * Growth
 */

PG_FUNCTION_INFO_V1(supply_gist_union);
Datum
supply_gist_union(PG_FUNCTION_ARGS)
{
	const GistEntryVector *entries = (GistEntryVector *) PG_GETARG_POINTER(0);
	int		   *size = (int *) PG_GETARG_POINTER(1);
	Bound		all;
	Bound		one;

	bound_clear(&all);
	for (int i = 0; i < entries->n; i++)
	{
		supply_key_read(entries->vector[i].key, &one);
		bound_extend(&all, &one);
	}
	*size = VARHDRSZ + SUPPLY_KEY_MAX;
	PG_RETURN_DATUM(make_bound_key(&all));
}

PG_FUNCTION_INFO_V1(supply_gist_same);
Datum
supply_gist_same(PG_FUNCTION_ARGS)
{
	struct varlena *a = (struct varlena *) PG_GETARG_POINTER(0);
	struct varlena *b = (struct varlena *) PG_GETARG_POINTER(1);
	bool	   *same = (bool *) PG_GETARG_POINTER(2);

	*same = VARSIZE_ANY_EXHDR(a) == VARSIZE_ANY_EXHDR(b) &&
		memcmp(VARDATA_ANY(a), VARDATA_ANY(b), VARSIZE_ANY_EXHDR(a)) == 0;
	PG_RETURN_POINTER(same);
}

PG_FUNCTION_INFO_V1(supply_gist_penalty);
Datum
supply_gist_penalty(PG_FUNCTION_ARGS)
{
	const GISTENTRY *into = (GISTENTRY *) PG_GETARG_POINTER(0);
	const GISTENTRY *added = (GISTENTRY *) PG_GETARG_POINTER(1);
	float	   *penalty = (float *) PG_GETARG_POINTER(2);
	Bound		bound;
	Bound		part;

	supply_key_read(into->key, &bound);
	supply_key_read(added->key, &part);
	*penalty = (float) bound_penalty(&bound, &part);
	PG_RETURN_POINTER(penalty);
}

static void
interrupt(void *unused)
{
	CHECK_FOR_INTERRUPTS();
}

PG_FUNCTION_INFO_V1(supply_gist_picksplit);
Datum
supply_gist_picksplit(PG_FUNCTION_ARGS)
{
	const GistEntryVector *entries = (GistEntryVector *) PG_GETARG_POINTER(0);
	GIST_SPLITVEC *vector = (GIST_SPLITVEC *) PG_GETARG_POINTER(1);
	int			count = entries->n - FirstOffsetNumber;
	Bound	   *parts = palloc(sizeof(Bound) * count);
	int		   *sizes = palloc(sizeof(int) * count);
	const Host	host = {.interrupt = interrupt};
	BoundSplit	split = {.count = count,.parts = parts,.sizes = sizes,.page_size = PAGE_BYTES,.host = &host};

	for (int i = 0; i < count; i++)
	{
		Datum		key = entries->vector[FirstOffsetNumber + i].key;

		supply_key_read(key, &parts[i]);
		sizes[i] = STORED_SIZE(DatumGetPointer(key));
	}
	split.right = palloc(sizeof(bool) * count);
	split.trial = palloc(sizeof(bool) * count);
	split.ranks = palloc(sizeof(BoundRank) * count);
	bound_split(&split);

	vector->spl_left = palloc(sizeof(OffsetNumber) * count);
	vector->spl_right = palloc(sizeof(OffsetNumber) * count);
	vector->spl_nleft = vector->spl_nright = 0;
	for (int i = 0; i < count; i++)
	{
		if (split.right[i])
			vector->spl_right[vector->spl_nright++] = FirstOffsetNumber + i;
		else
			vector->spl_left[vector->spl_nleft++] = FirstOffsetNumber + i;
	}
	vector->spl_ldatum = make_bound_key(&split.left_bound);
	vector->spl_rdatum = make_bound_key(&split.right_bound);
	PG_RETURN_POINTER(vector);
}

/*
 * Build
 */

static uint64
sort_key(Datum datum)
{
	Supply		supply;

	supply_key_to_supply(key_bytes(datum), &supply);
	return bound_sort_key(&supply);
}

static int
compare_keys(Datum a, Datum b, SortSupport sort)
{
	uint64		x = sort_key(a);
	uint64		y = sort_key(b);

	return x < y ? -1 : x > y;
}

static Datum
abbreviate_key(Datum original, SortSupport sort)
{
	return UInt64GetDatum(sort_key(original));
}

static bool
never_abort(int count, SortSupport sort)
{
	return false;
}

PG_FUNCTION_INFO_V1(supply_gist_sortsupport);
Datum
supply_gist_sortsupport(PG_FUNCTION_ARGS)
{
	SortSupport sort = (SortSupport) PG_GETARG_POINTER(0);

	sort->comparator = compare_keys;
	sort->ssup_extra = NULL;
	/* The abbreviated key is the whole key, where a Datum has 64 bits. */
	if (sort->abbreviate && SIZEOF_DATUM == 8)
	{
		sort->comparator = ssup_datum_unsigned_cmp;
		sort->abbrev_converter = abbreviate_key;
		sort->abbrev_abort = never_abort;
		sort->abbrev_full_comparator = compare_keys;
	}
	PG_RETURN_VOID();
}
