-- The working lists of support: whom to call, whose case lacks something, and what follows when it is done.
BEGIN;
\ir register/two_weeks.sql
\ir register/page_text.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

-- ---------- whom to call ----------

-- 8: N on all of Monday to Wednesday; 9: N since Tuesday afternoon; 10: N on Wednesday afternoon after other N, which was explained in between
SELECT fill(8, '2025-09-15', '2025-09-17', 'N'), fill(9, '2025-09-15', '2025-09-15', '/'), fill(9, '2025-09-16', '2025-09-16', '/', 'N'), fill(9, '2025-09-17', '2025-09-17', 'N'),
    fill(10, '2025-09-15', '2025-09-16', 'N'), fill(10, '2025-09-17', '2025-09-17', '/', 'N') \g /dev/null
UPDATE r.enrolment SET registration_group = CASE WHEN pupil_id IN (8, 9, 27) THEN '5A' ELSE '5B' END, year_group = '5', holds_from = '2025-09-01', entered_by = 't', title = 't', reason = 't' WHERE school_urn = 100001 AND pupil_id <= 27;
PREPARE calls AS SELECT place, pupil_id, sessions, mark, school_days, tries FROM r.follow_up_list('2025-09-17', '{100001}');
SELECT results_eq('calls', $$ VALUES (1::bigint, 8::bigint, 'AM PM', 'N', 3::bigint, 0::bigint), (2, 9, 'AM PM', 'N', 2, 0), (3, 10, 'PM', 'N', 1, 0) $$, 'N, the longest first');
SELECT is_empty($$ SELECT * FROM r.follow_up_list('2025-09-14') UNION ALL SELECT * FROM r.follow_up_list(NULL) UNION ALL SELECT * FROM r.follow_up_list('2025-09-17', '{100002}')
    UNION ALL SELECT * FROM r.follow_up_list('2025-09-17', '{}') UNION ALL SELECT * FROM r.follow_up_list('2019-09-17') $$, 'nobody: a Sunday, no day, another school, no school, before the register');
SELECT is((SELECT count(*) FROM r.follow_up_list('2025-09-17')), 3::bigint, 'of all schools');
SELECT throws_ok($$ SELECT * FROM r.follow_up_list('2025-09-17', '{999999}') $$, '22023', 'the register has no school 999999', 'no school');
SELECT results_eq($$ SELECT pupil_id, school_days FROM r.unexplained_on('2025-09-16', '{100001}') ORDER BY 1 $$, $$ VALUES (8::bigint, 2::bigint), (9, 1), (10, 2) $$, 'of the day before');

-- a register that was closed without a mark of somebody; of the group, and of the whole school
SELECT is((SELECT count(*) FROM r.unexplained_on('2025-09-17') WHERE pupil_id = 27), 0::bigint, 'no mark, and no register was taken');
INSERT INTO r.registration (school_urn, registration_group, day, session, taken_by, opened_at, closed_at) VALUES (100001, '5A', '2025-09-17', 'PM', 'A', '2025-09-17 13:00', NULL);
SELECT is((SELECT count(*) FROM r.unexplained_on('2025-09-17') WHERE pupil_id = 27), 0::bigint, 'while it is open');
UPDATE r.registration SET closed_at = '2025-09-17 13:30';
SELECT results_eq($$ SELECT pupil_id, sessions, mark, school_days FROM r.unexplained_on('2025-09-17') WHERE mark <> 'N' $$, $$ VALUES (27::bigint, 'PM', 'none', 1::bigint) $$, 'closed without a mark');
SELECT fill(27, '2025-09-17', '2025-09-17', '', '-') \g /dev/null
SELECT is((SELECT mark FROM r.unexplained_on('2025-09-17') WHERE pupil_id = 27), 'none', 'a blank is no mark');
SELECT fill(27, '2025-09-16', '2025-09-16', 'N') \g /dev/null
SELECT is((SELECT school_days FROM r.unexplained_on('2025-09-17') WHERE pupil_id = 27), 2::bigint, 'after a day of N');
SAVEPOINT registers;
INSERT INTO r.registration (school_urn, registration_group, day, session, taken_by, opened_at, closed_at) VALUES (100001, NULL, '2025-09-17', 'AM', 'A', '2025-09-17 09:00', '2025-09-17 09:30');
SELECT results_eq($$ SELECT pupil_id, sessions, mark FROM r.unexplained_on('2025-09-17', '{100001}') WHERE mark <> 'N' ORDER BY 1 $$, $$ VALUES (21::bigint, 'AM', 'none'), (22, 'AM', 'none'), (23, 'AM', 'none'), (27, 'AM PM', 'none') $$, 'of the whole school, twice is once');
UPDATE r.enrolment SET boarder = 'B', holds_from = '2025-09-17', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 27;
SELECT is((SELECT count(*) FROM r.unexplained_on('2025-09-17') WHERE pupil_id = 27), 0::bigint, 'marks of boarders are not asked for');
ROLLBACK TO registers;
UPDATE r.mark SET mark = 'I', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 27 AND day = '2025-09-16';
SELECT fill(27, '2025-09-17', '2025-09-17', '/', '') \g /dev/null
UPDATE r.mark SET mark = '\', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 27 AND day = '2025-09-17' AND session = 'PM';
SELECT is((SELECT count(*) FROM r.unexplained_on('2025-09-17') WHERE pupil_id = 27), 0::bigint, 'and a mark ends it');

