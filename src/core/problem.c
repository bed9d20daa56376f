/*
 * problem.c
 *		How the core says what is wrong with an input.
 */
#include "problem.h"

#include <stdio.h>
#include <string.h>

/*
 * vsnprintf may cut a UTF-8 character in two at the end of the buffer; the
 * server would then refuse the message itself, so drop the broken tail.
 */
static void
trim_broken_character(char *text)
{
	size_t		length = strlen(text);
	size_t		start = length;

	if (length < PROBLEM_TEXT_MAX - 1)
		return;
	while (start > 0 && ((unsigned char) text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start > 0 && (unsigned char) text[start - 1] >= 0xC0)
		text[start - 1] = '\0';
}

static void __attribute__((format(printf, 2, 0)))
format_text(char *text, const char *format, va_list arguments)
{
	vsnprintf(text, PROBLEM_TEXT_MAX, format, arguments);
	trim_broken_character(text);
}

/* State the problem; any earlier hint is forgotten. */
bool
problem_set(Problem *problem, const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	format_text(problem->message, format, arguments);
	va_end(arguments);
	problem->hint[0] = '\0';
	return false;
}

/* Add what the caller can do about the problem already stated. */
bool
problem_hint(Problem *problem, const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	format_text(problem->hint, format, arguments);
	va_end(arguments);
	return false;
}
