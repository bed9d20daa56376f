/*
 * supply.c
 *		What one offer gives: its checks, its text and its binary form.
 *
 * Every way in (constructor, text, binary) ends in supply_build, which alone
 * knows the rules.
 */
#include "supply.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "argument.h"
#include "day.h"
#include "literal.h"
#include "wire.h"

/* A hole in the image would make equal supplies differ. */
typedef char supply_has_no_hole[sizeof(Supply) == 96 ? 1 : -1] __attribute__((unused));

const char *const supply_arguments[SUPPLY_ARG_COUNT] = {
	[SUPPLY_ARG_REQUIRES] = "requires",
	[SUPPLY_ARG_TEACHES] = "teaches",
	[SUPPLY_ARG_LONGITUDE] = "longitude",
	[SUPPLY_ARG_LATITUDE] = "latitude",
	[SUPPLY_ARG_REMOTE] = "remote",
	[SUPPLY_ARG_FAMILIES] = "families",
	[SUPPLY_ARG_MODES] = "modes",
	[SUPPLY_ARG_AUDIENCES] = "audiences",
	[SUPPLY_ARG_ONLY_FOR] = "only_for",
	[SUPPLY_ARG_ACCOMMODATIONS] = "accommodations",
	[SUPPLY_ARG_LANGUAGES] = "languages",
	[SUPPLY_ARG_SLOTS] = "slots",
	[SUPPLY_ARG_TRAVELS_WITHIN] = "travels_within",
	[SUPPLY_ARG_QUALITY] = "quality",
	[SUPPLY_ARG_PRICE] = "price",
	[SUPPLY_ARG_VALID] = "valid",
	[SUPPLY_ARG_OPEN] = "open"
};

void
supply_defaults(SupplyInput *input)
{
	memset(input, 0, sizeof(*input));
	input->families = argument_code(VOCABULARY_FAMILY, "learn");
	input->languages = argument_code(VOCABULARY_LANGUAGE, "fr");
	input->quality = 0.5;
	input->valid_from = DAY_BEFORE_ALL;
	input->valid_until = DAY_AFTER_ALL;
	input->open = true;
}

/*
 * Checks
 */

static uint8_t
quantise(double share, int parts)
{
	return (uint8_t) floor(parts * share + 0.5);
}

/* The whole level held by a slot; not assessed and level 0 are both none. */
static bool
whole_level(const CompetenceVector *vector, int slot, const char *argument, int *level, Problem *problem)
{
	int			points = vector == NULL ? 0 : vector->points[slot];

	if (points == COMPETENCE_NOT_ASSESSED)
		points = 0;
	*level = points / COMPETENCE_POINTS_PER_LEVEL;
	if (points % COMPETENCE_POINTS_PER_LEVEL == 0 && points <= COMPETENCE_POINTS_MAX)
		return true;
	problem_set(problem, "the level of competence %s in argument \"%s\" is not whole",
				competence_code(vector->framework, slot), argument);
	return problem_hint(problem, "A supply deals in whole levels, 0 to 8.");
}

/* Set what is taught; a draft may say what it requires before what it teaches. */
static bool
set_taught(const SupplyInput *input, bool draft, Supply *supply, Problem *problem)
{
	int			required;
	int			reached;
	const char *code;

	if (!argument_framework(input->requires, "requires", input->teaches, "teaches",
							&supply->framework, problem))
		return false;

	for (int slot = 0; slot < framework_size(supply->framework); slot++)
	{
		if (!whole_level(input->requires, slot, "requires", &required, problem) ||
			!whole_level(input->teaches, slot, "teaches", &reached, problem))
			return false;
		if (draft || (required == 0 && reached == 0))
			continue;

		code = competence_code(supply->framework, slot);
		if (reached == 0)
		{
			problem_set(problem, "competence %s is required but not taught", code);
			return problem_hint(problem, "Require levels of taught competences only.");
		}
		if (reached <= required)
		{
			problem_set(problem, "competence %s is taught to level %d, required at level %d",
						code, reached, required);
			return problem_hint(problem, "Each taught level must be above what is required.");
		}
		supply->taught[slot] = (uint8_t) (reached << 4 | required);
	}
	return true;
}