-- whom to ring: by priority, then who was not tried yet
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, emergency_numbers, priority, to_day) VALUES (81, 8, 'Second', true, '{2}', 2, NULL), (82, 8, 'First', true, '{1,11}', 1, NULL), (83, 8, 'Without', true, '{}', 0, NULL),
    (84, 8, 'Former', true, '{4}', 0, '2025-09-16'), (85, 8, 'Last', false, '{5}', NULL, NULL);
PREPARE ring AS SELECT contact_id, contact_name, numbers, tries FROM r.follow_up_list('2025-09-17') WHERE pupil_id = 8;
SELECT results_eq('ring', $$ VALUES (82::bigint, 'First', '{1,11}'::text[], 0::bigint) $$, 'the first by priority who has a number');
CREATE FUNCTION called(pupil bigint, contact bigint, reached boolean, about daterange DEFAULT '[2025-09-17,2025-09-18)', purpose text DEFAULT 'absence followed up', said text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
    INSERT INTO r.family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, said, made_by) VALUES (100001, pupil, contact, purpose, 'telephone', '2025-09-17 09:40', about, reached, said, 'Kim Oak') $$;
SELECT called(8, 82, false) \g /dev/null
SELECT results_eq('ring', $$ VALUES (81::bigint, 'Second', '{2}'::text[], 1::bigint) $$, 'then the next');
SELECT results_eq('EXECUTE calls', $$ VALUES (1::bigint, 9::bigint, 'AM PM', 'N', 2::bigint, 0::bigint), (2, 10, 'PM', 'N', 1, 0), (3, 8, 'AM PM', 'N', 3, 1) $$, 'who was tried comes after those whom nobody has tried');
SELECT called(9, NULL, false, '[2025-09-16,2025-09-17)') \g /dev/null
SELECT is((SELECT tries FROM r.follow_up_list('2025-09-17') WHERE pupil_id = 9), 0::bigint, 'what was about another day is no try of this one');
SELECT called(8, 82, true, '[2025-09-15,2025-09-17)', said => 'a cold') \g /dev/null
SELECT results_eq($$ SELECT pupil_id, said FROM r.follow_up_list('2025-09-17') WHERE said IS NOT NULL $$, $$ VALUES (8::bigint, 'a cold') $$, 'reached about other days: on the list, with what was said');
SELECT called(8, 82, true, '[2025-09-17,2025-09-18)', 'attendance update') \g /dev/null
SELECT is((SELECT count(*) FROM r.follow_up_list('2025-09-17') WHERE pupil_id = 8), 1::bigint, 'an update is not about the absence');
SELECT called(8, 81, true) \g /dev/null
SELECT results_eq('SELECT pupil_id FROM r.follow_up_list(''2025-09-17'')', '{9,10}'::bigint[], 'reached: gone');
SELECT called(9, NULL, true, '[2025-09-16,2025-09-20)', 'absence reported', 'away until Friday') \g /dev/null
SELECT results_eq('SELECT pupil_id FROM r.follow_up_list(''2025-09-17'')', '{10}'::bigint[], 'so is who was reported by the family');

