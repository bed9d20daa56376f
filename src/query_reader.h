/*
 * query_reader.h
 *		Rows of integers out of a query that a caller gives as text.
 *
 * The query runs read-only, with the rights and under the snapshot of the
 * calling statement.  Its columns are found by name.
 */
#ifndef INCLUSION_QUERY_READER_H
#define INCLUSION_QUERY_READER_H

#include "executor/spi.h"

#define QUERY_COLUMNS_MAX 10

typedef struct QueryColumn
{
	const char *name;
	bool		is_array;
	bool		is_required;	/* the column must exist */
	bool		not_null;		/* it has a value in every row */
} QueryColumn;

/* What a caller wants; the first column identifies the row in errors. */
typedef struct QueryShape
{
	const char *argument;		/* name of the argument holding the query */
	int			sqlstate;		/* of every complaint */
	int			ncolumns;
	QueryColumn columns[QUERY_COLUMNS_MAX];
} QueryShape;

/* integer for a scalar column; length and elements for an array. */
typedef struct QueryValue
{
	bool		is_null;		/* or the column is absent */
	int64		integer;
	int32		length;
	const int64 *elements;
} QueryValue;

/* Values, in the order of the shape, live until the reader's next call. */
typedef void (*QueryRowReader) (const QueryValue *values, void *opaque);

/* Both to be called between SPI_connect and SPI_finish. */

/* The plan of a query given as an argument, which must be one SELECT. */
extern SPIPlanPtr prepare_select(const char *query, const char *argument, int sqlstate);

extern void read_query(const char *query, const QueryShape *shape,
					   QueryRowReader read_row, void *opaque);

#endif							/* INCLUSION_QUERY_READER_H */
