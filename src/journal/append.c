/*
 * append.c
 *		Appends an entry to a school's chain.
 *
 * An entry holds the hashes of all entries of its school that were at the head of the chain when it
 * was written.  Two sessions that write at the same moment both follow the same head, so the chain
 * forks, and whoever writes next follows both: nobody waits for anybody's commit, and every entry
 * is bound into the chain when it is written, not later.  journal_head tells the heads; a head that
 * another session is about to replace is followed, but not replaced a second time.
 */
#include "journal/journal.h"

#include "commands/sequence.h"
#include "common/cryptohash.h"
#include "common/sha2.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/lockdefs.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"

#define HASH_LENGTH PG_SHA256_DIGEST_LENGTH
#define MAX_HEADS 64 /* more are followed by later entries */

/* ---------- the hash of an entry ---------- */

typedef struct Entry
{
	int32 school_urn;
	int64 entry_id;
	TimestampTz entered_at;
	const char *kind;
	const char *login;
	Signature signature;
	const uint8 *previous;
	size_t previous_length;
	const uint8 *payload;
	size_t payload_length;
} Entry;

static void
hash_bytes_of(pg_cryptohash_ctx *context, const void *bytes, size_t length)
{
	if (pg_cryptohash_update(context, bytes, length) < 0)
		elog(ERROR, "could not compute SHA-256 hash: %s", pg_cryptohash_error(context));
}

static void
hash_number(pg_cryptohash_ctx *context, uint64 number)
{
	uint8 bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (uint8) (number >> (56 - 8 * i));
	hash_bytes_of(context, bytes, sizeof(bytes));
}

/* A part begins with its length, so that no two entries are the same bytes; NULL is length -1. */
static void
hash_part(pg_cryptohash_ctx *context, const void *bytes, size_t length)
{
	hash_number(context, length);
	hash_bytes_of(context, bytes, length);
}

static void
hash_text(pg_cryptohash_ctx *context, const char *text)
{
	if (text == NULL)
		hash_number(context, (uint64) -1);
	else
		hash_part(context, text, strlen(text));
}

static void
hash_entry(const Entry *entry, uint8 *hash)
{
	pg_cryptohash_ctx *context = pg_cryptohash_create(PG_SHA256);

	if (context == NULL || pg_cryptohash_init(context) < 0)
		elog(ERROR, "could not initialize SHA-256");
	hash_number(context, (uint64) entry->school_urn);
	hash_number(context, (uint64) entry->entry_id);
	hash_number(context, (uint64) entry->entered_at);
	hash_text(context, entry->kind);
	hash_text(context, entry->login);
	hash_text(context, entry->signature.entered_by);
	hash_text(context, entry->signature.title);
	hash_text(context, entry->signature.reason);
	hash_part(context, entry->previous, entry->previous_length);
	hash_part(context, entry->payload, entry->payload_length);
	if (pg_cryptohash_final(context, hash, HASH_LENGTH) < 0)
		elog(ERROR, "could not compute SHA-256 hash: %s", pg_cryptohash_error(context));
	pg_cryptohash_free(context);
}

static char *
text_argument(FunctionCallInfo fcinfo, int argument)
{
	return PG_ARGISNULL(argument) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(argument));
}

/*
 * journal_hash(school_urn, entry_id, entered_at, kind, login, entered_by, title, reason, previous,
 * payload): the check constraint of the journal, and verify_journal, compute it anew.
 */
PG_FUNCTION_INFO_V1(att_journal_hash);
Datum
att_journal_hash(PG_FUNCTION_ARGS)
{
	bytea *result = palloc(VARHDRSZ + HASH_LENGTH);
	bytea *previous, *payload;
	Entry entry;

	for (int i = 0; i < 10; i++)
	{
		if (PG_ARGISNULL(i) && (i < 5 || i > 7))
			PG_RETURN_NULL();
	}
	previous = PG_GETARG_BYTEA_PP(8);
	payload = PG_GETARG_BYTEA_PP(9);
	entry = (Entry){
		.school_urn = PG_GETARG_INT32(0),
		.entry_id = PG_GETARG_INT64(1),
		.entered_at = PG_GETARG_TIMESTAMPTZ(2),
		.kind = text_argument(fcinfo, 3),
		.login = text_argument(fcinfo, 4),
		.signature = {text_argument(fcinfo, 5), text_argument(fcinfo, 6), text_argument(fcinfo, 7)},
		.previous = (uint8 *) VARDATA_ANY(previous),
		.previous_length = VARSIZE_ANY_EXHDR(previous),
		.payload = (uint8 *) VARDATA_ANY(payload),
		.payload_length = VARSIZE_ANY_EXHDR(payload),
	};
	SET_VARSIZE(result, VARHDRSZ + HASH_LENGTH);
	hash_entry(&entry, (uint8 *) VARDATA(result));
	PG_RETURN_BYTEA_P(result);
}

/* ---------- the heads of a school's chain ---------- */

typedef struct Heads
{
	int ours; /* how many of them, the first, are to be replaced */
	int64 ids[MAX_HEADS];
	int count;
	uint8 hashes[MAX_HEADS][HASH_LENGTH];
	TimestampTz latest;
	int64 newest; /* no entry of the school has a greater number */
} Heads;

static bool
is_ours(const Heads *heads, int64 id)
{
	for (int i = 0; i < heads->ours; i++)
	{
		if (heads->ids[i] == id)
			return true;
	}
	return false;
}

