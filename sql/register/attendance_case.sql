-- Records of what is done with families, and what schools, trusts and authorities show: their trigger functions.

CREATE FUNCTION frozen_figures(register name, schools integer[], pupil_id bigint, days daterange) RETURNS jsonb
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    figures jsonb;
BEGIN
    IF register IS NULL OR schools IS NULL OR days IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE format($sql$
        SELECT jsonb_build_object('days', $3, 'enrolments', %2$s.enrolments(c.cohort),
            'possible', %2$s.possible(t.tally), 'attended', %2$s.attended(t.tally), 'absent', %2$s.absent(t.tally),
            'authorised', %2$s.authorised(t.tally), 'unauthorised', %2$s.unauthorised(t.tally),
            'late', %2$s.late(t.tally), 'absence_percent', round(%2$s.absence_rate(t.tally), 2),
            'persistently_absent', %2$s.persistently_absent(c.cohort),
            'severely_absent', %2$s.severely_absent(c.cohort))
        FROM (
            SELECT %2$s.cohort_agg(%2$s.tally(l.marks, $3)) AS cohort
            FROM %1$I.register_line l
            WHERE l.school_urn = ANY ($1) AND ($2 IS NULL OR l.pupil_id = $2)
                AND l.academic_year BETWEEN %2$s.academic_year(lower($3)) AND %2$s.academic_year(upper($3) - 1)) c
        CROSS JOIN LATERAL (SELECT %2$s.tally(c.cohort) AS tally) t
        $sql$, register, '@extschema@') INTO figures USING schools, pupil_id, days;
    RETURN figures;
END
$$;
COMMENT ON FUNCTION frozen_figures(name, integer[], bigint, daterange) IS
'Internal: for freeze_figures(): the figures of some schools of a register, or of a pupil at them (NULL for all), on '
'some days, as the register has them now: sessions, percent of possible sessions, enrolments, of every enrolment '
'whatever the age. NULL for NULL other than the pupil';

CREATE FUNCTION freeze_figures_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry jsonb := to_jsonb(NEW);
    former jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    frozen jsonb := '{}';
    taken jsonb := jsonb_build_object('taken_at', clock_timestamp());
    schools integer[] := ARRAY[(entry ->> 'school_urn')::integer];
    pupil bigint := entry ->> 'pupil_id';
    part record;
BEGIN
    IF entry ->> 'school_urn' IS NULL THEN
        EXECUTE format('SELECT array_agg(s.urn) FROM %I.school_on($1) s WHERE s.trust_uid = $2 OR s.la_number = $3',
            TG_TABLE_SCHEMA) INTO schools USING (entry ->> 'done_on')::date, (entry ->> 'trust_uid')::integer,
                (entry ->> 'la_number')::integer;
    END IF;
    FOR part IN
        SELECT 'figures' AS name, (entry ->> 'about')::daterange AS days,
            -- of other days, another pupil or another bearer they are other figures, as of the schools of another day
            (entry -> 'about', entry -> 'pupil_id', entry -> 'school_urn', entry -> 'trust_uid', entry -> 'la_number')
                IS DISTINCT FROM (former -> 'about', former -> 'pupil_id', former -> 'school_urn',
                    former -> 'trust_uid', former -> 'la_number')
            OR entry ->> 'school_urn' IS NULL AND entry -> 'done_on' IS DISTINCT FROM former -> 'done_on' AS anew
        WHERE TG_TABLE_NAME = 'evidence'
        UNION ALL
        SELECT v.name, v.days, v.anew
        FROM (VALUES
            ('figures_at_opening', daterange(lower(@extschema@.academic_year_days(@extschema@.academic_year(
                (entry ->> 'opened_on')::date))), (entry ->> 'opened_on')::date, '[]'), TG_OP = 'INSERT'),
            ('figures_at_closing', CASE WHEN (entry ->> 'closed_on')::date >= (entry ->> 'opened_on')::date
                THEN daterange((entry ->> 'opened_on')::date, (entry ->> 'closed_on')::date, '[]') END,
                entry ->> 'closed_on' IS DISTINCT FROM former ->> 'closed_on')) AS v (name, days, anew)
        WHERE TG_TABLE_NAME = 'attendance_case'
    LOOP
        frozen := frozen || jsonb_build_object(part.name, CASE WHEN part.anew
            THEN taken || @extschema@.frozen_figures(TG_TABLE_SCHEMA, schools, pupil, part.days)
                -- a correction of its last day does not make another case of one that was over when it was entered
                || CASE WHEN part.name = 'figures_at_closing' AND (TG_OP = 'INSERT'
                        OR coalesce(former -> part.name ? 'over_at_entry', false))
                    THEN '{"over_at_entry": true}'::jsonb ELSE '{}'::jsonb END
            ELSE former -> part.name END);
        IF coalesce(nullif(entry -> part.name, 'null'), frozen -> part.name) IS DISTINCT FROM frozen -> part.name
            AND coalesce(entry -> part.name <> former -> part.name, true) THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, coalesce((entry ->> 'school_urn')::integer, 0),
                'case record', format('%s of %s are the register''s, and are not typed', part.name, TG_TABLE_NAME),
                TG_TABLE_NAME, part.name);
        END IF;
    END LOOP;
    RETURN jsonb_populate_record(NEW, frozen);
