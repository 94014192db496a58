/*
 * csv.c
 *		Reads records of CSV files: any of four delimiters, any line end, quotes as RFC 4180 has them.
 */
#include "read/read.h"

#include <ctype.h>

#define BUFFER_SIZE (256 * 1024)
#define MAX_RECORD (16 * 1024 * 1024)
#define MAX_FIELDS 100000

static bool
fill(Csv *csv)
{
	if (csv->start < csv->end)
		return true;
	if (csv->at_end)
		return false;
	csv->start = 0;
	csv->end = read_input(csv->input, csv->buffer, BUFFER_SIZE);
	csv->at_end = csv->end == 0;
	return !csv->at_end;
}

/* The end of the line that begins here, without what ends it. */
static size_t
line_end(const Csv *csv, size_t start)
{
	while (start < csv->end && csv->buffer[start] != '\n' && csv->buffer[start] != '\r')
		start++;
	return start;
}

/* Where the first line begins that is not blank. */
static size_t
first_line(const Csv *csv)
{
	size_t start = csv->start, length;

	for (size_t i = start; i < csv->end; i += length)
	{
		length = blank_length(csv->buffer + i, csv->end - i);
		if (length == 0 && (unsigned char) csv->buffer[i] == 0xa0)
			length = 1; /* a no-break space of Windows-1252 */
		if (length == 0)
			return start;
		if (csv->buffer[i] == '\n' || csv->buffer[i] == '\r')
			start = i + 1;
	}
	return start;
}

/* What separates most fields of the first line. */
static char
find_delimiter(const Csv *csv)
{
	static const char delimiters[] = ",;\t|";
	int counts[4] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = first_line(csv); i < csv->end; i++)
	{
		char c = csv->buffer[i];
		const char *found = memchr(delimiters, c, 4);

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '\r' || c == '\n'))
			break;
		else if (!quoted && found != NULL)
			counts[found - delimiters]++;
	}
	for (int i = 1; i < 4; i++)
		best = counts[i] > counts[best] ? i : best;
	return delimiters[best];
}

/*
 * The first line may be "sep=;" alone, as Excel reads and writes it.  It is taken, with the blank ones
 * before it, and becomes a blank line.
 */
static char
take_separator_line(Csv *csv)
{
	size_t start = first_line(csv), end = line_end(csv, start);
	Text line = trim((Text){csv->buffer + start, end - start}), rest;
	char delimiter;

	if (line.length > 0 && line.data[0] == '"')
		line.data++, line.length--;
	if (line.length < 4 || pg_strncasecmp(line.data, "sep=", 4) != 0)
		return 0;
	/* a tab at the end was taken off as a blank */
	delimiter = line.data + 4 < csv->buffer + end ? line.data[4] : 0;
	rest = line.length > 5 ? (Text){line.data + 5, line.length - 5} : (Text){"", 0};
	while (rest.length > 0 && (rest.data[0] == delimiter || rest.data[0] == '"'))
		rest.data++, rest.length--;
	if (delimiter == 0 || rest.length > 0 || delimiter == '"' || delimiter == ' ' ||
		isalnum((unsigned char) delimiter) || (unsigned char) delimiter >= 0x80)
		fail(EXIT_DATA,
			 "%s: the first line, \"%s\", does not name one character that separates fields",
			 input_name(csv->input), printable((Text){csv->buffer + start, end - start}));
	memset(csv->buffer + start, ' ', end - start);
	return delimiter;
}

