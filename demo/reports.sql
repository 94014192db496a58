-- The reports on pupils, sessions and time over the whole authority, a few rows of each, and how long each takes.
\pset footer off
\pset null '-'
\set ON_ERROR_STOP 1
SET search_path = register, public, attendance;
SELECT urn AS school FROM school WHERE phase = 'Secondary' ORDER BY urn LIMIT 1 \gset
SELECT registration_group AS class, pupil_id AS pupil FROM enrolment
WHERE school_urn = :school AND end_date IS NULL ORDER BY registration_group, pupil_id LIMIT 1 \gset

\echo
\echo 'Reports.  Statutory population: 5 to 15 on 31 August, no boarders, at 15 to the spring bank holiday'
\echo 'Headline of the year'
SELECT school_count AS schools, enrolments, unique_pupils AS pupils, possible, absent,
    round(attendance_percent, 2) AS "attendance %",
    round(authorised_percent, 2) AS "authorised %", round(unauthorised_percent, 2) AS "unauthorised %",
    round(late_before_close_percent, 2) AS "L %", round(late_after_close_percent, 2) AS "U %",
    round(persistent_absence_percent, 2) AS "persistent %", round(severe_absence_percent, 2) AS "severe %",
    days_lost AS "days lost"
FROM headline('2025/26');
\echo 'A day, a week, a half term, a statistical term, the year to a day; of persistent absence nothing is said for a day or a week'
SELECT p AS period, h.days, h.enrolments, h.possible, h.absent, round(h.absence_percent, 2) AS "absence %",
    round(h.persistent_absence_percent, 2) AS "persistent %"
FROM unnest(
    '{day 2026-03-12,week 2026-03-12,half term 2026-03-12,statistical term 2026-03-12,year to date 2026-03-12}'::text[])
    WITH ORDINALITY AS v (p, n) CROSS JOIN LATERAL headline(p) h ORDER BY n;
\echo 'Schools with the highest absence in the autumn term'
SELECT school_name, enrolments, possible, absent, round(absence_percent, 2) AS "absence %",
    persistently_absent AS "persistent",
    round(persistent_absence_percent, 1) AS "%"
FROM headline_by_school('term 2025-10-01') ORDER BY absence_percent DESC LIMIT 5;

\echo 'Bands of attendance'
SELECT label, enrolments, round(enrolments_percent, 2) AS "% of enrolments",
    round(absent_percent, 2) AS "% of missed sessions"
FROM attendance_bands('2025/26');
\echo 'Bands of absence, as the official figures have them'
SELECT label, enrolments, round(enrolments_percent, 2) AS "%" FROM attendance_bands('2025/26', scheme => 'absence')
LIMIT 6;
\echo 'At risk of persistent absence at' :school
SELECT pupil_id, surname, forename, year_group AS year, possible, absent, round(absence_percent, 2) AS "absence %"
FROM pupils_at_risk('2025/26', schools => ARRAY[:school]) ORDER BY absence_percent DESC, pupil_id LIMIT 4;
\echo 'How the year may end, as it stood on 13 February'
SELECT CASE WHEN NOT persistently_absent AND may_miss >= 0 THEN 'below 10 %'
    WHEN may_miss >= 0 THEN 'persistently absent, can come below 10 %'
        WHEN persistently_absent THEN 'persistently absent, cannot come below 10 %'
            ELSE 'below 10 %, cannot stay' END AS state,
    count(*) AS enrolments, round(avg(may_miss), 1) AS "sessions that may be missed",
    round(avg(sessions_left), 1) AS "of"
FROM persistent_absence_forecast('year to date 2026-02-13') GROUP BY 1 ORDER BY 2 DESC;
\echo 'Persistent absentees of' :school 'on 13 February, and how many sessions in a row would do'
SELECT pupil_id, surname, possible, absent, round(absence_percent, 1) AS "absence %", to_attend, sessions_left,
    reachable
FROM persistent_absence_forecast('year to date 2026-02-13', schools => ARRAY[:school])
WHERE persistently_absent ORDER BY to_attend, pupil_id LIMIT 4;
\echo 'From the autumn to the spring term'
SELECT previous_label AS autumn, sum(enrolments) FILTER (WHERE band = 1) AS "100 %",
    sum(enrolments) FILTER (WHERE band = 2) AS "95-",
    sum(enrolments) FILTER (WHERE band = 3) AS "90-", sum(enrolments) FILTER (WHERE band = 4) AS "50-",
    sum(enrolments) FILTER (WHERE band = 5) AS "0-50",
    sum(enrolments) FILTER (WHERE band IS NULL) AS "gone"
