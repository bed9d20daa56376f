/*
 * literal.c
 *		The text that needs and supplies share: kind{argument=value;...}.
 */
#include "literal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "argument.h"
#include "day.h"
#include "geo.h"
#include "number.h"
#include "word.h"

#define INTEGER_DIGITS_MAX 6

static char *
skip_spaces(char *at)
{
	while (is_space(*at))
		at++;
	return at;
}

/* End the string at this length, less the spaces before it. */
static void
cut_text(char *text, size_t length)
{
	while (length > 0 && is_space(text[length - 1]))
		length--;
	text[length] = '\0';
}

/*
 * Writing
 */

static void put_text(LiteralWriter *writer, const char *format,...)
			__attribute__((format(printf, 2, 3)));

/* LITERAL_TEXT_MAX is more than the longest literal: nothing is ever cut. */
static void
put_text(LiteralWriter *writer, const char *format,...)
{
	size_t		room = LITERAL_TEXT_MAX - writer->length;
	va_list		arguments;
	int			length;

	va_start(arguments, format);
	length = vsnprintf(writer->text + writer->length, room, format, arguments);
	va_end(arguments);
	writer->length += (size_t) length < room ? (size_t) length : room - 1;
}

void
literal_open(LiteralWriter *writer, char *text, const char *kind)
{
	writer->text = text;
	writer->length = 0;
	writer->empty = true;
	put_text(writer, "%s{", kind);
}

size_t
literal_close(LiteralWriter *writer)
{
	put_text(writer, "}");
	return writer->length;
}

static void
put_name(LiteralWriter *writer, const char *argument)
{
	put_text(writer, "%s%s=", writer->empty ? "" : ";", argument);
	writer->empty = false;
}

void
literal_put_word(LiteralWriter *writer, const char *argument, const char *word)
{
	put_name(writer, argument);
	put_text(writer, "%s", word);
}

void
literal_put_boolean(LiteralWriter *writer, const char *argument, bool value)
{
	literal_put_word(writer, argument, value ? "true" : "false");
}

void
literal_put_number(LiteralWriter *writer, const char *argument, double value)
{
	char		number[NUMBER_TEXT_MAX];

	number_print(value, number);
	literal_put_word(writer, argument, number);
}

void
literal_put_ratio(LiteralWriter *writer, const char *argument, int value, int denominator)
{
	put_name(writer, argument);
	put_text(writer, "%d/%d", value, denominator);
}

void
literal_put_degrees(LiteralWriter *writer, const char *argument, int32_t units)
{
	char		degrees[GEO_DEGREES_TEXT_MAX];

	geo_print_degrees(units, degrees);
	literal_put_word(writer, argument, degrees);
}

void
literal_put_day(LiteralWriter *writer, const char *argument, int32_t day)
{
	char		text[DAY_TEXT_MAX];

	day_print(day, text);
	literal_put_word(writer, argument, text);
}

void
literal_put_period(LiteralWriter *writer, const char *argument, int32_t from, int32_t until)
{
	char		first[DAY_TEXT_MAX] = "";
	char		after[DAY_TEXT_MAX] = "";

	if (from >= until)
	{
		literal_put_word(writer, argument, "empty");
		return;
	}
	if (from != DAY_BEFORE_ALL)
		day_print(from, first);
	if (until != DAY_AFTER_ALL)
		day_print(until, after);
	put_name(writer, argument);
	put_text(writer, "%s%s,%s)", from == DAY_BEFORE_ALL ? "(" : "[", first, after);
}

void
literal_put_codes(LiteralWriter *writer, const char *argument, Vocabulary vocabulary, uint32_t mask)
{
	const char *separator = "";

	put_name(writer, argument);
	for (int bit = 0; bit < vocabulary_size(vocabulary); bit++)
	{
		if ((mask >> bit & 1) == 0)
			continue;
		put_text(writer, "%s%s", separator, vocabulary_code(vocabulary, bit)->code);
		separator = ",";
	}
}

void
literal_put_integers(LiteralWriter *writer, const char *argument, const uint8_t *values, int count)
{
	put_name(writer, argument);
	for (int i = 0; i < count; i++)
		put_text(writer, "%s%d", i == 0 ? "" : ",", values[i]);
}

void
literal_put_vector(LiteralWriter *writer, const char *argument, const CompetenceVector *vector)
{
	char		text[COMPETENCE_TEXT_MAX];

	competence_print(vector, text);
	literal_put_word(writer, argument, text);
}

