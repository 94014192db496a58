/*
 * take_over.c
 *		load --take-over: for as long as the load lasts, the register records what breaks a rule on the
 *		days of the files, and keeps who has decided that and why.
 */
#include "register/register.h"

static char *taken_over; /* the numbers of the rows, as an array */

void
check_signature(void)
{
	const char *values[] = {options.entered_by, options.title, options.reason};

	if ((options.entered_by == NULL) != (options.title == NULL) ||
		(options.entered_by == NULL) != (options.reason == NULL))
		fail_usage("--entered-by, --title and --reason go together");
	if (options.take_over && options.entered_by == NULL)
		fail_usage("--take-over needs --entered-by, --title and --reason");
	for (size_t i = 0; i < lengthof(values) && options.entered_by != NULL; i++)
	{
		if (text_problem(text_of(values[i])) != NULL)
			fail_usage("invalid value \"%s\": %s", printable(text_of(values[i])),
					   text_problem(text_of(values[i])));
	}
}

/*
 * Of the schools and days that a query gives, as school, first and last day, those to today: what is
 * still to come is not another system's.
 */
void
begin_take_over(const char *days_sql)
{
	const char *values[3] = {options.reason, options.entered_by, options.title};
	Buffer sql = {0};

	put_format(&sql,
			   "SELECT pg_catalog.array_agg(t.id) FROM (SELECT min(d.first_day) AS first_day,"
			   " least(max(d.last_day), (now() AT TIME ZONE 'Europe/London')::date) AS last_day,"
			   " pg_catalog.array_agg(DISTINCT d.school_urn) AS schools FROM (%s) AS d) AS s"
			   " CROSS JOIN LATERAL take_over(daterange(s.first_day, s.last_day, '[]'), $1, $2, $3,"
			   "  s.schools) AS t (id) WHERE s.first_day <= s.last_day",
			   days_sql);
	taken_over = query_value(sql.data, 3, values);
	termPQExpBuffer(&sql);
}

void
end_take_over(void)
{
	const char *values[2] = {options.entered_by, taken_over};

	if (taken_over != NULL)
		PQclear(run("UPDATE taken_over SET ended_by = $1"
					" WHERE taken_over_id = ANY ($2::bigint[])",
					2, values));
}
