# How it is tested.

# test/sql/NAME.sql, answers in expected/NAME.out
REGRESS = \
	session_mark \
	absence_code \
	school_session \
	mark_series \
	tally \
	mark_counts \
	cohort \
	aggregates \
	pupil \
	register_errors

# test/isolation/specs/NAME.spec, answers in test/isolation/expected/NAME.out
ISOLATION = \
	register_journal \
	register_ways \
	register_marks \
	register_new \
	register_calendar \
	register_snapshot \
	register_drop \
	register_roll \
	register_facts \
	register_upn \
	register_notice \
	register_case

# Shell drivers, then pgTAP files; both print TAP and are run by prove, in this order: what takes longest first.
SHELL_TESTS = \
	test/federation.sh \
	test/client_files.sh \
	test/docs.sh \
	test/client_trouble.sh \
	test/client.sh \
	test/client_tables.sh \
	test/damaged_values.sh \
	test/dump_restore.sh \
	test/malformed_binary.sh \
	test/html.sh \
	test/first_register.sh \
	test/two_registers.sh \
	test/jobs.sh \
	test/reproduce.sh \
	test/no_session.sh \
	test/version.sh \
	test/completion.sh \
	test/release.sh \
	test/binary_round_trip.sh \
	test/vectors.sh \
	test/harness.sh

# What takes long: make check-long, with the files of PARALLEL_TESTS.  Servers that are killed, copied and upgraded, any bytes,
# and what is tried with every object of a register or in registers of all names.
LONG_TESTS = \
	test/register_dump.sh \
	test/torture.sh \
	test/replication.sh \
	test/pg_upgrade.sh \
	test/upgrade.sh \
	test/storm.sh \
	test/citus.sh \
	test/fuzz.sh
LONG_PGTAP_TESTS = \
	test/pgtap/access_matrix_long.sql \
	test/pgtap/register_names.sql \
	test/pgtap/triggers.sql \
	test/pgtap/any_table_long.sql \
	test/pgtap/labels.sql \
	test/pgtap/one_snapshot.sql

# They need hundreds of packages that few have: make check-drivers, make check-browser.
DRIVER_TESTS = \
	test/drivers.sh
BROWSER_TESTS = \
	test/dashboard.sh \
	test/book.sh

PGTAP_TESTS = \
	test/pgtap/upgrade.sql \
	test/pgtap/register_roles.sql \
	test/pgtap/register_check.sql \
	test/pgtap/row_security.sql \
	test/pgtap/reports_agree.sql \
	test/pgtap/federated_reports.sql \
	test/pgtap/law_paths.sql \
	test/pgtap/dated_reports.sql \
	test/pgtap/pages.sql \
	test/pgtap/pages_joint.sql \
	test/pgtap/disposal.sql \
	test/pgtap/laws.sql \
	test/pgtap/names.sql \
	test/pgtap/penalty.sql \
	test/pgtap/steps.sql \
	test/pgtap/distribute.sql \
	test/pgtap/legal_file.sql \
	test/pgtap/under_law.sql \
	test/pgtap/access_matrix.sql \
	test/pgtap/access.sql \
	test/pgtap/governor.sql \
	test/pgtap/access_references.sql \
	test/pgtap/access_write.sql \
	test/pgtap/attendance_case.sql \
	test/pgtap/support_lists.sql \
	test/pgtap/lists_agree.sql \
	test/pgtap/guidance.sql \
	test/pgtap/targets.sql \
	test/pgtap/meetings.sql \
	test/pgtap/parsed_bodies.sql \
	test/pgtap/series.sql \
	test/pgtap/law.sql \
	test/pgtap/register_tables.sql \
	test/pgtap/register_plans.sql \
	test/pgtap/year_plans.sql \
	test/pgtap/bi.sql \
	test/pgtap/identities.sql \
	test/pgtap/keys.sql \
	test/pgtap/reading.sql \
	test/pgtap/benchmarks.sql \
	test/pgtap/codes.sql \
	test/pgtap/attacks.sql \
	test/pgtap/disposal_snapshot.sql \
	test/pgtap/journal_payload.sql \
	test/pgtap/parallel.sql \
	test/pgtap/jit.sql \
	test/pgtap/published.sql \
	test/pgtap/catalog.sql \
	test/pgtap/register_rules.sql \
	test/pgtap/line_facts.sql \
	test/pgtap/register_statements.sql \
	test/pgtap/load_twice.sql \
	test/pgtap/register_foreign.sql \
	test/pgtap/any_table.sql \
	test/pgtap/admission.sql \
	test/pgtap/admission_deletion.sql \
	test/pgtap/registration.sql \
	test/pgtap/leave.sql \
	test/pgtap/returns.sql \
	test/pgtap/reports_bands.sql \
	test/pgtap/reports_time.sql \
	test/pgtap/reports_chase.sql \
	test/pgtap/unmarked.sql \
	test/pgtap/disclosure.sql \
	test/pgtap/reports_groups.sql \
	test/pgtap/reports_schools.sql \
	test/pgtap/reports_intervention.sql \
	test/pgtap/refusals.sql \
	test/pgtap/refused_rows.sql \
	test/pgtap/periods.sql \
	test/pgtap/dates.sql \
	test/pgtap/former.sql \
	test/pgtap/same_parent.sql \
	test/pgtap/scope.sql \
	test/pgtap/entry_time.sql \
	test/pgtap/take_over.sql \
	test/pgtap/replication.sql \
	test/pgtap/law_scope.sql \
	test/pgtap/planner.sql

# Those that read, and are run once more with parallel plans forced (not law.sql, whose look-alikes are temporary tables).
PARALLEL_TESTS = \
	test/pgtap/pages.sql \
	test/pgtap/admission.sql \
	test/pgtap/registration.sql \
	test/pgtap/benchmarks.sql \
	test/pgtap/bi.sql \
	test/pgtap/identities.sql \
	test/pgtap/reading.sql \
	test/pgtap/reports_groups.sql \
	test/pgtap/reports_time.sql \
	test/pgtap/penalty.sql \
	test/pgtap/series.sql \
	test/pgtap/leave.sql \
	test/pgtap/returns.sql \
	test/pgtap/reports_bands.sql \
	test/pgtap/reports_chase.sql \
	test/pgtap/disclosure.sql \
	test/pgtap/reports_schools.sql \
	test/pgtap/reports_intervention.sql \
	test/pgtap/periods.sql \
	test/pgtap/codes.sql \
	test/pgtap/published.sql

# What is asked of a processor that is emulated: types, bytes and journal.
PROCESSOR_TESTS = \
	test/vectors.sh \
	test/binary_round_trip.sh \
	test/malformed_binary.sh \
	test/damaged_values.sh \
	test/first_register.sh \
	test/pgtap/journal_payload.sql \
	test/pgtap/take_over.sql \
	test/pgtap/law.sql \
	test/pgtap/codes.sql \
	test/pgtap/series.sql \
	test/pgtap/laws.sql \
	test/pgtap/planner.sql
