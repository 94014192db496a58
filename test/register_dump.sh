#!/bin/bash
#
# register_dump.sh: a register that is dumped and restored is the same register.  Prints TAP.
#
# The extension is in the schema attendance, or in one whose name needs quoting; the dump is plain,
# in pg_dump's custom format, or of the data alone, with triggers at rest as pg_dump writes it then.
set -euo pipefail

run() { # DATABASE PSQL-ARGUMENT...
	local database=$1
	shift
	psql -XqAt -v ON_ERROR_STOP=1 -d "$database" "$@"
}

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

# empty_database DATABASE
empty_database() {
	psql -Xq -v ON_ERROR_STOP=1 -c "CREATE DATABASE $1 TEMPLATE template0"
}

# make_register DATABASE SCHEMA-OF-THE-EXTENSION REGISTER: 600 marks at two schools in two years
make_register() {
	empty_database "$1"
	run "$1" -v extension="$2" -v register="$3" <<-'SQL' >/dev/null
		SET client_min_messages = warning;
		CREATE SCHEMA :"extension";
		CREATE EXTENSION attendance SCHEMA :"extension";
		SET search_path = :"extension";
		SELECT create_register(:'register'), add_academic_year(:'register', 2024), add_academic_year(:'register', 2025, 90);
		SET search_path = :"register", :"extension";
		INSERT INTO region VALUES ('E12000003', 'Yorkshire and The Humber');
		INSERT INTO local_authority VALUES (380, 'E08000032', 'Bradford', 'E12000003');
		INSERT INTO school (urn, laestab, name, phase, type, la_number)
		SELECT i, '3802000', 'School ' || i, 'Primary', 'Local authority maintained schools', 380 FROM generate_series(100001, 100002) AS i;
		INSERT INTO pupil (upn, surname, forename, date_of_birth)
		SELECT CASE WHEN i = 1 THEN 'H801200001001' END, 'Surname', E'O''Brien "\\', '2015-03-01' FROM generate_series(1, 20) AS i;
		INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, status, deletion_ground, ground_arose_on, deleted_at)
		SELECT 100001 + i % 2, i, '2024-09-01', ended, 'C', CASE WHEN i = 5 THEN 'K' END, ended, ended + time '12:00'
		FROM generate_series(1, 20) AS i, LATERAL (SELECT CASE WHEN i = 5 THEN date '2025-12-01' END) AS e (ended);
		INSERT INTO contact (pupil_id, full_name, address, is_parent, lives_with, emergency_numbers)
		VALUES (1, E'O''Brien "\\', '1 Road', true, true, ARRAY['01632 960001', '01632, "960002"']);
		INSERT INTO pupil_address (pupil_id, address, from_day) VALUES (1, E'1 Road\nBradford', '2024-09-01');
		INSERT INTO dual_registration (school_urn, pupil_id, other_school_urn, from_day, main)
		VALUES (100001, 2, 100002, '2024-09-01', true);
		INSERT INTO joint_enquiry (school_urn, pupil_id, started_on, school_person, authority_person)
		VALUES (100001, 2, '2025-09-08', 'A Head', 'An Officer');
		INSERT INTO enrolment (school_urn, pupil_id, start_date) VALUES (100001, 5, '2024-09-01');
		INSERT INTO term_date VALUES (100001, 2025, 'Autumn', 1, '2025-09-08', '2025-10-24');
		INSERT INTO school_day (school_urn, day, morning, afternoon, closure)
		SELECT school, day, day <> '2025-09-03', day <> '2025-09-03', CASE WHEN day = '2025-09-03' THEN 'INSET' END
		FROM generate_series(100001, 100002) AS school,
		     unnest('{2024-09-04,2024-09-07,2025-09-03,2025-09-04,2025-09-05,2025-09-07,2025-09-08,2025-09-09}'::date[]) AS day;
		INSERT INTO mark (school_urn, pupil_id, day, session, mark)
		SELECT school_urn, pupil_id, day, session, CASE WHEN NOT morning THEN '#' WHEN (pupil_id + (day - date '2000-01-01')) % 3 = 0 THEN 'X02' WHEN pupil_id = 7 THEN '-'
		       ELSE '/' END::session_mark
		FROM enrolment JOIN school_day USING (school_urn) CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session) WHERE pupil_id <> 20;
		-- for what is unlawful: one who begins later, and one with leave that lacks a licence
		INSERT INTO pupil (surname, forename, date_of_birth) SELECT 'Surname', 'Forename', '2015-03-01' FROM generate_series(21, 23);
		INSERT INTO enrolment (school_urn, pupil_id, start_date, boarder)
		VALUES (100001, 22, '2025-09-09', 'N'), (100001, 23, '2024-08-01', 'N');
		INSERT INTO school_day (school_urn, day) VALUES (100001, '2024-08-05');
		INSERT INTO rule_setting VALUES (100001, 'leave licence', 'record', 'x', 'x'), (100001, 'leave authority', 'record', 'x', 'x'),
		    (100001, 'code no longer in force', 'refuse', 'x', 'x');
		INSERT INTO leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, decided_by, decided_at, status)
		VALUES (100001, 23, 'C1', '{[2025-09-08 AM,2025-09-08 PM]}', 'performance', 'A Head', '2025-09-01', 'granted');
		CREATE VIEW present_today AS SELECT * FROM mark WHERE mark = '/' AND day = '2025-09-08';
		GRANT SELECT ON mark TO PUBLIC;
	SQL
}

