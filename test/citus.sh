#!/bin/bash
#
# citus.sh: a copy of a register on three machines, distributed by Citus: every report answers as in the register itself, or is
# refused and listed in doc/scaling.md; none answers otherwise.  Prints TAP.
#
# CITUS_CONFIG names the pg_config of a PostgreSQL in which Citus is installed.  Without it the test is skipped.
# shellcheck disable=SC2153 # ATT_WORK, ATT_TREE, ATT_STAGE: of make check
set -euo pipefail

work=$ATT_WORK
tree=$ATT_TREE
# shellcheck source=test/lib/tap.sh
. "$tree/test/lib/tap.sh"

if [[ ! ${CITUS_CONFIG:-} || ! -e $("$CITUS_CONFIG" --sharedir)/extension/citus.control ]]; then
	skip "a register on a cluster of Citus" "CITUS_CONFIG names no pg_config with Citus"
	plan
	exit
fi

# shellcheck source=tools/cluster.sh
. "$tree/tools/cluster.sh"
att_choose_user
ATT_PG_CONFIG=$CITUS_CONFIG ATT_WORK=$work/citus ATT_STAGE=$work/citus/stage ATT_TREE=
mkdir "$ATT_WORK"
att_copy
att_make "$ATT_TREE" install "DESTDIR=$ATT_STAGE" >"$ATT_WORK/make.log" 2>&1 || { cat "$ATT_WORK/make.log" >&2; exit 1; }
PATH=$(att_pg --bindir):$PATH
dir=$ATT_MEMORY/citus
mkdir "$dir"
chmod 711 "$dir"
sockets=$PGHOST
nodes=(5451 5452 5453) # the first is the coordinator
export PGPORT=${nodes[0]}

run() { # DATABASE PSQL-ARGUMENT...
	psql -XqAt -v ON_ERROR_STOP=1 -d "$@"
}

# ---------- three servers ----------

server() { # PORT COMMAND
	att_as_server "$(att_pg --bindir)/pg_ctl" -D "$dir/$1" -w -t 120 -s -m immediate -l "$dir/$1/server.log" "$2" </dev/null
}

stop_all() {
	local port
	for port in "${nodes[@]}"; do
		[[ ! -e $dir/$port/postmaster.pid ]] || server "$port" stop || :
	done
}
trap stop_all EXIT

for port in "${nodes[@]}"; do
	ATT_DATA=$dir/$port
	att_server_dir "$ATT_DATA"
	att_as_server "$(att_pg --bindir)/initdb" -D "$ATT_DATA" -U postgres -A trust --no-sync --encoding=UTF8 --lc-collate=C \
		--lc-ctype="$(att_ctype)" >"$dir/initdb.log"
	settings=$(att_stage_settings)
	printf '%s\n' "port = $port" "listen_addresses = ''" "unix_socket_directories = '$sockets'" "fsync = off" "jit = off" \
		"$settings" "shared_preload_libraries = 'citus'" "citus.enable_statistics_collection = off" \
		"max_locks_per_transaction = 512" "max_connections = 200" "shared_buffers = 64MB" |
		att_as_server tee -a "$ATT_DATA/postgresql.conf" >/dev/null
	server "$port" start
	run postgres -p "$port" -c 'CREATE DATABASE spread TEMPLATE template0'
	run spread -p "$port" -c 'CREATE EXTENSION citus'
done
run spread -c "SELECT citus_set_coordinator_host('$sockets', ${nodes[0]})" -c "SELECT citus_add_node('$sockets', ${nodes[1]})" \
	-c "SELECT citus_add_node('$sockets', ${nodes[2]})" >/dev/null

# ---------- a register, and its copy ----------

run postgres -c 'CREATE DATABASE original TEMPLATE template0'
(cd "$ATT_TREE/test/pgtap" && run original <<-'SQL' >/dev/null
	CREATE SCHEMA attendance;
	CREATE EXTENSION attendance SCHEMA attendance;
	CREATE FUNCTION is(text, text, text) RETURNS text LANGUAGE sql RETURN $3; -- for the fixture
	SET search_path = public, attendance;
	\ir register/two_weeks.sql
	\ir register/every_report.sql
	\ir register/aggregates.sql
SQL
) 2>/dev/null
run spread -c 'CREATE SCHEMA attendance' -c 'CREATE EXTENSION attendance SCHEMA attendance' 2>/dev/null
{
	echo 'SET citus.enable_ddl_propagation = off;'
	pg_dump -d original
} | psql -XqAt -d spread >"$dir/restore.log" 2>&1
# without them what is refused is another thing
same "the register is there" t "$(run spread -c "SELECT attendance.register_exists('r')")"

state() { # QUERY: the SQLSTATE with which it fails
	psql -XqAt -d spread -v VERBOSITY=sqlstate -c "SET search_path = public, attendance" -c "$1" 2>&1 | sed -n 's/^ERROR:  //p'
}
same "a register is not distributed by mistake" 55006 "$(state "SELECT distribute_register('r')")"
same "nor where there is none" 3F000 "$(state "SELECT distribute_register('none', true)")"
same "nor where Citus is not" 0A000 "$(psql -XqAt -d original -v VERBOSITY=sqlstate -c "SELECT attendance.distribute_register('r', true)" 2>&1 |
	sed -n 's/^ERROR:  //p')"
