-- Medians of all rounds, and how many times as long as the packed register each peer takes.
\pset footer off
\echo
\echo 'Answers that differ (none should)'
SELECT test, peer, hash FROM result r WHERE hash <> (SELECT hash FROM result p WHERE p.test = r.test AND p.peer = 'packed' LIMIT 1) GROUP BY 1, 2, 3;
CREATE TABLE median AS
SELECT test, peer, percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms, min(ms) AS least, count(*) AS runs FROM result GROUP BY test, peer;
\echo
\echo 'Medians in milliseconds; how many times as long as the packed register; that of the fastest runs; and against count(*) of the same table'
SELECT m.test, m.peer, m.runs, round(m.ms::numeric, 2) AS ms, round(m.least::numeric, 2) AS least,
    round((m.ms / p.ms)::numeric, 1) AS ratio, round((m.least / p.least)::numeric, 1) AS "ratio of least",
    CASE WHEN m.peer = 'packed' THEN round((m.ms / c.ms)::numeric, 1) END AS "times count(*)"
FROM median m JOIN median p ON p.test = m.test AND p.peer = 'packed' CROSS JOIN (SELECT ms FROM median WHERE test = 'count') c
ORDER BY m.test, m.ms;
