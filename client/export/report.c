/*
 * report.c
 *		pg_attendance report: runs a report function of the register, or writes one of its pages.
 *
 * A report is a function whose first arguments are a period, a population and schools.  A page is
 * one that gives HTML about a school, trust, authority or notice, which its first argument names.
 */
#include "export/export.h"

#define MAX_ARGUMENTS 32

#define IS_REPORT "p.proretset AND p.proargnames[1:3] = '{period,population,schools}'"
#define IS_PAGE \
	"p.proname ~ '^page_' AND p.prorettype = 'pg_catalog.text'::pg_catalog.regtype" \
	" AND p.proargnames[1] IN ('school_urn', 'trust_uid', 'la_number', 'notice')"

/* Without the functions of which reports are made; these can be run, too. */
static const char *const reports_sql =
	"SELECT p.proname AS report, coalesce((SELECT pg_catalog.string_agg(CASE WHEN a.number"
	"  > p.pronargs - p.pronargdefaults THEN '[' || a.name || ']' ELSE a.name END, ' ' ORDER BY a.number)"
	"  FROM pg_catalog.unnest(p.proargnames[:p.pronargs]) WITH ORDINALITY AS a (name, number)"
	"  WHERE a.name NOT IN ('period', 'population', 'schools')), '') AS arguments,"
	" pg_catalog.split_part(pg_catalog.obj_description(p.oid, 'pg_proc'), '. ', 1) AS description"
	" FROM pg_catalog.pg_proc p"
	" WHERE p.pronamespace = pg_catalog.quote_ident($1)::pg_catalog.regnamespace AND (" IS_PAGE
	"  OR " IS_REPORT " AND p.proname !~ '^report_|_(line|counts)$|^cohort_group$'"
	"  AND p.proname NOT IN ('leaders_figures', 'school_cohort', 'school_figures')) ORDER BY 1";

static const char *const arguments_sql =
	"SELECT a.name, pg_catalog.format_type(p.proargtypes[a.number::integer - 1], NULL), p.proretset,"
	" a.number <= p.pronargs - p.pronargdefaults"
	" FROM pg_catalog.pg_proc p, pg_catalog.unnest(p.proargnames) WITH ORDINALITY AS a (name, number)"
	" WHERE p.pronamespace = pg_catalog.quote_ident($1)::pg_catalog.regnamespace AND p.proname = $2"
	"  AND (" IS_REPORT " OR " IS_PAGE ") AND a.number <= p.pronargs";

typedef struct Call
{
	Buffer sql;
	const char *values[MAX_ARGUMENTS];
	bool given[MAX_ARGUMENTS]; /* by the place among the function's */
	int count;
	PGresult *arguments;
} Call;

static void
add_argument(Call *call, const char *name, const char *value)
{
	const char *type = NULL;
	char *quoted;

	for (int i = 0; i < PQntuples(call->arguments) && i < MAX_ARGUMENTS; i++)
	{
		if (strcmp(PQgetvalue(call->arguments, i, 0), name) != 0)
			continue;
		type = PQgetvalue(call->arguments, i, 1);
		call->given[i] = true;
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

/* Those without a default. */
static void
require_arguments(const Call *call)
{
	for (int i = 0; i < PQntuples(call->arguments) && i < MAX_ARGUMENTS; i++)
	{
		const char *name = PQgetvalue(call->arguments, i, 0);

		if (call->given[i] || PQgetvalue(call->arguments, i, 3)[0] == 'f')
			continue;
		fail_usage("report \"%s\" needs %s", options.names[1],
				   strcmp(name, "school_urn") == 0 ? "--school"
				   : strcmp(name, "notice") == 0   ? "--notice"
				   : strcmp(name, "period") == 0   ? "--period, such as --period=2025/26"
												   : name);
	}
}

static bool
is_page(const Call *call)
{
	return PQgetvalue(call->arguments, 0, 2)[0] == 'f';
}

static void
start_call(Call *call)
{
	const char *values[2] = {options.register_name, options.names[1]};
	char *quoted;

	call->arguments = run(arguments_sql, 2, values);
	if (PQntuples(call->arguments) == 0)
		fail_usage("there is no report \"%s\"; \"" PROGRAM
				   " report --list\" lists those that there are",
				   options.names[1]);
	if (is_page(call) && options.format != NULL)
		fail_usage("a page is written as HTML: --format is for reports");
	quoted = PQescapeIdentifier(conn, options.names[1], strlen(options.names[1]));
	put_format(&call->sql, "SELECT * FROM %s(", quoted);
	PQfreemem(quoted);
}

/* What --school and --schools name; of a page, the one school. */
static void
add_schools(Call *call)
{
	char *schools = array_of_schools();

	if (schools == NULL)
		return;
	if (!is_page(call))
		add_argument(call, "schools", schools);
	else if (options.schools != NULL)
		fail_usage("a page is about one school: use --school");
	else
	{
		char *end = schools + strlen(schools) - 1;

		*end = '\0'; /* the braces of the array */
		add_argument(call, "school_urn", schools + 1);
	}
}

static void
write_page(const PGresult *result)
{
	write_output(PQgetvalue(result, 0, 0), PQgetlength(result, 0, 0));
	write_output("\n", 1);
}

static void
write_and_close(PGresult *result, void (*write)(const PGresult *result))
{
	open_output(options.output);
	write(result);
	close_output();
	PQclear(result);
}

int
command_report(void)
{
	Call call = {.count = 0};

	connect_register();
	if (options.list || options.name_count == 1)
	{
		write_and_close(run(reports_sql, 1, (const char *const[]){options.register_name}),
						print_result);
		return EXIT_DONE;
	}
	start_call(&call);
	if (options.period != NULL)
		add_argument(&call, "period", options.period);
	if (options.population != NULL)
		add_argument(&call, "population", options.population);
	if (options.notice != NULL)
		add_argument(&call, "notice", options.notice);
	add_schools(&call);
	add_named(&call);
	require_arguments(&call);
	put_string(&call.sql, ")");
	if (options.notice != NULL)
		record_reading_of_notice(options.notice);
	write_and_close(run(call.sql.data, call.count, call.values),
					is_page(&call) ? write_page : print_result);
	PQclear(call.arguments);
	termPQExpBuffer(&call.sql);
	return EXIT_DONE;
}
