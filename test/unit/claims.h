/*
 * claims.h
 *		What unit tests of the core share: claims counted and told as TAP, and a
 *		host that can fail and knows what it lent.
 *
 * A claim is made many times, on as many instances, and told on one line.
 */
#ifndef INCLUSION_CLAIMS_H
#define INCLUSION_CLAIMS_H

#include "core/host.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLAIMS_MAX	100

/* Something the tests claim, and how often it held. */
typedef struct Claim
{
	const char *what;
	long		held;
	long		failed;
	long		first_failure;	/* its instance, 0 outside the random ones */
} Claim;

static Claim claims[CLAIMS_MAX];
static int	claim_count;
static long instance_number;

static Claim *
find_claim(const char *what)
{
	int			i = 0;

	while (i < claim_count && claims[i].what != what && strcmp(claims[i].what, what) != 0)
		i++;
	if (i == CLAIMS_MAX)
		abort();
	if (i == claim_count)
		claims[claim_count++].what = what;
	return &claims[i];
}

static void
expect(bool condition, const char *what)
{
	Claim	   *claim = find_claim(what);

	if (condition)
		claim->held++;
	else if (claim->failed++ == 0)
		claim->first_failure = instance_number;
}

/* One line per claim; returns the exit code. */
static int
print_claims(void)
{
	int			code = 0;

	for (int i = 0; i < claim_count; i++)
	{
		const Claim *claim = &claims[i];

		if (claim->failed == 0)
		{
			printf("ok %d - %s (%ld times)\n", i + 1, claim->what, claim->held);
			continue;
		}
		printf("not ok %d - %s (%ld times of %ld, first at instance %ld)\n", i + 1, claim->what,
			   claim->failed, claim->failed + claim->held, claim->first_failure);
		code = 1;
	}
	printf("1..%d\n", claim_count);
	return code;
}

static long lent;
static long lends_left = -1;	/* -1: without limit */
static long interruptions;

static void *
test_reallocate(void *opaque, void *pointer, size_t size)
{
	(void) opaque;
	if (lends_left == 0)
		return NULL;
	if (lends_left > 0)
		lends_left--;
	if (pointer == NULL)
		lent++;
	return realloc(pointer, size);
}

static void
test_release(void *opaque, void *pointer)
{
	(void) opaque;
	if (pointer != NULL)
		lent--;
	free(pointer);
}

static void
test_interrupt(void *opaque)
{
	(void) opaque;
	interruptions++;
}

/* Memory that a test may run out of: see lends_left. */
static const Host host = {test_reallocate, test_release, test_interrupt, NULL};

#endif							/* INCLUSION_CLAIMS_H */
