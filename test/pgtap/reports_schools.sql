-- Schools and areas beside each other, similar schools, and baselines: every figure was reckoned by hand.
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

-- 100001 to 100003 are primary, 100005 and 100006 secondary; 100001, 100005 are of trust 1, 100002, 100003 of trust 2.
INSERT INTO r.trust VALUES (1, 'Trust One'), (2, 'Trust Two');
UPDATE r.school SET trust_uid = CASE WHEN urn = 100001 THEN 1 ELSE 2 END, holds_from = '2000-01-01' WHERE urn <= 100003;
INSERT INTO r.school (urn, name, phase, type, la_number, trust_uid) VALUES (100005, 'School 100005', 'Secondary', 'Academies', 380, 1),
    (100006, 'School 100006', 'All-through', 'Academies', 380, NULL);
INSERT INTO r.rule_setting SELECT urn, rule, 'record', 'test', 'test' FROM unnest('{100005,100006}'::int[]) AS urn, register_rules() WHERE can_be_set;
INSERT INTO r.school_day (school_urn, day) SELECT urn, d FROM unnest('{100005,100006}'::int[]) AS urn,
    unnest('{2024-09-09,2025-09-08,2025-09-09,2025-09-10,2025-09-11,2025-09-12}'::date[]) AS d;
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) SELECT id, 'Surname ' || id, 'Forename', '2013-03-01' FROM generate_series(41, 46) AS id;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) SELECT CASE WHEN id < 45 THEN 100005 ELSE 100006 END, id, '2024-09-01' FROM generate_series(41, 46) AS id;

-- Monday 8 to Friday 12 September 2025: ten sessions a pupil, of which so many are O, the first ones.
--   100001: pupils 1, 2: 1, 1 -> 20 possible, 2 absent, 10 %, two persistent
--   100002: pupils 11, 12: 0, 1 -> 20, 1, 5 %, one persistent
--   100003: pupil 26: 5 -> 10, 5, 50 %, one persistent and severe
--   100005: pupils 41 to 44: 2, 0, 0, 0 -> 40, 2, 5 %, one persistent
--   100006: pupils 45, 46: 0, 4 -> 20, 4, 20 %, one persistent
CREATE FUNCTION week(school int, pupil bigint, missed int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    SELECT school, pupil, d.day, d.session, CASE WHEN d.n <= missed THEN 'O' WHEN d.session = 'AM' THEN '/' ELSE '\' END::session_mark
    FROM (SELECT row_number() OVER (ORDER BY g.day, s.session) AS n, g.day::date AS day, s.session
        FROM generate_series(timestamp '2025-09-08', '2025-09-12', '1 day') AS g (day) CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)) AS d
$$;
SELECT week(100001, 1, 1), week(100001, 2, 1), week(100002, 11, 0), week(100002, 12, 1), week(100003, 26, 5), week(100005, 41, 2), week(100005, 42, 0),
    week(100005, 43, 0), week(100005, 44, 0), week(100006, 45, 0), week(100006, 46, 4) \g /dev/null

-- ---------- schools ----------

-- primary: 50 possible, 8 absent = 16 %; of three schools 100002 has 2 of 2 with more (100), 100001 1 of 2 (50), 100003 none
-- secondary: 60 possible, 6 absent = 10 %
SELECT results_eq($$ SELECT phase, school_urn, trust_uid, enrolments, possible, absent, round(absence_percent, 2), persistently_absent, round(persistent_absence_percent, 2), severely_absent,
        round(severe_absence_percent, 2), schools_compared, absence_rank, round(absence_percentile, 2), group_enrolments, group_possible, group_absent,
        round(group_absence_percent, 2), round(difference_to_group, 2) FROM r.school_comparison('[2025-09-08,2025-09-16)') $$,
    $$ VALUES ('Primary', 100002, 2, 2::bigint, 20::bigint, 1::bigint, 5.00, 1::bigint, 50.00, 0::bigint, 0.00, 3::bigint, 1::bigint, 100.00, 5::bigint, 50::bigint, 8::bigint, 16.00, -11.00),
              ('Primary', 100001, 1, 2, 20, 2, 10.00, 2, 100.00, 0, 0.00, 3, 2, 50.00, 5, 50, 8, 16.00, -6.00),
              ('Primary', 100003, 2, 1, 10, 5, 50.00, 1, 100.00, 1, 100.00, 3, 3, 0.00, 5, 50, 8, 16.00, 34.00),
              ('Secondary', 100005, 1, 4, 40, 2, 5.00, 1, 25.00, 0, 0.00, 2, 1, 100.00, 6, 60, 6, 10.00, -5.00),
              ('Secondary', 100006, NULL, 2, 20, 4, 20.00, 1, 50.00, 0, 0.00, 2, 2, 0.00, 6, 60, 6, 10.00, 10.00) $$, 'within their phase');
