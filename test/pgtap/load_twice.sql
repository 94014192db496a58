-- What is loaded every night, loaded twice: the second time leaves every table, the journal among them, as the first has.
\ir register/fixture.sql
SELECT * FROM no_plan();

-- The rows of each table of the register, and a digest of them.
CREATE FUNCTION table_digests() RETURNS TABLE (relation text, rows bigint, digest text) LANGUAGE plpgsql AS $$
BEGIN
    FOR relation IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relkind = 'r' ORDER BY 1 LOOP
        EXECUTE format('SELECT count(*), md5(string_agg(t::text, E''\n'' ORDER BY t::text)) FROM r.%I t', relation) INTO rows, digest;
        RETURN NEXT;
    END LOOP;
END
$$;
CREATE FUNCTION run(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE command;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
CREATE FUNCTION twice(load text, again text, description text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    before text := (SELECT string_agg(d::text, ' ') FROM table_digests() d);
    after text[];
BEGIN
    RETURN NEXT is(run(load), 'done', description);
    after := ARRAY(SELECT d::text FROM table_digests() d);
    RETURN NEXT isnt(array_to_string(after, ' '), before, '... enters something');
    RETURN NEXT is(run(load), again, '... again');
    RETURN NEXT is(ARRAY(SELECT d::text FROM table_digests() d), after, '... leaves the same');
    RETURN NEXT is(run(load), again, '... a third time');
    RETURN NEXT is(ARRAY(SELECT d::text FROM table_digests() d), after, '... leaves the same');
END
$$;

SET search_path = r, public, attendance;
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01');
UPDATE r.rule_setting SET action = 'refuse' WHERE rule = 'nature';
INSERT INTO r.rule_setting VALUES (100001, 'late admission', 'record', 'test', 'test'), (100002, 'late admission', 'record', 'test', 'test');

SELECT twice(c.load, c.again, c.description) FROM (VALUES
    ($q$INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark)
        SELECT 100001, p, d, s, CASE s WHEN 'AM' THEN '/' ELSE '\' END::session_mark
        FROM generate_series(1, 10) p, unnest('{2025-09-08,2025-09-09}'::date[]) d, unnest('{AM,PM}'::text[]) s$q$,
     'done', 'a feed of marks'),
    ($q$INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, nature) VALUES (100001, 1, '2025-09-10', 'AM', 'B', 'x')$q$,
     'done', 'a feed with the nature of an activity'),
    ($q$INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, nature, entered_by, title, reason)
        SELECT 100001, p, d, s, 'B', CASE WHEN p < 3 THEN 'swimming' ELSE 'a match' END, CASE p % 2 WHEN 0 THEN 'One' ELSE 'Two' END, 'Clerk', 'sport'
        FROM generate_series(5, 1, -1) p, unnest('{2025-09-11,2025-09-12}'::date[]) d, unnest('{AM,PM}'::text[]) s$q$,
     'done', 'a feed with natures, of two signers'),
    ($q$INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, nature) SELECT 100001, 2, day, session, mark, nature
        FROM (VALUES (date '2025-09-15', 'AM', session_mark 'B', 'x'), ('2025-09-15', 'PM', 'K', 'x'), ('2025-09-15', 'PM', 'K', 'x'),
            ('2025-09-16', 'PM', 'B', 'x'), ('2025-09-16', 'AM', 'B', 'y')) AS v (day, session, mark, nature)$q$,
     'done', 'a feed that says things twice'),
    ($q$INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark, nature, entered_by, title, reason)
        VALUES (100001, 1, '2025-09-08', 'AM', 'B', 'x', 'One', 'Clerk', 'was out')$q$,
     'done', 'a feed that amends a mark and says its nature'),
    ($q$INSERT INTO mark_feed (school_urn, upn, day, session, mark, entered_by, title, reason)
        SELECT 100001, make_upn(p), '2025-09-08', 'PM', 'I', 'One', 'Clerk', 'went home' FROM generate_series(2, 4) p$q$,
     'done', 'a feed of amendments, by UPN'),
    ($q$INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 6, '2025-09-17', 'AM', '/'), (100001, 6, '2025-09-17', 'PM', '-'),
        (100001, 7, '2025-09-17', 'PM', NULL)$q$,
     'done', 'a feed with sessions that have no mark yet'),
    ($q$INSERT INTO register_line AS l (school_urn, academic_year, pupil_id, marks)
        SELECT 100001, 2025, p, '2025-09-18 /\' FROM generate_series(1, 10) p ORDER BY p
        ON CONFLICT (school_urn, academic_year, pupil_id) DO UPDATE SET marks = l.marks || EXCLUDED.marks$q$,
     'done', 'lines written whole'),
    ($q$UPDATE register_line SET marks = set_mark(marks, '2025-09-18 AM', 'L'), entered_by = 'One', title = 'Clerk', reason = 'came late' WHERE pupil_id = 1$q$,
     'done', 'an UPDATE of a line'),
    ($q$INSERT INTO mark (school_urn, pupil_id, day, session, mark, nature) VALUES (100001, 8, '2025-09-19', 'AM', 'B', 'x')$q$,
     '23505', 'a mark with its nature'),
    ($q$INSERT INTO pupil (pupil_id, upn, surname, forename, date_of_birth, entered_by, title, reason)
        SELECT p, make_upn(p), 'Surname ' || p, 'Renamed', '2015-03-01', 'One', 'Clerk', 'nightly' FROM generate_series(1, 30) p
        ON CONFLICT (pupil_id) DO UPDATE SET upn = EXCLUDED.upn, surname = EXCLUDED.surname, forename = EXCLUDED.forename,
            entered_by = 'One', title = 'Clerk', reason = 'nightly'$q$,
     'done', 'pupils, signed'),
    ($q$INSERT INTO pupil (pupil_id, upn, surname, forename, date_of_birth) VALUES (31, NULL, 'Surname', 'New', '2015-03-01')
        ON CONFLICT (pupil_id) DO UPDATE SET surname = EXCLUDED.surname, forename = EXCLUDED.forename$q$,
     'done', 'pupils, not signed'),
    ($q$INSERT INTO enrolment AS e (school_urn, pupil_id, start_date, year_group, registration_group)
        SELECT 100002, p, '2026-09-01', '4', '4A' FROM generate_series(28, 30) p
        ON CONFLICT (school_urn, pupil_id, start_date) DO UPDATE SET year_group = EXCLUDED.year_group, registration_group = EXCLUDED.registration_group$q$,
     'done', 'enrolments'),
    ($q$UPDATE enrolment SET registration_group = '5B', entered_by = 'One', title = 'Clerk', reason = 'new year' WHERE school_urn = 100001 AND pupil_id < 5$q$,
     'done', 'enrolments that change'),
    ($q$INSERT INTO contact (contact_id, pupil_id, full_name, is_parent, lives_with, emergency_numbers) VALUES (1, 1, 'Parent', true, true, '{01274 000000}')
        ON CONFLICT (contact_id) DO UPDATE SET emergency_numbers = EXCLUDED.emergency_numbers$q$,
     'done', 'contacts'),
    ($q$INSERT INTO pupil_address (address_id, pupil_id, address, from_day) VALUES (1, 1, 'Street 1', '2025-09-01')
        ON CONFLICT (pupil_id, from_day) WHERE NOT in_addition DO UPDATE SET address = EXCLUDED.address$q$,
     'done', 'addresses'),
    ($q$INSERT INTO pupil_characteristic (pupil_id, characteristic, value, from_day) SELECT p, 'fsm', 'Y', '2025-09-01' FROM generate_series(1, 5) p
        ON CONFLICT (pupil_id, characteristic, from_day) DO UPDATE SET value = EXCLUDED.value, to_day = EXCLUDED.to_day$q$,
     'done', 'characteristics'),
    ($q$INSERT INTO pupil_characteristic (pupil_id, characteristic, value, from_day) VALUES (6, 'sen', 'K', '2025-09-01')$q$,
     '23505', 'characteristics, inserted'),
    ($q$INSERT INTO registration (school_urn, registration_group, day, session, taken_by, opened_at, closed_at)
        VALUES (100001, '5B', '2025-09-08', 'AM', 'Teacher', '2025-09-08 09:00 Europe/London', '2025-09-08 09:20 Europe/London')
        ON CONFLICT ON CONSTRAINT registration_once DO UPDATE SET closed_at = EXCLUDED.closed_at$q$,
     'done', 'registers that were taken'),
    ($q$INSERT INTO registration (school_urn, day, session, taken_by, opened_at) VALUES (100001, '2025-09-08', 'PM', 'Teacher', '2025-09-08 13:00 Europe/London')$q$,
     '23505', 'registers that were taken, inserted'),
    ($q$INSERT INTO registration_policy (school_urn, from_day, minutes_open) VALUES (100001, '2025-09-01', 20)
        ON CONFLICT (school_urn, from_day) DO UPDATE SET minutes_open = EXCLUDED.minutes_open$q$,
     'done', 'settings'),
    ($q$INSERT INTO leave_of_absence (leave_id, school_urn, pupil_id, mark, sessions, reason_class, applicant, status, decided_by, decided_at)
        SELECT 1000 + p, 100001, p, 'M', school_session_multirange(school_session_range('2025-10-06 AM', '2025-10-07 AM')), 'medical appointment', 'mother',
            'granted', 'A Head', '2025-09-01 12:00 Europe/London' FROM generate_series(1, 3) p
        ON CONFLICT (leave_id, school_urn) DO UPDATE SET circumstances = EXCLUDED.circumstances$q$,
     'done', 'leave'),
    ($q$INSERT INTO leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, applicant, status, decided_by, decided_at)
        VALUES (100001, 4, 'M', school_session_multirange(school_session_range('2025-10-06 AM', '2025-10-07 AM')), 'medical appointment', 'mother',
            'granted', 'A Head', '2025-09-01 12:00 Europe/London')$q$,
     '23P01', 'leave, inserted'),
    ($q$INSERT INTO term_date VALUES (100002, 2025, 'Spring', 1, '2026-01-05', '2026-02-13')
        ON CONFLICT (school_urn, academic_year, term, half) DO UPDATE SET first_day = EXCLUDED.first_day, last_day = EXCLUDED.last_day$q$,
     'done', 'terms'),
    ($q$SELECT build_calendar('r', 100002, 2025)$q$, 'done', 'a calendar that is built'),
    ($q$INSERT INTO school_day (school_urn, day) VALUES (100002, '2026-07-20')
        ON CONFLICT (school_urn, day) DO UPDATE SET morning = EXCLUDED.morning, afternoon = EXCLUDED.afternoon, closure = EXCLUDED.closure$q$,
     'done', 'days of a calendar'),
    ($q$INSERT INTO school (urn, name, phase, type, la_number) VALUES (100009, 'School', 'Primary', 'Academies', 380)
        ON CONFLICT (urn) DO UPDATE SET name = EXCLUDED.name$q$,
     'done', 'schools')
    ) AS c (load, again, description);

