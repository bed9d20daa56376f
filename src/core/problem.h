/*
 * problem.h
 *		How the core says what is wrong with an input.
 *
 * The core never raises an error: it fills a Problem and returns false, and
 * the PostgreSQL face turns it into an ereport.  Texts follow the server's
 * style: message without capital nor final period, hint as a sentence.
 */
#ifndef INCLUSION_CORE_PROBLEM_H
#define INCLUSION_CORE_PROBLEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#define PROBLEM_TEXT_MAX 240

typedef struct Problem
{
	char		message[PROBLEM_TEXT_MAX];	/* what was wrong, with the value */
	char		hint[PROBLEM_TEXT_MAX]; /* what to do; empty when obvious */
} Problem;

/* Both return false, so that a check reads: return problem_set(...). */
extern bool problem_set(Problem *problem, const char *format,...)
			__attribute__((format(printf, 2, 3)));
extern bool problem_hint(Problem *problem, const char *format,...)
			__attribute__((format(printf, 2, 3)));

#endif							/* INCLUSION_CORE_PROBLEM_H */
