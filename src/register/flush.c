/*
 * flush.c
 *		Writes the marks that a statement has gathered: school by school, year by year, each line
 *		once.  Nothing is written before every row of a school's year has been found right, and
 *		every error names the row, the school, the pupil and the session.
 */
#include "register/batch.h"

#include "utils/memutils.h"

#include "rules/rules.h"

/* ---------- order ---------- */

/* By school, year, pupil, session and row: that in which lines are locked. */
static int
compare_entries(const void *left, const void *right)
{
	const MarkEntry *a = left;
	const MarkEntry *b = right;
	int result = COMPARE(a->school_urn, b->school_urn);

	if (result == 0)
		result = COMPARE(a->year, b->year);
	if (result == 0)
		result = COMPARE(a->pupil.id, b->pupil.id);
	if (result == 0)
		result = COMPARE(a->session, b->session);
	return result != 0 ? result : COMPARE(a->row, b->row);
}

/* By signature, then as before. */
static int
compare_signatures(const void *left, const void *right)
{
	const MarkEntry *a = left;
	const MarkEntry *b = right;
	int result = COMPARE(a->signature, b->signature);

	return result != 0 ? result : compare_entries(left, right);
}

/* Two rows of a statement for one session: never for a table of marks; in a feed if they agree. */
static void
check_pair(const Batch *batch, const MarkEntry *first, const MarkEntry *second)
{
	if (first->session != second->session || first->pupil.id != second->pupil.id)
		return;
	if (batch->mode == STATE_ENTER)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg("%s: the session has a mark already, in row %u",
							   describe_entry(second), first->row)));
	if (first->mark != second->mark)
		ereport(ERROR, (errcode(ERRCODE_CARDINALITY_VIOLATION),
						errmsg("%s: the mark \"%s\" contradicts \"%s\" in row %u",
							   describe_entry(second), entry_mark(second, second->mark),
							   entry_mark(first, first->mark), first->row)));
}

static void
check_twice(const Batch *batch)
{
	for (int i = 1; i < batch->count; i++)
		check_pair(batch, &batch->entries[i - 1], &batch->entries[i]);
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
	load_calendar(&calendar, batch->register_oid, batch->school_urn, SIGHT_ENTRY, from, until);
	for (int i = 0; i < batch->count; i++)
	{
		const MarkEntry *entry = &batch->entries[i];

		if (!calendar_allows(&calendar, entry->session, entry->mark))
			ereport(
				ERROR,
				(errcode_for_rule(RULE_OUTSIDE_CALENDAR),
				 errmsg(
					 "%s: the calendar of the school (school_day, build_calendar) has no such session, the mark \"%s\" cannot be entered",
					 describe_entry(entry), entry_mark(entry, entry->mark))));
	}
}

static void
check_entered(const MarkEntry *entry, Mark there)
{
	if (there != MARK_NONE && there != MARK_UNMARKED)
		ereport(ERROR, (errcode(ERRCODE_UNIQUE_VIOLATION),
						errmsg("%s: the session has the mark \"%s\" already", describe_entry(entry),
							   entry_mark(entry, there))));
}

static void
check_amended(const MarkEntry *entry, Mark there)
{
	if (there != entry->old)
		ereport(ERROR, (errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
						errmsg("%s: the mark was changed by somebody else at the same time",
							   describe_entry(entry))));
}

/* Puts an entry in its place; false if the line says it already. */
static bool
apply_entry(const Batch *batch, const MarkEntry *entry, OpenSeries *open)
{
	Mark *there = open_session(open, entry->session);

	if (batch->mode == STATE_ENTER)
		check_entered(entry, *there);
	else if (batch->mode == STATE_AMEND)
		check_amended(entry, *there);
	else if (entry->mark == MARK_UNMARKED && *there != MARK_NONE)
		return false; /* a feed that has no mark takes none away */
	if (*there == entry->mark)
		return false;
	if (*there == MARK_NONE || *there == MARK_UNMARKED)
		batch->counts->entered++;
	else
		batch->counts->amended++;
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
		if (apply_entry(batch, &batch->entries[entry], open))
			batch->changed[pupil] = true;
	}
	if (batch->changed[pupil])
		batch->series[pupil] = PointerGetDatum(pack_series(open));
	return entry;
}

static void
write_batch(Batch *batch)
{
	int entry = 0;

	take_lines(batch);
	check_sessions(batch);
	for (int pupil = 0; pupil < batch->pupils; pupil++)
		entry = apply_pupil(batch, pupil, entry);
	write_natures(batch);
	write_lines(batch);
}

/* ---------- the statement ---------- */

/* The entries of one signature from some place on. */
static int
signature_end(const Batch *group, int start)
{
	int end = start + 1;

	while (end < group->count && group->entries[end].signature == group->entries[start].signature)
		end++;
	return end;
}

/* The marks of a school's year; who signed them does not decide in which order lines are locked. */
static void
write_group(Batch *group, const Signature *signatures)
{
	int end;

	check_twice(group);
	qsort(group->entries, group->count, sizeof(MarkEntry), compare_signatures);
	if (signature_end(group, 0) < group->count)
	{
		qsort(group->entries, group->count, sizeof(MarkEntry), compare_entries);
		take_lines(group);
		qsort(group->entries, group->count, sizeof(MarkEntry), compare_signatures);
	}
	for (int start = 0; start < group->count; start = end)
	{
		Batch batch = *group;

		end = signature_end(group, start);
		batch.entries = group->entries + start;
		batch.count = end - start;
		batch.signature = &signatures[group->entries[start].signature];
		write_batch(&batch);
	}
}

static int
group_end(const MarkBuffer *buffer, int start)
{
	const MarkEntry *first = &buffer->entries[start];
	int end = start + 1;

	while (end < buffer->count && buffer->entries[end].school_urn == first->school_urn &&
		   buffer->entries[end].year == first->year)
		end++;
	return end;
}

static bool
has_natures(const MarkBuffer *buffer)
{
	for (int i = 0; i < buffer->count; i++)
	{
		if (buffer->entries[i].nature != NULL)
			return true;
	}
	return false;
}

/* Writes what has been gathered and empties the buffer. */
void
flush_marks(MarkBuffer *buffer)
{
	MemoryContext group_context, old;
	int end;

	if (buffer->count == 0)
		return;
	SPI_connect();
	resolve_pupils(buffer);
	lock_for_entry(buffer->state.register_oid, has_natures(buffer));
	qsort(buffer->entries, buffer->count, sizeof(MarkEntry), compare_entries);
	group_context =
		AllocSetContextCreate(CurrentMemoryContext, "marks of a school", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(group_context);
	for (int start = 0; start < buffer->count; start = end)
	{
		Batch group = {.register_oid = buffer->state.register_oid,
					   .mode = buffer->state.kind,
					   .counts = &buffer->counts};

		end = group_end(buffer, start);
		group.entries = buffer->entries + start;
		group.count = end - start;
		group.school_urn = buffer->entries[start].school_urn;
		group.academic_year = buffer->entries[start].year;
		write_group(&group, buffer->signatures);
		MemoryContextReset(group_context);
	}
	MemoryContextSwitchTo(old);
	SPI_finish();
	buffer->count = 0;
}
