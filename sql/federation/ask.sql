-- Asking: one query to every member at the same time, over dblink with the server and the user mapping that
-- postgres_fdw has of it.

CREATE FUNCTION answer_rows(register name, report text, arguments text[]) RETURNS jsonb
    LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    answer jsonb;
BEGIN
    -- a function of one column returns values, not rows
    EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(r)), ''[]'') FROM (SELECT * FROM %I.%I(%s)) AS r', register,
        report, (
            SELECT string_agg(quote_nullable(a.value), ', ' ORDER BY a.place)
            FROM unnest(arguments) WITH ORDINALITY AS a (value, place))) INTO answer;
    RETURN answer;
END
$$;
COMMENT ON FUNCTION answer_rows(name, text, text[]) IS
'Internal: for federated_answer(): the rows of a report of a register, with its arguments as texts, as an array of '
'objects. NULL for NULL';

CREATE FUNCTION counted_answer(relation regclass, report text, arguments text[]) RETURNS jsonb
    AS 'MODULE_PATHNAME', 'att_counted_answer' LANGUAGE C STABLE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION counted_answer(regclass, text, text[]) IS
'Internal: for federated_answer() of the register that a relation is of: what answer_rows() returns, counted with the '
'rights of the owner, of a report of kind counts. NULL for NULL; 22023 for another report, 42501 without a right on '
'federated_report';

CREATE FUNCTION answers_alike(version text) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own text := (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'attendance');
BEGIN
    IF substring(own, '^\d+\.\d+') IS DISTINCT FROM substring(version, '^\d+\.\d+') THEN
        RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
            MESSAGE = format('version %s of attendance is asked by version %s, which may count otherwise', own,
                version),
            HINT = 'A federation and its members have the same version but for its last number: upgrade one of them.';
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION answers_alike(text) IS
'Internal: true if a federation with that version of the extension gets answers that mean the same as its own. NULL '
'for NULL; 0A000 for a version with another first or second number';

CREATE FUNCTION dblink_schema() RETURNS regnamespace
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema regnamespace := (SELECT e.extnamespace FROM pg_extension e WHERE e.extname = 'dblink');
BEGIN
    IF schema IS NULL OR NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'postgres_fdw') THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object',
            MESSAGE = 'a federation needs the extensions postgres_fdw and dblink',
            HINT = 'Both come with PostgreSQL: CREATE EXTENSION postgres_fdw; CREATE EXTENSION dblink.';
    END IF;
    RETURN schema;
END
$$;
COMMENT ON FUNCTION dblink_schema() IS
'Internal: the schema of the extension dblink. 42704 unless dblink and postgres_fdw are there';

-- A connection is used again while the server and the user mapping are as they were.
CREATE FUNCTION connection_names(servers name[]) RETURNS text[]
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.array_agg(pg_catalog.format('attendance %s %s', n.server,
            pg_catalog.md5(pg_catalog.concat(u.srvid, u.umid, s.srvoptions, u.umoptions))) ORDER BY n.place)
        FROM pg_catalog.unnest(servers) WITH ORDINALITY AS n (server, place)
        LEFT JOIN pg_catalog.pg_foreign_server s ON s.srvname = n.server
        LEFT JOIN pg_catalog.pg_user_mappings u ON u.srvid = s.oid AND u.usename = current_user;
    END;
COMMENT ON FUNCTION connection_names(name[]) IS
'Internal: what dblink knows connections by, to servers as the current user. NULL for NULL';

CREATE FUNCTION end_questions(connections text[]) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    dblink regnamespace := @extschema@.dblink_schema();
    open text[];
    connection text;
BEGIN
    EXECUTE format('SELECT %s.dblink_get_connections()', dblink) INTO open;
    FOREACH connection IN ARRAY connections LOOP
        IF connection = ANY (open) THEN
            EXECUTE format('SELECT %1$s.dblink_cancel_query($1), %1$s.dblink_disconnect($1)', dblink) USING connection;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION end_questions(text[]) IS
'Internal: for ask(): ends what is asked over some connections, and these. No effect for NULL';

-- What is asked by a connection that is there is asked with the rights of the federation: it stays for the session
-- where nobody else can use dblink.
CREATE FUNCTION send_question(connection text, server name, question text) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    dblink regnamespace := @extschema@.dblink_schema();
    open text[];
    sent boolean;
BEGIN
    EXECUTE format('SELECT %s.dblink_get_connections()', dblink) INTO open;
    IF connection = ANY (open) THEN
        -- twice: what the other side says when it closes a connection, and the end of it
        EXECUTE format('SELECT %1$s.dblink_is_busy($1), %1$s.dblink_is_busy($1)', dblink) USING connection;
        EXECUTE format('SELECT %s.dblink_send_query($1, $2) = 1', dblink) INTO sent USING connection, question;
        IF sent THEN
            RETURN;
        END IF;
        EXECUTE format('SELECT %s.dblink_disconnect($1)', dblink) USING connection;
    END IF;
    EXECUTE format('SELECT %s.dblink_connect($1, $2)', dblink) USING connection, server;
    EXECUTE format('SELECT %s.dblink_send_query($1, $2)', dblink) USING connection, question;
END
$$;
COMMENT ON FUNCTION send_question(text, name, text) IS
'Internal: for ask(): sends a query to a server, by a connection of that name, which is made unless it is there. No '
'effect for NULL';

