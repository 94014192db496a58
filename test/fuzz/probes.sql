-- probes.sql: every call of a function with a value of one of our types, as the catalogue has them; in a
-- database with a register r.

CREATE TABLE own_type (type text PRIMARY KEY);
INSERT INTO own_type VALUES ('session_mark'), ('absence_code'), ('school_session'), ('mark_series'), ('mark_counts'),
                            ('attendance_tally'), ('cohort_summary');

-- What stands for an argument that is not looked at.
CREATE TABLE sample (type regtype PRIMARY KEY, value text);
INSERT INTO sample VALUES
    ('session_mark', '''L'''), ('absence_code', '''I'''), ('school_session', '''2025-09-08 AM'''),
    ('mark_series', '''empty'''), ('mark_counts', '''empty'''), ('attendance_tally', '''empty'''),
    ('cohort_summary', '''empty'''), ('date', '''2025-09-08'''), ('text', '''AM'''), ('daterange', '''[2025-09-08,)'''),
    ('integer', '10'), ('bigint', '3'), ('bytea', ''''''), ('regclass', '''r.journal'''), ('bigint[]', 'ARRAY[1]'),
    ('session_mark[]', '''{/}'''), ('school_session[]', '''{2025-09-08 AM}'''), ('boolean', 'true'),
    ('date[]', '''{2025-09-15,2025-09-08}''');

-- Each function with the value in the place of each argument that can have it.
CREATE TABLE probe AS
SELECT row_number() OVER ()::int AS id, t.type, p.oid::regprocedure AS function, p.prokind, place,
       p.proname ~ '_(lt|le|eq|ne|ge|gt|cmp|hash|hash_extended|subdiff)$' AS lenient,
       (SELECT format('%s(%s)', p.oid::regproc, string_agg(
                   CASE WHEN i <> place THEN format('%s::%s', s.value, a::regtype)
                        WHEN a = pg_type.oid THEN 'v' ELSE 'ARRAY[v]' END, ', ' ORDER BY i))
        FROM unnest(p.proargtypes) WITH ORDINALITY AS arguments (a, i) LEFT JOIN sample AS s ON s.type = a) AS call
FROM own_type AS t JOIN pg_type ON pg_type.oid = t.type::regtype, pg_proc AS p,
     unnest(p.proargtypes) WITH ORDINALITY AS argument (argument_type, place)
WHERE p.pronamespace = 'attendance'::regnamespace AND argument_type IN (pg_type.oid, typarray)
  AND p.proname <> 'school_session_range' -- looks at the order of its bounds first: see below
UNION ALL
SELECT -1, 'school_session', 'school_session_range(school_session,school_session)'::regprocedure, 'f', 1, false,
       'school_session_range(v, NULL, ''()'')';
