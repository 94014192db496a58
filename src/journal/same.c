/*
 * same.c
 *		Whether the JSON that the journal has of a row says what the row has, without making JSON of
 *		the row: that of every row of a register would take longer than all else that proves it.
 */
#include "journal/journal.h"

#include "access/htup_details.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

typedef struct Cursor
{
	const char *next;
	const char *end;
} Cursor;

static bool
take(Cursor *cursor, const char *bytes, size_t length)
{
	if ((size_t) (cursor->end - cursor->next) < length || memcmp(cursor->next, bytes, length) != 0)
		return false;
	cursor->next += length;
	return true;
}

static bool
take_text(Cursor *cursor, const char *text)
{
	return take(cursor, text, strlen(text));
}

static bool
is_plain(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
	{
		if ((unsigned char) bytes[i] < ' ' || bytes[i] == '"' || bytes[i] == '\\')
			return false;
	}
	return true;
}

static bool
take_string(Cursor *cursor, const char *bytes, size_t length)
{
	StringInfoData escaped;

	if (is_plain(bytes, length))
		return take(cursor, "\"", 1) && take(cursor, bytes, length) && take(cursor, "\"", 1);
	initStringInfo(&escaped);
	escape_json(&escaped, pnstrdup(bytes, length));
	return take(cursor, escaped.data, escaped.len);
}

static bool
take_text_datum(Cursor *cursor, Datum value)
{
	text *string = DatumGetTextPP(value);

	return take_string(cursor, VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string));
}

static bool
take_number(Cursor *cursor, int64 number)
{
	char digits[MAXINT8LEN + 1];

	return take(cursor, digits, pg_lltoa(number, digits));
}

static bool
take_date(Cursor *cursor, Datum day)
{
	char buffer[MAXDATELEN + 1];

	JsonEncodeDateTime(buffer, day, DATEOID, NULL);
	return take_string(cursor, buffer, strlen(buffer));
}

/* Seconds west of Greenwich, of what begins with a sign: +01, -03:30; false if it is none. */
static bool
read_zone(const char *text, int *west)
{
	int hours = 0, minutes = 0, read = 0;
	int parts = sscanf(text + 1, "%2d%n:%2d%n", &hours, &read, &minutes, &read);

	if (parts < 1 || text[1 + read] != '\0' || hours < 0 || hours > 15 || minutes < 0 ||
		minutes > 59)
		return false;
	*west = (hours * MINS_PER_HOUR + minutes) * SECS_PER_MINUTE * (*text == '+' ? -1 : 1);
	return true;
}

/* The same instant, in the time zone of whoever wrote it. */
static bool
take_time(Cursor *cursor, TimestampTz time)
{
	const char *start = cursor->next + 1;
	const char *quote = start < cursor->end ? memchr(start, '"', cursor->end - start) : NULL;
	char there[MAXDATELEN + 1], here[MAXDATELEN + 1];
	char *sign;
	int west;

	if (quote == NULL || quote - start > MAXDATELEN || TIMESTAMP_NOT_FINITE(time))
		return false;
	memcpy(there, start, quote - start);
	there[quote - start] = '\0';
	sign = strchr(there, 'T');
	if (sign != NULL)
		sign = strpbrk(sign, "+-");
	if (sign == NULL || !read_zone(sign, &west) || !IS_VALID_TIMESTAMP(time - west * USECS_PER_SEC))
		return false;
	JsonEncodeDateTime(here, TimestampTzGetDatum(time), TIMESTAMPTZOID, &west);
	return take_string(cursor, here, strlen(here));
}

static bool
take_texts(Cursor *cursor, ArrayType *array)
{
	Datum *values;
	bool *nulls;
	int count;

	if (ARR_NDIM(array) > 1 || !take(cursor, "[", 1))
		return false;
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
	for (int i = 0; i < count; i++)
	{
		if (nulls[i] || (i > 0 && !take(cursor, ",", 1)) || !take_text_datum(cursor, values[i]))
			return false;
	}
	return take(cursor, "]", 1);
}

/* As its type writes it: what JSON has in another form is not looked at any closer. */
static bool
take_other(Cursor *cursor, Oid type, Datum value)
{
	Oid output;
	bool is_varlena;
	char *text;

	getTypeOutputInfo(type, &output, &is_varlena);
	text = OidOutputFunctionCall(output, value);
	if (type == NUMERICOID || type == JSONBOID)
		return take_text(cursor, text);
	return take_string(cursor, text, strlen(text));
}

static bool
take_value(Cursor *cursor, Oid type, Datum value)
{
	switch (type)
	{
		case BOOLOID:
			return take_text(cursor, DatumGetBool(value) ? "true" : "false");
		case INT2OID:
			return take_number(cursor, DatumGetInt16(value));
		case INT4OID:
			return take_number(cursor, DatumGetInt32(value));
		case INT8OID:
			return take_number(cursor, DatumGetInt64(value));
		case TEXTOID:
			return take_text_datum(cursor, value);
		case DATEOID:
			return take_date(cursor, value);
		case TIMESTAMPTZOID:
			return take_time(cursor, DatumGetTimestampTz(value));
		case TEXTARRAYOID:
			return take_texts(cursor, DatumGetArrayTypeP(value));
		default:
			return take_other(cursor, type, value);
	}
}

static bool
take_columns(Cursor *cursor, TupleDesc tupdesc, const Datum *values, const bool *nulls)
{
	const char *before = "{";

	for (int i = 0; i < tupdesc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(tupdesc, i);
		const char *name = NameStr(column->attname);

		if (column->attisdropped)
			continue;
		if (!take_text(cursor, before) || !take_string(cursor, name, strlen(name)) ||
			!take(cursor, ":", 1) ||
			!(nulls[i] ? take_text(cursor, "null")
					   : take_value(cursor, getBaseType(column->atttypid), values[i])))
			return false;
		before = ",";
	}
	return take(cursor, "}", 1) && cursor->next == cursor->end;
}

/* same_row(row, version) */
PG_FUNCTION_INFO_V1(att_same_row);
Datum
att_same_row(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	text *version = PG_GETARG_TEXT_PP(1);
	Cursor cursor = {VARDATA_ANY(version), VARDATA_ANY(version) + VARSIZE_ANY_EXHDR(version)};
	TupleDesc tupdesc =
		lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(row), HeapTupleHeaderGetTypMod(row));
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};
	Datum *values = palloc(tupdesc->natts * sizeof(Datum));
	bool *nulls = palloc(tupdesc->natts * sizeof(bool));
	bool same;

	heap_deform_tuple(&tuple, tupdesc, values, nulls);
	same = take_columns(&cursor, tupdesc, values, nulls);
	ReleaseTupleDesc(tupdesc);
	PG_RETURN_BOOL(same);
}
