-- What lines say of their enrolments and pupils, so that reports need not look it up for each.

CREATE FUNCTION reach_lines() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_reach_lines' LANGUAGE C;
COMMENT ON FUNCTION reach_lines() IS
'Statement trigger of enrolment and pupil, BEFORE UPDATE of what lines say of them: the table of lines is locked '
'before any row, as by whoever enters marks';

CREATE FUNCTION update_facts(register regclass, school_urn integer, pupils bigint[]) RETURNS void
    AS 'MODULE_PATHNAME', 'att_update_facts' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION update_facts(regclass, integer, bigint[]) IS
'Internal: for keep_facts(): makes the lines of some pupils at a school, or at all for NULL, say what line_fact says, '
'and waits for those that are being opened. The first argument is a table of the register. No effect for NULL there or '
'for the pupils';

CREATE FUNCTION keep_facts_as_owner() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    school text := TG_ARGV[0];
    keys text[] := TG_ARGV[1]::text[];
    facts text[] := TG_ARGV[2]::text[];
    changed record;
BEGIN
    -- one school after the other: who enters marks at several takes their locks in the same order
    FOR changed IN EXECUTE format($sql$
        SELECT %1$s AS school_urn, array_agg(DISTINCT n.pupil_id) AS pupils
        FROM old_rows o JOIN new_rows n ON %2$s AND (%3$s) IS DISTINCT FROM (%4$s)
        GROUP BY 1 ORDER BY 1
        $sql$, school, @extschema@.fact_terms(keys, 'o.%1$I = n.%1$I', ' AND '),
        @extschema@.fact_terms(facts, 'o.%I', ', '), @extschema@.fact_terms(facts, 'n.%I', ', '))
    LOOP
        PERFORM @extschema@.update_facts(TG_RELID, changed.school_urn, changed.pupils);
    END LOOP;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION keep_facts_as_owner() IS 'What keep_facts() does, with the rights of whoever runs it';

CREATE FUNCTION keep_facts() RETURNS trigger
    AS 'MODULE_PATHNAME', 'att_keep_facts' LANGUAGE C;
COMMENT ON FUNCTION keep_facts() IS
'Statement trigger of enrolment and pupil, AFTER UPDATE, with transition tables old_rows and new_rows: their lines say '
'what they say now, see line_fact of a register. No entry is made of it in the journal. Its arguments are the term for '
'the school whose lines it is (NULL for all), the key of the row, and the columns that lines say something of';

CREATE FUNCTION fact_faults(register name)
    RETURNS TABLE (school_urn integer, entry_id bigint, problem text)
    LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- in a register of the first definition they say nothing
    IF to_regclass(format('%I.line_fact', register)) IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY EXECUTE format($sql$
        SELECT l.school_urn, NULL::bigint, format('table register_line, key [%%s, %%s, %%s]: the row does not '
            'say what the enrolment and the pupil say%%s', l.school_urn, min(l.academic_year), min(l.pupil_id),
            CASE WHEN count(*) > 1 THEN format(' (and %%s more)', count(*) - 1) END)
        FROM %1$I.register_line l
        LEFT JOIN %1$I.line_fact f ON f.school_urn = l.school_urn AND f.pupil_id = l.pupil_id
            AND f.enrolment_start = l.enrolment_start
        WHERE (l.enrolment_end, l.birth_cohort, l.is_counted, l.year_group, l.registration_group, l.sex)
            IS DISTINCT FROM (f.enrolment_end, f.birth_cohort, f.is_counted, f.year_group, f.registration_group, f.sex)
        GROUP BY l.school_urn
        $sql$, register);
END
$$;
COMMENT ON FUNCTION fact_faults(name) IS
'Internal: for record_faults(): the lines that do not say what line_fact says: of each school one, and how many more. '
'No rows if all is well, and for NULL';
