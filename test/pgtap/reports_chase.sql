-- Chase lists, monitoring and regular reports, reckoned by hand; and who may ask for reports.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();

-- ---------- missing marks ----------

-- School 100004 holds 8 September 2025 AM and PM, and the 9th AM; the 10th is closed, and marked so.
INSERT INTO r.school_day (school_urn, day, morning, afternoon, closure) VALUES (100004, '2025-09-08', true, true, NULL), (100004, '2025-09-09', true, false, 'polling'), (100004, '2025-09-10', false, false, 'polling');
INSERT INTO r.pupil (pupil_id, surname, forename, date_of_birth) SELECT n, 'Surname ' || n, 'Forename', '2008-03-01' FROM generate_series(71, 76) AS n;
INSERT INTO r.enrolment (school_urn, pupil_id, start_date, registration_group, boarder)
SELECT 100004, id, start, grp, boarder FROM (VALUES (71, date '2025-09-01', '4A', 'N'), (72, '2025-09-01', '4A', 'N'), (73, '2025-09-01', '4B', 'N'), (74, '2025-09-01', '4B', 'N'), (75, '2025-09-09', '4B', 'N'), (76, '2025-09-01', '4B', 'B')) AS v (id, start, grp, boarder);
SELECT fill(71, '2025-09-08', '2025-09-09', '/', school => 100004), fill(72, '2025-09-08', '2025-09-08', '/', '-', 100004), fill(74, '2025-09-08', '2025-09-08', '/', school => 100004) \g /dev/null
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100004, 74, '2025-09-10', 'AM', '#');
-- 72 has "-" and nothing, 73 no line; of 74 # on a closed day does not stand for the 9th; 75 has come on the 9th; 76 is a boarder
SELECT results_eq('SELECT registration_group, day, session, unmarked, on_roll, pupils FROM r.unmarked_by_group(''2025/26'', ''{100004}'')',
    $$ VALUES ('4A', date '2025-09-08', 'PM', 1::bigint, 2::bigint, '{72}'::bigint[]), ('4A', '2025-09-09', 'AM', 1, 2, '{72}'), ('4B', '2025-09-08', 'AM', 1, 2, '{73}'),
              ('4B', '2025-09-08', 'PM', 1, 2, '{73}'), ('4B', '2025-09-09', 'AM', 3, 3, '{73,74,75}') $$, 'sessions without marks');
SELECT is((SELECT count(*) FROM r.unmarked_by_group('day 2025-09-09', '{100004}')), 2::bigint, 'of a day');
SELECT results_eq('SELECT school_urn::int, day, session, sum(unmarked)::bigint FROM r.unmarked_by_group(''[2025-09-08,2025-09-20)'') GROUP BY 1, 2, 3 ORDER BY 1, 2, 3',
    'SELECT school_urn::int, day, session, count(*) FROM r.unmarked_session WHERE day >= ''2025-09-08'' AND day < ''2025-09-20'' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3', 'as the view has them, at every school');
SELECT is_empty('SELECT * FROM r.unmarked_by_group(NULL)', 'no period');

-- ---------- N ----------

SELECT fill(8, '2025-09-08', '2025-09-08', 'N', '/'), fill(8, '2025-09-18', '2025-09-18', 'N', '/') \g /dev/null
-- 9 to 12 and 15 to 19 September
SELECT results_eq('SELECT pupil_id, day, session, school_days FROM r.unexplained_chase(''[2025-09-08,2025-09-20)'')', $$ VALUES (8::bigint, date '2025-09-08', 'AM', 9::bigint) $$, 'older than five school days');
SELECT is((SELECT array_agg(school_days ORDER BY day) FROM r.unexplained_chase('[2025-09-08,2025-09-20)', older_than => 0)), '{9,1}', 'or than none');
SELECT is_empty('SELECT * FROM r.unexplained_chase(''[2025-09-08,2025-09-16)'')', 'five are not more than five');
SELECT is((SELECT count(*) FROM r.unexplained_chase('[2025-09-08,2025-09-17)')), 1::bigint, 'six are');

-- ---------- B, K, C2 ----------

