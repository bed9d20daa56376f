/*
 * kept.c
 *		What a function found, kept for as long as it cannot find anything else.
 *
 * Policies ask who may see whom once a query for every table it reads, and a
 * match is a dozen queries of one command; a front end's page is a dozen
 * matches, each a transaction.  All of them see the database at the same moment:
 * the same snapshot, for the same session user, on the same day everywhere.
 * Within it a STABLE function answers the same, so that its answer may be given
 * again.  As soon as anybody commits anything, or this transaction has written
 * something, it is another moment, and everything is asked anew.
 *
 * A snapshot does not say what its own transaction has written and rolled back:
 * a moment outlives its transaction only from one that has written nothing to
 * others that have written nothing.  Days begin on a minute, wherever they do.
 *
 * Roles are not of a snapshot, the server reads them as they are now: whenever
 * one changes, everything is forgotten.
 *
 * One moment is held, in the session's memory: 8 bytes a person in sight, of the
 * few roles that a session takes.
 *
 * Whoever may call keep() decides what others are told: owners of functions
 * that check their caller, nobody else.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

typedef struct Answer
{
	struct Answer *next;
	char	   *question;
	char	   *about;
	ArrayType  *found;
} Answer;

typedef struct Moment
{
	MemoryContext context;		/* holds the moment and its answers */
	bool		ended;			/* its transaction is over */
	bool		written;		/* by its transaction, before it */
	SubTransactionId subtransaction;
	Oid			session_user;
	int64		minute;			/* in which its transaction began */
	SnapshotData snapshot;		/* with copies of its lists of transactions */
	Answer	   *answers;
} Moment;

static Moment *moment = NULL;
static bool roles_changed = false;

static void
note_changed_roles(Datum unused, int cache, uint32 hash)
{
	roles_changed = true;
}

static void
note_end(void *unused)
{
	if (moment != NULL)
		moment->ended = true;
}

static bool
has_written(void)
{
	return TransactionIdIsValid(GetTopTransactionIdIfAny());
}

static int64
this_minute(void)
{
	return GetCurrentTransactionStartTimestamp() / USECS_PER_MINUTE;
}

static TransactionId *
copy_transactions(const TransactionId *list, int count)
{
	TransactionId *copy = palloc(Max(count, 1) * sizeof(TransactionId));

	if (count > 0)
		memcpy(copy, list, count * sizeof(TransactionId));
	return copy;
}

static bool
same_transactions(const TransactionId *a, int count_a, const TransactionId *b, int count_b)
{
	return count_a == count_b && (count_a <= 0 || memcmp(a, b, count_a * sizeof(TransactionId)) == 0);
}

/*
 * Every field that decides whether a row is seen.  Of two snapshots of one
 * transaction that agree in them, neither sees a row that the other does not.
 */
static bool
same_snapshot(const SnapshotData *a, const SnapshotData *b)
{
	return a->xmin == b->xmin && a->xmax == b->xmax && a->curcid == b->curcid &&
		a->suboverflowed == b->suboverflowed &&
		a->takenDuringRecovery == b->takenDuringRecovery &&
		same_transactions(a->xip, a->xcnt, b->xip, b->xcnt) &&
		same_transactions(a->subxip, a->subxcnt, b->subxip, b->subxcnt);
}

static bool
is_now(const Moment *then, Snapshot now)
{
	if (roles_changed ||
		then->session_user != GetSessionUserId() ||
		then->minute != this_minute() ||
		!same_snapshot(&then->snapshot, now))
		return false;
	if (then->ended)
		return !then->written && !has_written();
	return then->subtransaction == GetCurrentSubTransactionId();
}

