/*
 * register.h
 *		What the trigger functions of a register share: its rules' SQLSTATEs, the queries on its
 *		tables, the calendar, and the marks that a statement has gathered.
 *
 * A register is the schema of the table or view on which a trigger fires.  Its tables are found
 * by name in that schema, through SPI, with the rights of whoever runs the statement.
 */
#ifndef ATT_REGISTER_H
#define ATT_REGISTER_H

#include "attendance.h"

#include "catalog/pg_type_d.h"
#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/array.h"

#include "register/state.h"
#include "series/series.h"

/* For sorting: less than 0, 0 or more. */
#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

/* ---------- queries (register/sql.c: the texts; register/query.c: running them) ---------- */

typedef enum RegisterQuery
{
	QUERY_PUPILS_BY_UPN,
	QUERY_PUPILS_BY_FORMER_UPN,
	QUERY_LOCK_LINES,
	QUERY_COUNT_LINES,
	QUERY_READ_LINES,
	QUERY_ENROLLED,
	QUERY_OPEN_LINES,
	QUERY_WRITE_LINES,
	QUERY_YEAR_EXISTS,
	QUERY_CALENDAR,
	QUERY_FIRST_ENROLMENT,
	QUERY_LINE_FACTS,
	QUERY_LOCK_STALE_LINES,
	QUERY_WRITE_FACTS,
	QUERY_SCHOOL_LINES,
	QUERY_NEW_NATURES,
	QUERY_ADD_NATURES,
	QUERY_REQUIREMENTS,
	QUERY_SETTINGS,
	QUERY_FORMER_TYPES,
	QUERY_TAKEN_OVER,
	QUERY_ENROLMENTS,
	QUERY_AGES,
	QUERY_GRANTED_SESSIONS,
	QUERY_NATURES,
	QUERY_OTHER_SCHOOLS,
	QUERY_TAKE_HEADS,
	QUERY_APPEND,
	QUERY_DROP_HEADS,
	QUERY_HEADS,
	QUERY_LINES_NOW,
	QUERY_ENTRIES_SINCE,
	QUERY_ENTRIES,
	QUERY_BOUNDARIES,
	QUERY_ACCESS,
	QUERY_MOVED_PUPILS,
	QUERY_MAY_ENROL,
	QUERY_MAY_CONTACT,
	QUERY_MAY_LINK,
	QUERY_FIGURE_SCHOOL,
	QUERY_FIGURE_TRUST,
	QUERY_SCHOOL_FIGURES_PAGE,
	QUERY_TRUST_FIGURES_PAGE,
	QUERY_REVIEW_FIGURES,
	QUERY_MAY_ANSWER,
	QUERY_ANSWER
} RegisterQuery;

#define QUERY_COUNT (QUERY_ANSWER + 1)

#define MAX_PARAMETERS 12
#define MAX_RESULTS 11

typedef struct QueryText
{
	const char *text; /* @ stands for the register's schema, ^ for the extension's */
	int expected;     /* what SPI returns when it succeeds */
	int parameters;
	Oid types[MAX_PARAMETERS];
	Oid results[MAX_RESULTS]; /* the types that are read, as column_is() knows them */
	uint32 nullable;          /* which of them may be NULL: bit 0 is the first */
	bool latest;              /* when marks are entered: sees what is committed now, in any level */
	bool generic;             /* planned once: planning it takes longer than running it */
	bool by_index;            /* read by an index, whatever the size of the tables is */
} QueryText;

extern const QueryText query_texts[QUERY_COUNT];

#define LINE_FACTS 6 /* what QUERY_LINE_FACTS reads beside the start of the enrolment */

#define SERIES_ARRAY InvalidOid /* stands for mark_series[], whose OID differs by database */

/* What the queries of a function see. */
typedef enum Sight
{
	SIGHT_ENTRY, /* of what is entered: what is committed now, where a query says so */
	SIGHT_ANSWER /* of what is proved or listed: what the query that asks sees */
} Sight;

extern void run_query_seeing(Oid register_oid, RegisterQuery query, Sight sight, Datum *values);
extern void run_query_as_asked(Oid register_oid, RegisterQuery query, Datum *values);
extern void run_query(Oid register_oid, RegisterQuery query, Datum *values);
extern void run_query_with_nulls(Oid register_oid, RegisterQuery query, Datum *values,
								 const char *nulls);

/* What a rule needs to know is read with the rights of the register's owner: see begin_as_owner. */
typedef struct OwnerScope
{
	Oid user;
	int security;
} OwnerScope;

