/*
 * storm.c
 *		Many clients that write into one register at the same time, each noting what it was told.
 *
 *		storm [options] DIRECTORY
 *
 * Every client has sessions of its own, those whose number leaves its own number when divided by
 * how many clients there are: so it knows what they hold, whatever the others do to the same lines.
 * Before a statement is sent, the marks that it makes go to DIRECTORY/attempts.N; when its outcome
 * is known, that goes to DIRECTORY/outcomes.N.  A statement without an outcome was cut off: all of
 * it is in the register, or nothing.  Standard output gets how often each SQLSTATE came; 00000 is
 * success, ALARM a proof that found fault with the register.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "storm.h"

Options options = {.clients = 12, .seconds = 5, .pupils = 60, .first_school = 100001, .schools = 1};

/* ---------- notes ---------- */

static bool
makes_mark(const Client *client, const Attempt *attempt, int pupil)
{
	return attempt->mark != 0 && (!attempt->only_held || *held_mark(client, attempt, pupil) != 0);
}

static void
note_attempt(Client *client, const Attempt *attempt)
{
	for (int pupil = attempt->first; pupil <= attempt->last; pupil++)
	{
		if (makes_mark(client, attempt, pupil))
			fprintf(client->attempts, "%d,%ld,%d,%ld,%s,%s,%c\n", client->number, client->statement,
					school_urn(attempt), pupil_id(attempt, pupil), session_day(client, attempt),
					session_half(client, attempt), attempt->mark);
	}
	fflush(client->attempts);
}

static void
note_outcome(Client *client, const Attempt *attempt, const char *state)
{
	fprintf(client->outcomes, "%d,%ld,%s\n", client->number, client->statement, state);
	fflush(client->outcomes);
	if (strcmp(state, "00000") != 0)
		return;
	for (int pupil = attempt->first; pupil <= attempt->last; pupil++)
	{
		if (makes_mark(client, attempt, pupil))
			*held_mark(client, attempt, pupil) = attempt->mark;
	}
}

static void
count_state(Client *client, const char *state)
{
	int i = 0;

	while (i < MAX_STATES - 1 && client->counts[i].count > 0 &&
		   strcmp(client->counts[i].state, state) != 0)
		i++;
	snprintf(client->counts[i].state, sizeof(client->counts[i].state), "%s", state);
	client->counts[i].count++;
}

/* ---------- a client ---------- */

/* The outcome of all that was sent; NULL if the connection was lost. */
static const char *
outcome(Client *client, PGresult *result)
{
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (PQresultStatus(result) == PGRES_COMMAND_OK)
		return "00000";
	if (PQresultStatus(result) == PGRES_TUPLES_OK)
		return PQntuples(result) == 0 ? "00000" : "ALARM";
	/* after FATAL it is not known whether the transaction had been committed */
	return PQstatus(client->conn) == CONNECTION_OK ? state : NULL;
}

static void
tell(const char *state, const Attempt *attempt, PGresult *result)
{
	if (strcmp(state, "ALARM") == 0)
		fprintf(stderr, "storm: false alarm: %s: %s, %s\n", attempt->sql, PQgetvalue(result, 0, 0),
				PQgetvalue(result, 0, PQnfields(result) - 1));
	else if (strcmp(state, "40P01") == 0 || strcmp(state, "23503") == 0 ||
			 strncmp(state, "XX", 2) == 0 || strncmp(state, "42", 2) == 0)
		fprintf(stderr, "storm: %s: %s\n", attempt->sql, PQresultErrorMessage(result));
}

static bool
run_attempt(Client *client)
{
	Attempt attempt;
	PGresult *result;
	const char *state;

	client->statement++;
	make_attempt(client, &attempt);
	note_attempt(client, &attempt);
	if (options.timeouts > 0)
		PQclear(PQexec(client->conn, pick(client, options.timeouts) == 0
										 ? "SET statement_timeout = 4"
										 : "SET statement_timeout = 0"));
	result = PQexec(client->conn, attempt.sql);
	state = outcome(client, result);
	if (state != NULL)
	{
		note_outcome(client, &attempt, state);
		count_state(client, state);
		tell(state, &attempt, result);
	}
	PQclear(result);
	return state != NULL;
}

