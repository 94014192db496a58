#!/bin/bash
#
# jobs.sh: what examples/operations/ has is true: the jobs of pg_cron do what they are for, run by the roles that they name, the lines for
# crontab too; the exporter's queries are answered for a role that may read no more. Prints TAP.
#
# pg_cron itself need not be there: a schema cron takes the jobs down, and they are run here.
set -euo pipefail
cd "$(dirname "$0")/.."

examples=$PWD/examples/operations
bin=$(pg_config --bindir)
export HOME=$ATT_WORK/jobs PATH=$ATT_STAGE$bin:$PATH
mkdir -p "$HOME/backup"
# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

psql -Xqc 'CREATE DATABASE jobs_school'
export PGDATABASE=jobs_school
sql >/dev/null <<'SQL'
SET client_min_messages = warning;
CREATE SCHEMA attendance;
CREATE EXTENSION attendance SCHEMA attendance;
SET search_path = register, attendance, public;
SELECT create_register('register', owner => 'jobs_owner');
SELECT add_academic_year('register', year) FROM generate_series(2015, academic_year((now() AT TIME ZONE 'Europe/London')::date)) AS year;
CREATE ROLE register_clock LOGIN;
CREATE ROLE register_keeper LOGIN IN ROLE jobs_owner;
CREATE ROLE register_exporter LOGIN;
SELECT grant_register('register', 'register_clock', purpose) FROM unnest('{marks,reports}'::text[]) AS purpose;

-- school 900001 keeps Monday to Friday; pupil 2 has an N of three weeks ago, and no register is taken today
INSERT INTO local_authority (la_number, name) VALUES (380, 'Bradford');
INSERT INTO school (urn, name, phase, type, la_number) VALUES (900001, 'A School', 'Primary', 'Academies', 380);
INSERT INTO registration_policy (school_urn, from_day, morning_opens, afternoon_opens, minutes_open)
VALUES (900001, '2015-09-01', '00:00', '00:00', 1);
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth)
SELECT i, 'Surname', 'Forename', (now() - interval '9 years')::date FROM generate_series(1, 10) AS i;
INSERT INTO enrolment (school_urn, pupil_id, start_date, registration_group, entry_reason)
SELECT 900001, i, (now() - interval '60 days')::date, '4A', 'taken over' FROM generate_series(1, 10) AS i;
INSERT INTO school_day (school_urn, day) SELECT 900001, d::date
FROM generate_series((now() AT TIME ZONE 'Europe/London')::date - 42, (now() AT TIME ZONE 'Europe/London')::date, interval '1 day') AS d;
INSERT INTO mark (school_urn, pupil_id, day, session, mark)
SELECT 900001, i, d.day, s.session, CASE WHEN i = 2 AND d.day = (now() AT TIME ZONE 'Europe/London')::date - 21 AND s.session = 'AM' THEN 'N'
    WHEN s.session = 'AM' THEN '/' ELSE '\' END::session_mark
FROM generate_series(1, 10) AS i CROSS JOIN school_day AS d CROSS JOIN unnest('{AM,PM}'::text[]) AS s (session)
WHERE d.day < (now() AT TIME ZONE 'Europe/London')::date;

CREATE SCHEMA cron;
CREATE TABLE cron.job (jobid integer GENERATED ALWAYS AS IDENTITY, jobname text, schedule text, command text, database text, username text);
CREATE FUNCTION cron.schedule_in_database(job_name text, schedule text, command text, database text, username text) RETURNS bigint
LANGUAGE sql AS 'INSERT INTO cron.job (jobname, schedule, command, database, username) VALUES ($1, $2, $3, $4, $5) RETURNING jobid::bigint';
SQL
sql -f "$examples/gauges.sql"
sql -f "$examples/jobs.sql" >/dev/null

# ---------- jobs ----------

same "jobs are for the database of the register, by a schedule of five fields" 0 \
	"$(sql -c "SELECT count(*) FROM cron.job WHERE database <> 'school' OR schedule !~ '^(\\S+ ){4}\\S+$'")"

