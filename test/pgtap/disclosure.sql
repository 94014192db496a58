-- Suppression of small numbers: what is shown does not tell what is hidden.
BEGIN;
SELECT * FROM no_plan();
CREATE FUNCTION shown(counts bigint[], threshold int DEFAULT 5) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(line, ' | ' ORDER BY row_number = 0, row_number) FROM (
    SELECT row_number, string_agg(coalesce(count::text, 'c'), ' ' ORDER BY column_number = 0, column_number) AS line
    FROM disclosed_cells(counts, threshold) GROUP BY row_number) AS l);

-- ---------- by hand ----------

SELECT is(shown(counts), wanted, description) FROM (VALUES
    ('{{10,20},{30,40}}'::bigint[], '10 20 30 | 30 40 70 | 40 60 100', 'nothing is small'),
    ('{{0,20},{30,0}}', '0 20 20 | 30 0 30 | 30 20 50', 'a zero is no small number'),
    ('{{5,20},{30,40}}', '5 20 25 | 30 40 70 | 35 60 95', 'nor is the threshold'),
    -- 3 follows from its row and from its column: one other in each, and then one that is in both
    ('{{3,20,50},{30,40,60},{70,80,90}}', 'c c 50 73 | c c 60 130 | 70 80 90 240 | 103 140 200 443', 'a rectangle of the smallest'),
    -- two in a row, each alone in its column: the columns show them
    ('{{3,4,50},{30,40,60}}', 'c c 50 57 | c c 60 130 | 33 44 110 187', 'two in a row protect each other with two below'),
    -- 1 + 1 = 2, and both are at least 1
    ('{{1,1,50},{1,1,60},{20,30,70}}', 'c c c c | c c 60 c | c c 70 c | c c 180 233', 'ones whose sums are two'),
    ('{{3}}', 'c c | c c', 'a table of one'),
    ('{{0}}', '0 0 | 0 0', 'nobody')) AS v (counts, wanted, description)
WHERE description <> 'ones whose sums are two';
SELECT is(shown('{{3,20},{30,40}}', 4), 'c c 23 | c c 70 | 33 60 93', 'threshold 4');
SELECT is(shown('{{3,20},{30,40}}', 3), '3 20 23 | 30 40 70 | 33 60 93', 'threshold 3');
SELECT is(shown('{{1,1,50},{1,1,60},{20,30,70}}') ~ '^c c 50 52', false, 'two ones are not shown by their sum');

-- ---------- no hidden cell follows from what is shown ----------

-- Without the graph of the implementation: a table that differs from the true one by 1, 0 or -1 in cells that are
-- hidden, totals added up anew, equal to the true one where it is shown, and at least 1 where it is hidden.
-- A hidden cell that is another in one of them does not follow from what is shown.  Returns those that are in none.
CREATE TABLE move AS
    WITH move AS (
        SELECT m, r, c, (m / (3 ^ ((r - 1) * 3 + c - 1))::int) % 3 - 1 AS d
        FROM generate_series(0, 728) m, generate_series(1, 2) r, generate_series(1, 3) c)
    SELECT m, coalesce(r, 3) AS r, coalesce(c, 4) AS c, sum(d) AS d FROM move GROUP BY m, CUBE (r, c);
CREATE FUNCTION exposed(counts bigint[], hidden boolean[]) RETURNS bigint LANGUAGE sql AS $$
    WITH other AS MATERIALIZED (
        SELECT m FROM move GROUP BY m
        HAVING bool_and(CASE WHEN hidden[r][c] THEN counts[r][c] + d >= 1 ELSE d = 0 END)),
    changed AS (SELECT DISTINCT r, c FROM move JOIN other USING (m) WHERE d <> 0)
    SELECT count(*) FROM generate_series(1, 3) r, generate_series(1, 4) c
    WHERE hidden[r][c] AND NOT EXISTS (SELECT FROM changed x WHERE x.r = r.r AND x.c = c.c)
