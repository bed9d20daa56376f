/*
 * need.c
 *		What one person needs on one day, for one family: its checks, its text
 *		and its binary form.
 *
 * Every way in (constructor, text, binary) ends in need_build, which alone
 * knows the rules.
 */
#include "need.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "argument.h"
#include "day.h"
#include "literal.h"
#include "number.h"
#include "wire.h"

#define WEIGHT_SUM_TOLERANCE 1e-6

/* A hole in the image would make equal needs differ. */
typedef char need_has_no_hole[sizeof(Need) == 168 ? 1 : -1] __attribute__((unused));

const char *const need_arguments[NEED_ARG_COUNT] = {
	[NEED_ARG_CURRENT] = "current",
	[NEED_ARG_TARGET] = "target",
	[NEED_ARG_LONGITUDE] = "longitude",
	[NEED_ARG_LATITUDE] = "latitude",
	[NEED_ARG_MAX_DISTANCE] = "max_distance",
	[NEED_ARG_DAY] = "day",
	[NEED_ARG_FAMILY] = "family",
	[NEED_ARG_WEIGHTS] = "weights",
	[NEED_ARG_MODES] = "modes",
	[NEED_ARG_AUDIENCES] = "audiences",
	[NEED_ARG_ACCOMMODATIONS] = "accommodations",
	[NEED_ARG_LANGUAGES] = "languages",
	[NEED_ARG_SLOTS] = "slots",
	[NEED_ARG_ACCEPT_REMOTE] = "accept_remote",
	[NEED_ARG_ACCEPT_ON_SITE] = "accept_on_site",
	[NEED_ARG_W_COVERAGE] = "w_coverage",
	[NEED_ARG_W_AUDIENCE] = "w_audience",
	[NEED_ARG_W_QUALITY] = "w_quality",
	[NEED_ARG_W_DISTANCE] = "w_distance",
	[NEED_ARG_W_PRICE] = "w_price"
};

void
need_defaults(NeedInput *input)
{
	memset(input, 0, sizeof(*input));
	input->family = vocabulary_bit(VOCABULARY_FAMILY, "learn", strlen("learn"));
	input->accept_remote = true;
	input->accept_on_site = true;
	input->w_coverage = 0.5;
	input->w_audience = 0.2;
	input->w_quality = 0.15;
	input->w_distance = 0.15;
	input->w_price = 0;
}

/*
 * Checks
 */

static bool
set_points(const CompetenceVector *vector, const char *argument, uint8_t *points, Problem *problem)
{
	memset(points, COMPETENCE_NOT_ASSESSED, COMPETENCE_SLOTS);
	for (int slot = 0; vector != NULL && slot < framework_size(vector->framework); slot++)
	{
		points[slot] = vector->points[slot];
		if (points[slot] > COMPETENCE_POINTS_MAX && points[slot] != COMPETENCE_NOT_ASSESSED)
			return problem_set(problem, "argument \"%s\" has a level above 8", argument);
	}
	return true;
}

static bool
set_weights(const NeedInput *input, Need *need, Problem *problem)
{
	int			expected = framework_size(need->framework);

	if (input->weights == NULL)
	{
		memset(need->weights, NEED_WEIGHT_DEFAULT, (size_t) expected);
		return true;
	}
	if (expected == 0)
	{
		problem_set(problem, "argument \"weights\" is given without any competence vector");
		return problem_hint(problem, "Give \"target\", or leave \"weights\" NULL.");
	}
	if (input->weight_count != expected)
	{
		problem_set(problem, "argument \"weights\" has %d elements", input->weight_count);
		return problem_hint(problem, "Framework %s has %d competences: give one weight each, in their order.",
							framework_name(need->framework), expected);
	}
	for (int slot = 0; slot < expected; slot++)
	{
		if (input->weights[slot] < 0 || input->weights[slot] > NEED_WEIGHT_MAX)
		{
			problem_set(problem, "argument \"weights\" holds %d", (int) input->weights[slot]);
			return problem_hint(problem, "A weight is between 0 and %d.", NEED_WEIGHT_MAX);
		}
		need->weights[slot] = (uint8_t) input->weights[slot];
	}
	return true;
}

