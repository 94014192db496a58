/*
 * fuzz_journal.c
 *		What an entry of the journal holds: marks, packed, and rows, as JSON.
 */
#include "fuzz.h"

#include "journal/journal.h"
#include "journal/json.h"
#include "lib/stringinfo.h"

/* ---------- the marks of an entry of the journal ---------- */

typedef struct Visited
{
	int year;
	int lines;
	int changes;
	LineDiff *line;
	MarkChange *change;
	int capacity;
	bool in_order;
} Visited;

static void
collect(void *state, const LineName *name, const MarkChange *change)
{
	Visited *seen = state;
	LineDiff *line = seen->lines > 0 ? &seen->line[seen->lines - 1] : NULL;

	if (seen->changes == seen->capacity)
		return;
	if (line == NULL || line->pupil_id != name->pupil_id ||
		line->changes[line->count - 1].session >= change->session)
	{
		seen->in_order = seen->in_order && (line == NULL || line->pupil_id != name->pupil_id);
		line = &seen->line[seen->lines++];
		*line = (LineDiff){name->pupil_id, NULL, seen->change + seen->changes, 0};
	}
	seen->year = name->academic_year;
	seen->change[seen->changes++] = *change;
	line->count++;
}

typedef struct Payload
{
	const uint8 *bytes;
	size_t length;
	Visited *seen;
} Payload;

static void
visit_payload(void *argument)
{
	Payload *payload = argument;

	visit_changes(payload->bytes, payload->length, collect, payload->seen);
}

static Visited *
new_visited(int capacity)
{
	Visited *seen = palloc0(sizeof(Visited));

	seen->capacity = capacity;
	seen->line = palloc((capacity + 1) * sizeof(LineDiff));
	seen->change = palloc((capacity + 1) * sizeof(MarkChange));
	seen->in_order = true;
	return seen;
}

typedef struct Written
{
	StringInfoData bytes;
	const Visited *seen;
} Written;

static void
write_payload(void *argument)
{
	Written *written = argument;

	put_payload(&written->bytes, written->seen->year, written->seen->line, written->seen->lines);
}

/* What is read, written again and read again, is the same; more weeks than a line has are not written. */
void
fuzz_payload(const uint8 *bytes, size_t length)
{
	static const int corrupt[] = {ERRCODE_DATA_CORRUPTED, ERRCODE_OUT_OF_MEMORY, 0};
	Visited *seen = new_visited(400), *again = new_visited(400);
	Payload payload = {bytes, length, seen};
	Outcome outcome = call_protected(visit_payload, &payload);
	static const int too_long[] = {ERRCODE_PROGRAM_LIMIT_EXCEEDED, 0};
	Written written = {.seen = seen};

	need_state(&outcome, "a payload", corrupt);
	if (outcome.sqlstate != 0 || !seen->in_order || seen->changes == 0 ||
		seen->changes == seen->capacity)
		return;
	initStringInfo(&written.bytes);
	outcome = call_protected(write_payload, &written);
	need_state(&outcome, "a payload to be written", too_long);
	if (outcome.sqlstate != 0)
		return;
	payload = (Payload){(uint8 *) written.bytes.data, written.bytes.len, again};
	need(call_protected(visit_payload, &payload).sqlstate == 0, "a payload that was written");
	need(seen->year == again->year && seen->changes == again->changes &&
			 seen->lines == again->lines,
		 "a payload written again");
	for (int i = 0; i < seen->changes; i++)
		need(seen->change[i].session == again->change[i].session &&
				 seen->change[i].old == again->change[i].old &&
				 seen->change[i].new == again->change[i].new,
			 "a change written again");
}

/* ---------- the rows of an entry of the journal ---------- */

typedef struct Found
{
	Piece row;
	Piece column;
	Piece value;
} Found;

static void
find_value(void *argument)
{
	Found *found = argument;

	found->value = find_column(found->row, found->column);
}

/* The first byte tells how long the name of the column is that is sought in the rest. */
void
fuzz_json(const uint8 *bytes, size_t length)
{
	static const int corrupt[] = {ERRCODE_DATA_CORRUPTED, 0};
	const char *text = (const char *) bytes + 1;
	size_t named;
	Found found;
	Outcome outcome;

	if (length == 0)
		return;
	named = Min(bytes[0] % 16, length - 1);
	found.column = (Piece){text, named};
	found.row = (Piece){text + named, length - 1 - named};
	outcome = call_protected(find_value, &found);
	need_state(&outcome, "a row of JSON", corrupt);
	if (outcome.sqlstate != 0)
		return;
	if (found.value.bytes >= text && found.value.bytes < text + length - 1)
		need(found.value.length > 0 && found.value.bytes >= found.row.bytes &&
				 found.value.bytes + found.value.length <= found.row.bytes + found.row.length,
			 "a value in its row");
	else
		need(same_piece(found.value, (Piece){"null", 4}), "a column that is not there");
}
