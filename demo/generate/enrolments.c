/*
 * enrolments.c
 *		Since when and until when a name is on a roll, and why.
 */
#include <string.h>

#include "generate.h"

/* Days after 1 September on which parents are told of places: 16 April, 1 March */
#define OFFER_DAY_PRIMARY 227
#define OFFER_DAY_SECONDARY 181

enum
{
	PICK_GROUND,
	PICK_OUTSIDE,
	PICK_NOTICE
};

/* Grounds of regulation 9(1) */
typedef struct Ground
{
	const char *letter;
	const char *evidence;
	int weight;
} Ground;

static const Ground elsewhere = {"A", "the other school confirmed the registration", 70};
static const Ground home_educated = {"F", "the parent notified the school in writing", 12};
static const Ground moved_away = {"G", "the parent gave the new address", 18};
static const Ground school_leaver = {"L", "the pupil does not go on to a sixth form here", 0};

/* Years since the pupil joined the school: most came with their cohort */
static int
years_here(const Roll *roll, const Line *line)
{
	int all = line->year - (roll->phase == SECONDARY ? 7 : 0);

	if (all > 0 && random_chance(roll->phase == SPECIAL ? 70 : 15))
		return random_below(all + 1);
	return all;
}

static void
set_start(Row *row, const Roll *roll, const Line *line)
{
	char start[16];
	char agreed[16];
	int since;

	if (line->first > 0)
	{
		format_day(line->first, start);
		format_earlier(line->first, 3 + pick(line->pupil, PICK_NOTICE, 12), agreed);
	}
	else
	{
		since = SEPTEMBER - years_here(roll, line);
		format_date(since, 0, start);
		format_date(since - 1, roll->phase == SECONDARY ? OFFER_DAY_SECONDARY : OFFER_DAY_PRIMARY,
					agreed);
	}
	set_field(row, ENROLMENT_START, "%s", start);
	set_field(row, ENROLMENT_AGREED, "%s", agreed);
	set_field(row, ENROLMENT_BASIS, "agreed");
	set_field(row, ENROLMENT_REASON, "taken over from the school's own system");
}

/* Current and single, or main or subsidiary with another registration */
static const char *
status(const Line *line)
{
	if (memchr(line->marks, MARK_D, POSITIONS) == NULL)
		return "C";
	return main_school(line) ? "M" : "S";
}

static void
set_other_school(Row *row, int column, const Roll *roll, const Line *line)
{
	char place[32];

	outside_name(pick(line->pupil, PICK_OUTSIDE, 100), place, sizeof(place));
	set_field(row, column, "%s %s", place,
			  roll->phase == SPECIAL ? "School"
			  : line->year < 7       ? "Primary School"
									 : "High School");
}

/* A school of the authority, or one that nothing else is known of */
static void
set_last_school(Row *row, const Roll *roll, const Line *line)
{
	const School *last = NULL;
	char address[NAME_TEXT];

	if (line->moved_from >= 0)
		last = &roll->schools[roll->lines[line->moved_from].school];
	else if (roll->phase == SECONDARY && line->first == 0)
		last = &roll->schools[line->primary];
	else if (line->first > 0 && line->year > 0)
		set_other_school(row, ENROLMENT_LAST, roll, line);
	if (last == NULL)
		return;
	school_address(last, address);
	set_field(row, ENROLMENT_LAST, "%s", last->name);
	set_field(row, ENROLMENT_LAST_ADDRESS, "%s", address);
}

static const Ground *
choose_ground(const Line *line)
{
	int n = pick(line->pupil, PICK_GROUND, 100);

	if (line->year == 11 && line->last == LAST_DAY_IN_JUNE)
		return &school_leaver;
	if (line->moved_to >= 0 || n < elsewhere.weight)
		return &elsewhere;
	return n < elsewhere.weight + home_educated.weight ? &home_educated : &moved_away;
}

static void
set_next_school(Row *row, const Roll *roll, const Line *line)
{
	const Line *next = line->moved_to < 0 ? NULL : &roll->lines[line->moved_to];
	char day[16];

	if (next == NULL)
	{
		set_other_school(row, ENROLMENT_NEXT, roll, line);
		format_earlier(line->last, -1, day);
	}
	else
	{
		set_field(row, ENROLMENT_NEXT, "%s", roll->schools[next->school].name);
		format_day(next->first, day);
	}
	set_field(row, ENROLMENT_NEXT_START, "%s", day);
}

/* The name is deleted on the last day, when school is over */
static void
set_end(Row *row, const Roll *roll, const Line *line)
{
	const Ground *ground = choose_ground(line);
	char day[16];

	format_day(line->last, day);
	set_field(row, ENROLMENT_END, "%s", day);
	set_field(row, ENROLMENT_GROUND, "%s", ground->letter);
	set_field(row, ENROLMENT_AROSE, "%s", day);
	set_field(row, ENROLMENT_EVIDENCE, "%s", ground->evidence);
	set_field(row, ENROLMENT_DELETED, "%s 16:00 Europe/London", day);
	if (ground == &elsewhere)
		set_next_school(row, roll, line);
}

void
write_enrolment(Output *out, const Roll *roll, const Line *line, Recount *recount)
{
	static Row row;

	start_row(&row, TABLE_ENROLMENTS);
	set_field(&row, ROW_SCHOOL, "%d", roll->schools[line->school].urn);
	set_field(&row, ROW_PUPIL, "%d", line->pupil);
	set_start(&row, roll, line);
	set_field(&row, ENROLMENT_STATUS, "%s", status(line));
	set_field(&row, ENROLMENT_YEAR, line->year == 0 ? "R" : "%d", line->year);
	set_field(&row, ENROLMENT_GROUP, "%s%c", field(&row, ENROLMENT_YEAR), 'A' + line->group);
	set_last_school(&row, roll, line);
	if (line->last < DAYS - 1)
		set_end(&row, roll, line);
	write_row(out, &row);
	recount_deletion(&row, line, recount);
}
