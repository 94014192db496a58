-- What is overseen, and the pack of a meeting: minutes go in, and the next pack shows what came of them.
BEGIN;
\ir register/two_weeks.sql
\ir register/page_text.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;
CREATE FUNCTION today() RETURNS date LANGUAGE sql RETURN (now() AT TIME ZONE 'Europe/London')::date;
INSERT INTO r.trust VALUES (90001, 'A Trust');
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn IN (100001, 100003);
UPDATE r.enrolment SET registration_group = '5A', year_group = '5', holds_from = '2025-09-01', entered_by = 't', title = 't', reason = 't' WHERE school_urn = 100001 AND pupil_id <= 10;

-- ---------- the pack of a meeting ----------

-- the first week: 56 possible sessions, 14 missed (4 two, 5 ten, 2 and 3 one), 25 %; the second 60, of which 6 missed one, 1.67 %
CREATE FUNCTION pack(as_of date, period text DEFAULT '[2025-09-15,2025-09-22)') RETURNS TABLE (section text, place integer, item text, percent numeric, before numeric, pupil_id bigint, day date, said text, record bigint) LANGUAGE sql AS $$
    SELECT section, place, item, round(percent, 2), round(before, 2), pupil_id, day, said, record FROM r.meeting_pack(100001, period, as_of => pack.as_of) $$;
SELECT set_eq($$ SELECT DISTINCT section FROM pack('2025-09-12') $$, '{figures,pupils,days,reasons,policy}'::text[], 'before the first meeting');
SELECT is((SELECT before FROM pack('2025-09-12') WHERE section = 'figures' AND item = 'absence'), NULL, 'beside nothing: of a year before there are no marks');
-- the minutes: what was said, and what was agreed
INSERT INTO r.evidence (evidence_id, expectation, la_number, school_urn, done_on, about, present, said) VALUES (5001, 'L4.1', 380, 100001, '2025-09-12', '[2025-09-08,2025-09-13)', '{Cy Cedar,Ada Ash}', 'One pupil is ill all week');
INSERT INTO r.agreed_action (action_id, evidence_id, action, owner, agency, due_on) VALUES (5001, 5001, 'Visit the family', 'Kim Oak', 'school', '2025-09-19'), (5002, 5001, 'Nurse joins', 'Ola Penn', 'health', '2025-10-03');
SELECT is_empty($$ SELECT FROM pack('2025-09-11') WHERE section IN ('last meeting', 'agreed') $$, 'not on the day before');
PREPARE agreed AS SELECT section, place, item, percent, before, day, said, record FROM pack('2025-09-26') WHERE section IN ('last meeting', 'agreed');
SELECT results_eq('agreed', $$ VALUES ('last meeting', 1, 'Cy Cedar, Ada Ash', 1.67, 25.00, date '2025-09-12', 'One pupil is ill all week', 5001::bigint),
    ('agreed', 1, 'Visit the family', NULL, NULL, '2025-09-19', 'overdue; Kim Oak, school', 5001), ('agreed', 2, 'Nurse joins', NULL, NULL, '2025-10-03', 'due; Ola Penn, health', 5002) $$, 'the next pack has them');
