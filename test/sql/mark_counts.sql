--
-- mark_counts: sessions by code
--

-- What a query answers, or its SQLSTATE, message and detail.
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; detail text;
BEGIN
    EXECUTE query INTO answer;
    RETURN answer;
EXCEPTION WHEN undefined_function THEN -- whose details are PostgreSQL's, from 19 on
    RETURN SQLSTATE || ': ' || SQLERRM;
WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ': ' || SQLERRM || CASE WHEN detail <> '' THEN E'\n' || detail ELSE '' END;
END $$;

-- input and output
SELECT quote_literal(input) AS input, pg_temp.try(format('SELECT %L::mark_counts', input)) AS counts
FROM (VALUES (1, 'empty'), (2, ' EMPTY  '), (3, '/:190 \:188 I:4'), (4, '  i:4   y7:1 x09:2 -:3 #:5  \:188 /:190 '),
      (5, 'L:9223372036854775807'), (6, 'L:007'),
             (20, ''), (21, ' '), (22, 'L'), (23, 'L:'), (24, 'L:0'), (25, 'L:-1'), (26, 'L:1.5'), (27, 'L: 1'),
             (28, 'L:9223372036854775808'), (29, 'L:1 l:1'), (30, 'A:1'), (31, 'Y8:1'), (32, '--:1'),
             (33, ':1'), (34, 'L:1,U:1'), (35, 'L:1U:1'), (36, 'empty L:1'), (37, 'L:1' || E'\n'), (38, 'é:1')) AS v (n,
             input)
ORDER BY n;
SELECT mark_counts_send('empty'), mark_counts_send('\:258 L:1');
SELECT string_agg(mark || ':1', ' ')::mark_counts AS every_code FROM attendance_codes();

-- from a series: presence is counted in its half of the day
SELECT series, mark_counts(series)
FROM unnest('{2025-09-08 /\\\\/LBI G(U)NO(D) #Z-(X02)(J1) . ............(Y7),empty,2025-09-08 ./ ./,2025-09-08 ////////// /////,2025-09-13 //// /}'::mark_series[]) AS series;
SELECT days, mark_counts('2025-09-08 ////II-- . ............UU', days::daterange)
FROM (VALUES (1, '[2025-09-09,2025-09-10]'), (2, '[2025-09-09,)'), (3, '(,)'), (4, 'empty'),
      (5, '[2025-09-13,2025-09-15)'), (6, '[2025-09-27,2025-09-29)')) AS v (n, days) ORDER BY n;

-- readers
SELECT mark, mark_count('/:190 I:4 Y7:1', mark) FROM unnest('{/,"\\",I,Y7,-}'::session_mark[]) AS mark;
SELECT * FROM counts('/:190 \:188 I:4 X09:7 #:1');
SELECT count(*) FROM counts('empty');
SELECT tally('/:190 \:188 I:4 U:2 L:3 X09:7 #:1 -:5 D:6 B:8'::mark_counts), tally('empty'::mark_counts);

-- adding
SELECT '/:1 I:2'::mark_counts + 'I:40 -:5', 'empty'::mark_counts + 'empty', mark_counts_add('I:1', 'I:2'::mark_counts),
       mark_counts_add('I:1', 'i'::session_mark), mark_counts_add('I:1', 'L'::session_mark),
       'I:1' + mark_counts('2025-09-08 //II'::mark_series);
-- a value that is added to stays as it was
SELECT c + c AS sum, mark_counts_add(c, 'I'::session_mark), c + mark_counts('2025-09-08 II'::mark_series),
       c + c AS again, c FROM (SELECT 'I:1'::text::mark_counts AS c OFFSET 0) AS v;
SELECT query, pg_temp.try('SELECT ' || query) AS answer
FROM (VALUES (1, '''I:9223372036854775807''::mark_counts + ''I:1'''),
      (2, '''I:9223372036854775806''::mark_counts + ''I:1'''),
      (3, 'mark_counts_add(''I:9223372036854775807'', ''I''::session_mark)'),
             (4, '''I:9223372036854775807'' + mark_counts(''2025-09-08 I''::mark_series)'),
             (5, 'mark_counts_agg(c) FROM unnest(''{I:9223372036854775807,I:1}''::mark_counts[]) AS c'),
             (6, 'mark_counts_add(''I:9223372036854775807'', ''M''::session_mark)')) AS v (n, query)
ORDER BY n;

-- NULL
SELECT mark_counts(NULL::mark_series), mark_counts(NULL, '(,)'), mark_counts('empty'::mark_series, NULL),
       mark_count(NULL, 'I'), mark_count('empty', NULL), tally(NULL::mark_counts), NULL + 'empty'::mark_counts AS plus,
       NULL::text::mark_counts,
       (SELECT count(*) FROM counts(NULL)) AS rows;

-- casts
SELECT 'I:1'::text::mark_counts, 'I:1'::varchar::mark_counts, 'I:1'::char(20)::mark_counts, c::text || '|',
       c::varchar || '|', c::char(5) || '|' FROM (VALUES ('I:1'::mark_counts)) AS v (c);
SELECT pg_temp.try('SELECT ''empty''::char(20)::mark_counts') AS blanks_do_not_matter;
CREATE TEMP TABLE cast_counts (c mark_counts);
INSERT INTO cast_counts SELECT 'I:1'::text;
SELECT pg_temp.try('SELECT upper(c) FROM cast_counts'), pg_temp.try('SELECT c + ''I:1''::text FROM cast_counts'),
       pg_temp.try('SELECT ''zz''::text::mark_counts');

-- comparison: any one order
SELECT a = b AS eq, a <> b AS ne, (a < b)::int + (a > b)::int AS one, (a <= b) = (a < b OR a = b) AS le,
       (a >= b) = (a > b OR a = b) AS ge, sign(mark_counts_cmp(a, b)) = - sign(mark_counts_cmp(b, a)) AS cmp,
       mark_counts_hash(a) = mark_counts_hash(b) AS hash
FROM (VALUES (1, 'I:1 L:2'::mark_counts, 'L:2 i:1'::mark_counts), (2, 'I:1', 'I:2'), (3, 'empty', 'I:1'),
      (4, 'I:1', 'I:1 U:1')) AS v (n, a, b) ORDER BY n;
SELECT mark_counts_lt(c, c), mark_counts_le(c, c), mark_counts_eq(c, c), mark_counts_ne(c, c), mark_counts_ge(c, c),
       mark_counts_gt(c, c), mark_counts_hash_extended(c, 0) = mark_counts_hash_extended(c, 1) AS seeded
FROM (VALUES ('I:1'::mark_counts)) AS v (c);
