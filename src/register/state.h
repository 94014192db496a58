/*
 * state.h
 *		What a running statement keeps from its first row to its last trigger: see register/state.c.
 */
#ifndef ATT_REGISTER_STATE_H
#define ATT_REGISTER_STATE_H

#include "attendance.h"

#include "commands/trigger.h"
#include "utils/rel.h"

/* Of each kind a statement has at most one for each view, or for each register. */
typedef enum StateKind
{
	STATE_ENTER, /* INSERT into mark: the session has no mark yet */
	STATE_AMEND, /* UPDATE of mark: the session has the mark that was read */
	STATE_FEED,  /* INSERT into mark_feed: whichever it is */
	STATE_TABLES /* what is entered in the tables of a register */
} StateKind;

/* How the state of any kind begins. */
typedef struct State
{
	MemoryContext context; /* of the statement: the state ends with it */
	StateKind kind;
	Oid register_oid;
	Oid relation;       /* the view; the table that was found to be of the register last */
	struct State *next; /* of the same statement, or of one outside it */
} State;

extern State *find_state(MemoryContext context, StateKind kind, Oid register_oid, Oid relation);
extern const State *running_states(void);
extern State *new_state(MemoryContext context, StateKind kind, Oid register_oid, Oid relation,
						Size size);
extern void end_state(State *state);
extern void *make_room(const State *state, void *array, int count, int *capacity, Size size);
extern bool will_be_written(FunctionCallInfo fcinfo, Relation relation, TriggerEvent event,
							const char *writer);

#endif /* ATT_REGISTER_STATE_H */
