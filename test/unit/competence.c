/*
 * competence.c
 *		Competence vectors: text, bytes and order, against their definition.
 */
#include "competence.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

#define VECTORS 20000
#define MUTATIONS 200000

/* Competences per domain; pix starts with domain 0, digcomp with 1. */
static const struct
{
	int			framework;
	const char *name;
	int			first_domain;
	int			domains[6];
	int			size;
}			definitions[] = {
	{1, "pix", 0, {8, 3, 4, 4, 3, 2}, 24},
	{2, "digcomp", 1, {3, 6, 4, 4, 4, 0}, 21}
};

static bool
parse(const char *text, CompetenceVector *vector)
{
	Problem		problem = {"", ""};
	bool		accepted = competence_parse(text, vector, &problem);

	expect(accepted == (problem.message[0] == '\0'), "message and verdict disagree on %s", text);
	return accepted;
}

static CompetenceVector
random_vector(void)
{
	CompetenceVector vector;
	int			framework = 1 + below(2);
	int			assessed = below(101);	/* percent */

	competence_clear(&vector, framework);
	for (int slot = 0; slot < framework_size(framework); slot++)
	{
		if (below(100) < assessed)
			vector.points[slot] = (uint8_t) below(65);
	}
	return vector;
}

static void
test_frameworks(void)
{
	for (int i = 0; i < 2; i++)
	{
		int			framework = definitions[i].framework;
		int			slot = 0;

		expect(strcmp(framework_name(framework), definitions[i].name) == 0, "name of %d", framework);
		expect(framework_by_name(definitions[i].name, strlen(definitions[i].name)) == framework,
			   "number of %s", definitions[i].name);
		expect(framework_by_name(definitions[i].name, 2) == 0, "a beginning is taken for %s", definitions[i].name);
		for (int domain = 0; domain < 6; domain++)
		{
			for (int n = 1; n <= definitions[i].domains[domain]; n++, slot++)
			{
				char		code[8];

				snprintf(code, sizeof(code), "%d.%d", definitions[i].first_domain + domain, n);
				expect(strcmp(competence_code(framework, slot), code) == 0, "code %d is not %s", slot, code);
				expect(competence_slot(framework, code, 3) == slot, "slot of %s", code);
			}
		}
		expect(slot == definitions[i].size && framework_size(framework) == slot, "size of %s", definitions[i].name);
		expect(competence_code(framework, slot) == NULL && competence_code(framework, -1) == NULL, "code outside");
		expect(competence_slot(framework, "1.10", 4) == -1 && competence_slot(framework, "", 0) == -1 &&
			   competence_slot(framework, "1.", 2) == -1, "slot of an unknown code");
	}
	for (int framework = -1; framework < 300; framework++)
	{
		if (framework == 1 || framework == 2)
			continue;
		expect(framework_name(framework)[0] == '\0' && framework_size(framework) == 0 &&
			   competence_code(framework, 0) == NULL && competence_slot(framework, "1.1", 3) == -1,
			   "framework %d exists", framework);
	}
	verdict("frameworks hold the published competences");
}

static void
test_levels(void)
{
	char		text[COMPETENCE_LEVEL_TEXT_MAX];
	int			points = -1;

	for (int expected = 0; expected <= 64; expected++)
	{
		char		reference[32];

		snprintf(reference, sizeof(reference), "%g", expected / 8.0);
		expect(competence_print_level(expected, text) == strlen(reference) && strcmp(text, reference) == 0,
			   "%d points print as %s", expected, text);
		expect(competence_parse_level(text, strlen(text), &points) && points == expected, "level %s", text);
	}
	verdict("levels are exact eighths");

	/* Every number of at most four decimals around and beyond the scale. */
	for (int n = 0; n < 100000; n++)
	{
		bool		multiple = n % 1250 == 0 && n <= 80000;
		char		number[32];

		snprintf(number, sizeof(number), "%d.%04d", n / 10000, n % 10000);
		expect(competence_parse_level(number, strlen(number), &points) == multiple &&
			   (!multiple || points == n / 1250), "level %s", number);
	}
	verdict("levels are accepted if multiples of an eighth from 0 to 8");
}

static void
test_round_trip(void)
{
	for (int i = 0; i < VECTORS; i++)
	{
		CompetenceVector vector = random_vector();
		CompetenceVector again;
		Problem		problem;
		char		text[COMPETENCE_TEXT_MAX];
		size_t		length = competence_print(&vector, text);

		expect(length == strlen(text) && length < sizeof(text), "length of %s", text);
		expect(parse(text, &again) && memcmp(&again, &vector, sizeof(vector)) == 0, "%s comes back otherwise", text);
		expect(competence_valid(&vector, &problem), "%s is not valid", text);
	}
	verdict("printed vectors are read back to the same bytes");
}

