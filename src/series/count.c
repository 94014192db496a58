/*
 * count.c
 *		Counting the marks of a series, run by run: by class (tally) and by code (mark_counts).
 */
#include "series/series.h"

/* ---------- what a byte of a series means ---------- */

#define ONE(n) 1
#define TWO(n) 2
#define MORE(n) ((n) + 1)

const uint8 run_sessions[256] = {
	[RUN_ONE << 6] = SIXTY_FOUR(ONE),
	[RUN_TWO << 6] = SIXTY_FOUR(TWO),
	[RUN_MORE << 6] = SIXTY_FOUR(MORE),
	[RUN_PRESENT << 6] = SIXTY_FOUR(MORE),
};

#define ALL_BITS(n) 255

const uint8 run_keeps[256] = {[RUN_MORE << 6] = SIXTY_FOUR(ALL_BITS)};

const uint8 run_is_full[256] = {
	[RUN_TWO << 6] = SIXTY_FOUR(ALL_BITS),
	[RUN_MORE << 6 | (RUN_MAX - 1)] = 255,
	[RUN_PRESENT << 6 | (RUN_MAX - 1)] = 255,
};

/* Presence has runs of its own. */
#define CELL(number, class, late) \
	((number) == MARK_PRESENT_AM || (number) == MARK_PRESENT_PM ? CELL_BAD \
	 : !(late)                                                  ? 1 + (int) CLASS_##class \
	 : CLASS_##class == CLASS_PRESENT                           ? 1 + TALLY_LATE_BEFORE_CLOSE \
																: 1 + TALLY_LATE_AFTER_CLOSE)
#define CELL_PRESENT(n) (1 + CLASS_PRESENT)

const uint8 run_cell[256] = {
	[RUN_ONE << 6 | MARK_NONE] = CELL_NONE,
	[RUN_TWO << 6 | MARK_NONE] = CELL_NONE,
#define ATT_CODE(number, code, class, late, half, valid_from, valid_to, description) \
	[RUN_ONE << 6 | (number)] = CELL(number, class, late), \
					[RUN_TWO << 6 | (number)] = CELL(number, class, late),
#include "types/codes.def"
#undef ATT_CODE
	[RUN_PRESENT << 6] = SIXTY_FOUR(CELL_PRESENT),
};

#define OWN_MARK(n) (n)
#define PRESENT(n) MARK_PRESENT_AM

const uint8 run_mark[256] = {
	[RUN_ONE << 6] = SIXTY_FOUR(OWN_MARK),
	[RUN_TWO << 6] = SIXTY_FOUR(OWN_MARK),
	[RUN_PRESENT << 6] = SIXTY_FOUR(PRESENT),
};

/* ---------- by class ---------- */

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
bool
count_cells(RunBytes runs, uint32 *cells)
{
	if (count_cells_vector(runs, cells))
		return cells[CELL_BAD] == 0;
	memset(cells, 0, CELLS * sizeof(uint32));
	return scan_runs(runs, cells);
}

bool
check_runs(RunBytes runs)
{
	bool sound;

	return check_runs_vector(runs, &sound) ? sound : scan_runs(runs, NULL);
}

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

void
tally_series(const MarkSeries *series, AttendanceTally *tally)
{
	uint32 cells[CELLS];

	count_runs(series, cells);
	memset(tally, 0, sizeof(*tally));
	add_cells(tally->count, cells, tally_kind.type_name);
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
	AttendanceTally *tally = palloc0(sizeof(AttendanceTally));
	SeriesReader reader;
	DateADT from, until;
	uint32 cells[CELLS] = {0};

	get_days(fcinfo, 1, &from, &until);
	open_series_between(&reader, PG_GETARG_SERIES_PP(0), from, until);
	while (next_marks(&reader))
		cells[cell_of_mark(reader.mark)] += reader.sessions;
	add_cells(tally->count, cells, tally_kind.type_name);
	PG_RETURN_POINTER(tally);
}

/* ---------- by code ---------- */

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
		counts[reader->mark] += reader->sessions;
	}
}
