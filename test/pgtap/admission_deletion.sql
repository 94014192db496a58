-- The deletion of a name: never retrospectively, on a ground of the Regulations whose conditions are met,
-- when every session before it is marked, and for good.
BEGIN;
SET timezone = 'Europe/London';
\ir register/fixture.sql
SELECT * FROM no_plan();

-- A school that meets every day, from 60 days ago to 30 days from now; pupils of 10 years, but for 131 to 133.
SELECT add_academic_year('r', y) FROM generate_series(2026, academic_year(current_date + 30)) AS y \g /dev/null
INSERT INTO r.school (urn, name, phase, type, la_number)
SELECT urn, 'School ' || urn, 'All-through', type, 380
FROM (VALUES (100010, 'Academies'), (100011, 'Independent schools')) AS v (urn, type);
-- who amends an entry, and why, is not what is tested here
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by)
SELECT urn, 'entry changed', 'record', 'test', 'test' FROM r.school \g /dev/null
INSERT INTO r.school_day (school_urn, day)
SELECT urn, current_date + d FROM generate_series(100010, 100011) AS urn, generate_series(-60, 30) AS d;
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth)
SELECT id, 'Pupil', id, current_date - CASE id WHEN 131 THEN interval '4 years' WHEN 132 THEN interval '17 years 1 day'
                                     ELSE interval '10 years' END FROM generate_series(101, 140) AS id;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, entry_reason)
SELECT 100010, id, current_date - 50, 'test' FROM generate_series(101, 139) AS id;

-- A command that deletes a name, or changes a deletion; the entry is signed here if it has to be.
CREATE FUNCTION amend(pupil bigint, change text, school int DEFAULT 100010) RETURNS text LANGUAGE sql
RETURN format('UPDATE r.enrolment SET %s WHERE school_urn = %s AND pupil_id = %s', change, school, pupil);
CREATE FUNCTION delete_on(ground text, more text DEFAULT '', last_day date DEFAULT current_date) RETURNS text LANGUAGE sql
RETURN format('end_date = %L, deletion_ground = %L%s', last_day, ground, more);
-- Marks of a pupil, one code for all sessions from a day to another.
CREATE FUNCTION mark_all(pupil bigint, from_day date, to_day date, code text, school int DEFAULT 100010) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    SELECT school, pupil, d.day, session, code::session_mark
    FROM r.school_day d, (VALUES ('AM'), ('PM')) AS s (session)
    WHERE d.school_urn = school AND d.day BETWEEN from_day AND to_day;
END
$$;
-- What deleting says, without the pupil, school and days.
CREATE FUNCTION said(command text) RETURNS text LANGUAGE sql
RETURN regexp_replace(regexp_replace(outcome(command), '\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d[0-9.+]*)?', 'DAY', 'g'), 'school \d+, pupil \d+: ', '');
CREATE FUNCTION not_on(ground text, why text) RETURNS text LANGUAGE sql
RETURN format('AT032: the name cannot be deleted with DAY as last day%s: ', ' on ground ' || ground) || why;

SELECT mark_all(id, current_date - 50, current_date - 1, '/') FROM generate_series(101, 139) AS id WHERE id NOT IN (116, 127) \g /dev/null
-- of these two, one session is not marked
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100010, id, day, session, '/'
FROM (VALUES (116, current_date - 4), (127, current_date - 3)) AS v (id, unmarked), (VALUES ('AM'), ('PM')) AS s (session),
    generate_series(1, 50) AS n, LATERAL (SELECT current_date - n) AS d (day)
WHERE (day, session) <> (unmarked, 'PM');

-- ---------- when ----------

SELECT is(said(amend(101, delete_on('A', ', next_school = ''X''', current_date - 1))),
    'AT033: a deletion that is entered on DAY cannot have DAY as last day: no name is deleted retrospectively', 'never retrospectively');
SELECT is(said(amend(101, delete_on('A', ', next_school = ''X'', deleted_at = now() - interval ''3 days''', current_date - 1))),
    'AT033: a deletion that is entered on DAY cannot have DAY as last day: no name is deleted retrospectively',
    'whatever time is given');
SELECT is(said(amend(101, delete_on('A', ', next_school = ''X''', current_date + days))), 'accepted', 'today or later: ' || days)
FROM unnest('{0,1,20}'::int[]) AS days;
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by)
SELECT 100010, rule, 'record', 'x', 'y' FROM unnest('{deletion ground}'::text[]) AS rule;
SELECT matches(said(amend(101, delete_on('A', '', current_date - 1))), '^AT033', 'and no setting changes that');
DELETE FROM r.rule_setting WHERE rule <> 'entry changed';

