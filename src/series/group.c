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

typedef struct GroupSlot
{
	AttendanceTally tally;
	int64 enrolments;   /* weeks: lines with a possible session */
	int64 with_absence; /* weeks: lines with an absence */
} GroupSlot;

/* Weeks from first_week on, each with so many bytes: some slots, or sessions by code. */
typedef struct LineGroup
{
	Size week_size;
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

	if (after - first > SERIES_MAX_WEEKS)
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

static bool
slot_is_empty(const GroupSlot *slot)
{
	for (int i = 0; i < TALLY_FIELDS; i++)
	{
		if (slot->tally.count[i] != 0)
			return false;
	}
	return true;
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

static void
add_line_by_session(LineGroup *group, const MarkSeries *series)
{
	SeriesReader reader;
	int per_week;

	open_series(&reader, series);
	per_week = sessions_per_week(&reader.header);
	while (next_marks(&reader))
	{
		for (int i = reader.start; i < reader.start + reader.sessions; i++)
		{
			GroupSlot *slots = week_of_group(group, reader.header.week + i / per_week);

			tally_add_mark(&slots[i % per_week].tally, reader.mark, 1);
		}
	}
}

static void
add_week(LineGroup *group, int week, const AttendanceTally *tally)
{
	GroupSlot *slot = week_of_group(group, week);

	for (int i = 0; i < TALLY_FIELDS; i++)
		add_counter(&slot->tally.count[i], tally->count[i], tally_kind.type_name);
	slot->enrolments += tally_possible(tally) > 0;
	slot->with_absence += tally_absent(tally) > 0;
}

static void
add_line_by_week(LineGroup *group, const MarkSeries *series)
{
	SeriesReader reader;
	AttendanceTally tally = {{0}};
	int current = -1, week, sessions;

	open_series(&reader, series);
	while (next_week_part(&reader, &week, &sessions))
	{
		if (week != current && current >= 0)
		{
			add_week(group, reader.header.week + current, &tally);
			memset(&tally, 0, sizeof(tally));
		}
		current = week;
		tally_add_mark(&tally, reader.mark, sessions);
	}
	if (current >= 0)
		add_week(group, reader.header.week + current, &tally);
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

PG_FUNCTION_INFO_V1(att_group_session_tallies);
Datum
att_group_session_tallies(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LineGroup group = {.week_size = SESSIONS_PER_WEEK * sizeof(GroupSlot)};
	Datum halves[2] = {CStringGetTextDatum(half_names[0]), CStringGetTextDatum(half_names[1])};

	add_lines(fcinfo, &group, add_line_by_session);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < group.weeks * SESSIONS_PER_WEEK; i++)
	{
		DateADT day = FIRST_DAY + group.first_week * DAYS_PER_WEEK + i / 2;
		GroupSlot *slot = (GroupSlot *) group.bytes + i;
		Datum values[3] = {DateADTGetDatum(day), halves[i % 2], PointerGetDatum(&slot->tally)};
		bool nulls[3] = {false};

		if (!slot_is_empty(slot))
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(att_group_weekly_tallies);
Datum
att_group_weekly_tallies(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LineGroup group = {.week_size = sizeof(GroupSlot)};

	add_lines(fcinfo, &group, add_line_by_week);
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < group.weeks; i++)
	{
		DateADT monday = FIRST_DAY + (group.first_week + i) * DAYS_PER_WEEK;
		GroupSlot *slot = (GroupSlot *) group.bytes + i;
		Datum values[4] = {DateADTGetDatum(monday), PointerGetDatum(&slot->tally),
						   Int64GetDatum(slot->enrolments), Int64GetDatum(slot->with_absence)};
		bool nulls[4] = {false};

		if (!slot_is_empty(slot))
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(att_group_weekly_counts);
Datum
att_group_weekly_counts(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LineGroup group = {.week_size = MARK_LIMIT * sizeof(int64)};

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
