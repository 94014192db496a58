/*
 * journal_payload.c
 *		The packed form of the marks that an entry of the journal holds.
 *
 * A format byte and the academic year, then a record for each line: the pupil as a difference from
 * the record before, the number of changes, and each change as the difference from the session
 * before, the new mark and, if there was one, the old mark.  A line with many changes is kept as
 * two values of mark_series instead, the new marks and the old.  A class that is registered takes
 * four to five bytes a mark.  See doc/storage.md.
 */
#include "journal.h"

#include "funcapi.h"
#include "utils/builtins.h"

#define PAYLOAD_VERSION 1
#define PACKED_FROM 16 /* changes of a line from which series are shorter */
#define HAS_OLD 0x40   /* beside the new mark: the old mark follows */

/* ---------- writing ---------- */

static void
put_number(StringInfo bytes, uint64 number)
{
	while (number >= 128)
	{
		appendStringInfoCharMacro(bytes, (char) (number | 128));
		number >>= 7;
	}
	appendStringInfoCharMacro(bytes, (char) number);
}

/* Small differences either way are small numbers. */
static void
put_difference(StringInfo bytes, int64 difference)
{
	put_number(bytes, ((uint64) difference << 1) ^ (uint64) (difference >> 63));
}

void
start_payload(PayloadWriter *writer, int academic_year)
{
	initStringInfo(&writer->bytes);
	writer->lines = 0;
	writer->pupil_id = 0;
	writer->session = make_session(academic_year_start(academic_year), 0);
	appendStringInfoCharMacro(&writer->bytes, PAYLOAD_VERSION);
	put_number(&writer->bytes, academic_year);
}

static void
put_series(StringInfo bytes, const MarkSeries *series)
{
	put_number(bytes, VARSIZE_ANY_EXHDR(series));
	appendBinaryStringInfo(bytes, VARDATA_ANY(series), VARSIZE_ANY_EXHDR(series));
}

static MarkSeries *
series_of_changes(const MarkChange *changes, int count, bool old)
{
	OpenSeries *open = new_open_series();

	for (int i = 0; i < count; i++)
	{
		Mark mark = old ? changes[i].old : changes[i].new;

		if (mark != MARK_NONE)
			put_mark(open, changes[i].session, mark);
	}
	return pack_series(open);
}

static void
put_change(PayloadWriter *writer, const MarkChange *change)
{
	put_difference(&writer->bytes, (int64) change->session - writer->session);
	writer->session = change->session;
	appendStringInfoCharMacro(&writer->bytes,
							  change->new | (change->old != MARK_NONE ? HAS_OLD : 0));
	if (change->old != MARK_NONE)
		appendStringInfoCharMacro(&writer->bytes, change->old);
}

/*
 * Adds the changes of a line, at least one, in the order of sessions.  A line that is new as a whole
 * is kept as it is.
 */
void
put_line(PayloadWriter *writer, int64 pupil_id, const MarkChange *changes, int count,
		 const MarkSeries *whole)
{
	put_difference(&writer->bytes, pupil_id - writer->pupil_id);
	writer->pupil_id = pupil_id;
	writer->lines++;
	if (count >= PACKED_FROM)
	{
		put_number(&writer->bytes, 0);
		put_series(&writer->bytes,
				   whole != NULL ? whole : series_of_changes(changes, count, false));
		put_series(&writer->bytes, series_of_changes(changes, whole != NULL ? 0 : count, true));
		return;
	}
	put_number(&writer->bytes, count);
	for (int i = 0; i < count; i++)
		put_change(writer, &changes[i]);
}

/* ---------- reading: the bytes can be any ---------- */

typedef struct PayloadReader
{
	const uint8 *next;
	const uint8 *end;
	LineName line;
	SchoolSession session;
	ChangeVisitor visit;
	void *state;
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
		if (byte < 128)
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

static void
visit(PayloadReader *reader, const MarkChange *change)
{
	if (!mark_is_known(change->new) || (change->old != MARK_NONE && !mark_is_known(change->old)))
		payload_is_corrupt();
	reader->visit(reader->state, &reader->line, change);
}

static void
get_change(PayloadReader *reader)
{
	int64 session = reader->session + get_difference(reader);
	MarkChange change = {0};
	uint8 byte;

	if (session < make_session(FIRST_DAY, 0) || session > make_session(LAST_DAY, 1))
		payload_is_corrupt();
	change.session = reader->session = (SchoolSession) session;
	byte = get_byte(reader);
	change.new = byte & ~HAS_OLD;
	if (byte & HAS_OLD)
		change.old = get_byte(reader);
	visit(reader, &change);
}

static OpenSeries *
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
	return unpack_series(series);
}

static void
get_packed(PayloadReader *reader)
{
	OpenSeries *new = get_series(reader);
	OpenSeries *old = get_series(reader);

	for (int slot = 0; slot < new->weeks *SESSIONS_PER_WEEK; slot++)
	{
		MarkChange change = {slot_session(new, slot), MARK_NONE, new->marks[slot]};

		if (change.new == MARK_NONE)
			continue;
		change.old = mark_of_session(old, change.session);
		visit(reader, &change);
	}
}

/* Calls the visitor for each change, in the order of lines and sessions. */
void
visit_changes(const uint8 *bytes, size_t length, ChangeVisitor visitor, void *state)
{
	PayloadReader reader = {.next = bytes, .end = bytes + length, .visit = visitor, .state = state};

	if (get_byte(&reader) != PAYLOAD_VERSION)
		payload_is_corrupt();
	reader.line.academic_year = get_year(&reader);
	reader.session = make_session(academic_year_start(reader.line.academic_year), 0);
	while (reader.next < reader.end)
	{
		uint64 count;

		reader.line.pupil_id =
			(int64) ((uint64) reader.line.pupil_id + (uint64) get_difference(&reader));
		count = get_number(&reader);
		if (count == 0)
			get_packed(&reader);
		for (; count > 0; count--)
			get_change(&reader);
	}
}

/* ---------- as rows ---------- */

static void
put_row(void *state, const LineName *line, const MarkChange *change)
{
	ReturnSetInfo *rsinfo = state;
	int half = session_half(change->session);
	Datum values[6];
	bool nulls[6] = {false};

	values[0] = Int32GetDatum(line->academic_year);
	values[1] = Int64GetDatum(line->pupil_id);
	values[2] = DateADTGetDatum(session_day(change->session));
	values[3] = CStringGetTextDatum(half_names[half]);
	nulls[4] = change->old == MARK_NONE;
	values[4] = MarkGetDatum(mark_in_half(change->old, half));
	values[5] = MarkGetDatum(mark_in_half(change->new, half));
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* journal_changes(payload) */
PG_FUNCTION_INFO_V1(att_journal_changes);
Datum
att_journal_changes(PG_FUNCTION_ARGS)
{
	bytea *payload = PG_GETARG_BYTEA_PP(0);

	InitMaterializedSRF(fcinfo, 0);
	visit_changes((uint8 *) VARDATA_ANY(payload), VARSIZE_ANY_EXHDR(payload), put_row,
				  fcinfo->resultinfo);
	PG_RETURN_VOID();
}
