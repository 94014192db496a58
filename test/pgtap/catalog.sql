-- What can be told from the catalogue: queries that must return no rows.
BEGIN;
SELECT plan(32);

-- Exceptions to a rule, each with its reason; an object is written as pg_describe_object() does.
CREATE TABLE exception (rule text, object text, reason text);
INSERT INTO exception VALUES
    ('strict', 'function set_mark(mark_series,school_session,session_mark)', 'a NULL mark takes the mark away'),
    ('strict', 'function with_unmarked(mark_series,mark_series,date,date)', 'a pupil may have no line, and days no end'),
    ('strict', 'function compulsory_school_age(date,date)', 'a NULL second argument is 1 September'),
    ('strict', 'function bi_sessions(attendance_tally)', 'it is inlined'),
    ('strict', 'function bi_enrolments(cohort_summary)', 'it is inlined'),
    ('volatile', 'function lines_as_at(regclass,integer,timestamp with time zone)', 'it reads the tables of a register'),
    ('volatile', 'function line_breaches(regclass,integer,integer)', 'it reads the tables of a register'),
    ('volatile', 'function refused_marks(regclass,integer,bigint[],school_session[],session_mark[])', 'it reads the tables of a register'),
    ('volatile', 'function refused_rows(regclass,text)', 'it runs a query, and reads the tables of a register'),
    ('parallel', 'function refused_rows(regclass,text)', 'it runs a query, which may read temporary tables'),
    ('parallel', 'function case_record_problem(name,jsonb,jsonb,date,date)', 'it locks the case, so that nobody closes it at once'),
    ('parallel', 'function school_figures_page(regclass,integer,text)', 'its report has settings of its own'),
    ('parallel', 'function trust_figures_page(regclass,integer,text)', 'its report has settings of its own'),
    ('parallel', 'function review_figures(regclass,integer,text)', 'its report has settings of its own'),
    ('parallel', 'function update_facts(regclass,integer,bigint[])', 'it changes the lines of a register'),
    ('parallel', 'function running_date(regclass)', 'what a statement keeps is its process''s own'),
    ('implicit', 'cast from absence_code to session_mark', 'every absence code is a mark');

CREATE TABLE member AS
SELECT classid, objid, pg_describe_object(classid, objid, 0) AS object
FROM pg_depend AS d
WHERE refclassid = 'pg_extension'::regclass AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'attendance')
AND deptype = 'e'
      -- made by CREATE TYPE AS RANGE: constructors, and the cast to the multirange
  AND NOT (classid IN ('pg_proc'::regclass, 'pg_cast'::regclass)
           AND EXISTS (SELECT FROM pg_depend AS i WHERE (i.classid, i.objid) = (d.classid, d.objid) AND i.deptype = 'i'
                       AND i.refclassid = 'pg_type'::regclass))
      -- from PostgreSQL 17 on members too: the types of arrays, and of the rows of tables
  AND NOT (classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type AS t LEFT JOIN pg_class AS c ON c.oid = t.typrelid
           WHERE t.oid = d.objid AND (t.typsubscript = 'array_subscript_handler'::regproc OR c.relkind = 'r')));
CREATE TABLE own_type AS
SELECT t.*, object FROM pg_type AS t JOIN member ON (classid, objid) = ('pg_type'::regclass, t.oid);
CREATE TABLE own_function AS
SELECT p.*, object, lanname
FROM pg_proc AS p JOIN member ON (classid, objid) = ('pg_proc'::regclass, p.oid) JOIN pg_language AS l ON l.oid = prolang;
CREATE TABLE own_operator AS
SELECT o.*, object FROM pg_operator AS o JOIN member ON (classid, objid) = ('pg_operator'::regclass, o.oid);
CREATE TABLE own_cast AS
SELECT c.*, object FROM pg_cast AS c JOIN member ON (classid, objid) = ('pg_cast'::regclass, c.oid);
CREATE TABLE own_opclass AS
SELECT c.*, amname, object
FROM pg_opclass AS c JOIN member ON (classid, objid) = ('pg_opclass'::regclass, c.oid) JOIN pg_am AS a ON a.oid = opcmethod;
CREATE TABLE own_aggregate AS SELECT a.*, object FROM pg_aggregate AS a JOIN own_function AS f ON f.oid = aggfnoid;
-- The type layer: what takes or gives a type of the extension, and some functions of dates and text.
CREATE TABLE type_function AS
SELECT f.*
FROM own_function AS f, LATERAL (SELECT COALESCE(proallargtypes, proargtypes::oid[]) || prorettype) AS u (types)
WHERE EXISTS (SELECT FROM own_type AS t WHERE t.oid = ANY (types) OR t.typarray = ANY (types))
   OR proname IN ('academic_year', 'compulsory_school_age', 'upn_is_valid');

