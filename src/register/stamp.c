/*
 * stamp.c
 *		The trigger that every entry beside marks meets before it is written: its time is that of
 *		the clock, and who makes it is taken for the journal.
 */
#include "journal/journal.h"

#include "access/htup_details.h"
#include "catalog/pg_trigger.h"
#include "executor/executor.h"
#include "utils/builtins.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/timestamp.h"

#include "rules/rules.h"

enum
{
	COLUMN_ENTERED_AT,
	COLUMN_SCHOOL,
	COLUMN_SIGNATURE
};

/* The signature is taken only of what is signed. */
static const TriggerColumn stamped_columns[] = {
	[COLUMN_ENTERED_AT] = {.name = "entered_at", .type = TIMESTAMPTZOID, .written = true},
	[COLUMN_SCHOOL] = {.name = "school_urn", .type = INT4OID, .optional = true},
	[COLUMN_SIGNATURE] = TAKES_SIGNATURE,
};

static const TriggerKind signed_kind = {
	.name = "stamp_entry",
	.type = TRIGGER_TYPE_ROW | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE,
	.columns = stamped_columns,
	.column_count = lengthof(stamped_columns),
};

static const TriggerKind unsigned_kind = {
	.name = "stamp_entry",
	.type = TRIGGER_TYPE_ROW | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE,
	.columns = stamped_columns,
	.column_count = COLUMN_SIGNATURE,
};

static HeapTuple
set_time(HeapTuple row, TupleDesc tupdesc, int column)
{
	Datum now = TimestampTzGetDatum(GetCurrentTimestamp());
	bool isnull = false;

	return heap_modify_tuple_by_cols(row, tupdesc, 1, &column, &now, &isnull);
}

static void
check_time(TriggerData *data, int column)
{
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	bool nulls[2];
	Datum old = SPI_getbinval(data->tg_trigtuple, tupdesc, column, &nulls[0]);
	Datum new = SPI_getbinval(data->tg_newtuple, tupdesc, column, &nulls[1]);

	if (nulls[0] || nulls[1] || DatumGetTimestampTz(old) != DatumGetTimestampTz(new))
		ereport(ERROR,
				(errcode_for_rule(RULE_ENTRY_DATE),
				 errtablecolname(data->tg_relation, rules[RULE_ENTRY_DATE].column),
				 errmsg("table \"%s\": the time at which an entry was made cannot be changed",
						RelationGetRelationName(data->tg_relation))));
}

/* Whether a change without a signature is refused at the school; what is of no school always is. */
static bool
refuses_unsigned(TriggerData *data, HeapTuple row, int column)
{
	Oid register_oid = RelationGetNamespace(data->tg_relation);
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	bool refused = true, isnull;
	OwnerScope scope;
	Datum school;

	if (column == 0)
		return true;
	school = SPI_getbinval(row, tupdesc, column, &isnull);
	if (isnull)
		return true;
	begin_as_owner(&scope, register_oid);
	SPI_connect();
	run_query(register_oid, QUERY_SETTINGS, &school);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		Datum rule = result_value(row, 1, &isnull);

		if (!isnull && strcmp(TextDatumGetCString(rule), rules[RULE_ENTRY_CHANGED].name) == 0)
			refused = DatumGetBool(result_value(row, 2, &isnull));
	}
	SPI_finish();
	end_as_owner(&scope);
	return refused;
}

static bool
has_argument(const TriggerData *data, int number, const char *wanted)
{
	const Trigger *trigger = data->tg_trigger;

	return trigger->tgnargs > number && strcmp(trigger->tgargs[number], wanted) == 0;
}

/* A change is signed.  So is a new row that changes what was, where the trigger says so. */
static bool
needs_signature(const TriggerData *data, HeapTuple row)
{
	if (TRIGGER_FIRED_BY_INSERT(data->tg_event))
		return has_argument(data, 1, "always");
	return !same_record(data->tg_trigtuple, row, RelationGetDescr(data->tg_relation));
}

/*
 * stamp_entry() or, for tables whose changes are signed, stamp_entry('signed'), and
 * stamp_entry('signed', 'always') for those in which a new row is a change.
 */
PG_FUNCTION_INFO_V1(att_stamp_entry);
Datum
att_stamp_entry(PG_FUNCTION_ARGS)
{
	bool takes =
		CALLED_AS_TRIGGER(fcinfo) && has_argument((TriggerData *) fcinfo->context, 0, "signed");
	const int *columns;
	TriggerData *data = start_trigger(fcinfo, takes ? &signed_kind : &unsigned_kind, &columns);
	bool update = TRIGGER_FIRED_BY_UPDATE(data->tg_event);
	HeapTuple row = update ? data->tg_newtuple : data->tg_trigtuple;
	Signature signature;

	hold_to_access(data);
	if (update)
		check_time(data, columns[COLUMN_ENTERED_AT]);
	else
		row = set_time(row, RelationGetDescr(data->tg_relation), columns[COLUMN_ENTERED_AT]);
	if (!takes)
		return PointerGetDatum(row);
	row = take_signature(get_statement(fcinfo, data->tg_relation), row,
						 RelationGetDescr(data->tg_relation), columns + COLUMN_SIGNATURE, false,
						 &signature);
	if (!signature_is_complete(&signature) && needs_signature(data, row) &&
		refuses_unsigned(data, row, columns[COLUMN_SCHOOL]))
		ereport(
			ERROR,
			(errcode_for_rule(RULE_ENTRY_CHANGED),
			 errtablecolname(data->tg_relation, rules[RULE_ENTRY_CHANGED].column),
			 errmsg("table \"%s\": to change an entry, entered_by, title and reason must be given",
					RelationGetRelationName(data->tg_relation))));
	return PointerGetDatum(row);
}
