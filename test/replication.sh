#!/bin/bash
#
# replication.sh: a register on a standby and on a standby that was promoted; on subscribers of logical replication: whole, by
# school, without the extension, and as the server that is written to after an upgrade of PostgreSQL.  Prints TAP.
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
WAIT_LIMIT=300 # of each wait, in seconds
primary=5433 standby=5434 subscriber=5435 upgraded=5436
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
	printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$sockets'" "fsync = off" "jit = off" "wal_level = logical" \
		"$stage_settings" | att_as_server tee -a "$ATT_DATA/postgresql.conf" >/dev/null
}

server() { # NAME PORT COMMAND: pg_ctl
	att_as_server "$(att_pg --bindir)/pg_ctl" -D "$dir/$1" -w -t 120 -s -m fast -o "-p $2" -l "$dir/$1/server.log" "$3" </dev/null
}

stop_all() {
	local name
	for name in primary standby subscriber upgraded; do
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

# ---------- subscriptions ----------

# A subscription has the name of its database.  Its role at the publisher sees all rows, and is no superuser.
subscribe() { # DATABASE PUBLICATION [PSQL-ARGUMENT...]
	local database=$1 publication=$2
	shift 2
	run $subscriber -d "$database" "$@" -c "CREATE SUBSCRIPTION $database CONNECTION 'host=$sockets port=$primary dbname=replicated user=copier options=-crow_security=off' PUBLICATION $publication" 2>/dev/null
}

copied() { # DATABASE; how many slots are used meanwhile is kept
	run $primary -c 'SELECT count(*) FROM pg_replication_slots' >>"$dir/slots"
	[[ $(run "${2:-$subscriber}" -d "$1" -c "SELECT count(*) > 50 AND bool_and(srsubstate = 'r') FROM pg_subscription_rel") == t ]]
}

copies_at_once() { # TABLES, as the subscriber is set
	[[ $(run $subscriber -d postgres -c 'SHOW max_sync_workers_per_subscription') == "$1" ]]
}

follows() { # DATABASE: once it has what the primary server has written until now
	local end
	end=$(run $primary -c 'SELECT pg_current_wal_lsn()')
	wait_for "$1 has all that was written" says $primary "SELECT coalesce(bool_and(confirmed_flush_lsn >= '$end'), false) FROM pg_replication_slots WHERE slot_name = '$1'"
}

# state PORT DATABASE COMMAND [USER]: the SQLSTATE of its error
state() {
	psql -XqAt -h "$sockets" -p "$1" -d "$2" -U "${4:-postgres}" -v VERBOSITY=sqlstate -c "$3" 2>&1 >/dev/null | sed -n 's/^ERROR:  //p'
}

# What is in each table of a register, but for columns that are computed.  The query is the same without the extension.
contents() { # PORT DATABASE
	run "$1" -d "$2" <<-'SQL'
		SET search_path = '';
		SELECT c.relname, pg_catalog.xpath('/row/d/text()', pg_catalog.query_to_xml(pg_catalog.format(
			'SELECT pg_catalog.md5(pg_catalog.string_agg(t::text, '' '' ORDER BY t::text COLLATE "C")) AS d FROM (SELECT %s FROM r.%I) t',
			(SELECT pg_catalog.string_agg(pg_catalog.format('%I::text', a.attname), ', ' ORDER BY a.attname COLLATE "C") FROM pg_catalog.pg_attribute a
				WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), c.relname), false, true, ''))
		FROM pg_catalog.pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		ORDER BY c.relname COLLATE "C";
	SQL
}

# ---------- what is published ----------

run $primary -c 'CREATE ROLE copier LOGIN REPLICATION BYPASSRLS' -c "SELECT attendance.grant_register('r', 'copier', 'audit')" >/dev/null
same "a register is published as a whole" "t|all" \
	"$(run $primary -c "SELECT count(*) > 70, string_agg(DISTINCT published, ',') FROM attendance.publish_register('r', 'whole')")"
same "and some schools of it" "all,none,of the schools" \
	"$(run $primary -c "SELECT string_agg(DISTINCT published, ',' ORDER BY published) FROM attendance.publish_register('r', 'one_school', '{100001}')")"
years=$(run $primary -c 'SELECT array_agg(academic_year) FROM r.register_year')
make_cluster subscriber
# of three subscriptions at once
echo -e 'max_logical_replication_workers = 12\nmax_worker_processes = 20' >>"$dir/subscriber/postgresql.conf"
server subscriber $subscriber start

# ---------- the whole, of an owner who is no superuser ----------

run $subscriber -d postgres -c 'CREATE DATABASE whole TEMPLATE template0' -c 'CREATE ROLE puller LOGIN'
run $subscriber -d whole -c 'CREATE SCHEMA attendance' -c 'CREATE EXTENSION attendance SCHEMA attendance' \
	-c "SELECT attendance.create_register('r', 'keeper')" -c 'GRANT keeper TO puller' \
	-c 'GRANT USAGE, CREATE ON SCHEMA public TO puller' >/dev/null
run $subscriber -d whole -c 'ALTER SYSTEM SET max_sync_workers_per_subscription = 20' -c 'SELECT pg_reload_conf()' >/dev/null
wait_for "the setting" copies_at_once 20
same "more tables at once than there is room for are refused" 53400 "$(state $subscriber whole "SELECT attendance.prepare_subscriber('r')" puller)"
run $subscriber -d whole -c 'ALTER SYSTEM RESET max_sync_workers_per_subscription' -c 'SELECT pg_reload_conf()' >/dev/null
wait_for "the setting" copies_at_once 2
prepare="SELECT string_agg(server || ' ' || setting || ' ' || needed, ',' ORDER BY server, setting) FROM attendance.prepare_subscriber('r', '$years')"
needs="publisher max_replication_slots 3,publisher max_wal_senders 3,subscriber max_logical_replication_workers 3,subscriber max_replication_slots 3,subscriber max_worker_processes 4"
same "its owner prepares it" "$needs" "$(run $subscriber -d whole -U puller -c "$prepare" | sed 's/max_active_replication_origins/max_replication_slots/')"
same "twice is as once" "$needs" "$(run $subscriber -d whole -U puller -c "$prepare" | sed 's/max_active_replication_origins/max_replication_slots/')"
same "what has not been copied is not promoted" 55000 "$(state $subscriber whole "SELECT attendance.promote_subscriber('r')" puller)"
run $subscriber -d whole -c 'ALTER ROLE puller SUPERUSER'
subscribe whole whole -U puller
run $subscriber -d whole -c 'ALTER ROLE puller NOSUPERUSER'
wait_for "the tables are copied" copied whole
same "the copy took no more slots than were counted" t "$(sort -n "$dir/slots" | tail -n 1 | awk '{ print ($1 <= 3 ? "t" : $1) }')"
same "and is the register" "$(contents $primary replicated)" "$(contents $subscriber whole)"

# ---------- by school ----------

run $subscriber -d postgres -c 'CREATE DATABASE one_school TEMPLATE template0'
run $subscriber -d one_school -c 'CREATE SCHEMA attendance' -c 'CREATE EXTENSION attendance SCHEMA attendance' \
	-c "SELECT attendance.create_register('r')" -c "SELECT attendance.prepare_subscriber('r', '$years')" >/dev/null
subscribe one_school one_school
wait_for "the tables are copied" copied one_school

# ---------- without the extension ----------

run $subscriber -d postgres -c 'CREATE DATABASE plain TEMPLATE template0'
run $primary -c "SELECT attendance.plain_tables('whole')" >"$dir/plain.sql"
run $subscriber -d plain -f "$dir/plain.sql"
subscribe plain whole
wait_for "the tables are copied" copied plain
same "without the extension there is the same" "$(contents $primary replicated)" "$(contents $subscriber plain)"

# ---------- what is written goes to all of them ----------

run $primary <<-'SQL'
	INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 10, '2025-09-08', 'AM', '/'), (100002, 11, '2025-09-15', 'AM', '/');
	UPDATE r.penalty_framework SET source = source || '; read again';
	UPDATE r.term_date SET last_day = last_day - 1 WHERE school_urn = 100001 AND academic_year = 2024;
	INSERT INTO r.school_feature VALUES (100001, 'exclusions', 1), (100002, 'exclusions', 1);
	DELETE FROM r.school_feature WHERE school_urn = 100001;
	DELETE FROM r.rule_setting WHERE ctid = (SELECT max(ctid) FROM r.rule_setting);
	INSERT INTO r.registration (school_urn, day, session, taken_by, opened_at, closed_at) VALUES (100001, '2025-09-08', 'AM', 'x', '2025-09-08 08:55', '2025-09-08 09:20');
	UPDATE r.registration SET closed_at = '2025-09-08 09:25';
