/*
 * word.h
 *		What every reader of somebody's text asks of its characters.
 *
 * The functions of ctype.h would answer by the locale.
 */
#ifndef INCLUSION_CORE_WORD_H
#define INCLUSION_CORE_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Is this NUL-terminated word exactly the length bytes of text? */
static inline bool
word_equals(const char *word, const char *text, size_t length)
{
	return strlen(word) == length && memcmp(word, text, length) == 0;
}

#endif							/* INCLUSION_CORE_WORD_H */
