/*
 * entry.c
 *		Writing through the views mark and mark_feed: each row is gathered, and the statement's
 *		last trigger writes every line once (register/flush.c).
 */
#include "journal/journal.h"

#include "access/htup_details.h"
#include "catalog/pg_trigger.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"

#include "rules/rules.h"

/* Rows gathered before the lines are written, so that memory stays bounded in a large COPY. */
#define MAX_ENTRIES (2 * 1024 * 1024)

static const TriggerColumn view_columns[VIEW_COLUMNS] = {
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
	HeapTuple tuple;
	TupleDesc tupdesc;
	const int *columns;
	uint32 number;
} ViewRow;

static MarkBuffer *
new_buffer(MemoryContext context, StateKind mode, Relation view, const int *columns)
{
	MarkBuffer *buffer = (MarkBuffer *) new_state(context, mode, RelationGetNamespace(view),
												  RelationGetRelid(view), sizeof(MarkBuffer));
	HASHCTL control = {.keysize = sizeof(((UpnEntry *) NULL)->upn),
					   .entrysize = sizeof(UpnEntry),
					   .hcxt = context};

	memcpy(buffer->columns, columns, sizeof(buffer->columns));
	buffer->upns =
		hash_create("unique pupil numbers", 256, &control, HASH_ELEM | HASH_STRINGS | HASH_CONTEXT);
	return buffer;
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

/* False if the column is NULL. */
static bool
get_value(const ViewRow *row, ViewColumn column, Datum *value)
{
	bool isnull;

	*value = SPI_getbinval(row->tuple, row->tupdesc, row->columns[column], &isnull);
	return !isnull;
}

static Datum
need_value(const ViewRow *row, ViewColumn column)
{
	Datum value;

	if (!get_value(row, column, &value))
		ereport(ERROR,
				(errcode(ERRCODE_NOT_NULL_VIOLATION),
				 errmsg("row %u: column \"%s\" is empty", row->number, view_columns[column].name)));
	return value;
}

static SchoolSession
get_session(const ViewRow *row)
{
	DateADT day = DatumGetDateADT(need_value(row, COLUMN_DAY));
	char *session = TextDatumGetCString(need_value(row, COLUMN_SESSION));
	int half = find_half(session, strlen(session));

	if (!day_in_range(day))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_FIELD_OVERFLOW),
				 errmsg("row %u: the day is not between 1900-01-01 and 2999-12-31", row->number)));
	if (half < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("row %u: invalid session \"%s\": AM or PM is expected", row->number,
							   session)));
	return make_session(day, half);
}

static UpnEntry *
find_upn(MarkBuffer *buffer, const ViewRow *row, Datum value)
{
	char *upn = TextDatumGetCString(value);
	UpnEntry *entry;
	bool found;

	if (strlen(upn) >= sizeof(entry->upn))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("row %u: \"%s\" is not a unique pupil number", row->number, upn)));
	entry = hash_search(buffer->upns, upn, HASH_ENTER, &found);
	if (!found)
		memset((char *) entry + sizeof(entry->upn), 0, sizeof(UpnEntry) - sizeof(entry->upn));
	return entry;
}

/* Both ways of naming a pupil must name the same one; whose UPN it is is looked up later. */
static void
expect_pupil(UpnEntry *upn, int64 pupil_id, const ViewRow *row)
{
	if (upn->has_expected && upn->expected != pupil_id)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("row %u: the unique pupil number \"%s\" is given for pupil " INT64_FORMAT
						" here and for pupil " INT64_FORMAT " in row %u",
						row->number, upn->upn, pupil_id, upn->expected, upn->row)));
	upn->has_expected = true;
	upn->expected = pupil_id;
	upn->row = row->number;
}

