#!/bin/bash
#
# citus.sh: a copy of a register on three machines, distributed by Citus: every report answers as in the register itself, or is
# refused and listed in doc/scaling.md; none answers otherwise.  And the tests of make check, asked of copies: each passes, or is
# listed there with the reason.  Prints TAP.
#
# CITUS_CONFIG names the pg_config of a PostgreSQL in which Citus is installed.  Without it the test is skipped.
# CITUS_ANSWERS names a directory to be made: what was refused and why, and the lists as doc/scaling.md has them.
# shellcheck disable=SC2153 # ATT_WORK, ATT_TREE, ATT_STAGE: of make check
set -euo pipefail

work=$ATT_WORK
tree=$ATT_TREE
# shellcheck source=test/lib/tap.sh
. "$tree/test/lib/tap.sh"

if [[ ! ${CITUS_CONFIG:-} || ! -e $("$CITUS_CONFIG" --sharedir)/extension/citus.control ]]; then
	skip "a register on a cluster of Citus" "CITUS_CONFIG names no pg_config with Citus"
	plan
	exit
fi

# shellcheck source=tools/cluster.sh
. "$tree/tools/cluster.sh"
att_choose_user
ATT_PG_CONFIG=$CITUS_CONFIG ATT_WORK=$work/citus ATT_STAGE=$work/citus/stage ATT_TREE=
mkdir "$ATT_WORK"
att_copy
att_make "$ATT_TREE" install "DESTDIR=$ATT_STAGE" >"$ATT_WORK/make.log" 2>&1 || { cat "$ATT_WORK/make.log" >&2; exit 1; }
PATH=$(att_pg --bindir):$PATH
dir=$ATT_MEMORY/citus
mkdir "$dir"
chmod 711 "$dir"
sockets=$PGHOST
nodes=(5451 5452 5453) # the first is the coordinator
export PGPORT=${nodes[0]}

run() { # DATABASE PSQL-ARGUMENT...
	psql -XqAt -v ON_ERROR_STOP=1 -d "$@"
}

# ---------- three servers ----------

server() { # PORT COMMAND
	att_as_server "$(att_pg --bindir)/pg_ctl" -D "$dir/$1" -w -t 120 -s -m immediate -l "$dir/$1/server.log" "$2" </dev/null
}

stop_all() {
	local port
	for port in "${nodes[@]}"; do
		[[ ! -e $dir/$port/postmaster.pid ]] || server "$port" stop || :
	done
}
trap stop_all EXIT

for port in "${nodes[@]}"; do
	ATT_DATA=$dir/$port
	att_server_dir "$ATT_DATA"
	att_as_server "$(att_pg --bindir)/initdb" -D "$ATT_DATA" -U postgres -A trust --no-sync --encoding=UTF8 --lc-collate=C \
		--lc-ctype="$(att_ctype)" >"$dir/initdb.log"
	settings=$(att_stage_settings)
	printf '%s\n' "port = $port" "listen_addresses = ''" "unix_socket_directories = '$sockets'" "fsync = off" "jit = off" \
		"$settings" "shared_preload_libraries = 'citus'" "citus.enable_statistics_collection = off" \
		"max_locks_per_transaction = 512" "max_connections = 200" "shared_buffers = 64MB" |
		att_as_server tee -a "$ATT_DATA/postgresql.conf" >/dev/null
	server "$port" start
done

# cluster DATABASE: on all three, with the extension
cluster() {
	local port
	for port in "${nodes[@]}"; do
		run postgres -p "$port" -c "CREATE DATABASE $1 TEMPLATE template0"
		run "$1" -p "$port" -c 'CREATE EXTENSION citus'
	done
	run "$1" -c "SELECT citus_set_coordinator_host('$sockets', ${nodes[0]})" -c "SELECT citus_add_node('$sockets', ${nodes[1]})" \
		-c "SELECT citus_add_node('$sockets', ${nodes[2]})" >/dev/null
	run "$1" -c 'CREATE SCHEMA attendance' -c 'CREATE EXTENSION attendance SCHEMA attendance' 2>/dev/null
}

# ---------- a register, and its copy ----------

