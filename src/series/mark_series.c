/*
 * mark_series.c
 *		Input, output and comparison of mark_series.
 *
 * The text form is the line as it stands in a register: the date of the first day with a mark,
 * then a word for each week, each with the marks of its days, morning and afternoon.
 */
#include "series/series.h"

#include "common/hashfn.h"
#include "lib/stringinfo.h"
#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "types/comparison.h"

#define BLANK '.' /* a session without a mark */

/* ---------- text input ---------- */

/*
 * Reads one mark as it stands in a week: a blank, a code of one character, or one of several
 * in parentheses.  False where there is none of these.
 */
static bool
parse_series_mark(const char **cursor, Mark *mark)
{
	const char *p = *cursor;
	size_t length = 1;

	if (*p == BLANK)
	{
		*mark = MARK_NONE;
		*cursor = p + 1;
		return true;
	}
	if (*p == '(')
	{
		length = strcspn(++p, ")");
		if (p[length] != ')')
			return false;
		*cursor = p + length + 1;
	}
	else
		*cursor = p + 1;
	*mark = find_mark(p, length);
	return *mark != MARK_NONE;
}

/* Reads the word of one week; in_week is where in it the word begins. */
static const char *
parse_week(const char **cursor, OpenSeries *open, int week, int in_week)
{
	for (; **cursor != ' ' && **cursor != '\0'; in_week++)
	{
		DateADT day = FIRST_DAY + week * DAYS_PER_WEEK + in_week / 2;
		Mark mark;

		if (in_week == SESSIONS_PER_WEEK)
			return "A week has more than fourteen sessions, or more than were left after its first day.";
		if (!parse_series_mark(cursor, &mark))
			return "A mark is an attendance code, in parentheses if it has more than one character, or a dot.";
		if (mark == MARK_NONE)
			continue;
		if (!day_in_range(day))
			return "Registers can be kept from 1900-01-01 to 2999-12-31.";
		put_mark(open, make_session(day, in_week % 2), mark);
	}
	return NULL;
}

/* Returns what is wrong, or NULL. */
static const char *
parse_series(const char *str, OpenSeries *open)
{
	DateADT day;
	int in_week, weeks = 0;

	if (is_empty_text(str))
		return NULL;
	str += strspn(str, " ");
	if (!parse_day(&str, &day) || *str != ' ')
		return "It is the date of its first day, then a word for each week, such as \"2025-09-08 /\\/\\\".";
	in_week = WEEKDAY_OF(day) * 2;
	for (str += strspn(str, " "); *str != '\0'; str += strspn(str, " "))
	{
		const char *problem;

		if (weeks == SERIES_MAX_WEEKS)
			return "It has too many weeks.";
		problem = parse_week(&str, open, WEEK_OF(day) + weeks++, in_week);
		if (problem != NULL)
			return problem;
		in_week = 0;
	}
	return weeks > 0 ? NULL : "There is no week after the date.";
}

PG_FUNCTION_INFO_V1(att_mark_series_in);
Datum
att_mark_series_in(PG_FUNCTION_ARGS)
{
	const char *str = PG_GETARG_CSTRING(0);
	OpenSeries *open = new_open_series();
	const char *problem = parse_series(str, open);

	if (problem != NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%s\"", "mark_series", clip_text(str)),
				 errdetail("%s", problem)));
	PG_RETURN_SERIES(pack_series(open));
}

/* ---------- text output ---------- */

static void
append_mark(StringInfo buf, Mark mark, int half)
{
	const char *code = mark_codes[mark_in_half(mark, half)].code;

	if (mark == MARK_NONE)
		appendStringInfoChar(buf, BLANK);
	else if (code[1] == '\0')
		appendStringInfoChar(buf, code[0]);
	else
		appendStringInfo(buf, "(%s)", code);
}

static void
append_week(StringInfo buf, const Mark *marks, int first)
{
	int after = SESSIONS_PER_WEEK;

	while (after > first + 1 && marks[after - 1] == MARK_NONE)
		after--;
	appendStringInfoChar(buf, ' ');
	for (int i = first; i < after; i++)
		append_mark(buf, marks[i], i % 2);
}

PG_FUNCTION_INFO_V1(att_mark_series_out);
Datum
att_mark_series_out(PG_FUNCTION_ARGS)
{
	OpenSeries *open = unpack_series(PG_GETARG_SERIES_PP(0));
	StringInfoData buf;
	char day[DAY_LENGTH + 1];
	int first = 0;

	if (open->weeks == 0)
		PG_RETURN_CSTRING(pstrdup(EMPTY_TEXT));
	while (open->marks[first] == MARK_NONE)
		first++;
	first -= first % 2;
	initStringInfo(&buf);
	format_day(day, FIRST_DAY + open->first_week * DAYS_PER_WEEK + first / 2);
	appendStringInfoString(&buf, day);
	for (int week = 0; week < open->weeks; week++)
		append_week(&buf, open->marks + week * SESSIONS_PER_WEEK, week == 0 ? first : 0);
	PG_RETURN_CSTRING(buf.data);
}

