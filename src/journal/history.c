/*
 * history.c
 *		What the journal tells of a school: its lines as they stood at a time, and whether the chain
 *		and the lines agree.
 *
 * The way back goes from the lines of now, undoing one entry after the other, so that it needs only
 * the entries since, and every step proves that the line was what the entry says it made of it.
 */
#include "journal/journal.h"

#include "common/sha2.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#define HASH_LENGTH PG_SHA256_DIGEST_LENGTH

/* ---------- undoing entries ---------- */

typedef struct PastLine
{
	LineName name; /* the key */
	OpenSeries *open;
	bool changed;
} PastLine;

typedef struct Past
{
	HTAB *lines;
	PastLine *line;  /* that of the change before, as those of a line come together */
	int64 entry_id;  /* the entry that is being undone */
	int64 bad_entry; /* the earliest that the lines contradict, 0 if none */
	char *problem;
} Past;

static PastLine *
past_line(Past *past, int academic_year, int64 pupil_id, HASHACTION action)
{
	LineName name;
	bool found;
	PastLine *line;

	memset(&name, 0, sizeof(name));
	name.academic_year = academic_year;
	name.pupil_id = pupil_id;
	line = hash_search(past->lines, &name, action, &found);
	if (line != NULL && !found)
	{
		line->open = new_open_series();
		line->changed = false;
	}
	return line;
}

static void
undo_change(void *state, const LineName *name, const MarkChange *change)
{
	Past *past = state;
	PastLine *line = past->line;
	Mark there;

	if (line == NULL || line->name.pupil_id != name->pupil_id ||
		line->name.academic_year != name->academic_year)
		line = past->line = past_line(past, name->academic_year, name->pupil_id, HASH_ENTER);
	there = mark_of_session(line->open, change->session);
	if (there != any_half(change->new))
	{
		char day[DAY_LENGTH + 1];

		format_day(day, session_day(change->session));
		past->bad_entry = past->entry_id;
		past->problem =
			psprintf("the line of pupil " INT64_FORMAT " does not have the mark of %s %s that this "
					 "entry made",
					 name->pupil_id, day, half_names[session_half(change->session)]);
	}
	line->changed = true;
	if (change->old != MARK_NONE)
		put_mark(line->open, change->session, any_half(change->old));
	else if (there != MARK_NONE)
		take_mark(line->open, change->session);
}

