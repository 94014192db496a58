-- The tables of a register: every constraint, kept and broken; and the functions that build it.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();

-- Each command is tried and undone; the constraint that refuses it is given by its name.
CREATE FUNCTION verdict(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    state text;
    name text;
BEGIN
    BEGIN
        EXECUTE command;
        SET CONSTRAINTS ALL IMMEDIATE;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, name = CONSTRAINT_NAME;
    END;
    RETURN CASE WHEN state = 'ZZ000' THEN 'accepted' ELSE concat_ws(' ', state, NULLIF(name, '')) END;
END
$$;

CREATE FUNCTION tried(relation text, row_values text, wanted text) RETURNS text LANGUAGE sql
RETURN is(verdict(format('INSERT INTO r.%s VALUES (%s)', relation, row_values)), wanted, format('%s (%s): %s', relation, row_values, wanted));

-- The rest of an enrolment that has ended on a day.
CREATE FUNCTION ended(day date, groups text DEFAULT 'DEFAULT, DEFAULT, NULL, NULL') RETURNS text LANGUAGE sql
RETURN format('%L, %s, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ''K'', %L, NULL, %L', day, groups, day, day + time '12:00');

-- a sequence of its own would stay behind where a table is copied or distributed
SELECT is_empty($$ SELECT s.relname FROM pg_class s WHERE s.relnamespace = 'r'::regnamespace AND s.relkind = 'S' AND NOT EXISTS (
    SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = s.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
        AND d.deptype IN ('a', 'i')) $$, 'every sequence belongs to the column that it numbers');

INSERT INTO r.school (urn, name, phase, type, la_number) VALUES (100009, 'Empty', 'Primary', 'Academies', 380);
INSERT INTO r.trust VALUES (1, 'Trust');

SELECT tried(relation, given, wanted) FROM (VALUES
    ('region', '''E12000001'', ''North East''', 'accepted'),
    ('region', '''E12000003'', ''Again''', '23505 region_pkey'),
    ('region', '''E12000001'', NULL', '23502'),
    ('region', 'NULL, ''x''', '23502'),
    ('local_authority', '1, ''E1'', ''x'', ''E12000003''', 'accepted'),
    ('local_authority', '999, NULL, ''x'', NULL', 'accepted'),
    ('local_authority', '0, NULL, ''x'', NULL', '23514 local_authority_la_number_check'),
    ('local_authority', '1000, NULL, ''x'', NULL', '23514 local_authority_la_number_check'),
    ('local_authority', '381, ''E08000032'', ''x'', NULL', '23505 local_authority_gss_code_key'),
    ('local_authority', '380, NULL, ''x'', NULL', '23505 local_authority_pkey'),
    ('local_authority', '381, NULL, ''x'', ''E12000009''', '23503 local_authority_region_code_fkey'),
    ('local_authority', '381, NULL, NULL, NULL', '23502'),
    ('trust', '2, ''x''', 'accepted'),
    ('trust', '1, ''x''', '23505 trust_pkey'),
    ('trust', '2, NULL', '23502'),
    ('school', '100000, ''3802000'', ''x'', ''Nursery'', ''Special schools'', 380, 1, ''2000-01-01'', ''2000-01-01''', 'accepted'),
    ('school', '100000, NULL, ''x'', ''Nursery'', ''Colleges'', 380, NULL, NULL, NULL, DEFAULT, 100000', '23514 school_predecessor'),
    ('school', '100000, NULL, ''x'', ''Nursery'', ''Colleges'', 380, NULL, NULL, NULL, DEFAULT, 100001, ''2026-01-01''', 'accepted'),
    ('school', '999999, NULL, ''x'', ''16 plus'', ''Colleges'', 380, NULL, NULL, ''2000-01-01''', 'accepted'),
    ('school', '100000, NULL, E''x\x01'', ''Nursery'', ''Colleges'', 380', '23514 school_name_is_text'),
    ('school', '99999, NULL, ''x'', ''Nursery'', ''Colleges'', 380', '23514 school_urn_has_six_digits'),
    ('school', '1000000, NULL, ''x'', ''Nursery'', ''Colleges'', 380', '23514 school_urn_has_six_digits'),
    ('school', '100000, NULL, ''x'', ''Nursery'', ''Colleges'', 380, NULL, NULL, NULL, DEFAULT, 99999', '23514 school_predecessor_has_six_digits'),
    ('school', '100000, NULL, ''x'', ''Nursery'', ''Colleges'', 380, NULL, NULL, NULL, DEFAULT, 1000000', '23514 school_predecessor_has_six_digits'),
    ('school', '100000, ''380200'', ''x'', ''Nursery'', ''Colleges'', 380', '23514 laestab_has_seven_digits'),
    ('school', '100000, ''380/2000'', ''x'', ''Nursery'', ''Colleges'', 380', '23514 laestab_has_seven_digits'),
    ('school', '100001, NULL, ''x'', ''Nursery'', ''Colleges'', 380', '23505 school_pkey'),
    ('school', 'NULL, NULL, ''x'', ''Nursery'', ''Colleges'', 380', '23502'),
    ('school', '100000, NULL, NULL, ''Nursery'', ''Colleges'', 380', '23502'),
    ('school', '100000, NULL, ''x'', NULL, ''Colleges'', 380', '23502'),
    ('school', '100000, NULL, ''x'', ''Nursery'', NULL, 380', '23502'),
    ('school', '100000, NULL, ''x'', ''Nursery'', ''Colleges'', NULL', '23502'),
    ('school', '100000, NULL, ''x'', ''nursery'', ''Colleges'', 380', '23514 school_phase_check'),
    ('school', '100000, NULL, ''x'', ''Nursery'', ''Academy'', 380', '23514 school_type_check'),
    ('school', '100000, NULL, ''x'', ''Nursery'', ''Colleges'', 381', '23503 school_la_number_fkey'),
    ('school', '100000, NULL, ''x'', ''Nursery'', ''Colleges'', 380, 2', '23503 school_trust_uid_fkey'),
    ('school', '100000, NULL, ''x'', ''Nursery'', ''Colleges'', 380, 1, ''2000-01-02'', ''2000-01-01''', '23514 school_days'),
    ('pupil', '100, make_upn(100), make_upn(1), ''x'', ''y'', ''z'', ''F'', ''1900-01-01''', 'accepted'),
    ('pupil', '100, NULL, NULL, ''x'', ''y'', NULL, NULL, ''2020-02-29''', 'accepted'),
    ('pupil', '100, NULL, NULL, E''x\x01'', ''y'', NULL, NULL, ''2015-01-01''', '23514 pupil_names_are_text'),
    ('pupil', '100, NULL, NULL, ''x'', ''y'', NULL, NULL, ''2999-12-31''', '23514 pupil_born'),
    ('pupil', '1, NULL, NULL, ''x'', ''y'', NULL, NULL, ''2015-01-01''', '23505 pupil_pkey'),
    ('pupil', '100, make_upn(1), NULL, ''x'', ''y'', NULL, NULL, ''2015-01-01''', '23505 pupil_upn_key'),
    ('pupil', '100, ''A380000000001'', NULL, ''x'', ''y'', NULL, NULL, ''2015-01-01''', '23514 upn_is_valid'),
    ('pupil', '100, NULL, ''x'', ''x'', ''y'', NULL, NULL, ''2015-01-01''', '23514 upn_is_valid'),
    ('pupil', '100, NULL, NULL, NULL, ''y'', NULL, NULL, ''2015-01-01''', '23502'),
    ('pupil', '100, NULL, NULL, ''x'', NULL, NULL, NULL, ''2015-01-01''', '23502'),
    ('pupil', '100, NULL, NULL, ''x'', ''y'', NULL, ''X'', ''2015-01-01''', '23514 pupil_sex_check'),
    ('pupil', '100, NULL, NULL, ''x'', ''y'', NULL, NULL, NULL', '23502'),
    ('pupil', '100, NULL, NULL, ''x'', ''y'', NULL, NULL, ''1899-12-31''', '23514 pupil_date_of_birth'),
    ('pupil', '100, NULL, NULL, ''x'', ''y'', NULL, NULL, ''infinity''', '23514 pupil_born'),
    ('enrolment', '100009, 1, ''2025-09-01'', ' || ended('2025-09-01', '''G'', ''7'', ''N1'', ''x'''), 'accepted'),
    ('enrolment', '100009, 1, ''2025-09-01''', 'accepted'),
    ('enrolment', '100009, 1, ''2025-09-01'', ' || ended('2025-08-31'), '23514 enrolment_days'),
    ('enrolment', '100009, 1, ''2025-09-01'', NULL, ''X''', '23514 enrolment_status_check'),
    ('enrolment', '100009, 1, ''2025-09-01'', NULL, ''C'', ''5''', '23514 enrolment_boarder_check'),
    ('enrolment', '100009, 1, ''2025-09-01'', NULL, ''C'', ''N'', ''15''', '23514 enrolment_year_group_check'),
    ('enrolment', '100009, 1, ''2025-09-01'', NULL, NULL', '23502'),
    ('enrolment', '100009, 1, ''2025-09-01'', NULL, ''C'', NULL', '23502'),
    ('enrolment', '100009, 1, NULL', '23502'),
    ('enrolment', '100009, NULL, ''2025-09-01''', '23502'),
    ('enrolment', '100009, 999, ''2025-09-01''', '23503 enrolment_pupil_id_fkey'),
    ('enrolment', '100008, 1, ''2025-09-01''', '23503 enrolment_school_urn_fkey'),
    ('enrolment', '100001, 1, ''2024-09-01'', ' || ended('2024-09-01'), '23505 enrolment_pkey'),
    ('enrolment', '100001, 1, ''2025-09-01''', '23P01 enrolment_no_overlap'),
    ('enrolment', '100001, 1, ''2023-09-01''', '23P01 enrolment_no_overlap'),
    ('enrolment', '100001, 1, ''2023-09-01'', ' || ended('2024-09-01'), '23P01 enrolment_no_overlap'),
    ('enrolment', '100001, 1, ''2023-09-01'', ' || ended('2024-08-31'), 'accepted'),
    ('enrolment', '100001, 21, ''2025-10-17''', '23P01 enrolment_no_overlap'),
    ('enrolment', '100001, 21, ''2025-10-18''', 'accepted'),
    ('enrolment', '100002, 1, ''2024-09-01''', 'accepted'),
    ('term_date', '100009, 2025, ''Autumn'', 1, ''2025-08-01'', ''2026-07-31''', 'accepted'),
    ('term_date', '100009, 2025, ''Autumn'', 3, ''2025-09-01'', ''2025-09-01''', '23514 term_date_half_check'),
    ('term_date', '100009, 2025, ''autumn'', 1, ''2025-09-01'', ''2025-09-01''', '23514 term_date_term_check'),
    ('term_date', '100009, 2025, ''Autumn'', 1, ''2025-09-02'', ''2025-09-01''', '23514 term_date_days'),
    ('term_date', '100009, 2025, ''Autumn'', 1, ''2025-07-31'', ''2025-09-01''', '23514 term_date_year'),
    ('term_date', '100009, 2025, ''Autumn'', 1, ''2025-08-01'', ''2026-08-01''', '23514 term_date_year'),
    ('term_date', '100009, 2025, ''Autumn'', 1, ''2025-09-01'', ''infinity''', '22008'),
    ('term_date', '100001, 2025, ''Autumn'', 1, ''2025-09-01'', ''2025-09-01''', '23505 term_date_pkey'),
    ('term_date', '100001, 2025, ''Spring'', 2, ''2025-10-01'', ''2025-10-02''', '23P01 term_date_no_overlap'),
    ('term_date', '100001, 2025, ''Spring'', 2, ''2026-07-30'', ''2026-07-31''', 'accepted'),
    ('term_date', '100009, 2025, ''Spring'', 2, ''2025-10-01'', ''2025-10-02''', 'accepted'),
    ('term_date', '100008, 2025, ''Autumn'', 1, ''2025-09-01'', ''2025-09-01''', '23503 term_date_school_urn_fkey'),
    ('term_date', '100009, 2025, ''Autumn'', 1, NULL, ''2025-09-01''', '23502'),
    ('term_date', '100009, 2025, ''Autumn'', 1, ''2025-09-01'', NULL', '23502'),
    ('school_day', '100009, ''2025-09-08''', 'accepted'),
    ('school_day', '100009, ''2025-09-08'', DEFAULT, false, false, ''INSET''', 'accepted'),
    ('school_day', '100009, ''2025-09-08'', DEFAULT, true, true, ''note''', 'accepted'),
    ('school_day', '100009, ''2025-09-08'', DEFAULT, false, true, NULL', '23514 school_day_closure'),
    ('school_day', '100009, ''2025-09-08'', DEFAULT, true, false, NULL', '23514 school_day_closure'),
    ('school_day', '100009, ''2025-09-08'', DEFAULT, NULL, true, ''x''', '23502'),
    ('school_day', '100009, ''2025-09-08'', DEFAULT, true, NULL, ''x''', '23502'),
    ('school_day', '100009, ''2025-09-08'', 2025', '428C9'),
    ('school_day', '100009, NULL', '23502'),
    ('school_day', 'NULL, ''2025-09-08''', '23502'),
    ('school_day', '100009, ''infinity''', '22008'),
    ('school_day', '100001, ''2025-09-08''', '23505 school_day_pkey'),
    ('school_day', '100008, ''2025-09-08''', '23503 school_day_school_urn_fkey')
) AS v (relation, given, wanted);

-- No constraint of the register is left out above; those of register_line are in register_rules.sql, those of the
-- admission register in admission.sql, those of facts of before in dates.sql, those of leave, registration, returns, back-ups, penalty notices, features of schools and interventions in the files named so, those of attendance orders
-- and suspensions in law_scope.sql, those of take-overs in take_over.sql, those of cases, evidence and offices in attendance_case.sql, those of access in access.sql.
SELECT is((SELECT count(*) FROM pg_constraint WHERE connamespace = 'r'::regnamespace AND coninhcount = 0
           AND conrelid <> 'r.register_line'::regclass AND contype IN ('c', 'f', 'p', 'u', 'x')
           AND conrelid <> ALL ('{r.contact,r.pupil_address,r.dual_registration,r.joint_enquiry,r.deletion_ground,
               r.registration_policy,r.registration,r.authorised_person,r.leave_reason,
               r.leave_of_absence,r.planned_mark,r.part_time_timetable,r.part_time_review,r.mark_nature,
               r.return_arrangement,r.return_sent,r.pupil_worker,r.sickness_forecast,r.backup_record,r.reading,r.journal,r.journal_head,r.disposal,r.disposal_item,r.regime,r.requirement,r.code_label,r.rule_setting,r.taken_over,
               r.school_feature,r.intervention,r.intervention_pupil,r.characteristic,r.pupil_characteristic,r.benchmark_file,r.benchmark_row,r.benchmark_column,r.benchmark_alias,r.benchmark_phase,r.benchmark_long,
               r.penalty_framework,r.penalty_amount,r.relevant_school_type,r.relevant_school,r.order_length,r.bank_holiday_change,r.attendance_support,r.notice_to_improve,r.penalty_notice,r.late_arrival,r.enrolment_former,r.contact_former,r.school_former,r.attendance_order,r.suspension,r.suspension_limit,r.person,r.expectation,r.office_holder,r.evidence,r.attendance_case,r.agreed_action,r.family_contact,r.attendance_target,r.capacity,r.access}'::regclass[])
           AND conname !~ '^(pupil_signature|pupil_pupil_key_key|school_school_key_key|school_holds_from|enrolment_(one_main|starting|last|next|deletion|not|ground|signature).*)$'), 43::bigint,
          'a new constraint wants a new line above');

SELECT is(verdict(command), wanted, command) FROM (VALUES
    ('DELETE FROM r.region', '23503 local_authority_region_code_fkey'),
    ('DELETE FROM r.local_authority', '23503 school_la_number_fkey'),
    ('DELETE FROM r.pupil WHERE pupil_id = 1', 'AT020 retention'),
    ('DELETE FROM r.pupil WHERE pupil_id = 24', 'AT020 retention'),
    ('DELETE FROM r.school WHERE urn = 100001', '23503 rule_setting_school_urn_fkey'),
    ('UPDATE r.school SET urn = 100007 WHERE urn = 100001', '23503 rule_setting_school_urn_fkey'),
    ('DELETE FROM r.school WHERE urn = 100009', 'accepted'),
    ('TRUNCATE r.enrolment CASCADE', 'AT020 retention'),
    ('TRUNCATE r.enrolment', '0A000')) AS v (command, wanted);
SELECT is((SELECT array_agg(academic_year || ' ' || day ORDER BY day) FROM r.school_day
           WHERE school_urn = 100002 AND day IN ('2024-09-04', '2025-09-03')), '{"2024 2024-09-04","2025 2025-09-03"}', 'the year of a day');
INSERT INTO r.school_day (school_urn, day) VALUES (100009, '2025-07-31'), (100009, '2025-08-01');
SELECT is((SELECT array_agg(academic_year ORDER BY day) FROM r.school_day WHERE school_urn = 100009), '{2024,2025}', 'turns on 1 August');

-- ---------- building ----------

SELECT throws_ok($$SELECT create_register('r')$$, '42P06', NULL, 'a schema that exists');
SELECT throws_ok(format('SELECT %s', call), state, message, call) FROM (VALUES
    ('create_register('''')', '42602', 'the name of a register is empty'),
    ('create_register(''pg_x'')', '42939', '"pg_x" is no name for a register: names that begin with pg_ are PostgreSQL''s own'),
    (format('create_register(%L)', repeat('x', 64)), '42622', format('the name of a register has at most 63 bytes, not 64: "%s"', repeat('x', 64))),
    (format('create_register(%L)', repeat('é', 32)), '42622', format('the name of a register has at most 63 bytes, not 64: "%s"', repeat('é', 32))),
    ('create_register(''fresh'', '''')', '42602', 'the name of a role is empty'),
    ('give_register(''r'', ''pg_x'')', '42939', '"pg_x" is no name for a role: names that begin with pg_ are PostgreSQL''s own'),
    (format('give_register(''r'', %L)', repeat('x', 64)), '42622', NULL),
    ('add_academic_year('''', 2025)', '3F000', 'schema "" is not a register'), ('build_calendar('''', 100001, 2025)', '3F000', NULL),
    ('drop_register('''')', '3F000', NULL), ('build_register_year('''')', '3F000', NULL), ('upgrade_register('''')', '3F000', NULL),
    ('advance_sequences('''')', '3F000', NULL)) AS v (call, state, message);
SELECT is_empty('SELECT n.nspname FROM pg_namespace n WHERE n.nspname ~ ''^(x+|é+|fresh)$''', 'nothing is left of them');
SELECT lives_ok(format('SELECT create_register(%L)', repeat('x', 60) || '"''\'), 'quotes in a name of 63 bytes');
SELECT is_empty($$ SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'p') $$, 'every table has a primary key');
SELECT throws_ok($$SELECT add_academic_year('r', 2025)$$, '42P07', NULL, 'a year that the register has');
SELECT throws_ok($$SELECT add_academic_year('public', 2025)$$, '3F000', 'schema "public" is not a register');
SELECT throws_ok($$SELECT add_academic_year('no such', 2025)$$, '3F000', 'schema "no such" is not a register');
SELECT throws_ok(format('SELECT add_academic_year(''r'', %s)', year), '22023',
    format('%s is not an academic year: 2025 stands for 2025/26, 1900 to 2998 are allowed', year)) FROM unnest('{1899,2999,-1}'::int[]) AS year;
SELECT lives_ok(format('SELECT add_academic_year(''r'', %s, %s)', year, fill), format('%s with fill factor %s', year, fill))
FROM (VALUES (1900, 10), (2998, 100)) AS v (year, fill);
SELECT throws_ok($$SELECT add_academic_year('r', 2001, 9)$$, '22023', NULL, 'fill factor 9');
SELECT throws_ok($$SELECT add_academic_year('r', 2001, 101)$$, '22023', NULL, 'fill factor 101');
SELECT is((SELECT array_agg(relname || coalesce(reloptions::text, '') ORDER BY relname) FROM pg_class WHERE relispartition AND relkind = 'r'
           AND relnamespace = 'r'::regnamespace), '{"register_line_1900{fillfactor=10}","register_line_2024{fillfactor=50}",'
          '"register_line_2025{fillfactor=50}","register_line_2998{fillfactor=100}"}', 'the partitions, and no other');
SELECT is(obj_description('r.register_line_2024'::regclass, 'pg_class') || obj_description('r.register_line_2998'::regclass, 'pg_class'),
          'The lines of 2024/25The lines of 2998/99', 'their comments');
SELECT is((SELECT count(*) FROM pg_class WHERE relnamespace = 'r'::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relispartition
           AND obj_description(oid, 'pg_class') IS NULL), 0::bigint, 'every table and view has a comment');
SELECT lives_ok('SELECT create_register(NULL), add_academic_year(NULL, 2025), add_academic_year(''r'', NULL), add_academic_year(''r'', 2001, NULL),
    build_calendar(NULL, 1, 1), build_calendar(''r'', NULL, 1), drop_register(NULL), drop_register(''r'', NULL)', 'NULL does nothing');
SELECT is(upgrade_register(NULL), NULL, 'nor here');

SELECT throws_ok('SELECT create_register(''r'')', '42P06', NULL, 'a register twice');
SELECT lives_ok('SELECT create_register(''r'', if_not_exists => true), create_register(''r'', ''r_other_owner'', true), add_academic_year(''r'', 2025, if_not_exists => true)', 'unless it may be there');
SELECT is((SELECT count(*) FROM pg_roles WHERE rolname = 'r_other_owner'), 0::bigint, 'it stays as it is');
SELECT throws_ok('SELECT create_register(''public'', if_not_exists => true)', '42P06', NULL, 'but a schema that is no register is none');
SELECT throws_ok('SELECT add_academic_year(''public'', 2025, if_not_exists => true)', '3F000', NULL, 'nor has it years');
SELECT throws_ok('SELECT add_academic_year(''r'', 2025)', '42P07', NULL, 'a year twice');
SELECT lives_ok('SELECT create_register(''r_new'', if_not_exists => true), add_academic_year(''r_new'', 2025, if_not_exists => true)', 'what is not there is made');
SELECT ok(register_exists('r_new') AND to_regclass('r_new.register_line_2025') IS NOT NULL, 'all of it');
SELECT is(build_calendar('r', 100001, 2025), 0::bigint, 'a calendar that is there stays');
SELECT is((SELECT closure FROM r.school_day WHERE school_urn = 100001 AND day = '2025-09-03'), 'INSET', 'with its closures');
SELECT throws_ok('SELECT build_calendar(''r'', 100009, 2025)', '22023', NULL, 'a school without term dates');
SELECT throws_ok(format('SELECT build_calendar(''r'', 100001, 2025, %L)', days), '22023', NULL, 'days of the week ' || days)
FROM unnest('{"{}","{0}","{8}","{1,NULL}"}'::text[]) AS days;
SELECT throws_ok('SELECT build_calendar(''public'', 100001, 2025)', '3F000');
DELETE FROM r.school_day WHERE school_urn = 100003;
SELECT is(build_calendar('r', 100003, 2025, '{6,7,6}'), 14 + 12::bigint, 'weekends of two half terms');
SELECT is((SELECT array_agg(DISTINCT extract(isodow FROM day)::int) FROM r.school_day WHERE school_urn = 100003), '{6,7}', 'are Saturdays and Sundays');

SELECT set_config('search_path', 'attendance, public, pg_temp', true) \g /dev/null
SELECT create_register('again') \g /dev/null
SELECT is(current_setting('search_path'), 'attendance, public, pg_temp', 'create_register leaves the search path alone');
CREATE TEMP TABLE school (x int);
CREATE TEMP TABLE mark (x int);
CREATE DOMAIN pg_temp.urn AS text;
SELECT create_register('once more') \g /dev/null
SELECT is_empty('SELECT * FROM check_register(''once more'')', 'temporary objects do not get in the way');

SELECT * FROM finish();
ROLLBACK;
