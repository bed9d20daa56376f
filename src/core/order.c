/*
 * order.c
 *		Indexes of numbers in increasing order.
 */
#include "order.h"

#include <stdlib.h>

typedef struct Numbered
{
	int64_t		value;
	int32_t		index;
} Numbered;

static int
compare_numbered(const void *one, const void *other)
{
	const Numbered *a = one;
	const Numbered *b = other;

	if (a->value != b->value)
		return a->value < b->value ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

bool
order_indexes(const Host *host, const int64_t *values, int32_t count, int32_t *order)
{
	/* One element more, so that no request is for zero bytes. */
	Numbered   *sorted = host->reallocate(host->opaque, NULL,
										  ((size_t) count + 1) * sizeof(Numbered));

	if (sorted == NULL)
		return false;
	for (int32_t i = 0; i < count; i++)
		sorted[i] = (Numbered) {values[i], i};
	qsort(sorted, (size_t) count, sizeof(Numbered), compare_numbered);
	for (int32_t i = 0; i < count; i++)
		order[i] = sorted[i].index;
	host->release(host->opaque, sorted);
	return true;
}
