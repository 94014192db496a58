/*
 * register_breaches.c
 *		Lists the marks of a school's year that break a rule.
 */
#include "line_rules.h"

#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"

typedef struct Line
{
	int64 pupil_id;
	OpenSeries *open;
} Line;

static void
put_breaches(ReturnSetInfo *rsinfo, int64 pupil_id, SchoolSession session, Mark mark, uint32 broken)
{
	int half = session_half(session);

	for (RuleNumber rule = 0; rule < MARK_RULES; rule++)
	{
		Datum values[5];
		bool nulls[5] = {false};

		if ((broken & UINT32_C(1) << rule) == 0)
			continue;
		values[0] = Int64GetDatum(pupil_id);
		values[1] = DateADTGetDatum(session_day(session));
		values[2] = CStringGetTextDatum(half_names[half]);
		values[3] = MarkGetDatum(mark_in_half(mark, half));
		values[4] = CStringGetTextDatum(rules[rule].name);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
}

static Line *
read_lines(Oid register_oid, int school_urn, int academic_year, int *count)
{
	MemoryContext context = CurrentMemoryContext, spi;
	Datum values[2] = {Int32GetDatum(school_urn), Int32GetDatum(academic_year)};
	Line *lines;

	SPI_connect();
	run_query(register_oid, QUERY_SCHOOL_LINES, values);
	*count = (int) SPI_processed;
	spi = MemoryContextSwitchTo(context);
	lines = palloc((*count + 1) * sizeof(Line));
	for (int row = 0; row < *count; row++)
	{
		bool isnull;

		lines[row].pupil_id = DatumGetInt64(result_value(row, 1, &isnull));
		lines[row].open =
			unpack_series((MarkSeries *) PG_DETOAST_DATUM_PACKED(result_value(row, 2, &isnull)));
	}
	MemoryContextSwitchTo(spi);
	SPI_finish();
	return lines;
}

static uint64
marks_of(const Line *lines, int count)
{
	uint64 marks = 0;

	for (int i = 0; i < count; i++)
	{
		for (int slot = 0; slot < lines[i].open->weeks * SESSIONS_PER_WEEK; slot++)
			marks |= UINT64CONST(1) << lines[i].open->marks[slot];
	}
	return marks;
}

/* line_breaches(register, school_urn, academic_year) */
PG_FUNCTION_INFO_V1(att_line_breaches);
Datum
att_line_breaches(PG_FUNCTION_ARGS)
{
	LineRules rules = {.register_oid = get_rel_namespace(PG_GETARG_OID(0)),
					   .school_urn = PG_GETARG_INT32(1)};
	int year = PG_GETARG_INT32(2), count;
	Line *lines = read_lines(rules.register_oid, rules.school_urn, year, &count);
	int64 *pupils = palloc((count + 1) * sizeof(int64));

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < count; i++)
		pupils[i] = lines[i].pupil_id;
	load_calendar(&rules.calendar, rules.register_oid, rules.school_urn, academic_year_start(year),
				  academic_year_start(year + 1));
	start_facts(&rules.facts, rules.register_oid, rules.school_urn, int64_array(pupils, count));
	load_facts(&rules.facts, marks_of(lines, count));
	for (int i = 0; i < count; i++)
	{
		PupilFacts pupil;

		find_pupil_facts(&rules.facts, lines[i].pupil_id, &pupil);
		for (int slot = 0; slot < lines[i].open->weeks * SESSIONS_PER_WEEK; slot++)
		{
			Mark mark = lines[i].open->marks[slot];
			SchoolSession session = slot_session(lines[i].open, slot);

			if (mark == MARK_NONE || academic_year_of(session_day(session)) != year)
				continue;
			put_breaches((ReturnSetInfo *) fcinfo->resultinfo, lines[i].pupil_id, session, mark,
						 mark_breaches(&rules, &pupil, session, mark));
		}
	}
	PG_RETURN_VOID();
}
