/*
 * state.c
 *		What a running statement keeps: rows are gathered by row triggers, and the statement's last
 *		trigger writes them.
 *
 * A statement is known by the memory context that the executor keeps for its triggers: statements
 * inside a statement have their own, and one that fails takes its own along.
 */
#include "register/state.h"

#include "catalog/pg_trigger.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* The innermost statement's first. */
static State *states = NULL;

/* The state of a kind for a register or a relation; InvalidOid stands for any. */
State *
find_state(MemoryContext context, StateKind kind, Oid register_oid, Oid relation)
{
	for (State *state = states; state != NULL; state = state->next)
	{
		if (state->context == context && state->kind == kind &&
			(!OidIsValid(register_oid) || state->register_oid == register_oid) &&
			(!OidIsValid(relation) || state->relation == relation))
			return state;
	}
	return NULL;
}

/* Of all statements that run, the innermost first. */
const State *
running_states(void)
{
	return states;
}

void
end_state(State *state)
{
	State **link = &states;

	while (*link != NULL && *link != state)
		link = &(*link)->next;
	if (*link != NULL)
		*link = state->next;
}

static void
end_with_context(void *state)
{
	end_state(state);
}

/* A state of the given size, which begins with a State and is zero behind it. */
State *
new_state(MemoryContext context, StateKind kind, Oid register_oid, Oid relation, Size size)
{
	State *state = MemoryContextAllocZero(context, size);
	MemoryContextCallback *callback = MemoryContextAlloc(context, sizeof(MemoryContextCallback));

	*state = (State){context, kind, register_oid, relation, states};
	states = state;
	callback->func = end_with_context;
	callback->arg = state;
	MemoryContextRegisterResetCallback(context, callback);
	return state;
}

/* An array of a state, with room for one element more than it has. */
void *
make_room(const State *state, void *array, int count, int *capacity, Size size)
{
	if (count < *capacity)
		return array;
	*capacity = Max(64, *capacity * 2);
	if (array == NULL)
		return MemoryContextAlloc(state->context, *capacity * size);
	return repalloc_huge(array, *capacity * size);
}

/* ---------- the trigger that writes ---------- */

static bool
is_for_event(const Trigger *trigger, TriggerEvent event)
{
	if (TRIGGER_FIRED_BY_UPDATE(event))
		return TRIGGER_FOR_UPDATE(trigger->tgtype) && trigger->tgnattr == 0;
	if (TRIGGER_FIRED_BY_DELETE(event))
		return TRIGGER_FOR_DELETE(trigger->tgtype);
	return TRIGGER_FOR_INSERT(trigger->tgtype);
}

/* As the executor sees it: on a replica, triggers rest unless they are to fire there. */
static bool
is_enabled(const Trigger *trigger)
{
	char resting = SessionReplicationRole == SESSION_REPLICATION_ROLE_REPLICA
					   ? TRIGGER_FIRES_ON_ORIGIN
					   : TRIGGER_FIRES_ON_REPLICA;

	return trigger->tgenabled != TRIGGER_DISABLED && trigger->tgenabled != resting;
}

/*
 * Whether a relation has a trigger that is certain to fire at the end of a statement with this
 * event, and runs the function that writes.  Without it, a statement would gather rows and lose
 * them.  The function that gathers and the one that writes belong to one extension, hence to one
 * schema.
 */
bool
will_be_written(FunctionCallInfo fcinfo, Relation relation, TriggerEvent event, const char *writer)
{
	TriggerDesc *triggers = relation->trigdesc;
	Oid schema = get_func_namespace(fcinfo->flinfo->fn_oid);

	for (int i = 0; triggers != NULL && i < triggers->numtriggers; i++)
	{
		const Trigger *trigger = &triggers->triggers[i];

		if (TRIGGER_FOR_AFTER(trigger->tgtype) && !TRIGGER_FOR_ROW(trigger->tgtype) &&
			is_for_event(trigger, event) && is_enabled(trigger) && trigger->tgqual == NULL &&
			get_func_namespace(trigger->tgfoid) == schema &&
			strcmp(get_func_name(trigger->tgfoid), writer) == 0)
			return true;
	}
	return false;
}
