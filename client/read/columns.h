/*
 * columns.h
 *		What the columns of CSV files are.
 */
#ifndef ATTENDANCE_COLUMNS_H
#define ATTENDANCE_COLUMNS_H

#include "client.h"

/* ---------- read/unused.c ---------- */

typedef struct UnusedColumn
{
	int number;
	char *name;
	bool filled, named; /* a value was seen; it is to be named then */
} UnusedColumn;

typedef struct Unused
{
	UnusedColumn *columns;
	int count;
	int waiting; /* without a value so far */
} Unused;

extern void watch_column(Unused *unused, int number, Text name);
extern void watch_record(Unused *unused, const Csv *csv);
extern void name_unused(const Unused *unused, const Input *input);
extern void free_unused(Unused *unused);
extern bool is_to_be_ignored(const char *name);
extern void say_left_out(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern bool left_columns_out(void);

/* ---------- read/header.c, read/heading.c: columns of files of marks ---------- */

typedef enum ColumnKind
{
	COLUMN_IGNORED,
	COLUMN_FIELD,
	COLUMN_LAESTAB,
	COLUMN_LA,
	COLUMN_ESTAB,
	COLUMN_HALF, /* the mark of one session of a day */
	COLUMN_WIDE, /* the mark of a day and session */
	COLUMN_CODE  /* a code as a column */
} ColumnKind;

typedef struct Column
{
	ColumnKind kind;
	FieldName field;
	char *name;
	char *mark; /* of COLUMN_CODE */
	int day;    /* of COLUMN_WIDE */
	int session;
	char *problem; /* why it is not COLUMN_WIDE, though it seems to be meant as one; or NULL */
} Column;

typedef struct Header
{
	const char *file;
	int64_t line; /* below blank ones */
	Column *columns;
	int count;
	int place[FIELD_COUNT]; /* of each field, -1 if there is none */
	int laestab, la, estab;
	int halves, wide, codes; /* how many columns of the kind */
	Unused unused;
} Header;

extern void read_header(Header *header, const Csv *csv, Load *load);
#define HEADER_REPEATED \
	"the header is repeated here: is the file several sheets one below the other? load each for itself"

extern bool may_be_heading(Text cell);
extern bool repeats_header(const Header *header, const Csv *csv);
extern void free_header(Header *header);
extern void read_session_heading(Column *column);

#endif
