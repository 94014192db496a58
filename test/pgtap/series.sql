-- The two official series of a register: one that is built to a published row gives back that row.
BEGIN;
SET client_min_messages = warning;
SET search_path = public, attendance;
SELECT * FROM no_plan();
SELECT create_register('s') \g /dev/null
SELECT add_academic_year('s', year) FROM generate_series(2018, 2019) AS year \g /dev/null
SET search_path = s, public, attendance;
INSERT INTO region VALUES ('E12000003', 'Yorkshire and the Humber');
INSERT INTO local_authority VALUES (380, 'E08000032', 'Bradford', 'E12000003');
INSERT INTO trust VALUES (16000, 'Trust, of Bradford');
INSERT INTO school (urn, laestab, name, phase, type, la_number, trust_uid) VALUES
    (107266, 3802130, 'Primary', 'Primary', 'Local authority maintained schools', 380, NULL),
    (100002, NULL, 'Small', 'Secondary', 'Academies', 380, NULL),
    (100003, NULL, 'A, B', 'Primary', 'Academies', 380, 16000), (100004, NULL, 'Upper', 'Middle deemed secondary', 'Academies', 380, 16000),
    (100005, NULL, 'Independent', 'Primary', 'Independent schools', 380, NULL);
INSERT INTO rule_setting SELECT urn, rule, 'record', 'test', 'test' FROM school,
    unnest(ARRAY['leave', 'nature', 'school age', 'late admission', 'study leave', 'code no longer in force']) AS rule;
INSERT INTO term_date SELECT urn, year, 'Autumn', 1, make_date(year, 9, 2), make_date(year + 1, 7, 23)
FROM school, generate_series(2018, 2019) AS year;
-- one long term without holidays, so that figures can be reckoned
INSERT INTO bank_holiday_change SELECT h.day, h.name, false FROM generate_series(2018, 2020) AS y, usual_bank_holidays(y) AS h ON CONFLICT (day) DO UPDATE SET is_holiday = false;
SELECT build_calendar('s', urn, 2018) FROM school \g /dev/null
SELECT build_calendar('s', urn, 2019, CASE WHEN urn = 100004 THEN '{1,2,3,4}' ELSE '{1,2,3,4,5}'::int[] END) FROM school \g /dev/null

-- ---------- the census series ----------

-- Department for Education, "Pupil absence in schools in England: 2018 to 2019", school file, URN 107266
-- (Open Government Licence v3.0): 44 enrolments, 3 of them persistently absent with 834 of the 11,742
-- possible sessions.  What is not published is how they are spread over the pupils: here evenly.
CREATE TABLE absence AS
    SELECT class, code, row_number() OVER (PARTITION BY class ORDER BY place, n) AS n
    FROM (VALUES (1, 'authorised', 'I', 241), (2, 'authorised', 'M', 18), (3, 'authorised', 'H', 10), (4, 'authorised', 'C', 17),
                 (5, 'unauthorised', 'G', 64), (6, 'unauthorised', 'U', 4), (7, 'unauthorised', 'O', 57), (8, 'unauthorised', 'N', 9))
        AS v (place, class, code, sessions), generate_series(1, sessions) AS n;
-- of the persistent absentees 52 authorised and 82 unauthorised; spread in turn over 3 and 41 pupils
CREATE TABLE spread AS
    SELECT CASE WHEN persistent THEN 1 + (k - 1) % 3 ELSE 4 + (k - 1) % 41 END AS pupil, code
    FROM (SELECT code, n <= CASE class WHEN 'authorised' THEN 52 ELSE 82 END AS persistent,
              row_number() OVER (PARTITION BY n <= CASE class WHEN 'authorised' THEN 52 ELSE 82 END ORDER BY class, n) AS k
          FROM absence) AS a;
