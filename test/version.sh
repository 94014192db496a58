#!/bin/bash
#
# version.sh: a library and an extension in the database that are of two versions.  Prints TAP.
#
# A library of a later version is built from the same sources, and the extension is updated to it by a script without
# commands, on a server of its own.
# shellcheck disable=SC2153 # ATT_WORK, ATT_TREE, ATT_STAGE: of make check
set -euo pipefail

stage=$ATT_STAGE
memory=$ATT_MEMORY
# shellcheck source=tools/cluster.sh
. "$ATT_TREE/tools/cluster.sh"
att_choose_user
ATT_WORK=$memory/version ATT_MEMORY=$memory/version ATT_STAGE=$memory/version/stage
mkdir "$ATT_WORK"
chmod 711 "$ATT_WORK"

# shellcheck source=test/lib/tap.sh
. "$ATT_TREE/test/lib/tap.sh"
# shellcheck source=test/lib/library.sh
. "$ATT_TREE/test/lib/library.sh"

old=$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" "$ATT_TREE/attendance.control")
new=${old%.*}.10 # which is later than 9, though not as a text
library=$ATT_STAGE$(att_pg --pkglibdir)/attendance.so
scripts=$ATT_STAGE$(att_pg --sharedir)/extension

make_later() {
	later=$(build_library "$new")
	cp "$library" "$ATT_WORK/old.so"
	for from in "$old" "${old%.*}.9"; do
		touch "$scripts/attendance--$from--$new.sql"
	done
	cp "$scripts/attendance--$old.sql" "$scripts/attendance--${old%.*}.9.sql"
}

run() { # PSQL-ARGUMENT...: in a new session, what it says too, but not where
	psql -XqAt -F ' ' -v ON_ERROR_STOP=1 -d version "$@" 2>&1 | grep -vE '^(LINE|LOCATION|  )' || :
}
versions='SELECT * FROM attendance_version()'
mark="SELECT session_mark 'O'"

cp -a "$stage" "$ATT_STAGE"
make_later
att_cluster_start
trap att_cluster_stop EXIT
createdb version

same "nothing is said while the extension is made" "" "$(run -c 'CREATE EXTENSION attendance')"
same "nor where both are the same" "O" "$(run -c "$mark")"
same "which attendance_version() tells" "$old $old" "$(run -c "$versions")"

coproc OPEN { psql -XqAt -F ' ' -d version 2>&1; }
# shellcheck disable=SC2154 # of coproc
ask_open() { # QUERY
	echo "$1;" >&"${OPEN[1]}"
	IFS= read -r -t 60 answer <&"${OPEN[0]}"
	echo "$answer"
}
same "a session that is open" "O" "$(ask_open "$mark")"

install_library "$later" "$ATT_STAGE"
same "of a later library the first call warns, of the next none" \
	"WARNING:  extension \"attendance\" is version $old in this database, its library is version $new
HINT:  Call ALTER EXTENSION attendance UPDATE, then upgrade_register() for each register.
O
O" "$(run -c "$mark" -c "$mark")"
same "and attendance_version() tells both" "$new $old" "$(run -c "$versions" | tail -n 1)"
same "a parallel worker does not repeat it" 1 "$(run -c "
	CREATE TABLE mark AS SELECT session_mark 'O' AS mark FROM generate_series(1, 1000)" | grep -c WARNING)"
same "not even where it computes" "1 1000" "$(run -c "SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
	SET min_parallel_table_scan_size = 0; SELECT count(*) FROM mark WHERE mark::text = 'O'" |
	awk '/WARNING/ { n++ } /^[0-9]+$/ { print n, $0 }')"
same "what was open goes on with what it has" "$old $old" "$(ask_open "$versions")"

same "the update warns of nothing" "" "$(run -c 'ALTER EXTENSION attendance UPDATE TO '"'$new'")"
same "after it nothing is said" "O" "$(run -c "$mark")"
same "both are later" "$new $new" "$(run -c "$versions")"
same "for what was open, one" "$old $new" "$(ask_open "$versions")"

install_library "$ATT_WORK/old.so" "$ATT_STAGE"
same "an older library is refused, by every call" \
	"ERROR:  55000: extension \"attendance\" is version $new in this database, its library is only version $old
ERROR:  55000: extension \"attendance\" is version $new in this database, its library is only version $old
$old" "$(run -v ON_ERROR_STOP=0 -v VERBOSITY=verbose -c "$mark" -c "$versions" -c "SELECT '$old'" | grep -v HINT)"

install_library "$later" "$ATT_STAGE"
run -c 'DROP EXTENSION attendance CASCADE' -c "CREATE EXTENSION attendance VERSION '${old%.*}.9'" >/dev/null
same "9 comes before 10" 1 "$(run -c "$mark" | grep -c "WARNING: .* version ${old%.*}.9 .* version $new")"
run -c 'DROP EXTENSION attendance CASCADE' >/dev/null
same "a library without an extension is loaded" "" "$(run -c "LOAD '$library'")"
plan
