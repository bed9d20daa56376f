/*
 * competence.c
 *		Competence frameworks, and the vector of what somebody masters.
 *
 * Levels are read and written digit by digit, as whole eighths: no floating
 * point, hence no rounding and nothing that depends on a locale.
 */
#include "competence.h"

#include <string.h>

#include "word.h"

/* The byte image is what tables hold: nothing may pad it. */
typedef char vector_is_32_bytes[sizeof(CompetenceVector) == 32 ? 1 : -1]
__attribute__((unused));

/* Decimal places of an eighth, and the last of them. */
#define LEVEL_DECIMALS 3
#define THOUSANDTHS_PER_POINT 125

typedef struct FrameworkList
{
	const char *name;
	int			size;
	const char *codes[COMPETENCE_SLOTS];
} FrameworkList;

static const FrameworkList frameworks[] = {
	/* 0.1 to 0.8: first steps of our own, absent from every Pix figure. */
	[FRAMEWORK_PIX] = {"pix", 24, {
		"0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8",
		"1.1", "1.2", "1.3",
		"2.1", "2.2", "2.3", "2.4",
		"3.1", "3.2", "3.3", "3.4",
		"4.1", "4.2", "4.3",
		"5.1", "5.2"
	}},
	[FRAMEWORK_DIGCOMP] = {"digcomp", 21, {
		"1.1", "1.2", "1.3",
		"2.1", "2.2", "2.3", "2.4", "2.5", "2.6",
		"3.1", "3.2", "3.3", "3.4",
		"4.1", "4.2", "4.3", "4.4",
		"5.1", "5.2", "5.3", "5.4"
	}}
};

#define FRAMEWORK_LAST FRAMEWORK_DIGCOMP

static const FrameworkList unknown_framework = {"", 0, {NULL}};

static const FrameworkList *
framework_list(int framework)
{
	if (framework < FRAMEWORK_PIX || framework > FRAMEWORK_LAST)
		return &unknown_framework;
	return &frameworks[framework];
}

const char *
framework_name(int framework)
{
	return framework_list(framework)->name;
}

int
framework_by_name(const char *name, size_t length)
{
	for (int framework = FRAMEWORK_PIX; framework <= FRAMEWORK_LAST; framework++)
	{
		if (word_equals(frameworks[framework].name, name, length))
			return framework;
	}
	return 0;
}

int
framework_size(int framework)
{
	return framework_list(framework)->size;
}

const char *
competence_code(int framework, int slot)
{
	const FrameworkList *list = framework_list(framework);

	return slot >= 0 && slot < list->size ? list->codes[slot] : NULL;
}

int
competence_slot(int framework, const char *code, size_t length)
{
	const FrameworkList *list = framework_list(framework);

	for (int slot = 0; slot < list->size; slot++)
	{
		if (word_equals(list->codes[slot], code, length))
			return slot;
	}
	return -1;
}

void
competence_clear(CompetenceVector *vector, int framework)
{
	memset(vector, 0, sizeof(*vector));
	vector->version = COMPETENCE_VERSION;
	vector->framework = (uint8_t) framework;
	memset(vector->points, COMPETENCE_NOT_ASSESSED, sizeof(vector->points));
}

/*
 * Levels
 */

bool
competence_parse_level(const char *text, size_t length, int *points)
{
	const char *end = text + length;
	int			level = 0;
	int			thousandths = 0;
	int			decimals = 0;

	if (text == end || !is_digit(*text))
		return false;
	for (; text < end && is_digit(*text); text++)
	{
		level = level * 10 + (*text - '0');
		if (level > COMPETENCE_POINTS_MAX / COMPETENCE_POINTS_PER_LEVEL)
			return false;
	}

	if (text < end)
	{
		if (*text++ != '.' || text == end)
			return false;
		for (; text < end && is_digit(*text); text++)
		{
			if (decimals < LEVEL_DECIMALS)
			{
				thousandths = thousandths * 10 + (*text - '0');
				decimals++;
			}
			else if (*text != '0')
				return false;
		}
		if (text < end)
			return false;
		for (; decimals < LEVEL_DECIMALS; decimals++)
			thousandths *= 10;
	}

	if (thousandths % THOUSANDTHS_PER_POINT != 0)
		return false;
	level = level * COMPETENCE_POINTS_PER_LEVEL + thousandths / THOUSANDTHS_PER_POINT;
	if (level > COMPETENCE_POINTS_MAX)
		return false;
	*points = level;
	return true;
}

size_t
competence_print_level(int points, char *text)
{
	char	   *end = text;
	int			thousandths = points % COMPETENCE_POINTS_PER_LEVEL * THOUSANDTHS_PER_POINT;

	*end++ = (char) ('0' + points / COMPETENCE_POINTS_PER_LEVEL);
	if (thousandths > 0)
		*end++ = '.';
	for (int place = 100; thousandths > 0; place /= 10)
	{
		*end++ = (char) ('0' + thousandths / place);
		thousandths %= place;
	}
	*end = '\0';
	return (size_t) (end - text);
}