run spread -c 'SET client_min_messages = warning' -c "SELECT attendance.distribute_register('r', is_copy => true, shards => 6)" >/dev/null
same "it is, once" 55000 "$(state "SELECT distribute_register('r', true)")"
same "by school: lines, journal, enrolments and calendars; whole: organisations, law, pupils" \
	"enrolment 6,journal 6,journal_head 6,pupil 1,regime 1,register_line 6,school 1,school_day 6" \
	"$(run spread -c "SELECT string_agg(format('%s %s', c.relname, (SELECT count(*) FROM pg_dist_shard s WHERE s.logicalrelid = c.oid)), ',' ORDER BY c.relname)
	FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace
		AND c.relname IN ('register_line', 'enrolment', 'school_day', 'journal', 'journal_head', 'school', 'pupil', 'regime')")"
same "on both workers" 2 "$(run spread -c "SELECT count(DISTINCT nodeport) FROM citus_shards WHERE table_name = 'r.register_line'::regclass")"

# ---------- nothing is entered ----------

for entry in "INSERT INTO r.region VALUES ('E12000001', 'North East')" "UPDATE r.pupil SET surname = 'X'" "DELETE FROM r.school_day" \
	"UPDATE r.register_line SET marks = 'empty'" "INSERT INTO r.register_line SELECT * FROM r.register_line" \
	"INSERT INTO r.term_date VALUES (100001, 2027, 'Autumn', 1, '2027-09-01', '2027-10-20')" \
	"SELECT add_academic_year('r', 2030)"; do
	same "refused: $entry" 0A000 "$(state "$entry")"
done
same "refused: marks" 55000 "$(state "INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, '2025-09-08', 'AM', '/')")"
same "row-level security is on, and no policy opens a row to others" "t 0" "$(run spread -F ' ' -c "SELECT
	(SELECT bool_and(c.relrowsecurity) FROM pg_class c WHERE c.oid IN ('r.register_line'::regclass, 'r.enrolment'::regclass, 'r.pupil'::regclass)),
	(SELECT count(*) FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid WHERE c.relnamespace = 'r'::regnamespace)")"

# ---------- aggregates run where the rows are ----------

same "every aggregate counts as in one piece" "$(run original -c 'SELECT * FROM counted ORDER BY 1')" "$(run spread -c 'SELECT * FROM counted ORDER BY 1')"

# ---------- the same answer, or none ----------

# doc/scaling.md names, between two marks, those that Citus refuses, and those that its planner does not survive.
listed() { # MARK
	sed -n "/<!-- $1 -->/,/<!-- end -->/p" "$ATT_TREE/doc/scaling.md" | tr '\`' '\n' | grep -xE '[a-z0-9]+(_[a-z0-9]+)*' | sort
}

# ask PART: a third of them, each in a session of its own, as an error of one must not be that of another
ask() {
	local name query answer
	awk -v part="$1" 'NR % 3 == part' "$dir/asked" | while IFS=$'\t' read -r name query; do
		answer=$(psql -XqAt -d spread -v VERBOSITY=verbose -c 'SET search_path = public, attendance; SET client_min_messages = error' \
			-c "SELECT count(*), md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM ($query OFFSET 0) t" 2>&1 </dev/null | head -n 1) || :
		[[ $answer != 'ERROR:  22023'* ]] || answer=22023
		echo "$name: $answer"
	done
}
run spread -F $'\t' -c "SELECT name, replace(query, E'\n', ' ') FROM every_report ORDER BY name" |
	grep -vFf <(listed 'not asked' | sed $'s/$/\t/') >"$dir/asked"
for part in 0 1 2; do ask "$part" >"$dir/answers.$part" & done
run original -c "SET search_path = public, attendance" -c "SELECT report || ': ' || coalesce(lines || '|' || coalesce(digest, ''), '22023') FROM answers()" \
	2>/dev/null >"$dir/all.answers"
wait
# sizes are of each machine's own files
sort "$dir"/answers.? | grep -v '^view register_year:' >"$dir/spread.answers"
grep -Ff <(cut -f 1 "$dir/asked" | sed 's/$/: /') "$dir/all.answers" | grep -v '^view register_year:' | sort >"$dir/original.answers"
diff "$dir/original.answers" "$dir/spread.answers" | sed -n 's/^> //p' >"$dir/others" || :
same "each was asked" "$(wc -l <"$dir/original.answers")" "$(wc -l <"$dir/spread.answers")"
same "there is much to ask" t "$([[ $(wc -l <"$dir/original.answers") -gt 300 ]] && echo t)"
same "no report answers otherwise" "" "$(grep -v ': ERROR: ' "$dir/others")"
same "doc/scaling.md lists those that are refused" "$(listed refused)" "$(sed -E 's/^[a-z]+ (.*): ERROR: .*/\1/' "$dir/others" | sort)"
[[ ! ${CITUS_ANSWERS:-} ]] || cp "$dir/others" "$CITUS_ANSWERS" # with the errors

plan
