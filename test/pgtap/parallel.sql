-- Every aggregate in parallel: the plan is partial, workers take part, the result is the serial one.
BEGIN;
SELECT plan(66);

CREATE TABLE entry AS
SELECT n, n % 7 AS grp, session, mark, set_mark('empty', session, mark) AS series,
       attendance_tally_add('empty', mark) AS tally, mark_counts_add('empty', mark) AS counts,
       cohort_summary_add('empty', attendance_tally_add('empty', mark)) AS cohort
FROM generate_series(1, 20000) AS n, (SELECT array_agg(mark) AS codes FROM attendance_codes()) AS c,
     LATERAL (SELECT n * 37 % 3000) AS s (slot), -- a session has the same mark in every row
     LATERAL (SELECT school_session(date '2020-01-01' + slot / 2, (ARRAY['AM', 'PM'])[1 + slot % 2]),
              codes[1 + slot % 50]) AS m (session, mark);
INSERT INTO entry SELECT 20000 + n, n % 7 FROM generate_series(1, 100) AS n; -- and some NULLs
ALTER TABLE entry SET (parallel_workers = 2);
ANALYZE entry;

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_leader_participation = off;

CREATE TABLE aggregate (signature text, call text);
INSERT INTO aggregate VALUES
    ('tally_agg(session_mark)', 'tally_agg(mark)'),
    ('tally_agg(mark_series)', 'tally_agg(series)'),
    ('tally_agg(attendance_tally)', 'tally_agg(tally)'),
    ('weekly_tallies_agg(mark_series)', 'weekly_tallies_agg(series)'),
    ('attendance_rate(session_mark)', 'attendance_rate(mark)'),
    ('absence_rate(session_mark)', 'absence_rate(mark)'),
    ('cohort_agg(mark_series)', 'cohort_agg(series)'),
    ('cohort_agg(attendance_tally)', 'cohort_agg(tally)'),
    ('cohort_agg(cohort_summary)', 'cohort_agg(cohort)'),
    ('mark_counts_agg(session_mark)', 'mark_counts_agg(mark)'),
    ('mark_counts_agg(mark_series)', 'mark_counts_agg(series)'),
    ('mark_counts_agg(mark_counts)', 'mark_counts_agg(counts)'),
    ('mark_series_agg(school_session,session_mark)', 'mark_series_agg(session, mark)'),
    ('mark_series_agg(mark_series)', 'mark_series_agg(series)'),
    ('calendar_agg(date,boolean,boolean)', 'calendar_agg(day(session), n % 3 > 0, n % 2 > 0)');
SELECT set_eq('SELECT signature FROM aggregate',
              $$ SELECT aggfnoid::regprocedure::text FROM pg_aggregate JOIN pg_depend ON classid = 'pg_proc'::regclass
              AND objid = aggfnoid AND deptype = 'e'
                 JOIN pg_extension AS e ON refobjid = e.oid AND refclassid = 'pg_extension'::regclass
                 WHERE extname = 'attendance' $$,
              'these are all aggregates of the extension');

CREATE FUNCTION answer(query text, workers int) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result text;
BEGIN
    PERFORM set_config('max_parallel_workers_per_gather', workers::text, true);
    EXECUTE 'SELECT string_agg(a::text, E''\n'' ORDER BY a::text) FROM (' || query || ') AS a' INTO result;
    RETURN result;
END $$;
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE result json;
BEGIN
    PERFORM set_config('max_parallel_workers_per_gather', '2', true);
    EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO result;
    RETURN result::text;
END $$;

CREATE TABLE query AS
SELECT call, 'SELECT ' || call || ' FROM entry' AS query FROM aggregate
UNION ALL SELECT call || ' by group', 'SELECT grp, ' || call || ' FROM entry GROUP BY grp' FROM aggregate;

SELECT matches(plan_of(query),
               '"Partial Mode": "Partial".*"Workers Launched": [1-9]|"Workers Launched": [1-9].*"Partial Mode": "Partial"', call || ': partial, with workers')
FROM query ORDER BY call;
SELECT is(answer(query, 2), answer(query, 0), call || ': the serial result') FROM query ORDER BY call;

-- the results are not all the same nothing
SELECT is((SELECT possible(tally_agg(mark)) + not_possible(tally_agg(mark)) + administrative(tally_agg(mark)) + unmarked(tally_agg(mark)) FROM entry), 20000::bigint,
          'every row is counted');
SELECT is((SELECT (SELECT count(*) FROM marks(mark_series_agg(session, mark))) FROM entry), 3000::bigint,
          'every session has its mark');

-- two workers with different marks for a session: found when their states meet
INSERT INTO entry (n, session, mark) VALUES (0, '2020-01-01 AM', '-'), (0, '2020-01-01 AM', 'Y7');
SELECT throws_ok('SELECT answer(''SELECT mark_series_agg(session, mark) FROM entry'', 2)', '22023', NULL,
                 'different marks in parallel are an error');
-- and a sum that does not fit
INSERT INTO entry (n, tally, cohort, counts) SELECT 0, 'present:6000000000000000000', 'enrolments:6000000000000000000',
    'L:6000000000000000000' FROM generate_series(1, 2);
SELECT throws_ok('SELECT answer(''SELECT tally_agg(tally), cohort_agg(cohort), mark_counts_agg(counts) FROM entry'', 2)', '22003', NULL, 'a sum that does not fit is one');
SELECT is((SELECT count(*) FROM query), 30::bigint, 'each once alone and once by group');

SELECT * FROM finish();
ROLLBACK;
