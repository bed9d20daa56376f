/*
 * vocabulary.c
 *		The closed lists of codes, shown as rows; sets of them as masks, and back.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "face.h"

static void
report_unknown_vocabulary(const char *name)
{
	StringInfoData known;

	initStringInfo(&known);
	for (int i = 0; i < VOCABULARY_COUNT; i++)
		appendStringInfo(&known, "%s%s", i > 0 ? ", " : "", vocabulary_name(i));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown vocabulary \"%s\"", name),
			 errhint("The vocabularies are %s.", known.data)));
}

static int
named_vocabulary(text *name)
{
	int			vocabulary = vocabulary_by_name(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	if (vocabulary < 0)
		report_unknown_vocabulary(text_to_cstring(name));
	return vocabulary;
}

/* Labels are compiled in as UTF-8, whatever the database's encoding. */
static Datum
label_datum(const char *label)
{
	return CStringGetTextDatum(pg_any_to_server(label, strlen(label), PG_UTF8));
}

PG_FUNCTION_INFO_V1(vocabulary_codes);
Datum
vocabulary_codes(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			vocabulary = named_vocabulary(PG_GETARG_TEXT_PP(0));

	InitMaterializedSRF(fcinfo, 0);
	for (int bit = 0; bit < vocabulary_size(vocabulary); bit++)
	{
		const VocabularyCode *code = vocabulary_code(vocabulary, bit);
		bool		nulls[4] = {false, false, code->kind == NULL, false};
		Datum		values[4];

		values[0] = Int32GetDatum(bit);
		values[1] = CStringGetTextDatum(code->code);
		values[2] = code->kind == NULL ? (Datum) 0 : CStringGetTextDatum(code->kind);
		values[3] = label_datum(code->label);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(vocabulary_mask_of);
Datum
vocabulary_mask_of(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32((int32) codes_to_mask(PG_GETARG_ARRAYTYPE_P(1), named_vocabulary(PG_GETARG_TEXT_PP(0)), "codes"));
}

/* In bit order; a bit without a code is none. */
PG_FUNCTION_INFO_V1(vocabulary_codes_in);
Datum
vocabulary_codes_in(PG_FUNCTION_ARGS)
{
	int			vocabulary = named_vocabulary(PG_GETARG_TEXT_PP(0));
	uint32		mask = (uint32) PG_GETARG_INT32(1);
	Datum		codes[32];
	int			count = 0;

	for (int bit = 0; bit < vocabulary_size(vocabulary); bit++)
	{
		if (mask >> bit & 1)
			codes[count++] = CStringGetTextDatum(vocabulary_code(vocabulary, bit)->code);
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(codes, count, TEXTOID, -1, false, TYPALIGN_INT));
}
