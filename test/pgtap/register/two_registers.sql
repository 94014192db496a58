-- Two registers, one of them another role's, for whoever upgrades a database: marks of two years, amendments and journal, leave, a
-- disposal, rights of the role clerk, row security; and what users make of the types.
CREATE FUNCTION is(text, text, text) RETURNS text LANGUAGE sql RETURN $3; -- for the fixture
SET search_path = public, attendance;
\ir two_weeks.sql
SELECT create_register('s', 's_owner'), add_academic_year('s', 2024), add_academic_year('s', 2025), fill_register('s');
INSERT INTO s.mark (school_urn, pupil_id, day, session, mark) SELECT school_urn, pupil_id, day, session, mark FROM r.mark;
-- what the reports are asked about
INSERT INTO r.trust VALUES (90001, 'A Trust');
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn = 100001;
UPDATE r.enrolment SET registration_group = '5A', entered_by = 'x', title = 'x', reason = 'x' WHERE school_urn = 100001 AND end_date IS NULL;
-- long ago
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (25, 25, 'Parent', true, true), (1, 1, 'Parent', true, true);
INSERT INTO r.rule_setting SELECT 100001, rule, 'record', 'test', 'test' FROM register_rules() WHERE can_be_set ON CONFLICT DO NOTHING;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 25, '2024-09-09', 'AM', '/'), (100001, 1, '2024-09-09', 'AM', 'I');
\ir older.sql
BEGIN;
SELECT make_older('10 years');
COMMIT;
SELECT r.dispose(100001, 2024, 'A Head', 'Headteacher', 'schedule');
-- and now
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT 100002, p, d, 'AM', 'L' FROM generate_series(11, 20) p, generate_series(date '2025-09-08', '2025-09-12', '1 day') d;
UPDATE r.mark SET mark = 'I', entered_by = 'Jo Smith', title = 'Clerk', reason = 'ill' WHERE pupil_id = 12 AND day = '2025-09-09';
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01');
INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, applicant, received_at)
VALUES (100001, 1, 'C', '{[2025-09-22 AM,2025-09-23 PM]}', 'exceptional circumstances', 'x', 1, 'Parent', '2025-09-01 08:00');
SELECT r.grant_leave(leave_id, 'A Head', '2025-09-02 08:00', fill => true) FROM r.leave_of_absence WHERE status = 'applied';
-- of users: a view, a table with an index, a column and a rule of our types
CREATE VIEW present_today AS SELECT * FROM r.mark WHERE mark = '/' AND day = '2025-09-08';
CREATE TABLE own_mark (mark session_mark PRIMARY KEY, session school_session CHECK (session > '2025-09-01 AM'));
INSERT INTO own_mark SELECT mark, '2025-09-08 AM' FROM attendance_codes();
SELECT grant_register('r', 'clerk', p) FROM unnest('{marks,reports,audit}'::text[]) p;
CREATE POLICY own_school ON r.register_line AS RESTRICTIVE TO clerk USING (school_urn = 100001);
