-- What is written by who has access to some places: in them, and nowhere else; and what a refusal tells, which is nothing.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();

UPDATE r.enrolment SET registration_group = CASE WHEN pupil_id <= 3 THEN '5A' ELSE '5B' END, holds_from = '2000-01-01', entered_by = 'x', title = 'x', reason = 'x' WHERE school_urn = 100001 AND end_date IS NULL;
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because) VALUES (1, 100001, 1, 'persistent', '2025-09-15', 'x'), (2, 100002, 11, 'persistent', '2025-09-15', 'x'), (3, 100002, 12, 'persistent', '2025-09-15', 'x');
UPDATE r.attendance_case SET closed_on = '2025-09-16', outcome = 'x', entered_by = 'x', title = 'x', reason = 'x' WHERE case_id = 3;
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) VALUES (1, 1, 'Own', true), (11, 11, 'Foreign', true);
CREATE ROLE write_leader;
CREATE ROLE write_class;
CREATE ROLE write_loader;
CREATE ROLE write_everywhere;
GRANT USAGE ON SCHEMA public TO write_leader, write_class, write_loader, write_everywhere;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC;
SELECT grant_access('r', 'write_leader', 'leader', 100001), grant_access('r', 'write_class', 'class teacher', 100001, '5A'), grant_access('r', 'write_loader', 'loader', 100001),
    grant_access('r', 'write_everywhere', 'loader', everywhere => true) \g /dev/null

\ir register/as_role.sql

-- ---------- a pupil of another school, and one that there is not, are told alike: in every table ----------

CREATE TABLE target AS SELECT c.relname, bool_or(a.attname = 'school_urn') AS school, bool_or(a.attname = 'pupil_id') AS pupil
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relrowsecurity AND c.relname NOT IN ('pupil', 'person')
GROUP BY c.relname;
-- the privileges of the owner, so that it is the policy that refuses
SELECT format('GRANT INSERT, UPDATE ON r.%I TO write_leader', relname) FROM target \gexec
CREATE FUNCTION entered(relation text, school integer, pupil bigint) RETURNS text LANGUAGE sql
RETURN replace(said('write_leader', format('INSERT INTO r.%I (%s) VALUES (%s)', relation, concat_ws(', ', CASE WHEN school IS NOT NULL THEN 'school_urn' END, CASE WHEN pupil IS NOT NULL THEN 'pupil_id' END,
    CASE relation WHEN 'register_line' THEN 'academic_year' END), concat_ws(', ', school, pupil, CASE relation WHEN 'register_line' THEN '2025' END))), coalesce(pupil::text, 'none'), 'P');
SELECT is(entered(relname, 100002, 11), format('42501 new row violates row-level security policy for table "%s"', relname), relname || ': at another school') FROM target WHERE school AND pupil;
SELECT is(entered(relname, 100002, NULL), format('42501 new row violates row-level security policy for table "%s"', relname), relname || ': of another school') FROM target WHERE school AND NOT pupil
    -- which asks for a rule first, of any school; what belongs to a record is below
    AND relname NOT IN ('rule_setting', 'agreed_action', 'part_time_review');
SELECT is(entered(relname, 100002, 11), entered(relname, 100099, 11), relname || ': at a school that there is not') FROM target WHERE school AND pupil;
SELECT is(entered(relname, 100001, 11), entered(relname, 100001, 999999), relname || ': another''s pupil at the own school, and one that there is not') FROM target WHERE school AND pupil;
SELECT is(entered(relname, NULL, 11), entered(relname, NULL, 999999), relname || ': the same without a school') FROM target WHERE pupil AND NOT school;
SELECT matches(entered(relname, NULL, 11), '^42501 new row violates', relname || ' refuses them') FROM target WHERE pupil AND NOT school;
SELECT isnt(left(entered(relname, 100001, 1), 5), '42501', relname || ': and lets the own be entered, or asks for more') FROM target WHERE school AND pupil AND relname <> 'evidence';
-- what belongs to a record
SELECT is(said('write_leader', format(command, a)), said('write_leader', format(command, 999)), format(command, a)) FROM (VALUES ('INSERT INTO r.agreed_action (case_id, action, owner, due_on) VALUES (%s, ''x'', ''x'', ''2025-10-01'')', 2),
    ('INSERT INTO r.agreed_action (case_id, action, owner, due_on) VALUES (%s, ''x'', ''x'', ''2025-10-01'')', 3), ('INSERT INTO r.contact_former (contact_id, to_day, is_parent, lives_with) VALUES (%s, ''2025-09-01'', true, true)', 11)) AS v (command, a);
