#!/bin/bash
#
# pg_upgrade.sh: registers outlive pg_upgrade.  Prints TAP.
#
# A cluster with two registers is upgraded to a new one of the same PostgreSQL, which takes the same path as another major
# version, and to every later one that is there to build for; UPGRADE_TO names more of their pg_config programs.
# shellcheck disable=SC2153 # ATT_WORK, ATT_TREE, ATT_STAGE: of make check
set -euo pipefail

work=$ATT_WORK
stage=$ATT_STAGE
# shellcheck source=tools/cluster.sh
. "$ATT_TREE/tools/cluster.sh"
ATT_WORK=$work ATT_STAGE=$stage
att_choose_user
dir=$ATT_MEMORY/pg_upgrade
mkdir "$dir"

run() { # PSQL-ARGUMENT...
	psql -XqAt -v ON_ERROR_STOP=1 -d upgraded "$@"
}

# shellcheck source=test/lib/tap.sh
. "$ATT_TREE/test/lib/tap.sh"

# ---------- clusters ----------

# make_cluster NAME: an empty one, of the PostgreSQL and the stage at hand, in $dir/NAME
make_cluster() {
	local stage_settings initdb checksums=()
	initdb=$(att_pg --bindir)/initdb
	ATT_DATA=$dir/$1
	att_server_dir "$ATT_DATA"
	# from PostgreSQL 18 on, what was not the default before has to be said
	if "$initdb" --help | grep -q -e --no-data-checksums; then checksums=(--no-data-checksums); fi
	att_as_server "$initdb" -D "$ATT_DATA" -U postgres -A trust --no-sync --encoding=UTF8 \
		--lc-collate=C --lc-ctype="$(att_ctype)" "${checksums[@]}" >"$dir/initdb.log"
	stage_settings=$(att_stage_settings)
	printf '%s\n' "listen_addresses = ''" "fsync = off" "$stage_settings" |
		att_as_server tee -a "$ATT_DATA/postgresql.conf" >/dev/null
}

start() { # NAME
	ATT_DATA=$dir/$1
	att_as_server "$(att_pg --bindir)/pg_ctl" -D "$ATT_DATA" -w -t 120 -s -o "-k '$PGHOST' -p $PGPORT" \
		-l "$ATT_DATA/server.log" start
}

# ---------- what is upgraded ----------

# Two registers, one of them another role's: marks of two years, amendments and journal, leave, a disposal, grants, row security.
make_registers() {
	run -d postgres -c 'CREATE DATABASE upgraded TEMPLATE template0' -c 'CREATE ROLE clerk LOGIN'
	(cd "$ATT_TREE/test/pgtap" && run <<-'SQL' >/dev/null
		CREATE SCHEMA attendance;
		CREATE EXTENSION attendance SCHEMA attendance;
		CREATE FUNCTION is(text, text, text) RETURNS text LANGUAGE sql RETURN $3; -- for the fixture
		SET search_path = public, attendance;
		\ir register/two_weeks.sql
		SELECT create_register('s', 's_owner'), add_academic_year('s', 2024), add_academic_year('s', 2025), fill_register('s');
		INSERT INTO s.mark (school_urn, pupil_id, day, session, mark) SELECT school_urn, pupil_id, day, session, mark FROM r.mark;
		-- what the reports are asked about
		INSERT INTO r.trust VALUES (90001, 'A Trust');
		UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn = 100001;
		UPDATE r.enrolment SET registration_group = '5A', entered_by = 'x', title = 'x', reason = 'x' WHERE school_urn = 100001 AND end_date IS NULL;
		-- long ago
		INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (25, 25, 'Parent', true, true), (1, 1, 'Parent', true, true);
		INSERT INTO r.rule_setting SELECT 100001, rule, 'record', 'test', 'test' FROM register_rules() WHERE can_be_set ON CONFLICT DO NOTHING;
		INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 25, '2024-09-09', 'AM', '/'), (100001, 1, '2024-09-09', 'AM', 'I');
		\ir register/older.sql
		BEGIN;
		SELECT make_older('10 years');
		COMMIT;
		SELECT r.dispose(100001, 2024, 'A Head', 'Headteacher', 'schedule');
		-- and now
		INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT 100002, p, d, 'AM', 'L' FROM generate_series(11, 20) p, generate_series(date '2025-09-08', '2025-09-12', '1 day') d;
		UPDATE r.mark SET mark = 'I', entered_by = 'Jo Smith', title = 'Clerk', reason = 'ill' WHERE pupil_id = 12 AND day = '2025-09-09';
		INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01');
		INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, applicant, received_at)
		VALUES (100001, 1, 'C', '{[2025-09-22 AM,2025-09-23 PM]}', 'exceptional circumstances', 'x', 1, 'Parent', '2025-09-01 08:00');
		SELECT r.grant_leave(leave_id, 'A Head', '2025-09-02 08:00', fill => true) FROM r.leave_of_absence WHERE status = 'applied';
		-- of users: a view, a table with an index, a column and a rule of our types
		CREATE VIEW present_today AS SELECT * FROM r.mark WHERE mark = '/' AND day = '2025-09-08';
		CREATE TABLE own_mark (mark session_mark PRIMARY KEY, session school_session CHECK (session > '2025-09-01 AM'));
		INSERT INTO own_mark SELECT mark, '2025-09-08 AM' FROM attendance_codes();
		SELECT grant_register('r', 'clerk', p) FROM unnest('{marks,reports,audit}'::text[]) p;
		CREATE POLICY own_school ON r.register_line AS RESTRICTIVE TO clerk USING (school_urn = 100001);
		\ir register/every_report.sql
	SQL
	)
}

