-- Leave of absence and part-time timetables: every rule accepted and refused, decisions that stand,
-- planned marks, and what the rules on marks read.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET search_path = public, attendance;
SET timezone = 'Europe/London';

INSERT INTO r.authorised_person (school_urn, name, title, from_day, to_day) VALUES
    (100001, 'Ms Head', 'Headteacher', '2005-09-01', NULL), (100001, 'Mr Was', 'Deputy', '2005-09-01', '2025-08-31'),
    (100002, 'Ms Other', 'Headteacher', '2005-09-01', NULL);
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES
    (1, 1, 'Parent at home', true, true), (2, 1, 'Parent elsewhere', true, false), (3, 1, 'Grandmother', false, true),
    (4, 2, 'Parent of another', true, true);
-- 30 turned 18 on 1 March 2026, 31 on 10 September 2025; 32 becomes of compulsory school age on 31 December 2025
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES
    (31, 'Adult', 'A', '2007-09-10'), (30, 'Leap', 'A', '2008-02-29'), (32, 'Small', 'B', '2020-11-01'), (33, 'Past', 'C', '2000-01-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, registration_group) VALUES
    (100001, 30, '2024-09-01', '13A'), (100001, 31, '2024-09-01', '13A'), (100001, 32, '2024-09-01', 'R'), (100001, 33, '2010-09-01', NULL);

CREATE FUNCTION span(first_day date, last_day date) RETURNS school_session_multirange LANGUAGE sql
RETURN school_session_multirange(school_session_range(school_session(first_day, 'AM'), school_session(last_day, 'PM'), '[]'));

-- A leave that is granted; the defaults are lawful leave in exceptional circumstances.
CREATE FUNCTION leave(pupil bigint DEFAULT 1, code text DEFAULT 'C', class text DEFAULT 'exceptional circumstances',
    first_day date DEFAULT '2025-09-15', last_day date DEFAULT '2025-09-16', received text DEFAULT '2025-09-01 10:00+01',
    decided text DEFAULT '2025-09-02 10:00+01', by text DEFAULT 'Ms Head', contact bigint DEFAULT 1,
    circumstances text DEFAULT 'Wedding abroad', extra text DEFAULT NULL, status text DEFAULT 'granted', school int DEFAULT 100001)
    RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions, received_at, decided_at, decided_by, contact_id, circumstances, status%s)
    VALUES (%s, %s, %L, %L, %L, %L, %L, %L, %L, %L, %L%s)',
    CASE WHEN extra IS NOT NULL THEN ', ' || split_part(extra, '|', 1) ELSE '' END,
    school, pupil, code, class, span(first_day, last_day), received, decided, by, contact, circumstances, status,
    CASE WHEN extra IS NOT NULL THEN ', ' || split_part(extra, '|', 2) ELSE '' END);
CREATE FUNCTION granted_or(command text) RETURNS text LANGUAGE sql RETURN outcome(command, false);

-- ---------- what can be granted ----------

