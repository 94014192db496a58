/*
 * output.c
 *		The files of calendars and registers, and those named made_*, of which
 *		people.sql and papers.sql make the others.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "steps.h"

/* The school whose marks come one by one, as its own system exports them */
#define COPIED_URN 900004

#define LINE_TEXT (DATE_TEXT + WEEKS + 4 * POSITIONS)

/* A new file, or what follows for another phase */
static FILE *
open_file(const char *directory, const char *name, bool is_new, const char *header)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, is_new ? "w" : "a");
	if (file == NULL)
		err(EXIT_FAILURE, "%s", path);
	if (is_new)
		fprintf(file, "%s\n", header);
	return file;
}

static void
close_file(FILE *file)
{
	bool bad = ferror(file) != 0;

	if (fclose(file) != 0 || bad)
		errx(EXIT_FAILURE, "could not write all files: is the disk full?");
}

static void
write_half_term(FILE *terms, FILE *days, const School *school, const HalfTerm *half)
{
	char first[DATE_TEXT];
	char text[DATE_TEXT];
	int day;

	format_day(half->first, first);
	format_day(half->last, text);
	fprintf(terms, "%d,2025,%s,%d,%s,%s\n", school->urn, half->term, half->half, first, text);
	for (day = half->first; day <= half->last; day++)
	{
		const char *held = school->held[day] ? "true" : "false";

		format_day(day, text);
		fprintf(days, "%d,%s,%s,%s,%s\n", school->urn, text, held, held,
				school->held[day] ? "" : closure(day));
	}
}

void
write_schools(const char *directory, const School *schools)
{
	FILE *file = open_file(directory, "made_schools.csv", true, "urn,phase,trust_uid");
	FILE *terms = open_file(directory, "term_dates.csv", true,
							"school_urn,academic_year,term,half,first_day,last_day");
	FILE *days =
		open_file(directory, "school_days.csv", true, "school_urn,day,morning,afternoon,closure");
	int i;
	int h;

	for (i = 0; i < SCHOOLS; i++)
	{
		fprintf(file, "%d,%s,", schools[i].urn, phase_names[schools[i].phase]);
		fprintf(file, schools[i].trust ? "%d\n" : "\n", schools[i].trust);
		for (h = 0; h < HALF_TERMS; h++)
			write_half_term(terms, days, &schools[i], &half_terms[h]);
	}
	close_file(file);
	close_file(terms);
	close_file(days);
}

/* A date, or nothing for a pupil who was there before, or is after */
static void
write_line_of_roll(FILE *file, const Line *line)
{
	char first[DATE_TEXT] = "";
	char last[DATE_TEXT] = "";

	if (line->first > 0)
		format_day(line->first, first);
	if (line->last < DAYS - 1)
		format_day(line->last, last);
	fprintf(file, "%d,%d,%d,%c,%s,%s\n", line->pupil, line->school->urn, line->year,
			'A' + line->group, first, last);
}

/* Weeks from the first day of the year on; codes of two characters in brackets */
static void
write_marks(FILE *file, const Line *line)
{
	char text[LINE_TEXT];
	char *out = text;
	int i;

	for (i = 0; i < POSITIONS; i++)
	{
		const char *code = codes[line->marks[i]].text;

		if (i % 10 == 0)
			*out++ = ' ';
		if (line->marks[i] == MARK_PRESENT)
			*out++ = code[i % 2];
		else
			out += sprintf(out, code[1] ? "(%s)" : "%s", code);
	}
	*out = '\0';
	fprintf(file, "%d,2025,%d,2025-09-08%s\n", line->school->urn, line->pupil, text);
}

/* From the first to the last session of a run of a code, holidays and weekends between */
static void
write_spell(FILE *file, const Line *line, int first, int last)
{
	char from[DATE_TEXT];
	char to[DATE_TEXT];

	format_day(first / 2, from);
	format_day(last / 2, to);
	fprintf(file, "%d,%d,%s,%s %s,%s %s\n", line->school->urn, line->pupil,
			codes[line->marks[first]].text, from, first % 2 ? "PM" : "AM", to,
			last % 2 ? "PM" : "AM");
}

static void
write_spells(FILE *file, const Line *line)
{
	int first;
	int next;
	int last;

	for (first = 0; first < POSITIONS; first = next)
	{
		int mark = line->marks[first];

		last = first;
		for (next = first + 1; next < POSITIONS; next++)
		{
			if (line->marks[next] == mark)
				last = next;
			else if (line->marks[next] != MARK_BLANK)
				break;
		}
		if (codes[mark].evidence)
			write_spell(file, line, first, last);
	}
}

void
write_roll(const char *directory, const Roll *roll)
{
	bool is_new = roll->phase == PRIMARY;
	const char *columns = "school_urn,academic_year,pupil_id,marks";
	FILE *file = open_file(directory, "made_roll.csv", is_new,
						   "pupil_id,school_urn,year,class,first_day,last_day");
	FILE *lines = open_file(directory, "register_lines.csv", is_new, columns);
	FILE *copied = open_file(directory, "made_lines.csv", is_new, columns);
	FILE *spells = open_file(directory, "made_spells.csv", is_new,
							 "school_urn,pupil_id,mark,first_session,last_session");
	int i;

	for (i = 0; i < roll->nlines; i++)
	{
		const Line *line = &roll->lines[i];

		write_line_of_roll(file, line);
		write_marks(line->school->urn == COPIED_URN ? copied : lines, line);
		write_spells(spells, line);
	}
	close_file(file);
	close_file(lines);
	close_file(copied);
	close_file(spells);
}
