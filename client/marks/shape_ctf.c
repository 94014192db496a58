/*
 * shape_ctf.c
 *		Marks of Common Transfer Files, whose XML the server reads: Pupil/Attendance/YearData with a
 *		first day and a string of marks, two for each day.
 */
#include "marks/marks.h"

#include <ctype.h>

#define XML_TYPE 142

enum
{
	CTF_UPN,
	CTF_LAESTAB, /* of the year, or else of the school that sends the file */
	CTF_SOURCE,
	CTF_KIND, /* AttendSessions, or YearData that has none */
	CTF_PARENT,
	CTF_START,
	CTF_MARKS
};

/* Blanks that are none of XML's. */
#define TRIM(value) "btrim(" value ", ' \u00a0\u202f\ufeff\u200b\u200e')"

/* By path, so that files with a namespace of their own are read as well. */
static const char *const ctf_sql =
	"SELECT t.upn, " TRIM("t.school_la") " || " TRIM("t.school_estab") ", " TRIM("t.source_la") " || " TRIM(
		"t.source_estab") ", t.kind, t.parent, t.start, t.marks FROM xmltable("
						  "'//*[local-name() = \"AttendSessions\" or local-name() = \"YearData\" and not(.//*[local-name() = \"AttendSessions\"])]'"
						  " PASSING $1 COLUMNS"
						  " upn text PATH 'normalize-space((ancestor::*[local-name() = \"Pupil\"]/*[local-name() = \"UPN\"])[last()])',"
						  " school_la text PATH 'normalize-space((../*[local-name() = \"LEA\"] | /*/*/*[local-name() = \"SourceSchool\"]/*[local-name() = \"LEA\"])[last()])',"
						  " school_estab text PATH 'normalize-space((../*[local-name() = \"Estab\"] | /*/*/*[local-name() = \"SourceSchool\"]/*[local-name() = \"Estab\"])[last()])',"
						  " source_la text PATH 'normalize-space(/*/*/*[local-name() = \"SourceSchool\"]/*[local-name() = \"LEA\"])',"
						  " source_estab text PATH 'normalize-space(/*/*/*[local-name() = \"SourceSchool\"]/*[local-name() = \"Estab\"])',"
						  " kind text PATH 'local-name()',"
						  " parent text PATH 'local-name(..)',"
						  " start text PATH 'normalize-space(*[local-name() = \"AttendanceStartDate\"])',"
						  " marks text PATH 'string(*[local-name() = \"AttendanceMarks\"])') AS t";

static const char *const closed_sql =
	"SELECT school_urn, day - date '2000-01-01', morning, afternoon FROM school_day"
	" WHERE NOT (morning AND afternoon) ORDER BY school_urn, day";

/* ---------- days on which a school is closed, where # is a mark ---------- */

static PGresult *closed_days; /* of all schools, by school and day */

static int
compare_closed(int row, int school, int day)
{
	int difference = atoi(PQgetvalue(closed_days, row, 0)) - school;

	return difference != 0 ? difference : atoi(PQgetvalue(closed_days, row, 1)) - day;
}

