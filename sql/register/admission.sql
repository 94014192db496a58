-- The admission register: trigger functions of enrolment, and the conditions of a deletion.

-- ---------- what an entry lacks ----------

CREATE FUNCTION starting_day_problem(enrolment jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE
        WHEN (enrolment ->> 'agreed_on')::date > (enrolment ->> 'start_date')::date THEN
            pg_catalog.format('the starting day %s is before %s, when it was agreed or notified',
                enrolment ->> 'start_date', enrolment ->> 'agreed_on')
        WHEN enrolment ->> 'starting_day_basis' IN ('agreed', 'notified') AND enrolment ->> 'agreed_on' IS NULL THEN
            pg_catalog.format('the starting day %s is %s, but the day on which it was is missing',
                enrolment ->> 'start_date', enrolment ->> 'starting_day_basis') END;
COMMENT ON FUNCTION starting_day_problem(jsonb) IS
'Internal: why the starting day of an enrolment, a row as jsonb, breaks the rule "starting day". NULL if it does not, '
'and for NULL. Regulations 2024, regulation 3';

CREATE FUNCTION late_reason_lacking(register name, enrolment jsonb) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN (enrolment ->> 'start_date')::date < (pg_catalog.now() AT TIME ZONE 'Europe/London')::date
            AND coalesce(pg_catalog.btrim(enrolment ->> 'entry_reason'), '') = ''
            AND rule_action(register, (enrolment ->> 'school_urn')::integer, 'late admission', NULL,
                (enrolment ->> 'start_date')::date) = 'refuse'
        THEN '; entry_reason is missing: the name is entered after the starting day' ELSE '' END;
COMMENT ON FUNCTION late_reason_lacking(name, jsonb) IS
'Internal: what a message about an enrolment that is entered, a row as jsonb, adds where the rule "late admission" '
'will ask for a reason: empty if it will not. NULL for NULL. Regulations 2024, regulation 8(1)';

CREATE FUNCTION entry_lacking(register name, enrolment jsonb) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN rule_action(register, (enrolment ->> 'school_urn')::integer, 'starting day', NULL,
                (enrolment ->> 'start_date')::date) = 'refuse'
            THEN coalesce('; ' || starting_day_problem(enrolment), '') ELSE '' END
        || late_reason_lacking(register, enrolment);
COMMENT ON FUNCTION entry_lacking(name, jsonb) IS
'Internal: what a message about an enrolment that is entered with its end, a row as jsonb, adds of its beginning: what '
'the rules "starting day" and "late admission" will refuse. Empty if nothing, NULL for NULL. Regulations 2024, '
'regulations 3 and 8(1)';

-- ---------- the first day ----------

CREATE FUNCTION guard_starting_day_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'starting day',
        format('school %s, pupil %s: %s', NEW.school_urn, NEW.pupil_id,
            @extschema@.starting_day_problem(to_jsonb(NEW)))
            || CASE TG_OP WHEN 'INSERT' THEN @extschema@.late_reason_lacking(TG_TABLE_SCHEMA, to_jsonb(NEW))
                ELSE '' END,
        TG_TABLE_NAME, CASE WHEN NEW.agreed_on IS NULL THEN 'agreed_on' ELSE 'start_date' END, day => NEW.start_date);
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_starting_day_as_owner() IS
'What guard_starting_day() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_starting_day() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_starting_day' LANGUAGE C;
COMMENT ON FUNCTION guard_starting_day() IS
'Row trigger of enrolment, BEFORE INSERT OR UPDATE: the starting day is not before it was agreed or notified (AT031). '
'Regulations 2024, regulation 3; 2006, regulation 5(3)';

CREATE FUNCTION guard_later_start_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    marked date;
BEGIN
    EXECUTE format($sql$
        SELECT min(m.day)
        FROM %1$I.register_line l CROSS JOIN %2$s.marks(l.marks, daterange($3, $4)) m
        WHERE l.school_urn = $1 AND l.pupil_id = $2
            AND l.academic_year BETWEEN %2$s.academic_year($3) AND %2$s.academic_year($4)
        $sql$, TG_TABLE_SCHEMA, '@extschema@')
        INTO marked USING OLD.school_urn, OLD.pupil_id, OLD.start_date, NEW.start_date;
    IF marked IS NOT NULL THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'outside enrolment',
            format('school %s, pupil %s: the starting day cannot become %s, as the pupil has a mark on %s',
                NEW.school_urn, NEW.pupil_id, NEW.start_date, marked), TG_TABLE_NAME, 'start_date');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_later_start_as_owner() IS
