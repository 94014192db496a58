/*
 * group.c
 *		A group of lines counted by session, by week, and by week and code, in one pass over their
 *		runs: reports on days of the week, edges of terms or weeks of a school need no row for each
 *		mark.
 */
#include "series/series.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

/* A week of a group. */
typedef struct WeekSlot
{
	int64 cells[CELLS];
	int64 enrolments;   /* lines with a possible session */
	int64 with_absence; /* lines with an absence */
} WeekSlot;

/* Where runs begin and end, as differences, so that a run costs the same however long it is. */
typedef int32 Differences[CELLS]; /* of a position */
typedef int64 SessionSums[CELLS];

/* Weeks from first_week on, each with so many bytes: a slot, some differences, or sessions by code. */
typedef struct LineGroup
{
	Size week_size;
	int limit; /* of weeks */
	int first_week;
	int weeks;
	char *bytes;
} LineGroup;

/* ---------- slots ---------- */

/* Makes room for a week before or after those that are there. */
static void
widen_group(LineGroup *group, int week)
{
	int first = group->weeks ? Min(group->first_week, week) : week;
	int after = group->weeks ? Max(group->first_week + group->weeks, week + 1) : week + 1;
	char *bytes;

	if (after - first > group->limit)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("a group of series is longer than %d weeks", SERIES_MAX_WEEKS)));
	bytes = palloc0((after - first) * group->week_size);
	if (group->weeks > 0)
	{
		memcpy(bytes + (group->first_week - first) * group->week_size, group->bytes,
			   group->weeks * group->week_size);
		pfree(group->bytes);
	}
	group->bytes = bytes;
	group->first_week = first;
	group->weeks = after - first;
}

/* What is counted in a week. */
static void *
week_of_group(LineGroup *group, int week)
{
	if (unlikely(week < group->first_week || week >= group->first_week + group->weeks))
		widen_group(group, week);
	return group->bytes + (week - group->first_week) * group->week_size;
}

/* ---------- lines ---------- */

typedef void (*AddLine)(LineGroup *group, const MarkSeries *series);

/* The lines of the array that is the argument of a function; NULLs are left out. */
static void
add_lines(FunctionCallInfo fcinfo, LineGroup *group, AddLine add_line)
{
	ArrayType *lines = PG_GETARG_ARRAYTYPE_P(0);
	int16 length;
	bool by_value;
	char align;
	Datum *values;
	bool *nulls;
	int count;

	get_typlenbyvalalign(ARR_ELEMTYPE(lines), &length, &by_value, &align);
	deconstruct_array(lines, ARR_ELEMTYPE(lines), length, by_value, align, &values, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			add_line(group, (MarkSeries *) PG_DETOAST_DATUM_PACKED(values[i]));
	}
}

#define LENGTHS (DAYS_PER_WEEK - FIRST_WORKING_DAYS + 1)

/* Of several groups the one for lines with weeks of the same length. */
static void
add_line_by_session(LineGroup *groups, const MarkSeries *series)
{
	SeriesHeader header;
	uint32 cells[CELLS], cell = CELL_NONE;
	RunBytes runs = count_runs(&header, series, cells);
	LineGroup *group = groups + header.days_per_week - FIRST_WORKING_DAYS;
	Differences *row;

	if (runs.next == runs.end)
		return;
	week_of_group(group, header.week + all_sessions(cells) / sessions_per_week(&header));
	row = week_of_group(group, header.week);
	for (; runs.next < runs.end; runs.next++)
	{
		(*row)[cell]--;
		cell = next_cell(cell, *runs.next);
		(*row)[cell]++;
		row += run_sessions[*runs.next];
	}
	(*row)[cell]--;
}

/* What a session of a cell makes of its week, in bits. */
#define WEEK_POSSIBLE 1
#define WEEK_ABSENT 2

