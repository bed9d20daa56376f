/*
 * perturbation.h
 *		Counts that any filter may ask for: a number of people, and noise that is
 *		the same whenever the same people are counted.
 *
 * Each person has a key, drawn once and kept secret.  The keys of those counted
 * add up, modulo 2^32, to a number that looks drawn at random and that the same
 * people always give: it says which row of a table of noise to take.
 */
#ifndef INCLUSION_CORE_PERTURBATION_H
#define INCLUSION_CORE_PERTURBATION_H

#include "measure.h"
#include "state.h"

/* Keys are below this. */
#define PERTURBATION_KEYS (INT64_C(1) << 32)

typedef struct KeyedCount
{
	StateHead	head;
	int64_t		n;
	int64_t		keys;			/* their sum, modulo PERTURBATION_KEYS */
} KeyedCount;

extern const StateKind keyed_count_kind;

/* One person more; a key that is none is refused. */
extern bool keyed_count_add(KeyedCount *count, int64_t key, Problem *problem);

/* What may be said of the count: never 1 nor 2, nobody is nobody, and 5 at most from the truth. */
extern int64_t keyed_count_perturbed(const KeyedCount *count);

#endif							/* INCLUSION_CORE_PERTURBATION_H */
