\echo
\echo '### England: made and loaded'
\echo
SELECT peer AS step, round((value / 1000)::numeric, 1) AS seconds FROM figure WHERE test = 'England' AND unit = 'ms';
\echo
SELECT count(*) AS lines, sum(possible(t) + not_possible(t)) AS marks, pg_size_pretty(pg_table_size('packed')) AS size,
    round(pg_table_size('packed') / count(*)::numeric, 1) AS "bytes a line", round(avg(bytes), 1) AS "of them marks"
FROM (SELECT pg_column_size(marks) AS bytes, tally(marks) AS t FROM packed) AS x;