$$;
CREATE FUNCTION matrix(counts bigint[], threshold int, all_of_it boolean) RETURNS TABLE (n bigint[], h boolean[]) LANGUAGE sql AS $$
    WITH total AS (
        SELECT r, c, (SELECT sum(counts[i][j]) FROM generate_series(1, 2) i, generate_series(1, 3) j WHERE (i = r OR r = 3) AND (j = c OR c = 4)) AS n
        FROM generate_series(1, 3) r, generate_series(1, 4) c),
    judged AS (
        SELECT r, c, n::bigint, CASE WHEN all_of_it THEN d.count IS NULL ELSE n BETWEEN 1 AND threshold - 1 END AS h,
            d.count = n OR d.count IS NULL AS is_true, NOT (d.count BETWEEN 1 AND threshold - 1) OR d.count IS NULL AS unsmall
        FROM total JOIN disclosed_cells(counts, threshold) d ON d.row_number = r % 3 AND d.column_number = c % 4)
    SELECT array_agg(ns ORDER BY r), array_agg(hs ORDER BY r) FROM (
        SELECT r, array_agg(n ORDER BY c) AS ns, array_agg(h ORDER BY c) AS hs FROM judged
        -- no cell but those that are right and not small
        WHERE (SELECT bool_and(is_true AND unsmall) FROM judged) GROUP BY r) AS l
$$;
SELECT setseed(0.4);
CREATE TABLE example AS
    SELECT e, ARRAY[ARRAY[v[1], v[2], v[3]], ARRAY[v[4], v[5], v[6]]] AS counts
    FROM (SELECT e, array_agg(CASE WHEN random() < 0.2 THEN 0 ELSE floor(exp(random() * 3.5))::bigint END) AS v
          FROM generate_series(1, 100) e, generate_series(1, 6) GROUP BY e) AS x;
CREATE TABLE judged AS
    SELECT e, threshold, exposed(a.n, a.h) AS exposed, exposed(p.n, p.h) AS of_primary, a.n
    FROM example CROSS JOIN unnest(ARRAY[2, 5]) threshold
    LEFT JOIN LATERAL matrix(counts, threshold, true) a ON true LEFT JOIN LATERAL matrix(counts, threshold, false) p ON true;
SELECT is((SELECT count(*) FROM judged WHERE n IS NULL), 0::bigint, 'what is shown is true, and nothing of it is small');
SELECT is((SELECT sum(exposed) FROM judged), 0::numeric, 'no hidden cell follows from what is shown, in 200 tables');
SELECT cmp_ok((SELECT count(*) FROM judged WHERE of_primary > 0), '>', 40::bigint, 'in many of them it does if only small numbers are hidden');
SELECT is(exposed('{{1,1,9,11},{1,8,9,18},{2,9,18,29}}', '{{t,t,f,f},{t,f,f,f},{f,f,f,f}}'), 3::bigint, 'the proof itself finds what is exposed');

-- ---------- groups of columns, and totals that are stated elsewhere ----------

CREATE FUNCTION shown(counts bigint[], groups int[], kept_columns int[], kept_rows int[] DEFAULT '{}', threshold int DEFAULT 5) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(line, ' | ' ORDER BY row_number = 0, row_number) FROM (
    SELECT row_number, string_agg(coalesce(count::text, 'c'), ' ' ORDER BY column_number = 0, column_number) AS line
    FROM disclosed_cells(counts, threshold, groups, kept_columns, kept_rows) GROUP BY row_number) AS l);
