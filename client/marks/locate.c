/*
 * locate.c
 *		Says where a row that the server refused stands in the files, by reading them again.
 *
 * The register names a row by its number among those sent, or by school, pupil and session.
 */
#include "marks/marks.h"

typedef struct Target
{
	long long number; /* 0: found by what follows */
	int school, day, session;
	long long pupil_id;
	char *upn, *former_upn; /* the pupil's, or NULL */
	const char *problem;
	long long other; /* the row that the problem is with, or 0, */
	Buffer place;    /* and where it stands */
} Target;

static FieldName
guess_field(const char *problem)
{
	if (strstr(problem, "unique pupil number") != NULL)
		return FIELD_UPN;
	if (strstr(problem, "calendar") != NULL || strstr(problem, "academic year") != NULL)
		return FIELD_DAY;
	if (strstr(problem, "enrolment") != NULL)
		return FIELD_UPN;
	return FIELD_MARK;
}

static bool
is_target(const Target *target, const Load *load, const Row *row)
{
	if (target->number != 0)
		return load->marks == target->number;
	if (row->school != target->school || row->day != target->day || row->session != target->session)
		return false;
	if (row->pupil_id != 0)
		return row->pupil_id == target->pupil_id;
	return (target->upn != NULL && text_is(row->field[FIELD_UPN], target->upn)) ||
		   (target->former_upn != NULL && text_is(row->field[FIELD_UPN], target->former_upn));
}

/* A number among the rows sent means nothing to the reader of a file. */
static void
note_other(Target *target, const Load *load, const Row *row)
{
	if (target->other == 0 || load->marks != target->other)
		return;
	put_format(&target->place, "%.*s in %s, %s %lld",
			   (int) (strstr(target->problem, " in row ") - target->problem), target->problem,
			   input_name(load->input), row->unit, (long long) row->number);
}

static const char *
full_problem(const Target *target)
{
	return target->place.len > 0 ? target->place.data : target->problem;
}

static bool
compare_row(Load *load, const Row *row)
{
	Target *target = load->taker;
	FieldName field;
	const char *column;
	Buffer problem = {0};

	note_other(target, load, row);
	if (!is_target(target, load, row))
		return true;
	field = guess_field(target->problem);
	if (field == FIELD_UPN && row->field[FIELD_UPN].length == 0)
		field = FIELD_PUPIL_ID;
	column = row->column[field] != NULL ? row->column[field] : field_names[field];
	if (field == FIELD_DAY)
		put_day_problem(&problem, row, full_problem(target));
	else
		put_string(&problem, full_problem(target));
	report_problem(load, row, column, field == FIELD_MARK ? text_of(row->mark) : row->field[field],
				   problem.data);
	return false;
}

static bool
read_target(Target *target, const PGresult *result)
{
	const char *message = message_field(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *context = strstr(message_field(result, PG_DIAG_CONTEXT), "COPY mark_feed, line ");
	char day[11], session[3];
	int used = 0;

	memset(target, 0, sizeof(Target));
	target->problem = message;
	if (sscanf(message, "row %lld: %n", &target->number, &used) == 1 && used > 0)
	{
		target->problem = message + used;
		if (strstr(target->problem, " in row ") != NULL)
			sscanf(strstr(target->problem, " in row "), " in row %lld", &target->other);
		return true;
	}
	if (sscanf(message, "school %d, pupil %lld, %10s %2[AP]M%n", &target->school, &target->pupil_id,
			   day, session, &used) == 4)
	{
		target->day = parse_day(text_of(day));
		target->session = session[0] == 'P';
		return true;
	}
	return context != NULL && sscanf(context, "COPY mark_feed, line %lld", &target->number) == 1;
}

static void
find_upn(Target *target)
{
	char id[32];
	const char *values[1] = {id};

	if (target->number != 0)
		return;
	snprintf(id, sizeof(id), "%lld", target->pupil_id);
	PQclear(PQgetResult(conn));
	run_command("ROLLBACK");
	target->upn = query_value("SELECT upn FROM pupil WHERE pupil_id = $1", 1, values);
	target->former_upn =
		query_value("SELECT former_upn FROM pupil o WHERE pupil_id = $1"
					" AND NOT EXISTS (SELECT FROM pupil p WHERE p.upn = o.former_upn)",
					1, values);
}

/* Never comes back. */
void
fail_feed(Load *load, const PGresult *result)
{
	Target target;

	end_progress();
	if (!read_target(&target, result))
		fail_query(conn, result);
	find_upn(&target);
	load->detail = message_field(result, PG_DIAG_MESSAGE_DETAIL);
	load->hint = message_field(result, PG_DIAG_MESSAGE_HINT);
	load->again = true;
	load->rows = load->marks = 0;
	load->take = compare_row;
	load->taker = &target;
	read_files(load);
	/* a file that is another one now, or a mark that no file has */
	fail_hint(EXIT_DATA, target.problem, "Nothing was loaded.", load->hint);
}