SELECT results_eq($$ SELECT school_urn, schools_compared, absence_rank, absence_percentile, difference_to_group FROM r.school_comparison('week 2025-09-08', 'statutory', '{100001}') $$,
    $$ VALUES (100001, 1::bigint, 1::bigint, NULL::numeric, 0::numeric) $$, 'a school alone');
SELECT is_empty($$ SELECT FROM r.school_comparison(NULL) UNION ALL SELECT FROM r.school_comparison('week 2025-09-15') UNION ALL SELECT FROM r.area_comparison(NULL) $$, 'none');

-- published for exactly these days, by phase
INSERT INTO r.benchmark_file (title, series, shape, digest) VALUES ('Absence', 'census', 'wide', 'a'), ('Attendance', 'daily', 'wide', 'b');
INSERT INTO r.benchmark_row (file_id, line, days, time_period, time_identifier, geographic_level, area_code, phase, figures)
SELECT f.file_id, min(v.line), v.days::daterange, '2025', 'Week 37', v.level, v.code, v.phase, jsonb_object_agg(v.measure, v.value::text)
FROM (VALUES ('census', 2, '[2025-09-08,2025-09-16)', 'Local authority', '380', 'Primary', 'sess_overall_percent', 8.5),
             ('census', 3, '[2025-09-08,2025-09-16)', 'Regional', 'E12000003', 'Primary', 'sess_overall_percent', 8),
             ('census', 4, '[2025-09-08,2025-09-16)', 'National', 'E92000001', 'Primary', 'sess_overall_percent', 7),
             ('census', 4, '[2025-09-08,2025-09-16)', 'National', 'E92000001', 'Primary', 'enrolments_pa_10_exact_percent', 30),
             ('census', 5, '[2025-09-08,2025-09-16)', 'Local authority', '380', 'Primary', 'enrolments_pa_10_exact_percent', 40),
             ('census', 8, '[2025-09-08,2025-09-15)', 'Local authority', '380', 'Primary', 'sess_overall_percent', 8.5),
             ('census', 6, '[2025-09-08,2025-09-14)', 'Local authority', '380', 'Secondary', 'sess_overall_percent', 1),
             ('census', 7, '[2018-08-01,2019-08-01)', 'School', '100001', 'Primary', 'sess_overall_percent', 4),
             ('daily', 2, '[2025-09-08,2025-09-16)', 'Local authority', '380', 'Primary', 'overall_absence_perc', 9),
             ('daily', 2, '[2025-09-08,2025-09-16)', 'Local authority', '380', 'Primary', 'pa_perc', 45)) AS v (series, line, days, level, code, phase, measure, value)
JOIN r.benchmark_file f ON f.series = v.series
GROUP BY f.file_id, v.days, v.level, v.code, v.phase;
SELECT results_eq($$ SELECT school_urn, benchmark_series, authority_percent, round(difference_to_authority, 2), region_percent, round(difference_to_region, 2), national_percent, round(difference_to_national, 2),
        persistent_authority_percent, round(persistent_difference_to_authority, 2), persistent_national_percent, round(persistent_difference_to_national, 2)
        FROM r.school_comparison('[2025-09-08,2025-09-16)') WHERE school_urn IN (100002, 100005) $$,
    $$ VALUES (100002, 'census', 8.5, -3.50, 8::numeric, -3.00, 7::numeric, -2.00, 40::numeric, 10.00, 30::numeric, 20.00),
              (100005, 'census', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) $$, 'beside what is published of exactly these days');
SELECT results_eq($$ SELECT school_urn, benchmark_series, authority_percent, round(difference_to_authority, 2), persistent_authority_percent FROM r.school_comparison('[2025-09-08,2025-09-16)', series => 'daily') WHERE school_urn = 100002 $$,
    $$ VALUES (100002, 'daily', 9::numeric, -4.00, 45::numeric) $$, 'in the other series');
