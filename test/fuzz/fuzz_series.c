/*
 * fuzz_series.c
 *		mark_series: its bytes, its texts, and what is done with it.
 */
#include "fuzz.h"

#include "catalog/pg_type.h"
#include "series/series.h"

extern Datum att_mark_series_in(PG_FUNCTION_ARGS);
extern Datum att_mark_series_out(PG_FUNCTION_ARGS);
extern Datum att_mark_series_from_transfer_file(PG_FUNCTION_ARGS);
extern Datum att_mark_series_tally(PG_FUNCTION_ARGS);
extern Datum att_mark_series_tally_between(PG_FUNCTION_ARGS);
extern Datum att_mark_series_concat(PG_FUNCTION_ARGS);
extern Datum att_mark_series_marks(PG_FUNCTION_ARGS);
extern Datum att_mark_series_set_mark(PG_FUNCTION_ARGS);
extern Datum att_code_state_add_series(PG_FUNCTION_ARGS);
extern Datum att_code_state_add(PG_FUNCTION_ARGS);
extern Datum att_code_state_final(PG_FUNCTION_ARGS);
extern Datum att_weekly_state_add_series(PG_FUNCTION_ARGS);
extern Datum att_weekly_state_add(PG_FUNCTION_ARGS);
extern Datum att_weekly_state_final(PG_FUNCTION_ARGS);

/* ---------- the slow way: every session of a value, by the words of doc/storage.md ---------- */

typedef struct Sessions
{
	int week;
	int days_per_week;
	int count;
	Mark marks[SERIES_MAX_POSITIONS + 64];
} Sessions;

static bool
expand(const uint8 *bytes, size_t length, Sessions *sessions)
{
	sessions->count = sessions->week = 0;
	if (length < 3 || bytes[0] >> 4 != 1)
		return false;
	sessions->days_per_week = bytes[0] & 15;
	sessions->week = bytes[1] * 256 + bytes[2];
	if (sessions->days_per_week < 5 || sessions->days_per_week > 7 || sessions->week > 57395)
		return false;
	for (size_t i = 3; i < length; i++)
	{
		int kind = bytes[i] >> 6, rest = bytes[i] & 63;
		int times = kind < 2 ? kind + 1 : rest + 1;
		Mark mark = kind < 2 ? rest : 2;

		if (kind == 2 && sessions->count == 0)
			return false;
		if (kind == 2)
			mark = sessions->marks[sessions->count - 1];
		if (sessions->count + times > SERIES_MAX_POSITIONS ||
			(mark != 0 && (mark == 3 || !mark_is_known(mark))))
			return false;
		memset(sessions->marks + sessions->count, mark, times);
		sessions->count += times;
	}
	return true;
}

/* Writes the runs of sessions by rule 4; returns how many bytes. */
static size_t
compress(const Sessions *sessions, uint8 *bytes)
{
	uint8 *next = bytes;

	for (int start = 0, end; start < sessions->count; start = end)
	{
		Mark mark = sessions->marks[start];
		int left, first;

		for (end = start; end < sessions->count && sessions->marks[end] == mark;)
			end++;
		left = end - start;
		first = Min(left, mark == 2 ? 64 : 2);
		*next++ = mark == 2 ? 192 + first - 1 : (first - 1) * 64 + mark;
		for (left -= first; left > 0; left -= 64)
			*next++ = 128 + Min(left, 64) - 1;
	}
	return next - bytes;
}

/* Rules 1 to 3, and the limits. */
static bool
is_trimmed(const Sessions *sessions)
{
	int per_week = sessions->days_per_week * 2, first = 0, needed = 5;
	int64 last_day;

	if (sessions->count == 0)
		return sessions->week == 0 && sessions->days_per_week == 5;
	while (first < sessions->count && sessions->marks[first] == 0)
		first++;
	for (int i = 0; i < sessions->count; i++)
	{
		if (sessions->marks[i] != 0)
			needed = Max(needed, i % per_week / 2 + 1);
	}
	last_day = (int64) FIRST_DAY + (sessions->week + (sessions->count - 1) / per_week) * 7 +
			   (sessions->count - 1) % per_week / 2;
	return first < per_week && sessions->marks[sessions->count - 1] != 0 &&
		   needed == sessions->days_per_week && sessions->count <= 1100 * per_week &&
		   last_day <= LAST_DAY;
}

