-- The views of the members that are asked with SQL: foreign tables in a schema for each member, partitions by register
-- of a table in NAME_members, behind a view of the federation, by which they are read as the federation's owner.

CREATE FUNCTION members_schema(federation name) RETURNS name
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN (federation || '_members')::name;
COMMENT ON FUNCTION members_schema(name) IS
'Internal: the schema of the partitioned tables of a federation. NULL for NULL';

CREATE FUNCTION member_schema(federation name, member text) RETURNS name
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE RETURN (federation || '_' || member)::name;
COMMENT ON FUNCTION member_schema(name, text) IS
'Internal: the schema of the foreign tables of a member of a federation. NULL for NULL';

-- Aggregates go to the members only if the types and functions of the extension may, and to all at the same time.
CREATE FUNCTION set_up_server(server name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT w.name, w.value FROM (VALUES ('extensions', 'attendance'), ('async_capable', 'true'),
            ('use_remote_estimate', 'true'), ('fetch_size', '10000'), ('connect_timeout', '10')) AS w (name, value)
        WHERE w.name NOT IN (
            SELECT o.option_name FROM pg_foreign_server s CROSS JOIN pg_options_to_table(s.srvoptions) o
            WHERE s.srvname = server)
    LOOP
        EXECUTE format('ALTER SERVER %I OPTIONS (ADD %I %L)', server, wanted.name, wanted.value);
    END LOOP;
END
$$;
COMMENT ON FUNCTION set_up_server(name) IS
'Internal: for add_member(): gives a foreign server those options that it needs and has not. No effect for NULL; 42704 '
'for no such server, 42501 for who does not own it';

CREATE FUNCTION make_federated_view(federation name, described jsonb, sample regclass) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation text := described ->> 'relation';
    members name := @extschema@.members_schema(federation);
    said record;
BEGIN
    IF to_regclass(format('%I.%I', federation, relation)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE %I.%I (LIKE %s) PARTITION BY LIST (register_key)', members, relation, sample);
    EXECUTE format('CREATE VIEW %I.%2$I AS SELECT * FROM %3$I.%2$I', federation, relation, members);
    EXECUTE format('COMMENT ON VIEW %I.%I IS %L', federation, relation, described ->> 'says');
    FOR said IN SELECT c.key, c.value FROM jsonb_each_text(described -> 'columns') AS c (key, value) LOOP
        EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', federation, relation, said.key, said.value);
    END LOOP;
END
$$;
COMMENT ON FUNCTION make_federated_view(name, jsonb, regclass) IS
'Internal: makes the view of a federation over a view of its members that one of them describes, unless it is there, '
'with the columns of a foreign table. No effect for NULL';

CREATE FUNCTION drop_member_tables(federation name, member text) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own name := @extschema@.member_schema(federation, member);
    foreign_table regclass;
BEGIN
    -- one after the other: CASCADE would tell each
    FOR foreign_table IN
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = own AND c.relkind = 'f'
    LOOP
        EXECUTE format('DROP FOREIGN TABLE %s', foreign_table);
    END LOOP;
    IF EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = own) THEN
        EXECUTE format('DROP SCHEMA %I', own);
    END IF;
END
$$;
COMMENT ON FUNCTION drop_member_tables(name, text) IS
'Internal: drops the schema of a member of a federation, with its foreign tables. No effect for NULL';

CREATE FUNCTION make_member_tables(federation name, member text, server name, register name, tells jsonb) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own name := @extschema@.member_schema(federation, member);
    relation text;
BEGIN
    PERFORM @extschema@.need_name(federation || '_' || member, 'schema'), @extschema@.set_up_server(server);
    -- a schema of that name is not ours
    EXECUTE format('CREATE SCHEMA %I', own);
    FOR relation IN SELECT r.value ->> 'relation' FROM jsonb_array_elements(tells -> 'relations') AS r LOOP
        EXECUTE format('IMPORT FOREIGN SCHEMA %I LIMIT TO (%I) FROM SERVER %I INTO %I', register, relation, server,
            own);
    END LOOP;
    PERFORM @extschema@.make_federated_view(federation, r.value, format('%I.%I', own, r.value ->> 'relation')::regclass)
    FROM jsonb_array_elements(tells -> 'relations') AS r;
    FOR relation IN SELECT r.value ->> 'relation' FROM jsonb_array_elements(tells -> 'relations') AS r LOOP
        EXECUTE format('ALTER TABLE %I.%2$I ATTACH PARTITION %3$I.%2$I FOR VALUES IN (%4$L)',
            @extschema@.members_schema(federation), relation, own, tells ->> 'register_key');
    END LOOP;
END
$$;
COMMENT ON FUNCTION make_member_tables(name, text, name, name, jsonb) IS
'Internal: makes the foreign tables of a member of a federation, as federated_member() of its register tells. No '
'effect for NULL; 42602, 42622 or 42939 if the names of federation and member are no name of a schema together, 42P06 '
'if there is such a schema';
