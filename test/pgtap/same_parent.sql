-- One parent of a pupil is one, under however many contacts: what counts notices, support and leave, each with who two
-- contacts are.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = r, public, attendance;

-- of each pair of contacts of pupil 1: two persons known, none known, one of them, the same; the same of a sister's contact
INSERT INTO person (person_id, full_name) VALUES (1, 'One'), (2, 'Two');
CREATE TEMPORARY TABLE pair (who text, first bigint, second bigint, pupil bigint, same boolean);
INSERT INTO pair VALUES ('the same contact', 11, 11, 1, true), ('the same person', 21, 22, 2, true), ('two persons', 31, 32, 3, false), ('nobody known', 41, 42, 4, false),
    ('one person known', 51, 52, 5, false), ('the same person, a former contact', 61, 62, 6, true);
INSERT INTO contact (contact_id, pupil_id, full_name, is_parent, lives_with, person_id, to_day)
SELECT c, p.pupil, 'Parent ' || c, true, c = p.second, CASE WHEN c = p.first AND pupil IN (2, 3, 5, 6) OR c = p.second AND pupil IN (2, 6) THEN 1 WHEN pupil = 3 THEN 2 END,
    CASE WHEN c = 61 THEN date '2025-09-10' END
FROM pair p, LATERAL (SELECT p.first UNION SELECT p.second) AS u (c);
-- 7 is a sister of 2: the same person, another pupil
INSERT INTO contact (contact_id, pupil_id, full_name, is_parent, person_id) VALUES (71, 7, 'Parent 21', true, 1);
INSERT INTO mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, p, d.day, s, 'O' FROM generate_series(1, 7) p, school_day d, unnest('{AM,PM}'::text[]) s
WHERE d.school_urn = 100001 AND d.day >= '2025-09-08' AND d.day < '2025-10-18';

-- A notice for one of six weeks, issued after it; in words what becomes of it.
CREATE FUNCTION notice(pupil bigint, contact bigint, week integer) RETURNS text LANGUAGE plpgsql SET search_path = r, attendance AS $$
DECLARE
    monday date := date '2025-09-01' + 7 * week;
    result text;
BEGIN
    INSERT INTO penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by)
    VALUES (100001, pupil, contact, school_session_multirange(school_session_range(school_session(monday, 'AM'), school_session(monday + 5, 'AM'))), monday + 7, 'Kim Oak') RETURNING 'step ' || step INTO result;
    RETURN result;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE;
END $$;
SELECT results_eq(format('SELECT contact_id FROM same_parent(%s) ORDER BY 1', first), CASE WHEN same THEN format('SELECT DISTINCT unnest(ARRAY[%s, %s]::bigint[]) ORDER BY 1', first, second) ELSE format('SELECT %s::bigint', first) END,
    'same_parent, ' || who) FROM pair;
SELECT is_empty('SELECT * FROM same_parent(' || c || ')', 'same_parent of ' || c) FROM unnest(ARRAY['NULL', '999']) c;

-- ---------- steps, sessions and how many ----------

-- the step of the first is 1; the sessions of a notice are in no other to the same parent; the second is 2, the third is refused
SELECT is(notice(pupil, second, 1), 'step 1', 'first, ' || who) FROM pair;
SELECT is(notice(pupil, first, 1), CASE WHEN same THEN 'AT063' ELSE 'step 1' END, 'its sessions again, ' || who) FROM pair;
SELECT is(notice(pupil, first, 2), 'step 2', 'second, ' || who) FROM pair;
SELECT is(notice(pupil, second, 3), CASE WHEN same THEN 'AT060' ELSE 'step 2' END, 'third, ' || who) FROM pair;
SELECT is(notice(7, 71, 1), 'step 1', 'of a sister it is the first');
SELECT is_empty('SELECT rule, problem FROM legal_step_breach WHERE rule IN (''third notice'', ''notice stands'', ''notice step'', ''no offence'')', 'nothing is listed: also not that a former contact was no parent, who is one as another');
-- the step is that of a parent, also for what is due
SELECT is((SELECT max(amount) FROM penalty_notice_due('2025-10-10') d JOIN pair p ON p.pupil = d.pupil_id WHERE d.step = 2 AND p.same), 160::numeric, 'the amount of the second');