/*
 * Cutting
 */

static bool
malformed(const char *kind, const char *near, Problem *problem)
{
	problem_set(problem, "malformed %s near \"%s\"", kind, near);
	return problem_hint(problem, "Write %s{argument=value;argument=value}.", kind);
}

/* The end of a value: a separator or the end that is not inside braces. */
static char *
value_end(char *at)
{
	int			depth = 0;

	for (; *at != '\0'; at++)
	{
		if (depth == 0 && (*at == ';' || *at == '}'))
			break;
		if (*at == '{')
			depth++;
		else if (*at == '}')
			depth--;
	}
	return at;
}

static int
find_name(const char *name, const char *const *names, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (strcmp(name, names[i]) == 0)
			return i;
	}
	return -1;
}

/* Cut "argument=value" at the start of *text, and move to what ended it. */
static bool
split_argument(char **text, char *end, const char *kind, const char *const *names, int count,
			   char **values, Problem *problem)
{
	char	   *name = *text;
	size_t		length = strcspn(name, "={};");
	int			argument;

	if (name[length] != '=')
		return malformed(kind, name, problem);
	*end = '\0';
	*text = skip_spaces(name + length + 1);
	cut_text(*text, (size_t) (end - *text));
	cut_text(name, length);

	argument = find_name(name, names, count);
	if (argument < 0)
	{
		problem_set(problem, "%s has no argument \"%s\"", kind, name);
		return problem_hint(problem, "Its arguments are those of function inclusion.%s().", kind);
	}
	if (values[argument] != NULL)
	{
		problem_set(problem, "argument \"%s\" of %s is given twice", name, kind);
		return problem_hint(problem, "Give each argument once.");
	}
	values[argument] = *text;
	return true;
}

bool
literal_split(char *text, const char *kind, const char *const *names, int count,
			  char **values, Problem *problem)
{
	size_t		kind_length = strlen(kind);
	char	   *at = skip_spaces(text);

	for (int i = 0; i < count; i++)
		values[i] = NULL;

	if (strncmp(at, kind, kind_length) != 0)
		return malformed(kind, at, problem);
	at = skip_spaces(at + kind_length);
	if (*at != '{')
		return malformed(kind, at, problem);
	at = skip_spaces(at + 1);

	while (*at != '}')
	{
		char	   *end = value_end(at);
		char		ended_by = *end;

		if (ended_by == '\0')
			return malformed(kind, at, problem);
		if (!split_argument(&at, end, kind, names, count, values, problem))
			return false;
		at = end;
		if (ended_by == '}')
			break;
		at = skip_spaces(at + 1);
		if (*at == '}')
			return malformed(kind, at, problem);
	}
	at = skip_spaces(at + 1);
	return *at == '\0' || malformed(kind, at, problem);
}

/*
 * Reading
 */

static bool
invalid_value(const char *value, const char *argument, const char *expected, Problem *problem)
{
	problem_set(problem, "invalid value for argument \"%s\": \"%s\"", argument, value);
	return problem_hint(problem, "Give %s.", expected);
}

bool
literal_get_boolean(const char *value, const char *argument, bool *result, Problem *problem)
{
	if (value == NULL)
		return true;
	*result = strcmp(value, "true") == 0;
	return *result || strcmp(value, "false") == 0 ||
		invalid_value(value, argument, "true or false", problem);
}

bool
literal_get_number(const char *value, const char *argument, double *result, Problem *problem)
{
	return value == NULL || number_parse(value, result) ||
		invalid_value(value, argument, "a decimal number", problem);
}

/* A few digits, and nothing else. */
static bool
read_integer(const char *text, size_t length, int32_t *result)
{
	*result = 0;
	if (length == 0 || length > INTEGER_DIGITS_MAX)
		return false;
	for (size_t i = 0; i < length; i++)
	{
		if (!is_digit(text[i]))
			return false;
		*result = *result * 10 + (text[i] - '0');
	}
	return true;
}

bool
literal_get_ratio(const char *value, const char *argument, int denominator,
				  double *result, Problem *problem)
{
	const char *slash = value == NULL ? NULL : strchr(value, '/');
	int32_t		parts;
	int32_t		parts_of;
	char		expected[64];

	if (slash == NULL)
		return literal_get_number(value, argument, result, problem);

	if (!read_integer(value, (size_t) (slash - value), &parts) ||
		!read_integer(slash + 1, strlen(slash + 1), &parts_of) || parts_of != denominator)
	{
		snprintf(expected, sizeof(expected), "a decimal number, or a whole number of parts: 0/%d to %d/%d",
				 denominator, denominator, denominator);
		return invalid_value(value, argument, expected, problem);
	}
	*result = (double) parts / denominator;
	return true;
}

