/*
 * statement.c
 *		What a statement enters in a register: gathered row by row (register/gather.c), checked and
 *		written to the journal when the statement ends.
 *
 * A rule is decided by what the rows are after every other trigger and ON CONFLICT have had their
 * say, so rows are gathered AFTER they have been written.
 */
#include "journal/journal.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/partition.h"
#include "catalog/pg_trigger.h"
#include "executor/tuptable.h"
#include "nodes/pg_list.h"
#include "storage/itemptr.h"
#include "storage/lockdefs.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

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

void
check_is_of_lines(Relation relation)
{
	Oid whole = topmost_table(relation);

	if (get_relname_relid("register_line", get_rel_namespace(whole)) != whole)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("table \"%s\" is not the table register_line of a register",
							   RelationGetRelationName(relation))));
}

/* The register of a table is looked up once a statement, not once a row. */
Statement *
get_statement(FunctionCallInfo fcinfo, Relation relation)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	State *state = find_state(context, STATE_TABLES, InvalidOid, RelationGetRelid(relation));
	Oid register_oid;

	if (state != NULL)
		return (Statement *) state;
	register_oid = register_of_table(relation);
	state = find_state(context, STATE_TABLES, register_oid, InvalidOid);
	if (state == NULL)
		state = new_state(context, STATE_TABLES, register_oid, InvalidOid, sizeof(Statement));
	state->relation = RelationGetRelid(relation);
	return (Statement *) state;
}

static const TriggerKind write_journal_kind = {
	.name = "write_journal",
	.type = TRIGGER_TYPE_STATEMENT | TRIGGER_TYPE_AFTER | TRIGGER_TYPE_INSERT |
			TRIGGER_TYPE_UPDATE | TRIGGER_TYPE_DELETE,
};

PG_FUNCTION_INFO_V1(att_write_journal);
Datum
att_write_journal(PG_FUNCTION_ARGS)
{
	TriggerData *data = start_trigger(fcinfo, &write_journal_kind, NULL);
	State *state = find_state(fcinfo->flinfo->fn_mcxt, STATE_TABLES,
							  register_of_table(data->tg_relation), InvalidOid);

	if (state != NULL)
		write_entries((Statement *) state);
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

/* Partitions are opened once, as long as the lines are of the same. */
typedef struct LineFinder
{
	Relation relation;
	TupleTableSlot *slot;
} LineFinder;

static void
close_finder(LineFinder *finder)
{
	if (finder->relation == NULL)
		return;
	ExecDropSingleTupleTableSlot(finder->slot);
	table_close(finder->relation, NoLock);
	finder->relation = NULL;
}

/* Whether a row is still as the statement left it. */
static bool
line_stands(LineFinder *finder, const LineChange *line)
{
	ItemPointerData place = line->place;

	if (finder->relation == NULL || RelationGetRelid(finder->relation) != line->table)
	{
		close_finder(finder);
		finder->relation = table_open(line->table, NoLock); /* the statement has a lock */
		finder->slot = table_slot_create(finder->relation, NULL);
	}
	return table_tuple_fetch_row_version(finder->relation, &place, SnapshotSelf, finder->slot);
}

/*
 * A statement inside this one, as that of a trigger, has its entry in the journal already.  If it
 * changed one of the lines, the entries would be in the wrong order.
 */
static void
check_lines_stand(const Statement *statement)
{
	LineFinder finder = {NULL, NULL};

	for (int i = 0; i < statement->line_count; i++)
	{
		const LineChange *line = &statement->lines[i];

		if (OidIsValid(line->table) && !line_stands(&finder, line))
			ereport(ERROR, (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
							errmsg("the line of pupil " INT64_FORMAT
								   " at school %d was changed twice by one statement",
								   line->pupil_id, line->school_urn)));
	}
	close_finder(&finder);
}

/* The lines of a school's year become one entry. */
static int
write_lines(Statement *statement, int start)
{
	const LineChange *first = &statement->lines[start];
	StringInfoData payload;
	LineDiff *lines;
	int end = start + 1, changed;

	while (end < statement->line_count && statement->lines[end].school_urn == first->school_urn &&
		   statement->lines[end].academic_year == first->academic_year)
		end++;
	lines = check_line_changes(statement->state.register_oid,
							   signature_is_complete(&statement->signature), first, end - start,
							   &changed);
	if (changed > 0)
	{
		initStringInfo(&payload);
		put_payload(&payload, first->academic_year, lines, changed);
		write_journal_entry(statement->state.register_oid, first->school_urn, "marks",
							&statement->signature, &payload);
	}
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
	write_journal_entry(statement->state.register_oid, school_urn, "records", &statement->signature,
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
	check_lines_stand(statement);
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
