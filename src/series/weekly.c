/*
 * weekly.c
 *		weekly_tallies_agg: the weeks of many lines, in one pass over their runs.
 *
 * A run is noted where it begins and where it ends, each time as a difference of one in the row
 * of that position, so that no run is divided into weeks.  The differences are added up to the
 * tallies of weeks when they are asked for, and when their narrow numbers could be full.
 */
#include "series/series.h"

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/*
 * The state is a bytea: this, then its blocks.  Each block has the same weeks: the first their sums,
 * the others their positions, in weeks of 5, 6 and 7 days.  Only those that are needed are there.
 * Its layout is that of the machine: it is never stored.
 */
typedef struct WeeklyState
{
	int32 header; /* PostgreSQL's length word */
	int32 first_week;
	int32 weeks;
	uint16 blocks; /* a bit for each block that is there */
	uint16 lines;  /* since the differences were added up */
} WeeklyState;

typedef int64 WeekSums[CELLS];
typedef int16 Differences[CELLS]; /* of a position */

#define SUMS 0
#define BLOCK_OF_DAYS(days) ((days) -FIRST_WORKING_DAYS + 1)
#define POSITIONS_A_WEEK(block) (((block) + FIRST_WORKING_DAYS - 1) * 2)
#define BLOCK_LIMIT (BLOCK_OF_DAYS(DAYS_PER_WEEK) + 1)

#define YEAR_WEEKS 55 /* an academic year and room for a run: what a first line gets */
#define MORE_WEEKS 16
#define MAX_WEEKS (WEEK_OF(LAST_DAY) + SERIES_MAX_POSITIONS / (FIRST_WORKING_DAYS * 2) + YEAR_WEEKS)
#define MAX_LINES PG_INT16_MAX /* a line makes a difference of one at most */

/* ---------- blocks ---------- */

static bool
has_block(const WeeklyState *state, int block)
{
	return state->blocks & 1 << block;
}

static size_t
week_size(int block)
{
	return block == SUMS ? sizeof(WeekSums) : sizeof(Differences) * POSITIONS_A_WEEK(block);
}

/* Where a block begins; that of BLOCK_LIMIT, which there never is, is the size of the state. */
static size_t
block_offset(const WeeklyState *state, int block)
{
	size_t offset = sizeof(WeeklyState);

	for (int i = 0; i < block; i++)
	{
		if (has_block(state, i))
			offset += week_size(i) * state->weeks;
	}
	return offset;
}

static void *
get_block(const WeeklyState *state, int block)
{
	return (char *) state + block_offset(state, block);
}

static WeeklyState *
new_state(int first, int after, int blocks)
{
	WeeklyState form = {.first_week = first, .weeks = after - first, .blocks = blocks};
	WeeklyState *state = palloc0(block_offset(&form, BLOCK_LIMIT));

	*state = form;
	SET_VARSIZE(state, block_offset(&form, BLOCK_LIMIT));
	return state;
}

/* The state with room for the weeks from one up to, not including, another, and with a block. */
static WeeklyState *
include_weeks(WeeklyState *state, int first, int after, int block)
{
	WeeklyState *wider;

	if (state->weeks > 0)
	{
		first = Min(first, state->first_week);
		after = Max(after, state->first_week + state->weeks);
	}
	if (first == state->first_week && after == state->first_week + state->weeks &&
		has_block(state, block))
		return state;
	wider = new_state(first, after, state->blocks | 1 << block);
	wider->lines = state->lines;
	for (int i = 0; i < BLOCK_LIMIT; i++)
	{
		if (has_block(state, i))
			memcpy((char *) get_block(wider, i) + week_size(i) * (state->first_week - first),
				   get_block(state, i), week_size(i) * state->weeks);
	}
	return wider;
}

/*
 * A state that may be changed: the aggregate's own, or a copy of an argument, which may be any
 * bytes.
 */
static WeeklyState *
get_state(FunctionCallInfo fcinfo, int argument)
{
	bytea *bytes = (bytea *) PG_GETARG_POINTER(argument);
	WeeklyState *state;

	if (argument > 0 || !AggCheckCallContext(fcinfo, NULL) || VARATT_IS_EXTENDED(bytes))
		bytes = PG_GETARG_BYTEA_P_COPY(argument);
	if (VARSIZE(bytes) == VARHDRSZ)
		return new_state(0, 0, 0);
	state = (WeeklyState *) bytes;
	if (VARSIZE(bytes) < sizeof(WeeklyState) || state->first_week < 0 || state->weeks < 0 ||
		state->first_week > MAX_WEEKS || state->weeks > MAX_WEEKS - state->first_week ||
		state->blocks >= 1 << BLOCK_LIMIT || state->lines > MAX_LINES ||
		VARSIZE(bytes) != block_offset(state, BLOCK_LIMIT))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid state of weekly_tallies_agg")));
	return state;
}

/* ---------- sums ---------- */

static void
add_sums(WeekSums sums, const WeekSums more)
{
	for (int cell = 0; cell < CELLS; cell++)
		add_counter(&sums[cell], more[cell], "weekly_tally");
}

/* Adds up the differences of a block. */
static void
add_differences(WeekSums *sums, const Differences *row, int weeks, int per_week)
{
	WeekSums open = {0}; /* runs that have begun and not ended */

	for (int week = 0; week < weeks; week++)
	{
		WeekSums sessions = {0};

		for (const Differences *end = row + per_week; row < end; row++)
		{
			for (int cell = 0; cell < CELLS; cell++)
				sessions[cell] += open[cell] += (*row)[cell];
		}
		add_sums(sums[week], sessions);
	}
}

