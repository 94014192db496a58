-- What only reads a register, as a whole: how it is made, known again and dropped.
-- Nothing here runs what the owner of a register may have put into it: a superuser can call it.

CREATE FUNCTION register_readers(register name)
    RETURNS TABLE (classid oid, objid oid, object text, kind text, identity text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT 'pg_catalog.pg_class'::regclass::oid, c.oid, pg_catalog.format('view %s', c.relname), 'VIEW',
            c.oid::regclass::text
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = register AND c.relkind = 'v'
        UNION ALL
        SELECT 'pg_catalog.pg_proc'::regclass::oid, p.oid,
            pg_catalog.format('function %s(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
            'ROUTINE', p.oid::regprocedure::text
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = register;
    END;
COMMENT ON FUNCTION register_readers(name) IS
'Internal: the views and functions in the schema of a register, the user''s own among them: as register_objects() '
'names them, and as DROP and COMMENT do. No rows for NULL';

CREATE FUNCTION comment_bi(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    said record;
BEGIN
    FOR said IN
        SELECT c.oid::regclass AS relation, a.attname, coalesce(own.description, general.description) AS description
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        LEFT JOIN @extschema@.bi_dictionary() own ON own.view_name = c.relname AND own.column_name = a.attname
        LEFT JOIN @extschema@.bi_dictionary() general ON general.view_name IS NULL AND general.column_name = a.attname
        WHERE n.nspname = register AND c.relkind = 'v' AND c.relname LIKE 'bi\_%'
            AND col_description(c.oid, a.attnum) IS NULL AND pg_has_role(c.relowner, 'USAGE')
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', said.relation, said.attname, said.description);
    END LOOP;
END
$$;
COMMENT ON FUNCTION comment_bi(name) IS
'Internal: for make_reports(): comments on the columns of a register''s views for BI that have none, as '
'bi_dictionary() has it. No effect for NULL';

CREATE FUNCTION make_reports(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    others text[] := ARRAY(SELECT r.object FROM @extschema@.register_readers(register) r);
    made text[];
BEGIN
    PERFORM set_config('search_path', format('%I, ', register) || '@extschema@, pg_temp', true);
    EXECUTE @extschema@.report_definition();
    PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
    PERFORM @extschema@.comment_bi(register);
    made := ARRAY(SELECT r.object FROM @extschema@.register_readers(register) r WHERE r.object <> ALL (others));
    EXECUTE format('CREATE FUNCTION %I.made_reports() RETURNS jsonb
            LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS %L', register,
        -- recorded_reports() reads it as a text
        (SELECT format('SELECT $made$%s$made$::pg_catalog.jsonb', jsonb_object_agg(r.object, left(md5(r.remark), 8)))
         FROM @extschema@.report_remarks(register, made) r
         WHERE r.provider IS NULL AND (r.object = ANY (made) OR r.remark IS NOT NULL)));
    EXECUTE format('COMMENT ON FUNCTION %I.made_reports() IS %L', register,
        'What upgrade_register drops and makes anew, with the beginning of MD5 of the comments that it gives: other '
        'comments are the user''s own');
END
$$;
COMMENT ON FUNCTION make_reports(name) IS
'Internal: for create_register() and upgrade_register(): makes what only reads a register, which it must not have yet. '
'No effect for NULL';

-- Without calling made_reports(), which is the owner's.
CREATE FUNCTION recorded_reports(register name) RETURNS jsonb
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.substring(p.prosrc, '^SELECT \$made\$(.*)\$made\$')::jsonb
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = register AND p.proname = 'made_reports' AND p.pronargs = 0;
    END;
COMMENT ON FUNCTION recorded_reports(name) IS
'Internal: what made_reports() of a register says. NULL if there is no such function, and for NULL';

CREATE FUNCTION reports_of(register name, shipped jsonb, found jsonb) RETURNS text[]
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH recorded AS MATERIALIZED (SELECT recorded_reports(register) AS reports)
        SELECT coalesce(pg_catalog.array_agg(o.key), '{}')
        FROM pg_catalog.jsonb_each(found) AS o (key, value) CROSS JOIN recorded r
        WHERE o.key ~ '^(view|function) ' AND CASE
            WHEN r.reports IS NOT NULL THEN r.reports ? o.key OR o.key = 'function made_reports()'
            -- the first definition had no record, and a register of it has reports
            WHEN definition_version(register) = 1 THEN shipped ? o.key
                OR o.key IN (SELECT f.object FROM former_reports() AS f (object))
            ELSE shipped -> o.key = o.value END;
    END;
COMMENT ON FUNCTION reports_of(name, jsonb, jsonb) IS
'Internal: which views and functions of a register only read it, by its own record; shipped is what a new register has '
'of them, found what the register has, as register_objects() lists it. None for a register without reports; NULL for '
'NULL';

CREATE FUNCTION drop_reports(register name, reports text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    command text;
BEGIN
    LOOP
        -- never CASCADE: what is left has dependants that nobody has looked at
        SELECT string_agg(format('DROP %s %s', r.kind, r.identity), '; ') INTO command
        FROM @extschema@.register_readers(register) r
        WHERE r.object = ANY (reports) AND NOT EXISTS (SELECT FROM @extschema@.dependants_of(r.classid, r.objid));
        EXIT WHEN command IS NULL;
        EXECUTE command;
    END LOOP;
END
$$;
COMMENT ON FUNCTION drop_reports(name, text[]) IS
'Internal: drops those of some views and functions of a register on which nothing depends but others of them. No '
'effect for NULL';
