/*
 * register_query.c
 *		The queries that the triggers of a register run, each prepared once in a session.
 */
#include "register.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#define MAX_PARAMETERS 4
#define SERIES_ARRAY InvalidOid /* stands for mark_series[], whose OID differs by database */

typedef struct QueryText
{
	const char *text; /* @ stands for the register's schema */
	int expected;     /* what SPI returns when it succeeds */
	int parameters;
	Oid types[MAX_PARAMETERS];
} QueryText;

#define EQUALS " OPERATOR(pg_catalog.=) "
#define ENROLLED_IN_YEAR \
	" e.start_date OPERATOR(pg_catalog.<) pg_catalog.make_date($2 OPERATOR(pg_catalog.+) 1, 8, 1)" \
	" AND (e.end_date IS NULL" \
	" OR e.end_date OPERATOR(pg_catalog.>=) pg_catalog.make_date($2, 8, 1))"

static const QueryText query_texts[QUERY_COUNT] = {
	[QUERY_PUPILS_BY_UPN] = {"SELECT upn::pg_catalog.text, pupil_id FROM @.pupil"
							 " WHERE upn OPERATOR(pg_catalog.=) ANY ($1)",
							 SPI_OK_SELECT,
							 1,
							 {TEXTARRAYOID}},
	/* The lines of some pupils of a school, locked in one order whoever asks. */
	[QUERY_LOCK_LINES] = {"SELECT pupil_id, marks FROM @.register_line"
						  " WHERE school_urn" EQUALS "$1 AND academic_year" EQUALS "$2"
						  " AND pupil_id OPERATOR(pg_catalog.=) ANY ($3)"
						  " ORDER BY pupil_id FOR NO KEY UPDATE",
						  SPI_OK_SELECT,
						  3,
						  {INT4OID, INT4OID, INT8ARRAYOID}},
	/* A line for each of these pupils who is enrolled in the year and has none yet. */
	[QUERY_OPEN_LINES] = {"INSERT INTO @.register_line (school_urn, academic_year, pupil_id)"
						  " SELECT DISTINCT e.school_urn, $2, e.pupil_id FROM @.enrolment e"
						  " WHERE e.school_urn" EQUALS
						  "$1 AND e.pupil_id OPERATOR(pg_catalog.=) ANY ($3)"
						  " AND" ENROLLED_IN_YEAR " ON CONFLICT DO NOTHING",
						  SPI_OK_INSERT,
						  3,
						  {INT4OID, INT4OID, INT8ARRAYOID}},
	[QUERY_WRITE_LINES] =
		{"UPDATE @.register_line l SET marks = u.marks FROM unnest($3, $4) AS u (pupil_id, marks)"
		 " WHERE l.school_urn" EQUALS "$1 AND l.academic_year" EQUALS "$2"
		 " AND l.pupil_id" EQUALS "u.pupil_id",
		 SPI_OK_UPDATE,
		 4,
		 {INT4OID, INT4OID, INT8ARRAYOID, SERIES_ARRAY}},
	[QUERY_YEAR_EXISTS] =
		{"SELECT 1 FROM pg_catalog.pg_partition_tree('@.register_line'::pg_catalog.regclass) t"
		 " JOIN pg_catalog.pg_class c ON c.oid" EQUALS "t.relid"
		 " WHERE pg_catalog.pg_get_expr(c.relpartbound, c.oid)" EQUALS
		 "pg_catalog.format('FOR VALUES IN (%s)', $1)",
		 SPI_OK_SELECT,
		 1,
		 {INT4OID}},
	[QUERY_CALENDAR] = {"SELECT day, morning, afternoon FROM @.school_day WHERE school_urn" EQUALS
						"$1"
						" AND day OPERATOR(pg_catalog.>=) $2 AND day OPERATOR(pg_catalog.<) $3",
						SPI_OK_SELECT,
						3,
						{INT4OID, DATEOID, DATEOID}},
	[QUERY_FIRST_ENROLMENT] = {"SELECT e.start_date FROM @.enrolment e"
							   " WHERE e.school_urn" EQUALS "$1 AND e.pupil_id" EQUALS
							   "$3 AND" ENROLLED_IN_YEAR " ORDER BY e.start_date LIMIT 1",
							   SPI_OK_SELECT,
							   3,
							   {INT4OID, INT4OID, INT8OID}},
	[QUERY_SCHOOL_LINES] = {"SELECT pupil_id, marks FROM @.register_line"
							" WHERE school_urn" EQUALS "$1 AND academic_year" EQUALS "$2",
							SPI_OK_SELECT,
							2,
							{INT4OID, INT4OID}},
};

