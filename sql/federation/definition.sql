-- What a federation is made of: the functions of a register that count, asked of its members, and the reports that
-- combine what these say, as they stand in the definition of a register.

CREATE FUNCTION federated_commands() RETURNS TABLE (place integer, report text, kind text, command text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT f.place, f.report, f.kind, c.command
        FROM (
            SELECT pg_catalog.substring(p.piece, '^(?:FUNCTION|VIEW) ([a-z_]+)') AS report, 'CREATE ' || p.piece
            FROM pg_catalog.string_to_table(E'\n' || report_definition(), E'\nCREATE ') AS p (piece)
            ) AS c (report, command)
        JOIN federated_reports() AS f ON f.report = c.report;
    END;
COMMENT ON FUNCTION federated_commands() IS
'Internal: of each of the federated_reports() the command that makes it in a register, with its comment';

-- What a register computes is asked of the members: with the same arguments, of those that have the schools.
CREATE FUNCTION asking_command(federation name, report text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.format('SELECT r.* FROM ask_members(%L, %L, ARRAY[%s]::text[], %s) AS a (answer)
                CROSS JOIN LATERAL %s',
            federation, report, (
                SELECT pg_catalog.string_agg(pg_catalog.format('$%s::text', n), ', ' ORDER BY n)
                FROM pg_catalog.generate_series(1, p.pronargs) AS n),
            coalesce(pg_catalog.array_position(p.proargnames[:p.pronargs], 'schools'), 0),
            CASE WHEN p.proargmodes IS NULL
                THEN pg_catalog.format('jsonb_populate_recordset(NULL::%s, a.answer) AS r',
                    pg_catalog.format_type(p.prorettype, NULL))
                ELSE pg_catalog.format('jsonb_to_recordset(a.answer) AS r %s',
                    pg_catalog.substring(pg_catalog.pg_get_function_result(p.oid), '^TABLE(.*)$')) END)
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = federation AND p.proname = report;
    END;
COMMENT ON FUNCTION asking_command(name, text) IS
'Internal: the query of a function of a federation that asks its members for what the function of their registers with '
'the same arguments and results returns. NULL for NULL, and if there is no such function';

CREATE FUNCTION make_federation(federation name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own record;
    head text;
BEGIN
    PERFORM set_config('search_path', format('%I, ', federation) || '@extschema@, pg_temp', true);
    EXECUTE format('CREATE FUNCTION known_schools(schools integer[]) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        RETURN members_have(%L, schools)', federation);
    COMMENT ON FUNCTION known_schools(integer[]) IS
        'True if members of the federation have all of some schools, given by their URNs, and for NULL. 22023 '
        'otherwise';
    FOR own IN SELECT * FROM @extschema@.federated_commands() c ORDER BY c.place LOOP
        IF own.kind = 'combined' THEN
            EXECUTE own.command;
        ELSE
            head := substring(own.command, '^(.*?)\mLANGUAGE sql');
            -- the first only to know its arguments and results
            EXECUTE head || 'LANGUAGE plpgsql AS ''BEGIN END''';
            EXECUTE regexp_replace(head, '^CREATE', 'CREATE OR REPLACE')
                || 'LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp BEGIN ATOMIC '
                || @extschema@.asking_command(federation, own.report) || '; END;'
                || substring(own.command, '\nEND;(.*)$');
        END IF;
    END LOOP;
    PERFORM set_config('search_path', 'pg_catalog, pg_temp', true);
    EXECUTE format('REVOKE ALL ON ALL FUNCTIONS IN SCHEMA %I FROM PUBLIC', federation);
END
$$;
COMMENT ON FUNCTION make_federation(name) IS
'Internal: for federate() and upgrade_federation(): makes the functions of a federation, which it must not have yet. '
'No effect for NULL';
