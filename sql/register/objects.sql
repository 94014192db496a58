-- What a register consists of, as check_register() compares it: everything that one made this moment has.

CREATE FUNCTION register_objects(register name)
    RETURNS TABLE (object text, definition text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH relation AS (
            SELECT c.oid, c.relname, c.relkind, c.reloptions, c.relrowsecurity
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = register AND NOT c.relispartition)
        SELECT pg_catalog.format('%s %s', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, c.relname),
            CASE WHEN c.relkind = 'v' THEN pg_catalog.pg_get_viewdef(c.oid) ELSE '' END
        FROM relation c WHERE c.relkind IN ('r', 'p', 'v')
        UNION ALL
        SELECT pg_catalog.format('options of view %s', c.relname),
            coalesce(pg_catalog.array_to_string(c.reloptions, ', '), '')
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
            -- rows without words that were there before words were asked for may stay
            pg_catalog.concat_ws(' ', pg_catalog.regexp_replace(pg_catalog.pg_get_constraintdef(k.oid),
                    '^(CHECK [(].*has_words[(].*) NOT VALID$', '\1'),
                CASE WHEN NOT k.convalidated AND pg_catalog.pg_get_constraintdef(k.oid) !~ '^CHECK [(].*has_words[(]'
                    THEN 'not validated' END,
                CASE WHEN EXISTS (
                    SELECT FROM pg_catalog.pg_trigger t
                    JOIN pg_catalog.pg_constraint own ON own.oid = t.tgconstraint
                    WHERE (own.oid = k.oid OR own.conparentid = k.oid) AND t.tgenabled IN ('D', 'R'))
                    THEN 'not enforced' END)
        FROM relation c JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid
        WHERE k.contype IN ('c', 'f', 'p', 'u', 'x')
        UNION ALL
        SELECT pg_catalog.format('index %s on %s', i.relname, c.relname),
            pg_catalog.concat_ws(' ', pg_catalog.regexp_replace(pg_catalog.pg_get_indexdef(x.indexrelid),
                ' WITH \([^)]*\)', ''),
                CASE WHEN NOT x.indisvalid THEN 'not valid' END)
        FROM relation c JOIN pg_catalog.pg_index x ON x.indrelid = c.oid JOIN pg_catalog.pg_class i
            ON i.oid = x.indexrelid
        WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid AND k.conindid = x.indexrelid)
        UNION ALL
        SELECT pg_catalog.format('trigger %s on %s', t.tgname, c.relname),
            pg_catalog.concat_ws(' ', pg_catalog.pg_get_triggerdef(t.oid, true),
                CASE t.tgenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'on replicas only' END)
        FROM relation c JOIN pg_catalog.pg_trigger t ON t.tgrelid = c.oid
        WHERE NOT t.tgisinternal
        UNION ALL
        SELECT pg_catalog.format('row security of table %s', c.relname), 'on' FROM relation c WHERE c.relrowsecurity
        UNION ALL
        -- the roles of those that are not for all are the register's own
        SELECT pg_catalog.format('policy %s on %s', y.polname, c.relname),
            pg_catalog.concat_ws(' ', CASE WHEN y.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                CASE WHEN 0 = ANY (y.polroles) THEN 'TO PUBLIC' END, NULLIF(y.polcmd::text, '*'),
                'USING ' || pg_catalog.pg_get_expr(y.polqual, c.oid),
                'WITH CHECK ' || pg_catalog.pg_get_expr(y.polwithcheck, c.oid))
        FROM relation c JOIN pg_catalog.pg_policy y ON y.polrelid = c.oid
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
'Internal: the tables, views, columns, constraints, indexes, triggers, policies and functions of a register, each '
'with its definition: what check_register compares';