bool
literal_get_day(const char *value, const char *argument, int32_t *result, Problem *problem)
{
	return value == NULL || day_parse(value, strlen(value), result) ||
		invalid_value(value, argument, "a finite day: YYYY-MM-DD", problem);
}

/* One bound of a period, spaces around; empty means unbounded. */
static bool
read_bound(const char *text, size_t length, int32_t unbounded, int32_t *bound)
{
	while (length > 0 && is_space(text[0]))
	{
		text++;
		length--;
	}
	while (length > 0 && is_space(text[length - 1]))
		length--;
	*bound = unbounded;
	return length == 0 || day_parse(text, length, bound);
}

bool
literal_get_period(const char *value, const char *argument,
				   int32_t *from, int32_t *until, Problem *problem)
{
	const char *comma;
	size_t		length;
	char		opening;
	char		closing;

	if (value == NULL)
		return true;
	if (strcmp(value, "empty") == 0)
	{
		*from = *until = 0;
		return true;
	}

	length = strlen(value);
	comma = strchr(value, ',');
	opening = value[0];
	closing = length > 0 ? value[length - 1] : '\0';
	if (comma == NULL || (opening != '[' && opening != '(') || (closing != ']' && closing != ')') ||
		!read_bound(value + 1, (size_t) (comma - value - 1), DAY_BEFORE_ALL, from) ||
		!read_bound(comma + 1, (size_t) (value + length - 1 - comma - 1), DAY_AFTER_ALL, until))
		return invalid_value(value, argument, "a range of days: [YYYY-MM-DD,YYYY-MM-DD)", problem);
	/* as daterange does: a slip of the pen must not read as "never valid" */
	if (*from > *until)
		return invalid_value(value, argument, "a range of days whose first day is not after its last", problem);

	if (opening == '(' && *from != DAY_BEFORE_ALL)
		(*from)++;
	if (closing == ']' && *until != DAY_AFTER_ALL)
		(*until)++;
	return true;
}

bool
literal_get_code(const char *value, const char *argument, Vocabulary vocabulary,
				 int *bit, Problem *problem)
{
	return value == NULL || argument_find_code(vocabulary, value, strlen(value), argument, bit, problem);
}

/*
 * Find the next element of a comma-separated list, without the spaces around
 * it, and move past its comma; false at the end of the list.
 */
static bool
next_element(const char **list, const char **element, size_t *length)
{
	const char *at = *list;
	size_t		size;

	if (at == NULL)
		return false;
	size = strcspn(at, ",");
	*list = at[size] == ',' ? at + size + 1 : NULL;
	for (; size > 0 && is_space(*at); size--)
		at++;
	while (size > 0 && is_space(at[size - 1]))
		size--;
	*element = at;
	*length = size;
	return true;
}

bool
literal_get_codes(const char *value, const char *argument, Vocabulary vocabulary,
				  uint32_t *mask, Problem *problem)
{
	const char *rest = value;
	const char *code;
	size_t		length;
	int			bit;

	if (value == NULL)
		return true;
	*mask = 0;
	if (*value == '\0')
		return true;
	while (next_element(&rest, &code, &length))
	{
		if (!argument_find_code(vocabulary, code, length, argument, &bit, problem))
			return false;
		*mask |= (uint32_t) 1 << bit;
	}
	return true;
}

bool
literal_get_integers(const char *value, const char *argument, int32_t *results,
					 int capacity, int *count, Problem *problem)
{
	const char *rest = value;
	const char *element;
	size_t		length;
	int32_t		number;

	*count = 0;
	if (value == NULL || *value == '\0')
		return true;
	while (next_element(&rest, &element, &length))
	{
		if (!read_integer(element, length, &number))
			return invalid_value(value, argument, "whole numbers separated by commas", problem);
		if (*count < capacity)
			results[*count] = number;
		(*count)++;
	}
	return true;
}

bool
literal_get_vector(const char *value, CompetenceVector *vector, Problem *problem)
{
	return value == NULL || competence_parse(value, vector, problem);
}
