--
-- attendance_tally: sessions by class, and the rates
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
SELECT quote_literal(input) AS input, pg_temp.try(format('SELECT %L::attendance_tally', input)) AS tally
FROM (VALUES (1, 'empty'), (2, '  empty  '), (3, 'present:180 authorised:7'), (4, '  authorised:7   present:180 '),
      (5, 'present:0'), (6, 'present:007'),
             (7, 'present:1 approved_activity:2 authorised:3 unauthorised:4 not_possible:5 coronavirus:6 administrative:7 unmarked:8 late_before_close:1 late_after_close:4'),
             (8, 'present:9223372036854775807'),
             (20, ''), (21, ' '), (22, 'present'), (23, 'present:'), (24, 'present:-1'), (25, 'present:+1'),
             (26, 'present:1.0'), (27, 'present: 1'), (28, 'present:9223372036854775808'),
             (29, 'present:1 present:1'), (30, 'late:1'), (31, 'presents:1'), (32, 'presen:1'),
             (33, 'present:1,authorised:1'), (34, 'present:1x'), (35, ':1'), (36, 'empty present:1'),
             (37, 'late_before_close:1'), (38, 'present:1 late_before_close:2'),
             (39, 'unauthorised:1 late_after_close:2'), (40, 'present:1' || E'\n'),
             (41, 'present:99999999999999999999999')) AS v (n, input)
ORDER BY n;
SELECT attendance_tally_send('present:258 late_before_close:1');

-- from a series
SELECT series, tally(series)
FROM unnest('{2025-09-08 /\\LBI G(U)NO(D) #Z-(X02)(J1) . ............(Y7),empty,2025-09-08 ////////// //////////}'::mark_series[]) AS series;
SELECT tally(('2025-09-08' || repeat(' LULULULULULULU', 1100))::mark_series) AS longest;
SELECT days, tally('2025-09-08 /\LUII-- . ............UU', days::daterange)
FROM (VALUES (1, '[2025-09-09,2025-09-10]'), (2, '[2025-09-09,)'), (3, '(,)'), (4, 'empty'),
      (5, '[2025-09-13,2025-09-15)'), (6, '[-infinity,infinity]'), (7, '[2025-09-27,2025-09-29)'), (8, '(,1500-01-01)'),
      (9, '[5000-01-01,)')) AS v (n, days) ORDER BY n;

-- every reader, with counts that are all different
SELECT possible(t), attended(t), absent(t), present(t), late(t), late_before_close(t), late_after_close(t),
       approved_activity(t), authorised(t), unauthorised(t),
       not_possible(t), coronavirus(t), administrative(t), unmarked(t)
FROM (VALUES ('present:1001 approved_activity:202 authorised:53 unauthorised:34 not_possible:15 coronavirus:6 administrative:7 unmarked:8 late_before_close:9 late_after_close:10'::attendance_tally), ('empty')) AS v (t);
SELECT round(attendance_rate(t), 10), round(absence_rate(t), 10), round(authorised_rate(t), 10),
       round(unauthorised_rate(t), 10), is_persistently_absent(t), is_severely_absent(t)
FROM (VALUES ('present:1001 approved_activity:202 authorised:53 unauthorised:34 not_possible:15 coronavirus:6 administrative:7 unmarked:8'::attendance_tally),
             ('empty'), ('not_possible:5 administrative:3 unmarked:8'), ('unauthorised:3'), ('coronavirus:3'),
             ('present:9223372036854775807')) AS v (t);
SELECT possible(NULL), attended(NULL), absent(NULL), present(NULL), late(NULL), late_before_close(NULL),
       late_after_close(NULL), approved_activity(NULL), authorised(NULL), unauthorised(NULL),
       not_possible(NULL), coronavirus(NULL), administrative(NULL), unmarked(NULL),
       attendance_rate(NULL::attendance_tally), absence_rate(NULL::attendance_tally), authorised_rate(NULL),
       unauthorised_rate(NULL),
       is_persistently_absent(NULL), is_severely_absent(NULL), tally(NULL::mark_series), tally(NULL, '(,)'),
       tally('empty', NULL), attendance_tally_add(NULL, 'empty'::attendance_tally),
       'empty'::attendance_tally + NULL AS plus;

-- thresholds, compared in whole sessions
SELECT t, is_persistently_absent(t), is_severely_absent(t)
FROM unnest('{present:342 authorised:38,present:343 authorised:37,present:343 authorised:38,present:190 unauthorised:190,present:191 unauthorised:190,present:190 unauthorised:189,
              authorised:1,present:9 unauthorised:1,present:10 unauthorised:1,present:1 unauthorised:1,empty,not_possible:100 unmarked:5,coronavirus:9 authorised:1,coronavirus:10 authorised:1,
              present:8301034833169298226 authorised:922337203685477581,present:8301034833169298227 authorised:922337203685477580,
              present:4611686018427387903 authorised:4611686018427387904,present:4611686018427387904 authorised:4611686018427387903}'::attendance_tally[]) AS t;

