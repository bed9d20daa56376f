/*
 * lane.h
 *		Sixty-four offers side by side, and about what each could save a need.
 *
 * A cost is the sum of the weights less what an offer saves.  Savings are
 * counted here on 16 bits, in LANE_UNIT parts of a cost of one, and never too
 * low by more than LANE_SLACK: what does not save enough for the best offers
 * needs no exact cost.  Audiences are left to the caller.
 */
#ifndef INCLUSION_CORE_LANE_H
#define INCLUSION_CORE_LANE_H

#include <stdint.h>

#include "fit.h"
#include "plane.h"

#define LANE_COUNT PLANE_WORD_LANES

#define LANE_UNIT 32000.0
#define LANE_SLACK 6

typedef struct Lanes
{
	uint8_t		taught[COMPETENCE_SLOTS][LANE_COUNT];	/* see supply_teaches */
	uint8_t		quality[LANE_COUNT];
	uint8_t		thrift[LANE_COUNT]; /* 16 times what the price lacks to its maximum */
	int32_t		unit[3][LANE_COUNT];
	float		reach[LANE_COUNT];	/* squared chord up to which it may travel */
} Lanes;

extern void lane_note(Lanes *lanes, int lane, const Supply *supply);

/* Competences of equal weight, so few that their points fit a byte together. */
typedef struct LaneRun
{
	uint16_t	weight;
	uint8_t		end;			/* index into the list of competences */
} LaneRun;

/* What a need makes of the numbers of its lanes. */
typedef struct LaneScale
{
	FitWanted	wanted[COMPETENCE_SLOTS];
	LaneRun		runs[COMPETENCE_SLOTS];
	int			run_count;

	/* A gain shifted, a quality and a thrift times 256, all times this over 2^16. */
	int			gain_shift;
	uint16_t	gain_factor;
	uint16_t	quality_factor;
	uint16_t	thrift_factor;

	int32_t		unit[3];
	float		reach;			/* squared chord that is surely too far */
	float		nearest;		/* saved on the spot */
	float		per_chord;		/* lost by a chord of one */

	double		most;			/* what the above and the audiences save at best, of a cost */
} LaneScale;

extern void lane_scale(LaneScale *scale, const PreparedNeed *prepared);

/* Two ways to the same answers. */
typedef struct LaneKernel
{
	/* mask: those also in one of the planes numbered. */
	void		(*keep_any) (Plane *mask, const Plane *planes, const uint16_t *numbers, int count);
	/* What coverage, quality and price save; slots: the competences worth looking at. */
	void		(*save) (const LaneScale *scale, const Lanes *lanes, uint32_t slots, uint16_t *savings);
	/* Add what nearness saves; returns those within reach. */
	uint64_t	(*approach) (const LaneScale *scale, const Lanes *lanes, uint16_t *savings);
	/* Those that save so much. */
	uint64_t	(*at_least) (const uint16_t *savings, uint16_t enough);
} LaneKernel;

extern const LaneKernel lane_portable;
#ifdef __SSE2__
extern const LaneKernel lane_sse2;
#define LANE_FASTEST lane_sse2
#else
#define LANE_FASTEST lane_portable
#endif

#endif							/* INCLUSION_CORE_LANE_H */
