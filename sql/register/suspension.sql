-- Suspensions: their trigger function.

CREATE FUNCTION guard_suspension_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    first_day date := @extschema@.day(lower(NEW.sessions));
    -- after a permanent exclusion the name is deleted
    last_day date := CASE WHEN NEW.kind = 'permanent exclusion' THEN first_day
        ELSE @extschema@.day(upper(NEW.sessions))
            - CASE WHEN @extschema@.session(upper(NEW.sessions)) = 'AM' THEN 1 ELSE 0 END END;
    is_registered boolean := true;
BEGIN
    IF TG_OP = 'INSERT' OR (to_jsonb(NEW) -> 'school_urn', to_jsonb(NEW) -> 'pupil_id', to_jsonb(NEW) -> 'kind',
        to_jsonb(NEW) -> 'sessions') IS DISTINCT FROM (to_jsonb(OLD) -> 'school_urn', to_jsonb(OLD) -> 'pupil_id',
        to_jsonb(OLD) -> 'kind', to_jsonb(OLD) -> 'sessions') THEN
        EXECUTE format('SELECT range_agg(daterange(e.from_day, e.to_day, ''[]'')) @> daterange($3, $4, ''[]'')
                FROM %I.enrolment_period e WHERE e.school_urn = $1 AND e.pupil_id = $2 AND e.status <> ''G''',
            TG_TABLE_SCHEMA) INTO is_registered USING NEW.school_urn, NEW.pupil_id, first_day, last_day;
    END IF;
    -- what has no first or last session the table refuses
    IF first_day <= last_day AND NOT coalesce(is_registered, false) THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'case record',
            format('pupil %s is not registered at school %s on each day from %s to %s: only the head of the school at '
                'which a pupil is registered suspends', NEW.pupil_id, NEW.school_urn, first_day, last_day),
            TG_TABLE_NAME, 'sessions');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_suspension_as_owner() IS
'What guard_suspension() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_suspension() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_suspension' LANGUAGE C;
COMMENT ON FUNCTION guard_suspension() IS
'Row trigger of suspension, BEFORE INSERT OR UPDATE: the pupil is registered at the school, not as a guest, on each '
'day of a suspension, or the first of a permanent exclusion (AT067). Education Act 2002, section 51A';
