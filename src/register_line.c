/*
 * register_line.c
 *		The trigger that guards a line of the register, whatever path a change takes to it.
 */
#include "register.h"

#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"
#include "utils/rel.h"

/* What stays the same while a statement runs; the calendar is that of the school seen last. */
typedef struct LineGuard
{
	int school_urn; /* columns */
	int academic_year;
	int pupil_id;
	int enrolment_start;
	int marks;
	Calendar calendar;
} LineGuard;

typedef struct LineKey
{
	int school_urn;
	int academic_year;
	int64 pupil_id;
} LineKey;

static LineGuard *
get_guard(FunctionCallInfo fcinfo, TupleDesc tupdesc)
{
	LineGuard *guard = fcinfo->flinfo->fn_extra;

	if (guard == NULL)
	{
		guard = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(LineGuard));
		guard->school_urn = find_column(tupdesc, "school_urn", INT4OID);
		guard->academic_year = find_column(tupdesc, "academic_year", INT4OID);
		guard->pupil_id = find_column(tupdesc, "pupil_id", INT8OID);
		guard->enrolment_start = find_column(tupdesc, "enrolment_start", DATEOID);
		guard->marks = find_column(tupdesc, "marks", SERIES_TYPE);
		fcinfo->flinfo->fn_extra = guard;
	}
	return guard;
}

/* False if a part of the key is NULL, which the table itself refuses. */
static bool
get_key(const LineGuard *guard, HeapTuple row, TupleDesc tupdesc, LineKey *key)
{
	bool nulls[3];

	key->school_urn = DatumGetInt32(SPI_getbinval(row, tupdesc, guard->school_urn, &nulls[0]));
	key->academic_year =
		DatumGetInt32(SPI_getbinval(row, tupdesc, guard->academic_year, &nulls[1]));
	key->pupil_id = DatumGetInt64(SPI_getbinval(row, tupdesc, guard->pupil_id, &nulls[2]));
	return !nulls[0] && !nulls[1] && !nulls[2];
}

static MarkSeries *
get_marks(const LineGuard *guard, HeapTuple row, TupleDesc tupdesc)
{
	bool isnull;
	Datum marks = SPI_getbinval(row, tupdesc, guard->marks, &isnull);

	return isnull ? NULL : (MarkSeries *) PG_DETOAST_DATUM_PACKED(marks);
}

/* ---------- marks stand only where the calendar has a session ---------- */

static void
check_session(const LineGuard *guard, const LineKey *key, SchoolSession session, Mark mark)
{
	char day[DAY_LENGTH + 1];

	if (calendar_allows(&guard->calendar, session, mark))
		return;
	format_day(day, session_day(session));
	ereport(ERROR, (errcode(ERRCODE_OUTSIDE_CALENDAR),
					errmsg("school %d holds no session on %s %s: pupil " INT64_FORMAT
						   " cannot have the mark \"%s\"",
						   key->school_urn, day, half_names[session_half(session)], key->pupil_id,
						   mark_codes[mark_in_half(mark, session_half(session))].code)));
}

/* The mark that the line had, or MARK_NONE; present as MARK_PRESENT_AM. */
static Mark
old_mark(const OpenSeries *old, int week, int in_week)
{
	if (old == NULL || week < old->first_week || week >= old->first_week + old->weeks)
		return MARK_NONE;
	return old->marks[(week - old->first_week) * SESSIONS_PER_WEEK + in_week];
}

/*
 * The calendar is read for the whole academic year where a whole line is new, and otherwise only
 * for the days that a line's change can touch: a day's registration reads a day.
 */
static void
need_calendar(LineGuard *guard, FunctionCallInfo fcinfo, Oid register_oid, const LineKey *key,
			  DateADT from, DateADT until)
{
	MemoryContext old;

	if (guard->calendar.days != NULL && guard->calendar.school_urn == key->school_urn &&
		from >= guard->calendar.from && until <= guard->calendar.until)
		return;
	old = MemoryContextSwitchTo(fcinfo->flinfo->fn_mcxt);
	load_calendar(&guard->calendar, register_oid, key->school_urn, from, until);
	MemoryContextSwitchTo(old);
}

static SchoolSession
slot_session(const OpenSeries *open, int slot)
{
	return make_session(FIRST_DAY + open->first_week * DAYS_PER_WEEK + slot / 2, slot % 2);
}

