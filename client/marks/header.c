/*
 * header.c
 *		What the columns of a CSV file are, by the names that the common systems give them.
 */
#include "marks/marks.h"

#include <ctype.h>

typedef struct Alias
{
	const char *name; /* lower case, letters and digits alone */
	ColumnKind kind;
	FieldName field; /* or the session of COLUMN_HALF */
} Alias;

/* AMBIGUOUS names count only beside a column that says who makes the entry: title, reason. */
static const Alias aliases[] = {
	{"schoolurn", COLUMN_FIELD, FIELD_SCHOOL},
	{"urn", COLUMN_FIELD, FIELD_SCHOOL},
	{"establishmenturn", COLUMN_FIELD, FIELD_SCHOOL},
	{"uniquereferencenumber", COLUMN_FIELD, FIELD_SCHOOL},
	{"laestab", COLUMN_LAESTAB, FIELD_SCHOOL},
	{"schoollaestab", COLUMN_LAESTAB, FIELD_SCHOOL},
	{"dfenumber", COLUMN_LAESTAB, FIELD_SCHOOL},
	{"dfesnumber", COLUMN_LAESTAB, FIELD_SCHOOL},
	{"dfeno", COLUMN_LAESTAB, FIELD_SCHOOL},
	{"la", COLUMN_LA, FIELD_SCHOOL},
	{"lea", COLUMN_LA, FIELD_SCHOOL},
	{"lacode", COLUMN_LA, FIELD_SCHOOL},
	{"lanumber", COLUMN_LA, FIELD_SCHOOL},
	{"estab", COLUMN_ESTAB, FIELD_SCHOOL},
	{"estabnumber", COLUMN_ESTAB, FIELD_SCHOOL},
	{"establishmentnumber", COLUMN_ESTAB, FIELD_SCHOOL},
	{"pupilid", COLUMN_FIELD, FIELD_PUPIL_ID},
	{"upn", COLUMN_FIELD, FIELD_UPN},
	{"pupilupn", COLUMN_FIELD, FIELD_UPN},
	{"studentupn", COLUMN_FIELD, FIELD_UPN},
	{"uniquepupilnumber", COLUMN_FIELD, FIELD_UPN},
	{"day", COLUMN_FIELD, FIELD_DAY},
	{"date", COLUMN_FIELD, FIELD_DAY},
	{"attendancedate", COLUMN_FIELD, FIELD_DAY},
	{"sessiondate", COLUMN_FIELD, FIELD_DAY},
	{"markdate", COLUMN_FIELD, FIELD_DAY},
	{"registerdate", COLUMN_FIELD, FIELD_DAY},
	{"session", COLUMN_FIELD, FIELD_SESSION},
	{"ampm", COLUMN_FIELD, FIELD_SESSION},
	{"sessionname", COLUMN_FIELD, FIELD_SESSION},
	{"sessiontype", COLUMN_FIELD, FIELD_SESSION},
	{"sessionampm", COLUMN_FIELD, FIELD_SESSION},
	{"mark", COLUMN_FIELD, FIELD_MARK},
	{"code", COLUMN_FIELD, FIELD_MARK},
	{"attendancemark", COLUMN_FIELD, FIELD_MARK},
	{"attendancecode", COLUMN_FIELD, FIELD_MARK},
	{"registermark", COLUMN_FIELD, FIELD_MARK},
	{"markcode", COLUMN_FIELD, FIELD_MARK},
	{"am", COLUMN_HALF, 0},
	{"ammark", COLUMN_HALF, 0},
	{"amcode", COLUMN_HALF, 0},
	{"morning", COLUMN_HALF, 0},
	{"pm", COLUMN_HALF, 1},
	{"pmmark", COLUMN_HALF, 1},
	{"pmcode", COLUMN_HALF, 1},
	{"afternoon", COLUMN_HALF, 1},
	{"nature", COLUMN_FIELD, FIELD_NATURE},
	{"enteredby", COLUMN_FIELD, FIELD_ENTERED_BY},
	{"title", COLUMN_FIELD, FIELD_TITLE},
	{"reason", COLUMN_FIELD, FIELD_REASON},
};

/* Called for cells of every row: names that begin otherwise are not compared. */
static const Alias *
find_alias(const char *normal)
{
	for (size_t i = 0; i < lengthof(aliases); i++)
	{
		if (aliases[i].name[0] == normal[0] && strcmp(aliases[i].name, normal) == 0)
			return &aliases[i];
	}
	return NULL;
}

