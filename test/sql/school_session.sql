--
-- school_session, school_session_range and academic_year
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

-- input and output do not depend on DateStyle
SET DateStyle = 'SQL, DMY';
SELECT '2025-09-08 AM'::school_session, school_session('08/09/2025', 'pm');
SET DateStyle = ISO;
SELECT quote_literal(input) AS input, pg_temp.try(format('SELECT %L::school_session', input)) AS session
FROM (VALUES (1, '2025-09-08 AM'), (2, '2025-09-08 pm'), (3, '  2025-09-08   Pm  '), (4, '1900-01-01 AM'),
      (5, '2999-12-31 PM'), (6, '2024-02-29 AM'),
             (7, '1999-12-31 PM'), (8, '2000-01-01 AM'),
             (20, '1899-12-31 PM'), (21, '3000-01-01 AM'), (22, '2025-02-29 AM'), (23, '2025-13-01 AM'),
             (24, '2025-00-10 AM'), (25, '2025-09-31 AM'),
             (26, '0000-01-01 AM'), (27, '2025-9-8 AM'), (28, '08/09/2025 AM'), (29, '2025-09-08'),
             (30, '2025-09-08AM'), (31, '2025-09-08 '),
             (32, '2025-09-08 XM'), (33, '2025-09-08 AMX'), (34, '2025-09-08 A'), (35, '2025-09-08 AM PM'), (36, 'AM'),
             (37, ''), (38, ' '),
             (39, '20250-09-08 AM'), (40, 'infinity AM'), (41, '2025-09-08 AM' || E'\n'),
             (42, '2025-09-08 ' || chr(8491))) AS v (n, input)
ORDER BY n;

-- made from its parts, and taken apart
SELECT s, day(s), session(s) FROM (VALUES (school_session('2025-09-08', 'AM')), (school_session('2025-09-08', 'pM')),
                                          (school_session('1900-01-01', 'am')), (school_session('2999-12-31', 'PM')),
                                          (school_session('1999-12-31', 'AM')),
                                          (school_session('1999-12-31', 'PM'))) AS v (s);
