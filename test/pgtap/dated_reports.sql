-- Facts have dates: no report of what was, or is, answers otherwise when something changes from a later day on.  Told from the
-- catalogue (register/every_report.sql), so that no report is forgotten.
BEGIN;
\ir register/two_weeks.sql
\ir register/every_report.sql
SELECT * FROM no_plan();
SET search_path = public, attendance;
SET timezone = 'Europe/London';
CREATE FUNCTION today() RETURNS date LANGUAGE sql AS $$ SELECT (clock_timestamp() AT TIME ZONE 'Europe/London')::date $$;

-- Something of everything that is looked at: classes, parents, leave, notices, returns, guests, boarders, a leaver, a trust.
UPDATE r.enrolment SET year_group = '5', registration_group = '5A', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id < 28;
UPDATE r.enrolment SET boarder = 'B', holds_from = '2025-09-11', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 1;
UPDATE r.enrolment SET status = 'G', holds_from = '2000-01-01', entered_by = 'x', title = 'y', reason = 'z' WHERE pupil_id = 3;
INSERT INTO r.trust VALUES (90001, 'A Trust'), (90002, 'Another Trust');
INSERT INTO r.local_authority VALUES (381, NULL, 'Calderdale', 'E12000003');
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn IN (100001, 100002);
INSERT INTO r.return_arrangement (la_number, irregular_sessions, all_new_pupils, all_deletions) VALUES (380, 2, true, false), (381, 20, false, true);
INSERT INTO r.authorised_person (school_urn, name, title, from_day) VALUES (100001, 'A Head', 'Headteacher', '2020-01-01');
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with, emergency_numbers, priority)
SELECT p, p, 'Parent ' || p, true, true, '{0}', 1 FROM generate_series(1, 27) p;
SELECT fill(9, '2025-09-08', '2025-09-19', 'O'), fill(10, '2025-09-08', '2025-09-10', 'G'), fill(10, '2025-09-11', '2025-09-19', 'E'),
    fill(3, '2025-10-06', '2025-10-17', 'O'), fill(11, '2025-09-08', '2025-09-19', 'N', school => 100002) \g /dev/null
INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class, contact_id, circumstances, received_at, status, decided_by, decided_at)
VALUES (100001, 2, 'C', '{[2025-10-06 AM,2025-10-07 PM]}', 'exceptional circumstances', 2, 'Wedding', '2025-09-01', 'granted', 'A Head', '2025-09-02');
INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) VALUES (100001, 9, 9, '{[2025-09-08 AM,2025-09-12 PM]}', '2025-10-01', 'A Head');
INSERT INTO r.pupil_characteristic (pupil_id, characteristic, value, from_day) SELECT p, 'fsm', 'Y', '2025-09-01' FROM generate_series(1, 9, 2) p;
ANALYZE;

CREATE TEMP TABLE seen (time text, report text, lines bigint, digest text);
CREATE FUNCTION changed(before text, after text) RETURNS SETOF text LANGUAGE sql
BEGIN ATOMIC
    SELECT b.report FROM seen b JOIN seen a USING (report)
    WHERE b.time = before AND a.time = after AND (b.lines, b.digest) IS DISTINCT FROM (a.lines, a.digest);
END;
-- What all are from a day on.
CREATE FUNCTION change_all(day date) RETURNS void LANGUAGE plpgsql SET search_path = r, public, attendance AS $$
BEGIN
    UPDATE enrolment SET year_group = '6', registration_group = '6B', boarder = CASE WHEN pupil_id % 2 = 0 THEN 'B' ELSE 'N' END,
        status = CASE WHEN pupil_id % 5 = 0 THEN 'G' ELSE 'C' END, holds_from = day, entered_by = 'x', title = 'y', reason = 'z';
    UPDATE contact SET is_parent = contact_id % 2 = 0, lives_with = false, holds_from = day, entered_by = 'x', title = 'y', reason = 'z';
    UPDATE school SET type = 'Independent schools', phase = 'Secondary', la_number = 381, trust_uid = 90002, holds_from = day;
END
$$;

-- ---------- from tomorrow on: nothing of today ----------

