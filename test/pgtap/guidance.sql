-- The guidance as a checklist: each status, for each bearer; every measure can say that something is lacking, and doing what it says closes it.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;
\set as_of '''2025-10-11'''

-- What is entered now is entered on a day of then.
CREATE FUNCTION entered(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    relation text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOREACH relation IN ARRAY '{evidence,office_holder,attendance_case,agreed_action,family_contact,attendance_target,enrolment}'::text[] LOOP
        EXECUTE format('UPDATE r.%I SET entered_at = $1 WHERE entered_at > $1', relation) USING day + time '12:00';
    END LOOP;
    SET LOCAL session_replication_role = origin;
END
$$;
CREATE FUNCTION status_of(asked text, whose integer DEFAULT 100001, day date DEFAULT '2025-10-11') RETURNS text LANGUAGE sql STABLE RETURN (
    SELECT concat_ws(': ', g.status, g.problem) FROM r.guidance_checklist(day) g
    WHERE g.expectation = asked AND whose IN (g.school_urn, g.trust_uid, g.la_number));

INSERT INTO r.trust VALUES (90001, 'A Trust'), (90002, 'Of one school');
UPDATE r.school SET trust_uid = 90001, type = 'Academies', holds_from = '2000-01-01' WHERE urn IN (100002, 100003);
INSERT INTO r.school (urn, name, phase, type, la_number, trust_uid) VALUES (100005, 'Alone', 'Primary', 'Academies', 380, 90002), (100006, 'Private', 'Primary', 'Independent schools', 380, NULL);
INSERT INTO r.school (urn, name, phase, type, la_number, closed) VALUES (100007, 'Gone', 'Primary', 'Local authority maintained schools', 380, '2025-10-10');

-- ---------- of nothing ----------

SELECT is((SELECT count(*) FROM r.guidance_checklist(NULL)), 0::bigint, 'no rows for no day');
SELECT is((SELECT count(*) FROM r.guidance_measure(NULL)), 0::bigint, 'likewise');
SELECT is((SELECT count(*) FROM r.guidance_checklist(:as_of, '{}')), 0::bigint, 'of no school');
SELECT throws_ok($$ SELECT * FROM r.guidance_checklist('2025-10-11', '{100001,999999}') $$, '22023', 'the register has no school 999999');
SELECT throws_ok($$ SELECT * FROM r.guidance_measure('2025-10-11', '{999999}') $$, '22023', 'the register has no school 999999');
SELECT is((SELECT count(*) FROM r.guidance_checklist(:as_of)), (SELECT count(*) * 6 FROM r.expectation WHERE bearer = 'school')
    + (SELECT count(*) * 5 FROM r.expectation WHERE bearer = 'trust') + (SELECT count(*) FROM r.expectation WHERE bearer = 'local authority'),
    'each expectation with each school that is open, with the two trusts and three governing bodies, and with the authority');
SELECT is((SELECT count(*) FROM r.guidance_checklist(:as_of, '{100003}')), (SELECT count(*) FROM r.expectation), 'of one school, its trust and its authority');
SELECT is_empty($$ SELECT * FROM r.guidance_checklist('2025-10-11') WHERE num_nonnulls(school_urn, trust_uid, la_number) <> 1 OR (problem IS NULL) = (status = 'not met') OR status NOT IN ('met', 'attested', 'not met', 'not applicable') $$,
    'each is of one, has a status, and says what is wrong where it is not met');

-- ---------- each status, for each bearer ----------

SELECT is(status_of(asked, whose), wanted, description) FROM (VALUES
    ('S1.1', 100001, 'not met: nobody has attested it', 'a statement that nobody made'), ('S2.1', 100001, 'not met: no evidence is recorded', 'nothing recorded'),
    ('S1.3', 100001, 'not met: nobody is senior champion', 'a vacant office'), ('T1.4', 90001, 'not met: nobody is attendance trustee', 'of a trust'),
    ('T1.4', 100001, 'not met: nobody is attendance governor', 'of a governing body'), ('L8.1', 380, 'not met: nobody is virtual school head', 'of an authority'),
    ('S3.4', 100001, 'not applicable', 'what was asked for until 2024'), ('S9.9', 100001, 'not applicable', 'of independent schools'),
    ('S9.9', 100006, 'not met: no evidence is recorded', 'one of them'), ('S9.5', 100006, 'not applicable', 'not of them'),
    ('T6.1', 90002, 'not applicable', 'a trust of one school'), ('T6.1', 90001, 'not met: 1 of 1: what works was not shared between the schools this year', 'of two'),
    ('L3.1', 380, 'not met: 6 of 6: schools without a named contact', 'every school, whatever its type'), ('S9.1', 100004, 'not applicable', 'nobody is severely absent')) AS v (asked, whose, wanted, description);
SELECT is(status_of('S3.5', day => '2024-08-18'), 'not applicable', 'before it was the law') UNION ALL SELECT is(status_of('S3.4', day => '2024-08-18') LIKE 'not met%', false, 'what was the law then is asked then');

INSERT INTO r.evidence (expectation, school_urn, trust_uid, la_number, done_on, in_force, said, present) VALUES
    ('S1.1', 100001, NULL, NULL, '2025-09-08', NULL, 'yes', '{Ada Ash}'), ('S1.2', 100001, NULL, NULL, '2024-10-01', NULL, 'yes', NULL), ('S2.1', 100001, NULL, NULL, '2025-09-08', '[2025-09-08,)', 'adopted', NULL),
    ('S2.2', 100001, NULL, NULL, '2024-09-08', '[2024-09-08,2025-10-11)', 'published', NULL), ('S2.3', 100001, NULL, NULL, '2025-10-12', NULL, 'tomorrow', NULL),
    ('S4.1', 100001, NULL, NULL, '2025-10-03', NULL, 'looked', NULL), ('S4.4', 100001, NULL, NULL, '2025-08-10', NULL, 'looked', NULL), ('S4.5', 100001, NULL, NULL, '2025-06-11', NULL, 'looked', NULL),
    ('T1.1', NULL, 90001, NULL, '2025-09-08', NULL, 'reviewed', NULL), ('T1.3', 100001, NULL, NULL, '2025-09-08', NULL, 'helped', NULL), ('L1.2', NULL, NULL, 380, '2025-09-08', '[2025-09-08,2028-09-01)', 'strategy', NULL),
    ('L1.8', NULL, NULL, 380, '2025-09-08', NULL, 'yes', NULL);
INSERT INTO r.office_holder (office, school_urn, trust_uid, la_number, name, job_title, from_day, to_day) VALUES
    ('senior champion', 100001, NULL, NULL, 'Ada Ash', 'Deputy head', '2025-09-01', NULL), ('pastoral contact', 100001, NULL, NULL, 'Bo', NULL, '2024-09-01', '2025-10-10'), ('safeguarding lead', 100001, NULL, NULL, 'Cy', NULL, '2025-10-12', NULL),
    ('attendance trustee', NULL, 90001, NULL, 'Di', NULL, '2025-09-01', NULL), ('attendance governor', 100001, NULL, NULL, 'Ed', NULL, '2025-09-01', NULL), ('virtual school head', NULL, NULL, 380, 'Fay', NULL, '2025-09-01', NULL);
SELECT is(status_of('S2.1'), 'not met: no evidence is recorded', 'what was entered after the day was not there on it');
SELECT is(status_of('S1.3'), 'not met: nobody is senior champion', 'likewise');
SELECT entered('2025-10-10') \g /dev/null
SELECT is(status_of(asked, whose), wanted, description) FROM (VALUES
    ('S1.1', 100001, 'attested', 'somebody''s word is no proof'), ('S1.2', 100001, 'not met: last on 2024-10-01, due again by 2025-10-01', 'overdue'), ('S2.1', 100001, 'met', 'a policy in force'),
    ('S2.2', 100001, 'not met: the evidence of 2024-09-08 is not in force', 'the last day of it was the day before'), ('S2.3', 100001, 'not met: nobody has attested it', 'done later'),
    ('S4.1', 100001, 'not met: last on 2025-10-03, due again by 2025-10-10', 'a week ago, and there was school'), ('S4.4', 100001, 'not met: last on 2025-08-10, due again by 2025-10-10', 'the day before'),
    ('S4.5', 100001, 'met', 'due on the day'), ('S1.3', 100001, 'met', 'an office that is held'), ('S1.4', 100001, 'not met: nobody is pastoral contact', 'until the day before'),
    ('S1.7', 100001, 'not met: nobody is safeguarding lead', 'from the day after'), ('T1.1', 90001, 'met', 'a trust''s'), ('T1.1', 90002, 'not met: no evidence is recorded', 'not another''s'),
    ('T1.3', 100001, 'attested', 'a governing body''s'), ('T1.4', 90001, 'met', 'a trustee'), ('T1.4', 100001, 'met', 'a governor'), ('L1.2', 380, 'met', 'an authority''s'), ('L1.8', 380, 'attested', 'likewise'), ('L8.1', 380, 'met', 'its office'),
    ('S1.3', 100002, 'not met: nobody is senior champion', 'not another school''s')) AS v (asked, whose, wanted, description);
SELECT is(status_of('S4.1', day => '2025-10-10'), 'met', 'not yet due') UNION ALL SELECT is(status_of('S1.2', day => '2025-09-30'), 'not met: no evidence is recorded', 'nothing was entered by then');
INSERT INTO r.evidence (expectation, school_urn, done_on, said) VALUES ('S4.1', 100001, '2025-10-24', 'looked');
SELECT entered('2025-10-24') \g /dev/null
SELECT is(status_of('S4.1', day => '2025-11-03'), 'met', 'what is done each week is not done in the holidays')
UNION ALL SELECT is(status_of('S4.1', day => '2025-11-04'), 'not met: last on 2025-10-24, due again by 2025-10-31', 'but on the first day after them');
SELECT results_eq($$ SELECT evidence, since, due_on FROM r.guidance_checklist('2025-10-11') WHERE expectation = 'S1.1' AND school_urn = 100001 $$, $$ VALUES ('Ada Ash: yes', date '2025-09-08', date '2026-09-08') $$, 'attested by whom, on which day, until when');

-- ---------- every measure says what is lacking ----------

SELECT fill(p, '2025-09-22', '2025-10-10', '/') FROM generate_series(1, 7) p \g /dev/null
SELECT fill(8, '2025-09-08', '2025-09-30', '/'), fill(8, '2025-10-01', '2025-10-01', 'N'), fill(8, '2025-10-02', '2025-10-08', '/'), fill(8, '2025-10-09', '2025-10-09', 'N') \g /dev/null
SELECT fill(9, '2025-09-08', '2025-09-30', 'I'), fill(9, '2025-10-01', '2025-10-10', '/'), fill(10, '2025-09-08', '2025-09-30', 'O'), fill(10, '2025-10-01', '2025-10-10', '/') \g /dev/null
SELECT fill(23, '2025-09-08', '2025-10-10', '/'), fill(21, '2025-09-08', '2025-10-10', '/'), fill(27, '2025-09-15', '2025-09-26', 'G', ''), fill(27, '2025-10-06', '2025-10-10', '/') \g /dev/null
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (110, 10, 'Parent of 10', true, true), (102, 2, 'Parent of 2', true, true);
INSERT INTO r.pupil_worker (pupil_id, role, name, from_day) VALUES (8, 'social worker', 'Gil', '2025-09-01'), (8, 'youth offending team worker', 'Hal', '2025-09-01');
INSERT INTO r.leave_of_absence (leave_id, school_urn, pupil_id, mark, reason_class, sessions, received_at) VALUES (1, 100001, 1, 'M', 'medical appointment', '{[2025-10-07 AM,2025-10-07 PM)}', '2025-10-01');
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Head', '2024-09-01');
INSERT INTO r.part_time_timetable (timetable_id, school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status)
    VALUES (1, 100001, 2, '{[2025-09-15 AM,2025-09-26 PM)}', 'x', 102, 'Parent', 'A Head', '2025-09-10', '{2025-09-22}', 'agreed');
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because) VALUES (901, 100001, 4, 'at risk', '2025-09-15', 'x'), (902, 100001, 6, 'at risk', '2025-09-15', 'x');
INSERT INTO r.agreed_action (action_id, case_id, action, owner, agency, due_on) VALUES (901, 901, 'x', 'x', 'school', '2025-09-30'), (902, 901, 'y', 'y', 'health', '2025-12-01');
INSERT INTO r.rule_setting VALUES (100001, 'no offence', 'record', 'test', 'test');
INSERT INTO r.penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, received_on) VALUES (901, 100001, 10, 110, '{[2025-09-01 AM,2025-09-05 PM)}', '2025-09-05', 'A', '2025-09-06');
INSERT INTO r.evidence (evidence_id, expectation, school_urn, la_number, done_on, said) VALUES (900, 'L4.1', 100001, 380, '2025-09-10', 'met');
SELECT entered('2025-08-01') \g /dev/null
SELECT set_eq($$ SELECT DISTINCT m.measure FROM r.guidance_measure('2025-10-11') m WHERE NOT m.met AND m.problem ~ '^\d+ of \d+: .' AND m.lacking BETWEEN 1 AND m.concerned $$,
    'SELECT measure FROM r.expectation WHERE measure IS NOT NULL', 'each measure that an expectation names says what is lacking, and no other');