static bool
set_masks(const SupplyInput *input, Supply *supply, Problem *problem)
{
	if (!argument_mask(input->families, VOCABULARY_FAMILY, "families", problem) ||
		!argument_mask(input->modes, VOCABULARY_MODE, "modes", problem) ||
		!argument_mask(input->audiences, VOCABULARY_AUDIENCE, "audiences", problem) ||
		!argument_mask(input->only_for, VOCABULARY_AUDIENCE, "only_for", problem) ||
		!argument_mask(input->accommodations, VOCABULARY_ACCOMMODATION, "accommodations", problem) ||
		!argument_mask(input->languages, VOCABULARY_LANGUAGE, "languages", problem) ||
		!argument_mask(input->slots, VOCABULARY_SLOT, "slots", problem))
		return false;
	if (input->families == 0)
	{
		problem_set(problem, "argument \"families\" is empty");
		return problem_hint(problem, "Name at least one family: see inclusion.codes('family').");
	}

	supply->families = input->families;
	supply->modes = input->modes;
	supply->audiences = input->audiences | input->only_for;
	supply->only_for = input->only_for;
	supply->accommodations = input->accommodations;
	supply->languages = input->languages != 0 ? input->languages :
		argument_code(VOCABULARY_LANGUAGE, "fr");
	supply->slots = input->slots;
	return true;
}

static bool
set_numbers(const SupplyInput *input, Supply *supply, Problem *problem)
{
	double		quality = input->quality;
	double		price = input->price;

	supply->travels_within = input->travels_within;
	if (!argument_number(&supply->travels_within, 0, DBL_MAX, "travels_within", problem) ||
		!argument_number(&quality, 0, 1, "quality", problem) ||
		!argument_number(&price, 0, 1, "price", problem))
		return false;
	supply->quality = quantise(quality, SUPPLY_QUALITY_MAX);
	supply->price = quantise(price, SUPPLY_PRICE_MAX);
	return true;
}

static bool
set_period(const SupplyInput *input, Supply *supply, Problem *problem)
{
	int32_t		from = input->valid_from;
	int32_t		until = input->valid_until;

	if ((from != DAY_BEFORE_ALL && (from < DAY_MIN || from > DAY_MAX)) ||
		(until != DAY_AFTER_ALL && (until < DAY_MIN || until > DAY_MAX)))
	{
		problem_set(problem, "argument \"valid\" has a bound that is no day of the calendar");
		return problem_hint(problem, "Days go from 4714-11-24 BC to 5874897-12-31.");
	}

	/* Zero is as good a place as any for the one empty period. */
	supply->valid_from = from < until ? from : 0;
	supply->valid_until = from < until ? until : 0;
	return true;
}

SupplyOutcome
supply_build(const SupplyInput *input, Supply *supply, Problem *problem)
{
	bool		untaught = input->teaches == NULL &&
		input->families == argument_code(VOCABULARY_FAMILY, "learn");
	bool		positioned;

	memset(supply, 0, sizeof(*supply));
	supply->version = SUPPLY_VERSION;
	if (!set_taught(input, untaught, supply, problem) ||
		!argument_position(input->longitude, input->latitude, &positioned, &supply->position, problem) ||
		!set_masks(input, supply, problem) ||
		!set_numbers(input, supply, problem) ||
		!set_period(input, supply, problem))
		return SUPPLY_REFUSED;

	supply->flags = (input->remote ? SUPPLY_REMOTE : 0) | (input->open ? SUPPLY_OPEN : 0) |
		(positioned ? SUPPLY_POSITIONED : 0);
	return untaught || !(input->remote || positioned) ? SUPPLY_DRAFT : SUPPLY_BUILT;
}

