/*
 * flush.c
 *		Writes the marks that a statement has gathered: school by school, year by year, each line
 *		once.  No line is written before the rows of a school's year have been found to go with each
 *		other and with what is there; what the rules say of them is decided by the lines' own trigger
 *		(register/statement.c), which refuses them as rows of this statement.
 */
#include "register/batch.h"

#include "register/refusal.h"

#include "utils/memutils.h"

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
		result = COMPARE(a->pupil_id, b->pupil_id);
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

/* At odds with another row of the statement for the same session. */
static void
refuse_second(const Batch *batch, MarkEntry *entry, const MarkEntry *other)
{
	Refusal refusal = {.column = "mark", .other_row = other->row};

	if (batch->buffer->state.kind == STATE_ENTER)
	{
		refusal.sqlstate = ERRCODE_UNIQUE_VIOLATION;
		refusal.message = psprintf("%s: the session has a mark already,", describe_mark(entry));
	}
	else
	{
		refusal.sqlstate = ERRCODE_CARDINALITY_VIOLATION;
		refusal.message = psprintf("%s: the mark \"%s\" contradicts \"%s\"", describe_mark(entry),
								   mark_text(entry, entry->mark), mark_text(other, other->mark));
	}
	refuse_entry(batch->buffer, entry, refusal);
}

/*
 * Rows of a statement for one session, from a place up to another: never more than one for a table
 * of marks; in a feed if they agree.  Which of those that do not is right, nobody knows.
 */
static void
check_session(const Batch *batch, int start, int end)
{
	MarkEntry *entries = batch->entries;
	int other = start + 1;

	while (batch->buffer->state.kind != STATE_ENTER && other < end &&
		   entries[other].mark == entries[start].mark)
		other++;
	if (other >= end)
		return;
	refuse_second(batch, &entries[other], &entries[other - 1]);
	for (int i = start; i < end; i++)
	{
		if (i != other)
			refuse_second(batch, &entries[i],
						  &entries[entries[i].mark == entries[other].mark ? start : other]);
	}
}

void
check_twice(const Batch *batch)
{
	const MarkEntry *entries = batch->entries;
	int end;

	for (int start = 0; start < batch->count; start = end)
	{
		for (end = start + 1; end < batch->count; end++)
		{
			if (entries[end].session != entries[start].session ||
				entries[end].pupil_id != entries[start].pupil_id)
				break;
		}
		check_session(batch, start, end);
	}
}

/* ---------- the marks ---------- */

static void
check_entered(const Batch *batch, MarkEntry *entry, Mark there)
{
	if (there != MARK_NONE && there != MARK_UNMARKED)
		refuse_entry(batch->buffer, entry,
					 (Refusal){.sqlstate = ERRCODE_UNIQUE_VIOLATION,
							   .column = "mark",
							   .message = psprintf("%s: the session has the mark \"%s\" already",
												   describe_mark(entry), mark_text(entry, there))});
}

static void
check_amended(const Batch *batch, MarkEntry *entry, Mark there)
{
	if (there != entry->old)
		refuse_entry(batch->buffer, entry,
					 (Refusal){.sqlstate = ERRCODE_T_R_SERIALIZATION_FAILURE,
							   .column = "mark",
							   .message = psprintf(
								   "%s: the mark was changed by somebody else at the same time",
								   describe_mark(entry))});
}

/* Whether an entry changes the mark that is there: a feed that has no mark takes none away. */
bool
changes_mark(const Batch *batch, const MarkEntry *entry, Mark there)
{
	if (batch->buffer->state.kind == STATE_FEED && entry->mark == MARK_UNMARKED &&
		there != MARK_NONE)
		return false;
	return there != entry->mark;
}

/* Puts an entry in its place; false if the line says it already. */
static bool
apply_entry(const Batch *batch, MarkEntry *entry, OpenSeries *open)
{
	Mark *there = open_session(open, entry->session);
	FeedCounts *counts = &batch->buffer->counts;

	if (batch->buffer->state.kind == STATE_ENTER)
		check_entered(batch, entry, *there);
	else if (batch->buffer->state.kind == STATE_AMEND)
		check_amended(batch, entry, *there);
	if (!changes_mark(batch, entry, *there))
		return false;
	if (*there == MARK_NONE || *there == MARK_UNMARKED)
		counts->entered++;
	else
		counts->amended++;
	*there = entry->mark;
	return true;
}

/* Applies the entries of one pupil; returns the entry after them. */
static int
apply_pupil(Batch *batch, int pupil, int entry)
{
	int64 pupil_id = batch->entries[entry].pupil_id;
	OpenSeries *open = unpack_series((MarkSeries *) DatumGetPointer(batch->series[pupil]));

	for (; entry < batch->count && batch->entries[entry].pupil_id == pupil_id; entry++)
	{
		/* a second row for the same session says the same: see check_twice */
		if (entry > 0 && batch->entries[entry].session == batch->entries[entry - 1].session &&
			batch->entries[entry - 1].pupil_id == pupil_id)
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

/* Where nothing is written; returns how many are left, in the same order. */
int
drop_refused(MarkEntry *entries, int count)
{
	int kept = 0;

	for (int i = 0; i < count; i++)
	{
		if (!entries[i].refused)
			entries[kept++] = entries[i];
	}
	return kept;
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

static void
flush_groups(MarkBuffer *buffer)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "marks of a school", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	int end;

	qsort(buffer->entries, buffer->count, sizeof(MarkEntry), compare_entries);
	for (int start = 0; start < buffer->count; start = end)
	{
		Batch group = {.buffer = buffer, .register_oid = buffer->state.register_oid};

		end = group_end(buffer, start);
		group.entries = buffer->entries + start;
		group.count = end - start;
		group.school_urn = buffer->entries[start].school_urn;
		group.academic_year = buffer->entries[start].year;
		check_twice(&group);
		/* before any line, of which this group may have to open some when others are locked */
		if (buffer->refused == NULL && group.count < buffer->count)
			lock_to_open(group.register_oid, group.school_urn);
		if (buffer->refused == NULL)
			write_group(&group, buffer->signatures);
		else
			buffer->ask(&group);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

/* Writes what has been gathered, or tells what of it would be refused; and empties the buffer. */
void
flush_marks(MarkBuffer *buffer)
{
	if (buffer->count == 0)
		return;
	SPI_connect();
	resolve_pupils(buffer);
	if (buffer->refused == NULL)
		lock_for_entry(buffer->state.register_oid, has_natures(buffer));
	else
		buffer->count = drop_refused(buffer->entries, buffer->count);
	flush_groups(buffer);
	SPI_finish();
	buffer->count = 0;
}