SELECT is(granted_or(command), wanted, description) FROM (VALUES
    (leave(), 'accepted', 'leave in exceptional circumstances'),
    (leave(received => '2025-09-15 08:59+01', decided => '2025-09-15 10:00+01'), 'accepted', 'application just before the first session, British time'),
    (leave(received => '2025-09-15 09:00+01', decided => '2025-09-15 10:00+01'), 'AT040: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: the application was not received before the first session', 'application with the first session'),
    (leave(received => NULL), 'AT040: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: the application was not received before the first session', 'no application'),
    (leave(received => '2025-09-12 10:00+01', decided => '2025-09-18 10:00+01'), 'accepted', 'a decision may come later than the application'),
    (leave(contact => 2), 'AT041: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: no parent with whom the pupil normally lives has applied', 'parent who lives elsewhere'),
    (leave(contact => 3), 'AT041: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: no parent with whom the pupil normally lives has applied', 'no parent'),
    (leave(contact => 4), 'AT041: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: no parent with whom the pupil normally lives has applied', 'parent of another pupil'),
    (leave(contact => NULL), 'AT041: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: no parent with whom the pupil normally lives has applied', 'nobody'),
    (leave(pupil => 31, contact => NULL, received => '2025-09-10 00:00+01', decided => '2025-09-11 10:00+01'), 'accepted', 'a pupil of 18 applies'),
    (leave(pupil => 30, contact => NULL, first_day => '2026-03-09', last_day => '2026-03-10', received => '2026-03-01 00:00', decided => '2026-03-02 10:00'), 'accepted', 'of a pupil born on a leap day'),
    (leave(pupil => 30, contact => NULL, first_day => '2026-03-09', last_day => '2026-03-10', received => '2026-02-28 23:59', decided => '2026-03-02 10:00'), 'AT041: leave of pupil 30 at school 100001 from 2026-03-09 to 2026-03-10: no parent with whom the pupil normally lives has applied', 'who is not 18 in February'),
    (leave(pupil => 31, contact => NULL, received => '2025-09-09 23:59+01', decided => '2025-09-11 10:00+01'), 'AT041: leave of pupil 31 at school 100001 from 2025-09-15 to 2025-09-16: no parent with whom the pupil normally lives has applied', 'and not the day before'),
    (leave(by => 'Mr Nobody'), 'AT042: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: Mr Nobody is not a person authorised to grant it on 2025-09-02', 'not an authorised person'),
    (leave(by => 'Mr Was'), 'AT042: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: Mr Was is not a person authorised to grant it on 2025-09-02', 'no longer an authorised person'),
    (leave(by => 'Mr Was', received => '2025-08-01', decided => '2025-08-31 23:59+01'), 'accepted', 'on the last day of the authority'),
    (leave(by => 'Ms Other'), 'AT042: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: Ms Other is not a person authorised to grant it on 2025-09-02', 'authorised at another school'),
    (leave(circumstances => NULL), 'AT043: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: the exceptional circumstances are not stated', 'no circumstances'),
    (leave(code => 'H', class => 'holiday'), 'AT048: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: H is not the code of leave for "holiday" on all its days (leave_reason)', 'no holiday since 2024'),
    (leave(code => 'M'), 'AT048: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: M is not the code of leave for "exceptional circumstances" on all its days (leave_reason)', 'the code of another class'),
    (leave(class => 'because'), 'AT048: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: leave_reason has no reason_class "because"', 'no class'),
    (leave(code => 'J1', class => 'interview', contact => 3, circumstances => NULL), 'accepted', 'interview'),
    (leave(code => 'J1', class => 'interview', contact => NULL, circumstances => NULL), 'AT041: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: it is not known who applied', 'interview that nobody asked for'),
    (leave(code => 'J1', class => 'interview', contact => NULL, circumstances => NULL, extra => 'applicant|''The pupil'''), 'accepted', 'interview that somebody asked for'),
    (leave(code => 'J1', class => 'interview', received => '2025-09-16 10:00+01', decided => '2025-09-16 10:00+01'), 'AT040: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: the application was not received before the first session', 'interview asked for afterwards'),
    (leave(code => 'M', class => 'medical appointment', received => NULL, contact => NULL, circumstances => NULL, decided => '2025-09-20'), 'accepted', 'a medical appointment needs little'),
    (leave(code => 'C1', class => 'performance', received => NULL, contact => NULL, extra => 'licence_reference,licence_from,licence_to|''L/1'',''2025-09-15'',''2025-09-16'''), 'accepted', 'performance'),
    (leave(code => 'C1', class => 'performance', extra => 'licence_reference,licence_from,licence_to|''L/1'',''2025-09-16'',''2025-09-30'''), 'AT044: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: there is no licence for all its days', 'licence that begins later'),
    (leave(code => 'C1', class => 'employment abroad', extra => 'licence_reference,licence_from,licence_to|''L/1'',''2025-09-01'',''2025-09-15'''), 'AT044: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: there is no licence for all its days', 'licence that ends sooner'),
    (leave(code => 'C1', class => 'performance'), 'AT044: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: there is no licence for all its days', 'no licence'),
    (leave(code => 'S', class => 'study', contact => NULL, extra => 'last_examination|''2025-09-16'''), 'accepted', 'study leave to the last examination'),
    (leave(code => 'S', class => 'study', extra => 'last_examination|''2025-09-15'''), 'AT045: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: it does not end with the last public examination', 'and not beyond'),
    (leave(code => 'S', class => 'study'), 'AT045: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: it does not end with the last public examination', 'no examination'),
    (leave(code => 'S', class => 'study', decided => '2025-09-15 09:00+01', extra => 'last_examination|''2025-09-16'''), 'AT040: leave of pupil 1 at school 100001 from 2025-09-15 to 2025-09-16: it was not agreed before the first session', 'study leave agreed too late'),
    -- before 19 August 2024
    (leave(code => 'H', class => 'holiday', first_day => '2024-07-15', last_day => '2024-07-16', received => '2024-07-01', decided => '2024-07-02'), 'accepted', 'holiday in exceptional circumstances'),
    (leave(code => 'H', class => 'holiday', circumstances => NULL, first_day => '2024-07-15', last_day => '2024-07-16', received => '2024-07-01', decided => '2024-07-02'), 'AT043: leave of pupil 1 at school 100001 from 2024-07-15 to 2024-07-16: the exceptional circumstances are not stated', 'and not otherwise, from September 2013'),
    (leave(code => 'H', class => 'holiday', circumstances => NULL, first_day => '2013-07-15', last_day => '2013-07-16', received => '2013-07-01', decided => '2013-07-02'), 'accepted', 'until then it could be'),
    (leave(code => 'F', class => 'holiday', circumstances => NULL, first_day => '2013-07-15', last_day => '2013-07-16', received => '2013-07-01', decided => '2013-07-02'), 'AT043: leave of pupil 1 at school 100001 from 2013-07-15 to 2013-07-16: the exceptional circumstances are not stated', 'extended holiday was exceptional'),
    (leave(code => 'F', class => 'holiday', first_day => '2013-09-02', last_day => '2013-09-03', received => '2013-07-01', decided => '2013-07-02'), 'AT048: leave of pupil 1 at school 100001 from 2013-09-02 to 2013-09-03: F is not the code of leave for "holiday" on all its days (leave_reason)', 'F ended'),
    (leave(code => 'C1', class => 'performance', first_day => '2024-08-16', last_day => '2024-08-20', extra => 'licence_reference,licence_from,licence_to|''L/1'',''2024-08-01'',''2025-09-16'''), 'AT048: leave of pupil 1 at school 100001 from 2024-08-16 to 2024-08-20: C1 is not the code of leave for "performance" on all its days (leave_reason)', 'leave across the turn of the regulations'),
    (leave(code => 'C', class => 'performance', received => NULL, contact => NULL, first_day => '2024-06-03', last_day => '2024-06-03', decided => '2024-06-01', extra => 'licence_reference,licence_from,licence_to|''L/1'',''2024-06-03'',''2024-06-03'''), 'accepted', 'performance before 2024'),
    -- what is not granted is not looked at
    (leave(received => '2025-10-01', decided => '2025-10-02', contact => NULL, circumstances => NULL, status => 'refused'), 'accepted', 'refused'),
    (leave(decided => NULL, by => NULL, contact => NULL, circumstances => NULL, status => 'applied'), 'accepted', 'applied for'),
    (leave(decided => NULL, by => NULL, contact => NULL, circumstances => NULL, status => 'withdrawn'), 'accepted', 'withdrawn')
) AS v (command, wanted, description);