static bool
is_canonical(const uint8 *bytes, size_t length, Sessions *sessions)
{
	static uint8 again[SERIES_MAX_POSITIONS + 64];

	if (length > 3 + SERIES_MAX_POSITIONS || !expand(bytes, length, sessions))
		return false;
	return compress(sessions, again) == length - 3 && memcmp(again, bytes + 3, length - 3) == 0 &&
		   is_trimmed(sessions);
}

/* ---------- every function of a value ---------- */

#define SERIES_FUNCTIONS(call) \
	call(att_mark_series_out, 1) call(att_mark_series_send, 1) call(att_mark_series_tally, 1) \
		call(att_mark_series_tally_between, 2) call(att_mark_series_mark_counts, 1) \
			call(att_mark_series_mark_counts_between, 2) call(att_mark_series_marks, 1) \
				call(att_mark_series_marks_between, 2) call(att_mark_series_slice, 2) \
					call(att_mark_series_first_day, 1) call(att_mark_series_last_day, 1) \
						call(att_mark_series_absence_spells, 1) \
							call(att_mark_series_weekly_tallies, 1) \
								call(att_mark_series_possible_weeks, 1) \
									call(att_mark_series_broken_weeks, 1)

#define DECLARE(function, count) extern Datum function(PG_FUNCTION_ARGS);
SERIES_FUNCTIONS(DECLARE)
extern Datum att_mark_series_mark_at(PG_FUNCTION_ARGS);
extern Datum att_mark_series_unauthorised_window(PG_FUNCTION_ARGS);
extern Datum att_attendance_tally_add_series(PG_FUNCTION_ARGS);
extern Datum att_cohort_summary_add_series(PG_FUNCTION_ARGS);
extern Datum att_mark_series_add_series(PG_FUNCTION_ARGS);
extern Datum att_mark_series_add_mark(PG_FUNCTION_ARGS);
extern Datum att_group_session_tallies(PG_FUNCTION_ARGS);
extern Datum att_group_weekly_tallies(PG_FUNCTION_ARGS);
extern Datum att_group_weekly_counts(PG_FUNCTION_ARGS);
extern Datum att_mark_series_lt(PG_FUNCTION_ARGS);
extern Datum att_mark_series_hash(PG_FUNCTION_ARGS);
extern Datum att_mark_series_with_unmarked(PG_FUNCTION_ARGS);

static const int limits[] = {ERRCODE_PROGRAM_LIMIT_EXCEEDED, ERRCODE_INVALID_PARAMETER_VALUE, 0};

static void
need_same(const Outcome *outcome, bool sound, const char *function)
{
	if (sound)
		need_state(outcome, function, limits);
	else if (outcome->sqlstate != ERRCODE_DATA_CORRUPTED)
		fail(function);
}