SELECT results_eq($$ SELECT measure, concerned, lacking FROM r.guidance_measure('2025-10-11') WHERE school_urn = 100001 AND measure IN ('absence explained', 'joint approach', 'cases', 'attendance returns', 'sickness returns', 'absence followed up', 'social workers told', 'plans') ORDER BY 1 $$,
    $$ VALUES ('absence explained', 13::bigint, 1::bigint), ('absence followed up', 1, 1), ('attendance returns', 2, 2), ('cases', 4, 4), ('joint approach', 3, 3), ('plans', 2, 1), ('sickness returns', 1, 1), ('social workers told', 2, 2) $$, 'of so many, so many');
SELECT set_eq($$ SELECT school_urn, pupil_id FROM r.guidance_return_due('2025-10-11', NULL) WHERE kind = 'attendance' $$, $$ SELECT school_urn::int, pupil_id FROM r.attendance_return_due WHERE due_on = '2025-09-30' $$, 'returns of absence as the view has them');
SELECT set_eq($$ SELECT school_urn, pupil_id FROM r.guidance_return_due('2025-10-11', NULL) WHERE kind = 'sickness' $$, $$ SELECT school_urn::int, pupil_id FROM r.sickness_return_due WHERE due_on < '2025-10-11' $$, 'and of sickness');
SELECT is((SELECT sum(lacking) FROM r.guidance_measure() WHERE measure = 'admission register' AND school_urn IS NOT NULL), (SELECT count(DISTINCT (school_urn, pupil_id))::numeric FROM r.admission_register_gap g WHERE g.required AND start_date <= current_date),
    'the admission register lacks what the view says');
