/*
 * series_count.c
 *		Counting the marks of a series, run by run: by class (tally) and by code (mark_counts).
 */
#include "series.h"

/* Marks are counted in one cell for each counter of a tally, so that a run is one addition. */
#define CELL_BAD 0 /* numbers that are no code */
#define CELL(class, late) \
	(1 + (!(late)                          ? (int) CLASS_##class \
		  : CLASS_##class == CLASS_PRESENT ? TALLY_LATE_BEFORE_CLOSE \
										   : TALLY_LATE_AFTER_CLOSE))
#define CELL_NONE (1 + TALLY_FIELDS)
#define CELLS (2 + TALLY_FIELDS)

#define ATT_CODE(number, code, class, late, half, valid_from, valid_to, description) \
	[number] = CELL(class, late),

static const uint8 cell_of_mark[MARK_LIMIT] = {
	[MARK_NONE] = CELL_NONE,
#include "codes.def"
};

#undef ATT_CODE

static void
tally_cells(const uint32 *cells, AttendanceTally *tally)
{
	if (unlikely(cells[CELL_BAD] > 0))
		series_is_corrupt();
	for (int i = 0; i < TALLY_FIELDS; i++)
		tally->count[i] = cells[1 + i];
	tally->count[CLASS_PRESENT] += tally->count[TALLY_LATE_BEFORE_CLOSE];
	tally->count[CLASS_UNAUTHORISED] += tally->count[TALLY_LATE_AFTER_CLOSE];
}

/*
 * The hot loop of every rate.  It has no branches but its end: the kinds of runs follow one
 * another without a pattern that a processor could foresee, and each wrong guess costs as much as
 * several runs.  So conditions are masks, all ones or all zeros.
 */
void
tally_series(const MarkSeries *series, AttendanceTally *tally)
{
	SeriesReader reader;
	uint32 cells[CELLS] = {0};
	uint32 cell = CELL_NONE;

	open_series(&reader, series);
	for (const uint8 *next = reader.next; next < reader.end; next++)
	{
		uint32 low = *next & 63;
		uint32 kind = *next >> 6;
		uint32 long_mask = -(kind >> 1);                 /* RUN_MORE, RUN_PRESENT */
		uint32 more_mask = long_mask & ((kind & 1) - 1); /* RUN_MORE */
		uint32 mark = low ^ ((low ^ MARK_PRESENT_AM) & long_mask);

		cell = (cell & more_mask) | (cell_of_mark[mark] & ~more_mask);
		cells[cell] += 1 + ((low & long_mask) | (kind & ~long_mask));
	}
	tally_cells(cells, tally);
}

PG_FUNCTION_INFO_V1(att_mark_series_tally);
Datum
att_mark_series_tally(PG_FUNCTION_ARGS)
{
	AttendanceTally *tally = palloc(sizeof(AttendanceTally));

	tally_series(PG_GETARG_SERIES_PP(0), tally);
	PG_RETURN_POINTER(tally);
}

PG_FUNCTION_INFO_V1(att_mark_series_tally_between);
Datum
att_mark_series_tally_between(PG_FUNCTION_ARGS)
{
	AttendanceTally *tally = palloc(sizeof(AttendanceTally));
	SeriesReader reader;
	DateADT from, until;
	uint32 cells[CELLS] = {0};

	get_days(fcinfo, 1, &from, &until);
	open_series_between(&reader, PG_GETARG_SERIES_PP(0), from, until);
	while (next_marks(&reader))
		cells[cell_of_mark[reader.mark]] += reader.sessions;
	tally_cells(cells, tally);
	PG_RETURN_POINTER(tally);
}

/* Adds the sessions of a series to counts by code; a run of presence is both marks in turn. */
void
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
		check_mark(reader->mark);
		counts[reader->mark] += reader->sessions;
	}
}
