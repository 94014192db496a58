/*
 * register_flush.c
 *		Writes the marks that a statement has gathered: school by school, year by year, each line
 *		once.  Nothing is written before every row of a school's year has been found right, and
 *		every error names the row, the school, the pupil and the session.
 */
#include "journal.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "rules.h"

/* The entries of one school and academic year, in the order of pupil and session. */
typedef struct Batch
{
	Oid register_oid;
	EntryMode mode;
	MarkEntry *entries;
	int count;
	int school_urn;
	int academic_year;
	const Signature *signature;
	int pupils;
	Datum *pupil_ids; /* each pupil once, in order */
	Datum *series;    /* the pupil's line: as it is, then as it will be */
	bool *changed;
} Batch;

/* ---------- order ---------- */

/* By school, year, signature, pupil, session and row. */
static int
compare_entries(const void *left, const void *right)
{
	const MarkEntry *a = left;
	const MarkEntry *b = right;
	int result = COMPARE(a->school_urn, b->school_urn);

	if (result == 0)
		result = COMPARE(a->year, b->year);
	if (result == 0)
		result = COMPARE(a->signature, b->signature);
	if (result == 0)
		result = COMPARE(a->pupil.id, b->pupil.id);
	if (result == 0)
		result = COMPARE(a->session, b->session);
	return result != 0 ? result : COMPARE(a->row, b->row);
}

/* What an error says of an entry. */
static char *
describe(const MarkEntry *entry)
{
	char day[DAY_LENGTH + 1];

	format_day(day, session_day(entry->session));
	return psprintf("row %u: school %d, pupil " INT64_FORMAT ", %s %s", entry->row,
					entry->school_urn, entry->pupil.id, day,
					half_names[session_half(entry->session)]);
}

static const char *
mark_text(const MarkEntry *entry, Mark mark)
{
	return mark_codes[mark_in_half(mark, session_half(entry->session))].code;
}

/* Two rows of a statement for one session: never for a table of marks; in a feed if they agree. */
static void
check_twice(const Batch *batch, const MarkEntry *first, const MarkEntry *second)
{
	if (first->session != second->session || first->pupil.id != second->pupil.id)
		return;
	if (batch->mode == MODE_ENTER)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg("%s: the session has a mark already, in row %u", describe(second),
							   first->row)));
	if (first->mark != second->mark)
		ereport(ERROR, (errcode(ERRCODE_CARDINALITY_VIOLATION),
						errmsg("%s: the mark \"%s\" contradicts \"%s\" in row %u", describe(second),
							   mark_text(second, second->mark), mark_text(first, first->mark),
							   first->row)));
}

/* ---------- the lines ---------- */

static ArrayType *
pupil_array(const Batch *batch)
{
	return construct_array(batch->pupil_ids, batch->pupils, INT8OID, sizeof(int64), FLOAT8PASSBYVAL,
						   TYPALIGN_DOUBLE);
}

static void
collect_pupils(Batch *batch)
{
	batch->pupil_ids = palloc(batch->count * sizeof(Datum));
	batch->pupils = 0;
	for (int i = 0; i < batch->count; i++)
	{
		if (i == 0 || batch->entries[i].pupil.id != batch->entries[i - 1].pupil.id)
			batch->pupil_ids[batch->pupils++] = Int64GetDatum(batch->entries[i].pupil.id);
		else
			check_twice(batch, &batch->entries[i - 1], &batch->entries[i]);
	}
	batch->series = palloc0(batch->pupils * sizeof(Datum));
	batch->changed = palloc0(batch->pupils * sizeof(bool));
}

/* Locks and reads the lines; returns how many there are. */
static int
read_lines(Batch *batch)
{
	Datum values[3] = {Int32GetDatum(batch->school_urn), Int32GetDatum(batch->academic_year),
					   PointerGetDatum(pupil_array(batch))};
	int found, pupil = 0;

	run_query(batch->register_oid, QUERY_LOCK_LINES, values);
	found = (int) SPI_processed;
	for (int row = 0; row < found; row++)
	{
		bool isnull;
		int64 pupil_id = DatumGetInt64(result_value(row, 1, &isnull));

		while (pupil < batch->pupils && DatumGetInt64(batch->pupil_ids[pupil]) != pupil_id)
			pupil++;
		if (pupil == batch->pupils) /* its key was changed while the query waited for it */
			ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
							errmsg("school %d: the line of pupil " INT64_FORMAT
								   " was changed at the same time",
								   batch->school_urn, pupil_id)));
		batch->series[pupil] =
			PointerGetDatum(PG_DETOAST_DATUM_COPY(result_value(row, 2, &isnull)));
	}
	SPI_freetuptable(SPI_tuptable);
	return found;
}

