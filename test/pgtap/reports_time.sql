-- Codes, weekdays, edges, weeks, spells and lateness, reckoned by hand from register/two_weeks.sql.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();

-- ---------- codes ----------

-- / 10 + 9 + 8 + 9 + 5 + 8, \ 10 + 10 + 10 + 9 + 5 + 7; of the two with D, pupil 7 has no possible session
SELECT results_eq('SELECT mark::text, class, sessions, possible, round(sessions_percent, 2), round(absence_percent, 2), enrolments_with, enrolments, round(enrolments_percent, 2) FROM r.code_frequency(''[2025-09-08,2025-09-20)'')',
    $$ VALUES ('-', 'unmarked', 384::bigint, 116::bigint, 331.03, NULL::numeric, 0::bigint, 6::bigint, 0.00), ('/', 'present', 49, 116, 42.24, NULL, 6, 6, 100.00), ('\', 'present', 51, 116, 43.97, NULL, 6, 6, 100.00), ('L', 'present', 1, 116, 0.86, NULL, 1, 6, 16.67),
              ('I', 'authorised', 12, 116, 10.34, 80.00, 3, 6, 50.00), ('O', 'unauthorised', 2, 116, 1.72, 13.33, 1, 6, 16.67), ('U', 'unauthorised', 1, 116, 0.86, 6.67, 1, 6, 16.67),
              ('D', 'not possible', 24, 116, 20.69, NULL, 1, 6, 16.67) $$, 'each code, and one or more');
SELECT results_eq('SELECT mark::text, possible FROM r.code_frequency(''2024/25'')', $$ VALUES ('-', 0::bigint) $$, 'where nobody has a mark');
SELECT is_empty('SELECT * FROM r.code_frequency(''[2025-08-01,2025-08-05)'')', 'where none is due');

-- ---------- days ----------

-- Monday AM: 2 * 5 + 1 possible, 2 and 5 absent on the 8th; Friday PM: 2 * 6, 4 and 5 absent on the 12th, 6 on the 19th
SELECT results_eq('SELECT weekday, session, enrolments, possible, absent, authorised, unauthorised, round(absence_percent, 2) FROM r.weekday_absence(''[2025-09-08,2025-09-20)'') WHERE (weekday, session) IN ((1, ''AM''), (5, ''PM'')) OR weekday IS NULL',
    $$ VALUES (1, 'AM', 6::bigint, 11::bigint, 2::bigint, 2::bigint, 0::bigint, 18.18), (5, 'PM', 6, 12, 3, 2, 1, 25.00), (NULL, 'AM', 6, 58, 8, 6, 2, 13.79), (NULL, 'PM', 6, 58, 7, 6, 1, 12.07), (NULL, NULL, 6, 116, 15, 12, 3, 12.93) $$,
    'Monday mornings, Friday afternoons, mornings, afternoons, all');
SELECT is((SELECT round(difference, 4) FROM r.weekday_absence('[2025-09-08,2025-09-20)') WHERE weekday = 5 AND session = 'PM'), 12.0690, '25 - 15 / 116');
SELECT is((SELECT count(*) FROM r.weekday_absence('[2025-09-08,2025-09-20)')), 18::bigint, '5 days by 2 sessions, with sums');
SELECT results_eq('SELECT week, weekday, enrolments, possible, absent FROM r.heat_map_weekdays(''[2025-09-08,2025-09-20)'') WHERE weekday IN (1, 5)',
    $$ VALUES (date '2025-09-08', 1, 6::bigint, 10::bigint, 3::bigint), ('2025-09-08', 5, 6, 12, 4), ('2025-09-15', 1, 6, 12, 0), ('2025-09-15', 5, 6, 12, 1) $$, 'weeks by days');
SELECT results_eq('SELECT pupil_id, week, possible, absent, round(absence_percent, 1) FROM r.heat_map_pupils(''[2025-09-08,2025-09-20)'') WHERE pupil_id IN (5, 6) ORDER BY 1, 2',
    $$ VALUES (5::bigint, date '2025-09-08', 10::bigint, 10::bigint, 100.0), (5, '2025-09-15', 10, 0, 0.0), (6, '2025-09-08', 6, 0, 0.0), (6, '2025-09-15', 10, 1, 10.0) $$, 'pupils by weeks');
SELECT throws_ok('SELECT * FROM r.heat_map_pupils(''2025/26'', only_group => ''4A'')', '22023', NULL, 'of a group that there is not');

-- ---------- edges ----------

SELECT is((SELECT string_agg(edge, ', ' ORDER BY place) FROM r.school_edge_day WHERE school_urn = 100001 AND day = d), wanted, d::text) FROM (VALUES
    (date '2025-09-04', 'first day of term, first day after INSET'), ('2025-09-05', 'last day before a weekend'), ('2025-09-08', 'first day after a weekend'), ('2025-09-09', NULL),
    ('2025-10-24', 'last day before half term'), ('2025-11-03', 'first day after half term'), ('2025-12-19', 'last day of term')) AS v (d, wanted);
SELECT is((SELECT string_agg(edge, ', ' ORDER BY place) FROM r.school_edge_day WHERE school_urn = 100002 AND day = '2025-09-06'), 'last day before a weekend', 'a school that works on Saturdays');
-- Mondays 8 and 15: 10 + 12 possible, 3 absent; Fridays 12 and 19: 12 + 12, 4 + 1; others: 116 - 46, 15 - 8
SELECT results_eq('SELECT edge, school_days, enrolments, possible, absent, round(absence_percent, 2), round(difference, 2) FROM r.edge_days(''[2025-09-08,2025-09-20)'')',
    $$ VALUES ('last day before a weekend', 2::bigint, 6::bigint, 24::bigint, 5::bigint, 20.83, 7.90), ('first day after a weekend', 2, 6, 22, 3, 13.64, 0.71), ('days at no edge', 6, 6, 70, 7, 10.00, -2.93), ('all days', 10, 6, 116, 15, 12.93, 0.00) $$, 'edges of weeks');
SELECT is((SELECT possible FROM r.edge_days('2024/25') WHERE edge = 'all days'), 0::bigint, 'of nobody');

-- ---------- weeks ----------

-- the week with the same number, 37, began on 9 September in 2024
SELECT fill(1, '2024-09-09', '2024-09-10', 'I'), fill(1, '2024-09-11', '2024-09-13', '/') \g /dev/null
INSERT INTO r.benchmark_file (title, series, shape, digest) VALUES ('made up', 'daily', 'wide', 'x'), ('another series', 'census', 'wide', 'y');
INSERT INTO r.benchmark_row (file_id, line, days, time_period, time_identifier, geographic_level, area_code, phase, figures)
SELECT file_id, row_number() OVER (), '[2025-09-08,2025-09-15)', '2025', 'Week 37', level, area, 'Total', jsonb_build_object('overall_absence_perc', value::text) FROM r.benchmark_file, (VALUES ('daily', 'National', 'E92000001', 5.25), ('daily', 'Local authority', '380', 6.5), ('census', 'National', 'E92000001', 99)) AS v (series, level, area, value) WHERE v.series = benchmark_file.series;
SELECT results_eq('SELECT week, iso_year, iso_week, enrolments, possible, absent, round(absence_percent, 2), last_year_week, last_year_enrolments, last_year_possible, last_year_absent, round(last_year_absence_percent, 2), benchmark_percent FROM r.weekly_trend(''[2025-09-08,2025-09-20)'')',
    $$ VALUES (date '2025-09-08', 2025, 37, 6::bigint, 56::bigint, 14::bigint, 25.00, date '2024-09-09', 1::bigint, 10::bigint, 4::bigint, 40.00, 5.25), ('2025-09-15', 2025, 38, 6, 60, 1, 1.67, NULL, NULL, NULL, NULL, NULL, NULL) $$, 'beside last year and the published rate');
SELECT is((SELECT benchmark_percent FROM r.weekly_trend('week 2025-09-08', geographic_level => 'Local authority', area_code => '380')), 6.5, 'of another area');
SELECT is(r.weeks_of_last_year(p), wanted, p) FROM (VALUES ('week 2025-09-08', '[2024-09-09,2024-09-16)'),
    -- 4 August 2025 is the first whole week of the year; of 53 weeks, of which the year before has 52
    ('2025/26', '[2024-08-05,2025-08-04)'), ('week 2020-12-28', '[2019-12-30,2020-01-06)'), ('2025-09-10', '[2024-09-16,2024-09-23)'), (NULL, NULL)) AS v (p, wanted);
SELECT is_empty('SELECT * FROM r.weekly_trend(NULL)', 'no period');

SELECT results_eq('SELECT school_urn, enrolments, pupil_weeks, broken_weeks, round(broken_percent, 2) FROM r.broken_weeks_by_school(''[2025-09-08,2025-09-20)'')', 'VALUES (100001, 6::bigint, 12::bigint, 5::bigint, 41.67), (NULL, 6, 12, 5, 41.67)', '2, 3, 4, 5 and 6 in one of two weeks');
SELECT results_eq('SELECT pupil_id, weeks, broken_weeks, round(broken_percent, 1) FROM r.pupil_broken_weeks(''[2025-09-08,2025-09-20)'') ORDER BY 1', 'VALUES (1::bigint, 2, 0, 0.0), (2, 2, 1, 50.0), (3, 2, 1, 50.0), (4, 2, 1, 50.0), (5, 2, 1, 50.0), (6, 2, 1, 50.0)', 'each');

-- ---------- spells ----------

SELECT fill(8, '2025-09-08', '2025-09-09', 'I'), fill(8, '2025-09-10', '2025-09-10', '/'), fill(8, '2025-09-11', '2025-09-18', 'O', 'I'), fill(8, '2025-09-19', '2025-09-19', 'O', 'D') \g /dev/null
SELECT fill(9, '2025-09-08', '2025-09-09', 'O'), fill(9, '2025-09-10', '2025-09-10', '/'), fill(9, '2025-09-11', '2025-09-12', 'O'), fill(9, '2025-09-15', '2025-09-19', '/') \g /dev/null
-- 8: 4 sessions, then from the 11th 2 * 6 + 1, D at the end does not end it
SELECT results_eq('SELECT pupil_id, absent, spells, longest_sessions, longest_from::text, longest_to::text, current_sessions, current_from::text FROM r.absence_spell_report(''[2025-09-08,2025-09-20)'') ORDER BY 1',
    $$ VALUES (2::bigint, 1::bigint, 1::bigint, 1, '2025-09-08 AM', '2025-09-08 AM', 0, NULL), (3, 1, 1, 1, '2025-09-10 AM', '2025-09-10 AM', 0, NULL), (4, 2, 1, 2, '2025-09-12 AM', '2025-09-12 PM', 0, NULL),
              (5, 10, 1, 10, '2025-09-08 AM', '2025-09-12 PM', 0, NULL), (6, 1, 1, 1, '2025-09-19 PM', '2025-09-19 PM', 1, '2025-09-19 PM'), (8, 17, 2, 13, '2025-09-11 AM', '2025-09-19 AM', 13, '2025-09-11 AM'),
              (9, 8, 2, 4, '2025-09-08 AM', '2025-09-09 PM', 0, NULL) $$, 'count, longest, current');
SELECT is((SELECT array_agg(pupil_id ORDER BY pupil_id) FROM r.absence_spell_report('[2025-09-08,2025-09-20)', at_least_days => 5)), '{5,8}', 'of at least five days');
SELECT is((SELECT current_sessions FROM r.absence_spell_report('[2025-09-08,2025-09-13)') WHERE pupil_id = 5), 10, 'as it stood at the end of the period');
SELECT is_empty('SELECT * FROM r.absence_spell_report(''2025/26'', at_least_days => NULL)', 'no days');

-- ---------- lateness ----------

INSERT INTO r.late_arrival (school_urn, pupil_id, session, minutes) VALUES (100001, 3, '2025-09-09 AM', 10), (100001, 3, '2025-09-10 AM', 41), (100001, 3, '2025-09-11 AM', 5), (100001, 1, '2025-09-11 AM', 5);
-- of Thursday the register says that pupil 3 was in time
SELECT results_eq('SELECT pupil_id, possible, late, late_before_close, late_after_close, round(late_percent, 2), timed, minutes, round(minutes_per_lateness, 1) FROM r.punctuality(''[2025-09-08,2025-09-20)'')',
    'VALUES (3::bigint, 20::bigint, 2::bigint, 1::bigint, 1::bigint, 10.00, 2::bigint, 51::bigint, 25.5)', 'late and by how much');
SELECT results_eq('SELECT pupil_id, late, timed, minutes, minutes_per_lateness FROM r.punctuality(''day 2025-09-10'')', 'VALUES (3::bigint, 1::bigint, 1::bigint, 41::bigint, 41::numeric)', 'on a day');
SELECT results_eq('SELECT weekday, session, late, late_before_close, late_after_close, timed, minutes FROM r.punctuality_by_weekday(''[2025-09-08,2025-09-20)'') WHERE late > 0 AND session = ''AM''',
    $$ VALUES (2, 'AM', 1::bigint, 1::bigint, 0::bigint, 1::bigint, 10::bigint), (3, 'AM', 1, 0, 1, 1, 41), (NULL, 'AM', 2, 1, 1, 2, 51) $$, 'by day');
SELECT is(split_part(outcome(format('INSERT INTO r.late_arrival (school_urn, pupil_id, session, minutes) VALUES (100001, 2, ''2025-09-09 AM'', %s)', m)), ':', 1), wanted, m || ' minutes') FROM (VALUES ('0', '23514'), ('481', '23514'), ('480', 'accepted'), ('NULL', '23502')) AS v (m, wanted);

-- ---------- edges of periods ----------

SELECT results_eq('SELECT week, possible > 0, last_year_possible, benchmark_percent FROM r.weekly_trend(''day 2025-09-08'')',
    $$ VALUES (date '2025-09-08', true, NULL::bigint, NULL::numeric) $$, 'a part of a week is not compared with whole ones');
INSERT INTO r.term_date VALUES (100003, 2025, 'Summer', 2, '2026-06-01', '2026-07-17');
SELECT is((SELECT days FROM r.school_period('half term 2026-08-10', '{100003}')), '[2026-06-01,2026-07-18)', 'in August the half term is that of the summer before');
SELECT is((SELECT days FROM r.school_period('half term 2026-09-20', '{100003}')), NULL, 'but in September it is not, where the new ones are missing');
SELECT is((SELECT count(*) FROM r.report_line('half term 2026-08-10', 'all', '{100003}') WHERE isempty(days)), 0::bigint, 'nor are there lines of another year');
SELECT is(split_part(outcome(command), ':', 1), '22023', command) FROM (VALUES ('SELECT * FROM r.headline(''day 2025-02-30'')'), ('SELECT * FROM r.transition_years(''[2024-09-01,2026-07-31)'')')) AS v (command);
SELECT is((SELECT count(*) FROM r.report_line('2025/26') WHERE pupil_id = 1), 1::bigint, 'counted');
UPDATE r.enrolment SET status = 'G', holds_from = '2000-01-01', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 1;
SELECT is((SELECT count(*) FROM r.report_line('2025/26') WHERE pupil_id = 1), 0::bigint, 'a guest is counted at his own school');

SELECT * FROM finish();
ROLLBACK;