SELECT results_eq($$ SELECT DISTINCT authority_percent FROM r.school_comparison('[2025-09-08,2025-09-16)', 'all') $$, $$ VALUES (NULL::numeric) $$, 'not of another population');

-- ---------- areas ----------

-- trust 1: 100001 and 100005: 60 possible, 4 absent = 6.667 %; by phase: 10 % primary, 5 % secondary, weights 5 and 6
--   enrolments: (50 + 30) / 11 = 7.273; persistent (100 * 5 + 25 * 6) / 11 = 59.091; trust 2: 30 and 6 = 20 %, primary only
-- none: 100006, 20 %, secondary only
SELECT results_eq($$ SELECT area_code, area_name, schools_compared, enrolments, possible, absent, persistently_absent, severely_absent, round(absence_percent, 3),
        round(persistent_absence_percent, 3), round(severe_absence_percent, 3), weighted, areas, absence_rank FROM r.area_comparison('[2025-09-08,2025-09-16)') $$,
    $$ VALUES ('1', 'Trust One', 2::bigint, 6::bigint, 60::bigint, 4::bigint, 3::bigint, 0::bigint, 6.667, 50.000, 0.000, 'none', 3::bigint, 1::bigint),
              ('2', 'Trust Two', 2, 3, 30, 6, 2, 1, 20.000, 66.667, 33.333, 'none', 3, 2), (NULL, NULL, 1, 2, 20, 4, 1, 0, 20.000, 50.000, 0.000, 'none', 3, 2) $$, 'pooled');
SELECT results_eq($$ SELECT area_code, absence_percent::numeric(9, 3), persistent_absence_percent::numeric(9, 3), severe_absence_percent::numeric(9, 3), weighted, absence_rank
        FROM r.area_comparison('[2025-09-08,2025-09-16)', weights => 'by phase') $$,
    $$ VALUES ('1', 7.273, 59.091, 0.000, 'by phase', 1::bigint), ('2', 20.000, 66.667, 33.333, 'by phase', 2), (NULL, 20.000, 50.000, 0.000, 'by phase', 2) $$, 'by phase');
-- all: primary 16 %, secondary 10 %: weighted 3 to 1 (16 * 3 + 10) / 4 = 14.5; a phase without head count has none
SELECT results_eq($$ SELECT area_code, possible, absent, absence_percent::numeric(9, 3) FROM r.area_comparison('[2025-09-08,2025-09-16)', area => 'all', weights => 'by phase', head_counts => '{"Primary": 3000, "Secondary": 1000}') $$,
    $$ VALUES ('all', 110::bigint, 14::bigint, 14.500) $$, 'with head counts');
SELECT is((SELECT absence_percent::numeric(9, 3) FROM r.area_comparison('[2025-09-08,2025-09-16)', area => 'all', weights => 'by phase', head_counts => '{"Primary": 3000}')), 16.000, 'of some phases');
SELECT is(ARRAY(SELECT area_code || ' ' || area_name || ' ' || round(absence_percent, 2) FROM unnest('{local authority,region}'::text[]) AS a, r.area_comparison('week 2025-09-08', area => a) ORDER BY 1),
    '{380 Bradford 12.73,E12000003 Yorkshire and The Humber 12.73}', 'authority and region');

-- ---------- similar schools ----------

-- size: 2, 2, 1 in the primary schools: mean 5/3, deviation sqrt(2/9) = 0.4714
-- rural, given for 100001 and 100002: 0 and 4: mean 2, deviation 2
-- fsm: pupil 1 of 2 = 50 %, 0, 0: deviation sqrt((33.33^2 + 2 * 16.67^2) / 3) = 23.5702
-- 100001 to 100002: size 0, fsm 50 / 23.5702 = 2.12132 squared 4.5, rural -2 squared 4: weights 1, 1, 2: sqrt((0 + 4.5 + 8) / 4) = 1.76777
-- 100001 to 100003: size 2.12132 squared 4.5, fsm 4.5, no rural: sqrt(9 / 2) = 2.12132
-- 100002 to 100003: size 4.5, fsm 0: sqrt(4.5 / 2) = 1.5
INSERT INTO r.pupil_characteristic VALUES (1, 'fsm', 'Y', '2024-09-01', NULL), (1, 'sen', 'K', '2024-09-01', NULL), (11, 'sen need', 'SEMH', '2024-09-01', NULL), (12, 'sen', 'E', '2024-09-01', '2025-09-13');
INSERT INTO r.school_feature VALUES (100001, 'rural', 0, 'test'), (100002, 'rural', 4, 'test');
SELECT results_eq($$ SELECT school_urn, feature, round(value, 3), computed FROM r.school_features('week 2025-09-08') WHERE school_urn <= 100002 ORDER BY 1, 2 $$,
    $$ VALUES (100001, 'fsm', 50.000, true), (100001, 'rural', 0.000, false), (100001, 'semh', 0.000, true), (100001, 'sen support', 50.000, true), (100001, 'size', 2.000, true),
              (100002, 'fsm', 0.000, true), (100002, 'rural', 4.000, false), (100002, 'semh', 50.000, true), (100002, 'sen support', 0.000, true), (100002, 'size', 2.000, true) $$,
    'features; nobody has a plan at the end of the week');
