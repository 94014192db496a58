-- Keys that can leave the database: what replication by row filters, and databases of several machines, ask of tables.
-- The rules are read from the catalogue of a register, so that they hold for tables to come.
SET jit = off;
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();

-- Tables (a partition is as its table), views, and what functions take and give.
CREATE FUNCTION columns_of(register name) RETURNS TABLE (relation text, kind "char", oid oid, name text, type text, is_domain boolean, needed boolean)
LANGUAGE sql STABLE AS $$
    SELECT c.relname, c.relkind, c.oid, a.attname, format_type(a.atttypid, NULL), t.typtype = 'd', a.attnotnull
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = register::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
$$;
CREATE FUNCTION key_faults(register name) RETURNS TABLE (fault text, object text) LANGUAGE sql STABLE AS $$
    WITH col AS MATERIALIZED (SELECT * FROM columns_of(register)),
    kept AS (SELECT DISTINCT l.relation, l.oid FROM col l WHERE l.kind IN ('r', 'p')),
    argument AS (
        SELECT p.oid::regprocedure::text AS routine, u.name, format_type(u.type, NULL) AS type
        FROM pg_proc p CROSS JOIN LATERAL unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames) AS u (type, name)
        WHERE p.pronamespace = register::regnamespace AND NOT p.prorettype = 'trigger'::regtype)
    SELECT 'a school''s URN is a plain integer', concat(l.relation, '.', l.name, ' ', l.type) FROM col l
    WHERE l.name ~ '(^|_)urn$' AND l.type <> 'integer'
    UNION ALL
    SELECT 'a school''s URN is a plain integer', concat(a.routine, ' ', a.name, ' ', a.type) FROM argument a
    WHERE a.name ~ '(^|_)urn$' AND a.type <> 'integer'
    UNION ALL
    SELECT 'no key has a domain for its type', concat(l.relation, '.', l.name) FROM col l
    WHERE l.is_domain AND EXISTS (SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
        WHERE k.conrelid = l.oid AND k.contype IN ('p', 'u', 'x', 'f') AND a.attname = l.name)
    UNION ALL
    SELECT 'a table has a primary key', k.relation FROM kept k
    WHERE NOT EXISTS (SELECT FROM pg_constraint p WHERE p.conrelid = k.oid AND p.contype = 'p')
    UNION ALL
    -- a table whose school may be NULL, and one without, is the same on every machine
    SELECT 'what cannot be twice cannot be twice in a school', i.indexrelid::regclass::text FROM pg_index i
    JOIN col l ON l.oid = i.indrelid AND l.name = 'school_urn' AND l.needed AND l.kind IN ('r', 'p')
    WHERE (i.indisunique OR i.indisexclusion) AND pg_get_indexdef(i.indexrelid) !~ '\([^;]*\mschool_urn\M'
    UNION ALL
    SELECT 'no key of a school is changed by another one', concat(c.conrelid::regclass, ' ', c.conname) FROM pg_constraint c
    JOIN kept k ON k.oid = c.conrelid
    WHERE c.contype = 'f' AND (c.confupdtype NOT IN ('a', 'r') OR c.confdeltype IN ('n', 'd')) AND EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) AND a.attname ~ '^(school_)?urn$')
$$;
-- What spans schools, and the first days of enrolments that move with them: these hold in a register on one server, and are not taken to several.
CREATE TABLE of_one_server (fault text, object text);
INSERT INTO of_one_server SELECT 'what cannot be twice cannot be twice in a school', 'r.' || unnest('{attendance_support_extended,attendance_support_pkey,enrolment_one_main,penalty_notice_no_overlap,penalty_notice_pkey}'::text[])
UNION ALL SELECT 'no key of a school is changed by another one', 'r.' || unnest('{enrolment_former enrolment_former_school_urn_pupil_id_start_date_fkey,register_line register_line_school_urn_pupil_id_enrolment_start_fkey,school_former school_former_urn_fkey}'::text[]);
SELECT cmp_ok((SELECT count(*) FROM columns_of('r') WHERE name ~ '(^|_)urn$'), '>', 100::bigint, 'there are URNs to look at');
SELECT set_eq('SELECT * FROM key_faults(''r'')', 'SELECT * FROM of_one_server', 'a register obeys, but for what is of one server');