UPDATE r.agreed_action SET done_on = '2025-09-22', outcome = 'he comes again', entered_by = 't', title = 't', reason = 't' WHERE action_id = 5001;
SELECT results_eq($$ SELECT said FROM pack('2025-09-26') WHERE section = 'agreed' $$, ARRAY['done 22 Sep 2025; he comes again; Kim Oak, school', 'due; Ola Penn, health'], 'and what came of them');
SELECT results_eq($$ SELECT said FROM pack('2025-09-21') WHERE section = 'agreed' AND place = 1 $$, ARRAY['overdue; he comes again; Kim Oak, school'], 'by the day');
SELECT results_eq($$ SELECT item, percent, before FROM pack('2025-09-26') WHERE section = 'figures' AND item IN ('attendance', 'absence') $$, $$ VALUES ('attendance', 98.33, 75.00), ('absence', 1.67, 25.00) $$, 'figures beside those of the days that the meeting was about');
UPDATE r.mark SET mark = '/', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 5 AND day = '2025-09-08';
SELECT results_eq($$ SELECT p.before, f.before FROM pack('2025-09-26') p, pack('2025-09-26') f WHERE p.section = 'last meeting' AND f.section = 'figures' AND f.item = 'absence' $$, $$ VALUES (25.00, 21.43) $$, 'what the meeting saw stays, what is amended since is a figure of now');
UPDATE r.mark SET mark = 'I', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 5 AND day = '2025-09-08';
-- bands of the first week and the second: 2, 3 and 4 improve, 5 as well; 6 gets worse
SELECT results_eq($$ SELECT item, said FROM pack('2025-09-26') WHERE section = 'movement' $$, $$ VALUES ('worsened', '1'), ('improved', '4') $$, 'who moved');
SELECT results_eq($$ SELECT item, percent, before, said FROM pack('2025-09-26') WHERE section = 'days' AND place = 1 $$, $$ VALUES ('Friday', 8.33, 33.33, '1 of 12') $$, 'the day with most absence');
-- the second meeting: its pack is the first one's no more
INSERT INTO r.evidence (evidence_id, expectation, la_number, school_urn, done_on, about, present, said) VALUES (5002, 'L4.1', 380, 100001, '2025-09-26', '[2025-09-15,2025-09-20)', '{Cy Cedar}', 'All is well');
SELECT results_eq('agreed', $$ VALUES ('last meeting', 1, 'Cy Cedar', 1.67, 1.67, date '2025-09-26', 'All is well', 5002::bigint) $$, 'the last meeting is the new one');
SELECT is((SELECT before FROM pack('2025-09-26') WHERE section = 'figures' AND item = 'absence'), NULL, 'a period is not beside itself');
SELECT results_eq($$ SELECT DISTINCT before FROM pack('2025-10-10', '[2025-09-08,2025-09-13)') WHERE section = 'figures' AND item = 'absence' $$, ARRAY[1.67], 'another one is');

-- the days of a term are those of the school's: a meeting about the half term before is about other days, and targets are those of its end
SAVEPOINT terms;
SELECT fill(1, '2025-11-03', '2025-11-07', 'I') \g /dev/null
INSERT INTO r.attendance_target (target_id, school_urn, measure, days, percent, set_by, set_on) VALUES (900, 100001, 'attendance', '[2025-09-01,2025-12-20)', 90, 'A', '2025-09-01'), (901, 100001, 'attendance', '[2026-01-01,2026-08-01)', 90, 'A', '2025-09-01');
SELECT results_eq(format($$ SELECT item, before FROM pack('2025-12-19', %L) WHERE section = 'figures' AND item = 'absence' $$, period), $$ VALUES ('absence', 1.67) $$, period) FROM unnest('{half term 2025-11-20,autumn 2 2025/26}'::text[]) period;
SELECT results_eq($$ SELECT record FROM pack('2025-12-19', 'autumn term 2025/26') WHERE section = 'targets' $$, '{900}'::bigint[], 'targets of the term');
ROLLBACK TO terms;
-- pupils of both weeks: 5 missed half, 4 a tenth, 6 6.25 %, 2 and 3 a twentieth
PREPARE pupils AS SELECT pupil_id, item, percent, day, said, record FROM pack('2025-09-26', '[2025-09-08,2025-09-20)') WHERE section = 'pupils';
SELECT results_eq('pupils', $$ VALUES (5::bigint, 'Surname 5, Forename', 50.00, NULL::date, 'severe; 5A; 10 of 20 sessions missed; lacks: case, joint approach, safeguarding', NULL::bigint), (4, 'Surname 4, Forename', 10.00, NULL, 'persistent; 5A; 2 of 20 sessions missed; lacks: case', NULL),
    (6, 'Surname 6, Forename', 6.25, NULL, 'at risk; 5A; 1 of 16 sessions missed', NULL), (2, 'Surname 2, Forename', 5.00, NULL, 'at risk; 5A; 1 of 20 sessions missed', NULL), (3, 'Surname 3, Forename', 5.00, NULL, 'at risk; 5A; 1 of 20 sessions missed', NULL) $$, 'pupils to discuss');
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because, lead_practitioner) VALUES (4, 100001, 4, 'persistent', '2025-09-15', 'x', 'Lee'), (1, 100001, 1, 'social worker', '2025-09-15', 'x', NULL);
INSERT INTO r.agreed_action (case_id, action, owner, due_on) VALUES (4, 'x', 'A', '2025-09-17');
SELECT results_eq($$ SELECT pupil_id, day, said, record FROM pack('2025-09-26', '[2025-09-08,2025-09-20)') WHERE section = 'pupils' AND pupil_id IN (1, 4) $$,
    $$ VALUES (4::bigint, date '2025-09-15', 'persistent; 5A; 2 of 20 sessions missed; case persistent, led by Lee; lacks: actions done (1 overdue, the first since 2025-09-17), assessment', 4::bigint),
        (1, '2025-09-15', 'a case; 5A; 0 of 20 sessions missed; case social worker; lacks: assessment', 1) $$, 'with their cases, and those who attend but whose case lacks something');
