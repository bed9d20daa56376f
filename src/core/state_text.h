/*
 * state_text.h
 *		States as text, name{field=value;...;rows=a:b,c:d}, and as bytes.
 *
 * Both forms are lossless, and give back equal bytes.  Reading checks
 * everything: the states of others are not to be believed.
 */
#ifndef INCLUSION_CORE_STATE_TEXT_H
#define INCLUSION_CORE_STATE_TEXT_H

#include "state.h"

/* Of the few kinds a type may hold, the one that this text names, or NULL. */
extern const StateKind *state_text_kind(const char *text, const StateKind *const *kinds, int count);

/* Bytes that the text of this state may take, and their writing. */
extern size_t state_text_size(const StateHead *state, const StateKind *kind);
extern void state_print(const StateHead *state, const StateKind *kind, char *text);

/* More rows than this text has; its reading, which cuts it, into that room. */
extern uint32_t state_text_rows(const char *text);
extern bool state_parse(char *text, StateHead *state, const StateKind *kind, Problem *problem);

/* version, code, number of rows, cells: big-endian. */
#define STATE_WIRE_HEAD 6
extern size_t state_wire_size(const StateHead *state, const StateKind *kind);
extern void state_pack(const StateHead *state, const StateKind *kind, uint8_t *wire);

/*
 * Reading bytes: first the kind and the number of rows, which the length must
 * bear out, then the cells into the room for them.
 */
extern const StateKind *state_wire_kind(const uint8_t *wire, size_t length,
										const StateKind *const *kinds, int count,
										uint32_t *rows, Problem *problem);
extern bool state_unpack(const uint8_t *wire, uint32_t rows, StateHead *state,
						 const StateKind *kind, Problem *problem);

#endif							/* INCLUSION_CORE_STATE_TEXT_H */
