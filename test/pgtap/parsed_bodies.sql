-- What PostgreSQL parses when it is created is restored by pg_upgrade before the extension's operator classes are there:
-- nothing in it may look for equality or order of a type of the extension.  Here everything is parsed once more without them.
BEGIN;
SELECT create_register('r'), add_academic_year('r', 2025) \g /dev/null
SELECT * FROM no_plan();

-- ---------- what is parsed ----------

CREATE VIEW own_schema AS SELECT n.oid FROM pg_namespace n WHERE n.nspname IN ('attendance', 'r', 'control');
CREATE VIEW parsed AS
    SELECT 'function ' || p.oid::regprocedure AS object, regexp_replace(pg_get_functiondef(p.oid), '^CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION') AS command
    FROM pg_proc p WHERE p.prosqlbody IS NOT NULL AND p.pronamespace IN (SELECT oid FROM own_schema)
    UNION ALL
    -- those that a function names are restored before it
    SELECT 'view ' || c.oid::regclass, format('CREATE OR REPLACE VIEW %s AS %s', c.oid::regclass, pg_get_viewdef(c.oid))
    FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace IN (SELECT oid FROM own_schema)
    UNION ALL
    -- and so are tables, with their expressions
    SELECT format('default of %s.%s', c.oid::regclass, d.adnum), format('CREATE TEMP VIEW again AS SELECT %s AS value FROM %s', pg_get_expr(d.adbin, d.adrelid), c.oid::regclass)
    FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN (SELECT oid FROM own_schema)
    UNION ALL
    SELECT format('check %s of %s', k.conname, c.oid::regclass), format('CREATE TEMP VIEW again AS SELECT %s AS value FROM %s', pg_get_expr(k.conbin, k.conrelid), c.oid::regclass)
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'c' AND c.relnamespace IN (SELECT oid FROM own_schema);

-- all that cannot be parsed where the extension has no operator class, and why
CREATE FUNCTION unparsable() RETURNS TABLE (object text, why text) LANGUAGE plpgsql AS $$
DECLARE
    again record;
BEGIN
    -- what a command is, is told with the operator classes
    FOR again IN SELECT p.object, p.command FROM parsed p OFFSET 0 LOOP
        BEGIN
            DELETE FROM pg_amop WHERE amopfamily IN (SELECT f.oid FROM pg_opfamily f WHERE f.opfnamespace = 'attendance'::regnamespace);
            DELETE FROM pg_opclass WHERE opcnamespace = 'attendance'::regnamespace;
            EXECUTE again.command;
            RAISE EXCEPTION USING ERRCODE = 'AT000';
        EXCEPTION
            WHEN SQLSTATE 'AT000' THEN
                NULL;
            WHEN OTHERS THEN
                object := again.object;
                why := SQLSTATE;
                RETURN NEXT;
        END;
    END LOOP;
END
$$;

-- ---------- it would be found ----------

CREATE SCHEMA control;
CREATE TABLE control.entry (mark session_mark, marks session_mark[], tally attendance_tally, day date);
SELECT format('CREATE FUNCTION control.%I() RETURNS SETOF record LANGUAGE sql BEGIN ATOMIC %s; END', name, query) FROM (VALUES
    ('bad group', 'SELECT e.mark FROM control.entry e GROUP BY e.mark'), ('bad order', 'SELECT 1 FROM control.entry e ORDER BY e.tally'),
    ('bad distinct', 'SELECT DISTINCT e.mark FROM control.entry e'), ('bad distinct row', 'SELECT DISTINCT e AS e FROM control.entry e'),
    ('bad array', 'SELECT DISTINCT e.marks FROM control.entry e'), ('bad count', 'SELECT count(DISTINCT e.mark) FROM control.entry e'),
    ('bad ordered aggregate', 'SELECT array_agg(e.day ORDER BY e.mark) FROM control.entry e'),
    ('bad window', 'SELECT row_number() OVER (ORDER BY e.mark) FROM control.entry e'),
    ('bad partition', 'SELECT row_number() OVER (PARTITION BY e.mark) FROM control.entry e'),
    ('bad union', 'SELECT e.mark FROM control.entry e UNION SELECT e.mark FROM control.entry e'),
    ('bad except', 'SELECT e.mark FROM control.entry e EXCEPT SELECT e.mark FROM control.entry e'),
    ('bad row', 'SELECT (e.mark, e.day) < (e.mark, e.day) FROM control.entry e'),
    ('good operator', 'SELECT e.mark = e.mark, e.mark < e.mark FROM control.entry e'),
    ('good list', 'SELECT e.mark IN (''/'', ''L''), e.mark = ANY (e.marks) FROM control.entry e'),
    ('good place', 'SELECT mark_place(e.mark) FROM control.entry e GROUP BY mark_place(e.mark) ORDER BY mark_place(e.mark)')) AS v (name, query) \gexec
CREATE VIEW control."bad view" AS SELECT DISTINCT e.mark FROM control.entry e;
ALTER TABLE control.entry ADD CONSTRAINT "bad check" CHECK ((mark, day) < ('L', day)), ADD CONSTRAINT good CHECK (mark <> '-');

CREATE TABLE found AS SELECT * FROM unparsable();
SELECT results_eq($$ SELECT object ~ 'bad' AS found, count(*) FROM parsed WHERE object ~ 'control\.' AND (object ~ 'bad') = (object IN (SELECT object FROM found)) GROUP BY 1 ORDER BY 1 $$,
    $$ VALUES (false, 4::bigint), (true, 14) $$, 'each way of looking for equality or order is found, and nothing else');
SELECT is((SELECT array_agg(DISTINCT why) FROM found), '{0A000,42883}', 'because there is none');

-- ---------- it is not there ----------

SELECT cmp_ok((SELECT count(*) FROM parsed WHERE object !~ 'control\.'), '>', 250::bigint, 'there is much to parse');
SELECT is_empty($$ SELECT * FROM found WHERE object !~ 'control\.' $$, 'all of the extension and of a register is parsed without its operator classes');

-- ---------- what is parsed is what it was ----------

-- A dump of a register is made of these texts; a constant of a UNION without a name, for one, has another the next time.
CREATE FUNCTION altered() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    again record;
    now_so text;
BEGIN
    FOR again IN SELECT p.object, p.command FROM parsed p WHERE p.object ~ '^(function|view) r[.]' OFFSET 0 LOOP
        EXECUTE again.command;
        SELECT p.command INTO now_so FROM parsed p WHERE p.object = again.object;
        IF now_so <> again.command THEN
            RETURN NEXT again.object;
        END IF;
    END LOOP;
END
$$;
SELECT cmp_ok((SELECT count(*) FROM parsed WHERE object ~ '^(function|view) r[.]'), '>', 150::bigint, 'much of it is in a register');
SELECT is_empty('SELECT altered()', 'what is parsed once more reads as before');

SELECT * FROM finish();
ROLLBACK;
