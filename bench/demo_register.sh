# shellcheck shell=bash
# To be sourced by what measures the demo's register: on the server that make demo-psql has left, where PGHOST, PGPORT and PGUSER
# are its own, or on one made here.
kept=("${PGHOST:-}" "${PGPORT:-}" "${PGUSER:-}")

log() { printf '%(%H:%M:%S)T %s\n' -1 "$*" >&2; }
sql() { psql -Xq -v ON_ERROR_STOP=1 -At "$@"; }

# The demo's authority on a server of its own, without its reports.
make_demo() {
	log "build"
	att_build
	"${CC:-gcc}" -O2 -o "$ATT_WORK/generate" "$ATT_TREE"/demo/generate/*.c
	att_cluster_start
	sql -c 'CREATE DATABASE demo'
	mkdir "$ATT_WORK/csv"
	log "data"
	att_run "$ATT_WORK/generate" "$ATT_WORK/csv"
	cd "$ATT_WORK/csv" || exit # where \copy looks for the files
	for file in generate/papers load characteristics benchmarks; do
		PGDATABASE=demo att_run psql -Xq -v ON_ERROR_STOP=1 -v datadir="$ATT_WORK/csv" -f "$ATT_TREE/demo/$file.sql" >"$ATT_WORK/demo.log"
	done
	PGDATABASE=demo sql -c 'VACUUM ANALYZE'
}

find_demo() {
	att_workdir
	if [[ ${kept[0]} ]]; then
		export PGHOST=${kept[0]} PGPORT=${kept[1]} PGUSER=${kept[2]}
	else
		make_demo
	fi
}
