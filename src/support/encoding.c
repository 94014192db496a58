/*
 * encoding.c
 *		file_text(): the text of a file that does not say its encoding.
 *
 * UTF-16, as Excel's "Unicode text" is, is known by its byte order mark, or by the zero bytes that
 * plain letters have in it: every second byte of most pairs, and no other.  What is neither that nor
 * valid UTF-8 is read as Windows-1252.
 */
#include "attendance.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"

typedef struct Utf16
{
	const unsigned char *bytes;
	int length;
	int at;
	bool big_endian;
} Utf16;

/* How many bytes are zero, of those at even places or of those at odd ones. */
static int
count_zeros(const Utf16 *file, int first)
{
	int count = 0;

	for (int i = first; i < file->length; i += 2)
		count += file->bytes[i] == 0;
	return count;
}

static bool
begins_with(const Utf16 *file, const char *mark, int length)
{
	return file->length >= length && memcmp(file->bytes, mark, length) == 0;
}

/* Finds out whether it is UTF-16, and in which order its bytes are. */
static bool
is_utf16(Utf16 *file)
{
	int even, odd;

	if (begins_with(file, "\xff\xfe\0\0", 4) || begins_with(file, "\0\0\xfe\xff", 4))
		ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
						errmsg("the file is in UTF-32; save it in UTF-8")));
	file->big_endian = begins_with(file, "\xfe\xff", 2);
	if (file->big_endian || begins_with(file, "\xff\xfe", 2))
	{
		file->at = 2;
		return true;
	}
	even = count_zeros(file, 0);
	odd = count_zeros(file, 1);
	file->big_endian = odd == 0 && even > file->length / 4;
	return file->big_endian || (even == 0 && odd > file->length / 4);
}

static void
fail_half(const Utf16 *file)
{
	ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
					errmsg("the UTF-16 is damaged: half a character ends at byte %d", file->at)));
}

static pg_wchar
read_unit(Utf16 *file)
{
	const unsigned char *bytes = file->bytes + file->at;

	if (file->length - file->at < 2)
	{
		file->at = file->length;
		fail_half(file);
	}
	file->at += 2;
	return file->big_endian ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0];
}

static pg_wchar
read_character(Utf16 *file)
{
	pg_wchar first = read_unit(file), second;

	if (is_utf16_surrogate_second(first))
		fail_half(file);
	if (!is_utf16_surrogate_first(first))
		return first;
	second = read_unit(file);
	if (!is_utf16_surrogate_second(second))
		fail_half(file);
	return surrogate_pair_to_codepoint(first, second);
}

static void
put_character(StringInfo utf8, pg_wchar character)
{
	unsigned char bytes[4];
	int length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

	unicode_to_utf8(character, bytes);
	appendBinaryStringInfo(utf8, (char *) bytes, length);
}

static text *
text_of(const char *bytes, int length, int encoding)
{
	char *here = pg_any_to_server(bytes, length, encoding);

	return cstring_to_text_with_len(here, here == bytes ? length : (int) strlen(here));
}

static text *
text_of_utf16(Utf16 *file)
{
	StringInfoData utf8;

	initStringInfo(&utf8);
	while (file->at < file->length)
	{
		CHECK_FOR_INTERRUPTS();
		put_character(&utf8, read_character(file));
	}
	return text_of(utf8.data, utf8.len, PG_UTF8);
}

PG_FUNCTION_INFO_V1(att_file_text);
Datum
att_file_text(PG_FUNCTION_ARGS)
{
	bytea *content = PG_GETARG_BYTEA_PP(0);
	const char *bytes = VARDATA_ANY(content);
	int length = VARSIZE_ANY_EXHDR(content);
	Utf16 file = {.bytes = (const unsigned char *) bytes, .length = length};

	if (is_utf16(&file))
		PG_RETURN_TEXT_P(text_of_utf16(&file));
	PG_RETURN_TEXT_P(text_of(bytes, length,
							 pg_verify_mbstr(PG_UTF8, bytes, length, true) ? PG_UTF8 : PG_WIN1252));
}
