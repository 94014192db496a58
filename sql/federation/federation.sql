-- Federations: several registers, each in a database of its own, asked as one.

CREATE FUNCTION federation_exists(federation name) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT EXISTS (
            SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = federation AND c.relname = 'member' AND c.relkind = 'r'
                AND pg_catalog.obj_description(n.oid, 'pg_namespace') LIKE 'attendance federation, version %');
    END;
COMMENT ON FUNCTION federation_exists(name) IS 'Whether a schema of that name is a federation. NULL for NULL';

CREATE FUNCTION need_federation(federation name) RETURNS void
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT @extschema@.federation_exists(federation) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_schema_name',
            MESSAGE = format('schema "%s" is not a federation', federation), HINT = 'federate() makes one.';
    END IF;
END
$$;
COMMENT ON FUNCTION need_federation(name) IS
'Internal: raises 3F000 unless a schema of that name is a federation. No effect for NULL';

CREATE FUNCTION federation_text() RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.format('attendance federation, version %s', e.extversion)
        FROM pg_catalog.pg_extension e WHERE e.extname = 'attendance';
    END;
COMMENT ON FUNCTION federation_text() IS
'Internal: the comment on the schema of a federation, which says the version of the extension that made '
'it';

CREATE FUNCTION federation_objects(federation name)
    RETURNS TABLE (report text, says text, place integer, kind text, identity text, acl aclitem[])
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT r.report, r.kind, r.place, o.kind, o.identity, o.acl
        FROM (SELECT f.* FROM federated_reports() f UNION ALL SELECT 0, 'known_schools', 'counts') r
        JOIN (
            SELECT p.proname, p.pronamespace, 'FUNCTION'::text, p.oid::regprocedure::text, p.proacl
            FROM pg_catalog.pg_proc p
            UNION ALL
            SELECT c.relname, c.relnamespace, 'VIEW'::text, c.oid::regclass::text, c.relacl
            FROM pg_catalog.pg_class c WHERE c.relkind = 'v') AS o (name, namespace, kind, identity, acl)
            ON o.name = r.report
        JOIN pg_catalog.pg_namespace n ON n.oid = o.namespace AND n.nspname = federation;
    END;
COMMENT ON FUNCTION federation_objects(name) IS
'Internal: the functions and views of a federation, as DROP and GRANT name them, with what each says (the kind of '
'federated_reports()) and its rights. No rows for NULL';

