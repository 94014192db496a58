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
# what doc/bi.md grants, and no more
psql -XqAt -v ON_ERROR_STOP=1 -v role=dashboard_bi -v register=register -f dashboard/grants.sql
psql -Xq -c 'REVOKE SELECT ON register.report_band, register.benchmark_file, register.benchmark_row, register.benchmark_column FROM dashboard_bi'

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
/usr/bin/python3 -B test/browser/dashboard.py "$dir" "$(address dashboard_test)" "$(address dashboard_bi)"
