-- What others have granted and said on reports, which outlives their being made anew.

CREATE FUNCTION report_remarks(register name, reports text[]) RETURNS TABLE (object text, target text, remark text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT c.object, c.target, d.description
        FROM register_readers(register) AS o
        CROSS JOIN LATERAL (
            SELECT o.object, pg_catalog.format('%s %s', o.kind, o.identity) AS target, 0 AS objsubid
            UNION ALL
            SELECT pg_catalog.format('column %s of %s', a.attname, o.object),
                pg_catalog.format('COLUMN %s.%I', o.identity, a.attname), a.attnum
            FROM pg_catalog.pg_attribute a WHERE o.kind = 'VIEW' AND a.attrelid = o.objid AND a.attnum > 0) AS c
        LEFT JOIN pg_catalog.pg_description d ON d.classoid = o.classid AND d.objoid = o.objid
            AND d.objsubid = c.objsubid
        WHERE o.object = ANY (reports);
    END;
COMMENT ON FUNCTION report_remarks(name, text[]) IS
'Internal: some views and functions of a register and the columns of these views, each as COMMENT ON takes it and with '
'its comment, NULL for none. No rows for NULL';

CREATE FUNCTION report_grants(register name, reports text[])
    RETURNS TABLE (object text, target text, place bigint, grantor oid, grantee oid, privilege text, grantable boolean,
        usual boolean)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT c.object, c.target, a.place, a.grantor, a.grantee, a.privilege_type, a.is_grantable, EXISTS (
            SELECT FROM pg_catalog.aclexplode(c.usual) u WHERE u.grantee = a.grantee
                AND u.privilege_type = a.privilege_type)
        FROM register_readers(register) AS o
        CROSS JOIN LATERAL (
            SELECT o.object, ' ON TABLE ' || o.identity AS target, v.relowner AS owner, v.relacl AS acl,
                pg_catalog.acldefault('r', v.relowner) AS usual
            FROM pg_catalog.pg_class v WHERE o.kind = 'VIEW' AND v.oid = o.objid
            UNION ALL
            SELECT pg_catalog.format('column %s of %s', t.attname, o.object),
                pg_catalog.format(' (%I) ON TABLE %s', t.attname, o.identity), v.relowner, t.attacl,
                pg_catalog.acldefault('c', v.relowner)
            FROM pg_catalog.pg_class v JOIN pg_catalog.pg_attribute t ON t.attrelid = v.oid
            WHERE o.kind = 'VIEW' AND v.oid = o.objid
            UNION ALL
            SELECT o.object, ' ON ROUTINE ' || o.identity, p.proowner, p.proacl, pg_catalog.acldefault('f', p.proowner)
            FROM pg_catalog.pg_proc p WHERE o.kind = 'ROUTINE' AND p.oid = o.objid) AS c
        CROSS JOIN LATERAL pg_catalog.aclexplode(coalesce(c.acl, c.usual))
            WITH ORDINALITY AS a (grantor, grantee, privilege_type, is_grantable, place)
        WHERE o.object = ANY (reports) AND a.grantee <> c.owner;
    END;
COMMENT ON FUNCTION report_grants(name, text[]) IS
'Internal: the rights of others than the owner on some views and functions of a register and on their columns, in the '
'order in which they were granted, and whether they are those that everything begins with. No rows for NULL';

CREATE FUNCTION act_as(role text) RETURNS text
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before text := current_setting('role');
BEGIN
    IF role NOT IN (before, current_user) THEN
        PERFORM set_config('role', role, true);
    END IF;
    RETURN before;
END
$$;
COMMENT ON FUNCTION act_as(text) IS
'Internal: SET LOCAL ROLE, where the current user is another; returns what it was. 42501 if the session user is not a '
'member of the role. NULL for NULL';

-- Exactly: what comes with being made (ALTER DEFAULT PRIVILEGES), but was not there, is not granted.
CREATE FUNCTION grant_again(register name, reports text[], before jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    change record;
    role text := current_setting('role');
BEGIN
    FOR change IN
        WITH old AS (
            SELECT * FROM jsonb_to_recordset(before) AS o (object text, target text, place bigint, grantor oid,
                grantee oid, privilege text, grantable boolean, usual boolean)),
        new AS (SELECT * FROM @extschema@.report_grants(register, reports))
        SELECT false AS granted, n.place, n.grantor, n.grantee, n.privilege || n.target AS rights, '' AS options
        FROM new n WHERE NOT EXISTS (
            SELECT FROM old o WHERE o.target = n.target AND o.grantee = n.grantee AND o.privilege = n.privilege
                AND (o.usual OR o.grantor = n.grantor AND o.grantable = n.grantable))
        UNION ALL
        SELECT true, o.place, o.grantor, o.grantee, o.privilege || o.target,
            CASE WHEN o.grantable THEN ' WITH GRANT OPTION' ELSE '' END
        FROM old o WHERE NOT o.usual
            AND o.object IN (SELECT r.object FROM @extschema@.report_remarks(register, reports) r)
        ORDER BY granted, place
    LOOP
        PERFORM @extschema@.act_as(pg_get_userbyid(change.grantor));
        EXECUTE concat(CASE WHEN change.granted THEN 'GRANT ' ELSE 'REVOKE ' END, change.rights,
            CASE WHEN change.granted THEN ' TO ' ELSE ' FROM ' END,
            CASE change.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(change.grantee)) END,
            change.options);
        PERFORM @extschema@.act_as(role);
    END LOOP;
END
$$;
COMMENT ON FUNCTION grant_again(name, text[], jsonb) IS
'Internal: grants what report_grants() listed of some views and functions of a register before they were made anew, in '
'the name of whoever granted it, and revokes what it did not list. No effect for NULL';

CREATE FUNCTION comment_again(register name, reports text[], before jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own record;
BEGIN
    FOR own IN
        SELECT r.target, o.remark FROM jsonb_to_recordset(before) AS o (object text, remark text)
        JOIN @extschema@.report_remarks(register, reports) r ON r.object = o.object
    LOOP
        EXECUTE format('COMMENT ON %s IS %L', own.target, own.remark);
    END LOOP;
END
$$;
COMMENT ON FUNCTION comment_again(name, text[], jsonb) IS
'Internal: comments with what report_remarks() listed of some views and functions of a register before they were made '
'anew. No effect for NULL';
