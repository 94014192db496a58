-- Against the aggregate that all is made of, and against DuckDB.
\ir compare_answers.sql
\echo
\echo '### A whole authority: how many times as long as R, cohort_agg(marks) by school of the same lines'
\echo
SELECT t.test AS what, shown(m.median) AS ms, round((m.median / r.median)::numeric, 1) AS "times R",
    round((m.best / r.best)::numeric, 1) AS "of best", t.most AS "at most",
    CASE WHEN m.median / r.median <= t.most THEN 'met' WHEN m.best / r.best <= t.most THEN 'met by the best turns'
        ELSE 'not met' END AS result
FROM (VALUES (1, 'R', 1), (2, 'headline', 6), (3, 'by school', 6), (4, 'bands', 6), (5, 'persistent absentees', 6),
    (6, 'at risk', 6), (7, 'weekly trend', 6), (8, 'school comparison', 12), (9, 'leaders'' report', 12),
    (10, 'cohorts', 12), (11, 'weekdays, heat map', 12), (12, 'edges', 12), (13, 'spells', 12),
    (14, 'penalty watch', 12), (15, 'bi_pupil_year', 8), (16, 'bi_school_week', 8), (17, 'bi_school_reason_week', 20),
    (18, 'bi_class_week', 20), (19, 'bi_pupil_term', 20), (20, 'bi_cohort_term', 25), (21, 'bi_pupil_week', 150),
    (22, 'page_authority', 40), (23, 'page_school_week', 2), (24, 'breach', 40), (25, 'unmarked_session', 15),
    (26, 'verify_journal', 80), (27, 'disposal_due', 40), (28, 'census_absence', 8), (29, 'headline of a school', 3),
    (30, 'weekly trend of a school', 3), (31, 'cohorts of a school', 3), (32, 'spells of a school', 3))
    AS t (place, test, most)
JOIN median m ON m.test = t.test CROSS JOIN (SELECT * FROM median WHERE test = 'R') r
ORDER BY t.place;
\echo
\echo '### The same figures: how many times as long DuckDB takes'
\echo
SELECT t.test AS what, shown(o.median) AS ms, shown(c.median) AS "DuckDB, ms", round(c.ratio::numeric, 1) AS ratio,
    round(c.ratio_of_best::numeric, 1) AS "of best", t.least AS "at least",
    CASE WHEN c.ratio >= t.least THEN 'met' WHEN c.ratio_of_best >= t.least THEN 'met by the best turns'
        ELSE 'not met' END AS result
FROM (VALUES (1, 'headline, figures', 4), (2, 'by school, figures', 4), (3, 'weekly trend, figures', 4),
    (4, 'cohorts, figures', 4), (5, 'weekdays, figures', 4), (6, 'school, reason and week, figures', 2),
    (7, 'school and week, figures', 4), (8, 'pupil and week, figures', 2)) AS t (place, test, least)
JOIN compared c ON c.test = t.test AND c.peer = 'DuckDB' JOIN median o ON o.test = t.test AND o.peer = 'packed'
ORDER BY t.place;
