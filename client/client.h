/*
 * client.h
 *		What the parts of the program pg_attendance share.
 *
 * The program is built with libpq alone; it has no part of PostgreSQL's server in it.  Input is not
 * trusted: every length is carried beside its bytes.
 */
#ifndef ATTENDANCE_CLIENT_H
#define ATTENDANCE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "libpq-fe.h"

#define PROGRAM "pg_attendance"

/* What the program ends with. */
enum
{
	EXIT_DONE = 0,
	EXIT_WRONG = 1,      /* usage, files, the server's refusal of a command */
	EXIT_CONNECTION = 2, /* no connection, or it was lost */
	EXIT_DATA = 3,       /* the data are at fault; nothing was changed */
	EXIT_REJECTS = 4     /* done, but rows were set aside, or something was left out */
};

/* ---------- message.c ---------- */

typedef struct Text
{
	const char *data;
	size_t length;
} Text;

typedef struct Buffer
{
	char *data; /* ends with a zero byte once something was put into it */
	size_t length;
	size_t capacity;
} Buffer;

extern void *allocate(size_t size);
extern void *reallocate(void *pointer, size_t size);
extern char *copy_text(Text text);
extern char *copy_string(const char *string);
extern Text text_of(const char *string);
extern bool text_is(Text text, const char *string);
extern size_t blank_length(const char *bytes, size_t left);
extern Text trim(Text text);
extern bool same_word(Text text, const char *word);

