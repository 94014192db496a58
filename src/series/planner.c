/*
 * planner.c
 *		What the planner is told about mark_series: statistics of a column, and how many rows the
 *		set-returning functions give.
 */
#include "series/series.h"

#include "access/detoast.h"
#include "access/htup_details.h"
#include "catalog/pg_statistic.h"
#include "commands/vacuum.h"
#include "nodes/nodeFuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/pg_list.h"
#include "nodes/primnodes.h"
#include "nodes/supportnodes.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/rangetypes.h"
#include "utils/selfuncs.h"
#include "utils/typcache.h"

/* What there is in a series, or on average in those of a column. */
typedef struct SeriesSize
{
	double marks;
	double weeks; /* with a mark */
	double spells;
} SeriesSize;

#define SIZE_NUMBERS (sizeof(SeriesSize) / sizeof(double))

/* Of those that pg_statistic.h leaves to private use. */
#define STATISTIC_KIND_SERIES_SIZE 21901

#define SAMPLE_ROWS 3000 /* enough for averages */
#define WIDE_VALUE 1024  /* is not read: as in PostgreSQL's own ANALYZE */

/* ---------- one series ---------- */

/* Nothing here may fail because of a damaged value. */
static bool
is_readable(const MarkSeries *series)
{
	return series_bytes_valid((const uint8 *) VARDATA_ANY(series), VARSIZE_ANY_EXHDR(series));
}

static SeriesSize
measure(SeriesReader *reader)
{
	SeriesSize size = {0};
	int per_week = sessions_per_week(&reader->header), last_week = -1;
	bool in_spell = false;

	while (next_marks(reader))
	{
		MarkClass class = mark_codes[reader->mark].class;
		int final = (reader->start + reader->sessions - 1) / per_week;

		size.marks += reader->sessions;
		size.weeks += final - Max(reader->start / per_week, last_week + 1) + 1;
		last_week = final;
		size.spells += class_is_absence(class) && !in_spell;
		in_spell = class_is_absence(class) || (in_spell && !class_is_possible(class));
	}
	return size;
}

/* ---------- ANALYZE ---------- */

static void
add_series_size(SeriesSize *sum, const MarkSeries *series)
{
	SeriesReader reader;
	SeriesSize size;

	open_series(&reader, series);
	size = measure(&reader);
	sum->marks += size.marks;
	sum->weeks += size.weeks;
	sum->spells += size.spells;
}

static void
put_size(VacAttrStats *stats, const SeriesSize *sum, int read)
{
	float4 *numbers = MemoryContextAlloc(stats->anl_context, SIZE_NUMBERS * sizeof(float4));

	numbers[0] = sum->marks / read;
	numbers[1] = sum->weeks / read;
	numbers[2] = sum->spells / read;
	stats->stakind[0] = STATISTIC_KIND_SERIES_SIZE;
	stats->stanumbers[0] = numbers;
	stats->numnumbers[0] = SIZE_NUMBERS;
}

/*
 * Neither common values nor a histogram: hardly two lines are the same, they are large, and no
 * condition on attendance could use them.
 */
static void
compute_statistics(VacAttrStats *stats, AnalyzeAttrFetchFunc fetch, int rows, double total)
{
	SeriesSize sum = {0};
	int values = 0, read = 0;
	double width = 0;

	for (int i = 0; i < rows; i++)
	{
		bool null;
		Datum value = fetch(stats, i, &null);

		att_vacuum_delay_point();
		if (null)
			continue;
		values++;
		width += VARSIZE_ANY(DatumGetPointer(value));
		if (toast_raw_datum_size(value) <= WIDE_VALUE)
		{
			MarkSeries *series = (MarkSeries *) PG_DETOAST_DATUM_PACKED(value);

			if (is_readable(series))
			{
				add_series_size(&sum, series);
				read++;
			}
			if ((Pointer) series != DatumGetPointer(value))
				pfree(series);
		}
	}
	stats->stats_valid = rows > 0;
	stats->stanullfrac = rows > 0 ? (float4) (rows - values) / rows : 0;
	stats->stawidth = values > 0 ? (int32) (width / values) : 0;
	stats->stadistinct = values > 0 ? stats->stanullfrac - 1 : 0;
	if (read > 0)
		put_size(stats, &sum, read);
}

PG_FUNCTION_INFO_V1(att_mark_series_typanalyze);
Datum
att_mark_series_typanalyze(PG_FUNCTION_ARGS)
{
	VacAttrStats *stats = (VacAttrStats *) PG_GETARG_POINTER(0);

	stats->compute_stats = compute_statistics;
	stats->minrows = SAMPLE_ROWS;
	PG_RETURN_BOOL(true);
}