typedef struct PlanKey
{
	Oid register_oid;
	RegisterQuery query;
} PlanKey;

/* A plan is kept as long as its schema has the name and its parameters the types it was made for. */
typedef struct PlanEntry
{
	PlanKey key;
	char schema[NAMEDATALEN];
	Oid series_array;
	SPIPlanPtr plan;
} PlanEntry;

static char *
query_for_schema(const char *text, const char *schema)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (; *text != '\0'; text++)
	{
		if (*text == '@')
			appendStringInfoString(&buf, quote_identifier(schema));
		else
			appendStringInfoChar(&buf, *text);
	}
	return buf.data;
}

/* The type mark_series, as the register's lines have it. */
Oid
series_type(Oid register_oid)
{
	Oid line = get_relname_relid("register_line", register_oid);
	AttrNumber column = OidIsValid(line) ? get_attnum(line, "marks") : InvalidAttrNumber;

	if (column == InvalidAttrNumber)
		ereport(
			ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
			 errmsg(
				 "schema \"%s\" has no table register_line with a column marks: it is not a register",
				 get_namespace_name(register_oid))));
	return get_atttype(line, column);
}

static SPIPlanPtr
prepare_query(const QueryText *query, const char *schema, Oid series_array)
{
	Oid types[MAX_PARAMETERS];
	SPIPlanPtr plan;

	for (int i = 0; i < query->parameters; i++)
		types[i] = query->types[i] == SERIES_ARRAY ? series_array : query->types[i];
	plan = SPI_prepare(query_for_schema(query->text, schema), query->parameters, types);
	if (plan == NULL || SPI_keepplan(plan) != 0)
		elog(ERROR, "cannot prepare \"%s\": %s", query->text, SPI_result_code_string(SPI_result));
	return plan;
}

static HTAB *
plan_table(void)
{
	static HTAB *plans = NULL;

	if (plans == NULL)
	{
		HASHCTL control = {.keysize = sizeof(PlanKey), .entrysize = sizeof(PlanEntry)};

		plans = hash_create("attendance register plans", 32, &control, HASH_ELEM | HASH_BLOBS);
	}
	return plans;
}

static SPIPlanPtr
get_plan(Oid register_oid, RegisterQuery query)
{
	PlanKey key;
	PlanEntry *entry;
	bool found;
	char *schema = get_namespace_name(register_oid);
	Oid series_array = InvalidOid;

	if (schema == NULL)
		elog(ERROR, "schema %u of a register is missing", register_oid);
	if (query == QUERY_WRITE_LINES)
		series_array = get_array_type(series_type(register_oid));
	memset(&key, 0, sizeof(key));
	key.register_oid = register_oid;
	key.query = query;
	entry = hash_search(plan_table(), &key, HASH_ENTER, &found);
	if (found && entry->plan != NULL && entry->series_array == series_array &&
		strcmp(entry->schema, schema) == 0)
		return entry->plan;
	if (found && entry->plan != NULL)
		SPI_freeplan(entry->plan);
	entry->plan = NULL; /* should preparing fail */
	entry->plan = prepare_query(&query_texts[query], schema, series_array);
	entry->series_array = series_array;
	strlcpy(entry->schema, schema, sizeof(entry->schema));
	return entry->plan;
}

/* Runs a query whose parameters are not NULL; its rows are in SPI_tuptable. */
void
run_query(Oid register_oid, RegisterQuery query, Datum *values)
{
	int result = SPI_execute_plan(get_plan(register_oid, query), values, NULL, false, 0);

	if (result != query_texts[query].expected)
		elog(ERROR, "\"%s\" failed: %s", query_texts[query].text, SPI_result_code_string(result));
}

Datum
result_value(uint64 row, int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, isnull);
}

/* ---------- for every trigger function ---------- */

/* Refuses to be anything but the trigger it was made for. */
TriggerData *
get_trigger_data(FunctionCallInfo fcinfo, const char *name, TriggerEvent timing)
{
	TriggerData *data = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("function \"%s\" was not called by trigger manager", name)));
	if ((data->tg_event & (TRIGGER_EVENT_TIMINGMASK | TRIGGER_EVENT_ROW)) != timing)
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("function \"%s\" was attached to the wrong kind of trigger", name)));
	return data;
}

int
find_column(TupleDesc tupdesc, const char *name)
{
	int column = SPI_fnumber(tupdesc, name);

	if (column <= 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
						errmsg("column \"%s\" that a register's trigger needs is missing", name)));
	return column;
}
