/*
 * xml.c
 *		XML: the attendance of the school census, and Common Transfer Files.  The server makes the
 *		elements, so that every name is escaped by the one who knows how; what no XML can hold, such as
 *		a control character, is replaced here.
 */
#include "export/export.h"

#include <time.h>

#define SCHOOL "$1::integer"

static char school_urn[16];

static void
need_school(const char *what)
{
	const char *values[1] = {school_urn};
	char *found;

	if (options.school == 0)
		fail_usage("export %s needs --school", what);
	snprintf(school_urn, sizeof(school_urn), "%d", options.school);
	found = query_value("SELECT name FROM school WHERE urn = " SCHOOL, 1, values);
	if (found == NULL)
		fail(EXIT_WRONG, "the register has no school %d", options.school);
	free(found);
}

/* Writes the first column of each row, a line each. */
static long long
write_rows(const char *sql, int count, const char *const *values)
{
	Buffer line = {0};
	PGresult *result;
	long long rows = 0;

	start_rows(conn, sql, count, values);
	while ((result = next_row(conn)) != NULL)
	{
		empty_buffer(&line);
		put_xml_text(&line, (Text){PQgetvalue(result, 0, 0), PQgetlength(result, 0, 0)});
		put_string(&line, "\n");
		write_output(line.data, line.len);
		PQclear(result);
		rows++;
	}
	termPQExpBuffer(&line);
	return rows;
}

/* ---------- the school census ---------- */

/*
 * A window's block: sessions possible, then each reason with its sessions; for pupils aged four the
 * total of authorised absence alone.  Codes of which the census knows the parent alone are added up.
 */
#define BLOCK(name, first, last) \
	"CASE WHEN " first " IS NOT NULL THEN xmlelement(name \"" name "\"," \
	" xmlelement(name \"SessionsPossible\", possible(tally(l.marks, daterange(" first \
	"::date, " last "::date, '[]'))))," \
	" CASE WHEN x.age = 4 THEN xmlelement(name \"SessionsAuthorised\"," \
	" authorised(tally(l.marks, daterange(" first "::date, " last "::date, '[]')))) ELSE" \
	" (SELECT xmlelement(name \"SessionDetails\", xmlagg(xmlelement(name \"SessionDetail\"," \
	" xmlelement(name \"AttendanceReason\", k.code), xmlelement(name \"AbsenceSessions\"," \
	" k.sessions)) ORDER BY k.code)) FROM (SELECT regexp_replace(c.mark::text, '^([IX])0.$', '\\1')" \
	" AS code, sum(c.sessions) AS sessions FROM counts(mark_counts(l.marks, daterange(" first \
	"::date, " last \
	"::date, '[]'))) AS c WHERE c.mark::text NOT IN ('/', '\\', 'L', '-', '#', 'Z')" \
	" GROUP BY 1) AS k HAVING count(*) > 0) END) END"

static const char *const census_sql =
	"SELECT xmlserialize(CONTENT xmlelement(name \"Pupil\", xmlforest(p.upn AS \"UPN\","
	" p.surname AS \"Surname\", p.forename AS \"Forename\", p.date_of_birth AS \"DOB\", p.sex AS \"Sex\"),"
	" CASE WHEN e.end_date IS NOT NULL THEN xmlelement(name \"LeavingDate\", e.end_date) END,"
	" CASE WHEN x.age BETWEEN 4 AND 15 AND e.boarder = 'N' THEN xmlelement(name \"Attendance\","
	" " BLOCK("TermlyAttendance", "$2", "$3") ", " BLOCK(
		"SummerHalfTerm2Attendance", "$4",
		"$5") ") END) AS text)"
			  " FROM enrolment_on($3::date) e JOIN pupil p ON p.pupil_id = e.pupil_id"
			  " CROSS JOIN LATERAL (SELECT academic_year($2::date) AS academic_year) AS y"
			  " CROSS JOIN LATERAL (SELECT extract(year FROM age(make_date(y.academic_year, 8, 31), p.date_of_birth))::integer AS age) AS x"
			  " JOIN LATERAL (SELECT mark_series_agg(l.marks) AS marks FROM register_line l WHERE l.school_urn = e.school_urn"
			  "  AND l.pupil_id = e.pupil_id AND l.academic_year IN (y.academic_year, academic_year($4::date))) AS l ON true"
			  " WHERE e.school_urn = " SCHOOL
			  " AND e.status IN ('C', 'M', 'S') AND e.start_date <= $3::date"
			  " AND CASE $6 WHEN 'left' THEN e.end_date >= $2::date AND e.end_date <= $3::date"
			  "  OR e.end_date >= $4::date AND e.end_date <= $5::date"
			  "  ELSE e.end_date IS NULL OR e.end_date > greatest($3::date, $5::date) END"
			  " ORDER BY p.surname, p.forename, p.pupil_id";

