/*
 * entry.c
 *		Writing through the views mark and mark_feed: each row is gathered, and the statement's
 *		last trigger writes every line once (register/flush.c).
 */
#include "register/refusal.h"

#include "journal/journal.h"

#include "access/htup_details.h"
#include "catalog/pg_trigger.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

/* Rows gathered before the lines are written, so that memory stays bounded in a large COPY. */
#define MAX_ENTRIES (2 * 1024 * 1024)

const TriggerColumn view_columns[VIEW_COLUMNS] = {
	[COLUMN_SCHOOL_URN] = {.name = "school_urn", .type = INT4OID},
	[COLUMN_PUPIL_ID] = {.name = "pupil_id", .type = INT8OID},
	[COLUMN_UPN] = {.name = "upn", .type = TEXTOID},
	[COLUMN_DAY] = {.name = "day", .type = DATEOID},
	[COLUMN_SESSION] = {.name = "session", .type = TEXTOID},
	[COLUMN_MARK] = {.name = "mark", .type = MARK_TYPE},
	[COLUMN_NATURE] = {.name = "nature", .type = TEXTOID},
	[COLUMN_ENTERED_BY] = {.name = "entered_by", .type = TEXTOID},
	[COLUMN_TITLE] = {.name = "title", .type = TEXTOID},
	[COLUMN_REASON] = {.name = "reason", .type = TEXTOID},
};

static const TriggerKind enter_mark_kind = {
	.name = "enter_mark",
	.type = TRIGGER_TYPE_ROW | TRIGGER_TYPE_INSTEAD | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE |
			TRIGGER_TYPE_DELETE,
	.columns = view_columns,
	.column_count = VIEW_COLUMNS,
};

static const TriggerKind feed_mark_kind = {
	.name = "feed_mark",
	.type = TRIGGER_TYPE_ROW | TRIGGER_TYPE_INSTEAD | TRIGGER_TYPE_INSERT,
	.columns = view_columns,
	.column_count = VIEW_COLUMNS,
};

static const TriggerKind write_marks_kind = {
	.name = "write_marks",
	.type = TRIGGER_TYPE_STATEMENT | TRIGGER_TYPE_AFTER | TRIGGER_TYPE_INSERT | TRIGGER_TYPE_UPDATE,
};

typedef struct ViewRow
{
	MarkBuffer *buffer;
	HeapTuple tuple;
	TupleDesc tupdesc;
	uint32 number;
} ViewRow;

