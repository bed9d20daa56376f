/*
 * state.h
 *		What every state of an aggregate is: a head, fields, and for some rows.
 *
 * A state is what an aggregate remembers of the rows it saw.  It is stored,
 * sent, and added to another of its kind; nothing else of the rows is kept.
 * A kind is described by a table of its fields and columns, so that text,
 * binary form, validation and addition are written once for all kinds.
 *
 * Everything stands in cells of 8 bytes.  The rows of a kind that has some are
 * a sorted map: the first columns are its key, the others are added up.  While
 * an aggregate runs, keys that are new wait unsorted behind the sorted rows,
 * and room for more follows them; a settled state, the only one that leaves
 * the aggregate, has neither.
 */
#ifndef INCLUSION_CORE_STATE_H
#define INCLUSION_CORE_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "problem.h"

#define STATE_VERSION 1

/* Distinct keys a state may hold: 16 or 24 MB, five times that while it grows. */
#define STATE_ROWS_MAX (1024 * 1024)

/* More than the fields, or the columns, of any kind. */
#define STATE_CELLS_MAX 24

/* Names every kind, on disk and on the wire: never renumbered. */
typedef enum StateCode
{
	STATE_GAIN = 1,
	STATE_GAIN_FLOAT = 2,
	STATE_PROPORTION = 3,
	STATE_WAITING = 4,
	STATE_XPROD = 5,
	STATE_DIST = 6,
	STATE_RATIO = 7,
	STATE_RATIO_FLOAT = 8,
	STATE_CONC = 9,
	STATE_EBN = 10,
	STATE_EBB = 11,
	STATE_SMR = 12,
	STATE_CKM = 13
} StateCode;

typedef union StateCell
{
	int64_t		integer;
	double		number;
} StateCell;

typedef struct StateHead
{
	uint32_t	host;			/* the host's own: its length word */
	uint8_t		version;
	uint8_t		code;
	uint16_t	unused;			/* 0 */
	uint32_t	used;			/* rows */
	uint32_t	sorted;			/* of which the first are in order, without repetition */
} StateHead;

typedef enum StateCellType
{
	CELL_COUNT,					/* an integer that is not negative */
	CELL_INTEGER,
	CELL_WIDE,					/* a Wide, in two cells */
	CELL_NUMBER					/* a double, finite, never -0 */
} StateCellType;

typedef struct StateField
{
	const char *name;
	StateCellType type;
} StateField;

typedef struct StateKind
{
	StateCode	code;
	const char *name;			/* of the aggregate: how the text begins */
	int			nfields;
	int			ncolumns;
	int			nkeys;			/* 0: rows are no map, merge does everything */
	bool		may_be_zero;	/* rows may count nothing: zeros are a state */
	const StateField *fields;
	const StateField *columns;
	/* Of two rows, by their keys. */
	int			(*compare) (const void *a, const void *b);
	/* Do the fields and rows agree with each other?  NULL: always. */
	bool		(*valid) (const StateHead *state, Problem *problem);
	/* How fields add up, when it is not one by one.  NULL: it is. */
	bool		(*merge) (StateHead *into, const StateHead *from, Problem *problem);
	/* How a state is brought to its settled form.  NULL: it is always in it. */
	void		(*settle) (StateHead *state);
} StateKind;

static inline StateCell *
state_cells(const StateHead *state)
{
	return (StateCell *) ((char *) state + sizeof(StateHead));
}

/* Cells that a value of this type takes. */
static inline int
cell_width(StateCellType type)
{
	return type == CELL_WIDE ? 2 : 1;
}

extern int	state_field_cells(const StateKind *kind);
extern StateCell *state_rows(const StateHead *state, const StateKind *kind);
static inline StateCell *
state_row(const StateHead *state, const StateKind *kind, uint32_t row)
{
	return state_rows(state, kind) + (size_t) row * kind->ncolumns;
}

/* Bytes of a state with room for these rows, and rows that fit these bytes. */
extern size_t state_size(const StateKind *kind, uint32_t rows);
extern uint32_t state_capacity(const StateKind *kind, size_t size);

/* An empty state of this kind; the host's word is left alone. */
extern void state_clear(StateHead *state, const StateKind *kind);

/* Is this, on size bytes, a state that this version wrote for this kind? */
extern bool state_matches(const StateHead *state, size_t size, const StateKind *kind);

/*
 * Add one row to the map, into the room behind it, which the caller has seen
 * to.
 */
extern bool state_add_row(StateHead *state, const StateKind *kind, const StateCell *row,
						  Problem *problem);

/* Bring the waiting rows into the map. */
extern bool state_sort(StateHead *state, const StateKind *kind, Problem *problem);

/* Add a state to another, which has room for its rows. */
extern bool state_merge(StateHead *into, const StateHead *from, const StateKind *kind,
						Problem *problem);

/*
 * Taking away.  Sums of integers never round: what was added can be taken back,
 * and leaves what would have been counted without it, to the bit.
 */
extern bool state_exact(const StateKind *kind);

/* The other sign everywhere: merging this state takes it away. */
extern bool state_negate(StateHead *state, const StateKind *kind, Problem *problem);

/*
 * What is left: sort, drop the rows that came to nothing, and refuse less than
 * nothing.  Nothing says that no row is left, of which there is no state.
 */
extern bool state_balance(StateHead *state, const StateKind *kind, bool *nothing, Problem *problem);

/* Sort, make -0 0, and refuse what is too large or no longer finite. */
extern bool state_settle(StateHead *state, const StateKind *kind, Problem *problem);

/* Everything a settled state must be, for one that somebody else wrote. */
extern bool state_valid(const StateHead *state, const StateKind *kind, Problem *problem);

/* Comparisons of keys. */
extern int	compare_integer_pairs(const void *a, const void *b);
extern int	compare_numbers(const void *a, const void *b);
extern int	compare_number_pairs(const void *a, const void *b);

#endif							/* INCLUSION_CORE_STATE_H */