static const uint8 cell_use[CELLS] = {
	[1 + CLASS_PRESENT] = WEEK_POSSIBLE,
	[1 + TALLY_LATE_BEFORE_CLOSE] = WEEK_POSSIBLE,
	[1 + CLASS_APPROVED] = WEEK_POSSIBLE,
	[1 + CLASS_CORONAVIRUS] = WEEK_POSSIBLE,
	[1 + CLASS_AUTHORISED] = WEEK_POSSIBLE | WEEK_ABSENT,
	[1 + CLASS_UNAUTHORISED] = WEEK_POSSIBLE | WEEK_ABSENT,
	[1 + TALLY_LATE_AFTER_CLOSE] = WEEK_POSSIBLE | WEEK_ABSENT,
};

static inline void
finish_week(WeekSlot *slot, uint32 use)
{
	slot->enrolments += (use & WEEK_POSSIBLE) != 0;
	slot->with_absence += (use & WEEK_ABSENT) != 0;
}

static void
add_line_by_week(LineGroup *group, const MarkSeries *series)
{
	SeriesHeader header;
	RunBytes runs = open_runs(&header, series);
	int per_week = sessions_per_week(&header), room = per_week, week = header.week;
	uint32 cell = CELL_NONE, use = 0;
	WeekSlot *slot;

	if (runs.next == runs.end)
		return;
	slot = week_of_group(group, week);
	for (; runs.next < runs.end; runs.next++)
	{
		int sessions = run_sessions[*runs.next];

		cell = next_cell(cell, *runs.next);
		while (sessions > room)
		{
			slot->cells[cell] += room;
			finish_week(slot, room > 0 ? use | cell_use[cell] : use);
			sessions -= room;
			room = per_week;
			use = 0;
			slot = week_of_group(group, ++week);
		}
		slot->cells[cell] += sessions;
		use |= cell_use[cell];
		room -= sessions;
	}
	finish_week(slot, use);
}

static void
add_line_by_code(LineGroup *group, const MarkSeries *series)
{
	SeriesReader reader;
	int week, sessions;

	open_series(&reader, series);
	while (next_week_part(&reader, &week, &sessions))
	{
		int64 *counts = week_of_group(group, reader.header.week + week);
		/* the reader stands behind the part; present is another code in the afternoon */
		int mornings = (sessions + reader.start % 2) / 2;

		counts[reader.mark] += reader.mark == MARK_PRESENT_AM ? mornings : sessions;
		if (reader.mark == MARK_PRESENT_AM)
			counts[MARK_PRESENT_PM] += sessions - mornings;
	}
}

/* ---------- functions ---------- */

/* Adds up the differences of lines to the sessions of weeks of seven days. */
static void
add_differences(LineGroup *sums, const LineGroup *group, int per_week)
{
	const Differences *row = (const Differences *) group->bytes;
	SessionSums open = {0}; /* runs that have begun and not ended */

	for (int i = 0; i < group->weeks * per_week; i++, row++)
	{
		int64 any = 0;

		for (int cell = 0; cell < CELLS; cell++)
			open[cell] += (*row)[cell];
		for (int cell = 0; cell < CELL_NONE; cell++)
			any |= open[cell];
		if (any != 0)
		{
			SessionSums *week = week_of_group(sums, group->first_week + i / per_week);

			for (int cell = 0; cell < CELLS; cell++)
				week[i % per_week][cell] += open[cell];
		}
	}
}

