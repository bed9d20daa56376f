/*
 * tap.h
 *		What the tests of the core share: a verdict per property, and a fixed
 *		generator so that a failure can be replayed.
 *
 * A property is checked many times and reported once: expect() notes the first
 * thing that contradicts it, verdict() writes the line.
 */
#ifndef INCLUSION_TAP_H
#define INCLUSION_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

static int	verdicts;
static int	failed_verdicts;
static long checks;
static long contradictions;

__attribute__((format(printf, 2, 3)))
static inline void
expect(bool condition, const char *format,...)
{
	va_list		arguments;

	checks++;
	if (condition || contradictions++ > 0)
		return;
	va_start(arguments, format);
	printf("# ");
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
}

/* Of what was expected since the last verdict; nothing expected is a failure. */
static inline void
verdict(const char *property)
{
	bool		held = checks > 0 && contradictions == 0;

	verdicts++;
	if (!held)
		failed_verdicts++;
	printf("%s %d - %s (%ld checks)\n", held ? "ok" : "not ok", verdicts, property, checks);
	checks = contradictions = 0;
}

static inline int
last_verdict(void)
{
	printf("1..%d\n", verdicts);
	return failed_verdicts == 0 ? 0 : 1;
}

/* Knuth's 64-bit linear congruential generator, its high bits. */
static uint64_t generator_state = 20260101;

static inline int
below(int limit)
{
	generator_state = generator_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (int) ((generator_state >> 33) % (uint64_t) limit);
}

#endif							/* INCLUSION_TAP_H */
