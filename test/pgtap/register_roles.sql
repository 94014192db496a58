-- Who may do what: an owner who is no superuser, a clerk with the least set of rights, a reader, and
-- somebody without any.
\ir register/fixture.sql
SELECT drop_register('r') \g /dev/null
SELECT * FROM no_plan();
CREATE ROLE register_owner;
CREATE ROLE register_clerk;
CREATE ROLE register_reader;
CREATE ROLE register_outsider;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;

CREATE FUNCTION as_role(role name, command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text := 'accepted';
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        EXECUTE command;
    EXCEPTION WHEN OTHERS THEN
        result := SQLSTATE;
    END;
    RESET ROLE;
    RETURN result;
END
$$;

-- ---------- the owner ----------

SELECT is(as_role('register_owner', 'SELECT attendance.create_register(''r'')'), '42501', 'a register needs the right to create schemas');
SELECT format('GRANT CREATE ON DATABASE %I TO register_owner', current_database()) \gexec
SELECT is(as_role('register_owner', 'SELECT attendance.create_register(''r'')'), '42501', 'and to use that of the extension');
GRANT USAGE ON SCHEMA attendance TO register_owner;
SELECT is(as_role('register_owner', command), 'accepted', 'the owner: ' || command) FROM (VALUES
    ('SELECT create_register(''r'')'), ('SELECT add_academic_year(''r'', 2024), add_academic_year(''r'', 2025)'),
    ('SELECT fill_register(''r'')'),
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, ''2025-09-08'', ''AM'', ''/'')'),
    ('UPDATE r.mark SET mark = ''L'''), ('INSERT INTO r.mark_feed SELECT * FROM r.mark_feed'), ('SELECT * FROM check_register(''r'')'),
    ('SELECT upgrade_register(''r'')'), ('SELECT * FROM r.unmarked_session')) AS v (command);
SELECT is((SELECT array_agg(DISTINCT relowner::regrole::text) FROM pg_class WHERE relnamespace = 'r'::regnamespace), '{register_owner}', 'owns all of it');

-- ---------- the others ----------

INSERT INTO r.pupil (pupil_id, former_upn, surname, forename, date_of_birth) VALUES (900, make_upn(900), 'Former', 'F', '2015-01-01');
INSERT INTO r.enrolment (school_urn, pupil_id, start_date) VALUES (100001, 900, '2025-09-01');

CREATE TEMP TABLE attempt (n int GENERATED ALWAYS AS IDENTITY, name text, command text);
INSERT INTO attempt (name, command) VALUES
    ('read', 'SELECT * FROM r.mark'),
    ('read the feed', 'SELECT * FROM r.mark_feed'),
    ('read lines', 'SELECT marks FROM r.register_line'),
    ('enter by pupil', 'INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, ''2025-09-08'', ''AM'', ''/'')'),
    ('enter by UPN', format('INSERT INTO r.mark (school_urn, upn, day, session, mark) VALUES (100001, %L, ''2025-09-08'', ''AM'', ''/'')', make_upn(3))),
    ('enter by former UPN', format('INSERT INTO r.mark (school_urn, upn, day, session, mark) VALUES (100001, %L, ''2025-09-08'', ''AM'', ''/'')', make_upn(900))),
    ('enter again', 'INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, ''2025-09-08'', ''PM'', ''/'')'),
    ('COPY', 'COPY r.mark (school_urn, pupil_id, day, session, mark) FROM STDIN'),
    ('amend', 'UPDATE r.mark SET mark = ''I'' WHERE pupil_id = 1'),
    ('feed', 'INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 4, ''2025-09-08'', ''AM'', ''/'')'),
    ('enter with a nature', 'INSERT INTO r.mark (school_urn, pupil_id, day, session, mark, nature) VALUES (100001, 5, ''2025-09-08'', ''AM'', ''V'', ''museum'')'),
    ('sign', 'UPDATE r.mark SET mark = ''I'', entered_by = ''A Clerk'', title = ''Clerk'', reason = ''phoned'' WHERE pupil_id = 1'),
    -- decided by the register's calendar, which the writer need not see
    ('enter on a closed day', 'INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, ''2025-09-03'', ''AM'', ''/'')'),
    ('read the journal', 'SELECT * FROM r.journal'),
    ('write the journal', 'INSERT INTO r.journal SELECT * FROM r.journal'),
    ('delete the journal', 'DELETE FROM r.journal'),
    ('set a rule', 'UPDATE r.rule_setting SET action = ''record'''),
    ('dispose', 'SELECT r.dispose(100001, 2025, ''A'', ''B'', ''C'')'),
    ('erase', 'DELETE FROM r.mark WHERE pupil_id = 1'),
    ('change the calendar', 'UPDATE r.school_day SET closure = ''x'' WHERE day = ''2025-09-08'''),
    ('delete lines', 'DELETE FROM r.register_line'),
    ('add a year', 'SELECT attendance.add_academic_year(''r'', 2026)'),
    ('drop', 'SELECT attendance.drop_register(''r'', true)');
