-- Prints doc/register_reference.md: what create_register() makes, from the catalogue and its comments.
-- Run by psql -XAtq in a database with the extension and a register named "register".
\set QUIET on
SET search_path = attendance, pg_catalog;
\qecho '# What is in a register'
\qecho
\qecho 'Every table, view and function that `create_register` makes, as the catalogue has it: `psql` shows the same with `\\d+`'
\qecho 'and `\\df+`. Made by `make register-reference` and checked by the tests; the text is that of `COMMENT ON`, where it is changed.'
\qecho 'How they are used is in [register.md](register.md), [admission.md](admission.md), [leave.md](leave.md),'
\qecho '[returns.md](returns.md), [legal.md](legal.md), [reports.md](reports.md), [report_groups.md](report_groups.md),'
\qecho '[benchmarks.md](benchmarks.md) and [bi.md](bi.md).'
\qecho
\qecho '## Pictures'
\qecho
\qecho 'The tables by the [purpose](register.md#rights) that they are written for, or else read; `registers` is with `marks`. Underlined is the'
\qecho 'primary key, `→` is what a foreign key refers to; lines are those within a picture. [All together](register.md#tables).'
\ir register-placed.sql
SELECT format(E'\n### The purpose %1$s\n\n![The tables of the purpose %1$s: %2$s](images/register_%1$s.svg)', picture,
    string_agg(relname, ', ' ORDER BY relname)) FROM placed GROUP BY picture ORDER BY picture;
\qecho
\qecho '## Tables'
CREATE FUNCTION pg_temp.cell(text) RETURNS text LANGUAGE sql
    RETURN replace(replace(replace(coalesce($1, ''), E'\n', ' '), '|', '\|'), 'register.', '');
CREATE FUNCTION pg_temp.relation_page(kinds "char"[]) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT concat_ws(E'\n', '', '### ' || c.relname, '', rtrim(pg_temp.cell(obj_description(c.oid, 'pg_class')), '.')
        || '.', '', '| column | type | |', '|---|---|---|',
        (SELECT string_agg(format('| `%s` | %s | %s |', a.attname,
                pg_temp.cell(
                    concat_ws(' ', format_type(a.atttypid, a.atttypmod),
                    CASE WHEN a.attnotnull AND a.attidentity = '' THEN 'NOT NULL' END,
                    CASE a.attidentity WHEN 'd' THEN 'identity' WHEN 'a' THEN 'identity, always' END,
                    CASE a.attgenerated WHEN 's' THEN 'generated' END)),
                pg_temp.cell(col_description(c.oid, a.attnum))), E'\n' ORDER BY a.attnum)
         FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
        (SELECT E'\n' || string_agg(format('- `%s`', pg_temp.cell(pg_get_constraintdef(k.oid))), E'\n'
            ORDER BY k.contype, k.conname)
         FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('p', 'u', 'c', 'f', 'x')))
    FROM pg_class c WHERE c.relnamespace = 'register'::regnamespace AND c.relkind = ANY (kinds) AND NOT c.relispartition
    ORDER BY c.relname
$$;
SELECT * FROM pg_temp.relation_page('{r,p}');
\qecho
\qecho '## Views'
SELECT * FROM pg_temp.relation_page('{v}');
\qecho
\qecho '## Functions'
SELECT concat_ws(E'\n', '',
    format('**`%s(%s)%s`**', p.proname, pg_get_function_arguments(p.oid),
    ' → ' || coalesce(r.columns, pg_get_function_result(p.oid))), '',
    rtrim(pg_temp.cell(obj_description(p.oid, 'pg_proc')), '.') || '.')
FROM pg_proc p
-- rows of a type by its columns
CROSS JOIN LATERAL (
    SELECT format('TABLE(%s)',
        string_agg(format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum))
    FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE t.oid = p.prorettype HAVING count(*) > 0
    UNION ALL SELECT NULL LIMIT 1) AS r (columns)
WHERE p.pronamespace = 'register'::regnamespace
ORDER BY p.proname, pg_get_function_arguments(p.oid);
