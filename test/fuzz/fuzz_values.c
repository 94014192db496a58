/*
 * fuzz_values.c
 *		The other types, and what is read from text.
 */
#include "fuzz.h"

#include "catalog/pg_type.h"

static const int refused[] = {ERRCODE_INVALID_TEXT_REPRESENTATION, 0};

/* ---------- mark_counts ---------- */

#define COUNTS_FUNCTIONS(call) \
	call(att_mark_counts_out, 1) call(att_mark_counts_send, 1) call(att_mark_counts_rows, 1) \
		call(att_mark_counts_tally, 1) call(att_mark_counts_count, 2) \
			call(att_mark_counts_add_mark, 2)
#define COUNTERS_FUNCTIONS(call) \
	call(att_attendance_tally_out) call(att_attendance_tally_send) call(att_tally_present) \
		call(att_tally_late) call(att_tally_possible) call(att_tally_attendance_rate) \
			call(att_tally_is_severely_absent) call(att_tally_attendance_band) \
				call(att_tally_absence_band) call(att_tally_sessions_to_attend)
#define COHORT_FUNCTIONS(call) \
	call(att_cohort_summary_out) call(att_cohort_summary_send) call(att_cohort_enrolments) \
		call(att_cohort_tally) call(att_cohort_severe_absence_rate)

#define DECLARE_2(function, count) extern Datum function(PG_FUNCTION_ARGS);
#define DECLARE(function) extern Datum function(PG_FUNCTION_ARGS);
COUNTS_FUNCTIONS(DECLARE_2)
COUNTERS_FUNCTIONS(DECLARE)
COHORT_FUNCTIONS(DECLARE)
DECLARE(att_mark_counts_in)
DECLARE(att_mark_counts_add)
DECLARE(att_mark_counts_cmp)
DECLARE(att_attendance_tally_in)
DECLARE(att_attendance_tally_add)
DECLARE(att_attendance_tally_cmp)
DECLARE(att_attendance_tally_recv)
DECLARE(att_cohort_summary_in)
DECLARE(att_cohort_summary_add)
DECLARE(att_cohort_summary_add_tally)
DECLARE(att_cohort_summary_recv)
DECLARE(att_school_session_in)
DECLARE(att_school_session_out)
DECLARE(att_school_session_send)
DECLARE(att_school_session_day)
DECLARE(att_school_session_half)
DECLARE(att_school_session_range_canonical)
DECLARE(att_school_session_cmp)
DECLARE(att_school_session_subdiff)
DECLARE(att_mark_series_mark_at)
DECLARE(att_mark_series_set_mark)
DECLARE(att_mark_series_add_mark)
DECLARE(att_academic_year)
DECLARE(att_compulsory_school_age)
DECLARE(att_mark_is_valid_on)
DECLARE(att_session_mark_in)
DECLARE(att_session_mark_out)
DECLARE(att_absence_code_in)
DECLARE(att_absence_code_out)
DECLARE(att_upn_is_valid)
DECLARE(att_csv_rows)
DECLARE(att_disclosed_cells)

static void
need_corrupt(const Outcome *outcome, bool sound, const char *function)
{
	static const int overflow[] = {ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, 0};

	if (sound)
		need_state(outcome, function, overflow);
	else if (outcome->sqlstate != ERRCODE_DATA_CORRUPTED)
		fail(function);
}

static int64
take_number(const uint8 *bytes)
{
	uint64 number = 0;

	for (int i = 0; i < 8; i++)
		number = number << 8 | bytes[i];
	return (int64) number;
}

static bool
are_counts(const uint8 *bytes, size_t length)
{
	if (length % 9 != 1 || bytes[0] != 1)
		return false;
	for (size_t i = 1; i < length; i += 9)
	{
		if (bytes[i] == 0 || !mark_is_known(bytes[i]) || take_number(bytes + i + 1) < 1 ||
			(i > 1 && bytes[i - 9] >= bytes[i]))
			return false;
	}
	return true;
}

