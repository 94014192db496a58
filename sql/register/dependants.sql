-- What users have made of reports of a register: it is in the way when those are dropped.

CREATE FUNCTION dependants_of(class oid, object oid) RETURNS TABLE (classid oid, objid oid, objsubid integer)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT DISTINCT CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::regclass END,
            coalesce(w.ev_class, d.objid), CASE WHEN w.oid IS NULL THEN d.objsubid ELSE 0 END
        FROM (
            SELECT class AS classid, object AS objid
            UNION ALL
            -- the types of its rows and of arrays of them
            SELECT 'pg_catalog.pg_type'::regclass, u.oid
            FROM pg_catalog.pg_type t CROSS JOIN LATERAL (VALUES (t.oid), (t.typarray)) AS u (oid)
            WHERE class = 'pg_catalog.pg_class'::regclass AND t.typrelid = object) AS o
        JOIN pg_catalog.pg_depend d ON d.refclassid = o.classid AND d.refobjid = o.objid AND d.deptype IN ('n', 'a')
        -- what is behind a view is the view
        LEFT JOIN pg_catalog.pg_rewrite w ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND w.oid = d.objid
            AND w.rulename = '_RETURN'
        WHERE NOT (d.classid = class AND d.objid = object) AND coalesce(w.ev_class <> object, true)
            -- the triggers of a view of the register are a part of it
            AND NOT (d.classid = 'pg_catalog.pg_trigger'::regclass AND EXISTS (
                SELECT FROM pg_catalog.pg_trigger g
                JOIN pg_catalog.pg_depend e ON e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = g.tgfoid
                    AND e.refclassid = 'pg_catalog.pg_extension'::regclass AND e.deptype = 'e'
                WHERE g.oid = d.objid));
    END;
COMMENT ON FUNCTION dependants_of(oid, oid) IS
'Internal: what depends on an object, by the classid and objid of pg_depend: directly, and not as a part of it. No '
'rows for NULL';

CREATE FUNCTION report_dependants(register name, reports text[])
    RETURNS TABLE (classid oid, objid oid, kind text, identity text, object text, report text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH RECURSIVE own AS (
            SELECT r.classid, r.objid, r.object FROM register_readers(register) AS r WHERE r.object = ANY (reports)),
        dependant AS (
            SELECT d.classid, d.objid, d.objsubid, o.object AS report
            FROM own o CROSS JOIN LATERAL dependants_of(o.classid, o.objid) AS d
            WHERE NOT EXISTS (SELECT FROM own x WHERE x.classid = d.classid AND x.objid = d.objid)
            UNION
            SELECT d.classid, d.objid, d.objsubid, NULL
            FROM dependant p CROSS JOIN LATERAL dependants_of(p.classid, p.objid) AS d
            -- not of a whole table for the sake of a column
            WHERE p.objsubid = 0 AND NOT EXISTS (SELECT FROM own x WHERE x.classid = d.classid AND x.objid = d.objid))
        SELECT d.classid, d.objid, i.type, i.identity, pg_catalog.pg_describe_object(d.classid, d.objid, d.objsubid),
            d.report
        FROM dependant d CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) AS i;
    END;
COMMENT ON FUNCTION report_dependants(name, text[]) IS
'Internal: what depends on some views and functions of a register and is none of them: kind and identity as '
'pg_identify_object() has them, object as pg_describe_object() has it, with the one that it depends on directly, NULL '
'if through others. No rows for NULL';