/* A pupil is given by identifier, by UPN or by both. */
static void
get_pupil(MarkBuffer *buffer, MarkEntry *entry, const ViewRow *row)
{
	Datum id, upn;
	bool has_id = get_value(row, COLUMN_PUPIL_ID, &id);
	bool has_upn = get_value(row, COLUMN_UPN, &upn);

	if (!has_id && !has_upn)
		ereport(ERROR, (errcode(ERRCODE_NOT_NULL_VIOLATION),
						errmsg("row %u: neither pupil_id nor upn is given", row->number)));
	entry->by_upn = !has_id;
	if (has_id)
		entry->pupil.id = DatumGetInt64(id);
	else
		entry->pupil.upn = find_upn(buffer, row, upn);
	if (has_id && has_upn && buffer->state.kind != STATE_AMEND)
		expect_pupil(find_upn(buffer, row, upn), entry->pupil.id, row);
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

static void
gather_row(MarkBuffer *buffer, HeapTuple tuple, TupleDesc tupdesc, Mark old)
{
	ViewRow row = {tuple, tupdesc, buffer->columns, ++buffer->rows};
	MarkEntry *entry;
	Datum mark;

	if (!get_value(&row, COLUMN_MARK, &mark))
	{
		if (buffer->state.kind == STATE_FEED)
			return; /* nothing has been sent for this session */
		need_value(&row, COLUMN_MARK);
	}
	if (buffer->count == MAX_ENTRIES)
		flush_marks(buffer);
	entry = new_entry(buffer);
	entry->row = row.number;
	entry->school_urn = DatumGetInt32(need_value(&row, COLUMN_SCHOOL_URN));
	entry->session = get_session(&row);
	entry->year = academic_year_of(session_day(entry->session));
	entry->mark = any_half(get_mark(mark));
	entry->old = old;
	entry->signature = get_signature(buffer, &row);
	entry->nature = keep_text(buffer, get_text(&row, COLUMN_NATURE));
	get_pupil(buffer, entry, &row);
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
	return new_buffer(context, mode, data->tg_relation, columns);
}

/* ---------- the triggers ---------- */

static void
refuse_removal(const ViewRow *row)
{
	char day[DAY_LENGTH + 1];

	format_day(day, DatumGetDateADT(need_value(row, COLUMN_DAY)));
	ereport(
		ERROR,
		(errcode_for_rule(RULE_MARK_REMOVAL),
		 errmsg(
			 "the mark of pupil " INT64_FORMAT
			 " at school %d for %s %s cannot be removed: an attendance register is amended, never erased",
			 DatumGetInt64(need_value(row, COLUMN_PUPIL_ID)),
			 DatumGetInt32(need_value(row, COLUMN_SCHOOL_URN)), day,
			 TextDatumGetCString(need_value(row, COLUMN_SESSION)))));
}

/* An update changes the mark; another school, pupil or session would be another mark. */
static void
check_same_session(const ViewRow *new, const ViewRow *old)
{
	for (int i = 0; i < VIEW_COLUMNS; i++)
	{
		char *a = SPI_getvalue(new->tuple, new->tupdesc, new->columns[i]);
		char *b = SPI_getvalue(old->tuple, old->tupdesc, old->columns[i]);

		if (i < COLUMN_MARK && ((a == NULL) != (b == NULL) || (a != NULL && strcmp(a, b) != 0)))
			ereport(
				ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("row %u: column \"%s\" of view \"mark\" cannot be updated, only \"mark\"",
						new->number, view_columns[i].name)));
	}
}

static void
amend_row(MarkBuffer *buffer, HeapTuple new_tuple, HeapTuple old_tuple, TupleDesc tupdesc)
{
	ViewRow new = {new_tuple, tupdesc, buffer->columns, buffer->rows + 1};
	ViewRow old = {old_tuple, tupdesc, buffer->columns, buffer->rows + 1};
	Mark old_mark = get_mark(need_value(&old, COLUMN_MARK));

	check_same_session(&new, &old);
	if (get_mark(need_value(&new, COLUMN_MARK)) == MARK_UNMARKED && old_mark != MARK_UNMARKED)
		refuse_removal(&old);
	gather_row(buffer, new_tuple, tupdesc, any_half(old_mark));
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
		refuse_removal(&(ViewRow){row, tupdesc, columns, 1});
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
say_counts(const MarkBuffer *buffer)
{
	if (buffer->state.kind == STATE_FEED)
		ereport(DEBUG1, (errmsg_internal("marks of the feed: " UINT64_FORMAT " new, " UINT64_FORMAT
										 " amended",
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
		say_counts((MarkBuffer *) state);
		end_state(state);
	}
	return PointerGetDatum(NULL);
}
