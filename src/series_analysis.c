/*
 * series_analysis.c
 *		What can be seen in one line of a register: spells of absence, weeks, and the worst
 *		window of unauthorised absence.
 */
#include "series.h"

#include "funcapi.h"
#include "utils/builtins.h"

/* ---------- absence_spells ---------- */

/*
 * A spell is a stretch of absences that no attended (or coronavirus) session interrupts.
 * Sessions for which attendance was not possible, closures and missing marks neither end a
 * spell nor count in it: a pupil ill on Friday and on Monday has one spell.
 */
typedef struct Spell
{
	SchoolSession first;
	SchoolSession last;
	int authorised;
	int unauthorised;
} Spell;

static void
put_spell(ReturnSetInfo *rsinfo, Spell *spell)
{
	Datum values[5] = {SchoolSessionGetDatum(spell->first), SchoolSessionGetDatum(spell->last),
					   Int32GetDatum(spell->authorised + spell->unauthorised),
					   Int32GetDatum(spell->authorised), Int32GetDatum(spell->unauthorised)};
	bool nulls[5] = {false};

	if (spell->authorised + spell->unauthorised > 0)
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	*spell = (Spell){0};
}

static void
extend_spell(Spell *spell, const SeriesReader *run, MarkClass class)
{
	if (spell->authorised + spell->unauthorised == 0)
		spell->first = position_session(&run->header, run->start);
	spell->last = position_session(&run->header, run->start + run->sessions - 1);
	if (class == CLASS_AUTHORISED)
		spell->authorised += run->sessions;
	else
		spell->unauthorised += run->sessions;
}

PG_FUNCTION_INFO_V1(att_mark_series_absence_spells);
Datum
att_mark_series_absence_spells(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	SeriesReader reader;
	Spell spell = {0};

	open_series(&reader, PG_GETARG_SERIES_PP(0));
	InitMaterializedSRF(fcinfo, 0);
	while (next_marks(&reader))
	{
		MarkClass class;

		check_mark(reader.mark);
		class = mark_codes[reader.mark].class;
		if (class_is_absence(class))
			extend_spell(&spell, &reader, class);
		else if (class_is_possible(class))
			put_spell(rsinfo, &spell);
	}
	put_spell(rsinfo, &spell);
	PG_RETURN_VOID();
}

/* ---------- weekly_tallies ---------- */

/* Steps to the next part of a run that lies within one week; *week is which week of the series. */
bool
next_week_part(SeriesReader *reader, int *week, int *sessions)
{
	int per_week = sessions_per_week(&reader->header);

	if (reader->sessions == 0 && !next_marks(reader))
		return false;
	check_mark(reader->mark);
	*week = reader->start / per_week;
	*sessions = Min(reader->sessions, (*week + 1) * per_week - reader->start);
	reader->start += *sessions;
	reader->sessions -= *sessions;
	return true;
}

static void
put_week(ReturnSetInfo *rsinfo, const SeriesHeader *header, int week, const AttendanceTally *tally)
{
	DateADT monday = FIRST_DAY + (header->week + week) * DAYS_PER_WEEK;
	Datum values[2] = {DateADTGetDatum(monday), PointerGetDatum(tally)};
	bool nulls[2] = {false};

	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(att_mark_series_weekly_tallies);
Datum
att_mark_series_weekly_tallies(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	AttendanceTally tally = {{0}};
	SeriesReader reader;
	int current = -1, week, sessions;

	open_series(&reader, PG_GETARG_SERIES_PP(0));
	InitMaterializedSRF(fcinfo, 0);
	while (next_week_part(&reader, &week, &sessions))
	{
		if (week != current && current >= 0)
		{
			put_week(rsinfo, &reader.header, current, &tally);
			memset(&tally, 0, sizeof(tally));
		}
		current = week;
		tally_add_mark(&tally, reader.mark, sessions);
	}
	if (current >= 0)
		put_week(rsinfo, &reader.header, current, &tally);
	PG_RETURN_VOID();
}

/* ---------- unauthorised_window ---------- */

typedef struct UnauthorisedWeek
{
	int week;     /* which school week it is */
	int sessions; /* unauthorised sessions in it */
} UnauthorisedWeek;

static void
add_unauthorised(UnauthorisedWeek *list, int *length, int week, int sessions)
{
	if (*length == 0 || list[*length - 1].week != week)
		list[(*length)++] = (UnauthorisedWeek){week, 0};
	list[*length - 1].sessions += sessions;
}

/* Adds a run of unauthorised absence, whose last week is the school week given. */
static void
add_unauthorised_run(UnauthorisedWeek *list, int *length, const RunScan *run, int per_week,
					 int last)
{
	for (int week = run->first, from = run->start; week <= run->final; week++)
	{
		int until = Min(run->end, (week + 1) * per_week);

		add_unauthorised(list, length, last - (run->final - week), until - from);
		from = until;
	}
}

/*
 * The school weeks with unauthorised sessions, in turn.  A school week is one in which the school
 * held a session: weeks that are blank or closed throughout do not count.  Returns how many.
 */
static int
find_unauthorised(SeriesReader *reader, UnauthorisedWeek *list)
{
	WeekDivisor divisor = week_divisor(&reader->header);
	RunScan run = {CELL_NONE, 0, 0, 0, 0};
	int length = 0, school_weeks = 0, last = -1;

	for (const uint8 *next = reader->next; next < reader->end; next++)
	{
		int held_mask;

		scan_run(&run, divisor, *next);
		if (unlikely(run.cell == CELL_BAD || run.end > SERIES_MAX_POSITIONS))
			series_is_corrupt();
		/* school_weeks counts up to and with the week last */
		held_mask = -(run.cell != CELL_NONE && run.cell != 1 + CLASS_ADMINISTRATIVE);
		school_weeks += (run.final - Max(run.first, last + 1) + 1) & held_mask;
		last += (run.final - last) & held_mask;
		if (run.cell == 1 + CLASS_UNAUTHORISED || run.cell == 1 + TALLY_LATE_AFTER_CLOSE)
			add_unauthorised_run(list, &length, &run, divisor.per_week, school_weeks);
	}
	return length;
}

PG_FUNCTION_INFO_V1(att_mark_series_unauthorised_window);
Datum
att_mark_series_unauthorised_window(PG_FUNCTION_ARGS)
{
	int window = PG_GETARG_INT32(1);
	SeriesReader reader;
	UnauthorisedWeek list[SERIES_MAX_POSITIONS / 10 + 1]; /* a week has at least ten positions */
	int length, sum = 0, most = 0, oldest = 0;

	if (window < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a window has at least one week, not %d", window)));
	open_series(&reader, PG_GETARG_SERIES_PP(0));
	length = find_unauthorised(&reader, list);
	for (int i = 0; i < length; i++)
	{
		sum += list[i].sessions;
		while (list[i].week - list[oldest].week >= window)
			sum -= list[oldest++].sessions;
		most = Max(most, sum);
	}
	PG_RETURN_INT32(most);
}