void
start_buffer(MarkBuffer *buffer, const int *columns)
{
	HASHCTL control = {.keysize = sizeof(((UpnEntry *) NULL)->upn),
					   .entrysize = sizeof(UpnEntry),
					   .hcxt = buffer->state.context};

	memcpy(buffer->columns, columns, sizeof(buffer->columns));
	buffer->upns =
		hash_create("unique pupil numbers", 256, &control, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
}

/* Not counted before it is complete. */
static MarkEntry *
new_entry(MarkBuffer *buffer)
{
	buffer->entries = make_room(&buffer->state, buffer->entries, buffer->count, &buffer->capacity,
								sizeof(MarkEntry));
	return &buffer->entries[buffer->count];
}

/* ---------- reading a row of the view ---------- */

static void
refuse_value(const ViewRow *row, ViewColumn column, int sqlstate, char *message)
{
	refuse_row(row->buffer, &(Refusal){.sqlstate = sqlstate,
									   .column = view_columns[column].name,
									   .row = row->number,
									   .message = message});
}

/* False if the column is NULL, or there is none. */
static bool
get_value(const ViewRow *row, ViewColumn column, Datum *value)
{
	int number = row->buffer->columns[column];
	bool isnull = true;

	*value = (Datum) 0;
	if (number > 0)
		*value = SPI_getbinval(row->tuple, row->tupdesc, number, &isnull);
	return !isnull;
}

/* False, as with all that follows, if the row is refused and the statement goes on. */
static bool
need_value(const ViewRow *row, ViewColumn column, Datum *value)
{
	if (get_value(row, column, value))
		return true;
	refuse_value(row, column, ERRCODE_NOT_NULL_VIOLATION,
				 psprintf("column \"%s\" is empty", view_columns[column].name));
	return false;
}

static bool
read_school(const ViewRow *row, MarkEntry *entry)
{
	Datum value;

	if (!need_value(row, COLUMN_SCHOOL_URN, &value))
		return false;
	entry->school_urn = DatumGetInt32(value);
	return true;
}

static bool
read_session(const ViewRow *row, MarkEntry *entry)
{
	Datum day, value;
	char *session;
	int half;

	if (!need_value(row, COLUMN_DAY, &day) || !need_value(row, COLUMN_SESSION, &value))
		return false;
	session = TextDatumGetCString(value);
	half = find_half(session, strlen(session));
	if (!day_in_range(DatumGetDateADT(day)))
		refuse_value(row, COLUMN_DAY, ERRCODE_DATETIME_FIELD_OVERFLOW,
					 "the day is not between 1900-01-01 and 2999-12-31");
	else if (half < 0)
		refuse_value(row, COLUMN_SESSION, ERRCODE_INVALID_PARAMETER_VALUE,
					 psprintf("invalid session \"%s\": AM or PM is expected", session));
	else
	{
		entry->session = make_session(DatumGetDateADT(day), half);
		entry->year = academic_year_of(DatumGetDateADT(day));
		return true;
	}
	return false;
}

static bool
find_upn(const ViewRow *row, Datum value, UpnEntry **found)
{
	char *upn = TextDatumGetCString(value);
	bool known;

	if (strlen(upn) >= sizeof((*found)->upn))
	{
		refuse_value(row, COLUMN_UPN, ERRCODE_INVALID_PARAMETER_VALUE,
					 psprintf("\"%s\" is not a unique pupil number", upn));
		return false;
	}
	*found = hash_search(row->buffer->upns, upn, HASH_ENTER, &known);
	if (!known)
		memset((char *) *found + sizeof((*found)->upn), 0,
			   sizeof(UpnEntry) - sizeof((*found)->upn));
	return true;
}

/* Both ways of naming a pupil must name the same one; whose UPN it is is looked up later. */
static bool
expect_pupil(const ViewRow *row, UpnEntry *upn, int64 pupil_id)
{
	if (upn->has_expected && upn->expected != pupil_id)
	{
		refuse_row(row->buffer,
				   &(Refusal){.sqlstate = ERRCODE_INVALID_PARAMETER_VALUE,
							  .column = "upn",
							  .row = row->number,
							  .other_row = upn->row,
							  .message = psprintf(
								  "the unique pupil number \"%s\" is given for pupil " INT64_FORMAT
								  " here and for pupil " INT64_FORMAT,
								  upn->upn, pupil_id, upn->expected)});
		return false;
	}
	upn->has_expected = true;
	upn->expected = pupil_id;
	upn->row = row->number;
	return true;
}

/* A pupil is given by identifier, by UPN or by both. */
static bool
read_pupil(const ViewRow *row, MarkEntry *entry)
{
	Datum id, upn;
	bool has_upn = get_value(row, COLUMN_UPN, &upn);

	entry->has_id = get_value(row, COLUMN_PUPIL_ID, &id);
	entry->pupil_id = entry->has_id ? DatumGetInt64(id) : 0;
	entry->upn = NULL;
	if (!entry->has_id && !has_upn)
	{
		refuse_value(row, COLUMN_PUPIL_ID, ERRCODE_NOT_NULL_VIOLATION,
					 "neither pupil_id nor upn is given");
		return false;
	}
	/* the row of an amendment has what it was read with */
	if (!has_upn || (entry->has_id && row->buffer->state.kind == STATE_AMEND))
		return true;
	return find_upn(row, upn, &entry->upn) &&
		   (!entry->has_id || expect_pupil(row, entry->upn, entry->pupil_id));
}

/* NULL if the column is; in the memory of the row. */
static char *
get_text(const ViewRow *row, ViewColumn column)
{
	Datum value;

	return get_value(row, column, &value) ? TextDatumGetCString(value) : NULL;
}

static char *
keep_text(const MarkBuffer *buffer, const char *words)
{
	return words == NULL ? NULL : MemoryContextStrdup(buffer->state.context, words);
}

/* One without words says nothing, as the table mark_nature has it. */
static bool
read_nature(const ViewRow *row, MarkEntry *entry)
{
	char *nature = get_text(row, COLUMN_NATURE);

	if (nature != NULL && !has_words(nature))
	{
		refuse_value(row, COLUMN_NATURE, ERRCODE_CHECK_VIOLATION, "the nature is blank");
		return false;
	}
	entry->nature = keep_text(row->buffer, nature);
	return true;
}

/* The place of a row's signature among those of the statement, most of which have one. */
static uint32
get_signature(MarkBuffer *buffer, const ViewRow *row)
{
	Signature signature = {get_text(row, COLUMN_ENTERED_BY), get_text(row, COLUMN_TITLE),
						   get_text(row, COLUMN_REASON)};
	int count = buffer->signature_count;

	for (int i = count - 1; i >= 0; i--)
	{
		if (same_signature(&signature, &buffer->signatures[i]))
			return i;
	}
	buffer->signatures = make_room(&buffer->state, buffer->signatures, count,
								   &buffer->signature_capacity, sizeof(Signature));
	buffer->signatures[count] =
		(Signature){keep_text(buffer, signature.entered_by), keep_text(buffer, signature.title),
					keep_text(buffer, signature.reason)};
	return buffer->signature_count++;
}

void
gather_row(MarkBuffer *buffer, HeapTuple tuple, TupleDesc tupdesc, Mark old)
{
	ViewRow row = {buffer, tuple, tupdesc, ++buffer->rows};
	MarkEntry *entry;
	Datum mark;

	if (!get_value(&row, COLUMN_MARK, &mark))
	{
		if (buffer->state.kind != STATE_FEED)
			need_value(&row, COLUMN_MARK, &mark);
		return; /* nothing has been sent for this session */
	}
	if (buffer->count == MAX_ENTRIES)
		flush_marks(buffer);
	entry = new_entry(buffer);
	entry->row = row.number;
	entry->mark = any_half(get_mark(mark));
	entry->old = old;
	entry->refused = false;
	if (!read_school(&row, entry) || !read_session(&row, entry) || !read_pupil(&row, entry) ||
		!read_nature(&row, entry))
		return;
	entry->signature = get_signature(buffer, &row);
	buffer->count++;
}

/* Without its last trigger a statement would gather marks and lose them. */
static void
check_will_be_written(FunctionCallInfo fcinfo, const TriggerData *data)
{
	if (!will_be_written(fcinfo, data->tg_relation, data->tg_event, "write_marks"))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("view \"%s\" has lost its trigger write_marks, no marks can be entered",
						RelationGetRelationName(data->tg_relation))));
}

