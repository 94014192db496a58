/*
 * line_rules.c
 *		The rules on marks: what breaks them, and what a line's change must keep.
 *
 * A rule is decided from the mark, its session and the facts that the register holds, never from
 * the clock or from who is connected: the same function decides when a mark is entered and when
 * breaches are listed.
 */
#include "rules/line_rules.h"

#include "register/refusal.h"

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"

#define RULE_BIT(rule) (UINT32_C(1) << (rule))

/* ---------- what breaks a rule ---------- */

static const Span *
find_span(const PupilFacts *pupil, FactKind kind, int32 at, Mark mark)
{
	for (const Span *span = pupil->first[kind]; span < pupil->after[kind]; span++)
	{
		if (span_contains(span, at) && span->mark == mark)
			return span;
	}
	return NULL;
}

const Span *
enrolment_on(const PupilFacts *pupil, DateADT day)
{
	return find_span(pupil, FACT_ENROLMENTS, day, MARK_NONE);
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
			return enrolment_on(pupil, day) == NULL;
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
	if (enrolment_on(pupil, day) == NULL)
		return RULE_BIT(RULE_OUTSIDE_ENROLMENT);
	return 0;
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

/* A register of the first definition has no such table. */
static void
load_taken_over(LineRules *lines, MemoryContext context)
{
	Datum values[1] = {Int32GetDatum(lines->school_urn)};

	if (!OidIsValid(get_relname_relid("taken_over", lines->register_oid)))
		return;
	run_query_seeing(lines->register_oid, QUERY_TAKEN_OVER, lines->sight, values);
	lines->taken_over_count = (int) SPI_processed;
	lines->taken_over = MemoryContextAllocZero(context, (SPI_processed + 1) * sizeof(Span));
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		Span *days = &lines->taken_over[row];
		bool isnull;

		days->from = DatumGetDateADT(result_value(row, 1, &isnull));
		days->until = DatumGetDateADT(result_value(row, 2, &isnull));
	}
	SPI_freetuptable(SPI_tuptable);
}

/* What the school has decided of some rules, a bit for each: which they are, and of which breaches are refused. */
typedef struct RuleSettings
{
	uint32 set;
	uint32 refused;
} RuleSettings;

static RuleSettings
read_settings(void)
{
	RuleSettings settings = {0};
	bool isnull;

	for (uint64 row = 0; row < SPI_processed; row++)
	{
		Datum setting = result_value(row, 1, &isnull);
		char *name = isnull ? "" : TextDatumGetCString(setting);
		bool refuse = DatumGetBool(result_value(row, 2, &isnull));

		for (RuleNumber rule = 0; rule < MARK_RULES; rule++)
		{
			if (!rule_can_be_set(rule) || strcmp(rules[rule].name, name) != 0)
				continue;
			settings.set |= RULE_BIT(rule);
			settings.refused = (settings.refused & ~RULE_BIT(rule)) | (refuse ? RULE_BIT(rule) : 0);
		}
	}
	return settings;
}

static uint32
rules_refused(const RuleSettings *settings, const char *school_type)
{
	uint32 refused = 0;

	for (RuleNumber rule = 0; rule < MARK_RULES; rule++)
		refused |= rule_refuses(rule, school_type) ? RULE_BIT(rule) : 0;
	return (refused & ~settings->set) | settings->refused;
}

/* What is binding on a school depends on the type that it had on the day. */
static void
load_former(LineRules *lines, const RuleSettings *settings, MemoryContext context)
{
	Datum values[1] = {Int32GetDatum(lines->school_urn)};
	bool isnull;

	/* a register of the first definition has no such table */
	if (!OidIsValid(get_relname_relid("school_former", lines->register_oid)))
		return;
	run_query_seeing(lines->register_oid, QUERY_FORMER_TYPES, lines->sight, values);
	lines->former_count = (int) SPI_processed;
	lines->former = MemoryContextAllocZero(context, (SPI_processed + 1) * sizeof(FormerRules));
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		FormerRules *former = &lines->former[row];

		former->to_day = DatumGetDateADT(result_value(row, 1, &isnull));
		former->refused =
			rules_refused(settings, TextDatumGetCString(result_value(row, 2, &isnull)));
	}
	SPI_freetuptable(SPI_tuptable);
}