/* Text and binary forms hold whole supplies: a draft is a NULL. */
static bool
build_whole(const SupplyInput *input, Supply *supply, Problem *problem)
{
	SupplyOutcome outcome = supply_build(input, supply, problem);

	if (outcome == SUPPLY_DRAFT)
	{
		problem_set(problem, "supply without \"teaches\" or without position");
		problem_hint(problem, "A supply of family learn alone needs \"teaches\", one on site its coordinates; a draft is NULL.");
	}
	return outcome == SUPPLY_BUILT;
}

/*
 * Text
 */

bool
supply_parse(char *text, Supply *supply, Problem *problem)
{
	char	   *values[SUPPLY_ARG_COUNT];
	SupplyInput input;
	CompetenceVector requires;
	CompetenceVector teaches;
	double		longitude;
	double		latitude;

	supply_defaults(&input);
	if (!literal_split(text, "supply", supply_arguments, SUPPLY_ARG_COUNT, values, problem) ||
		!literal_get_vector(values[SUPPLY_ARG_REQUIRES], &requires, problem) ||
		!literal_get_vector(values[SUPPLY_ARG_TEACHES], &teaches, problem) ||
		!literal_get_number(values[SUPPLY_ARG_LONGITUDE], "longitude", &longitude, problem) ||
		!literal_get_number(values[SUPPLY_ARG_LATITUDE], "latitude", &latitude, problem) ||
		!literal_get_boolean(values[SUPPLY_ARG_REMOTE], "remote", &input.remote, problem) ||
		!literal_get_codes(values[SUPPLY_ARG_FAMILIES], "families", VOCABULARY_FAMILY, &input.families, problem) ||
		!literal_get_codes(values[SUPPLY_ARG_MODES], "modes", VOCABULARY_MODE, &input.modes, problem) ||
		!literal_get_codes(values[SUPPLY_ARG_AUDIENCES], "audiences", VOCABULARY_AUDIENCE, &input.audiences, problem) ||
		!literal_get_codes(values[SUPPLY_ARG_ONLY_FOR], "only_for", VOCABULARY_AUDIENCE, &input.only_for, problem) ||
		!literal_get_codes(values[SUPPLY_ARG_ACCOMMODATIONS], "accommodations", VOCABULARY_ACCOMMODATION,
						   &input.accommodations, problem) ||
		!literal_get_codes(values[SUPPLY_ARG_LANGUAGES], "languages", VOCABULARY_LANGUAGE, &input.languages, problem) ||
		!literal_get_codes(values[SUPPLY_ARG_SLOTS], "slots", VOCABULARY_SLOT, &input.slots, problem) ||
		!literal_get_number(values[SUPPLY_ARG_TRAVELS_WITHIN], "travels_within", &input.travels_within, problem) ||
		!literal_get_ratio(values[SUPPLY_ARG_QUALITY], "quality", SUPPLY_QUALITY_MAX, &input.quality, problem) ||
		!literal_get_ratio(values[SUPPLY_ARG_PRICE], "price", SUPPLY_PRICE_MAX, &input.price, problem) ||
		!literal_get_period(values[SUPPLY_ARG_VALID], "valid", &input.valid_from, &input.valid_until, problem) ||
		!literal_get_boolean(values[SUPPLY_ARG_OPEN], "open", &input.open, problem))
		return false;

	input.requires = values[SUPPLY_ARG_REQUIRES] != NULL ? &requires : NULL;
	input.teaches = values[SUPPLY_ARG_TEACHES] != NULL ? &teaches : NULL;
	input.longitude = values[SUPPLY_ARG_LONGITUDE] != NULL ? &longitude : NULL;
	input.latitude = values[SUPPLY_ARG_LATITUDE] != NULL ? &latitude : NULL;
	return build_whole(&input, supply, problem);
}

static void
print_codes(LiteralWriter *writer, SupplyArgument argument, Vocabulary vocabulary,
			uint32_t mask, uint32_t omitted)
{
	if (mask != omitted)
		literal_put_codes(writer, supply_arguments[argument], vocabulary, mask);
}

