/*
 * changes.c
 *		Reads the packed form of the marks that an entry of the journal holds: its bytes can be any.
 */
#include "journal/journal.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

typedef struct PayloadReader
{
	const uint8 *next;
	const uint8 *end;
	LineName line;
	SchoolSession session;
	ChangeVisitor visit;
	void *state;
	DateADT from;
	DateADT until;
	bool amended;
} PayloadReader;

pg_noreturn static void
payload_is_corrupt(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid marks in an entry of a journal")));
}

static uint8
get_byte(PayloadReader *reader)
{
	if (reader->next == reader->end)
		payload_is_corrupt();
	return *reader->next++;
}

static uint64
get_number(PayloadReader *reader)
{
	uint64 number = 0;

	for (int shift = 0; shift < 64; shift += 7)
	{
		uint8 byte = get_byte(reader);

		number |= (uint64) (byte & 127) << shift;
		if (byte >= 128)
			continue;
		if ((byte == 0 && shift > 0) || number >> shift != byte)
			break; /* longer than it need be, or than 64 bits */
		return number;
	}
	payload_is_corrupt();
}

static int64
get_difference(PayloadReader *reader)
{
	uint64 number = get_number(reader);

	return (int64) (number >> 1) ^ -(int64) (number & 1);
}

static int
get_year(PayloadReader *reader)
{
	uint64 year = get_number(reader);

	if (year < 1899 || year > 2999)
		payload_is_corrupt();
	return (int) year;
}

/* What put_payload() writes: any mark, present as that of the morning, or none. */
static bool
is_series_mark(Mark mark)
{
	return mark == MARK_NONE || (mark_is_known(mark) && mark != MARK_PRESENT_PM);
}

static bool
is_asked_for(const PayloadReader *reader, const MarkChange *change)
{
	DateADT day = session_day(change->session);

	return day >= reader->from && day < reader->until &&
		   !(reader->amended && (change->old == MARK_NONE || change->old == MARK_UNMARKED));
}

static void
visit(PayloadReader *reader, const MarkChange *change)
{
	if (change->new == MARK_NONE || !is_series_mark(change->new) || !is_series_mark(change->old))
		payload_is_corrupt();
	CHECK_FOR_INTERRUPTS();
	if (is_asked_for(reader, change))
		reader->visit(reader->state, &reader->line, change);
}

static int64
get_pupil(PayloadReader *reader, int64 before)
{
	return (int64) ((uint64) before + (uint64) get_difference(reader));
}

static SchoolSession
get_session(PayloadReader *reader)
{
	int64 difference = get_difference(reader);
	int64 session = reader->session + Min(Max(difference, -PG_INT32_MAX), PG_INT32_MAX);

	if (session != (SchoolSession) session || !session_in_range((SchoolSession) session))
		payload_is_corrupt();
	reader->session = (SchoolSession) session;
	return reader->session;
}

/* A number from 1 to a limit. */
static int
get_count(PayloadReader *reader, int64 limit)
{
	uint64 count = get_number(reader);

	if (count == 0 || count > (uint64) limit)
		payload_is_corrupt();
	return (int) count;
}

static void
get_change(PayloadReader *reader)
{
	MarkChange change = {get_session(reader), MARK_NONE, MARK_NONE};
	uint8 byte = get_byte(reader);

	change.new = byte & ~HAS_OLD;
	if (byte & HAS_OLD)
		change.old = get_byte(reader);
	visit(reader, &change);
}

static MarkSeries *
get_series(PayloadReader *reader)
{
	uint64 length = get_number(reader);
	const uint8 *bytes = reader->next;
	MarkSeries *series;

	if (length > (uint64) (reader->end - reader->next) || !series_bytes_valid(bytes, length))
		payload_is_corrupt();
	reader->next += length;
	series = palloc(VARHDRSZ + length);
	SET_VARSIZE(series, VARHDRSZ + length);
	memcpy(VARDATA(series), bytes, length);
	return series;
}

static void
visit_series(PayloadReader *reader, const MarkSeries *new, const OpenSeries *old)
{
	SeriesReader marks;

	open_series_between(&marks, new, reader->from, reader->until);
	while (next_marks(&marks))
	{
		for (int i = 0; i < marks.sessions; i++)
		{
			MarkChange change = {position_session(&marks.header, marks.start + i), MARK_NONE,
								 marks.mark};

			change.old = mark_of_session(old, change.session);
			visit(reader, &change);
		}
	}
}

/* Only the old marks are laid open, and nothing is left: a few bytes can be years of marks. */
static void
get_packed(PayloadReader *reader)
{
	MarkSeries *new = get_series(reader);
	MarkSeries *before = get_series(reader);
	OpenSeries *old = unpack_series(before);

	/* the first entry of a line amends nothing */
	if (!reader->amended || old->weeks > 0)
		visit_series(reader, new, old);
	free_series(old);
	pfree(before);
	pfree(new);
}

static void
get_lines(PayloadReader *reader)
{
	while (reader->next < reader->end)
	{
		uint64 count;

		CHECK_FOR_INTERRUPTS();
		reader->line.pupil_id = get_pupil(reader, reader->line.pupil_id);
		count = get_number(reader);
		if (count == 0)
			get_packed(reader);
		for (; count > 0; count--)
			get_change(reader);
	}
}

