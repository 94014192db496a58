/*
 * client.h
 *		What all parts of the program pg_attendance share: support/.
 *
 * The program is a frontend of PostgreSQL as psql and pg_dump are, made of the same libraries.  Input is
 * not trusted: every length is carried beside its bytes.
 */
#ifndef ATTENDANCE_CLIENT_H
#define ATTENDANCE_CLIENT_H

#include "postgres_fe.h"

#include "common/fe_memutils.h"
#include "common/logging.h"
#include "libpq-fe.h"
#include "pqexpbuffer.h"
#include "support/options.h"

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

/* ---------- text.c ---------- */

typedef struct Text
{
	const char *data;
	size_t length;
} Text;

/* May begin as {0}; what is put into it by these functions is there, or the program ends. */
typedef PQExpBufferData Buffer;

extern Text text_of(const char *string);
extern char *copy_text(Text text);
extern bool text_is(Text text, const char *string);
extern bool same_word(Text text, const char *word);
extern bool has_word(const char *words, const char *wanted);
extern void normal_name(Text name, char *normal, size_t size);
extern size_t blank_length(const char *bytes, size_t left);
extern Text trim(Text text);
extern bool parse_integer(Text text, int64_t low, int64_t high, int64_t *value);

extern void put_bytes(Buffer *buffer, const void *bytes, size_t length);
extern void put_string(Buffer *buffer, const char *string);
extern void put_format(Buffer *buffer, const char *format, ...) pg_attribute_printf(2, 3);
extern void put_arguments(Buffer *buffer, const char *format, va_list arguments)
	pg_attribute_printf(2, 0);
extern void empty_buffer(Buffer *buffer);

/* ---------- encoding.c ---------- */

extern bool is_ascii(Text text);
extern bool is_utf8(Text text);
extern void put_character(Buffer *buffer, uint32_t code);
extern Text as_utf8(Text text, Buffer *buffer);
extern Text decode(Text text, const char *encoding, Buffer *buffer, const char **problem);
extern const char *text_problem(Text text);
extern void put_xml_text(Buffer *buffer, Text text);

/* ---------- quote.c ---------- */

extern void put_csv(Buffer *buffer, Text field);
extern void put_json(Buffer *buffer, Text text);
extern void put_json_member(Buffer *line, const char *name, const char *value);
extern char *printable(Text value);

/* ---------- calendar.c ---------- */

#define NO_DAY INT32_MIN

extern int day_of(int year, int month, int day);
extern int weekday_of(int day);
extern int year_of(int day);
extern void format_day(int day, char *text);

/* ---------- message.c ---------- */

extern bool json_messages; /* results and errors are to be JSON on standard output */

extern void say_warning(const char *format, ...) pg_attribute_printf(1, 2);
extern const char *json_warnings(void);
extern void say_detail(const char *detail);
extern void say_hint(const char *hint);
extern void fail(int status, const char *format, ...) pg_attribute_printf(2, 3)
	__attribute__((noreturn));
extern void fail_detail(int status, const char *message, const char *detail)
	__attribute__((noreturn));
extern void fail_hint(int status, const char *message, const char *detail, const char *hint)
	__attribute__((noreturn));
extern void fail_usage(const char *format, ...) pg_attribute_printf(1, 2) __attribute__((noreturn));

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
extern void put_literal(Buffer *sql, const char *value);

/* ---------- copy.c ---------- */

extern void start_copy(Buffer *buffer, const char *sql);
extern void put_network(Buffer *buffer, uint64_t value, int bytes);
extern void put_copied_number(Buffer *buffer, int64_t value, int bytes);
extern void put_copied(Buffer *buffer, Text text);

/* ---------- outfile.c ---------- */

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

/* ---------- interrupt.c ---------- */

extern void catch_signals(void);
extern void cancel_on_signal(PGconn *connection);
extern bool keep_terminal(void);
extern void restore_terminal(void);

/* ---------- progress.c ---------- */

extern void start_progress(const char *what, int64_t size);
extern void set_progress_base(int64_t bytes);
extern void show_progress(int64_t bytes, int64_t rows);
extern void end_progress(void);

#endif
