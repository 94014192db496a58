\pset footer off
\echo
\echo 'Sizes of the year of the queries'
SELECT what, pg_size_pretty(bytes) AS size, round(bytes / marks::numeric, 2) AS "bytes a mark" FROM size;
\echo
\echo 'Loading the year of the queries'
SELECT what, marks, round(ms) AS ms, round(marks / ms) AS "marks a ms" FROM load_time;
