/*
 * trigger.c
 *		What every trigger function of a register makes sure of before it reads or writes anything:
 *		that it is the trigger it was made for, and that the columns it needs have the types for
 *		which it takes them.
 *
 * Whoever may create a table can attach any of these functions to it, with columns of any types.
 */
#include "register/register.h"

#include "access/htup_details.h"
#include "access/tupdesc.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_trigger.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/syscache.h"

/* ---------- the type of a column ---------- */

/* Whether a type is the one that an input function of ours makes. */
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

/* Whether a type, which is no domain, is the one that is wanted. */
bool
type_is(Oid type, Oid wanted)
{
	if (wanted == SERIES_TYPE)
		return is_own_type(type, "att_mark_series_in");
	if (wanted == MARK_TYPE)
		return is_own_type(type, "att_session_mark_in");
	if (wanted == SESSION_TYPE)
		return is_own_type(type, "att_school_session_in");
	return type == wanted;
}

bool
column_is(TupleDesc tupdesc, int column, Oid wanted)
{
	return type_is(getBaseType(SPI_gettypeid(tupdesc, column)), wanted);
}

/* A value that is put into a domain's column would pass its constraints by. */
static bool
is_domain(TupleDesc tupdesc, int column)
{
	return get_typtype(SPI_gettypeid(tupdesc, column)) == TYPTYPE_DOMAIN;
}

/* The number of a column; 0 if it is optional and there is none. */
static int
find_column(TupleDesc tupdesc, const TriggerColumn *wanted)
{
	int column = SPI_fnumber(tupdesc, wanted->name);

	if (column <= 0 && wanted->optional)
		return 0;
	if (column <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" that a register's trigger needs is missing", wanted->name)));
	if (!column_is(tupdesc, column, wanted->type) ||
		(wanted->written && is_domain(tupdesc, column)))
		ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
						errmsg("column \"%s\" that a register's trigger needs has another type",
							   wanted->name)));
	/* it has no value yet before the row is written, and is not for a trigger to set */
	if (TupleDescAttr(tupdesc, column - 1)->attgenerated != '\0')
		ereport(ERROR,
				(errcode(ERRCODE_GENERATED_ALWAYS),
				 errmsg("column \"%s\" that a register's trigger needs is a generated column",
						wanted->name)));
	return column;
}

/* ---------- the trigger ---------- */

/* What has been made sure of; kept as long as the statement, for one trigger of one table. */
typedef struct CheckedTrigger
{
	Oid relation;
	int columns[FLEXIBLE_ARRAY_MEMBER];
} CheckedTrigger;

/* The event as pg_trigger.tgtype would have it. */
static int16
fired_type(TriggerEvent event)
{
	int16 type = TRIGGER_FIRED_FOR_ROW(event) ? TRIGGER_TYPE_ROW : TRIGGER_TYPE_STATEMENT;

	if (TRIGGER_FIRED_BEFORE(event))
		type |= TRIGGER_TYPE_BEFORE;
	else if (TRIGGER_FIRED_INSTEAD(event))
		type |= TRIGGER_TYPE_INSTEAD;
	if (TRIGGER_FIRED_BY_INSERT(event))
		return type | TRIGGER_TYPE_INSERT;
	if (TRIGGER_FIRED_BY_UPDATE(event))
		return type | TRIGGER_TYPE_UPDATE;
	if (TRIGGER_FIRED_BY_DELETE(event))
		return type | TRIGGER_TYPE_DELETE;
	return type | TRIGGER_TYPE_TRUNCATE;
}

/* A trigger that can be deferred would fire when its statement has been written to the journal. */
static bool
is_of_kind(const TriggerData *data, const TriggerKind *kind)
{
	int16 type = fired_type(data->tg_event);

	return ((type ^ kind->type) & (TRIGGER_TYPE_LEVEL_MASK | TRIGGER_TYPE_TIMING_MASK)) == 0 &&
		   (type & kind->type & TRIGGER_TYPE_EVENT_MASK) != 0 && !data->tg_trigger->tgdeferrable;
}

static CheckedTrigger *
check_columns(MemoryContext context, Relation relation, const TriggerKind *kind)
{
	CheckedTrigger *checked = MemoryContextAlloc(context, offsetof(CheckedTrigger, columns) +
															  kind->column_count * sizeof(int));

	for (int i = 0; i < kind->column_count; i++)
		checked->columns[i] = find_column(RelationGetDescr(relation), &kind->columns[i]);
	checked->relation = RelationGetRelid(relation);
	return checked;
}

/*
 * Refuses to be anything but the trigger it was made for.  The numbers of its columns are in the
 * order in which the kind has them.
 */
TriggerData *
start_trigger(FunctionCallInfo fcinfo, const TriggerKind *kind, const int **columns)
{
	TriggerData *data = (TriggerData *) fcinfo->context;
	CheckedTrigger *checked = fcinfo->flinfo->fn_extra;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR, (errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
						errmsg("function \"%s\" was not called by trigger manager", kind->name)));
	if (!is_of_kind(data, kind))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was attached to the wrong kind of trigger", kind->name)));
	if (checked == NULL || checked->relation != RelationGetRelid(data->tg_relation))
	{
		checked = check_columns(fcinfo->flinfo->fn_mcxt, data->tg_relation, kind);
		if (kind->check != NULL)
			kind->check(fcinfo, data);
		fcinfo->flinfo->fn_extra = checked;
	}
	if (columns != NULL)
		*columns = checked->columns;
	return data;
}

/* ---------- values of such columns ---------- */

/* NULL is 0: on some machines a bigint is a pointer. */
int64
get_bigint(HeapTuple row, TupleDesc tupdesc, int column, bool *isnull)
{
	Datum value = SPI_getbinval(row, tupdesc, column, isnull);

	return *isnull ? 0 : DatumGetInt64(value);
}

int32
get_integer(HeapTuple row, TupleDesc tupdesc, int column, bool *isnull)
{
	Datum value = SPI_getbinval(row, tupdesc, column, isnull);

	return *isnull ? 0 : DatumGetInt32(value);
}
