/*
 * count.c
 *		Counting the marks of a series, run by run: by class (tally) and by code (mark_counts).
 */
#include "series/series.h"

/* ---------- by class ---------- */

/*
 * Adds cells to the counters of a tally.  Counters are never negative and cells are small, so
 * a counter that is negative afterwards no longer fits.
 */
void
add_cells(int64 *counts, const uint32 *cells, const char *type_name)
{
	int64 any = 0;

	for (int i = 0; i < TALLY_FIELDS; i++)
		any |= counts[i] = (int64) ((uint64) counts[i] + cells[1 + i]);
	any |= counts[CLASS_PRESENT] =
		(int64) ((uint64) counts[CLASS_PRESENT] + cells[1 + TALLY_LATE_BEFORE_CLOSE]);
	any |= counts[CLASS_UNAUTHORISED] =
		(int64) ((uint64) counts[CLASS_UNAUTHORISED] + cells[1 + TALLY_LATE_AFTER_CLOSE]);
	if (unlikely(any < 0))
		counter_overflow(type_name);
}

/* The same of sums that may be large.  False if there are none. */
bool
tally_sums(AttendanceTally *tally, const int64 *sums, const char *type_name)
{
	int64 any = 0;

	for (int i = 0; i < TALLY_FIELDS; i++)
		any |= tally->count[i] = sums[1 + i];
	add_counter(&tally->count[CLASS_PRESENT], sums[1 + TALLY_LATE_BEFORE_CLOSE], type_name);
	add_counter(&tally->count[CLASS_UNAUTHORISED], sums[1 + TALLY_LATE_AFTER_CLOSE], type_name);
	return any != 0;
}

/* Adds to cells the sessions of positions from one up to, not including, another. */
static void
count_window(RunBytes runs, int first, int after, uint32 *cells)
{
	uint32 cell = CELL_NONE;

	for (int position = 0; runs.next < runs.end && position < after; runs.next++)
	{
		int start = Max(position, first);

		cell = next_cell(cell, *runs.next);
		position += run_sessions[*runs.next];
		cells[cell] += Max(Min(position, after) - start, 0);
	}
}

PG_FUNCTION_INFO_V1(att_mark_series_tally);
Datum
att_mark_series_tally(PG_FUNCTION_ARGS)
{
	AttendanceTally *tally = palloc0(sizeof(AttendanceTally));
	SeriesHeader header;
	uint32 cells[CELLS];

	count_runs(&header, PG_GETARG_SERIES_PP(0), cells);
	add_cells(tally->count, cells, tally_kind.type_name);
	PG_RETURN_POINTER(tally);
}

PG_FUNCTION_INFO_V1(att_mark_series_tally_between);
Datum
att_mark_series_tally_between(PG_FUNCTION_ARGS)
{
	AttendanceTally *tally = palloc0(sizeof(AttendanceTally));
	SeriesHeader header;
	RunBytes runs;
	DateADT from, until;
	int first, after;
	uint32 cells[CELLS];

	get_days(fcinfo, 1, &from, &until);
	runs = count_runs(&header, PG_GETARG_SERIES_PP(0), cells);
	first = session_position(&header, make_session(from, 0));
	after = session_position(&header, make_session(until, 0));
	/* most lines are within the days that are asked for, and then no run is looked at again */
	if (first > 0 || after < all_sessions(cells))
	{
		memset(cells, 0, sizeof(cells));
		count_window(runs, Max(first, 0), after, cells);
	}
	add_cells(tally->count, cells, tally_kind.type_name);
	PG_RETURN_POINTER(tally);
}

/* tally_agg(mark_series) */
PG_FUNCTION_INFO_V1(att_attendance_tally_add_series);
Datum
att_attendance_tally_add_series(PG_FUNCTION_ARGS)
{
	AttendanceTally *tally = (AttendanceTally *) counters_state(fcinfo, &tally_kind);
	MarkSeries *series = PG_GETARG_SERIES_PP(1);
	SeriesHeader header;
	uint32 cells[CELLS];

	count_runs(&header, series, cells);
	add_cells(tally->count, cells, tally_kind.type_name);
	PG_FREE_IF_COPY(series, 1);
	PG_RETURN_POINTER(tally);
}

/* ---------- by code ---------- */

/* Adds the sessions of a series to counts by code; a run of presence is both marks in turn. */
static void
count_series(SeriesReader *reader, int64 *counts)
{
	while (next_marks(reader))
	{
		if (reader->mark == MARK_PRESENT_AM)
		{
			counts[MARK_PRESENT_AM] += run_half_sessions(reader, 0);
			counts[MARK_PRESENT_PM] += run_half_sessions(reader, 1);
			continue;
		}
		counts[reader->mark] += reader->sessions;
	}
}

PG_FUNCTION_INFO_V1(att_mark_series_mark_counts);
Datum
att_mark_series_mark_counts(PG_FUNCTION_ARGS)
{
	int64 counts[MARK_LIMIT] = {0};
	SeriesReader reader;

	open_series(&reader, PG_GETARG_SERIES_PP(0));
	count_series(&reader, counts);
	PG_RETURN_POINTER(make_counts(counts));
}

PG_FUNCTION_INFO_V1(att_mark_series_mark_counts_between);
Datum
att_mark_series_mark_counts_between(PG_FUNCTION_ARGS)
{
	int64 counts[MARK_LIMIT] = {0};
	SeriesReader reader;
	DateADT from, until;

	get_days(fcinfo, 1, &from, &until);
	open_series_between(&reader, PG_GETARG_SERIES_PP(0), from, until);
	count_series(&reader, counts);
	PG_RETURN_POINTER(make_counts(counts));
}