-- SQLSTATEs of the constraints
SELECT is(split_part(outcome(command), ':', 1), wanted, description) FROM (VALUES
    (leave(code => 'I'), '23514', 'I is no leave'),
    (leave(code => 'C2'), '23514', 'C2 comes from a part-time timetable'),
    (leave(circumstances => ' '), '23514', 'blank circumstances'),
    (leave(decided => NULL), '23514', 'a grant without a time'),
    (leave(by => NULL), '23514', 'a grant without a person'),
    (leave(status => 'applied'), '23514', 'a decision on what is only applied for'),
    (leave(status => 'cancelled'), '23514', 'cancelled by nobody'),
    (leave(status => 'perhaps'), '23514', 'no such status'),
    (leave(decided => '2025-08-01'), '23514', 'decided before it was applied for'),
    (leave(extra => 'licence_reference|''L/1'''), '23514', 'a licence without its days'),
    (leave(extra => 'licence_reference,licence_from,licence_to|''L/1'',''2025-09-16'',''2025-09-15'''), '23514', 'a licence that ends before it begins'),
    (replace(leave(), span('2025-09-15', '2025-09-16')::text, '{}'), '23514', 'no sessions'),
    (replace(leave(), span('2025-09-15', '2025-09-16')::text, '{[2025-09-15 AM,)}'), '23514', 'no end'),
    (replace(leave(), span('2025-09-15', '2025-09-16')::text, '{(,2025-09-15 AM)}'), '23514', 'no beginning'),
    (leave(pupil => 999), '23503', 'no such pupil'), (leave(school => 999999), '23503', 'no such school')
) AS v (command, wanted, description);

-- holiday of ten school days, in July 2013
INSERT INTO r.school_day (school_urn, day) SELECT 100001, d FROM generate_series(date '2013-06-03', '2013-07-19', '1 day') d
WHERE extract(isodow FROM d) < 6;
SELECT is(outcome(leave(code => 'H', class => 'holiday', circumstances => c, first_day => '2013-06-03', last_day => l, received => '2013-05-01', decided => '2013-05-02')),
          w, format('holiday to %s, %s', l, coalesce(c, 'not exceptional')))
FROM (VALUES (NULL, date '2013-06-14', 'accepted'), (NULL, '2013-06-16', 'accepted'), ('A reason', '2013-06-17', 'accepted'),
    (NULL, '2013-06-17', 'AT047: leave of pupil 1 at school 100001 from 2013-06-03 to 2013-06-17: more than 10 school days of holiday in the school year are not said to be exceptional'))
    AS v (c, l, w);
SELECT is(outcome(leave(pupil => 1, code => 'H', class => 'holiday', circumstances => NULL, first_day => '2013-06-03', last_day => '2013-06-13', received => '2013-05-01', decided => '2013-05-02')
    || ', ' || substring(leave(pupil => 1, code => 'H', class => 'holiday', circumstances => NULL, first_day => '2013-06-17', last_day => '2013-06-18', received => '2013-05-01', decided => '2013-05-02') FROM 'VALUES (.*)$')),
    'AT047: leave of pupil 1 at school 100001 from 2013-06-03 to 2013-06-13: more than 10 school days of holiday in the school year are not said to be exceptional',
    'two holidays of one school year count together');

-- ---------- no overlap ----------