-- what a journal keeps of them is what they changed, and nothing is lost by leaving the rest out
SELECT is((SELECT count(*) FROM r.mark_nature WHERE pupil_id = 1), 3::bigint, 'a nature of each kind, session after session');
SELECT is((SELECT count(*) FROM r.verify_journal()), 0::bigint, 'the journal and the tables agree');
SELECT is((SELECT count(*) FROM r.record_change WHERE original = amended), 0::bigint, 'no entry says that nothing changed');

-- a change that takes back another is a change
SELECT is(run($q$UPDATE r.pupil SET forename = forename || $q$ || quote_literal(x) || $q$, entered_by = 'One', title = 'Clerk', reason = 'test' WHERE pupil_id = 1$q$), 'done', 'a change of a name')
FROM unnest('{a,b}'::text[]) AS x;
SELECT is((SELECT count(*) FROM r.record_change WHERE relation = 'pupil' AND original ->> 'pupil_id' = '1' AND reason = 'test'), 2::bigint, '... is an entry');
SELECT is(run('UPDATE r.pupil SET forename = forename || ''c'' WHERE pupil_id = 1'), 'AT036', '... and is signed');
SELECT is(run('UPDATE r.pupil SET forename = forename WHERE pupil_id = 1'), 'done', 'what changes nothing needs no signature');
SELECT is(run('UPDATE r.pupil SET entered_at = now() WHERE pupil_id = 1'), 'AT022', 'the time of an entry is not changed');