CREATE FUNCTION stand_in(class oid, object oid, OUT owner oid, OUT command text, OUT stub text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT c.relowner, pg_catalog.format('CREATE OR REPLACE VIEW %s%s AS ', c.oid::regclass,
            ' WITH (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')')
                || pg_catalog.pg_get_viewdef(c.oid),
            pg_catalog.format('CREATE OR REPLACE VIEW %s AS SELECT %s', c.oid::regclass, (
                SELECT pg_catalog.string_agg(pg_catalog.format('NULL::%s%s AS %I',
                    pg_catalog.format_type(a.atttypid, a.atttypmod),
                    ' COLLATE ' || NULLIF(a.attcollation, 0)::regcollation, a.attname), ', ' ORDER BY a.attnum)
                FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0))
        FROM pg_catalog.pg_class c
        WHERE class = 'pg_catalog.pg_class'::regclass AND c.oid = object AND c.relkind = 'v'
        UNION ALL
        SELECT p.proowner, d.command, pg_catalog.left(d.command, - pg_catalog.length(d.body)) || 'AS '''''
        FROM pg_catalog.pg_proc p
        CROSS JOIN LATERAL (
            SELECT pg_catalog.rtrim(pg_catalog.pg_get_functiondef(p.oid), E'\n') AS command,
                pg_catalog.pg_get_function_sqlbody(p.oid) AS body) AS d
        WHERE class = 'pg_catalog.pg_proc'::regclass AND p.oid = object AND p.prosqlbody IS NOT NULL
        UNION ALL
        SELECT c.relowner,
            pg_catalog.concat(a.command, ' USING (' || pg_catalog.pg_get_expr(y.polqual, y.polrelid) || ')',
                ' WITH CHECK (' || pg_catalog.pg_get_expr(y.polwithcheck, y.polrelid) || ')'),
            pg_catalog.concat(a.command, CASE WHEN y.polqual IS NOT NULL THEN ' USING (false)' END,
                CASE WHEN y.polwithcheck IS NOT NULL THEN ' WITH CHECK (false)' END)
        FROM pg_catalog.pg_policy y JOIN pg_catalog.pg_class c ON c.oid = y.polrelid
        CROSS JOIN LATERAL (SELECT pg_catalog.format('ALTER POLICY %I ON %s', y.polname,
            c.oid::regclass) AS command) AS a
        WHERE class = 'pg_catalog.pg_policy'::regclass AND y.oid = object;
    END;
COMMENT ON FUNCTION stand_in(oid, oid) IS
'Internal: the command that makes a view, a function whose body is parsed, or a policy again as it is, and one that '
'replaces it in place by something that depends on nothing, with the owner, who may run them; all NULL for all else, '
'and for NULL';

CREATE FUNCTION rests_on(class oid, object oid) RETURNS jsonb
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.jsonb_agg(DISTINCT pg_catalog.concat_ws(' ', i.type, i.identity)
            ORDER BY pg_catalog.concat_ws(' ', i.type, i.identity))
        FROM pg_catalog.pg_depend d
        CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) AS i
        WHERE d.classid = class AND d.objid = object
            OR d.classid = 'pg_catalog.pg_rewrite'::regclass AND class = 'pg_catalog.pg_class'::regclass
                AND d.objid IN (SELECT w.oid FROM pg_catalog.pg_rewrite w WHERE w.ev_class = object);
    END;
COMMENT ON FUNCTION rests_on(oid, oid) IS
'Internal: the names of all that an object depends on, a view with its query. NULL if on nothing, and for NULL';

-- Replaced in place, an object keeps its owner, rights, comments and what depends on it.
CREATE FUNCTION set_aside(thing text, class oid, object oid) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own record;
    needed jsonb := @extschema@.rests_on(class, object);
BEGIN
    SELECT * INTO own FROM @extschema@.stand_in(class, object);
    -- what makes it again can run code of its owner's: as in reading an array of a domain of his
    PERFORM @extschema@.run_as(pg_get_userbyid(own.owner), 'SET LOCAL check_function_bodies = off; ' || own.stub);
    RETURN jsonb_build_object('object', thing, 'class', class, 'oid', object, 'owner', pg_get_userbyid(own.owner),
        'command', own.command, 'rests_on', needed);
END
$$;
COMMENT ON FUNCTION set_aside(text, oid, oid) IS
'Internal: replaces what stand_in() can replace by something that depends on nothing, and returns what bring_back() '
'needs; all else stays. NULL for NULL';

CREATE FUNCTION bring_back(register name, thing jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.run_as((thing ->> 'owner')::name, thing ->> 'command');
    -- an operator that no text can name, as in NULLIF, would be another one
    IF @extschema@.rests_on((thing ->> 'class')::oid, (thing ->> 'oid')::oid) IS DISTINCT FROM thing -> 'rests_on' THEN
        RAISE EXCEPTION 'it would depend on other objects than before';
    END IF;
EXCEPTION WHEN OTHERS THEN
    RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist', SCHEMA = register,
        MESSAGE = format('%s does not fit the reports of register "%s" any more: %s', thing ->> 'object', register,
            SQLERRM),
        HINT = 'Drop or change it, or use upgrade_register(..., dependants => ''drop'').';
END
$$;
COMMENT ON FUNCTION bring_back(name, jsonb) IS
'Internal: makes again what set_aside() returned; 2BP01 where that fails. No effect for NULL';

CREATE FUNCTION drop_dependants(register name, reports text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own record;
BEGIN
    -- a column would take data with it
    SELECT string_agg(DISTINCT d.object, ', ' ORDER BY d.object) AS objects INTO own
    FROM @extschema@.report_dependants(register, reports) d
    WHERE d.kind NOT IN ('view', 'materialized view', 'function', 'procedure', 'rule', 'policy', 'trigger', 'index');
    IF own.objects IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist', SCHEMA = register,
            MESSAGE = format('reports of register "%s" cannot be made anew because objects depend on them that only '
                             'you can drop: %s', register, own.objects);
    END IF;
    FOR own IN
        SELECT DISTINCT d.object, d.kind, d.identity FROM @extschema@.report_dependants(register, reports) d
        WHERE d.report IS NOT NULL ORDER BY d.object
    LOOP
        RAISE NOTICE USING MESSAGE = format('drops %s', own.object);
        -- it may be gone with one before
        EXECUTE format('DROP %s IF EXISTS %s CASCADE', own.kind, own.identity);
    END LOOP;
END
$$;
COMMENT ON FUNCTION drop_dependants(name, text[]) IS
'Internal: drops what depends on some views and functions of a register, and says so; 2BP01 if a table or a type is '
'among it, whose data would go. No effect for NULL';