GRANT SELECT ON attempt TO PUBLIC;
DELETE FROM attempt WHERE name = 'COPY';

-- What a role may do: the names of the attempts that are accepted, each undone.
CREATE FUNCTION allowed(role name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    a record;
    state text;
    result text := '';
BEGIN
    FOR a IN SELECT * FROM attempt ORDER BY n LOOP
        BEGIN
            state := as_role(role, a.command);
            RAISE EXCEPTION USING ERRCODE = 'ZZ000';
        EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
            result := concat_ws(', ', NULLIF(result, ''), CASE state WHEN 'accepted' THEN a.name WHEN '42501' THEN NULL ELSE a.name || ' ' || state END);
        END;
    END LOOP;
    RETURN result;
END
$$;

SELECT is(allowed('register_outsider'), '', 'an outsider may do nothing');
GRANT USAGE ON SCHEMA r TO register_reader, register_outsider;
SELECT is(allowed('register_outsider'), '', 'nor with the schema alone');
GRANT SELECT ON r.mark TO register_reader;
SELECT show_all('r', 'register_reader') \g /dev/null
SELECT is(allowed('register_reader'), '', 'nor with the view alone, which has the rights of whoever asks');
-- told from the catalogue: a table that is new is entered for a purpose, or written by the register itself, or by its owner who disposes of records
SELECT is((SELECT string_agg(c.relname, ', ' ORDER BY c.relname) FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND NOT EXISTS (SELECT FROM attendance.register_rights() g WHERE g.relation = c.relname AND g.privileges ~ 'INSERT')),
    'capacity, contact_former, disposal, disposal_item, enrolment_former, journal, journal_head, register_identity, school_former', 'what a person enters is entered for a purpose');
SELECT is_empty($$ SELECT g.relation FROM attendance.register_rights() g WHERE to_regclass(format('r.%I', g.relation)) IS NULL $$, 'rights are on what there is');
GRANT SELECT (school_urn, academic_year, pupil_id, marks) ON r.register_line TO register_reader;
GRANT SELECT (school_urn, academic_year, day) ON r.school_day TO register_reader;
GRANT SELECT (pupil_id, upn, former_upn) ON r.pupil TO register_reader;
SELECT is(allowed('register_reader'), 'read, read lines', 'a reader reads marks, and nothing else');

SELECT is(as_role('register_clerk', 'SELECT attendance.grant_register(''r'', ''register_clerk'', ''marks'')'), '42501', 'nobody grants himself rights');
SELECT is(as_role('register_owner', 'SELECT attendance.grant_register(''r'', ''register_clerk'', ''marks'')'), '42501', 'nor can the owner open the schema of the extension, which is another''s');
GRANT USAGE ON SCHEMA attendance TO register_clerk; -- whose types the sessions of a nature are
SELECT is(as_role('register_owner', 'SELECT attendance.grant_register(''r'', ''register_clerk'', ''marks'')'), 'accepted', 'its owner does');
SELECT is(allowed('register_clerk'), 'read, read the feed, read lines, enter by pupil, enter by UPN, enter by former UPN, enter again, amend, feed, enter with a nature, sign, enter on a closed day AT002', 'a clerk');
SELECT is(as_role('register_clerk', 'SELECT count(*) FROM r.unmarked_session'), 'accepted', 'and what has no mark yet');
-- what is for reading that alone, and each of which is needed for it
CREATE TEMP TABLE for_unmarked (right_name text);
INSERT INTO for_unmarked SELECT 'SELECT ON r.' || unnest('{unmarked_session,year_line,roll_line,opened_line,unopened_roll,calendar_year,changing_enrolment,enrolment_period}'::text[]);
INSERT INTO for_unmarked SELECT format('%s (%I) ON r.%I', privilege_type, column_name, table_name) FROM information_schema.column_privileges
WHERE grantee = 'register_clerk' AND table_schema = 'r' AND (table_name = 'enrolment_former' OR (table_name, column_name, privilege_type) IN (
    ('register_line', 'enrolment_start', 'SELECT'), ('register_line', 'line_key', 'SELECT'), ('register_line', 'enrolment_end', 'SELECT'),
    ('register_line', 'is_counted', 'SELECT'), ('register_line', 'year_group', 'SELECT'), ('register_line', 'registration_group', 'SELECT'),
    ('pupil', 'pupil_key', 'SELECT'), ('school', 'urn', 'SELECT'),
    ('enrolment', 'boarder', 'SELECT'), ('enrolment', 'status', 'SELECT'), ('enrolment', 'year_group', 'SELECT'), ('enrolment', 'registration_group', 'SELECT'),
    ('school_day', 'morning', 'SELECT'), ('school_day', 'afternoon', 'SELECT')));
CREATE FUNCTION unmarked_without(right_name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    BEGIN
        EXECUTE format('REVOKE %s FROM register_clerk', right_name);
        result := as_role('register_clerk', 'SELECT count(*) FROM r.unmarked_session');
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN result;
    END;
END
$$;
SELECT is(unmarked_without(right_name), '42501', right_name || ' is needed') FROM for_unmarked;
SELECT format('REVOKE %s FROM register_clerk', right_name) FROM for_unmarked \gexec
SELECT is(allowed('register_clerk'), 'read, read the feed, read lines, enter by pupil, enter by UPN, enter by former UPN, enter again, amend, feed, enter with a nature, sign, enter on a closed day AT002', 'without them, too');

-- It is the least: without any one of these rights something is refused.
CREATE TEMP TABLE needed (right_name text);
INSERT INTO needed VALUES ('USAGE ON SCHEMA r'), ('USAGE ON SCHEMA attendance'), ('SELECT ON r.mark'), ('INSERT ON r.mark'), ('UPDATE ON r.mark'), ('INSERT ON r.mark_feed'), ('SELECT ON r.mark_feed');
INSERT INTO needed SELECT format('%s (%I) ON r.%I', privilege_type, column_name, table_name) FROM information_schema.column_privileges
WHERE grantee = 'register_clerk' AND table_schema = 'r' AND table_name NOT IN ('mark', 'mark_feed');
SELECT is((SELECT count(*) FROM needed), 7 + 4 + 3 + 4 + 5 + 4 + 3 + 3::bigint, 'all of a clerk''s rights');
CREATE FUNCTION without(right_name text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    BEGIN
        EXECUTE format('REVOKE %s FROM register_clerk', right_name);
        result := allowed('register_clerk');
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN result;
    END;
END
$$;
SELECT isnt(without(right_name), allowed('register_clerk'), right_name || ' is needed') FROM needed;

-- Row security of the user's counts: it is the clerk who writes.
SET ROLE register_owner;
CREATE POLICY one_school ON r.register_line AS RESTRICTIVE TO register_clerk USING (school_urn = 100002) WITH CHECK (school_urn = 100002);
RESET ROLE;
SELECT is(as_role('register_clerk', 'INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, ''2025-09-09'', ''AM'', ''/'')'), '42501', 'row security refuses to enter');
SELECT is(as_role('register_clerk', 'UPDATE r.mark SET mark = ''U'' WHERE school_urn = 100001'), 'accepted', 'what is not seen is not amended');
SELECT is(standing(), '100001 1 2025-09-08 AM L', 'it is as it was');
SELECT is(as_role('register_clerk', 'INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100002, 11, ''2025-09-09'', ''AM'', ''/'')'),
          'accepted', 'and lets the rest through');
SELECT results_eq('SELECT * FROM recount(''r'')', 'VALUES (2::bigint, 0::bigint)', 'which is all that was entered');
SELECT is((SELECT array_agg(DISTINCT kind) FROM r.journal WHERE school_urn = 100002 AND entry_id = (SELECT max(entry_id) FROM r.journal)), '{marks}',
          'and in the journal, on which the clerk has no right');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'whose chain is whole');
SET ROLE register_owner;
SELECT attendance.drop_register('r', true) \g /dev/null
RESET ROLE;

-- ---------- a register of a role that cannot log in ----------

CREATE ROLE register_roles_keeper;
CREATE ROLE register_roles_login LOGIN;
CREATE ROLE register_roles_manager CREATEROLE;
CREATE ROLE register_roles_stranger;
SELECT format('GRANT CREATE ON DATABASE %I TO register_roles_manager, register_roles_stranger', current_database()) \gexec
GRANT USAGE ON SCHEMA attendance TO register_roles_manager WITH GRANT OPTION;
GRANT USAGE ON SCHEMA attendance TO register_roles_stranger;
SELECT lives_ok('SELECT create_register(NULL), create_register(NULL, ''register_roles_keeper''), give_register(NULL, ''x''), give_register(''x'', NULL)', 'NULL does nothing');
SELECT is((SELECT count(*) FROM pg_roles WHERE rolname = 'x'), 0::bigint, 'nor makes a role');
SELECT throws_ok('SELECT create_register(''k'', ''register_roles_login'')', '22023',
    'role "register_roles_login" can log in: a register is given to a role that cannot, so that nobody works as its owner', 'the owner cannot log in');
SELECT throws_ok('SELECT give_register(''public'', ''register_roles_keeper'')', '3F000', 'schema "public" is not a register');
-- everything in a schema, and partitions elsewhere
CREATE FUNCTION owners(register name) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(DISTINCT pg_get_userbyid(owner), ', ') FROM (
    SELECT nspowner FROM pg_namespace WHERE nspname = register
    UNION SELECT relowner FROM pg_class WHERE relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = register)
    UNION SELECT c.relowner FROM pg_partition_tree(format('%I.register_line', register)::regclass) JOIN pg_class c ON c.oid = relid
    UNION SELECT proowner FROM pg_proc WHERE pronamespace = (SELECT oid FROM pg_namespace WHERE nspname = register)) AS o (owner));