static const char *const census_head_sql =
	"SELECT xmlserialize(CONTENT xmlelement(name \"Header\", xmlelement(name \"CollectionDetails\","
	" xmlelement(name \"Collection\", 'School Census'), xmlelement(name \"Year\", extract(year FROM $3::date)),"
	" xmlelement(name \"ReferenceDate\", $3::date)), xmlelement(name \"Source\", xmlelement(name \"SourceLevel\", 'S'),"
	" xmlforest(left(s.laestab::text, 3) AS \"LEA\", right(s.laestab::text, 4) AS \"Estab\", s.urn AS \"URN\"),"
	" xmlelement(name \"SoftwareCode\", 'pg_attendance'),"
	" xmlelement(name \"DateTime\", to_char(now() AT TIME ZONE 'Europe/London', 'YYYY-MM-DD\"T\"HH24:MI:SS')))) AS text)"
	" FROM school s WHERE s.urn = " SCHOOL " AND $2::date IS NOT NULL";

int
export_census(void)
{
	const char *values[6] = {school_urn,          options.from,      options.to,
							 options.second_from, options.second_to, "roll"};
	long long rows;

	if (options.from == NULL || options.to == NULL ||
		(options.second_from == NULL) != (options.second_to == NULL))
		fail_usage(
			"export census needs --from and --to, and both or none of --half-term-from and --half-term-to");
	need_school("census");
	run_command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	open_output(options.output);
	write_string("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Message>\n");
	write_rows(census_head_sql, 3, values);
	write_string("<Pupils>\n<PupilsOnRoll>\n");
	rows = write_rows(census_sql, 6, values);
	write_string("</PupilsOnRoll>\n<PupilsNoLongerOnRoll>\n");
	values[5] = "left";
	rows += write_rows(census_sql, 6, values);
	write_string("</PupilsNoLongerOnRoll>\n</Pupils>\n</Message>\n");
	close_output();
	run_command("COMMIT");
	say_written("pupils", rows);
	return EXIT_DONE;
}

/* ---------- Common Transfer File ---------- */

