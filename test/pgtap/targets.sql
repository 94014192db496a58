-- Targets and how far they are, the roll of the virtual school, and what became of cases: reckoned by hand from register/two_weeks.sql.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;
INSERT INTO r.trust VALUES (90001, 'A Trust');
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn IN (100001, 100002);
INSERT INTO r.local_authority VALUES (381, NULL, 'Calderdale', 'E12000003');
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) VALUES (2, 'fsm', 'Y', '2024-09-01'), (5, 'fsm', 'Y', '2024-09-01'), (3, 'sen', 'K', '2024-09-01');
INSERT INTO r.pupil_address (pupil_id, address, area, from_day) VALUES (1, 'x', 'Oak Ward', '2020-01-01'), (4, 'x', 'Elm Ward', '2020-01-01');

-- ---------- targets ----------

-- six enrolments have 116 possible sessions and missed 15: 101 of 116 = 87.07 %; 4 (10 %) and 5 (50 %) are persistently absent, 33.33 %, 5 severely, 16.67 %
INSERT INTO r.attendance_target (target_id, school_urn, trust_uid, la_number, of_school_urn, cohort, value, measure, days, percent, set_by, set_on)
SELECT v.id, v.school, v.trust, v.la, v.of, v.cohort, v.value, v.measure, coalesce(v.days, '[2025-09-01,2026-08-01)')::daterange, v.percent, 'A', coalesce(v.set_on, '2025-09-01')::date
FROM (VALUES (1, 100001, NULL::int, NULL::int, NULL::int, NULL, NULL, 'attendance', 85, NULL, NULL), (2, 100001, NULL, NULL, NULL, NULL, NULL, 'attendance', 90, NULL, NULL),
    (3, NULL, NULL, 380, 100001, NULL, NULL, 'persistent absence', 30, NULL, NULL), (4, NULL, NULL, 380, NULL, 'fsm', 'Y', 'attendance', 95, NULL, NULL), (5, NULL, 90001, NULL, NULL, NULL, NULL, 'severe absence', 20, NULL, NULL),
    (6, NULL, NULL, 380, NULL, 'area', 'Oak Ward', 'attendance', 100, '[2025-09-08,2025-10-01)', NULL), (7, NULL, NULL, 380, NULL, 'house', 'Red', 'attendance', 90, NULL, NULL), (8, NULL, NULL, 380, NULL, 'sen', 'none', 'attendance', 90, '[2025-09-02,2026-08-01)', NULL),
    (9, 100002, NULL, NULL, NULL, NULL, NULL, 'attendance', 90, NULL, NULL), (10, 100001, NULL, NULL, NULL, NULL, NULL, 'attendance', 90, '[2025-09-20,2026-08-01)', NULL), (11, 100001, NULL, NULL, NULL, NULL, NULL, 'attendance', 90, NULL, '2025-09-20'),
    (12, NULL, NULL, 381, NULL, NULL, NULL, 'attendance', 90, NULL, NULL), (13, NULL, NULL, 380, NULL, 'registration group', '100001 none', 'persistent absence', 40, NULL, NULL))
    AS v (id, school, trust, la, of, cohort, value, measure, percent, days, set_on);
-- fsm: 2 and 5, 40 possible, 11 missed; without sen: all but 3, 96 possible, 14 missed
CREATE TEMP TABLE wanted (target_id bigint, bearer text, enrolments bigint, figure numeric, gap numeric, status text);
INSERT INTO wanted VALUES (1, 'school', 6, 87.07, -2.07, 'on course'), (2, 'school', 6, 87.07, 2.93, 'not on course'), (3, 'local authority', 6, 33.33, 3.33, 'not on course'), (4, 'local authority', 2, 72.50, 22.50, 'not on course'),
    (5, 'trust', 6, 16.67, -3.33, 'on course'), (6, 'local authority', 1, 100.00, 0.00, 'on course'), (7, 'local authority', NULL, NULL, NULL, 'no figures'), (8, 'local authority', 5, 85.42, 4.58, 'not on course'),
    (9, 'school', NULL, NULL, NULL, 'no figures'), (12, 'local authority', NULL, NULL, NULL, 'no figures'), (13, 'local authority', 6, 33.33, -6.67, 'on course');
