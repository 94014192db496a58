/*
 * dates.c
 *		From which day on what a statement changes holds: taken from its rows before they are written,
 *		and told to the trigger that keeps what held before (sql/register/dates.sql).
 */
#include "journal/journal.h"

#include "access/htup_details.h"
#include "catalog/pg_trigger.h"
#include "utils/builtins.h"
#include "utils/rel.h"

static const TriggerColumn dated_columns[] = {
	{.name = "holds_from", .type = DATEOID, .written = true},
};

static const TriggerKind take_date_kind = {
	.name = "take_date",
	.type = TRIGGER_TYPE_ROW | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE,
	.columns = dated_columns,
	.column_count = lengthof(dated_columns),
};

/* As a statement is an entry of one person, what it changes holds from one day on. */
static void
date_statement(Statement *statement, DateADT day)
{
	if (DATE_NOT_FINITE(day))
		ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
						errmsg("holds_from is a day, not infinity")));
	if (statement->has_date && statement->holds_from != day)
		ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						errmsg("the rows of one statement must have the same holds_from")));
	statement->has_date = true;
	statement->holds_from = day;
}

/* The day is not kept in the row, so that none can be mistaken for that of a later change. */
PG_FUNCTION_INFO_V1(att_take_date);
Datum
att_take_date(PG_FUNCTION_ARGS)
{
	const int *columns;
	TriggerData *data = start_trigger(fcinfo, &take_date_kind, &columns);
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	HeapTuple row =
		TRIGGER_FIRED_BY_UPDATE(data->tg_event) ? data->tg_newtuple : data->tg_trigtuple;
	int column = columns[0];
	bool isnull;
	Datum day = SPI_getbinval(row, tupdesc, column, &isnull);

	if (isnull)
		return PointerGetDatum(row);
	date_statement(get_statement(fcinfo, data->tg_relation), DatumGetDateADT(day));
	isnull = true;
	return PointerGetDatum(heap_modify_tuple_by_cols(row, tupdesc, 1, &column, &day, &isnull));
}

/* ---------- what a trigger in PL/pgSQL is told ---------- */

/* The innermost statement that runs on a table, or NULL. */
static const Statement *
running_statement(Oid relation)
{
	for (const State *state = running_states(); state != NULL; state = state->next)
	{
		if (state->kind == STATE_TABLES && state->relation == relation)
			return (const Statement *) state;
	}
	return NULL;
}

PG_FUNCTION_INFO_V1(att_running_date);
Datum
att_running_date(PG_FUNCTION_ARGS)
{
	const Statement *statement = running_statement(PG_GETARG_OID(0));

	if (statement == NULL || !statement->has_date)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(statement->holds_from);
}
