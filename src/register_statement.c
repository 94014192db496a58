/*
 * register_statement.c
 *		What a statement enters in a register: gathered row by row, checked and written to the
 *		journal when the statement ends.
 *
 * Entries belong to the running statement, which is known by the memory context that the executor
 * keeps for it, as in register_entry.c.  A rule is decided by what the rows are after every other
 * trigger and ON CONFLICT have had their say, so rows are gathered AFTER they have been written.
 */
#include "journal.h"

#include "access/table.h"
#include "catalog/partition.h"
#include "catalog/pg_trigger.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/timestamp.h"

#include "rules.h"

/* What is gathered before it is written, so that memory stays bounded in a large COPY. */
#define MAX_BYTES (16 * 1024 * 1024)

static Statement *statements = NULL;

static void
forget_statement(void *arg)
{
	Statement **link = &statements;

	while (*link != NULL && *link != arg)
		link = &(*link)->next;
	if (*link != NULL)
		*link = (*link)->next;
}

static Statement *
find_statement(MemoryContext context, Oid register_oid)
{
	for (Statement *statement = statements; statement != NULL; statement = statement->next)
	{
		if (statement->context == context && statement->register_oid == register_oid)
			return statement;
	}
	return NULL;
}

static Oid
topmost_table(Relation relation)
{
	Oid relid = RelationGetRelid(relation);

	return relation->rd_rel->relispartition ? llast_oid(get_partition_ancestors(relid)) : relid;
}

/*
 * The register of a table, which is that of the whole if it is a partition, wherever that was moved
 * to.  A table that somebody else has put beside a register's own makes no entries in it.
 */
static Oid
register_of_table(Relation relation)
{
	Oid whole = topmost_table(relation);
	Oid register_oid = get_rel_namespace(whole);

	if (get_relname_relid("register_line", register_oid) != whole &&
		relation->rd_rel->relowner != register_owner(register_oid))
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("table \"%s\" does not belong to the owner of the register",
							   RelationGetRelationName(relation))));
	return register_oid;
}

/* The register of a table of lines. */
Oid
register_of_lines(Relation relation)
{
	Oid whole = topmost_table(relation);
	Oid register_oid = get_rel_namespace(whole);

	if (get_relname_relid("register_line", register_oid) != whole)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("table \"%s\" is not the table register_line of a register",
							   RelationGetRelationName(relation))));
	return register_oid;
}

Statement *
get_statement(FunctionCallInfo fcinfo, Relation relation)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	Oid register_oid = register_of_table(relation);
	Statement *statement = find_statement(context, register_oid);
	MemoryContextCallback *callback;

	if (statement != NULL)
		return statement;
	statement = MemoryContextAllocZero(context, sizeof(Statement));
	callback = MemoryContextAlloc(context, sizeof(MemoryContextCallback));
	statement->context = context;
	statement->register_oid = register_oid;
	callback->func = forget_statement;
	callback->arg = statement;
	MemoryContextRegisterResetCallback(context, callback);
	statement->next = statements;
	statements = statement;
	return statement;
}

/* ---------- the trigger that writes must be there ---------- */

static bool
has_writer(Relation relation, TriggerEvent event, Oid schema)
{
	TriggerDesc *triggers = relation->trigdesc;

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		Trigger *trigger = &triggers->triggers[i];
		bool for_event = TRIGGER_FIRED_BY_UPDATE(event)   ? TRIGGER_FOR_UPDATE(trigger->tgtype)
						 : TRIGGER_FIRED_BY_DELETE(event) ? TRIGGER_FOR_DELETE(trigger->tgtype)
														  : TRIGGER_FOR_INSERT(trigger->tgtype);

		if (TRIGGER_FOR_AFTER(trigger->tgtype) && !TRIGGER_FOR_ROW(trigger->tgtype) && for_event &&
			trigger->tgenabled != TRIGGER_DISABLED &&
			trigger->tgenabled != TRIGGER_FIRES_ON_REPLICA && trigger->tgqual == NULL &&
			trigger->tgnattr == 0 && get_func_namespace(trigger->tgfoid) == schema &&
			strcmp(get_func_name(trigger->tgfoid), "write_journal") == 0)
			return true;
	}
	return false;
}

