#!/bin/bash
#
# federation.sh: three registers on servers of their own, and a hub that asks them as one: its answers are those of one
# register with the same schools.  Prints TAP.
# shellcheck disable=SC2153 # ATT_WORK, ATT_TREE, ATT_STAGE: of make check
set -euo pipefail

work=$ATT_WORK
stage=$ATT_STAGE
# shellcheck source=tools/cluster.sh
. "$ATT_TREE/tools/cluster.sh"
ATT_WORK=$work ATT_STAGE=$stage
att_choose_user
# shellcheck source=test/lib/tap.sh
. "$ATT_TREE/test/lib/tap.sh"
# shellcheck source=test/lib/library.sh
. "$ATT_TREE/test/lib/library.sh"

dir=$ATT_MEMORY/federation
mkdir "$dir"
chmod 711 "$dir"
servers=(hub bradford leeds darlington)
declare -A schools=([bradford]='{100001,100002,100003,100004}' [leeds]='{100005,100006,100007,100008}'
	[darlington]='{100009,100010,100011,100012}')
# what the register is called there, and in SQL
declare -A registers=([bradford]=r [leeds]=r [darlington]='Register "1"')
declare -A quoted=([bradford]=r [leeds]=r [darlington]='"Register ""1"""')

# ---------- servers ----------

data() { echo "$dir/$1/data"; }

# Each has a directory for its socket, by which it is known.
make_servers() {
	local name
	for name in "${servers[@]}"; do
		chmod 711 "$dir/$name"
		ATT_DATA=$(data "$name")
		att_server_dir "$ATT_DATA"
		if [[ $name == hub ]]; then
			att_as_server "$(att_pg --bindir)/initdb" -D "$ATT_DATA" -U postgres -A trust --no-sync --encoding=UTF8 \
				--lc-collate=C --lc-ctype="$(att_ctype)" >"$dir/initdb.log"
		else
			att_as_server cp -a "$(data hub)/." "$ATT_DATA"
		fi
		att_server_dir "$dir/$name/s"
	done
	for name in "${servers[@]}"; do
		ATT_DATA=$(data "$name") ATT_STAGE=$dir/$name/stage
		printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$dir/$name/s'" "fsync = off" "jit = off" \
			'synchronous_commit = off' 'autovacuum = off' "$(att_stage_settings)" |
			att_as_server tee -a "$ATT_DATA/postgresql.conf" >/dev/null
		server "$name" start
	done
}

server() { # NAME COMMAND: pg_ctl
	att_as_server "$(att_pg --bindir)/pg_ctl" -D "$(data "$1")" -w -t 120 -s -m fast -l "$(data "$1")/server.log" "$2" </dev/null
}

stop_all() {
	local name
	for name in "${servers[@]}"; do
		[[ ! -e $(data "$name")/postmaster.pid ]] || server "$name" stop || :
	done
}
trap 'stop_all; rm -rf "$dir"' EXIT

on() { # SERVER PSQL-ARGUMENT...
	local name=$1
	shift
	psql -XqAt -v ON_ERROR_STOP=1 -h "$dir/$name/s" -d postgres "$@"
}

# error "SERVER [-U ROLE]" QUERY: its SQLSTATE and message
error() {
	# shellcheck disable=SC2086 # SERVER may be followed by -U ROLE
	{ on $1 -v VERBOSITY=verbose -c "$2" 2>&1 >/dev/null || :; } | sed -n 's/^ERROR:  //p'
}

hub() { # QUERY
	on hub -c "SET search_path = attendance, public; $1"
}

# ---------- registers ----------

make_register() { # SERVER SCHOOLS
	on "$1" -c 'CREATE SCHEMA attendance' -c 'CREATE EXTENSION attendance SCHEMA attendance' -c 'CREATE ROLE asker LOGIN'
	on "$1" -v schools="$2" -f "$ATT_TREE/test/federation/register.sql" >/dev/null
}

make_registers() {
	local name pids=()
	make_register hub "{$(IFS=,; tr -d '{}' <<<"${schools[*]}")}" &
	pids+=($!)
	for name in "${!schools[@]}"; do
		make_register "$name" "${schools[$name]}" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid"; done
}