-- groups: of both sexes boys missed 13 of 56, girls 2 of 60
UPDATE r.pupil SET sex = CASE WHEN pupil_id IN (4, 5, 6) THEN 'M' ELSE 'F' END, entered_by = 't', title = 't', reason = 't' WHERE pupil_id <= 10;
SELECT results_eq($$ SELECT item, percent, before, said FROM pack('2025-09-26', '[2025-09-08,2025-09-20)') WHERE section = 'groups' $$, $$ VALUES ('Boys', 23.21, 3.33, '3 pupils, 86.7 % of the sessions missed') $$, 'groups that are absent more than the rest');
INSERT INTO r.attendance_target (school_urn, measure, days, percent, set_by, set_on) VALUES (100001, 'attendance', '[2025-09-01,2026-08-01)', 90, 'A', '2025-09-01');
SELECT results_eq($$ SELECT item, percent, day, said FROM pack('2025-09-26', '[2025-09-08,2025-09-20)') WHERE section = 'targets' $$, $$ VALUES ('attendance', 87.07, date '2026-07-31', '90.00 %: not on course') $$, 'targets, on the last day of the period');
SELECT results_eq($$ SELECT item, said FROM r.meeting_pack(100001, '2025/26') WHERE section = 'policy' $$, $$ SELECT expectation || ' ' || says, problem FROM r.guidance_checklist(schools => '{100001}') WHERE status = 'not met' AND bearer = 'school' $$, 'what of the guidance is not met');
-- published figures of exactly these days
INSERT INTO r.benchmark_file (title, series, shape, digest) VALUES ('t', 'census', 'wide', '\x00');
INSERT INTO r.benchmark_row (file_id, line, days, time_period, time_identifier, geographic_level, area_code, phase, figures)
SELECT f.file_id, row_number() OVER (), '[2025-09-08,2025-09-20)', '202526', 'Two weeks', level, code, 'Primary', figures::jsonb FROM r.benchmark_file f, (VALUES ('National', 'E92000001', '{"sess_overall_percent": "5.5", "enrolments_pa_10_exact_percent": "15.1", "enrolments_pa_50_exact_percent": "1.5"}'),
    ('Local authority', '380', '{"sess_overall_percent": "6.6"}')) AS v (level, code, figures);
SELECT results_eq($$ SELECT item, authority, england FROM r.meeting_pack(100001, '[2025-09-08,2025-09-20)') WHERE num_nonnulls(authority, england) > 0 $$, $$ VALUES ('absence', 6.6, 5.5), ('persistently absent', NULL, 15.1), ('severely absent', NULL, 1.5) $$, 'beside the authority and England');

-- ---------- of governors and trustees ----------