static Moment *
make_moment(Snapshot now)
{
	MemoryContext context = AllocSetContextCreate(TopMemoryContext, "answers kept by inclusion", ALLOCSET_SMALL_SIZES);
	MemoryContext before = MemoryContextSwitchTo(context);
	MemoryContextCallback *callback = MemoryContextAllocZero(TopTransactionContext, sizeof(MemoryContextCallback));
	Moment	   *made = palloc0(sizeof(Moment));

	made->context = context;
	made->written = has_written();
	made->subtransaction = GetCurrentSubTransactionId();
	made->session_user = GetSessionUserId();
	made->minute = this_minute();
	made->snapshot = *now;
	made->snapshot.xip = copy_transactions(now->xip, now->xcnt);
	made->snapshot.subxip = copy_transactions(now->subxip, now->subxcnt);
	callback->func = note_end;
	MemoryContextRegisterResetCallback(TopTransactionContext, callback);
	MemoryContextSwitchTo(before);
	return made;
}

/* The snapshot that dates this moment; NULL if none does */
static Snapshot
dated_snapshot(void)
{
	Snapshot	now = ActiveSnapshotSet() ? GetActiveSnapshot() : NULL;

	return now != NULL && now->snapshot_type == SNAPSHOT_MVCC ? now : NULL;
}

/* Begin a moment, unless we are still in the one that began before */
static void
enter_moment(Snapshot now)
{
	static bool watching = false;

	if (!watching)
	{
		CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, note_changed_roles, (Datum) 0);
		CacheRegisterSyscacheCallback(AUTHOID, note_changed_roles, (Datum) 0);
		watching = true;
	}
	if (moment != NULL && is_now(moment, now))
		return;
	if (moment != NULL)
	{
		MemoryContext past = moment->context;

		moment = NULL;
		MemoryContextDelete(past);
	}
	roles_changed = false;
	moment = make_moment(now);
}

static Answer *
find_answer(const char *question, const char *about)
{
	Answer	   *answer = moment->answers;

	while (answer != NULL && (strcmp(answer->question, question) != 0 || strcmp(answer->about, about) != 0))
		answer = answer->next;
	return answer;
}

static ArrayType *
copy_array(const ArrayType *array)
{
	ArrayType  *copy = palloc(VARSIZE(array));

	memcpy(copy, array, VARSIZE(array));
	return copy;
}

/* kept(question, about, kind): the answer kept now, an array of the kind given; else NULL */
PG_FUNCTION_INFO_V1(kept);
Datum
kept(PG_FUNCTION_ARGS)
{
	char	   *question = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *about = text_to_cstring(PG_GETARG_TEXT_PP(1));
	ArrayType  *kind = PG_GETARG_ARRAYTYPE_P(2);
	Snapshot	now = dated_snapshot();
	Answer	   *answer;

	if (now == NULL)
		PG_RETURN_NULL();
	enter_moment(now);
	answer = find_answer(question, about);
	if (answer == NULL || ARR_ELEMTYPE(answer->found) != ARR_ELEMTYPE(kind))
		PG_RETURN_NULL();
	PG_RETURN_ARRAYTYPE_P(copy_array(answer->found));
}

/*
 * keep(question, about, found): found, and kept if this still is the moment in
 * which kept() had no answer: roles may have changed since it was sought.
 */
PG_FUNCTION_INFO_V1(keep);
Datum
keep(PG_FUNCTION_ARGS)
{
	char	   *question = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *about = text_to_cstring(PG_GETARG_TEXT_PP(1));
	ArrayType  *found = PG_GETARG_ARRAYTYPE_P(2);
	Snapshot	now = dated_snapshot();

	if (now != NULL && moment != NULL && is_now(moment, now))
	{
		MemoryContext before = MemoryContextSwitchTo(moment->context);
		Answer	   *answer = palloc(sizeof(Answer));

		answer->question = pstrdup(question);
		answer->about = pstrdup(about);
		answer->found = copy_array(found);
		answer->next = moment->answers;
		moment->answers = answer;
		MemoryContextSwitchTo(before);
	}
	PG_RETURN_ARRAYTYPE_P(found);
}