SELECT matches(said('write_leader', 'INSERT INTO r.agreed_action (case_id, action, owner, due_on) VALUES (1, ''x'', ''x'', ''2025-10-01'')'), '^accepted 1', 'an action of an own case');
-- what cannot be seen cannot be changed, nor can what is seen be moved out of sight
SELECT is(said('write_leader', format('UPDATE r.%I SET school_urn = 100001 WHERE school_urn = 100002', relname)), 'accepted 0', relname || ': rows of another school') FROM target
WHERE school AND relname NOT IN ('journal', 'journal_head', 'disposal', 'disposal_item', 'enrolment');
SELECT is(said('write_leader', 'UPDATE r.attendance_case SET school_urn = 100002, entered_by = ''x'', title = ''x'', reason = ''x'' WHERE case_id = 1'),
    '42501 new row violates row-level security policy for table "attendance_case"', 'moved to another school');
SELECT is(said('write_leader', format('UPDATE r.attendance_case SET pupil_id = %s, entered_by = ''x'', title = ''x'', reason = ''x'' WHERE case_id = 1', p)),
    '42501 new row violates row-level security policy for table "attendance_case"', 'or to another pupil') FROM unnest('{11,999}'::int[]) p;
SELECT is(said('write_leader', command), '42501 new row violates row-level security policy for table "rule_setting"', 'what holds for all schools is not settled by one') FROM (VALUES
    ('INSERT INTO r.rule_setting (rule, action, reason, decided_by) VALUES (''register open'', ''record'', ''x'', ''x'')')) AS v (command);

-- ---------- marks ----------

SELECT is(said('write_class', command), wanted, command) FROM (VALUES
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, ''2025-09-22'', ''AM'', ''/''), (100001, 2, ''2025-09-22'', ''AM'', ''L'')', 'accepted 2'),
    ('UPDATE r.mark SET mark = ''I'', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE day = ''2025-09-08'' AND session = ''AM''', 'accepted 3'),
    ('DELETE FROM r.mark', '42501 permission denied for view mark')) AS v (command, wanted);
SELECT is(replace(said(role, format('INSERT INTO r.%s (school_urn, pupil_id, day, session, mark) VALUES (%s, %s, ''2025-09-22'', ''AM'', ''/'')', v, school, pupil)), pupil, 'P'),
    replace(said(role, format('INSERT INTO r.%s (school_urn, pupil_id, day, session, mark) VALUES (%s, 999999, ''2025-09-22'', ''AM'', ''/'')', v, school)), '999999', 'P'),
    format('%s: pupil %s at %s, and one that there is not, in %s', role, pupil, school, v))
FROM (VALUES ('write_class', '100001', '4'), ('write_class', '100002', '11'), ('write_loader', '100001', '11'), ('write_loader', '100002', '11')) AS w (role, school, pupil), unnest('{mark,mark_feed}'::text[]) v;
SELECT is(said('write_class', 'INSERT INTO r.register_line (school_urn, academic_year, pupil_id) VALUES (100001, 2025, 4)'), '42501 new row violates row-level security policy for table "register_line"', 'nor a line of another class');

