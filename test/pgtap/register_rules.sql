-- What may be entered, by whatever way a mark comes: each rule accepted and refused, with its
-- SQLSTATE and its message, and the register is the same after a refusal.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
-- what the marks need beside the calendar is in law.sql
INSERT INTO r.rule_setting SELECT urn, rule, 'record', 'test', 'test'
FROM generate_series(100001, 100004) AS urn, unnest('{outside enrolment,closure while open,entry changed}'::text[]) AS rule;

-- ---------- the same row by every way into the register ----------

-- One row's values as SQL literals.
CREATE TYPE given AS (school text, pupil text, upn text, day text, session text, mark text);

CREATE FUNCTION as_values(g given) RETURNS text LANGUAGE sql
RETURN format('(%s::int, %s::bigint, %s::text, %s::date, %s::text, %s::session_mark)',
    quote_nullable((g).school), quote_nullable((g).pupil), quote_nullable((g).upn),
    quote_nullable((g).day), quote_nullable((g).session), quote_nullable((g).mark));

CREATE FUNCTION as_csv(g given) RETURNS text LANGUAGE sql
RETURN concat_ws(',', coalesce((g).school, ''), coalesce((g).pupil, ''), coalesce((g).upn, ''),
    coalesce((g).day, ''), coalesce((g).session, ''), coalesce((g).mark, ''));