/* ---------- binary input and output ---------- */

PG_FUNCTION_INFO_V1(att_mark_series_recv);
Datum
att_mark_series_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int length = buf->len - buf->cursor;
	const char *bytes = pq_getmsgbytes(buf, length);
	MarkSeries *series;

	if (!series_bytes_valid((const uint8 *) bytes, length))
		ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
						errmsg("invalid mark_series in binary input")));
	series = palloc(VARHDRSZ + length);
	SET_VARSIZE(series, VARHDRSZ + length);
	memcpy(VARDATA(series), bytes, length);
	PG_RETURN_SERIES(series);
}

PG_FUNCTION_INFO_V1(att_mark_series_send);
Datum
att_mark_series_send(PG_FUNCTION_ARGS)
{
	MarkSeries *series = PG_GETARG_SERIES_PP(0);
	SeriesHeader header;
	StringInfoData buf;

	open_runs(&header, series);
	pq_begintypsend(&buf);
	pq_sendbytes(&buf, VARDATA_ANY(series), VARSIZE_ANY_EXHDR(series));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* ---------- the mark string of a Common Transfer File ---------- */

/* The next mark: a letter takes the digits that follow it if both together are a code. */
static bool
parse_transfer_mark(const char **cursor, Mark *mark)
{
	size_t length;

	if (**cursor == ' ' || **cursor == BLANK)
	{
		*mark = MARK_NONE;
		(*cursor)++;
		return true;
	}
	length = pg_mblen(*cursor);
	while ((*cursor)[length] >= '0' && (*cursor)[length] <= '9')
		length++;
	*mark = find_mark(*cursor, length);
	*cursor += length;
	return *mark != MARK_NONE;
}

static void
read_transfer_marks(const char *str, OpenSeries *open, DateADT day, int days_per_week,
					bool keep_closures)
{
	const char *cursor = str;
	int half = 0;

	while (*(cursor += strspn(cursor, "\t\r\n")) != '\0')
	{
		int offset = cursor - str + 1;
		Mark mark;

		while (WEEKDAY_OF(day) >= days_per_week)
			day++;
		if (!parse_transfer_mark(&cursor, &mark))
			ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
							errmsg("invalid attendance mark at character %d: \"%s\"", offset,
								   pnstrdup(str + offset - 1, cursor - str - offset + 1))));
		check_day(day);
		if (mark != MARK_NONE && (keep_closures || strcmp(mark_codes[mark].code, "#") != 0))
			put_mark(open, make_session(day, half), mark);
		day += half;
		half = 1 - half;
	}
}

/* mark_series(start date, attendance marks, days per week, keep closures) */
PG_FUNCTION_INFO_V1(att_mark_series_from_transfer_file);
Datum
att_mark_series_from_transfer_file(PG_FUNCTION_ARGS)
{
	DateADT day = PG_GETARG_DATEADT(0);
	char *str = text_to_cstring(PG_GETARG_TEXT_PP(1));
	int days_per_week = PG_GETARG_INT32(2);
	OpenSeries *open = new_open_series();

	check_day(day);
	if (days_per_week < 5 || days_per_week > DAYS_PER_WEEK)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a week has 5, 6 or 7 days, not %d", days_per_week)));
	if (WEEKDAY_OF(day) >= days_per_week)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the start date is not one of the %d days of a week", days_per_week)));
	read_transfer_marks(str, open, day, days_per_week, PG_GETARG_BOOL(3));
	PG_RETURN_SERIES(pack_series(open));
}

/* ---------- comparison: equal series are equal bytes; the order is fit for sorting only ---------- */

static int
cmp_mark_series(FunctionCallInfo fcinfo)
{
	MarkSeries *a = PG_GETARG_SERIES_PP(0);
	MarkSeries *b = PG_GETARG_SERIES_PP(1);
	int length_a = VARSIZE_ANY_EXHDR(a), length_b = VARSIZE_ANY_EXHDR(b);
	int cmp = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(length_a, length_b));

	PG_FREE_IF_COPY(a, 0);
	PG_FREE_IF_COPY(b, 1);
	return cmp != 0 ? cmp : length_a - length_b;
}

ATT_COMPARISON_FUNCTIONS(mark_series, cmp_mark_series)

#define SERIES_BYTES \
	(unsigned char *) VARDATA_ANY(PG_GETARG_SERIES_PP(0)), VARSIZE_ANY_EXHDR(PG_GETARG_SERIES_PP(0))

ATT_HASH_FUNCTIONS(mark_series, hash_any(SERIES_BYTES),
				   hash_any_extended(SERIES_BYTES, PG_GETARG_INT64(1)))
