-- Groups, schools and interventions: every report of the year, some of its rows, and how long it takes.
\pset footer off
\pset null '-'
\set ON_ERROR_STOP 1
SET search_path = register, public, attendance;
\timing on

\echo
\echo 'Cohorts of the authority, 2025/26: those furthest from the rest'
SELECT cohort, value, enrolments, absent, possible, round(absence_percent, 2) AS "absence %",
    round(absence_gap, 2) AS gap,
    round(persistent_absence_gap, 2) AS "gap in persistent absence", round(roll_share_percent, 1) AS "% of roll",
    round(missed_share_percent, 1) AS "% of sessions missed"
FROM cohorts('2025/26') WHERE value <> 'none' AND enrolments >= 300 ORDER BY absence_gap DESC NULLS LAST LIMIT 12;

\echo 'Free school meals by special educational needs'
SELECT first_value AS fsm, second_value AS sen, enrolments, round(absence_percent, 2) AS "absence %",
    round(absence_gap, 2) AS gap,
    round(roll_share_percent, 1) AS "% of roll", round(missed_share_percent, 1) AS "% of sessions missed"
FROM cohort_crossing('2025/26', first_cohort => 'fsm', second_cohort => 'sen');

\echo 'Severely absent for unauthorised reasons'
SELECT school_urn, pupil_id, year_group, registration_group, unauthorised, possible,
    round(unauthorised_percent, 1) AS "unauthorised %"
FROM severely_absent_unauthorised('2025/26') LIMIT 5;

\echo 'Secondary schools beside each other: the first and the last three'
SELECT absence_rank AS rank, school, enrolments, round(absence_percent, 2) AS "absence %",
    round(absence_percentile, 0) AS percentile,
    round(difference_to_group, 2) AS "to the group", round(persistent_absence_percent, 1) AS "persistent absence %"
FROM school_comparison('2025/26') WHERE phase = 'Secondary' AND absence_rank NOT BETWEEN 4 AND 34 ORDER BY absence_rank;

\echo 'Trusts, pooled and weighted by phase'
SELECT p.area_name AS trust, p.schools_compared AS schools, p.enrolments, round(p.absence_percent, 2) AS pooled,
    p.absence_rank AS rank,
    round(w.absence_percent, 2) AS "by phase", w.absence_rank AS "rank by phase"
FROM area_comparison('2025/26') p JOIN area_comparison('2025/26', weights => 'by phase') w ON w.area_code = p.area_code
ORDER BY p.absence_rank LIMIT 5;

\echo 'A school and the five most like it'
SELECT place, compared_school AS school, round(distance, 2) AS distance, enrolments,
    round(absence_percent, 2) AS "absence %",
    round(difference, 2) AS "difference to it"
FROM similar_school_comparison('2025/26', urn => 900160, nearest => 5);

\echo 'Attendance against baselines'
SELECT school, baseline, round(attendance_percent, 2) AS "attendance %",
    round(baseline_attendance_percent, 2) AS "baseline %",
    round(difference, 2) AS difference, round(days_regained) AS "days regained"
FROM baseline_improvement('2025/26') WHERE phase = 'Secondary' ORDER BY sessions_regained DESC LIMIT 6;

\echo 'Interventions: the same pupils before and after, and those like them who were not in it'
SELECT name, pupils_counted AS counted, pupils, round(absence_percent_before, 2) AS before,
    round(absence_percent_after, 2) AS after,
    comparison_pupils AS compared, round(comparison_change, 2) AS "their change",
    round(difference_in_differences, 2) AS "difference in differences",
    round(sessions_regained, 1) AS "sessions regained", caution
FROM intervention_impact('2025/26');
\timing off

\echo 'With a year before, made up of this year''s registers for five schools and taken back'
BEGIN;
SET LOCAL client_min_messages = warning;
SELECT add_academic_year('register', 2024) \g /dev/null
INSERT INTO rule_setting
    SELECT urn, rule, 'record', 'demo', 'demo' FROM register_rules(), generate_series(900160, 900164) AS urn
    WHERE can_be_set;
INSERT INTO school_day (school_urn, day, morning, afternoon, closure)
    SELECT school_urn, day - 364, morning, afternoon, closure FROM school_day
    WHERE school_urn BETWEEN 900160 AND 900164;
-- of a year group each pupil has the marks of the one who is absent as much in the year group below
INSERT INTO register_line (school_urn, academic_year, pupil_id, marks)
    WITH ranked AS (
        SELECT l.school_urn, l.pupil_id, l.marks, e.year_group::integer AS year_group, e.start_date,
            row_number() OVER (PARTITION BY l.school_urn, e.year_group ORDER BY absence_rate(tally(l.marks)),
                l.pupil_id) AS place
        FROM register_line l
        JOIN enrolment e ON e.school_urn = l.school_urn AND e.pupil_id = l.pupil_id AND e.start_date = l.enrolment_start
        WHERE l.school_urn BETWEEN 900160 AND 900164 AND l.academic_year = 2025 AND first_day(l.marks) = '2025-09-08'
            AND last_day(l.marks) > '2026-05-20')
    SELECT o.school_urn, 2024, o.pupil_id, overlay(y.marks::text PLACING '2024-09-09' FROM 1 FOR 10)::mark_series
    FROM ranked o JOIN ranked y ON y.school_urn = o.school_urn AND y.year_group = o.year_group - 1 AND y.place = o.place
    WHERE o.start_date <= '2024-09-09';
\timing on
\echo 'From one year group to the next'
SELECT from_year_group AS "from", to_year_group AS "to", pupils, round(absence_percent_before, 2) AS before,
    round(absence_percent, 2) AS now,
    round(change, 2) AS change, round(persistent_absence_change, 1) AS "change of persistent absence"
FROM transition_years('2025/26', 'statutory', ARRAY[900160, 900161, 900162, 900163, 900164]);
\echo 'Against the year before'
SELECT school, round(attendance_percent, 2) AS "attendance %",
    round(baseline_attendance_percent, 2) AS "a year before %",
    round(difference, 2) AS difference, round(sessions_regained) AS "sessions regained"
FROM baseline_improvement('2025/26', 'statutory', ARRAY[900160, 900161, 900162, 900163, 900164])
WHERE baseline = 'own, a year before';
\timing off
ROLLBACK;