END
$$;
COMMENT ON FUNCTION freeze_figures_as_owner() IS
'What freeze_figures() does, with the rights of whoever runs it';

CREATE FUNCTION freeze_figures() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_freeze_figures' LANGUAGE C;
COMMENT ON FUNCTION freeze_figures() IS
'Row trigger of evidence and attendance_case, BEFORE INSERT OR UPDATE: puts the figures into an entry that the '
'register has when it is made, and keeps them; AT067 for others';

CREATE FUNCTION school_problem(register name, school_urn integer, trust_uid integer, la_number integer, on_day date)
    RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    problem text;
BEGIN
    IF school_urn IS NULL OR num_nonnulls(trust_uid, la_number) = 0 THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT format(''school %%s was no school of %%s on %%s'', $1,
                coalesce(''trust '' || $2, ''local authority '' || $3), $4)
            WHERE NOT EXISTS (SELECT FROM %I.school_on($4) s
                WHERE s.urn = $1 AND ($2 IS NULL OR s.trust_uid IS NOT DISTINCT FROM $2)
                    AND ($3 IS NULL OR s.la_number = $3))', register)
        INTO problem USING school_urn, trust_uid, la_number, on_day;
    RETURN problem;
END
$$;
COMMENT ON FUNCTION school_problem(name, integer, integer, integer, date) IS
'Internal: for guard_evidence() and guard_case_record(): that a school was none of a trust or local authority on a '
'day. NULL if it was, and without a school or either of them';

