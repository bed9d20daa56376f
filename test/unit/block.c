/*
 * block.c
 *		The offers held in memory: the lists of a scan, to the last bit, however
 *		many offers there are, by both kernels; memory and interrupts accounted.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/block.h"
#include "sets.h"
#include "tap.h"

#define SMALL_SETS 3000
#define SMALL_MAX 200
#define LARGE_OFFERS 40000
#define LARGE_NEEDS 120
#define EQUAL_OFFERS 60000
#define LANE_SETS 3000
#define NO_LIMIT (INT64_C(1) << 40)

/* ---------- a host that counts ---------- */

static int64_t lent;
static int64_t most_lent;
static long polls;

static void *
count_reallocate(void *opaque, void *pointer, size_t size)
{
	int64_t    *block = pointer == NULL ? NULL : (int64_t *) pointer - 2;

	lent += (int64_t) size - (block == NULL ? 0 : *block);
	most_lent = lent > most_lent ? lent : most_lent;
	block = realloc(block, size + 2 * sizeof(int64_t));
	if (block == NULL)
		abort();
	*block = (int64_t) size;
	return block + 2;
}

static void
count_release(void *opaque, void *pointer)
{
	if (pointer == NULL)
		return;
	lent -= ((int64_t *) pointer)[-2];
	free((int64_t *) pointer - 2);
}

static void
count_poll(void *opaque)
{
	polls++;
}

static const Host host = {count_reallocate, count_release, count_poll, NULL};

/* ---------- a scan ---------- */

static int
order_of_match(const void *a, const void *b)
{
	const BlockMatch *one = a;
	const BlockMatch *other = b;

	if (one->cost != other->cost)
		return one->cost < other->cost ? -1 : 1;
	return one->id < other->id ? -1 : one->id > other->id;
}

static int
scan(const Supply *supplies, const int64_t *ids, int count, const PreparedNeed *prepared, int k, BlockMatch *matches)
{
	BlockMatch *all = malloc((size_t) (count + 1) * sizeof(BlockMatch));
	int			eligible = 0;

	for (int i = 0; i < count; i++)
	{
		if (fit_eligible(prepared, &supplies[i]))
			all[eligible++] = (BlockMatch) {fit_cost(prepared, &supplies[i]), ids[i], &supplies[i]};
	}
	qsort(all, (size_t) eligible, sizeof(BlockMatch), order_of_match);
	eligible = eligible < k ? eligible : k;
	memcpy(matches, all, (size_t) eligible * sizeof(BlockMatch));
	free(all);
	return eligible;
}

/* ---------- stores ---------- */

static BlockStore *
store_of(const Supply *supplies, const int64_t *ids, int count)
{
	Problem		problem;
	BlockStore *store = block_open(&host, NO_LIMIT, &problem);
	bool		built = true;

	for (int i = 0; i < count; i++)
		built = built && block_add(store, ids[i], &supplies[i], &problem);
	expect(built && block_finish(store, &problem), "%d offers are refused", count);
	expect(block_memory(store) == lent, "%ld bytes are held, not %ld", (long) lent, (long) block_memory(store));
	return store;
}

/* Distinct numbers of both signs, in no order. */
static void
number_offers(int64_t *ids, int count)
{
	for (int i = 0; i < count; i++)
		ids[i] = (int64_t) i * 7 - count;
	for (int i = count - 1; i > 0; i--)
	{
		int			j = below(i + 1);
		int64_t		kept = ids[i];

		ids[i] = ids[j];
		ids[j] = kept;
	}
}

static void
expect_list(BlockStore *store, const PreparedNeed *prepared, const LaneKernel *kernel, int k,
			const BlockMatch *expected, int length)
{
	BlockMatch	found[BLOCK_MATCHES_MAX];
	int			count = block_match(store, prepared, kernel, k, found);

	expect(count == length, "%d offers are found, not %d", count, length);
	for (int i = 0; i < count && i < length; i++)
	{
		expect(found[i].id == expected[i].id && memcmp(&found[i].cost, &expected[i].cost, sizeof(double)) == 0,
			   "place %d of %d is offer %ld at %.17g, not %ld at %.17g", i, length, (long) found[i].id,
			   found[i].cost, (long) expected[i].id, expected[i].cost);
		expect(memcmp(found[i].supply, expected[i].supply, sizeof(Supply)) == 0, "another supply is named");
	}
}

static long listed;

