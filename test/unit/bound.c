/*
 * bound.c
 *		Bounds of sets of supplies: never above a cost, never refusing what is
 *		eligible, and as tight as they can be of one supply.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/bound.h"
#include "core/day.h"
#include "sets.h"
#include "tap.h"

#define SETS 10000
#define SET_MAX 40
#define NEEDS_PER_SET 12
#define CELLS_PER_SIDE 8

/* As a set is united in an index: each at once, or halves of halves. */
static void
unite(Bound *into, const Bound *parts, int count)
{
	Bound		half;
	int			cut;

	if (count == 1)
	{
		*into = *parts;
		return;
	}
	cut = 1 + below(count - 1);
	unite(into, parts, cut);
	unite(&half, parts + cut, count - cut);
	bound_extend(into, &half);
}

static void
shuffle(Bound *parts, int count)
{
	for (int i = count - 1; i > 0; i--)
	{
		int			other = below(i + 1);
		Bound		moved = parts[i];

		parts[i] = parts[other];
		parts[other] = moved;
	}
}

static void
check_unions(const Bound *parts, int count, Bound *all)
{
	Bound		shuffled[SET_MAX];
	Bound		again;

	bound_clear(all);
	for (int i = 0; i < count; i++)
		bound_extend(all, &parts[i]);
	memcpy(shuffled, parts, sizeof(*parts) * (size_t) count);
	shuffle(shuffled, count);
	unite(&again, shuffled, count);
	expect(memcmp(all, &again, sizeof(again)) == 0, "the order of %d parts changes their union", count);
	for (int i = 0; i < count; i++)
		expect(bound_covers(all, &parts[i]), "a union does not cover part %d of %d", i, count);
}

static long eligible_members;
static long refused_sets;

static void
check_need(const Need *need, const Supply *set, const Bound *parts, int count, const Bound *all)
{
	PreparedNeed prepared;
	double		least;
	bool		possible;

	fit_prepare(need, &prepared);
	prepared.ignore_open = below(4) == 0;
	least = bound_cost(all, &prepared);
	possible = bound_eligible(all, &prepared);
	refused_sets += !possible;
	for (int i = 0; i < count; i++)
	{
		double		cost = fit_cost(&prepared, &set[i]);
		double		own = bound_cost(&parts[i], &prepared);
		bool		eligible = fit_eligible(&prepared, &set[i]);

		expect(least <= cost, "bound %.17g of %d supplies above the cost %.17g of one", least, count, cost);
		expect(own <= cost && least <= own, "%.17g, %.17g, %.17g: a wider bound is higher", least, own, cost);
		expect(own >= cost - 1e-14, "bound %.17g of one supply of cost %.17g", own, cost);
		expect(possible || !eligible, "an eligible supply in a set that has none");
		expect(bound_eligible(&parts[i], &prepared) || !eligible, "an eligible supply whose own bound is not");
		eligible_members += eligible;
	}
}

static void
test_bounds(void)
{
	for (int i = 0; i < SETS; i++)
	{
		Supply		set[SET_MAX];
		Bound		parts[SET_MAX];
		Bound		all;
		int			count = below(4) == 0 ? 1 : 1 + below(SET_MAX);
		const double *centre = centres[below(sizeof(centres) / sizeof(centres[0]))];

		gather(set, count, centre);
		for (int j = 0; j < count; j++)
			bound_of(&parts[j], &set[j]);
		check_unions(parts, count, &all);
		for (int j = 0; j < NEEDS_PER_SET; j++)
		{
			Need		need = need_near(set, count, centre);

			check_need(&need, set, parts, count, &all);
		}
	}
	expect(eligible_members > 10000 && refused_sets > 10000, "%ld eligible supplies and %ld refused sets prove little",
		   eligible_members, refused_sets);
	verdict("no cost is below its set's bound, no eligible supply in a refused set");
}

/* Alone, a supply's bound says what the supply says. */
static void
test_one_supply(void)
{
	for (int i = 0; i < SETS * 4; i++)
	{
		const double *centre = centres[below(sizeof(centres) / sizeof(centres[0]))];
		Supply		supply = gathered_supply(centre, 0.1, ANYHOW, below(4) > 0);
		Need		need = need_near(&supply, 1, centre);
		PreparedNeed prepared;
		Bound		bound;

		need.max_distance += 0.001;	/* no supply within a hair of the reach */
		fit_prepare(&need, &prepared);
		bound_of(&bound, &supply);
		expect(bound_eligible(&bound, &prepared) == fit_eligible(&prepared, &supply),
			   "refusals %x, the bound says %d", fit_refusals(&prepared, &supply), bound_eligible(&bound, &prepared));
	}
	verdict("the bound of one supply refuses what the supply refuses");
}

/* ---------- covering ---------- */