/* Cut, or change, remove or insert one character: often what may be harmless. */
static void
mutate(char *text)
{
	static const char characters[] = "          \n\t\r00000555{}=,.123467892pixdgcom-+e\x7f\xc3\xa9";
	size_t		length = strlen(text);
	size_t		at = (size_t) below((int) length + 1);
	char		character = characters[below((int) sizeof(characters) - 1)];

	switch (below(10))
	{
		case 0:
			text[at] = '\0';
			break;
		case 1:
		case 2:
		case 3:
			if (at < length)
				text[at] = character;
			break;
		case 4:
		case 5:
		case 6:
			if (at < length)
				memmove(text + at, text + at + 1, length - at);
			break;
		default:
			memmove(text + at + 1, text + at, length - at + 1);
			text[at] = character;
	}
}

static void
test_mutated_text(void)
{
	int			accepted = 0;

	for (int i = 0; i < MUTATIONS; i++)
	{
		CompetenceVector vector = random_vector();
		CompetenceVector again;
		Problem		problem;
		char		buffer[COMPETENCE_TEXT_MAX + 8];
		char		text[COMPETENCE_TEXT_MAX];
		char	   *exact;

		competence_print(&vector, buffer);
		for (int n = below(3); n >= 0; n--)
			mutate(buffer);
		exact = strdup(buffer); /* a read past its end is seen by the sanitizer */
		if (parse(exact, &vector))
		{
			accepted++;
			expect(competence_valid(&vector, &problem), "%s gives an invalid vector", exact);
			competence_print(&vector, text);
			expect(parse(text, &again) && memcmp(&again, &vector, sizeof(vector)) == 0,
				   "%s, accepted, is not stable", exact);
		}
		free(exact);
	}
	expect(accepted > MUTATIONS / 30 && accepted < MUTATIONS / 2, "%d mutations accepted", accepted);
	verdict("mutated text is refused, or read to a stable vector");
}

/* Each byte of a vector may hold just what the layout says. */
static bool
byte_allowed(const CompetenceVector *vector, size_t byte, int value)
{
	int			slot = (int) byte - 2;

	if (byte == 0)
		return value == 1;
	if (byte == 1)
		return value == vector->framework ||
			(value == 1 && vector->framework == 2) ||	/* unassessed beyond 21 */
			(value == 2 && vector->framework == 1 && vector->points[21] == 255 &&
			 vector->points[22] == 255 && vector->points[23] == 255);
	if (slot < framework_size(vector->framework))
		return value <= 64 || value == 255;
	if (slot < 24)
		return value == 255;
	return value == 0;
}

static void
test_bytes(void)
{
	for (int i = 0; i < 200; i++)
	{
		CompetenceVector vector = random_vector();

		for (size_t byte = 0; byte < sizeof(vector); byte++)
		{
			for (int value = 0; value < 256; value++)
			{
				CompetenceVector changed = vector;
				Problem		problem;

				((uint8_t *) &changed)[byte] = (uint8_t) value;
				expect(competence_valid(&changed, &problem) == byte_allowed(&vector, byte, value),
					   "byte %d set to %d", (int) byte, value);
			}
		}
	}
	verdict("bytes are valid exactly where the layout says");
}

static int
sign(int value)
{
	return (value > 0) - (value < 0);
}

/* A vector near another: the same, but for a competence or two. */
static CompetenceVector
near(const CompetenceVector *vector)
{
	CompetenceVector other = *vector;

	for (int n = below(3); n > 0; n--)
		other.points[below(framework_size(vector->framework))] = (uint8_t) (below(3) > 0 ? below(65) : 255);
	return other;
}

static void
test_order(void)
{
	for (int i = 0; i < VECTORS; i++)
	{
		CompetenceVector a = random_vector();
		CompetenceVector b = below(2) > 0 ? random_vector() : near(&a);
		CompetenceVector c = near(&b);
		int			reference = sign(a.framework - b.framework);

		/* As bytes in which not assessed is 0, and points one more. */
		for (int slot = 0; slot < 24 && reference == 0; slot++)
			reference = sign((uint8_t) (a.points[slot] + 1) - (uint8_t) (b.points[slot] + 1));
		expect(sign(competence_compare(&a, &b)) == reference, "order");
		expect(sign(competence_compare(&b, &a)) == -reference, "antisymmetry");
		expect((competence_compare(&a, &b) == 0) == (memcmp(&a, &b, sizeof(a)) == 0), "equal vectors are equal bytes");
		expect(!(competence_compare(&a, &b) <= 0 && competence_compare(&b, &c) <= 0) ||
			   competence_compare(&a, &c) <= 0, "transitivity");
	}
	verdict("the order is total, framework first, not assessed before 0");
}

