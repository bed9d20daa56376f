/*
 * day.c
 *		Days of the proleptic Gregorian calendar, and their ISO text.
 *
 * Years are astronomical inside (0 is 1 BC), and begin in March, so that the
 * leap day is the last one and months follow one rule of lengths.
 */
#include "day.h"

#include <stdio.h>
#include <string.h>

#include "word.h"

#define DAYS_OF_400_YEARS 146097
#define EPOCH 730425			/* days from 0000-03-01 to 2000-01-01 */

typedef struct Calendar
{
	int64_t		year;
	int			month;
	int			day;
} Calendar;

static int64_t
floor_division(int64_t dividend, int64_t divisor)
{
	int64_t		quotient = dividend / divisor;

	return dividend % divisor < 0 ? quotient - 1 : quotient;
}

static int64_t
calendar_to_day(const Calendar *calendar)
{
	int64_t		year = calendar->month <= 2 ? calendar->year - 1 : calendar->year;
	int64_t		cycle = floor_division(year, 400);
	int64_t		year_of_cycle = year - cycle * 400;
	int			march_month = (calendar->month + 9) % 12;
	int			day_of_year = (153 * march_month + 2) / 5 + calendar->day - 1;

	return cycle * DAYS_OF_400_YEARS + year_of_cycle * 365 + year_of_cycle / 4 -
		year_of_cycle / 100 + day_of_year - EPOCH;
}

static Calendar
day_to_calendar(int32_t day)
{
	Calendar	calendar;
	int64_t		since = (int64_t) day + EPOCH;
	int64_t		cycle = floor_division(since, DAYS_OF_400_YEARS);
	int64_t		day_of_cycle = since - cycle * DAYS_OF_400_YEARS;
	int64_t		year_of_cycle = (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36524 -
								 day_of_cycle / (DAYS_OF_400_YEARS - 1)) / 365;
	int			day_of_year = (int) (day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 -
													 year_of_cycle / 100));
	int			march_month = (5 * day_of_year + 2) / 153;

	calendar.day = day_of_year - (153 * march_month + 2) / 5 + 1;
	calendar.month = march_month < 10 ? march_month + 3 : march_month - 9;
	calendar.year = year_of_cycle + cycle * 400 + (calendar.month <= 2 ? 1 : 0);
	return calendar;
}

int
day_print(int32_t day, char *text)
{
	Calendar	calendar = day_to_calendar(day);
	int			before_christ = calendar.year <= 0;
	int			year = (int) (before_christ ? 1 - calendar.year : calendar.year);

	return snprintf(text, DAY_TEXT_MAX, "%04d-%02d-%02d%s",
					year, calendar.month, calendar.day, before_christ ? " BC" : "");
}

/* Read between least and most digits; NULL when they are not there. */
static const char *
read_digits(const char *at, const char *end, int least, int most, int64_t *number)
{
	int			digits = 0;

	*number = 0;
	while (at < end && is_digit(*at))
	{
		if (++digits > most)
			return NULL;
		*number = *number * 10 + (*at++ - '0');
	}
	return digits < least ? NULL : at;
}

static const char *
read_dash(const char *at, const char *end)
{
	return at != NULL && at < end && *at == '-' ? at + 1 : NULL;
}

bool
day_parse(const char *text, size_t length, int32_t *day)
{
	const char *at = text;
	const char *end = text + length;
	int64_t		year;
	int64_t		month;
	int64_t		day_of_month;
	int64_t		number;
	Calendar	calendar;
	Calendar	back;

	if ((at = read_dash(read_digits(at, end, 4, 7, &year), end)) == NULL ||
		(at = read_dash(read_digits(at, end, 2, 2, &month), end)) == NULL ||
		(at = read_digits(at, end, 2, 2, &day_of_month)) == NULL)
		return false;
	if (year == 0 || month < 1 || month > 12)
		return false;
	if (end - at == 3 && memcmp(at, " BC", 3) == 0)
		year = 1 - year;
	else if (at != end)
		return false;

	calendar.year = year;
	calendar.month = (int) month;
	calendar.day = (int) day_of_month;
	number = calendar_to_day(&calendar);
	if (number < DAY_MIN || number > DAY_MAX)
		return false;

	/* A day that the month does not have comes back as another one. */
	back = day_to_calendar((int32_t) number);
	if (back.month != calendar.month || back.day != calendar.day)
		return false;
	*day = (int32_t) number;
	return true;
}
