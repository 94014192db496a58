# attendance: school attendance registers in PostgreSQL
#
# make check and make demo need nothing but make: see make help.

EXTENSION = attendance
MODULE_big = attendance

# ---------- what the extension is made of: every list is explicit ----------

OBJS = src/module.o src/codes.o src/session_mark.o src/sessions.o src/series.o src/series_open.o \
	src/series_check.o src/mark_series.o src/series_marks.o src/series_count.o src/series_vector.o src/series_analysis.o \
	src/series_aggregate.o src/series_group.o src/series_weekly.o src/series_window.o src/series_codes.o src/series_planner.o src/bands.o src/counters.o src/tally.o src/mark_counts.o src/cohort.o \
	src/pupil.o src/register_query.o src/register_trigger.o src/register_calendar.o src/register_lock.o src/register_line.o \
	src/register_entry.o src/register_flush.o src/register_batch.o src/register_upn.o src/register_sql.o src/register_signature.o src/register_gather.o src/register_statement.o \
	src/register_journal.o src/journal_payload.o src/journal_changes.o src/rules.o src/line_facts.o src/line_rules.o \
	src/register_owner.o src/register_stamp.o src/register_history.o src/register_breaches.o src/csv.o src/disclosure.o

# Each type's part is followed by its comparison operators, from sql/comparison.sql.in.
TYPES = session_mark absence_code school_session mark_series attendance_tally mark_counts \
	cohort_summary
SQL_PARTS = sql/session_mark.sql sql/absence_code.sql sql/school_session.sql \
	sql/school_session_range.sql sql/mark_series.sql sql/attendance_tally.sql sql/mark_counts.sql \
	sql/cohort_summary.sql sql/bands.sql sql/pupil.sql sql/periods.sql sql/benchmarks.sql sql/report_helpers.sql sql/page.sql \
	sql/rules.sql sql/admission.sql sql/registration.sql sql/leave.sql sql/penalty.sql sql/backup.sql \
	sql/journal.sql sql/retention.sql sql/disposal.sql sql/register.sql sql/rights.sql sql/check_register.sql

# They stand in sql/register.sql where the line "-- @REGISTER_SQL@" is.
REGISTER_PARTS = sql/register/organisation.sql sql/register/regime.sql sql/register/pupil.sql \
	sql/register/calendar.sql sql/register/known.sql sql/register/register_line.sql sql/register/mark.sql \
	sql/register/admission.sql sql/register/journal.sql sql/register/registration.sql \
	sql/register/leave.sql sql/register/returns.sql sql/register/backup.sql sql/register/disposal.sql \
	sql/register/history.sql sql/register/period.sql sql/register/characteristic.sql sql/register/report.sql \
	sql/register/penalty.sql sql/register/benchmark_column.sql sql/register/benchmark.sql sql/register/bi_base.sql \
	sql/register/bi_dim.sql sql/register/bi_pupil.sql sql/register/bi_group.sql sql/register/bi_term.sql \
	sql/register/bi_dictionary.sql \
	sql/register/report_headline.sql sql/register/report_bands.sql sql/register/report_risk.sql \
	sql/register/report_time.sql sql/register/report_spells.sql sql/register/report_punctuality.sql \
	sql/register/report_chase.sql sql/register/report_regular.sql sql/register/series.sql \
	sql/register/benchmark_import.sql sql/register/benchmark_check.sql sql/register/benchmark_compare.sql \
	sql/register/ees_export.sql sql/register/report_cohort.sql sql/register/report_schools.sql \
	sql/register/report_intervention.sql sql/register/page_part.sql sql/register/page_school.sql \
	sql/register/page_pupil.sql sql/register/page_head.sql sql/register/page_area.sql \
	sql/register/guards.sql

