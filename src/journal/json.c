/*
 * json.c
 *		JSON, as far as its parts have to be told from one another: what is read is the rows of an entry
 *		of the journal, which gather.c writes, and of which few are asked for.  To make a jsonb of all
 *		first takes ten times as long.  The bytes can be any.
 */
#include "journal/json.h"

void
rows_are_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid rows in an entry of a journal")));
}

static inline bool
is_space(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

bool
at_end(JsonReader *reader)
{
	while (reader->next < reader->end && is_space(*reader->next))
		reader->next++;
	return reader->next >= reader->end;
}

/* The next byte that is no white space. */
static char
next_byte(JsonReader *reader)
{
	if (at_end(reader))
		rows_are_corrupt();
	return *reader->next;
}

bool
take_byte(JsonReader *reader, char byte)
{
	if (next_byte(reader) != byte)
		return false;
	reader->next++;
	return true;
}

void
need_byte(JsonReader *reader, char byte)
{
	if (!take_byte(reader, byte))
		rows_are_corrupt();
}

/* A string, without its quotes and as it is written. */
static Piece
get_string(JsonReader *reader)
{
	const char *start;

	need_byte(reader, '"');
	for (start = reader->next; reader->next < reader->end; reader->next++)
	{
		if (*reader->next == '"')
			return (Piece){start, reader->next++ - start};
		if (*reader->next == '\\')
			reader->next++;
	}
	rows_are_corrupt();
}

static void
skip_nested(JsonReader *reader)
{
	int64 depth = 0;

	do
	{
		char byte = next_byte(reader);

		if (byte == '"')
		{
			get_string(reader);
			continue;
		}
		depth += (byte == '{' || byte == '[') - (byte == '}' || byte == ']');
		reader->next++;
	} while (depth > 0);
}

/* A number, true, false or null. */
static void
skip_plain(JsonReader *reader)
{
	while (reader->next < reader->end && *reader->next != ',' && *reader->next != '}' &&
		   *reader->next != ']' && !is_space(*reader->next))
		reader->next++;
}

/* Any value, as it is written. */
static Piece
get_value(JsonReader *reader)
{
	char byte = next_byte(reader);
	const char *start = reader->next;

	if (byte == '"')
		get_string(reader);
	else if (byte == '{' || byte == '[')
		skip_nested(reader);
	else
		skip_plain(reader);
	if (reader->next == start)
		rows_are_corrupt();
	return (Piece){start, reader->next - start};
}

/* The next member of an object, whose brace has been read; false at its end. */
bool
get_member(JsonReader *reader, bool first, Piece *name, Piece *value)
{
	if (take_byte(reader, '}'))
		return false;
	if (!first)
		need_byte(reader, ',');
	*name = get_string(reader);
	need_byte(reader, ':');
	*value = get_value(reader);
	return true;
}

/* The value of a column in a row. */
Piece
find_column(Piece row, Piece column)
{
	JsonReader reader = {row.bytes, row.bytes + row.length};
	Piece name, value;

	need_byte(&reader, '{');
	for (bool first = true; get_member(&reader, first, &name, &value); first = false)
	{
		if (same_piece(name, column))
			return value;
	}
	return (Piece){"null", 4};
}
