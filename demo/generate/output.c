/*
 * output.c
 *		Files, and the marks in both of their forms.
 */
#include <string.h>

#include "generate.h"

FILE *
open_file(const char *directory, const char *name, const char *header)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "wb"); /* no carriage returns on any platform */
	if (file == NULL)
		fail("could not create \"%s\"", path);
	if (header != NULL)
		fprintf(file, "%s\n", header);
	return file;
}

void
close_file(FILE *file)
{
	bool bad = ferror(file) != 0;

	if (fclose(file) != 0 || bad)
		fail("could not write all files: is the disk full?");
}

/* What is counted is the text, read back, not what was meant to be written */
static void
write_line(Output *out, const Roll *roll, const Line *line, Recount *recount)
{
	char text[LINE_TEXT];
	uint8_t marks[POSITIONS];
	int urn = roll->schools[line->school].urn;
	int length = format_line(line->marks, text);

	if (!parse_line(text, marks) || memcmp(marks, line->marks, POSITIONS) != 0)
		fail("a line does not read back as it was written: %s", text);
	recount_line(marks, recount);
	if (urn == out->copied_urn)
		return;
	fprintf(out->lines, "%d,2025,%d,", urn, line->pupil);
	fwrite(text, 1, (size_t) length, out->lines);
	fputc('\n', out->lines);
}

static void
write_session(FILE *file, const Roll *roll, int urn, int from, int position)
{
	char day[16];
	int i;

	format_day(position / 2, day);
	for (i = from; i < roll->nlines; i++)
	{
		const Line *line = &roll->lines[i];
		const char *mark = mark_names[line->marks[position]].text;

		if (roll->schools[line->school].urn != urn)
			break;
		if (line->marks[position] == MARK_BLANK)
			continue;
		fprintf(file, "%d,%s,%s,%s,", urn, line->upn, day, position % 2 ? "PM" : "AM");
		if (line->marks[position] == MARK_PRESENT)
			fprintf(file, "%c\n", mark[position % 2]);
		else
			fprintf(file, "%s\n", mark);
	}
}

/* The school that sends one row per mark, as its own system exports them */
static void
write_copied(Output *out, const Roll *roll)
{
	int from = 0;
	int position;
	char name[32];
	FILE *file;

	while (from < roll->nlines && roll->schools[roll->lines[from].school].urn != out->copied_urn)
		from++;
	if (from == roll->nlines)
		return;
	snprintf(name, sizeof(name), "marks_%d.csv", out->copied_urn);
	file = open_file(out->directory, name, "school_urn,upn,day,session,mark");
	for (position = 0; position < POSITIONS; position++)
		write_session(file, roll, out->copied_urn, from, position);
	close_file(file);
	file = open_file(out->directory, "copied_school.txt", NULL);
	fprintf(file, "%d\n", out->copied_urn);
	close_file(file);
}

void
write_marks(Output *out, Roll *roll, Recount *recount)
{
	int i;

	for (i = 0; i < roll->nlines; i++)
	{
		write_line(out, roll, &roll->lines[i], recount);
		write_evidence(out, roll, &roll->lines[i], recount);
		if (i % 1000 == 999)
			show_progress(roll->phase, i + 1, roll->nlines);
	}
	write_copied(out, roll);
}