static void
refuse_workbook(const Csv *csv)
{
	const char *head = csv->buffer + csv->start;
	size_t length = csv->end - csv->start;

	if ((length >= 4 && memcmp(head, "PK\x03\x04", 4) == 0) ||
		(length >= 8 && memcmp(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0))
		fail(EXIT_DATA, "%s: this is a workbook or an archive, no text; save it as CSV in UTF-8",
			 input_name(csv->input));
}

void
start_csv(Csv *csv, Input *input, char delimiter)
{
	char given;

	memset(csv, 0, sizeof(Csv));
	csv->input = input;
	csv->buffer = pg_malloc(BUFFER_SIZE);
	csv->lines = 1;
	while (csv->end < BUFFER_SIZE && !csv->at_end)
	{
		size_t length = read_input(input, csv->buffer + csv->end, BUFFER_SIZE - csv->end);

		csv->at_end = length == 0;
		csv->end += length;
	}
	refuse_workbook(csv);
	given = take_separator_line(csv);
	csv->delimiter = delimiter != 0 ? delimiter : given != 0 ? given : find_delimiter(csv);
}

static void
next_field(Csv *csv)
{
	if (csv->count == MAX_FIELDS)
		fail(EXIT_DATA, "%s, line %lld: the record has more than %d fields", input_name(csv->input),
			 (long long) csv->line, MAX_FIELDS);
	if (csv->count + 2 > csv->capacity)
	{
		csv->capacity = csv->capacity == 0 ? 32 : csv->capacity * 2;
		csv->offsets = pg_realloc(csv->offsets, csv->capacity * sizeof(size_t));
	}
	csv->offsets[++csv->count] = csv->record.len;
}

/* Takes plain bytes up to what ends them. */
static void
take_plain(Csv *csv)
{
	size_t i = csv->start;

	while (i < csv->end && csv->buffer[i] != csv->delimiter && csv->buffer[i] != '\n' &&
		   csv->buffer[i] != '\r' && csv->buffer[i] != '\0')
		i++;
	put_bytes(&csv->record, csv->buffer + csv->start, i - csv->start);
	csv->start = i;
}

/* A line end in a quoted field: CR LF is one. */
static void
count_line(Csv *csv, char c, char *last)
{
	if (c == '\r' || (c == '\n' && *last != '\r'))
		csv->lines++;
	*last = c;
}

/* After the opening quote; the closing one is taken, too. */
static void
take_quoted(Csv *csv)
{
	char last = 0;

	while (fill(csv))
	{
		char c = csv->buffer[csv->start++];

		if (c == '"')
		{
			if (!fill(csv) || csv->buffer[csv->start] != '"')
				return;
			csv->start++;
		}
		count_line(csv, c, &last);
		if (c == '\0')
			csv->problem = "there is a zero byte in the line";
		put_bytes(&csv->record, &c, 1);
		if (csv->record.len > MAX_RECORD)
			fail(EXIT_DATA, "%s, line %lld: the record is longer than 16 MB; is a quote missing?",
				 input_name(csv->input), (long long) csv->line);
	}
	csv->problem = "a quote that is opened here is never closed";
}

static void
end_line(Csv *csv)
{
	if (csv->buffer[csv->start++] == '\r' && fill(csv) && csv->buffer[csv->start] == '\n')
		csv->start++;
	csv->lines++;
}

/* One field and what ends it; false at the end of the record. */
static bool
take_field(Csv *csv)
{
	bool quoted = fill(csv) && csv->buffer[csv->start] == '"';

	if (quoted)
	{
		csv->start++;
		take_quoted(csv);
	}
	while (fill(csv))
	{
		char c = csv->buffer[csv->start];

		if (c == '\n' || c == '\r')
		{
			end_line(csv);
			break;
		}
		if (c == csv->delimiter)
		{
			csv->start++;
			next_field(csv);
			return true;
		}
		if (quoted)
			csv->problem = "there is text after a closing quote";
		if (c == '\0')
		{
			csv->problem = "there is a zero byte in the line";
			csv->start++;
		}
		take_plain(csv);
		if (csv->record.len > MAX_RECORD)
			fail(EXIT_DATA, "%s, line %lld: the record is longer than 16 MB",
				 input_name(csv->input), (long long) csv->line);
	}
	next_field(csv);
	return false;
}

/* The record becomes UTF-8, field by field. */
static void
decode_record(Csv *csv)
{
	Buffer converted = {0}, old = csv->record;
	size_t start = 0;

	if (csv->problem != NULL || is_ascii((Text){old.data, old.len}))
		return;
	empty_buffer(&csv->decoded);
	for (int i = 0; i < csv->count; i++)
	{
		Text field = {old.data + start, csv->offsets[i + 1] - start};

		start = csv->offsets[i + 1];
		field = decode(field, options.encoding, &converted, &csv->problem);
		put_bytes(&csv->decoded, field.data, field.length);
		csv->offsets[i + 1] = csv->decoded.len;
	}
	csv->record = csv->decoded;
	csv->decoded = old;
	termPQExpBuffer(&converted);
}

/* False at the end of the file. */
bool
read_record(Csv *csv)
{
	if (!fill(csv))
		return false;
	csv->line = csv->lines;
	empty_buffer(&csv->record);
	csv->count = 0;
	csv->problem = NULL;
	if (csv->offsets == NULL)
	{
		csv->capacity = 32;
		csv->offsets = pg_malloc(csv->capacity * sizeof(size_t));
	}
	csv->offsets[0] = 0;
	while (take_field(csv))
		;
	decode_record(csv);
	return true;
}

Text
csv_field(const Csv *csv, int number)
{
	if (number < 0 || number >= csv->count)
		return (Text){"", 0};
	return (Text){csv->record.data + csv->offsets[number],
				  csv->offsets[number + 1] - csv->offsets[number]};
}

bool
record_is_empty(const Csv *csv)
{
	for (int i = 0; i < csv->count; i++)
	{
		if (trim(csv_field(csv, i)).length > 0)
			return false;
	}
	return csv->problem == NULL;
}

/* No error: nothing may have happened in the days that the file is about. */
void
warn_no_rows(const Input *input)
{
	say_warning("%s: there is a header, and no row below it; is the file cut off?",
				input_name(input));
}

void
end_csv(Csv *csv)
{
	free(csv->buffer);
	termPQExpBuffer(&csv->record);
	termPQExpBuffer(&csv->decoded);
	free(csv->offsets);
}
