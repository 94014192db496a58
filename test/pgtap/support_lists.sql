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
SELECT is(ARRAY(SELECT l FROM rows_of(html) l WHERE l LIKE '%Nil%'), ARRAY['O''Nil <, Forename|no number|5B|pm|1|1, at 09:40|-|Wren, 01632 960009', 'O''Nil <, Forename|Lark'], 'who is called, and who is told') FROM page;
SELECT ok(r.page_follow_up(100001, '2025-09-14') ~ 'Whom to call, in this order: nothing to show', 'of nobody');
SELECT is(r.page_follow_up(NULL, '2025-09-17') || r.page_follow_up(100001, NULL), NULL, 'of nothing');
SELECT throws_ok('SELECT r.page_follow_up(1)', '22023', NULL, 'no school');

-- ---------- whose case lacks something ----------

-- of 8 to 19 September 5 missed 10 of 20, 4 2 of 20, 6 1 of 16
PREPARE lacking AS SELECT pupil_id, tier, case_id, lacks, because FROM r.case_due('[2025-09-08,2025-09-20)', '{100001}') WHERE pupil_id IN (2, 4, 5, 6) ORDER BY pupil_id, lacks;
SELECT results_eq('lacking', $$ VALUES (4::bigint, 'persistent', NULL::bigint, 'case', '2 of 20 sessions missed, 10.0 %'), (5, 'severe', NULL, 'case', '10 of 20 sessions missed, 50.0 %'),
    (5, 'severe', NULL, 'joint approach', '10 of 20 sessions missed, 50.0 %'), (5, 'severe', NULL, 'safeguarding', '10 of 20 sessions missed, 50.0 %') $$, 'no case');
SELECT results_eq($$ SELECT surname, possible, absent, round(absence_percent, 1) FROM r.case_due('[2025-09-08,2025-09-20)') WHERE pupil_id = 4 $$, $$ VALUES ('Surname 4', 20::bigint, 2::bigint, 10.0) $$, 'with figures');
SELECT is((SELECT count(*) FROM r.case_due('week 2025-09-08') WHERE case_id IS NULL), 0::bigint, 'of a week nobody is persistently absent');
SELECT is_empty($$ SELECT FROM r.case_due(NULL) UNION ALL SELECT FROM r.case_due('[2025-09-08,2025-09-20)', '{}') UNION ALL SELECT FROM r.case_due('[2025-09-08,2025-09-20)', '{100003}') $$, 'no period, no school, a school without absence');
SELECT throws_ok(format('SELECT * FROM r.case_due(%s)', given), '22023', NULL, given) FROM unnest('{"''soon''","''2025/26'', ''{999999}''"}'::text[]) given;
SELECT is((SELECT count(*) FROM r.case_due('2025/26') WHERE pupil_id = 25), 0::bigint, 'who has left is not on the roll');
UPDATE r.pupil SET date_of_birth = '2021-10-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 4;
SELECT is((SELECT count(*) FROM r.case_due('[2025-09-08,2025-09-20)') WHERE pupil_id = 4), 1::bigint, 'of any age');

