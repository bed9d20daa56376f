/*
 * word.h
 *		Comparing a code of ours with a stretch of somebody's text.
 */
#ifndef INCLUSION_CORE_WORD_H
#define INCLUSION_CORE_WORD_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Is this NUL-terminated word exactly the length bytes of text? */
static inline bool
word_equals(const char *word, const char *text, size_t length)
{
	return strlen(word) == length && memcmp(word, text, length) == 0;
}

#endif							/* INCLUSION_CORE_WORD_H */