-- 3 x 278 = 834; 41 x 266 + 2 = 10,908
CREATE TABLE line AS
    SELECT pupil, codes || substr(repeat('/\', 190), length(codes) + 1, sessions - length(codes)) AS marks
    FROM (SELECT p AS pupil, CASE WHEN p <= 3 THEN 278 WHEN p <= 5 THEN 267 ELSE 266 END AS sessions,
              (SELECT string_agg(code, '') FROM spread WHERE pupil = p) AS codes
          FROM generate_series(1, 44) AS p) AS v;
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) SELECT p, 'S', 'F', '2010-03-01' FROM generate_series(1, 44) AS p;
INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT 107266, pupil, '2018-09-03' FROM line;
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks) SELECT 107266, 2018, pupil, mark_series('2018-09-03', marks, 5) FROM line;
-- who is not in it: aged 4, aged 16, entered in the second half of the summer term (from 27 May 2019), no possible session
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (51, 'S', 'F', '2013-09-01'), (52, 'S', 'F', '2002-08-31'),
    (53, 'S', 'F', '2010-03-01'), (54, 'S', 'F', '2010-03-01');
INSERT INTO enrolment (school_urn, pupil_id, start_date) VALUES (107266, 51, '2018-09-03'), (107266, 52, '2018-09-03'),
    (107266, 53, '2019-05-28'), (107266, 54, '2018-09-03');
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks) VALUES (107266, 2018, 51, mark_series('2018-09-03', 'IIII', 5)),
    (107266, 2018, 52, mark_series('2018-09-03', 'OOOO', 5)), (107266, 2018, 53, mark_series('2019-05-28', 'IIII', 5)),
    (107266, 2018, 54, mark_series('2018-09-03', 'YYYY', 5));
-- a school with five enrolments, and one of an independent school
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) SELECT p, 'S', 'F', '2004-03-01' FROM generate_series(61, 66) AS p;
INSERT INTO enrolment (school_urn, pupil_id, start_date) SELECT CASE p WHEN 66 THEN 100005 ELSE 100002 END, p, '2018-09-03' FROM generate_series(61, 66) AS p;
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks)
SELECT school_urn, 2018, pupil_id, mark_series('2018-09-03', 'IIII', 5) FROM enrolment WHERE pupil_id BETWEEN 61 AND 66;

SELECT is(to_jsonb(c) - ARRAY(SELECT jsonb_object_keys(to_jsonb(c)) INTERSECT SELECT column_name FROM benchmark_column WHERE unit = '%'),
    '{"series": "census", "time_period": "201819", "time_identifier": "Academic year", "year_breakdown": "six half terms",
      "geographic_level": "School", "country_code": "E92000001", "country_name": "England", "region_code": "E12000003",
      "region_name": "Yorkshire and the Humber", "old_la_code": "380", "new_la_code": "E08000032", "la_name": "Bradford", "trust_id": null,
      "trust_name": null, "school_urn": 107266, "school_laestab": "3802130", "school_name": "Primary", "education_phase": "State-funded primary",
      "num_schools": 1, "enrolments": 44, "sess_possible": 11742, "sess_overall": 420, "sess_authorised": 286, "sess_unauthorised": 134,
      "enrolments_pa_10_exact": 3, "sess_possible_pa_10_exact": 834, "sess_overall_pa_10_exact": 134, "sess_authorised_pa_10_exact": 52,
      "sess_unauthorised_pa_10_exact": 82, "enrolments_pa_50_exact": 0, "sess_auth_illness": 241, "sess_auth_appointments": 18,
      "sess_auth_religious": 0, "sess_auth_study": 0, "sess_auth_traveller": 0, "sess_auth_holiday": 10, "sess_auth_ext_holiday": 0,
      "sess_auth_excluded": 0, "sess_auth_interview": 0, "sess_auth_reg_performance": 0, "sess_auth_temp_reduced_timetable": 0,
      "sess_auth_other": 17, "sess_auth_totalreasons": 286, "sess_unauth_holiday": 64, "sess_unauth_late": 4, "sess_unauth_other": 57,
      "sess_unauth_noyet": 9, "sess_unauth_totalreasons": 134, "sess_overall_totalreasons": 420, "sess_x_covid": 0, "sess_y_exceptional": 0,
      "sess_q_la_arrangements": 0}'::jsonb, 'the counts of the published row')