-- a case is opened with one statement
INSERT INTO r.attendance_case (school_urn, pupil_id, tier, opened_on, opened_because)
SELECT school_urn, pupil_id, tier, '2025-09-19', because FROM r.case_due('[2025-09-08,2025-09-20)', '{100001}') WHERE lacks = 'case' AND pupil_id IN (4, 5);
SELECT results_eq('SELECT pupil_id, lacks FROM r.case_due(''[2025-09-08,2025-09-20)'') WHERE pupil_id IN (4, 5) ORDER BY 1, 2', $$ VALUES (4::bigint, 'assessment'), (5, 'assessment'), (5, 'joint approach'), (5, 'safeguarding') $$, 'what an open case lacks');
INSERT INTO r.agreed_action (case_id, action, owner, agency, due_on) SELECT case_id, v.action, 'A', v.agency, v.due FROM r.attendance_case c, (VALUES ('Call', 'school', date '2025-09-17'), ('Visit', 'school', '2999-01-01')) AS v (action, agency, due) WHERE c.pupil_id = 4;
SELECT results_eq('SELECT lacks, because FROM r.case_due(''[2025-09-08,2025-09-20)'') WHERE pupil_id = 4', $$ VALUES ('assessment', 'a case of tier persistent'), ('actions done', '1 overdue, the first since 2025-09-17') $$, 'an action that is overdue');
UPDATE r.agreed_action SET done_on = '2025-09-25', agency = 'health', entered_by = 't', title = 't', reason = 't' WHERE action = 'Call';
SELECT results_eq('SELECT lacks, because FROM r.case_due(''[2025-09-08,2025-09-20)'') WHERE pupil_id = 4', $$ VALUES ('assessment', 'a case of tier persistent'), ('lead practitioner', 'actions of health, school') $$, 'two agencies, and nobody leads');
UPDATE r.attendance_case SET assessment = 'x', assessed_on = '2025-09-19', lead_practitioner = 'Lee', joint_approach_on = '2025-09-19', safeguarding_considered_on = '2025-09-19', entered_by = 't', title = 't', reason = 't' WHERE pupil_id IN (4, 5);
SELECT is_empty('lacking', 'doing what it says empties the list');
-- closed: what was missed since counts
UPDATE r.attendance_case SET closed_on = '2025-09-19', outcome = 'better', entered_by = 't', title = 't', reason = 't' WHERE pupil_id IN (4, 5);
SELECT is_empty('lacking', 'a case that was closed is not followed by another for what was before');
SELECT fill(4, '2025-09-22', '2025-09-30', 'O'), fill(5, '2025-09-24', '2025-09-25', '/') \g /dev/null
SELECT is_empty($$ SELECT FROM r.case_due('[2025-09-08,2025-09-26)') WHERE pupil_id = 4 $$, 'nor for a week after it');
SELECT results_eq($$ SELECT lacks, because FROM r.case_due('[2025-09-08,2025-10-01)') WHERE pupil_id = 4 $$, $$ VALUES ('case', '14 of 14 sessions missed, 100.0 %'), ('joint approach', '14 of 14 sessions missed, 100.0 %'), ('safeguarding', '14 of 14 sessions missed, 100.0 %') $$, 'but for what has come');
-- of a pupil who left
INSERT INTO r.attendance_case (school_urn, pupil_id, tier, opened_on, opened_because) VALUES (100001, 25, 'social worker', '2025-07-01', 'x');
SELECT results_eq($$ SELECT school_urn, lacks, absent FROM r.case_due('[2025-09-08,2025-09-20)', '{100001}') WHERE pupil_id = 25 $$, $$ VALUES (100001, 'assessment', NULL::bigint) $$, 'an open case of who has left is still one');
SELECT is_empty($$ SELECT FROM r.case_due('[2025-09-08,2025-09-20)', '{100002}') WHERE pupil_id = 25 $$, 'at that school');

-- ---------- what became of a pupil ----------

