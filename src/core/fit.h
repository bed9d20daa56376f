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

/* The same answers, explained. */
extern uint32_t fit_refusals(const PreparedNeed *prepared, const Supply *supply);	/* bits of FitReason */
extern void fit_measure(const PreparedNeed *prepared, const Supply *supply, FitMeasures *measures);
extern void fit_weigh(const Need *need, const FitMeasures *measures, FitTerms *terms);
extern void fit_gain(const PreparedNeed *prepared, const Supply *supply, const FitWanted *wanted, FitGain *gain);
/* Metres; false when the supply is remote or a position is missing. */
extern bool fit_distance(const Need *need, const Supply *supply, double *distance);

#endif							/* INCLUSION_CORE_FIT_H */
