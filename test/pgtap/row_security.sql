-- Row-level security as doc/bi.md sets it up: what any view or report shows, to whom it was limited and to whom it was not;
-- what a clerk can write; and rules, which look at what the clerk does not see.
BEGIN;
\ir register/two_weeks.sql
SELECT * FROM no_plan();

\ir register/own_and_foreign.sql
ANALYZE;

-- ---------- who is limited, and how ----------

CREATE ROLE rs_reader;
CREATE ROLE rs_clerk;
CREATE ROLE rs_lines;
SELECT grant_register('r', 'rs_reader', p), grant_register('r', 'rs_clerk', p) FROM unnest('{marks,leave,reports}'::text[]) p \g /dev/null
SELECT grant_register('r', 'rs_lines', 'reports') \g /dev/null
GRANT USAGE ON SCHEMA public TO rs_reader, rs_clerk, rs_lines;
SELECT is_empty($$ SELECT c.oid::regclass, r FROM pg_class c, unnest('{rs_reader,rs_clerk,rs_lines}'::name[]) r
    WHERE c.relnamespace = 'r'::regnamespace AND (c.relispartition OR c.relname ~ '^(journal|disposal)') AND c.relkind IN ('r', 'p')
        AND has_any_column_privilege(r, c.oid, 'SELECT, INSERT, UPDATE') $$, 'no purpose but audit opens a partition or the journal');
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relkind = 'v'
    AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false) $$, 'every view has the rights of whoever asks');