INSERT INTO r.rule_setting SELECT 100001, rule, 'record', 'test', 'test' FROM unnest('{leave not in advance,leave applicant,leave authority,leave reason,leave part-time}'::text[]) AS rule;
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark, nature)
SELECT 100001, 9, day, s, CASE WHEN s = 'AM' THEN 'B' ELSE '\' END::session_mark, CASE WHEN s = 'AM' THEN CASE WHEN day < '2025-09-15' THEN 'tuition' ELSE 'farm' END END
FROM r.school_day, unnest('{AM,PM}'::text[]) AS s WHERE school_urn = 100001 AND day BETWEEN '2025-09-08' AND '2025-09-19';
INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, agreed_with, agreed_by, agreed_on, review_dates, status)
VALUES (100001, 10, '{[2025-09-08 PM,2025-09-08 PM],[2025-09-15 PM,2025-09-16 PM]}', 'ill', 'A parent', 'Head', '2025-09-01', '{2025-09-12,2025-09-16}', 'agreed');
INSERT INTO r.part_time_review (timetable_id, review_date, held_on, held_by, outcome) SELECT timetable_id, '2025-09-12', '2025-09-12', 'Head', 'goes on' FROM r.part_time_timetable;
SELECT fill(10, '2025-09-08', '2025-09-08', '/', 'C2'), fill(10, '2025-09-09', '2025-09-15', '/'), fill(10, '2025-09-16', '2025-09-16', 'C2', 'C2') \g /dev/null
SELECT results_eq('SELECT pupil_id, mark::text, sessions, possible, round(sessions_percent, 1), first_day, last_day, weeks, natures FROM r.code_monitoring(''[2025-09-08,2025-09-20)'', at_least => 3) ORDER BY 1',
    $$ VALUES (9::bigint, 'B', 10::bigint, 20::bigint, 50.0, date '2025-09-08', date '2025-09-19', 2::bigint, 'farm; tuition'), (10, 'C2', 3, 14, 21.4, '2025-09-08', '2025-09-16', 2, NULL) $$, 'long use of codes');
SELECT is_empty('SELECT * FROM r.code_monitoring(''[2025-09-08,2025-09-20)'')', 'not for 20 sessions');
SELECT is((SELECT array_agg(pupil_id ORDER BY pupil_id) FROM r.code_monitoring('[2025-09-08,2025-09-20)', codes => '{I}', at_least => 10)), '{5}', 'of other codes');
SELECT throws_ok($$ SELECT * FROM r.code_monitoring('2025/26', codes => '{ZZ}') $$, '22P02', NULL, 'no code');
-- 8 to 16 September: seven school days
SELECT results_eq('SELECT pupil_id, first_day, last_day, weeks, sessions, possible, reviews, reviews_held, next_review, review_overdue FROM r.part_time_monitoring(''2025/26'')',
    $$ VALUES (10::bigint, date '2025-09-08', date '2025-09-16', 2, 3::bigint, 14::bigint, 2, 1::bigint, date '2025-09-16', current_date > '2025-09-16') $$, 'part-time timetables');
SELECT is((SELECT sessions FROM r.part_time_monitoring('week 2025-09-08')), 1::bigint, 'in a week');
SELECT is_empty('SELECT * FROM r.part_time_monitoring(''week 2025-09-22'')', 'over');

-- ---------- for form teachers, leaders, parents ----------

