/*
 * supply_key.c
 *		Keys of the index on supplies, as bytes.
 *
 * The head of a leaf key, from its low bits: the kind of key, two bits for the
 * length of each number, the flags, the framework, and whether the supply
 * travels.  Numbers are read four bytes at a time and cut, which never runs
 * past the key: five bytes follow them in any case.
 */
#include "supply_key.h"

#include <string.h>

#include "day.h"

#define NUMBERS 9
#define LENGTHS_SHIFT 8
#define FLAGS_SHIFT (LENGTHS_SHIFT + 2 * NUMBERS)
#define FRAMEWORK_SHIFT (FLAGS_SHIFT + 3)
#define TRAVELS_SHIFT (FRAMEWORK_SHIFT + 2)

#define TAUGHT_BYTES (COMPETENCE_SLOTS / 8)

/* Three flags, two bits of framework and one more must fit in the head. */
typedef char head_has_room[TRAVELS_SHIFT < 32 ? 1 : -1] __attribute__((unused));

static const uint8_t length_of[] = {0, 1, 2, 4};
static const uint32_t kept_by[] = {0, 0xFF, 0xFFFF, 0xFFFFFFFF};

static void
put_le32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t) (value >> 8 * i);
}

static inline uint32_t
get_le32(const uint8_t *at)
{
	return at[0] | (uint32_t) at[1] << 8 | (uint32_t) at[2] << 16 | (uint32_t) at[3] << 24;
}

static inline uint32_t
get_le24(const uint8_t *at)
{
	return at[0] | (uint32_t) at[1] << 8 | (uint32_t) at[2] << 16;
}

/*
 * Days, small where they are usual: no limit is 0, the days after 2000 are odd
 * and those before even.
 */
static uint32_t
fold_day(int32_t day, int32_t unlimited)
{
	if (day == unlimited)
		return 0;
	return day < 0 ? (uint32_t) (-(day + 1)) * 2 + 2 : (uint32_t) day * 2 + 1;
}

static inline int32_t
unfold_day(uint32_t folded, int32_t unlimited)
{
	if (folded == 0)
		return unlimited;
	return folded & 1 ? (int32_t) (folded / 2) : -(int32_t) (folded / 2 - 1) - 1;
}

size_t
supply_key_of_supply(const Supply *supply, uint8_t *key)
{
	const uint32_t numbers[NUMBERS] = {
		supply->families, supply->modes, supply->audiences, supply->only_for,
		supply->accommodations, supply->languages, supply->slots,
		fold_day(supply->valid_from, DAY_BEFORE_ALL), fold_day(supply->valid_until, DAY_AFTER_ALL)
	};
	uint32_t	head = SUPPLY_KEY_LEAF | (uint32_t) supply->flags << FLAGS_SHIFT |
		(uint32_t) supply->framework << FRAMEWORK_SHIFT |
		(uint32_t) (supply->travels_within != 0) << TRAVELS_SHIFT;
	uint8_t    *at = key + SUPPLY_KEY_HEAD;
	uint8_t    *taught;

	for (int i = 0; i < NUMBERS; i++)
	{
		uint8_t		bytes[4];
		uint32_t	code = numbers[i] == 0 ? 0 : numbers[i] <= 0xFF ? 1 : numbers[i] <= 0xFFFF ? 2 : 3;

		put_le32(bytes, numbers[i]);
		memcpy(at, bytes, length_of[code]);
		at += length_of[code];
		head |= code << (LENGTHS_SHIFT + 2 * i);
	}
	put_le32(key, head);
	*at++ = supply->quality;
	*at++ = supply->price;
	taught = at;
	memset(taught, 0, TAUGHT_BYTES);
	at += TAUGHT_BYTES;
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		if (supply->taught[slot] == 0)
			continue;
		taught[slot / 8] |= (uint8_t) (1 << slot % 8);
		*at++ = supply->taught[slot];
	}
	if (!(supply->flags & SUPPLY_REMOTE))
	{
		memcpy(at, supply->position.unit, sizeof(supply->position.unit));
		at += sizeof(supply->position.unit);
	}
	if (supply->travels_within != 0)
	{
		memcpy(at, &supply->travels_within, sizeof(supply->travels_within));
		at += sizeof(supply->travels_within);
	}
	return (size_t) (at - key);
}

