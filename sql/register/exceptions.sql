-- What grounds of deletion except: other registrations that were agreed, and school attendance orders.

CREATE FUNCTION registration_problems(register name, enrolment jsonb, ground jsonb) RETURNS text[]
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    found record;
BEGIN
    -- registers of the first definition have neither these columns nor that of the registration
    IF NOT coalesce((ground ->> 'not_dual')::boolean OR (ground ->> 'not_main_of_mobile')::boolean, false) THEN
        RETURN '{}';
    END IF;
    EXECUTE format($sql$
        SELECT bool_or(NOT d.mobile_child) AS agreed, bool_or(d.mobile_child AND d.main) AS main, (
            SELECT min(o.school_urn) FROM (%2$s) o
            WHERE $4 IN ('M', 'S') AND o.pupil_id = $2 AND o.school_urn <> $1 AND o.status IN ('M', 'S')
                AND o.from_day <= $3 AND (o.to_day IS NULL OR o.to_day > $3)) AS other_school
        FROM %1$I.dual_registration d
        WHERE d.school_urn = $1 AND d.pupil_id = $2 AND d.from_day <= $3 AND (d.to_day IS NULL OR d.to_day > $3)
        $sql$, register, @extschema@.enrolment_periods(register))
        INTO found USING (enrolment ->> 'school_urn')::integer, (enrolment ->> 'pupil_id')::bigint,
            (enrolment ->> 'end_date')::date,
            @extschema@.enrolment_on(register, enrolment, (enrolment ->> 'end_date')::date) ->> 'status';
    RETURN array_remove(ARRAY[
        CASE WHEN (ground ->> 'not_dual')::boolean AND found.agreed
            THEN 'the registration at more than one school was agreed, and goes on (dual_registration)' END,
        CASE WHEN (ground ->> 'not_dual')::boolean AND found.other_school IS NOT NULL
            THEN format('the registration here and at school %s was agreed (status M and S), and goes on',
                found.other_school) END,
        CASE WHEN (ground ->> 'not_main_of_mobile')::boolean AND found.main
            THEN 'the pupil is a mobile child, whose main school this is (dual_registration)' END], NULL);
END
$$;
COMMENT ON FUNCTION registration_problems(name, jsonb, jsonb) IS
'Internal: which registrations at other schools a ground excepts (not_dual, not_main_of_mobile of the table '
'deletion_ground) that go on after the deletion of an enrolment; both are rows as jsonb. Empty if there are none; NULL '
'for NULL. Regulations 2024, regulation 9(1)(a)(ii) and (iii) and (c); 2006, regulations 8(1)(b) and 9';

CREATE FUNCTION order_problem(register name, enrolment jsonb, ground jsonb) RETURNS text
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    needs text := ground ->> 'attendance_order';
    found record;
BEGIN
    -- what was deleted before it came into this register has its orders elsewhere
    IF needs IS NULL OR needs <> 'none'
        AND (enrolment ->> 'deleted_at')::timestamptz < (enrolment ->> 'entered_at')::timestamptz THEN
        RETURN NULL;
    END IF;
    EXECUTE format($sql$
        SELECT max(o.made_on) FILTER (WHERE coalesce(least(o.varied_on, o.revoked_on) > $3, true)) AS in_force,
            coalesce(bool_or(o.varied_on <= $3), false) AS varied,
            coalesce(bool_or(o.revoked_on <= $3), false) AS revoked
        FROM %I.attendance_order o
        WHERE o.school_urn = $1 AND o.pupil_id = $2 AND o.made_on <= $3
        $sql$, register) INTO found USING (enrolment ->> 'school_urn')::integer, (enrolment ->> 'pupil_id')::bigint,
            (enrolment ->> 'end_date')::date;
    RETURN CASE WHEN needs = 'none'
            THEN 'the school attendance order of ' || found.in_force::text || ' names the school'
        WHEN NOT (needs LIKE '%varied%' AND found.varied OR needs LIKE '%revoked%' AND found.revoked)
            THEN format('attendance_order has no school attendance order that was %s by then', needs) END;
END
$$;
COMMENT ON FUNCTION order_problem(name, jsonb, jsonb) IS
'Internal: what of school attendance orders stands against a ground (attendance_order of the table deletion_ground) '
'for the deletion of an enrolment; both are rows as jsonb. NULL if nothing does, and for NULL. Regulations 2024, '
'regulation 9(1)(a)(i) and (c) to (f); 2006, regulation 8(1)(a), (b) and (d)';
