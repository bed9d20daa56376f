/*
 * fit.c
 *		The one cost function: is this supply eligible for that need, and at
 *		which cost.
 *
 * Each rule is one small function, called both by the fast answers and by the
 * explained ones.
 */
#include "fit.h"

#include <math.h>
#include <string.h>

#include "argument.h"

/* From level 2 on, a person can follow what starts one level above. */
#define SLACK_FROM 16
#define SLACK 8

#define WHOLE_SCORE 10000

const char *const fit_reasons[FIT_REASON_COUNT] = {
	[FIT_FAMILY] = "family",
	[FIT_CLOSED] = "closed",
	[FIT_NOT_VALID] = "not_valid",
	[FIT_NO_COVERAGE] = "no_coverage",
	[FIT_ACCOMMODATION] = "accommodation",
	[FIT_LANGUAGE] = "language",
	[FIT_SLOT] = "slot",
	[FIT_MODE] = "mode",
	[FIT_ONLY_FOR] = "only_for",
	[FIT_REMOTE_REFUSED] = "remote_refused",
	[FIT_ON_SITE_REFUSED] = "on_site_refused",
	[FIT_NO_POSITION] = "no_position",
	[FIT_TOO_FAR] = "too_far"
};

static const char *const mode_kinds[FIT_MODE_KINDS] = {"format", "device", "posture"};

uint32_t
fit_mode_kind(int kind)
{
	static uint32_t masks[FIT_MODE_KINDS];

	/* Compiled-in lists: looked through once. */
	if (masks[kind] == 0)
		masks[kind] = vocabulary_kind_mask(VOCABULARY_MODE, mode_kinds[kind]);
	return masks[kind];
}

/*
 * Preparation
 */

static void
prepare_wanted(PreparedNeed *prepared)
{
	const Need *need = &prepared->need;

	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		int			target = need->target[slot];
		int			current = need->current[slot];
		FitWanted  *wanted = &prepared->wanted[prepared->wanted_count];

		if (current == COMPETENCE_NOT_ASSESSED)
			current = 0;
		if (target == COMPETENCE_NOT_ASSESSED || target <= current)
			continue;
		wanted->slot = (uint8_t) slot;
		wanted->current = (uint8_t) current;
		wanted->target = (uint8_t) target;
		wanted->reach = (uint8_t) (current + (current >= SLACK_FROM ? SLACK : 0));
		wanted->weight = need->weights[slot];
		prepared->wanted_total += wanted->weight * (target - current);
		prepared->wanted_count++;
	}
}

void
fit_prepare(const Need *need, PreparedNeed *prepared)
{
	memset(prepared, 0, sizeof(*prepared));
	prepared->need = *need;
	prepared->family_mask = (uint32_t) 1 << need->family;
	prepared->learn = prepared->family_mask == argument_code(VOCABULARY_FAMILY, "learn");
	prepared->audience_count = fit_count_bits(need->audiences);
	prepared->personal = need->accommodations &
		~vocabulary_kind_mask(VOCABULARY_ACCOMMODATION, "on_site");
	prepared->interpreter = argument_code(VOCABULARY_ACCOMMODATION, "interpreter");
	for (int kind = 0; kind < FIT_MODE_KINDS; kind++)
	{
		prepared->mode_kinds[kind] = fit_mode_kind(kind);
		prepared->modes[kind] = need->modes & prepared->mode_kinds[kind];
	}
	geo_reach(need->max_distance, &prepared->reach);
	prepare_wanted(prepared);
}

/*
 * Coverage
 */

static int
total_gain(const PreparedNeed *prepared, const Supply *supply)
{
	int			total = 0;

	if (prepared->need.framework != supply->framework)
		return 0;
	for (int i = 0; i < prepared->wanted_count; i++)
	{
		const FitWanted *wanted = &prepared->wanted[i];

		total += fit_points_gained(wanted, supply_requires(supply, wanted->slot),
								   supply_teaches(supply, wanted->slot));
	}
	return total;
}