SELECT set_eq($$ SELECT m.* FROM r.school s CROSS JOIN LATERAL r.guidance_measure('2025-10-11', ARRAY[s.urn::int]) m WHERE m.school_urn IS NOT NULL $$,
    $$ SELECT * FROM r.guidance_measure('2025-10-11') WHERE school_urn IS NOT NULL $$, 'a school by itself is as it is among all');
SELECT is((SELECT lacking FROM r.guidance_measure(:as_of) WHERE measure = 'cases' AND la_number = 380), (SELECT sum(lacking)::bigint FROM r.guidance_measure(:as_of) WHERE measure = 'cases' AND school_urn IS NOT NULL), 'an authority''s is the sum of its schools');

-- ---------- as a reader ----------

CREATE ROLE guidance_reader;
GRANT USAGE ON SCHEMA attendance, public TO guidance_reader;
SELECT grant_register('r', 'guidance_reader', 'reports') \g /dev/null
CREATE TABLE seen AS SELECT * FROM r.guidance_checklist(:as_of);
GRANT SELECT ON seen TO guidance_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO guidance_reader;
SET ROLE guidance_reader;
SET search_path = '';
SELECT count(*) AS differences FROM ((TABLE public.seen EXCEPT SELECT * FROM r.guidance_checklist('2025-10-11')) UNION ALL (SELECT * FROM r.guidance_checklist('2025-10-11') EXCEPT TABLE public.seen)) d \gset
RESET ROLE;
SET search_path = public, attendance;
SELECT is(:differences, 0, 'a reader of reports sees it, without a search path');

