/*
 * line_rules.h
 *		The rules on marks, as they are decided for the lines of a school: see rules/line_rules.c.
 */
#ifndef ATT_LINE_RULES_H
#define ATT_LINE_RULES_H

#include "journal/journal.h"
#include "rules/line_facts.h"
#include "rules/rules.h"

/* The rules on marks come first in rules/rules.def. */
#define MARK_RULES (RULE_UNSIGNED_AMENDMENT + 1)

/* What a school was until a day. */
typedef struct FormerRules
{
	DateADT to_day;
	uint32 refused; /* as in LineRules */
} FormerRules;

typedef struct LineRules
{
	Oid register_oid;
	int school_urn;
	Sight sight;
	Calendar calendar;
	LineFacts facts;
	bool has_settings;
	uint32 refused; /* rules whose breach is refused at the school, a bit for each */
	int former_count;
	FormerRules *former; /* while it was of other types, the first of them first */
	int taken_over_count;
	Span *taken_over; /* days that are taken over, in which fewer rules are refused for */
} LineRules;

extern const Span *enrolment_on(const PupilFacts *pupil, DateADT day);
extern uint32 mark_breaches(const LineRules *lines, const PupilFacts *pupil, SchoolSession session,
							Mark mark);
extern RuleNumber refused_rule(LineRules *lines, const PupilFacts *pupil, const MarkChange *change,
							   bool is_signed, bool has_nature);
extern Mark refused_change_mark(RuleNumber rule, const MarkChange *change);
extern void prepare_rules(LineRules *lines, DateADT from, DateADT until, ArrayType *pupils,
						  uint64 marks);

#endif /* ATT_LINE_RULES_H */
