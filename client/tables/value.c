/*
 * value.c
 *		The values of a table's columns: from the words of schools to those of the register, or why not.
 */
#include "tables/tables.h"

#include "fe_utils/string_utils.h"

static bool
refuse(Buffer *problem, const char *why)
{
	put_string(problem, why);
	return false;
}

/* ---------- by type ---------- */

/* Na and Null are names of people, and no value of a characteristic is Y. */
static bool
may_be_missing(const char *column)
{
	return !has_word("surname forename middle_names known_as full_name name value", column);
}

static bool
read_day(Text text, Buffer *value, Buffer *problem)
{
	Moment moment = read_moment(text);
	char day[11];

	if (moment.day == NO_DAY || moment.session >= 0)
		return refuse(problem, moment.problem != NULL ? moment.problem : no_day());
	format_day(moment.day, day);
	put_string(value, day);
	return true;
}

static bool
read_instant(Text text, Buffer *value, Buffer *problem)
{
	char time[TIME_LENGTH];
	const char *why = read_time(text, time);

	if (why != NULL)
		return refuse(problem, why);
	put_string(value, time);
	return true;
}

static bool
read_boolean(Text text, Buffer *value, Buffer *problem)
{
	static const char *const yes[] = {"yes", "y", "true", "t", "1"}, *const no[] = {"no", "n",
																					"false", "f",
																					"0"};

	for (int i = 0; i < 5; i++)
	{
		if (!same_word(text, yes[i]) && !same_word(text, no[i]))
			continue;
		put_string(value, same_word(text, yes[i]) ? "true" : "false");
		return true;
	}
	return refuse(problem, "neither yes nor no");
}

static bool
read_upn(Text text, Buffer *value, Buffer *problem)
{
	char upn[UPN_SIZE];

	if (!parse_upn(text, upn))
		return refuse(problem, "not a unique pupil number, which has 13 characters");
	put_string(value, upn);
	return true;
}

/* A school of the register, by URN or LAESTAB. */
static bool
read_school(Text text, Buffer *value, Buffer *problem)
{
	const char *why;
	int urn = known_school(text, &why);

	if (urn == 0)
		return refuse(problem, why);
	put_format(value, "%d", urn);
	return true;
}

static bool
read_laestab(Text text, Buffer *value, Buffer *problem)
{
	char digits[10];

	if (!take_digits(text, digits, sizeof(digits)) || strlen(digits) != 7)
		return refuse(problem, "not a LAESTAB, which has seven digits");
	put_string(value, digits);
	return true;
}

static bool
read_number(Text text, int64_t low, int64_t high, Buffer *value, Buffer *problem)
{
	int64_t number;

	if (!parse_integer(text, low, high, &number))
		return refuse(problem, "not a whole number, or too great a one");
	put_format(value, "%lld", (long long) number);
	return true;
}

/* Of a school that need not be in the register. */
static bool
read_urn(Text text, Buffer *value, Buffer *problem)
{
	int64_t urn;

	if (!parse_integer(text, 100000, 999999, &urn))
		return refuse(problem, "not a URN, which has six digits");
	put_format(value, "%lld", (long long) urn);
	return true;
}

/* 2025, 2025/26, 2025-26, 2025/2026 and 202526 are one year. */
static bool
read_academic_year(Text text, Buffer *value, Buffer *problem)
{
	Text last = {text.data + 4, text.length - 4};
	int64_t first, second;

	if (text.length < 4 || !parse_integer((Text){text.data, 4}, 1900, 2999, &first))
		return refuse(problem, "not an academic year, such as 2025/26");
	if (last.length == 3 || last.length == 5)
	{
		if (strchr("/-", last.data[0]) == NULL)
			return refuse(problem, "not an academic year, such as 2025/26");
		last.data++, last.length--;
	}
	if (last.length > 0 &&
		(!parse_integer(last, 0, 3000, &second) || (first + 1) % 100 != second % 100 ||
		 (last.length == 4 && second != first + 1) || last.length == 3 || last.length == 1))
		return refuse(problem, "not an academic year, such as 2025/26");
	put_format(value, "%lld", (long long) first);
	return true;
}

/* ---------- telephone numbers ---------- */

/* 07700900123 becomes 7.7009E+09 in a spreadsheet, and cannot be had back. */
static bool
is_rounded(Text text)
{
	size_t i = 0;

	while (i < text.length && strchr("0123456789.,", text.data[i]) != NULL)
		i++;
	return i > 0 && i + 1 < text.length && (text.data[i] | 0x20) == 'e' &&
		   strchr("+0123456789", text.data[i + 1]) != NULL;
}

/* Plain text, several with ; or a line end between them; or an array as PostgreSQL writes it. */
static bool
read_telephones(Text text, Buffer *value, Buffer *problem)
{
	if (text.data[0] == '{')
	{
		put_bytes(value, text.data, text.length);
		return true;
	}
	put_string(value, "{");
	while (text.length > 0)
	{
		Text one = {text.data, 0};

		while (one.length < text.length && strchr(";\r\n", text.data[one.length]) == NULL)
			one.length++;
		text.data += one.length, text.length -= one.length;
		if (text.length > 0)
			text.data++, text.length--;
		one = trim(one);
		if (is_rounded(one))
			return refuse(problem, "a spreadsheet has rounded the telephone number");
		if (one.length > 0)
		{
			char *element = copy_text(one);

			appendPGArray(value, element);
			free(element);
		}
	}
	put_string(value, "}");
	return true;
}

/* ---------- all ---------- */

static bool
read_text(const TableColumn *column, Text text, Buffer *value, Buffer *problem)
{
	const char *list = choices_of(column->name), *choice;

	if (list == NULL)
	{
		put_bytes(value, text.data, text.length);
		return true;
	}
	choice = find_choice(column->name, text);
	if (choice != NULL)
	{
		put_string(value, choice);
		return true;
	}
	put_string(problem, "none of: ");
	for (; *list != '\0'; list++)
		put_format(problem, *list == '\n' ? ", " : "%c", *list);
	return false;
}

/* The value as the register writes it, empty for none; false, and the problem, if it has no such. */
bool
read_table_value(const TableColumn *column, Text text, Buffer *value, Buffer *problem)
{
	static const struct
	{
		const char *type;
		bool (*read)(Text text, Buffer *value, Buffer *problem);
	} readers[] = {{"date", read_day},         {"timestamptz", read_instant},
				   {"boolean", read_boolean},  {"upn", read_upn},
				   {"urn", read_school},       {"laestab", read_laestab},
				   {"text[]", read_telephones}};
	const char *unfit;

	empty_buffer(value);
	empty_buffer(problem);
	text = trim(text);
	unfit = value_problem(text);
	if (unfit != NULL)
		return refuse(problem, unfit);
	if (text.length == 0 || (is_missing(text) && may_be_missing(column->name)))
		return true;
	if (strcmp(column->name, "academic_year") == 0)
		return read_academic_year(text, value, problem);
	if (choices_of(column->name) != NULL)
		return read_text(column, text, value, problem);
	if (strcmp(column->name, "urn") == 0)
		return read_urn(text, value, problem);
	if (strcmp(column->type, "integer") == 0)
		return read_number(text, 0, INT32_MAX, value, problem);
	if (strcmp(column->type, "bigint") == 0)
		return read_number(text, 1, INT64_C(9007199254740991), value, problem);
	for (size_t i = 0; i < lengthof(readers); i++)
	{
		if (strcmp(column->type, readers[i].type) == 0)
			return readers[i].read(text, value, problem);
	}
	return read_text(column, text, value, problem);
}