FROM band_movement('term 2026-03-01', compared_with => 'term 2025-10-01') GROUP BY previous_band, previous_label
ORDER BY previous_band;
SELECT movement, count(*) AS pupils, round(100.0 * sum(previous_absent) / sum(previous_possible), 1) AS "autumn %",
    round(100.0 * sum(absent) / sum(possible), 1) AS "spring %"
FROM pupil_movement('term 2026-03-01', compared_with => 'term 2025-10-01') GROUP BY movement ORDER BY movement;
\echo 'Persistent and severe absence by all, authorised and unauthorised absence'
SELECT kind, enrolments, persistently_absent, round(persistent_absence_percent, 2) AS "%", severely_absent,
    round(severe_absence_percent, 2) AS "%",
    round(share_of_absence_percent, 1) AS "% of all absence is of persistent absentees"
FROM persistent_absence_by_kind('2025/26');

\echo 'Codes, with one or more'
SELECT mark, description, sessions, round(sessions_percent, 2) AS "% of possible",
    round(absence_percent, 2) AS "% of absence",
    enrolments_with AS "one or more", round(enrolments_percent, 1) AS "%"
FROM code_frequency('2025/26') WHERE is_absence(mark) ORDER BY sessions DESC LIMIT 8;
\echo 'Day of the week'
SELECT weekday, round(max(absence_percent) FILTER (WHERE session = 'AM'), 2) AS "AM %",
    round(max(absence_percent) FILTER (WHERE session = 'PM'), 2) AS "PM %",
    max(possible) AS possible, round(max(difference) FILTER (WHERE session IS NULL), 2) AS "points above all"
FROM weekday_absence('2025/26') GROUP BY weekday ORDER BY weekday;
\echo 'Edges of weeks, half terms and terms'
SELECT edge, school_days, possible, absent, round(absence_percent, 2) AS "absence %",
    round(difference, 2) AS "points above all" FROM edge_days('2025/26');
\echo 'Weeks'
SELECT week, iso_week, enrolments, possible, absent, round(absence_percent, 2) AS "absence %",
    last_year_absence_percent AS "last year",
    benchmark_percent AS "England"
FROM weekly_trend('half term 2026-03-12');
\echo 'Weeks by days'
SELECT week, max(round(absence_percent, 1)) FILTER (WHERE weekday = 1) AS "Mon",
    max(round(absence_percent, 1)) FILTER (WHERE weekday = 2) AS "Tue",
    max(round(absence_percent, 1)) FILTER (WHERE weekday = 3) AS "Wed",
    max(round(absence_percent, 1)) FILTER (WHERE weekday = 4) AS "Thu",
    max(round(absence_percent, 1)) FILTER (WHERE weekday = 5) AS "Fri"
FROM heat_map_weekdays('half term 2026-03-12') GROUP BY week ORDER BY week;
\echo 'Pupils by weeks: class' :class 'of' :school
SELECT pupil_id, surname, string_agg(to_char(absence_percent, '990'), ' ' ORDER BY week) AS "absence % by week"
FROM heat_map_pupils('half term 2026-03-12', schools => ARRAY[:school], only_group => :'class')
GROUP BY pupil_id, surname ORDER BY sum(absent) DESC, pupil_id LIMIT 5;
\echo 'Absent for five days or more as the half term ends'
SELECT school_urn, pupil_id, spells, longest_sessions AS longest, current_sessions AS current, current_from
FROM absence_spell_report('year to date 2026-02-13', at_least_days => 5) WHERE current_sessions >= 10
ORDER BY current_sessions DESC, pupil_id LIMIT 4;
\echo 'Weeks of pupils, and those with an absence'
SELECT enrolments, pupil_weeks, broken_weeks, round(broken_percent, 1) AS "%" FROM broken_weeks_by_school('2025/26')
WHERE school_urn IS NULL;
SELECT pupil_id, surname, weeks, broken_weeks, round(absence_percent, 1) AS "absence %"
FROM pupil_broken_weeks('2025/26', schools => ARRAY[:school]) ORDER BY broken_weeks DESC, pupil_id LIMIT 3;

\echo 'Late, with minutes made up for the year''s late sessions at' :school
INSERT INTO late_arrival (school_urn, pupil_id, session, minutes)
SELECT m.school_urn, m.pupil_id, school_session(m.day, m.session), CASE WHEN m.mark = 'U' THEN 31
    ELSE 1 END + (m.pupil_id * 7 + (m.day - date '2025-09-01') * 3) % 25
FROM mark m WHERE m.school_urn = :school AND is_late(m.mark);
SELECT pupil_id, surname, late, late_before_close AS "L", late_after_close AS "U", round(late_percent, 1) AS "late %",
    minutes,
    round(minutes_per_lateness, 1) AS "minutes each"
