/*
 * unmarked.c
 *		The sessions in which a mark is missing: those that a calendar holds and a line has not.
 *
 * A calendar is a series too, with a mark in each session that a school holds.  Most lines want
 * nothing, and most of the others only their last sessions, so both are read run by run, and a
 * line is laid open only where their weeks are of different lengths.
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

/* Whether a line says of a session that its mark is missing. */
static bool
has_unmarked(const MarkSeries *series)
{
	SeriesHeader header;
	RunBytes runs = open_runs(&header, series);

	/* the mark of RUN_MORE is that of a byte before */
	for (; runs.next < runs.end; runs.next++)
	{
		if (run_mark[*runs.next] == MARK_UNMARKED)
			return true;
	}
	return false;
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
	if (due.reader.next == due.reader.end && !has_unmarked(series))
		return series;
	week = shared_week(&line, &due);
	if (week < 0)
		return NULL;
	start_track(&line, week);
	start_track(&due, week);
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
