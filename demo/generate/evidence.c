/*
 * evidence.c
 *		What the Regulations ask for beside a mark: leave, part-time timetables,
 *		the nature of an activity or cause, a registration at another school.
 *
 * It is made from the marks when they are final, and covers no other sessions
 * that the school holds.
 */
#include <string.h>

#include "generate.h"

#define TEXTS 6

enum
{
	PICK_TEXT,
	PICK_NOTICE = PICK_TEXT + POSITIONS,
	PICK_OTHER = PICK_NOTICE + POSITIONS,
	PICK_MAIN
};

typedef struct Leave
{
	Mark mark;
	bool by_spell; /* one leave for each spell; else one for the year */
	const char *reason;
	const char *circumstances[TEXTS];
} Leave;

static const Leave leaves[] = {
	{MARK_C,
	 true,
	 "exceptional circumstances",
	 {"funeral of a close relative", "wedding of a brother or sister",
	  "visit to a parent in hospital", "return of a parent from service overseas",
	  "move of the family to another home", "graduation of a parent"}},
	{MARK_C1,
	 true,
	 "performance",
	 {"pantomime at a theatre", "part in a film", "tour of a brass band", "television drama",
	  "concert of a youth choir", "dance company on tour"}},
	{MARK_J1,
	 false,
	 "interview",
	 {"interview at a sixth form college", "interview for an apprenticeship",
	  "interview at another school", "audition at a school of music",
	  "assessment day of another school", "interview at a college"}},
	{MARK_M,
	 false,
	 "medical appointment",
	 {"orthodontic treatment", "appointments at an eye clinic", "outpatient treatment",
	  "physiotherapy", "dental treatment", "speech and language therapy"}},
	{MARK_S,
	 false,
	 "study",
	 {"GCSE examinations", "GCSE examinations", "GCSE examinations", "GCSE examinations",
	  "GCSE examinations", "GCSE examinations"}},
};

typedef struct Nature
{
	Mark mark;
	const char *natures[TEXTS];
} Nature;

static const Nature natures[] = {
	{MARK_B,
	 {"construction course at a training centre", "motor vehicle course at a college",
	  "mentoring and lessons at a farm", "induction at a special school",
	  "catering course at a college", "lessons at the hub of a charity"}},
	{MARK_K,
	 {"tuition on a hospital ward", "tuition in a library, arranged by the authority",
	  "education otherwise than at school under an EHC plan",
	  "medical needs teaching service of the authority", "therapeutic centre under an EHC plan",
	  "small group provision arranged by the authority"}},
	{MARK_Y7,
	 {"burst pipe flooded the home", "police cordon around the home", "fire at the home",
	  "storm damage to the home", "gas leak in the street", "landslip on the lane to the home"}},
};

static const char *const part_time_reasons[TEXTS] = {
	"return after a long illness",   "recovery from surgery",
	"anxiety; plan with CAMHS",      "return after a time in custody",
	"treatment that causes fatigue", "first weeks after a bereavement"};

/* A line, and what is written about it */
typedef struct Case
{
	Output *out;
	const Roll *roll;
	const Line *line;
	Recount *recount;
	uint8_t *covered;
} Case;

static Row row;

static const char *
choose_text(const Case *c, const char *const *texts, int position)
{
	return texts[pick(c->line->pupil, PICK_TEXT + position, TEXTS)];
}

static void
start_evidence(const Case *c, Table table)
{
	start_row(&row, table);
	set_field(&row, ROW_SCHOOL, "%d", c->roll->schools[c->line->school].urn);
	set_field(&row, ROW_PUPIL, "%d", c->line->pupil);
}

static void
finish_evidence(const Case *c)
{
	write_row(c->out, &row);
	read_evidence(&row, c->roll, c->line, c->covered);
}

/* A licence has a margin around the days */
static void
set_licence(const Case *c, const Span *span)
{
	char day[16];

	set_field(&row, LEAVE_LICENCE, "CE/2025/%05d", c->line->pupil % 100000);
	format_earlier(span->first / 2, 3, day);
	set_field(&row, LEAVE_LICENCE_FROM, "%s", day);
	format_earlier(span->last / 2, -3, day);
	set_field(&row, LEAVE_LICENCE_TO, "%s", day);
}

/* The last examination is on a Wednesday or on 24 June */
static void
set_examination(const Case *c, const Span *span)
{
	int day = span->last / 2;
	char text[16];

	while (day < LAST_EXAMINATION && day % 5 != 2)
		day++;
	format_day(day, text);
	set_field(&row, LEAVE_EXAMINATION, "%s", text);
	if (c->roll->phase == PRIMARY)
		set_field(&row, LEAVE_CIRCUMSTANCES, "GCSE Urdu, taken early");
}

/* Asked for some days before, granted on the day before at the latest */
static void
set_decision(const Case *c, int day)
{
	int notice = 2 + pick(c->line->pupil, PICK_NOTICE + day, 20);
	char name[NAME_TEXT];
	char date[16];

	parent_name(c->line, name);
	set_field(&row, LEAVE_CONTACT, "%d", parent_id(c->line));
	set_field(&row, LEAVE_APPLICANT, "%s", name);
	format_earlier(day, notice, date);
	set_field(&row, LEAVE_RECEIVED, "%s", date);
	head_name(&c->roll->schools[c->line->school], name);
	set_field(&row, LEAVE_DECIDED_BY, "%s", name);
	format_earlier(day, (notice + 1) / 2, date);
	set_field(&row, LEAVE_DECIDED, "%s", date);
	set_field(&row, LEAVE_STATUS, "granted");
}

