/*
 * host.h
 *		The server as host of the core: memory of a context, interrupts.
 */
#ifndef INCLUSION_HOST_H
#define INCLUSION_HOST_H

#include "core/host.h"
#include "utils/palloc.h"

/* One context holds everything the core asks for: an error leaves nothing. */
extern Host host_of(MemoryContext context);

#endif							/* INCLUSION_HOST_H */
