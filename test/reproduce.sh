#!/bin/bash
#
# reproduce.sh: examples/reproduce/reproduce.sql makes a register that answers as its source does and tells nobody's name.
#
# Words, numbers and days that tell who somebody is are planted wherever the source has such, and looked for in a dump of
# the copy; the same search of a dump of the source finds every one of them.  Prints TAP.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

work=$ATT_WORK/reproduce
mkdir -p "$work"
export PGDATABASE=reproduce

sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

# copy TARGET [ARGUMENT...]: what the script says
copy() {
	local target=$1
	shift
	sql -v source=r -v target="$target" "$@" -f examples/reproduce/reproduce.sql 2>&1
}

# ---------- the source ----------

psql -Xqd postgres -c 'CREATE DATABASE reproduce'
sql -c 'CREATE SCHEMA attendance' -c 'CREATE EXTENSION attendance SCHEMA attendance'
sql -v schools='{100001,100002,100003,100004}' -f test/federation/register.sql >/dev/null
sql <<'SQL'
SET search_path = r, attendance, public;
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.upn(n bigint) RETURNS text LANGUAGE sql
RETURN (SELECT u FROM unnest(string_to_array('ABCDEFGHJKLMNPQRTUVWXYZ', NULL)) AS l (letter), LATERAL (SELECT letter || '380' || n) AS v (u)
    WHERE attendance.upn_is_valid(u));
BEGIN;
UPDATE local_authority SET name = 'Planted authority ' || la_number;
UPDATE trust SET name = 'Planted trust';
UPDATE school SET name = 'Planted school ' || urn, laestab = la_number || '7' || right(urn::text, 3);
UPDATE school_day SET closure = 'Planted closure', morning = false, afternoon = false WHERE day = '2025-09-01';
INSERT INTO school_day (school_urn, day, morning, afternoon, closure) SELECT urn, '2025-09-01', false, false, 'Planted closure' FROM school;
-- the 27th of a month is a day of birth, and no other day of the register
UPDATE pupil SET surname = 'Planted surname ' || pupil_id, forename = 'Planted forename', middle_names = 'Planted middle', known_as = 'Planted known',
    upn = CASE WHEN pupil_id % 5 > 0 THEN pg_temp.upn(700000000 + pupil_id) END, former_upn = CASE WHEN pupil_id % 3 = 0 THEN pg_temp.upn(710000000 + pupil_id) END,
    date_of_birth = date_trunc('month', date_of_birth)::date + 26, entered_by = 'Planted clerk', title = 'Planted title', reason = 'Planted reason';
UPDATE enrolment SET registration_group = 'Planted ' || registration_group, last_school = 'Planted last', entry_reason = 'Planted entry',
    next_school = CASE WHEN end_date IS NOT NULL THEN 'Planted next' END, deletion_evidence = CASE WHEN end_date IS NOT NULL THEN 'Planted evidence' END,
    entered_by = 'Planted clerk', title = 'Planted title', reason = 'Planted reason', holds_from = '2024-09-02';
UPDATE enrolment SET year_group = '6', boarder = 'B', entered_by = 'Planted clerk', title = 'Planted title', reason = 'Planted reason', holds_from = '2025-10-06'
WHERE pupil_id % 15 = 4;
UPDATE school SET trust_uid = 2, holds_from = '2025-10-20' WHERE urn = 100001;
INSERT INTO contact (pupil_id, full_name, address, relationship, emergency_numbers, is_parent, lives_with)
SELECT pupil_id, 'Planted contact', 'Planted home', 'Planted aunt', '{Planted number}', true, true FROM pupil;
UPDATE pupil_address SET address = 'Planted street', area = 'Planted ' || area, entered_by = 'Planted clerk', title = 'Planted title', reason = 'Planted reason';
INSERT INTO characteristic (characteristic, label, question, value_list) VALUES ('planted', 'Planted label', 'Planted question', '{Planted yes,Planted no}');
INSERT INTO pupil_characteristic (pupil_id, characteristic, value, from_day)
SELECT pupil_id, 'planted', CASE WHEN pupil_id % 2 = 0 THEN 'Planted yes' ELSE 'Planted no' END, date '2024-09-01' FROM pupil WHERE pupil_id % 4 < 3
UNION ALL SELECT pupil_id, 'ethnicity', CASE WHEN pupil_id % 2 = 0 THEN 'WBRI' ELSE 'Planted words' END, date '2024-09-01' FROM pupil WHERE pupil_id % 4 < 2;
INSERT INTO authorised_person (school_urn, name, title, from_day) SELECT urn, 'Planted head', 'Planted title', '2020-09-01' FROM school;
INSERT INTO leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, applicant, received_at, status, decided_by,
    decided_at, decision_reason)