INSERT INTO r.evidence (evidence_id, expectation, trust_uid, school_urn, done_on, about, present, said) VALUES (5003, 'T1.2', 90001, NULL, '2025-09-19', '[2025-09-08,2025-09-13)', '{Bo Birch}', 'Asked why; told: illness'), (5004, 'T1.2', 90001, 100003, '2025-09-20', NULL, '{Bo Birch}', 'Of another school');
INSERT INTO r.agreed_action (action_id, evidence_id, action, owner, agency, due_on) VALUES (5003, 5003, 'Head reports', 'Jane Reed', 'trust', '2025-09-24');
SELECT results_eq($$ SELECT section, item, day, said FROM r.meeting_pack(100001, '[2025-09-15,2025-09-22)', 'T1.2', '2025-09-26') WHERE section IN ('last meeting', 'agreed') $$,
    $$ VALUES ('last meeting', 'Bo Birch', date '2025-09-19', 'Asked why; told: illness'), ('agreed', 'Head reports', '2025-09-24', 'overdue; Jane Reed, trust') $$, 'a review of all of the trust');
SELECT results_eq($$ SELECT said FROM r.meeting_pack(100003, '[2025-09-15,2025-09-22)', 'T1.2', '2025-09-26') WHERE section = 'last meeting' $$, ARRAY['Of another school'], 'or of a school of it');
SELECT results_eq($$ SELECT item FROM r.meeting_pack(100001, '2025/26', 'T1.2') WHERE section = 'policy' $$, $$ SELECT expectation || ' ' || says FROM r.guidance_checklist(schools => '{100001}') WHERE status = 'not met' AND bearer = 'trust' $$, 'what of the guidance the trust lacks');
SELECT is_empty($$ SELECT * FROM r.meeting_pack(100001, '[2025-09-08,2025-09-20)', 'T1.2') WHERE pupil_id IS NOT NULL OR concat(item, said) ~ 'Surname' $$, 'governors are told of nobody');
SELECT results_eq($$ SELECT section, item, percent, said FROM r.meeting_pack(100001, '[2025-09-08,2025-09-20)', 'T1.2', '2025-09-26') WHERE section = 'pupils' OR item ~ 'absent' $$,
    $$ SELECT section, item, NULL::numeric, 'too few to be shown' FROM r.meeting_pack(100001, '[2025-09-08,2025-09-20)', 'T1.2', '2025-09-26') WHERE section = 'pupils' OR item ~ 'absent' $$, 'but how many, where they are many');
SELECT is((SELECT count(*) FROM r.meeting_pack(100001, '[2025-09-08,2025-09-20)', 'T1.2', '2025-09-26') WHERE section = 'pupils'), 5::bigint, 'in each band');
SELECT is_empty($$ SELECT FROM r.meeting_pack(100001, '[2025-09-08,2025-09-20)', 'T1.2') WHERE section = 'groups' $$, 'nor of groups of few');
INSERT INTO r.evidence (evidence_id, expectation, school_urn, done_on, said) VALUES (5005, 'T1.2', 100002, '2025-09-19', 'The governing body asked');
SELECT results_eq($$ SELECT said FROM r.meeting_pack(100002, '[2025-09-15,2025-09-22)', 'T1.2', '2025-09-26') WHERE section = 'last meeting' $$, ARRAY['The governing body asked'], 'of a governing body');
SELECT is_empty($$ SELECT FROM r.meeting_pack(NULL, '2025/26') UNION ALL SELECT FROM r.meeting_pack(100001, NULL) UNION ALL SELECT FROM r.meeting_pack(100001, '2025/26', NULL) UNION ALL SELECT FROM r.meeting_pack(100001, '2025/26', as_of => NULL) $$, 'of nothing');
SELECT throws_ok(format('SELECT * FROM r.meeting_pack(%s)', given), '22023', NULL, given) FROM unnest('{"999999, ''2025/26''","100001, ''soon''","100001, ''2025/26'', ''L99''"}'::text[]) given;

-- ---------- the page ----------

