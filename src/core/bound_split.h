/*
 * bound_split.h
 *		Where a supply belongs among bounds, and how to part an overfull page:
 *		a model of what scans will read.
 */
#ifndef INCLUSION_CORE_BOUND_SPLIT_H
#define INCLUSION_CORE_BOUND_SPLIT_H

#include "bound.h"
#include "host.h"

/* How likely a search is to look inside this bound, in no unit. */
extern double bound_visits(const Bound *bound);
/* What visits this part adds to the bound that takes it in. */
extern double bound_penalty(const Bound *into, const Bound *part);

/* What a split works on: parts given, room for it to write in. */
typedef struct BoundSplit
{
	int			count;			/* of parts, at least 2 */
	const Bound *parts;
	const int  *sizes;			/* of the parts, in bytes */
	int			page_size;		/* bytes that a page holds */
	const Host *host;			/* interrupted before each trial, of all parts once */
	bool	   *right;			/* the answer: which parts go to the right */
	Bound		left_bound;		/* ... and what bounds each side */
	Bound		right_bound;
	bool	   *trial;			/* scratch, one per part */
	struct BoundRank *ranks;	/* the same */
} BoundSplit;

typedef struct BoundRank
{
	int64_t		value;
	int			part;
} BoundRank;

extern void bound_split(BoundSplit *split);

#endif							/* INCLUSION_CORE_BOUND_SPLIT_H */
