-- Of all cases in which peers were measured beside each other.
\echo
\echo '### Medians, and how many times as good as each peer the register is (and by the best turns); a query against count(*) of its table'
\echo
SELECT m.test AS case, m.peer, m.unit, m.runs, shown(m.median) AS median, shown(m.best) AS best,
    round(m.ratio::numeric, 1) AS ratio,
    round(m.ratio_of_best::numeric, 1) AS "of best", round((m.median / c.median)::numeric, 1) AS "times count(*)"
FROM compared m
LEFT JOIN median c ON c.test = 'count of lines' AND c.peer = m.peer
    AND EXISTS (SELECT FROM answer a WHERE a.test = m.test)
ORDER BY m.test, m.unit, m.peer NOT IN ('packed', 'register'), m.ratio;
