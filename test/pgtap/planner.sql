-- What the planner knows of mark_series: rows of the set-returning functions, and what ANALYZE keeps; and of the
-- schools that a report is asked for.
BEGIN;
SELECT plan(47);

CREATE FUNCTION planned_rows(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE result json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO result;
    RETURN (result -> 0 -> 'Plan' ->> 'Plan Rows')::numeric;
END $$;

-- sixteen weeks of presence but for a spell in every fourth, or four; one line in five is NULL
CREATE TABLE line AS
SELECT n, CASE WHEN n % 5 > 0 THEN mark_series('2025-09-08', repeat('/\/\/\/\/\/\/\/\/\/\/\/\/\/\/\/\IIII/\/\', CASE WHEN n % 2 = 0 THEN 4 ELSE 1 END), 5) END AS s,
       daterange('2025-09-08', '2025-09-08'::date + n) AS days
FROM generate_series(1, 1000) AS n;

-- ---------- without statistics, and with constants ----------

SELECT is(planned_rows('SELECT * FROM line, marks(s)') / planned_rows('SELECT * FROM line'), 380::numeric, 'marks of a column that was not analysed');
SELECT is(planned_rows('SELECT * FROM marks(''2025-09-08 /\/\ /\'')'), 6::numeric, 'marks of a constant');
SELECT is(planned_rows('SELECT * FROM marks(''2025-09-08 /\/\'' || mark_series ''2025-09-15 /\'')'), 6::numeric, 'of a constant expression');
SELECT is(planned_rows('SELECT * FROM marks(''2025-09-08 /\/\ /\'', ''[2025-09-09,2025-09-16)'')'), 4::numeric, 'of a part of it');
SELECT is(planned_rows('SELECT * FROM marks(''2025-09-08 /\/\ /\'', ''empty'')'), 1::numeric, 'of nothing of it: PostgreSQL says one for none');
SELECT is(planned_rows('SELECT * FROM marks(''2025-09-08 /\/\ /\'', ''(,)'')'), 6::numeric, 'of all of it');
SELECT is(planned_rows('SELECT * FROM weekly_tallies(''2025-09-08 /\/\ . . /\ ........II/\'')'), 3::numeric, 'weeks of a constant');
SELECT is(planned_rows('SELECT * FROM weekly_tallies(''2025-09-08 IIIIIIIIII IIIIIIIIII IIII'')'), 3::numeric, 'a run over weeks');
SELECT is(planned_rows('SELECT * FROM absence_spells(''2025-09-08 II/\II .. ..OO/I###I'')'), 3::numeric, 'spells of a constant');
SELECT is(planned_rows('SELECT * FROM absence_spells(''2025-09-08 II/\II .. ..OO/I###I'')'),
          (SELECT count(*)::numeric FROM absence_spells('2025-09-08 II/\II .. ..OO/I###I')), 'as many as there are');
SELECT is(planned_rows('SELECT * FROM marks(NULL)'), planned_rows('SELECT * FROM marks(''empty'')'), 'none of NULL, as of empty');
SELECT is(planned_rows('SELECT * FROM marks(''2025-09-08 /\'', NULL)'), planned_rows('SELECT * FROM marks(''empty'')'), 'none of a NULL range');
SELECT throws_ok($$ EXPLAIN SELECT * FROM marks('oops') $$, '22P02', NULL, 'what is no series is an error, not an estimate');
SELECT lives_ok($$ EXPLAIN SELECT l.* FROM line AS l, marks(s, days) $$, 'a range from the row: planned');
SELECT is(planned_rows('SELECT * FROM line, marks(s, days)') / planned_rows('SELECT * FROM line'), 20::numeric, 'with the rows that the function is declared with');

-- ---------- statistics ----------

ANALYZE line;
SELECT is((SELECT (null_frac::numeric, n_distinct::numeric, most_common_vals, histogram_bounds, correlation)::text FROM pg_stats WHERE tablename = 'line' AND attname = 's'),
          '(0.2,-0.8,,,)', 'the part that is NULL, and that values are distinct; no values are kept');
SELECT cmp_ok((SELECT avg_width FROM pg_stats WHERE tablename = 'line' AND attname = 's'), '=',
              (SELECT floor(avg(pg_column_size(s)))::int FROM line), 'the width');
SELECT is((SELECT (stakind1, stanumbers1::numeric[], stakind2)::text FROM pg_statistic WHERE starelid = 'line'::regclass AND staattnum = 2),
          (SELECT (21901, ARRAY[trim_scale(avg((SELECT count(*) FROM marks(s)))), trim_scale(avg((SELECT count(*) FROM weekly_tallies(s)))),
                                trim_scale(avg((SELECT count(*) FROM absence_spells(s))))], 0)::text FROM line WHERE s IS NOT NULL),
          'marks, weeks and spells on average');
SELECT is(planned_rows('SELECT * FROM line, marks(s)'), (SELECT count(*)::numeric FROM line, marks(s)), 'marks of a column');
SELECT is(planned_rows('SELECT * FROM line, weekly_tallies(s)'), (SELECT count(*)::numeric FROM line, weekly_tallies(s)), 'weeks');
SELECT is(planned_rows('SELECT * FROM line, absence_spells(s)'), (SELECT count(*)::numeric FROM line, absence_spells(s)), 'spells');
SELECT is(planned_rows('SELECT * FROM (SELECT n, s AS t FROM line OFFSET 0) AS v, marks(t)'), (SELECT count(*)::numeric FROM line, marks(s)), 'through a subquery');
CREATE VIEW line_view AS SELECT s AS t FROM line;
SELECT is(planned_rows('SELECT * FROM line_view, marks(t)'), (SELECT count(*)::numeric FROM line, marks(s)), 'through a view');
SELECT is(planned_rows('SELECT * FROM line, marks(s, ''[2025-09-08,2025-09-15)'')'), 8000::numeric, 'a week of a column, of which a fifth is NULL');
SELECT is(planned_rows('SELECT * FROM line, marks(s, ''[2025-09-08,2025-09-09)'')'), 2000::numeric, 'a day: 1.6 a call, which PostgreSQL rounds');
SELECT is(planned_rows('SELECT * FROM line, marks(s, ''(,)'')'), (SELECT count(*)::numeric FROM line, marks(s)), 'all of it');

-- ---------- other columns and tables ----------

CREATE TABLE parent (y int, s mark_series) PARTITION BY LIST (y);
CREATE TABLE child PARTITION OF parent FOR VALUES IN (1);
INSERT INTO parent SELECT 1, s FROM line;
CREATE INDEX ON child ((slice(s, '(,)')));
ANALYZE parent;
SELECT is(planned_rows('SELECT * FROM parent, marks(s)'), (SELECT count(*)::numeric FROM line, marks(s)), 'a partitioned table');
SELECT is((SELECT count(*) FROM pg_statistic WHERE stakind1 = 21901 AND starelid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'child'::regclass)), 1::bigint, 'an index of an expression');
CREATE TABLE nothing (s mark_series, t mark_series);
ANALYZE nothing;
SELECT is((SELECT count(*) FROM pg_stats WHERE tablename = 'nothing'), 0::bigint, 'a table without rows has no statistics');
INSERT INTO nothing SELECT NULL, NULL FROM generate_series(1, 10);
ANALYZE nothing;
SELECT is((SELECT null_frac::int || ' ' || n_distinct FROM pg_stats WHERE tablename = 'nothing' AND attname = 's'), '1 0', 'all NULL');
CREATE CAST (bytea AS mark_series) WITHOUT FUNCTION;
INSERT INTO nothing SELECT NULL, bytes::mark_series FROM unnest('{"\\x",\\x15,\\x25199ec1,\\x15199e33,\\x150000c1}'::bytea[]) AS bytes;
INSERT INTO nothing SELECT NULL, decode('15199e' || repeat('bf', 5000), 'hex')::mark_series;
INSERT INTO nothing SELECT NULL, decode('15199e4f' || repeat('0f02', 7000), 'hex')::mark_series;
SELECT lives_ok('ANALYZE nothing', 'damaged values, and long ones, do not stop ANALYZE');
SELECT is((SELECT (stanumbers1[1])::numeric FROM pg_statistic WHERE starelid = 'nothing'::regclass AND staattnum = 2), 2::numeric,
          'those that can be read count');

-- ---------- schools ----------

CREATE TABLE schools_asked (n int, schools integer[]);
INSERT INTO schools_asked VALUES (1, NULL), (2, '{}'), (3, '{NULL}'), (4, '{1}'), (5, '{2}'), (6, '{1,NULL}'), (7, '{NULL,1,2}'), (8, '{NULL,2}'), (9, '{{1,2},{3,4}}'),
    (10, '[5:6]={2,1}'), (11, (SELECT array_agg(i) FROM generate_series(1, 500) AS i)), (12, (SELECT array_agg(CASE WHEN i % 9 > 0 THEN -i END) FROM generate_series(1, 500) AS i));
SELECT results_eq('SELECT n, urn, is_one_of(urn, schools) FROM schools_asked, unnest(''{NULL,1,2,4,-10,0}''::integer[]) AS urn ORDER BY 1, 2',
    'SELECT n, urn, schools IS NULL OR urn = ANY (schools) FROM schools_asked, unnest(''{NULL,1,2,4,-10,0}''::integer[]) AS urn ORDER BY 1, 2', 'is_one_of() is IS NULL OR = ANY');
CREATE FUNCTION with_constant(urn int, schools integer[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE result boolean;
BEGIN
    EXECUTE format('SELECT is_one_of(%L::integer, %L::integer[])', urn, schools) INTO result;
    RETURN result;
END $$;
SELECT results_eq('SELECT n, urn, with_constant(urn, schools) FROM schools_asked, unnest(''{NULL,1,2,4,-10,0}''::integer[]) AS urn ORDER BY 1, 2',
    'SELECT n, urn, is_one_of(urn, schools) FROM schools_asked, unnest(''{NULL,1,2,4,-10,0}''::integer[]) AS urn ORDER BY 1, 2', 'also where the planner decides it');
SELECT is((SELECT bool_and(is_one_of(urn, ARRAY[urn]) AND is_one_of(urn, ARRAY[urn, 0]) AND NOT is_one_of(urn, ARRAY[urn + 1])) FROM generate_series(1, 9) AS urn), true, 'an array that is made of columns');

CREATE TABLE of_school AS SELECT i, i % 200 AS urn FROM generate_series(1, 20000) AS i;
CREATE INDEX ON of_school (urn);
ANALYZE of_school;
CREATE FUNCTION planned(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE line text; result text := '';
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (COSTS off) ' || query LOOP result := result || line || chr(10); END LOOP;
    RETURN result;
END $$;
SET LOCAL plan_cache_mode = force_generic_plan;
PREPARE asked(integer[]) AS SELECT * FROM of_school WHERE is_one_of(urn, $1);
SELECT is(planned_rows('EXECUTE asked(NULL)'), 20000::numeric, 'of schools that are not known it may be all');
SELECT is(planned_rows('SELECT * FROM of_school WHERE is_one_of(urn, (SELECT NULL::integer[]))'), 20000::numeric, 'also of a subquery');
-- from the lowest to the highest, whichever they will be
SET LOCAL enable_seqscan = off;
SELECT alike(planned('EXECUTE asked(NULL)'), '%Filter: is_one_of(urn, $1)%Index Cond: ((urn >= lowest_urn($1)) AND (urn <= highest_urn($1)))%', 'and an index serves those that are asked for');
SELECT alike(planned('SELECT * FROM of_school WHERE is_one_of(urn, (SELECT ''{1}''::integer[]))'), '%Index Cond: ((urn >= lowest_urn(%)) AND (urn <= highest_urn(%)))%', 'also of a subquery');
SELECT results_eq('SELECT n, lowest_urn(schools), highest_urn(schools) FROM schools_asked ORDER BY 1',
    'SELECT n, CASE WHEN schools IS NULL THEN -2147483648 ELSE (SELECT min(a) FROM unnest(schools) AS a) END, CASE WHEN schools IS NULL THEN 2147483647 ELSE (SELECT max(a) FROM unnest(schools) AS a) END FROM schools_asked ORDER BY 1', 'between these');
CREATE TEMP TABLE counted (n int, generic bigint, wanted bigint);
DO $$ DECLARE a record; c bigint; BEGIN
    FOR a IN SELECT * FROM schools_asked LOOP
        EXECUTE format('SELECT count(*) FROM of_school WHERE is_one_of(urn, (SELECT %L::integer[]))', a.schools) INTO c;
        INSERT INTO counted VALUES (a.n, c, (SELECT count(*) FROM of_school WHERE a.schools IS NULL OR urn = ANY (a.schools)));
    END LOOP; END $$;
SELECT is_empty('SELECT * FROM counted WHERE generic <> wanted', 'the index finds them, and no others');
SELECT alike(planned('SELECT * FROM of_school o WHERE is_one_of(o.urn, (SELECT array_agg(s.urn) FROM of_school s WHERE s.i < o.i))'), '%Seq Scan on of_school o%', 'but not where they are others for each row');
RESET enable_seqscan;
SET LOCAL plan_cache_mode = force_custom_plan;
SELECT is(planned('EXECUTE asked(NULL)'), E'Seq Scan on of_school\n', 'all schools are no condition');
SELECT alike(planned('EXECUTE asked(''{1,2}'')'), '%Index Cond: (urn = ANY (''{1,2}''%', 'some are one for an index');
SELECT is(planned_rows('EXECUTE asked(''{1,2}'')'), 200::numeric, 'and as many as they have');
SELECT alike(planned('SELECT * FROM (SELECT DISTINCT urn FROM of_school WHERE urn < 3 OFFSET 0) a CROSS JOIN LATERAL (SELECT * FROM of_school o WHERE is_one_of(o.urn, ARRAY[a.urn])) b'), '%Index Cond: (urn = ANY (ARRAY[%', 'so is an array that is made of a column');
SELECT is(planned_rows('EXECUTE asked(''{}'')'), 1::numeric, 'none: PostgreSQL says one');

SELECT * FROM finish();
ROLLBACK;
