-- Who read a file: what an entry of it takes, that the journal has it, who may make one, and when it goes.
\ir register/fixture.sql
BEGIN;
SELECT * FROM no_plan();
INSERT INTO r.contact (contact_id, pupil_id, full_name, is_parent, lives_with) VALUES (1, 1, 'Parent', true, true);
INSERT INTO r.rule_setting VALUES (100001, 'no offence', 'record', 'test', 'test');
INSERT INTO r.penalty_notice (notice_id, school_urn, pupil_id, contact_id, sessions, issued_on, issued_by) VALUES (1, 100001, 1, 1, '{[2025-09-08 AM,2025-09-12 PM]}', '2025-09-22', 'x');

CREATE FUNCTION state(command text, role name DEFAULT current_user) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    named text := '';
BEGIN
    BEGIN
        EXECUTE format('SET LOCAL ROLE %I', role);
        EXECUTE command;
        RAISE EXCEPTION USING ERRCODE = 'ZZ000';
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS named = CONSTRAINT_NAME;
        RETURN CASE SQLSTATE WHEN 'ZZ000' THEN 'accepted' ELSE concat_ws(' ', SQLSTATE, nullif(named, '')) END;
    END;
END
$$;
SELECT is(state('INSERT INTO r.reading (what, school_urn, pupil_id, notice_id, entered_by) VALUES ' || row_values), wanted, row_values) FROM (VALUES
    ('(''pupil file'', NULL, 1, NULL, NULL)', 'accepted'), ('(''legal file'', 100001, 1, 1, ''A Clerk'')', 'accepted'), ('(''journal'', 100001, NULL, NULL, NULL)', 'accepted'),
    ('(''journal'', NULL, NULL, NULL, NULL)', 'accepted'), ('(''gossip'', NULL, 1, NULL, NULL)', '23514 reading_what_check'), ('(NULL, NULL, NULL, NULL, NULL)', '23502'),
    ('(''pupil file'', NULL, NULL, NULL, NULL)', '23514 reading_of'), ('(''pupil file'', NULL, 1, 1, NULL)', '23514 reading_of'), ('(''legal file'', NULL, 1, NULL, NULL)', '23514 reading_of'),
    ('(''legal file'', NULL, NULL, 1, NULL)', '23514 reading_of'), ('(''journal'', NULL, 1, NULL, NULL)', '23514 reading_of'), ('(''journal'', NULL, NULL, 1, NULL)', '23514 reading_of'),
    ('(''pupil file'', 999999, 1, NULL, NULL)', '23503 reading_school_urn_fkey'), ('(''pupil file'', NULL, 999, NULL, NULL)', '23503 reading_pupil_id_fkey'),
    ('(''legal file'', NULL, 1, 999, NULL)', '23503 reading_notice_id_fkey')) AS v (row_values, wanted);
INSERT INTO r.reading (reading_id, what, school_urn, pupil_id, notice_id, entered_at, entered_by, title, reason)
VALUES (7, 'legal file', 100001, 1, 1, '2000-01-01', 'A Lawyer', 'Officer', 'the hearing');
SELECT is(state(command), wanted, command) FROM (VALUES ('INSERT INTO r.reading (reading_id, what) VALUES (7, ''journal'')', '23505 reading_pkey'),
    ('UPDATE r.reading SET pupil_id = 2', 'AT036 entry changed'), ('UPDATE r.reading SET entered_at = now() - interval ''1 day'', entered_by = ''x'', title = ''y'', reason = ''z''', 'AT022 entry date'),
    ('DELETE FROM r.reading', 'AT020 retention'), ('TRUNCATE r.reading', 'AT020 retention'), ('DELETE FROM r.penalty_notice', 'AT020 retention')) AS v (command, wanted);
SELECT results_eq('SELECT what, school_urn::integer, pupil_id, notice_id, entered_at > now() - interval ''1 hour'', login::text, entered_by, title, reason FROM r.file_reading',
    format('VALUES (''legal file'', 100001, 1::bigint, 1::bigint, true, %L, ''A Lawyer'', ''Officer'', ''the hearing'')', session_user), 'the journal has who read it, and when, whatever they say of it');
SELECT is((SELECT concat(entered_by, title, reason) FROM r.reading), '', 'which the table has not');
SELECT is_empty('SELECT * FROM r.verify_journal()', 'the chain is whole');

-- ---------- who may ----------

SELECT format('CREATE ROLE reading_%s', p) FROM unnest('{marks,reports,legal,audit,bi,dashboard}'::text[]) p \gexec
SELECT grant_register('r', ('reading_' || p)::name, p) FROM unnest('{marks,reports,legal,audit,bi,dashboard}'::text[]) p \g /dev/null
SELECT is((SELECT array_agg(p ORDER BY n) FROM unnest('{marks,reports,legal,audit,bi,dashboard}'::text[]) WITH ORDINALITY AS r (p, n)
    WHERE state('INSERT INTO r.reading (what, pupil_id) VALUES (''pupil file'', 1)', ('reading_' || p)::name) = 'accepted'), '{reports,legal,audit}', 'who reads files may say so');
SELECT is((SELECT array_agg(DISTINCT state(command, ('reading_' || p)::name)) FROM unnest('{marks,reports,legal,audit,bi,dashboard}'::text[]) p,
    (VALUES ('UPDATE r.reading SET pupil_id = 2'), ('DELETE FROM r.reading')) AS v (command)), '{42501}', 'and nobody changes it');
SELECT is((SELECT array_agg(p ORDER BY n) FROM unnest('{marks,reports,legal,audit,bi,dashboard}'::text[]) WITH ORDINALITY AS r (p, n)
    WHERE state('SELECT FROM r.file_reading', ('reading_' || p)::name) = 'accepted'), '{audit}', 'who read is for the auditor');

-- who has access to a school says it of that school
CREATE ROLE reading_school;
SELECT grant_access('r', 'reading_school', 'attendance officer', school_urn => 100001) \g /dev/null
SELECT is(state(command, 'reading_school'), wanted, command) FROM (VALUES
    ('INSERT INTO r.reading (what, school_urn, pupil_id) VALUES (''pupil file'', 100001, 1)', 'accepted'), ('INSERT INTO r.reading (what, school_urn, pupil_id) VALUES (''pupil file'', 100002, 11)', '42501'),
    ('INSERT INTO r.reading (what, pupil_id) VALUES (''pupil file'', 1)', '42501'), ('INSERT INTO r.reading (what) VALUES (''journal'')', '42501')) AS v (command, wanted);

-- ---------- how long it is kept ----------

SELECT results_eq('SELECT relation, unit, key, due FROM attendance.record_retention(''r.register_line'') WHERE relation = ''reading''', $$ VALUES ('reading', 'reading', '7', false) $$, 'as long as entries are');
SELECT results_eq('SELECT due FROM attendance.record_retention(''r.register_line'', NULL, clock_timestamp() + interval ''10 years'') WHERE relation = ''reading''', 'VALUES (true)', 'and then it goes');
SELECT is_empty($$ SELECT FROM attendance.record_retention('r.register_line', NULL, clock_timestamp() + interval '10 years') WHERE relation IN ('penalty_notice', 'pupil') AND key = '1' AND due $$, 'before what was read');
SELECT * FROM finish();
ROLLBACK;