# The program pg_attendance, which needs libpq alone; zlib and zstd if pkg-config finds them.
CLIENT = client/main.c client/help.c client/options.c client/message.c client/connection.c client/progress.c \
	client/input.c client/inflate.c client/utf16.c client/encoding.c client/xml.c client/csv.c client/value.c client/moment.c client/lookup.c client/marks.c \
	client/header.c client/heading.c client/shape_csv.c client/shape_ctf.c client/ctf_text.c client/shape_json.c client/load.c client/load_marks.c client/load_benchmarks.c \
	client/feed.c client/locate.c client/range.c client/reject.c client/reject_file.c client/tables.c client/table_file.c \
	client/table_header.c client/table_closure.c client/table_value.c client/table_whole.c client/table_insert.c client/table_pupil.c client/table_characteristic.c \
	client/choices.c client/explain.c client/unused.c client/load_table.c client/outfile.c client/output.c client/interrupt.c client/sha256.c client/print.c client/export.c client/export_xml.c \
	client/export_backup.c client/verify.c client/report.c

# Update scripts (sql/attendance--A--B.sql) and frozen older versions.
SQL_UPDATES =

# ---------- how it is tested ----------

# test/sql/NAME.sql, answers in expected/NAME.out
REGRESS = session_mark absence_code school_session mark_series tally mark_counts cohort aggregates pupil register_errors
# test/isolation/specs/NAME.spec, answers in test/isolation/expected/NAME.out
ISOLATION = register_journal register_ways register_marks register_new register_calendar register_snapshot register_drop register_roll
# Shell drivers, then pgTAP files; both print TAP and are run by prove.
SHELL_TESTS = test/docs.sh test/malformed_binary.sh test/damaged_values.sh test/fuzz.sh test/binary_round_trip.sh test/dump_restore.sh \
	test/register_dump.sh test/replication.sh test/pg_upgrade.sh test/client.sh test/client_files.sh \
	test/client_tables.sh test/client_trouble.sh test/first_register.sh test/harness.sh \
	test/storm.sh test/torture.sh
# They need hundreds of packages that few have: make check-drivers, make check-browser.
DRIVER_TESTS = test/drivers.sh
BROWSER_TESTS = test/dashboard.sh
PGTAP_TESTS = test/pgtap/codes.sql test/pgtap/law.sql test/pgtap/attacks.sql test/pgtap/disposal_snapshot.sql test/pgtap/journal_payload.sql \
	test/pgtap/law_paths.sql test/pgtap/laws.sql test/pgtap/parallel.sql test/pgtap/labels.sql test/pgtap/published.sql \
	test/pgtap/catalog.sql test/pgtap/register_tables.sql test/pgtap/register_rules.sql \
	test/pgtap/register_statements.sql test/pgtap/load_twice.sql test/pgtap/one_snapshot.sql test/pgtap/register_check.sql test/pgtap/register_plans.sql \
	test/pgtap/register_roles.sql test/pgtap/register_foreign.sql test/pgtap/triggers.sql \
	test/pgtap/admission.sql test/pgtap/admission_deletion.sql \
	test/pgtap/disposal.sql test/pgtap/registration.sql test/pgtap/leave.sql test/pgtap/returns.sql \
	test/pgtap/bi.sql test/pgtap/penalty.sql test/pgtap/reports_bands.sql test/pgtap/reports_time.sql \
	test/pgtap/reports_chase.sql test/pgtap/benchmarks.sql test/pgtap/series.sql test/pgtap/disclosure.sql \
	test/pgtap/reports_groups.sql test/pgtap/reports_schools.sql test/pgtap/reports_intervention.sql \
	test/pgtap/reports_agree.sql test/pgtap/names.sql test/pgtap/periods.sql test/pgtap/pages.sql test/pgtap/planner.sql \
	test/pgtap/parsed_bodies.sql test/pgtap/row_security.sql
# Those that read, and are run once more with parallel plans forced (not law.sql, whose look-alikes are temporary tables).
PARALLEL_TESTS = test/pgtap/admission.sql test/pgtap/registration.sql test/pgtap/leave.sql test/pgtap/returns.sql \
	test/pgtap/bi.sql test/pgtap/penalty.sql test/pgtap/reports_bands.sql test/pgtap/reports_time.sql \
	test/pgtap/reports_chase.sql test/pgtap/benchmarks.sql test/pgtap/series.sql test/pgtap/disclosure.sql \
	test/pgtap/reports_groups.sql test/pgtap/reports_schools.sql test/pgtap/reports_intervention.sql \
	test/pgtap/periods.sql test/pgtap/pages.sql test/pgtap/codes.sql test/pgtap/published.sql

