/*
 * explain.c
 *		What the server refuses, in words: the column, and instead of a constraint's name what the
 *		constraint asks for.  The register says that itself: by its closed lists of values, by the
 *		comments on its constraints and domains, and by the tables to which keys lead.  What it says in
 *		words is shown, and never read: see "What a refusal carries" in doc/reference.md.
 */
#include "register/register.h"

/* The constraint, or unique index, that an error names. */
static const char *const constraint_sql =
	"SELECT c.contype, (SELECT pg_catalog.string_agg(a.attname, ' ' ORDER BY a.attnum)"
	"  FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.conrelid AND (a.attnum = ANY (c.conkey)"
	"   OR a.attnum IN (SELECT d.refobjsubid FROM pg_catalog.pg_depend d WHERE d.objid = c.conindid"
	"    AND d.refobjid = c.conrelid AND c.contype = 'x'))),"
	" pg_catalog.obj_description(c.oid, 'pg_constraint'),"
	" (SELECT pg_catalog.string_agg(coalesce(m.parts[1], m.parts[2]), ', ')"
	"  FROM pg_catalog.regexp_matches(pg_catalog.substring(pg_catalog.pg_get_constraintdef(c.oid),"
	"   '^CHECK \\(\\(\\w+ = ANY \\(ARRAY(\\[.*\\])'), '''([^'']*)''|[[ ](\\d+)[],]', 'g') AS m (parts)),"
	" f.relname, (SELECT a.attname FROM pg_catalog.pg_attribute a"
	"  WHERE a.attrelid = c.confrelid AND a.attnum = c.confkey[1])"
	" FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON t.oid = c.conrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace"
	" LEFT JOIN pg_catalog.pg_class f ON f.oid = c.confrelid"
	" WHERE n.nspname = $1 AND t.relname = $2 AND c.conname = $3"
	" UNION ALL SELECT 'u', (SELECT pg_catalog.string_agg(a.attname, ' ' ORDER BY a.attnum)"
	"  FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (x.indkey)),"
	" pg_catalog.obj_description(i.oid, 'pg_class'), NULL, NULL, NULL"
	" FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid"
	" JOIN pg_catalog.pg_class t ON t.oid = x.indrelid"
	" JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace"
	" WHERE n.nspname = $1 AND t.relname = $2 AND i.relname = $3 AND x.indisunique AND NOT EXISTS"
	"  (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = t.oid AND k.conindid = i.oid)";

enum
{
	CONSTRAINT_KIND,
	CONSTRAINT_COLUMNS,
	CONSTRAINT_COMMENT,
	CONSTRAINT_LIST,
	CONSTRAINT_TABLE, /* to which a foreign key leads, and its column */
	CONSTRAINT_KEY
};

static const char *const domain_sql =
	"SELECT pg_catalog.split_part(pg_catalog.obj_description(t.oid, 'pg_type'), ';', 1)"
	" FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
	" WHERE n.nspname = $1 AND t.typname = $2";

/* What a short table has, such as the characteristics that there are. */
static void
put_keys(Buffer *problem, const PGresult *constraint)
{
	char *table = PQescapeIdentifier(conn, PQgetvalue(constraint, 0, CONSTRAINT_TABLE),
									 PQgetlength(constraint, 0, CONSTRAINT_TABLE));
	char *key = PQescapeIdentifier(conn, PQgetvalue(constraint, 0, CONSTRAINT_KEY),
								   PQgetlength(constraint, 0, CONSTRAINT_KEY));
	Buffer sql = {0};
	char *list;

	put_format(&sql,
			   "SELECT pg_catalog.string_agg(k.key::text, ', ') FROM (SELECT %s AS key FROM %s"
			   " ORDER BY 1 LIMIT 41) AS k HAVING count(*) <= 40",
			   key, table);
	list = query_value(sql.data, 0, NULL);
	if (list != NULL)
		put_format(problem, "; it has: %s", list);
	free(list);
	termPQExpBuffer(&sql);
	PQfreemem(table);
	PQfreemem(key);
}

