/*
 * marks.c
 *		A mark of a file, whatever the shape: its values are read, and what is wrong is said.
 */
#include "marks/marks.h"

#include <stdarg.h>

const char *const field_names[FIELD_COUNT] = {
	[FIELD_SCHOOL] = "school_urn", [FIELD_PUPIL_ID] = "pupil_id",     [FIELD_UPN] = "upn",
	[FIELD_DAY] = "day",           [FIELD_SESSION] = "session",       [FIELD_MARK] = "mark",
	[FIELD_NATURE] = "nature",     [FIELD_ENTERED_BY] = "entered_by", [FIELD_TITLE] = "title",
	[FIELD_REASON] = "reason"};

void
begin_row(Row *row)
{
	memset(row, 0, sizeof(Row));
	row->unit = "line";
	row->day = NO_DAY;
	row->session = -1;
}

/* ---------- what is wrong ---------- */

void
report_problem(Load *load, const Row *row, const char *column, Text value, const char *problem)
{
	Place place = {load->input, row->unit, row->number};

	end_at(&place, column, value, problem, load->detail, load->hint);
}

/* Ends the program, unless the row is set aside as it is. */
void
found_problem(Load *load, const Row *row, const char *column, Text value, const char *problem)
{
	if (load->again)
		return;
	if (load->refuse == NULL)
		report_problem(load, row, column, value, problem);
	load->refuse(load, row, column, value, problem);
	load->rejected++;
}

bool
row_problem(Load *load, const Row *row, FieldName field, const char *format, ...)
{
	const char *column = row->column[field] != NULL ? row->column[field] : field_names[field];
	char problem[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem, sizeof(problem), format, arguments);
	va_end(arguments);
	found_problem(load, row, column, row->field[field], problem);
	return true;
}