static bool
set_competences(const NeedInput *input, Need *need, Problem *problem)
{
	NeedInput	omitted;

	need_defaults(&omitted);
	if (input->target == NULL && input->family == omitted.family)
	{
		problem_set(problem, "argument \"target\" of need must not be null with family learn");
		return problem_hint(problem, "Say which levels are wanted; pix{} wants none.");
	}
	return argument_framework(input->current, "current", input->target, "target",
							  &need->framework, problem) &&
		set_points(input->current, "current", need->current, problem) &&
		set_points(input->target, "target", need->target, problem) &&
		set_weights(input, need, problem);
}

static bool
set_masks(const NeedInput *input, Need *need, Problem *problem)
{
	if (input->family < 0 || input->family >= vocabulary_size(VOCABULARY_FAMILY))
		return problem_set(problem, "argument \"family\" is outside its vocabulary: %d", input->family);
	if (!argument_mask(input->modes, VOCABULARY_MODE, "modes", problem) ||
		!argument_mask(input->audiences, VOCABULARY_AUDIENCE, "audiences", problem) ||
		!argument_mask(input->accommodations, VOCABULARY_ACCOMMODATION, "accommodations", problem) ||
		!argument_mask(input->languages, VOCABULARY_LANGUAGE, "languages", problem) ||
		!argument_mask(input->slots, VOCABULARY_SLOT, "slots", problem))
		return false;

	need->family = (uint8_t) input->family;
	need->modes = input->modes;
	need->audiences = input->audiences;
	need->accommodations = input->accommodations;
	need->languages = input->languages;
	need->slots = input->slots;
	return true;
}

static bool
set_day(const NeedInput *input, Need *need, Problem *problem)
{
	need->day = input->day;
	if (input->day >= DAY_MIN && input->day <= DAY_MAX)
		return true;
	problem_set(problem, "argument \"day\" is not a finite day");
	return problem_hint(problem, "Give the day of the search, such as the current date.");
}

static bool
set_reach(const NeedInput *input, Need *need, Problem *problem)
{
	char		number[NUMBER_TEXT_MAX];
	bool		positioned;

	if (!argument_position(input->longitude, input->latitude, &positioned, &need->position, problem))
		return false;
	if (!input->accept_remote && !input->accept_on_site)
	{
		problem_set(problem, "need accepts neither remote offers nor offers on site");
		return problem_hint(problem, "Set \"accept_remote\" or \"accept_on_site\" to true.");
	}
	need->flags = (positioned ? NEED_POSITIONED : 0) |
		(input->accept_remote ? NEED_ACCEPT_REMOTE : 0) |
		(input->accept_on_site ? NEED_ACCEPT_ON_SITE : 0);

	if (input->max_distance == NULL)
	{
		if (!input->accept_on_site)
			return true;
		problem_set(problem, "argument \"max_distance\" of need must not be null");
		return problem_hint(problem, "Give metres, or set \"accept_on_site\" to false.");
	}
	need->max_distance = *input->max_distance;
	if (need->max_distance > 0 && need->max_distance <= DBL_MAX)
		return true;
	number_print(need->max_distance, number);
	problem_set(problem, "argument \"max_distance\" is out of range: %s", number);
	return problem_hint(problem, "Give a finite number of metres, above 0.");
}

static bool
set_policy(const NeedInput *input, Need *need, Problem *problem)
{
	char		number[NUMBER_TEXT_MAX];
	double		sum;

	need->w_coverage = input->w_coverage;
	need->w_audience = input->w_audience;
	need->w_quality = input->w_quality;
	need->w_distance = input->w_distance;
	need->w_price = input->w_price;
	if (!argument_number(&need->w_coverage, 0, DBL_MAX, "w_coverage", problem) ||
		!argument_number(&need->w_audience, 0, DBL_MAX, "w_audience", problem) ||
		!argument_number(&need->w_quality, 0, DBL_MAX, "w_quality", problem) ||
		!argument_number(&need->w_distance, 0, DBL_MAX, "w_distance", problem) ||
		!argument_number(&need->w_price, 0, 1, "w_price", problem))
		return false;

	sum = need->w_coverage + need->w_audience + need->w_quality + need->w_distance;
	if (fabs(sum - 1) <= WEIGHT_SUM_TOLERANCE)
		return true;
	number_print(sum, number);
	problem_set(problem, "the weights of a need sum to %s", number);
	return problem_hint(problem, "w_coverage, w_audience, w_quality and w_distance must sum to 1; w_price stands apart.");
}