/* One leave from a position on; the position after it */
static int
write_leave(const Case *c, const Leave *leave, int position)
{
	static char sessions[SESSIONS_TEXT];
	Span span;
	int next = format_sessions(c->line->marks, leave->mark, position,
							   leave->by_spell ? 1 : POSITIONS, &span, sessions);

	if (next < 0)
		return POSITIONS;
	start_evidence(c, TABLE_LEAVES);
	set_field(&row, LEAVE_MARK, "%s", mark_names[leave->mark].text);
	set_field(&row, LEAVE_SESSIONS, "%s", sessions);
	set_field(&row, LEAVE_REASON, "%s", leave->reason);
	set_field(&row, LEAVE_CIRCUMSTANCES, "%s", choose_text(c, leave->circumstances, span.first));
	set_decision(c, span.first / 2);
	if (leave->mark == MARK_C1)
		set_licence(c, &span);
	if (leave->mark == MARK_S)
		set_examination(c, &span);
	finish_evidence(c);
	c->recount->leaves++;
	return next;
}

/* Every four weeks, and at the end */
static void
set_reviews(const Span *span)
{
	char reviews[NAME_TEXT + DAYS / 20 * 12] = "{";
	int day = span->first / 2 + 20;
	char last[16];

	for (; day < span->last / 2; day += 20)
	{
		format_day(day, reviews + strlen(reviews));
		strcat(reviews, ",");
	}
	format_day(span->last / 2, last);
	set_field(&row, TIMETABLE_REVIEWS, "%s%s}", reviews, last);
}

static void
write_timetable(const Case *c)
{
	static char sessions[SESSIONS_TEXT];
	char name[NAME_TEXT];
	char day[16];
	Span span;

	format_sessions(c->line->marks, MARK_C2, 0, POSITIONS, &span, sessions);
	start_evidence(c, TABLE_TIMETABLES);
	set_field(&row, TIMETABLE_SESSIONS, "%s", sessions);
	set_field(&row, TIMETABLE_CIRCUMSTANCES, "%s", choose_text(c, part_time_reasons, span.first));
	format_earlier(span.first / 2, 2 + pick(c->line->pupil, PICK_NOTICE, 8), day);
	set_field(&row, TIMETABLE_AGREED, "%s", day);
	parent_name(c->line, name);
	set_field(&row, TIMETABLE_CONTACT, "%d", parent_id(c->line));
	set_field(&row, TIMETABLE_AGREED_WITH, "%s", name);
	head_name(&c->roll->schools[c->line->school], name);
	set_field(&row, TIMETABLE_AGREED_BY, "%s", name);
	set_reviews(&span);
	set_field(&row, TIMETABLE_STATUS, "agreed");
	finish_evidence(c);
}

/* One range from the first to the last of such marks */
static void
write_nature(const Case *c, const Nature *nature)
{
	static char sessions[SESSIONS_TEXT];
	char first[32];
	char last[32];
	Span span;

	format_sessions(c->line->marks, nature->mark, 0, POSITIONS, &span, sessions);
	format_session(span.first, first);
	format_session(span.last, last);
	start_evidence(c, TABLE_NATURES);
	set_field(&row, NATURE_MARK, "%s", mark_names[nature->mark].text);
	set_field(&row, NATURE_SESSIONS, "{[%s,%s]}", first, last);
	set_field(&row, NATURE_TEXT, "%s", choose_text(c, nature->natures, span.first));
	finish_evidence(c);
}

/* Whether this is the main school of a pupil who is registered at two */
bool
main_school(const Line *line)
{
	return pick(line->pupil, PICK_MAIN, 6) > 0;
}

/* The other school keeps its own register, outside this one */
static void
write_dual(const Case *c)
{
	static const char *const kinds[] = {"Pupil Referral Unit", "Hospital School",
										"Alternative Provision Academy"};
	static char sessions[SESSIONS_TEXT];
	char place[32];
	char day[16];
	Span span;

	format_sessions(c->line->marks, MARK_D, 0, POSITIONS, &span, sessions);
	start_evidence(c, TABLE_DUAL);
	outside_name(pick(c->line->pupil, PICK_OTHER, 3), place, sizeof(place));
	set_field(&row, DUAL_OTHER, "%s %s", place, kinds[pick(c->line->pupil, PICK_OTHER, 3)]);
	format_day(span.first / 2, day);
	set_field(&row, DUAL_FROM, "%s", day);
	format_day(span.last / 2, day);
	set_field(&row, DUAL_TO, "%s", day);
	set_field(&row, DUAL_MAIN, main_school(c->line) ? "t" : "f");
	finish_evidence(c);
}

void
write_evidence(Output *out, const Roll *roll, const Line *line, Recount *recount)
{
	uint8_t covered[POSITIONS] = {MARK_BLANK};
	const Case c = {out, roll, line, recount, covered};
	bool has[MARKS] = {false};
	size_t i;
	int p;

	for (p = 0; p < POSITIONS; p++)
		has[line->marks[p]] = true;
	for (i = 0; i < sizeof(leaves) / sizeof(leaves[0]); i++)
		for (p = has[leaves[i].mark] ? 0 : POSITIONS; p < POSITIONS;)
			p = write_leave(&c, &leaves[i], p);
	for (i = 0; i < sizeof(natures) / sizeof(natures[0]); i++)
		if (has[natures[i].mark])
			write_nature(&c, &natures[i]);
	if (has[MARK_C2])
		write_timetable(&c);
	if (has[MARK_D])
		write_dual(&c);
	recount_evidence(line, covered, recount);
}
