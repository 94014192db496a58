/*
 * marks.c
 *		The marks of a series one by one: reading, entering, cutting and joining.
 */
#include "series/series.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

/* The mark of one session, or MARK_NONE: reads only as far as the session. */
static Mark
find_session(const MarkSeries *series, SchoolSession session)
{
	DateADT day = session_day(session);
	SeriesReader reader;

	open_series_between(&reader, series, day, day + 1);
	while (next_marks(&reader))
	{
		if (run_half_sessions(&reader, session_half(session)) > 0)
			return mark_in_half(reader.mark, session_half(session));
	}
	return MARK_NONE;
}

/* NULL says that the session has no mark. */
#define PG_RETURN_MARK_OR_NULL(mark) \
	do \
	{ \
		Mark found = (mark); \
\
		if (found == MARK_NONE) \
			PG_RETURN_NULL(); \
		PG_RETURN_MARK(found); \
	} while (0)

PG_FUNCTION_INFO_V1(att_mark_series_mark_at);
Datum
att_mark_series_mark_at(PG_FUNCTION_ARGS)
{
	PG_RETURN_MARK_OR_NULL(find_session(PG_GETARG_SERIES_PP(0), PG_GETARG_SCHOOL_SESSION(1)));
}

PG_FUNCTION_INFO_V1(att_mark_series_mark_at_day);
Datum
att_mark_series_mark_at_day(PG_FUNCTION_ARGS)
{
	DateADT day = PG_GETARG_DATEADT(1);
	int half = parse_half(PG_GETARG_TEXT_PP(2));

	if (!day_in_range(day))
		PG_RETURN_NULL();
	PG_RETURN_MARK_OR_NULL(find_session(PG_GETARG_SERIES_PP(0), make_session(day, half)));
}

/* set_mark(series, session, mark): a NULL mark takes the mark away; not strict for its sake. */
PG_FUNCTION_INFO_V1(att_mark_series_set_mark);
Datum
att_mark_series_set_mark(PG_FUNCTION_ARGS)
{
	OpenSeries *open;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_NULL();
	open = unpack_series(PG_GETARG_SERIES_PP(0));
	if (!PG_ARGISNULL(2))
		put_mark(open, PG_GETARG_SCHOOL_SESSION(1), PG_GETARG_MARK(2));
	else
		take_mark(open, PG_GETARG_SCHOOL_SESSION(1));
	PG_RETURN_SERIES(pack_series(open));
}

PG_FUNCTION_INFO_V1(att_mark_series_concat);
Datum
att_mark_series_concat(PG_FUNCTION_ARGS)
{
	OpenSeries *open = unpack_series(PG_GETARG_SERIES_PP(0));

	merge_series(open, PG_GETARG_SERIES_PP(1));
	PG_RETURN_SERIES(pack_series(open));
}

/* The runs inside a reader's window, as they are: only they can be, where no week may get shorter. */
static MarkSeries *
cut_runs(SeriesReader *reader, int room)
{
	SeriesWriter writer;
	int position = 0;

	/* a run that is cut is not longer than it was, and the blank before the first may be two */
	start_series(&writer, reader->header.week, FIRST_WORKING_DAYS, room + 2);
	while (next_marks(reader))
	{
		/* no run of nothing: what it parts may be one */
		if (reader->start > position)
			write_run(&writer, MARK_NONE, reader->start - position);
		write_run(&writer, reader->mark, reader->sessions);
		position = reader->start + reader->sessions;
	}
	return finish_series(&writer);
}

PG_FUNCTION_INFO_V1(att_mark_series_slice);
Datum
att_mark_series_slice(PG_FUNCTION_ARGS)
{
	const MarkSeries *series = PG_GETARG_SERIES_PP(0);
	OpenSeries *open;
	SeriesReader reader;
	DateADT from, until;

	get_days(fcinfo, 1, &from, &until);
	if (lies_between(series, from, until))
		PG_RETURN_SERIES(series);
	open_series_between(&reader, series, from, until);
	if (reader.header.days_per_week == FIRST_WORKING_DAYS)
		PG_RETURN_SERIES(cut_runs(&reader, VARSIZE_ANY_EXHDR(series)));
	open = new_open_series();
	while (next_marks(&reader))
	{
		for (int i = 0; i < reader.sessions; i++)
			put_mark(open, position_session(&reader.header, reader.start + i), reader.mark);
	}
	PG_RETURN_SERIES(pack_series(open));
}

PG_FUNCTION_INFO_V1(att_mark_series_sessions_with);
Datum
att_mark_series_sessions_with(PG_FUNCTION_ARGS)
{
	Mark mark = PG_GETARG_MARK(1);
	OpenSeries *open = new_open_series();
	SeriesReader reader;

	open_series(&reader, PG_GETARG_SERIES_PP(0));
	while (next_marks(&reader))
	{
		if (reader.mark != any_half(mark))
			continue;
		for (int i = reader.start; i < reader.start + reader.sessions; i++)
		{
			if (mark_in_half(reader.mark, i) == mark)
				put_mark(open, position_session(&reader.header, i), mark);
		}
	}
	PG_RETURN_SERIES(pack_series(open));
}

/* ---------- first and last day ---------- */

PG_FUNCTION_INFO_V1(att_mark_series_first_day);
Datum
att_mark_series_first_day(PG_FUNCTION_ARGS)
{
	SeriesReader reader;

	open_series(&reader, PG_GETARG_SERIES_PP(0));
	if (!next_marks(&reader))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(session_day(position_session(&reader.header, reader.start)));
}

PG_FUNCTION_INFO_V1(att_mark_series_last_day);
Datum
att_mark_series_last_day(PG_FUNCTION_ARGS)
{
	SeriesReader reader;
	int last = -1;

	open_series(&reader, PG_GETARG_SERIES_PP(0));
	while (next_marks(&reader))
		last = reader.start + reader.sessions - 1;
	if (last < 0)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(session_day(position_session(&reader.header, last)));
}

/* ---------- as rows ---------- */

static void
put_session(ReturnSetInfo *rsinfo, Datum *half_texts, SchoolSession session, Mark mark)
{
	int half = session_half(session);
	Datum values[3] = {DateADTGetDatum(session_day(session)), half_texts[half],
					   MarkGetDatum(mark_in_half(mark, half))};
	bool nulls[3] = {false};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static void
put_marks(FunctionCallInfo fcinfo, SeriesReader *reader)
{
	Datum half_texts[2] = {CStringGetTextDatum(half_names[0]), CStringGetTextDatum(half_names[1])};

	InitMaterializedSRF(fcinfo, 0);
	while (next_marks(reader))
	{
		for (int i = 0; i < reader->sessions; i++)
			put_session((ReturnSetInfo *) fcinfo->resultinfo, half_texts,
						position_session(&reader->header, reader->start + i), reader->mark);
	}
}

PG_FUNCTION_INFO_V1(att_mark_series_marks);
Datum
att_mark_series_marks(PG_FUNCTION_ARGS)
{
	SeriesReader reader;

	open_series(&reader, PG_GETARG_SERIES_PP(0));
	put_marks(fcinfo, &reader);
	PG_RETURN_VOID();
}

PG_FUNCTION_INFO_V1(att_mark_series_marks_between);
Datum
att_mark_series_marks_between(PG_FUNCTION_ARGS)
{
	SeriesReader reader;
	DateADT from, until;

	get_days(fcinfo, 1, &from, &until);
	open_series_between(&reader, PG_GETARG_SERIES_PP(0), from, until);
	put_marks(fcinfo, &reader);
	PG_RETURN_VOID();
}