PG_FUNCTION_INFO_V1(att_group_session_tallies);
Datum
att_group_session_tallies(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LineGroup groups[LENGTHS] = {{0}};
	LineGroup sums = {.week_size = SESSIONS_PER_WEEK * sizeof(SessionSums),
					  .limit = SERIES_MAX_WEEKS};
	Datum halves[2] = {CStringGetTextDatum(half_names[0]), CStringGetTextDatum(half_names[1])};

	/* a run may end in the week behind the last */
	for (int i = 0; i < LENGTHS; i++)
		groups[i] = (LineGroup){.week_size = (FIRST_WORKING_DAYS + i) * 2 * sizeof(Differences),
								.limit = SERIES_MAX_WEEKS + 1};
	add_lines(fcinfo, groups, add_line_by_session);
	for (int i = 0; i < LENGTHS; i++)
		add_differences(&sums, groups + i, (FIRST_WORKING_DAYS + i) * 2);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < sums.weeks * SESSIONS_PER_WEEK; i++)
	{
		DateADT day = FIRST_DAY + sums.first_week * DAYS_PER_WEEK + i / 2;
		AttendanceTally tally;

		if (tally_sums(&tally, ((SessionSums *) sums.bytes)[i], tally_kind.type_name))
		{
			Datum values[3] = {DateADTGetDatum(day), halves[i % 2], PointerGetDatum(&tally)};
			bool nulls[3] = {false};

			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	}
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(att_group_weekly_tallies);
Datum
att_group_weekly_tallies(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LineGroup group = {.week_size = sizeof(WeekSlot), .limit = SERIES_MAX_WEEKS};

	add_lines(fcinfo, &group, add_line_by_week);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < group.weeks; i++)
	{
		DateADT monday = FIRST_DAY + (group.first_week + i) * DAYS_PER_WEEK;
		WeekSlot *slot = (WeekSlot *) group.bytes + i;
		AttendanceTally tally;

		if (tally_sums(&tally, slot->cells, tally_kind.type_name))
		{
			Datum values[4] = {DateADTGetDatum(monday), PointerGetDatum(&tally),
							   Int64GetDatum(slot->enrolments), Int64GetDatum(slot->with_absence)};
			bool nulls[4] = {false};

			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	}
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(att_group_weekly_counts);
Datum
att_group_weekly_counts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LineGroup group = {.week_size = MARK_LIMIT * sizeof(int64), .limit = SERIES_MAX_WEEKS};

	add_lines(fcinfo, &group, add_line_by_code);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < group.weeks; i++)
	{
		DateADT monday = FIRST_DAY + (group.first_week + i) * DAYS_PER_WEEK;
		const int64 *counts = (const int64 *) group.bytes + i * MARK_LIMIT;
		int64 any = 0;

		for (Mark mark = 1; mark < MARK_LIMIT; mark++)
			any |= counts[mark];
		if (any != 0)
		{
			Datum values[2] = {DateADTGetDatum(monday), PointerGetDatum(make_counts(counts))};
			bool nulls[2] = {false};

			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
		}
	}
	PG_RETURN_VOID();
}

/* Weeks of a line with a possible session, and with an absence. */
static void
count_weeks(const MarkSeries *series, int *possible, int *broken)
{
	SeriesReader reader;
	int last_possible = -1, last_broken = -1, week, sessions;

	*possible = *broken = 0;
	open_series(&reader, series);
	while (next_week_part(&reader, &week, &sessions))
	{
		MarkClass class = mark_codes[reader.mark].class;

		if (class_is_possible(class) && week != last_possible)
		{
			(*possible)++;
			last_possible = week;
		}
		if (class_is_absence(class) && week != last_broken)
		{
			(*broken)++;
			last_broken = week;
		}
	}
}

PG_FUNCTION_INFO_V1(att_mark_series_possible_weeks);
Datum
att_mark_series_possible_weeks(PG_FUNCTION_ARGS)
{
	int possible, broken;

	count_weeks(PG_GETARG_SERIES_PP(0), &possible, &broken);
	PG_RETURN_INT32(possible);
}

PG_FUNCTION_INFO_V1(att_mark_series_broken_weeks);
Datum
att_mark_series_broken_weeks(PG_FUNCTION_ARGS)
{
	int possible, broken;

	count_weeks(PG_GETARG_SERIES_PP(0), &possible, &broken);
	PG_RETURN_INT32(broken);
}