/*
 * Text
 */

static const char *
skip_spaces(const char *text)
{
	while (is_space(*text))
		text++;
	return text;
}

/* The end of the word that starts here: at a space, a sign of the syntax, or the end. */
static const char *
skip_word(const char *text)
{
	while (*text != '\0' && !is_space(*text) && strchr("{}=,", *text) == NULL)
		text++;
	return text;
}

static bool
expected(const char *what, const char *found, Problem *problem)
{
	if (*found == '\0')
		problem_set(problem, "expected %s but the competence vector ends", what);
	else
		problem_set(problem, "expected %s in the competence vector, found \"%s\"", what, found);
	return problem_hint(problem, "Write the framework, then its assessed competences, as in pix{1.1=3,4.3=2.5}.");
}

/* Step over this sign and the spaces after it. */
static bool
parse_sign(const char **text, char sign, Problem *problem)
{
	if (**text != sign)
	{
		char		quoted[] = {'"', sign, '"', '\0'};

		return expected(quoted, *text, problem);
	}
	*text = skip_spaces(*text + 1);
	return true;
}

static bool
parse_framework(const char **text, int *framework, Problem *problem)
{
	const char *start = *text;
	const char *end = skip_word(start);

	*framework = framework_by_name(start, (size_t) (end - start));
	if (*framework == 0)
	{
		problem_set(problem, "unknown competence framework \"%.*s\"", (int) (end - start), start);
		return problem_hint(problem, "The frameworks are pix and digcomp.");
	}
	*text = skip_spaces(end);
	return true;
}

static bool
parse_code(const char **text, const CompetenceVector *vector, int *slot, Problem *problem)
{
	const char *start = *text;
	const char *end = skip_word(start);
	const char *name = framework_name(vector->framework);

	if (start == end)
		return expected("a competence code", start, problem);
	*slot = competence_slot(vector->framework, start, (size_t) (end - start));
	if (*slot < 0)
	{
		problem_set(problem, "framework %s has no competence \"%.*s\"", name, (int) (end - start), start);
		return problem_hint(problem, "Its competences go from %s to %s.",
							competence_code(vector->framework, 0),
							competence_code(vector->framework, framework_size(vector->framework) - 1));
	}
	if (vector->points[*slot] != COMPETENCE_NOT_ASSESSED)
	{
		problem_set(problem, "competence %s is given twice", competence_code(vector->framework, *slot));
		return problem_hint(problem, "Give each competence once.");
	}
	*text = skip_spaces(end);
	return true;
}

static bool
parse_level(const char **text, CompetenceVector *vector, int slot, Problem *problem)
{
	const char *start = *text;
	const char *end = skip_word(start);
	int			points;

	if (!competence_parse_level(start, (size_t) (end - start), &points))
	{
		problem_set(problem, "invalid level of competence %s: \"%.*s\"",
					competence_code(vector->framework, slot), (int) (end - start), start);
		return problem_hint(problem, COMPETENCE_LEVEL_HINT);
	}
	vector->points[slot] = (uint8_t) points;
	*text = skip_spaces(end);
	return true;
}

/* What stands between the braces. */
static bool
parse_levels(const char **text, CompetenceVector *vector, Problem *problem)
{
	int			slot = -1;

	if (**text == '}')
		return true;
	for (;;)
	{
		if (!parse_code(text, vector, &slot, problem) ||
			!parse_sign(text, '=', problem) ||
			!parse_level(text, vector, slot, problem))
			return false;
		if (**text == '}')
			return true;
		if (**text != ',')
			return expected("\",\" or \"}\"", *text, problem);
		*text = skip_spaces(*text + 1);
	}
}

bool
competence_parse(const char *text, CompetenceVector *vector, Problem *problem)
{
	int			framework;

	text = skip_spaces(text);
	if (!parse_framework(&text, &framework, problem))
		return false;
	competence_clear(vector, framework);
	if (!parse_sign(&text, '{', problem) ||
		!parse_levels(&text, vector, problem) ||
		!parse_sign(&text, '}', problem))
		return false;
	if (*text != '\0')
	{
		problem_set(problem, "unexpected text after the competence vector: \"%s\"", text);
		return problem_hint(problem, "Give one competence vector, ending with its closing brace.");
	}
	return true;
}

static char *
append(char *end, const char *text)
{
	size_t		length = strlen(text);

	memcpy(end, text, length + 1);
	return end + length;
}

size_t
competence_print(const CompetenceVector *vector, char *text)
{
	const FrameworkList *list = framework_list(vector->framework);
	const char *separator = "";
	char	   *end = append(text, list->name);

	end = append(end, "{");
	for (int slot = 0; slot < list->size; slot++)
	{
		if (vector->points[slot] == COMPETENCE_NOT_ASSESSED)
			continue;
		end = append(end, separator);
		end = append(end, list->codes[slot]);
		end = append(end, "=");
		end += competence_print_level(vector->points[slot], end);
		separator = ",";
	}
	end = append(end, "}");
	return (size_t) (end - text);
}