-- ---------- doing what it says closes it ----------

INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) SELECT u.school_urn, u.pupil_id, u.day, u.session, CASE u.session WHEN 'AM' THEN '/' ELSE '\' END::session_mark
    FROM r.unmarked_session u WHERE u.day BETWEEN '2025-10-04' AND '2025-10-10';
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2024-09-10', 'AM', '/');
UPDATE r.mark SET mark = 'I', entered_by = 'x', title = 'x', reason = 'x' WHERE school_urn = 100001 AND pupil_id = 8 AND day = '2025-10-01';
INSERT INTO r.registration (school_urn, day, session, taken_by, opened_at, closed_at) SELECT d.school_urn, d.day, s.session, 'x', d.day + s.opens, d.day + s.opens + interval '20 minutes'
    FROM r.school_day d CROSS JOIN (VALUES ('AM', time '09:00'), ('PM', time '13:00')) AS s (session, opens) WHERE d.day BETWEEN '2025-10-01' AND '2025-10-10' AND CASE s.session WHEN 'AM' THEN d.morning ELSE d.afternoon END;
INSERT INTO r.backup_record (made_at, covers_from, covers_to, medium, location) SELECT m + interval '27 days', m::date, (m + interval '26 days')::date, 'print', 'x' FROM generate_series(timestamp '2025-08-01', '2025-09-01', '1 month') m;
UPDATE r.pupil SET sex = 'F', entered_by = 'x', title = 'x', reason = 'x' WHERE sex IS NULL;
INSERT INTO r.contact (pupil_id, full_name, is_parent, lives_with, address, emergency_numbers) SELECT pupil_id, 'Parent', true, true, 'x', '{1}' FROM r.pupil WHERE pupil_id NOT IN (2, 10);
UPDATE r.contact SET address = 'x', emergency_numbers = '{1}', entered_by = 'x', title = 'x', reason = 'x' WHERE contact_id IN (102, 110);
INSERT INTO r.pupil_address (pupil_id, address, from_day) SELECT pupil_id, 'x', '2020-01-01' FROM r.pupil;
UPDATE r.enrolment SET next_school_start = '2025-10-20', entered_by = 'x', title = 'x', reason = 'x' WHERE next_school IS NOT NULL;
UPDATE r.leave_of_absence SET status = 'granted', decided_by = 'A Head', decided_at = '2025-10-02' WHERE leave_id = 1;
INSERT INTO r.part_time_review VALUES (1, '2025-09-22', '2025-09-22', 'A Head', 'ends');
INSERT INTO r.return_sent (kind, school_urn, pupil_id, covers, sent_at, sent_to) SELECT d.kind, d.school_urn, d.pupil_id, d.days, now(), 'Bradford' FROM r.guidance_return_due(:as_of, NULL) d
    UNION ALL SELECT 'new pupil', n.school_urn, n.pupil_id, daterange(n.start_date, n.start_date, '[]'), now(), 'Bradford' FROM r.new_pupil_return_due n
    UNION ALL SELECT 'deletion', e.school_urn, e.pupil_id, daterange(e.end_date, e.end_date, '[]'), now(), 'Bradford' FROM r.deletion_return_due e
    UNION ALL SELECT DISTINCT 'unexplained absence', u.school_urn, u.pupil_id, daterange(u.day, u.day, '[]'), now(), u.name FROM r.unexplained_absence_notice_due u;
