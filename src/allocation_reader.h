/*
 * allocation_reader.h
 *		From two queries to a problem for the core.
 *
 * It knows nothing of the registry: any tables will do.
 */
#ifndef INCLUSION_ALLOCATION_READER_H
#define INCLUSION_ALLOCATION_READER_H

#include "fmgr.h"

#include "core/allocation.h"
#include "core/allocation_input.h"

/* A text argument that has to be there. */
extern char *allocation_argument(FunctionCallInfo fcinfo, int number, const char *name);

/* Errors name the row.  Where lists grow, applicants say how far theirs counts. */
extern void read_allocation(const char *applicants, const char *offers, AllocationKind kind,
							bool grows, const Host *host, AllocationInput *input,
							AllocationProblem *problem);

#endif							/* INCLUSION_ALLOCATION_READER_H */
