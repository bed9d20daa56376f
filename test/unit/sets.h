/*
 * sets.h
 *		Random supplies that have something to do with each other, and needs near
 *		them.
 */
#ifndef INCLUSION_SETS_H
#define INCLUSION_SETS_H

#include <float.h>
#include <string.h>

#include "core/day.h"
#include "values.h"

/* Where sets gather: in the country, overseas, on the seam and at the poles. */
static const double centres[][2] = {
	{1.15, 49.02}, {2.35, 48.86}, {55.45, -20.88}, {179.99, 16}, {-179.99, -16.5}, {10, 89.99}, {-120, -90}, {0, 0}
};

typedef enum Presence
{
	ANYHOW,
	ALL_REMOTE,
	ALL_ON_SITE
} Presence;

static double
within(double value, double limit)
{
	return value < -limit ? -limit : value > limit ? limit : value;
}

static void
set_position(Position *at, const double *centre, double spread)
{
	double		longitude = centre[0] + (share() - 0.5) * spread;
	double		latitude = within(centre[1] + (share() - 0.5) * spread, 90);
	Problem		problem;

	longitude += longitude < -180 ? 360 : longitude > 180 ? -360 : 0;
	expect(geo_position(longitude, latitude, at, &problem), "%g %g is refused", longitude, latitude);
}

/* Chance would rarely agree on the framework, the day and the masks. */
static Supply
gathered_supply(const double *centre, double spread, Presence presence, bool lenient)
{
	Supply		supply = random_supply();

	if (presence == ALL_REMOTE || (presence == ANYHOW && below(3) == 0))
		supply.flags |= SUPPLY_REMOTE;
	else
		supply.flags &= ~SUPPLY_REMOTE;
	supply.flags |= SUPPLY_POSITIONED;
	set_position(&supply.position, centre, spread);
	if (below(3) > 0)
		supply.travels_within = 0;
	if (below(8) == 0)
		supply.price = below(2) ? 0 : SUPPLY_PRICE_MAX;
	if (!lenient)
		return supply;

	supply.families |= 1;
	supply.flags |= SUPPLY_OPEN;
	supply.valid_from = DAY_BEFORE_ALL;
	supply.valid_until = DAY_AFTER_ALL;
	supply.accommodations |= random_mask(VOCABULARY_ACCOMMODATION);
	if (below(2) == 0)
		supply.slots = supply.modes = 0;
	if (below(2) == 0)
		supply.only_for = 0;
	return supply;
}

static void
gather(Supply *set, int count, const double *centre)
{
	double		spread = pow(10, below(4) - 3);
	Presence	presence = below(3);
	bool		lenient = below(4) > 0;
	int			repeated = below(4) == 0 ? 1 + below(count) : count;

	/* Sometimes the same supplies again: equal costs. */
	for (int i = 0; i < count; i++)
		set[i] = i < repeated ? gathered_supply(centre, spread, presence, lenient) : set[i % repeated];
}

/* A need near the set; one of its supplies may lie exactly at its reach. */
static Need
need_near(const Supply *set, int count, const double *centre)
{
	const Supply *one = &set[below(count)];
	Need		need = random_need();

	if (below(3) > 0 && one->framework != 0 && need.framework != 0)
		need.framework = one->framework;
	if (below(3) == 0)
		memset(need.weights, NEED_WEIGHT_MAX, (size_t) framework_size(need.framework));
	if (below(2) == 0)
		need.accommodations = 0;
	if (below(2) == 0)
		need.modes = need.slots = need.languages = 0;
	if (below(4) == 0)
		need.flags &= ~NEED_ACCEPT_REMOTE;
	if (!(need.flags & NEED_ACCEPT_REMOTE))
		need.flags |= NEED_ACCEPT_ON_SITE;
	need.flags |= below(10) > 0 ? NEED_POSITIONED : 0;
	set_position(&need.position, centre, pow(10, below(4) - 2));
	if (below(8) == 0)
		need.position = one->position;
	need.max_distance = 1 + share() * 50000;
	if (below(3) == 0)
		need.max_distance = fmax(DBL_MIN, geo_distance(&need.position, &one->position));
	return need;
}

#endif							/* INCLUSION_SETS_H */
