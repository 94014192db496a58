-- What check_register() compares, and what it finds without a comparison.

-- What a register should have: everything that one made this moment has.
CREATE FUNCTION register_objects(register name)
    RETURNS TABLE (object text, definition text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH relation AS (
            SELECT c.oid, c.relname, c.relkind, c.reloptions
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = register AND NOT c.relispartition)
        SELECT pg_catalog.format('%s %s', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, c.relname),
            CASE WHEN c.relkind = 'v' THEN pg_catalog.pg_get_viewdef(c.oid) ELSE '' END
        FROM relation c WHERE c.relkind IN ('r', 'p', 'v')
        UNION ALL
        SELECT pg_catalog.format('options of view %s', c.relname), coalesce(pg_catalog.array_to_string(c.reloptions, ', '), '')
        FROM relation c WHERE c.relkind = 'v'
        UNION ALL
        SELECT pg_catalog.format('column %s.%s', c.relname, a.attname),
            pg_catalog.concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attnotnull THEN 'NOT NULL' END,
                CASE WHEN a.attidentity <> '' THEN 'IDENTITY' END,
                pg_catalog.pg_get_expr(d.adbin, d.adrelid))
        FROM relation c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT pg_catalog.format('constraint %s on %s', k.conname, c.relname),
            pg_catalog.concat_ws(' ', pg_catalog.pg_get_constraintdef(k.oid),
                CASE WHEN NOT k.convalidated THEN 'not validated' END,
                CASE WHEN EXISTS (
                    SELECT FROM pg_catalog.pg_trigger t
                    JOIN pg_catalog.pg_constraint own ON own.oid = t.tgconstraint
                    WHERE (own.oid = k.oid OR own.conparentid = k.oid) AND t.tgenabled IN ('D', 'R'))
                    THEN 'not enforced' END)
        FROM relation c JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid
        WHERE k.contype IN ('c', 'f', 'p', 'u', 'x')
        UNION ALL
        SELECT pg_catalog.format('index %s on %s', i.relname, c.relname),
            pg_catalog.concat_ws(' ', pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(x.indexrelid), ' WITH \([^)]*\)', ''),
                CASE WHEN NOT x.indisvalid THEN 'not valid' END)
        FROM relation c JOIN pg_catalog.pg_index x ON x.indrelid = c.oid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.conindid = x.indexrelid)
        UNION ALL
        SELECT pg_catalog.format('trigger %s on %s', t.tgname, c.relname),
            pg_catalog.concat_ws(' ', pg_catalog.pg_get_triggerdef(t.oid, true),
                CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas only' END)
        FROM relation c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
        WHERE NOT t.tgisinternal
        UNION ALL
        SELECT pg_catalog.format('function %s(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
            pg_catalog.concat_ws(' ', pg_catalog.pg_get_function_arguments(p.oid),
                'RETURNS ' || pg_catalog.pg_get_function_result(p.oid), 'LANGUAGE ' || l.lanname,
                CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END,
                CASE WHEN p.proisstrict THEN 'STRICT' END, CASE WHEN p.proleakproof THEN 'LEAKPROOF' END,
                CASE p.proparallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED' END,
                CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' END,
                'SET ' || pg_catalog.array_to_string(p.proconfig, ', '),
                coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc))
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE n.nspname = register AND p.prokind IN ('f', 'p');
    END;
COMMENT ON FUNCTION register_objects(name) IS
'Internal: the tables, views, columns, constraints, indexes, triggers and functions of a register, each with its definition: what check_register compares';

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
            FROM pg_catalog.regexp_matches(expressions, ':(funcid|opfuncid|aggfnoid|winfnoid|relid) (\d+)', 'g') AS m (found))
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
'Internal: what the expressions of a policy of row-level security (pg_policy.polqual, polwithcheck) have in them that runs code of others, or can do more than tell whether a row is seen: functions that are neither PostgreSQL''s nor the extension''s or are volatile, and what is read and is no table. No rows if there is none, and for NULL';

