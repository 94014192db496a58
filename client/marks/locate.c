/*
 * locate.c
 *		Says where a row that the server refused stands in the files, by reading them again: the server
 *		tells its place among those that were sent, and the column that is meant.
 */
#include "marks/marks.h"

typedef struct Target
{
	Refusal refusal;
	Buffer other; /* where the row stands with which it is at odds */
} Target;

/* The mark, if the register means a column that no file has. */
FieldName
refused_field(const char *column)
{
	for (int i = 0; i < FIELD_COUNT && column != NULL; i++)
	{
		if (strcmp(column, field_names[i]) == 0)
			return i;
	}
	return FIELD_MARK;
}

static bool
compare_row(Load *load, const Row *row)
{
	Target *target = load->taker;
	FieldName field = refused_field(target->refusal.column);
	const char *column = row->column[field] != NULL ? row->column[field] : field_names[field];
	Buffer problem = {0};

	if (load->marks == target->refusal.other)
		put_format(&target->other, " in %s, %s %lld", input_name(load->input), row->unit,
				   (long long) row->number);
	if (load->marks != target->refusal.row)
		return true;
	put_string(&target->refusal.problem, target->other.len > 0 ? target->other.data : "");
	if (field == FIELD_DAY)
		put_day_problem(&problem, row, target->refusal.problem.data);
	else
		put_string(&problem, target->refusal.problem.data);
	report_problem(load, row, column, field == FIELD_MARK ? text_of(row->mark) : row->field[field],
				   problem.data);
	return false;
}

/* Never comes back. */
void
fail_feed(Load *load, const PGresult *result)
{
	Target target = {0};

	end_progress();
	if (is_lost(conn, result) || *message_field(result, PG_DIAG_SQLSTATE) == '\0')
		fail_query(conn, result);
	PQclear(PQgetResult(conn));
	run_command("ROLLBACK");
	explain(&target.refusal, result);
	if (target.refusal.row == 0)
		fail_query(conn, result);
	load->detail = target.refusal.detail;
	load->hint = target.refusal.hint;
	load->again = true;
	load->rows = load->marks = 0;
	load->take = compare_row;
	load->taker = &target;
	read_files(load);
	/* a file that is another one now */
	fail_hint(EXIT_DATA, target.refusal.problem.data, "Nothing was loaded.", load->hint);
}
