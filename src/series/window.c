/*
 * window.c
 *		unauthorised_window: the most unauthorised sessions of a line in so many school weeks.
 *
 * A school week is one in which the school held a session: weeks that are blank or closed
 * throughout do not count.  Only few runs are unauthorised and only few stretches can hold a
 * week without a session, so one pass lists both, and weeks are looked at only there.
 */
#include "series/series.h"

/* What a run is, in bits. */
#define USE_HELD 1
#define USE_UNAUTHORISED 2

#define USE_OF_CLASS(class) \
	((class) == CLASS_ADMINISTRATIVE ? 0 \
	 : (class) == CLASS_UNAUTHORISED ? USE_HELD | USE_UNAUTHORISED \
									 : USE_HELD)
#define PRESENT(n) USE_HELD

static const uint8 run_use[256] = {
#define ATT_CODE(number, code, class, late, half, valid_from, valid_to, description) \
	[RUN_ONE << 6 | (number)] = USE_OF_CLASS(CLASS_##class), \
					[RUN_TWO << 6 | (number)] = USE_OF_CLASS(CLASS_##class),
#include "types/codes.def"
#undef ATT_CODE
	[RUN_PRESENT << 6] = SIXTY_FOUR(PRESENT),
};

/* Positions from one up to, not including, another. */
typedef struct Stretch
{
	uint16 from;
	uint16 until;
} Stretch;

typedef struct LineStretches
{
	int absences; /* unauthorised ones */
	int gaps;     /* without a session that was held, long enough for a week */
	Stretch absence[SERIES_MAX_POSITIONS + 1];
	Stretch gap[SERIES_MAX_POSITIONS / FIRST_WORKING_DAYS + 1];
} LineStretches;

/* Every run is noted in both lists, and is in them if the next one does not take its place. */
static void
find_stretches(RunBytes runs, int per_week, LineStretches *found)
{
	uint32 use = 0;
	int end = 0, held_until = 0, absences = 0, gaps = 0;

	for (; runs.next < runs.end; runs.next++)
	{
		uint8 byte = *runs.next;
		int start = end;

		use = (use & run_keeps[byte]) | run_use[byte];
		end += run_sessions[byte];
		found->absence[absences] = (Stretch){start, end};
		absences += (use & USE_UNAUTHORISED) != 0;
		found->gap[gaps] = (Stretch){held_until, start};
		gaps += (use & USE_HELD) & (start - held_until >= per_week);
		held_until = use & USE_HELD ? end : held_until;
	}
	found->absences = absences;
	found->gaps = gaps;
}

/* The week of a position without a division, which costs more than all else of a step. */
typedef struct WeekDivisor
{
	int per_week;
	uint64 reciprocal; /* in 1 / 2^24, rounded up: exact for every position of a series */
} WeekDivisor;

static inline WeekDivisor
week_divisor(const SeriesHeader *header)
{
	int per_week = sessions_per_week(header);

	return (WeekDivisor){per_week, (1 << 24) / per_week + 1};
}

static inline int
week_of_position(WeekDivisor divisor, int position)
{
	return (int) ((uint64) position * divisor.reciprocal >> 24);
}

typedef struct UnauthorisedWeek
{
	int week;     /* which school week it is */
	int sessions; /* unauthorised sessions in it */
} UnauthorisedWeek;

/* Adds an absence, split by weeks. */
static int
add_absence(UnauthorisedWeek *list, int length, WeekDivisor divisor, Stretch absence, int blank)
{
	for (int from = absence.from; from < absence.until;)
	{
		int week = week_of_position(divisor, from);
		int until = Min(absence.until, (week + 1) * divisor.per_week);

		if (length == 0 || list[length - 1].week != week - blank)
			list[length++] = (UnauthorisedWeek){week - blank, 0};
		list[length - 1].sessions += until - from;
		from = until;
	}
	return length;
}

/* The school weeks with unauthorised sessions, in turn.  Returns how many. */
static int
unauthorised_weeks(const LineStretches *found, WeekDivisor divisor, UnauthorisedWeek *list)
{
	int length = 0, gap = 0, blank = 0;

	for (int i = 0; i < found->absences; i++)
	{
		for (; gap < found->gaps && found->gap[gap].until <= found->absence[i].from; gap++)
		{
			int whole = week_of_position(divisor, found->gap[gap].until) -
						week_of_position(divisor, found->gap[gap].from + divisor.per_week - 1);

			blank += Max(whole, 0);
		}
		length = add_absence(list, length, divisor, found->absence[i], blank);
	}
	return length;
}

PG_FUNCTION_INFO_V1(att_mark_series_unauthorised_window);
Datum
att_mark_series_unauthorised_window(PG_FUNCTION_ARGS)
{
	int window = PG_GETARG_INT32(1);
	SeriesHeader header;
	RunBytes runs;
	LineStretches found;
	UnauthorisedWeek list[SERIES_MAX_POSITIONS / 10 + 1]; /* a week has at least ten positions */
	int length, sum = 0, most = 0, oldest = 0;

	if (window < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a window has at least one week, not %d", window)));
	runs = open_runs(&header, PG_GETARG_SERIES_PP(0));
	find_stretches(runs, sessions_per_week(&header), &found);
	length = unauthorised_weeks(&found, week_divisor(&header), list);
	for (int i = 0; i < length; i++)
	{
		sum += list[i].sessions;
		while (list[i].week - list[oldest].week >= window)
			sum -= list[oldest++].sessions;
		most = Max(most, sum);
	}
	PG_RETURN_INT32(most);
}
