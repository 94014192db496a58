/*
 * register_query.c
 *		The queries that the triggers of a register run, each prepared once in a session.
 */
#include "register.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#define MAX_PARAMETERS 4
#define SERIES_ARRAY InvalidOid /* stands for mark_series[], whose OID differs by database */
#define MAX_RESULTS 3

typedef struct QueryText
{
	const char *text; /* @ stands for the register's schema */
	int expected;     /* what SPI returns when it succeeds */
	int parameters;
	Oid types[MAX_PARAMETERS];
	Oid results[MAX_RESULTS]; /* the types that are read, as column_is() knows them */
	bool latest;              /* sees what is committed now, in any isolation level */
} QueryText;

#define EQUALS " OPERATOR(pg_catalog.=) "
#define ENROLLED_IN_YEAR \
	" e.start_date OPERATOR(pg_catalog.<) pg_catalog.make_date($2 OPERATOR(pg_catalog.+) 1, 8, 1)" \
	" AND (e.end_date IS NULL" \
	" OR e.end_date OPERATOR(pg_catalog.>=) pg_catalog.make_date($2, 8, 1))"

static const QueryText query_texts[QUERY_COUNT] = {
	[QUERY_PUPILS_BY_UPN] = {.text = "SELECT upn::pg_catalog.text, pupil_id FROM @.pupil"
									 " WHERE upn OPERATOR(pg_catalog.=) ANY ($1)",
							 .expected = SPI_OK_SELECT,
							 .parameters = 1,
							 .types = {TEXTARRAYOID},
							 .results = {TEXTOID, INT8OID}},
	/* The lines of some pupils of a school, locked in one order whoever asks. */
	[QUERY_LOCK_LINES] = {.text = "SELECT pupil_id, marks FROM @.register_line"
								  " WHERE school_urn" EQUALS "$1 AND academic_year" EQUALS "$2"
								  " AND pupil_id OPERATOR(pg_catalog.=) ANY ($3)"
								  " ORDER BY pupil_id FOR NO KEY UPDATE",
						  .expected = SPI_OK_SELECT,
						  .parameters = 3,
						  .types = {INT4OID, INT4OID, INT8ARRAYOID},
						  .results = {INT8OID, SERIES_TYPE}},
	/* A line for each of these pupils who is enrolled in the year and has none, in order too. */
	[QUERY_OPEN_LINES] = {.text =
							  "INSERT INTO @.register_line (school_urn, academic_year, pupil_id)"
							  " SELECT DISTINCT e.school_urn, $2, e.pupil_id FROM @.enrolment e"
							  " WHERE e.school_urn" EQUALS "$1"
							  " AND e.pupil_id OPERATOR(pg_catalog.=) ANY ($3)"
							  " AND" ENROLLED_IN_YEAR " ORDER BY e.pupil_id ON CONFLICT DO NOTHING",
						  .expected = SPI_OK_INSERT,
						  .parameters = 3,
						  .types = {INT4OID, INT4OID, INT8ARRAYOID}},
	[QUERY_WRITE_LINES] = {.text = "UPDATE @.register_line l SET marks = u.marks"
								   " FROM unnest($3, $4) AS u (pupil_id, marks)"
								   " WHERE l.school_urn" EQUALS "$1 AND l.academic_year" EQUALS "$2"
								   " AND l.pupil_id" EQUALS "u.pupil_id",
						   .expected = SPI_OK_UPDATE,
						   .parameters = 4,
						   .types = {INT4OID, INT4OID, INT8ARRAYOID, SERIES_ARRAY}},
	[QUERY_YEAR_EXISTS] = {.text = "SELECT 1 FROM pg_catalog.pg_partition_tree($2) t"
								   " JOIN pg_catalog.pg_class c ON c.oid" EQUALS "t.relid"
								   " WHERE pg_catalog.pg_get_expr(c.relpartbound, c.oid)"
								   " OPERATOR(pg_catalog.~)"
								   " pg_catalog.format('\\m(%s|DEFAULT)\\M', $1)",
						   .expected = SPI_OK_SELECT,
						   .parameters = 2,
						   .types = {INT4OID, REGCLASSOID}},
	[QUERY_CALENDAR] = {.text = "SELECT day, morning, afternoon FROM @.school_day"
								" WHERE school_urn" EQUALS "$1"
								" AND day OPERATOR(pg_catalog.>=) $2"
								" AND day OPERATOR(pg_catalog.<) $3",
						.expected = SPI_OK_SELECT,
						.parameters = 3,
						.types = {INT4OID, DATEOID, DATEOID},
						.results = {DATEOID, BOOLOID, BOOLOID},
						.latest = true},
	[QUERY_FIRST_ENROLMENT] = {.text = "SELECT e.start_date FROM @.enrolment e"
									   " WHERE e.school_urn" EQUALS "$1"
									   " AND e.pupil_id" EQUALS "$3 AND" ENROLLED_IN_YEAR
									   " ORDER BY e.start_date LIMIT 1",
							   .expected = SPI_OK_SELECT,
							   .parameters = 3,
							   .types = {INT4OID, INT4OID, INT8OID},
							   .results = {DATEOID}},
	[QUERY_SCHOOL_LINES] = {.text = "SELECT pupil_id, marks FROM @.register_line"
									" WHERE school_urn" EQUALS "$1 AND academic_year" EQUALS "$2",
							.expected = SPI_OK_SELECT,
							.parameters = 2,
							.types = {INT4OID, INT4OID},
							.results = {INT8OID, SERIES_TYPE},
							.latest = true},
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

/* A table may have the names of a register's and other types: its values are not to be trusted. */
static void
check_results(const QueryText *query)
{
	for (int i = 0; i < MAX_RESULTS && OidIsValid(query->results[i]); i++)
	{
		if (!column_is(SPI_tuptable->tupdesc, i + 1, query->results[i]))
			ereport(
				ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg(
					 "column \"%s\" of a register's table does not have the type that it should have",
					 SPI_fname(SPI_tuptable->tupdesc, i + 1))));
	}
}

