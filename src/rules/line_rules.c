/*
 * line_rules.c
 *		The rules on marks: what breaks them, and what a line's change must keep.
 *
 * A rule is decided from the mark, its session and the facts that the register holds, never from
 * the clock or from who is connected: the same function decides when a mark is entered and when
 * breaches are listed.
 */
#include "rules/line_rules.h"

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#define RULE_BIT(rule) (UINT32_C(1) << (rule))

/* What is wrong with a mark, in the words of an error. */
static const char *const breach_texts[MARK_RULES] = {
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
	[RULE_BOARDER] = "the mark \"%s\" cannot be entered, the pupil is a boarder",
	[RULE_UNSIGNED_AMENDMENT] =
		"to amend the mark \"%s\", entered_by, title and reason must be given",
};

/* ---------- what breaks a rule ---------- */

static const Span *
find_span(const PupilFacts *pupil, FactKind kind, int32 at, Mark mark)
{
	for (const Span *span = pupil->first[kind]; span < pupil->after[kind]; span++)
	{
		if (at >= span->from && at < span->until && span->mark == mark)
			return span;
	}
	return NULL;
}

static bool
is_met(const LineRules *lines, const PupilFacts *pupil, RequirementKind kind, SchoolSession session,
	   Mark mark)
{
	DateADT day = session_day(session);
	const Span *span;

	switch (kind)
	{
		case NEEDS_LEAVE:
		case NEEDS_PART_TIME:
			return find_span(pupil, FACT_LEAVES, session, mark) != NULL;
		case NEEDS_LICENCE:
			span = find_span(pupil, FACT_LEAVES, session, mark);
			return span == NULL || span->flag; /* no leave at all is another breach */
		case NEEDS_STUDY_LEAVE:
			span = find_span(pupil, FACT_LEAVES, session, mark);
			return span != NULL && day <= span->last_day;
		case NEEDS_NATURE:
			return find_span(pupil, FACT_NATURES, session, mark) != NULL;
		case NEEDS_OTHER_SCHOOL:
			return find_span(pupil, FACT_OTHER_SCHOOLS, day, MARK_NONE) != NULL;
		case NEEDS_NO_ROLL:
			return find_span(pupil, FACT_ENROLMENTS, day, MARK_NONE) == NULL;
		case NEEDS_CLOSURE:
			return !calendar_holds(&lines->calendar, session);
		case NEEDS_SCHOOL_AGE:
		case NEEDS_NO_SCHOOL_AGE:
			span = pupil->first[FACT_AGES];
			return pupil->first[FACT_ENROLMENTS] == pupil->after[FACT_ENROLMENTS] ||
				   span == pupil->after[FACT_AGES] ||
				   (day >= span->from && day < span->until) == (kind == NEEDS_SCHOOL_AGE);
	}
	return true;
}

static const RuleNumber requirement_rules[REQUIREMENT_KINDS] = {
	[NEEDS_LEAVE] = RULE_LEAVE,
	[NEEDS_LICENCE] = RULE_LICENCE,
	[NEEDS_STUDY_LEAVE] = RULE_STUDY_LEAVE,
	[NEEDS_PART_TIME] = RULE_PART_TIME,
	[NEEDS_NATURE] = RULE_NATURE,
	[NEEDS_SCHOOL_AGE] = RULE_SCHOOL_AGE,
	[NEEDS_NO_SCHOOL_AGE] = RULE_SCHOOL_AGE,
	[NEEDS_OTHER_SCHOOL] = RULE_OTHER_SCHOOL,
	[NEEDS_NO_ROLL] = RULE_PROSPECTIVE,
	[NEEDS_CLOSURE] = RULE_CLOSED_WHILE_OPEN,
};

static uint32
roll_breaches(const PupilFacts *pupil, DateADT day)
{
	const Span *span = find_span(pupil, FACT_ENROLMENTS, day, MARK_NONE);

	if (span == NULL)
		return RULE_BIT(RULE_OUTSIDE_ENROLMENT);
	return span->flag ? RULE_BIT(RULE_BOARDER) : 0;
}

