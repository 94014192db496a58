/*
 * sees.c
 *		What the policies of row-level security ask first of each row.
 *
 * A condition that leaks nothing by itself, such as surname < 'M', is tried by PostgreSQL before a
 * policy if it costs less.  Who sees whether the policy was then asked, by EXPLAIN ANALYZE, by
 * counters or by time, reads what is hidden bit by bit.  This function and knows() cost next to
 * nothing for the planner, so they come first.  Rights may end between two rows of a cursor, but what
 * is seen stays what it was at its first row.
 */
#include "register/register.h"

#include "catalog/pg_type_d.h"
#include "utils/array.h"

static int
compare_numbers(const void *a, const void *b)
{
	return COMPARE(*(const int64 *) a, *(const int64 *) b);
}

Numbers
read_numbers(MemoryContext context, Datum array, Oid type)
{
	bool is_long = type == INT8OID;
	Numbers numbers;
	Datum *values;

	deconstruct_array(DatumGetArrayTypeP(array), type, is_long ? sizeof(int64) : sizeof(int32),
					  is_long ? FLOAT8PASSBYVAL : true, is_long ? TYPALIGN_DOUBLE : TYPALIGN_INT,
					  &values, NULL, &numbers.count);
	numbers.values = MemoryContextAlloc(context, sizeof(int64) * (numbers.count + 1));
	for (int i = 0; i < numbers.count; i++)
		numbers.values[i] = is_long ? DatumGetInt64(values[i]) : DatumGetInt32(values[i]);
	qsort(numbers.values, numbers.count, sizeof(int64), compare_numbers);
	return numbers;
}

bool
has_number(const Numbers *numbers, int64 number)
{
	return numbers->count > 0 && bsearch(&number, numbers->values, numbers->count, sizeof(int64),
										 compare_numbers) != NULL;
}

static bool
has_int_argument(const Numbers *numbers, FunctionCallInfo fcinfo, int argument)
{
	return !PG_ARGISNULL(argument) && has_number(numbers, PG_GETARG_INT32(argument));
}

/* What the user sees of a table. */
Places *
read_places(MemoryContext context, Oid relation)
{
	Places *places = MemoryContextAllocZero(context, sizeof(Places));
	AccessSets sets = access_sets(relation);

	places->schools = read_numbers(context, sets.schools, INT4OID);
	places->trusts = read_numbers(context, sets.trusts, INT4OID);
	places->authorities = read_numbers(context, sets.authorities, INT4OID);
	places->all_pupils = sets.all_pupils;
	if (!sets.all_pupils)
		places->pupils = read_numbers(context, sets.pupils, INT8OID);
	return places;
}

/* Rows of a school mostly lie together. */
bool
sees_school(Places *places, int32 school_urn)
{
	if (!places->has_last || places->last_school != school_urn)
	{
		places->sees_last = has_number(&places->schools, school_urn);
		places->last_school = school_urn;
		places->has_last = true;
	}
	return places->sees_last;
}

/*
 * sees(relation, school_urn, of_pupils, pupil_id, trust_uid, la_number): whether a row of these is
 * one that the user sees.  What the table has not is NULL; of pupils, a row without one is for who
 * sees all of them.
 */
PG_FUNCTION_INFO_V1(att_sees);
Datum
att_sees(PG_FUNCTION_ARGS)
{
	Places *places = fcinfo->flinfo->fn_extra;

	if (PG_ARGISNULL(SEES_RELATION) || PG_ARGISNULL(SEES_OF_PUPILS))
		PG_RETURN_BOOL(false);
	if (places == NULL)
		fcinfo->flinfo->fn_extra = places =
			read_places(fcinfo->flinfo->fn_mcxt, PG_GETARG_OID(SEES_RELATION));
	if (PG_GETARG_BOOL(SEES_OF_PUPILS) && !places->all_pupils &&
		(PG_ARGISNULL(SEES_PUPIL) || !has_number(&places->pupils, PG_GETARG_INT64(SEES_PUPIL))))
		PG_RETURN_BOOL(false);
	if (!PG_ARGISNULL(SEES_SCHOOL))
		PG_RETURN_BOOL(sees_school(places, PG_GETARG_INT32(SEES_SCHOOL)));
	PG_RETURN_BOOL(has_int_argument(&places->trusts, fcinfo, SEES_TRUST) ||
				   has_int_argument(&places->authorities, fcinfo, SEES_AUTHORITY));
}
