# shellcheck shell=bash
#
# cluster.sh: to be sourced.  A throw-away copy of the tree, a build in it, and a
# throw-away server that finds the built extension there.
#
#   att_workdir                 an environment that is always the same; make $ATT_WORK; it goes, with the server, when the script ends
#   att_use_memory              put the files of servers into memory if there is plenty: $ATT_MEMORY, else $ATT_WORK
#   att_build                   copy the tree to $ATT_TREE, build there, install into $ATT_STAGE
#   att_cluster_start           start a server, with the lines of ATT_SETTINGS in its configuration; PGHOST etc. lead to it
#   att_cluster_stop            stop it
#   att_run COMMAND...          run something long in a way that lets a signal end it at once
#   att_other_versions          the other PostgreSQLs that are installed, a line of major version and pg_config for each
#   att_keep                    leave the work directory and the server to $ATT_WORK/stop
#
# Nothing is written elsewhere, so the source may be read-only, and runs at the
# same time do not meet.  The server has a socket in a directory of its own and
# no network port.  It runs as the caller, or, as it refuses to be root's, as
# another user: postgres or nobody.

ATT_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
ATT_PG_CONFIG=${PG_CONFIG:-pg_config}
ATT_WORK=
ATT_SOCKETS=
ATT_DATA=
ATT_CHILD=
ATT_AS=()
ATT_SETTINGS=()

att_die() {
	echo "attendance: $*" >&2
	exit 1
}

# ---------- work directory ----------

# Fills ATT_AS, the command that runs another as the server's user.
att_choose_user() {
	local user
	[[ $(id -u) == 0 ]] || return 0
	for user in postgres nobody; do
		id "$user" >/dev/null 2>&1 || continue
		ATT_AS=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
		return
	done
	att_die "PostgreSQL refuses to run as root, and there is no user postgres or nobody"
}

# Characters as UTF-8 where libc can do it without a locale of its own.
att_ctype() {
	if locale -a 2>/dev/null | grep -qiE '^C\.utf-?8$'; then echo C.UTF-8; else echo C; fi
}

# A new directory in the one named, in which the server's user can get around and
# whose path make and PostgreSQL's settings take without quoting.
att_mktemp() {
	local dir
	[[ $1 =~ ^/[A-Za-z0-9/._+-]*$ ]] || return 1
	dir=$(mktemp -d "$1/attendance.XXXXXX") || return 1
	chmod 711 "$dir"
	"${ATT_AS[@]}" test -x "$dir/." && { echo "$dir"; return; }
	rmdir "$dir"
	return 1
}

# Whatever the caller's environment is, what runs here finds the same: input that is at
# its end, the mask, language and time zone, and no setting that leads programs elsewhere.
att_environment() {
	local name
	[[ -e /dev/fd/0 ]] || exec </dev/null
	[[ -e /dev/fd/1 ]] || exec >/dev/null
	[[ -e /dev/fd/2 ]] || exec 2>/dev/null
	umask 022
	LC_ALL=$(att_ctype)
	TZ=UTC
	export LC_ALL TZ
	for name in "${!PG@}"; do # libpq's
		[[ $name == *_* ]] || unset "$name"
	done
	unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES CDPATH PSQLRC LANGUAGE BASH_ENV ENV POSIXLY_CORRECT GREP_OPTIONS GZIP \
		PERL5OPT HARNESS_OPTIONS R_PROFILE_USER R_ENVIRON_USER PYTHONSTARTUP NODE_OPTIONS
}

att_workdir() {
	att_environment
	att_choose_user
	trap 'att_cleanup $?' EXIT
	trap 'att_signal 129' HUP
	trap 'att_signal 130' INT
	trap 'att_signal 143' TERM
	ATT_WORK=$(att_mktemp "${TMPDIR:-/tmp}" 2>/dev/null || att_mktemp /tmp)
	ATT_MEMORY=$ATT_WORK
	export ATT_WORK ATT_MEMORY
}

