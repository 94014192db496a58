-- Leave of absence: trigger functions of a register's tables, and what its functions do.

CREATE FUNCTION break_leave_rules(register name, is_timetable boolean, ids bigint[], schools integer[]) RETURNS void
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
    refused record;
    problems text;
    table_name name := CASE WHEN is_timetable THEN 'part_time_timetable' ELSE 'leave_of_absence' END;
BEGIN
    FOR found IN EXECUTE format(
        -- a register of the first definition has no binding
        -- what it lacks, it lacks on each of its days: it is judged by the first one that is not taken over
        $sql$
        SELECT b.%2$I AS id, b.school_urn, b.rule, b.problem, (to_jsonb(b) ->> 'binding')::boolean AS binding, (
            SELECT coalesce(min(d.day) FILTER (WHERE NOT %4$s.is_taken_over(%6$L, b.school_urn, d.day::date)),
                min(d.day))::date
            FROM %1$I.%3$I l
            CROSS JOIN LATERAL unnest(l.sessions) AS r (r)
            CROSS JOIN LATERAL generate_series(%4$s.day(lower(r.r))::timestamp, %4$s.day(upper(r.r))::timestamp
                - CASE WHEN %4$s.session(upper(r.r)) = 'AM' THEN interval '1 day' ELSE '0' END, '1 day') AS d (day)
            WHERE l.%2$I = b.%2$I AND l.school_urn = b.school_urn) AS day
        FROM %1$I.%5$I b
        WHERE b.%2$I = ANY ($1) AND (b.%2$I, b.school_urn) IN (SELECT k.id, k.school FROM unnest($1, $2) k (id, school))
        $sql$, register, CASE WHEN is_timetable THEN 'timetable_id' ELSE 'leave_id' END, table_name, '@extschema@',
            CASE WHEN is_timetable THEN 'part_time_timetable_breach' ELSE 'leave_breach' END, register)
        USING ids, schools
    LOOP
        CONTINUE WHEN @extschema@.rule_action(register, found.school_urn, found.rule, found.binding, found.day)
            IS DISTINCT FROM 'refuse';
        IF problems IS NULL THEN
            refused := found;
            problems := found.problem;
        ELSIF found.id = refused.id AND found.school_urn = refused.school_urn THEN
            -- whose it is has been said
            problems := problems || '; ' || substr(found.problem, strpos(found.problem, ': ') + 2);
        END IF;
    END LOOP;
    IF problems IS NOT NULL THEN
        PERFORM @extschema@.break_rule(register, refused.school_urn, refused.rule, problems, table_name,
            CASE WHEN NOT is_timetable THEN ''
                WHEN refused.rule = 'leave not in advance' THEN 'agreed_on'
                WHEN refused.rule = 'leave authority' THEN 'agreed_by'
                WHEN refused.rule = 'leave code' THEN 'sessions' ELSE '' END, refused.binding);
    END IF;
END
$$;
COMMENT ON FUNCTION break_leave_rules(name, boolean, bigint[], integer[]) IS
'Internal: for the triggers of leave_of_absence and part_time_timetable: raises the first rule that one of some '
'leaves, or timetables, breaks and that is refused, with all that is refused of it: where one of its days is not taken '
'over. No effect for NULL';

