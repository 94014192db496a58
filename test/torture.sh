#!/bin/bash
#
# torture.sh: what a register holds after its server, or one of its processes, was killed while many wrote.  Prints TAP.
#
# Clients write (test/torture/storm.c) and note what they were told, on a server of its own that has fsync on.  After every
# kill and recovery each acknowledged mark is compared with the register, no statement is there by half, and check_register
# and verify_journal find nothing.  TORTURE_KILLS says how often (4: once in each way); make torture runs it alone.
# shellcheck disable=SC2153 # ATT_WORK, ATT_TREE, ATT_STAGE: of make check
set -euo pipefail

work=$ATT_WORK
stage=$ATT_STAGE
# shellcheck source=tools/cluster.sh
. "$ATT_TREE/tools/cluster.sh"
ATT_WORK=$work/torture ATT_STAGE=$stage
ATT_MEMORY=$ATT_WORK # on a disk
mkdir "$ATT_WORK"
chmod 711 "$ATT_WORK"
att_choose_user
# shellcheck source=test/lib/tap.sh
. "$ATT_TREE/test/lib/tap.sh"
# shellcheck source=test/torture/common.sh
. "$ATT_TREE/test/torture/common.sh"

kills=${TORTURE_KILLS:-4}
clients=8
rounds_of_register=20 # storms have sessions of their own, of which a school year has so many
pupils=60
writing=class,class,feed,nature,amend,amend,lines,leave,natures,start,calendar,name
clean='lost 0, not entered by anybody 0, half statements 0, half transactions 0, journal 0, breaches 0'

# ---------- the server ----------

pg_ctl() {
	att_as_server "$(att_pg --bindir)/pg_ctl" -D "$ATT_DATA" "$@"
}

answers() {
	psql -XqAt -d postgres -c 'SELECT 1' >/dev/null 2>&1
}

start() {
	pg_ctl -w -t 120 -s -l "$log" start >/dev/null
}

settings() {
	att_as_server tee -a "$ATT_DATA/postgresql.conf" >/dev/null <<-'CONF'
		fsync = on
		synchronous_commit = on
		full_page_writes = on
		restart_after_crash = on
		max_connections = 60
		shared_buffers = 16MB
		max_wal_size = 64MB
		checkpoint_timeout = 30s
	CONF
}

postmaster() {
	att_as_server head -n 1 "$ATT_DATA/postmaster.pid"
}

children() { # PID
	{ cat /proc/[0-9]*/stat 2>/dev/null || :; } | sed -n "s/^\([0-9]*\) (.*) . $1 .*/\1/p"
}

# The server's processes, the postmaster first.
processes() {
	local pid
	pid=$(postmaster)
	echo "$pid"
	children "$pid"
}

# ---------- ways to end ----------

kill_all() {
	local pids
	mapfile -t pids < <(processes)
	kill -KILL "${pids[@]}" 2>/dev/null || :
	wait_gone "the server's processes to end" "${pids[@]}"
	start
}

kill_postmaster() {
	local pids
	mapfile -t pids < <(processes)
	kill -KILL "${pids[0]}"
	wait_gone "the server's processes to end after their postmaster" "${pids[@]}"
	start
}

immediate_stop() {
	pg_ctl -m immediate -s -w -t 60 stop
	start
}

# The server ends all others and recovers by itself.
kill_backend() {
	local pid
	pid=$(psql -XqAt -d postgres -c "SELECT pid FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND datname <> 'postgres' ORDER BY random() LIMIT 1")
	kill -KILL "${pid:-$(children "$(postmaster)" | tail -n 1)}"
	wait_for "the storm to notice" storm_over
	wait_for "the server to recover" answers
}

# ---------- storms ----------

# join_notes WHICH ROUND...: with the number of the round before each row
join_notes() {
	local which=$1 round
	shift
	for round; do
		sed "s/^/$round,/" "$ATT_WORK/notes/$database/$round/$which".*
	done
}

acknowledged=0 # marks of all rounds

