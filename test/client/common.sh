# shellcheck shell=bash
#
# common.sh NAME: to be sourced by the tests of pg_attendance: a register to load into, and how the
# program is run.  NAME is that of the directory for files, and what names of databases begin with.

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

program=$ATT_STAGE$("${PG_CONFIG:-pg_config}" --bindir)/pg_attendance
prefix=$1
dir=$ATT_WORK/$prefix
mkdir -p "$dir"
cd "$dir" || exit

sql() { # DATABASE STATEMENT...
	local database=$1
	shift
	psql -XqAt -v ON_ERROR_STOP=1 -d "$database" -c "SET search_path = register, attendance" "${@/#/-c}"
}

# say ARGUMENT...: what the program says, and its exit status
say() {
	local status=0
	"$program" -d "$database" "$@" >out 2>err </dev/null || status=$?
	sed 's/, in [0-9.]* s$//; s/, "seconds": [0-9.]*//' out
	sed 's/^pg_attendance: //' err
	echo "exit $status"
}

# run ARGUMENT...: the same without how much of it was new
run() {
	say "$@" | sed 's/; new: .*//; s/, "new": {[^}]*}//; s/, "changed": {[^}]*}//; s/, "new": [0-9]*, "amended": [0-9]*, "same": [0-9]*//'
}

# ---------- a register to load into ----------

make_register() { # DATABASE
	psql -Xq -v ON_ERROR_STOP=1 -c "CREATE DATABASE $1 TEMPLATE template0"
	psql -XqAt -v ON_ERROR_STOP=1 -d "$1" <<-'SQL' >/dev/null
		SET client_min_messages = warning;
		CREATE SCHEMA attendance;
		CREATE EXTENSION attendance SCHEMA attendance;
		SELECT attendance.create_register('register'), attendance.add_academic_year('register', 2025);
		SET search_path = register, attendance;
		INSERT INTO local_authority (la_number, name) VALUES (380, 'Bradford');
		INSERT INTO school (urn, laestab, name, phase, type, la_number) VALUES
		    (900001, '3809001', 'A & B <C>', 'Primary', 'Academies', 380),
		    (900002, '3809002', 'Fernroyd', 'Primary', 'Academies', 380);
		INSERT INTO pupil (pupil_id, upn, surname, forename, sex, date_of_birth) VALUES
		    (1, 'B801200005001', 'O''Brien & Sons', 'Ada <"x">', 'F', '2016-03-01'),
		    (2, 'P207000016049', 'Nevis', 'Ben', 'M', '2015-11-30'), (3, NULL, 'Zoë', 'Čedo', 'M', '2015-11-30');
		SELECT setval(pg_get_serial_sequence('pupil', 'pupil_id'), 3);
		INSERT INTO enrolment (school_urn, pupil_id, start_date)
		VALUES (900001, 1, '2022-09-01'), (900001, 2, '2022-09-01'), (900002, 3, '2022-09-01');
		INSERT INTO school_day (school_urn, day, morning, closure)
		SELECT s, d, d <> '2025-09-11', CASE d WHEN '2025-09-11' THEN 'INSET' END
		FROM unnest('{900001,900002}'::integer[]) AS s,
		    unnest('{2025-09-08,2025-09-09,2025-09-10,2025-09-11,2025-09-12,2025-09-15}'::date[]) AS d;
		INSERT INTO rule_setting VALUES (900001, 'leave', 'record', 'test', 'test');
	SQL
}

contents() { # DATABASE
	sql "$1" "SELECT school_urn, pupil_id, marks FROM register_line ORDER BY 1, 2"
}

make_register "${prefix}_empty"
# fresh: the database is a new copy
number=0
fresh() {
	number=$((number + 1))
	database=${prefix}_$number
	psql -Xq -c "CREATE DATABASE $database TEMPLATE ${prefix}_empty"
}

# ---------- a good file, and the lines that it gives ----------

# shellcheck disable=SC2034  # for who sources this
wanted=$(printf '%s\n' '900001|1|2025-09-08 /\I\ ' '900001|2|2025-09-08 L-(J1)\ ' | sed 's/ $//')
cat >long.csv <<'END'
school_urn,upn,day,session,mark
900001,B801200005001,2025-09-08,AM,/
900001,B801200005001,2025-09-08,PM,\
900001,B801200005001,2025-09-09,AM,I
900001,B801200005001,2025-09-09,PM,\
900001,B801200005001,2025-09-10,AM,
900001,P207000016049,2025-09-08,AM,L
900001,P207000016049,2025-09-08,PM,-
900001,P207000016049,2025-09-09,AM,J1
900001,P207000016049,2025-09-09,PM,\
END
