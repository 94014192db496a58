-- What a new register is: its objects and its rows of the law.

CREATE FUNCTION register_law(register name)
    RETURNS TABLE (object text, law jsonb)
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shipped record;
    query text;
    rows jsonb;
BEGIN
    FOR shipped IN
        SELECT c.relname, c.relowner AS owner, t.key,
            -- not of types whose owner could have code of his run by a cast
            (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
                JOIN pg_type y ON y.oid = a.atttypid
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = ''
                 AND (y.typnamespace = 'pg_catalog'::regnamespace
                OR EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                    AND d.refclassid = 'pg_extension'::regclass
                    WHERE d.classid = 'pg_type'::regclass AND d.objid = y.oid AND d.deptype = 'e'
                        AND e.extname = 'attendance'))) AS columns
        FROM @extschema@.law_tables() t
        JOIN pg_class c ON c.relname = t.name AND c.relkind = 'r'
        JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = register
        WHERE has_schema_privilege(c.relowner, n.oid, 'USAGE') AND has_table_privilege(c.relowner, c.oid, 'SELECT')
    LOOP
        query := format('SELECT jsonb_agg(to_jsonb(t)) FROM (SELECT %s FROM %I.%I) t', shipped.columns, register,
            shipped.relname);
        -- reading can run the owner's code, such as that of an index
        IF pg_has_role(shipped.owner, 'MEMBER') THEN
            rows := @extschema@.run_as(pg_get_userbyid(shipped.owner), query);
        ELSE
            EXECUTE query INTO rows;
        END IF;
        RETURN QUERY
            SELECT format('row %s of %s', (SELECT string_agg(r.value ->> k.name, ' ' ORDER BY k.n)
                                           FROM unnest(shipped.key) WITH ORDINALITY AS k (name, n)), shipped.relname),
                r.value
            FROM jsonb_array_elements(rows) AS r (value);
    END LOOP;
END
$$;
COMMENT ON FUNCTION register_law(name) IS
'Internal: the rows of the law in a register, the user''s own among them: what check_register compares with those that '
'a new register has. No rows for NULL';

CREATE FUNCTION altered_law(shipped jsonb, found jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.jsonb_object_agg(w.key, found -> w.key)
        FROM pg_catalog.jsonb_each(shipped) AS w (key, value)
        WHERE coalesce(found -> w.key, 'null'::jsonb) <> w.value
            AND NOT CASE
                WHEN w.key IN ('retention_years', 'backup_retention_years') THEN coalesce(found -> w.key > w.value,
                    false)
                WHEN coalesce(shipped ->> 'confirmed', 'true') = 'true' THEN false
                -- what was not read in the Regulations is there to be corrected, but not to be ended
                WHEN w.key = 'to_day' THEN coalesce(found ->> w.key > shipped ->> w.key, false)
                ELSE true
            END;
    END;
COMMENT ON FUNCTION altered_law(jsonb, jsonb) IS
'Internal: the columns of a row of the law that are not as they were shipped, with what they are now; not those that a '
'register may change: longer retention, and what is not confirmed. NULL if there are none, and for NULL';

-- What a register made by this version is, as this major version of the server writes it: to make one takes seconds,
-- and a
-- standby cannot.  No data of users: the extension fills it, and fills it again when it is updated.
CREATE TABLE register_model (
    server_version integer PRIMARY KEY,
    model name NOT NULL,
    objects jsonb NOT NULL,
    reports jsonb NOT NULL,
    law jsonb NOT NULL);
COMMENT ON TABLE register_model IS
'What a new register consists of, what is kept (objects) and what only reads (reports), and its rows of the law, by '
'major version of the server: what check_register compares with. build_register_model() fills it';
GRANT SELECT ON register_model TO PUBLIC;

CREATE FUNCTION new_register_model() RETURNS register_model
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    -- written the same way in every session
    SET DateStyle = 'ISO, YMD' SET IntervalStyle = postgres SET TimeZone = 'UTC'
    SET bytea_output = hex SET extra_float_digits = 1
    SET quote_all_identifiers = off SET standard_conforming_strings = on
AS $$
DECLARE
    result @extschema@.register_model;
BEGIN
    result.server_version := current_setting('server_version_num')::integer / 10000;
    result.model := 'check_register_' || pg_backend_pid();
    BEGIN
        PERFORM @extschema@.create_register(result.model, reports => false);
        SELECT jsonb_object_agg(o.object, o.definition) INTO result.objects
            FROM @extschema@.register_objects(result.model) o;
        PERFORM @extschema@.make_reports(result.model);
        SELECT jsonb_object_agg(o.object, o.definition) INTO result.reports
            FROM @extschema@.register_objects(result.model) o
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
'Keeps what a new register consists of for check_register. CREATE EXTENSION does it; after pg_upgrade, whoever owns '
'the extension may call it, so that check_register is fast and runs on standbys. 42501 for others';
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
            MESSAGE = 'there is no model for this version of the server to compare a register with, and none can be '
                      'made in a read-only transaction',
            HINT = 'Call build_register_model() on the primary, as the owner of the extension.';
    END IF;
    RETURN @extschema@.new_register_model();
END
$$;
COMMENT ON FUNCTION find_register_model() IS
'Internal: what a new register consists of: what is kept, or, after pg_upgrade, made anew. 55000 if it would have to '
'be made on a standby';

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
'Internal: what register_objects should list of a register, given the list of a model: with the name of the register, '
'and its years. NULL for NULL';
