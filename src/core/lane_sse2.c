/*
 * lane_sse2.c
 *		Sixty-four offers side by side: what they save, counted sixteen at a time
 *		with what every 64-bit x86 processor has.
 *
 * Structures stand wherever the host put them: nothing is aligned.
 */
#include "lane.h"

#ifdef __SSE2__

#include <emmintrin.h>

#define PAIRS (PLANE_WORDS / 2)
#define BYTES 16
#define BYTE_VECTORS (LANE_COUNT / BYTES)
#define SHORT_VECTORS (2 * BYTE_VECTORS)
#define INTS 4

static inline __m128i
load(const void *at, int vector)
{
	return _mm_loadu_si128((const __m128i *) at + vector);
}

static inline void
store(void *at, int vector, __m128i values)
{
	_mm_storeu_si128((__m128i *) at + vector, values);
}

static void
sse2_keep_any(Plane *mask, const Plane *planes, const uint16_t *numbers, int count)
{
	__m128i		any[PAIRS];

	for (int pair = 0; pair < PAIRS; pair++)
		any[pair] = _mm_setzero_si128();
	for (int i = 0; i < count; i++)
	{
		for (int pair = 0; pair < PAIRS; pair++)
			any[pair] = _mm_or_si128(any[pair], load(&planes[numbers[i]], pair));
	}
	for (int pair = 0; pair < PAIRS; pair++)
		store(mask, pair, _mm_and_si128(load(mask, pair), any[pair]));
}

/* Add to the points, a byte each, those gained in one competence. */
static inline void
add_points(const FitWanted *wanted, const uint8_t *taught, __m128i *points)
{
	const __m128i high = _mm_set1_epi8((char) 0xF0);
	const __m128i low = _mm_set1_epi8(0x0F);
	const __m128i target = _mm_set1_epi8((char) wanted->target);
	const __m128i current = _mm_set1_epi8((char) wanted->current);
	const __m128i reach = _mm_set1_epi8((char) (wanted->reach / COMPETENCE_POINTS_PER_LEVEL));

	for (int i = 0; i < BYTE_VECTORS; i++)
	{
		__m128i		levels = load(taught, i);
		__m128i		reached = _mm_srli_epi16(_mm_and_si128(levels, high), 1);
		__m128i		too_hard = _mm_cmpgt_epi8(_mm_and_si128(levels, low), reach);
		__m128i		gained = _mm_subs_epu8(_mm_min_epu8(reached, target), current);

		points[i] = _mm_add_epi8(points[i], _mm_andnot_si128(too_hard, gained));
	}
}

/* Add to the gains, two bytes each, these points times their weight. */
static inline void
add_weighted(uint16_t weight, const __m128i *points, __m128i *gains)
{
	const __m128i zero = _mm_setzero_si128();
	const __m128i factor = _mm_set1_epi16((short) weight);

	for (int i = 0; i < BYTE_VECTORS; i++)
	{
		gains[2 * i] = _mm_add_epi16(gains[2 * i], _mm_mullo_epi16(_mm_unpacklo_epi8(points[i], zero), factor));
		gains[2 * i + 1] = _mm_add_epi16(gains[2 * i + 1], _mm_mullo_epi16(_mm_unpackhi_epi8(points[i], zero), factor));
	}
}

/* Those bytes times 256, times a factor over 2^16. */
static inline void
add_scaled(const uint8_t *bytes, uint16_t factor, __m128i *savings)
{
	const __m128i zero = _mm_setzero_si128();
	const __m128i factors = _mm_set1_epi16((short) factor);

	for (int i = 0; i < BYTE_VECTORS; i++)
	{
		__m128i		values = load(bytes, i);

		savings[2 * i] = _mm_add_epi16(savings[2 * i], _mm_mulhi_epu16(_mm_unpacklo_epi8(zero, values), factors));
		savings[2 * i + 1] = _mm_add_epi16(savings[2 * i + 1], _mm_mulhi_epu16(_mm_unpackhi_epi8(zero, values), factors));
	}
}

