/*
 * calendar.c
 *		The sessions that a school holds, and the trigger that keeps them while they have marks.
 */
#include "register/register.h"

#include "catalog/pg_trigger.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"

#include "rules/rules.h"

/* What the calendar says of a day. */
#define DAY_LISTED 1 /* it has a row, if only to say that the school is closed */
#define DAY_HELD(half) (2 << (half))

DateADT
academic_year_start(int academic_year)
{
	return date2j(academic_year, 8, 1) - POSTGRES_EPOCH_JDATE;
}

static bool
result_bool(uint64 row, int column)
{
	bool isnull;
	Datum value = result_value(row, column, &isnull);

	return !isnull && DatumGetBool(value);
}

/* Reads the days of a school from one up to, not including, another. */
void
load_calendar(Calendar *calendar, Oid register_oid, int school_urn, Sight sight, DateADT from,
			  DateADT until)
{
	Datum values[3] = {Int32GetDatum(school_urn), DateADTGetDatum(from), DateADTGetDatum(until)};
	OwnerScope scope;

	calendar->school_urn = school_urn;
	calendar->from = from;
	calendar->until = until;
	if (calendar->days != NULL)
		pfree(calendar->days);
	calendar->days = palloc0(until - from);
	begin_as_owner(&scope, register_oid);
	SPI_connect();
	run_query_seeing(register_oid, QUERY_CALENDAR, sight, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		DateADT day = DatumGetDateADT(result_value(row, 1, &isnull));

		if (day < from || day >= until)
			continue;
		calendar->days[day - from] = DAY_LISTED | (result_bool(row, 2) ? DAY_HELD(0) : 0) |
									 (result_bool(row, 3) ? DAY_HELD(1) : 0);
	}
	SPI_finish();
	end_as_owner(&scope);
}

bool
calendar_holds(const Calendar *calendar, SchoolSession session)
{
	return (calendar->days[session_day(session) - calendar->from] &
			DAY_HELD(session_half(session))) != 0;
}

/* Whether the calendar lets a mark stand: only the mark of closure needs no session. */
static bool
day_allows(uint8 day, int half, Mark mark)
{
	if (day & DAY_HELD(half))
		return true;
	return (day & DAY_LISTED) != 0 && strcmp(mark_codes[mark].code, "#") == 0;
}

bool
calendar_allows(const Calendar *calendar, SchoolSession session, Mark mark)
{
	return day_allows(calendar->days[session_day(session) - calendar->from], session_half(session),
					  mark);
}

/* ---------- guard_school_day: a session that has marks stays in the calendar ---------- */

static const TriggerColumn day_columns[] = {
	{.name = "school_urn", .type = INT4OID},
	{.name = "day", .type = DATEOID},
	{.name = "morning", .type = BOOLOID},
	{.name = "afternoon", .type = BOOLOID},
};

static const TriggerKind guard_school_day_kind = {
	.name = "guard_school_day",
	.type = TRIGGER_TYPE_ROW | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_UPDATE | TRIGGER_TYPE_DELETE,
	.columns = day_columns,
	.column_count = lengthof(day_columns),
};

typedef struct CalendarRow
{
	int school_urn;
	DateADT day;
	uint8 held; /* as the calendar reads it */
} CalendarRow;

static CalendarRow
read_row(HeapTuple row, TupleDesc tupdesc, const int *columns)
{
	CalendarRow result = {.held = DAY_LISTED};
	bool nulls[2];

	result.school_urn = get_integer(row, tupdesc, columns[0], &nulls[0]);
	result.day = get_integer(row, tupdesc, columns[1], &nulls[1]);
	if (nulls[0] || nulls[1] || !day_in_range(result.day))
		return (CalendarRow){0}; /* no session can be meant */
	for (int half = 0; half < 2; half++)
	{
		bool isnull;

		if (DatumGetBool(SPI_getbinval(row, tupdesc, columns[2 + half], &isnull)) && !isnull)
			result.held |= DAY_HELD(half);
	}
	return result;
}

static void
check_line(Relation calendar, int school_urn, int64 pupil_id, const MarkSeries *series, DateADT day,
		   uint8 allowed)
{
	SeriesReader reader;

	open_series_between(&reader, series, day, day + 1);
	while (next_marks(&reader))
	{
		for (int half = 0; half < 2; half++)
		{
			char text[DAY_LENGTH + 1];

			if (run_half_sessions(&reader, half) == 0 || day_allows(allowed, half, reader.mark))
				continue;
			format_day(text, day);
			ereport(
				ERROR,
				(errcode_for_rule(RULE_OUTSIDE_CALENDAR),
				 errtablecolname(calendar, day_columns[2 + half].name),
				 errmsg(
					 "school %d, %s %s: the session cannot leave the calendar, pupil " INT64_FORMAT
					 " has the mark \"%s\"",
					 school_urn, text, half_names[half], pupil_id,
					 mark_codes[mark_in_half(reader.mark, half)].code)));
		}
	}
}

static void
check_lines(Relation calendar, int school_urn, DateADT day, uint8 allowed)
{
	Datum values[2] = {Int32GetDatum(school_urn), Int32GetDatum(academic_year_of(day))};
	Oid register_oid = RelationGetNamespace(calendar);

	hold_lines(register_oid);
	SPI_connect();
	run_query(register_oid, QUERY_SCHOOL_LINES, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		int64 pupil_id = DatumGetInt64(result_value(row, 1, &isnull));
		MarkSeries *series = PG_DETOAST_DATUM_PACKED(result_value(row, 2, &isnull));

		check_line(calendar, school_urn, pupil_id, series, day, allowed);
	}
	SPI_finish();
}

static const TriggerKind refuse_truncate_kind = {
	.name = "refuse_truncate",
	.type = TRIGGER_TYPE_STATEMENT | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_TRUNCATE,
};

PG_FUNCTION_INFO_V1(att_refuse_truncate);
Datum
att_refuse_truncate(PG_FUNCTION_ARGS)
{
	TriggerData *data = start_trigger(fcinfo, &refuse_truncate_kind, NULL);

	ereport(
		ERROR,
		(errcode_for_rule(RULE_OUTSIDE_CALENDAR), errtable(data->tg_relation),
		 errmsg("table \"%s\" cannot be truncated: sessions that have marks stay in the calendar",
				RelationGetRelationName(data->tg_relation))));
}

PG_FUNCTION_INFO_V1(att_guard_school_day);
Datum
att_guard_school_day(PG_FUNCTION_ARGS)
{
	const int *columns;
	TriggerData *data = start_trigger(fcinfo, &guard_school_day_kind, &columns);
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	HeapTuple result = data->tg_trigtuple;
	CalendarRow old = read_row(data->tg_trigtuple, tupdesc, columns), new = {0};
	uint8 allowed = 0;

	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		result = data->tg_newtuple;
		new = read_row(result, tupdesc, columns);
	}
	if (new.school_urn == old.school_urn &&new.day == old.day)
		allowed = new.held;
	if ((old.held & ~allowed) != 0)
		check_lines(data->tg_relation, old.school_urn, old.day, allowed);
	return PointerGetDatum(result);
}
