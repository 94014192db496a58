/*
 * pupil.c
 *		Facts about a pupil that the registers need: the UPN's check letter and compulsory
 *		school age.
 */
#include "attendance.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

/* ---------- unique pupil numbers ---------- */

#define UPN_LENGTH 13
#define UPN_MODULUS 23

/* I, O and S are never used: a letter's value is its place here. */
static const char upn_letters[UPN_MODULUS + 1] = "ABCDEFGHJKLMNPQRTUVWXYZ";

static int
letter_value(char c)
{
	const char *place = c == '\0' ? NULL : strchr(upn_letters, c);

	return place == NULL ? -1 : (int) (place - upn_letters);
}

/*
 * A check letter, eleven digits, and a digit (permanent) or a letter (temporary): the weighted
 * sum of all after the first, modulo 23, gives the first.
 */
static bool
upn_valid(const char *upn, size_t length)
{
	int sum = 0;

	if (length != UPN_LENGTH)
		return false;
	for (int i = 1; i < UPN_LENGTH; i++)
	{
		bool digit = upn[i] >= '0' && upn[i] <= '9';
		int value = digit ? upn[i] - '0' : letter_value(upn[i]);

		if (!digit && (i < UPN_LENGTH - 1 || value < 0))
			return false;
		sum += value * (i + 1);
	}
	return upn[0] == upn_letters[sum % UPN_MODULUS];
}

PG_FUNCTION_INFO_V1(att_upn_is_valid);
Datum
att_upn_is_valid(PG_FUNCTION_ARGS)
{
	text *upn = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BOOL(upn_valid(VARDATA_ANY(upn), VARSIZE_ANY_EXHDR(upn)));
}

/* ---------- compulsory school age: Education Act 1996, section 8 ---------- */

static DateADT
make_day(int year, int month, int mday)
{
	return date2j(year, month, mday) - POSTGRES_EPOCH_JDATE;
}

/* The day on which somebody reaches an age; those born on 29 February do on 1 March. */
static DateADT
birthday(DateADT date_of_birth, int age, int *year)
{
	int month, mday;

	j2date(date_of_birth + POSTGRES_EPOCH_JDATE, year, &month, &mday);
	*year += age;
	return make_day(*year, month, mday);
}

/* Section 8(2): the fifth birthday if it is a prescribed day, or else the next one. */
static DateADT
age_begins(DateADT date_of_birth)
{
	int year;
	DateADT fifth = birthday(date_of_birth, 5, &year);

	if (fifth <= make_day(year, 3, 31))
		return make_day(year, 3, 31);
	if (fifth <= make_day(year, 8, 31))
		return make_day(year, 8, 31);
	return make_day(year, 12, 31);
}

/* The school leaving date of a year: the last Friday in June. */
static DateADT
leaving_date(int year)
{
	DateADT last = make_day(year, 6, 30);

	return last - (j2day(last + POSTGRES_EPOCH_JDATE) + 2) % 7;
}

/* Section 8(3): those who are sixteen before the next school year leave in that June. */
static DateADT
age_ends(DateADT date_of_birth, bool has_year_start, DateADT year_start)
{
	int year;
	DateADT sixteenth = birthday(date_of_birth, 16, &year);

	if (!has_year_start)
		year_start = make_day(year, 9, 1);
	return leaving_date(sixteenth < year_start ? year : year + 1);
}

/* The days on which somebody is of compulsory school age, to the one after the last. */
void
find_school_age(DateADT date_of_birth, DateADT *from, DateADT *until)
{
	*from = age_begins(date_of_birth);
	*until = age_ends(date_of_birth, false, 0) + 1;
}

/* compulsory_school_age(date of birth, first day of the school year in the sixteenth year) */
PG_FUNCTION_INFO_V1(att_compulsory_school_age);
Datum
att_compulsory_school_age(PG_FUNCTION_ARGS)
{
	RangeBound lower = {0}, upper = {0};
	TypeCacheEntry *typcache;
	DateADT date_of_birth;

	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	date_of_birth = PG_GETARG_DATEADT(0);
	check_day(date_of_birth);
	lower.val = DateADTGetDatum(age_begins(date_of_birth));
	lower.inclusive = lower.lower = true;
	upper.val = DateADTGetDatum(
		age_ends(date_of_birth, !PG_ARGISNULL(1), PG_ARGISNULL(1) ? 0 : PG_GETARG_DATEADT(1)) + 1);
	typcache = range_get_typcache(fcinfo, DATERANGEOID);
#if PG_VERSION_NUM >= 160000
	PG_RETURN_RANGE_P(make_range(typcache, &lower, &upper, false, NULL));
#else
	PG_RETURN_RANGE_P(make_range(typcache, &lower, &upper, false));
#endif
}
