/*
 * reject.c
 *		load marks --reject: bad rows go to a file of their own, the others into the register; and
 *		--take-over, which has to know the days of the files before.
 *
 * All rows are copied into a temporary table, and the register is asked once which of them it would
 * refuse.  What is left is fed to it school by school, each in a savepoint; if it refuses a mark even
 * then, the rows are halved until those that it refuses stand alone.
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

/* ---------- what the register refuses ---------- */

#define FEED_COLUMNS \
	"school_urn, pupil_id, upn, day, session, mark, nature, entered_by, title, reason"

static const char *const stage_sql =
	"CREATE TEMPORARY TABLE attendance_stage (row_number bigint, school_urn integer, pupil_id bigint,"
	" upn text, day date, session text, mark session_mark, nature text, entered_by text, title text,"
	" reason text) ON COMMIT DROP";

static const char *const refused_sql =
	"CREATE TEMPORARY TABLE attendance_refused (row_number bigint, field text, problem text) ON COMMIT DROP";

/* The rows are numbered as they were sent, from 1.  Where another row stands nobody can tell yet. */
static const char *const ask_sql =
	"INSERT INTO pg_temp.attendance_refused SELECT r.row_number, r.column_name,"
	" r.message || CASE WHEN r.other_row IS NULL THEN '' ELSE ' in another row' END"
	" FROM refused_rows('register_line'::regclass,"
	"  'SELECT " FEED_COLUMNS " FROM pg_temp.attendance_stage ORDER BY row_number') AS r";

static const char *const load_sql =
	"CREATE TEMPORARY TABLE attendance_load ON COMMIT DROP AS SELECT s.*,"
	"  row_number() OVER (ORDER BY s.school_urn, academic_year(s.day), s.row_number) AS place"
	" FROM pg_temp.attendance_stage AS s"
	" WHERE NOT EXISTS (SELECT FROM pg_temp.attendance_refused r WHERE r.row_number = s.row_number)";

static const char *const feed_sql =
	"INSERT INTO mark_feed (" FEED_COLUMNS ") SELECT " FEED_COLUMNS
	" FROM pg_temp.attendance_load WHERE place >= $1 AND place < $2 ORDER BY place";

static void
refuse_row(void *context, int64_t place, const Refusal *refusal)
{
	char number[32];
	const char *values[3] = {number, refusal->problem.data, refusal->column};

	snprintf(number, sizeof(number), "%lld", (long long) place);
	PQclear(run("INSERT INTO pg_temp.attendance_refused SELECT row_number, $3, $2"
				" FROM pg_temp.attendance_load WHERE place = $1",
				3, values));
}

static void
find_refused(void)
{
	run_command(ask_sql);
	run_command("ANALYZE pg_temp.attendance_refused");
	run_command(load_sql);
	run_command("CREATE UNIQUE INDEX ON pg_temp.attendance_load (place)");
	run_command("ANALYZE pg_temp.attendance_load");
}

static void
feed_schools(void)
{
	PGresult *schools = run("SELECT min(place), max(place) + 1 FROM pg_temp.attendance_load"
							" GROUP BY school_urn, academic_year(day), place / 200000 ORDER BY 1",
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
	field = refused_field(PQgetvalue(refused->rows, refused->next, 1));
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

/* All rows or none; they are counted as they would be if they had been fed at once. */
static void
feed_all(Load *load)
{
	PGresult *result = PQexec(conn, "INSERT INTO mark_feed (" FEED_COLUMNS ") SELECT " FEED_COLUMNS
									" FROM pg_temp.attendance_stage ORDER BY row_number");

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_feed(load, result);
	PQclear(result);
	end_statement(true);
}

void
load_staged(Load *load)
{
	end_progress();
	run_command("ANALYZE pg_temp.attendance_stage");
	if (options.take_over)
		begin_take_over("SELECT school_urn, day AS first_day, day AS last_day"
						" FROM pg_temp.attendance_stage");
	if (options.reject != NULL)
	{
		find_refused();
		feed_schools();
		write_all_refused(load);
	}
	else
		feed_all(load);
	end_take_over();
}
