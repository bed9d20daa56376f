/*
 * number.c
 *		Doubles as decimal text, without any locale.
 *
 * The C library writes and reads the digits; what stands between them, which
 * depends on the locale, is ours.
 */
#include "number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "word.h"

#define DOUBLE_DIGITS_MAX 17	/* enough for every double to come back */
#define READ_DIGITS_MAX 60
#define READ_EXPONENT_MAX 9999

/*
 * The digits of a number in scientific notation, and the power of ten of the
 * first.  Whatever the locale puts between the digits is skipped.
 */
static int
scientific_digits(double magnitude, int precision, char *digits, int *exponent)
{
	char		scientific[NUMBER_TEXT_MAX / 2];
	int			count = 0;
	const char *at = scientific;

	snprintf(scientific, sizeof(scientific), "%.*e", precision - 1, magnitude);
	for (; *at != 'e'; at++)
	{
		if (is_digit(*at))
			digits[count++] = *at;
	}
	digits[count] = '\0';
	*exponent = (int) strtol(at + 1, NULL, 10);
	return count;
}

/* Without a decimal point, no locale can misread the number. */
static double
number_of_digits(const char *digits, int exponent)
{
	char		text[READ_DIGITS_MAX + 24];

	snprintf(text, sizeof(text), "%se%d", digits, exponent);
	return strtod(text, NULL);
}

/* The fewest digits that give the same number back. */
static int
shortest_digits(double magnitude, char *digits, int *exponent)
{
	int			count = 0;

	for (int precision = 1; precision <= DOUBLE_DIGITS_MAX; precision++)
	{
		count = scientific_digits(magnitude, precision, digits, exponent);
		if (number_of_digits(digits, *exponent - (count - 1)) == magnitude)
			break;
	}
	return count;
}

void
number_print(double value, char *text)
{
	char		digits[NUMBER_TEXT_MAX / 2];
	const char *sign = value < 0 ? "-" : "";
	int			exponent;
	int			count;

	if (isnan(value) || isinf(value))
	{
		snprintf(text, NUMBER_TEXT_MAX, "%s%s", sign, isnan(value) ? "NaN" : "Infinity");
		return;
	}

	count = shortest_digits(fabs(value), digits, &exponent);
	if (exponent < -4 || exponent >= 15)
		snprintf(text, NUMBER_TEXT_MAX, "%s%c%s%se%+03d", sign,
				 digits[0], count > 1 ? "." : "", digits + 1, exponent);
	else if (exponent < 0)
		snprintf(text, NUMBER_TEXT_MAX, "%s0.%.*s%s", sign, -exponent - 1, "000", digits);
	else if (count <= exponent + 1)
		snprintf(text, NUMBER_TEXT_MAX, "%s%s%.*s", sign,
				 digits, exponent + 1 - count, "00000000000000");
	else
		snprintf(text, NUMBER_TEXT_MAX, "%s%.*s.%s", sign,
				 exponent + 1, digits, digits + exponent + 1);
}

/* Collect significant digits; *scale counts those to the right of the point. */
static const char *
read_mantissa(const char *at, char *digits, int *scale)
{
	int			count = 0;
	bool		any = false;
	bool		point = false;

	*scale = 0;
	for (; is_digit(*at) || (*at == '.' && !point); at++)
	{
		if (*at == '.')
		{
			point = true;
			continue;
		}
		any = true;
		if (count == READ_DIGITS_MAX)
			return NULL;
		if (count > 0 || *at != '0')
			digits[count++] = *at;
		if (point)
			(*scale)++;
	}
	if (count == 0)
		digits[count++] = '0';
	digits[count] = '\0';
	return any ? at : NULL;
}

static const char *
read_exponent(const char *at, int *exponent)
{
	bool		negative = *at == '-';

	*exponent = 0;
	if (*at == '-' || *at == '+')
		at++;
	if (!is_digit(*at))
		return NULL;
	for (; is_digit(*at); at++)
	{
		*exponent = *exponent * 10 + (*at - '0');
		if (*exponent > READ_EXPONENT_MAX)
			return NULL;
	}
	if (negative)
		*exponent = -*exponent;
	return at;
}

bool
number_parse(const char *text, double *result)
{
	const char *at = text;
	char		digits[READ_DIGITS_MAX + 1];
	int			scale;
	int			exponent = 0;
	bool		negative = *text == '-';

	if (*at == '-' || *at == '+')
		at++;
	at = read_mantissa(at, digits, &scale);
	if (at != NULL && (*at == 'e' || *at == 'E'))
		at = read_exponent(at + 1, &exponent);
	if (at == NULL || *at != '\0')
		return false;

	*result = number_of_digits(digits, exponent - scale);
	if (negative)
		*result = -*result;
	return true;
}