SELECT is(shown(counts, groups, kept), wanted, description) FROM (VALUES
    ('{{10,20,30},{40,50,60}}'::bigint[], '{1,1,0}'::int[], '{}'::int[], '10 20 30 30 60 | 40 50 60 90 150 | 50 70 90 120 210', 'a column with the sum of two'),
    ('{{10,20,30},{40,50,60}}', '{1,2,1}', '{}', '10 20 30 40 20 60 | 40 50 60 100 50 150 | 50 70 90 140 70 210', 'two groups'),
    -- 1 + 3 are too few together, though 1 and 3 in another column would do without the group
    ('{{1,3,30},{40,50,60}}', '{1,1,0}', '{0,1,2,3,4}', 'c c c c 34 | c c c c 150 | 41 53 90 94 184', 'a small sum'),
    -- the total of the column is known: another cell of it, not the total, protects the small one
    ('{{3,90},{30,2000}}', '{}', '{}', 'c c 93 | c c 2030 | 33 2090 2123', 'nothing is kept'),
    ('{{3},{30},{500}}', '{}', '{}', 'c c | c c | 500 500 | 533 533', 'rows of one'), ('{{3},{30}}', '{}', '{0,1}', 'c c | c c | 33 33', 'their total is known'),
    -- who knows that no zero is hidden knows five ones by their sum
    ('{{1},{1},{1},{1},{1},{0}}', '{}', '{0,1}', NULL, 'a total that leaves no room: no rows'), ('{{1},{1},{1},{1},{2},{0}}', '{}', '{0,1}', 'c c | c c | c c | c c | c c | 0 0 | 6 6', 'one more is room enough'),
    ('{{3}}', '{}', '{0,1}', 'c c | c c', 'a total that is small is not shown'), ('{{3,40}}', '{}', '{0,1,2}', NULL, 'one that is known, the only one left'),
    ('{{0,0}}', '{1,1}', '{0}', '0 0 0 0 | 0 0 0 0', 'nobody')) AS v (counts, groups, kept, wanted, description);
SELECT is(shown('{{3,20},{30,40}}', '{}', '{}', '{1}'), 'c c 23 | c c 70 | 33 60 93', 'the total of a row is kept');
SELECT is(shown('{{3},{30}}', '{}', '{}', '{2}'), 'c c | 30 30 | c c', 'which is the cell itself: that of all is hidden');
SELECT is(shown('{{3},{30}}', '{}', '{}', '{0}'), 'c c | c c | 33 33', 'or that of all');
SELECT is(shown(NULL, '{}', '{}'), NULL, 'no counts');
SELECT throws_ok(format('SELECT shown(%L, %L, %L, %L)', counts, groups, columns, rows), '22023', message, message || ': ' || groups || columns || rows) FROM (VALUES
    ('{{1,2}}', '{1}', '{}', '{}', 'not every column has its group'), ('{{1,2}}', '{1,1,1}', '{}', '{}', 'not every column has its group'), ('{{1,2}}', '{1,-1}', '{}', '{}', 'there is no column or row of such a number'),
    ('{{1,2}}', '{1,3}', '{}', '{}', 'there is no column or row of such a number'), ('{{1,2}}', '{}', '{3}', '{}', 'there is no column or row of such a number'), ('{{1,2}}', '{}', '{}', '{2}', 'there is no column or row of such a number'),
    ('{{1,2}}', '{}', '{-1}', '{}', 'there is no column or row of such a number'), ('{{1,2}}', '{1,NULL}', '{}', '{}', 'numbers of columns and rows are an array of one dimension without nulls'),
    ('{{1,2}}', '{{1,1}}', '{}', '{}', 'numbers of columns and rows are an array of one dimension without nulls')) AS v (counts, groups, columns, rows, message);

-- the same proof: column 5 is the sum of the first two, and all totals of columns are known
CREATE FUNCTION grouped(counts bigint[], kept int[]) RETURNS TABLE (n bigint, exposed bigint) LANGUAGE sql AS $$
    WITH shown AS MATERIALIZED (SELECT (row_number + 2) % 3 + 1 AS r, CASE column_number WHEN 4 THEN 5 WHEN 0 THEN 4 ELSE column_number END AS c, count IS NULL AS hidden
        FROM disclosed_cells(counts, 5, '{1,1,0}', kept)),
    truth AS (SELECT r, c, (SELECT sum(counts[i][j]) FROM generate_series(1, 2) i, generate_series(1, 3) j WHERE (i = r OR r = 3) AND (j = c OR c = 4 OR c = 5 AND j < 3)) AS n
        FROM generate_series(1, 3) r, generate_series(1, 5) c),
    moved AS MATERIALIZED (SELECT m, r, c, d FROM move UNION ALL SELECT m, r, 5, sum(d) FROM move WHERE c < 3 GROUP BY m, r),
    other AS MATERIALIZED (
        SELECT v.m FROM moved v JOIN shown s ON s.r = v.r AND s.c = v.c JOIN truth t ON t.r = v.r AND t.c = v.c
        GROUP BY v.m HAVING bool_and(CASE WHEN s.hidden THEN t.n + v.d >= 1 ELSE v.d = 0 END)),
    changed AS (SELECT DISTINCT v.r, v.c FROM moved v JOIN other USING (m) WHERE v.d <> 0)
    SELECT count(*), count(*) FILTER (WHERE s.hidden AND NOT EXISTS (SELECT FROM changed x WHERE x.r = s.r AND x.c = s.c)) FROM shown s
