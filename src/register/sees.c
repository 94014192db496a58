/*
 * sees.c
 *		What the policies of row-level security ask first of each row.
 *
 * A condition that leaks nothing by itself, such as surname < 'M', is tried by PostgreSQL before a
 * policy if it costs less.  Who sees whether the policy was then asked, by EXPLAIN ANALYZE, by
 * counters or by time, reads what is hidden bit by bit.  These functions cost next to nothing for
 * the planner, so they come first, and hold what they need from the first row on.
 */
#include "register/register.h"

#include "catalog/pg_type_d.h"
#include "miscadmin.h"
#include "nodes/supportnodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"

typedef struct KnownNumber
{
	int64 number; /* the key */
	DateADT until;
} KnownNumber;

/* Rights may end between two rows of a cursor, but what is known stays that of its first row. */
static HTAB *
make_numbers(MemoryContext context)
{
	HASHCTL control = {.keysize = sizeof(int64), .entrysize = sizeof(KnownNumber), .hcxt = context};

	return hash_create("attendance known numbers", 256, &control,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static void
add_number(HTAB *numbers, int64 number, DateADT until)
{
	KnownNumber *known = hash_search(numbers, &number, HASH_ENTER, NULL);

	known->until = until;
}

/* ---------- places ---------- */

typedef struct Places
{
	HTAB *schools;
	HTAB *trusts;
	HTAB *authorities;
	HTAB *pupils; /* NULL: all of the schools */
} Places;

static HTAB *
make_set(MemoryContext context, Datum array, Oid type)
{
	HTAB *set = make_numbers(context);
	bool is_long = type == INT8OID;
	Datum *numbers;
	int count;

	deconstruct_array(DatumGetArrayTypeP(array), type, is_long ? sizeof(int64) : sizeof(int32),
					  is_long ? FLOAT8PASSBYVAL : true, is_long ? TYPALIGN_DOUBLE : TYPALIGN_INT,
					  &numbers, NULL, &count);
	for (int i = 0; i < count; i++)
		add_number(set, is_long ? DatumGetInt64(numbers[i]) : DatumGetInt32(numbers[i]), 0);
	return set;
}

static Places *
read_places(FunctionCallInfo fcinfo)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	Places *places = MemoryContextAllocZero(context, sizeof(Places));
	AccessSets sets = access_sets(PG_GETARG_OID(0));

	places->schools = make_set(context, sets.schools, INT4OID);
	places->trusts = make_set(context, sets.trusts, INT4OID);
	places->authorities = make_set(context, sets.authorities, INT4OID);
	if (!sets.all_pupils)
		places->pupils = make_set(context, sets.pupils, INT8OID);
	return places;
}

static bool
has_number(HTAB *set, int64 number)
{
	return hash_search(set, &number, HASH_FIND, NULL) != NULL;
}

static bool
has_int_argument(HTAB *set, FunctionCallInfo fcinfo, int argument)
{
	return !PG_ARGISNULL(argument) && has_number(set, PG_GETARG_INT32(argument));
}

/*
 * sees(relation, school_urn, pupil_id, trust_uid, la_number): whether a row of these may be one that
 * the user sees.  What it has not is NULL; the rest of the policy decides the same again, by index.
 */
PG_FUNCTION_INFO_V1(att_sees);
Datum
att_sees(PG_FUNCTION_ARGS)
{
	Places *places = fcinfo->flinfo->fn_extra;

	if (PG_ARGISNULL(0))
		PG_RETURN_BOOL(false);
	if (places == NULL)
		fcinfo->flinfo->fn_extra = places = read_places(fcinfo);
	if (!PG_ARGISNULL(2) && places->pupils != NULL &&
		!has_number(places->pupils, PG_GETARG_INT64(2)))
		PG_RETURN_BOOL(false);
	if (!PG_ARGISNULL(1))
		PG_RETURN_BOOL(has_number(places->schools, PG_GETARG_INT32(1)));
	PG_RETURN_BOOL(has_int_argument(places->trusts, fcinfo, 3) ||
				   has_int_argument(places->authorities, fcinfo, 4));
}

/* ---------- what is known by another table ---------- */

/* Until when an enrolment lasts; other rows have no end. */
static const char *
last_day(Oid relation)
{
	if (get_attnum(relation, "end_date") == InvalidAttrNumber)
		return "'infinity'::pg_catalog.date";
	return may_read_column(relation, "end_date")
			   ? "COALESCE(r.end_date, 'infinity'::pg_catalog.date)"
			   : "'0001-01-01 BC'::pg_catalog.date";
}

/* The numbers in a column of the rows that the user sees, each with its last day: all, or one. */
static char *
numbers_query(Oid relation, const char *column, const char *condition)
{
	return psprintf("SELECT r.%s::pg_catalog.int8, pg_catalog.max(%s) FROM %s AS r"
					" WHERE r.%s %s GROUP BY 1",
					quote_identifier(column), last_day(relation),
					quote_qualified_identifier(get_namespace_name(get_rel_namespace(relation)),
											   get_rel_name(relation)),
					quote_identifier(column), condition);
}

/* Numbers are asked one by one while they are few, then all at once. */
#define MOST_ASKED 40

typedef struct Knowledge
{
	HTAB *numbers; /* those that were asked and are not seen end before all time */
	HTAB *but;     /* or NULL */
	SPIPlanPtr ask;
	MemoryContextCallback forget;
	int asked;
	bool complete;
} Knowledge;

static void
forget_plan(void *argument)
{
	Knowledge *knowledge = argument;

	if (knowledge->ask != NULL)
		SPI_freeplan(knowledge->ask);
}

static Knowledge *
make_knowledge(FunctionCallInfo fcinfo)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	Knowledge *knowledge = MemoryContextAllocZero(context, sizeof(Knowledge));

	knowledge->numbers = make_numbers(context);
	if (!PG_ARGISNULL(5))
		knowledge->but = make_set(context, PG_GETARG_DATUM(5), INT8OID);
	/* of what may not be read nothing is known */
	knowledge->complete = !has_access_to(PG_GETARG_OID(0)) ||
						  !may_read_column(PG_GETARG_OID(1), NameStr(*PG_GETARG_NAME(2)));
	knowledge->forget.func = forget_plan;
	knowledge->forget.arg = knowledge;
	MemoryContextRegisterResetCallback(context, &knowledge->forget);
	return knowledge;
}

