/*
 * ctf_text.c
 *		The text of AttendanceMarks without what a program has put into it that lays files out.
 *
 * A blank is a session without a mark; a line break or a tab is none.  What follows a line break is
 * indentation if it can be nothing else: the same on every line with marks, two blanks or more, or
 * with tabs, and not much deeper than that of the end tag.  Otherwise nobody can say which blanks are
 * sessions, and every mark after them would be moved: the text is refused.
 */
#include "marks/marks.h"

#define MAX_STEP 8 /* blanks of an element's text more than of its end tag */

typedef struct Line
{
	Text indent, marks;
	bool blank_end; /* blanks follow the marks */
} Line;

static bool
is_break(char c)
{
	return c == '\n' || c == '\r';
}

static Line
take_line(Text *text)
{
	Line line = {{text->data, 0}, {text->data, 0}, false};

	while (text->length > 0 && (*text->data == ' ' || *text->data == '\t'))
		text->data++, text->length--, line.indent.length++;
	line.marks.data = text->data;
	while (text->length > 0 && !is_break(*text->data))
		text->data++, text->length--, line.marks.length++;
	while (line.marks.length > 0 && strchr(" \t", line.marks.data[line.marks.length - 1]) != NULL)
	{
		line.marks.length--;
		line.blank_end |= line.marks.data[line.marks.length] == ' ';
	}
	if (text->length > 0)
		text->data++, text->length--;
	return line;
}

static bool
same_text(Text a, Text b)
{
	return a.length == b.length && memcmp(a.data, b.data, a.length) == 0;
}

static bool
has_blank(Text text)
{
	return memchr(text.data, ' ', text.length) != NULL;
}

/* That of marks; that of the end tag is the last line's, if it stands in a line of its own. */
static bool
is_indentation(Text indent, const Line *last)
{
	bool own_line = last->marks.length == 0;

	if (indent.length == 0 || !has_blank(indent))
		return true;
	if (own_line && (indent.length < last->indent.length ||
					 memcmp(indent.data, last->indent.data, last->indent.length) != 0 ||
					 indent.length > last->indent.length + MAX_STEP))
		return false;
	return indent.length > 1;
}

static void
put_marks(Buffer *plain, Text marks)
{
	for (size_t i = 0; i < marks.length; i++)
	{
		if (marks.data[i] != '\t')
			put_bytes(plain, &marks.data[i], 1);
	}
}

/* In one line; false if it cannot be told which blanks are sessions. */
bool
plain_marks(Text text, Buffer *plain)
{
	Line first, line = {{"", 0}, {"", 0}, false};
	Text indent = {NULL, 0};
	bool doubtful = false;
	size_t start = 0;

	empty_buffer(plain);
	put_string(plain, "");
	while (start < text.length && !is_break(text.data[start]))
		start++;
	if (start == text.length)
	{
		put_marks(plain, text);
		return true;
	}
	first = take_line(&text);
	put_marks(plain, (Text){first.indent.data, first.indent.length + first.marks.length});
	doubtful = first.blank_end || (first.marks.length == 0 && has_blank(first.indent));
	while (text.length > 0)
	{
		line = take_line(&text);
		if (line.marks.length == 0)
		{
			/* at the end these are the end tag's, or sessions after the last mark */
			doubtful |= text.length > 0 && has_blank(line.indent);
			continue;
		}
		if (doubtful || (indent.data != NULL && !same_text(indent, line.indent)))
			return false;
		indent = line.indent;
		put_marks(plain, line.marks);
		doubtful = line.blank_end;
	}
	return indent.data == NULL || is_indentation(indent, &line);
}
