/*
 * series_weekly.c
 *		weekly_tallies_agg: the weeks of many lines, in one pass over their runs.
 *
 * A run within a week is one addition.  A longer one adds what it has of its first and its last
 * week, and notes where its whole weeks begin and end; they are added up once, when all lines
 * are counted.
 */
#include "series.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

typedef struct WeekCounts
{
	int64 sessions[CELLS];
	int64 begun[CELLS]; /* sessions a week of runs whose whole weeks begin, less those that end */
} WeekCounts;

/* The state is a bytea: this, then the weeks.  Its layout is that of the machine: it is never stored. */
typedef struct WeeklyState
{
	int32 header; /* PostgreSQL's length word */
	int32 first_week;
	int32 weeks;
	int32 unused;
	WeekCounts counts[FLEXIBLE_ARRAY_MEMBER];
} WeeklyState;

#define STATE_SIZE(weeks) (offsetof(WeeklyState, counts) + sizeof(WeekCounts) * (weeks))
#define MAX_WEEKS (WEEK_OF(LAST_DAY) + 1 + WEEKS_AT_ONCE)
#define WEEKS_AT_ONCE 60

static WeeklyState *
new_state(int first, int after)
{
	WeeklyState *state = palloc0(STATE_SIZE(after - first));

	SET_VARSIZE(state, STATE_SIZE(after - first));
	state->first_week = first;
	state->weeks = after - first;
	return state;
}

static void
add_counts(WeeklyState *state, const WeeklyState *other)
{
	for (int i = 0; i < other->weeks; i++)
	{
		WeekCounts *mine = &state->counts[other->first_week - state->first_week + i];

		for (int cell = 0; cell < CELLS; cell++)
		{
			add_counter(&mine->sessions[cell], other->counts[i].sessions[cell], "weekly_tally");
			add_counter(&mine->begun[cell], other->counts[i].begun[cell], "weekly_tally");
		}
	}
}

/* The state with room for the weeks from one up to, not including, another. */
static WeeklyState *
include_weeks(WeeklyState *state, int first, int after)
{
	WeeklyState *wider;

	if (state->weeks > 0)
	{
		first = Min(first, state->first_week);
		after = Max(after, state->first_week + state->weeks);
	}
	if (first == state->first_week && after == state->first_week + state->weeks)
		return state;
	wider = new_state(first, after);
	add_counts(wider, state);
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
		return new_state(0, 0);
	state = (WeeklyState *) bytes;
	if (VARSIZE(bytes) < STATE_SIZE(0) || state->weeks < 0 || state->weeks > MAX_WEEKS ||
		state->first_week < 0 || state->first_week > MAX_WEEKS ||
		VARSIZE(bytes) != STATE_SIZE(state->weeks))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid state of weekly_tallies_agg")));
	return state;
}

/* The sums are the same with a run within a week as with a longer one, so nothing is asked. */
static inline void
add_run(WeekCounts *weeks, int per_week, const RunScan *run)
{
	int long_mask = -(run->final > run->first);
	int whole = per_week & long_mask;

	weeks[run->first].sessions[run->cell] +=
		Min(run->end, (run->first + 1) * per_week) - run->start;
	weeks[run->final].sessions[run->cell] += (run->end - run->final * per_week) & long_mask;
	weeks[run->first + 1].begun[run->cell] += whole;
	weeks[run->final].begun[run->cell] -= whole;
}

/* There is always room for a week behind the last run, in which nothing is added. */
static WeeklyState *
add_weeks_of_line(WeeklyState *state, const MarkSeries *series)
{
	SeriesReader reader;
	RunScan run = {CELL_NONE, 0, 0, 0, 0};
	WeekDivisor divisor;
	int week;

	open_series(&reader, series);
	divisor = week_divisor(&reader.header);
	week = reader.header.week;
	if (unlikely(state->weeks == 0 || week < state->first_week))
		state = include_weeks(state, week, week + WEEKS_AT_ONCE);
	for (const uint8 *next = reader.next; next < reader.end; next++)
	{
		scan_run(&run, divisor, *next);
		if (unlikely(week + run.final + 1 >= state->first_week + state->weeks))
		{
			if (run.end > SERIES_MAX_POSITIONS)
				series_is_corrupt();
			state = include_weeks(state, week, week + run.final + WEEKS_AT_ONCE);
		}
		add_run(state->counts + (week - state->first_week), divisor.per_week, &run);
	}
	return state;
}

/* ---------- the aggregate ---------- */

PG_FUNCTION_INFO_V1(att_weekly_state_add_series);
Datum
att_weekly_state_add_series(PG_FUNCTION_ARGS)
{
	WeeklyState *state = get_state(fcinfo, 0);
	MarkSeries *series = PG_GETARG_SERIES_PP(1);

	state = add_weeks_of_line(state, series);
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
		state = include_weeks(state, other->first_week, other->first_week + other->weeks);
		add_counts(state, other);
	}
	PG_RETURN_POINTER(state);
}

/* The tally of a week; whole is what the runs that go on have in it.  False if there is none. */
static bool
tally_week(const WeekCounts *week, int64 *whole, AttendanceTally *tally)
{
	int64 cells[CELLS], any = 0;

	for (int cell = 0; cell < CELLS; cell++)
	{
		whole[cell] += week->begun[cell];
		cells[cell] = week->sessions[cell] + whole[cell];
		any |= cell == CELL_NONE ? 0 : cells[cell];
	}
	tally_cells(cells, tally);
	return any != 0;
}

PG_FUNCTION_INFO_V1(att_weekly_state_final);
Datum
att_weekly_state_final(PG_FUNCTION_ARGS)
{
	Oid row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	TupleDesc desc = lookup_rowtype_tupdesc(row_type, -1);
	const WeeklyState *state = get_state(fcinfo, 0);
	int count = 0;
	Datum *rows = palloc(sizeof(Datum) * (state->weeks + 1));
	int64 whole[CELLS] = {0};
	AttendanceTally tally;

	for (int i = 0; i < state->weeks; i++)
	{
		DateADT monday = FIRST_DAY + (state->first_week + i) * DAYS_PER_WEEK;
		Datum values[2] = {DateADTGetDatum(monday), PointerGetDatum(&tally)};
		bool nulls[2] = {false};

		if (tally_week(&state->counts[i], whole, &tally))
			rows[count++] = HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
	}
	ReleaseTupleDesc(desc);
	PG_RETURN_ARRAYTYPE_P(construct_array(rows, count, row_type, -1, false, TYPALIGN_DOUBLE));
}