extern Oid register_owner(Oid register_oid);
extern void begin_as_owner(OwnerScope *scope, Oid register_oid);
extern void end_as_owner(const OwnerScope *scope);
extern Oid register_lines(Oid register_oid);
extern Oid series_type(Oid register_oid);
extern Datum result_value(uint64 row, int column, bool *isnull);
extern ArrayType *int64_array(const int64 *numbers, int count);

/* ---------- rows read without a query (register/rows.c) ---------- */

typedef struct RowColumn
{
	const char *name;
	Oid type; /* as column_is() knows it */
} RowColumn;

#define ROW_SOURCE_COLUMNS 10

/* A table, and where its columns are. */
typedef struct RowSource
{
	Oid relation;
	Relation table;
	AttrNumber columns[ROW_SOURCE_COLUMNS];
	Oid indexes[ROW_SOURCE_COLUMNS]; /* that begin with the column, where that was asked */
	bool has_index[ROW_SOURCE_COLUMNS];
} RowSource;

extern bool open_rows(RowSource *source, Oid relation, const RowColumn *columns, int count);
extern void close_rows(RowSource *source);
extern void reopen_rows(RowSource *source);
extern struct SysScanDescData *scan_rows(RowSource *source, int column, RegProcedure equal,
										 Datum value);
extern struct SysScanDescData *scan_all_rows(const RowSource *source);
extern Datum row_value(const RowSource *source, HeapTuple row, int column, bool *isnull);

/* ---------- access (register/access.c, own_access.c, sees.c, knows.c, sees_support.c, refer.c, hold.c) ---------- */

/* What a role has by itself (register/own_access.c). */
typedef struct OwnAccess
{
	char *capacity; /* NULL: none */
	List *schools;  /* of int */
	bool everywhere;
	bool all_pupils;
	Datum grants; /* an array of text, if there is a capacity */
} OwnAccess;

extern bool read_own_access(OwnAccess *own, Oid register_oid, const NameData *role);

/* What the user has access to on a table, as arrays. */
typedef struct AccessSets
{
	Datum schools;
	Datum trusts;
	Datum authorities;
	Datum pupils;
	bool all_pupils;
} AccessSets;

typedef struct Numbers
{
	int64 *values; /* in order */
	int count;
} Numbers;

typedef struct Places
{
	Numbers schools;
	Numbers trusts;
	Numbers authorities;
	Numbers pupils;
	bool all_pupils; /* of the schools */
	int32 last_school;
	bool sees_last;
	bool has_last;
} Places;

extern Numbers read_numbers(MemoryContext context, Datum array, Oid type);
extern bool has_number(const Numbers *numbers, int64 number);
extern Places *read_places(MemoryContext context, Oid relation);
extern bool sees_school(Places *places, int32 school_urn);

/* The arguments of sees() (register/sees.c, register/sees_support.c). */
enum
{
	SEES_RELATION,
	SEES_SCHOOL,
	SEES_OF_PUPILS,
	SEES_PUPIL,
	SEES_TRUST,
	SEES_AUTHORITY,
	SEES_ARGUMENTS
};

extern AccessSets access_sets(Oid relation);
extern bool has_access_to(Oid relation);
extern bool may_read_column(Oid relation, const char *column);
extern bool sees_line(Oid lines, int32 school_urn, int64 pupil_id);
extern void hold_to_access(const TriggerData *data);
extern void hold_line_to_access(Oid register_oid, int school_urn, int64 pupil_id);

/* ---------- trigger functions (register/trigger.c) ---------- */

/* The extension's own types, whose OIDs differ by database. */
#define SERIES_TYPE ((Oid) 1)
#define MARK_TYPE ((Oid) 2)
#define SESSION_TYPE ((Oid) 3)

extern bool type_is(Oid type, Oid wanted);
extern bool column_is(TupleDesc tupdesc, int column, Oid wanted);

/* A column of its table that a trigger function reads or writes. */
typedef struct TriggerColumn
{
	const char *name;
	Oid type; /* as column_is() knows it */
	bool written;
	bool optional;
} TriggerColumn;

typedef struct TriggerKind
{
	const char *name;
	int16 type; /* level, timing and events: pg_trigger.tgtype */
	int column_count;
	const TriggerColumn *columns;
	void (*check)(FunctionCallInfo fcinfo, TriggerData *data); /* once a statement; or NULL */
} TriggerKind;

extern TriggerData *start_trigger(FunctionCallInfo fcinfo, const TriggerKind *kind,
								  const int **columns);
