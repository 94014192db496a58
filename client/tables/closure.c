/*
 * closure.c
 *		Days of a calendar on which a school is closed: which sessions it does not hold.
 */
#include "tables/tables.h"

/* A column that says closed or open would be left out, and the day entered as one that is open. */
void
check_closed_column(const TableFile *file)
{
	for (int i = 0; i < file->unused.count; i++)
	{
		const UnusedColumn *column = &file->unused.columns[i];
		char normal[64];

		normal_name(text_of(column->name), normal, sizeof(normal));
		if (column->named &&
			has_word("closed isclosed schoolclosed open isopen schoolopen", normal))
			fail(EXIT_DATA,
				 "%s, line %lld, column \"%s\": say in closure why, and in morning and afternoon"
				 " whether a session is held (yes or no)",
				 input_name(file->input), (long long) file->csv.line, column->name);
	}
}

static bool
says(const Buffer *value, const char *wanted)
{
	return value->len == strlen(wanted) && memcmp(value->data, wanted, value->len) == 0;
}

/* A closure is of both sessions, if the row says of neither whether it is held; false if of none. */
bool
settle_closure(TableFile *file)
{
	Buffer *morning = &file->values[find_name(file->load, "morning")];
	Buffer *afternoon = &file->values[find_name(file->load, "afternoon")];

	if (file->values[file->load->closure].len == 0)
		return true;
	if (morning->len == 0 && afternoon->len == 0)
	{
		put_string(morning, "false");
		put_string(afternoon, "false");
	}
	return says(morning, "false") || says(afternoon, "false");
}
