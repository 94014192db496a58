-- The nation: the registers, and each report asked of all members and of one database.
\echo
\echo '### The registers'
\echo
SELECT CASE name WHEN 'nation_1' THEN 'a member' ELSE 'one database' END AS register,
    to_char(lines, 'FM9,999,999') AS lines, pg_size_pretty(bytes) AS "on disk"
FROM member_size ORDER BY lines;
\echo
\echo '### Asked of all members and of one database, ms'
\echo
SELECT f.test AS report, shown(a.median) AS "a member alone", shown(f.median) AS federation,
    shown(o.median) AS "one database", round((f.median / o.median)::numeric, 2) AS "federation / one",
    round((f.best / o.best)::numeric, 2) AS "of best",
    CASE WHEN (SELECT count(DISTINCT n.hash) FROM answer n WHERE n.test = f.test) = 1 THEN 'equal'
        ELSE 'DIFFERENT' END AS answers
FROM median f JOIN median o ON o.test = f.test AND o.peer = 'one database'
JOIN median a ON a.test = f.test AND a.peer = 'a member alone'
WHERE f.peer = 'federation' ORDER BY f.test;
