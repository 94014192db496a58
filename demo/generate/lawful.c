/*
 * lawful.c
 *		Whether a mark has beside it what the Regulations ask for.
 *
 * What is looked at are the rows as they are in the files; dates are compared
 * as text.
 */
#include <stdlib.h>
#include <string.h>

#include "generate.h"

/* The day that many years after a birth, or a day of that year */
static void
later_date(const char *birth, int years, const char *month_day, char *text)
{
	snprintf(text, 16, "%04u%s", (unsigned) (atoi(birth) + years) % 10000, month_day);
}

/*
 * From the first of three days on or after the fifth birthday, to the last
 * Friday in June of the school year in which the pupil is 16.  The only such
 * Fridays in these registers' year and before are those named.
 */
bool
school_age(const char *birth, const char *day)
{
	static const char *const starts[] = {"-03-31", "-08-31", "-12-31"};
	const char *month_day = birth + 4;
	int leaves = atoi(birth) + (strcmp(month_day, "-09-01") < 0 ? 16 : 17);
	char start[16];
	int i = 0;

	while (strcmp(starts[i], month_day) < 0)
		i++;
	later_date(birth, 5, starts[i], start);
	if (strcmp(day, start) < 0 || leaves < 2026)
		return false;
	return leaves > 2026 || strcmp(day, "2026-06-26") <= 0;
}

static void
date_of(int position, char *text)
{
	format_day(position / 2, text);
}

static Mark
mark_of_text(const char *text)
{
	int mark;

	for (mark = MARK_L; mark < MARKS; mark++)
		if (strcmp(mark_names[mark].text, text) == 0)
			return (Mark) mark;
	return MARK_BLANK;
}

static Span
span_of(const bool *within)
{
	Span span = {0, POSITIONS - 1};

	while (span.first < span.last && !within[span.first])
		span.first++;
	while (span.last > span.first && !within[span.last])
		span.last--;
	return span;
}

/* Some dates, none of them empty, each not after the next */
static bool
in_order(const char *a, const char *b, const char *c)
{
	return *a != '\0' && strcmp(a, b) <= 0 && strcmp(b, c) <= 0;
}

static bool
leave_is_good(const Row *row, const Roll *roll, const Line *line, Mark mark, const char *first,
			  const char *last)
{
	const char *examination = field(row, LEAVE_EXAMINATION);
	char name[NAME_TEXT];

	head_name(&roll->schools[line->school], name);
	if (strcmp(field(row, LEAVE_STATUS), "granted") != 0 ||
		strcmp(field(row, LEAVE_DECIDED_BY), name) != 0 ||
		!in_order(field(row, LEAVE_RECEIVED), field(row, LEAVE_DECIDED), first) ||
		strcmp(field(row, LEAVE_DECIDED), first) == 0 || *field(row, LEAVE_CIRCUMSTANCES) == '\0')
		return false;
	parent_name(line, name);
	if (mark != MARK_S && (strcmp(field(row, LEAVE_APPLICANT), name) != 0 ||
						   atoi(field(row, LEAVE_CONTACT)) != parent_id(line)))
		return false;
	if (mark == MARK_C1)
		return *field(row, LEAVE_LICENCE) != '\0' &&
			   in_order(field(row, LEAVE_LICENCE_FROM), first, last) &&
			   strcmp(last, field(row, LEAVE_LICENCE_TO)) <= 0;
	/* A GCSE is a public examination, whoever takes it */
	if (mark == MARK_S)
		return (line->year == 11 || (line->year == 6 && roll->phase == PRIMARY)) &&
			   strcmp(last, examination) <= 0 && strcmp(examination, "2026-06-24") <= 0;
	return mark == MARK_C || mark == MARK_J1 || mark == MARK_M;
}

static bool
timetable_is_good(const Row *row, const Line *line, const char *first, const char *last)
{
	return strcmp(field(row, TIMETABLE_STATUS), "agreed") == 0 &&
		   in_order(field(row, TIMETABLE_AGREED), first, last) &&
		   strcmp(field(row, TIMETABLE_AGREED), first) < 0 &&
		   strstr(field(row, TIMETABLE_REVIEWS), last) != NULL &&
		   *field(row, TIMETABLE_AGREED_WITH) && *field(row, TIMETABLE_AGREED_BY) &&
		   *field(row, TIMETABLE_CIRCUMSTANCES) && school_age(line->birth, first) &&
		   school_age(line->birth, last);
}

