/*
 * series.h
 *		The stored form of mark_series: reading it run by run, and building it.
 *
 * Positions count the sessions of a series from the Monday of its first week: two for each day,
 * 5, 6 or 7 days for each week, whichever is the least that holds every mark.  See
 * doc/storage.md for the bytes.
 */
#ifndef ATT_SERIES_H
#define ATT_SERIES_H

#include "attendance.h"

#include "utils/rangetypes.h"

#define SERIES_VERSION 1
#define SERIES_HEADER 3       /* format byte, then the week in two bytes */
#define SERIES_MAX_WEEKS 1100 /* a whole school life, with room to spare */
#define SESSIONS_PER_WEEK (DAYS_PER_WEEK * 2)
#define SERIES_MAX_POSITIONS (SERIES_MAX_WEEKS * SESSIONS_PER_WEEK)

#define WEEK_OF(day) (((day) -FIRST_DAY) / DAYS_PER_WEEK)
#define WEEKDAY_OF(day) (((day) -FIRST_DAY) % DAYS_PER_WEEK)

/*
 * Runs: the upper two bits of a byte say what it is.  Every byte can be read on its own but for the
 * mark of RUN_MORE, which is that of the byte before: a reader never waits for a length to know
 * where the next byte is.
 */
#define RUN_ONE 0     /* one session of the mark in the lower six bits */
#define RUN_TWO 1     /* two sessions of it */
#define RUN_MORE 2    /* the mark before, for the lower six bits plus one sessions more */
#define RUN_PRESENT 3 /* present, for the lower six bits plus one sessions */
#define RUN_MAX 64

typedef struct SeriesHeader
{
	int week; /* weeks since the one of FIRST_DAY */
	int days_per_week;
} SeriesHeader;

typedef struct SeriesReader
{
	SeriesHeader header;
	const uint8 *next;
	const uint8 *end;
	int position; /* where the run that was read last ends */
	int length;   /* sessions in that run */
	Mark mark;    /* MARK_NONE, or present as MARK_PRESENT_AM */
	int first;    /* the window: positions before are passed over */
	int after;    /* and the reading ends here */
	int start;    /* the part of the run inside the window */
	int sessions;
} SeriesReader;

extern void open_series(SeriesReader *reader, const MarkSeries *series);
extern void open_series_between(SeriesReader *reader, const MarkSeries *series, DateADT from,
								DateADT until);
extern bool lies_between(const MarkSeries *series, DateADT from, DateADT until);
extern void get_days(FunctionCallInfo fcinfo, int argument, DateADT *from, DateADT *until);
extern void get_range_days(const RangeType *range, DateADT *from, DateADT *until);
pg_noreturn extern void series_is_corrupt(void);

#define FIRST_WORKING_DAYS 5 /* no series has shorter weeks than Monday to Friday */

/* False if it is none. */
static inline bool
read_header(SeriesHeader *header, const uint8 *bytes)
{
	header->days_per_week = bytes[0] & 15;
	header->week = bytes[1] << 8 | bytes[2];
	return bytes[0] >> 4 == SERIES_VERSION && header->days_per_week >= FIRST_WORKING_DAYS &&
		   header->days_per_week <= DAYS_PER_WEEK && header->week <= WEEK_OF(LAST_DAY);
}

/* The runs of a series as bytes; there are never more of them than positions. */
typedef struct RunBytes
{
	const uint8 *next;
	const uint8 *end;
} RunBytes;

/*
 * The one way to the runs of a value (series/check.c): its bytes may be any, since a disk can be
 * damaged and a cast need not look at what it casts.  Those which pack_series() would not write are
 * an error here, so that what reads the runs can rely on them.
 */
extern RunBytes open_runs(SeriesHeader *header, const MarkSeries *series);
extern RunBytes count_runs(SeriesHeader *header, const MarkSeries *series, uint32 *cells);

/* Steps to the next run. */
static inline bool
next_run(SeriesReader *reader)
{
	uint8 byte;

	if (reader->next == reader->end)
		return false;
	byte = *reader->next++;
	reader->length = (byte >> 6 < RUN_MORE ? byte >> 6 : byte & 63) + 1;
	if (byte >> 6 < RUN_MORE)
		reader->mark = byte & 63;
	else if (byte >> 6 == RUN_PRESENT)
		reader->mark = MARK_PRESENT_AM;
	reader->position += reader->length;
	return true;
}

/* Steps to the next run with a mark and a session inside the window. */
static inline bool
next_marks(SeriesReader *reader)
{
	while (reader->position < reader->after && next_run(reader))
	{
		reader->start = Max(reader->position - reader->length, reader->first);
		reader->sessions = Min(reader->position, reader->after) - reader->start;
		if (reader->mark != MARK_NONE && reader->sessions > 0)
			return true;
	}
	return false;
}

/* The mark that a run's mark means in a given position. */
static inline Mark
mark_in_half(Mark mark, int position)
{
	return mark == MARK_PRESENT_AM && position % 2 == 1 ? MARK_PRESENT_PM : mark;
}

/* And back: what a session's mark is inside a series. */
static inline Mark
any_half(Mark mark)
{
	return mark == MARK_PRESENT_PM ? MARK_PRESENT_AM : mark;
}

static inline int
sessions_per_week(const SeriesHeader *header)
{
	return header->days_per_week * 2;
}

extern SchoolSession position_session(const SeriesHeader *header, int position);
extern int session_position(const SeriesHeader *header, SchoolSession session);

static inline int
run_half_sessions(const SeriesReader *reader, int half)
{
	return (reader->sessions + (reader->start % 2 == half)) / 2;
}

/*
 * A series laid open for change: one mark for each session of every week, weekends included.
 */