-- of pupil 5 the second week, and since 1 August 10 of 20; of 8 the N
SELECT results_eq('SELECT pupil_id, marks, possible, absent, late, unexplained, year_possible, year_absent, round(year_absence_percent, 1), year_label FROM r.weekly_class_list(''week 2025-09-15'', schools => ''{100001}'') WHERE pupil_id IN (5, 8)',
    $$ VALUES (5::bigint, '2025-09-15 /\/\/\/\/\', 10::bigint, 0::bigint, 0::bigint, 0::bigint, 20::bigint, 10::bigint, 50.0, 'to 50 %: severely absent'),
              (8, '2025-09-15 ------N\--', 2, 1, 0, 1, 4, 2, 50.0, 'to 50 %: severely absent') $$, 'a class and its week');
SELECT is((SELECT array_agg(pupil_id) FROM r.weekly_class_list('week 2025-09-08', only_group => '4A')), '{71,72}', 'of one group');

-- pupils 1 to 7 of 116 possible sessions and 9 of 20, 10 of 14, 8 of 4: 154; absent 15 + 3 + 2; on Fridays 24 + 4 + 2 and 5
SELECT results_eq('SELECT section, measure, numerator, denominator, round(percent, 2), enrolments, compared_numerator, compared_denominator, round(difference, 2) FROM r.leaders_report(''[2025-09-08,2025-09-20)'', schools => ''{100001}'', compared_with => ''week 2025-09-15'')
        WHERE measure IN (''absence'', ''persistently absent'', ''severely absent, unauthorised only'', ''100 %'', ''Friday'', ''I Illness'')',
    $$ VALUES ('1 attendance', 'absence', 20::bigint, 154::bigint, 12.99, 9::bigint, 4::bigint, 76::bigint, 7.72), ('2 persistent absence', 'persistently absent', 4, 9, 44.44, 9, NULL, 9, NULL),
              ('2 persistent absence', 'severely absent, unauthorised only', 1, 9, 11.11, 9, NULL, 9, NULL), ('3 bands of attendance', '100 %', 2, 9, 22.22, 9, 6, 9, -44.44),
              ('4 absence by day', 'Friday', 5, 30, 16.67, 9, 1, 14, 9.52), ('5 reasons for absence', 'I Illness', 12, 154, 7.79, 9, 1, 76, 6.48) $$, 'for leaders');
SELECT is((SELECT count(compared_numerator) FROM r.leaders_report('2025/26')), 0::bigint, 'compared with nothing');
-- pupil 8 alone has N on the 18th, nobody on the 19th
SELECT results_eq($$ SELECT measure, numerator, percent, compared_numerator FROM r.leaders_report('day 2025-09-19', 'statutory', '{100001}', 'day 2025-09-18') WHERE measure LIKE 'N %' $$,
    $$ VALUES ('N Reason not yet established', 0::bigint, 0::numeric, 1::bigint) $$, 'a reason of the other period alone');
SELECT results_eq($$ SELECT measure, numerator, compared_numerator, compared_percent FROM r.leaders_report('day 2025-09-18', 'statutory', '{100001}', 'day 2025-09-19') WHERE measure LIKE 'N %' $$,
    $$ VALUES ('N Reason not yet established', 1::bigint, 0::bigint, 0::numeric) $$, 'a reason of this one alone');
-- what the report of leaders says is what the reports by themselves say
SELECT results_eq('SELECT numerator, denominator, percent, enrolments FROM r.leaders_figures(''2025/26'') WHERE section LIKE ''4%''', 'SELECT absent, possible, absence_percent, enrolments FROM r.weekday_absence(''2025/26'') WHERE weekday IS NOT NULL AND session IS NULL', 'days');
SELECT results_eq('SELECT numerator, denominator, percent, enrolments FROM r.leaders_figures(''2025/26'') WHERE section LIKE ''3%''', 'SELECT enrolments, all_enrolments, enrolments_percent, all_enrolments FROM r.attendance_bands(''2025/26'')', 'bands');
SELECT results_eq('SELECT numerator, denominator, percent, enrolments FROM r.leaders_figures(''2025/26'') WHERE section LIKE ''5%''', 'SELECT sessions, possible, sessions_percent, enrolments FROM r.code_frequency(''2025/26'') WHERE is_absence(mark)', 'codes');
SELECT results_eq('SELECT numerator FROM r.leaders_figures(''2025/26'') WHERE section LIKE ''2%'' AND place > 2 ORDER BY place', 'SELECT unnest(ARRAY[persistently_absent, severely_absent]) FROM r.persistent_absence_by_kind(''2025/26'') WHERE kind = ''unauthorised only''', 'kinds');

SELECT results_eq('SELECT school_name, surname, days, possible, attended, absent, authorised, unauthorised, late, days_missed, round(attendance_percent, 1) FROM r.attendance_statement(''[2025-09-08,2025-09-20)'', pupil => 3)',
    $$ VALUES ('School 100001', 'Surname 3', daterange('2025-09-08', '2025-09-20'), 20::bigint, 19::bigint, 1::bigint, 0::bigint, 1::bigint, 2::bigint, 0.5, 95.0) $$, 'for parents');
SELECT results_eq('SELECT pupil_id, day, session, mark::text, reason, is_authorised FROM r.statement_absences(''[2025-09-08,2025-09-20)'') WHERE pupil_id IN (2, 4, 8)',
    $$ VALUES (2::bigint, date '2025-09-08', 'AM', 'I', mark_description('I'), true), (4, '2025-09-12', 'AM', 'O', mark_description('O'), false), (4, '2025-09-12', 'PM', 'O', mark_description('O'), false),
              (8, '2025-09-08', 'AM', 'N', 'Circumstances not yet established', false), (8, '2025-09-18', 'AM', 'N', 'Circumstances not yet established', false) $$, 'and what was missed, in the words of the time');
SELECT throws_ok('SELECT * FROM r.attendance_statement(''2025/26'', pupil => 999)', '22023', 'the register has no pupil 999', 'of nobody');

-- ---------- a reader needs no more than to read ----------

CREATE ROLE att_tap_reports_reader;
GRANT USAGE ON SCHEMA r, attendance TO att_tap_reports_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA r TO att_tap_reports_reader;
SELECT show_all('r', 'att_tap_reports_reader') \g /dev/null
CREATE TABLE seen (name text, lines bigint);
GRANT INSERT ON seen TO att_tap_reports_reader;
GRANT USAGE ON SCHEMA public TO att_tap_reports_reader;
INSERT INTO r.late_arrival (school_urn, pupil_id, session, minutes) VALUES (100001, 3, '2025-09-09 AM', 10);
SET ROLE att_tap_reports_reader;
SET search_path = '';
SELECT format('INSERT INTO public.seen SELECT %L, count(*) FROM r.%s(%L%s)', f, f, p, args)
FROM (VALUES ('headline', '2025/26', ''), ('headline_by_school', '2025/26', ''), ('attendance_bands', '2025/26', ''), ('pupil_bands', '2025/26', ''), ('pupils_at_risk', '2025/26', ''),
    ('persistent_absence_forecast', '2025/26', ''), ('band_movement', 'week 2025-09-15', ', compared_with => ''week 2025-09-08'''), ('pupil_movement', 'week 2025-09-15', ', compared_with => ''week 2025-09-08'''),
    ('persistent_absence_by_kind', '2025/26', ''), ('persistent_absentees', '2025/26', ''), ('code_frequency', '2025/26', ''), ('weekday_absence', '2025/26', ''), ('edge_days', '2025/26', ''), ('weekly_trend', '2025/26', ''),
    ('heat_map_weekdays', '2025/26', ''), ('heat_map_pupils', '2025/26', ''), ('absence_spell_report', '2025/26', ''), ('broken_weeks_by_school', '2025/26', ''), ('pupil_broken_weeks', '2025/26', ''),
    ('punctuality', '2025/26', ''), ('punctuality_by_weekday', '2025/26', ''), ('unmarked_by_group', '2025/26', ''), ('unexplained_chase', '[2025-09-08,2025-09-20)', ''), ('code_monitoring', '2025/26', ', at_least => 3'),
    ('part_time_monitoring', '2025/26', ''), ('weekly_class_list', 'week 2025-09-08', ''), ('leaders_report', '2025/26', ''), ('attendance_statement', '2025/26', ''), ('statement_absences', '2025/26', '')) AS v (f, p, args) \gexec
RESET ROLE;
SET search_path = public, attendance;
SELECT is((SELECT count(*) FROM seen), 29::bigint, 'every report');
SELECT is_empty('SELECT name FROM seen WHERE lines = 0', 'with an empty search path');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'r'::regnamespace AND p.provolatile = 's' AND p.prorettype <> 'trigger'::regtype
    AND p.proargnames[1] = 'period' AND obj_description(p.oid, 'pg_proc') IS NULL $$, 'and has a comment');

SELECT * FROM finish();
ROLLBACK;
