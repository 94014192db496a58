/*
 * session_mark.c
 *		The types session_mark (any attendance code) and absence_code (a code that counts as
 *		absence): one byte, passed by value.
 */
#include "attendance.h"

#include "common/hashfn.h"
#include "libpq/pqformat.h"
#include "utils/builtins.h"

#include "types/comparison.h"

/*
 * The mark that a text says, or MARK_NONE.  Blanks around it come from char(n) columns; the
 * daily reports of the Department for Education write a missing mark as two hyphens.
 */
static Mark
parse_mark(const char *str)
{
	size_t length;

	str += strspn(str, " ");
	length = strlen(str);
	while (length > 0 && str[length - 1] == ' ')
		length--;
	if (length == 2 && str[0] == '-' && str[1] == '-')
		return MARK_UNMARKED;
	return find_mark(str, length);
}

/*
 * A lone backslash is the mark of the afternoon, and COPY's text format takes it for an escape:
 * what arrives then is a line break, a tab or nothing.
 */
static bool
is_eaten_backslash(const char *str)
{
	return str[strspn(str, " \t\r\n")] == '\0';
}

static bool
is_absence_code(Mark mark)
{
	return class_is_absence(mark_codes[mark].class);
}

static Datum
mark_from_text(const char *str, const char *type_name, bool absence, Node *escontext)
{
	Mark mark = parse_mark(str);

	if (mark == MARK_NONE)
		ereturn(
			escontext, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"", type_name, clip_text(str)),
			 is_eaten_backslash(str)
				 ? errdetail(
					   "A blank is no mark. If a backslash, the mark of the afternoon, was sent through COPY's text format, it was taken for an escape: use FORMAT csv.")
				 : errdetail(
					   "It is not an attendance code; the function attendance_codes() lists them.")));
	if (absence && !is_absence_code(mark))
		ereturn(
			escontext, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%s\"", type_name, mark_codes[mark].code),
			 errdetail("The code does not count as absence.")));
	return MarkGetDatum(mark);
}

static Datum
mark_from_binary(FunctionCallInfo fcinfo, const char *type_name, bool absence)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int length;
	char *str = pq_getmsgtext(buf, buf->len - buf->cursor, &length);

	return mark_from_text(str, type_name, absence, NULL);
}

PG_FUNCTION_INFO_V1(att_session_mark_in);
Datum
att_session_mark_in(PG_FUNCTION_ARGS)
{
	return mark_from_text(PG_GETARG_CSTRING(0), "session_mark", false, fcinfo->context);
}

PG_FUNCTION_INFO_V1(att_absence_code_in);
Datum
att_absence_code_in(PG_FUNCTION_ARGS)
{
	return mark_from_text(PG_GETARG_CSTRING(0), "absence_code", true, fcinfo->context);
}

PG_FUNCTION_INFO_V1(att_session_mark_recv);
Datum
att_session_mark_recv(PG_FUNCTION_ARGS)
{
	return mark_from_binary(fcinfo, "session_mark", false);
}

PG_FUNCTION_INFO_V1(att_absence_code_recv);
Datum
att_absence_code_recv(PG_FUNCTION_ARGS)
{
	return mark_from_binary(fcinfo, "absence_code", true);
}

/* What is stored as an absence code may be any byte, that of another code too. */
static Mark
get_absence(Datum datum)
{
	Mark mark = get_mark(datum);

	if (unlikely(!is_absence_code(mark)))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid absence code number %d", mark)));
	return mark;
}

static Datum
send_code(Mark mark)
{
	const char *code = mark_codes[mark].code;
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendtext(&buf, code, strlen(code));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(att_session_mark_out);
Datum
att_session_mark_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(pstrdup(mark_codes[PG_GETARG_MARK(0)].code));
}

PG_FUNCTION_INFO_V1(att_absence_code_out);
Datum
att_absence_code_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(pstrdup(mark_codes[get_absence(PG_GETARG_DATUM(0))].code));
}

PG_FUNCTION_INFO_V1(att_session_mark_send);
Datum
att_session_mark_send(PG_FUNCTION_ARGS)
{
	return send_code(PG_GETARG_MARK(0));
}

PG_FUNCTION_INFO_V1(att_absence_code_send);
Datum
att_absence_code_send(PG_FUNCTION_ARGS)
{
	return send_code(get_absence(PG_GETARG_DATUM(0)));
}

/* Every absence code is a session mark with the same number. */
PG_FUNCTION_INFO_V1(att_absence_code_to_mark);
Datum
att_absence_code_to_mark(PG_FUNCTION_ARGS)
{
	PG_RETURN_MARK(get_absence(PG_GETARG_DATUM(0)));
}

PG_FUNCTION_INFO_V1(att_mark_to_absence_code);
Datum
att_mark_to_absence_code(PG_FUNCTION_ARGS)
{
	Mark mark = PG_GETARG_MARK(0);

	if (!is_absence_code(mark))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("session mark \"%s\" does not count as absence", mark_codes[mark].code)));
	PG_RETURN_MARK(mark);
}

PG_FUNCTION_INFO_V1(att_mark_place);
Datum
att_mark_place(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(PG_GETARG_MARK(0));
}

/* ---------- comparison: the order is that of attendance_codes() ---------- */

static int
cmp_marks(FunctionCallInfo fcinfo)
{
	return (int) DatumGetUInt8(PG_GETARG_DATUM(0)) - (int) DatumGetUInt8(PG_GETARG_DATUM(1));
}

ATT_COMPARISON_FUNCTIONS(session_mark, cmp_marks)
ATT_COMPARISON_FUNCTIONS(absence_code, cmp_marks)

#define HASH_MARK hash_uint32(DatumGetUInt8(PG_GETARG_DATUM(0)))
#define HASH_MARK_EXTENDED \
	hash_uint32_extended(DatumGetUInt8(PG_GETARG_DATUM(0)), PG_GETARG_INT64(1))

ATT_HASH_FUNCTIONS(session_mark, HASH_MARK, HASH_MARK_EXTENDED)
ATT_HASH_FUNCTIONS(absence_code, HASH_MARK, HASH_MARK_EXTENDED)

/* ---------- what a code means ---------- */

PG_FUNCTION_INFO_V1(att_mark_class);
Datum
att_mark_class(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(mark_class_names[mark_codes[PG_GETARG_MARK(0)].class]));
}

PG_FUNCTION_INFO_V1(att_mark_description);
Datum
att_mark_description(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(mark_codes[PG_GETARG_MARK(0)].description));
}

#define ATT_MARK_PREDICATE(name, condition) \
	PG_FUNCTION_INFO_V1(att_mark_is_##name); \
	Datum att_mark_is_##name(PG_FUNCTION_ARGS) \
	{ \
		const MarkCode *code = &mark_codes[PG_GETARG_MARK(0)]; \
\
		PG_RETURN_BOOL(condition); \
	}

ATT_MARK_PREDICATE(present, code->class == CLASS_PRESENT)
ATT_MARK_PREDICATE(attended, class_is_attended(code->class))
ATT_MARK_PREDICATE(absence, class_is_absence(code->class))
ATT_MARK_PREDICATE(authorised, code->class == CLASS_AUTHORISED)
ATT_MARK_PREDICATE(unauthorised, code->class == CLASS_UNAUTHORISED)
ATT_MARK_PREDICATE(possible, class_is_possible(code->class))
ATT_MARK_PREDICATE(late, code->late)