static void
expect_scan(BlockStore *store, const Supply *supplies, const int64_t *ids, int count, const Need *need, int k)
{
	BlockMatch	expected[BLOCK_MATCHES_MAX];
	PreparedNeed prepared;
	int			length;

	fit_prepare(need, &prepared);
	length = scan(supplies, ids, count, &prepared, k, expected);
	listed += length;
	expect_list(store, &prepared, &lane_portable, k, expected, length);
	expect_list(store, &prepared, &LANE_FASTEST, k, expected, length);
}

/* ---------- those before one ---------- */

typedef struct Found
{
	int64_t    *ids;
	int			count;
} Found;

static void
note_found(void *opaque, int64_t id)
{
	Found	   *found = opaque;

	found->ids[found->count++] = id;
}

static int
order_of_id(const void *a, const void *b)
{
	int64_t		one = *(const int64_t *) a;
	int64_t		other = *(const int64_t *) b;

	return one < other ? -1 : one > other;
}

static long ahead;

/* Before a cost and a number, all of a scan that are less, each once. */
static void
expect_ahead(BlockStore *store, const Supply *supplies, const int64_t *ids, int count, const PreparedNeed *prepared,
			 const LaneKernel *kernel, double cost, int64_t id)
{
	BlockMatch	limit = {.cost = cost,.id = id};
	Found		found = {malloc((size_t) (count + 1) * sizeof(int64_t)), 0};
	Found		expected = {malloc((size_t) (count + 1) * sizeof(int64_t)), 0};

	block_ahead(store, prepared, kernel, cost, id, note_found, &found);
	for (int i = 0; i < count; i++)
	{
		BlockMatch	match = {.cost = fit_cost(prepared, &supplies[i]),.id = ids[i]};

		if (fit_eligible(prepared, &supplies[i]) && order_of_match(&match, &limit) < 0)
			expected.ids[expected.count++] = ids[i];
	}
	qsort(found.ids, (size_t) found.count, sizeof(int64_t), order_of_id);
	qsort(expected.ids, (size_t) expected.count, sizeof(int64_t), order_of_id);
	expect(found.count == expected.count, "%d offers come before %ld at %.17g, not %d", found.count, (long) id, cost, expected.count);
	expect(memcmp(found.ids, expected.ids, (size_t) found.count * sizeof(int64_t)) == 0, "others come before");
	ahead += found.count;
	free(found.ids);
	free(expected.ids);
}

/* ---------- lists ---------- */

static void
test_small_sets(void)
{
	static const int lengths[] = {1, 3, 20, BLOCK_MATCHES_MAX};
	Supply		supplies[SMALL_MAX];
	int64_t		ids[SMALL_MAX];

	for (int set = 0; set < SMALL_SETS; set++)
	{
		const double *centre = centres[below(sizeof(centres) / sizeof(centres[0]))];
		int			count = set <= 65 ? set : 1 + below(SMALL_MAX);
		BlockStore *store;

		gather(supplies, count > 0 ? count : 1, centre);
		number_offers(ids, count);
		store = store_of(supplies, ids, count);
		for (int i = 0; i < 8; i++)
		{
			Need		need = need_near(supplies, count > 0 ? count : 1, centre);

			expect_scan(store, supplies, ids, count, &need, lengths[below(4)]);
		}
		block_close(store);
		expect(lent == 0, "%ld bytes are not given back", (long) lent);
	}
	expect(listed > 10000, "only %ld offers were listed", listed);
	verdict("lists of few offers are those of a scan");
}

/* Before each of a list, before one that is not on it, before nothing. */
static void
test_ahead(void)
{
	Supply		supplies[SMALL_MAX];
	int64_t		ids[SMALL_MAX];
	BlockMatch	list[BLOCK_MATCHES_MAX];

	for (int set = 0; set < SMALL_SETS / 10; set++)
	{
		const double *centre = centres[below(sizeof(centres) / sizeof(centres[0]))];
		int			count = 1 + below(SMALL_MAX);
		BlockStore *store;

		/* a third of them share a supply, hence a cost */
		gather(supplies, count, centre);
		for (int i = 0; i < count / 3; i++)
			supplies[below(count)] = supplies[0];
		number_offers(ids, count);
		store = store_of(supplies, ids, count);
		for (int i = 0; i < 4; i++)
		{
			Need		need = need_near(supplies, count, centre);
			const LaneKernel *kernel = i % 2 ? &lane_portable : &LANE_FASTEST;
			PreparedNeed prepared;
			int			length;

			fit_prepare(&need, &prepared);
			length = scan(supplies, ids, count, &prepared, BLOCK_MATCHES_MAX, list);
			expect_ahead(store, supplies, ids, count, &prepared, kernel, INFINITY, 0);
			expect_ahead(store, supplies, ids, count, &prepared, kernel, -1, 0);
			expect_ahead(store, supplies, ids, count, &prepared, kernel, 0.4, INT64_MAX);
			for (int at = 0; at < length; at += 1 + below(9))
				expect_ahead(store, supplies, ids, count, &prepared, kernel, list[at].cost, list[at].id);
		}
		block_close(store);
	}
	expect(ahead > 10000, "only %ld offers came before others", ahead);
	verdict("those before one are those of a scan");
}

