/*
 * knows.c
 *		What the policies of tables without a school ask: whether the user sees the row of another
 *		table to which a row belongs.  See sees.c for why it is asked by a function.
 */
#include "register/register.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type_d.h"
#include "rewrite/rowsecurity.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/rls.h"

typedef struct KnownNumber
{
	int64 number;  /* the key */
	DateADT until; /* none of what was asked and is not seen */
} KnownNumber;

/* What is asked by the rows of a table that is seen by its school and its pupil alone. */
typedef struct RowQuestion
{
	Places *places; /* NULL: by queries */
	RowSource source;
	bool is_long;
	bool has_end;
	bool reads_end;
} RowQuestion;

typedef struct Knowledge
{
	HTAB *numbers;
	Numbers but;
	RowQuestion by_rows;
	SPIPlanPtr ask;
	MemoryContextCallback forget;
	int asked;
	bool complete;
} Knowledge;

/* A last day that is before all that are asked for, yet is one. */
#define UNKNOWN_DAY (DATEVAL_NOBEGIN + 1)

static void
add_known(Knowledge *knowledge, int64 number, DateADT until)
{
	bool found;
	KnownNumber *known = hash_search(knowledge->numbers, &number, HASH_ENTER, &found);

	if (!found || until > known->until)
		known->until = until;
}

/* ---------- by rows ---------- */

enum
{
	ROW_SCHOOL,
	ROW_PUPIL,
	ROW_NUMBER,
	ROW_END
};

static bool
has_column(Oid relation, const char *column)
{
	return get_attnum(relation, column) != InvalidAttrNumber;
}

/* Whether a table has the policies of a register alone: whoever added one has hidden more by it. */
static bool
has_no_policy_beside(Oid relation)
{
	Relation table = table_open(relation, AccessShareLock);
	bool none = table->rd_rsdesc != NULL;
	ListCell *cell;

	foreach (cell, none ? table->rd_rsdesc->policies : NIL)
	{
		const RowSecurityPolicy *policy = lfirst(cell);

		none &= strncmp(policy->policy_name, "access_", strlen("access_")) == 0;
	}
	table_close(table, NoLock);
	return none;
}

/* Whether sees() of school and pupil is the whole of a table's policy. */
static bool
is_seen_by_place(Oid relation)
{
	return get_rel_relkind(relation) == RELKIND_RELATION && has_column(relation, "school_urn") &&
		   has_column(relation, "pupil_id") && !has_column(relation, "trust_uid") &&
		   check_enable_rls(relation, InvalidOid, true) == RLS_ENABLED &&
		   has_no_policy_beside(relation);
}

static void
prepare_rows(RowQuestion *question, MemoryContext context, Oid relation, const char *column)
{
	Oid type = getBaseType(get_atttype(relation, get_attnum(relation, column)));
	const RowColumn columns[] = {
		[ROW_SCHOOL] = {"school_urn", INT4OID},
		[ROW_PUPIL] = {"pupil_id", INT8OID},
		[ROW_NUMBER] = {column, type},
		[ROW_END] = {"end_date", DATEOID},
	};

	question->is_long = type == INT8OID;
	question->has_end = has_column(relation, "end_date");
	question->reads_end = question->has_end && may_read_column(relation, "end_date");
	if ((type != INT8OID && type != INT4OID) || !is_seen_by_place(relation) ||
		!open_rows(&question->source, relation, columns, question->has_end ? ROW_END + 1 : ROW_END))
		return;
	close_rows(&question->source);
	question->places = read_places(context, relation);
}

static bool
is_seen(const RowQuestion *question, HeapTuple row)
{
	bool no_school, no_pupil;
	int32 school = DatumGetInt32(row_value(&question->source, row, ROW_SCHOOL, &no_school));
	int64 pupil = DatumGetInt64(row_value(&question->source, row, ROW_PUPIL, &no_pupil));

	return !no_school && sees_school(question->places, school) &&
		   (question->places->all_pupils ||
			(!no_pupil && has_number(&question->places->pupils, pupil)));
}

static DateADT
last_day_of(const RowQuestion *question, HeapTuple row)
{
	bool endless;
	DateADT end;

	if (!question->has_end)
		return DATEVAL_NOEND;
	if (!question->reads_end)
		return UNKNOWN_DAY;
	end = DatumGetDateADT(row_value(&question->source, row, ROW_END, &endless));
	return endless ? DATEVAL_NOEND : end;
}

static void
take_rows(Knowledge *knowledge, SysScanDesc scan)
{
	const RowQuestion *question = &knowledge->by_rows;
	HeapTuple row;

	while (HeapTupleIsValid(row = systable_getnext(scan)))
	{
		bool isnull;
		Datum number = row_value(&question->source, row, ROW_NUMBER, &isnull);

		if (!isnull && is_seen(question, row))
			add_known(knowledge, question->is_long ? DatumGetInt64(number) : DatumGetInt32(number),
					  last_day_of(question, row));
	}
	systable_endscan(scan);
}

static void
read_one(Knowledge *knowledge, int64 number)
{
	RowQuestion *question = &knowledge->by_rows;

	if (question->is_long)
		take_rows(knowledge,
				  scan_rows(&question->source, ROW_NUMBER, F_INT8EQ, Int64GetDatum(number)));
	else if (number == (int32) number)
		take_rows(knowledge, scan_rows(&question->source, ROW_NUMBER, F_INT4EQ,
									   Int32GetDatum((int32) number)));
}

