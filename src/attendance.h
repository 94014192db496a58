/*
 * attendance.h
 *		The types of the extension as C sees them, and what its files share.
 *
 * What is stored on disk is described, with test vectors, in doc/storage.md.
 */
#ifndef ATTENDANCE_H
#define ATTENDANCE_H

#include "postgres.h"

#include "common/int.h"
#include "fmgr.h"
#include "nodes/pg_list.h"
#include "utils/date.h"

#include "compat.h"

/* ---------- codes and classes (types/codes.c, types/codes.def) ---------- */

typedef enum MarkClass
{
	CLASS_PRESENT,
	CLASS_APPROVED,
	CLASS_AUTHORISED,
	CLASS_UNAUTHORISED,
	CLASS_NOT_POSSIBLE,
	CLASS_CORONAVIRUS,
	CLASS_ADMINISTRATIVE,
	CLASS_UNMARKED
} MarkClass;

#define CLASS_COUNT 8

typedef enum CodeHalf
{
	HALF_AM,
	HALF_PM,
	HALF_BOTH
} CodeHalf;

/* A mark is the number that types/codes.def gives to its code. */
typedef uint8 Mark;

#define MARK_NONE 0 /* inside a series: a session without a mark */
#define MARK_UNMARKED 1
#define MARK_PRESENT_AM 2 /* inside a series: present, in either half */
#define MARK_PRESENT_PM 3
#define MARK_LIMIT 64 /* a mark fits in six bits */

typedef struct MarkCode
{
	const char *code; /* NULL where the number is free */
	MarkClass class;
	bool late;
	CodeHalf half;
	int valid_from; /* yyyymmdd, 0 = no limit */
	int valid_to;
	const char *description;
} MarkCode;

extern const MarkCode mark_codes[MARK_LIMIT];
extern const char *const mark_class_names[CLASS_COUNT];

static inline bool
mark_is_known(Mark mark)
{
	return mark < MARK_LIMIT && mark_codes[mark].code != NULL;
}

static inline bool
class_is_attended(MarkClass class)
{
	return class == CLASS_PRESENT || class == CLASS_APPROVED;
}

static inline bool
class_is_absence(MarkClass class)
{
	return class == CLASS_AUTHORISED || class == CLASS_UNAUTHORISED;
}

static inline bool
class_is_possible(MarkClass class)
{
	return class_is_attended(class) || class_is_absence(class) || class == CLASS_CORONAVIRUS;
}

extern Mark find_mark(const char *code, size_t length);
extern void check_mark(Mark mark);
extern int code_in_force(Mark mark, DateADT day);

/* ---------- session_mark and absence_code: one byte, by value (types/session_mark.c) ---------- */

#define MarkGetDatum(x) UInt8GetDatum(x)
#define PG_GETARG_MARK(n) get_mark(PG_GETARG_DATUM(n))
#define PG_RETURN_MARK(x) return MarkGetDatum(x)

/* A byte from disk is not trusted to be a code: it is used as an index. */
static inline Mark
get_mark(Datum datum)
{
	Mark mark = DatumGetUInt8(datum);

	check_mark(mark);
	return mark;
}

/* ---------- sessions (types/school_session.c) ---------- */

/* A school_session is twice the day's number plus one for the afternoon. */
typedef int32 SchoolSession;

#define DatumGetSchoolSession(x) DatumGetInt32(x)
#define SchoolSessionGetDatum(x) Int32GetDatum(x)
#define PG_GETARG_SCHOOL_SESSION(n) get_school_session(PG_GETARG_DATUM(n))
#define PG_RETURN_SCHOOL_SESSION(x) PG_RETURN_INT32(x)

/* Days for which registers can be kept: Monday 1 January 1900 to 31 December 2999. */
#define FIRST_DAY (-36524)
#define LAST_DAY 365242

#define DAYS_PER_WEEK 7

static inline bool
day_in_range(DateADT day)
{
	return day >= FIRST_DAY && day <= LAST_DAY;
}

static inline DateADT
session_day(SchoolSession session)
{
	return (session - (session & 1)) / 2;
}

static inline int
session_half(SchoolSession session)
{
	return session & 1;
}

static inline SchoolSession
make_session(DateADT day, int half)
{
	return day * 2 + half;
}

static inline bool
session_in_range(SchoolSession session)
{
	return session >= make_session(FIRST_DAY, 0) && session <= make_session(LAST_DAY, 1);
}

pg_noreturn extern void session_is_corrupt(SchoolSession session);

