/*
 * counters.c
 *		What attendance_tally and cohort_summary have in common: each is a fixed row of counters.
 *
 * The text form names every counter that is not zero, "present:180 authorised:7", by the SQL
 * function that reads it; a row of zeros is "empty".
 */
#include "attendance.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"

#define MAX_QUOTED 80

/* A sum that does not fit is an error, never a wrong figure. */
void
counter_overflow(const char *type_name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("%s out of range", type_name)));
}

/* A sign in any of them is one in all together. */
static bool
counters_are_sound(const int64 *counters, const CounterKind *kind)
{
	int64 any = 0;

	for (int i = 0; i < kind->count; i++)
		any |= counters[i];
	return any >= 0 && kind->consistent(counters);
}

/* A stored value, which may be any bytes: none can be read that no function would make. */
const int64 *
get_counters(Datum datum, const CounterKind *kind)
{
	const int64 *counters = (const int64 *) DatumGetPointer(datum);

	if (unlikely(!counters_are_sound(counters, kind)))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("corrupt %s value", kind->type_name)));
	return counters;
}

int
counters_cmp(const int64 *a, const int64 *b, int count)
{
	for (int i = 0; i < count; i++)
	{
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

/* ---------- text ---------- */

bool
is_empty_text(const char *str)
{
	size_t length = strlen(EMPTY_TEXT);

	str += strspn(str, " ");
	return pg_strncasecmp(str, EMPTY_TEXT, length) == 0 &&
		   str[length + strspn(str + length, " ")] == '\0';
}

/* As much of an input as a message should quote. */
char *
clip_text(const char *str)
{
	int length = pg_mbcliplen(str, strlen(str), MAX_QUOTED);

	return psprintf("%.*s%s", length, str, str[length] == '\0' ? "" : "...");
}

/* Reads a count without sign; false if there is none or it does not fit. */
bool
parse_count(const char **cursor, int64 *count)
{
	const char *p = *cursor;

	*count = 0;
	for (; *p >= '0' && *p <= '9'; p++)
	{
		if (pg_mul_s64_overflow(*count, 10, count) || pg_add_s64_overflow(*count, *p - '0', count))
			return false;
	}
	if (p == *cursor)
		return false;
	*cursor = p;
	return true;
}

static int
find_counter(const CounterKind *kind, const char *name, size_t length)
{
	for (int i = 0; i < kind->count; i++)
	{
		if (strlen(kind->names[i]) == length && strncmp(kind->names[i], name, length) == 0)
			return i;
	}
	return -1;
}

/* Returns what is wrong, or NULL. */
static const char *
parse_counters(const CounterKind *kind, const char *str, int64 *counters)
{
	uint32 seen = 0;

	if (is_empty_text(str))
		return NULL;
	str += strspn(str, " ");
	if (*str == '\0')
		return "A value without sessions is written \"empty\".";
	while (*str != '\0')
	{
		size_t length = strcspn(str, ": ");
		int i = find_counter(kind, str, length);

		if (i < 0 || str[length] != ':')
			return "It is a list of counts such as \"present:180 authorised:7\".";
		if (seen & (uint32) 1 << i)
			return "A count is given twice.";
		seen |= (uint32) 1 << i;
		str += length + 1;
		if (!parse_count(&str, &counters[i]) || (*str != ' ' && *str != '\0'))
			return "A count is a whole number from 0 to 9223372036854775807.";
		str += strspn(str, " ");
	}
	return kind->consistent(counters) ? NULL : "The counts contradict one another.";
}

Datum
counters_in(FunctionCallInfo fcinfo, const CounterKind *kind)
{
	const char *str = PG_GETARG_CSTRING(0);
	int64 *counters = palloc0(kind->count * sizeof(int64));
	const char *problem = parse_counters(kind, str, counters);

	if (problem != NULL)
		ereturn(
			fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"", kind->type_name, clip_text(str)),
			 errdetail("%s", problem)));
	PG_RETURN_POINTER(counters);
}

Datum
counters_out(FunctionCallInfo fcinfo, const CounterKind *kind)
{
	const int64 *counters = get_counters(PG_GETARG_DATUM(0), kind);
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < kind->count; i++)
	{
		if (counters[i] != 0)
			appendStringInfo(&buf, "%s%s:" INT64_FORMAT, buf.len > 0 ? " " : "", kind->names[i],
							 counters[i]);
	}
	if (buf.len == 0)
		appendStringInfoString(&buf, EMPTY_TEXT);
	PG_RETURN_CSTRING(buf.data);
}

/* ---------- binary: every counter as a bigint ---------- */

Datum
counters_recv(FunctionCallInfo fcinfo, const CounterKind *kind)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int64 *counters = palloc(kind->count * sizeof(int64));

	for (int i = 0; i < kind->count; i++)
		counters[i] = pq_getmsgint64(buf);
	if (!counters_are_sound(counters, kind))
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("invalid %s in binary input", kind->type_name)));
	PG_RETURN_POINTER(counters);
}

Datum
counters_send(FunctionCallInfo fcinfo, const CounterKind *kind)
{
	const int64 *counters = get_counters(PG_GETARG_DATUM(0), kind);
	StringInfoData buf;

	pq_begintypsend(&buf);
	for (int i = 0; i < kind->count; i++)
		pq_sendint64(&buf, counters[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---------- sums ---------- */

/*
 * The first argument, fit to be added to: an aggregate's own state is changed in place, any
 * other value is copied.
 */
int64 *
counters_state(FunctionCallInfo fcinfo, const CounterKind *kind)
{
	int64 *copy;

	if (AggCheckCallContext(fcinfo, NULL))
		return (int64 *) PG_GETARG_POINTER(0);
	copy = palloc(kind->count * sizeof(int64));
	memcpy(copy, get_counters(PG_GETARG_DATUM(0), kind), kind->count * sizeof(int64));
	return copy;
}

/* The operator +, which is also how aggregates add values and combine their states. */
Datum
counters_add(FunctionCallInfo fcinfo, const CounterKind *kind)
{
	int64 *sum = counters_state(fcinfo, kind);
	const int64 *more = get_counters(PG_GETARG_DATUM(1), kind);

	for (int i = 0; i < kind->count; i++)
		add_counter(&sum[i], more[i], kind->type_name);
	PG_RETURN_POINTER(sum);
}
