/*
 * connection.c
 *		The connection, the register that is meant, and queries.
 */
#include "client.h"

#include "common/string.h"
#include "fe_utils/string_utils.h"

PGconn *conn = NULL;
static const char *reader_file; /* what the second connection reads */
static Buffer search_path;

/* ---------- connecting: connectDatabase() has another exit status, and wants no encoding ---------- */

static char *
ask_password(void)
{
	char *password;

	if (!keep_terminal())
		fail(EXIT_CONNECTION, "a password is needed, and there is no terminal to ask for it");
	password = simple_prompt("Password: ", false);
	restore_terminal();
	return password;
}

static void
connect_once(const char *password)
{
	const char *keywords[] = {"host",
							  "port",
							  "user",
							  "password",
							  "dbname",
							  "client_encoding",
							  "fallback_application_name",
							  NULL};
	const char *values[] = {options.host,     options.port, options.user, password,
							options.database, "UTF8",       PROGRAM,      NULL};

	PQfinish(conn);
	conn = PQconnectdbParams(keywords, values, 1);
	if (conn == NULL)
		fail(EXIT_WRONG, "out of memory");
}

static char *
one_line(const char *message)
{
	char *copy = copy_text(trim(text_of(message)));

	for (char *c = copy; *c != '\0'; c++)
		*c = *c == '\n' || *c == '\t' ? ' ' : *c;
	return copy;
}

/* Of what the server says of XML and JSON, the first line says what and where. */
static char *
first_line(const char *message)
{
	return copy_text((Text){message, strcspn(message, "\n")});
}

/* For who has given none: the database is that of the user's name then. */
static const char *
database_hint(void)
{
	if (options.database != NULL || getenv("PGDATABASE") != NULL || getenv("PGSERVICE") != NULL)
		return NULL;
	return "No database is named: -d (or PGDATABASE) says in which one the register is.";
}

static void
connect_database(void)
{
	connect_once(options.password > 0 ? ask_password() : NULL);
	if (PQstatus(conn) != CONNECTION_OK && PQconnectionNeedsPassword(conn) && options.password == 0)
		connect_once(ask_password());
	if (PQstatus(conn) != CONNECTION_OK)
		fail_hint(EXIT_CONNECTION, one_line(PQerrorMessage(conn)), NULL, database_hint());
	cancel_on_signal(conn);
}

/* ---------- queries ---------- */

const char *
message_field(const PGresult *result, int field)
{
	const char *value = PQresultErrorField(result, field);

	return value == NULL ? "" : value;
}

/* Broken, or about to be: the server was shut down, or its administrator has ended the session. */
bool
is_lost(PGconn *from, const PGresult *result)
{
	const char *sqlstate = message_field(result, PG_DIAG_SQLSTATE);

	return PQstatus(from) == CONNECTION_BAD || strncmp(sqlstate, "57P", 3) == 0 ||
		   strncmp(sqlstate, "08", 2) == 0;
}

/* Of what the server says of a file that it reads. */
static void
fail_reader(const PGresult *result)
{
	const char *detail = message_field(result, PG_DIAG_MESSAGE_DETAIL);
	Buffer message = {0};

	put_format(&message, "%s: %s%s%s", reader_file, message_field(result, PG_DIAG_MESSAGE_PRIMARY),
			   *detail == '\0' ? "" : ": ", first_line(detail));
	fail_hint(EXIT_DATA, message.data, "", message_field(result, PG_DIAG_MESSAGE_HINT));
}

void
fail_query(PGconn *from, const PGresult *result)
{
	if (is_lost(from, result))
		fail(EXIT_CONNECTION, "the connection to the server was lost");
	if (from != conn)
		fail_reader(result);
	if (*message_field(result, PG_DIAG_MESSAGE_PRIMARY) == '\0')
		fail(EXIT_WRONG, "%s", one_line(PQerrorMessage(from)));
	fail_hint(EXIT_WRONG, message_field(result, PG_DIAG_MESSAGE_PRIMARY),
			  message_field(result, PG_DIAG_MESSAGE_DETAIL),
			  message_field(result, PG_DIAG_MESSAGE_HINT));
}

/* The result of a query that must succeed. */
PGresult *
run(const char *sql, int count, const char *const *values)
{
	PGresult *result = PQexecParams(conn, sql, count, NULL, values, NULL, NULL, 0);

	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_query(conn, result);
	return result;
}

void
run_command(const char *sql)
{
	PQclear(run(sql, 0, NULL));
}

/* The first value of the first row, or NULL. */
char *
query_value(const char *sql, int count, const char *const *values)
{
	PGresult *result = run(sql, count, values);
	char *value = NULL;

	if (PQntuples(result) > 0 && !PQgetisnull(result, 0, 0))
		value = pg_strdup(PQgetvalue(result, 0, 0));
	PQclear(result);
	return value;
}

