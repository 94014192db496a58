# shellcheck shell=bash
# To be sourced by what tries things in clean roots of Debian, as root: $work is the directory in which they are made.
# shellcheck disable=SC2154 # out

needs_root() {
	[[ $(id -u) == 0 ]] || { echo "${0##*/}: to make clean roots takes root" >&2; exit 1; }
}

make_work() { # NAME
	work=$(mktemp -d "${TMPDIR:-/var/tmp}/attendance-$1.XXXXXX")
	trap remove_work EXIT
	trap 'exit 1' HUP INT TERM
	chmod 755 "$work"
}

remove_work() {
	rm -rf --one-file-system "$work"
}

# Mounts and processes are of a namespace, and end with the command.
in_root() { # NAME COMMAND...
	# shellcheck disable=SC2016 # the inner shell's
	unshare --mount --pid --fork --kill-child -- sh -ec '
		root=$1
		shift
		mount -t proc proc "$root/proc"
		mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
		mount -t devpts -o ptmxmode=666 devpts "$root/dev/pts"
		exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/ LC_ALL=C.UTF-8 TERM=dumb \
			${http_proxy:+"http_proxy=$http_proxy"} DEBIAN_FRONTEND=noninteractive "$@"' sh "$work/$1" "${@:2}" </dev/null
}

# But for what they say of a failure, installations are not to be read.
quietly() {
	"$@" >"$work/log" 2>&1 || { tail -n 40 "$work/log" >&2; return 1; }
}

apt_in() { # NAME ARGUMENT...
	quietly in_root "$1" apt-get -q -y --no-install-recommends -o Acquire::Retries=3 "${@:2}"
}

make_base() { # NAME SUITE [ARCH]
	echo "a clean root of $2${3:+ for $3} ..."
	# by the script of sid, for a debootstrap knows only the suites that were named before it; all of Debian's have the same
	quietly debootstrap --variant=minbase ${3:+"--arch=$3"} "$2" "$work/$1" '' sid || return 1
	cp /etc/resolv.conf "$work/$1/etc/"
	# no service starts, no server is made by installing one
	printf '#!/bin/sh\nexit 101\n' >"$work/$1/usr/sbin/policy-rc.d"
	chmod 755 "$work/$1/usr/sbin/policy-rc.d"
	mkdir -p "$work/$1/etc/postgresql-common/createcluster.d"
	echo 'create_main_cluster = false' >"$work/$1/etc/postgresql-common/createcluster.d/no-cluster.conf"
}

# logged NAME COMMAND...: the last lines of what it says; all of it is left in $out if it fails
logged() {
	local log=$work/$1.log
	if "${@:2}" >"$log" 2>&1; then
		grep -m 1 '^PostgreSQL [0-9]' "$log"
		tail -n 4 "$log"
	else
		tail -n 60 "$log"
		mkdir -p "$out"
		cp "$log" "$out/"
		return 1
	fi
}

# try_each OTHERWISE NAME...: the caller's try NAME for each; the last lines say of each that it passed (0), failed, or is
# OTHERWISE (2), with the reason if there is one in $why
try_each() {
	local otherwise=$1 name why='' result results=() status=0
	shift
	for name; do
		try "$name" && result=0 || result=$?
		case $result in
		0) results+=("$name: passed") ;;
		2) results+=("$name: $otherwise${why:+: $why}") ;;
		*) results+=("$name: failed, see $out/$name.log") status=1 ;;
		esac
	done
	printf '%s\n' "${results[@]}"
	return "$status"
}
