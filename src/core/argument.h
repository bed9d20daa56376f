/*
 * argument.h
 *		Checks that the arguments of a need and of a supply share.
 */
#ifndef INCLUSION_CORE_ARGUMENT_H
#define INCLUSION_CORE_ARGUMENT_H

#include "competence.h"
#include "geo.h"
#include "problem.h"
#include "vocabulary.h"

/* Finite, and within these limits; "-0" becomes 0, so that equal is equal bytes. */
extern bool argument_number(double *value, double least, double most,
							const char *argument, Problem *problem);
extern bool argument_mask(uint32_t mask, Vocabulary vocabulary, const char *argument, Problem *problem);
/* Both coordinates or neither. */
extern bool argument_position(const double *longitude, const double *latitude,
							  bool *positioned, Position *position, Problem *problem);
/* The framework shared by two vectors, either of which may be NULL: 0 if both are. */
extern bool argument_framework(const CompetenceVector *a, const char *a_name,
							   const CompetenceVector *b, const char *b_name,
							   uint8_t *framework, Problem *problem);

/* The bit of a code that somebody gave for this argument. */
extern bool argument_find_code(Vocabulary vocabulary, const char *code, size_t length,
							   const char *argument, int *bit, Problem *problem);

/* The mask of one code known to the compiler's reader: ("language", "fr"). */
extern uint32_t argument_code(Vocabulary vocabulary, const char *code);

#endif							/* INCLUSION_CORE_ARGUMENT_H */
