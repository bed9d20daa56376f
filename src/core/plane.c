/*
 * plane.c
 *		Bit planes: of each offer of a block one bit, a plane per fact.
 */
#include "plane.h"

static inline void
note(Plane *planes, int number, int lane)
{
	planes[number].words[lane / PLANE_WORD_LANES] |= UINT64_C(1) << lane % PLANE_WORD_LANES;
}

static inline void
note_if(bool holds, Plane *planes, int number, int lane)
{
	if (holds)
		note(planes, number, lane);
}

static void
note_codes(Plane *planes, int first, int lane, uint32_t mask)
{
	for (; mask != 0; mask &= mask - 1)
		note(planes, first + __builtin_ctz(mask), lane);
}

void
plane_note(Plane *planes, int lane, const Supply *supply)
{
	note(planes, PLANE_PRESENT, lane);
	note_if(supply->only_for == 0, planes, PLANE_UNRESTRICTED, lane);
	note_if(supply->audiences == 0, planes, PLANE_FOR_ALL, lane);
	note_if(supply->slots == 0, planes, PLANE_ANY_SLOT, lane);
	for (int kind = 0; kind < FIT_MODE_KINDS; kind++)
		note_if((supply->modes & fit_mode_kind(kind)) == 0, planes, PLANE_ANY_MODE + kind, lane);
	note(planes, PLANE_FRAMEWORK + supply->framework, lane);

	note_codes(planes, PLANE_FAMILY, lane, supply->families);
	note_codes(planes, PLANE_MODE, lane, supply->modes);
	note_codes(planes, PLANE_AUDIENCE, lane, supply->audiences);
	note_codes(planes, PLANE_ONLY_FOR, lane, supply->only_for);
	note_codes(planes, PLANE_ACCOMMODATION, lane, supply->accommodations);
	note_codes(planes, PLANE_LANGUAGE, lane, supply->languages);
	note_codes(planes, PLANE_SLOT, lane, supply->slots);

	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		if (supply->taught[slot] == 0)
			continue;
		for (int level = supply_requires(supply, slot) / COMPETENCE_POINTS_PER_LEVEL; level < PLANE_LEVELS; level++)
			note(planes, plane_taught(slot, level), lane);
	}
}
