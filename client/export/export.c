/*
 * export.c
 *		pg_attendance export: marks as long CSV, statistics as Explore education statistics has them,
 *		and the returns that are due.  XML is in export/xml.c, back-ups in export/backup.c.
 */
#include "export/export.h"

/* The schools that --school and --schools name, as an SQL array or NULL. */
static void
put_schools(Buffer *sql)
{
	if (options.schools == NULL && options.school == 0)
	{
		put_string(sql, "NULL::integer[]");
		return;
	}
	put_string(sql, "('{' || ");
	if (options.schools != NULL)
		put_literal(sql, options.schools);
	else
		put_format(sql, "'%d'", options.school);
	put_string(sql, " || '}')::integer[]");
}

/* " AND ..." for a column of schools. */
static void
put_school_condition(Buffer *sql, const char *column)
{
	if (options.schools == NULL && options.school == 0)
		return;
	put_format(sql, " AND %s = ANY (", column);
	put_schools(sql);
	put_string(sql, ")");
}

/* A file without rows would say that a school has none. */
static void
check_schools(void)
{
	Buffer sql = {0};
	char *stranger;

	if (options.schools == NULL && options.school == 0)
		return;
	put_string(&sql, "SELECT u.urn FROM unnest(");
	put_schools(&sql);
	put_string(&sql, ") AS u (urn) WHERE NOT EXISTS (SELECT FROM school s WHERE s.urn = u.urn)");
	stranger = query_value(sql.data, 0, NULL);
	if (stranger != NULL)
		fail(EXIT_WRONG, "the register has no school %s", stranger);
	termPQExpBuffer(&sql);
}

static int
export_query(const char *what, Buffer *sql)
{
	long long rows;

	open_output(options.output);
	rows = copy_out(sql->data);
	close_output();
	say_written(what, rows);
	termPQExpBuffer(sql);
	return EXIT_DONE;
}

/* Lines of the years, and of them the marks of the days, from --from to --to. */
static void
put_lines(Buffer *sql)
{
	put_string(sql,
			   "(SELECT r.school_urn, r.pupil_id, r.academic_year, p.upn::text AS upn, r.marks"
			   " FROM register_line r LEFT JOIN pupil p ON p.pupil_id = r.pupil_id WHERE true");
	put_school_condition(sql, "r.school_urn");
	if (options.from != NULL)
		put_format(sql, " AND r.academic_year >= academic_year('%s')", options.from);
	if (options.to != NULL)
		put_format(sql, " AND r.academic_year <= academic_year('%s')", options.to);
	put_string(sql, " ORDER BY 1, 2, 3) AS l CROSS JOIN LATERAL marks(l.marks, daterange(");
	put_literal(sql, options.from);
	put_string(sql, ", ");
	put_literal(sql, options.to);
	put_string(sql, ", '[]')) AS m");
}

/*
 * Pupils by UPN where they have one, so that another register can take the file.  The lines are
 * sorted, not the marks, of which those of a line are in order already.
 */
static int
export_marks(void)
{
	Buffer sql = {0};

	put_string(&sql,
			   "COPY (SELECT l.school_urn, CASE WHEN l.upn IS NULL THEN l.pupil_id END AS pupil_id,"
			   " l.upn, m.day, m.session, m.mark, CASE WHEN m.mark::text IN ('B', 'K', 'Y', 'Y7')"
			   " THEN (SELECT n.nature FROM mark_nature n WHERE n.school_urn = l.school_urn"
			   " AND n.pupil_id = l.pupil_id AND n.mark::text = m.mark::text"
			   " AND n.sessions @> school_session(m.day, m.session)"
			   " ORDER BY n.nature_id DESC LIMIT 1) END AS nature FROM ");
	put_lines(&sql);
	put_string(&sql, " ORDER BY l.school_urn, l.pupil_id, l.academic_year, m.day,"
					 " m.session COLLATE \"C\") TO STDOUT (FORMAT csv, HEADER)");
	return export_query("marks", &sql);
}

/* ---------- Explore education statistics: data and meta file ---------- */

static void
put_ees(Buffer *sql, const char *function)
{
	put_format(sql, "COPY (SELECT line FROM %s(", function);
	put_literal(sql, options.series == NULL ? "census" : options.series);
	put_string(sql, ", ");
	put_literal(sql, options.period);
	put_string(sql, ", ");
	put_literal(sql, options.level);
	put_string(sql, ", ");
	put_schools(sql);
	put_format(sql, ", suppress => %s) AS line) TO STDOUT (DELIMITER E'\\x01', NULL '')",
			   options.no_suppress ? "false" : "true");
}