-- ---------- the watch: one row for each parent ----------

SELECT results_eq($$SELECT w.pupil_id, count(*), max(w.previous_notices), max(w.sessions) FROM penalty_watch('2025-10-17', '{100001}') w WHERE w.pupil_id <= 6 GROUP BY 1 ORDER BY 1$$,
    $$SELECT p.pupil, CASE WHEN p.same THEN 1 ELSE 2 END::bigint, 2, CASE WHEN p.same THEN 40 ELSE 40 END FROM pair p ORDER BY 1$$, 'rows, notices and sessions that no notice was for');
SELECT is((SELECT contact_id FROM penalty_watch('2025-10-17', '{100001}') WHERE pupil_id = 6), 62::bigint, 'the contact of now');
-- support that the same parent was offered is known of the one who is listed
INSERT INTO attendance_support (school_urn, pupil_id, contact_id, kind, offered_on, accepted, from_day, to_day, description)
SELECT 100001, pupil, second, 'attendance contract', '2025-10-01', true, '2025-10-02', '2025-11-01', 'x' FROM pair;
INSERT INTO notice_to_improve (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day)
SELECT 100001, pupil, second, '{[2025-10-06 AM,2025-10-11 AM)}', '2025-10-13', 'Kim Oak', 'x', 'x', '2025-10-14', '2025-11-14' FROM pair;
SELECT results_eq($$SELECT w.pupil_id, bool_and('no support recorded' <> ALL (w.against)), bool_and('notice to improve to 2025-11-14' = ANY (w.against))
    FROM penalty_watch('2025-10-17', '{100001}') w WHERE w.pupil_id <= 6 GROUP BY 1 ORDER BY 1$$, 'SELECT pupil, same, same FROM pair ORDER BY 1', 'support and notices to improve');

-- ---------- leave: the parent with whom the pupil lives ----------

INSERT INTO rule_setting (school_urn, rule, action, reason, decided_by) VALUES (100001, 'leave applicant', 'record', 'test', 'test');
INSERT INTO authorised_person (school_urn, name, title, from_day) VALUES (100001, 'Ms Head', 'Headteacher', '2005-09-01');
INSERT INTO leave_of_absence (school_urn, pupil_id, mark, reason_class, sessions, received_at, decided_at, decided_by, contact_id, circumstances, status)
SELECT 100001, pupil, 'C', 'exceptional circumstances', '{[2025-11-03 AM,2025-11-04 AM)}', '2025-10-20 10:00', '2025-10-21 10:00', 'Ms Head', first, 'x', 'granted' FROM pair;
SELECT set_eq($$SELECT pupil_id FROM leave_breach WHERE rule = 'leave applicant'$$, 'SELECT pupil FROM pair WHERE NOT same', 'who applied lives with the pupil as another contact');

-- ---------- the file of a notice ----------

INSERT INTO family_contact (school_urn, pupil_id, contact_id, purpose, channel, reached, said, made_by, made_at)
SELECT 100001, pupil, c, 'listening', 'meeting', true, 'said by ' || c, 'Kim Oak', '2025-10-01 10:00' FROM pair, LATERAL (SELECT first UNION SELECT second) u (c);
CREATE FUNCTION in_file(pupil bigint, part text) RETURNS bigint LANGUAGE sql SET search_path = r, attendance AS $$
    SELECT count(*) FROM legal_file((SELECT max(notice_id) FROM penalty_notice n WHERE n.pupil_id = pupil)) f WHERE f.section = part AND f.said ~ '^(contact|family contact|penalty notice) ' $$;