'What guard_later_start() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_later_start() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_later_start' LANGUAGE C;
COMMENT ON FUNCTION guard_later_start() IS
'Row trigger of enrolment, BEFORE UPDATE: a starting day is not moved past marks of the pupil (AT004). Regulations '
'2024, regulation 10(1)';

CREATE FUNCTION guard_starting_age_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    unborn record;
BEGIN
    EXECUTE format($sql$
        SELECT e.school_urn, e.pupil_id, e.start_date, p.date_of_birth
        FROM entered e JOIN %I.pupil p ON p.pupil_id = e.pupil_id
        WHERE p.date_of_birth >= e.start_date LIMIT 1
        $sql$, TG_TABLE_SCHEMA) INTO unborn;
    IF unborn IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'start_date', CONSTRAINT = TG_NAME,
            MESSAGE = format('school %s, pupil %s: the starting day %s is not after the date of birth %s',
                unborn.school_urn, unborn.pupil_id, unborn.start_date, unborn.date_of_birth);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION guard_starting_age_as_owner() IS
'What guard_starting_age() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_starting_age() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_starting_age' LANGUAGE C;
COMMENT ON FUNCTION guard_starting_age() IS
'Statement trigger of enrolment, AFTER INSERT OR UPDATE, with the new rows as "entered": a pupil is born before the '
'starting day (23514)';

CREATE FUNCTION guard_birth_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    start date;
BEGIN
    EXECUTE format('SELECT min(e.start_date) FROM %I.enrolment e WHERE e.pupil_id = $1', TG_TABLE_SCHEMA)
        INTO start USING NEW.pupil_id;
    IF NEW.date_of_birth >= start THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'date_of_birth', CONSTRAINT = TG_NAME,
            MESSAGE = format('pupil %s: the date of birth %s is not before the starting day %s',
                NEW.pupil_id, NEW.date_of_birth, start);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_birth_as_owner() IS 'What guard_birth() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_birth() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_birth' LANGUAGE C;
COMMENT ON FUNCTION guard_birth() IS
'Row trigger of pupil, BEFORE UPDATE of date_of_birth to a later day: a pupil is born before every starting day '
'(23514)';

CREATE FUNCTION guard_characteristic_value_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wrong record;
BEGIN
    EXECUTE format($sql$
        SELECT e.pupil_id, e.characteristic, e.value, c.value_list
        FROM entered e JOIN %I.characteristic c ON c.characteristic = e.characteristic
        WHERE e.value <> ALL (c.value_list) LIMIT 1
        $sql$, TG_TABLE_SCHEMA) INTO wrong;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'value', CONSTRAINT = TG_NAME,
            MESSAGE = format('pupil %s, %s: the value "%s" is none of: %s', wrong.pupil_id, wrong.characteristic,
                wrong.value, array_to_string(wrong.value_list, ', ')),
            HINT = 'A pupil without a row has not the characteristic.';
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION guard_characteristic_value_as_owner() IS
'What guard_characteristic_value() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_characteristic_value() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_characteristic_value' LANGUAGE C;
COMMENT ON FUNCTION guard_characteristic_value() IS
'Statement trigger of pupil_characteristic, AFTER INSERT OR UPDATE, with the new rows as "entered": a value is one of '
'those that the characteristic has (23514)';

