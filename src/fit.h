/*
 * fit.h
 *		A need prepared once for the many supplies of a scan.
 */
#ifndef INCLUSION_FIT_H
#define INCLUSION_FIT_H

#include "fmgr.h"

#include "core/fit.h"

/*
 * The need, prepared, kept in the function's cache for as long as the bytes
 * are the same: a lateral scan changes them between two calls.
 */
extern PreparedNeed *fit_prepared(FmgrInfo *function, Datum need);

#endif							/* INCLUSION_FIT_H */
