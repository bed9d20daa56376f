/*
 * geo.h
 *		Positions on the globe, quantised, and the distance between two.
 *
 * Both the degrees and the unit vector are integers, so that equal positions
 * are equal bytes and every distance starts from exact arithmetic.
 */
#ifndef INCLUSION_CORE_GEO_H
#define INCLUSION_CORE_GEO_H

#include <stdbool.h>
#include <stdint.h>

#include "problem.h"

#define GEO_UNITS_PER_DEGREE 10000000
#define GEO_EARTH_RADIUS 6371008.8	/* metres, mean radius */

/* All zero when there is no position: see the flags of what holds it. */
typedef struct Position
{
	int32_t		longitude;		/* 1e-7 degree, -180 <= degrees < 180 */
	int32_t		latitude;		/* 1e-7 degree, -90 <= degrees <= 90 */
	int32_t		unit[3];		/* unit vector times 2^30, a function of the above */
} Position;

/* Room for "-179.9999999" and its end. */
#define GEO_DEGREES_TEXT_MAX 16

extern bool geo_position(double longitude, double latitude, Position *position, Problem *problem);
/* Degrees of a stored coordinate, as a number and with its 7 decimals. */
extern double geo_degrees(int32_t units);
extern int	geo_print_degrees(int32_t units, char *text);

/* The square of the chord between two unit vectors, exact, in 2^-60. */
extern int64_t geo_squared_chord(const int32_t *a, const int32_t *b);
/* Metres along the great circle under that chord. */
extern double geo_arc(int64_t squared_chord);
extern double geo_distance(const Position *a, const Position *b);

/*
 * The squared chords that tell, without an arc sine, on which side of a length
 * an arc is: at most it up to "within", above it from "beyond" on.  In between,
 * a hair, only geo_arc knows.
 */
typedef struct GeoReach
{
	int64_t		within;
	int64_t		beyond;
} GeoReach;

extern void geo_reach(double metres, GeoReach *reach);

#endif							/* INCLUSION_CORE_GEO_H */
