-- Retention: until when entries are kept.  How they go is in disposal.sql.

CREATE FUNCTION journal_year(payload bytea) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (pg_catalog.get_byte(payload, 1) & 127) + (pg_catalog.get_byte(payload, 2) << 7);
COMMENT ON FUNCTION journal_year(bytea) IS
'Internal: the academic year of an entry of kind marks. NULL for NULL; 2202E for fewer than three bytes';

CREATE FUNCTION kept_for(entered_at timestamptz, years integer) RETURNS timestamptz
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN (anniversary((entered_at AT TIME ZONE 'Europe/London')::date, 12 * years)
        + (entered_at AT TIME ZONE 'Europe/London')::time) AT TIME ZONE 'Europe/London';
COMMENT ON FUNCTION kept_for(timestamptz, integer) IS
'Internal: until when an entry made at a time is kept that is kept for some years, by the day in London. NULL for NULL';

CREATE FUNCTION kept_by_law(entered_at timestamptz) RETURNS timestamptz
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    RETURN kept_for(entered_at, CASE WHEN entered_at < timestamptz '2024-08-19 00:00 Europe/London' THEN 3 ELSE 6 END);
COMMENT ON FUNCTION kept_by_law(timestamptz) IS
'Until when an entry made at a time is kept at least, whatever a register''s table regime says: 3 years, or 6 from 19 '
'August 2024. NULL for NULL. Regulations 2024, regulation 7; Regulations 2006, regulation 14';