SELECT query, pg_temp.try(query)
FROM (VALUES ('SELECT school_session(''1899-12-31'', ''AM'')'), ('SELECT school_session(''3000-01-01'', ''AM'')'),
             ('SELECT school_session(''infinity'', ''AM'')'), ('SELECT school_session(''-infinity'', ''AM'')'),
             ('SELECT school_session(''2025-09-08'', '''')'), ('SELECT school_session(''2025-09-08'', ''noon'')'),
             ('SELECT school_session(''2025-09-08'', '' AM'')')) AS v (query);
SELECT school_session(NULL, 'AM'), school_session('2025-09-08', NULL), day(NULL), session(NULL), academic_year(NULL);

-- casts
SELECT '2025-09-08 AM'::text::school_session, '2025-09-08 AM'::varchar::school_session,
       '2025-09-08 AM'::char(20)::school_session;
SELECT s::text || '|', s::varchar || '|', s::char(15) || '|' FROM (VALUES ('2025-09-08 AM'::school_session)) AS v (s);
CREATE TEMP TABLE cast_session (s school_session);
INSERT INTO cast_session SELECT '2025-09-08 pm'::text;
SELECT * FROM cast_session;
SELECT pg_temp.try('SELECT upper(s) FROM cast_session'),
       pg_temp.try('SELECT s = ''2025-09-08 PM''::text FROM cast_session');

-- the academic year turns on 1 August
SELECT day, academic_year(day) FROM (VALUES ('2025-07-31'::date), ('2025-08-01'), ('2025-12-31'), ('2026-01-01'),
                                     ('1900-01-01'), ('2999-12-31')) AS v (day);
SELECT day, pg_temp.try(format('SELECT academic_year(%L)', day))
FROM (VALUES ('1899-12-31'), ('3000-01-01'), ('infinity')) AS v (day);

-- order in time, across the day and the epoch
SELECT string_agg(s::text, ', ' ORDER BY s)
FROM unnest('{2025-09-08 PM,2025-09-09 AM,2025-09-08 AM,2000-01-01 AM,1999-12-31 PM,1999-12-31 AM,1900-01-01 AM,2999-12-31 PM}'::school_session[]) AS s;
SELECT s, s < m, s <= m, s = m, s <> m, s >= m, s > m, school_session_cmp(s, m)
FROM unnest('{1999-12-31 PM,2000-01-01 AM,2000-01-01 PM}'::school_session[]) AS s,
    (VALUES ('2000-01-01 AM'::school_session)) AS v (m);
SELECT school_session_lt(a, b), school_session_le(a, b), school_session_eq(a, b), school_session_ne(a, b),
       school_session_ge(a, b), school_session_gt(a, b)
FROM (VALUES ('2025-09-08 AM'::school_session, '2025-09-08 PM'::school_session)) AS v (a, b);
SELECT school_session_hash('2025-09-08 AM') = school_session_hash('2025-09-08 am') AS equal,
       school_session_hash('2025-09-08 AM') = school_session_hash('2025-09-08 PM') AS different,
       school_session_hash_extended('2025-09-08 AM', 0) = school_session_hash_extended('2025-09-08 AM', 1) AS seeded;
SELECT school_session_send('2000-01-01 AM'), school_session_send('1999-12-31 PM'), school_session_send('2025-09-08 PM');

-- ranges are kept as [first, after last)
SELECT input, pg_temp.try(format('SELECT %L::school_session_range', input)) AS range
FROM (VALUES (1, '[2025-09-08 AM,2025-09-08 PM]'), (2, '(2025-09-08 AM,2025-09-12 PM)'),
      (3, '[2025-09-08 PM,2025-09-12 PM]'), (4, '[2025-09-08 AM,)'),
             (5, '(,2025-09-08 AM]'), (6, '(,)'), (7, 'empty'), (8, '(2025-09-08 AM,2025-09-08 PM)'),
             (9, '[2025-09-08 AM,2025-09-08 AM)'),
             (10, '[2999-12-31 AM,2999-12-31 PM)'), (11, '[2999-12-31 PM,2999-12-31 PM]'), (12, '(2999-12-31 PM,)'),
             (13, '[2025-09-09 AM,2025-09-08 AM]'), (14, '[2025-09-08,2025-09-09]')) AS v (n, input) ORDER BY n;
SELECT school_session_range('2025-09-08 AM', '2025-09-08 PM', '[]') = '[2025-09-08 AM,2025-09-09 AM)' AS equal,
       school_session_range('2025-09-08 AM', '2025-09-12 PM') @> '2025-09-12 AM'::school_session AS contains,
       school_session_range('2025-09-08 AM', '2025-09-12 PM') @> '2025-09-12 PM'::school_session AS not_the_last,
       school_session_range('2025-09-08 AM', '2025-09-09 AM') -|- school_session_range('2025-09-08 PM', '2025-09-10 AM',
       '(]') AS adjacent,
       lower(school_session_range('2025-09-08 AM', '2025-09-08 PM', '(]')),
       upper(school_session_range('2025-09-08 AM', '2025-09-08 PM', '[]'));
SELECT school_session_range_canonical('[2025-09-08 AM,2025-09-08 PM]'),
       school_session_subdiff('2025-09-09 AM', '2025-09-08 AM'),
       school_session_subdiff('1900-01-01 AM', '2999-12-31 PM'),
       school_session_subdiff('2025-09-08 PM', '2025-09-08 PM');
SELECT range_agg(r)
FROM unnest('{"[2025-09-08 AM,2025-09-08 PM]","[2025-09-09 AM,2025-09-09 AM]","[2025-09-11 AM,2025-09-12 AM)"}'::school_session_range[]) AS r;
SELECT '{[2025-09-08 AM,2025-09-08 AM],(2025-09-08 AM,2025-09-09 AM)}'::school_session_multirange;

-- leave does not overlap: an exclusion constraint on the range, by a GiST index
CREATE TEMP TABLE leave (period school_session_range, EXCLUDE USING gist (period WITH &&));
INSERT INTO leave SELECT school_session_range(school_session(d::date, 'AM'), school_session(d::date, 'PM'), '[]')
FROM generate_series('2020-01-01'::timestamp, '2022-12-31', '1 day') AS d;
SELECT query, pg_temp.try(query)
FROM (VALUES ('INSERT INTO leave VALUES (''[2021-06-01 PM,2021-06-01 PM]'')')) AS v (query);
SET enable_seqscan = off;
SELECT count(*) FROM leave WHERE period && '[2021-06-01 PM,2021-06-03 AM]';
