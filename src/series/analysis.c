/*
 * analysis.c
 *		What can be seen in one line of a register: spells of absence, and weeks.
 */
#include "series/series.h"

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

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
		MarkClass class = mark_codes[reader.mark].class;

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
