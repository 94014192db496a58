/*
 * reject.c
 *		load marks --reject: bad rows go to a file of their own, the others into the register.
 *
 * All rows are copied into a temporary table.  What is wrong with the pupil, the school or the
 * session is found by one query, and what the rules on marks refuse by another, in which the
 * register decides.  What is left is fed to the register school by school, each in a savepoint; if
 * it refuses a mark even then, the rows are halved until those that it refuses stand alone.
 */
#include "marks/marks.h"

static OutFile rejects;

/* ---------- the file ---------- */

void
open_rejects(const char *name)
{
	static const char head[] =
		"file,place,column,value,problem,school_urn,pupil_id,upn,day,session,"
		"mark,nature,entered_by,title,reason\r\n";

	open_file(&rejects, name);
	write_file(&rejects, head, sizeof(head) - 1);
}

/* A cell as it can be read back. */
static void
put_cell(Buffer *line, Text text)
{
	static Buffer converted;

	put_bytes(line, ",", 1);
	put_csv(line, as_utf8(text, &converted));
}

static Text
shown_field(const Row *row, FieldName field, char *space)
{
	if (field == FIELD_DAY && row->field[FIELD_DAY].length == 0 && row->day != NO_DAY)
	{
		format_day(row->day, space);
		return text_of(space);
	}
	if (field == FIELD_SESSION && row->field[FIELD_SESSION].length == 0 && row->session >= 0)
		return text_of(row->session == 0 ? "AM" : "PM");
	if (field == FIELD_SCHOOL && row->field[FIELD_SCHOOL].length == 0 && options.school != 0)
	{
		snprintf(space, 11, "%d", options.school);
		return text_of(space);
	}
	return row->field[field];
}

/* The row as it can be loaded again when it was put right. */
void
write_reject(Load *load, const Row *row, const char *column, Text value, const char *problem)
{
	Buffer line = {0};
	char space[12];

	put_csv(&line, text_of(input_name(load->input)));
	put_format(&line, ",%s %lld", row->unit, (long long) row->number);
	put_cell(&line, text_of(column));
	put_cell(&line, value);
	put_cell(&line, text_of(problem));
	for (int i = 0; i < FIELD_COUNT; i++)
		put_cell(&line, shown_field(row, i, space));
	put_string(&line, "\r\n");
	write_file(&rejects, line.data, line.len);
	termPQExpBuffer(&line);
}

/* What is set aside is on the disk before the others are in the register. */
void
finish_rejects(void)
{
	sync_file(&rejects);
	finish_transaction();
	keep_file(&rejects);
}

/* ---------- what one query finds ---------- */

static const char *const stage_sql =
	"CREATE TEMPORARY TABLE attendance_stage (row_number bigint, school_urn integer, pupil_id bigint,"
	" upn text, day date, session text, mark session_mark, nature text, entered_by text, title text,"
	" reason text) ON COMMIT DROP";

static const char *const refused_sql =
	"CREATE TEMPORARY TABLE attendance_refused (row_number bigint, field text, problem text) ON COMMIT DROP";

/* With what the register has for the session. */
static const char *const load_sql =
	"CREATE TEMPORARY TABLE attendance_load ON COMMIT DROP AS"
	" SELECT row_number() OVER (ORDER BY s.school_urn, s.pupil, s.day, s.session, s.row_number) AS place, s.*,"
	"  CASE WHEN n.there IN ('/', '\\') THEN '/' ELSE n.there END AS there"
	" FROM (SELECT t.*, coalesce(i.pupil_id, u.pupil_id) AS pupil, academic_year(t.day) AS academic_year,"
	"  i.pupil_id IS NULL AND t.pupil_id IS NOT NULL AS no_id, u.pupil_id IS NULL AND t.upn IS NOT NULL AS no_upn,"
	"  u.several,"
	"  coalesce(i.pupil_id <> u.pupil_id, false) AS differ,"
	"  CASE WHEN t.mark::text IN ('/', '\\') THEN '/' ELSE t.mark::text END AS code"
	"  FROM pg_temp.attendance_stage t LEFT JOIN pupil i ON i.pupil_id = t.pupil_id"
	"  LEFT JOIN (SELECT p.upn::text AS upn, p.pupil_id, false AS several FROM pupil p WHERE p.upn IS NOT NULL"
	"   UNION ALL SELECT o.former_upn::text, CASE count(*) WHEN 1 THEN min(o.pupil_id) END, count(*) > 1 FROM pupil o"
	"    WHERE o.former_upn IS NOT NULL AND NOT EXISTS (SELECT FROM pupil p WHERE p.upn = o.former_upn)"
	"    GROUP BY 1) AS u ON u.upn = t.upn) AS s"
	" LEFT JOIN register_line r ON r.school_urn = s.school_urn AND r.academic_year = s.academic_year"
	"  AND r.pupil_id = s.pupil"
	" CROSS JOIN LATERAL (SELECT mark_at(r.marks, s.day, s.session)::text AS there) AS n";