SELECT results_eq($$ SELECT school_urn, place, similar_urn, similar_school, distance::numeric(9, 3), features_compared
        FROM r.similar_schools('week 2025-09-08', weights => '{"size": 1, "fsm": 1, "rural": 2, "eal": 5, "sen support": 0}') WHERE school_urn <= 100003 $$,
    $$ VALUES (100001, 1::bigint, 100002, 'School 100002', 1.768, 3::bigint), (100001, 2, 100003, 'School 100003', 2.121, 2),
              (100002, 1, 100003, 'School 100003', 1.500, 2), (100002, 2, 100001, 'School 100001', 1.768, 3),
              (100003, 1, 100002, 'School 100002', 1.500, 2), (100003, 2, 100001, 'School 100001', 2.121, 2) $$, 'the nearest first');
SELECT results_eq($$ SELECT similar_urn FROM r.similar_schools('week 2025-09-08', urn => 100001, weights => '{"size": 1, "fsm": 1, "rural": 2}', nearest => 1) $$, 'VALUES (100002)', 'one of one school');
SELECT results_eq($$ SELECT similar_urn, distance::numeric(9, 3) FROM r.similar_schools('week 2025-09-08', urn => 100005, weights => '{"fsm": 1}') $$, 'VALUES (100006, 0.000)', 'a feature in which all are the same');
SELECT is_empty($$ SELECT FROM r.similar_schools('week 2025-09-08', weights => NULL) UNION ALL SELECT FROM r.similar_schools('week 2025-09-08', weights => '{}') UNION ALL SELECT FROM r.similar_schools(NULL)
    UNION ALL SELECT FROM r.similar_schools('week 2025-09-08', 'statutory', '{100001}') $$, 'none');
INSERT INTO r.school_feature VALUES (100002, 'size', 100, 'census');
SELECT results_eq($$ SELECT value, computed FROM r.school_features('week 2025-09-08') WHERE school_urn = 100002 AND feature = 'size' $$, 'VALUES (100::numeric, false)', 'what is entered comes before what is computed');
DELETE FROM r.school_feature WHERE feature = 'size';
SELECT results_eq($$ SELECT school_urn, place, compared_urn, compared_school, distance::numeric(9, 3), enrolments, possible, absent, round(absence_percent, 2), round(difference, 2), persistently_absent,
        round(persistent_absence_percent, 2), severely_absent, round(severe_absence_percent, 2)
        FROM r.similar_school_comparison('[2025-09-08,2025-09-16)', urn => 100001, weights => '{"size": 1, "fsm": 1, "rural": 2}') $$,
    $$ VALUES (100001, 0::bigint, 100001, 'School 100001', 0.000, 2::bigint, 20::bigint, 2::bigint, 10.00, 0.00, 2::bigint, 100.00, 0::bigint, 0.00),
              (100001, 1, 100002, 'School 100002', 1.768, 2, 20, 1, 5.00, 5.00, 1, 50.00, 0, 0.00),
              (100001, 2, 100003, 'School 100003', 2.121, 1, 10, 5, 50.00, -40.00, 1, 100.00, 1, 100.00) $$, 'with their absence');

-- ---------- baselines ----------