CREATE FUNCTION guard_late_admissions_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    late record;
BEGIN
    -- each school is asked once what it has decided
    FOR late IN
        SELECT DISTINCT e.school_urn
        FROM entered e
        WHERE (e.entered_at AT TIME ZONE 'Europe/London')::date > e.start_date
            AND coalesce(btrim(e.entry_reason), '') = ''
        ORDER BY e.school_urn
    LOOP
        CONTINUE WHEN @extschema@.rule_action(TG_TABLE_SCHEMA, late.school_urn, 'late admission') = 'record';
        -- the first of them whose day is not taken over
        SELECT e.school_urn, e.pupil_id, e.start_date, (e.entered_at AT TIME ZONE 'Europe/London')::date AS entered_on
        INTO late
        FROM entered e
        WHERE e.school_urn = late.school_urn AND coalesce(btrim(e.entry_reason), '') = ''
            AND (e.entered_at AT TIME ZONE 'Europe/London')::date > e.start_date
            AND NOT @extschema@.is_taken_over(TG_TABLE_SCHEMA, e.school_urn, e.start_date)
        ORDER BY e.pupil_id, e.start_date LIMIT 1;
        CONTINUE WHEN NOT FOUND;
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, late.school_urn, 'late admission',
            format('school %s, pupil %s: the name is entered on %s, after the starting day %s, without a reason',
                late.school_urn, late.pupil_id, late.entered_on, late.start_date), TG_TABLE_NAME);
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION guard_late_admissions_as_owner() IS
'What guard_late_admissions() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_late_admissions() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_late_admissions' LANGUAGE C;
COMMENT ON FUNCTION guard_late_admissions() IS
'Statement trigger of enrolment, AFTER INSERT, with the new rows as "entered": a name is entered by the starting day, '
'later only with a reason (AT030). Regulations 2024, regulation 8(1); 2006, regulation 5(3)';

CREATE FUNCTION guard_late_admission_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NEW.start_date <> OLD.start_date OR NEW.entry_reason IS DISTINCT FROM OLD.entry_reason THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'late admission',
            format('school %s, pupil %s: the name was entered on %s, after the starting day %s, without a reason',
                NEW.school_urn, NEW.pupil_id, (NEW.entered_at AT TIME ZONE 'Europe/London')::date, NEW.start_date),
            TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION guard_late_admission_as_owner() IS
'What guard_late_admission() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_late_admission() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_late_admission' LANGUAGE C;
COMMENT ON FUNCTION guard_late_admission() IS
'Row trigger of enrolment, AFTER UPDATE: a name that was entered after the starting day keeps its reason (AT030). '
'Regulations 2024, regulation 8(1); 2006, regulation 5(3)';

CREATE FUNCTION register_of(register_line regclass) RETURNS name
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = register_line;
    END;
COMMENT ON FUNCTION register_of(regclass) IS
'Internal: the name of the register that a table, such as its register_line, belongs to. NULL for NULL or if there is '
'no such table';

-- ---------- what the marks show ----------

CREATE FUNCTION unmarked_before(
    register name, school_urn integer, pupil_id bigint, from_day date, before_day date,
    OUT sessions bigint, OUT first_day date)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($sql$
        SELECT count(*), min(d.day)
        FROM (%3$s) e
        JOIN %1$I.school_day d ON d.school_urn = e.school_urn AND d.day >= e.from_day
            AND coalesce(d.day <= e.to_day, true)
        CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
        LEFT JOIN %1$I.register_line l ON l.school_urn = d.school_urn AND l.academic_year = d.academic_year
            AND l.pupil_id = $2
        WHERE e.school_urn = $1 AND e.pupil_id = $2 AND e.boarder = 'N' AND e.status <> 'G' AND d.day >= $3
            AND d.day < $4
            AND CASE WHEN s.session = 'AM' THEN d.morning ELSE d.afternoon END
            AND coalesce(%2$s.mark_at(l.marks, d.day, s.session)::text, '-') = '-'
        $sql$, register, '@extschema@', @extschema@.enrolment_periods(register))
        INTO sessions, first_day USING school_urn, pupil_id, from_day, before_day;
END
$$;
COMMENT ON FUNCTION unmarked_before(name, integer, bigint, date, date) IS
'Internal: how many sessions that a school held from a day until before another, when a pupil was on its roll and no '
'boarder or guest, have no mark, and the first of their days: as unmarked_session has them. NULL for NULL';

