/*
 * series.c
 *		The stored form of mark_series (see series/series.h): read, laid open for change, and packed.
 */
#include "series/series.h"

#include "utils/datetime.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

void
open_series(SeriesReader *reader, const MarkSeries *series)
{
	RunBytes runs = open_runs(&reader->header, series);

	reader->next = runs.next;
	reader->end = runs.end;
	reader->position = 0;
	reader->length = 0;
	reader->mark = MARK_NONE;
	reader->sessions = 0;
	reader->first = 0;
	reader->after = SERIES_MAX_POSITIONS;
}

/* ---------- positions and sessions ---------- */

SchoolSession
position_session(const SeriesHeader *header, int position)
{
	int per_week = sessions_per_week(header);
	int week = header->week + position / per_week;
	int in_week = position % per_week;

	return make_session(FIRST_DAY + week * DAYS_PER_WEEK + in_week / 2, in_week % 2);
}

/*
 * The position of a session, or of the next one that the series' week holds; it may lie before
 * the first or after the last.
 */
int
session_position(const SeriesHeader *header, SchoolSession session)
{
	DateADT day = session_day(session);
	int per_week = sessions_per_week(header);
	int in_week = WEEKDAY_OF(day) * 2 + session_half(session);

	return (WEEK_OF(day) - header->week) * per_week + Min(in_week, per_week);
}

/* Opens a series for the days from one up to, not including, another. */
void
open_series_between(SeriesReader *reader, const MarkSeries *series, DateADT from, DateADT until)
{
	open_series(reader, series);
	reader->first = Max(session_position(&reader->header, make_session(from, 0)), 0);
	reader->after = session_position(&reader->header, make_session(until, 0));
}

/* Whether a series has no session but those of the days from one up to, not including, another. */
bool
lies_between(const MarkSeries *series, DateADT from, DateADT until)
{
	SeriesHeader header;
	uint32 cells[CELLS];

	count_runs(&header, series, cells);
	return session_position(&header, make_session(from, 0)) <= 0 &&
		   session_position(&header, make_session(until, 0)) >= all_sessions(cells);
}

static void
read_range(TypeCacheEntry *typcache, const RangeType *range, DateADT *from, DateADT *until)
{
	RangeBound lower, upper;
	bool empty;

	range_deserialize(typcache, range, &lower, &upper, &empty);
	*from = *until = FIRST_DAY;
	if (empty)
		return;
	if (!lower.infinite)
		*from = Min(Max(DatumGetDateADT(lower.val), FIRST_DAY), LAST_DAY + 1);
	*until = LAST_DAY + 1;
	if (!upper.infinite)
		*until = Max(Min(DatumGetDateADT(upper.val), LAST_DAY + 1), *from);
}

/* The days of a daterange argument that a register can have, as [from, until). */
void
get_days(FunctionCallInfo fcinfo, int argument, DateADT *from, DateADT *until)
{
	RangeType *range = PG_GETARG_RANGE_P(argument);

	read_range(range_get_typcache(fcinfo, RangeTypeGetOid(range)), range, from, until);
}

/* The same of a daterange that is no argument. */
void
get_range_days(const RangeType *range, DateADT *from, DateADT *until)
{
	read_range(lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO), range, from, until);
}

/* ---------- a series laid open for change, a place for each session ---------- */

OpenSeries *
new_open_series(void)
{
	return palloc0(sizeof(OpenSeries));
}

static void
check_weeks(int weeks)
{
	if (weeks > SERIES_MAX_WEEKS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("a mark_series holds at most %d weeks from its first mark to its last",
						SERIES_MAX_WEEKS)));
}

/* Makes room for a week, before the first or after the last. */
static void
include_week(OpenSeries *open, int week)
{
	int first = open->weeks > 0 ? Min(week, open->first_week) : week;
	int after = open->weeks > 0 ? Max(week + 1, open->first_week + open->weeks) : week + 1;
	int weeks = after - first;
	int shift = open->weeks > 0 ? open->first_week - first : 0;

	check_weeks(weeks);
	if (weeks > open->capacity)
	{
		open->capacity = Min(Max(weeks, open->capacity * 2), SERIES_MAX_WEEKS);
		if (open->marks == NULL)
			open->marks = palloc(open->capacity * SESSIONS_PER_WEEK);
		else
			open->marks = repalloc(open->marks, open->capacity * SESSIONS_PER_WEEK);
	}
	memmove(open->marks + shift * SESSIONS_PER_WEEK, open->marks, open->weeks * SESSIONS_PER_WEEK);
	memset(open->marks, MARK_NONE, shift * SESSIONS_PER_WEEK);
	memset(open->marks + (shift + open->weeks) * SESSIONS_PER_WEEK, MARK_NONE,
		   (weeks - shift - open->weeks) * SESSIONS_PER_WEEK);
	open->first_week = first;
	open->weeks = weeks;
}

