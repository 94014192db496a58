-- Queries that are compiled have the answers of those that are not.
-- Other tests run without it: to compile thousands of queries that run once takes longer than to run them.
BEGIN;
SELECT * FROM no_plan();
SET LOCAL jit = on;
SELECT pg_jit_available() AS available \gset
\if :available

CREATE TABLE entry AS
SELECT n, n % 7 AS grp, session, mark, set_mark('empty', session, mark) AS series
FROM generate_series(1, 2000) AS n, (SELECT array_agg(mark) AS codes FROM attendance_codes()) AS c,
     LATERAL (SELECT school_session(date '2025-09-01' + n % 300 / 2, (ARRAY['AM', 'PM'])[1 + n % 300 % 2]), codes[1 + n % 300 % 50]) AS m (session, mark);
INSERT INTO entry SELECT n, n % 7 FROM generate_series(2001, 2010) AS n;

CREATE FUNCTION compile(compiled boolean) RETURNS void LANGUAGE sql AS $$
    SELECT set_config('jit', compiled::text, true), set_config('jit_above_cost', '0', true), set_config('jit_inline_above_cost', '0', true),
        set_config('jit_optimize_above_cost', '0', true)
$$;
CREATE FUNCTION answer(query text, compiled boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    PERFORM compile(compiled);
    EXECUTE format('SELECT string_agg(a::text, E''\n'' ORDER BY a::text) FROM (%s) AS a', query) INTO result;
    RETURN result;
EXCEPTION WHEN data_exception THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE FUNCTION plan_of(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result json;
BEGIN
    PERFORM compile(true);
    EXECUTE 'EXPLAIN (ANALYZE, FORMAT JSON) ' || query INTO result;
    RETURN result::text;
END
$$;
CREATE TABLE query (query text);
INSERT INTO query VALUES
    ('SELECT n, session, day(session), session(session), mark, mark_class(mark), mark_at(series, day(session), session(session)) FROM entry WHERE mark >= ''B'''),
    ('SELECT n, series, tally(series), mark_counts(series), slice(series, ''(,)''), attendance_rate(tally(series)) FROM entry'),
    ('SELECT grp, tally_agg(series), cohort_agg(series), mark_counts_agg(mark), attendance_rate(mark), weekly_tallies_agg(series) FROM entry GROUP BY grp'),
    ('SELECT mark_series_agg(session, mark), mark_series_agg(series), count(DISTINCT session), count(DISTINCT series) FROM entry'),
    ('SELECT set_mark(series, session, ''U''::text::session_mark), (mark::text || left(''Q9'', n % 400 - 398))::session_mark FROM entry');
SELECT matches(plan_of(query), '"JIT": .*"Functions": [1-9]', 'compiled: ' || query) FROM query WHERE query !~ 'Q9';
SELECT is(answer(query, true), answer(query, false), query) FROM query;
SELECT matches(answer(query, true), '^22P02 ', 'an error leaves it, as any') FROM query WHERE query ~ 'Q9';

\else
SELECT skip('this PostgreSQL does not compile queries', 1);
\endif
SELECT * FROM finish();
ROLLBACK;
