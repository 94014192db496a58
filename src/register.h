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

#include "series.h"

/* Class AT: one code for each rule, listed in doc/reference.md. */
#define ERRCODE_MARK_REMOVAL MAKE_SQLSTATE('A', 'T', '0', '0', '1')
#define ERRCODE_OUTSIDE_CALENDAR MAKE_SQLSTATE('A', 'T', '0', '0', '2')
#define ERRCODE_LINE_MOVED MAKE_SQLSTATE('A', 'T', '0', '0', '3')

/* ---------- queries (register_query.c) ---------- */

typedef enum RegisterQuery
{
	QUERY_PUPILS_BY_UPN,
	QUERY_LOCK_LINES,
	QUERY_OPEN_LINES,
	QUERY_WRITE_LINES,
	QUERY_YEAR_EXISTS,
	QUERY_CALENDAR,
	QUERY_FIRST_ENROLMENT,
	QUERY_SCHOOL_LINES
} RegisterQuery;

#define QUERY_COUNT (QUERY_SCHOOL_LINES + 1)

extern void run_query(Oid register_oid, RegisterQuery query, Datum *values);
extern Oid series_type(Oid register_oid);
extern Datum result_value(uint64 row, int column, bool *isnull);
extern TriggerData *get_trigger_data(FunctionCallInfo fcinfo, const char *name,
									 TriggerEvent timing);

/* The extension's own types, whose OIDs differ by database. */
#define SERIES_TYPE ((Oid) 1)
#define MARK_TYPE ((Oid) 2)

extern bool column_is(TupleDesc tupdesc, int column, Oid wanted);
extern int find_column(TupleDesc tupdesc, const char *name, Oid type);

/* ---------- the calendar of a school (register_calendar.c) ---------- */

typedef struct Calendar
{
	int school_urn;
	DateADT from;  /* days from this one */
	DateADT until; /* up to, not including, this one */
	uint8 *days;
} Calendar;

extern void load_calendar(Calendar *calendar, Oid register_oid, int school_urn, DateADT from,
						  DateADT until);
extern bool calendar_allows(const Calendar *calendar, SchoolSession session, Mark mark);
extern DateADT academic_year_start(int academic_year);

/* ---------- marks gathered by a statement on a view (register_entry.c) ---------- */

typedef enum EntryMode
{
	MODE_ENTER, /* INSERT into mark: the session has no mark yet */
	MODE_AMEND, /* UPDATE of mark: the session has the mark that was read */
	MODE_FEED   /* INSERT into mark_feed: whichever it is */
} EntryMode;

/* The columns of a view that are read. */
typedef enum ViewColumn
{
	COLUMN_SCHOOL_URN,
	COLUMN_PUPIL_ID,
	COLUMN_UPN,
	COLUMN_DAY,
	COLUMN_SESSION,
	COLUMN_MARK
} ViewColumn;

#define VIEW_COLUMNS (COLUMN_MARK + 1)

typedef struct UpnEntry
{
	char upn[16]; /* the key */
	bool found;
	bool has_expected;
	uint32 row;     /* the row that gave the pupil_id beside it */
	int64 pupil_id; /* whose it is, once it is found */
	int64 expected; /* whose that row says it is */
} UpnEntry;

typedef struct MarkEntry
{
	union
	{
		int64 id;
		UpnEntry *upn;
	} pupil;
	int32 school_urn;
	SchoolSession session;
	uint32 row;       /* place in the statement, from 1 */
	uint32 year : 12; /* the session's academic year */
	uint32 mark : 6;
	uint32 old : 6; /* of an amendment: what it was read as */
	uint32 by_upn : 1;
} MarkEntry;

typedef struct MarkBuffer
{
	MemoryContext context; /* of the statement: the buffer ends with it */
	Oid view_oid;
	Oid register_oid;
	EntryMode mode;
	int columns[VIEW_COLUMNS];
	uint32 rows; /* rows that the statement has given so far */
	int count;
	int capacity;
	MarkEntry *entries;
	struct HTAB *upns;
	struct MarkBuffer *next; /* of a statement outside this one */
} MarkBuffer;

extern void flush_marks(MarkBuffer *buffer);

#endif /* ATT_REGISTER_H */