typedef struct OpenSeries
{
	int first_week; /* week of the first mark in the array */
	int weeks;      /* how many are there */
	int capacity;   /* for how many there is room */
	Mark *marks;
} OpenSeries;

extern OpenSeries *new_open_series(void);
extern OpenSeries *unpack_series(const MarkSeries *series);
extern void unpack_differences(const MarkSeries *a, const MarkSeries *b, OpenSeries **open_a,
							   OpenSeries **open_b);
extern void free_series(OpenSeries *open);
extern SchoolSession slot_session(const OpenSeries *open, int slot);
extern Mark mark_of_session(const OpenSeries *open, SchoolSession session);
extern const Mark *marks_of_week(const OpenSeries *open, int week);
extern MarkSeries *pack_series(const OpenSeries *open);
extern Mark *open_session(OpenSeries *open, SchoolSession session);
extern void put_mark(OpenSeries *open, SchoolSession session, Mark mark);
extern void take_mark(OpenSeries *open, SchoolSession session);
extern void merge_mark(OpenSeries *open, SchoolSession session, Mark mark);
extern void merge_series(OpenSeries *open, const MarkSeries *other);
extern bool series_bytes_valid(const uint8 *bytes, size_t length);

/* A series that is written run by run, in order of time. */
typedef struct SeriesWriter
{
	MarkSeries *series;
	uint8 *next;
	int week; /* the first one, which moves on while there is no mark */
	int days_per_week;
	bool is_empty;
	Mark mark; /* the run that is being gathered */
	int length;
} SeriesWriter;

extern void start_series(SeriesWriter *writer, int week, int days_per_week, int room);
extern void finish_run(SeriesWriter *writer);
extern MarkSeries *finish_series(SeriesWriter *writer);

static inline void
write_run(SeriesWriter *writer, Mark mark, int sessions)
{
	if (mark != writer->mark)
	{
		if (writer->is_empty)
		{
			writer->week += writer->length / (writer->days_per_week * 2);
			writer->length %= writer->days_per_week * 2;
			writer->is_empty = false;
		}
		finish_run(writer);
		writer->mark = mark;
	}
	writer->length += sessions;
}

/*
 * Reading every run of a series with as few branches as there can be: the kinds of runs follow
 * one another without a pattern that a processor could foresee, and each wrong guess costs as
 * much as several runs.  These tables say what a byte means without asking of what kind it is.
 *
 * Classes are counted in one cell for each counter of a tally, so that a run is one addition.
 * The late are not among those of their class.
 */
#define CELL_BAD 0 /* bytes that pack_series() does not write */
#define CELL_NONE (1 + TALLY_FIELDS)
#define CELLS (2 + TALLY_FIELDS)

/* For tables: what a macro makes of each value of the lower six bits. */
#define FOUR(f, n) f(n), f((n) + 1), f((n) + 2), f((n) + 3)
#define SIXTEEN(f, n) FOUR(f, n), FOUR(f, (n) + 4), FOUR(f, (n) + 8), FOUR(f, (n) + 12)
#define SIXTY_FOUR(f) SIXTEEN(f, 0), SIXTEEN(f, 16), SIXTEEN(f, 32), SIXTEEN(f, 48)

extern const uint8 run_sessions[256];
extern const uint8 run_is_full[256]; /* all bits if RUN_MORE may follow, else none */
extern const uint8 run_keeps[256]; /* all bits for RUN_MORE: what the byte before was, else none */
extern const uint8 run_cell[256];  /* 0 for RUN_MORE, likewise */
extern const uint8 run_mark[256];

/* The cell, and the mark, of the byte behind one that has another. */
static inline uint32
next_cell(uint32 cell, uint8 byte)
{
	return (cell & run_keeps[byte]) | run_cell[byte];
}

static inline uint32
next_mark(uint32 mark, uint8 byte)
{
	return (mark & run_keeps[byte]) | run_mark[byte];
}

/* Presence is never written as any other mark. */
static inline int
cell_of_mark(Mark mark)
{
	return mark == MARK_PRESENT_AM ? 1 + CLASS_PRESENT : run_cell[RUN_ONE << 6 | mark];
}

/* The positions of a series whose runs have been counted. */
static inline int
all_sessions(const uint32 *cells)
{
	int sessions = 0;

	for (int cell = 1; cell < CELLS; cell++)
		sessions += cells[cell];
	return sessions;
}

/* The late sessions are counted in cells of their own. */
static inline uint32
absent_cells(const uint32 *cells)
{
	return cells[1 + CLASS_AUTHORISED] + cells[1 + CLASS_UNAUTHORISED] +
		   cells[1 + TALLY_LATE_AFTER_CLOSE];
}

static inline uint32
other_possible_cells(const uint32 *cells)
{
	return cells[1 + CLASS_PRESENT] + cells[1 + TALLY_LATE_BEFORE_CLOSE] +
		   cells[1 + CLASS_APPROVED] + cells[1 + CLASS_CORONAVIRUS];
}

/*
 * Compilers that can be told to use AVX2 in one function, which asks the processor before.  A
 * vector function reads two bytes before the first run, which are there, as those of a header.
 */
#if defined(__x86_64__) && defined(__GNUC__)
#define ATT_AVX2
extern bool count_cells_vector(RunBytes runs, uint32 *cells);
extern bool check_runs_vector(RunBytes runs, bool *sound);
#else
#define count_cells_vector(runs, cells) false
#define check_runs_vector(runs, sound) false
#endif

extern void add_cells(int64 *counts, const uint32 *cells, const char *type_name);
extern bool tally_sums(AttendanceTally *tally, const int64 *sums, const char *type_name);
extern bool next_week_part(SeriesReader *reader, int *week, int *sessions);

#endif /* ATT_SERIES_H */
