/*
 * reject_file.c
 *		How a file of rows that were set aside is known: by its header, which begins with "file,place".
 */
#include "read/read.h"

#include <sys/stat.h>

/* Spreadsheets may save it with another delimiter. */
static bool
is_reject_line(Text line)
{
	static const char delimiters[] = ",;\t|";
	Buffer plain = {0};
	bool is_one = false;

	empty_buffer(&plain);
	if (line.length >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0)
		line.data += 3, line.length -= 3;
	for (size_t i = 0; i < line.length; i++)
	{
		if (line.data[i] != '"')
			put_bytes(&plain, memchr(delimiters, line.data[i], 4) != NULL ? "," : &line.data[i], 1);
	}
	if (strlen(plain.data) == plain.len && strncmp(plain.data, "file,place,", 11) == 0)
		is_one = strstr(plain.data, ",problem,") != NULL;
	termPQExpBuffer(&plain);
	return is_one;
}

/* From the record that was read. */
bool
is_reject_header(const Csv *csv)
{
	bool problem = false;

	for (int i = 2; i < csv->count; i++)
		problem |= text_is(csv_field(csv, i), "problem");
	return problem && text_is(csv_field(csv, 0), "file") && text_is(csv_field(csv, 1), "place");
}

/* A file of marks that is named by mistake must not be lost. */
void
check_reject_file(const char *name)
{
	struct stat status;
	char head[4096];
	size_t length;
	FILE *file;

	if (name == NULL || stat(name, &status) != 0 || !S_ISREG(status.st_mode))
		return;
	file = fopen(name, "r");
	if (file == NULL)
		fail(EXIT_WRONG, "could not open file \"%s\": %m", name);
	length = fread(head, 1, sizeof(head), file);
	if (ferror(file))
		fail(EXIT_WRONG, "could not read \"%s\": %m", name);
	fclose(file);
	if (length == 0)
		return;
	for (size_t i = 0; i < length; i++)
	{
		if (head[i] == '\n' || head[i] == '\r')
			length = i;
	}
	if (!is_reject_line((Text){head, length}))
		fail(EXIT_WRONG,
			 "\"%s\" is there already and is no file of rows that were set aside:"
			 " it is not overwritten, use another name for --reject",
			 name);
}