\ir register/every_report.sql
CREATE TABLE own_pupil AS SELECT DISTINCT pupil_id FROM r.enrolment WHERE school_urn = 100001;
GRANT SELECT ON own_pupil TO PUBLIC;
-- How many rows a role is shown, and how many of them are of another school than 100001 or name it or its people.
CREATE FUNCTION shown(role name, query text, OUT lines bigint, OUT foreign_lines bigint, OUT refused text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        EXECUTE format($q$ SELECT count(*), count(*) FILTER (WHERE j::text ~ 'Foreign' OR (j ->> 'pupil_id')::bigint NOT IN (SELECT pupil_id FROM public.own_pupil)
                OR EXISTS (SELECT FROM jsonb_each_text(j) AS e (key, value) WHERE e.key ~ '(^|[a-z]_|\m)urn$' AND e.value <> '100001'))
            FROM (%s OFFSET 0) t, to_jsonb(t) AS j $q$, query) INTO lines, foreign_lines;
    EXCEPTION WHEN insufficient_privilege THEN
        refused := SQLERRM;
    -- there is no such school, for whom it is hidden
    WHEN invalid_parameter_value THEN
        lines := 0;
        foreign_lines := (SQLERRM ~ 'Foreign' AND role <> current_user)::int;
    END;
    RESET ROLE;
END
$$;
CREATE TABLE answer (role text, name text, lines bigint, foreign_lines bigint, refused text);
-- those of one school or pupil are asked for another's
CREATE VIEW asked AS SELECT name, replace(replace(replace(replace(replace(query, 'updates_due(as_of => (''2025-09-20'')', 'updates_due(as_of => (''2026-09-20'')'), 'school_urn => (100001)', 'school_urn => (100002)'), 'pupil_id => (1)', 'pupil_id => (11)'), 'pupil => (1)', 'pupil => (11)'), '''5A''', '''Foreign''') AS query FROM every_report;
INSERT INTO answer SELECT 'owner', a.name, s.* FROM asked a, shown(current_user, a.query) s;
SELECT cmp_ok((SELECT count(*) FROM answer WHERE foreign_lines > 0), '>=', 85::bigint, 'there is much to hide');
SELECT is_empty('SELECT * FROM answer WHERE refused IS NOT NULL', 'not from the owner');
SELECT is_empty($$ SELECT DISTINCT w.name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN answer w ON w.name = 'view ' || c.relname
    WHERE c.relnamespace = 'r'::regnamespace AND a.attname IN ('school_urn', 'pupil_id') AND w.foreign_lines = 0 $$, 'in every view of schools or pupils');
SELECT is((SELECT string_agg(w.name, ', ' ORDER BY w.name) FROM answer w JOIN pg_proc p ON p.pronamespace = 'r'::regnamespace AND w.name = 'function ' || p.proname
    WHERE p.proargnames && '{school_urn,pupil_id}' AND p.proretset AND p.proname !~ '^page_' AND w.foreign_lines = 0), 'function cohort_group, function governor_pack, function guidance_leave_measure, function guidance_return_due, function meeting_benchmark, function meeting_figure, function meeting_review, function penalty_offence, function pupil_cohort, function school_benchmarks, function school_in_year, function verify_journal', 'and in every function, but for those that say nothing of pupils or find no fault');

-- ---------- the lines alone ----------

CREATE POLICY own_schools ON r.register_line AS RESTRICTIVE TO rs_lines USING (school_urn IN (100001));
INSERT INTO answer SELECT 'lines', a.name, s.* FROM asked a, shown('rs_lines', a.query) s;
SELECT is_empty($$ SELECT name, foreign_lines FROM answer WHERE role = 'lines' AND foreign_lines > 0
    AND name ~ '^view (mark|mark_feed|unexplained_.*|attendance_return_due|fact_(line|term|school_week|school_term.*|school_year)|bi_(session|pupil_|class_|cohort_|school_|trust_|authority_).*)$' $$,
    'a policy on register_line holds in every view of marks');
SELECT is((SELECT string_agg(name, ', ' ORDER BY name) FROM answer WHERE role = 'lines' AND foreign_lines > 0 AND name ~ '^function (?!page_)'), 'function case_due, function case_steps, function case_timeline, function contact_on, function counted_area, function deletion_due, function enrolment_on, function follow_up_list, function governor_page, function guidance_admission_measure, function guidance_body, function guidance_case_measure, function guidance_checklist, function guidance_days, function guidance_measure, function guidance_measure_of_all, function guidance_measure_of_some, function guidance_measured, function guidance_pupil, '
    'function guidance_pupil_measure, function guidance_register_measure, function guidance_return_measure, function guidance_school, function intervention_impact, function intervention_pupil_impact, function intervention_window, function meeting_held, function meeting_pack, function meeting_pupil, function new_pupil_due, function not_arrived, function oversight, '
    'function oversight_evidence, function oversight_office, function parents_on, function penalty_notice_due, function penalty_noticed, function penalty_rule, function penalty_school_week, function pupil_label, function pupil_name, function roll_on, function school_area, function school_class, function school_on, function school_parts, function school_period, function school_predecessors, function schools_in, function target_progress, function target_school, function treated, function trustee_page, function unexplained_on, '
    'function updates_due, function virtual_school_child, function virtual_school_roll',
    'and in all reports but what they, and pages, say of schools, enrolments, contacts, interventions and notices');

-- ---------- all tables, as doc/bi.md has it ----------

SELECT format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', t.name), format('CREATE POLICY %1$I ON %2$s AS RESTRICTIVE TO %1$I USING (%3$s)', role, t.name, t.condition)
FROM unnest('{rs_reader,rs_clerk}'::name[]) role CROSS JOIN (
    SELECT c.oid::regclass AS name, CASE
            WHEN c.relname = 'school' THEN 'urn IN (100001)'
            WHEN bool_or(a.attname = 'school_urn') THEN 'school_urn IN (100001)'
            WHEN bool_or(a.attname = 'pupil_id') THEN format('EXISTS (SELECT FROM r.enrolment e WHERE e.pupil_id = %I.pupil_id)', c.relname)
            WHEN c.relname = 'part_time_review' THEN 'EXISTS (SELECT FROM r.part_time_timetable p WHERE p.timetable_id = part_time_review.timetable_id)' END AS condition
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'r'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    GROUP BY c.oid, c.relname) t
WHERE t.condition IS NOT NULL \gexec
SELECT is_empty('SELECT * FROM check_register(''r'')', 'is no alarm');
INSERT INTO answer SELECT 'reader', a.name, s.* FROM asked a, shown('rs_reader', a.query) s;
SELECT is_empty('SELECT name, foreign_lines FROM answer WHERE role = ''reader'' AND foreign_lines > 0', 'nothing of another school, in no view and no report');
SELECT is((SELECT string_agg(name, ', ' ORDER BY name) FROM answer WHERE role = 'reader' AND refused IS NOT NULL),
    'function disposal_due, function federated_answer, function issued_notice, function journal_digest, function legal_file, function legal_file_digest, function legal_file_line, function notice_law, function notice_mark, function notice_record, function page_legal_file, '
    'function register_as_at, function verify_journal, view amendment, view breach, view entry_time, view federated_report, view file_reading, view late_legal_step, view record_change', 'what needs the journal is for audit, and what counts all schools for federations');
SELECT grant_register('r', 'rs_reader', 'audit') \g /dev/null
INSERT INTO answer SELECT 'audit', a.name, s.* FROM asked a, shown('rs_reader', a.query) s;
SELECT is_empty('SELECT name, foreign_lines FROM answer WHERE role = ''audit'' AND foreign_lines > 0', 'which may be limited like the rest');
SELECT results_eq('SELECT name, refused FROM answer WHERE role = ''audit'' AND refused IS NOT NULL AND name !~ ''federated_(answer|report)$''', $$ VALUES ('function verify_journal',
    'row-level security may hide rows of table "access" from you: the journal is verified by who sees all of the register, such as its owner (SET ROLE)') $$, 'but for a proof, which is of all that there is');
SELECT is_empty($$ SELECT o.name FROM answer o JOIN every_report e USING (name) JOIN asked a USING (name, query) WHERE o.role = 'owner' AND o.lines > o.foreign_lines AND EXISTS (SELECT FROM answer r WHERE r.role = 'audit' AND r.name = o.name
    AND r.lines = 0) $$, 'and what is of the own school is there');
SELECT is(refused, 'permission denied for table register_line_2025', 'a partition stays closed') FROM shown('rs_reader', 'SELECT * FROM r.register_line_2025');

-- ---------- what is limited to the own school is what the report of that school says ----------

-- the figures of one school, asked for by who sees all
CREATE TABLE figures AS SELECT e.name, e.query AS own, regexp_replace(e.query, '\)$', CASE WHEN e.query ~ '\($' THEN '' ELSE ', ' END || 'schools => ''{100001}'')') AS one
FROM every_report e JOIN pg_proc p ON p.pronamespace = 'r'::regnamespace AND e.name = 'function ' || p.proname
WHERE 'schools' = ANY (p.proargnames) AND p.proretset AND e.query !~ 'schools =>'
    AND p.proname <> 'school_lines'; -- whose query does not end with its arguments
CREATE FUNCTION digest(role name, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    EXECUTE format('SELECT count(*) || '' '' || coalesce(md5(string_agg(t::text, E''\n'' ORDER BY t::text)), '''') FROM (%s OFFSET 0) t', query) INTO result;
    RESET ROLE;
    RETURN result;
END
$$;
SELECT cmp_ok((SELECT count(*) FROM figures), '>', 45::bigint, 'reports that can be asked for one school');
SELECT is((SELECT string_agg(name, ', ' ORDER BY name) FROM figures WHERE digest('rs_reader', own) <> digest(current_user, one)), 'function cohort_counts, function cohort_group, function cohorts, function guidance_checklist, function guidance_measure, function held_line, function not_arrived, function report_cohort',
    'say the same to who sees one school; these show registration groups of one school that is asked for, or look for pupils elsewhere');

-- ---------- proofs, by an auditor who sees all ----------

CREATE ROLE rs_auditor;
SELECT grant_register('r', 'rs_auditor', 'audit') \g /dev/null
GRANT USAGE ON SCHEMA public TO rs_auditor;
SELECT is((s.lines, s.refused), (0::bigint, NULL::text), 'who sees all verifies') FROM shown('rs_auditor', 'SELECT * FROM r.verify_journal()') s;
SELECT is_empty('SELECT * FROM check_register(''r'')', 'and that is no alarm either');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'as the owner does, who is not limited');

-- ---------- a clerk writes ----------

CREATE FUNCTION said(role name, command text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text := 'accepted';
    done bigint;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', role);
    BEGIN
        EXECUTE command;
        GET DIAGNOSTICS done = ROW_COUNT;
        result := 'accepted ' || done;
    EXCEPTION WHEN OTHERS THEN
        result := SQLSTATE;
    END;
    RESET ROLE;
    RETURN result;
END
$$;
CREATE TABLE before_writing AS SELECT school_urn, pupil_id, marks::text FROM r.register_line;
SELECT is(said('rs_clerk', command), wanted, command) FROM (VALUES
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, ''2025-09-08'', ''AM'', ''/'')', 'accepted 1'),
    ('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, ''2025-09-08'', ''AM'', ''/''), (100001, 9, ''2025-09-08'', ''PM'', ''L'')', 'accepted 2'),
    ('UPDATE r.mark SET mark = ''I'', entered_by = ''x'', title = ''y'', reason = ''z'' WHERE pupil_id = 9', 'accepted 2'),
    -- of whom the clerk does not see that he is enrolled
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100002, 11, ''2025-09-29'', ''AM'', ''/'')', '23503'),
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100002, 19, ''2025-09-08'', ''AM'', ''/'')', '23503'),
    ('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, ''2025-09-09'', ''AM'', ''/''), (100002, 11, ''2025-09-29'', ''AM'', ''/'')', '23503'),
    ('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100002, 11, ''2025-09-08'', ''AM'', ''/'')', '23503'),
    (format('INSERT INTO r.mark (school_urn, upn, day, session, mark) VALUES (100001, %L, ''2025-09-29'', ''AM'', ''/'')', make_upn(11)), '23503'),
    ('UPDATE r.mark SET mark = ''O'' WHERE school_urn = 100002', 'accepted 0'),
    ('INSERT INTO r.mark SELECT * FROM r.mark WHERE school_urn = 100002', 'accepted 0'),
    ('DELETE FROM r.mark WHERE school_urn = 100001', '42501'), ('INSERT INTO r.register_line_2025 SELECT * FROM r.register_line', '42501')
) AS v (command, wanted);
-- policies of other forms: lines that are seen and not to be changed, or not to be opened
CREATE ROLE rs_updater;
SELECT grant_purpose('r', 'rs_updater', 'marks') \g /dev/null
SELECT format('CREATE POLICY rs_updater ON r.%I FOR SELECT TO rs_updater USING (true)', t) FROM unnest('{register_line,enrolment,pupil,school_day}'::text[]) t \gexec
CREATE POLICY rs_updater_adds ON r.register_line FOR INSERT TO rs_updater WITH CHECK (true);
CREATE POLICY rs_updater_changes ON r.register_line FOR UPDATE TO rs_updater USING (school_urn = 100001);
SELECT is(said('rs_updater', command), wanted, 'only some lines may be changed: ' || command) FROM (VALUES
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100002, 11, ''2025-09-29'', ''AM'', ''/'')', '23503'),
    ('UPDATE r.mark SET mark = ''I'', entered_by = ''x'', title = ''y'', reason = ''z'' WHERE school_urn = 100002 AND pupil_id = 11', '23503'),
    ('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark) VALUES (100002, 11, ''2025-09-29'', ''AM'', ''/'')', '23503'),
    ('INSERT INTO r.mark_feed (school_urn, pupil_id, day, session, mark, entered_by, title, reason) VALUES (100002, 11, ''2025-09-08'', ''AM'', ''/'', ''x'', ''y'', ''z'')', '23503'),
    ('INSERT INTO r.mark (school_urn, pupil_id, day, session, mark) VALUES (100001, 9, ''2025-09-09'', ''AM'', ''/'')', 'accepted 1')) AS v (command, wanted);
SELECT results_eq('SELECT school_urn, pupil_id, marks::text FROM r.register_line EXCEPT SELECT school_urn, pupil_id, marks FROM before_writing', $$ VALUES (100001, 9::bigint, '2025-09-08 II/') $$,
    'nothing but that is written');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'and it is in the journal');

-- ---------- rules look at what the writer does not see ----------

DELETE FROM r.rule_setting;
INSERT INTO r.rule_setting VALUES (100001, 'register open', 'refuse', 'test', 'test');
CREATE ROLE rs_leave;
SELECT grant_purpose('r', 'rs_leave', 'leave') \g /dev/null
GRANT INSERT, UPDATE ON r.enrolment, r.penalty_notice TO rs_leave;
GRANT SELECT ON r.enrolment TO rs_leave;
GRANT INSERT ON r.registration, r.backup_record TO rs_leave;
SELECT format('CREATE POLICY rs_leave ON r.%I TO rs_leave USING (school_urn = 100001)', t)
FROM unnest('{leave_of_absence,part_time_timetable,enrolment,penalty_notice,registration}'::text[]) t \gexec
CREATE POLICY rs_leave ON r.backup_record TO rs_leave USING (true);
-- one at the school, which is there, and one at another; steps.sql is about what a notice needs
INSERT INTO r.rule_setting VALUES (100002, 'no offence', 'record', 'test', 'test'), (100002, 'support first', 'record', 'test', 'test');
INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) VALUES (100002, 1, 1, '{[2024-09-09 AM,2024-09-13 PM]}', '2024-10-01', 'x');
CREATE FUNCTION leave_for(contact integer, day date, by text DEFAULT 'Own Head') RETURNS text LANGUAGE sql RETURN format('INSERT INTO r.leave_of_absence (school_urn, pupil_id, mark, sessions, reason_class,
    circumstances, contact_id, applicant, received_at, decided_by, decided_at, status) VALUES (100001, 1, ''C'', ''{[%s AM,%1$s PM]}'', ''exceptional circumstances'', ''x'', %s, ''x'', ''2025-08-20'', %L, ''2025-08-21'', ''granted'')',
    day, contact, by);
SELECT is(said('rs_leave', command), wanted, 'a rule that looks further: ' || command) FROM (VALUES
    (leave_for(1, '2025-10-06'), 'accepted 1'), (leave_for(11, '2025-10-07'), 'AT041'), (leave_for(1, '2025-10-08', 'Foreign Head'), 'AT042'),
    ('INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status)
        VALUES (100001, 1, ''{[2025-10-13 AM,2025-10-14 PM]}'', ''x'', 11, ''x'', ''Own Head'', ''2025-09-20'', ''{2025-10-14}'', ''agreed'')', 'AT041'),
    ('INSERT INTO r.part_time_timetable (school_urn, pupil_id, sessions, circumstances, contact_id, agreed_with, agreed_by, agreed_on, review_dates, status)
        VALUES (100001, 1, ''{[2025-10-13 AM,2025-10-14 PM]}'', ''x'', 1, ''x'', ''Own Head'', ''2025-09-20'', ''{2025-10-14}'', ''agreed'')', 'accepted 1'),
    ('UPDATE r.leave_of_absence SET sessions = ''{[2025-11-10 AM,2025-11-10 PM]}'' WHERE school_urn = 100001 AND pupil_id = 1', 'AT049'),
    ('UPDATE r.enrolment SET start_date = ''2025-09-15'', entered_by = ''x'', title = ''y'', reason = ''z'' WHERE pupil_id = 4', 'AT004'),
    ('UPDATE r.enrolment SET end_date = (clock_timestamp() AT TIME ZONE ''Europe/London'')::date, deletion_ground = ''A'', next_school = ''x'', entered_by = ''x'', title = ''y'', reason = ''z'' WHERE pupil_id = 5', 'AT032'),
    ('INSERT INTO r.penalty_notice (school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) VALUES (100001, 1, 1, ''{[2025-09-15 AM,2025-09-19 PM]}'', ''2025-09-22'', ''x'')', 'AT060'),
    ('INSERT INTO r.registration (school_urn, day, session, taken_by, opened_at, closed_at) VALUES (100001, ''2025-09-09'', ''AM'', ''x'', ''2025-09-09 09:00'', ''2025-09-09 10:00'')', 'AT050'),
    ('INSERT INTO r.backup_record (school_urn, made_at, covers_from, covers_to, medium, retain_until) VALUES (100001, ''2025-07-31 18:00'', ''2025-07-01'', ''2025-07-31'', ''print'', ''2026-08-31'')', 'AT024')
) AS v (command, wanted);
-- ---------- a policy by pupil ----------

-- whose line alone is hidden looks unmarked, whose enrolment is hidden, too, does not
CREATE ROLE rs_pupil;
SELECT grant_purpose('r', 'rs_pupil', 'reports') \g /dev/null
SELECT format('CREATE POLICY rs_pupil ON %s TO rs_pupil USING (%s)', c.oid::regclass, CASE c.relname WHEN 'register_line' THEN 'pupil_id = 11' ELSE 'true' END)
FROM pg_class c WHERE c.relnamespace = 'r'::regnamespace AND c.relrowsecurity \gexec
\set unmarked 'SELECT array_agg(DISTINCT pupil_id ORDER BY pupil_id) FROM r.unmarked_session WHERE school_urn = 100002 AND day = ''2025-09-08'' AND pupil_id IN (11, 12)'
SELECT is((:unmarked), NULL::bigint[], 'pupils who are marked');
SET LOCAL ROLE rs_pupil;
SELECT coalesce((:unmarked)::text, 'nobody') AS line_hidden \gset
RESET ROLE;
ALTER POLICY rs_pupil ON r.enrolment USING (pupil_id = 11);
ALTER POLICY rs_pupil ON r.enrolment_former USING (pupil_id = 11);
SET LOCAL ROLE rs_pupil;
SELECT coalesce((:unmarked)::text, 'nobody') AS enrolment_hidden \gset
RESET ROLE;
SELECT is(:'line_hidden'::text, '{12}', 'one whose line alone is hidden looks unmarked');
SELECT is(:'enrolment_hidden'::text, 'nobody', 'one whose enrolment is hidden, too, does not');

-- the owner's rights are lent to the register's tables alone
CREATE ROLE rs_stranger;
GRANT USAGE, CREATE ON SCHEMA r TO rs_stranger;
GRANT USAGE ON SCHEMA attendance TO rs_stranger;
SELECT is(said('rs_stranger', format('CREATE TABLE r.own (school_urn integer, pupil_id bigint, start_date date, agreed_on date, starting_day_basis text);
    CREATE TRIGGER t BEFORE INSERT ON r.own FOR EACH ROW EXECUTE FUNCTION attendance.%I(); INSERT INTO r.own VALUES (1)', p.proname)), '42501', p.proname || ' on a table of somebody else')
FROM pg_proc p WHERE p.pronamespace = 'attendance'::regnamespace AND EXISTS (SELECT FROM pg_proc i WHERE i.pronamespace = p.pronamespace AND i.proname = p.proname || '_as_owner');
SELECT * FROM finish();
ROLLBACK;
