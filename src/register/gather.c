/*
 * gather.c
 *		The triggers that gather what a statement has entered, row by row, for the one that writes
 *		it when the statement ends (register/statement.c).
 */
#include "journal/journal.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/partition.h"
#include "catalog/pg_class_d.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "storage/lockdefs.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

/* What is gathered before it is written, so that memory stays bounded in a large COPY. */
#define MAX_BYTES (16 * 1024 * 1024)

/* ---------- the trigger that writes must be there ---------- */

static void
need_writer(FunctionCallInfo fcinfo, Relation relation, TriggerEvent event)
{
	if (!will_be_written(fcinfo, relation, event, "write_journal"))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" has lost its trigger write_journal, nothing can be entered",
						RelationGetRelationName(relation))));
}

/* A statement on the parent would fire the row triggers of this table, but not those of statements. */
static void
check_inherits_not(Relation relation)
{
	if (!relation->rd_rel->relispartition && has_superclass(RelationGetRelid(relation)))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("table \"%s\" inherits from another, nothing can be entered",
							   RelationGetRelationName(relation))));
}

/*
 * A statement fires the triggers of the table it names, which may be a partition or the whole:
 * both must have the one that writes the journal, or an entry could pass it by.
 */
static void
check_will_be_written(FunctionCallInfo fcinfo, TriggerData *data)
{
	Relation relation = data->tg_relation;
	List *ancestors = NIL;
	ListCell *cell;

	check_inherits_not(relation);
	need_writer(fcinfo, relation, data->tg_event);
	if (relation->rd_rel->relispartition)
		ancestors = get_partition_ancestors(RelationGetRelid(relation));
	foreach (cell, ancestors)
	{
		Relation whole = table_open(lfirst_oid(cell), AccessShareLock);

		need_writer(fcinfo, whole, data->tg_event);
		table_close(whole, NoLock);
	}
}

/* ---------- gathering ---------- */

static Datum
need_column(HeapTuple row, TupleDesc tupdesc, int column)
{
	bool isnull;
	Datum value = SPI_getbinval(row, tupdesc, column, &isnull);

	if (isnull)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("column \"%s\" of a register's table is NULL in a row",
							   SPI_fname(tupdesc, column))));
	return value;
}

static MarkSeries *
get_series(Statement *statement, HeapTuple row, TupleDesc tupdesc, int column)
{
	MemoryContext old = MemoryContextSwitchTo(statement->state.context);
	MarkSeries *series = (MarkSeries *) PG_DETOAST_DATUM_COPY(need_column(row, tupdesc, column));

	statement->bytes += VARSIZE_ANY(series);
	MemoryContextSwitchTo(old);
	return series;
}

enum
{
	COLUMN_SCHOOL,
	COLUMN_YEAR,
	COLUMN_PUPIL,
	COLUMN_MARKS
};

static const TriggerColumn line_columns[] = {
	[COLUMN_SCHOOL] = {.name = "school_urn", .type = INT4OID},
	[COLUMN_YEAR] = {.name = "academic_year", .type = INT4OID},
	[COLUMN_PUPIL] = {.name = "pupil_id", .type = INT8OID},
	[COLUMN_MARKS] = {.name = "marks", .type = SERIES_TYPE},
};

static void
check_lines_table(FunctionCallInfo fcinfo, TriggerData *data)
{
	check_is_of_lines(data->tg_relation);
	check_will_be_written(fcinfo, data);
}

static const TriggerKind gather_line_kind = {
	.name = "gather_line",
	.type = TRIGGER_TYPE_ROW | TRIGGER_TYPE_AFTER | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE,
	.columns = line_columns,
	.column_count = lengthof(line_columns),
	.check = check_lines_table,
};

/* Whether a line has the marks that it had: what it says of its enrolment is no entry. */
static bool
same_marks(HeapTuple new, HeapTuple old, TupleDesc tupdesc, int column)
{
	bool new_null, old_null;
	Datum new_marks = SPI_getbinval(new, tupdesc, column, &new_null);
	Datum old_marks = SPI_getbinval(old, tupdesc, column, &old_null);

	return !new_null && !old_null && datumIsEqual(new_marks, old_marks, false, -1);
}

static void
gather_line(Statement *statement, const int *columns, HeapTuple new, HeapTuple old,
			Relation relation)
{
	TupleDesc tupdesc = RelationGetDescr(relation);
	LineChange line = {
		.school_urn = DatumGetInt32(need_column(new, tupdesc, columns[COLUMN_SCHOOL])),
		.academic_year = DatumGetInt32(need_column(new, tupdesc, columns[COLUMN_YEAR])),
		.pupil_id = DatumGetInt64(need_column(new, tupdesc, columns[COLUMN_PUPIL])),
		.new = get_series(statement, new, tupdesc, columns[COLUMN_MARKS]),
		.old = old == NULL ? NULL : get_series(statement, old, tupdesc, columns[COLUMN_MARKS]),
		.table =
			relation->rd_rel->relkind == RELKIND_RELATION ? RelationGetRelid(relation) : InvalidOid,
		.place = new->t_self,
	};

	statement->lines = make_room(&statement->state, statement->lines, statement->line_count,
								 &statement->line_capacity, sizeof(LineChange));
	statement->lines[statement->line_count++] = line;
	statement->bytes += sizeof(LineChange);
	if (statement->bytes > MAX_BYTES)
		write_entries(statement);
}