# A register has hundreds of files, and to make and to drop them so often on a disk takes a fifth of the time of all tests.
att_use_memory() {
	local kilobytes=$((8 << 20)) memory=/dev/shm
	[[ $(stat -f -c %T "$memory" 2>/dev/null) == tmpfs ]] || return 0
	(($(df -k --output=avail "$memory" | tail -n 1) > kilobytes)) || return 0
	(($(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo) > kilobytes)) || return 0
	ATT_MEMORY=$(att_mktemp "$memory") || ATT_MEMORY=$ATT_WORK
}

# A second signal, which make sends on to us, must not cut the cleaning short.
att_signal() {
	trap '' HUP INT TERM
	exit "$1"
}

att_cleanup() {
	trap '' HUP INT TERM
	local status=$1
	set +e
	[[ ! $ATT_CHILD ]] || kill -TERM -- "-$ATT_CHILD" 2>/dev/null
	if [[ $ATT_DATA ]]; then
		((status == 0)) || att_show_crash
		att_cluster_stop
	fi
	cd /
	[[ ! $ATT_SOCKETS ]] || rm -rf "$ATT_SOCKETS"
	[[ ! $ATT_WORK ]] || rm -rf "$ATT_WORK" "${ATT_MEMORY:-$ATT_WORK}"
	exit "$status"
}

att_run() {
	local status=0
	set -m # a process group of its own, which att_cleanup can end as a whole
	"$@" </dev/null &
	ATT_CHILD=$!
	set +m
	wait "$ATT_CHILD" || status=$?
	ATT_CHILD=
	return "$status"
}

# ---------- build ----------

att_pg() {
	"$ATT_PG_CONFIG" "$1"
}

att_major() { # PG_CONFIG
	"$1" --version 2>/dev/null | sed -n 's/^PostgreSQL \([0-9]*\).*/\1/p'
}

