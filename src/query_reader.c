/*
 * query_reader.c
 *		Rows of integers out of a query that a caller gives as text.
 *
 * A column that the shape does not know is refused: a misspelt optional column
 * would otherwise change the result in silence.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "query_reader.h"

/* Where a column of the shape stands in the rows; number 0 = absent. */
typedef struct FoundColumn
{
	int			number;
	bool		is_int4;		/* otherwise int8 */
} FoundColumn;

static char *
column_names(const QueryShape *shape)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < shape->ncolumns; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", shape->columns[i].name);
	return names.data;
}

static void
refuse_unknown_columns(const QueryShape *shape, TupleDesc descriptor)
{
	for (int number = 1; number <= descriptor->natts; number++)
	{
		const char *name = NameStr(TupleDescAttr(descriptor, number - 1)->attname);
		int			matches = 0;

		for (int i = 0; i < shape->ncolumns; i++)
			matches += strcmp(name, shape->columns[i].name) == 0;
		if (matches == 0)
			ereport(ERROR,
					(errcode(shape->sqlstate),
					 errmsg("query \"%s\" gives an unknown column \"%s\"", shape->argument, name),
					 errhint("Its columns can be: %s.", column_names(shape))));
		if (SPI_fnumber(descriptor, name) != number)
			ereport(ERROR,
					(errcode(shape->sqlstate),
					 errmsg("query \"%s\" gives column \"%s\" twice", shape->argument, name),
					 errhint("Columns are found by name: keep one of the two.")));
	}
}

static FoundColumn
find_column(const QueryShape *shape, const QueryColumn *column, TupleDesc descriptor)
{
	FoundColumn found = {0, false};
	int			number = SPI_fnumber(descriptor, column->name);
	Oid			type;
	Oid			integer_type;

	if (number <= 0)
	{
		if (column->is_required)
			ereport(ERROR,
					(errcode(shape->sqlstate),
					 errmsg("query \"%s\" gives no column \"%s\"", shape->argument, column->name),
					 errhint("Its columns can be: %s.", column_names(shape))));
		return found;
	}
	type = getBaseType(SPI_gettypeid(descriptor, number));
	integer_type = column->is_array ? get_element_type(type) : type;
	if (integer_type != INT4OID && integer_type != INT8OID)
		ereport(ERROR,
				(errcode(shape->sqlstate),
				 errmsg("column \"%s\" of query \"%s\" is of type %s",
						column->name, shape->argument, format_type_be(SPI_gettypeid(descriptor, number))),
				 errhint("Cast it to %s.", column->is_array ? "bigint[] or integer[]" : "bigint or integer")));
	found.number = number;
	found.is_int4 = integer_type == INT4OID;
	return found;
}

/* The row an error is about, once its first column has been read. */
static char *
name_row(const QueryShape *shape, const QueryValue *values, int column)
{
	if (column == 0)
		return psprintf("a row of query \"%s\"", shape->argument);
	return psprintf("%s " INT64_FORMAT, shape->columns[0].name, values[0].integer);
}

static void
read_array(const QueryShape *shape, int column, bool is_int4, Datum datum,
		   QueryValue *values)
{
	ArrayType  *array = DatumGetArrayTypeP(datum);
	QueryValue *value = &values[column];
	int64	   *elements;

	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(shape->sqlstate),
				 errmsg("array \"%s\" of %s has %d dimensions", shape->columns[column].name,
						name_row(shape, values, column), ARR_NDIM(array)),
				 errhint("Give a one-dimensional array.")));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(shape->sqlstate),
				 errmsg("array \"%s\" of %s contains a null element", shape->columns[column].name,
						name_row(shape, values, column)),
				 errhint("Give every element a value, or leave it out.")));
	value->length = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (!is_int4)
	{
		value->elements = (const int64 *) ARR_DATA_PTR(array);
		return;
	}
	elements = palloc((value->length + 1) * sizeof(int64));
	for (int i = 0; i < value->length; i++)
		elements[i] = ((const int32 *) ARR_DATA_PTR(array))[i];
	value->elements = elements;
}