static void
test_reaches(void)
{
	int			reached = 0;

	for (int i = 0; i < VECTORS; i++)
	{
		CompetenceVector a = random_vector();
		CompetenceVector b = below(4) > 0 ? near(&a) : random_vector();
		bool		reference = a.framework == b.framework;

		for (int slot = 0; slot < framework_size(b.framework); slot++)
		{
			int			have = a.points[slot] == 255 ? -1 : a.points[slot];

			if (b.points[slot] != 255 && have < b.points[slot])
				reference = false;
		}
		reached += reference;
		expect(competence_reaches(&a, &b) == reference, "reaching");
		expect(competence_reaches(&a, &a), "a vector reaches itself");
	}
	expect(reached > VECTORS / 10 && reached < VECTORS * 9 / 10, "%d reached", reached);
	verdict("reaching is at least as high wherever the other is assessed");
}

static void
test_latest(void)
{
	for (int i = 0; i < VECTORS; i++)
	{
		CompetenceVector stale = random_vector();
		CompetenceVector fresh = near(&stale);
		CompetenceVector latest = competence_latest(&stale, &fresh);
		Problem		problem;
		int			assessed = 0;

		for (int slot = 0; slot < framework_size(stale.framework); slot++)
		{
			int			newest = fresh.points[slot] <= 64 ? fresh.points[slot] : stale.points[slot];

			expect(latest.points[slot] == newest, "slot %d", slot);
			assessed += newest <= 64;
		}
		expect(competence_valid(&latest, &problem), "%s", problem.message);
		expect(competence_assessed(&latest) == assessed, "assessed");
	}
	verdict("the newest assessment of each competence stays");
}

/* From the printed text, where domains stand before the points of the codes. */
static void
test_impute(void)
{
	int			imputed_slots = 0;

	for (int i = 0; i < VECTORS; i++)
	{
		CompetenceVector found = random_vector();
		CompetenceVector wanted = near(&found);
		int			otherwise = below(66) == 65 ? 255 : below(65);
		CompetenceVector imputed = competence_impute(&found, &wanted, otherwise);
		Problem		problem;

		for (int slot = 0; slot < framework_size(found.framework); slot++)
		{
			const char *code = competence_code(found.framework, slot);
			int			expected_points = found.points[slot];

			for (int other = 0; other < framework_size(found.framework); other++)
			{
				if (found.points[slot] == 255 && wanted.points[slot] != 255 &&
					strncmp(competence_code(found.framework, other), code, 2) == 0 &&
					found.points[other] < expected_points)
					expected_points = found.points[other];
			}
			if (wanted.points[slot] != 255 && expected_points == 255)
				expected_points = otherwise;
			expect(imputed.points[slot] == expected_points, "slot %d", slot);
			imputed_slots += imputed.points[slot] != found.points[slot];
		}
		expect(competence_valid(&imputed, &problem), "%s", problem.message);
	}
	expect(imputed_slots > VECTORS / 10, "%d imputed", imputed_slots);
	verdict("a wanted competence nobody assessed takes the lowest level of its domain, or the one given");
}

static void
test_lower_weights(void)
{
	int			lowered_vectors = 0;

	for (int i = 0; i < VECTORS; i++)
	{
		CompetenceVector found = random_vector();
		CompetenceVector wanted = near(&found);
		int			percent = below(101);
		int32_t		weights[COMPETENCE_SLOTS];
		int32_t		lowered[COMPETENCE_SLOTS];
		bool		any_known = false;
		bool		any_unknown = false;
		bool		changed;

		for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
		{
			weights[slot] = lowered[slot] = below(16);
			any_known |= wanted.points[slot] != 255 && found.points[slot] != 255;
			any_unknown |= wanted.points[slot] != 255 && found.points[slot] == 255;
		}
		changed = competence_lower_weights(&found, &wanted, lowered, percent);
		expect(changed == (any_known && any_unknown), "changed %d", changed);
		for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
		{
			bool		doubtful = changed && wanted.points[slot] != 255 && found.points[slot] == 255;
			int			least = doubtful ? (weights[slot] * percent + 99) / 100 : weights[slot];

			expect(lowered[slot] == least, "slot %d", slot);
		}
		lowered_vectors += changed;
	}
	expect(lowered_vectors > VECTORS / 10, "%d lowered", lowered_vectors);
	verdict("beside what is known, what is not weighs less, rounded up");
}

static void
test_mean(void)
{
	CompetenceVector vector;

	competence_clear(&vector, FRAMEWORK_PIX);
	expect(competence_mean_points(&vector) == -1, "of nothing");
	vector.points[3] = 8;
	vector.points[7] = 0;
	vector.points[23] = 9;
	expect(competence_mean_points(&vector) == 5, "%d", competence_mean_points(&vector));
	verdict("the mean of what is assessed is rounded down");
}

int
main(void)
{
	test_frameworks();
	test_levels();
	test_round_trip();
	test_mutated_text();
	test_bytes();
	test_order();
	test_reaches();
	test_latest();
	test_impute();
	test_lower_weights();
	test_mean();
	return last_verdict();
}
