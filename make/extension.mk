# What the extension is made of.

OBJS = \
	src/support/module.o \
	src/support/version.o \
	src/support/bands.o \
	src/support/pupil.o \
	src/support/schools.o \
	src/support/words.o \
	src/support/csv.o \
	src/support/encoding.o \
	src/support/disclosure.o \
	src/support/run_as.o \
	src/types/codes.o \
	src/types/session_mark.o \
	src/types/school_session.o \
	src/types/counters.o \
	src/types/attendance_tally.o \
	src/types/mark_counts.o \
	src/types/cohort_summary.o \
	src/series/series.o \
	src/series/runs.o \
	src/series/check.o \
	src/series/mark_series.o \
	src/series/marks.o \
	src/series/count.o \
	src/series/vector.o \
	src/series/analysis.o \
	src/series/aggregate.o \
	src/series/group.o \
	src/series/weekly.o \
	src/series/threshold.o \
	src/series/window.o \
	src/series/unmarked.o \
	src/series/codes_agg.o \
	src/series/planner.o \
	src/rules/rules.o \
	src/rules/line_facts.o \
	src/rules/line_rules.o \
	src/rules/breaches.o \
	src/journal/append.o \
	src/journal/payload.o \
	src/journal/changes.o \
	src/journal/json.o \
	src/journal/records.o \
	src/journal/same.o \
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
	src/register/refusal.o \
	src/register/ask.o \
	src/register/upn.o \
	src/register/sql.o \
	src/register/signature.o \
	src/register/gather.o \
	src/register/statement.o \
	src/register/owner.o \
	src/register/access.o \
	src/register/rows.o \
	src/register/own_access.o \
	src/register/refer.o \
	src/register/sees.o \
	src/register/knows.o \
	src/register/sees_support.o \
	src/register/figures.o \
	src/register/hold.o \
	src/register/stamp.o \
	src/register/dates.o \
	src/register/facts.o

# In this order. Each type's part is followed by its comparison operators, from sql/types/comparison.sql.in.
SQL_PARTS = \
	sql/support/version.sql \
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
	sql/register/words.sql \
	sql/reports/periods.sql \
	sql/reports/benchmarks.sql \
	sql/reports/helpers.sql \
	sql/reports/figures.sql \
	sql/reports/page.sql \
	sql/reports/bi_dictionary.sql \
	sql/register/rules.sql \
	sql/register/dates.sql \
	sql/register/facts.sql \
	sql/register/exceptions.sql \
	sql/register/admission.sql \
	sql/register/registration.sql \
	sql/register/suspension.sql \
	sql/register/keys.sql \
	sql/register/leave.sql \
	sql/register/penalty.sql \
	sql/register/attendance_case.sql \
	sql/register/backup.sql \
	sql/register/journal.sql \
	sql/register/retention.sql \
	sql/register/disposal.sql \
	sql/register/definition.sql \
	sql/register/register.sql \
	sql/register/objects.sql \
	sql/register/faults.sql \
	sql/register/sequences.sql \
	sql/register/distribute.sql \
	sql/register/reports.sql \
	sql/register/report_rights.sql \
	sql/register/rights.sql \
	sql/register/access.sql \
	sql/register/figures.sql \
	sql/federation/reports.sql \
	sql/federation/ask.sql \
	sql/federation/definition.sql \
	sql/federation/tables.sql \
	sql/federation/federation.sql \
	sql/register/law.sql \
	sql/register/model.sql \
	sql/register/check_register.sql \
	sql/register/replication.sql \
	sql/register/dependants.sql \
	sql/register/upgrade.sql

TYPES = \
	session_mark \
	absence_code \
	school_session \
	mark_series \
	attendance_tally \
	mark_counts \
	cohort_summary

# What is copied into a register, in this order: each list stands in sql/register/definition.sql, in a line
# of its own name.  What is kept holds data; it is changed by written steps alone.
REGISTER_KEPT = \
	register/tables/organisation.sql \
	register/tables/regime.sql \
	register/tables/pupil.sql \
	register/tables/calendar.sql \
	register/tables/register_line.sql \
	register/tables/journal.sql \
	register/tables/admission.sql \
	register/tables/deletion_ground.sql \
	register/tables/attendance_order.sql \
	register/tables/suspension.sql \
	register/tables/registration.sql \
	register/tables/leave.sql \
	register/tables/part_time.sql \
	register/tables/mark_nature.sql \
	register/tables/returns.sql \
	register/tables/penalty.sql \
	register/tables/expectation.sql \
	register/tables/office_holder.sql \
	register/tables/access.sql \
	register/tables/evidence.sql \
	register/tables/attendance_case.sql \
	register/tables/family_contact.sql \
	register/tables/attendance_target.sql \
	register/tables/backup.sql \
	register/tables/reading.sql \
	register/tables/disposal.sql \
	register/tables/characteristic.sql \
	register/tables/late_arrival.sql \
	register/tables/intervention.sql \
	register/tables/school_feature.sql \
	register/tables/benchmark_column.sql \
	register/tables/benchmark.sql \
	register/entry/known.sql \
	register/entry/mark.sql \
	register/entry/registration.sql \
	register/entry/dates.sql \
	register/entry/leave_rules.sql \
	register/entry/leave.sql \
	register/entry/unexplained_absence.sql \
	register/entry/legal_step.sql \
	register/entry/disposal.sql \
	register/entry/taken_over.sql \
	register/entry/history.sql \
	register/entry/guards.sql

# What only reads, and is dropped and made anew when a register is upgraded.
REGISTER_REPORTS = \
	register/law/regime.sql \
	register/law/access.sql \
	register/law/journal.sql \
	register/law/due.sql \
	register/law/marks.sql \
	register/law/admission.sql \
	register/law/registration.sql \
	register/law/leave.sql \
	register/law/suspension.sql \
	register/law/returns.sql \
	register/law/penalty.sql \
	register/law/draft.sql \
	register/law/backup.sql \
	register/law/guidance.sql \
	register/law/disposal.sql \
	register/reports/known.sql \
	register/law/legal_file.sql \
	register/reports/period.sql \
	register/reports/line.sql \
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
	register/reports/support.sql \
	register/reports/case.sql \
	register/reports/target.sql \
	register/reports/oversight.sql \
	register/pages/part.sql \
	register/pages/school.sql \
	register/pages/pupil.sql \
	register/pages/head.sql \
	register/reports/meeting.sql \
	register/pages/area.sql \
	register/pages/support.sql \
	register/pages/meeting.sql \
	register/pages/figures.sql \
	register/pages/legal_file.sql \
	register/federation/answer.sql

# What changes a register that exists, in what is kept: a step for each definition since the first, by its number.
REGISTER_STEPS = \
	register/steps/2.sql

# Update scripts (sql/attendance--A--B.sql) and frozen older versions.
SQL_UPDATES =