FROM census_absence(2018, level => 'School') c;
SELECT results_eq('SELECT round(sess_overall_percent, 5), round(sess_authorised_percent, 5), round(sess_unauthorised_percent, 5),
        round(enrolments_pa_10_exact_percent, 5), round(sess_overall_percent_pa_10_exact, 5), round(sess_authorised_percent_pa_10_exact, 5),
        round(sess_unauthorised_percent_pa_10_exact, 5), enrolments_pa_50_exact_percent = 0, round(sess_auth_illness_rate, 5)
    FROM census_absence(2018, level => ''School'')',
    -- the last is not in the file of that year: 241 / 11742
    'VALUES (3.57690, 2.43570, 1.14120, 6.81818, 16.06715, 6.23501, 9.83213, true, 2.05246)', 'its percentages');
SELECT results_eq('SELECT geographic_level, education_phase, num_schools, enrolments, sess_overall FROM census_absence(2018)',
    $$ VALUES ('National', 'State-funded primary', 1::bigint, 44::bigint, 420::bigint), ('National', 'Total', 1, 44, 420),
        ('Regional', 'State-funded primary', 1, 44, 420), ('Regional', 'Total', 1, 44, 420),
        ('Local authority', 'State-funded primary', 1, 44, 420), ('Local authority', 'Total', 1, 44, 420),
        ('School', 'State-funded primary', 1, 44, 420) $$, 'its areas; five enrolments and an independent school are not published');
-- a sixth enrolment: the school is published; aged 15, the second half of the summer term does not count
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (67, 'S', 'F', '2003-08-31');
INSERT INTO enrolment (school_urn, pupil_id, start_date) VALUES (100002, 67, '2018-09-03');
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks) VALUES (100002, 2018, 67, mark_series('2019-05-24', '/\OOOO', 5));
SELECT results_eq('SELECT terms, enrolments, sess_possible, sess_unauthorised, enrolments_pa_50_exact
        FROM unnest(ARRAY[''Autumn term'', ''Spring term'', ''Summer term'', ''Autumn and spring term'', ''five half terms'', ''six half terms'', NULL]) terms
        CROSS JOIN census_absence(2018, terms, ''School'', ARRAY[100002])',
    -- five at 4 sessions; with the sixth, two sessions of May, six
    $$ VALUES ('five half terms', 6::bigint, 22::bigint, 0::bigint, 5::bigint), ('six half terms', 6, 22, 0, 5) $$, 'the last half term of those aged 15');
SELECT results_eq('SELECT census_days(2018, t) FROM unnest(ARRAY[''Autumn term'', ''Spring term'', ''Summer term'', ''Autumn and spring term'', ''five half terms'', ''six half terms'', NULL]) t',
    -- Easter Sunday 2019 is 21 April, the spring bank holiday 27 May
    $$ VALUES ('[2018-08-01,2019-01-01)'::daterange), ('[2019-01-01,2019-04-22)'), ('[2019-04-22,2019-08-01)'), ('[2018-08-01,2019-04-22)'),
        ('[2018-08-01,2019-05-27)'), ('[2018-08-01,2019-08-01)'), (NULL) $$, 'the days of the terms');
SELECT is_empty('SELECT FROM census_absence(2017)', 'a year without lines');
SELECT is_empty('SELECT FROM census_absence(NULL)', 'no year');

-- ---------- the daily series ----------

