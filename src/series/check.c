/*
 * check.c
 *		The validator of mark_series: whether bytes are what pack_series() would write.
 *
 * Everything that reads a stored value comes here first, every rate too, so this is one pass over
 * the runs, the one that counts them: see count_cells().
 */
#include "series/series.h"

void
series_is_corrupt(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("corrupt mark_series value")));
}

/* ---------- each run by itself, and behind the one before ---------- */

/*
 * Steps through all runs and fills the cells, if there are any.  False if a run is none: it has a mark
 * that a series cannot have, or that of the run before, or is more of a run that could be longer.
 */
static inline bool
scan_runs(RunBytes runs, uint32 *cells)
{
	uint32 cell = CELL_BAD, mark = MARK_LIMIT, full = 0, flaws = 0;

	for (; runs.next < runs.end; runs.next++)
	{
		uint8 byte = *runs.next;
		uint32 before = mark;

		mark = next_mark(mark, byte);
		cell = next_cell(cell, byte);
		flaws |= (mark == before) ^ (run_keeps[byte] & 1); /* as it must be for RUN_MORE */
		flaws |= run_keeps[byte] & ~full;
		flaws |= cell == CELL_BAD;
		full = run_is_full[byte];
		if (cells != NULL)
			cells[cell] += run_sessions[byte];
	}
	return flaws == 0;
}

/* The hot loop of every rate: fills the cells with the sessions of all runs; false if one is none. */
static inline bool
count_cells(RunBytes runs, uint32 *cells)
{
	if (count_cells_vector(runs, cells))
		return cells[CELL_BAD] == 0;
	memset(cells, 0, CELLS * sizeof(uint32));
	return scan_runs(runs, cells);
}

static bool
check_runs(RunBytes runs)
{
	bool sound;

	return check_runs_vector(runs, &sound) ? sound : scan_runs(runs, NULL);
}

/* ---------- all of them, and the header ---------- */

/* The positions that a series can have from its first week on. */
static inline int
position_limit(const SeriesHeader *header)
{
	int weeks = WEEK_OF(LAST_DAY) - header->week; /* before the last, which is not whole */
	int per_week = sessions_per_week(header);

	if (weeks >= SERIES_MAX_WEEKS)
		return SERIES_MAX_WEEKS * per_week;
	return weeks * per_week + (WEEKDAY_OF(LAST_DAY) + 1) * 2;
}

static inline bool
is_blank(uint8 byte)
{
	return byte == (RUN_ONE << 6 | MARK_NONE) || byte == (RUN_TWO << 6 | MARK_NONE);
}

/* The first mark is in the first week: no more is blank before it. */
static inline bool
begins_in_week(RunBytes runs, int per_week)
{
	int blank = 0;

	if (is_blank(*runs.next))
	{
		blank = run_sessions[*runs.next++];
		if (runs.next < runs.end && *runs.next >> 6 == RUN_MORE)
			blank += run_sessions[*runs.next];
	}
	return blank < per_week;
}

static inline bool
ends_with_mark(RunBytes runs)
{
	while (*--runs.end >> 6 == RUN_MORE)
		;
	return !is_blank(*runs.end);
}

/* Whether there is a mark on the last day of a week: without, the weeks would be shorter. */
static bool
needs_last_day(RunBytes runs, int per_week)
{
	uint32 mark = MARK_NONE;
	int in_week = 0;

	for (; runs.next < runs.end; runs.next++)
	{
		mark = next_mark(mark, *runs.next);
		in_week += run_sessions[*runs.next];
		if (mark != MARK_NONE && in_week > per_week - 2)
			return true;
		in_week %= per_week;
	}
	return false;
}

/* Few runs cannot be too many sessions. */
static inline bool
ends_in_time(const SeriesHeader *header, RunBytes runs)
{
	int limit = position_limit(header), sessions = 0;

	if (likely((runs.end - runs.next) * RUN_MAX <= limit))
		return true;
	for (; runs.next < runs.end; runs.next++)
		sessions += run_sessions[*runs.next];
	return sessions <= limit;
}

/* Whether runs, each of which is one, are all of a series, and the header is the one for them. */
static inline bool
fits_header(const SeriesHeader *header, RunBytes runs)
{
	int per_week = sessions_per_week(header);

	if (runs.next == runs.end)
		return header->week == 0 && header->days_per_week == FIRST_WORKING_DAYS;
	return begins_in_week(runs, per_week) && ends_with_mark(runs) && ends_in_time(header, runs) &&
		   (header->days_per_week == FIRST_WORKING_DAYS || needs_last_day(runs, per_week));
}

/* Finds the runs, if the bytes begin as those of a series. */
static inline bool
split_bytes(SeriesHeader *header, RunBytes *runs, const uint8 *bytes, size_t length)
{
	if (length < SERIES_HEADER || length > SERIES_HEADER + SERIES_MAX_POSITIONS ||
		!read_header(header, bytes))
		return false;
	*runs = (RunBytes){bytes + SERIES_HEADER, bytes + length};
	return true;
}

/* Whether bytes are a series, in the one form that pack_series() gives it. */
bool
series_bytes_valid(const uint8 *bytes, size_t length)
{
	SeriesHeader header;
	RunBytes runs;

	return split_bytes(&header, &runs, bytes, length) && check_runs(runs) &&
		   fits_header(&header, runs);
}

RunBytes
open_runs(SeriesHeader *header, const MarkSeries *series)
{
	RunBytes runs;

	if (unlikely(!split_bytes(header, &runs, (const uint8 *) VARDATA_ANY(series),
							  VARSIZE_ANY_EXHDR(series)) ||
				 !check_runs(runs) || !fits_header(header, runs)))
		series_is_corrupt();
	return runs;
}

/* Counts the sessions of all runs by cell: open_runs() and count_cells() in one pass. */
RunBytes
count_runs(SeriesHeader *header, const MarkSeries *series, uint32 *cells)
{
	RunBytes runs;

	if (unlikely(!split_bytes(header, &runs, (const uint8 *) VARDATA_ANY(series),
							  VARSIZE_ANY_EXHDR(series)) ||
				 !count_cells(runs, cells) || !fits_header(header, runs)))
		series_is_corrupt();
	return runs;
}