PG_FUNCTION_INFO_V1(att_gather_line);
Datum
att_gather_line(PG_FUNCTION_ARGS)
{
	const int *columns;
	TriggerData *data = start_trigger(fcinfo, &gather_line_kind, &columns);
	bool update = TRIGGER_FIRED_BY_UPDATE(data->tg_event);

	if (update && same_marks(data->tg_newtuple, data->tg_trigtuple,
							 RelationGetDescr(data->tg_relation), columns[COLUMN_MARKS]))
		return PointerGetDatum(NULL);
	gather_line(get_statement(fcinfo, data->tg_relation), columns,
				update ? data->tg_newtuple : data->tg_trigtuple, update ? data->tg_trigtuple : NULL,
				data->tg_relation);
	return PointerGetDatum(NULL);
}

/* Ranges of dates are written as the session would have them: not in the journal. */
static char *
row_json(HeapTuple row, TupleDesc tupdesc)
{
	Datum record = heap_copy_tuple_as_datum(row, tupdesc);
	int level = NewGUCNestLevel();
	char *json;

	if (DateStyle != USE_ISO_DATES)
		(void) set_config_option("datestyle", "ISO", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE,
								 true, 0, false);
	json = TextDatumGetCString(DirectFunctionCall1(row_to_json, record));
	AtEOXact_GUC(true, level);
	return json;
}

/* Whether the journal would say the same of both. */
bool
same_record(HeapTuple a, HeapTuple b, TupleDesc tupdesc)
{
	return strcmp(row_json(a, tupdesc), row_json(b, tupdesc)) == 0;
}

/* {"table": ..., "old": {...}, "new": {...}}, without what there is not */
static char *
record_json(TriggerData *data, HeapTuple new, HeapTuple old)
{
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"table\":");
	escape_json(&json, RelationGetRelationName(data->tg_relation));
	if (old != NULL)
		appendStringInfo(&json, ",\"old\":%s", row_json(old, tupdesc));
	if (new != NULL)
		appendStringInfo(&json, ",\"new\":%s", row_json(new, tupdesc));
	appendStringInfoChar(&json, '}');
	return json.data;
}

static const TriggerColumn record_columns[] = {
	{.name = "school_urn", .type = INT4OID, .optional = true},
};

static const TriggerKind gather_record_kind = {
	.name = "gather_record",
	.type = TRIGGER_TYPE_ROW | TRIGGER_TYPE_AFTER | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE |
			TRIGGER_TYPE_DELETE,
	.columns = record_columns,
	.column_count = lengthof(record_columns),
	.check = check_will_be_written,
};

/* What is of no school, or of all schools of a register, is in a chain of its own. */
static int
record_school(HeapTuple row, TupleDesc tupdesc, int column)
{
	bool isnull;

	return column == 0 ? 0 : get_integer(row, tupdesc, column, &isnull);
}

PG_FUNCTION_INFO_V1(att_gather_record);
Datum
att_gather_record(PG_FUNCTION_ARGS)
{
	const int *columns;
	TriggerData *data = start_trigger(fcinfo, &gather_record_kind, &columns);
	bool insert = TRIGGER_FIRED_BY_INSERT(data->tg_event);
	HeapTuple old = insert ? NULL : data->tg_trigtuple;
	HeapTuple new = insert ? data->tg_trigtuple : data->tg_newtuple; /* NULL for DELETE */
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	Statement *statement = get_statement(fcinfo, data->tg_relation);
	RecordChange *record;

	if (old != NULL && new != NULL && same_record(old, new, tupdesc))
		return PointerGetDatum(NULL); /* a load that repeats itself is no entry */
	statement->records = make_room(&statement->state, statement->records, statement->record_count,
								   &statement->record_capacity, sizeof(RecordChange));
	record = &statement->records[statement->record_count];
	record->school_urn = record_school(new == NULL ? old : new, tupdesc, columns[0]);
	record->json = MemoryContextStrdup(statement->state.context, record_json(data, new, old));
	statement->record_count++;
	statement->bytes += strlen(record->json) + sizeof(RecordChange);
	if (statement->bytes > MAX_BYTES)
		write_entries(statement);
	return PointerGetDatum(NULL);
}