CREATE FUNCTION take_answer(connection text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    dblink regnamespace := @extschema@.dblink_schema();
    busy boolean;
    answer jsonb;
    take text := format('SELECT r.answer FROM %s.dblink_get_result($1) AS r (answer jsonb)', dblink);
BEGIN
    LOOP
        EXECUTE format('SELECT %s.dblink_is_busy($1) = 1', dblink) INTO busy USING connection;
        EXIT WHEN NOT busy;
        -- unlike dblink, this can be cancelled
        PERFORM pg_sleep(0.001);
    END LOOP;
    EXECUTE take INTO answer USING connection;
    -- there is no more to come: then it can be asked again
    EXECUTE take USING connection;
    RETURN answer;
END
$$;
COMMENT ON FUNCTION take_answer(text) IS
'Internal: for ask(): waits for the one value that a query returns which was sent over a connection. NULL for NULL';

-- The rest of a report is not worth having: whatever fails, is cancelled or has no answer, ends all questions.
CREATE FUNCTION ask(federation name, members text[], servers name[], questions text[])
    RETURNS TABLE (member text, answer jsonb)
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE ROWS 4
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    connections text[] := @extschema@.connection_names(servers);
    asked integer;
    state text;
    message text;
    detail text;
    hint text;
BEGIN
    FOR place IN 1 .. cardinality(members) LOOP
        asked := place;
        PERFORM @extschema@.send_question(connections[place], servers[place], questions[place]);
    END LOOP;
    FOR place IN 1 .. cardinality(members) LOOP
        asked := place;
        member := members[place];
        answer := @extschema@.take_answer(connections[place]);
        RETURN NEXT;
    END LOOP;
    IF has_schema_privilege('public', @extschema@.dblink_schema()::oid, 'USAGE') THEN
        PERFORM @extschema@.end_questions(connections);
    END IF;
EXCEPTION WHEN OTHERS OR query_canceled THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
        hint = PG_EXCEPTION_HINT;
    PERFORM @extschema@.end_questions(connections);
    RAISE EXCEPTION USING ERRCODE = state,
        MESSAGE = CASE WHEN state = '57014' THEN message
            ELSE format('member "%s" of federation "%s": %s', members[asked], federation, message) END,
        DETAIL = concat_ws(E'\n', nullif(detail, ''), nullif(hint, ''),
            format('Server "%s" was asked: %s', servers[asked], questions[asked]));
END
$$;
COMMENT ON FUNCTION ask(name, text[], name[], text[]) IS
'Internal: sends members of a federation, by their servers, each a query that returns one value, all before the first '
'answer is awaited. What a member says to it is said with its name and SQLSTATE: 08001 for one that cannot be '
'reached. Connections stay for the session where PUBLIC has no right on the schema of dblink. No rows for NULL';

CREATE FUNCTION members_have(federation name, schools integer[]) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    unknown text;
BEGIN
    EXECUTE format($query$
        SELECT string_agg(s::text, ', ' ORDER BY s)
        FROM unnest($1) AS s WHERE NOT EXISTS (SELECT FROM %I.member m WHERE s = ANY (m.schools))$query$, federation)
        INTO unknown USING array_remove(schools, NULL);
    IF unknown IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('no member of federation "%s" has a school %s', federation, unknown),
            HINT = 'refresh_members() asks the members which schools they have.';
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION members_have(name, integer[]) IS
'Internal: true if each of some schools is one of a member of a federation, and for NULL. 22023, with those that are '
'not, otherwise';

CREATE FUNCTION ask_members(federation name, report text, arguments text[], schools_at integer) RETURNS SETOF jsonb
    LANGUAGE plpgsql STABLE STRICT PARALLEL UNSAFE ROWS 4
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    version text := (SELECT e.extversion FROM pg_extension e WHERE e.extname = 'attendance');
    schools integer[] := arguments[schools_at];
    members text[];
    servers name[];
    questions text[];
BEGIN
    PERFORM @extschema@.members_have(federation, schools);
    EXECUTE format($query$
        SELECT array_agg(m.member ORDER BY m.member), array_agg(m.server ORDER BY m.member),
            array_agg(format('SELECT %%I.federated_answer(%%L, %%L, %%L)', m.register, $1, $2, CASE
                WHEN $4 IS NULL THEN $3
                ELSE $3[:$5 - 1] || m.asked::text || $3[$5 + 1:] END) ORDER BY m.member)
        FROM (SELECT *, ARRAY(SELECT s FROM unnest($4) AS s WHERE s = ANY (m.schools)) AS asked FROM %I.member m) AS m
        WHERE $4 IS NULL OR m.asked <> '{}' OR $4 = '{}'$query$, federation)
        INTO members, servers, questions USING version, report, arguments, schools, schools_at;
    RETURN QUERY SELECT a.answer FROM @extschema@.ask(federation, members, servers, questions) AS a;
END
$$;
COMMENT ON FUNCTION ask_members(name, text, text[], integer) IS
'Internal: for the functions of a federation: what its members answer to a report with these arguments, of which one, '
'counted from 1, is the schools (0: none is): with schools only those members are asked that have them, each for its '
'own. Errors are those of ask(), 22023 for a school of none of them. No rows for NULL';
