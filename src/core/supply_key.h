/*
 * supply_key.h
 *		Keys of the index on supplies, as bytes.
 *
 * A leaf key holds one supply: all that eligibility and cost read of it, so
 * that the index answers alone, and no more, so that it is small.  Any other
 * key holds a bound.  The first byte tells which, and in which version.
 *
 *	leaf	head, the numbers of their lengths, quality, price, which
 *			competences are taught (3 bytes), a byte for each, then the unit
 *			vector unless remote, and the reach of who travels
 *	inner	head, then the struct Bound
 */
#ifndef INCLUSION_CORE_SUPPLY_KEY_H
#define INCLUSION_CORE_SUPPLY_KEY_H

#include <stddef.h>

#include "bound.h"

#define SUPPLY_KEY_LEAF 1
#define SUPPLY_KEY_INNER 2

#define SUPPLY_KEY_HEAD 4
#define SUPPLY_KEY_MAX (SUPPLY_KEY_HEAD + sizeof(Bound))

/* Both return the number of bytes, at most SUPPLY_KEY_MAX. */
extern size_t supply_key_of_supply(const Supply *supply, uint8_t *key);
extern size_t supply_key_of_bound(const Bound *bound, uint8_t *key);

static inline bool
supply_key_is_leaf(const uint8_t *key)
{
	return key[0] == SUPPLY_KEY_LEAF;
}

/* Could these bytes be a key? */
extern bool supply_key_valid(const uint8_t *key, size_t size);

/* The degrees of the position, which nothing reads, are left zero. */
extern void supply_key_to_supply(const uint8_t *key, Supply *supply);
/*
 * The same in two steps: what fit_admits reads, which returns where the rest
 * stands, and the rest.
 */
extern const uint8_t *supply_key_read_terms(const uint8_t *key, Supply *supply);
extern void supply_key_read_rest(const uint8_t *rest, Supply *supply);
/* Of either kind of key. */
extern void supply_key_to_bound(const uint8_t *key, Bound *bound);

#endif							/* INCLUSION_CORE_SUPPLY_KEY_H */
