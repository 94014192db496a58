/*
 * refuse.c
 *		Rows that are refused, by a query or by the register: the files are read again to say where they
 *		stand, and the rows are taken out of those that are loaded.
 */
#include "tables/tables.h"

enum
{
	REFUSED_PLACE,
	REFUSED_PROBLEM,
	REFUSED_COLUMN,
	REFUSED_DOMAIN
};

/* The name of the first column whose value is none of its type, or NULL. */
static const char *
failing_column(const TableLoad *load, int64_t place)
{
	const char *found = NULL;

	for (int i = 0; i < load->count && found == NULL; i++)
	{
		Buffer sql = {0};
		PGresult *result;

		put_format(&sql, "SELECT %s::%s FROM pg_temp.attendance_stage WHERE place = %lld",
				   load->columns[i]->name, load->columns[i]->type, (long long) place);
		run_command("SAVEPOINT attendance_value");
		result = PQexec(conn, sql.data);
		if (PQresultStatus(result) != PGRES_TUPLES_OK)
			found = load->columns[i]->name;
		PQclear(result);
		run_command("ROLLBACK TO SAVEPOINT attendance_value");
		run_command("RELEASE SAVEPOINT attendance_value");
		termPQExpBuffer(&sql);
	}
	return found;
}

/* The one column with a value of the domain. */
static int
domain_column(const TableFile *file, const char *domain)
{
	int found = -1;

	for (int i = 0; i < file->load->count; i++)
	{
		if (strcmp(file->load->columns[i]->type, domain) != 0 || file->values[i].len == 0)
			continue;
		if (found >= 0)
			return -1;
		found = i;
	}
	return found;
}

/* Of several columns, the last that has a value. */
static int
named_column(const TableFile *file, const char *names)
{
	int found = -1;

	for (int i = 0; i < file->load->count; i++)
	{
		if (!has_word(names, file->load->columns[i]->name))
			continue;
		if (found < 0 || file->values[i].len > 0)
			found = i;
	}
	return found;
}

/* That the register names, or else the one with a value of the domain. */
static int
refused_column(const TableFile *file, const PGresult *refused, int row)
{
	int column = named_column(file, PQgetvalue(refused, row, REFUSED_COLUMN));

	if (column < 0 && !PQgetisnull(refused, row, REFUSED_DOMAIN))
		column = domain_column(file, PQgetvalue(refused, row, REFUSED_DOMAIN));
	return column;
}

/* Reads the files again, and says or writes where the refused rows stand. */
void
show_refused(TableLoad *load)
{
	PGresult *refused = run(
		"SELECT DISTINCT ON (place) place, problem, \"column\", domain FROM pg_temp.attendance_refused"
		" ORDER BY place, problem",
		0, NULL);
	int64_t row = 0;
	int next = 0;

	load->rejected += PQntuples(refused);
	for (int i = 0; load->inputs[i] != NULL && next < PQntuples(refused); i++)
	{
		TableFile file = {.again = true};

		rewind_input(load->inputs[i]);
		start_file(load, &file, load->inputs[i]);
		while (next < PQntuples(refused) && next_record(&file))
		{
			if (++row != atoll(PQgetvalue(refused, next, REFUSED_PLACE)))
				continue;
			refuse_table_row(&file, refused_column(&file, refused, next),
							 PQgetvalue(refused, next, REFUSED_PROBLEM));
			next++;
		}
		end_file(&file);
	}
	PQclear(refused);
}

/* Without --reject, the first is the last. */
void
refuse_staged_row(void *context, int64_t place, const Refusal *refusal)
{
	TableLoad *load = context;
	char number[32];
	const char *values[4] = {number, refusal->problem.data, refusal->column, refusal->domain};

	snprintf(number, sizeof(number), "%lld", (long long) place);
	if (refusal->column == NULL && refusal->domain == NULL)
		values[2] = failing_column(load, place);
	PQclear(run("INSERT INTO pg_temp.attendance_refused VALUES ($1, $2, $3, $4)", 4, values));
	PQclear(run("DELETE FROM pg_temp.attendance_stage WHERE place = $1", 1, values));
	load->detail = refusal->detail;
	load->hint = refusal->hint;
	if (options.reject == NULL)
		show_refused(load);
}

/* A query's rows: place, problem and column. */
void
refuse_found(TableLoad *load, const char *sql)
{
	Buffer insert = {0};

	put_format(&insert, "INSERT INTO pg_temp.attendance_refused (place, problem, \"column\") %s",
			   sql);
	if (run_range(insert.data, 1, load->rows + 1, refuse_staged_row, load) > 0)
	{
		run_command("DELETE FROM pg_temp.attendance_stage s USING pg_temp.attendance_refused r"
					" WHERE r.place = s.place");
		if (options.reject == NULL)
			show_refused(load);
	}
	termPQExpBuffer(&insert);
}
