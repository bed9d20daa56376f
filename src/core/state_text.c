/*
 * state_text.c
 *		States as text and as bytes.
 */
#include "state_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "literal.h"
#include "number.h"
#include "wide.h"
#include "wire.h"
#include "word.h"

#define ROWS "rows"

/*
 * Cells
 */

/* Writes the cell, returns what follows it. */
static char *
print_cell(char *at, const StateCell *cell, StateCellType type)
{
	switch (type)
	{
		case CELL_COUNT:
		case CELL_INTEGER:
			wide_print(cell->integer, at);
			break;
		case CELL_WIDE:
			wide_print(*(const Wide *) cell, at);
			break;
		case CELL_NUMBER:
			number_print(cell->number, at);
			break;
	}
	return at + strlen(at);
}

static bool
parse_cell(const char *text, StateCell *cell, const StateField *field, Problem *problem)
{
	Wide		wide = 0;

	if (field->type == CELL_NUMBER)
	{
		if (!number_parse(text, &cell->number))
			return problem_set(problem, "\"%s\" is no decimal number: \"%s\"", field->name, text);
		cell->number += 0.0;	/* -0 becomes 0 */
		return true;
	}
	if (!wide_parse(text, &wide) ||
		(field->type != CELL_WIDE && (wide < INT64_MIN || wide > INT64_MAX)))
		return problem_set(problem, "\"%s\" is no integer, or too large a one: \"%s\"", field->name, text);
	if (field->type == CELL_WIDE)
		*(Wide *) cell = wide;
	else
		cell->integer = (int64_t) wide;
	return true;
}

/*
 * Text
 */

const StateKind *
state_text_kind(const char *text, const StateKind *const *kinds, int count)
{
	size_t		length;

	while (is_space(*text))
		text++;
	length = strcspn(text, " \t\n\v\f\r{");
	for (int i = 0; i < count; i++)
	{
		if (word_equals(kinds[i]->name, text, length))
			return kinds[i];
	}
	return NULL;
}

size_t
state_text_size(const StateHead *state, const StateKind *kind)
{
	size_t		size = strlen(kind->name) + strlen("{" ROWS "=}") + 1;

	for (int i = 0; i < kind->nfields; i++)
		size += strlen(kind->fields[i].name) + strlen("=;") + WIDE_TEXT_MAX;
	return size + (size_t) state->used * kind->ncolumns * (NUMBER_TEXT_MAX / 2);
}

static char *
print_rows(char *at, const StateHead *state, const StateKind *kind)
{
	const StateCell *cell = state_rows(state, kind);

	for (uint32_t row = 0; row < state->used; row++)
	{
		for (int i = 0; i < kind->ncolumns; i++)
		{
			if (i > 0)
				*at++ = ':';
			else if (row > 0)
				*at++ = ',';
			at = print_cell(at, cell++, kind->columns[i].type);
		}
	}
	return at;
}

void
state_print(const StateHead *state, const StateKind *kind, char *text)
{
	const StateCell *cell = state_cells(state);
	char	   *at = text + sprintf(text, "%s{", kind->name);

	for (int i = 0; i < kind->nfields; i++)
	{
		at += sprintf(at, "%s%s=", i > 0 ? ";" : "", kind->fields[i].name);
		at = print_cell(at, cell, kind->fields[i].type);
		cell += cell_width(kind->fields[i].type);
	}
	if (state->used > 0)
	{
		at += sprintf(at, "%s" ROWS "=", kind->nfields > 0 ? ";" : "");
		at = print_rows(at, state, kind);
	}
	*at++ = '}';
	*at = '\0';
}

uint32_t
state_text_rows(const char *text)
{
	uint32_t	rows = 1;

	for (; *text != '\0'; text++)
		rows += *text == ',';
	return rows;
}

/* The next piece of *at, cut where the separator stands. */
static char *
next_piece(char **at, char separator)
{
	char	   *piece = *at;
	char	   *end;

	if (piece == NULL)
		return NULL;
	end = strchr(piece, separator);
	*at = end == NULL ? NULL : end + 1;
	if (end != NULL)
		*end = '\0';
	return piece;
}

static bool
parse_row(char *text, StateCell *cells, const StateKind *kind, Problem *problem)
{
	for (int i = 0; i < kind->ncolumns; i++)
	{
		char	   *piece = next_piece(&text, ':');

		if (piece == NULL)
			return problem_set(problem, "a row of a state of aggregate \"%s\" has no \"%s\"",
							   kind->name, kind->columns[i].name);
		if (!parse_cell(piece, cells + i, &kind->columns[i], problem))
			return false;
	}
	return text == NULL || problem_set(problem, "a row of a state of aggregate \"%s\" has more than %d values",
									   kind->name, kind->ncolumns);
}

static bool
parse_rows(char *text, StateHead *state, const StateKind *kind, Problem *problem)
{
	char	   *row;

	while ((row = next_piece(&text, ',')) != NULL)
	{
		if (!parse_row(row, state_row(state, kind, state->used), kind, problem))
			return false;
		state->used++;
	}
	state->sorted = state->used;
	return true;
}

