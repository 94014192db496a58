-- Legal steps: the trigger functions of support, notices to improve and penalty notices.

CREATE FUNCTION guard_legal_step_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    today date := clock_timestamp() AT TIME ZONE 'Europe/London';
    entry jsonb := to_jsonb(NEW);
    former jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    is_contact boolean := true;
    named text;
BEGIN
    IF entry ->> 'contact_id' IS DISTINCT FROM former ->> 'contact_id'
        OR entry ->> 'pupil_id' IS DISTINCT FROM former ->> 'pupil_id' THEN
        EXECUTE format('SELECT $1 IS NULL OR EXISTS (SELECT FROM %I.contact c WHERE c.contact_id = $1 AND c.pupil_id = '
                       '$2)', TG_TABLE_SCHEMA) INTO is_contact USING NEW.contact_id, NEW.pupil_id;
    END IF;
    IF NOT is_contact THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'contact_id', CONSTRAINT = TG_NAME,
            MESSAGE = format('contact %s is not a parent of pupil %s', NEW.contact_id, NEW.pupil_id);
    END IF;
    FOREACH named IN ARRAY TG_ARGV LOOP
        -- which days cannot be to come depends on what an order is, and whether it extends another
        IF (entry -> named, entry -> 'kind', entry -> 'extends_id')
            IS DISTINCT FROM (former -> named, former -> 'kind', former -> 'extends_id')
            AND (entry ->> named)::date > today THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'entry date',
                format('school %s, pupil %s: %s cannot be %s, which is still to come', NEW.school_urn, NEW.pupil_id,
                    named, entry ->> named), TG_TABLE_NAME, named);
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_legal_step_as_owner() IS
'What guard_legal_step() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_legal_step() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_legal_step' LANGUAGE C;
COMMENT ON FUNCTION guard_legal_step() IS
'Row trigger of attendance_support, notice_to_improve and penalty_notice, BEFORE INSERT OR UPDATE: a step is with a '
'contact of the pupil (23514), and what was done is not dated after the day on which it is entered, by the time in '
'London (AT022). Its arguments are the columns with such dates';

CREATE FUNCTION check_legal_step_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
    entry jsonb := to_jsonb(NEW);
    steps bigint[] := ARRAY[entry ->> TG_ARGV[0]];
BEGIN
    IF 'orders' = ANY (TG_ARGV) THEN
        -- what extends an order is judged by it
        EXECUTE format('SELECT $1 || array_agg(a.support_id) FROM %I.attendance_support a WHERE a.extends_id = $1[1]',
            TG_TABLE_SCHEMA) INTO steps USING steps;
    END IF;
    FOR found IN EXECUTE format($sql$
        SELECT b.rule, b.problem, b.column_name FROM %I.legal_step_breach b
        WHERE b.relation = $1 AND b.id = ANY ($2) AND b.rule = ANY ($3) AND b.certain
        ORDER BY array_position($2, b.id), array_position($3, b.rule)
        $sql$, TG_TABLE_SCHEMA) USING TG_TABLE_NAME::text, steps, TG_ARGV
    LOOP
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, found.rule, found.problem, TG_TABLE_NAME,
            found.column_name, day => coalesce(CASE found.rule WHEN 'prosecution' THEN entry ->> 'prosecuted_on'
                WHEN 'orders' THEN entry ->> 'from_day' END, entry ->> 'issued_on', entry ->> 'offered_on')::date);
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_legal_step_as_owner() IS
'What check_legal_step() decides, with the rights of whoever runs it';

CREATE FUNCTION check_legal_step() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_check_legal_step' LANGUAGE C;
COMMENT ON FUNCTION check_legal_step() IS
'Row trigger of attendance_support, notice_to_improve and penalty_notice, AFTER INSERT or UPDATE: a step breaks none '
'of the rules that are named by its arguments after the first, the key of the table, as legal_step_breach has them: '
'"no offence" (AT062), "prosecution" (AT064), "orders" (AT065)';