void
fuzz_counts(const uint8 *bytes, size_t length)
{
	Datum value = make_value(bytes, length);
	Datum with_mark[2] = {value, MarkGetDatum(MARK_PRESENT_PM)}, twice[2] = {value, value};
	bool sound = are_counts(bytes, length);
	Outcome outcome;

#define CALL_2(function, count) \
	outcome = call_function(function, count, with_mark); \
	need_corrupt(&outcome, sound, #function);
	COUNTS_FUNCTIONS(CALL_2)
	outcome = call_function(att_mark_counts_add, 2, twice);
	need_corrupt(&outcome, sound, "att_mark_counts_add");
	need(call_function(att_mark_counts_cmp, 2, twice).sqlstate == 0, "a comparison");
	if (sound)
		check_round_trip(att_mark_counts_in, att_mark_counts_out, value, 0, "the text of counts");
}

static void
read_text(PGFunction in, PGFunction out, const uint8 *bytes, size_t length, size_t size,
		  const char *what)
{
	Datum string = make_string(bytes, length);
	Outcome outcome = call_function(in, 1, &string);

	need_state(&outcome, what, refused);
	if (outcome.sqlstate == 0)
		check_round_trip(in, out, outcome.result, size, what);
}

void
fuzz_counts_text(const uint8 *bytes, size_t length)
{
	read_text(att_mark_counts_in, att_mark_counts_out, bytes, length, 0, "counts from text");
}

/* ---------- attendance_tally and cohort_summary ---------- */

#define COHORT_FIELDS (4 + TALLY_FIELDS)

static bool
are_counters(const int64 *counters, int count, int own)
{
	for (int i = 0; i < count; i++)
	{
		if (counters[i] < 0)
			return false;
	}
	if (own > 0 && (counters[1] > counters[0] || counters[2] > counters[1]))
		return false;
	return counters[own + 8] <= counters[own] && counters[own + 9] <= counters[own + 3];
}

/* The bytes are the lower and upper ones of each counter, so that few of them say something. */
void
fuzz_counters(const uint8 *bytes, size_t length)
{
	int64 *counters = palloc0(COHORT_FIELDS * sizeof(int64));
	int64 *tally = counters + 4;
	Datum cohort[2] = {PointerGetDatum(counters), PointerGetDatum(counters)};
	Datum tallies[2] = {PointerGetDatum(tally), PointerGetDatum(tally)};
	Datum mixed[2] = {PointerGetDatum(palloc0(COHORT_FIELDS * sizeof(int64))), tallies[0]};
	Outcome outcome;
	bool sound;

	for (size_t i = 0; i + 1 < length && i < COHORT_FIELDS * 2; i += 2)
		counters[i / 2] = (int64) ((uint64) bytes[i] << 56 | bytes[i + 1]);
	sound = are_counters(tally, TALLY_FIELDS, 0);
#define CALL_TALLY(function) \
	outcome = call_function(function, 1, tallies); \
	need_corrupt(&outcome, sound, #function);
	COUNTERS_FUNCTIONS(CALL_TALLY)
	outcome = call_function(att_attendance_tally_add, 2, tallies);
	need_corrupt(&outcome, sound, "att_attendance_tally_add");
	outcome = call_function(att_cohort_summary_add_tally, 2, mixed);
	need_corrupt(&outcome, sound, "att_cohort_summary_add_tally");
	need(call_function(att_attendance_tally_cmp, 2, tallies).sqlstate == 0, "a comparison");
	if (sound)
		check_round_trip(att_attendance_tally_in, att_attendance_tally_out, tallies[0],
						 TALLY_FIELDS * sizeof(int64), "the text of a tally");
	sound = are_counters(counters, COHORT_FIELDS, 4);
#define CALL_COHORT(function) \
	outcome = call_function(function, 1, cohort); \
	need_corrupt(&outcome, sound, #function);
	COHORT_FUNCTIONS(CALL_COHORT)
	outcome = call_function(att_cohort_summary_add, 2, cohort);
	need_corrupt(&outcome, sound, "att_cohort_summary_add");
	if (sound)
		check_round_trip(att_cohort_summary_in, att_cohort_summary_out, cohort[0],
						 COHORT_FIELDS * sizeof(int64), "the text of a cohort");
}

void
fuzz_counters_text(const uint8 *bytes, size_t length)
{
	if (length == 0)
		return;
	if (bytes[0] & 1)
		read_text(att_cohort_summary_in, att_cohort_summary_out, bytes + 1, length - 1,
				  COHORT_FIELDS * sizeof(int64), "a cohort from text");
	else
		read_text(att_attendance_tally_in, att_attendance_tally_out, bytes + 1, length - 1,
				  TALLY_FIELDS * sizeof(int64), "a tally from text");
}

/* ---------- sessions, days, marks ---------- */

static void
check_session_text(int32 number)
{
	Datum session = Int32GetDatum(number);
	Outcome written = call_function(att_school_session_out, 1, &session);
	Outcome again = call_function(att_school_session_in, 1, &written.result);

	need(written.sqlstate == 0 && again.sqlstate == 0 && DatumGetInt32(again.result) == number,
		 "the text of a session");
}

void
fuzz_session(const uint8 *bytes, size_t length)
{
	Datum arguments[3] = {0}, days[2] = {0};
	Outcome outcome;
	int32 number;
	bool sound;

	if (length < 5)
		return;
	number = (int32) ((uint32) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3]);
	sound = number >= -73048 && number <= 730485;
	arguments[0] = make_value("\x15\0\0", 3);
	arguments[1] = Int32GetDatum(number);
	arguments[2] = MarkGetDatum(MARK_PRESENT_PM);
#define CALL_SESSION(function, count, first) \
	outcome = call_function(function, count, first); \
	need_corrupt(&outcome, sound, #function);
	CALL_SESSION(att_school_session_out, 1, arguments + 1)
	CALL_SESSION(att_school_session_send, 1, arguments + 1)
	CALL_SESSION(att_school_session_day, 1, arguments + 1)
	CALL_SESSION(att_school_session_half, 1, arguments + 1)
	CALL_SESSION(att_mark_series_mark_at, 2, arguments)
	CALL_SESSION(att_mark_series_set_mark, 3, arguments)
	CALL_SESSION(att_mark_series_add_mark, 3, arguments)
	if (sound)
		check_session_text(number);
	arguments[2] = arguments[1];
	need(call_function(att_school_session_cmp, 2, arguments + 1).sqlstate == 0, "a comparison");
	need(call_function(att_school_session_subdiff, 2, arguments + 1).sqlstate == 0, "a distance");
	days[0] = make_days(bytes[4] & 1, number, bytes[4] & 2, number);
	outcome = call_function(att_school_session_range_canonical, 1, days);
	if (sound || !(bytes[4] & 3))
		need(outcome.sqlstate == 0, "a range");
	else
		need(outcome.sqlstate == ERRCODE_DATA_CORRUPTED, "a range of damaged bounds");
	/* a day is any number too */
	sound = number >= FIRST_DAY && number <= LAST_DAY;
	days[0] = days[1] = Int32GetDatum(number);
	need((call_function(att_academic_year, 1, days).sqlstate == 0) == sound, "a year");
	need((call_function(att_compulsory_school_age, 2, days).sqlstate == 0) == sound, "an age");
	days[0] = MarkGetDatum(bytes[4]);
	outcome = call_function(att_mark_is_valid_on, 2, days);
	need((outcome.sqlstate == 0) == (sound && mark_is_known(bytes[4])), "a code on a day");
	/* and a mark any byte */
	sound = mark_is_known(bytes[4]);
	CALL_SESSION(att_session_mark_out, 1, days)
	sound = sound && class_is_absence(mark_codes[bytes[4]].class);
	CALL_SESSION(att_absence_code_out, 1, days)
}

static void
check_mark_text(PGFunction in, PGFunction out, Datum string)
{
	Outcome outcome = call_function(in, 1, &string), written, again;

	need_state(&outcome, "a mark from text", refused);
	if (outcome.sqlstate != 0)
		return;
	written = call_function(out, 1, &outcome.result);
	again = call_function(in, 1, &written.result);
	need(written.sqlstate == 0 && again.sqlstate == 0 && again.result == outcome.result,
		 "the text of a mark");
}

void
fuzz_words(const uint8 *bytes, size_t length)
{
	Datum string = make_string(bytes, length), value = make_value(bytes, length);
	Outcome outcome = call_function(att_school_session_in, 1, &string);

	need_state(&outcome, "a session from text", refused);
	if (outcome.sqlstate == 0)
		check_session_text(DatumGetInt32(outcome.result));
	check_mark_text(att_session_mark_in, att_session_mark_out, string);
	check_mark_text(att_absence_code_in, att_absence_code_out, string);
	need(call_function(att_upn_is_valid, 1, &value).sqlstate == 0, "a unique pupil number");
}

/* ---------- others ---------- */

void
fuzz_csv(const uint8 *bytes, size_t length)
{
	static const int bad[] = {ERRCODE_BAD_COPY_FILE_FORMAT, 0};
	Datum content = make_value(bytes, length);
	Outcome outcome = call_function(att_csv_rows, 1, &content);

	need_state(&outcome, "rows of CSV", bad);
	need(outcome.rows >= 0 && (size_t) outcome.rows <= length, "more rows than characters");
}

/*
 * A table of at most 8 by 8; a byte for each count, the greatest for much more.  A bit of the third byte puts
 * columns two by two into groups, and another one keeps the totals of the first one and of all.
 */
void
fuzz_disclosure(const uint8 *bytes, size_t length)
{
	static const int refusals[] = {ERRCODE_INVALID_PARAMETER_VALUE,
								   ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE, 0};
	Datum counts[64], groups[8], kept[2] = {Int32GetDatum(0), Int32GetDatum(1)}, arguments[5];
	int rows = length > 0 ? 1 + bytes[0] % 8 : 1, columns = length > 1 ? 1 + bytes[1] % 8 : 1;
	int grouped, kept_totals;
	Outcome outcome;

	if (length < 3)
		return;
	for (int i = 0; i < rows * columns; i++)
	{
		uint8 byte = (size_t) i + 3 < length ? bytes[i + 3] : 0;

		counts[i] = Int64GetDatum(byte < 250 ? byte : PG_INT64_MAX >> (byte - 250));
	}
	arguments[0] = make_array(rows, columns, INT8OID, counts, rows * columns);
	for (int i = 0; i < columns; i++)
		groups[i] = Int32GetDatum(1 + i / 2);
	grouped = (bytes[2] & 16) != 0 ? columns : 0;
	kept_totals = (bytes[2] & 32) != 0 ? 2 : 0;
	arguments[1] = Int32GetDatum(bytes[2] % 16);
	arguments[2] = make_array(grouped, 0, INT4OID, groups, grouped);
	arguments[3] = make_array(kept_totals, 0, INT4OID, kept, kept_totals);
	arguments[4] = make_array(0, 0, INT4OID, kept, 0);
	outcome = call_function(att_disclosed_cells, 5, arguments);
	need_state(&outcome, "a table", refusals);
	if (outcome.sqlstate == 0 && (kept_totals == 0 || outcome.rows > 0))
		need(outcome.rows == (rows + 1) * (columns + (grouped + 1) / 2 + 1), "cells are lost");
}
