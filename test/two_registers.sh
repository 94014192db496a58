#!/bin/bash
#
# two_registers.sh: children who left the roll of one register and may be on that of another, in another database.  Nothing of
# a child crosses but a salted digest, and back comes whether it is on a roll.  The commands of doc/guidance.md, as they stand.
set -euo pipefail

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

salt='a secret of the two'

# make_database NAME URN: a register with a school
make_database() {
	psql -Xqc "CREATE DATABASE $1 TEMPLATE att_template"
	psql -Xqd "$1" -v ON_ERROR_STOP=1 -v urn="$2" >/dev/null <<-'SQL'
		SET search_path = attendance, public;
		SELECT create_register('register');
		SELECT add_academic_year('register', year) FROM generate_series(2024, 2026) AS year;
		SET search_path = register, attendance, public;
		INSERT INTO local_authority (la_number, name) VALUES (380, 'Here');
		INSERT INTO school (urn, name, phase, type, la_number) VALUES (:urn, 'School', 'Primary', 'Academies', 380);
	SQL
}

query() { # DATABASE SQL
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -c 'SET search_path = register, attendance, public' -c "$2" 2>&1
}

make_database north 900001
make_database south 900002
# Ada, Ben and Cy leave the north; Ada is at a school of the south, Ben was and left, Cy is nowhere, and Dev has no UPN.
pupils="INSERT INTO pupil (pupil_id, upn, surname, forename, date_of_birth) VALUES (1, 'B801200005001', 'Lovelace', 'Ada', '2016-03-01'),
	(2, 'Q801200005002', 'Nevis', 'Ben', '2015-11-30'), (4, NULL, 'Patel', 'Dev', '2016-01-20')"
query north "$pupils, (3, 'E801200005003', 'Marsh', 'Cy', '2016-05-12')"
query north "INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at)
	SELECT 900001, pupil_id, '2021-09-01', '2025-07-18', 'A', 'A school of the south', '2025-07-18 16:00' FROM pupil"
query south "$pupils"
query south "INSERT INTO enrolment (school_urn, pupil_id, start_date) VALUES (900002, 1, '2025-09-01'), (900002, 4, '2025-09-01')"
query south "INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at)
	VALUES (900002, 2, '2025-09-01', '2025-10-24', 'A', 'Elsewhere', '2025-10-24 16:00')"

block() { # LANGUAGE: all blocks of it
	awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next } /^```/ { on = 0 } on' doc/guidance.md
}
same 'the commands of the document' "$(printf 'Ben|2025-07-18\nCy|2025-07-18\nDev|2025-07-18')" \
	"$(PSQLRC=/dev/null PGOPTIONS="${PGOPTIONS:-} -c search_path=attendance,public" bash -c "$(block sh | sed 's/psql -Xd/psql -AtXqd/')" |
		cut -d '|' -f 1,2)"

names="SELECT string_agg(forename, ' ' ORDER BY forename) FROM not_arrived('2024/25', salt => '$salt'"
same 'all have left the north' 'Ada Ben Cy Dev' "$(query north "$names)")"
asked=$(query north "SELECT array_agg(digest ORDER BY digest) FROM not_arrived('2024/25', salt => '$salt')")
ok 'what crosses are digests' grep -qxE '[{]([0-9a-f]{64},){3}NULL[}]' <<<"$asked"
answer=$(query south "SELECT array_agg(d) FROM unnest('$asked'::text[]) AS d WHERE d IN (SELECT digest FROM roll_digest('$salt'))")
ok 'one of them comes back' grep -qxE '[{][0-9a-f]{64}[}]' <<<"$answer"
same 'who is on a roll of the south has arrived' 'Ben Cy Dev' "$(query north "$names, other_rolls => '$answer')")"
same 'another salt finds nobody' '' \
	"$(query south "SELECT d FROM unnest('$asked'::text[]) AS d WHERE d IN (SELECT digest FROM roll_digest('another secret of two'))")"
same 'the answer says nothing of who was not asked for' '1' \
	"$(query south "SELECT count(*) FROM roll_digest('$salt')")"
query south "UPDATE pupil SET date_of_birth = '2016-03-02', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 1"
same 'with another date of birth it is another child' '' \
	"$(query south "SELECT d FROM unnest('$asked'::text[]) AS d WHERE d IN (SELECT digest FROM roll_digest('$salt'))")"
plan
