/*
 * statements.c
 *		The statements that a storm is made of, each with random pupils of a school and a session of the
 *		client's own.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "storm.h"

#define FIRST_DAY 20332 /* 2025-09-01, in days since 1970 */

int
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

const char *
session_half(const Client *client, const Attempt *attempt)
{
	return session_number(client, attempt) % 2 == 0 ? "AM" : "PM";
}

const char *
session_day(const Client *client, const Attempt *attempt)
{
	static char day[16];
	time_t seconds = (FIRST_DAY + session_number(client, attempt) / 2) * (time_t) 86400;

	strftime(day, sizeof(day), "%Y-%m-%d", gmtime(&seconds));
	return day;
}

int
school_urn(const Attempt *attempt)
{
	return options.first_school + attempt->school;
}

/* Pupils are numbered school after school. */
long
pupil_id(const Attempt *attempt, int pupil)
{
	return (long) (school_urn(attempt) - 100000) * 1000 + pupil + 1;
}

char *
held_mark(const Client *client, const Attempt *attempt, int pupil)
{
	return &client->held[(attempt->school * OWN_SESSIONS + attempt->session) * options.pupils +
						 pupil];
}

/* Some pupils of a school, who are at most as many as that. */
static void
choose(Client *client, Attempt *attempt, int most)
{
	int size = 1 + pick(client, most < options.pupils ? most : options.pupils);

	*attempt =
		(Attempt){.school = pick(client, options.schools), .session = pick(client, OWN_SESSIONS)};
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
		attempt->mark, columns, pupil_id(attempt, attempt->first),
		pupil_id(attempt, attempt->last));
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
	put(attempt,
		"INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, entered_by, title, reason)");
	put_rows(client, attempt, ", 'nightly', 'Clerk', 'feed'");
}

/* Rows of two signers, and the nature of an activity. */
static void
feed_with_nature(Client *client, Attempt *attempt)
{
	choose(client, attempt, 20);
	attempt->mark = 'B';
	put(attempt,
		"INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, nature, entered_by, title, reason)");
	put_rows(client, attempt,
			 ", 'swimming', CASE p % 2 WHEN 0 THEN 'even' ELSE 'odd' END, 'Clerk', 'feed'");
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

static void
put_lines(Client *client, Attempt *attempt, const char *order)
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
		" FROM generate_series(%ld, %ld) AS p ORDER BY %s"
		" ON CONFLICT (school_urn, academic_year, pupil_id) DO UPDATE SET marks = l.marks || EXCLUDED.marks",
		pupil_id(attempt, attempt->first), pupil_id(attempt, attempt->last), order);
}

/* Lines written whole, in the order of pupils. */
static void
packed_lines(Client *client, Attempt *attempt)
{
	put_lines(client, attempt, "p");
}

/* In an order that deadlocks: for those who want to know whether a storm would tell. */
static void
shuffled_lines(Client *client, Attempt *attempt)
{
	put_lines(client, attempt, "random()");
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
	put(attempt,
		"UPDATE enrolment SET start_date = '2025-08-%02d', (entered_by, title, reason) = ROW(",
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
		put(attempt,
			"UPDATE enrolment SET end_date = current_date + %d, deletion_ground = 'K', ground_arose_on = current_date,"
			" (entered_by, title, reason) = ROW(",
			400 + pick(client, 100));
	else
		put(attempt,
			"UPDATE enrolment SET end_date = NULL, deleted_at = NULL, deletion_ground = NULL, ground_arose_on = NULL,"
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
		" '2026-07-31', interval '1 day') AS d ORDER BY d ON CONFLICT DO NOTHING",
		"UPDATE school_day SET morning = NOT morning, afternoon = false, closure = 'summer' WHERE school_urn = %d"
		" AND day BETWEEN '2026-07-20' AND date '2026-07-20' + %d"};

	choose(client, attempt, 1);
	put(attempt, changes[pick(client, 3)], school_urn(attempt), pick(client, 12));
}

static void
name(Client *client, Attempt *attempt)
{
	choose(client, attempt, 1);
	put(attempt, "UPDATE pupil SET known_as = 'name %d', (entered_by, title, reason) = ROW(",
		pick(client, 1000));
	put_signature(client, attempt, "name");
	put(attempt, ") WHERE pupil_id BETWEEN %ld AND %ld", pupil_id(attempt, attempt->first),
		pupil_id(attempt, attempt->last));
}

/* What lines say of enrolments and pupils, of several at once. */
static void
group(Client *client, Attempt *attempt)
{
	choose(client, attempt, 30);
	put(attempt,
		"UPDATE enrolment SET registration_group = '%d', (entered_by, title, reason) = ROW(",
		pick(client, 10));
	put_signature(client, attempt, "group");
	put(attempt, ")");
	put_pupils(attempt);
}

static void
sex(Client *client, Attempt *attempt)
{
	choose(client, attempt, 5);
	put(attempt, "UPDATE pupil SET sex = '%s', (entered_by, title, reason) = ROW(",
		pick(client, 2) == 0 ? "F" : "M");
	put_signature(client, attempt, "sex");
	put(attempt, ") WHERE pupil_id BETWEEN %ld AND %ld", pupil_id(attempt, attempt->first),
		pupil_id(attempt, attempt->last));
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
	{"class", class_register},
	{"feed", feed},
	{"nature", feed_with_nature},
	{"amend", amend},
	{"lines", packed_lines},
	{"shuffled", shuffled_lines},
	{"leave", leave},
	{"natures", nature},
	{"start", starting_day},
	{"deletion", deletion},
	{"calendar", calendar},
	{"name", name},
	{"group", group},
	{"sex", sex},
	{"verify", verify},
	{"as_at", as_at},
};

void
make_attempt(Client *client, Attempt *attempt)
{
	const char *kind = options.kinds[pick(client, options.kind_count)];

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
	{
		if (strcmp(kinds[i].name, kind) == 0)
		{
			kinds[i].make(client, attempt);
			return;
		}
	}
	fprintf(stderr, "storm: no statements of the kind \"%s\"\n", kind);
	exit(2);
}
