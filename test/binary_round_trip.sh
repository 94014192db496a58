#!/bin/bash
#
# binary_round_trip.sh: every type through COPY's binary format and back, as a client does it.
set -euo pipefail

database=att_binary_round_trip
psql -Xq -v ON_ERROR_STOP=1 -c "CREATE DATABASE $database TEMPLATE att_template"
export PGDATABASE=$database PGOPTIONS='-c search_path=attendance,public'

run() {
	psql -XqAt -v ON_ERROR_STOP=1 "$@"
}

# shellcheck source=test/lib/tap.sh
. test/lib/tap.sh

echo "1..5"

# every code, the limits, series of every kind; arrays, ranges and NULL
run <<'SQL'
CREATE TABLE sent (
    id int PRIMARY KEY, mark session_mark, code absence_code, session school_session, period school_session_range,
    periods school_session_multirange,
    series mark_series, tally attendance_tally, counts mark_counts, cohort cohort_summary, marks session_mark[],
    lines mark_series[], pupil upn, school urn, number laestab);
INSERT INTO sent (id) VALUES (0);
INSERT INTO sent
SELECT n, mark, CASE WHEN absence THEN mark::absence_code END, school_session(day, half),
       school_session_range(school_session(day, half), NULL),
       school_session_multirange(school_session_range(school_session(day, half), NULL)), series, tally(series),
       mark_counts(series), cohort_summary_add('empty', series),
       ARRAY[mark, NULL, '\'], ARRAY[series, 'empty'], 'H801200001001', 100000 + n, '3802000'
FROM attendance_codes() WITH ORDINALITY AS c (mark, class, possible, attended, absence, late, session, valid_from,
                                              valid_to, description, n),
     LATERAL (SELECT date '1900-01-01' + 8035 * (n::int - 1), (ARRAY['AM', 'PM'])[1 + n % 2]) AS d (day, half),
     LATERAL (SELECT mark_series_agg(school_session(least(day + i * (n::int % 4 + 1), '2999-12-31'), half), mark)
              FROM generate_series(0, n::int * 9) AS i) AS s (series);
INSERT INTO sent (id, session, period, periods, series, tally, counts, cohort) VALUES
    (100, '2999-12-31 PM', 'empty', '{}', 'empty', 'empty', 'empty', 'empty'),
    (101, '1900-01-01 AM', '(,)', '{[1900-01-01 AM,1900-01-02 PM),[2999-12-31 AM,2999-12-31 PM)}', '2999-12-31 //',
     'present:9223372036854775807', 'X09:9223372036854775807', 'without_possible_sessions:9223372036854775807'),
    (102, NULL, NULL, NULL, ('2025-09-08' || repeat(' /ULIG(C1)(Y7)(X02)-#BKPV', 1100))::mark_series, NULL, NULL, NULL);
CREATE TABLE received (LIKE sent);
SQL

file=$ATT_WORK/binary_round_trip
run -c "\\copy (SELECT * FROM sent ORDER BY id) TO '$file.1' (FORMAT binary)"
run -c "\\copy received FROM '$file.1' (FORMAT binary)"
run -c "\\copy (SELECT * FROM received ORDER BY id) TO '$file.2' (FORMAT binary)"

differences() { # TABLE TABLE: how many rows of the first are not in the second
	run -c "SELECT count(*) FROM (SELECT id, (s.*)::text FROM $1 AS s EXCEPT SELECT id, (r.*)::text FROM $2 AS r) AS d"
}
rows=$(run -c 'SELECT count(*) FROM received')
ok "all rows arrive" test "$rows" = 54
ok "every row that was sent arrives as it was" test "$(differences sent received)" = 0
ok "no other arrives" test "$(differences received sent)" = 0
ok "values are equal, not only their text" test "$(run -c '
	SELECT count(*) FROM sent AS s JOIN received AS r USING (id)
	WHERE (s.mark, s.code, s.session, s.period, s.periods, s.series, s.tally, s.counts, s.cohort, s.marks, s.lines)
	      IS NOT DISTINCT FROM (r.mark, r.code, r.session, r.period, r.periods, r.series, r.tally, r.counts, r.cohort, r.marks, r.lines)')" = "$rows"
ok "what arrived is sent in the same bytes" cmp "$file.1" "$file.2"
