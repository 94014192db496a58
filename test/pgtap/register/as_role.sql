-- What a query, or an error, says to a role.
CREATE FUNCTION as_role(role name, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        EXECUTE query INTO result;
    EXCEPTION WHEN OTHERS THEN
        result := SQLSTATE || ' ' || SQLERRM;
    END;
    RESET ROLE;
    RETURN result;
END
$$;

-- What a command says to a role; what is accepted, with so many rows, is undone.
CREATE FUNCTION said(role name, command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
    done bigint;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        EXECUTE command;
        GET DIAGNOSTICS done = ROW_COUNT;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = 'accepted ' || done;
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        result := SQLERRM;
    WHEN OTHERS THEN
        result := SQLSTATE || ' ' || SQLERRM;
    END;
    RESET ROLE;
    RETURN result;
END
$$;