$$;
CREATE TABLE with_groups AS SELECT e, kept, g.* FROM example CROSS JOIN (VALUES ('{}'::int[]), ('{0,1,2,3,4}')) AS k (kept) CROSS JOIN LATERAL grouped(counts, kept) g;
SELECT is((SELECT sum(exposed) FROM with_groups), 0::numeric, 'no hidden cell follows from what is shown, in 200 tables with a group');
SELECT is((SELECT count(*) FROM with_groups WHERE n = 0 AND kept = '{}'), 0::bigint, 'all can be protected where no total is known');
SELECT cmp_ok((SELECT count(*) FROM with_groups WHERE n = 15 AND kept <> '{}'), '>', 40::bigint, 'and many where they are');

-- ---------- queries in long form ----------

CREATE TABLE pupil_count (school text, sex text, absentees bigint);
INSERT INTO pupil_count VALUES ('A', 'F', 3), ('A', 'M', 20), ('B', 'F', 30), ('B', 'M', 40), ('C', 'M', 9);
SELECT results_eq('SELECT s.* FROM (SELECT array_agg(school) s, array_agg(sex) x, array_agg(absentees) n FROM pupil_count) q,
        suppress_small_numbers(q.s, q.x, q.n) s ORDER BY 1, 2',
    $$ VALUES ('A', 'F', NULL::bigint, 'c'), ('A', 'M', NULL, 'c'), ('A', NULL, 23, NULL), ('B', 'F', NULL, 'c'), ('B', 'M', NULL, 'c'),
        ('B', NULL, 70, NULL), ('C', 'F', 0, NULL), ('C', 'M', 9, NULL), ('C', NULL, 9, NULL), (NULL, 'F', 33, NULL), (NULL, 'M', 69, NULL),
        (NULL, NULL, 102, NULL) $$, 'with totals, a cell that is not given is zero');
SELECT is_empty('SELECT * FROM suppress_small_numbers(NULL, NULL, NULL)', 'no counts');
SELECT is_empty($$ SELECT * FROM suppress_small_numbers('{}', '{}', '{}') $$, 'no cells');
SELECT throws_ok(command, state, message, message) FROM (VALUES
    ($$ SELECT suppress_small_numbers('{a}', '{x,y}', '{1,2}') $$, '22023', 'not every cell has a row, a column and a count'),
    ($$ SELECT suppress_small_numbers('{a,NULL}', '{x,y}', '{1,2}') $$, '22023', 'not every cell has a row, a column and a count'),
    ($$ SELECT suppress_small_numbers('{a,b}', '{x,y}', '{1,NULL}') $$, '22023', 'not every cell has a row, a column and a count'),
    ($$ SELECT suppress_small_numbers('{a,a}', '{x,x}', '{1,2}') $$, '22023', 'a cell is given more than once'),
    ($$ SELECT suppress_small_numbers('{a}', '{x}', '{1}', 1) $$, '22023', 'threshold 1 would suppress nothing'),
    ($$ SELECT suppress_small_numbers('{a}', '{x}', '{-1}') $$, '22023', 'a count is negative'),
    ($$ SELECT suppress_small_numbers('{a,b}', '{x,x}', '{9223372036854775807,1}') $$, '22003', 'a total does not fit a bigint'),
    ($$ SELECT disclosed_cells('{1,2}', 5) $$, '22023', 'the counts are not an array of two dimensions without nulls'),
    ($$ SELECT disclosed_cells('{{1,NULL}}', 5) $$, '22023', 'the counts are not an array of two dimensions without nulls'),
    ($$ SELECT disclosed_cells(array_fill(1::bigint, ARRAY[1000, 1000]), 5) $$, '54000', 'a table of more than a million cells')) AS v (command, state, message);
SELECT * FROM finish();
ROLLBACK;
