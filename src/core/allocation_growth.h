/*
 * allocation_growth.h
 *		An allocation on lists that begin short and grow for those who could gain.
 *
 * What is left out of a list can take a person only where an offer has room, or
 * somebody of a later rank, or places kept for some public; or for the place
 * that the person holds, and somebody there would rather have.  As soon as
 * somebody comes to the end of a list for nothing, or for the place held before,
 * those in the second half of theirs are lengthened along: they are the next to
 * be displaced.  The outcome is that of the longest lists for all.
 */
#ifndef INCLUSION_CORE_ALLOCATION_GROWTH_H
#define INCLUSION_CORE_ALLOCATION_GROWTH_H

#include "allocation_input.h"

/*
 * position: as allocation.h has it, zero at first.  Once a list should have grown
 * beyond what was looked for, nothing grows any more: that person's `asked` is
 * more than `known`, and the outcome is not the last word.
 */
extern bool allocation_grow(AllocationInput *input, AllocationProblem *problem,
							int32_t *position, Problem *trouble);

/* Was more looked for than is known? */
static inline bool
allocation_wants_more(const AllocationGrowth *growth)
{
	return growth->asked > growth->known && growth->found >= growth->known;
}

#endif							/* INCLUSION_CORE_ALLOCATION_GROWTH_H */
