/*
 * value.c
 *		Days, sessions and numbers as files write them; times are in read/moment.c.
 */
#include "read/read.h"

#include <ctype.h>

/* ---------- days ---------- */

static bool
take_number(Text *text, int *value, int *digits)
{
	*value = *digits = 0;
	while (text->length > 0 && text->data[0] >= '0' && text->data[0] <= '9' && *digits < 8)
	{
		*value = *value * 10 + (text->data[0] - '0');
		++*digits;
		text->data++, text->length--;
	}
	return *digits > 0;
}

static bool
take_separator(Text *text, char *separator)
{
	size_t blank = blank_length(text->data, text->length), length = blank > 0 ? blank : 1;
	char found = blank > 0 ? ' ' : text->length > 0 ? text->data[0] : '\0';

	if (found == '\0' || strchr("-/. ", found) == NULL || (*separator != 0 && found != *separator))
		return false;
	*separator = found;
	text->data += length, text->length -= length;
	return true;
}

static int
take_month_name(Text *text)
{
	static const char *const names[] = {"january",   "february", "march",    "april",
										"may",       "june",     "july",     "august",
										"september", "october",  "november", "december"};
	size_t length = 0;

	while (length < text->length && ((text->data[length] | 0x20) >= 'a') &&
		   ((text->data[length] | 0x20) <= 'z'))
		length++;
	for (int i = 0; i < 12 && length >= 3; i++)
	{
		if (length <= strlen(names[i]) && pg_strncasecmp(text->data, names[i], length) == 0)
		{
			text->data += length, text->length -= length;
			return i + 1;
		}
	}
	return 0;
}

static int
day_in_style(int first, int second, int year, int digits, DateStyle style)
{
	if (digits == 2)
		year += 2000;
	else if (digits != 4)
		return NO_DAY;
	if (style == DATE_ISO)
		return NO_DAY;
	if (style == DATE_AMERICAN)
		return day_of(year, first, second);
	return day_of(year, second, first);
}

static int
take_day_in_style(Text *text, DateStyle style)
{
	int a, b, c, digits, more;
	char separator = 0;

	if (!take_number(text, &a, &digits))
		return NO_DAY;
	if (digits == 8)
		return day_of(a / 10000, a / 100 % 100, a % 100);
	if (digits > 4 || !take_separator(text, &separator))
		return NO_DAY;
	if (digits <= 2 && (b = take_month_name(text)) > 0)
	{
		if (take_separator(text, &separator) && take_number(text, &c, &more))
			return day_of(more == 2 ? 2000 + c : c, b, a);
		return NO_DAY;
	}
	if (!take_number(text, &b, &more) || more > 2 || !take_separator(text, &separator) ||
		!take_number(text, &c, &more))
		return NO_DAY;
	if (digits == 4)
		return more <= 2 ? day_of(a, b, c) : NO_DAY;
	return day_in_style(a, b, c, more, style);
}

/* Takes the day that a text begins with; NO_DAY if it is none. */
int
take_day(Text *text)
{
	return take_day_in_style(text, options.date_style);
}

/*
 * Why a file is read with day and month exchanged, if a text begins with a day only in the other order;
 * or NULL.  Days that are days in both orders are read wrongly then, so that no row of it may be loaded.
 */
const char *
exchanged_day(Text text)
{
	bool british = options.date_style == DATE_BRITISH;
	Text same = text = trim(text);

	if (options.date_style == DATE_ISO || take_day(&same) != NO_DAY ||
		take_day_in_style(&text, british ? DATE_AMERICAN : DATE_BRITISH) == NO_DAY)
		return NULL;
	return british
			   ? "a day only with the month first: are all days of the file so? Give --date-style mdy"
			   : "a day only with the day first: are all days of the file so? Give --date-style dmy";
}

/* Whether there is anywhere a day that is another one in the other order. */
bool
is_ambiguous_day(Text text)
{
	bool digit = false;

	for (; text.length > 0; text.data++, text.length--)
	{
		Text british = text, american = text;
		bool after = digit;
		int day;

		digit = text.data[0] >= '0' && text.data[0] <= '9';
		if (!digit || after)
			continue;
		day = take_day_in_style(&british, DATE_BRITISH);
		if (day != NO_DAY)
		{
			int other = take_day_in_style(&american, DATE_AMERICAN);

			return other != NO_DAY && other != day;
		}
	}
	return false;
}

