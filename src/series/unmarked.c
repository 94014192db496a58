/*
 * unmarked.c
 *		The sessions in which a mark is missing: those that a calendar holds and a line has not.
 *
 * A calendar is a series too, with a mark in each session that a school holds.  Most lines want
 * nothing, which their gaps tell; most of the others only their last sessions, so both are read
 * run by run, and a line is laid open only where their weeks are of different lengths.
 */
#include "series/series.h"

#include "utils/date.h"

#define RUNS_END INT_MAX

/* A series of two that are read side by side, in positions from a week that they share. */
typedef struct Track
{
	SeriesReader reader;
	int shift;
	int end; /* of the run that was read last */
	Mark mark;
} Track;

/* What is due: the sessions of a calendar in some days. */
typedef struct DueDays
{
	const MarkSeries *calendar;
	DateADT from;
	DateADT until;
} DueDays;

/* ---------- run by run ---------- */

static void
start_track(Track *track, int first_week)
{
	track->shift =
		(track->reader.header.week - first_week) * sessions_per_week(&track->reader.header);
	track->end = track->shift;
	track->mark = MARK_NONE;
}

static void
reach_position(Track *track, int position)
{
	while (track->end <= position)
	{
		if (next_run(&track->reader))
		{
			track->end = track->shift + track->reader.position;
			track->mark = track->reader.mark;
		}
		else
		{
			track->end = RUNS_END;
			track->mark = MARK_NONE;
		}
	}
}

static inline int
last_position(const Track *track)
{
	return track->shift + track->reader.position;
}

static inline bool
is_over(const Track *track)
{
	return track->end == RUNS_END;
}

/* The week from which both are counted; -1 if they are not to be read side by side. */
static int
shared_week(Track *line, Track *due)
{
	SeriesHeader *header = &line->reader.header;
	int first;

	/* what is empty is of any week */
	if (line->reader.next == line->reader.end)
		*header = due->reader.header;
	else if (due->reader.next == due->reader.end)
		due->reader.header = *header;
	/* taking a mark from a Saturday may shorten the weeks */
	if (header->days_per_week != FIRST_WORKING_DAYS ||
		due->reader.header.days_per_week != FIRST_WORKING_DAYS)
		return -1;
	first = Min(header->week, due->reader.header.week);
	if (Max(header->week, due->reader.header.week) - first > SERIES_MAX_WEEKS)
		return -1;
	return first;
}

/* Writes the marks of a line with what is missing; false if that changes nothing. */
static bool
write_tracks(SeriesWriter *writer, Track *line, Track *due)
{
	int first = due->shift + due->reader.first;
	int after = due->shift + due->reader.after;
	bool changed = false;

	for (int position = 0, end;; position = end)
	{
		Mark mark;
		bool is_due;

		reach_position(line, position);
		reach_position(due, position);
		if (is_over(line) && is_over(due))
			return changed;
		end = Min(line->end, due->end);
		if (position < first)
			end = Min(end, first);
		else if (position < after)
			end = Min(end, after);
		is_due = due->mark != MARK_NONE && position >= first && position < after;
		mark = line->mark > MARK_UNMARKED ? line->mark : is_due ? MARK_UNMARKED : MARK_NONE;
		changed |= mark != line->mark;
		write_run(writer, mark, end - position);
	}
}

/* Runs cut each other in two, and what lies between the two series is a run as well. */
static int
room_for_runs(const MarkSeries *series, const MarkSeries *calendar)
{
	return 2 * (VARSIZE_ANY_EXHDR(series) + VARSIZE_ANY_EXHDR(calendar)) +
		   2 * SERIES_MAX_POSITIONS / RUN_MAX;
}

/* ---------- gaps ---------- */

/* Positions from one up to, not including, another. */
typedef struct Gap
{
	int from;
	int until;
} Gap;

/* The gaps of a series, in turn, between which it has marks. */
typedef struct GapList
{
	int length;
	Gap gap[SERIES_MAX_POSITIONS / 2 + 2];
} GapList;

/* Each is noted at every run, and is in the list if a mark ends it. */
static void
find_gaps(const Track *track, GapList *list)
{
	const uint8 *end = track->reader.end;
	uint32 mark = MARK_NONE;
	int position = track->shift, marked_until = 0, length = 0;

	for (const uint8 *next = track->reader.next; next < end; next++)
	{
		int start = position;
		bool is_marked;

		mark = next_mark(mark, *next);
		is_marked = mark != MARK_NONE;
		position += run_sessions[*next];
		list->gap[length] = (Gap){marked_until, start};
		length += is_marked & (start > marked_until);
		marked_until = is_marked ? position : marked_until;
	}
	list->gap[length] = (Gap){marked_until, RUNS_END};
	list->length = length + 1;
}