void
fit_gain(const PreparedNeed *prepared, const Supply *supply, const FitWanted *wanted, FitGain *gain)
{
	bool		comparable = prepared->need.framework == supply->framework;

	gain->wanted = wanted;
	gain->requires = comparable ? supply_requires(supply, wanted->slot) : 0;
	gain->teaches = comparable ? supply_teaches(supply, wanted->slot) : 0;
	gain->taught = gain->teaches > 0;
	gain->gain = fit_points_gained(wanted, gain->requires, gain->teaches);
}

static inline bool
serves_family(const PreparedNeed *prepared, const Supply *supply)
{
	return (supply->families & prepared->family_mask) != 0;
}

static double
coverage_of(const PreparedNeed *prepared, const Supply *supply)
{
	if (!prepared->learn)
		return serves_family(prepared, supply) ? 1 : 0;
	return fit_coverage(prepared, total_gain(prepared, supply));
}

/* A quotient of integers is above 0 when the dividend is: no need to divide. */
static bool
covers(const PreparedNeed *prepared, const Supply *supply)
{
	return prepared->learn ? total_gain(prepared, supply) > 0 : serves_family(prepared, supply);
}

/*
 * Distance
 */

static inline bool
is_remote(const Supply *supply)
{
	return (supply->flags & SUPPLY_REMOTE) != 0;
}

static inline bool
both_positioned(const Need *need, const Supply *supply)
{
	return (need->flags & NEED_POSITIONED) != 0 && (supply->flags & SUPPLY_POSITIONED) != 0;
}

bool
fit_distance(const Need *need, const Supply *supply, double *distance)
{
	if (is_remote(supply) || !both_positioned(need, supply))
		return false;
	*distance = geo_distance(&need->position, &supply->position);
	return true;
}

static double
proximity_of(const Need *need, const Supply *supply)
{
	double		distance;

	if (is_remote(supply))
		return 0;
	if (!fit_distance(need, supply, &distance))
		return 1;
	return fit_proximity(need, distance, supply->travels_within);
}

/*
 * Cost
 */

static double
audience_fit(const PreparedNeed *prepared, const Supply *supply)
{
	if (prepared->audience_count == 0)
		return 1;
	if (supply->audiences == 0)
		return FIT_AUDIENCE_NONE;
	return fit_audience_share(prepared, fit_count_bits(supply->audiences & prepared->need.audiences));
}

void
fit_measure(const PreparedNeed *prepared, const Supply *supply, FitMeasures *measures)
{
	measures->coverage = coverage_of(prepared, supply);
	measures->fit = audience_fit(prepared, supply);
	measures->quality = supply->quality;
	measures->proximity = proximity_of(&prepared->need, supply);
	measures->price = supply->price;
}

void
fit_weigh(const Need *need, const FitMeasures *measures, FitTerms *terms)
{
	terms->coverage = need->w_coverage * (1 - measures->coverage);
	terms->audience = need->w_audience * (1 - measures->fit);
	terms->quality = need->w_quality * ((double) (SUPPLY_QUALITY_MAX - measures->quality) / SUPPLY_QUALITY_MAX);
	terms->distance = need->w_distance * measures->proximity;
	terms->price = need->w_price * ((double) measures->price / SUPPLY_PRICE_MAX);
	terms->cost = terms->coverage + terms->audience + terms->quality + terms->distance + terms->price;
}

double
fit_cost(const PreparedNeed *prepared, const Supply *supply)
{
	FitMeasures measures;
	FitTerms	terms;

	fit_measure(prepared, supply, &measures);
	fit_weigh(&prepared->need, &measures, &terms);
	return terms.cost;
}

int
fit_score(double cost)
{
	double		score = WHOLE_SCORE - rint(WHOLE_SCORE * cost);

	return score > 0 ? (int) score : 0;
}

/*
 * Eligibility
 */

static inline bool
accepts_registrations(const PreparedNeed *prepared, const Supply *supply)
{
	return prepared->ignore_open || (supply->flags & SUPPLY_OPEN) != 0;
}

static inline bool
valid_on_day(const PreparedNeed *prepared, const Supply *supply)
{
	return supply->valid_from <= prepared->need.day && prepared->need.day < supply->valid_until;
}

static inline bool
accommodates(const PreparedNeed *prepared, const Supply *supply)
{
	uint32_t	asked = is_remote(supply) ? prepared->personal : prepared->need.accommodations;

	return (asked & ~supply->accommodations) == 0;
}