static void
sse2_save(const LaneScale *scale, const Lanes *lanes, uint32_t slots, uint16_t *savings)
{
	const __m128i shift = _mm_cvtsi32_si128(scale->gain_shift);
	const __m128i factor = _mm_set1_epi16((short) scale->gain_factor);
	__m128i		totals[SHORT_VECTORS];

	for (int i = 0; i < SHORT_VECTORS; i++)
		totals[i] = _mm_setzero_si128();
	for (int run = 0, i = 0; run < scale->run_count; run++)
	{
		__m128i		points[BYTE_VECTORS];

		for (int j = 0; j < BYTE_VECTORS; j++)
			points[j] = _mm_setzero_si128();
		for (; i < scale->runs[run].end; i++)
		{
			const FitWanted *wanted = &scale->wanted[i];

			if (slots >> wanted->slot & 1)
				add_points(wanted, lanes->taught[wanted->slot], points);
		}
		add_weighted(scale->runs[run].weight, points, totals);
	}
	for (int i = 0; i < SHORT_VECTORS; i++)
		totals[i] = _mm_mulhi_epu16(_mm_sll_epi16(totals[i], shift), factor);
	add_scaled(lanes->quality, scale->quality_factor, totals);
	if (scale->thrift_factor != 0)
		add_scaled(lanes->thrift, scale->thrift_factor, totals);
	for (int i = 0; i < SHORT_VECTORS; i++)
		store(savings, i, totals[i]);
}

/* Of four lanes. */
static inline __m128
square_of_difference(const int32_t *units, int at, int32_t unit)
{
	/* A whole diameter overflows, to the same square. */
	__m128		difference = _mm_cvtepi32_ps(_mm_sub_epi32(load(units + at, 0), _mm_set1_epi32(unit)));

	return _mm_mul_ps(difference, difference);
}

static uint64_t
sse2_approach(const LaneScale *scale, const Lanes *lanes, uint16_t *savings)
{
	const __m128 nearest = _mm_set1_ps(scale->nearest);
	const __m128 per_chord = _mm_set1_ps(scale->per_chord);
	const __m128 far = _mm_set1_ps(scale->reach);
	uint64_t	near = 0;

	for (int at = 0; at < LANE_COUNT; at += 2 * INTS)
	{
		__m128i		saved[2];

		for (int half = 0; half < 2; half++)
		{
			int			first = at + half * INTS;
			__m128		reach = _mm_loadu_ps(lanes->reach + first);
			__m128		squared = _mm_add_ps(_mm_add_ps(square_of_difference(lanes->unit[0], first, scale->unit[0]),
														square_of_difference(lanes->unit[1], first, scale->unit[1])),
											 square_of_difference(lanes->unit[2], first, scale->unit[2]));
			__m128		lost = _mm_and_ps(_mm_cmpgt_ps(squared, reach), _mm_mul_ps(per_chord, _mm_sqrt_ps(squared)));
			__m128		left = _mm_max_ps(_mm_sub_ps(nearest, lost), _mm_setzero_ps());

			saved[half] = _mm_cvttps_epi32(left);
			near |= (uint64_t) _mm_movemask_ps(_mm_cmple_ps(squared, _mm_max_ps(reach, far))) << first;
		}
		store(savings + at, 0, _mm_add_epi16(load(savings + at, 0), _mm_packs_epi32(saved[0], saved[1])));
	}
	return near;
}

static uint64_t
sse2_at_least(const uint16_t *savings, uint16_t enough)
{
	const __m128i zero = _mm_setzero_si128();
	const __m128i needed = _mm_set1_epi16((short) enough);
	uint64_t	lanes = 0;

	for (int i = 0; i < BYTE_VECTORS; i++)
	{
		__m128i		low = _mm_cmpeq_epi16(_mm_subs_epu16(needed, load(savings, 2 * i)), zero);
		__m128i		high = _mm_cmpeq_epi16(_mm_subs_epu16(needed, load(savings, 2 * i + 1)), zero);

		lanes |= (uint64_t) _mm_movemask_epi8(_mm_packs_epi16(low, high)) << (i * BYTES);
	}
	return lanes;
}

const LaneKernel lane_sse2 = {sse2_keep_any, sse2_save, sse2_approach, sse2_at_least};

#endif