UPDATE r.pupil SET surname = 'O''Nil <', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 5;
CREATE TEMP TABLE page AS SELECT r.page_meeting_pack(100001, '[2025-09-08,2025-09-20)', as_of => '2025-09-26') AS html;
SELECT ok(xml_is_well_formed_document(html) AND html !~* 'http|<script|src=|href=' AND html !~ 'O''Nil <' AND html LIKE '%<tr class="bad">%', 'a page') FROM page;
SELECT set_eq($$ SELECT l FROM page, rows_of(html) l WHERE l LIKE '%Nil%' OR l LIKE '%All is well%' OR l LIKE 'attendance|90%' OR l LIKE 'absence|%' $$, ARRAY['26 Sep 2025|Cy Cedar|All is well|1.7%|12.9%', 'absence|15 of 116|12.9%|-|6.6%|5.5%', 'attendance|90.00 %: not on course|31 Jul 2026|87.1%',
    'O''Nil <, Forename|severe; 5A; 10 of 20 sessions missed; lacks: case, joint approach, safeguarding|-|50.0%|-'], 'what the pack says');
SELECT is(r.page_meeting_pack(NULL, '2025/26') || r.page_meeting_pack(100001, NULL) || r.page_meeting_pack(100001, '2025/26', NULL), NULL, 'of nothing');
SELECT ok(r.page_meeting_pack(100002, '[2025-09-15,2025-09-22)', 'T1.2', '2025-09-26') ~ 'review of attendance' AND r.page_meeting_pack(100004, '2025/26') ~ 'Pupils to discuss, most absent first: nothing to show', 'of others');
SELECT throws_ok(format('SELECT r.page_meeting_pack(%s)', given), '22023', NULL, given) FROM unnest('{"999999, ''2025/26''","100001, ''soon''","100001, ''2025/26'', ''L99''"}'::text[]) given;

-- ---------- what is overseen ----------

-- meetings each four months: with 100001 long ago, with 100002 three and a half months ago, with 100003 last week, with 100004 never
INSERT INTO r.evidence (evidence_id, expectation, la_number, school_urn, done_on, said) SELECT 6000 + n, 'L4.1', 380, urn, today() - days, 'met ' || n FROM (VALUES (1, 100001, 300), (2, 100001, 200), (3, 100002, 105), (4, 100003, 7)) AS v (n, urn, days);
INSERT INTO r.evidence (evidence_id, expectation, trust_uid, school_urn, done_on, about, in_force, said) SELECT 6010 + n, x, 90001, urn, today() - days, about::daterange, force, said FROM (VALUES (0, 'T1.1', NULL::int, 30, '[2025-09-08,2025-09-13)', NULL::daterange, 'seen'),
    (1, 'T5.1', 100003, 30, NULL, daterange(today() - 30, NULL), 'a plan'), (2, 'T5.1', 100001, 30, NULL, daterange(today() - 30, today() - 1), 'a plan that is over'), (3, 'T6.1', NULL, 400, NULL, NULL, 'shared long ago')) AS v (n, x, urn, days, about, force, said);
INSERT INTO r.agreed_action (evidence_id, action, owner, due_on, done_on, outcome) VALUES (6010, 'A', 'Jo', today() - 5, NULL, NULL), (6010, 'B', 'Jo', today() - 9, today() - 9, 'done well'), (6010, 'C', 'Jo', today() + 9, NULL, NULL);
INSERT INTO r.office_holder (office, school_urn, trust_uid, name, job_title, from_day, to_day) VALUES ('named contact', 100001, NULL, 'Cy Cedar', 'Adviser', '2025-09-01', NULL), ('named contact', 100002, NULL, 'Former', NULL, '2025-09-01', '2025-09-30'), ('attendance trustee', NULL, 90001, 'Bo Birch', NULL, '2025-09-01', NULL),
    ('attendance governor', 100002, NULL, 'Gil', NULL, '2025-09-01', NULL);
