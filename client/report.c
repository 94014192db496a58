/*
 * report.c
 *		pg_attendance report: runs a report function of the register.
 *
 * A report is a function whose first arguments are a period, a population and schools.
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

#define MAX_ARGUMENTS 32

/* Without the functions of which reports are made; these can be run, too. */
static const char *const reports_sql =
	"SELECT p.proname AS report, coalesce((SELECT pg_catalog.string_agg(CASE WHEN a.number"
	"  > p.pronargs - p.pronargdefaults THEN '[' || a.name || ']' ELSE a.name END, ' ' ORDER BY a.number)"
	"  FROM pg_catalog.unnest(p.proargnames[:p.pronargs]) WITH ORDINALITY AS a (name, number)"
	"  WHERE a.number > 3), '') AS arguments,"
	" pg_catalog.split_part(pg_catalog.obj_description(p.oid, 'pg_proc'), '. ', 1) AS description"
	" FROM pg_catalog.pg_proc p"
	" WHERE p.pronamespace = pg_catalog.quote_ident($1)::pg_catalog.regnamespace AND p.proretset"
	"  AND p.proargnames[1:3] = '{period,population,schools}' AND p.proname !~ '^report_|_line$'"
	"  AND p.proname NOT IN ('leaders_figures', 'school_cohort', 'school_figures') ORDER BY 1";

static const char *const arguments_sql =
	"SELECT a.name, pg_catalog.format_type(p.proargtypes[a.number::integer - 1], NULL)"
	" FROM pg_catalog.pg_proc p, pg_catalog.unnest(p.proargnames) WITH ORDINALITY AS a (name, number)"
	" WHERE p.pronamespace = pg_catalog.quote_ident($1)::pg_catalog.regnamespace AND p.proname = $2"
	"  AND p.proretset AND p.proargnames[1:3] = '{period,population,schools}' AND a.number <= p.pronargs";

typedef struct Call
{
	Buffer sql;
	const char *values[MAX_ARGUMENTS];
	int count;
	PGresult *arguments;
} Call;

static void
add_argument(Call *call, const char *name, const char *value)
{
	const char *type = NULL;
	char *quoted;

	for (int i = 0; i < PQntuples(call->arguments); i++)
	{
		if (strcmp(PQgetvalue(call->arguments, i, 0), name) == 0)
			type = PQgetvalue(call->arguments, i, 1);
	}
	if (type == NULL)
		fail_usage("report \"%s\" has no argument \"%s\"", options.names[1], name);
	if (call->count == MAX_ARGUMENTS)
		fail_usage("there are too many arguments");
	quoted = PQescapeIdentifier(conn, name, strlen(name));
	call->values[call->count++] = value;
	put_format(&call->sql, "%s%s => $%d::%s", call->count > 1 ? ", " : "", quoted, call->count,
			   type);
	PQfreemem(quoted);
}

static char *
array_of_schools(void)
{
	Buffer array = {0};

	if (options.schools == NULL && options.school == 0)
		return NULL;
	if (options.schools == NULL)
		put_format(&array, "{%d}", options.school);
	else
		put_format(&array, "{%s}", options.schools);
	return array.data;
}

/* What follows the report's name: name=value. */
static void
add_named(Call *call)
{
	for (int i = 2; i < options.name_count; i++)
	{
		char *sign = strchr(options.names[i], '=');

		if (sign == NULL)
			fail_usage("unexpected argument \"%s\": name=value is expected", options.names[i]);
		*sign = '\0';
		add_argument(call, options.names[i], sign + 1);
	}
}

static void
start_call(Call *call)
{
	const char *values[2] = {options.register_name, options.names[1]};
	char *quoted;

	call->arguments = run(arguments_sql, 2, values);
	if (PQntuples(call->arguments) == 0)
		fail_usage("there is no report \"%s\"; \"" PROGRAM " report\" lists those that there are",
				   options.names[1]);
	quoted = PQescapeIdentifier(conn, options.names[1], strlen(options.names[1]));
	put_format(&call->sql, "SELECT * FROM %s(", quoted);
	PQfreemem(quoted);
}

static void
print_and_close(PGresult *result)
{
	open_output(options.output);
	print_result(result);
	close_output();
	PQclear(result);
}

int
command_report(void)
{
	Call call = {.count = 0};
	char *schools;

	connect_register();
	if (options.name_count == 1)
	{
		print_and_close(run(reports_sql, 1, (const char *const[]){options.register_name}));
		return EXIT_DONE;
	}
	if (options.period == NULL)
		fail_usage("report needs --period, such as --period=2025/26");
	start_call(&call);
	add_argument(&call, "period", options.period);
	if (options.population != NULL)
		add_argument(&call, "population", options.population);
	if ((schools = array_of_schools()) != NULL)
		add_argument(&call, "schools", schools);
	add_named(&call);
	put_string(&call.sql, ")");
	print_and_close(run(call.sql.data, call.count, call.values));
	PQclear(call.arguments);
	free(call.sql.data);
	free(schools);
	return EXIT_DONE;
}