/* The buffer of the running statement for this view; a statement with a WITH clause can have two. */
static MarkBuffer *
get_buffer(FunctionCallInfo fcinfo, TriggerData *data, StateKind mode, const int *columns)
{
	MemoryContext context = fcinfo->flinfo->fn_mcxt;
	State *state = find_state(context, mode, InvalidOid, RelationGetRelid(data->tg_relation));

	if (state != NULL)
		return (MarkBuffer *) state;
	check_will_be_written(fcinfo, data);
	state = new_state(context, mode, RelationGetNamespace(data->tg_relation),
					  RelationGetRelid(data->tg_relation), sizeof(MarkBuffer));
	start_buffer((MarkBuffer *) state, columns);
	return (MarkBuffer *) state;
}

/* ---------- the triggers ---------- */

/* The first row that a statement would remove is refused as the view shows it. */
static void
refuse_removal(const TriggerData *data, const int *columns)
{
	MarkBuffer buffer = {.state = {.context = CurrentMemoryContext,
								   .kind = STATE_AMEND,
								   .relation = RelationGetRelid(data->tg_relation)}};
	ViewRow row = {&buffer, data->tg_trigtuple, RelationGetDescr(data->tg_relation), 0};
	MarkEntry entry = {0};
	Refusal refusal;
	Datum mark;

	start_buffer(&buffer, columns);
	if (!read_school(&row, &entry) || !read_session(&row, &entry) || !read_pupil(&row, &entry) ||
		!need_value(&row, COLUMN_MARK, &mark))
		return;
	refusal = refused_mark(RULE_MARK_REMOVAL, &entry, any_half(get_mark(mark)));
	refuse_row(&buffer, &refusal);
}