# The extension in a stage for each server, with later versions that change nothing.
version=$(sed -n "s/^default_version = '\(.*\)'/\1/p" "$ATT_TREE/attendance.control")
IFS=. read -r major minor patch <<<"$version"
patched=$major.$minor.$((patch + 1)) later=$major.$((minor + 1)).0
make_versions() {
	local name step
	for name in "${servers[@]}"; do
		mkdir "$dir/$name"
		cp -a "$stage" "$dir/$name/stage"
		for step in "$version--$patched" "$version--$later" "$patched--$later"; do
			echo 'SELECT 1;' >"$dir/$name/stage$(att_pg --sharedir)/extension/attendance--$step.sql"
		done
	done
}
make_versions
make_servers
make_registers
on darlington -c "ALTER SCHEMA r RENAME TO ${quoted[darlington]}"
same "the registers have the pupils of one between them" "$(on hub -c 'SELECT count(*) FROM r.mark')" \
	"$(($(for name in "${!schools[@]}"; do on "$name" -c "SELECT count(*) FROM ${quoted[$name]}.mark"; done | paste -sd+)))"

on hub -c 'CREATE SCHEMA fdw; CREATE EXTENSION postgres_fdw SCHEMA fdw'
same "a federation needs dblink" "42704: a federation needs the extensions postgres_fdw and dblink" "$(error hub "SELECT attendance.federate('england')")"
on hub -c 'CREATE EXTENSION dblink SCHEMA fdw'
for name in "${!schools[@]}"; do
	on hub -c "CREATE SERVER $name FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$dir/$name/s', dbname 'postgres')" \
		-c "CREATE USER MAPPING FOR CURRENT_USER SERVER $name OPTIONS (user 'asker')"
done
hub "SELECT federate('england')"

# ---------- who may ask what ----------

same "a member tells nothing to whom it has granted nothing" \
	'42501: member "leeds" of federation "england": permission denied for schema r' "$(error hub "SELECT attendance.add_member('england', 'leeds', 'leeds', 'r')")"
grant() { # PURPOSE
	local name
	for name in "${!schools[@]}"; do
		on "$name" -c "SELECT attendance.grant_register('${registers[$name]}', 'asker', '$1')"
	done
}
grant federation
on hub -c 'CREATE SCHEMA england_leeds' -c 'CREATE FOREIGN TABLE england_leeds.mine (x integer) SERVER leeds'
same "a schema that is somebody's own is left alone" '42P06: schema "england_leeds" already exists' \
	"$(error hub "SELECT attendance.add_member('england', 'leeds', 'leeds', 'r')")"
on hub -c 'DROP FOREIGN TABLE england_leeds.mine' -c 'DROP SCHEMA england_leeds'
for name in "${!schools[@]}"; do
	same "$name is a member of four schools" 4 "$(hub "SELECT add_member('england', '$name', '$name', '${registers[$name]}')")"
done

# ---------- the answers of one register ----------

compared() { # KINDS [REPORT]
	on hub -v kinds="{$1}" ${2:+-v only="^$2\$"} -f "$ATT_TREE/test/federation/compare.sql" 2>"$dir/said" || { sed 's/^/# /' "$dir/said" >&2; return 1; }
}

differences() {
	on hub -c 'SELECT report, question, excess, example FROM public.difference ORDER BY 1, 2 LIMIT 20'
}

what=$(compared combined,counts)
same "totals are those of one register: $what" "" "$(differences)"
cohorts="cohorts('2025/26', cohorts => '{choir,area,registration group}', held => 'any time')"
same "cohorts that one register knows, and areas that one does not have" "$(on hub -c "SET search_path = attendance, public" -c "SELECT r.$cohorts")" \
	"$(hub "SELECT england.$cohorts")"
same "... and what none knows is no cohort" '22023: "house" is none of: all pupils, year group, sex, registration group, area, fsm' \
	"$(error hub "SELECT england.cohorts('2025/26', cohorts => '{house}')" | cut -d , -f 1-6)"
same "lists of pupils are not told without a right on them" \
	'42501: member "bradford" of federation "england": permission denied for view calendar_year' "$(error hub "SELECT england.persistent_absentees('2025/26')")"
grant reports
what=$(compared pupils)
same "lists of pupils, with it, too: $what" "" "$(differences)"
# of what is told apart, something is found
amend() { # SERVER
	on "$1" -c "UPDATE r.mark SET mark = 'O', entered_by = 'Jo', title = 'Clerk', reason = 'x' WHERE pupil_id = 601 AND day = '2025-10-08'"
}
amend leeds
what=$(compared combined headline)
same "a mark that is another at one member is another answer: $what" t "$(on hub -c "SELECT count(*) > 2 FROM public.difference")"
amend hub
same "and the same again where it is in both" "$(on hub -c "SELECT r.headline('2025/26')")" "$(hub "SELECT england.headline('2025/26')")"

# ---------- all members at the same time ----------

# hold SERVER: nobody reads schools there
holders=()
for name in "${!schools[@]}"; do
	on "$name" -c 'BEGIN' -c "LOCK ${quoted[$name]}.school" -c "SELECT pg_sleep(600)" >/dev/null 2>&1 &
	holders+=($!)