static void
check_year_exists(const Batch *batch)
{
	Datum values[2] = {Int32GetDatum(batch->academic_year),
					   ObjectIdGetDatum(get_relname_relid("register_line", batch->register_oid))};

	run_query(batch->register_oid, QUERY_YEAR_EXISTS, values);
	if (SPI_processed == 0)
		ereport(
			ERROR,
			(errcode(ERRCODE_CHECK_VIOLATION),
			 errmsg("%s: the register has no academic year %d/%02d; add_academic_year() adds it",
					describe(&batch->entries[0]), batch->academic_year,
					(batch->academic_year + 1) % 100)));
}

/* Makes the lines that are missing; a pupil without an enrolment gets none. */
static void
open_lines(Batch *batch)
{
	Datum values[3] = {Int32GetDatum(batch->school_urn), Int32GetDatum(batch->academic_year),
					   PointerGetDatum(pupil_array(batch))};
	int pupil = -1;

	check_year_exists(batch);
	run_query(batch->register_oid, QUERY_OPEN_LINES, values);
	if (read_lines(batch) == batch->pupils)
		return;
	for (int i = 0; i < batch->count; i++)
	{
		if (i == 0 || batch->entries[i].pupil.id != batch->entries[i - 1].pupil.id)
			pupil++;
		if (DatumGetPointer(batch->series[pupil]) == NULL)
			ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
							errmsg("%s: the pupil has no enrolment at the school in %d/%02d",
								   describe(&batch->entries[i]), batch->academic_year,
								   (batch->academic_year + 1) % 100)));
	}
}

/* ---------- the marks ---------- */

/* The line's own trigger would refuse the marks too, but it does not know the rows. */
static void
check_sessions(const Batch *batch)
{
	Calendar calendar = {0};
	DateADT from = LAST_DAY, until = FIRST_DAY;

	for (int i = 0; i < batch->count; i++)
	{
		from = Min(from, session_day(batch->entries[i].session));
		until = Max(until, session_day(batch->entries[i].session) + 1);
	}
	load_calendar(&calendar, batch->register_oid, batch->school_urn, from, until);
	for (int i = 0; i < batch->count; i++)
	{
		const MarkEntry *entry = &batch->entries[i];

		if (!calendar_allows(&calendar, entry->session, entry->mark))
			ereport(
				ERROR,
				(errcode(rule_sqlstate(RULE_OUTSIDE_CALENDAR)),
				 errmsg(
					 "%s: the calendar of the school (school_day, build_calendar) has no such session, the mark \"%s\" cannot be entered",
					 describe(entry), mark_text(entry, entry->mark))));
	}
}

static void
check_entered(const MarkEntry *entry, Mark there)
{
	if (there != MARK_NONE && there != MARK_UNMARKED)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg("%s: the session has the mark \"%s\" already", describe(entry),
							   mark_text(entry, there))));
}

static void
check_amended(const MarkEntry *entry, Mark there)
{
	if (there != entry->old)
		ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						errmsg("%s: the mark was changed by somebody else at the same time",
							   describe(entry))));
}

/* Puts an entry in its place; false if the line says it already. */
static bool
apply_entry(EntryMode mode, const MarkEntry *entry, OpenSeries *open)
{
	Mark *there = open_session(open, entry->session);

	if (mode == MODE_ENTER)
		check_entered(entry, *there);
	else if (mode == MODE_AMEND)
		check_amended(entry, *there);
	else if (entry->mark == MARK_UNMARKED && *there != MARK_NONE)
		return false; /* a feed that has no mark takes none away */
	if (*there == entry->mark)
		return false;
	*there = entry->mark;
	return true;
}

/* Applies the entries of one pupil; returns the entry after them. */
static int
apply_pupil(Batch *batch, int pupil, int entry)
{
	int64 pupil_id = batch->entries[entry].pupil.id;
	OpenSeries *open = unpack_series((MarkSeries *) DatumGetPointer(batch->series[pupil]));

	for (; entry < batch->count && batch->entries[entry].pupil.id == pupil_id; entry++)
	{
		/* a second row for the same session says the same: see check_twice */
		if (entry > 0 && batch->entries[entry].session == batch->entries[entry - 1].session &&
			batch->entries[entry - 1].pupil.id == pupil_id)
			continue;
		if (apply_entry(batch->mode, &batch->entries[entry], open))
			batch->changed[pupil] = true;
	}
	if (batch->changed[pupil])
		batch->series[pupil] = PointerGetDatum(pack_series(open));
	return entry;
}

/* A trigger of somebody else's may have left a line as it was, and its marks would be lost. */
static void
check_all_written(const Batch *batch)
{
	if (SPI_processed != (uint64) batch->pupils)
		ereport(ERROR, (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
						errmsg("school %d: of %d lines of the register only " UINT64_FORMAT
							   " could be written",
							   batch->school_urn, batch->pupils, (uint64) SPI_processed)));
}

