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
#include <fcntl.h>
#include <libpq-fe.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_CLIENTS 64
#define MAX_STATES 40
#define MAX_KINDS 64
#define OWN_SESSIONS 4 /* of each client in a storm */
#define FIRST_DAY 20332 /* 2025-09-01, in days since 1970 */

typedef struct Count
{
	char state[8];
	long count;
} Count;

typedef struct Options
{
	int clients, seconds, pupils, first_school, schools, first_session, timeouts;
	unsigned seed;
	const char *kinds[MAX_KINDS];
	int kind_count;
	const char *level, *directory;
} Options;

static Options options = {.clients = 12, .seconds = 5, .pupils = 60, .first_school = 100001, .schools = 1};

typedef struct Client
{
	int number;
	unsigned short random[3];
	PGconn *conn;
	FILE *attempts, *outcomes;
	long statement;
	char *held; /* of each school, own session and pupil: the mark, 0 if there is none */
	Count *counts;
} Client;

/* A statement, and the marks that it makes. */
typedef struct Attempt
{
	char sql[16384];
	size_t length;
	int school, session; /* offset of the school; own session */
	int first, last;     /* pupils, from 0 */
	char mark;           /* 0: it makes none */
	bool only_held;      /* of pupils that have a mark */
} Attempt;

static int
pick(Client *client, int below)
{
	return (int) (nrand48(client->random) % below);
}

static void
put(Attempt *attempt, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	attempt->length += vsnprintf(attempt->sql + attempt->length,
								 sizeof(attempt->sql) - attempt->length, format, args);
	va_end(args);
	if (attempt->length >= sizeof(attempt->sql))
		abort();
}

/* ---------- who, and when ---------- */

static int
session_number(const Client *client, const Attempt *attempt)
{
	return options.first_session + attempt->session * options.clients + client->number;
}

static const char *
session_half(const Client *client, const Attempt *attempt)
{
	return session_number(client, attempt) % 2 == 0 ? "AM" : "PM";
}

static const char *
session_day(const Client *client, const Attempt *attempt)
{
	static char day[16];
	time_t seconds = (FIRST_DAY + session_number(client, attempt) / 2) * (time_t) 86400;

	strftime(day, sizeof(day), "%Y-%m-%d", gmtime(&seconds));
	return day;
}

static int
school_urn(const Attempt *attempt)
{
	return options.first_school + attempt->school;
}

/* Pupils are numbered school after school. */
static long
pupil_id(const Attempt *attempt, int pupil)
{
	return (long) (school_urn(attempt) - 100000) * 1000 + pupil + 1;
}

static char *
held_mark(const Client *client, const Attempt *attempt, int pupil)
{
	return &client->held[(attempt->school * OWN_SESSIONS + attempt->session) * options.pupils + pupil];
}

/* Some pupils of a school, who are at most as many as that. */
static void
choose(Client *client, Attempt *attempt, int most)
{
	int size = 1 + pick(client, most < options.pupils ? most : options.pupils);

	*attempt = (Attempt){.school = pick(client, options.schools), .session = pick(client, OWN_SESSIONS)};
	attempt->first = pick(client, options.pupils - size + 1);
	attempt->last = attempt->first + size - 1;
}

static void
choose_mark(Client *client, Attempt *attempt)
{
	const char *marks = session_number(client, attempt) % 2 == 0 ? "/LNIU" : "\\LNIU";

	attempt->mark = marks[pick(client, 5)];
}

static void
put_signature(const Client *client, Attempt *attempt, const char *reason)
{
	put(attempt, "'client %d', 'Clerk', '%s %ld'", client->number, reason, client->statement);
}

/* school, pupil, day, session; in a random order, as a caller may give them */
static void
put_rows(const Client *client, Attempt *attempt, const char *columns)
{
	put(attempt,
		" SELECT %d, p, '%s', '%s', '%c'%s FROM generate_series(%ld, %ld) AS p ORDER BY random()",
		school_urn(attempt), session_day(client, attempt), session_half(client, attempt),
		attempt->mark, columns, pupil_id(attempt, attempt->first), pupil_id(attempt, attempt->last));
}

static void
put_pupils(Attempt *attempt)
{
	put(attempt, " WHERE school_urn = %d AND pupil_id BETWEEN %ld AND %ld", school_urn(attempt),
		pupil_id(attempt, attempt->first), pupil_id(attempt, attempt->last));
}

/* ---------- what is written ---------- */

static void
class_register(Client *client, Attempt *attempt)
{
	choose(client, attempt, 30);
	choose_mark(client, attempt);
	put(attempt, "INSERT INTO mark (school_urn, pupil_id, day, session, mark)");
	put_rows(client, attempt, "");
}

