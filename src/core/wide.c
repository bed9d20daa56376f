/*
 * wide.c
 *		Integers of 128 bits, for sums of squares that never round.
 */
#include "wide.h"

#include <string.h>

#include "word.h"

typedef unsigned __int128 Bits;

void
wide_print(Wide value, char *text)
{
	Bits		rest = value < 0 ? -(Bits) value : (Bits) value;
	char		digits[WIDE_TEXT_MAX];
	int			at = WIDE_TEXT_MAX;

	digits[--at] = '\0';
	do
	{
		digits[--at] = (char) ('0' + (int) (rest % 10));
		rest /= 10;
	} while (rest != 0);
	if (value < 0)
		digits[--at] = '-';
	memcpy(text, digits + at, (size_t) (WIDE_TEXT_MAX - at));
}

bool
wide_parse(const char *text, Wide *result)
{
	const char *at = text;
	bool		negative = *at == '-';
	Wide		value = 0;

	if (*at == '-' || *at == '+')
		at++;
	if (!is_digit(*at))
		return false;
	for (; is_digit(*at); at++)
	{
		Wide		digit = *at - '0';

		if (__builtin_mul_overflow(value, (Wide) 10, &value) ||
			__builtin_add_overflow(value, negative ? -digit : digit, &value))
			return false;
	}
	*result = value;
	return *at == '\0';
}

/* Quotient rounded down, and what is left: 0 <= left < n. */
static Wide
divide_down(Wide value, int64_t n, Wide *left)
{
	Wide		quotient = value / n;

	*left = value % n;
	if (*left < 0)
	{
		*left += n;
		quotient--;
	}
	return quotient;
}

double
wide_centred(int64_t n, Wide sum, Wide squares)
{
	return wide_centred_products(n, sum, sum, squares);
}

/*
 * With a = q n + r and b = s n + t, products - a b / n is the integer
 * products - q b - r s, minus r t / n.  Partial results may wrap around 128
 * bits; the whole does not, being no larger than the sums of squares.
 */
double
wide_centred_products(int64_t n, Wide sum_a, Wide sum_b, Wide products)
{
	Wide		r;
	Wide		t;
	Wide		left;
	Bits		q;
	Bits		s;
	Bits		whole;

	if (n == 0)
		return 0;
	q = (Bits) divide_down(sum_a, n, &r);
	s = (Bits) divide_down(sum_b, n, &t);
	whole = (Bits) products - q * (Bits) sum_b - (Bits) r * s;
	whole -= (Bits) divide_down(r * t, n, &left);
	return (double) (Wide) whole - (double) left / (double) n;
}
