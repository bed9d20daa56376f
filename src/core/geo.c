/*
 * geo.c
 *		Positions on the globe, quantised, and the distance between two.
 */
#include "geo.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "number.h"

#define PI 3.14159265358979323846
#define UNIT_LENGTH 1073741824.0	/* 2^30 */
#define DIAMETER_LENGTH 2147483648.0	/* 2^31, the longest chord */
/* Far above what the roundings of geo_arc can shift, relative to the chord. */
#define REACH_MARGIN 1e-9

static bool
quantise(double degrees, double limit, const char *name, int32_t *units, Problem *problem)
{
	char		number[NUMBER_TEXT_MAX];

	/* Written so that NaN fails too. */
	if (!(degrees >= -limit && degrees <= limit))
	{
		number_print(degrees, number);
		problem_set(problem, "%s %s is out of range", name, number);
		return problem_hint(problem, "Give decimal degrees between %.0f and %.0f.", -limit, limit);
	}
	*units = (int32_t) round(degrees * GEO_UNITS_PER_DEGREE);
	return true;
}

static void
set_unit_vector(Position *position)
{
	double		longitude = position->longitude * 1e-7 * (PI / 180);
	double		latitude = position->latitude * 1e-7 * (PI / 180);

	position->unit[0] = (int32_t) round(cos(latitude) * cos(longitude) * UNIT_LENGTH);
	position->unit[1] = (int32_t) round(cos(latitude) * sin(longitude) * UNIT_LENGTH);
	position->unit[2] = (int32_t) round(sin(latitude) * UNIT_LENGTH);
}

bool
geo_position(double longitude, double latitude, Position *position, Problem *problem)
{
	if (!quantise(longitude, 180, "longitude", &position->longitude, problem) ||
		!quantise(latitude, 90, "latitude", &position->latitude, problem))
		return false;

	/* One meridian, one value. */
	if (position->longitude == 180 * GEO_UNITS_PER_DEGREE)
		position->longitude = -180 * GEO_UNITS_PER_DEGREE;
	set_unit_vector(position);
	return true;
}

double
geo_degrees(int32_t units)
{
	return (double) units / GEO_UNITS_PER_DEGREE;
}

int
geo_print_degrees(int32_t units, char *text)
{
	int64_t		magnitude = units < 0 ? -(int64_t) units : units;

	return snprintf(text, GEO_DEGREES_TEXT_MAX, "%s%" PRId64 ".%07" PRId64,
					units < 0 ? "-" : "",
					magnitude / GEO_UNITS_PER_DEGREE, magnitude % GEO_UNITS_PER_DEGREE);
}

int64_t
geo_squared_chord(const int32_t *a, const int32_t *b)
{
	int64_t		dx = (int64_t) a[0] - b[0];
	int64_t		dy = (int64_t) a[1] - b[1];
	int64_t		dz = (int64_t) a[2] - b[2];

	return dx * dx + dy * dy + dz * dz;
}

double
geo_arc(int64_t squared_chord)
{
	double		half = sqrt((double) squared_chord) / DIAMETER_LENGTH;

	return (2.0 * GEO_EARTH_RADIUS) * asin(half < 1 ? half : 1);
}

double
geo_distance(const Position *a, const Position *b)
{
	return geo_arc(geo_squared_chord(a->unit, b->unit));
}

void
geo_reach(double metres, GeoReach *reach)
{
	double		angle = metres / (2.0 * GEO_EARTH_RADIUS);
	double		chord;

	/* Half a turn: every arc, for unit vectors a little too long as well. */
	if (angle >= PI / 2 * (1 + REACH_MARGIN))
	{
		reach->within = reach->beyond = INT64_MAX;
		return;
	}
	chord = sin(angle) * DIAMETER_LENGTH;
	reach->within = (int64_t) floor(chord * chord * (1 - REACH_MARGIN));
	reach->beyond = (int64_t) floor(chord * chord * (1 + REACH_MARGIN)) + 1;
}
