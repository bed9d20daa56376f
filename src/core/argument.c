/*
 * argument.c
 *		Checks that the arguments of a need and of a supply share.
 */
#include "argument.h"

#include <float.h>
#include <string.h>

#include "number.h"

bool
argument_number(double *value, double least, double most, const char *argument, Problem *problem)
{
	char		number[NUMBER_TEXT_MAX];

	/* Written so that NaN fails too. */
	if (*value >= least && *value <= most)
	{
		*value += 0.0;
		return true;
	}
	number_print(*value, number);
	problem_set(problem, "argument \"%s\" is out of range: %s", argument, number);
	if (most >= DBL_MAX)
		return problem_hint(problem, "Give a finite number, at least %g.", least);
	return problem_hint(problem, "Give a number between %g and %g.", least, most);
}

bool
argument_mask(uint32_t mask, Vocabulary vocabulary, const char *argument, Problem *problem)
{
	if (mask >> vocabulary_size(vocabulary) == 0)
		return true;
	return problem_set(problem, "argument \"%s\" has bits outside its vocabulary: %08x", argument, mask);
}

bool
argument_position(const double *longitude, const double *latitude,
				  bool *positioned, Position *position, Problem *problem)
{
	if ((longitude == NULL) != (latitude == NULL))
	{
		problem_set(problem, "%s is given without %s",
					longitude != NULL ? "longitude" : "latitude",
					longitude != NULL ? "latitude" : "longitude");
		return problem_hint(problem, "Give both coordinates, or neither.");
	}
	*positioned = longitude != NULL;
	return !*positioned || geo_position(*longitude, *latitude, position, problem);
}

bool
argument_framework(const CompetenceVector *a, const char *a_name,
				   const CompetenceVector *b, const char *b_name,
				   uint8_t *framework, Problem *problem)
{
	*framework = a != NULL ? a->framework : b != NULL ? b->framework : 0;
	if (a == NULL || b == NULL || a->framework == b->framework)
		return true;
	problem_set(problem, "\"%s\" is in framework %s, \"%s\" in %s",
				a_name, framework_name(a->framework), b_name, framework_name(b->framework));
	return problem_hint(problem, "Convert one of them: two frameworks are never mixed.");
}

bool
argument_find_code(Vocabulary vocabulary, const char *code, size_t length,
				   const char *argument, int *bit, Problem *problem)
{
	*bit = vocabulary_bit(vocabulary, code, length);
	if (*bit >= 0)
		return true;
	problem_set(problem, "unknown %s code in argument \"%s\": \"%.*s\"",
				vocabulary_name(vocabulary), argument, (int) length, code);
	return problem_hint(problem, "The known codes are listed by SELECT code FROM inclusion.codes('%s').",
						vocabulary_name(vocabulary));
}

uint32_t
argument_code(Vocabulary vocabulary, const char *code)
{
	return (uint32_t) 1 << vocabulary_bit(vocabulary, code, strlen(code));
}
