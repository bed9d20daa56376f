/*
 * supply.h
 *		Type supply, as the server passes it.
 */
#ifndef INCLUSION_SUPPLY_H
#define INCLUSION_SUPPLY_H

#include "core/supply.h"
#include "image.h"

static inline void
supply_read(Datum datum, Supply *supply)
{
	image_read(datum, supply, sizeof(Supply), SUPPLY_VERSION, "supply");
}

#define PG_RETURN_SUPPLY(supply) return image_make((supply), sizeof(Supply))

#endif							/* INCLUSION_SUPPLY_H */