-- What nothing of a new register is compared with: what was added to a relation, or is not in its definition.
CREATE FUNCTION relation_faults(register name)
    RETURNS TABLE (of_object text, object text, problem text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH relation AS (
            SELECT c.oid, c.relname, c.relkind, c.relowner, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity,
                w.relowner AS register_owner, pg_catalog.format('%s %s', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, c.relname) AS object,
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
            (c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits i WHERE i.inhparent = c.oid), 'another inherits from it'))
            AS f (so, problem)
        WHERE f.so
        UNION ALL
        SELECT c.object, pg_catalog.format('rule %s on %s', u.rulename, c.relname), 'added'
        FROM relation c JOIN pg_catalog.pg_rewrite u ON u.ev_class = c.oid AND u.rulename <> '_RETURN'
        UNION ALL
        SELECT c.object, pg_catalog.format('policy %s on %s', y.polname, c.relname), f.problem
        FROM relation c JOIN pg_catalog.pg_policy y ON y.polrelid = c.oid
        CROSS JOIN LATERAL (
            SELECT x.problem FROM policy_faults(pg_catalog.concat_ws(' ', y.polqual::text, y.polwithcheck::text)) AS x (problem)
            UNION ALL
            -- that of a school may be hidden, but whole
            SELECT 'hides single entries' WHERE c.proof AND pg_catalog.pg_get_expr(y.polqual, c.oid) <> 'true' AND NOT coalesce((
                SELECT pg_catalog.bool_and(a.attname = 'school_urn')
                FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                WHERE d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = y.oid AND d.refobjid = c.oid
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0), false)) AS f
        UNION ALL
        -- 64: instead of what the views' own do
        SELECT c.object, pg_catalog.format('trigger %s on %s', t.tgname, c.relname), 'added'
        FROM relation c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
        WHERE NOT t.tgisinternal AND (c.proof OR c.relname = 'register_line' OR t.tgtype & 64 <> 0)
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
        JOIN pg_catalog.pg_class w ON w.relnamespace = n.oid AND w.relname = 'register_line' AND w.relowner <> p.proowner
        CROSS JOIN LATERAL (SELECT pg_catalog.format('function %s(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)) AS object) o
        WHERE n.nspname = register;
    END;
COMMENT ON FUNCTION relation_faults(name) IS
'Internal: what is wrong with a table, view or function of a register''s schema, each in a row of its own, whatever its definition is: another owner, rules, row security that hides single entries or runs code, triggers added where entries go, defaults of views, inheritance. of_object tells, as register_objects() has it, of what; that may be the user''s own. No rows if all is well, and for NULL';

-- What is wrong with partitions, which a new register does not have.
CREATE FUNCTION partition_faults(register name)
    RETURNS TABLE (object text, problem text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH whole AS (
            SELECT c.oid, c.relnamespace, c.relowner, n.nspowner, c.relrowsecurity
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = register AND c.relname = 'register_line' AND c.relkind = 'p'),
        part AS (
            SELECT c.oid, c.relname, c.relnamespace, c.relowner, c.relpersistence, c.relforcerowsecurity, c.relacl,
                w.relnamespace AS register_oid, w.relowner AS register_owner,
                w.relrowsecurity AND NOT c.relrowsecurity AS unprotected,
                CASE WHEN c.relnamespace = w.relnamespace THEN c.relname::text
                    ELSE pg_catalog.format('%s.%s', n.nspname, c.relname) END AS name
            FROM whole w CROSS JOIN LATERAL pg_catalog.pg_partition_tree(w.oid) t
            JOIN pg_catalog.pg_class c ON c.oid = t.relid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE t.level > 0),
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
        CROSS JOIN (VALUES ('write_journal', 'write_journal', 20), ('refuse_truncate', 'refuse_removal', 34)) AS w (name, function, type)
        WHERE NOT EXISTS (
            SELECT FROM pg_catalog.pg_trigger t JOIN member p ON p.oid = t.tgfoid
            WHERE t.tgrelid = c.oid AND t.tgname = w.name AND p.proname = w.function AND t.tgtype = w.type
                AND t.tgqual IS NULL AND t.tgattr::text = '')
        UNION ALL
        SELECT pg_catalog.format('table %s', c.name), f.problem
        FROM part c CROSS JOIN LATERAL (VALUES
            (c.relnamespace <> c.register_oid, 'a partition of register_line in another schema'),
            (c.relowner <> c.register_owner, 'not owned by the register''s owner'),
            (c.relforcerowsecurity, 'has row security that its owner is held to'),
            (c.relpersistence <> 'p', 'not logged')) AS f (so, problem)
        WHERE f.so
        UNION ALL
        SELECT pg_catalog.format('rule %s on %s', u.rulename, c.name), 'added'
        FROM part c JOIN pg_catalog.pg_rewrite u ON u.ev_class = c.oid
        UNION ALL
        SELECT pg_catalog.format('policy %s on %s', y.polname, c.name), f.problem
        FROM part c JOIN pg_catalog.pg_policy y ON y.polrelid = c.oid
        CROSS JOIN LATERAL policy_faults(pg_catalog.concat_ws(' ', y.polqual::text, y.polwithcheck::text)) AS f (problem)
        UNION ALL
        -- the policies of the whole do not hold for statements that name the partition
        SELECT pg_catalog.format('table %s', c.name), pg_catalog.format('open to %s beside the row security of register_line',
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
        -- they see what goes into the journal, and can keep it out
        SELECT pg_catalog.format('trigger %s on %s', t.tgname, c.name), 'added'
        FROM part c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
        WHERE NOT t.tgisinternal AND t.tgparentid = 0
            AND NOT EXISTS (SELECT FROM member p WHERE p.oid = t.tgfoid AND p.proname IN ('write_journal', 'refuse_removal'))
        UNION ALL
        SELECT pg_catalog.format('column %s.%s', c.name, a.attname), 'has a default of its own'
        FROM whole w CROSS JOIN part c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        JOIN pg_catalog.pg_attribute wa ON wa.attrelid = w.oid AND wa.attname = a.attname
        LEFT JOIN pg_catalog.pg_attrdef wd ON wd.adrelid = w.oid AND wd.adnum = wa.attnum
        WHERE pg_catalog.pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM pg_catalog.pg_get_expr(wd.adbin, wd.adrelid);
    END;
COMMENT ON FUNCTION partition_faults(name) IS
'Internal: what is wrong with the partitions of a register''s lines, wherever they are: owner, place, triggers and defaults of their own, rules, rights beside the row security of register_line. No rows if all is well, and for NULL';

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
            SELECT p.oid, p.proname, p.prosecdef, p.proowner, p.proconfig, p.probin, p.prorettype, p.prosrc, p.provolatile, p.proisstrict,
                p.proparallel, l.lanname
            FROM extension_functions() AS x (oid)
            JOIN pg_catalog.pg_proc p ON p.oid = x.oid JOIN pg_catalog.pg_language l ON l.oid = p.prolang)
        SELECT f.object, f.problem FROM partition_faults(register) f
        UNION ALL
        -- who owns the schema can drop what is in it
        SELECT pg_catalog.format('schema %s', register), 'not owned by the register''s owner'
        FROM whole w WHERE w.nspowner <> w.relowner
        UNION ALL
        -- what the rules are decided by, which ALTER and CREATE OR REPLACE FUNCTION can change
        SELECT pg_catalog.format('function %s(%s) of the extension', m.proname, pg_catalog.pg_get_function_identity_arguments(m.oid)), f.problem
        FROM member m CROSS JOIN LATERAL (VALUES
            (m.prosecdef, 'SECURITY DEFINER'),
            (m.proowner <> (SELECT p.proowner FROM pg_catalog.pg_proc p WHERE p.oid = 'register_definition()'::regprocedure),
                'of another owner'),
            (coalesce(m.proconfig, '{}') <> CASE WHEN m.proname = 'record_faults' THEN '{"search_path=pg_catalog, pg_temp",jit=off}'
                WHEN m.proname IN ('check_register', 'new_register_model') THEN '{"search_path=pg_catalog, pg_temp","DateStyle=ISO, YMD",IntervalStyle=postgres,TimeZone=UTC,bytea_output=hex,'
                    || 'extra_float_digits=1,quote_all_identifiers=off,standard_conforming_strings=on}'
                WHEN m.lanname = 'plpgsql' THEN '{"search_path=pg_catalog, pg_temp"}' ELSE '{}' END::text[],
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
'Internal: what is wrong with a register on the face of it: with its partitions wherever they are, owners, triggers and defaults of their own, and with the functions of the extension. No rows if all is well, and for NULL';

CREATE FUNCTION register_law(register name)
    RETURNS TABLE (object text, law jsonb)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shipped record;
BEGIN
    FOR shipped IN
        SELECT c.relname, t.key,
            -- not of types whose owner could have code of his run by a cast
            (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = '' AND (y.typnamespace = 'pg_catalog'::regnamespace
                OR EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
                    WHERE d.classid = 'pg_type'::regclass AND d.objid = y.oid AND d.deptype = 'e' AND e.extname = 'attendance'))) AS columns
        FROM (VALUES ('regime', '{regime}'::text[]), ('requirement', '{mark,requirement,from_day}'),
            ('code_label', '{edition,mark}'), ('leave_reason', '{reason_class,mark,from_day}'),
            ('deletion_ground', '{regime,ground,from_day}'), ('penalty_framework', '{la_number,from_day}'),
            ('penalty_amount', '{from_day,step}')) AS t (name, key)
        JOIN pg_class c ON c.relname = t.name AND c.relkind = 'r'
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = register
    LOOP
        RETURN QUERY EXECUTE format($q$
            SELECT format('row %%s of %s', (SELECT string_agg(to_jsonb(t) ->> k.name, ' ' ORDER BY k.n)
                                            FROM unnest($1) WITH ORDINALITY AS k (name, n))), to_jsonb(t)
            FROM (SELECT %s FROM %I.%I) t
            $q$, shipped.relname, shipped.columns, register, shipped.relname) USING shipped.key;
    END LOOP;
END
$$;
COMMENT ON FUNCTION register_law(name) IS
'Internal: the rows of the law in a register, the user''s own among them: what check_register compares with those that a new register has. No rows for NULL';

CREATE FUNCTION altered_law(shipped jsonb, found jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.jsonb_object_agg(w.key, found -> w.key)
        FROM pg_catalog.jsonb_each(shipped) AS w (key, value)
        WHERE coalesce(found -> w.key, 'null'::jsonb) <> w.value
            AND NOT CASE
                WHEN w.key IN ('retention_years', 'backup_retention_years') THEN coalesce(found -> w.key > w.value, false)
                WHEN coalesce(shipped ->> 'confirmed', 'true') = 'true' THEN false
                -- what was not read in the Regulations is there to be corrected, but not to be ended
                WHEN w.key = 'to_day' THEN coalesce(found ->> w.key > shipped ->> w.key, false)
                ELSE true
            END;
    END;
COMMENT ON FUNCTION altered_law(jsonb, jsonb) IS
'Internal: the columns of a row of the law that are not as they were shipped, with what they are now; not those that a register may change: longer retention, and what is not confirmed. NULL if there are none, and for NULL';

-- What a register made by this version is, as this major version of the server writes it: to make one takes seconds, and a
-- standby cannot.  No data of users: the extension fills it, and fills it again when it is updated.
CREATE TABLE register_model (
    server_version integer PRIMARY KEY,
    model name NOT NULL,
    objects jsonb NOT NULL,
    reports jsonb NOT NULL,
    law jsonb NOT NULL);
COMMENT ON TABLE register_model IS
'What a new register consists of, what is kept (objects) and what only reads (reports), and its rows of the law, by major version of the server: what check_register compares with. build_register_model() fills it';
GRANT SELECT ON register_model TO PUBLIC;

CREATE FUNCTION new_register_model() RETURNS register_model
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    -- written the same way in every session
    SET DateStyle = 'ISO, YMD' SET IntervalStyle = postgres SET TimeZone = 'UTC' SET bytea_output = hex SET extra_float_digits = 1
    SET quote_all_identifiers = off SET standard_conforming_strings = on
AS $$
DECLARE
    result @extschema@.register_model;
BEGIN
    result.server_version := current_setting('server_version_num')::integer / 10000;
    result.model := 'check_register_' || pg_backend_pid();
    BEGIN
        PERFORM @extschema@.create_register(result.model, reports => false);
        SELECT jsonb_object_agg(o.object, o.definition) INTO result.objects FROM @extschema@.register_objects(result.model) o;
        PERFORM @extschema@.make_reports(result.model);
        SELECT jsonb_object_agg(o.object, o.definition) INTO result.reports FROM @extschema@.register_objects(result.model) o
        WHERE NOT result.objects ? o.object;
        SELECT jsonb_object_agg(l.object, l.law) INTO result.law FROM @extschema@.register_law(result.model) l;
        RAISE EXCEPTION USING ERRCODE = 'AT000'; -- it is undone before anybody sees it
    EXCEPTION WHEN SQLSTATE 'AT000' THEN
        NULL;
    END;
    RETURN result;
END
$$;
COMMENT ON FUNCTION new_register_model() IS
'Internal: makes a register, looks at what it consists of, and undoes it. Needs the right to create schemas';

CREATE FUNCTION build_register_model() RETURNS void
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    DELETE FROM @extschema@.register_model;
    INSERT INTO @extschema@.register_model SELECT * FROM @extschema@.new_register_model();
END
$$;
COMMENT ON FUNCTION build_register_model() IS
'Keeps what a new register consists of for check_register. CREATE EXTENSION does it; after pg_upgrade, whoever owns the extension may call it, so that check_register is fast and runs on standbys. 42501 for others';
REVOKE EXECUTE ON FUNCTION build_register_model() FROM PUBLIC;
SELECT build_register_model();

CREATE FUNCTION find_register_model() RETURNS register_model
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    result @extschema@.register_model;
BEGIN
    SELECT * INTO result FROM @extschema@.register_model m
    WHERE m.server_version = current_setting('server_version_num')::integer / 10000;
    IF FOUND THEN
        RETURN result;
    ELSIF current_setting('transaction_read_only')::boolean THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = 'there is no model for this version of the server to compare a register with, and none can be made in a read-only transaction',
            HINT = 'Call build_register_model() on the primary, as the owner of the extension.';
    END IF;
    RETURN @extschema@.new_register_model();
END
$$;
COMMENT ON FUNCTION find_register_model() IS
'Internal: what a new register consists of: what is kept, or, after pg_upgrade, made anew. 55000 if it would have to be made on a standby';

-- What a register with the name and the years of another should consist of.
CREATE FUNCTION expected_objects(model name, objects jsonb, register name) RETURNS jsonb
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.jsonb_object_agg(o.key, CASE o.key
            WHEN 'view register_year' THEN pg_catalog.replace(d.definition, '(NULL::integer,NULL::regclass)',
                '(NULL::integer,NULL::regclass)' || coalesce(y.rows, ''))
            ELSE d.definition END)
        FROM pg_catalog.jsonb_each_text(objects) AS o (key, value)
        -- the model's name, which nothing else is called: as in 'register.register_line'::regclass, and elsewhere
        CROSS JOIN LATERAL (SELECT pg_catalog.replace(pg_catalog.replace(o.value,
            '''' || pg_catalog.quote_ident(model) || '.',
            '''' || pg_catalog.replace(pg_catalog.quote_ident(register), '''', '''''') || '.'),
            pg_catalog.quote_ident(model) || '.', pg_catalog.quote_ident(register) || '.')) AS d (definition)
        CROSS JOIN (SELECT pg_catalog.string_agg(pg_catalog.format(', (%s,''%s''::regclass)',
                coalesce(y.academic_year, 'NULL::integer'), pg_catalog.replace(y.partition, '''', '''''')), '')
            FROM register_years(register) AS y) AS y (rows);
    END;
COMMENT ON FUNCTION expected_objects(name, jsonb, name) IS
'Internal: what register_objects should list of a register, given the list of a model: with the name of the register, and its years. NULL for NULL';

-- A copy of the rows has not the sequences: logical replication leaves them behind.
CREATE FUNCTION register_sequences(register name)
    RETURNS TABLE (sequence regclass, last_value bigint, newest bigint, always boolean)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    numbered record;
BEGIN
    FOR numbered IN
        SELECT s.oid AS sequence, c.oid AS relation, a.attname AS col, a.attidentity <> 'd' AS always
        FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
        LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass
            AND d.deptype IN ('a', 'i')
        JOIN pg_class c ON c.oid = d.refobjid OR d.refobjid IS NULL AND c.relnamespace = n.oid AND c.relname = 'journal'
        JOIN pg_attribute a ON a.attrelid = c.oid AND (a.attnum = d.refobjsubid OR d.refobjid IS NULL AND a.attname = 'entry_id')
        WHERE n.nspname = register AND s.relkind = 'S' AND (d.refobjid IS NOT NULL OR s.relname = 'journal_entry_id_seq')
            AND CASE s.relkind WHEN 'S' THEN has_sequence_privilege(s.oid, 'SELECT') AND has_table_privilege(c.oid, 'SELECT') END
    LOOP
        sequence := numbered.sequence;
        always := numbered.always;
        last_value := coalesce(pg_sequence_last_value(numbered.sequence), 0);
        EXECUTE format('SELECT max(t.%I) FROM %s t', numbered.col, numbered.relation::regclass) INTO newest;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION register_sequences(name) IS
'The sequences of a register that the caller may read, each with its last value (0 if it has none yet) and the greatest number in the column that it numbers (NULL for no rows); always, whether no user gives such numbers himself. No rows for NULL';

CREATE FUNCTION advance_sequences(register name) RETURNS bigint
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.need_register(register);
    RETURN (SELECT count(setval(s.sequence, s.newest)) FROM @extschema@.register_sequences(register) s WHERE s.newest > s.last_value);
END
$$;
COMMENT ON FUNCTION advance_sequences(name) IS
'Moves the sequences of a register that are behind its rows up to them, and returns how many those were: run it when a subscriber of logical replication becomes the server that is written to, before anybody writes. NULL for NULL; 3F000 if there is no such register';

CREATE FUNCTION check_register(register name)
    RETURNS TABLE (object text, problem text)
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    -- written the same way in every session
    SET DateStyle = 'ISO, YMD' SET IntervalStyle = postgres SET TimeZone = 'UTC' SET bytea_output = hex SET extra_float_digits = 1
    SET quote_all_identifiers = off SET standard_conforming_strings = on
AS $$
DECLARE
    model @extschema@.register_model;
    wanted jsonb;
    reports jsonb;
    found jsonb;
BEGIN
    PERFORM @extschema@.need_register(register);
    model := @extschema@.find_register_model();
    wanted := @extschema@.expected_objects(model.model, model.objects, register);
    reports := @extschema@.expected_objects(model.model, model.reports, register);
    -- never with the register in the path: its owner could put functions there for a superuser to run
    SELECT jsonb_object_agg(o.object, o.definition) INTO found FROM @extschema@.register_objects(register) o;
    -- a register may be without reports, but has all or none
    IF EXISTS (SELECT FROM jsonb_each(reports) r WHERE found -> r.key = r.value) THEN
        wanted := wanted || reports;
    END IF;
    RETURN QUERY
        SELECT w.key, CASE WHEN f.value IS NULL THEN 'missing'
            WHEN w.value = '' THEN 'altered: ' || f.value
            WHEN f.value LIKE w.value || ' %' THEN 'altered: ' || substr(f.value, length(w.value) + 2)
            ELSE format('should be: %s; is: %s', w.value, f.value) END
        FROM jsonb_each_text(wanted) w LEFT JOIN jsonb_each_text(found) f ON f.key = w.key
        WHERE (f.value IS NULL OR f.value <> w.value)
            -- with a view its options are gone
            AND NOT (f.value IS NULL AND w.key LIKE 'options of view %' AND NOT found ? substr(w.key, 12))
        UNION ALL
        -- of what the register has, not of what the user added
        SELECT a.object, a.problem FROM @extschema@.relation_faults(register) a
        WHERE wanted ? a.of_object AND NOT (a.problem = 'added' AND wanted ? a.object)
        UNION ALL
        SELECT w.key, CASE WHEN l.law IS NULL THEN 'missing' ELSE format('altered: %s', @extschema@.altered_law(w.value, l.law)) END
        FROM jsonb_each(model.law) w LEFT JOIN @extschema@.register_law(register) l ON l.object = w.key
        WHERE l.law IS NULL OR @extschema@.altered_law(w.value, l.law) IS NOT NULL
        UNION ALL
        SELECT f.object, f.problem FROM @extschema@.register_faults(register) f
        UNION ALL
        SELECT format('sequence %s', c.relname), format('behind the rows: it is at %s, they are at %s; advance_sequences() moves it', s.last_value, s.newest)
        FROM @extschema@.register_sequences(register) s JOIN pg_class c ON c.oid = s.sequence WHERE s.always AND s.newest > s.last_value
        ORDER BY 1, 2;
END
$$;
COMMENT ON FUNCTION check_register(name) IS
'What a register lacks of one made this moment: tables, columns, constraints, views, triggers and functions that are missing, altered, disabled or of another owner, rows of the law that are missing or altered, single reports that are missing (a register without any is none the worse), partitions without guards or out of place, and what was added that could keep entries out of the journal. No rows if all is well; what else the user added is not mentioned. Needs the right to read the tables of the law; changes nothing, and runs on a standby. After pg_upgrade it needs the right to create schemas until build_register_model() has been called, and is 55000 on a standby until then. No rows for NULL; 3F000 if there is no such register';