/* Around the ends of words, blocks and groups, all remote, none, or some. */
static void
test_fills(void)
{
	static const int fills[] = {63, 64, 65, 127, 128, 129, 1023, 1024, 1025, 2047, 2048, 2049};
	Supply	   *supplies = malloc(2 * 2049 * sizeof(Supply));
	int64_t    *ids = malloc(2 * 2049 * sizeof(int64_t));

	for (int on_site = 0; on_site < 12; on_site++)
	{
		int			remote = fills[below(12)] * below(2);
		int			count = fills[on_site] + remote;
		BlockStore *store;

		for (int i = 0; i < count; i++)
			supplies[i] = gathered_supply(centres[1], 0.5, i < remote ? ALL_REMOTE : ALL_ON_SITE, true);
		number_offers(ids, count);
		store = store_of(supplies, ids, count);
		for (int i = 0; i < 10; i++)
		{
			Need		need = need_near(supplies, count, centres[1]);

			expect_scan(store, supplies, ids, count, &need, 1 + below(60));
		}
		block_close(store);
	}
	verdict("words, blocks and kinds may be full or short");
	free(supplies);
	free(ids);
}

/* The same few supplies many times: nearly every cost is shared. */
static void
test_ties(void)
{
	Supply		few[50];
	Supply	   *supplies = malloc(LARGE_OFFERS * sizeof(Supply));
	int64_t    *ids = malloc(LARGE_OFFERS * sizeof(int64_t));
	BlockStore *store;

	for (int i = 0; i < 50; i++)
		few[i] = gathered_supply(centres[0], 0.1, ANYHOW, true);
	for (int i = 0; i < LARGE_OFFERS; i++)
		supplies[i] = few[below(50)];
	number_offers(ids, LARGE_OFFERS);
	store = store_of(supplies, ids, LARGE_OFFERS);
	for (int i = 0; i < 40; i++)
	{
		Need		need = need_near(few, 50, centres[0]);

		expect_scan(store, supplies, ids, LARGE_OFFERS, &need, i % 2 ? 20 : BLOCK_MATCHES_MAX);
	}
	block_close(store);
	verdict("equal costs come by number");
	free(supplies);
	free(ids);
}

/* Different supplies of equal cost fill blocks whose bounds are that very cost. */
static void
test_equal_bounds(void)
{
	Supply	   *supplies = malloc(EQUAL_OFFERS * sizeof(Supply));
	int64_t    *ids = malloc(EQUAL_OFFERS * sizeof(int64_t));
	Need		need = random_need();
	BlockStore *store;

	supplies[0] = gathered_supply(centres[0], 0.1, ALL_REMOTE, true);
	supplies[0].only_for = supplies[0].modes = supplies[0].slots = 0;
	supplies[0].families = 2;
	for (int i = 1; i < EQUAL_OFFERS; i++)
	{
		supplies[i] = supplies[0];
		supplies[i].valid_until = DAY_AFTER_ALL - i;
	}
	number_offers(ids, EQUAL_OFFERS);
	store = store_of(supplies, ids, EQUAL_OFFERS);
	need.family = 1;
	need.flags |= NEED_ACCEPT_REMOTE;
	need.accommodations = need.languages = 0;
	listed = 0;
	expect_scan(store, supplies, ids, EQUAL_OFFERS, &need, 20);
	expect(listed == 20, "%ld offers are listed", listed);
	block_close(store);
	verdict("an equal bound may hide a lesser number");
	free(supplies);
	free(ids);
}