/* The marks of a session, from pupil to pupil. */
static void
get_marks(PayloadReader *reader, Mark *marks, int pupils)
{
	for (int start = 0, length; start < pupils; start += length)
	{
		length = get_count(reader, pupils - start);
		memset(marks + start, get_byte(reader), length);
	}
}

/* Each pupil takes a byte at least, so that no number of them calls for more than there is. */
static void
get_sheet(PayloadReader *reader)
{
	int sessions = get_count(reader, PACKED_FROM - 1);
	int pupils = get_count(reader, Min(reader->end - reader->next, PG_INT32_MAX));
	SchoolSession at[PACKED_FROM];
	int64 *pupil_ids =
		MemoryContextAllocHuge(CurrentMemoryContext, (size_t) pupils * sizeof(int64));
	Mark *marks = MemoryContextAllocHuge(CurrentMemoryContext, (size_t) pupils * sessions);

	for (int i = 0; i < sessions; i++)
		at[i] = get_session(reader);
	for (int i = 0; i < pupils; i++)
		pupil_ids[i] = get_pupil(reader, i == 0 ? 0 : pupil_ids[i - 1]);
	for (int i = 0; i < sessions; i++)
		get_marks(reader, marks + (size_t) i * pupils, pupils);
	if (reader->next != reader->end)
		payload_is_corrupt();
	for (size_t i = 0; i < (size_t) pupils * sessions; i++)
	{
		MarkChange change = {at[i % sessions], MARK_NONE,
							 marks[i % sessions * pupils + i / sessions]};

		reader->line.pupil_id = pupil_ids[i / sessions];
		visit(reader, &change);
	}
	pfree(pupil_ids);
	pfree(marks);
}

static void
read_changes(PayloadReader *reader)
{
	uint8 form = get_byte(reader);

	if (form != PAYLOAD_LINES && form != PAYLOAD_SHEET)
		payload_is_corrupt();
	reader->line.academic_year = get_year(reader);
	reader->session = make_session(academic_year_start(reader->line.academic_year), 0);
	if (form == PAYLOAD_SHEET)
		get_sheet(reader);
	else
		get_lines(reader);
}

/* Calls the visitor for each change, in the order of lines and sessions. */
void
visit_changes(const uint8 *bytes, size_t length, ChangeVisitor visitor, void *state)
{
	PayloadReader reader = {.next = bytes,
							.end = bytes + length,
							.visit = visitor,
							.state = state,
							.from = FIRST_DAY,
							.until = LAST_DAY + 1};

	read_changes(&reader);
}

/* ---------- as rows ---------- */

typedef struct ChangeRows
{
	ReturnSetInfo *rsinfo;
	Datum halves[2];
} ChangeRows;

static ChangeRows
start_rows(FunctionCallInfo fcinfo)
{
	InitMaterializedSRF(fcinfo, 0);
	return (ChangeRows){
		.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo,
		.halves = {CStringGetTextDatum(half_names[0]), CStringGetTextDatum(half_names[1])}};
}

static void
put_row(void *state, const LineName *line, const MarkChange *change)
{
	const ChangeRows *rows = state;
	int half = session_half(change->session);
	Datum values[6];
	bool nulls[6] = {false};

	values[0] = Int32GetDatum(line->academic_year);
	values[1] = Int64GetDatum(line->pupil_id);
	values[2] = DateADTGetDatum(session_day(change->session));
	values[3] = rows->halves[half];
	nulls[4] = change->old == MARK_NONE;
	values[4] = MarkGetDatum(mark_in_half(change->old, half));
	values[5] = MarkGetDatum(mark_in_half(change->new, half));
	tuplestore_putvalues(rows->rsinfo->setResult, rows->rsinfo->setDesc, values, nulls);
}

/* journal_changes(payload) */
PG_FUNCTION_INFO_V1(att_journal_changes);
Datum
att_journal_changes(PG_FUNCTION_ARGS)
{
	bytea *payload = PG_GETARG_BYTEA_PP(0);
	ChangeRows rows = start_rows(fcinfo);

	visit_changes((uint8 *) VARDATA_ANY(payload), VARSIZE_ANY_EXHDR(payload), put_row, &rows);
	PG_RETURN_VOID();
}

/* journal_changes(payload, days, amended) */
PG_FUNCTION_INFO_V1(att_journal_changes_of);
Datum
att_journal_changes_of(PG_FUNCTION_ARGS)
{
	bytea *payload = PG_GETARG_BYTEA_PP(0);
	ChangeRows rows = start_rows(fcinfo);
	PayloadReader reader = {.next = (uint8 *) VARDATA_ANY(payload),
							.end = (uint8 *) VARDATA_ANY(payload) + VARSIZE_ANY_EXHDR(payload),
							.visit = put_row,
							.state = &rows,
							.amended = PG_GETARG_BOOL(2)};

	get_range_days(PG_GETARG_RANGE_P(1), &reader.from, &reader.until);
	read_changes(&reader);
	PG_RETURN_VOID();
}
