\pset footer off
\echo
\echo 'Class registers of 30 pupils, one session: transactions a second, WAL bytes a mark (medians)'
SELECT clients, round((percentile_cont(0.5) WITHIN GROUP (ORDER BY tps) FILTER (WHERE way = 'register'))::numeric) AS "register: tps",
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY tps) FILTER (WHERE way = 'plain'))::numeric) AS "rows: tps",
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY tps) FILTER (WHERE way = 'register') / percentile_cont(0.5) WITHIN GROUP (ORDER BY tps) FILTER (WHERE way = 'plain'))::numeric, 2) AS ratio,
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY wal_bytes) FILTER (WHERE way = 'register'))::numeric) AS "register: WAL",
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY wal_bytes) FILTER (WHERE way = 'plain'))::numeric) AS "rows: WAL"
FROM class_result GROUP BY clients ORDER BY clients;
\echo
\echo 'A year of class registers, twice a day, autovacuum as shipped: bytes a mark'
SELECT marks, round(lines / marks::numeric, 2) AS lines, round(journal / marks::numeric, 2) AS journal, round(heads / marks::numeric, 2) AS heads,
    round(plain / marks::numeric, 1) AS rows, round(audit / marks::numeric, 1) AS "rows: audit",
    round(plain / (lines + journal + heads)::numeric, 1) AS "rows / register", round((plain + audit) / (lines + journal + heads)::numeric, 1) AS "with audit" FROM year_size;
