-- The register r that the tests test/pgtap/register_*.sql work on, and their helpers.
--
-- School 100001 keeps Monday to Friday, 100002 to Saturday, 100003 every day, 100004 none.
-- 100001 is closed on Wednesday 3 September 2025 (INSET), and in the afternoon of Friday the 5th.
SET client_min_messages = warning;
SET search_path = public, attendance;
-- tools/run-test gives a test a copy of a database that has it
SELECT to_regnamespace('r') IS NOT NULL AS there \gset
\if :there
\q
\endif

SELECT create_register('r') \g /dev/null
SELECT add_academic_year('r', year) FROM generate_series(2024, 2025) AS year \g /dev/null

CREATE FUNCTION make_upn(n bigint) RETURNS text LANGUAGE sql
RETURN (SELECT upn FROM generate_series(65, 90) AS letter,
            LATERAL (SELECT chr(letter) || '380' || lpad(n::text, 9, '0')) AS u (upn)
        WHERE upn_is_valid(upn) LIMIT 1);

-- Schools, pupils and enrolments, for any register.
CREATE FUNCTION fill_register(register name) RETURNS void LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    PERFORM set_config('search_path', quote_ident(register) || ', attendance, public', true);
    INSERT INTO region VALUES ('E12000003', 'Yorkshire and The Humber');
    INSERT INTO local_authority VALUES (380, 'E08000032', 'Bradford', 'E12000003');
    INSERT INTO school (urn, name, phase, type, la_number)
    SELECT urn, 'School ' || urn, 'Primary', 'Local authority maintained schools', 380 FROM generate_series(100001, 100004) AS urn;
    -- these tests are about how marks come in; law.sql and others are about what marks need
    INSERT INTO rule_setting
    SELECT urn, rule, 'record', 'test', 'test' FROM generate_series(100001, 100004) AS urn,
        unnest(ARRAY['unsigned amendment', 'leave', 'nature', 'other school', 'school age', 'study leave',
            'part-time timetable', 'licence', 'prospective pupil', 'code not yet in force', 'support first']) AS rule;
    INSERT INTO pupil (pupil_id, upn, surname, forename, date_of_birth)
    SELECT id, CASE WHEN id <> 23 THEN public.make_upn(id) END, 'Surname ' || id, 'Forename', '2015-03-01'
    FROM generate_series(1, 27) AS id;
    -- 21 moves, 22 leaves and rejoins, 25 has left
    INSERT INTO enrolment (school_urn, pupil_id, start_date, end_date, deletion_ground, next_school, deleted_at)
    SELECT school, pupil, first_day, last_day, 'A', 'Other School', last_day + time '16:00'
    FROM (VALUES (100001, 21, date '2025-09-01', date '2025-10-17'), (100001, 22, '2025-09-01', '2025-10-10'),
                 (100001, 25, '2024-09-01', '2025-07-18')) AS v (school, pupil, first_day, last_day);
    INSERT INTO enrolment (school_urn, pupil_id, start_date)
    VALUES (100002, 21, '2025-10-20'), (100001, 22, '2025-11-03'),
           (100001, 23, '2025-09-01'), -- has no UPN; 24 is nowhere
           (100003, 26, '2025-09-01'), (100001, 27, '2022-09-01');
    INSERT INTO enrolment (school_urn, pupil_id, start_date)
    SELECT 100001, id, '2024-09-01' FROM generate_series(1, 10) AS id;
    INSERT INTO enrolment (school_urn, pupil_id, start_date)
    SELECT 100002, id, '2025-09-01' FROM generate_series(11, 20) AS id;
    INSERT INTO term_date (school_urn, academic_year, term, half, first_day, last_day)
    SELECT urn, year, 'Autumn', 1, make_date(year, 9, 3), make_date(year, 10, 24)
    FROM generate_series(100001, 100003) AS urn, generate_series(2024, 2025) AS year
    UNION ALL
    SELECT urn, 2025, 'Autumn', 2, date '2025-11-03', date '2025-12-19' FROM generate_series(100001, 100003) AS urn;
    INSERT INTO school_day (school_urn, day, morning, afternoon, closure)
    VALUES (100001, '2025-09-03', false, false, 'INSET'), (100001, '2025-09-05', true, false, 'open evening');
    PERFORM attendance.build_calendar(register, urn, year, weekdays)
    FROM (VALUES (100001, '{1,2,3,4,5}'::int[]), (100002, '{1,2,3,4,5,6}'), (100003, '{1,2,3,4,5,6,7}'))
             AS s (urn, weekdays), generate_series(2024, 2025) AS year;
