/*
 * register.h
 *		What the register knows, what it has done with rows, and what it refuses and why.
 */
#ifndef ATTENDANCE_REGISTER_H
#define ATTENDANCE_REGISTER_H

#include "client.h"

/* ---------- lookup.c: codes and schools ---------- */

extern void load_lookup(void);
extern const char *known_mark(Text text);
extern int known_school(Text text, const char **problem);
extern bool take_digits(Text text, char *digits, size_t size);
extern void check_school(void);
extern bool has_laestab(int urn);

/* ---------- fed.c ---------- */

typedef struct Fed
{
	long long entered; /* new in the register, */
	long long amended; /* or instead of another mark: as the server says */
} Fed;

extern void listen_to_feed(void);
extern void end_statement(bool done);
extern Fed fed_marks(void);

/* ---------- take_over.c ---------- */

extern void check_signature(void);
extern void begin_take_over(const char *days_sql);
extern void end_take_over(void);

/* ---------- explain.c, range.c ---------- */

typedef struct Refusal
{
	Buffer problem; /* without the numbers of rows */
	char *column;   /* of the register, or several with blanks between them, or NULL */
	char *domain;   /* of the value, or NULL */
	char *detail;   /* what the server adds, where the problem is said in its words, or NULL */
	char *hint;
	long long row;   /* place among those that a statement sent, from 1, or 0 */
	long long other; /* with which it is at odds, or 0 */
} Refusal;

extern void explain(Refusal *refusal, const PGresult *result);
extern void free_refusal(Refusal *refusal);

typedef void (*Refuse)(void *context, int64_t row, const Refusal *refusal);
extern int64_t run_range(const char *sql, int64_t from, int64_t until, Refuse refuse,
						 void *context);

#endif