CREATE FUNCTION mark_against_absence(
    register name, school_urn integer, pupil_id bigint, from_day date, to_day date, deleted_on date,
        only_unexplained boolean, is_due boolean,
    OUT day date, OUT session text, OUT mark text)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($sql$
        SELECT m.day, m.session, m.mark
        FROM (
            SELECT d.day, s.session, %2$s.mark_at(l.marks, d.day, s.session)::text AS mark,
                %2$s.mark_class(%2$s.mark_at(l.marks, d.day, s.session)) AS class,
                -- an enrolment that is being entered has no days yet
                coalesce((SELECT bool_or(e.boarder = 'N' AND e.status <> 'G') FROM (%3$s) e
                    WHERE e.school_urn = $1 AND e.pupil_id = $2 AND e.from_day <= d.day
                        AND coalesce(e.to_day >= d.day, true)), $7) AS is_due
            FROM %1$I.school_day d
            CROSS JOIN (VALUES ('AM'), ('PM')) AS s (session)
            LEFT JOIN %1$I.register_line l ON l.school_urn = d.school_urn AND l.academic_year = d.academic_year
                AND l.pupil_id = $2
            WHERE d.school_urn = $1 AND d.day BETWEEN $3 AND $4
                AND CASE WHEN s.session = 'AM' THEN d.morning ELSE d.afternoon END
        ) AS m
        -- a session is marked by the day after it; on the day of the deletion it may still be to come
        WHERE CASE
            WHEN m.mark IS NULL OR m.mark = '-' THEN m.is_due AND m.day < $5
            WHEN $6 THEN m.mark NOT IN ('G', 'N', 'O')
            ELSE m.class NOT IN ('unauthorised', 'authorised') OR m.mark IN ('U', 'I') END
        ORDER BY m.day, m.session LIMIT 1
        $sql$, register, '@extschema@', @extschema@.enrolment_periods(register))
        INTO day, session, mark USING school_urn, pupil_id, from_day, to_day, deleted_on, only_unexplained, is_due;
END
$$;
COMMENT ON FUNCTION mark_against_absence(name, integer, bigint, date, date, date, boolean, boolean) IS
'Internal: the first session from a day to another which shows that a pupil was not absent in the sense of a ground '
'for deletion, and its mark: one that is not G, N or O; or, if not only these count, attendance, illness (I) or that '
'attendance was not possible. A session without a mark before the day of the deletion is one as well, if the pupil was '
'no boarder and no guest on its day (is_due, where the enrolment does not say it yet). NULLs if there is none, and for '
'NULL. Regulations 2024, regulation 9(1)(h) and (i)';

-- ---------- the conditions of the grounds ----------

CREATE FUNCTION absence_problem(register name, enrolment jsonb, ground jsonb) RETURNS text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    school_urn integer := enrolment ->> 'school_urn';
    pupil_id bigint := enrolment ->> 'pupil_id';
    deleted_on date := (enrolment ->> 'deleted_at')::timestamptz AT TIME ZONE 'Europe/London';
    wanted integer := coalesce(ground ->> 'leave_days', ground ->> 'absent_days');
    back_on date;
    days bigint;
    first_day date;
    against record;
    is_enquired boolean;
