/*
 * refusal.c
 *		What a refusal carries beside its words: the table and the column that are meant, the rule, and
 *		the place of the row among those that the statement sent.  See "What a refusal carries" in
 *		doc/reference.md: programs read these, never the words.
 */
#include "register/refusal.h"

#include "register/batch.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"

/* Within ereport(): as errtablecolname() of the server, of a relation that need not be open. */
int
err_relation_column(Oid relation, const char *column)
{
	err_generic_string(PG_DIAG_SCHEMA_NAME, get_namespace_name(get_rel_namespace(relation)));
	err_generic_string(PG_DIAG_TABLE_NAME, get_rel_name(relation));
	err_generic_string(PG_DIAG_COLUMN_NAME, column);
	return 0;
}

/* ---------- the mark that is meant ---------- */

/* The pupil is named as the row does. */
char *
describe_mark(const MarkEntry *entry)
{
	char day[DAY_LENGTH + 1];

	format_day(day, session_day(entry->session));
	return psprintf("school %d, pupil %s, %s %s", entry->school_urn,
					entry->upn != NULL ? entry->upn->upn : psprintf(INT64_FORMAT, entry->pupil_id),
					day, half_names[session_half(entry->session)]);
}

const char *
mark_text(const MarkEntry *entry, Mark mark)
{
	return mark_codes[mark_in_half(mark, session_half(entry->session))].code;
}

const char *
pupil_column(const MarkEntry *entry)
{
	return entry->upn != NULL ? "upn" : "pupil_id";
}

/* ---------- an error, or a row of what is refused ---------- */

static char *
message_with_rows(const Refusal *refusal)
{
	char *message = refusal->message;

	if (refusal->other_row > 0)
		message = psprintf("%s in row %u", message, refusal->other_row);
	return refusal->row == 0 ? message : psprintf("row %u: %s", refusal->row, message);
}

/* Its beginning has a fixed form. */
static char *
detail(const Refusal *refusal)
{
	StringInfoData text;

	initStringInfo(&text);
	if (refusal->row > 0)
		appendStringInfo(&text, "Row %u", refusal->row);
	if (refusal->other_row > 0)
		appendStringInfo(&text, " and row %u", refusal->other_row);
	if (refusal->row > 0)
		appendStringInfoChar(&text, '.');
	if (refusal->rule != NULL)
		appendStringInfo(&text, "%sThis is the rule \"%s\": see register_rules().",
						 text.len > 0 ? " " : "", refusal->rule->name);
	return text.data;
}

pg_noreturn static void
raise_refusal(const Refusal *refusal, Oid relation)
{
	char *text = detail(refusal);

	ereport(ERROR, (refusal->rule != NULL ? errcode_for_rule((RuleNumber) (refusal->rule - rules))
										  : errcode(refusal->sqlstate),
					err_relation_column(relation, refusal->column),
					errmsg_internal("%s", message_with_rows(refusal)),
					*text == '\0' ? 0 : errdetail_internal("%s", text)));
}