/*
 * Bytes
 */

static bool
points_valid(int points)
{
	return points <= COMPETENCE_POINTS_MAX || points == COMPETENCE_NOT_ASSESSED;
}

bool
competence_valid(const CompetenceVector *vector, Problem *problem)
{
	int			size = framework_size(vector->framework);

	if (vector->version != COMPETENCE_VERSION)
		return problem_set(problem, "unknown competence vector version %d", vector->version);
	if (size == 0)
		return problem_set(problem, "unknown competence framework number %d", vector->framework);
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		int			points = vector->points[slot];

		if (slot >= size && points != COMPETENCE_NOT_ASSESSED)
			return problem_set(problem, "framework %s has no competence number %d, yet it holds %d points",
							   framework_name(vector->framework), slot + 1, points);
		if (!points_valid(points))
			return problem_set(problem, "invalid points of competence %s: %d",
							   competence_code(vector->framework, slot), points);
	}
	for (size_t i = 0; i < sizeof(vector->reserved); i++)
	{
		if (vector->reserved[i] != 0)
			return problem_set(problem, "reserved byte %d of the competence vector is %d, not zero",
							   (int) i, vector->reserved[i]);
	}
	return true;
}

/*
 * Vectors together
 */

int
competence_assessed(const CompetenceVector *vector)
{
	int			assessed = 0;

	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
		assessed += vector->points[slot] != COMPETENCE_NOT_ASSESSED;
	return assessed;
}

CompetenceVector
competence_latest(const CompetenceVector *stale, const CompetenceVector *fresh)
{
	CompetenceVector latest = *fresh;

	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		if (fresh->points[slot] == COMPETENCE_NOT_ASSESSED)
			latest.points[slot] = stale->points[slot];
	}
	return latest;
}

int
competence_mean_points(const CompetenceVector *vector)
{
	int			total = 0;
	int			assessed = competence_assessed(vector);

	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		if (vector->points[slot] != COMPETENCE_NOT_ASSESSED)
			total += vector->points[slot];
	}
	return assessed == 0 ? -1 : total / assessed;
}

/* NOT_ASSESSED, more than any points, where the domain is blank. */
static uint8_t
lowest_in_domain(const CompetenceVector *found, char domain)
{
	uint8_t		lowest = COMPETENCE_NOT_ASSESSED;

	for (int slot = 0; slot < framework_size(found->framework); slot++)
	{
		if (competence_code(found->framework, slot)[0] == domain && found->points[slot] < lowest)
			lowest = found->points[slot];
	}
	return lowest;
}

/* Wanted, and not assessed */
static bool
is_unknown(const CompetenceVector *found, const CompetenceVector *wanted, int slot)
{
	return wanted->points[slot] != COMPETENCE_NOT_ASSESSED &&
		found->points[slot] == COMPETENCE_NOT_ASSESSED;
}

CompetenceVector
competence_impute(const CompetenceVector *found, const CompetenceVector *wanted, uint8_t otherwise)
{
	CompetenceVector imputed = *found;

	for (int slot = 0; slot < framework_size(found->framework); slot++)
	{
		if (!is_unknown(found, wanted, slot))
			continue;
		imputed.points[slot] = lowest_in_domain(found, competence_code(found->framework, slot)[0]);
		if (imputed.points[slot] == COMPETENCE_NOT_ASSESSED)
			imputed.points[slot] = otherwise;
	}
	return imputed;
}

bool
competence_lower_weights(const CompetenceVector *found, const CompetenceVector *wanted,
						 int32_t *weights, int percent)
{
	int			size = framework_size(found->framework);
	int			asked = competence_assessed(wanted);
	int			unknown = 0;

	for (int slot = 0; slot < size; slot++)
		unknown += is_unknown(found, wanted, slot);
	if (unknown == 0 || unknown == asked)
		return false;
	for (int slot = 0; slot < size; slot++)
	{
		if (is_unknown(found, wanted, slot))
			weights[slot] = (weights[slot] * percent + 99) / 100;
	}
	return true;
}

bool
competence_reaches(const CompetenceVector *a, const CompetenceVector *b)
{
	if (a->framework != b->framework)
		return false;
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		if (b->points[slot] == COMPETENCE_NOT_ASSESSED)
			continue;
		if (a->points[slot] == COMPETENCE_NOT_ASSESSED || a->points[slot] < b->points[slot])
			return false;
	}
	return true;
}

/* Where points stand in the order: not assessed comes before 0. */
static int
rank(int points)
{
	return points == COMPETENCE_NOT_ASSESSED ? -1 : points;
}

int
competence_compare(const CompetenceVector *a, const CompetenceVector *b)
{
	if (a->framework != b->framework)
		return a->framework < b->framework ? -1 : 1;
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		int			difference = rank(a->points[slot]) - rank(b->points[slot]);

		if (difference != 0)
			return difference < 0 ? -1 : 1;
	}
	return 0;
}