# att_other_versions PG_CONFIG...: of these and those where Debian's packages put them, with what it takes to build for them
att_other_versions() {
	local config major here
	here=$(att_major "$ATT_PG_CONFIG")
	for config in /usr/lib/postgresql/*/bin/pg_config "$@"; do
		major=$(att_major "$config")
		[[ $major && $major != "$here" && -e $("$config" --pgxs) && -e $("$config" --includedir-server)/postgres.h &&
			-x $("$config" --bindir)/initdb ]] || continue
		echo "$major $config"
	done | sort -n
}

# The tree without what make, git or a test run left in it.
att_copy() {
	ATT_TREE=$ATT_WORK/tree
	export ATT_TREE
	mkdir "$ATT_TREE"
	tar -C "$ATT_ROOT" -c --exclude=./.git --exclude='*.o' --exclude='*.so' --exclude='*.bc' \
		--exclude="./sql/attendance--${EXTVERSION:-none}.sql" --exclude=./results --exclude=./dist \
		--exclude=./client/pg_attendance . |
		tar -C "$ATT_TREE" -x --no-same-owner --no-same-permissions --delay-directory-restore
	chmod -R u+w "$ATT_TREE"
}

# att_make DIR TARGET...: TARGET made in DIR, from the copied tree
att_make() {
	local dir=$1
	shift
	mkdir -p "$dir"
	make --no-print-directory -s -C "$dir" -f "$ATT_TREE/Makefile" -j "$(nproc)" \
		"PG_CONFIG=$ATT_PG_CONFIG" with_llvm=no ${CC:+"CC=$CC"} "$@"
}

att_build() {
	ATT_STAGE=$ATT_WORK/stage
	export ATT_STAGE
	[[ -d ${ATT_TREE:-} ]] || att_copy
	att_run att_make "$ATT_TREE" install "DESTDIR=$ATT_STAGE" >/dev/null
}

# ---------- server ----------

# Run as the server's user, from a directory that this user can read.
att_as_server() {
	(cd / && exec "${ATT_AS[@]}" "$@")
}

att_server_dir() {
	mkdir -p "$1"
	chmod 700 "$1"
	((${#ATT_AS[@]} == 0)) || chown "$("${ATT_AS[@]}" id -u)" "$1"
}

att_has_setting() {
	att_as_server "$(att_pg --bindir)/postgres" -C "$1" -D "$ATT_DATA" >/dev/null 2>&1
}

# The settings with which the server finds the extension in the stage.
att_stage_settings() {
	if att_has_setting extension_destdir; then # Debian's servers
		echo "extension_destdir = '$ATT_STAGE'"
	elif att_has_setting extension_control_path; then # PostgreSQL 18 and later
		echo "extension_control_path = '$ATT_STAGE$(att_pg --sharedir):\$system'"
		echo "dynamic_library_path = '$ATT_STAGE$(att_pg --pkglibdir):\$libdir'"
	else
		att_die "this server finds extensions in its own directories only;" \
			"use make install and make installcheck (PGHOST etc. say where)"
	fi
}

att_cluster_start() {
	local bin data=$ATT_MEMORY/data stage_settings
	bin=$(att_pg --bindir)

	ATT_SOCKETS=$ATT_WORK/s
	if ((${#ATT_SOCKETS} > 80)); then # a socket's path has at most 107 bytes
		ATT_SOCKETS=$(att_mktemp /tmp)
	fi
	att_server_dir "$ATT_SOCKETS"
	att_server_dir "$data"
	ATT_DATA=$data

	att_as_server "$bin/initdb" -D "$data" -U postgres -A trust --no-sync --encoding=UTF8 \
		--lc-collate=C --lc-ctype="$(att_ctype)" >"$ATT_WORK/initdb.log" 2>&1 || {
		cat "$ATT_WORK/initdb.log" >&2
		att_die "initdb failed"
	}
	stage_settings=$(att_stage_settings)
	{
		echo "listen_addresses = ''"
		echo "unix_socket_directories = '$ATT_SOCKETS'"
		echo "$stage_settings"
		echo "fsync = off"
		echo "synchronous_commit = off"
		echo "full_page_writes = off"
		echo "restart_after_crash = off"
		printf '%s\n' "${ATT_SETTINGS[@]}"
	} | att_as_server tee -a "$data/postgresql.conf" >/dev/null

	att_as_server "$bin/pg_ctl" -D "$data" -w -t 120 -s -l "$data/server.log" start || {
		att_as_server cat "$data/server.log" >&2
		att_die "the server did not start"
	}
	export PGHOST=$ATT_SOCKETS PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
	export PATH=$bin:$PATH
}

att_cluster_stop() {
	local ctl
	ctl=$(att_pg --bindir)/pg_ctl
	att_as_server "$ctl" -D "$ATT_DATA" status >/dev/null 2>&1 || return 0
	att_as_server "$ctl" -D "$ATT_DATA" -s -w -t 30 -m fast stop ||
		att_as_server "$ctl" -D "$ATT_DATA" -s -w -t 30 -m immediate stop
}

att_show_crash() {
	grep -E -A 3 'PANIC|terminated by signal|TRAP:' "$ATT_DATA/server.log" >&2
}

# ---------- leaving a server behind on purpose ----------

att_keep() {
	local stop=$ATT_WORK/stop
	{
		echo '#!/bin/bash'
		echo '# Stops the server and deletes this directory.'
		declare -p ATT_WORK ATT_SOCKETS ATT_DATA ATT_AS ATT_PG_CONFIG
		declare -f att_pg att_as_server att_cluster_stop
		# shellcheck disable=SC2016  # expanded when it is run
		echo 'att_cluster_stop && cd / && rm -rf "$ATT_SOCKETS" "$ATT_WORK"'
	} >"$stop"
	chmod 755 "$stop"
	trap - EXIT HUP INT TERM
}
