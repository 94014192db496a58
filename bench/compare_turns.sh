# shellcheck shell=bash disable=SC2154 # variables of compare
# To be sourced by compare: cases of pgbench, by turns of the register and its peer.

# turn TEST PEER SCRIPT MARKS ARGUMENT...: one run of pgbench and its figures; MARKS are those of a transaction, 0 if it reads.
# Sets transactions.
turn() {
	local test=$1 peer=$2 script=$3 marks=$4 before after rate failed
	shift 4
	before=$(sql -c 'SELECT pg_current_wal_insert_lsn()')
	pgbench -n -D "schools=$year_schools" -D "classes=$((year_schools * 14))" -D "pupils=$((year_schools * 420))" \
		-f "$bench/pgbench/$script.sql" "$@" >"$ATT_WORK/pgbench.out" 2>&1 ||
		{ cat "$ATT_WORK/pgbench.out"; att_die "pgbench failed"; }
	after=$(sql -c 'SELECT pg_current_wal_insert_lsn()')
	transactions=$(sed -n 's/^number of transactions actually processed: \([0-9]*\).*/\1/p' "$ATT_WORK/pgbench.out")
	rate=$(sed -n 's/^tps = \([0-9.]*\).*/\1/p' "$ATT_WORK/pgbench.out")
	failed=$(sed -n 's/^number of failed transactions: \([0-9]*\).*/\1/p' "$ATT_WORK/pgbench.out")
	[[ $rate ]] || { cat "$ATT_WORK/pgbench.out"; att_die "not a transaction in $seconds s: make SECONDS_EACH more"; }
	((${failed:-0} == 0)) || att_die "$failed transactions of $script failed"
	[[ ! $test ]] || sql -c "INSERT INTO figure VALUES ('$test', '$peer', 'per second', $rate)"
	[[ ! $test || $marks == 0 ]] || sql -c "INSERT INTO figure VALUES ('$test', '$peer', 'WAL bytes a mark', ('$after'::pg_lsn - '$before') / ($transactions * $marks.0))"
}

# A class, a session, a transaction.
class_registers() {
	local round clients marks=$((2 * 40 * 420 * 10)) # of the week before
	for ((round = 0; round < turns; round++)); do
		for clients in '1 client' '16 clients'; do
			turn "class registers, $clients" register class_register 30 -c "${clients% *}" -j 2 -T "$seconds"
			marks=$((marks + transactions * 30))
			turn "class registers, $clients" 'plain rows, audit' class_plain 30 -c "${clients% *}" -j 2 -T "$seconds"
			marks=$((marks + transactions * 30))
		done
	done
	sql -c "INSERT INTO checked SELECT 'marks of class registers that are missing', $marks - (SELECT count(*) FROM daily_rows) - (SELECT sum(sessions) FROM daily.register_line, counts(mark_counts(marks)))"
}

# morning NUMBER: that session of 200 schools, all at once; latencies of its classes.
morning() {
	local way peer test='morning: 200 schools, 2,800 registers'
	for way in register plain; do
		peer=register
		[[ $way == register ]] || peer='plain rows, audit'
		rm -f "$ATT_WORK"/latency.*
		turn "$test" "$peer" "morning_$way" 30 -c 200 -j 2 -t 14 -D class=-1 -D "number=$1" -l --log-prefix="$ATT_WORK/latency"
		cut -d' ' -f3 "$ATT_WORK"/latency.* >"$ATT_WORK/latencies"
		sql -c 'CREATE TEMP TABLE l (us float8)' -c "\\copy l FROM '$ATT_WORK/latencies'" \
			-c "INSERT INTO figure SELECT '$test', '$peer', 'ms, average', avg(us) / 1000 FROM l" \
			-c "INSERT INTO figure SELECT '$test', '$peer', 'ms, ' || p || ' %', percentile_cont(p / 100.0) WITHIN GROUP (ORDER BY us) / 1000 FROM l, (VALUES (95), (99)) AS v (p) GROUP BY p" \
			-c "INSERT INTO figure SELECT '$test', '$peer', 'ms until all are in', 2800000 / value FROM figure WHERE ctid = (SELECT max(ctid) FROM figure WHERE test = '$test' AND peer = '$peer' AND unit = 'per second')"
	done
}

