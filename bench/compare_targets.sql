\echo
\echo '### Targets: how many times as good as the peer, by medians and by the best turns; of several such peers the best one'
\echo
SELECT t.test AS case, coalesce(c.peer, t.peer) AS peer, t.unit, t.target, round(c.ratio::numeric, 2) AS ratio,
    round(c.ratio_of_best::numeric, 2) AS "of best",
    CASE WHEN c.ratio >= t.target THEN 'met' WHEN c.ratio_of_best >= t.target THEN 'met by the best turns'
        WHEN c.ratio < t.target THEN 'not met' ELSE 'not run' END AS result
FROM (VALUES (1, 'persistent absence', 'DuckDB, ENUM', 'ms', 25),
    (2, 'persistent absence', 'plain rows, text%', 'ms', 200),
    (3, 'weekly trend', 'DuckDB%', 'ms', 8), (4, 'rolling ten weeks', 'DuckDB%', 'ms', 15),
    (5, 'counts by code', 'DuckDB%', 'ms', 8),
    (6, 'one pupil''s year, prepared', 'plain rows', 'per second', 1),
    (7, 'one pupil''s year, simple', 'plain rows', 'per second', 1),
    (8, 'one class''s day, prepared', 'plain rows', 'per second', 1),
    (9, 'one class''s day, simple', 'plain rows', 'per second', 1),
    (10, 'size, a year of class registers', 'plain rows, primary key', 'bytes a mark', 20),
    (11, 'size, a year of feeds', 'plain rows, primary key', 'bytes a mark', 20),
    (12, 'size, whole lines', 'plain rows, primary key', 'bytes a mark', 20),
    (13, 'COPY of a term', 'plain rows, keys', 'ms', 1),
    (14, 'class registers, 1 client', 'plain rows, audit', 'per second', 1),
    (15, 'class registers, 16 clients', 'plain rows, audit', 'per second', 1)) AS t (place, test, peer, unit, target)
LEFT JOIN LATERAL (SELECT * FROM compared c WHERE c.test = t.test AND c.peer LIKE t.peer AND c.unit = t.unit
    ORDER BY c.ratio LIMIT 1) AS c ON true
ORDER BY t.place;