INSERT INTO r.attendance_support (school_urn, pupil_id, kind, offered_on, description) VALUES (100001, 4, 'voluntary support', '2025-09-16', 'Breakfast');
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent) VALUES (41, 4, 'Parent of 4', true);
INSERT INTO r.rule_setting VALUES (100001, 'no offence', 'record', 'test', 'test') ON CONFLICT DO NOTHING;
INSERT INTO r.notice_to_improve (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day, outcome, decided_on)
VALUES (100001, 4, 41, '{[2025-09-22 AM,2025-09-26 PM]}', '2025-10-01', 'A', 'x', '95 %', '2025-10-01', '2025-10-31', 'not improved', '2025-10-31');
INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, withdrawn_on, withdrawal_reason) VALUES (100001, 4, 41, '{[2025-09-22 AM,2025-09-26 PM]}', '2025-11-03', 'A', '2025-11-10', 'moved');
INSERT INTO r.family_contact (school_urn, pupil_id, contact_id, purpose, channel, made_at, about, reached, said, made_by) VALUES (100001, 4, 41, 'listening', 'visit', '2025-09-16 16:00', NULL, true, 'no shoes', 'Kim'), (100001, 4, NULL, 'letter', 'letter', '2025-09-16 09:00', NULL, false, NULL, 'Kim');
INSERT INTO r.evidence (expectation, school_urn, pupil_id, done_on, said, present) SELECT min(expectation), 100001, 4, '2025-10-02', 'meeting', '{A,B}' FROM r.expectation WHERE bearer = 'school';
INSERT INTO r.attendance_order (school_urn, pupil_id, made_on, authority, revoked_on) VALUES (100001, 4, '2024-08-01', 'Bradford', '2024-08-20');
INSERT INTO r.return_sent (kind, school_urn, pupil_id, covers, sent_at, sent_to) VALUES ('attendance', 100001, 4, '[2025-09-22,2025-10-01)', '2025-10-03 10:00', 'Bradford');
INSERT INTO r.intervention (intervention_id, school_urn, name) VALUES (1, 100001, 'Mentor');
INSERT INTO r.intervention_pupil VALUES (1, 4, '2025-10-06', NULL);
SELECT results_eq($$ SELECT to_char(day, 'MM-DD'), at IS NOT NULL, kind, what, who FROM r.case_timeline(4) WHERE kind NOT IN ('evidence', 'case') $$, $$ VALUES ('08-01', false, 'school attendance order', 'made', 'Bradford'), ('08-20', false, 'school attendance order', 'revoked', 'Bradford'),
    ('09-01', false, 'roll', 'joined', NULL), ('09-12', false, 'absence', '2 sessions to 2025-09-12, 2 unauthorised', NULL), ('09-16', false, 'voluntary support', 'Breakfast', NULL),
    ('09-16', true, 'letter', 'letter, nobody reached', 'Kim'), ('09-16', true, 'listening', 'visit: no shoes', 'Parent of 4 / Kim'),
    ('09-22', false, 'absence', '14 sessions to 2025-09-30, 14 unauthorised', NULL), ('09-25', false, 'action', 'done: Call', 'A, health'), ('10-01', false, 'notice to improve', 'issued: 95 %', 'Parent of 4'),
    ('10-03', true, 'return', 'attendance', 'Bradford'), ('10-06', false, 'intervention', 'Mentor', NULL), ('10-31', false, 'notice to improve', 'not improved', 'Parent of 4'),
    ('11-03', false, 'penalty notice', 'issued, step 1', 'Parent of 4'), ('11-10', false, 'penalty notice', 'withdrawn: moved', 'Parent of 4'), ('01-01', false, 'action', 'due: Visit', 'A, school') $$, 'of all kinds, in order');
SELECT set_eq($$ SELECT day, what, who FROM r.case_timeline(4) WHERE kind = 'case' $$, $$ SELECT date '2025-09-19', v, 'Lee' FROM unnest('{assessed: x,closed: better,joint approach agreed,safeguarding considered,"opened, persistent: 2 of 20 sessions missed, 10.0 %"}'::text[]) v $$, 'and the case');
SELECT is((SELECT who FROM r.case_timeline(4) WHERE kind = 'evidence'), 'A, B', 'and evidence');
SELECT results_eq($$ SELECT day, kind, what FROM r.case_timeline(25) WHERE kind = 'roll' $$, $$ VALUES (date '2024-09-01', 'roll', 'joined'), ('2025-07-18', 'roll', 'left, ground A') $$, 'from joining to leaving');
SELECT is_empty('SELECT * FROM r.case_timeline(NULL)', 'of nobody');
SELECT throws_ok('SELECT * FROM r.case_timeline(999)', '22023', 'the register has no pupil 999', 'who is not there');

-- ---------- who was not told, and who has not arrived ----------