# check_notes DESCRIPTION ROUND...: the register is what the clients of these rounds were told
check_notes() {
	local description=$1 said
	shift
	join_notes attempts "$@" >"$ATT_WORK/attempts"
	join_notes outcomes "$@" >"$ATT_WORK/outcomes"
	said=$(psql -XqAt -d "$database" -v attempts="$ATT_WORK/attempts" -v outcomes="$ATT_WORK/outcomes" \
		-f "$ATT_TREE/test/torture/check.sql")
	[[ ! $said =~ ^acknowledged\ ([0-9]+) ]] || marks=${BASH_REMATCH[1]}
	same "$description: ${said%%:*}" "$clean" "${said#*: }"
}

new_register() {
	make_register "$1" 2 "$pupils"
	digests='{}'
}

# Entries of earlier rounds are still there, too.
keep_digests() {
	digests=$(psql -XqAt -d "$database" -c 'SELECT array_agg(digest) FROM journal_digest()')
}

register_faults() {
	psql -XqAt -v ON_ERROR_STOP=1 -d "$database" -v kept="$digests" <<-'SQL'
		SELECT problem FROM verify_journal(:'kept');
		SELECT object, problem FROM check_register('r');
	SQL
}

# ---------- the tests ----------

build_storm
trap att_cluster_stop EXIT
att_cluster_start
log=$ATT_DATA/server.log
settings
pg_ctl -m fast -s -w -t 60 stop
start
make_template

