-- By size: WAL of a day, memory of reports, disk.
\echo
\echo '### WAL of a day, kB'
\echo
SELECT m.test AS size, m.peer AS written, round(max(m.median) FILTER (WHERE m.unit = 'morning') / 1024) AS morning,
    round(max(m.median) FILTER (WHERE m.unit = 'afternoon') / 1024) AS afternoon,
    round(max(m.median) FILTER (WHERE m.unit = 'amendments') / 1024) AS amendments, round(sum(m.median) / 1024) AS day,
    round(sum(m.median) FILTER (WHERE m.unit <> 'amendments') / max(n.marks)) AS "bytes a mark",
    max(n.marks) AS marks, max(n.amended) AS amended
FROM median m JOIN (VALUES (1, 'a school', '{900001}'::integer[]), (2, 'a trust of 15 schools',
        (SELECT array_agg(urn) FROM school WHERE trust_uid IS NOT NULL GROUP BY trust_uid
         ORDER BY count(*) DESC, trust_uid LIMIT 1)), (3, 'an authority', NULL)) AS s (place, size, schools)
    ON s.size = m.test
CROSS JOIN LATERAL (
    SELECT count(*) / count(DISTINCT k.day) AS marks,
        count(*) FILTER (WHERE (k.pupil_id * 2 + CASE k.session WHEN 'AM' THEN 0 ELSE 1 END) % 100 = 0)
            / count(DISTINCT k.day) AS amended
    FROM kept_mark k WHERE s.schools IS NULL OR k.school_urn = ANY (s.schools)) AS n
WHERE m.unit <> 'kB'
GROUP BY s.place, m.test, m.peer ORDER BY s.place, m.peer;
\echo
\echo '### Memory of a connection to itself, at its peak, MB'
\echo
SELECT m.test AS size, shown(max(m.median) FILTER (WHERE m.peer = 'connection') / 1024) AS "new",
    shown(max(m.median) FILTER (WHERE m.peer = 'headline') / 1024) AS headline,
    shown(max(m.median) FILTER (WHERE m.peer = 'persistent absentees') / 1024) AS "persistent absentees",
    shown(max(m.median) FILTER (WHERE m.peer = 'weekly trend') / 1024) AS "weekly trend",
    shown(max(m.median) FILTER (WHERE m.peer = 'cohorts') / 1024) AS "cohorts (five)",
    shown(max(m.median) FILTER (WHERE m.peer = 'checklist') / 1024) AS checklist
FROM median m JOIN (VALUES (1, 'a school'), (2, 'a trust of 15 schools'), (3, 'an authority'), (4, 'a region'))
    AS s (place, size) ON s.size = m.test
WHERE m.unit = 'kB' GROUP BY s.place, m.test ORDER BY s.place;
\echo
\echo '### Disk'
\echo
SELECT CASE name WHEN 'day_empty' THEN 'an empty register' WHEN 'demo' THEN 'an authority, a year, loaded'
        ELSE 'a region of thirteen' END AS database, pg_size_pretty(bytes) AS size
FROM database_size;
\echo
\echo '### The largest tables of the authority'
\echo
SELECT name AS "table", pg_size_pretty(sum(bytes)) AS size, sum(records) AS records,
    round(sum(bytes) / nullif(sum(records), 0)) AS "bytes a record"
FROM table_size GROUP BY name ORDER BY sum(bytes) DESC;