bool
need_build(const NeedInput *input, Need *need, Problem *problem)
{
	memset(need, 0, sizeof(*need));
	need->version = NEED_VERSION;
	return set_competences(input, need, problem) &&
		set_masks(input, need, problem) &&
		set_day(input, need, problem) &&
		set_reach(input, need, problem) &&
		set_policy(input, need, problem);
}

/*
 * Text
 */

bool
need_parse(char *text, Need *need, Problem *problem)
{
	char	   *values[NEED_ARG_COUNT];
	NeedInput	input;
	CompetenceVector current;
	CompetenceVector target;
	double		longitude;
	double		latitude;
	double		max_distance;
	int32_t		weights[COMPETENCE_SLOTS];

	need_defaults(&input);
	if (!literal_split(text, "need", need_arguments, NEED_ARG_COUNT, values, problem))
		return false;
	if (values[NEED_ARG_DAY] == NULL)
	{
		problem_set(problem, "need without \"day\"");
		return problem_hint(problem, "Give a finite day: day=YYYY-MM-DD.");
	}
	if (!literal_get_vector(values[NEED_ARG_CURRENT], &current, problem) ||
		!literal_get_vector(values[NEED_ARG_TARGET], &target, problem) ||
		!literal_get_number(values[NEED_ARG_LONGITUDE], "longitude", &longitude, problem) ||
		!literal_get_number(values[NEED_ARG_LATITUDE], "latitude", &latitude, problem) ||
		!literal_get_number(values[NEED_ARG_MAX_DISTANCE], "max_distance", &max_distance, problem) ||
		!literal_get_day(values[NEED_ARG_DAY], "day", &input.day, problem) ||
		!literal_get_code(values[NEED_ARG_FAMILY], "family", VOCABULARY_FAMILY, &input.family, problem) ||
		!literal_get_integers(values[NEED_ARG_WEIGHTS], "weights", weights, COMPETENCE_SLOTS,
							  &input.weight_count, problem) ||
		!literal_get_codes(values[NEED_ARG_MODES], "modes", VOCABULARY_MODE, &input.modes, problem) ||
		!literal_get_codes(values[NEED_ARG_AUDIENCES], "audiences", VOCABULARY_AUDIENCE, &input.audiences, problem) ||
		!literal_get_codes(values[NEED_ARG_ACCOMMODATIONS], "accommodations", VOCABULARY_ACCOMMODATION,
						   &input.accommodations, problem) ||
		!literal_get_codes(values[NEED_ARG_LANGUAGES], "languages", VOCABULARY_LANGUAGE, &input.languages, problem) ||
		!literal_get_codes(values[NEED_ARG_SLOTS], "slots", VOCABULARY_SLOT, &input.slots, problem) ||
		!literal_get_boolean(values[NEED_ARG_ACCEPT_REMOTE], "accept_remote", &input.accept_remote, problem) ||
		!literal_get_boolean(values[NEED_ARG_ACCEPT_ON_SITE], "accept_on_site", &input.accept_on_site, problem) ||
		!literal_get_number(values[NEED_ARG_W_COVERAGE], "w_coverage", &input.w_coverage, problem) ||
		!literal_get_number(values[NEED_ARG_W_AUDIENCE], "w_audience", &input.w_audience, problem) ||
		!literal_get_number(values[NEED_ARG_W_QUALITY], "w_quality", &input.w_quality, problem) ||
		!literal_get_number(values[NEED_ARG_W_DISTANCE], "w_distance", &input.w_distance, problem) ||
		!literal_get_number(values[NEED_ARG_W_PRICE], "w_price", &input.w_price, problem))
		return false;

	input.current = values[NEED_ARG_CURRENT] != NULL ? &current : NULL;
	input.target = values[NEED_ARG_TARGET] != NULL ? &target : NULL;
	input.longitude = values[NEED_ARG_LONGITUDE] != NULL ? &longitude : NULL;
	input.latitude = values[NEED_ARG_LATITUDE] != NULL ? &latitude : NULL;
	input.max_distance = values[NEED_ARG_MAX_DISTANCE] != NULL ? &max_distance : NULL;
	input.weights = values[NEED_ARG_WEIGHTS] != NULL ? weights : NULL;
	return need_build(&input, need, problem);
}

static bool
holds_points(const uint8_t *points)
{
	for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
	{
		if (points[slot] != COMPETENCE_NOT_ASSESSED)
			return true;
	}
	return false;
}

