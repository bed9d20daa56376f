/*
 * bound.c
 *		What a set of supplies can offer at best.
 *
 * Every quantity of the cost grows or falls with one field only, sums and
 * products of non-negative doubles keep the order of what they are given when
 * they round, and so does a quotient: the cost of the best fields is at most
 * the cost of any supply.  The arc sine alone may break the order by its last
 * bits, see ARC_SLACK.
 */
#include "bound.h"

#include <float.h>
#include <string.h>

#include "day.h"

typedef char bound_has_no_hole[sizeof(Bound) == 104 ? 1 : -1] __attribute__((unused));

/* Arc sines are right to a few units in the last place; this gives up eight. */
#define ARC_SLACK (1 - 8 * DBL_EPSILON)

/* A level is a nibble of a byte of taught: see supply.h. */
#define TAUGHT_LEVEL(taught) ((taught) >> 4)
#define REQUIRED_LEVEL(taught) ((taught) & 0x0F)

/*
 * Sets
 */

void
bound_clear(Bound *bound)
{
	memset(bound, 0, sizeof(*bound));
	bound->price = SUPPLY_PRICE_MAX;
	bound->valid_from = DAY_AFTER_ALL;
	bound->valid_until = DAY_BEFORE_ALL;
	for (int axis = 0; axis < 3; axis++)
	{
		bound->low[axis] = INT32_MAX;
		bound->high[axis] = INT32_MIN;
	}
}

static uint16_t
flag_if(bool condition, int flag)
{
	return (uint16_t) (condition ? flag : 0);
}

static uint16_t
flags_of(const Supply *supply)
{
	bool		remote = (supply->flags & SUPPLY_REMOTE) != 0;
	uint16_t	flags = flag_if(supply->flags & SUPPLY_OPEN, BOUND_OPEN) |
		(remote ? BOUND_REMOTE : BOUND_ON_SITE) |
		flag_if(supply->only_for == 0, BOUND_UNRESTRICTED) |
		flag_if(supply->audiences == 0, BOUND_FOR_ALL) |
		flag_if(supply->slots == 0, BOUND_ANY_SLOT) |
		(BOUND_NO_FRAMEWORK << supply->framework);

	for (int kind = 0; kind < FIT_MODE_KINDS; kind++)
		flags |= flag_if((supply->modes & fit_mode_kind(kind)) == 0, BOUND_ANY_MODE << kind);
	return flags;
}

void
bound_of(Bound *bound, const Supply *supply)
{
	bound_clear(bound);
	bound->flags = flags_of(supply);
	bound->travels_within = supply->travels_within;
	if (bound->flags & BOUND_ON_SITE)
	{
		memcpy(bound->low, supply->position.unit, sizeof(bound->low));
		memcpy(bound->high, supply->position.unit, sizeof(bound->high));
	}
	if (supply->valid_from < supply->valid_until)
	{
		bound->valid_from = supply->valid_from;
		bound->valid_until = supply->valid_until;
	}
	bound->families = supply->families;
	bound->modes = supply->modes;
	bound->audiences = supply->audiences;
	bound->only_for = supply->only_for;
	bound->accommodations = supply->accommodations;
	bound->languages = supply->languages;
	bound->slots = supply->slots;
	bound->quality = supply->quality;
	bound->price = supply->price;
	bound->audience_count = (uint8_t) fit_count_bits(supply->audiences);
	memcpy(bound->taught, supply->taught, sizeof(bound->taught));
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
		bound->taught_count += supply->taught[slot] != 0;
}

/* Zero is "nobody teaches it", hence neutral. */
static uint8_t
best_taught(uint8_t a, uint8_t b)
{
	uint8_t		level = TAUGHT_LEVEL(a) > TAUGHT_LEVEL(b) ? a & 0xF0 : b & 0xF0;
	uint8_t		required = REQUIRED_LEVEL(a) < REQUIRED_LEVEL(b) ? REQUIRED_LEVEL(a) : REQUIRED_LEVEL(b);

	if (a == 0 || b == 0)
		return a | b;
	return level | required;
}