INSERT INTO seen SELECT 'before', * FROM answers();
INSERT INTO seen SELECT 'again', * FROM answers();
CREATE TEMP TABLE clock AS SELECT * FROM changed('before', 'again') AS report; -- what tells the time
INSERT INTO clock VALUES ('view register_year'); -- and bytes on a disk, which become more by reading, too
SAVEPOINT before;
SELECT change_all(today() + 1) \g /dev/null
INSERT INTO seen SELECT 'tomorrow', * FROM answers();
SELECT set_eq($$ SELECT * FROM changed('before', 'tomorrow') EXCEPT SELECT * FROM clock $$, $$ VALUES
    -- when what holds
    ('view enrolment_period'), ('view contact_period'), ('view school_membership'), ('view school_arrangement'),
    ('view guest_days'), ('view changing_enrolment'), ('function due_days'), ('function school_class'),
    -- lines with the groups of now, from which reports go back, and such in no order
    ('view year_line'), ('view roll_line'), ('view opened_line'), ('view unopened_roll'), ('function school_line'), ('view line_fact'), ('view federated_line'), ('function unopened_line'),
    -- the journal, and how many records the register keeps
    ('view record_change'), ('function journal_digest'), ('function disposal_due'),
    -- what was entered since a notice
    ('function legal_file'), ('function notice_record'), ('function legal_file_line'), ('function legal_file_digest'), ('function page_legal_file') $$, 'what holds from tomorrow on changes nothing of today');
ROLLBACK TO before;

-- ---------- from the next year on: nothing of the year ----------

-- of views what they have of the year, where a column tells
CREATE TABLE year_column (name text PRIMARY KEY, condition text);
INSERT INTO year_column VALUES ('academic_year', '= 2025'), ('day', '< ''2026-08-01'''), ('calendar_date', '< ''2026-08-01'''),
    ('due_on', '< ''2026-08-01'''), ('end_date', '< ''2026-08-01'''), ('first_day', '< ''2026-08-01''');
CREATE VIEW report_of_year AS
    SELECT e.name, e.relation, e.query || ' WHERE ' || y.condition AS query
    FROM every_report e CROSS JOIN LATERAL (
        SELECT string_agg(format('%I %s', y.name, y.condition), ' AND ') AS condition
        FROM pg_attribute a JOIN year_column y ON y.name = a.attname WHERE a.attrelid = e.relation AND a.attnum > 0) y
    WHERE e.name LIKE 'view %' AND y.condition IS NOT NULL
    UNION ALL
    SELECT e.name, e.relation, e.query
    FROM every_report e JOIN pg_proc p ON p.pronamespace = 'r'::regnamespace AND e.name = 'function ' || p.proname
    WHERE p.proargnames && '{period,day,as_of,days,academic_year}';
SELECT set_config('dated.reports', replace(pg_get_functiondef('answers'::regproc), 'every_report', 'report_of_year'), true) \g /dev/null
DO $$ BEGIN EXECUTE replace(current_setting('dated.reports'), 'public.answers', 'answers_of_year'); END $$;
INSERT INTO seen SELECT 'year', * FROM answers_of_year();
SAVEPOINT year;
SELECT change_all('2026-08-01') \g /dev/null
INSERT INTO seen SELECT 'next year', * FROM answers_of_year();
SELECT is_empty($$ SELECT * FROM changed('year', 'next year') EXCEPT SELECT * FROM clock
    -- whose trust a school is today decides who may ask
    EXCEPT VALUES ('function trustee_page'), ('function disposal_due'), ('view year_line'), ('view roll_line'), ('view opened_line'), ('view unopened_roll'), ('view federated_line'), ('function school_line'), ('function unopened_line'), ('function legal_file'), ('function notice_record') $$, 'what holds from the next year on changes nothing of the year');
SELECT cmp_ok((SELECT count(*) FROM seen WHERE time = 'next year'), '>', 100::bigint, 'of many reports');
ROLLBACK TO year;

-- ---------- from the beginning on: a great deal ----------

SELECT change_all('2000-01-01') \g /dev/null
INSERT INTO seen SELECT 'always', * FROM answers_of_year();
SELECT cmp_ok((SELECT count(*) FROM changed('year', 'always')), '>', 80::bigint, 'they do tell what changes');
SELECT * FROM finish();
ROLLBACK;
