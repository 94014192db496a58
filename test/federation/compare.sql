-- Whether the reports of the federation england say what those of the register r say, which has all its schools: psql -v kinds={counts}, every
-- function of these kinds (with -v only=headline that one), with several periods, populations and schools, row by row.  Differences are in the table public.difference.
\set ON_ERROR_STOP on
SET client_min_messages = error; -- that nobody has a session in some of the periods
SET search_path = public, attendance;
SET timezone = 'Europe/London';
\if :{?only}
\else
\set only '.*'
\endif
DROP TABLE IF EXISTS public.difference, argument_value, question, called;
CREATE TABLE argument_value (name text PRIMARY KEY, value text);
INSERT INTO argument_value VALUES ('compared_with', '''half term 2025-10-06'''), ('day', '''2025-10-08'''), ('as_of', '''2025-11-20'''), ('academic_year', '2025'),
    ('level', 'NULL'), ('at_least', '0'), ('series', '''census'''), ('measures', '''{absence,persistent}'''), ('geographic_levels', '''{National,School}'''),
    ('scheme', '''absence'''), ('school_urn', '100006'), ('measure', '''absence'''), ('geographic_level', '''National'''), ('area', '''trust'''),
    ('first_cohort', '''choir'''), ('second_cohort', '''area'''), ('days', '''[2025-09-01,2025-12-01)'''), ('phase', '''Primary'''), ('area_code', '''E92000001''');
CREATE TABLE question (place integer, period text, population text, schools text);
INSERT INTO question VALUES (1, '2025/26', 'statutory', NULL), (2, 'autumn term 2025/26', 'all', '{100001,100006}'), (3, 'week 2025-10-08', 'current roll', NULL),
    (4, '[2024-09-01,2026-01-01)', 'all', NULL), (5, 'half term to date 2025-09-20', 'statutory', '{100002,100003,100009}'), (6, 'day 2025-12-01', 'all', '{}'),
    (7, '2030/31', 'all', NULL);
CREATE TABLE called AS
SELECT p.proname AS report, q.place AS question, (
        SELECT string_agg(format('%I => (%s)::%s', a.name, CASE a.name WHEN 'period' THEN quote_literal(q.period) WHEN 'population' THEN quote_literal(q.population)
            WHEN 'schools' THEN quote_nullable(q.schools) ELSE coalesce(v.value, 'NULL') END, format_type(p.proargtypes[a.n - 1], NULL)), ', ' ORDER BY a.n)
        FROM unnest(p.proargnames[:p.pronargs]) WITH ORDINALITY AS a (name, n) LEFT JOIN argument_value v ON v.name = a.name
        WHERE a.name IN ('period', 'population', 'schools') OR v.name IS NOT NULL OR a.n <= p.pronargs - p.pronargdefaults) AS arguments,
    -- what a register counts of all its schools together, each member counts of its own: then only whether there is an answer
    f.kind <> 'counts' OR p.proargnames[1] = ANY ('{period,academic_year,day}') AND p.proargnames[p.pronargs + 1:] && '{school_urn,urn}' AS is_alike
FROM pg_proc p JOIN federated_reports() f ON f.report = p.proname CROSS JOIN question q
WHERE p.pronamespace = 'england'::regnamespace AND p.proretset
    AND f.kind = ANY (:'kinds') AND f.report ~ :'only' AND (p.proargnames[1] = 'period' OR q.place = 1)
    AND (f.kind = 'counts' OR p.proargnames[1] = ANY ('{period,academic_year,day}'));
CREATE FUNCTION pg_temp.rows_of(schema name, report name, arguments text) RETURNS TABLE (r text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format('SELECT t::text FROM %I.%I(%s) AS t', schema, report, arguments);
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN QUERY SELECT 'refused: ' || regexp_replace(SQLERRM, '^member "[a-z]+" of federation "england": ', '');
END
$$;
CREATE TABLE difference (report text, question integer, excess integer, example text);
CREATE FUNCTION pg_temp.compare() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    c called;
    calls bigint := 0;
    lines bigint := 0;
    found bigint;
BEGIN
    FOR c IN SELECT * FROM called ORDER BY report, question LOOP
        CREATE TEMP TABLE one AS SELECT * FROM pg_temp.rows_of('r', c.report, c.arguments);
        CREATE TEMP TABLE several AS SELECT * FROM pg_temp.rows_of('england', c.report, c.arguments);
        GET DIAGNOSTICS found = ROW_COUNT;
        INSERT INTO difference SELECT c.report, c.question, found, 'rows, or none' WHERE EXISTS (SELECT FROM one) <> (found > 0);
        INSERT INTO difference
        SELECT c.report, c.question, d.excess, d.r
        FROM (SELECT sum(x.n) AS excess, x.r FROM (SELECT 1 AS n, r FROM one UNION ALL SELECT -1, r FROM several) AS x GROUP BY x.r HAVING sum(x.n) <> 0) d
        WHERE c.is_alike
        LIMIT 3;
        calls := calls + 1;
        lines := lines + found;
        DROP TABLE one, several;
    END LOOP;
    RETURN format('%s reports, %s calls, %s rows', (SELECT count(DISTINCT report) FROM called), calls, lines);
END
$$;
SELECT pg_temp.compare();