SELECT 100001, c.pupil_id, 'C', '{[2025-11-10 AM,2025-11-11 PM]}', 'exceptional circumstances', 'Planted circumstances', c.contact_id, 'Planted contact',
    '2025-10-01 12:00', 'granted', 'Planted head', '2025-10-02 12:00', 'Planted decision'
FROM contact c WHERE c.pupil_id IN (101, 102);
UPDATE mark SET mark = 'C', entered_by = 'Planted clerk', title = 'Planted title', reason = 'Planted amendment'
WHERE school_urn = 100001 AND pupil_id IN (101, 102, 104) AND day = '2025-11-10';
INSERT INTO mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 101, 'B', '{[2025-11-12 AM,2025-11-12 PM]}', 'Planted nature');
UPDATE mark SET mark = 'B', entered_by = 'Planted clerk', title = 'Planted title', reason = 'Planted amendment'
WHERE school_urn = 100001 AND pupil_id IN (101, 102) AND day = '2025-11-12';
INSERT INTO dual_registration (school_urn, pupil_id, other_school, from_day, main) VALUES (100001, 101, 'Planted other', '2025-09-02', true);
INSERT INTO dual_registration (school_urn, pupil_id, other_school_urn, from_day, main) VALUES (100002, 201, 100001, '2025-09-02', true);
INSERT INTO intervention (intervention_id, school_urn, name, kind, description) SELECT 1, urn, 'Planted club', 'Planted kind', 'Planted words' FROM school;
INSERT INTO intervention_pupil (intervention_id, school_urn, pupil_id, from_day)
SELECT 1, e.school_urn, e.pupil_id, '2025-10-06' FROM enrolment e WHERE e.end_date IS NULL AND e.pupil_id % 3 = 0;
INSERT INTO attendance_case (school_urn, pupil_id, tier, opened_on, opened_because) VALUES (100001, 101, 'persistent', '2025-09-15', 'Planted case');
COMMIT;
SQL

# ---------- the same answers ----------

said=$(copy made_up)
same "it says what it made, and finds no fault in its journal" \
	"$(sql -c "SELECT concat_ws('|', 'schools', count(*)) FROM r.school UNION ALL SELECT concat_ws('|', 'pupils', count(*)) FROM r.pupil
		UNION ALL SELECT concat_ws('|', 'lines of marks', count(*)) FROM r.register_line UNION ALL SELECT 'faults of the journal|0'")" "$said"
same "verify_journal() and check_register() of the copy find nothing" '' \
	"$(sql -c 'SELECT * FROM made_up.verify_journal()' -c "SELECT * FROM attendance.check_register('made_up')")"

# figures REGISTER QUERY: rows in any order, without what is numbered or named anew
figures() {
	sql -v query="$2" <<-SQL
		SET search_path = $1, attendance, public;
		SELECT (to_jsonb(q) - '{school_urn,urn,school,school_name,name,la_number,la_name,trust_uid,trust_name,pupil_id,surname,forename,upn,registration_group,class,intervention_id,value,label,cohort,area,region_code,region}'::text[])::text COLLATE "C"
		FROM ($2) AS q ORDER BY 1
	SQL
}

while IFS= read -r query; do
	figures r "$query" >"$work/source"
	figures made_up "$query" >"$work/copy"
	ok "there is something to compare: $query" test -s "$work/source"
	same "$query" "$(<"$work/source")" "$(<"$work/copy")"
