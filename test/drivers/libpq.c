/*
 * libpq.c: reads and filters the views for BI, then writes two marks.  See drivers.sh.
 *
 * libpq FORMAT PUPIL KEYS: FORMAT is 0 for text, 1 for binary; KEYS has VIEW.KEY words.
 */
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INT4_OID 23
#define LENGTH(array) ((int) (sizeof(array) / sizeof((array)[0])))

static PGconn *connection;
static int format;

static PGresult *
run(const char *command, int count, const Oid *types, const char *const *values, const int *lengths,
	const int *formats)
{
	PGresult *result =
		PQexecParams(connection, command, count, types, values, lengths, formats, format);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
	{
		fprintf(stderr, "%s%s\n", PQerrorMessage(connection), command);
		exit(1);
	}
	return result;
}

static int32_t
key_of(PGresult *result, int row)
{
	uint32_t word;

	if (PQftype(result, 0) != INT4_OID)
	{
		fprintf(stderr, "%s is no integer\n", PQfname(result, 0));
		exit(1);
	}
	if (format == 0)
		return (int32_t) strtol(PQgetvalue(result, row, 0), NULL, 10);
	memcpy(&word, PQgetvalue(result, row, 0), sizeof(word));
	return (int32_t) ntohl(word);
}

static void
read_view(const char *view, const char *key)
{
	char command[200], text[20];
	uint32_t binary;
	const char *values[1];
	int lengths[1] = {sizeof(binary)};
	const Oid types[1] = {INT4_OID};
	long long sum = 0;
	PGresult *all, *one;

	snprintf(command, sizeof(command), "SELECT * FROM %s ORDER BY %s", view, key);
	all = run(command, 0, NULL, NULL, NULL, NULL);
	for (int row = 0; row < PQntuples(all); row++)
		sum += key_of(all, row);
	snprintf(text, sizeof(text), "%d", (int) key_of(all, 0));
	binary = htonl((uint32_t) key_of(all, 0));
	values[0] = format ? (const char *) &binary : text;
	snprintf(command, sizeof(command), "SELECT * FROM %s WHERE %s = $1", view, key);
	one = run(command, 1, types, values, lengths, &format);
	printf("%s %d %d %lld %d\n", view, PQnfields(all), PQntuples(all), sum, PQntuples(one));
	PQclear(all);
	PQclear(one);
}

/* How many sessions of a day have a code, the code and the day as text of no stated type. */
static void
filter(void)
{
	const char *values[] = {"/", "2025-09-08"};
	PGresult *result =
		run("SELECT session_key FROM bi_session WHERE mark_code = $1 AND calendar_date = $2",
			LENGTH(values), NULL, values, NULL, NULL);

	printf("filter %d\n", PQntuples(result));
	PQclear(result);
}

static void
write_marks(const char *pupil)
{
	static const char *const marks[][2] = {{"AM", "/"}, {"PM", "C2"}};
	const char *values[] = {pupil};
	PGresult *result;

	for (int i = 0; i < LENGTH(marks); i++)
	{
		const char *entry[] = {"100001", pupil, "2025-09-12", marks[i][0], marks[i][1]};

		PQclear(run("INSERT INTO mark (school_urn, pupil_id, day, session, mark)"
					" VALUES ($1, $2, $3, $4, $5)",
					LENGTH(entry), NULL, entry, NULL, NULL));
	}
	result = run("SELECT s.mark_code FROM bi_session s JOIN pupil p ON p.pupil_key = s.pupil_key"
				 " WHERE p.pupil_id = $1 AND s.mark_code <> '-' ORDER BY s.session_key",
				 LENGTH(values), NULL, values, NULL, NULL);
	printf("marks");
	for (int row = 0; row < PQntuples(result); row++)
		printf(" %.*s", PQgetlength(result, row, 0), PQgetvalue(result, row, 0));
	printf("\n");
	PQclear(result);
}

int
main(int argc, char **argv)
{
	if (argc < 4)
		return 2;
	format = strcmp(argv[1], "1") == 0;
	connection = PQconnectdb("");
	if (PQstatus(connection) != CONNECTION_OK)
	{
		fprintf(stderr, "%s", PQerrorMessage(connection));
		return 1;
	}
	for (char *word = strtok(argv[3], " "); word; word = strtok(NULL, " "))
	{
		char *key = strchr(word, '.');

		*key++ = '\0';
		read_view(word, key);
	}
	filter();
	write_marks(argv[2]);
	PQfinish(connection);
	return 0;
}
