-- What functions are said to be: every function of the extension that is labelled PARALLEL SAFE, every view and every
-- function of a register that only reads, is run with parallel plans forced, and answers as it does without; what is
-- labelled IMMUTABLE answers the same whatever the settings are.  The functions are taken from the catalogue.
\ir register/two_weeks.sql
\ir register/every_report.sql
SELECT * FROM no_plan();

-- Something to list and to prove: a mark that is not lawful, leave, an amendment, natures; and what reports are asked about.
INSERT INTO r.trust VALUES (90001, 'A Trust');
UPDATE r.school SET trust_uid = 90001, holds_from = '2000-01-01' WHERE urn = 100001;
UPDATE r.enrolment SET registration_group = '5A', entered_by = 'x', title = 'x', reason = 'x' WHERE school_urn = 100001 AND end_date IS NULL;
UPDATE r.mark SET mark = 'O', entered_by = 'Jo', title = 'Clerk', reason = 'parent rang' WHERE pupil_id = 2 AND day = '2025-09-08' AND session = 'AM';
INSERT INTO r.mark (school_urn, pupil_id, day, session, mark, nature)
VALUES (100001, 8, '2025-09-08', 'AM', 'V', NULL), (100001, 8, '2025-09-08', 'PM', 'C', NULL), (100001, 8, '2025-09-09', 'AM', 'Q', NULL);
ANALYZE;

-- ---------- what is called, and with what ----------

