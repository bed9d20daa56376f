/*
 * host.h
 *		What the core asks of whoever runs it: memory, and interruptions.
 *
 * The core never calls malloc nor the server itself, so that the same code
 * runs inside PostgreSQL and alone in a test.
 */
#ifndef INCLUSION_CORE_HOST_H
#define INCLUSION_CORE_HOST_H

#include <stddef.h>

typedef struct Host
{
	/* Like realloc: pointer NULL asks for new memory; NULL when none is left. */
	void	   *(*reallocate) (void *opaque, void *pointer, size_t size);
	/* Like free: NULL is accepted. */
	void		(*release) (void *opaque, void *pointer);
	/* Called now and then in long loops; it may never return. */
	void		(*interrupt) (void *opaque);
	void	   *opaque;
} Host;

#endif							/* INCLUSION_CORE_HOST_H */
