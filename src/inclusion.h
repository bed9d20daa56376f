/*
 * inclusion.h
 *		The settings that the library reads, defined by _PG_init.
 */
#ifndef INCLUSION_H
#define INCLUSION_H

extern int	inclusion_allocation_mem;	/* kilobytes */

#endif							/* INCLUSION_H */