# run_job NAME [LATER]: as pg_cron runs it, by its role, with no settings but those of the role and database
run_job() {
	local command username
	command=$(sql -c "SELECT command FROM cron.job WHERE jobname = 'attendance: $1'")
	[[ ! ${2:-} ]] || command=${command//now()/(now() + interval \'$2\')}
	username=$(sql -c "SELECT username FROM cron.job WHERE jobname = 'attendance: $1'")
	PGUSER=$username sql -c "$command" 2>&1
}
gauge() { sql -c "SELECT value FROM operations.gauge WHERE metric = '$1' AND label = '${2:-}'"; }

run_job 'gauges of the day' >/dev/null
same "before it, an N is overdue" 1 "$(gauge unexplained_absences_overdue 900001)"
ok "N without a reason" run_job 'N without a reason'
same "it is O, in the name of a person" 'O|Kim Oak' \
	"$(sql -c "SELECT amended, entered_by FROM register.amendment WHERE original::text = 'N'")"
same "figures of last week" '' "$(run_job 'figures of last week')"
same "they are those of the report" 't|10' \
	"$(sql -c "SELECT sum(w.possible) = sum(h.possible), max(w.enrolments) FROM operations.week_figure w, register.headline('last week', 'current roll') h")"
same "figures that are there stay as they were" '' "$(run_job 'figures of last week')"
same "next year, in five years" '' "$(run_job 'next year' '5 years')"
ok "next year, once more" run_job 'next year' '5 years'
same "there is a partition for the year that begins in August" 1 \
	"$(sql -c "SELECT count(*) FROM register.register_year WHERE academic_year = extract(year FROM (now() + interval '5 years') AT TIME ZONE 'Europe/London')")"
same "statistics" '' "$(run_job statistics)"
same "the whole of the lines has statistics" t "$(sql -c "SELECT reltuples > 0 FROM pg_class WHERE oid = 'register.register_line'::regclass")"
same "gauges of the day" '' "$(run_job 'gauges of the day')"
same "gauges of the night" '' "$(run_job 'gauges of the night')"
same "registers of today that are not taken: morning and afternoon" 2 "$(gauge registers_not_taken 900001)"
same "no N is overdue any more" 0 "$(gauge unexplained_absences_overdue 900001)"
same "no mark is missing" 0 "$(gauge unmarked_sessions 900001)"
same "the journal is proved, the register as it was made" '0 0' "$(gauge journal_faults) $(gauge register_faults)"
same "disposal of marks: nothing is due" '' "$(run_job 'disposal of marks')"
same "disposal of records: nothing is due" '' "$(run_job 'disposal of records')"
same "nothing is due" '0 0' "$(gauge disposal_due_records marks) $(gauge disposal_due_records records)"

# ---------- crontab ----------

# Its lines without their five fields, in which % is written \%.
sed -nE '/^#/d; s/^([^ ]+ ){5}//; s/\\%/%/g; s/-d school/-d jobs_school/; p' "$examples/crontab" >"$HOME/lines"
same "crontab has a line for the back-up and one for the digest" 2 "$(wc -l <"$HOME/lines")"
ok "they do what they should" bash -euo pipefail -c "exec >$HOME/said; . $HOME/lines"
same "the back-up is recorded" 1 "$(sql -c 'SELECT count(*) FROM register.backup_record')"
ok "the file is there" test -s "$HOME/backup/$(date +%Y-%m).jsonl"
ok "and the digest" test -s "$HOME/backup/digests"

# ---------- exporter ----------

# The queries of the file, each a line: NAME, a tab, the query.
queries() {
	awk '
		/^[a-z]/ { name = $1; sub(/:$/, "", name) }
		/^  query: \|$/ { printf "%s\t", name; reading = 1; next }
		/^  [a-z]/ { if (reading) print ""; reading = 0 }
		reading { sub(/^ +/, ""); printf "%s ", $0 }' "$examples/postgres_exporter.yml"
}
# columns NAME: those that the file describes
columns() {
	awk -v name="$1:" '/^[a-z]/ { own = $1 == name } own && /^    - / { sub(/:$/, "", $2); print $2 }' "$examples/postgres_exporter.yml" | paste -sd ' '
}
same "there are queries" t "$([[ $(queries | wc -l) -ge 10 ]] && echo t)"
while IFS=$'\t' read -r name query; do
	answer=$(PGUSER=register_exporter psql -XqA -F ' ' -P footer=off -v ON_ERROR_STOP=1 -c "$query" 2>&1) || :
	same "$name: its columns are described" "$(columns "$name")" "$(head -n 1 <<<"$answer")"
	ok "$name: it has an answer" test "$(wc -l <<<"$answer")" -ge 2
done < <(queries)
same "names are small letters and _" '' "$(queries | cut -f 1 | while read -r name; do columns "$name"; done | tr ' ' '\n' | grep -vE '^[a-z_]+$')"
same "an exporter may read no table of the register" 0 \
	"$(sql -c "SELECT count(*) FROM pg_class c WHERE relnamespace = 'register'::regnamespace AND has_any_column_privilege('register_exporter', c.oid, 'SELECT')
		AND c.relkind IN ('r', 'v', 'p')")"
if /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
	ok "the file is YAML" /usr/bin/python3 -c 'import sys, yaml
for name, entry in yaml.safe_load(open(sys.argv[1])).items():
    assert set(entry) == {"query", "metrics"}, name
    for metric in entry["metrics"]:
        for column, says in metric.items():
            assert says["usage"] in ("LABEL", "GAUGE", "COUNTER") and says["description"], column' "$examples/postgres_exporter.yml"
else
	skip "the file is YAML" "python3-yaml is not there"
fi
plan