-- Commands that give a good row first and then this one.
CREATE FUNCTION ways(g given, view text) RETURNS TABLE (way text, command text, row_number int) LANGUAGE sql AS $$
    WITH good (g) AS (SELECT ROW('100001', '10', NULL, '2025-09-08', 'PM', '\')::given),
         target (t) AS (SELECT format('r.%s (school_urn, pupil_id, upn, day, session, mark)', view))
    SELECT 'INSERT of one row into ' || view, format('INSERT INTO %s VALUES %s', t, as_values($1)), 1 FROM target
    UNION ALL
    SELECT 'INSERT of two rows into ' || view,
           format('INSERT INTO %s VALUES %s, %s', t, as_values(good.g), as_values($1)), 2 FROM target, good
    UNION ALL
    SELECT 'INSERT ... SELECT into ' || view,
           format('INSERT INTO %s SELECT * FROM (VALUES %s, %s) AS v', t, as_values(good.g), as_values($1)), 2
    FROM target, good
    UNION ALL
    SELECT 'COPY ' || view,
           format('COPY %s FROM PROGRAM %L CSV', t, format('printf ''%%s\n'' ''%s'' ''%s''', as_csv(good.g), as_csv($1))), 2
    FROM target, good
$$;

CREATE FUNCTION refused_everywhere(g given, wanted text, description text, views text[] DEFAULT '{mark,mark_feed}')
RETURNS SETOF text LANGUAGE sql AS $$
    SELECT refused(command, replace(wanted, '@', row_number::text), description || ', ' || way)
    FROM unnest(views) AS view, ways(g, view)
$$;

-- Each way's effect is looked at and undone.
CREATE FUNCTION effect(command text, pupil bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    BEGIN
        EXECUTE command;
        result := standing(pupil);
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN result;
    WHEN OTHERS THEN
        RETURN SQLSTATE || ': ' || SQLERRM;
    END;
END
$$;

CREATE FUNCTION entered_everywhere(g given, pupil bigint, wanted text, description text,
                                   views text[] DEFAULT '{mark,mark_feed}')
RETURNS SETOF text LANGUAGE sql AS $$
    SELECT is(effect(command, pupil), wanted, description || ', ' || way) FROM unnest(views) AS view, ways(g, view)
$$;

-- ---------- what is entered ----------

SELECT entered_everywhere(('100001', '1', NULL, '2025-09-08', 'AM', '/'), 1, '100001 1 2025-09-08 AM /', 'by pupil_id');
SELECT entered_everywhere(('100001', NULL, make_upn(1), '2025-09-08', 'AM', '/'), 1, '100001 1 2025-09-08 AM /', 'by UPN');
SELECT entered_everywhere(('100001', '1', make_upn(1), '2025-09-08', 'AM', '/'), 1, '100001 1 2025-09-08 AM /', 'by both');
SELECT entered_everywhere(('100001', '23', NULL, '2025-09-08', 'PM', 'L'), 23, '100001 23 2025-09-08 PM L', 'pupil without UPN');
SELECT entered_everywhere(('100001', '1', NULL, '2025-09-08', 'pm', '/'), 1, '100001 1 2025-09-08 PM \',
                          'presence is that of its half, a session in lower case');
SELECT entered_everywhere(('100001', '1', NULL, '2025-09-08', 'Am', '\'), 1, '100001 1 2025-09-08 AM /', 'and the other way');
SELECT entered_everywhere(('100001', '1', NULL, '2025-09-08', 'AM', '-'), 1, '100001 1 2025-09-08 AM -', 'missing mark');
SELECT entered_everywhere(('100001', '1', NULL, '2024-09-09', 'AM', 'I'), 1, '100001 1 2024-09-09 AM I', 'another year');
SELECT entered_everywhere(('100001', '1', NULL, '2025-09-05', 'AM', '/'), 1, '100001 1 2025-09-05 AM /', 'day with only the morning');
SELECT entered_everywhere(('100001', '1', NULL, '2025-09-05', 'PM', '#'), 1, '100001 1 2025-09-05 PM #', 'closed afternoon');
SELECT entered_everywhere(('100001', '1', NULL, '2025-09-03', 'AM', '#'), 1, '100001 1 2025-09-03 AM #', 'closed day');
SELECT entered_everywhere(('100002', '11', NULL, '2025-09-13', 'AM', '/'), 11, '100002 11 2025-09-13 AM /', 'Saturday');
SELECT entered_everywhere(('100003', '26', NULL, '2025-09-14', 'PM', '\'), 26, '100003 26 2025-09-14 PM \', 'Sunday');
SELECT entered_everywhere(('100002', '21', NULL, '2025-11-03', 'AM', '/'), 21, '100002 21 2025-11-03 AM /', 'second school of the year');
SELECT entered_everywhere((NULL, NULL, NULL, NULL, NULL, NULL), 1, '', 'a feed passes over a row without a mark', '{mark_feed}');

-- ---------- what is refused ----------

SELECT refused_everywhere(('100001', NULL, make_upn(999), '2025-09-08', 'AM', '/'),
    '23503: row @: the register has no pupil with the unique pupil number "' || make_upn(999) || '"', 'unknown UPN');
SELECT refused_everywhere(('100001', NULL, 'x', '2025-09-08', 'AM', '/'),
    '23503: row @: the register has no pupil with the unique pupil number "x"', 'no UPN at all');
SELECT refused_everywhere(('100001', NULL, repeat('x', 16), '2025-09-08', 'AM', '/'),
    '22023: row @: "xxxxxxxxxxxxxxxx" is not a unique pupil number', 'a text too long for a UPN');
SELECT refused_everywhere(('100001', '2', make_upn(1), '2025-09-08', 'AM', '/'),
    '22023: row @: the unique pupil number "' || make_upn(1) || '" is not that of pupil 2', 'UPN of another pupil');
SELECT refused_everywhere(('100001', '1', make_upn(999), '2025-09-08', 'AM', '/'),
    '22023: row @: the unique pupil number "' || make_upn(999) || '" is not that of pupil 1', 'UPN of nobody');
SELECT refused_everywhere(('100001', '23', make_upn(23), '2025-09-08', 'AM', '/'),
    '22023: row @: the unique pupil number "' || make_upn(23) || '" is not that of pupil 23', 'UPN for a pupil without one');
SELECT refused_everywhere(('100001', '24', NULL, '2025-09-08', 'AM', '/'),
    '23503: row @: school 100001, pupil 24, 2025-09-08 AM: the pupil has no enrolment at the school in 2025/26',
    'no enrolment');
SELECT refused_everywhere(('100001', '9999', NULL, '2025-09-08', 'AM', '/'),
    '23503: row @: school 100001, pupil 9999, 2025-09-08 AM: the pupil has no enrolment at the school in 2025/26',
    'no such pupil');
SELECT refused_everywhere(('100001', '25', NULL, '2025-09-08', 'AM', '/'),
    '23503: row @: school 100001, pupil 25, 2025-09-08 AM: the pupil has no enrolment at the school in 2025/26',
    'enrolment in another year only');
SELECT refused_everywhere(('100002', '1', NULL, '2025-09-08', 'AM', '/'),
    '23503: row @: school 100002, pupil 1, 2025-09-08 AM: the pupil has no enrolment at the school in 2025/26',
    'enrolment at another school');
SELECT refused_everywhere(('999999', '1', NULL, '2025-09-08', 'AM', '/'),
    '23503: row @: school 999999, pupil 1, 2025-09-08 AM: the pupil has no enrolment at the school in 2025/26',
    'no such school');
SELECT refused_everywhere(('100001', '27', NULL, '2023-09-11', 'AM', '/'),
    '23514: row @: school 100001, pupil 27, 2023-09-11 AM: the register has no academic year 2023/24; add_academic_year() adds it',
    'year without a partition');
SELECT refused_everywhere(('100001', '2', NULL, day, session, mark),
    format('AT002: row @: school 100001, pupil 2, %s %s: the calendar of the school (school_day, build_calendar) has no such session, the mark "%s" cannot be entered',
           day, session, mark), day || ' ' || session || ' ' || mark)
FROM (VALUES ('2025-09-13', 'AM', '/'), ('2025-09-14', 'PM', 'I'), ('2025-10-27', 'AM', '/'), ('2025-09-03', 'AM', '/'),
    ('2025-09-03', 'PM', 'Y1'), ('2025-09-05', 'PM', '\'), ('2025-09-13', 'AM', '#'), ('2026-07-31', 'PM', '-'),
    ('2025-08-01', 'AM', 'C'), ('2025-09-03', 'AM', '-')) AS v (day, session, mark);
SELECT refused_everywhere(('100004', '1', NULL, '2025-09-08', 'AM', '/'),
    '23503: row @: school 100004, pupil 1, 2025-09-08 AM: the pupil has no enrolment at the school in 2025/26',
    'school without a calendar');
SELECT refused_everywhere(('100001', '1', NULL, day, 'AM', '/'),
    '22008: row @: the day is not between 1900-01-01 and 2999-12-31', 'day ' || day)
FROM unnest('{1899-12-31,3000-01-01,infinity,-infinity,0044-03-15 BC}'::text[]) AS day;
SELECT refused_everywhere(('100001', '1', NULL, '2025-09-08', session, '/'),
    format('22023: row @: invalid session "%s": AM or PM is expected', session), format('session "%s"', session))
FROM unnest(ARRAY['XX', 'A', 'AMS', ' AM', 'A.M.']) AS session;
SELECT refused_everywhere((school, pupil, NULL, day, session, '/'),
    format('23502: row @: column "%s" is empty', name), name || ' is NULL')
FROM (VALUES ('school_urn', NULL, '1', '2025-09-08', 'AM'), ('day', '100001', '1', NULL, 'AM'),
             ('session', '100001', '1', '2025-09-08', NULL)) AS v (name, school, pupil, day, session);
SELECT refused_everywhere(('100001', '1', NULL, '2025-09-08', 'AM', NULL), '23502: row @: column "mark" is empty',
                          'mark is NULL', '{mark}');
SELECT refused_everywhere(('100001', NULL, NULL, '2025-09-08', 'AM', '/'),
                          '23502: row @: neither pupil_id nor upn is given', 'no pupil');
SELECT refused_everywhere(('99999', '1', NULL, '2025-09-08', 'AM', '/'),
    '23503: row @: school 99999, pupil 1, 2025-09-08 AM: the pupil has no enrolment at the school in 2025/26', 'school_urn of five digits');
SELECT is((SELECT array_agg(DISTINCT left(outcome(command), 5)) FROM unnest('{mark,mark_feed}'::text[]) AS view,
           ways(('100001', '1', NULL, '2025-09-08', 'AM', 'Q9'), view)), '{22P02}', 'no such code, by every way');

-- A mark that is there.
SELECT lives_ok(enter(3, '2025-09-08', 'AM', 'L'), 'a mark is entered');
SELECT refused_everywhere(('100001', '3', NULL, '2025-09-08', 'AM', mark),
    '23505: row @: school 100001, pupil 3, 2025-09-08 AM: the session has the mark "L" already',
    format('"%s" where there is a mark', mark), '{mark}') FROM unnest('{L,/,-,#}'::text[]) AS mark;
SELECT entered_everywhere(('100001', '3', NULL, '2025-09-08', 'AM', given), 3, '100001 3 2025-09-08 AM ' || stands,
    format('a feed''s "%s"', given), '{mark_feed}')
FROM (VALUES ('L', 'L'), ('U', 'U'), ('/', '/'), ('-', 'L'), (NULL, 'L')) AS v (given, stands);

-- A missing mark may be replaced, and only that.
SELECT lives_ok(enter(3, '2025-09-08', 'PM', '-'), 'a missing mark is entered');
SELECT entered_everywhere(('100001', '3', NULL, '2025-09-08', 'PM', given), 3,
    '100001 3 2025-09-08 AM L, 100001 3 2025-09-08 PM ' || given, format('"%s" for a missing mark', given))
FROM unnest(ARRAY['U', '\', '-']) AS given;

-- ---------- two rows for one session ----------

SELECT refused('INSERT INTO r.mark (school_urn, pupil_id, upn, day, session, mark) VALUES '
    '(100001, 4, NULL, ''2025-09-09'', ''AM'', ''/''), (100001, 4, NULL, ''2025-09-08'', ''AM'', ''/''), '
    '(100001, NULL, make_upn(4), ''2025-09-09'', ''am'', ''/'')',
    format('23505: row 3: school 100001, pupil %s, 2025-09-09 AM: the session has a mark already, in row 1', make_upn(4)),
    'twice in a statement, by identifier and by UPN');
SELECT refused('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES '
    '(100001, 4, ''2025-09-09'', ''AM'', ''-''), (100001, 4, ''2025-09-09'', ''AM'', ''/'')',
    '23505: row 2: school 100001, pupil 4, 2025-09-09 AM: the session has a mark already, in row 1', 'a missing mark and a mark');
SELECT refused('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES '
    '(100001, 4, ''2025-09-09'', ''PM'', ''/''), (100001, 5, ''2025-09-09'', ''AM'', ''/''), (100001, 4, ''2025-09-09'', ''PM'', ''U'')',
    '21000: row 3: school 100001, pupil 4, 2025-09-09 PM: the mark "U" contradicts "\" in row 1', 'a feed contradicts itself');
SELECT is(effect('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES '
    '(100001, 4, ''2025-09-09'', ''PM'', ''/''), (100001, 4, ''2025-09-09'', ''PM'', ''\''), (100001, 4, ''2025-09-09'', ''PM'', NULL)', 4),
    '100001 4 2025-09-09 PM \', 'a feed may say the same twice');
SELECT refused(format('INSERT INTO r.%s (school_urn, pupil_id, upn, day, session, mark) VALUES '
    '(100001, 4, make_upn(4), ''2025-09-09'', ''PM'', ''/''), (100001, 5, make_upn(4), ''2025-09-09'', ''PM'', ''/'')', view),
    format('22023: row 2: the unique pupil number "%s" is given for pupil 5 here and for pupil 4 in row 1', make_upn(4)),
    'one UPN for two pupils, ' || view) FROM unnest('{mark,mark_feed}'::text[]) AS view;
SELECT matches(outcome(format('INSERT INTO r.%s (school_urn, pupil_id, upn, day, session, mark) VALUES '
    '(100001, NULL, make_upn(4), ''2025-09-09'', ''PM'', ''/''), (100001, 5, make_upn(4), ''2025-09-09'', ''PM'', ''/'')', view)),
    '^22023: row 2: ', 'the same, named by the UPN alone first, ' || view) FROM unnest('{mark,mark_feed}'::text[]) AS view;

-- Pupil 0 is a pupil like others.
INSERT INTO r.pupil (pupil_id, upn, surname, forename, date_of_birth)
VALUES (0, make_upn(500), 'Zero', 'Zoe', '2015-01-01'), (-7, make_upn(507), 'Minus', 'Max', '2015-01-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100001, 0, '2025-09-01'), (100001, -7, '2025-09-01');
SELECT entered_everywhere(('100001', NULL, make_upn(507), '2025-09-08', 'AM', '/'), -7, '100001 -7 2025-09-08 AM /', 'pupil -7 by UPN');
SELECT entered_everywhere(('100001', NULL, make_upn(500), '2025-09-08', 'AM', '/'), 0, '100001 0 2025-09-08 AM /', 'pupil 0 by UPN');
SELECT refused_everywhere(('100001', '0', make_upn(1), '2025-09-08', 'AM', '/'),
    format('22023: row @: the unique pupil number "%s" is not that of pupil 0', make_upn(1)), 'UPN of another for pupil 0');

-- A former number: 510 was pupil 510's and is nobody's; 511 was pupil 511's and is pupil 512's; two had 599.
INSERT INTO r.pupil (pupil_id, upn, former_upn, surname, forename, date_of_birth)
SELECT p, make_upn(u), make_upn(f), 'Former', p::text, '2015-01-01'
FROM (VALUES (510, 520, 510), (511, 521, 511), (512, 511, NULL), (513, 523, 599), (514, NULL, 599)) AS c (p, u, f);
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) SELECT 100001, p, '2025-09-01' FROM generate_series(510, 514) AS p;
SELECT entered_everywhere(('100001', NULL, make_upn(510), '2025-09-08', 'AM', '/'), 510, '100001 510 2025-09-08 AM /', 'a former UPN');
SELECT entered_everywhere(('100001', '510', make_upn(510), '2025-09-08', 'AM', '/'), 510, '100001 510 2025-09-08 AM /', 'beside the pupil');
SELECT entered_everywhere(('100001', NULL, make_upn(511), '2025-09-08', 'AM', '/'), 512, '100001 512 2025-09-08 AM /', 'today another pupil''s');
SELECT refused_everywhere(('100001', '511', make_upn(511), '2025-09-08', 'AM', '/'),
    format('22023: row @: the unique pupil number "%s" is not that of pupil 511', make_upn(511)), 'beside the pupil who had it');
SELECT refused_everywhere(('100001', NULL, make_upn(599), '2025-09-08', 'AM', '/'),
    format('21000: row @: several pupils had the unique pupil number "%s" before: give that of today', make_upn(599)), 'of several');

-- ---------- many rows, in any order ----------

-- Two years, three schools, unordered: all of them or none.
CREATE TEMP TABLE load AS
SELECT e.school_urn::int, CASE WHEN row_number() OVER () % 2 = 0 OR p.upn IS NULL THEN e.pupil_id END AS pupil_id,
       CASE WHEN row_number() OVER () % 2 = 1 THEN p.upn::text END AS upn, e.pupil_id AS id, d.day, s.session,
       (CASE WHEN (e.pupil_id + (d.day - date '2000-01-01')) % 5 = 0 THEN 'I' WHEN s.session = 'AM' THEN '/' ELSE '\' END)::session_mark AS mark
FROM r.enrolment e JOIN r.pupil p ON p.pupil_id = e.pupil_id
JOIN r.school_day d ON d.school_urn = e.school_urn AND d.day >= e.start_date AND d.day <= coalesce(e.end_date, d.day)
CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
WHERE CASE WHEN s.session = 'AM' THEN d.morning ELSE d.afternoon END AND e.pupil_id > 3 AND e.school_urn::int > 0;
SELECT cmp_ok((SELECT count(*) FROM load), '>', 2500::bigint, 'a load of more than 2500 marks');
SELECT lives_ok('INSERT INTO r.mark (school_urn, pupil_id, upn, day, session, mark)
    SELECT school_urn, pupil_id, upn, day, session, mark FROM load ORDER BY hash_record(load)', 'is entered in one statement');
SELECT set_eq('SELECT school_urn::int, pupil_id, day, session, mark FROM r.mark WHERE pupil_id > 3',
              'SELECT school_urn, id, day, session, mark FROM load', 'and is what stands');
SELECT results_eq('SELECT * FROM recount(''r'')', 'SELECT count(*) + 2, 0::bigint FROM load', 'counted from the lines');
SELECT set_eq('SELECT DISTINCT school_urn::int, academic_year, pupil_id FROM r.register_line WHERE pupil_id > 3',
    'SELECT DISTINCT school_urn, academic_year(day), id FROM load', 'one line for each pupil, school and year');
SELECT is((SELECT array_agg(school_urn::int || ' ' || enrolment_start ORDER BY 1) FROM r.register_line WHERE pupil_id = 21),
          '{100001 2025-09-01,100002 2025-10-20}', 'who moves has a line at each school');
SELECT is((SELECT array_agg(school_urn::int || ' ' || enrolment_start ORDER BY 1) FROM r.register_line WHERE pupil_id = 22),
          '{100001 2025-09-01}', 'who leaves and comes back has one');
SELECT lives_ok('INSERT INTO r.mark_feed (school_urn, pupil_id, upn, day, session, mark)
    SELECT school_urn, pupil_id, upn, day, session, CASE WHEN id = 9 THEN ''U'' ELSE mark END FROM load ORDER BY hash_record(load)',
    'the load again as a feed');
SELECT set_eq('SELECT school_urn::int, pupil_id, day, session, mark FROM r.mark WHERE pupil_id > 3',
    'SELECT school_urn, id, day, session, CASE WHEN id = 9 THEN ''U'' ELSE mark END FROM load', 'amends what differs');
CREATE TEMP TABLE versions AS SELECT tableoid AS line_table, ctid AS line_place, xmin AS line_writer FROM r.register_line;
SELECT lives_ok('INSERT INTO r.mark_feed (school_urn, pupil_id, upn, day, session, mark)
    SELECT school_urn, pupil_id, upn, day, session, CASE WHEN id = 9 THEN ''U'' ELSE mark END FROM load', 'a feed without news');
SELECT is((SELECT count(*) FROM versions v JOIN r.register_line l ON l.tableoid = v.line_table AND l.ctid = v.line_place AND l.xmin = v.line_writer),
          (SELECT count(*) FROM r.register_line), 'writes no line');

-- ---------- amending ----------

SELECT refused(command, wanted, command) FROM (VALUES
    ('UPDATE r.mark SET mark = NULL WHERE pupil_id = 3', '23502: row 1: column "mark" is empty'),
    ('UPDATE r.mark SET day = day + 1 WHERE pupil_id = 3', '0A000: row 1: column "day" of view "mark" cannot be updated, only "mark"'),
    ('UPDATE r.mark SET session = ''PM'' WHERE pupil_id = 3 AND session = ''AM''',
     '0A000: row 1: column "session" of view "mark" cannot be updated, only "mark"'),
    ('UPDATE r.mark SET pupil_id = 2 WHERE pupil_id = 3', '0A000: row 1: column "pupil_id" of view "mark" cannot be updated, only "mark"'),
    ('UPDATE r.mark SET upn = NULL WHERE pupil_id = 3', '0A000: row 1: column "upn" of view "mark" cannot be updated, only "mark"'),
    ('UPDATE r.mark SET upn = ''x'' WHERE pupil_id = 23', '0A000: row 1: column "upn" of view "mark" cannot be updated, only "mark"'),
    ('UPDATE r.mark SET school_urn = 100002 WHERE pupil_id = 3',
     '0A000: row 1: column "school_urn" of view "mark" cannot be updated, only "mark"'),
    ('UPDATE r.mark_feed SET day = day + 1 WHERE pupil_id = 3', '0A000: row 1: column "day" of view "mark" cannot be updated, only "mark"'),
    ('DELETE FROM r.mark WHERE pupil_id = 3 AND session = ''AM''',
     'AT001: school 100001, pupil 3, 2025-09-08 AM: the mark "L" cannot be removed: an attendance register is amended, never erased'),
    ('DELETE FROM r.mark_feed WHERE pupil_id = 3 AND session = ''PM''',
     'AT001: school 100001, pupil 3, 2025-09-08 PM: the mark "-" cannot be removed: an attendance register is amended, never erased')
) AS v (command, wanted);
SELECT matches(outcome('UPDATE r.mark m SET mark = v.mark FROM (VALUES (''U''::session_mark), (''I'')) AS v (mark)
    WHERE pupil_id = 3 AND session = ''AM'''), '^21000: row 2: school 100001, pupil 3, 2025-09-08 AM: the mark "[UI]" contradicts "[UI]" in row 1$',
    'two new marks for one session');
SELECT accepted('DELETE FROM r.mark WHERE pupil_id = 24', 'DELETE of nothing');
SELECT accepted('UPDATE r.mark SET mark = ''U'' WHERE pupil_id = 24', 'UPDATE of nothing');
SELECT accepted('INSERT INTO r.mark SELECT * FROM r.mark WHERE false', 'INSERT of nothing');
SELECT accepted('INSERT INTO r.mark_feed SELECT * FROM r.mark_feed', 'the register fed to itself');
SELECT accepted('UPDATE r.mark SET mark = ''I'' WHERE pupil_id = 3 AND session = ''AM''', 'UPDATE of a mark');
SELECT is(standing(3), '100001 3 2025-09-08 AM I, 100001 3 2025-09-08 PM -', 'stands');
SELECT accepted('UPDATE r.mark SET mark = ''/'' WHERE pupil_id = 3', 'UPDATE of a mark and of a missing one');
SELECT is(standing(3), '100001 3 2025-09-08 AM /, 100001 3 2025-09-08 PM \', 'both stand');
SELECT accepted('UPDATE r.mark_feed SET mark = ''L'' WHERE pupil_id = 3 AND session = ''PM''', 'UPDATE of mark_feed amends too');
SELECT is(standing(3), '100001 3 2025-09-08 AM /, 100001 3 2025-09-08 PM L', 'stands');
CREATE TEMP TABLE amended AS SELECT school_urn::int, pupil_id, day, session,
    (CASE WHEN pupil_id % 2 = 0 AND mark <> 'I' THEN 'B' ELSE mark::text END)::session_mark AS mark FROM r.mark;
SELECT accepted('UPDATE r.mark SET mark = ''B'' WHERE pupil_id % 2 = 0 AND mark <> ''I''', 'UPDATE of many, of two years and three schools');
SELECT set_eq('SELECT school_urn::int, pupil_id, day, session, mark FROM r.mark', 'SELECT * FROM amended', 'stand, and no other');

-- ---------- register_line itself, and its partition ----------

CREATE FUNCTION line(values_list text, target text) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.%s (school_urn, academic_year, pupil_id, enrolment_start, marks) VALUES (%s)', target, values_list);

INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100001, 24, '2025-09-08');
SELECT refused(line(given, target), replace(replace(wanted, '@', target), '%', target), description || ', ' || target)
FROM unnest('{register_line,register_line_2025}'::text[]) AS target, (VALUES
    ('100001, 2025, 24, NULL, ''2025-09-13 /''',
     'AT002: school 100001, pupil 24, 2025-09-13 AM: the calendar of the school (school_day, build_calendar) has no such session, the mark "/" cannot be entered', 'mark on a Saturday'),
    ('100001, 2025, 24, NULL, ''2025-09-03 #\''',
     'AT002: school 100001, pupil 24, 2025-09-03 PM: the calendar of the school (school_day, build_calendar) has no such session, the mark "\" cannot be entered', 'mark on a closed day'),
    ('100001, 2025, 24, NULL, ''2024-09-09 /''',
     '23514: new row for relation "register_line_2025" violates check constraint "register_line_in_year"', 'marks of another year'),
    ('100002, 2025, 24, NULL, ''empty''', '23503: pupil 24 has no enrolment at school 100002 in the academic year 2025/26', 'no enrolment'),
    ('100002, 2025, 24, ''2025-09-08'', ''empty''',
     '23503: pupil 24 has no enrolment at school 100002 that starts on 2025-09-08',
     'an enrolment that there is not'),
    ('100001, 2025, 24, ''2025-09-09'', ''empty''',
     '23503: pupil 24 has no enrolment at school 100001 that starts on 2025-09-09',
     'start of no enrolment'),
    ('NULL, 2025, 24, NULL, ''empty''',
     '23502: null value in column "school_urn" of relation "register_line_2025" violates not-null constraint', 'no school'),
    ('100001, 2025, NULL, NULL, ''empty''',
     '23502: null value in column "pupil_id" of relation "register_line_2025" violates not-null constraint', 'no pupil'),
    ('100001, 2025, 24, ''2025-09-08'', NULL',
     '23502: null value in column "marks" of relation "register_line_2025" violates not-null constraint', 'no marks')
) AS v (given, wanted, description);
SELECT refused(line('100001, 2023, 27, NULL, ''empty''', 'register_line'),
               '23514: no partition of relation "register_line" found for row', 'a year without a partition');
-- PostgreSQL has a message of its own for the row that a trigger has filled in
SELECT matches(outcome(line('100001, 2024, 4, ' || start || ', ''empty''', 'register_line_2025')), '^(23514|0A000): ',
               'a line of another year in the partition') FROM unnest(ARRAY['NULL', '''2024-09-01''']) AS start;
SELECT is(effect(line('100001, 2025, 24, NULL, ''2025-09-08 /''', target), 24), '100001 24 2025-09-08 AM /', 'a right line, ' || target)
FROM unnest('{register_line,register_line_2025}'::text[]) AS target;
SELECT is(effect(line('100001, 2025, 24, NULL, ''2025-09-03 ##''', target), 24), '100001 24 2025-09-03 AM #, 100001 24 2025-09-03 PM #',
          'a closed day, ' || target) FROM unnest('{register_line,register_line_2025}'::text[]) AS target;

SELECT lives_ok(line('100001, 2025, 24, NULL, ''2025-09-08 /\''', 'register_line'), 'a line');
SELECT is((SELECT enrolment_start FROM r.register_line WHERE pupil_id = 24), '2025-09-08', 'has the start of its enrolment');
SELECT refused(line('100001, 2025, 24, NULL, ''empty''', target),
    '23505: duplicate key value violates unique constraint "register_line_2025_pkey"', 'a second line, ' || target)
FROM unnest('{register_line,register_line_2025}'::text[]) AS target;
SELECT refused(format('UPDATE r.%s SET %s WHERE pupil_id = 24', target, change), wanted, change || ', ' || target)
FROM unnest('{register_line,register_line_2025}'::text[]) AS target, (VALUES
    ('marks = set_mark(marks, ''2025-09-06 PM'', ''L'')',
     'AT002: school 100001, pupil 24, 2025-09-06 PM: the calendar of the school (school_day, build_calendar) has no such session, the mark "L" cannot be entered'),
    ('marks = set_mark(marks, ''2025-12-25 PM'', ''L'')',
     'AT002: school 100001, pupil 24, 2025-12-25 PM: the calendar of the school (school_day, build_calendar) has no such session, the mark "L" cannot be entered'),
    ('marks = set_mark(marks, ''2024-09-09 AM'', ''L'')',
     '23514: new row for relation "register_line_2025" violates check constraint "register_line_in_year"'),
    ('marks = NULL', '23502: null value in column "marks" of relation "register_line_2025" violates not-null constraint'),
    ('pupil_id = 25', 'AT003: the line of pupil 24 at school 100001 in 2025/26 cannot become that of another pupil, school or year'),
    ('school_urn = 100002', 'AT003: the line of pupil 24 at school 100001 in 2025/26 cannot become that of another pupil, school or year'),
    ('academic_year = 2024', 'AT003: the line of pupil 24 at school 100001 in 2025/26 cannot become that of another pupil, school or year'),
    ('enrolment_start = ''2025-09-09''',
     '23503: pupil 24 has no enrolment at school 100001 that starts on 2025-09-09')
) AS v (change, wanted);
SELECT is(effect(format('UPDATE r.%s SET marks = set_mark(marks, ''2025-09-09 AM'', ''L''), enrolment_start = NULL WHERE pupil_id = 24', target), 24),
    '100001 24 2025-09-08 AM /, 100001 24 2025-09-08 PM \, 100001 24 2025-09-09 AM L', 'a right change, ' || target)
FROM unnest('{register_line,register_line_2025}'::text[]) AS target;
SELECT refused('UPDATE r.enrolment SET school_urn = 100002 WHERE pupil_id = 24',
    'AT003: the line of pupil 24 at school 100001 in 2025/26 cannot become that of another pupil, school or year',
    'an enrolment with a line goes to no other school');
SELECT alike(outcome('DELETE FROM r.enrolment WHERE pupil_id = 24'),
    'AT020: DELETE of table "enrolment" is refused: entries are kept until ____-__-__', 'nor is it deleted');
SELECT accepted('UPDATE r.enrolment SET start_date = ''2025-09-04'' WHERE pupil_id = 24', 'its start may be put right');
SELECT is((SELECT enrolment_start FROM r.register_line WHERE pupil_id = 24), '2025-09-04', 'and the line follows');
SELECT refused('INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 24, ''2025-09-08 /'')
    ON CONFLICT (school_urn, academic_year, pupil_id) DO UPDATE SET marks = set_mark(register_line.marks, ''2025-09-06 AM'', ''/'')',
    'AT002: school 100001, pupil 24, 2025-09-06 AM: the calendar of the school (school_day, build_calendar) has no such session, the mark "/" cannot be entered', 'ON CONFLICT DO UPDATE is guarded too');
SELECT is(effect('INSERT INTO r.register_line (school_urn, academic_year, pupil_id, marks) VALUES (100001, 2025, 24, ''2025-09-08 /'')
    ON CONFLICT (school_urn, academic_year, pupil_id) DO UPDATE SET marks = set_mark(register_line.marks, ''2025-09-09 AM'', ''L'')', 24), '100001 24 2025-09-08 AM /, 100001 24 2025-09-08 PM \, 100001 24 2025-09-09 AM L', 'and works');

-- ---------- the calendar ----------

SELECT matches(outcome(command), '^AT002: school 100001, 2025-09-08 [AP]M: the session cannot leave the calendar, '
    'pupil [0-9]+ has the mark ".{1,2}"$', command) FROM (VALUES
    ('DELETE FROM r.school_day WHERE school_urn = 100001 AND day = ''2025-09-08'''),
    ('UPDATE r.school_day SET morning = false, closure = ''snow'' WHERE school_urn = 100001 AND day = ''2025-09-08'''),
    ('UPDATE r.school_day SET afternoon = false, closure = ''snow'' WHERE school_urn = 100001 AND day = ''2025-09-08'''),
    ('UPDATE r.school_day SET day = ''2025-09-07'' WHERE school_urn = 100001 AND day = ''2025-09-08'''),
    ('UPDATE r.school_day SET school_urn = 100004 WHERE school_urn = 100001 AND day = ''2025-09-08''')) AS v (command);
SELECT matches(outcome('DELETE FROM r.school_day'), '^AT002: ', 'DELETE of the whole calendar');
SELECT matches(outcome('TRUNCATE r.school_day'), '^AT002: ', 'TRUNCATE of the whole calendar');

-- Pupil 26 is alone at school 100003.
SELECT lives_ok('INSERT INTO r.school_day (school_urn, day) VALUES (100003, ''2026-05-01'')', 'a day is added');
SELECT lives_ok(enter(26, '2026-05-01', 'AM', '-', 100003), 'a missing mark in its morning');
SELECT refused('UPDATE r.school_day SET morning = false, closure = ''snow'' WHERE school_urn = 100003 AND day = ''2026-05-01''',
    'AT002: school 100003, 2026-05-01 AM: the session cannot leave the calendar, pupil 26 has the mark "-"', 'even a missing mark holds it');
SELECT accepted('UPDATE r.school_day SET afternoon = false, closure = ''snow'' WHERE school_urn = 100003 AND day = ''2026-05-01''',
    'the afternoon has none');
SELECT lives_ok('UPDATE r.mark SET mark = ''#'' WHERE pupil_id = 26 AND day = ''2026-05-01''', 'closed');
SELECT accepted('UPDATE r.school_day SET morning = false WHERE school_urn = 100003 AND day = ''2026-05-01''', 'the mark of closure lets the session go');
SELECT refused('DELETE FROM r.school_day WHERE school_urn = 100003 AND day = ''2026-05-01''',
    'AT002: school 100003, 2026-05-01 AM: the session cannot leave the calendar, pupil 26 has the mark "#"', 'but not the day');
SELECT refused('UPDATE r.mark SET mark = ''/'' WHERE pupil_id = 26 AND day = ''2026-05-01''',
    'AT002: row 1: school 100003, pupil 26, 2026-05-01 AM: the calendar of the school (school_day, build_calendar) has no such session, the mark "/" cannot be entered',
    'nor another mark in its place');
SELECT accepted('UPDATE r.school_day SET morning = true WHERE school_urn = 100003 AND day = ''2026-05-01''', 'it can be opened again');
SELECT accepted('DELETE FROM r.school_day WHERE school_urn = 100001 AND day = ''2025-09-03''', 'a day without marks goes');
SELECT accepted('UPDATE r.school_day SET closure = ''renamed'' WHERE school_urn = 100001 AND day = ''2025-09-08''', 'and its note may change');
SELECT accepted('UPDATE r.school_day SET day = ''2025-12-22'' WHERE school_urn = 100003 AND day = ''2026-05-02''', 'or a day move');
SELECT results_eq('SELECT outside FROM recount(''r'')', 'VALUES (0::bigint)', 'no mark stands outside the calendar');

SELECT * FROM finish();
ROLLBACK;