#define RAISE_TO(field) into->field = other->field > into->field ? other->field : into->field
#define LOWER_TO(field) into->field = other->field < into->field ? other->field : into->field

void
bound_extend(Bound *into, const Bound *other)
{
	RAISE_TO(travels_within);
	for (int axis = 0; axis < 3; axis++)
	{
		LOWER_TO(low[axis]);
		RAISE_TO(high[axis]);
	}
	LOWER_TO(valid_from);
	RAISE_TO(valid_until);
	into->families |= other->families;
	into->modes |= other->modes;
	into->audiences |= other->audiences;
	into->only_for |= other->only_for;
	into->accommodations |= other->accommodations;
	into->languages |= other->languages;
	into->slots |= other->slots;
	into->flags |= other->flags;
	RAISE_TO(quality);
	LOWER_TO(price);
	RAISE_TO(taught_count);
	RAISE_TO(audience_count);
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
		into->taught[slot] = best_taught(into->taught[slot], other->taught[slot]);
}

/* What covers already gains nothing by extension. */
bool
bound_covers(const Bound *outer, const Bound *inner)
{
	Bound		both = *outer;

	bound_extend(&both, inner);
	return memcmp((const char *) &both, (const char *) outer, sizeof(both)) == 0;
}

/*
 * Gain
 */

/* The sum of the largest of these numbers. */
static int
sum_of_largest(int *numbers, int count, int largest)
{
	int			sum = 0;

	for (int taken = 0; taken < largest; taken++)
	{
		int			best = taken;

		for (int i = taken + 1; i < count; i++)
		{
			if (numbers[i] > numbers[best])
				best = i;
		}
		sum += numbers[best];
		numbers[best] = numbers[taken];
	}
	return sum;
}

/*
 * No supply gains more points than this: in each competence what the best one
 * gains, in as many competences as one supply teaches.
 */
static int
most_points_gained(const Bound *bound, const PreparedNeed *prepared)
{
	int			gains[COMPETENCE_SLOTS];
	int			count = 0;
	int			sum = 0;

	if (!(bound->flags & BOUND_NO_FRAMEWORK << prepared->need.framework))
		return 0;
	for (int i = 0; i < prepared->wanted_count; i++)
	{
		const FitWanted *wanted = &prepared->wanted[i];
		int			gain = fit_points_gained(wanted,
											 bound_level_required(bound, wanted->slot) * COMPETENCE_POINTS_PER_LEVEL,
											 bound_level_reached(bound, wanted->slot) * COMPETENCE_POINTS_PER_LEVEL);

		if (gain == 0)
			continue;
		gains[count++] = gain;
		sum += gain;
	}
	return count <= bound->taught_count ? sum : sum_of_largest(gains, count, bound->taught_count);
}

static inline bool
serves_family(const Bound *bound, const PreparedNeed *prepared)
{
	return (bound->families & prepared->family_mask) != 0;
}

static double
best_coverage(const Bound *bound, const PreparedNeed *prepared)
{
	if (!prepared->learn)
		return serves_family(bound, prepared) ? 1 : 0;
	return fit_coverage(prepared, most_points_gained(bound, prepared));
}

/*
 * Cost
 */

static double
best_audience_fit(const Bound *bound, const PreparedNeed *prepared)
{
	int			shared;
	double		share;

	if (prepared->audience_count == 0)
		return 1;
	shared = fit_count_bits(bound->audiences & prepared->need.audiences);
	share = fit_audience_share(prepared, shared < bound->audience_count ? shared : bound->audience_count);
	return (bound->flags & BOUND_FOR_ALL) && share < FIT_AUDIENCE_NONE ? FIT_AUDIENCE_NONE : share;
}