CREATE VIEW progress AS SELECT target_id, bearer, enrolments, round(figure, 2) AS figure, round(gap, 2) AS gap, status FROM r.target_progress('2025-09-19');
SELECT set_eq('SELECT * FROM progress', 'SELECT * FROM wanted', 'figure, gap and course of each that is in force');
SELECT set_eq($$ SELECT target_id FROM r.target_progress('2025-09-19', '{100001}') $$, '{1,2,3}'::bigint[], 'of a school: its own, and those that are set for it');
SELECT set_eq($$ SELECT target_id FROM r.target_progress('2025-09-20', '{100001}') $$, '{1,2,3,10,11}'::bigint[], 'from their first day on, and the day on which they were set');
-- on the 12th of 56 possible sessions 14 were missed; so few days make nobody persistently absent
SELECT results_eq($$ SELECT target_id, round(figure, 2), status FROM r.target_progress('2025-09-12', '{100001}') WHERE measure = 'attendance' ORDER BY 1 $$,
    $$ VALUES (1::bigint, 75.00, 'not on course'), (2, 75.00, 'not on course') $$, 'up to the day');
SELECT is((SELECT figure FROM r.target_progress('2025-09-10', '{100001}', 'current roll') WHERE target_id = 3), (SELECT persistent_absence_percent FROM r.headline('[2025-09-01,2025-09-11)', 'current roll', '{100001}')), 'persistent absence as headline() has it');
UPDATE r.pupil SET date_of_birth = '2021-10-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 4;
SELECT results_eq($$ SELECT round(t.figure, 2), round(a.figure, 2) FROM r.target_progress('2025-09-19', '{100001}') t JOIN r.target_progress('2025-09-19', '{100001}', 'all') a USING (target_id) WHERE target_id = 1 $$,
    $$ VALUES (round(100.0 * 83 / 96, 2), 87.07) $$, 'of a population');
UPDATE r.pupil SET date_of_birth = '2015-03-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 4;
UPDATE r.school SET trust_uid = NULL, holds_from = '2025-09-18' WHERE urn = 100001;
SELECT is((SELECT status FROM progress WHERE target_id = 5), 'no figures', 'of the schools that the trust has on the day');
SELECT is((SELECT round(figure, 2) FROM r.target_progress('2025-09-17') WHERE target_id = 5), (SELECT round(severe_absence_percent, 2) FROM r.headline('[2025-09-01,2025-09-18)', schools => '{100001}')), 'or had');
SELECT is_empty($$ SELECT FROM r.target_progress(NULL) UNION ALL SELECT FROM r.target_progress('2024-09-19') UNION ALL SELECT FROM r.target_progress('2025-09-19', '{}') UNION ALL SELECT FROM r.target_progress('2025-09-19', '{100003}') $$, 'no day, before them, no school, one without targets');
SELECT throws_ok(format('SELECT * FROM r.target_progress(''2025-09-19'', %s)', given), '22023', NULL, given) FROM unnest('{"''{999999}''","NULL, ''some''","NULL, NULL"}'::text[]) given;

-- ---------- the roll of the virtual school ----------

INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day, to_day) VALUES (5, 'looked after', 'Y', '2024-09-01', NULL), (3, 'social worker', 'CP', '2024-09-01', NULL), (6, 'previously looked after', 'Y', '2024-09-01', NULL),
    (26, 'looked after', 'Y', '2024-09-01', '2025-09-18'), (25, 'looked after', 'Y', '2024-09-01', NULL), (21, 'looked after', 'Y', '2025-09-20', NULL), (12, 'social worker', 'CIN', '2024-09-01', NULL);