/*
 * Runs a plan on what is committed now.  The calendar and the lines are checked against each other
 * under a lock, and a transaction with an older snapshot must not miss what changed since.
 */
static int
execute_latest(SPIPlanPtr plan, Datum *values)
{
	Snapshot snapshot;
	int result;

	CommandCounterIncrement();
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	result = SPI_execute_snapshot(plan, values, NULL, snapshot, InvalidSnapshot, false, false, 0);
	UnregisterSnapshot(snapshot);
	return result;
}

/* Runs a query whose parameters are not NULL; its rows are in SPI_tuptable. */
void
run_query(Oid register_oid, RegisterQuery query, Datum *values)
{
	const QueryText *text = &query_texts[query];
	SPIPlanPtr plan = get_plan(register_oid, query);
	int result = text->latest ? execute_latest(plan, values)
							  : SPI_execute_plan(plan, values, NULL, false, 0);

	if (result != text->expected)
		elog(ERROR, "\"%s\" failed: %s", text->text, SPI_result_code_string(result));
	if (result == SPI_OK_SELECT)
		check_results(text);
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

/* Whether a type, or the base type of a domain, is the one that an input function of ours makes. */
static bool
is_own_type(Oid type, const char *input)
{
	HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Oid function;
	bool own;

	if (!HeapTupleIsValid(tuple))
		return false;
	function = ((Form_pg_type) GETSTRUCT(tuple))->typinput;
	ReleaseSysCache(tuple);
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	if (!HeapTupleIsValid(tuple))
		return false;
	own = ((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId;
	if (own)
	{
		bool isnull;
		Datum symbol = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);

		own = !isnull && strcmp(TextDatumGetCString(symbol), input) == 0;
	}
	ReleaseSysCache(tuple);
	return own;
}

bool
column_is(TupleDesc tupdesc, int column, Oid wanted)
{
	Oid type = getBaseType(SPI_gettypeid(tupdesc, column));

	if (wanted == SERIES_TYPE)
		return is_own_type(type, "att_mark_series_in");
	if (wanted == MARK_TYPE)
		return is_own_type(type, "att_session_mark_in");
	return type == wanted;
}

/* The column of a trigger's table or view, which must have the type that the trigger will read. */
int
find_column(TupleDesc tupdesc, const char *name, Oid type)
{
	int column = SPI_fnumber(tupdesc, name);

	if (column <= 0)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
						errmsg("column \"%s\" that a register's trigger needs is missing", name)));
	if (!column_is(tupdesc, column, type))
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("column \"%s\" that a register's trigger needs has another type", name)));
	return column;
}
