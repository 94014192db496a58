-- What can be chosen: periods, phases and cohorts. filter and heading say where, value is what is chosen.
SELECT c.filter, c.heading, c.label, c.value
FROM (
    SELECT 'period' AS filter, 1 AS place, 'Academic year' AS heading, d.academic_year_label AS label,
        d.academic_year_label AS value,
        -d.academic_year AS n
    FROM bi_dim_date d WHERE d.is_school_day = 1 GROUP BY d.academic_year, d.academic_year_label
    UNION ALL
    -- a day in the middle of it: schools may begin and end on other days
    SELECT 'period', 2, 'Term', d.term || ' ' || d.academic_year_label,
        'term ' || min(d.calendar_date) + (max(d.calendar_date) - min(d.calendar_date)) / 2,
        date '2000-01-01' - min(d.calendar_date)
    FROM bi_dim_date d WHERE d.term IS NOT NULL GROUP BY d.academic_year_label, d.term
    UNION ALL
    SELECT 'period', 3, 'Half term', d.term || ' ' || d.half_term || ', ' || d.academic_year_label,
        'half term ' || min(d.calendar_date) + (max(d.calendar_date) - min(d.calendar_date)) / 2,
        date '2000-01-01' - min(d.calendar_date)
    FROM bi_dim_date d WHERE d.term IS NOT NULL GROUP BY d.academic_year_label, d.term, d.half_term
    UNION ALL
    SELECT 'period', 4, 'Week from', day_text(d.week_start), 'week ' || d.week_start, date '2000-01-01' - d.week_start
    FROM bi_dim_date d WHERE d.is_school_day = 1 GROUP BY d.week_start
    UNION ALL
    SELECT DISTINCT 'phase', 1, 'Phase', s.phase, s.phase, 0 FROM bi_dim_school s
    UNION ALL
    -- one group is no choice
    SELECT 'cohort', CASE c.cohort_type WHEN 'year group' THEN 1 WHEN 'sex' THEN 2 ELSE 3 END,
        CASE c.cohort_type WHEN 'year group' THEN 'Year group' WHEN 'sex' THEN 'Sex' ELSE 'Characteristic' END,
        c.cohort_label, c.cohort_type || '=' || coalesce(c.cohort_value, 'none'),
        c.first_key * 1000000 + CASE WHEN c.cohort_value IS NULL THEN 999999 ELSE c.cohort_key END
    FROM (SELECT o.*, min(o.cohort_key) OVER w AS first_key, count(*) OVER w AS groups
          FROM bi_dim_cohort o WINDOW w AS (PARTITION BY o.cohort_type)) c
    WHERE c.groups > 1
) AS c
ORDER BY c.filter, c.place, c.n, c.label
