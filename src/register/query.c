/*
 * query.c
 *		The queries that the triggers of a register run, each prepared once in a session.
 */
#include "register/register.h"

#include "access/attnum.h"
#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/snapshot.h"
#include "utils/syscache.h"

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
	char extension[NAMEDATALEN]; /* the extension's schema */
	Oid series_array;
	SPIPlanPtr plan;
} PlanEntry;

static char *
query_for_schema(const char *text, const char *schema, const char *extension)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (; *text != '\0'; text++)
	{
		if (*text == '@')
			appendStringInfoString(&buf, quote_identifier(schema));
		else if (*text == '^')
			appendStringInfoString(&buf, quote_identifier(extension));
		else
			appendStringInfoChar(&buf, *text);
	}
	return buf.data;
}

/* The name of a register; its schema may have been dropped meanwhile. */
static char *
register_name(Oid register_oid)
{
	char *name = get_namespace_name(register_oid);

	if (name == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_SCHEMA),
						errmsg("there is no register with the schema OID %u", register_oid)));
	return name;
}

/* The lines of a register. */
Oid
register_lines(Oid register_oid)
{
	Oid lines = get_relname_relid("register_line", register_oid);

	if (!OidIsValid(lines))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("schema \"%s\" has no table register_line: it is not a register",
							   register_name(register_oid))));
	return lines;
}

/* The type mark_series, as the register's lines have it. */
Oid
series_type(Oid register_oid)
{
	Oid line = register_lines(register_oid);
	AttrNumber column = get_attnum(line, "marks");
	Oid type = column == InvalidAttrNumber ? InvalidOid : getBaseType(get_atttype(line, column));

	if (!type_is(type, SERIES_TYPE))
		ereport(
			ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg(
				 "schema \"%s\" has no table register_line with marks of type mark_series: it is not a register",
				 get_namespace_name(register_oid))));
	return type;
}

static Oid
type_schema(Oid type)
{
	HeapTuple tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	Oid schema;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for type %u", type);
	schema = ((Form_pg_type) GETSTRUCT(tuple))->typnamespace;
	ReleaseSysCache(tuple);
	return schema;
}

static SPIPlanPtr
prepare_query(const QueryText *query, const char *schema, const char *extension, Oid series_array)
{
	Oid types[MAX_PARAMETERS];
	SPIPlanPtr plan;

	for (int i = 0; i < query->parameters; i++)
		types[i] = query->types[i] == SERIES_ARRAY ? series_array : query->types[i];
	plan = SPI_prepare_cursor(query_for_schema(query->text, schema, extension), query->parameters,
							  types, query->generic ? CURSOR_OPT_GENERIC_PLAN : 0);
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
	char *schema = register_name(register_oid);
	char *extension = "";
	Oid series_array = InvalidOid;

	if (query == QUERY_WRITE_LINES)
		series_array = get_array_type(series_type(register_oid));
	if (strchr(query_texts[query].text, '^') != NULL)
		extension = get_namespace_name(type_schema(series_type(register_oid)));
	memset(&key, 0, sizeof(key));
	key.register_oid = register_oid;
	key.query = query;
	entry = hash_search(plan_table(), &key, HASH_ENTER, &found);
	if (found && entry->plan != NULL && entry->series_array == series_array &&
		strcmp(entry->schema, schema) == 0 && strcmp(entry->extension, extension) == 0)
		return entry->plan;
	/* a plan of before the schema was renamed is left alone: it may be the one that is running */
	entry->plan = NULL; /* should preparing fail */
	entry->plan = prepare_query(&query_texts[query], schema, extension, series_array);
	entry->series_array = series_array;
	strlcpy(entry->schema, schema, sizeof(entry->schema));
	strlcpy(entry->extension, extension, sizeof(entry->extension));
	return entry->plan;
}

/* A table may have the names of a register's and other types: its values are not to be trusted. */
static void
check_result_type(const QueryText *query, int column)
{
	if (!column_is(SPI_tuptable->tupdesc, column, query->results[column - 1]))
		ereport(
			ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg(
				 "column \"%s\" of a register's table does not have the type that it should have",
				 SPI_fname(SPI_tuptable->tupdesc, column))));
}

/* Nor is it to be trusted to have the constraints of a register's. */
static void
check_not_null(int column)
{
	bool isnull;

	for (uint64 row = 0; row < SPI_processed; row++)
	{
		result_value(row, column, &isnull);
		if (isnull)
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("column \"%s\" of a register's table is NULL in a row",
								   SPI_fname(SPI_tuptable->tupdesc, column))));
	}
}

