-- Cohorts, their gaps and crossings, the severely absent without authorisation, and transitions: every figure was
-- reckoned by hand from the marks below.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET timezone = 'Europe/London';
SET search_path = public, attendance;

CREATE FUNCTION refused_with(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE command;
    RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;

-- School 100001, Monday 8 to Friday 12 September 2025: ten sessions, / and \ attended, O and I absent.
--   pupil  year sex  marks                        possible absent unauthorised
--   1      5    F    ten attended                 10       0      0
--   2      5    M    one I                        10       1      0              persistent (10 %)
--   3      5    F    five O                       10       5      5              severe, unauthorised (50 %)
--   4      6    M    four O, one I                10       5      4              severe, not unauthorised (40 %)
--   5      6    F    Monday only: /, two sessions  2       0      0
--   6      6    M    ten Y1                        0       0      0              no possible session
-- together                                        42      11      9              5 enrolments, 3 persistent, 2 severe
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, p.pupil, d.day, d.session, substr(p.marks, d.n::int, 1)::session_mark
FROM (VALUES (1, '/\/\/\/\/\'), (2, 'I\/\/\/\/\'), (3, 'OOOOO\/\/\'), (4, 'OOOOI\/\/\'), (5, '/\')) AS p (pupil, marks)
CROSS JOIN LATERAL (
    SELECT row_number() OVER (ORDER BY g.day, s.session) AS n, g.day::date AS day, s.session
    FROM generate_series(timestamp '2025-09-08', '2025-09-12', '1 day') AS g (day) CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)) AS d
WHERE d.n <= length(p.marks);
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, 6, g.day, s.session, 'Y1' FROM generate_series(date '2025-09-08', '2025-09-12', '1 day') AS g (day) CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session);
UPDATE r.enrolment SET year_group = CASE WHEN pupil_id <= 3 THEN '5' ELSE '6' END, registration_group = 'A', entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id <= 6;
UPDATE r.pupil SET sex = CASE WHEN pupil_id IN (1, 3, 5) THEN 'F' ELSE 'M' END, entered_by = 'test', title = 'test', reason = 'test' WHERE pupil_id <= 6;
-- fsm: 3 and 4 always, 2 until Tuesday, 1 from 2026 on; sen: 3 K, 4 K and from Thursday E
INSERT INTO r.pupil_characteristic VALUES (3, 'fsm', 'Y', '2024-09-01', NULL), (4, 'fsm', 'Y', '2024-09-01', NULL),
    (2, 'fsm', 'Y', '2024-09-01', '2025-09-09'), (1, 'fsm', 'Y', '2026-01-01', NULL),
    (3, 'sen', 'K', '2024-09-01', NULL), (4, 'sen', 'K', '2024-09-01', '2025-09-10'), (4, 'sen', 'E', '2025-09-11', NULL);

-- ---------- members ----------

SELECT results_eq($$ SELECT pupil_id, value, possible(tally), absent(tally)
        FROM r.report_cohort('week 2025-09-08', 'statutory', '{100001}', '{fsm}') ORDER BY pupil_id $$,
    $$ VALUES (1::bigint, 'none', 10::bigint, 0::bigint), (2, 'none', 10, 1), (3, 'Y', 10, 5), (4, 'Y', 10, 5), (5, 'none', 2, 0), (6, 'none', 0, 0) $$,
    'a characteristic on the last day of the period');
SELECT results_eq($$ SELECT pupil_id, value FROM r.report_cohort('week 2025-09-08', 'statutory', '{100001}', '{fsm}', 'any time') ORDER BY pupil_id $$,
    $$ VALUES (1::bigint, 'none'), (2, 'Y'), (3, 'Y'), (4, 'Y'), (5, 'none'), (6, 'none') $$, 'at any time in it');
SELECT results_eq($$ SELECT pupil_id, value FROM r.report_cohort('week 2025-09-08', 'statutory', '{100001}', '{fsm}', 'census') ORDER BY pupil_id $$,
    $$ VALUES (1::bigint, 'Y'), (2, 'none'), (3, 'Y'), (4, 'Y'), (5, 'none'), (6, 'none') $$, 'on the day of the spring census');
SELECT is(characteristic_days('census', 2025, daterange('2025-09-08', '2025-09-13'), '2025-09-08'), '[2026-01-15,2026-01-16)', 'the third Thursday of January, which may be the 15th');
SELECT is(characteristic_days('census', 2021, daterange('2025-09-08', '2025-09-13'), '2025-09-08') , '[2025-09-08,2025-09-09)', 'or the first mark, if later');
SELECT is(characteristic_days('census', 2026, daterange('2025-09-08', '2025-09-13'), NULL), '[2027-01-21,2027-01-22)', 'which may be the 21st');
SELECT results_eq($$ SELECT pupil_id, value FROM r.report_cohort('week 2025-09-08', 'statutory', '{100001}', '{sen}', 'any time') WHERE pupil_id IN (3, 4) ORDER BY pupil_id, value $$,
    $$ VALUES (3::bigint, 'K'), (4, 'E'), (4, 'K') $$, 'several values, each once');
SELECT results_eq($$ SELECT DISTINCT cohort, value FROM r.report_cohort('week 2025-09-08', 'statutory', '{100001}') ORDER BY 1, 2 $$,
    $$ VALUES ('all pupils', 'all'), ('fsm', 'Y'), ('fsm', 'none'), ('registration group', '100001 A'), ('sen', 'E'), ('sen', 'K'), ('sen', 'none'),
              ('sex', 'F'), ('sex', 'M'), ('year group', '5'), ('year group', '6') $$, 'all cohorts that the pupils have; registration groups of a single school');
SELECT is_empty($$ SELECT FROM r.report_cohort('week 2025-09-08') WHERE cohort = 'registration group' $$, 'not of all schools');
SELECT is_empty($$ SELECT FROM r.report_cohort(NULL) UNION ALL SELECT FROM r.report_cohort('week 2025-09-08', 'all', '{}') UNION ALL SELECT FROM r.cohorts(NULL)
    UNION ALL SELECT FROM r.report_cohort('week 2025-09-08', 'all', NULL, '{}') $$, 'nobody');

-- neighbourhoods: 1 moves on Wednesday, 2 lives at two places, 3 left, 4 moves on Thursday, nobody knows where to, 5 and 6 have no address
SAVEPOINT addresses;
INSERT INTO r.pupil_address (pupil_id, address, area, from_day, to_day, in_addition) VALUES (1, 'x', 'Oak', '2020-01-01', NULL, false), (1, 'x', 'Elm', '2025-09-10', NULL, false),
    (2, 'x', 'Oak', '2020-01-01', NULL, false), (2, 'x', 'Elm', '2020-01-01', NULL, true), (3, 'x', 'Oak', '2020-01-01', '2025-09-09', false), (4, 'x', 'Elm', '2020-01-01', NULL, false), (4, 'x', NULL, '2025-09-11', NULL, false);
SELECT results_eq(format($$ SELECT string_agg(pupil_id || value, ' ' ORDER BY pupil_id, value) FROM r.report_cohort('week 2025-09-08', 'statutory', '{100001}', '{area}', %L) $$, held), ARRAY[wanted], held)
FROM (VALUES ('last day', '1Elm 2Oak 3none 4none 5none 6none'), ('any time', '1Elm 1Oak 2Oak 3Oak 4Elm 5none 6none'), ('census', '1Elm 2Oak 3none 4none 5none 6none')) AS v (held, wanted);
SELECT results_eq($$ SELECT pupil_id, value FROM r.report_cohort('day 2025-09-09', 'statutory', '{100001}', '{area}') WHERE value <> 'none' ORDER BY 1 $$, $$ VALUES (1::bigint, 'Oak'), (2, 'Oak'), (3, 'Oak'), (4, 'Elm') $$, 'of Tuesday');
-- Oak: pupil 2, one of ten; none: 3, 4, 5, ten of 22; the rest of Oak: 10 of 32
SELECT results_eq($$ SELECT value, enrolments, possible, absent, rest_enrolments, rest_possible, rest_absent FROM r.cohorts('week 2025-09-08', 'statutory', '{100001}') WHERE cohort = 'area' $$,
    $$ VALUES ('Elm', 1::bigint, 10::bigint, 0::bigint, 4::bigint, 32::bigint, 11::bigint), ('Oak', 1, 10, 1, 4, 32, 10), ('none', 3, 22, 10, 2, 20, 1) $$, 'beside the others, of all cohorts');
SELECT results_eq($$ SELECT first_value, second_value, enrolments FROM r.cohort_crossing('week 2025-09-08', 'statutory', '{100001}', 'area', 'sex') $$,
    $$ VALUES ('Elm', 'F', 1::bigint), ('Oak', 'M', 1), ('none', 'F', 2), ('none', 'M', 1) $$, 'and crossed');
ROLLBACK TO addresses;
SELECT results_eq($$ SELECT DISTINCT value FROM r.report_cohort('week 2025-09-08', 'statutory', '{100001}', '{area}') $$, ARRAY['none'], 'of nobody a neighbourhood is known');

-- ---------- groups and gaps ----------

-- fsm on the last day: pupils 3 and 4, 20 possible, 10 absent = 50 %, both persistent and severe;
--   the rest: 1, 2, 5 (6 has no possible session), 22 possible, 1 absent = 4.545 %, one of three persistent;
--   gap 50 - 4.545 = 45.455; persistent 100 - 33.333 = 66.667; 2 of 5 of the roll, 10 of 11 missed sessions.
-- year 5: 1, 2, 3: 30 possible, 6 absent = 20 %; the rest 4, 5: 12 possible, 5 absent = 41.667 %: gap -21.667
SELECT results_eq($$ SELECT cohort, value, enrolments, possible, absent, round(absence_percent, 3), unauthorised, round(unauthorised_percent, 3), persistently_absent,
        round(persistent_absence_percent, 3), severely_absent, round(severe_absence_percent, 3)
        FROM r.cohorts('[2025-09-08,2025-09-16)', 'statutory', '{100001}') WHERE cohort IN ('all pupils', 'fsm', 'sen', 'year group') $$,
    $$ VALUES ('all pupils', 'all', 5::bigint, 42::bigint, 11::bigint, 26.190, 9::bigint, 21.429, 3::bigint, 60.000, 2::bigint, 40.000),
              ('fsm', 'Y', 2, 20, 10, 50.000, 9, 45.000, 2, 100.000, 2, 100.000), ('fsm', 'none', 3, 22, 1, 4.545, 0, 0.000, 1, 33.333, 0, 0.000),
              ('sen', 'E', 1, 10, 5, 50.000, 4, 40.000, 1, 100.000, 1, 100.000), ('sen', 'K', 1, 10, 5, 50.000, 5, 50.000, 1, 100.000, 1, 100.000),
              ('sen', 'none', 3, 22, 1, 4.545, 0, 0.000, 1, 33.333, 0, 0.000),
              ('year group', '5', 3, 30, 6, 20.000, 5, 16.667, 2, 66.667, 1, 33.333), ('year group', '6', 2, 12, 5, 41.667, 4, 33.333, 1, 50.000, 1, 50.000) $$,
    'each group');
SELECT results_eq($$ SELECT value, rest_enrolments, rest_possible, rest_absent, round(rest_absence_percent, 3), round(absence_gap, 3), rest_persistently_absent,
        round(rest_persistent_absence_percent, 3), round(persistent_absence_gap, 3), round(roll_share_percent, 3), round(missed_share_percent, 3)
        FROM r.cohorts('[2025-09-08,2025-09-16)', 'statutory', '{100001}', '{fsm,year group}') $$,
    $$ VALUES ('Y', 3::bigint, 22::bigint, 1::bigint, 4.545, 45.455, 1::bigint, 33.333, 66.667, 40.000, 90.909),
              ('none', 2, 20, 10, 50.000, -45.455, 2, 100.000, -66.667, 60.000, 9.091),
              ('5', 2, 12, 5, 41.667, -21.667, 1, 50.000, 16.667, 60.000, 54.545),
              ('6', 3, 30, 6, 20.000, 21.667, 2, 66.667, -16.667, 40.000, 45.455) $$, 'and its rest');
SELECT results_eq($$ SELECT value, rest_enrolments, rest_absence_percent, absence_gap, roll_share_percent FROM r.cohorts('week 2025-09-08', 'statutory', '{100001}', '{all pupils}') $$,
    $$ VALUES ('all', 0::bigint, NULL::numeric, NULL::numeric, 100::numeric) $$, 'everybody has no rest');
-- at any time 4 has sen K and E, and is not twice among those who have some
SELECT results_eq($$ SELECT value, enrolments, absent FROM r.cohorts('week 2025-09-08', 'statutory', '{100001}', '{sen}', 'any time') $$,
    $$ VALUES ('E', 1::bigint, 5::bigint), ('K', 2, 10), ('none', 3, 1) $$, 'several values');
-- of Monday alone, when 2 is fsm still: 3 OO, 4 OO, 2 I\: 6 possible, 5 absent
SELECT results_eq($$ SELECT value, enrolments, possible, absent FROM r.cohorts('day 2025-09-08', 'statutory', '{100001}', '{fsm}') $$,
    $$ VALUES ('Y', 3::bigint, 6::bigint, 5::bigint), ('none', 2, 4, 0) $$, 'of a day');
SELECT results_eq($$ SELECT value, enrolments, absence_percent FROM r.cohorts('week 2025-09-15', 'statutory', '{100001}', '{fsm}') $$,
    $$ VALUES ('Y', 0::bigint, NULL::numeric), ('none', 0, NULL) $$, 'a week without marks has no rates');
SELECT results_eq($$ SELECT value, enrolments FROM r.cohorts('week 2025-09-08', 'statutory', '{100001}', '{young carer}') $$, $$ VALUES ('none', 5::bigint) $$, 'a characteristic that nobody has');

-- ---------- crossings ----------

-- fsm Y: 3 (year 5) and 4 (year 6), 10 possible and 5 absent each; the others of each: 32 possible, 6 absent = 18.75 %
-- none: 1, 2 (year 5): 20 possible, 1 absent = 5 %, the others 22 and 10 = 45.455 %; 5 (year 6): 2 and 0, the others 40 and 11 = 27.5 %
SELECT results_eq($$ SELECT first_value, second_value, enrolments, possible, absent, round(absence_percent, 3), persistently_absent, round(persistent_absence_percent, 3),
        severely_absent, round(severe_absence_percent, 3), round(absence_gap, 3), round(roll_share_percent, 3), round(missed_share_percent, 3)
        FROM r.cohort_crossing('[2025-09-08,2025-09-16)', 'statutory', '{100001}', 'fsm', 'year group') $$,
    $$ VALUES ('Y', '5', 1::bigint, 10::bigint, 5::bigint, 50.000, 1::bigint, 100.000, 1::bigint, 100.000, 31.250, 20.000, 45.455),
              ('Y', '6', 1, 10, 5, 50.000, 1, 100.000, 1, 100.000, 31.250, 20.000, 45.455),
              ('none', '5', 2, 20, 1, 5.000, 1, 50.000, 0, 0.000, -40.455, 40.000, 9.091),
              ('none', '6', 1, 2, 0, 0.000, 0, 0.000, 0, 0.000, -27.500, 20.000, 0.000) $$, 'two-way');
SELECT results_eq($$ SELECT first_value, second_value, enrolments FROM r.cohort_crossing('week 2025-09-08', 'statutory', '{100001}', 'sen', 'fsm', 'any time') $$,
    $$ VALUES ('E', 'Y', 1::bigint), ('K', 'Y', 2), ('none', 'Y', 1), ('none', 'none', 2) $$, 'with several values');
SELECT is_empty($$ SELECT FROM r.cohort_crossing(NULL) UNION ALL SELECT FROM r.cohort_crossing('week 2025-09-08', 'statutory', '{100001}', NULL, 'fsm') $$, 'NULL');

-- ---------- severely absent without authorisation ----------

SELECT results_eq($$ SELECT school_urn, pupil_id, upn, surname, year_group, registration_group, possible, absent, round(absence_percent), unauthorised, round(unauthorised_percent)
        FROM r.severely_absent_unauthorised('[2025-09-08,2025-09-16)') $$,
    $$ VALUES (100001, 3::bigint, make_upn(3), 'Surname 3', '5', 'A', 10::bigint, 5::bigint, 50::numeric, 5::bigint, 50::numeric) $$, 'half of the sessions, no authorised ones among them');
SELECT is_empty($$ SELECT FROM r.severely_absent_unauthorised('week 2025-09-15') UNION ALL SELECT FROM r.severely_absent_unauthorised(NULL) $$, 'nobody');

-- ---------- from one year group to the next ----------

-- born 1 March 2015: 9 on 31 August 2024, year 5 in 2024/25, year 6 in 2025/26
SELECT is(ARRAY(SELECT year_group_by_age(2025, d) FROM unnest('{2015-03-01,2014-09-01,2015-08-31,2015-09-01,2020-09-01,2021-08-31,2022-01-01,2023-01-01,2024-01-01,2007-09-01,2006-09-01,2005-01-01}'::date[]) AS d),
    '{6,6,6,5,R,R,N2,N1,NULL,13,14,NULL}', 'year groups by age');
-- a year before, Monday 9 September 2024: pupil 2 II (2 of 2), pupil 3 /\ (0 of 2), pupil 9 OO who has no marks now;
-- now 2 and 3: 20 possible, 6 absent = 30 %, both persistent; before 4 possible, 2 absent = 50 %, one persistent
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, '2024-09-09', 'AM', 'I'), (100001, 2, '2024-09-09', 'PM', 'I'),
    (100001, 3, '2024-09-09', 'AM', '/'), (100001, 3, '2024-09-09', 'PM', '\'), (100001, 9, '2024-09-09', 'AM', 'O'), (100001, 9, '2024-09-09', 'PM', 'O');
SELECT results_eq($$ SELECT from_year_group, to_year_group, pupils, possible_before, absent_before, round(absence_percent_before), possible, absent, round(absence_percent), round(change),
        persistently_absent_before, persistently_absent, round(persistent_absence_percent_before), round(persistent_absence_percent), round(persistent_absence_change)
        FROM r.transition_years('2025/26') $$,
    $$ VALUES ('5', '6', 2::bigint, 4::bigint, 2::bigint, 50::numeric, 20::bigint, 6::bigint, 30::numeric, -20::numeric, 1::bigint, 2::bigint, 50::numeric, 100::numeric, 50::numeric) $$, 'the same pupils');
SELECT is_empty($$ SELECT FROM r.transition_years('2024/25') UNION ALL SELECT FROM r.transition_years(NULL) UNION ALL SELECT FROM r.transition_years('2025/26', 'all', '{100002}') $$, 'nobody');
SELECT is((SELECT array_agg(period_year_before(p) ORDER BY n) FROM unnest('{2025/26,week 2025-09-08,day 2025-09-08,year to date 2025-11-20,statistical term 2026-02-28,half term 2024-02-29,"[2025-09-01,2025-10-01)"}'::text[]) WITH ORDINALITY AS v (p, n)),
    '{academic year 2024-08-01,week 2024-09-09,day 2024-09-09,year to date 2024-11-20,statistical term 2025-02-28,half term 2023-02-28,"[2024-09-01,2024-10-01)"}', 'a year before');

-- ---------- small functions, errors, rights ----------

SELECT is(ARRAY[percent_of(1, 8), percent_of(1, 0), percent_of(NULL, 1)], '{12.5,NULL,NULL}', 'percentages');
SELECT is(ARRAY(SELECT year_group_number(g) FROM unnest('{N1,N2,R,1,14,X,NULL}'::text[]) AS g), '{-2,-1,0,1,14,NULL,NULL}', 'year groups in order');
SELECT is(ARRAY(SELECT compared_phase(p, 'Academies') FROM unnest('{Primary,Middle deemed primary,All-through,Middle deemed secondary,Special,Alternative provision,Nursery,16 plus,NULL}'::text[]) AS p),
    '{Primary,Primary,Secondary,Secondary,Special,Alternative provision,Nursery,16 plus,NULL}', 'phases that are compared');
SELECT is(compared_phase('Secondary', 'Independent schools'), 'Independent schools', 'independent schools are compared with their like');
SELECT is(refused_with(command), '22023', command) FROM (VALUES ('SELECT read_choice(''x'', ''a'', ''b'')'), ('SELECT read_choice(NULL, ''a'', ''b'')'),
    ('SELECT * FROM r.cohorts(''soon'')'), ('SELECT * FROM r.cohorts(''2025/26'', ''some'')'), ('SELECT * FROM r.cohorts(''2025/26'', held => ''sometimes'')'),
    ('SELECT * FROM r.cohort_crossing(''2025/26'', held => NULL)'), ('SELECT * FROM r.transition_years(''2025/26'', ''some'')')) AS v (command);
SELECT is(read_choice('b', 'a', 'b'), 'b', 'one of them');
SELECT is(read_choices('{b,a,b}', '{a,b}'), '{b,a,b}', 'several of them');
SELECT is(read_choices(NULL, '{a,b}'), '{}', 'none of them');
SELECT is(read_required('a', 'b'), 'a', 'an argument that is there');
SELECT throws_ok('SELECT read_choices(''{a,c}'', ''{a,b}'')', '22023', '"c" is none of: a, b', 'one of several is not there');
SELECT throws_ok($$ SELECT * FROM r.cohorts('week 2025-09-08', 'all', NULL, '{FSM}') $$, '22023',
    '"FSM" is none of: all pupils, year group, sex, registration group, area, ' || (SELECT string_agg(characteristic, ', ' ORDER BY characteristic_key) FROM r.characteristic),
    'a cohort that there is not');
SELECT throws_ok($$ SELECT * FROM r.cohort_crossing('week 2025-09-08', 'all', NULL, 'fsm', 'year_group') $$, '22023', NULL, 'nor to cross');
SELECT throws_ok($$ SELECT * FROM r.cohorts('week 2025-09-08', 'all', '{100001,999999,999998}') $$, '22023', 'the register has no school 999998, 999999', 'schools that there are not');
SELECT throws_ok($$ SELECT * FROM r.cohorts('term 2025-09-08', 'all', '{999999}') $$, '22023', 'the register has no school 999999', 'nor in a term');
SELECT is_empty($$ SELECT FROM r.similar_schools('week 2025-09-08', weights => NULL) $$, 'no weights');
SELECT throws_ok($$ SELECT * FROM r.similar_schools('week 2025-09-08', weights => '{"FSM": 1}') $$, '22023',
    '"FSM" is none of: size, fsm, fsm6, sen support, ehcp, semh, eal, idaci', 'a feature that there is not');
CREATE ROLE group_reader;
GRANT USAGE ON SCHEMA r, attendance TO group_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA r TO group_reader;
SELECT show_all('r', 'group_reader') \g /dev/null
SET LOCAL search_path = '';
SET LOCAL ROLE group_reader;
SELECT count(*) AS groups FROM r.cohorts('week 2025-09-08') \gset
SELECT (SELECT count(*) FROM r.cohort_crossing('week 2025-09-08')) AS crossings, (SELECT count(*) FROM r.severely_absent_unauthorised('[2025-09-08,2025-09-16)')) AS severe,
    (SELECT count(*) FROM r.transition_years('2025/26')) AS transitions, (SELECT count(*) FROM r.report_cohort('week 2025-09-08')) AS members \gset
RESET ROLE;
SET LOCAL search_path = public, attendance;
-- all, fsm Y and none, sen E, K and none, two sexes, two year groups; all, two of fsm and sen, sex and year group of 6 lines
SELECT is(ARRAY[:groups, :crossings, :severe, :transitions, :members], '{10,3,1,1,30}', 'a reader, with an empty search path');
SELECT * FROM finish();
ROLLBACK;