/* The heads that a query has found, but for those that are there already. */
static void
add_heads(Heads *heads, int school_urn)
{
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		int64 id = DatumGetInt64(result_value(row, 1, &isnull));
		bytea *hash = DatumGetByteaPP(result_value(row, 2, &isnull));

		heads->newest = Max(heads->newest, DatumGetInt64(result_value(row, 4, &isnull)));
		if (is_ours(heads, id) || heads->count == MAX_HEADS)
			continue;
		if (VARSIZE_ANY_EXHDR(hash) != HASH_LENGTH)
			ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
							errmsg("school %d: invalid hash in journal_head", school_urn)));
		heads->ids[heads->count] = id;
		memcpy(heads->hashes[heads->count++], VARDATA_ANY(hash), HASH_LENGTH);
		heads->latest = Max(heads->latest, DatumGetTimestampTz(result_value(row, 3, &isnull)));
	}
}

/*
 * Those are ours that nobody else is replacing: a session that waits for none never makes another
 * wait.  Every head is followed, ours first: none of them may go unfollowed.
 */
static void
take_heads(Heads *heads, Oid register_oid, int school_urn)
{
	Datum values[1] = {Int32GetDatum(school_urn)};
	bool all = false, isnull;

	heads->ours = heads->count = 0;
	heads->latest = DT_NOBEGIN;
	heads->newest = 0;
	run_query(register_oid, QUERY_TAKE_HEADS, values);
	if (SPI_processed > 0)
		all = DatumGetInt64(result_value(0, 5, &isnull)) <= (int64) SPI_processed;
	add_heads(heads, school_urn);
	SPI_freetuptable(SPI_tuptable);
	heads->ours = heads->count;
	if (all)
		return;
	run_query(register_oid, QUERY_HEADS, values);
	add_heads(heads, school_urn);
	SPI_freetuptable(SPI_tuptable);
}

/* ---------- appending ---------- */

/*
 * A number greater than those before.  Where rows came without the sequence, as to a subscriber of
 * logical replication that has become a server of its own, it is behind them, and catches up: one
 * session at a time, so that it never goes back.
 */
static int64
next_entry_id(Oid register_oid, int64 newest)
{
	Oid sequence = get_relname_relid("journal_entry_id_seq", register_oid);
	int64 id;

	if (!OidIsValid(sequence))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("register \"%s\" has lost the sequence journal_entry_id_seq",
							   get_namespace_name(register_oid))));
	id = nextval_internal(sequence, false);
	if (id > newest)
		return id;
	LockRelationOid(sequence, ShareUpdateExclusiveLock);
	id = nextval_internal(sequence, false);
	if (id <= newest)
	{
		DirectFunctionCall2(setval_oid, ObjectIdGetDatum(sequence), Int64GetDatum(newest));
		id = nextval_internal(sequence, false);
	}
	UnlockRelationOid(sequence, ShareUpdateExclusiveLock);
	return id;
}

static Datum
text_or_null(const char *text, char *null)
{
	*null = text == NULL ? 'n' : ' ';
	return text == NULL ? (Datum) 0 : CStringGetTextDatum(text);
}

static Datum
make_bytea(const void *bytes, size_t length)
{
	bytea *result = palloc(VARHDRSZ + length);

	SET_VARSIZE(result, VARHDRSZ + length);
	memcpy(VARDATA(result), bytes, length);
	return PointerGetDatum(result);
}

/* The entry takes the place of the first of our heads, and the others go. */
static void
append_entry(Oid register_oid, const Entry *entry, const uint8 *hash, const Heads *heads)
{
	Datum values[12];
	char nulls[12];

	memset(nulls, ' ', sizeof(nulls));
	values[0] = Int32GetDatum(entry->school_urn);
	values[1] = Int64GetDatum(entry->entry_id);
	values[2] = TimestampTzGetDatum(entry->entered_at);
	values[3] = CStringGetTextDatum(entry->kind);
	values[4] = CStringGetTextDatum(entry->login);
	values[5] = text_or_null(entry->signature.entered_by, &nulls[5]);
	values[6] = text_or_null(entry->signature.title, &nulls[6]);
	values[7] = text_or_null(entry->signature.reason, &nulls[7]);
	values[8] = make_bytea(entry->previous, entry->previous_length);
	values[9] = make_bytea(entry->payload, entry->payload_length);
	values[10] = make_bytea(hash, HASH_LENGTH);
	values[11] = Int64GetDatum(heads->ours > 0 ? heads->ids[0] : entry->entry_id);
	run_query_with_nulls(register_oid, QUERY_APPEND, values, nulls);
	if (heads->ours < 2)
		return;
	values[1] = PointerGetDatum(int64_array(heads->ids + 1, heads->ours - 1));
	run_query(register_oid, QUERY_DROP_HEADS, values);
}

/* The time never goes back along the chain, whatever the clock does. */
void
write_journal_entry(Oid register_oid, int school_urn, const char *kind, const Signature *signature,
					const StringInfoData *payload)
{
	Heads *heads = palloc(sizeof(Heads));
	Entry entry = {.school_urn = school_urn, .kind = kind, .signature = *signature};
	uint8 hash[HASH_LENGTH];
	OwnerScope scope;

	entry.login = GetUserNameFromId(GetSessionUserId(), false);
	begin_as_owner(&scope, register_oid);
	SPI_connect();
	take_heads(heads, register_oid, school_urn);
	entry.entry_id = next_entry_id(register_oid, heads->newest);
	entry.entered_at = Max(GetCurrentTimestamp(), heads->latest);
	entry.previous = heads->hashes[0];
	entry.previous_length = (size_t) heads->count * HASH_LENGTH;
	entry.payload = (const uint8 *) payload->data;
	entry.payload_length = payload->len;
	hash_entry(&entry, hash);
	append_entry(register_oid, &entry, hash, heads);
	SPI_finish();
	end_as_owner(&scope);
	pfree(heads);
}
