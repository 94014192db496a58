/*
 * bands.c
 *		Where a tally stands among the bands of attendance, and how far it is from persistent
 *		absence.  Everything is compared in whole sessions.
 */
#include "attendance.h"

#include "common/int.h"

static int64
times(int64 factor, int64 sessions)
{
	int64 product;

	if (pg_mul_s64_overflow(factor, sessions, &product))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("bigint out of range")));
	return product;
}

static int64
plus(int64 a, int64 b)
{
	int64 sum;

	if (pg_add_s64_overflow(a, b, &sum))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("bigint out of range")));
	return sum;
}

PG_FUNCTION_INFO_V1(att_tally_attendance_band);
Datum
att_tally_attendance_band(PG_FUNCTION_ARGS)
{
	const AttendanceTally *tally = PG_GETARG_TALLY_P(0);
	int64 possible = tally_possible(tally);
	int64 absent = tally_absent(tally);

	if (possible == 0)
		PG_RETURN_NULL();
	if (absent == 0)
		PG_RETURN_INT32(1);
	if (absent <= possible / 20)
		PG_RETURN_INT32(2);
	PG_RETURN_INT32(3 + is_persistent(absent, possible) + is_severe(absent, possible));
}

PG_FUNCTION_INFO_V1(att_tally_absence_band);
Datum
att_tally_absence_band(PG_FUNCTION_ARGS)
{
	const AttendanceTally *tally = PG_GETARG_TALLY_P(0);
	int64 possible = tally_possible(tally);

	if (possible == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(times(20, tally_absent(tally)) / possible);
}

/* With so many absences at the end of the year, 10 * absences is still less than what was possible. */
PG_FUNCTION_INFO_V1(att_tally_sessions_to_miss);
Datum
att_tally_sessions_to_miss(PG_FUNCTION_ARGS)
{
	const AttendanceTally *tally = PG_GETARG_TALLY_P(0);
	int64 left = PG_GETARG_INT64(1);
	int64 possible;

	if (left < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("sessions left are not fewer than none, as %lld", (long long) left)));
	possible = plus(tally_possible(tally), left);
	if (possible == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64((possible - 1) / 10 - tally_absent(tally));
}

/* The least n with 10 * absent < possible + n. */
PG_FUNCTION_INFO_V1(att_tally_sessions_to_attend);
Datum
att_tally_sessions_to_attend(PG_FUNCTION_ARGS)
{
	const AttendanceTally *tally = PG_GETARG_TALLY_P(0);
	int64 possible = tally_possible(tally);

	if (possible == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(Max(plus(times(10, tally_absent(tally)) - possible, 1), 0));
}
