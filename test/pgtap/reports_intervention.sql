-- What interventions did: windows, the comparison group, and difference in differences, reckoned by hand.
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

-- Mentoring at school 100001 from Wednesday 10 September 2025; windows of two school days: Monday and Tuesday, Wednesday and Thursday.
--   pupil  year  before  after   absent of 4 before and after
--   1      5     O\/\    /\/\    1 0   in it
--   2      5     /\/I    /\/O    1 1   in it
--   3      5     O\/\    OO/\    1 2   compared
--   4      5     I\/\    O\/\    1 1   compared
--   5      5     /\/\    OOOO    0 4   of another band
--   6      5     OO/\    /\/\    2 0   in it, but nobody is of the band 50 to 100
--   7      6     O\/\    OOOO    1 4   of another year group
--   8      5     O\/\    OOO\    1 3   not in it, but in the breakfast club
--   9      5     O\/\    /\/\    1 0   in it, and in the breakfast club
--   10     5     none                  in it, without marks
--   22     5     none    /\            in it, with two possible sessions after and none before
CREATE FUNCTION four_days(pupil bigint, first_day date, marks text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO r.mark (school_urn, pupil_id, day, session, mark)
    SELECT 100001, pupil, first_day + (n - 1) / 2, CASE WHEN n % 2 = 1 THEN 'AM' ELSE 'PM' END, substr(marks, n, 1)::session_mark
    FROM generate_series(1, length(marks)) AS n
$$;
SELECT four_days(p, '2025-09-08', m) FROM (VALUES (1, 'O\/\/\/\'), (2, '/\/I/\/O'), (3, 'O\/\OO/\'), (4, 'I\/\O\/\'), (5, '/\/\OOOO'),
    (6, 'OO/\/\/\'), (7, 'O\/\OOOO'), (8, 'O\/\OOO\'), (9, 'O\/\/\/\')) AS v (p, m) \g /dev/null
SELECT four_days(22, '2025-09-10', '/\') \g /dev/null
UPDATE r.enrolment SET year_group = CASE WHEN pupil_id = 7 THEN '6' ELSE '5' END, entered_by = 'test', title = 'test', reason = 'test'
    WHERE school_urn = 100001 AND end_date IS NULL;
INSERT INTO r.intervention (intervention_id, school_urn, name, kind) VALUES (1, 100001, 'Mentoring', 'mentoring'), (2, 100001, 'Breakfast club', 'breakfast'), (3, 100001, 'Late', NULL);
INSERT INTO r.intervention_pupil SELECT 1, id, '2025-09-10', NULL FROM unnest('{1,2,6,9,10,22}'::bigint[]) AS id;
INSERT INTO r.intervention_pupil VALUES (2, 8, '2025-09-01', '2025-09-11'), (2, 9, '2025-09-11', NULL), (2, 4, '2025-09-12', NULL), (3, 3, '2025-12-19', NULL);

-- ---------- windows ----------

SELECT results_eq($$ SELECT intervention_id, school_urn, from_day, days_used, before, after FROM r.intervention_window('2025/26', NULL, 2) WHERE intervention_id <> 2 ORDER BY 1 $$,
    $$ VALUES (1::bigint, 100001, date '2025-09-10', 2, daterange '[2025-09-08,2025-09-10)', daterange '[2025-09-10,2025-09-12)'),
              (3, 100001, '2025-12-19', 1, '[2025-12-18,2025-12-19)', '[2025-12-19,2025-12-20)') $$, 'as many school days before as after');
SELECT results_eq($$ SELECT from_day, days_used, before, after FROM r.intervention_window('2025/26', NULL, 4) WHERE intervention_id = 1 $$,
    $$ VALUES (date '2025-09-10', 4, daterange '[2025-09-04,2025-09-10)', daterange '[2025-09-10,2025-09-16)') $$, 'school days, not the INSET day or the weekend');
SELECT is_empty($$ SELECT FROM r.intervention_window('2024/25') UNION ALL SELECT FROM r.intervention_window(NULL) UNION ALL SELECT FROM r.intervention_window('2025/26', '{100002}') $$, 'those that begin in the period');

-- ---------- pupils ----------

-- compared are 3 and 4: before 8 possible, 2 absent = 25 %; after 8 possible, 3 absent = 37.5 %: + 12.5
-- 1: from 25 % to 0: - 25; regained 4 * (12.5 + 25) / 100 = 1.5 sessions; 2: 25 % and 25 %: 4 * 12.5 / 100 = 0.5
SELECT results_eq($$ SELECT pupil_id, from_day, year_group, band, before, possible_before, absent_before, round(absence_percent_before, 1), after, possible_after, absent_after,
        round(absence_percent_after, 1), round(change, 1), comparison_pupils, comparison_possible_before, comparison_absent_before, round(comparison_percent_before, 1),
        comparison_possible_after, comparison_absent_after, round(comparison_percent_after, 1), round(comparison_change, 1), round(sessions_regained, 2), counted, caution
        FROM r.intervention_pupil_impact('2025/26', intervention => 1, school_days => 2, at_least => 4) WHERE pupil_id <= 2 $$,
    $$ VALUES (1::bigint, date '2025-09-10', '5', '25 to 30', daterange '[2025-09-08,2025-09-10)', 4::bigint, 1::bigint, 25.0, daterange '[2025-09-10,2025-09-12)', 4::bigint, 0::bigint, 0.0, -25.0,
               2::bigint, 8::bigint, 2::bigint, 25.0, 8::bigint, 3::bigint, 37.5, 12.5, 1.50, true, ''),
              (2, '2025-09-10', '5', '25 to 30', '[2025-09-08,2025-09-10)', 4, 1, 25.0, '[2025-09-10,2025-09-12)', 4, 1, 25.0, 0.0, 2, 8, 2, 25.0, 8, 3, 37.5, 12.5, 0.50, true, '') $$, 'those who are counted');
SELECT results_eq($$ SELECT pupil_id, band, counted, caution FROM r.intervention_pupil_impact('2025/26', intervention => 1, school_days => 2, at_least => 4) WHERE pupil_id > 2 $$,
    $$ VALUES (6::bigint, '50 to 100', false, 'left out: nobody to compare with'), (9, '25 to 30', false, 'left out: in another intervention in these days'),
              (10, NULL, false, 'left out: not in this population'),
              (22, NULL, false, 'left out: too few possible sessions: 0 before, 2 after; nobody to compare with') $$, 'and those who are not');
SELECT is((SELECT comparison_pupils FROM r.intervention_pupil_impact('2025/26', intervention => 1, school_days => 3, at_least => 2) WHERE pupil_id = 1), 1::bigint, 'who is in another intervention in a longer window is not compared');

-- ---------- interventions ----------

-- 1 and 2 together: 8 possible, 2 absent = 25 % before, 1 = 12.5 % after: - 12.5; at the rates of 3 and 4 it would be 2 and 3 sessions: + 12.5
-- difference in differences - 25; of 8 possible sessions 2 are regained, a day
SELECT results_eq($$ SELECT intervention_id, school_urn, name, kind, first_day, pupils, pupils_counted, possible_before, absent_before, round(absence_percent_before, 1), possible_after, absent_after,
        round(absence_percent_after, 1), round(change, 1), comparison_pupils, round(comparison_absent_before, 1), round(comparison_percent_before, 1), round(comparison_absent_after, 1),
        round(comparison_percent_after, 1), round(comparison_change, 1), round(difference_in_differences, 1), round(sessions_regained, 1), round(days_regained, 1), caution
        FROM r.intervention_impact('2025/26', intervention => 1, school_days => 2, at_least => 4) $$,
    $$ VALUES (1::bigint, 100001, 'Mentoring', 'mentoring', date '2025-09-10', 6::bigint, 2::bigint, 8::bigint, 2::bigint, 25.0, 8::bigint, 1::bigint, 12.5, -12.5, 2::bigint, 2.0, 25.0, 3.0, 37.5, 12.5,
        -25.0, 2.0, 1.0, $c$1 pupil left out: in another intervention in these days
1 pupil left out: nobody to compare with
1 pupil left out: not in this population
1 pupil left out: too few possible sessions: 0 before, 2 after; nobody to compare with$c$) $$, 'all that are counted');
SELECT results_eq($$ SELECT pupils, pupils_counted, possible_before, sessions_regained, caution FROM r.intervention_impact('2025/26', intervention => 3, school_days => 2) $$,
    $$ VALUES (1::bigint, 0::bigint, NULL::bigint, NULL::numeric, $c$nobody is counted
1 pupil left out: too few possible sessions: 0 before, 0 after; nobody to compare with; windows of 1 school days only$c$) $$, 'nobody, and why');
SELECT is(ARRAY(SELECT intervention_id FROM r.intervention_impact('2025/26', school_days => 2) ORDER BY 1), '{1,2,3}', 'all of them');
SELECT is((SELECT pupils_counted FROM r.intervention_impact('2025/26', intervention => 1)), 0::bigint, 'thirty days and twenty sessions unless said otherwise');
SELECT is_empty($$ SELECT FROM r.intervention_impact('2024/25') UNION ALL SELECT FROM r.intervention_impact(NULL) UNION ALL SELECT FROM r.intervention_impact('2025/26', 'all', '{100002}') $$, 'none');

-- ---------- tables, errors, rights ----------

SELECT is(refused_with(command), v.wanted, command) FROM (VALUES ('INSERT INTO r.intervention (school_urn, name) VALUES (100001, '' '')', '23514'),
    ('INSERT INTO r.intervention (intervention_id, school_urn, name) VALUES (9, 100001, ''Mentoring'')', '23505'), ('INSERT INTO r.intervention (intervention_id, school_urn, name) VALUES (9, 100099, ''x'')', '23503'),
    ('INSERT INTO r.intervention_pupil VALUES (1, 1, ''2025-09-01'')', '23505'), ('INSERT INTO r.intervention_pupil VALUES (1, 5, ''2025-09-02'', ''2025-09-01'')', '23514'),
    ('INSERT INTO r.intervention_pupil VALUES (1, 999, ''2025-09-02'')', '23503'), ('INSERT INTO r.intervention_pupil VALUES (99, 5, ''2025-09-02'')', '23503'),
    ('INSERT INTO r.intervention (intervention_id, school_urn, name) VALUES (1, 100001, ''x'')', '23505'), ('SELECT * FROM r.intervention_impact(''soon'')', '22023'),
    ('SELECT * FROM r.intervention_impact(''2025/26'', ''some'')', '22023'), ('SELECT * FROM r.intervention_impact(''2025/26'', school_days => -1)', '2201W')) AS v (command, wanted);
CREATE ROLE intervention_reader;
GRANT USAGE ON SCHEMA r, attendance TO intervention_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA r TO intervention_reader;
SELECT show_all('r', 'intervention_reader') \g /dev/null
SET LOCAL search_path = '';
SET LOCAL ROLE intervention_reader;
SELECT pupils_counted FROM r.intervention_impact('2025/26', intervention => 1, school_days => 2, at_least => 4) \gset
RESET ROLE;
SET LOCAL search_path = public, attendance;
SELECT is(:pupils_counted, 2, 'a reader, with an empty search path');
-- ---------- cases ----------

-- the same pupils as cases: 1, 2 and 9 of one tier, 6 of another; 8 has one in these days, 9 had one, and 4 gets one after them
INSERT INTO r.attendance_case (case_id, school_urn, pupil_id, tier, opened_on, opened_because, closed_on, outcome) VALUES (1, 100001, 1, 'persistent', '2025-09-10', 'x', NULL, NULL), (2, 100001, 2, 'persistent', '2025-09-10', 'x', NULL, NULL),
    (3, 100001, 9, 'at risk', '2025-09-01', 'x', '2025-09-08', 'x'), (4, 100001, 9, 'persistent', '2025-09-10', 'x', NULL, NULL), (6, 100001, 6, 'severe', '2025-09-10', 'x', NULL, NULL), (8, 100001, 8, 'medical or SEND', '2025-09-05', 'x', '2025-09-11', 'x'),
    (44, 100001, 4, 'persistent', '2025-09-12', 'x', NULL, NULL);
SELECT results_eq($$ SELECT intervention_id, pupil_id, name, band, round(change, 1), comparison_pupils, round(sessions_regained, 2), counted, caution FROM r.intervention_pupil_impact('2025/26', school_days => 2, at_least => 4, of => 'cases') WHERE intervention_id IN (1, 2, 4, 6) $$,
    $$ VALUES (1::bigint, 1::bigint, 'persistent', '25 to 30', -25.0, 2::bigint, 1.50, true, ''), (2, 2, 'persistent', '25 to 30', 0.0, 2, 0.50, true, ''), (4, 9, 'persistent', '25 to 30', -25.0, 2, 1.50, false, 'left out: with another case in these days'),
        (6, 6, 'severe', '50 to 100', -50.0, NULL, NULL, false, 'left out: nobody to compare with') $$, 'each beside those who had no case in these days');
SELECT results_eq($$ SELECT intervention_id, school_urn, name, kind, first_day, pupils, pupils_counted, round(change, 1), comparison_pupils, round(difference_in_differences, 1), round(days_regained, 1) FROM r.intervention_impact('2025/26', school_days => 2, at_least => 4, of => 'cases')
        WHERE name IN ('persistent', 'severe') $$,
    $$ VALUES (NULL::bigint, NULL::integer, 'persistent', 'case', date '2025-09-10', 4::bigint, 2::bigint, -12.5, 2::bigint, -25.0, 1.0), (NULL, NULL, 'severe', 'case', '2025-09-10', 1, 0, NULL, NULL, NULL, NULL) $$, 'by tier');
SELECT results_eq($$ SELECT DISTINCT before, after FROM r.intervention_window('2025/26', school_days => 2, of => 'cases') WHERE intervention_id < 3 $$, $$ VALUES (daterange '[2025-09-08,2025-09-10)', daterange '[2025-09-10,2025-09-12)') $$, 'windows');
SELECT is_empty($$ SELECT FROM r.intervention_impact('2025/26', schools => '{100002}', of => 'cases') UNION ALL SELECT FROM r.intervention_impact(NULL, of => 'cases') UNION ALL SELECT FROM r.intervention_impact('2024/25', of => 'cases') $$, 'no case');
SELECT is(refused_with('SELECT * FROM r.intervention_impact(''2025/26'', of => ''wishes'')'), '22023', 'of something else');
SELECT is((SELECT count(*) FROM r.intervention_impact('2025/26', school_days => 2, at_least => 4)), 3::bigint, 'interventions are those that they were');

SELECT * FROM finish();
ROLLBACK;
