/*
 * text.c
 *		The text form of a line, written and read back.
 */
#include <string.h>

#include "generate.h"

/* A run this long takes a second byte: present, anything else */
#define LONG_PRESENT 65
#define LONG_OTHER 3
#define LINE_OVERHEAD 4

static char *
put_mark(char *text, int position, Mark mark)
{
	const char *name = mark_names[mark].text;

	if (mark == MARK_BLANK)
		*text++ = '.';
	else if (mark == MARK_PRESENT)
		*text++ = name[position % 2];
	else if (name[1] == '\0')
		*text++ = name[0];
	else
		text += sprintf(text, "(%s)", name);
	return text;
}

static int
last_mark(const uint8_t *marks, int from, int to)
{
	while (to > from && marks[to - 1] == MARK_BLANK)
		to--;
	return to;
}

/* The length of the text */
int
format_line(const uint8_t *marks, char *text)
{
	char *out = text;
	int end = last_mark(marks, 0, POSITIONS);
	int position = 0;

	if (end == 0)
		return sprintf(text, "empty");
	while (marks[position] == MARK_BLANK)
		position++;
	position = AM(position / 2);
	format_day(position / 2, out);
	out += strlen(out);
	while (position < end)
	{
		int next_week = (position / 10 + 1) * 10;
		int word_end = last_mark(marks, position, next_week);

		*out++ = ' ';
		if (word_end == position)
			*out++ = '.';
		for (; position < word_end; position++)
			out = put_mark(out, position, (Mark) marks[position]);
		position = next_week;
	}
	*out = '\0';
	return (int) (out - text);
}

/* One mark from the text, or -1; the text moves on */
static int
get_mark(const char **text, int position)
{
	const char *start = *text;
	size_t length = 1;
	int mark;

	if (*start == '.')
		return (*text)++, MARK_BLANK;
	if (*start == "/\\"[position % 2])
		return (*text)++, MARK_PRESENT;
	if (*start == '(')
		length = strcspn(++start, ")");
	for (mark = MARK_L; mark < MARKS; mark++)
		if (strlen(mark_names[mark].text) == length &&
			strncmp(mark_names[mark].text, start, length) == 0)
		{
			*text = start + length + (length > 1);
			return mark;
		}
	return -1;
}

/* Read a line back; false if it is not in the form that is promised */
bool
parse_line(const char *text, uint8_t *marks)
{
	int position = AM(day_of_text(text));
	int mark;

	memset(marks, MARK_BLANK, POSITIONS);
	if (strcmp(text, "empty") == 0)
		return true;
	if (position < 0 || text[10] != ' ')
		return false;
	for (text += 11; *text != '\0'; position++)
	{
		if (*text == ' ')
		{
			text++;
			position = (position + 9) / 10 * 10;
		}
		mark = position < POSITIONS ? get_mark(&text, position) : -1;
		if (mark < 0)
			return false;
		marks[position] = (uint8_t) mark;
	}
	return true;
}

void
format_session(int position, char *text)
{
	format_day(position / 2, text);
	strcat(text, position % 2 ? " PM" : " AM");
}

/*
 * The sessions of a mark as a multirange, from a position on, so many ranges
 * at most.  A range goes on over what the school does not hold.  The position
 * after it, or -1 if there is no such mark.
 */
int
format_sessions(const uint8_t *marks, Mark mark, int position, int runs, Span *span, char *text)
{
	char *out = text;
	int p = position;

	span->first = -1;
	for (; p < POSITIONS && runs > 0; p++)
	{
		if (marks[p] != mark)
			continue;
		if (span->first < 0)
			span->first = p;
		out += sprintf(out, "%s", out == text ? "{[" : ",[");
		format_session(p, out);
		for (; p < POSITIONS && (marks[p] == mark || marks[p] == MARK_BLANK); p++)
			if (marks[p] == mark)
				span->last = p;
		out += strlen(out);
		*out++ = ',';
		format_session(span->last, out);
		out += strlen(out);
		*out++ = ']';
		runs--;
	}
	strcpy(out, "}");
	return span->first < 0 ? -1 : p;
}

/* One session of a range, or -1; the text moves on */
static int
get_session(const char **text)
{
	int day = day_of_text(*text);
	const char *half = *text + 10;

	if (day < 0 || half[0] != ' ' || (half[1] != 'A' && half[1] != 'P') || half[2] != 'M')
		return -1;
	*text += 13;
	return half[1] == 'P' ? PM(day) : AM(day);
}

/* Read such a multirange back; false if it is not one, or empty */
bool
parse_sessions(const char *text, bool *within)
{
	memset(within, 0, POSITIONS * sizeof(bool));
	if (*text != '{')
		return false;
	do
	{
		int first;
		int last;

		if (*++text != '[')
			return false;
		text++;
		first = get_session(&text);
		if (first < 0 || *text++ != ',')
			return false;
		last = get_session(&text);
		if (last < first || *text++ != ']')
			return false;
		memset(within + first, 1, (size_t) (last - first + 1));
	} while (*text == ',');
	return strcmp(text, "}") == 0;
}

/*
 * What a run-length code of about one byte per run would take, blank runs
 * between the first and the last mark included.
 */
static int
run_bytes(const uint8_t *marks)
{
	int end = last_mark(marks, 0, POSITIONS);
	int bytes = LINE_OVERHEAD;
	int start = 0;
	int i;

	while (start < end && marks[start] == MARK_BLANK)
		start++;
	for (i = start; i < end; start = i)
	{
		while (i < end && marks[i] == marks[start])
			i++;
		bytes++;
		if (i - start >= (marks[start] == MARK_PRESENT ? LONG_PRESENT : LONG_OTHER))
			bytes++;
	}
	return bytes;
}

void
recount_line(const uint8_t *marks, Recount *recount)
{
	int possible = 0;
	int absent = 0;
	int i;

	for (i = 0; i < POSITIONS; i++)
	{
		MarkClass class = mark_names[marks[i]].class;

		recount->sessions[marks[i]][i % 2]++;
		possible += class != CLASS_OUTSIDE;
		absent += class == CLASS_AUTHORISED || class == CLASS_UNAUTHORISED;
	}
	recount->lines++;
	recount->persistent += possible > 0 && absent * 10 >= possible;
	recount->severe += possible > 0 && absent * 2 >= possible;
	recount->run_bytes += run_bytes(marks);
}