static uint32
code_breaches(const LineRules *lines, const PupilFacts *pupil, SchoolSession session, Mark mark)
{
	DateADT day = session_day(session);
	int force = code_in_force(mark, day);
	uint32 broken = 0;

	if (force < 0)
		broken |= RULE_BIT(RULE_NOT_YET_IN_FORCE);
	if (force > 0)
		broken |= RULE_BIT(RULE_NO_LONGER_IN_FORCE);
	for (int i = 0; i < lines->facts.requirement_count; i++)
	{
		const Requirement *needs = &lines->facts.requirements[i];

		if (needs->mark == mark && day >= needs->from && day <= needs->to &&
			!is_met(lines, pupil, needs->kind, session, mark))
			broken |= RULE_BIT(requirement_rules[needs->kind]);
	}
	return broken;
}

/* The rules that a mark breaks, a bit for each.  A blank mark of a due session breaks none. */
uint32
mark_breaches(const LineRules *lines, const PupilFacts *pupil, SchoolSession session, Mark mark)
{
	uint32 broken = roll_breaches(pupil, session_day(session));

	if (!calendar_allows(&lines->calendar, session, mark))
		broken |= RULE_BIT(RULE_OUTSIDE_CALENDAR);
	if (mark != MARK_PRESENT_AM)
		broken |= code_breaches(lines, pupil, session, mark);
	return broken;
}

/* ---------- refused or recorded ---------- */

/* Settings are read when the first breach is found; there are none in most statements. */
static void
load_settings(LineRules *lines)
{
	Datum values[1] = {Int32GetDatum(lines->school_urn)};
	OwnerScope scope;
	bool isnull;

	lines->refused = 0;
	for (RuleNumber rule = 0; rule < MARK_RULES; rule++)
		lines->refused |= rules[rule].action == ACTION_RECORD ? 0 : RULE_BIT(rule);
	begin_as_owner(&scope, lines->register_oid);
	SPI_connect();
	run_query_seeing(lines->register_oid, QUERY_SETTINGS, lines->sight, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		char *name = TextDatumGetCString(result_value(row, 1, &isnull));
		bool refuse = DatumGetBool(result_value(row, 2, &isnull));

		for (RuleNumber rule = 0; rule < MARK_RULES; rule++)
		{
			if (rules[rule].action == ACTION_ALWAYS || strcmp(rules[rule].name, name) != 0)
				continue;
			lines->refused = (lines->refused & ~RULE_BIT(rule)) | (refuse ? RULE_BIT(rule) : 0);
		}
	}
	SPI_finish();
	end_as_owner(&scope);
	lines->has_settings = true;
}

/* In the words of the error that refuses it. */
static char *
refusal(const LineRules *lines, RuleNumber rule, int64 pupil_id, SchoolSession session, Mark mark)
{
	char day[DAY_LENGTH + 1];
	int half = session_half(session);
	char *problem = psprintf(breach_texts[rule], mark_codes[mark_in_half(mark, half)].code);

	format_day(day, session_day(session));
	return psprintf("school %d, pupil " INT64_FORMAT ", %s %s: %s", lines->school_urn, pupil_id,
					day, half_names[half], problem);
}

static void
refuse(const LineRules *lines, RuleNumber rule, int64 pupil_id, SchoolSession session, Mark mark)
{
	ereport(ERROR,
			(errcode_for_rule(rule), errmsg("%s", refusal(lines, rule, pupil_id, session, mark)),
			 errdetail("This is the rule \"%s\": see register_rules().", rules[rule].name)));
}

/* The first of the broken rules whose breach is refused, or MARK_RULES. */
static RuleNumber
first_refused(LineRules *lines, uint32 broken)
{
	RuleNumber rule = 0;

	if (!lines->has_settings)
		load_settings(lines);
	while (rule < MARK_RULES && (broken & lines->refused & RULE_BIT(rule)) == 0)
		rule++;
	return rule;
}

static void
refuse_first(LineRules *lines, uint32 broken, int64 pupil_id, SchoolSession session, Mark mark)
{
	RuleNumber rule = first_refused(lines, broken);

	if (rule < MARK_RULES)
		refuse(lines, rule, pupil_id, session, mark);
}

/* What the register would say of a mark that is new, or NULL if it would take it. */
char *
mark_refusal(LineRules *lines, const PupilFacts *pupil, int64 pupil_id, SchoolSession session,
			 Mark mark)
{
	uint32 broken = mark_breaches(lines, pupil, session, mark);
	RuleNumber rule = broken == 0 ? MARK_RULES : first_refused(lines, broken);

	return rule == MARK_RULES ? NULL : refusal(lines, rule, pupil_id, session, mark);
}

