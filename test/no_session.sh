#!/bin/bash
#
# no_session.sh: of a period in which none of the schools has a session every report says so, once, and answers.  Prints TAP.
#
# The reports are told from the catalogue, as pg_attendance report --list has them, so that no one is forgotten.
set -euo pipefail

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

export PGDATABASE=no_session
createdb "$PGDATABASE"
psql -Xq -v ON_ERROR_STOP=1 >/dev/null <<'SQL'
CREATE SCHEMA attendance;
CREATE EXTENSION attendance SCHEMA attendance;
SELECT attendance.create_register('r');
SELECT attendance.add_academic_year('r', year) FROM generate_series(2024, 2025) AS year;
SET search_path = r, public, attendance;
INSERT INTO local_authority (la_number, name) VALUES (380, 'Bradford');
INSERT INTO school (urn, name, phase, type, la_number)
    SELECT urn, 'School ' || urn, 'Primary', 'Academies', 380 FROM generate_series(100001, 100003) AS urn;
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (1, 'S', 'F', '2016-03-01'), (2, 'T', 'G', '2016-03-01');
INSERT INTO enrolment (school_urn, pupil_id, start_date) VALUES (100001, 1, '2025-09-01'), (100002, 2, '2025-09-01');
INSERT INTO term_date SELECT urn, 2025, 'Autumn', 1, '2025-09-08', '2025-10-24' FROM generate_series(100001, 100002) AS urn;
SELECT build_calendar('r', urn, 2025) FROM generate_series(100001, 100002) AS urn;
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks)
    VALUES (100001, 2025, 1, '2025-09-08 /\/\/\/\I\'), (100002, 2025, 2, '2025-09-08 /\/\/\/\/\');
ALTER DATABASE no_session SET search_path = r, public, attendance;
SQL

# every report with such a period, of all schools, each after its name; required arguments that are not those three get a value
calls() { # PERIOD
	psql -XAt -v period="$1" <<-'SQL'
		SELECT format(E'\\echo =%s\nSELECT count(*) AS rows FROM %1$I(%L, ''all'', NULL%s);', p.proname, :'period', (
			SELECT coalesce(string_agg(format(', %I => %s', a.name, CASE a.name WHEN 'compared_with' THEN '''week 2025-09-08''' WHEN 'school_urn' THEN '100001'
				WHEN 'pupil_id' THEN '1' WHEN 'at_least' THEN '0' ELSE 'NULL' END), ''), '')
			FROM unnest(p.proargnames) WITH ORDINALITY AS a (name, n)
			WHERE a.n > 3 AND (a.n <= p.pronargs - p.pronargdefaults OR a.name = 'compared_with' AND a.n <= p.pronargs)))
		FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND p.proargnames[1:3] = '{period,population,schools}' AND p.prokind = 'f' AND p.proretset
			AND p.prorettype <> 'text'::regtype
		ORDER BY p.proname
	SQL
}

# REPORT WARNINGS ERRORS, of those that have any
told() { # PERIOD
	calls "$1" | psql -XAt 2>&1 | awk '/^=/ { name = substr($0, 2); seen[name] } /WARNING:/ { warnings[name]++ } /ERROR:/ { errors[name]++ }
		END { for (name in seen) print name, warnings[name] + 0, errors[name] + 0 }' | sort
}

told '[2026-08-01,2026-08-20)' >"$ATT_WORK/no_session.none"
told '[2025-09-08,2025-09-20)' >"$ATT_WORK/no_session.some"
same "reports of days with sessions say nothing" "" "$(grep -v ' 0 0$' "$ATT_WORK/no_session.some" || :)"
# daily_roll() and what it is made of are parts of daily_attendance(), those of period_ of what is said elsewhere; those of interventions are about what began in
# the period; school_benchmarks() is about published figures
same "of days without all say it once" "daily_roll 0 0
daily_roll_counts 0 0
intervention_impact 0 0
intervention_pupil_impact 0 0
period_cohort 0 0
period_line 0 0
school_benchmarks 0 0
treated_line 0 0" "$(grep -v ' 1 0$' "$ATT_WORK/no_session.none" || :)"
same "they are many" yes "$( (($(wc -l <"$ATT_WORK/no_session.none") > 40)) && echo yes)"

said() { # SQL: what it says beside its answer
	{ psql -XAtc "$1" >/dev/null; } 2>&1
}

hint='HINT:  build_calendar() makes the days of a school from its terms, the table term_date.'
same "which days there are" "WARNING:  none of the schools has a session in \"week 2026-08-10\": their calendar has days from 2025-09-08 to 2025-10-24
$hint" "$(said "SELECT * FROM headline('week 2026-08-10')")"
same "a school without a calendar" "WARNING:  none of the schools has a session in \"2025/26\": their calendar has no days
$hint" "$(said "SELECT * FROM headline('2025/26', schools => '{100003}')")"
same "one of two is enough" "" "$(said "SELECT * FROM headline('2025/26', schools => '{100002,100003}')")"
same "a term that has no dates" "WARNING:  none of the schools has a session in \"spring term 2025/26\": their calendar has days from 2025-09-08 to 2025-10-24
$hint" "$(said "SELECT * FROM headline('spring term 2025/26', schools => '{100001}')")"
same "a year before the register" 1 "$(said "SELECT * FROM headline('2024/25')" | grep -c 'WARNING')"
same "not of the year before, with which a report compares" "" "$(said "SELECT * FROM weekly_trend('2025/26'); SELECT * FROM transition_years('2025/26')")"
same "nor of no period" "" "$(said "SELECT * FROM headline(NULL)")"
same "what has no mark" 1 "$(said "SELECT * FROM unmarked_by_group('week 2026-08-10')" | grep -c WARNING)"
same "pages say it themselves" "" "$(said "SELECT page_school_week(100001, 'week 2026-08-10'), page_head_termly(100001, 'spring term 2025/26'), page_class(100003, NULL, '2025/26')")"
same "with its state" 01000 "$(PGOPTIONS='-c client_min_messages=warning' psql -XAt -v VERBOSITY=verbose -c "SELECT * FROM headline('2024/25')" 2>&1 | sed -n 's/^WARNING:  \([0-9]*\):.*/\1/p')"
# as it is called since PostgreSQL 16, and before
force=$(psql -XAtc "SELECT name FROM pg_settings WHERE name IN ('debug_parallel_query', 'force_parallel_mode')")
same "in parallel plans" 1 "$(PGOPTIONS="-c $force=on -c parallel_setup_cost=0 -c parallel_tuple_cost=0 -c min_parallel_table_scan_size=0" \
	psql -XAtc "SELECT * FROM headline('week 2026-08-10')" 2>&1 | grep -c WARNING)"
same "not when it is planned" "" "$(said "EXPLAIN SELECT * FROM headline('week 2026-08-10')")"
plan
