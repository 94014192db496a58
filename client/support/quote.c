/*
 * quote.c
 *		Texts as CSV, as JSON and as a terminal shows them.
 */
#include "client.h"

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
	termPQExpBuffer(&converted);
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

/* What is shown on a terminal has no control characters. */
char *
printable(Text value)
{
	Buffer converted = {0};
	char *copy = copy_text(as_utf8(value, &converted));

	for (char *c = copy; *c != '\0'; c++)
	{
		if ((unsigned char) *c < 0x20 || *c == 0x7f)
			*c = '?';
	}
	if (strlen(copy) > 200)
	{
		size_t length = 200;

		while (length > 0 && ((unsigned char) copy[length] & 0xc0) == 0x80)
			length--;
		memcpy(copy + length, "...", 4);
	}
	termPQExpBuffer(&converted);
	return copy;
}
