--
-- mark_series: input, output, one form for equal series, reading and changing
--
SET DateStyle = ISO;

-- What a query answers, or its SQLSTATE, message and detail; only the beginning of what is long.
CREATE FUNCTION pg_temp.try(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE answer text; detail text;
BEGIN
    EXECUTE query INTO answer;
    RETURN answer;
EXCEPTION WHEN undefined_function THEN -- whose details are PostgreSQL's, from 19 on
    RETURN SQLSTATE || ': ' || SQLERRM;
WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN SQLSTATE || ': ' || left(SQLERRM, 100) || CASE WHEN detail <> '' THEN E'\n' || detail ELSE '' END;
END $$;

-- input and output.  8 September 2025 is a Monday.
SELECT quote_literal(input) AS input, pg_temp.try(format('SELECT %L::mark_series', input)) AS series
FROM (VALUES (1, '2025-09-08 /\/\/\/\/\ /\II'), (2, 'empty'), (3, '  EMPTY '), (4, '2025-09-08 .'),
      (5, '2025-09-08 .... . ..'),
             (6, '2025-09-08 L'), (7, '2025-09-08 .L'), (8, '2025-09-08 ..L'), (9, '2025-09-08 . . ..L'),
             (10, '2025-09-10 /\ /'), (11, '2025-09-12 .\ /'), (12, '2025-09-14 ./ /'), (13, '2025-09-08 ..........LU'),
             (14, '2025-09-08 ............(Y7).'),
             (15, '2025-09-08 \/\/'), (16, '2025-09-08 (/)(\)(l)'), (17, '2025-09-08 (y7)(X09)i(I)(I01)'),
             (18, '2025-09-08   //   //  '),
             (19, '2025-09-08 #-ZDQ'), (20, '1900-01-01 /'), (21, '2999-12-31 /\'), (22, '2999-12-30 ....'),
             (23, '2999-12-31 //.'),
             (30, ''), (31, ' '), (32, '2025-09-08'), (33, '2025-09-08 '), (34, '/\'), (35, '2025-09-08/\'),
             (36, '08/09/2025 /\'), (37, '2025-02-29 /'),
             (38, '1899-12-31 /'), (39, '3000-01-01 /'), (40, '2999-12-31 ///'), (41, '2999-12-31 // /'),
             (42, '2025-09-08 ///////////////'),
             (43, '2025-09-14 ///'), (44, '2025-09-08 A'), (45, '2025-09-08 Y7'), (46, '2025-09-08 (Y7'),
             (47, '2025-09-08 Y7)'), (48, '2025-09-08 (Y8)'),
             (49, '2025-09-08 ()'), (50, '2025-09-08 (Y 7)'), (51, '2025-09-08 ((Y7))'), (52, '2025-09-08 /é'),
             (53, '2025-09-08 /' || E'\n'),
             (54, '2025-09-08 (..)'), (55, 'emptyx'), (56, 'empty 2025-09-08 /')) AS v (n, input)
ORDER BY n;

-- what is on disk: a change here makes every stored register unreadable
SELECT text::mark_series AS series, mark_series_send(text::mark_series)
FROM (VALUES ('empty'), ('1900-01-01 /'), ('2025-09-08 /\/\/\/\/\'), ('2025-09-08 LL'), ('2025-09-08 LLL'),
      ('2025-09-08 ..........L'),
             ('2025-09-08 ............I'), ('2025-09-09 (Y7)- .L')) AS v (text);
-- long runs, of presence and of illness: where another byte is needed, and where two are
SELECT n, mark, mark_series_send(s), s::text::mark_series = s AS same
FROM unnest('{2,3,64,65,66,67,128,129,130,131,517}'::int[]) AS n, unnest('{/,I}'::session_mark[]) AS mark,
     LATERAL (SELECT mark_series_agg(school_session(date '2025-09-08' + i / 10 * 7 + i % 10 / 2,
                                                    (ARRAY['AM', 'PM'])[i % 2 + 1]), mark)
              FROM generate_series(0, n - 1) AS i) AS v (s)
ORDER BY mark, n;

-- one form, whatever the order of entry and however it is made
CREATE TEMP TABLE made (how text, series mark_series);
INSERT INTO made VALUES
    ('text', '2025-09-08 L.I'),
    ('text with blanks', '2025-09-08 L.I. ...... .'),
    ('forwards', set_mark(set_mark('empty', '2025-09-08 AM', 'L'), '2025-09-09 AM', 'I')),
    ('backwards', set_mark(set_mark('empty', '2025-09-09 AM', 'I'), '2025-09-08 AM', 'L')),
    ('saturday put and taken away', set_mark(set_mark('2025-09-08 L.I', '2025-09-13 AM', 'B'), '2025-09-13 AM', NULL)),
    ('sunday put and taken away', set_mark(set_mark('2025-09-08 L.I', '2025-09-14 PM', 'B'), '2025-09-14 PM', NULL)),
    ('earlier week put and taken away', set_mark(set_mark('2025-09-08 L.I', '2025-01-01 PM', 'B'), '2025-01-01 PM',
                                                 NULL)),
    ('later week put and taken away', set_mark(set_mark('2025-09-08 L.I', '2026-06-30 PM', 'B'), '2026-06-30 PM',
                                               NULL)),
    ('overwritten', set_mark(set_mark('2025-09-08 L/I', '2025-09-08 PM', 'U'), '2025-09-08 PM', NULL)),
    ('joined', '2025-09-08 L'::mark_series || '2025-09-09 I'),
    ('joined the other way', '2025-09-09 I'::mark_series || '2025-09-08 L'),
    ('cut', slice('2025-09-01 //////////// L.I // //////////////', '[2025-09-08,2025-09-10)') ),
    ('transfer file', mark_series('2025-09-08', 'L I')),
    ('aggregated', (SELECT mark_series_agg(s, m) FROM (VALUES ('2025-09-09 AM'::school_session, 'I'::session_mark),
                                                       ('2025-09-08 AM', 'L')) AS v (s, m)));
SELECT how, series = '2025-09-08 L.I' AS equal,
       mark_series_send(series) = mark_series_send('2025-09-08 L.I') AS same_bytes,
       mark_series_hash(series) = mark_series_hash('2025-09-08 L.I') AS same_hash FROM made;
-- nothing is left
SELECT set_mark('2025-09-13 L', '2025-09-13 AM', NULL) = 'empty' AS equal,
       mark_series_send(set_mark('2025-09-13 L', '2025-09-13 AM', NULL)),
       mark_series_send(slice('2025-09-13 L', 'empty')), mark_series_send('2025-09-13 .');

-- weeks of 5, 6 and 7 days
SELECT day::date, session, set_mark('2025-09-08 I', school_session(day::date, session), 'B') AS set,
       mark_at(set_mark('2025-09-08 I', school_session(day::date, session), 'B'),
               school_session(day::date, session)) AS got
FROM generate_series('2025-09-11'::timestamp, '2025-09-16', '1 day') AS day, unnest('{AM,PM}'::text[]) AS session
ORDER BY 1, 2;
-- present is one mark in both halves of a day; a missing mark is not no mark
SELECT set_mark(set_mark('empty', '2025-09-08 AM', '\'), '2025-09-08 PM', '/'), set_mark('empty', '2025-09-08 PM', '-');
SELECT mark_at('2025-09-08 /\-.', day::date, session), mark_at('2025-09-08 /\-.', school_session(day::date, session))
FROM generate_series('2025-09-08'::timestamp, '2025-09-09', '1 day') AS day, unnest('{AM,PM}'::text[]) AS session
ORDER BY day, session;
-- outside: before, after, at the weekend of a week of five days, far away
SELECT session, mark_at('2025-09-08 ////////// //', session::school_session)
FROM unnest('{2025-09-05 PM,2025-09-07 AM,2025-09-13 AM,2025-09-14 PM,2025-09-15 AM,2025-09-15 PM,2025-09-16 AM,1900-01-01 AM,2999-12-31 PM}'::text[]) AS session;
SELECT mark_at('2025-09-08 /', '1899-12-31', 'AM'), mark_at('2025-09-08 /', 'infinity', 'pm'),
       mark_at('2025-09-08 /', '-infinity', 'am');
SELECT pg_temp.try('SELECT mark_at(''2025-09-08 /'', ''2025-09-08'', ''noon'')'),
       pg_temp.try('SELECT mark_at(''2025-09-08 /'', ''3000-01-01'', '''')');

-- at most 1100 weeks from the first mark to the last
SELECT pg_temp.try(format('SELECT last_day((''2025-09-08'' || repeat('' L'', %s))::mark_series)', n)) AS text
FROM unnest('{1099,1100,1101}'::int[]) AS n;
SELECT pg_temp.try(format('SELECT first_day((''2025-09-08'' || repeat('' .'', %s) || '' L'')::mark_series)', n)) AS text
FROM unnest('{1099,1100}'::int[]) AS n;
SELECT pg_temp.try(format('SELECT length((''2025-09-08'' || repeat('' %s'', %s))::mark_series::text)',
                          repeat('(Y7)', 14), n)) AS longest
FROM unnest('{1100,1101}'::int[]) AS n;
SELECT day, pg_temp.try(format('SELECT first_day(s) || '' to '' || last_day(s) FROM set_mark(''2025-09-08 L'', %L, ''I'') AS s', day || ' AM')) AS set,
       pg_temp.try(format('SELECT first_day(s) || '' to '' || last_day(s) FROM concatenate(''2025-09-08 L'', %L) AS s',
                          day || ' I')) AS joined
FROM (VALUES (1, date '2025-09-08' + 1099 * 7 + 6), (2, date '2025-09-08' + 1100 * 7),
      (3, date '2025-09-08' - 1099 * 7), (4, date '2025-09-08' - 1099 * 7 - 1),
             (5, '1900-01-01'), (6, '2999-12-31')) AS v (n, day) ORDER BY n;
SELECT pg_temp.try('SELECT set_mark(''2025-09-08 L'', ''2999-12-31 PM'', NULL)') AS nothing_to_take_away;
SELECT pg_temp.try('SELECT mark_series_agg(s, ''I'') FROM unnest(''{1900-01-01 AM,2999-12-31 PM}''::school_session[]) AS s');
SELECT pg_temp.try('SELECT mark_series_agg(s) FROM unnest(''{1900-01-01 I,2999-12-31 I}''::mark_series[]) AS s');

-- || of series that share sessions: equal marks meet, different ones do not
SELECT a, b, pg_temp.try(format('SELECT %L::mark_series || %L', a, b)) AS joined,
       pg_temp.try(format('SELECT concatenate(%L, %L)', b, a)) AS other_way
FROM (VALUES (1, '2025-09-08 /\', '2025-09-09 /\'), (2, '2025-09-08 /\L', '2025-09-08 .\L/'),
      (3, '2025-09-08 /\', '2025-09-08 /U'), (4, '2025-09-08 /', '2025-09-08 -'),
             (5, 'empty', '2025-09-08 /'), (6, 'empty', 'empty'),
             (7, '2025-09-08 ////////// ////////////', '2025-09-13 ..L\ //'),
             (8, '2025-09-08 .\', '2025-09-08 .(Y7)')) AS v (n, a, b) ORDER BY n;

-- slice
SELECT days, slice('2025-09-08 /\L\/\I\/\/\ . ............UU', days::daterange)
FROM (VALUES (1, '[2025-09-09,2025-09-10)'), (2, '[2025-09-09,2025-09-10]'), (3, '(,2025-09-09)'), (4, '[2025-09-13,)'),
      (5, '(,)'), (6, 'empty'), (7, '[2025-09-14,2025-09-28)'),
             (8, '[2025-09-13,2025-09-13]'), (9, '[2025-09-28,2025-09-28]'), (10, '[1066-10-14,1815-06-18]'),
             (11, '[-infinity,infinity]'), (12, '[4000-01-01,)'), (13, '(,4000-01-01)')) AS v (n, days)
ORDER BY n;

-- first and last day, every mark
SELECT series, first_day(series), last_day(series)
FROM unnest('{empty,2025-09-08 .\\,2025-09-12 L . . ............I,2999-12-31 //}'::mark_series[]) AS series;
SELECT * FROM marks('2025-09-11 .\-I(Y7)(X09) /./');
SELECT * FROM marks('2025-09-11 .\-I(Y7)(X09) /./', '[2025-09-12,2025-09-16)');
SELECT count(*) FROM marks('empty');
SELECT count(*) FROM marks('2025-09-11 /\', 'empty');

-- the mark string of a Common Transfer File
SELECT pg_temp.try(query) AS answer, query
FROM (VALUES (1, 'SELECT mark_series(''2025-09-08'', ''/\/\##//\I'')'),
             (2, 'SELECT mark_series(''2025-09-08'', ''/\/\##//\I'', 7, true)'),
             (3, 'SELECT mark_series(''2025-09-11'', ''/\/\/\'')'),
             (4, 'SELECT mark_series(''2025-09-11'', ''/\/\/\'', 6)'),
             (5, 'SELECT mark_series(''2025-09-11'', ''/\/\/\'', 5)'),
             (6, 'SELECT mark_series(''2025-09-08'', ''C1C2Y7x02I01 .-'', days_per_week => 5)'),
             (7, 'SELECT mark_series(''2025-09-08'', E''/\\\\\t\r\n/\\\\'')'),
             (8, 'SELECT mark_series(''2025-09-08'', '''')'),
             (9, 'SELECT mark_series(''2999-12-31'', ''/\'')'), (10, 'SELECT mark_series(''2999-12-31'', ''/\/'')'),
             (11, 'SELECT mark_series(''1899-12-31'', ''/'')'),
             (12, 'SELECT mark_series(''2025-09-13'', ''/'', 5)'), (13, 'SELECT mark_series(''2025-09-14'', ''/'', 6)'),
             (14, 'SELECT mark_series(''2025-09-14'', ''//\'', 7)'),
             (15, 'SELECT mark_series(''2025-09-08'', ''/'', 4)'), (16, 'SELECT mark_series(''2025-09-08'', ''/'', 8)'),
             (17, 'SELECT mark_series(''2025-09-08'', ''/\A'')'),
             (18, 'SELECT mark_series(''2025-09-08'', ''/\Y88'')'), (19, 'SELECT mark_series(''2025-09-08'', ''7'')'),
             (20, 'SELECT mark_series(''2025-09-08'', ''/\é/\'')'),
             (21, 'SELECT mark_series(NULL, ''/'')'), (22, 'SELECT mark_series(''infinity'', ''/'')'),
             (23, 'SELECT mark_series(''2025-09-08'', repeat('' '', 14 * 2000) || ''/'')'),
             (24, 'SELECT mark_series(''2025-09-08'', ''/'' || repeat('' '', 14 * 2000) || ''/'')')) AS v (n, query)
ORDER BY n;

-- NULL
SELECT mark_at(NULL, '2025-09-08 AM'), mark_at('empty', NULL), mark_at(NULL, '2025-09-08', 'AM'),
       mark_at('empty', NULL, 'AM'), mark_at('empty', '2025-09-08', NULL),
       set_mark(NULL, '2025-09-08 AM', 'L'), set_mark('empty', NULL, 'L'), NULL || 'empty'::mark_series AS joined,
       concatenate('empty', NULL), slice(NULL, '(,)'), slice('empty', NULL),
       first_day(NULL), last_day(NULL), mark_series('2025-09-08', NULL), mark_series_add(NULL, 'empty'),
       mark_series_add('empty', '2025-09-08 AM', NULL),
       unauthorised_window(NULL), unauthorised_window('empty', NULL), NULL::text::mark_series;
SELECT (SELECT count(*) FROM marks(NULL)) AS marks, (SELECT count(*) FROM marks('2025-09-08 /', NULL)) AS in_range,
       (SELECT count(*) FROM absence_spells(NULL)) AS spells, (SELECT count(*) FROM weekly_tallies(NULL)) AS weeks;

-- casts
SELECT '2025-09-08 /'::text::mark_series, '2025-09-08 /'::varchar::mark_series, '2025-09-08 /'::char(20)::mark_series,
       'empty'::char(20)::mark_series,
       '2025-09-08 /'::mark_series::text || '|', '2025-09-08 /'::mark_series::varchar || '|',
       '2025-09-08 /'::mark_series::char(14) || '|';
CREATE TEMP TABLE cast_series (series mark_series);
INSERT INTO cast_series SELECT '2025-09-08 L'::text;
SELECT pg_temp.try('SELECT upper(series) FROM cast_series'),
       pg_temp.try('SELECT mark_at(series::text, ''2025-09-08 AM'') FROM cast_series');

-- comparison: any one order
SELECT a = b AS eq, a <> b AS ne, (a < b)::int + (a > b)::int AS one, (a <= b) = (a < b OR a = b) AS le,
       (a >= b) = (a > b OR a = b) AS ge, sign(mark_series_cmp(a, b)) = - sign(mark_series_cmp(b, a)) AS cmp
FROM (VALUES (1, '2025-09-08 L'::mark_series, '2025-09-08 l'::mark_series), (2, '2025-09-08 L', '2025-09-08 LL'),
      (3, 'empty', '2025-09-08 L'), (4, '2025-09-08 L', '2025-09-08 U')) AS v (n, a, b) ORDER BY n;
SELECT mark_series_lt('empty', 'empty'), mark_series_le('empty', 'empty'), mark_series_eq('empty', 'empty'),
       mark_series_ne('empty', 'empty'), mark_series_ge('empty', 'empty'), mark_series_gt('empty', 'empty');
SELECT mark_series_hash('2025-09-08 L') = mark_series_hash('2025-09-08 U') AS different,
       mark_series_hash_extended('2025-09-08 L', 0) = mark_series_hash_extended('2025-09-08 L', 1) AS seeded;

-- stored compressed and out of line, the value is the same
CREATE TEMP TABLE toasted (id int, series mark_series);
ALTER TABLE toasted ALTER series SET STORAGE EXTERNAL;
INSERT INTO toasted SELECT 1, ('2025-09-08' || repeat(' LULIL.L(Y7)UL', 1000))::mark_series;
ALTER TABLE toasted ALTER series SET STORAGE EXTENDED;
INSERT INTO toasted SELECT 2, ('2025-09-08' || repeat(' LULIL.L(Y7)UL', 1000))::mark_series;
SELECT a.series = b.series AS equal, mark_series_hash(a.series) = mark_series_hash(b.series) AS hash,
       pg_column_size(a.series) > 2 * pg_column_size(b.series) AS compressed,
       mark_at(a.series, '2044-11-04 PM'), last_day(b.series), tally(a.series), tally(b.series),
       mark_counts(a.series || b.series)
FROM toasted AS a, toasted AS b WHERE a.id = 1 AND b.id = 2;

-- spells of absence: closed days, weekends and missing marks neither end a spell nor count
SELECT n, spell.* FROM (VALUES (1, '2025-09-08 /\/\II/\/\'::mark_series), (2, '2025-09-11 //II II'),
                        (3, '2025-09-08 ##I-.IY(Y7)G'), (4, '2025-09-08 I/I\I'), (5, '2025-09-08 I(X02)I'),
                        (6, '2025-09-08 //####'),
                               (7, 'empty'), (8, '2025-09-08 IIUUIIUUII IIIIIIIIII'),
                               (9, '2025-09-08 (C1)(J1)B(C2)')) AS v (n, series), absence_spells(series) AS spell
                               ORDER BY n, first_session;
SELECT n, (spell_summary(series)).* FROM (VALUES (1, '2025-09-08 /\/\II/\/\'::mark_series), (2, '2025-09-11 //II II'),
                        (3, '2025-09-08 ##I-.IY(Y7)G'), (4, '2025-09-08 I/I\I'), (5, '2025-09-08 I(X02)I'),
                        (6, '2025-09-08 //####'), (7, 'empty'), (8, NULL), (9, '2025-09-08 II/UU/UUU#-')) AS v (n, series)
ORDER BY n;

-- weeks that have a mark
SELECT week, tally FROM weekly_tallies('2025-09-10 /\LU . .. ............B(Y7) ------');
SELECT count(*) FROM weekly_tallies('empty');

-- unauthorised absence in so many school weeks: a week of closures is none, a week without marks is none
SELECT weeks, unauthorised_window('2025-09-08 GGGG UU/ ########## . NO// ///////O O', weeks)
FROM generate_series(1, 7) AS weeks;
SELECT unauthorised_window('2025-09-08 GGGG'), unauthorised_window('2025-09-08 IICC'), unauthorised_window('empty'),
       unauthorised_window('2025-09-08 GGGG', 2147483647);
SELECT unauthorised_window(('2025-09-08' || repeat(' UNOG', 9) || ' //' || repeat(' O', 10))::mark_series),
       unauthorised_window(('2025-09-08' || repeat(' UUUUUUUUUUUUUU', 1100))::mark_series, 1100);
SELECT pg_temp.try('SELECT unauthorised_window(''empty'', 0)'),
       pg_temp.try('SELECT unauthorised_window(''empty'', -2147483648)');

-- when a threshold was met, by the weeks of a school, in lines together
SELECT threshold, weeks, f.* FROM (VALUES (1, 1), (4, 2), (6, 2), (7, 2), (6, 3), (9, 2147483647), (2147483647, 1)) AS v (threshold, weeks),
    threshold_window('{2025-09-08 GGU/// NN,NULL,2025-09-12 OO ////UU}', '{2025-09-29,2025-09-16,2025-09-12}', threshold, weeks) AS f;
SELECT threshold_window('{}', '{2025-09-08}', 1), threshold_window('{2025-09-08 GGG}', '{}', 1), threshold_window('{2025-09-08 G,2025-09-08 O}', '{2025-09-10}', 2),
       threshold_window(NULL, '{2025-09-08}', 1), threshold_window('{2025-09-08 UUUUUUUUUUUUUU}', '{2025-09-08}', 14), threshold_window('{empty}', '{1900-01-01}', 1);
SELECT pg_temp.try($$SELECT threshold_window('{}', '{2025-09-08}', 0)$$), pg_temp.try($$SELECT threshold_window('{}', '{2025-09-08}', 1, 0)$$),
       pg_temp.try($$SELECT threshold_window('{}', '{2025-09-08,2025-09-09}', 1)$$), pg_temp.try($$SELECT threshold_window('{}', '{2025-09-08,NULL}', 1)$$),
       pg_temp.try($$SELECT threshold_window('{}', '{infinity}', 1)$$);