INSERT INTO r.attendance_case (school_urn, pupil_id, tier, opened_on, opened_because) SELECT p.school_urn, p.pupil_id, 'persistent', '2025-10-01', 'x' FROM r.guidance_pupil(:as_of, NULL) p
    WHERE is_persistently_absent(tally(p.marks, daterange('2025-08-01', :as_of, '[]'))) AND p.pupil_id NOT IN (SELECT pupil_id FROM r.attendance_case);
UPDATE r.attendance_case SET assessment = 'x', assessed_on = '2025-10-02', lead_practitioner = 'x', joint_approach_on = '2025-10-02', safeguarding_considered_on = '2025-10-02', entered_by = 'x', title = 'x', reason = 'x';
INSERT INTO r.agreed_action (case_id, action, owner, due_on) SELECT case_id, 'x', 'x', '2025-12-01' FROM r.attendance_case;
UPDATE r.agreed_action SET done_on = '2025-10-01', entered_by = 'x', title = 'x', reason = 'x' WHERE action_id = 901;
INSERT INTO r.family_contact (school_urn, pupil_id, purpose, channel, made_at, about, reached, said, made_by) SELECT p.school_urn, p.pupil_id, v.purpose, 'telephone', '2025-10-09 10:00', '[2025-10-09,2025-10-10)', true, 'x', 'x'
    FROM r.guidance_pupil(:as_of, NULL) p CROSS JOIN (VALUES ('listening'), ('attendance update'), ('absence followed up')) AS v (purpose);
