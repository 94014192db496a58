#!/bin/bash
#
# replication.sh: a register on a standby, on a standby that was promoted, and on a subscriber of logical replication that
# has become the server that is written to.  Prints TAP.
# shellcheck disable=SC2153 # ATT_WORK, ATT_TREE, ATT_STAGE: of make check
set -euo pipefail

work=$ATT_WORK
stage=$ATT_STAGE
# shellcheck source=tools/cluster.sh
. "$ATT_TREE/tools/cluster.sh"
ATT_WORK=$work ATT_STAGE=$stage
att_choose_user
dir=$ATT_MEMORY/replication
mkdir "$dir"
chmod 711 "$dir"
WAIT_LIMIT=120 # of each wait, in seconds
primary=5433 standby=5434 subscriber=5435
sockets=$PGHOST

run() { # PORT PSQL-ARGUMENT...
	local port=$1
	shift
	psql -XqAt -v ON_ERROR_STOP=1 -h "$sockets" -p "$port" -d replicated "$@"
}

# shellcheck source=test/lib/tap.sh
. "$ATT_TREE/test/lib/tap.sh"

# ---------- servers ----------

# make_cluster NAME: an empty one, of the PostgreSQL and the stage at hand
make_cluster() {
	local stage_settings
	ATT_DATA=$dir/$1
	att_server_dir "$ATT_DATA"
	att_as_server "$(att_pg --bindir)/initdb" -D "$ATT_DATA" -U postgres -A trust --no-sync --encoding=UTF8 \
		--lc-collate=C --lc-ctype="$(att_ctype)" >"$dir/initdb.log"
	stage_settings=$(att_stage_settings)
	printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$sockets'" "fsync = off" "wal_level = logical" \
		"$stage_settings" | att_as_server tee -a "$ATT_DATA/postgresql.conf" >/dev/null
}

server() { # NAME PORT COMMAND: pg_ctl
	att_as_server "$(att_pg --bindir)/pg_ctl" -D "$dir/$1" -w -t 120 -s -m fast -o "-p $2" -l "$dir/$1/server.log" "$3" </dev/null
}

stop_all() {
	local name
	for name in primary standby subscriber; do
		[[ ! -e $dir/$name/postmaster.pid ]] || server "$name" 0 stop || :
	done
}
trap stop_all EXIT

says() { # PORT QUERY: whether it says t
	[[ $(run "$1" -c "$2") == t ]]
}

# ---------- a register with marks, amendments and leave ----------

make_cluster primary
server primary $primary start
run $primary -d postgres -c 'CREATE DATABASE replicated TEMPLATE template0'
(cd "$ATT_TREE/test/pgtap" && run $primary <<-'SQL' >/dev/null
	CREATE SCHEMA attendance;
	CREATE EXTENSION attendance SCHEMA attendance;
	CREATE FUNCTION is(text, text, text) RETURNS text LANGUAGE sql RETURN $3; -- for the fixture
	SET search_path = public, attendance;
	\ir register/two_weeks.sql
	\ir register/every_report.sql
	INSERT INTO r.trust VALUES (90001, 'A Trust');
	UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn = 100001;
	UPDATE r.enrolment SET registration_group = '5A', entered_by = 'x', title = 'x', reason = 'x' WHERE school_urn = 100001 AND end_date IS NULL;
	UPDATE r.mark SET mark = 'O', entered_by = 'Jo', title = 'Clerk', reason = 'parent rang'
	WHERE pupil_id = 2 AND day = '2025-09-08' AND session = 'AM';
	INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 8, '2025-09-08', 'AM', 'V');
SQL
)
path="SET search_path = public, attendance; "
answers="$path SELECT report, lines, digest FROM answers() ORDER BY report"

# ---------- a standby: everything can be read ----------

att_server_dir "$dir/standby"
(cd / && att_as_server "$(att_pg --bindir)/pg_basebackup" -h "$sockets" -p $primary -U postgres -D "$dir/standby" \
	-c fast -R --no-sync) >/dev/null