static void
print_vectors(LiteralWriter *writer, const Supply *supply)
{
	CompetenceVector requires;
	CompetenceVector teaches;
	CompetenceVector nothing;

	if (supply->framework == 0)
		return;
	supply_vectors(supply, &requires, &teaches);
	competence_clear(&nothing, supply->framework);
	if (memcmp(&requires, &nothing, sizeof(nothing)) != 0)
		literal_put_vector(writer, "requires", &requires);
	literal_put_vector(writer, "teaches", &teaches);
}

size_t
supply_print(const Supply *supply, char *text)
{
	LiteralWriter writer;
	SupplyInput omitted;

	supply_defaults(&omitted);
	literal_open(&writer, text, "supply");
	print_vectors(&writer, supply);
	if (supply->flags & SUPPLY_POSITIONED)
	{
		literal_put_degrees(&writer, "longitude", supply->position.longitude);
		literal_put_degrees(&writer, "latitude", supply->position.latitude);
	}
	if (supply->flags & SUPPLY_REMOTE)
		literal_put_boolean(&writer, "remote", true);
	print_codes(&writer, SUPPLY_ARG_FAMILIES, VOCABULARY_FAMILY, supply->families, omitted.families);
	print_codes(&writer, SUPPLY_ARG_MODES, VOCABULARY_MODE, supply->modes, omitted.modes);
	print_codes(&writer, SUPPLY_ARG_AUDIENCES, VOCABULARY_AUDIENCE, supply->audiences, omitted.audiences);
	print_codes(&writer, SUPPLY_ARG_ONLY_FOR, VOCABULARY_AUDIENCE, supply->only_for, omitted.only_for);
	print_codes(&writer, SUPPLY_ARG_ACCOMMODATIONS, VOCABULARY_ACCOMMODATION,
				supply->accommodations, omitted.accommodations);
	print_codes(&writer, SUPPLY_ARG_LANGUAGES, VOCABULARY_LANGUAGE, supply->languages, omitted.languages);
	print_codes(&writer, SUPPLY_ARG_SLOTS, VOCABULARY_SLOT, supply->slots, omitted.slots);
	if (supply->travels_within != omitted.travels_within)
		literal_put_number(&writer, "travels_within", supply->travels_within);
	if (supply->quality != quantise(omitted.quality, SUPPLY_QUALITY_MAX))
		literal_put_ratio(&writer, "quality", supply->quality, SUPPLY_QUALITY_MAX);
	if (supply->price != quantise(omitted.price, SUPPLY_PRICE_MAX))
		literal_put_ratio(&writer, "price", supply->price, SUPPLY_PRICE_MAX);
	if (supply->valid_from != omitted.valid_from || supply->valid_until != omitted.valid_until)
		literal_put_period(&writer, "valid", supply->valid_from, supply->valid_until);
	if (!(supply->flags & SUPPLY_OPEN))
		literal_put_boolean(&writer, "open", false);
	return literal_close(&writer);
}

/*
 * Binary
 */

void
supply_pack(const Supply *supply, uint8_t *wire)
{
	uint8_t    *at = wire;

	wire_put_byte(&at, supply->version);
	wire_put_byte(&at, supply->framework);
	wire_put_byte(&at, supply->flags);
	wire_put_byte(&at, supply->quality);
	wire_put_byte(&at, supply->price);
	wire_put_bytes(&at, supply->taught, COMPETENCE_SLOTS);
	wire_put_double(&at, supply->travels_within);
	wire_put_uint32(&at, supply->families);
	wire_put_uint32(&at, supply->modes);
	wire_put_uint32(&at, supply->audiences);
	wire_put_uint32(&at, supply->only_for);
	wire_put_uint32(&at, supply->accommodations);
	wire_put_uint32(&at, supply->languages);
	wire_put_uint32(&at, supply->slots);
	wire_put_int32(&at, supply->position.longitude);
	wire_put_int32(&at, supply->position.latitude);
	wire_put_int32(&at, supply->valid_from);
	wire_put_int32(&at, supply->valid_until);
}