/* Whether a line says of a session that its mark is missing: every run of it begins with one of these bytes. */
static bool
has_unmarked(const Track *line)
{
	size_t length = line->reader.end - line->reader.next;

	return memchr(line->reader.next, RUN_ONE << 6 | MARK_UNMARKED, length) != NULL ||
		   memchr(line->reader.next, RUN_TWO << 6 | MARK_UNMARKED, length) != NULL;
}

/* Whether a line has a mark in each session that is due, and says of none that it is missing. */
static bool
is_complete(const Track *line, const Track *due)
{
	GapList blank, closed;
	int first = due->shift + due->reader.first;
	int after = due->shift + due->reader.after;

	if (has_unmarked(line))
		return false;
	find_gaps(line, &blank);
	find_gaps(due, &closed);
	for (int i = 0, j = 0; i < blank.length; i++)
	{
		int from = Max(blank.gap[i].from, first);
		int until = Min(blank.gap[i].until, after);

		while (closed.gap[j].until < until)
			j++;
		if (from < until && closed.gap[j].from > from)
			return false;
	}
	return true;
}

/* The line with what is missing, or itself; NULL where only an open series can tell. */
static const MarkSeries *
complete_runs(const MarkSeries *series, const DueDays *days)
{
	Track line, due;
	SeriesWriter writer;
	bool changed;
	int week;

	open_series(&line.reader, series);
	open_series_between(&due.reader, days->calendar, days->from, days->until);
	if (due.reader.next == due.reader.end && !has_unmarked(&line))
		return series;
	week = shared_week(&line, &due);
	if (week < 0)
		return NULL;
	start_track(&line, week);
	start_track(&due, week);
	if (is_complete(&line, &due))
		return series;
	start_series(&writer, week, FIRST_WORKING_DAYS, room_for_runs(series, days->calendar));
	changed = write_tracks(&writer, &line, &due);
	if (Max(last_position(&line), last_position(&due)) > SERIES_MAX_WEEKS * FIRST_WORKING_DAYS * 2)
		return NULL;
	return changed ? finish_series(&writer) : series;
}

/* ---------- session by session ---------- */

static const MarkSeries *
complete_sessions(const MarkSeries *series, const DueDays *days)
{
	OpenSeries *open = unpack_series(series);
	SeriesReader due;

	for (int i = 0; i < open->weeks * SESSIONS_PER_WEEK; i++)
	{
		if (open->marks[i] == MARK_UNMARKED)
			open->marks[i] = MARK_NONE;
	}
	open_series_between(&due, days->calendar, days->from, days->until);
	while (next_marks(&due))
	{
		for (int i = 0; i < due.sessions; i++)
		{
			Mark *mark = open_session(open, position_session(&due.header, due.start + i));

			if (*mark == MARK_NONE)
				*mark = MARK_UNMARKED;
		}
	}
	return pack_series(open);
}

/* ---------- functions ---------- */

/* with_unmarked(series, calendar, first day, last day): not strict, as a pupil may have no line. */
PG_FUNCTION_INFO_V1(att_mark_series_with_unmarked);
Datum
att_mark_series_with_unmarked(PG_FUNCTION_ARGS)
{
	const MarkSeries *series, *complete;
	DueDays days;

	if (PG_ARGISNULL(0) && PG_ARGISNULL(1))
		PG_RETURN_NULL();
	series = PG_ARGISNULL(0) ? pack_series(new_open_series()) : PG_GETARG_SERIES_PP(0);
	if (PG_ARGISNULL(1))
		PG_RETURN_SERIES(series);
	days.calendar = PG_GETARG_SERIES_PP(1);
	days.from = PG_ARGISNULL(2) ? FIRST_DAY : PG_GETARG_DATEADT(2);
	days.from = Min(Max(days.from, FIRST_DAY), LAST_DAY + 1);
	days.until = PG_ARGISNULL(3) ? LAST_DAY : PG_GETARG_DATEADT(3);
	days.until = Min(Max(days.until, FIRST_DAY - 1), LAST_DAY) + 1;
	complete = complete_runs(series, &days);
	PG_RETURN_SERIES(complete != NULL ? complete : complete_sessions(series, &days));
}