# ---------- build, by PGXS ----------

# The directory of this Makefile; it may not be the one make runs in.
here := $(shell cd "$$(dirname '$(firstword $(MAKEFILE_LIST))')" && pwd -P)
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" '$(here)/attendance.control')

PG_CONFIG ?= pg_config
PGXS := $(wildcard $(shell $(PG_CONFIG) --pgxs 2>/dev/null))

# These targets work where PostgreSQL is not installed yet, so they do without PGXS,
# which moreover has a "check" of its own.
HARNESS = check check-drivers check-browser torture demo demo-psql dashboard bench fuzz lint format register-reference clean-checkout dist help
goals := $(or $(MAKECMDGOALS),all)

ifneq (,$(filter-out $(HARNESS),$(goals)))
ifeq (,$(PGXS))

.PHONY: $(filter-out $(HARNESS),$(goals))
$(filter-out $(HARNESS),$(goals)):
	@echo "$@: no PGXS (pg_config --pgxs) to build with; missing packages:" >&2
	@'$(here)/tools/setup' --list build >&2
	@exit 1

else

ifneq ($(realpath .),$(here))
VPATH := $(here)
endif
from := $(if $(VPATH),$(here)/)

script = sql/$(EXTENSION)--$(EXTVERSION).sql
DATA = $(SQL_UPDATES)
DATA_built = $(script)
SCRIPTS_built = client/pg_attendance

# pg_regress looks for tests in its output directory first: here it would find sql/.
REGRESS_OPTS = --inputdir='$(here)/test' --outputdir=regress-output --load-extension=$(EXTENSION)
EXTRA_CLEAN = regress-output
ISOLATION_OPTS = --inputdir='$(here)/test/isolation' --load-extension=$(EXTENSION)

# Before PostgreSQL 16 every global symbol of a library is exported; only these are to be.
SHLIB_EXPORTS = src/exports.txt

PG_CPPFLAGS = -DATTENDANCE_VERSION='"$(EXTVERSION)"'
# PostgreSQL's own headers have unused parameters, and so has any SQL function without arguments.
PG_CFLAGS = -Wall -Wextra -Wno-unused-parameter
ifneq (,$(findstring clang,$(notdir $(CC))))
# CFLAGS and the format attribute in c.h are those of the compiler that built PostgreSQL: gcc.
PG_CFLAGS += -Wno-unknown-warning-option -Wno-ignored-optimization-argument -Wno-ignored-attributes
endif
ifeq ($(WERROR),1)
PG_CFLAGS += -Werror
endif

include $(PGXS)