static bool
slot_changed(const OpenSeries *new, const OpenSeries *old, int slot)
{
	return new->marks[slot] != MARK_NONE &&new->marks[slot] !=
		   old_mark(old, new->first_week + slot / SESSIONS_PER_WEEK, slot % SESSIONS_PER_WEEK);
}

static void
check_changes(LineGuard *guard, FunctionCallInfo fcinfo, Oid register_oid, const LineKey *key,
			  const OpenSeries *new, const OpenSeries *old)
{
	int after = new->weeks *SESSIONS_PER_WEEK;
	int first = 0;
	DateADT from, until;

	while (first < after && !slot_changed(new, old, first))
		first++;
	while (after > first && !slot_changed(new, old, after - 1))
		after--;
	if (first == after)
		return;
	from = session_day(slot_session(new, first));
	until = session_day(slot_session(new, after - 1)) + 1;
	if (until - from > DAYS_PER_WEEK && academic_year_of(from) == academic_year_of(until - 1))
	{
		from = academic_year_start(academic_year_of(from));
		until = academic_year_start(academic_year_of(from) + 1);
	}
	need_calendar(guard, fcinfo, register_oid, key, from, until);
	for (int slot = first; slot < after; slot++)
	{
		if (slot_changed(new, old, slot))
			check_session(guard, key, slot_session(new, slot), new->marks[slot]);
	}
}

/* ---------- a line belongs to an enrolment ---------- */

/* The row with the start of the pupil's first enrolment at the school in the year, if none is given. */
static HeapTuple
fill_enrolment(LineGuard *guard, HeapTuple row, TupleDesc tupdesc, Oid register_oid,
			   const LineKey *key)
{
	Datum values[3] = {Int32GetDatum(key->school_urn), Int32GetDatum(key->academic_year),
					   Int64GetDatum(key->pupil_id)};
	bool isnull;
	Datum start;

	SPI_getbinval(row, tupdesc, guard->enrolment_start, &isnull);
	if (!isnull)
		return row;
	SPI_connect();
	run_query(register_oid, QUERY_FIRST_ENROLMENT, values);
	if (SPI_processed == 0)
		ereport(ERROR, (errcode(ERRCODE_FOREIGN_KEY_VIOLATION),
						errmsg("pupil " INT64_FORMAT
							   " has no enrolment at school %d in the academic year %d/%02d",
							   key->pupil_id, key->school_urn, key->academic_year,
							   (key->academic_year + 1) % 100)));
	start = result_value(0, 1, &isnull);
	SPI_finish();
	return heap_modify_tuple_by_cols(row, tupdesc, 1, &guard->enrolment_start, &start, &isnull);
}

static void
check_not_moved(const LineKey *new, const LineKey *old)
{
	if (new->school_urn != old->school_urn || new->academic_year != old->academic_year ||
		new->pupil_id != old->pupil_id)
		ereport(
			ERROR,
			(errcode(ERRCODE_LINE_MOVED),
			 errmsg("the line of pupil " INT64_FORMAT
					" at school %d in %d/%02d cannot become that of another pupil, school or year",
					old->pupil_id, old->school_urn, old->academic_year,
					(old->academic_year + 1) % 100)));
}

PG_FUNCTION_INFO_V1(att_guard_register_line);
Datum
att_guard_register_line(PG_FUNCTION_ARGS)
{
	TriggerData *data =
		get_trigger_data(fcinfo, "guard_register_line", TRIGGER_EVENT_BEFORE | TRIGGER_EVENT_ROW);
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	Oid register_oid = RelationGetNamespace(data->tg_relation);
	LineGuard *guard = get_guard(fcinfo, tupdesc);
	bool update = TRIGGER_FIRED_BY_UPDATE(data->tg_event);
	HeapTuple row = update ? data->tg_newtuple : data->tg_trigtuple;
	MarkSeries *marks = get_marks(guard, row, tupdesc);
	OpenSeries *old = NULL;
	LineKey key, old_key;

	if (!get_key(guard, row, tupdesc, &key) || marks == NULL)
		return PointerGetDatum(row);
	if (update)
	{
		get_key(guard, data->tg_trigtuple, tupdesc, &old_key);
		check_not_moved(&key, &old_key);
		old = unpack_series(get_marks(guard, data->tg_trigtuple, tupdesc));
	}
	check_changes(guard, fcinfo, register_oid, &key, unpack_series(marks), old);
	return PointerGetDatum(fill_enrolment(guard, row, tupdesc, register_oid, &key));
}
