-- A line says what its enrolment and pupil say, whatever changes, by whatever way, and whoever changes it.
BEGIN;
\ir register/fixture.sql
SELECT * FROM no_plan();
SET search_path = r, public, attendance;
CREATE ROLE facts_clerk NOLOGIN;
CREATE ROLE facts_class NOLOGIN;
CREATE ROLE facts_office NOLOGIN;
CREATE ROLE facts_school NOLOGIN;
GRANT USAGE ON SCHEMA attendance, public TO facts_clerk, facts_office, facts_school;

-- told by the tables themselves
CREATE FUNCTION wrong() RETURNS text LANGUAGE sql SET search_path = r AS $$
    SELECT string_agg(l::text, E'\n' ORDER BY l.school_urn, l.academic_year, l.pupil_id)
    FROM register_line l
    JOIN pupil p ON p.pupil_id = l.pupil_id
    LEFT JOIN enrolment e ON e.school_urn = l.school_urn AND e.pupil_id = l.pupil_id AND e.start_date = l.enrolment_start
    WHERE (l.enrolment_end, l.year_group, l.registration_group, l.is_counted, l.sex, l.birth_cohort) IS DISTINCT FROM
        (e.end_date, e.year_group, e.registration_group, NOT (e.boarder <> 'N' OR e.status = 'G'), p.sex, extract(year FROM p.date_of_birth - interval '8 months')) $$;
-- What a command leaves: lines that are wrong, and how many entries of marks it made.
CREATE FUNCTION leaves(command text) RETURNS text LANGUAGE plpgsql SET search_path = r, public, attendance AS $$
DECLARE
    entries bigint := (SELECT count(*) FROM journal WHERE kind = 'marks');
BEGIN
    EXECUTE command;
    RETURN concat_ws(' ', coalesce(wrong(), 'right'), (SELECT count(*) FROM journal WHERE kind = 'marks') - entries);
END
$$;
-- The lines of some pupils, as they say it.
CREATE FUNCTION says(pupil bigint) RETURNS text LANGUAGE sql SET search_path = r AS $$
    SELECT string_agg(concat_ws(' ', school_urn, academic_year, enrolment_start, coalesce(enrolment_end::text, '-'), coalesce(year_group, '?'), coalesce(registration_group, '?'), is_counted,
        coalesce(sex, '?'), birth_cohort), E'\n' ORDER BY school_urn, academic_year) FROM register_line WHERE pupil_id = pupil $$;
\set by ', entered_by = ''x'', title = ''y'', reason = ''z'' '

-- ---------- what waits for a change of the roll: who opens lines, of several schools or years before any ----------

CREATE FUNCTION locks(command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    BEGIN
        EXECUTE command;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000', MESSAGE = (SELECT count(*) FROM pg_locks
            WHERE locktype = 'object' AND classid = 'r.register_line'::regclass AND mode = 'RowExclusiveLock' AND pid = pg_backend_pid());
    EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
        RETURN SQLERRM;
    END;
END
$$;
SET LOCAL session_replication_role = replica;
INSERT INTO register_line (school_urn, academic_year, pupil_id, enrolment_start, birth_cohort, is_counted, line_key) VALUES (100001, 2025, 1, '2024-09-01', 2014, true, 999);
SET LOCAL session_replication_role = origin;
SELECT is(locks(command), wanted, command) FROM (VALUES ('UPDATE r.register_line SET marks = ''2025-09-08 /''', '0'), ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, ''2025-09-08'', ''AM'', ''/'')', '0'),
    ('UPDATE r.register_line SET sex = ''F''', '0'), ('UPDATE r.register_line SET enrolment_start = NULL', '2'), ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 2, ''2025-09-08'', ''AM'', ''/'')', '2'),
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 1, ''2025-09-08'', ''AM'', ''/''), (100002, 11, ''2025-09-08'', ''AM'', ''/'')', '3')) AS v (command, wanted);
SET LOCAL session_replication_role = replica;
DELETE FROM register_line;
SET LOCAL session_replication_role = origin;

-- ---------- lines are opened ----------

