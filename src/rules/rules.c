/*
 * rules.c
 *		The table of rules and the function that lists it.
 */
#include "rules/rules.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#define ATT_RULE(symbol, sqlstate, rule, action, binding, column, regulation, description, hint) \
	[RULE_##symbol] = {rule,   sqlstate,   ACTION_##action, BINDS_##binding, \
					   column, regulation, description,     hint},

const Rule rules[RULE_COUNT] = {
#include "rules/rules.def"
};

#undef ATT_RULE

static const char *const action_names[] = {
	[ACTION_ALWAYS] = "refuse",
	[ACTION_REFUSE] = "refuse",
	[ACTION_RECORD] = "record",
	[ACTION_LIST] = "record",
};

/* The types of schools (school.type) that a rule binds, NULL for all of them. */
static const char *const *
bound_types(RuleNumber rule)
{
	static const char *const maintained[] = {"Local authority maintained schools",
											 "Special schools", NULL};
	static const char *const nobody[] = {NULL};

	switch (rules[rule].binding)
	{
		case BINDS_MAINTAINED:
			return maintained;
		case BINDS_NOBODY:
			return nobody;
		case BINDS_EVERYBODY:
			break;
	}
	return NULL;
}

static Datum
type_array(const char *const *types)
{
	Datum values[2];
	int count = 0;

	for (; types[count] != NULL; count++)
		values[count] = CStringGetTextDatum(types[count]);
	return PointerGetDatum(construct_array(values, count, TEXTOID, -1, false, TYPALIGN_INT));
}

/* Whether a breach is refused at a school without a setting of its own; of an unknown type, it is as bound. */
bool
rule_refuses(RuleNumber rule, const char *school_type)
{
	const char *const *types = bound_types(rule);

	if (rules[rule].action != ACTION_REFUSE || types == NULL || school_type == NULL)
		return rules[rule].action == ACTION_ALWAYS || rules[rule].action == ACTION_REFUSE;
	while (*types != NULL && strcmp(*types, school_type) != 0)
		types++;
	return *types != NULL;
}

static int
rule_sqlstate(RuleNumber rule)
{
	const char *code = rules[rule].sqlstate;

	return MAKE_SQLSTATE('A', 'T', code[0], code[1], code[2]);
}

bool
rule_can_be_set(RuleNumber rule)
{
	return rules[rule].action == ACTION_REFUSE || rules[rule].action == ACTION_RECORD;
}

/* Whether what breaks it is recorded in a take-over: what is entered may be, what is changed is signed. */
bool
rule_can_be_taken_over(RuleNumber rule)
{
	return rule_can_be_set(rule) && rule != RULE_UNSIGNED_AMENDMENT && rule != RULE_ENTRY_CHANGED;
}

/* The way out, and how else a breach gets in, where it may. */
const char *
rule_hint(RuleNumber rule)
{
	if (!rule_can_be_set(rule))
		return rules[rule].hint;
	return psprintf("%s Or have breaches of it recorded and listed: rule_setting, rule \"%s\", "
					"action record%s.",
					rules[rule].hint, rules[rule].name,
					rule_can_be_taken_over(rule)
						? "; take_over() or load --take-over for what another system has"
						: "");
}

int
errcode_for_rule(RuleNumber rule)
{
	errhint("%s", rule_hint(rule));
	err_generic_string(PG_DIAG_CONSTRAINT_NAME, rules[rule].name);
	return errcode(rule_sqlstate(rule));
}

PG_FUNCTION_INFO_V1(att_register_rules);
Datum
att_register_rules(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (RuleNumber rule = 0; rule < RULE_COUNT; rule++)
	{
		const char *const *types = bound_types(rule);
		Datum values[11];
		bool nulls[11] = {false};

		values[0] = CStringGetTextDatum(rules[rule].name);
		values[1] = CStringGetTextDatum(psprintf("AT%s", rules[rule].sqlstate));
		values[2] = CStringGetTextDatum(action_names[rules[rule].action]);
		values[3] = BoolGetDatum(rule_can_be_set(rule));
		values[4] = CStringGetTextDatum(rules[rule].regulation);
		values[5] = CStringGetTextDatum(rules[rule].description);
		values[6] = CStringGetTextDatum(rule_hint(rule));
		values[7] = CStringGetTextDatum(rules[rule].column);
		nulls[7] = *rules[rule].column == '\0';
		values[8] = types == NULL ? (Datum) 0 : type_array(types);
		nulls[8] = types == NULL;
		values[9] =
			CStringGetTextDatum(rules[rule].binding == BINDS_NOBODY ? "guidance" : "regulation");
		values[10] = BoolGetDatum(rule_can_be_taken_over(rule));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_VOID();
}