-- Registers of the first definition know no persons.
CREATE FUNCTION same_parents(register name) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.format(CASE WHEN pg_catalog.to_regprocedure(pg_catalog.format('%I.same_parent(bigint)',
            register)) IS NULL THEN 'SELECT $1' ELSE 'SELECT s.contact_id FROM %I.same_parent($1) s' END, register);
    END;
COMMENT ON FUNCTION same_parents(name) IS
'Internal: the query of the contacts in a register who are the same parent as the contact $1. NULL for NULL';

CREATE FUNCTION earlier_notices(register name, pupil_id bigint, contact_id bigint, issued_on date,
    step integer DEFAULT NULL, notice_id bigint DEFAULT NULL, OUT at_least integer, OUT at_most integer)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($sql$
        -- as it was on the day; on which a court acquitted is not known
        SELECT count(*) FILTER (WHERE coalesce(n.prosecution_outcome <> 'not guilty' OR n.prosecuted_on > $2, true)),
            count(*)
        FROM %1$I.penalty_notice n
        JOIN %1$I.penalty_framework f ON f.la_number IS NULL AND $2 BETWEEN f.from_day AND f.to_day
            AND n.issued_on >= f.from_day
        WHERE n.pupil_id = $5 AND n.contact_id IN (%2$s)
            AND n.issued_on > ($2 - make_interval(years => f.years))::date AND n.issued_on <= $2
            AND coalesce(n.issued_on < $2 OR (n.step, n.notice_id) < ($3, $4), true)
            AND coalesce(n.withdrawn_on > $2, true)
        $sql$, register, @extschema@.same_parents(register)) INTO at_least, at_most
        USING contact_id, issued_on, step, notice_id, pupil_id;
END
$$;
COMMENT ON FUNCTION earlier_notices(name, bigint, bigint, date, integer, bigint) IS
'Internal: for guard_penalty_notice() and notice_breach: how many penalty notices for a pupil to a parent, whichever '
'contact that is, counted on a day, of the years of penalty_framework to that day; of those of the day itself the ones '
'that come before a notice of a step and number, or all for NULL. At least without those of which the parent was found '
'not guilty, at most with them. 0 for NULL other than step and number';

CREATE FUNCTION full_years(register name, pupil_id bigint, contact_id bigint, issued_on date, notice_id bigint)
    RETURNS TABLE (last_day date, notices integer, years integer)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE ROWS 1
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- of the notices whose years this one lies in, and of itself: how many there would be
    RETURN QUERY EXECUTE format($sql$
        SELECT a.issued_on, f.notices, f.years
        FROM (
            SELECT o.issued_on FROM %1$I.penalty_notice o
            WHERE o.pupil_id = $4 AND o.contact_id IN (%2$s) AND o.counts AND o.notice_id <> $3
            UNION ALL SELECT $2) AS a
        JOIN %1$I.penalty_framework f ON f.la_number IS NULL AND a.issued_on BETWEEN f.from_day AND f.to_day
        WHERE a.issued_on >= $2 AND $2 > (a.issued_on - make_interval(years => f.years))::date AND $2 >= f.from_day
            AND f.notices < 1 + (
                SELECT count(*) FROM %1$I.penalty_notice b
                WHERE b.pupil_id = $4 AND b.contact_id IN (%2$s) AND b.counts AND b.notice_id <> $3
                    AND b.issued_on > (a.issued_on - make_interval(years => f.years))::date
                    AND b.issued_on BETWEEN f.from_day AND a.issued_on)
        ORDER BY a.issued_on LIMIT 1
        $sql$, register, @extschema@.same_parents(register)) USING contact_id, issued_on, notice_id, pupil_id;
END
$$;
COMMENT ON FUNCTION full_years(name, bigint, bigint, date, bigint) IS
'Internal: the years, by their last day, in which a parent, whichever contact that is, has as many penalty notices for '
'a pupil as penalty_framework allows without one that is issued on a day; the first of them. No rows if there are '
'none, and for NULL';

