-- Sequences of a register.  A copy of the rows has them not: logical replication leaves them behind.

CREATE FUNCTION register_sequences(register name)
    RETURNS TABLE (sequence regclass, last_value bigint, newest bigint, always boolean)
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    numbered record;
    query text;
BEGIN
    FOR numbered IN
        SELECT s.oid AS sequence, c.oid AS relation, c.relowner AS owner, a.attname AS col,
            a.attidentity <> 'd' AS always
        FROM pg_class s JOIN pg_namespace n ON n.oid = s.relnamespace
        JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.oid
            AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        JOIN pg_class c ON c.oid = d.refobjid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
        WHERE n.nspname = register AND s.relkind = 'S'
            AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)
            AND CASE s.relkind WHEN 'S' THEN has_sequence_privilege(s.oid, 'SELECT')
                AND has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(c.relowner, n.oid, 'USAGE')
                AND has_table_privilege(c.relowner, c.oid, 'SELECT') END
    LOOP
        sequence := numbered.sequence;
        always := numbered.always;
        last_value := coalesce(pg_sequence_last_value(numbered.sequence), 0);
        query := format('SELECT max(t.%I) FROM %s t', numbered.col, numbered.relation::regclass);
        -- reading can run the owner's code, such as that of an index
        IF pg_has_role(numbered.owner, 'MEMBER') THEN
            newest := @extschema@.run_as(pg_get_userbyid(numbered.owner), query);
        ELSE
            EXECUTE query INTO newest;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION register_sequences(name) IS
'The sequences of a register that the caller may read, each with its last value (0 if it has none yet) and the '
'greatest number in the column that it numbers (NULL for no rows); always, whether no user gives such numbers himself. '
'No rows for NULL';

CREATE FUNCTION advance_sequences(register name) RETURNS bigint
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.need_register(register);
    RETURN (SELECT count(setval(s.sequence, s.newest)) FROM @extschema@.register_sequences(register) s
        WHERE s.newest > s.last_value);
END
$$;
COMMENT ON FUNCTION advance_sequences(name) IS
'Moves the sequences of a register that are behind its rows up to them, and returns how many those were: run it when a '
'subscriber of logical replication becomes the server that is written to, before anybody writes. NULL for NULL; 3F000 '
'if there is no such register';