static void
feed(Client *client, Attempt *attempt)
{
	choose(client, attempt, 60);
	choose_mark(client, attempt);
	put(attempt, "INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, entered_by, title, reason)");
	put_rows(client, attempt, ", 'nightly', 'Clerk', 'feed'");
}

/* Rows of two signers, and the nature of an activity. */
static void
feed_with_nature(Client *client, Attempt *attempt)
{
	choose(client, attempt, 20);
	attempt->mark = 'B';
	put(attempt, "INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, nature, entered_by, title, reason)");
	put_rows(client, attempt, ", 'swimming', CASE p % 2 WHEN 0 THEN 'even' ELSE 'odd' END, 'Clerk', 'feed'");
}

static void
amend(Client *client, Attempt *attempt)
{
	choose(client, attempt, 20);
	choose_mark(client, attempt);
	attempt->only_held = true;
	put(attempt, "UPDATE mark SET mark = '%c', (entered_by, title, reason) = ROW(", attempt->mark);
	put_signature(client, attempt, "amended");
	put(attempt, ")");
	put_pupils(attempt);
	put(attempt, " AND day = '%s' AND session = '%s'", session_day(client, attempt),
		session_half(client, attempt));
}

/* Lines written whole, in the order of pupils. */
static void
packed_lines(Client *client, Attempt *attempt)
{
	choose(client, attempt, 20);
	choose_mark(client, attempt);
	put(attempt,
		"INSERT INTO register_line AS l (school_urn, academic_year, pupil_id, marks, entered_by,"
		" title, reason) SELECT %d, 2025, p, '%s %s%c', ",
		school_urn(attempt), session_day(client, attempt),
		session_number(client, attempt) % 2 == 0 ? "" : ".", attempt->mark);
	put_signature(client, attempt, "lines");
	put(attempt,
		" FROM generate_series(%ld, %ld) AS p ORDER BY p"
		" ON CONFLICT (school_urn, academic_year, pupil_id) DO UPDATE SET marks = l.marks || EXCLUDED.marks",
		pupil_id(attempt, attempt->first), pupil_id(attempt, attempt->last));
}

/* Two statements of one transaction. */
static void
leave(Client *client, Attempt *attempt)
{
	choose(client, attempt, 1);
	attempt->mark = 'M';
	put(attempt,
		"INSERT INTO leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances,"
		" applicant, status, decided_by, decided_at) SELECT %d, %ld, 'M', school_session_multirange("
		"school_session_range(s, s, '[]')), 'medical appointment', 'client %d, %ld', 'mother', 'granted',"
		" 'A Head', now() FROM (SELECT school_session '%s %s') AS x (s); INSERT INTO mark_feed (school_urn,"
		" pupil_id, day, session, mark, entered_by, title, reason)",
		school_urn(attempt), pupil_id(attempt, attempt->first), client->number, client->statement,
		session_day(client, attempt), session_half(client, attempt));
	put_rows(client, attempt, ", 'office', 'Clerk', 'leave'");
}

/* ---------- what marks rest on ---------- */

static void
nature(Client *client, Attempt *attempt)
{
	choose(client, attempt, 20);
	put(attempt,
		"INSERT INTO mark_nature (school_urn, pupil_id, mark, sessions, nature) SELECT %d, p, 'B',"
		" school_session_multirange(school_session_range('%s AM', '%s PM', '[]')), 'sport'"
		" FROM generate_series(%ld, %ld) AS p ORDER BY random()",
		school_urn(attempt), session_day(client, attempt), session_day(client, attempt),
		pupil_id(attempt, attempt->first), pupil_id(attempt, attempt->last));
}

/* Now later, now earlier, never past a mark. */
static void
starting_day(Client *client, Attempt *attempt)
{
	choose(client, attempt, 1);
	put(attempt, "UPDATE enrolment SET start_date = '2025-08-%02d', (entered_by, title, reason) = ROW(",
		1 + pick(client, 28));
	put_signature(client, attempt, "start");
	put(attempt, ")");
	put_pupils(attempt);
}

/* Deleted from the roll, or not after all. */
static void
deletion(Client *client, Attempt *attempt)
{
	choose(client, attempt, 1);
	if (pick(client, 2) == 0)
		put(attempt, "UPDATE enrolment SET end_date = current_date + %d, deletion_ground = 'K', ground_arose_on = current_date,"
					 " (entered_by, title, reason) = ROW(", 400 + pick(client, 100));
	else
		put(attempt, "UPDATE enrolment SET end_date = NULL, deleted_at = NULL, deletion_ground = NULL, ground_arose_on = NULL,"
					 " (entered_by, title, reason) = ROW(");
	put_signature(client, attempt, "deletion");
	put(attempt, ")");
	put_pupils(attempt);
}