SQL
for database in whole one_school plain; do
	follows "$database"
done
same "entries, changes and removals come to the whole" "$(contents $primary replicated)" "$(contents $subscriber whole)"
same "and where the extension is not" "$(contents $primary replicated)" "$(contents $subscriber plain)"
run $subscriber -d whole <<-SQL >/dev/null
	CREATE FUNCTION is(text, text, text) RETURNS text LANGUAGE sql RETURN \$3;
	SET search_path = public, attendance;
	\i $ATT_TREE/test/pgtap/register/every_report.sql
SQL
run $primary -c "$answers" >"$dir/primary.answers"
run $subscriber -d whole -c "$answers" >"$dir/whole.answers"
same "every view and report answers as at the publisher" "" "$(diff "$dir/primary.answers" "$dir/whole.answers" | grep -v register_year | head -5)"
same "what is entered at a subscriber is refused" "55000 55000 55000" \
	"$(for command in "INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, '2025-09-09', 'AM', '/')" \
		"UPDATE r.register_line_2025 SET marks = marks" "DELETE FROM r.school_day"; do state $subscriber whole "$command"; done | xargs)"
same "and a subscriber is a register like a new one" "" "$(run $subscriber -d whole -c "SELECT * FROM attendance.check_register('r') WHERE object !~ '^sequence '" |
	diff <(run $primary -c "SELECT * FROM attendance.check_register('r')") -)"