$(OBJS): $(patsubst $(from)%,%,$(wildcard $(from)src/*.h $(from)src/*.def))

$(script): $(SQL_PARTS) sql/comparison.sql.in $(REGISTER_PARTS) tools/install-script \
		Makefile attendance.control
	@mkdir -p sql
	'$(here)/tools/install-script' '$(here)' '$(TYPES)' '$(REGISTER_PARTS)' $(SQL_PARTS) >$@.tmp
	mv $@.tmp $@

found = $(shell pkg-config --exists $(1) 2>/dev/null && echo $(1))
CLIENT_FLAGS := -I$(includedir) -DATTENDANCE_VERSION='"$(EXTVERSION)"' \
	$(if $(call found,zlib),-DHAVE_ZLIB $(shell pkg-config --cflags zlib)) \
	$(if $(call found,libzstd),-DHAVE_ZSTD $(shell pkg-config --cflags libzstd))
CLIENT_LIBS := -L$(libdir) $(rpath) -lpq $(if $(call found,zlib),$(shell pkg-config --libs zlib)) \
	$(if $(call found,libzstd),$(shell pkg-config --libs libzstd))

# Without CPPFLAGS: no header of the server is within its reach.
client/pg_attendance: $(CLIENT) client/client.h client/columns.h client/tables.h
	@mkdir -p client
	$(CC) $(CFLAGS) $(CLIENT_FLAGS) -o $@ $(addprefix $(from),$(CLIENT)) $(LDFLAGS) $(CLIENT_LIBS)

install: install-client-man
uninstall: uninstall-client-man
.PHONY: install-client-man uninstall-client-man
install-client-man:
	$(MKDIR_P) '$(DESTDIR)$(mandir)/man1'
	$(INSTALL_DATA) '$(here)/client/pg_attendance.1' '$(DESTDIR)$(mandir)/man1/'
uninstall-client-man:
	rm -f '$(DESTDIR)$(mandir)/man1/pg_attendance.1'

objects: $(OBJS) client/pg_attendance
.PHONY: objects

ifdef VPATH
# Always looked at: as a plain file target, src would be found in the source tree.
$(OBJS) $(OBJS:.o=.bc) src/exports.list: | vpath-dirs
.PHONY: vpath-dirs
vpath-dirs:
	@mkdir -p src
endif

endif
endif

# ---------- harness ----------

ifneq (,$(filter $(HARNESS),$(goals)))

export PG_CONFIG TYPES REGRESS ISOLATION SHELL_TESTS DRIVER_TESTS BROWSER_TESTS PGTAP_TESTS PARALLEL_TESTS EXTVERSION

.PHONY: $(HARNESS)

check: ## install what is missing, then run every test on a throw-away server
	@'$(here)/tools/setup' check
	@'$(here)/tools/check'

# check-tap PURPOSE TESTS: shell drivers that need what tools/setup has for PURPOSE
define check-tap
@'$(here)/tools/setup' check
@'$(here)/tools/setup' $(1)
@STAGES=tap SHELL_TESTS='$(2)' PGTAP_TESTS= '$(here)/tools/check'
endef

check-drivers: ## the tests with drivers of several languages; installs those, a JDK and R
	$(call check-tap,drivers,$(DRIVER_TESTS))

check-browser: ## the test of the dashboard in a browser; installs Shiny and Chromium
	$(call check-tap,browser,$(BROWSER_TESTS))

torture: ## kill a server TORTURE_KILLS (500) times while many write, and compare what they were told with what is there
	@'$(here)/tools/setup' check
	@'$(here)/tools/torture'

demo: ## install what is missing, then run the main job on a throw-away server; DEMO_PAGES=DIR keeps its report pages
	@'$(here)/tools/setup' demo
	@'$(here)/demo/run'

demo-psql: ## the same, then psql on what it made; says how to stop the server
	@'$(here)/tools/setup' demo
	@DEMO_KEEP=1 '$(here)/demo/run'

dashboard: ## the same data, and the dashboard on them, on a port of this computer alone, until Ctrl-C
	@'$(here)/tools/setup' dashboard
	@DEMO_DASHBOARD=1 '$(here)/demo/run'

bench: ## times and sizes against plain rows and DuckDB, in 20 minutes: see bench/compare
	@'$(here)/bench/compare'

fuzz: ## any bytes as stored values and texts, under sanitizers; FUZZ_SECONDS (3600), FUZZ_CORPUS keeps what is found
	@'$(here)/tools/setup' fuzz
	@'$(here)/tools/fuzz'

lint: ## formatting, scripts, versions, file hygiene
	@'$(here)/tools/setup' lint
	@'$(here)/tools/lint'

format: ## apply clang-format to the C sources
	@'$(here)/tools/setup' lint
	@'$(here)/tools/lint' --format

register-reference: ## write doc/register_reference.md from the comments in the catalogue
	@'$(here)/tools/setup' demo
	@'$(here)/tools/register-reference'

clean-checkout: ## make check in a fresh clone of the last commit
	@set -e; dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	git clone --quiet --no-hardlinks '$(here)' "$$dir/attendance"; \
	$(MAKE) --no-print-directory -C "$$dir/attendance" check

dist: ## attendance-VERSION.zip for PGXN, from the last commit
	@'$(here)/tools/dist'

help: ## this list
	@echo 'make, make install, make installcheck, make clean: as for any PGXS extension'
	@sed -n 's/^\([a-z-]*\): ## \(.*\)/make \1\t\2/p' '$(here)/Makefile' | expand -t 24

endif
