/*
 * register_calendar.c
 *		The sessions that a school holds, and the triggers that keep them, and the days of the roll,
 *		while they have marks.
 */
#include "register.h"

#include "catalog/pg_inherits.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "rules.h"

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
load_calendar(Calendar *calendar, Oid register_oid, int school_urn, DateADT from, DateADT until)
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
	run_query(register_oid, QUERY_CALENDAR, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		DateADT day = DatumGetDateADT(result_value(row, 1, &isnull));

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

/* The row as the calendar reads it; 0 where there is none. */
static uint8
row_day(HeapTuple row, TupleDesc tupdesc)
{
	bool isnull;
	uint8 day = DAY_LISTED;

	if (DatumGetBool(
			SPI_getbinval(row, tupdesc, find_column(tupdesc, "morning", BOOLOID), &isnull)))
		day |= DAY_HELD(0);
	if (DatumGetBool(
			SPI_getbinval(row, tupdesc, find_column(tupdesc, "afternoon", BOOLOID), &isnull)))
		day |= DAY_HELD(1);
	return day;
}

/*
 * Keeps marks from being entered until the calendar's change is committed: those that were
 * entered before are seen, those entered after see the changed calendar.
 */
static void
lock_lines(Oid register_oid)
{
	Oid lines = get_relname_relid("register_line", register_oid);

	LockRelationOid(lines, ShareRowExclusiveLock);
	find_all_inheritors(lines, ShareRowExclusiveLock, NULL);
}

static void
check_line(int school_urn, int64 pupil_id, const MarkSeries *series, DateADT day, uint8 allowed)
{
	SeriesReader reader;

	open_series_between(&reader, series, day, day + 1);
	while (next_marks(&reader))
	{
		for (int half = 0; half < 2; half++)
		{
			char text[DAY_LENGTH + 1];

			check_mark(reader.mark);
			if (run_half_sessions(&reader, half) == 0 || day_allows(allowed, half, reader.mark))
				continue;
			format_day(text, day);
			ereport(
				ERROR,
				(errcode(rule_sqlstate(RULE_OUTSIDE_CALENDAR)),
				 errmsg(
					 "school %d, %s %s: the session cannot leave the calendar, pupil " INT64_FORMAT
					 " has the mark \"%s\"",
					 school_urn, text, half_names[half], pupil_id,
					 mark_codes[mark_in_half(reader.mark, half)].code)));
		}
	}
}

static void
check_lines(Oid register_oid, int school_urn, DateADT day, uint8 allowed)
{
	Datum values[2] = {Int32GetDatum(school_urn), Int32GetDatum(academic_year_of(day))};

	lock_lines(register_oid);
	SPI_connect();
	run_query(register_oid, QUERY_SCHOOL_LINES, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		int64 pupil_id = DatumGetInt64(result_value(row, 1, &isnull));
		MarkSeries *series = PG_DETOAST_DATUM_PACKED(result_value(row, 2, &isnull));

		check_line(school_urn, pupil_id, series, day, allowed);
	}
	SPI_finish();
}

/*
 * hold_marks(), before a row that takes days away from the roll: the row triggers that follow see
 * every mark entered so far, and none comes before the statement is committed.  Not before the
 * statement: one that changes no row would hold up all schools.
 */
PG_FUNCTION_INFO_V1(att_hold_marks);
Datum
att_hold_marks(PG_FUNCTION_ARGS)
{
	TriggerData *data =
		get_trigger_data(fcinfo, "hold_marks", TRIGGER_EVENT_BEFORE | TRIGGER_EVENT_ROW);

	lock_lines(RelationGetNamespace(data->tg_relation));
	return PointerGetDatum(data->tg_newtuple);
}

static bool
same_key(HeapTuple a, HeapTuple b, TupleDesc tupdesc, int column)
{
	bool isnull;

	return DatumGetInt32(SPI_getbinval(a, tupdesc, column, &isnull)) ==
		   DatumGetInt32(SPI_getbinval(b, tupdesc, column, &isnull));
}

PG_FUNCTION_INFO_V1(att_refuse_truncate);
Datum
att_refuse_truncate(PG_FUNCTION_ARGS)
{
	TriggerData *data = get_trigger_data(fcinfo, "refuse_truncate", TRIGGER_EVENT_BEFORE);

	ereport(
		ERROR,
		(errcode(rule_sqlstate(RULE_OUTSIDE_CALENDAR)),
		 errmsg("table \"%s\" cannot be truncated: sessions that have marks stay in the calendar",
				RelationGetRelationName(data->tg_relation))));
}

PG_FUNCTION_INFO_V1(att_guard_school_day);
Datum
att_guard_school_day(PG_FUNCTION_ARGS)
{
	TriggerData *data =
		get_trigger_data(fcinfo, "guard_school_day", TRIGGER_EVENT_BEFORE | TRIGGER_EVENT_ROW);
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	HeapTuple old = data->tg_trigtuple;
	HeapTuple result = TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? data->tg_newtuple : old;
	int school_column = find_column(tupdesc, "school_urn", INT4OID);
	int day_column = find_column(tupdesc, "day", DATEOID);
	uint8 allowed = 0;
	bool isnull;

	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event) && same_key(old, result, tupdesc, school_column) &&
		same_key(old, result, tupdesc, day_column))
		allowed = row_day(result, tupdesc);
	if ((row_day(old, tupdesc) & ~allowed) != 0)
		check_lines(RelationGetNamespace(data->tg_relation),
					DatumGetInt32(SPI_getbinval(old, tupdesc, school_column, &isnull)),
					DatumGetDateADT(SPI_getbinval(old, tupdesc, day_column, &isnull)), allowed);
	return PointerGetDatum(result);
}
