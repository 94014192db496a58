/*
 * encoding.c
 *		Text of files as UTF-8: what is not valid UTF-8 is read as Windows-1252.  What XML cannot hold
 *		is found, as names and notes go out as XML.
 */
#include "client.h"

#include "mb/pg_wchar.h"

/* The bytes from 80 to 9F; those that mean nothing become the replacement character. */
static const uint16_t upper_half[32] = {
	0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

/*
 * The character that begins here and how many bytes it has, or 0 if it is none; half a surrogate pair
 * is one here, which pg_encoding_verifymbchar() does not tell from bytes that are no UTF-8.
 */
static size_t
take_character(const unsigned char *bytes, size_t left, uint32_t *code)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = bytes[0] < 0x80             ? 1
					: (bytes[0] & 0xe0) == 0xc0 ? 2
					: (bytes[0] & 0xf0) == 0xe0 ? 3
					: (bytes[0] & 0xf8) == 0xf0 ? 4
												: 0;

	*code = bytes[0];
	if (length <= 1 || length > left)
		return length > left ? 0 : length;
	*code = bytes[0] & (0xff >> (length + 1));
	for (size_t i = 1; i < length; i++)
	{
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | (bytes[i] & 0x3f);
	}
	return *code < least[length] || *code > 0x10ffff ? 0 : length;
}

static bool
is_surrogate(uint32_t code)
{
	return code >= 0xd800 && code < 0xe000;
}

/* Eight bytes at a time, as nearly all text of files is ASCII. */
bool
is_ascii(Text text)
{
	size_t i = 0;
	uint64_t word;

	for (; i + sizeof(word) <= text.length; i += sizeof(word))
	{
		memcpy(&word, text.data + i, sizeof(word));
		if ((word & UINT64_C(0x8080808080808080)) != 0)
			return false;
	}
	for (; i < text.length; i++)
	{
		if ((unsigned char) text.data[i] >= 0x80)
			return false;
	}
	return true;
}

/* Whether it would be UTF-8 if halves of surrogate pairs were characters, and whether there are any. */
static bool
is_nearly_utf8(Text text, bool *surrogates)
{
	const unsigned char *bytes = (const unsigned char *) text.data;

	*surrogates = false;
	for (size_t i = 0; i < text.length;)
	{
		uint32_t code;
		size_t length = take_character(bytes + i, text.length - i, &code);

		if (length == 0)
			return false;
		*surrogates |= is_surrogate(code);
		i += length;
	}
	return true;
}

bool
is_utf8(Text text)
{
	bool surrogates;

	return is_ascii(text) || (is_nearly_utf8(text, &surrogates) && !surrogates);
}

void
put_character(Buffer *buffer, uint32_t code)
{
	unsigned char bytes[4];

	unicode_to_utf8(code, bytes);
	put_bytes(buffer, bytes, pg_utf_mblen(bytes));
}

static uint32_t
windows_1252(unsigned char byte)
{
	return byte >= 0x80 && byte < 0xa0 ? upper_half[byte - 0x80] : byte;
}

static Text
from_windows_1252(Text text, Buffer *buffer)
{
	empty_buffer(buffer);
	for (size_t i = 0; i < text.length; i++)
		put_character(buffer, windows_1252(text.data[i]));
	return (Text){buffer->data, buffer->len};
}

/* For showing it: the text itself, or its conversion in the buffer. */
Text
as_utf8(Text text, Buffer *buffer)
{
	return is_utf8(text) ? text : from_windows_1252(text, buffer);
}

/* For using it: the same, as --encoding has it; what cannot be read is a problem. */
Text
decode(Text text, const char *encoding, Buffer *buffer, const char **problem)
{
	bool surrogates = false;

	if (is_ascii(text))
		return text;
	if (strcmp(encoding, "windows-1252") != 0)
	{
		bool nearly = is_nearly_utf8(text, &surrogates);

		if (nearly && !surrogates)
			return text;
		if (nearly)
			*problem = "there is half a surrogate pair, which is no character";
		else if (strcmp(encoding, "utf-8") == 0)
			*problem = "the text is not valid UTF-8";
		if (*problem != NULL)
			return text;
	}
	for (size_t i = 0; i < text.length; i++)
	{
		if (windows_1252(text.data[i]) == 0xfffd)
			*problem = "there is a byte that is no character, neither in UTF-8 nor in Windows-1252";
	}
	return from_windows_1252(text, buffer);
}

/* ---------- XML ---------- */

/* XML 1.0, 2.2: control characters and two more can be in no document, not even as references. */
static bool
is_of_xml(uint32_t code)
{
	if (code < 0x20)
		return code == '\t' || code == '\n' || code == '\r';
	return code != 0xfffe && code != 0xffff && !is_surrogate(code);
}

/* Why a text of UTF-8 cannot go out as XML one day, or NULL. */
const char *
text_problem(Text text)
{
	static char problem[80];

	for (size_t i = 0; i < text.length;)
	{
		uint32_t code;
		size_t length =
			take_character((const unsigned char *) text.data + i, text.length - i, &code);

		if (length == 0 || !is_of_xml(code))
		{
			snprintf(problem, sizeof(problem),
					 "the character U+%04X is no text, and XML cannot hold it", (unsigned) code);
			return problem;
		}
		i += length;
	}
	return NULL;
}

/* With the replacement character for what XML cannot hold. */
void
put_xml_text(Buffer *buffer, Text text)
{
	for (size_t i = 0; i < text.length;)
	{
		uint32_t code;
		size_t length =
			take_character((const unsigned char *) text.data + i, text.length - i, &code);

		if (length == 0 || !is_of_xml(code))
			put_character(buffer, 0xfffd);
		else
			put_bytes(buffer, text.data + i, length);
		i += length == 0 ? 1 : length;
	}
}