-- 100001: 20 possible, 18 attended, 90 %. A year before, week of 9 September 2024: pupil 3 /\, pupil 4 O\: 4 and 3 = 75 %: +15, 18 - 0.75 * 20 = 3 sessions.
-- similar schools (nearest 1: 100002): 20 and 19 = 95 %: -5, -1 session; authority: 50 possible, 42 attended = 84 %: +6, 1.2 sessions
-- published: authority 100 - 8.5 = 91.5: -1.5, -0.3; itself in 2018/19 96 %: -6, -1.2
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 3, '2024-09-09', 'AM', '/'), (100001, 3, '2024-09-09', 'PM', '\'), (100001, 4, '2024-09-09', 'AM', 'O'), (100001, 4, '2024-09-09', 'PM', '\');
SELECT results_eq($$ SELECT baseline, enrolments, possible, attended, round(attendance_percent, 2), baseline_schools, baseline_enrolments, baseline_possible, baseline_attended,
        round(baseline_attendance_percent, 2), round(difference, 2), round(sessions_regained, 3), round(days_regained, 3)
        FROM r.baseline_improvement('week 2025-09-08', weights => '{"size": 1, "fsm": 1, "rural": 2}', nearest => 1) WHERE school_urn = 100001 $$,
    $$ VALUES ('own, a year before', 2::bigint, 20::bigint, 18::bigint, 90.00, 1::bigint, 2::bigint, 4::bigint, 3::bigint, 75.00, 15.00, 3.000, 1.500),
              ('similar schools', 2, 20, 18, 90.00, 1, 2, 20, 19, 95.00, -5.00, -1.000, -0.500),
              ('its authority, in this report', 2, 20, 18, 90.00, 3, 5, 50, 42, 84.00, 6.00, 1.200, 0.600),
              ('its authority, published, census', 2, 20, 18, 90.00, NULL, NULL, NULL, NULL, 91.50, -1.50, -0.300, -0.150),
              ('own, published, census, 2018/19', 2, 20, 18, 90.00, NULL, NULL, NULL, NULL, 96.00, -6.00, -1.200, -0.600) $$, 'all baselines of a school');
SELECT is(ARRAY(SELECT baseline FROM r.baseline_improvement('week 2025-09-08', 'statutory', '{100006}')), '{"its authority, in this report"}', 'those that are known');
SELECT is_empty($$ SELECT FROM r.baseline_improvement(NULL) UNION ALL SELECT FROM r.baseline_improvement('week 2025-09-15') $$, 'none');

-- ---------- errors, rights ----------

SELECT is(refused_with(command), v.wanted, command) FROM (VALUES ('SELECT * FROM r.school_comparison(''soon'')', '22023'), ('SELECT * FROM r.school_comparison(''2025/26'', ''some'')', '22023'),
    ('SELECT * FROM r.school_comparison(''2025/26'', series => ''weekly'')', '22023'), ('SELECT * FROM r.area_comparison(''2025/26'', area => ''ward'')', '22023'),
    ('SELECT * FROM r.area_comparison(''2025/26'', weights => ''by school'')', '22023'), ('SELECT * FROM r.similar_schools(''2025/26'', weights => ''{"size": "x"}'')', '22P02'),
    ('SELECT * FROM r.baseline_improvement(''2025/26'', series => NULL)', '22023'), ('INSERT INTO r.school_feature VALUES (100001, '' '', 1)', '23514'), ('INSERT INTO r.school_feature VALUES (100001, ''x'', ''NaN'')', '23514'),
    ('INSERT INTO r.school_feature VALUES (100099, ''x'', 1)', '23503'), ('INSERT INTO r.school_feature VALUES (100001, ''rural'', 1)', '23505')) AS v (command, wanted);
CREATE ROLE school_reader;
GRANT USAGE ON SCHEMA r, attendance TO school_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA r TO school_reader;
SELECT show_all('r', 'school_reader') \g /dev/null
SET LOCAL search_path = '';
SET LOCAL ROLE school_reader;
SELECT (SELECT count(*) FROM r.school_comparison('week 2025-09-08')) AS schools, (SELECT count(*) FROM r.area_comparison('week 2025-09-08')) AS areas,
    (SELECT count(*) FROM r.similar_school_comparison('week 2025-09-08')) AS compared, (SELECT count(*) FROM r.baseline_improvement('week 2025-09-08')) AS baselines \gset
RESET ROLE;
SET LOCAL search_path = public, attendance;
-- each of three with two others and itself, each of two with one other; 5 of 100001, 3 of 100002 and 100003 with what is published, 2 of 100005 and 100006
SELECT is(ARRAY[:schools, :areas, :compared, :baselines], '{5,3,13,15}', 'a reader, with an empty search path');
SELECT * FROM finish();
ROLLBACK;
