/*
 * cohort_summary.c
 *		The type cohort_summary: how many enrolments, how many of them persistently and severely
 *		absent, and the tally of all their sessions, gathered in one pass.
 */
#include "attendance.h"

#include "common/hashfn.h"
#include "utils/builtins.h"

#include "types/comparison.h"
#include "series/series.h"

typedef struct CohortSummary
{
	int64 enrolments; /* with at least one possible session */
	int64 persistent;
	int64 severe;
	int64 without_possible; /* enrolments that no rate can be computed for */
	AttendanceTally tally;
} CohortSummary;

#define COHORT_OWN_FIELDS 4
#define COHORT_FIELDS (COHORT_OWN_FIELDS + TALLY_FIELDS)

#define PG_GETARG_COHORT_P(n) \
	((const CohortSummary *) get_counters(PG_GETARG_DATUM(n), &cohort_kind))

/* The tally's names, in the order of its fields, follow those of the cohort. */
static const char *const cohort_names[COHORT_FIELDS] = {
	"enrolments",        "persistently_absent", "severely_absent", "without_possible_sessions",
	"present",           "approved_activity",   "authorised",      "unauthorised",
	"not_possible",      "coronavirus",         "administrative",  "unmarked",
	"late_before_close", "late_after_close",
};

static bool
cohort_consistent(const int64 *count)
{
	const CohortSummary *cohort = (const CohortSummary *) count;

	return cohort->severe <= cohort->persistent && cohort->persistent <= cohort->enrolments &&
		   tally_kind.consistent(cohort->tally.count);
}

static const CounterKind cohort_kind = {"cohort_summary", COHORT_FIELDS, cohort_names,
										cohort_consistent};

PG_FUNCTION_INFO_V1(att_cohort_summary_in);
Datum
att_cohort_summary_in(PG_FUNCTION_ARGS)
{
	return counters_in(fcinfo, &cohort_kind);
}

PG_FUNCTION_INFO_V1(att_cohort_summary_out);
Datum
att_cohort_summary_out(PG_FUNCTION_ARGS)
{
	return counters_out(fcinfo, &cohort_kind);
}

PG_FUNCTION_INFO_V1(att_cohort_summary_recv);
Datum
att_cohort_summary_recv(PG_FUNCTION_ARGS)
{
	return counters_recv(fcinfo, &cohort_kind);
}

PG_FUNCTION_INFO_V1(att_cohort_summary_send);
Datum
att_cohort_summary_send(PG_FUNCTION_ARGS)
{
	return counters_send(fcinfo, &cohort_kind);
}

static int
cmp_cohorts(FunctionCallInfo fcinfo)
{
	return counters_cmp((int64 *) PG_GETARG_POINTER(0), (int64 *) PG_GETARG_POINTER(1),
						COHORT_FIELDS);
}

ATT_COMPARISON_FUNCTIONS(cohort_summary, cmp_cohorts)

#define COHORT_BYTES (unsigned char *) PG_GETARG_POINTER(0), sizeof(CohortSummary)

ATT_HASH_FUNCTIONS(cohort_summary, hash_any(COHORT_BYTES),
				   hash_any_extended(COHORT_BYTES, PG_GETARG_INT64(1)))

/* ---------- aggregates ---------- */

static inline void
add_enrolment(CohortSummary *cohort, int64 absent, int64 possible)
{
	add_counter(possible > 0 ? &cohort->enrolments : &cohort->without_possible, 1,
				cohort_kind.type_name);
	cohort->persistent += is_persistent(absent, possible);
	cohort->severe += is_severe(absent, possible);
}

/* cohort_agg(mark_series) */
PG_FUNCTION_INFO_V1(att_cohort_summary_add_series);
Datum
att_cohort_summary_add_series(PG_FUNCTION_ARGS)
{
	CohortSummary *cohort = (CohortSummary *) counters_state(fcinfo, &cohort_kind);
	MarkSeries *series = PG_GETARG_SERIES_PP(1);
	SeriesHeader header;
	uint32 cells[CELLS];
	int64 absent;

	count_runs(&header, series, cells);
	absent = absent_cells(cells);
	add_enrolment(cohort, absent, absent + other_possible_cells(cells));
	add_cells(cohort->tally.count, cells, cohort_kind.type_name);
	PG_FREE_IF_COPY(series, 1);
	PG_RETURN_POINTER(cohort);
}

/* cohort_agg(attendance_tally) */
PG_FUNCTION_INFO_V1(att_cohort_summary_add_tally);
Datum
att_cohort_summary_add_tally(PG_FUNCTION_ARGS)
{
	CohortSummary *cohort = (CohortSummary *) counters_state(fcinfo, &cohort_kind);
	const AttendanceTally *tally = PG_GETARG_TALLY_P(1);

	add_enrolment(cohort, tally_absent(tally), tally_possible(tally));
	for (int i = 0; i < TALLY_FIELDS; i++)
		add_counter(&cohort->tally.count[i], tally->count[i], cohort_kind.type_name);
	PG_RETURN_POINTER(cohort);
}

PG_FUNCTION_INFO_V1(att_cohort_summary_add);
Datum
att_cohort_summary_add(PG_FUNCTION_ARGS)
{
	return counters_add(fcinfo, &cohort_kind);
}

/* ---------- readers ---------- */

#define ATT_COHORT_READER(name, field) \
	PG_FUNCTION_INFO_V1(att_cohort_##name); \
	Datum att_cohort_##name(PG_FUNCTION_ARGS) \
	{ \
		PG_RETURN_INT64(PG_GETARG_COHORT_P(0)->field); \
	}

ATT_COHORT_READER(enrolments, enrolments)
ATT_COHORT_READER(persistently_absent, persistent)
ATT_COHORT_READER(severely_absent, severe)
ATT_COHORT_READER(without_possible_sessions, without_possible)

PG_FUNCTION_INFO_V1(att_cohort_tally);
Datum
att_cohort_tally(PG_FUNCTION_ARGS)
{
	AttendanceTally *tally = palloc(sizeof(AttendanceTally));

	*tally = PG_GETARG_COHORT_P(0)->tally;
	PG_RETURN_POINTER(tally);
}

#define ATT_COHORT_RATE(name, field) \
	PG_FUNCTION_INFO_V1(att_cohort_##name); \
	Datum att_cohort_##name(PG_FUNCTION_ARGS) \
	{ \
		const CohortSummary *cohort = PG_GETARG_COHORT_P(0); \
\
		if (cohort->enrolments == 0) \
			PG_RETURN_NULL(); \
		PG_RETURN_DATUM(percent(cohort->field, cohort->enrolments)); \
	}

ATT_COHORT_RATE(persistent_absence_rate, persistent)
ATT_COHORT_RATE(severe_absence_rate, severe)