SELECT accepted(amend(101, delete_on('A', ', next_school = ''X'', deleted_at = ''2000-01-01''', current_date + 7)), 'a deletion in a week');
SELECT ok(deleted_at BETWEEN now() AND clock_timestamp(), 'its time is that of the clock') FROM r.enrolment WHERE pupil_id = 101;
SELECT is(said(amend(101, change)), 'AT022: the time at which the deletion was entered (DAY) is not changed', change)
FROM unnest(ARRAY['deleted_at = now() - interval ''1 day''', 'deleted_at = ''2000-01-01''']) AS change;
SELECT matches(said(amend(101, 'deleted_at = NULL')), '^AT022', 'nor removed');
SELECT is(said(amend(101, 'end_date = current_date + 3')), 'accepted', 'a day to come may be changed');
SELECT matches(said(amend(101, 'end_date = current_date - 1')), '^AT033', 'but not into the past');
SELECT accepted(amend(101, 'end_date = NULL'), 'or taken back');
SELECT results_eq('SELECT end_date, deletion_ground, ground_arose_on, deletion_evidence, deleted_at, next_school FROM r.enrolment WHERE pupil_id = 101',
    'VALUES (NULL::date, NULL::text, NULL::date, NULL::text, NULL::timestamptz, ''X'')', 'then nothing of it is left but the other school');
SELECT accepted(amend(101, delete_on('A')), 'a deletion today');
SELECT is(said(amend(101, 'end_date = NULL')), 'accepted', 'and still today it can be taken back');
-- yesterday's deletion, as the register has it the day after
CREATE FUNCTION pass_days(pupil bigint, days int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE r.enrolment DISABLE TRIGGER USER;
    UPDATE r.enrolment SET end_date = end_date - days, deleted_at = deleted_at - make_interval(days => days),
        entered_at = entered_at - make_interval(days => days) WHERE pupil_id = pupil;
    ALTER TABLE r.enrolment ENABLE TRIGGER USER;
END
$$;
SELECT pass_days(101, 1) \g /dev/null
SELECT is(said(amend(101, change)), 'AT035: the name was deleted with DAY as last day, which has passed: '
    'this stands, and a pupil who comes back is admitted again', change)
FROM unnest('{end_date = NULL,end_date = current_date,end_date = current_date + 1,end_date = current_date - 2}'::text[]) AS change;
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by)
SELECT 100010, rule, 'record', 'x', 'y' FROM unnest('{deletion ground}'::text[]) AS rule;
SELECT matches(said(amend(101, 'end_date = NULL')), '^AT035', 'no setting changes that');
DELETE FROM r.rule_setting WHERE rule <> 'entry changed';
SELECT is(said(amend(101, change)), 'accepted', 'may be put right: ' || change)
FROM unnest(ARRAY['next_school = ''Y''', 'deletion_evidence = ''letter''', 'ground_arose_on = current_date - 5',
    'deletion_ground = ''K'', ground_arose_on = current_date - 5']) AS change;
SELECT is(said(amend(101, 'deletion_ground = ''B''')), not_on('B', 'the pupil is not in a nursery year'), 'but only into another that is met');
SELECT is(said('INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100010, 101, current_date)'), 'accepted',
    'who comes back is admitted again');

-- ---------- already ended when it is entered ----------

CREATE FUNCTION taken_over(ground text, last_day text, deleted_at text, more text DEFAULT '', given text DEFAULT '') RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, deleted_at%s)
    VALUES (100010, 140, ''2020-09-01'', %L, %L, %L%s)', more, last_day, ground, deleted_at, given);
SELECT is(said(taken_over('A', '2025-10-01', NULL)), '23502: an enrolment that has an end (DAY) when it is entered needs deleted_at, '
    'the time at which its deletion was entered; the register has no other school of the pupil, and next_school names none', 'needs its time, and says all that is missing');
SELECT is(said(taken_over('A', '2125-10-01', (now() + interval '1 hour')::text)),
    'AT022: the deletion cannot have been entered at DAY, which is still to come; the pupil is not of compulsory school age on DAY; the register has no other school of the pupil, and next_school names none', 'which is not to come');
SELECT is(said(taken_over('A', '2025-10-01', '2025-10-02 00:00+01')),
    'AT033: a deletion that is entered on DAY cannot have DAY as last day: no name is deleted retrospectively; the register has no other school of the pupil, and next_school names none', 'nor after the last day');
