/*
 * state.c
 *		What every state of an aggregate is: layout, rows, addition, validity.
 */
#include "state.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "wide.h"

/*
 * Layout
 */

int
state_field_cells(const StateKind *kind)
{
	int			cells = 0;

	for (int i = 0; i < kind->nfields; i++)
		cells += cell_width(kind->fields[i].type);
	return cells;
}

StateCell *
state_rows(const StateHead *state, const StateKind *kind)
{
	return state_cells(state) + state_field_cells(kind);
}

size_t
state_size(const StateKind *kind, uint32_t rows)
{
	return sizeof(StateHead) +
		((size_t) state_field_cells(kind) + (size_t) rows * kind->ncolumns) * sizeof(StateCell);
}

uint32_t
state_capacity(const StateKind *kind, size_t size)
{
	if (kind->ncolumns == 0)
		return 0;
	return (uint32_t) ((size - state_size(kind, 0)) / (kind->ncolumns * sizeof(StateCell)));
}

void
state_clear(StateHead *state, const StateKind *kind)
{
	state->version = STATE_VERSION;
	state->code = (uint8_t) kind->code;
	state->unused = 0;
	state->used = state->sorted = 0;
	memset(state_cells(state), 0, state_field_cells(kind) * sizeof(StateCell));
}

bool
state_matches(const StateHead *state, size_t size, const StateKind *kind)
{
	return size >= sizeof(StateHead) && state->version == STATE_VERSION &&
		state->code == kind->code && size >= state_size(kind, state->used) &&
		state->sorted <= state->used;
}

/*
 * Adding up
 */

static bool
too_large(const StateKind *kind, Problem *problem)
{
	problem_set(problem, "the sums of aggregate \"%s\" have become too large", kind->name);
	return problem_hint(problem, "Measure in a larger unit, or look for values that are none.");
}

static bool
add_cell(StateCell *into, const StateCell *from, StateCellType type)
{
	switch (type)
	{
		case CELL_COUNT:
		case CELL_INTEGER:
			return !__builtin_add_overflow(into->integer, from->integer, &into->integer);
		case CELL_WIDE:
			return !__builtin_add_overflow(*(Wide *) into, *(const Wide *) from, (Wide *) into) &&
				*(Wide *) into <= WIDE_SQUARES_MAX && *(Wide *) into >= -WIDE_SQUARES_MAX;
		case CELL_NUMBER:
			into->number += from->number;
	}
	return true;
}

static bool
add_values(StateCell *into, const StateCell *from, const StateKind *kind, Problem *problem)
{
	for (int i = kind->nkeys; i < kind->ncolumns; i++)
	{
		if (!add_cell(into + i, from + i, kind->columns[i].type))
			return too_large(kind, problem);
	}
	return true;
}

static bool
add_fields(StateHead *into, const StateHead *from, const StateKind *kind, Problem *problem)
{
	StateCell  *to = state_cells(into);
	const StateCell *add = state_cells(from);

	for (int i = 0; i < kind->nfields; i++)
	{
		StateCellType type = kind->fields[i].type;

		if (!add_cell(to, add, type))
			return too_large(kind, problem);
		to += cell_width(type);
		add += cell_width(type);
	}
	return true;
}

/* The sorted row with these keys, or NULL. */
static StateCell *
find_row(const StateHead *state, const StateKind *kind, const StateCell *row)
{
	uint32_t	low = 0;
	uint32_t	high = state->sorted;

	while (low < high)
	{
		uint32_t	middle = low + (high - low) / 2;
		StateCell  *at = state_row(state, kind, middle);
		int			order = kind->compare(at, row);

		if (order == 0)
			return at;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool
state_add_row(StateHead *state, const StateKind *kind, const StateCell *row, Problem *problem)
{
	StateCell  *found = find_row(state, kind, row);

	if (found != NULL)
		return add_values(found, row, kind, problem);
	memcpy(state_row(state, kind, state->used), row, kind->ncolumns * sizeof(StateCell));
	state->used++;
	return true;
}

bool
state_sort(StateHead *state, const StateKind *kind, Problem *problem)
{
	size_t		row_size = kind->ncolumns * sizeof(StateCell);
	uint32_t	kept = 0;

	if (state->sorted == state->used)
		return true;
	qsort(state_rows(state, kind), state->used, row_size, kind->compare);
	for (uint32_t i = 1; i < state->used; i++)
	{
		StateCell  *last = state_row(state, kind, kept);
		StateCell  *next = state_row(state, kind, i);

		if (kind->compare(last, next) == 0)
		{
			if (!add_values(last, next, kind, problem))
				return false;
		}
		else if (++kept < i)
			memcpy(state_row(state, kind, kept), next, row_size);
	}
	state->used = state->sorted = kept + 1;
	return true;
}

bool
state_merge(StateHead *into, const StateHead *from, const StateKind *kind, Problem *problem)
{
	if (!(kind->merge != NULL ? kind->merge(into, from, problem) :
		  add_fields(into, from, kind, problem)))
		return false;
	for (uint32_t i = 0; kind->nkeys > 0 && i < from->used; i++)
	{
		if (!state_add_row(into, kind, state_row(from, kind, i), problem))
			return false;
	}
	return true;
}

/*
 * Taking away
 */

static bool
all_exact(const StateField *fields, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (fields[i].type == CELL_NUMBER)
			return false;
	}
	return true;
}

bool
state_exact(const StateKind *kind)
{
	return all_exact(kind->fields, kind->nfields) && all_exact(kind->columns, kind->ncolumns);
}

/* Of an integer, wide or not. */
static bool
negate_cell(StateCell *cell, StateCellType type)
{
	if (type != CELL_WIDE)
		return !__builtin_sub_overflow(0, cell->integer, &cell->integer);
	*(Wide *) cell = -*(Wide *) cell;
	return true;
}

bool
state_negate(StateHead *state, const StateKind *kind, Problem *problem)
{
	StateCell  *at = state_cells(state);

	for (int i = 0; i < kind->nfields; i++)
	{
		if (!negate_cell(at, kind->fields[i].type))
			return too_large(kind, problem);
		at += cell_width(kind->fields[i].type);
	}
	for (uint32_t row = 0; row < state->used; row++)
	{
		for (int i = kind->nkeys; i < kind->ncolumns; i++)
		{
			if (!negate_cell(state_row(state, kind, row) + i, kind->columns[i].type))
				return too_large(kind, problem);
		}
	}
	return true;
}

static bool
all_zero(const StateCell *cells, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (cells[i].integer != 0)
			return false;
	}
	return true;
}

