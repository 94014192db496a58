# shellcheck shell=bash
#
# tap.sh: to be sourced by the shell drivers: tests that print TAP, and waiting that has an end.

test=0

# same DESCRIPTION WANTED REAL
same() {
	test=$((test + 1))
	if [[ $2 == "$3" ]]; then
		echo "ok $test - $1"
	else
		echo "not ok $test - $1"
		diff <(echo "$2") <(echo "$3") | head -n 20 | sed 's/^/# /' >&2 || :
	fi
}

# ok DESCRIPTION COMMAND...: COMMAND is to succeed
ok() {
	local description=$1 verdict=ok
	shift
	test=$((test + 1))
	"$@" || verdict='not ok'
	echo "$verdict $test - $description"
}

skip() { # DESCRIPTION WHY
	test=$((test + 1))
	echo "ok $test - $1 # SKIP $2"
}

plan() { # when all tests have run
	echo "1..$test"
}

# wait_for WHAT COMMAND...: until COMMAND succeeds; after a minute it says what it has waited for, and fails
wait_for() {
	local what=$1 limit=$((SECONDS + ${WAIT_LIMIT:-60}))
	shift
	until "$@"; do
		if ((SECONDS >= limit)); then
			echo "# waited in vain for $what" >&2
			return 1
		fi
		sleep 0.1
	done
}

# wait_gone WHAT PID...: until the processes have ended
wait_gone() {
	local what=$1
	shift
	# shellcheck disable=SC2317 # called by wait_for
	none_left() { ! kill -0 "$@" 2>/dev/null; }
	wait_for "$what" none_left "$@"
}