-- Week of 4 November 2019.  Primary: one pupil all week, one from Wednesday: 10 + 6 sessions, I and U.
-- Secondary, open Monday to Thursday: one pupil, 8 sessions, O twice.
INSERT INTO pupil (pupil_id, surname, forename, date_of_birth) VALUES (71, 'S', 'F', '2012-03-01'), (72, 'S', 'F', '2012-03-01'), (73, 'S', 'F', '2007-03-01');
INSERT INTO enrolment (school_urn, pupil_id, start_date) VALUES (100003, 71, '2019-11-04'), (100003, 72, '2019-11-06'), (100004, 73, '2019-11-04');
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks) VALUES (100003, 2019, 71, mark_series('2019-11-04', '/\/\/\/\/\', 5)),
    (100003, 2019, 72, mark_series('2019-11-06', 'I\U\/\', 5)), (100004, 2019, 73, mark_series('2019-11-04', 'OOL\/\B\', 5));
SELECT results_eq('SELECT series, time_period, time_identifier, education_phase, num_schools, enrolments, possible_sessions, overall_absence, late_sessions,
        attendance_perc, pa_enrolments, pa_persistently_absent, pa_perc, phase_weights
    FROM daily_attendance(''week 2019-11-08'', level => ''Local authority'')',
    -- enrolments (1 + 1 + 2 + 2 + 2) / 5; of the total (1.6 x 5 + 4) / 5; schools (2 x 4 + 1) / 5
    $$ VALUES ('daily', '2019', 'Week 45', 'Primary', 1::numeric, 1.6, 16::bigint, 2::bigint, 1::bigint, 87.5, 2::bigint, NULL::bigint, NULL::numeric, 'pooled'),
        ('daily', '2019', 'Week 45', 'Secondary', 1, 1, 8, 2, 1, 75, 1, NULL, NULL, 'pooled'),
        ('daily', '2019', 'Week 45', 'Total', 1.8, 2.4, 24, 4, 2, 20 * 100.0 / 24, 3, NULL, NULL, 'pooled') $$, 'means over days, sums over sessions');
SELECT results_eq($$ SELECT time_identifier, attendance_perc, pa_perc, phase_weights FROM daily_attendance('statistical term 2019-11-08',
        level => 'MAT', weights => '{"Primary": 1, "Secondary": 3}') WHERE education_phase = 'Total' $$,
    -- (87.5 + 3 x 75) / 4 and (50 + 3 x 100) / 4
    $$ VALUES ('Autumn term', 78.125, 87.5, 'by head count') $$, 'the total by head count');
SELECT results_eq($$ SELECT count(*), count(DISTINCT geographic_level) FROM daily_attendance('week 2019-11-08') $$, 'VALUES (14::bigint, 5::bigint)', 'all levels');
SELECT is_empty($$ SELECT FROM daily_attendance('week 2019-11-11') $$, 'a week without marks');
SELECT is_empty('SELECT FROM daily_attendance(NULL)', 'no period');
SELECT throws_ok($$ SELECT FROM daily_attendance('weak') $$, '22023', NULL, 'what is no period');

-- ---------- files ----------

CREATE FUNCTION file_of(lines text[]) RETURNS text LANGUAGE sql RETURN array_to_string(lines, E'\n');
CREATE TABLE exported AS
    SELECT file_of(ARRAY(SELECT ees_export('census', '2018/19'))) AS census, file_of(ARRAY(SELECT ees_export('daily', 'week 2019-11-08', suppress => false))) AS daily;
SELECT results_eq('SELECT series, rows, unknown_columns, repeated_columns, problems FROM exported, import_benchmark(census, ''own'')',
    $$ VALUES ('census', 11::bigint, '{}'::text[], '{}'::text[], '{}'::text[]) $$, 'an export of the census series is imported');
SELECT results_eq('SELECT series, rows, unknown_columns, repeated_columns, problems FROM exported, import_benchmark(daily, ''own'')',
    $$ VALUES ('daily', 14::bigint, '{}'::text[], '{}'::text[], '{}'::text[]) $$, 'an export of the daily series is imported');
SELECT results_eq('SELECT sum(different + one_unit_apart), sum(checked) > 200 FROM benchmark_checked()', 'VALUES (0::numeric, true)', 'what is exported follows from its counts');
SELECT is(benchmark_rate('sess_overall_percent', 'census', '[2018-08-01,2019-08-01)', 'School', '107266', 'Primary'), 3.5769, 'a figure of it');
SELECT is(benchmark_rate('attendance_perc', 'daily', '[2019-11-04,2019-11-11)', 'MAT', '16000'), 83.3333333333333, 'another');
-- one school in each phase: all but the header; a total of two schools would show what each one is not
SELECT results_eq($$ SELECT line ~ ',c,c,c,', count(*) FROM ees_export('daily', 'week 2019-11-08') line GROUP BY 1 ORDER BY 1 $$,
    'VALUES (false, 1::bigint), (true, 9::bigint)', 'phases with one school are suppressed at each level, and what would show them');
SELECT is((SELECT count(*) FROM ees_export('daily', 'week 2019-11-08', 'School')), 0::bigint, 'no schools where there is suppression');
SELECT results_eq($$ SELECT m FROM ees_meta('census', '2018/19') m WHERE m ~ '^(col_name|education_phase|sess_possible,|sess_overall_percent,)' $$,
    $$ VALUES ('col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_grouping_column'),
        ('education_phase,Filter,School type,,,,Filter by school type,'), ('sess_possible,Indicator,Possible sessions,Sessions,,0,,'),
        ('sess_overall_percent,Indicator,Overall absence rate,Absence rates,%,5,,') $$, 'its meta file');
SELECT is((SELECT count(*) FROM ees_meta('census', '2018/19')) - 1 + 14, (SELECT cardinality(string_to_array(split_part(census, E'\n', 1), ',')) FROM exported)::bigint,
    'each column is in it, but for those of time and place, and filters of one level');
-- rules of the Department's screener of files
SELECT is_empty($$ SELECT FROM ees_meta('census', '2018/19') m WHERE m LIKE 'year_breakdown,%' $$, 'no filter of one level');
SELECT is_empty($$ SELECT v.value FROM exported x CROSS JOIN LATERAL (SELECT (csv_rows(x.daily)).*) AS r CROSS JOIN LATERAL unnest(r.fields) WITH ORDINALITY AS v (value, n)
    JOIN LATERAL (SELECT h.n, h.name FROM unnest((SELECT fields FROM csv_rows(x.daily) LIMIT 1)) WITH ORDINALITY AS h (name, n)) AS h ON h.n = v.n
    JOIN benchmark_column c ON c.column_name = h.name AND c.decimal_places = 0 WHERE r.line > 1 AND v.value !~ '^(\d+|[cz])$' $$, 'whole numbers where indicator_dp is 0');
SELECT is_empty($$ SELECT ees_export('daily', NULL) $$, 'nothing for no period');
SELECT throws_ok($$ SELECT ees_export('Daily', '2018/19') $$, '22023', '"Daily" is none of: census, daily', 'another series');
SELECT throws_ok($$ SELECT ees_export('daily', '2018/19', 'school') $$, '22023', '"school" is none of: National, Regional, Local authority, MAT, School', 'another level');

-- ---------- who may read ----------

CREATE ROLE series_reader;
GRANT USAGE ON SCHEMA s TO series_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA s TO series_reader;
GRANT USAGE ON SCHEMA attendance TO series_reader;
SELECT show_all('s', 'series_reader') \g /dev/null
SET ROLE series_reader;
SET search_path = public;
SELECT public.is((SELECT count(*) FROM s.census_absence(2018)), 11::bigint, 'a reader, without a search path');
SELECT public.is((SELECT count(*) FROM s.daily_attendance('week 2019-11-08')), 14::bigint, 'the daily series, too');
RESET ROLE;
SELECT * FROM public.finish();
ROLLBACK;