END
$$;
SELECT fill_register('r') \g /dev/null

-- Everything that a test could change without meaning to.
CREATE FUNCTION contents(register name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    lines text;
    days text;
BEGIN
    EXECUTE format('SELECT string_agg(l::text, E''\n'' ORDER BY l::text) FROM %I.register_line l', register) INTO lines;
    EXECUTE format('SELECT md5(string_agg(d::text, E''\n'' ORDER BY d::text)) FROM %I.school_day d', register) INTO days;
    RETURN concat_ws(E'\n', lines, days);
END
$$;

-- The marks of the register, written out and counted without the view mark.
CREATE FUNCTION recount(register name) RETURNS TABLE (marks bigint, outside bigint) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT count(*), count(*) FILTER (WHERE d.day IS NULL
            OR NOT CASE WHEN m.session = 'AM' THEN d.morning ELSE d.afternoon END AND m.mark::text <> '#')
        FROM %1$I.register_line l CROSS JOIN LATERAL attendance.marks(l.marks) AS m
        LEFT JOIN %1$I.school_day d ON d.school_urn = l.school_urn AND d.day = m.day
        $q$, register);
END
$$;

-- Whether the fields of an error name the rule that is broken, and a table and column that there are.
CREATE FUNCTION names_its_rule(state text, rule text, register text, relation text, of_column text) RETURNS boolean LANGUAGE sql
RETURN EXISTS (SELECT FROM attendance.register_rules() r WHERE r.rule = names_its_rule.rule AND r.sqlstate = state)
    AND to_regclass(format('%I.%I', register, relation)) IS NOT NULL
    AND (of_column = '' OR EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = to_regclass(format('%I.%I', register, relation)) AND a.attname = of_column));

-- What a command says, and whether it left anything behind when it was refused.  What it does is
-- undone, unless it is to be kept.
CREATE FUNCTION outcome(command text, keep boolean DEFAULT false) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before text := contents('r');
    state text;
    message text;
    rule text;
    register text;
    relation text;
    of_column text;
BEGIN
    BEGIN
        EXECUTE command;
        IF keep THEN
            RETURN 'accepted';
        END IF;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, rule = CONSTRAINT_NAME,
            register = SCHEMA_NAME, relation = TABLE_NAME, of_column = COLUMN_NAME;
    END;
    RETURN CASE WHEN state = 'ZZ000' THEN 'accepted' ELSE format('%s: %s', state, message) END ||
        CASE WHEN state LIKE 'AT%' AND NOT names_its_rule(state, rule, register, relation, of_column) THEN ' (and it does not name its rule)' ELSE '' END ||
        CASE WHEN contents('r') <> before THEN ' (and the register is changed)' ELSE '' END;
END
$$;

CREATE FUNCTION refused(command text, wanted text, description text) RETURNS text LANGUAGE sql
RETURN is(outcome(command), wanted, description);

CREATE FUNCTION accepted(command text, description text) RETURNS text LANGUAGE sql
RETURN is(outcome(command, true), 'accepted', description);

-- The marks that stand, as one text: 'PUPIL DAY SESSION MARK', those of a pupil or of all.
CREATE FUNCTION standing(pupil bigint DEFAULT NULL, register name DEFAULT 'r') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format($q$
        SELECT coalesce(string_agg(format('%%s %%s %%s %%s %%s', school_urn, pupil_id, day, session, mark), ', '
                                   ORDER BY pupil_id, day, session, school_urn), '')
        FROM %I.mark WHERE $1 IS NULL OR pupil_id = $1
        $q$, register) INTO result USING pupil;
    RETURN result;
END
$$;

CREATE FUNCTION enter(pupil bigint, day date, session text, mark text, school int DEFAULT 100001) RETURNS text LANGUAGE sql
RETURN format('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (%s, %s, %L, %L, %L)',
              school, pupil, day, session, mark);
