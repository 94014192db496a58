-- A register on many machines, for reports: a copy whose tables Citus has spread over its nodes by school.  Where rows
-- are entered they are judged beside others, and locked in an order; that is not so where each node sees its own alone:
-- so the copy takes no entries.

CREATE FUNCTION refuse_entry() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
        MESSAGE = format('register "%s" is a copy that was distributed for reports: nothing is entered in it',
            TG_TABLE_SCHEMA),
        HINT = 'Enter it in the register that this is a copy of, and make the copy anew.';
END
$$;
COMMENT ON FUNCTION refuse_entry() IS
'Row trigger of all tables of a register that was distributed, BEFORE INSERT OR UPDATE OR DELETE: always refuses '
'(0A000). It reads and writes nothing, so it may fire on every node';

CREATE FUNCTION is_distributed(register name) RETURNS boolean
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT EXISTS (
            SELECT FROM pg_catalog.pg_trigger t
            JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = register AND c.relname = 'register_line' AND t.tgname = 'refuse_entry');
    END;
COMMENT ON FUNCTION is_distributed(name) IS
'Whether a register is a copy that distribute_register() has spread over several machines. NULL for NULL';

CREATE FUNCTION spread_tables(register name) RETURNS TABLE (relation regclass, by_school boolean)
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT c.oid::regclass, coalesce(a.attnotnull AND NOT EXISTS (
                SELECT FROM pg_catalog.pg_index x
                WHERE x.indrelid = c.oid AND x.indisunique
                    AND a.attnum <> ALL (x.indkey::smallint[])), false)
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'school_urn'
        WHERE n.nspname = register AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        -- that which the others are put beside
        ORDER BY c.relname <> 'register_line', c.relname;
    END;
COMMENT ON FUNCTION spread_tables(name) IS
'Internal: the tables of a register, and whether each can be divided by school: school_urn is there, is not NULL, and '
'is in every key. The others, of organisations, law and pupils, are whole on every machine. No rows for NULL';

-- What is held among rows was held where they were entered.
CREATE FUNCTION end_entries(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    command text;
BEGIN
    FOR command IN
        SELECT d.command FROM pg_class c CROSS JOIN LATERAL (
            SELECT format('DROP TRIGGER %I ON %s', t.tgname, c.oid::regclass) FROM pg_trigger t
            WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0
            UNION ALL
            SELECT format('DROP POLICY %I ON %s', y.polname, c.oid::regclass) FROM pg_policy y WHERE y.polrelid = c.oid
            UNION ALL
            SELECT format('ALTER TABLE %s ALTER COLUMN %I DROP IDENTITY', c.oid::regclass, a.attname)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity <> ''
            UNION ALL
            SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.oid::regclass, k.conname)
            FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype IN ('f', 'x') AND k.conparentid = 0
            ) AS d (command)
        WHERE c.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = register)
            OR c.oid IN (SELECT t.relid FROM pg_partition_tree(format('%I.register_line', register)) t)
    LOOP
        EXECUTE command;
    END LOOP;
    FOR command IN
        SELECT format('DROP PROCEDURE %s', p.oid::regprocedure) FROM pg_proc p
        JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = register AND p.prokind = 'p'
    LOOP
        EXECUTE command;
    END LOOP;
END
$$;
COMMENT ON FUNCTION end_entries(name) IS
'Internal: takes from a register what entries are made by and judged by: triggers, procedures, identities, keys of '
'other tables and exclusions; and its policies, so that nobody but the owner sees rows. No effect for NULL';

-- Citus takes no parameters of SQL functions, and no functions that name each other over a table that it is to divide:
-- a body that is text names nothing, and PL/pgSQL gives the values of parameters.  Nor does it read rows without
-- columns.
CREATE FUNCTION loosen_functions(register name) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    made record;
    head text;
    body text;
    checked text := current_setting('check_function_bodies');