SELECT is(as_role('register_roles_stranger', 'SELECT create_register(''k'', ''register_roles_keeper'')'), '42501', 'whose owner may not use the extension');
GRANT USAGE ON SCHEMA attendance TO register_roles_keeper;
SELECT is(as_role('register_roles_stranger', 'SELECT create_register(''k'', ''register_roles_keeper'')'), '42501', 'who is not a member of the owner');
SELECT is(as_role('register_roles_stranger', 'SELECT create_register(''k'', ''register_roles_new'')'), '42501', 'or may not create it');
SELECT lives_ok('SELECT create_register(''k'', ''register_roles_keeper''), add_academic_year(''k'', 2025), fill_register(''k'')', 'a superuser makes it');
SELECT is(owners('k'), 'register_roles_keeper', 'all of it is the owner''s');
SELECT is_empty('SELECT * FROM check_register(''k'')', 'and as it should be');
SELECT is(as_role('register_roles_stranger', command), '42501', 'a stranger: ' || command) FROM (VALUES ('SELECT add_academic_year(''k'', 2024)'),
    ('SELECT give_register(''k'', ''register_roles_stranger'')'), ('SELECT build_register_year(''k'')'), ('SELECT drop_register(''k'')')) AS v (command);
GRANT register_roles_keeper TO register_roles_stranger;
SELECT is(as_role('register_roles_stranger', command), 'accepted', 'a member: ' || command) FROM (VALUES ('SELECT add_academic_year(''k'', 2024)'),
    ('SELECT build_register_year(''k'')'), ('SELECT * FROM check_register(''k'')'),
    ('INSERT INTO k.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, ''2025-09-08'', ''AM'', ''/'')'),
    ('SELECT * FROM k.verify_journal()')) AS v (command);