static inline Mark *
open_slot(OpenSeries *open, int week, int in_week)
{
	if (week < open->first_week || week >= open->first_week + open->weeks)
		include_week(open, week);
	return open->marks + (week - open->first_week) * SESSIONS_PER_WEEK + in_week;
}

/* Where the mark of a session stands. */
Mark *
open_session(OpenSeries *open, SchoolSession session)
{
	DateADT day = session_day(session);

	return open_slot(open, WEEK_OF(day), WEEKDAY_OF(day) * 2 + session_half(session));
}

/* Takes a mark away; where the series does not reach there is none. */
void
take_mark(OpenSeries *open, SchoolSession session)
{
	int week = WEEK_OF(session_day(session));

	if (week >= open->first_week && week < open->first_week + open->weeks)
		*open_session(open, session) = MARK_NONE;
}

/* Present is one symbol inside a series, so that a day of presence is one run. */
void
put_mark(OpenSeries *open, SchoolSession session, Mark mark)
{
	*open_session(open, session) = any_half(mark);
}

static void
conflict(SchoolSession session, Mark mine, Mark other)
{
	char day[DAY_LENGTH + 1];
	int half = session_half(session);

	format_day(day, session_day(session));
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("two different marks for %s %s: \"%s\" and \"%s\"", day,
						   half_names[half], mark_codes[mark_in_half(mine, half)].code,
						   mark_codes[mark_in_half(other, half)].code)));
}

/* Lays a run over the marks which are there: only equal ones may meet. */
static void
merge_run(OpenSeries *open, const SeriesReader *run)
{
	int per_week = sessions_per_week(&run->header);
	int start = run->position - run->length;
	int week = run->header.week + start / per_week;
	int in_week = start % per_week;

	for (int i = 0; i < run->length; i++, in_week++)
	{
		Mark *mark;

		if (in_week == per_week)
		{
			in_week = 0;
			week++;
		}
		mark = open_slot(open, week, in_week);
		if (*mark != MARK_NONE && *mark != run->mark)
			conflict(position_session(&run->header, start + i), *mark, run->mark);
		*mark = run->mark;
	}
}

/* Adds one mark to those which are there, likewise. */
void
merge_mark(OpenSeries *open, SchoolSession session, Mark mark)
{
	Mark *there = open_session(open, session);
	Mark mine = any_half(mark);

	if (*there != MARK_NONE && *there != mine)
		conflict(session, *there, mine);
	*there = mine;
}

/* Adds the marks of another series; a session which has a mark in both must have the same. */
void
merge_series(OpenSeries *open, const MarkSeries *other)
{
	SeriesReader reader;

	open_series(&reader, other);
	while (next_run(&reader))
	{
		if (reader.mark != MARK_NONE)
			merge_run(open, &reader);
	}
}

/* The weeks that a reader is going to see. */
static int
count_weeks(SeriesReader reader)
{
	int per_week = sessions_per_week(&reader.header);
	int first = reader.position / per_week;

	while (next_run(&reader))
		;
	return (reader.position + per_week - 1) / per_week - first;
}

/*
 * What is left of a series, if not all has been read.  Every line that a statement changes is
 * unpacked, so this does not look for marks that are there already, nor where a week is: one step
 * follows the other.
 */
static OpenSeries *
unpack_rest(SeriesReader reader)
{
	OpenSeries *open = new_open_series();
	int per_week = sessions_per_week(&reader.header);
	int week = reader.header.week + reader.position / per_week;
	int in_week = reader.position % per_week;
	int weeks = count_weeks(reader);
	Mark *next;

	if (weeks == 0)
		return open;
	include_week(open, week);
	include_week(open, week + weeks - 1);
	next = open->marks + in_week;
	while (next_run(&reader))
	{
		for (int i = 0; i < reader.length; i++)
		{
			if (in_week == per_week)
			{
				next += SESSIONS_PER_WEEK - per_week;
				in_week = 0;
			}
			*next++ = reader.mark;
			in_week++;
		}
	}
	return open;
}

OpenSeries *
unpack_series(const MarkSeries *series)
{
	SeriesReader reader;

	open_series(&reader, series);
	return unpack_rest(reader);
}

/*
 * Two series from the first run in which they differ: most changes of a line are at its end, and
 * what is before them need not be looked at mark by mark.
 */
