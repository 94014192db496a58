-- A register that the first definition made becomes one of this version: upgrade_register.
SET jit = off;
BEGIN;
\ir register/fixture.sql
\ir register/catalogue.sql
ALTER SCHEMA r RENAME TO fresh;
SELECT * FROM no_plan();
CREATE ROLE upgrade_owner NOLOGIN;
CREATE ROLE upgrade_bi NOLOGIN;
CREATE ROLE upgrade_reader NOLOGIN;
CREATE ROLE upgrade_clerk NOLOGIN;
CREATE ROLE upgrade_analyst NOLOGIN;
CREATE ROLE upgrade_member NOLOGIN IN ROLE upgrade_owner;
CREATE ROLE upgrade_stranger NOLOGIN;
GRANT USAGE ON SCHEMA attendance, public TO upgrade_stranger, upgrade_analyst, upgrade_member;

-- ---------- a register of the first definition, filled ----------

\set definition `gzip -dc test/upgrade/definition-1.sql.gz`
CREATE FUNCTION make_first(register name, definition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE SCHEMA %I', register);
    PERFORM set_config('search_path', format('%I, attendance, pg_temp', register), true);
    EXECUTE definition;
    PERFORM set_config('search_path', 'public, attendance', true);
    EXECUTE format('COMMENT ON SCHEMA %I IS %L', register, obj_description('fresh'::regnamespace, 'pg_namespace'));
    PERFORM give_register(register, 'upgrade_owner');
END
$$;
SELECT make_first('upgraded', :'definition'), give_register('fresh', 'upgrade_owner') \g /dev/null
SELECT add_academic_year('upgraded', year) FROM generate_series(2024, 2025) AS year \g /dev/null
SELECT fill_register('upgraded') \g /dev/null
INSERT INTO upgraded.mark (school_urn, pupil_id, day, session, mark)
SELECT 100001, p, d.day, s.session, (ARRAY['/', 'I', 'N', 'L'])[1 + (p + d.day - date '2025-09-01') % 4]
FROM generate_series(1, 10) p, upgraded.school_day d, (VALUES ('AM'), ('PM')) AS s (session)
WHERE d.school_urn = 100001 AND d.day BETWEEN '2025-09-08' AND '2025-09-19';
UPDATE upgraded.mark SET mark = 'M', entered_by = 'Jo Smith', title = 'Clerk', reason = 'dentist' WHERE pupil_id = 3 AND mark = 'I';
INSERT INTO upgraded.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01');
INSERT INTO upgraded.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (1, 1, 'Parent', true, true);
INSERT INTO upgraded.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, circumstances, contact_id, applicant, received_at)
VALUES (100001, 1, 'C', '{[2025-09-22 AM,2025-09-23 PM]}', 'exceptional circumstances', 'x', 1, 'Parent', '2025-09-01 08:00');
SELECT upgraded.grant_leave(leave_id, 'A Head', '2025-09-02 08:00', fill => true) FROM upgraded.leave_of_absence \g /dev/null
SELECT * FROM upgraded.import_benchmark(E'time_period,time_identifier,geographic_level,school_type,sess_overall_percent\n202425,Academic year,National,Total,6.9\n', 'Figures') \g /dev/null
INSERT INTO upgraded.intervention (school_urn, name) VALUES (100001, 'Breakfast club');
-- steps that the first definition let in: an order of three years, two notices for the same two absences, and support with nobody's parent
INSERT INTO upgraded.contact (contact_id, pupil_id, full_name, is_parent) VALUES (2, 2, 'Aunt', false);
INSERT INTO upgraded.attendance_support (support_id, school_urn, pupil_id, contact_id, kind, offered_on, accepted, from_day, to_day, description)
VALUES (1, 100001, 1, 1, 'education supervision order', '2023-01-09', true, '2023-01-16', '2026-01-15', 'x'), (2, 100001, 1, 2, 'voluntary support', '2025-09-08', false, NULL, NULL, 'x');
INSERT INTO upgraded.notice_to_improve (improve_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by, support, target, from_day, to_day)
VALUES (1, 100001, 1, 1, '{[2025-09-08 AM,2025-09-13 AM)}', '2025-09-15', 'Kim Oak', 'Contract', 'x', '2025-09-16', '2025-10-10');
ALTER TABLE upgraded.penalty_notice DISABLE TRIGGER guard_penalty_notice;
INSERT INTO upgraded.penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, step, issued_on, issued_by)
SELECT n, 100003, 1, 1, '{[2025-09-08 AM,2025-09-13 AM)}', 1, '2025-09-22', 'Kim Oak' FROM generate_series(1, 2) AS n;
ALTER TABLE upgraded.penalty_notice ENABLE TRIGGER guard_penalty_notice;
INSERT INTO upgraded.late_arrival VALUES (100001, 1, '2025-09-08 AM', 12);
INSERT INTO upgraded.school_feature VALUES (100001, 'rural', 1, 'x');

-- All rows of the tables of the first definition, with its columns.
CREATE TABLE first_column AS SELECT c.relname, array_agg(a.attname::text) AS columns FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'upgraded'::regnamespace AND c.relkind IN ('r', 'p') GROUP BY c.relname;
GRANT SELECT ON first_column TO PUBLIC;
CREATE FUNCTION rows_of(register name) RETURNS TABLE (relation text, digest text) LANGUAGE plpgsql AS $$
DECLARE
    columns text[];
