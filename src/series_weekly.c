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
#include "libpq/pqformat.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

typedef struct WeekCounts
{
	int64 sessions[MARK_LIMIT]; /* by mark */
	int64 begun
		[MARK_LIMIT]; /* sessions a week of runs whose whole weeks begin, less those that end */
} WeekCounts;

typedef struct WeeklyState
{
	MemoryContext context;
	int first_week;
	int weeks;
	WeekCounts *counts;
} WeeklyState;

#define WEEKS_AT_ONCE 60

static WeeklyState *
new_weekly_state(MemoryContext context)
{
	WeeklyState *state = MemoryContextAllocZero(context, sizeof(WeeklyState));

	state->context = context;
	return state;
}

/* Makes room for the weeks from one up to, not including, another. */
static void
include_weeks(WeeklyState *state, int first, int after)
{
	WeekCounts *counts;

	if (state->weeks > 0)
	{
		first = Min(first, state->first_week);
		after = Max(after, state->first_week + state->weeks);
	}
	if (first == state->first_week && after == state->first_week + state->weeks)
		return;
	counts = MemoryContextAllocExtended(state->context, sizeof(WeekCounts) * (after - first),
										MCXT_ALLOC_ZERO | MCXT_ALLOC_HUGE);
	if (state->weeks > 0)
	{
		memcpy(counts + (state->first_week - first), state->counts,
			   sizeof(WeekCounts) * state->weeks);
		pfree(state->counts);
	}
	state->first_week = first;
	state->weeks = after - first;
	state->counts = counts;
}

static void
add_run(WeekCounts *week, const WeekDivisor *divisor, const SeriesReader *run, int first, int final)
{
	int per_week = divisor->per_week;
	int end = run->start + run->sessions;

	if (first == final)
	{
		week[first].sessions[run->mark] += run->sessions;
		return;
	}
	week[first].sessions[run->mark] += (first + 1) * per_week - run->start;
	week[final].sessions[run->mark] += end - final * per_week;
	week[first + 1].begun[run->mark] += per_week;
	week[final].begun[run->mark] -= per_week;
}

static void
add_weeks_of_line(WeeklyState *state, const MarkSeries *series)
{
	SeriesReader reader;
	WeekDivisor divisor;
	int week, final;

	open_series(&reader, series);
	divisor = week_divisor(&reader.header);
	week = reader.header.week;
	if (unlikely(state->weeks == 0 || week < state->first_week))
		include_weeks(state, week, week + WEEKS_AT_ONCE);
	while (next_marks(&reader))
	{
		final = week_of_position(divisor, reader.start + reader.sessions - 1);
		if (unlikely(week + final >= state->first_week + state->weeks))
			include_weeks(state, week, week + final + WEEKS_AT_ONCE);
		add_run(state->counts + (week - state->first_week), &divisor, &reader,
				week_of_position(divisor, reader.start), final);
	}
}

/* ---------- the aggregate ---------- */

static MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("this function can only be called as part of an aggregate")));
	return context;
}

PG_FUNCTION_INFO_V1(att_weekly_state_add);
Datum
att_weekly_state_add(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	WeeklyState *state =
		PG_ARGISNULL(0) ? new_weekly_state(context) : (WeeklyState *) PG_GETARG_POINTER(0);

	if (!PG_ARGISNULL(1))
	{
		MarkSeries *series = PG_GETARG_SERIES_PP(1);

		add_weeks_of_line(state, series);
		PG_FREE_IF_COPY(series, 1);
	}
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(att_weekly_state_combine);
Datum
att_weekly_state_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	WeeklyState *state =
		PG_ARGISNULL(0) ? new_weekly_state(context) : (WeeklyState *) PG_GETARG_POINTER(0);
	const WeeklyState *other = PG_ARGISNULL(1) ? NULL : (WeeklyState *) PG_GETARG_POINTER(1);

	if (other == NULL || other->weeks == 0)
		PG_RETURN_POINTER(state);
	include_weeks(state, other->first_week, other->first_week + other->weeks);
	for (int i = 0; i < other->weeks; i++)
	{
		WeekCounts *mine = &state->counts[other->first_week - state->first_week + i];

		for (int mark = 0; mark < MARK_LIMIT; mark++)
		{
			mine->sessions[mark] += other->counts[i].sessions[mark];
			mine->begun[mark] += other->counts[i].begun[mark];
		}
	}
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(att_weekly_state_serialize);
Datum
att_weekly_state_serialize(PG_FUNCTION_ARGS)
{
	const WeeklyState *state = (WeeklyState *) PG_GETARG_POINTER(0);
	StringInfoData buf;

	aggregate_context(fcinfo);
	pq_begintypsend(&buf);
	pq_sendint32(&buf, state->first_week);
	pq_sendint32(&buf, state->weeks);
	if (state->weeks > 0)
		pq_sendbytes(&buf, (const char *) state->counts, sizeof(WeekCounts) * state->weeks);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(att_weekly_state_deserialize);
Datum
att_weekly_state_deserialize(PG_FUNCTION_ARGS)
{
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	WeeklyState *state;
	StringInfoData buf;

	aggregate_context(fcinfo);
	state = new_weekly_state(CurrentMemoryContext);
	initStringInfo(&buf);
	appendBinaryStringInfo(&buf, VARDATA_ANY(bytes), VARSIZE_ANY_EXHDR(bytes));
	state->first_week = pq_getmsgint(&buf, 4);
	state->weeks = pq_getmsgint(&buf, 4);
	if (state->weeks > 0)
	{
		state->counts = palloc(sizeof(WeekCounts) * state->weeks);
		pq_copymsgbytes(&buf, (char *) state->counts, sizeof(WeekCounts) * state->weeks);
	}
	pq_getmsgend(&buf);
	PG_RETURN_POINTER(state);
}

/* The tally of a week; whole is what the runs that go on have in it.  False if there is none. */
static bool
tally_week(const WeekCounts *week, int64 *whole, AttendanceTally *tally)
{
	bool any = false;

	memset(tally, 0, sizeof(AttendanceTally));
	for (Mark mark = 1; mark < MARK_LIMIT; mark++)
	{
		int64 sessions;

		whole[mark] += week->begun[mark];
		sessions = week->sessions[mark] + whole[mark];
		if (sessions == 0)
			continue;
		check_mark(mark);
		tally_add_mark(tally, mark, sessions);
		any = true;
	}
	return any;
}

PG_FUNCTION_INFO_V1(att_weekly_state_final);
Datum
att_weekly_state_final(PG_FUNCTION_ARGS)
{
	Oid row_type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	TupleDesc desc = lookup_rowtype_tupdesc(row_type, -1);
	const WeeklyState *state = PG_ARGISNULL(0) ? NULL : (WeeklyState *) PG_GETARG_POINTER(0);
	int weeks = state == NULL ? 0 : state->weeks, count = 0;
	Datum *rows = palloc(sizeof(Datum) * (weeks + 1));
	int64 whole[MARK_LIMIT] = {0};
	AttendanceTally tally;

	for (int i = 0; i < weeks; i++)
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