/* ---------- rows of the set-returning functions ---------- */

/* The average of a column, which may be that of a view or a subquery, and how much of it is not NULL. */
static bool
find_average(PlannerInfo *root, Node *argument, SeriesSize *size, double *filled)
{
	VariableStatData variable;
	AttStatsSlot slot;
	bool found = false;

	examine_variable(root, argument, 0, &variable);
	if (HeapTupleIsValid(variable.statsTuple) &&
		get_attstatsslot(&slot, variable.statsTuple, STATISTIC_KIND_SERIES_SIZE, InvalidOid,
						 ATTSTATSSLOT_NUMBERS))
	{
		*filled = 1 - ((Form_pg_statistic) GETSTRUCT(variable.statsTuple))->stanullfrac;
		found = slot.nnumbers == SIZE_NUMBERS;
		if (found)
			*size = (SeriesSize){slot.numbers[0], slot.numbers[1], slot.numbers[2]};
		free_attstatsslot(&slot);
	}
	ReleaseVariableStats(variable);
	return found;
}

static bool
measure_constant(const Const *constant, const Const *days, SeriesSize *size)
{
	MarkSeries *series;
	SeriesReader reader;
	DateADT from = FIRST_DAY, until = LAST_DAY + 1;

	if (constant->constisnull)
		return true;
	series = (MarkSeries *) PG_DETOAST_DATUM_PACKED(constant->constvalue);
	if (!is_readable(series))
		return false;
	if (days != NULL)
		get_range_days(DatumGetRangeTypeP(days->constvalue), &from, &until);
	open_series_between(&reader, series, from, until);
	*size = measure(&reader);
	return true;
}

/* The marks of so many days of a line: a part of a week is taken for days on which school is held. */
static double
marks_of_days(const SeriesSize *line, const Const *days)
{
	DateADT from, until;
	double weeks;

	get_range_days(DatumGetRangeTypeP(days->constvalue), &from, &until);
	weeks = (until - from) / DAYS_PER_WEEK +
			Min((until - from) % DAYS_PER_WEEK, FIRST_WORKING_DAYS) / (double) FIRST_WORKING_DAYS;
	return line->weeks > 0 ? Min(line->marks, line->marks / line->weeks * weeks) : 0;
}

/* An argument as a constant, if the planner can make it one. */
static Const *
find_constant(PlannerInfo *root, Node *argument)
{
	Node *value = estimate_expression_value(root, argument);

	return IsA(value, Const) ? (Const *) value : NULL;
}

static bool
size_of_column(PlannerInfo *root, Node *argument, const Const *days, SeriesSize *size)
{
	double filled;

	if (!find_average(root, argument, size, &filled))
		return false;
	if (days != NULL)
		size->marks = marks_of_days(size, days);
	size->marks *= filled;
	size->weeks *= filled;
	size->spells *= filled;
	return true;
}

/* What a call reads, if it can be known: else what the function is declared with is all we have. */
static bool
find_size(const SupportRequestRows *request, SeriesSize *size)
{
	List *arguments = is_funcclause(request->node) ? ((FuncExpr *) request->node)->args : NIL;
	Const *series, *days = NULL;

	if (arguments == NIL || request->root == NULL)
		return false;
	if (list_length(arguments) > 1)
	{
		days = find_constant(request->root, lsecond(arguments));
		if (days == NULL)
			return false;
	}
	*size = (SeriesSize){0};
	if (days != NULL && days->constisnull)
		return true;
	series = find_constant(request->root, linitial(arguments));
	if (series != NULL)
		return measure_constant(series, days, size);
	return size_of_column(request->root, linitial(arguments), days, size);
}

#define ATT_ROWS_SUPPORT(function, field) \
	PG_FUNCTION_INFO_V1(att_##function##_support); \
	Datum att_##function##_support(PG_FUNCTION_ARGS) \
	{ \
		SupportRequestRows *request = (SupportRequestRows *) PG_GETARG_POINTER(0); \
		SeriesSize size; \
\
		if (!IsA(request, SupportRequestRows) || !find_size(request, &size)) \
			PG_RETURN_POINTER(NULL); \
		request->rows = size.field; \
		PG_RETURN_POINTER(request); \
	}

ATT_ROWS_SUPPORT(marks, marks)
ATT_ROWS_SUPPORT(weekly_tallies, weeks)
ATT_ROWS_SUPPORT(absence_spells, spells)