static void
test_large_set(void)
{
	Supply	   *supplies = malloc(LARGE_OFFERS * sizeof(Supply));
	int64_t    *ids = malloc(LARGE_OFFERS * sizeof(int64_t));
	BlockStore *store;
	Problem		problem;
	long		before;

	for (int i = 0; i < LARGE_OFFERS; i++)
		supplies[i] = gathered_supply(centres[i % 8], i % 3 ? 2 : 0.2, ANYHOW, i % 4 > 0);
	number_offers(ids, LARGE_OFFERS);
	store = block_open(&host, NO_LIMIT, &problem);
	polls = 0;
	for (int i = 0; i < LARGE_OFFERS; i++)
		expect(block_add(store, ids[i], &supplies[i], &problem), "offer %d is refused", i);
	expect(polls >= LARGE_OFFERS / BLOCK_INTERRUPT_EVERY, "%ld polls while adding", polls);
	polls = 0;
	expect(block_finish(store, &problem), "the offers are refused");
	/* Three orders of several passes each, lanes, blocks. */
	expect(polls >= 20 * (LARGE_OFFERS / BLOCK_INTERRUPT_EVERY), "%ld polls while finishing", polls);
	verdict("loading can be interrupted");

	for (int i = 0; i < LARGE_NEEDS; i++)
	{
		Need		need = need_near(supplies, LARGE_OFFERS, centres[i % 8]);

		/* Nothing rare is asked for: many are eligible, and the worst wants all. */
		if (i % 3 == 0)
			need.accommodations = need.modes = need.slots = need.languages = 0;
		expect_scan(store, supplies, ids, LARGE_OFFERS, &need, i % 10 == 0 ? BLOCK_MATCHES_MAX : 20);
	}
	verdict("lists of many offers are those of a scan");

	for (int i = 0; i < 20; i++)
	{
		BlockMatch	matches[BLOCK_MATCHES_MAX];
		PreparedNeed prepared;
		Need		need = need_near(supplies, LARGE_OFFERS, centres[i % 8]);

		fit_prepare(&need, &prepared);
		before = polls;
		block_match(store, &prepared, &LANE_FASTEST, BLOCK_MATCHES_MAX, matches);
		expect(polls - before >= (LARGE_OFFERS / 1024 + 15) / 16, "%ld polls while matching", polls - before);
	}
	block_close(store);
	verdict("matching can be interrupted");
	free(supplies);
	free(ids);
}

/* ---------- memory ---------- */

static void
test_memory(void)
{
	Supply		supplies[3000];
	int64_t		ids[3000];
	int64_t		needed;
	int			refused = 0;

	for (int i = 0; i < 3000; i++)
		supplies[i] = gathered_supply(centres[1], 0.5, ANYHOW, true);
	number_offers(ids, 3000);
	most_lent = 0;
	block_close(store_of(supplies, ids, 3000));
	needed = most_lent;
	for (int64_t limit = 0; limit <= needed + needed / 16; limit += needed / 16)
	{
		Problem		problem = {"", ""};
		BlockStore *store = block_open(&host, limit, &problem);
		bool		built = true;

		most_lent = 0;
		for (int i = 0; i < 3000 && built; i++)
			built = block_add(store, ids[i], &supplies[i], &problem);
		built = built && block_finish(store, &problem);
		expect(limit == 0 || most_lent <= limit, "%ld bytes are held, %ld allowed", (long) most_lent, (long) limit);
		expect(built == (strstr(problem.message, "allowed") == NULL), "built or refused, not both: %s", problem.message);
		refused += !built;
		block_close(store);
		expect(lent == 0, "%ld bytes are not given back", (long) lent);
	}
	expect(refused > 10 && refused < 18, "%d limits of 18 are refused", refused);
	verdict("no more memory is taken than allowed");
}

/* ---------- kernels ---------- */

