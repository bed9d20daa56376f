/*
 * host.c
 *		The server as host of the core: memory of a context, interrupts.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "host.h"

static void *
host_reallocate(void *opaque, void *pointer, size_t size)
{
	if (pointer == NULL)
		return MemoryContextAllocHuge(opaque, size);
	return repalloc_huge(pointer, size);
}

static void
host_release(void *opaque, void *pointer)
{
	if (pointer != NULL)
		pfree(pointer);
}

static void
host_interrupt(void *opaque)
{
	CHECK_FOR_INTERRUPTS();
}

Host
host_of(MemoryContext context)
{
	return (Host) {host_reallocate, host_release, host_interrupt, context};
}