# Autovacuum as shipped, to whatever it finds to do, but between half terms: in a year that takes a minute, a second of its ANALYZE
# would keep all row versions of a week.
let_autovacuum() {
	local i pending="SELECT count(*) FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid CROSS JOIN LATERAL greatest(c.reltuples, 0) AS n
		WHERE c.relkind = 'r' AND (n_dead_tup > 50 + 0.2 * n OR n_mod_since_analyze > 50 + 0.1 * n OR n_ins_since_vacuum > 1000 + 0.2 * n)"
	sql -c "ALTER SYSTEM SET autovacuum_naptime = '1s'" -c 'ALTER SYSTEM SET autovacuum = on' -c 'SELECT pg_reload_conf()' >/dev/null
	for ((i = 0; i < 60; i++)); do
		sleep 1
		[[ $(sql -c "SELECT ($pending) + (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker')") != 0 ]] || break
	done
	((i < 60)) || att_die "autovacuum has not done its work in a minute"
	sql -c 'ALTER SYSTEM SET autovacuum = off' -c 'SELECT pg_reload_conf()' >/dev/null
}

# A year, half term by half term: class registers by four clients; feeds by one, as hours lie between those of a school.
simulated_year() {
	local half first sessions way
	let_autovacuum
	for half in 1 2 3 4 5 6; do
		read -r first sessions < <(sql -F' ' -c "SELECT min(number), count(*) FROM class_session WHERE half = $half")
		for way in register plain; do
			turn '' '' "year_$way" 30 -c 4 -j 2 -t $((sessions * year_schools * 14 / 4)) -D k=-1 -D "first=$first"
			turn '' '' "feed_$way" 420 -c 1 -t $((sessions * year_schools)) -D k=-1 -D "first=$first"
		done
		let_autovacuum
		sql -c "SELECT measure_size('year', $half), measure_size('feed', $half)" >/dev/null
	done
	sql -c 'ALTER SYSTEM RESET autovacuum_naptime' -c 'ALTER SYSTEM RESET autovacuum' -c 'SELECT pg_reload_conf()' >/dev/null
	sql -c "INSERT INTO checked VALUES ('marks that differ after a year of class registers', differing('year', 'year_rows')), ('marks that differ after a year of feeds', differing('feed', 'feed_rows'))"
}

# One client, over the year of class registers.
reads() {
	local round protocol
	for ((round = 0; round < turns; round++)); do
		for protocol in prepared simple; do
			turn "one pupil''s year, $protocol" register pupil_register 0 -M "$protocol" -T "$seconds"
			turn "one pupil''s year, $protocol" 'plain rows' pupil_plain 0 -M "$protocol" -T "$seconds"
			turn "one pupil''s year, $protocol" 'register: view mark' pupil_view 0 -M "$protocol" -T "$seconds"
			turn "one class''s day, $protocol" register day_register 0 -M "$protocol" -T "$seconds"
			turn "one class''s day, $protocol" 'plain rows' day_plain 0 -M "$protocol" -T "$seconds"
		done
	done
}

# One client, prepared, over the year of class registers (3 turns have codes of their own).
amendments() {
	local round
	for ((round = 1; round <= turns; round++)); do
		turn 'amendments, one a statement' register amend_register 1 -M prepared -T "$seconds" -D k=-1 -D "turn=$round"
		turn 'amendments, one a statement' 'plain rows, audit' amend_plain 1 -M prepared -T "$seconds" -D k=-1 -D "turn=$round"
		turn 'amendments, a day of a school a statement' register amendday_register 840 -M prepared -T "$seconds" -D k=-1 -D "turn=$round"
		turn 'amendments, a day of a school a statement' 'plain rows, audit' amendday_plain 840 -M prepared -T "$seconds" -D k=-1 -D "turn=$round"
	done
}
