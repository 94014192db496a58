-- The year in ordinary use: what is on disk for each mark after each half term.
INSERT INTO figure SELECT 'size, a year of ' || CASE way WHEN 'year' THEN 'class registers' ELSE 'feeds' END, what,
    'bytes a mark', bytes / marks::float8
FROM year_size, LATERAL (VALUES ('register', lines + journal + heads), ('plain rows, primary key', rows),
    ('plain rows, primary key, audit', rows + audit)) AS s (what, bytes)
WHERE half = 6;
\echo
\echo '### A year in ordinary use, autovacuum as shipped between half terms: on disk after each half term (kB; journal and rows in bytes a mark)'
\echo
SELECT CASE way WHEN 'year' THEN 'class registers' ELSE 'a feed a school and session' END AS way, half AS "half term",
    marks, lines / 1024 AS "lines, kB", heads / 1024 AS "heads, kB",
    shown(lines / marks::float8) AS lines, shown(journal / marks::float8) AS journal,
    shown(heads / marks::float8) AS heads,
    shown(rows / marks::float8) AS "rows, key", shown(audit / marks::float8) AS audit,
    shown(rows / (lines + journal + heads)::float8) AS "rows / register",
    shown((rows + audit) / (lines + journal + heads)::float8) AS "with audit"
FROM year_size ORDER BY way DESC, half;
\echo
\echo '### Checks of what was written (all 0)'
\echo
SELECT what, wrong FROM checked;