BEGIN
    PERFORM set_config('check_function_bodies', 'off', true);
    FOR made IN
        SELECT p.oid, p.proretset, pg_get_function_sqlbody(p.oid) AS body,
            p.provolatile = 's' AND (SELECT count(*) = count(DISTINCT a.name) FROM unnest(p.proargnames) AS a (name)
                WHERE a.name <> '') AS can_be_plpgsql
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE n.nspname = register AND p.prosqlbody IS NOT NULL AND p.provolatile <> 'i'
    LOOP
        head := regexp_replace(pg_get_functiondef(made.oid), '\n(BEGIN ATOMIC\s.*\sEND|RETURN .*)\n$', '');
        -- a query, without the semicolon
        body := regexp_replace(regexp_replace(made.body, '^BEGIN ATOMIC\s(.*);\s*END$', '\1'), '^RETURN ', 'SELECT ');
        body := regexp_replace(body, '(EXISTS \(\s*SELECT)(\s+FROM)', '\1 true\2', 'g');
        IF made.can_be_plpgsql THEN
            head := replace(head, E'\n LANGUAGE sql\n', E'\n LANGUAGE plpgsql\n');
            body := E'#variable_conflict use_column\nBEGIN\nRETURN '
                || CASE WHEN made.proretset THEN format('QUERY %s', body) ELSE format('(%s)', body) END || E';\nEND';
        END IF;
        EXECUTE format(E'%s\nAS %L', head, body);
    END LOOP;
    PERFORM set_config('check_function_bodies', checked, true);
END
$$;
COMMENT ON FUNCTION loosen_functions(name) IS
'Internal: gives the functions of a register that read it bodies that are texts, in PL/pgSQL where they can have them. '
'No effect for NULL';

CREATE FUNCTION distribute_register(register name, is_copy boolean DEFAULT false, shards integer DEFAULT 32)
    RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    lines regclass;
    owner name;
    spread record;
BEGIN
    PERFORM @extschema@.need_register(register);
    SELECT c.oid, pg_get_userbyid(c.relowner) INTO lines, owner FROM pg_class c
    WHERE c.oid = to_regclass(format('%I.register_line', register));
    IF NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'citus') THEN
        RAISE EXCEPTION USING ERRCODE = 'feature_not_supported',
            MESSAGE = 'a register is distributed by Citus, which is not in this database',
            HINT = 'In the database of a coordinator of Citus: CREATE EXTENSION citus.';
    ELSIF @extschema@.is_distributed(register) THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('register "%s" is distributed already', register);
    ELSIF NOT is_copy THEN
        RAISE EXCEPTION USING ERRCODE = 'object_in_use',
            MESSAGE = format('register "%s" would take no entries any more: only a copy is distributed', register),
            HINT = format('Of a copy that was restored here, say so: distribute_register(%L, is_copy => true).',
                register);
    ELSIF owner <> current_user THEN -- its rows are moved, which runs the code of its indexes
        RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
            MESSAGE = format('register "%s" is distributed by its owner, %s', register, owner);
    END IF;
    PERFORM set_config('citus.multi_shard_modify_mode', 'sequential', true),
        set_config('citus.enable_unsafe_triggers', 'on', true),
        set_config('citus.enable_ddl_propagation', 'off', true);
    PERFORM @extschema@.end_entries(register), @extschema@.loosen_functions(register);
    PERFORM set_config('citus.enable_ddl_propagation', 'on', true);
    FOR spread IN SELECT s.relation, s.by_school FROM @extschema@.spread_tables(register) s LOOP
        IF NOT spread.by_school THEN
            EXECUTE 'SELECT create_reference_table($1)' USING spread.relation;
        ELSIF spread.relation = lines THEN
            EXECUTE 'SELECT create_distributed_table($1, ''school_urn'', shard_count => $2)' USING lines, shards;
        ELSE
            EXECUTE 'SELECT create_distributed_table($1, ''school_urn'', colocate_with => $2)'
                USING spread.relation, format('%I.register_line', register);
        END IF;
        EXECUTE format('CREATE TRIGGER refuse_entry BEFORE INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW ',
            spread.relation) || 'EXECUTE FUNCTION @extschema@.refuse_entry()';
    END LOOP;
END
$$;
COMMENT ON FUNCTION distribute_register(name, boolean, integer) IS
'Spreads a copy of a register, such as one that pg_restore has made, over the machines of a cluster of Citus, for '
'reports: what is of one school, by school_urn in as many parts as shards says; organisations, law and pupils whole on '
'every machine. For good it takes no entries, and shows its rows to its owner alone, who calls this on the coordinator '
'and can log in on all nodes. No effect for NULL; 3F000 if there is no such register, 0A000 without Citus, 55000 if it '
'is distributed already, 55006 unless is_copy is true, 42501 for who is not its owner';