-- A rule that nothing breaks may look for nothing.
CREATE FUNCTION breaks(change text, wanted text, object text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    BEGIN
        EXECUTE change;
        SELECT string_agg(DISTINCT concat_ws(': ', f.fault, f.object), '; ') INTO found FROM public.key_faults('r') f
            WHERE concat_ws(': ', f.fault, replace(f.object, 'r.', '')) NOT IN (SELECT concat_ws(': ', o.fault, replace(o.object, 'r.', '')) FROM public.of_one_server o);
        RAISE EXCEPTION SQLSTATE 'UNDO0';
    EXCEPTION WHEN SQLSTATE 'UNDO0' THEN
        NULL;
    END;
    RETURN NEXT is(found, nullif(concat_ws(': ', wanted, object), ''), change);
END
$$;
SET LOCAL search_path = r, public, attendance;
SELECT * FROM breaks('CREATE TABLE b (school_urn urn PRIMARY KEY)', 'a school''s URN is a plain integer: b.school_urn urn; no key has a domain for its type', 'b.school_urn');
SELECT * FROM breaks('CREATE TABLE b (of_urn urn, x integer PRIMARY KEY)', 'a school''s URN is a plain integer', 'b.of_urn urn');
SELECT * FROM breaks('CREATE VIEW b AS SELECT 1::bigint AS school_urn', 'a school''s URN is a plain integer', 'b.school_urn bigint');
SELECT * FROM breaks('CREATE FUNCTION b(school_urn urn) RETURNS integer LANGUAGE sql RETURN 1', 'a school''s URN is a plain integer', 'b(urn) school_urn urn');
SELECT * FROM breaks('CREATE FUNCTION b() RETURNS TABLE (x integer, school_urn text) LANGUAGE sql RETURN (1, 1)', 'a school''s URN is a plain integer', 'b() school_urn text');
SELECT * FROM breaks('CREATE DOMAIN n AS bigint; CREATE TABLE b (x n PRIMARY KEY)', 'no key has a domain for its type', 'b.x');
SELECT * FROM breaks('CREATE TABLE b (x integer)', 'a table has a primary key', 'b');
SELECT * FROM breaks('CREATE TABLE b (x integer PRIMARY KEY, school_urn integer NOT NULL)', 'what cannot be twice cannot be twice in a school', 'b_pkey');
SELECT * FROM breaks('CREATE TABLE b (x integer, school_urn integer, PRIMARY KEY (x, school_urn)); CREATE UNIQUE INDEX ON b (x) WHERE x > 0', 'what cannot be twice cannot be twice in a school', 'b_x_idx');
SELECT * FROM breaks('CREATE TABLE b (x integer, school_urn integer, PRIMARY KEY (x, school_urn), EXCLUDE USING gist (int4range(x, x) WITH &&))', 'what cannot be twice cannot be twice in a school', 'b_int4range_excl');
SELECT * FROM breaks('CREATE TABLE b (x integer PRIMARY KEY, school_urn integer)', NULL, NULL);
SELECT * FROM breaks('CREATE TABLE b (school_urn integer PRIMARY KEY REFERENCES school ON UPDATE CASCADE)', 'no key of a school is changed by another one', 'b b_school_urn_fkey');
SELECT * FROM breaks('CREATE TABLE b (x integer PRIMARY KEY, school_urn integer REFERENCES school ON DELETE SET NULL)', 'no key of a school is changed by another one', 'b b_school_urn_fkey');
SELECT * FROM finish();
ROLLBACK;