/* Each problem begins with the column. */
static const char *const check_sql =
	"INSERT INTO pg_temp.attendance_refused SELECT row_number, split_part(problem, ':', 1),"
	" substr(problem, strpos(problem, ':') + 1) FROM (SELECT c.row_number, CASE"
	" WHEN c.several THEN 'upn:several pupils had this unique pupil number before: give that of today'"
	" WHEN c.no_upn THEN 'upn:the register has no pupil with this unique pupil number'"
	" WHEN c.no_id THEN 'pupil_id:the register has no pupil with this pupil_id'"
	" WHEN c.differ THEN 'pupil_id:pupil_id and unique pupil number are those of two pupils'"
	" WHEN y.academic_year IS NULL THEN format('day:the register has no academic year %s/%s; add_academic_year() adds it',"
	"  c.academic_year, lpad(((c.academic_year + 1) % 100)::text, 2, '0'))"
	" WHEN NOT p.enrolled THEN 'upn:the pupil has no enrolment at the school in the academic year'"
	" WHEN d.day IS NULL OR c.code <> '#' AND NOT CASE c.session WHEN 'AM' THEN d.morning ELSE d.afternoon END"
	"  THEN 'day:the calendar of the school has no such session (school_day, build_calendar)'"
	" WHEN t.session IS NOT NULL THEN 'mark:another row gives another mark for this session'"
	" WHEN c.there <> c.code AND c.there <> '-' AND c.code <> '-'"
	"  AND (coalesce(c.entered_by, '') !~ '\\S' OR coalesce(c.title, '') !~ '\\S' OR coalesce(c.reason, '') !~ '\\S')"
	"  AND NOT EXISTS (SELECT FROM rule_setting r WHERE r.school_urn = c.school_urn AND r.rule = 'unsigned amendment')"
	"  THEN format('mark:to amend the mark \"%s\", entered_by, title and reason must be given', c.there)"
	" END AS problem"
	" FROM pg_temp.attendance_load c"
	" LEFT JOIN (SELECT l.school_urn, l.pupil, l.academic_year, EXISTS (SELECT FROM enrolment e"
	"   WHERE e.school_urn = l.school_urn AND e.pupil_id = l.pupil AND e.start_date < make_date(l.academic_year + 1, 8, 1)"
	"    AND coalesce(e.end_date >= make_date(l.academic_year, 8, 1), true)) AS enrolled"
	"  FROM (SELECT DISTINCT school_urn, pupil, academic_year FROM pg_temp.attendance_load) AS l) AS p"
	"  ON p.school_urn = c.school_urn AND p.pupil = c.pupil AND p.academic_year = c.academic_year"
	" LEFT JOIN (SELECT school_urn, pupil, day, session FROM pg_temp.attendance_load"
	"  GROUP BY school_urn, pupil, day, session HAVING min(code) <> max(code)) AS t"
	"  ON t.school_urn = c.school_urn AND t.pupil = c.pupil AND t.day = c.day AND t.session = c.session"
	" LEFT JOIN register_year y ON y.academic_year = c.academic_year"
	" LEFT JOIN school_day d ON d.school_urn = c.school_urn AND d.day = c.day) AS f WHERE problem IS NOT NULL";

/* Marks that change nothing are not asked about, nor those that need a nature and come with it. */
static const char *const rules_sql =
	"INSERT INTO pg_temp.attendance_refused SELECT g.numbers[m.place], 'mark', m.problem FROM (SELECT l.school_urn,"
	"  array_agg(l.row_number ORDER BY l.place) AS numbers, array_agg(l.pupil ORDER BY l.place) AS pupils,"
	"  array_agg(school_session(l.day, l.session) ORDER BY l.place) AS sessions, array_agg(l.mark ORDER BY l.place) AS marks"
	"  FROM pg_temp.attendance_load l WHERE coalesce(l.there, '') <> l.code AND NOT (l.code = '-' AND l.there IS NOT NULL)"
	"  AND NOT (coalesce(l.nature, '') ~ '\\S' AND l.code IN (SELECT q.mark::text FROM requirement q WHERE q.requirement = 'nature'))"
	"  GROUP BY l.school_urn, l.academic_year, l.place / 200000) AS g"
	" CROSS JOIN LATERAL refused_marks('register_line'::regclass, g.school_urn, g.pupils, g.sessions, g.marks) AS m";