# Of a school all that tells the school, and of no other anything.
same "of one school comes what rows say is of it" "$(run $primary -c 'SELECT * FROM r.register_line WHERE school_urn = 100001 ORDER BY pupil_id')" \
	"$(run $subscriber -d one_school -c 'SELECT * FROM r.register_line ORDER BY pupil_id')"
same "with its chain, which verifies" "$(run $primary -c 'SELECT count(*) FROM r.journal WHERE school_urn = 100001')|" \
	"$(run $subscriber -d one_school -c "SELECT count(*), (SELECT string_agg(f.problem, ' ') FROM attendance.journal_faults('r.register_line', 100001) f) FROM r.journal")"
same "and of no other anything, and no pupil's or parent's name" "" "$(run $subscriber -d one_school <<-'SQL'
	SELECT f.* FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'school_urn'
	CROSS JOIN LATERAL (SELECT query_to_xml(format('SELECT %L FROM r.%I t WHERE %s LIMIT 1', c.relname, c.relname,
		CASE WHEN a.attnum IS NULL THEN 'true' ELSE 't.school_urn IS DISTINCT FROM 100001' END), false, false, '')::text) AS f (found)
	WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND f.found ~ '<row'
		AND (a.attnum IS NOT NULL OR c.relname IN ('pupil', 'person', 'contact', 'contact_former', 'pupil_address', 'pupil_characteristic', 'pupil_worker'));
SQL
)"
headline="SELECT * FROM r.headline('2025/26', population => 'all', schools => '{100001}')"
same "its figures are those of the publisher" "$(run $primary -c "$headline")" "$(run $subscriber -d one_school -c "$headline")"
same "settings, changes and removals come, too" "0|$(run $primary -c "SELECT max(last_day) FROM r.term_date WHERE school_urn = 100001 AND academic_year = 2024")|09:25:00" \
	"$(run $subscriber -d one_school -c "SELECT (SELECT count(*) FROM r.school_feature), (SELECT max(last_day) FROM r.term_date WHERE academic_year = 2024), (SELECT closed_at::time FROM r.registration)")"
run $subscriber -d one_school -c 'ALTER SUBSCRIPTION one_school DISABLE'
same "it is never promoted, being a part" 55000 "$(state $subscriber one_school "SELECT attendance.promote_subscriber('r')")"
same "and stays as it was" 55000 "$(state $subscriber one_school "INSERT INTO r.region VALUES ('x', 'x')")"
for database in one_school plain; do
	run $subscriber -d "$database" -c "DROP SUBSCRIPTION $database" 2>/dev/null
done

# ---------- an upgrade of PostgreSQL, while marks are entered ----------

# Marks until the server takes none any more, each acknowledged before the next.
write_marks() {
	local pupil day session
	while :; do
		for day in 09 10 11 12 15 16 17 18 19; do
			for pupil in 8 9 10; do
				for session in AM PM; do
					run $primary -c "INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, $pupil, '2025-09-$day', '$session', '/')" || return 0
					echo "$pupil 2025-09-$day $session"
					sleep 0.2
				done
			done
		done
		return 0
	done >"$dir/acknowledged" 2>"$dir/writer.log"
}

