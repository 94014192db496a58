/*
 * utf16.c
 *		Text in UTF-16, as Excel's "Unicode text" is, becomes UTF-8.
 *
 * It is known by its byte order mark, or by the zero bytes that plain letters have in it: every second
 * byte of most pairs, and no other.  Half a character ends the program: nobody can say what was meant.
 */
#include "read/read.h"

struct Utf16
{
	const char *name;
	bool big_endian;
	unsigned char held[4]; /* bytes of a character that has not come to its end */
	size_t held_length;
	int64_t offset; /* of the next byte in the file */
	Buffer ready;   /* UTF-8 */
	size_t taken;   /* of it */
};

/* How many bytes are zero, of those at even places or of those at odd ones. */
static size_t
count_zeros(const char *bytes, size_t length, size_t first)
{
	size_t count = 0;

	for (size_t i = first; i < length; i += 2)
		count += bytes[i] == '\0';
	return count;
}

/* NULL if the text is not in UTF-16. */
Utf16 *
start_utf16(const char *head, size_t length, const char *name)
{
	bool little, big, marked;
	size_t even, odd;
	Utf16 *utf16;

	if (length < 2)
		return NULL;
	if (length >= 4 &&
		(memcmp(head, "\xff\xfe\0\0", 4) == 0 || memcmp(head, "\0\0\xfe\xff", 4) == 0))
		fail(EXIT_DATA, "%s: the file is in UTF-32; save it in UTF-8", name);
	little = memcmp(head, "\xff\xfe", 2) == 0;
	big = memcmp(head, "\xfe\xff", 2) == 0;
	marked = little || big;
	even = marked ? 0 : count_zeros(head, length, 0);
	odd = marked ? 0 : count_zeros(head, length, 1);
	little |= even == 0 && odd > length / 4;
	big |= odd == 0 && even > length / 4;
	if (!little && !big)
		return NULL;
	if (strcmp(options.encoding, "auto") != 0)
		fail(EXIT_DATA, "%s: the file is in UTF-16, not in the encoding of --encoding", name);
	utf16 = pg_malloc0(sizeof(Utf16));
	utf16->name = name;
	utf16->big_endian = big;
	give_utf16(utf16, head + (marked ? 2 : 0), length - (marked ? 2 : 0));
	utf16->offset += marked ? 2 : 0;
	return utf16;
}

static unsigned
unit_at(const Utf16 *utf16, int place)
{
	const unsigned char *bytes = utf16->held + place;

	return utf16->big_endian ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0];
}

static void
fail_half(const Utf16 *utf16)
{
	fail(EXIT_DATA, "%s: the UTF-16 is damaged: half a character ends at byte %lld", utf16->name,
		 (long long) utf16->offset);
}

/* What is held becomes a character, if it is a whole one. */
static void
take_character(Utf16 *utf16)
{
	unsigned first = unit_at(utf16, 0), second;

	if ((first & 0xf800) != 0xd800)
		put_character(&utf16->ready, first);
	else if (first >= 0xdc00)
		fail_half(utf16);
	else if (utf16->held_length < 4)
		return;
	else if (((second = unit_at(utf16, 2)) & 0xfc00) != 0xdc00)
		fail_half(utf16);
	else
		put_character(&utf16->ready, 0x10000 + ((first & 0x3ff) << 10 | (second & 0x3ff)));
	utf16->held_length = 0;
}

void
give_utf16(Utf16 *utf16, const char *bytes, size_t length)
{
	empty_buffer(&utf16->ready);
	utf16->taken = 0;
	for (size_t i = 0; i < length; i++)
	{
		utf16->held[utf16->held_length++] = bytes[i];
		utf16->offset++;
		if (utf16->held_length % 2 == 0)
			take_character(utf16);
	}
}

size_t
take_utf16(Utf16 *utf16, char *bytes, size_t size)
{
	size_t length = utf16->ready.len - utf16->taken;

	length = length < size ? length : size;
	memcpy(bytes, utf16->ready.data + utf16->taken, length);
	utf16->taken += length;
	return length;
}

void
check_utf16_end(const Utf16 *utf16)
{
	if (utf16->held_length > 0)
		fail_half(utf16);
}

void
end_utf16(Utf16 *utf16)
{
	if (utf16 == NULL)
		return;
	termPQExpBuffer(&utf16->ready);
	free(utf16);
}
