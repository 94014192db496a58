/*
 * codes_agg.c
 *		mark_counts_agg(mark_series): the codes of many lines, in one pass over their runs.
 *
 * Present is either of two codes, so the sessions of each mark are counted as mornings and
 * afternoons.  Both are in one number, added at once, which is divided when it could be full.
 */
#include "series/series.h"

/* The state is a bytea.  Its layout is that of the machine: it is never stored. */
typedef struct CodeState
{
	int32 header;    /* PostgreSQL's length word */
	uint32 sessions; /* in halves */
	uint64
		halves[MARK_LIMIT]; /* mornings in the lower half of the number, afternoons in the upper */
	int64 sums[MARK_LIMIT]; /* sessions by code, without those in halves */
} CodeState;

#define FULL ((uint32) 1 << 31) /* leaves room for a line */

/* What a run of so many sessions adds if it begins in the morning, and in the afternoon. */
#define HALVES(am, pm) ((uint64) (am) | (uint64) (pm) << 32)
#define EACH(sessions) \
	{ \
		HALVES(((sessions) + 1) / 2, (sessions) / 2), HALVES((sessions) / 2, ((sessions) + 1) / 2) \
	}
#define ONE(n) EACH(1)
#define TWO(n) EACH(2)
#define MORE(n) EACH((n) + 1)

static const uint64 run_halves[256][2] = {
	[RUN_ONE << 6] = SIXTY_FOUR(ONE),
	[RUN_TWO << 6] = SIXTY_FOUR(TWO),
	[RUN_MORE << 6] = SIXTY_FOUR(MORE),
	[RUN_PRESENT << 6] = SIXTY_FOUR(MORE),
};

/* Returns the sessions of all runs. */
static inline uint32
add_runs(uint64 *halves, RunBytes runs)
{
	uint32 mark = MARK_NONE, position = 0;

	for (; runs.next < runs.end; runs.next++)
	{
		uint8 byte = *runs.next;

		mark = next_mark(mark, byte);
		halves[mark] += run_halves[byte][position & 1];
		position += run_sessions[byte];
	}
	return position;
}

/* The sessions by code.  A state may have been given as any bytes: a mark that is none says so. */
static void
add_up(const CodeState *state, int64 *sums)
{
	for (Mark mark = 1; mark < MARK_LIMIT; mark++)
	{
		int64 am = state->halves[mark] & PG_UINT32_MAX, pm = state->halves[mark] >> 32;

		if (state->sums[mark] != 0 || am + pm > 0)
			check_mark(mark);
		add_counter(&sums[mark], state->sums[mark], "mark_counts");
		add_counter(&sums[mark], am, "mark_counts");
		add_counter(&sums[mark == MARK_PRESENT_AM ? MARK_PRESENT_PM : mark], pm, "mark_counts");
	}
}

static CodeState *
new_state(const CodeState *source)
{
	CodeState *state = palloc0(sizeof(CodeState));

	SET_VARSIZE(state, sizeof(CodeState));
	if (source != NULL)
		add_up(source, state->sums);
	return state;
}

/*
 * A state that may be changed: the aggregate's own, or a copy of an argument, which may be any
 * bytes.
 */
static CodeState *
get_state(FunctionCallInfo fcinfo, int argument)
{
	bytea *bytes = (bytea *) PG_GETARG_POINTER(argument);

	if (argument > 0 || !AggCheckCallContext(fcinfo, NULL) || VARATT_IS_EXTENDED(bytes))
		bytes = PG_GETARG_BYTEA_P_COPY(argument);
	if (VARSIZE(bytes) == VARHDRSZ)
		return new_state(NULL);
	if (VARSIZE(bytes) != sizeof(CodeState))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid state of mark_counts_agg")));
	return (CodeState *) bytes;
}

PG_FUNCTION_INFO_V1(att_code_state_add_series);
Datum
att_code_state_add_series(PG_FUNCTION_ARGS)
{
	CodeState *state = get_state(fcinfo, 0);
	MarkSeries *series = PG_GETARG_SERIES_PP(1);
	SeriesHeader header;

	if (unlikely(state->sessions >= FULL))
		state = new_state(state);
	state->sessions += add_runs(state->halves, open_runs(&header, series));
	PG_FREE_IF_COPY(series, 1);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(att_code_state_add);
Datum
att_code_state_add(PG_FUNCTION_ARGS)
{
	CodeState *sum = new_state(get_state(fcinfo, 0));

	add_up(get_state(fcinfo, 1), sum->sums);
	PG_RETURN_POINTER(sum);
}

PG_FUNCTION_INFO_V1(att_code_state_final);
Datum
att_code_state_final(PG_FUNCTION_ARGS)
{
	const CodeState *sum = new_state(get_state(fcinfo, 0));

	for (Mark mark = 1; mark < MARK_LIMIT; mark++)
	{
		if (sum->sums[mark] < 0)
			ereport(ERROR,
					(errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid state of mark_counts_agg")));
	}
	PG_RETURN_POINTER(make_counts(sum->sums));
}
