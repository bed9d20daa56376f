/*
 * supply.h
 *		What one offer gives: its checks, its text and its binary form.
 *
 * The struct is the image on disk, after the server's length word.  Version 1
 * stays readable for ever; nothing outside this header knows the layout.
 * Fields leave no hole and spare bytes are zero, so that equal supplies are
 * equal bytes.
 */
#ifndef INCLUSION_CORE_SUPPLY_H
#define INCLUSION_CORE_SUPPLY_H

#include "competence.h"
#include "geo.h"
#include "problem.h"
#include "vocabulary.h"

#define SUPPLY_VERSION 1
#define SUPPLY_WIRE_SIZE 81

#define SUPPLY_REMOTE 0x01
#define SUPPLY_OPEN 0x02
#define SUPPLY_POSITIONED 0x04

#define SUPPLY_QUALITY_MAX 255
#define SUPPLY_PRICE_MAX 15

typedef struct Supply
{
	uint8_t		version;
	uint8_t		framework;		/* 0 when it was given no vector */
	uint8_t		flags;
	uint8_t		quality;		/* 0 to SUPPLY_QUALITY_MAX */
	uint8_t		price;			/* 0 to SUPPLY_PRICE_MAX */
	uint8_t		reserved[3];
	uint8_t		taught[COMPETENCE_SLOTS];	/* see supply_teaches */
	double		travels_within; /* metres */
	uint32_t	families;
	uint32_t	modes;
	uint32_t	audiences;		/* those of only_for included */
	uint32_t	only_for;
	uint32_t	accommodations;
	uint32_t	languages;
	uint32_t	slots;
	Position	position;
	int32_t		valid_from;		/* days, half open; an empty period is 0, 0 */
	int32_t		valid_until;
} Supply;

/*
 * A supply deals in whole levels: a competence taught holds in one byte the
 * level it leads to (1 to 8, high half) and the lower one it starts from.
 * Zero: not taught.  Both functions answer in points.
 */
static inline int
supply_teaches(const Supply *supply, int slot)
{
	return (supply->taught[slot] >> 4) * COMPETENCE_POINTS_PER_LEVEL;
}

static inline int
supply_requires(const Supply *supply, int slot)
{
	return (supply->taught[slot] & 0x0F) * COMPETENCE_POINTS_PER_LEVEL;
}

/* The constructor's arguments, in its order: they index supply_arguments. */
typedef enum SupplyArgument
{
	SUPPLY_ARG_REQUIRES,
	SUPPLY_ARG_TEACHES,
	SUPPLY_ARG_LONGITUDE,
	SUPPLY_ARG_LATITUDE,
	SUPPLY_ARG_REMOTE,
	SUPPLY_ARG_FAMILIES,
	SUPPLY_ARG_MODES,
	SUPPLY_ARG_AUDIENCES,
	SUPPLY_ARG_ONLY_FOR,
	SUPPLY_ARG_ACCOMMODATIONS,
	SUPPLY_ARG_LANGUAGES,
	SUPPLY_ARG_SLOTS,
	SUPPLY_ARG_TRAVELS_WITHIN,
	SUPPLY_ARG_QUALITY,
	SUPPLY_ARG_PRICE,
	SUPPLY_ARG_VALID,
	SUPPLY_ARG_OPEN,
	SUPPLY_ARG_COUNT
} SupplyArgument;

extern const char *const supply_arguments[SUPPLY_ARG_COUNT];

/* What a supply is built from; a NULL pointer is an SQL NULL. */
typedef struct SupplyInput
{
	const CompetenceVector *requires;
	const CompetenceVector *teaches;
	const double *longitude;
	const double *latitude;
	bool		remote;
	bool		open;
	uint32_t	families;
	uint32_t	modes;
	uint32_t	audiences;
	uint32_t	only_for;
	uint32_t	accommodations;
	uint32_t	languages;
	uint32_t	slots;
	double		travels_within;
	double		quality;
	double		price;
	int32_t		valid_from;
	int32_t		valid_until;
} SupplyInput;

typedef enum SupplyOutcome
{
	SUPPLY_REFUSED,				/* the problem says why */
	SUPPLY_DRAFT,				/* valid as far as it goes: an SQL NULL */
	SUPPLY_BUILT
} SupplyOutcome;

/* The constructor's defaults. */
extern void supply_defaults(SupplyInput *input);
extern SupplyOutcome supply_build(const SupplyInput *input, Supply *supply, Problem *problem);

/* The text is cut in pieces while it is read. */
extern bool supply_parse(char *text, Supply *supply, Problem *problem);
extern size_t supply_print(const Supply *supply, char *text);	/* LITERAL_TEXT_MAX bytes */

extern void supply_pack(const Supply *supply, uint8_t *wire);	/* SUPPLY_WIRE_SIZE bytes */
extern bool supply_unpack(const uint8_t *wire, Supply *supply, Problem *problem);

/* Is this image, as stored, one that supply_build makes? */
extern bool supply_valid(const Supply *supply, Problem *problem);

/* The two vectors of a supply that has a framework. */
extern void supply_vectors(const Supply *supply, CompetenceVector *requires, CompetenceVector *teaches);

#endif							/* INCLUSION_CORE_SUPPLY_H */
