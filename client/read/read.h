/*
 * read.h
 *		How files that come in are read, whatever they are about.
 */
#ifndef ATTENDANCE_READ_H
#define ATTENDANCE_READ_H

#include "client.h"

/* ---------- input.c ---------- */

typedef struct Input Input;

#define MAX_WHOLE ((size_t) 250 * 1024 * 1024) /* bytes of a file that is sent as one value */

extern Input *open_input(const char *name);
extern size_t read_input(Input *input, char *bytes, size_t size);
extern Text peek_input(Input *input);
extern void rewind_input(Input *input);
extern void close_input(Input *input);
extern Input **open_inputs(int64_t *size);
extern void close_inputs(Input **inputs);
extern const char *input_name(const Input *input);
extern int64_t input_size(const Input *input); /* bytes of the file, -1 if not known */
extern int64_t input_offset(const Input *input);
extern const char *marked_encoding(const Input *input);
extern void read_whole(Input *input, Buffer *buffer);

/* ---------- inflate.c: compressed files ---------- */

typedef struct Inflater Inflater;

extern Inflater *start_inflater(const char *head, size_t length, const char *name);
extern bool inflate_bytes(Inflater *inflater, const char **from, size_t *from_length, char *to,
						  size_t *to_length);
extern bool inflater_is_complete(const Inflater *inflater);
extern void end_inflater(Inflater *inflater);

/* ---------- utf16.c ---------- */

typedef struct Utf16 Utf16;

extern Utf16 *start_utf16(const char *head, size_t length, const char *name);
extern void give_utf16(Utf16 *utf16, const char *bytes, size_t length);
extern size_t take_utf16(Utf16 *utf16, char *bytes, size_t size);
extern void check_utf16_end(const Utf16 *utf16);
extern void end_utf16(Utf16 *utf16);

/* ---------- place.c ---------- */

typedef struct Place
{
	const Input *input;
	const char *unit; /* line, record, AttendSessions */
	int64_t number;   /* of the unit */
} Place;

extern void end_at(const Place *place, const char *column, Text value, const char *problem,
				   const char *detail, const char *hint) __attribute__((noreturn));

/* ---------- csv.c ---------- */

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

/* ---------- unused.c ---------- */

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
extern void add_unused(Unused *unused, Text name);
extern void name_unused(const Unused *unused, const Input *input);
extern void free_unused(Unused *unused);
extern bool is_to_be_ignored(const char *name);
extern void say_left_out(const char *format, ...) pg_attribute_printf(1, 2);
extern bool left_columns_out(void);

/* ---------- heading.c ---------- */

#define HEADER_REPEATED \
	"the header is repeated here: is the file several sheets one below the other? load each for itself"

extern bool may_be_heading(Text cell);
extern void put_headings(Buffer *detail, const Csv *csv, int first);

/* ---------- value.c ---------- */

#define UPN_SIZE 14

extern int take_day(Text *text);
extern const char *no_day(void);
extern const char *expected_days(void);
extern const char *exchanged_day(Text text);
extern bool is_ambiguous_day(Text text);
extern bool has_day(Text text, bool *short_year);
extern int parse_session(Text text);
extern bool parse_upn(Text text, char *upn);
extern bool is_missing(Text text);
extern const char *value_problem(Text text);

/* ---------- moment.c: days with times ---------- */

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

/* ---------- xml.c ---------- */

extern Text xml_to_send(const Input *input, const Buffer *content, Buffer *converted);

/* ---------- rejects.c: files of rows that were set aside ---------- */

#define REJECT_COLUMNS 5 /* file, place, column, value and problem, before those of the row */

extern bool is_reject_header(const Csv *csv);
extern void check_reject_file(const char *name);

#endif
