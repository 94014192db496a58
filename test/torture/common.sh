# shellcheck shell=bash
#
# common.sh: to be sourced by the tests that use storm.c: its build, a register for it, and storms.
# shellcheck disable=SC2154 # kinds and names: of the tests

build_storm() {
	local config=${PG_CONFIG:-pg_config}
	"${CC:-cc}" -O2 -o "$ATT_WORK/storm" -I"$("$config" --includedir)" "$ATT_TREE"/test/torture/{storm,statements}.c -L"$("$config" --libdir)" -lpq
}

# make_template: what the registers' databases are copies of, on the server at hand
make_template() {
	psql -Xq -v ON_ERROR_STOP=1 -d postgres -c 'CREATE DATABASE storm_template'
	psql -Xq -v ON_ERROR_STOP=1 -d storm_template -c 'CREATE SCHEMA attendance' -c 'CREATE EXTENSION attendance SCHEMA attendance'
}

# make_register DATABASE SCHOOLS PUPILS: a register r in a database of its own
make_register() {
	database=$1
	psql -Xq -v ON_ERROR_STOP=1 -d postgres -c "CREATE DATABASE $database TEMPLATE storm_template" \
		-c "ALTER DATABASE $database SET search_path = attendance"
	psql -Xq -d "$database" -v register=r -v schools="$2" -v pupils="$3" -f "$ATT_TREE/test/torture/setup.sql"
}

storm_over() {
	! kill -0 "$storm" 2>/dev/null
}

# start_storm NAME OPTION...: in the background; its notes are in $notes
start_storm() {
	notes=$ATT_WORK/notes/$database/$1
	shift
	mkdir -p "$notes"
	PGDATABASE=$database "$ATT_WORK/storm" -r "$RANDOM$RANDOM" "$@" "$notes" >"$notes/states" 2>"$notes/said" &
	storm=$!
}

end_storm() {
	wait "$storm"
	! grep -q '^storm: ' "$notes/said" || sed 's/^/# /' "$notes/said" | cut -c 1-600 >&2
}

# strange_states MORE: what statements ended with, but for what refuses one by a rule, or as another came first
strange_states() {
	grep -vE "^(00000|23505|23P01|40001|22023|AT0..${1:+|$1}) " "$notes/states" || :
}

count() { # STATE
	awk -v state="$1" '$1 == state { n = $2 } END { print n + 0 }' "$notes/states"
}
