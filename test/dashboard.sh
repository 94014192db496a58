#!/bin/bash
#
# dashboard.sh: the dashboard in a browser.  Prints TAP.
#
# A headless Chromium clicks its way from the authority to a pupil and changes the filters; every figure that is
# shown is compared with what the reports and the views for BI say through psql (test/browser/dashboard.py).
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

dir=$ATT_WORK/dashboard
mkdir -p "$dir/r"
psql -Xqc 'CREATE DATABASE dashboard'
export PGDATABASE=dashboard
psql -XqAt -v ON_ERROR_STOP=1 -f test/browser/register.sql >/dev/null
psql -XqAt -v ON_ERROR_STOP=1 -v role=dashboard_test -v register=register -f dashboard/grants.sql
psql -XqAt -v ON_ERROR_STOP=1 -c 'GRANT SELECT (surname, forename) ON register.pupil TO dashboard_test'
# what doc/bi.md grants, and no more
psql -XqAt -v ON_ERROR_STOP=1 -v role=dashboard_bi -v register=register -f dashboard/grants.sql
psql -Xq -c 'REVOKE SELECT ON register.report_band, register.benchmark_file, register.benchmark_row, register.benchmark_column FROM dashboard_bi'

# who connects for the persons of a web server has no rights by himself
psql -Xq -v ON_ERROR_STOP=1 <<-'SQL'
	CREATE ROLE dashboard_person LOGIN NOINHERIT;
	CREATE ROLE "Ms O'Neil";
	CREATE ROLE dashboard_stranger;
	CREATE ROLE dashboard_superuser SUPERUSER;
	CREATE ROLE dashboard_leader;
	GRANT "Ms O'Neil", dashboard_stranger, dashboard_superuser, dashboard_leader TO dashboard_person;
	SELECT attendance.grant_access('register', 'dashboard_leader', 'leader', 900001) \g /dev/null
SQL
psql -XqAt -v ON_ERROR_STOP=1 -v role="Ms O'Neil" -v register=register -f dashboard/grants.sql

apps=()
trap '((${#apps[@]} == 0)) || kill "${apps[@]}" 2>/dev/null || :' EXIT

# start ROLE: the dashboard, on a port that it chooses; $address is where
start() {
	PGUSER=$1 TMPDIR=$dir/r dashboard/run >"$dir/$1.log" 2>&1 </dev/null &
	apps+=($!)
}

address() { # ROLE
	wait_for "the dashboard of $1 to listen" grep -qs '^Listening on http://127.0.0.1:[0-9]*$' "$dir/$1.log" || {
		cat "$dir/$1.log" >&2
		return 1
	}
	sed -n 's|^Listening on ||p' "$dir/$1.log"
}

start dashboard_test
start dashboard_bi
start postgres
export ATTENDANCE_ROLE_HEADER=X-Remote-User ATTENDANCE_PROXY_SECRET=known_to_the_server
start dashboard_person
/usr/bin/python3 -B test/browser/dashboard.py "$dir" \
	"$(address dashboard_test)" "$(address dashboard_bi)" "$(address postgres)" "$(address dashboard_person)"