static void
read_value(const QueryShape *shape, int column, const FoundColumn *found,
		   TupleTableSlot *row, QueryValue *values)
{
	Datum		datum = (Datum) 0;

	values[column] = (QueryValue) {.is_null = true};
	if (found->number > 0)
		datum = slot_getattr(row, found->number, &values[column].is_null);
	if (values[column].is_null)
	{
		if (shape->columns[column].not_null)
			ereport(ERROR,
					(errcode(shape->sqlstate),
					 errmsg("column \"%s\" of %s is null", shape->columns[column].name,
							name_row(shape, values, column)),
					 errhint("Leave the row out of the query, or give it a value.")));
		return;
	}
	if (shape->columns[column].is_array)
		read_array(shape, column, found->is_int4, datum, values);
	else
		values[column].integer = found->is_int4 ? DatumGetInt32(datum) : DatumGetInt64(datum);
}

/* Not an INSERT ... RETURNING, which a cursor would take but not read-only. */
static bool
is_one_select(SPIPlanPtr plan)
{
	List	   *sources = SPI_plan_get_plan_sources(plan);

	return SPI_is_cursor_plan(plan) &&
		((CachedPlanSource *) linitial(sources))->commandTag == CMDTAG_SELECT;
}

SPIPlanPtr
prepare_select(const char *query, const char *argument, int sqlstate)
{
	SPIPlanPtr	plan = SPI_prepare(query, 0, NULL);

	if (plan == NULL)
		elog(ERROR, "could not prepare query \"%s\": %s", argument,
			 SPI_result_code_string(SPI_result));
	if (!is_one_select(plan))
		ereport(ERROR,
				(errcode(sqlstate),
				 errmsg("argument \"%s\" is not one SELECT", argument),
				 errhint("Give one query that returns rows and writes nothing.")));
	return plan;
}

/*
 * Each row is read where the executor has it, without a copy of ours nor a
 * batch of them: memory stays flat whatever their number.
 */
typedef struct RowReceiver
{
	DestReceiver receiver;		/* first: the executor knows only this */
	const QueryShape *shape;
	QueryRowReader read_row;
	void	   *opaque;
	FoundColumn found[QUERY_COLUMNS_MAX];
	MemoryContext row_context;
} RowReceiver;

static void
begin_rows(DestReceiver *self, int operation, TupleDesc descriptor)
{
	RowReceiver *rows = (RowReceiver *) self;

	refuse_unknown_columns(rows->shape, descriptor);
	for (int i = 0; i < rows->shape->ncolumns; i++)
		rows->found[i] = find_column(rows->shape, &rows->shape->columns[i], descriptor);
}

static bool
receive_row(TupleTableSlot *slot, DestReceiver *self)
{
	RowReceiver *rows = (RowReceiver *) self;
	MemoryContext old_context = MemoryContextSwitchTo(rows->row_context);
	QueryValue	values[QUERY_COLUMNS_MAX];

	for (int i = 0; i < rows->shape->ncolumns; i++)
		read_value(rows->shape, i, &rows->found[i], slot, values);
	rows->read_row(values, rows->opaque);
	MemoryContextSwitchTo(old_context);
	MemoryContextReset(rows->row_context);
	return true;
}

static void
end_rows(DestReceiver *self)
{
}

void
read_query(const char *query, const QueryShape *shape, QueryRowReader read_row,
		   void *opaque)
{
	RowReceiver rows = {
		.receiver = {receive_row, begin_rows, end_rows, end_rows, DestNone},
		.shape = shape, .read_row = read_row, .opaque = opaque,
		.row_context = AllocSetContextCreate(CurrentMemoryContext, "inclusion query row",
											 ALLOCSET_DEFAULT_SIZES),
	};
	SPIExecuteOptions options = {.read_only = true, .dest = &rows.receiver};

	SPI_execute_plan_extended(prepare_select(query, shape->argument, shape->sqlstate), &options);
	MemoryContextDelete(rows.row_context);
}