ALTER TABLE r.leave_of_absence ALTER leave_id RESTART;
SELECT accepted(leave(), 'a leave is granted');
SELECT is(split_part(outcome(command), ':', 1), wanted, description) FROM (VALUES
    (leave(first_day => '2025-09-16', last_day => '2025-09-17'), '23P01', 'no session is granted twice'),
    (leave(code => 'M', class => 'medical appointment', first_day => '2025-09-15', last_day => '2025-09-15'), '23P01', 'not with another code either'),
    (leave(first_day => '2025-09-17', last_day => '2025-09-17'), 'accepted', 'the next day is free'),
    (leave(pupil => 31, contact => NULL, received => '2025-09-11', decided => '2025-09-12'), 'accepted', 'and so is another pupil'),
    (leave(by => 'Ms Other', school => 100002), 'accepted', 'and another school'),
    (leave(status => 'applied', decided => NULL, by => NULL), 'accepted', 'what is applied for may overlap')
) AS v (command, wanted, description);

-- ---------- a decision stands ----------

SELECT is(outcome(command), wanted, command) FROM (VALUES
    ('UPDATE r.leave_of_absence SET sessions = ' || quote_literal(span('2025-09-15', '2025-09-19')::text), 'AT049: leave 1 of pupil 1 at school 100001 is granted and stands as it is; it can be cancelled'),
    ('UPDATE r.leave_of_absence SET status = ''refused''', 'AT049: leave 1 of pupil 1 at school 100001 is granted and stands as it is; it can be cancelled'),
    ('UPDATE r.leave_of_absence SET status = ''applied'', decided_by = NULL, decided_at = NULL', 'AT049: leave 1 of pupil 1 at school 100001 is granted and stands as it is; it can be cancelled'),
    ('UPDATE r.leave_of_absence SET decided_by = ''Mr Was''', 'AT049: leave 1 of pupil 1 at school 100001 is granted and stands as it is; it can be cancelled'),
    ('UPDATE r.leave_of_absence SET leave_id = 77', 'AT049: leave 1 of pupil 1 at school 100001 is granted and stands as it is; it can be cancelled'),
    ('UPDATE r.leave_of_absence SET status = ''cancelled'', cancelled_by = ''X'', cancelled_at = now(), cancel_reason = ''Y'', mark = ''M''', 'AT049: leave 1 of pupil 1 at school 100001 is granted and stands as it is; it can be cancelled'),
    ('UPDATE r.leave_of_absence SET status = ''cancelled'', cancelled_by = ''X'', cancelled_at = now(), cancel_reason = ''Y''', 'accepted'),
    ('UPDATE r.leave_of_absence SET status = status', 'accepted')
) AS v (command, wanted);

-- ---------- a school may have breaches recorded ----------

INSERT INTO r.rule_setting (school_urn, rule, action, reason, decided_by) VALUES (100001, 'leave not in advance', 'record', 'Paper record', 'Ms Head');
SELECT is(granted_or(command), wanted, description) FROM (VALUES
    (leave(pupil => 31, received => '2025-09-20', decided => '2025-09-21'), 'accepted', 'a breach that the school has recorded is let in'),
    (leave(pupil => 31, received => '2025-09-20', decided => '2025-09-21', circumstances => NULL), 'AT043: leave of pupil 31 at school 100001 from 2025-09-15 to 2025-09-16: the exceptional circumstances are not stated', 'but no other'),
    (leave(pupil => 11, received => '2025-09-20', decided => '2025-09-21', by => 'Ms Other', school => 100002), 'AT040: leave of pupil 11 at school 100002 from 2025-09-15 to 2025-09-16: the application was not received before the first session; no parent with whom the pupil normally lives has applied', 'nor at another school'))
    AS v (command, wanted, description);
SELECT is_empty('SELECT * FROM r.leave_breach', 'no breaches yet');
SELECT accepted(leave(first_day => '2025-09-22', last_day => '2025-09-23', received => '2025-09-22 12:00', decided => '2025-09-22 12:00'), 'one');
SELECT results_eq('SELECT school_urn::int, pupil_id, rule, problem FROM r.leave_breach',
    $$ VALUES (100001, 1::bigint, 'leave not in advance', 'leave of pupil 1 at school 100001 from 2025-09-22 to 2025-09-23: the application was not received before the first session') $$,
    'is in the listing');
DELETE FROM r.rule_setting;
SAVEPOINT before_the_policy;
INSERT INTO r.registration_policy (school_urn, from_day, morning_opens) VALUES (100001, '2020-09-01', '10:00'), (100001, '2025-09-15', '08:30'), (100001, '2025-09-16', '10:00');
SELECT is(split_part(outcome(leave(pupil => 31, received => '2025-09-15 08:45+01', decided => '2025-09-15 10:00+01')), ':', 1), 'AT040', 'the school says when its morning begins, for that day');
ROLLBACK TO before_the_policy;

-- ---------- what the rules on marks read ----------

INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions, decided_at, decided_by, status, licence_reference, licence_from, licence_to)
VALUES (100001, 2, 'C1', 'performance', span('2025-10-06', '2025-10-06') + span('2025-10-08', '2025-10-09'), '2025-10-01', 'Ms Head', 'granted', 'L/1', '2025-10-01', '2025-10-31');
INSERT INTO r.leave_of_absence (leave_id, school_urn, pupil_id, mark, reason_class, sessions, decided_at, decided_by, status, last_examination)
VALUES (90, 100001, 2, 'S', 'study', '{[2025-10-13 PM,2025-10-14 PM)}', '2025-10-01', 'Ms Head', 'granted', '2025-10-14');
INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions) VALUES (100001, 2, 'M', 'medical appointment', '{[2025-10-15 PM,2025-10-16 AM)}');
SELECT results_eq('SELECT mark::text, first_session::text, after_session::text, licence_reference, last_examination FROM r.granted_session WHERE school_urn = 100001 AND pupil_id = ANY (''{2,3}'') ORDER BY 2',
    $$ VALUES ('C1', '2025-10-06 AM', '2025-10-07 AM', 'L/1', NULL::date), ('C1', '2025-10-08 AM', '2025-10-10 AM', 'L/1', NULL),
              ('S', '2025-10-13 PM', '2025-10-14 PM', NULL, '2025-10-14') $$,
    'each range of each granted leave, and of no other');

-- ---------- part-time timetables ----------

CREATE FUNCTION timetable(pupil bigint DEFAULT 1, first_day date DEFAULT '2025-11-03', last_day date DEFAULT '2025-12-12',
    agreed_on text DEFAULT '2025-11-03', by text DEFAULT 'Ms Head', contact bigint DEFAULT 1, circumstances text DEFAULT 'Return after illness',
    reviews text DEFAULT '{2025-11-21}', status text DEFAULT 'agreed', agreed_with text DEFAULT 'A parent') RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status)
    VALUES (100001, %s, %L, %L, %L, %L, %L, %L, %L, %L)', pupil, span(first_day, last_day), circumstances, contact, agreed_with, by, agreed_on, reviews, status);

INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (5, 32, 'Parent', true, true);
SELECT is(granted_or(command), CASE WHEN wanted LIKE 'AT%' THEN replace(wanted, '@', 'part-time timetable of pupil 1 at school 100001 from 2025-11-03 to 2025-12-12') ELSE wanted END, description) FROM (VALUES
    (timetable(), 'accepted', 'a part-time timetable, agreed on its first day'),
    (timetable(agreed_on => '2025-11-04'), 'AT040: @: it was agreed on 2025-11-04 only', 'agreed afterwards'),
    (timetable(contact => 2), 'AT041: @: it was not agreed with a parent with whom the pupil normally lives', 'parent who lives elsewhere'),
    (timetable(contact => 4), 'AT041: @: it was not agreed with a parent with whom the pupil normally lives', 'parent of another'),
    (timetable(contact => NULL), 'AT041: @: it was not agreed with a parent with whom the pupil normally lives', 'nobody'),
    (timetable(by => 'Mr Was'), 'AT042: @: Mr Was is not a person authorised to agree to it on 2025-11-03', 'no longer authorised'),
    (timetable(circumstances => NULL), 'AT043: @: the exceptional circumstances are not stated', 'no circumstances'),
    (timetable(reviews => '{}'), 'accepted', 'no review: guidance'),
    (timetable(reviews => '{2026-01-10,2025-11-02}'), 'accepted', 'reviews outside'),
    (timetable(reviews => '{2025-12-12}'), 'accepted', 'review on the last day'),
    (timetable(pupil => 32, contact => 5), 'AT046: part-time timetable of pupil 32 at school 100001 from 2025-11-03 to 2025-12-12: the pupil is not of compulsory school age on all its days', 'too young'),
    (timetable(pupil => 32, contact => 5, first_day => '2025-12-30', last_day => '2026-01-30', reviews => '{2026-01-10}'), 'AT046: part-time timetable of pupil 32 at school 100001 from 2025-12-30 to 2026-01-30: the pupil is not of compulsory school age on all its days', 'too young on the first day'),
    (timetable(pupil => 32, contact => 5, first_day => '2025-12-31', last_day => '2026-01-30', reviews => '{2026-01-10}'), 'accepted', 'of compulsory school age'),
    (timetable(first_day => '2024-07-01', last_day => '2024-07-12', agreed_on => '2024-06-30', reviews => '{2024-07-05}'), 'AT048: part-time timetable of pupil 1 at school 100001 from 2024-07-01 to 2024-07-12: C2 is not a code on all its days', 'before C2'),
    (timetable(status => 'proposed', contact => NULL, circumstances => NULL, agreed_on => NULL, by => NULL, agreed_with => NULL, reviews => '{}'), 'accepted', 'what is only proposed is not looked at')
) AS v (command, wanted, description);
SELECT is(split_part(outcome(command), ':', 1), '23514', description) FROM (VALUES
    (timetable(by => NULL), 'agreed by nobody'), (timetable(agreed_on => NULL), 'agreed at no time'), (timetable(agreed_with => NULL), 'agreed with nobody'),
    (replace(timetable(), span('2025-11-03', '2025-12-12')::text, '{[2025-11-03 AM,)}'), 'a part-time timetable has an end'),
    (replace(timetable(), span('2025-11-03', '2025-12-12')::text, '{}'), 'and sessions')) AS v (command, description);