BEGIN
    IF ground ->> 'leave_days' IS NOT NULL THEN
        EXECUTE format($sql$
            SELECT %2$s.day(g.after_session)
                + CASE WHEN %2$s.session(g.after_session) = 'PM' THEN 1 ELSE 0 END
            FROM %1$I.granted_session g
            WHERE g.school_urn = $1 AND g.pupil_id = ANY (ARRAY[$2]) AND g.mark::text <> 'C2'
                AND %2$s.day(g.after_session) <= $3
            ORDER BY g.after_session DESC LIMIT 1
            $sql$, register, '@extschema@') INTO back_on USING school_urn, pupil_id, deleted_on;
        IF back_on IS NULL THEN
            RETURN 'the register has no granted leave that has ended';
        END IF;
    END IF;
    -- the school days since the leave, or the last ones before the deletion
    EXECUTE format($sql$
        SELECT count(*), min(q.day)
        FROM (
            SELECT d.day FROM %I.school_day d
            WHERE d.school_urn = $1 AND (d.morning OR d.afternoon) AND d.day >= $2 AND d.day < $3
            ORDER BY d.day DESC LIMIT $4
        ) AS q
        $sql$, register) INTO days, first_day
        USING school_urn, greatest((enrolment ->> 'start_date')::date, back_on), deleted_on,
            CASE WHEN back_on IS NULL THEN wanted END;
    IF days < wanted THEN
        RETURN format('only %s of %s school days have passed%s', days, wanted,
            ' since the leave, which was to end before ' || back_on::text);
    END IF;
    SELECT * INTO against FROM @extschema@.mark_against_absence(
        register, school_urn, pupil_id, first_day, (enrolment ->> 'end_date')::date, deleted_on, back_on IS NULL,
        enrolment ->> 'boarder' = 'N' AND enrolment ->> 'status' <> 'G');
    IF against.day IS NOT NULL THEN
        RETURN format('%s %s has %s', against.day, against.session,
            coalesce('the mark "' || against.mark || '"', 'no mark'));
    END IF;
    IF (ground ->> 'joint_enquiry')::boolean THEN
        EXECUTE format($sql$
            SELECT EXISTS (
                SELECT FROM %I.joint_enquiry q
                WHERE q.school_urn = $1 AND q.pupil_id = $2 AND q.outcome = 'not found'
                    AND q.concluded_on BETWEEN $3 AND $4)
            $sql$, register) INTO is_enquired USING school_urn, pupil_id, first_day, deleted_on;
        IF NOT is_enquired THEN
            RETURN format('no joint enquiry of school and local authority has ended since %s without finding the pupil',
                first_day);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION absence_problem(name, jsonb, jsonb) IS
'Internal: which condition of a ground about absence (leave_days, absent_days, joint_enquiry of the table '
'deletion_ground) the deletion of an enrolment does not meet; both are rows as jsonb. NULL if it meets them all, and '
'for NULL. Regulations 2024, regulation 9(1)(h) and (i); 2006, regulation 8(1)(f) and (h)';

CREATE FUNCTION age_problem(register name, enrolment jsonb, ground jsonb) RETURNS text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    last_day date := enrolment ->> 'end_date';
    born date;
    age daterange;
    next_day date;
BEGIN
    EXECUTE format('SELECT p.date_of_birth FROM %I.pupil p WHERE p.pupil_id = $1', register)
        INTO born USING (enrolment ->> 'pupil_id')::bigint;
    age := @extschema@.compulsory_school_age(born);
    IF last_day <@ age AND ground ->> 'pupils' = 'not compulsory school age' THEN
        RETURN format('the pupil is of compulsory school age on %s', last_day);
    ELSIF NOT last_day <@ age AND ground ->> 'pupils' = 'compulsory school age' THEN
        RETURN format('the pupil is not of compulsory school age on %s', last_day);
    END IF;
    IF (ground ->> 'ends_compulsory_school_age')::boolean THEN
        -- a calendar that ends in the school year says that the school meets again in September
        EXECUTE format($sql$
            SELECT coalesce(min(d.day) FILTER (WHERE d.day > $2),
                max(make_date(d.academic_year + 1, 9, 1)) FILTER (WHERE d.academic_year = %2$s.academic_year($2)),
                $2 + 1)
            FROM %1$I.school_day d
            WHERE d.school_urn = $1 AND (d.morning OR d.afternoon) AND d.day BETWEEN $2 - 366 AND $2 + 366
            $sql$, register, '@extschema@') INTO next_day USING (enrolment ->> 'school_urn')::integer, last_day;
        IF last_day < lower(age) OR next_day < upper(age) THEN
            RETURN format('the pupil is of compulsory school age until %s, and the school meets on %s',
                upper(age) - 1, next_day);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION age_problem(name, jsonb, jsonb) IS
'Internal: which condition of a ground about compulsory school age (pupils, ends_compulsory_school_age of the table '
'deletion_ground) the deletion of an enrolment does not meet; both are rows as jsonb. NULL if it meets them, and for '
'NULL. Education Act 1996, section 8; Regulations 2024, regulation 9(1)(l) and (3)';

