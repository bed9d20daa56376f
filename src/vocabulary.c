/*
 * vocabulary.c
 *		The closed lists of codes, shown as rows.
 */
#include "postgres.h"

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
	text	   *name = PG_GETARG_TEXT_PP(0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	int			vocabulary = vocabulary_by_name(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name));

	if (vocabulary < 0)
		report_unknown_vocabulary(text_to_cstring(name));

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