CREATE FUNCTION guard_penalty_notice_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    may_change CONSTANT text[] := '{received_on,paid_on,paid_amount,withdrawn_on,withdrawal_reason,prosecuted_on,'
        'prosecution_outcome,counts,entered_by,title,reason}';
    who text := format('contact %s of pupil %s', NEW.contact_id, NEW.pupil_id);
    will_count boolean := NEW.withdrawn_on IS NULL AND coalesce(NEW.prosecution_outcome <> 'not guilty', true);
    did_count boolean := false;
    counted integer;
    changed text;
    other record;
    too_many record;
BEGIN
    -- two who enter notices for the same pupil at once see each other's
    PERFORM pg_advisory_xact_lock(hashtextextended(format('%s.penalty_notice.%s', TG_TABLE_SCHEMA, NEW.pupil_id), 0));
    IF TG_OP = 'INSERT' THEN
        SELECT 1 + e.at_least INTO counted
        FROM @extschema@.earlier_notices(TG_TABLE_SCHEMA, NEW.pupil_id, NEW.contact_id, NEW.issued_on) e;
        IF NEW.step <> counted THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'notice stands', format(
                'the step of a penalty notice of %s to %s is counted: it is %s, not %s', NEW.issued_on, who, counted,
                NEW.step), TG_TABLE_NAME, 'step');
        END IF;
        NEW.step := counted;
        IF to_jsonb(NEW) ? 'absences' THEN -- not in registers of the first definition
            EXECUTE format('SELECT o.absences FROM %I.penalty_offence($1, $2, $3, $4) o', TG_TABLE_SCHEMA)
                INTO NEW.absences USING NEW.school_urn, NEW.pupil_id, NEW.sessions, NEW.issued_on;
        END IF;
    ELSE
        did_count := OLD.counts;
        SELECT min(n.key) INTO changed FROM jsonb_each(to_jsonb(NEW) - may_change) n
        WHERE n.value IS DISTINCT FROM to_jsonb(OLD) -> n.key;
        IF changed IS NOT NULL THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, OLD.school_urn, 'notice stands', format(
                'penalty notice %s of contact %s for pupil %s stands as it was issued on %s: %s is not changed',
                OLD.notice_id, OLD.contact_id, OLD.pupil_id, OLD.issued_on, changed), TG_TABLE_NAME, changed);
        END IF;
    END IF;
    IF will_count AND NOT did_count THEN
        EXECUTE format('SELECT o.notice_id, o.issued_on FROM %I.penalty_notice o WHERE o.pupil_id = $4 AND o.counts '
                       'AND o.contact_id IN (%s) AND o.notice_id <> $2 AND o.sessions && $3 ORDER BY 1 LIMIT 1',
            TG_TABLE_SCHEMA, @extschema@.same_parents(TG_TABLE_SCHEMA))
            INTO other USING NEW.contact_id, NEW.notice_id, NEW.sessions, NEW.pupil_id;
        IF other.notice_id IS NOT NULL THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'notice stands', format(
                '%s has penalty notice %s of %s for some of the sessions already', who, other.notice_id,
                other.issued_on), TG_TABLE_NAME, 'sessions');
        END IF;
    END IF;
    IF will_count THEN
        SELECT * INTO too_many FROM @extschema@.full_years(TG_TABLE_SCHEMA, NEW.pupil_id, NEW.contact_id,
            NEW.issued_on, NEW.notice_id);
        IF too_many.last_day IS NOT NULL THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'third notice', format(
                '%s would have more than %s penalty notices in the %s years to %s; another measure is used instead',
                who, too_many.notices, too_many.years, too_many.last_day), TG_TABLE_NAME);
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
'Row trigger of penalty_notice, BEFORE INSERT OR UPDATE: counts step and absences; a notice stands as it was issued, '
'and is for no session of another one that counts (AT063); a parent has no third one for a pupil within three years '
'(AT060), also not as another contact of the pupil who is the same person. SI 2007/1867 as amended by SI 2024/210';
