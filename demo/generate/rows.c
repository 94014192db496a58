/*
 * rows.c
 *		Rows of the files that are made field by field.
 *
 * Here, and only here, the columns have their names.
 */
#include <stdarg.h>
#include <string.h>

#include "generate.h"

static const char *const file_names[TABLES] = {
	[TABLE_ENROLMENTS] = "enrolments.csv",
	[TABLE_CONTACTS] = "contacts.csv",
	[TABLE_ADDRESSES] = "pupil_addresses.csv",
	[TABLE_HEADS] = "authorised_persons.csv",
	[TABLE_LEAVES] = "leaves.csv",
	[TABLE_TIMETABLES] = "part_time_timetables.csv",
	[TABLE_NATURES] = "natures.csv",
	[TABLE_DUAL] = "dual_registrations.csv",
};

static const char *const column_names[TABLES][COLUMNS] = {
	[TABLE_ENROLMENTS] = {[ROW_SCHOOL] = "school_urn",
						  [ROW_PUPIL] = "pupil_id",
						  [ENROLMENT_START] = "start_date",
						  [ENROLMENT_END] = "end_date",
						  [ENROLMENT_STATUS] = "status",
						  [ENROLMENT_YEAR] = "year_group",
						  [ENROLMENT_GROUP] = "registration_group",
						  [ENROLMENT_AGREED] = "agreed_on",
						  [ENROLMENT_BASIS] = "starting_day_basis",
						  [ENROLMENT_REASON] = "entry_reason",
						  [ENROLMENT_GROUND] = "deletion_ground",
						  [ENROLMENT_AROSE] = "ground_arose_on",
						  [ENROLMENT_EVIDENCE] = "deletion_evidence",
						  [ENROLMENT_DELETED] = "deleted_at",
						  [ENROLMENT_NEXT] = "next_school",
						  [ENROLMENT_NEXT_START] = "next_school_start",
						  [ENROLMENT_LAST] = "last_school",
						  [ENROLMENT_LAST_ADDRESS] = "last_school_address"},
	[TABLE_CONTACTS] = {"contact_id", "pupil_id", "full_name", "address", "relationship",
						"is_parent", "lives_with", "emergency_numbers", "priority"},
	[TABLE_ADDRESSES] = {"pupil_id", "address", "from_day"},
	[TABLE_HEADS] = {"school_urn", "name", "title", "from_day"},
	[TABLE_LEAVES] = {[ROW_SCHOOL] = "school_urn",
					  [ROW_PUPIL] = "pupil_id",
					  [LEAVE_MARK] = "mark",
					  [LEAVE_SESSIONS] = "sessions",
					  [LEAVE_REASON] = "reason_class",
					  [LEAVE_CIRCUMSTANCES] = "circumstances",
					  [LEAVE_CONTACT] = "contact_id",
					  [LEAVE_APPLICANT] = "applicant",
					  [LEAVE_RECEIVED] = "received_at",
					  [LEAVE_DECIDED_BY] = "decided_by",
					  [LEAVE_DECIDED] = "decided_at",
					  [LEAVE_STATUS] = "status",
					  [LEAVE_LICENCE] = "licence_reference",
					  [LEAVE_LICENCE_FROM] = "licence_from",
					  [LEAVE_LICENCE_TO] = "licence_to",
					  [LEAVE_EXAMINATION] = "last_examination"},
	[TABLE_TIMETABLES] = {[ROW_SCHOOL] = "school_urn",
						  [ROW_PUPIL] = "pupil_id",
						  [TIMETABLE_SESSIONS] = "sessions",
						  [TIMETABLE_CIRCUMSTANCES] = "circumstances",
						  [TIMETABLE_AGREED] = "agreed_on",
						  [TIMETABLE_CONTACT] = "contact_id",
						  [TIMETABLE_AGREED_WITH] = "agreed_with",
						  [TIMETABLE_AGREED_BY] = "agreed_by",
						  [TIMETABLE_REVIEWS] = "review_dates",
						  [TIMETABLE_STATUS] = "status"},
	[TABLE_NATURES] = {[ROW_SCHOOL] = "school_urn",
					   [ROW_PUPIL] = "pupil_id",
					   [NATURE_MARK] = "mark",
					   [NATURE_SESSIONS] = "sessions",
					   [NATURE_TEXT] = "nature"},
	[TABLE_DUAL] = {[ROW_SCHOOL] = "school_urn",
					[ROW_PUPIL] = "pupil_id",
					[DUAL_OTHER_URN] = "other_school_urn",
					[DUAL_OTHER] = "other_school",
					[DUAL_FROM] = "from_day",
					[DUAL_TO] = "to_day",
					[DUAL_MAIN] = "main"},
};

static int
column_count(Table table)
{
	int n = 0;

	while (n < COLUMNS && column_names[table][n] != NULL)
		n++;
	return n;
}

void
open_tables(Output *out)
{
	int table;
	int column;

	for (table = 0; table < TABLES; table++)
	{
		FILE *file = open_file(out->directory, file_names[table], NULL);

		for (column = 0; column < column_count((Table) table); column++)
			fprintf(file, "%s%s", column > 0 ? "," : "", column_names[table][column]);
		fputc('\n', file);
		out->tables[table] = file;
	}
}

void
close_tables(Output *out)
{
	int table;

	for (table = 0; table < TABLES; table++)
		close_file(out->tables[table]);
}

void
start_row(Row *row, Table table)
{
	memset(row->fields, 0, sizeof(row->fields));
	row->table = table;
	row->used = 0;
}

void
set_field(Row *row, int column, const char *format, ...)
{
	size_t room = sizeof(row->text) - row->used;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(row->text + row->used, room, format, args);
	va_end(args);
	if (length < 0 || (size_t) length >= room)
		fail("a row of \"%s\" is too long", file_names[row->table]);
	row->fields[column] = row->text + row->used;
	row->used += (size_t) length + 1;
}

/* Empty if it was not set, as in the file */
const char *
field(const Row *row, int column)
{
	return row->fields[column] ? row->fields[column] : "";
}

/* No field here has a quotation mark or a line break in it */
static size_t
put_field(char *line, const char *text)
{
	return (size_t) sprintf(line, strchr(text, ',') ? "\"%s\"" : "%s", text);
}

/* The fields of a line of a file, in place */
static void
split_line(char *line, Row *row)
{
	int column = 0;

	for (;; line++)
	{
		bool quoted = *line == '"';
		char *end = strchr(line += quoted, quoted ? '"' : ',');

		if (column == column_count(row->table))
			fail("a row of \"%s\" has too many fields", file_names[row->table]);
		row->fields[column++] = line;
		if (end == NULL)
			break;
		*end = '\0';
		line = end + quoted;
		if (quoted && *line == '\0')
			break;
	}
	if (column < column_count(row->table))
		fail("a row of \"%s\" has too few fields", file_names[row->table]);
}

/* Afterwards the row is what a reader of the file finds in it */
void
write_row(Output *out, Row *row)
{
	static char line[ROW_TEXT + 4 * COLUMNS];
	size_t length = 0;
	int column;

	for (column = 0; column < column_count(row->table); column++)
	{
		if (column > 0)
			line[length++] = ',';
		length += put_field(line + length, field(row, column));
	}
	fwrite(line, 1, length, out->tables[row->table]);
	fputc('\n', out->tables[row->table]);
	split_line(memcpy(row->text, line, length + 1), row);
}
