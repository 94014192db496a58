-- Trigger function of the table registration.

CREATE FUNCTION check_registration_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    FOR found IN EXECUTE format($sql$
        SELECT b.school_urn, b.rule, b.problem,
            (SELECT n.day FROM new_registration n
                WHERE n.registration_id = b.registration_id AND n.school_urn = b.school_urn) AS day
        FROM %I.registration_breach b
        WHERE b.registration_id = ANY (ARRAY(SELECT n.registration_id FROM new_registration n))
            AND b.school_urn = ANY (ARRAY(SELECT n.school_urn FROM new_registration n))
        $sql$, TG_TABLE_SCHEMA)
    LOOP
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, found.school_urn, found.rule, found.problem, TG_TABLE_NAME,
            day => found.day);
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_registration_as_owner() IS
'What check_registration() decides, with the rights of whoever runs it';

CREATE FUNCTION check_registration() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_check_registration' LANGUAGE C;
COMMENT ON FUNCTION check_registration() IS
'Statement trigger of registration, AFTER INSERT or UPDATE: a register closes within 30 minutes, or sooner where the '
'school has decided so (AT050): recorded, unless the school wants it refused. Working together to improve school '
'attendance, 2024';
