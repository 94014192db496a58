-- What others have granted and said on reports, which outlives their being made anew.

CREATE FUNCTION report_remarks(register name, reports text[])
    RETURNS TABLE (object text, target text, provider text, remark text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT c.object, c.target, d.provider, d.remark
        FROM register_readers(register) AS o
        CROSS JOIN LATERAL (
            SELECT o.object, pg_catalog.format('%s %s', o.kind, o.identity) AS target, 0 AS objsubid
            UNION ALL
            SELECT pg_catalog.format('column %s of %s', a.attname, o.object),
                pg_catalog.format('COLUMN %s.%I', o.identity, a.attname), a.attnum
            FROM pg_catalog.pg_attribute a WHERE o.kind = 'VIEW' AND a.attrelid = o.objid AND a.attnum > 0) AS c
        CROSS JOIN LATERAL (
            SELECT NULL::text AS provider, (SELECT d.description FROM pg_catalog.pg_description d
                WHERE d.classoid = o.classid AND d.objoid = o.objid AND d.objsubid = c.objsubid) AS remark
            UNION ALL
            SELECT l.provider, l.label FROM pg_catalog.pg_seclabel l
            WHERE l.classoid = o.classid AND l.objoid = o.objid AND l.objsubid = c.objsubid) AS d
        WHERE o.object = ANY (reports);
    END;
COMMENT ON FUNCTION report_remarks(name, text[]) IS
'Internal: some views and functions of a register and the columns of these views, each as COMMENT ON takes it and with '
'its comment, NULL for none, and with each of its security labels, which have a provider. No rows for NULL';

CREATE FUNCTION report_grants(register name, reports text[])
    RETURNS TABLE (object text, target text, relation oid, owner oid, grantor oid, grantee oid, privilege text,
        grantable boolean, usual boolean)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT c.object, c.target, o.objid, c.owner, a.grantor, a.grantee, a.privilege_type, a.is_grantable, EXISTS (
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
            AS a (grantor, grantee, privilege_type, is_grantable)
        WHERE o.object = ANY (reports) AND a.grantee <> c.owner;
    END;
COMMENT ON FUNCTION report_grants(name, text[]) IS
'Internal: the rights of others than the owner on some views and functions of a register and on their columns, and '
'whether they are those that everything begins with. No rows for NULL';

-- Who may grant was granted it before: by the longest way from the owner.
CREATE FUNCTION grant_order(grants jsonb) RETURNS TABLE (relation oid, privilege text, grantor oid, place integer)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH RECURSIVE given AS (
            SELECT g.*
            FROM pg_catalog.jsonb_to_recordset(grants) AS g (relation oid, owner oid, grantor oid, grantee oid,
                privilege text, grantable boolean)),
        way AS (
            SELECT DISTINCT g.relation, g.privilege, g.owner AS role, ARRAY[g.owner] AS roles FROM given g
            UNION ALL
            SELECT g.relation, g.privilege, g.grantee, w.roles || g.grantee
            FROM way w JOIN given g ON g.relation = w.relation AND g.privilege = w.privilege AND g.grantor = w.role
            WHERE g.grantable AND g.grantee <> ALL (w.roles))
        SELECT w.relation, w.privilege, w.role, max(pg_catalog.cardinality(w.roles))
        FROM way w GROUP BY w.relation, w.privilege, w.role;
    END;
COMMENT ON FUNCTION grant_order(jsonb) IS
'Internal: how late each role can grant again what report_grants() listed, on a view or function and its columns: 1 '
'for the owner, more for whoever was granted it with grant option. No rows for NULL';

-- Exactly: what comes with being made (ALTER DEFAULT PRIVILEGES), but was not there, is not granted.
CREATE FUNCTION changed_grants(register name, reports text[], before jsonb)
    RETURNS TABLE (granted boolean, place integer, grantor name, command text)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        WITH old AS (
            SELECT o.*
            FROM pg_catalog.jsonb_to_recordset(before) AS o (object text, target text, relation oid, grantor oid,
                grantee oid, privilege text, grantable boolean, usual boolean)
            WHERE o.object IN (SELECT r.object FROM report_remarks(register, reports) AS r)),
        new AS MATERIALIZED (SELECT n.* FROM report_grants(register, reports) AS n),
        change AS (
            SELECT false AS granted, 1 AS place, n.grantor, n.privilege || n.target AS rights, n.grantee, '' AS options
            FROM new n WHERE NOT EXISTS (
                SELECT FROM old o WHERE o.target = n.target AND o.grantee = n.grantee AND o.privilege = n.privilege
                    AND (o.usual OR o.grantor = n.grantor AND o.grantable = n.grantable))
            UNION ALL
            SELECT true, w.place, o.grantor, o.privilege || o.target, o.grantee,
                CASE WHEN o.grantable THEN ' WITH GRANT OPTION' ELSE '' END
            FROM old o LEFT JOIN grant_order(before) AS w ON w.relation = o.relation AND w.privilege = o.privilege
                AND w.grantor = o.grantor
            WHERE NOT EXISTS (
                SELECT FROM new n WHERE n.target = o.target AND n.grantee = o.grantee AND n.privilege = o.privilege
                    AND (o.usual OR n.grantor = o.grantor AND n.grantable = o.grantable)))
        SELECT c.granted, c.place, pg_catalog.pg_get_userbyid(c.grantor),
            pg_catalog.concat(CASE WHEN c.granted THEN 'GRANT ' ELSE 'REVOKE ' END, c.rights,
                CASE WHEN c.granted THEN ' TO ' ELSE ' FROM ' END,
                CASE c.grantee WHEN 0 THEN 'PUBLIC'
                    ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(c.grantee)) END, c.options)
        FROM change c;
    END;
COMMENT ON FUNCTION changed_grants(name, text[], jsonb) IS
'Internal: the commands, each with who has to give it, by which rights on some views and functions of a register '
'become those that report_grants() listed before they were made anew. No rows for NULL';

CREATE FUNCTION grant_again(register name, reports text[], before jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    change record;
BEGIN
    FOR change IN
        SELECT * FROM @extschema@.changed_grants(register, reports, before) ORDER BY granted, place
    LOOP
        PERFORM @extschema@.run_as(change.grantor, change.command);
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
        SELECT r.target, o.provider, o.remark
        FROM jsonb_to_recordset(before) AS o (object text, provider text, remark text)
        JOIN @extschema@.report_remarks(register, reports) r ON r.object = o.object AND r.provider IS NULL
    LOOP
        EXECUTE format(CASE WHEN own.provider IS NULL THEN 'COMMENT ON %2$s IS %3$L'
            ELSE 'SECURITY LABEL FOR %1$I ON %2$s IS %3$L' END, own.provider, own.target, own.remark);
    END LOOP;
END
$$;
COMMENT ON FUNCTION comment_again(name, text[], jsonb) IS
'Internal: comments with what report_remarks() listed of some views and functions of a register before they were made '
'anew, and labels them. No effect for NULL';