INSERT INTO r.pupil_worker (pupil_id, role, name, contact, from_day) VALUES (3, 'social worker', 'Wren', '01632 960009', '2025-01-01'), (3, 'social worker', 'Dove', NULL, '2025-01-01'), (8, 'social worker', 'Lark', NULL, '2025-01-01'), (9, 'youth offending team worker', 'Rook', NULL, '2025-01-01');
UPDATE r.enrolment SET status = 'G', holds_from = '2025-09-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 12;
INSERT INTO r.attendance_target (target_id, la_number, cohort, value, measure, days, percent, set_by, set_on) SELECT 100 + row_number() OVER (), 380, c, v, m, '[2025-09-01,2026-08-01)', p, 'A', '2025-09-01'
FROM (VALUES ('looked after', 'Y', 'attendance', 90), ('looked after', 'Y', 'attendance', 95), ('looked after', 'Y', 'severe absence', 1), ('social worker', 'CP', 'attendance', 96), ('social worker', 'CIN', 'attendance', 99)) AS t (c, v, m, p);
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because, lead_practitioner, closed_on, outcome) VALUES (50, 100001, 5, 'social worker', '2025-09-01', 'x', 'Old', '2025-09-09', 'x'), (51, 100001, 5, 'social worker', '2025-09-15', 'x', 'Lee', NULL, NULL);
INSERT INTO r.agreed_action (case_id, action, owner, due_on, done_on) VALUES (51, 'x', 'A', '2025-09-16', NULL), (51, 'x', 'A', '2025-09-18', '2025-09-22'), (51, 'x', 'A', '2025-09-18', '2025-09-19'), (51, 'x', 'A', '2025-09-19', NULL);
-- 5 missed 10 of 20, 6 one of 16, 3 one of 20
SELECT results_eq($$ SELECT school_urn, pupil_id, left_on, looked_after, previously_looked_after, social_worker, worker, possible, round(attendance_percent, 2), unauthorised, absence, target_percent, round(gap, 2), case_id, tier, lead_practitioner, overdue
        FROM r.virtual_school_roll('2025-09-19') $$, $$ VALUES
    (100001, 25::bigint, date '2025-07-18', true, false, NULL, NULL, NULL::bigint, NULL::numeric, NULL::bigint, NULL, 95.00, NULL::numeric, NULL::bigint, NULL, NULL, 0::bigint),
    (100001, 5, NULL, true, false, NULL, NULL, 20, 50.00, 0, 'severe', 95.00, 45.00, 51, 'social worker', 'Lee', 2), (100001, 6, NULL, false, true, NULL, NULL, 16, 93.75, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0),
    (100001, 3, NULL, false, false, 'CP', 'Dove; Wren, 01632 960009', 20, 95.00, 1, NULL, 96.00, 1.00, NULL, NULL, NULL, 0), (100001, 8, NULL, false, false, 'Y', 'Lark', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0) $$,
    'who has left first, then who attends least: no guest, nobody of former times, nobody with another worker');
SELECT results_eq($$ SELECT case_id, overdue, tier FROM r.virtual_school_roll('2025-09-08') WHERE pupil_id = 5 $$, $$ VALUES (50::bigint, 0::bigint, 'social worker') $$, 'with the case of the day');
SELECT results_eq(format($$ SELECT school_urn, left_on FROM r.virtual_school_roll(%L) WHERE pupil_id = 21 $$, day), format('VALUES (%s, %L::date)', school, left_on), day::text)
FROM (VALUES (date '2025-09-22', 100001, NULL), (date '2025-10-17', 100001, NULL), (date '2025-10-18', 100001, '2025-10-17'), (date '2025-10-20', 100002, NULL)) AS v (day, school, left_on);
SELECT set_eq($$ SELECT pupil_id FROM r.virtual_school_roll('2025-10-20', '{100002}') $$, '{21}'::bigint[], 'at a school');
SELECT results_eq($$ SELECT u.pupil_id, attendance_percent FROM r.virtual_school_roll('2025-09-12') u WHERE pupil_id IN (3, 5) $$, $$ VALUES (5::bigint, 0::numeric), (3, 90.0) $$, 'attendance up to the day');
SELECT results_eq($$ SELECT registration_group FROM r.virtual_school_roll('2025-09-19') WHERE pupil_id = 5 $$, ARRAY[NULL::text], 'the class of the day');
UPDATE r.pupil SET date_of_birth = '2008-03-01', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 25;
SELECT is((SELECT count(*) FROM r.virtual_school_roll('2025-09-19') WHERE pupil_id = 25), 0::bigint, 'who left school at its end is not missed');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, status) VALUES (100003, 5, '2025-09-15', 'S');
SELECT set_eq($$ SELECT school_urn FROM r.virtual_school_roll('2025-09-19') WHERE pupil_id = 5 $$, '{100001,100003}'::int[], 'at both schools of a dual registration');
SELECT is_empty($$ SELECT FROM r.virtual_school_roll(NULL) UNION ALL SELECT FROM r.virtual_school_roll('2019-09-19') UNION ALL SELECT FROM r.virtual_school_roll('2025-09-19', '{}') UNION ALL SELECT FROM r.virtual_school_roll('2025-09-19', '{100002}') $$, 'nobody');
SELECT throws_ok($$ SELECT * FROM r.virtual_school_roll('2025-09-19', '{999999}') $$, '22023', 'the register has no school 999999', 'no school');