# To a server of the PostgreSQL at hand.
upgrade_by_replication() {
	local writer begun
	make_cluster upgraded
	server upgraded $upgraded start
	write_marks &
	writer=$!
	# roles, and the database without rows: with owners, rights and policies
	pg_dumpall -h "$sockets" -p $primary --roles-only | grep -v 'ROLE postgres' >"$dir/roles.sql"
	pg_dump -h "$sockets" -p $primary -d replicated --create --schema-only --no-publications --no-subscriptions >"$dir/schema.sql"
	run $upgraded -d postgres -f "$dir/roles.sql" -f "$dir/schema.sql" >/dev/null
	run $upgraded -c "SELECT attendance.prepare_subscriber('r')" >/dev/null
	run $upgraded -c "CREATE SUBSCRIPTION upgraded CONNECTION 'host=$sockets port=$primary dbname=replicated user=copier options=-crow_security=off' PUBLICATION whole" 2>/dev/null
	wait_for "the tables are copied" copied replicated $upgraded
	follows upgraded

	# from here on nobody writes
	begun=$EPOCHREALTIME
	run $primary -c 'ALTER DATABASE replicated SET default_transaction_read_only = on'
	wait "$writer"
	follows upgraded
	run $upgraded -c 'ALTER SUBSCRIPTION upgraded DISABLE'
	run $upgraded -c "SELECT attendance.promote_subscriber('r')" >/dev/null
	run $upgraded -c "INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100002, 12, '2025-09-15', 'AM', '/')"
	echo "# nobody could write for $(bc <<<"($EPOCHREALTIME - $begun) / 1") seconds; $(wc -l <"$dir/acknowledged") marks were entered before" >&2
	same "an upgrade takes seconds in which nobody writes" t "$(bc <<<"$EPOCHREALTIME - $begun < 60" | sed 's/1/t/')"
	run $upgraded -c 'DROP SUBSCRIPTION upgraded' 2>/dev/null
}

upgrade_by_replication
same "marks were entered while the register was copied" t "$([[ $(wc -l <"$dir/acknowledged") -gt 3 ]] && echo t)"
same "and every one that was acknowledged is there" "$(sort "$dir/acknowledged")" \
	"$(run $upgraded -F ' ' -c "SELECT pupil_id, day, session FROM r.mark WHERE school_urn = 100001 AND pupil_id IN (8, 9, 10) AND day > '2025-09-08'" | sort)"
same "the first entry follows those of the old server" "" "$(run $upgraded -c 'SELECT * FROM r.verify_journal()')"
same "it is a register like a new one, but for the law that was changed" "$(run $primary -c "SELECT * FROM attendance.check_register('r')")" "$(run $upgraded -c "SELECT * FROM attendance.check_register('r')")"
same "what roles may is what they might" "$(run $primary -c "SELECT relname, relacl FROM pg_class WHERE relnamespace = 'r'::regnamespace AND relkind IN ('r', 'p', 'v') ORDER BY relname COLLATE \"C\"")" \
	"$(run $upgraded -c "SELECT relname, relacl FROM pg_class WHERE relnamespace = 'r'::regnamespace AND relkind IN ('r', 'p', 'v') ORDER BY relname COLLATE \"C\"")"
same "pupils and lines get numbers of their own" t "$(run $upgraded <<-'SQL'
	INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (99, 'New', 'Pupil', '2015-03-01');
	INSERT INTO r.enrolment (school_urn, pupil_id, start_date, entry_reason) VALUES (100001, 99, '2025-09-08', 'moved here');
	INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 99, '2025-09-08', 'AM', '/');
	INSERT INTO r.registration (school_urn, day, session, taken_by, opened_at) VALUES (100001, '2025-09-09', 'AM', 'x', '2025-09-09 08:55');
	INSERT INTO r.return_arrangement (la_number) VALUES (380);
	SELECT count(*) = count(DISTINCT line_key) FROM r.register_line;
SQL
)"
same "and the journal verifies" "" "$(run $upgraded -c 'SELECT * FROM r.verify_journal()')"
skip "an upgrade to another major version by replication" "test/pg_upgrade.sh builds for those that are here"

# ---------- the subscriber of an owner who is no superuser is promoted ----------

follows whole
same "what a subscription writes is not promoted" 55000 "$(state $subscriber whole "SELECT attendance.promote_subscriber('r')" puller)"
run $subscriber -d whole -U puller -c 'ALTER SUBSCRIPTION whole DISABLE'
same "its owner promotes it" t "$(run $subscriber -d whole -U puller -c "SELECT attendance.promote_subscriber('r') > 0")"
same "twice is as once" 0 "$(run $subscriber -d whole -U puller -c "SELECT attendance.promote_subscriber('r')")"
run $subscriber -d whole -U puller -c "ALTER SUBSCRIPTION whole SET (slot_name = NONE)" -c 'DROP SUBSCRIPTION whole'
run $subscriber -d whole -c "INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 10, '2025-09-08', 'PM', '/')"
same "and the first entry follows" "" "$(run $subscriber -d whole -c 'SELECT * FROM r.verify_journal()')"
same "a register that has data is not prepared" 55000 "$(state $subscriber whole "SELECT attendance.prepare_subscriber('r')")"
same "nor by who does not own it" 42501 "$(run $subscriber -d whole -c 'CREATE ROLE stranger LOGIN' -c 'GRANT USAGE ON SCHEMA attendance TO stranger'; state $subscriber whole "SELECT attendance.promote_subscriber('r')" stranger)"
plan