SELECT is(said(taken_over('A', '2025-10-01', '2025-10-01 23:59+01', ', next_school', ', ''X''')), 'accepted', 'a minute earlier in London');
SELECT is(said(taken_over(ground, last_day, last_day || ' 12:00', ', next_school, ground_arose_on, deletion_evidence, year_group',
    format(', ''X'', %L, ''x'', ''N2''', last_day))), coalesce(not_on(ground, wanted), 'accepted'), concat_ws(' ', ground, last_day, wanted))
FROM (VALUES
    ('A', '2025-07-01', NULL), ('A', '2024-07-01', NULL), ('O', '2025-07-01', NULL), ('G', '2025-07-01', NULL), ('G', '2024-08-18', NULL),
    ('P', '2025-07-01', 'the Regulations in force on that day have no such ground'),
    ('a', '2025-07-01', 'the Regulations in force on that day have no such ground'),
    ('', '2025-07-01', 'the Regulations in force on that day have no such ground'),
    ('3A', '2025-07-01', 'the pupil is of compulsory school age on DAY'),
    -- marks and enquiries of another register are not asked for
    ('H', '2025-07-01', NULL), ('I', '2025-07-01', NULL), ('F', '2018-07-01', 'the pupil is not of compulsory school age on DAY'))
    AS v (ground, last_day, wanted)
WHERE last_day >= '2020-09-01' OR ground <> 'F';
SELECT is(said(taken_over(NULL, '2025-07-01', '2025-07-01')), not_on(NULL, 'it has no ground'), 'without a ground');
-- the medical ground went with the Regulations of 2006: then it was G, and what is G now was E
SELECT results_eq('SELECT reference, description FROM r.deletion_ground WHERE ground = ''G'' ORDER BY regime', $$VALUES
    ('8(1)(g)', 'Certified by the school medical officer as unlikely to be fit to attend'),
    ('9(1)(g)', 'No longer normally lives a reasonable distance from the school') $$, 'letters mean what they meant at the time');
SELECT results_eq('SELECT count(*) FILTER (WHERE pupils <> ''not compulsory school age''), count(*), count(DISTINCT ground)
    FROM r.deletion_ground AS g JOIN r.regime AS r USING (regime)
    WHERE coalesce(r.to_day, ''2026-01-01'') BETWEEN g.from_day AND g.to_day GROUP BY g.regime',
    'VALUES (15::bigint, 20::bigint, 20::bigint), (15, 20, 20)', 'fifteen grounds of each, and five for other pupils');