/* School by school while these are few; of many, most rows of the table are theirs. */
#define MOST_SCHOOLS 20

static void
read_all(Knowledge *knowledge)
{
	RowQuestion *question = &knowledge->by_rows;
	const Numbers *schools = &question->places->schools;

	if (schools->count > MOST_SCHOOLS)
		take_rows(knowledge, scan_all_rows(&question->source));
	else
		for (int i = 0; i < schools->count; i++)
			take_rows(knowledge, scan_rows(&question->source, ROW_SCHOOL, F_INT4EQ,
										   Int32GetDatum((int32) schools->values[i])));
}

/* ---------- by queries ---------- */

/* Until when an enrolment lasts; other rows have no end. */
static const char *
last_day(Oid relation)
{
	if (!has_column(relation, "end_date"))
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

static void
forget_plan(void *argument)
{
	Knowledge *knowledge = argument;

	if (knowledge->ask != NULL)
		SPI_freeplan(knowledge->ask);
}

static void
take_numbers(Knowledge *knowledge)
{
	bool isnull;

	for (uint64 row = 0; row < SPI_processed; row++)
		add_known(knowledge, DatumGetInt64(result_value(row, 1, &isnull)),
				  DatumGetDateADT(result_value(row, 2, &isnull)));
}

static void
query_one(Knowledge *knowledge, Oid relation, const char *column, int64 number)
{
	Oid type = INT8OID;
	Datum value = Int64GetDatum(number);

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
query_all(Knowledge *knowledge, Oid relation, const char *column)
{
	SPI_connect();
	SPI_execute(numbers_query(relation, column, "IS NOT NULL"), true, 0);
	take_numbers(knowledge);
	SPI_finish();
}

/* ---------- what is known ---------- */

/* The arguments of knows(). */
enum
{
	KNOWS_RELATION,
	KNOWS_BY,
	KNOWS_COLUMN,
	KNOWS_NUMBER,
	KNOWS_FROM,
	KNOWS_BUT
};

static HTAB *
make_known(MemoryContext context)
{
	HASHCTL control = {.keysize = sizeof(int64), .entrysize = sizeof(KnownNumber), .hcxt = context};

	return hash_create("attendance known numbers", 256, &control,
					   HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

static Knowledge *
make_knowledge(FunctionCallInfo fcinfo)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	Knowledge *knowledge = MemoryContextAllocZero(context, sizeof(Knowledge));
	Oid by = PG_GETARG_OID(KNOWS_BY);
	const char *column = NameStr(*PG_GETARG_NAME(KNOWS_COLUMN));

	knowledge->numbers = make_known(context);
	if (!PG_ARGISNULL(KNOWS_BUT))
		knowledge->but = read_numbers(context, PG_GETARG_DATUM(KNOWS_BUT), INT8OID);
	/* of what may not be read nothing is known */
	knowledge->complete =
		!has_access_to(PG_GETARG_OID(KNOWS_RELATION)) || !may_read_column(by, column);
	if (!knowledge->complete)
		prepare_rows(&knowledge->by_rows, context, by, column);
	knowledge->forget.func = forget_plan;
	knowledge->forget.arg = knowledge;
	MemoryContextRegisterResetCallback(context, &knowledge->forget);
	return knowledge;
}

/* Numbers are asked one by one while they are few, then all at once. */
#define MOST_ASKED 40

static void
ask(Knowledge *knowledge, Oid by, const char *column, int64 number)
{
	bool by_rows = knowledge->by_rows.places != NULL;

	knowledge->complete = knowledge->asked++ >= MOST_ASKED;
	add_known(knowledge, number, DATEVAL_NOBEGIN);
	if (by_rows)
		reopen_rows(&knowledge->by_rows.source);
	if (by_rows && knowledge->complete)
		read_all(knowledge);
	else if (by_rows)
		read_one(knowledge, number);
	else if (knowledge->complete)
		query_all(knowledge, by, column);
	else
		query_one(knowledge, by, column, number);
	if (by_rows)
		close_rows(&knowledge->by_rows.source);
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
	int64 number;

	if (PG_ARGISNULL(KNOWS_RELATION) || PG_ARGISNULL(KNOWS_BY) || PG_ARGISNULL(KNOWS_COLUMN) ||
		PG_ARGISNULL(KNOWS_NUMBER))
		PG_RETURN_BOOL(false);
	if (knowledge == NULL)
		fcinfo->flinfo->fn_extra = knowledge = make_knowledge(fcinfo);
	number = PG_GETARG_INT64(KNOWS_NUMBER);
	known = hash_search(knowledge->numbers, &number, HASH_FIND, NULL);
	if (known == NULL && !knowledge->complete)
	{
		ask(knowledge, PG_GETARG_OID(KNOWS_BY), NameStr(*PG_GETARG_NAME(KNOWS_COLUMN)), number);
		known = hash_search(knowledge->numbers, &number, HASH_FIND, NULL);
	}
	if (known == NULL || DATE_IS_NOBEGIN(known->until) || has_number(&knowledge->but, number))
		PG_RETURN_BOOL(false);
	PG_RETURN_BOOL(PG_ARGISNULL(KNOWS_FROM) || known->until >= PG_GETARG_DATEADT(KNOWS_FROM));
}
