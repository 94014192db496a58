/*
 * range.c
 *		Runs a statement on a range of rows in a savepoint; where the register refuses it, the range is
 *		halved until what it refuses stands alone.  A row is tried once in each size.
 */
#include "register/register.h"

/* Only what a row is to blame for: not a lock, a cancellation, or a missing right. */
static bool
is_data_error(const char *sqlstate)
{
	return strncmp(sqlstate, "AT", 2) == 0 || strncmp(sqlstate, "21", 2) == 0 ||
		   strncmp(sqlstate, "22", 2) == 0 || strncmp(sqlstate, "23", 2) == 0;
}

/* The numbers are the statement's parameters $1 and $2: from, and up to.  Returns the rows done. */
int64_t
run_range(const char *sql, int64_t from, int64_t until, Refuse refuse, void *context)
{
	char first[32], last[32];
	const char *values[2] = {first, last};
	PGresult *result;
	int64_t done;

	if (from >= until)
		return 0;
	snprintf(first, sizeof(first), "%lld", (long long) from);
	snprintf(last, sizeof(last), "%lld", (long long) until);
	run_command("SAVEPOINT attendance_range");
	result = PQexecParams(conn, sql, 2, NULL, values, NULL, NULL, 0);
	if (PQresultStatus(result) == PGRES_COMMAND_OK)
	{
		done = atoll(PQcmdTuples(result));
		PQclear(result);
		end_statement(true);
		run_command("RELEASE SAVEPOINT attendance_range");
		return done;
	}
	if (!is_data_error(message_field(result, PG_DIAG_SQLSTATE)))
		fail_query(conn, result);
	end_statement(false);
	run_command("ROLLBACK TO SAVEPOINT attendance_range");
	run_command("RELEASE SAVEPOINT attendance_range");
	done = 0;
	if (until - from == 1)
	{
		Refusal refusal;

		explain(&refusal, result);
		refuse(context, from, &refusal);
		free_refusal(&refusal);
	}
	else
	{
		done += run_range(sql, from, from + (until - from) / 2, refuse, context);
		done += run_range(sql, from + (until - from) / 2, until, refuse, context);
	}
	PQclear(result);
	return done;
}
