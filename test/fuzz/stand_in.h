/*
 * stand_in.h
 *		Functions of the extension called without a server.
 */
#ifndef ATT_STAND_IN_H
#define ATT_STAND_IN_H

#include "attendance.h"

typedef struct Outcome
{
	int sqlstate; /* 0 if the function returned */
	bool null;
	Datum result;
	int rows; /* that a set-returning function gave */
} Outcome;

#define MAX_ARGUMENTS 5

extern int rows_given;

extern Outcome call_function(PGFunction function, int count, const Datum *arguments);
extern Outcome call_protected(void (*work)(void *), void *argument);
extern void reset_memory(void);
extern void *keep_bytes(const void *bytes, size_t length);
extern Datum make_value(const void *bytes, size_t length);
extern Datum make_string(const void *bytes, size_t length);
extern Datum make_days(bool has_from, DateADT from, bool has_until, DateADT until);
extern Datum make_array(int rows, int columns, Oid type, const Datum *elements, int count);
pg_noreturn extern void fail(const char *what);
pg_noreturn extern void raise_error(int sqlstate);

#endif /* ATT_STAND_IN_H */
