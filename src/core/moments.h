/*
 * moments.h
 *		Mean and sum of squares around it, one value after the other (Welford
 *		1962) or one part after the other (Chan, Golub and LeVeque 1979).
 *
 * The count stands apart: several moments of the same rows share it.
 */
#ifndef INCLUSION_CORE_MOMENTS_H
#define INCLUSION_CORE_MOMENTS_H

typedef struct Moments
{
	double		mean;
	double		m2;
} Moments;

/* n counts the value that is added. */
static inline void
moments_add(Moments *moments, double n, double value)
{
	double		difference = value - moments->mean;

	moments->mean += difference / n;
	moments->m2 += difference * (value - moments->mean);
}

static inline void
moments_merge(Moments *into, double n_into, const Moments *from, double n_from)
{
	double		difference = from->mean - into->mean;

	if (n_from == 0)
		return;
	into->mean += difference * (n_from / (n_into + n_from));
	into->m2 += from->m2 + difference * difference * (n_into * n_from / (n_into + n_from));
}

#endif							/* INCLUSION_CORE_MOMENTS_H */
