/*
 * breaches.c
 *		Lists the marks of a school's year that break a rule, and tells which of some marks the
 *		register would refuse.
 */
#include "rules/line_rules.h"

#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

#include "register/refusal.h"

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
	run_query_as_asked(register_oid, QUERY_SCHOOL_LINES, values);
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

/* The sessions of a year at a school, and those of them that it holds. */
typedef struct YearSessions
{
	SchoolSession first;
	int count;
	bool *held;
} YearSessions;

static YearSessions
year_sessions(const Calendar *calendar)
{
	YearSessions year = {.first = make_session(calendar->from, 0),
						 .count = 2 * (calendar->until - calendar->from)};

	year.held = palloc(year.count * sizeof(bool));
	for (int i = 0; i < year.count; i++)
		year.held[i] = calendar_holds(calendar, year.first + i);
	return year;
}

/*
 * Nearly all marks say that a pupil who was on the roll was present in a session that was held: these are
 * passed over here, as looking at each in turn is what the time of a list of breaches goes into.
 */
static void
list_breaches(ReturnSetInfo *rsinfo, const LineRules *rules, const YearSessions *year,
			  const Line *line)
{
	SchoolSession monday = slot_session(line->open, 0);
	const Span *enrolment = NULL;
	PupilFacts pupil;

	find_pupil_facts(&rules->facts, line->pupil_id, &pupil);
	for (int slot = 0; slot < line->open->weeks * SESSIONS_PER_WEEK; slot++)
	{
		SchoolSession session = monday + slot;
		Mark mark = line->open->marks[slot];

		if (mark == MARK_NONE || session < year->first || session - year->first >= year->count)
			continue;
		if (enrolment == NULL || !span_contains(enrolment, session_day(session)))
			enrolment = enrolment_on(&pupil, session_day(session));
		if (mark == MARK_PRESENT_AM && enrolment != NULL && year->held[session - year->first])
			continue;
		put_breaches(rsinfo, line->pupil_id, session, mark,
					 mark_breaches(rules, &pupil, session, mark));
	}
}

/* line_breaches(register, school_urn, academic_year) */
PG_FUNCTION_INFO_V1(att_line_breaches);
Datum
att_line_breaches(PG_FUNCTION_ARGS)
{
	LineRules rules = {.register_oid = get_rel_namespace(PG_GETARG_OID(0)),
					   .school_urn = PG_GETARG_INT32(1),
					   .sight = SIGHT_ANSWER};
	int year = PG_GETARG_INT32(2), count;
	Line *lines = read_lines(rules.register_oid, rules.school_urn, year, &count);
	int64 *pupils = palloc((count + 1) * sizeof(int64));
	YearSessions sessions;

	InitMaterializedSRF(fcinfo, 0);
	if (year < FIRST_YEAR || year > LAST_YEAR)
		PG_RETURN_VOID();
	for (int i = 0; i < count; i++)
		pupils[i] = lines[i].pupil_id;
	prepare_rules(&rules, academic_year_start(year), academic_year_start(year + 1),
				  int64_array(pupils, count), marks_of(lines, count));
	sessions = year_sessions(&rules.calendar);
	for (int i = 0; i < count; i++)
		list_breaches((ReturnSetInfo *) fcinfo->resultinfo, &rules, &sessions, &lines[i]);
	PG_RETURN_VOID();
}

/* ---------- marks that are not in the register yet ---------- */

typedef struct Proposal
{
	int count;
	Datum *pupils, *sessions, *marks;
} Proposal;

/* The elements of an array that has no NULL. */
static Datum *
take_array(FunctionCallInfo fcinfo, int argument, int *count)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(argument);
	Datum *elements;
	int16 length;
	bool by_value;
	char align;

	if (ARR_NDIM(array) > 1 || array_contains_nulls(array))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("the arrays must have one dimension and no NULL")));
	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &by_value, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, by_value, align, &elements, NULL, count);
	return elements;
}