static void
put_refusal(ReturnSetInfo *rsinfo, const Refusal *refusal)
{
	Datum values[6] = {Int64GetDatum(refusal->row),
					   Int64GetDatum(refusal->other_row),
					   CStringGetTextDatum(refusal->rule != NULL
											   ? psprintf("AT%s", refusal->rule->sqlstate)
											   : unpack_sql_state(refusal->sqlstate)),
					   refusal->rule == NULL ? (Datum) 0 : CStringGetTextDatum(refusal->rule->name),
					   CStringGetTextDatum(refusal->column),
					   CStringGetTextDatum(refusal->message)};
	bool nulls[6] = {false, refusal->other_row == 0, false, refusal->rule == NULL, false, false};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* Ends the statement; where it is only asked, tells and comes back. */
void
refuse_row(MarkBuffer *buffer, const Refusal *refusal)
{
	if (buffer->refused == NULL)
		raise_refusal(refusal, buffer->state.relation);
	put_refusal(buffer->refused, refusal);
}

/* The same of a row that has been gathered. */
void
refuse_entry(MarkBuffer *buffer, MarkEntry *entry, Refusal refusal)
{
	refusal.row = entry->row;
	refuse_row(buffer, &refusal);
	entry->refused = true;
}

/* ---------- rules on marks ---------- */

/* What is wrong with a mark, in the words of an error. */
static const char *const breach_texts[] = {
	[RULE_MARK_REMOVAL] =
		"the mark \"%s\" cannot be removed: an attendance register is amended, never erased",
	[RULE_OUTSIDE_CALENDAR] =
		"the calendar of the school (school_day, build_calendar) has no such session, the mark \"%s\" cannot be entered",
	[RULE_LINE_MOVED] = "the mark \"%s\" cannot be moved",
	[RULE_OUTSIDE_ENROLMENT] = "the mark \"%s\" is outside the pupil's time on the roll",
	[RULE_NOT_YET_IN_FORCE] = "the code \"%s\" is not in force yet on that day",
	[RULE_NO_LONGER_IN_FORCE] = "the code \"%s\" is no longer in force on that day",
	[RULE_CLOSED_WHILE_OPEN] =
		"the mark \"%s\" is for the planned closure of the school, which holds this session "
		"(school_day)",
	[RULE_SCHOOL_AGE] =
		"the mark \"%s\" does not go with the pupil's age: see compulsory_school_age()",
	[RULE_LEAVE] = "the mark \"%s\" needs a leave granted for the session (leave_of_absence)",
	[RULE_LICENCE] =
		"the mark \"%s\" needs a leave with the reference of a licence (leave_of_absence)",
	[RULE_STUDY_LEAVE] =
		"the mark \"%s\" needs an agreed study leave (leave_of_absence), which ends with the last "
		"examination",
	[RULE_PART_TIME] =
		"the mark \"%s\" needs an agreed part-time timetable for the session (part_time_timetable)",
	[RULE_NATURE] =
		"the mark \"%s\" needs the nature of the activity or circumstances (column nature of mark, or "
		"mark_nature)",
	[RULE_PROSPECTIVE] =
		"the mark \"%s\" is for prospective pupils, this pupil's name is on the register",
	[RULE_OTHER_SCHOOL] =
		"the mark \"%s\" needs a registration at another school on that day (enrolment or "
		"dual_registration)",
	[RULE_UNSIGNED_AMENDMENT] =
		"to amend the mark \"%s\", entered_by, title and reason must be given",
};

Refusal
refused_mark(RuleNumber rule, const MarkEntry *entry, Mark mark)
{
	char *problem = psprintf(breach_texts[rule], mark_text(entry, mark));

	return (Refusal){.rule = &rules[rule],
					 .column = rules[rule].column,
					 .row = entry->row,
					 .message = psprintf("%s: %s", describe_mark(entry), problem)};
}

/* Of the statement on a view that is writing lines of the register: the innermost, or NULL. */
static const MarkBuffer *
writing_buffer(Oid register_oid)
{
	for (const State *state = running_states(); state != NULL; state = state->next)
	{
		const MarkBuffer *buffer = (const MarkBuffer *) state;

		if (state->kind != STATE_TABLES && state->register_oid == register_oid &&
			buffer->writing != NULL)
			return buffer;
	}
	return NULL;
}

/* The entry of a batch that gives a pupil's session its mark, or NULL. */
static const MarkEntry *
find_entry(const Batch *batch, const MarkEntry *wanted)
{
	for (int i = 0; i < batch->count; i++)
	{
		const MarkEntry *entry = &batch->entries[i];

		if (entry->pupil_id == wanted->pupil_id && entry->session == wanted->session &&
			entry->school_urn == wanted->school_urn)
			return entry;
	}
	return NULL;
}

/* A mark of a line is refused as the row that gave it, if a statement on a view did. */
void
refuse_line_mark(Oid register_oid, RuleNumber rule, const MarkEntry *entry, Mark mark)
{
	const MarkBuffer *buffer = writing_buffer(register_oid);
	const MarkEntry *row = buffer == NULL ? NULL : find_entry(buffer->writing, entry);
	Refusal refusal = refused_mark(rule, row != NULL ? row : entry, mark);

	if (row != NULL)
		raise_refusal(&refusal, buffer->state.relation);
	refusal.column = "marks";
	raise_refusal(&refusal, register_lines(register_oid));
}