UPDATE r.penalty_notice SET withdrawn_on = '2025-10-01', withdrawal_reason = 'no support', entered_by = 'x', title = 'x', reason = 'x';
INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, received_on, without_support) VALUES (100001, 10, 110, '{[2025-09-08 AM,2025-09-30 PM)}', '2025-10-08', 'A', '2025-10-09', 'a holiday');
INSERT INTO r.evidence (evidence_id, expectation, school_urn, la_number, done_on, about, said) SELECT 1000 + s.urn, 'L4.1', s.urn, 380, '2025-10-09', '[2025-09-08,2025-10-04)', 'met' FROM r.school s;
INSERT INTO r.agreed_action (evidence_id, action, owner, due_on) SELECT evidence_id, 'x', 'x', '2025-12-01' FROM r.evidence WHERE evidence_id > 1000;
INSERT INTO r.evidence (expectation, trust_uid, done_on, said) VALUES ('T6.1', 90001, '2025-10-09', 'x');
INSERT INTO r.office_holder (office, school_urn, name, from_day) SELECT 'named contact', urn, 'x', '2025-09-01' FROM r.school;
INSERT INTO r.attendance_target (la_number, of_school_urn, cohort, value, measure, days, percent, set_by, set_on) SELECT 380, school, cohort, value, 'attendance', days::daterange, 95, 'x', '2025-09-01'
    FROM (VALUES (NULL::int, 'social worker', 'CIN', '[2025-08-01,2026-08-01)'), (100001, NULL, NULL, '[2025-08-01,2026-08-01)'), (NULL, 'area', 'North', '[2025-08-01,2028-08-01)')) AS v (school, cohort, value, days);
SELECT entered('2025-10-10') \g /dev/null
SELECT is_empty($$ SELECT measure, school_urn, trust_uid, la_number, problem FROM r.guidance_measure('2025-10-11') WHERE NOT met $$, 'nothing is lacking that the register decides');
SELECT set_eq($$ SELECT DISTINCT measure FROM r.guidance_measure('2025-10-11') WHERE met $$, 'SELECT measure FROM r.expectation WHERE measure IS NOT NULL', 'each measure says that it is met');

-- what is not met by the checklist, one by one: an office gets a holder, all else evidence
CREATE TABLE gap AS SELECT g.*, x.office, row_number() OVER () AS n FROM r.guidance_checklist(:as_of) g JOIN r.expectation x USING (expectation) WHERE g.status = 'not met';
SELECT is_empty('SELECT expectation FROM gap WHERE shown_by = ''register''', 'what is left is for records and statements');
INSERT INTO r.office_holder (office, school_urn, trust_uid, la_number, name, from_day) SELECT CASE WHEN g.office = 'attendance trustee' AND g.school_urn IS NOT NULL THEN 'attendance governor' ELSE g.office END,
    g.school_urn, g.trust_uid, g.la_number, 'x', '2025-10-10' FROM gap g WHERE g.office IS NOT NULL;
INSERT INTO r.evidence (expectation, school_urn, trust_uid, la_number, done_on, said) SELECT expectation, school_urn, trust_uid, la_number, '2025-10-10', 'x' FROM gap WHERE office IS NULL;
SELECT entered('2025-10-10') \g /dev/null
SELECT is((SELECT count(*) FROM gap) > 200, true, 'there was much to do');
SELECT is_empty($$ SELECT expectation, school_urn, trust_uid, la_number, problem FROM r.guidance_checklist('2025-10-11') WHERE status = 'not met' $$, 'doing what it says closes each');
SELECT is_empty($$ SELECT expectation, status FROM r.guidance_checklist('2025-10-11') WHERE (status = 'attested') <> (shown_by = 'statement') AND status <> 'not applicable' $$, 'a statement is attested, and nothing else is');
SELECT is_empty($$ SELECT expectation, shown_by FROM r.expectation WHERE expectation NOT IN (SELECT expectation FROM r.guidance_checklist('2025-10-11') WHERE status IN ('met', 'attested')) AND to_day > '2025-10-11' $$, 'each can be met');
SELECT * FROM finish();
ROLLBACK;