/* Settings are read when the first breach is found; there are none in most statements. */
static void
load_settings(LineRules *lines)
{
	Datum values[1] = {Int32GetDatum(lines->school_urn)};
	MemoryContext context = CurrentMemoryContext;
	RuleSettings settings;
	char *type = NULL;
	OwnerScope scope;
	bool isnull;

	begin_as_owner(&scope, lines->register_oid);
	SPI_connect();
	load_taken_over(lines, context);
	run_query_seeing(lines->register_oid, QUERY_SETTINGS, lines->sight, values);
	if (SPI_processed > 0)
		type = TextDatumGetCString(result_value(0, 3, &isnull));
	settings = read_settings();
	lines->refused = rules_refused(&settings, type);
	load_former(lines, &settings, context);
	SPI_finish();
	end_as_owner(&scope);
	lines->has_settings = true;
}

static uint32
refused_on(const LineRules *lines, DateADT day)
{
	for (int i = 0; i < lines->former_count; i++)
	{
		if (day <= lines->former[i].to_day)
			return lines->former[i].refused;
	}
	return lines->refused;
}

static bool
is_taken_over(const LineRules *lines, DateADT day)
{
	for (int i = 0; i < lines->taken_over_count; i++)
	{
		if (day >= lines->taken_over[i].from && day < lines->taken_over[i].until)
			return true;
	}
	return false;
}

/* The first of the rules that are broken on a day whose breach is refused, or MARK_RULES. */
static RuleNumber
first_refused(LineRules *lines, uint32 broken, DateADT day)
{
	bool taken_over;

	if (broken == 0)
		return MARK_RULES;
	if (!lines->has_settings)
		load_settings(lines);
	broken &= refused_on(lines, day);
	taken_over = is_taken_over(lines, day);
	for (RuleNumber rule = 0; rule < MARK_RULES; rule++)
	{
		if ((broken & RULE_BIT(rule)) != 0 && !(taken_over && rule_can_be_taken_over(rule)))
			return rule;
	}
	return MARK_RULES;
}

static bool
is_mark(Mark mark)
{
	return mark != MARK_NONE && mark != MARK_UNMARKED;
}

/* The rule for which a change is refused, or MARK_RULES; a nature may come with the mark. */
RuleNumber
refused_rule(LineRules *lines, const PupilFacts *pupil, const MarkChange *change, bool is_signed,
			 bool has_nature)
{
	uint32 broken;

	if (!is_mark(change->new) && change->old != MARK_NONE)
		return RULE_MARK_REMOVAL;
	broken = mark_breaches(lines, pupil, change->session, change->new);
	if (has_nature)
		broken &= ~RULE_BIT(RULE_NATURE);
	if (is_mark(change->old) && !is_signed)
		broken |= RULE_BIT(RULE_UNSIGNED_AMENDMENT);
	return first_refused(lines, broken, session_day(change->session));
}

/* The mark that a refused change is about. */
Mark
refused_change_mark(RuleNumber rule, const MarkChange *change)
{
	return rule == RULE_MARK_REMOVAL || rule == RULE_UNSIGNED_AMENDMENT ? change->old : change->new;
}

/* Reads what the rules need to know of some pupils and days, for marks like these. */
void
prepare_rules(LineRules *lines, DateADT from, DateADT until, ArrayType *pupils, uint64 marks)
{
	load_calendar(&lines->calendar, lines->register_oid, lines->school_urn, lines->sight, from,
				  until);
	start_facts(&lines->facts, lines->register_oid, lines->school_urn, lines->sight, pupils);
	load_facts(&lines->facts, marks);
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

static void
check_change(LineRules *lines, const PupilFacts *pupil, int64 pupil_id, const MarkChange *change,
			 bool is_signed)
{
	RuleNumber rule = refused_rule(lines, pupil, change, is_signed, false);
	MarkEntry mark = {
		.school_urn = lines->school_urn, .pupil_id = pupil_id, .session = change->session};

	if (rule < MARK_RULES)
		refuse_line_mark(lines->register_oid, rule, &mark, refused_change_mark(rule, change));
}

/* Of all changes: the marks that are new, the days, and the pupils. */
static void
prepare_changes(LineRules *lines, const LineDiff *diffs, int count)
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
	prepare_rules(lines, from, until, int64_array(pupils, count), marks);
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
		prepare_changes(&lines, diffs, *used);
	for (int i = 0; i < *used; i++)
	{
		PupilFacts pupil;

		find_pupil_facts(&lines.facts, diffs[i].pupil_id, &pupil);
		for (int change = 0; change < diffs[i].count; change++)
			check_change(&lines, &pupil, diffs[i].pupil_id, &diffs[i].changes[change], is_signed);
	}
	return diffs;
}
