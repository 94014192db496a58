-- Rights on a register: what somebody needs for a purpose, in one place, and no more.

CREATE FUNCTION office_rights()
    RETURNS TABLE (purpose text, relation text, privileges text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        SELECT * FROM (VALUES
            -- beside marks and registers, what the register of a class needs
            ('class', 'pupil', 'SELECT (pupil_id, surname, forename, known_as, sex)'),
            ('class', 'school', 'SELECT (urn, name)'), ('access', 'access', 'SELECT, INSERT, UPDATE'),
            ('access', 'capacity', 'SELECT')) AS own (purpose, relation, privileges)
        UNION ALL
        SELECT w.purpose, k.relation, w.privileges
        FROM (VALUES ('school', 'SELECT, INSERT, UPDATE, DELETE',
                '{term_date,school_day,registration_policy,rule_setting,school_feature}'::text[]),
            -- kept as entries are
            ('school', 'SELECT, INSERT, UPDATE', '{authorised_person}'),
            -- no pupils
            ('federation', 'SELECT', '{federated_report,register_identity,school,local_authority,region,trust}'),
            ('figures', 'SELECT', '{figure_school,school,school_former,local_authority,region,trust,term_date,'
                'school_day,bank_holiday_change,calendar_year,office_holder,attendance_target,characteristic,'
                'expectation,benchmark_file,benchmark_row,benchmark_column,benchmark_alias,benchmark_long,'
                'benchmark_phase}'))
            AS w (purpose, privileges, relations)
        CROSS JOIN LATERAL unnest(w.relations) AS k (relation);
    END;
COMMENT ON FUNCTION office_rights() IS
'Internal: those of register_rights() that capacities at a school need beside those of offices of the whole register';

CREATE FUNCTION register_rights()
    RETURNS TABLE (purpose text, relation text, privileges text)
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    BEGIN ATOMIC
        WITH made AS (
            SELECT m.name[1] AS relation
            FROM pg_catalog.regexp_matches(register_definition() || report_definition(),
                '^CREATE (?:TABLE|VIEW) (?!federated_report )([a-z_]+)', 'gn') AS m (name)), -- which is of all schools
        -- whole registers are in these
        proof (relation) AS (VALUES ('journal'), ('journal_head'), ('disposal'), ('disposal_item'))
        SELECT * FROM (VALUES
            ('marks', 'mark', 'SELECT, INSERT, UPDATE'), ('marks', 'mark_feed', 'SELECT, INSERT'),
            ('marks', 'unmarked_session', 'SELECT'), ('marks', 'year_line', 'SELECT'), ('marks', 'roll_line', 'SELECT'),
            ('marks', 'opened_line', 'SELECT'), ('marks', 'unopened_roll', 'SELECT'),
            ('marks', 'calendar_year', 'SELECT'), ('marks', 'school', 'SELECT (urn)'), ('marks', 'register_line',
                'SELECT (school_urn, academic_year, pupil_id, enrolment_start, marks, line_key, enrolment_end, '
                'is_counted, year_group, registration_group), INSERT (school_urn, academic_year, pupil_id), '
                'UPDATE (marks, entered_by, title, reason)'),
            ('marks', 'mark_nature', 'INSERT (school_urn, pupil_id, mark, sessions, nature)'),
            ('marks', 'enrolment_period', 'SELECT'), ('leave', 'enrolment_period', 'SELECT'),
            ('marks', 'changing_enrolment', 'SELECT'), ('marks', 'pupil', 'SELECT (pupil_id, upn, former_upn)'),
            ('leave', 'leave_of_absence', 'SELECT, INSERT, UPDATE'), ('leave', 'registration', 'SELECT'),
            ('leave', 'part_time_timetable', 'SELECT, INSERT, UPDATE'), ('leave', 'part_time_review', 'SELECT, INSERT'),
            ('leave', 'planned_mark', 'SELECT, INSERT, DELETE'), ('leave', 'suspension', 'SELECT, INSERT, UPDATE'),
            ('leave', 'register_line', 'SELECT (school_urn, academic_year, pupil_id, marks)'),
            ('support', 'contact', 'SELECT, UPDATE (person_id, entered_by, title, reason)'),
            ('support', 'return_sent', 'SELECT, INSERT'), ('support', 'expectation', 'SELECT'),
            ('legal', 'contact', 'SELECT'), ('legal', 'reading', 'INSERT'), ('benchmarks', 'local_authority', 'SELECT'),
            ('dashboard', 'report_band', 'SELECT'), ('dashboard', 'benchmark_file', 'SELECT'), ('dashboard',
                'benchmark_row', 'SELECT'), ('dashboard', 'benchmark_column', 'SELECT')) AS own
        UNION ALL
        -- columns for several, of pupils none that tells who they are
        SELECT p.purpose, k.relation, format('SELECT (%s)', k.columns)
        FROM (VALUES ('{marks,leave,bi,dashboard}'::text[], 'enrolment',
                'school_urn, pupil_id, start_date, end_date, status, boarder, year_group, registration_group'),
            ('{marks,leave,bi,dashboard}', 'enrolment_former',
                'school_urn, pupil_id, start_date, to_day, status, boarder, year_group, registration_group'),
            ('{bi,dashboard}', 'pupil', 'pupil_id, pupil_key, sex, birth_cohort'),
            ('{dashboard}', 'pupil_address', 'pupil_id, area, from_day, to_day, in_addition'),
            ('{marks,leave}', 'school_day', 'school_urn, academic_year, day, morning, afternoon'),
            ('{bi,dashboard}', 'register_line', 'school_urn, academic_year, pupil_id, enrolment_start, marks, '
                'line_key, enrolment_end, birth_cohort, is_counted, year_group, registration_group, sex'),
            ('{bi,dashboard}', 'pupil_characteristic', 'pupil_id, characteristic, value, from_day, to_day, value_key'))
            AS k (purposes, relation, columns)
        CROSS JOIN LATERAL unnest(k.purposes) AS p (purpose)
        UNION ALL
        -- whole tables that somebody keeps
        SELECT w.purpose, k.relation, 'SELECT, INSERT, UPDATE'
            || CASE WHEN w.purpose IN ('setup', 'benchmarks') THEN ', DELETE' ELSE '' END
        FROM (VALUES ('admission', '{pupil,enrolment,contact,pupil_address,person,dual_registration,joint_enquiry,'
                'pupil_characteristic}'::text[]),
            ('support', '{pupil_worker,attendance_support,notice_to_improve,intervention,intervention_pupil,'
                'sickness_forecast,joint_enquiry,attendance_case,agreed_action,family_contact,evidence,office_holder,'
                'attendance_target,person}'),
            ('registers', '{registration,late_arrival}'),
            ('legal', '{penalty_notice,attendance_order,notice_to_improve,attendance_support}'),
            ('setup', '{local_authority,region,trust,school,school_feature,term_date,school_day,bank_holiday_change,'
                'registration_policy,authorised_person,return_arrangement,rule_setting,relevant_school,'
                'characteristic,backup_record,taken_over}'),
            ('benchmarks', '{benchmark_file,benchmark_row,benchmark_column,benchmark_alias,benchmark_long,'
                'benchmark_phase}'),
            ('law', '{regime,requirement,code_label,deletion_ground,leave_reason,penalty_framework,penalty_amount,'
                'relevant_school_type,order_length,suspension_limit,expectation}')) AS w (purpose, relations)
        CROSS JOIN LATERAL unnest(w.relations) AS k (relation)
        UNION ALL
        SELECT p.purpose, m.relation, 'SELECT' FROM made m
        CROSS JOIN (VALUES ('bi'), ('dashboard')) AS p (purpose)
        WHERE m.relation ~ '^(bi|fact)_' OR m.relation IN ('school', 'local_authority', 'region', 'trust', 'term_date',
            'school_day', 'enrolment_period', 'changing_enrolment', 'calendar_year', 'roll_line', 'opened_line',
            'unopened_roll', 'year_line', 'school_former', 'school_part', 'characteristic', 'register_identity')
        UNION ALL
        SELECT o.purpose, o.relation, o.privileges FROM office_rights() o
        UNION ALL
        SELECT p.purpose, m.relation, 'SELECT' FROM made m
        CROSS JOIN (VALUES ('reports'), ('audit')) AS p (purpose)
        WHERE p.purpose = 'audit' OR m.relation NOT IN (SELECT o.relation FROM proof o)
        UNION ALL
        SELECT p.purpose, v.relation, v.privileges FROM (VALUES ('reports'), ('audit')) AS p (purpose)
        CROSS JOIN (VALUES ('register_year', 'SELECT'), ('reading', 'INSERT')) AS v (relation, privileges);
    END;
COMMENT ON FUNCTION register_rights() IS
'The rights on the tables and views of a register by purpose: marks (to enter and read them), registers (that they '
'were taken, and by how much pupils were late), leave (to apply for it, grant and confirm it; suspensions), support '
'(to record contacts with families, cases, workers, offers of support, interventions, evidence, offices, targets, and '
'returns and notices that were sent), admission (to keep the admission register), legal (penalty notices, notices to '
'improve and orders), setup (schools, their calendars, who is authorised, what they settle for themselves), school '
'(the same of a school that there is), class (names of pupils), access (who has access), figures (no pupils), '
'benchmarks (to import published figures), law (to correct the rows of the law), bi (the views for BI) and dashboard, '
'which see nothing that tells who a pupil is, reports (to read all but the journal and what was disposed of), audit '
'(to read these, too), federation (what federated_answer() counts, and organisations). What a person enters is in one '
'of them; only the owner disposes of records. None is on a partition: row-level security of register_line does not '
'hold there. grant_register() grants them, and grant_access() those of a capacity';

CREATE FUNCTION grant_purpose(register name, role name, purpose text) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    own record;
BEGIN
    IF purpose NOT IN (SELECT r.purpose FROM @extschema@.register_rights() r) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = format('"%s" is not a purpose for which rights are granted: they are %s', purpose,
                (SELECT string_agg(DISTINCT r.purpose, ', ' ORDER BY r.purpose) FROM @extschema@.register_rights() r));
    END IF;
    PERFORM @extschema@.grant_types(role);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', register, role);
    FOR own IN
        SELECT r.relation, (
            -- of the columns those that a register of an earlier definition has
            SELECT string_agg(m.part[1] || CASE WHEN m.part[2] IS NULL THEN ''
                ELSE format(' (%s)', (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                    FROM pg_attribute a
                    WHERE a.attrelid = n.oid AND a.attname = ANY (regexp_split_to_array(m.part[2], ', ')))) END, ', ')
            FROM regexp_matches(r.privileges, '([A-Z]+)(?: \(([^)]*)\))?', 'g') AS m (part)) AS privileges
        FROM @extschema@.register_rights() r
        -- a register may be without reports
        CROSS JOIN LATERAL (SELECT to_regclass(format('%I.%I', register, r.relation)) AS oid) AS n
        WHERE r.purpose = grant_purpose.purpose AND n.oid IS NOT NULL
    LOOP
        EXECUTE format('GRANT %s ON %I.%I TO %I', own.privileges, register, own.relation, role);
    END LOOP;
END
$$;
COMMENT ON FUNCTION grant_purpose(name, name, text) IS
'Internal: for grant_register() and grant_access(): grants a role the rights of register_rights() for a purpose. No '
'effect for NULL; 42704 if there is no such role, 22023 for another purpose';

CREATE FUNCTION grant_register(register name, role name, purpose text) RETURNS void
    LANGUAGE plpgsql VOLATILE STRICT PARALLEL UNSAFE
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.need_register(register), @extschema@.grant_purpose(register, role, purpose),
        @extschema@.show_all(register, role);
END
$$;
COMMENT ON FUNCTION grant_register(name, name, text) IS
'Grants a role what it needs in a register for a purpose, see register_rights(), at all schools: for programs and '
'offices of the whole register; who belongs to a school, a trust or an authority has grant_access(). The caller owns '
'the register or is a member of its owner. What a register without reports has not is left out: call it again when '
'they were added. Other rights of the role stay; DROP OWNED BY takes all of them back. The first for a role waits for '
'all who read or write in the register. No effect for NULL; 3F000 if there is no such register, 42704 if there is no '
'such role, 22023 for another purpose, and for a role that has a capacity';