# Everything in the register and what its views show.
contents() { # DATABASE REGISTER
	run "$1" -v register="$2" <<-'SQL'
		SELECT format('SELECT %L, t FROM %I.%I t ORDER BY t::text', name, :'register', name) FROM unnest('{
		    region,local_authority,trust,school,pupil,enrolment,contact,pupil_address,dual_registration,joint_enquiry,
		    deletion_ground,admission_register,admission_register_gap,registration_conflict,late_admission,admission_breach,
		    term_date,school_day,breach,entry_time,rule_setting,leave_of_absence,mark_nature,journal,journal_head,register_line,
		    register_line_2024,register_line_2025,mark,mark_feed,unmarked_session,present_today}'::text[])
		    WITH ORDINALITY AS relation (name, n) ORDER BY n \gexec
		SELECT c.relname, c.relkind, c.reloptions, c.relacl, obj_description(c.oid, 'pg_class') FROM pg_class c
		WHERE relnamespace = quote_ident(:'register')::regnamespace ORDER BY c.relname COLLATE "C";
		SELECT obj_description(quote_ident(:'register')::regnamespace, 'pg_namespace');
	SQL
}

# works DATABASE EXTENSION REGISTER: what is wrong with the register, and what it takes and refuses
works() {
	psql -XqAt -d "$1" -v VERBOSITY=sqlstate -v extension="$2" -v register="$3" <<-'SQL' 2>&1
		SELECT * FROM :"extension".check_register(:'register');
		SET search_path = '';
		INSERT INTO :"register".mark (school_urn, upn, day, session, mark) VALUES (100002, 'H801200001001', '2025-09-08', 'AM', '/');
		INSERT INTO :"register".mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 20, '2025-09-08', 'AM', '/');
		INSERT INTO :"register".mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 20, '2025-12-25', 'AM', '/');
		INSERT INTO :"register".mark_feed (school_urn, pupil_id, day, session, mark, entered_by, title, reason)
		VALUES (100001, 20, '2025-09-08', 'AM', 'L', 'Jo Smith', 'Clerk', 'arrived');
		UPDATE :"register".mark SET mark = 'I', entered_by = 'Jo Smith', title = 'Clerk', reason = 'went home ill'
		WHERE pupil_id OPERATOR(pg_catalog.=) 20;
		DELETE FROM :"register".mark;
		DELETE FROM :"register".school_day;
		INSERT INTO :"register".pupil (surname, forename, date_of_birth) VALUES ('New', 'Pupil', '2015-01-01') RETURNING pupil_id;
		SELECT :"extension".add_academic_year(:'register', 2026);
		SELECT academic_year FROM :"register".register_year;
		DROP TABLE :"register".register_line_2024;
		SELECT pupil_id, day, session, mark FROM :"register".mark WHERE pupil_id OPERATOR(pg_catalog.=) 20;
	SQL
}
wanted_works="access of PUBLIC|has rights on mark
ERROR:  23505
ERROR:  AT002
ERROR:  AT001
ERROR:  AT002
24

2024
2025
2026
ERROR:  2BP01
20|2025-09-08|AM|I"

# unlawful DATABASE REGISTER: what is said to each unlawful statement
unlawful() {
	psql -XqAt -d "$1" -v VERBOSITY=sqlstate -v register="$2" -f test/pgtap/register/unlawful.sql 2>&1 | sed 's/.*ERROR:  //'
}
wanted_unlawful=$(printf 'AT0%02d\n' {1..15} 17)

# check_copy DESCRIPTION DATABASE EXTENSION REGISTER: like the original
check_copy() {
	same "$1: every rule on marks is held" "$wanted_unlawful" "$(unlawful "$2" "$4")"
	same "$1: contents" "$original" "$(contents "$2" "$4")"
	same "$1: works" "$wanted_works" "$(works "$2" "$3" "$4")"
	same "$1: the journal verifies" "t|" "$(run "$2" -v register="$4" <<-'SQL'
		SELECT (SELECT count(*) > 5 FROM :"register".journal), (SELECT string_agg(v::text, ',') FROM :"register".verify_journal() v);
	SQL
	)"
}

