/*
 * journal.h
 *		What a statement enters in a register, and the form in which the journal keeps it.
 */
#ifndef ATT_JOURNAL_H
#define ATT_JOURNAL_H

#include "register/register.h"

#include "lib/stringinfo.h"
#include "utils/date.h"

/* ---------- the packed form of an entry's marks (journal/payload.c, journal/changes.c) ---------- */

/* A session of a line whose mark changed; the old mark is MARK_NONE where there was none. */
typedef struct MarkChange
{
	SchoolSession session;
	Mark old;
	Mark new;
} MarkChange;

/* What a statement changed of a line. */
typedef struct LineDiff
{
	int64 pupil_id;
	const MarkSeries *whole; /* all of a line that is new, or NULL */
	MarkChange *changes;
	int count;
} LineDiff;

/* The first byte of the packed form, what follows, and the limits of both. */
#define PAYLOAD_LINES 1
#define PAYLOAD_SHEET 2
#define PACKED_FROM 16 /* changes of a line from which series are shorter */
#define HAS_OLD 0x40   /* beside the new mark: the old mark follows */

/* A line as the journal names it: the school is the entry's. */
typedef struct LineName
{
	int academic_year;
	int64 pupil_id;
} LineName;

typedef void (*ChangeVisitor)(void *state, const LineName *line, const MarkChange *change);

extern void put_payload(StringInfo bytes, int academic_year, const LineDiff *lines, int count);
extern void visit_changes(const uint8 *bytes, size_t length, ChangeVisitor visit, void *state);

/* ---------- what a statement enters (register/statement.c) ---------- */

/* Of a trigger that takes signatures. */
#define SIGNATURE_COLUMNS 3
#define TAKES_SIGNATURE \
	{.name = "entered_by", .type = TEXTOID, .written = true}, \
		{.name = "title", .type = TEXTOID, .written = true}, \
	{ \
		.name = "reason", .type = TEXTOID, .written = true \
	}

/* A line as the table names it. */
typedef struct LineKey
{
	int school_urn;
	int academic_year;
	int64 pupil_id;
} LineKey;

typedef struct LineChange
{
	int school_urn;
	int academic_year;
	int64 pupil_id;
	MarkSeries *old; /* NULL for a new line */
	MarkSeries *new;
	Oid table;             /* the partition, or none if it is foreign */
	ItemPointerData place; /* of the row that was written there */
} LineChange;

typedef struct RecordChange
{
	int school_urn; /* 0 for what is not of one school */
	char *json;
} RecordChange;

/* Entries are gathered row by row and written when the statement ends, a school's together. */
typedef struct Statement
{
	State state;        /* STATE_TABLES */
	bool has_signature; /* a row has been seen, signed or not */
	Signature signature;
	bool has_date; /* a row has said from which day on what it changes holds */
	DateADT holds_from;
	bool has_insert; /* the row seen last was to be inserted */
	LineKey insert;  /* its key */
	LineChange *lines;
	int line_count;
	int line_capacity;
	RecordChange *records;
	int record_count;
	int record_capacity;
	size_t bytes;
} Statement;

extern Statement *get_statement(FunctionCallInfo fcinfo, Relation relation);
extern void check_is_of_lines(Relation relation);
extern HeapTuple take_signature(Statement *statement, HeapTuple row, TupleDesc tupdesc,
								const int *columns, bool inherits, Signature *signature);
extern bool same_signature(const Signature *a, const Signature *b);
extern bool same_record(HeapTuple a, HeapTuple b, TupleDesc tupdesc);
extern bool signature_is_complete(const Signature *signature);
extern void write_entries(Statement *statement);

/* ---------- writing the journal (journal/append.c) ---------- */

extern void write_journal_entry(Oid register_oid, int school_urn, const char *kind,
								const Signature *signature, const StringInfoData *payload);

/* ---------- the rules on marks (rules/line_rules.c) ---------- */

extern LineDiff *check_line_changes(Oid register_oid, bool is_signed, const LineChange *lines,
									int count, int *changed);

#endif /* ATT_JOURNAL_H */