/* The square of the chord to the nearest point of the box. */
static int64_t
least_chord(const Bound *bound, const PreparedNeed *prepared)
{
	int32_t		nearest[3];

	for (int axis = 0; axis < 3; axis++)
	{
		int32_t		at = prepared->need.position.unit[axis];

		nearest[axis] = at < bound->low[axis] ? bound->low[axis] :
			at > bound->high[axis] ? bound->high[axis] : at;
	}
	return geo_squared_chord(prepared->need.position.unit, nearest);
}

static double
least_distance(int64_t chord)
{
	return geo_arc(chord) * ARC_SLACK;
}

static double
least_proximity(const Bound *bound, const PreparedNeed *prepared)
{
	if (bound->flags & BOUND_REMOTE)
		return 0;
	if (!(prepared->need.flags & NEED_POSITIONED))
		return 1;
	return fit_proximity(&prepared->need, least_distance(least_chord(bound, prepared)), bound->travels_within);
}

void
bound_measure(const Bound *bound, const PreparedNeed *prepared, FitMeasures *best)
{
	best->coverage = best_coverage(bound, prepared);
	best->fit = best_audience_fit(bound, prepared);
	best->quality = bound->quality;
	best->proximity = least_proximity(bound, prepared);
	best->price = bound->price;
}

double
bound_cost(const Bound *bound, const PreparedNeed *prepared)
{
	FitMeasures best;
	FitTerms	terms;

	bound_measure(bound, prepared, &best);
	fit_weigh(&prepared->need, &best, &terms);
	return terms.cost;
}

/*
 * Eligibility
 */

static inline bool
accommodates(const Bound *bound, const PreparedNeed *prepared)
{
	uint32_t	asked = bound->flags & BOUND_REMOTE ? prepared->personal : prepared->need.accommodations;

	return (asked & ~bound->accommodations) == 0;
}

static inline bool
shares_language(const Bound *bound, const PreparedNeed *prepared)
{
	return prepared->need.languages == 0 ||
		((bound->accommodations & prepared->interpreter) | (bound->languages & prepared->need.languages)) != 0;
}

static inline bool
modes_agree(const Bound *bound, const PreparedNeed *prepared)
{
	for (int kind = 0; kind < FIT_MODE_KINDS; kind++)
	{
		if (!(bound->flags & BOUND_ANY_MODE << kind) && !fit_agree(prepared->modes[kind], bound->modes))
			return false;
	}
	return true;
}

static bool
reachable(const Bound *bound, const PreparedNeed *prepared)
{
	uint8_t		accepts = prepared->need.flags;
	int64_t		chord;

	if ((bound->flags & BOUND_REMOTE) && (accepts & NEED_ACCEPT_REMOTE))
		return true;
	if (!(bound->flags & BOUND_ON_SITE) || !(accepts & NEED_ACCEPT_ON_SITE) || !(accepts & NEED_POSITIONED))
		return false;
	chord = least_chord(bound, prepared);
	return chord < prepared->reach.beyond || least_distance(chord) <= bound->travels_within;
}

bool
bound_eligible(const Bound *bound, const PreparedNeed *prepared)
{
	const Need *need = &prepared->need;

	return serves_family(bound, prepared) &&
		(prepared->ignore_open || (bound->flags & BOUND_OPEN)) &&
		bound->valid_from <= need->day && need->day < bound->valid_until &&
		accommodates(bound, prepared) &&
		shares_language(bound, prepared) &&
		((bound->flags & BOUND_ANY_SLOT) || fit_agree(need->slots, bound->slots)) &&
		modes_agree(bound, prepared) &&
		((bound->flags & BOUND_UNRESTRICTED) || (bound->only_for & need->audiences) != 0) &&
		reachable(bound, prepared) &&
		(!prepared->learn || most_points_gained(bound, prepared) > 0);
}

/*
 * Order
 */

/* Bits of the parts of the key, which make 64 with one for being closed. */
#define REMOTE_BITS 1
#define CELL_LEVELS 10			/* of a cube halved: cells of 12 km */
#define CELL_BITS (3 * CELL_LEVELS)
#define REQUIRED_BITS 3
#define SEVERAL_BITS 1
#define TAUGHT_BITS COMPETENCE_SLOTS
#define QUALITY_BITS 4