SELECT results_eq($$ SELECT school_urn, trust_uid, status, said, due_on FROM r.oversight() WHERE matter = 'targeting support meeting' AND (evidence_id > 6000 OR evidence_id IS NULL) ORDER BY 1, done_on DESC $$,
    $$ VALUES (100001, 90001, 'overdue', 'met 2', (today() - 200 + interval '4 months')::date), (100001, 90001, 'earlier', 'met 1', (today() - 300 + interval '4 months')::date), (100002, NULL, 'due', 'met 3', (today() - 105 + interval '4 months')::date),
        (100003, 90001, 'met', 'met 4', (today() - 7 + interval '4 months')::date), (100004, NULL, 'missing', NULL, NULL) $$, 'termly meetings with each school');
SELECT results_eq($$ SELECT organisation, said, figures ->> 'absence_percent', actions, overdue FROM r.oversight() WHERE evidence_id = 6010 $$,
    $$ SELECT 'A Trust', 'seen', '25.00', format('B (Jo): done, done well; A (Jo): overdue since %s; C (Jo): due %s', day_text(today() - 5), day_text(today() + 9)), 1::bigint $$, 'a review with the figures that it saw, what was agreed and what came of it');
SELECT results_eq($$ SELECT school_urn, status FROM r.oversight() WHERE trust_uid = 90001 AND matter = 'action plan' ORDER BY 1 $$, $$ VALUES (100001, 'overdue'), (100003, 'met') $$, 'plans, while they are in force');
SELECT results_eq($$ SELECT matter, status FROM r.oversight() WHERE trust_uid = 90001 AND bearer = 'trust' AND matter IN ('shared practice', 'training', 'attendance trustee') ORDER BY 1, 2 $$, $$ VALUES ('attendance trustee', 'met'), ('shared practice', 'overdue'), ('training', 'missing'), ('training', 'missing') $$, 'what is long ago, what is missing');
SELECT results_eq($$ SELECT school_urn, status, said FROM r.oversight() WHERE matter = 'named contact' ORDER BY 1 $$, $$ VALUES (100001, 'met', 'Cy Cedar, Adviser'), (100002, 'missing', NULL), (100003, 'missing', NULL), (100004, 'missing', NULL) $$, 'named contacts');
SELECT results_eq($$ SELECT bearer, organisation, la_number, school_urn, status FROM r.oversight() WHERE matter = 'attendance governor' ORDER BY 4 $$, $$ VALUES ('trust', 'School 100002', 380, 100002, 'met'), ('trust', 'School 100004', 380, 100004, 'missing') $$, 'governors where there is no trust');
SELECT results_eq($$ SELECT bearer, school_urn, trust_uid, status, overdue, due_on FROM r.oversight() WHERE matter = 'actions of cases' $$, $$ VALUES ('school', 100001, 90001, 'overdue', 1::bigint, date '2025-09-17') $$, 'actions of cases that are overdue');
SELECT set_eq($$ SELECT DISTINCT matter FROM r.oversight() WHERE bearer = 'local authority' AND school_urn IS NULL $$, '{network meeting,review with members,review with officers,strategy,training,attendance lead,virtual school head}'::text[], 'what an authority is asked');
SELECT set_eq($$ SELECT coalesce(school_urn, trust_uid, la_number) FROM r.oversight(schools => '{100002}') $$, '{100002,380}'::int[], 'of a school and those over it');
SELECT set_eq($$ SELECT DISTINCT status FROM r.oversight(today() - 1) WHERE expectation IS NOT NULL $$, '{missing}'::text[], 'what was entered after the day does not count');
SELECT is_empty($$ SELECT FROM r.oversight(NULL) UNION ALL SELECT FROM r.oversight(schools => '{}') $$, 'of no day, of nobody');
SELECT throws_ok($$ SELECT * FROM r.oversight(schools => '{999999}') $$, '22023', 'the register has no school 999999', 'no school');

CREATE ROLE meetings_reader;
SELECT grant_register('r', 'meetings_reader', 'reports') \g /dev/null
GRANT USAGE ON SCHEMA public TO meetings_reader;
SET ROLE meetings_reader;
SELECT isnt((SELECT count(*) FROM r.meeting_pack(100001, '2025/26')) * (SELECT count(*) FROM r.oversight()) * length(r.page_meeting_pack(100001, '2025/26')), 0::bigint, 'who may read reports is answered');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