INSERT INTO exception
SELECT 'parallel', object, 'creates or changes a register or what is in it'
FROM own_function
WHERE proname IN ('create_register', 'make_reports', 'comment_bi', 'record_version', 'drop_reports', 'grant_again', 'comment_again', 'comment_register', 'run_as', 'register_law', 'register_sequences',
                  'set_aside', 'bring_back', 'drop_dependants', 'clear_dependants', 'renew_register', 'step_register', 'need_definition', 'grant_register', 'grant_types', 'grant_purpose', 'grant_access', 'revoke_access', 'apply_access', 'apply_role', 'show_all', 'show_as_before', 'set_policy_role', 'make_policies', 'register_access', 'access_faults', 'add_academic_year', 'build_calendar', 'check_register', 'upgrade_register',
                  'build_register_year', 'give_register', 'build_register_model', 'new_register_model', 'find_register_model',
                  'drop_register', 'held_leave', 'decide_leave', 'cancel_leave', 'confirm_planned_marks', 'dispose_of',
                  'remove_year', 'remove_records', 'advance_sequences', 'distribute_register', 'end_entries', 'federate', 'make_federation', 'upgrade_federation', 'grant_federation', 'add_member', 'refresh_members', 'drop_member', 'need_apart', 'make_member_tables', 'make_federated_view', 'drop_member_tables', 'set_up_server',
                  'ask', 'ask_members', 'ask_registers', 'answer_rows', 'counted_answer', 'send_question', 'take_answer', 'end_questions', 'member_state', 'available_schools', 'loosen_functions', 'publish_register', 'log_old_rows', 'filled_tables', 'prepare_subscriber', 'need_no_subscription', 'need_clean_journal', 'promote_subscriber', 'change_law', 'report_rows', 'report_under_law');

-- A rule is given as a query for the objects that break it.
CREATE FUNCTION obeyed(rule text, description text, query text) RETURNS text LANGUAGE sql
RETURN is_empty(format('SELECT object FROM (%s) AS q EXCEPT SELECT object FROM exception WHERE rule = %L', query, rule),
                description);

SELECT cmp_ok((SELECT count(*) FROM member), '>', 250::bigint, 'members are found');
SELECT cmp_ok((SELECT count(*) FROM type_function), '>', 150::bigint, 'and so is the type layer');
SELECT set_has('SELECT typname::text FROM own_type', $$
    SELECT unnest('{session_mark,absence_code,school_session,school_session_range,school_session_multirange,mark_series,
                    attendance_tally,mark_counts,cohort_summary,upn,urn,laestab}'::text[]) $$, 'with its types');
SELECT is_empty('SELECT * FROM exception AS e WHERE NOT EXISTS (SELECT FROM member AS m WHERE m.object = e.object)',
                'exceptions are of objects that there are');

-- ---------- everything ----------

SELECT obeyed('comment', 'every member has a comment', $$
    SELECT object FROM member, pg_class AS c WHERE c.oid = classid AND obj_description(objid, c.relname) IS NULL $$);
SELECT obeyed('comment', 'a comment is a text without blanks around it, and not a sentence with a full stop', $$
    SELECT object FROM member, pg_class AS c WHERE c.oid = classid
           AND obj_description(objid, c.relname) !~ '^\S(.*[^\s.])?$' $$);

-- ---------- functions ----------

SELECT obeyed('parallel',
              'functions are parallel safe, but for triggers: what fires them writes, and is never parallel', $$
    SELECT object FROM own_function WHERE proparallel <> 's'
           AND prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype) $$);
SELECT obeyed('definer', 'no function runs as its owner', 'SELECT object FROM own_function WHERE prosecdef');
SELECT obeyed('path', 'SQL and PL/pgSQL: the body is parsed, or the search path is pinned', $$
    SELECT object FROM own_function
    WHERE lanname IN ('sql', 'plpgsql') AND prosqlbody IS NULL AND NOT EXISTS (SELECT FROM unnest(proconfig) AS c
    WHERE c LIKE 'search_path=%') $$);
