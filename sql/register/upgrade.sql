-- A register that an earlier version made becomes one of this version.

CREATE FUNCTION upgrade_register(register name) RETURNS text
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    problems bigint;
BEGIN
    SELECT count(*) INTO problems FROM @extschema@.check_register(register);
    IF problems > 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('register "%s" differs from its definition in %s places; check_register() lists them', register, problems);
    END IF;
    RETURN format('register "%s" is as version %s of the extension makes it', register, (
        SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'attendance'));
END
$$;
COMMENT ON FUNCTION upgrade_register(name) IS
'Brings a register that an earlier version made to the form of this one; run it after ALTER EXTENSION attendance UPDATE. There is no earlier version yet, so it only checks the register and says so. NULL for NULL; 3F000 if there is no such register, 55000 if it was altered by hand';

