/*
 * values.h
 *		Random needs and supplies, of every kind that can be built.
 */
#ifndef INCLUSION_VALUES_H
#define INCLUSION_VALUES_H

#include <math.h>

#include "core/need.h"
#include "core/supply.h"
#include "tap.h"

static inline double
share(void)
{
	return below(1000001) / 1000000.0;
}

static inline uint64_t
random_bits(void)
{
	return (uint64_t) below(1 << 22) << 42 ^ (uint64_t) below(1 << 22) << 21 ^ (uint64_t) below(1 << 22);
}

static inline uint32_t
random_mask(Vocabulary vocabulary)
{
	uint32_t	all = (uint32_t) (((uint64_t) 1 << vocabulary_size(vocabulary)) - 1);

	switch (below(4))
	{
		case 0:
			return 0;
		case 1:
			return (uint32_t) 1 << below(vocabulary_size(vocabulary));
		case 2:
			return all;
		default:
			return (uint32_t) random_bits() & all;
	}
}

static inline double
random_metres(void)
{
	return below(3) == 0 ? below(100) * 1000 : share() * pow(10, below(8));
}

/* Points of a vector of this framework, whole levels where asked. */
static inline CompetenceVector
random_vector(int framework, bool whole)
{
	CompetenceVector vector;
	int			assessed = below(101);

	competence_clear(&vector, framework);
	for (int slot = 0; slot < framework_size(framework); slot++)
	{
		if (below(100) < assessed)
			vector.points[slot] = (uint8_t) (whole ? 8 * below(9) : below(65));
	}
	return vector;
}

/* Require less than is taught, and only what is taught. */
static inline void
lower_requirements(CompetenceVector *requires, const CompetenceVector *teaches)
{
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		int			taught = teaches->points[slot] == COMPETENCE_NOT_ASSESSED ? 0 : teaches->points[slot] / 8;

		if (requires->points[slot] != COMPETENCE_NOT_ASSESSED)
			requires->points[slot] = (uint8_t) (taught == 0 ? 0 : 8 * below(taught));
	}
}

static inline Supply
random_supply(void)
{
	SupplyInput input;
	CompetenceVector requires;
	CompetenceVector teaches;
	double		longitude = share() * 360 - 180;
	double		latitude = share() * 180 - 90;
	Supply		supply;
	Problem		problem;
	SupplyOutcome outcome;

	supply_defaults(&input);
	teaches = random_vector(1 + below(2), true);
	requires = random_vector(teaches.framework, true);
	lower_requirements(&requires, &teaches);
	if (below(10) > 0)
		input.teaches = &teaches;
	if (input.teaches != NULL && below(3) > 0)
		input.requires = &requires;
	input.remote = below(3) == 0;
	if (!input.remote || below(2) == 0)
	{
		input.longitude = &longitude;
		input.latitude = &latitude;
	}
	input.families = random_mask(VOCABULARY_FAMILY) | 1u << below(2);
	if (input.teaches == NULL)
		input.families |= 2;
	input.modes = random_mask(VOCABULARY_MODE);
	input.audiences = random_mask(VOCABULARY_AUDIENCE);
	input.only_for = below(3) == 0 ? random_mask(VOCABULARY_AUDIENCE) : 0;
	input.accommodations = random_mask(VOCABULARY_ACCOMMODATION);
	input.languages = random_mask(VOCABULARY_LANGUAGE);
	input.slots = random_mask(VOCABULARY_SLOT);
	input.travels_within = below(2) == 0 ? 0 : random_metres();
	input.quality = share();
	input.price = share();
	if (below(2) == 0)
		input.valid_from = below(20000) - 5000;
	if (below(2) == 0)
		input.valid_until = below(20000) - 5000;
	input.open = below(4) > 0;
	outcome = supply_build(&input, &supply, &problem);
	expect(outcome == SUPPLY_BUILT, "supply refused: %s", problem.message);
	return supply;
}

static inline Need
random_need(void)
{
	NeedInput	input;
	CompetenceVector current;
	CompetenceVector target;
	int32_t		weights[COMPETENCE_SLOTS];
	double		longitude = share() * 360 - 180;
	double		latitude = share() * 180 - 90;
	double		max_distance = random_metres() + 1;
	Need		need;
	Problem		problem = {"", ""};

	need_defaults(&input);
	target = random_vector(1 + below(2), false);
	current = random_vector(target.framework, false);
	if (below(3) == 0)
		input.family = below(vocabulary_size(VOCABULARY_FAMILY));
	if (input.family == 0 || below(2) == 0)
		input.target = &target;
	if (below(4) > 0)
		input.current = &current;
	if ((input.target != NULL || input.current != NULL) && below(2) == 0)
	{
		input.weight_count = framework_size(target.framework);
		for (int slot = 0; slot < input.weight_count; slot++)
			weights[slot] = below(16);
		input.weights = weights;
	}
	if (below(5) > 0)
	{
		input.longitude = &longitude;
		input.latitude = &latitude;
	}
	input.accept_remote = below(4) > 0;
	input.accept_on_site = !input.accept_remote || below(4) > 0;
	if (input.accept_on_site || below(2) == 0)
		input.max_distance = &max_distance;
	input.day = below(20000) - 5000;
	input.modes = random_mask(VOCABULARY_MODE);
	input.audiences = random_mask(VOCABULARY_AUDIENCE);
	input.accommodations = below(2) == 0 ? 0 : random_mask(VOCABULARY_ACCOMMODATION);
	input.languages = random_mask(VOCABULARY_LANGUAGE);
	input.slots = random_mask(VOCABULARY_SLOT);
	if (below(2) == 0)
	{
		input.w_coverage = share();
		input.w_audience = share() * (1 - input.w_coverage);
		input.w_quality = share() * (1 - input.w_coverage - input.w_audience);
		input.w_distance = fmax(0, 1 - input.w_coverage - input.w_audience - input.w_quality);
		input.w_price = share();
	}
	expect(need_build(&input, &need, &problem), "need refused: %s", problem.message);
	return need;
}

#endif							/* INCLUSION_VALUES_H */
