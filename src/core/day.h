/*
 * day.h
 *		Days of the proleptic Gregorian calendar, and their ISO text.
 *
 * A day is the number of days since 2000-01-01, within the limits of the
 * server's type date, whose value it shares.
 */
#ifndef INCLUSION_CORE_DAY_H
#define INCLUSION_CORE_DAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DAY_MIN (-2451545)		/* 4714-11-24 BC */
#define DAY_MAX 2145031948
/* Bounds of a period without beginning or end. */
#define DAY_BEFORE_ALL INT32_MIN
#define DAY_AFTER_ALL INT32_MAX

/* Room for "5874897-12-31 BC" and its end. */
#define DAY_TEXT_MAX 24

extern int	day_print(int32_t day, char *text);
/* The whole of text must be the day: YYYY-MM-DD, more digits of year, or BC. */
extern bool day_parse(const char *text, size_t length, int32_t *day);

#endif							/* INCLUSION_CORE_DAY_H */