size_t
supply_key_of_bound(const Bound *bound, uint8_t *key)
{
	put_le32(key, SUPPLY_KEY_INNER);
	memcpy(key + SUPPLY_KEY_HEAD, bound, sizeof(*bound));
	return SUPPLY_KEY_MAX;
}

/* The size that the head and the bits of a leaf key announce. */
static size_t
leaf_size(const uint8_t *key, size_t size)
{
	uint32_t	head = get_le32(key);
	size_t		expected = SUPPLY_KEY_HEAD;

	for (int i = 0; i < NUMBERS; i++)
		expected += length_of[head >> (LENGTHS_SHIFT + 2 * i) & 3];
	expected += 2 + TAUGHT_BYTES;
	if (expected > size)
		return expected;
	expected += (size_t) fit_count_bits(get_le24(key + expected - TAUGHT_BYTES));
	if (!(head >> FLAGS_SHIFT & SUPPLY_REMOTE))
		expected += sizeof(((Supply *) NULL)->position.unit);
	if (head >> TRAVELS_SHIFT & 1)
		expected += sizeof(double);
	return expected;
}

bool
supply_key_valid(const uint8_t *key, size_t size)
{
	if (size < SUPPLY_KEY_HEAD)
		return false;
	if (key[0] == SUPPLY_KEY_INNER)
		return size == SUPPLY_KEY_MAX;
	return key[0] == SUPPLY_KEY_LEAF && size == leaf_size(key, size);
}

static inline uint32_t
next_number(const uint8_t **at, uint32_t *lengths)
{
	uint32_t	code = *lengths & 3;
	uint32_t	number = get_le32(*at) & kept_by[code];

	*lengths >>= 2;
	*at += length_of[code];
	return number;
}

const uint8_t *
supply_key_read_terms(const uint8_t *key, Supply *supply)
{
	uint32_t	head = get_le32(key);
	uint32_t	lengths = head >> LENGTHS_SHIFT;
	const uint8_t *at = key + SUPPLY_KEY_HEAD;

	supply->version = SUPPLY_VERSION;
	supply->flags = head >> FLAGS_SHIFT & 7;
	supply->framework = head >> FRAMEWORK_SHIFT & 3;
	supply->families = next_number(&at, &lengths);
	supply->modes = next_number(&at, &lengths);
	supply->audiences = next_number(&at, &lengths);
	supply->only_for = next_number(&at, &lengths);
	supply->accommodations = next_number(&at, &lengths);
	supply->languages = next_number(&at, &lengths);
	supply->slots = next_number(&at, &lengths);
	supply->valid_from = unfold_day(next_number(&at, &lengths), DAY_BEFORE_ALL);
	supply->valid_until = unfold_day(next_number(&at, &lengths), DAY_AFTER_ALL);
	/* Whether there is a reach to read; the rest replaces it. */
	supply->travels_within = head >> TRAVELS_SHIFT & 1;
	return at;
}

void
supply_key_read_rest(const uint8_t *rest, Supply *supply)
{
	const uint8_t *at = rest;
	uint32_t	taught;

	supply->quality = *at++;
	supply->price = *at++;
	taught = get_le24(at);
	at += TAUGHT_BYTES;
	memset(supply->reserved, 0, sizeof(supply->reserved));
	memset(supply->taught, 0, sizeof(supply->taught));
	memset(&supply->position, 0, sizeof(supply->position));
	for (; taught != 0; taught &= taught - 1)
		supply->taught[__builtin_ctz(taught)] = *at++;
	if (!(supply->flags & SUPPLY_REMOTE))
	{
		memcpy(supply->position.unit, at, sizeof(supply->position.unit));
		at += sizeof(supply->position.unit);
	}
	if (supply->travels_within != 0)
		memcpy(&supply->travels_within, at, sizeof(supply->travels_within));
}

void
supply_key_to_supply(const uint8_t *key, Supply *supply)
{
	supply_key_read_rest(supply_key_read_terms(key, supply), supply);
}

void
supply_key_to_bound(const uint8_t *key, Bound *bound)
{
	Supply		supply;

	if (!supply_key_is_leaf(key))
	{
		memcpy(bound, key + SUPPLY_KEY_HEAD, sizeof(*bound));
		return;
	}
	supply_key_to_supply(key, &supply);
	bound_of(bound, &supply);
}