/* ---------- the changes of lines ---------- */

static void
compare_week(LineDiff *diff, int week, const Mark *old, const Mark *new)
{
	SchoolSession monday = make_session(FIRST_DAY + week * DAYS_PER_WEEK, 0);

	if (memcmp(old, new, SESSIONS_PER_WEEK) == 0)
		return;
	for (int i = 0; i < SESSIONS_PER_WEEK; i++)
	{
		if (old[i] != new[i])
			diff->changes[diff->count++] = (MarkChange){monday + i, old[i], new[i]};
	}
}

static int
weeks_end(const OpenSeries *open)
{
	return open->first_week + open->weeks;
}

static void
compare_line(LineDiff *diff, const LineChange *line)
{
	OpenSeries *old, *new;
	int first;

	if (line->old == NULL)
	{
		old = new_open_series();
		new = unpack_series(line->new);
	}
	else
		unpack_differences(line->old, line->new, &old, &new);
	first = old->weeks == 0 || (new->weeks > 0 && new->first_week < old->first_week)
				? new->first_week
				: old->first_week;
	diff->pupil_id = line->pupil_id;
	diff->whole = line->old == NULL ? line->new : NULL;
	diff->count = 0;
	diff->changes =
		palloc(((new->weeks + old->weeks) * SESSIONS_PER_WEEK + 1) * sizeof(MarkChange));
	for (int week = first; week < Max(weeks_end(old), weeks_end(new)); week++)
		compare_week(diff, week, marks_of_week(old, week), marks_of_week(new, week));
	free_series(new);
	free_series(old);
}

static bool
is_mark(Mark mark)
{
	return mark != MARK_NONE && mark != MARK_UNMARKED;
}

static void
check_change(LineRules *lines, const PupilFacts *pupil, int64 pupil_id, const MarkChange *change,
			 bool is_signed)
{
	uint32 broken;

	if (!is_mark(change->new) && change->old != MARK_NONE)
		refuse(lines, RULE_MARK_REMOVAL, pupil_id, change->session, change->old);
	broken = mark_breaches(lines, pupil, change->session, change->new);
	if (broken != 0)
		refuse_first(lines, broken, pupil_id, change->session, change->new);
	if (is_mark(change->old) && !is_signed)
		refuse_first(lines, RULE_BIT(RULE_UNSIGNED_AMENDMENT), pupil_id, change->session,
					 change->old);
}

/* Of all changes: the marks that are new, the days, and the pupils. */
static void
prepare_rules(LineRules *lines, const LineDiff *diffs, int count)
{
	int64 *pupils = palloc(count * sizeof(int64));
	DateADT from = LAST_DAY, until = FIRST_DAY;
	uint64 marks = 0;

	for (int i = 0; i < count; i++)
	{
		const LineDiff *diff = &diffs[i];

		pupils[i] = diff->pupil_id;
		for (int change = 0; change < diff->count; change++)
		{
			from = Min(from, session_day(diff->changes[change].session));
			until = Max(until, session_day(diff->changes[change].session) + 1);
			marks |= UINT64CONST(1) << diff->changes[change].new;
		}
	}
	load_calendar(&lines->calendar, lines->register_oid, lines->school_urn, lines->sight, from,
				  until);
	start_facts(&lines->facts, lines->register_oid, lines->school_urn, lines->sight,
				int64_array(pupils, count));
	load_facts(&lines->facts, marks);
}

/* What has changed of some lines of a school's year, each change checked. */
LineDiff *
check_line_changes(Oid register_oid, bool is_signed, const LineChange *changed, int count,
				   int *used)
{
	LineRules lines = {.register_oid = register_oid, .school_urn = changed[0].school_urn};
	LineDiff *diffs = palloc(count * sizeof(LineDiff));

	*used = 0;
	for (int i = 0; i < count; i++)
	{
		compare_line(&diffs[*used], &changed[i]);
		if (diffs[*used].count > 0)
			(*used)++;
	}
	if (*used > 0)
		prepare_rules(&lines, diffs, *used);
	for (int i = 0; i < *used; i++)
	{
		PupilFacts pupil;

		find_pupil_facts(&lines.facts, diffs[i].pupil_id, &pupil);
		for (int change = 0; change < diffs[i].count; change++)
			check_change(&lines, &pupil, diffs[i].pupil_id, &diffs[i].changes[change], is_signed);
	}
	return diffs;
}