static const char *const feed_sql =
	"INSERT INTO mark_feed (school_urn, pupil_id, upn, day, session, mark, nature, entered_by, title, reason)"
	" SELECT school_urn, pupil_id, upn, day, session, mark, nature, entered_by, title, reason"
	" FROM pg_temp.attendance_load WHERE place >= $1 AND place < $2 ORDER BY place";

/* ---------- what the register refuses ---------- */

static void
refuse_row(void *context, int64_t place, const Refusal *refusal)
{
	const char *problem = refusal->problem.data;
	char number[32];
	const char *values[3] = {number, problem, refusal->column};

	snprintf(number, sizeof(number), "%lld", (long long) place);
	if (strncmp(problem, "row ", 4) == 0 && strstr(problem, ": ") != NULL)
		values[1] = strstr(problem, ": ") + 2;
	PQclear(run("INSERT INTO pg_temp.attendance_refused SELECT row_number, coalesce($3, 'mark'), $2"
				" FROM pg_temp.attendance_load WHERE place = $1",
				3, values));
}

static void
drop_refused(void)
{
	run_command("DELETE FROM pg_temp.attendance_load l USING pg_temp.attendance_refused r"
				" WHERE r.row_number = l.row_number");
}

/* Places have gaps from now on. */
static void
find_refused(void)
{
	run_command(load_sql);
	run_command("ANALYZE pg_temp.attendance_load");
	run_command(check_sql);
	drop_refused();
	run_command(rules_sql);
	drop_refused();
	run_command("CREATE UNIQUE INDEX ON pg_temp.attendance_load (place)");
	run_command("ANALYZE pg_temp.attendance_load");
}

static void
feed_schools(void)
{
	PGresult *schools = run("SELECT min(place), max(place) + 1 FROM pg_temp.attendance_load"
							" GROUP BY school_urn, academic_year, place / 200000 ORDER BY 1",
							0, NULL);

	for (int i = 0; i < PQntuples(schools); i++)
	{
		run_range(feed_sql, atoll(PQgetvalue(schools, i, 0)), atoll(PQgetvalue(schools, i, 1)),
				  refuse_row, NULL);
		show_progress(i + 1, 0);
	}
	PQclear(schools);
}

/* ---------- where the refused rows stand ---------- */

typedef struct Refused
{
	PGresult *rows; /* in the order of their numbers */
	int next;
} Refused;

/* The mark, if the register blames a column that no file has. */
static FieldName
refused_field(const Row *row, const char *name)
{
	int field = FIELD_MARK;

	for (int i = 0; i < FIELD_COUNT; i++)
	{
		if (strcmp(name, field_names[i]) == 0)
			field = i;
	}
	if (field == FIELD_UPN && row->field[FIELD_UPN].length == 0)
		return FIELD_PUPIL_ID;
	return field;
}

static bool
write_refused(Load *load, const Row *row)
{
	Refused *refused = load->taker;
	FieldName field;
	char space[12];
	Buffer problem = {0};

	if (refused->next == PQntuples(refused->rows))
		return false;
	if (atoll(PQgetvalue(refused->rows, refused->next, 0)) != load->marks)
		return true;
	field = refused_field(row, PQgetvalue(refused->rows, refused->next, 1));
	if (field == FIELD_DAY)
		put_day_problem(&problem, row, PQgetvalue(refused->rows, refused->next++, 2));
	else
		put_string(&problem, PQgetvalue(refused->rows, refused->next++, 2));
	write_reject(load, row, row->column[field] != NULL ? row->column[field] : field_names[field],
				 shown_field(row, field, space), problem.data);
	termPQExpBuffer(&problem);
	return true;
}

static void
write_all_refused(Load *load)
{
	Refused refused = {
		run("SELECT row_number, field, problem FROM pg_temp.attendance_refused ORDER BY 1", 0,
			NULL),
		0};
	Load again = {.inputs = load->inputs, .again = true, .take = write_refused, .taker = &refused};

	load->refused = PQntuples(refused.rows);
	load->rejected += load->refused;
	if (load->refused > 0)
		read_files(&again);
	PQclear(refused.rows);
}

void
make_stage(void)
{
	/* queries on as many rows as the files have; compiling them takes longer than it saves */
	run_command("SET LOCAL work_mem = '64MB'");
	run_command("SET LOCAL jit = off");
	run_command(stage_sql);
	run_command(refused_sql);
}

void
load_staged(Load *load)
{
	end_progress();
	run_command("ANALYZE pg_temp.attendance_stage");
	find_refused();
	feed_schools();
	write_all_refused(load);
}