/* An update changes the mark; another school, pupil or session would be another mark. */
static void
check_same_session(const ViewRow *new, const ViewRow *old)
{
	for (int i = 0; i < COLUMN_MARK; i++)
	{
		char *a = SPI_getvalue(new->tuple, new->tupdesc, new->buffer->columns[i]);
		char *b = SPI_getvalue(old->tuple, old->tupdesc, old->buffer->columns[i]);

		if ((a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0))
			refuse_value(new, i, ERRCODE_FEATURE_NOT_SUPPORTED,
						 psprintf("column \"%s\" of view \"mark\" cannot be updated, only \"mark\"",
								  view_columns[i].name));
	}
}

static void
amend_row(MarkBuffer *buffer, HeapTuple new_tuple, HeapTuple old_tuple, TupleDesc tupdesc)
{
	ViewRow new = {buffer, new_tuple, tupdesc, buffer->rows + 1};
	ViewRow old = {buffer, old_tuple, tupdesc, buffer->rows + 1};
	Datum mark;

	check_same_session(&new, &old);
	if (need_value(&old, COLUMN_MARK, &mark))
		gather_row(buffer, new_tuple, tupdesc, any_half(get_mark(mark)));
}

/*
 * The row is returned as a copy: the executor frees a row that a trigger replaces, but keeps those
 * that it returns as they are until the statement ends.
 */
PG_FUNCTION_INFO_V1(att_enter_mark);
Datum
att_enter_mark(PG_FUNCTION_ARGS)
{
	const int *columns;
	TriggerData *data = start_trigger(fcinfo, &enter_mark_kind, &columns);
	TupleDesc tupdesc = RelationGetDescr(data->tg_relation);
	HeapTuple row = data->tg_trigtuple;

	if (TRIGGER_FIRED_BY_DELETE(data->tg_event))
		refuse_removal(data, columns);
	if (TRIGGER_FIRED_BY_UPDATE(data->tg_event))
	{
		amend_row(get_buffer(fcinfo, data, STATE_AMEND, columns), data->tg_newtuple, row, tupdesc);
		row = data->tg_newtuple;
	}
	else
		gather_row(get_buffer(fcinfo, data, STATE_ENTER, columns), row, tupdesc, MARK_NONE);
	return PointerGetDatum(heap_copytuple(row));
}

PG_FUNCTION_INFO_V1(att_feed_mark);
Datum
att_feed_mark(PG_FUNCTION_ARGS)
{
	const int *columns;
	TriggerData *data = start_trigger(fcinfo, &feed_mark_kind, &columns);

	gather_row(get_buffer(fcinfo, data, STATE_FEED, columns), data->tg_trigtuple,
			   RelationGetDescr(data->tg_relation), MARK_NONE);
	return PointerGetDatum(heap_copytuple(data->tg_trigtuple));
}

/* For programs that ask for it by client_min_messages, as pg_attendance does: COPY returns no rows. */
static void
say_counts(const MarkBuffer *buffer, Relation view)
{
	if (buffer->state.kind == STATE_FEED)
		ereport(DEBUG1, (errtable(view),
						 errmsg_internal("marks of the feed: " UINT64_FORMAT " new, " UINT64_FORMAT
										 " amended",
										 buffer->counts.entered, buffer->counts.amended),
						 errdetail_internal("New " UINT64_FORMAT ", amended " UINT64_FORMAT ".",
											buffer->counts.entered, buffer->counts.amended)));
}

PG_FUNCTION_INFO_V1(att_write_marks);
Datum
att_write_marks(PG_FUNCTION_ARGS)
{
	TriggerData *data = start_trigger(fcinfo, &write_marks_kind, NULL);

	for (StateKind mode = STATE_ENTER; mode <= STATE_FEED; mode++)
	{
		State *state = find_state(fcinfo->flinfo->fn_mcxt, mode, InvalidOid,
								  RelationGetRelid(data->tg_relation));

		if (state == NULL)
			continue;
		flush_marks((MarkBuffer *) state);
		say_counts((MarkBuffer *) state, data->tg_relation);
		end_state(state);
	}
	return PointerGetDatum(NULL);
}
