-- What held before is of one enrolment, contact or school, whatever becomes of it and of others beside it: a table of
-- what is done, with all that holds before and after.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET search_path = r, public, attendance;

INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (70, 'Former', 'F', '2015-03-01'), (71, 'Former', 'G', '2015-03-01');
INSERT INTO contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (1, 70, 'One', true, true), (2, 70, 'Two', true, false);
INSERT INTO school (urn, name, phase, type, la_number) VALUES (100070, 'One', 'Primary', 'Academies', 380), (100071, 'Two', 'Secondary', 'Academies', 380);

-- What a query says after some statements, which are undone. TODAY is that of London, SIGNED a signature.
CREATE FUNCTION after(statements text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    today date := clock_timestamp() AT TIME ZONE 'Europe/London';
    result text;
BEGIN
    BEGIN
        EXECUTE replace(replace(statements, 'SIGNED', $s$entered_by = 'x', title = 'x', reason = 'x'$s$), 'TODAY', format('date %L', today));
        EXECUTE query INTO result;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN replace(replace(result, today::text, 'TODAY'), (today + 5)::text, 'SOON');
    WHEN OTHERS THEN
        RETURN SQLSTATE;
    END;
END
$$;
-- The days of all enrolments add up, other ways to ask say the same, and so does the journal.
CREATE FUNCTION faults() RETURNS text LANGUAGE sql SET search_path = r, attendance AS $$
    SELECT string_agg(f.fault, ', ') FROM (
        SELECT format('days of %s from %s', e.pupil_id, e.start_date) AS fault FROM enrolment e
        WHERE (SELECT range_agg(daterange(p.from_day, p.to_day, '[]')) FROM enrolment_period p
            WHERE p.school_urn = e.school_urn AND p.pupil_id = e.pupil_id AND p.start_date = e.start_date)
            IS DISTINCT FROM datemultirange(daterange(e.start_date, e.end_date, '[]'))
        UNION ALL
        SELECT format('%s on %s', p.pupil_id, d.day) FROM enrolment_period p
        CROSS JOIN LATERAL (VALUES (p.from_day), (coalesce(p.to_day, p.from_day + 9000))) AS d (day)
        JOIN LATERAL enrolment_on(d.day) o ON o.school_urn = p.school_urn AND o.pupil_id = p.pupil_id AND o.start_date = p.start_date
        WHERE (o.status, o.boarder, o.year_group, o.registration_group) IS DISTINCT FROM (p.status, p.boarder, p.year_group, p.registration_group)
        UNION ALL
        SELECT format('%s, the last group', p.pupil_id) FROM enrolment_period p
        JOIN enrolment e ON e.school_urn = p.school_urn AND e.pupil_id = p.pupil_id AND e.start_date = p.start_date AND e.end_date = p.to_day
        JOIN LATERAL enrolment_on('2999-12-31') o ON o.school_urn = p.school_urn AND o.pupil_id = p.pupil_id AND o.start_date = p.start_date
        WHERE o.registration_group IS DISTINCT FROM p.registration_group
        UNION ALL
        SELECT v.problem FROM verify_journal() v) f $$;

CREATE TEMPORARY TABLE done (place integer GENERATED ALWAYS AS IDENTITY, what text, statements text, wanted text);
-- the enrolment with the classes 1A and 1B in 2024/25, and others beside it
\set first 'INSERT INTO enrolment (school_urn, pupil_id, start_date, registration_group, entry_reason) VALUES (100004, 70, ''2024-09-01'', ''1A'', ''x'');'
\set ended 'INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, deleted_at, deletion_ground, next_school, registration_group, entry_reason) VALUES (100004, 70, ''2024-09-01'', ''2025-07-18'', ''2025-07-18 12:00'', ''A'', ''x'', ''1A'', ''x'');'
\set second 'INSERT INTO enrolment (school_urn, pupil_id, start_date, registration_group, entry_reason) VALUES (100004, 70, ''2025-08-25'', ''2A'', ''x'');'
\set meets 'INSERT INTO enrolment (school_urn, pupil_id, start_date, registration_group, entry_reason) VALUES (100004, 70, ''2025-07-19'', ''2A'', ''x'');'
\set change 'UPDATE enrolment SET registration_group = ''1B'', SIGNED, holds_from = '
\set of_first ' WHERE pupil_id = 70 AND start_date = ''2024-09-01'';'
\set of_second ' WHERE pupil_id = 70 AND start_date > ''2024-09-01'';'
\set ends 'UPDATE enrolment SET end_date = TODAY, deletion_ground = ''A'', next_school = ''x'', SIGNED WHERE pupil_id = 70;'
\set back 'INSERT INTO enrolment (school_urn, pupil_id, start_date, registration_group) VALUES (100004, 70, TODAY + 5, ''2A'');'
INSERT INTO done (what, statements, wanted) VALUES
    ('nothing changes', :'ended' || :'second', '[2024-09-01 to 2025-07-18 1A] [2025-08-25 to - 2A]'),
    -- another enrolment
    ('a change from after the last day, then the pupil is back before it', :'ended' || :'change' || '''2025-09-01''' || :'of_first' || :'second',
        '[2024-09-01 to 2025-07-18 1A] [2025-08-25 to - 2A]'),
    ('the same, when the pupil is back already', :'ended' || :'second' || :'change' || '''2025-09-01''' || :'of_first',
        '[2024-09-01 to 2025-07-18 1A] [2025-08-25 to - 2A]'),
    ('a change from no given day of who has left', :'ended' || :'change' || 'NULL' || :'of_first' || :'second',
        '[2024-09-01 to 2025-07-18 1A] [2025-08-25 to - 2A]'),
    ('a change in the year', :'ended' || :'change' || '''2025-01-06''' || :'of_first' || :'second',
        '[2024-09-01 to 2025-01-05 1A 2025-01-06 to 2025-07-18 1B] [2025-08-25 to - 2A]'),
    ('a change from the starting day', :'ended' || :'change' || '''2024-09-01''' || :'of_first' || :'second', '[2024-09-01 to 2025-07-18 1B] [2025-08-25 to - 2A]'),
    ('a change on the last day', :'ended' || :'change' || '''2025-07-18''' || :'of_first' || :'second',
        '[2024-09-01 to 2025-07-17 1A 2025-07-18 to 2025-07-18 1B] [2025-08-25 to - 2A]'),
    ('a change on the day after it', :'ended' || :'change' || '''2025-07-19''' || :'of_first' || :'meets', '[2024-09-01 to 2025-07-18 1A] [2025-07-19 to - 2A]'),
    ('a change of the second', :'ended' || :'second' || :'change' || '''2025-12-01''' || :'of_second',
        '[2024-09-01 to 2025-07-18 1A] [2025-08-25 to 2025-11-30 2A 2025-12-01 to - 1B]'),
    ('a change of the second from before it', :'ended' || :'meets' || :'change' || '''2025-01-06''' || :'of_second',
        '[2024-09-01 to 2025-07-18 1A] [2025-07-19 to - 1B]'),
    ('a change of both', :'ended' || :'meets' || :'change' || '''2025-01-06'' WHERE pupil_id = 70',
        '[2024-09-01 to 2025-01-05 1A 2025-01-06 to 2025-07-18 1B] [2025-07-19 to - 1B]'),
    ('a change of both, later', :'ended' || :'meets' || :'change' || '''2025-09-01'' WHERE pupil_id = 70',
        '[2024-09-01 to 2025-07-18 1A] [2025-07-19 to 2025-08-31 2A 2025-09-01 to - 1B]'),
    ('one that was before is entered after', :'first' || :'change' || '''2025-01-06''' || :'of_first' || replace(:'ended', '2024-09-01', '2023-09-01'), '23P01'),
    ('the same, without overlap', :'first' || :'change' || '''2025-01-06''' || :'of_first' || replace(replace(replace(:'ended', '2025-07', '2024-07'), '2024-09-01', '2023-09-01'), '''A''', '''B'''),
        '[2023-09-01 to 2024-07-18 1A] [2024-09-01 to 2025-01-05 1A 2025-01-06 to - 1B]'),
    -- the last day
    ('who leaves before what was entered in advance', :'first' || :'change' || 'TODAY + 30' || :'of_first' || :'ends', '[2024-09-01 to TODAY 1A]'),
    ('who comes back before that', :'first' || :'change' || 'TODAY + 30' || :'of_first' || :'ends' || :'back', '[2024-09-01 to TODAY 1A] [SOON to - 2A]'),
    ('who had not left after all', :'first' || :'change' || 'TODAY + 5' || :'of_first' || :'ends'
        || 'UPDATE enrolment SET end_date = NULL, deleted_at = NULL, deletion_ground = NULL, next_school = NULL, SIGNED' || :'of_first', '[2024-09-01 to ' || (clock_timestamp() AT TIME ZONE 'Europe/London')::date + 4 || ' 1A SOON to - 1B]'),
    -- the starting day
    ('the starting day was earlier', :'first' || :'change' || '''2025-01-06''' || :'of_first' || 'UPDATE enrolment SET start_date = ''2024-08-01'', SIGNED' || :'of_first',
        '[2024-08-01 to 2025-01-05 1A 2025-01-06 to - 1B]'),
    ('it was later', :'first' || :'change' || '''2025-01-06''' || :'of_first' || 'UPDATE enrolment SET start_date = ''2024-10-01'', SIGNED' || :'of_first',
        '[2024-10-01 to 2025-01-05 1A 2025-01-06 to - 1B]'),
    ('on the day of the change', :'first' || :'change' || '''2025-01-06''' || :'of_first' || 'UPDATE enrolment SET start_date = ''2025-01-06'', SIGNED' || :'of_first', '[2025-01-06 to - 1B]'),
    ('after the change', :'first' || :'change' || '''2025-01-06''' || :'of_first' || 'UPDATE enrolment SET start_date = ''2025-03-01'', SIGNED' || :'of_first', '[2025-03-01 to - 1B]'),
    ('and then on the first day after all', :'first' || :'change' || '''2025-01-06''' || :'of_first' || 'UPDATE enrolment SET start_date = ''2025-03-01'', SIGNED' || :'of_first'
        || 'UPDATE enrolment SET start_date = ''2024-09-01'', SIGNED' || :'of_second', '[2024-09-01 to 2025-01-05 1A 2025-01-06 to - 1B]'),
    ('of both, each a day later', :'ended' || :'second' || :'change' || '''2025-01-06''' || :'of_first' || :'change' || '''2025-12-01''' || :'of_second'
        || 'UPDATE enrolment SET start_date = start_date + 1, SIGNED WHERE pupil_id = 70', '[2024-09-02 to 2025-01-05 1A 2025-01-06 to 2025-07-18 1B] [2025-08-26 to 2025-11-30 2A 2025-12-01 to - 1B]'),
    -- for whom, and where
    ('it was another pupil', :'first' || :'change' || '''2025-01-06''' || :'of_first' || 'UPDATE enrolment SET pupil_id = 71, SIGNED' || :'of_first', '[2024-09-01 to 2025-01-05 1A 2025-01-06 to - 1B] of 71'),
    ('it was another school', :'first' || :'change' || '''2025-01-06''' || :'of_first' || 'UPDATE enrolment SET school_urn = 100003, SIGNED' || :'of_first', '[2024-09-01 to 2025-01-05 1A 2025-01-06 to - 1B] at 100003'),
    -- what is said of it
    ('what held is entered', :'ended' || :'second' || 'INSERT INTO enrolment_former (school_urn, pupil_id, start_date, to_day, status, boarder, registration_group, entered_by, title, reason)
        VALUES (100004, 70, ''2025-08-25'', ''2025-09-30'', ''C'', ''N'', ''0'', ''x'', ''x'', ''x'')', '[2024-09-01 to 2025-07-18 1A] [2025-08-25 to 2025-09-30 0 2025-10-01 to - 2A]'),
    ('of no enrolment', :'ended' || 'INSERT INTO enrolment_former (school_urn, pupil_id, start_date, to_day, status, boarder, entered_by, title, reason)
        VALUES (100004, 70, ''2024-09-02'', ''2025-09-30'', ''C'', ''N'', ''x'', ''x'', ''x'')', '23503'),
    ('what was not known is filled in', replace(:'ended', '''1A''', 'NULL') || replace(:'second', '''2A''', 'NULL') || :'change' || 'NULL' || :'of_first', '[2024-09-01 to 2025-07-18 1B] [2025-08-25 to - ?]'),
    ('two changes', :'first' || :'change' || '''2025-01-06''' || :'of_first' || replace(:'change', '1B', '1C') || '''2024-11-04''' || :'of_first',
        '[2024-09-01 to 2024-11-03 1A 2024-11-04 to 2025-01-05 1C 2025-01-06 to - 1C]'),
    ('unsigned', :'first' || 'UPDATE enrolment SET registration_group = ''1B'', holds_from = ''2025-01-06''' || :'of_first', 'AT036'),
    ('to move the starting day unsigned', :'first' || :'change' || '''2025-01-06''' || :'of_first' || 'UPDATE enrolment SET start_date = ''2024-10-01''' || :'of_first', 'AT036');
SELECT is(after(statements, $$SELECT string_agg(format('[%s]', p.said) || CASE WHEN p.pupil_id <> 70 THEN ' of ' || p.pupil_id ELSE '' END
        || CASE WHEN p.school_urn <> 100004 THEN ' at ' || p.school_urn ELSE '' END, ' ' ORDER BY p.start_date) || coalesce(', ' || faults(), '')
    FROM (SELECT school_urn, pupil_id, start_date, string_agg(format('%s to %s %s', from_day, coalesce(to_day::text, '-'), coalesce(registration_group, '?')), ' ' ORDER BY from_day) AS said
        FROM enrolment_period WHERE pupil_id IN (70, 71) GROUP BY 1, 2, 3) p$$), wanted, 'enrolment: ' || what) FROM done ORDER BY place;

-- reports group who has left by the last of their days, and one line by its enrolment
SELECT is(after(statements || ';
        INSERT INTO school_day (school_urn, day) SELECT 100004, d FROM unnest(''{2025-06-02,2025-07-18,2025-09-02}''::date[]) d;
        INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100004, 70, d, ''AM'', ''/'' FROM unnest(''{2025-06-02,2025-09-02}''::date[]) d',
    $$SELECT string_agg(concat_ws(' ', l.academic_year, l.registration_group), ', ' ORDER BY l.academic_year)
        || CASE WHEN (SELECT string_agg(concat_ws(' ', f.academic_year, f.registration_group), ', ' ORDER BY f.academic_year) FROM fact_line f WHERE f.pupil_id = 70)
            <> string_agg(concat_ws(' ', l.academic_year, l.registration_group), ', ' ORDER BY l.academic_year) THEN ' not in BI' ELSE '' END
    FROM report_line('2024-09-01 to 2026-07-31', 'all', '{100004}') l WHERE l.pupil_id = 70$$), '2024 ' || v.wanted, 'reports: ' || what)
FROM done JOIN (VALUES ('a change from after the last day, then the pupil is back before it', '1A, 2025 2A'), ('a change in the year', '1B, 2025 2A'),
    ('a change from no given day of who has left', '1A, 2025 2A'), ('a change of the second from before it', '1A, 2025 1B'), ('a change of both, later', '1A, 2025 1B'),
    ('two changes', '1C, 2025 1C')) AS v (case_name, wanted) ON v.case_name = what ORDER BY place;

-- contacts and schools: theirs go with them as well
TRUNCATE done RESTART IDENTITY;
\set parted 'UPDATE contact SET lives_with = NOT lives_with, holds_from = ''2025-01-06'', SIGNED WHERE contact_id = '
INSERT INTO done (what, statements, wanted) VALUES
    ('a change', :'parted' || '1', '[1 of 70 - to 2025-01-05 t 2025-01-06 to - f] [2 of 70 - to - f]'),
    ('of another', :'parted' || '2', '[1 of 70 - to - t] [2 of 70 - to 2025-01-05 f 2025-01-06 to - t]'),
    ('a contact of another pupil', :'parted' || '1; UPDATE contact SET pupil_id = 71, SIGNED WHERE contact_id = 1', '[1 of 71 - to 2025-01-05 t 2025-01-06 to - f] [2 of 70 - to - f]'),
    ('with another number', :'parted' || '1; UPDATE contact SET contact_id = 3, SIGNED WHERE contact_id = 1', '[2 of 70 - to - f] [3 of 70 - to 2025-01-05 t 2025-01-06 to - f]'),
    ('with the number that another had', :'parted' || '1; UPDATE contact SET contact_id = 3, SIGNED WHERE contact_id = 2; UPDATE contact SET contact_id = 2, SIGNED WHERE contact_id = 1',
        '[2 of 70 - to 2025-01-05 t 2025-01-06 to - f] [3 of 70 - to - f]'),
    ('of the same from an earlier day', :'parted' || '1; UPDATE contact SET lives_with = false, holds_from = ''2024-09-01'', SIGNED WHERE contact_id = 1', '0A000'),
    ('of the same from a later day', :'parted' || '1; UPDATE contact SET lives_with = false, holds_from = ''2025-03-01'', SIGNED WHERE contact_id = 1', '[1 of 70 - to 2025-01-05 t 2025-01-06 to - f] [2 of 70 - to - f]'),
    ('who ends before it', :'parted' || '1; UPDATE contact SET to_day = ''2024-12-31'', SIGNED WHERE contact_id = 1', '[1 of 70 - to 2024-12-31 t] [2 of 70 - to - f]');
SELECT is(after(statements, $$SELECT string_agg(format('[%s]', p.said), ' ' ORDER BY p.contact_id) || coalesce(', ' || faults(), '')
    FROM (SELECT contact_id, format('%s of %s ', contact_id, min(pupil_id)) || string_agg(format('%s to %s %s', coalesce(from_day::text, '-'), coalesce(to_day::text, '-'), lives_with),
        ' ' ORDER BY from_day NULLS FIRST) AS said FROM contact_period GROUP BY contact_id) p$$), wanted, 'contact: ' || what) FROM done ORDER BY place;

TRUNCATE done RESTART IDENTITY;
\set became 'UPDATE school SET phase = ''All-through'', holds_from = ''2025-01-06'' WHERE urn = '
INSERT INTO done (what, statements, wanted) VALUES
    ('a change', :'became' || '100070', '[100070 - to 2025-01-05 Primary 2025-01-06 to - All-through] [100071 - to - Secondary]'),
    ('with another URN', :'became' || '100070; UPDATE school SET urn = 100072 WHERE urn = 100070', '[100071 - to - Secondary] [100072 - to 2025-01-05 Primary 2025-01-06 to - All-through]'),
    ('each with the next', :'became' || '100070; UPDATE school SET urn = 100072 WHERE urn = 100071; UPDATE school SET urn = 100071 WHERE urn = 100070',
        '[100071 - to 2025-01-05 Primary 2025-01-06 to - All-through] [100072 - to - Secondary]'),
    ('of the same from an earlier day', :'became' || '100070; UPDATE school SET phase = ''All-through'', holds_from = ''2024-09-01'' WHERE urn = 100070', '0A000'),
    ('that closed before it', :'became' || '100070; UPDATE school SET closed = ''2024-12-31'' WHERE urn = 100070', '[100070 - to 2024-12-31 Primary] [100071 - to - Secondary]');
SELECT is(after(statements, $$SELECT string_agg(format('[%s %s]', p.school_urn, p.said), ' ' ORDER BY p.school_urn) || coalesce(', ' || faults(), '')
    FROM (SELECT school_urn, string_agg(format('%s to %s %s', coalesce(from_day::text, '-'), coalesce(to_day::text, '-'), phase), ' ' ORDER BY from_day NULLS FIRST) AS said
        FROM school_membership WHERE school_urn >= 100070 GROUP BY school_urn) p$$), wanted, 'school: ' || what) FROM done ORDER BY place;

SELECT * FROM finish();
ROLLBACK;