done
waits() { # SERVER: somebody asks there, and waits for the lock
	[[ $(on "$1" -c "SELECT count(*) FROM pg_stat_activity WHERE usename = 'asker' AND wait_event_type = 'Lock'") == "${2:-1}" ]]
}
locked() { [[ $(on "$1" -c "SELECT count(*) FROM pg_locks WHERE relation = '${quoted[$1]}.school'::regclass AND mode = 'AccessExclusiveLock' AND granted") == 1 ]]; }
for name in "${!schools[@]}"; do wait_for "a lock" locked "$name"; done
hub "SELECT enrolments FROM england.headline('2025/26')" >"$dir/answer" 2>&1 &
asking=$!
for name in "${!schools[@]}"; do
	ok "$name is asked while others have not answered" wait_for "a question" waits "$name"
done
kill "${holders[@]}"
for name in "${!schools[@]}"; do
	on "$name" -c "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()" >/dev/null
done
wait "$asking"
same "and the report ends when they have" "$(on hub -c "SELECT enrolments FROM r.headline('2025/26')")" "$(cat "$dir/answer")"

# ---------- views, with SQL ----------

views="SET search_path = attendance, public; SET enable_partitionwise_aggregate = on;"
lines="SELECT cohort_agg(x.cohort) FROM (SELECT l.register_key, cohort_agg(tally(l.marks)) AS cohort FROM england.federated_line l
	WHERE l.academic_year = 2025 GROUP BY l.register_key) x"
