/*
 * attendance_tally.c
 *		The type attendance_tally: sessions counted by class, and every rate that follows.
 */
#include "attendance.h"

#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

#include "types/comparison.h"

static const char *const tally_names[TALLY_FIELDS] = {
	[CLASS_PRESENT] = "present",
	[CLASS_APPROVED] = "approved_activity",
	[CLASS_AUTHORISED] = "authorised",
	[CLASS_UNAUTHORISED] = "unauthorised",
	[CLASS_NOT_POSSIBLE] = "not_possible",
	[CLASS_CORONAVIRUS] = "coronavirus",
	[CLASS_ADMINISTRATIVE] = "administrative",
	[CLASS_UNMARKED] = "unmarked",
	[TALLY_LATE_BEFORE_CLOSE] = "late_before_close",
	[TALLY_LATE_AFTER_CLOSE] = "late_after_close",
};

/* The late sessions are among those of their class. */
static bool
tally_consistent(const int64 *count)
{
	return count[TALLY_LATE_BEFORE_CLOSE] <= count[CLASS_PRESENT] &&
		   count[TALLY_LATE_AFTER_CLOSE] <= count[CLASS_UNAUTHORISED];
}

const CounterKind tally_kind = {"attendance_tally", TALLY_FIELDS, tally_names, tally_consistent};

PG_FUNCTION_INFO_V1(att_attendance_tally_in);
Datum
att_attendance_tally_in(PG_FUNCTION_ARGS)
{
	return counters_in(fcinfo, &tally_kind);
}

PG_FUNCTION_INFO_V1(att_attendance_tally_out);
Datum
att_attendance_tally_out(PG_FUNCTION_ARGS)
{
	return counters_out(fcinfo, &tally_kind);
}

PG_FUNCTION_INFO_V1(att_attendance_tally_recv);
Datum
att_attendance_tally_recv(PG_FUNCTION_ARGS)
{
	return counters_recv(fcinfo, &tally_kind);
}

PG_FUNCTION_INFO_V1(att_attendance_tally_send);
Datum
att_attendance_tally_send(PG_FUNCTION_ARGS)
{
	return counters_send(fcinfo, &tally_kind);
}

static int
cmp_tallies(FunctionCallInfo fcinfo)
{
	return counters_cmp((int64 *) PG_GETARG_POINTER(0), (int64 *) PG_GETARG_POINTER(1),
						TALLY_FIELDS);
}

ATT_COMPARISON_FUNCTIONS(attendance_tally, cmp_tallies)

#define TALLY_BYTES (unsigned char *) PG_GETARG_POINTER(0), sizeof(AttendanceTally)

ATT_HASH_FUNCTIONS(attendance_tally, hash_any(TALLY_BYTES),
				   hash_any_extended(TALLY_BYTES, PG_GETARG_INT64(1)))

/* ---------- counting ---------- */

static void
tally_add(AttendanceTally *tally, int field, int64 sessions)
{
	add_counter(&tally->count[field], sessions, tally_kind.type_name);
}

void
tally_add_mark(AttendanceTally *tally, Mark mark, int64 sessions)
{
	const MarkCode *code = &mark_codes[mark];

	tally_add(tally, code->class, sessions);
	if (code->late)
		tally_add(tally,
				  code->class == CLASS_PRESENT ? TALLY_LATE_BEFORE_CLOSE : TALLY_LATE_AFTER_CLOSE,
				  sessions);
}

PG_FUNCTION_INFO_V1(att_attendance_tally_add);
Datum
att_attendance_tally_add(PG_FUNCTION_ARGS)
{
	return counters_add(fcinfo, &tally_kind);
}

/* tally_agg(session_mark) */
PG_FUNCTION_INFO_V1(att_attendance_tally_add_mark);
Datum
att_attendance_tally_add_mark(PG_FUNCTION_ARGS)
{
	AttendanceTally *tally = (AttendanceTally *) counters_state(fcinfo, &tally_kind);

	tally_add_mark(tally, PG_GETARG_MARK(1), 1);
	PG_RETURN_POINTER(tally);
}

/* ---------- what the counts add up to ---------- */

static int64
sum_of(const AttendanceTally *tally, int first, int second)
{
	int64 sum = tally->count[first];

	add_counter(&sum, tally->count[second], tally_kind.type_name);
	return sum;
}

int64
tally_attended(const AttendanceTally *tally)
{
	return sum_of(tally, CLASS_PRESENT, CLASS_APPROVED);
}

int64
tally_absent(const AttendanceTally *tally)
{
	return sum_of(tally, CLASS_AUTHORISED, CLASS_UNAUTHORISED);
}