SELECT obeyed('prefix', 'C functions begin with att_ and are in the library of the extension', $$
    SELECT object FROM own_function WHERE lanname = 'c' AND (prosrc !~ '^att_' OR probin !~ '/attendance$') $$);
SELECT obeyed('volatile', 'the type layer is immutable',
              'SELECT object FROM type_function WHERE prokind <> ''a'' AND provolatile <> ''i''');
SELECT obeyed('strict', 'and strict', $$ SELECT object FROM type_function WHERE prokind <> 'a' AND NOT proisstrict $$);

-- ---------- types and casts ----------

SELECT obeyed('binary', 'every base type has a binary form', $$ SELECT object FROM own_type WHERE typtype = 'b'
              AND (typreceive = 0 OR typsend = 0) $$);
SELECT obeyed('opclass', 'and can be sorted, and hashed', $$
    SELECT object FROM own_type, unnest(ARRAY['btree', 'hash']) AS method
    WHERE typtype = 'b' AND NOT EXISTS (SELECT FROM pg_opclass JOIN pg_am AS a ON a.oid = opcmethod
                                        WHERE amname = method AND opcintype = own_type.oid AND opcdefault) $$);
SELECT obeyed('text', 'and has casts from and to text, varchar and char(n)', $$
    SELECT object FROM own_type, unnest(ARRAY['text', 'varchar', 'bpchar']::regtype[]) AS string
    WHERE typtype = 'b'
    AND (SELECT count(*) FROM own_cast WHERE (castsource, casttarget) IN ((own_type.oid, string),
    (string, own_type.oid)) AND castcontext = 'a') <> 2 $$);
SELECT obeyed('implicit', 'no cast is implicit', 'SELECT object FROM own_cast WHERE castcontext = ''i''');
SELECT obeyed('validate', 'domains are checked', $$ SELECT object FROM own_type AS t WHERE typtype = 'd'
              AND NOT EXISTS (SELECT FROM pg_constraint WHERE contypid = t.oid AND convalidated) $$);

-- ---------- operators and operator classes ----------

SELECT obeyed('amvalidate', 'operator classes are valid', $$
    SELECT object FROM own_opclass WHERE NOT amvalidate(oid) $$);
SELECT obeyed('extended', 'hash classes have the extended function, btree classes know that equal is the same image', $$
    SELECT object FROM own_opclass
    WHERE NOT EXISTS (SELECT FROM pg_amproc WHERE amprocfamily = opcfamily
                      AND amprocnum = CASE amname WHEN 'hash' THEN 2 WHEN 'btree' THEN 4 END) $$);
SELECT obeyed('commutator', 'commutators go both ways', $$
    SELECT object FROM own_operator AS o WHERE oprcom <> 0
           AND NOT EXISTS (SELECT FROM pg_operator AS c WHERE c.oid = o.oprcom AND c.oprcom = o.oid
                                                                                                        AND (c.oprleft, c.oprright) = (o.oprright, o.oprleft))
    UNION ALL SELECT object FROM own_operator WHERE oprcom = 0 AND oprleft = oprright $$);
SELECT obeyed('negator', 'negators go both ways', $$
    SELECT object FROM own_operator AS o WHERE oprnegate <> 0
           AND NOT EXISTS (SELECT FROM pg_operator AS n WHERE n.oid = o.oprnegate AND n.oprnegate = o.oid
                           AND n.oid <> o.oid
                                                                                                           AND (n.oprleft, n.oprright) = (o.oprleft, o.oprright))
    UNION ALL SELECT object FROM own_operator WHERE oprnegate = 0 AND oprresult = 'boolean'::regtype $$);
SELECT obeyed('estimate', 'comparisons are estimated', $$ SELECT object FROM own_operator
              WHERE oprresult = 'boolean'::regtype AND (oprrest = 0 OR oprjoin = 0) $$);

-- ---------- aggregates ----------

SELECT obeyed('internal', 'no aggregate keeps its state to itself', $$ SELECT object FROM own_aggregate
              WHERE aggtranstype = 'internal'::regtype OR aggserialfn <> 0 $$);
