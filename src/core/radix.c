/*
 * radix.c
 *		Sorting numbers that each carry another, in linear time.
 */
#include "radix.h"

#include <string.h>

#define KEY_BYTES 8
#define DIGITS 256
#define INTERRUPT_EVERY 4096

static inline int
digit_of(const RadixItem *item, int byte)
{
	return (int) (item->key >> 8 * byte & 0xFF);
}

static inline void
poll(const Host *host, uint32_t done)
{
	if (done % INTERRUPT_EVERY == 0)
		host->interrupt(host->opaque);
}

/* From the lowest byte up; one that all keys share moves nothing. */
void
radix_sort(RadixItem *items, RadixItem *scratch, uint32_t count, const Host *host)
{
	uint32_t	counts[KEY_BYTES][DIGITS];
	RadixItem  *from = items;
	RadixItem  *to = scratch;

	memset(counts, 0, sizeof(counts));
	for (uint32_t i = 0; i < count; i++)
	{
		poll(host, i);
		for (int byte = 0; byte < KEY_BYTES; byte++)
			counts[byte][digit_of(&items[i], byte)]++;
	}
	for (int byte = 0; byte < KEY_BYTES && count > 0; byte++)
	{
		uint32_t   *places = counts[byte];
		uint32_t	place = 0;
		RadixItem  *swapped = from;

		if (places[digit_of(&from[0], byte)] == count)
			continue;
		for (int digit = 0; digit < DIGITS; digit++)
		{
			uint32_t	here = places[digit];

			places[digit] = place;
			place += here;
		}
		for (uint32_t i = 0; i < count; i++)
		{
			poll(host, i);
			to[places[digit_of(&from[i], byte)]++] = from[i];
		}
		from = to;
		to = swapped;
	}
	if (from != items)
		memcpy(items, from, count * sizeof(RadixItem));
}
