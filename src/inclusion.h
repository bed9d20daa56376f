/*
 * inclusion.h
 *		The settings of inclusion, defined by _PG_init.
 */
#ifndef INCLUSION_H
#define INCLUSION_H

extern int	inclusion_night_lock_timeout;	/* milliseconds, 0 = no limit */
extern int	inclusion_allocation_mem;	/* kilobytes */

#endif							/* INCLUSION_H */