same "lines are counted at the members" "$(on hub -c "$views SELECT cohort_agg(marks) FROM r.register_line WHERE academic_year = 2025")" "$(on hub -c "$views $lines")"
same "... at all of them at the same time" 3 "$(on hub -c "$views EXPLAIN (VERBOSE, COSTS off) $lines" | tee "$dir/plan" | grep -c 'Async Foreign Scan')"
same "... which send sums" 3 "$(grep -cE 'Remote SQL: SELECT register_key, attendance.cohort_agg\(attendance.tally\(marks\)\) FROM (r|"Register ""1""").federated_line' "$dir/plan")"
same "views for BI have the rows of all, each with its register" "$(on hub -c "SELECT count(*), sum(sess_possible) FROM r.bi_school_week")|3" \
	"$(on hub -c "SELECT count(*), sum(sess_possible), count(DISTINCT register_key) FROM england.bi_school_week")"
same "... and say what they say at the members" "$(on hub -c "SELECT obj_description('r.bi_school_week'::regclass, 'pg_class'), col_description('r.bi_school_week'::regclass, 1)")" \
	"$(on hub -c "SELECT obj_description('england.bi_school_week'::regclass, 'pg_class'), col_description('england.bi_school_week'::regclass, 1)")"
same "every view with a key of the register is there" "" "$(on hub -c "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'register_key'
	WHERE c.relnamespace = 'r'::regnamespace AND c.relkind = 'v' AND to_regclass('england.' || c.relname) IS NULL")"

on leeds -c 'REVOKE SELECT ON r.bi_school_week FROM asker'
same "a member that lets a view not be read is not left out" '42501: permission denied for view bi_school_week' "$(error hub "SELECT count(*) FROM england.bi_school_week")"
grant reports
same "refreshing members makes their tables anew" "0|$(on hub -c "SELECT count(*) FROM r.bi_school_week")" "$(hub "SELECT refresh_members('england'), (SELECT count(*) FROM r.bi_school_week)")"
same "... with the same rows" "$(on hub -c "SELECT count(*) FROM r.bi_school_week")" "$(on hub -c "SELECT count(*) FROM england.bi_school_week")"

# ---------- a member that does not answer ----------

server leeds stop
same "a report says which member does not answer" '08001: member "leeds" of federation "england": could not establish connection' \
	"$(error hub "SELECT england.headline('2025/26')")"
same "... one of other members' schools does not ask it" "$(on hub -c "SELECT r.headline('2025/26', schools => '{100001,100012}')")" \
	"$(hub "SELECT england.headline('2025/26', schools => '{100001,100012}')")"
same "those that answer are asked where the caller says so, and the others named" \
	'WARNING:  left out of federation "england", as it does not answer: member "leeds"
HINT:  member_state() says what is wrong.
'"$(on hub -c "SELECT r.headline('2025/26', schools => '{100001,100002,100003,100004,100009,100010,100011,100012}')")" \
	"$(hub "SELECT england.headline('2025/26', schools => available_schools('england'))" 2>&1)"
same "the state of the members tells it" 'bradford|t|4
darlington|t|4
leeds|f|4' "$(hub "SELECT member, answers, schools FROM member_state('england')")"
server leeds start
same "a member is back when it answers" "$(on hub -c "SELECT r.headline('2025/26')")" "$(hub "SELECT england.headline('2025/26')")"

# in one session, whose connection a restart has closed
same "... also in a session that had asked it" "$(on hub -c "SELECT enrolments FROM r.headline('2025/26')" -c "SELECT enrolments FROM r.headline('2025/26')")" \
	"$({ echo "SELECT enrolments FROM england.headline('2025/26');"; sleep 3; server leeds restart >/dev/null; echo "SELECT enrolments FROM england.headline('2025/26');"; } | on hub)"

# ---------- who may ask the hub ----------

on hub -c 'CREATE ROLE nobody_yet LOGIN' -c 'CREATE ROLE counts_only LOGIN' -c 'CREATE ROLE lists LOGIN'
hub "SELECT grant_federation('england', 'counts_only'), grant_federation('england', 'lists', true)"
same "who was granted nothing asks nothing" '42501: permission denied for schema england' "$(error "hub -U nobody_yet" "SELECT england.headline('2025/26')")"
same "who may have counts has them" "$(on hub -c "SELECT r.headline('2025/26')")" "$(on hub -U counts_only -c "SELECT england.headline('2025/26')")"
same "... and no lists" '42501: permission denied for function persistent_absentees' "$(error "hub -U counts_only" "SELECT england.persistent_absentees('2025/26')")"
same "... nor what a member is asked directly" '42501: permission denied for table member' \
	"$(error "hub -U counts_only" "SELECT attendance.ask_members('england', 'headline_by_school', '{2025/26,NULL,NULL}', 3)")"
same "... nor a server" '42501: permission denied for schema fdw' "$(error "hub -U counts_only" "SELECT fdw.dblink_connect('leeds')")"
same "who may have lists has them" "$(on hub -c "SELECT count(*) FROM r.persistent_absentees('2025/26')")" "$(on hub -U lists -c "SELECT count(*) FROM england.persistent_absentees('2025/26')")"

# ---------- dumped and restored ----------

pg_dump -h "$dir/hub/s" -N r postgres >"$dir/dump"
on hub -c 'CREATE DATABASE restored TEMPLATE template0'
psql -XqAt -v ON_ERROR_STOP=1 -h "$dir/hub/s" -d restored -f "$dir/dump" >/dev/null
same "a hub that was dumped and restored answers as before" "$(on hub -c "SELECT r.headline('2025/26')")" "$(on hub -d restored -U counts_only -c "SELECT england.headline('2025/26')")"

# ---------- schools, members, versions ----------

same "a school is in one member" '23505: duplicate key value violates unique constraint "member_register_key_key"' \
	"$(error hub "SELECT attendance.add_member('england', 'leeds again', 'leeds', 'r')")"
same "what is no federation" '3F000: schema "r" is not a federation' "$(error hub "SELECT attendance.add_member('r', 'leeds', 'leeds', 'r')")"
same "what is no report" '22023: "pg_sleep" is no report that counts for a federation' \
	"$(error leeds "SET ROLE asker; SELECT r.federated_answer('$version', 'pg_sleep', '{1}')")"
# ---------- members of other versions ----------

declare -A libraries=([$patched]=$(build_library "$patched") [$later]=$(build_library "$later"))
update() { # SERVER VERSION
	install_library "${libraries[$2]}" "$dir/$1/stage"
	on "$1" -c "ALTER EXTENSION attendance UPDATE TO '$2'"
}
whole=$(on hub -c "SELECT r.headline('2025/26')")
update leeds "$patched"
same "a member with another last number of its version answers" "$whole" "$(hub "SELECT england.headline('2025/26')")"
update darlington "$later"
same "one with another version does not" \
	"0A000: member \"darlington\" of federation \"england\": version $later of attendance is asked by version $version, which may count otherwise" \
	"$(error hub "SELECT england.headline('2025/26')")"
for name in bradford leeds hub; do update "$name" "$later"; done
hub "SELECT upgrade_federation('england')"
same "when all have it, answers are as before" "$whole" "$(hub "SELECT england.headline('2025/26')")"
what=$(compared combined '(headline|weekly_trend|school_comparison)')
same "... also of other reports: $what" "" "$(differences)"

same "a member goes" 't
8' "$(hub "SELECT drop_member('england', 'leeds')"; hub "SELECT school_count FROM england.headline('2025/26')")"
same "... and its schools are no schools of the federation" '22023: no member of federation "england" has a school 100005' \
	"$(error hub "SELECT england.headline('2025/26', schools => '{100005}')")"
hub "SELECT upgrade_federation('england')"
same "a federation that is made anew answers whom it answered" "8" "$(on hub -U counts_only -c "SELECT school_count FROM england.headline('2025/26')")"

plan
