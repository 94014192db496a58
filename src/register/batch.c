/*
 * batch.c
 *		The lines of a school's year that a statement on a view enters marks in: locked, opened where
 *		they are missing, and written; and what the rows say of the nature of activities.
 */
#include "register/batch.h"

#include "register/refusal.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* ---------- the lines ---------- */

ArrayType *
pupil_array(const Batch *batch)
{
	return construct_array(batch->pupil_ids, batch->pupils, INT8OID, sizeof(int64), FLOAT8PASSBYVAL,
						   TYPALIGN_DOUBLE);
}

void
collect_pupils(Batch *batch)
{
	batch->pupil_ids = palloc(batch->count * sizeof(Datum));
	batch->pupils = 0;
	for (int i = 0; i < batch->count; i++)
	{
		if (i == 0 || batch->entries[i].pupil_id != batch->entries[i - 1].pupil_id)
			batch->pupil_ids[batch->pupils++] = Int64GetDatum(batch->entries[i].pupil_id);
	}
	batch->series = palloc0(batch->pupils * sizeof(Datum));
	batch->changed = palloc0(batch->pupils * sizeof(bool));
}

/* The line of a pupil, or NULL if none of the entries is the pupil's. */
Datum *
find_line(const Batch *batch, int64 pupil_id)
{
	int low = 0, high = batch->pupils;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (DatumGetInt64(batch->pupil_ids[middle]) < pupil_id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == batch->pupils || DatumGetInt64(batch->pupil_ids[low]) != pupil_id)
		return NULL;
	return &batch->series[low];
}

/* Of the query that has been run: pupils and their lines, as they are. */
void
keep_lines(Batch *batch)
{
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		int64 pupil_id = DatumGetInt64(result_value(row, 1, &isnull));
		Datum *line = find_line(batch, pupil_id);

		if (line == NULL) /* its key was changed while the query waited for it */
			ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
							errmsg("school %d: the line of pupil " INT64_FORMAT
								   " was changed at the same time",
								   batch->school_urn, pupil_id)));
		*line = PointerGetDatum(PG_DETOAST_DATUM_COPY(result_value(row, 2, &isnull)));
	}
}

/* Locks and reads the lines, if all are there or some may be missing; returns how many there are. */
static int
read_lines(Batch *batch, bool some_missing)
{
	Datum values[4] = {Int32GetDatum(batch->school_urn), Int32GetDatum(batch->academic_year),
					   PointerGetDatum(pupil_array(batch)), BoolGetDatum(some_missing)};
	int found;

	run_query(batch->register_oid, QUERY_LOCK_LINES, values);
	found = (int) SPI_processed;
	keep_lines(batch);
	SPI_freetuptable(SPI_tuptable);
	return found;
}

static bool
some_are_missing(const Batch *batch)
{
	Datum values[3] = {Int32GetDatum(batch->school_urn), Int32GetDatum(batch->academic_year),
					   PointerGetDatum(pupil_array(batch))};
	int64 count;
	bool isnull;

	run_query(batch->register_oid, QUERY_COUNT_LINES, values);
	count = DatumGetInt64(result_value(0, 1, &isnull));
	SPI_freetuptable(SPI_tuptable);
	return count < batch->pupils;
}

static char *
year_text(const Batch *batch)
{
	return psprintf("%d/%02d", batch->academic_year, (batch->academic_year + 1) % 100);
}

void
check_year_exists(Batch *batch)
{
	Datum values[2] = {Int32GetDatum(batch->academic_year),
					   ObjectIdGetDatum(get_relname_relid("register_line", batch->register_oid))};
	bool exists;

	run_query_seeing(batch->register_oid, QUERY_YEAR_EXISTS, buffer_sight(batch->buffer), values);
	exists = SPI_processed > 0;
	SPI_freetuptable(SPI_tuptable);
	for (int i = 0; i < batch->count && !exists; i++)
		refuse_entry(
			batch->buffer, &batch->entries[i],
			(Refusal){.sqlstate = ERRCODE_CHECK_VIOLATION,
					  .column = "day",
					  .message = psprintf(
						  "%s: the register has no academic year %s; add_academic_year() adds it",
						  describe_mark(&batch->entries[i]), year_text(batch))});
}

/* Makes the lines that are missing, in one order with the locks on those that are there. */
static void
open_lines(Batch *batch)
{
	Datum values[3] = {Int32GetDatum(batch->school_urn), Int32GetDatum(batch->academic_year),
					   PointerGetDatum(pupil_array(batch))};

	check_year_exists(batch);
	run_query(batch->register_oid, QUERY_OPEN_LINES, values);
}