UPDATE r.expectation SET every = '4 months' WHERE measure = 'parents told';
SELECT ok((SELECT count(*) = 1 FROM r.expectation WHERE measure = 'parents told'), 'one row says how often parents are told');
INSERT INTO r.family_contact (school_urn, pupil_id, purpose, channel, made_at, reached, made_by) VALUES (100001, 1, 'attendance update', 'letter', '2025-09-10 23:30', true, 'A'), (100001, 2, 'attendance update', 'letter', '2025-09-10', false, 'A');
PREPARE untold AS SELECT pupil_id, last_update, due_on FROM r.updates_due('2025-09-30', '{100001}') WHERE pupil_id IN (1, 2, 23);
SELECT results_eq('untold', $$ VALUES (2::bigint, NULL::date, date '2025-01-01') $$, 'never, though a letter was tried');
SELECT is_empty($$ SELECT FROM r.updates_due('2026-01-10', '{100001}') WHERE pupil_id = 1 $$, 'told in time, to the day');
SELECT results_eq($$ SELECT last_update, due_on FROM r.updates_due('2026-01-11', '{100001}') WHERE pupil_id = 1 $$, $$ VALUES (date '2025-09-10', date '2026-01-10') $$, 'a day later not; the day is that of London');
SELECT is((SELECT count(*) FROM r.updates_due('2025-09-09', '{100001}') WHERE pupil_id = 1), 1::bigint, 'what came later does not count');
SELECT is_empty($$ SELECT FROM r.updates_due('2026-02-01') WHERE pupil_id = 25 UNION ALL SELECT FROM r.updates_due(NULL) UNION ALL SELECT FROM r.updates_due('2026-02-01', '{}') $$, 'not of who has left, of no day, of no school');
SELECT throws_ok($$ SELECT * FROM r.updates_due('2026-02-01', '{999999}') $$, '22023', NULL, 'of a school that is not there');
UPDATE r.expectation SET to_day = '2025-08-31' WHERE measure = 'parents told';
SELECT is_empty($$ SELECT FROM r.updates_due('2026-01-11') $$, 'when nobody asks for it');
UPDATE r.expectation SET to_day = '2999-12-31' WHERE measure = 'parents told';

-- 21 moved and 22 came back; 25 left in July 2025 on ground A and is nowhere
PREPARE missing AS SELECT pupil_id, last_day, deletion_ground, next_school FROM r.not_arrived('2024/25') UNION ALL SELECT pupil_id, last_day, deletion_ground, next_school FROM r.not_arrived('2025/26');
SELECT results_eq('missing', $$ VALUES (25::bigint, date '2025-07-18', 'A', 'Other School') $$, 'on no roll since');
SELECT is((SELECT days FROM r.not_arrived('2024/25')), (now() AT TIME ZONE 'Europe/London')::date - date '2025-07-18', 'for so many days');
SELECT is((SELECT ground FROM r.not_arrived('2024/25')), (SELECT description FROM r.deletion_ground WHERE regime = '2024' AND ground = 'A'), 'with the ground in words');
SELECT is_empty($$ SELECT FROM r.not_arrived(NULL) UNION ALL SELECT FROM r.not_arrived('2023/24') UNION ALL SELECT FROM r.not_arrived('2024/25', '{100002}') $$, 'nobody');
SELECT throws_ok(format('SELECT * FROM r.not_arrived(%s)', given), '22023', NULL, given) FROM unnest('{"''soon''","''2024/25'', ''{999999}''","''2024/25'', salt => ''short''","''2024/25'', other_rolls => ''{x}''"}'::text[]) given;
SAVEPOINT arrived;
UPDATE r.pupil SET date_of_birth = '2009-01-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 25;
SELECT is_empty('missing', 'no longer of compulsory school age when it was deleted');
ROLLBACK TO arrived;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status) VALUES (100003, 25, '2025-09-01', 'G');
SELECT is((SELECT count(*) FROM r.not_arrived('2024/25')), 1::bigint, 'a guest is on no roll');
ROLLBACK TO arrived;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100003, 25, '2025-09-01');
SELECT is_empty('missing', 'arrived');
ROLLBACK TO arrived;
-- another register has 25, whom it calls 7: only yes or no crosses
SELECT create_register('other') \g /dev/null
SELECT add_academic_year('other', 2025) \g /dev/null
INSERT INTO other.local_authority (la_number, name) VALUES (381, 'Calderdale');
INSERT INTO other.school (urn, name, phase, type, la_number) VALUES (100009, 'Far', 'Primary', 'Academies', 381);
INSERT INTO other.pupil (pupil_id, upn, surname, forename, date_of_birth) SELECT 7, upn, 'Another', 'Name', date_of_birth FROM r.pupil WHERE pupil_id = 25;
SELECT is_empty($$ SELECT FROM other.roll_digest('a secret of the two') $$, 'nobody on the roll');
INSERT INTO other.enrolment (school_urn, pupil_id, start_date) VALUES (100009, 7, '2025-09-01');
SELECT is((SELECT digest FROM other.roll_digest('a secret of the two')), (SELECT digest FROM r.not_arrived('2024/25', salt => 'a secret of the two')), 'the same digest in both');
SELECT is((SELECT digest FROM other.roll_digest('a secret of the two')), (SELECT encode(sha256(convert_to('a secret of the two:' || upn || ':2015-03-01', 'UTF8')), 'hex') FROM r.pupil WHERE pupil_id = 25), 'of salt, UPN and date of birth');
SELECT isnt((SELECT digest FROM other.roll_digest('another secret of two')), (SELECT digest FROM other.roll_digest('a secret of the two')), 'another with another salt');
SELECT is_empty($$ SELECT FROM r.not_arrived('2024/25', NULL, 'a secret of the two', ARRAY(SELECT digest FROM other.roll_digest('a secret of the two'))) $$, 'who is on a roll there has arrived');
SELECT is((SELECT count(*) FROM r.not_arrived('2024/25', NULL, 'a secret of the two', '{}')), 1::bigint, 'nobody is on no rolls');
SELECT throws_ok($$ SELECT * FROM r.roll_digest('short') $$, '22023', 'a salt of fewer than 16 characters hides nobody', 'a salt that hides nobody');
SELECT is_empty('SELECT * FROM r.roll_digest(NULL)', 'no salt');
-- 21 pupils of 100001 and 100002 and so on have a UPN, but 23
SELECT is((SELECT count(*) FROM r.roll_digest('a secret of the two')), (SELECT count(DISTINCT e.pupil_id) FROM r.enrolment e JOIN r.pupil p USING (pupil_id) WHERE e.end_date IS NULL AND p.upn IS NOT NULL), 'everybody on the roll who has a UPN');

