/*
 * tables.h
 *		What is loaded beside marks: tables, their columns and their files.
 */
#ifndef ATTENDANCE_TABLES_H
#define ATTENDANCE_TABLES_H

#include "read/read.h"
#include "register/register.h"

typedef struct TableColumn
{
	const char *name;
	const char *type;
	const char *otherwise; /* SQL of the default, or NULL */
	bool key;
} TableColumn;

#define MAX_ROW_KEY 3

typedef struct Table
{
	const char *name;
	const char *needed;   /* the column without which a file is not about it */
	const char *required; /* those that a file which is about it must have */
	bool of_pupils;       /* by UPN or pupil_id */
	const TableColumn *columns;
	const char *facts;                /* those that have dates, or NULL if none has */
	const char *on_day;               /* the function of the register that has them of a day */
	const char *row_key[MAX_ROW_KEY]; /* of a row of the register */
	bool is_signed;                   /* whether its changes are */
} Table;

typedef struct TableSet
{
	const char *what;
	const Table *tables[3];  /* in the order in which they are filled */
	const TableColumn *also; /* columns by which pupils are found, beside those of the tables */
} TableSet;

#define MAX_COLUMNS 64

typedef struct TableLoad
{
	const TableSet *set;
	Input **inputs;                          /* ends with NULL */
	const TableColumn *columns[MAX_COLUMNS]; /* that are staged */
	int count;
	int closure;                       /* the column of that name, or -1 */
	int64_t rows, malformed, rejected; /* staged; not staged; of both */
	int64_t added[3], nothing; /* new rows of tables; rows that say what no row is needed for */
	int64_t changed;           /* rows of which facts hold from a day on */
	Buffer buffer;
	OutFile rejects;
	const char *detail; /* what the server adds to the problem that is told, or NULL */
	const char *hint;
} TableLoad;

typedef struct TableFile
{
	TableLoad *load;
	Input *input;
	Csv csv;
	int place[MAX_COLUMNS]; /* of each staged column in the file, -1 if it is not there */
	int fields;
	Buffer values[MAX_COLUMNS]; /* of the record, as the register writes them */
	Unused unused;
	bool again;     /* the file is read for the second time */
	bool set_aside; /* it has rows that were set aside */
} TableFile;

/* tables/tables.c */
extern const TableSet table_sets[];
extern bool is_alias(const char *normal, const char *column);
extern bool is_own_column(const TableSet *set, const Table *table, const char *name);
extern const char *words_for(const char *column);

/* tables/value.c, tables/choices.c: values as the register writes them */
extern bool read_table_value(const TableColumn *column, Text text, Buffer *value, Buffer *problem);
extern void load_choices(void);
extern const char *choices_of(const char *column);
extern const char *find_choice(const char *column, Text text);

/* tables/header.c, tables/closure.c */
extern void fail_unknown(const TableFile *file) __attribute__((noreturn));
extern void check_required(const TableFile *file);
extern void check_closed_column(const TableFile *file);
extern bool settle_closure(TableFile *file);

/* tables/columns.c */
extern void collect_columns(TableLoad *load);
extern int find_name(const TableLoad *load, const char *name);
extern int find_column(const TableLoad *load, Text name);
extern bool is_pupil(const Table *table);
extern void put_key(Buffer *sql, const Table *table);

/* tables/file.c */
extern void start_file(TableLoad *load, TableFile *file, Input *input);
extern bool next_record(TableFile *file);
extern void end_file(TableFile *file);
extern void refuse_table_row(TableFile *file, int column, const char *problem);

/* tables/stage.c */
extern void stage_files(TableLoad *load);

/* tables/whole.c */
extern void check_whole(TableFile *file);

/* tables/refuse.c */
extern void refuse_found(TableLoad *load, const char *sql);
extern void refuse_staged_row(void *context, int64_t place, const Refusal *refusal);
extern void show_refused(TableLoad *load);

/* tables/load.c, tables/insert.c, tables/change.c, tables/pupil.c, tables/characteristic.c */
extern int load_tables(const TableSet *set);
extern void fill_table(TableLoad *load, const Table *table);
extern void change_facts(TableLoad *load, const Table *table);
extern void find_pupils(TableLoad *load);
extern void need_pupils(TableLoad *load);
extern void read_characteristics(TableLoad *load);

#endif