SELECT is(owners('k'), 'register_roles_keeper', 'the new year, too');
SELECT is_empty('SELECT * FROM check_register(''k'')', 'still as it should be');
SELECT is(as_role('register_roles_stranger', 'SELECT drop_register(''k'', true)'), 'accepted', 'a member drops it');
SELECT is(as_role('register_roles_manager', 'SELECT create_register(''k'', ''register_roles_new''), add_academic_year(''k'', 2025)'), 'accepted',
          'with CREATEROLE the owner need not exist');
SELECT is(owners('k'), 'register_roles_new', 'it does then');
SELECT is((SELECT format('%s %s', rolcanlogin, pg_has_role('register_roles_manager', oid, 'USAGE')) FROM pg_roles WHERE rolname = 'register_roles_new'), 'f t',
          'and cannot log in; who made it is a member');
SELECT drop_register('k') \g /dev/null
-- an owner without a login is advised, not asked for
SELECT create_register('k') \g /dev/null
SELECT add_academic_year('k', 2025) \g /dev/null
CREATE SCHEMA register_roles_elsewhere;
ALTER TABLE k.register_line_2025 SET SCHEMA register_roles_elsewhere;
GRANT CREATE ON SCHEMA register_roles_elsewhere TO register_roles_keeper;
SELECT lives_ok('SELECT give_register(''k'', ''register_roles_keeper'')', 'given later');
SELECT is(owners('k'), 'register_roles_keeper', 'with a partition that is elsewhere');
SELECT drop_register('k') \g /dev/null

