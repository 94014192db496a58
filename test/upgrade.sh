#!/bin/bash
#
# upgrade.sh: a database with registers goes from the released version to that of the tree, and from there to a later one
# that is made here.  Prints TAP.
#
# What comes out is compared with what is installed and made anew in the later version: all that the catalogues say of the
# extension and of the registers, the rows that a register is made with, and every answer.  The later version has a report, a code,
# a row, a column and a guard that this one has not; versions that forget one of the steps to it have to be found out.
# shellcheck disable=SC2153 # ATT_WORK, ATT_TREE, ATT_STAGE: of make check
set -euo pipefail

stage=$ATT_STAGE
memory=$ATT_MEMORY
# shellcheck source=tools/cluster.sh
. "$ATT_TREE/tools/cluster.sh"
att_choose_user
dir=$memory/upgrade
ATT_WORK=$dir ATT_MEMORY=$dir ATT_STAGE=$dir/stage
mkdir "$dir"
chmod 711 "$dir"

# shellcheck source=test/lib/tap.sh
. "$ATT_TREE/test/lib/tap.sh"
# shellcheck source=test/lib/library.sh
. "$ATT_TREE/test/lib/library.sh"
# shellcheck source=test/lib/pg_upgrade.sh
. "$ATT_TREE/test/lib/pg_upgrade.sh"

