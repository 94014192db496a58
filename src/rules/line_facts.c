/*
 * line_facts.c
 *		Reads what the rules on marks need to know of some pupils of a school: their enrolments and
 *		age, their leave, the nature of their activities, their other schools.  One query for each
 *		kind, and only for those kinds that the marks call for.
 */
#include "rules/line_facts.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"

static const char *const requirement_names[REQUIREMENT_KINDS] = {
	[NEEDS_LEAVE] = "leave",
	[NEEDS_LICENCE] = "licence",
	[NEEDS_STUDY_LEAVE] = "study leave",
	[NEEDS_PART_TIME] = "part-time timetable",
	[NEEDS_NATURE] = "nature",
	[NEEDS_SCHOOL_AGE] = "compulsory school age",
	[NEEDS_NO_SCHOOL_AGE] = "not compulsory school age",
	[NEEDS_OTHER_SCHOOL] = "other school",
	[NEEDS_NO_ROLL] = "not on roll",
	[NEEDS_CLOSURE] = "school closed",
};

/* The kind of fact that meets a requirement. */
static const FactKind requirement_facts[REQUIREMENT_KINDS] = {
	[NEEDS_LEAVE] = FACT_LEAVES,       [NEEDS_LICENCE] = FACT_LEAVES,
	[NEEDS_STUDY_LEAVE] = FACT_LEAVES, [NEEDS_PART_TIME] = FACT_LEAVES,
	[NEEDS_NATURE] = FACT_NATURES,     [NEEDS_SCHOOL_AGE] = FACT_AGES,
	[NEEDS_NO_SCHOOL_AGE] = FACT_AGES, [NEEDS_OTHER_SCHOOL] = FACT_OTHER_SCHOOLS,
	[NEEDS_NO_ROLL] = FACT_ENROLMENTS, [NEEDS_CLOSURE] = FACT_ENROLMENTS,
};

void
start_facts(LineFacts *facts, Oid register_oid, int school_urn, Sight sight, ArrayType *pupils)
{
	*facts = (LineFacts){
		.register_oid = register_oid, .school_urn = school_urn, .sight = sight, .pupils = pupils};
}

/* ---------- what codes need ---------- */

static RequirementKind
find_kind(const char *name)
{
	for (RequirementKind kind = 0; kind < REQUIREMENT_KINDS; kind++)
	{
		if (strcmp(requirement_names[kind], name) == 0)
			return kind;
	}
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("a register cannot have the requirement \"%s\"", name)));
}

static void
load_requirements(LineFacts *facts, MemoryContext context)
{
	bool isnull;

	run_query_seeing(facts->register_oid, QUERY_REQUIREMENTS, facts->sight, NULL);
	facts->requirement_count = (int) SPI_processed;
	facts->requirements = MemoryContextAlloc(context, (SPI_processed + 1) * sizeof(Requirement));
	for (int row = 0; row < facts->requirement_count; row++)
	{
		Requirement *requirement = &facts->requirements[row];

		requirement->mark = any_half(get_mark(result_value(row, 1, &isnull)));
		requirement->kind = find_kind(TextDatumGetCString(result_value(row, 2, &isnull)));
		requirement->from = DatumGetDateADT(result_value(row, 3, &isnull));
		requirement->to = DatumGetDateADT(result_value(row, 4, &isnull));
	}
	SPI_freetuptable(SPI_tuptable);
}

/* ---------- spans ---------- */

/* A bound, or what stands for none. */
static int32
get_bound(uint64 row, int column, int32 otherwise)
{
	bool isnull;
	Datum value = result_value(row, column, &isnull);

	return isnull ? otherwise : DatumGetInt32(value);
}

/* A last day becomes the day after it. */
static int32
day_after(uint64 row, int column)
{
	return Min(get_bound(row, column, LAST_DAY), LAST_DAY) + 1;
}

static void
read_days(Span *span, uint64 row)
{
	span->from = get_bound(row, 2, FIRST_DAY);
	span->until = day_after(row, 3);
}