-- adding
SELECT 'present:1 unauthorised:2 late_after_close:1'::attendance_tally + 'present:10 approved_activity:5',
       'empty'::attendance_tally + 'empty';
SELECT attendance_tally_add('present:1', 'present:2'::attendance_tally),
       attendance_tally_add('present:1', 'u'::session_mark),
       attendance_tally_add('present:1', '2025-09-08 /\U'::mark_series);
-- a value that is added to stays as it was
SELECT t + t AS sum, attendance_tally_add(t, 'L'::session_mark), attendance_tally_add(t, '2025-09-08 /\U'::mark_series),
       t + t AS again, t
FROM (SELECT 'present:1'::text::attendance_tally AS t OFFSET 0) AS v;

-- a sum that does not fit is an error
SELECT query, pg_temp.try('SELECT ' || query) AS answer
FROM (VALUES (1, '''present:9223372036854775807''::attendance_tally + ''present:1'''),
      (2, '''unmarked:9223372036854775807''::attendance_tally + ''unmarked:9223372036854775807'''),
             (3, '''present:9223372036854775806''::attendance_tally + ''present:1'''),
             (4, 'attendance_tally_add(''present:9223372036854775807'', ''/''::session_mark)'),
             (5, 'attendance_tally_add(''present:9223372036854775807'', ''2025-09-08 /''::mark_series)'),
             (6, 'attendance_tally_add(''unmarked:9223372036854775807'', ''2025-09-08 /''::mark_series)'),
             (7, 'attended(''present:9223372036854775807 approved_activity:1'')'),
             (8, 'absent(''authorised:9223372036854775807 unauthorised:1'')'),
             (9, 'possible(''present:9223372036854775807 unauthorised:1'')'),
             (10, 'possible(''present:9223372036854775807 coronavirus:1'')'),
             (11, 'possible(''present:9223372036854775807 not_possible:1 unmarked:1'')'),
             (12, 'late(''present:9223372036854775807 late_before_close:9223372036854775807 unauthorised:1 late_after_close:1'')'),
             (13, 'attendance_rate(''present:9223372036854775807 unauthorised:1''::attendance_tally)'),
             (14, 'absence_rate(''present:9223372036854775807 unauthorised:1''::attendance_tally)'),
             (15, 'authorised_rate(''present:9223372036854775807 unauthorised:1'')'),
             (16, 'unauthorised_rate(''present:9223372036854775807 unauthorised:1'')'),
             (17, 'is_persistently_absent(''present:9223372036854775807 unauthorised:1'')'),
             (18, 'is_severely_absent(''authorised:9223372036854775807 unauthorised:1'')'),
             (19, 'tally_agg(t) FROM unnest(''{present:9223372036854775807,present:1}''::attendance_tally[]) AS t'),
             (20, 'tally(''/:9223372036854775807 L:1''::mark_counts)'),
             (21, 'tally(''L:9223372036854775807''::mark_counts)')) AS v (n, query)
ORDER BY n;

-- casts
SELECT 'present:1'::text::attendance_tally, 'present:1'::varchar::attendance_tally,
       'present:1'::char(20)::attendance_tally, 'empty'::char(20)::attendance_tally, t::text || '|', t::varchar || '|',
       t::char(10) || '|'
FROM (VALUES ('present:1'::attendance_tally)) AS v (t);
CREATE TEMP TABLE cast_tally (t attendance_tally);
INSERT INTO cast_tally SELECT 'present:1'::text;
SELECT pg_temp.try('SELECT upper(t) FROM cast_tally'), pg_temp.try('SELECT t + ''present:1''::text FROM cast_tally'),
       pg_temp.try('SELECT ''zz''::text::attendance_tally');

-- comparison: by the counts in their order
SELECT a = b AS eq, a <> b AS ne, a < b AS lt, a <= b AS le, a > b AS gt, a >= b AS ge,
       attendance_tally_cmp(a, b) AS cmp, attendance_tally_hash(a) = attendance_tally_hash(b) AS hash
FROM (VALUES (1, 'present:2 authorised:1'::attendance_tally, 'authorised:1 present:2'::attendance_tally),
      (2, 'present:2', 'present:10'), (3, 'empty', 'unmarked:1'),
      (4, 'present:3 late_before_close:2', 'present:3 late_before_close:1')) AS v (n, a, b) ORDER BY n;
SELECT attendance_tally_lt(t, t), attendance_tally_le(t, t), attendance_tally_eq(t, t), attendance_tally_ne(t, t),
       attendance_tally_ge(t, t), attendance_tally_gt(t, t),
       attendance_tally_hash_extended(t, 0) = attendance_tally_hash_extended(t, 1) AS seeded
       FROM (VALUES ('present:1'::attendance_tally)) AS v (t);