void
unpack_differences(const MarkSeries *a, const MarkSeries *b, OpenSeries **open_a,
				   OpenSeries **open_b)
{
	SeriesReader first, second;

	open_series(&first, a);
	open_series(&second, b);
	if (first.header.week == second.header.week &&
		first.header.days_per_week == second.header.days_per_week)
	{
		while (first.next < first.end && second.next < second.end && *first.next == *second.next &&
			   next_run(&first))
			second.next++;
		second.position = first.position;
		second.mark = first.mark;
	}
	*open_a = unpack_rest(first);
	*open_b = unpack_rest(second);
}

/* The marks of a week; where the series does not reach there are none. */
const Mark *
marks_of_week(const OpenSeries *open, int week)
{
	static const Mark none[SESSIONS_PER_WEEK] = {MARK_NONE};

	week -= open->first_week;
	return week < 0 || week >= open->weeks ? none : open->marks + week * SESSIONS_PER_WEEK;
}

void
free_series(OpenSeries *open)
{
	if (open->marks != NULL)
		pfree(open->marks);
	pfree(open);
}

/* The session of a place in the array. */
SchoolSession
slot_session(const OpenSeries *open, int slot)
{
	return make_session(FIRST_DAY + open->first_week * DAYS_PER_WEEK + slot / 2, slot % 2);
}

/* The mark of a session, MARK_NONE if there is none; present as MARK_PRESENT_AM. */
Mark
mark_of_session(const OpenSeries *open, SchoolSession session)
{
	int64 slot = (int64) session - make_session(FIRST_DAY + open->first_week * DAYS_PER_WEEK, 0);

	return slot < 0 || slot >= open->weeks * SESSIONS_PER_WEEK ? MARK_NONE : open->marks[slot];
}

/* ---------- packing ---------- */

/* Begins a series with nothing in it; there is room for so many bytes of runs. */
void
start_series(SeriesWriter *writer, int week, int days_per_week, int room)
{
	writer->series = palloc(VARHDRSZ + SERIES_HEADER + room);
	writer->next = (uint8 *) VARDATA(writer->series) + SERIES_HEADER;
	writer->week = week;
	writer->days_per_week = days_per_week;
	writer->is_empty = true;
	writer->mark = MARK_NONE;
	writer->length = 0;
}

/* The shortest form of a run, and the only one: as much as fits, then the rest. */
void
finish_run(SeriesWriter *writer)
{
	bool present = writer->mark == MARK_PRESENT_AM;
	int first = Min(writer->length, present ? RUN_MAX : 2);

	if (writer->length == 0)
		return;
	if (present)
		*writer->next++ = RUN_PRESENT << 6 | (first - 1);
	else
		*writer->next++ = (first == 1 ? RUN_ONE : RUN_TWO) << 6 | writer->mark;
	for (int rest = writer->length - first; rest > 0; rest -= RUN_MAX)
		*writer->next++ = RUN_MORE << 6 | (Min(rest, RUN_MAX) - 1);
	writer->length = 0;
}

/*
 * Equal series are equal bytes, whatever they were made from: the first week is that of the
 * first mark, nothing stands after the last mark, and every run is as long as it can be.  Whoever
 * starts a series says how many days its weeks need.
 */
MarkSeries *
finish_series(SeriesWriter *writer)
{
	uint8 *bytes = (uint8 *) VARDATA(writer->series);

	if (writer->mark != MARK_NONE)
		finish_run(writer);
	if (writer->is_empty)
	{
		writer->week = 0;
		writer->days_per_week = FIRST_WORKING_DAYS;
	}
	bytes[0] = SERIES_VERSION << 4 | writer->days_per_week;
	bytes[1] = writer->week >> 8;
	bytes[2] = writer->week & 255;
	SET_VARSIZE(writer->series, (char *) writer->next - (char *) writer->series);
	return writer->series;
}

/* The least of 5, 6 and 7 days that holds all marks of every week. */
static int
needed_days_per_week(const OpenSeries *open)
{
	int days = FIRST_WORKING_DAYS;

	for (int week = 0; week < open->weeks; week++)
	{
		const Mark *marks = open->marks + week * SESSIONS_PER_WEEK;

		for (int i = days * 2; i < SESSIONS_PER_WEEK; i++)
		{
			if (marks[i] != MARK_NONE)
				days = i / 2 + 1;
		}
	}
	return days;
}

MarkSeries *
pack_series(const OpenSeries *open)
{
	int days = needed_days_per_week(open);
	SeriesWriter writer;

	start_series(&writer, open->first_week, days, open->weeks * SESSIONS_PER_WEEK);
	for (int week = 0; week < open->weeks; week++)
	{
		const Mark *marks = open->marks + week * SESSIONS_PER_WEEK;

		for (int i = 0; i < days * 2; i++)
			write_run(&writer, marks[i], 1);
	}
	return finish_series(&writer);
}
