--
-- cohort_summary: enrolments, persistent and severe absentees, and all their sessions
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
SELECT quote_literal(input) AS input, pg_temp.try(format('SELECT %L::cohort_summary', input)) AS cohort
FROM (VALUES (1, 'empty'), (2, '  present:5  enrolments:1 '),
      (3, 'enrolments:3 persistently_absent:2 severely_absent:1 without_possible_sessions:4 present:9 late_before_close:9'),
             (4, 'enrolments:9223372036854775807 persistently_absent:9223372036854775807 severely_absent:9223372036854775807'),
             (20, ''), (21, 'enrolments'), (22, 'enrolments:-1'), (23, 'enrolments:9223372036854775808'),
             (24, 'enrolments:1 enrolments:1'), (25, 'pupils:1'), (26, 'persistently_absent:1'),
             (27, 'enrolments:2 persistently_absent:3'), (28, 'enrolments:2 persistently_absent:1 severely_absent:2'),
             (29, 'enrolments:1 late_after_close:1')) AS v (n, input)
ORDER BY n;
SELECT cohort_summary_send('enrolments:258 unmarked:1');

-- gathered: persistent, severe, neither, without possible sessions, without anything
SELECT cohort_agg(series)
FROM unnest('{2025-09-08 /////////I,2025-09-08 //////////I,2025-09-08 /U,2025-09-08 DDDD##--,empty,NULL}'::mark_series[]) AS series;
SELECT cohort_agg(t)
FROM unnest('{present:342 authorised:38,present:343 authorised:37,present:190 unauthorised:190,not_possible:4,empty,NULL}'::attendance_tally[]) AS t;
SELECT cohort_agg(c)
FROM unnest('{enrolments:3 persistently_absent:2 severely_absent:1 present:7,enrolments:10 without_possible_sessions:1,NULL}'::cohort_summary[]) AS c;

-- readers
SELECT enrolments(c), persistently_absent(c), severely_absent(c), without_possible_sessions(c), tally(c),
       round(persistent_absence_rate(c), 8), round(severe_absence_rate(c), 8)
FROM (VALUES ('enrolments:300 persistently_absent:22 severely_absent:4 without_possible_sessions:5 present:98000 authorised:6 unauthorised:7 late_after_close:1'::cohort_summary), ('empty'), ('without_possible_sessions:5'), ('enrolments:1')) AS v (c);
SELECT enrolments(NULL), persistently_absent(NULL), severely_absent(NULL), without_possible_sessions(NULL),
       tally(NULL::cohort_summary), persistent_absence_rate(NULL), severe_absence_rate(NULL),
       NULL + 'empty'::cohort_summary AS plus, NULL::text::cohort_summary;
-- the census of 2018/19, England (Pupil absence in schools in England): 10.9 and 0.8 %
SELECT round(persistent_absence_rate(c), 1), round(severe_absence_rate(c), 1)
FROM (VALUES ('enrolments:7105958 persistently_absent:771863 severely_absent:60247'::cohort_summary)) AS v (c);

-- adding
SELECT c + c AS sum, cohort_summary_add(c, '2025-09-08 UU'::mark_series),
       cohort_summary_add(c, 'present:3'::attendance_tally), cohort_summary_add(c, c), c
FROM (SELECT 'enrolments:1 present:1'::text::cohort_summary AS c OFFSET 0) AS v;
SELECT query, pg_temp.try('SELECT ' || query) AS answer
FROM (VALUES (1, '''enrolments:9223372036854775807''::cohort_summary + ''enrolments:1'''),
      (2, '''unmarked:9223372036854775807''::cohort_summary + ''unmarked:1'''),
             (3, 'cohort_summary_add(''enrolments:9223372036854775807'', ''2025-09-08 /''::mark_series)'),
             (4, 'cohort_summary_add(''without_possible_sessions:9223372036854775807'', ''2025-09-08 #''::mark_series)'),
             (5, 'cohort_summary_add(''present:9223372036854775807'', ''present:1''::attendance_tally)'),
             (6, 'cohort_summary_add(''empty'', ''present:9223372036854775807 authorised:1''::attendance_tally)'),
             (7, 'cohort_agg(c) FROM unnest(''{enrolments:9223372036854775807,enrolments:1}''::cohort_summary[]) AS c')) AS v (n, query)
ORDER BY n;

-- casts
SELECT 'enrolments:1'::text::cohort_summary, 'enrolments:1'::varchar::cohort_summary,
       'enrolments:1'::char(20)::cohort_summary, c::text || '|', c::varchar || '|', c::char(13) || '|'
       FROM (VALUES ('enrolments:1'::cohort_summary)) AS v (c);
CREATE TEMP TABLE cast_cohort (c cohort_summary);
INSERT INTO cast_cohort SELECT 'enrolments:1'::text;
SELECT pg_temp.try('SELECT upper(c) FROM cast_cohort'), pg_temp.try('SELECT ''zz''::text::cohort_summary');

-- comparison: by the counts in their order
SELECT a = b AS eq, a <> b AS ne, a < b AS lt, a <= b AS le, a > b AS gt, a >= b AS ge, cohort_summary_cmp(a, b) AS cmp,
       cohort_summary_hash(a) = cohort_summary_hash(b) AS hash
FROM (VALUES (1, 'enrolments:2 present:1'::cohort_summary, 'present:1 enrolments:2'::cohort_summary),
      (2, 'enrolments:2', 'enrolments:10'), (3, 'empty', 'unmarked:1')) AS v (n, a, b) ORDER BY n;
SELECT cohort_summary_lt(c, c), cohort_summary_le(c, c), cohort_summary_eq(c, c), cohort_summary_ne(c, c),
       cohort_summary_ge(c, c), cohort_summary_gt(c, c),
       cohort_summary_hash_extended(c, 0) = cohort_summary_hash_extended(c, 1) AS seeded
FROM (VALUES ('enrolments:1'::cohort_summary)) AS v (c);