static void
take_proposal(FunctionCallInfo fcinfo, Proposal *proposal)
{
	int sessions, marks;

	proposal->pupils = take_array(fcinfo, 2, &proposal->count);
	proposal->sessions = take_array(fcinfo, 3, &sessions);
	proposal->marks = take_array(fcinfo, 4, &marks);
	if (sessions != proposal->count || marks != proposal->count)
		ereport(ERROR, (errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
						errmsg("the arrays must have the same number of elements")));
}

/*
 * Those of the pupils whose enrolment at the school the caller may see, each once.  The rules are
 * decided with the owner's rights; nobody is to find out by them about other pupils.
 */
static ArrayType *
visible_pupils(const LineRules *rules, const Proposal *proposal)
{
	MemoryContext context = CurrentMemoryContext;
	Datum values[2] = {
		Int32GetDatum(rules->school_urn),
		PointerGetDatum(construct_array(proposal->pupils, proposal->count, INT8OID, sizeof(int64),
										FLOAT8PASSBYVAL, TYPALIGN_DOUBLE))};
	ArrayType *array;
	int64 *pupils;
	int count = 0;

	SPI_connect();
	run_query_as_asked(rules->register_oid, QUERY_ENROLMENTS, values);
	pupils = MemoryContextAlloc(context, (SPI_processed + 1) * sizeof(int64));
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		int64 pupil_id = DatumGetInt64(result_value(row, 1, &isnull));

		if (count == 0 || pupils[count - 1] != pupil_id)
			pupils[count++] = pupil_id;
	}
	SPI_finish();
	array = int64_array(pupils, count);
	pfree(pupils);
	return array;
}

static void
prepare_proposal(LineRules *rules, const Proposal *proposal)
{
	DateADT from = LAST_DAY, until = FIRST_DAY;
	uint64 marks = 0;

	for (int i = 0; i < proposal->count; i++)
	{
		DateADT day = session_day(get_school_session(proposal->sessions[i]));

		from = Min(from, day);
		until = Max(until, day + 1);
		marks |= UINT64CONST(1) << any_half(get_mark(proposal->marks[i]));
	}
	prepare_rules(rules, from, until, visible_pupils(rules, proposal), marks);
}

static void
put_refusal(ReturnSetInfo *rsinfo, int place, const char *problem)
{
	Datum values[2] = {Int32GetDatum(place), CStringGetTextDatum(problem)};
	bool nulls[2] = {false};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* refused_marks(register, school_urn, pupil_ids, sessions, marks) */
PG_FUNCTION_INFO_V1(att_refused_marks);
Datum
att_refused_marks(PG_FUNCTION_ARGS)
{
	LineRules rules = {.register_oid = get_rel_namespace(PG_GETARG_OID(0)),
					   .school_urn = PG_GETARG_INT32(1),
					   .sight = SIGHT_ANSWER};
	Proposal proposal;

	InitMaterializedSRF(fcinfo, 0);
	take_proposal(fcinfo, &proposal);
	if (proposal.count == 0)
		PG_RETURN_VOID();
	prepare_proposal(&rules, &proposal);
	for (int i = 0; i < proposal.count; i++)
	{
		MarkEntry entry = {.school_urn = rules.school_urn,
						   .pupil_id = DatumGetInt64(proposal.pupils[i]),
						   .session = get_school_session(proposal.sessions[i])};
		MarkChange change = {entry.session, MARK_NONE, any_half(get_mark(proposal.marks[i]))};
		RuleNumber rule;
		PupilFacts pupil;

		find_pupil_facts(&rules.facts, entry.pupil_id, &pupil);
		if (pupil.first[FACT_ENROLMENTS] == pupil.after[FACT_ENROLMENTS])
			continue;
		rule = refused_rule(&rules, &pupil, &change, true, false);
		if (rule < MARK_RULES)
			put_refusal((ReturnSetInfo *) fcinfo->resultinfo, i + 1,
						refused_mark(rule, &entry, change.new).message);
	}
	PG_RETURN_VOID();
}
