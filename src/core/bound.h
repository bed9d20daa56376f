/*
 * bound.h
 *		What a set of supplies can offer at best: keys of the index, headers of
 *		blocks of offers.
 *
 * A bound answers for every supply it covers: one of them may be eligible, none
 * costs less.  Both answers apply the rules of fit.h to the best value of each
 * field among the set, in the same order and with the same roundings, so that
 * they hold to the last bit.
 *
 * Two bounds of the same sets, however united, are equal bytes: fields leave no
 * hole, and what nobody in the set has keeps its neutral value.
 */
#ifndef INCLUSION_CORE_BOUND_H
#define INCLUSION_CORE_BOUND_H

#include "fit.h"

/* Somebody in the set ... */
#define BOUND_OPEN 0x0001			/* accepts registrations */
#define BOUND_REMOTE 0x0002
#define BOUND_ON_SITE 0x0004
#define BOUND_UNRESTRICTED 0x0008	/* is for no public alone */
#define BOUND_FOR_ALL 0x0010		/* names no audience */
#define BOUND_ANY_SLOT 0x0020		/* states no slot */
#define BOUND_ANY_MODE 0x0040		/* states no mode of a kind: shifted by the kind */
#define BOUND_NO_FRAMEWORK 0x0200	/* shifted by the framework's number */

typedef struct Bound
{
	double		travels_within; /* the farthest, metres */
	int32_t		low[3];			/* box of the on-site unit vectors */
	int32_t		high[3];
	int32_t		valid_from;		/* the first day of anyone */
	int32_t		valid_until;	/* the last one, excluded */
	uint32_t	families;		/* of anyone, as all masks */
	uint32_t	modes;
	uint32_t	audiences;
	uint32_t	only_for;
	uint32_t	accommodations;
	uint32_t	languages;
	uint32_t	slots;
	uint16_t	flags;
	uint8_t		quality;		/* the best */
	uint8_t		price;			/* the lowest */
	uint8_t		taught_count;	/* the most competences that one supply teaches */
	uint8_t		audience_count; /* the most audiences that one supply names */
	uint8_t		reserved[2];
	/* As in a supply: the highest level reached and the lowest required. */
	uint8_t		taught[COMPETENCE_SLOTS];
} Bound;

/* Levels, 0 to 8: the highest that somebody teaches, the lowest required for it. */
static inline int
bound_level_reached(const Bound *bound, int slot)
{
	return bound->taught[slot] >> 4;
}

static inline int
bound_level_required(const Bound *bound, int slot)
{
	return bound->taught[slot] & 0x0F;
}

/* Of no supply: covered by all, extends none. */
extern void bound_clear(Bound *bound);
extern void bound_of(Bound *bound, const Supply *supply);
extern void bound_extend(Bound *into, const Bound *other);
/* Is whatever inner covers also covered by outer? */
extern bool bound_covers(const Bound *outer, const Bound *inner);

/* Could fit_eligible be true of a supply covered?  Never false when one is. */
extern bool bound_eligible(const Bound *bound, const PreparedNeed *prepared);
/* At most the fit_cost of every supply covered. */
extern double bound_cost(const Bound *bound, const PreparedNeed *prepared);
/* Each measure at the best that a supply covered could have it. */
extern void bound_measure(const Bound *bound, const PreparedNeed *prepared, FitMeasures *best);

/*
 * Neighbours in this order make tight bounds.  On-site supplies come before
 * remote ones, which should share no block.
 */
#define BOUND_SORT_REMOTE (UINT64_C(1) << 63)
extern uint64_t bound_sort_key(const Supply *supply);

#endif							/* INCLUSION_CORE_BOUND_H */