/* What is stored may be any number: a session is used to find a place in memory. */
static inline SchoolSession
get_school_session(Datum datum)
{
	SchoolSession session = DatumGetSchoolSession(datum);

	if (unlikely(!session_in_range(session)))
		session_is_corrupt(session);
	return session;
}

#define DAY_LENGTH 15 /* yyyy-mm-dd, and room for any day that an int can be */

extern const char *const half_names[2];
extern void check_day(DateADT day);
extern int find_half(const char *name, size_t length);
extern int parse_half(text *session);
extern bool parse_day(const char **cursor, DateADT *day);
extern char *format_day(char *out, DateADT day);
extern int academic_year_of(DateADT day);

/* ---------- counters (types/counters.c) ---------- */

/*
 * attendance_tally and cohort_summary are fixed rows of named bigint counters.
 * The names are those of the SQL functions which read them.
 */
typedef struct CounterKind
{
	const char *type_name;
	int count;
	const char *const *names;
	bool (*consistent)(const int64 *counters);
} CounterKind;

extern Datum counters_in(FunctionCallInfo fcinfo, const CounterKind *kind);
extern Datum counters_out(FunctionCallInfo fcinfo, const CounterKind *kind);
extern Datum counters_recv(FunctionCallInfo fcinfo, const CounterKind *kind);
extern Datum counters_send(FunctionCallInfo fcinfo, const CounterKind *kind);
extern Datum counters_add(FunctionCallInfo fcinfo, const CounterKind *kind);
extern const int64 *get_counters(Datum datum, const CounterKind *kind);
extern int counters_cmp(const int64 *a, const int64 *b, int count);
pg_noreturn extern void counter_overflow(const char *type_name);
extern int64 *counters_state(FunctionCallInfo fcinfo, const CounterKind *kind);
extern bool parse_count(const char **cursor, int64 *count);

static inline void
add_counter(int64 *counter, int64 more, const char *type_name)
{
	if (unlikely(pg_add_s64_overflow(*counter, more, counter)))
		counter_overflow(type_name);
}

/* How a value without sessions is written, whatever its type. */
#define EMPTY_TEXT "empty"

extern bool is_empty_text(const char *str);
extern char *clip_text(const char *str);

/* ---------- attendance_tally (types/attendance_tally.c) ---------- */

/* The first fields are the classes, in the order of MarkClass. */
#define TALLY_LATE_BEFORE_CLOSE CLASS_COUNT
#define TALLY_LATE_AFTER_CLOSE (CLASS_COUNT + 1)
#define TALLY_FIELDS (CLASS_COUNT + 2)

typedef struct AttendanceTally
{
	int64 count[TALLY_FIELDS];
} AttendanceTally;

extern const CounterKind tally_kind;

#define PG_GETARG_TALLY_P(n) \
	((const AttendanceTally *) get_counters(PG_GETARG_DATUM(n), &tally_kind))

extern void tally_add_mark(AttendanceTally *tally, Mark mark, int64 sessions);
extern int64 tally_attended(const AttendanceTally *tally);
extern int64 tally_absent(const AttendanceTally *tally);
extern int64 tally_possible(const AttendanceTally *tally);
extern Datum percent(int64 numerator, int64 denominator);

/*
 * Thresholds are inclusive and compared in whole sessions: 38 of 380 is persistent absence.
 * Divided instead of multiplied, so that no count is too large: 10 * absent >= possible.
 */
static inline bool
is_persistent(int64 absent, int64 possible)
{
	return possible > 0 && absent >= possible / 10 + (possible % 10 > 0);
}

static inline bool
is_severe(int64 absent, int64 possible)
{
	return possible > 0 && absent >= possible / 2 + possible % 2;
}

/* ---------- mark_counts (types/mark_counts.c) ---------- */

typedef struct varlena MarkCounts;

extern MarkCounts *make_counts(const int64 *sums);

/* ---------- versions (support/version.c) ---------- */

extern void check_version(void);

/* ---------- words (support/words.c) ---------- */

extern bool has_words(const char *text);

/* ---------- schools (support/schools.c) ---------- */

struct SupportRequestIndexCondition;
extern List *bounds_of_index(const struct SupportRequestIndexCondition *request, Node *column,
							 Node *schools);

/* ---------- pupils (support/pupil.c) ---------- */

extern void find_school_age(DateADT date_of_birth, DateADT *from, DateADT *until);

/* ---------- mark_series (series/series.c: the format; the rest: what is done with it) ---------- */

typedef struct varlena MarkSeries;

#define PG_GETARG_SERIES_PP(n) PG_GETARG_VARLENA_PP(n)
#define PG_RETURN_SERIES(x) PG_RETURN_POINTER(x)

#endif /* ATTENDANCE_H */
