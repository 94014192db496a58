/*
 * message.c
 *		Messages as PostgreSQL's programs give them, memory, and growing buffers.
 */
#include "client.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void *
allocate(size_t size)
{
	return reallocate(NULL, size);
}

void *
reallocate(void *pointer, size_t size)
{
	void *result = realloc(pointer, size == 0 ? 1 : size);

	if (result == NULL)
		fail(EXIT_WRONG, "out of memory");
	return result;
}

char *
copy_text(Text text)
{
	char *copy = allocate(text.length + 1);

	if (text.length > 0)
		memcpy(copy, text.data, text.length);
	copy[text.length] = '\0';
	return copy;
}

char *
copy_string(const char *string)
{
	return copy_text(text_of(string));
}

Text
text_of(const char *string)
{
	return (Text){string, string == NULL ? 0 : strlen(string)};
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
	return text.length == strlen(word) && strncasecmp(text.data, word, text.length) == 0;
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

/* ---------- buffers ---------- */

static void
make_room(Buffer *buffer, size_t length)
{
	size_t needed = buffer->length + length + 1;

	if (needed < length)
		fail(EXIT_WRONG, "out of memory");
	if (needed <= buffer->capacity)
		return;
	buffer->capacity = needed < SIZE_MAX / 2 ? needed * 2 : needed;
	buffer->data = reallocate(buffer->data, buffer->capacity);
}

void
put_bytes(Buffer *buffer, const void *bytes, size_t length)
{
	make_room(buffer, length);
	if (length > 0)
		memcpy(buffer->data + buffer->length, bytes, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void
put_string(Buffer *buffer, const char *string)
{
	put_bytes(buffer, string, strlen(string));
}

void
put_format(Buffer *buffer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		fail(EXIT_WRONG, "a message cannot be formatted");
	make_room(buffer, length);
	va_start(arguments, format);
	vsnprintf(buffer->data + buffer->length, length + 1, format, arguments);
	va_end(arguments);
	buffer->length += length;
}

/* A field of a CSV file, in quotes if it needs them. */
void
put_csv(Buffer *buffer, Text field)
{
	bool quote = false;

	for (size_t i = 0; i < field.length; i++)
		quote |= strchr("\",;\t\r\n", field.data[i]) != NULL && field.data[i] != '\0';
	if (!quote)
	{
		put_bytes(buffer, field.data, field.length);
		return;
	}
	put_bytes(buffer, "\"", 1);
	for (size_t i = 0; i < field.length; i++)
		put_bytes(buffer, field.data[i] == '"' ? "\"\"" : &field.data[i],
				  field.data[i] == '"' ? 2 : 1);
	put_bytes(buffer, "\"", 1);
}

/* A JSON string with its quotes; bytes that are not UTF-8 are read as Windows-1252. */
void
put_json(Buffer *buffer, Text text)
{
	Buffer converted = {0};

	text = as_utf8(text, &converted);
	put_bytes(buffer, "\"", 1);
	for (size_t i = 0; i < text.length; i++)
	{
		unsigned char c = text.data[i];

		if (c == '"' || c == '\\')
			put_format(buffer, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			put_format(buffer, "\\u%04x", c);
		else
			put_bytes(buffer, &text.data[i], 1);
	}
	put_bytes(buffer, "\"", 1);
	free(converted.data);
}

/* ---------- messages ---------- */

void
say_error(const char *format, ...)
{
	va_list arguments;

	end_progress();
	fprintf(stderr, PROGRAM ": error: ");
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

/* A detail or hint that goes with an error. */
void
say_more(const char *label, const char *format, ...)
{
	va_list arguments;

	fprintf(stderr, PROGRAM ": %s: ", label);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

/* The same, if there is one: neither empty nor NULL. */
void
say_text(const char *label, const char *text)
{
	if (text != NULL && *text != '\0')
		say_more(label, "%s", text);
}

static Buffer warnings; /* as elements of a JSON array */

/* Nothing is wrong for certain. */
void
say_warning(const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	put_string(&warnings, warnings.length > 0 ? ", " : "");
	put_json(&warnings, text_of(message));
	if (options.quiet)
		return;
	end_progress();
	say_more("warning", "%s", message);
}

/* As a member of a JSON object that has others before it, if there are any. */
const char *
json_warnings(void)
{
	static Buffer member;

	member.length = 0;
	put_string(&member, "");
	if (warnings.length > 0)
		put_format(&member, ", \"warnings\": [%s]", warnings.data);
	return member.data;
}

/* A member of a JSON object that has others before it; none for an empty text or NULL. */
void
put_json_member(Buffer *line, const char *name, const char *value)
{
	if (value == NULL || *value == '\0')
		return;
	put_format(line, ", \"%s\": ", name);
	put_json(line, text_of(value));
}

static void
say_json(const char *message, const char *detail, const char *hint)
{
	Buffer line = {0};

	if (!options.json)
		return;
	put_string(&line, "{\"status\": \"error\"");
	put_json_member(&line, "message", message);
	put_json_member(&line, "detail", detail);
	put_json_member(&line, "hint", hint);
	put_string(&line, "}\n");
	fputs(line.data, stdout);
	free(line.data);
}

/* The same, with what the server adds to its message; empty texts are left out. */
void
fail_hint(int status, const char *message, const char *detail, const char *hint)
{
	say_error("%s", message);
	say_text("detail", detail);
	say_text("hint", hint);
	say_json(message, detail, hint);
	exit(status);
}

void
fail_detail(int status, const char *message, const char *detail)
{
	fail_hint(status, message, detail, "");
}

void
fail(int status, const char *format, ...)
{
	static char message[4096]; /* also when memory is short */
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	say_error("%s", message);
	if (strcmp(message, "out of memory") != 0)
		say_json(message, "", "");
	exit(status);
}

void
fail_usage(const char *format, ...)
{
	char message[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	say_error("%s", message);
	say_json(message, "", "");
	say_more("hint", "Try \"" PROGRAM " --help\" for more information.");
	exit(EXIT_WRONG);
}
