/*
 * perturbation.c
 *		Counts with noise (cell-key method; Fraser and Wooton 2005).
 */
#include "perturbation.h"

/* Counts from this on share one distribution of noise. */
#define LARGEST 8

/* So many that noise can still be added. */
#define PEOPLE_MAX (INT64_MAX - 5)

typedef struct Noise
{
	int			added;
	double		below;			/* taken when the share of keys is below */
} Noise;

/*
 * The table of package ptable for D = 5, V = 3, js = 2: noise of mean 0 and
 * variance 3, never more than 5, that leaves no count of 1 or 2.
 */
static const Noise noise[] = {
	/* 0 */
	{0, 1},
	/* 1 */
	{-1, 0.73446954}, {2, 0.87118973}, {3, 0.94398604}, {4, 0.9814156}, {5, 1},
	/* 2 */
	{-2, 0.40880704}, {1, 0.81545058}, {2, 0.96307459}, {3, 0.99539341}, {4, 0.99966028}, {5, 1},
	/* 3 */
	{-3, 0.20398618}, {0, 0.5976487}, {1, 0.84514109}, {2, 0.95570956}, {3, 0.9908116},
	{4, 0.99873051}, {5, 1},
	/* 4 */
	{-4, 0.08485487}, {-1, 0.3627761}, {0, 0.64069734}, {1, 0.83009103}, {2, 0.93521648},
	{3, 0.98067184}, {4, 0.99598261}, {5, 1},
	/* 5 */
	{-5, 0.02014749}, {-2, 0.19349496}, {-1, 0.41412797}, {0, 0.63544626}, {1, 0.8104139},
	{2, 0.91943036}, {3, 0.97296319}, {4, 0.99368089}, {5, 1},
	/* 6 */
	{-3, 0.07202982}, {-2, 0.2087469}, {-1, 0.40609829}, {0, 0.62275122}, {1, 0.80363348},
	{2, 0.91848436}, {3, 0.97394435}, {4, 0.99431158}, {5, 1},
	/* 7 */
	{-4, 0.0184392}, {-3, 0.07392308}, {-2, 0.19554412}, {-1, 0.38975228}, {0, 0.6156663},
	{1, 0.8071077}, {2, 0.9252881}, {3, 0.97843428}, {4, 0.99584495}, {5, 1},
	/* 8 and more */
	{-5, 0.00379186}, {-4, 0.02038279}, {-3, 0.07267542}, {-2, 0.19140579}, {-1, 0.38559925},
	{0, 0.61440075}, {1, 0.80859421}, {2, 0.92732458}, {3, 0.97961721}, {4, 0.99620814}, {5, 1},
};

/* Where the row of each count begins. */
static const int rows[] = {0, 1, 6, 12, 19, 27, 36, 45, 55};

static const StateField keyed_count_fields[] = {
	{"n", CELL_COUNT},
	{"keys", CELL_COUNT},
};

static bool
keyed_count_valid(const StateHead *state, Problem *problem)
{
	const KeyedCount *count = (const KeyedCount *) state;

	if (count->n > PEOPLE_MAX || count->keys >= PERTURBATION_KEYS || (count->n == 0 && count->keys != 0))
		return problem_set(problem, "a state of aggregate \"ckm\" has keys that sum to %" PRId64 " for %" PRId64 " people",
						   count->keys, count->n);
	return true;
}

static bool
keyed_count_merge(StateHead *into, const StateHead *from, Problem *problem)
{
	KeyedCount *a = (KeyedCount *) into;
	const KeyedCount *b = (const KeyedCount *) from;

	if (__builtin_add_overflow(a->n, b->n, &a->n) || a->n > PEOPLE_MAX)
		return problem_set(problem, "the counts of aggregate \"ckm\" have become too large");
	a->keys = (a->keys + b->keys) % PERTURBATION_KEYS;
	return true;
}

const StateKind keyed_count_kind = {
	.code = STATE_CKM,
	.name = "ckm",
	.nfields = sizeof(keyed_count_fields) / sizeof(keyed_count_fields[0]),
	.fields = keyed_count_fields,
	.valid = keyed_count_valid,
	.merge = keyed_count_merge,
};

bool
keyed_count_add(KeyedCount *count, int64_t key, Problem *problem)
{
	if (key < 0 || key >= PERTURBATION_KEYS)
	{
		problem_set(problem, "%" PRId64 " is no key", key);
		return problem_hint(problem, "A key is drawn once for each person, from 0 to 4294967295.");
	}
	count->n++;
	count->keys = (count->keys + key) % PERTURBATION_KEYS;
	return true;
}

int64_t
keyed_count_perturbed(const KeyedCount *count)
{
	double		share = (double) count->keys / (double) PERTURBATION_KEYS;
	const Noise *row = noise + rows[count->n < LARGEST ? count->n : LARGEST];

	while (share >= row->below)
		row++;
	return count->n + row->added;
}
