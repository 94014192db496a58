-- For bench/day: what the largest tables of the demo take, with indexes.
SELECT CASE WHEN c.relname ~ '^register_line_' THEN 'register_line' ELSE c.relname END, pg_total_relation_size(c.oid),
    greatest(c.reltuples, 0)::bigint
FROM pg_class c
WHERE c.relnamespace = 'register'::regnamespace AND c.relkind = 'r' AND pg_total_relation_size(c.oid) > 1000000
ORDER BY 2 DESC;