SELECT is(said('write_class', format('INSERT INTO r.registration (school_urn, registration_group, day, session, taken_by, opened_at, closed_at)
    VALUES (%s, %L, ''2025-09-08'', ''AM'', ''x'', ''2025-09-08 09:00'', ''2025-09-08 09:30'')', school, class)), wanted, format('a class teacher takes the register of %s at %s', class, school))
FROM (VALUES (100001, '5A', 'accepted 1'), (100001, '5B', '42501 new row violates row-level security policy for table "registration"'), (100001, NULL, '42501 new row violates row-level security policy for table "registration"'),
    (100002, '5A', '42501 new row violates row-level security policy for table "registration"')) AS v (school, class, wanted);

-- ---------- the admission register ----------

SELECT is(said('write_loader', command), wanted, command) FROM (VALUES
    ('INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) VALUES (901, ''New'', ''N'', ''2015-01-01'');
      INSERT INTO r.enrolment (school_urn, pupil_id, start_date, agreed_on, starting_day_basis, entry_reason) VALUES (100001, 901, ''2025-09-01'', ''2025-09-01'', ''agreed'', ''x'');
      INSERT INTO r.contact (pupil_id, full_name, is_parent) VALUES (901, ''P'', true)', 'accepted 1'),
    ('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, entry_reason) VALUES (100001, 11, ''2025-10-01'', ''x'')', '42501 new row violates row-level security policy for table "enrolment"'),
    ('INSERT INTO r.enrolment (school_urn, pupil_id, start_date, entry_reason) VALUES (100001, 999999, ''2025-10-01'', ''x'')', '42501 new row violates row-level security policy for table "enrolment"'),
    ('UPDATE r.pupil SET surname = ''x'', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 11', 'accepted 0')) AS v (command, wanted);
SELECT is(said('write_everywhere', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, entry_reason) VALUES (100001, 11, ''2025-10-01'', ''x'')'), 'accepted 1', 'who sees both schools enrols a pupil who moves');
SELECT is(said('write_everywhere', 'INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100002, 11, ''2025-09-22'', ''AM'', ''/'')'), 'accepted 1', 'and enters marks at all');
-- 21 went from 100001 to 100002: what was is corrected, but neither opened again nor made longer, by who does not see both
SELECT is(said(role, command), coalesce(wanted, '42501 new row violates row-level security policy for table "enrolment"'), role || ': ' || command) FROM (VALUES
    ('write_leader', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, entry_reason) VALUES (100001, 21, ''2025-10-01'', ''x'')', NULL),
    ('write_leader', 'UPDATE r.enrolment SET end_date = NULL, deletion_ground = NULL, deleted_at = NULL, entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 21', NULL),
    ('write_leader', 'UPDATE r.enrolment SET end_date = end_date + 1, entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 21', NULL),
    ('write_leader', 'UPDATE r.enrolment SET next_school = ''x'', entered_by = ''x'', title = ''x'', reason = ''x'' WHERE pupil_id = 21', 'accepted 1'),
    ('write_everywhere', 'INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status, entry_reason) VALUES (100001, 21, ''2025-11-03'', ''S'', ''x'')', 'accepted 1')) AS v (role, command, wanted);

-- ---------- the virtual school ----------

-- of a school of another authority it sees what its child needs, and writes what is about the child
INSERT INTO r.local_authority VALUES (381, NULL, 'Other', NULL);
UPDATE r.school SET la_number = 381, holds_from = '2000-01-01' WHERE urn = 100002;
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) VALUES (21, 'looked after', 'Y', '2025-09-01');
CREATE ROLE write_virtual;
GRANT USAGE ON SCHEMA public TO write_virtual;
SELECT grant_access('r', 'write_virtual', 'virtual school head', la_number => 381) \g /dev/null
CREATE FUNCTION at_school(relation text, school integer) RETURNS text LANGUAGE sql
RETURN format(CASE relation
    WHEN 'office_holder' THEN 'INSERT INTO r.office_holder (school_urn, office, name, from_day) VALUES (%s, ''senior champion'', ''x'', ''2030-09-01'')'
    WHEN 'attendance_target' THEN 'INSERT INTO r.attendance_target (school_urn, measure, days, percent, set_by, set_on) VALUES (%s, ''attendance'', ''[2025-09-01,2026-07-31]'', 95, ''x'', ''2025-09-15'')'
    WHEN 'intervention' THEN 'INSERT INTO r.intervention (school_urn, name) VALUES (%s, ''mentoring'')'
    ELSE 'INSERT INTO r.attendance_support (school_urn, pupil_id, kind, offered_on, description) VALUES (%s, 21, ''voluntary support'', ''2025-09-15'', ''x'')' END, school);
SELECT is(said('write_virtual', 'SELECT FROM r.school'), 'accepted 2', 'the virtual school sees the schools of its child');
SELECT is(said('write_virtual', at_school(relation, 100002)), 'accepted 1', relation || ': the virtual school writes at a school of its authority') FROM unnest('{office_holder,attendance_target,intervention,attendance_support}'::text[]) relation;
SELECT is(said('write_virtual', at_school(relation, 100001)), CASE relation WHEN 'attendance_support' THEN 'accepted 1' ELSE format('42501 new row violates row-level security policy for table "%s"', relation) END,
    relation || ': at one of another authority, about its child alone') FROM unnest('{office_holder,attendance_target,intervention,attendance_support}'::text[]) relation;
-- and no table with a school and no pupil is written there, by whoever has the right
SELECT is_empty($$ SELECT tablename FROM pg_policies y WHERE schemaname = 'r' AND policyname = 'access_place' AND qual ~ 'sees\(' AND qual !~ 'pupil_id' AND with_check !~ 'own_schools' $$, 'in any table');
SELECT is_empty('SELECT * FROM check_register(''r'')', 'all is well');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'and proved');
SELECT * FROM finish();
ROLLBACK;
