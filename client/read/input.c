/*
 * input.c
 *		Text of a file or of standard input, decompressed and without its byte order mark, with the
 *		place reached in the file.  UTF-16 comes out as UTF-8 (utf16.c), whatever the shape.
 *
 * A file may be read twice: the second time to say where a row that the server refused stands.
 * What cannot be read again, a pipe, is kept in a temporary file that has no name.
 */
#include "read/read.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define RAW_SIZE 65536

struct Input
{
	char *name;
	int fd;
	FILE *copy;    /* of what comes from a pipe */
	bool recalled; /* the copy is read instead */
	int64_t size, offset;
	off_t start; /* of what was given: standard input may have been read in part */
	char raw[RAW_SIZE];
	const char *next; /* in raw */
	size_t left;
	bool begun, at_end;
	Inflater *inflater; /* NULL: not compressed */
	Utf16 *utf16;       /* NULL: not in UTF-16 */
	bool sniffed;
	bool marked;   /* with the byte order mark of UTF-8 */
	char head[64]; /* bytes that were looked at and not yet read */
	size_t head_start, head_end;
};

static void
keep_copy(Input *input, size_t length)
{
	if (input->copy == NULL || input->recalled)
		return;
	if (fwrite(input->raw, 1, length, input->copy) != length)
		fail(EXIT_WRONG, "could not write a temporary file: %m");
}

static void
fill_raw(Input *input)
{
	ssize_t length;

	do
		length = input->recalled ? (ssize_t) fread(input->raw, 1, RAW_SIZE, input->copy)
								 : read(input->fd, input->raw, RAW_SIZE);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		fail(EXIT_WRONG, "could not read \"%s\": %m", input->name);
	keep_copy(input, length);
	input->next = input->raw;
	input->left = length;
	input->offset += length;
	input->at_end = length == 0;
}

/* Without a name: it goes when it is closed, however the program ends. */
static FILE *
open_temporary(void)
{
	const char *directory = getenv("TMPDIR");
	Buffer name = {0};
	FILE *file;
	int fd;

	put_format(&name, "%s/" PROGRAM ".XXXXXX",
			   directory == NULL || *directory == '\0' ? "/tmp" : directory);
	fd = mkstemp(name.data);
	if (fd >= 0)
		unlink(name.data);
	file = fd < 0 ? NULL : fdopen(fd, "w+");
	if (file == NULL)
		fail(EXIT_WRONG, "could not make a temporary file \"%s\": %m", name.data);
	termPQExpBuffer(&name);
	return file;
}

Input *
open_input(const char *name)
{
	Input *input = pg_malloc0(sizeof(Input));
	struct stat status;

	input->name = pg_strdup(strcmp(name, "-") == 0 ? "standard input" : name);
	input->fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	if (input->fd < 0 || fstat(input->fd, &status) != 0)
		fail(EXIT_WRONG, "could not open file \"%s\": %m", name);
	if (S_ISDIR(status.st_mode))
		fail(EXIT_WRONG, "\"%s\" is a directory", name);
	input->size = S_ISREG(status.st_mode) ? (int64_t) status.st_size : -1;
	if (input->size < 0)
		input->copy = open_temporary();
	else if ((input->start = lseek(input->fd, 0, SEEK_CUR)) > 0)
		input->size -= input->start;
	return input;
}

/* The first bytes say whether the file is compressed. */
static void
begin(Input *input)
{
	fill_raw(input);
	while (!input->at_end && input->left < 4 && input->copy != NULL)
	{
		ssize_t more; /* a pipe may give a byte at a time */
		char *end = input->raw + input->left;

		more = input->recalled ? (ssize_t) fread(end, 1, 4 - input->left, input->copy)
							   : read(input->fd, end, 4 - input->left);
		if (more <= 0)
			break;
		if (!input->recalled && fwrite(end, 1, more, input->copy) != (size_t) more)
			fail(EXIT_WRONG, "could not write a temporary file: %m");
		input->left += more;
		input->offset += more;
	}
	input->inflater = start_inflater(input->next, input->left, input->name);
	input->begun = true;
}

static size_t
read_inflated(Input *input, char *bytes, size_t size)
{
	size_t got = 0;

	while (got == 0)
	{
		bool more;

		if (input->left == 0 && !input->at_end)
			fill_raw(input);
		got = size;
		more = inflate_bytes(input->inflater, &input->next, &input->left, bytes, &got);
		if (got > 0)
			break;
		if (input->at_end && input->left == 0 && !more)
		{
			if (!inflater_is_complete(input->inflater))
				fail(EXIT_DATA, "%s: the compressed file is cut off", input->name);
			return 0;
		}
	}
	return got;
}

static size_t
read_plain(Input *input, char *bytes, size_t size)
{
	size_t length;

	if (!input->begun)
		begin(input);
	if (input->inflater != NULL)
		return read_inflated(input, bytes, size);
	if (input->left == 0 && !input->at_end)
		fill_raw(input);
	length = input->left < size ? input->left : size;
	memcpy(bytes, input->next, length);
	input->next += length;
	input->left -= length;
	return length;
}

