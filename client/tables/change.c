/*
 * change.c
 *		Facts that have dates: what a file says otherwise than the register has it on a day is a change
 *		from that day on, made by one statement for each table, if it is signed.
 */
#include "tables/tables.h"

#define FOR_FACTS(fact, table) \
	for (const TableColumn *fact = next_fact(table, NULL); (fact) != NULL; \
		 (fact) = next_fact(table, fact))

static const TableColumn *
next_fact(const Table *table, const TableColumn *column)
{
	column = column == NULL ? table->columns : column + 1;
	while (column->name != NULL && !has_word(table->facts, column->name))
		column++;
	return column->name == NULL ? NULL : column;
}

/* Who changes something is named, but for schools; and the day, where the name says something else, too. */
static bool
may_change(const Table *table)
{
	if (!table->is_signed || options.take_over)
		return options.holds_from != NULL;
	return options.entered_by != NULL;
}

static void
put_row_key(Buffer *sql, const Table *table, const char *alias)
{
	const char *comma = "";

	for (int i = 0; i < MAX_ROW_KEY && table->row_key[i] != NULL; i++)
	{
		put_format(sql, "%s%s.%s", comma, alias, table->row_key[i]);
		comma = ", ";
	}
}

/* What the register has on the day; of who is no contact any more, what it had at last. */
static void
put_held(Buffer *sql, const TableColumn *fact)
{
	put_format(sql, "CASE WHEN h IS NULL THEN x.%s ELSE h.%s END", fact->name, fact->name);
}

static void
put_differs(Buffer *sql, const TableColumn *fact)
{
	put_format(sql, "s.%s IS NOT NULL AND s.%s::%s IS DISTINCT FROM ", fact->name, fact->name,
			   fact->type);
	put_held(sql, fact);
}

/* Staged rows, with a fact of which rows of one key say different things: neither is chosen. */
static void
put_staged(Buffer *sql, const Table *table)
{
	const char *comma = "";

	put_string(sql, "(SELECT s.*, CASE");
	FOR_FACTS (fact, table)
		put_format(sql, " WHEN min(s.%s) OVER same <> max(s.%s) OVER same THEN '%s'", fact->name,
				   fact->name, fact->name);
	put_string(sql, " END AS contradicted FROM pg_temp.attendance_stage s"
					" WINDOW same AS (PARTITION BY ");
	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		if (!column->key)
			continue;
		put_format(sql, "%ss.%s", comma, column->name);
		comma = ", ";
	}
	put_string(sql, "))");
}

/* The rows of the register that differ, with the facts that are new, and what is against a change. */
static void
find_changes(const Table *table)
{
	Buffer sql = {0}, differs = {0}, later = {0};
	const char *separator = "";

	put_string(&sql,
			   "CREATE TEMPORARY TABLE attendance_changed ON COMMIT DROP AS SELECT s.place, ");
	put_row_key(&sql, table, "x");
	FOR_FACTS (fact, table)
	{
		put_string(&sql, ", CASE WHEN ");
		put_differs(&sql, fact);
		put_format(&sql, " THEN s.%s::%s END AS %s", fact->name, fact->type, fact->name);
		put_string(&differs, separator);
		put_differs(&differs, fact);
		put_string(&later, separator);
		put_differs(&later, fact);
		put_format(&later, " AND x.%s IS DISTINCT FROM ", fact->name);
		put_held(&later, fact);
		separator = " OR ";
	}
	put_format(&sql, ", s.contradicted, %s AS later FROM ", later.data);
	put_staged(&sql, table);
	put_format(&sql, " AS s JOIN %s x ON ", table->name);
	put_key(&sql, table);
	put_format(&sql, " LEFT JOIN %s(", table->on_day);
	put_format(&sql,
			   options.holds_from == NULL ? "(now() AT TIME ZONE 'Europe/London')::date"
										  : "date '%s'",
			   options.holds_from);
	put_string(&sql, ") h ON (");
	put_row_key(&sql, table, "h");
	put_string(&sql, ") = (");
	put_row_key(&sql, table, "x");
	put_format(&sql, ") WHERE %s", differs.data);
	run_command(sql.data);
	termPQExpBuffer(&sql);
	termPQExpBuffer(&differs);
	termPQExpBuffer(&later);
}

