#!/bin/bash
#
# harness.sh: a test finds the same surroundings however make check was started, and none runs for ever.
# Prints TAP.
set -euo pipefail

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

dir=$ATT_WORK/harness
mkdir -p "$dir"

# ---------- the same surroundings ----------

cat >"$dir/probe.sh" <<'END'
exec 2>/dev/null # where bash tells of signals, with process numbers
for signal in HUP INT QUIT PIPE ALRM TERM USR1 USR2; do
	status=0
	(ulimit -c 0; exec sh -c "kill -$signal \$\$") || status=$?
	echo "SIG$signal $((status - 128 == $(kill -l "$signal")))"
done
echo "input [$(cat)], mask $(umask), $LC_ALL, $TZ, ${LANGUAGE-no language}, ${PGOPTIONS-no options}, terminal $TERM"
echo "upper case of i: $(tr '[:lower:]' '[:upper:]' <<<i); a day: $(date -d '2025-09-08 23:30Z' +%F)"
[[ $HOME == "$ATT_WORK/home" ]] && ! { true >/dev/tty; } 2>/dev/null && echo "nobody's home, no terminal"
END

cat >"$dir/start.sh" <<END
. tools/cluster.sh
ATT_WORK=$ATT_WORK
att_environment
bash tools/run-test "$dir/probe.sh"
END

# found_after PREFIX: what the test finds where PREFIX comes before; without a terminal, whoever runs this
found_after() {
	setsid -w bash -c "$1 exec bash '$dir/start.sh'" 2>/dev/null
}
plain=$(found_after '')
same "signals end a test" "8" "$(grep -c '^SIG.* 1$' <<<"$plain")"
same "input, mask, language, time zone, settings and terminal" "input [], mask 0022, $LC_ALL, UTC, no language, no options, terminal dumb
upper case of i: I; a day: 2025-09-08
nobody's home, no terminal" "$(grep -v '^SIG' <<<"$plain")"
# way DESCRIPTION PREFIX: the same there
way() {
	same "$1" "$plain" "$(found_after "$2")"
}
way "signals that are ignored" 'trap "" HUP INT QUIT PIPE ALRM TERM USR1 USR2;'
way "no input" 'exec <&-;'
way "another mask" 'umask 077;'
way "another language" '{ export LC_ALL=tr_TR.UTF-8 LANGUAGE=tr; } 2>/dev/null;'
way "another time zone" 'export TZ=Pacific/Kiritimati;'
way "settings for libpq" 'export PGOPTIONS=-cwork_mem=64kB PGDATABASE=other;'
way "another terminal" 'export TERM=vt52;'
way "another home" 'export HOME=/nonexistent;'

# ---------- an end ----------

cat >"$dir/endless.sh" <<'END'
set -m
sleep 987 &
wait
END
said=$(ATT_TEST_LIMIT=1 bash tools/run-test "$dir/endless.sh" 2>&1) && status=0 || status=$?
same "a test that does not end fails" 1 "$status"
same "with what it is and what it did" "# $dir/endless.sh did not end within 1 s; its processes, and what the server does:
sleep 987" "$(head -n 1 <<<"$said"; grep -o 'sleep 987' <<<"$said")"
timers() {
	cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' ' ' | grep -o 'sleep 4321' || :
}
ATT_TEST_LIMIT=4321 found_after 'trap "" TERM;' >/dev/null
no_timer() { [[ ! $(timers) ]]; }
ok "nothing is left of a test that has ended" wait_for "the end of its timer" no_timer
same "a wait that is in vain says for what" "# waited in vain for the moon
1" "$(WAIT_LIMIT=0 wait_for "the moon" false 2>&1 || echo $?)"
plan
