/*
 * number.h
 *		Doubles as decimal text, without any locale.
 */
#ifndef INCLUSION_CORE_NUMBER_H
#define INCLUSION_CORE_NUMBER_H

#include <stdbool.h>

/* Room for "-2.2250738585072014e-308" and its end, and more. */
#define NUMBER_TEXT_MAX 64

/* The shortest text that gives the same double back. */
extern void number_print(double value, char *text);
/* The whole of text must be a finite decimal number. */
extern bool number_parse(const char *text, double *result);

#endif							/* INCLUSION_CORE_NUMBER_H */
