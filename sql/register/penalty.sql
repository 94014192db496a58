-- Penalty notices: the trigger function of their table.

CREATE FUNCTION guard_penalty_notice_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_parent boolean;
    earlier bigint;
    too_many record;
BEGIN
    EXECUTE format('SELECT c.is_parent FROM %I.contact c WHERE c.contact_id = $1 AND c.pupil_id = $2', TG_TABLE_SCHEMA)
        INTO is_parent USING NEW.contact_id, NEW.pupil_id;
    IF NOT coalesce(is_parent, false) THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'contact_id', CONSTRAINT = TG_NAME,
            MESSAGE = format('contact %s is not a parent of pupil %s', NEW.contact_id, NEW.pupil_id);
    END IF;
    -- two who enter notices for the same parent at once see each other's
    PERFORM pg_advisory_xact_lock(hashtextextended(format('%s.penalty_notice.%s', TG_TABLE_SCHEMA, NEW.contact_id), 0));
    IF TG_OP = 'INSERT' AND NEW.step IS NULL THEN
        EXECUTE format($sql$
            SELECT count(*)
            FROM %1$I.penalty_notice n
            JOIN %1$I.penalty_framework f ON f.la_number IS NULL AND $2 BETWEEN f.from_day AND f.to_day
                AND n.issued_on >= f.from_day
            WHERE n.contact_id = $1 AND n.counts AND n.issued_on > ($2 - make_interval(years => f.years))::date
                AND n.issued_on <= $2
            $sql$, TG_TABLE_SCHEMA) INTO earlier USING NEW.contact_id, NEW.issued_on;
        NEW.step := earlier + 1;
    END IF;
    IF NEW.withdrawn_on IS NULL AND coalesce(NEW.prosecution_outcome <> 'not guilty', true) THEN
        -- of the notices whose years this one lies in, and of itself: how many there would be
        EXECUTE format($sql$
            SELECT a.issued_on, f.notices, f.years
            FROM (
                SELECT o.issued_on FROM %1$I.penalty_notice o WHERE o.contact_id = $1 AND o.counts AND o.notice_id <> $3
                UNION ALL SELECT $2) AS a
            JOIN %1$I.penalty_framework f ON f.la_number IS NULL AND a.issued_on BETWEEN f.from_day AND f.to_day
            WHERE a.issued_on >= $2 AND $2 > (a.issued_on - make_interval(years => f.years))::date AND $2 >= f.from_day
                AND f.notices < 1 + (
                    SELECT count(*) FROM %1$I.penalty_notice b
                    WHERE b.contact_id = $1 AND b.counts AND b.notice_id <> $3 AND b.issued_on >= f.from_day
                        AND b.issued_on > (a.issued_on - make_interval(years => f.years))::date
                        AND b.issued_on <= a.issued_on)
            ORDER BY a.issued_on LIMIT 1
            $sql$, TG_TABLE_SCHEMA) INTO too_many USING NEW.contact_id, NEW.issued_on, NEW.notice_id;
        IF too_many.issued_on IS NOT NULL THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'third notice', format(
                'contact %s of pupil %s would have more than %s penalty notices in the %s years to %s; another measure '
                'is used instead',
                NEW.contact_id, NEW.pupil_id, too_many.notices, too_many.years, too_many.issued_on), TG_TABLE_NAME);
        END IF;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_penalty_notice_as_owner() IS
'What guard_penalty_notice() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_penalty_notice() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_penalty_notice' LANGUAGE C;
COMMENT ON FUNCTION guard_penalty_notice() IS
'Row trigger of penalty_notice, BEFORE INSERT OR UPDATE: the notice is to a parent of the pupil (23514), its step is '
'counted if it is not given, and a parent has no third one for a pupil within three years (AT060). SI 2007/1867 as '
'amended by SI 2024/210';
