/*
 * allocation_check.h
 *		Is this allocation the one that was promised?
 *
 * Written apart from the algorithm, from the promises alone: it keeps no heap,
 * compares no key, and counts reserved places by seating people on them.
 */
#ifndef INCLUSION_CORE_ALLOCATION_CHECK_H
#define INCLUSION_CORE_ALLOCATION_CHECK_H

#include "allocation.h"

typedef enum AllocationFault
{
	ALLOCATION_OUTSIDE_LIST,	/* a position that the list does not have */
	ALLOCATION_OVER_CAPACITY,	/* more people than places at the offer */
	ALLOCATION_WASTE,			/* a place left free at an offer preferred */
	ALLOCATION_ENVY,			/* an offer preferred would take the person
								 * rather than the rival it holds */
	ALLOCATION_FAULT_COUNT
} AllocationFault;

typedef struct AllocationViolation
{
	AllocationFault fault;
	int32_t		person;			/* nobody: the fault is the offer's */
	int32_t		offer;			/* -1: outside the list */
	int32_t		rival;			/* nobody: except for envy */
} AllocationViolation;

typedef void (*AllocationReport) (void *opaque, const AllocationViolation *violation);

/*
 * Reports every violation and sets *violations to their number; false only
 * when memory runs out.
 */
extern bool allocation_check(const AllocationProblem *problem,
							 const Host *host, const int32_t *position,
							 AllocationReport report, void *opaque,
							 int64_t *violations, Problem *trouble);
extern const char *allocation_fault_code(AllocationFault fault);

#endif							/* INCLUSION_CORE_ALLOCATION_CHECK_H */
