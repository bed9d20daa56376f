/*
 * types.c
 *		Needs and supplies: numbers, days, positions, text and binary forms,
 *		and the bounds of the cost.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/day.h"
#include "core/fit.h"
#include "core/geo.h"
#include "core/literal.h"
#include "core/number.h"
#include "tap.h"
#include "values.h"

#define VALUES 100000
#define MUTATIONS 50000
#define PAIRS 100000

/* ---------- numbers ---------- */

static void
expect_number(double value, const char *expected)
{
	char		text[NUMBER_TEXT_MAX];

	number_print(value, text);
	expect(strcmp(text, expected) == 0, "%.17g is written %s, not %s", value, text, expected);
}

static void
expect_no_number(const char *text)
{
	double		value;

	expect(!number_parse(text, &value), "\"%s\" is read as a number", text);
}

static void
test_numbers(void)
{
	double		value;
	double		back;
	char		text[NUMBER_TEXT_MAX];

	expect_number(0, "0");
	expect_number(1, "1");
	expect_number(-2.5, "-2.5");
	expect_number(0.1, "0.1");
	expect_number(0.15, "0.15");
	expect_number(0.1 + 0.2, "0.30000000000000004");
	expect_number(0.0001, "0.0001");
	expect_number(0.00001234, "1.234e-05");
	expect_number(10000, "10000");
	expect_number(123456789012345.0, "123456789012345");
	expect_number(100000000000000.0, "100000000000000");
	expect_number(1e15, "1e+15");
	expect_number(1e22, "1e+22");
	expect_number(DBL_MAX, "1.7976931348623157e+308");
	expect_number(DBL_MIN, "2.2250738585072014e-308");
	expect_number(4.9406564584124654e-324, "5e-324");
	verdict("numbers are written as shortly as they can be");

	for (int i = 0; i < VALUES / 5; i++)
	{
		uint64_t	bits = random_bits();

		memcpy(&value, &bits, sizeof(value));
		if (i % 2 == 0 || isnan(value) || isinf(value))
			value = below(1000000) / (double) (1 + below(1000));
		number_print(value, text);
		expect(number_parse(text, &back) && memcmp(&back, &value, sizeof(value)) == 0,
			   "%.17g comes back as %.17g from %s", value, back, text);
	}
	verdict("a number's text gives the same double back");

	expect(number_parse("+007.50e-1", &value) && value == 0.75, "+007.50e-1");
	expect(number_parse(".5", &value) && value == 0.5, ".5");
	expect(number_parse("5.", &value) && value == 5, "5.");
	expect(number_parse("1e-9999", &value) && value == 0, "1e-9999");
	expect_no_number("");
	expect_no_number(".");
	expect_no_number("-");
	expect_no_number("1e");
	expect_no_number("1e99999");
	expect_no_number("1,5");
	expect_no_number("1.5.2");
	expect_no_number("0x10");
	expect_no_number("nan");
	expect_no_number("inf");
	expect_no_number("1 ");
	expect_no_number("1111111111222222222233333333334444444444555555555566666666667");
	verdict("what is no decimal number is refused");
}

/* ---------- days ---------- */

