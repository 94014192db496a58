/*
 * refusal.h
 *		What a refusal carries: see register/refusal.c.
 */
#ifndef ATT_REGISTER_REFUSAL_H
#define ATT_REGISTER_REFUSAL_H

#include "register/register.h"
#include "rules/rules.h"

typedef struct Refusal
{
	const Rule *rule; /* that is broken, or NULL */
	int sqlstate;     /* if none is */
	const char *column;
	uint32 row;       /* place among those that a statement on a view sent, or 0 */
	uint32 other_row; /* with which it is at odds, or 0 */
	char *message;    /* without the rows */
} Refusal;

extern int err_relation_column(Oid relation, const char *column);
extern char *describe_mark(const MarkEntry *entry);
extern const char *mark_text(const MarkEntry *entry, Mark mark);
extern const char *pupil_column(const MarkEntry *entry);
extern void refuse_row(MarkBuffer *buffer, const Refusal *refusal);
extern void refuse_entry(MarkBuffer *buffer, MarkEntry *entry, Refusal refusal);
extern Refusal refused_mark(RuleNumber rule, const MarkEntry *entry, Mark mark);
pg_noreturn extern void refuse_line_mark(Oid register_oid, RuleNumber rule, const MarkEntry *entry,
										 Mark mark);

#endif /* ATT_REGISTER_REFUSAL_H */