# A register of its own for so many rounds; when it is full, all its rounds are compared once more.
round_of_kills() { # ROUND
	local round=$1 number=$(($1 % rounds_of_register)) way ways=(kill_all kill_backend immediate_stop kill_postmaster)
	((number)) || new_register "torture_$((round / rounds_of_register))"
	way=${ways[round < ${#ways[@]} ? round : RANDOM % ${#ways[@]}]}
	start_storm "$number" -p "$pupils" -c "$clients" -s 60 -l mixed -k "$writing" -f $((number * clients * 4))
	sleep "$((RANDOM % 3)).$((RANDOM % 9 + 1))" # one moment is as good as another
	"$way"
	end_storm
	check_notes "round $((round + 1)), $way" "$number"
	acknowledged=$((acknowledged + marks))
	same "... no other errors than those of rules, of two who write at once, and of the end" "" "$(strange_states '08006|57P0.')"
	if ((kills <= 20 || round % 5 == 4)); then
		same "... the register is whole, and the entries before are there" "" "$(register_faults)"
	fi
	keep_digests
	if ((number == rounds_of_register - 1 || round == kills - 1)); then
		mapfile -t numbers < <(seq 0 "$number")
		check_notes "... all rounds of this register" "${numbers[@]}"
	fi
}

for ((round = 0; round < kills; round++)); do
	round_of_kills "$round"
done
echo "# $kills kills, $acknowledged acknowledged marks"

# the comparison finds what it is there to find
find_fault() { # DESCRIPTION WANTED SED-SCRIPT-OF-ATTEMPTS SED-SCRIPT-OF-OUTCOMES
	local said
	sed "$3" "$ATT_WORK/attempts" >"$ATT_WORK/attempts.false"
	sed "$4" "$ATT_WORK/outcomes" >"$ATT_WORK/outcomes.false"
	said=$(psql -XqAt -d "$database" -v attempts="$ATT_WORK/attempts.false" -v outcomes="$ATT_WORK/outcomes.false" \
		-f "$ATT_TREE/test/torture/check.sql")
	ok "$1 is found: ${said#*: }" grep -qE "$2" <<<"$said"
}
find_fault "a mark that was acknowledged and is not there" 'lost [1-9]' 's|,.$|,G|' ''
pupil=$(psql -XqAt -d "$database" -c 'SELECT l.pupil_id FROM register_line l, marks(l.marks) GROUP BY 1 ORDER BY count(*) DESC LIMIT 1')
find_fault "a mark that nobody entered" 'by anybody [1-9]' "/,$pupil,/d" ''
find_fault "half of a statement" 'half statements [1-9]' '0~2s|,.$|,G|' d

# ---------- 24 clients at three isolation levels ----------

new_register torture_levels
start_storm 0 -p "$pupils" -c 24 -s 3 -l mixed -k "$writing,verify,as_at"
end_storm
check_notes "24 clients at three isolation levels" 0
same "... no other errors, no false alarm" "" "$(strange_states '')"
same "... the register is whole" "" "$(register_faults)"

# ---------- statements that are cancelled, or take too long ----------

cancel_some() {
	local n
	for n in {1..20}; do
		psql -XqAt -d postgres -c "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = '$database'
			AND state = 'active' ORDER BY random() LIMIT 3" >/dev/null
	done
}
start_storm 1 -p "$pupils" -c "$clients" -s 3 -t 3 -k "$writing" -f 96
cancel_some
end_storm
check_notes "statements cancelled and timed out" 0 1
ok "... there were some: $(count 57014)" test "$(count 57014)" -gt 0
same "... no other errors" "" "$(strange_states 57014)"
same "... the register is whole" "" "$(register_faults)"

# ---------- pg_attendance killed in the middle ----------

marks_of_school() {
	psql -XqAt -d "$database" -c 'SELECT count(*) FROM register_line l, marks(l.marks) WHERE l.school_urn = 100002'
}
loads_nothing_or_all() { # FILE ROWS
	local n client there
	for n in {1..6}; do
		PGDATABASE=$database "$ATT_STAGE$(att_pg --bindir)/pg_attendance" load marks "$1" >/dev/null 2>&1 &
		client=$!
		sleep "0.0$((n * 15))"
		kill -KILL "$client" 2>/dev/null || :
		wait "$client" 2>/dev/null || :
		wait_for "the session of the client that was killed to end" no_load
		there=$(marks_of_school)
		((there == 0 || there == $2)) || { echo "# $there of $2 marks" >&2; return 1; }
		((there == 0)) || echo "# load $n was through before it was killed"
	done
}
no_load() {
	[[ $(psql -XqAt -d postgres -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$database'") == 0 ]]
}
psql -XqAt -d "$database" -c "COPY (SELECT 100002 AS school_urn, p.pupil_id, d.day, s.session, '/' AS mark FROM pupil p, school_day d, unnest('{AM,PM}'::text[])
	AS s (session) WHERE p.pupil_id BETWEEN 2001 AND 2999 AND d.school_urn = 100002) TO STDOUT (FORMAT csv, HEADER)" >"$ATT_WORK/load.csv"
rows=$(($(wc -l <"$ATT_WORK/load.csv") - 1))
ok "a load that is killed leaves nothing or all of $rows marks" loads_nothing_or_all "$ATT_WORK/load.csv" "$rows"
PGDATABASE=$database "$ATT_STAGE$(att_pg --bindir)/pg_attendance" load marks "$ATT_WORK/load.csv" >/dev/null
same "... and can be repeated" "$rows" "$(marks_of_school)"
same "... the register is whole" "" "$(register_faults)"

# ---------- a file system that is full ----------

# All of the server on a small one: the write-ahead log ends the server, data the statement.
fill_disk() {
	local round=$1
	mount -o remount,size="$(df -k --output=used "$ATT_WORK/small" | awk 'END { print $1 + 800 }')k" "$ATT_WORK/small"
	start_storm "$round" -p "$pupils" -c "$clients" -s 60 -l mixed -k "$writing" -f $((round * 32))
	wait_for "the disk to be full" disk_full
	pg_ctl -m immediate -s -w -t 60 stop 2>/dev/null || :
	end_storm
	mount -o remount,size=600m "$ATT_WORK/small"
	start
}
disk_full() {
	storm_over || att_as_server grep -q 'No space left on device' "$log"
}
small_disk() {
	mkdir -p "$ATT_WORK/small" && mount -t tmpfs -o size=600m attendance "$ATT_WORK/small" 2>/dev/null
}

if small_disk; then
	trap 'att_cluster_stop; umount "$ATT_WORK/small"' EXIT
	pg_ctl -m fast -s -w -t 60 stop
	chmod 711 "$ATT_WORK/small"
	cp -a "$ATT_DATA" "$ATT_WORK/small/data"
	ATT_DATA=$ATT_WORK/small/data
	start
	new_register torture_disk
	fill_disk 0
	check_notes "a disk that is full" 0
	ok "... it was full: $(count 53100) statements refused, $(count 08006) connections lost" att_as_server grep -q 'No space left on device' "$log"
	same "... the register is whole" "" "$(register_faults)"
	start_storm 1 -p "$pupils" -c "$clients" -s 1 -k "$writing" -f 32
	end_storm
	check_notes "... and goes on" 0 1
	same "... without other errors" "" "$(strange_states '')"
else
	skip "a disk that is full" "no file system can be mounted here"
fi

plan