/* The calendar again, one day after the other. */
static bool
leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
month_length(int year, int month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return lengths[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

static void
expect_day(int32_t day, int year, int month, int day_of_month)
{
	char		expected[64];
	char		text[DAY_TEXT_MAX];
	int32_t		back;

	snprintf(expected, sizeof(expected), "%04d-%02d-%02d%s", year > 0 ? year : 1 - year,
			 month, day_of_month, year > 0 ? "" : " BC");
	day_print(day, text);
	expect(strcmp(text, expected) == 0, "day %d is %s, not %s", day, text, expected);
	expect(day_parse(expected, strlen(expected), &back) && back == day, "%s is not day %d", expected, day);
}

static void
expect_no_day(const char *text)
{
	int32_t		day;

	expect(!day_parse(text, strlen(text), &day), "\"%s\" is read as a day", text);
}

static void
test_days(void)
{
	int			year = -4713;	/* 4714 BC */
	int			month = 11;
	int			day_of_month = 24;

	for (int32_t day = DAY_MIN; day < 200000; day++)
	{
		if (day % 37 == 0 || (month == 2 && day_of_month >= 28) || (month == 3 && day_of_month == 1))
			expect_day(day, year, month, day_of_month);
		if (++day_of_month <= month_length(year, month))
			continue;
		day_of_month = 1;
		if (++month <= 12)
			continue;
		month = 1;
		year++;
	}
	expect_day(0, 2000, 1, 1);
	expect_day(DAY_MAX, 5874897, 12, 31);
	verdict("days follow the proleptic Gregorian calendar");

	expect_no_day("");
	expect_no_day("2025-1-01");
	expect_no_day("2025-01-1");
	expect_no_day("25-01-01");
	expect_no_day("0000-01-01");
	expect_no_day("2025-00-01");
	expect_no_day("2025-13-01");
	expect_no_day("2025-02-29");
	expect_no_day("1900-02-29");
	expect_no_day("2025-04-31");
	expect_no_day("2025-01-00");
	expect_no_day("2025-01-01 AD");
	expect_no_day("2025-01-01BC");
	expect_no_day("2025-01-01 ");
	expect_no_day("2025/01/01");
	expect_no_day("4714-11-23 BC");
	expect_no_day("5874898-01-01");
	expect_no_day("99999999-01-01");
	expect_no_day("infinity");
	verdict("what is no day is refused");
}

/* ---------- positions ---------- */

static Position
position(double longitude, double latitude)
{
	Position	result;
	Problem		problem;

	memset(&result, 0, sizeof(result));
	expect(geo_position(longitude, latitude, &result, &problem), "%g %g is refused", longitude, latitude);
	return result;
}

/* The haversine formula, from degrees. */
static double
haversine(const Position *a, const Position *b)
{
	double		radians = acos(-1.0) / 180 * 1e-7;
	double		latitude = (b->latitude - a->latitude) * radians;
	double		longitude = ((double) b->longitude - a->longitude) * radians;
	double		h = pow(sin(latitude / 2), 2) +
		cos(a->latitude * radians) * cos(b->latitude * radians) * pow(sin(longitude / 2), 2);

	return 2 * 6371008.8 * asin(fmin(1, sqrt(h)));
}

static void
test_positions(void)
{
	Position	a;
	Position	b;
	Problem		problem;
	char		text[GEO_DEGREES_TEXT_MAX];

	for (int i = 0; i < VALUES / 5; i++)
	{
		double		longitude = share() * 360 - 180;
		double		latitude = share() * 180 - 90;
		double		expected;
		double		metres;

		a = position(longitude, latitude);
		b = i % 2 ? position(share() * 360 - 180, share() * 180 - 90) :
			position(longitude + (share() - 0.5) * 0.01 * (longitude > -179 && longitude < 179),
					 latitude + (share() - 0.5) * 0.01 * (latitude > -89 && latitude < 89));
		expected = haversine(&a, &b);
		metres = geo_distance(&a, &b);
		/* 2^-30 of the radius is 6 mm; the sine flattens near the antipodes */
		expect(fabs(metres - expected) < (expected < 19000000 ? 0.1 : 100), "%.3f m instead of %.3f", metres, expected);
		expect(metres == geo_distance(&b, &a), "the distance depends on the direction");
		expect(geo_distance(&a, &a) == 0, "a position is not where it is");

		b = position(geo_degrees(a.longitude), geo_degrees(a.latitude));
		expect(memcmp(&a, &b, sizeof(a)) == 0, "%d is not quantised to itself", a.longitude);
	}
	verdict("distances are those of the haversine formula");

	a = position(180, 10);
	b = position(-180, 10);
	expect(memcmp(&a, &b, sizeof(a)) == 0 && a.longitude == -1800000000, "180 is not -180");
	a = position(179.99999996, 0);
	expect(a.longitude == -1800000000, "what rounds to 180 is not -180");
	a = position(-0.0, -0.00000001);
	expect(a.longitude == 0 && a.latitude == 0, "-0 is not 0");
	a = position(0.00000005, -0.00000005);
	expect(a.longitude == 1 && a.latitude == -1, "halves are not rounded away from zero");
	a = position(12, 90);
	b = position(-170, 90);
	expect(geo_distance(&a, &b) == 0, "the pole is not one point");
	b = position(0, -90);
	expect(fabs(geo_distance(&a, &b) - acos(-1.0) * 6371008.8) < 1, "from pole to pole");
	geo_print_degrees(-1, text);
	expect(strcmp(text, "-0.0000001") == 0, "-1 is written %s", text);
	geo_print_degrees(-1800000000, text);
	expect(strcmp(text, "-180.0000000") == 0, "-180 is written %s", text);
	expect(!geo_position(180.0000001, 0, &a, &problem) && !geo_position(0, 90.0000001, &a, &problem) &&
		   !geo_position(NAN, 0, &a, &problem) && !geo_position(0, INFINITY, &a, &problem), "outside the globe");
	verdict("the edges of the globe");
}

/* ---------- text and binary forms ---------- */

static bool
supply_comes_back(const Supply *supply)
{
	char		text[LITERAL_TEXT_MAX];
	char		again[LITERAL_TEXT_MAX];
	uint8_t		wire[SUPPLY_WIRE_SIZE];
	Supply		back;
	Problem		problem;

	supply_print(supply, text);
	strcpy(again, text);
	if (!supply_parse(again, &back, &problem) || memcmp(&back, supply, sizeof(back)) != 0)
		return false;
	supply_pack(supply, wire);
	memset(&back, 0xAA, sizeof(back));
	return supply_unpack(wire, &back, &problem) && memcmp(&back, supply, sizeof(back)) == 0;
}

static bool
need_comes_back(const Need *need)
{
	char		text[LITERAL_TEXT_MAX];
	char		again[LITERAL_TEXT_MAX];
	uint8_t		wire[NEED_WIRE_SIZE];
	Need		back;
	Problem		problem;

	need_print(need, text);
	strcpy(again, text);
	if (!need_parse(again, &back, &problem) || memcmp(&back, need, sizeof(back)) != 0)
		return false;
	need_pack(need, wire);
	memset(&back, 0xAA, sizeof(back));
	return need_unpack(wire, &back, &problem) && memcmp(&back, need, sizeof(back)) == 0;
}

static void
test_round_trips(void)
{
	char		text[LITERAL_TEXT_MAX];

	for (int i = 0; i < VALUES; i++)
	{
		Supply		supply = random_supply();

		expect(supply_comes_back(&supply), "%s does not come back", (supply_print(&supply, text), text));
	}
	verdict("a supply's text and bytes give the same supply back");

	for (int i = 0; i < VALUES; i++)
	{
		Need		need = random_need();

		expect(need_comes_back(&need), "%s does not come back", (need_print(&need, text), text));
	}
	verdict("a need's text and bytes give the same need back");
}

/* Put the arguments in another order, with spaces around them. */
static void
shuffle_arguments(const char *text, char *shuffled)
{
	char		copy[LITERAL_TEXT_MAX];
	char	   *parts[32];
	char	   *brace;
	int			count = 0;

	strcpy(copy, text);
	brace = strchr(copy, '{');
	copy[strlen(copy) - 1] = '\0';
	*brace = '\0';
	for (char *part = strtok(brace + 1, ";"); part != NULL; part = strtok(NULL, ";"))
		parts[count++] = part;
	sprintf(shuffled, " %s\t{ ", copy);
	for (; count > 0; count--)
	{
		int			pick = below(count);
		char	   *equals = strchr(parts[pick], '=');

		*equals = '\0';
		sprintf(shuffled + strlen(shuffled), "\n %s = %s %s", parts[pick], equals + 1, count > 1 ? ";" : "");
		parts[pick] = parts[count - 1];
	}
	strcat(shuffled, "} ");
}

static void
test_other_spellings(void)
{
	char		text[LITERAL_TEXT_MAX];
	char		other[2 * LITERAL_TEXT_MAX];
	Problem		problem = {"", ""};

	for (int i = 0; i < VALUES / 20; i++)
	{
		Supply		supply = random_supply();
		Supply		same_supply;
		Need		need = random_need();
		Need		same_need;

		supply_print(&supply, text);
		shuffle_arguments(text, other);
		expect(supply_parse(other, &same_supply, &problem) && memcmp(&supply, &same_supply, sizeof(supply)) == 0,
			   "shuffled %s: %s", text, problem.message);
		need_print(&need, text);
		shuffle_arguments(text, other);
		expect(need_parse(other, &same_need, &problem) && memcmp(&need, &same_need, sizeof(need)) == 0,
			   "shuffled %s: %s", text, problem.message);
	}
	verdict("order and spaces of the arguments do not matter");
}

/* The longest text must fit: every code, every number at its longest. */
static void
test_longest_text(void)
{
	char		text[LITERAL_TEXT_MAX];
	SupplyInput input;
	Supply		supply;
	Problem		problem;
	CompetenceVector teaches;
	CompetenceVector requires;
	double		longitude = -179.1234567;
	double		latitude = -89.1234567;

	competence_clear(&teaches, FRAMEWORK_DIGCOMP);
	memset(teaches.points, 64, 21);
	competence_clear(&requires, FRAMEWORK_DIGCOMP);
	memset(requires.points, 56, 21);
	supply_defaults(&input);
	input.teaches = &teaches;
	input.requires = &requires;
	input.longitude = &longitude;
	input.latitude = &latitude;
	input.remote = true;
	input.open = false;
	input.families = (1u << vocabulary_size(VOCABULARY_FAMILY)) - 1;
	input.modes = (1u << vocabulary_size(VOCABULARY_MODE)) - 1;
	input.audiences = input.only_for = (1u << vocabulary_size(VOCABULARY_AUDIENCE)) - 1;
	input.accommodations = (1u << vocabulary_size(VOCABULARY_ACCOMMODATION)) - 1;
	input.languages = (1u << vocabulary_size(VOCABULARY_LANGUAGE)) - 1;
	input.slots = (1u << vocabulary_size(VOCABULARY_SLOT)) - 1;
	input.travels_within = DBL_MAX;
	input.quality = 1;
	input.price = 1;
	input.valid_from = DAY_MIN;
	input.valid_until = DAY_MAX;
	expect(supply_build(&input, &supply, &problem) == SUPPLY_BUILT, "refused: %s", problem.message);
	expect(supply_print(&supply, text) < LITERAL_TEXT_MAX / 2, "the longest text fills its room");
	expect(supply_comes_back(&supply), "the fullest supply does not come back");
	verdict("the longest text has room to spare");
}

static void
mutate(char *bytes, size_t *length, size_t size, bool text)
{
	static const char marks[] = "{}=;,./-[]() e01985";

	for (int changes = 1 + below(3); changes > 0 && *length > 0; changes--)
	{
		size_t		at = (size_t) below((int) *length);

		switch (text ? below(4) : below(2))
		{
			case 0:
				bytes[at] = (char) (text ? marks[below(sizeof(marks) - 1)] : below(256));
				break;
			case 1:
				bytes[at] = (char) (bytes[at] ^ 1 << below(text ? 7 : 8));
				break;
			case 2:
				memmove(bytes + at, bytes + at + 1, *length - at - 1);
				(*length)--;
				break;
			default:
				if (*length + 1 >= size)
					break;
				memmove(bytes + at + 1, bytes + at, *length - at);
				(*length)++;
				break;
		}
	}
}

/* The copy is as long as the text, so that reading past its end is caught. */
static char *
exact_copy(const char *text, size_t length)
{
	char	   *copy = malloc(length + 1);

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

static void
test_mutations(void)
{
	char		text[LITERAL_TEXT_MAX];
	uint8_t		wire[NEED_WIRE_SIZE];
	size_t		length;
	Supply		supply = random_supply();
	Need		need = random_need();
	Problem		problem;

	for (int i = 0; i < MUTATIONS; i++)
	{
		char	   *copy;
		Supply		other_supply;
		Need		other_need;

		if (i % 100 == 0)
		{
			supply = random_supply();
			need = random_need();
		}

		length = supply_print(&supply, text);
		mutate(text, &length, sizeof(text), true);
		copy = exact_copy(text, length);
		if (supply_parse(copy, &other_supply, &problem))
			expect(supply_comes_back(&other_supply), "accepted, and does not come back: %.*s", (int) length, text);
		free(copy);

		length = need_print(&need, text);
		mutate(text, &length, sizeof(text), true);
		copy = exact_copy(text, length);
		if (need_parse(copy, &other_need, &problem))
			expect(need_comes_back(&other_need), "accepted, and does not come back: %.*s", (int) length, text);
		free(copy);
	}
	verdict("mutated texts are refused, or make a whole value");

	for (int i = 0; i < MUTATIONS; i++)
	{
		uint8_t		again[NEED_WIRE_SIZE];
		Supply		other_supply;
		Need		other_need;

		if (i % 100 == 0)
		{
			supply = random_supply();
			need = random_need();
		}

		length = SUPPLY_WIRE_SIZE;
		supply_pack(&supply, wire);
		mutate((char *) wire, &length, length, false);
		if (supply_unpack(wire, &other_supply, &problem))
		{
			supply_pack(&other_supply, again);
			expect(memcmp(wire, again, SUPPLY_WIRE_SIZE) == 0, "supply bytes change");
			expect(supply_comes_back(&other_supply), "supply does not come back");
		}

		length = NEED_WIRE_SIZE;
		need_pack(&need, wire);
		mutate((char *) wire, &length, length, false);
		if (need_unpack(wire, &other_need, &problem))
		{
			need_pack(&other_need, again);
			expect(memcmp(wire, again, NEED_WIRE_SIZE) == 0, "need bytes change");
			expect(need_comes_back(&other_need), "need does not come back");
		}
	}
	verdict("mutated bytes are refused, or kept as they are");
}

/* ---------- cost ---------- */

static int
sum_of_gains(const PreparedNeed *prepared, const Supply *supply)
{
	FitGain		gain;
	int			sum = 0;

	for (int i = 0; i < prepared->wanted_count; i++)
	{
		fit_gain(prepared, supply, &prepared->wanted[i], &gain);
		expect(gain.gain >= 0 && gain.gain <= gain.wanted->weight * (gain.wanted->target - gain.wanted->current),
			   "a gain of %d", gain.gain);
		sum += gain.gain;
	}
	return sum;
}

static void
test_cost(void)
{
	Need		need;
	PreparedNeed prepared;
	int			eligible = 0;

	for (int i = 0; i < PAIRS; i++)
	{
		Supply		supply = random_supply();
		FitMeasures measures;
		FitTerms	terms;
		double		most;
		double		cost;
		double		sum;
		double		coverage;

		if (i % 20 == 0)
		{
			need = random_need();
			fit_prepare(&need, &prepared);
		}
		/* Chance would rarely agree on the framework, the day and the place. */
		if (below(2) == 0)
		{
			supply.valid_from = DAY_BEFORE_ALL;
			supply.valid_until = DAY_AFTER_ALL;
			supply.flags |= SUPPLY_OPEN;
			supply.accommodations |= need.accommodations | prepared.interpreter;
			supply.only_for = 0;
			supply.modes = supply.slots = 0;
			supply.travels_within = 3e7;
		}

		cost = fit_cost(&prepared, &supply);
		fit_measure(&prepared, &supply, &measures);
		fit_weigh(&need, &measures, &terms);
		sum = terms.coverage + terms.audience + terms.quality + terms.distance + terms.price;
		most = need.w_coverage + need.w_audience + need.w_quality + need.w_distance + need.w_price;
		expect(memcmp(&cost, &terms.cost, sizeof(cost)) == 0 && memcmp(&cost, &sum, sizeof(cost)) == 0,
			   "%.17g is not the sum %.17g", cost, sum);
		expect(cost >= 0 && cost <= most + 1e-15, "cost %.17g of at most %.17g", cost, most);
		expect(measures.coverage >= 0 && measures.coverage <= 1 && measures.fit >= 0 && measures.fit <= 1 &&
			   measures.proximity >= 0 && measures.proximity <= 1, "a measure outside 0 to 1");

		expect(fit_eligible(&prepared, &supply) == (fit_refusals(&prepared, &supply) == 0),
			   "eligible and refusals disagree: %x", fit_refusals(&prepared, &supply));
		eligible += fit_eligible(&prepared, &supply);
		if (!prepared.learn)
			continue;
		coverage = prepared.wanted_total == 0 ? 0 :
			(double) sum_of_gains(&prepared, &supply) / prepared.wanted_total;
		expect(coverage == measures.coverage, "the gains make %.17g, the coverage is %.17g", coverage, measures.coverage);
	}
	expect(eligible > PAIRS / 50 && eligible < PAIRS / 2, "%d eligible pairs of %d prove little", eligible, PAIRS);
	verdict("the cost is the sum of its terms, within its bounds");
}

int
main(void)
{
	test_numbers();
	test_days();
	test_positions();
	test_round_trips();
	test_other_spellings();
	test_longest_text();
	test_mutations();
	test_cost();
	return last_verdict();
}
