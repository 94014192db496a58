/*
 * rules.h
 *		The rules of a register by number: see rules/rules.def.
 */
#ifndef ATT_RULES_H
#define ATT_RULES_H

#include "attendance.h"

typedef enum RuleAction
{
	ACTION_ALWAYS, /* refused, whatever a school's settings are */
	ACTION_REFUSE, /* refused, unless the school has it recorded */
	ACTION_RECORD, /* let in and listed, unless the school has it refused */
	ACTION_LIST    /* let in and listed, whatever a school's settings are */
} RuleAction;

#define ATT_RULE(symbol, sqlstate, rule, action, binding, column, regulation, description, hint) \
	RULE_##symbol,

typedef enum RuleNumber
{
#include "rules/rules.def"
	RULE_COUNT
} RuleNumber;

#undef ATT_RULE

/* The Regulations do not bind all schools alike. */
typedef enum RuleBinding
{
	BINDS_EVERYBODY,
	BINDS_MAINTAINED, /* 2024 regulation 11(1), 2006 regulation 7(5) */
	BINDS_NOBODY      /* guidance */
} RuleBinding;

typedef struct Rule
{
	const char *name;
	const char *sqlstate; /* without the class */
	RuleAction action;
	RuleBinding binding;
	const char *column; /* that is meant, or "" */
	const char *regulation;
	const char *description;
	const char *hint; /* the way out */
} Rule;

extern const Rule rules[RULE_COUNT];

extern bool rule_can_be_set(RuleNumber rule);
extern bool rule_can_be_taken_over(RuleNumber rule);
extern const char *rule_hint(RuleNumber rule);
extern bool rule_refuses(RuleNumber rule, const char *school_type);

/* Within ereport(): its SQLSTATE, its hint, and its name as that of the constraint. */
extern int errcode_for_rule(RuleNumber rule);

#endif /* ATT_RULES_H */