FROM punctuality('2025/26', schools => ARRAY[:school]) ORDER BY late DESC, pupil_id LIMIT 3;
SELECT weekday, session, possible, late, round(late_percent, 2) AS "late %",
    round(minutes_per_lateness, 1) AS "minutes each"
FROM punctuality_by_weekday('2025/26', schools => ARRAY[:school]) WHERE weekday IS NOT NULL AND session = 'AM';

\echo 'Sessions without marks'
SELECT school_urn, registration_group, day, session, unmarked, on_roll FROM unmarked_by_group('2025/26') LIMIT 3;
\echo 'N for more than three school days, as the year ends'
SELECT school_urn, count(*) AS sessions, count(DISTINCT pupil_id) AS pupils, max(school_days) AS "school days"
FROM unexplained_chase('year to date 2026-07-10', older_than => 3) GROUP BY school_urn ORDER BY 2 DESC, 1 LIMIT 3;
\echo 'Long use of B, K and C2'
SELECT mark, count(*) AS pupils, sum(sessions) AS sessions, max(weeks) AS "weeks, at most", min(natures) AS "such as"
FROM code_monitoring('2025/26') GROUP BY mark ORDER BY mark;
SELECT pupil_id, timetable_id, first_day, last_day, weeks, sessions AS "C2", possible, reviews, reviews_held,
    next_review
FROM part_time_monitoring('2025/26', schools => ARRAY[:school]) ORDER BY weeks DESC, pupil_id LIMIT 3;

\echo 'For a form teacher: class' :class 'of' :school
SELECT surname, forename, marks, absent, possible, late, round(year_absence_percent, 1) AS "year %", year_label
FROM weekly_class_list('week 2026-03-12', schools => ARRAY[:school], only_group => :'class') LIMIT 5;
\echo 'For leaders: the spring term beside the autumn term'
SELECT section, measure, numerator, denominator, round(percent, 2) AS "%", round(compared_percent, 2) AS "before %",
    round(difference, 2) AS points
FROM leaders_report('term 2026-03-01', compared_with => 'term 2025-10-01') WHERE place <= 5;
\echo 'For a parent'
SELECT school_name, possible, attended, absent, late, days_missed, round(attendance_percent, 1) AS "attendance %"
FROM attendance_statement('2025/26', pupil => :pupil);
SELECT day, session, mark, reason FROM statement_absences('2025/26', pupil => :pupil) LIMIT 3;

-- Milliseconds that a report takes when all its rows are fetched.
CREATE FUNCTION pg_temp.milliseconds(report text, OUT ms numeric, OUT rows bigint) LANGUAGE plpgsql AS $$
DECLARE
    started timestamptz := clock_timestamp();
BEGIN
    EXECUTE format('SELECT count(r.*) FROM (SELECT * FROM %s OFFSET 0) r', report) INTO rows;
    ms := round(extract(epoch FROM clock_timestamp() - started)::numeric * 1000);
END
$$;
\echo 'Milliseconds over the whole authority'
SELECT report, t.ms, t.rows
FROM unnest(ARRAY['headline(''2025/26'')', 'headline_by_school(''2025/26'')', 'attendance_bands(''2025/26'')',
    'pupil_bands(''2025/26'')',
    'pupils_at_risk(''2025/26'')', 'persistent_absence_forecast(''year to date 2026-02-13'')',
    'band_movement(''term 2026-03-01'', compared_with => ''term 2025-10-01'')',
    'pupil_movement(''term 2026-03-01'', compared_with => ''term 2025-10-01'')',
    'persistent_absence_by_kind(''2025/26'')', 'persistent_absentees(''2025/26'')', 'code_frequency(''2025/26'')',
    'weekday_absence(''2025/26'')',
    'edge_days(''2025/26'')', 'weekly_trend(''2025/26'')', 'heat_map_weekdays(''2025/26'')',
    'heat_map_pupils(''half term 2026-03-12'')',
    'absence_spell_report(''2025/26'')', 'broken_weeks_by_school(''2025/26'')', 'pupil_broken_weeks(''2025/26'')',
    'punctuality(''2025/26'')',
    'punctuality_by_weekday(''2025/26'')', 'unmarked_by_group(''2025/26'')', 'unexplained_chase(''2025/26'')',
    'code_monitoring(''2025/26'')',
    'part_time_monitoring(''2025/26'')', 'weekly_class_list(''week 2026-03-12'')', 'leaders_report(''2025/26'')',
    'leaders_report(''term 2026-03-01'', compared_with => ''term 2025-10-01'')', 'attendance_statement(''2025/26'')'])
        WITH ORDINALITY AS q (report, n)
CROSS JOIN LATERAL pg_temp.milliseconds(q.report) t
ORDER BY n;

-- Reports on groups, schools and cohorts follow here: \ir report_groups.sql
