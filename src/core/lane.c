/*
 * lane.c
 *		Sixty-four offers side by side: filling them, scaling a need to them, and
 *		the portable way to count what they save.
 */
#include "lane.h"

#include <math.h>
#include <string.h>

#define THRIFT_STEP 16
#define POINTS_PER_RUN 255

/* Single precision is right to 2^-24 an operation; this covers all of them. */
#define FLOAT_MARGIN 1e-6

static float
surely_beyond(int64_t squared_chord)
{
	return (float) ((double) squared_chord * (1 + FLOAT_MARGIN));
}

void
lane_note(Lanes *lanes, int lane, const Supply *supply)
{
	GeoReach	reach;

	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
		lanes->taught[slot][lane] = supply->taught[slot];
	lanes->quality[lane] = supply->quality;
	lanes->thrift[lane] = (uint8_t) ((SUPPLY_PRICE_MAX - supply->price) * THRIFT_STEP);
	for (int axis = 0; axis < 3; axis++)
		lanes->unit[axis][lane] = supply->position.unit[axis];
	geo_reach(supply->travels_within, &reach);
	lanes->reach[lane] = surely_beyond(reach.beyond);
}

/*
 * A need's scale
 */

/* Heaviest first: equal weights stand together. */
static int
sort_wanted(FitWanted *sorted, const PreparedNeed *prepared)
{
	int			count = 0;

	for (int i = 0; i < prepared->wanted_count; i++)
	{
		const FitWanted *wanted = &prepared->wanted[i];
		int			at = count++;

		for (; at > 0 && sorted[at - 1].weight < wanted->weight; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = *wanted;
	}
	return count;
}

static void
make_runs(LaneScale *scale, int wanted_count)
{
	LaneRun    *run = NULL;
	int			points = 0;

	scale->run_count = 0;
	for (int i = 0; i < wanted_count; i++)
	{
		const FitWanted *wanted = &scale->wanted[i];
		int			more = wanted->target - wanted->current;

		if (run == NULL || run->weight != wanted->weight || points + more > POINTS_PER_RUN)
		{
			run = &scale->runs[scale->run_count++];
			run->weight = wanted->weight;
			points = 0;
		}
		points += more;
		run->end = (uint8_t) (i + 1);
	}
}

/* The least integer that gives this saving or more for so many 2^-16ths. */
static uint16_t
factor_of(double saving, int parts)
{
	return (uint16_t) ceil(saving * LANE_UNIT * 65536 / parts);
}

static void
scale_distance(LaneScale *scale, const PreparedNeed *prepared)
{
	const Need *need = &prepared->need;
	double		nearest = need->w_distance * LANE_UNIT;
	double		metres_per_unit = GEO_EARTH_RADIUS / 1073741824.0;

	memcpy(scale->unit, need->position.unit, sizeof(scale->unit));
	scale->reach = surely_beyond(prepared->reach.beyond);
	scale->nearest = (float) nearest;
	/* An arc is no shorter than its chord. */
	scale->per_chord = need->max_distance == 0 ? 0 :
		(float) (nearest * metres_per_unit / need->max_distance * (1 - FLOAT_MARGIN));
}

void
lane_scale(LaneScale *scale, const PreparedNeed *prepared)
{
	const Need *need = &prepared->need;
	int			total = prepared->wanted_total;

	make_runs(scale, sort_wanted(scale->wanted, prepared));
	scale->gain_shift = 0;
	scale->gain_factor = 0;
	if (prepared->learn && total > 0)
	{
		while (total << (scale->gain_shift + 1) <= UINT16_MAX)
			scale->gain_shift++;
		scale->gain_factor = factor_of(need->w_coverage, total << scale->gain_shift);
	}
	scale->quality_factor = factor_of(need->w_quality, SUPPLY_QUALITY_MAX * 256);
	scale->thrift_factor = factor_of(need->w_price, SUPPLY_PRICE_MAX * THRIFT_STEP * 256);
	scale_distance(scale, prepared);
	scale->most = (prepared->learn ? need->w_coverage : 0) + need->w_audience + need->w_quality + need->w_price;
}

/*
 * The portable way
 */

static void
portable_keep_any(Plane *mask, const Plane *planes, const uint16_t *numbers, int count)
{
	for (int word = 0; word < PLANE_WORDS; word++)
	{
		uint64_t	any = 0;

		for (int i = 0; i < count; i++)
			any |= planes[numbers[i]].words[word];
		mask->words[word] &= any;
	}
}

static int
points_gained(const FitWanted *wanted, uint8_t taught)
{
	int			points = (taught & 0xF0) >> 1;
	int			reached = points < wanted->target ? points : wanted->target;

	if ((taught & 0x0F) > wanted->reach / COMPETENCE_POINTS_PER_LEVEL || reached < wanted->current)
		return 0;
	return reached - wanted->current;
}

static inline uint16_t
high_half(uint16_t a, uint16_t b)
{
	return (uint16_t) ((uint32_t) a * b >> 16);
}

static void
portable_save(const LaneScale *scale, const Lanes *lanes, uint32_t slots, uint16_t *savings)
{
	for (int lane = 0; lane < LANE_COUNT; lane++)
	{
		uint16_t	gain = 0;

		for (int run = 0, i = 0; run < scale->run_count; run++)
		{
			for (; i < scale->runs[run].end; i++)
			{
				const FitWanted *wanted = &scale->wanted[i];

				if (slots >> wanted->slot & 1)
					gain += (uint16_t) (wanted->weight * points_gained(wanted, lanes->taught[wanted->slot][lane]));
			}
		}
		savings[lane] = (uint16_t) (high_half((uint16_t) (gain << scale->gain_shift), scale->gain_factor) +
									high_half((uint16_t) (lanes->quality[lane] << 8), scale->quality_factor) +
									high_half((uint16_t) (lanes->thrift[lane] << 8), scale->thrift_factor));
	}
}

static uint64_t
portable_approach(const LaneScale *scale, const Lanes *lanes, uint16_t *savings)
{
	uint64_t	near = 0;

	for (int lane = 0; lane < LANE_COUNT; lane++)
	{
		/* Unsigned: a whole diameter overflows, to the same square. */
		float		x = (float) (int32_t) ((uint32_t) lanes->unit[0][lane] - (uint32_t) scale->unit[0]);
		float		y = (float) (int32_t) ((uint32_t) lanes->unit[1][lane] - (uint32_t) scale->unit[1]);
		float		z = (float) (int32_t) ((uint32_t) lanes->unit[2][lane] - (uint32_t) scale->unit[2]);
		float		squared = x * x + y * y + z * z;
		float		saved = scale->nearest;

		if (squared > lanes->reach[lane])
			saved -= scale->per_chord * sqrtf(squared);
		savings[lane] = (uint16_t) (savings[lane] + (saved > 0 ? (int) saved : 0));
		if (squared <= lanes->reach[lane] || squared <= scale->reach)
			near |= UINT64_C(1) << lane;
	}
	return near;
}

static uint64_t
portable_at_least(const uint16_t *savings, uint16_t enough)
{
	uint64_t	lanes = 0;

	for (int lane = 0; lane < LANE_COUNT; lane++)
		lanes |= (uint64_t) (savings[lane] >= enough) << lane;
	return lanes;
}

const LaneKernel lane_portable = {portable_keep_any, portable_save, portable_approach, portable_at_least};