/* How many rows would be changed, and in what. */
static char *
describe_changes(const Table *table)
{
	Buffer sql = {0};
	char *described;

	put_format(&sql,
			   "SELECT format('%%s rows change something of the table %s: %%s', c.number,"
			   " concat_ws(', '",
			   table->name);
	FOR_FACTS (fact, table)
		put_format(&sql, ", CASE WHEN c.%s > 0 THEN '%s ' || c.%s END", fact->name, fact->name,
				   fact->name);
	put_string(&sql, ")) FROM (SELECT count(*) AS number");
	FOR_FACTS (fact, table)
		put_format(&sql, ", count(%s) AS %s", fact->name, fact->name);
	put_string(&sql, " FROM pg_temp.attendance_changed) AS c");
	described = query_value(sql.data, 0, NULL);
	termPQExpBuffer(&sql);
	return described;
}

static void
refuse_changes(TableLoad *load, const Table *table)
{
	Buffer sql = {0};
	bool allowed = may_change(table);
	char *described = allowed ? NULL : describe_changes(table);

	put_string(
		&sql,
		"SELECT c.place, CASE WHEN c.contradicted IS NOT NULL THEN 'another row says something"
		" else' WHEN c.later THEN 'the register has a change from a later day on already:"
		" change it by UPDATE' ELSE 'the register has another ' || w.what END, w.what"
		" FROM pg_temp.attendance_changed c CROSS JOIN LATERAL (SELECT coalesce(c.contradicted,"
		" CASE");
	FOR_FACTS (fact, table)
		put_format(&sql, " WHEN c.%s IS NOT NULL THEN '%s'", fact->name, fact->name);
	put_format(&sql, " END) AS what) AS w WHERE c.place >= $1 AND c.place < $2 AND (%s)",
			   allowed ? "c.contradicted IS NOT NULL OR c.later" : "true");
	if (!allowed)
	{
		load->detail = described;
		load->hint = table->is_signed
						 ? "To change it, give --entered-by, --title and --reason, and --holds-from"
						   " if it does not hold from today on."
						 : "To change it, give --holds-from, the day from which on it holds.";
	}
	refuse_found(load, sql.data);
	load->detail = load->hint = NULL;
	free(described);
	termPQExpBuffer(&sql);
}

static void
make_changes(TableLoad *load, const Table *table)
{
	Buffer sql = {0};

	put_format(&sql, "UPDATE %s x SET ", table->name);
	FOR_FACTS (fact, table)
		put_format(&sql, "%s = coalesce(c.%s, x.%s), ", fact->name, fact->name, fact->name);
	if (table->is_signed)
	{
		put_string(&sql, "entered_by = ");
		put_literal(&sql, options.entered_by);
		put_string(&sql, ", title = ");
		put_literal(&sql, options.title);
		put_string(&sql, ", reason = ");
		put_literal(&sql, options.reason);
		put_string(&sql, ", ");
	}
	put_format(&sql, options.holds_from == NULL ? "holds_from = NULL" : "holds_from = '%s'",
			   options.holds_from);
	put_string(&sql, " FROM pg_temp.attendance_changed c JOIN pg_temp.attendance_stage s"
					 " ON s.place = c.place WHERE c.place >= $1 AND c.place < $2 AND (");
	put_row_key(&sql, table, "x");
	put_string(&sql, ") = (");
	put_row_key(&sql, table, "c");
	put_string(&sql, ")");
	load->changed += run_range(sql.data, 1, load->rows + 1, refuse_staged_row, load);
	termPQExpBuffer(&sql);
}

/* Of a table that was filled already: each row of the file has one in the register. */
void
change_facts(TableLoad *load, const Table *table)
{
	find_changes(table);
	refuse_changes(load, table);
	if (may_change(table))
		make_changes(load, table);
	run_command("DROP TABLE pg_temp.attendance_changed");
}