static void
test_kernels(void)
{
	for (int set = 0; set < LANE_SETS; set++)
	{
		const double *centre = centres[below(sizeof(centres) / sizeof(centres[0]))];
		Supply		supplies[LANE_COUNT];
		Lanes		lanes;
		Need		need;
		PreparedNeed prepared;
		LaneScale	scale;
		uint16_t	one[LANE_COUNT];
		uint16_t	other[LANE_COUNT];
		uint64_t	near;
		uint32_t	slots = set % 2 ? UINT32_MAX : (uint32_t) random_bits();

		gather(supplies, LANE_COUNT, centre);
		need = need_near(supplies, LANE_COUNT, centre);
		fit_prepare(&need, &prepared);
		memset(&lanes, 0, sizeof(lanes));
		for (int i = 0; i < LANE_COUNT; i++)
			lane_note(&lanes, i, &supplies[i]);
		lane_scale(&scale, &prepared);

		lane_portable.save(&scale, &lanes, slots, one);
		LANE_FASTEST.save(&scale, &lanes, slots, other);
		expect(memcmp(one, other, sizeof(one)) == 0, "savings differ in set %d", set);
		near = lane_portable.approach(&scale, &lanes, one);
		expect(near == LANE_FASTEST.approach(&scale, &lanes, other), "reaches differ in set %d", set);
		expect(memcmp(one, other, sizeof(one)) == 0, "savings by distance differ in set %d", set);
		for (int i = 0; i < 8; i++)
		{
			uint16_t	enough = i == 0 ? 0 : i == 1 ? UINT16_MAX : one[below(LANE_COUNT)] + i % 2;

			expect(lane_portable.at_least(one, enough) == LANE_FASTEST.at_least(other, enough),
				   "thresholds differ in set %d", set);
		}
	}
	verdict("both kernels count the same savings");

	for (int set = 0; set < LANE_SETS; set++)
	{
		Plane		planes[20];
		Plane		one;
		Plane		other;
		uint16_t	numbers[20];
		int			count = below(20);

		for (int i = 0; i < 20; i++)
		{
			numbers[i] = (uint16_t) below(20);
			for (int word = 0; word < PLANE_WORDS; word++)
				planes[i].words[word] = random_bits() & random_bits();
		}
		one = other = planes[below(20)];
		lane_portable.keep_any(&one, planes, numbers, count);
		LANE_FASTEST.keep_any(&other, planes, numbers, count);
		expect(memcmp(&one, &other, sizeof(one)) == 0, "masks differ in set %d", set);
	}
	verdict("both kernels keep the same offers");
}

/* What a supply saves, exactly, its audience aside. */
static double
exact_savings(const PreparedNeed *prepared, const Supply *supply)
{
	const Need *need = &prepared->need;
	FitMeasures measures;

	fit_measure(prepared, supply, &measures);
	return (prepared->learn ? need->w_coverage * measures.coverage : 0) +
		need->w_quality * measures.quality / SUPPLY_QUALITY_MAX +
		need->w_distance * (1 - measures.proximity) +
		need->w_price * (SUPPLY_PRICE_MAX - measures.price) / SUPPLY_PRICE_MAX;
}

static void
test_savings(void)
{
	double		most_over = 0;

	for (int set = 0; set < LANE_SETS; set++)
	{
		const double *centre = centres[below(sizeof(centres) / sizeof(centres[0]))];
		Supply		supplies[LANE_COUNT];
		Lanes		lanes;
		Need		need;
		PreparedNeed prepared;
		LaneScale	scale;
		uint16_t	savings[LANE_COUNT];
		uint64_t	near;

		gather(supplies, LANE_COUNT, centre);
		need = need_near(supplies, LANE_COUNT, centre);
		need.flags |= NEED_POSITIONED | NEED_ACCEPT_ON_SITE;
		fit_prepare(&need, &prepared);
		memset(&lanes, 0, sizeof(lanes));
		for (int i = 0; i < LANE_COUNT; i++)
		{
			supplies[i].flags &= ~SUPPLY_REMOTE;
			lane_note(&lanes, i, &supplies[i]);
		}
		lane_scale(&scale, &prepared);
		lane_portable.save(&scale, &lanes, UINT32_MAX, savings);
		near = lane_portable.approach(&scale, &lanes, savings);
		for (int i = 0; i < LANE_COUNT; i++)
		{
			double		exact = exact_savings(&prepared, &supplies[i]) * LANE_UNIT;
			double		distance = geo_distance(&need.position, &supplies[i].position);
			bool		reached = distance <= need.max_distance || distance <= supplies[i].travels_within;

			if (supplies[i].framework != need.framework)
				continue;
			expect(savings[i] + LANE_SLACK > exact, "%d is saved, not %g, in set %d", savings[i], exact, set);
			expect(!reached || (near >> i & 1), "an offer within reach is lost in set %d", set);
			if (need.max_distance > 100 && need.max_distance < 100000)
				most_over = fmax(most_over, savings[i] - exact);
		}
	}
	verdict("savings are never counted too low");
	expect(most_over < 40, "%g parts of %g are counted too many", most_over, LANE_UNIT);
	verdict("nor much too high");
}

int
main(void)
{
	test_kernels();
	test_savings();
	test_small_sets();
	test_ahead();
	test_fills();
	test_ties();
	test_equal_bounds();
	test_large_set();
	test_memory();
	return last_verdict();
}