ALTER TABLE r.part_time_timetable ALTER timetable_id RESTART;
SELECT accepted(timetable(status => 'proposed', contact => NULL), 'proposed');
SELECT refused('UPDATE r.part_time_timetable SET status = ''agreed''', 'AT041: part-time timetable of pupil 1 at school 100001 from 2025-11-03 to 2025-12-12: it was not agreed with a parent with whom the pupil normally lives', 'agreeing is looked at as well');
SELECT accepted('UPDATE r.part_time_timetable SET contact_id = 1, status = ''agreed''', 'and so is agreed');
SELECT results_eq('SELECT mark::text, first_session::text, after_session::text FROM r.granted_session WHERE school_urn = 100001 AND pupil_id = 1 AND mark = ''C2''',
    $$ VALUES ('C2', '2025-11-03 AM', '2025-12-13 AM') $$, 'C2 for its sessions');
SELECT is(outcome(command), wanted, command) FROM (VALUES
    ('UPDATE r.part_time_timetable SET review_dates = ''{}''', 'AT049: part-time timetable 1 of pupil 1 at school 100001 is agreed and stands as it is; it can be ended or cancelled'),
    ('UPDATE r.part_time_timetable SET status = ''proposed''', 'AT049: part-time timetable 1 of pupil 1 at school 100001 is agreed and stands as it is; it can be ended or cancelled'),
    ('UPDATE r.part_time_timetable SET status = ''cancelled'', agreed_on = agreed_on - 1', 'AT049: part-time timetable 1 of pupil 1 at school 100001 is agreed and stands as it is; it can be ended or cancelled'),
    ('UPDATE r.part_time_timetable SET status = ''cancelled''', 'accepted')) AS v (command, wanted);
SELECT accepted('UPDATE r.part_time_timetable SET ended_on = ''2025-11-14'', ended_by = ''Ms Head''', 'it ends early');
SELECT refused('UPDATE r.part_time_timetable SET ended_on = ''2025-11-28''', 'AT049: part-time timetable 1 of pupil 1 at school 100001 is agreed and stands as it is', 'once');
SELECT results_eq('SELECT first_session::text, after_session::text FROM r.granted_session WHERE mark = ''C2''',
    $$ VALUES ('2025-11-03 AM', '2025-11-15 AM') $$, 'and the sessions after that are no leave');
SELECT is_empty('SELECT * FROM r.part_time_timetable_breach', 'no breaches');

-- ---------- deciding, planning, confirming: a school that is open every day, about now ----------

SELECT add_academic_year('r', y) FROM (SELECT DISTINCT academic_year(current_date + n) FROM generate_series(-1, 10) n) AS v (y)
WHERE y NOT IN (2024, 2025) \g /dev/null
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100004, 'Ms Now', 'Headteacher', '2020-01-01');
INSERT INTO r.school_day (school_urn, day) SELECT 100004, current_date + n FROM generate_series(-1, 10) n;
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) SELECT id, 'Now', 'N', current_date - 3652 FROM generate_series(41, 44) AS id;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, registration_group) VALUES (100004, 41, '2020-09-01', '4A'),
    (100004, 42, '2020-09-01', '4B'), (100004, 43, '2020-09-01', '4A'), (100004, 44, current_date + 2, '4A');
ALTER TABLE r.leave_of_absence ALTER leave_id RESTART 100;
INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions)
SELECT 100004, id, 'M', 'medical appointment', span(current_date - 1, current_date + 2) FROM generate_series(41, 44) AS id;
INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions)
VALUES (100004, 41, 'C', 'exceptional circumstances', span(current_date + 3, current_date + 4));
SET search_path = public;

SELECT is(r.grant_leave(100, 'Ms Now'), 0::bigint, 'granting plans nothing unless it is asked to');
SELECT is((SELECT status || ' ' || decided_by FROM r.leave_of_absence WHERE leave_id = 100), 'granted Ms Now', 'and is entered');
SELECT is_empty('SELECT * FROM r.planned_mark', 'nothing is planned');
SELECT is(r.grant_leave(101, 'Ms Now', fill => true), 6::bigint, 'three days from today on are planned, if asked');
SELECT is(r.grant_leave(102, 'Ms Now', fill => true), 6::bigint, 'and of another pupil');
SELECT is(r.grant_leave(103, 'Ms Now', fill => true), 2::bigint, 'before the starting day nothing is expected');
SELECT is(standing(), '', 'the register has none of it');
SELECT is(outcome(command), wanted, command) FROM (VALUES
    ('SELECT r.grant_leave(100, ''Ms Now'')', 'AT049: leave 100 of pupil 41 at school 100004 is granted already'),
    ('SELECT r.refuse_leave(100, ''Ms Now'')', 'AT049: leave 100 of pupil 41 at school 100004 is granted already'),
    ('SELECT r.grant_leave(999, ''Ms Now'')', '22023: the register has no leave 999'),
    ('SELECT r.grant_leave(NULL, ''Ms Now'')', '22023: the register has no leave NULL'),
    ('SELECT r.cancel_leave(999, ''Ms Now'', ''a'')', '22023: the register has no leave 999'),
    ('SELECT r.cancel_leave(104, ''Ms Now'', ''a'')', 'AT049: leave 104 of pupil 41 at school 100004 is applied, only leave that was granted can be cancelled'),
    ('UPDATE r.leave_of_absence SET status = ''cancelled'', decided_by = ''Ms Now'', decided_at = now(), cancelled_by = ''X'', cancelled_at = now(), cancel_reason = ''Y'' WHERE leave_id = 104', 'AT049: leave 104 of pupil 41 at school 100004 was not granted, so it cannot be cancelled: it is refused or withdrawn'),
    ('SELECT r.grant_leave(104, ''Mr Nobody'')', format('AT040: leave of pupil 41 at school 100004 from %s to %s: the application was not received before the first session; no parent with whom the pupil normally lives has applied; Mr Nobody is not a person authorised to grant it on %3$s; the exceptional circumstances are not stated', current_date + 3, current_date + 4, current_date)),
    ('SELECT r.refuse_leave(104, ''Ms Now'', decision_reason => ''a holiday'')', 'accepted')) AS v (command, wanted);
