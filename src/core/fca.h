/*
 * fca.h
 *		How much a place counts at a given travel time: the kernels of floating
 *		catchment areas (Luo and Wang 2003; Luo and Qi 2009).
 */
#ifndef INCLUSION_CORE_FCA_H
#define INCLUSION_CORE_FCA_H

#include "measure.h"

#define FCA_BANDS_MAX 16

typedef enum FcaShape
{
	FCA_BANDS,					/* a weight up to each limit; step is one band */
	FCA_GAUSSIAN,
	FCA_EPANECHNIKOV
} FcaShape;

typedef struct FcaKernel
{
	FcaShape	shape;
	int			count;			/* bands */
	double		until[FCA_BANDS_MAX];	/* growing; the last is the reach */
	double		weight[FCA_BANDS_MAX];	/* from 1 down to 0 */
} FcaKernel;

/*
 * step, bands, bands_steep, apl, gaussian, epanechnikov; then, after a colon,
 * the reach in minutes, or the bands: "gaussian:45", "bands:10=1,30=0.5".
 */
extern bool fca_parse(const char *text, FcaKernel *kernel, Problem *problem);
extern bool fca_weight(const FcaKernel *kernel, double minutes, double *weight, Problem *problem);

#endif							/* INCLUSION_CORE_FCA_H */