static Supply
plainest_supply(void)
{
	Supply		supply;
	char		text[] = "supply{requires=pix{1.1=2};teaches=pix{1.1=5};longitude=1;latitude=49;modes=workshop;"
		"audiences=youth;only_for=youth;slots=mo_am;travels_within=10;valid=[2026-01-01,2026-02-01);open=false}";
	Problem		problem;

	expect(supply_parse(text, &supply, &problem), "refused: %s", problem.message);
	return supply;
}

static void
expect_beyond(const Supply *better, const char *field)
{
	Supply		plain = plainest_supply();
	Bound		outer;
	Bound		inner;

	bound_of(&outer, &plain);
	bound_of(&inner, better);
	expect(!bound_covers(&outer, &inner), "better in %s, and covered", field);
	bound_extend(&outer, &inner);
	expect(bound_covers(&outer, &inner), "better in %s, and not covered once united", field);
}

#define EXPECT_BEYOND(change) \
	do { \
		Supply better = plainest_supply(); \
		better.change; \
		expect_beyond(&better, #change); \
	} while (0)

static void
test_covering(void)
{
	EXPECT_BEYOND(flags |= SUPPLY_OPEN);
	EXPECT_BEYOND(flags |= SUPPLY_REMOTE);
	EXPECT_BEYOND(framework = FRAMEWORK_DIGCOMP);
	EXPECT_BEYOND(quality += 1);
	EXPECT_BEYOND(taught[8] += 0x10);
	EXPECT_BEYOND(taught[8] -= 0x01);
	EXPECT_BEYOND(taught[9] = 0x10);
	EXPECT_BEYOND(travels_within = 10.5);
	EXPECT_BEYOND(families |= 4);
	EXPECT_BEYOND(modes |= 1);
	EXPECT_BEYOND(modes = 0);
	EXPECT_BEYOND(audiences |= 2);
	EXPECT_BEYOND(audiences = 0);
	EXPECT_BEYOND(only_for |= 2);
	EXPECT_BEYOND(only_for = 0);
	EXPECT_BEYOND(accommodations |= 1);
	EXPECT_BEYOND(languages |= 2);
	EXPECT_BEYOND(slots |= 2);
	EXPECT_BEYOND(slots = 0);
	EXPECT_BEYOND(position.unit[0] -= 1);
	EXPECT_BEYOND(position.unit[1] += 1);
	EXPECT_BEYOND(position.unit[2] += 1);
	EXPECT_BEYOND(valid_from -= 1);
	EXPECT_BEYOND(valid_until += 1);
	verdict("what is better in one field is not covered");
}

/* A cheaper supply than this one, which is at the highest price. */
static void
test_price_and_empty_periods(void)
{
	Supply		dear = plainest_supply();
	Supply		never = plainest_supply();
	Bound		outer;
	Bound		inner;

	dear.price = SUPPLY_PRICE_MAX;
	bound_of(&outer, &dear);
	dear.price--;
	bound_of(&inner, &dear);
	expect(!bound_covers(&outer, &inner), "a lower price is covered");
	expect(bound_covers(&inner, &outer), "a higher price is not covered");

	never.valid_from = never.valid_until = 0;
	dear.price = 0;
	bound_of(&outer, &dear);
	bound_of(&inner, &never);
	expect(bound_covers(&outer, &inner), "what is never valid needs days");
	bound_clear(&inner);
	expect(bound_covers(&outer, &inner) && !bound_covers(&inner, &outer), "the empty set is not covered, or covers");
	verdict("a lower price counts, an empty period does not");
}

/* ---------- gain ---------- */

static Need
need_of_everything(void)
{
	NeedInput	input;
	CompetenceVector target;
	int32_t		weights[COMPETENCE_SLOTS];
	Need		need;
	Problem		problem;

	competence_clear(&target, FRAMEWORK_PIX);
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		target.points[slot] = (uint8_t) (slot + 1);
		weights[slot] = NEED_WEIGHT_MAX;
	}
	need_defaults(&input);
	input.target = &target;
	input.weights = weights;
	input.weight_count = COMPETENCE_SLOTS;
	input.accept_on_site = false;
	expect(need_build(&input, &need, &problem), "refused: %s", problem.message);
	return need;
}

/*
 * Supplies that each teach some of 24 competences: the most that one may gain
 * is the sum of the largest gains, as many as it teaches.  Weighted gains go
 * from 15 to 360 points of 4500.
 */