CREATE FUNCTION evidence_problem(register name, entry jsonb) RETURNS text
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    problem text;
BEGIN
    EXECUTE format('SELECT format(''evidence %%s is that of another bearer'', e.evidence_id)
            FROM %I.evidence e
            WHERE e.evidence_id = $1 AND NOT CASE WHEN $4 IS NOT NULL THEN e.la_number IS NOT DISTINCT FROM $4
                WHEN $3 IS NOT NULL THEN e.trust_uid IS NOT DISTINCT FROM $3
                ELSE e.school_urn IS NOT DISTINCT FROM $2 AND num_nonnulls(e.trust_uid, e.la_number) = 0 END', register)
        INTO problem USING (entry ->> 'evidence_id')::bigint, (entry ->> 'school_urn')::integer,
            (entry ->> 'trust_uid')::integer, (entry ->> 'la_number')::integer;
    RETURN problem;
END
$$;
COMMENT ON FUNCTION evidence_problem(name, jsonb) IS
'Internal: for guard_case_record(): that the evidence which a target names is not that of its school, trust or local '
'authority. NULL if it is, and for none';

CREATE FUNCTION case_record_problem(register name, entry jsonb, former jsonb, on_day date, former_day date)
    RETURNS text
    LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    problem text;
BEGIN
    -- what stays as it was is not decided again
    IF entry ? 'opened_on' AND former <> '{}' THEN
        problem := CASE
            WHEN (entry -> 'school_urn', entry -> 'pupil_id', entry -> 'opened_on')
                IS DISTINCT FROM (former -> 'school_urn', former -> 'pupil_id', former -> 'opened_on')
                THEN format('case %s stays with its school and pupil, and the day on which it was opened',
                    entry ->> 'case_id')
            WHEN former ->> 'closed_on' IS NOT NULL AND entry ->> 'closed_on' IS NULL
                THEN format('case %s was closed on %s, and is not opened again: open another', entry ->> 'case_id',
                    former ->> 'closed_on') END;
    ELSIF entry ? 'case_id' AND NOT entry ? 'opened_on'
        AND entry ->> 'case_id' IS DISTINCT FROM former ->> 'case_id' THEN
        -- who closes the case at this moment is waited for; one that was over when it was entered gets its actions
        EXECUTE format('SELECT CASE WHEN c.closed_on IS NOT NULL
                    AND NOT coalesce(c.figures_at_closing ? ''over_at_entry''
                        AND $2 >= c.opened_on AND $2 <= c.closed_on, false)
                THEN format(''case %%s was closed on %%s'', c.case_id, c.closed_on) END
                FROM %I.attendance_case c WHERE c.case_id = $1 AND c.school_urn = $3 FOR SHARE', register)
            INTO problem USING (entry ->> 'case_id')::bigint,
                coalesce(entry ->> 'done_on', entry ->> 'due_on')::date, (entry ->> 'school_urn')::integer;
    END IF;
    IF problem IS NULL AND entry ? 'of_school_urn'
        AND (entry -> 'school_urn', entry -> 'trust_uid', entry -> 'la_number', entry -> 'of_school_urn',
                entry -> 'evidence_id', to_jsonb(on_day))
            IS DISTINCT FROM (former -> 'school_urn', former -> 'trust_uid', former -> 'la_number',
                former -> 'of_school_urn', former -> 'evidence_id', to_jsonb(former_day)) THEN
        problem := coalesce(@extschema@.school_problem(register, (entry ->> 'of_school_urn')::integer,
            (entry ->> 'trust_uid')::integer, (entry ->> 'la_number')::integer, on_day),
            @extschema@.evidence_problem(register, entry));
    END IF;
    IF problem IS NULL AND entry ->> 'pupil_id' IS NOT NULL AND entry ->> 'school_urn' IS NOT NULL
        AND (entry -> 'school_urn', entry -> 'pupil_id', to_jsonb(on_day))
            IS DISTINCT FROM (former -> 'school_urn', former -> 'pupil_id', to_jsonb(former_day)) THEN
        EXECUTE format('SELECT format(''pupil %%s was not on the roll of school %%s by %%s'', $2, $1, $3)
                WHERE NOT EXISTS (SELECT FROM %I.enrolment e
                    WHERE e.school_urn = $1 AND e.pupil_id = $2 AND e.start_date <= $3)', register)
            INTO problem USING (entry ->> 'school_urn')::integer, (entry ->> 'pupil_id')::bigint, on_day;
    END IF;
    RETURN problem;
END
$$;
COMMENT ON FUNCTION case_record_problem(name, jsonb, jsonb, date, date) IS
'Internal: for guard_case_record(): what is wrong with a record of a day, as it is and was (rows as jsonb, {} and no '
'day for one that is new): not a pupil of the school, an action of a case that is closed (but one that was done, or '
'due, while a case went on that was over when it was entered), a case that moves or is opened again, a target for a '
'school, or with evidence, of others. NULL if nothing is, and for NULL';

CREATE FUNCTION day_in_london(day_or_time text) RETURNS date
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    -- a time of day has an offset, a day has none
    RETURN CASE WHEN pg_catalog.length(day_or_time) > 10
        THEN (day_or_time::timestamptz AT TIME ZONE 'Europe/London')::date ELSE day_or_time::date END;
COMMENT ON FUNCTION day_in_london(text) IS
'Internal: for guard_case_record(): the day of a date or a time in an entry as jsonb, in London. NULL for NULL';

CREATE FUNCTION guard_case_record_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    today date := clock_timestamp() AT TIME ZONE 'Europe/London';
    entry jsonb := to_jsonb(NEW);
    former jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    school integer := coalesce((entry ->> 'school_urn')::integer, 0);
    is_contact boolean := true;
    named text;
    problem text;
BEGIN
    IF entry ->> 'contact_id' IS NOT NULL AND (entry -> 'contact_id', entry -> 'pupil_id')
        IS DISTINCT FROM (former -> 'contact_id', former -> 'pupil_id') THEN
        EXECUTE format('SELECT EXISTS (SELECT FROM %I.contact c WHERE c.contact_id = $1 AND c.pupil_id = $2)',
            TG_TABLE_SCHEMA) INTO is_contact USING (entry ->> 'contact_id')::bigint, (entry ->> 'pupil_id')::bigint;
    END IF;
    IF NOT is_contact THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'contact_id', CONSTRAINT = TG_NAME, MESSAGE = format('contact %s is none of pupil %s',
                entry ->> 'contact_id', entry ->> 'pupil_id');
    END IF;
    SELECT a.attname INTO named FROM pg_attribute a
    WHERE a.attrelid = TG_RELID AND a.atttypid IN ('date'::regtype, 'timestamptz'::regtype, 'daterange'::regtype)
        AND entry ->> a.attname ~ 'infinity'
    ORDER BY a.attnum LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'datetime_field_overflow', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = named, MESSAGE = format('%s: %s is a day, not infinity: %s', TG_TABLE_NAME, named,
                entry ->> named), HINT = 'A range without an end has none: [2025-09-01,).';
    END IF;
    FOREACH named IN ARRAY TG_ARGV LOOP
        -- a time of day has an offset, a day has none
        IF entry ->> named IS DISTINCT FROM former ->> named
            AND (length(entry ->> named) > 10 AND (entry ->> named)::timestamptz > clock_timestamp()
                OR length(entry ->> named) <= 10 AND (entry ->> named)::date > today) THEN
            PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, school, 'entry date',
                format('%s: %s cannot be %s, which is still to come', TG_TABLE_NAME, named, entry ->> named),
                TG_TABLE_NAME, named);
        END IF;
    END LOOP;
    problem := @extschema@.case_record_problem(TG_TABLE_SCHEMA, entry, former,
        @extschema@.day_in_london(entry ->> TG_ARGV[0]), @extschema@.day_in_london(former ->> TG_ARGV[0]));
    IF problem IS NOT NULL THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, school, 'case record', problem, TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_case_record_as_owner() IS
'What guard_case_record() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_case_record() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_case_record' LANGUAGE C;
COMMENT ON FUNCTION guard_case_record() IS
'Row trigger of evidence, attendance_case, agreed_action, family_contact and attendance_target, BEFORE INSERT OR '
'UPDATE: a contact is one of the pupil (23514), a day is one (22008 for infinity), what was done is not dated after '
'the time of its entry (AT022), the pupil is one of the school, a target for a school is that of its trust or '
'authority, and a case that is closed stays so (AT067); one that was over when it was entered gets the actions of its '
'days. Its arguments are the columns with dates, first that of the record';

CREATE FUNCTION has_no_trust(register name, school_urn integer, on_day date) RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    result boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I.school_on($1) s WHERE s.urn = $2 AND s.trust_uid IS NULL)', register)
        INTO result USING on_day, school_urn;
    RETURN result;
END
$$;
COMMENT ON FUNCTION has_no_trust(name, integer, date) IS
'Internal: for guard_evidence(): whether a school of a register had no trust on a day, so that what is expected of '
'trusts and governing bodies is expected of its governing body. False for a NULL school';

CREATE FUNCTION guard_evidence_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    needed text;
    is_theirs boolean;
    problem text;
BEGIN
    EXECUTE format('SELECT x.bearer FROM %I.expectation x WHERE x.expectation = $1', TG_TABLE_SCHEMA)
        INTO needed USING NEW.expectation;
    is_theirs := CASE needed WHEN 'school' THEN NEW.school_urn IS NOT NULL
            AND num_nonnulls(NEW.trust_uid, NEW.la_number) = 0
        -- or that of the governing body of a school that has no trust
        WHEN 'trust' THEN NEW.la_number IS NULL AND (NEW.trust_uid IS NOT NULL
            OR @extschema@.has_no_trust(TG_TABLE_SCHEMA, NEW.school_urn, NEW.done_on))
        WHEN 'local authority' THEN NEW.la_number IS NOT NULL AND NEW.trust_uid IS NULL ELSE true END;
    IF NOT is_theirs THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME,
            COLUMN = 'expectation', CONSTRAINT = TG_NAME,
            MESSAGE = format('expectation %s is one of a %s: its evidence is that of one %s', NEW.expectation, needed,
                needed);
    END IF;
    problem := @extschema@.school_problem(TG_TABLE_SCHEMA, NEW.school_urn, NEW.trust_uid, NEW.la_number,
        NEW.done_on);
    IF problem IS NOT NULL THEN
        PERFORM @extschema@.break_rule(TG_TABLE_SCHEMA, NEW.school_urn, 'case record', problem, TG_TABLE_NAME,
            'school_urn');
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION guard_evidence_as_owner() IS
'What guard_evidence() decides, with the rights of whoever runs it';

CREATE FUNCTION guard_evidence() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_guard_evidence' LANGUAGE C;
COMMENT ON FUNCTION guard_evidence() IS
'Row trigger of evidence, BEFORE INSERT OR UPDATE: it is that of a bearer of the expectation (23514), and a school '
'that a trust''s or an authority''s is about is one of theirs (AT067)';