# however long its queries take
echo 'max_standby_streaming_delay = -1' >>"$dir/standby/postgresql.auto.conf"
server standby $standby start
same "the server is a standby" t "$(run $standby -c 'SELECT pg_is_in_recovery()')"
run $primary -c "$answers" >"$dir/primary.answers"
run $standby -c "$answers" >"$dir/standby.answers"
same "every view and report answers as on the primary server" "" "$(diff "$dir/primary.answers" "$dir/standby.answers" | head -5)"
same "and they are many" t "$(run $standby -c "$path SELECT count(*) > 150 FROM every_report")"
same "check_register finds nothing" "" "$(run $standby -c "SELECT * FROM attendance.check_register('r')")"
same "the journal verifies" "" "$(run $standby -c 'SELECT * FROM r.verify_journal()')"
same "breaches are listed" t "$(run $standby -c 'SELECT count(*) > 0 FROM r.breach')"
same "what would be refused is told" t "$(run $standby -c "SELECT count(*) >= 0 FROM attendance.refused_marks('r.register_line', 100001, '{8}', '{2025-09-08 AM}', '{C}')")"

# ---------- promoted ----------

server standby $standby promote
run $standby -c "INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, '2025-09-08', 'AM', '/')"
same "promoted, it takes entries and the journal verifies" "" "$(run $standby -c 'SELECT * FROM r.verify_journal()')"
same "and is a register like a new one" "" "$(run $standby -c "SELECT * FROM attendance.check_register('r')")"
server standby $standby stop

# ---------- a subscriber that becomes the server that is written to ----------

make_cluster subscriber
server subscriber $subscriber start
run $subscriber -d postgres -c 'CREATE DATABASE replicated TEMPLATE template0'
run $subscriber -c 'CREATE SCHEMA attendance' -c 'CREATE EXTENSION attendance SCHEMA attendance'
pg_dump -h "$sockets" -p $primary -d replicated --schema-only -n r >"$dir/schema.sql"
run $subscriber -f "$dir/schema.sql" >/dev/null
run $primary -c 'CREATE PUBLICATION register FOR TABLES IN SCHEMA r'
run $subscriber -c "CREATE SUBSCRIPTION register CONNECTION 'host=$sockets port=$primary dbname=replicated user=postgres' PUBLICATION register" 2>/dev/null
wait_for "the tables are copied to the subscriber" says $subscriber "SELECT count(*) > 50 AND bool_and(srsubstate = 'r') FROM pg_subscription_rel"
run $primary -c "INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 10, '2025-09-08', 'AM', '/')" \
	-c "UPDATE r.penalty_framework SET source = source || '; read again'" -c "DELETE FROM r.penalty_framework WHERE la_number IS NOT NULL"
entries=$(run $primary -c 'SELECT count(*) FROM r.journal')
wait_for "the last entry comes to the subscriber" says $subscriber "SELECT count(*) = $entries FROM r.journal"
wait_for "an UPDATE of penalty_framework comes to the subscriber" says $subscriber "SELECT source ~ 'read again' FROM r.penalty_framework"
run $subscriber -c 'ALTER SUBSCRIPTION register DISABLE' -c 'ALTER SUBSCRIPTION register SET (slot_name = NONE)' -c 'DROP SUBSCRIPTION register'
server primary $primary stop

run $subscriber -c "INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 10, '2025-09-08', 'PM', '/')" \
	-c "INSERT INTO r.return_arrangement (la_number) VALUES (380)"
same "the first entries follow those of the primary server" "" "$(run $subscriber -c 'SELECT * FROM r.verify_journal()')"
same "sequences that are behind are told" t "$(run $subscriber -c "
	SELECT array_agg(object) @> '{sequence register_line_key,sequence pupil_pupil_key_seq}' FROM attendance.check_register('r') WHERE object ~ '^sequence '")"
run $subscriber -c "SELECT attendance.advance_sequences('r')" >/dev/null
same "and moved" "" "$(run $subscriber -c "SELECT * FROM attendance.check_register('r') WHERE object ~ '^sequence '")"
same "then pupils and lines get numbers of their own" t "$(run $subscriber <<-'SQL'
	INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (99, 'New', 'Pupil', '2015-03-01');
	INSERT INTO r.enrolment (school_urn, pupil_id, start_date, entry_reason) VALUES (100001, 99, '2025-09-08', 'moved here');
	INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 99, '2025-09-08', 'AM', '/');
	SELECT count(*) = count(DISTINCT line_key) FROM r.register_line;
SQL
)"
same "and the journal verifies" "" "$(run $subscriber -c 'SELECT * FROM r.verify_journal()')"
plan