CREATE FUNCTION check_leave_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    granted bigint[];
    schools integer[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(n.leave_id), array_agg(n.school_urn) INTO granted, schools
        FROM new_leave n WHERE n.status = 'granted';
    ELSE
        SELECT array_agg(n.leave_id), array_agg(n.school_urn) INTO granted, schools
        FROM new_leave n JOIN old_leave o ON o.leave_id = n.leave_id AND o.school_urn = n.school_urn
        WHERE n.status = 'granted' AND o.status <> 'granted';
        -- whatever way a leave is cancelled, nothing is expected of it any more
        IF EXISTS (SELECT FROM new_leave n WHERE n.status = 'cancelled') THEN
            EXECUTE format('DELETE FROM %I.planned_mark p USING new_leave n WHERE p.leave_id = n.leave_id '
                           'AND p.school_urn = n.school_urn AND n.status = ''cancelled''',
                TG_TABLE_SCHEMA);
        END IF;
    END IF;
    PERFORM @extschema@.break_leave_rules(TG_TABLE_SCHEMA, false, granted, schools);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_leave_as_owner() IS 'What check_leave() decides, with the rights of whoever runs it';

CREATE FUNCTION check_leave() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_check_leave' LANGUAGE C;
COMMENT ON FUNCTION check_leave() IS
'Statement trigger of leave_of_absence, AFTER INSERT or UPDATE: what is granted has what leave_reason asks for (AT040 '
'to AT045, AT047, AT048); what is cancelled is planned no more. Regulations 2024, regulation 11; 2006, regulation 7';

CREATE FUNCTION guard_leave_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    may_change text[] := CASE WHEN OLD.status = 'granted' AND NEW.status = 'cancelled'
        THEN '{status,cancelled_by,cancelled_at,cancel_reason}' ELSE '{}' END;
BEGIN
    IF OLD.status = 'applied' AND OLD.leave_id = NEW.leave_id THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, OLD.school_urn, 'leave decided', format(
            'leave %s of pupil %s at school %s was not granted, so it cannot be cancelled: it is refused or withdrawn',
            OLD.leave_id, OLD.pupil_id, OLD.school_urn), TG_TABLE_NAME);
    ELSIF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, OLD.school_urn, 'leave decided', format(
            'leave %s of pupil %s at school %s is %s and stands as it is%s', OLD.leave_id, OLD.pupil_id, OLD.school_urn,
            CASE OLD.status WHEN 'applied' THEN 'entered' ELSE OLD.status END,
            CASE OLD.status WHEN 'granted' THEN '; it can be cancelled' ELSE '' END), TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_leave_as_owner() IS 'What guard_leave() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_leave() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_leave' LANGUAGE C;
COMMENT ON FUNCTION guard_leave() IS
'Row trigger of leave_of_absence, BEFORE UPDATE: a decision stands, leave that was granted is cancelled and not '
'changed (AT049). Regulations 2024, regulation 6';