# What every view and report shows, all tables, rights (of which owners have one more from PostgreSQL 17 on) and policies.
contents() {
	run <<-'SQL'
		SET search_path = attendance;
		-- its numbers are those of the server's files
		SELECT * FROM public.answers() WHERE report <> 'view register_year' ORDER BY report COLLATE "C";
		SELECT c.oid::regclass, md5(query_to_xml(format('SELECT t FROM %s t ORDER BY t::text', c.oid::regclass), true, false, '')::text)
		FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('r', 's') ORDER BY c.oid::regclass::text COLLATE "C";
		SELECT c.oid::regclass, c.relkind, c.relowner::regrole, replace(c.relacl::text, 'arwdDxtm/', 'arwdDxt/'), c.reloptions, c.relrowsecurity, obj_description(c.oid, 'pg_class') FROM pg_class c
		WHERE c.relnamespace::regnamespace::text IN ('r', 's') ORDER BY c.oid::regclass::text COLLATE "C";
		SELECT polrelid::regclass, polname, pg_get_expr(polqual, polrelid) FROM pg_policy ORDER BY 1, 2;
		SELECT * FROM public.present_today ORDER BY pupil_id, session;
		SET enable_seqscan = off;
		SELECT mark, session FROM public.own_mark WHERE mark > 'I' ORDER BY mark;
	SQL
}

# What is wrong with the registers, and what a clerk can do in the one with the policy: at one school, not at the other.
works() {
	psql -XqAt -d upgraded -v VERBOSITY=sqlstate <<-'SQL' 2>&1
		SET search_path = attendance;
		SELECT * FROM check_register('r');
		SELECT * FROM check_register('s');
		SELECT * FROM r.verify_journal();
		SELECT * FROM s.verify_journal();
		SET ROLE clerk;
		INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 8, '2025-09-08', 'AM', '/');
		UPDATE r.mark SET mark = 'L', entered_by = 'Jo Smith', title = 'Clerk', reason = 'late' WHERE pupil_id = 8;
		INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100002, 13, '2025-09-15', 'AM', '/');
		RESET ROLE;
		SELECT pupil_id, day, session, mark FROM r.mark WHERE pupil_id = 8;
		INSERT INTO s.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 8, '2025-09-08', 'AM', '/');
		INSERT INTO s.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 8, '2025-09-08', 'AM', 'L');
		SELECT add_academic_year('r', 2026);
		SELECT * FROM r.verify_journal();
		SELECT * FROM s.verify_journal();
	SQL
}
wanted_works="ERROR:  42501
8|2025-09-08|AM|L
ERROR:  23505"

# ---------- the upgrade ----------

# upgrade NAME: the old cluster to a new one, of the PostgreSQL at hand
upgrade() {
	local old_bin=$bin status=0
	make_cluster "$1"
	att_server_dir "$dir/$1.log"
	(cd "$dir/$1.log" && "${ATT_AS[@]}" "$(att_pg --bindir)/pg_upgrade" --old-bindir="$old_bin" --new-bindir="$(att_pg --bindir)" \
		--old-datadir="$dir/old" --new-datadir="$dir/$1" --username=postgres --socketdir="$PGHOST" --old-port="$PGPORT" \
		--new-port="$PGPORT" --no-sync >"$dir/$1.out" 2>&1) || status=$?
	if ((status)); then
		{ cat "$dir/$1.out"; find "$dir/$1" "$dir/$1.log" '(' -name '*.txt' -o -name 'pg_upgrade_dump*.log' ')' -exec tail -n 20 {} +; } >&2
	fi
	same "pg_upgrade to $1" 0 "$status"
	((status == 0)) || return 0
	start "$1"
	same "$1: all reports, tables and rights are as they were" "$original" "$(contents)"
	same "$1: works" "$wanted_works" "$(works)"
	att_cluster_stop
}

# The later PostgreSQLs here that the extension can be built for, by their pg_config.
later_versions() {
	local config here major
	here=$(att_major "$ATT_PG_CONFIG")
	# shellcheck disable=SC2086 # a list
	att_other_versions ${UPGRADE_TO:-} | while read -r major config; do
		((major < here)) || echo "$major $config"
	done
}

# build_for MAJOR PG_CONFIG: the PostgreSQL at hand is that one, and the stage has the extension for it
build_for() {
	ATT_PG_CONFIG=$2 ATT_WORK=$work/pg_upgrade_$1 ATT_STAGE=$work/pg_upgrade_$1/stage ATT_TREE=
	mkdir "$ATT_WORK"
	att_copy
	att_make "$ATT_TREE" install "DESTDIR=$ATT_STAGE" >"$ATT_WORK/make.log" 2>&1 || { cat "$ATT_WORK/make.log" >&2; return 1; }
}

# ---------- main ----------

trap 'att_cluster_stop' EXIT
PGPORT=5439 # beside the server of the other tests, in the same directory
export PGPORT
bin=$(att_pg --bindir)
make_cluster old
start old
make_registers
original=$(contents)
same "there is something to compare" t "$([[ $(wc -l <<<"$original") -gt 300 ]] && echo t)"
att_cluster_stop
upgrade "$(att_pg --version | tr ' ' '-' | cut -d- -f1,2)-again"
later=$(later_versions)
if [[ ! $later ]]; then
	skip "pg_upgrade to a later version" "no later PostgreSQL with its headers is here (UPGRADE_TO names its pg_config)"
fi
while read -r major config; do
	[[ $major ]] || continue
	build_for "$major" "$config"
	upgrade "PostgreSQL-$major"
done <<<"$later"
plan