/* How files write days. */
const char *
expected_days(void)
{
	if (options.date_style == DATE_ISO)
		return "YYYY-MM-DD; see --date-style";
	return options.date_style == DATE_BRITISH ? "YYYY-MM-DD or DD/MM/YYYY; see --date-style"
											  : "YYYY-MM-DD or MM/DD/YYYY";
}

/* For who wrote one that is none. */
const char *
no_day(void)
{
	static char problem[96];

	snprintf(problem, sizeof(problem), "not a day (%s)", expected_days());
	return problem;
}

/* Whether a text begins as a day does, if perhaps none that there is. */
static bool
begins_as_day(Text text, bool *short_year)
{
	int number, digits, last;
	char separator = 0;
	bool named;

	if (!take_number(&text, &number, &digits))
		return false;
	if (digits == 8)
		return number >= 19000000 && number < 30000000 &&
			   (text.length == 0 || text.data[0] < '0' || text.data[0] > '9');
	if (digits > 4 || !take_separator(&text, &separator))
		return false;
	named = take_month_name(&text) > 0;
	if (!named && (!take_number(&text, &number, &last) || last > 2))
		return false;
	if (!take_separator(&text, &separator) || !take_number(&text, &number, &last) || last > 4)
		return false;
	*short_year = digits <= 2 && last == 2;
	return named || separator != ' ' || digits == 4 || last == 4;
}

/* Whether there is anywhere what is meant as a day, and that with two digits of the year. */
bool
has_day(Text text, bool *short_year)
{
	bool digit = false;

	*short_year = false;
	for (; text.length > 0; text.data++, text.length--)
	{
		bool after = digit;

		digit = text.data[0] >= '0' && text.data[0] <= '9';
		if (digit && !after && begins_as_day(text, short_year))
			return true;
	}
	return false;
}

/* ---------- sessions and numbers ---------- */

/* 0 is the morning, 1 the afternoon, -1 neither. */
int
parse_session(Text text)
{
	static const char *const names[] = {"AM", "PM", "A", "P", "1", "2", "MORNING", "AFTERNOON"};

	text = trim(text);
	if (text.length == 2 && (text.data[1] | 0x20) == 'm' &&
		((text.data[0] | 0x20) == 'a' || (text.data[0] | 0x20) == 'p'))
		return (text.data[0] | 0x20) == 'p';
	for (int i = 0; i < 8; i++)
	{
		if (text.length == strlen(names[i]) &&
			pg_strncasecmp(text.data, names[i], text.length) == 0)
			return i % 2;
	}
	return -1;
}

/* In capitals; its check letter is the register's to look at. */
bool
parse_upn(Text text, char *upn)
{
	text = trim(text);
	for (size_t i = 0; i < text.length && text.length == UPN_SIZE - 1; i++)
	{
		unsigned char c = text.data[i];

		if (c > 127 || !isalnum(c))
			return false;
		upn[i] = toupper(c);
	}
	upn[UPN_SIZE - 1] = '\0';
	return text.length == UPN_SIZE - 1;
}

/* ---------- what is not there ---------- */

/* What R and databases write where there is no value. */
bool
is_missing(Text text)
{
	static const char *const words[] = {"NA", "N/A", "NULL", "-", "--"};

	text = trim(text);
	for (size_t i = 0; i < lengthof(words); i++)
	{
		if (same_word(text, words[i]))
			return true;
	}
	return text.length == 0;
}

/* Why a text of a file cannot be a value, or NULL.  A formula that went wrong is none: somebody has to look. */
const char *
value_problem(Text text)
{
	static const char *const errors[] = {"#N/A",    "#REF!", "#VALUE!", "#NAME?",
										 "#DIV/0!", "#NUM!", "#NULL!"};

	Text value = trim(text);

	for (size_t i = 0; i < lengthof(errors) && value.length > 0 && value.data[0] == '#'; i++)
	{
		if (same_word(value, errors[i]))
			return "an error of a spreadsheet is no value";
	}
	return text_problem(text);
}