CREATE FUNCTION check_part_time_timetable_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    agreed bigint[];
    schools integer[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT array_agg(n.timetable_id), array_agg(n.school_urn) INTO agreed, schools
        FROM new_timetable n WHERE n.status = 'agreed';
    ELSE
        SELECT array_agg(n.timetable_id), array_agg(n.school_urn) INTO agreed, schools
        FROM new_timetable n
        JOIN old_timetable o ON o.timetable_id = n.timetable_id AND o.school_urn = n.school_urn
        WHERE n.status = 'agreed' AND o.status <> 'agreed';
    END IF;
    PERFORM @extschema@.break_leave_rules(TG_TABLE_SCHEMA, true, agreed, schools);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION check_part_time_timetable_as_owner() IS
'What check_part_time_timetable() decides, with the rights of whoever runs it';

CREATE FUNCTION check_part_time_timetable() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_check_part_time_timetable' LANGUAGE C;
COMMENT ON FUNCTION check_part_time_timetable() IS
'Statement trigger of part_time_timetable, AFTER INSERT or UPDATE: what is agreed is agreed in advance by the right '
'people in exceptional circumstances, reviewed, and for a pupil of compulsory school age (AT040 to AT043, AT046, '
'AT048, AT051). Regulations 2024, regulation 11(6)';

CREATE FUNCTION guard_part_time_timetable_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    may_change text[] := '{}';
BEGIN
    IF OLD.status = 'agreed' AND NEW.status = 'agreed' AND OLD.ended_on IS NULL THEN
        may_change := '{ended_on,ended_by}';
    ELSIF OLD.status = 'agreed' AND NEW.status = 'cancelled' THEN
        may_change := '{status}';
    END IF;
    IF to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, OLD.school_urn, 'leave decided', format(
            'part-time timetable %s of pupil %s at school %s is %s and stands as it is%s', OLD.timetable_id,
                OLD.pupil_id,
            OLD.school_urn, CASE OLD.status WHEN 'proposed' THEN 'entered' ELSE OLD.status END,
            CASE WHEN OLD.status = 'agreed' AND OLD.ended_on IS NULL THEN '; it can be ended or cancelled' ELSE '' END),
            TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_part_time_timetable_as_owner() IS
'What guard_part_time_timetable() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_part_time_timetable() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_part_time_timetable' LANGUAGE C;
COMMENT ON FUNCTION guard_part_time_timetable() IS
'Row trigger of part_time_timetable, BEFORE UPDATE: what was agreed stands, but can be ended early or cancelled '
'(AT049). Regulations 2024, regulation 6';

CREATE FUNCTION held_leave(register name, leave_id bigint)
    RETURNS TABLE (school_urn integer, pupil_id bigint, status text)
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found bigint;
BEGIN
    -- a domain in registers of the first definition
    RETURN QUERY EXECUTE format('SELECT l.school_urn::integer, l.pupil_id, l.status FROM %I.leave_of_absence l '
                                'WHERE l.leave_id = $1 FOR UPDATE', register) USING leave_id;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found <> 1 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = CASE found WHEN 0 THEN format('the register has no leave %s', coalesce(leave_id::text, 'NULL'))
                ELSE format('%s schools have a leave %s', found, leave_id) END;
    END IF;
END
$$;
COMMENT ON FUNCTION held_leave(name, bigint) IS
'Internal: for decide_leave() and cancel_leave(): the leave of a register that has a number, locked until the end of '
'the transaction. 22023 if there is none, also for NULL, or if several schools have one of this number, which others '
'have given it';

CREATE FUNCTION decide_leave(
    register regclass, leave_id bigint, decision text, decided_by text, decided_at timestamptz, decision_reason text,
    fill boolean)
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema_name name := @extschema@.register_of(register);
    leave record;
    planned bigint;
BEGIN
    SELECT h.* INTO leave FROM @extschema@.held_leave(schema_name, leave_id) h;
    IF leave.status <> 'applied' THEN
        PERFORM @extschema@.break_rule(schema_name, leave.school_urn, 'leave decided', format(
            'leave %s of pupil %s at school %s is %s already', leave_id, leave.pupil_id, leave.school_urn,
                leave.status),
            'leave_of_absence');
    END IF;
    EXECUTE format('UPDATE %I.leave_of_absence SET status = $2, decided_by = $3, decided_at = $4, decision_reason = $5 '
                   'WHERE leave_id = $1 AND school_urn = $6',
        schema_name) USING leave_id, decision, decided_by, decided_at, decision_reason, leave.school_urn;
    IF fill IS NOT TRUE OR decision <> 'granted' THEN
        RETURN 0;
    END IF;
    EXECUTE format($sql$
        INSERT INTO %1$I.planned_mark (school_urn, pupil_id, session, mark, leave_id)
        SELECT l.school_urn, l.pupil_id, s.session, l.mark, l.leave_id
        FROM %1$I.leave_of_absence l
        JOIN %1$I.school_day d ON d.school_urn = l.school_urn
            AND d.day >= %2$s.day(lower(l.sessions)) AND d.day <= %2$s.day(upper(l.sessions))
        CROSS JOIN LATERAL (VALUES (%2$s.school_session(d.day, 'AM'), d.morning),
            (%2$s.school_session(d.day, 'PM'), d.afternoon)) AS s (session, held)
        WHERE l.leave_id = $1 AND l.school_urn = $2 AND s.held AND l.sessions @> s.session
            AND d.day >= (now() AT TIME ZONE 'Europe/London')::date
            AND EXISTS (SELECT FROM (%3$s) e WHERE e.school_urn = l.school_urn
                AND e.pupil_id = l.pupil_id AND e.boarder = 'N' AND d.day >= e.from_day
                AND coalesce(d.day <= e.to_day, true))
        ON CONFLICT DO NOTHING
        $sql$, schema_name, '@extschema@', @extschema@.enrolment_periods(schema_name))
        USING leave_id, leave.school_urn;
    GET DIAGNOSTICS planned = ROW_COUNT;
    RETURN planned;
END
$$;
COMMENT ON FUNCTION decide_leave(regclass, bigint, text, text, timestamptz, text, boolean) IS
'Internal: for grant_leave() and refuse_leave() of a register, which is given by one of its tables: enters the '
'decision, granted or refused, on a leave that was applied for; if filled, plans its mark for the sessions from today '
'on that the school holds with the pupil on its roll. Returns how many it has planned. 22023 if there is no such '
'leave, also for NULL, AT049 if it is decided, AT040 to AT048 if it cannot be granted; a NULL fill is false. '
'Regulations 2024, regulation 11';

CREATE FUNCTION cancel_leave(
    register regclass, leave_id bigint, cancelled_by text, cancel_reason text, cancelled_at timestamptz)
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema_name name := @extschema@.register_of(register);
    leave record;
    planned bigint;
BEGIN
    SELECT h.* INTO leave FROM @extschema@.held_leave(schema_name, leave_id) h;
    IF leave.status <> 'granted' THEN
        PERFORM @extschema@.break_rule(schema_name, leave.school_urn, 'leave decided', format(
            'leave %s of pupil %s at school %s is %s, only leave that was granted can be cancelled', leave_id,
            leave.pupil_id, leave.school_urn, leave.status), 'leave_of_absence');
    END IF;
    EXECUTE format('SELECT count(*) FROM %I.planned_mark p WHERE p.leave_id = $1 AND p.school_urn = $2', schema_name)
        INTO planned USING leave_id, leave.school_urn;
    -- its trigger takes back what is planned
    EXECUTE format('UPDATE %I.leave_of_absence SET status = ''cancelled'', cancelled_by = $2, cancel_reason = $3, '
                   'cancelled_at = $4 WHERE leave_id = $1 AND school_urn = $5',
        schema_name) USING leave_id, cancelled_by, cancel_reason, cancelled_at, leave.school_urn;
    RETURN planned;
END
$$;
COMMENT ON FUNCTION cancel_leave(regclass, bigint, text, text, timestamptz) IS
'Internal: for cancel_leave() of a register, which is given by one of its tables: cancels a leave that was granted and '
'takes back its planned marks; marks of the register stay. Returns how many planned marks there were. 22023 if there '
'is no such leave, also for NULL, AT049 if it is not granted, 23514 without a name, a reason or a time. Regulations '
'2024, regulation 6';

CREATE FUNCTION confirm_planned_marks(
    register regclass, school_urn integer, day date, session text, entered_by text, title text)
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema_name name := @extschema@.register_of(register);
    entered bigint;
BEGIN
    EXECUTE format('SELECT %I.known_schools(ARRAY[$1])', schema_name) USING school_urn;
    EXECUTE format($sql$
        WITH confirmed AS (
            DELETE FROM %1$I.planned_mark p
            WHERE p.school_urn = $1 AND p.session OPERATOR(%2$s.=) %2$s.school_session($2, $3) AND EXISTS (
                SELECT FROM (%3$s) e
                JOIN %1$I.registration r ON r.school_urn = e.school_urn AND r.day = $2 AND r.session = upper($3)
                    AND (r.registration_group IS NULL OR r.registration_group = e.registration_group)
                WHERE e.school_urn = p.school_urn AND e.pupil_id = p.pupil_id
                    AND e.from_day <= $2 AND coalesce(e.to_day >= $2, true))
            RETURNING p.pupil_id, p.mark)
        INSERT INTO %1$I.mark (school_urn, pupil_id, day, session, mark, entered_by, title)
        SELECT $1, c.pupil_id, $2, upper($3), c.mark, $4, $5
        FROM confirmed c
        LEFT JOIN %1$I.register_line l ON l.school_urn = $1 AND l.pupil_id = c.pupil_id
            AND l.academic_year = %2$s.academic_year($2)
        WHERE coalesce(%2$s.mark_at(l.marks, $2, $3)::text, '-') = '-'
        $sql$, schema_name, '@extschema@', @extschema@.enrolment_periods(schema_name))
        USING school_urn, day, session, entered_by, title;
    GET DIAGNOSTICS entered = ROW_COUNT;
    RETURN entered;
END
$$;
COMMENT ON FUNCTION confirm_planned_marks(regclass, integer, date, text, text, text) IS
'Internal: for confirm_planned_marks() of a register, which is given by one of its tables: enters the planned marks of '
'a session (AM or PM) in the name of a person with a title, for pupils whose register was taken (registration) and who '
'have no mark or -, and clears the plans of all pupils whose register was taken. Returns how many marks it has '
'entered; none for a NULL school, day or session. 22023 for another session, and whatever entering the mark raises. '
'Regulations 2024, regulation 10';