static void
need_writer(Relation relation, TriggerEvent event, Oid schema)
{
	if (!has_writer(relation, event, schema))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("table \"%s\" has lost its trigger write_journal, nothing can be entered",
						RelationGetRelationName(relation))));
}

/*
 * A statement fires the triggers of the table it names, which may be a partition or the whole:
 * both must have the one that writes the journal, or an entry could pass it by.
 */
static void
check_will_be_written(FunctionCallInfo fcinfo, TriggerData *data)
{
	Oid schema = get_func_namespace(fcinfo->flinfo->fn_oid);
	Relation relation = data->tg_relation;
	List *ancestors = NIL;
	ListCell *cell;

	if (fcinfo->flinfo->fn_extra != NULL)
		return; /* has been checked in this statement */
	need_writer(relation, data->tg_event, schema);
	if (relation->rd_rel->relispartition)
		ancestors = get_partition_ancestors(RelationGetRelid(relation));
	foreach (cell, ancestors)
	{
		Relation whole = table_open(lfirst_oid(cell), AccessShareLock);

		need_writer(whole, data->tg_event, schema);
		table_close(whole, NoLock);
	}
	fcinfo->flinfo->fn_extra = relation;
}

/* ---------- gathering ---------- */

static void *
room_for_one(MemoryContext context, void *array, int count, int *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = Max(64, *capacity * 2);
	if (array == NULL)
		return MemoryContextAlloc(context, *capacity * size);
	return repalloc_huge(array, *capacity * size);
}

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
	MemoryContext old = MemoryContextSwitchTo(statement->context);
	MarkSeries *series = (MarkSeries *) PG_DETOAST_DATUM_COPY(need_column(row, tupdesc, column));

	statement->bytes += VARSIZE_ANY(series);
	MemoryContextSwitchTo(old);
	return series;
}

static int
get_int32(HeapTuple row, TupleDesc tupdesc, const char *name)
{
	return DatumGetInt32(need_column(row, tupdesc, find_column(tupdesc, name, INT4OID)));
}