/* A pupil without an enrolment has got no line. */
void
check_all_there(Batch *batch)
{
	int pupil = -1;

	for (int i = 0; i < batch->count; i++)
	{
		MarkEntry *entry = &batch->entries[i];

		if (i == 0 || entry->pupil_id != entry[-1].pupil_id)
			pupil++;
		if (DatumGetPointer(batch->series[pupil]) == NULL)
			refuse_entry(
				batch->buffer, entry,
				(Refusal){.sqlstate = ERRCODE_FOREIGN_KEY_VIOLATION,
						  .column = pupil_column(entry),
						  .message = psprintf("%s: the pupil has no enrolment at the school in %s",
											  describe_mark(entry), year_text(batch))});
	}
}

/* Collects the pupils and locks their lines, each once. */
void
take_lines(Batch *batch)
{
	int found;

	collect_pupils(batch);
	found = read_lines(batch, false);
	if (found == 0)
	{
		/* if none is missing, somebody else has opened them since, or they may not be changed */
		if (some_are_missing(batch))
			open_lines(batch);
		found = read_lines(batch, true);
	}
	if (found < batch->pupils)
		check_all_there(batch);
}

/* ---------- writing ---------- */

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

void
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
	batch->buffer->writing = batch;
	run_query_with_nulls(batch->register_oid, QUERY_WRITE_LINES, values, nulls);
	batch->buffer->writing = NULL;
	check_all_written(batch);
}

/* ---------- the nature of activities ---------- */

/* What the rows say of them: pupil, mark, session and nature, as arrays of a query. */
#define NATURE_COLUMNS 4

typedef struct Natures
{
	int count;
	Datum *columns[NATURE_COLUMNS];
} Natures;

static void
collect_natures(const Batch *batch, Natures *natures)
{
	natures->count = 0;
	for (int i = 0; i < NATURE_COLUMNS; i++)
		natures->columns[i] = palloc(batch->count * sizeof(Datum));
	for (int i = 0; i < batch->count; i++)
	{
		const MarkEntry *entry = &batch->entries[i];
		char day[DAY_LENGTH + 1];
		int place = natures->count;

		if (entry->nature == NULL)
			continue;
		format_day(day, session_day(entry->session));
		natures->columns[0][place] = Int64GetDatum(entry->pupil_id);
		natures->columns[1][place] = CStringGetTextDatum(mark_text(entry, entry->mark));
		natures->columns[2][place] =
			CStringGetTextDatum(psprintf("%s %s", day, half_names[session_half(entry->session)]));
		natures->columns[3][place] = CStringGetTextDatum(entry->nature);
		natures->count++;
	}
}

static void
put_natures(const Batch *batch, const Natures *natures, Datum *values)
{
	values[0] = Int32GetDatum(batch->school_urn);
	values[1] = PointerGetDatum(construct_array(natures->columns[0], natures->count, INT8OID,
												sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	for (int i = 1; i < NATURE_COLUMNS; i++)
		values[i + 1] = PointerGetDatum(
			construct_array(natures->columns[i], natures->count, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * Leaves out what the register has already, so that a load that repeats itself adds nothing.  Whoever
 * may give natures need not be allowed to read them.
 */
static void
leave_out_known(const Batch *batch, Natures *natures)
{
	Datum values[1 + NATURE_COLUMNS];
	OwnerScope scope;
	int kept;

	put_natures(batch, natures, values);
	begin_as_owner(&scope, batch->register_oid);
	run_query(batch->register_oid, QUERY_NEW_NATURES, values);
	kept = (int) SPI_processed;
	for (int row = 0; row < kept; row++)
	{
		bool isnull;
		int place = (int) DatumGetInt64(result_value(row, 1, &isnull)) - 1;

		for (int i = 0; i < NATURE_COLUMNS; i++)
			natures->columns[i][row] = natures->columns[i][place];
	}
	SPI_freetuptable(SPI_tuptable);
	end_as_owner(&scope);
	natures->count = kept;
}

/* What the rows say of the nature of an activity is kept beside the line. */
void
write_natures(const Batch *batch)
{
	Datum values[1 + NATURE_COLUMNS];
	Natures natures;

	collect_natures(batch, &natures);
	if (natures.count > 0)
		leave_out_known(batch, &natures);
	if (natures.count == 0)
		return;
	put_natures(batch, &natures, values);
	run_query(batch->register_oid, QUERY_ADD_NATURES, values);
}
