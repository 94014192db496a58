/*
 * marks.h
 *		Files of marks: their shapes, a mark of one, and how it gets into the register.
 */
#ifndef ATTENDANCE_MARKS_H
#define ATTENDANCE_MARKS_H

#include "read/read.h"
#include "register/register.h"

/* ---------- marks.c: a mark of a file ---------- */

typedef enum FieldName
{
	FIELD_SCHOOL,
	FIELD_PUPIL_ID,
	FIELD_UPN,
	FIELD_DAY,
	FIELD_SESSION,
	FIELD_MARK,
	FIELD_NATURE,
	FIELD_ENTERED_BY,
	FIELD_TITLE,
	FIELD_REASON,
	FIELD_COUNT
} FieldName;

extern const char *const field_names[FIELD_COUNT];

typedef struct Row
{
	Text field[FIELD_COUNT];         /* as the file has them */
	const char *column[FIELD_COUNT]; /* how the file calls them */
	const char *unit;                /* line, pupil, record */
	int64_t number;                  /* of the unit */
	int school;
	int64_t pupil_id;
	int day;
	int session;
	const char *mark; /* NULL: none in the file */
} Row;

typedef struct Load Load;

struct Load
{
	Input **inputs; /* all files; ends with NULL */
	Input *input;   /* that which is read */
	/* what is done with a mark; false to stop */
	bool (*take)(Load *load, const Row *row);
	/* what is done with a row that is wrong */
	void (*refuse)(Load *load, const Row *row, const char *column, Text value, const char *problem);
	void *taker;
	bool again;             /* the files are read for the second time: what is wrong is known */
	const char *more;       /* the file of the last page, if that says that another one follows */
	bool numbered, periods; /* sessions 1 and 2 were read; others, which are none */
	bool set_aside;         /* the file has rows that were set aside, each with something wrong */
	int64_t rows, marks;    /* read, and sent */
	int64_t rejected;       /* set aside, */
	int64_t refused;        /* of which the register refused */
	const char *detail;     /* what the server adds to the problem that is told, or NULL */
	const char *hint;
};

extern void begin_row(Row *row);
extern bool give_row(Load *load, Row *row);
extern bool row_problem(Load *load, const Row *row, FieldName field, const char *format, ...)
	pg_attribute_printf(4, 5);
extern void record_problem(Load *load, const Row *row, const char *format, ...)
	pg_attribute_printf(3, 4);
extern void found_problem(Load *load, const Row *row, const char *column, Text value,
						  const char *problem);
extern void check_day_order(Load *load, const Row *row, const char *column, Text text);
extern void put_day_problem(Buffer *text, const Row *row, const char *problem);
extern void report_problem(Load *load, const Row *row, const char *column, Text value,
						   const char *problem) __attribute__((noreturn));

/* ---------- header.c, heading.c: columns of CSV files ---------- */

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
extern bool repeats_header(const Header *header, const Csv *csv);
extern void free_header(Header *header);
extern void read_session_heading(Column *column);

/* ---------- shape_csv.c, shape_ctf.c, ctf_text.c, shape_json.c, files.c ---------- */

extern bool read_marks_csv(Load *load);
extern bool read_marks_ctf(Load *load, const Buffer *content);
extern bool plain_marks(Text text, Buffer *plain);
extern bool read_marks_json(Load *load, const Buffer *content);
extern void read_files(Load *load);

/* ---------- feed.c, locate.c, reject.c ---------- */

extern void start_feed(Load *load, bool stage);
extern void finish_feed(Load *load);
extern FieldName refused_field(const char *column);
extern void fail_feed(Load *load, const PGresult *result) __attribute__((noreturn));
extern void open_rejects(const char *name);
extern void write_reject(Load *load, const Row *row, const char *column, Text value,
						 const char *problem);
extern void finish_rejects(void);
extern void make_stage(void);
extern void load_staged(Load *load);

/* ---------- load.c ---------- */

extern int load_marks(void);

#endif