static void
gather_line(Statement *statement, HeapTuple new, HeapTuple old, TupleDesc tupdesc)
{
	int marks = find_column(tupdesc, "marks", SERIES_TYPE);
	int pupil_id = find_column(tupdesc, "pupil_id", INT8OID);
	LineChange line = {
		.school_urn = get_int32(new, tupdesc, "school_urn"),
		.academic_year = get_int32(new, tupdesc, "academic_year"),
		.pupil_id = DatumGetInt64(need_column(new, tupdesc, pupil_id)),
		.new = get_series(statement, new, tupdesc, marks),
		.old = old == NULL ? NULL : get_series(statement, old, tupdesc, marks),
	};

	statement->lines = room_for_one(statement->context, statement->lines, statement->line_count,
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
	TriggerData *data =
		get_trigger_data(fcinfo, "gather_line", TRIGGER_EVENT_AFTER | TRIGGER_EVENT_ROW);
	bool update = TRIGGER_FIRED_BY_UPDATE(data->tg_event);

	check_will_be_written(fcinfo, data);
	register_of_lines(data->tg_relation);
	gather_line(get_statement(fcinfo, data->tg_relation),
				update ? data->tg_newtuple : data->tg_trigtuple, update ? data->tg_trigtuple : NULL,
				RelationGetDescr(data->tg_relation));
	return PointerGetDatum(NULL);
}

static char *
row_json(HeapTuple row, TupleDesc tupdesc)
{
	Datum record = heap_copy_tuple_as_datum(row, tupdesc);

	return TextDatumGetCString(DirectFunctionCall1(row_to_json, record));
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

/* What is of no school, or of all schools of a register, is in a chain of its own. */
static int
record_school(HeapTuple row, TupleDesc tupdesc)
{
	int column = SPI_fnumber(tupdesc, "school_urn");
	bool isnull = true;
	Datum school = column <= 0 ? (Datum) 0 : SPI_getbinval(row, tupdesc, column, &isnull);

	return isnull ? 0 : DatumGetInt32(school);
}

PG_FUNCTION_INFO_V1(att_gather_record);
Datum
att_gather_record(PG_FUNCTION_ARGS)
{
	TriggerData *data =
		get_trigger_data(fcinfo, "gather_record", TRIGGER_EVENT_AFTER | TRIGGER_EVENT_ROW);
	bool insert = TRIGGER_FIRED_BY_INSERT(data->tg_event);
	HeapTuple old = insert ? NULL : data->tg_trigtuple;
	HeapTuple new = insert ? data->tg_trigtuple : data->tg_newtuple; /* NULL for DELETE */
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	Statement *statement = get_statement(fcinfo, data->tg_relation);
	RecordChange *record;

	check_will_be_written(fcinfo, data);
	statement->records =
		room_for_one(statement->context, statement->records, statement->record_count,
					 &statement->record_capacity, sizeof(RecordChange));
	record = &statement->records[statement->record_count];
	record->school_urn = record_school(new == NULL ? old : new, tupdesc);
	record->json = MemoryContextStrdup(statement->context, record_json(data, new, old));
	statement->record_count++;
	statement->bytes += strlen(record->json) + sizeof(RecordChange);
	if (statement->bytes > MAX_BYTES)
		write_entries(statement);
	return PointerGetDatum(NULL);
}

PG_FUNCTION_INFO_V1(att_write_journal);
Datum
att_write_journal(PG_FUNCTION_ARGS)
{
	TriggerData *data = get_trigger_data(fcinfo, "write_journal", TRIGGER_EVENT_AFTER);
	Statement *statement =
		find_statement(fcinfo->flinfo->fn_mcxt, register_of_table(data->tg_relation));

	if (statement != NULL)
		write_entries(statement);
	return PointerGetDatum(NULL);
}

/* ---------- writing ---------- */

static int
compare_lines(const void *left, const void *right)
{
	const LineChange *a = left;
	const LineChange *b = right;
	int result = COMPARE(a->school_urn, b->school_urn);

	if (result == 0)
		result = COMPARE(a->academic_year, b->academic_year);
	return result != 0 ? result : COMPARE(a->pupil_id, b->pupil_id);
}

/* The lines of a school's year become one entry. */
static int
write_lines(Statement *statement, int start)
{
	const LineChange *first = &statement->lines[start];
	PayloadWriter writer;
	int end = start + 1;

	while (end < statement->line_count && statement->lines[end].school_urn == first->school_urn &&
		   statement->lines[end].academic_year == first->academic_year)
		end++;
	start_payload(&writer, first->academic_year);
	check_line_changes(statement->register_oid, &statement->signature, statement->lines + start,
					   end - start, &writer);
	if (writer.lines > 0)
		write_journal_entry(statement->register_oid, first->school_urn, "marks",
							&statement->signature, &writer.bytes);
	return end;
}

static int
compare_records(const void *left, const void *right)
{
	const RecordChange *a = left;
	const RecordChange *b = right;

	return COMPARE(a->school_urn, b->school_urn);
}

/* The records of a school become one entry. */
static int
write_records(Statement *statement, int start)
{
	int school_urn = statement->records[start].school_urn;
	int end = start;
	StringInfoData json;

	initStringInfo(&json);
	for (; end < statement->record_count && statement->records[end].school_urn == school_urn; end++)
	{
		appendStringInfoString(&json, end == start ? "[" : ",\n");
		appendStringInfoString(&json, statement->records[end].json);
		pfree(statement->records[end].json);
	}
	appendStringInfoChar(&json, ']');
	write_journal_entry(statement->register_oid, school_urn, "records", &statement->signature,
						&json);
	return end;
}

static void
free_lines(Statement *statement)
{
	for (int i = 0; i < statement->line_count; i++)
	{
		pfree(statement->lines[i].new);
		if (statement->lines[i].old != NULL)
			pfree(statement->lines[i].old);
	}
}

/* Checks and writes what has been gathered so far. */
void
write_entries(Statement *statement)
{
	MemoryContext work, old;

	if (statement->line_count + statement->record_count == 0)
		return;
	work =
		AllocSetContextCreate(CurrentMemoryContext, "entries of a school", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(work);
	qsort(statement->lines, statement->line_count, sizeof(LineChange), compare_lines);
	for (int start = 0; start < statement->line_count; MemoryContextReset(work))
		start = write_lines(statement, start);
	qsort(statement->records, statement->record_count, sizeof(RecordChange), compare_records);
	for (int start = 0; start < statement->record_count; MemoryContextReset(work))
		start = write_records(statement, start);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(work);
	free_lines(statement);
	statement->line_count = statement->record_count = 0;
	statement->bytes = 0;
}
