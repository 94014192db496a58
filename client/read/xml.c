/*
 * xml.c
 *		The encoding of XML that comes in.  The declaration says what it is; where it contradicts the
 *		bytes, these are believed if they leave no doubt, and the file is refused otherwise.
 */
#include "read/read.h"

typedef struct Declaration
{
	size_t length; /* 0: there is none */
	char encoding[41];
} Declaration;

static Text
rest_of(Text text, const char *found, size_t length)
{
	return (Text){found + length, text.length - (size_t) (found - text.data) - length};
}

static const char *
find_in(Text text, const char *word)
{
	size_t length = strlen(word);

	for (size_t i = 0; i + length <= text.length; i++)
	{
		if (memcmp(text.data + i, word, length) == 0)
			return text.data + i;
	}
	return NULL;
}

/* <?xml version="1.0" encoding="NAME"?> */
static Declaration
read_declaration(Text text)
{
	Declaration declaration = {0};
	Text inside = text;
	const char *end, *name;
	size_t length = 0;

	if (text.length < 6 || memcmp(text.data, "<?xml", 5) != 0 ||
		blank_length(text.data + 5, 1) == 0 || (end = find_in(text, "?>")) == NULL)
		return declaration;
	inside.length = end - text.data;
	declaration.length = inside.length + 2;
	name = find_in(inside, "encoding");
	if (name == NULL)
		return declaration;
	inside = rest_of(inside, name, strlen("encoding"));
	while (inside.length > 0 &&
		   (blank_length(inside.data, 1) > 0 || strchr("=\"'", *inside.data) != NULL))
		inside.data++, inside.length--;
	while (length < inside.length && length < sizeof(declaration.encoding) - 1 &&
		   strchr("\"' ", inside.data[length]) == NULL)
		length++;
	memcpy(declaration.encoding, inside.data, length);
	return declaration;
}

static bool
begins_with(const char *name, const char *prefix)
{
	return pg_strncasecmp(name, prefix, strlen(prefix)) == 0;
}

static bool
is_wide(const char *encoding)
{
	return begins_with(encoding, "utf-16") || begins_with(encoding, "utf16") ||
		   begins_with(encoding, "ucs-2") || begins_with(encoding, "iso-10646-ucs-2");
}

static bool
is_declared_utf8(const char *encoding)
{
	return pg_strcasecmp(encoding, "utf-8") == 0 || pg_strcasecmp(encoding, "utf8") == 0;
}

/* What it is beyond doubt, or NULL. */
static const char *
certain_encoding(const Input *input, const char *declared, Text text)
{
	const char *marked = marked_encoding(input);

	if (marked != NULL)
		return marked;
	return is_wide(declared) && is_utf8(text) ? "UTF-8" : NULL;
}

/* What the server gets: with its declaration, if that is to be believed, or as UTF-8 without it. */
Text
xml_to_send(const Input *input, const Buffer *content, Buffer *converted)
{
	Text text = trim((Text){content->data, content->len}), sent;
	Declaration declaration = read_declaration(text);
	const char *declared = declaration.encoding, *problem = NULL;
	const char *certain = certain_encoding(input, declared, text);
	bool said = is_wide(declared) ? certain != NULL && strcmp(certain, "UTF-16") == 0
								  : certain != NULL && pg_strcasecmp(certain, declared) == 0;

	if (certain != NULL && *declared != '\0' && !said)
		say_warning("%s: its declaration says %s, but it is in %s and read as that",
					input_name(input), declared, certain);
	if (certain == NULL && *declared != '\0' && !is_declared_utf8(declared) && !is_wide(declared) &&
		strcmp(options.encoding, "auto") == 0)
		return text;
	sent = (Text){text.data + declaration.length, text.length - declaration.length};
	if (certain == NULL && *declared != '\0' && strcmp(options.encoding, "auto") == 0 &&
		!is_utf8(text))
		fail(EXIT_DATA,
			 "%s: its declaration says %s, but that is not what its bytes are; see --encoding",
			 input_name(input), declared);
	sent = decode(sent, options.encoding, converted, &problem);
	if (problem != NULL)
		fail(EXIT_DATA, "%s: %s", input_name(input), problem);
	return sent;
}
