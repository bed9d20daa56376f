/*
 * hmac.c
 *		Keyed fingerprints: HMAC with SHA-256 (RFC 2104, FIPS 180-4).
 *
 * The server computes it; nothing of cryptography is written here.
 */
#include "postgres.h"

#include "common/hmac.h"
#include "common/sha2.h"
#include "fmgr.h"
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* A failure of the cryptographic library, which takes the context with it */
static void
give_up(pg_hmac_ctx *context)
{
	const char *reason = pstrdup(pg_hmac_error(context));

	pg_hmac_free(context);
	ereport(ERROR,
			(errcode(ERRCODE_INTERNAL_ERROR),
			 errmsg("could not compute an HMAC: %s", reason)));
}

PG_FUNCTION_INFO_V1(hmac_sha256);
Datum
hmac_sha256(PG_FUNCTION_ARGS)
{
	bytea	   *key = PG_GETARG_BYTEA_PP(0);
	bytea	   *content = PG_GETARG_BYTEA_PP(1);
	bytea	   *digest = (bytea *) palloc(VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	pg_hmac_ctx *context = pg_hmac_create(PG_SHA256);

	if (context == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	SET_VARSIZE(digest, VARHDRSZ + PG_SHA256_DIGEST_LENGTH);
	if (pg_hmac_init(context, (const uint8 *) VARDATA_ANY(key), VARSIZE_ANY_EXHDR(key)) < 0 ||
		pg_hmac_update(context, (const uint8 *) VARDATA_ANY(content), VARSIZE_ANY_EXHDR(content)) < 0 ||
		pg_hmac_final(context, (uint8 *) VARDATA(digest), PG_SHA256_DIGEST_LENGTH) < 0)
		give_up(context);
	pg_hmac_free(context);
	PG_RETURN_BYTEA_P(digest);
}