SELECT obeyed('combine', 'every aggregate can be combined, and takes its input in any order', $$ SELECT object
              FROM own_aggregate WHERE aggcombinefn = 0 OR aggkind <> 'n' $$);
-- what Citus asks before it runs an aggregate where the rows are; by the names of PostgreSQL's own it would take it for one
SELECT obeyed('pushed', 'and is one that can be run where its rows are: a state that travels as text, arguments of types that are known', $$
    SELECT object FROM own_aggregate AS g JOIN pg_proc AS f ON f.oid = aggfnoid
    WHERE (SELECT typtype FROM pg_type WHERE oid = aggtranstype) NOT IN ('b', 'd') OR aggfinalextra OR aggmfinalextra
       OR pronargs = 0 OR EXISTS (SELECT FROM unnest(proargtypes) AS a (type) JOIN pg_type AS t ON t.oid = a.type WHERE typtype = 'p')
       OR EXISTS (SELECT FROM pg_proc AS o WHERE o.pronamespace = 'pg_catalog'::regnamespace AND o.prokind = 'a' AND o.proname = f.proname) $$);
SELECT obeyed('final', 'final functions leave the state as it is', $$ SELECT object FROM own_aggregate
              WHERE aggfinalfn <> 0 AND aggfinalmodify <> 'r' $$);

-- ---------- use with an empty search path, and without privileges ----------