-- ---------- BI tools and the dashboard ----------

SELECT create_register('d'), add_academic_year('d', 2024), add_academic_year('d', 2025), fill_register('d') \g /dev/null
INSERT INTO d.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, '2025-09-08', 'AM', '/');
CREATE ROLE register_roles_bi;
CREATE ROLE register_roles_dashboard;
SELECT grant_register('d', 'register_roles_bi', 'bi'), grant_register('d', 'register_roles_dashboard', 'dashboard') \g /dev/null
SELECT is(as_role('register_roles_' || p.purpose, format('SELECT count(*) FROM d.%I', c.relname)), 'accepted', format('%s reads %s', p.purpose, c.relname))
FROM pg_class c, (VALUES ('bi'), ('dashboard')) AS p (purpose) WHERE c.relnamespace = 'd'::regnamespace AND c.relkind = 'v' AND c.relname ~ '^(bi|fact)_' ORDER BY c.relname, p.purpose;
SELECT is(as_role('register_roles_dashboard', command), 'accepted', 'the dashboard: ' || command) FROM (VALUES ('SELECT count(*) FROM d.report_line(''2025/26'')'),
    ('SELECT count(*) FROM d.report_line(''2025/26'', ''current roll'')'), ('SELECT count(*) FROM d.cohorts(''2025/26'')'), ('SELECT count(*) FROM d.headline(''2025/26'')'),
    ('SELECT count(*) FROM d.school_comparison(''2025/26'')'), ('SELECT count(*) FROM d.weekly_trend(''2025/26'')')) AS v (command);
SELECT is(as_role('register_roles_dashboard', 'SELECT * FROM d.journal'), '42501', 'but no journal');
SELECT drop_register('d', true) \g /dev/null

-- ---------- an owner of a database makes it all ----------

SET client_min_messages = error;
DROP EXTENSION attendance CASCADE;
GRANT CREATE ON SCHEMA attendance TO register_owner;
SET ROLE register_owner;
SELECT lives_ok('CREATE EXTENSION attendance SCHEMA attendance', 'the extension is trusted');
SELECT lives_ok('SELECT attendance.create_register(''own''), attendance.add_academic_year(''own'', 2025)', 'and the register is made');
SELECT is_empty('SELECT * FROM attendance.check_register(''own'')', 'as it should be');
RESET ROLE;
SELECT * FROM finish();