static void
make_vector(const uint8_t *points, int framework, CompetenceVector *vector)
{
	competence_clear(vector, framework);
	memcpy(vector->points, points, COMPETENCE_SLOTS);
}

static void
print_vectors(LiteralWriter *writer, const Need *need)
{
	CompetenceVector vector;

	if (need->framework == 0)
		return;
	if (holds_points(need->current))
	{
		make_vector(need->current, need->framework, &vector);
		literal_put_vector(writer, "current", &vector);
	}
	make_vector(need->target, need->framework, &vector);
	literal_put_vector(writer, "target", &vector);
}

static void
print_weights(LiteralWriter *writer, const Need *need)
{
	int			count = framework_size(need->framework);

	for (int slot = 0; slot < count; slot++)
	{
		if (need->weights[slot] != NEED_WEIGHT_DEFAULT)
		{
			literal_put_integers(writer, "weights", need->weights, count);
			return;
		}
	}
}

static void
print_codes(LiteralWriter *writer, NeedArgument argument, Vocabulary vocabulary, uint32_t mask)
{
	if (mask != 0)
		literal_put_codes(writer, need_arguments[argument], vocabulary, mask);
}

static void
print_number(LiteralWriter *writer, NeedArgument argument, double value, double omitted)
{
	if (value != omitted)
		literal_put_number(writer, need_arguments[argument], value);
}

size_t
need_print(const Need *need, char *text)
{
	LiteralWriter writer;
	NeedInput	omitted;

	need_defaults(&omitted);
	literal_open(&writer, text, "need");
	print_vectors(&writer, need);
	if (need->flags & NEED_POSITIONED)
	{
		literal_put_degrees(&writer, "longitude", need->position.longitude);
		literal_put_degrees(&writer, "latitude", need->position.latitude);
	}
	print_number(&writer, NEED_ARG_MAX_DISTANCE, need->max_distance, 0);
	literal_put_day(&writer, "day", need->day);
	if (need->family != omitted.family)
		literal_put_word(&writer, "family", vocabulary_code(VOCABULARY_FAMILY, need->family)->code);
	print_weights(&writer, need);
	print_codes(&writer, NEED_ARG_MODES, VOCABULARY_MODE, need->modes);
	print_codes(&writer, NEED_ARG_AUDIENCES, VOCABULARY_AUDIENCE, need->audiences);
	print_codes(&writer, NEED_ARG_ACCOMMODATIONS, VOCABULARY_ACCOMMODATION, need->accommodations);
	print_codes(&writer, NEED_ARG_LANGUAGES, VOCABULARY_LANGUAGE, need->languages);
	print_codes(&writer, NEED_ARG_SLOTS, VOCABULARY_SLOT, need->slots);
	if (!(need->flags & NEED_ACCEPT_REMOTE))
		literal_put_boolean(&writer, "accept_remote", false);
	if (!(need->flags & NEED_ACCEPT_ON_SITE))
		literal_put_boolean(&writer, "accept_on_site", false);
	print_number(&writer, NEED_ARG_W_COVERAGE, need->w_coverage, omitted.w_coverage);
	print_number(&writer, NEED_ARG_W_AUDIENCE, need->w_audience, omitted.w_audience);
	print_number(&writer, NEED_ARG_W_QUALITY, need->w_quality, omitted.w_quality);
	print_number(&writer, NEED_ARG_W_DISTANCE, need->w_distance, omitted.w_distance);
	print_number(&writer, NEED_ARG_W_PRICE, need->w_price, omitted.w_price);
	return literal_close(&writer);
}

/*
 * Binary
 */

void
need_pack(const Need *need, uint8_t *wire)
{
	uint8_t    *at = wire;

	wire_put_byte(&at, need->version);
	wire_put_byte(&at, need->framework);
	wire_put_byte(&at, need->flags);
	wire_put_byte(&at, need->family);
	wire_put_int32(&at, need->day);
	wire_put_bytes(&at, need->current, COMPETENCE_SLOTS);
	wire_put_bytes(&at, need->target, COMPETENCE_SLOTS);
	wire_put_bytes(&at, need->weights, COMPETENCE_SLOTS);
	wire_put_double(&at, need->max_distance);
	wire_put_double(&at, need->w_coverage);
	wire_put_double(&at, need->w_audience);
	wire_put_double(&at, need->w_quality);
	wire_put_double(&at, need->w_distance);
	wire_put_double(&at, need->w_price);
	wire_put_uint32(&at, need->modes);
	wire_put_uint32(&at, need->audiences);
	wire_put_uint32(&at, need->accommodations);
	wire_put_uint32(&at, need->languages);
	wire_put_uint32(&at, need->slots);
	wire_put_int32(&at, need->position.longitude);
	wire_put_int32(&at, need->position.latitude);
}

