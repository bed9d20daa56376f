/*
 * plane.h
 *		Bit planes: of each offer of a block one bit, a plane per fact.
 *
 * A fact is "speaks Arabic" or "teaches 1.2 to whoever has level 1 in it".
 * Sixty-four offers stand in a word, so that one operation asks all of them
 * the same question.
 */
#ifndef INCLUSION_CORE_PLANE_H
#define INCLUSION_CORE_PLANE_H

#include <stdint.h>

#include "fit.h"

#define PLANE_WORD_LANES 64
#define PLANE_WORDS 4
#define PLANE_LANES (PLANE_WORDS * PLANE_WORD_LANES)

typedef struct Plane
{
	uint64_t	words[PLANE_WORDS];
} Plane;

/* Levels that a supply may require: 0 to 7. */
#define PLANE_LEVELS 8

/* The facts, by number; those of a vocabulary or of a level follow its first. */
enum
{
	PLANE_PRESENT,				/* a block may be short */
	PLANE_VALID,				/* on the day last asked for */
	PLANE_UNRESTRICTED,			/* is for no public alone */
	PLANE_FOR_ALL,				/* names no audience */
	PLANE_ANY_SLOT,				/* states no slot */
	PLANE_ANY_MODE,				/* states no mode of a kind */
	PLANE_FRAMEWORK = PLANE_ANY_MODE + FIT_MODE_KINDS,	/* from 0: given no vector */
	PLANE_FAMILY = PLANE_FRAMEWORK + FRAMEWORK_DIGCOMP + 1,
	PLANE_MODE = PLANE_FAMILY + VOCABULARY_CODES_MAX,
	PLANE_AUDIENCE = PLANE_MODE + VOCABULARY_CODES_MAX,
	PLANE_ONLY_FOR = PLANE_AUDIENCE + VOCABULARY_CODES_MAX,
	PLANE_ACCOMMODATION = PLANE_ONLY_FOR + VOCABULARY_CODES_MAX,
	PLANE_LANGUAGE = PLANE_ACCOMMODATION + VOCABULARY_CODES_MAX,
	PLANE_SLOT = PLANE_LANGUAGE + VOCABULARY_CODES_MAX,
	PLANE_TAUGHT = PLANE_SLOT + VOCABULARY_CODES_MAX,	/* see plane_taught */
	PLANE_COUNT = PLANE_TAUGHT + COMPETENCE_SLOTS * PLANE_LEVELS
};

/* "Teaches this competence, and requires at most this level." */
static inline int
plane_taught(int slot, int level)
{
	return PLANE_TAUGHT + slot * PLANE_LEVELS + (level < PLANE_LEVELS ? level : PLANE_LEVELS - 1);
}

/* Note every fact of a supply but PLANE_VALID, in planes that were zero. */
extern void plane_note(Plane *planes, int lane, const Supply *supply);

#endif							/* INCLUSION_CORE_PLANE_H */