typedef char key_has_64_bits[REMOTE_BITS + 1 + CELL_BITS + REQUIRED_BITS + SEVERAL_BITS + TAUGHT_BITS + QUALITY_BITS == 64 ? 1 : -1]
__attribute__((unused));

static uint64_t
append_bits(uint64_t key, int count, uint64_t value)
{
	return key << count | value;
}

/*
 * The place of a point on Hilbert's curve through a cube, by Skilling's
 * transposition: on the globe's unit vectors it knows neither an antimeridian
 * nor a pole.
 */
static uint64_t
hilbert_cell(const int32_t *unit)
{
	uint32_t	x[3];
	uint32_t	twist = 0;
	uint64_t	cell = 0;

	/* Units go from -2^30 to 2^30. */
	for (int axis = 0; axis < 3; axis++)
	{
		int64_t		shifted = ((int64_t) unit[axis] + (1 << 30)) >> (31 - CELL_LEVELS);

		x[axis] = (uint32_t) (shifted < 1 << CELL_LEVELS ? shifted : (1 << CELL_LEVELS) - 1);
	}
	for (uint32_t bit = 1u << (CELL_LEVELS - 1); bit > 1; bit >>= 1)
	{
		for (int axis = 0; axis < 3; axis++)
		{
			uint32_t	swapped = (x[0] ^ x[axis]) & (bit - 1);

			if (x[axis] & bit)
				x[0] ^= bit - 1;
			else
			{
				x[0] ^= swapped;
				x[axis] ^= swapped;
			}
		}
	}
	x[1] ^= x[0];
	x[2] ^= x[1];
	for (uint32_t bit = 1u << (CELL_LEVELS - 1); bit > 1; bit >>= 1)
	{
		if (x[2] & bit)
			twist ^= bit - 1;
	}
	for (int bit = CELL_LEVELS - 1; bit >= 0; bit--)
	{
		for (int axis = 0; axis < 3; axis++)
			cell = append_bits(cell, 1, (x[axis] ^ twist) >> bit & 1);
	}
	return cell;
}

/* Sets in an order in which each differs from the next by one element (Gray). */
static uint32_t
gray_place(uint32_t set)
{
	for (int shift = 1; shift < 32; shift *= 2)
		set ^= set >> shift;
	return set;
}

/* The lowest level required, and the set of what is taught, the first highest. */
static uint64_t
append_subject(uint64_t key, const Supply *supply)
{
	int			required = (1 << REQUIRED_BITS) - 1;
	uint32_t	taught = 0;

	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		int			level = supply_requires(supply, slot) / COMPETENCE_POINTS_PER_LEVEL;

		taught = taught << 1 | (supply->taught[slot] != 0);
		if (supply->taught[slot] != 0 && level < required)
			required = level;
	}
	key = append_bits(key, REQUIRED_BITS, (uint64_t) required);
	key = append_bits(key, SEVERAL_BITS, fit_count_bits(taught) > 1);
	return append_bits(key, TAUGHT_BITS, gray_place(taught));
}

/*
 * What is closed stands apart, for nobody but a night looks there.  Who can
 * follow an offer and what it teaches then weigh most, after the place.
 */
uint64_t
bound_sort_key(const Supply *supply)
{
	bool		remote = (supply->flags & SUPPLY_REMOTE) != 0;
	int			worst = SUPPLY_QUALITY_MAX - supply->quality;
	uint64_t	key = append_bits(remote, 1, (supply->flags & SUPPLY_OPEN) == 0);

	key = append_bits(key, CELL_BITS, remote ? 0 : hilbert_cell(supply->position.unit));
	key = append_subject(key, supply);
	return append_bits(key, QUALITY_BITS, (uint64_t) worst >> (8 - QUALITY_BITS));
}
