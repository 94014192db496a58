-- The rules of a register, and what a school has decided about them.

CREATE FUNCTION register_rules(
    OUT rule text, OUT sqlstate text, OUT default_action text, OUT can_be_set boolean,
    OUT regulation text, OUT description text, OUT hint text, OUT column_name text, OUT school_types text[],
    OUT source text, OUT can_be_taken_over boolean)
    RETURNS SETOF record
    AS 'MODULE_PATHNAME', 'att_register_rules' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 40;
COMMENT ON FUNCTION register_rules() IS
'Every rule of a register with its SQLSTATE, what happens on a breach (refuse, or record: let in and listed), whether '
'a school can set that (rule_setting), the regulation that it follows, the way out that errors hint at, and the column '
'that is meant where a refusal names no other (NULL if it is no single one); the types of schools on which it is '
'binding (NULL: all; empty: none), whether its source is regulation or guidance, and whether a take-over has breaches '
'recorded (taken_over). What only guidance asks of a school is recorded there, not refused, unless its setting says '
'otherwise';

CREATE FUNCTION is_taken_over(register name, school_urn integer, day date) RETURNS boolean
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    result boolean := false;
BEGIN
    -- a register of the first definition has no such table
    IF to_regclass(format('%I.taken_over', register)) IS NOT NULL THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I.taken_over t
            WHERE coalesce(t.school_urn = $1, true) AND t.days @> $2 AND t.ended_at IS NULL)', register)
            INTO result USING school_urn, day;
    END IF;
    RETURN result;
END
$$;
COMMENT ON FUNCTION is_taken_over(name, integer, date) IS
'Whether a take-over of a school of a register, or of all schools, that has not ended covers a day: see take_over() of '
'the register. NULL for NULL';

CREATE FUNCTION rule_action(register name, school_urn integer, rule text, binding boolean DEFAULT NULL,
    day date DEFAULT NULL) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shipped record;
    setting text;
    type text;
BEGIN
    IF register IS NULL OR school_urn IS NULL OR rule IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT r.default_action, r.can_be_set, r.school_types, r.can_be_taken_over INTO shipped
    FROM @extschema@.register_rules() r WHERE r.rule = rule_action.rule;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not the name of a rule; register_rules() lists them, such as leave', rule);
    END IF;
    IF shipped.can_be_set THEN
        EXECUTE format('SELECT s.action FROM %1$I.rule_setting s JOIN %1$I.school k ON k.urn = $1
            WHERE coalesce(s.school_urn = k.urn, true) AND s.rule = $2
            ORDER BY s.school_urn NULLS LAST LIMIT 1', register) INTO setting USING school_urn, rule;
        type := @extschema@.school_type_on(register, school_urn,
            coalesce(day, (now() AT TIME ZONE 'Europe/London')::date));
        IF NOT coalesce(binding, type = ANY (shipped.school_types), true) THEN
            shipped.default_action := 'record';
        END IF;
    END IF;
    setting := coalesce(setting, shipped.default_action);
    IF setting = 'refuse' AND shipped.can_be_taken_over AND @extschema@.is_taken_over(register, school_urn, day) THEN
        RETURN 'record';
    END IF;
    RETURN setting;
END
$$;
COMMENT ON FUNCTION rule_action(name, integer, text, boolean, date) IS
'What happens at a school of a register on a breach of a rule: refuse, or record. It is the school''s own setting, or '
'that of all schools, or the default; where the rule is not binding on schools of the type that it had on the day, or '
'has today, or binding is false, that is to record. On a day that is taken over it is to record, but for rules on what '
'is changed. NULL for NULL other than binding and day; 22023 for a rule that does not exist';

CREATE FUNCTION break_rule(
    register name, school_urn integer, rule text, problem text, table_name name DEFAULT '', column_name text DEFAULT '',
    binding boolean DEFAULT NULL, day date DEFAULT NULL)
    RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    broken record;
BEGIN
    IF @extschema@.rule_action(register, school_urn, rule, binding, day) = 'refuse' THEN
        SELECT r.sqlstate, r.hint, coalesce(nullif(break_rule.column_name, ''), r.column_name, '') AS meant INTO broken
        FROM @extschema@.register_rules() r WHERE r.rule = break_rule.rule;
        RAISE EXCEPTION USING MESSAGE = problem, ERRCODE = broken.sqlstate, HINT = broken.hint, CONSTRAINT = rule,
            SCHEMA = register, TABLE = table_name, COLUMN = broken.meant;
    END IF;
END
$$;
COMMENT ON FUNCTION break_rule(name, integer, text, text, name, text, boolean, date) IS
'Internal: for the triggers of a register: raises the SQLSTATE of a rule with the problem as message and its hint, its '
'name as the constraint, the table, and the column that is meant (the rule''s own if none is given), unless the school '
'has breaches of it recorded, or the day is taken over: see rule_action(). No effect for NULL other than binding and '
'day';

CREATE FUNCTION guard_rule_setting() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    shipped record;
BEGIN
    SELECT r.can_be_set, r.default_action INTO shipped FROM @extschema@.register_rules() r WHERE r.rule = NEW.rule;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'foreign_key_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'rule', CONSTRAINT = TG_NAME,
            MESSAGE = format('"%s" is not the name of a rule; register_rules() lists them, such as leave', NEW.rule);
    ELSIF NOT shipped.can_be_set THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'rule', CONSTRAINT = TG_NAME,
            MESSAGE = format('a breach of the rule "%s" is always %s, no school can set it', NEW.rule,
                CASE shipped.default_action WHEN 'refuse' THEN 'refused' ELSE 'recorded' END);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_rule_setting() IS
'Row trigger of rule_setting, BEFORE INSERT OR UPDATE: the rule exists (23503) and can be set (23514)';

CREATE FUNCTION guard_taken_over() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    may_change text[] := CASE WHEN OLD.ended_at IS NULL AND NEW.ended_by IS NOT NULL THEN '{ended_at,ended_by}'
        ELSE '{}' END;
BEGIN
    IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'ended_by', CONSTRAINT = TG_NAME,
            MESSAGE = format('take-over %s stands as it was entered%s', OLD.taken_over_id,
                CASE WHEN OLD.ended_at IS NULL THEN '; it can be ended: give ended_by' ELSE ', and has ended' END);
    END IF;
    IF NEW.ended_by IS DISTINCT FROM OLD.ended_by THEN
        NEW.ended_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_taken_over() IS
'Row trigger of taken_over, BEFORE UPDATE: a take-over stands as it was entered, but can be ended once, which is to '
'give ended_by (23514); the time of that is stamped';