dir=$ATT_WORK/register_dump
mkdir -p "$dir"
number=0
while read -r extension register; do
	number=$((number + 1))
	base=register_dump_$number
	extension=${extension//_/ } register=${register//_/ }
	make_register "$base" "$extension" "$register"
	original=$(contents "$base" "$register")
	same "$extension, $register: it has marks" 320 "$(grep -c '^mark|(' <<<"$original")"
	same "$extension, $register: every rule on marks is held" "$wanted_unlawful" "$(unlawful "$base" "$register")"

	empty_database "${base}_plain"
	pg_dump -d "$base" | run "${base}_plain" >/dev/null
	check_copy "$extension, $register: pg_dump | psql" "${base}_plain" "$extension" "$register"

	empty_database "${base}_custom"
	pg_dump -Fc -d "$base" -f "$dir/$base.dump"
	pg_restore --exit-on-error -d "${base}_custom" "$dir/$base.dump"
	check_copy "$extension, $register: pg_restore" "${base}_custom" "$extension" "$register"

	empty_database "${base}_jobs"
	pg_restore --exit-on-error -j 2 -d "${base}_jobs" "$dir/$base.dump"
	check_copy "$extension, $register: pg_restore with two jobs" "${base}_jobs" "$extension" "$register"

	empty_database "${base}_data"
	pg_dump --schema-only -d "$base" | run "${base}_data" >/dev/null
	pg_dump --data-only --disable-triggers -d "$base" | run "${base}_data" >/dev/null
	check_copy "$extension, $register: schema, then data with triggers at rest" "${base}_data" "$extension" "$register"

	empty_database "${base}_restored_data"
	pg_restore --exit-on-error --schema-only -d "${base}_restored_data" "$dir/$base.dump"
	pg_restore --exit-on-error --data-only --disable-triggers -d "${base}_restored_data" "$dir/$base.dump"
	check_copy "$extension, $register: pg_restore of the schema, then of the data" "${base}_restored_data" "$extension" "$register"

	# Under another name, and dumped again under that.
	empty_database "${base}_renamed"
	pg_restore --exit-on-error -d "${base}_renamed" "$dir/$base.dump"
	run "${base}_renamed" -v register="$register" <<<'ALTER SCHEMA :"register" RENAME TO "moved.register"'
	pg_dump -Fc -d "${base}_renamed" -f "$dir/${base}_renamed.dump"
	check_copy "$extension, $register: renamed" "${base}_renamed" "$extension" moved.register
	empty_database "${base}_renamed_copy"
	pg_restore --exit-on-error -d "${base}_renamed_copy" "$dir/${base}_renamed.dump"
	check_copy "$extension, $register: renamed, then dumped" "${base}_renamed_copy" "$extension" moved.register

	empty_database "${base}_inserts"
	pg_dump --inserts --rows-per-insert=7 --load-via-partition-root -d "$base" | run "${base}_inserts" >/dev/null
	check_copy "$extension, $register: as INSERT, through the partitions' root" "${base}_inserts" "$extension" "$register"
done <<-'NAMES'
	attendance register
	School_&_Types The_"R"_register
NAMES

# COPY of lines as bytes, checked on their way in.
run register_dump_1 <<-'SQL' >/dev/null
	CREATE DATABASE register_dump_bytes TEMPLATE register_dump_1;
SQL
run register_dump_bytes -c '\copy (SELECT * FROM register.register_line) TO '"'$dir/lines.bin'"' BINARY' \
	-c 'ALTER TABLE register.register_line DISABLE TRIGGER refuse_removal' -c 'DELETE FROM register.register_line' \
	-c 'DELETE FROM register.rule_setting' \
	-c '\copy register.register_line FROM '"'$dir/lines.bin'"' BINARY'
original=$(contents register_dump_1 register | grep -E '^(register_line|mark)')
same "COPY of lines in binary" "$original" "$(contents register_dump_bytes register | grep -E '^(register_line|mark)')"
run register_dump_bytes -c 'DELETE FROM register.register_line' -c "DELETE FROM register.school_day WHERE day = '2025-09-08'"
same "is guarded" "ERROR:  AT002" "$(run register_dump_bytes -v VERBOSITY=sqlstate -c '\copy register.register_line FROM '"'$dir/lines.bin'"' BINARY' 2>&1 || :)"
same "and leaves nothing" 0 "$(run register_dump_bytes -c 'SELECT count(*) FROM register.register_line')"

# A schema's name is no format.
empty_database register_dump_percent
run register_dump_percent -c 'CREATE SCHEMA "100%"' -c 'CREATE EXTENSION attendance SCHEMA "100%"'
same "the extension in a schema named 100%" "" "$(run register_dump_percent -v VERBOSITY=terse \
	-c "SELECT \"100%\".create_register('r'); SELECT * FROM \"100%\".check_register('r')" 2>&1 || :)"
plan