UPDATE enrolment SET year_group = '4', registration_group = '4A' :by WHERE school_urn = 100001;
UPDATE pupil SET sex = CASE WHEN pupil_id % 2 = 0 THEN 'F' ELSE 'M' END :by;
SELECT is(leaves(command), wanted, command) FROM (VALUES
    ('INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100001, p, ''2025-09-08'', ''AM'', ''/'' FROM generate_series(1, 7) p', 'right 1'),
    ('INSERT INTO mark (school_urn, pupil_id, day, session, mark) SELECT 100001, p, ''2024-09-09'', ''AM'', ''/'' FROM generate_series(1, 3) p', 'right 1'),
    ('INSERT INTO mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 22, ''2025-09-08'', ''AM'', ''/''), (100002, 11, ''2025-09-08'', ''AM'', ''/'')', 'right 2'),
    ('INSERT INTO register_line (school_urn, academic_year, pupil_id, enrolment_end, birth_cohort, is_counted, year_group, registration_group, sex)
        VALUES (100001, 2025, 8, ''2025-09-09'', 1999, false, ''13'', ''none'', ''X'')', 'right 0'),
    -- the second enrolment in the year
    ('INSERT INTO register_line (school_urn, academic_year, pupil_id, enrolment_start) VALUES (100001, 2025, 21, ''2025-09-01''), (100002, 2025, 21, ''2025-10-20'')', 'right 0'),
    ('INSERT INTO register_line AS l (school_urn, academic_year, pupil_id, marks, sex) VALUES (100001, 2025, 9, ''2025-09-08 /'', ''F''), (100001, 2025, 8, ''2025-09-08 /'', ''M'')
        ON CONFLICT (school_urn, academic_year, pupil_id) DO UPDATE SET marks = excluded.marks, sex = excluded.sex', 'right 1'),
    ('MERGE INTO register_line l USING (VALUES (10)) AS s (pupil) ON l.pupil_id = s.pupil WHEN NOT MATCHED THEN INSERT (school_urn, academic_year, pupil_id, is_counted) VALUES (100001, 2025, s.pupil, false)', 'right 0'),
    ('UPDATE register_line SET enrolment_end = ''2025-09-09'', birth_cohort = 1999, is_counted = false, year_group = ''13'', registration_group = ''none'', sex = ''X''', 'right 0'),
    ('UPDATE register_line SET enrolment_end = NULL, birth_cohort = NULL, is_counted = NULL, year_group = NULL, registration_group = NULL, sex = NULL', 'right 0'),
    ('UPDATE register_line SET enrolment_start = NULL, is_counted = false WHERE pupil_id <> 22', 'right 0'),
    ('UPDATE register_line SET enrolment_start = ''2025-11-03'' WHERE pupil_id = 22', 'right 0'),
    ('UPDATE register_line SET enrolment_start = ''2025-09-01'', marks = set_mark(marks, ''2025-09-09 AM'', ''/'') WHERE pupil_id = 22', 'right 1')) AS v (command, wanted);
SELECT is(says(2), E'100001 2024 2024-09-01 - 4 4A t F 2014\n100001 2025 2024-09-01 - 4 4A t F 2014', 'what a line says');
SELECT is(says(22), '100001 2025 2025-09-01 2025-10-10 4 4A t F 2014', 'of one who left');
SELECT cmp_ok((SELECT count(*) FROM register_line), '>', 14::bigint, 'there are lines');

-- ---------- enrolments and pupils change ----------

INSERT INTO rule_setting (school_urn, rule, action, reason, decided_by) VALUES (NULL, 'deletion ground', 'record', 'test', 'test');

SELECT is(leaves(replace(command, ' by', :'by')), 'right 0', command) FROM (VALUES
    ('UPDATE enrolment SET registration_group = ''4B'' by WHERE school_urn = 100001 AND pupil_id < 5'),
    ('UPDATE enrolment SET year_group = ''5'', holds_from = ''2025-09-01'' by WHERE pupil_id < 12'),
    ('UPDATE enrolment SET registration_group = NULL by WHERE pupil_id = 3'),
    ('UPDATE enrolment SET boarder = ''B'' by WHERE pupil_id IN (1, 2)'),
    ('UPDATE enrolment SET status = ''G'', boarder = ''N'' by WHERE pupil_id = 2'),
    ('UPDATE enrolment SET status = ''C'' by WHERE pupil_id = 2'),
    ('UPDATE enrolment SET end_date = today by WHERE pupil_id = 5'),
    ('UPDATE enrolment SET start_date = ''2024-08-30'' by WHERE pupil_id = 4'),
    ('UPDATE enrolment SET start_date = ''2024-08-29'', end_date = today by WHERE pupil_id = 4'),
    ('INSERT INTO enrolment (school_urn, pupil_id, start_date, registration_group, entered_by, title, reason) VALUES (100001, 6, ''2024-09-01'', ''6C'', ''x'', ''y'', ''z'')
        ON CONFLICT (school_urn, pupil_id, start_date) DO UPDATE SET registration_group = excluded.registration_group by'),
    ('MERGE INTO enrolment e USING (VALUES (7)) AS s (pupil) ON e.pupil_id = s.pupil WHEN MATCHED THEN UPDATE SET registration_group = ''7D'' by'),
    ('WITH moved AS (UPDATE enrolment SET registration_group = ''8E'' by WHERE pupil_id = 8 RETURNING pupil_id) UPDATE pupil SET sex = NULL by WHERE pupil_id IN (SELECT pupil_id FROM moved)'),
    ('UPDATE pupil SET sex = ''F'' by WHERE pupil_id < 5'),
    ('UPDATE pupil SET date_of_birth = ''2014-03-01'' by WHERE pupil_id IN (11, 9, 1)'),
    ('UPDATE pupil SET surname = ''Other'' by WHERE pupil_id = 1'),
    ('UPDATE enrolment SET entry_reason = ''late'' by WHERE pupil_id = 1')) AS v (line),
    LATERAL (SELECT replace(v.line, ' today', format(' %L', (now() AT TIME ZONE 'Europe/London')::date))) AS c (command);
SELECT is(says(1), E'100001 2024 2024-09-01 - 5 4B f F 2013\n100001 2025 2024-09-01 - 5 4B f F 2013', 'all lines say it');
SELECT is_empty('SELECT * FROM verify_journal()', 'nor has the journal a fault');
SELECT is_empty($$ SELECT * FROM breach WHERE rule IN ('unsigned amendment', 'mark in advance') $$, 'no mark was amended');

-- ---------- whoever changes it ----------

SELECT grant_register('r', 'facts_office', 'admission'), grant_register('r', 'facts_clerk', 'marks') \g /dev/null
CREATE FUNCTION as_role(role name, command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE command;
    RESET ROLE;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
SELECT is(as_role('facts_office', 'UPDATE r.enrolment SET registration_group = ''9Z''' || :'by' || ' WHERE pupil_id = 9'), 'done', 'who keeps the roll');
SELECT is(as_role('facts_office', 'SELECT registration_group FROM r.register_line'), '42501 permission denied for table register_line', 'has no right to lines');
SELECT is(wrong(), NULL, 'which say it');
SELECT is(as_role('facts_clerk', 'UPDATE r.register_line SET sex = ''F'''), '42501 permission denied for table register_line', 'who enters marks says none of it');
SELECT is(as_role('facts_clerk', 'SELECT sex FROM r.register_line'), '42501 permission denied for table register_line', 'nor does he read what he does not of pupils');
SELECT grant_access('r', 'facts_school', 'leader', 100001) IS NOT NULL AS granted \gset
SELECT is(as_role('facts_school', 'UPDATE r.enrolment SET registration_group = ''9Y''' || :'by'), 'done', 'who has access to a school changes its roll');
SELECT is(wrong(), NULL, 'and lines say it, of others that they have not changed');

-- ---------- what is done behind the back of triggers ----------

SET LOCAL session_replication_role = replica;
UPDATE register_line SET year_group = '13' WHERE pupil_id IN (1, 11);
UPDATE enrolment SET boarder = 'B' WHERE pupil_id = 10;
SET LOCAL session_replication_role = origin;
SELECT results_eq('SELECT school_urn, problem FROM fact_faults(''r'') ORDER BY 1', $$ VALUES
    (100001, 'table register_line, key [100001, 2024, 1]: the row does not say what the enrolment and the pupil say (and 2 more)'),
    (100002, 'table register_line, key [100002, 2025, 11]: the row does not say what the enrolment and the pupil say') $$, 'is named');
SELECT set_has('SELECT school_urn, problem FROM verify_journal()', 'SELECT school_urn, problem FROM fact_faults(''r'')', 'by the proof of the journal');
SELECT is(leaves('UPDATE register_line SET is_counted = NOT is_counted'), 'right 0', 'and put right by whoever writes there');
SELECT is_empty('SELECT * FROM fact_faults(''r'')', 'so it is');
SELECT is_empty('SELECT * FROM fact_faults(NULL)', 'nothing of no register');

-- ---------- the function that does it ----------

SELECT lives_ok(command, command) FROM (VALUES ('SELECT update_facts(NULL, 100001, ''{1}'')'), ('SELECT update_facts(''r.register_line'', 100001, NULL)'), ('SELECT update_facts(''r.register_line'', NULL, ''{1}'')')) AS v (command);
SELECT is(as_role('facts_clerk', 'SELECT attendance.update_facts(''r.enrolment'', 100001, ''{1}'')'), '42501 permission denied for view line_fact', 'nobody gets rights by it');
SELECT throws_ok('INSERT INTO register_line (school_urn, academic_year, pupil_id, enrolment_start) VALUES (100001, 2025, 24, ''2025-09-01'')', '23503', 'pupil 24 has no enrolment at school 100001 that starts on 2025-09-01', 'no enrolment, no line');
SELECT * FROM finish();
ROLLBACK;