done <<'END'
SELECT * FROM headline('2025/26', population => 'all')
SELECT * FROM headline('2025/26', population => 'statutory')
SELECT * FROM headline('autumn term 2024/25', population => 'all')
SELECT * FROM headline_by_school('2025/26', population => 'all')
SELECT * FROM attendance_bands('2025/26', population => 'all')
SELECT * FROM cohorts('2025/26', population => 'all')
SELECT * FROM weekly_trend('2025/26', population => 'all')
SELECT * FROM persistent_absentees('2025/26', population => 'all')
SELECT rule, day, session, mark::text FROM breach
SELECT academic_year, marks::text, enrolment_start, enrolment_end, birth_cohort, is_counted, year_group, sex FROM register_line
SELECT status, boarder, year_group, from_day, to_day FROM enrolment_period
SELECT phase, type, from_day, to_day FROM school_membership
SELECT compulsory_school_age(date_of_birth)::text AS days FROM pupil
SELECT mark::text, sessions::text, status FROM leave_of_absence
SELECT from_day, to_day, minutes FROM intervention_pupil CROSS JOIN LATERAL (SELECT sum(minutes) AS minutes FROM late_arrival) AS late
SELECT count(upn) AS upns, count(DISTINCT upn) AS different, count(former_upn) AS former FROM pupil
END

# ---------- nobody's identity ----------

# found FILE: which of the planted words, in letters and in the bytes of journals; numbers; and days of birth, are in it
found() {
	local name pattern
	while read -r name pattern; do
		! grep -qE -- "$pattern" "$1" || echo "$name"
	done <<-END
		words Planted
		bytes $(printf Planted | od -An -tx1 | tr -d ' \n')
		upn \\b[A-Z]380(70|71)[0-9]{7}\\b
		bytes_of_upn 333830(3730|3731)(3[0-9]){7}
		birth \\b20(09|1[0-9]|20)-[01][0-9]-27\\b
		school \\b10000[1-4]\\b
		authority (E08000035|E06000005|E12000001|North East)
	END
}

pg_dump -n r --no-owner --no-privileges -f "$work/source.sql"
pg_dump -n made_up --no-owner --no-privileges -f "$work/copy.sql"
same "the search finds what is planted in a dump of the source" \
	$'words\nbytes\nupn\nbytes_of_upn\nbirth\nschool\nauthority' "$(found "$work/source.sql")"
same "and nothing in a dump of the copy" '' "$(found "$work/copy.sql")"
same "nor does the journal of the copy tell it" 0 \
	"$(sql -c "SELECT count(*) FROM made_up.record_change h WHERE h::text ~ 'Planted|[A-Z]3807[01][0-9]{7}'")"
same "the dump makes the register again" "$(figures r "SELECT * FROM headline('2025/26', population => 'all')")" "$(
	psql -Xqd postgres -c 'CREATE DATABASE reproduce_again'
	export PGDATABASE=reproduce_again
	sql -c 'CREATE SCHEMA attendance' -c 'CREATE EXTENSION attendance SCHEMA attendance' >/dev/null
	sql -f "$work/copy.sql" >/dev/null
	figures made_up "SELECT * FROM headline('2025/26', population => 'all')"
	sql -c 'SELECT * FROM made_up.verify_journal()'
)"

# ---------- some schools, and whoever may not ----------

copy few -v schools='{100001,100002}' >/dev/null
same "some schools of the source" "$(figures r "SELECT * FROM headline('2025/26', population => 'all', schools => '{100001,100002}')")" \
	"$(figures few "SELECT * FROM headline('2025/26', population => 'all')")"

sql >/dev/null <<'SQL'
CREATE ROLE reproduce_nobody LOGIN;
CREATE ROLE reproduce_reader LOGIN IN ROLE pg_read_all_data;
GRANT CREATE ON DATABASE reproduce TO reproduce_nobody, reproduce_reader;
GRANT USAGE ON SCHEMA attendance TO PUBLIC;
SQL
refusal() { copy refused "$@" | grep -oE 'ERROR:.*' | head -n 1; }
same "refused without rights on the source" 'ERROR:  permission denied for schema r' "$(PGUSER=reproduce_nobody refusal)"
same "refused to who may see a part" 'ERROR:  role "reproduce_reader" does not see all of the register r' "$(PGUSER=reproduce_reader refusal)"
same "refused of a school that is not there" 'ERROR:  the register has no school 100009' "$(refusal -v schools='{100009}')"
same "refused where the target is" 'ERROR:  schema "few" already exists' "$(copy few | grep -oE 'ERROR:.*' | head -n 1)"
same "and nothing is left of what was refused" f "$(sql -c "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'refused')")"
plan