SELECT is(in_file(pupil, 'people') + in_file(pupil, 'earlier notices'), CASE WHEN first = second THEN 2 WHEN same THEN 3 ELSE 2 END::bigint, 'contacts and earlier notices in the file, ' || who) FROM pair;
SELECT is(in_file(pupil, 'since') > 1, same AND first <> second, 'what both have said, ' || who) FROM pair WHERE first <> second;

-- ---------- what is known later ----------

SELECT is((SELECT string_agg(step::text, ',' ORDER BY notice_id) FROM penalty_notice WHERE pupil_id = 4), '1,1,2,2', 'two parents with two notices each');
CREATE TEMPORARY TABLE kept AS SELECT d.at_issue FROM legal_file_digest((SELECT max(notice_id) FROM penalty_notice WHERE pupil_id = 4)) d;
UPDATE contact SET person_id = 2, entered_by = 'Kim Oak', title = 'Officer', reason = 'they are one' WHERE pupil_id = 4;
SELECT is((SELECT string_agg(step::text, ',' ORDER BY notice_id) FROM penalty_notice WHERE pupil_id = 4), '1,1,2,2', 'what was entered stands');
SELECT results_eq($$SELECT DENSE_RANK() OVER (ORDER BY id), rule, column_name FROM legal_step_breach WHERE pupil_id = 4 AND rule IN ('third notice', 'notice stands', 'notice step') ORDER BY 1, 2, 3$$,
    $$VALUES (1::bigint, 'notice stands', 'sessions'), (1, 'notice step', 'step'), (2, 'notice step', 'step'), (2, 'third notice', 'contact_id'), (3, 'notice step', 'step'), (3, 'third notice', 'contact_id')$$,
    'and is listed: sessions again, other steps, more than two');
SELECT is((SELECT d.at_issue FROM legal_file_digest((SELECT max(notice_id) FROM penalty_notice WHERE pupil_id = 4)) d), (SELECT at_issue FROM kept), 'a file is what was known at the issue');
SELECT is((SELECT count(*) FROM penalty_watch('2025-10-17', '{100001}') WHERE pupil_id = 4), 1::bigint, 'the watch knows one');
SELECT is(notice(4, 41, 5), 'AT060', 'no further notice');
SELECT lives_ok($$UPDATE penalty_notice SET withdrawn_on = '2025-10-20', withdrawal_reason = 'the same parent', entered_by = 'Kim Oak', title = 'Officer', reason = 'x' WHERE pupil_id = 4 AND notice_id > (SELECT min(notice_id) FROM penalty_notice WHERE pupil_id = 4)$$, 'they are withdrawn');
SELECT is_empty($$SELECT * FROM legal_step_breach WHERE pupil_id = 4 AND rule IN ('third notice', 'notice stands', 'notice step')$$, 'and listed no more');
-- a notice of before that is entered after
SELECT is(notice(7, 71, 4), 'step 2', 'the second of a sister');
UPDATE penalty_notice SET withdrawn_on = issued_on, withdrawal_reason = 'x', entered_by = 'x', title = 'x', reason = 'x' WHERE pupil_id = 7 AND step = 1;
SELECT results_eq($$SELECT rule, column_name, problem FROM legal_step_breach WHERE pupil_id = 7 AND rule = 'notice step'$$,
    $$VALUES ('notice step', 'step', 'penalty notice of 2025-10-06 to contact 71 for pupil 7 was issued as step 2, and is step 1 by the notices that are in the register now')$$, 'the first was withdrawn on its day, it turns out');
-- two persons after all
UPDATE contact SET person_id = 2, entered_by = 'Kim Oak', title = 'Officer', reason = 'they are two' WHERE contact_id = 22;
SELECT results_eq($$SELECT rule, column_name FROM legal_step_breach WHERE pupil_id = 2 AND rule IN ('third notice', 'notice stands', 'notice step')$$, $$VALUES ('notice step', 'step')$$, 'the second was a first one');

SELECT * FROM finish();
ROLLBACK;