CREATE FUNCTION kept_until_query(register name, entered_at text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.format($q$greatest(@extschema@.kept_for(%2$s, (SELECT regime.retention_years FROM %1$I.regime
            WHERE regime.from_day <= (%2$s AT TIME ZONE 'Europe/London')::date
            ORDER BY regime.from_day DESC LIMIT 1)),
        @extschema@.kept_by_law(%2$s))$q$, register, entered_at);
COMMENT ON FUNCTION kept_until_query(name, text) IS
'Internal: the expression in a query for the time until which an entry made at a time (entered_at, an expression) is '
'kept in a register, as kept_until() has it. NULL for NULL';

CREATE FUNCTION kept_until(register name, entered_at timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    until timestamptz;
BEGIN
    EXECUTE 'SELECT ' || @extschema@.kept_until_query(register, '$1') INTO until USING entered_at;
    RETURN until;
END
$$;
COMMENT ON FUNCTION kept_until(name, timestamptz) IS
'Until when an entry made at a time is kept in a register: the years (regime.retention_years) of the Regulations in '
'force when it was made, never less than kept_by_law(). NULL for NULL. Regulations 2024, regulation 7; Regulations '
'2006, regulation 14';

CREATE FUNCTION register_retention(
    register regclass, only_school integer DEFAULT NULL, only_year integer DEFAULT NULL)
    RETURNS TABLE (school_urn integer, academic_year integer, lines bigint, entries bigint,
        last_entered_at timestamptz, kept_until timestamptz)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema name := @extschema@.register_of(register);
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT y.school_urn, y.academic_year, y.lines, count(j.entry_id), max(j.entered_at),
            max(%2$s)
        FROM (SELECT l.school_urn, l.academic_year, count(*) AS lines FROM %1$I.register_line l
              WHERE l.school_urn = coalesce($1, l.school_urn) AND l.academic_year = coalesce($2, l.academic_year)
              GROUP BY 1, 2) y
        LEFT JOIN %1$I.journal j ON j.school_urn = y.school_urn AND j.kind = 'marks'
            AND @extschema@.journal_year(j.payload) = y.academic_year
        GROUP BY 1, 2, 3
        $q$, schema, @extschema@.kept_until_query(schema, 'j.entered_at')) USING only_school, only_year;
END
$$;
COMMENT ON FUNCTION register_retention(regclass, integer, integer) IS
'Internal: the academic years of the schools of a register (of one school, of one year): lines, entries in the '
'journal, when the last was made and until when it is kept. The first argument is a table of the register; NULL stands '
'for all schools or years';

-- ---------- records: what is not marks ----------

CREATE FUNCTION record_kinds()
    RETURNS TABLE (relation text, unit text, key text, needed text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        -- in the order in which foreign keys let them go; %1$I stands for the register, %5$s for the day, t for the row
        SELECT kind.* FROM (VALUES (
            'EXISTS (SELECT FROM %1$I.enrolment e WHERE e.pupil_id = t.pupil_id
                AND coalesce(e.end_date >= %5$s, true))',
            'EXISTS (SELECT FROM %1$I.register_line l WHERE l.school_urn = t.school_urn AND l.pupil_id = t.pupil_id
                AND @extschema@.years_of(t.sessions) @> l.academic_year)')) AS r (on_roll, of_a_line)
        CROSS JOIN LATERAL (VALUES
            ('part_time_review', 'part_time_timetable', 'timetable_id', 'false'),
            ('part_time_timetable', 'part_time_timetable', 'timetable_id', of_a_line),
            ('leave_of_absence', 'leave_of_absence', 'leave_id', of_a_line),
            ('mark_nature', 'mark_nature', 'nature_id', of_a_line),
            -- what is done with families and shown, while the pupil is at a school, an office is held, a target stands
            ('agreed_action', 'agreed_action', 'action_id',
                'EXISTS (SELECT FROM %1$I.attendance_case c JOIN %1$I.enrolment e ON e.pupil_id = c.pupil_id
                WHERE c.case_id = t.case_id AND c.school_urn = t.school_urn AND coalesce(e.end_date >= %5$s, true))'),
            ('attendance_target', 'attendance_target', 'target_id', 'upper(t.days) > %5$s'),
            ('attendance_case', 'attendance_case', 'case_id', on_roll || ' OR EXISTS (SELECT
                FROM %1$I.agreed_action a WHERE a.case_id = t.case_id AND a.school_urn = t.school_urn)'),
            ('evidence', 'evidence', 'evidence_id',
                on_roll || ' OR upper_inf(t.in_force) OR upper(t.in_force) > %5$s
                OR EXISTS (SELECT FROM %1$I.agreed_action a WHERE a.evidence_id = t.evidence_id)
                OR EXISTS (SELECT FROM %1$I.attendance_target a WHERE a.evidence_id = t.evidence_id)'),
            ('family_contact', 'family_contact', 'family_contact_id', on_roll),
            ('reading', 'reading', 'reading_id', 'false'),
            ('office_holder', 'office_holder', 'holder_id', 'coalesce(t.to_day >= %5$s, true)'),
            ('access', 'access', 'access_id', 't.revoked_at IS NULL AND coalesce(t.to_day >= %5$s, true)'),
            -- steps before and at law, while the pupil is at a school
            ('penalty_notice', 'penalty_notice', 'notice_id',
                on_roll || ' OR EXISTS (SELECT FROM %1$I.reading a WHERE a.notice_id = t.notice_id)'),
            ('notice_to_improve', 'notice_to_improve', 'improve_id', on_roll),
            ('attendance_support', 'attendance_support', 'support_id',
                on_roll || ' OR EXISTS (SELECT FROM %1$I.attendance_support o WHERE o.extends_id = t.support_id)'),
            ('registration', 'registration', 'registration_id',
                'EXISTS (SELECT FROM %1$I.register_line l WHERE l.school_urn = t.school_urn
                    AND l.academic_year = @extschema@.academic_year(t.day))'),
            ('authorised_person', 'authorised_person', 'name',
                'coalesce(t.to_day >= %5$s, true) OR EXISTS (SELECT FROM %1$I.leave_of_absence o
                    WHERE o.school_urn = t.school_urn AND o.decided_by = t.name)
                OR EXISTS (SELECT FROM %1$I.part_time_timetable p WHERE p.school_urn = t.school_urn
                    AND p.agreed_by = t.name)'),
            ('backup_record', 'backup_record', 'backup_id',
                't.discarded_at IS NULL OR EXISTS (SELECT FROM %1$I.enrolment e
                    WHERE e.school_urn = coalesce(t.school_urn, e.school_urn) AND e.entered_at < t.made_at)'),
            ('taken_over', 'taken_over', 'taken_over_id',
                'EXISTS (SELECT FROM %1$I.enrolment e WHERE e.school_urn = coalesce(t.school_urn, e.school_urn))'),
            -- settings, which are no entries of a register and can be deleted
            ('registration_policy', 'registration_policy', 'from_day', 'true'),
            ('return_arrangement', 'return_arrangement', 'la_number', 'true'),
            -- a pupil at a school
            ('return_sent', 'enrolment', 'pupil_id', 'false'),
            ('sickness_forecast', 'enrolment', 'pupil_id', 'false'),
            ('joint_enquiry', 'enrolment', 'pupil_id', 'false'),
            ('dual_registration', 'enrolment', 'pupil_id', 'false'),
            ('attendance_order', 'enrolment', 'pupil_id', 'false'),
            ('suspension', 'enrolment', 'pupil_id', 'false'),
            ('enrolment_former', 'enrolment', 'pupil_id', 'false'),
            ('enrolment', 'enrolment', 'pupil_id',
                'coalesce(t.end_date >= %5$s, true) OR EXISTS (SELECT FROM %1$I.register_line l
                    WHERE l.school_urn = t.school_urn AND l.pupil_id = t.pupil_id)'),
            -- a pupil, of whom no school has anything left; what a contact was names no pupil, and goes before
            ('contact_former', 'contact_former', 'contact_id', 'EXISTS (SELECT FROM %1$I.contact c
                    JOIN %1$I.enrolment e ON e.pupil_id = c.pupil_id WHERE c.contact_id = t.contact_id)'),
            ('pupil_worker', 'pupil', 'pupil_id', 'false'),
            ('pupil_address', 'pupil', 'pupil_id', 'false'),
            ('contact', 'pupil', 'pupil_id', 't.contact_id IN (SELECT f.contact_id FROM %1$I.contact_former f)'),
            ('person', 'person', 'person_id', 'EXISTS (SELECT FROM %1$I.contact c WHERE c.person_id = t.person_id)'),
            ('pupil', 'pupil', 'pupil_id', pg_catalog.regexp_replace('enrolment register_line leave_of_absence '
                'part_time_timetable mark_nature penalty_notice notice_to_improve attendance_support return_sent '
                'sickness_forecast joint_enquiry dual_registration attendance_order suspension attendance_case '
                'family_contact evidence reading ', '([a-z_]+) ',
                'EXISTS (SELECT FROM %1$I.\1 o WHERE o.pupil_id = t.pupil_id) OR ', 'g') || 'false')
            ) AS kind (relation, unit, key, needed);
    END;
COMMENT ON FUNCTION record_kinds() IS
'Internal: the tables of a register that hold entries beside marks: the unit whose rows go together, the column by '
'which they are told, and the condition on a row under which it stays even when it is due, as something that is kept '
'refers to it';

CREATE FUNCTION years_of(sessions school_session_multirange) RETURNS int4range
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN pg_catalog.int4range(academic_year(day(pg_catalog.lower(sessions))),
        academic_year(day(pg_catalog.upper(sessions))), '[]');
COMMENT ON FUNCTION years_of(school_session_multirange) IS
'Internal: the academic years from that of the first session to that of the first after the last. NULL for NULL; no '
'limit on a side on which the sessions have none';

CREATE FUNCTION journal_records(register regclass, only_school integer DEFAULT NULL)
    RETURNS TABLE (school_urn integer, entry_id bigint, entered_at timestamptz, kept_until timestamptz, unit text,
        key text)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema name := @extschema@.register_of(register);
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT j.school_urn, j.entry_id, j.entered_at, u.kept_until, k.unit, r.key
        FROM (SELECT array_agg(k.relation) AS relations, array_agg(k.key) AS keys FROM @extschema@.record_kinds() k) a
        CROSS JOIN %1$I.journal j
        -- once for each entry, not for each of its rows
        CROSS JOIN LATERAL (SELECT %2$s AS kept_until OFFSET 0) u
        CROSS JOIN LATERAL @extschema@.journal_keys(j.payload, a.relations, a.keys) r
        LEFT JOIN @extschema@.record_kinds() k ON k.relation = r.relation
        WHERE j.kind = 'records' AND ($1 IS NULL OR j.school_urn = $1)
        $q$, schema, @extschema@.kept_until_query(schema, 'j.entered_at')) USING only_school;
END
$$;
COMMENT ON FUNCTION journal_records(regclass, integer) IS
'Internal: the rows that the entries of kind records name, old and new, as units of record_kinds() (NULL for a '
'disposal), with the time until which each entry is kept; of one chain (0 is that of no school), or of all for NULL';

CREATE FUNCTION record_query(register name) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    BEGIN ATOMIC
        SELECT pg_catalog.string_agg(pg_catalog.format($q$SELECT %2$L, %3$L, %4$s, %6$s, %7$s, t.entered_at, $q$
                || k.needed || ' FROM %1$I.%2$I t', register, k.relation, k.unit,
            -- as the journal has it, whatever the session writes
            CASE WHEN h.types ->> k.key = 'date' THEN pg_catalog.format('to_jsonb(t.%I) #>> ''{}''', k.key)
                ELSE pg_catalog.format('t.%I::text', k.key) END,
            $q$($2 AT TIME ZONE 'Europe/London')::date$q$,
            CASE WHEN h.types ? 'school_urn' THEN 'coalesce(t.school_urn, 0)' ELSE '0' END,
            CASE WHEN h.types ? 'pupil_id' THEN 't.pupil_id' ELSE 'NULL::bigint' END), ' UNION ALL ')
        FROM record_kinds() k
        CROSS JOIN LATERAL (
            SELECT pg_catalog.jsonb_object_agg(a.attname, a.atttypid::regtype) AS types
            FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = pg_catalog.format('%I.%I', register, k.relation)::regclass AND a.attnum > 0
                AND NOT a.attisdropped) h;
    END;
COMMENT ON FUNCTION record_query(name) IS
'Internal: for retention_query(): the query of all records of a register beside marks: table, unit and key of '
'record_kinds(), chain, pupil, time of entry, and whether the row stays at the time $2 even when it is due. NULL for '
'NULL';

CREATE FUNCTION retention_query(register name) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    -- a change of a row is an entry of its own: the newest counts
    RETURN pg_catalog.format($q$
        WITH record (relation, unit, key, school_urn, pupil_id, entered_at, needed) AS (%1$s),
        newest AS MATERIALIZED (
            SELECT e.school_urn, e.unit, e.key, max(e.entered_at) AS entered_at, max(e.kept_until) AS kept_until
            FROM @extschema@.journal_records(%2$L, $1) e GROUP BY 1, 2, 3),
        kept AS (
            SELECT r.*, coalesce(n.entered_at, r.entered_at) AS last_entered_at,
                coalesce(n.kept_until, %3$s) AS kept_until
            FROM record r LEFT JOIN newest n ON n.school_urn = r.school_urn AND n.unit = r.unit COLLATE "C"
                AND n.key = r.key COLLATE "C"
            WHERE $1 IS NULL OR r.school_urn = $1),
        own AS MATERIALIZED (
            SELECT k.relation, k.unit, k.key, k.school_urn, k.pupil_id, k.last_entered_at, k.kept_until,
                coalesce(k.kept_until <= $2 AND NOT k.needed, false) AS due
            FROM kept k),
        -- a unit goes as a whole
        due_unit AS MATERIALIZED (
            SELECT o.school_urn, o.unit, o.key FROM own o
            WHERE (o.school_urn, o.unit, o.key) IN (SELECT d.school_urn, d.unit, d.key FROM own d WHERE d.due)
            GROUP BY 1, 2, 3 HAVING bool_and(o.due)),
        -- what the register of admissions says of a pupil at a school goes last
        too_early AS (
            SELECT e.school_urn, e.unit, e.key FROM due_unit e
            JOIN own o ON o.school_urn = e.school_urn AND o.pupil_id = e.key::bigint
            LEFT JOIN due_unit d ON d.school_urn = o.school_urn AND d.unit = o.unit AND d.key = o.key
            WHERE e.unit = 'enrolment' AND d.unit IS NULL),
        unit AS (
            SELECT o.school_urn, o.relation, o.unit, o.key, o.last_entered_at, o.kept_until, d.unit IS NOT NULL AS due
            FROM own o
            LEFT JOIN (SELECT u.* FROM due_unit u EXCEPT SELECT e.* FROM too_early e) d
                ON d.school_urn = o.school_urn AND d.unit = o.unit AND d.key = o.key)
        $q$, record_query(register), pg_catalog.format('%I.register_line', register),
            kept_until_query(register, 'r.entered_at'));
COMMENT ON FUNCTION retention_query(name) IS
'Internal: the beginning of a query in a register whose last part, unit, has the records beside marks, or for $1 those '
'of one school (0: of no single school), each with the unit of record_kinds() that it goes with, when the newest entry '
'of that was made, until when it is kept, and whether it is due for disposal at the time $2. NULL for NULL';

CREATE FUNCTION record_retention(
    register regclass, only_school integer DEFAULT NULL, as_of timestamptz DEFAULT pg_catalog.clock_timestamp())
    RETURNS TABLE (school_urn integer, relation text, unit text, key text, records bigint,
        last_entered_at timestamptz, kept_until timestamptz, due boolean)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    -- a query with a branch for each table takes longer to compile than to run
    SET jit = off
AS $$
BEGIN
    RETURN QUERY EXECUTE @extschema@.retention_query(@extschema@.register_of(register)) || $q$
        SELECT u.school_urn, u.relation, u.unit, u.key, count(*), max(u.last_entered_at), max(u.kept_until), u.due
        FROM unit u GROUP BY u.school_urn, u.relation, u.unit, u.key, u.due
        $q$ USING only_school, as_of;
END
$$;
COMMENT ON FUNCTION record_retention(regclass, integer, timestamptz) IS
'Internal: the records of a register beside marks, or those of one school (0: of no single school), by unit of '
'record_kinds(): rows, when the newest entry was made, until when it is kept, and whether they are due for disposal at '
'a time';

CREATE FUNCTION retention_totals(register regclass, as_of timestamptz)
    RETURNS TABLE (school_urn integer, relation text, records bigint, last_entered_at timestamptz,
        kept_until timestamptz, due boolean)
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    SET jit = off
AS $$
BEGIN
    RETURN QUERY EXECUTE @extschema@.retention_query(@extschema@.register_of(register)) || $q$
        SELECT u.school_urn, u.relation, count(*), max(u.last_entered_at), max(u.kept_until), u.due
        FROM unit u GROUP BY u.school_urn, u.relation, u.due
        $q$ USING NULL::integer, as_of;
END
$$;
COMMENT ON FUNCTION retention_totals(regclass, timestamptz) IS
'Internal: what record_retention() says of all records of a register, by school and table, those that are due apart '
'from those that are not';