static void
check_results(const QueryText *query)
{
	for (int i = 0; i < MAX_RESULTS && OidIsValid(query->results[i]); i++)
	{
		check_result_type(query, i + 1);
		if ((query->nullable & 1 << i) == 0)
			check_not_null(i + 1);
	}
}

/*
 * Runs a plan on what is committed now.  The calendar and the lines are checked against each other
 * under a lock, and a transaction with an older snapshot must not miss what changed since.
 */
static int
execute_latest(SPIPlanPtr plan, Datum *values, const char *nulls)
{
	Snapshot snapshot;
	int result;

	CommandCounterIncrement();
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	result = SPI_execute_snapshot(plan, values, nulls, snapshot, InvalidSnapshot, false, false, 0);
	UnregisterSnapshot(snapshot);
	return result;
}

static int
execute_query(const QueryText *text, SPIPlanPtr plan, Sight sight, Datum *values, const char *nulls)
{
	if (sight == SIGHT_ENTRY && text->latest)
		return execute_latest(plan, values, nulls);
	return SPI_execute_plan(plan, values, nulls, sight == SIGHT_ANSWER, 0);
}

static void
switch_off(const char *setting)
{
	(void) set_config_option(setting, "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0,
							 false);
}

/*
 * Plans are kept as long as the session.  One that is made while a table is still small, as in a
 * first load, must not read all of it when it has grown: so what is read is read by an index.  Nor
 * by a bitmap, whose beginning costs more than the few rows do.  No trigger runs meanwhile.
 */
static int
read_by_index(const QueryText *text, SPIPlanPtr plan, Sight sight, Datum *values, const char *nulls)
{
	int nest_level = NewGUCNestLevel();
	int result;

	switch_off("enable_seqscan");
	switch_off("enable_bitmapscan");
	result = execute_query(text, plan, sight, values, nulls);
	AtEOXact_GUC(true, nest_level);
	return result;
}

static void
run_with_sight(Oid register_oid, RegisterQuery query, Sight sight, Datum *values, const char *nulls)
{
	const QueryText *text = &query_texts[query];
	SPIPlanPtr plan = get_plan(register_oid, query);
	int result = text->by_index ? read_by_index(text, plan, sight, values, nulls)
								: execute_query(text, plan, sight, values, nulls);

	if (result != text->expected) /* a rule may have made another command of it */
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("a query of register \"%s\" failed: %s", register_name(register_oid),
							   SPI_result_code_string(result))));
	if (result == SPI_OK_SELECT)
		check_results(text);
}

/* Runs a query; its rows are in SPI_tuptable. */
void
run_query_with_nulls(Oid register_oid, RegisterQuery query, Datum *values, const char *nulls)
{
	run_with_sight(register_oid, query, SIGHT_ENTRY, values, nulls);
}

void
run_query_seeing(Oid register_oid, RegisterQuery query, Sight sight, Datum *values)
{
	run_with_sight(register_oid, query, sight, values, NULL);
}

/* Runs a query for a function that proves or lists something: one answer, one snapshot. */
void
run_query_as_asked(Oid register_oid, RegisterQuery query, Datum *values)
{
	run_query_seeing(register_oid, query, SIGHT_ANSWER, values);
}

void
run_query(Oid register_oid, RegisterQuery query, Datum *values)
{
	run_query_with_nulls(register_oid, query, values, NULL);
}

/* A parameter of a query. */
ArrayType *
int64_array(const int64 *numbers, int count)
{
	Datum *values = palloc(Max(count, 1) * sizeof(Datum));

	for (int i = 0; i < count; i++)
		values[i] = Int64GetDatum(numbers[i]);
	return construct_array(values, count, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
}

/* The owner of a register is that of its lines. */
Oid
register_owner(Oid register_oid)
{
	Oid lines = register_lines(register_oid);
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(lines));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", lines);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/*
 * Rules are decided, and the journal is written, with the rights of the register's owner, as
 * foreign keys are checked: what is hidden from the one who enters a mark, by privileges or by row
 * security, must not hide a breach, and nobody who enters marks can write the journal himself.
 */
void
begin_as_owner(OwnerScope *scope, Oid register_oid)
{
	Oid owner = register_owner(register_oid);

	GetUserIdAndSecContext(&scope->user, &scope->security);
	SetUserIdAndSecContext(owner,
						   scope->security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
}

/* An error undoes it, too. */
void
end_as_owner(const OwnerScope *scope)
{
	SetUserIdAndSecContext(scope->user, scope->security);
}

Datum
result_value(uint64 row, int column, bool *isnull)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column, isnull);
}
