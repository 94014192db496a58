/*
 * fuzz_common.c
 *		What must hold of every answer.
 */
#include "fuzz.h"

void
need(bool condition, const char *what)
{
	if (!condition)
		fail(what);
}

/* A call returned, or raised one of the errors of a list that ends with 0. */
void
need_state(const Outcome *outcome, const char *what, const int *allowed)
{
	if (outcome->sqlstate == 0)
		return;
	for (; *allowed != 0; allowed++)
	{
		if (outcome->sqlstate == *allowed)
			return;
	}
	fprintf(stderr, "SQLSTATE %s: ", unpack_sql_state(outcome->sqlstate));
	fail(what);
}

static size_t
value_size(Datum value, size_t size)
{
	return size > 0 ? size : VARSIZE_ANY_EXHDR(DatumGetPointer(value));
}

static const void *
value_bytes(Datum value, size_t size)
{
	return size > 0 ? DatumGetPointer(value) : VARDATA_ANY(DatumGetPointer(value));
}

/* The text of a value, read back, is the same bytes; size is 0 for a type of variable length. */
void
check_round_trip(PGFunction in, PGFunction out, Datum value, size_t size, const char *what)
{
	Outcome written = call_function(out, 1, &value), again;

	need(written.sqlstate == 0, what);
	again = call_function(in, 1, &written.result);
	need(again.sqlstate == 0, what);
	need(value_size(value, size) == value_size(again.result, size) &&
			 memcmp(value_bytes(value, size), value_bytes(again.result, size),
					value_size(value, size)) == 0,
		 what);
}