static FILE *
open_notes(const char *name, int number)
{
	char path[1024];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.%d", options.directory, name, number);
	file = fopen(path, "a");
	if (file == NULL)
	{
		perror(path);
		exit(2);
	}
	return file;
}

static void
set_level(Client *client)
{
	static const char *const levels[] = {"read committed", "repeatable read", "serializable"};
	const char *level =
		strcmp(options.level, "mixed") == 0 ? levels[client->number % 3] : options.level;
	char sql[200];

	snprintf(sql, sizeof(sql),
			 "SET default_transaction_isolation = '%s'; SET deadlock_timeout = '50ms'", level);
	PQclear(PQexec(client->conn, sql));
}

static void
run_client(int number, Count *counts)
{
	Client client = {.number = number, .counts = counts};
	time_t end = time(NULL) + options.seconds;

	client.random[0] = (unsigned short) options.seed;
	client.random[1] = (unsigned short) (options.seed >> 16);
	client.random[2] = (unsigned short) number;
	client.held = calloc((size_t) options.schools * OWN_SESSIONS, options.pupils);
	client.attempts = open_notes("attempts", number);
	client.outcomes = open_notes("outcomes", number);
	client.conn = PQconnectdb("");
	if (PQstatus(client.conn) == CONNECTION_OK)
		set_level(&client);
	while (PQstatus(client.conn) == CONNECTION_OK && time(NULL) < end && run_attempt(&client))
		;
	if (PQstatus(client.conn) != CONNECTION_OK)
		count_state(&client, "08006");
	PQfinish(client.conn);
	fclose(client.attempts);
	fclose(client.outcomes);
}

/* ---------- all of them ---------- */

static void
read_kinds(char *list)
{
	for (char *name = strtok(list, ","); name != NULL && options.kind_count < MAX_KINDS;
		 name = strtok(NULL, ","))
		options.kinds[options.kind_count++] = name;
}

static void
read_options(int argc, char **argv)
{
	int option;

	options.level = "read committed";
	while ((option = getopt(argc, argv, "c:s:p:u:n:f:t:r:k:l:")) != -1)
	{
		switch (option)
		{
			case 'c':
				options.clients = atoi(optarg);
				break;
			case 's':
				options.seconds = atoi(optarg);
				break;
			case 'p':
				options.pupils = atoi(optarg);
				break;
			case 'u':
				options.first_school = atoi(optarg);
				break;
			case 'n':
				options.schools = atoi(optarg);
				break;
			case 'f':
				options.first_session = atoi(optarg);
				break;
			case 't':
				options.timeouts = atoi(optarg);
				break;
			case 'r':
				options.seed = (unsigned) atol(optarg);
				break;
			case 'k':
				read_kinds(optarg);
				break;
			case 'l':
				options.level = optarg;
				break;
			default:
				exit(2);
		}
	}
	if (optind != argc - 1 || options.kind_count == 0 || options.clients > MAX_CLIENTS)
	{
		fprintf(
			stderr,
			"usage: storm -k KIND,... [-c clients] [-s seconds] [-p pupils] [-u first school] [-n schools]"
			" [-f first session] [-t one in so many times out] [-r seed] [-l level or mixed] DIRECTORY\n");
		exit(2);
	}
	options.directory = argv[optind];
}

/* Those of all clients together. */
static void
print_counts(const Count *counts)
{
	Client sum = {.counts = calloc(MAX_STATES, sizeof(Count))};

	for (int i = 0; i < options.clients * MAX_STATES; i++)
	{
		for (long n = 0; n < counts[i].count; n++)
			count_state(&sum, counts[i].state);
	}
	for (int i = 0; i < MAX_STATES && sum.counts[i].count > 0; i++)
		printf("%s %ld\n", sum.counts[i].state, sum.counts[i].count);
}

int
main(int argc, char **argv)
{
	Count *counts;

	read_options(argc, argv);
	counts = mmap(NULL, sizeof(Count) * MAX_STATES * MAX_CLIENTS, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (int number = 0; number < options.clients; number++)
	{
		if (fork() == 0)
		{
			run_client(number, &counts[number * MAX_STATES]);
			_exit(0);
		}
	}
	while (wait(NULL) > 0 || errno == EINTR)
		;
	print_counts(counts);
	return 0;
}
