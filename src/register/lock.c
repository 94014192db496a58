/*
 * lock.c
 *		The order in which a register is locked, so that no two statements wait for each other in a
 *		circle.
 *
 * Tables come before rows: the calendar or the roll, the natures of activities, the lines.  Who
 * enters marks has a lock on the table of lines before one on any of them, and who changes what all
 * lines rest on holds them all before touching a row that a line refers to.  Then the lines, by
 * school, academic year and pupil, whether they exist or are still to be made (register/flush.c).
 *
 * What a line says of its enrolment and pupil (register/facts.c) must not be missed where one is
 * opened while the other changes.  Their rows are no lock for that: a class is opened in one order, and
 * its rows may be changed in any.  So who opens lines of a school has a lock of it until they are
 * committed, and so has who changes what they say; each waits for the other kind, not for its own.
 */
#include "register/register.h"

#include "catalog/pg_inherits.h"
#include "catalog/pg_trigger.h"
#include "miscadmin.h"
#include "storage/lmgr.h"
#include "storage/lock.h"
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
 * The lock on what lines of a school say, or those of all schools for NO_SCHOOL: of an object that is
 * in no catalog.
 */
#define NO_SCHOOL 0

static void
lock_facts(Oid register_oid, int school_urn, LOCKMODE mode)
{
	LOCKTAG tag;

	SET_LOCKTAG_OBJECT(tag, MyDatabaseId, register_lines(register_oid), school_urn, 0);
	(void) LockAcquire(&tag, mode, false, false);
}

/* Before what is to be in a new line is read: a change waits, and is seen if it has not. */
void
lock_to_open(Oid register_oid, int school_urn)
{
	lock_facts(register_oid, NO_SCHOOL, RowExclusiveLock);
	lock_facts(register_oid, school_urn, RowExclusiveLock);
}

/* Before the lines are read that a change makes say something else. */
void
lock_to_change(Oid register_oid, int school_urn)
{
	lock_facts(register_oid, school_urn, ShareLock);
}

/*
 * reach_lines(), before a statement that may change what lines say: it takes the lock on their table
 * before it has any on a row, as hold_lines() does.
 */
static const TriggerKind reach_lines_kind = {
	.name = "reach_lines",
	.type = TRIGGER_TYPE_STATEMENT | TRIGGER_TYPE_BEFORE | TRIGGER_TYPE_UPDATE,
};

PG_FUNCTION_INFO_V1(att_reach_lines);
Datum
att_reach_lines(PG_FUNCTION_ARGS)
{
	TriggerData *data = start_trigger(fcinfo, &reach_lines_kind, NULL);

	lock_for_entry(RelationGetNamespace(data->tg_relation), false);
	return PointerGetDatum(NULL);
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