extern void put_bytes(Buffer *buffer, const void *bytes, size_t length);
extern void put_string(Buffer *buffer, const char *string);
extern void put_format(Buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
extern void put_csv(Buffer *buffer, Text field);
extern void put_json(Buffer *buffer, Text text);
extern void put_json_member(Buffer *line, const char *name, const char *value);

extern void say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern void say_more(const char *label, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
extern void say_text(const char *label, const char *text);
extern void say_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern const char *json_warnings(void);
extern void fail(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));
extern void fail_detail(int status, const char *message, const char *detail)
	__attribute__((noreturn));
extern void fail_hint(int status, const char *message, const char *detail, const char *hint)
	__attribute__((noreturn));
extern void fail_usage(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* ---------- options.c ---------- */

typedef enum DateStyle
{
	DATE_BRITISH,
	DATE_AMERICAN,
	DATE_ISO
} DateStyle;

typedef struct Options
{
	const char *host, *port, *user, *database;
	int password; /* -1 never ask, 1 ask at once, 0 if the server wants one */
	const char *register_name;
	bool quiet, json, dry_run;

	/* files that come in */
	char delimiter; /* 0: as the header has it */
	DateStyle date_style;
	const char *encoding;
	const char *shape;
	const char *reject;
	const char *ignore; /* columns that are meant to be left out */
	int ctf_week;       /* days in a week of a mark string; 0: found out */

	/* what marks do not say themselves */
	int school;
	const char *entered_by, *title, *reason;
	const char *name, *series, *days; /* of benchmarks */

	/* what goes out */
	const char *output, *format, *population, *period, *from, *to, *second_from, *second_to;
	const char *level, *schools, *location, *pupil;
	bool overdue, no_suppress, list;

	/* verify */
	const char *digest_file;
	bool keep_digest;

	char **names; /* what follows the options */
	int name_count;
} Options;

extern Options options;
extern void read_options(int argc, char **argv);

/* ---------- connection.c ---------- */

extern PGconn *conn;
extern void connect_register(void);
extern PGresult *run(const char *sql, int count, const char *const *values);
extern void run_command(const char *sql);
extern char *query_value(const char *sql, int count, const char *const *values);
extern bool is_lost(PGconn *from, const PGresult *result);
extern void fail_query(PGconn *from, const PGresult *result) __attribute__((noreturn));
extern void finish_transaction(void);
extern void start_rows(PGconn *from, const char *sql, int count, const char *const *values);
extern PGresult *next_row(PGconn *from);
extern PGconn *second_connection(const char *file);
extern PGconn *clock_connection(void);
extern const char *message_field(const PGresult *result, int field);

/* ---------- read/input.c ---------- */

typedef struct Input Input;

#define MAX_WHOLE ((size_t) 250 * 1024 * 1024) /* bytes of a file that is sent as one value */

extern Input *open_input(const char *name);
extern size_t read_input(Input *input, char *bytes, size_t size);
extern Text peek_input(Input *input);
extern void rewind_input(Input *input);
extern void close_input(Input *input);
extern const char *input_name(const Input *input);
extern int64_t input_size(const Input *input); /* bytes of the file, -1 if not known */
extern int64_t input_offset(const Input *input);
extern const char *marked_encoding(const Input *input);
extern void read_whole(Input *input, Buffer *buffer);

/* read/inflate.c: compressed files */
typedef struct Inflater Inflater;
extern Inflater *start_inflater(const char *head, size_t length, const char *name);
extern bool inflate_bytes(Inflater *inflater, const char **from, size_t *from_length, char *to,
						  size_t *to_length);
extern bool inflater_is_complete(const Inflater *inflater);
extern void end_inflater(Inflater *inflater);

/* utf16.c */
typedef struct Utf16 Utf16;
extern Utf16 *start_utf16(const char *head, size_t length, const char *name);
extern void give_utf16(Utf16 *utf16, const char *bytes, size_t length);
extern size_t take_utf16(Utf16 *utf16, char *bytes, size_t size);
extern void check_utf16_end(const Utf16 *utf16);
extern void end_utf16(Utf16 *utf16);

/* ---------- export/outfile.c, interrupt.c ---------- */

typedef struct OutFile
{
	FILE *file;
	char *name, *part; /* part: NULL for what is no regular file */
} OutFile;

extern void open_file(OutFile *file, const char *name);
extern void write_file(OutFile *file, const void *bytes, size_t length);
extern void sync_file(OutFile *file);
extern void keep_file(OutFile *file);
extern void discard_files(void);

extern void catch_signals(void);
extern void cancel_on_signal(PGconn *connection);
extern void silence_terminal(int fd);
extern void restore_terminal(void);

/* ---------- read/encoding.c ---------- */

extern bool is_ascii(Text text);
extern bool is_utf8(Text text);
extern void put_character(Buffer *buffer, uint32_t code);
extern Text as_utf8(Text text, Buffer *buffer);
extern Text decode(Text text, Buffer *buffer, const char **problem);
extern const char *text_problem(Text text);
extern void put_xml_text(Buffer *buffer, Text text);

/* ---------- read/csv.c ---------- */

typedef struct Csv
{
	Input *input;
	char delimiter;
	char *buffer;
	size_t start, end; /* what was read and not yet used */
	bool at_end;
	int64_t line;    /* of the record */
	int64_t lines;   /* begun so far */
	Buffer record;   /* UTF-8, if there is no problem */
	Buffer decoded;  /* space for it */
	size_t *offsets; /* where fields begin in the record; one more than there are fields */
	int count, capacity;
	const char *problem; /* of the record, or NULL */
} Csv;

extern void start_csv(Csv *csv, Input *input, char delimiter);
extern bool read_record(Csv *csv);
extern Text csv_field(const Csv *csv, int number);
extern bool record_is_empty(const Csv *csv);
extern void warn_no_rows(const Input *input);
extern void end_csv(Csv *csv);

/* ---------- read/value.c ---------- */

#define NO_DAY INT32_MIN

extern int take_day(Text *text);
extern bool take_number(Text *text, int *value, int *digits);
extern const char *expected_days(void);
extern const char *no_day(void);
extern const char *exchanged_day(Text text);
extern bool is_ambiguous_day(Text text);
extern bool has_day(Text text, bool *short_year);
extern int parse_session(Text text);
#define UPN_SIZE 14
extern bool parse_upn(Text text, char *upn);
extern bool is_missing(Text text);
extern bool parse_integer(Text text, int64_t low, int64_t high, int64_t *value);
extern int day_of(int year, int month, int day);
extern void format_day(int day, char *text);
extern int weekday_of(int day);
extern int year_of(int day);

/* ---------- read/moment.c: days with times ---------- */

typedef struct Moment
{
	int day;             /* in London; NO_DAY: the text is none */
	int session;         /* that it names, or -1 */
	const char *problem; /* why it is no day, or NULL: it does not look like one */
} Moment;

#define TIME_LENGTH 64

extern Moment read_moment(Text text);
extern int parse_day(Text text);
extern const char *read_time(Text text, char *time);

/* ---------- marks/lookup.c: what the register knows ---------- */

extern void load_lookup(void);
extern const char *known_mark(Text text);
extern int known_school(Text text, const char **problem);
extern bool take_digits(Text text, char *digits, size_t size);
extern void check_school(void);
extern bool has_laestab(int urn);

/* ---------- marks/marks.c: a mark of a file ---------- */

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
	Input *input;
	bool (*take)(Load *load, const Row *row); /* what is done with a mark; false to stop */
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

extern bool give_row(Load *load, Row *row);
extern bool row_problem(Load *load, const Row *row, FieldName field, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
extern void record_problem(Load *load, const Row *row, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
extern void found_problem(Load *load, const Row *row, const char *column, Text value,
						  const char *problem);
extern void begin_row(Row *row);
extern void check_day_order(Load *load, const Row *row, const char *column, Text text);
extern void put_day_problem(Buffer *text, const Row *row, const char *problem);
extern char *printable(Text value);
extern void report_problem(Load *load, const Row *row, const char *column, Text value,
						   const char *problem);

/* ---------- shapes ---------- */

extern void normal_name(Text name, char *normal, size_t size);

/* read/xml.c */
extern Text xml_to_send(const Input *input, const Buffer *content, Buffer *converted);

/* read/ctf_text.c */
extern bool plain_marks(Text text, Buffer *plain);

extern bool read_marks_csv(Load *load);
extern bool read_marks_ctf(Load *load, const Buffer *content);
extern bool read_marks_json(Load *load, const Buffer *content);
extern void read_files(Load *load, char **files);

/* ---------- marks/feed.c, marks/reject.c, marks/locate.c ---------- */

extern void start_feed(Load *load, bool stage);
extern void finish_feed(Load *load, char **files);
typedef struct Fed
{
	long long entered; /* new in the register, */
	long long amended; /* or instead of another mark: as the server says */
} Fed;

extern void listen_to_feed(void);
extern void end_statement(bool done);
extern Fed fed_marks(void);
extern void fail_feed(Load *load, const PGresult *result, char **files) __attribute__((noreturn));
extern void open_rejects(const char *name);
extern void write_reject(Load *load, const Row *row, const char *column, Text value,
						 const char *problem);
extern void finish_rejects(void);
extern void make_stage(void);
extern void load_staged(Load *load, char **files);

/* marks/reject_file.c */
#define REJECT_COLUMNS 5 /* file, place, column, value and problem, before those of the row */
extern bool is_reject_header(const Csv *csv);
extern void check_reject_file(const char *name);

/* ---------- tables/explain.c, marks/range.c ---------- */

typedef struct Refusal
{
	Buffer problem;
	char *column; /* of the register, or several with blanks between them, or NULL */
	char *domain; /* of the value, or NULL */
	char *detail; /* what the server adds, where the problem is said in its words, or NULL */
	char *hint;
} Refusal;

extern void explain(Refusal *refusal, const PGresult *result);
extern void free_refusal(Refusal *refusal);

typedef void (*Refuse)(void *context, int64_t row, const Refusal *refusal);
extern int64_t run_range(const char *sql, int64_t from, int64_t until, Refuse refuse,
						 void *context);

/* ---------- progress.c ---------- */

extern void start_progress(const char *what, int64_t size);
extern void set_progress_base(int64_t bytes);
extern void show_progress(int64_t bytes, int64_t rows);
extern void end_progress(void);

/* ---------- export/output.c ---------- */

typedef struct Sha256
{
	uint32_t state[8];
	uint64_t length;
	unsigned char block[64];
} Sha256;

extern void sha256_start(Sha256 *hash);
extern void sha256_add(Sha256 *hash, const void *bytes, size_t length);
extern void sha256_hex(Sha256 *hash, char *hex);

extern bool is_standard_output(const char *name);
extern void open_output(const char *name);
extern void write_output(const void *bytes, size_t length);
extern void close_output(void);
extern void flush_standard_output(void);
extern void write_string(const char *string);
extern const char *output_digest(void);
extern void print_result(const PGresult *result);
extern void print_csv(const PGresult *result);
extern long long copy_out(const char *sql);

/* ---------- export/export.c, export/xml.c, export/backup.c ---------- */

extern void put_literal(Buffer *sql, const char *value);
extern void put_schools(Buffer *sql);
extern void put_school_condition(Buffer *sql, const char *column);
extern void say_written(const char *what, long long rows);
extern int export_census(void);
extern int export_ctf(void);
extern int export_backup(void);
extern int export_pupil(void);

/* ---------- commands ---------- */

extern int load_marks(void);
extern int load_benchmarks(void);
extern bool has_word(const char *words, const char *wanted);
extern void check_options(const char *const *given, int count);
extern void print_help(void);
extern int command_load(void);
extern int command_export(void);
extern int command_verify(void);
extern int command_report(void);

#endif
