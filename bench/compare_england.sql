-- England's year, packed. Variable: pupils.
\timing on
\echo 'made and loaded'
CREATE TABLE packed AS SELECT * FROM made_lines(1, :pupils);
VACUUM ANALYZE packed;
\timing off
SELECT count(*) AS lines, pg_size_pretty(pg_table_size('packed')) AS size, round(avg(pg_column_size(marks)), 1) AS "bytes a line" FROM packed;