-- as somebody who only reads, with nothing in the search path
CREATE ROLE att_tap_support_reader;
SELECT grant_register('r', 'att_tap_support_reader', 'reports') \g /dev/null
CREATE TEMP TABLE seen (name text, lines bigint);
GRANT INSERT ON seen TO att_tap_support_reader;
SET ROLE att_tap_support_reader;
SET search_path = '';
INSERT INTO pg_temp.seen SELECT 'follow_up_list', pg_catalog.count(*) FROM r.follow_up_list('2025-09-17');
INSERT INTO pg_temp.seen SELECT 'case_due', pg_catalog.count(*) FROM r.case_due('[2025-09-08,2025-10-01)');
INSERT INTO pg_temp.seen SELECT 'case_timeline', pg_catalog.count(*) FROM r.case_timeline(4);
INSERT INTO pg_temp.seen SELECT 'updates_due', pg_catalog.count(*) FROM r.updates_due('2025-09-30');
INSERT INTO pg_temp.seen SELECT 'not_arrived', pg_catalog.count(*) FROM r.not_arrived('2024/25');
INSERT INTO pg_temp.seen SELECT 'roll_digest', pg_catalog.count(*) FROM r.roll_digest('a secret of the two');
INSERT INTO pg_temp.seen SELECT 'page_follow_up', pg_catalog.length(r.page_follow_up(100001, '2025-09-17'));
RESET ROLE;
SET search_path = public, attendance;
SELECT is_empty('SELECT * FROM seen WHERE lines = 0', 'a reader with an empty search path sees them');

-- ---------- names ----------

-- A list of what is due is for people: it names its pupils.
CREATE TABLE due_list AS
SELECT c.relname::text AS list, array_agg(a.attname::text) AS columns FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'r'::regnamespace AND c.relkind = 'v' AND c.relname LIKE '%\_due' GROUP BY c.relname
UNION ALL SELECT p.proname, p.proargnames FROM pg_proc p
WHERE p.pronamespace = 'r'::regnamespace AND p.proretset AND p.proname LIKE '%\_due' AND coalesce(obj_description(p.oid, 'pg_proc'), '') NOT LIKE 'For %';
SELECT set_has('SELECT list FROM due_list', $$ VALUES ('penalty_notice_due'), ('case_due'), ('deletion_return_due') $$, 'there are such lists');
SELECT is_empty($$ SELECT list FROM due_list WHERE 'pupil_id' = ANY (columns) AND NOT columns @> '{surname,forename}' $$, 'every list of what is due names its pupils');

SELECT * FROM finish();
ROLLBACK;
