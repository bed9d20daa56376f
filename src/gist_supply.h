/*
 * gist_supply.h
 *		The index on supplies: its strategies and its keys.
 */
#ifndef INCLUSION_GIST_SUPPLY_H
#define INCLUSION_GIST_SUPPLY_H

#include "postgres.h"

#include "fmgr.h"

#include "core/bound.h"

/* Of the operator class; ordering operators stand from 15 on. */
#define SUPPLY_ELIGIBLE_STRATEGY 1	/* supply @@ need */
#define SUPPLY_COST_STRATEGY 15		/* supply <=> need */

extern Datum supply_gist_consistent(PG_FUNCTION_ARGS);

/* What a key of the index bounds, be it a leaf or not. */
extern void supply_key_read(Datum key, Bound *bound);

#endif							/* INCLUSION_GIST_SUPPLY_H */
