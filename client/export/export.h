/*
 * export.h
 *		What is written: files for other systems, reports, and what the journal's verification says.
 */
#ifndef ATTENDANCE_EXPORT_H
#define ATTENDANCE_EXPORT_H

#include "client.h"

/* ---------- output.c ---------- */

extern bool is_standard_output(const char *name);
extern void open_output(const char *name);
extern void write_output(const void *bytes, size_t length);
extern void write_string(const char *string);
extern void write_line(Buffer *line);
extern FILE *output_stream(void);
extern void close_output(void);
extern void flush_standard_output(void);
extern const char *output_digest(void);
extern char *digest_of(const void *bytes, size_t length);
extern long long copy_out(const char *sql);
extern void say_written(const char *what, long long rows);

/* ---------- print.c, print_csv.c, print_json.c ---------- */

extern void print_result(const PGresult *result);
extern void print_csv(const PGresult *result);
extern void print_json(const PGresult *result);

/* ---------- export.c, xml.c, backup.c, legal_file.c, verify.c, report.c ---------- */

extern int export_census(void);
extern int export_ctf(void);
extern int export_backup(void);
extern int export_pupil(void);
extern void record_reading_of_pupil(const char *pupil_id);
extern void record_reading_of_notice(const char *notice_id);
extern int export_legal_file(void);
extern int verify_legal_file(void);
extern int command_export(void);
extern int command_verify(void);
extern int command_report(void);

#endif
