/*
 * vocabulary.h
 *		Closed lists of codes, compiled in so that masks are immutable.
 *
 * A code's bit is its place in the list, for ever: a bit is never reused nor
 * moved.  Each list has at most 31 codes, eight of them custom_1 ... custom_8
 * that a territory labels in a table.
 */
#ifndef INCLUSION_CORE_VOCABULARY_H
#define INCLUSION_CORE_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>

#define VOCABULARY_CODES_MAX 31

typedef enum Vocabulary
{
	VOCABULARY_AUDIENCE,
	VOCABULARY_ACCOMMODATION,
	VOCABULARY_LANGUAGE,
	VOCABULARY_SLOT,
	VOCABULARY_FAMILY,
	VOCABULARY_MODE,
	VOCABULARY_COUNT
} Vocabulary;

typedef struct VocabularyCode
{
	const char *code;
	const char *kind;			/* NULL where the list has no kinds */
	const char *label;			/* French, shown to people */
} VocabularyCode;

extern const char *vocabulary_name(Vocabulary vocabulary);
extern int	vocabulary_by_name(const char *name, size_t length);	/* -1 unknown */
extern int	vocabulary_size(Vocabulary vocabulary);
extern const VocabularyCode *vocabulary_code(Vocabulary vocabulary, int bit);
extern int	vocabulary_bit(Vocabulary vocabulary, const char *code, size_t length); /* -1 unknown */
/* The bits of all codes of a kind, e.g. (mode, "device"). */
extern uint32_t vocabulary_kind_mask(Vocabulary vocabulary, const char *kind);

#endif							/* INCLUSION_CORE_VOCABULARY_H */
