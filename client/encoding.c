/*
 * encoding.c
 *		Text of files as UTF-8: what is not valid UTF-8 is read as Windows-1252.
 */
#include "client.h"

#include <string.h>

/* The bytes from 80 to 9F; those that mean nothing become the replacement character. */
static const uint16_t upper_half[32] = {
	0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
	0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
	0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

/* How many bytes the character that begins here has, or 0 if it is none. */
static size_t
character_length(const unsigned char *bytes, size_t left)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = bytes[0] < 0x80             ? 1
					: (bytes[0] & 0xe0) == 0xc0 ? 2
					: (bytes[0] & 0xf0) == 0xe0 ? 3
					: (bytes[0] & 0xf8) == 0xf0 ? 4
												: 0;
	uint32_t code;

	if (length <= 1 || length > left)
		return length > left ? 0 : length;
	code = bytes[0] & (0xff >> (length + 1));
	for (size_t i = 1; i < length; i++)
	{
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return length;
}

bool
is_utf8(Text text)
{
	const unsigned char *bytes = (const unsigned char *) text.data;

	for (size_t i = 0; i < text.length;)
	{
		size_t length = bytes[i] < 0x80 ? 1 : character_length(bytes + i, text.length - i);

		if (length == 0)
			return false;
		i += length;
	}
	return true;
}

static void
put_character(Buffer *buffer, uint32_t code)
{
	char bytes[3];
	size_t length = 0;

	if (code < 0x80)
		bytes[length++] = code;
	else if (code < 0x800)
	{
		bytes[length++] = 0xc0 | code >> 6;
		bytes[length++] = 0x80 | (code & 0x3f);
	}
	else
	{
		bytes[length++] = 0xe0 | code >> 12;
		bytes[length++] = 0x80 | (code >> 6 & 0x3f);
		bytes[length++] = 0x80 | (code & 0x3f);
	}
	put_bytes(buffer, bytes, length);
}

void
put_windows_1252(Buffer *buffer, Text text)
{
	for (size_t i = 0; i < text.length; i++)
	{
		unsigned char byte = text.data[i];

		put_character(buffer, byte >= 0x80 && byte < 0xa0 ? upper_half[byte - 0x80] : byte);
	}
}

/* The text itself, or its conversion in the buffer. */
Text
as_utf8(Text text, Buffer *buffer)
{
	bool windows = strcmp(options.encoding, "windows-1252") == 0;

	if (text.length == 0 || (!windows && is_utf8(text)))
		return text;
	if (strcmp(options.encoding, "utf-8") == 0)
		windows = true; /* only for showing it: read_record refuses it */
	buffer->length = 0;
	put_windows_1252(buffer, text);
	return (Text){buffer->data, buffer->length};
}
