-- By size: what each report takes, and what the lines take.
\echo
\echo '### A year by size, ms'
\echo
SELECT f.size, max(f.median) FILTER (WHERE f.what = 'R') AS "R",
    max(f.median) FILTER (WHERE f.what = 'headline') AS headline,
    max(f.median) FILTER (WHERE f.what = 'persistent absentees') AS "persistent absentees",
    max(f.median) FILTER (WHERE f.what = 'weekly trend') AS "weekly trend",
    max(f.median) FILTER (WHERE f.what = 'cohorts') AS "cohorts (five)",
    max(f.median) FILTER (WHERE f.what = 'checklist') AS checklist
FROM (SELECT m.test AS size, m.peer AS what, shown(m.median) AS median FROM median m) AS f
JOIN (VALUES (1, 'a school'), (2, 'a school, eight years'), (3, 'a school in a region'), (4, 'a trust of 15 schools'),
    (5, 'an authority'), (6, 'an authority, eight years'), (7, 'an authority in a region'), (8, 'a region'))
    AS s (place, size) ON s.size = f.size
GROUP BY s.place, f.size ORDER BY s.place;
\echo
\echo '### The lines'
\echo
SELECT CASE size WHEN 'demo' THEN 'an authority, a year' WHEN 'sizes_years' THEN 'an authority, eight years'
        ELSE 'a region of thirteen, a year' END AS register,
    to_char(lines, 'FM9,999,999') AS lines, pg_size_pretty(bytes) AS "with indexes",
    round(bytes::numeric / lines) AS "bytes a line"
FROM kept ORDER BY place;