SELECT is_empty('SELECT FROM r.deletion_ground AS g JOIN r.regime AS r USING (regime)
    WHERE g.from_day < r.from_day OR g.to_day > coalesce(r.to_day, ''2999-12-31'')', 'all of them within their Regulations');

-- ---------- on which ground ----------

INSERT INTO r.attendance_order (school_urn, pupil_id, made_on, authority, varied_on)
VALUES (100010, 130, current_date - 40, 'Bradford', current_date - 1);
CREATE TEMP TABLE ground_try (pupil bigint, ground text, more text, wanted text);
INSERT INTO ground_try VALUES
    (102, 'A', '', 'the register has no other school of the pupil, and next_school names none'),
    (102, 'A', ', next_school = '' ''', 'the register has no other school of the pupil, and next_school names none'),
    (102, 'A', ', next_school = ''X''', NULL),
    (102, 'B', '', 'the pupil is not in a nursery year'),
    (102, 'B', ', year_group = ''R''', 'the pupil is not in a nursery year'),
    (102, 'B', ', year_group = ''N1''', NULL), (102, 'B', ', year_group = ''N2''', NULL),
    (102, 'C', ', next_school = ''X''', 'deletion_evidence is missing: the consent of each other school'),
    (102, 'C', ', next_school = ''X'', deletion_evidence = ''  ''', 'deletion_evidence is missing: the consent of each other school'),
    (102, 'C', ', deletion_evidence = ''letter''', 'the register has no other school of the pupil, and next_school names none'),
    (102, 'C', ', next_school = ''X'', deletion_evidence = ''letter''', NULL),
    (130, 'D', ', deletion_evidence = ''order''', 'ground_arose_on is missing: the day on which the order was amended'),
    (130, 'D', ', ground_arose_on = current_date', 'deletion_evidence is missing: the order and its authority'),
    (130, 'D', ', ground_arose_on = current_date, deletion_evidence = ''order''', NULL),
    (102, 'D', ', ground_arose_on = current_date, deletion_evidence = ''order''', 'attendance_order has no school attendance order that was varied by then'),
    (102, 'E', '', 'ground_arose_on is missing: the day on which the order was revoked; deletion_evidence is missing: the order and its authority; '
        'attendance_order has no school attendance order that was revoked by then'),
    (102, 'F', ', deletion_evidence = ''letter''', 'ground_arose_on is missing: the day that the notification names'),
    (102, 'F', ', deletion_evidence = ''letter'', ground_arose_on = current_date', NULL),
    (102, 'G', ', ground_arose_on = current_date, deletion_evidence = ''Leeds''', NULL),
    (102, 'G', ', ground_arose_on = current_date, deletion_evidence = ''Leeds'', boarder = ''B''', 'it is never for boarders'),
    (102, 'J', ', ground_arose_on = current_date', 'deletion_evidence is missing: the court and the sentence'),
    (102, 'K', '', 'ground_arose_on is missing: the day of death'),
    (102, 'K', ', ground_arose_on = current_date', NULL),
    (102, 'M', ', ground_arose_on = current_date, deletion_evidence = ''x''', 'it is only for boarders'),
    (102, 'M', ', ground_arose_on = current_date, deletion_evidence = ''x'', boarder = ''7''', NULL),
    (102, 'N', ', ground_arose_on = current_date', 'it is not for schools of the type "Academies"'),
    (102, 'O', ', ground_arose_on = current_date', 'deletion_evidence is missing: how the review ended, or that none can be asked for any more'),
    (102, '3A', '', 'the pupil is of compulsory school age on DAY'),
    (131, '3A', '', NULL), (132, '3A', '', NULL),
    (131, 'A', ', next_school = ''X''', 'the pupil is not of compulsory school age on DAY'),
    (132, 'A', ', next_school = ''X''', 'the pupil is not of compulsory school age on DAY'),
    (131, 'K', ', ground_arose_on = current_date', NULL),
    (131, '3D', '', 'the pupil is not in a nursery year'), (131, '3D', ', year_group = ''N2''', NULL),
    (131, 'L', '', 'the pupil is of compulsory school age until DAY, and the school meets on DAY'),
    (102, 'L', '', 'the pupil is of compulsory school age until DAY, and the school meets on DAY'),
    (132, 'L', '', NULL);
SELECT is(said(amend(pupil, delete_on(ground, more))), coalesce(not_on(ground, wanted), 'accepted'), format('pupil %s, %s%s', pupil, ground, more))
FROM ground_try;
SELECT is(said(amend(102, 'end_date = current_date')), not_on(NULL, 'it has no ground'), 'no name is deleted without a ground');
SELECT is(said(amend(102, delete_on('F', ', deletion_evidence = ''x'', ground_arose_on = current_date + 1'))),
    '23514: new row for relation "enrolment" violates check constraint "enrolment_ground_arose"', 'nor before the day that is notified');
SELECT is(said(amend(102, delete_on('F', ', deletion_evidence = ''x'', ground_arose_on = current_date + 1', current_date + 1))), 'accepted',
    'a day to come is notified');

-- another school of the pupil
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100011, 103, current_date + 1);
SELECT is(said(amend(103, delete_on('A'))), 'accepted', 'an enrolment at another school');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at)
VALUES (100011, 104, current_date - 100, current_date - 60, 'A', 'X', now() - interval '60 days');
SELECT is(said(amend(104, delete_on('A'))), not_on('A', 'the register has no other school of the pupil, and next_school names none'),
    'not one that has ended');
INSERT INTO r.dual_registration (school_urn, pupil_id, other_school, from_day, to_day, main)
VALUES (100010, 105, 'X', current_date - 40, NULL, false), (100010, 106, 'X', current_date - 40, current_date - 20, false);
SELECT is(said(amend(105, delete_on('C', ', deletion_evidence = ''consent of X'''))), 'accepted', 'a dual registration');
SELECT is(said(amend(106, delete_on('C', ', deletion_evidence = ''consent of X'''))),
    not_on('C', 'the register has no other school of the pupil, and next_school names none'), 'not one that is over');
-- an independent school
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100011, 107, current_date);
SELECT is(said(amend(107, delete_on('N', ', ground_arose_on = current_date'), 100011)), 'accepted', 'ground N of an independent school');
SELECT is(said(amend(107, delete_on('M', ', ground_arose_on = current_date, deletion_evidence = ''x'', boarder = ''B'''), 100011)),
    not_on('M', 'it is not for schools of the type "Independent schools"'), 'which has no ground M');