version=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" "$ATT_TREE/attendance.control")
scripts=$ATT_STAGE$(att_pg --sharedir)/extension
next=${version%.*}.$((${version##*.} + 1))
failing=${version%.*}.$((${version##*.} + 2))
step=$(($(find "$ATT_TREE/register/steps" -name '*.sql' -printf '%f\n' | sort -n | tail -n 1 | cut -d. -f1) + 1))

run() { # DATABASE PSQL-ARGUMENT...
	psql -XqAt -v ON_ERROR_STOP=1 -d "$@"
}

# ---------- databases ----------

# make_database NAME VERSION: two registers with entries, one without, and what looks at them
make_database() {
	createdb "$1"
	(cd "$ATT_TREE/test/pgtap" && run "$1" -v version="$2" <<-'SQL' >/dev/null
		CREATE SCHEMA attendance;
		CREATE EXTENSION attendance SCHEMA attendance VERSION :'version';
		\ir register/two_registers.sql
		\ir register/every_report.sql
		\ir register/catalogue.sql
		\ir register/extension.sql
		SELECT attendance.create_register('bare');
	SQL
	)
}

# copy_database FROM TO
copy_database() {
	run postgres -c "CREATE DATABASE $2 TEMPLATE $1"
}

catalogues() { # DATABASE [REGISTER]
	run "$1" -v register="${2-}" <<-'SQL'
		SELECT :'register' = '' AS of_extension \gset
		\if :of_extension
		SELECT e::text FROM public.extension_catalogue() e ORDER BY e::text COLLATE "C";
		\else
		SET search_path = public, attendance;
		SELECT c::text FROM catalogue(:'register') c ORDER BY c::text COLLATE "C";
		\endif
	SQL
}

# What every view and report of the register r shows; that of the years has the numbers of the server's files.
answers() { # DATABASE
	run "$1" -c "SELECT a::text FROM public.answers() a WHERE a.report <> 'view register_year' ORDER BY a.report COLLATE \"C\"" 2>/dev/null
}

# The rows of the register without entries, but the number that it has by chance
rows() { # DATABASE
	run "$1" <<-'SQL' | LC_ALL=C sort
		SELECT format('SELECT %L, t::text FROM %s t', c.relname, c.oid::regclass) FROM pg_class c
		WHERE c.relnamespace = 'bare'::regnamespace AND c.relkind = 'r' AND NOT c.relispartition AND c.relname <> 'register_identity' \gexec
	SQL
}

# look_at DATABASE: all of that into files
look_at() {
	catalogues "$1" >"$dir/$1.extension"
	catalogues "$1" r >"$dir/$1.r"
	catalogues "$1" s >"$dir/$1.s"
	rows "$1" >"$dir/$1.rows"
	answers "$1" >"$dir/$1.answers"
}

# the first of what one file has and the other has not
differences() { # FILE OTHER
	diff --text --speed-large-files "$1" "$2" | grep -a '^[<>]' | cut -c 1-160 | head -n 20 || :
}

# Which reports answer otherwise than in the database old
answers_differently() { # DATABASE
	answers "$1" >"$dir/$1.answers"
	differences "$dir/old.answers" "$dir/$1.answers" | sed -n 's/^[<>] ("\([^"]*\)".*/\1/p' | sort -u
}
lists_of_codes=$'view bi_dim_mark\nview regime_code' # are the library's

# give_rows FROM TO: the registers of TO have the rows of those of FROM, with the times at which they were entered
give_rows() {
	PGOPTIONS='-c session_replication_role=replica' run "$2" <<-'SQL'
		SELECT format('TRUNCATE %s', string_agg(c.oid::regclass::text, ', ')) FROM pg_class c
		WHERE c.relnamespace IN ('r'::regnamespace, 's'::regnamespace) AND c.relkind IN ('r', 'p') AND NOT c.relispartition \gexec
	SQL
	pg_dump -d "$1" --data-only --disable-triggers -n r -n s 2>>"$dir/warnings" | PGOPTIONS='-c session_replication_role=replica' run "$2" >/dev/null
}

# as_installed DESCRIPTION DATABASE FRESH: the same as where the version was installed, in all that there is to compare
as_installed() {
	local what
	look_at "$2"
	for what in extension r s rows answers; do
		same "$1: $what as where it is installed anew" "" "$(differences "$dir/$2.$what" "$dir/$3.$what")"
	done
	same "$1: nothing is wrong with the registers" "" "$(run "$2" -c 'SELECT attendance.check_register(n) FROM unnest(ARRAY['"'r', 's', 'bare'"']) n')"
	same "$1: the journals are whole" "" "$(run "$2" -c 'SELECT r.verify_journal()' -c 'SELECT s.verify_journal()')"
}

update() { # DATABASE VERSION
	run "$1" -c "ALTER EXTENSION attendance UPDATE TO '$2'"
}

upgrade() { # DATABASE REGISTER
	run "$1" -c "SELECT attendance.upgrade_register('$2')" >/dev/null
}

# ---------- the later version ----------

# edit FILE EXPRESSION: of perl, which has to change something
edit() {
	cp "$1" "$dir/edited"
	perl -0pi -e "$2" "$1"
	! cmp -s "$1" "$dir/edited" || { echo "upgrade.sh: $1 is no longer as it is changed here" >&2; exit 1; }
}

# Changes of a tree, which is the current directory, and what registers need to have them.
change_report() { edit register/law/backup.sql 's/CREATE VIEW backup_missing [^;]*?\K\n    FROM \(/, 1 AS made_up$&/'; }
change_code() {
	edit src/types/codes.def 's/ATT_CODE\(50,.*\n\K/ATT_CODE(51, "J2", AUTHORISED, false, BOTH, 20270901, 0, "Made up")\n/'
	edit register/tables/regime.sql 's/\n *\(.J1., .leave.,.*\n\K/    (\x27J2\x27, \x27leave\x27, DEFAULT, DEFAULT, \x27none\x27),\n/'
}
step_code() { echo "INSERT INTO requirement VALUES ('J2', 'leave', DEFAULT, DEFAULT, 'none');"; }
change_column() { step_column >>register/tables/late_arrival.sql; }
step_column() {
	echo "ALTER TABLE late_arrival ADD COLUMN noted_by text;"
	echo "COMMENT ON COLUMN late_arrival.noted_by IS 'Made up';"
}
change_guard() { edit register/tables/pupil.sql 's/CREATE TRIGGER guard_birth [^;]*WHEN \(\K/NEW.pupil_id IS NOT NULL AND /'; }
change_row() { step_row >>register/tables/calendar.sql; }
step_row() { echo "INSERT INTO bank_holiday_change VALUES ('2031-01-02', 'Made up');"; }
step_guard() {
	echo 'DROP TRIGGER guard_birth ON pupil;'
	sed -n '/^CREATE TRIGGER guard_birth /,/;$/p' register/tables/pupil.sql
}
change_function() {
	edit sql/register/dates.sql 's/COMMENT ON FUNCTION \w+\([^\n]*\) IS\n.\K/Changed: /'
	printf '\nCREATE FUNCTION made_up() RETURNS integer LANGUAGE sql RETURN 1;\n' >>sql/register/dates.sql
}

# make_next TREE STEP...: the tree with all changes, but with these steps alone, and the install script of it
make_next() {
	local tree=$dir/$1 change
	mkdir "$tree"
	tar -C "$ATT_TREE" -c --exclude='*.o' --exclude='*.so' --exclude="attendance--*.sql" Makefile attendance.control make src register sql tools client |
		tar -C "$tree" -x
	cd "$tree"
	sed -i "s/^default_version.*/default_version = '$next'/" attendance.control
	for change in report code row column guard function; do "change_$change"; done
	for change in "${@:2}"; do "step_$change"; done >"register/steps/$step.sql"
	edit make/extension.mk "s{^REGISTER_STEPS = \\\\\\n}{\$&\\tregister/steps/$step.sql \\\\\\n}m"
	make --no-print-directory -s "PG_CONFIG=$ATT_PG_CONFIG" "sql/attendance--$next.sql"
	cd - >/dev/null
}

# make_path TREE: how an update goes to the next version, if that is this tree
make_path() {
	"$ATT_TREE/tools/update-script" "$scripts/attendance--$version.sql" "$dir/$1/sql/attendance--$next.sql" \
		>"$scripts/attendance--$version--$next.sql"
}

# ---------- what was released ----------

released=()
for file in "$ATT_TREE"/test/upgrade/attendance--*.sql.gz; do
	file=${file##*/attendance--}
	released+=("${file%.sql.gz}")
done

cp -a "$stage" "$ATT_STAGE"
for from in "${released[@]}"; do
	if [[ $from == "$version" ]]; then
		gzip -dc "$ATT_TREE/test/upgrade/attendance--$from.sql.gz" >"$dir/released.sql"
		same "$from is released, and its script is as it was then: what changes is of another version, with a script that leads there" \
			"" "$(differences "$dir/released.sql" "$scripts/attendance--$from.sql")"
	else
		gzip -dc "$ATT_TREE/test/upgrade/attendance--$from.sql.gz" >"$scripts/attendance--$from.sql"
	fi
done
make_next next code row column guard
ok "the tool writes a script from $version to $next" make_path next
cp "$dir/next/sql/attendance--$next.sql" "$scripts/"

ATT_SETTINGS=('autovacuum = off' 'jit = off' 'max_locks_per_transaction = 256')
att_cluster_start
trap att_cluster_stop EXIT
run postgres -c 'CREATE ROLE clerk LOGIN'

make_database old "$version"
for from in "${released[@]}"; do
	[[ $from != "$version" ]] || continue
	make_database "released" "$from"
	copy_database old fresh
	ok "$from to $version: the update" update released "$version"
	ok "$from to $version: the register r" upgrade released r
	ok "$from to $version: the register s" upgrade released s
	ok "$from to $version: the register without entries" upgrade released bare
	give_rows released fresh
	look_at fresh
	as_installed "$from to $version" released fresh
	run postgres -c 'DROP DATABASE released' -c 'DROP DATABASE fresh'
done

# ---------- on to the later one ----------

look_at old
same "there is much to compare" t "$([[ $(wc -l <"$dir/old.r") -gt 3000 && $(wc -l <"$dir/old.extension") -gt 2000 && $(wc -l <"$dir/old.answers") -gt 200 ]] && echo t)"
copy_database old moved
for database in forgotten_{report,guard,column,row} kept; do
	copy_database old "$database"
done

(ATT_TREE=$dir/next att_make "$dir/next" attendance.so >/dev/null)
install_library "$dir/next/attendance.so" "$ATT_STAGE"
make_database fresh "$next"

# what a package brings: a new library, under the extension of before
same "with the library of $next every answer is as before, but for the lists of codes" "$lists_of_codes" "$(answers_differently moved)"
same "both versions are told" "$next|$version" "$(run moved -c 'SELECT * FROM attendance.attendance_version()' 2>/dev/null)"

# an update that fails, at its end
{ cat "$scripts/attendance--$version--$next.sql"; echo 'SELECT 1 / 0;'; } >"$scripts/attendance--$version--$failing.sql"
# shellcheck disable=SC2317 # called by ok
update_fails() { ! update moved "$failing" 2>"$dir/failed" && grep -q 'division by zero' "$dir/failed"; }
ok "an update that fails" update_fails
catalogues moved >"$dir/moved.extension"
same "leaves everything as it was" "" "$(differences "$dir/old.extension" "$dir/moved.extension")"

ok "the update" update moved "$next"
same "a register that is not upgraded yet answers as before" "$lists_of_codes" "$(answers_differently moved)"
ok "one is upgraded" upgrade moved r
same "the other says that it is not" "definition|is $((step - 1)), and the extension makes $step now: upgrade_register() brings the register there" \
	"$(run moved -c "SELECT * FROM attendance.check_register('s') WHERE object = 'definition'")"
same "and works" "8|2025-09-08|AM|L" "$(run moved -c "SET search_path = attendance" \
	-c "INSERT INTO s.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 8, '2025-09-08', 'AM', '/')" \
	-c "UPDATE s.mark SET mark = 'L', entered_by = 'Jo Smith', title = 'Clerk', reason = 'late' WHERE pupil_id = 8" \
	-c "SELECT pupil_id, day, session, mark FROM s.mark WHERE pupil_id = 8")"
ok "until it is upgraded too" upgrade moved s
ok "and the register without entries" upgrade moved bare
give_rows moved fresh
look_at fresh
as_installed "$version to $next" moved fresh
same "the report has its column, the code its words" "t|Made up" \
	"$(run moved -c "SELECT sum(made_up) > 0, attendance.mark_description('J2') FROM r.backup_missing")"

# ---------- a step is forgotten ----------

# forgotten WHAT FOUND: an update by the path that there is now and an upgrade, which do not come out right; FOUND is in what is told
forgotten() {
	local database=forgotten_$1 found
	{
		update "$database" "$next" && upgrade "$database" r && upgrade "$database" bare && look_at "$database" &&
			differences "$dir/$database.r" "$dir/fresh.r" && differences "$dir/$database.rows" "$dir/fresh.rows"
	} >"$dir/$database" 2>&1 || :
	found=$(grep -aoF -m 1 "$2" "$dir/$database" || cat "$dir/$database")
	same "a $1 that is changed without its step is found out" "$2" "$found"
	run postgres -c "DROP DATABASE $database"
}
cp -a "$dir/next" "$dir/without_report"
perl -0pi -e 's/, 1 AS made_up//' "$dir/without_report/sql/attendance--$next.sql"
make_path without_report
forgotten report '("column backup_missing.made_up"'
make_next without_guard code row column
make_path without_guard
forgotten guard "trigger guard_birth on pupil: should be:"
make_next without_column code row guard
make_path without_column
forgotten column "column late_arrival.noted_by: missing"
make_next without_row code column guard
make_path without_row
forgotten row "(2031-01-02,"
make_path next

# ---------- with pg_upgrade ----------

bin=$(att_pg --bindir)
att_cluster_stop
mv "$dir/data" "$dir/before"
status=0
run_pg_upgrade before after "$bin" || status=$?
if ((status == 2)); then
	skip "pg_upgrade, with the package of $next" "$no_stage"
	plan
	exit
fi
same "pg_upgrade, with the package of $next" 0 "$status"
start_cluster after
same "every answer is as before" "$lists_of_codes" "$(answers_differently kept)"
ok "the update" update kept "$next"
ok "the register r" upgrade kept r
ok "the register s" upgrade kept s
ok "the register without entries" upgrade kept bare
give_rows kept fresh
look_at fresh
as_installed "after pg_upgrade" kept fresh
plan