run postgres -c 'CREATE DATABASE original TEMPLATE template0'
(cd "$ATT_TREE/test/pgtap" && run original <<-'SQL' >/dev/null
	CREATE SCHEMA attendance;
	CREATE EXTENSION attendance SCHEMA attendance;
	CREATE FUNCTION is(text, text, text) RETURNS text LANGUAGE sql RETURN $3; -- for the fixture
	SET search_path = public, attendance;
	\ir register/two_weeks.sql
	\ir register/every_report.sql
	\ir register/aggregates.sql
SQL
) 2>/dev/null
cluster spread
{
	echo 'SET citus.enable_ddl_propagation = off;'
	pg_dump -d original
} | psql -XqAt -d spread >"$dir/restore.log" 2>&1
# without them what is refused is another thing
same "the register is there" t "$(run spread -c "SELECT attendance.register_exists('r')")"

state() { # QUERY: the SQLSTATE with which it fails
	psql -XqAt -d spread -v VERBOSITY=sqlstate -c "SET search_path = public, attendance" -c "$1" 2>&1 | sed -n 's/^ERROR:  //p'
}
same "a register is not distributed by mistake" 55006 "$(state "SELECT distribute_register('r')")"
same "nor where there is none" 3F000 "$(state "SELECT distribute_register('none', true)")"
same "nor where Citus is not" 0A000 "$(psql -XqAt -d original -v VERBOSITY=sqlstate -c "SELECT attendance.distribute_register('r', true)" 2>&1 |
	sed -n 's/^ERROR:  //p')"
run spread -c 'SET client_min_messages = warning' -c "SELECT attendance.distribute_register('r', is_copy => true, shards => 6)" >/dev/null
same "it is, once" 55000 "$(state "SELECT distribute_register('r', true)")"
same "by school: lines, journal, enrolments and calendars; whole: organisations, law, pupils" \
	"enrolment 6,journal 6,journal_head 6,pupil 1,regime 1,register_line 6,school 1,school_day 6" \
	"$(run spread -c "SELECT string_agg(format('%s %s', c.relname, (SELECT count(*) FROM pg_dist_shard s WHERE s.logicalrelid = c.oid)), ',' ORDER BY c.relname)
	FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace
		AND c.relname IN ('register_line', 'enrolment', 'school_day', 'journal', 'journal_head', 'school', 'pupil', 'regime')")"
same "on both workers" 2 "$(run spread -c "SELECT count(DISTINCT nodeport) FROM citus_shards WHERE table_name = 'r.register_line'::regclass")"

# ---------- nothing is entered ----------

for entry in "INSERT INTO r.region VALUES ('E12000001', 'North East')" "UPDATE r.pupil SET surname = 'X'" "DELETE FROM r.school_day" \
	"UPDATE r.register_line SET marks = 'empty'" "INSERT INTO r.register_line SELECT * FROM r.register_line" \
	"INSERT INTO r.term_date VALUES (100001, 2027, 'Autumn', 1, '2027-09-01', '2027-10-20')" \
	"SELECT add_academic_year('r', 2030)"; do
	same "refused: $entry" 0A000 "$(state "$entry")"
done
same "refused: marks" 55000 "$(state "INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, '2025-09-08', 'AM', '/')")"
same "row-level security is on, and no policy opens a row to others" "t 0" "$(run spread -F ' ' -c "SELECT
	(SELECT bool_and(c.relrowsecurity) FROM pg_class c WHERE c.oid IN ('r.register_line'::regclass, 'r.enrolment'::regclass, 'r.pupil'::regclass)),
	(SELECT count(*) FROM pg_policy y JOIN pg_class c ON c.oid = y.polrelid WHERE c.relnamespace = 'r'::regnamespace)")"

# ---------- aggregates run where the rows are ----------

same "every aggregate counts as in one piece" "$(run original -c 'SELECT * FROM counted ORDER BY 1')" "$(run spread -c 'SELECT * FROM counted ORDER BY 1')"

# ---------- lists by reason ----------

# documented MARK: what doc/scaling.md lists after the mark, each item on a line
documented() {
	sed -n "/<!-- $1 -->/,/<!-- end -->/p" "$ATT_TREE/doc/scaling.md" |
		awk '/^<!--/ { next } /^- / { if (item) print item; item = substr($0, 3); next } { sub(/^ +/, ""); item = item " " $0 } END { if (item) print item }'
}

named() { # MARK
	documented "$1" | tr '\`' '\n' | grep -xE '[a-z0-9]+(_[a-z0-9]+)*' | sort
}

