-- What can be wrong with a register whatever a new one looks like.

-- Not with their columns: those of a catalog differ between versions, and pg_upgrade writes out an asterisk.
CREATE FUNCTION extension_functions() RETURNS SETOF oid
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT d.objid
        FROM pg_catalog.pg_extension e
        JOIN pg_catalog.pg_depend d ON d.refobjid = e.oid AND d.deptype = 'e'
            AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.classid = 'pg_catalog.pg_proc'::regclass
        WHERE e.extname = 'attendance';
    END;
COMMENT ON FUNCTION extension_functions() IS 'Internal: the functions of the extension';

-- Policies are the user's own, but whoever reads runs what they call.
CREATE FUNCTION policy_faults(expressions text) RETURNS SETOF text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH named AS (
            SELECT DISTINCT m.found[1] AS kind, m.found[2]::oid AS oid
            FROM pg_catalog.regexp_matches(expressions, ':(funcid|opfuncid|aggfnoid|winfnoid|relid) (\d+)',
                'g') AS m (found))
        SELECT pg_catalog.format('calls the function %s', p.oid::regprocedure)
        FROM named n JOIN pg_catalog.pg_proc p ON n.kind <> 'relid' AND p.oid = n.oid
        WHERE p.provolatile = 'v' OR p.pronamespace <> 'pg_catalog'::regnamespace
            AND p.oid NOT IN (SELECT x.oid FROM extension_functions() AS x (oid))
        UNION ALL
        SELECT pg_catalog.format('reads %s, which is no table', c.oid::regclass)
        FROM named n JOIN pg_catalog.pg_class c ON n.kind = 'relid' AND c.oid = n.oid
        WHERE c.relkind NOT IN ('r', 'p');
    END;
COMMENT ON FUNCTION policy_faults(text) IS
'Internal: what the expressions of a policy of row-level security (pg_policy.polqual, polwithcheck) have in them that '
'runs code of others, or can do more than tell whether a row is seen: functions that are neither PostgreSQL''s nor the '
'extension''s or are volatile, and what is read and is no table. No rows if there is none, and for NULL';

-- What nothing of a new register is compared with: what was added to a relation, or is not in its definition.
CREATE FUNCTION relation_faults(register name)
    RETURNS TABLE (of_object text, object text, problem text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH relation AS (
            SELECT c.oid, c.relname, c.relkind, c.relowner, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
                w.relowner AS register_owner,
                pg_catalog.format('%s %s', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, c.relname) AS object,
                c.relname IN ('journal', 'journal_head', 'disposal', 'disposal_item') AS proof
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN pg_catalog.pg_class w ON w.relnamespace = n.oid AND w.relname = 'register_line'
            WHERE n.nspname = register AND NOT c.relispartition AND c.relkind IN ('r', 'p', 'v'))
        SELECT c.object, c.object, f.problem
        FROM relation c CROSS JOIN LATERAL (VALUES
            (c.relowner <> c.register_owner, 'not owned by the register''s owner'),
            (c.relpersistence <> 'p', 'not logged'),
            (c.relforcerowsecurity, 'has row security that its owner is held to'),
            -- rows would come and go without the triggers
            (EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid), 'inherits from another'),
            (c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid),
                'another inherits from it'))
            AS f (so, problem)
        WHERE f.so
        UNION ALL
        SELECT c.object, pg_catalog.format('rule %s on %s', u.rulename, c.relname), 'added'
        FROM relation c JOIN pg_catalog.pg_rewrite u ON u.ev_class = c.oid AND u.rulename <> '_RETURN'
        UNION ALL
        SELECT c.object, pg_catalog.format('policy %s on %s', y.polname, c.relname), f.problem
        FROM relation c JOIN pg_catalog.pg_policy y ON y.polrelid = c.oid
        CROSS JOIN LATERAL (
            SELECT x.problem FROM policy_faults(pg_catalog.concat_ws(' ', y.polqual::text, y.polwithcheck::text)) AS x (
                problem)
            UNION ALL
            -- that of a school may be hidden, but whole
            SELECT 'hides single entries' WHERE c.proof AND pg_catalog.pg_get_expr(y.polqual, c.oid) <> 'true'
                AND NOT coalesce((
                SELECT pg_catalog.bool_and(a.attname = 'school_urn')
                FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid
                    AND a.attnum = d.refobjsubid
                WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = y.oid AND d.refobjid = c.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0), false)) AS f
        UNION ALL
        -- 64: instead of what the views' own do
        SELECT c.object, pg_catalog.format('trigger %s on %s', t.tgname, c.relname), 'added'
        FROM relation c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
        WHERE NOT t.tgisinternal AND (c.proof OR c.relname = 'register_line' OR t.tgtype & 64 <> 0)
            -- that of a subscriber keeps nothing out that it does not refuse
            AND t.tgfoid NOT IN (SELECT x.oid FROM extension_functions() AS x (oid) JOIN pg_catalog.pg_proc p
                ON p.oid = x.oid WHERE p.proname = 'refuse_subscriber_entry')
        UNION ALL
        -- who enters nothing would enter that
        SELECT c.object, pg_catalog.format('column %s.%s', c.relname, a.attname),
            'has a default of its own: ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)
        FROM relation c JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
        WHERE c.relkind = 'v'
        UNION ALL
        SELECT o.object, o.object, 'not owned by the register''s owner'
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_catalog.pg_class w ON w.relnamespace = n.oid AND w.relname = 'register_line'
            AND w.relowner <> p.proowner
        CROSS JOIN LATERAL (SELECT pg_catalog.format('function %s(%s)', p.proname,
            pg_catalog.pg_get_function_identity_arguments(p.oid)) AS object) o
        WHERE n.nspname = register;
    END;
