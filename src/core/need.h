/*
 * need.h
 *		What one person needs on one day, for one family: its checks, its text
 *		and its binary form.
 *
 * The struct is the image on disk, after the server's length word.  Version 1
 * stays readable for ever; nothing outside this header knows the layout.
 * Fields leave no hole, so that equal needs are equal bytes.
 */
#ifndef INCLUSION_CORE_NEED_H
#define INCLUSION_CORE_NEED_H

#include "competence.h"
#include "geo.h"
#include "problem.h"
#include "vocabulary.h"

#define NEED_VERSION 1
#define NEED_WIRE_SIZE 156

#define NEED_POSITIONED 0x01
#define NEED_ACCEPT_REMOTE 0x02
#define NEED_ACCEPT_ON_SITE 0x04

#define NEED_WEIGHT_MAX 15
#define NEED_WEIGHT_DEFAULT 8

typedef struct Need
{
	uint8_t		version;
	uint8_t		framework;		/* 0 when it was given no vector */
	uint8_t		flags;
	uint8_t		family;			/* bit number in its vocabulary */
	int32_t		day;
	uint8_t		current[COMPETENCE_SLOTS];	/* points, as in a vector */
	uint8_t		target[COMPETENCE_SLOTS];
	uint8_t		weights[COMPETENCE_SLOTS];	/* zero beyond the framework */
	double		max_distance;	/* metres; 0 when it was NULL */
	double		w_coverage;
	double		w_audience;
	double		w_quality;
	double		w_distance;
	double		w_price;
	uint32_t	modes;
	uint32_t	audiences;
	uint32_t	accommodations;
	uint32_t	languages;
	uint32_t	slots;
	Position	position;
} Need;

/* The constructor's arguments, in its order: they index need_arguments. */
typedef enum NeedArgument
{
	NEED_ARG_CURRENT,
	NEED_ARG_TARGET,
	NEED_ARG_LONGITUDE,
	NEED_ARG_LATITUDE,
	NEED_ARG_MAX_DISTANCE,
	NEED_ARG_DAY,
	NEED_ARG_FAMILY,
	NEED_ARG_WEIGHTS,
	NEED_ARG_MODES,
	NEED_ARG_AUDIENCES,
	NEED_ARG_ACCOMMODATIONS,
	NEED_ARG_LANGUAGES,
	NEED_ARG_SLOTS,
	NEED_ARG_ACCEPT_REMOTE,
	NEED_ARG_ACCEPT_ON_SITE,
	NEED_ARG_W_COVERAGE,
	NEED_ARG_W_AUDIENCE,
	NEED_ARG_W_QUALITY,
	NEED_ARG_W_DISTANCE,
	NEED_ARG_W_PRICE,
	NEED_ARG_COUNT
} NeedArgument;

extern const char *const need_arguments[NEED_ARG_COUNT];

/* What a need is built from; a NULL pointer is an SQL NULL. */
typedef struct NeedInput
{
	const CompetenceVector *current;
	const CompetenceVector *target;
	const double *longitude;
	const double *latitude;
	const double *max_distance;
	const int32_t *weights;		/* the first COMPETENCE_SLOTS of them */
	int			weight_count;
	int32_t		day;
	int			family;
	uint32_t	modes;
	uint32_t	audiences;
	uint32_t	accommodations;
	uint32_t	languages;
	uint32_t	slots;
	bool		accept_remote;
	bool		accept_on_site;
	double		w_coverage;
	double		w_audience;
	double		w_quality;
	double		w_distance;
	double		w_price;
} NeedInput;

/* The constructor's defaults; the day has none. */
extern void need_defaults(NeedInput *input);
extern bool need_build(const NeedInput *input, Need *need, Problem *problem);

/* The text is cut in pieces while it is read. */
extern bool need_parse(char *text, Need *need, Problem *problem);
extern size_t need_print(const Need *need, char *text); /* LITERAL_TEXT_MAX bytes */

extern void need_pack(const Need *need, uint8_t *wire); /* NEED_WIRE_SIZE bytes */
extern bool need_unpack(const uint8_t *wire, Need *need, Problem *problem);

/* Is this image, as stored, one that need_build makes? */
extern bool need_valid(const Need *need, Problem *problem);

#endif							/* INCLUSION_CORE_NEED_H */