# by_reason REASONS: of lines of a name and what it was told, "REASON (N): `NAME`, ..." for each reason, that of most names first.
# A line of REASONS has a pattern and the reason that it stands for; the first that fits is taken.
by_reason() {
	sort | awk -F '\t' '
		FNR == NR { pattern[++n] = $1; reason[n] = $2; next }
		{
			why = "Other"
			for (i = n; i; i--)
				if ($2 ~ pattern[i])
					why = reason[i]
			names[why] = names[why] (count[why]++ ? ", " : "") "`" $1 "`"
		}
		END { for (why in count) printf "%d\t%s (%d): %s\n", count[why], why, count[why], names[why] }' <(echo "$1") - |
		sort -t $'\t' -k 1,1nr -k 2 | cut -f 2
}

# ---------- the same answer, or none ----------

# ask PART: a third of them, each in a session of its own, as an error of one must not be that of another
ask() {
	local name query answer
	awk -v part="$1" 'NR % 3 == part' "$dir/asked" | while IFS=$'\t' read -r name query; do
		answer=$(psql -XqAt -d spread -v VERBOSITY=verbose -c 'SET search_path = public, attendance; SET client_min_messages = error' \
			-c "SELECT count(*), md5(string_agg(t::text, E'\n' ORDER BY t::text)) FROM ($query OFFSET 0) t" 2>&1 </dev/null | head -n 1) || :
		[[ $answer != 'ERROR:  22023'* ]] || answer=22023
		echo "$name: $answer"
	done
}
run spread -F $'\t' -c "SELECT name, replace(query, E'\n', ' ') FROM every_report ORDER BY name" |
	grep -vFf <(named 'not asked' | sed $'s/$/\t/') >"$dir/asked"
for part in 0 1 2; do ask "$part" >"$dir/answers.$part" & done
run original -c "SET search_path = public, attendance" -c "SELECT report || ': ' || coalesce(lines || '|' || coalesce(digest, ''), '22023') FROM answers()" \
	2>/dev/null >"$dir/all.answers"
wait
# sizes are of each machine's own files
sort "$dir"/answers.? | grep -v '^view register_year:' >"$dir/spread.answers"
grep -Ff <(cut -f 1 "$dir/asked" | sed 's/$/: /') "$dir/all.answers" | grep -v '^view register_year:' | sort >"$dir/original.answers"
diff "$dir/original.answers" "$dir/spread.answers" | sed -n 's/^> //p' >"$dir/others" || :
same "each was asked" "$(wc -l <"$dir/original.answers")" "$(wc -l <"$dir/spread.answers")"
same "there is much to ask" t "$([[ $(wc -l <"$dir/original.answers") -gt 300 ]] && echo t)"
same "no report answers otherwise" "" "$(grep -v ': ERROR: ' "$dir/others")"
refusals=$(printf '%s\t%s\n' \
	'correlated subqueries' 'A correlated subquery' \
	'42883: function|query from a query on a shard' 'A function that reads tables would be called on a worker, where it is not' \
	'cannot push down this subquery' 'A subquery that is not by school' \
	'complex joins' 'A join that is not by school' \
	'outer join' 'An outer join with a whole table' \
	'recursive CTEs' 'A recursive query')
sed -nE 's/^[a-z]+ ([^:]*): (ERROR: .*)/\1\t\2/p' "$dir/others" >"$dir/refused"
by_reason "$refusals" <"$dir/refused" >"$dir/refused.list"
same "doc/scaling.md lists those that are refused, by reason" "$(cat "$dir/refused.list")" "$(documented refused)"
all=$(wc -l <"$dir/all.answers") answer=$(($(wc -l <"$dir/spread.answers") - $(wc -l <"$dir/refused")))
same "and says how many answer" 1 "$(grep -c "$answer of $all views and functions answer" "$ATT_TREE/doc/scaling.md")"

# ---------- the tests of make check, asked of copies ----------

# What they make themselves is made on the coordinator alone.
export PGOPTIONS='-c citus.enable_ddl_propagation=off'

# the registers that tools/run-test gives them
for register in fixture two_weeks; do
	cluster "$register"
	run "$register" -c 'SET client_min_messages = warning' -c 'CREATE EXTENSION pgtap SCHEMA public' \
		-c "ALTER DATABASE $register SET search_path = attendance, public"
	run "$register" -f "$ATT_TREE/test/pgtap/register/$register.sql" >/dev/null
	run "$register" -c 'SET client_min_messages = warning' -c "SELECT attendance.distribute_register('r', is_copy => true, shards => 2)" >/dev/null
