/*
 * series.c
 *		The stored form of mark_series (see series/series.h): read and packed.
 */
#include "series/series.h"

#include "utils/datetime.h"
#include "utils/rangetypes.h"
#include "utils/typcache.h"

void
open_series(SeriesReader *reader, const MarkSeries *series)
{
	RunBytes runs = open_runs(&reader->header, series);

	reader->next = runs.next;
	reader->end = runs.end;
	reader->position = 0;
	reader->length = 0;
	reader->mark = MARK_NONE;
	reader->sessions = 0;
	reader->first = 0;
	reader->after = SERIES_MAX_POSITIONS;
}

/* ---------- positions and sessions ---------- */

SchoolSession
position_session(const SeriesHeader *header, int position)
{
	int per_week = sessions_per_week(header);
	int week = header->week + position / per_week;
	int in_week = position % per_week;

	return make_session(FIRST_DAY + week * DAYS_PER_WEEK + in_week / 2, in_week % 2);
}

/*
 * The position of a session, or of the next one that the series' week holds; it may lie before
 * the first or after the last.
 */
int
session_position(const SeriesHeader *header, SchoolSession session)
{
	DateADT day = session_day(session);
	int per_week = sessions_per_week(header);
	int in_week = WEEKDAY_OF(day) * 2 + session_half(session);

	return (WEEK_OF(day) - header->week) * per_week + Min(in_week, per_week);
}

/* Opens a series for the days from one up to, not including, another. */
void
open_series_between(SeriesReader *reader, const MarkSeries *series, DateADT from, DateADT until)
{
	open_series(reader, series);
	reader->first = Max(session_position(&reader->header, make_session(from, 0)), 0);
	reader->after = session_position(&reader->header, make_session(until, 0));
}

static void
read_range(TypeCacheEntry *typcache, const RangeType *range, DateADT *from, DateADT *until)
{
	RangeBound lower, upper;
	bool empty;

	range_deserialize(typcache, range, &lower, &upper, &empty);
	*from = *until = FIRST_DAY;
	if (empty)
		return;
	if (!lower.infinite)
		*from = Min(Max(DatumGetDateADT(lower.val), FIRST_DAY), LAST_DAY + 1);
	*until = LAST_DAY + 1;
	if (!upper.infinite)
		*until = Max(Min(DatumGetDateADT(upper.val), LAST_DAY + 1), *from);
}

/* The days of a daterange argument that a register can have, as [from, until). */
void
get_days(FunctionCallInfo fcinfo, int argument, DateADT *from, DateADT *until)
{
	RangeType *range = PG_GETARG_RANGE_P(argument);

	read_range(range_get_typcache(fcinfo, RangeTypeGetOid(range)), range, from, until);
}

/* The same of a daterange that is no argument. */
void
get_range_days(const RangeType *range, DateADT *from, DateADT *until)
{
	read_range(lookup_type_cache(RangeTypeGetOid(range), TYPECACHE_RANGE_INFO), range, from, until);
}

/* ---------- packing ---------- */

typedef struct SeriesWriter
{
	uint8 *next;
	Mark mark; /* the run that is being gathered */
	int length;
} SeriesWriter;

/* The shortest form of a run, and the only one: as much as fits, then the rest. */
static void
finish_run(SeriesWriter *writer)
{
	bool present = writer->mark == MARK_PRESENT_AM;
	int first = Min(writer->length, present ? RUN_MAX : 2);

	if (writer->length == 0)
		return;
	if (present)
		*writer->next++ = RUN_PRESENT << 6 | (first - 1);
	else
		*writer->next++ = (first == 1 ? RUN_ONE : RUN_TWO) << 6 | writer->mark;
	for (int rest = writer->length - first; rest > 0; rest -= RUN_MAX)
		*writer->next++ = RUN_MORE << 6 | (Min(rest, RUN_MAX) - 1);
	writer->length = 0;
}

static inline void
write_mark(SeriesWriter *writer, Mark mark)
{
	if (mark != writer->mark)
	{
		finish_run(writer);
		writer->mark = mark;
	}
	writer->length++;
}

/* The least of 5, 6 and 7 days that holds all marks of every week. */
static int
needed_days_per_week(const OpenSeries *open)
{
	int days = FIRST_WORKING_DAYS;

	for (int week = 0; week < open->weeks; week++)
	{
		const Mark *marks = open->marks + week * SESSIONS_PER_WEEK;

		for (int i = days * 2; i < SESSIONS_PER_WEEK; i++)
		{
			if (marks[i] != MARK_NONE)
				days = i / 2 + 1;
		}
	}
	return days;
}

/*
 * Equal series are equal bytes, whatever they were made from: the first week is that of the
 * first mark, nothing stands after the last mark, and every run is as long as it can be.
 */
MarkSeries *
pack_series(const OpenSeries *open)
{
	int first = 0, after = open->weeks * SESSIONS_PER_WEEK;
	int days = FIRST_WORKING_DAYS, week = 0;
	MarkSeries *series;
	SeriesWriter writer;
	uint8 *bytes;

	while (after > 0 && open->marks[after - 1] == MARK_NONE)
		after--;
	while (first < after && open->marks[first] == MARK_NONE)
		first++;
	series = palloc(VARHDRSZ + SERIES_HEADER + (after - first) + SESSIONS_PER_WEEK);
	bytes = (uint8 *) VARDATA(series);
	if (first < after)
	{
		days = needed_days_per_week(open);
		week = open->first_week + first / SESSIONS_PER_WEEK;
	}
	bytes[0] = SERIES_VERSION << 4 | days;
	bytes[1] = week >> 8;
	bytes[2] = week & 255;

	writer = (SeriesWriter){bytes + SERIES_HEADER, MARK_NONE, 0};
	for (int monday = first - first % SESSIONS_PER_WEEK; monday < after;
		 monday += SESSIONS_PER_WEEK)
	{
		for (int i = monday; i < Min(monday + days * 2, after); i++)
			write_mark(&writer, open->marks[i]);
	}
	finish_run(&writer);
	SET_VARSIZE(series, (char *) writer.next - (char *) series);
	return series;
}
