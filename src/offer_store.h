/*
 * offer_store.h
 *		The offers of a query, loaded for the length of a statement.
 */
#ifndef INCLUSION_OFFER_STORE_H
#define INCLUSION_OFFER_STORE_H

#include "fmgr.h"

#include "core/block.h"

/* The offers of the territory. */
#define OFFERS_OF_REGISTRY "SELECT id, supply FROM inclusion_data.offer"

/*
 * The offers that the query returns (columns id and supply) to this user under
 * the calling statement's snapshot, those that accept registrations or, with
 * ignore_open, all of them as if they did.  Loaded once per call site and
 * statement: kept in the function's cache for as long as nothing could change
 * what the query returns.
 */
extern BlockStore *offer_store(FmgrInfo *function, const char *query, bool ignore_open);

#endif							/* INCLUSION_OFFER_STORE_H */