/* NAME.csv has its meta file in NAME.meta.csv. */
static char *
meta_name(const char *name)
{
	Buffer meta = {0};
	size_t length = strlen(name);

	if (length > 4 && strcmp(name + length - 4, ".csv") == 0)
		length -= 4;
	put_bytes(&meta, name, length);
	put_string(&meta, ".meta.csv");
	return meta.data;
}

static int
export_ees(void)
{
	Buffer data = {0}, meta = {0};
	char *name;
	long long rows;

	if (options.period == NULL || is_standard_output(options.output))
		fail_usage("export ees needs --period and --output");
	put_ees(&data, "ees_export");
	put_ees(&meta, "ees_meta");
	run_command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
	name = meta_name(options.output);
	open_output(name);
	copy_out(meta.data);
	close_output();
	open_output(options.output);
	rows = copy_out(data.data);
	close_output();
	run_command("COMMIT");
	say_written("lines", rows);
	free(name);
	termPQExpBuffer(&data);
	termPQExpBuffer(&meta);
	return EXIT_DONE;
}

/* ---------- returns to the local authority ---------- */

/* What is sent with each: the particulars that its regulation asks for. */
static const struct
{
	const char *name, *view, *columns, *join;
} returns[] = {
	{"attendance", "attendance_return_due", "a.address", "true"},
	{"sickness", "sickness_return_due", "a.address", "true"},
	{"new-pupil", "new_pupil_return_due",
	 "a.middle_names, a.known_as, a.sex, a.date_of_birth, a.address, a.other_addresses, a.parents,"
	 " a.emergency_numbers, a.starting_day, a.last_school, a.last_school_address, a.is_boarder, a.status",
	 "a.starting_day = r.start_date"},
	{"deletion", "deletion_return_due",
	 "a.date_of_birth, a.address, a.parents, a.emergency_numbers, a.future_address,"
	 " a.future_address_from, a.next_school, a.next_school_start, a.deletion_reference",
	 "a.starting_day = r.start_date"},
};

/* For people: see print_csv(). */
static void
print_returns(Buffer *sql)
{
	PGresult *result = run(sql->data, 0, NULL);

	open_output(options.output);
	print_csv(result);
	close_output();
	say_written("returns", PQntuples(result));
	PQclear(result);
	termPQExpBuffer(sql);
}

static int
export_return(const char *name)
{
	for (size_t i = 0; i < lengthof(returns); i++)
	{
		Buffer sql = {0};

		if (strcmp(name, returns[i].name) != 0)
			continue;
		put_format(&sql,
				   "SELECT r.*, %s FROM %s r LEFT JOIN LATERAL (SELECT * FROM admission_register a"
				   " WHERE a.school_urn = r.school_urn AND a.pupil_id = r.pupil_id AND %s"
				   " ORDER BY a.starting_day DESC LIMIT 1) AS a ON true WHERE true%s",
				   returns[i].columns, returns[i].view, returns[i].join,
				   options.overdue ? " AND r.overdue" : "");
		put_school_condition(&sql, "r.school_urn");
		put_string(&sql, " ORDER BY r.school_urn, r.pupil_id");
		print_returns(&sql);
		return EXIT_DONE;
	}
	fail_usage("unknown return \"%s\": one of attendance sickness new-pupil deletion", name);
}

/* ---------- the command ---------- */

int
command_export(void)
{
	static const struct
	{
		const char *name;
		int (*run)(void);
	} exports[] = {{"marks", export_marks},           {"ees", export_ees},
				   {"census", export_census},         {"ctf", export_ctf},
				   {"backup", export_backup},         {"pupil", export_pupil},
				   {"legal-file", export_legal_file}, {"return", NULL}};
	const char *name = options.name_count > 1 ? options.names[1] : "";
	int expected = strcmp(name, "return") == 0 ? 3 : 2;

	if (options.name_count != expected)
		fail_usage(options.name_count < expected ? "export what?" : "too many arguments");
	for (size_t i = 0; i < lengthof(exports); i++)
	{
		if (strcmp(name, exports[i].name) != 0)
			continue;
		connect_register();
		check_schools();
		return exports[i].run != NULL ? exports[i].run() : export_return(options.names[2]);
	}
	fail_usage("unknown export \"%s\"", name);
}
