/*
 * supply_key.c
 *		Keys of the index on supplies: what goes in decides as the supply does;
 *		and how pages are parted.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/bound_split.h"
#include "core/day.h"
#include "core/supply_key.h"
#include "tap.h"
#include "values.h"

#define VALUES 100000
#define SPLITS 2000
#define PARTS_MAX 120
#define PAGE 8000

static size_t
sent_and_back(const Supply *supply, Supply *back)
{
	uint8_t    *key = malloc(SUPPLY_KEY_MAX);
	uint8_t    *exact;
	size_t		size = supply_key_of_supply(supply, key);

	/* As long as the key is, so that reading past its end is caught. */
	exact = malloc(size);
	memcpy(exact, key, size);
	expect(supply_key_valid(exact, size), "a key of %d bytes is not valid", (int) size);
	expect(!supply_key_valid(exact, size - 1) && !supply_key_valid(key, size + 1), "a key of another size is valid");
	expect(supply_key_is_leaf(exact), "a supply's key is no leaf");
	supply_key_to_supply(exact, back);
	free(exact);
	free(key);
	return size;
}

static void
test_leaves(void)
{
	size_t		longest = 0;

	for (int i = 0; i < VALUES; i++)
	{
		Supply		supply = random_supply();
		Supply		back;
		size_t		size;

		if (below(4) == 0)
			supply.valid_from = below(2) ? DAY_MIN + below(3) : -below(3);
		if (below(4) == 0)
			supply.valid_until = below(2) ? DAY_MAX - below(3) : below(3);
		size = sent_and_back(&supply, &back);
		longest = size > longest ? size : longest;
		back.position.longitude = supply.position.longitude;
		back.position.latitude = supply.position.latitude;
		if (supply.flags & SUPPLY_REMOTE)
			back.position = supply.position;
		expect(memcmp(&back, &supply, sizeof(supply)) == 0, "another supply comes back");
	}
	expect(longest > 70 && longest <= SUPPLY_KEY_MAX, "the longest key has %d bytes", (int) longest);
	verdict("a leaf key gives all that decides back");
}

static void
test_bound_keys(void)
{
	for (int i = 0; i < VALUES / 10; i++)
	{
		uint8_t		key[SUPPLY_KEY_MAX];
		Supply		supply = random_supply();
		Bound		bound;
		Bound		back;

		bound_of(&bound, &supply);
		supply_key_of_supply(&supply, key);
		supply_key_to_bound(key, &back);
		expect(memcmp(&bound, &back, sizeof(bound)) == 0, "a leaf key's bound is not the supply's");
		expect(supply_key_of_bound(&bound, key) == SUPPLY_KEY_MAX, "a bound's key has another size");
		expect(supply_key_valid(key, SUPPLY_KEY_MAX) && !supply_key_valid(key, SUPPLY_KEY_MAX - 1), "validity");
		expect(!supply_key_is_leaf(key), "a bound's key is a leaf");
		supply_key_to_bound(key, &back);
		expect(memcmp(&bound, &back, sizeof(bound)) == 0, "another bound comes back");
	}
	verdict("a bound comes back from either kind of key");
}

/* ---------- split ---------- */

static int	interruptions;

static void
count_interruption(void *unused)
{
	(void) unused;
	interruptions++;
}

static const Host host = {.interrupt = count_interruption};

static void
split_some(Bound *parts, const int *sizes, int count, bool alike)
{
	bool		right[PARTS_MAX];
	bool		trial[PARTS_MAX];
	BoundRank	ranks[PARTS_MAX];
	BoundSplit	split = {.count = count,.parts = parts,.sizes = sizes,.page_size = PAGE,.host = &host,
	.right = right,.trial = trial,.ranks = ranks};
	Bound		sides[2];
	Bound		all;
	int			rights = 0;

	interruptions = 0;
	bound_split(&split);
	/* Four cuts, and a partition by place, by competence and by audience. */
	expect(interruptions == 4 + 1 + COMPETENCE_SLOTS + VOCABULARY_CODES_MAX, "%d interruptions", interruptions);
	bound_clear(&sides[0]);
	bound_clear(&sides[1]);
	for (int i = 0; i < count; i++)
	{
		rights += right[i];
		bound_extend(&sides[right[i]], &parts[i]);
	}
	all = sides[0];
	bound_extend(&all, &sides[1]);
	expect(rights > 0 && rights < count, "%d of %d parts go right", rights, count);
	expect(memcmp(&sides[0], &split.left_bound, sizeof(Bound)) == 0 &&
		   memcmp(&sides[1], &split.right_bound, sizeof(Bound)) == 0, "a side's bound is not that of its parts");
	if (alike)
		return;
	/* No worse than what it was: n searches of all look at all. */
	expect((count - rights) * bound_visits(&sides[0]) + rights * bound_visits(&sides[1]) <=
		   count * bound_visits(&all) * (1 + 1e-12), "a split makes scans read more");
}

static void
test_splits(void)
{
	for (int i = 0; i < SPLITS; i++)
	{
		Bound		parts[PARTS_MAX];
		int			sizes[PARTS_MAX];
		int			count = below(10) == 0 ? 2 : 2 + below(PARTS_MAX - 1);
		bool		alike = below(5) == 0;

		for (int j = 0; j < count; j++)
		{
			Supply		supply = random_supply();

			bound_of(&parts[j], &supply);
			if (alike)
				parts[j] = parts[0];
			sizes[j] = 40 + 8 * below(10);
		}
		split_some(parts, sizes, count, alike);
	}
	verdict("a split has two sides, each with its bound, and can be interrupted before each trial");
}

/* Remote and on-site offers of one subject: nothing parts them better. */
static void
test_remote_apart(void)
{
	Bound		parts[PARTS_MAX];
	int			sizes[PARTS_MAX];
	bool		right[PARTS_MAX];
	bool		trial[PARTS_MAX];
	BoundRank	ranks[PARTS_MAX];
	BoundSplit	split = {.count = PARTS_MAX,.parts = parts,.sizes = sizes,.page_size = PAGE,.host = &host,
	.right = right,.trial = trial,.ranks = ranks};

	for (int i = 0; i < PARTS_MAX; i++)
	{
		Supply		supply = random_supply();
		Problem		problem;

		memset(supply.taught, 0, sizeof(supply.taught));
		supply.taught[3] = 0x40;
		supply.audiences = supply.only_for = 0;
		geo_position(1 + share() / 100, 49 + share() / 100, &supply.position, &problem);
		supply.flags = SUPPLY_POSITIONED | (i % 2 ? SUPPLY_REMOTE : 0);
		bound_of(&parts[i], &supply);
		sizes[i] = 60;
	}
	bound_split(&split);
	for (int i = 0; i < PARTS_MAX; i++)
		expect(right[i] == (i % 2 == 1), "a remote offer among the on-site ones");
	expect(bound_penalty(&split.left_bound, &parts[0]) < bound_penalty(&split.right_bound, &parts[0]) ||
		   bound_penalty(&split.left_bound, &parts[1]) > bound_penalty(&split.right_bound, &parts[1]),
		   "a remote offer goes to the on-site page");
	verdict("remote offers are parted from the others");
}

int
main(void)
{
	test_leaves();
	test_bound_keys();
	test_splits();
	test_remote_apart();
	return last_verdict();
}
