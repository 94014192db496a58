-- The published rows of Bradford, imported as a file would be, and the register beside them.
\pset footer off
\set ON_ERROR_STOP 1
SET search_path = register, attendance, public;
\ir published.sql

\echo
\echo 'Import of the published rows, from CSV by the names of its columns'
SELECT i.series, i.rows, i.figures, i.problems
FROM (SELECT string_agg(line, E'\r\n' ORDER BY place, line) AS content FROM (
        SELECT 0, 'time_period,time_identifier,geographic_level,old_la_code,la_name,education_phase,enrolments,possible_sessions,attendance_perc,overall_absence_perc,authorised_absence_perc,unauthorised_absence_perc,pa_perc'
        UNION ALL
        SELECT 1, concat_ws(',', '202526', 'Academic year', 'Local authority', 380, 'Bradford', phase, enrolments, possible, attendance, absence,
            authorised, unauthorised, persistent_absence) FROM published) AS l (place, line)) AS f,
    import_benchmark(f.content, 'Pupil attendance in schools 2025/26, Bradford', 'daily', '[2025-09-08,2026-07-11)') AS i;
\echo
\echo 'Compared with the register, all its pupils as the published sessions are (note says that the population is another)'
SELECT phase, measure, round(own_percent, 4) AS own, round(published_percent, 4) AS published, round(difference, 4) AS difference
FROM compare_with_benchmark('[2025-09-08,2026-07-11)', 'all') WHERE phase = 'Total' OR measure = 'attendance';
\echo 'Not compared, for it is not of the same days'
SELECT DISTINCT note FROM compare_with_benchmark('2025/26');
\echo 'Both series of the register'
SELECT education_phase, num_schools, enrolments, sess_possible, round(sess_overall_percent, 4) AS absence,
    round(enrolments_pa_10_exact_percent, 4) AS persistent FROM census_absence(2025, level => 'Local authority');
SELECT education_phase, round(num_schools, 1) AS num_schools, round(enrolments, 1) AS enrolments, possible_sessions, round(overall_absence_perc, 4) AS absence,
    round(pa_perc, 4) AS persistent FROM daily_attendance('[2025-09-08,2026-07-11)', level => 'Local authority');
