-- Whether a register is what a new one would be.

CREATE FUNCTION check_register(register name)
    RETURNS TABLE (object text, problem text)
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
    -- written the same way in every session
    SET DateStyle = 'ISO, YMD' SET IntervalStyle = postgres SET TimeZone = 'UTC'
    SET bytea_output = hex SET extra_float_digits = 1
    SET quote_all_identifiers = off SET standard_conforming_strings = on
AS $$
DECLARE
    model @extschema@.register_model;
    wanted jsonb;
    reports jsonb;
    found jsonb;
BEGIN
    PERFORM @extschema@.need_register(register);
    model := @extschema@.find_register_model();
    wanted := @extschema@.expected_objects(model.model, model.objects, register);
    reports := @extschema@.expected_objects(model.model, model.reports, register);
    -- never with the register in the path: its owner could put functions there for a superuser to run
    SELECT jsonb_object_agg(o.object, o.definition) INTO found FROM @extschema@.register_objects(register) o;
    -- a register may be without reports, but has all or none
    IF @extschema@.reports_of(register, reports, found) <> '{}' THEN
        wanted := wanted || reports;
    END IF;
    RETURN QUERY
        SELECT 'definition', format('is %s, and the extension makes %s now: %s', d.version, n.version,
            CASE WHEN d.version < n.version THEN 'upgrade_register() brings the register there'
                ELSE 'the register is of a later version of it' END)
        FROM @extschema@.definition_version(register) AS d (version)
        CROSS JOIN (SELECT max(s.version) AS version FROM @extschema@.register_steps() s) n
        WHERE d.version <> n.version
        UNION ALL
        SELECT w.key, CASE WHEN f.value IS NULL THEN 'missing'
            WHEN w.value = '' THEN 'altered: ' || f.value
            WHEN f.value LIKE w.value || ' %' THEN 'altered: ' || substr(f.value, length(w.value) + 2)
            ELSE format('should be: %s; is: %s', w.value, f.value) END
        FROM jsonb_each_text(wanted) w LEFT JOIN jsonb_each_text(found) f ON f.key = w.key
        WHERE (f.value IS NULL OR f.value <> w.value)
            -- with a view its options are gone
            AND NOT (f.value IS NULL AND w.key LIKE 'options of view %' AND NOT found ? substr(w.key, 12))
        UNION ALL
        -- of what the register has, not of what the user added
        SELECT a.object, a.problem FROM @extschema@.relation_faults(register) a
        WHERE wanted ? a.of_object AND NOT (a.problem IN ('added', 'hides single entries') AND wanted ? a.object)
        UNION ALL
        SELECT w.key, CASE WHEN l.law IS NULL THEN 'missing'
            ELSE format('altered: %s', @extschema@.altered_law(w.value, l.law)) END
        FROM jsonb_each(model.law) w LEFT JOIN @extschema@.register_law(register) l ON l.object = w.key
        WHERE l.law IS NULL OR @extschema@.altered_law(w.value, l.law) IS NOT NULL
        UNION ALL
        SELECT f.object, f.problem FROM @extschema@.register_faults(register) f
        UNION ALL
        SELECT f.object, f.problem FROM @extschema@.access_faults(register) f
        UNION ALL
        SELECT format('sequence %s', c.relname),
            format('behind the rows: it is at %s, they are at %s; advance_sequences() moves it', s.last_value, s.newest)
        FROM @extschema@.register_sequences(register) s JOIN pg_class c ON c.oid = s.sequence WHERE s.always
            AND s.newest > s.last_value
        ORDER BY 1, 2;
END
$$;
COMMENT ON FUNCTION check_register(name) IS
'What a register lacks of one made this moment: the definition of this version, if it is not upgraded yet, tables, '
'columns, constraints, views, triggers and functions that are missing, altered, disabled or of another owner, rows of '
'the law that are missing or altered, single reports that are missing (a register without any is none the worse), '
'partitions without guards or out of place, and what was added that could keep entries out of the journal. No rows if '
'all is well; what else the user added is not mentioned. Needs the right to read the tables of the law; changes '
'nothing, and runs on a standby. After pg_upgrade it needs the right to create schemas until build_register_model() '
'has been called, and is 55000 on a standby until then. No rows for NULL; 3F000 if there is no such register';
