-- The published rows of Bradford, imported as a file would be, and the register beside them.
\pset footer off
\set ON_ERROR_STOP 1
SET search_path = register, public, attendance;
\ir published.sql

\echo
\echo 'Import of the published rows, from CSV by the names of its columns'
SELECT i.series, i.rows, i.figures, i.problems
FROM (SELECT string_agg(line, E'\r\n' ORDER BY place, line) AS content FROM (
        SELECT 0, 'time_period,time_identifier,geographic_level,old_la_code,la_name,education_phase,enrolments,'
            'possible_sessions,attendance_perc,overall_absence_perc,authorised_absence_perc,'
            'unauthorised_absence_perc,pa_perc'
        UNION ALL
        SELECT 1, concat_ws(',', '202526', 'Academic year', 'Local authority', 380, 'Bradford', phase, enrolments,
            possible, attendance, absence,
            authorised, unauthorised, persistent_absence) FROM published) AS l (place, line)) AS f,
    import_benchmark(f.content, 'Pupil attendance in schools 2025/26, Bradford', 'daily', '[2025-09-08,2026-07-11)')
        AS i;
\echo
\echo 'Compared with the register, all its pupils as the published sessions are (note says that the population is another)'
SELECT phase, measure, round(own_percent, 4) AS own, round(published_percent, 4) AS published,
    round(difference, 4) AS difference
FROM compare_with_benchmark('[2025-09-08,2026-07-11)', 'all') WHERE phase = 'Total' OR measure = 'attendance';
\echo 'Not compared, for it is not of the same days'
SELECT DISTINCT note FROM compare_with_benchmark('2025/26');
\echo 'Both series of the register'
SELECT education_phase, num_schools, enrolments, sess_possible, round(sess_overall_percent, 4) AS absence,
    round(enrolments_pa_10_exact_percent, 4) AS persistent FROM census_absence(2025, level => 'Local authority');
SELECT education_phase, round(num_schools, 1) AS num_schools, round(enrolments, 1) AS enrolments, possible_sessions,
    round(overall_absence_perc, 4) AS absence,
    round(pa_perc, 4) AS persistent FROM daily_attendance('[2025-09-08,2026-07-11)', level => 'Local authority');
\echo 'England, to draw beside the register: the year to date, and the weeks of September'
SELECT i.series, i.rows, i.figures, i.problems
FROM (
    SELECT p.time_period = '202526' AS year_to_date,
        'time_period,time_identifier,geographic_level,country_code,country_name,education_phase,'
        'possible_sessions,overall_attendance,overall_absence,authorised_absence,'
        'unauthorised_absence,overall_absence_perc,pa_perc' || E'\r\n'
        || string_agg(concat_ws(',', p.time_period, p.time_identifier, 'National,E92000001,England', p.phase,
            p.possible, p.attended, p.absent,
            p.authorised, p.unauthorised, p.absence, coalesce(p.persistent_absence::text, 'z')), E'\r\n'
                ORDER BY p.time_identifier, p.phase) AS content
    FROM published_england p GROUP BY 1) AS f
CROSS JOIN LATERAL import_benchmark(f.content,
    CASE WHEN f.year_to_date THEN 'Pupil attendance in schools 2025/26, England'
    ELSE 'Pupil attendance in schools, weeks 37 to 39 of 2025, England' END,
    'daily', CASE WHEN f.year_to_date THEN daterange '[2025-09-08,2026-07-11)' END) AS i;
