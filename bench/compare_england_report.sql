\echo
\echo '### England: medians in milliseconds, and how many times as long as count(*) with the same workers takes (and by the best turns)'
\echo
SELECT m.test AS case, m.peer AS processes, m.runs, shown(m.median) AS median, shown(m.best) AS best,
    round((m.median / c.median)::numeric, 1) AS "times count(*)", round((m.best / c.best)::numeric, 1) AS "of best"
FROM median m JOIN median c ON c.test = 'count of lines' AND c.peer = m.peer
ORDER BY m.test, m.peer;
\echo
\echo '### Target: persistent absence by authority within 3 times count(*), same workers'
\echo
SELECT m.peer AS processes, round((m.median / c.median)::numeric, 2) AS "times count(*)",
    round((m.best / c.best)::numeric, 2) AS "of best",
    CASE WHEN m.median <= 3 * c.median THEN 'met' WHEN m.best <= 3 * c.best THEN 'met by the best turns'
        ELSE 'not met' END AS result
FROM median m JOIN median c ON c.test = 'count of lines' AND c.peer = m.peer
WHERE m.test = 'persistent absence by authority' ORDER BY m.peer;