CREATE FUNCTION ground_problem(register name, enrolment jsonb) RETURNS text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ground jsonb;
    problems text[];
    is_elsewhere boolean;
    school_type text;
BEGIN
    IF enrolment ->> 'deletion_ground' IS NULL THEN
        RETURN 'it has no ground';
    END IF;
    EXECUTE format($sql$
        SELECT to_jsonb(g.*) FROM %1$I.deletion_ground g
        JOIN %1$I.regime r ON r.regime = g.regime AND $2 >= r.from_day AND (r.to_day IS NULL OR $2 <= r.to_day)
        WHERE g.ground = $1 AND $2 BETWEEN g.from_day AND g.to_day
        $sql$, register) INTO ground USING enrolment ->> 'deletion_ground', (enrolment ->> 'end_date')::date;
    IF ground IS NULL THEN
        RETURN 'the Regulations in force on that day have no such ground';
    END IF;
    problems := array_remove(ARRAY[@extschema@.age_problem(register, enrolment, ground)], NULL);
    IF ground ->> 'day' IS NOT NULL AND enrolment ->> 'ground_arose_on' IS NULL THEN
        problems := problems || format('ground_arose_on is missing: %s', ground ->> 'day');
    END IF;
    IF ground ->> 'evidence' IS NOT NULL AND coalesce(btrim(enrolment ->> 'deletion_evidence'), '') = '' THEN
        problems := problems || format('deletion_evidence is missing: %s', ground ->> 'evidence');
    END IF;
    IF (ground ->> 'nursery')::boolean AND coalesce(enrolment ->> 'year_group', '') NOT IN ('N1', 'N2') THEN
        problems := array_append(problems, 'the pupil is not in a nursery year');
    END IF;
    IF ground ->> 'boarders' IS NOT NULL
        AND (ground ->> 'boarders' = 'only') <> (enrolment ->> 'boarder' <> 'N') THEN
        problems := problems || format('it is %s for boarders', ground ->> 'boarders');
    END IF;
    IF jsonb_typeof(ground -> 'school_types') = 'array' THEN
        school_type := @extschema@.school_type_on(register, (enrolment ->> 'school_urn')::integer,
            (enrolment ->> 'end_date')::date);
        IF NOT ground -> 'school_types' ? school_type THEN
            problems := problems || format('it is not for schools of the type "%s"', school_type);
        END IF;
    END IF;
    IF (ground ->> 'other_school')::boolean AND coalesce(btrim(enrolment ->> 'next_school'), '') = '' THEN
        EXECUTE format($sql$
            SELECT EXISTS (
                SELECT FROM %1$I.enrolment o
                WHERE o.pupil_id = $1 AND o.school_urn <> $2 AND (o.end_date IS NULL OR o.end_date > $3))
                OR EXISTS (
                SELECT FROM %1$I.dual_registration d
                WHERE d.pupil_id = $1 AND d.school_urn = $2 AND (d.to_day IS NULL OR d.to_day >= $3))
            $sql$, register) INTO is_elsewhere
            USING (enrolment ->> 'pupil_id')::bigint, (enrolment ->> 'school_urn')::integer,
                (enrolment ->> 'end_date')::date;
        IF NOT is_elsewhere THEN
            problems := array_append(problems,
                'the register has no other school of the pupil, and next_school names none');
        END IF;
    END IF;
    problems := array_remove(problems || @extschema@.registration_problems(register, enrolment, ground)
        || @extschema@.order_problem(register, enrolment, ground), NULL);
    -- what was deleted before it came into this register has its marks elsewhere
    IF (enrolment ->> 'deleted_at')::timestamptz >= (enrolment ->> 'entered_at')::timestamptz
        AND (ground ->> 'leave_days' IS NOT NULL OR ground ->> 'absent_days' IS NOT NULL) THEN
        problems := array_remove(problems || @extschema@.absence_problem(register, enrolment, ground), NULL);
    END IF;
    RETURN nullif(array_to_string(problems, '; '), '');