static void
write_lines(Batch *batch)
{
	Oid type = series_type(batch->register_oid);
	Datum values[7] = {Int32GetDatum(batch->school_urn), Int32GetDatum(batch->academic_year)};
	const char *texts[SIGNATURE_COLUMNS] = {batch->signature->entered_by, batch->signature->title,
											batch->signature->reason};
	char nulls[7] = {' ', ' ', ' ', ' ', 'n', 'n', 'n'};
	int changed = 0;

	for (int pupil = 0; pupil < batch->pupils; pupil++)
	{
		if (!batch->changed[pupil])
			continue;
		batch->pupil_ids[changed] = batch->pupil_ids[pupil];
		batch->series[changed++] = batch->series[pupil];
	}
	if (changed == 0)
		return;
	batch->pupils = changed;
	values[2] = PointerGetDatum(pupil_array(batch));
	values[3] =
		PointerGetDatum(construct_array(batch->series, changed, type, -1, false, TYPALIGN_INT));
	for (int i = 0; i < SIGNATURE_COLUMNS; i++)
	{
		if (texts[i] == NULL)
			continue;
		nulls[4 + i] = ' ';
		values[4 + i] = CStringGetTextDatum(texts[i]);
	}
	run_query_with_nulls(batch->register_oid, QUERY_WRITE_LINES, values, nulls);
	check_all_written(batch);
}

/* ---------- the nature of activities ---------- */

static ArrayType *
text_array(Datum *texts, int count)
{
	return construct_array(texts, count, TEXTOID, -1, false, TYPALIGN_INT);
}

/* What the rows say of the nature of an activity is kept beside the line. */
static void
write_natures(const Batch *batch)
{
	Datum *columns[4];
	Datum values[5] = {Int32GetDatum(batch->school_urn)};
	int count = 0;

	for (int i = 0; i < 4; i++)
		columns[i] = palloc(batch->count * sizeof(Datum));
	for (int i = 0; i < batch->count; i++)
	{
		const MarkEntry *entry = &batch->entries[i];
		char day[DAY_LENGTH + 1];

		if (entry->nature == NULL)
			continue;
		format_day(day, session_day(entry->session));
		columns[0][count] = Int64GetDatum(entry->pupil.id);
		columns[1][count] = CStringGetTextDatum(mark_text(entry, entry->mark));
		columns[2][count] =
			CStringGetTextDatum(psprintf("%s %s", day, half_names[session_half(entry->session)]));
		columns[3][count++] = CStringGetTextDatum(entry->nature);
	}
	if (count == 0)
		return;
	values[1] = PointerGetDatum(construct_array(columns[0], count, INT8OID, sizeof(int64),
												FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	for (int i = 1; i < 4; i++)
		values[i + 1] = PointerGetDatum(text_array(columns[i], count));
	run_query(batch->register_oid, QUERY_ADD_NATURES, values);
}

static void
write_batch(Batch *batch)
{
	int entry = 0;

	collect_pupils(batch);
	if (read_lines(batch) < batch->pupils)
		open_lines(batch);
	check_sessions(batch);
	for (int pupil = 0; pupil < batch->pupils; pupil++)
		entry = apply_pupil(batch, pupil, entry);
	write_natures(batch);
	write_lines(batch);
}

/* ---------- the statement ---------- */

static int
batch_end(const MarkBuffer *buffer, int start)
{
	const MarkEntry *first = &buffer->entries[start];
	int end = start + 1;

	while (end < buffer->count && buffer->entries[end].school_urn == first->school_urn &&
		   buffer->entries[end].year == first->year &&
		   buffer->entries[end].signature == first->signature)
		end++;
	return end;
}

/* Writes what has been gathered and empties the buffer. */
void
flush_marks(MarkBuffer *buffer)
{
	MemoryContext batch_context, old;
	int end;

	if (buffer->count == 0)
		return;
	SPI_connect();
	resolve_pupils(buffer);
	qsort(buffer->entries, buffer->count, sizeof(MarkEntry), compare_entries);
	batch_context =
		AllocSetContextCreate(CurrentMemoryContext, "marks of a school", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(batch_context);
	for (int start = 0; start < buffer->count; start = end)
	{
		Batch batch = {.register_oid = buffer->register_oid, .mode = buffer->mode};

		end = batch_end(buffer, start);
		batch.entries = buffer->entries + start;
		batch.count = end - start;
		batch.school_urn = buffer->entries[start].school_urn;
		batch.academic_year = buffer->entries[start].year;
		batch.signature = &buffer->signatures[buffer->entries[start].signature];
		write_batch(&batch);
		MemoryContextReset(batch_context);
	}
	MemoryContextSwitchTo(old);
	SPI_finish();
	buffer->count = 0;
}
