# shellcheck shell=bash disable=SC2154 # variables of compare
# To be sourced by compare and reports: two servers of queries, a line in, a time and a hash of the sorted answer out.

pg_query() {
	local line ms
	printf '%s;\n\\echo\n\\echo done\n' "$1" >&5
	: >"$ATT_WORK/answer"
	while IFS= read -r line <&6; do
		case $line in
		done) break ;;
		'Time: '*) ms=${line#Time: } ms=${ms%% *} ;;
		'') ;;
		ERROR:*) att_die "$line: $1" ;;
		*) printf '%s\n' "$line" >>"$ATT_WORK/answer" ;;
		esac
	done
	answer="${ms:-0} $(sort "$ATT_WORK/answer" | md5sum | cut -c1-12)"
}

duck_query() {
	printf '%s\n' "$1" >&7
	IFS= read -r answer <&8
	[[ $answer != error* ]] || att_die "DuckDB: $answer: $1"
}

start_pg() {
	mkfifo "$ATT_WORK/pg.in" "$ATT_WORK/pg.out"
	psql -XAtq <"$ATT_WORK/pg.in" >"$ATT_WORK/pg.out" 2>&1 &
	exec 5>"$ATT_WORK/pg.in" 6<"$ATT_WORK/pg.out"
	printf '%s\n' '\timing on' >&5
}

# DuckDB, where npm can get it.
start_duck() {
	mkdir "$ATT_WORK/duck"
	if ! (cd "$ATT_WORK/duck" && npm install --no-audit --no-fund --silent "${DUCKDB:-@duckdb/node-api}" >/dev/null 2>&1); then
		log "DuckDB is left out: npm or its registry cannot be reached"
		return 1
	fi
	cp "$bench/compare_duckdb.mjs" "$ATT_WORK/duck"
	mkfifo "$ATT_WORK/duck.in" "$ATT_WORK/duck.out"
	node "$ATT_WORK/duck/compare_duckdb.mjs" "$ATT_WORK/duck/rows.db" <"$ATT_WORK/duck.in" >"$ATT_WORK/duck.out" &
	exec 7>"$ATT_WORK/duck.in" 8<"$ATT_WORK/duck.out"
	duck=$(node -p "require('$ATT_WORK/duck/node_modules/@duckdb/node-api/package.json').version")
	log "DuckDB $duck"
}

# The statements of a file for DuckDB, and what loading took.
load_duck() {
	local line loaded
	while IFS= read -r line; do
		duck_query "${line//:work/$ATT_WORK}"
		case $line in
		*'TABLE rows_varchar'*) loaded='DuckDB, VARCHAR: from CSV' ;;
		*'TABLE rows_enum'*) loaded='DuckDB, ENUM: from VARCHAR' ;;
		*) continue ;;
		esac
		sql -c "INSERT INTO figure VALUES ('load of the year', '$loaded', 'ms', ${answer% *})"
	done < <(sed '/^--/d' "$1" | awk '{ printf "%s%s", (/^ / || NR == 1 ? "" : "\n"), $0 } END { print "" }')
}

# What a file of cases has, "case|peer|engine|times a round|query"; a query may go on in further lines.
cases() { sed -e '/^--/d' -e '/^$/d' "$1" | awk '{ printf "%s%s", (/^[a-z0-9][^|]*[|]/ && NR > 1 ? "\n" : NR > 1 ? " " : ""), $0 } END { print "" }'; }

# measure FILE: every case on every peer, in turn, so many rounds. What is run several times a round is first run uncounted.
measure() {
	local round case peer engine times query i
	for ((round = 0; round <= rounds; round++)); do
		while IFS='|' read -r case peer engine times query <&9; do
			[[ $engine == pg || $duck ]] || continue
			((round > 0 || times > 1)) || continue
			for ((i = 0; i < (round == 0 ? 1 : times); i++)); do
				"${engine%db}_query" "$query"
				((round == 0)) || echo "$case|$peer|ms|${answer% *}|${answer#* }" >>"$ATT_WORK/times"
			done
		done 9< <(cases "$1")
	done
	sql -c 'CREATE TEMP TABLE t (test text, peer text, unit text, value float8, hash text)' -c "\\copy t FROM '$ATT_WORK/times' DELIMITER '|'" \
		-c 'INSERT INTO figure SELECT test, peer, unit, value FROM t' -c 'INSERT INTO answer SELECT DISTINCT test, peer, hash FROM t'
}

# The tables of a file of SQL, each below a line "### ...", for Markdown, printed and added to $report.
report() {
	psql -XqA -v ON_ERROR_STOP=1 -F ' | ' -P footer=off -f "$bench/$1" | awk '
		/^(#.*)?$/ { print; rows = 0; next }
		{ print "| " $0 " |" }
		!rows++ { gsub(/[^|]+/, "---"); print "|" $0 "|" }' | tee -a "$report"
}