/* A code itself, or T_Reason_I, as extracts of the school census have it. */
static const char *
read_code(Text name)
{
	static const char prefix[] = "t_reason_";
	char normal[32];
	const char *code;

	name = trim(name);
	if (name.length > sizeof(prefix) - 1 && name.length < 16)
	{
		for (size_t i = 0; i < sizeof(prefix) - 1; i++)
			normal[i] = tolower((unsigned char) name.data[i]);
		if (memcmp(normal, prefix, sizeof(prefix) - 1) == 0)
			name.data += sizeof(prefix) - 1, name.length -= sizeof(prefix) - 1;
	}
	code = name.length > 0 && name.length <= 3 ? known_mark(name) : NULL;
	return code != NULL && *code != '\0' ? code : NULL;
}

static void
read_column(Column *column, Text name)
{
	char normal[64];
	const Alias *alias;
	const char *code;

	column->kind = COLUMN_IGNORED;
	column->name = copy_text(trim(name));
	normal_name(name, normal, sizeof(normal));
	alias = find_alias(normal);
	if (alias != NULL)
	{
		column->kind = alias->kind;
		column->field = alias->field;
		column->session = alias->field;
		return;
	}
	read_session_heading(column);
	if (column->kind == COLUMN_IGNORED && (code = read_code(name)) != NULL)
	{
		column->kind = COLUMN_CODE;
		column->mark = pg_strdup(code);
	}
}

static void
set_place(Header *header, int *place, int number, const char *what)
{
	if (*place >= 0)
		fail(EXIT_DATA, "%s, line %lld: columns \"%s\" and \"%s\" both say the %s", header->file,
			 (long long) header->line, header->columns[*place].name, header->columns[number].name,
			 what);
	*place = number;
}

static void
place_column(Header *header, int number)
{
	Column *column = &header->columns[number];

	if (column->kind == COLUMN_FIELD)
		set_place(header, &header->place[column->field], number, field_names[column->field]);
	else if (column->kind == COLUMN_LAESTAB)
		set_place(header, &header->laestab, number, "LAESTAB");
	else if (column->kind == COLUMN_LA)
		set_place(header, &header->la, number, "authority's number");
	else if (column->kind == COLUMN_ESTAB)
		set_place(header, &header->estab, number, "establishment's number");
	else if (column->kind == COLUMN_HALF)
		header->halves++;
	else if (column->kind == COLUMN_WIDE)
		header->wide++;
	else if (column->kind == COLUMN_CODE)
		header->codes++;
}

/* Mr and Mrs, and reasons of absence, are not those of an entry. */
static void
forget_ambiguous(Header *header)
{
	if (header->place[FIELD_ENTERED_BY] >= 0)
		return;
	header->place[FIELD_TITLE] = header->place[FIELD_REASON] = -1;
}

/* A column that is nearly a session's would be left out with all its marks. */
static void
check_sessions(const Header *header)
{
	for (int i = 0; i < header->count; i++)
	{
		const Column *column = &header->columns[i];
		Buffer message = {0};

		if (column->problem == NULL)
			continue;
		put_format(&message, "%s, line %lld, column \"%s\": %s", header->file,
				   (long long) header->line, printable(text_of(column->name)), column->problem);
		fail_detail(EXIT_DATA, message.data, "Nothing was loaded.");
	}
}

/* What is missing that every file must have, or NULL. */
static const char *
header_problem(const Header *header)
{
	bool dated = header->place[FIELD_DAY] >= 0;
	bool pupil = header->place[FIELD_UPN] >= 0 || header->place[FIELD_PUPIL_ID] >= 0;
	bool school = options.school != 0 || header->place[FIELD_SCHOOL] >= 0 || header->laestab >= 0 ||
				  (header->la >= 0 && header->estab >= 0);
	bool session = header->place[FIELD_SESSION] >= 0;

	if (!pupil)
		return "no column names the pupil (upn or pupil_id)";
	if (!dated && header->wide == 0 && header->codes > 2)
		return "the file counts codes but has no days: marks cannot be made of totals";
	if (!school)
		return "no column names the school (school_urn or laestab): give --school";
	if (!dated)
		check_sessions(header);
	if (header->wide > 0 && !dated)
		return NULL;
	if (!dated)
		return "no column has the day";
	if (header->halves > 0 && !session)
		return NULL;
	if (!session)
		return "no column has the session (session, or AM and PM)";
	if (header->place[FIELD_MARK] < 0 && header->codes < 2)
		return "no column has the mark";
	return NULL;
}

