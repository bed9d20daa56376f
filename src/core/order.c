/*
 * order.c
 *		Indexes of numbers in increasing order.
 */
#include "order.h"

bool
order_indexes(const Host *host, const int64_t *values, int32_t count, int32_t *order)
{
	/* One element more, so that no request is for zero bytes. */
	size_t		room = (size_t) count + 1;
	RadixItem  *items = host->reallocate(host->opaque, NULL, 2 * room * sizeof(RadixItem));

	if (items == NULL)
		return false;
	/* The sign bit turned over, so that negative numbers come first. */
	for (int32_t i = 0; i < count; i++)
		items[i] = (RadixItem) {(uint64_t) values[i] ^ (UINT64_C(1) << 63), (uint32_t) i};
	radix_sort(items, items + room, (uint32_t) count, host);
	for (int32_t i = 0; i < count; i++)
		order[i] = (int32_t) items[i].value;
	host->release(host->opaque, items);
	return true;
}
