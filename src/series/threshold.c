/*
 * threshold.c
 *		threshold_window: when a pupil came to so many unauthorised sessions in so many school weeks.
 *
 * The weeks are those of a school, whatever the lines have in them, and lines of several schools
 * count together: so what each week has is added up first, and the window is found in the sums.
 */
#include "series/series.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#define CODES 4

static const char unauthorised_codes[] = "GNOU";

/* What the lines have of unauthorised absence in a school week. */
typedef struct AbsenceWeek
{
	int week; /* since the one of FIRST_DAY */
	int sessions;
	int of_code[CODES];
	int of_session[SESSIONS_PER_WEEK]; /* by the session of the week, Monday morning first */
} AbsenceWeek;

typedef struct SchoolWeeks
{
	AbsenceWeek *week; /* the last one first */
	int count;
} SchoolWeeks;

static Datum *
take_elements(ArrayType *array, bool **nulls, int *count)
{
	int16 length;
	bool by_value;
	char align;
	Datum *values;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, &values, nulls, count);
	return values;
}

static SchoolWeeks
take_school_weeks(ArrayType *days)
{
	SchoolWeeks weeks;
	bool *nulls;
	Datum *values = take_elements(days, &nulls, &weeks.count);

	weeks.week = palloc0(Max(weeks.count, 1) * sizeof(AbsenceWeek));
	for (int i = 0; i < weeks.count; i++)
	{
		DateADT day = nulls[i] ? LAST_DAY + 1 : DatumGetDateADT(values[i]);

		if (!day_in_range(day) || (i > 0 && WEEK_OF(day) >= weeks.week[i - 1].week))
			ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							errmsg("school weeks are days of one week each, the last one first")));
		weeks.week[i].week = WEEK_OF(day);
	}
	return weeks;
}

static int
place_of_code(Mark mark)
{
	return (int) (strchr(unauthorised_codes, mark_codes[mark].code[0]) - unauthorised_codes);
}

/* What a line has in weeks that are none of the school's is left out. */
static void
add_line(SchoolWeeks weeks, const MarkSeries *series)
{
	SeriesReader reader;
	int back = weeks.count - 1;

	open_series(&reader, series);
	while (next_marks(&reader))
	{
		int week, sessions;

		if (mark_codes[reader.mark].class != CLASS_UNAUTHORISED)
			continue;
		while (reader.sessions > 0 && next_week_part(&reader, &week, &sessions))
		{
			int last = (reader.start - 1) % sessions_per_week(&reader.header);

			while (back > 0 && weeks.week[back].week < reader.header.week + week)
				back--;
			if (weeks.week[back].week != reader.header.week + week)
				continue;
			weeks.week[back].sessions += sessions;
			weeks.week[back].of_code[place_of_code(reader.mark)] += sessions;
			for (int session = last - sessions + 1; session <= last; session++)
				weeks.week[back].of_session[session]++;
		}
	}
}

static void
add_lines(SchoolWeeks weeks, ArrayType *lines)
{
	bool *nulls;
	int count;
	Datum *values = take_elements(lines, &nulls, &count);

	for (int i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!nulls[i])
			add_line(weeks, (MarkSeries *) PG_DETOAST_DATUM_PACKED(values[i]));
	}
}

/* The last of so many weeks up to which a window has enough, by a session of that week; or -1. */
static int
week_of_threshold(SchoolWeeks weeks, int threshold, int window)
{
	for (int last = 0; last < Min(window, weeks.count); last++)
	{
		int sum = 0;

		for (int i = last; i < weeks.count && i - last < window; i++)
			sum += weeks.week[i].sessions;
		if (sum >= threshold && weeks.week[last].sessions > 0)
			return last;
	}
	return -1;
}

/* The session that brings the weeks from one to a later one to the threshold. */
static SchoolSession
session_of_threshold(SchoolWeeks weeks, int first, int threshold)
{
	const AbsenceWeek *week = weeks.week + first;
	int left = threshold, session = 0;

	for (; week->sessions < left; week--)
		left -= week->sessions;
	for (; week->of_session[session] < left; session++)
		left -= week->of_session[session];
	return make_session(FIRST_DAY + week->week * DAYS_PER_WEEK + session / 2, session % 2);
}

static void
check_threshold(int threshold, int window)
{
	if (threshold < 1 || window < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a threshold is at least one session in one week, not %d in %d",
							   threshold, window)));
}

#define THRESHOLD_COLUMNS (2 + CODES + 1)

PG_FUNCTION_INFO_V1(att_threshold_window);
Datum
att_threshold_window(PG_FUNCTION_ARGS)
{
	SchoolWeeks weeks = take_school_weeks(PG_GETARG_ARRAYTYPE_P(1));
	int threshold = PG_GETARG_INT32(2), window = PG_GETARG_INT32(3);
	int met, last, first, counts[CODES] = {0};
	Datum values[THRESHOLD_COLUMNS];
	bool nulls[THRESHOLD_COLUMNS] = {false};
	TupleDesc desc;
	HeapTuple row;

	check_threshold(threshold, window);
	if (weeks.count == 0)
		PG_RETURN_NULL();
	add_lines(weeks, PG_GETARG_ARRAYTYPE_P(0));
	met = week_of_threshold(weeks, threshold, window);
	last = Max(met, 0);
	first = Min(window, weeks.count - last) + last - 1;
	for (int i = last; i <= first; i++)
		for (int code = 0; code < CODES; code++)
			counts[code] += weeks.week[i].of_code[code];
	/* the weeks as subscripts of the array */
	values[0] = Int32GetDatum(first + 1);
	values[1] = Int32GetDatum(last + 1);
	for (int code = 0; code < CODES; code++)
		values[2 + code] = Int32GetDatum(counts[code]);
	nulls[2 + CODES] = met < 0;
	values[2 + CODES] =
		SchoolSessionGetDatum(met < 0 ? 0 : session_of_threshold(weeks, first, threshold));
	desc = lookup_rowtype_tupdesc(get_func_rettype(fcinfo->flinfo->fn_oid), -1);
	row = heap_form_tuple(desc, values, nulls);
	ReleaseTupleDesc(desc);
	PG_RETURN_DATUM(HeapTupleGetDatum(row));
}