static bool
is_closed(int school, int day, int session)
{
	int low = 0, high = PQntuples(closed_days);

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (compare_closed(middle, school, day) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < PQntuples(closed_days) && compare_closed(low, school, day) == 0 &&
		   PQgetvalue(closed_days, low, 2 + session)[0] == 'f';
}

static void
load_closed(PGconn *reader)
{
	if (closed_days != NULL)
		return;
	closed_days = PQexec(reader, closed_sql);
	if (PQresultStatus(closed_days) != PGRES_TUPLES_OK)
		fail_query(reader, closed_days);
}

/* ---------- the string of marks ---------- */

/* How many bytes the next mark has: codes of two and three are a letter with digits. */
static size_t
mark_length(Text marks)
{
	size_t length = 1;

	while (length < marks.length && ((unsigned char) marks.data[length] & 0xc0) == 0x80)
		length++; /* no code, but it is shown as a whole */
	while (length < 3 && length < marks.length && isdigit((unsigned char) marks.data[length]))
		length++;
	while (length > 1 && isdigit((unsigned char) marks.data[length - 1]) &&
		   known_mark((Text){marks.data, length}) == NULL)
		length--;
	return length;
}

static bool
is_no_session(Text mark)
{
	return text_is(mark, "#") || text_is(mark, " ") || text_is(mark, "-");
}

/* With seven days a week, no school holds sessions at weekends; with five, no mark is for one. */
static int
days_in_week(Text marks, int start)
{
	int place = 0;

	if (options.ctf_week != 0)
		return options.ctf_week;
	while (marks.length > 0)
	{
		size_t length = mark_length(marks);
		int weekday = weekday_of(start + place / 2);

		if (weekday >= 5 && !is_no_session((Text){marks.data, length}))
			return 5;
		marks.data += length, marks.length -= length;
		place++;
	}
	return 7;
}

static bool
give_mark(Load *load, Row *row, Text mark, int day, int session)
{
	Row one = *row;
	char text[12];

	if (text_is(mark, "#") && !is_closed(row->school, day, session))
		return true; /* no session for the pupil, or none at all */
	one.field[FIELD_MARK] = mark;
	one.column[FIELD_MARK] = "AttendanceMarks";
	one.day = day;
	one.session = session;
	if (is_ascii(mark) && known_mark(mark) != NULL)
		return give_row(load, &one);
	load->rows++;
	format_day(day, text);
	row_problem(load, &one, FIELD_MARK, "not an attendance code: pupil %.*s, %s %s",
				(int) row->field[FIELD_UPN].length, row->field[FIELD_UPN].data, text,
				session == 0 ? "AM" : "PM");
	return true;
}

/* The day after that of a place, if it is the first of a day. */
static int
day_of_place(int day, int place, int week)
{
	if (place > 0 && place % 2 == 0)
		day++;
	while (week == 5 && weekday_of(day) >= 5)
		day++;
	return day;
}

static int
last_day(Text marks, int day, int week)
{
	for (int place = 0; marks.length > 0; place++)
	{
		size_t length = mark_length(marks);

		day = day_of_place(day, place, week);
		marks.data += length, marks.length -= length;
	}
	return day;
}

/* The 31st of July. */
static int
end_of_year(int day)
{
	int end = day_of(year_of(day), 7, 31);

	return day <= end ? end : day_of(year_of(day) + 1, 7, 31);
}

/* Without the blanks at its end, which are no marks, as those are that fill it up beyond the year. */
static Text
marked_part(Text marks)
{
	while (marks.length > 0 && marks.data[marks.length - 1] == ' ')
		marks.length--;
	return marks;
}

static bool
give_marks(Load *load, Row *row, Text marks, int day)
{
	int week = days_in_week(marks, day), end = end_of_year(day);
	int last = last_day(marked_part(marks), day, week);
	char text[12], end_text[12];

	row->field[FIELD_MARK] = marks;
	row->column[FIELD_MARK] = "AttendanceMarks";
	if (last > end)
	{
		load->rows++;
		format_day(last, text);
		format_day(end, end_text);
		return row_problem(load, row, FIELD_MARK,
						   "the text goes on to %s, but the academic year ends on %s", text,
						   end_text);
	}
	for (int place = 0; marks.length > 0; place++)
	{
		size_t length = mark_length(marks);

		day = day_of_place(day, place, week);
		if (day > end)
			break;
		if (!give_mark(load, row, (Text){marks.data, length}, day, place % 2))
			return false;
		marks.data += length, marks.length -= length;
	}
	return true;
}

static bool
give_text(Load *load, Row *row, Text text, int day)
{
	static Buffer plain;

	row->field[FIELD_MARK] = text;
	row->column[FIELD_MARK] = "AttendanceMarks";
	if (plain_marks(text, &plain))
		return give_marks(load, row, (Text){plain.data, plain.len}, day);
	load->rows++;
	return row_problem(
		load, row, FIELD_MARK,
		"blanks beside a line break may be sessions or not: the text must be in one line");
}

/* ---------- the file ---------- */

static Text
value_at(const PGresult *result, int column)
{
	return (Text){PQgetvalue(result, 0, column), PQgetlength(result, 0, column)};
}

/*
 * The school of the year.  --school says which one sends the file, if the register does not know it by
 * its LAESTAB; years at other schools are not that school's.
 */
static int
find_school(const PGresult *result, const char **problem)
{
	Text laestab = value_at(result, CTF_LAESTAB), source = value_at(result, CTF_SOURCE);
	int school = known_school(laestab, problem);

	if (school != 0)
		return school;
	if (options.school != 0 && !has_laestab(options.school) &&
		(laestab.length == 0 || text_is(laestab, PQgetvalue(result, 0, CTF_SOURCE))))
		return options.school;
	if (laestab.length == 7)
		*problem =
			"the register has no school with this LAESTAB: it is found by school.laestab, the"
			" LA's number and the establishment's";
	else if (laestab.length == 0 && source.length == 0)
		*problem = "the file does not have the LA's number (LEA) and the establishment's (Estab)";
	return 0;
}

static bool
give_year(Load *load, const PGresult *result, int64_t number)
{
	Row row;
	const char *problem;
	Moment start = read_moment(value_at(result, CTF_START));

	begin_row(&row);
	row.unit = "AttendSessions";
	row.number = number;
	row.field[FIELD_UPN] = value_at(result, CTF_UPN);
	row.column[FIELD_UPN] = "UPN";
	row.field[FIELD_DAY] = value_at(result, CTF_START);
	row.column[FIELD_DAY] = "AttendanceStartDate";
	row.field[FIELD_SCHOOL] = value_at(result, CTF_LAESTAB);
	row.column[FIELD_SCHOOL] = "LEA, Estab";
	row.school = find_school(result, &problem);
	if (row.school != 0 && row.school == options.school)
		row.field[FIELD_SCHOOL].length =
			0; /* it has perhaps no LAESTAB by which it is found again */
	if (start.day == NO_DAY)
		check_day_order(load, &row, row.column[FIELD_DAY], row.field[FIELD_DAY]);
	if (strcmp(PQgetvalue(result, 0, CTF_PARENT), "YearData") != 0)
		record_problem(
			load, &row,
			"YearData is missing: AttendSessions is expected in Pupil/Attendance/YearData");
	else if (row.school == 0)
		row_problem(load, &row, FIELD_SCHOOL, "%s", problem);
	else if (start.day == NO_DAY || start.session >= 0)
		row_problem(load, &row, FIELD_DAY, "%s",
					start.problem != NULL ? start.problem : "not a day");
	else
		return give_text(load, &row, value_at(result, CTF_MARKS), start.day);
	return true;
}

/* Errors in the XML are the server's to find. */
static void
start_ctf(PGconn *reader, Text content)
{
	const Oid types[1] = {XML_TYPE};
	const char *values[1] = {content.data};
	const int lengths[1] = {(int) content.length};
	const int formats[1] = {1};

	if (!PQsendQueryParams(reader, ctf_sql, 1, types, values, lengths, formats, 0) ||
		!PQsetSingleRowMode(reader))
		fail(EXIT_CONNECTION, "the connection to the server was lost");
}

typedef struct Unmarked
{
	int64_t years;
	char *pupil; /* of the first */
} Unmarked;

/* Totals alone, or a text without marks: no mark can be made of that. */
static void
watch_year(Unmarked *unmarked, const PGresult *result)
{
	if (trim(value_at(result, CTF_MARKS)).length > 0)
		return;
	if (unmarked->years++ == 0)
		unmarked->pupil = printable(value_at(result, CTF_UPN));
}

static void
name_unmarked(Unmarked *unmarked, const Load *load)
{
	if (unmarked->years > 0 && !load->again)
		say_left_out(
			"%s: %lld years have no marks (AttendanceMarks is missing or empty), first one of"
			" pupil %s: marks cannot be made of totals",
			input_name(load->input), (long long) unmarked->years, unmarked->pupil);
	free(unmarked->pupil);
}

bool
read_marks_ctf(Load *load, const Buffer *content)
{
	PGconn *reader = second_connection(input_name(load->input));
	Buffer converted = {0};
	int64_t number = 0;
	PGresult *result;
	Unmarked unmarked = {0};
	bool go_on = true;

	load_closed(reader);
	start_ctf(reader, xml_to_send(load->input, content, &converted));
	while ((result = next_row(reader)) != NULL)
	{
		watch_year(&unmarked, result);
		if (strcmp(PQgetvalue(result, 0, CTF_KIND), "AttendSessions") == 0)
			go_on = go_on && give_year(load, result, ++number);
		PQclear(result);
	}
	if (number == 0)
		fail(EXIT_DATA, "%s: there are no AttendSessions in the file", input_name(load->input));
	name_unmarked(&unmarked, load);
	termPQExpBuffer(&converted);
	return go_on;
}
