#!/bin/bash
#
# storm.sh: many who write at the same moment never wait for each other in a circle, and what is proved meanwhile is true.
# Prints TAP.  STORM_SECONDS says how long each storm lasts (2).
# shellcheck disable=SC2153 # ATT_WORK, ATT_TREE: of make check
set -euo pipefail

mkdir -p "$ATT_WORK/storms"
ATT_WORK=$ATT_WORK/storms
# shellcheck source=test/lib/tap.sh
. "$ATT_TREE/test/lib/tap.sh"
# shellcheck source=test/torture/common.sh
. "$ATT_TREE/test/torture/common.sh"

seconds=${STORM_SECONDS:-2}
writers=class,class,feed,nature,amend,lines,leave,natures,start,calendar,deletion,name,group,sex

# calm DESCRIPTION OPTION...: a storm in which nothing is refused but by a rule or by who came first
calm() {
	local description=$1
	shift
	start_storm "$test" -s "$seconds" -p "$pupils" "$@"
	end_storm
	same "$description: $(count 00000) statements, $(count 40001) to be repeated, $(count 40P01) deadlocks" "" "$(strange_states '')"
	ok "... which were some" test "$(count 00000)" -ge 20
	same "... the journal and the lines agree" "" "$(psql -XqAt -d "$database" -c 'SELECT * FROM verify_journal()')"
}

build_storm
make_template

# ---------- no two statements wait for each other in a circle ----------

pupils=120
make_register storm_open 20 "$pupils"
calm "12 clients open the lines of classes and feeds, in any order" -c 12 -n 20 -k class,feed
make_register storm_start 4 "$pupils"
calm "... beside starting days that move" -c 12 -n 4 -k class,class,feed,start
calm "... beside calendars that change" -c 12 -n 4 -k class,feed,calendar
make_register storm_facts 20 "$pupils"
calm "... beside classes and pupils that change, as lines say" -c 12 -n 20 -k class,class,feed,group,sex
for level in 'read committed' 'repeatable read' serializable; do
	calm "all that is written, $level" -c 12 -n 4 -l "$level" -k "$writers"
done

# a storm would tell: lines that are written whole are locked as their rows come
shuffled() {
	start_storm "shuffled$SECONDS" -s 2 -p 10 -c 12 -k shuffled
	end_storm 2>/dev/null
	(($(count 40P01) > 0))
}
ok "lines written whole in any order deadlock, and the storm tells" wait_for "a deadlock" shuffled

# ---------- one answer, one snapshot ----------

make_register storm_proof 2 "$pupils"
for level in 'read committed' 'repeatable read' serializable mixed; do
	calm "verify_journal and register_as_at beside writers, $level" -c 10 -n 2 -l "$level" -k "class,feed,nature,amend,lines,leave,verify,as_at"
done

# a storm would tell: what was changed past the journal
psql -XqAt -v ON_ERROR_STOP=1 -d "$database" <<-'SQL'
	SET session_replication_role = replica;
	UPDATE register_line SET marks = marks || '2026-07-01 N' WHERE pupil_id = (SELECT min(pupil_id) FROM register_line);
SQL
tampered() { # LEVEL
	start_storm "tampered $1 $SECONDS" -s 2 -p "$pupils" -c 3 -l "$1" -k class,verify
	end_storm 2>/dev/null
	(($(count ALARM) > 0))
}
for level in 'read committed' 'repeatable read' serializable; do
	ok "a line that was changed past the journal is found beside writers, $level" wait_for "an alarm" tampered "$level"
done

plan