/* Adds all that is in a state to the sums of its weeks. */
static void
add_state(WeekSums *sums, const WeeklyState *state)
{
	const WeekSums *own = get_block(state, SUMS);

	for (int i = 0; has_block(state, SUMS) && i < state->weeks; i++)
		add_sums(sums[i], own[i]);
	for (int block = SUMS + 1; block < BLOCK_LIMIT; block++)
	{
		if (has_block(state, block))
			add_differences(sums, get_block(state, block), state->weeks, POSITIONS_A_WEEK(block));
	}
}

/* The state with all its differences added up, and the other blocks left out. */
static WeeklyState *
add_up(const WeeklyState *state)
{
	WeeklyState *summed = new_state(state->first_week, state->first_week + state->weeks, 1 << SUMS);

	add_state(get_block(summed, SUMS), state);
	return summed;
}

/* ---------- lines ---------- */

/* Where the reading of a line is. */
typedef struct LinePlace
{
	RunBytes runs;
	uint32 cell;      /* of the run before */
	Differences *row; /* of the position where it ends */
} LinePlace;

/* Notes the runs that begin before a row, behind which there is room for the longest run. */
static inline void
add_runs(LinePlace *place, const Differences *limit)
{
	LinePlace at = *place;

	for (; at.runs.next < at.runs.end && likely(at.row < limit); at.runs.next++)
	{
		uint8 byte = *at.runs.next;

		(*at.row)[at.cell]--;
		at.cell = next_cell(at.cell, byte);
		(*at.row)[at.cell]++;
		at.row += run_sessions[byte];
	}
	*place = at;
}

/* The state with room for a line that begins in a week. */
static WeeklyState *
prepare_state(WeeklyState *state, int week, int block)
{
	if (unlikely(state->lines == MAX_LINES))
		state = add_up(state);
	if (unlikely(!has_block(state, block) || week < state->first_week ||
				 week >= state->first_week + state->weeks))
		state = include_weeks(state, week, week + YEAR_WEEKS, block);
	state->lines++;
	return state;
}

static WeeklyState *
add_line(WeeklyState *state, const MarkSeries *series)
{
	SeriesHeader header;
	LinePlace place = {open_runs(&header, series), CELL_NONE, NULL};
	int block = BLOCK_OF_DAYS(header.days_per_week), per_week = sessions_per_week(&header);
	int position = 0;

	state = prepare_state(state, header.week, block);
	for (;;)
	{
		Differences *rows = get_block(state, block);
		Differences *first = rows + (header.week - state->first_week) * per_week;

		place.row = first + position;
		add_runs(&place, rows + Max(state->weeks * per_week - RUN_MAX, 0));
		if (likely(place.runs.next == place.runs.end))
			break;
		position = place.row - first;
		state = include_weeks(state, header.week, header.week + position / per_week + MORE_WEEKS,
							  block);
	}
	(*place.row)[place.cell]--;
	return state;
}

/* ---------- the aggregate ---------- */

PG_FUNCTION_INFO_V1(att_weekly_state_add_series);
Datum
att_weekly_state_add_series(PG_FUNCTION_ARGS)
{
	WeeklyState *state = get_state(fcinfo, 0);
	MarkSeries *series = PG_GETARG_SERIES_PP(1);

	state = add_line(state, series);
	PG_FREE_IF_COPY(series, 1);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(att_weekly_state_add);
Datum
att_weekly_state_add(PG_FUNCTION_ARGS)
{
	WeeklyState *state = get_state(fcinfo, 0);
	const WeeklyState *other = get_state(fcinfo, 1);

	if (other->weeks > 0)
	{
		state = include_weeks(state, other->first_week, other->first_week + other->weeks, SUMS);
		add_state((WeekSums *) get_block(state, SUMS) + (other->first_week - state->first_week),
				  other);
	}
	PG_RETURN_POINTER(state);
}

/* Makes the tally of a week.  False if it has no mark. */
static bool
tally_week(const WeekSums sums, AttendanceTally *tally)
{
	int64 any = 0;

	for (int cell = 0; cell < CELL_NONE; cell++)
		any |= sums[cell];
	if (any < 0 || sums[CELL_BAD] != 0)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid state of weekly_tallies_agg")));
	return tally_sums(tally, sums, "weekly_tally");
}

PG_FUNCTION_INFO_V1(att_weekly_state_final);
Datum
att_weekly_state_final(PG_FUNCTION_ARGS)
{
	Oid row_type = get_element_type(get_func_rettype(fcinfo->flinfo->fn_oid));
	TupleDesc desc = lookup_rowtype_tupdesc(row_type, -1);
	const WeeklyState *state = add_up(get_state(fcinfo, 0));
	const WeekSums *sums = get_block(state, SUMS);
	int count = 0;
	Datum *rows = palloc(sizeof(Datum) * (state->weeks + 1));
	AttendanceTally tally;

	for (int i = 0; i < state->weeks; i++)
	{
		DateADT monday = FIRST_DAY + (state->first_week + i) * DAYS_PER_WEEK;
		Datum values[2] = {DateADTGetDatum(monday), PointerGetDatum(&tally)};
		bool nulls[2] = {false};

		if (tally_week(sums[i], &tally))
			rows[count++] = HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
	}
	ReleaseTupleDesc(desc);
	PG_RETURN_ARRAYTYPE_P(construct_array(rows, count, row_type, -1, false, TYPALIGN_DOUBLE));
}
