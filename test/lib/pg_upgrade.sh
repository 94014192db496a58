# shellcheck shell=bash
# To be sourced, after tools/cluster.sh, by what takes clusters through pg_upgrade: they are in $dir, by name.
# shellcheck disable=SC2154 # dir

# make_cluster NAME [VERSION-OF-CHECKSUMS]: an empty one, of the PostgreSQL and the stage at hand, in $dir/NAME
make_cluster() {
	local stage_settings initdb checksums=()
	initdb=$(att_pg --bindir)/initdb
	ATT_DATA=$dir/$1
	att_server_dir "$ATT_DATA"
	if ((${2:-0})); then
		checksums=(--data-checksums)
	elif "$initdb" --help | grep -q -e --no-data-checksums; then # from PostgreSQL 18 on, which has them by default
		checksums=(--no-data-checksums)
	fi
	att_as_server "$initdb" -D "$ATT_DATA" -U postgres -A trust --no-sync --encoding=UTF8 \
		--lc-collate=C --lc-ctype="$(att_ctype)" "${checksums[@]}" >"$dir/initdb.log"
	stage_settings=$(att_stage_settings)
	printf '%s\n' "listen_addresses = ''" "fsync = off" "$stage_settings" |
		att_as_server tee -a "$ATT_DATA/postgresql.conf" >/dev/null
}

start_cluster() { # NAME
	ATT_DATA=$dir/$1
	att_as_server "$(att_pg --bindir)/pg_ctl" -D "$ATT_DATA" -w -t 120 -s -o "-k '$PGHOST' -p $PGPORT" \
		-l "$ATT_DATA/server.log" start
}

# run_pg_upgrade OLD NEW BINDIR: the cluster OLD, of the programs in BINDIR, to a new one, of the PostgreSQL at hand.  2 if that
# finds no library in a stage: pg_upgrade asks for $libdir, which from PostgreSQL 18 on is the server's own directory alone.
# shellcheck disable=SC2034 # of callers
no_stage="pg_upgrade to this PostgreSQL finds only libraries that are installed"
run_pg_upgrade() {
	make_cluster "$2" "$(att_as_server "$3/pg_controldata" "$dir/$1" | sed -n 's/^Data page checksum version: *//p')"
	att_has_setting extension_destdir || return 2
	att_server_dir "$dir/$2.log"
	(cd "$dir/$2.log" && "${ATT_AS[@]}" "$(att_pg --bindir)/pg_upgrade" --old-bindir="$3" --new-bindir="$(att_pg --bindir)" \
		--old-datadir="$dir/$1" --new-datadir="$dir/$2" --username=postgres --socketdir="$PGHOST" --old-port="$PGPORT" \
		--new-port="$PGPORT" --no-sync >"$dir/$2.out" 2>&1) || {
		{ cat "$dir/$2.out"; find "$dir/$2" "$dir/$2.log" '(' -name '*.txt' -o -name 'pg_upgrade_dump*.log' ')' -exec tail -n 20 {} +; } >&2
		return 1
	}
}
