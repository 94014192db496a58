/*
 * text.c
 *		Pieces of text, and growing buffers.
 */
#include "client.h"

#include <ctype.h>

Text
text_of(const char *string)
{
	return (Text){string, string == NULL ? 0 : strlen(string)};
}

char *
copy_text(Text text)
{
	char *copy = pg_malloc(text.length + 1);

	if (text.length > 0)
		memcpy(copy, text.data, text.length);
	copy[text.length] = '\0';
	return copy;
}

bool
text_is(Text text, const char *string)
{
	return text.length == strlen(string) && memcmp(text.data, string, text.length) == 0;
}

/* Case does not count. */
bool
same_word(Text text, const char *word)
{
	return text.length == strlen(word) && pg_strncasecmp(text.data, word, text.length) == 0;
}

/* Whether a word is among others, which are separated by blanks. */
bool
has_word(const char *words, const char *wanted)
{
	size_t length = strlen(wanted);

	for (const char *word = words; *word != '\0'; word += strcspn(word, " "))
	{
		word += strspn(word, " ");
		if (strcspn(word, " ") == length && memcmp(word, wanted, length) == 0)
			return true;
	}
	return false;
}

/* A name without case, blanks and signs. */
void
normal_name(Text name, char *normal, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < name.length && length + 1 < size; i++)
	{
		unsigned char c = name.data[i];

		if (c < 128 && isalnum(c))
			normal[length++] = tolower(c);
	}
	normal[length] = '\0';
}

/*
 * How many bytes a blank has that begins here, or 0.  No-break spaces, spaces of other widths, marks
 * of byte order and of direction are blanks, too, as spreadsheets and web pages leave them.
 */
size_t
blank_length(const char *bytes, size_t left)
{
	const unsigned char *b = (const unsigned char *) bytes;

	if (left == 0 || (b[0] > ' ' && b[0] < 0xc2))
		return 0;
	if (b[0] == ' ' || (b[0] >= '\t' && b[0] <= '\r'))
		return 1;
	if (left >= 2 && memcmp(b, "\xc2\xa0", 2) == 0)
		return 2;
	if (left < 3)
		return 0;
	if (memcmp(b, "\xe2\x80", 2) == 0 && ((b[2] >= 0x80 && b[2] <= 0x8f) || b[2] == 0xaf))
		return 3;
	return memcmp(b, "\xe2\x81\xa0", 3) == 0 || memcmp(b, "\xe3\x80\x80", 3) == 0 ||
				   memcmp(b, "\xef\xbb\xbf", 3) == 0
			   ? 3
			   : 0;
}

/* Without blanks around it. */
Text
trim(Text text)
{
	size_t length;

	while ((length = blank_length(text.data, text.length)) > 0)
		text.data += length, text.length -= length;
	do
	{
		length = 0;
		for (size_t i = 1; i <= 3 && i <= text.length && length == 0; i++)
			length = blank_length(text.data + text.length - i, i) == i ? i : 0;
		text.length -= length;
	} while (length > 0);
	return text;
}

/* Digits alone, with blanks around them: strtoint() and option_parse_int() take signs, and no more bits than an int. */
bool
parse_integer(Text text, int64_t low, int64_t high, int64_t *value)
{
	text = trim(text);
	if (text.length == 0 || text.length > 18)
		return false;
	*value = 0;
	for (size_t i = 0; i < text.length; i++)
	{
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		*value = *value * 10 + (text.data[i] - '0');
	}
	return *value >= low && *value <= high;
}

/* ---------- buffers: where memory is short, a PQExpBuffer loses bytes in silence ---------- */

static void
make_room(Buffer *buffer, size_t length)
{
	if (length < buffer->maxlen - buffer->len)
		return;
	if (buffer->data == NULL)
		initPQExpBuffer(buffer);
	if (!enlargePQExpBuffer(buffer, length))
		pg_fatal("out of memory");
}

/* Called for every value of a file: without a call into libpq, unless there is no room. */
void
put_bytes(Buffer *buffer, const void *bytes, size_t length)
{
	make_room(buffer, length);
	if (length > 0)
		memcpy(buffer->data + buffer->len, bytes, length);
	buffer->len += length;
	buffer->data[buffer->len] = '\0';
}

void
put_string(Buffer *buffer, const char *string)
{
	put_bytes(buffer, string, strlen(string));
}

void
put_arguments(Buffer *buffer, const char *format, va_list arguments)
{
	va_list again;
	int number = errno; /* for %m */
	int length;

	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	make_room(buffer, length);
	errno = number;
	vsnprintf(buffer->data + buffer->len, length + 1, format, again);
	va_end(again);
	buffer->len += length;
}

void
put_format(Buffer *buffer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	put_arguments(buffer, format, arguments);
	va_end(arguments);
}

/* An empty one has its zero byte, too. */
void
empty_buffer(Buffer *buffer)
{
	make_room(buffer, 0);
	resetPQExpBuffer(buffer);
}