static bool
dual_sessions(const Row *row, bool *within)
{
	int first = day_of_text(field(row, DUAL_FROM));
	int last = day_of_text(field(row, DUAL_TO));

	memset(within, 0, POSITIONS * sizeof(bool));
	if (first < 0 || last < first || *field(row, DUAL_OTHER) == '\0')
		return false;
	memset(within + AM(first), 1, (size_t) (PM(last) - AM(first) + 1));
	return true;
}

/* The mark that a row makes lawful, and when; no mark if it does not */
static Mark
read_row(const Row *row, const Roll *roll, const Line *line, bool *within)
{
	int column = row->table == TABLE_TIMETABLES ? TIMETABLE_SESSIONS
				 : row->table == TABLE_LEAVES   ? LEAVE_SESSIONS
												: NATURE_SESSIONS;
	Mark mark = mark_of_text(field(row, LEAVE_MARK));
	char first[16];
	char last[16];
	bool good;

	if (row->table == TABLE_DUAL)
		return dual_sessions(row, within) ? MARK_D : MARK_BLANK;
	if (!parse_sessions(field(row, column), within))
		return MARK_BLANK;
	date_of(span_of(within).first, first);
	date_of(span_of(within).last, last);
	if (row->table == TABLE_TIMETABLES)
		return timetable_is_good(row, line, first, last) ? MARK_C2 : MARK_BLANK;
	if (row->table == TABLE_LEAVES)
		good = leave_is_good(row, roll, line, mark, first, last);
	else
		good = *field(row, NATURE_TEXT) && (mark == MARK_B || mark == MARK_K || mark == MARK_Y7);
	return good ? mark : MARK_BLANK;
}

/*
 * What a row about a line covers.  A nature may cover more than its sessions,
 * a leave or timetable may not.
 */
void
read_evidence(const Row *row, const Roll *roll, const Line *line, uint8_t *covered)
{
	bool within[POSITIONS];
	Mark mark;
	int p;

	if (atoi(field(row, ROW_SCHOOL)) != roll->schools[line->school].urn ||
		atoi(field(row, ROW_PUPIL)) != line->pupil)
		return;
	mark = read_row(row, roll, line, within);
	if (mark == MARK_BLANK)
		return;
	for (p = 0; p < POSITIONS; p++)
		if (within[p] && (row->table != TABLE_NATURES || line->marks[p] == mark))
			covered[p] = (uint8_t) mark;
}

void
recount_evidence(const Line *line, const uint8_t *covered, Recount *recount)
{
	char day[16];
	int p;

	for (p = 0; p < POSITIONS; p++)
	{
		Mark mark = (Mark) line->marks[p];

		if (mark == MARK_X || mark == MARK_T)
		{
			date_of(p, day);
			recount->lawful[mark] += school_age(line->birth, day) == (mark == MARK_T);
		}
		else if (mark == MARK_N)
			recount->lawful[mark] += p / 2 >= FIRST_OPEN_DAY;
		else if (covered[p] == mark)
			recount->lawful[mark]++;
		recount->stray += covered[p] != MARK_BLANK && mark != MARK_BLANK && covered[p] != mark;
	}
}

/* A line that ends in the year has a deletion of that day, on a ground */
void
recount_deletion(const Row *row, const Line *line, Recount *recount)
{
	const char *end = field(row, ENROLMENT_END);
	const char *ground = field(row, ENROLMENT_GROUND);
	char last[16];

	if (strcmp(field(row, ENROLMENT_AGREED), field(row, ENROLMENT_START)) > 0 ||
		*field(row, ENROLMENT_REASON) == '\0')
		fail("an enrolment of pupil %d was not agreed before it began", line->pupil);
	if (line->last == DAYS - 1)
		return;
	recount->leavers++;
	format_day(line->last, last);
	recount->deletions +=
		strcmp(end, last) == 0 && strlen(ground) == 1 && strchr("AFGL", *ground) != NULL &&
		school_age(line->birth, last) &&
		in_order(field(row, ENROLMENT_AROSE), end, field(row, ENROLMENT_DELETED)) &&
		strncmp(end, field(row, ENROLMENT_DELETED), 10) == 0 &&
		(*ground == 'A') == (*field(row, ENROLMENT_NEXT) != '\0');
}
