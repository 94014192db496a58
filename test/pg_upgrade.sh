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
# shellcheck source=test/lib/pg_upgrade.sh
. "$ATT_TREE/test/lib/pg_upgrade.sh"

# ---------- what is upgraded ----------

make_registers() {
	run -d postgres -c 'CREATE DATABASE upgraded TEMPLATE template0' -c 'CREATE ROLE clerk LOGIN'
	(cd "$ATT_TREE/test/pgtap" && run <<-'SQL' >/dev/null
		CREATE SCHEMA attendance;
		CREATE EXTENSION attendance SCHEMA attendance;
		\ir register/two_registers.sql
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
	local status=0
	run_pg_upgrade old "$1" "$bin" || status=$?
	((status != 2)) || { skip "pg_upgrade to $1" "$no_stage"; return 0; }
	same "pg_upgrade to $1" 0 "$status"
	((status == 0)) || return 0
	start_cluster "$1"
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
start_cluster old
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