COMMENT ON FUNCTION relation_faults(name) IS
'Internal: what is wrong with a table, view or function of a register''s schema, each in a row of its own, whatever '
'its definition is: another owner, rules, row security that hides single entries or runs code, triggers added where '
'entries go, defaults of views, inheritance. of_object tells, as register_objects() has it, of what; that may be the '
'user''s own. No rows if all is well, and for NULL';

-- What is wrong with partitions, which a new register does not have.
CREATE FUNCTION register_partitions(register name)
    RETURNS TABLE (oid oid, name text, other_schema boolean, other_owner boolean, unprotected boolean)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT c.oid, CASE WHEN c.relnamespace = w.relnamespace THEN c.relname::text
                ELSE pg_catalog.format('%s.%s', m.nspname, c.relname) END,
            c.relnamespace <> w.relnamespace, c.relowner <> w.relowner, w.relrowsecurity AND NOT c.relrowsecurity
        FROM pg_catalog.pg_class w JOIN pg_catalog.pg_namespace n ON n.oid = w.relnamespace
        CROSS JOIN LATERAL pg_catalog.pg_partition_tree(w.oid) t
        JOIN pg_catalog.pg_class c ON c.oid = t.relid JOIN pg_catalog.pg_namespace m ON m.oid = c.relnamespace
        WHERE n.nspname = register AND w.relname = 'register_line' AND w.relkind = 'p' AND t.level > 0;
    END;
COMMENT ON FUNCTION register_partitions(name) IS
'Internal: the partitions of a register''s lines, wherever they are, with a name for messages; unprotected: without '
'row security where the whole has it. No rows for NULL';

