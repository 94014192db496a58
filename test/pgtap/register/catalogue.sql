-- All that the catalogues say of a register, or of another schema, a row for each object and property, with the schema's name
-- taken out of it.
CREATE FUNCTION catalogue(register name) RETURNS TABLE (object text, property text) LANGUAGE sql SET search_path = pg_catalog AS $$
    WITH relation AS (
        SELECT c.* FROM pg_class c WHERE c.relnamespace = register::regnamespace AND c.relkind <> 'c'),
    routine AS (
        SELECT p.*, format('function %s(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) AS object
        FROM pg_proc p WHERE p.pronamespace = register::regnamespace),
    said AS (
        SELECT format('relation %s', c.relname) AS object, concat_ws(' ', c.relkind, c.relowner::regrole, c.relpersistence, c.reloptions,
            c.relrowsecurity, c.relforcerowsecurity, c.relispartition, pg_get_expr(c.relpartbound, c.oid), c.reloftype, c.relreplident,
            pg_get_partkeydef(c.oid), (SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid)) AS property
        FROM relation c
        UNION ALL SELECT format('parent of %s', c.relname), h.inhparent::regclass::text FROM relation c JOIN pg_inherits h ON h.inhrelid = c.oid
        UNION ALL SELECT format('query of %s', c.relname), pg_get_viewdef(c.oid) FROM relation c WHERE c.relkind IN ('v', 'm')
        UNION ALL SELECT format('index %s', c.relname), concat_ws(' ', pg_get_indexdef(c.oid), x.indisvalid, x.indisclustered, x.indisreplident)
            FROM relation c JOIN pg_index x ON x.indexrelid = c.oid
        UNION ALL SELECT format('sequence %s', c.relname), s::text FROM relation c
            CROSS JOIN LATERAL (SELECT q.seqtypid, q.seqstart, q.seqincrement, q.seqmax, q.seqmin, q.seqcache, q.seqcycle FROM pg_sequence q WHERE q.seqrelid = c.oid) s
        UNION ALL SELECT format('owner of sequence %s', c.relname), pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid)
            FROM relation c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') WHERE c.relkind = 'S'
        UNION ALL SELECT format('statistics %s', x.stxname), concat_ws(' ', pg_get_statisticsobjdef(x.oid), x.stxstattarget)
            FROM pg_statistic_ext x WHERE x.stxnamespace = register::regnamespace
        -- their order, too
        UNION ALL SELECT format('column %s.%s', c.relname, a.attname), concat_ws(' ', row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum),
            format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, a.attcollation, a.attstorage, a.attstattarget,
            a.attcompression, (SELECT array_agg(o) FROM unnest(a.attoptions) o WHERE o ~ '^n_distinct'), pg_get_expr(d.adbin, d.adrelid))
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
        UNION ALL SELECT format('policy %s on %s', y.polname, c.relname), concat_ws(' ', y.polcmd, y.polpermissive, pg_get_expr(y.polqual, y.polrelid),
            'WITH CHECK ' || pg_get_expr(y.polwithcheck, y.polrelid)) FROM relation c JOIN pg_policy y ON y.polrelid = c.oid
        UNION ALL SELECT format('rights by policy %s on %s', y.polname, c.relname), x::regrole::text
            FROM relation c JOIN pg_policy y ON y.polrelid = c.oid CROSS JOIN LATERAL unnest(y.polroles) x
        UNION ALL SELECT p.object, concat_ws(' ', p.proowner::regrole, p.procost, p.prorows, CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END) FROM routine p
        UNION ALL SELECT 'rights on ' || p.object, x::text FROM routine p CROSS JOIN LATERAL unnest(p.proacl) x
        UNION ALL SELECT format('type %s', t.typname), concat_ws(' ', t.typtype, t.typowner::regrole, t.typcollation, t.typnotnull,
            format_type(nullif(t.typbasetype, 0), t.typtypmod), t.typdefault, (SELECT array_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid))
            FROM pg_type t WHERE t.typnamespace = register::regnamespace
        UNION ALL SELECT format('rights on type %s', t.typname), x::text FROM pg_type t CROSS JOIN LATERAL unnest(t.typacl) x WHERE t.typnamespace = register::regnamespace
        UNION ALL SELECT format('constraint %s on type %s', k.conname, t.typname), concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated)
            FROM pg_type t JOIN pg_constraint k ON k.contypid = t.oid WHERE t.typnamespace = register::regnamespace
        UNION ALL SELECT format('rights on what %s makes', a.defaclrole::regrole), concat_ws(' ', a.defaclobjtype, x)
            FROM pg_default_acl a CROSS JOIN LATERAL unnest(a.defaclacl) x WHERE a.defaclnamespace = register::regnamespace
        -- what has no lines of its own here: operators, collations ...
        UNION ALL SELECT 'there is', pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend d
            WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = register::regnamespace
                AND d.classid NOT IN ('pg_class'::regclass, 'pg_proc'::regclass, 'pg_type'::regclass, 'pg_default_acl'::regclass)
        UNION ALL SELECT 'comment on ' || i.type || ' ' || i.identity, d.description
            FROM pg_description d CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
            WHERE d.objoid >= 16384 AND (i.schema = register OR i.identity LIKE '% on ' || register || '.%')
        UNION ALL SELECT 'schema', concat_ws(' ', n.nspowner::regrole, obj_description(n.oid, 'pg_namespace')) FROM pg_namespace n WHERE n.nspname = register
        UNION ALL SELECT 'rights on schema', x::text FROM pg_namespace n CROSS JOIN LATERAL unnest(n.nspacl) x WHERE n.nspname = register)
    SELECT replace(s.object, register || '.', '@.'), replace(replace(s.property, register || '.', '@.'), format('''%s''', register), '@') FROM said s
$$;
