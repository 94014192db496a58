/*
 * analysis.c
 *		What can be seen in one line of a register: spells of absence, and weeks.
 */
#include "series/series.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/tuplestore.h"
#include "utils/typcache.h"

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

static inline int
spell_sessions(const Spell *spell)
{
	return spell->authorised + spell->unauthorised;
}

static void
extend_spell(Spell *spell, const SeriesReader *run, MarkClass class)
{
	if (spell_sessions(spell) == 0)
		spell->first = position_session(&run->header, run->start);
	spell->last = position_session(&run->header, run->start + run->sessions - 1);
	if (class == CLASS_AUTHORISED)
		spell->authorised += run->sessions;
	else
		spell->unauthorised += run->sessions;
}

/* The next spell of a series; it lasts if no possible session has followed. */
static bool
next_spell(SeriesReader *reader, Spell *spell, bool *lasts)
{
	*spell = (Spell){0};
	*lasts = false;
	while (next_marks(reader))
	{
		MarkClass class = mark_codes[reader->mark].class;

		if (class_is_absence(class))
			extend_spell(spell, reader, class);
		else if (class_is_possible(class) && spell_sessions(spell) > 0)
			return true;
	}
	*lasts = spell_sessions(spell) > 0;
	return *lasts;
}

PG_FUNCTION_INFO_V1(att_mark_series_absence_spells);
Datum
att_mark_series_absence_spells(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	SeriesReader reader;
	Spell spell;
	bool lasts;

	open_series(&reader, PG_GETARG_SERIES_PP(0));
	InitMaterializedSRF(fcinfo, 0);
	while (next_spell(&reader, &spell, &lasts))
	{
		Datum values[5] = {SchoolSessionGetDatum(spell.first), SchoolSessionGetDatum(spell.last),
						   Int32GetDatum(spell_sessions(&spell)), Int32GetDatum(spell.authorised),
						   Int32GetDatum(spell.unauthorised)};
		bool nulls[5] = {false};

		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
	}
	PG_RETURN_VOID();
}

static HeapTuple
spell_row(TupleDesc desc, int64 spells, const Spell *longest, const Spell *current)
{
	Datum values[6] = {Int64GetDatum(spells),
					   Int32GetDatum(spell_sessions(longest)),
					   SchoolSessionGetDatum(longest->first),
					   SchoolSessionGetDatum(longest->last),
					   Int32GetDatum(spell_sessions(current)),
					   SchoolSessionGetDatum(current->first)};
	bool none = spells == 0;
	bool nulls[6] = {false, none, none, none, false, spell_sessions(current) == 0};

	return heap_form_tuple(desc, values, nulls);
}

PG_FUNCTION_INFO_V1(att_mark_series_spell_summary);
Datum
att_mark_series_spell_summary(PG_FUNCTION_ARGS)
{
	TupleDesc desc;
	SeriesReader reader;
	Spell spell, longest = {0}, current = {0};
	int64 spells = 0;
	bool lasts;
	HeapTuple row;

	open_series(&reader, PG_GETARG_SERIES_PP(0));
	for (; next_spell(&reader, &spell, &lasts); spells++)
	{
		if (spell_sessions(&spell) > spell_sessions(&longest))
			longest = spell;
		if (lasts)
			current = spell;
	}
	desc = lookup_rowtype_tupdesc(get_func_rettype(fcinfo->flinfo->fn_oid), -1);
	row = spell_row(desc, spells, &longest, &current);
	ReleaseTupleDesc(desc);
	PG_RETURN_DATUM(HeapTupleGetDatum(row));
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
