/*
 * literal.h
 *		The text that needs and supplies share: kind{argument=value;...}.
 *
 * Reading accepts the arguments in any order, once each, and spaces around
 * every token; writing gives one canonical form.  Neither depends on a locale
 * or on a setting of the server.
 */
#ifndef INCLUSION_CORE_LITERAL_H
#define INCLUSION_CORE_LITERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "competence.h"
#include "problem.h"
#include "vocabulary.h"

/* More than every code of every vocabulary would take. */
#define LITERAL_TEXT_MAX 8192

/* Writing, into a buffer of LITERAL_TEXT_MAX bytes. */
typedef struct LiteralWriter
{
	char	   *text;
	size_t		length;
	bool		empty;			/* no argument written yet */
} LiteralWriter;

extern void literal_open(LiteralWriter *writer, char *text, const char *kind);
extern void literal_put_word(LiteralWriter *writer, const char *argument, const char *word);
extern void literal_put_boolean(LiteralWriter *writer, const char *argument, bool value);
extern void literal_put_number(LiteralWriter *writer, const char *argument, double value);
extern void literal_put_ratio(LiteralWriter *writer, const char *argument, int value, int denominator);
extern void literal_put_degrees(LiteralWriter *writer, const char *argument, int32_t units);
extern void literal_put_day(LiteralWriter *writer, const char *argument, int32_t day);
extern void literal_put_period(LiteralWriter *writer, const char *argument, int32_t from, int32_t until);
extern void literal_put_codes(LiteralWriter *writer, const char *argument, Vocabulary vocabulary, uint32_t mask);
extern void literal_put_integers(LiteralWriter *writer, const char *argument, const uint8_t *values, int count);
extern void literal_put_vector(LiteralWriter *writer, const char *argument, const CompetenceVector *vector);
extern size_t literal_close(LiteralWriter *writer);

/*
 * Cut the text, in place, into the values of the named arguments; the value of
 * an argument that is not given is NULL.
 */
extern bool literal_split(char *text, const char *kind, const char *const *names, int count,
						  char **values, Problem *problem);

/*
 * Read one value.  An absent value (NULL) leaves the result, hence its
 * default, alone.
 */
extern bool literal_get_boolean(const char *value, const char *argument, bool *result, Problem *problem);
extern bool literal_get_number(const char *value, const char *argument, double *result, Problem *problem);
/* A decimal number, or a whole number of parts: "204/255". */
extern bool literal_get_ratio(const char *value, const char *argument, int denominator,
							  double *result, Problem *problem);
extern bool literal_get_day(const char *value, const char *argument, int32_t *result, Problem *problem);
/* Half open; an empty period comes out with until not after from. */
extern bool literal_get_period(const char *value, const char *argument,
							   int32_t *from, int32_t *until, Problem *problem);
extern bool literal_get_code(const char *value, const char *argument, Vocabulary vocabulary,
							 int *bit, Problem *problem);
extern bool literal_get_codes(const char *value, const char *argument, Vocabulary vocabulary,
							  uint32_t *mask, Problem *problem);
/* At most capacity of them are kept; count tells how many there were. */
extern bool literal_get_integers(const char *value, const char *argument, int32_t *results,
								 int capacity, int *count, Problem *problem);
extern bool literal_get_vector(const char *value, CompetenceVector *vector, Problem *problem);

#endif							/* INCLUSION_CORE_LITERAL_H */