extern int64 get_bigint(HeapTuple row, TupleDesc tupdesc, int column, bool *isnull);
extern int32 get_integer(HeapTuple row, TupleDesc tupdesc, int column, bool *isnull);

/* ---------- the order of locks (register/lock.c) ---------- */

extern void lock_for_entry(Oid register_oid, bool has_natures);
extern void lock_to_open(Oid register_oid, int school_urn);
extern void lock_to_change(Oid register_oid, int school_urn);
extern void hold_lines(Oid register_oid);

/* ---------- the calendar of a school (register/calendar.c) ---------- */

typedef struct Calendar
{
	int school_urn;
	DateADT from;  /* days from this one */
	DateADT until; /* up to, not including, this one */
	uint8 *days;
} Calendar;

extern void load_calendar(Calendar *calendar, Oid register_oid, int school_urn, Sight sight,
						  DateADT from, DateADT until);
extern bool calendar_holds(const Calendar *calendar, SchoolSession session);
extern bool calendar_allows(const Calendar *calendar, SchoolSession session, Mark mark);
/* The academic years in which a mark can be. */
#define FIRST_YEAR 1899
#define LAST_YEAR 2999

extern DateADT academic_year_start(int academic_year);

/* ---------- marks gathered by a statement on a view (register/entry.c, register/upn.c) ---------- */

/* The columns of a view that are read. */
typedef enum ViewColumn
{
	COLUMN_SCHOOL_URN,
	COLUMN_PUPIL_ID,
	COLUMN_UPN,
	COLUMN_DAY,
	COLUMN_SESSION,
	COLUMN_MARK,
	COLUMN_NATURE,
	COLUMN_ENTERED_BY,
	COLUMN_TITLE,
	COLUMN_REASON
} ViewColumn;

#define VIEW_COLUMNS (COLUMN_REASON + 1)

/* Who makes an entry and why; all NULL where nobody has signed. */
typedef struct Signature
{
	char *entered_by;
	char *title;
	char *reason;
} Signature;

typedef struct UpnEntry
{
	char upn[16]; /* the key */
	bool found;
	bool several; /* pupils had it before, and none has it now */
	bool has_expected;
	uint32 row;     /* the row that gave the pupil_id beside it */
	int64 pupil_id; /* whose it is, once it is found */
	int64 expected; /* whose that row says it is */
} UpnEntry;

typedef struct MarkEntry
{
	int64 pupil_id; /* if the row gives none: once that of its UPN is found */
	UpnEntry *upn;  /* by which the row names the pupil, or NULL */
	char *nature;   /* of the activity or circumstances, or NULL */
	int32 school_urn;
	SchoolSession session;
	uint32 row;       /* place in the statement, from 1 */
	uint32 year : 12; /* the session's academic year */
	uint32 mark : 6;
	uint32 old : 6;     /* of an amendment: what it was read as */
	uint32 has_id : 1;  /* the row gives pupil_id */
	uint32 refused : 1; /* where it is only asked */
	uint32 signature;   /* place in the buffer's signatures */
} MarkEntry;

/* What became of the marks of a feed; the others were there already. */
typedef struct FeedCounts
{
	uint64 entered; /* for sessions that had none */
	uint64 amended;
} FeedCounts;

typedef struct MarkBuffer
{
	State state; /* STATE_ENTER, STATE_AMEND or STATE_FEED */
	int columns[VIEW_COLUMNS];
	uint32 rows; /* rows that the statement has given so far */
	int count;
	int capacity;
	MarkEntry *entries;
	Signature *signatures; /* each once */
	int signature_count;
	int signature_capacity;
	struct HTAB *upns;
	FeedCounts counts;
	const struct Batch *writing; /* whose lines are being written, or NULL */
	/* where nothing is written: takes what would be refused, and finds it; or NULL */
	struct ReturnSetInfo *refused;
	void (*ask)(struct Batch *group);
} MarkBuffer;

static inline Sight
buffer_sight(const MarkBuffer *buffer)
{
	return buffer->refused == NULL ? SIGHT_ENTRY : SIGHT_ANSWER;
}

extern const TriggerColumn view_columns[VIEW_COLUMNS];
extern void start_buffer(MarkBuffer *buffer, const int *columns);
extern void gather_row(MarkBuffer *buffer, HeapTuple tuple, TupleDesc tupdesc, Mark old);
extern void resolve_pupils(MarkBuffer *buffer);
extern void flush_marks(MarkBuffer *buffer);

#endif /* ATT_REGISTER_H */