/* Days of the next summer, which have no marks. */
static void
calendar(Client *client, Attempt *attempt)
{
	static const char *const changes[] = {
		"DELETE FROM school_day WHERE school_urn = %d AND day >= date '2026-07-20' + %d",
		"INSERT INTO school_day (school_urn, day) SELECT %d, d::date FROM generate_series(date '2026-07-20' + %d,"
		" '2026-07-31', interval '1 day') AS d ORDER BY random() ON CONFLICT DO NOTHING",
		"UPDATE school_day SET morning = NOT morning, afternoon = false, closure = 'summer' WHERE school_urn = %d"
		" AND day BETWEEN '2026-07-20' AND date '2026-07-20' + %d"};

	choose(client, attempt, 1);
	put(attempt, changes[pick(client, 3)], school_urn(attempt), pick(client, 12));
}

static void
upn(Client *client, Attempt *attempt)
{
	choose(client, attempt, 1);
	put(attempt, "UPDATE pupil SET known_as = 'name %d', (entered_by, title, reason) = ROW(", pick(client, 1000));
	put_signature(client, attempt, "name");
	put(attempt, ") WHERE pupil_id BETWEEN %ld AND %ld", pupil_id(attempt, attempt->first), pupil_id(attempt, attempt->last));
}

/* ---------- what is proved meanwhile ---------- */

static void
verify(Client *client, Attempt *attempt)
{
	choose(client, attempt, 1);
	put(attempt, "/* proof */ SELECT * FROM verify_journal() LIMIT 3");
}

static void
as_at(Client *client, Attempt *attempt)
{
	choose(client, attempt, 1);
	put(attempt,
		"/* proof */ SELECT l.school_urn, a.pupil_id FROM register_line l FULL JOIN register_as_at(clock_timestamp()"
		" + interval '1 day') a USING (school_urn, academic_year, pupil_id) WHERE a.marks::text <> l.marks::text LIMIT 3");
}

typedef struct Kind
{
	const char *name;
	void (*make)(Client *client, Attempt *attempt);
} Kind;

static const Kind kinds[] = {
	{"class", class_register}, {"feed", feed}, {"nature", feed_with_nature}, {"amend", amend},
	{"lines", packed_lines}, {"leave", leave}, {"natures", nature}, {"start", starting_day},
	{"deletion", deletion}, {"calendar", calendar}, {"name", upn}, {"verify", verify}, {"as_at", as_at},
};

static void
make_attempt(Client *client, Attempt *attempt)
{
	const char *name = options.kinds[pick(client, options.kind_count)];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
	{
		if (strcmp(kinds[i].name, name) == 0)
		{
			kinds[i].make(client, attempt);
			return;
		}
	}
	fprintf(stderr, "storm: no statements of the kind \"%s\"\n", name);
	exit(2);
}

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

	while (i < MAX_STATES - 1 && client->counts[i].count > 0 && strcmp(client->counts[i].state, state) != 0)
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
	else if (strcmp(state, "40P01") == 0 || strncmp(state, "XX", 2) == 0 || strncmp(state, "42", 2) == 0)
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
		PQclear(PQexec(client->conn, pick(client, options.timeouts) == 0 ? "SET statement_timeout = 4"
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
	const char *level = strcmp(options.level, "mixed") == 0 ? levels[client->number % 3] : options.level;
	char sql[200];

	snprintf(sql, sizeof(sql), "SET default_transaction_isolation = '%s'; SET deadlock_timeout = '50ms'", level);
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
	for (char *name = strtok(list, ","); name != NULL && options.kind_count < MAX_KINDS; name = strtok(NULL, ","))
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
			case 'c': options.clients = atoi(optarg); break;
			case 's': options.seconds = atoi(optarg); break;
			case 'p': options.pupils = atoi(optarg); break;
			case 'u': options.first_school = atoi(optarg); break;
			case 'n': options.schools = atoi(optarg); break;
			case 'f': options.first_session = atoi(optarg); break;
			case 't': options.timeouts = atoi(optarg); break;
			case 'r': options.seed = (unsigned) atol(optarg); break;
			case 'k': read_kinds(optarg); break;
			case 'l': options.level = optarg; break;
			default: exit(2);
		}
	}
	if (optind != argc - 1 || options.kind_count == 0 || options.clients > MAX_CLIENTS)
	{
		fprintf(stderr, "usage: storm -k KIND,... [-c clients] [-s seconds] [-p pupils] [-u first school] [-n schools]"
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