static void
test_counted_gain(void)
{
	Need		need = need_of_everything();
	PreparedNeed prepared;

	fit_prepare(&need, &prepared);
	for (int taught = 1; taught <= COMPETENCE_SLOTS; taught++)
	{
		Bound		all;
		Bound		one;
		int			points = 0;
		double		expected;

		bound_clear(&all);
		for (int first = 0; first < COMPETENCE_SLOTS; first++)
		{
			Supply		supply = plainest_supply();

			supply.flags |= SUPPLY_REMOTE;
			memset(supply.taught, 0, sizeof(supply.taught));
			for (int i = 0; i < taught; i++)
				supply.taught[(first + i) % COMPETENCE_SLOTS] = 0x80;
			bound_of(&one, &supply);
			bound_extend(&all, &one);
		}
		for (int i = 0; i < taught; i++)
			points += NEED_WEIGHT_MAX * (COMPETENCE_SLOTS - i);
		expected = need.w_coverage * (1 - (double) points / 4500) +
			need.w_quality * (double) (SUPPLY_QUALITY_MAX - all.quality) / SUPPLY_QUALITY_MAX;
		expect(fabs(bound_cost(&all, &prepared) - expected) < 1e-12, "%d competences: bound %.17g, not %.17g",
			   taught, bound_cost(&all, &prepared), expected);
	}
	verdict("one supply gains in no more competences than one teaches");
}

/* ---------- reach ---------- */

static void
test_reach(void)
{
	static const double origin[] = {0, 0};

	for (int i = 0; i < SETS * 10; i++)
	{
		const double *centre = centres[below(sizeof(centres) / sizeof(centres[0]))];
		Position	a;
		Position	b;
		double		metres;
		int64_t		chord;

		set_position(&a, centre, pow(10, below(6) - 4));
		set_position(&b, below(4) == 0 ? origin : centre, pow(10, below(7) - 4));
		chord = geo_squared_chord(a.unit, b.unit);
		metres = geo_distance(&a, &b);
		for (int step = -2; step <= 2; step++)
		{
			double		limit = metres * (1 + step * DBL_EPSILON) + (step == 2 ? share() : 0);
			GeoReach	reach;

			geo_reach(limit, &reach);
			expect(chord > reach.within || metres <= limit, "%.17g is told within %.17g", metres, limit);
			expect(chord < reach.beyond || metres > limit, "%.17g is told beyond %.17g", metres, limit);
		}
	}
	verdict("chords that tell an arc's side tell it right");
}

/* ---------- order ---------- */

static int
compare_keys(const void *a, const void *b)
{
	uint64_t	x = *(const uint64_t *) a;
	uint64_t	y = *(const uint64_t *) b;

	return x < y ? -1 : x > y;
}

/* Hilbert's curve through 8 by 8 by 8 cells goes from neighbour to neighbour. */
static void
test_order(void)
{
	static struct
	{
		uint64_t	key;
		int			cell[3];
	}			cells[CELLS_PER_SIDE * CELLS_PER_SIDE * CELLS_PER_SIDE];
	int			count = 0;
	Supply		supply = plainest_supply();

	for (int i = 0; i < (int) (sizeof(cells) / sizeof(cells[0])); i++)
	{
		int			number = i;

		for (int axis = 0; axis < 3; axis++, number /= CELLS_PER_SIDE)
		{
			cells[i].cell[axis] = number % CELLS_PER_SIDE;
			supply.position.unit[axis] = (1 << 28) * (cells[i].cell[axis] - CELLS_PER_SIDE / 2) + below(1 << 28);
		}
		cells[i].key = bound_sort_key(&supply);
		expect(cells[i].key < BOUND_SORT_REMOTE, "an on-site supply among the remote ones");
		count++;
	}
	qsort(cells, (size_t) count, sizeof(cells[0]), compare_keys);
	for (int i = 1; i < count; i++)
	{
		int			steps = 0;

		for (int axis = 0; axis < 3; axis++)
			steps += abs(cells[i].cell[axis] - cells[i - 1].cell[axis]);
		expect(steps == 1, "%d steps between neighbours of the order", steps);
	}

	for (int i = 0; i < SETS; i++)
	{
		supply = random_supply();
		expect((bound_sort_key(&supply) >= BOUND_SORT_REMOTE) == ((supply.flags & SUPPLY_REMOTE) != 0),
			   "remote and on site mixed");
	}
	verdict("neighbours in the order are near, remote supplies apart");
}

/* ---------- audiences ---------- */

/* Each names two of the need's four audiences: no one shares more. */
static void
test_counted_audiences(void)
{
	Need		need = need_of_everything();
	PreparedNeed prepared;
	Bound		all;
	double		best;

	need.audiences = 0xF;
	need.w_audience = 1;
	need.w_coverage = need.w_quality = need.w_distance = 0;
	fit_prepare(&need, &prepared);
	bound_clear(&all);
	for (int i = 0; i < 4; i++)
	{
		Supply		supply = plainest_supply();
		Bound		one;

		supply.audiences = i < 3 ? 3u << i : 9;
		bound_of(&one, &supply);
		bound_extend(&all, &one);
	}
	best = bound_cost(&all, &prepared);
	expect(best == 0.5, "two audiences of four cost %.17g", best);
	verdict("one supply shares no more audiences than one names");
}

int
main(void)
{
	test_bounds();
	test_one_supply();
	test_covering();
	test_price_and_empty_periods();
	test_counted_gain();
	test_reach();
	test_order();
	test_counted_audiences();
	return last_verdict();
}