/* Starts a query whose rows come one by one from next_row(). */
void
start_rows(PGconn *from, const char *sql, int count, const char *const *values)
{
	if (!PQsendQueryParams(from, sql, count, NULL, values, NULL, NULL, 0) ||
		!PQsetSingleRowMode(from))
		fail(EXIT_CONNECTION, "%s", one_line(PQerrorMessage(from)));
}

/* A row, or NULL after the last. */
PGresult *
next_row(PGconn *from)
{
	PGresult *result = PQgetResult(from);

	if (PQresultStatus(result) == PGRES_SINGLE_TUPLE)
		return result;
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail_query(from, result);
	PQclear(result);
	PQclear(PQgetResult(from));
	return NULL;
}

/* For what the server reads while COPY has the first; made when it is needed. */
static PGconn *
connect_again(void)
{
	const char *keywords[64], *values[64];
	PQconninfoOption *list = PQconninfo(conn);
	PGconn *again;
	int count = 0;

	for (PQconninfoOption *item = list; item != NULL && item->keyword != NULL && count < 63; item++)
	{
		if (item->val == NULL || *item->val == '\0')
			continue;
		keywords[count] = item->keyword;
		values[count++] = item->val;
	}
	keywords[count] = NULL;
	again = PQconnectdbParams(keywords, values, 0);
	if (PQstatus(again) != CONNECTION_OK)
		fail(EXIT_CONNECTION, "%s", one_line(PQerrorMessage(again)));
	PQconninfoFree(list);
	PQclear(PQexec(again, search_path.data));
	return again;
}

PGconn *
second_connection(const char *file)
{
	static PGconn *second = NULL;

	reader_file = file;
	if (second == NULL)
	{
		second = connect_again();
		cancel_on_signal(second);
	}
	return second;
}

/* For short questions while both others are in use: how the clocks are set. */
PGconn *
clock_connection(void)
{
	static PGconn *third = NULL;

	if (third == NULL)
		third = connect_again();
	return third;
}

void
put_literal(Buffer *sql, const char *value)
{
	if (value == NULL)
		put_string(sql, "NULL");
	else if (!is_utf8(text_of(value)))
		fail(EXIT_WRONG, "\"%s\" is not valid UTF-8", value);
	else
	{
		put_string(sql, "");
		appendStringLiteralConn(sql, value, conn);
	}
}

void
finish_transaction(void)
{
	run_command(options.dry_run ? "ROLLBACK" : "COMMIT");
}

/* ---------- the register ---------- */

/* Schemas that hold a register, those of the search path first. */
static const char *const registers_query =
	"SELECT n.nspname, (SELECT x.nspname FROM pg_catalog.pg_extension e"
	" JOIN pg_catalog.pg_namespace x ON x.oid = e.extnamespace WHERE e.extname = 'attendance')"
	" FROM pg_catalog.pg_namespace n"
	" JOIN pg_catalog.pg_class f ON f.relnamespace = n.oid AND f.relname = 'mark_feed' AND f.relkind = 'v'"
	" JOIN pg_catalog.pg_class l ON l.relnamespace = n.oid AND l.relname = 'register_line' AND l.relkind = 'p'"
	" WHERE $1::text IS NULL OR n.nspname = $1 ORDER BY 1";

static void
check_one_register(const PGresult *result)
{
	Buffer message = {0};

	if (PQntuples(result) == 1)
		return;
	if (options.register_name != NULL)
		fail(EXIT_WRONG, "there is no register \"%s\" in database \"%s\"", options.register_name,
			 PQdb(conn));
	if (PQntuples(result) == 0)
	{
		put_format(&message, "there is no register in database \"%s\"", PQdb(conn));
		fail_hint(EXIT_WRONG, message.data, NULL, database_hint());
	}
	fail(
		EXIT_WRONG,
		"there are several registers in database \"%s\", such as \"%s\" and \"%s\": use --register",
		PQdb(conn), PQgetvalue(result, 0, 0), PQgetvalue(result, 1, 0));
}

/* Only the register, its extension and PostgreSQL itself are seen from now on. */
void
connect_register(void)
{
	const char *values[1] = {options.register_name};
	PGresult *result;
	char *schema, *extension;

	connect_database();
	result = run(registers_query, 1, values);
	check_one_register(result);
	schema = PQescapeIdentifier(conn, PQgetvalue(result, 0, 0), PQgetlength(result, 0, 0));
	extension = PQescapeIdentifier(conn, PQgetvalue(result, 0, 1), PQgetlength(result, 0, 1));
	if (schema == NULL || extension == NULL)
		fail(EXIT_WRONG, "%s", one_line(PQerrorMessage(conn)));
	put_format(&search_path, "SET search_path = %s, %s, pg_temp", schema, extension);
	run_command(search_path.data);
	run_command("SET datestyle = 'ISO, DMY'");
	run_command("SET client_min_messages = warning");
	options.register_name = pg_strdup(PQgetvalue(result, 0, 0));
	PQfreemem(schema);
	PQfreemem(extension);
	PQclear(result);
}