SELECT is(split_part(outcome(command), ':', 1), '23514', command) FROM unnest(ARRAY['SELECT r.grant_leave(104, NULL)', 'SELECT r.grant_leave(104, ''Ms Now'', NULL)',
    'SELECT r.cancel_leave(101, NULL, ''a'')', 'SELECT r.cancel_leave(101, ''X'', NULL)', 'SELECT r.cancel_leave(101, ''X'', ''a'', NULL)', 'SELECT r.cancel_leave(101, ''X'', ''a'', ''2001-01-01'')']) AS command;

-- the register of 4A is taken, that of 4B is not
INSERT INTO r.registration (school_urn, registration_group, day, session, taken_by, opened_at)
VALUES (100004, '4A', current_date, 'AM', 'Ms Teacher', current_date + time '12:00');
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100004, 43, current_date, 'PM', 'L');
SELECT is(r.confirm_planned_marks(100004, current_date, 'AM', 'Ms Teacher', 'Teacher'), 1::bigint, 'the pupil of 4A');
SELECT is(standing(43), format('100004 43 %s AM M, 100004 43 %1$s PM L', current_date), 'has the mark');
SELECT is(standing(42), '', 'the pupil of 4B has none');
SELECT is(r.confirm_planned_marks(100004, current_date, 'AM', 'Ms Teacher', 'Teacher'), 0::bigint, 'once');
SELECT is(r.confirm_planned_marks(school, day, session, 'Ms Teacher', 'Teacher'), 0::bigint, 'and nothing for NULL')
FROM (VALUES (NULL::int, current_date, 'PM'), (100004, NULL, 'PM'), (100004, current_date, NULL)) AS v (school, day, session);
SELECT refused('SELECT r.confirm_planned_marks(100004, current_date, ''noon'', ''x'', ''y'')', '22023: invalid session "noon": AM or PM is expected', 'a session');
INSERT INTO r.registration (school_urn, day, session, taken_by, opened_at)
VALUES (100004, current_date, 'PM', 'Ms Teacher', current_date + time '12:00');
SELECT is(r.confirm_planned_marks(100004, current_date, 'pm', 'Ms Teacher', 'Teacher'), 1::bigint, 'a register of the whole school: who came in keeps the mark');
SELECT is(standing(43), format('100004 43 %s AM M, 100004 43 %1$s PM L', current_date), 'as it was');
SELECT is(standing(42), format('100004 42 %s PM M', current_date), 'the other is entered');
SELECT is((SELECT count(*) FROM r.planned_mark WHERE pupil_id = 43), 4::bigint, 'what was overtaken is not expected any more');

SELECT is(r.cancel_leave(101, 'Ms Now', 'Appointment moved'), 5::bigint, 'cancelling takes back what was not confirmed');
SELECT is((SELECT array_agg(DISTINCT leave_id ORDER BY leave_id) FROM r.planned_mark), '{102,103}', 'of that leave only');
SELECT is(standing(42), format('100004 42 %s PM M', current_date), 'and nothing in the register');
UPDATE r.leave_of_absence SET status = 'cancelled', cancelled_by = 'X', cancelled_at = now(), cancel_reason = 'Y' WHERE leave_id = 102;
SELECT is((SELECT array_agg(DISTINCT leave_id) FROM r.planned_mark), '{103}', 'by whatever way it is cancelled');
SELECT is_empty('SELECT * FROM r.granted_session WHERE pupil_id = 42', 'and it is no leave any more');
SELECT is(outcome('SELECT r.cancel_leave(101, ''Ms Now'', ''a'')'), 'AT049: leave 101 of pupil 42 at school 100004 is cancelled, only leave that was granted can be cancelled', 'once');

-- ---------- reviews and ends ----------