-- social workers first, and whoever is to be told
INSERT INTO r.pupil_worker (pupil_id, role, name, contact, from_day, to_day) VALUES (10, 'social worker', 'Wren', '01632 960009', '2025-09-17', '2025-09-17'), (10, 'youth offending team worker', 'Lark', NULL, '2025-09-01', NULL), (9, 'social worker', 'Former', NULL, '2025-01-01', '2025-09-16');
SELECT fill(5, '2025-09-22', '2025-09-23', 'N') \g /dev/null
SELECT results_eq('SELECT pupil_id, social_worker, notice_due_to FROM r.follow_up_list(''2025-09-17'')', $$ VALUES (10::bigint, 'Wren, 01632 960009', 'Lark; Wren, 01632 960009') $$, 'workers of the day');
SELECT fill(10, '2025-09-23', '2025-09-23', 'N') \g /dev/null
INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) VALUES (10, 'social worker', 'Dove', '2025-09-20');
SELECT results_eq('SELECT pupil_id, school_days FROM r.follow_up_list(''2025-09-23'')', $$ VALUES (10::bigint, 2::bigint), (5, 2) $$, 'with a social worker first');
INSERT INTO r.return_sent (kind, school_urn, pupil_id, covers, sent_at, sent_to) VALUES ('unexplained absence', 100001, 10, '[2025-09-17,2025-09-18)', '2025-09-17 10:00', 'Wren');
SELECT is((SELECT notice_due_to FROM r.follow_up_list('2025-09-17')), 'Lark', 'told');
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because) VALUES (10, 100001, 10, 'at risk', '2025-09-18', 'x');
SELECT is((SELECT case_id FROM r.follow_up_list('2025-09-17')), 10::bigint, 'the open case');

-- the page
SELECT called(10, NULL, false) \g /dev/null
UPDATE r.pupil SET surname = 'O''Nil <', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 10;
CREATE TEMP TABLE page AS SELECT r.page_follow_up(100001, '2025-09-17') AS html;
SELECT ok(xml_is_well_formed_document(html) AND html !~* 'http|<script|src=|href=' AND html !~ 'O''Nil <' AND html LIKE '%<tr class="bad">%', 'a page') FROM page;
SELECT is(ARRAY(SELECT l FROM rows_of(html) l WHERE l LIKE '%Nil%'), ARRAY['O''Nil <, Forename|5B|pm|1|no number|1, at 09:40|-|Wren, 01632 960009', 'O''Nil <, Forename|Lark'], 'who is called, and who is told') FROM page;
SELECT ok(r.page_follow_up(100001, '2025-09-14') ~ 'Whom to call: nothing to show', 'of nobody');
SELECT is(r.page_follow_up(NULL, '2025-09-17') || r.page_follow_up(100001, NULL), NULL, 'of nothing');
SELECT throws_ok('SELECT r.page_follow_up(1)', '22023', NULL, 'no school');

-- as somebody who only reads, with nothing in the search path
CREATE ROLE att_tap_support_reader;
SELECT grant_register('r', 'att_tap_support_reader', 'reports') \g /dev/null
CREATE TEMP TABLE seen (name text, lines bigint);
GRANT INSERT ON seen TO att_tap_support_reader;
SET ROLE att_tap_support_reader;
SET search_path = '';
INSERT INTO pg_temp.seen SELECT 'follow_up_list', pg_catalog.count(*) FROM r.follow_up_list('2025-09-17');
INSERT INTO pg_temp.seen SELECT 'page_follow_up', pg_catalog.length(r.page_follow_up(100001, '2025-09-17'));
RESET ROLE;
SET search_path = public, attendance;
SELECT is_empty('SELECT * FROM seen WHERE lines = 0', 'a reader with an empty search path sees them');

SELECT * FROM finish();
ROLLBACK;