static void
read_wire(const uint8_t *wire, Supply *raw)
{
	const uint8_t *at = wire;

	memset(raw, 0, sizeof(*raw));
	raw->version = wire_get_byte(&at);
	raw->framework = wire_get_byte(&at);
	raw->flags = wire_get_byte(&at);
	raw->quality = wire_get_byte(&at);
	raw->price = wire_get_byte(&at);
	wire_get_bytes(&at, raw->taught, COMPETENCE_SLOTS);
	raw->travels_within = wire_get_double(&at);
	raw->families = wire_get_uint32(&at);
	raw->modes = wire_get_uint32(&at);
	raw->audiences = wire_get_uint32(&at);
	raw->only_for = wire_get_uint32(&at);
	raw->accommodations = wire_get_uint32(&at);
	raw->languages = wire_get_uint32(&at);
	raw->slots = wire_get_uint32(&at);
	raw->position.longitude = wire_get_int32(&at);
	raw->position.latitude = wire_get_int32(&at);
	raw->valid_from = wire_get_int32(&at);
	raw->valid_until = wire_get_int32(&at);
}

/*
 * Build the supply again from what was received, and demand the same bytes:
 * every rule is checked, and only the canonical form enters.
 */
bool
supply_unpack(const uint8_t *wire, Supply *supply, Problem *problem)
{
	Supply		raw;
	SupplyInput input;
	CompetenceVector requires;
	CompetenceVector teaches;
	double		longitude;
	double		latitude;
	uint8_t		again[SUPPLY_WIRE_SIZE];

	read_wire(wire, &raw);
	if (raw.version != SUPPLY_VERSION)
		return problem_set(problem, "unknown version %d of a binary supply", raw.version);
	if (raw.framework != 0 && framework_size(raw.framework) == 0)
		return problem_set(problem, "unknown framework %d in a binary supply", raw.framework);

	supply_defaults(&input);
	if (raw.framework != 0)
	{
		supply_vectors(&raw, &requires, &teaches);
		input.requires = &requires;
		input.teaches = &teaches;
	}
	if (raw.flags & SUPPLY_POSITIONED)
	{
		longitude = geo_degrees(raw.position.longitude);
		latitude = geo_degrees(raw.position.latitude);
		input.longitude = &longitude;
		input.latitude = &latitude;
	}
	input.remote = (raw.flags & SUPPLY_REMOTE) != 0;
	input.open = (raw.flags & SUPPLY_OPEN) != 0;
	input.families = raw.families;
	input.modes = raw.modes;
	input.audiences = raw.audiences;
	input.only_for = raw.only_for;
	input.accommodations = raw.accommodations;
	input.languages = raw.languages;
	input.slots = raw.slots;
	input.travels_within = raw.travels_within;
	input.quality = (double) raw.quality / SUPPLY_QUALITY_MAX;
	input.price = (double) raw.price / SUPPLY_PRICE_MAX;
	input.valid_from = raw.valid_from;
	input.valid_until = raw.valid_until;
	if (!build_whole(&input, supply, problem))
		return false;

	supply_pack(supply, again);
	return memcmp(again, wire, SUPPLY_WIRE_SIZE) == 0 ||
		problem_set(problem, "binary supply is not in canonical form");
}

/* All but the unit vector, whose last bit is another machine's to round. */
bool
supply_valid(const Supply *supply, Problem *problem)
{
	uint8_t		wire[SUPPLY_WIRE_SIZE];
	Supply		again;

	supply_pack(supply, wire);
	return supply_unpack(wire, &again, problem);
}

void
supply_vectors(const Supply *supply, CompetenceVector *requires, CompetenceVector *teaches)
{
	competence_clear(requires, supply->framework);
	competence_clear(teaches, supply->framework);
	for (int slot = 0; slot < framework_size(supply->framework); slot++)
	{
		if (supply_requires(supply, slot) > 0)
			requires->points[slot] = (uint8_t) supply_requires(supply, slot);
		if (supply_teaches(supply, slot) > 0)
			teaches->points[slot] = (uint8_t) supply_teaches(supply, slot);
	}
}
