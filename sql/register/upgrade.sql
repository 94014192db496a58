-- A register that an earlier version made becomes one of this version: what is kept by written steps, what only reads
-- by
-- being made anew.

CREATE FUNCTION step_register(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    step record;
    open boolean := to_regclass(format('%I.access', register)) IS NULL;
    stepped boolean := false;
BEGIN
    FOR step IN
        SELECT s.version, s.commands FROM @extschema@.register_steps() s
        WHERE s.version > @extschema@.definition_version(register) ORDER BY s.version
    LOOP
        PERFORM set_config('search_path', format('%I, ', register) || '@extschema@, pg_temp', true);
        EXECUTE step.commands;
        PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
        -- the owner's deferred triggers run as the owner, not at the end as whoever commits
        SET CONSTRAINTS ALL IMMEDIATE;
        PERFORM @extschema@.record_version(register, step.version);
        stepped := true;
    END LOOP;
    IF stepped THEN
        PERFORM @extschema@.make_policies(register);
    END IF;
    IF open THEN
        PERFORM @extschema@.show_as_before(register);
    END IF;
END
$$;
COMMENT ON FUNCTION step_register(name) IS
'Internal: for upgrade_register(): runs the steps of register_steps() that a register does not know yet, in its '
'schema, and makes its policies anew. No effect for NULL';

CREATE FUNCTION refuse_dependants(register name, reports text[], hint text) RETURNS void
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    direct record;
BEGIN
    SELECT string_agg(DISTINCT d.object, ', ' ORDER BY d.object) AS objects,
        string_agg(format('%s depends on %s', d.object, d.report), E'\n' ORDER BY d.object, d.report) AS lines
    INTO direct FROM @extschema@.report_dependants(register, reports) d WHERE d.report IS NOT NULL;
    IF direct.objects IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist', SCHEMA = register,
            MESSAGE = format('reports of register "%s" cannot be made anew because other objects depend on them: %s',
                register, direct.objects),
            DETAIL = direct.lines, HINT = hint;
    END IF;
END
$$;
COMMENT ON FUNCTION refuse_dependants(name, text[], text) IS
'Internal: raises 2BP01 with the names of what depends on some views and functions of a register, if anything does. No '
'effect for NULL';

CREATE FUNCTION clear_dependants(register name, reports text[], dependants text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    aside jsonb;
BEGIN
    IF dependants = 'drop' THEN
        PERFORM @extschema@.drop_dependants(register, reports);
    ELSIF dependants = 'keep' THEN
        SELECT jsonb_agg(@extschema@.set_aside(d.object, d.classid, d.objid)) INTO aside
        FROM (SELECT DISTINCT r.object, r.classid, r.objid FROM @extschema@.report_dependants(register, reports) r
              WHERE r.report IS NOT NULL ORDER BY r.object) d;
    END IF;
    PERFORM @extschema@.refuse_dependants(register, reports, CASE dependants WHEN 'refuse'
        THEN format('upgrade_register(%L, dependants => ''keep'') brings views, functions with parsed bodies and '
                    'policies back as they are; with ''drop'' all of them are dropped.', register)
        ELSE 'Drop these yourself before, and make them again afterwards.' END);
    RETURN coalesce(aside, '[]');
END
$$;
COMMENT ON FUNCTION clear_dependants(name, text[], text) IS
'Internal: for upgrade_register(): sees to it that nothing depends on some views and functions of a register: by an '
'error (refuse), by setting it aside (keep), or by dropping it (drop). Returns what bring_back() needs. NULL for NULL';

-- A view whose columns change cannot be replaced in place.
CREATE FUNCTION dropped_by_steps(register name) RETURNS text[]
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT coalesce(pg_catalog.array_agg(r.object), '{}')
        FROM register_readers(register) AS r
        WHERE EXISTS (
            SELECT FROM register_steps() AS s
            CROSS JOIN LATERAL pg_catalog.regexp_matches(s.commands, '^DROP (?:VIEW|FUNCTION|PROCEDURE) (\w+)', 'gn')
                AS m (name)
            WHERE s.version > definition_version(register)
                AND pg_catalog.regexp_replace(r.object, '^(view|function) |\(.*', '', 'g') = m.name[1]);
    END;
COMMENT ON FUNCTION dropped_by_steps(name) IS
'Internal: the views, functions and procedures of a register that steps which it does not know yet drop, to make them '
'anew or not: as register_objects() names them. NULL for NULL';

CREATE FUNCTION renew_register(register name, owner name, old text[], dropped text[], reports boolean) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    recorded jsonb := @extschema@.recorded_reports(register);
    grants jsonb;
    remarks jsonb;
BEGIN
    SELECT jsonb_agg(to_jsonb(g)) INTO grants FROM @extschema@.report_grants(register, old || dropped) g;
    SELECT jsonb_agg(to_jsonb(r)) INTO remarks FROM @extschema@.report_remarks(register, old) r
    WHERE r.provider IS NOT NULL
        OR recorded IS NOT NULL AND left(md5(r.remark), 8) <> coalesce(recorded ->> r.object, '');
    PERFORM @extschema@.run_as(owner, 'SELECT @extschema@.drop_reports' || format('(%L, %L), ', register, old)
        || '@extschema@.step_register' || format('(%L)', register));
    IF reports THEN
        PERFORM @extschema@.run_as(owner, 'SELECT @extschema@.make_reports' || format('(%L), ', register)
            || '@extschema@.comment_again' || format('(%L, %L, %L)', register, old, coalesce(remarks, '[]')));
    END IF;
    PERFORM @extschema@.grant_again(register, old || dropped, coalesce(grants, '[]'));
END
$$;
COMMENT ON FUNCTION renew_register(name, name, text[], text[], boolean) IS
'Internal: for upgrade_register(): drops the reports of a register, on which nothing depends, runs steps, and makes '
'reports anew with the rights, comments and security labels that they had; as its owner. What steps drop and make '
'again has its rights, too. No effect for NULL';

CREATE FUNCTION need_definition(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    problems bigint;
    first_ones text;
BEGIN
    SELECT count(*), string_agg(format('%s: %s', c.object, c.problem), E'\n')
        FILTER (WHERE c.place <= 10) INTO problems, first_ones
    FROM (SELECT f.*, row_number() OVER () AS place FROM @extschema@.check_register(register) f
        -- who has access is nothing that an upgrade made or can mend
        WHERE f.object NOT LIKE 'access of %') c;
    IF problems > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', SCHEMA = register, DETAIL = first_ones,
            MESSAGE = format('register "%s" differs from its definition in %s places; check_register() lists them',
                register, problems);
    END IF;
END
$$;
COMMENT ON FUNCTION need_definition(name) IS
'Internal: raises 55000, with the first ten, if check_register() finds something wrong with a register. No effect for '
'NULL; 3F000 if there is no such register';

CREATE FUNCTION upgrade_register(register name, dependants text DEFAULT 'refuse', reports boolean DEFAULT NULL)
    RETURNS text
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    -- written the same way in every session
    SET DateStyle = 'ISO, YMD' SET IntervalStyle = postgres SET TimeZone = 'UTC'
    SET bytea_output = hex SET extra_float_digits = 1
    SET quote_all_identifiers = off SET standard_conforming_strings = on
    -- what is asked of the catalogues is soon answered, but looks long to the planner
    SET jit = off
AS $$
DECLARE
    owner name;
    shipped jsonb;
    found jsonb;
    old text[];
    dropped text[] := @extschema@.dropped_by_steps(register);
    aside jsonb;
BEGIN
    IF register IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM @extschema@.need_register(register), @extschema@.read_choice(dependants, 'refuse', 'keep', 'drop');
    SELECT pg_get_userbyid(c.relowner) INTO owner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = register AND c.relname = 'register_line';
    IF NOT pg_has_role(owner, 'MEMBER') THEN
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege', SCHEMA = register,
            MESSAGE = format('must be owner of register "%s"', register);
    END IF;
    -- one upgrade after the other; whoever enters marks does not wait
    PERFORM @extschema@.run_as(owner, format('LOCK TABLE %I.register_line IN SHARE UPDATE EXCLUSIVE MODE', register));
    SELECT @extschema@.expected_objects(m.model, m.reports, register) INTO shipped
        FROM @extschema@.find_register_model() m;
    SELECT jsonb_object_agg(o.object, o.definition) INTO found FROM @extschema@.register_objects(register) o;
    old := @extschema@.reports_of(register, shipped, found);
    reports := coalesce(reports, old <> '{}');
    IF @extschema@.definition_version(register) < (SELECT max(s.version) FROM @extschema@.register_steps() s)
        OR reports AND NOT found @> shipped OR NOT reports AND old <> '{}' THEN
        aside := @extschema@.clear_dependants(register, old || dropped, dependants);
        PERFORM @extschema@.renew_register(register, owner, old, dropped, reports);
        PERFORM @extschema@.bring_back(register, a.thing) FROM jsonb_array_elements(aside) AS a (thing);
    END IF;
    PERFORM @extschema@.need_definition(register);
    PERFORM @extschema@.run_as(owner, 'SELECT @extschema@.comment_register' || format('(%L)', register));
    RETURN format('register "%s" is as version %s of the extension makes it%s', register,
        (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'attendance'),
        CASE WHEN NOT reports THEN ', without reports' END);
END
$$;
COMMENT ON FUNCTION upgrade_register(name, text, boolean) IS
'Brings a register that an earlier version made to the form of this one, in one transaction; run it after ALTER '
'EXTENSION attendance UPDATE, as the owner of the register or a member of it. Reports are dropped and made anew where '
'they differ, with the rights and comments that others gave them; reports => true adds them to a register without, '
'false takes them away. What depends on them is named and refused (2BP01), brought back as it is (dependants => keep), '
'or dropped (drop). NULL for NULL; 3F000 if there is no such register, 42501 for who is not a member of its owner, '
'22023 for other dependants, 55000 if what is kept was altered by hand';