/* Of no column in particular. */
void
record_problem(Load *load, const Row *row, const char *format, ...)
{
	char problem[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(problem, sizeof(problem), format, arguments);
	va_end(arguments);
	found_problem(load, row, NULL, (Text){"", 0}, problem);
}

/* ---------- the values of a row ---------- */

/* Each reader says what is wrong and returns false. */
static bool
read_school(Load *load, Row *row)
{
	const char *problem;

	if (trim(row->field[FIELD_SCHOOL]).length == 0 && options.school != 0)
	{
		row->school = options.school;
		return true;
	}
	if (trim(row->field[FIELD_SCHOOL]).length == 0)
		problem = "no school is given";
	else
		row->school = known_school(row->field[FIELD_SCHOOL], &problem);
	if (row->school == 0)
		row_problem(load, row, FIELD_SCHOOL, "%s", problem);
	return row->school != 0;
}

static bool
read_upn(Load *load, Row *row)
{
	static char upn[UPN_SIZE];
	Text text = row->field[FIELD_UPN] = trim(row->field[FIELD_UPN]);

	if (text.length == 0)
		return true;
	if (!parse_upn(text, upn))
	{
		row_problem(load, row, FIELD_UPN, "not a unique pupil number, which has 13 characters");
		return false;
	}
	row->field[FIELD_UPN] = (Text){upn, UPN_SIZE - 1};
	return true;
}

static bool
read_pupil(Load *load, Row *row)
{
	Text *id = &row->field[FIELD_PUPIL_ID];

	*id = trim(*id);
	if (id->length > 0 && !parse_integer(*id, 1, INT64_C(9007199254740991), &row->pupil_id))
	{
		row_problem(load, row, FIELD_PUPIL_ID, "not a pupil's identifier, which is a number");
		return false;
	}
	if (!read_upn(load, row))
		return false;
	if (id->length == 0 && row->field[FIELD_UPN].length == 0)
	{
		row_problem(load, row, FIELD_UPN, "no pupil is given");
		return false;
	}
	return true;
}

/*
 * 1 and 2 are AM and PM, but not in a file that has 3, too: these are periods of lessons, and setting
 * aside the others would enter wrong marks.
 */
static void
check_periods(Load *load, const Row *row)
{
	int64_t number;

	if (!parse_integer(row->field[FIELD_SESSION], 0, 99, &number))
		return;
	load->numbered |= row->session >= 0;
	load->periods |= row->session < 0;
	if (load->numbered && load->periods && !load->again)
		report_problem(load, row,
					   row->column[FIELD_SESSION] != NULL ? row->column[FIELD_SESSION] : "session",
					   row->field[FIELD_SESSION],
					   "the file has periods of lessons, of which 1 and 2 would be AM and PM:"
					   " give the sessions, AM and PM");
}

/* Days that are days in both orders would be loaded with day and month exchanged. */
void
check_day_order(Load *load, const Row *row, const char *column, Text text)
{
	if (!load->again && exchanged_day(text) != NULL)
		report_problem(load, row, column, text, exchanged_day(text));
}

/* With the day as it was read, where the file has it otherwise. */
void
put_day_problem(Buffer *text, const Row *row, const char *problem)
{
	Text written = row->field[FIELD_DAY];
	char day[11];

	put_string(text, problem);
	if (row->day == NO_DAY)
		return;
	format_day(row->day, day);
	if (written.length == 0 && row->column[FIELD_DAY] != NULL)
		written = text_of(row->column[FIELD_DAY]);
	if (!text_is(trim(written), day))
		put_format(text, " (the day is read as %s%s)", day,
				   is_ambiguous_day(written) ? "; see --date-style" : "");
}

/* Says what is wrong with the day, and returns false. */
static bool
read_day(Load *load, Row *row, int *named_session)
{
	Moment moment;

	*named_session = -1;
	if (row->day != NO_DAY)
		return true;
	moment = read_moment(row->field[FIELD_DAY]);
	row->day = moment.day;
	*named_session = moment.session;
	if (moment.problem != NULL)
		row_problem(load, row, FIELD_DAY, "%s", moment.problem);
	else if (moment.day == NO_DAY)
		row_problem(load, row, FIELD_DAY, "%s", no_day());
	return moment.day != NO_DAY;
}

/* A day may name the session, too, but no other. */
static bool
read_session(Load *load, Row *row)
{
	int named;

	if (!read_day(load, row, &named))
		return false;
	if (row->session < 0)
		row->session = parse_session(row->field[FIELD_SESSION]);
	check_periods(load, row);
	if (row->session < 0 && trim(row->field[FIELD_SESSION]).length == 0)
		row->session = named;
	if (row->session < 0)
		row_problem(load, row, FIELD_SESSION, "not a session: AM or PM is expected");
	else if (named >= 0 && named != row->session)
		row_problem(load, row, FIELD_DAY, "the day names the %s, but the mark is for the %s",
					named == 0 ? "morning" : "afternoon", named == 0 ? "afternoon" : "morning");
	return row->session >= 0 && (named < 0 || named == row->session);
}

/* Names and reasons go out as XML one day, and formulas that went wrong are none. */
static bool
check_texts(Load *load, Row *row)
{
	for (int i = FIELD_NATURE; i < FIELD_COUNT; i++)
	{
		const char *problem = row->field[i].length == 0 ? NULL : value_problem(row->field[i]);

		if (problem == NULL)
			continue;
		row_problem(load, row, i, "%s", problem);
		return false;
	}
	return true;
}

/* Takes the row, if it has a mark; false to stop reading. */
bool
give_row(Load *load, Row *row)
{
	load->rows++;
	if (row->day == NO_DAY && read_moment(row->field[FIELD_DAY]).day == NO_DAY)
		check_day_order(load, row, row->column[FIELD_DAY] != NULL ? row->column[FIELD_DAY] : "day",
						row->field[FIELD_DAY]);
	row->mark = known_mark(row->field[FIELD_MARK]);
	if (row->mark == NULL)
	{
		row_problem(load, row, FIELD_MARK, "not an attendance code");
		return true;
	}
	if (*row->mark == '\0' && load->set_aside)
		row_problem(load, row, FIELD_MARK,
					"the row was set aside and has no mark: give one, or delete the row");
	if (*row->mark == '\0')
		return true; /* nothing has been sent for this session */
	if (!read_school(load, row) || !read_pupil(load, row) || !read_session(load, row) ||
		!check_texts(load, row))
		return true;
	load->marks++;
	return load->take(load, row);
}