CREATE FUNCTION partition_trigger_faults(register name)
    RETURNS TABLE (object text, problem text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH part AS (SELECT p.oid, p.name FROM register_partitions(register) p),
        member AS (
            SELECT p.oid, p.proname FROM extension_functions() AS x (oid) JOIN pg_catalog.pg_proc p ON p.oid = x.oid)
        -- the partitions' own triggers can be disabled one by one
        SELECT pg_catalog.format('trigger %s on %s', t.tgname, c.name),
            CASE t.tgenabled WHEN 'D' THEN 'disabled' ELSE 'on replicas only' END
        FROM part c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid JOIN member p ON p.oid = t.tgfoid
        WHERE NOT t.tgisinternal AND t.tgenabled IN ('D', 'R')
        UNION ALL
        -- and those of statements are each partition's own
        SELECT pg_catalog.format('trigger %s on %s', w.name, c.name), 'missing'
        FROM part c
        -- 20: AFTER INSERT OR UPDATE of a statement, 34: BEFORE TRUNCATE
        CROSS JOIN (VALUES ('write_journal', 'write_journal', 20),
            ('refuse_truncate', 'refuse_removal', 34)) AS w (name, function, type)
        WHERE NOT EXISTS (
            SELECT FROM pg_catalog.pg_trigger t JOIN member p ON p.oid = t.tgfoid
            WHERE t.tgrelid = c.oid AND t.tgname = w.name AND p.proname = w.function AND t.tgtype = w.type
                AND t.tgqual IS NULL AND t.tgattr::text = '')
        UNION ALL
        -- they see what goes into the journal, and can keep it out
        SELECT pg_catalog.format('trigger %s on %s', t.tgname, c.name), 'added'
        FROM part c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
        WHERE NOT t.tgisinternal AND t.tgparentid = 0
            AND NOT EXISTS (SELECT FROM member p WHERE p.oid = t.tgfoid AND p.proname IN ('write_journal',
                'refuse_removal', 'refuse_subscriber_entry'));
    END;
COMMENT ON FUNCTION partition_trigger_faults(name) IS
'Internal: what is wrong with the triggers of the partitions of a register''s lines: disabled, missing or added. No '
'rows if all is well, and for NULL';

CREATE FUNCTION partition_faults(register name)
    RETURNS TABLE (object text, problem text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH whole AS (
            SELECT c.oid, c.relnamespace
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = register AND c.relname = 'register_line' AND c.relkind = 'p'),
        part AS (
            SELECT p.*, c.relowner, c.relacl, c.relpersistence, c.relforcerowsecurity
            FROM register_partitions(register) p JOIN pg_catalog.pg_class c ON c.oid = p.oid)
        SELECT f.object, f.problem FROM partition_trigger_faults(register) f
        UNION ALL
        SELECT pg_catalog.format('table %s', c.name), f.problem
        FROM part c CROSS JOIN LATERAL (VALUES
            (c.other_schema, 'a partition of register_line in another schema'),
            (c.other_owner, 'not owned by the register''s owner'),
            (c.relforcerowsecurity, 'has row security that its owner is held to'),
            (c.relpersistence <> 'p', 'not logged')) AS f (so, problem)
        WHERE f.so
        UNION ALL
        SELECT pg_catalog.format('rule %s on %s', u.rulename, c.name), 'added'
        FROM part c JOIN pg_catalog.pg_rewrite u ON u.ev_class = c.oid
        UNION ALL
        SELECT pg_catalog.format('policy %s on %s', y.polname, c.name), f.problem
        FROM part c JOIN pg_catalog.pg_policy y ON y.polrelid = c.oid
        CROSS JOIN LATERAL policy_faults(pg_catalog.concat_ws(' ', y.polqual::text, y.polwithcheck::text)) AS f (
            problem)
        UNION ALL
        -- the policies of the whole do not hold for statements that name the partition
        SELECT pg_catalog.format('table %s', c.name),
            pg_catalog.format('open to %s beside the row security of register_line',
                CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(a.grantee) END)
        FROM part c CROSS JOIN LATERAL (
            SELECT x.grantee FROM pg_catalog.aclexplode(c.relacl) x
            UNION SELECT x.grantee FROM pg_catalog.pg_attribute t CROSS JOIN LATERAL pg_catalog.aclexplode(t.attacl) x
            WHERE t.attrelid = c.oid) AS a
        WHERE c.unprotected AND a.grantee <> c.relowner
        UNION ALL
        SELECT pg_catalog.format('table %s', c.relname), 'not a partition of register_line'
        FROM whole w JOIN pg_catalog.pg_class c ON c.relnamespace = w.relnamespace
        WHERE c.relname ~ '^register_line_[0-9]{4}$' AND c.oid NOT IN (SELECT p.oid FROM part p)
        UNION ALL
        SELECT pg_catalog.format('column %s.%s', c.name, a.attname), 'has a default of its own'
        FROM whole w CROSS JOIN part c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
            AND NOT a.attisdropped
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        JOIN pg_catalog.pg_attribute wa ON wa.attrelid = w.oid AND wa.attname = a.attname
        LEFT JOIN pg_catalog.pg_attrdef wd ON wd.adrelid = w.oid AND wd.adnum = wa.attnum
        WHERE pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM pg_catalog.pg_get_expr(wd.adbin, wd.adrelid);
    END;
COMMENT ON FUNCTION partition_faults(name) IS
'Internal: what is wrong with the partitions of a register''s lines, wherever they are: owner, place, triggers and '
'defaults of their own, rules, rights beside the row security of register_line. No rows if all is well, and for NULL';

-- What is wrong whatever a new register looks like: partitions, and what is not in its schema.
CREATE FUNCTION register_faults(register name)
    RETURNS TABLE (object text, problem text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH whole AS (
            SELECT c.relowner, n.nspowner
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = register AND c.relname = 'register_line' AND c.relkind = 'p'),
        member AS (
            SELECT p.oid, p.proname, p.prosecdef, p.proowner, p.proconfig, p.probin, p.prorettype, p.prosrc,
                p.provolatile, p.proisstrict, p.proparallel, l.lanname
            FROM extension_functions() AS x (oid)
            JOIN pg_catalog.pg_proc p ON p.oid = x.oid JOIN pg_catalog.pg_language l ON l.oid = p.prolang)
        SELECT f.object, f.problem FROM partition_faults(register) f
        UNION ALL
        -- who owns the schema can drop what is in it
        SELECT pg_catalog.format('schema %s', register), 'not owned by the register''s owner'
        FROM whole w WHERE w.nspowner <> w.relowner
        UNION ALL
        -- what the rules are decided by, which ALTER and CREATE OR REPLACE FUNCTION can change
        SELECT pg_catalog.format('function %s(%s) of the extension', m.proname,
            pg_catalog.pg_get_function_identity_arguments(m.oid)), f.problem
        FROM member m CROSS JOIN LATERAL (VALUES
            (m.prosecdef, 'SECURITY DEFINER'),
            -- a superuser needs no function for it; constructors of ranges are the first superuser's, whoever made them
            (m.proowner <> (SELECT p.proowner FROM pg_catalog.pg_proc p
                WHERE p.oid = 'register_definition()'::regprocedure)
                AND NOT (SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.oid = m.proowner), 'of another owner'),
            (coalesce(m.proconfig, '{}') <> CASE WHEN m.lanname = 'plpgsql' OR m.proname = 'record_faults'
                THEN ARRAY['search_path=pg_catalog, pg_temp']
                ELSE '{}' END || CASE WHEN m.proname IN ('check_register', 'new_register_model', 'upgrade_register')
                THEN ARRAY['DateStyle=ISO, YMD', 'IntervalStyle=postgres', 'TimeZone=UTC', 'bytea_output=hex',
                    'extra_float_digits=1',
                    'quote_all_identifiers=off', 'standard_conforming_strings=on'] ELSE '{}' END
                || CASE WHEN m.proname IN ('record_faults', 'record_retention', 'retention_totals', 'upgrade_register')
                    THEN ARRAY['jit=off'] ELSE '{}' END,
                    'settings altered'),
            (m.lanname = 'c' AND m.probin <> '$libdir/attendance'
                OR m.prorettype = 'trigger'::regtype AND m.lanname <> 'plpgsql' AND m.prosrc <> 'att_' || m.proname,
                'not that of the library'),
            (m.prorettype = 'trigger'::regtype AND (m.provolatile <> 'v' OR m.proisstrict
                OR m.proparallel <> 'u'), 'volatility, strictness or parallel safety altered')
            ) AS f (so, problem)
        WHERE f.so AND EXISTS (SELECT FROM whole);
    END;
COMMENT ON FUNCTION register_faults(name) IS
'Internal: what is wrong with a register on the face of it: with its partitions wherever they are, owners, triggers '
'and defaults of their own, and with the functions of the extension. No rows if all is well, and for NULL';