static inline bool
shares_language(const PreparedNeed *prepared, const Supply *supply)
{
	return prepared->need.languages == 0 ||
		(supply->accommodations & prepared->interpreter) != 0 ||
		(supply->languages & prepared->need.languages) != 0;
}

static inline bool
modes_agree(const PreparedNeed *prepared, const Supply *supply)
{
	for (int kind = 0; kind < FIT_MODE_KINDS; kind++)
	{
		if (!fit_agree(prepared->modes[kind], supply->modes & prepared->mode_kinds[kind]))
			return false;
	}
	return true;
}

static inline bool
admits_audience(const PreparedNeed *prepared, const Supply *supply)
{
	return supply->only_for == 0 || (supply->only_for & prepared->need.audiences) != 0;
}

/* Once on site is accepted and both positions are known. */
static bool
within_reach(const PreparedNeed *prepared, const Supply *supply)
{
	int64_t		chord = geo_squared_chord(prepared->need.position.unit, supply->position.unit);
	double		distance;

	/* The arc sine only where it can tell more than the chord. */
	if (chord <= prepared->reach.within)
		return true;
	if (chord >= prepared->reach.beyond && supply->travels_within == 0)
		return false;
	distance = geo_arc(chord);
	return distance <= prepared->need.max_distance || distance <= supply->travels_within;
}

static bool
reachable(const PreparedNeed *prepared, const Supply *supply)
{
	const Need *need = &prepared->need;

	if (is_remote(supply))
		return (need->flags & NEED_ACCEPT_REMOTE) != 0;
	return (need->flags & NEED_ACCEPT_ON_SITE) != 0 && both_positioned(need, supply) &&
		within_reach(prepared, supply);
}

/* Cheapest and most selective rules first. */
bool
fit_admits(const PreparedNeed *prepared, const Supply *supply)
{
	return serves_family(prepared, supply) &&
		accepts_registrations(prepared, supply) &&
		valid_on_day(prepared, supply) &&
		accommodates(prepared, supply) &&
		shares_language(prepared, supply) &&
		fit_agree(prepared->need.slots, supply->slots) &&
		modes_agree(prepared, supply) &&
		admits_audience(prepared, supply);
}

bool
fit_serves(const PreparedNeed *prepared, const Supply *supply)
{
	return covers(prepared, supply) && reachable(prepared, supply);
}

bool
fit_eligible(const PreparedNeed *prepared, const Supply *supply)
{
	return fit_admits(prepared, supply) && fit_serves(prepared, supply);
}

static uint32_t
refused_if(bool refused, FitReason reason)
{
	return refused ? (uint32_t) 1 << reason : 0;
}

static uint32_t
reach_refusals(const PreparedNeed *prepared, const Supply *supply)
{
	const Need *need = &prepared->need;

	if (is_remote(supply))
		return refused_if(!reachable(prepared, supply), FIT_REMOTE_REFUSED);
	if (!(need->flags & NEED_ACCEPT_ON_SITE))
		return refused_if(true, FIT_ON_SITE_REFUSED);
	if (!both_positioned(need, supply))
		return refused_if(true, FIT_NO_POSITION);
	return refused_if(!within_reach(prepared, supply), FIT_TOO_FAR);
}

uint32_t
fit_refusals(const PreparedNeed *prepared, const Supply *supply)
{
	return refused_if(!serves_family(prepared, supply), FIT_FAMILY) |
		refused_if(!accepts_registrations(prepared, supply), FIT_CLOSED) |
		refused_if(!valid_on_day(prepared, supply), FIT_NOT_VALID) |
		refused_if(!covers(prepared, supply), FIT_NO_COVERAGE) |
		refused_if(!accommodates(prepared, supply), FIT_ACCOMMODATION) |
		refused_if(!shares_language(prepared, supply), FIT_LANGUAGE) |
		refused_if(!fit_agree(prepared->need.slots, supply->slots), FIT_SLOT) |
		refused_if(!modes_agree(prepared, supply), FIT_MODE) |
		refused_if(!admits_audience(prepared, supply), FIT_ONLY_FOR) |
		reach_refusals(prepared, supply);
}