SET search_path = public, attendance;
ALTER TABLE r.part_time_timetable ALTER timetable_id RESTART 10;
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (6, 41, 'Parent', true, true);
INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status, ended_on, ended_by)
VALUES (100004, 41, span(current_date - 20, current_date + 20), 'x', 6, 'Parent', 'Ms Now', current_date - 30, ARRAY[current_date - 10, current_date - 5, current_date + 10, current_date + 90], 'agreed', NULL, NULL),
       (100004, 41, '{[2024-09-02 AM,2024-10-01 PM)}', 'x', 6, 'Parent', 'Ms Now', '2024-09-01', '{2024-09-10}', 'agreed', NULL, NULL),
       (100004, 41, '{[2024-09-02 AM,2024-10-01 PM)}', 'x', 6, 'Parent', 'Ms Now', '2024-09-01', '{2024-09-20}', 'agreed', '2024-09-19', 'Ms Now'),
       (100004, 41, span(current_date, current_date + 1), 'x', 6, 'Parent', NULL, NULL, ARRAY[current_date], 'proposed', NULL, NULL);
INSERT INTO r.part_time_review VALUES (10, current_date - 10, current_date - 9, 'Ms Now', 'goes on');
SELECT results_eq('SELECT timetable_id, due, due_on - current_date, overdue FROM r.part_time_timetable_due WHERE pupil_id = 41 AND due_on > ''2025-01-01'' ORDER BY due_on',
    $$ VALUES (10::bigint, 'review', -5, true), (10, 'review', 10, false), (10, 'expiry', 20, false) $$,
    'reviews that were not held, and the end of what runs');
SELECT results_eq('SELECT timetable_id, due, due_on FROM r.part_time_timetable_due WHERE due_on BETWEEN ''2024-01-01'' AND ''2025-01-01''',
    $$ VALUES (11::bigint, 'review', date '2024-09-10') $$, 'a review after the early end is not due');

-- ---------- natures ----------

SELECT is(split_part(outcome(command), ':', 1), wanted, command) FROM (VALUES
    ('INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 1, ''B'', ''{[2025-09-15 AM,2025-09-16 AM)}'', ''Taster day'')', 'accepted'),
    ('INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 1, ''B'', ''{[2025-09-15 AM,2025-09-16 AM)}'', '' '')', '23514'),
    ('INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 1, ''B'', ''{}'', ''x'')', '23514'),
    ('INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 1, ''B'', ''{[2025-09-15 AM,)}'', ''x'')', '23514'),
    ('INSERT INTO r.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 999, ''B'', ''{[2025-09-15 AM,2025-09-16 AM)}'', ''x'')', '23503')) AS v (command, wanted);

-- ---------- with the least of rights, and an empty search path ----------

CREATE ROLE att_tap_leave_clerk;
GRANT USAGE ON SCHEMA r, attendance, public TO att_tap_leave_clerk;
GRANT SELECT, INSERT, UPDATE ON r.leave_of_absence TO att_tap_leave_clerk;
GRANT SELECT ON r.leave_breach TO att_tap_leave_clerk;
SELECT show_all('r', 'att_tap_leave_clerk') \g /dev/null
GRANT SELECT, INSERT, DELETE ON r.planned_mark TO att_tap_leave_clerk;
CREATE FUNCTION as_clerk(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text := 'accepted';
BEGIN
    SET LOCAL ROLE att_tap_leave_clerk;
    PERFORM set_config('search_path', '', true);
    BEGIN
        EXECUTE command;
    EXCEPTION WHEN OTHERS THEN
        result := concat(SQLSTATE, ': ', SQLERRM);
    END;
    RESET ROLE;
    PERFORM set_config('search_path', 'public, attendance', true);
    RETURN result;
END
$$;
-- settings are read by whoever breaks a rule
GRANT SELECT ON r.rule_setting TO att_tap_leave_clerk;
SELECT is(as_clerk(leave(first_day => '2025-10-06', last_day => '2025-10-07')), 'accepted', 'a clerk grants leave without rights on contacts');
SELECT is(as_clerk(leave(first_day => '2025-10-08', last_day => '2025-10-08', contact => 2)), 'AT041: leave of pupil 1 at school 100001 from 2025-10-08 to 2025-10-08: no parent with whom the pupil normally lives has applied', 'by the rules');
SELECT is(as_clerk('UPDATE r.leave_of_absence SET mark = ''M'' WHERE pupil_id = 2 AND mark OPERATOR(attendance.=) ''S'''), 'AT049: leave 90 of pupil 2 at school 100001 is granted and stands as it is; it can be cancelled', 'all of them');
SELECT is(as_clerk('SELECT r.cancel_leave(100, ''Ms Now'', ''Not needed'')'), 'accepted', 'and cancels');

-- ---------- the functions belong to the register, whatever it is called ----------

ALTER SCHEMA r RENAME TO "Re'named";
SELECT lives_ok($$ SELECT "Re'named".refuse_leave(104, 'Ms Now') $$, 'a register that is renamed');
SELECT is((SELECT status FROM "Re'named".leave_of_absence WHERE leave_id = 104), 'refused', 'takes decisions');

SELECT * FROM finish();
ROLLBACK;
