/*
 * tables.h
 *		What is loaded beside marks: tables, their columns and their files.
 */
#ifndef ATTENDANCE_TABLES_H
#define ATTENDANCE_TABLES_H

#include "client.h"

typedef struct TableColumn
{
	const char *name;
	const char *type;
	const char *otherwise; /* SQL of the default, or NULL */
	bool key;
} TableColumn;

typedef struct Table
{
	const char *name;
	const char *needed;   /* the column without which a file is not about it */
	const char *required; /* those that a file which is about it must have */
	bool of_pupils;       /* by UPN or pupil_id */
	const TableColumn *columns;
} Table;

typedef struct TableSet
{
	const char *what;
	const Table *tables[3]; /* in the order in which they are filled */
} TableSet;

/* tables.c; table_file.c: its files; load_table.c */
#define MAX_COLUMNS 64

typedef struct TableLoad
{
	const TableSet *set;
	Input **inputs;                 /* ends with NULL */
	const char *names[MAX_COLUMNS]; /* of the staged columns */
	int count;
	bool *bare;                        /* which inputs have no row */
	int64_t rows, malformed, rejected; /* staged; not staged; of both */
	Buffer buffer;
	OutFile rejects;
} TableLoad;

typedef struct TableFile
{
	TableLoad *load;
	Input *input;
	Csv csv;
	int place[MAX_COLUMNS]; /* of each staged column in the file, -1 if it is not there */
	int fields;
	bool again;     /* the file is read for the second time */
	bool set_aside; /* it has rows that were set aside */
} TableFile;

extern void collect_columns(TableLoad *load);
extern void start_file(TableLoad *load, TableFile *file, Input *input);
extern bool next_record(TableFile *file);
extern void end_file(TableFile *file);
extern void stage_files(TableLoad *load);
extern void write_table_reject(TableLoad *load, TableFile *file, const char *problem);
extern const TableSet table_sets[];
extern const char *column_alias(const char *normal);

/* load_table.c */
extern int load_tables(const TableSet *set);

#endif