bool
state_balance(StateHead *state, const StateKind *kind, bool *nothing, Problem *problem)
{
	uint32_t	kept = 0;

	if (!state_sort(state, kind, problem))
		return false;
	for (uint32_t row = 0; row < state->used; row++)
	{
		const StateCell *from = state_row(state, kind, row);

		if (!all_zero(from + kind->nkeys, kind->ncolumns - kind->nkeys))
			memmove(state_row(state, kind, kept++), from, kind->ncolumns * sizeof(StateCell));
	}
	state->used = state->sorted = kept;
	*nothing = kept == 0 && !kind->may_be_zero && all_zero(state_cells(state), state_field_cells(kind));
	return *nothing || state_valid(state, kind, problem) ||
		problem_hint(problem, "Take away only what was added.");
}

/*
 * Settling and validity
 */

/* Walks over the cells of the fields, then of the rows. */
static bool
each_cell(const StateHead *state, const StateKind *kind,
		  bool (*visit) (StateCell *cell, const StateField *field, const StateKind *kind, Problem *problem),
		  Problem *problem)
{
	StateCell  *at = state_cells(state);

	for (int i = 0; i < kind->nfields; i++)
	{
		if (!visit(at, &kind->fields[i], kind, problem))
			return false;
		at += cell_width(kind->fields[i].type);
	}
	for (uint32_t row = 0; row < state->used; row++)
	{
		for (int i = 0; i < kind->ncolumns; i++)
		{
			if (!visit(at++, &kind->columns[i], kind, problem))
				return false;
		}
	}
	return true;
}

static bool
settle_cell(StateCell *cell, const StateField *field, const StateKind *kind, Problem *problem)
{
	if (field->type != CELL_NUMBER)
		return true;
	if (!isfinite(cell->number))
		return too_large(kind, problem);
	if (cell->number == 0)
		cell->number = 0;
	return true;
}

bool
state_settle(StateHead *state, const StateKind *kind, Problem *problem)
{
	if (kind->nkeys > 0 && !state_sort(state, kind, problem))
		return false;
	if (state->used > STATE_ROWS_MAX)
	{
		problem_set(problem, "aggregate \"%s\" meets more than %d distinct values", kind->name, STATE_ROWS_MAX);
		return problem_hint(problem, "Round the values, or aggregate smaller groups.");
	}
	if (kind->settle != NULL)
		kind->settle(state);
	return each_cell(state, kind, settle_cell, problem);
}

static bool
valid_cell(StateCell *cell, const StateField *field, const StateKind *kind, Problem *problem)
{
	if (field->type == CELL_COUNT && cell->integer < 0)
		return problem_set(problem, "\"%s\" of a state of aggregate \"%s\" is negative: %" PRId64,
						   field->name, kind->name, cell->integer);
	if (field->type == CELL_NUMBER &&
		(!isfinite(cell->number) || (cell->number == 0 && signbit(cell->number))))
		return problem_set(problem, "\"%s\" of a state of aggregate \"%s\" is no finite number: %g",
						   field->name, kind->name, cell->number);
	return true;
}

bool
state_valid(const StateHead *state, const StateKind *kind, Problem *problem)
{
	if (!each_cell(state, kind, valid_cell, problem))
		return false;
	for (uint32_t i = 1; kind->nkeys > 0 && i < state->used; i++)
	{
		if (kind->compare(state_row(state, kind, i - 1), state_row(state, kind, i)) >= 0)
			return problem_set(problem, "rows %" PRIu32 " and %" PRIu32 " of a state of aggregate \"%s\" are not in order",
							   i, i + 1, kind->name);
	}
	return kind->valid == NULL || kind->valid(state, problem);
}

/*
 * Comparisons of keys
 */

static int
order_integers(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
order_numbers(double a, double b)
{
	return (a > b) - (a < b);
}

int
compare_integer_pairs(const void *a, const void *b)
{
	const StateCell *left = a;
	const StateCell *right = b;
	int			order = order_integers(left[0].integer, right[0].integer);

	return order != 0 ? order : order_integers(left[1].integer, right[1].integer);
}

int
compare_numbers(const void *a, const void *b)
{
	return order_numbers(((const StateCell *) a)->number, ((const StateCell *) b)->number);
}

int
compare_number_pairs(const void *a, const void *b)
{
	const StateCell *left = a;
	const StateCell *right = b;
	int			order = order_numbers(left[0].number, right[0].number);

	return order != 0 ? order : order_numbers(left[1].number, right[1].number);
}