static void
call_all(Datum value, Datum days, Datum session, bool sound, bool is_long)
{
	Datum arguments[4] = {value, days};
	Datum empty = make_value("\x15\0\0", 3), state = make_value("", 0);
	Datum pair[2] = {value, value}, lines = make_array(2, 0, BYTEAOID, pair, 2);
	Outcome outcome;

#define CALL(function, count) \
	outcome = call_function(function, count, arguments); \
	need_same(&outcome, sound, #function);
	SERIES_FUNCTIONS(CALL)
#define CALL_WITH(function, count, ...) \
	do \
	{ \
		Datum others[] = {__VA_ARGS__}; \
\
		outcome = call_function(function, count, others); \
		need_same(&outcome, sound, #function); \
	} while (0)
	CALL_WITH(att_mark_series_mark_at, 2, value, session);
	CALL_WITH(att_mark_series_set_mark, 3, value, session, MarkGetDatum(MARK_PRESENT_PM));
	CALL_WITH(att_mark_series_add_mark, 3, value, session, MarkGetDatum(MARK_PRESENT_PM));
	CALL_WITH(att_mark_series_unauthorised_window, 2, value, Int32GetDatum(3));
	CALL_WITH(att_mark_series_concat, 2, value, empty);
	CALL_WITH(att_mark_series_concat, 2, empty, value);
	CALL_WITH(att_mark_series_add_series, 2, empty, value);
	CALL_WITH(att_attendance_tally_add_series, 2, PointerGetDatum(palloc0(80)), value);
	CALL_WITH(att_cohort_summary_add_series, 2, PointerGetDatum(palloc0(112)), value);
	CALL_WITH(att_code_state_add_series, 2, state, value);
	CALL_WITH(att_weekly_state_add_series, 2, state, value);
	if (!is_long)
	{
		CALL_WITH(att_group_session_tallies, 1, lines);
		CALL_WITH(att_group_weekly_tallies, 1, lines);
		CALL_WITH(att_group_weekly_counts, 1, lines);
	}
	need(call_function(att_mark_series_lt, 2, pair).sqlstate == 0, "a comparison");
	need(call_function(att_mark_series_hash, 1, &value).sqlstate == 0, "a hash");
}

/* The rates are those of the sessions one by one, whichever way they were counted. */
static void
check_counts(Datum value, const Sessions *sessions)
{
	AttendanceTally tally = {{0}};
	Datum all[2] = {value, make_days(false, 0, false, 0)};
	int marks = 0;

	for (int i = 0; i < sessions->count; i++)
	{
		if (sessions->marks[i] != MARK_NONE)
			tally_add_mark(&tally, sessions->marks[i], 1);
		marks += sessions->marks[i] != MARK_NONE;
	}
	need(memcmp(DatumGetPointer(call_function(att_mark_series_tally, 1, all).result), &tally,
				sizeof(tally)) == 0,
		 "a tally is not that of its sessions");
	need(memcmp(DatumGetPointer(call_function(att_mark_series_tally_between, 2, all).result),
				&tally, sizeof(tally)) == 0,
		 "a tally of all days is not that of its sessions");
	need(call_function(att_mark_series_marks, 1, all).rows == marks, "marks are lost");
}

static DateADT
take_day(const uint8 *bytes)
{
	return FIRST_DAY + (bytes[0] << 16 | bytes[1] << 8 | bytes[2]) % (LAST_DAY - FIRST_DAY + 1);
}

/* Days near those of the value, so that they are cut somewhere. */
void
fuzz_series(const uint8 *bytes, size_t length)
{
	static Sessions room;
	Sessions *sessions = &room;
	DateADT from;
	Datum value, days;
	bool sound;

	if (length < 2)
		return;
	value = make_value(bytes + 2, length - 2);
	sound = is_canonical(bytes + 2, length - 2, sessions);
	from = Min(FIRST_DAY + sessions->week * 7 + bytes[0] - 16, LAST_DAY);
	days = make_days(bytes[1] & 1, from, bytes[1] & 2, from + (bytes[1] >> 2));
	need(series_bytes_valid(bytes + 2, length - 2) == sound, "the validator is wrong");
	call_all(value, days, SchoolSessionGetDatum(make_session(Max(from, FIRST_DAY), bytes[1] & 1)),
			 sound, sessions->count > 1000);
	if (!sound)
		return;
	check_round_trip(att_mark_series_in, att_mark_series_out, value, 0, "the text of a series");
	check_counts(value, sessions);
}

/* ---------- texts ---------- */

static void
check_made(const Outcome *outcome, const char *what)
{
	static const int refused[] = {ERRCODE_INVALID_TEXT_REPRESENTATION,
								  ERRCODE_PROGRAM_LIMIT_EXCEEDED, ERRCODE_INVALID_PARAMETER_VALUE,
								  ERRCODE_DATETIME_FIELD_OVERFLOW, 0};
	static Sessions room;
	Sessions *sessions = &room;
	const struct varlena *made = (const struct varlena *) DatumGetPointer(outcome->result);

	need_state(outcome, what, refused);
	if (outcome->sqlstate != 0)
		return;
	need(is_canonical((const uint8 *) VARDATA_ANY(made), VARSIZE_ANY_EXHDR(made), sessions), what);
	check_round_trip(att_mark_series_in, att_mark_series_out, outcome->result, 0, what);
}

void
fuzz_series_text(const uint8 *bytes, size_t length)
{
	Datum string = make_string(bytes, length);
	Outcome outcome = call_function(att_mark_series_in, 1, &string);

	check_made(&outcome, "a series from text");
}

void
fuzz_transfer(const uint8 *bytes, size_t length)
{
	Datum arguments[4];
	Outcome outcome;

	if (length < 4)
		return;
	arguments[0] = DateADTGetDatum(take_day(bytes));
	arguments[1] = make_value(DatumGetCString(make_string(bytes + 4, length - 4)),
							  strnlen((const char *) bytes + 4, length - 4));
	arguments[2] = Int32GetDatum(4 + (bytes[3] >> 1) % 5);
	arguments[3] = BoolGetDatum(bytes[3] & 1);
	outcome = call_function(att_mark_series_from_transfer_file, 4, arguments);
	check_made(&outcome, "a series from a transfer file");
}

/* ---------- two values ---------- */

typedef struct Pair
{
	const MarkSeries *a, *b;
} Pair;

/* Where two values differ is found from the first run in which they do. */
static void
compare_pair(void *argument)
{
	Pair *pair = argument;
	OpenSeries *a, *b, *whole_a = unpack_series(pair->a), *whole_b = unpack_series(pair->b);
	int first, after;

	unpack_differences(pair->a, pair->b, &a, &b);
	first = Min(whole_a->first_week, whole_b->first_week);
	after = Max(whole_a->first_week + whole_a->weeks, whole_b->first_week + whole_b->weeks);
	for (int week = first; week < after; week++)
	{
		bool differ = memcmp(marks_of_week(whole_a, week), marks_of_week(whole_b, week),
							 SESSIONS_PER_WEEK) != 0;

		for (int i = 0; i < SESSIONS_PER_WEEK && differ; i++)
		{
			Mark old = marks_of_week(whole_a, week)[i], new = marks_of_week(whole_b, week)[i];

			need(old == new ||
					 (marks_of_week(a, week)[i] == old && marks_of_week(b, week)[i] == new),
				 "a difference is lost");
		}
		need(differ ||
				 memcmp(marks_of_week(a, week), marks_of_week(b, week), SESSIONS_PER_WEEK) == 0,
			 "a difference that is none");
	}
}

/* What is missing of a line that a calendar holds, in some days of it; nothing is then. */
static void
check_unmarked(Datum line, Datum calendar)
{
	SeriesReader reader;
	Datum arguments[4] = {line, calendar};
	Outcome outcome, again;

	open_series(&reader, (MarkSeries *) DatumGetPointer(calendar));
	arguments[2] = DateADTGetDatum(session_day(position_session(&reader.header, 3)));
	arguments[3] = DateADTGetDatum(session_day(position_session(&reader.header, 300)));
	outcome = call_function(att_mark_series_with_unmarked, 4, arguments);
	check_made(&outcome, "a series with what is missing");
	if (outcome.sqlstate != 0)
		return;
	arguments[0] = outcome.result;
	again = call_function(att_mark_series_with_unmarked, 4, arguments);
	need(again.sqlstate == 0 &&
			 memcmp(DatumGetPointer(outcome.result), DatumGetPointer(again.result),
					VARSIZE_ANY(DatumGetPointer(outcome.result))) == 0,
		 "something is missing of a series with what is missing");
}

void
fuzz_series_pair(const uint8 *bytes, size_t length)
{
	size_t first = length > 0 ? Min(bytes[0], length - 1) : 0;
	Datum arguments[2];
	Outcome outcome, other;
	Pair pair;

	if (length == 0 || !series_bytes_valid(bytes + 1, first) ||
		!series_bytes_valid(bytes + 1 + first, length - 1 - first))
		return;
	if (abs((bytes[2] << 8 | bytes[3]) - (bytes[2 + first] << 8 | bytes[3 + first])) > 1100)
		return; /* too far from each other to be of interest */
	arguments[0] = make_value(bytes + 1, first);
	arguments[1] = make_value(bytes + 1 + first, length - 1 - first);
	outcome = call_function(att_mark_series_concat, 2, arguments);
	check_made(&outcome, "two series in one");
	pair = (Pair){(MarkSeries *) DatumGetPointer(arguments[0]),
				  (MarkSeries *) DatumGetPointer(arguments[1])};
	need(call_protected(compare_pair, &pair).sqlstate == 0, "a comparison of two series");
	check_unmarked(arguments[0], arguments[1]);
	check_unmarked(arguments[1], arguments[0]);
	arguments[0] = PointerGetDatum(pair.b);
	arguments[1] = PointerGetDatum(pair.a);
	other = call_function(att_mark_series_concat, 2, arguments);
	need(outcome.sqlstate == other.sqlstate, "|| depends on the order");
	if (outcome.sqlstate == 0)
		need(memcmp(DatumGetPointer(outcome.result), DatumGetPointer(other.result),
					VARSIZE_ANY(DatumGetPointer(outcome.result))) == 0,
			 "|| depends on the order");
}

/* ---------- marks set and taken away, one by one ---------- */

#define MODEL_WEEKS 64

/* Each three bytes: a session within some weeks, and the mark that is put there, or none. */
void
fuzz_operations(const uint8 *bytes, size_t length)
{
	Mark *model = palloc0(MODEL_WEEKS * SESSIONS_PER_WEEK);
	OpenSeries *open = new_open_series();
	int first_week;
	MarkSeries *packed;

	if (length < 2)
		return;
	first_week = (bytes[0] << 8 | bytes[1]) % (WEEK_OF(LAST_DAY) - MODEL_WEEKS);
	for (size_t i = 2; i + 2 < length; i += 3)
	{
		int slot = (bytes[i] << 8 | bytes[i + 1]) % (MODEL_WEEKS * SESSIONS_PER_WEEK);
		SchoolSession session = make_session(FIRST_DAY + first_week * DAYS_PER_WEEK, 0) + slot;
		Mark mark =
			mark_is_known(bytes[i + 2] % MARK_LIMIT) ? bytes[i + 2] % MARK_LIMIT : MARK_NONE;

		model[slot] = any_half(mark);
		if (mark == MARK_NONE)
			take_mark(open, session);
		else
			put_mark(open, session, mark);
		need(mark_of_session(open, session) == any_half(mark), "a mark is not where it was put");
	}
	packed = pack_series(open);
	need(series_bytes_valid((uint8 *) VARDATA(packed), VARSIZE(packed) - VARHDRSZ),
		 "what is packed is no value");
	open = unpack_series(packed);
	for (int slot = 0; slot < MODEL_WEEKS * SESSIONS_PER_WEEK; slot++)
		need(mark_of_session(open, make_session(FIRST_DAY + first_week * 7, 0) + slot) ==
				 model[slot],
			 "a mark is lost");
}

/* ---------- states of aggregates, which may be given as any bytes ---------- */

void
fuzz_states(const uint8 *bytes, size_t length)
{
	static const int states[] = {ERRCODE_DATA_CORRUPTED, ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE,
								 ERRCODE_OUT_OF_MEMORY, 0};
	static const struct
	{
		PGFunction add_series, add, final;
		size_t size;
	} kinds[] = {
		{att_code_state_add_series, att_code_state_add, att_code_state_final, 1032},
		{att_weekly_state_add_series, att_weekly_state_add, att_weekly_state_final, 0},
	};
	Datum arguments[2], series = make_value("\x15\x19\x9e\xc7\x4f\xc1\x4c", 7);
	int kind = length > 0 ? bytes[0] & 1 : 0;
	uint8 *state;
	Outcome outcome;

	if (length == 0)
		return;
	if (kinds[kind].size > 0) /* cut or filled up, so that some are states */
	{
		state = palloc0(VARHDRSZ + kinds[kind].size);
		memcpy(state + VARHDRSZ, bytes + 1, Min(length - 1, kinds[kind].size - VARHDRSZ));
		SET_VARSIZE(state, kinds[kind].size);
	}
	else
	{
		state = palloc(VARHDRSZ + length - 1);
		memcpy(state + VARHDRSZ, bytes + 1, length - 1);
		SET_VARSIZE(state, VARHDRSZ + length - 1);
	}
	arguments[0] = PointerGetDatum(state);
	arguments[1] = series;
	outcome = call_function(kinds[kind].add_series, 2, arguments);
	need_state(&outcome, "a line added to a state", states);
	if (outcome.sqlstate != 0)
		return;
	arguments[1] = outcome.result;
	outcome = call_function(kinds[kind].add, 2, arguments);
	need_state(&outcome, "two states", states);
	outcome = call_function(kinds[kind].final, 1, arguments + 1);
	need_state(&outcome, "the answer of a state", states);
}