END
$$;
COMMENT ON FUNCTION ground_problem(name, jsonb) IS
'Internal: why the deletion of an enrolment, a row as jsonb, has not the ground that it names: the conditions of the '
'table deletion_ground that it does not meet, all of them. NULL if it meets them all, and for NULL. Regulations 2024, '
'regulation 9; 2006, regulation 8';

CREATE FUNCTION lacking_ground(register name, enrolment jsonb) RETURNS text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    problem text := @extschema@.ground_problem(register,
        @extschema@.enrolment_on(register, enrolment, (enrolment ->> 'end_date')::date));
BEGIN
    IF problem IS NOT NULL THEN
        RETURN format('school %s, pupil %s: the name cannot be deleted with %s as last day%s: %s',
            enrolment ->> 'school_urn', enrolment ->> 'pupil_id', enrolment ->> 'end_date',
            ' on ground ' || (enrolment ->> 'deletion_ground'), problem);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION lacking_ground(name, jsonb) IS
'Internal: that the deletion of an enrolment, a row as jsonb, breaks the rule "deletion ground", and why, by what held '
'on its last day. NULL if it does not, if the name is not deleted, and for NULL';

CREATE FUNCTION deletion_problems(register_line regclass, enrolment jsonb, OUT rule text, OUT problem text)
    RETURNS SETOF record
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    register name := @extschema@.register_of(register_line);
    deleted_at timestamptz := enrolment ->> 'deleted_at';
    found record;
BEGIN
    IF enrolment ->> 'end_date' IS NULL OR deleted_at IS NULL THEN
        RETURN;
    END IF;
    problem := @extschema@.lacking_ground(register, enrolment);
    IF problem IS NOT NULL THEN
        rule := 'deletion ground';
        RETURN NEXT;
    END IF;
    IF deleted_at >= (enrolment ->> 'entered_at')::timestamptz THEN
        SELECT * INTO found FROM @extschema@.unmarked_before(register, (enrolment ->> 'school_urn')::integer,
            (enrolment ->> 'pupil_id')::bigint, (enrolment ->> 'start_date')::date,
            (deleted_at AT TIME ZONE 'Europe/London')::date);
        IF found.sessions > 0 THEN
            rule := 'unmarked before deletion';
            problem := format('school %s, pupil %s: %s sessions before the deletion with %s as last day have no mark, '
                'from %s on', enrolment ->> 'school_urn', enrolment ->> 'pupil_id', found.sessions,
                enrolment ->> 'end_date', found.first_day);
            RETURN NEXT;
        END IF;
    END IF;
END
$$;
COMMENT ON FUNCTION deletion_problems(regclass, jsonb) IS
'Internal: the rules that the deletion of an enrolment, a row as jsonb, breaks, each with the problem: "deletion '
'ground" and "unmarked before deletion". The first argument is the table register_line of the register. Deletions that '
'were entered before the row came into the register are not held against its marks. No rows if the name is not '
'deleted, and for NULL. Regulations 2024, regulations 9 and 10(1); 2006, regulations 8 and 6(1)';

CREATE FUNCTION also_lacking(register name, enrolment jsonb) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN CASE WHEN rule_action(register, (enrolment ->> 'school_urn')::integer, 'deletion ground', NULL,
                (enrolment ->> 'end_date')::date) = 'record' THEN ''
            WHEN enrolment ->> 'deletion_ground' IS NULL THEN '; deletion_ground is missing'
            ELSE coalesce('; ' || ground_problem(register, enrolment), '') END
        || entry_lacking(register, enrolment);
COMMENT ON FUNCTION also_lacking(name, jsonb) IS
'Internal: what an enrolment that is entered with its end, a row as jsonb, lacks beside a deleted_at that is right, so '
'that all is said at once: empty if nothing. NULL for NULL. Regulations 2024, regulations 3, 8(1) and 9';