-- An argument is given what its name says, or else its type.
CREATE TABLE sample (name text, type text, value text);
INSERT INTO sample VALUES
    ('period', NULL, '''2025/26'''), ('school_urn', NULL, '100001'), ('academic_year', NULL, '2025'), ('only_school', NULL, '100001'), ('only_year', NULL, '2025'),
    ('year', NULL, '2025'), ('threshold', NULL, '5'), ('weeks', NULL, '10'), ('days_per_week', NULL, '5'), ('attendance_marks', NULL, '''/\I/'''), ('session', 'text', '''AM'''),
    ('chain', NULL, '100001'), ('rule', NULL, '''leave'''), ('written', NULL, '''2025-11-20'''), ('population', NULL, '''all'''),
    ('enrolment', NULL, '(SELECT to_jsonb(e) FROM r.enrolment e WHERE e.pupil_id = 25)'), ('ground', NULL, '(SELECT to_jsonb(g) FROM r.deletion_ground g LIMIT 1)'),
    ('removed', NULL, '''{"school_urn": 100001, "pupil_id": 1}'''), ('record', NULL, '''{"school_urn": 100001, "pupil_id": 1}'''),
    ('disposal', NULL, '''{"school_urn": 100001, "academic_year": 2025}'''), ('payload', NULL, '(SELECT j.payload FROM r.journal j WHERE j.kind = ''marks'' ORDER BY j.entry_id LIMIT 1)'),
    ('journal_rows()', 'bytea', '(SELECT j.payload FROM r.journal j WHERE j.kind = ''records'' AND j.school_urn = 0 ORDER BY j.entry_id LIMIT 1)'),
    ('journal_keys()', 'bytea', '(SELECT j.payload FROM r.journal j WHERE j.kind = ''records'' AND j.school_urn = 0 ORDER BY j.entry_id LIMIT 1)'),
    ('journal_versions()', 'bytea', '(SELECT j.payload FROM r.journal j WHERE j.kind = ''records'' AND j.school_urn = 0 ORDER BY j.entry_id LIMIT 1)'),
    ('same_row()', 'record', '(SELECT p FROM r.pupil p LIMIT 1)'),
    ('relations', NULL, '''{pupil,contact}'''), ('keys', NULL, '''{pupil_id,pupil_id}'''), ('sought', NULL, '''{1,2}'''),
    ('printed', NULL, '''7,105,958'''), ('content', 'text', 'E''a,b\n1,"2"'''), ('counts', 'bigint[]', '''{20,3,9}'''), ('disclosed_cells()', 'bigint[]', '''{{20,3},{9,8}}'''), ('row_keys', NULL, '''{a,a,b}'''), ('column_keys', NULL, '''{x,y,x}'''),
    ('fill', NULL, '''#ffffff'''), ('year_group', NULL, '''5'''), ('choice', NULL, '''a'''), ('choices', NULL, '''{a,b}'''), ('chosen', NULL, '''{a}'''),
    ('held', NULL, '''any time'''), ('labels', NULL, '''{a,b}'''), ('series', 'numeric[]', '''{1,2}'''), ('names', NULL, '''{a}'''), ('amounts', NULL, '''{1,2}'''), ('unit', NULL, '''%'''),
    ('pupil_ids', NULL, '''{8,8,1}'''), ('sessions', 'school_session[]', '''{2025-09-08 AM,2025-09-08 PM,2025-09-10 AM}'''), ('marks', NULL, '''{V,C,/}'''),
    ('time_period', NULL, '''202526'''), ('time_identifier', NULL, '''Autumn term'''), ('time_frame', NULL, '''Year to date'''), ('figures', 'text', '''x'''),
    ('file_text()', 'bytea', '''\x41'''), ('weekly_state_add()', 'bytea', '''\x'''), ('code_state_add()', 'bytea', '''\x'''), ('weekly_state_final()', 'bytea', 'weekly_state_add(''\x'', ''2025-09-08 /\IO''::mark_series)'),
    ('code_state_final()', 'bytea', 'code_state_add(''\x'', ''2025-09-08 /\IO''::mark_series)'), ('school_session_range()', 'text', '''[)'''),
    ('grant_order()', 'jsonb', '''[{"relation": 1, "owner": 10, "grantor": 10, "grantee": 0, "privilege": "SELECT", "grantable": true}]'''), ('disclosed_cells()', 'integer[]', '''{0,1}'''), ('changed_grants()', 'jsonb', '''[]'''),
    (NULL, 'name', '''r'''), (NULL, 'regclass', '''r.register_line'''), (NULL, 'integer', '1'), (NULL, 'bigint', '1'), (NULL, 'numeric', '1.5'), (NULL, 'boolean', 'true'), (NULL, 'boolean[]', '''{t,f}'''),
    (NULL, 'text', '''x'''), (NULL, 'text[]', '''{a,b}'''), (NULL, 'date', '''2025-09-08'''), (NULL, 'daterange', '''[2025-09-01,2025-10-01)'''),
    (NULL, 'timestamp with time zone', '''2025-09-20 12:00+00'''), (NULL, 'bytea', '''\x00'''), (NULL, 'jsonb', '''{}'''), (NULL, 'integer[]', '''{100001}'''), (NULL, 'bigint[]', '''{1,2}'''),
    (NULL, 'numeric[]', '''{1,2}'''), (NULL, 'session_mark', '''I'''), (NULL, 'absence_code', '''I'''), (NULL, 'school_session', '''2025-09-08 AM'''),
    (NULL, 'school_session_range', '''[2025-09-08 AM,2025-09-09 AM)'''), (NULL, 'school_session_multirange', '''{[2025-09-08 AM,2025-09-09 AM)}'''),
    (NULL, 'mark_series', '''2025-09-08 /\IO'''), (NULL, 'mark_series[]', '''{2025-09-08 /\IO}'''), (NULL, 'attendance_tally', '''present:3 authorised:1'''), (NULL, 'mark_counts', '''/:3 I:1'''),
    (NULL, 'cohort_summary', '''enrolments:1'''), (NULL, 'school_session_range[]', 'ARRAY[''[2025-09-08 AM,2025-09-09 AM)''::school_session_range]');

-- The functions of the extension that a query can call.  The arguments are no constants: what is immutable would be reckoned
-- before any worker begins.
CREATE TABLE one AS SELECT 1 AS n;
CREATE TABLE called AS
SELECT p.oid, format('function %s', p.oid::regprocedure) AS name, p.proname::text AS function, p.provolatile = 'i' AS immutable,
    format('SELECT f.* FROM one, LATERAL attendance.%I(%s) f', p.proname, a.passed) AS query