done

forget() { # DATABASE: what a test had to commit, as others connect
	run "$1" <<-'SQL'
		SET client_min_messages = error;
		DROP EXTENSION IF EXISTS dblink CASCADE;
		DROP TABLE IF EXISTS argument_value CASCADE;
		DROP FUNCTION IF EXISTS answers;
		SELECT format(command, rolname) FROM pg_roles, unnest('{DROP OWNED BY %I,DROP ROLE %I}'::text[]) WITH ORDINALITY AS c (command, n)
		WHERE oid >= 16384 ORDER BY n \gexec
	SQL
}

own='(create|fill)_register' # in a test that makes registers of its own

told() { # FILE of pgTAP: what goes wrong first, or that it passes
	local register
	register=$(sed -nE 's#^\\ir register/(fixture|two_weeks)\.sql$#\1#p' "$1")
	register=${register:-fixture}
	if grep -qE "$own" "$1"; then
		echo "has registers of its own"
	elif timeout 300 psql -XqAt -P pager=off -v ON_ERROR_STOP=1 -v VERBOSITY=verbose -d "$register" -f "$1" >"$dir/told" 2>&1 </dev/null &&
		! grep -qE '^not ok|^# Looks like' "$dir/told"; then
		echo "passes"
	else
		grep -m 1 -A 6 -E '^not ok|ERROR: |FATAL: |server closed|^# Looks like' "$dir/told" | tr '\n\t' '  ' || echo "was ended"
	fi
	forget "$register"
}

for file in "$ATT_TREE"/test/pgtap/*.sql; do
	printf '%s\t%s\n' "$(basename "$file" .sql)" "$(told "$file")"
done >"$dir/suite"
# those of the types alone, in the same way
mkdir "$dir/regress"
mapfile -t types < <(cd "$ATT_TREE/test/sql" && grep -LE "$own" ./*.sql | sed -E 's#./(.*)\.sql#\1#')
grep -lE "$own" "$ATT_TREE"/test/sql/*.sql | sed -E 's#.*/(.*)\.sql#\1\thas registers of its own#' >>"$dir/suite"
(cd "$dir/regress" && "$(dirname "$(att_pg --pgxs)")/../../src/test/regress/pg_regress" --use-existing --dbname=fixture --inputdir="$ATT_TREE/test" \
	--outputdir=. --bindir="$(att_pg --bindir)" "${types[@]}") >"$dir/regress.log" 2>&1 || :
sed -nE 's/^test ([a-z_]+) +\.\.\. ok .*/\1\tpasses/p; s/^test ([a-z_]+) +\.\.\. FAILED.*/\1\tdiffers/p' "$dir/regress.log" >>"$dir/suite"
suite=$(printf '%s\t%s\n' \
	'^has registers' 'Makes registers of its own, which are not copies: not asked' \
	'^passes' 'Passes' \
	'was distributed for reports|cannot insert into view|UPDATE queries' 'Enters something in the register first, which a copy refuses' \
	'correlated subqueries' 'Asks for a report that is refused' \
	'parameters in SQL functions' 'Reads the register with an SQL function of its own, of which Citus does not take parameters' \
	'^not ok' 'Looks at what a copy has not (identities, parsed bodies, triggers), or has more of (parts of tables)')
by_reason "$suite" <"$dir/suite" >"$dir/suite.list"
same "doc/scaling.md lists those that pass and those that do not, by reason" "$(cat "$dir/suite.list")" "$(documented suite)"
same "and those that no copy can be given to; none is forgotten" \
	"$(cd "$ATT_TREE/test" && printf '%s\n' sql/*.sql pgtap/*.sql isolation/specs/*.spec ./*.sh | sed -E 's#.*/##; s/\.[a-z]+$//' | sort)" \
	"$( (named suite; named 'not given') | sort)"

run spread -c 'SET client_min_messages = warning' -c 'SET citus.enable_ddl_propagation = on' \
	-c 'SET citus.multi_shard_modify_mode = sequential' -c "SELECT attendance.drop_register('r', discard_marks => true)" >/dev/null || :
same "a copy is dropped as any register, in sequence" f "$(run spread -c "SELECT attendance.register_exists('r')")"
[[ ! ${CITUS_ANSWERS:-} ]] || { mkdir -p "$CITUS_ANSWERS" && cp "$dir"/{refused,suite}{,.list} "$CITUS_ANSWERS"; }

plan
