/*
 * stand_in_text.c
 *		Strings, values and days, as the server has them.
 */
#include "stand_in.h"

#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#undef vsnprintf

/* ---------- strings ---------- */

#if PG_VERSION_NUM >= 160000
#define BYTES void
#else
#define BYTES char
#endif

void
initStringInfo(StringInfo string)
{
	string->maxlen = 64;
	string->data = palloc(string->maxlen);
	resetStringInfo(string);
}

void
resetStringInfo(StringInfo string)
{
	string->data[0] = '\0';
	string->len = string->cursor = 0;
}

void
enlargeStringInfo(StringInfo string, int needed)
{
	if (string->len + needed < string->maxlen)
		return;
	string->maxlen = (string->len + needed + 1) * 2;
	string->data = repalloc(string->data, string->maxlen);
}

void
appendBinaryStringInfo(StringInfo string, const BYTES *bytes, int length)
{
	enlargeStringInfo(string, length);
	if (length > 0)
		memcpy(string->data + string->len, bytes, length);
	string->len += length;
	string->data[string->len] = '\0';
}

void
appendStringInfoChar(StringInfo string, char c)
{
	appendBinaryStringInfo(string, &c, 1);
}

void
appendStringInfoString(StringInfo string, const char *more)
{
	appendBinaryStringInfo(string, more, strlen(more));
}

void
appendStringInfo(StringInfo string, const char *format, ...)
{
	char words[8192];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(words, sizeof(words), format, arguments);
	va_end(arguments);
	appendStringInfoString(string, words);
}

/* As in a server whose encoding has one byte for each character. */
int
pg_mblen(const char *string)
{
	return 1;
}

int
pg_mbcliplen(const char *string, int length, int limit)
{
	return Min(length, limit);
}

text *
cstring_to_text_with_len(const char *string, int length)
{
	return (text *) DatumGetPointer(make_value(string, length));
}

text *
cstring_to_text(const char *string)
{
	return cstring_to_text_with_len(string, strlen(string));
}

char *
text_to_cstring(const text *t)
{
	return pnstrdup(VARDATA_ANY(t), VARSIZE_ANY_EXHDR(t));
}

/* ---------- values ---------- */

/* With the long header, in memory of its own. */
struct varlena *
pg_detoast_datum_copy(struct varlena *value)
{
	size_t length = VARSIZE_ANY_EXHDR(value);
	struct varlena *copy = palloc(VARHDRSZ + length);

	SET_VARSIZE(copy, VARHDRSZ + length);
	memcpy(VARDATA(copy), VARDATA_ANY(value), length);
	return copy;
}

struct varlena *
pg_detoast_datum(struct varlena *value)
{
	return VARATT_IS_SHORT(value) ? pg_detoast_datum_copy(value) : value;
}

struct varlena *
pg_detoast_datum_packed(struct varlena *value)
{
	return value;
}

/* A value with the short header that it has in a table, if it is short. */
Datum
make_value(const void *bytes, size_t length)
{
	char *value;

	if (length + VARHDRSZ_SHORT <= VARATT_SHORT_MAX)
	{
		value = palloc(length + VARHDRSZ_SHORT);
		SET_VARSIZE_SHORT(value, length + VARHDRSZ_SHORT);
	}
	else
	{
		value = palloc(length + VARHDRSZ);
		SET_VARSIZE(value, length + VARHDRSZ);
	}
	if (length > 0)
		memcpy(VARDATA_ANY(value), bytes, length);
	return PointerGetDatum(value);
}

Datum
make_string(const void *bytes, size_t length)
{
	return PointerGetDatum(pnstrdup(bytes, length));
}

void
pq_begintypsend(StringInfo buf)
{
	initStringInfo(buf);
	appendBinaryStringInfo(buf, "\0\0\0", VARHDRSZ);
}

bytea *
pq_endtypsend(StringInfo buf)
{
	SET_VARSIZE(buf->data, buf->len);
	return (bytea *) buf->data;
}

void
pq_sendbytes(StringInfo buf, const BYTES *bytes, int length)
{
	appendBinaryStringInfo(buf, bytes, length);
}

void
pq_sendtext(StringInfo buf, const char *string, int length)
{
	appendBinaryStringInfo(buf, string, length);
}

const char *
pq_getmsgbytes(StringInfo buf, int length)
{
	const char *bytes = buf->data + buf->cursor;

	if (length < 0 || length > buf->len - buf->cursor)
		raise_error(ERRCODE_PROTOCOL_VIOLATION);
	buf->cursor += length;
	return bytes;
}

char *
pq_getmsgtext(StringInfo buf, int length, int *size)
{
	*size = length;
	return pnstrdup(pq_getmsgbytes(buf, length), length);
}

unsigned int
pq_getmsgint(StringInfo buf, int length)
{
	const uint8 *bytes = (const uint8 *) pq_getmsgbytes(buf, length);
	unsigned int number = 0;

	for (int i = 0; i < length; i++)
		number = number << 8 | bytes[i];
	return number;
}

int64
pq_getmsgint64(StringInfo buf)
{
	uint64 upper = pq_getmsgint(buf, 4);

	return (int64) (upper << 32 | pq_getmsgint(buf, 4));
}

/* ---------- days ---------- */

#define DAYS_TO_1970 719468 /* days from 1 March of the year 0 to 1970 */
#define JULIAN_1970 2440588
#define ERA 146097 /* days of 400 years */

int
date2j(int year, int month, int day)
{
	int64 y = (int64) year - (month <= 2);
	int64 era = (y >= 0 ? y : y - 399) / 400;
	int64 of_era = y - era * 400;
	int64 of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64 days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;

	return (int) (era * ERA + days - DAYS_TO_1970 + JULIAN_1970);
}

void
j2date(int julian, int *year, int *month, int *day)
{
	int64 days = (int64) julian - JULIAN_1970 + DAYS_TO_1970;
	int64 era = (days >= 0 ? days : days - ERA + 1) / ERA;
	int64 of_era = days - era * ERA;
	int64 y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64 of_year = of_era - (365 * y + y / 4 - y / 100);
	int64 m = (5 * of_year + 2) / 153;

	*day = (int) (of_year - (153 * m + 2) / 5 + 1);
	*month = (int) (m < 10 ? m + 3 : m - 9);
	*year = (int) (y + era * 400 + (*month <= 2));
}

int
j2day(int julian)
{
	return (int) ((((int64) julian + 1) % 7 + 7) % 7);
}