CREATE FUNCTION federate(federation text) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.need_name(federation, 'federation'), @extschema@.need_name(federation || '_members', 'schema'),
        @extschema@.dblink_schema();
    EXECUTE format('CREATE SCHEMA %I', federation);
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', federation, @extschema@.federation_text());
    EXECUTE format('CREATE SCHEMA %I', @extschema@.members_schema(federation::name));
    EXECUTE format('CREATE TABLE %I.member (
            member text PRIMARY KEY CHECK (member <> ''''),
            server name NOT NULL,
            register name NOT NULL,
            register_key text NOT NULL UNIQUE,
            schools integer[] NOT NULL,
            refreshed_at timestamptz NOT NULL DEFAULT now())', federation);
    EXECUTE format('COMMENT ON TABLE %I.member IS %L', federation,
        'The registers of the federation: add_member(), refresh_members() and drop_member() keep it');
    PERFORM @extschema@.make_federation(federation::name);
END
$$;
COMMENT ON FUNCTION federate(text) IS
'Makes a federation: a schema of that name, and one for its tables (NAME_members), with the reports of '
'federated_reports(), which ask the registers that add_member() adds. It needs the extensions postgres_fdw and '
'dblink. No effect for NULL; 42704 without these, 42P06 if there is such a schema, 42602, 42622 or 42939 if one of the '
'two names is none for a schema';

CREATE FUNCTION ask_registers(federation name, members text[], servers name[], registers name[])
    RETURNS TABLE (member text, tells jsonb)
    LANGUAGE sql VOLATILE STRICT PARALLEL UNSAFE
    BEGIN ATOMIC
        SELECT a.member, a.answer
        FROM ask(federation, members, servers, ARRAY(
            SELECT pg_catalog.format('SELECT %I.federated_member(%L)', r.register,
                (SELECT e.extversion FROM pg_catalog.pg_extension e WHERE e.extname = 'attendance'))
            FROM pg_catalog.unnest(registers) WITH ORDINALITY AS r (register, place) ORDER BY r.place)) AS a;
    END;
COMMENT ON FUNCTION ask_registers(name, text[], name[], name[]) IS
'Internal: what registers tell of themselves as members of a federation, by their servers and names: the answers of '
'federated_member(). Errors are those of ask(), 0A000 for another version';

CREATE FUNCTION told_schools(tells jsonb) RETURNS integer[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY(SELECT s.value::integer FROM pg_catalog.jsonb_array_elements_text(tells -> 'schools') AS s);
COMMENT ON FUNCTION told_schools(jsonb) IS 'Internal: the schools that federated_member() tells. NULL for NULL';

CREATE FUNCTION need_apart(federation name) RETURNS void
    LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    twice record;
BEGIN
    EXECUTE format('SELECT s.school_urn, min(m.member) AS one, max(m.member) AS other
        FROM %I.member m CROSS JOIN unnest(m.schools) AS s (school_urn)
        GROUP BY s.school_urn HAVING count(*) > 1 ORDER BY s.school_urn LIMIT 1', federation) INTO twice;
    IF twice.school_urn IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('school %s is in two members of federation "%s": "%s" and "%s"', twice.school_urn,
                federation, twice.one, twice.other),
            DETAIL = 'It would be counted twice.';
    END IF;
END
$$;
COMMENT ON FUNCTION need_apart(name) IS
'Internal: raises 22023 if two members of a federation have the same school. No effect for NULL';

CREATE FUNCTION add_member(federation name, member text, server name, register name DEFAULT 'register') RETURNS bigint
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tells jsonb;
BEGIN
    PERFORM @extschema@.need_federation(federation);
    tells := (SELECT a.tells
        FROM @extschema@.ask_registers(federation, ARRAY[member], ARRAY[server], ARRAY[register]) a);
    EXECUTE format('INSERT INTO %I.member (member, server, register, register_key, schools)
        VALUES ($1, $2, $3, $4, $5)', federation)
        USING member, server, register, tells ->> 'register_key', @extschema@.told_schools(tells);
    PERFORM @extschema@.need_apart(federation),
        @extschema@.make_member_tables(federation, member, server, register, tells);
    RETURN cardinality(@extschema@.told_schools(tells));
END
$$;
COMMENT ON FUNCTION add_member(name, text, name, name) IS
'Adds a register to a federation, by a foreign server of postgres_fdw with a user mapping for the caller, who owns '
'both, and returns how many schools it has. The role of the mapping has the purpose federation in that register '
'(grant_register()). The views for BI and the lines of the register become partitions of those of the federation '
'(schema FEDERATION_MEMBER), and are read with the purposes bi and reports at each member. NULL for NULL; 3F000 for '
'what is no federation, 42704 for no such server, 08001 if it cannot be reached, 0A000 if it has another version of '
'the extension, 42501 without the right, 23505 for a name or a register that another member has, 42P06 if there is '
'such a schema, 22023 for a school that another member has';

CREATE FUNCTION refresh_members(federation name) RETURNS bigint
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known record;
    changed bigint := 0;
BEGIN
    PERFORM @extschema@.need_federation(federation);
    FOR known IN EXECUTE format('
        SELECT m.*, a.tells, @extschema@.told_schools(a.tells) AS told
        FROM (SELECT array_agg(m.member) AS members, array_agg(m.server) AS servers, array_agg(m.register) AS registers
              FROM (SELECT * FROM %1$I.member ORDER BY member FOR UPDATE) m) k
        CROSS JOIN LATERAL @extschema@.ask_registers($1, k.members, k.servers, k.registers) a
        JOIN %1$I.member m ON m.member = a.member', federation) USING federation
    LOOP
        EXECUTE format('UPDATE %I.member SET schools = $2, register_key = $3, refreshed_at = now() WHERE member = $1',
            federation) USING known.member, known.told, known.tells ->> 'register_key';
        PERFORM @extschema@.drop_member_tables(federation, known.member);
        PERFORM @extschema@.make_member_tables(federation, known.member, known.server, known.register, known.tells);
        changed := changed + (known.told IS DISTINCT FROM known.schools)::integer;
    END LOOP;
    PERFORM @extschema@.need_apart(federation);
    RETURN changed;
END
$$;
COMMENT ON FUNCTION refresh_members(name) IS
'Asks the members of a federation anew which schools and which views they have, and returns how many have '
'other schools than before: a report of all schools asks all members in any case, one of some schools those that have '
'them. NULL for NULL; errors as add_member()';

CREATE FUNCTION drop_member(federation name, member text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    dropped bigint;
BEGIN
    PERFORM @extschema@.need_federation(federation);
    EXECUTE format('DELETE FROM %I.member m WHERE m.member = $1', federation) USING member;
    GET DIAGNOSTICS dropped = ROW_COUNT;
    IF dropped > 0 THEN
        PERFORM @extschema@.drop_member_tables(federation, member);
    END IF;
    RETURN dropped > 0;
END
$$;
COMMENT ON FUNCTION drop_member(name, text) IS
'Takes a register out of a federation, and returns whether it was in it; the server stays. NULL for NULL; 3F000 for '
'what is no federation';

CREATE FUNCTION member_state(federation name)
    RETURNS TABLE (member text, server name, register name, answers boolean, schools bigint, problem text)
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE ROWS 4
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known record;
BEGIN
    PERFORM @extschema@.need_federation(federation);
    FOR known IN EXECUTE format('SELECT * FROM %I.member m ORDER BY m.member', federation) LOOP
        member := known.member;
        server := known.server;
        register := known.register;
        BEGIN
            schools := (SELECT cardinality(@extschema@.told_schools(a.tells))
                FROM @extschema@.ask_registers(federation, ARRAY[member], ARRAY[server], ARRAY[register]) a);
            answers := true;
            problem := NULL;
        EXCEPTION WHEN OTHERS THEN
            schools := cardinality(known.schools);
            answers := false;
            problem := SQLERRM;
        END;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION member_state(name) IS
'The members of a federation: whether each answers, or else what is said instead, and how many schools it has, or had '
'when it was asked last. No rows for NULL; 3F000 for what is no federation';

CREATE FUNCTION available_schools(federation name) RETURNS integer[]
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    left_out text[];
    available integer[];
BEGIN
    EXECUTE format('
        SELECT array_agg(s.member ORDER BY s.member) FILTER (WHERE NOT s.answers),
            coalesce((SELECT array_agg(u.urn ORDER BY u.urn) FROM %I.member m CROSS JOIN unnest(m.schools) AS u (urn)
                WHERE m.member = ANY (array_agg(s.member) FILTER (WHERE s.answers))), ''{}'')
        FROM @extschema@.member_state($1) s', federation) INTO left_out, available USING federation;
    IF left_out IS NOT NULL THEN
        PERFORM @extschema@.tell(format('left out of federation "%s", as it does not answer: %s', federation,
            (SELECT string_agg(format('member "%s"', m), ', ') FROM unnest(left_out) AS m)),
            'member_state() says what is wrong.');
    END IF;
    RETURN available;
END
$$;
COMMENT ON FUNCTION available_schools(name) IS
'The schools of those members of a federation that answer now, for the argument schools of a report that is to leave '
'the others out: without it a report is an error (08001) if a member does not answer. Warns (01000) with the names of '
'the members that are left out. NULL for NULL; 3F000 for what is no federation';

CREATE FUNCTION grant_federation(federation name, role name, pupils boolean DEFAULT false) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own record;
BEGIN
    PERFORM @extschema@.need_federation(federation), @extschema@.grant_types(role);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', federation, role);
    FOR own IN SELECT * FROM @extschema@.federation_objects(federation) o WHERE pupils OR o.says <> 'pupils' LOOP
        EXECUTE format(CASE own.kind WHEN 'VIEW' THEN 'GRANT SELECT ON %s TO %I'
            ELSE 'GRANT EXECUTE ON FUNCTION %s TO %I' END, own.identity, role);
    END LOOP;
END
$$;
COMMENT ON FUNCTION grant_federation(name, name, boolean) IS
'Grants a role the reports of a federation that name no pupil, and with pupils those that do as well. What is asked of '
'the members is asked with the rights of the role of the user mapping, whoever asks. No effect for NULL; 3F000 for '
'what is no federation, 42704 for no such role';

CREATE FUNCTION upgrade_federation(federation name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own record;
    granted jsonb;
BEGIN
    PERFORM @extschema@.need_federation(federation);
    granted := (SELECT jsonb_agg(jsonb_build_object('report', o.report, 'role', g.grantee::regrole))
        FROM @extschema@.federation_objects(federation) o CROSS JOIN LATERAL aclexplode(o.acl) g
        WHERE g.grantee <> 0 AND g.grantee <> g.grantor);
    -- a combined report goes before what it calls
    FOR own IN SELECT * FROM @extschema@.federation_objects(federation) o ORDER BY o.place DESC LOOP
        EXECUTE format('DROP %s %s', own.kind, own.identity);
    END LOOP;
    PERFORM @extschema@.make_federation(federation);
    FOR own IN
        SELECT DISTINCT o.kind, o.identity, g.role
        FROM jsonb_to_recordset(granted) AS g (report text, role text)
        JOIN @extschema@.federation_objects(federation) o ON o.report = g.report
    LOOP
        EXECUTE format('GRANT %s ON %s %s TO %s', CASE own.kind WHEN 'VIEW' THEN 'SELECT' ELSE 'EXECUTE' END,
            CASE own.kind WHEN 'VIEW' THEN 'TABLE' ELSE own.kind END, own.identity, own.role);
    END LOOP;
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', federation, @extschema@.federation_text());
END
$$;
COMMENT ON FUNCTION upgrade_federation(name) IS
'Makes the reports of a federation anew, as this version of the extension has them: call it after ALTER EXTENSION '
'UPDATE. Members, and who has rights, stay. No effect for NULL; 3F000 for what is no federation, 2BP01 if something of '
'yours depends on a report';