/* Takes up to so many bytes into the head; fewer are there at the end alone. */
static void
fill_head(Input *input, size_t wanted)
{
	size_t length = 1;

	while (input->head_end < wanted && length > 0)
	{
		length = read_plain(input, input->head + input->head_end, wanted - input->head_end);
		input->head_end += length;
	}
}

/* The first bytes say how the text is encoded; a byte order mark is not part of it. */
static void
sniff(Input *input)
{
	input->sniffed = true;
	fill_head(input, sizeof(input->head));
	input->utf16 = start_utf16(input->head, input->head_end, input->name);
	if (input->utf16 != NULL)
		input->head_end = 0;
	input->marked = input->head_end >= 3 && memcmp(input->head, "\xef\xbb\xbf", 3) == 0;
	if (input->marked)
		input->head_start = 3;
}

static size_t
take_head(Input *input, char *bytes, size_t size)
{
	size_t length = input->head_end - input->head_start;

	length = length < size ? length : size;
	memcpy(bytes, input->head + input->head_start, length);
	input->head_start += length;
	return length;
}

static size_t
read_on(Input *input, char *bytes, size_t size)
{
	char raw[4096];
	size_t length;

	if (input->utf16 == NULL)
		return read_plain(input, bytes, size);
	while ((length = take_utf16(input->utf16, bytes, size)) == 0)
	{
		size_t more = read_plain(input, raw, sizeof(raw));

		if (more == 0)
		{
			check_utf16_end(input->utf16);
			return 0;
		}
		give_utf16(input->utf16, raw, more);
	}
	return length;
}

/* At the end, 0. */
size_t
read_input(Input *input, char *bytes, size_t size)
{
	if (!input->sniffed)
		sniff(input);
	if (input->head_start == input->head_end)
		return read_on(input, bytes, size);
	return take_head(input, bytes, size);
}

/* The first bytes of the text, which are still to be read. */
Text
peek_input(Input *input)
{
	size_t length = 1;

	if (!input->sniffed)
		sniff(input);
	while (input->head_end < sizeof(input->head) && length > 0)
	{
		length =
			read_on(input, input->head + input->head_end, sizeof(input->head) - input->head_end);
		input->head_end += length;
	}
	return (Text){input->head + input->head_start, input->head_end - input->head_start};
}

/* What the bytes themselves say that they are, or NULL. */
const char *
marked_encoding(const Input *input)
{
	return input->utf16 != NULL ? "UTF-16" : input->marked ? "UTF-8" : NULL;
}

void
rewind_input(Input *input)
{
	if (input->copy != NULL)
	{
		rewind(input->copy);
		input->recalled = true;
	}
	else if (lseek(input->fd, input->start, SEEK_SET) != input->start)
		fail(EXIT_WRONG, "could not read \"%s\" again: %m", input->name);
	end_inflater(input->inflater);
	input->inflater = NULL;
	end_utf16(input->utf16);
	input->utf16 = NULL;
	input->begun = input->at_end = input->sniffed = false;
	input->left = 0;
	input->offset = 0;
	input->head_start = input->head_end = 0;
}

void
close_input(Input *input)
{
	end_inflater(input->inflater);
	end_utf16(input->utf16);
	if (input->copy != NULL)
		fclose(input->copy);
	if (input->fd != STDIN_FILENO)
		close(input->fd);
	free(input->name);
	free(input);
}

/* Those that the command line names, or standard input, and their bytes, -1 if not known; ends with NULL. */
Input **
open_inputs(int64_t *size)
{
	static char *standard_input[] = {"-", NULL};
	char **names = options.name_count > 2 ? options.names + 2 : standard_input;
	Input **inputs;
	int count = 0;

	while (names[count] != NULL)
		count++;
	inputs = pg_malloc0((count + 1) * sizeof(Input *));
	*size = 0;
	for (int i = 0; i < count; i++)
	{
		inputs[i] = open_input(names[i]);
		*size = *size < 0 || inputs[i]->size < 0 ? -1 : *size + inputs[i]->size;
	}
	return inputs;
}

void
close_inputs(Input **inputs)
{
	for (int i = 0; inputs[i] != NULL; i++)
		close_input(inputs[i]);
	free(inputs);
}

const char *
input_name(const Input *input)
{
	return input->name;
}

int64_t
input_size(const Input *input)
{
	return input->size;
}

int64_t
input_offset(const Input *input)
{
	return input->offset - (int64_t) input->left;
}

/* XML and JSON are read as a whole; PostgreSQL takes no larger value. */
void
read_whole(Input *input, Buffer *buffer)
{
	char bytes[RAW_SIZE];
	size_t length;

	while ((length = read_input(input, bytes, sizeof(bytes))) > 0)
	{
		put_bytes(buffer, bytes, length);
		if (buffer->len > MAX_WHOLE)
			fail(EXIT_DATA, "%s: the file is too large, more than 250 MB", input->name);
		show_progress(input_offset(input), 0);
	}
}