CREATE FUNCTION guard_deletion_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    at_time timestamptz := clock_timestamp();
    today date := at_time AT TIME ZONE 'Europe/London';
    who text := format('school %s, pupil %s', NEW.school_urn, NEW.pupil_id);
    entered_at timestamptz := NEW.entered_at;
    lacking text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        entered_at := OLD.entered_at; -- decides whether the marks are looked at, so it is not the statement's to choose
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.deleted_at IS NULL
            AND @extschema@.is_taken_over(TG_TABLE_SCHEMA, NEW.school_urn, NEW.end_date) THEN
            -- by the other system, on the last day at the latest; that it was entered here today entered_at says
            NEW.deleted_at := least(NEW.end_date::timestamp AT TIME ZONE 'Europe/London', at_time);
        END IF;
        IF NEW.deleted_at IS NULL THEN
            RAISE EXCEPTION USING ERRCODE = 'not_null_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
                COLUMN = 'deleted_at', CONSTRAINT = TG_NAME, MESSAGE = format(
                '%s: an enrolment that has an end (%s) when it is entered needs deleted_at, the time at which its '
                'deletion was entered%s',
                who, NEW.end_date, @extschema@.also_lacking(TG_TABLE_SCHEMA, to_jsonb(NEW))),
                HINT = 'Give it, or begin with take_over() or load --take-over for what another system has.';
        ELSIF NEW.deleted_at > at_time THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'entry date',
                format('%s: the deletion cannot have been entered at %s, which is still to come%s', who, NEW.deleted_at,
                    @extschema@.also_lacking(TG_TABLE_SCHEMA, to_jsonb(NEW))), TG_TABLE_NAME, 'deleted_at');
        END IF;
        today := NEW.deleted_at AT TIME ZONE 'Europe/London';
    ELSIF NEW.end_date IS DISTINCT FROM OLD.end_date THEN
        -- on the last day itself the name is still on the roll
        IF OLD.end_date < today THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'deletion undone',
                format('%s: the name was deleted with %s as last day, which has passed: this stands, and a pupil who '
                       'comes back is admitted again',
                    who, OLD.end_date), TG_TABLE_NAME);
        END IF;
        IF NEW.end_date IS NULL THEN
            NEW.deleted_at := NULL;
            NEW.deletion_ground := NULL;
            NEW.ground_arose_on := NULL;
            NEW.deletion_evidence := NULL;
            RETURN NEW;
        END IF;
        NEW.deleted_at := at_time;
    ELSIF NEW.deleted_at IS DISTINCT FROM OLD.deleted_at THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'entry date',
            format('%s: the time at which the deletion was entered (%s) is not changed', who, OLD.deleted_at),
            TG_TABLE_NAME, 'deleted_at');
    ELSE
        today := NEW.deleted_at AT TIME ZONE 'Europe/London';
    END IF;
    IF NEW.end_date < today THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'retrospective deletion',
            format('%s: a deletion that is entered on %s cannot have %s as last day: no name is deleted '
                   'retrospectively%s',
                who, today, NEW.end_date, CASE TG_OP WHEN 'INSERT'
                    THEN @extschema@.also_lacking(TG_TABLE_SCHEMA, to_jsonb(NEW)) ELSE '' END), TG_TABLE_NAME);
    END IF;
    lacking := @extschema@.lacking_ground(TG_TABLE_SCHEMA,
        to_jsonb(NEW) || jsonb_build_object('entered_at', entered_at));
    IF lacking IS NOT NULL THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'deletion ground', lacking
            || CASE WHEN TG_OP = 'INSERT' THEN @extschema@.entry_lacking(TG_TABLE_SCHEMA, to_jsonb(NEW)) ELSE '' END,
            TG_TABLE_NAME, day => NEW.end_date);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_deletion_as_owner() IS 'What guard_deletion() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_deletion() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_deletion' LANGUAGE C;
COMMENT ON FUNCTION guard_deletion() IS
'Row trigger of enrolment, BEFORE INSERT OR UPDATE: deletes a name, which is to set end_date, and stamps deleted_at '
'with the clock. Not retrospectively (AT033), on a ground whose conditions are met (AT032); a deletion whose last day '
'has passed stands (AT035), and its time is not chosen or changed (AT022). Sessions before it that are not marked are '
'listed (AT034): the deletion does not wait for them. A row that is entered with its end comes from elsewhere and '
'gives deleted_at itself (23502), or its last day is taken over, and is that of the deletion. Regulations 2024, '
'regulation 9; 2006, regulation 8';