static void
read_wire(const uint8_t *wire, Need *raw)
{
	const uint8_t *at = wire;

	memset(raw, 0, sizeof(*raw));
	raw->version = wire_get_byte(&at);
	raw->framework = wire_get_byte(&at);
	raw->flags = wire_get_byte(&at);
	raw->family = wire_get_byte(&at);
	raw->day = wire_get_int32(&at);
	wire_get_bytes(&at, raw->current, COMPETENCE_SLOTS);
	wire_get_bytes(&at, raw->target, COMPETENCE_SLOTS);
	wire_get_bytes(&at, raw->weights, COMPETENCE_SLOTS);
	raw->max_distance = wire_get_double(&at);
	raw->w_coverage = wire_get_double(&at);
	raw->w_audience = wire_get_double(&at);
	raw->w_quality = wire_get_double(&at);
	raw->w_distance = wire_get_double(&at);
	raw->w_price = wire_get_double(&at);
	raw->modes = wire_get_uint32(&at);
	raw->audiences = wire_get_uint32(&at);
	raw->accommodations = wire_get_uint32(&at);
	raw->languages = wire_get_uint32(&at);
	raw->slots = wire_get_uint32(&at);
	raw->position.longitude = wire_get_int32(&at);
	raw->position.latitude = wire_get_int32(&at);
}

/*
 * Build the need again from what was received, and demand the same bytes:
 * every rule is checked, and only the canonical form enters.
 */
bool
need_unpack(const uint8_t *wire, Need *need, Problem *problem)
{
	Need		raw;
	NeedInput	input;
	CompetenceVector current;
	CompetenceVector target;
	double		longitude;
	double		latitude;
	int32_t		weights[COMPETENCE_SLOTS];
	uint8_t		again[NEED_WIRE_SIZE];

	read_wire(wire, &raw);
	if (raw.version != NEED_VERSION)
		return problem_set(problem, "unknown version %d of a binary need", raw.version);
	if (raw.framework != 0 && framework_size(raw.framework) == 0)
		return problem_set(problem, "unknown framework %d in a binary need", raw.framework);

	need_defaults(&input);
	if (raw.framework != 0)
	{
		make_vector(raw.current, raw.framework, &current);
		make_vector(raw.target, raw.framework, &target);
		for (int slot = 0; slot < COMPETENCE_SLOTS; slot++)
			weights[slot] = raw.weights[slot];
		input.current = &current;
		input.target = &target;
		input.weights = weights;
		input.weight_count = framework_size(raw.framework);
	}
	if (raw.flags & NEED_POSITIONED)
	{
		longitude = geo_degrees(raw.position.longitude);
		latitude = geo_degrees(raw.position.latitude);
		input.longitude = &longitude;
		input.latitude = &latitude;
	}
	if (raw.max_distance != 0)
		input.max_distance = &raw.max_distance;
	input.day = raw.day;
	input.family = raw.family;
	input.modes = raw.modes;
	input.audiences = raw.audiences;
	input.accommodations = raw.accommodations;
	input.languages = raw.languages;
	input.slots = raw.slots;
	input.accept_remote = (raw.flags & NEED_ACCEPT_REMOTE) != 0;
	input.accept_on_site = (raw.flags & NEED_ACCEPT_ON_SITE) != 0;
	input.w_coverage = raw.w_coverage;
	input.w_audience = raw.w_audience;
	input.w_quality = raw.w_quality;
	input.w_distance = raw.w_distance;
	input.w_price = raw.w_price;
	if (!need_build(&input, need, problem))
		return false;

	need_pack(need, again);
	return memcmp(again, wire, NEED_WIRE_SIZE) == 0 ||
		problem_set(problem, "binary need is not in canonical form");
}

/* All but the unit vector, whose last bit is another machine's to round. */
bool
need_valid(const Need *need, Problem *problem)
{
	uint8_t		wire[NEED_WIRE_SIZE];
	Need		again;

	need_pack(need, wire);
	return need_unpack(wire, &again, problem);
}