static void
start_past(Past *past)
{
	HASHCTL control = {
		.keysize = sizeof(LineName), .entrysize = sizeof(PastLine), .hcxt = CurrentMemoryContext};

	*past = (Past){0};
	past->lines =
		hash_create("lines of a school", 1024, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static void
read_now(Past *past, Oid register_oid, int school_urn)
{
	Datum values[1] = {Int32GetDatum(school_urn)};

	run_query_as_asked(register_oid, QUERY_LINES_NOW, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		PastLine *line = past_line(past, DatumGetInt32(result_value(row, 1, &isnull)),
								   DatumGetInt64(result_value(row, 2, &isnull)), HASH_ENTER);

		line->open =
			unpack_series((MarkSeries *) PG_DETOAST_DATUM_PACKED(result_value(row, 3, &isnull)));
	}
	SPI_freetuptable(SPI_tuptable);
}

static void
undo_since(Past *past, Oid register_oid, int school_urn, TimestampTz at)
{
	Datum values[2] = {Int32GetDatum(school_urn), TimestampTzGetDatum(at)};

	run_query_as_asked(register_oid, QUERY_ENTRIES_SINCE, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		bytea *payload;

		past->entry_id = DatumGetInt64(result_value(row, 1, &isnull));
		payload = DatumGetByteaPP(result_value(row, 2, &isnull));
		visit_changes((uint8 *) VARDATA_ANY(payload), VARSIZE_ANY_EXHDR(payload), undo_change,
					  past);
	}
	SPI_freetuptable(SPI_tuptable);
}

static bool
has_marks(const OpenSeries *open)
{
	for (int slot = 0; slot < open->weeks * SESSIONS_PER_WEEK; slot++)
	{
		if (open->marks[slot] != MARK_NONE)
			return true;
	}
	return false;
}

/* lines_as_at(register, school_urn, at) */
PG_FUNCTION_INFO_V1(att_lines_as_at);
Datum
att_lines_as_at(PG_FUNCTION_ARGS)
{
	Oid register_oid = get_rel_namespace(PG_GETARG_OID(0));
	int school_urn = PG_GETARG_INT32(1);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	HASH_SEQ_STATUS status;
	PastLine *line;
	Past past;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	start_past(&past);
	read_now(&past, register_oid, school_urn);
	undo_since(&past, register_oid, school_urn, PG_GETARG_TIMESTAMPTZ(2));
	if (past.problem != NULL)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("school %d, entry " INT64_FORMAT " of the journal: %s", school_urn,
							   past.bad_entry, past.problem)));
	hash_seq_init(&status, past.lines);
	while ((line = hash_seq_search(&status)) != NULL)
	{
		Datum values[3];
		bool nulls[3] = {false};

		if (line->changed && !has_marks(line->open))
			continue;
		values[0] = Int32GetDatum(line->name.academic_year);
		values[1] = Int64GetDatum(line->name.pupil_id);
		values[2] = PointerGetDatum(pack_series(line->open));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	SPI_finish();
	PG_RETURN_VOID();
}

/* ---------- verifying the chain ---------- */

typedef struct ChainEntry
{
	uint8 hash[HASH_LENGTH]; /* the key */
	TimestampTz entered_at;
	bool followed;
	bool there; /* in the journal, or disposed of */
} ChainEntry;

static void
put_fault(ReturnSetInfo *rsinfo, int64 entry_id, const char *problem)
{
	Datum values[2] = {Int64GetDatum(entry_id), CStringGetTextDatum(problem)};
	bool nulls[2] = {entry_id == 0, false};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* A column that should be a number of hashes; NULL if it is not. */
static const uint8 *
get_hashes(uint64 row, int column, int *count)
{
	bool isnull;
	bytea *value = DatumGetByteaPP(result_value(row, column, &isnull));

	*count = (int) (VARSIZE_ANY_EXHDR(value) / HASH_LENGTH);
	return VARSIZE_ANY_EXHDR(value) % HASH_LENGTH == 0 ? (uint8 *) VARDATA_ANY(value) : NULL;
}

/* What is wrong with an entry, or NULL; those that it follows have been seen before it. */
static const char *
check_entry(HTAB *chain, uint64 row)
{
	bool isnull, found;
	TimestampTz entered_at = DatumGetTimestampTz(result_value(row, 2, &isnull));
	int previous, hashes, computed;
	const uint8 *follows = get_hashes(row, 3, &previous);
	const uint8 *hash = get_hashes(row, 4, &hashes);
	const uint8 *anew = get_hashes(row, 5, &computed);
	ChainEntry *entry;

	if (follows == NULL || hash == NULL || hashes != 1 || computed != 1 ||
		memcmp(hash, anew, HASH_LENGTH) != 0)
		return "the entry was altered: its hash is not that of its columns";
	for (int i = 0; i < previous; i++)
	{
		entry = hash_search(chain, follows + i * HASH_LENGTH, HASH_FIND, NULL);
		if (entry == NULL || !entry->there)
			return "an entry that this one follows is missing";
		if (entry->entered_at > entered_at)
			return "the time of the entry is before that of one that it follows";
		entry->followed = true;
	}
	entry = hash_search(chain, hash, HASH_ENTER, &found);
	entry->entered_at = entered_at;
	entry->followed = found && entry->followed;
	entry->there = true;
	return previous == 0 && row > 0 ? "the entry follows none" : NULL;
}

/* Entries that were disposed of; and those that these followed. */
static void
read_boundaries(HTAB *chain, Oid register_oid, int school_urn)
{
	Datum values[1] = {Int32GetDatum(school_urn)};

	run_query_as_asked(register_oid, QUERY_BOUNDARIES, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		int hashes;
		const uint8 *hash = get_hashes(row, 1, &hashes);
		ChainEntry *entry;
		bool isnull, found;

		if (hash == NULL || hashes != 1)
			continue;
		entry = hash_search(chain, hash, HASH_ENTER, &found);
		entry->entered_at = DT_NOBEGIN;
		entry->followed = true;
		entry->there = DatumGetBool(result_value(row, 2, &isnull)) || (found && entry->there);
	}
	SPI_freetuptable(SPI_tuptable);
}

static HTAB *
check_chain(ReturnSetInfo *rsinfo, Oid register_oid, int school_urn)
{
	Datum values[1] = {Int32GetDatum(school_urn)};
	HASHCTL control = {
		.keysize = HASH_LENGTH, .entrysize = sizeof(ChainEntry), .hcxt = CurrentMemoryContext};
	HTAB *chain =
		hash_create("chain of a school", 1024, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);

	read_boundaries(chain, register_oid, school_urn);
	run_query_as_asked(register_oid, QUERY_ENTRIES, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		const char *problem = check_entry(chain, row);

		if (problem != NULL)
			put_fault(rsinfo, DatumGetInt64(result_value(row, 1, &isnull)), problem);
	}
	SPI_freetuptable(SPI_tuptable);
	return chain;
}

/*
 * Every entry that no other follows is a head: less, and the newest entries are gone.  A head that
 * is followed hides nothing: it is left by a transaction that had locked it and was rolled back.
 */
static void
check_heads(ReturnSetInfo *rsinfo, HTAB *chain, Oid register_oid, int school_urn)
{
	Datum values[1] = {Int32GetDatum(school_urn)};
	HASH_SEQ_STATUS status;
	ChainEntry *entry;
	int open = 0, named = 0;

	run_query_as_asked(register_oid, QUERY_HEADS, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		int hashes;
		const uint8 *hash = get_hashes(row, 2, &hashes);

		entry = hash == NULL || hashes != 1 ? NULL : hash_search(chain, hash, HASH_FIND, NULL);
		if (entry == NULL)
			put_fault(rsinfo, 0,
					  "an entry that journal_head names is missing: the newest were removed");
		else
			named += !entry->followed;
	}
	hash_seq_init(&status, chain);
	while ((entry = hash_seq_search(&status)) != NULL)
	{
		open += !entry->followed;
		if (!entry->there)
			put_fault(rsinfo, 0, "an entry that was followed by entries disposed of is missing");
	}
	if (open != named)
		put_fault(rsinfo, 0, "journal_head does not name the entries that no other follows");
	SPI_freetuptable(SPI_tuptable);
}

static void
check_lines(ReturnSetInfo *rsinfo, Oid register_oid, int school_urn)
{
	HASH_SEQ_STATUS status;
	PastLine *line;
	Past past;

	start_past(&past);
	read_now(&past, register_oid, school_urn);
	undo_since(&past, register_oid, school_urn, DT_NOBEGIN);
	if (past.problem != NULL)
		put_fault(rsinfo, past.bad_entry, past.problem);
	hash_seq_init(&status, past.lines);
	while ((line = hash_seq_search(&status)) != NULL)
	{
		if (past.problem == NULL && has_marks(line->open))
			put_fault(rsinfo, 0,
					  psprintf("the line of pupil " INT64_FORMAT
							   " in %d/%02d has marks that no entry made",
							   line->name.pupil_id, line->name.academic_year,
							   (line->name.academic_year + 1) % 100));
	}
}

/* journal_faults(register, school_urn) */
PG_FUNCTION_INFO_V1(att_journal_faults);
Datum
att_journal_faults(PG_FUNCTION_ARGS)
{
	Oid register_oid = get_rel_namespace(PG_GETARG_OID(0));
	int school_urn = PG_GETARG_INT32(1);
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	HTAB *chain;

	InitMaterializedSRF(fcinfo, 0);
	SPI_connect();
	chain = check_chain(rsinfo, register_oid, school_urn);
	check_heads(rsinfo, chain, register_oid, school_urn);
	check_lines(rsinfo, register_oid, school_urn);
	SPI_finish();
	PG_RETURN_VOID();
}
