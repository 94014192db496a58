/*
 * aggregate.c
 *		mark_series_agg, calendar_agg: gather marks and days, in any order, into a series.
 *
 * The state is a mark_series, so that it can travel anywhere; while it grows it is kept laid
 * open as an expanded object, so that a mark costs a store and not a new value.
 */
#include "series/series.h"

#include "utils/expandeddatum.h"
#include "utils/memutils.h"

#define EXPANDED_SERIES_MAGIC 0x4D41524B

typedef struct ExpandedSeries
{
	ExpandedObjectHeader header;
	int magic;
	OpenSeries open;
	MarkSeries *packed; /* made when first asked for, dropped by a change */
} ExpandedSeries;

static Size
expanded_flat_size(ExpandedObjectHeader *header)
{
	ExpandedSeries *series = (ExpandedSeries *) header;
	MemoryContext old;

	if (series->packed == NULL)
	{
		old = MemoryContextSwitchTo(header->eoh_context);
		series->packed = pack_series(&series->open);
		MemoryContextSwitchTo(old);
	}
	return VARSIZE(series->packed);
}

static void
expanded_flatten_into(ExpandedObjectHeader *header, void *result, Size allocated_size)
{
	ExpandedSeries *series = (ExpandedSeries *) header;

	Assert(allocated_size == expanded_flat_size(header));
	memcpy(result, series->packed, allocated_size);
}

static const ExpandedObjectMethods expanded_series_methods = {expanded_flat_size,
															  expanded_flatten_into};

static ExpandedSeries *
expand_series(Datum flat, MemoryContext parent)
{
	MemoryContext context =
		AllocSetContextCreate(parent, "expanded mark_series", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	ExpandedSeries *series = palloc0(sizeof(ExpandedSeries));

	EOH_init_header(&series->header, &expanded_series_methods, context);
	series->magic = EXPANDED_SERIES_MAGIC;
	merge_series(&series->open, (MarkSeries *) PG_DETOAST_DATUM_PACKED(flat));
	MemoryContextSwitchTo(old);
	return series;
}

/* The state, laid open and ready to be changed. */
static ExpandedSeries *
series_state(FunctionCallInfo fcinfo)
{
	Datum state = PG_GETARG_DATUM(0);
	MemoryContext context;

	if (VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(state)))
	{
		ExpandedSeries *series = (ExpandedSeries *) DatumGetEOHP(state);

		if (series->magic == EXPANDED_SERIES_MAGIC)
		{
			series->packed = NULL;
			return series;
		}
	}
	if (!AggCheckCallContext(fcinfo, &context))
		context = CurrentMemoryContext;
	return expand_series(state, context);
}

PG_FUNCTION_INFO_V1(att_mark_series_add_mark);
Datum
att_mark_series_add_mark(PG_FUNCTION_ARGS)
{
	ExpandedSeries *series = series_state(fcinfo);
	SchoolSession session = PG_GETARG_SCHOOL_SESSION(1);
	Mark mark = PG_GETARG_MARK(2);
	MemoryContext old = MemoryContextSwitchTo(series->header.eoh_context);

	merge_mark(&series->open, session, mark);
	MemoryContextSwitchTo(old);
	PG_RETURN_DATUM(EOHPGetRWDatum(&series->header));
}

PG_FUNCTION_INFO_V1(att_mark_series_add_series);
Datum
att_mark_series_add_series(PG_FUNCTION_ARGS)
{
	ExpandedSeries *series = series_state(fcinfo);
	MarkSeries *other = PG_GETARG_SERIES_PP(1);
	MemoryContext old = MemoryContextSwitchTo(series->header.eoh_context);

	merge_series(&series->open, other);
	MemoryContextSwitchTo(old);
	PG_RETURN_DATUM(EOHPGetRWDatum(&series->header));
}

/* calendar_agg(day, morning, afternoon) */
PG_FUNCTION_INFO_V1(att_mark_series_add_day);
Datum
att_mark_series_add_day(PG_FUNCTION_ARGS)
{
	ExpandedSeries *series = series_state(fcinfo);
	DateADT day = PG_GETARG_DATEADT(1);
	MemoryContext old = MemoryContextSwitchTo(series->header.eoh_context);

	check_day(day);
	for (int half = 0; half < 2; half++)
	{
		if (PG_GETARG_BOOL(2 + half))
			put_mark(&series->open, make_session(day, half), MARK_UNMARKED);
	}
	MemoryContextSwitchTo(old);
	PG_RETURN_DATUM(EOHPGetRWDatum(&series->header));
}