-- rows of one statement that contradict each other are no amendments, whoever signs them
CREATE FUNCTION contradiction(relation text, rows text) RETURNS text LANGUAGE sql
RETURN outcome(format('INSERT INTO r.%s (school_urn, pupil_id, day, session, mark, entered_by, title, reason) VALUES %s', relation, rows));
SELECT is(contradiction('mark_feed', c.rows), c.wanted, c.description) FROM (VALUES
    ($q$(100001, 9, '2025-09-22', 'AM', 'L', 'One', 'Clerk', 'x'), (100001, 9, '2025-09-22', 'AM', 'I', 'Two', 'Clerk', 'y')$q$,
     '21000: row 2: school 100001, pupil 9, 2025-09-22 AM: the mark "I" contradicts "L" in row 1', 'two signers'),
    ($q$(100001, 9, '2025-09-22', 'AM', 'L', 'One', 'Clerk', 'x'), (100001, 9, '2025-09-22', 'PM', 'L', 'Two', 'Clerk', 'y'), (100001, 9, '2025-09-22', 'AM', 'I', NULL, NULL, NULL)$q$,
     '21000: row 3: school 100001, pupil 9, 2025-09-22 AM: the mark "I" contradicts "L" in row 1', 'one signer and none, not one after the other'),
    ($q$(100001, 9, '2025-09-22', 'AM', 'L', 'Two', 'Clerk', 'x'), (100001, 1, '2025-09-22', 'AM', 'L', 'One', 'Clerk', 'y'), (100001, 9, '2025-09-22', 'AM', 'I', 'Two', 'Clerk', 'z')$q$,
     '21000: row 3: school 100001, pupil 9, 2025-09-22 AM: the mark "I" contradicts "L" in row 1', 'one signer with two reasons'),
    ($q$(100001, 9, '2025-09-22', 'AM', 'L', 'One', 'Clerk', 'x'), (100001, 9, '2025-09-22', 'AM', 'L', 'Two', 'Clerk', 'y')$q$,
     'accepted', 'two signers who agree')) AS c (rows, wanted, description);
SELECT is(contradiction('mark', $q$(100001, 9, '2025-09-22', 'AM', 'L', 'One', 'Clerk', 'x'), (100001, 9, '2025-09-22', 'AM', 'L', 'Two', 'Clerk', 'y')$q$),
    '23505: row 2: school 100001, pupil 9, 2025-09-22 AM: the session has a mark already, in row 1', 'two signers who enter the same mark');
SELECT * FROM finish();
