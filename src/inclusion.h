/*
 * inclusion.h
 *		The settings that the library reads, defined by _PG_init.
 */
#ifndef INCLUSION_H
#define INCLUSION_H

/* Kilobytes */
extern int	inclusion_allocation_mem;
extern int	inclusion_match_mem;

#endif							/* INCLUSION_H */
