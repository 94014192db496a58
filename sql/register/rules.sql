-- The rules of a register, and what a school has decided about them.

CREATE FUNCTION register_rules(
    OUT rule text, OUT sqlstate text, OUT default_action text, OUT can_be_set boolean,
    OUT regulation text, OUT description text, OUT hint text, OUT column_name text)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_register_rules' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 40;
COMMENT ON FUNCTION register_rules() IS
'Every rule of a register with its SQLSTATE, what happens on a breach (refuse, or record: let in and listed), whether '
'a school can set that (rule_setting), the regulation that it follows, the way out that errors hint at, and the column '
'that is meant where a refusal names no other (NULL if it is no single one)';

CREATE FUNCTION rule_action(register name, school_urn integer, rule text) RETURNS text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shipped record;
    setting text;
BEGIN
    SELECT r.default_action, r.can_be_set INTO shipped
    FROM @extschema@.register_rules() r WHERE r.rule = rule_action.rule;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not the name of a rule; register_rules() lists them, such as leave', rule);
    END IF;
    IF shipped.can_be_set THEN
        EXECUTE format('SELECT s.action FROM %I.rule_setting s WHERE s.school_urn = $1 AND s.rule = $2', register)
            INTO setting USING school_urn, rule;
    END IF;
    RETURN coalesce(setting, shipped.default_action);
END
$$;
COMMENT ON FUNCTION rule_action(name, integer, text) IS
'What happens at a school of a register on a breach of a rule: refuse, or record. It is the school''s own setting or '
'else the default. NULL for NULL; 22023 for a rule that does not exist';

CREATE FUNCTION break_rule(
    register name, school_urn integer, rule text, problem text, table_name name DEFAULT '', column_name text DEFAULT '')
    RETURNS void
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    broken record;
BEGIN
    IF @extschema@.rule_action(register, school_urn, rule) = 'refuse' THEN
        SELECT r.sqlstate, r.hint, coalesce(nullif(break_rule.column_name, ''), r.column_name, '') AS meant INTO broken
        FROM @extschema@.register_rules() r WHERE r.rule = break_rule.rule;
        RAISE EXCEPTION USING MESSAGE = problem, ERRCODE = broken.sqlstate, HINT = broken.hint, CONSTRAINT = rule,
            SCHEMA = register, TABLE = table_name, COLUMN = broken.meant;
    END IF;
END
$$;
COMMENT ON FUNCTION break_rule(name, integer, text, text, name, text) IS
'Internal: for the triggers of a register: raises the SQLSTATE of a rule with the problem as message and its hint, its '
'name as the constraint, the table, and the column that is meant (the rule''s own if none is given), unless the school '
'has breaches of it recorded. No effect for NULL';

CREATE FUNCTION guard_rule_setting() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settable boolean;
BEGIN
    SELECT r.can_be_set INTO settable FROM @extschema@.register_rules() r WHERE r.rule = NEW.rule;
    IF settable IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'rule', CONSTRAINT = TG_NAME,
            MESSAGE = format('"%s" is not the name of a rule; register_rules() lists them, such as leave', NEW.rule);
    ELSIF NOT settable THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'rule', CONSTRAINT = TG_NAME,
            MESSAGE = format('a breach of the rule "%s" is always refused, no school can set it', NEW.rule);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_rule_setting() IS
'Row trigger of rule_setting, BEFORE INSERT OR UPDATE: the rule exists (23503) and can be set (23514)';
