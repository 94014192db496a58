-- A register may have any name that a schema may have: it is made, filled, read, checked and dropped.
\ir register/fixture.sql
CREATE EXTENSION dblink SCHEMA public;
SELECT * FROM no_plan();

CREATE TABLE named AS SELECT name::name FROM (VALUES ('School Register'), ('d'), ('l'), ('dance'), ('ttendance'), ('O''Brien'), ('say "aye"'), ('Épée ☃'), ('100%'),
    ('%I'), ('$register$'), ('\'), ('@'), ('a.b'), ('select'), ('2025'), ('mark'), (repeat('x', 63)), (repeat('é', 31)), (repeat('"', 63)), (' '), (E'new\nline')) AS v (name);
CREATE FUNCTION lifecycle(register name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    step text;
    result text;
BEGIN
    step := 'create'; PERFORM create_register(register), add_academic_year(register, 2025), add_academic_year(register, 2024);
    step := 'fill'; PERFORM fill_register(register);
    step := 'enter'; EXECUTE format($q$INSERT INTO %I.mark (school_urn, pupil_id, day, session, mark)
        VALUES (100001, 1, '2025-09-08', 'AM', '/'), (100001, 2, '2025-09-08', 'AM', 'I')$q$, register);
    step := 'feed'; EXECUTE format($q$INSERT INTO %I.mark_feed (school_urn, upn, day, session, mark) VALUES (100001, make_upn(1), '2025-09-08', 'AM', 'L')$q$, register);
    step := 'calendar'; BEGIN
        EXECUTE format('DELETE FROM %I.school_day', register);
        RETURN 'the calendar goes';
    EXCEPTION WHEN SQLSTATE 'AT002' THEN
    END;
    step := 'read'; IF standing(register => register) <> '100001 1 2025-09-08 AM L, 100001 2 2025-09-08 AM I' THEN
        RETURN standing(register => register);
    END IF;
    step := 'remove'; BEGIN
        EXECUTE format('DELETE FROM %I.register_line', register);
        RETURN 'the lines go';
    EXCEPTION WHEN SQLSTATE 'AT020' THEN
    END;
    step := 'dispose'; BEGIN
        EXECUTE format('SELECT %I.dispose(100001, 2025, ''A'', ''B'', ''C'')', register);
        RETURN 'the year is disposed of';
    EXCEPTION WHEN SQLSTATE 'AT023' THEN
    END;
    step := 'history'; EXECUTE format($q$
        SELECT concat_ws(', ', (SELECT count(*) FROM %1$I.amendment), (SELECT count(*) FROM %1$I.breach WHERE rule = 'unsigned amendment'),
            (SELECT count(*) FROM %1$I.verify_journal((SELECT array_agg(digest) FROM %1$I.journal_digest()))),
            (SELECT count(*) FROM %1$I.register_as_at(clock_timestamp()) a JOIN %1$I.register_line l USING (school_urn, academic_year, pupil_id, marks)),
            (SELECT count(*) FROM %1$I.disposal_due() WHERE school_urn = 100001 AND kind = 'marks' AND last_entered_at > '2020-01-01' AND NOT due))
        $q$, register) INTO result;
    IF result <> '1, 1, 0, 2, 1' THEN
        RETURN 'history: ' || result;
    END IF;
    step := 'partition'; BEGIN
        EXECUTE format('DROP TABLE %I.register_line_2025', register);
        RETURN 'the year is dropped';
    EXCEPTION WHEN dependent_objects_still_exist THEN
    END;
    step := 'check'; PERFORM upgrade_register(register);
    step := 'drop'; BEGIN
        PERFORM drop_register(register);
        RETURN 'it is dropped with marks';
    EXCEPTION WHEN object_in_use THEN
        PERFORM drop_register(register, true);
    END;
    IF register_exists(register) THEN
        RETURN 'is still there';
    END IF;
    -- undone
    RAISE EXCEPTION USING ERRCODE = 'ZZ000';
EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
    RETURN 'all well';
WHEN OTHERS THEN
    RETURN format('%s: %s', step, SQLERRM);
END
$$;
-- Each in a session of its own: one that has made many registers gets slower and slower.
SELECT is(lived.result, 'all well', format('a register named %s', quote_literal(name)))
FROM named, dblink(format('dbname=%s host=%s port=%s user=%s options=''-c search_path=public,attendance -c client_min_messages=warning''', current_database(),
    split_part(current_setting('unix_socket_directories'), ',', 1), current_setting('port'), current_user),
    format('SELECT lifecycle(%L)', name)) AS lived (result text);
SELECT * FROM finish();
