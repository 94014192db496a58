-- Trigger function of the table backup_record.

CREATE FUNCTION guard_backup_record_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    keep_until date;
BEGIN
    -- to the end of August: a school year lasts until the next one begins
    EXECUTE format($sql$
        SELECT make_date(%2$s.academic_year($2) + 1 + max(r.backup_retention_years), 8, 31) FROM %1$I.regime r
        WHERE r.from_day <= $2 AND coalesce(r.to_day >= $1, true)
        $sql$, TG_TABLE_SCHEMA, '@extschema@') INTO keep_until USING NEW.covers_from, NEW.covers_to;
    IF keep_until IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'covers_from', CONSTRAINT = TG_NAME,
            MESSAGE = format('a back-up of %s to %s is older than all regulations of the register', NEW.covers_from,
                NEW.covers_to);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        keep_until := greatest(keep_until, OLD.retain_until);
    END IF;
    NEW.retain_until := coalesce(NEW.retain_until, keep_until);
    IF NEW.retain_until < keep_until
        OR coalesce((NEW.discarded_at AT TIME ZONE 'Europe/London')::date <= NEW.retain_until, false) THEN
        -- the rule is the same for all schools
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, 0, 'backup retention', format(
            'the back-up of %s of the register from %s to %s is kept until %s',
                coalesce('school ' || NEW.school_urn, 'all schools'),
            NEW.covers_from, NEW.covers_to, greatest(NEW.retain_until, keep_until)), TG_TABLE_NAME,
            CASE WHEN NEW.retain_until < keep_until THEN 'retain_until' ELSE 'discarded_at' END);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_backup_record_as_owner() IS
'What guard_backup_record() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_backup_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_backup_record' LANGUAGE C;
COMMENT ON FUNCTION guard_backup_record() IS
'Row trigger of backup_record, BEFORE INSERT or UPDATE: fills in until when the back-up is kept, to the end of the '
'school year covered and the years of the regime after it; never shorter, nor is it discarded before (AT024). '
'Regulations 2024, regulations 5 and 7; 2006, regulation 15(5)';
