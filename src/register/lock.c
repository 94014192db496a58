/*
 * lock.c
 *		The order in which a register is locked, so that no two statements wait for each other in a
 *		circle.
 *
 * Tables come before rows: the calendar or the roll, the natures of activities, the lines.  Who
 * enters marks has a lock on the table of lines before one on any of them, and who changes what all
 * lines rest on holds them all before touching a row that a line refers to.  Then the lines, by
 * school, academic year and pupil, whether they exist or are still to be made (register/flush.c).
 */
#include "register/register.h"

#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

static void
lock_table(Oid register_oid, const char *name, LOCKMODE mode)
{
	Oid table = get_relname_relid(name, register_oid);

	if (OidIsValid(table))
		LockRelationOid(table, mode);
}

/* Before marks are entered.  Locks of their rows alone would let hold_lines() come between. */
void
lock_for_entry(Oid register_oid, bool has_natures)
{
	if (has_natures)
		lock_table(register_oid, "mark_nature", RowExclusiveLock);
	lock_table(register_oid, "register_line", RowExclusiveLock);
}

/*
 * Keeps marks from being entered until a change of what they rest on is committed: those that were
 * entered before are seen, those entered after see the change.
 */
void
hold_lines(Oid register_oid)
{
	Oid lines = register_lines(register_oid);

	LockRelationOid(lines, ShareRowExclusiveLock);
	find_all_inheritors(lines, ShareRowExclusiveLock, NULL);
}

/*
 * hold_marks(), before a statement that moves starting days: lines refer to its rows, so no row may
 * be locked before the lines are.
 */
static const TriggerKind hold_marks_kind = {
	.name = "hold_marks",
	.type = TRIGGER_TYPE_STATEMENT | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_UPDATE,
};

PG_FUNCTION_INFO_V1(att_hold_marks);
Datum
att_hold_marks(PG_FUNCTION_ARGS)
{
	TriggerData *data = start_trigger(fcinfo, &hold_marks_kind, NULL);

	hold_lines(RelationGetNamespace(data->tg_relation));
	return PointerGetDatum(NULL);
}

/*
 * hold_calendar(), before a statement that changes or takes away days: of two such statements the
 * second waits for the first before it locks any day.  Lines are held only once a session with
 * marks could go: a statement that takes none away holds nobody up who enters marks.
 */
static const TriggerKind hold_calendar_kind = {
	.name = "hold_calendar",
	.type =
		TRIGGER_TYPE_STATEMENT | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_UPDATE | TRIGGER_TYPE_DELETE,
};

PG_FUNCTION_INFO_V1(att_hold_calendar);
Datum
att_hold_calendar(PG_FUNCTION_ARGS)
{
	TriggerData *data = start_trigger(fcinfo, &hold_calendar_kind, NULL);

	LockRelation(data->tg_relation, ShareUpdateExclusiveLock);
	return PointerGetDatum(NULL);
}