/* Of every day of the week; # where no session is held, a blank where one has no mark. */
static const char *const ctf_out_sql =
	"SELECT xmlserialize(CONTENT xmlelement(name \"Pupil\", xmlforest(p.upn AS \"UPN\", p.surname AS \"Surname\","
	" p.forename AS \"Forename\", p.date_of_birth AS \"DOB\", p.sex AS \"Sex\"), xmlelement(name \"Attendance\","
	" (SELECT xmlagg(xmlelement(name \"YearData\", xmlforest(l.academic_year AS \"Year\", left(s.laestab::text, 3) AS \"LEA\","
	"  right(s.laestab::text, 4) AS \"Estab\", s.name AS \"SchoolName\", possible(t.t) AS \"SessionsPossible\","
	"  authorised(t.t) AS \"SessionsAuthorised\", attended(t.t) AS \"SessionsAttended\","
	"  unauthorised(t.t) AS \"SessionsUnauthorised\"), xmlelement(name \"AttendSessions\","
	"  xmlelement(name \"AttendanceStartDate\", first_day(l.marks)), xmlelement(name \"AttendanceMarks\", m.marks)))"
	"  ORDER BY l.academic_year)"
	" FROM register_line l CROSS JOIN LATERAL (SELECT tally(l.marks) AS t) AS t"
	" CROSS JOIN LATERAL (SELECT string_agg(coalesce(mark_at(l.marks, g.day::date, h.session)::text,"
	"  CASE WHEN CASE h.session WHEN 'AM' THEN d.morning ELSE d.afternoon END THEN ' ' ELSE '#' END), ''"
	"  ORDER BY g.day, h.session) AS marks FROM generate_series(first_day(l.marks), last_day(l.marks), interval '1 day') AS g (day)"
	"  CROSS JOIN (VALUES ('AM'), ('PM')) AS h (session)"
	"  LEFT JOIN school_day d ON d.school_urn = l.school_urn AND d.day = g.day::date) AS m"
	" WHERE l.school_urn = s.urn AND l.pupil_id = p.pupil_id AND l.academic_year = ANY ($2::integer[])"
	"  AND first_day(l.marks) IS NOT NULL))) AS text)"
	" FROM school s JOIN pupil p ON p.pupil_id IN (SELECT l.pupil_id FROM register_line l WHERE l.school_urn = s.urn"
	"  AND l.academic_year = ANY ($2::integer[]))"
	" WHERE s.urn = " SCHOOL
	" AND p.upn IS NOT NULL AND ($3::text IS NULL OR p.upn::text = $3 OR p.pupil_id::text = $3)"
	" ORDER BY p.surname, p.forename, p.pupil_id";

static const char *const ctf_head_sql =
	"SELECT xmlserialize(CONTENT xmlelement(name \"Header\", xmlelement(name \"DocumentName\", 'Common Transfer File'),"
	" xmlelement(name \"CTFversion\", right(max(y)::text, 2) || '.0'),"
	" xmlelement(name \"DateTime\", to_char(now() AT TIME ZONE 'Europe/London', 'YYYY-MM-DD\"T\"HH24:MI:SS')),"
	" xmlelement(name \"SourceSchool\", xmlforest(left(s.laestab::text, 3) AS \"LEA\", right(s.laestab::text, 4) AS \"Estab\","
	" s.name AS \"SchoolName\", max(y) AS \"AcademicYear\"))) AS text)"
	" FROM school s, unnest($2::integer[]) AS y WHERE s.urn = " SCHOOL
	" GROUP BY s.urn, s.laestab, s.name";

static void
check_laestab(void)
{
	const char *values[1] = {school_urn};
	char *laestab = query_value("SELECT laestab FROM school WHERE urn = " SCHOOL, 1, values);

	if (laestab == NULL)
		fail(EXIT_WRONG, "school %d has no LAESTAB, which a Common Transfer File needs",
			 options.school);
	free(laestab);
}

int
export_ctf(void)
{
	const char *values[3] = {school_urn, options.period, options.pupil};
	char *years;
	long long rows;

	if (options.period == NULL)
		fail_usage("export ctf needs --period, such as --period=2025/26");
	need_school("ctf");
	check_laestab();
	years = query_value("SELECT period_years($1)", 1, &options.period);
	values[1] = years;
	run_command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	open_output(options.output);
	write_string("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<CTfile>\n");
	write_rows(ctf_head_sql, 2, values);
	write_string("<CTFpupilData>\n");
	rows = write_rows(ctf_out_sql, 3, values);
	write_string("</CTFpupilData>\n</CTfile>\n");
	close_output();
	run_command("COMMIT");
	free(years);
	say_written("pupils", rows);
	return EXIT_DONE;
}
