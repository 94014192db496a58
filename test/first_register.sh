#!/bin/bash
#
# first_register.sh: the commands of doc/first_register.md, as they stand, with the files of demo/sample-school.  Prints TAP.
#
# The figures that the reports then give are compared with those that a few lines of awk count in the file of marks.
set -euo pipefail

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

guide=$PWD/doc/first_register.md
dir=$ATT_WORK/first_register
mkdir -p "$dir"
demo/sample-school "$dir"
cd "$dir"
PATH=$ATT_STAGE$("${PG_CONFIG:-pg_config}" --bindir):$PATH

block() { # LANGUAGE: all blocks of it
	awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next } /^```/ { on = 0 } on' "$guide"
}

block sql >start.sql
number=0
while IFS= read -r command; do
	number=$((number + 1))
	status=0
	bash -c "$command" >"out.$number" 2>&1 </dev/null || status=$?
	same "$command" 0 "$status"
	((status == 0)) || sed 's/^/# /' "out.$number" >&2
done < <(block sh)
same "there were commands" 8 "$number"

sql() {
	psql -XqAt -v ON_ERROR_STOP=1 -d school -c "$1"
}

# What the file says: a session is missed with I, O or U; late is present.
counted=$(awk -F , 'NR > 1 {
		absent = possible = 0
		for (i = 3; i <= NF; i++) { possible++; absent += $i ~ /^[IOU]$/ }
		pupils++; persistent += 10 * absent >= possible; total += possible; missed += absent
	} END { print pupils "|" total "|" missed "|" persistent }' autumn.csv)
same "the figures are those of the file" "$counted" \
	"$(sql "SELECT enrolments, possible, absent, persistently_absent FROM headline('autumn term 2025/26')")"
same "as many are listed" "$(cut -d '|' -f 4 <<<"$counted")" "$(sql "SELECT count(*) FROM persistent_absentees('autumn term 2025/26')")"
same "year groups have come along" "4:30 5:30 6:30" \
	"$(sql "SELECT string_agg(year_group || ':' || n, ' ' ORDER BY year_group) FROM (SELECT year_group, count(*) AS n FROM enrolment GROUP BY 1) AS e")"
same "the page is about the school, and a page" "1 1" \
	"$(grep -c '<h1>.*Curlewgate Primary School' week.html) $(grep -c '^</html>\|</html>$' week.html)"
same "names and marks once more change nothing" "0 marks new" "$(
	pg_attendance load pupils -d school --school 900001 pupils.csv >/dev/null
	before=$(sql "SELECT count(*) FROM journal")
	pg_attendance load marks -d school --school 900001 autumn.csv >/dev/null
	echo "$(($(sql "SELECT count(*) FROM journal") - before)) marks new")"
plan