static void
read_age(Span *span, uint64 row)
{
	bool isnull;

	find_school_age(DatumGetDateADT(result_value(row, 2, &isnull)), &span->from, &span->until);
}

static void
read_leave(Span *span, uint64 row)
{
	bool isnull;

	span->from = get_bound(row, 2, make_session(FIRST_DAY, 0));
	span->until = get_bound(row, 3, make_session(LAST_DAY, 1));
	span->mark = get_mark(result_value(row, 4, &isnull));
	span->flag = DatumGetBool(result_value(row, 5, &isnull));
	span->last_day = get_bound(row, 6, LAST_DAY);
}

static void
read_nature(Span *span, uint64 row)
{
	bool isnull;

	span->from = get_bound(row, 2, make_session(FIRST_DAY, 0));
	span->until = get_bound(row, 3, make_session(LAST_DAY, 1));
	span->mark = get_mark(result_value(row, 4, &isnull));
}

static const struct
{
	RegisterQuery query;
	void (*read)(Span *span, uint64 row);
} fact_queries[FACT_KINDS] = {
	[FACT_ENROLMENTS] = {QUERY_ENROLMENTS, read_days},
	[FACT_AGES] = {QUERY_AGES, read_age},
	[FACT_LEAVES] = {QUERY_GRANTED_SESSIONS, read_leave},
	[FACT_NATURES] = {QUERY_NATURES, read_nature},
	[FACT_OTHER_SCHOOLS] = {QUERY_OTHER_SCHOOLS, read_days},
};

static void
load_spans(LineFacts *facts, FactKind kind, MemoryContext context)
{
	SpanList *list = &facts->lists[kind];
	Datum values[2] = {Int32GetDatum(facts->school_urn), PointerGetDatum(facts->pupils)};
	bool isnull;

	if (facts->loaded[kind])
		return;
	facts->loaded[kind] = true;
	run_query_seeing(facts->register_oid, fact_queries[kind].query, facts->sight, values);
	list->count = (int) SPI_processed;
	list->spans = MemoryContextAllocExtended(context, (SPI_processed + 1) * sizeof(Span),
											 MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (int row = 0; row < list->count; row++)
	{
		list->spans[row].pupil_id = DatumGetInt64(result_value(row, 1, &isnull));
		fact_queries[kind].read(&list->spans[row], row);
	}
	SPI_freetuptable(SPI_tuptable);
}

/*
 * Reads what marks like these call for, a bit for each mark.  Presence calls for nothing but a name
 * on the roll: the table requirement cannot say otherwise.
 */
void
load_facts(LineFacts *facts, uint64 marks)
{
	MemoryContext context = CurrentMemoryContext;
	OwnerScope scope;

	begin_as_owner(&scope, facts->register_oid);
	SPI_connect();
	load_spans(facts, FACT_ENROLMENTS, context);
	if (marks & ~(UINT64CONST(1) << MARK_PRESENT_AM) && facts->requirements == NULL)
		load_requirements(facts, context);
	for (int i = 0; i < facts->requirement_count; i++)
	{
		if (marks & UINT64CONST(1) << facts->requirements[i].mark)
			load_spans(facts, requirement_facts[facts->requirements[i].kind], context);
	}
	SPI_finish();
	end_as_owner(&scope);
}

/* The first span of a pupil, or of the next pupil who has any. */
static const Span *
first_span(const SpanList *list, int64 pupil_id)
{
	int low = 0, high = list->count;

	while (low < high)
	{
		int middle = (low + high) / 2;

		if (list->spans[middle].pupil_id < pupil_id)
			low = middle + 1;
		else
			high = middle;
	}
	return list->spans + low;
}

void
find_pupil_facts(const LineFacts *facts, int64 pupil_id, PupilFacts *pupil)
{
	for (FactKind kind = 0; kind < FACT_KINDS; kind++)
	{
		const SpanList *list = &facts->lists[kind];
		const Span *span = first_span(list, pupil_id);

		pupil->first[kind] = span;
		while (span < list->spans + list->count && span->pupil_id == pupil_id)
			span++;
		pupil->after[kind] = span;
	}
}
