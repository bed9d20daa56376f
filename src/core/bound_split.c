/*
 * bound_split.c
 *		Where a supply belongs among bounds, and how to part an overfull page.
 *
 * A search looks inside a bound when it is near enough and promises enough:
 * the model multiplies both.  Its figures come from trials on offers of the
 * whole country; only their proportions matter, and those little.
 */
#include "bound_split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define EARTH_KM 6371.0
#define UNIT 1073741824.0		/* 2^30, the length of a unit vector */

/* People look around them: a point is looked at from this far, in km. */
#define LOOK_AROUND 33.0
/* Bounds that span this much, in km by km, are looked at from everywhere. */
#define WHOLE_COUNTRY (1100.0 * 1100.0)

/* What any bound promises, and the shares of what is taught, to whom, how well. */
#define PROMISE_BASE 0.1
#define PROMISE_TAUGHT 0.5
#define PROMISE_AUDIENCES 0.2
#define PROMISE_QUALITY 0.15
/* Sums of levels, and numbers of audiences, that promise all. */
#define LEVELS_FULL (COMPETENCE_SLOTS * 5)
#define AUDIENCES_FULL 16

/* A page split for an index just built is filled so far, to leave room. */
#define FILL 0.9

static double
extent(const Bound *bound, int axis)
{
	return ((double) bound->high[axis] - bound->low[axis]) / UNIT * EARTH_KM;
}

/*
 * Extents of the box on the ground.  Going north moves z by the cosine of the
 * latitude, and moves x and y together by its sine: what is left of their
 * extents is the way from west to east.
 */
static double
nearness(const Bound *bound)
{
	double		z = ((double) bound->high[2] + bound->low[2]) / 2 / UNIT;
	double		cosine = sqrt(fmax(1e-6, 1 - z * z));
	double		inward = extent(bound, 2) * z / cosine;
	double		north_south = extent(bound, 2) / cosine;
	double		east_west = sqrt(fmax(0, extent(bound, 0) * extent(bound, 0) +
									  extent(bound, 1) * extent(bound, 1) - inward * inward));

	return fmin(1, (north_south + LOOK_AROUND) * (east_west + LOOK_AROUND) / WHOLE_COUNTRY);
}

static double
promise(const Bound *bound)
{
	int			levels = 0;

	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
		levels += bound_level_reached(bound, slot) - bound_level_required(bound, slot);
	return PROMISE_BASE + PROMISE_TAUGHT * levels / LEVELS_FULL +
		PROMISE_AUDIENCES * fit_count_bits(bound->audiences) / AUDIENCES_FULL +
		PROMISE_QUALITY * bound->quality / SUPPLY_QUALITY_MAX;
}

double
bound_visits(const Bound *bound)
{
	return (bound->flags & BOUND_REMOTE ? 1 : nearness(bound)) * promise(bound);
}

double
bound_penalty(const Bound *into, const Bound *part)
{
	Bound		both = *into;
	double		visits = bound_visits(into);

	bound_extend(&both, part);
	/* Where nothing is added, the least visited takes it in. */
	return fmax(0, bound_visits(&both) - visits) + 1e-9 * visits;
}

/*
 * Split
 */

static int
compare_ranks(const void *a, const void *b)
{
	const BoundRank *x = a;
	const BoundRank *y = b;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->part - y->part;
}

/* Keep the trial if it makes scans read less: keys are what they read. */
static void
keep_if_better(BoundSplit *split, double *best)
{
	Bound		left;
	Bound		right;
	int			rights = 0;
	double		visits;

	bound_clear(&left);
	bound_clear(&right);
	for (int i = 0; i < split->count; i++)
	{
		bound_extend(split->trial[i] ? &right : &left, &split->parts[i]);
		rights += split->trial[i];
	}
	visits = (split->count - rights) * bound_visits(&left) + rights * bound_visits(&right);
	if (visits >= *best)
		return;
	*best = visits;
	memcpy(split->right, split->trial, sizeof(bool) * (size_t) split->count);
	split->left_bound = left;
	split->right_bound = right;
}

/*
 * How many bytes go left.  A build brings several pages at once: they are cut
 * between whole pages, each with some room left, for otherwise one part too
 * many would make two half-empty pages.
 */
static int
left_bytes(const BoundSplit *split)
{
	int64_t		total = 0;
	int			pages;

	for (int i = 0; i < split->count; i++)
		total += split->sizes[i];
	pages = (int) ceil((double) total / (FILL * split->page_size));
	if (pages < 2)
		pages = 2;
	return (int) (total * (pages / 2) / pages);
}

/* Cut in the order of a value, by bytes; both sides get some. */
static void
try_cut(BoundSplit *split, int bytes, double *best)
{
	split->host->interrupt(split->host->opaque);
	qsort(split->ranks, (size_t) split->count, sizeof(*split->ranks), compare_ranks);
	for (int i = 0; i < split->count; i++)
	{
		int			part = split->ranks[i].part;

		split->trial[part] = i > 0 && (bytes <= 0 || i == split->count - 1);
		bytes -= split->sizes[part];
	}
	keep_if_better(split, best);
}

static int64_t
middle(const Bound *bound, int axis)
{
	/* Nobody on site: at the end, apart. */
	return bound->flags & BOUND_ON_SITE ? (int64_t) bound->low[axis] + bound->high[axis] : INT64_MAX;
}

static void
try_cuts(BoundSplit *split, double *best)
{
	int			bytes = left_bytes(split);

	for (int axis = 0; axis < 3; axis++)
	{
		for (int i = 0; i < split->count; i++)
			split->ranks[i] = (BoundRank) {middle(&split->parts[i], axis), i};
		try_cut(split, bytes, best);
	}
	for (int i = 0; i < split->count; i++)
		split->ranks[i] = (BoundRank) {split->parts[i].quality, i};
	try_cut(split, bytes, best);
}

/* A quarter of the parts on each side at least, or pages would be empty. */
static void
try_partition(BoundSplit *split, bool (*has) (const Bound *, int), int which, double *best)
{
	int			rights = 0;

	split->host->interrupt(split->host->opaque);
	for (int i = 0; i < split->count; i++)
	{
		split->trial[i] = has(&split->parts[i], which);
		rights += split->trial[i];
	}
	if (4 * rights >= split->count && 4 * (split->count - rights) >= split->count &&
		rights > 0 && rights < split->count)
		keep_if_better(split, best);
}

static bool
has_remote(const Bound *bound, int unused)
{
	(void) unused;
	return (bound->flags & BOUND_REMOTE) != 0;
}

static bool
has_taught(const Bound *bound, int slot)
{
	return bound_level_reached(bound, slot) > 0;
}

static bool
has_audience(const Bound *bound, int bit)
{
	return (bound->audiences >> bit & 1) != 0;
}

void
bound_split(BoundSplit *split)
{
	double		best = HUGE_VAL;

	try_cuts(split, &best);
	try_partition(split, has_remote, 0, &best);
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
		try_partition(split, has_taught, slot, &best);
	for (int bit = 0; bit < VOCABULARY_CODES_MAX; bit++)
		try_partition(split, has_audience, bit, &best);
}
