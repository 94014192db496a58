/*
 * ask.c
 *		Tells which rows the view mark_feed would refuse, and why, without writing anything: the rows
 *		of a query are gathered, compared and decided by the functions that do so when marks are fed.
 */
#include "register/batch.h"
#include "register/refusal.h"
#include "rules/line_rules.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

/* ---------- the rows ---------- */

/* The numbers of a query's columns in the order of the view's; 0 for one that it does not have. */
static void
find_query_columns(TupleDesc tupdesc, int *columns)
{
	for (int i = 0; i < VIEW_COLUMNS; i++)
	{
		const TriggerColumn *wanted = &view_columns[i];

		columns[i] = Max(SPI_fnumber(tupdesc, wanted->name), 0);
		if (columns[i] == 0 &&
			(i == COLUMN_SCHOOL_URN || i == COLUMN_DAY || i == COLUMN_SESSION || i == COLUMN_MARK))
			ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
							errmsg("the query has no column \"%s\"", wanted->name)));
		if (columns[i] > 0 && !column_is(tupdesc, columns[i], wanted->type))
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" of the query does not have the type that it has in "
							"the view mark_feed",
							wanted->name)));
	}
}

static void
gather_query(MarkBuffer *buffer, const char *query)
{
	MemoryContext rows =
		AllocSetContextCreate(CurrentMemoryContext, "rows of a query", ALLOCSET_DEFAULT_SIZES);
	Portal portal = SPI_cursor_open_with_args(NULL, query, 0, NULL, NULL, NULL, true, 0);
	int columns[VIEW_COLUMNS];

	find_query_columns(portal->tupDesc, columns);
	start_buffer(buffer, columns);
	do
	{
		MemoryContext old = MemoryContextSwitchTo(rows);

		SPI_cursor_fetch(portal, true, 1000);
		for (uint64 row = 0; row < SPI_processed; row++)
			gather_row(buffer, SPI_tuptable->vals[row], SPI_tuptable->tupdesc, MARK_NONE);
		MemoryContextSwitchTo(old);
		MemoryContextReset(rows);
		SPI_freetuptable(SPI_tuptable);
		CHECK_FOR_INTERRUPTS();
	} while (SPI_processed > 0);
	SPI_cursor_close(portal);
}

/* ---------- the lines, as whoever asks may see them ---------- */

/* Those that are there, and the empty ones that would be made for pupils who are enrolled. */
static void
read_lines(Batch *batch)
{
	Datum values[3] = {Int32GetDatum(batch->school_urn), Int32GetDatum(batch->academic_year),
					   PointerGetDatum(pupil_array(batch))};
	Datum empty = PointerGetDatum(pack_series(new_open_series()));

	run_query_as_asked(batch->register_oid, QUERY_ENROLLED, values);
	for (uint64 row = 0; row < SPI_processed; row++)
	{
		bool isnull;
		Datum *line = find_line(batch, DatumGetInt64(result_value(row, 1, &isnull)));

		if (line != NULL)
			*line = empty;
	}
	SPI_freetuptable(SPI_tuptable);
	run_query_as_asked(batch->register_oid, QUERY_READ_LINES, values);
	keep_lines(batch);
	SPI_freetuptable(SPI_tuptable);
}

/* ---------- the rules ---------- */

static void
prepare(LineRules *lines, const Batch *batch)
{
	int64 *pupils = palloc(batch->pupils * sizeof(int64));
	DateADT from = LAST_DAY, until = FIRST_DAY;
	uint64 marks = 0;

	for (int i = 0; i < batch->pupils; i++)
		pupils[i] = DatumGetInt64(batch->pupil_ids[i]);
	for (int i = 0; i < batch->count; i++)
	{
		from = Min(from, session_day(batch->entries[i].session));
		until = Max(until, session_day(batch->entries[i].session) + 1);
		marks |= UINT64CONST(1) << batch->entries[i].mark;
	}
	prepare_rules(lines, from, until, int64_array(pupils, batch->pupils), marks);
}

static void
ask_entry(LineRules *lines, const Batch *batch, const PupilFacts *pupil, MarkEntry *entry,
		  OpenSeries *open)
{
	const Signature *signature = &batch->buffer->signatures[entry->signature];
	Mark *there = open_session(open, entry->session);
	MarkChange change = {entry->session, *there, entry->mark};
	RuleNumber rule;

	if (!changes_mark(batch, entry, *there))
		return;
	rule = refused_rule(lines, pupil, &change, signature_is_complete(signature),
						entry->nature != NULL);
	if (rule < MARK_RULES)
		refuse_entry(batch->buffer, entry,
					 refused_mark(rule, entry, refused_change_mark(rule, &change)));
	else
		*there = entry->mark;
}

static void
ask_rules(Batch *batch)
{
	LineRules lines = {.register_oid = batch->register_oid,
					   .school_urn = batch->school_urn,
					   .sight = SIGHT_ANSWER};
	OpenSeries *open = NULL;
	PupilFacts pupil;

	prepare(&lines, batch);
	for (int i = 0; i < batch->count; i++)
	{
		MarkEntry *entry = &batch->entries[i];

		if (i == 0 || entry->pupil_id != entry[-1].pupil_id)
		{
			if (open != NULL)
				free_series(open);
			find_pupil_facts(&lines.facts, entry->pupil_id, &pupil);
			open =
				unpack_series((MarkSeries *) DatumGetPointer(*find_line(batch, entry->pupil_id)));
		}
		ask_entry(&lines, batch, &pupil, entry, open);
	}
}

/* Of a school's year; rows that contradict each other have been refused already. */
static void
ask_group(Batch *group)
{
	group->count = drop_refused(group->entries, group->count);
	check_year_exists(group);
	group->count = drop_refused(group->entries, group->count);
	if (group->count == 0)
		return;
	collect_pupils(group);
	read_lines(group);
	check_all_there(group);
	group->count = drop_refused(group->entries, group->count);
	if (group->count > 0)
		ask_rules(group);
}

/* refused_rows(register, query) */
PG_FUNCTION_INFO_V1(att_refused_rows);
Datum
att_refused_rows(PG_FUNCTION_ARGS)
{
	MarkBuffer buffer = {.state = {.context = CurrentMemoryContext,
								   .kind = STATE_FEED,
								   .register_oid = get_rel_namespace(PG_GETARG_OID(0))}};

	InitMaterializedSRF(fcinfo, 0);
	buffer.refused = (ReturnSetInfo *) fcinfo->resultinfo;
	buffer.ask = ask_group;
	SPI_connect();
	gather_query(&buffer, text_to_cstring(PG_GETARG_TEXT_PP(1)));
	flush_marks(&buffer);
	SPI_finish();
	PG_RETURN_VOID();
}