int64
tally_possible(const AttendanceTally *tally)
{
	int64 possible = tally_attended(tally);

	add_counter(&possible, tally_absent(tally), tally_kind.type_name);
	add_counter(&possible, tally->count[CLASS_CORONAVIRUS], tally_kind.type_name);
	return possible;
}

static int64
tally_late(const AttendanceTally *tally)
{
	return sum_of(tally, TALLY_LATE_BEFORE_CLOSE, TALLY_LATE_AFTER_CLOSE);
}

#define ATT_TALLY_READER(name, value) \
	PG_FUNCTION_INFO_V1(att_tally_##name); \
	Datum att_tally_##name(PG_FUNCTION_ARGS) \
	{ \
		const AttendanceTally *tally = PG_GETARG_TALLY_P(0); \
\
		PG_RETURN_INT64(value); \
	}

ATT_TALLY_READER(present, tally->count[CLASS_PRESENT])
ATT_TALLY_READER(approved_activity, tally->count[CLASS_APPROVED])
ATT_TALLY_READER(authorised, tally->count[CLASS_AUTHORISED])
ATT_TALLY_READER(unauthorised, tally->count[CLASS_UNAUTHORISED])
ATT_TALLY_READER(not_possible, tally->count[CLASS_NOT_POSSIBLE])
ATT_TALLY_READER(coronavirus, tally->count[CLASS_CORONAVIRUS])
ATT_TALLY_READER(administrative, tally->count[CLASS_ADMINISTRATIVE])
ATT_TALLY_READER(unmarked, tally->count[CLASS_UNMARKED])
ATT_TALLY_READER(late_before_close, tally->count[TALLY_LATE_BEFORE_CLOSE])
ATT_TALLY_READER(late_after_close, tally->count[TALLY_LATE_AFTER_CLOSE])
ATT_TALLY_READER(late, tally_late(tally))
ATT_TALLY_READER(attended, tally_attended(tally))
ATT_TALLY_READER(absent, tally_absent(tally))
ATT_TALLY_READER(possible, tally_possible(tally))

/* ---------- rates ---------- */

/* A percentage as PostgreSQL divides numerics: never through floating point. */
Datum
percent(int64 numerator, int64 denominator)
{
	Numeric hundredfold = DatumGetNumeric(
		DirectFunctionCall2(numeric_mul, NumericGetDatum(int64_to_numeric(numerator)),
							NumericGetDatum(int64_to_numeric(100))));

	return DirectFunctionCall2(numeric_div, NumericGetDatum(hundredfold),
							   NumericGetDatum(int64_to_numeric(denominator)));
}

/*
 * rounded_percent(part, whole): the same, rounded to two places as a cast to numeric(5,2) rounds it,
 * without dividing numerics where the counts are not too big for it.
 */
PG_FUNCTION_INFO_V1(att_rounded_percent);
Datum
att_rounded_percent(PG_FUNCTION_ARGS)
{
	int64 part = PG_GETARG_INT64(0), whole = PG_GETARG_INT64(1);
	const int64 hundredths = 100 * 100, most = PG_INT64_MAX / (4 * hundredths);

	if (whole == 0)
		PG_RETURN_NULL();
	if (part < 0 || whole < 0 || part > most || whole > most)
		PG_RETURN_DATUM(DirectFunctionCall2(numeric_round, percent(part, whole), Int32GetDatum(2)));
	PG_RETURN_NUMERIC(int64_div_fast_to_numeric((2 * hundredths * part + whole) / (2 * whole), 2));
}

#define ATT_TALLY_RATE(name, value) \
	PG_FUNCTION_INFO_V1(att_tally_##name); \
	Datum att_tally_##name(PG_FUNCTION_ARGS) \
	{ \
		const AttendanceTally *tally = PG_GETARG_TALLY_P(0); \
		int64 possible = tally_possible(tally); \
\
		if (possible == 0) \
			PG_RETURN_NULL(); \
		PG_RETURN_DATUM(percent(value, possible)); \
	}

ATT_TALLY_RATE(attendance_rate, tally_attended(tally))
ATT_TALLY_RATE(absence_rate, tally_absent(tally))
ATT_TALLY_RATE(authorised_rate, tally->count[CLASS_AUTHORISED])
ATT_TALLY_RATE(unauthorised_rate, tally->count[CLASS_UNAUTHORISED])

#define ATT_TALLY_THRESHOLD(name, test) \
	PG_FUNCTION_INFO_V1(att_tally_##name); \
	Datum att_tally_##name(PG_FUNCTION_ARGS) \
	{ \
		const AttendanceTally *tally = PG_GETARG_TALLY_P(0); \
\
		PG_RETURN_BOOL(test(tally_absent(tally), tally_possible(tally))); \
	}

ATT_TALLY_THRESHOLD(is_persistently_absent, is_persistent)
ATT_TALLY_THRESHOLD(is_severely_absent, is_severe)