static void
check_header(const Header *header, const Csv *csv, const Load *load)
{
	const char *problem = header_problem(header);
	Buffer message = {0}, detail = {0};

	if (problem == NULL)
		return;
	put_format(&message, "%s, line %lld: %s", header->file, (long long) header->line, problem);
	put_headings(&detail, csv, load->set_aside ? REJECT_COLUMNS : 0);
	fail_detail(EXIT_DATA, message.data, detail.data);
}

/* Whether marks are made of the column in a file of this shape. */
static bool
is_used(const Header *header, int number)
{
	const Column *column = &header->columns[number];
	bool dated = header->place[FIELD_DAY] >= 0, session = header->place[FIELD_SESSION] >= 0;

	switch (column->kind)
	{
		case COLUMN_FIELD:
			return header->place[column->field] == number &&
				   (dated || (column->field != FIELD_SESSION && column->field != FIELD_MARK)) &&
				   (session || column->field != FIELD_MARK);
		case COLUMN_LAESTAB:
			return true;
		case COLUMN_LA:
		case COLUMN_ESTAB:
			return header->la >= 0 && header->estab >= 0;
		case COLUMN_HALF:
			return dated && !session;
		case COLUMN_WIDE:
			return !dated;
		case COLUMN_CODE:
			return dated && session && header->place[FIELD_MARK] < 0;
		default:
			return false;
	}
}

/* What --reject has put before the row is no part of it. */
static void
watch_columns(Header *header, const Load *load)
{
	for (int i = load->set_aside ? REJECT_COLUMNS : 0; i < header->count; i++)
	{
		if (!is_used(header, i))
			watch_column(&header->unused, i, text_of(header->columns[i].name));
	}
}

/* From the record that was read. */
void
read_header(Header *header, const Csv *csv, Load *load)
{
	memset(header, 0, sizeof(Header));
	header->line = csv->line;
	memset(header->place, -1, sizeof(header->place));
	header->file = input_name(load->input);
	header->laestab = header->la = header->estab = -1;
	load->set_aside = is_reject_header(csv);
	if (csv->problem != NULL)
		fail(EXIT_DATA, "%s, line %lld: %s", input_name(load->input), (long long) csv->line,
			 csv->problem);
	header->count = csv->count;
	header->columns = pg_malloc0(csv->count * sizeof(Column));
	for (int i = 0; i < csv->count; i++)
	{
		read_column(&header->columns[i], csv_field(csv, i));
		place_column(header, i);
	}
	forget_ambiguous(header);
	check_header(header, csv, load);
	watch_columns(header, load);
}

/* ---------- a header in the middle of a file ---------- */

static bool
is_known_heading(Text cell)
{
	char normal[64];

	if (!may_be_heading(cell))
		return false;
	normal_name(cell, normal, sizeof(normal));
	return find_alias(normal) != NULL;
}

static bool
is_session_heading(Text cell)
{
	Column column = {.name = copy_text(trim(cell))};
	bool is;

	read_session_heading(&column);
	is = column.kind == COLUMN_WIDE || column.problem != NULL;
	free(column.name);
	free(column.problem);
	return is;
}

/* Whether a cell is a heading, where no right value is one: names and reasons may be, and ticks. */
static bool
is_heading(const Header *header, int number, Text cell)
{
	const Column *column = &header->columns[number];

	if (!is_used(header, number) || column->kind == COLUMN_CODE)
		return false;
	if (column->kind == COLUMN_WIDE && cell.length > 5 && is_session_heading(cell))
		return true;
	if (column->kind == COLUMN_FIELD && column->field >= FIELD_NATURE)
		return false;
	return is_known_heading(cell) && !(column->kind == COLUMN_FIELD &&
									   column->field == FIELD_SESSION && parse_session(cell) >= 0);
}

/* Of the record that was read. */
bool
repeats_header(const Header *header, const Csv *csv)
{
	int found = 0;

	for (int i = 0; i < header->count && i < csv->count && found < 2; i++)
		found += is_heading(header, i, csv_field(csv, i));
	return found == 2;
}

void
free_header(Header *header)
{
	for (int i = 0; i < header->count; i++)
	{
		free(header->columns[i].name);
		free(header->columns[i].mark);
		free(header->columns[i].problem);
	}
	free(header->columns);
	free_unused(&header->unused);
}