-- L: a pupil who reaches the leaving day, 27 June 2025, and when the school meets next
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (150, 'Leaver', 'X', '2009-03-01');
CREATE FUNCTION leaver(last_day date) RETURNS text LANGUAGE sql
RETURN said(format('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, deleted_at)
    VALUES (100004, 150, ''2020-09-01'', %1$L, ''L'', %1$L)', last_day));
SELECT is(leaver('2025-06-27'), 'accepted', 'on the leaving day, with no calendar');
SELECT is(leaver('2025-06-26'), not_on('L', 'the pupil is of compulsory school age until DAY, and the school meets on DAY'), 'on the day before');
INSERT INTO r.school_day (school_urn, day) VALUES (100004, '2025-06-20'), (100004, '2025-05-23');
SELECT is(leaver('2025-06-20'), 'accepted', 'the school does not meet again before September');
SELECT is(leaver('2025-05-23'), not_on('L', 'the pupil is of compulsory school age until DAY, and the school meets on DAY'), 'it does before');
INSERT INTO r.school_day (school_urn, day, morning, afternoon, closure) VALUES (100004, '2025-06-24', false, false, 'INSET');
SELECT is(leaver('2025-06-20'), 'accepted', 'a day without sessions does not count');
INSERT INTO r.school_day (school_urn, day) VALUES (100004, '2025-06-27');
SELECT is(leaver('2025-06-20'), not_on('L', 'the pupil is of compulsory school age until DAY, and the school meets on DAY'), 'it meets on the leaving day');
UPDATE r.school_day SET day = '2025-06-30' WHERE school_urn = 100004 AND day = '2025-06-27';
SELECT is(leaver('2025-06-20'), 'accepted', 'it meets after it');

-- ---------- absent for 20 school days ----------

CREATE FUNCTION enquire(pupil bigint, concluded_on date, outcome text) RETURNS void LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO r.joint_enquiry (school_urn, pupil_id, started_on, concluded_on, outcome, school_person, authority_person)
    VALUES (100010, pupil, least(current_date - 30, concluded_on), concluded_on, outcome, 'A Head', 'An Officer');
END;
-- Pupils 110 to 117 attended until 21 days ago.
CREATE FUNCTION change_marks(pupil bigint, from_day date, to_day date, code text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE r.register_line l SET marks = q.marks, entered_by = 'Ms Office', title = 'Secretary', reason = 'test'
    FROM (SELECT x.school_urn, x.academic_year, x.pupil_id,
              mark_series_agg(school_session(m.day, m.session), CASE WHEN m.day BETWEEN from_day AND to_day THEN code::session_mark ELSE m.mark END) AS marks
          FROM r.register_line x, LATERAL attendance.marks(x.marks) AS m
          WHERE x.school_urn = 100010 AND x.pupil_id = pupil GROUP BY 1, 2, 3) AS q
    WHERE (l.school_urn, l.academic_year, l.pupil_id) = (q.school_urn, q.academic_year, q.pupil_id);
END
$$;
SELECT change_marks(id, current_date - 20, current_date - 1, 'O') FROM generate_series(110, 117) AS id \g /dev/null
SELECT is(said(amend(110, delete_on('I'))), not_on('I', 'no joint enquiry of school and local authority has ended since DAY without finding the pupil'),
    'absent, but no enquiry');
SELECT enquire(110, current_date - 21, 'not found'), enquire(110, current_date, 'found'), enquire(110, current_date + 1, 'not found'),
       enquire(110, NULL, NULL) \g /dev/null
SELECT matches(said(amend(110, delete_on('I'))), 'no joint enquiry', 'one before, one that found the pupil, one to come, one that goes on');
SELECT enquire(id, current_date - 1, 'not found') FROM generate_series(110, 117) AS id \g /dev/null
SELECT is(said(amend(110, delete_on('I'))), 'accepted', 'absent and not found');
SELECT is(said(amend(110, delete_on('I', '', current_date + 3))), 'accepted', 'with a last day to come');
SELECT change_marks(111, current_date - 20, current_date - 20, '/') \g /dev/null
SELECT is(said(amend(111, delete_on('I'))), not_on('I', 'DAY AM has the mark "/"'), 'only 19 days');
SELECT change_marks(112, current_date - 10, current_date - 10, 'G') \g /dev/null
SELECT is(said(amend(112, delete_on('I'))), 'accepted', 'a holiday');
SELECT change_marks(112, current_date - 10, current_date - 10, 'N') \g /dev/null
SELECT is(said(amend(112, delete_on('I'))), 'accepted', 'not established');
SELECT is((SELECT said(amend(113, delete_on('I'))) FROM change_marks(113, current_date - 1, current_date - 1, code)),
    not_on('I', format('DAY AM has the mark "%s"', code)), 'any other mark: ' || code) FROM unnest('{U,I,R,T,Y1,Q,L,E}'::text[]) AS code;
SELECT is(said(amend(116, delete_on('I'))), not_on('I', 'DAY PM has no mark'), 'a session that nobody has marked');
SELECT mark_all(114, current_date, current_date, '/') \g /dev/null
SELECT is(said(amend(114, delete_on('I'))), not_on('I', 'DAY AM has the mark "/"'), 'the pupil has come back this morning');
SELECT mark_all(115, current_date, current_date, 'N') \g /dev/null
SELECT is(said(amend(115, delete_on('I'))), 'accepted', 'or not');
DELETE FROM r.school_day WHERE school_urn = 100011 AND day < current_date - 19;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100011, 118, current_date - 50), (100011, 119, current_date - 5);
SELECT mark_all(118, current_date - 19, current_date - 1, 'O', 100011), mark_all(119, current_date - 5, current_date - 1, 'O', 100011) \g /dev/null
SELECT is(said(amend(118, delete_on('I'), 100011)), not_on('I', 'only 19 of 20 school days have passed'), 'school days count, not days');
SELECT is(said(amend(119, delete_on('I'), 100011)), not_on('I', 'only 5 of 20 school days have passed'), 'from the starting day');
SELECT change_marks(131, current_date - 20, current_date - 1, 'N'), enquire(131, current_date, 'not found') \g /dev/null
SELECT is(said(amend(131, delete_on('3B'))), 'accepted', 'the same for those not of compulsory school age');
SELECT is(said(amend(132, delete_on('3B'))), not_on('3B', 'DAY AM has the mark "/"'), 'and their marks');

-- ---------- not returned from leave ----------

ALTER VIEW IF EXISTS r.granted_session RENAME TO granted_session_of_the_register;
CREATE TABLE r.granted_session (school_urn int, pupil_id bigint, mark session_mark, first_session school_session, after_session school_session);
SELECT change_marks(id, current_date - 20, current_date - 11, 'R'), change_marks(id, current_date - 10, current_date - 1, 'O'),
       CASE WHEN id <> 125 THEN enquire(id, current_date, 'not found') END FROM generate_series(120, 126) AS id \g /dev/null
CREATE FUNCTION grant_leave(pupil bigint, to_day date, half text DEFAULT 'PM', code text DEFAULT 'C') RETURNS void LANGUAGE sql
BEGIN ATOMIC
    INSERT INTO r.granted_session VALUES (100010, pupil, code::session_mark, school_session(to_day - 5, 'AM'),
        CASE half WHEN 'AM' THEN school_session(to_day, 'PM') ELSE school_session(to_day + 1, 'AM') END);
END;
SELECT is(said(amend(120, delete_on('H'))), not_on('H', 'the register has no granted leave that has ended'), 'no leave');
SELECT grant_leave(120, current_date - 11, 'PM', 'C2'), grant_leave(120, current_date + 5) \g /dev/null
SELECT is(said(amend(120, delete_on('H'))), not_on('H', 'the register has no granted leave that has ended'),
    'a part-time timetable is no leave that ends so, and a leave to come has not ended');
SELECT grant_leave(120, current_date - 11) \g /dev/null
SELECT is(said(amend(120, delete_on('H'))), 'accepted', 'ten school days after it');
SELECT grant_leave(121, current_date - 10) \g /dev/null
SELECT is(said(amend(121, delete_on('H'))), not_on('H', 'only 9 of 10 school days have passed since the leave, which was to end before DAY'), 'nine days after it');
SELECT grant_leave(122, current_date - 11, 'AM') \g /dev/null
SELECT is(said(amend(122, delete_on('H'))), 'accepted', 'leave to noon: whole days count');
SELECT grant_leave(123, current_date - 30), grant_leave(123, current_date - 9) \g /dev/null
SELECT matches(said(amend(123, delete_on('H'))), 'only 8 of 10', 'the last leave counts');
SELECT grant_leave(124, current_date - 11) \g /dev/null
SELECT is((SELECT said(amend(124, delete_on('H'))) FROM change_marks(124, current_date - 5, current_date - 5, code)),
    coalesce(not_on('H', 'DAY AM has the mark "' || wanted || '"'), 'accepted'), 'after the leave: ' || code)
FROM (VALUES ('/', '/'), ('I', 'I'), ('U', 'U'), ('Y1', 'Y1'), ('P', 'P'), ('G', NULL), ('R', NULL)) AS v (code, wanted);
SELECT grant_leave(125, current_date - 11) \g /dev/null
SELECT matches(said(amend(125, delete_on('H'))), 'no joint enquiry', 'no enquiry');

-- ---------- a session before it that is not marked ----------

SELECT is(said(amend(127, delete_on('A', ', next_school = ''X'''))), 'accepted', 'a session without a mark keeps no name on the register');
SELECT matches(said(amend(127, delete_on('A', ', next_school = ''X'', entered_at = ''2999-01-01'''))), '^AT022',
    'nor does it help to say that it was entered later');
SELECT lives_ok(format('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100010, 127, %L, ''PM'', ''-'')', current_date - 3), 'marked as missing');
SELECT matches(said('INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by) VALUES (100010, ''unmarked before deletion'', ''refuse'', ''x'', ''y'')'),
    '^23514', 'no school can have it refused');
SELECT accepted(amend(127, delete_on('A', ', next_school = ''X''')), 'a name is deleted');
SELECT results_eq(format('SELECT school_urn::int, rule, problem FROM r.admission_breach WHERE pupil_id = 127'),
    format('VALUES (100010, ''unmarked before deletion'', ''school 100010, pupil 127: 1 sessions before the deletion with %s as last day have no mark, from %s on'')',
        current_date, current_date - 3), 'and what is not marked is listed');
INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by) VALUES (100010, 'deletion ground', 'record', 'x', 'y');
SELECT accepted(amend(128, 'end_date = current_date'), 'no ground, recorded');
SELECT accepted(amend(129, delete_on('B')), 'a ground that is not met, recorded');
SELECT set_eq('SELECT pupil_id, rule FROM r.admission_breach WHERE pupil_id IN (128, 129)',
    'VALUES (128::bigint, ''deletion ground''), (129, ''deletion ground'')', 'are listed');
SELECT is_empty('SELECT * FROM r.admission_breach WHERE rule LIKE ''%deletion%'' AND pupil_id NOT IN (127, 128, 129)', 'and no other');
SELECT matches((SELECT problem FROM r.admission_breach WHERE pupil_id = 129), ' on ground B: the pupil is not in a nursery year$', 'with the reason');

-- ---------- many at a time, and who may ----------

DELETE FROM r.rule_setting WHERE rule <> 'entry changed';
SELECT is(said('UPDATE r.enrolment SET end_date = current_date, deletion_ground = ''A'', next_school = ''X'' WHERE pupil_id BETWEEN 133 AND 138'),
    'accepted', 'a class at a time');
SELECT is(said('UPDATE r.enrolment SET end_date = current_date, deletion_ground = ''A'',
    next_school = CASE WHEN pupil_id <> 138 THEN ''X'' END WHERE pupil_id BETWEEN 133 AND 138'),
    not_on('A', 'the register has no other school of the pupil, and next_school names none'), 'or none of it');
SELECT is(said(format('INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100010, 133, %L)
    ON CONFLICT (school_urn, pupil_id, start_date) DO UPDATE SET end_date = current_date - 1', current_date - 50)),
    'AT033: a deletion that is entered on DAY cannot have DAY as last day: no name is deleted retrospectively', 'ON CONFLICT DO UPDATE');
SELECT matches(said(format('MERGE INTO r.enrolment e USING (VALUES (133)) AS v (id) ON e.pupil_id = v.id
    WHEN MATCHED THEN UPDATE SET end_date = %L', current_date - 1)), '^AT033', 'MERGE');

CREATE ROLE admission_clerk;
GRANT USAGE ON SCHEMA r, attendance, public TO admission_clerk;
SELECT show_all('r', 'admission_clerk') \g /dev/null
GRANT SELECT ON r.enrolment, r.regime, r.deletion_ground, r.rule_setting, r.school, r.pupil, r.school_day, r.register_line,
    r.dual_registration TO admission_clerk;
GRANT UPDATE (end_date, deletion_ground, next_school) ON r.enrolment TO admission_clerk;
CREATE TEMP TABLE said_by_clerk (n int, said text);
GRANT INSERT ON said_by_clerk TO admission_clerk;
CREATE FUNCTION attempt(command text) RETURNS text LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    EXECUTE command;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
SET ROLE admission_clerk;
INSERT INTO said_by_clerk VALUES
    (1, attempt('UPDATE r.enrolment SET end_date = current_date - 1 WHERE pupil_id = 133')),
    (2, attempt('UPDATE r.enrolment SET end_date = current_date, deletion_ground = ''A'' WHERE pupil_id = 133')),
    (3, attempt('UPDATE r.enrolment SET end_date = current_date, deletion_ground = ''A'', next_school = ''X'' WHERE pupil_id = 133')),
    (4, attempt('UPDATE r.enrolment SET deleted_at = now() WHERE pupil_id = 133'));
RESET ROLE;
SELECT is((SELECT array_agg(said ORDER BY n) FROM said_by_clerk), '{AT033,AT032,accepted,42501}', 'an ordinary role, with an empty search path');
SELECT ok(deleted_at >= now(), 'and its deletion has its time') FROM r.enrolment WHERE pupil_id = 133;

-- ---------- the functions ----------

-- sessions without a mark are listed, and no deletion waits until they are counted
SAVEPOINT counted;
CREATE OR REPLACE FUNCTION attendance.unmarked_before(register name, school_urn integer, pupil_id bigint, from_day date, before_day date, OUT sessions bigint, OUT first_day date)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE AS $$ BEGIN RAISE EXCEPTION 'counted'; END $$;
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (199, 'Not', 'Counted', '2015-03-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100010, 199, current_date);
SELECT lives_ok('UPDATE r.enrolment SET end_date = current_date, deletion_ground = ''A'', next_school = ''X'' WHERE pupil_id = 199', 'a deletion counts no session');
SELECT throws_ok('SELECT * FROM r.admission_breach WHERE pupil_id = 199', 'P0001', 'counted', 'as who asks what was broken does');
ROLLBACK TO counted;
SELECT is(lacking_ground('r', NULL), NULL, 'lacking_ground');
SELECT is(lacking_ground('r', '{}'), NULL, 'lacking_ground of a name that is not deleted');
SELECT is(register_of('r.register_line'), 'r', 'register_of');
SELECT is(register_of(NULL), NULL, 'register_of NULL');
SELECT is(register_of(0), NULL, 'register_of nothing');
SELECT is_empty('SELECT * FROM deletion_problems(NULL, ''{}'')', 'NULL');
SELECT is_empty('SELECT * FROM deletion_problems(''r.register_line'', NULL)', 'NULL');
SELECT is_empty('SELECT * FROM deletion_problems(''r.register_line'', ''{}'')', 'no deletion, no problem');
SELECT is(ground_problem('r', NULL), NULL, 'ground_problem');
SELECT is(age_problem('r', '{}', NULL), NULL, 'age_problem');
SELECT is(absence_problem('r', NULL, '{}'), NULL, 'absence_problem');
SELECT results_eq('SELECT * FROM unmarked_before(''r'', 100010, 139, current_date - 50, current_date + 2)', 'VALUES (4::bigint, current_date)', 'unmarked_before');
SELECT results_eq('SELECT * FROM unmarked_before(''r'', 100010, 139, NULL, current_date)', 'VALUES (NULL::bigint, NULL::date)', 'unmarked_before NULL');
SELECT results_eq(format('SELECT m.* FROM mark_against_absence(%s) AS m', given), format('VALUES (%s)', wanted), 'mark_against_absence ' || given)
FROM (VALUES
    ('''r'', 100010, 139, current_date - 2, current_date, current_date, true, true', 'current_date - 2, ''AM'', ''/'''),
    ('''r'', 100010, 114, current_date - 20, current_date, current_date, true, true', 'current_date, ''AM'', ''/'''),
    ('''r'', 100010, 114, current_date - 20, current_date - 1, current_date, true, true', 'NULL::date, NULL::text, NULL::text'),
    ('''r'', 100010, 115, current_date - 20, current_date, current_date, true, true', 'NULL::date, NULL::text, NULL::text'),
    ('''r'', 100010, 139, current_date, current_date, current_date, true, true', 'NULL::date, NULL::text, NULL::text'),
    ('''r'', 100010, 139, current_date, current_date, current_date + 1, true, true', 'current_date, ''AM'', NULL::text'),
    ('''r'', 100010, 139, current_date - 2, current_date, NULL, true, true', 'NULL::date, NULL::text, NULL::text'))
    AS v (given, wanted);
-- each session by what held on its day: no mark is missing of a boarder, and one that is there says the same
UPDATE r.enrolment SET boarder = 'B', holds_from = current_date, entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 139;
SELECT results_eq('SELECT m.* FROM mark_against_absence(''r'', 100010, 139, current_date, current_date, current_date + 1, true, true) AS m', 'VALUES (NULL::date, NULL::text, NULL::text)', 'a boarder from today');
SELECT results_eq('SELECT m.* FROM mark_against_absence(''r'', 100010, 139, current_date - 2, current_date, current_date + 1, true, true) AS m', 'VALUES (current_date - 2, ''AM'', ''/'')', 'was none before');
UPDATE r.enrolment SET boarder = 'N', holds_from = current_date, entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 139;
UPDATE r.enrolment SET boarder = 'B', holds_from = current_date + 1, entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 139;
SELECT results_eq('SELECT m.* FROM mark_against_absence(''r'', 100010, 139, current_date, current_date + 1, current_date + 2, true, false) AS m', 'VALUES (current_date, ''AM'', NULL::text)', 'a boarder from tomorrow lacks the mark of today');

SELECT * FROM finish();
ROLLBACK;
