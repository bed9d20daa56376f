/*
 * fit.h
 *		The one cost function: is this supply eligible for that need, and at
 *		which cost.
 *
 * Sequential scan, index and block matcher all call these functions, so that
 * they agree to the last bit.  Everything is integer up to the divisions, and
 * doubles are added in one order.
 */
#ifndef INCLUSION_CORE_FIT_H
#define INCLUSION_CORE_FIT_H

#include "need.h"
#include "supply.h"

#define FIT_MODE_KINDS 3

/* One competence where the target is above the current level, in points. */
typedef struct FitWanted
{
	uint8_t		slot;
	uint8_t		current;
	uint8_t		target;
	uint8_t		reach;			/* the highest requirement still accepted */
	uint8_t		weight;
} FitWanted;

/* A need, with what every supply would otherwise compute again. */
typedef struct PreparedNeed
{
	Need		need;
	bool		learn;			/* is the family learn? */
	bool		ignore_open;	/* look past "accepts registrations": only the night does */
	int			wanted_count;
	FitWanted	wanted[COMPETENCE_SLOTS];
	int			wanted_total;	/* sum of weight times distance to the target */
	uint32_t	family_mask;
	int			audience_count;
	uint32_t	personal;		/* accommodations also asked of a remote supply */
	uint32_t	interpreter;
	uint32_t	modes[FIT_MODE_KINDS];	/* the need's modes, by kind */
	uint32_t	mode_kinds[FIT_MODE_KINDS];
	GeoReach	reach;			/* of max_distance */
} PreparedNeed;

/* What the cost weighs. */
typedef struct FitMeasures
{
	double		coverage;		/* 0 to 1 */
	double		fit;			/* 0 to 1 */
	int			quality;		/* 0 to SUPPLY_QUALITY_MAX */
	double		proximity;		/* 0 near, 1 far */
	int			price;			/* 0 to SUPPLY_PRICE_MAX */
} FitMeasures;

/* The weighted terms, in the order they are added, and their sum. */
typedef struct FitTerms
{
	double		coverage;
	double		audience;
	double		quality;
	double		distance;
	double		price;
	double		cost;
} FitTerms;

/* Why a supply is not eligible; several reasons may hold. */
typedef enum FitReason
{
	FIT_FAMILY,
	FIT_CLOSED,
	FIT_NOT_VALID,
	FIT_NO_COVERAGE,
	FIT_ACCOMMODATION,
	FIT_LANGUAGE,
	FIT_SLOT,
	FIT_MODE,
	FIT_ONLY_FOR,
	FIT_REMOTE_REFUSED,
	FIT_ON_SITE_REFUSED,
	FIT_NO_POSITION,
	FIT_TOO_FAR,
	FIT_REASON_COUNT
} FitReason;

extern const char *const fit_reasons[FIT_REASON_COUNT];

/* One competence wanted, and what the supply brings. */
typedef struct FitGain
{
	const FitWanted *wanted;
	bool		taught;
	int			requires;		/* points, when taught */
	int			teaches;
	int			gain;			/* weighted */
} FitGain;

extern void fit_prepare(const Need *need, PreparedNeed *prepared);

extern bool fit_eligible(const PreparedNeed *prepared, const Supply *supply);
extern double fit_cost(const PreparedNeed *prepared, const Supply *supply);
/* Ten thousandths of match: what a cost leaves of the whole, to the nearest, never below 0. */
extern int	fit_score(double cost);

/*
 * Eligibility in two halves, for whoever reads supplies piece by piece: all that
 * depends on neither competences nor position, which refuses most, then those.
 */
extern bool fit_admits(const PreparedNeed *prepared, const Supply *supply);
extern bool fit_serves(const PreparedNeed *prepared, const Supply *supply);

/* The modes of a kind: format, device, posture. */
extern uint32_t fit_mode_kind(int kind);

/* The same answers, explained. */
extern uint32_t fit_refusals(const PreparedNeed *prepared, const Supply *supply);	/* bits of FitReason */
extern void fit_measure(const PreparedNeed *prepared, const Supply *supply, FitMeasures *measures);
extern void fit_weigh(const Need *need, const FitMeasures *measures, FitTerms *terms);
extern void fit_gain(const PreparedNeed *prepared, const Supply *supply, const FitWanted *wanted, FitGain *gain);
/* Metres; false when the supply is remote or a position is missing. */
extern bool fit_distance(const Need *need, const Supply *supply, double *distance);

/*
 * The rules themselves, one line each, for whoever applies them to something
 * else than one supply: the bounds of a set of supplies, a block of them.
 */

/* Without the processor's instruction, which not all have. */
static inline int
fit_count_bits(uint32_t mask)
{
	mask -= mask >> 1 & 0x55555555;
	mask = (mask & 0x33333333) + (mask >> 2 & 0x33333333);
	return (int) (((mask + (mask >> 4)) & 0x0F0F0F0F) * 0x01010101 >> 24);
}

/* Weighted points; not taught reads as teaching 0, which gains nothing. */
static inline int
fit_points_gained(const FitWanted *wanted, int requires, int teaches)
{
	int			reached = teaches < wanted->target ? teaches : wanted->target;
	int			gain = reached > wanted->current ? wanted->weight * (reached - wanted->current) : 0;

	return requires <= wanted->reach ? gain : 0;
}

static inline double
fit_coverage(const PreparedNeed *prepared, int points_gained)
{
	return prepared->wanted_total == 0 ? 0 : (double) points_gained / prepared->wanted_total;
}

/* What sharing so many of the audiences that the need names is worth. */
static inline double
fit_audience_share(const PreparedNeed *prepared, int shared)
{
	return (double) shared / prepared->audience_count;
}

/* Of a supply that names no audience. */
#define FIT_AUDIENCE_NONE 0.5

/* Of an on-site supply at this distance, in metres. */
static inline double
fit_proximity(const Need *need, double distance, double travels_within)
{
	double		share;

	if (distance <= travels_within)
		return 0;
	if (need->max_distance == 0)
		return 1;
	share = distance / need->max_distance;
	return share < 1 ? share : 1;
}

/* Two sets agree when they meet, or when one of them states nothing. */
static inline bool
fit_agree(uint32_t a, uint32_t b)
{
	return a == 0 || b == 0 || (a & b) != 0;
}

#endif							/* INCLUSION_CORE_FIT_H */
