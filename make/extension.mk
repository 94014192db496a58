# What the extension is made of.

OBJS = \
	src/support/module.o \
	src/support/bands.o \
	src/support/pupil.o \
	src/support/csv.o \
	src/support/disclosure.o \
	src/types/codes.o \
	src/types/session_mark.o \
	src/types/school_session.o \
	src/types/counters.o \
	src/types/attendance_tally.o \
	src/types/mark_counts.o \
	src/types/cohort_summary.o \
	src/series/series.o \
	src/series/check.o \
	src/series/mark_series.o \
	src/series/marks.o \
	src/series/count.o \
	src/series/vector.o \
	src/series/analysis.o \
	src/series/aggregate.o \
	src/series/group.o \
	src/series/weekly.o \
	src/series/window.o \
	src/series/codes_agg.o \
	src/series/planner.o \
	src/rules/rules.o \
	src/rules/line_facts.o \
	src/rules/line_rules.o \
	src/rules/breaches.o \
	src/journal/append.o \
	src/journal/payload.o \
	src/journal/changes.o \
	src/journal/history.o \
	src/register/query.o \
	src/register/trigger.o \
	src/register/calendar.o \
	src/register/lock.o \
	src/register/state.o \
	src/register/line.o \
	src/register/entry.o \
	src/register/flush.o \
	src/register/batch.o \
	src/register/upn.o \
	src/register/sql.o \
	src/register/signature.o \
	src/register/gather.o \
	src/register/statement.o \
	src/register/owner.o \
	src/register/stamp.o

# In this order. Each type's part is followed by its comparison operators, from sql/types/comparison.sql.in.
SQL_PARTS = \
	sql/types/session_mark.sql \
	sql/types/absence_code.sql \
	sql/types/school_session.sql \
	sql/types/school_session_range.sql \
	sql/types/mark_series.sql \
	sql/types/attendance_tally.sql \
	sql/types/mark_counts.sql \
	sql/types/cohort_summary.sql \
	sql/reports/bands.sql \
	sql/register/pupil.sql \
	sql/reports/periods.sql \
	sql/reports/benchmarks.sql \
	sql/reports/helpers.sql \
	sql/reports/page.sql \
	sql/register/rules.sql \
	sql/register/admission.sql \
	sql/register/registration.sql \
	sql/register/leave.sql \
	sql/register/penalty.sql \
	sql/register/backup.sql \
	sql/register/journal.sql \
	sql/register/retention.sql \
	sql/register/disposal.sql \
	sql/register/register.sql \
	sql/register/rights.sql \
	sql/register/check_register.sql

TYPES = \
	session_mark \
	absence_code \
	school_session \
	mark_series \
	attendance_tally \
	mark_counts \
	cohort_summary

# What is copied into a register, in this order: it stands in sql/register/register.sql
# where the line "-- @REGISTER_SQL@" is.
REGISTER_PARTS = \
	register/tables/organisation.sql \
	register/tables/regime.sql \
	register/tables/pupil.sql \
	register/tables/calendar.sql \
	register/entry/known.sql \
	register/tables/register_line.sql \
	register/entry/mark.sql \
	register/tables/admission.sql \
	register/tables/journal.sql \
	register/tables/registration.sql \
	register/tables/leave.sql \
	register/tables/returns.sql \
	register/tables/backup.sql \
	register/tables/disposal.sql \
	register/entry/history.sql \
	register/reports/period.sql \
	register/tables/characteristic.sql \
	register/reports/line.sql \
	register/tables/penalty.sql \
	register/benchmarks/column.sql \
	register/benchmarks/benchmark.sql \
	register/bi/base.sql \
	register/bi/dim.sql \
	register/bi/pupil.sql \
	register/bi/group.sql \
	register/bi/term.sql \
	register/bi/dictionary.sql \
	register/reports/headline.sql \
	register/reports/bands.sql \
	register/reports/risk.sql \
	register/reports/time.sql \
	register/reports/spells.sql \
	register/reports/punctuality.sql \
	register/reports/chase.sql \
	register/reports/regular.sql \
	register/reports/series.sql \
	register/benchmarks/import.sql \
	register/benchmarks/check.sql \
	register/benchmarks/compare.sql \
	register/benchmarks/ees_export.sql \
	register/reports/cohort.sql \
	register/reports/schools.sql \
	register/reports/intervention.sql \
	register/pages/part.sql \
	register/pages/school.sql \
	register/pages/pupil.sql \
	register/pages/head.sql \
	register/pages/area.sql \
	register/entry/guards.sql

# Update scripts (sql/attendance--A--B.sql) and frozen older versions.
SQL_UPDATES =
