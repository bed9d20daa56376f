/*
 * competence.h
 *		Competence frameworks, and the vector of what somebody masters.
 *
 * A vector holds one byte per competence of its framework: 0 to 64 eighths of
 * a level (a Pix point is one eighth of a level), or COMPETENCE_NOT_ASSESSED.
 * Slots beyond the framework's count are NOT_ASSESSED, reserved bytes zero, so
 * that equal vectors are equal bytes.  The layout is stored on disk: version 1
 * stays readable for ever.
 */
#ifndef INCLUSION_CORE_COMPETENCE_H
#define INCLUSION_CORE_COMPETENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"

#define COMPETENCE_SLOTS 24
#define COMPETENCE_POINTS_MAX 64
#define COMPETENCE_POINTS_PER_LEVEL 8
#define COMPETENCE_NOT_ASSESSED 255
#define COMPETENCE_VERSION 1

/* On disk: a number is never reused. */
typedef enum Framework
{
	FRAMEWORK_PIX = 1,
	FRAMEWORK_DIGCOMP = 2
} Framework;

typedef struct CompetenceVector
{
	uint8_t		version;
	uint8_t		framework;
	uint8_t		points[COMPETENCE_SLOTS];
	uint8_t		reserved[6];
} CompetenceVector;

/* The longest text: name, braces and 24 times "1.1=7.125," */
#define COMPETENCE_TEXT_MAX 300

/* Total: an unknown framework has an empty name, no code (NULL), no slot. */
extern const char *framework_name(int framework);
extern int	framework_by_name(const char *name, size_t length); /* 0 unknown */
extern int	framework_size(int framework);	/* 24 or 21 */
extern const char *competence_code(int framework, int slot);
extern int	competence_slot(int framework, const char *code, size_t length);	/* -1 unknown */

extern void competence_clear(CompetenceVector *vector, int framework);
/* NUL-terminated text in, canonical text out (COMPETENCE_TEXT_MAX bytes). */
extern bool competence_parse(const char *text, CompetenceVector *vector, Problem *problem);
extern size_t competence_print(const CompetenceVector *vector, char *text);
/* Is this byte image (as received from a client) a valid vector? */
extern bool competence_valid(const CompetenceVector *vector, Problem *problem);
/* Points as a decimal level: "3", "2.5", "0.125"; returns the length. */
#define COMPETENCE_LEVEL_TEXT_MAX 6
extern size_t competence_print_level(int points, char *text);
#define COMPETENCE_LEVEL_HINT "A level is a decimal number from 0 to 8, by steps of 0.125."
/* A decimal level to points; the whole of text must be the level. */
extern bool competence_parse_level(const char *text, size_t length, int *points);

/* How many competences are assessed. */
extern int	competence_assessed(const CompetenceVector *vector);
/* What is known once fresh comes after stale, of the same framework. */
extern CompetenceVector competence_latest(const CompetenceVector *stale,
										  const CompetenceVector *fresh);

/* The mean points of what is assessed, rounded down; -1 if nothing is. */
extern int	competence_mean_points(const CompetenceVector *vector);

/*
 * What is found; of what is wanted and not assessed, the lowest level found in
 * the same domain (before the point of its code), and where the domain is blank
 * `otherwise`, which may be NOT_ASSESSED.
 */
extern CompetenceVector competence_impute(const CompetenceVector *found,
										  const CompetenceVector *wanted, uint8_t otherwise);

/*
 * Let what is wanted and not assessed weigh `percent` of its weight, rounded up,
 * beside what is both.  False, and nothing changes, where there are not both.
 */
extern bool competence_lower_weights(const CompetenceVector *found, const CompetenceVector *wanted,
									 int32_t *weights, int percent);

extern bool competence_reaches(const CompetenceVector *a, const CompetenceVector *b);	/* a @> b */
extern int	competence_compare(const CompetenceVector *a, const CompetenceVector *b);	/* for sorting only */

#endif							/* INCLUSION_CORE_COMPETENCE_H */