static void
explain_constraint(Refusal *refusal, const PGresult *constraint)
{
	Buffer *problem = &refusal->problem;
	const char *columns = PQgetvalue(constraint, 0, CONSTRAINT_COLUMNS);
	char kind = *PQgetvalue(constraint, 0, CONSTRAINT_KIND);

	if (refusal->column == NULL)
		refusal->column = pg_strdup(columns);
	if (!PQgetisnull(constraint, 0, CONSTRAINT_COMMENT))
		put_string(problem, PQgetvalue(constraint, 0, CONSTRAINT_COMMENT));
	else if (!PQgetisnull(constraint, 0, CONSTRAINT_LIST))
		put_format(problem, "none of: %s", PQgetvalue(constraint, 0, CONSTRAINT_LIST));
	else if (kind == 'f')
	{
		put_format(problem, "the register has no such %s",
				   PQgetvalue(constraint, 0, CONSTRAINT_TABLE));
		put_keys(problem, constraint);
	}
	else if (kind == 'p' || kind == 'u' || kind == 'x')
		put_format(problem, "the register has another row with this %s", columns);
}

static void
explain_named(Refusal *refusal, const PGresult *result)
{
	const char *values[3] = {message_field(result, PG_DIAG_SCHEMA_NAME),
							 message_field(result, PG_DIAG_TABLE_NAME),
							 message_field(result, PG_DIAG_CONSTRAINT_NAME)};
	PGresult *constraint;
	char *domain;

	if (*message_field(result, PG_DIAG_DATATYPE_NAME) != '\0')
	{
		values[1] = message_field(result, PG_DIAG_DATATYPE_NAME);
		domain = query_value(domain_sql, 2, values);
		if (domain != NULL)
			put_format(&refusal->problem, "not right: %s", domain);
		refusal->domain = pg_strdup(values[1]);
		free(domain);
		return;
	}
	constraint = run(constraint_sql, 3, values);
	if (PQntuples(constraint) == 1)
		explain_constraint(refusal, constraint);
	PQclear(constraint);
}

/* The numbers of rows, which the detail begins with; returns what follows them. */
static const char *
read_rows(Refusal *refusal, const char *detail)
{
	int used = 0;

	if (sscanf(detail, "Row %lld and row %lld.%n", &refusal->row, &refusal->other, &used) < 2)
		sscanf(detail, "Row %lld.%n", &refusal->row, &used);
	if (used == 0)
		refusal->row = refusal->other = 0;
	return detail + used + (used > 0 && detail[used] == ' ');
}

/* A number among the rows sent means nothing to the reader of a file. */
static void
put_without_rows(Refusal *refusal, const char *message)
{
	char before[32], behind[32];
	size_t length;

	snprintf(before, sizeof(before), "row %lld: ", refusal->row);
	snprintf(behind, sizeof(behind), " in row %lld", refusal->other);
	if (refusal->row > 0 && strncmp(message, before, strlen(before)) == 0)
		message += strlen(before);
	length = strlen(message);
	if (refusal->other > 0 && length > strlen(behind) &&
		strcmp(message + length - strlen(behind), behind) == 0)
		length -= strlen(behind);
	put_bytes(&refusal->problem, message, length);
}

/* Of an error after which the transaction goes on; free_refusal() is for afterwards. */
void
explain(Refusal *refusal, const PGresult *result)
{
	const char *sqlstate = message_field(result, PG_DIAG_SQLSTATE);
	const char *detail;

	memset(refusal, 0, sizeof(Refusal));
	if (*message_field(result, PG_DIAG_COLUMN_NAME) != '\0')
		refusal->column = pg_strdup(message_field(result, PG_DIAG_COLUMN_NAME));
	detail = read_rows(refusal, message_field(result, PG_DIAG_MESSAGE_DETAIL));
	if (strncmp(sqlstate, "AT", 2) != 0 && *message_field(result, PG_DIAG_CONSTRAINT_NAME) != '\0')
		explain_named(refusal, result);
	else if (refusal->column != NULL && refusal->row == 0 && strcmp(sqlstate, "23502") == 0)
		put_string(&refusal->problem, "a value is needed");
	if (refusal->problem.len > 0)
		return;
	put_without_rows(refusal, message_field(result, PG_DIAG_MESSAGE_PRIMARY));
	refusal->detail = pg_strdup(detail);
	refusal->hint = pg_strdup(message_field(result, PG_DIAG_MESSAGE_HINT));
}

void
free_refusal(Refusal *refusal)
{
	termPQExpBuffer(&refusal->problem);
	free(refusal->column);
	free(refusal->domain);
	free(refusal->detail);
	free(refusal->hint);
}
