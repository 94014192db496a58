-- Prints pictures of a register's tables for graphviz, one a line: its name, a tab, the graph.  Run by psql -XAtq in a
-- database with the extension and a register named "register".
--
-- The picture of a purpose has its tables with primary key, foreign keys and lines from those tables that these name;
-- one more has all purposes.  The id of a graph is the digest of what it shows: so a picture is known to be of this
-- catalogue.
SET search_path = attendance, pg_catalog;
\ir register-placed.sql
CREATE TEMP VIEW key AS
SELECT k.conrelid, k.conkey, k.contype, f.relname, f.picture, t.relname AS target, t.picture AS target_picture,
    (SELECT string_agg(a.attname, ', ' ORDER BY i.n) FROM unnest(k.conkey) WITH ORDINALITY AS i (attnum, n)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = i.attnum) AS columns
FROM pg_constraint k JOIN placed f ON f.oid = k.conrelid LEFT JOIN placed t ON t.oid = k.confrelid
WHERE k.contype IN ('p', 'f') AND k.conparentid = 0;

CREATE FUNCTION pg_temp.box(name text, lines text[]) RETURNS text LANGUAGE sql
    RETURN format('"%s" [label=<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="2">%s</TABLE>>];', name,
        (SELECT string_agg(format('<TR><TD ALIGN="LEFT">%s</TD></TR>', l.line), '' ORDER BY l.n)
         FROM unnest(format('<B>%s</B>', name) || lines) WITH ORDINALITY AS l (line, n)));

WITH part (picture, dot) AS (
    SELECT 'register_' || p.picture, pg_temp.box(p.relname,
        (SELECT array_agg(CASE k.contype WHEN 'p' THEN format('<U>%s</U>', k.columns)
                ELSE k.columns || ' → ' || k.target END ORDER BY k.contype DESC, k.conkey, k.target)
         FROM key k WHERE k.conrelid = p.oid))
    FROM placed p
    UNION
    SELECT 'register_' || picture, format('"%s" -> "%s";', target, relname) FROM key WHERE target_picture = picture
    UNION ALL
    SELECT 'register', pg_temp.box(picture, array_agg(relname::text ORDER BY relname)) FROM placed GROUP BY picture
    UNION
    SELECT 'register', format('"%s" -> "%s";', target_picture, picture) FROM key WHERE target_picture <> picture)
SELECT picture || E'\t' || format('digraph "%s" { id="%s"; rankdir=LR; bgcolor=white; '
    'node [shape=box, style=filled, fillcolor="#f4f7fb", color="#5b7ca3", margin=0.05, '
    'fontname="DejaVu Sans", fontsize=10]; '
    'edge [color="#5b7ca3", arrowhead=crow]; %s }', picture, md5(dots), dots)
FROM (SELECT picture, string_agg(dot, ' ' ORDER BY dot COLLATE "C") FROM part GROUP BY picture) AS graph (picture, dots)
ORDER BY picture;