BEGIN
    FOR relation, columns IN SELECT f.relname, f.columns FROM public.first_column f ORDER BY 1 LOOP
        EXECUTE format('SELECT concat(count(*), md5(string_agg(j::text, E''\n'' ORDER BY j::text COLLATE "C"))) FROM %I.%I t
            CROSS JOIN LATERAL (SELECT jsonb_object_agg(k.key, k.value) FROM jsonb_each(to_jsonb(t)) k WHERE k.key = ANY ($1)) AS j (j)', register, relation)
            INTO digest USING columns;
        IF digest <> '0' THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;
CREATE TABLE shipped_step AS SELECT * FROM register_steps();
GRANT SELECT ON shipped_step TO PUBLIC;
-- Those of tables that there were, but for those of the law to which a step adds: it may fill those that it makes.
CREATE FUNCTION kept_rows() RETURNS TABLE (relation text, digest text) LANGUAGE sql AS $$
    SELECT r.* FROM rows_of('upgraded') r WHERE r.relation NOT IN ('deletion_ground', 'requirement') AND r.relation NOT IN (
        SELECT m.name[1] FROM shipped_step t, regexp_matches(t.commands, '^CREATE TABLE (\w+)', 'gn') AS m (name))
$$;
CREATE TABLE kept AS SELECT * FROM kept_rows();
CREATE TABLE wanted AS SELECT * FROM catalogue('fresh');
SELECT cmp_ok((SELECT count(*) FROM kept), '>', 25::bigint, 'tables with rows');
SELECT cmp_ok((SELECT count(*) FROM wanted), '>', 3000::bigint, 'the catalogues say a lot');
SELECT isnt((SELECT count(*) FROM check_register('upgraded')), 0::bigint, 'a register of the first definition is not as a new one');
SELECT is(definition_version('upgraded'), 1, 'and has no version of its own');
SELECT is((SELECT problem FROM check_register('upgraded') WHERE object = 'definition'),
    format('is 1, and the extension makes %s now: upgrade_register() brings the register there', (SELECT max(version) FROM register_steps())), 'which is said');
-- it is held to its rules until it is upgraded, and has no take-overs
SELECT throws_ok(command, wanted, NULL, command) FROM (VALUES
    ('INSERT INTO upgraded.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 7, ''2025-09-24'', ''AM'', ''#'')', 'AT007'),
    ('INSERT INTO upgraded.enrolment (school_urn, pupil_id, start_date, end_date) VALUES (100001, 30, ''2024-09-01'', ''2025-09-05'')', '23502'),
    ('INSERT INTO upgraded.enrolment (school_urn, pupil_id, start_date, end_date, deleted_at) VALUES (100001, 30, ''2024-09-01'', ''2025-09-05'', ''2025-09-05 12:00'')', 'AT032'),
    ('INSERT INTO upgraded.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, decided_by, decided_at, status)
        VALUES (100001, 7, ''C'', ''{[2025-09-15 AM,2025-09-15 PM]}'', ''exceptional circumstances'', ''Mr Nobody'', ''2025-09-16'', ''granted'')', 'AT040')) AS v (command, wanted);
SELECT is(is_taken_over('upgraded', 100001, '2025-09-24'), false, 'no day is taken over');

-- What was not done is told by no trace of it.
CREATE SCHEMA mine;
CREATE FUNCTION state() RETURNS TABLE (line text) LANGUAGE sql AS $$
    SELECT c::text FROM catalogue('upgraded') c UNION ALL SELECT c::text FROM catalogue('mine') c UNION ALL SELECT k::text FROM rows_of('upgraded') k
    UNION ALL SELECT concat_ws(' ', d.classid, d.objid, d.objsubid, d.refclassid, d.refobjid, d.deptype) FROM pg_depend d
        WHERE d.refobjid IN ('upgraded'::regnamespace, 'mine'::regnamespace)
$$;
CREATE FUNCTION changes_nothing(command text, wanted_state text, wanted_message text, description text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    CREATE TEMPORARY TABLE before AS SELECT s.line FROM state() s;
    RETURN NEXT throws_ok(command, wanted_state, wanted_message, description);
    CREATE TEMPORARY TABLE after AS SELECT s.line FROM state() s;
    RETURN NEXT is_empty('(TABLE before EXCEPT ALL TABLE after) UNION ALL (TABLE after EXCEPT ALL TABLE before)', description || ': nothing is changed');
    DROP TABLE before, after;
END
$$;
-- What a role is told.
CREATE FUNCTION as_role(role name, command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE command INTO said;
    RESET ROLE;
    RETURN said;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE FUNCTION new_one() RETURNS text LANGUAGE sql
RETURN (SELECT format('register "upgraded" is as version %s of the extension makes it', extversion) FROM pg_extension WHERE extname = 'attendance');
CREATE FUNCTION as_new(description text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT is_empty('SELECT * FROM check_register(''upgraded'')', description || ': as a new one');
    RETURN NEXT is_empty('WITH now AS MATERIALIZED (SELECT * FROM catalogue(''upgraded'')) (TABLE now EXCEPT ALL TABLE wanted) UNION ALL (TABLE wanted EXCEPT ALL TABLE now)',
        description || ': in all that the catalogues say');
    RETURN NEXT results_eq('SELECT * FROM kept_rows()', 'SELECT * FROM kept', description || ': with every row');
END
$$;

-- ---------- the upgrade ----------

SAVEPOINT first;
SELECT is(upgrade_register('upgraded'), new_one(), 'upgraded');
SELECT * FROM as_new('upgraded');
SELECT is_empty($$ SELECT * FROM rows_of('upgraded') WHERE relation ~ '^(benchmark_(column|alias|phase|long)|characteristic|bank_holiday_change|regime|requirement|code_label|leave_reason|deletion_ground|penalty_(framework|amount)|relevant_school_type|order_length|suspension_limit|expectation)$'
    EXCEPT SELECT * FROM rows_of('fresh') $$, 'with every row that a new one begins with');
SELECT is_empty('SELECT * FROM upgraded.verify_journal()', 'the journal is whole');
SELECT is(definition_version('upgraded'), (SELECT max(version) FROM register_steps()), 'it knows its definition');
SELECT is((SELECT count(*) FROM upgraded.amendment), (SELECT count(*) FROM upgraded.mark WHERE pupil_id = 3 AND mark = 'M'), 'lists show what they should');
SELECT is((SELECT count(*) FROM upgraded.headline('2025/26')), 1::bigint, 'and so do reports');
SELECT lives_ok($$ INSERT INTO upgraded.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 8, '2025-09-24', 'AM', '/') $$, 'marks are taken');
SELECT throws_ok('DELETE FROM upgraded.mark', 'AT001', NULL, 'and kept');
-- steps of before stand, are listed, and go on
SELECT results_eq('SELECT relation, id, rule, column_name FROM upgraded.legal_step_breach ORDER BY 1, 2, 3, 4', $$ VALUES ('attendance_support', 1::bigint, 'orders', 'to_day'), ('attendance_support', 1, 'support first', 'without_support'),
    ('attendance_support', 2, 'no offence', 'contact_id'), ('penalty_notice', 1, 'no offence', 'below_threshold_reason'), ('penalty_notice', 1, 'support first', 'without_support'),
    ('penalty_notice', 2, 'no offence', 'below_threshold_reason'), ('penalty_notice', 2, 'notice stands', 'sessions'), ('penalty_notice', 2, 'notice step', 'step'), ('penalty_notice', 2, 'support first', 'without_support') $$, 'what breaks a rule of now is listed');
SELECT lives_ok($$ UPDATE upgraded.penalty_notice SET received_on = '2025-09-24', paid_on = '2025-09-25', paid_amount = 80, entered_by = 'Kim Oak', title = 'Officer', reason = 'paid' WHERE notice_id = 1 $$, 'a notice is paid');
SELECT lives_ok($$ UPDATE upgraded.attendance_support SET outcome = 'x', entered_by = 'Kim Oak', title = 'Officer', reason = 'ended' $$, 'support ends');
SELECT throws_ok($$ UPDATE upgraded.penalty_notice SET received_on = '2025-09-25' WHERE notice_id = 2 $$, 'AT036', NULL, 'a change is signed');
SELECT throws_ok($$ INSERT INTO upgraded.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) VALUES (100001, 1, 1, '{[2025-09-12 AM,2025-09-12 PM)}', '2025-09-22', 'Kim Oak') $$, 'AT063', NULL, 'no session is in one more');
CREATE TABLE once AS SELECT objid FROM register_readers('upgraded');
SELECT is(upgrade_register('upgraded'), new_one(), 'a second time');
SELECT is_empty('SELECT objid FROM register_readers(''upgraded'') EXCEPT SELECT objid FROM once', 'does nothing more');
ROLLBACK TO first;

-- what is there and says nothing stays, and nothing like it is added
INSERT INTO upgraded.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 1, 'B', '{[2025-09-24 AM,2025-09-24 AM]}', '.');
SELECT is(upgrade_register('upgraded'), new_one(), 'with a nature of "."');
SELECT is((SELECT nature FROM upgraded.mark_nature), '.', 'which is kept');
SELECT throws_ok($$ INSERT INTO upgraded.mark_nature (school_urn, pupil_id, mark, sessions, nature) VALUES (100001, 1, 'B', '{[2025-09-25 AM,2025-09-25 AM]}', '.') $$, '23514', NULL, 'and stays the only one');
SELECT is_empty('SELECT * FROM check_register(''upgraded'')', 'which is as in a new register');
ROLLBACK TO first;

SET LOCAL search_path = '';
SELECT attendance.upgrade_register('upgraded') \g /dev/null
SET LOCAL search_path = attendance, public;
SELECT * FROM as_new('with an empty search path');
ROLLBACK TO first;

-- ---------- who may ----------

SELECT is(as_role('upgrade_stranger', 'SELECT attendance.upgrade_register(''upgraded'')'), '42501 must be owner of register "upgraded"', 'a stranger may not');
SELECT is(as_role('upgrade_stranger', 'SELECT attendance.upgrade_register(NULL)'), NULL, 'NULL does nothing');
SELECT is(as_role('upgrade_member', 'SELECT attendance.upgrade_register(''upgraded'')'), new_one(), 'a member of the owner may');
SELECT * FROM as_new('by a member');
ROLLBACK TO first;
SELECT is(as_role('upgrade_owner', 'SELECT attendance.upgrade_register(''upgraded'')'), new_one(), 'the owner may, who cannot log in');
SELECT is(current_setting('role'), 'none', 'and nobody is left in the role of another');
SELECT * FROM as_new('by the owner');
ROLLBACK TO first;
SELECT throws_ok('SELECT upgrade_register(''public'')', '3F000', 'schema "public" is not a register', 'what is no register');
SELECT throws_ok('SELECT upgrade_register(''upgraded'', dependants => ''cascade'')', '22023', '"cascade" is none of: refuse, keep, drop', 'what is no way');
SELECT throws_ok('SELECT upgrade_register(''upgraded'', dependants => NULL)', '22023', NULL, 'nor is NULL');

-- ---------- what fails changes nothing ----------

-- when reports are gone already
CREATE FUNCTION upgraded.definition_version() RETURNS text LANGUAGE sql RETURN 'mine';
ALTER FUNCTION upgraded.definition_version() OWNER TO upgrade_owner;
SELECT * FROM changes_nothing('SELECT upgrade_register(''upgraded'')', '42P13', NULL, 'something of the user''s own in the way');
DROP FUNCTION upgraded.definition_version();
ALTER TABLE upgraded.rule_setting DROP COLUMN reason;
SELECT * FROM changes_nothing('SELECT upgrade_register(''upgraded'')', '55000', 'register "upgraded" differs from its definition in 1 places; check_register() lists them', 'what is kept was altered by hand');
ROLLBACK TO first;
-- what would be found first, or fits better, where reports say "known" and LIKE
CREATE FUNCTION upgraded.known(boolean, text, text DEFAULT NULL) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''sprung''; END';
CREATE FUNCTION upgraded.spring(name, name) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''sprung''; END';
CREATE OPERATOR upgraded.~~ (leftarg = name, rightarg = name, function = upgraded.spring);
SELECT * FROM changes_nothing('SELECT upgrade_register(''upgraded'')', '55000', NULL, 'look-alikes are not run, and not taken for what they look like');
ROLLBACK TO first;

-- ---------- steps ----------

CREATE OR REPLACE FUNCTION attendance.register_steps() RETURNS TABLE (version integer, commands text) LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    TABLE shipped_step UNION ALL SELECT * FROM (VALUES (3, 'CREATE TABLE step_3 (x urn); COMMENT ON TABLE step_3 IS ''made by a step'''),
        (4, 'ALTER TABLE step_3 ADD by name DEFAULT current_user; INSERT INTO step_3 VALUES (100001)')) AS s;
END;
SELECT build_register_model();
SAVEPOINT steps;
SELECT is(upgrade_register('upgraded'), new_one(), 'steps are run');
SELECT results_eq('SELECT * FROM upgraded.step_3', 'VALUES (100001::urn, ''upgrade_owner''::name)', 'in turn, as the owner, in the register');
SELECT is(definition_version('upgraded'), 4, 'and known');
SELECT is(upgrade_register('upgraded'), new_one(), 'not again');
SELECT is(upgrade_register('fresh'), replace(new_one(), '"upgraded"', '"fresh"'), 'and in another register');
SELECT is((SELECT count(*) FROM fresh.step_3), 1::bigint, 'from its own definition on');
CREATE OR REPLACE FUNCTION attendance.register_steps() RETURNS TABLE (version integer, commands text) LANGUAGE sql IMMUTABLE PARALLEL SAFE BEGIN ATOMIC TABLE shipped_step; END;
SELECT is((SELECT problem FROM check_register('upgraded') WHERE object = 'definition'),
    format('is 4, and the extension makes %s now: the register is of a later version of it', (SELECT max(version) FROM shipped_step)), 'a register of a later version is told');
ROLLBACK TO steps;
SELECT upgrade_register('upgraded', reports => false) \g /dev/null
SELECT is(definition_version('upgraded'), 4, 'also in a register whose reports go');
ROLLBACK TO steps;
CREATE OR REPLACE FUNCTION attendance.register_steps() RETURNS TABLE (version integer, commands text) LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    TABLE shipped_step UNION ALL SELECT * FROM (VALUES (3, 'CREATE TABLE step_3 (x urn)'), (4, 'ALTER TABLE pupil ADD x urn NOT NULL')) AS s;
END;
SELECT * FROM changes_nothing('SELECT upgrade_register(''upgraded'')', '23502', NULL, 'a step that fails');
ROLLBACK TO first;

-- ---------- what the owner and others have put there is run with their rights, if at all ----------

CREATE TABLE sprung (who name, way text);
GRANT INSERT ON sprung TO PUBLIC;
CREATE FUNCTION public.spring(way text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        EXECUTE CASE way WHEN 'session' THEN 'SET SESSION AUTHORIZATION DEFAULT' ELSE 'SET ROLE NONE' END;
    EXCEPTION WHEN OTHERS THEN
        NULL;
    END;
    INSERT INTO public.sprung VALUES (current_user, way);
    PERFORM set_config('search_path', 'public', false);
    RETURN true;
END
$$;
CREATE FUNCTION public.spring() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(TG_ARGV[0]); RETURN NULL; END';
CREATE TRIGGER z_spring AFTER UPDATE ON upgraded.intervention FOR EACH ROW EXECUTE FUNCTION public.spring('role');
CREATE TRIGGER z_spring_session AFTER UPDATE ON upgraded.intervention FOR EACH ROW EXECUTE FUNCTION public.spring('session');
CREATE CONSTRAINT TRIGGER z_spring_later AFTER UPDATE ON upgraded.intervention DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.spring('later');
CREATE OR REPLACE FUNCTION attendance.register_steps() RETURNS TABLE (version integer, commands text) LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    TABLE shipped_step UNION ALL SELECT * FROM (VALUES (3, 'UPDATE intervention SET name = ''After-school club''')) AS s;
END;
SELECT build_register_model();
-- where an array of a domain is read, its constraint is run
CREATE DOMAIN mine.checked AS text CHECK (public.spring(VALUE));
GRANT CREATE, USAGE ON SCHEMA mine TO upgrade_analyst;
GRANT USAGE ON SCHEMA upgraded TO upgrade_analyst;
CREATE VIEW mine.springing AS SELECT '{view}'::mine.checked[] AS x FROM upgraded.bi_dim_school;
CREATE FUNCTION mine.springing() RETURNS mine.checked[] LANGUAGE sql
BEGIN ATOMIC
    SELECT '{function}'::mine.checked[] FROM upgraded.bi_dim_school;
END;
CREATE TABLE mine.sprung (x text);
CREATE POLICY springing ON mine.sprung USING (EXISTS (SELECT FROM upgraded.bi_dim_school) AND '{policy}'::mine.checked[] IS NOT NULL);
ALTER VIEW mine.springing OWNER TO upgrade_analyst;
ALTER FUNCTION mine.springing() OWNER TO upgrade_analyst;
ALTER TABLE mine.sprung OWNER TO upgrade_analyst;
TRUNCATE sprung;
SET LOCAL search_path = attendance, public;
SELECT is(upgrade_register('upgraded', dependants => 'keep'), new_one(), 'a register full of snares');
SELECT is(current_setting('search_path'), 'attendance, public', 'leaves no setting behind');
SET CONSTRAINTS ALL IMMEDIATE;
SELECT results_eq('SELECT DISTINCT way, who FROM sprung ORDER BY 1', $$ VALUES ('function', 'upgrade_analyst'::name), ('later', 'upgrade_owner'), ('policy', 'upgrade_analyst'),
    ('role', 'upgrade_owner'), ('session', 'upgrade_owner'), ('view', 'upgrade_analyst') $$, 'each is sprung with the rights of who has laid it');
ROLLBACK TO first;
SELECT throws_ok(format('SELECT run_as(%L, %L)', role, 'SELECT 1'), state, message) FROM (VALUES ('upgrade_nobody', '42704', 'role "upgrade_nobody" does not exist'), ('', '42704', 'role "" does not exist')) AS v (role, state, message);
SELECT throws_ok($$ SELECT run_as('upgrade_owner', 'SELEC') $$, '42601');
SELECT throws_ok($$ SELECT run_as('upgrade_owner', 'COMMIT') $$, '0A000', 'the command cannot be run in the name of another role: SPI_ERROR_TRANSACTION');
SELECT is(run_as(NULL, 'SELECT 1')::text || run_as('upgrade_owner', NULL)::text, NULL, 'nothing for NULL');
SELECT is(as_role('upgrade_stranger', 'SELECT attendance.run_as(''upgrade_owner'', ''SELECT 1'')'), '42501 permission denied to act as role "upgrade_owner"', 'who is no member');
SELECT is(as_role('upgrade_member', 'SELECT attendance.run_as(''upgrade_owner'', ''SELECT attendance.run_as(''''postgres'''', ''''SELECT 1'''')'')'),
    '42501 permission denied to act as role "postgres"', 'nor does anybody get from one role to another');
SELECT is(as_role('upgrade_member', 'SELECT attendance.run_as(''upgrade_owner'', ''SELECT set_config(''''role'''', ''''none'''', true)'')'),
    '42501 cannot set parameter "role" within security-definer function', 'or back');
SELECT run_as('upgrade_owner', 'SET DateStyle = German; SET work_mem = 100') \g /dev/null
SELECT is((current_user, current_setting('DateStyle'), current_setting('work_mem'))::text, ('postgres', 'ISO, MDY', '4MB')::text, 'afterwards all is as before');

-- ---------- rights and comments of users ----------

SELECT grant_register('upgraded', 'upgrade_clerk', 'marks'), grant_register('upgraded', 'upgrade_bi', 'bi'), grant_register('upgraded', 'upgrade_reader', 'reports') \g /dev/null
GRANT SELECT ON upgraded.bi_session TO upgrade_analyst WITH GRANT OPTION;
GRANT SELECT (school_urn, school_name) ON upgraded.bi_dim_school TO upgrade_stranger;
REVOKE EXECUTE ON FUNCTION upgraded.headline FROM PUBLIC;
GRANT EXECUTE ON FUNCTION upgraded.headline TO upgrade_bi;
GRANT USAGE ON SCHEMA upgraded TO upgrade_analyst, upgrade_stranger;
SET LOCAL ROLE upgrade_analyst;
GRANT SELECT ON upgraded.bi_session TO upgrade_stranger;
RESET ROLE;
-- on a column, by who was granted the whole; and granted on before it came from where it comes from now
GRANT SELECT ON upgraded.bi_school_week TO upgrade_analyst, upgrade_clerk WITH GRANT OPTION;
GRANT SELECT ON upgraded.amendment TO upgrade_clerk WITH GRANT OPTION;
SET LOCAL ROLE upgrade_clerk;
GRANT SELECT ON upgraded.amendment TO upgrade_analyst WITH GRANT OPTION;
SET LOCAL ROLE upgrade_analyst;
GRANT SELECT (school_urn) ON upgraded.bi_school_week TO upgrade_stranger;
GRANT SELECT ON upgraded.amendment TO upgrade_stranger;
RESET ROLE;
GRANT SELECT ON upgraded.amendment TO upgrade_analyst WITH GRANT OPTION;
REVOKE SELECT ON upgraded.amendment FROM upgrade_clerk CASCADE;
ALTER DEFAULT PRIVILEGES FOR ROLE upgrade_owner IN SCHEMA upgraded GRANT SELECT ON TABLES TO upgrade_clerk;
-- what is new has the rights that its owner gives to new tables
CREATE TABLE made_anew AS SELECT 'rights on ' || c.relname AS object FROM pg_class c WHERE c.relnamespace = 'fresh'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_class o WHERE o.relnamespace = 'upgraded'::regnamespace AND o.relname = c.relname)
    UNION ALL SELECT object FROM wanted WHERE object ~ '^rights by policy ';
CREATE TABLE granted AS SELECT * FROM catalogue('upgraded') WHERE object ~ '^rights ';
SELECT is(upgrade_register('upgraded'), new_one(), 'upgraded with rights');
SELECT results_eq('SELECT * FROM catalogue(''upgraded'') WHERE object ~ ''^rights '' AND object NOT IN (SELECT object FROM made_anew) ORDER BY 1, 2', 'SELECT * FROM granted ORDER BY 1, 2', 'which are as they were: to whom, from whom, with which options');
SELECT is(has_table_privilege('upgrade_stranger', 'upgraded.bi_session', 'SELECT'), true, 'such as one that was granted on');
SELECT is_empty('(SELECT * FROM catalogue(''upgraded'') WHERE object !~ ''^rights '' EXCEPT ALL SELECT * FROM wanted) UNION ALL (SELECT * FROM wanted WHERE object !~ ''^rights '' EXCEPT ALL SELECT * FROM catalogue(''upgraded''))',
    'all else is as in a new one');
-- from then on comments are known
COMMENT ON VIEW upgraded.bi_session IS 'our own';
COMMENT ON COLUMN upgraded.bi_session.school_urn IS 'our own, too';
COMMENT ON FUNCTION upgraded.headline IS 'our headline';
COMMENT ON VIEW upgraded.amendment IS NULL;
CREATE OR REPLACE FUNCTION upgraded.csv_line(fields text[]) RETURNS text LANGUAGE sql RETURN 'a mistake of a version before';
SELECT is((SELECT string_agg(object, ', ') FROM check_register('upgraded')), 'function csv_line(fields text[])', 'a report with a mistake');
SELECT is(upgrade_register('upgraded'), new_one(), 'is repaired');
SELECT results_eq('SELECT * FROM catalogue(''upgraded'') WHERE object ~ ''^rights '' AND object NOT IN (SELECT object FROM made_anew) ORDER BY 1, 2', 'SELECT * FROM granted ORDER BY 1, 2', 'rights are as they were');
SELECT results_eq($$ SELECT object, property FROM catalogue('upgraded') WHERE object NOT IN (SELECT object FROM made_anew) EXCEPT SELECT * FROM wanted EXCEPT SELECT * FROM granted ORDER BY 1 $$,
    $$ VALUES ('comment on function @.headline(pg_catalog.text,pg_catalog.text,integer[])', 'our headline'), ('comment on view @.bi_session', 'our own'), ('comment on view column @.bi_session.school_urn', 'our own, too') $$,
    'and users'' own comments');
SELECT is(obj_description('upgraded.amendment'::regclass, 'pg_class'), obj_description('fresh.amendment'::regclass, 'pg_class'), 'a comment that was taken away is there again');
SELECT is_empty('SELECT * FROM kept_rows() EXCEPT SELECT * FROM kept', 'and all rows');
ROLLBACK TO first;
GRANT SELECT ON upgraded.bi_session TO upgrade_analyst WITH GRANT OPTION;
GRANT USAGE ON SCHEMA upgraded TO upgrade_analyst;
SET LOCAL ROLE upgrade_analyst;
GRANT SELECT ON upgraded.bi_session TO upgrade_stranger;
RESET ROLE;
SET LOCAL SESSION AUTHORIZATION upgrade_member;
SELECT throws_ok('SELECT attendance.upgrade_register(''upgraded'')', '42501', 'permission denied to act as role "upgrade_analyst"', 'nobody grants in the name of a role of which he is no member');
ROLLBACK TO first;

ALTER DEFAULT PRIVILEGES FOR ROLE upgrade_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
SELECT upgrade_register('upgraded') \g /dev/null
SELECT is(has_function_privilege('upgrade_stranger', 'upgraded.headline(text, text, integer[])', 'EXECUTE'), true, 'who could call a report can, whatever is said of new functions');
ROLLBACK TO first;
-- a label of which nobody knows what becomes of it
INSERT INTO pg_seclabel (objoid, classoid, objsubid, provider, label) VALUES ('upgraded.bi_dim_pupil'::regclass, 'pg_class'::regclass, 1, 'masks', 'hidden');
SELECT * FROM changes_nothing('SELECT upgrade_register(''upgraded'')', '22023', 'security label provider "masks" is not loaded', 'no security label is lost');
ROLLBACK TO first;

-- ---------- what users have made of reports ----------

GRANT USAGE ON SCHEMA upgraded, attendance TO upgrade_analyst;
GRANT SELECT ON upgraded.bi_school_week, upgraded.amendment, upgraded.school, upgraded.register_line TO upgrade_analyst;
GRANT CREATE, USAGE ON SCHEMA mine TO upgrade_analyst;
SET LOCAL ROLE upgrade_analyst;
CREATE VIEW mine.weeks WITH (security_invoker = true, security_barrier = true) AS SELECT * FROM upgraded.bi_school_week;
ALTER VIEW mine.weeks RENAME COLUMN school_urn TO "Urn %s";
COMMENT ON VIEW mine.weeks IS 'mine';
GRANT SELECT ON mine.weeks TO upgrade_bi WITH GRANT OPTION;
CREATE VIEW mine.schools AS SELECT DISTINCT "Urn %s" COLLATE "C" AS x FROM (SELECT "Urn %s"::text FROM mine.weeks) w;
CREATE VIEW mine.checked AS SELECT * FROM upgraded.amendment WHERE reason IS NULL WITH CASCADED CHECK OPTION;
RESET ROLE;
CREATE FUNCTION mine.lines(period text DEFAULT '2025/26') RETURNS TABLE (possible bigint, x text) LANGUAGE sql STABLE STRICT ROWS 7
BEGIN ATOMIC
    SELECT sum(attendance.possible(attendance.tally(l.marks)))::bigint AS possible, 'x'::text AS x FROM upgraded.report_line(lines.period) l;
END;
CREATE FUNCTION mine.schools_of(name text) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT count(*) FROM upgraded.bi_dim_school); END';
CREATE TABLE mine.band (band integer);
ALTER TABLE mine.band ENABLE ROW LEVEL SECURITY;
CREATE POLICY known ON mine.band USING (band IN (SELECT b.band FROM upgraded.report_band b)) WITH CHECK (band IN (SELECT b.band FROM upgraded.report_band b));
CREATE POLICY entered ON mine.band FOR INSERT WITH CHECK (upgraded.known_schools('{}') AND EXISTS (SELECT FROM upgraded.amendment));
CREATE TABLE upgraded.own (x integer);
CREATE VIEW upgraded.bi_own AS SELECT * FROM upgraded.bi_dim_school;
-- of what is kept, but made anew by a step
CREATE VIEW mine.marks AS SELECT m.pupil_id, m.day FROM upgraded.mark m;
SELECT * FROM changes_nothing('SELECT upgrade_register(''upgraded'')', '2BP01',
    'reports of register "upgraded" cannot be made anew because other objects depend on them: function mine.lines(text), policy entered on table mine.band, '
    || 'policy known on table mine.band, view mine.checked, view mine.marks, view mine.weeks, view upgraded.bi_own', 'what users have made of reports is named');
SELECT is((SELECT count(*) FROM information_schema.role_table_grants WHERE grantee = 'upgrade_bi'), 1::bigint, 'a grant on a view of a user');
CREATE TABLE own AS SELECT * FROM catalogue('mine') UNION ALL SELECT 'upgraded.bi_own', property FROM catalogue('upgraded') WHERE object = 'query of bi_own';
SELECT cmp_ok((SELECT count(*) FROM own), '>', 40::bigint, 'all of them');
CREATE TABLE own_id AS SELECT oid FROM pg_class WHERE relnamespace = 'mine'::regnamespace UNION ALL SELECT oid FROM pg_proc WHERE pronamespace = 'mine'::regnamespace;
SAVEPOINT own;
SELECT is(upgrade_register('upgraded', dependants => 'keep'), new_one(), 'they are kept');
SELECT results_eq($$ SELECT * FROM catalogue('mine') UNION ALL SELECT 'upgraded.bi_own', property FROM catalogue('upgraded') WHERE object = 'query of bi_own' ORDER BY 1, 2 $$,
    'SELECT * FROM own ORDER BY 1, 2', 'with all that is said of them');
SELECT is_empty('SELECT * FROM own_id EXCEPT (SELECT oid FROM pg_class UNION ALL SELECT oid FROM pg_proc)', 'the same objects');
SELECT results_eq('SELECT school_urn, possible FROM (SELECT "Urn %s" AS school_urn, sess_possible AS possible FROM mine.weeks) w ORDER BY 1, 2',
    'SELECT school_urn, sess_possible FROM upgraded.bi_school_week ORDER BY 1, 2', 'that read the new reports');
SELECT is((SELECT possible FROM mine.lines()), (SELECT sum(possible(tally(marks)))::bigint FROM upgraded.report_line('2025/26')), 'functions, too');
SELECT is(mine.schools_of('x'), 4::bigint, 'also one that names them only when it runs');
SELECT is_empty($$ SELECT * FROM check_register('upgraded') $$, 'the register is as a new one');
SELECT is(upgrade_register('upgraded'), new_one(), 'and has nothing more to be upgraded, whoever depends on it');
SELECT throws_ok('SELECT upgrade_register(''upgraded'', reports => false)', '2BP01', NULL, 'nor does it lose its reports');
ROLLBACK TO own;
SELECT is(upgrade_register('upgraded', dependants => 'drop'), new_one(), 'they are dropped');
SELECT results_eq($$ SELECT object FROM catalogue('mine') WHERE object ~ '^(query|function|policy)' UNION ALL SELECT object FROM catalogue('upgraded') WHERE object = 'relation bi_own' $$,
    $$ VALUES ('function schools_of(name text)') $$, 'those that depend on reports, and on what depends on them');
SELECT is((SELECT relname::text FROM pg_class WHERE oid = to_regclass('upgraded.own')), 'own', 'and no others');
ROLLBACK TO own;

-- what cannot be kept, or not even be dropped
SELECT changes_nothing(format('%s; SELECT upgrade_register(''upgraded'', dependants => ''%s'')', made, way), '2BP01', wanted, made) FROM (VALUES
    ('CREATE MATERIALIZED VIEW mine.stored AS SELECT * FROM upgraded.bi_dim_school', 'keep', 'reports of register "upgraded" cannot be made anew because other objects depend on them: materialized view mine.stored'),
    ('CREATE TABLE mine.typed (x upgraded.bi_dim_school)', 'keep', 'reports of register "upgraded" cannot be made anew because other objects depend on them: column x of table mine.typed'),
    ('CREATE TABLE mine.typed (x upgraded.bi_dim_school)', 'drop', 'reports of register "upgraded" cannot be made anew because objects depend on them that only you can drop: column x of table mine.typed'),
    ('CREATE VIEW mine.more AS SELECT s AS x FROM upgraded.bi_dim_school s', 'keep', 'reports of register "upgraded" cannot be made anew because other objects depend on them: column x of view mine.more, view mine.more'),
    ('CREATE TABLE mine.computed (x bigint DEFAULT upgraded.page_days_of(1)::bigint)', 'drop', 'reports of register "upgraded" cannot be made anew because objects depend on them that only you can drop: default value for column x of table mine.computed'),
    ('CREATE FUNCTION mine.nothing() RETURNS trigger LANGUAGE plpgsql AS ''BEGIN RETURN NULL; END''; CREATE TRIGGER mine INSTEAD OF INSERT ON upgraded.bi_session FOR EACH ROW EXECUTE FUNCTION mine.nothing()', 'keep',
        'reports of register "upgraded" cannot be made anew because other objects depend on them: trigger mine on view upgraded.bi_session'),
    ('CREATE RULE mine AS ON DELETE TO mine.band DO ALSO SELECT * FROM upgraded.amendment', 'keep', 'reports of register "upgraded" cannot be made anew because other objects depend on them: rule mine on table mine.band'),
    -- no text says which operator is meant
    ('CREATE FUNCTION mine.never(regclass, regclass) RETURNS boolean LANGUAGE sql RETURN false; CREATE OPERATOR mine.= (leftarg = regclass, rightarg = regclass, function = mine.never);
      SET LOCAL search_path = mine, attendance, public; CREATE VIEW mine.unlike AS SELECT ''pg_class''::regclass IS DISTINCT FROM ''pg_proc''::regclass AS x FROM upgraded.bi_dim_school', 'keep',
        'view mine.unlike does not fit the reports of register "upgraded" any more: it would depend on other objects than before'),
    -- of the first definition; the new one has no such column
    ('CREATE OR REPLACE VIEW upgraded.backup_missing WITH (security_invoker = true) AS SELECT 1::urn AS school_urn, date ''2025-01-01'' AS month, date ''2025-01-01'' AS due_on, true AS overdue, 2 AS gone;
      CREATE VIEW mine.gone AS SELECT b.gone FROM upgraded.backup_missing b CROSS JOIN upgraded.trust', 'keep', 'view mine.gone does not fit the reports of register "upgraded" any more: column b.gone does not exist')) AS v (made, way, wanted);
SELECT lives_ok('CREATE MATERIALIZED VIEW mine.stored AS SELECT * FROM upgraded.bi_dim_school; CREATE INDEX ON mine.stored (school_urn);
    SELECT upgrade_register(''upgraded'', dependants => ''drop'')', 'a materialized view is dropped');
SELECT is(to_regclass('mine.stored'), NULL, 'with its index');
ROLLBACK TO own;
GRANT CREATE, USAGE ON SCHEMA mine TO upgrade_owner;
SELECT is(as_role('upgrade_owner', 'SELECT attendance.upgrade_register(''upgraded'', dependants => ''keep'')'), '42501 permission denied to act as role "postgres"', 'only who may act as their owners keeps them');
ROLLBACK TO first;

-- ---------- without reports ----------

SELECT is(upgrade_register('upgraded', reports => false), new_one() || ', without reports', 'reports are taken away');
SELECT is_empty('SELECT * FROM check_register(''upgraded'')', 'what is left is as it should be');
SELECT results_eq('SELECT * FROM kept_rows()', 'SELECT * FROM kept', 'with every row');
SELECT is_empty('SELECT * FROM upgraded.verify_journal()', 'and proof of it');
SELECT results_eq($$ SELECT object FROM register_readers('upgraded') WHERE kind = 'VIEW' ORDER BY 1 $$, $$ VALUES ('view contact_period'), ('view enrolment_period'), ('view granted_session'), ('view leave_breach'), ('view legal_step_breach'), ('view line_fact'), ('view mark'),
    ('view mark_feed'), ('view notice_breach'), ('view order_breach'), ('view part_time_timetable_breach'), ('view register_year'), ('view registration_breach'), ('view school_membership'), ('view school_part'), ('view unexplained_absence'), ('view unsupported_step') $$, 'these are kept');
SELECT is(upgrade_register('upgraded'), new_one() || ', without reports', 'it stays so');
SELECT lives_ok('SELECT grant_register(''upgraded'', ''upgrade_reader'', ''reports'')', 'rights on what there is');
CREATE VIEW upgraded.breach AS SELECT 1 AS x;
SELECT is(upgrade_register('upgraded'), new_one() || ', without reports', 'what somebody calls as a report is called is no report');
SELECT * FROM changes_nothing('SELECT upgrade_register(''upgraded'', reports => true)', '42P07', 'relation "breach" already exists', 'but it is in the way of one');
DROP VIEW upgraded.breach;
SELECT is(upgrade_register('upgraded', reports => true), new_one(), 'reports are added');
SELECT is_empty('SELECT * FROM check_register(''upgraded'')', 'to a register that has all');
SELECT is(has_table_privilege('upgrade_reader', 'upgraded.breach', 'SELECT'), false, 'rights on them are granted');
SELECT grant_register('upgraded', 'upgrade_reader', 'reports') \g /dev/null
SELECT is(has_table_privilege('upgrade_reader', 'upgraded.breach', 'SELECT'), true, 'by calling grant_register again');

SELECT * FROM finish();
ROLLBACK;