CREATE SCHEMA at_work;
CREATE TABLE at_work.attempt (n int GENERATED ALWAYS AS IDENTITY, query text);
INSERT INTO at_work.attempt (query) VALUES
    ('SELECT mark::text::attendance.session_mark::char(3)::attendance.session_mark FROM attendance.attendance_codes()'),
    ('SELECT attendance.is_absence(''I''::attendance.absence_code), attendance.mark_class(''L''), attendance.is_valid_on(''K'', ''2025-09-08'')'),
    ('SELECT ''I''::attendance.session_mark::attendance.absence_code'),
    ('SELECT attendance.school_session_range(''2025-09-08 AM'', ''2025-09-08 PM'', ''[]'') && attendance.school_session_range(attendance.school_session(''2025-09-08'', ''PM''), NULL)'),
    ('SELECT attendance.academic_year(''2025-09-08''), attendance.compulsory_school_age(''2015-04-05''), ''H801200001001''::attendance.upn, 100000::attendance.urn, ''3802000''::attendance.laestab'),
    ('SELECT attendance.mark_at(attendance.set_mark(''2025-09-08 /\'', ''2025-09-08 PM'', ''L''), ''2025-09-08'', ''PM'') OPERATOR(attendance.=) ''L'''),
    ('SELECT m.*, s.*, w.* FROM attendance.marks(''2025-09-08 /I'') AS m, attendance.absence_spells(''2025-09-08 /I'') AS s, attendance.weekly_tallies(''2025-09-08 /I'') AS w'),
    ('SELECT attendance.slice(a OPERATOR(attendance.||) b, ''(,)''), attendance.unauthorised_window(b), attendance.mark_series(''2025-09-08'', ''/\'') FROM (VALUES (''2025-09-08 /''::attendance.mark_series, ''2025-09-09 U''::attendance.mark_series)) AS v (a, b)'),
    ('SELECT attendance.tally_agg(s), attendance.cohort_agg(s), attendance.mark_counts_agg(s), attendance.mark_series_agg(s), attendance.persistent_absence_rate(attendance.cohort_agg(s)) FROM (VALUES (''2025-09-08 /U''::attendance.mark_series)) AS v (s)'),
    ('SELECT attendance.weekly_tallies_agg(s), attendance.cohort_agg(t), attendance.mark_counts_agg(m) FROM (VALUES (''2025-09-08 /U''::attendance.mark_series, ''present:1''::attendance.attendance_tally, ''L''::attendance.session_mark)) AS v (s, t, m)'),
    ('SELECT attendance.attendance_rate(mark), attendance.absence_rate(mark), attendance.attendance_rate(attendance.tally_agg(mark)), attendance.mark_series_agg(''2025-09-08 AM'', mark) FROM (VALUES (''L''::attendance.session_mark)) AS v (mark)'),
    ('SELECT g.*, w.*, attendance.possible_weeks(s), attendance.broken_weeks(s), attendance.attendance_band(t), attendance.absence_band(t), attendance.sessions_to_miss(t, 1), attendance.sessions_to_attend(t) FROM (VALUES (''2025-09-08 /U''::attendance.mark_series, ''present:1''::attendance.attendance_tally)) AS v (s, t), attendance.group_session_tallies(ARRAY[s]) AS g, attendance.group_weekly_tallies(ARRAY[s]) AS w, attendance.group_weekly_counts(ARRAY[s]) AS c'),
    ('SELECT attendance.tally(attendance.mark_counts(s)) OPERATOR(attendance.+) attendance.tally(s), c.* FROM (VALUES (''2025-09-08 /U''::attendance.mark_series)) AS v (s), attendance.counts(attendance.mark_counts(s)) AS c'),
    ('SELECT mark, pg_catalog.count(DISTINCT mark) FROM attendance.attendance_codes() GROUP BY mark ORDER BY mark');
CREATE TYPE at_work.line AS (mark attendance.session_mark, code attendance.absence_code,
                             session attendance.school_session, period attendance.school_session_range,
                             series attendance.mark_series, tally attendance.attendance_tally,
                             counts attendance.mark_counts, cohort attendance.cohort_summary);
INSERT INTO at_work.attempt (query) VALUES
    ('CREATE TEMP TABLE unprivileged OF at_work.line'),
    ('INSERT INTO pg_temp.unprivileged VALUES (''/'', ''I'', ''2025-09-08 AM'', ''[2025-09-08 AM,)'', ''2025-09-08 /'', ''present:1'', ''/:1'', ''enrolments:1'')'),
    ('CREATE INDEX ON pg_temp.unprivileged (mark, code, session, series, tally, counts, cohort)'),
    ('DROP TABLE pg_temp.unprivileged');
-- Runs them in turn; gives those that fail, with the error.
CREATE FUNCTION at_work.attempts() RETURNS SETOF text LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE query text; result record;
BEGIN
    FOR query IN SELECT a.query FROM at_work.attempt AS a ORDER BY n LOOP
        BEGIN
            IF query LIKE 'SELECT%' THEN EXECUTE query INTO STRICT result; ELSE EXECUTE query; END IF;
        EXCEPTION
            WHEN too_many_rows THEN NULL;
            WHEN OTHERS THEN RETURN NEXT SQLERRM || ': ' || query;
        END;
    END LOOP;
END $$;
SELECT is_empty('SELECT at_work.attempts()', 'everything works with an empty search path');

CREATE ROLE att_tap_unprivileged;
GRANT USAGE ON SCHEMA attendance, at_work TO att_tap_unprivileged;
GRANT SELECT ON at_work.attempt TO att_tap_unprivileged;
-- What only the owner's rights (aggregates) and the planner (support) call, nobody else does.
CREATE TABLE part AS
SELECT DISTINCT f.* FROM own_function AS f
WHERE f.oid IN (SELECT unnest(ARRAY[aggtransfn, aggcombinefn, aggfinalfn]::oid[]) FROM own_aggregate UNION SELECT prosupport FROM own_function)
  AND f.oid NOT IN (SELECT oprcode FROM own_operator) AND f.proname !~ '_rate$';
SELECT cmp_ok((SELECT count(*) FROM part), '>', 10::bigint, 'aggregates have parts');
SELECT obeyed('execute', 'whoever may use the schema may call the functions, but for parts of aggregates', $$
    SELECT object FROM type_function WHERE NOT has_function_privilege('att_tap_unprivileged', oid, 'EXECUTE')
    EXCEPT SELECT object FROM part $$);
SELECT obeyed('part', 'which are called by the aggregates alone, and say so', $$
    SELECT object FROM part WHERE has_function_privilege('att_tap_unprivileged', oid, 'EXECUTE')
        OR obj_description(oid, 'pg_proc') !~ '^Internal: ' $$);
SELECT obeyed('usage', 'and use the types', $$ SELECT object FROM own_type
              WHERE NOT has_type_privilege('att_tap_unprivileged', oid, 'USAGE') $$);
CREATE TABLE at_work.failed (query text);
GRANT INSERT ON at_work.failed TO att_tap_unprivileged;
SET ROLE att_tap_unprivileged;
INSERT INTO at_work.failed SELECT at_work.attempts();
RESET ROLE;
SELECT is_empty('SELECT * FROM at_work.failed', 'and does so');

SELECT * FROM finish();
ROLLBACK;
