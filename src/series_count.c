/*
 * series_count.c
 *		Counting the marks of a series, run by run: by class (tally) and by code (mark_counts).
 */
#include "series.h"

#define CELL(class, late) \
	(1 + (!(late)                          ? (int) CLASS_##class \
		  : CLASS_##class == CLASS_PRESENT ? TALLY_LATE_BEFORE_CLOSE \
										   : TALLY_LATE_AFTER_CLOSE))

#define COUNT(cell, sessions) ((cell) << 8 | (sessions))
#define COUNT_MORE(n) (int16)(0x8000 | ((n) + 1))
#define COUNT_PRESENT(n) COUNT(1 + CLASS_PRESENT, (n) + 1)
#define FOUR(count, n) count(n), count((n) + 1), count((n) + 2), count((n) + 3)
#define SIXTEEN(count, n) \
	FOUR(count, n), FOUR(count, (n) + 4), FOUR(count, (n) + 8), FOUR(count, (n) + 12)
#define SIXTY_FOUR(count) \
	SIXTEEN(count, 0), SIXTEEN(count, 16), SIXTEEN(count, 32), SIXTEEN(count, 48)

const int16 count_of_byte[256] = {
	[RUN_ONE << 6 | MARK_NONE] = COUNT(CELL_NONE, 1),
#define ATT_CODE(number, code, class, late, half, valid_from, valid_to, description) \
	[RUN_ONE << 6 | (number)] = COUNT(CELL(class, late), 1),
#include "codes.def"
#undef ATT_CODE
	[RUN_TWO << 6 | MARK_NONE] = COUNT(CELL_NONE, 2),
#define ATT_CODE(number, code, class, late, half, valid_from, valid_to, description) \
	[RUN_TWO << 6 | (number)] = COUNT(CELL(class, late), 2),
#include "codes.def"
#undef ATT_CODE
	[RUN_MORE << 6] = SIXTY_FOUR(COUNT_MORE),
	[RUN_PRESENT << 6] = SIXTY_FOUR(COUNT_PRESENT),
};

void
tally_cells(const int64 *cells, AttendanceTally *tally)
{
	if (unlikely(cells[CELL_BAD] > 0))
		series_is_corrupt();
	for (int i = 0; i < TALLY_FIELDS; i++)
		tally->count[i] = cells[1 + i];
	tally->count[CLASS_PRESENT] += tally->count[TALLY_LATE_BEFORE_CLOSE];
	tally->count[CLASS_UNAUTHORISED] += tally->count[TALLY_LATE_AFTER_CLOSE];
}

/* Counts a byte, and returns its cell. */
static inline uint32
count_byte(uint32 *cells, uint8 byte, uint32 cell)
{
	int32 count = count_of_byte[byte];
	uint32 more_mask = (uint32) (count >> 15);

	cell = (cell & more_mask) | ((uint32) count >> 8 & ~more_mask);
	cells[cell] += count & 255;
	return cell;
}

/*
 * The hot loop of every rate.  It has no branches but its end: the kinds of runs follow one
 * another without a pattern that a processor could foresee, and each wrong guess costs as much as
 * several runs.  Neighbouring bytes count in cells of their own, as an addition to the cell that
 * was written just before would have to wait for it.
 */
void
tally_series(const MarkSeries *series, AttendanceTally *tally)
{
	SeriesReader reader;
	uint32 cells[2][CELLS] = {0};
	int64 sums[CELLS];
	uint32 cell = CELL_NONE;
	const uint8 *next;

	open_series(&reader, series);
	for (next = reader.next; reader.end - next >= 2; next += 2)
	{
		cell = count_byte(cells[0], next[0], cell);
		cell = count_byte(cells[1], next[1], cell);
	}
	if (next < reader.end)
		count_byte(cells[0], next[0], cell);
	for (int i = 0; i < CELLS; i++)
		sums[i] = (int64) cells[0][i] + cells[1][i];
	tally_cells(sums, tally);
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
	int64 cells[CELLS] = {0};

	get_days(fcinfo, 1, &from, &until);
	open_series_between(&reader, PG_GETARG_SERIES_PP(0), from, until);
	while (next_marks(&reader))
		cells[cell_of_mark(reader.mark)] += reader.sessions;
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

/*
 * The same for a whole series, without branches, and without a check of the marks: the counts of
 * marks that are no codes say so in the end.  Returns how many sessions there are.
 */
int
count_whole_series(const MarkSeries *series, uint32 *counts)
{
	SeriesReader reader;
	uint32 mark = MARK_NONE, position = 0;

	open_series(&reader, series);
	if (reader.end - reader.next > SERIES_MAX_POSITIONS)
		series_is_corrupt();
	for (const uint8 *next = reader.next; next < reader.end; next++)
	{
		uint32 count = (uint16) count_of_byte[*next];
		uint32 low = *next & 63;
		uint32 more_mask = -(count >> 15);
		uint32 long_mask = -(uint32) (*next >> 7);
		uint32 sessions = count & 255, afternoons;

		mark = (mark & more_mask) | ((low ^ ((low ^ MARK_PRESENT_AM) & long_mask)) & ~more_mask);
		afternoons = (sessions + (position & 1)) / 2 & -(uint32) (mark == MARK_PRESENT_AM);
		counts[mark] += sessions - afternoons;
		counts[MARK_PRESENT_PM] += afternoons;
		position += sessions;
	}
	if (position > SERIES_MAX_POSITIONS)
		series_is_corrupt();
	return position;
}
