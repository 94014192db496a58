/*
 * codes.c
 *		The table of codes and what can be asked of it.
 */
#include "attendance.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/tuplestore.h"

#define ATT_CODE(number, code, class, late, half, valid_from, valid_to, description) \
	[number] = {code, CLASS_##class, late, HALF_##half, valid_from, valid_to, description},

const MarkCode mark_codes[MARK_LIMIT] = {
#include "types/codes.def"
};

#undef ATT_CODE

const char *const mark_class_names[CLASS_COUNT] = {
	[CLASS_PRESENT] = "present",
	[CLASS_APPROVED] = "approved educational activity",
	[CLASS_AUTHORISED] = "authorised",
	[CLASS_UNAUTHORISED] = "unauthorised",
	[CLASS_NOT_POSSIBLE] = "not possible",
	[CLASS_CORONAVIRUS] = "coronavirus",
	[CLASS_ADMINISTRATIVE] = "administrative",
	[CLASS_UNMARKED] = "unmarked",
};

/* A code is one to three ASCII characters: these are searched without locale. */
static bool
same_code(const char *code, const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		if (code[i] == '\0' || code[i] != pg_ascii_toupper((unsigned char) text[i]))
			return false;
	}
	return code[length] == '\0';
}

/* The mark of a code in either case, or MARK_NONE. */
Mark
find_mark(const char *code, size_t length)
{
	for (Mark mark = 1; mark < MARK_LIMIT && length > 0; mark++)
	{
		if (mark_codes[mark].code != NULL && same_code(mark_codes[mark].code, code, length))
			return mark;
	}
	return MARK_NONE;
}

void
check_mark(Mark mark)
{
	if (unlikely(!mark_is_known(mark)))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid session mark number %d", mark)));
}

/* Days of the table are written yyyymmdd, so that they can be read in it. */
static int
day_as_number(DateADT day)
{
	int year, month, mday;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &mday);
	return (year * 100 + month) * 100 + mday;
}

static DateADT
number_as_day(int number)
{
	return date2j(number / 10000, number / 100 % 100, number % 100) - POSTGRES_EPOCH_JDATE;
}

/* 0 for a code in force on a day, less if it is not yet, more if it is no longer. */
int
code_in_force(Mark mark, DateADT day)
{
	const MarkCode *code = &mark_codes[mark];
	int number;

	if (code->valid_from == 0 && code->valid_to == 0)
		return 0;
	number = day_as_number(day);
	if (number < code->valid_from)
		return -1;
	return code->valid_to != 0 && number > code->valid_to;
}

PG_FUNCTION_INFO_V1(att_mark_is_valid_on);
Datum
att_mark_is_valid_on(PG_FUNCTION_ARGS)
{
	Mark mark = PG_GETARG_MARK(0);
	DateADT day = PG_GETARG_DATEADT(1);

	check_day(day);
	PG_RETURN_BOOL(code_in_force(mark, day) == 0);
}

static void
put_code(ReturnSetInfo *rsinfo, Mark mark)
{
	const MarkCode *code = &mark_codes[mark];
	Datum values[10];
	bool nulls[10] = {false};

	values[0] = MarkGetDatum(mark);
	values[1] = CStringGetTextDatum(mark_class_names[code->class]);
	values[2] = BoolGetDatum(class_is_possible(code->class));
	values[3] = BoolGetDatum(class_is_attended(code->class));
	values[4] = BoolGetDatum(class_is_absence(code->class));
	values[5] = BoolGetDatum(code->late);
	nulls[6] = code->half == HALF_BOTH;
	values[6] = nulls[6] ? (Datum) 0 : CStringGetTextDatum(half_names[code->half]);
	nulls[7] = code->valid_from == 0;
	values[7] = nulls[7] ? (Datum) 0 : DateADTGetDatum(number_as_day(code->valid_from));
	nulls[8] = code->valid_to == 0;
	values[8] = nulls[8] ? (Datum) 0 : DateADTGetDatum(number_as_day(code->valid_to));
	values[9] = CStringGetTextDatum(code->description);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(att_attendance_codes);
Datum
att_attendance_codes(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	for (Mark mark = 0; mark < MARK_LIMIT; mark++)
	{
		if (mark_is_known(mark))
			put_code((ReturnSetInfo *) fcinfo->resultinfo, mark);
	}
	PG_RETURN_VOID();
}