-- ---------- before, during and after a case ----------

-- 5 missed all ten sessions of the first week and none of the second; 4 two on Friday 12
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because, closed_on, outcome) VALUES (52, 100001, 4, 'at risk', '2025-09-10', 'x', '2025-09-12', 'better'), (53, 100001, 1, 'at risk', '2025-09-19', 'x', '2025-09-19', 'x');
PREPARE became AS SELECT case_id, days_before, possible_before, absent_before, absence_percent_before, days_open, possible_open, absent_open, absence_percent_open, days_after, possible_after, absent_after, absence_percent_after
    FROM r.case_attendance WHERE case_id <> 51 ORDER BY 1;
SELECT results_eq('became', $$ VALUES (50::bigint, daterange '[2025-08-01,2025-09-02)', 0::bigint, 0::bigint, NULL::numeric, daterange '[2025-09-01,2025-09-10)', 4::bigint, 4::bigint, 100.00, daterange '[2025-09-10,2025-09-19)', 14::bigint, 6::bigint, 42.86),
    (52, '[2025-08-01,2025-09-11)', 6, 0, 0.00, '[2025-09-10,2025-09-13)', 6, 2, 33.33, '[2025-09-13,2025-09-16)', 2, 0, 0.00), (53, '[2025-08-01,2025-09-20)', 20, 0, 0.00, '[2025-09-19,2025-09-20)', 2, 0, 0.00, '[2025-09-20,2025-09-21)', 0, 0, NULL) $$, 'as many days after it as it was open');
UPDATE r.mark SET mark = 'I', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 4 AND day IN ('2025-09-10', '2025-09-15');
SELECT results_eq($$ SELECT absent_open, absent_after FROM r.case_attendance WHERE case_id = 52 $$, $$ VALUES (2::bigint, 2::bigint) $$, 'what is frozen stays, what came after is as it is');
SELECT results_eq($$ SELECT lower(days_open), possible_open, absent_open, days_after, absent_after FROM r.case_attendance WHERE case_id = 51 $$, $$ VALUES (date '2025-09-15', 10::bigint, 0::bigint, NULL::daterange, NULL::bigint) $$, 'an open one up to today');
UPDATE r.mark SET mark = 'I', entered_by = 't', title = 't', reason = 't' WHERE pupil_id = 5 AND day = '2025-09-17';
SELECT is((SELECT absent_open FROM r.case_attendance WHERE case_id = 51), 2::bigint, 'as the register is');

-- who may read reports may read these
CREATE ROLE targets_reader;
SELECT grant_register('r', 'targets_reader', 'reports') \g /dev/null
GRANT USAGE ON SCHEMA public TO targets_reader;
SET ROLE targets_reader;
SELECT isnt((SELECT count(*) FROM r.target_progress('2025-09-19')) * (SELECT count(*) FROM r.virtual_school_roll('2025-09-19')) * (SELECT count(*) FROM r.case_attendance), 0::bigint, 'who may read reports is answered');
RESET ROLE;
SELECT * FROM finish();
ROLLBACK;