bool
state_parse(char *text, StateHead *state, const StateKind *kind, Problem *problem)
{
	const char *names[STATE_CELLS_MAX];
	char	   *values[STATE_CELLS_MAX];
	int			count = kind->nfields;
	StateCell  *cell = state_cells(state);

	for (int i = 0; i < count; i++)
		names[i] = kind->fields[i].name;
	if (kind->ncolumns > 0)
		names[count++] = ROWS;
	if (!literal_split(text, kind->name, names, count, values, problem))
		return false;

	state_clear(state, kind);
	for (int i = 0; i < kind->nfields; i++)
	{
		if (values[i] == NULL)
			return problem_set(problem, "a state of aggregate \"%s\" lacks \"%s\"", kind->name, names[i]);
		if (!parse_cell(values[i], cell, &kind->fields[i], problem))
			return false;
		cell += cell_width(kind->fields[i].type);
	}
	if (kind->ncolumns > 0 && values[kind->nfields] != NULL &&
		!parse_rows(values[kind->nfields], state, kind, problem))
		return false;
	return state_valid(state, kind, problem);
}

/*
 * Bytes
 */

static size_t
cell_count(const StateKind *kind, uint32_t rows)
{
	return (size_t) state_field_cells(kind) + (size_t) rows * kind->ncolumns;
}

static void
put_uint64(uint8_t **at, uint64_t value)
{
	wire_put_uint32(at, (uint32_t) (value >> 32));
	wire_put_uint32(at, (uint32_t) value);
}

static uint64_t
get_uint64(const uint8_t **at)
{
	uint64_t	high = wire_get_uint32(at);

	return high << 32 | wire_get_uint32(at);
}

size_t
state_wire_size(const StateHead *state, const StateKind *kind)
{
	return STATE_WIRE_HEAD + cell_count(kind, state->used) * sizeof(StateCell);
}

/*
 * Cells are packed by their order in memory, but for a Wide, whose halves stand
 * there as the machine likes.
 */
void
state_pack(const StateHead *state, const StateKind *kind, uint8_t *wire)
{
	const StateCell *cell = state_cells(state);

	wire_put_byte(&wire, state->version);
	wire_put_byte(&wire, state->code);
	wire_put_uint32(&wire, state->used);
	for (int i = 0; i < kind->nfields; i++)
	{
		if (kind->fields[i].type == CELL_WIDE)
		{
			Wide		wide = *(const Wide *) cell;

			put_uint64(&wire, (uint64_t) (wide >> 64));
			put_uint64(&wire, (uint64_t) wide);
		}
		else
			put_uint64(&wire, (uint64_t) cell->integer);
		cell += cell_width(kind->fields[i].type);
	}
	for (size_t i = 0; i < (size_t) state->used * kind->ncolumns; i++)
		put_uint64(&wire, (uint64_t) cell[i].integer);
}

const StateKind *
state_wire_kind(const uint8_t *wire, size_t length, const StateKind *const *kinds, int count,
				uint32_t *rows, Problem *problem)
{
	const uint8_t *at = wire + 2;

	if (length < STATE_WIRE_HEAD)
	{
		problem_set(problem, "a state of aggregate \"%s\" of %zu bytes is cut short", kinds[0]->name, length);
		return NULL;
	}
	if (wire[0] != STATE_VERSION)
	{
		problem_set(problem, "a state of aggregate \"%s\" of version %d", kinds[0]->name, wire[0]);
		problem_hint(problem, "This version of inclusion reads version %d: update it, or send the state as text.", STATE_VERSION);
		return NULL;
	}
	*rows = wire_get_uint32(&at);
	for (int i = 0; i < count; i++)
	{
		if (kinds[i]->code != wire[1])
			continue;
		if (*rows <= (kinds[i]->ncolumns > 0 ? STATE_ROWS_MAX : 0) &&
			length == STATE_WIRE_HEAD + cell_count(kinds[i], *rows) * sizeof(StateCell))
			return kinds[i];
		problem_set(problem, "a state of aggregate \"%s\" with %" PRIu32 " rows in %zu bytes",
					kinds[i]->name, *rows, length);
		return NULL;
	}
	problem_set(problem, "a state of another aggregate, numbered %d, instead of one of \"%s\"",
				wire[1], kinds[0]->name);
	return NULL;
}

bool
state_unpack(const uint8_t *wire, uint32_t rows, StateHead *state, const StateKind *kind, Problem *problem)
{
	StateCell  *cell = state_cells(state);

	wire += STATE_WIRE_HEAD;
	state_clear(state, kind);
	for (int i = 0; i < kind->nfields; i++)
	{
		uint64_t	first = get_uint64(&wire);

		if (kind->fields[i].type == CELL_WIDE)
			*(Wide *) cell = (Wide) ((unsigned __int128) first << 64 | get_uint64(&wire));
		else
			cell->integer = (int64_t) first;
		cell += cell_width(kind->fields[i].type);
	}
	for (size_t i = 0; i < (size_t) rows * kind->ncolumns; i++)
		cell[i].integer = (int64_t) get_uint64(&wire);
	state->used = state->sorted = rows;
	return state_valid(state, kind, problem);
}
