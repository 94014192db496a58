-- All that the catalogues say of a register, a row for each object and property, with the schema's name taken out of it.
CREATE FUNCTION catalogue(register name) RETURNS TABLE (object text, property text) LANGUAGE sql SET search_path = pg_catalog AS $$
    WITH relation AS (
        SELECT c.* FROM pg_class c WHERE c.relnamespace = register::regnamespace AND c.relkind <> 'c'),
    routine AS (
        SELECT p.*, format('function %s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) AS object
        FROM pg_proc p WHERE p.pronamespace = register::regnamespace),
    said AS (
        SELECT format('relation %s', c.relname) AS object, concat_ws(' ', c.relkind, c.relowner::regrole, c.relpersistence, c.reloptions,
            c.relrowsecurity, c.relforcerowsecurity, c.relispartition, pg_get_expr(c.relpartbound, c.oid), c.reloftype, c.relreplident) AS property
        FROM relation c
        UNION ALL SELECT format('query of %s', c.relname), pg_get_viewdef(c.oid) FROM relation c WHERE c.relkind = 'v'
        UNION ALL SELECT format('index %s', c.relname), pg_get_indexdef(c.oid) FROM relation c WHERE c.relkind IN ('i', 'I')
        UNION ALL SELECT format('sequence %s', c.relname), s::text FROM relation c
            CROSS JOIN LATERAL (SELECT q.seqtypid, q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle FROM pg_sequence q WHERE q.seqrelid = c.oid) s
        -- their order, too
        UNION ALL SELECT format('column %s.%s', c.relname, a.attname), concat_ws(' ', row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum),
            format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attcollation, a.attstorage, a.attstattarget,
            pg_get_expr(d.adbin, d.adrelid))
            FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        UNION ALL SELECT format('rights on %s.%s', c.relname, a.attname), x::text
            FROM relation c JOIN pg_attribute a ON a.attrelid = c.oid CROSS JOIN LATERAL unnest(a.attacl) x
        UNION ALL SELECT format('rights on %s', c.relname), x::text FROM relation c CROSS JOIN LATERAL unnest(c.relacl) x
        UNION ALL SELECT format('constraint %s on %s', k.conname, c.relname), concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated, k.conislocal)
            FROM relation c JOIN pg_constraint k ON k.conrelid = c.oid
        UNION ALL SELECT format('trigger %s on %s', t.tgname, c.relname), concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
            FROM relation c JOIN pg_trigger t ON t.tgrelid = c.oid WHERE NOT t.tgisinternal
        UNION ALL SELECT format('rule %s on %s', u.rulename, c.relname), pg_get_ruledef(u.oid)
            FROM relation c JOIN pg_rewrite u ON u.ev_class = c.oid WHERE u.rulename <> '_RETURN'
        UNION ALL SELECT format('policy %s on %s', y.polname, c.relname), pg_get_expr(y.polqual, y.polrelid)
            FROM relation c JOIN pg_policy y ON y.polrelid = c.oid
        UNION ALL SELECT p.object, concat_ws(' ', p.proowner::regrole, p.procost, p.prorows, pg_get_functiondef(p.oid)) FROM routine p
        UNION ALL SELECT 'rights on ' || p.object, x::text FROM routine p CROSS JOIN LATERAL unnest(p.proacl) x
        UNION ALL SELECT format('type %s', t.typname), concat_ws(' ', t.typtype, t.typowner::regrole) FROM pg_type t WHERE t.typnamespace = register::regnamespace
        UNION ALL SELECT 'comment on ' || i.type || ' ' || i.identity, d.description
            FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
            WHERE d.classoid IN ('pg_class'::regclass, 'pg_proc'::regclass) AND i.schema = register
                OR d.classoid IN ('pg_constraint'::regclass, 'pg_trigger'::regclass) AND i.identity LIKE '% on ' || register || '.%'
        UNION ALL SELECT 'schema', concat_ws(' ', n.nspowner::regrole, obj_description(n.oid, 'pg_namespace')) FROM pg_namespace n WHERE n.nspname = register
        UNION ALL SELECT 'rights on schema', x::text FROM pg_namespace n CROSS JOIN LATERAL unnest(n.nspacl) x WHERE n.nspname = register)
    SELECT replace(s.object, register || '.', '@.'), replace(replace(s.property, register || '.', '@.'), format('''%s''', register), '@') FROM said s
$$;
