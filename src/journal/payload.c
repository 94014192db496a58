/*
 * payload.c
 *		The packed form of the marks that an entry of the journal holds, see doc/storage.md.
 *
 * A class that is registered is a sheet: the sessions and the pupils once, then the marks, run by
 * run.  Anything else is written line by line: the pupil as a difference from the line before and
 * each change as the difference from the session before, the new mark and, if there was one, the
 * old mark.  A line with many changes is kept as two values of mark_series, new marks and old.
 */
#include "journal/journal.h"

/* ---------- numbers ---------- */

static void
put_number(StringInfo bytes, uint64 number)
{
	while (number >= 128)
	{
		appendStringInfoCharMacro(bytes, (char) (number | 128));
		number >>= 7;
	}
	appendStringInfoCharMacro(bytes, (char) number);
}

/* Small differences either way are small numbers; those that wrap around lead back as well. */
static void
put_difference(StringInfo bytes, int64 to, int64 from)
{
	int64 difference = (int64) ((uint64) to - (uint64) from);

	put_number(bytes, ((uint64) difference << 1) ^ (uint64) (difference >> 63));
}

/* ---------- line by line ---------- */

static void
put_series(StringInfo bytes, const MarkSeries *series)
{
	put_number(bytes, VARSIZE_ANY_EXHDR(series));
	appendBinaryStringInfo(bytes, VARDATA_ANY(series), VARSIZE_ANY_EXHDR(series));
}

static MarkSeries *
series_of_changes(const MarkChange *changes, int count, bool old)
{
	OpenSeries *open = new_open_series();

	for (int i = 0; i < count; i++)
	{
		Mark mark = old ? changes[i].old : changes[i].new;

		if (mark != MARK_NONE)
			put_mark(open, changes[i].session, mark);
	}
	return pack_series(open);
}

/* A line that is new as a whole is kept as it is. */
static void
put_packed(StringInfo bytes, const LineDiff *line)
{
	put_number(bytes, 0);
	if (line->whole != NULL)
		put_series(bytes, line->whole);
	else
		put_series(bytes, series_of_changes(line->changes, line->count, false));
	put_series(bytes,
			   series_of_changes(line->changes, line->whole != NULL ? 0 : line->count, true));
}

static void
put_change(StringInfo bytes, const MarkChange *change, SchoolSession *session)
{
	put_difference(bytes, change->session, *session);
	*session = change->session;
	appendStringInfoCharMacro(bytes, change->new | (change->old != MARK_NONE ? HAS_OLD : 0));
	if (change->old != MARK_NONE)
		appendStringInfoCharMacro(bytes, change->old);
}

static void
put_lines(StringInfo bytes, SchoolSession session, const LineDiff *lines, int count)
{
	int64 pupil_id = 0;

	for (int i = 0; i < count; i++)
	{
		put_difference(bytes, lines[i].pupil_id, pupil_id);
		pupil_id = lines[i].pupil_id;
		if (lines[i].count >= PACKED_FROM)
		{
			put_packed(bytes, &lines[i]);
			continue;
		}
		put_number(bytes, lines[i].count);
		for (int change = 0; change < lines[i].count; change++)
			put_change(bytes, &lines[i].changes[change], &session);
	}
}

/* ---------- a sheet ---------- */

/* Whether all lines have new marks for the same sessions. */
static bool
is_sheet(const LineDiff *lines, int count)
{
	if (lines[0].count >= PACKED_FROM)
		return false;
	for (int i = 0; i < count; i++)
	{
		if (lines[i].count != lines[0].count)
			return false;
		for (int change = 0; change < lines[i].count; change++)
		{
			if (lines[i].changes[change].old != MARK_NONE ||
				lines[i].changes[change].session != lines[0].changes[change].session)
				return false;
		}
	}
	return true;
}

/* The marks of a session, from pupil to pupil: how many have the same, and which it is. */
static void
put_marks(StringInfo bytes, const LineDiff *lines, int count, int change)
{
	for (int start = 0, end; start < count; start = end)
	{
		Mark mark = lines[start].changes[change].new;

		for (end = start + 1; end < count && lines[end].changes[change].new == mark;)
			end++;
		put_number(bytes, end - start);
		appendStringInfoCharMacro(bytes, mark);
	}
}

static void
put_sheet(StringInfo bytes, SchoolSession session, const LineDiff *lines, int count)
{
	int64 pupil_id = 0;

	put_number(bytes, lines[0].count);
	put_number(bytes, count);
	for (int change = 0; change < lines[0].count; change++)
	{
		put_difference(bytes, lines[0].changes[change].session, session);
		session = lines[0].changes[change].session;
	}
	for (int i = 0; i < count; i++)
	{
		put_difference(bytes, lines[i].pupil_id, pupil_id);
		pupil_id = lines[i].pupil_id;
	}
	for (int change = 0; change < lines[0].count; change++)
		put_marks(bytes, lines, count, change);
}

/*
 * The changes of some lines of a school's year: each line has at least one, in the order of
 * sessions.
 */
void
put_payload(StringInfo bytes, int academic_year, const LineDiff *lines, int count)
{
	SchoolSession session = make_session(academic_year_start(academic_year), 0);
	bool sheet = is_sheet(lines, count);

	appendStringInfoCharMacro(bytes, sheet ? PAYLOAD_SHEET : PAYLOAD_LINES);
	put_number(bytes, academic_year);
	if (sheet)
		put_sheet(bytes, session, lines, count);
	else
		put_lines(bytes, session, lines, count);
}