FROM pg_proc p CROSS JOIN LATERAL (
    SELECT string_agg(format('%s CASE one.n WHEN 1 THEN %s::%s END', CASE WHEN p.provariadic <> 0 AND u.n = p.pronargs THEN 'VARIADIC' END, coalesce(s.value, 'NULL'),
            u.type::regtype), ', ') AS passed
    FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS u (type, n) LEFT JOIN LATERAL (
        SELECT m.value FROM sample m WHERE (m.type IS NULL OR m.type = u.type::regtype::text) AND (m.name IS NULL OR m.name IN (p.proargnames[u.n], p.proname || '()'))
        ORDER BY m.name LIKE '%()' DESC NULLS LAST LIMIT 1) s ON true) a
WHERE p.pronamespace = 'attendance'::regnamespace AND p.prokind = 'f' AND p.proparallel = 's' AND p.prorettype <> 'cstring'::regtype
    AND NOT EXISTS (SELECT FROM unnest(p.proargtypes) t WHERE t IN ('internal'::regtype, 'cstring'::regtype));

CREATE FUNCTION answer(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    EXECUTE format('SELECT coalesce(string_agg(t::text, E''\n'' ORDER BY t::text), ''no rows'') FROM (%s) t', query) INTO result;
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    RETURN 'ERROR ' || SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE FUNCTION is_parallel(query text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
    RETURN plan::text ~ '"Gather';
END
$$;
-- The setting has another name from PostgreSQL 16 on.
CREATE FUNCTION force_parallel(mode text) RETURNS void LANGUAGE sql AS $$
    SELECT set_config(name, mode, false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query');
    SELECT set_config('parallel_setup_cost', '0', false), set_config('parallel_tuple_cost', '0', false), set_config('min_parallel_table_scan_size', '0', false),
        set_config('max_parallel_workers_per_gather', '1', false);
$$;

-- ---------- PARALLEL ----------

CREATE TABLE asked AS
SELECT name, query, function, true AS labelled, answer(query) AS serial, NULL::text AS parallel, false AS is_parallel FROM called
UNION ALL
SELECT name, query, NULL, false, answer(query), NULL, false FROM every_report;
SELECT force_parallel('on') \g /dev/null
UPDATE asked SET parallel = answer(query), is_parallel = serial NOT LIKE 'ERROR%' AND is_parallel(query);
SELECT force_parallel('off') \g /dev/null

SELECT is_empty('SELECT name, left(serial, 200) AS serial, left(parallel, 200) AS parallel FROM asked WHERE parallel IS DISTINCT FROM serial',
    'with parallel plans forced the answers are the same');
SELECT is_empty('SELECT name FROM asked WHERE labelled AND NOT is_parallel AND serial NOT LIKE ''ERROR%''', 'what is labelled PARALLEL SAFE was run in a parallel plan');
SELECT cmp_ok((SELECT count(*) FROM asked WHERE labelled), '>', 250::bigint, 'functions of the extension were called');
SELECT cmp_ok((SELECT count(*) FROM asked WHERE NOT labelled), '>', 150::bigint, 'views and functions of the register were called');
SELECT is_empty('SELECT name, serial FROM asked WHERE NOT labelled AND serial ~ ''^ERROR (XX|25|40|0A)''', 'no view or function of a register fails');
SELECT set_eq('SELECT function || '' '' || substr(serial, 7, 5) FROM asked WHERE labelled AND serial LIKE ''ERROR%''', ARRAY['answers_alike 0A000', 'check_law_change 22023',
        'day_in_london 22007', 'dblink_schema 42704', 'describe_records AT023', 'describe_year AT023', 'mark_series_add 22023', 'members_have 42P01',
        'need_federation 3F000'],
    'and those that are to refuse what they were given do');
SELECT * FROM finish();
