-- What is measured, a row for each turn, and what comes of it.
SET client_min_messages = warning;
CREATE TABLE figure (test text, peer text, unit text, value float8);
CREATE TABLE answer (test text, peer text, hash text);
CREATE VIEW differing_answer AS
SELECT DISTINCT test, peer, hash FROM answer a
WHERE hash <> (SELECT hash FROM answer p WHERE p.test = a.test AND p.peer IN ('packed', 'one process') LIMIT 1);
-- What must be 0.
CREATE TABLE checked (what text, wrong bigint);

CREATE VIEW median AS
SELECT test, peer, unit, percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS median,
    CASE WHEN unit = 'per second' THEN max(value) ELSE min(value) END AS best, count(*) AS runs
FROM figure GROUP BY test, peer, unit;

-- How many times as good as the peer ours is.
CREATE VIEW compared AS
SELECT m.*, CASE WHEN m.unit = 'per second' THEN o.median / m.median ELSE m.median / o.median END AS ratio,
    CASE WHEN m.unit = 'per second' THEN o.best / m.best ELSE m.best / o.best END AS ratio_of_best
FROM median m LEFT JOIN median o ON o.test = m.test AND o.unit = m.unit AND o.peer IN ('packed', 'register');

CREATE FUNCTION shown(value float8) RETURNS numeric LANGUAGE sql IMMUTABLE
    RETURN round(value::numeric, CASE WHEN value < 10 THEN 2 WHEN value < 1000 THEN 1 ELSE 0 END);

-- A statement and its commit.
CREATE PROCEDURE timed(test text, peer text, marks bigint, statement text) LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz;
    before pg_lsn := pg_current_wal_insert_lsn();
BEGIN
    started := clock_timestamp();
    EXECUTE statement;
    COMMIT;
    INSERT INTO public.figure VALUES (test, peer, 'ms', extract(epoch FROM clock_timestamp() - started) * 1000),
        (test, peer, 'WAL bytes a mark', (pg_current_wal_insert_lsn() - before) / marks::float8);
END
$$;
