/*
 * insert.c
 *		The rows of files that the register does not have yet go into it by one statement for each table;
 *		those that it has otherwise are refused, but for facts that have dates (change.c).
 */
#include "tables/tables.h"

static int
table_number(const TableLoad *load, const Table *table)
{
	int number = 0;

	while (load->set->tables[number] != table)
		number++;
	return number;
}

static void
put_value(Buffer *sql, const TableColumn *column, const char *alias)
{
	if (column->otherwise != NULL)
		put_format(sql, "coalesce(%s.%s::%s, %s)", alias, column->name, column->type,
				   column->otherwise);
	else
		put_format(sql, "%s.%s::%s", alias, column->name, column->type);
}

#define SAYS_OF_PERSON "coalesce(s.surname, s.forename, s.date_of_birth)"

/* A row stands for all staged rows with its key. */
static void
put_first_of_key(Buffer *sql, const Table *table)
{
	put_string(sql,
			   " AND NOT EXISTS (SELECT FROM pg_temp.attendance_stage b WHERE b.place < s.place");
	if (is_pupil(table))
		put_string(sql, " AND coalesce(b.pupil_id, b.person) = coalesce(s.pupil_id, s.person)");
	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		if (column->key)
			put_format(sql, " AND b.%s = s.%s", column->name, column->name);
	}
	put_string(sql, ")");
}

/* Those that meet a condition; without pupil_id the register gives its own numbers. */
static void
insert_rows(TableLoad *load, const Table *table, const char *condition, bool own_number)
{
	Buffer columns = {0}, values = {0}, sql = {0};

	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		if (own_number && strcmp(column->name, "pupil_id") == 0)
			continue;
		put_format(&columns, "%s%s", columns.len > 0 ? ", " : "", column->name);
		put_string(&values, values.len > 0 ? ", " : "");
		put_value(&values, column, "s");
	}
	put_format(
		&sql,
		"INSERT INTO %s (%s) SELECT %s FROM pg_temp.attendance_stage s"
		" WHERE s.place >= $1 AND s.place < $2 AND %s AND NOT EXISTS (SELECT FROM %s x WHERE ",
		table->name, columns.data, values.data, condition, table->name);
	put_key(&sql, table);
	put_string(&sql, ")");
	put_first_of_key(&sql, table);
	/* numbers of pupils in the order of their names would tell who is who to those who see no names */
	put_format(&sql, " ORDER BY %s", is_pupil(table) ? "pg_catalog.random()" : "s.place");
	load->added[table_number(load, table)] +=
		run_range(sql.data, 1, load->rows + 1, refuse_staged_row, load);
	termPQExpBuffer(&columns);
	termPQExpBuffer(&values);
	termPQExpBuffer(&sql);
}

/* The register's own numbers go on after those that the file gave. */
static void
move_sequence(void)
{
	run_command("SELECT setval(pg_get_serial_sequence('pupil', 'pupil_id'), m.id) FROM"
				" (SELECT max(pupil_id) AS id FROM pupil) AS m"
				" WHERE m.id > (SELECT coalesce(s.last_value, 0) FROM pg_catalog.pg_sequences s"
				"  WHERE pg_catalog.format('%I.%I', s.schemaname, s.sequencename)"
				"   = pg_get_serial_sequence('pupil', 'pupil_id'))");
}

/* A row that says something of the person is about a pupil, who may be new. */
static void
insert_pupils(TableLoad *load, const Table *table)
{
	static const char said[] = SAYS_OF_PERSON " IS NOT NULL AND s.pupil_id IS %s NULL";
	char condition[128];
	int64_t before = load->added[0];

	snprintf(condition, sizeof(condition), said, "NOT");
	insert_rows(load, table, condition, false);
	if (load->added[0] > before)
		move_sequence();
	snprintf(condition, sizeof(condition), said, "");
	insert_rows(load, table, condition, true);
	if (load->added[0] > before)
		find_pupils(load);
}

/* What the register has otherwise is not changed here, but for facts that have dates. */
static void
refuse_different(TableLoad *load, const Table *table)
{
	Buffer sql = {0};
	const char *same_case;

	put_format(
		&sql,
		"SELECT place, 'the register has another ' || what || ': change it by UPDATE%s', what"
		" FROM (SELECT s.place, CASE",
		table->is_signed ? ", with entered_by, title and reason" : "");
	for (const TableColumn *column = table->columns; column->name != NULL; column++)
	{
		if (column->key || strcmp(column->name, "pupil_id") == 0 ||
			(table->facts != NULL && has_word(table->facts, column->name)))
			continue;
		/* names are the same in capitals */
		same_case = has_word("surname forename", column->name) ? "lower" : "";
		put_format(&sql,
				   " WHEN s.%s IS NOT NULL AND %s(x.%s::text) IS DISTINCT FROM %s(s.%s::%s::text)"
				   " THEN '%s'",
				   column->name, same_case, column->name, same_case, column->name, column->type,
				   column->name);
	}
	put_format(&sql, " END AS what FROM pg_temp.attendance_stage s JOIN %s x ON ", table->name);
	put_key(&sql, table);
	put_string(&sql, " WHERE s.place >= $1 AND s.place < $2) AS d WHERE what IS NOT NULL");
	refuse_found(load, sql.data);
	termPQExpBuffer(&sql);
}

/*
 * What is there if a row says something of the table.  Of one that may be absent from the file, any
 * column that is no other table's: rows without the needed one are refused, not passed over.
 */
static void
put_said(Buffer *sql, const TableLoad *load, const Table *table)
{
	if (is_pupil(table))
		put_string(sql, SAYS_OF_PERSON);
	else if (load->set->tables[0] == table && load->set->tables[1] != NULL)
		put_string(sql, table->needed);
	else
	{
		put_format(sql, "coalesce(s.%s", table->needed);
		for (const TableColumn *column = table->columns; column->name != NULL; column++)
		{
			if (is_own_column(load->set, table, column->name))
				put_format(sql, ", s.%s", column->name);
		}
		put_string(sql, ")");
	}
}

void
fill_table(TableLoad *load, const Table *table)
{
	Buffer sql = {0};
	char *given;

	put_string(&sql, "SELECT count(");
	put_said(&sql, load, table);
	put_string(&sql, ") FROM pg_temp.attendance_stage s");
	given = query_value(sql.data, 0, NULL);
	if (strcmp(given, "0") != 0)
	{
		if (table->of_pupils)
			need_pupils(load);
		if (strcmp(table->name, "pupil_characteristic") == 0)
			read_characteristics(load);
		if (is_pupil(table))
			insert_pupils(load, table);
		else
			insert_rows(load, table, "true", false);
		refuse_different(load, table);
		if (table->facts != NULL)
			change_facts(load, table);
	}
	free(given);
	termPQExpBuffer(&sql);
}