static void
take_numbers(Knowledge *knowledge)
{
	bool isnull;

	for (uint64 row = 0; row < SPI_processed; row++)
		add_number(knowledge->numbers, DatumGetInt64(result_value(row, 1, &isnull)),
				   DatumGetDateADT(result_value(row, 2, &isnull)));
}

static void
ask_one(Knowledge *knowledge, Oid relation, const char *column, int64 number)
{
	Oid type = INT8OID;
	Datum value = Int64GetDatum(number);

	add_number(knowledge->numbers, number, DATEVAL_NOBEGIN);
	SPI_connect();
	if (knowledge->ask == NULL)
	{
		SPIPlanPtr plan =
			SPI_prepare_cursor(numbers_query(relation, column, "OPERATOR(pg_catalog.=) $1"), 1,
							   &type, CURSOR_OPT_GENERIC_PLAN);

		if (plan == NULL || SPI_keepplan(plan) != 0)
			elog(ERROR, "cannot ask a policy: %s", SPI_result_code_string(SPI_result));
		knowledge->ask = plan;
	}
	SPI_execute_plan(knowledge->ask, &value, NULL, true, 0);
	take_numbers(knowledge);
	SPI_finish();
}

static void
ask_all(Knowledge *knowledge, Oid relation, const char *column)
{
	SPI_connect();
	SPI_execute(numbers_query(relation, column, "IS NOT NULL"), true, 0);
	take_numbers(knowledge);
	SPI_finish();
	knowledge->complete = true;
}

static KnownNumber *
find_number(Knowledge *knowledge, Oid relation, const char *column, int64 number)
{
	KnownNumber *known = hash_search(knowledge->numbers, &number, HASH_FIND, NULL);

	if (known != NULL || knowledge->complete)
		return known;
	if (knowledge->asked++ < MOST_ASKED)
		ask_one(knowledge, relation, column, number);
	else
		ask_all(knowledge, relation, column);
	return hash_search(knowledge->numbers, &number, HASH_FIND, NULL);
}

/*
 * knows(relation, by, in_column, number, from_day, but): whether the user sees a row of another table
 * with this number in a column, one that lasts until a day at least (NULL: any); none of some others.
 */
PG_FUNCTION_INFO_V1(att_knows);
Datum
att_knows(PG_FUNCTION_ARGS)
{
	Knowledge *knowledge = fcinfo->flinfo->fn_extra;
	KnownNumber *known;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		PG_RETURN_BOOL(false);
	if (knowledge == NULL)
		fcinfo->flinfo->fn_extra = knowledge = make_knowledge(fcinfo);
	known =
		find_number(knowledge, PG_GETARG_OID(1), NameStr(*PG_GETARG_NAME(2)), PG_GETARG_INT64(3));
	if (known == NULL || DATE_IS_NOBEGIN(known->until) ||
		(knowledge->but != NULL && has_number(knowledge->but, known->number)))
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(PG_ARGISNULL(4) || known->until >= PG_GETARG_DATEADT(4));
}

/* For the planner: it says nothing that the rest of the policy does not say. */
PG_FUNCTION_INFO_V1(att_sees_support);
Datum
att_sees_support(PG_FUNCTION_ARGS)
{
	Node *request = (Node *) PG_GETARG_POINTER(0);

	if (!IsA(request, SupportRequestSelectivity))
		PG_RETURN_POINTER(NULL);
	((SupportRequestSelectivity *) request)->selectivity = 1.0;
	PG_RETURN_POINTER(request);
}
