/*
 * words.c
 *		Whether a text says something: it has a letter or digit, of whatever script.
 *
 * What a letter is depends neither on the collation nor on the database's locale: what is stored
 * must not become wrong where it is restored.
 */
#include "attendance.h"

#include "mb/pg_wchar.h"

/* Signs, spaces and marks of Unicode beside ASCII: they say nothing without a letter. */
static const struct
{
	pg_wchar first, last;
} signs[] = {
	{0x0080, 0x00A9}, {0x00AB, 0x00B4},   {0x00B6, 0x00B9},    {0x00BB, 0x00BF}, {0x00D7, 0x00D7},
	{0x00F7, 0x00F7}, {0x0300, 0x036F},   {0x2000, 0x206F},    {0x20A0, 0x20CF}, {0x2190, 0x2BFF},
	{0x2E00, 0x2E7F}, {0x3000, 0x3004},   {0x3008, 0x3020},    {0x3030, 0x3030}, {0xE000, 0xF8FF},
	{0xFE00, 0xFE6F}, {0xFEFF, 0xFF0F},   {0xFF1A, 0xFF20},    {0xFF3B, 0xFF40}, {0xFF5B, 0xFF65},
	{0xFFE0, 0xFFFF}, {0x1F000, 0x1FAFF}, {0xE0000, 0x10FFFF},
};

static bool
is_sign(pg_wchar character)
{
	for (int i = 0; i < (int) lengthof(signs); i++)
	{
		if (character >= signs[i].first && character <= signs[i].last)
			return true;
	}
	return false;
}

static bool
is_ascii_word(unsigned char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
		   (byte >= 'a' && byte <= 'z');
}

/* In encodings other than UTF-8 all that is not ASCII counts as a letter. */
static bool
begins_word(const char *text, int length, int *size)
{
	const unsigned char *bytes = (const unsigned char *) text;

	*size = 1;
	if (!IS_HIGHBIT_SET(*bytes) || GetDatabaseEncoding() != PG_UTF8)
		return IS_HIGHBIT_SET(*bytes) || is_ascii_word(*bytes);
	*size = pg_utf_mblen(bytes);
	return *size <= length && !is_sign(utf8_to_unicode(bytes));
}

static bool
has_word(const char *text, int length)
{
	int size;

	for (int at = 0; at < length; at += size)
	{
		if (begins_word(text + at, length - at, &size))
			return true;
	}
	return false;
}

bool
has_words(const char *text)
{
	return text != NULL && has_word(text, strlen(text));
}

PG_FUNCTION_INFO_V1(att_has_words);
Datum
att_has_words(PG_FUNCTION_ARGS)
{
	text *words = PG_GETARG_TEXT_PP(0);

	PG_RETURN_BOOL(has_word(VARDATA_ANY(words), VARSIZE_ANY_EXHDR(words)));
}
